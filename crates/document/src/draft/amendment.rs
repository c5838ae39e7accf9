//! The words of a document that joins an agreement later: what it is called, to which agreement it
//! belongs, from when it holds, and which terms it replaces. Serves train-11.1, class-5.1. The
//! typed document is what runs; this is what people read beside it.

use contract::form::{WriteError, leaves, to_node};
use contract::terms::{Agreement, Document};
use units::Lang;

use crate::words::Words;

/// A document in the languages given, one after the other; `standing` has the terms that it
/// replaces as they stand.
///
/// # Errors
/// When the terms have no written form: a bug.
pub fn document_text(
    document: &Document,
    standing: &Agreement,
    langs: &[Lang],
) -> Result<String, WriteError> {
    let node = to_node(standing)?;
    let before: Vec<(String, String)> = leaves(&node)
        .into_iter()
        .filter_map(|leaf| Some((leaf.path.clone(), leaf.text()?)))
        .collect();
    let passages = langs.iter().map(|lang| passage(document, standing, &before, *lang));
    Ok(passages.collect::<Vec<_>>().join("\n\n") + "\n")
}

fn passage(
    document: &Document,
    standing: &Agreement,
    before: &[(String, String)],
    lang: Lang,
) -> String {
    let words = Words::new(lang);
    let title = match lang {
        Lang::Zh => &document.title.zh,
        Lang::En => &document.title.en,
    };
    let rank = words.name(document.rank);
    let mut lines = vec![match lang {
        Lang::Zh => format!("{title}（{rank}）"),
        Lang::En => format!("{title} ({rank})"),
    }];
    let (agreement, name) = (&standing.id, &document.id);
    let (customer, vendor) = (&standing.customer.name, &standing.vendor.name);
    lines.push(match lang {
        Lang::Zh => format!("编号 {name}，属于{customer}与{vendor}之间的协议 {agreement}。"),
        Lang::En => {
            format!("No. {name}, of the agreement {agreement} between {customer} and {vendor}.")
        }
    });
    lines.push(match (document.effective.map(|day| words.date(day)), lang) {
        (Some(day), Lang::Zh) => format!("双方签署后，自 {day} 起生效。"),
        (Some(day), Lang::En) => format!("Signed by both parties, it holds from {day}."),
        (None, Lang::Zh) => "自双方签署时起生效。".to_owned(),
        (None, Lang::En) => "It holds once both parties have signed it.".to_owned(),
    });
    lines.push(match (document.replaces.is_empty(), lang) {
        (true, Lang::Zh) => "不替换任何条款。".to_owned(),
        (true, Lang::En) => "It replaces no term.".to_owned(),
        (false, Lang::Zh) => "替换下列条款：".to_owned(),
        (false, Lang::En) => "It replaces these terms:".to_owned(),
    });
    for one in &document.replaces {
        let label = label(&words, &one.path);
        let was = before.iter().find(|(path, _)| *path == one.path).map(|(_, text)| text);
        let (path, value) = (&one.path, &one.value);
        lines.push(match (was, lang) {
            (Some(was), Lang::Zh) => format!("{label}（{path}）：{value}，原为 {was}"),
            (Some(was), Lang::En) => format!("{label} ({path}): {value}, was {was}"),
            (None, Lang::Zh) => format!("{label}（{path}）：{value}"),
            (None, Lang::En) => format!("{label} ({path}): {value}"),
        });
    }
    lines.join("\n")
}

/// What the last step of a path is called.
fn label<'a>(words: &Words, path: &'a str) -> &'a str {
    let plain = |step: &'a str| step.split('[').next().unwrap_or(step);
    let mut steps = path.rsplit('.').map(plain);
    let last = steps.next().unwrap_or(path);
    words.term_field(steps.next().unwrap_or_default(), last)
}
