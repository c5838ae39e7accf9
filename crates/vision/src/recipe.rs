//! How an image becomes the numbers that a network takes. The recipe is part of the model: its
//! digest stands in the package, and one made with another recipe is another model.

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeError, ResizeOptions, Resizer};
use media::Pixels;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// Pixels across and down that a recipe may ask for at most.
const LARGEST: u32 = 4096;

/// Which part of an image is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Fit {
    /// The whole, stretched to a square.
    Stretch,
    /// The square in the middle, less this margin: `side / (side + margin)` of the shorter side.
    Centre {
        /// Pixels about the square, at the size of the network.
        margin: u32,
    },
    /// The whole, with bars of the mean beside it.
    Pad,
}

impl Fit {
    /// The middle as networks for ImageNet are given it.
    pub const MIDDLE: Self = Self::Centre { margin: 32 };
}

/// How pixels are weighed when an image is made smaller; all average over what they leave out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Filter {
    /// Triangle.
    Bilinear,
    /// Cubic with a = -0.5, as in PIL.
    Bicubic,
}

/// How an image becomes numbers: `(value - mean) / scale` for each colour of each pixel, red first.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipe {
    /// Pixels across and down.
    pub side: u32,
    /// What is looked at.
    pub fit: Fit,
    /// How it is made smaller or larger.
    pub filter: Filter,
    /// Taken from each value of 0 to 255.
    pub mean: u8,
    /// What is left is divided by this.
    pub scale: u8,
}

/// Why an image was not prepared.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RecipeError {
    /// A recipe that makes nothing.
    #[error("a side of {side} pixels and a scale of {scale} cannot be")]
    Impossible {
        /// Its side.
        side: u32,
        /// Its scale.
        scale: u8,
    },
    /// The pixels could not be read or weighed.
    #[error("the image could not be resized: {said}")]
    Resize {
        /// What the resizer said.
        said: String,
    },
}

impl Recipe {
    /// The colours that EfficientNet-Lite was trained to see, bicubic and about 127. It learned
    /// from [`Fit::MIDDLE`].
    #[must_use]
    pub const fn efficientnet_lite(side: u32, fit: Fit) -> Self {
        Self { side, fit, filter: Filter::Bicubic, mean: 127, scale: 128 }
    }

    /// Numbers of one prepared image.
    #[must_use]
    pub const fn numbers(&self) -> usize {
        3 * (self.side as usize) * (self.side as usize)
    }

    /// SHA-256 over the recipe's canonical JSON, in hexadecimal.
    #[must_use]
    pub fn digest(&self) -> String {
        // Struct fields go out in their order and all are plain.
        let text = serde_json::to_vec(self).unwrap_or_default();
        hex::encode(Sha256::digest(text))
    }

    /// The numbers of an image: shape (3, side, side), red, green, blue.
    ///
    /// # Errors
    /// When the recipe makes nothing of it.
    pub fn prepare(&self, image: &Pixels) -> Result<Vec<f32>, RecipeError> {
        if self.side == 0 || self.side > LARGEST || self.scale == 0 {
            return Err(RecipeError::Impossible { side: self.side, scale: self.scale });
        }
        let square = self.square(image)?;
        let plane = (self.side as usize) * (self.side as usize);
        let mut numbers = vec![0.0_f32; 3 * plane];
        for (colour, plane) in numbers.chunks_exact_mut(plane).enumerate() {
            let values = square.iter().skip(colour).step_by(3);
            for (number, value) in plane.iter_mut().zip(values) {
                *number = self.number(*value);
            }
        }
        Ok(numbers)
    }

    /// The number of a value of 0 to 255.
    #[must_use]
    pub fn number(&self, value: u8) -> f32 {
        (f32::from(value) - f32::from(self.mean)) / f32::from(self.scale)
    }

    /// The value that a number was made from.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 255")]
    pub fn byte(&self, number: f32) -> u8 {
        let value = number * f32::from(self.scale) + f32::from(self.mean);
        value.round().clamp(0.0, 255.0) as u8
    }

    /// The picture that the network sees, three bytes a pixel.
    ///
    /// # Errors
    /// When the pixels cannot be resized.
    pub fn square(&self, image: &Pixels) -> Result<Vec<u8>, RecipeError> {
        let said = |error: &dyn std::fmt::Display| RecipeError::Resize { said: error.to_string() };
        let from = ImageRef::new(image.width, image.height, &image.rgb, PixelType::U8x3)
            .map_err(|error| said(&error))?;
        let filter = match self.filter {
            Filter::Bilinear => FilterType::Bilinear,
            Filter::Bicubic => FilterType::CatmullRom,
        };
        let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(filter));
        let shrink = |options: &ResizeOptions, width: u32, height: u32| {
            let mut to = Image::new(width, height, PixelType::U8x3);
            let done: Result<(), ResizeError> = Resizer::new().resize(&from, &mut to, options);
            done.map(|()| to.into_vec()).map_err(|error| said(&error))
        };
        match self.fit {
            Fit::Stretch => shrink(&options, self.side, self.side),
            Fit::Centre { margin } => {
                let shorter = u64::from(image.width.min(image.height));
                let whole = u64::from(self.side) + u64::from(margin);
                let part =
                    u32::try_from(shorter * u64::from(self.side) / whole).unwrap_or(1).max(1);
                let (left, top) = ((image.width - part) / 2, (image.height - part) / 2);
                let part = f64::from(part);
                let options = options.crop(f64::from(left), f64::from(top), part, part);
                shrink(&options, self.side, self.side)
            }
            Fit::Pad => {
                let longer = u64::from(image.width.max(image.height));
                let to = |length: u32| {
                    let scaled = (u64::from(length) * u64::from(self.side) + longer / 2) / longer;
                    u32::try_from(scaled).unwrap_or(self.side).clamp(1, self.side)
                };
                let (width, height) = (to(image.width), to(image.height));
                Ok(self.padded(&shrink(&options, width, height)?, width, height))
            }
        }
    }

    fn padded(&self, picture: &[u8], width: u32, height: u32) -> Vec<u8> {
        let (side, width, height) = (self.side as usize, width as usize, height as usize);
        let (left, top) = ((side - width) / 2, (side - height) / 2);
        let mut square = vec![self.mean; 3 * side * side];
        for (to, from) in square.chunks_exact_mut(3 * side).skip(top).zip(picture.chunks(3 * width))
        {
            for (to, from) in to.iter_mut().skip(3 * left).zip(from) {
                *to = *from;
            }
        }
        square
    }
}
