//! Training on the customer's data. Serves pb-02: an express ban covers training, tuning and
//! improving; any permission beside it makes the document adverse, whatever else it forbids.
//!
//! Knows verbs, actors and objects; whether a narrow use for safety is acceptable a person decides.

use std::collections::{BTreeMap, BTreeSet};

use meaning::{
    ABOUT_USE, DEFINES, FIGURES, NO_BAN, PRODUCT_TALK, denied_near, direct_content,
    is_acknowledged, is_exercise, is_of_others, is_of_product, is_of_staff, is_of_third,
    is_own_model, is_service_itself, names_use, opens_exception,
};

use super::{CONTENT, Case, Place, place, says};
use crate::frame::{self, Consent, Frame};
use crate::lexicon::Group;
use crate::scan::{Document, Groups, Sentence};
use crate::topic::Topic;
use crate::{Confidence, Finding, Side, Status, Value};

mod meaning;

/// What the sentences of a document say of training.
#[derive(Debug, Default)]
pub(super) struct Evidence {
    /// The vendor may not train: consent that lifts it, verbs, place.
    pub(super) bans: Vec<(Consent, Place)>,
    /// The vendor may train or improve with what shows content.
    pub(super) permissions: Vec<Permission>,
    /// Data only for the service, without a word on training.
    pub(super) limits: Vec<Place>,
    /// Usage figures, feedback: to be watched.
    pub(super) watch: BTreeSet<&'static str>,
    /// Verbs that the ban covers.
    pub(super) verbs: BTreeSet<&'static str>,
    /// Objects that are named.
    pub(super) objects: BTreeSet<&'static str>,
}

/// A permission to train or improve.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Permission {
    pub(super) verb: Group,
    pub(super) consent: Consent,
    pub(super) deidentified: bool,
    pub(super) own_model: bool,
    pub(super) place: Place,
}

/// Judges the clause from the customer's side.
pub(super) fn judge(case: &Case<'_>) -> Vec<Finding> {
    let evidence = collect(case.document);
    let open: Vec<Permission> = evidence
        .permissions
        .iter()
        .copied()
        .filter(|permission| {
            !permission.own_model
                && !matches!(permission.consent, Consent::Given | Consent::Written)
        })
        .collect();
    let mut findings = if let Some(worst) = open.iter().max_by_key(|found| badness(found)) {
        let mut findings = vec![permitted(case, &evidence, *worst)];
        let mut seen = BTreeSet::from([worst.place]);
        let others = open.iter().filter(|other| seen.insert(other.place));
        let others = others.take(3).map(|other| permitted(case, &evidence, *other));
        findings.extend(others);
        findings
    } else {
        vec![without_permission(case, &evidence)]
    };
    for finding in &mut findings {
        describe(&evidence, finding);
    }
    findings
}

/// The place of a ban with an exception that is no consent, where a permission with an exception of
/// its own stands beside it and neither says that it prevails.
pub(super) fn undecided(document: &Document<'_>) -> Option<Place> {
    let evidence = collect(document);
    let limited = |at: Place| {
        let sentence = document.sentences.iter().find(|sentence| place(sentence) == at);
        let limits = Groups::of(&[Group::Except, Group::Unless, Group::SubjectTo]);
        sentence.is_some_and(|sentence| {
            sentence.groups.any(limits)
                && !says(
                    &document.text(sentence).to_lowercase(),
                    &["notwithstanding any", "shall prevail", "takes precedence", "为准", "优先"],
                )
        })
    };
    let permitted =
        evidence.permissions.iter().any(|found| !found.own_model && limited(found.place));
    let bans = &evidence.bans;
    let banned = bans.iter().all(|(consent, at)| *consent == Consent::None && limited(*at));
    bans.first().filter(|_| permitted && banned).map(|(_, at)| *at)
}

fn badness(permission: &Permission) -> (bool, bool, bool) {
    (
        permission.verb == Group::Train,
        permission.consent == Consent::OptOut,
        !permission.deidentified,
    )
}

fn permitted(case: &Case<'_>, evidence: &Evidence, found: Permission) -> Finding {
    let banned = !evidence.bans.is_empty();
    let (rule, zh, en, default) = if found.consent == Consent::OptOut {
        (
            "opt-out",
            "默认用于训练或改进,客户须自行退出;沉默即被使用。",
            "Use for training or improvement is on by default; only objecting stops it.",
            "opt-out",
        )
    } else if found.deidentified {
        (
            "de-identified",
            "脱敏、去标识或汇总后的数据可用于训练或改进,实质上允许使用客户数据。",
            "De-identified or aggregated customer data may serve training or improvement.",
            "allowed",
        )
    } else if banned {
        (
            "improvement-beside-ban",
            "虽有禁止训练的表述,另一处又允许以客户数据改进产品,禁止落空。",
            "One sentence bans training, another lets the vendor improve its products with the data.",
            "allowed",
        )
    } else {
        (
            "permitted",
            "供应商可用客户数据训练模型或改进其产品与服务。",
            "The vendor may train models or improve its products with the customer's data.",
            "allowed",
        )
    };
    let finding = case.finding(rule, Status::Adverse, zh, en);
    case.quoting(finding, Some(found.place))
        .with("default", Value::Word(default.to_owned()))
        .sure(Confidence::D)
}

fn without_permission(case: &Case<'_>, evidence: &Evidence) -> Finding {
    let consented = evidence.permissions.iter().find(|found| !found.own_model);
    let dedicated = evidence.permissions.iter().find(|found| found.own_model);
    if let Some((consent, at)) = evidence.bans.iter().max_by_key(|(consent, _)| strength(*consent))
    {
        return banned(case, evidence, *consent, *at);
    }
    if let Some(found) = consented {
        let finding = case.finding(
            "opt-in",
            Status::MetByFallback,
            "仅在客户同意后才用于训练或改进;应写明书面、逐项同意。",
            "Training or improvement only after the customer's consent; ask for written consent.",
        );
        return case
            .quoting(finding, Some(found.place))
            .with("default", Value::Word("opt-in".to_owned()));
    }
    if let Some(at) = evidence.limits.first() {
        let finding = case.finding(
            "purpose-limit",
            Status::MetByFallback,
            "只有使用目的限制,没有明示禁止训练;应补充明确的禁止条款与违约金。",
            "The purpose is limited, but training is not expressly banned; add an express ban.",
        );
        return case
            .quoting(finding, Some(*at))
            .with("default", Value::Word("purpose-limit".to_owned()));
    }
    if let Some(found) = dedicated {
        let finding = case.finding(
            "own-model",
            Status::MetByFallback,
            "仅为客户自己的模型训练;应明确禁止其他训练。",
            "Training for the customer's own model alone; add a ban of any other.",
        );
        return case
            .quoting(finding, Some(found.place))
            .with("default", Value::Word("own-model".to_owned()));
    }
    let licence = super::rights::collect(case.document).broad;
    let named = |wanted: &str| licence.iter().find(|(name, _)| *name == wanted);
    let derives = |place: &Place| {
        let text = document_text(case, *place);
        says(&text, &["derivative", "modify", "adapt", "改编", "修改", "改写", "修订", "演绎"])
    };
    let wide = named("irrevocable").is_some() || named("sublicensable").is_some();
    let perpetual = named("perpetual").filter(|(_, at)| wide || derives(at));
    if let Some((_, at)) = perpetual {
        let finding = case.finding(
            "broad-licence",
            Status::Adverse,
            "没有禁止训练,而对客户内容的永久或不可撤销的许可足以涵盖训练。",
            "Training is not banned, and a perpetual or irrevocable licence to content covers it.",
        );
        return case.quoting(finding, Some(*at)).with("default", Value::Word("licence".to_owned()));
    }
    case.missing(
        "没有任何关于训练、微调或改进模型的约定。",
        "Nothing is said on training, tuning or improving models.",
    )
    .with("default", Value::Word("silent".to_owned()))
}

fn document_text(case: &Case<'_>, place: Place) -> String {
    case.document.wording.text[place.0..place.1].to_lowercase()
}

/// The stronger the ban, the smaller.
const fn strength(consent: Consent) -> u8 {
    match consent {
        Consent::Written => 0,
        Consent::None => 1,
        Consent::Given => 2,
        Consent::Setting => 3,
        Consent::OptOut => 4,
    }
}

fn banned(case: &Case<'_>, evidence: &Evidence, consent: Consent, at: Place) -> Finding {
    let (rule, status, zh, en, form) = match consent {
        Consent::Written => (
            "banned",
            Status::Met,
            "明确禁止用于训练,除非事先书面同意。",
            "Training is expressly banned without prior written consent.",
            "written",
        ),
        Consent::None => (
            "banned",
            Status::Met,
            "明确禁止将客户数据用于训练。",
            "Training on customer data is expressly banned.",
            "none",
        ),
        Consent::Given => (
            "banned-unless-agreed",
            Status::MetByFallback,
            "禁止训练,但同意的形式未写明须为书面、逐项。",
            "Training is banned unless agreed; the form of the consent is left open.",
            "agreed",
        ),
        Consent::Setting => (
            "banned-by-setting",
            Status::Below,
            "是否训练取决于产品设置,供应商可变更该设置。",
            "Whether data trains models hangs on a setting of the product.",
            "setting",
        ),
        Consent::OptOut => (
            "banned-after-opt-out",
            Status::Adverse,
            "只有退出之后才不用于训练。",
            "Training stops only after an opt-out.",
            "opt-out",
        ),
    };
    // Figures about the use may be improved with, or training itself is not named: no full marks.
    let whole = evidence.verbs.contains("train") && !evidence.watch.contains("usage-data");
    let status = if status == Status::Met && !whole { Status::MetByFallback } else { status };
    let finding = case.finding(rule, status, zh, en);
    case.quoting(finding, Some(at))
        .with("default", Value::Word("prohibited".to_owned()))
        .with("consent", Value::Word(form.to_owned()))
        .sure(Confidence::D)
}

fn describe(evidence: &Evidence, finding: &mut Finding) {
    let words = |set: &BTreeSet<&'static str>| {
        Value::Words(set.iter().map(|word| (*word).to_owned()).collect())
    };
    for (name, set) in
        [("verbs", &evidence.verbs), ("objects", &evidence.objects), ("watch", &evidence.watch)]
    {
        if !set.is_empty() {
            finding.parameters.insert(name, words(set));
        }
    }
    finding.parameters.insert("prohibition", Value::Flag(!evidence.bans.is_empty()));
}

/// Reads all sentences for training and improvement.
pub(super) fn collect(document: &Document<'_>) -> Evidence {
    let mut evidence = Evidence::default();
    let wanted = Groups::of(&[Group::Train, Group::Improve, Group::Use, Group::License]);
    for (index, sentence) in document.running() {
        let leads = sentence.lead.is_some_and(|lead| document.sentences[lead].groups.any(wanted));
        if !sentence.groups.any(wanted) && !leads {
            continue;
        }
        read(document, index, sentence, &mut evidence);
    }
    rows(document, &mut evidence);
    evidence
}

/// How long a cell may be that names a purpose and nothing else.
const PURPOSE_CHARS: usize = 48;

/// Rows of a table: the purpose in one cell (`to improve our models`), the data in another.
fn rows(document: &Document<'_>, evidence: &mut Evidence) {
    let mut rows: BTreeMap<(u32, u32), (Groups, Place)> = BTreeMap::new();
    let mut named: BTreeSet<(u32, u32)> = BTreeSet::new();
    for (_, sentence) in document.running() {
        let Some(cell) = document.wording.blocks[sentence.block].cell else { continue };
        let row =
            rows.entry((cell.table, cell.row)).or_insert((Groups::default(), place(sentence)));
        row.0 = row.0.and(sentence.groups);
        row.1.1 = row.1.1.max(sentence.end);
        // `Service improvement`, 模型优化: the cell names a purpose and nothing else.
        let short = document.text(sentence).chars().count() < PURPOSE_CHARS;
        if short && sentence.groups.has(Group::Improve) && !sentence.groups.any(CONTENT) {
            named.insert((cell.table, cell.row));
        }
    }
    let content = Groups::of(&[Group::CustomerData, Group::Input, Group::Output]);
    for (key, (groups, at)) in rows {
        let product = groups.has(Group::Product) || named.contains(&key);
        let improves = groups.has(Group::Improve) && product;
        let denied = groups.any(Groups::of(&[Group::Not, Group::Competing]));
        if !(improves || groups.has(Group::Train)) || denied || !groups.any(content) {
            continue;
        }
        evidence.permissions.push(Permission {
            verb: if groups.has(Group::Train) { Group::Train } else { Group::Improve },
            consent: Consent::None,
            deidentified: groups.has(Group::Deidentified),
            own_model: false,
            place: at,
        });
    }
}

fn read(document: &Document<'_>, index: usize, sentence: &Sentence, evidence: &mut Evidence) {
    let text = document.text(sentence).to_lowercase();
    let restricted =
        sentence.topics.has(Topic::Restriction) || sentence.groups.has(Group::Competing);
    let frames = frame::frames(document, sentence);
    for frame in &frames {
        if frame.condition {
            // `Except to improve the Services, Vendor shall not use …` lets it improve them.
            let denied = frames.iter().any(|later| {
                later.at > frame.at && later.negative && later.actor == Some(Side::Vendor)
            });
            let improves = matches!(frame.verb, Group::Train | Group::Improve);
            if improves && denied && opens_exception(document, frame) {
                let allowed = Frame { exception: true, condition: false, ..*frame };
                trains(document, index, sentence, &text, &allowed, evidence);
            }
            continue;
        }
        let acknowledged = is_acknowledged(document, sentence, frame);
        if frame.actor == Some(Side::Customer) && !acknowledged {
            // `You may opt out of the use of your Content for training`: it is on by default.
            let opted = matches!(frame.verb, Group::Train | Group::Improve)
                && frame.consent == Consent::OptOut
                && !restricted
                && sentence.groups.any(CONTENT);
            if opted {
                evidence.permissions.push(Permission {
                    verb: frame.verb,
                    consent: Consent::OptOut,
                    deidentified: false,
                    own_model: false,
                    place: place(sentence),
                });
            }
            continue;
        }
        match frame.verb {
            Group::Train | Group::Improve => {
                if restricted && frame.actor != Some(Side::Vendor) {
                    continue;
                }
                trains(document, index, sentence, &text, frame, evidence);
            }
            Group::Use if is_of_third(&text) => {}
            Group::Use => limits(sentence, &text, frame, evidence),
            _ => {}
        }
    }
}

/// The data that a frame speaks of: named in its part, in its sentence, or in the one before.
fn objects(document: &Document<'_>, index: usize, sentence: &Sentence, frame: &Frame) -> Groups {
    let all = Groups::of(&[
        Group::CustomerData,
        Group::Input,
        Group::Output,
        Group::PersonalData,
        Group::UsageData,
        Group::Feedback,
        Group::Deidentified,
    ]);
    // `a licence to your content for: (a) improving the services (your feedback helps)`.
    let only_feedback = frame.groups.has(Group::Feedback)
        && !frame.groups.any(CONTENT.and(Groups::of(&[Group::UsageData, Group::Deidentified])));
    let granted = sentence
        .lead
        .map(|lead| document.sentences[lead].groups)
        .filter(|lead| only_feedback && lead.any(CONTENT) && lead.has(Group::License));
    if let Some(granted) = granted {
        return granted;
    }
    if frame.groups.any(all) {
        return frame.groups;
    }
    if sentence.groups.any(all) {
        return sentence.groups;
    }
    if let Some(lead) = sentence.lead {
        let lead = &document.sentences[lead];
        if lead.groups.any(all) {
            return lead.groups;
        }
    }
    let text = document.text(sentence).to_lowercase();
    let refers = says(
        &text,
        &[
            "it ",
            "them",
            "this data",
            "this information",
            "such data",
            "such information",
            "these",
            "this license",
            "this licence",
            "the rights you grant",
            "该等",
            "上述",
            "前述",
            "此类",
            "其",
        ],
    );
    match index.checked_sub(1).map(|before| &document.sentences[before]) {
        Some(before) if refers && before.block == sentence.block => before.groups,
        _ => Groups::default(),
    }
}

fn trains(
    document: &Document<'_>,
    index: usize,
    sentence: &Sentence,
    text: &str,
    frame: &Frame,
    evidence: &mut Evidence,
) {
    let objects = objects(document, index, sentence, frame);
    let figures = objects.any(FIGURES);
    let content = objects.any(CONTENT);
    let at = place(sentence);
    if frame.negative {
        if says(text, NO_BAN)
            || text.ends_with('?')
            || !denied_near(document, sentence, frame)
            || is_of_others(document, index, sentence, text)
        {
            return;
        }
        // `not by default` means that a choice turns it on.
        let open = says(text, &["by default", "默认"]);
        let consent = if open { frame.consent.max(Consent::Given) } else { frame.consent };
        if frame.verb == Group::Train && (content || objects.has(Group::UsageData)) {
            evidence.verbs.insert("train");
            name_objects(objects, evidence);
            evidence.bans.push((consent, at));
        } else if frame.verb == Group::Improve
            && content
            && is_of_product(document, sentence, frame)
        {
            evidence.verbs.insert("improve");
            name_objects(objects, evidence);
            evidence.bans.push((consent, at));
        }
        return;
    }
    if says(text, DEFINES)
        || is_exercise(document, frame, text)
        || is_of_staff(document, frame, text)
    {
        return;
    }
    // A data set that the contract names with its purpose is supplied, not taken.
    if frame.actor.is_none() && text.starts_with("数据集") && !text.contains("客户") {
        return;
    }
    if says(text, PRODUCT_TALK) && frame.actor.is_none() && !frame.exception {
        return;
    }
    // Figures about the use stay figures when they are aggregated.
    let about_use = names_use(document, sentence) || says(text, ABOUT_USE);
    if !content && (!objects.has(Group::Deidentified) || about_use) {
        if about_use && (figures || objects.has(Group::Deidentified)) {
            evidence.watch.insert("usage-data");
        }
        if figures {
            watch(objects, evidence);
        }
        return;
    }
    if figures && !objects.has(Group::Deidentified) && !direct_content(document, sentence, frame) {
        watch(objects, evidence);
        return;
    }
    if is_service_itself(document, sentence, frame) {
        return;
    }
    if !is_of_product(document, sentence, frame) {
        return;
    }
    evidence.permissions.push(Permission {
        verb: frame.verb,
        consent: frame.consent,
        deidentified: objects.has(Group::Deidentified),
        own_model: is_own_model(text),
        place: at,
    });
}

fn name_objects(objects: Groups, evidence: &mut Evidence) {
    for (group, name) in [
        (Group::Input, "input"),
        (Group::Output, "output"),
        (Group::CustomerData, "customer-data"),
        (Group::PersonalData, "personal-data"),
        (Group::UsageData, "usage-data"),
        (Group::Feedback, "feedback"),
        (Group::Deidentified, "de-identified"),
    ] {
        if objects.has(group) {
            evidence.objects.insert(name);
        }
    }
}

fn watch(objects: Groups, evidence: &mut Evidence) {
    if objects.has(Group::UsageData) {
        evidence.watch.insert("usage-data");
    }
    if objects.has(Group::Feedback) {
        evidence.watch.insert("feedback");
    }
}

/// Purposes that are left out.
const OTHER_PURPOSES: &[&str] = &[
    "any other purpose",
    "other purposes",
    "purpose other than",
    "约定外",
    "约定以外",
    "以外的其他目的",
    "目的以外",
    "目的之外",
    "其他目的",
    "其他用途",
];

/// `only to provide the services`: a limit of purpose without a ban.
fn limits(sentence: &Sentence, text: &str, frame: &Frame, evidence: &mut Evidence) {
    if !frame.groups.any(CONTENT) {
        return;
    }
    let only = frame.groups.has(Group::Only) && frame.groups.has(Group::Provide);
    let except = frame.negative
        && frame.groups.has(Group::Provide)
        && frame.groups.any(Groups::of(&[Group::Except, Group::Only, Group::Unless]));
    let other = frame.negative && says(text, OTHER_PURPOSES);
    let agreed = frame.groups.has(Group::Only) && frame.groups.has(Group::Train);
    if (only || except || other || agreed) && !frame.groups.any(Groups::of(&[Group::Improve])) {
        evidence.limits.push(place(sentence));
    }
}
