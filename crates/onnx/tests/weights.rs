//! Files of PyTorch weights, written here as PyTorch writes them.

use onnx::{TorchError, read_torch};

/// The older form with one tensor of shape (2, 3) whose rows lie side by side in the file.
fn older() -> Vec<u8> {
    let mut file = vec![0x80, 2, 0x8a, 10];
    file.extend([0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, b'.']);
    file.extend([0x80, 2, b'M', 0xe9, 0x03, b'.']);
    file.extend([0x80, 2, b'}', b'q', 0, b'.']);
    // {"w": _rebuild_tensor_v2(("storage", FloatStorage, "7", "cpu", 6), 0, (2, 3), (1, 2), …)}
    file.extend([0x80, 2, b'}', b'q', 0]);
    text(&mut file, "w");
    file.extend(b"ctorch._utils\n_rebuild_tensor_v2\n((");
    text(&mut file, "storage");
    file.extend(b"ctorch\nFloatStorage\n");
    text(&mut file, "7");
    text(&mut file, "cpu");
    file.extend([b'K', 6, b'N', b't', b'Q', b'K', 0]);
    file.extend([
        b'K', 2, b'K', 3, 0x86, b'K', 1, b'K', 2, 0x86, 0x89, b'N', b't', b'R', b's', b'.',
    ]);
    file.extend([0x80, 2, b']', b'q', 0]);
    text(&mut file, "7");
    file.extend(*b"a.");
    file.extend(6_u64.to_le_bytes());
    file.extend([1.0_f32, 2.0, 3.0, 4.0, 5.0, 6.0].iter().flat_map(|value| value.to_le_bytes()));
    file
}

fn text(file: &mut Vec<u8>, text: &str) {
    file.push(b'X');
    file.extend(u32::try_from(text.len()).expect("a test makes what it needs").to_le_bytes());
    file.extend(text.as_bytes());
}

#[test]
fn numbers_that_lie_in_another_order_are_put_in_theirs() {
    let found = read_torch(&older()).expect("a test makes what it needs");
    let tensor = &found["w"];
    assert_eq!(tensor.shape, [2, 3]);
    assert_eq!(tensor.values, [1.0, 3.0, 5.0, 2.0, 4.0, 6.0]);
}

#[test]
fn a_file_that_is_cut_short_says_where() {
    let file = older();
    for cut in 12..file.len() {
        let error = read_torch(&file[..cut]).unwrap_err();
        assert!(matches!(error, TorchError::Broken { .. }), "{cut}: {error}");
    }
}

#[test]
fn other_files_are_refused() {
    assert_eq!(read_torch(b"\x89PNG"), Err(TorchError::NotTorch));
    assert!(matches!(read_torch(b"PK\x03\x04 and nothing"), Err(TorchError::Broken { .. })));
}

#[test]
fn a_pickle_that_names_a_program_runs_nothing() {
    let mut file = older();
    let from = file
        .windows(12)
        .position(|part| part == b"torch._utils")
        .expect("a test makes what it needs");
    file.splice(from..from + 32, *b"os\nsystem\n");
    assert_eq!(read_torch(&file), Err(TorchError::NoTable));
}
