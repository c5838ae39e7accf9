//! What is wrong with a dataset before anybody trains on it: files that are no images, the same
//! image twice, images that look alike in two parts, classes too small. Clause: train-2.1.

use std::collections::{BTreeMap, BTreeSet};

use media::{Fingerprint, Pixels, near, read_located};
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use vision::{Filter, Fit, Recipe, RecipeError};

use crate::dataset::{Dataset, ImageFile, Limits, Part};

/// Bits of the fingerprints in which two images that may be alike differ at most.
const MAYBE: u32 = 4;
/// Grey levels by which two images that are alike differ on average at most, at 18 by 18 pixels:
/// fingerprints alone call two different shirts on one wall the same.
const ALIKE: u64 = 5;
/// Images of one group of fingerprints that are compared with one another at most.
const MOST: usize = 4_000;
/// Pixels across and down of what an image is compared by: nine and eight both go into it.
const SIDE: u32 = 72;
/// A class with fewer images to train on than this is called small.
const SMALL: u64 = 20;
/// The largest class may have so many times the images of the smallest.
const UNEVEN: u64 = 10;

/// A file that is no image that can be read whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Trouble {
    /// The file below the dataset's folder.
    pub name: String,
    /// A code such as `truncated` or `unknown`.
    pub code: String,
    /// The byte at which it shows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub byte: Option<u64>,
}

/// Images that are the same, or look alike.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Twins {
    /// The files, in order.
    pub names: Vec<String>,
    /// Whether their bytes are the same.
    pub same_bytes: bool,
    /// Whether they lie in two parts: what is judged was seen while learning.
    pub leaks: bool,
    /// Whether they carry two classes: one of them is wrong.
    pub disagree: bool,
}

/// Images of a class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ClassCount {
    /// The class.
    pub class: String,
    /// By part; a part without images of it is left out.
    pub parts: BTreeMap<Part, u64>,
}

/// What a dataset holds and what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CheckReport {
    /// Images that can be read.
    pub images: u64,
    /// By class, in order.
    pub classes: Vec<ClassCount>,
    /// SHA-256 over the sorted list of names, classes and digests: this dataset and no other.
    pub digest: String,
    /// Files that cannot be read.
    pub troubles: Vec<Trouble>,
    /// Images that are there more than once.
    pub twins: Vec<Twins>,
    /// Images whose files say where they were taken.
    pub located: Vec<String>,
    /// Classes with few images to learn from.
    pub small: Vec<String>,
    /// Whether the largest class has more than ten times the images of the smallest.
    pub uneven: bool,
}

/// An image that was read.
#[derive(Debug, Clone, Copy)]
pub struct Sight<'a> {
    /// Which one.
    pub image: &'a ImageFile,
    /// Its file.
    pub bytes: &'a [u8],
    /// What it shows.
    pub pixels: &'a Pixels,
}

/// Reads every image once and decodes it once. `seen` is told after each: the image where it can
/// be read, nothing where it cannot; what it refuses ends the check.
///
/// # Errors
/// Those of `seen` alone: what cannot be read is in the report.
pub fn check<E>(
    dataset: &Dataset,
    limits: &Limits,
    mut seen: impl FnMut(Option<Sight<'_>>) -> Result<(), E>,
) -> Result<CheckReport, E> {
    let (mut troubles, mut located) = (Vec::new(), Vec::new());
    let mut digests: BTreeMap<[u8; 32], Vec<usize>> = BTreeMap::new();
    let mut looks: Vec<(usize, Look)> = Vec::new();
    let mut whole = Sha256::new();
    for (index, image) in dataset.images.iter().enumerate() {
        let mut trouble = |code: &str, byte| {
            troubles.push(Trouble { name: image.name.clone(), code: code.into(), byte });
        };
        let Ok(bytes) = dataset.bytes(image) else {
            trouble("unreadable", None);
            seen(None)?;
            continue;
        };
        let digest: [u8; 32] = Sha256::digest(&bytes).into();
        let class = dataset.classes.get(image.class).map_or("", String::as_str);
        let line = format!("{}\t{class}\t{}\n", image.name, hex::encode(digest));
        whole.update(line.as_bytes());
        let pixels = read_located(&bytes, &limits.media)
            .map_err(|fault| (fault.problem.code(), fault.byte))
            .and_then(|(pixels, placed)| match look(&pixels) {
                Ok(look) => Ok((look, pixels, placed)),
                Err(_) => Err(("not_prepared", None)),
            });
        match pixels {
            Ok((look, pixels, placed)) => {
                if placed {
                    located.push(image.name.clone());
                }
                digests.entry(digest).or_default().push(index);
                looks.push((index, look));
                seen(Some(Sight { image, bytes: &bytes, pixels: &pixels }))?;
            }
            Err((code, byte)) => {
                trouble(code, byte);
                seen(None)?;
            }
        }
    }
    let digest = hex::encode(whole.finalize());
    let report = report(dataset, troubles, &digests, &looks, digest);
    Ok(CheckReport { located, ..report })
}

fn report(
    dataset: &Dataset,
    troubles: Vec<Trouble>,
    digests: &BTreeMap<[u8; 32], Vec<usize>>,
    looks: &[(usize, Look)],
    digest: String,
) -> CheckReport {
    let twins = twins(dataset, digests, looks);
    let classes = count(dataset, looks);
    let train: Vec<u64> =
        classes.iter().map(|class| class.parts.get(&Part::Train).copied().unwrap_or(0)).collect();
    let named = classes.iter().zip(&train);
    let small = named.filter(|(_, count)| **count < SMALL).map(|(class, _)| class.class.clone());
    let most = train.iter().max().copied().unwrap_or(0);
    let least = train.iter().min().copied().unwrap_or(0);
    CheckReport {
        images: looks.len() as u64,
        digest,
        troubles,
        twins,
        located: Vec::new(),
        small: if most > 0 { small.collect() } else { Vec::new() },
        uneven: most > least.saturating_mul(UNEVEN),
        classes,
    }
}

/// How an image looks: a fingerprint to find it by, and 18 by 18 grey values to be sure.
struct Look {
    print: Fingerprint,
    grey: Vec<u8>,
}

fn look(pixels: &Pixels) -> Result<Look, RecipeError> {
    let (fit, filter) = (Fit::Stretch, Filter::Bilinear);
    let recipe = Recipe { side: SIDE, fit, filter, mean: 0, scale: 1 };
    let square = recipe.square(pixels)?;
    let print = Fingerprint::of(&blocks(&square, 9, 8));
    Ok(Look { print, grey: blocks(&square, 18, 18) })
}

/// The mean grey of each of `across` by `down` blocks of a square of three bytes a pixel.
fn blocks(square: &[u8], across: usize, down: usize) -> Vec<u8> {
    let side = SIDE as usize;
    let (wide, tall) = (side / across, side / down);
    let mut sums = vec![0_u32; across * down];
    for (at, pixel) in square.chunks_exact(3).enumerate() {
        let (x, y) = (at % side / wide, at / side / tall);
        if let Some(sum) = sums.get_mut(y * across + x) {
            *sum += pixel.iter().map(|value| u32::from(*value)).sum::<u32>();
        }
    }
    let count = u32::try_from(3 * wide * tall).unwrap_or(1);
    sums.into_iter().map(|sum| u8::try_from(sum / count).unwrap_or(u8::MAX)).collect()
}

fn alike(one: &Look, other: &Look) -> bool {
    let pairs = one.grey.iter().zip(&other.grey);
    let apart: u64 = pairs.map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
    apart <= ALIKE * one.grey.len() as u64
}

fn count(dataset: &Dataset, looks: &[(usize, Look)]) -> Vec<ClassCount> {
    let mut classes: Vec<ClassCount> = dataset
        .classes
        .iter()
        .map(|class| ClassCount { class: class.clone(), parts: BTreeMap::new() })
        .collect();
    for image in looks.iter().filter_map(|(index, _)| dataset.images.get(*index)) {
        if let Some(class) = classes.get_mut(image.class) {
            *class.parts.entry(image.part).or_default() += 1;
        }
    }
    classes
}

/// Takes the first with all that are alike, one after the other, out of `left`.
fn together(looks: &[(usize, Look)], left: &mut Vec<usize>) -> Vec<usize> {
    let mut found = vec![left.remove(0)];
    let mut at = 0;
    while let Some(&from) = found.get(at) {
        let same = |&other: &usize| match (looks.get(from), looks.get(other)) {
            (Some((_, one)), Some((_, other))) => alike(one, other),
            _ => false,
        };
        let (more, rest): (Vec<usize>, Vec<usize>) = left.iter().partition(|other| same(other));
        *left = rest;
        found.extend(more);
        at += 1;
    }
    found.sort_unstable();
    found.iter().filter_map(|&at| looks.get(at).map(|(index, _)| *index)).collect()
}

fn twins(
    dataset: &Dataset,
    digests: &BTreeMap<[u8; 32], Vec<usize>>,
    looks: &[(usize, Look)],
) -> Vec<Twins> {
    let mut groups: Vec<(Vec<usize>, bool)> = digests
        .values()
        .filter(|group| group.len() > 1)
        .map(|group| (group.clone(), true))
        .collect();
    let known: BTreeSet<Vec<usize>> = groups.iter().map(|(group, _)| group.clone()).collect();
    let prints: Vec<Fingerprint> = looks.iter().map(|(_, look)| look.print).collect();
    for maybe in near(&prints, MAYBE) {
        let mut left: Vec<usize> = maybe.members.into_iter().take(MOST).collect();
        while !left.is_empty() {
            let members = together(looks, &mut left);
            if members.len() > 1 && !known.contains(&members) {
                groups.push((members, false));
            }
        }
    }
    let mut twins: Vec<Twins> = groups
        .into_iter()
        .map(|(group, same_bytes)| {
            let images: Vec<_> =
                group.iter().filter_map(|&index| dataset.images.get(index)).collect();
            let differ = |by: &dyn Fn(&ImageFile) -> usize| {
                images.windows(2).any(|two| matches!(two, [a, b] if by(a) != by(b)))
            };
            Twins {
                names: images.iter().map(|image| image.name.clone()).collect(),
                same_bytes,
                leaks: differ(&|image| image.part as usize),
                disagree: differ(&|image| image.class),
            }
        })
        .collect();
    twins.sort_by(|one, other| {
        (!one.leaks, !one.disagree, &one.names).cmp(&(!other.leaks, !other.disagree, &other.names))
    });
    twins
}
