//! Signing in: the lock-out, tokens that were planted, codes that are taken once, ends of sessions,
//! and what the audit trail tells of it all.

use contract::terms::Side;
use desk::people::{
    ABSOLUTE_SECONDS, Approver, AuditQuery, Caller, IDLE_SECONDS, MyChange, Operation, PeopleError,
    Proof, SignIn, SignInError,
};
use totp_rs::{Builder, Secret};
use units::Timestamp;

use super::{House, PASSWORD, from, named, origin, person};

async fn attempt(house: &House, email: &str, password: &str, address: &str) -> &'static str {
    let answer = house.people.sign_in(email, password, &from(address)).await;
    answer.map_or_else(|error| error.code(), |_| "ok")
}

async fn audited(house: &House, caller: &Caller) -> Vec<String> {
    let rows = house.people.audit(caller, &AuditQuery::default(), None, 500).await;
    let text = |row: desk::people::AuditView| format!("{} {}", row.action, row.result);
    rows.expect("an owner reads it").into_iter().map(text).collect()
}

/// The code that a device with this secret shows at an instant.
fn code(secret: &str, at: Timestamp) -> String {
    let secret = Secret::try_from_base32(secret).expect("base32");
    let device = Builder::new().with_secret(secret).build().expect("long enough");
    device.generate(at.seconds().unsigned_abs()).to_string()
}

#[tokio::test]
async fn the_fifth_failure_locks_and_each_further_one_doubles_the_wait() {
    let (house, _) = House::hosted().await;
    for email in ["host@example.com", "nobody@example.com"] {
        // Each failure from another address, so that the account alone is counted.
        let mut address = 0;
        let mut fail = async || {
            address += 1;
            attempt(&house, email, "wrong wrong wrong", &format!("192.0.2.{address}")).await
        };
        for _ in 0..5 {
            assert_eq!(fail().await, "wrong_credentials", "{email}");
        }
        for wait in [30, 60, 120] {
            assert_eq!(fail().await, "locked", "{email}");
            house.pass(wait - 1);
            assert_eq!(attempt(&house, email, PASSWORD, "198.51.100.1").await, "locked");
            house.pass(1);
            assert_eq!(fail().await, "wrong_credentials", "{email} after {wait}");
        }
    }
    // Whoever waits and is right is in.
    house.pass(3_600);
    assert_eq!(attempt(&house, " HOST@example.com ", PASSWORD, "203.0.113.1").await, "ok");
    // A success forgave the account.
    for _ in 0..4 {
        let failed = attempt(&house, "host@example.com", "wrong wrong wrong", "203.0.113.2").await;
        assert_eq!(failed, "wrong_credentials");
    }
    assert_eq!(attempt(&house, "host@example.com", PASSWORD, "203.0.113.3").await, "ok");
}

#[tokio::test]
async fn an_address_that_guesses_at_many_accounts_is_locked_and_a_restart_forgives_nothing() {
    let (house, _) = House::hosted().await;
    for number in 0..5 {
        let email = format!("guess-{number}@example.com");
        let failed = attempt(&house, &email, "wrong wrong wrong", "192.0.2.66").await;
        assert_eq!(failed, "wrong_credentials");
    }
    assert_eq!(attempt(&house, "host@example.com", PASSWORD, "192.0.2.66").await, "locked");
    let again = desk::people::People::of(&house.desk);
    let locked = again.sign_in("host@example.com", PASSWORD, &from("192.0.2.66")).await;
    assert!(matches!(locked, Err(SignInError::Locked { .. })));
    assert_eq!(attempt(&house, "host@example.com", PASSWORD, "192.0.2.67").await, "ok");
    // After an hour without a failure the address is forgiven.
    house.pass(3_600);
    for number in 5..7 {
        let email = format!("guess-{number}@example.com");
        let failed = attempt(&house, &email, "wrong wrong wrong", "192.0.2.66").await;
        assert_eq!(failed, "wrong_credentials");
    }
}

#[tokio::test]
async fn a_planted_token_is_never_a_session() {
    let (house, _) = House::hosted().await;
    let before = house.sign_in("host").await;
    let after = house.sign_in("host").await;
    assert_ne!(before, after, "a sign-in makes a token of its own");
    // Confirming moves the session: the token that was known before ends.
    let caller = house.caller(&before).await;
    let csrf = house.people.me(&caller).await.expect("is here").csrf.expect("a session's");
    let proof = Proof { password: Some(PASSWORD.to_owned()), code: None };
    let (moved, _) = house.people.confirm(&caller, &proof).await.expect("the password is right");
    assert_ne!(moved, before);
    assert!(house.people.caller(&before, &origin()).await.expect("asks").is_none());
    let caller = house.caller(&moved).await;
    assert!(house.people.csrf_holds(&caller, &csrf).await.expect("asks"));
    for wrong in ["", &csrf[1..], "x"] {
        assert!(!house.people.csrf_holds(&caller, wrong).await.expect("asks"), "{wrong}");
    }
    let other = house.caller(&after).await;
    assert!(!house.people.csrf_holds(&other, &csrf).await.expect("asks"), "bound to its session");
    for wrong in ["", "x", &"0".repeat(64), &moved[..63]] {
        assert!(house.people.caller(wrong, &origin()).await.expect("asks").is_none(), "{wrong}");
    }
    let wrong = Proof { password: Some("wrong wrong wrong".to_owned()), code: None };
    let refused = house.people.confirm(&caller, &wrong).await;
    assert!(matches!(refused, Err(PeopleError::WrongProof)), "{refused:?}");
}

#[tokio::test]
async fn sessions_end_when_idle_when_old_and_when_they_are_ended() {
    let (house, _) = House::hosted().await;
    let alive =
        async |token: &str| house.people.caller(token, &origin()).await.expect("asks").is_some();
    let idle = house.sign_in("host").await;
    house.pass(IDLE_SECONDS - 1);
    assert!(alive(&idle).await);
    house.pass(IDLE_SECONDS);
    assert!(!alive(&idle).await, "half an hour without a request");
    let busy = house.sign_in("host").await;
    let mut passed = 0;
    while passed + 1_500 < ABSOLUTE_SECONDS {
        house.pass(1_500);
        passed += 1_500;
        assert!(alive(&busy).await, "after {passed} seconds");
    }
    house.pass(ABSOLUTE_SECONDS - passed);
    assert!(!alive(&busy).await, "twelve hours");
    let (one, two) = (house.sign_in("host").await, house.sign_in("host").await);
    let (first, second) = (house.caller(&one).await, house.caller(&two).await);
    let listed = house.people.sessions(&first).await.expect("lists");
    assert_eq!(listed.len(), 2, "ended ones are not listed");
    let other = listed.iter().find(|session| !session.current).expect("the other");
    house.people.end_session(&first, &other.id).await.expect("one's own");
    assert!(alive(&one).await && !alive(&two).await);
    house.people.sign_out(&first).await.expect("signs out");
    assert!(!alive(&one).await);
    let gone = house.people.end_session(&second, &other.id).await;
    assert!(matches!(gone, Err(PeopleError::NotFound { what: "session" })), "{gone:?}");
    assert!(house.people.sweep().await.expect("sweeps") >= 1, "what ended is removed");
}

#[tokio::test]
async fn another_password_ends_the_other_sessions() {
    let (house, _) = House::hosted().await;
    let (one, two) = (house.sign_in("host").await, house.sign_in("host").await);
    let caller = house.caller(&one).await;
    for (current, new, wanted) in [
        ("wrong wrong wrong", "another password", "wrong_proof"),
        (PASSWORD, "elevenchars", "short_password"),
        (PASSWORD, "twelve chars", "ok"),
    ] {
        let answer = house.people.change_password(&caller, current, new).await;
        assert_eq!(answer.map_or_else(|error| error.code(), |()| "ok"), wanted);
    }
    assert!(house.people.caller(&one, &origin()).await.expect("asks").is_some());
    assert!(house.people.caller(&two, &origin()).await.expect("asks").is_none());
    assert_eq!(attempt(&house, "host@example.com", PASSWORD, "").await, "wrong_credentials");
    assert_eq!(attempt(&house, "host@example.com", "twelve chars", "").await, "ok");
    let trail = audited(&house, &caller).await;
    for wanted in ["change_password refused", "change_password allowed", "sign_in refused"] {
        assert!(trail.iter().any(|row| row == wanted), "{wanted}: {trail:?}");
    }
    assert!(!format!("{trail:?}").contains("twelve"));
}

#[tokio::test]
async fn a_code_is_taken_once_and_a_recovery_code_too() {
    let (house, _) = House::hosted().await;
    let people = &house.people;
    let caller = house.session("host").await;
    let setup = people.begin_code(&caller).await.expect("codes are off");
    assert!(setup.uri.contains("host%40example.com") && setup.uri.contains(&setup.secret));
    let wrong = people.confirm_code(&caller, "000000").await;
    assert!(matches!(wrong, Err(PeopleError::WrongProof)), "{wrong:?}");
    let first = code(&setup.secret, house.now());
    let recovery = people.confirm_code(&caller, &first).await.expect("the device works");
    assert_eq!(recovery.len(), desk::people::RECOVERY_CODES);

    // Each attempt from another address: this is not about the lock-out.
    let calls = std::cell::Cell::new(0);
    let elsewhere = || {
        calls.set(calls.get() + 1);
        from(&format!("198.51.100.{}", calls.get()))
    };
    let half = async || match people.sign_in("host@example.com", PASSWORD, &elsewhere()).await {
        Ok(SignIn::CodeNeeded { token }) => token,
        _ => unreachable!("codes are on"),
    };
    let token = half().await;
    assert!(people.caller(&token, &origin()).await.expect("asks").is_none(), "half a session");
    let answer = async |token: &str, code: &str| {
        let answer = people.sign_in_code(token, code, &elsewhere()).await;
        answer.map_or_else(|error| error.code(), |_| "ok")
    };
    assert_eq!(answer(&token, &first).await, "wrong_credentials", "it was shown at set-up");
    house.pass(30);
    let next = code(&setup.secret, house.now());
    assert_eq!(answer(&token, &next).await, "ok");
    assert_eq!(answer(&token, &next).await, "wrong_credentials", "the half-session is used up");
    let token = half().await;
    assert_eq!(answer(&token, &next).await, "wrong_credentials", "a replay");
    assert_eq!(answer(&token, &first).await, "wrong_credentials", "an earlier one");
    assert_eq!(answer(&token, &recovery[3].to_uppercase()).await, "ok");
    let token = half().await;
    assert_eq!(answer(&token, &recovery[3]).await, "wrong_credentials", "a replay");
    assert_eq!(answer(&token, &recovery[4].replace('-', " ")).await, "ok");
    // Two at the same instant: one has it.
    house.pass(30);
    let (a, b) = (half().await, half().await);
    let now = code(&setup.secret, house.now());
    let both = tokio::join!(answer(&a, &now), answer(&b, &now));
    assert!(matches!(both, ("ok", "wrong_credentials") | ("wrong_credentials", "ok")), "{both:?}");
    // A half-session waits ten minutes.
    let token = half().await;
    house.pass(600);
    assert_eq!(answer(&token, &code(&setup.secret, house.now())).await, "wrong_credentials");
}

#[tokio::test]
async fn guessing_at_codes_locks_the_account() {
    let (house, _) = House::hosted().await;
    let people = &house.people;
    let caller = house.session("host").await;
    let setup = people.begin_code(&caller).await.expect("codes are off");
    people.confirm_code(&caller, &code(&setup.secret, house.now())).await.expect("works");
    let token = match people.sign_in("host@example.com", PASSWORD, &from("192.0.2.8")).await {
        Ok(SignIn::CodeNeeded { token }) => token,
        _ => unreachable!("codes are on"),
    };
    for number in 0..5 {
        let wrong = people.sign_in_code(&token, "zzz", &from(&format!("192.0.2.{number}"))).await;
        assert!(matches!(wrong, Err(SignInError::Wrong)));
    }
    house.pass(29);
    let right = code(&setup.secret, house.now());
    let locked = people.sign_in_code(&token, &right, &from("192.0.2.9")).await;
    assert!(matches!(locked, Err(SignInError::Locked { .. })));
    // With codes on, a password alone confirms nothing.
    house.pass(30);
    let proof = Proof { password: Some(PASSWORD.to_owned()), code: None };
    let refused = people.confirm(&caller, &proof).await;
    assert!(matches!(refused, Err(PeopleError::WrongProof)), "{refused:?}");
}

#[tokio::test]
async fn the_first_run_takes_one_person_with_the_token_of_the_operator() {
    let house = House::empty().await;
    let people = &house.people;
    assert!(people.setup_needed().await.expect("asks"));
    let old = people.setup_token().await.expect("nobody is here");
    let token = people.setup_token().await.expect("still nobody");
    for (token, name, wanted) in [
        (old.as_str(), "host", "not_found"),
        ("", "host", "not_found"),
        (&token, " ", "invalid_field"),
        (&token, "host", "ok"),
        (&token, "other", "not_found"),
    ] {
        let new = desk::people::NewPerson { name: name.to_owned(), ..person("host") };
        let answer = people.set_up(token, "Host", &new, &origin()).await;
        assert_eq!(answer.map_or_else(|error| error.code(), |_| "ok"), wanted, "{name:?}");
    }
    assert!(!people.setup_needed().await.expect("asks"));
    let taken = people.setup_token().await;
    assert!(matches!(taken, Err(PeopleError::Taken { .. })));
    let caller = house.session("host").await;
    let me = people.me(&caller).await.expect("is here");
    assert!(me.platform_administrator && me.organisation.is_some());
    let change = MyChange { theme: Some("dark".to_owned()), ..MyChange::default() };
    people.change_me(&caller, &change).await.expect("a theme");
    assert_eq!(people.me(&caller).await.expect("is here").person.theme, "dark");
}

#[tokio::test]
async fn the_audit_trail_keeps_half_a_year_and_more() {
    let (house, host) = House::hosted().await;
    attempt(&house, "host@example.com", "wrong wrong wrong", "192.0.2.3").await;
    let trail = audited(&house, &host).await;
    assert_eq!(trail, ["sign_in refused", "set_up allowed"]);
    for days in [0, 180, 184, 189, -1] {
        let refused = house.people.drop_audit(days).await;
        assert!(matches!(refused, Err(PeopleError::Invalid { field: "days" })), "{days}");
    }
    house.pass(190 * 86_400 - 1);
    assert_eq!(house.people.drop_audit(190).await.expect("nothing is that old"), 0);
}

#[tokio::test]
async fn an_approval_of_a_red_finding_is_audited_whoever_gave_it() {
    let (house, host) = House::hosted().await;
    let agreement = named("classification", "risky");
    house.people.found(&host, &agreement, Side::Vendor, None).await.expect("founds");
    let enter = |operation| house.people.enter(&host, &agreement.id, operation);
    let entry = enter(Operation::Sign).await.expect("an owner may sign");
    let risk = (1, "pb-02.cap", "insured");
    let caller = Approver::Caller(&host, &entry);
    house.people.approve_finding(caller, risk).await.expect("approved");
    let operator = Approver::Operator(&agreement.id, Side::Vendor, "Chen");
    house.people.approve_finding(operator, risk).await.expect("approved");
    let reader = enter(Operation::ReadDocuments).await.expect("an owner may read");
    let refused = house.people.approve_finding(Approver::Caller(&host, &reader), risk).await;
    assert!(refused.is_err(), "an entry for reading approves nothing");
    let query = AuditQuery { action: Some("approve_finding".to_owned()), ..AuditQuery::default() };
    let rows = house.people.audit(&host, &query, None, 500).await.expect("an owner reads it");
    let told: Vec<_> = rows
        .iter()
        .map(|row| (row.person.as_deref(), row.object.as_deref(), row.agreement.as_deref()))
        .collect();
    let (finding, agreement) = (Some("1 pb-02.cap"), Some("risky"));
    let own = rows[1].person.as_deref().filter(|person| *person != "Chen");
    assert!(own.is_some(), "{rows:?}");
    assert_eq!(told, [(Some("Chen"), finding, agreement), (own, finding, agreement)]);
}
