//! What a heading speaks of: the nearest headings above a sentence say under which clause of the
//! playbook it falls. A heading decides nothing; it lets a rule read a sentence that names no
//! topic itself.

use wording::Wording;

/// A topic of a heading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Topic {
    /// Data and content of the customer.
    Data,
    /// Security and confidentiality.
    Security,
    /// Service levels.
    Level,
    /// IP and ownership.
    Ownership,
    /// Liability.
    Liability,
    /// Indemnification.
    Indemnity,
    /// Term, termination, suspension.
    End,
    /// Compliance and audit.
    Audit,
    /// Changes of the terms.
    Change,
    /// What the customer must not do.
    Restriction,
    /// Feedback.
    Feedback,
}

/// The topics of a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Topics(u16);

impl Topics {
    pub(crate) const fn with(self, topic: Topic) -> Self {
        Self(self.0 | (1 << (topic as u16)))
    }

    pub(crate) const fn has(self, topic: Topic) -> bool {
        self.0 & (1 << (topic as u16)) != 0
    }
}

const WORDS: &[(Topic, &[&str])] = &[
    (
        Topic::Data,
        &[
            "customer data",
            "your content",
            "user content",
            "customer content",
            "data rights",
            "your data",
            "use of data",
            "data usage",
            "model training",
            "数据权利",
            "数据使用",
            "用户内容",
            "数据的",
            "数据提供",
        ],
    ),
    (Topic::Security, &["security", "confidential", "breach", "incident", "保密", "安全", "泄露"]),
    (
        Topic::Level,
        &[
            "service level",
            "sla",
            "uptime",
            "availability",
            "service credit",
            "服务水平",
            "服务等级",
            "可用性",
            "服务保障",
            "服务质量",
        ],
    ),
    (
        Topic::Ownership,
        &[
            "intellectual",
            "ownership",
            "proprietary",
            "output",
            "知识产权",
            "所有权",
            "权利归属",
            "成果归属",
        ],
    ),
    (
        Topic::Liability,
        &[
            "limitation of liab",
            "limitations of liab",
            "limits of liab",
            "liability",
            "责任限制",
            "责任的限制",
            "违约责任",
            "免责",
            "赔偿责任",
            "limitations",
        ],
    ),
    (Topic::Indemnity, &["indemn", "赔偿", "infringement claim"]),
    (
        Topic::End,
        &[
            "terminat",
            "term and",
            "suspension",
            "return of",
            "deletion",
            "exit",
            "cancel",
            "data export",
            "switching",
            "portability",
            "offboarding",
            "数据导出",
            "数据迁移",
            "终止",
            "解除",
            "期限",
            "退出",
            "注销",
            "中止",
        ],
    ),
    (Topic::Audit, &["audit", "compliance", "inspection", "审计", "合规", "法律法规", "检查"]),
    (
        Topic::Change,
        &["changes to", "modification", "amendment", "updates to", "修改", "变更", "更新"],
    ),
    (
        Topic::Restriction,
        &[
            "restrict",
            "acceptable use",
            "prohibited",
            "what you cannot",
            "your responsib",
            "行为规范",
            "使用规范",
            "禁止",
            "限制",
        ],
    ),
    (Topic::Feedback, &["feedback", "反馈"]),
];

/// How long a heading in a line with its text may be (`13. Limitation of Liability. In no …`).
const INLINE_CHARS: usize = 60;
/// How many headings above a block count, from the nearest.
const NEAREST: usize = 3;

/// The topics of each block: of its own first words and of the headings above it.
pub(crate) fn of_blocks(wording: &Wording) -> Vec<Topics> {
    let own: Vec<Topics> = (0..wording.blocks.len()).map(|index| own(wording, index)).collect();
    let mut last_heading: Option<usize> = None;
    (0..wording.blocks.len())
        .map(|index| {
            let mut bits = own[index].0;
            let above = wording.above(index);
            for parent in above.iter().rev().take(NEAREST) {
                bits |= own[*parent].0;
            }
            if wording.blocks[index].heading {
                last_heading = Some(index);
            } else if above.is_empty()
                && let Some(heading) = last_heading
            {
                bits |= own[heading].0;
            }
            Topics(bits)
        })
        .collect()
}

fn own(wording: &Wording, index: usize) -> Topics {
    let body = wording.body(index);
    let title: String = if wording.blocks[index].heading {
        body.chars().take(160).collect()
    } else {
        let head: String = body.chars().take(INLINE_CHARS).collect();
        let Some(end) = head.find(['.', ':', '。', '：', '—']) else { return Topics(0) };
        head[..end].to_owned()
    };
    let title = title.to_lowercase();
    let mut bits = 0;
    for (topic, words) in WORDS {
        if words.iter().any(|word| title.contains(word)) {
            bits |= 1 << (*topic as u16);
        }
    }
    Topics(bits)
}
