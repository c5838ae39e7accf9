//! Programs of others, and a time-stamp authority that `openssl` plays: a root, a signer under it,
//! and how it signs. The tests of other crates that need an authority include this file.

use std::path::Path;
use std::process::{Command, Output};

pub(crate) const P256: &[&str] = &["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"];

/// An authority in a folder: a root, a signer under it, and how it signs.
pub(crate) struct Authority {
    folder: tempfile::TempDir,
}

#[allow(dead_code, reason = "not every crate that includes this file asks for all of it")]
impl Authority {
    pub(crate) fn new(key: &[&str], digest: &str, ess: &str) -> Self {
        let authority =
            Self { folder: tempfile::tempdir().expect("a test that cannot go on has failed") };
        let at = authority.folder.path();
        let config = format!(
            "[tsa]\nserial = ./serial\nsigner_digest = {digest}\ndefault_policy = 1.2.3.4.1\n\
            other_policies = 1.2.3.4.5\ndigests = sha256, sha384, sha512\n\
            accuracy = secs:1, millisecs:500, microsecs:100\nordering = yes\ntsa_name = yes\n\
            ess_cert_id_chain = no\ness_cert_id_alg = {ess}\n\
            [good]\nbasicConstraints = critical,CA:FALSE\nkeyUsage = critical,digitalSignature\n\
            extendedKeyUsage = critical,timeStamping\n\
            [loose]\nbasicConstraints = critical,CA:FALSE\nextendedKeyUsage = timeStamping\n\
            [own]\ndatabase = ./index\nnew_certs_dir = .\nserial = ./number\npolicy = any\n\
            default_md = sha256\n[any]\norganizationName = supplied\ncommonName = supplied\n\
            [req]\ndistinguished_name = dn\n[dn]\n"
        );
        std::fs::write(at.join("tsa.cnf"), config).expect("a test that cannot go on has failed");
        std::fs::write(at.join("serial"), "01\n").expect("a test that cannot go on has failed");
        authority.root("ca", "/CN=Test Root");
        authority.signer(key, "good");
        authority
    }

    pub(crate) fn at(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn root(&self, name: &str, subject: &str) {
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

    pub(crate) fn signer(&self, key: &[&str], extensions: &str) {
        let start = ["req", "-new", "-nodes", "-config", "tsa.cnf", "-subj", "/O=Test/CN=TSA"];
        let out = ["-keyout", "tsa.key", "-out", "tsa.csr"];
        must(self.at(), "openssl", &[&start[..], key, &out].concat());
        let start = ["x509", "-req", "-in", "tsa.csr", "-CA", "ca.pem", "-CAkey", "ca.key"];
        let rest = ["-set_serial", "0xf0f1f2f3f4f5f6f7", "-out", "tsa.pem", "-extfile", "tsa.cnf"];
        let rest = [&start[..], &rest, &["-extensions", extensions]].concat();
        must(self.at(), "openssl", &rest);
        self.to_der("tsa");
    }

    /// From here on the signer has a certificate whose dates are past.
    pub(crate) fn expire(&self) {
        std::fs::write(self.at().join("index"), "").expect("a test that cannot go on has failed");
        std::fs::write(self.at().join("number"), "1000\n")
            .expect("a test that cannot go on has failed");
        let start = ["ca", "-batch", "-notext", "-config", "tsa.cnf", "-name", "own"];
        let by = ["-cert", "ca.pem", "-keyfile", "ca.key", "-in", "tsa.csr", "-out", "tsa.pem"];
        let dates = ["-startdate", "20200101000000Z", "-enddate", "20200102000000Z"];
        let how = ["-extfile", "tsa.cnf", "-extensions", "good"];
        must(self.at(), "openssl", &[&start[..], &by, &dates, &how].concat());
    }

    pub(crate) fn root_der(&self) -> Vec<u8> {
        std::fs::read(self.at().join("ca.der")).expect("a test that cannot go on has failed")
    }

    /// What the authority answers to a request in DER.
    pub(crate) fn reply(&self, request: &[u8]) -> Vec<u8> {
        std::fs::write(self.at().join("request"), request)
            .expect("a test that cannot go on has failed");
        let start = ["ts", "-reply", "-config", "tsa.cnf", "-section", "tsa"];
        let rest = ["-queryfile", "request", "-signer", "tsa.pem", "-inkey", "tsa.key"];
        must(self.at(), "openssl", &[&start[..], &rest, &["-out", "reply"]].concat());
        std::fs::read(self.at().join("reply")).expect("a test that cannot go on has failed")
    }
}

/// Whether a program is installed; says so on the way where it is not.
pub(crate) fn installed(program: &str, ask: &str) -> bool {
    let found = Command::new(program).arg(ask).output().is_ok();
    if !found {
        println!("skipped: {program} is not installed");
    }
    found
}

/// Runs a program in a folder.
pub(crate) fn run(folder: &Path, program: &str, arguments: &[&str]) -> Output {
    Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .output()
        .expect("a test that cannot go on has failed")
}

/// Runs a program that must succeed.
pub(crate) fn must(folder: &Path, program: &str, arguments: &[&str]) -> String {
    let output = run(folder, program, arguments);
    let said = format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(output.status.success(), "{program} {arguments:?}: {said}");
    said
}
