//! Where a person goes after signing in: a page of ours, and nothing else.

use url::Url;

/// The path as it was given when it leads to a page of ours, else `/`.
///
/// Browsers read `\` as `/`, drop tabs and line ends, and take `//host` for another host; so the
/// path begins with exactly one slash and holds none of these, and must stay on the origin when it
/// is read as a browser reads it.
#[must_use]
pub fn safe_path(path: &str) -> &str {
    let plain = |c: char| c.is_ascii_graphic() && c != '\\';
    let ours = path.starts_with('/')
        && !path.starts_with("//")
        && path.len() <= 1024
        && path.chars().all(plain)
        && stays(path);
    if ours { path } else { "/" }
}

fn stays(path: &str) -> bool {
    let base = Url::parse("https://origin.invalid/").expect("a fixed address");
    let joined = base.join(path);
    joined.is_ok_and(|url| {
        url.origin() == base.origin()
            && url.username().is_empty()
            && !url.path().starts_with("//")
            && !url.path().starts_with("/api/")
    })
}

#[cfg(test)]
mod tests {
    use super::safe_path;

    #[test]
    fn a_return_path_never_leaves_the_console() {
        let check = |path: &str, expected: &str| assert_eq!(safe_path(path), expected, "{path:?}");
        for path in ["/", "/agreements", "/agreements/lease-1?tab=money#line-3", "/a//b", "/@x"] {
            check(path, path);
        }
        for path in [
            "",
            "agreements",
            "https://evil.com",
            "//evil.com",
            "///evil.com",
            "/\\evil.com",
            "\\/evil.com",
            "\\\\evil.com",
            "/\t/evil.com",
            "/\n/evil.com",
            "/%0d%0aSet-Cookie:x\r\n",
            " /agreements",
            "/agreements /x",
            "/..//evil.com",
            "/.//evil.com",
            "/./\\evil.com",
            "/x/..//evil.com",
            "javascript:alert(1)",
            "data:text/html,x",
            "@evil.com",
            "/api/v1/oidc/corp/start",
            "/x/../api/v1/session",
            "/中文",
        ] {
            check(path, "/");
        }
        check(&format!("/{}", "a".repeat(1024)), "/");
    }
}
