//! What a place of objects is: content-addressed, verified when read, apart by agreement and key.

use std::collections::HashSet;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures_util::future::join_all;
use sha2::{Digest, Sha256};
use tokio::io::{AsyncRead, ReadBuf};
use units::Id;

use crate::errors::ObjectError;
use crate::objects::{KeyId, ObjectRef, Objects, read_whole};
use crate::scope::{Party, Scope};

use super::{Dice, Place, id, outcome};

type Here = Place<dyn Objects>;

const MIB: usize = 1024 * 1024;

/// Bytes that follow from a seed. What repeats has a prime length, so that no two parts of an
/// upload are alike.
fn bytes(seed: u64, count: usize) -> Vec<u8> {
    let mut dice = Dice(seed);
    let mut block: Vec<u8> =
        (0..8192).flat_map(|_| dice.below(u64::MAX).to_le_bytes()).take(65_521).collect();
    block = block.repeat(count.div_ceil(block.len()));
    block.truncate(count);
    block
}

async fn put(objects: &dyn Objects, agreement: &Id, content: &[u8]) -> ObjectRef {
    let mut content = content;
    objects.put(&Scope::operator(), agreement, &KeyId::none(), &mut content).await.unwrap()
}

async fn get(
    objects: &dyn Objects,
    agreement: &Id,
    object: &ObjectRef,
) -> Result<Vec<u8>, ObjectError> {
    let mut content = objects.get(&Scope::operator(), agreement, object).await?;
    read_whole(content.as_mut(), u64::MAX).await
}

pub(super) async fn bytes_of_every_size_come_back(place: Here) {
    let (objects, lease) = (place.open().await, id("lease-1"));
    for count in [0, 1, 1000, 8 * MIB - 1, 8 * MIB, 8 * MIB + 1, 16 * MIB, 19 * MIB] {
        let content = bytes(1, count);
        let object = put(objects.as_ref(), &lease, &content).await;
        assert_eq!(object.size, count as u64);
        assert_eq!(object.sha256, <[u8; 32]>::from(Sha256::digest(&content)));
        assert!(get(objects.as_ref(), &lease, &object).await.unwrap() == content, "{count}");
        assert!(objects.exists(&Scope::operator(), &lease, &object).await.unwrap());
        let again = place.open().await;
        assert!(get(again.as_ref(), &lease, &object).await.unwrap() == content, "{count} again");
    }
}

pub(super) async fn the_same_bytes_are_kept_once(place: Here) {
    let (objects, lease) = (place.open().await, id("lease-1"));
    for count in [10, 9 * MIB] {
        let content = bytes(2, count);
        let first = put(objects.as_ref(), &lease, &content).await;
        let second = put(objects.as_ref(), &lease, &content).await;
        assert_eq!(first, second);
    }
    assert_eq!(objects.list(&Scope::operator(), &lease).await.unwrap().len(), 2);
}

pub(super) async fn another_key_is_another_object(place: Here) {
    let (objects, lease, operator) = (place.open().await, id("lease-1"), Scope::operator());
    let mut made = Vec::new();
    for key in ["none", "k-1", "k-2"] {
        let key = KeyId::new(key).unwrap();
        let object = objects.put(&operator, &lease, &key, &mut &b"same"[..]).await.unwrap();
        assert_eq!(object.key_id, key);
        made.push(object);
    }
    made.sort();
    assert_eq!(objects.list(&operator, &lease).await.unwrap(), made);
    assert!(objects.delete(&operator, &lease, &made[0]).await.unwrap());
    assert_eq!(objects.list(&operator, &lease).await.unwrap(), made[1..]);
    assert_eq!(get(objects.as_ref(), &lease, &made[1]).await.unwrap(), b"same");
}

pub(super) async fn awkward_ids_stay_apart(place: Here) {
    let (objects, operator) = (place.open().await, Scope::operator());
    let (long, longer) = ("x/".repeat(64), "x/".repeat(63) + "xy");
    let names = [
        ".",
        "..",
        "../..",
        "/",
        "/etc/passwd",
        "a",
        "A",
        "a/",
        "a/b",
        "a:b",
        "a_b",
        "a.b",
        "none",
        "_incoming",
        &long,
        &longer,
    ];
    for (seed, name) in (0..).zip(names) {
        put(objects.as_ref(), &id(name), &bytes(seed, 20)).await;
    }
    for (seed, name) in (0..).zip(names) {
        let kept = objects.list(&operator, &id(name)).await.unwrap();
        assert_eq!(kept.len(), 1, "{name}");
        assert_eq!(get(objects.as_ref(), &id(name), &kept[0]).await.unwrap(), bytes(seed, 20));
    }
}

pub(super) async fn a_missing_object_is_not_found(place: Here) {
    let (objects, operator) = (place.open().await, Scope::operator());
    let object = put(objects.as_ref(), &id("lease-1"), b"here").await;
    let sealed = ObjectRef { key_id: KeyId::new("k-1").unwrap(), ..object.clone() };
    let other = ObjectRef { sha256: [7; 32], ..object.clone() };
    for (agreement, object) in [("lease-2", &object), ("lease-1", &sealed), ("lease-1", &other)] {
        let got = get(objects.as_ref(), &id(agreement), object).await;
        assert!(matches!(got, Err(ObjectError::NotFound)), "{got:?}");
        assert!(!objects.exists(&operator, &id(agreement), object).await.unwrap());
        assert!(!objects.delete(&operator, &id(agreement), object).await.unwrap());
    }
    assert!(objects.list(&operator, &id("lease-2")).await.unwrap().is_empty());
}

pub(super) async fn a_deleted_object_is_gone(place: Here) {
    let (objects, lease, operator) = (place.open().await, id("lease-1"), Scope::operator());
    let object = put(objects.as_ref(), &lease, b"personal").await;
    assert!(objects.delete(&operator, &lease, &object).await.unwrap());
    assert!(!objects.delete(&operator, &lease, &object).await.unwrap());
    let again = place.open().await;
    let got = get(again.as_ref(), &lease, &object).await;
    assert!(matches!(got, Err(ObjectError::NotFound)));
    assert!(objects.list(&operator, &lease).await.unwrap().is_empty());
    // It may be put again.
    assert_eq!(put(objects.as_ref(), &lease, b"personal").await, object);
}

pub(super) async fn a_wrong_size_is_noticed(place: Here) {
    let (objects, lease) = (place.open().await, id("lease-1"));
    let object = put(objects.as_ref(), &lease, b"four").await;
    for size in [0, 3, 5, u64::MAX] {
        let wrong = ObjectRef { size, ..object.clone() };
        let got = get(objects.as_ref(), &lease, &wrong).await;
        assert!(matches!(got, Err(ObjectError::Altered { bytes: 4, .. })), "{got:?}");
    }
}

pub(super) async fn too_many_bytes_leave_nothing(place: Here) {
    let (objects, lease, operator) = (place.open().await, id("lease-1"), Scope::operator());
    let content = bytes(3, 20 * MIB + 1);
    let refused = objects.put(&operator, &lease, &KeyId::none(), &mut &content[..]).await;
    assert!(matches!(refused, Err(ObjectError::TooLarge { .. })), "{refused:?}");
    assert!(objects.list(&operator, &lease).await.unwrap().is_empty());
    // The limit itself is allowed.
    put(objects.as_ref(), &lease, &content[..20 * MIB]).await;
}

/// Gives some bytes, then fails.
struct Failing(usize);

impl AsyncRead for Failing {
    fn poll_read(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.0 == 0 {
            return Poll::Ready(Err(io::Error::other("the line broke")));
        }
        let count = self.0.min(buffer.remaining()).min(65_536);
        buffer.put_slice(&vec![1; count]);
        self.0 -= count;
        Poll::Ready(Ok(()))
    }
}

pub(super) async fn a_failing_stream_leaves_nothing(place: Here) {
    let (objects, lease, operator) = (place.open().await, id("lease-1"), Scope::operator());
    for count in [0, 10, 8 * MIB, 17 * MIB] {
        let refused = objects.put(&operator, &lease, &KeyId::none(), &mut Failing(count)).await;
        assert!(matches!(refused, Err(ObjectError::Input(_))), "{refused:?}");
        assert!(objects.list(&operator, &lease).await.unwrap().is_empty());
    }
}

pub(super) async fn a_foreign_agreement_is_not_found_by_any_method(place: Here) {
    let (objects, lease) = (place.open().await, id("lease-1"));
    let object = put(objects.as_ref(), &lease, b"here").await;
    let not_found = outcome::<(), _>(Err(ObjectError::NotFound));
    for party in Party::ALL {
        let stranger = Scope::party(id("lease-2"), party);
        let made = objects.put(&stranger, &lease, &KeyId::none(), &mut &b"new"[..]).await;
        assert_eq!(outcome(made), not_found);
        let got = objects.get(&stranger, &lease, &object).await.map(|_| ());
        assert_eq!(outcome(got), not_found);
        assert_eq!(outcome(objects.exists(&stranger, &lease, &object).await), not_found);
        assert_eq!(outcome(objects.list(&stranger, &lease).await), not_found);
        let known = HashSet::from([object.sha256]);
        assert_eq!(outcome(objects.find(&stranger, &lease, &known).await), not_found);
        assert_eq!(outcome(objects.delete(&stranger, &lease, &object).await), not_found);
    }
    assert_eq!(objects.list(&Scope::operator(), &lease).await.unwrap(), [object]);
}

pub(super) async fn a_party_may_not_ask_about_the_deployment(place: Here) {
    let (objects, lease) = (place.open().await, id("lease-1"));
    let party = Scope::party(lease.clone(), Party::Customer);
    let object = objects.put(&party, &lease, &KeyId::none(), &mut &b"mine"[..]).await.unwrap();
    assert!(objects.exists(&party, &lease, &object).await.unwrap());
    let denied = outcome::<(), _>(Err(ObjectError::OperatorOnly));
    assert_eq!(outcome(objects.list(&party, &lease).await), denied);
    assert_eq!(outcome(objects.delete(&party, &lease, &object).await), denied);
}

pub(super) async fn racing_uploads_of_the_same_bytes_agree(place: Here) {
    let lease = id("lease-1");
    let content: Arc<[u8]> = bytes(4, 10 * MIB).into();
    let (first, second) = (place.open().await, place.open().await);
    let uploads = (0..4).map(|number| {
        let objects = Arc::clone(if number % 2 == 0 { &first } else { &second });
        let (lease, content) = (lease.clone(), Arc::clone(&content));
        tokio::spawn(async move { put(objects.as_ref(), &lease, &content).await })
    });
    let made = join_all(uploads.collect::<Vec<_>>()).await;
    let first = made[0].as_ref().unwrap().clone();
    assert!(made.into_iter().all(|object| object.unwrap() == first));
    assert!(get(second.as_ref(), &lease, &first).await.unwrap() == content[..]);
    assert_eq!(second.list(&Scope::operator(), &lease).await.unwrap(), [first]);
}

pub(super) async fn objects_are_found_by_the_hashes_that_are_known(place: Here) {
    let (objects, lease) = (place.open().await, id("lease-1"));
    let first = put(objects.as_ref(), &lease, b"first").await;
    let second = put(objects.as_ref(), &lease, b"second").await;
    put(objects.as_ref(), &id("lease-2"), b"third").await;
    let party = Scope::party(lease.clone(), Party::Vendor);
    let (known, unknown) = (second.sha256, [7; 32]);
    for (hashes, wanted) in
        [(vec![], vec![]), (vec![unknown], vec![]), (vec![known, unknown], vec![second.clone()])]
    {
        let found = objects.find(&party, &lease, &hashes.into_iter().collect()).await.unwrap();
        assert_eq!(found, wanted);
    }
    let both = HashSet::from([first.sha256, known]);
    let mut wanted = vec![first, second];
    wanted.sort();
    assert_eq!(objects.find(&Scope::operator(), &lease, &both).await.unwrap(), wanted);
}
