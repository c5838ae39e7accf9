//! An entry of the journal in one line: what happened and its fields, in words.

use contract::event::{
    ClaimBasis, DisputeSubject, Event, PaymentPurpose, Recorded, TerminationGround,
};
use contract::terms::{
    BreachKind, DocumentationSection, ExclusionReason, IndemnityScope, Purpose, RequestClass, Side,
};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use units::{Date, EndState, Fraction, Metric, Money, ServiceState, Window};

use super::{Named, Words};

/// How many elements of a list are named.
const NAMED: usize = 4;

impl Words {
    /// What an entry says: `交付成果：交付 lot-1，轮次 1`.
    #[must_use]
    pub fn entry(&self, entry: &Recorded) -> String {
        let name = self.event(&entry.event);
        let details = self.details(&entry.event);
        if details.is_empty() {
            return name.to_owned();
        }
        say!(self, "{name}：{details}", "{name}: {details}")
    }

    /// The fields of an event, without what is too long for a line.
    fn details(&self, event: &Event) -> String {
        if let Event::AgreementDrafted { agreement, terms_sha256 } = event {
            let (id, hash) = (&agreement.id, short(terms_sha256));
            return format!("{id} {hash}");
        }
        let Ok(Value::Object(tagged)) = serde_json::to_value(event) else { return String::new() };
        let payload = tagged.get("payload").and_then(Value::as_object);
        let fields = match payload {
            Some(payload) => match payload.get("fact") {
                Some(Value::Object(fact)) => fact,
                _ => payload,
            },
            None => return String::new(),
        };
        let texts = self.fields(fields);
        let comma = say!(self, "，", ", ");
        texts.join(&comma)
    }

    fn fields(&self, fields: &Map<String, Value>) -> Vec<String> {
        let mut wanted: Vec<(&String, &Value)> =
            fields.iter().filter(|(key, value)| !is_silent(key) && !is_nothing(value)).collect();
        wanted.sort_by_key(|(key, _)| (rank(key), *key));
        let texts = wanted.into_iter().filter_map(|(key, value)| {
            let is_day = value.as_str().is_some_and(|text| text.parse::<Date>().is_ok());
            let value = self.value(value)?;
            let key = if key == "due" && is_day { "due_date" } else { key };
            Some(format!("{} {value}", LABELS.name(key, self.lang).unwrap_or(key)))
        });
        texts.collect()
    }

    fn value(&self, value: &Value) -> Option<String> {
        match value {
            Value::Null => None,
            Value::Bool(true) => Some(say!(self, "是", "yes")),
            Value::Bool(false) => None,
            Value::Number(number) => Some(number.to_string()),
            Value::String(text) => Some(self.plain(text)),
            Value::Array(items) => self.items(items),
            Value::Object(map) => Some(self.object(value, map)),
        }
    }

    fn plain(&self, text: &str) -> String {
        if let Ok(at) = text.parse::<units::Timestamp>() {
            return self.instant(at);
        }
        if text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return short(text);
        }
        self.code(text).unwrap_or(text).to_owned()
    }

    /// The name of a code of the contract.
    fn code(&self, text: &str) -> Option<&'static str> {
        fn read<T: DeserializeOwned + Named>(words: &Words, text: &str) -> Option<&'static str> {
            serde_json::from_value::<T>(text.into()).ok().map(|code| words.name(code))
        }
        read::<Side>(self, text)
            .or_else(|| read::<Metric>(self, text))
            .or_else(|| read::<Purpose>(self, text))
            .or_else(|| read::<BreachKind>(self, text))
            .or_else(|| read::<TerminationGround>(self, text))
            .or_else(|| read::<ServiceState>(self, text))
            .or_else(|| read::<EndState>(self, text))
            .or_else(|| read::<ExclusionReason>(self, text))
            .or_else(|| read::<DocumentationSection>(self, text))
            .or_else(|| read::<RequestClass>(self, text))
            .or_else(|| read::<IndemnityScope>(self, text))
    }

    fn items(&self, items: &[Value]) -> Option<String> {
        if items.is_empty() {
            return None;
        }
        let named = items.iter().take(NAMED).filter_map(|item| self.value(item));
        let mut text = self.list(named.collect::<Vec<_>>());
        if items.len() > NAMED {
            let left = items.len() - NAMED;
            text.push_str(&say!(self, " 等 {left} 项", " and {left} more"));
        }
        Some(text)
    }

    /// A variant by its name, and the values beside its tag.
    fn tagged(&self, name: &str, tag: &str, map: &Map<String, Value>) -> String {
        let rest = map.iter().filter(|(key, _)| *key != tag);
        let rest = rest.filter_map(|(_, value)| self.value(value));
        std::iter::once(name.to_owned()).chain(rest).collect::<Vec<_>>().join(" ")
    }

    fn object(&self, value: &Value, map: &Map<String, Value>) -> String {
        if let Ok(money) = serde_json::from_value::<Money>(value.clone()) {
            return self.money(money);
        }
        if let Ok(window) = serde_json::from_value::<Window>(value.clone()) {
            return self.window(window);
        }
        if let Ok(ratio) = serde_json::from_value::<units::Ratio>(value.clone()) {
            return self.ratio(ratio);
        }
        if let Ok(fraction) = serde_json::from_value::<Fraction>(value.clone()) {
            return self.exact(fraction);
        }
        if let (Some(Value::String(item)), Some(quantity)) = (map.get("item"), map.get("quantity"))
        {
            return format!("{item} {quantity}");
        }
        if let Ok(subject) = serde_json::from_value::<DisputeSubject>(value.clone()) {
            return self.tagged(self.name(subject), "about", map);
        }
        if let Ok(basis) = serde_json::from_value::<ClaimBasis>(value.clone()) {
            return self.tagged(self.name(basis), "basis", map);
        }
        if let Ok(purpose) = serde_json::from_value::<PaymentPurpose>(value.clone()) {
            let number = map.get("number").map_or(String::new(), |number| format!(" {number}"));
            return format!("{}{number}", self.name(purpose));
        }
        let texts = map.values().filter_map(|value| self.value(value));
        texts.collect::<Vec<_>>().join(" ")
    }
}

/// What stands first in a line: the name of the thing.
fn rank(key: &str) -> usize {
    const FIRST: [&str; 16] = [
        "statement",
        "invoice",
        "number",
        "payment",
        "delivery",
        "claim",
        "dispute",
        "document",
        "item",
        "batch",
        "round",
        "job",
        "node",
        "ticket",
        "amount",
        "gross",
    ];
    FIRST.iter().position(|first| *first == key).unwrap_or(FIRST.len())
}

/// An amount of nothing.
fn is_nothing(value: &Value) -> bool {
    serde_json::from_value::<Money>(value.clone()).is_ok_and(Money::is_zero)
}

/// Fields that a line leaves out: the entry has them, and they are long or said already.
fn is_silent(key: &str) -> bool {
    matches!(
        key,
        "fact"
            | "source"
            | "key"
            | "signature"
            | "terms_sha256"
            | "sha256"
            | "commitment"
            | "seed"
            | "billed"
            | "lines"
            | "side"
            | "by"
            | "signatory"
            | "results"
            | "net"
            | "tax"
            | "token"
    )
}

codes! { LABELS {
    "accepted": "认可", "accepted";
    "although": "理由", "because of";
    "amount": "金额", "amount";
    "about": "关于", "about";
    "audit": "审计", "audit";
    "basis": "依据", "basis";
    "batch": "批次", "batch";
    "breach": "违约", "breach";
    "breach_by": "违约方", "in breach";
    "bytes": "字节", "bytes";
    "case": "事件", "case";
    "claim": "索赔", "claim";
    "class": "类别", "class";
    "clause": "条款", "clause";
    "content": "内容", "content";
    "count": "数量", "count";
    "credits": "信用", "credits";
    "data_bytes": "数据字节", "bytes of data";
    "deemed": "视为同意", "deemed";
    "delivery": "交付", "delivery";
    "devices": "设备", "devices";
    "direct": "直接损失", "direct";
    "discovered": "发现于", "discovered";
    "disputed": "有异议", "disputed";
    "dispute": "争议", "dispute";
    "docket": "案号", "docket";
    "document": "文件", "document";
    "drawdown": "抵扣", "drawdown";
    "due": "应付", "due";
    "due_date": "付款期限", "by";
    "duty": "配合事项", "duty";
    "effective": "终止于", "effective";
    "end": "结束", "end";
    "evidence": "证据", "evidence";
    "exclusion": "除外", "exclusion";
    "failed": "未达标", "failed";
    "from": "自", "from";
    "from_seq": "自", "from";
    "gross": "含税", "gross";
    "ground": "事由", "ground";
    "hours": "小时", "hours";
    "in_time": "按时", "in time";
    "incident": "事件", "incident";
    "indirect": "间接损失", "indirect";
    "invoice": "发票", "invoice";
    "issued": "开具", "issued";
    "item": "工作项", "item";
    "items": "数量", "items";
    "job": "作业", "job";
    "joins": "参加", "joins";
    "load_percent": "负载 %", "load %";
    "lot": "批量", "lot";
    "metric": "指标", "metric";
    "migration": "迁移", "migration";
    "milestones": "里程碑", "milestones";
    "model": "模型", "model";
    "net": "未税", "net";
    "node": "节点", "node";
    "number": "号", "number";
    "obligation": "义务", "obligation";
    "occurred": "发生于", "occurred";
    "on": "日期", "on";
    "one_off": "一次性费用", "one-off";
    "parameters": "参数量", "parameters";
    "payable": "应付", "payable";
    "payment": "流水号", "payment";
    "planned": "计划于", "planned";
    "proposal": "提案", "proposal";
    "purpose": "用途", "purpose";
    "quantity": "数量", "quantity";
    "ratio": "比例", "ratio";
    "reason": "原因", "reason";
    "reminder": "催告", "reminder";
    "report": "报告", "report";
    "resource": "资源", "resource";
    "round": "轮次", "round";
    "sample": "样本", "sample";
    "scope": "范围", "scope";
    "sections": "章节", "sections";
    "since": "自", "since";
    "software": "软件", "software";
    "standard": "标准", "standard";
    "state": "状态", "state";
    "statement": "结算单", "statement";
    "subject": "关于", "about";
    "support": "依据", "supported by";
    "taken": "时间", "taken";
    "tax": "税", "tax";
    "test_set": "测试集", "test set";
    "ticket": "工单", "ticket";
    "to": "至", "to";
    "to_seq": "至", "to";
    "towards": "用于", "towards";
    "training_seconds": "训练秒数", "seconds";
    "until": "至", "until";
    "up": "恢复", "up";
    "value": "数值", "value";
    "version": "版本", "version";
    "window": "时段", "window";
} }

/// The beginning of a hash.
fn short(hash: &str) -> String {
    format!("{}…", hash.get(..8).unwrap_or(hash))
}
