//! Trees of real parts give back their bytes.

use std::path::Path;

use super::Package;

#[test]
fn the_tree_of_every_xml_part_of_every_shared_file_is_its_own_bytes() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/docx");
    let mut folders = vec![root.clone()];
    let mut read = 0;
    while let Some(folder) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else { continue };
        for path in entries.map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            if path.extension().is_none_or(|extension| extension != "docx") {
                continue;
            }
            let package = Package::read(&std::fs::read(&path).unwrap()).unwrap();
            for part in package.parts().filter(|p| p.ends_with(".xml") || p.ends_with(".rels")) {
                let tree = package.tree(part).unwrap();
                assert!(tree.write() == package.part(part).unwrap(), "{path:?} {part}");
                read += 1;
            }
        }
    }
    if read == 0 {
        println!("skipped: {} is not on this machine", root.display());
    }
}
