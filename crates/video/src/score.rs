//! How far two small frames are apart, and how sharp one is, in integers.
//!
//! The distance is PySceneDetect's content value: the mean of the absolute differences of hue,
//! saturation and value, in the 8-bit form that OpenCV gives them (hue in half degrees). Integer
//! tables make it the same on every machine.

use std::sync::LazyLock;

const SHIFT: u32 = 12;

struct Tables {
    saturation: [i32; 256],
    hue: [i32; 256],
}

/// Reciprocals in fixed point, rounded to the nearest; that of zero, has no use, and is zero.
static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    let table = |whole: u32, parts: u32| {
        std::array::from_fn(|at| {
            let parts = parts * u32::try_from(at).expect("below 256");
            let value = ((whole << SHIFT) + parts / 2).checked_div(parts).unwrap_or_default();
            i32::try_from(value).expect("below 2^20")
        })
    };
    Tables { saturation: table(255, 1), hue: table(180, 6) }
});

/// A small frame as hue, saturation and value, interleaved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    width: usize,
    data: Vec<u8>,
}

impl Image {
    /// Turns rows of blue, green, red into hue, saturation, value.
    #[must_use]
    pub fn from_bgr(width: usize, bgr: &[u8]) -> Self {
        let mut data = Vec::with_capacity(bgr.len());
        for pixel in bgr.chunks_exact(3) {
            data.extend(hsv(pixel[0], pixel[1], pixel[2]));
        }
        Self { width, data }
    }
}

fn hsv(blue: u8, green: u8, red: u8) -> [u8; 3] {
    let (top, low) = (blue.max(green).max(red), blue.min(green).min(red));
    let range = i32::from(top - low);
    let (b, g, r) = (i32::from(blue), i32::from(green), i32::from(red));
    let half = 1 << (SHIFT - 1);
    let saturation = (range * TABLES.saturation[usize::from(top)] + half) >> SHIFT;
    let sector = if top == red {
        g - b
    } else if top == green {
        b - r + 2 * range
    } else {
        r - g + 4 * range
    };
    let hue = (sector * TABLES.hue[usize::from(top - low)] + half) >> SHIFT;
    let hue = if hue < 0 { hue + 180 } else { hue };
    let byte = |value: i32| u8::try_from(value.clamp(0, 255)).expect("clamped");
    [byte(hue), byte(saturation), top]
}

/// The content value between two frames of one size in thousandths, rounded down: 27 000 is the
/// usual threshold of a cut.
#[must_use]
pub fn distance_milli(one: &Image, other: &Image) -> u32 {
    let sum: u64 = one.data.iter().zip(&other.data).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
    let bytes = one.data.len().min(other.data.len()).max(1) as u64;
    u32::try_from(sum * 1000 / bytes).expect("at most 255 000")
}

/// The mean absolute Laplacian of the value plane in thousandths: the sharper, the higher.
#[must_use]
pub fn sharpness(image: &Image) -> u32 {
    let width = image.width;
    let value: Vec<i32> = image.data.iter().skip(2).step_by(3).map(|v| i32::from(*v)).collect();
    let rows = value.len() / width.max(1);
    if width < 3 || rows < 3 {
        return 0;
    }
    let mut sum = 0_u64;
    for row in 1..rows - 1 {
        for at in row * width + 1..(row + 1) * width - 1 {
            let around = value[at - 1] + value[at + 1] + value[at - width] + value[at + width];
            sum += u64::from((4 * value[at] - around).unsigned_abs());
        }
    }
    let inner = ((rows - 2) * (width - 2)) as u64;
    u32::try_from(sum * 1000 / inner).expect("at most 1 020 000")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_have_the_hue_saturation_and_value_of_opencv() {
        // As cv2.cvtColor(…, COLOR_BGR2HSV) answers.
        for (bgr, want) in [
            ([0, 0, 0], [0, 0, 0]),
            ([255, 255, 255], [0, 0, 255]),
            ([0, 0, 255], [0, 255, 255]),
            ([0, 255, 0], [60, 255, 255]),
            ([255, 0, 0], [120, 255, 255]),
            ([128, 0, 255], [165, 255, 255]),
            ([10, 200, 100], [46, 242, 200]),
        ] {
            assert_eq!(hsv(bgr[0], bgr[1], bgr[2]), want, "{bgr:?}");
        }
    }

    #[test]
    fn distance_is_the_mean_over_pixels_and_channels() {
        let black = Image::from_bgr(2, &[0; 12]);
        let white = Image::from_bgr(2, &[255; 12]);
        assert_eq!(distance_milli(&black, &white), 85_000);
        assert_eq!(distance_milli(&black, &black), 0);
    }

    #[test]
    fn an_edge_is_sharper_than_a_ramp_and_a_ramp_than_nothing() {
        let image = |values: [u8; 5]| {
            let row: Vec<u8> = values.iter().flat_map(|v| [*v; 3]).collect();
            sharpness(&Image::from_bgr(5, &row.repeat(5)))
        };
        let (edge, ramp, flat) =
            (image([0, 0, 255, 255, 255]), image([0, 100, 180, 240, 255]), image([9; 5]));
        assert!(edge > ramp && ramp > flat && flat == 0, "{edge} {ramp} {flat}");
    }
}
