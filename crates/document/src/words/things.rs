//! Names of the codes that refusals carry: the kind of a thing, a field, a step that must come
//! first.

use contract::state::Phase;
use contract::terms::Service;

use super::{Words, named};

codes! { THINGS {
    "audit": "审计", "audit";
    "batch": "数据批次", "data batch";
    "claim": "索赔", "claim";
    "credit_note": "贷项", "credit note";
    "custom_model": "定制模型", "custom model";
    "damages": "约定违约金", "agreed damages";
    "data": "数据", "data";
    "dataset": "数据集", "dataset";
    "delivery": "交付", "delivery";
    "dispute": "争议", "dispute";
    "document": "文件", "document";
    "documentation": "技术文档", "documentation";
    "duty": "配合事项", "customer's duty";
    "evaluation": "评测", "evaluation";
    "evidence": "证据", "piece of evidence";
    "exclusion": "约定除外时段", "agreed exclusion";
    "export": "数据返还", "export";
    "force_majeure": "不可抗力事件", "case of force majeure";
    "indemnity": "赔偿承诺", "indemnity";
    "invoice": "发票", "invoice";
    "item": "标注项目", "work item";
    "job": "作业", "job";
    "line": "结算行", "line of the statement";
    "manifest": "清单", "manifest";
    "obligation": "义务", "obligation";
    "patent": "专利申请提议", "patent proposal";
    "payment": "付款", "payment";
    "reminder": "催告", "reminder";
    "renewal": "续期申请", "request for renewal";
    "resource": "资源", "resource";
    "revenue": "收入申报", "revenue report";
    "round": "训练轮次", "training round";
    "sample": "抽样", "sample";
    "seed": "抽样种子", "sampling seed";
    "service": "服务", "service";
    "signature": "签名", "signature";
    "source": "数据来源", "source";
    "statement": "结算单", "statement";
    "test_set": "测试集", "test set";
    "timestamp": "时间戳", "timestamp";
} }

codes! { FIELDS {
    "amount": "金额", "amount";
    "count": "数量", "count";
    "devices": "设备列表", "list of devices";
    "direct": "直接损失", "direct loss";
    "disputed": "争议金额", "disputed amount";
    "failed": "未达标的标准列表", "list of standards not met";
    "gross": "含税金额", "amount with tax";
    "hits": "命中数", "hits";
    "in_time": "按时响应数", "responses in time";
    "items": "条目数", "number of items";
    "lines": "结算行", "lines of the statement";
    "payable": "应付金额", "amount payable";
    "quantity": "数量", "quantity";
    "sample": "样本量", "sample size";
    "tax": "税额", "tax";
    "total": "总数", "total";
    "undisputed": "无争议金额", "undisputed amount";
} }

codes! { STEPS {
    "agreement_ended": "协议终止", "the end of the agreement";
    "answer_claim": "答复索赔", "the answer to the claim";
    "approve_statement": "确认结算单", "approval of the statement";
    "delivery_submitted": "记录交付", "a record of the delivery";
    "export_provided": "返还数据", "the hand-back of the data";
    "file_dispute": "将争议提交约定的法院或仲裁机构", "filing the dispute with the agreed forum";
    "indemnity_notified": "通知赔偿方第三方索赔", "telling the other party of the third party's claim";
    "issue_credit_note": "开具贷项", "the credit note";
    "model_delivered": "记录模型交付", "a record of the model's delivery";
    "reject": "拒收", "rejection";
    "run_finished": "记录训练完成", "a record of the finished run";
    "seed_revealed": "双方公布抽样种子", "the sampling seeds of both parties, revealed";
    "test_set_opened": "记录打开测试集", "a record that the test set was opened";
} }

impl Words {
    /// The name of the kind of a thing; the code itself where it has none.
    #[must_use]
    pub fn thing<'a>(&self, code: &'a str) -> &'a str {
        THINGS.name(code, self.lang).unwrap_or(code)
    }

    /// The name of a field of an event; the code itself where it has none.
    #[must_use]
    pub fn field<'a>(&self, code: &'a str) -> &'a str {
        FIELDS.name(code, self.lang).unwrap_or(code)
    }

    /// What must come first; the code itself where it has no name.
    #[must_use]
    pub fn step<'a>(&self, code: &'a str) -> &'a str {
        STEPS.name(code, self.lang).unwrap_or(code)
    }

    /// The name of a kind of service; the code itself where it has none.
    #[must_use]
    pub fn kind<'a>(&self, code: &'a str) -> &'a str {
        named::<Service>(code, self.lang).unwrap_or(code)
    }

    /// The name of a phase of life; the code itself where it has none.
    #[must_use]
    pub fn phase<'a>(&self, code: &'a str) -> &'a str {
        named::<Phase>(code, self.lang).unwrap_or(code)
    }
}
