//! What several tests need: made images, random numbers that are the same each time.

use std::path::Path;

/// A plain sequence of numbers from 0 to below 1.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn next(&mut self) -> f32 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 40) as f32 / (1_u64 << 24) as f32
    }
}

/// A file of one colour with a stripe, as PNG.
pub(crate) fn picture(colour: [u8; 3], stripe: u32) -> Vec<u8> {
    let pixel = |x: u32, y: u32| {
        let on = (x / 4 + y / 9) % 7 == stripe % 7;
        image::Rgb(if on { [255 - colour[0], colour[1], 128] } else { colour })
    };
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::RgbImage::from_fn(64, 64, pixel)
        .write_to(&mut bytes, image::ImageFormat::Png)
        .expect("a test makes what it needs");
    bytes.into_inner()
}

pub(crate) fn put(folder: &Path, name: &str, bytes: &[u8]) {
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().expect("a test makes what it needs"))
        .expect("a test makes what it needs");
    std::fs::write(path, bytes).expect("a test makes what it needs");
}

/// A network of the family with one narrow block, for images of 16 pixels: its numbers mean
/// nothing.
pub(crate) fn network() -> onnx::Graph {
    let mut weights = std::collections::BTreeMap::new();
    let mut add = |name: &str, shape: &[usize], mut value: Box<dyn FnMut() -> f32>| {
        let values = (0..shape.iter().product()).map(|_| value()).collect();
        weights.insert(name.to_owned(), onnx::Tensor { shape: shape.to_vec(), values });
    };
    let mut seed = 0;
    let mut noise = || {
        seed += 1;
        let mut dice = Dice::new(seed);
        Box::new(move || dice.next() - 0.5) as Box<dyn FnMut() -> f32>
    };
    for (norm, width) in [("_bn0", 6), ("_blocks.0._bn1", 6), ("_blocks.0._bn2", 6), ("_bn1", 12)] {
        add(&format!("{norm}.weight"), &[width], Box::new(|| 1.0));
        add(&format!("{norm}.bias"), &[width], Box::new(|| 0.1));
        add(&format!("{norm}.running_mean"), &[width], Box::new(|| 0.0));
        add(&format!("{norm}.running_var"), &[width], Box::new(|| 0.5));
    }
    add("_conv_stem.weight", &[6, 3, 3, 3], noise());
    add("_blocks.0._depthwise_conv.weight", &[6, 1, 3, 3], noise());
    add("_blocks.0._project_conv.weight", &[6, 6, 1, 1], noise());
    add("_conv_head.weight", &[12, 6, 1, 1], noise());
    add("_fc.weight", &[2, 12], noise());
    add("_fc.bias", &[2], noise());
    onnx::efficientnet_lite(onnx::Variant::Lite0, 16, &weights)
        .expect("a test makes what it needs")
        .graph
}
