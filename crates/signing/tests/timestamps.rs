//! Timestamps: a test authority of `openssl` answers our requests, and `openssl ts -verify` is
//! asked whether it sees good and damaged responses as we do.

use std::path::{Path, PathBuf};

use signing::timestamp::{
    Request, Stamp, TimestampError, read_response, verify_response, verify_token,
};
use signing::{CertificateError, CmsError, Digest};

use crate::world::{installed, must, run};

pub(crate) const CONTENT: &[u8] = b"what both parties signed";
const NONCE: [u8; 16] = *b"\x00\x81nonce of a day";

/// An authority in a folder: a root, a signer under it, and how it signs.
pub(crate) struct Authority {
    folder: tempfile::TempDir,
}

impl Authority {
    pub(crate) fn new(key: &[&str], digest: &str, ess: &str) -> Self {
        let authority = Self { folder: tempfile::tempdir().unwrap() };
        let at = authority.folder.path();
        let config = format!(
            "[tsa]\nserial = ./serial\nsigner_digest = {digest}\ndefault_policy = 1.2.3.4.1\n\
            other_policies = 1.2.3.4.5\ndigests = sha256, sha384, sha512\n\
            accuracy = secs:1, millisecs:500, microsecs:100\nordering = yes\ntsa_name = yes\n\
            ess_cert_id_chain = no\ness_cert_id_alg = {ess}\n\
            [good]\nbasicConstraints = critical,CA:FALSE\nkeyUsage = critical,digitalSignature\n\
            extendedKeyUsage = critical,timeStamping\n\
            [loose]\nbasicConstraints = critical,CA:FALSE\nextendedKeyUsage = timeStamping\n\
            [req]\ndistinguished_name = dn\n[dn]\n"
        );
        std::fs::write(at.join("tsa.cnf"), config).unwrap();
        std::fs::write(at.join("serial"), "01\n").unwrap();
        authority.root("ca", "/CN=Test Root");
        authority.signer(key, "good");
        authority
    }

    pub(crate) fn at(&self) -> &Path {
        self.folder.path()
    }

    fn root(&self, name: &str, subject: &str) {
        let (key, pem) = (format!("{name}.key"), format!("{name}.pem"));
        let options = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"];
        let rest = ["-nodes", "-keyout", &key, "-out", &pem, "-days", "3650", "-subj", subject];
        let uses = ["-config", "tsa.cnf", "-addext", "basicConstraints=critical,CA:TRUE"];
        let all = [&options[..], &rest, &uses, &["-addext", "keyUsage=critical,keyCertSign"]];
        must(self.at(), "openssl", &all.concat());
        self.to_der(name);
    }

    fn to_der(&self, name: &str) {
        let (pem, der) = (format!("{name}.pem"), format!("{name}.der"));
        must(self.at(), "openssl", &["x509", "-in", &pem, "-outform", "DER", "-out", &der]);
    }

    fn signer(&self, key: &[&str], extensions: &str) {
        let start = ["req", "-new", "-nodes", "-config", "tsa.cnf", "-subj", "/O=Test/CN=TSA"];
        let out = ["-keyout", "tsa.key", "-out", "tsa.csr"];
        must(self.at(), "openssl", &[&start[..], key, &out].concat());
        let start = ["x509", "-req", "-in", "tsa.csr", "-CA", "ca.pem", "-CAkey", "ca.key"];
        let rest = ["-set_serial", "0xf0f1f2f3f4f5f6f7", "-out", "tsa.pem", "-extfile", "tsa.cnf"];
        let rest = [&start[..], &rest, &["-extensions", extensions]].concat();
        must(self.at(), "openssl", &rest);
        self.to_der("tsa");
    }

    pub(crate) fn root_der(&self) -> Vec<u8> {
        std::fs::read(self.at().join("ca.der")).unwrap()
    }

    /// What the authority answers.
    pub(crate) fn reply(&self, request: &Request) -> Vec<u8> {
        std::fs::write(self.at().join("request"), request.to_der()).unwrap();
        let start = ["ts", "-reply", "-config", "tsa.cnf", "-section", "tsa"];
        let rest = ["-queryfile", "request", "-signer", "tsa.pem", "-inkey", "tsa.key"];
        must(self.at(), "openssl", &[&start[..], &rest, &["-out", "reply"]].concat());
        std::fs::read(self.at().join("reply")).unwrap()
    }

    /// Whether `openssl` believes a response to the last request.
    fn openssl_believes(&self, response: &[u8]) -> bool {
        let file: PathBuf = self.at().join("other");
        std::fs::write(&file, response).unwrap();
        let verify = ["ts", "-verify", "-queryfile", "request", "-in", "other"];
        let all = [&verify[..], &["-CAfile", "ca.pem"]].concat();
        run(self.at(), "openssl", &all).status.success()
    }
}

pub(crate) const P256: &[&str] = &["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"];
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
        let response = authority.reply(&request);
        assert!(authority.openssl_believes(&response), "{key:?} {digest}");
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
    let response = authority.reply(&request);
    let check = |request: &Request| verdict(&authority, &response, request).map(|_| ());
    assert_eq!(check(&Request::new(b"other", NONCE)), Err(TimestampError::Imprint));
    assert_eq!(check(&Request::new(CONTENT, [7; 16])), Err(TimestampError::Nonce));
    let other_rules = Request::new(CONTENT, NONCE).under("1.2.3.4.5").unwrap();
    assert_eq!(check(&other_rules), Err(TimestampError::Policy));
    let answered = authority.reply(&other_rules);
    assert_eq!(verdict(&authority, &answered, &other_rules).unwrap().policy, "1.2.3.4.5");
    // Rules that the authority does not have.
    let refused = Request::new(CONTENT, NONCE).under("1.2.3.9").unwrap();
    let refused_by = authority.reply(&refused);
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
    let response = authority.reply(&Request::new(CONTENT, NONCE));
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
    let response = authority.reply(&request);
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
        let believed = authority.openssl_believes(&damaged);
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
