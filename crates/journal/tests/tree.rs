//! The tree against the published vectors, a second implementation and its own laws.

use journal::{Frontier, Hash, ProofError, Tree, verify_consistency, verify_inclusion};
use proptest::prelude::*;
use sha2::Sha256;

type Other = ct_merkle::mem_backed_tree::MemoryBackedTree<Sha256, Vec<u8>>;

fn content(index: u64) -> Vec<u8> {
    index.to_be_bytes()[..(index % 9) as usize].iter().copied().chain([index as u8]).collect()
}

fn tree(size: u64) -> Tree {
    (0..size).map(|index| Hash::leaf(&content(index))).collect()
}

fn other(size: u64) -> Other {
    let mut tree = Other::new();
    (0..size).for_each(|index| tree.push(content(index)));
    tree
}

fn bytes(path: &[Hash]) -> Vec<u8> {
    path.iter().flat_map(|hash| *hash.bytes()).collect()
}

#[test]
fn roots_are_those_of_the_certificate_transparency_vectors() {
    let leaves: [&[u8]; 8] = [
        b"",
        b"\x00",
        b"\x10",
        b"\x20\x21",
        b"\x30\x31",
        b"\x40\x41\x42\x43",
        b"\x50\x51\x52\x53\x54\x55\x56\x57",
        b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
    ];
    let roots = [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];
    let (mut frontier, mut tree) = (Frontier::new(), Tree::new());
    assert_eq!((frontier.root().to_string(), tree.root().to_string()), both(roots[0]));
    for (leaf, root) in leaves.iter().zip(&roots[1..]) {
        frontier.append(Hash::leaf(leaf));
        tree.append(Hash::leaf(leaf));
        assert_eq!((frontier.root().to_string(), tree.root().to_string()), both(root));
    }
}

fn both(root: &str) -> (String, String) {
    (root.to_string(), root.to_string())
}

#[test]
fn every_proof_up_to_64_entries_is_that_of_the_second_implementation() {
    for size in 1..=64 {
        let (ours, theirs) = (tree(size), other(size));
        let (root, their_root) = (ours.root(), theirs.root());
        assert_eq!(&root.bytes()[..], &their_root.as_bytes()[..]);
        for index in 0..size {
            let path = ours.inclusion_proof(index, size).unwrap();
            let theirs = theirs.prove_inclusion(index as usize);
            assert_eq!(bytes(&path), theirs.as_bytes(), "entry {index} of {size}");
            let leaf = Hash::leaf(&content(index));
            assert_eq!(verify_inclusion(&leaf, index, size, &path, &root), Ok(()));
            for wrong in (0..size).filter(|wrong| *wrong != index) {
                assert!(verify_inclusion(&leaf, wrong, size, &path, &root).is_err());
            }
        }
        for old in 1..size {
            let path = ours.consistency_proof(old, size).unwrap();
            let theirs = theirs.prove_consistency((size - old) as usize);
            assert_eq!(bytes(&path), theirs.as_bytes(), "{old} to {size}");
            let old_root = ours.root_at(old).unwrap();
            assert_eq!(old_root, tree(old).root());
            assert_eq!(verify_consistency(old, &old_root, size, &root, &path), Ok(()));
        }
    }
}

#[test]
fn a_damaged_proof_does_not_hold() {
    for (old, size) in (1..=20).flat_map(|size| (0..=size).map(move |old| (old, size))) {
        let ours = tree(size);
        let (root, old_root) = (ours.root(), ours.root_at(old).unwrap());
        let strange = Hash::of(b"strange");
        let path = ours.consistency_proof(old, size).unwrap();
        for damaged in damages(&path, strange) {
            let result = verify_consistency(old, &old_root, size, &root, &damaged);
            assert!(result.is_err(), "{old} to {size}");
        }
        assert!(verify_consistency(old, &strange, size, &root, &path).is_err());
        if old > 0 {
            assert!(verify_consistency(old, &old_root, size, &strange, &path).is_err());
        }
        if old < size {
            let path = ours.inclusion_proof(old, size).unwrap();
            let leaf = Hash::leaf(&content(old));
            for damaged in damages(&path, strange) {
                assert!(verify_inclusion(&leaf, old, size, &damaged, &root).is_err());
            }
        }
    }
}

/// One hash more, one hash less, or one hash exchanged.
fn damages(path: &[Hash], strange: Hash) -> Vec<Vec<Hash>> {
    let mut damages = vec![[path, &[strange]].concat()];
    for index in 0..path.len() {
        let mut exchanged = path.to_vec();
        exchanged[index] = strange;
        let mut shorter = path.to_vec();
        shorter.remove(index);
        damages.extend([exchanged, shorter]);
    }
    damages
}

#[test]
fn proofs_outside_the_tree_are_refused() {
    let ours = tree(5);
    assert_eq!(ours.inclusion_proof(5, 5), Err(ProofError::Index { index: 5, size: 5 }));
    assert_eq!(ours.inclusion_proof(0, 6), Err(ProofError::Size { size: 6, have: 5 }));
    assert_eq!(ours.consistency_proof(4, 3), Err(ProofError::Size { size: 4, have: 3 }));
    assert_eq!(ours.root_at(6), Err(ProofError::Size { size: 6, have: 5 }));
    assert_eq!(Frontier::from_parts(5, vec![Hash::of(b"")]), None);
}

proptest! {
    #[test]
    fn a_frontier_resumed_from_its_parts_goes_on_like_the_tree(
        size in 0_u64..500, more in 0_u64..90
    ) {
        let mut frontier = Frontier::new();
        (0..size).for_each(|index| frontier.append(Hash::leaf(&content(index))));
        let parts = frontier.peaks().to_vec();
        let mut frontier = Frontier::from_parts(frontier.size(), parts).unwrap();
        (size..size + more).for_each(|index| frontier.append(Hash::leaf(&content(index))));
        let tree = tree(size + more);
        prop_assert_eq!(frontier.root(), tree.root());
        let path = tree.consistency_proof(size, size + more).unwrap();
        let old = tree.root_at(size).unwrap();
        prop_assert_eq!(
            verify_consistency(size, &old, size + more, &tree.root(), &path),
            Ok(())
        );
    }
}
