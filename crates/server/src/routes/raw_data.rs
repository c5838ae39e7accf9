//! Raw data of a project: uploads are looked at, kept as objects and become items. Serves anno-3.1,
//! anno-3.4, anno-6.2. What is wrong is told with its place; the rest is taken, or with `strict`
//! nothing.

use std::collections::BTreeSet;
use std::path::{Path as FilePath, PathBuf};

use axum::extract::State;
use desk::Desk;
use desk::labelling::{
    Added, Declared, FoundIdentifier, MOST_IDENTIFIERS, Modality, NewItem, PersonalData, Prints,
};
use labelling::Extent;
use media::{
    Finding, Fingerprint, Intake, IntakeError, Item, Keep, KeepError, Options, Original, Report,
    Severity, Split, Taken, What,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{KeyId, ObjectRef};
use tokio::runtime::Handle;
use units::{Date, Id, Zone};

use crate::app::App;
use crate::auth::{At, Gate, Operation};
use crate::extract::{Json, Language, Path};
use crate::problem::{Code, Problem};
use crate::route::{Class, Route};
use crate::routes::material::frames_of;
use crate::uploads::Card;
use crate::views::Text;
use crate::words::{DeskWords as _, Words};

/// Uploads of one intake at most.
const MOST: usize = 1_000;
/// Findings that an answer holds.
const FINDINGS: usize = 500;

/// Raw data to take.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct IntakeBody {
    /// Uploads that are whole, in the order in which their items come.
    #[schemars(length(min = 1, max = 1000))]
    uploads: Vec<Text<1, 64>>,
    /// Warranty of rights: where the data comes from and why it may be used.
    rights: Text<1, 4000>,
    /// The class of personal data, as it is declared.
    personal_data: PersonalData,
    /// Whether personal data was removed or masked, as it is declared.
    deidentified: bool,
    /// What one text is.
    #[serde(default)]
    split: TextSplit,
    /// Whether nothing is taken when a file is bad.
    #[serde(default)]
    strict: bool,
}

/// What one text is.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum TextSplit {
    /// A file.
    #[default]
    File,
    /// A line.
    Lines,
    /// The field of this column in a row of a table.
    Column(Text<1, 200>),
}

/// What became of raw data.
#[derive(Debug, Serialize, JsonSchema)]
struct IntakeView {
    /// Items that the project has now and had not before.
    taken: u64,
    /// What was there before, in the files or in the project.
    duplicates: Vec<DuplicateView>,
    /// What was not taken.
    refused: Vec<FindingView>,
    /// What is worth knowing of what was taken.
    notices: Vec<FindingView>,
    /// Names of images that look alike.
    near: Vec<Vec<String>>,
    /// The SHA-256 of the manifest, which is kept with the agreement: record it for both parties.
    manifest_sha256: Option<String>,
}

/// Content that was there before.
#[derive(Debug, Serialize, JsonSchema)]
struct DuplicateView {
    name: String,
    /// The same content: a name of the files, or the number of an item.
    of: String,
}

/// Something about a file.
#[derive(Debug, Serialize, JsonSchema)]
struct FindingView {
    /// The file; `archive.zip!inner.jpg` for one of an archive.
    name: String,
    line: Option<u64>,
    byte: Option<u64>,
    code: String,
    /// As a sentence.
    detail: String,
}

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::post("/agreements/{id}/projects/{project}/intake", "take_raw_data", intake)
            .about("Takes uploads as items of a project: checked, hashed, without duplicates")
            .gate(Gate::At(Operation::ManageWork))
            .class(Class::Stream)
            .takes::<IntakeBody>()
            .gives::<IntakeView>(),
    ]
}

async fn intake(
    at: At,
    State(app): State<App>,
    Language(lang): Language,
    Path((_, project)): Path<(String, String)>,
    Json(body): Json<IntakeBody>,
) -> Result<Json<IntakeView>, Problem> {
    if body.uploads.is_empty() || body.uploads.len() > MOST {
        return Err(Problem::invalid("uploads"));
    }
    let modality = at.people().project(&at.entry, &project).await?.modality;
    let uploads: Vec<&str> = body.uploads.iter().map(|upload| upload.0.as_str()).collect();
    let (report, new) = look(&at, &app, &uploads, options(&body, modality), body.strict).await?;
    let refused = body.strict && report.has_errors();
    let mut view = view(&report, &Words::new(lang));
    if refused {
        (view.taken, view.duplicates) = (0, Vec::new());
        return Ok(Json(view));
    }
    let names: Vec<String> = new.iter().map(|item| item.name.clone()).collect();
    let added = at.people().add_items(&at.caller, &at.entry, &project, new).await?;
    let manifest = keep_manifest(&at, &body, &report).await?;
    view.manifest_sha256 = Some(manifest.hex());
    let taken: Vec<u64> = added.items.iter().map(|(_, seq)| *seq).collect();
    let declared = Declared {
        rights: body.rights.0.clone(),
        personal_data: body.personal_data,
        deidentified: body.deidentified,
        manifest,
    };
    at.people().declare_raw_data(&at.caller, &at.entry, &project, declared, &taken).await?;
    told(&mut view, &added, &names);
    for upload in &body.uploads {
        app.vault.uploads().remove(&upload.0);
    }
    Ok(Json(view))
}

/// Looks at uploads that are whole and keeps what is in them as objects of the agreement. With
/// `strict`, nothing is kept when something is bad.
pub(super) async fn look(
    at: &At,
    app: &App,
    uploads: &[&str],
    options: Options,
    strict: bool,
) -> Result<(Report, Vec<NewItem>), Problem> {
    let mut files = Vec::new();
    for upload in uploads {
        let found = app.vault.uploads().find(upload, at.id.as_str(), at.side())?;
        if found.0.sum.is_none() {
            return Err(Problem::new(Code::NotNow).field("upload", *upload));
        }
        files.push((app.vault.uploads().path(upload), found.0));
    }
    let folder = app.vault.scratch("intake").await?;
    tokio::fs::create_dir_all(folder.path()).await.map_err(|error| Problem::fault(&error))?;
    let mut shelf = Shelf {
        desk: at.desk.clone(),
        agreement: at.id.clone(),
        frames: app.vault.frames(""),
        handle: Handle::current(),
        today: at.now().date(&Zone::shanghai()),
        looks: strict,
        new: Vec::new(),
        findings: Vec::new(),
    };
    let done = tokio::task::spawn_blocking(move || {
        let mut report = run(&options, folder.path(), &files, &mut shelf)?;
        // Strictly, all was looked at before anything is kept that no row would name.
        if std::mem::take(&mut shelf.looks) && !report.has_errors() {
            report = run(&options, folder.path(), &files, &mut shelf)?;
        }
        drop(folder);
        Ok::<_, IntakeError>((report, shelf.new))
    });
    let done = done.await.map_err(|error| Problem::fault(&error))?;
    done.map_err(|error| Problem::fault(&error))
}

fn options(body: &IntakeBody, modality: Modality) -> Options {
    let split = match &body.split {
        TextSplit::File => Split::File,
        TextSplit::Lines => Split::Lines,
        TextSplit::Column(column) => Split::Rows { column: column.0.clone() },
    };
    let modality = Some(match modality {
        Modality::Image => media::Modality::Image,
        Modality::Text => media::Modality::Text,
        Modality::Video => media::Modality::Video,
    });
    // A server looks at two files at a time, whatever it has: others work beside it.
    Options { split, modality, copies: true, threads: 2, ..Options::default() }
}

fn run(
    options: &Options,
    scratch: &FilePath,
    files: &[(PathBuf, Card)],
    shelf: &mut Shelf,
) -> Result<Report, IntakeError> {
    let mut progress = |_| ();
    let mut intake = Intake::new(options, scratch, shelf, &mut progress);
    for (path, card) in files {
        let before = if files.len() > 1 { format!("{}/", card.name) } else { String::new() };
        intake.take(path, &card.name, &before)?;
    }
    let mut report = intake.finish()?;
    report.findings.append(&mut shelf.findings);
    Ok(report)
}

/// Keeps items as objects of the agreement. Runs beside the handlers, on a thread that may wait.
struct Shelf {
    desk: Desk,
    agreement: Id,
    /// Where lists of frames are kept, by the hash of their video.
    frames: PathBuf,
    handle: Handle,
    /// Nobody is born after it.
    today: Date,
    /// Whether files are looked at and nothing is kept.
    looks: bool,
    new: Vec<NewItem>,
    findings: Vec<Finding>,
}

impl Shelf {
    fn put(&self, bytes: &[u8]) -> Result<ObjectRef, KeepError> {
        Ok(self.handle.block_on(self.desk.put(&self.agreement, bytes))?)
    }

    fn put_file(&self, path: &FilePath) -> Result<ObjectRef, KeepError> {
        self.handle.block_on(async {
            let mut file = tokio::fs::File::open(path).await?;
            let (scope, key) = (self.desk.scope(), KeyId::none());
            Ok(self.desk.objects.put(&scope, &self.agreement, &key, &mut file).await?)
        })
    }

    /// What is kept of an item so that nobody reads it again to compare it.
    fn prints(&self, item: &Item, text: Option<&str>) -> Prints {
        let look = match (&item.what, text) {
            (What::Image(picture), _) => Some(picture.fingerprint),
            (_, Some(text)) => Some(Fingerprint::of_text(text)),
            _ => None,
        };
        let finds = text.map(|text| identifiers::find(text, self.today)).unwrap_or_default();
        let found = finds.iter().take(MOST_IDENTIFIERS).map(|find| FoundIdentifier {
            kind: find.kind.code().to_owned(),
            certainty: find.certainty.code().to_owned(),
            start: find.first as u64,
            end: find.last as u64,
        });
        Prints { look: look.map(|look| look.0), identifiers: found.collect() }
    }

    /// The extent of an item; a video is decoded once for it.
    fn extent(&self, item: &Item, path: &FilePath) -> Result<Measured, video::VideoError> {
        Ok(match &item.what {
            What::Image(picture) => Measured {
                extent: Extent::Image { width: picture.width, height: picture.height },
                ..Measured::default()
            },
            What::Text { chars, .. } => {
                Measured { extent: Extent::Text { chars: *chars }, ..Measured::default() }
            }
            What::Video { width, height, .. } => {
                let list = frames_of(path, &self.frames.join(&item.sha256))?;
                let (width, height) = (*width, *height);
                let from = list.pts.first().copied().unwrap_or(0);
                Measured {
                    extent: Extent::Video { width, height, from, to: list.end },
                    timebase: Some(list.timebase),
                    frames: Some(list.pts.len() as u64),
                }
            }
        })
    }
}

/// How large an item is.
struct Measured {
    extent: Extent,
    timebase: Option<(u32, u32)>,
    frames: Option<u64>,
}

impl Default for Measured {
    fn default() -> Self {
        Self { extent: Extent::Text { chars: 0 }, timebase: None, frames: None }
    }
}

impl Keep for Shelf {
    fn keep(&mut self, taken: Taken<'_>) -> Result<(), KeepError> {
        let item = taken.item;
        let (original, measured) = match taken.original {
            Original::File(path) => {
                let measured = match self.extent(item, path) {
                    Ok(measured) => measured,
                    // A video whose frames cannot be decoded is no item; the others are.
                    Err(error) => {
                        let said = error.to_string().replace(&*path.to_string_lossy(), &item.name);
                        let problem = media::Problem::BadVideo { said };
                        self.findings.push(problem.of(&item.name));
                        return Ok(());
                    }
                };
                if self.looks {
                    return Ok(());
                }
                (self.put_file(path)?, measured)
            }
            Original::Passage(_) if self.looks => return Ok(()),
            Original::Passage(text) => {
                (self.put(text.as_bytes())?, self.extent(item, FilePath::new(""))?)
            }
        };
        let display = match (taken.shown, taken.text, taken.original) {
            (Some(shown), ..) => Some(self.put(&shown.display)?),
            // A file in another encoding is shown in UTF-8.
            (None, Some(text), Original::File(_)) => Some(self.put(text.as_bytes())?),
            _ => None,
        };
        let thumbnail = taken.shown.map(|shown| self.put(&shown.thumbnail)).transpose()?;
        let mut flags = BTreeSet::new();
        if matches!(&item.what, What::Image(picture) if picture.located) {
            flags.insert("located".to_owned());
        }
        let prints = self.prints(item, taken.text);
        self.new.push(NewItem {
            name: item.name.clone(),
            media_type: item.media_type.to_owned(),
            size: item.size,
            sha256: original.sha256,
            original,
            display,
            thumbnail,
            extent: measured.extent,
            timebase: measured.timebase,
            frames: measured.frames,
            priority: 0,
            skills: BTreeSet::new(),
            flags,
            prints: Some(prints),
        });
        Ok(())
    }
}

fn view(report: &Report, words: &Words) -> IntakeView {
    let told = |severity| {
        let of = report.findings.iter().filter(move |finding| finding.severity == severity);
        of.take(FINDINGS).map(|finding| FindingView::of(finding, words)).collect()
    };
    let duplicates = report
        .duplicates
        .iter()
        .take(FINDINGS)
        .map(|one| DuplicateView { name: one.name.clone(), of: one.of.clone() });
    IntakeView {
        taken: 0,
        duplicates: duplicates.collect(),
        refused: told(Severity::Error),
        notices: told(Severity::Notice),
        near: report.near.iter().take(FINDINGS).cloned().collect(),
        manifest_sha256: None,
    }
}

impl FindingView {
    fn of(finding: &Finding, words: &Words) -> Self {
        Self {
            name: finding.place.file.clone(),
            line: finding.place.line,
            byte: finding.place.byte,
            code: finding.problem.code().to_owned(),
            detail: words.media_finding(finding),
        }
    }
}

/// Adds what the project said.
fn told(view: &mut IntakeView, added: &Added, names: &[String]) {
    view.taken = added.items.len() as u64;
    let room = FINDINGS.saturating_sub(view.duplicates.len());
    view.duplicates.extend(added.duplicates.iter().take(room).map(|one| DuplicateView {
        name: names.get(one.index).cloned().unwrap_or_default(),
        of: one.seq.to_string(),
    }));
}

/// Keeps the manifest with the agreement.
async fn keep_manifest(at: &At, body: &IntakeBody, report: &Report) -> Result<ObjectRef, Problem> {
    let manifest = json!({
        "format": "tallystick/raw-data/1",
        "rights": body.rights.0,
        "personal_data": body.personal_data,
        "deidentified": body.deidentified,
        "read": report.read,
        "items": report.items,
        "duplicates": report.duplicates,
        "near": report.near,
        "findings": report.findings,
    });
    let mut bytes = serde_json::to_vec_pretty(&manifest).map_err(|error| Problem::fault(&error))?;
    bytes.push(b'\n');
    Ok(at.desk.put(&at.id, &bytes).await?)
}
