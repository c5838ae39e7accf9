//! Drafting before there is an agreement: the wording of an agreement file, to look at and to save.
//! Keeps nothing. Clauses: pb-01.2 to pb-08.2.

use axum::response::Response;
use contract::terms::Agreement;
use desk::agreement_file::{Limits, check_agreement};
use document::draft::{self, Block, Clause, Draft, Edition, Level, LineRole, Said};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use units::Lang;

use super::reviews::{DOCX, apart};
use crate::auth::{Gate, Signed};
use crate::download::Download;
use crate::extract::{Json, Language, Query};
use crate::problem::{Code, Problem};
use crate::route::{Class, Route};
use crate::words::{DeskWords as _, Words};

/// An agreement file to draft.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct DraftBody {
    /// The agreement file, TOML or JSON.
    terms: String,
    #[serde(default)]
    edition: DraftEdition,
}

/// The languages of a draft.
#[derive(Debug, Clone, Copy, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum DraftEdition {
    /// Chinese.
    Zh,
    /// English.
    En,
    /// Both, the one that prevails first.
    #[default]
    Both,
}

/// Which file.
#[derive(Debug, Deserialize, JsonSchema)]
struct DraftQuery {
    format: DraftFormat,
}

/// The format of a draft.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum DraftFormat {
    Docx,
    Pdf,
    Txt,
}

/// The wording of an agreement, or what it lacks.
#[derive(Debug, Serialize, JsonSchema)]
struct DraftView {
    lines: Vec<DraftLineView>,
    problems: Vec<DraftProblemView>,
}

/// A line of the wording.
#[derive(Debug, Serialize, JsonSchema)]
struct DraftLineView {
    /// `title`, `party`, `line`, `article`, `clause`, `item`, `row` or `signature`.
    role: &'static str,
    /// The number of a clause.
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<String>,
    /// The id of a clause.
    #[serde(skip_serializing_if = "Option::is_none")]
    clause: Option<String>,
    lang: String,
    /// One for a paragraph, several for a row of a table.
    cells: Vec<String>,
}

/// What a draft lacks.
#[derive(Debug, Serialize, JsonSchema)]
struct DraftProblemView {
    /// The term.
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<String>,
    detail: String,
}

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::post("/drafts", "preview_draft", preview)
            .about("The wording of an agreement file, line by line; keeps nothing")
            .gate(Gate::Signed)
            .class(Class::Upload)
            .free()
            .takes::<DraftBody>()
            .gives::<DraftView>(),
        Route::post("/drafts/file", "draft_file", file)
            .about("The wording of an agreement file as Word file, PDF or text; keeps nothing")
            .gate(Gate::Signed)
            .class(Class::Upload)
            .free()
            .query::<DraftQuery>()
            .takes::<DraftBody>()
            .gives_media("application/octet-stream"),
    ]
}

impl DraftEdition {
    pub(super) const fn edition(self) -> Edition {
        match self {
            Self::Zh => Edition::Chinese,
            Self::En => Edition::English,
            Self::Both => Edition::Bilingual,
        }
    }
}

/// What became of an agreement file: its terms and wording, or what it lacks.
type Drafted = Result<(Agreement, Draft), Vec<DraftProblemView>>;

fn drafted(body: &DraftBody, words: &Words) -> Drafted {
    let checked = check_agreement(body.terms.as_bytes(), &Limits::default());
    let problems = checked.problems.iter().map(|found| DraftProblemView {
        path: Some(found.problem.path.clone()),
        detail: words.problem(&found.problem),
    });
    let problems: Vec<DraftProblemView> = problems.collect();
    let Some((agreement, _)) = checked.agreement else { return Err(problems) };
    match draft::draft(&agreement, body.edition.edition()) {
        Ok(draft) => Ok((agreement, draft)),
        Err(lacks) => Err(lacks
            .iter()
            .map(|lack| {
                let path = match lack {
                    draft::DraftProblem::Absent { path, .. }
                    | draft::DraftProblem::Unchosen { path, .. }
                    | draft::DraftProblem::Words { path, .. } => Some(path.clone()),
                    _ => None,
                };
                DraftProblemView { path, detail: words.draft_problem(lack) }
            })
            .chain(problems)
            .collect()),
    }
}

async fn preview(
    _: Signed,
    Language(lang): Language,
    Json(body): Json<DraftBody>,
) -> Result<Json<DraftView>, Problem> {
    let made = apart(move || drafted(&body, &Words::new(lang))).await?;
    Ok(Json(match made {
        Ok((_, draft)) => DraftView { lines: lines(&draft), problems: Vec::new() },
        Err(problems) => DraftView { lines: Vec::new(), problems },
    }))
}

async fn file(
    _: Signed,
    Language(lang): Language,
    Query(query): Query<DraftQuery>,
    Json(body): Json<DraftBody>,
) -> Result<Response, Problem> {
    let made = apart(move || {
        let (agreement, draft) = drafted(&body, &Words::new(lang)).map_err(|lacks| {
            let said: Vec<String> = lacks.into_iter().map(|lack| lack.detail).collect();
            let said = said.join("; ");
            Problem::new(Code::BadTerms).said(said.clone(), said)
        })?;
        let (ending, media, bytes) = match query.format {
            DraftFormat::Docx => ("docx", DOCX, draft::word(&draft, &agreement).write()),
            DraftFormat::Txt => ("txt", "text/plain; charset=utf-8", draft::text(&draft).into()),
            DraftFormat::Pdf => {
                let pdf = draft::pdf(&draft, &[]).map_err(desk::papers::PapersError::from);
                ("pdf", "application/pdf", pdf.map_err(desk::DeskError::from)?)
            }
        };
        Ok::<_, Problem>((format!("{}.{ending}", agreement.id), media, bytes))
    });
    let (name, media, bytes) = made.await??;
    Ok(Download::bytes(&name, media, bytes))
}

fn lines(draft: &Draft) -> Vec<DraftLineView> {
    let mut lines = said("title", &draft.title, None);
    for block in &draft.blocks {
        match block {
            Block::Line(line) => {
                let role = if line.role == LineRole::Party { "party" } else { "line" };
                lines.extend(said(role, &line.said, None));
            }
            Block::Clause(clause) => {
                let role = match clause.level {
                    Level::Article => "article",
                    Level::Clause => "clause",
                    Level::Item => "item",
                };
                lines.extend(said(role, &clause.said, Some(clause)));
            }
            Block::Table(table) => {
                let rows = std::iter::once(&table.heads).chain(&table.rows);
                lines.extend(rows.flat_map(|row| row_lines(row)));
            }
            Block::Signatures(all) => {
                let each = all.iter().flat_map(|one| &one.lines);
                lines.extend(each.flat_map(|line| said("signature", line, None)));
            }
        }
    }
    lines
}

fn said(role: &'static str, all: &[Said], clause: Option<&Clause>) -> Vec<DraftLineView> {
    let line = |said: &Said| DraftLineView {
        role,
        number: clause.map(|clause| clause.label(said.lang)).filter(|label| !label.is_empty()),
        clause: clause.map(|clause| clause.id.clone()),
        lang: said.lang.code().to_owned(),
        cells: vec![said.text()],
    };
    all.iter().map(line).collect()
}

/// A row of a table, once for each language.
fn row_lines(row: &[Vec<Said>]) -> Vec<DraftLineView> {
    let langs = row.iter().map(Vec::len).max().unwrap_or(0);
    let line = |at: usize| {
        let mut cells = row.iter().filter_map(|cell| cell.get(at));
        let lang = cells.clone().next().map_or(Lang::Zh, |said| said.lang);
        DraftLineView {
            role: "row",
            number: None,
            clause: None,
            lang: lang.code().to_owned(),
            cells: cells.by_ref().map(Said::text).collect(),
        }
    };
    (0..langs).map(line).collect()
}
