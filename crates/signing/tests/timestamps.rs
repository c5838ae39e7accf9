//! Timestamps: a test authority of `openssl` answers our requests, and `openssl ts -verify` is
//! asked whether it sees good and damaged responses as we do.

use std::path::PathBuf;

use signing::timestamp::{
    Request, Stamp, TimestampError, check_token, read_response, token_of, verify_response,
    verify_token,
};
use signing::{CertificateError, CmsError, Digest};

use crate::openssl::{Authority, P256, installed, must, run};

pub(crate) const CONTENT: &[u8] = b"what both parties signed";
const NONCE: [u8; 16] = *b"\x00\x81nonce of a day";

/// Whether `openssl` believes a response to the last request.
fn openssl_believes(authority: &Authority, response: &[u8]) -> bool {
    let file: PathBuf = authority.at().join("other");
    std::fs::write(&file, response).unwrap();
    let verify = ["ts", "-verify", "-queryfile", "request", "-in", "other"];
    let all = [&verify[..], &["-CAfile", "ca.pem"]].concat();
    run(authority.at(), "openssl", &all).status.success()
}

const P384: &[&str] = &["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-384"];
const RSA: &[&str] = &["-newkey", "rsa:2048"];

fn verdict(
    authority: &Authority,
    response: &[u8],
    request: &Request,
) -> Result<Stamp, TimestampError> {
    verify_response(response, request, &[&authority.root_der()])
}

#[test]
fn openssl_answers_our_request_and_we_believe_its_token_under_each_scheme() {
    if !installed("openssl", "version") {
        return;
    }
    for (key, digest, ess, of) in [
        (P256, "sha256", "sha256", Digest::Sha256),
        (P256, "sha512", "sha512", Digest::Sha256),
        (P384, "sha256", "sha256", Digest::Sha512),
        (P384, "sha384", "sha384", Digest::Sha384),
        (RSA, "sha256", "sha1", Digest::Sha256),
        (RSA, "sha384", "sha256", Digest::Sha384),
        (RSA, "sha512", "sha256", Digest::Sha512),
    ] {
        let authority = Authority::new(key, digest, ess);
        let request = Request::with_digest(of, CONTENT, NONCE);
        let response = authority.reply(&request.to_der());
        assert!(openssl_believes(&authority, &response), "{key:?} {digest}");
        let stamp = verdict(&authority, &response, &request).unwrap();
        assert_eq!((stamp.policy.as_str(), stamp.serial.as_str()), ("1.2.3.4.1", "02"));
        assert_eq!(
            (stamp.authority.as_str(), stamp.accuracy_micros),
            ("CN=TSA,O=Test", Some(1_500_100))
        );
        let token = read_response(&response).unwrap();
        let root = authority.root_der();
        assert_eq!(verify_token(token, CONTENT, &[&root]), Ok(stamp));
        let other = verify_token(token, b"other bytes", &[&root]);
        assert_eq!(other, Err(TimestampError::Imprint));
        std::fs::write(authority.at().join("token"), token).unwrap();
        std::fs::write(authority.at().join("content"), CONTENT).unwrap();
        let verify = ["ts", "-verify", "-data", "content", "-in", "token", "-token_in"];
        must(authority.at(), "openssl", &[&verify[..], &["-CAfile", "ca.pem"]].concat());
    }
}

#[test]
fn each_thing_that_does_not_fit_has_its_name() {
    if !installed("openssl", "version") {
        return;
    }
    let authority = Authority::new(P256, "sha256", "sha256");
    let request = Request::new(CONTENT, NONCE);
    let response = authority.reply(&request.to_der());
    let check = |request: &Request| verdict(&authority, &response, request).map(|_| ());
    assert_eq!(check(&Request::new(b"other", NONCE)), Err(TimestampError::Imprint));
    assert_eq!(check(&Request::new(CONTENT, [7; 16])), Err(TimestampError::Nonce));
    let other_rules = Request::new(CONTENT, NONCE).under("1.2.3.4.5").unwrap();
    assert_eq!(check(&other_rules), Err(TimestampError::Policy));
    let answered = authority.reply(&other_rules.to_der());
    assert_eq!(verdict(&authority, &answered, &other_rules).unwrap().policy, "1.2.3.4.5");
    // Rules that the authority does not have.
    let refused = Request::new(CONTENT, NONCE).under("1.2.3.9").unwrap();
    let refused_by = authority.reply(&refused.to_der());
    let status = Err(TimestampError::Refused { status: 2 });
    assert_eq!(verdict(&authority, &refused_by, &refused), status);
    let untrusted = Err(TimestampError::Authority(CertificateError::Untrusted));
    assert_eq!(verify_response(&response, &request, &[]), untrusted);
    authority.root("stranger", "/CN=Test Root");
    let stranger = std::fs::read(authority.at().join("stranger.der")).unwrap();
    assert_eq!(verify_response(&response, &request, &[&stranger]), untrusted);
    // The signer's own certificate may be what the reader trusts.
    let signer = std::fs::read(authority.at().join("tsa.der")).unwrap();
    assert!(verify_response(&response, &request, &[&signer]).is_ok());
    assert!(Request::new(CONTENT, NONCE).under("no rules").is_none());
}

#[test]
fn a_certificate_that_is_not_for_timestamps_only_is_refused() {
    if !installed("openssl", "version") {
        return;
    }
    let authority = Authority::new(P256, "sha256", "sha256");
    let at = authority.at();
    let root = authority.root_der();
    // Both certificates are older than the timestamp, or their dates would be what is refused.
    authority.signer(P256, "loose");
    for end in ["pem", "key"] {
        std::fs::rename(at.join(format!("tsa.{end}")), at.join(format!("loose.{end}"))).unwrap();
    }
    authority.signer(P256, "good");
    let response = authority.reply(&Request::new(CONTENT, NONCE).to_der());
    std::fs::write(at.join("token"), read_response(&response).unwrap()).unwrap();
    let content = ["cms", "-verify", "-noverify", "-inform", "DER", "-in", "token", "-out", "info"];
    must(at, "openssl", &content);
    // The same content, signed as CMS: by the same key under a certificate of another use.
    for (signer, want) in [("tsa", None), ("loose", Some(CertificateError::Usage))] {
        let (pem, key) = (format!("{signer}.pem"), format!("{signer}.key"));
        let sign = ["cms", "-sign", "-binary", "-nodetach", "-cades", "-in", "info", "-outform"];
        let how = ["DER", "-econtent_type", "1.2.840.113549.1.9.16.1.4", "-md", "sha256"];
        let who = ["-signer", &pem, "-inkey", &key, "-out", "again"];
        must(at, "openssl", &[&sign[..], &how, &who].concat());
        let again = std::fs::read(at.join("again")).unwrap();
        let stamp = verify_token(&again, CONTENT, &[&root]);
        assert_eq!(stamp.err(), want.map(TimestampError::Authority), "{signer}");
    }
}

#[test]
fn damaged_responses_are_refused_and_never_where_openssl_is_stricter() {
    if !installed("openssl", "version") {
        return;
    }
    let authority = Authority::new(P256, "sha256", "sha256");
    let request = Request::new(CONTENT, NONCE);
    let response = authority.reply(&request.to_der());
    let (mut both, mut alone) = (0, Vec::new());
    let root = authority.root_der();
    for at in 0..response.len() {
        let mut damaged = response.clone();
        damaged[at] ^= 1 << (at % 8);
        if verify_response(&damaged, &request, &[&root]).is_ok() {
            alone.push(at);
        }
    }
    // openssl is slow to start: it sees what we believe, and every seventh of what we do not.
    for at in (0..response.len()).filter(|at| at.is_multiple_of(7) || alone.contains(at)) {
        let mut damaged = response.clone();
        damaged[at] ^= 1 << (at % 8);
        let believed = openssl_believes(&authority, &damaged);
        assert!(believed || !alone.contains(&at), "byte {at}: we are laxer than openssl");
        both += usize::from(!believed && !alone.contains(&at));
    }
    assert!(both * 100 >= (response.len() / 7) * 90, "{both} of {}", response.len() / 7);
    let cms = |error: CmsError| TimestampError::Signature(error);
    let last = response.len() - 1;
    let mut damaged = response.clone();
    damaged[last] ^= 1;
    let signature = Err(cms(CmsError::Certificate(CertificateError::Signature)));
    assert_eq!(verdict(&authority, &damaged, &request), signature);
}

#[test]
fn every_flipped_byte_of_a_token_is_refused_with_and_without_a_root() {
    if !installed("openssl", "version") {
        return;
    }
    let authority = Authority::new(P256, "sha256", "sha256");
    let response = authority.reply(&Request::new(CONTENT, NONCE).to_der());
    let token = read_response(&response).unwrap();
    assert_eq!((token_of(&response), token_of(token)), (Ok(token), Ok(token)));
    let root = authority.root_der();
    let alone = check_token(token, CONTENT).unwrap();
    assert_eq!(verify_token(token, CONTENT, &[&root]), Ok(alone));
    for at in 0..token.len() {
        for bit in 0..8 {
            let mut damaged = token.to_vec();
            damaged[at] ^= 1 << bit;
            assert!(check_token(&damaged, CONTENT).is_err(), "byte {at}, bit {bit}");
            assert!(verify_token(&damaged, CONTENT, &[&root]).is_err(), "byte {at}, bit {bit}");
        }
    }
}

#[test]
fn a_chain_goes_through_an_authority_between_and_not_through_an_end() {
    if !installed("openssl", "version") {
        return;
    }
    let authority = Authority::new(P256, "sha256", "sha256");
    let at = authority.at();
    for (ca, works) in [("CA:TRUE,pathlen:0", true), ("CA:FALSE", false)] {
        let extensions = format!("[middle]\nbasicConstraints = critical,{ca}\n");
        std::fs::write(at.join("middle.cnf"), extensions).unwrap();
        let request = ["req", "-new", "-nodes", "-config", "tsa.cnf", "-subj", "/CN=Middle"];
        let out = ["-keyout", "middle.key", "-out", "middle.csr"];
        must(at, "openssl", &[&request[..], P256, &out].concat());
        let sign = ["x509", "-req", "-in", "middle.csr", "-CA", "ca.pem", "-CAkey", "ca.key"];
        let out = ["-set_serial", "5", "-extfile", "middle.cnf", "-extensions", "middle"];
        must(at, "openssl", &[&sign[..], &out, &["-out", "middle.pem"]].concat());
        let sign = ["x509", "-req", "-in", "tsa.csr", "-CA", "middle.pem", "-CAkey"];
        let out = ["middle.key", "-set_serial", "78", "-out", "tsa.pem", "-extfile", "tsa.cnf"];
        must(at, "openssl", &[&sign[..], &out, &["-extensions", "good"]].concat());
        std::fs::write(at.join("request"), Request::new(CONTENT, NONCE).to_der()).unwrap();
        let reply = ["ts", "-reply", "-config", "tsa.cnf", "-section", "tsa", "-queryfile"];
        let rest = ["request", "-signer", "tsa.pem", "-inkey", "tsa.key", "-chain", "middle.pem"];
        must(at, "openssl", &[&reply[..], &rest, &["-out", "reply"]].concat());
        let response = std::fs::read(at.join("reply")).unwrap();
        let stamp = verdict(&authority, &response, &Request::new(CONTENT, NONCE));
        let verify = ["ts", "-verify", "-queryfile", "request", "-in", "reply", "-CAfile"];
        let theirs = run(at, "openssl", &[&verify[..], &["ca.pem"]].concat()).status.success();
        assert_eq!((stamp.is_ok(), theirs), (works, works), "{ca}: {stamp:?}");
    }
}
