//! The operator's file.

use super::{ConfigError, read};

#[test]
fn providers_are_read_from_a_file_and_what_is_unsafe_in_it_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path();
    std::fs::write(folder.join("secret"), "s3cret\n").unwrap();
    let check = |text: &str, expected: &str| {
        let path = folder.join("oidc.toml");
        std::fs::write(&path, text).unwrap();
        let found = match read(&path) {
            Ok(providers) => {
                let each = providers
                    .iter()
                    .map(|one| format!("{} {:?} {:?}", one.id, one.client_secret, one.scopes));
                each.collect::<Vec<_>>().join("; ")
            }
            Err(ConfigError::Unreadable { .. }) => "unreadable".to_owned(),
            Err(ConfigError::Malformed { .. }) => "malformed".to_owned(),
            Err(ConfigError::Id { id }) => format!("id {id}"),
            Err(ConfigError::Issuer { id }) => format!("issuer {id}"),
        };
        assert_eq!(found, expected, "{text}");
    };
    let one = |id: &str, issuer: &str, more: &str| {
        format!(
            "[[provider]]\nid = \"{id}\"\nname = \"N\"\nissuer = \"{issuer}\"\n\
             client_id = \"c\"\n{more}\n"
        )
    };
    let good = "https://login.acme.com";
    check("", "");
    check(
        &one("corp", good, "client_secret_file = \"secret\""),
        "corp Some(\"s3cret\") [\"email\", \"profile\"]",
    );
    check(&one("corp", good, "scopes = []"), "corp None []");
    check(&one("corp", "http://localhost:9000", ""), "corp None [\"email\", \"profile\"]");
    check(&one("corp", "http://login.acme.com", ""), "issuer corp");
    check(&one("corp", "https://login.acme.com?x=1", ""), "issuer corp");
    check(&one("../x", good, ""), "id ../x");
    check(&one("", good, ""), "id ");
    check(&format!("{}{}", one("a", good, ""), one("a", good, "")), "id a");
    check(&one("corp", good, "client_secret_file = \"absent\""), "unreadable");
    check(&one("corp", good, "client_secret = \"in the open\""), "malformed");
}
