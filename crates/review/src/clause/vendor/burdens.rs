//! Sentences that burden the vendor more than it can carry or price: deletion at once, a notice
//! from the occurrence, an indemnity without an end, an ending without notice, audits without
//! limits. One row a burden. Serves all eight clauses from the vendor's side.

use super::super::{CONTENT, Case, Place, lower, place, says};
use crate::frame::{self, Frame};
use crate::lexicon::Group;
use crate::quantity::{self, Quantity};
use crate::scan::{Document, Groups, Sentence};
use crate::topic::Topic;
use crate::{Confidence, Finding, Side, Status, Text};

/// One burden.
struct Burden {
    clause: &'static str,
    rule: &'static str,
    status: Status,
    /// Why, zh and en.
    reason: [&'static str; 2],
    /// What to ask for, zh and en.
    advice: [&'static str; 2],
    bears: fn(&Reading<'_, '_>) -> bool,
}

/// A sentence as the rows read it.
struct Reading<'r, 'd> {
    case: &'r Case<'d>,
    sentence: &'r Sentence,
    text: String,
    frames: Vec<Frame>,
    /// Whether the document caps liability at all.
    capped: bool,
}

/// The burdens of a clause, each at its first place.
pub(super) fn of(case: &Case<'_>, capped: bool) -> Vec<Finding> {
    let document = case.document;
    let rows: Vec<&Burden> = ROWS.iter().filter(|row| row.clause == case.clause.id).collect();
    let mut found: Vec<(&Burden, Place)> = Vec::new();
    for (_, sentence) in document.running() {
        if !sentence.groups.any(WORDS) {
            continue;
        }
        let (text, frames) = (lower(document, sentence), frame::frames(document, sentence));
        let reading = Reading { case, sentence, text, frames, capped };
        for row in &rows {
            let said = found.iter().any(|(known, _)| known.rule == row.rule);
            if !said && (row.bears)(&reading) {
                found.push((row, place(sentence)));
            }
        }
    }
    found
        .into_iter()
        .map(|(row, at)| {
            let finding = case.finding(row.rule, row.status, row.reason[0], row.reason[1]);
            let finding = finding.advising(Text::new(row.advice[0], row.advice[1]));
            case.quoting(finding, Some(at)).sure(Confidence::H)
        })
        .collect()
}

/// A sentence without any of these bears nothing.
const WORDS: Groups = Groups::of(&[
    Group::Delete,
    Group::Train,
    Group::Liquidated,
    Group::Incident,
    Group::Security,
    Group::Secret,
    Group::Uptime,
    Group::Credit,
    Group::Own,
    Group::BelongsTo,
    Group::Assign,
    Group::Indemnify,
    Group::Liability,
    Group::Terminate,
    Group::Refund,
    Group::Migration,
    Group::Audit,
    Group::LawGeneral,
    Group::Subprocessor,
]);

const ROWS: &[Burden] = &[
    Burden {
        clause: "pb-01",
        rule: "vendor-deletion-at-once",
        status: Status::Adverse,
        reason: [
            "须立即或在数日内删除全部副本(含备份):备份无法即时清除,这一义务做不到。",
            "Every copy, backups included, must be deleted at once or within days; backups cannot \
             be purged so, and the duty cannot be met.",
        ],
        advice: [
            "约定在线数据三十日、备份随轮换在九十日内覆盖,其间继续保密。",
            "Ask for 30 days for live data and up to 90 days for backups on their rotation, kept \
             confidential until then.",
        ],
        bears: deleted_at_once,
    },
    Burden {
        clause: "pb-02",
        rule: "vendor-training-damages",
        status: Status::Adverse,
        reason: [
            "违反训练限制须付违约金,且没有上限。",
            "Liquidated damages follow from any training, and nothing caps them.",
        ],
        advice: [
            "为违约金设总额上限,并计入责任上限。",
            "Cap the total of the damages and let them count towards the liability cap.",
        ],
        bears: training_damages,
    },
    Burden {
        clause: "pb-02",
        rule: "vendor-training-undone",
        status: Status::Adverse,
        reason: [
            "须停用、删除或重新训练模型:技术上往往无法局部撤销。",
            "Models must be retired, deleted or trained anew; a part of a training cannot be undone.",
        ],
        advice: [
            "限于停止继续使用并删除训练数据副本。",
            "Limit it to ending the use and deleting the copies of the training data.",
        ],
        bears: |reading| {
            reading.has(Group::Train)
                && reading.says(&[
                    " retrain",
                    " retire ",
                    "unlearn",
                    "destroy any model",
                    "delete any model",
                    "重新训练",
                    "停用",
                    "销毁模型",
                    "删除模型",
                ])
        },
    },
    Burden {
        clause: "pb-02",
        rule: "vendor-training-others",
        status: Status::Below,
        reason: [
            "须保证第三方和分包商也不训练:为不受控制的人担保。",
            "The vendor answers for what third parties and subprocessors train.",
        ],
        advice: [
            "改为在分包合同中施加同样的义务。",
            "Promise to bind subprocessors by contract instead.",
        ],
        bears: |reading| {
            reading.denies(Group::Train)
                && reading.any(&[Group::Third, Group::Subprocessor, Group::Affiliate])
                && reading.says(&["ensure", "procure", "guarantee", "确保", "保证"])
        },
    },
    Burden {
        clause: "pb-03",
        rule: "vendor-notice-occurrence",
        status: Status::Adverse,
        reason: [
            "通报时限自事件“发生”而非发现时起算:尚不知情即已逾期。",
            "The clock of the notice starts when the incident occurs and not when it is found: it \
             may be over before the vendor knows.",
        ],
        advice: ["改为自供应商发现之时起算。", "Let it start when the vendor becomes aware."],
        bears: |reading| {
            reading.has(Group::Incident)
                && reading.has(Group::Notify)
                && reading.says(&[
                    "occurrence",
                    "after it occurs",
                    "after they occur",
                    "has occurred",
                    "发生后",
                    "发生之时",
                    "发生之日",
                    "发生时",
                ])
                && !reading.says(&["aware", "discover", "detect", "发现", "知悉", "获悉", "得知"])
        },
    },
    Burden {
        clause: "pb-03",
        rule: "vendor-notice-suspected",
        status: Status::Below,
        reason: [
            "疑似或未遂的事件也须通报:数量不可控。",
            "Suspected or attempted incidents must be told too, which are without number.",
        ],
        advice: [
            "限于已确认影响客户数据的事件。",
            "Limit it to incidents that affect customer data.",
        ],
        bears: |reading| {
            reading.has(Group::Incident)
                && reading.has(Group::Notify)
                && reading.says(&[
                    "suspected",
                    "attempted",
                    "potential",
                    "疑似",
                    "未遂",
                    "可能发生",
                ])
        },
    },
    Burden {
        clause: "pb-03",
        rule: "vendor-security-guarantee",
        status: Status::Adverse,
        reason: [
            "保证绝不发生安全事件:没有人能做到。",
            "It is guaranteed that no incident happens, which nobody can promise.",
        ],
        advice: [
            "改为维持列明标准的安全措施。",
            "Promise measures to a named standard instead of a result.",
        ],
        bears: |reading| {
            reading.any(&[Group::Incident, Group::Security, Group::Safety])
                && reading.says(&[
                    "guarantees that no",
                    "guarantee that no",
                    "ensure that no",
                    "ensures that no",
                    "absolute security",
                    "绝对安全",
                    "保证不发生",
                    "确保不发生",
                    "不发生任何",
                    "保证不会发生",
                    "杜绝",
                ])
                && !reading.says(&["cannot", "not guarantee", "并非", "无法", "不能"])
        },
    },
    Burden {
        clause: "pb-03",
        rule: "vendor-confidence-forever",
        status: Status::Below,
        reason: [
            "全部保密信息永久保密,不限于商业秘密。",
            "All confidential information is secret for ever, and not trade secrets alone.",
        ],
        advice: ["约定三至五年,商业秘密除外。", "Ask for 3 to 5 years, trade secrets apart."],
        bears: |reading| {
            reading.has(Group::Secret)
                && reading.says(&[
                    "perpetu",
                    "indefinitely",
                    "for ever",
                    "永久",
                    "无限期",
                    "长期有效",
                ])
                && !reading.says(&["trade secret", "商业秘密"])
        },
    },
    Burden {
        clause: "pb-04",
        rule: "vendor-customer-measures",
        status: Status::Adverse,
        reason: [
            "可用性仅以客户的监控为准。",
            "The customer's own monitoring alone decides whether the level is met.",
        ],
        advice: ["约定双方认可的探针和异议程序。", "Ask for an agreed probe and a way to object."],
        bears: |reading| {
            let measures = ["监控", "监测", "记录", "统计"];
            let zh = reading.names(Side::Customer).iter().any(|name| {
                measures.iter().any(|what| {
                    reading.text.contains(&format!("{name}{what}"))
                        || reading.text.contains(&format!("{name}的{what}"))
                })
            });
            reading.any(&[Group::Uptime, Group::Credit])
                && (zh && reading.text.contains("为准")
                    || reading.says(&[
                        "as measured by customer",
                        "as determined by customer",
                        "customer's monitoring",
                        "customer’s monitoring",
                        "customer's records",
                    ]))
        },
    },
    Burden {
        clause: "pb-05",
        rule: "vendor-background",
        status: Status::Adverse,
        reason: [
            "供应商的既有技术或底层模型也归客户。",
            "The vendor's existing technology or underlying models become the customer's.",
        ],
        advice: [
            "保留既有知识产权、底层模型和通用经验,仅授予使用许可。",
            "Keep existing IP, underlying models and know-how, and grant a licence to use them.",
        ],
        bears: background_lost,
    },
    Burden {
        clause: "pb-06",
        rule: "vendor-indemnity-open",
        status: Status::Adverse,
        reason: ["供应商的赔偿责任没有上限。", "The vendor's indemnity has no limit."],
        advice: [
            "限于第三方侵权索赔中终局判定或和解的金额,并设上限。",
            "Limit it to what is finally awarded or settled in third-party claims, with a cap.",
        ],
        bears: indemnity_open,
    },
    Burden {
        clause: "pb-06",
        rule: "vendor-damages-outside",
        status: Status::Adverse,
        reason: [
            "违约金不计入责任上限,或在违约金之外另行赔偿全部损失。",
            "Liquidated damages stand outside the cap, or beside damages in full.",
        ],
        advice: [
            "违约金计入责任上限,并抵作损失赔偿。",
            "Let them count towards the cap and be set off against damages.",
        ],
        bears: |reading| {
            reading.has(Group::Liquidated)
                && reading.says(&[
                    "not count",
                    "neither count",
                    "outside the",
                    "in addition to",
                    "without prejudice",
                    "不计入",
                    "不受责任上限",
                    "另行赔偿",
                    "还应赔偿",
                    "仍应赔偿",
                ])
        },
    },
    Burden {
        clause: "pb-07",
        rule: "vendor-exit-at-will",
        status: Status::Adverse,
        reason: [
            "客户可随时终止而无需提前通知。",
            "The customer may end for convenience without any notice.",
        ],
        advice: [
            "要求至少三十日书面通知,并支付已完成的工作和不可撤销的费用。",
            "Ask for 30 days' written notice, and payment for work done and costs committed.",
        ],
        bears: ended_at_will,
    },
    Burden {
        clause: "pb-07",
        rule: "vendor-refund-all",
        status: Status::Adverse,
        reason: [
            "终止时须退还全部费用,包括已履行部分。",
            "All fees are paid back at the end, those for work done included.",
        ],
        advice: [
            "仅退还未履行期间的预付费用。",
            "Refund prepaid fees for the time not served only.",
        ],
        bears: |reading| {
            reading.has(Group::Refund)
                && (reading.has(Group::Terminate) || reading.sentence.topics.has(Topic::End))
                && reading.says(&[
                    "all fees",
                    "full refund",
                    "refund in full",
                    "全额退还",
                    "全额退款",
                    "全部费用",
                    "已支付的所有",
                    "全部款项",
                ])
                && !reading.says(&["unused", "pro rata", "prorated", "未使用", "未履行", "按比例"])
                && !reading.says(&["non-refund", "no refund", "not refund", "non-cancel", "不予退"])
                && reading.quantities().iter().all(|found| found.days().is_none())
        },
    },
    Burden {
        clause: "pb-07",
        rule: "vendor-help-open",
        status: Status::Below,
        reason: [
            "须免费提供没有限度的迁移协助。",
            "Help with the migration is free and without a limit.",
        ],
        advice: ["约定免费工时上限,超出部分按费率收费。", "Limit the free hours; charge the rest."],
        bears: |reading| {
            reading.has(Group::Migration)
                && reading.says(&[
                    "no additional charge",
                    "free of charge",
                    "at no cost",
                    "no additional cost",
                    "免费",
                    "无偿",
                ])
                && reading.quantities().iter().all(|found| found.hours().is_none())
        },
    },
    Burden {
        clause: "pb-08",
        rule: "vendor-audit-open",
        status: Status::Adverse,
        reason: [
            "客户可随时审计,没有通知、频率和范围的限制。",
            "The customer may audit at any time, without notice and limits.",
        ],
        advice: [
            "每年一次、提前三十日通知、工作时间内、限于与客户数据有关的记录,或以第三方报告代替。",
            "Once a year on 30 days' notice, in working hours, limited to records on the customer's \
             data; or a third party's report instead.",
        ],
        bears: |reading| {
            let open = ["without notice", "without prior notice", "unannounced", "as often as"];
            let often = ["at any time", "随时", "不限次数", "无需通知", "不经通知"];
            reading.audit_parts().iter().any(|part| {
                says(part, &open)
                    || says(part, &often)
                        && reading.quantities().iter().all(|found| found.days().is_none())
            })
        },
    },
    Burden {
        clause: "pb-08",
        rule: "vendor-audit-cost",
        status: Status::Below,
        reason: ["审计费用由供应商承担。", "The vendor bears the cost of every audit."],
        advice: [
            "费用由客户承担,发现重大违约时除外。",
            "Let the customer pay, unless a material breach is found.",
        ],
        bears: |reading| {
            let vendor = reading.names(Side::Vendor);
            let bears = vendor.iter().any(|name| {
                [
                    format!("由{name}承担"),
                    format!("{name}承担"),
                    format!("{name}'s expense"),
                    format!("{name}’s expense"),
                    format!("{name}'s cost"),
                    format!("{name} shall bear"),
                    format!("{name} bears"),
                    format!("{name} will bear"),
                ]
                .iter()
                .any(|words| reading.text.contains(words.as_str()))
            });
            reading.has(Group::Audit)
                && bears
                && !reading.says(&["unless", "if the audit", "material breach", "重大违约", "发现"])
        },
    },
    Burden {
        clause: "pb-08",
        rule: "vendor-audit-reach",
        status: Status::Below,
        reason: [
            "审计及于源代码、全部系统或记录,会触及其他客户和商业秘密。",
            "An audit reaches source code, every system or every record, those of others included.",
        ],
        advice: [
            "限于与本合同客户数据有关的记录,审计人须签保密协议。",
            "Limit it to records on this customer's data, by auditors bound to confidence.",
        ],
        bears: |reading| {
            reading.audits()
                && reading.says(&[
                    "source code",
                    "all records",
                    "any records",
                    "all systems",
                    "any premises",
                    "all premises",
                    "源代码",
                    "全部记录",
                    "所有记录",
                    "所有系统",
                    "全部系统",
                    "任何场所",
                ])
        },
    },
    Burden {
        clause: "pb-08",
        rule: "vendor-customer-laws",
        status: Status::Below,
        reason: [
            "须遵守适用于客户的法律,其内容供应商无从得知。",
            "The vendor must comply with laws that apply to the customer, which it cannot know.",
        ],
        advice: [
            "限于适用于供应商提供服务的法律。",
            "Limit it to the laws that apply to the vendor as it provides the services.",
        ],
        bears: |reading| {
            reading.any(&[Group::LawGeneral, Group::Law])
                && reading.says(&[
                    "applicable to customer",
                    "that apply to customer",
                    "applicable to either party",
                    "适用于客户",
                    "客户所在行业",
                ])
        },
    },
    Burden {
        clause: "pb-08",
        rule: "vendor-subprocessor-consent",
        status: Status::Below,
        reason: [
            "每一个分包商都须客户事先同意。",
            "Every subprocessor needs the customer's prior consent.",
        ],
        advice: [
            "改为概括授权:提前三十日通知,客户可提出合理异议。",
            "Ask for a general authorisation: 30 days' notice and reasonable objection.",
        ],
        bears: |reading| {
            reading.any(&[Group::Subprocessor, Group::Third])
                && reading.says(&[
                    "subprocess",
                    "sub-process",
                    "subcontract",
                    "分包",
                    "转委托",
                    "再委托",
                ])
                && reading.has(Group::Written)
                && reading.any(&[Group::Not, Group::Never])
        },
    },
];

impl Reading<'_, '_> {
    const fn has(&self, group: Group) -> bool {
        self.sentence.groups.has(group)
    }

    fn any(&self, groups: &[Group]) -> bool {
        groups.iter().any(|group| self.has(*group))
    }

    fn says(&self, words: &[&str]) -> bool {
        says(&self.text, words)
    }

    /// Whether the vendor, or nobody by name, does it.
    fn does(&self, verb: Group) -> bool {
        self.frames.iter().any(|frame| {
            frame.verb == verb && !frame.negative && frame.actor != Some(Side::Customer)
        })
    }

    fn denies(&self, verb: Group) -> bool {
        self.frames.iter().any(|frame| frame.verb == verb && frame.negative)
    }

    /// Whether the customer audits the vendor.
    fn audits(&self) -> bool {
        !self.audit_parts().is_empty()
    }

    /// The parts of the sentence in which the customer audits the vendor, in lower case.
    fn audit_parts(&self) -> Vec<String> {
        let text = &self.case.document.wording.text;
        let audits = self.frames.iter().filter(|frame| {
            frame.verb == Group::Audit && !frame.negative && frame.actor != Some(Side::Vendor)
        });
        audits.map(|frame| text[frame.part.0..frame.part.1].to_lowercase()).collect()
    }

    fn quantities(&self) -> Vec<Quantity> {
        let text = &self.case.document.wording.text;
        quantity::quantities(text, self.sentence.start, self.sentence.end)
    }

    /// What the document calls a party, and the common words, in lower case.
    fn names(&self, side: Side) -> Vec<String> {
        let Document { parties, .. } = self.case.document;
        let (own, common): (_, &[&str]) = match side {
            Side::Vendor => (&parties.vendor, &["vendor", "provider", "supplier", "供应商"]),
            Side::Customer => (&parties.customer, &["customer", "client", "客户"]),
        };
        let own = own.iter().map(|name| name.to_lowercase());
        own.chain(common.iter().map(|name| (*name).to_owned())).collect()
    }
}

fn deleted_at_once(reading: &Reading<'_, '_>) -> bool {
    const FEW_DAYS: i64 = 7;
    let data = reading.sentence.groups.any(CONTENT) || reading.says(&["data", "数据"]);
    let copies = reading.has(Group::Backup)
        || reading.says(&["all copies", "every copy", "any copies", "全部副本", "所有副本"]);
    let soon = reading.says(&["immediately", "forthwith", "at once", "立即", "即刻", "马上"])
        || reading.quantities().iter().filter_map(Quantity::days).any(|days| days <= FEW_DAYS);
    data && copies && soon && reading.does(Group::Delete) && !reading.denies(Group::Delete)
}

fn training_damages(reading: &Reading<'_, '_>) -> bool {
    if !reading.has(Group::Liquidated) {
        return false;
    }
    let document = reading.case.document;
    let block = reading.sentence.block;
    let trains = document
        .sentences
        .iter()
        .any(|other| other.block == block && other.groups.has(Group::Train));
    let outside = reading.says(&["not count", "neither count", "不计入"]);
    let capped = reading.says(&["not exceed", "up to", "maximum", "不超过", "上限", "最高"]);
    trains && (outside || !capped)
}

fn background_lost(reading: &Reading<'_, '_>) -> bool {
    let background = reading.says(&[
        "background",
        "pre-existing",
        "preexisting",
        "underlying",
        "foundation model",
        "既有",
        "底层",
        "基础模型",
        "原有技术",
        "通用技术",
    ]);
    let kept = reading.says(&["retain", "except", "exclud", "other than", "remain", "保留", "除"]);
    let owner = reading.frames.iter().any(|frame| {
        !frame.negative
            && (frame.verb == Group::Own && frame.actor == Some(Side::Customer)
                || frame.verb == Group::Assign && frame.actor == Some(Side::Vendor))
    });
    let goes = reading.names(Side::Customer).iter().any(|name| {
        reading.text.contains(&format!("归{name}"))
            || reading.text.contains(&format!("owned by {name}"))
            || reading.text.contains(&format!("property of {name}"))
    });
    let denied = reading.any(&[Group::Not, Group::Never]);
    background && !kept && !denied && (owner || goes)
}

fn indemnity_open(reading: &Reading<'_, '_>) -> bool {
    let by = |side: Side| {
        reading.frames.iter().any(|frame| {
            frame.verb == Group::Indemnify && !frame.negative && frame.actor == Some(side)
        })
    };
    let both = reading.frames.iter().any(|frame| frame.verb == Group::Indemnify && frame.both);
    // `the right to assume the defence` is no duty.
    let pays = reading.says(&["indemnif", "harmless", "赔偿", "补偿"])
        && !reading.says(&["assume the", "indemnification by", "neither party"]);
    let wide = reading.says(&[
        "any and all",
        "all losses",
        "unlimited",
        "without limit",
        "一切损失",
        "全部损失",
        "所有损失",
        "任何损失",
    ]);
    let damages = reading.has(Group::Liquidated) && !reading.says(&["赔偿"]);
    let alone = by(Side::Vendor) && !by(Side::Customer) && !both;
    alone && pays && !damages && (wide || !reading.capped)
}

fn ended_at_will(reading: &Reading<'_, '_>) -> bool {
    let may = reading.frames.iter().any(|frame| {
        frame.verb == Group::Terminate
            && !frame.negative
            && frame.may
            && frame.actor == Some(Side::Customer)
    });
    let free = reading.any(&[Group::Convenience, Group::NoNotice]);
    let notice = reading.quantities().iter().any(|found| found.days().is_some());
    // Closing an account, or a task, ends no contract.
    let contract = !reading.says(&["account", "subscription", "账号", "账户", "任务"])
        || reading.says(&["agreement", "contract", "合同", "协议"]);
    let ours = reading.says(&["reserve the right", "removed by us"]);
    may && contract && free && !ours && !notice && !reading.has(Group::Cure)
}
