//! What lies on the disk when a server was killed, and goes on with another.

use super::*;

fn card(size: u64) -> Card {
    let (agreement, name) = ("a".to_owned(), "b.bin".to_owned());
    Card { agreement, side: Side::Customer, name, size, sha256: None, sum: None }
}

async fn append(
    uploads: &Uploads,
    id: &str,
    offset: u64,
    piece: &[u8],
) -> Result<u64, UploadError> {
    let (card, _) = uploads.find(id, "a", Side::Customer)?;
    let mut pieces: Vec<Bytes> = piece.chunks(700_000).map(Bytes::copy_from_slice).collect();
    pieces.reverse();
    uploads.append(id, &card, offset, async move || Ok(pieces.pop())).await
}

#[tokio::test]
async fn a_server_that_was_killed_goes_on_where_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let whole: Vec<u8> = (0..2_000_000_u32).map(|at| (at % 251) as u8).collect();
    let before = Uploads::open(folder.path().to_path_buf());
    before.create("one", card(2_000_000)).unwrap();
    assert_eq!(append(&before, "one", 0, &whole[..900_000]).await.unwrap(), 900_000);
    // Nothing is told to the first: it is gone, as a process is that was killed in a write.
    let file = OpenOptions::new().append(true).open(folder.path().join("one.part"));
    file.unwrap().write_all(&whole[900_000..900_100]).unwrap();
    std::mem::forget(before);

    let after = Uploads::open(folder.path().to_path_buf());
    let (found, have) = after.find("one", "a", Side::Customer).unwrap();
    assert_eq!((found.size, have), (2_000_000, 900_100));
    let early = append(&after, "one", 900_000, b"x").await;
    assert!(matches!(early, Err(UploadError::Offset { have: 900_100 })), "{early:?}");
    assert_eq!(append(&after, "one", have, &whole[900_100..]).await.unwrap(), 2_000_000);
    let (done, _) = after.find("one", "a", Side::Customer).unwrap();
    assert_eq!(done.sum, Some(hex::encode(Sha256::digest(&whole))));
}

#[tokio::test]
async fn what_nobody_sends_any_more_is_dropped_after_a_day() {
    let folder = tempfile::tempdir().unwrap();
    let uploads = Uploads::open(folder.path().to_path_buf());
    for id in ["old", "new"] {
        uploads.create(id, card(10)).unwrap();
    }
    fs::write(folder.path().join("orphan.json"), b"{}").unwrap();
    fs::write(folder.path().join("young.part"), b"").unwrap();
    for name in ["old.part", "old.json"] {
        let file = OpenOptions::new().append(true).open(folder.path().join(name)).unwrap();
        let before = file.metadata().unwrap().modified().unwrap() - OLD - Duration::from_secs(1);
        file.set_modified(before).unwrap();
    }
    uploads.sweep();
    let mut left: Vec<String> = uploads
        .files()
        .iter()
        .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
        .collect();
    left.sort();
    assert_eq!(left, ["new.json", "new.part", "young.part"]);
    let old = uploads.find("old", "a", Side::Customer);
    assert!(matches!(old, Err(UploadError::Absent)));
    // At start too.
    let file = OpenOptions::new().append(true).open(folder.path().join("new.part")).unwrap();
    file.set_modified(file.metadata().unwrap().modified().unwrap() - 2 * OLD).unwrap();
    let again = Uploads::open(folder.path().to_path_buf());
    assert!(matches!(again.find("new", "a", Side::Customer), Err(UploadError::Absent)));
}

#[tokio::test]
async fn limits_are_kept_and_a_wrong_hash_drops_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let uploads = Uploads::open(folder.path().to_path_buf());
    let large = uploads.create("large", card(MOST_BYTES + 1));
    assert!(matches!(large, Err(UploadError::TooLarge { .. })));
    for at in 0..MOST_ALL / MOST_BYTES {
        uploads.create(&format!("f{at}"), card(MOST_BYTES)).unwrap();
    }
    let full = uploads.create("more", card(1));
    assert!(matches!(full, Err(UploadError::TooMany { limit: MOST_ALL })));
    let other = Card { agreement: "b".to_owned(), ..card(1) };
    uploads.create("other", other).unwrap();
    uploads.remove("f0");
    let said = Some("0".repeat(64));
    uploads.create("wrong", Card { sha256: said, ..card(3) }).unwrap();
    let wrong = append(&uploads, "wrong", 0, b"abc").await;
    assert!(matches!(wrong, Err(UploadError::Differs { .. })), "{wrong:?}");
    assert!(matches!(append(&uploads, "wrong", 0, b"abc").await, Err(UploadError::Absent)));
    uploads.create("long", card(3)).unwrap();
    let long = append(&uploads, "long", 0, b"abcd").await;
    assert!(matches!(long, Err(UploadError::TooLarge { limit: 3 })), "{long:?}");
}
