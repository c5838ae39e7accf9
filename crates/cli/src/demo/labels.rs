//! Generated labels: what gold says of a batch of street scenes or short texts, and work on it
//! with so many faults in a hundred. Boxes are small and apart, so that no two are confused.

use serde_json::{Value, json};

use super::dice::Dice;

/// How wide and high an image is.
const SIZE: (u64, u64) = (1_920, 1_080);
const CLASSES: [&str; 6] = ["car", "truck", "bus", "cyclist", "pedestrian", "traffic_sign"];
const MOODS: [&str; 3] = ["positive", "neutral", "negative"];

/// Labels by gold, and the same as the vendor made them.
pub(super) struct Pair {
    pub(super) gold: Vec<u8>,
    pub(super) work: Vec<u8>,
}

/// Images in COCO. Of a hundred boxes so many are lost, so many moved, so many misnamed.
pub(super) fn images(seed: u64, first: u64, count: u64, faults: [u64; 3]) -> Pair {
    let [lost, moved, misnamed] = faults;
    let mut scene = Dice::new(seed);
    let mut hand = Dice::new(seed.wrapping_mul(31).wrapping_add(lost + moved));
    let (mut names, mut gold, mut work) = (Vec::new(), Vec::new(), Vec::new());
    for image in first..first + count {
        names.push(json!({
            "id": image,
            "file_name": format!("frame-{image:06}.jpg"),
            "width": SIZE.0,
            "height": SIZE.1,
        }));
        for slot in 0..scene.from(2, 6) {
            let class = scene.from(0, CLASSES.len() as u64) + 1;
            let (width, height) = (scene.from(60, 240), scene.from(60, 240));
            let (x, y) = (20 + slot * 370 % 1_600, scene.from(0, SIZE.1 - height));
            gold.push(boxed(gold.len(), image, class, [x, y, width, height]));
            if hand.percent(lost) {
                continue;
            }
            // A moved box meets its gold by less than half; the others by nine tenths and more.
            let (dx, dy) = if hand.percent(moved) {
                (width * 2 / 5, height * 2 / 5)
            } else {
                (hand.from(0, 3), hand.from(0, 3))
            };
            let class = if hand.percent(misnamed) { class % 6 + 1 } else { class };
            let at = [x + dx, (y + dy).min(SIZE.1 - height), width, height];
            work.push(boxed(work.len(), image, class, at));
        }
    }
    Pair { gold: coco(&names, &gold), work: coco(&names, &work) }
}

fn boxed(at: usize, image: u64, class: u64, bbox: [u64; 4]) -> Value {
    json!({
        "id": at + 1,
        "image_id": image,
        "category_id": class,
        "bbox": bbox,
        "area": bbox[2] * bbox[3],
        "iscrowd": 0,
    })
}

fn coco(images: &[Value], boxes: &[Value]) -> Vec<u8> {
    let classes: Vec<Value> =
        (1..).zip(CLASSES).map(|(id, name)| json!({ "id": id, "name": name })).collect();
    json!({ "images": images, "annotations": boxes, "categories": classes }).to_string().into()
}

/// Texts in a table. Of a hundred so many carry another mood than gold says.
pub(super) fn texts(seed: u64, count: u64, wrong: u64) -> Pair {
    let mut dice = Dice::new(seed);
    let (mut gold, mut work) = (String::from("id,label\n"), String::from("id,label\n"));
    for text in 1..=count {
        let mood = dice.from(0, 3) as usize;
        let other = if dice.percent(wrong) { (mood + 1) % MOODS.len() } else { mood };
        gold.push_str(&format!("review-{text:05},{}\n", MOODS[mood]));
        work.push_str(&format!("review-{text:05},{}\n", MOODS[other]));
    }
    Pair { gold: gold.into(), work: work.into() }
}
