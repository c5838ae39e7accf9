//! What waits for the reader, over all agreements, and what of it was read. What there is to know
//! is decided in [`crate::notices`]; mails and webhooks tell of the same, under the same ids.

use contract::obligation::ObligationKind;
use contract::position;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use units::{ClauseId, Id, Timestamp};

use crate::auth::Signed;
use crate::extract::{Json, Path};
use crate::notices::{self, Ahead, Notice, NoticeKind, notice_id};
use crate::problem::{Code, Problem};
use crate::route::Route;
use crate::routes::session::{NOTHING, Nothing};
use crate::views::List;

/// The most notices of one answer.
const MOST: usize = 500;

/// Something that waits, or was not done in its time.
#[derive(Debug, Serialize, JsonSchema)]
struct NoticeView {
    /// The same in mails and webhooks.
    id: String,
    agreement: Id,
    kind: NoticeKind,
    /// Which obligation, where it is one.
    obligation: Option<Id>,
    /// What is owed, as a code, where it is an obligation.
    owed: Option<ObligationKind>,
    /// Which statement, invoice or document, where it is one.
    subject: Option<String>,
    /// Whether the reader's side is to act.
    mine: bool,
    /// By when; absent where no time runs.
    due: Option<Timestamp>,
    clause: Option<ClauseId>,
    /// Since when it is so.
    since: Timestamp,
    read: bool,
}

/// Notices that were read.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ReadBody {
    /// The notices; all of now where absent.
    #[schemars(length(max = 500))]
    notices: Option<Vec<String>>,
}

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get("/notices", "list_notices", list)
            .about("What waits or is overdue at the caller's agreements, the first due first")
            .gives::<List<NoticeView>>(),
        Route::post("/notices/read", "read_notices", read_many)
            .about("Marks notices as read")
            .takes::<ReadBody>()
            .nothing(),
        Route::post("/notices/{notice}/read", "read_notice", read_one)
            .about("Marks one notice as read")
            .nothing(),
    ]
}

async fn standing(signed: &Signed) -> Result<Vec<NoticeView>, Problem> {
    let read = signed.people().read_notices(&signed.caller).await?;
    let mut all = Vec::new();
    for at in signed.agreements().await? {
        let (book, side) = (at.book().await?, at.side());
        let now = position(&book.state, at.now());
        for notice in notices::of(&book.state, &now, side, Ahead::SHOWN) {
            let id = notice_id(&at.id, side, &notice.key);
            let Notice { kind, obligation, subject, acts, due, clause, since, .. } = notice;
            let (obligation, owed) = obligation.unzip();
            all.push(NoticeView {
                read: read.contains_key(&id),
                id,
                agreement: at.id.clone(),
                kind,
                obligation,
                owed,
                subject,
                mine: acts == side,
                due,
                clause,
                since,
            });
        }
    }
    // What has no time of its own stands where it came up.
    all.sort_by(|a, b| (a.due.unwrap_or(a.since), &a.id).cmp(&(b.due.unwrap_or(b.since), &b.id)));
    all.truncate(MOST);
    Ok(all)
}

async fn list(signed: Signed) -> Result<Json<List<NoticeView>>, Problem> {
    Ok(Json(standing(&signed).await?.into()))
}

async fn read_many(signed: Signed, Json(body): Json<ReadBody>) -> Nothing {
    let notices = match body.notices {
        Some(notices) => notices,
        None => standing(&signed).await?.into_iter().map(|notice| notice.id).collect(),
    };
    for some in notices.chunks(100) {
        let some: Vec<&str> = some.iter().map(String::as_str).collect();
        signed.people().mark_read(&signed.caller, &some).await?;
    }
    NOTHING
}

async fn read_one(signed: Signed, Path(notice): Path<String>) -> Nothing {
    if notice.len() != 32 || !notice.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(Code::NotFound.into());
    }
    signed.people().mark_read(&signed.caller, &[&notice]).await?;
    NOTHING
}
