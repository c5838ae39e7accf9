//! API keys within their scopes and their maker's roles; receipts that answer again; passkeys and
//! identities as rows; marks of what was read.

use desk::people::{
    Answer, Begun, Identity, KeyScope, Method, NewKey, Operation, PeopleError, Role, allows,
};

use super::{House, origin};
use crate::scene::id;

fn new_key(scopes: &[KeyScope]) -> NewKey {
    let scopes = scopes.iter().copied().collect();
    NewKey { name: "meter".to_owned(), scopes, agreement: None, days: 30 }
}

#[tokio::test]
async fn a_key_opens_what_its_scopes_and_its_makers_roles_open() {
    let (house, host) = House::hosted().await;
    let people = &house.people;
    let acme = house.organisation(&host, "acme").await;
    let lease = id("host-acme");
    let scopes = [KeyScope::Read, KeyScope::Record, KeyScope::Money, KeyScope::Manage];
    let mut opened = 0;
    for scope in scopes {
        let (_, text) = people.new_key(&acme, &new_key(&[scope])).await.expect("an owner");
        let caller = people.caller_of_key(&text, &origin()).await.expect("asks").expect("a key");
        assert!(!caller.is_session() && caller.name() == "meter");
        // An hour later nothing of it needs confirming.
        for operation in Operation::ALL {
            let role = Role::FOUNDER.iter().any(|role| allows(*role, operation));
            let wanted =
                if role && KeyScope::of(operation) == Some(scope) { "ok" } else { "forbidden" };
            assert_eq!(house.enters(&caller, &lease, operation).await, wanted, "{operation:?}");
            opened += u32::from(wanted == "ok");
        }
        let refused = people.new_key(&caller, &new_key(&scopes)).await;
        assert!(matches!(refused, Err(PeopleError::Enter(_))), "a key makes no keys");
    }
    assert_eq!(opened, 33, "every operation but those that no key may do");
    // What the maker may not, the key may not.
    let own = acme.person().to_owned();
    house.member(&acme, "second", &[Role::Owner]).await;
    let (_, text) = people.new_key(&acme, &new_key(&[KeyScope::Money])).await.expect("an owner");
    let enters = async |operation| {
        let caller = people.caller_of_key(&text, &origin()).await.expect("asks");
        house.enters(&caller.expect("a key"), &lease, operation).await
    };
    assert_eq!(enters(Operation::Pay).await, "ok");
    people.set_roles(&acme, &own, &super::roles(&[Role::Owner])).await.expect("still an owner");
    assert_eq!(enters(Operation::Pay).await, "forbidden");
}

#[tokio::test]
async fn a_key_ends_with_its_days_its_revocation_or_its_makers_leaving() {
    let (house, host) = House::hosted().await;
    let people = &house.people;
    let acme = house.organisation(&host, "acme").await;
    let bound = NewKey { agreement: Some(id("host-acme")), ..new_key(&[KeyScope::Read]) };
    let (first, text) = people.new_key(&acme, &bound).await.expect("an owner");
    let alive =
        async |text: &str| people.caller_of_key(text, &origin()).await.expect("asks").is_some();
    assert!(alive(&text).await);
    let (head, secret) = text.rsplit_once('_').expect("three parts");
    let zeros = "0".repeat(64);
    for wrong in [
        "",
        "tally_",
        head,
        &text[..text.len() - 1],
        &format!("{head}_{zeros}"),
        &format!("tally_{zeros}_{secret}"),
        &text.replace("tally_", "other_"),
    ] {
        assert!(!alive(wrong).await, "{wrong}");
    }
    // Bound to one agreement, the others do not exist for it.
    let caller = people.caller_of_key(&text, &origin()).await.expect("asks").expect("a key");
    let other = super::named("lease", "acme-2");
    people.found(&acme, &other, contract::terms::Side::Customer, None).await.expect("founds");
    assert_eq!(house.enters(&caller, &other.id, Operation::ReadPosition).await, "not_found");
    assert_eq!(people.agreements(&caller).await.expect("lists").len(), 1);
    for (key, wanted) in [
        (NewKey { days: 0, ..bound.clone() }, "invalid_field"),
        (NewKey { days: 367, ..bound.clone() }, "invalid_field"),
        (NewKey { name: String::new(), ..bound.clone() }, "invalid_field"),
        (NewKey { scopes: Default::default(), ..bound.clone() }, "invalid_field"),
        (NewKey { agreement: Some(id("nowhere")), ..bound.clone() }, "not_found"),
    ] {
        let refused = people.new_key(&acme, &key).await.map(|_| ()).map_err(|error| error.code());
        assert_eq!(refused, Err(wanted));
    }
    people.revoke_key(&acme, &first).await.expect("its own");
    assert!(!alive(&text).await);
    let (foreign, lasting) = people.new_key(&acme, &bound).await.expect("an owner");
    let refused = people.revoke_key(&host, &foreign).await;
    assert!(matches!(refused, Err(PeopleError::NotFound { what: "key" })), "another's");
    let second = house.member(&acme, "second", &[Role::Owner]).await;
    let (_, of_second) = people.new_key(&second, &bound).await.expect("an owner");
    people.remove_member(&acme, second.person()).await.expect("an owner");
    assert!(alive(&lasting).await && !alive(&of_second).await);
    house.pass(30 * 86_400);
    assert!(!alive(&lasting).await);
    let acme = house.session("acme").await;
    let listed = people.keys(&acme).await.expect("lists");
    assert!(listed.iter().all(|key| key.last_used.is_some()), "{listed:?}");
}

#[tokio::test]
async fn the_same_write_gets_the_same_answer_and_is_carried_out_once() {
    let (house, _) = House::hosted().await;
    let people = &house.people;
    let begin = async |key: &str, request: &str, money| {
        people.begin("person a", key, request, money).await.expect("asks")
    };
    let answer = Answer { status: 201, content_type: "application/json".into(), body: "{}".into() };
    for money in [false, true] {
        let key = if money { "m" } else { "k" };
        let Begun::New(receipt) = begin(key, "hash", money).await else { unreachable!("new") };
        assert!(matches!(begin(key, "hash", money).await, Begun::Running));
        assert!(matches!(begin(key, "other", money).await, Begun::Differs));
        let other = people.begin("person b", key, "other", money).await.expect("asks");
        assert!(matches!(other, Begun::New(_)), "another's keys are another's");
        people.finish(receipt, &answer).await.expect("keeps");
        let again = begin(key, "hash", money).await;
        assert!(matches!(again, Begun::Done(kept) if kept == answer));
        assert!(matches!(begin(key, "other", money).await, Begun::Differs));
        house.pass(86_400);
        people.sweep().await.expect("sweeps");
        let later = begin(key, "hash", money).await;
        assert_eq!(matches!(later, Begun::Done(_)), money, "money is kept for ever");
        if let Begun::New(receipt) = later {
            people.abandon(receipt).await.expect("forgets");
            assert!(matches!(begin(key, "other", money).await, Begun::New(_)));
        }
    }
    // A write that never answered is tried again later, one of money never.
    for (key, money) in [("lost", false), ("lost-money", true)] {
        assert!(matches!(begin(key, "hash", money).await, Begun::New(_)));
        house.pass(15 * 60 - 1);
        assert!(matches!(begin(key, "hash", money).await, Begun::Running));
        house.pass(1);
        assert_eq!(matches!(begin(key, "hash", money).await, Begun::New(_)), !money);
    }
    // Two at once: one begins.
    let both = tokio::join!(begin("race", "hash", false), begin("race", "hash", false));
    let new = [&both.0, &both.1].into_iter().filter(|one| matches!(one, Begun::New(_))).count();
    assert_eq!(new, 1, "{both:?}");
}

#[tokio::test]
async fn passkeys_and_identities_belong_to_one_person() {
    let (house, host) = House::hosted().await;
    let people = &house.people;
    let acme = house.organisation(&host, "acme").await;
    let data = |count: u32| serde_json::json!({ "counter": count });
    people.add_credential(&host, "cred-1", "laptop", data(0)).await.expect("confirmed");
    let taken = people.add_credential(&acme, "cred-1", "laptop", data(0)).await;
    assert!(matches!(taken, Err(PeopleError::Taken { what: "passkey" })), "{taken:?}");
    people.credential_used("cred-1", data(1)).await.expect("keeps");
    let kept = people.credential("cred-1").await.expect("asks").expect("is there");
    assert_eq!((kept.person.as_str(), kept.data), (host.person(), data(1)));
    let foreign = people.remove_credential(&acme, "cred-1").await;
    assert!(matches!(foreign, Err(PeopleError::NotFound { .. })), "{foreign:?}");
    assert_eq!(people.me(&host).await.expect("is here").person.passkeys, 1);
    people.remove_credential(&host, "cred-1").await.expect("one's own");
    assert!(people.credential("cred-1").await.expect("asks").is_none());
    house.pass(desk::people::CONFIRMED_SECONDS);
    let late = people.add_credential(&host, "cred-2", "phone", data(0)).await;
    assert_eq!(late.map_err(|error| error.code()), Err("confirm_needed"));

    let identity = Identity { issuer: "https://id.example".into(), subject: "7".into() };
    people.bind_identity(host.person(), &identity).await.expect("binds");
    let taken = people.bind_identity(acme.person(), &identity).await;
    assert!(matches!(taken, Err(PeopleError::Taken { what: "identity" })), "{taken:?}");
    let person = people.person_of_identity(&identity).await.expect("asks").expect("is bound");
    let token = people.sign_in_as(&person, Method::Oidc, &origin()).await.expect("signs in");
    assert_eq!(house.caller(&token).await.person(), host.person());
    let nobody = people.sign_in_as("nobody", Method::Passkey, &origin()).await;
    assert!(nobody.is_err());
}

#[tokio::test]
async fn what_was_read_stays_read_for_its_reader() {
    let (house, host) = House::hosted().await;
    let acme = house.organisation(&host, "acme").await;
    house.people.mark_read(&host, &["lease-1 overdue", "lease-2"]).await.expect("marks");
    house.people.mark_read(&host, &["lease-2"]).await.expect("again");
    let read = house.people.read_notices(&host).await.expect("reads");
    assert_eq!(read.into_keys().collect::<Vec<_>>(), ["lease-1 overdue", "lease-2"]);
    assert!(house.people.read_notices(&acme).await.expect("reads").is_empty());
}
