//! Vendor terms, the source contracts and example sentences as rows for the playbook's topics.
//!
//! The labels of the documents are weak: words of a sentence and of its heading. The sentences of
//! `phrases.tsv` are labelled by hand.

use std::path::{Path, PathBuf};

use review::locator::Topic;
use units::Lang;

use crate::corpus::{Document, Failure, read_text};

/// Documents that are no contracts.
const LEFT_OUT: &[&str] =
    &["Trackers Policy", "Imprint", "Brand Guidelines", "Law Enforcement", "Vulnerability"];

/// What must stand in a passage: of each group one word at least.
type Words = &'static [&'static [&'static str]];

/// Words that label a passage.
const LABELS: &[(Topic, Words)] = &[
    (
        Topic::DataRights,
        &[
            &["own", "title", "rights in", "rights to", "license", "licence", "delet", "eras"],
            &[
                "customer data",
                "customer content",
                "your content",
                "user content",
                "your data",
                "input",
                "subscriber data",
                "your materials",
                "customer materials",
            ],
        ],
    ),
    (
        Topic::DataRights,
        &[
            &["delet", "return", "destroy"],
            &["personal data", "customer personal data"],
            &["terminat", "expir", "end of", "request"],
        ],
    ),
    (
        Topic::DataRights,
        &[
            &["所有权", "归您", "归用户", "归甲方", "归乙方", "删除", "销毁", "不可撤销", "再许可"],
            &["数据", "内容"],
        ],
    ),
    (
        Topic::ModelTraining,
        &[
            &["train", "fine-tun", "fine tun"],
            &["model", "algorithm", "machine learning", " ai ", "artificial intelligence"],
        ],
    ),
    (
        Topic::ModelTraining,
        &[
            &["improve", "develop"],
            &["our services", "the services", "our products", "our technology", "models"],
            &[
                "use customer",
                "use your",
                "use the content",
                "use content",
                "use input",
                "use data",
                "usage data",
                "used to improve",
                "feedback",
                "we use",
            ],
        ],
    ),
    (
        Topic::ModelTraining,
        &[&["训练", "微调", "模型优化", "优化模型", "改进模型"], &["数据", "内容", "模型"]],
    ),
    (
        Topic::Security,
        &[&[
            "security measures",
            "security incident",
            "data breach",
            "personal data breach",
            "confidential information",
            "safeguards",
            "encrypt",
            "soc 2",
            "iso 27001",
            "technical and organi",
            "unauthorized access",
            "unauthorised access",
            "保密义务",
            "保密信息",
            "商业秘密",
            "安全措施",
            "安全事件",
            "加密",
            "泄露",
        ]],
    ),
    (
        Topic::ServiceLevel,
        &[&[
            "uptime",
            "service level",
            "service credit",
            "downtime",
            "response time",
            "availability of",
            "scheduled maintenance",
            "uninterrupted",
            "support response",
            "可用性",
            "响应时间",
            "服务中断",
            "不中断",
            "技术支持",
            "准确率",
            "停机",
        ]],
    ),
    (
        Topic::IpOwnership,
        &[
            &["own", "retain", "title", "reserve", "assign", "belong"],
            &["intellectual property", "output", "copyright", "proprietary rights", "all rights"],
        ],
    ),
    (
        Topic::IpOwnership,
        &[&["知识产权", "著作权", "专利"], &["归", "所有", "享有", "拥有", "许可", "侵犯"]],
    ),
    (Topic::Liability, &[&["indemnif", "hold harmless", "违约金", "赔偿", "间接损失"]]),
    (
        Topic::Liability,
        &[&["liab"], &["in no event", "exceed", "aggregate", "consequential", "indirect", "limit"]],
    ),
    (Topic::Liability, &[&["责任"], &["不承担", "承担", "上限", "免除", "限制"]]),
    (
        Topic::Termination,
        &[
            &["terminat", "suspend", "cancel"],
            &[
                "account",
                "agreement",
                "subscription",
                "these terms",
                "access",
                "notice",
                "services",
            ],
            &["may", "upon", "effect", "days", "right"],
        ],
    ),
    (
        Topic::Termination,
        &[
            &["export", "migrat", "transition", "retriev", "portab"],
            &["customer data", "your data", "content", "assistance", "data"],
            &["terminat", "after", "format", "period", "days"],
        ],
    ),
    (
        Topic::Termination,
        &[
            &["终止", "解除", "注销", "导出", "迁移"],
            &["协议", "服务", "账号", "帐号", "数据", "合同"],
        ],
    ),
    (
        Topic::Compliance,
        &[&[
            "audit",
            "gdpr",
            "ccpa",
            "applicable law",
            "data protection law",
            "subprocessor",
            "sub-processor",
            "standard contractual clauses",
            "export control",
            "sanctions",
            "审计",
            "法律法规",
            "个人信息保护法",
            "数据安全法",
            "网络安全法",
            "监督检查",
        ]],
    ),
];

/// The topics of the playbook.
pub(crate) fn topics() -> Vec<Topic> {
    Topic::ALL[..8].to_vec()
}

fn known() -> u32 {
    topics().into_iter().fold(0, |known, topic| known | 1 << topic as u32)
}

/// The documents under `vendor-terms` and `seeds`, each text once.
pub(crate) fn read(data: &Path) -> Result<Vec<Document>, Failure> {
    let mut files = Vec::new();
    collect(&data.join("vendor-terms"), &mut files)?;
    collect(&data.join("seeds"), &mut files)?;
    files.sort();
    let mut found: Vec<Document> = Vec::new();
    for file in files {
        let path = file.strip_prefix(data)?.to_string_lossy().into_owned();
        if LEFT_OUT.iter().any(|part| path.contains(part)) {
            continue;
        }
        let wording = read_text(&file)?;
        if found.iter().any(|document| document.wording.text == wording.text) {
            continue;
        }
        // One vendor's documents of both collections stay in one fold.
        let vendor = file.parent().and_then(Path::file_name).unwrap_or_default();
        let vendor = if path.starts_with("seeds") { path.as_ref() } else { vendor };
        let name = format!("{} - {path}", vendor.to_string_lossy());
        let mut document = Document::new(name, wording, known());
        label(&mut document);
        found.push(document);
    }
    Ok(found)
}

/// The sentences of `phrases.tsv`, each a document of one passage.
pub(crate) fn phrases() -> Result<Vec<Document>, Failure> {
    let text = include_str!("../../locator/phrases.tsv");
    let mut found = Vec::new();
    for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.starts_with('#')) {
        let (topic, sentence) = line.split_once('\t').ok_or("a phrase without its topic")?;
        let wording = reading::read(sentence.as_bytes(), "phrase.txt")?.wording;
        let mut document = Document::new(format!("phrase{number}"), wording, known());
        if topic != "none" {
            let topic = Topic::of_clause(topic).ok_or_else(|| format!("no topic {topic:?}"))?;
            document.labels.fill(1 << topic as u32);
        }
        found.push(document);
    }
    Ok(found)
}

/// Whether most of a document is Chinese.
pub(crate) fn is_chinese(document: &Document) -> bool {
    document.wording.lang == Lang::Zh
}

fn collect(folder: &Path, into: &mut Vec<PathBuf>) -> Result<(), Failure> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, into)?;
        } else {
            into.push(path);
        }
    }
    Ok(())
}

fn label(document: &mut Document) {
    for index in 0..document.passages.len() {
        let passage = &document.passages[index];
        if passage.title {
            continue;
        }
        let text = &document.wording.text[passage.start..passage.end];
        if text.chars().filter(|c| c.is_alphabetic()).count() < 12 {
            continue;
        }
        let text = format!(" {} ", text.to_lowercase());
        for (topic, words) in LABELS {
            if words.iter().all(|group| group.iter().any(|word| text.contains(word))) {
                document.labels[index] |= 1 << *topic as u32;
            }
        }
    }
}
