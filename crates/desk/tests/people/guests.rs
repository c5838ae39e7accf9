//! Guests, invitations and the ends of both; owners who may not all leave; notes that stay on one
//! side.

use contract::terms::Side;
use desk::people::{
    EnterError, Joining, NewGrant, NewInvitation, NewNote, Operation, PeopleError, Role,
    Visibility, Way,
};
use units::Id;

use super::{House, origin, person, roles};
use crate::scene::id;

fn code<T>(answer: &Result<T, PeopleError>) -> &'static str {
    answer.as_ref().map_or_else(PeopleError::code, |_| "ok")
}

#[tokio::test]
async fn a_grant_holds_from_its_beginning_to_its_end_and_not_after_it_is_revoked() {
    let (house, host) = House::hosted().await;
    let acme = house.organisation(&host, "acme").await;
    let lease = id("host-acme");
    let until = Some(house.now().plus_seconds(1_000));
    let guest = house.guest(&acme, &lease, "guest", &[Role::Auditor], until).await;
    let read = Operation::ReadPosition;
    assert_eq!(house.enters(&guest, &lease, read).await, "ok");
    assert_eq!(house.enters(&guest, &lease, Operation::Record).await, "forbidden");
    assert_eq!(house.enters(&guest, &id("host-bolt"), read).await, "not_found");
    let entry = house.people.enter(&guest, &lease, read).await.expect("a guest");
    assert!(matches!(entry.way(), Way::Grant { .. }) && entry.side() == Side::Customer);
    assert_eq!(house.people.agreements(&guest).await.expect("lists").len(), 1);
    house.pass(999);
    assert_eq!(house.enters(&guest, &lease, read).await, "ok");
    house.pass(1);
    assert_eq!(house.enters(&guest, &lease, read).await, "not_found");
    assert!(house.people.agreements(&guest).await.expect("lists").is_empty());
    // A new grant begins later, and ends when it is taken back.
    let acme = house.session("acme").await;
    let entry = house.people.enter(&acme, &lease, Operation::Grant).await.expect("an owner");
    let from = Some(house.now().plus_seconds(50));
    let person = guest.person().to_owned();
    let new = NewGrant { person, roles: roles(&[Role::Reviewer]), from, until: None };
    let grant = house.people.grant(&acme, &entry, &new).await.expect("grants");
    assert_eq!(house.enters(&guest, &lease, read).await, "not_found");
    house.pass(50);
    assert_eq!(house.enters(&guest, &lease, read).await, "ok");
    let looks = house.people.enter(&acme, &lease, Operation::ReadPeople).await.expect("an owner");
    let listed = house.people.grants(&looks).await.expect("lists");
    assert!(listed.iter().any(|one| one.id == grant && one.name == "guest"), "{listed:?}");
    let host_entry = house.session("host").await;
    let host_entry = house.people.enter(&host_entry, &lease, Operation::Grant).await;
    let foreign = house.people.revoke_grant(&acme, &host_entry.expect("opposite"), &grant).await;
    assert_eq!(code(&foreign), "not_found", "the other side does not take it back");
    house.people.revoke_grant(&acme, &entry, &grant).await.expect("takes it back");
    assert_eq!(house.enters(&guest, &lease, read).await, "not_found");
}

#[tokio::test]
async fn no_guest_owns_or_signs_and_none_comes_from_the_other_side() {
    let (house, host) = House::hosted().await;
    let acme = house.organisation(&host, "acme").await;
    let lease = id("host-acme");
    let entry = house.people.enter(&acme, &lease, Operation::Grant).await.expect("an owner");
    let now = house.now();
    let grant = async |person: &str, all: &[Role], until| {
        let new = NewGrant { person: person.to_owned(), roles: roles(all), from: None, until };
        code(&house.people.grant(&acme, &entry, &new).await)
    };
    let stranger = house.guest(&acme, &id("host-acme"), "stranger", &[Role::Auditor], None).await;
    for (person, all, until, wanted) in [
        (stranger.person(), [Role::Owner].as_slice(), None, "invalid_field"),
        (stranger.person(), &[Role::Auditor, Role::Signatory], None, "invalid_field"),
        (stranger.person(), &[], None, "invalid_field"),
        (stranger.person(), &[Role::Auditor], Some(now), "invalid_field"),
        ("nobody", &[Role::Auditor], None, "not_found"),
        (host.person(), &[Role::Auditor], None, "invalid_field"),
        (stranger.person(), &[Role::Auditor], None, "ok"),
    ] {
        assert_eq!(grant(person, all, until).await, wanted, "{person} {all:?}");
    }
    // A guest who joins the other side is no guest any more.
    assert_eq!(house.enters(&stranger, &lease, Operation::ReadPosition).await, "ok");
    let new = NewInvitation { roles: roles(&[Role::Finance]), ..NewInvitation::default() };
    let invited = house.people.invite(&host, &new).await.expect("invites");
    let joined = Joining::default();
    let joined = house.people.accept(&invited.token, Some(&stranger), &joined, &origin()).await;
    assert!(matches!(joined, Ok(None)), "stays signed in");
    assert_eq!(house.enters(&stranger, &lease, Operation::ReadPosition).await, "not_found");
    // An entry to something else opens nothing.
    let reads = house.people.enter(&acme, &lease, Operation::ReadPosition).await.expect("an owner");
    let new = NewGrant {
        person: "x".to_owned(),
        roles: roles(&[Role::Auditor]),
        from: None,
        until: None,
    };
    assert_eq!(code(&house.people.grant(&acme, &reads, &new).await), "forbidden");
}

#[tokio::test]
async fn an_invitation_is_taken_once_in_time_and_by_whom_it_is_for() {
    let (house, host) = House::hosted().await;
    let people = &house.people;
    let email = Some("Gu@Example.com".to_owned());
    let for_gu = NewInvitation { email, roles: roles(&[Role::Finance]), ..Default::default() };
    let accept = async |token: &str, name: &str| {
        let joining = Joining { organisation: None, person: Some(person(name)) };
        code(&people.accept(token, None, &joining, &origin()).await)
    };
    let invited = people.invite(&host, &for_gu).await.expect("invites");
    let text = people.invitation(&invited.token).await.expect("waits");
    assert_eq!((text.organisation.as_str(), text.joins_organisation), ("Host", true));
    assert_eq!(text.email.as_deref(), Some("gu@example.com"));
    for (token, name, wanted) in [
        ("", "gu", "not_found"),
        (&invited.id, "gu", "not_found"),
        (invited.token.as_str(), "luo", "not_found"),
        (&invited.token, "gu", "ok"),
        (&invited.token, "gu", "not_found"),
    ] {
        assert_eq!(accept(token, name).await, wanted, "{name}");
    }
    let late = people.invite(&host, &for_gu).await.expect("invites");
    assert_eq!(accept(&late.token, "gu").await, "taken", "gu has an account: sign in first");
    house.pass(7 * 86_400);
    assert_eq!(code(&people.invitation(&late.token).await), "not_found");
    let host = house.session("host").await;
    assert!(people.invitations(&host).await.expect("lists").is_empty());
    let taken_back = people.invite(&host, &for_gu).await.expect("invites");
    people.remove_invitation(&host, &taken_back.id).await.expect("takes it back");
    assert_eq!(code(&people.invitation(&taken_back.token).await), "not_found");
    // Two who accept at once: one has it.
    let open = NewInvitation { roles: roles(&[Role::Auditor]), ..Default::default() };
    let open = people.invite(&host, &open).await.expect("invites");
    let both = tokio::join!(accept(&open.token, "one"), accept(&open.token, "two"));
    assert!(matches!(both, ("ok", "not_found") | ("not_found", "ok")), "{both:?}");
}

#[tokio::test]
async fn a_seat_is_taken_once_and_never_by_the_side_opposite() {
    let (house, host) = House::hosted().await;
    let people = &house.people;
    let acme = house.organisation(&host, "acme").await;
    let lease = super::named("lease", "lease-9");
    let (entry, recorded) =
        people.found(&acme, &lease, Side::Customer, None).await.expect("founds");
    assert!(entry.side() == Side::Customer && !recorded.is_empty());
    let seats = people.seats(&entry).await.expect("asks");
    assert_eq!((seats.customer.map(|one| one.name), seats.vendor), (Some("acme".to_owned()), None));
    let again = people.found(&host, &lease, Side::Vendor, None).await;
    let desk::people::FoundError::People(error) = again.expect_err("the id is taken") else {
        unreachable!("a refusal of people");
    };
    assert_eq!(error.code(), "taken");
    assert_eq!(house.enters(&host, &lease.id, Operation::ReadPosition).await, "not_found");
    let seat = |side| NewInvitation {
        agreement: Some(lease.id.clone()),
        side: Some(side),
        ..Default::default()
    };
    let own = people.invite(&acme, &seat(Side::Customer)).await;
    assert_eq!(own.map(|_| ()).map_err(|error| error.code()), Err("invalid_field"));
    let (one, two) = (
        people.invite(&acme, &seat(Side::Vendor)).await.expect("invites"),
        people.invite(&acme, &seat(Side::Vendor)).await.expect("invites"),
    );
    let nothing = Joining::default();
    let opposite = people.accept(&one.token, Some(&acme), &nothing, &origin()).await;
    assert_eq!(code(&opposite), "taken", "nobody sits on both sides");
    people.accept(&one.token, Some(&host), &nothing, &origin()).await.expect("a free seat");
    assert_eq!(house.enters(&host, &lease.id, Operation::Sign).await, "ok");
    let late = Joining { organisation: Some("Late".to_owned()), person: Some(person("late")) };
    assert_eq!(code(&people.accept(&two.token, None, &late, &origin()).await), "taken");
    let own = acme.organisation().expect("a founder has one");
    assert_eq!(code(&people.seat(&lease.id, Side::Customer, own).await), "ok", "its own again");
    assert_eq!(code(&people.seat(&lease.id, Side::Vendor, own).await), "taken");
    assert_eq!(code(&people.seat(&id("nowhere"), Side::Vendor, own).await), "not_found");
}

#[tokio::test]
async fn the_last_owner_cannot_leave() {
    let (house, host) = House::hosted().await;
    let people = &house.people;
    let own = host.person().to_owned();
    assert_eq!(code(&people.remove_member(&host, &own).await), "last_owner");
    let finance = roles(&[Role::Finance]);
    assert_eq!(code(&people.set_roles(&host, &own, &finance).await), "last_owner");
    let second = house.member(&host, "second", &[Role::Owner]).await;
    // Both take the other out at once: one of them stays.
    let both = tokio::join!(
        people.remove_member(&host, second.person()),
        people.remove_member(&second, &own),
    );
    let codes = (code(&both.0), code(&both.1));
    let one_stays = |code| matches!(code, "changed_meanwhile" | "last_owner" | "not_found");
    let fine = (codes.0 == "ok" && one_stays(codes.1)) || (codes.1 == "ok" && one_stays(codes.0));
    assert!(fine, "{codes:?}");
    let (stays, left) = if codes.0 == "ok" { ("host", "second") } else { ("second", "host") };
    let left = house.session(left).await;
    assert!(left.organisation().is_none() && left.roles().is_empty());
    let stays = house.session(stays).await;
    assert_eq!(people.members(&stays).await.expect("lists").len(), 1);
    assert_eq!(code(&people.set_roles(&stays, left.person(), &finance).await), "not_found");
}

#[tokio::test]
async fn roles_count_from_the_next_call_on() {
    let (house, host) = House::hosted().await;
    let acme = house.organisation(&host, "acme").await;
    let lease = id("host-acme");
    house.member(&acme, "gu", &[Role::Auditor]).await;
    let token = house.sign_in("gu").await;
    let enters = async |operation| {
        let caller = house.people.caller(&token, &origin()).await.expect("asks");
        house.enters(&caller.expect("a session"), &lease, operation).await
    };
    assert_eq!(enters(Operation::Sign).await, "forbidden");
    let gu = house.caller(&token).await;
    let signs = roles(&[Role::Signatory]);
    house.people.set_roles(&acme, gu.person(), &signs).await.expect("an owner");
    assert_eq!(enters(Operation::Sign).await, "ok");
    let forbidden = house.people.set_roles(&gu, gu.person(), &roles(&[Role::Owner])).await;
    assert_eq!(code(&forbidden), "forbidden");
    house.people.remove_member(&acme, gu.person()).await.expect("an owner");
    assert_eq!(enters(Operation::Sign).await, "not_found");
    // The administrator of the platform stops a person altogether.
    house.people.disable_person(&host, acme.person(), true).await.expect("the administrator");
    assert_eq!(
        house
            .people
            .sign_in("acme@example.com", super::PASSWORD, &origin())
            .await
            .err()
            .map(|error| error.code()),
        Some("wrong_credentials")
    );
}

#[tokio::test]
async fn a_note_of_one_side_is_neither_seen_nor_deleted_by_the_other() {
    let (house, host) = House::hosted().await;
    let people = &house.people;
    let acme = house.organisation(&host, "acme").await;
    let lease = id("host-acme");
    let annotator = house.guest(&acme, &lease, "label", &[Role::Annotator], None).await;
    let entry =
        async |caller, operation| people.enter(caller, &lease, operation).await.expect("may");
    let write = async |caller, text: &str, visibility| {
        let entry = entry(caller, Operation::Note).await;
        let new = NewNote { text: text.to_owned(), visibility, entry: Id::new("e0").ok() };
        people.write_note(caller, &entry, &new).await
    };
    let mine = write(&acme, "we would go to 90", Visibility::Mine).await.expect("writes");
    house.pass(1);
    let shared = write(&acme, "see clause 3", Visibility::Shared).await.expect("writes");
    for (visibility, text, wanted) in [
        (Visibility::Theirs, "x", "forbidden"),
        (Visibility::Mine, "  ", "invalid_field"),
        (Visibility::Shared, &"x".repeat(10_001), "invalid_field"),
    ] {
        assert_eq!(code(&write(&acme, text, visibility).await), wanted);
    }
    assert_eq!(code(&write(&annotator, "x", Visibility::Mine).await), "forbidden");
    for (caller, wanted) in [
        (&acme, vec!["we would go to 90", "see clause 3"]),
        (&host, vec!["see clause 3"]),
        (&annotator, vec!["see clause 3"]),
    ] {
        let entry = entry(caller, Operation::ReadNotes).await;
        let notes = people.notes(&entry, None, None, 10).await.expect("reads");
        let texts: Vec<&str> = notes.iter().map(|note| note.text.as_str()).collect();
        assert_eq!(texts, wanted, "{}", caller.name());
        let rest = people.notes(&entry, None, notes.first().map(|one| one.id.as_str()), 10).await;
        assert_eq!(rest.expect("reads").len(), wanted.len() - 1, "pages join");
    }
    for (caller, note, wanted) in [
        (&host, &mine, "not_found"),
        (&annotator, &mine, "not_found"),
        (&host, &shared, "forbidden"),
        (&annotator, &shared, "forbidden"),
        (&acme, &mine, "ok"),
        (&acme, &mine, "not_found"),
    ] {
        let entry = entry(caller, Operation::DeleteNote).await;
        assert_eq!(code(&people.delete_note(caller, &entry, note).await), wanted);
    }
    let refused = people.enter(&annotator, &lease, Operation::ReadMoney).await;
    assert!(matches!(refused, Err(EnterError::Forbidden)));
}
