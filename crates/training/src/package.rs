//! The package that is delivered: a folder with the classifier, its head, what it was made of and
//! how it was measured, each file with its digest. Clauses: train-2.2.4, train-6.1.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use onnx::{Graph, Head, Layer, PROBABILITIES};
use safetensors::tensor::{Dtype, SafeTensors, TensorView, serialize};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::bom::bom;
use crate::calibrate::Quantised;
use crate::embed::{View, preprocessing};
use crate::evaluate::Evaluation;
use crate::fit::Settings;
use crate::golden::{Golden, GoldenError};

/// The form of the manifest that is written and read.
const FORMAT: &str = "tallystick-model/1";
/// The manifest's file.
const MANIFEST: &str = "manifest.json";
/// The classifier's file.
const MODEL: &str = "model.onnx";
/// The head's file.
const HEAD: &str = "head.safetensors";
/// The measurement's file.
const EVALUATION: &str = "evaluation.json";
/// The model card.
const CARD: &str = "README.md";
/// The bill of materials.
const BOM: &str = "bom.cdx.json";
/// The file of known answers.
const GOLDEN: &str = "golden.safetensors";
/// Bytes of a manifest at most.
const LARGEST: u64 = 64 << 20;
/// Bytes of a model at most.
const HEAVIEST: u64 = 2 << 30;

/// Where something came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// What it is called.
    pub name: String,
    /// SHA-256 in hexadecimal.
    pub digest: String,
    /// Its licence as SPDX writes it; empty where it is not known.
    pub licence: String,
}

/// What a package says of itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The form of this file.
    pub format: String,
    /// The classes in the order of the probabilities.
    pub classes: Vec<String>,
    /// How an image is looked at; the probabilities of the views are averaged.
    pub views: Vec<View>,
    /// SHA-256 over the recipes of the views, which is part of the model: prepared in another way,
    /// it is another one.
    pub preprocessing: String,
    /// What the head reads.
    pub backbone: Source,
    /// What was learned from.
    pub dataset: Source,
    /// Where the images came from, in the words of whoever trained; empty where it was not said.
    #[serde(skip_serializing_if = "String::is_empty", default)]
    pub origin: String,
    /// What people agreed to, in the same words.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub consents: Vec<String>,
    /// How many images were learned from.
    pub images: u64,
    /// How the head was trained.
    pub settings: Settings,
    /// Weights in all.
    pub parameters: u64,
    /// Multiplications with an addition for one view of one image.
    pub operations: u64,
    /// What was lost by writing the network in whole numbers; absent for one in floating point.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub quantised: Option<Quantised>,
    /// The other files by name: SHA-256 and bytes.
    pub files: BTreeMap<String, FileEntry>,
}

/// A file of a package.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileEntry {
    /// SHA-256 in hexadecimal.
    pub sha256: String,
    /// Its bytes.
    pub bytes: u64,
}

/// What a package is made of.
#[derive(Debug, Clone)]
pub struct Made<'a> {
    /// The classifier: `probabilities` and `embedding`.
    pub graph: &'a Graph,
    /// Its head.
    pub head: &'a Head,
    /// The classes.
    pub classes: &'a [String],
    /// The views.
    pub views: &'a [View],
    /// The backbone.
    pub backbone: Source,
    /// The dataset.
    pub dataset: Source,
    /// Where the images came from; empty where it was not said.
    pub origin: String,
    /// What people agreed to.
    pub consents: Vec<String>,
    /// Images that were learned from.
    pub images: u64,
    /// The settings.
    pub settings: &'a Settings,
    /// How it was measured on images that it did not learn from.
    pub evaluation: &'a Evaluation,
    /// What it answers to made images.
    pub golden: &'a Golden,
    /// What was lost by whole numbers, where the graph is in them.
    pub quantised: Option<Quantised>,
}

/// Why a package was not written or is none.
#[derive(Debug, thiserror::Error)]
pub enum PackageError {
    /// A file cannot be read or written.
    #[error("{path} cannot be read or written")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// There is something at the place already.
    #[error("{path} is there already and is not empty")]
    Occupied {
        /// Where.
        path: PathBuf,
    },
    /// The manifest cannot be read.
    #[error("{path}, line {line}: {said}")]
    Manifest {
        /// The file.
        path: PathBuf,
        /// The line.
        line: usize,
        /// What is wrong there.
        said: String,
    },
    /// It is of another form.
    #[error("the package is of form {found}, and {FORMAT} is read")]
    Form {
        /// Its form.
        found: String,
    },
    /// A file is larger than is read.
    #[error("{path} has {bytes} bytes, and {limit} are read at most")]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// Its bytes.
        bytes: u64,
        /// The most that are read.
        limit: u64,
    },
    /// A file is not what the manifest says.
    #[error("{name} has SHA-256 {found}, and the manifest says {stated}")]
    Changed {
        /// The file.
        name: String,
        /// Its digest.
        found: String,
        /// The digest that is stated.
        stated: String,
    },
    /// The manifest names a file elsewhere, or none of that name is needed.
    #[error("the manifest names {name}, which is no file of a package")]
    Stray {
        /// The name.
        name: String,
    },
    /// A file that a package has is missing from the manifest.
    #[error("the manifest does not name {name}")]
    Missing {
        /// The file.
        name: &'static str,
    },
    /// The classifier does not hold together.
    #[error(transparent)]
    Graph(#[from] onnx::Fault),
    /// The classifier gives another count of probabilities than there are classes.
    #[error("the classifier gives {found}, and there are {classes} classes")]
    Classes {
        /// What it gives.
        found: String,
        /// Classes of the manifest.
        classes: usize,
    },
    /// The views are not those that the package was measured with.
    #[error("the views have digest {found}, and the manifest says {stated}")]
    Preprocessing {
        /// What it has.
        found: String,
        /// What it should have.
        stated: String,
    },
    /// The known answers cannot be written or read.
    #[error("{GOLDEN}: {0}")]
    Golden(#[source] GoldenError),
    /// The weights of the head cannot be written.
    #[error("the head cannot be written: {said}")]
    Head {
        /// What is wrong.
        said: String,
    },
}

/// Whether a package can be written there: nothing, or an empty folder.
///
/// # Errors
/// When there is something, or it cannot be looked at.
pub fn vacant(folder: &Path) -> Result<(), PackageError> {
    let path = folder.to_owned();
    match fs::read_dir(folder).map(|mut entries| entries.next().is_none()) {
        Ok(true) => Ok(()),
        Ok(false) => Err(PackageError::Occupied { path }),
        Err(source) if source.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(source) => Err(PackageError::File { path, source }),
    }
}

/// Writes a package into a new or empty folder; the manifest comes last, so that a package that was
/// cut short has none.
///
/// # Errors
/// When the folder holds something, or a file cannot be written.
pub fn write_package(folder: &Path, made: &Made<'_>) -> Result<Manifest, PackageError> {
    vacant(folder)?;
    fs::create_dir_all(folder)
        .map_err(|source| PackageError::File { path: folder.to_owned(), source })?;
    let rows = onnx::layers(made.graph);
    let manifest = Manifest {
        format: FORMAT.to_owned(),
        classes: made.classes.to_vec(),
        views: made.views.to_vec(),
        preprocessing: preprocessing(made.views),
        backbone: made.backbone.clone(),
        dataset: made.dataset.clone(),
        origin: made.origin.clone(),
        consents: made.consents.clone(),
        images: made.images,
        settings: made.settings.clone(),
        parameters: made.graph.parameters(),
        operations: rows.iter().map(|row| row.operations).sum(),
        quantised: made.quantised.clone(),
        files: BTreeMap::new(),
    };
    let model = made.graph.write();
    let bill = bom(&manifest, &hex::encode(Sha256::digest(&model)), made.evaluation);
    let contents = [
        (MODEL, model),
        (BOM, json(&bill)),
        (HEAD, head_file(made.head)?),
        (EVALUATION, json(made.evaluation)),
        (CARD, card(&manifest, made.evaluation).into_bytes()),
        (GOLDEN, made.golden.write().map_err(PackageError::Golden)?),
    ];
    let mut manifest = manifest;
    for (name, content) in contents {
        put(&folder.join(name), &content)?;
        let entry = FileEntry {
            sha256: hex::encode(Sha256::digest(&content)),
            bytes: content.len() as u64,
        };
        manifest.files.insert(name.to_owned(), entry);
    }
    put(&folder.join(MANIFEST), &json(&manifest))?;
    Ok(manifest)
}

/// Reads a package whole and checks every digest: the manifest, the classifier's file, and how it
/// was measured.
///
/// # Errors
/// When a file is missing, changed or too large, or the classifier does not fit the classes.
pub fn read_package(folder: &Path) -> Result<(Manifest, Vec<u8>, Evaluation), PackageError> {
    let path = folder.join(MANIFEST);
    let manifest: Manifest = parse(&path, &take(&path, LARGEST)?)?;
    if manifest.format != FORMAT {
        return Err(PackageError::Form { found: manifest.format });
    }
    let views = preprocessing(&manifest.views);
    if views != manifest.preprocessing {
        let stated = manifest.preprocessing;
        return Err(PackageError::Preprocessing { found: views, stated });
    }
    const ALL: [&str; 6] = [MODEL, HEAD, EVALUATION, CARD, GOLDEN, BOM];
    if let Some(name) = manifest.files.keys().find(|name| !ALL.contains(&name.as_str())) {
        return Err(PackageError::Stray { name: name.clone() });
    }
    let mut found = BTreeMap::new();
    for name in ALL {
        found.insert(name, whole(folder, name, manifest.files.get(name))?);
    }
    let mut file = |name: &'static str| found.remove(name).ok_or(PackageError::Missing { name });
    let (model, evaluation) = (file(MODEL)?, file(EVALUATION)?);
    let evaluation = parse(&folder.join(EVALUATION), &evaluation)?;
    Ok((manifest, model, evaluation))
}

/// The known answers of a package that was read.
///
/// # Errors
/// When the file is missing, changed since, or none of ours.
pub fn read_golden(folder: &Path, manifest: &Manifest) -> Result<Golden, PackageError> {
    let content = whole(folder, GOLDEN, manifest.files.get(GOLDEN))?;
    Golden::read(&content).map_err(PackageError::Golden)
}

/// The head of a package that was read.
///
/// # Errors
/// When the file is missing, changed since, or none of ours.
pub fn read_head(folder: &Path, manifest: &Manifest) -> Result<Head, PackageError> {
    let content = whole(folder, HEAD, manifest.files.get(HEAD))?;
    let said = |error: safetensors::SafeTensorError| PackageError::Head { said: error.to_string() };
    let tensors = SafeTensors::deserialize(&content).map_err(said)?;
    let mut layers = Vec::new();
    while let Ok(weight) = tensors.tensor(&format!("head.{}.weight", layers.len() + 1)) {
        let bias = tensors.tensor(&format!("head.{}.bias", layers.len() + 1)).map_err(said)?;
        let numbers = |view: &TensorView<'_>| -> Vec<f32> {
            let four = view.data().chunks_exact(4);
            four.filter_map(|four| four.try_into().ok().map(f32::from_le_bytes)).collect()
        };
        let &[outputs, inputs] = weight.shape() else {
            let said = format!("head.{}.weight has shape {:?}", layers.len() + 1, weight.shape());
            return Err(PackageError::Head { said });
        };
        let (weights, bias) = (numbers(&weight), numbers(&bias));
        layers.push(Layer { inputs, outputs, weights, bias });
    }
    Ok(Head { layers })
}

/// A file of the package with the digest that the manifest states.
fn whole(
    folder: &Path,
    name: &'static str,
    entry: Option<&FileEntry>,
) -> Result<Vec<u8>, PackageError> {
    let entry = entry.ok_or(PackageError::Missing { name })?;
    let content = take(&folder.join(name), HEAVIEST)?;
    let digest = hex::encode(Sha256::digest(&content));
    if digest != entry.sha256 {
        let (name, stated) = (name.to_owned(), entry.sha256.clone());
        return Err(PackageError::Changed { name, found: digest, stated });
    }
    Ok(content)
}

/// Checks a package: every digest, and that the classifier holds together and fits the classes.
///
/// # Errors
/// The first thing that is wrong.
pub fn verify(folder: &Path) -> Result<Manifest, PackageError> {
    let (manifest, model, _) = read_package(folder)?;
    read_golden(folder, &manifest)?;
    let graph = onnx::read(&model)?;
    let outputs = graph.outputs();
    let given = outputs.iter().find(|port| port.name == PROBABILITIES);
    let width = given.and_then(|port| match port.shape.as_slice() {
        [_, onnx::Dim::Size(width)] => usize::try_from(*width).ok(),
        _ => None,
    });
    if width != Some(manifest.classes.len()) {
        let found = given.map_or_else(|| "no probabilities".to_owned(), ToString::to_string);
        return Err(PackageError::Classes { found, classes: manifest.classes.len() });
    }
    Ok(manifest)
}

fn json(value: &impl Serialize) -> Vec<u8> {
    // Only plain structs of ours come here; they have no maps with keys that are not texts.
    let mut text = serde_json::to_vec_pretty(value).unwrap_or_default();
    text.push(b'\n');
    text
}

fn parse<T: for<'a> Deserialize<'a>>(path: &Path, text: &[u8]) -> Result<T, PackageError> {
    serde_json::from_slice(text).map_err(|error| PackageError::Manifest {
        path: path.to_owned(),
        line: error.line(),
        said: error.to_string(),
    })
}

fn put(path: &Path, content: &[u8]) -> Result<(), PackageError> {
    fs::write(path, content).map_err(|source| PackageError::File { path: path.to_owned(), source })
}

fn take(path: &Path, limit: u64) -> Result<Vec<u8>, PackageError> {
    let failed = |source| PackageError::File { path: path.to_owned(), source };
    let bytes = fs::metadata(path).map_err(failed)?.len();
    if bytes > limit {
        return Err(PackageError::TooLarge { path: path.to_owned(), bytes, limit });
    }
    fs::read(path).map_err(failed)
}

fn head_file(head: &Head) -> Result<Vec<u8>, PackageError> {
    let said = |error: safetensors::SafeTensorError| PackageError::Head { said: error.to_string() };
    let bytes = |values: &[f32]| -> Vec<u8> {
        values.iter().flat_map(|value| value.to_le_bytes()).collect()
    };
    let parts: Vec<(String, Vec<usize>, Vec<u8>)> = head
        .layers
        .iter()
        .enumerate()
        .flat_map(|(index, layer)| {
            let name = |what: &str| format!("head.{}.{what}", index + 1);
            [
                (name("weight"), vec![layer.outputs, layer.inputs], bytes(&layer.weights)),
                (name("bias"), vec![layer.outputs], bytes(&layer.bias)),
            ]
        })
        .collect();
    let mut views = Vec::with_capacity(parts.len());
    for (name, shape, content) in &parts {
        let view = TensorView::new(Dtype::F32, shape.clone(), content).map_err(said)?;
        views.push((name.as_str(), view));
    }
    serialize(views, None).map_err(said)
}

/// The card of a model as model hubs show it: facts in front, then the same in words.
fn card(manifest: &Manifest, evaluation: &Evaluation) -> String {
    let (hits, images) = (evaluation.hits, evaluation.images);
    let figure =
        |name: &str, value: f64| format!("        - type: {name}\n          value: {value:.6}\n");
    let classes = manifest.classes.iter().map(|class| format!("- {class}\n")).collect::<String>();
    let table = evaluation
        .classes
        .iter()
        .map(|class| {
            format!(
                "| {} | {} | {:.3} | {:.3} | {:.3} |\n",
                class.class, class.support, class.precision, class.recall, class.f1
            )
        })
        .collect::<String>();
    // What hubs call a licence that is none of their list.
    let licence = match manifest.backbone.licence.to_lowercase().as_str() {
        "" => "other".to_owned(),
        licence => quoted(licence),
    };
    format!(
        "---\nlicense: {licence}\nlibrary_name: onnx\npipeline_tag: image-classification\n\
         base_model: {base}\nmetrics: [accuracy, f1, recall, precision]\nmodel-index:\n  \
         - name: {quoted}\n    results:\n      - task:\n          \
         type: image-classification\n        dataset:\n          type: imagefolder\n          \
         name: {quoted}\n        metrics:\n\
         {accuracy}{f1}{recall}---\n\n# {dataset}\n\n\
         A classifier of images into {count} classes: a trained head on {backbone}.\n\n\
         ## Classes\n\n{classes}\n## Data\n\n{learned} images were learned from; the dataset's \
         digest is `{digest}`.\n\n## Measured\n\n{hits} of {images} images were classified right \
         by a head that did not learn from them.\n\n| class | images | precision | recall | F1 |\n\
         | --- | --- | --- | --- | --- |\n{table}\n## Use\n\n`model.onnx` takes `input` (N, 3, \
         side, side) prepared as `manifest.json` says under `views`, and gives `probabilities`; \
         those of the views are averaged. `tally classify` does all of it.\n\n## Limits\n\n\
         It knows these classes alone and gives one of them to every image, also to one that shows \
         something else.\n",
        backbone = manifest.backbone.name,
        base = quoted(&manifest.backbone.name),
        quoted = quoted(&manifest.dataset.name),
        dataset = manifest.dataset.name,
        digest = manifest.dataset.digest,
        learned = manifest.images,
        count = manifest.classes.len(),
        accuracy = figure("accuracy", evaluation.figures.accuracy),
        f1 = figure("f1", evaluation.figures.macro_f1),
        recall = figure("recall", evaluation.figures.macro_recall),
    )
}

/// A text as YAML takes it, whatever is in it: JSON's texts are YAML's too.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
