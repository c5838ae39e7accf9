//! Statements, invoices and credit notes as PDF, in the reader's language or the one asked for.
//! Clauses: lease-3.2, class-5.2.

use axum::response::Response;
use desk::money::Settled;
use document::pdf::{self, PrintError};
use schemars::JsonSchema;
use serde::Deserialize;
use units::{Id, Lang};

use crate::auth::{At, Gate, Operation};
use crate::download::{Download, file_name};
use crate::extract::{Language, Path, Query};
use crate::problem::{Code, Problem};
use crate::route::{Class, Route};

/// In which language.
#[derive(Debug, Deserialize, JsonSchema)]
struct PrintQuery {
    /// That of `Accept-Language` where absent.
    lang: Option<PrintLang>,
    /// Print a period that is not submitted, as a draft.
    preview: Option<bool>,
}

#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum PrintLang {
    Zh,
    En,
}

impl PrintQuery {
    fn lang(&self, reader: Lang) -> Lang {
        match self.lang {
            Some(PrintLang::Zh) => Lang::Zh,
            Some(PrintLang::En) => Lang::En,
            None => reader,
        }
    }
}

pub(crate) fn routes() -> Vec<Route> {
    let printed = |route: Route, about: &'static str| {
        route
            .about(about)
            .gate(Gate::At(Operation::ReadMoney))
            .class(Class::Upload)
            .query::<PrintQuery>()
            .gives_media("application/pdf")
    };
    let of_statement =
        Route::get("/agreements/{id}/statements/{name}/pdf", "print_statement", statement);
    let of_invoice = Route::get("/agreements/{id}/invoices/{number}/pdf", "print_invoice", invoice);
    let of_note =
        Route::get("/agreements/{id}/credit-notes/{number}/pdf", "print_credit_note", credit_note);
    vec![
        printed(of_statement, "A statement with its workings and proofs, as PDF"),
        printed(of_invoice, "An invoice as PDF"),
        printed(of_note, "A credit note as PDF"),
    ]
}

/// Sets a page on a thread for work that takes the processor.
async fn press(
    name: &str,
    print: impl FnOnce() -> Result<Vec<u8>, PrintError> + Send + 'static,
) -> Result<Response, Problem> {
    let printed = tokio::task::spawn_blocking(print).await;
    let bytes = printed.map_err(|error| Problem::fault(&error))?;
    let bytes = bytes.map_err(|error| Problem::fault(&error))?;
    Ok(Download::bytes(name, "application/pdf", bytes))
}

async fn statement(
    at: At,
    Language(reader): Language,
    Path((_, name)): Path<(String, String)>,
    Query(query): Query<PrintQuery>,
) -> Result<Response, Problem> {
    let book = at.book().await?;
    let settled = Id::new(&name).ok().and_then(|name| book.settled.get(&name));
    let sheet = match settled {
        Some(settled) => at.desk.statement_sheet(&book, settled).await?,
        None if query.preview == Some(true) => {
            let period = desk::money::period(&book.state, &name, at.now())?;
            at.desk.statement_sheet(&book, &Settled::new(&book, &period)?).await?
        }
        None => return Err(Code::NotFound.into()),
    };
    drop(book);
    let lang = query.lang(reader);
    let file = file_name(&[at.id.as_str(), &name, lang.code()], "pdf");
    press(&file, move || pdf::statement(&sheet, lang)).await
}

async fn invoice(
    at: At,
    Language(reader): Language,
    Path((_, number)): Path<(String, u32)>,
    Query(query): Query<PrintQuery>,
) -> Result<Response, Problem> {
    let book = at.book().await?;
    if !book.state.money.invoices.iter().any(|issued| issued.summary.number == number) {
        return Err(Code::NotFound.into());
    }
    let sheet = at.desk.invoice_sheet(&book, number).await?;
    drop(book);
    let lang = query.lang(reader);
    let file = file_name(&[at.id.as_str(), "invoice", &number.to_string(), lang.code()], "pdf");
    press(&file, move || pdf::invoice(&sheet, lang)).await
}

async fn credit_note(
    at: At,
    Language(reader): Language,
    Path((_, number)): Path<(String, u32)>,
    Query(query): Query<PrintQuery>,
) -> Result<Response, Problem> {
    let book = at.book().await?;
    if !book.state.money.credit_notes.iter().any(|note| note.number == number) {
        return Err(Code::NotFound.into());
    }
    let sheet = at.desk.credit_note_sheet(&book, number).await?;
    drop(book);
    let lang = query.lang(reader);
    let file = file_name(&[at.id.as_str(), "credit-note", &number.to_string(), lang.code()], "pdf");
    press(&file, move || pdf::credit_note(&sheet, lang)).await
}
