//! Labels of the fields of facts and actions, for forms that are made from their JSON Schema. A
//! field that means something else in one place stands there as `place.field`, the place being
//! the code of the fact or action.

use super::Words;

codes! {
    /// Labels by the name of the field, or by `place.field`.
    FORM_FIELDS {
    "about": "争议对象", "what it is about";
    "accepted": "认可金额", "amount accepted";
    "agreement": "协议条款", "terms of the agreement";
    "although": "仍交付的理由的 SHA-256", "SHA-256 of the reason why it goes";
    "amount": "金额", "amount";
    "annexes": "附件文件", "annexes";
    "seals": "印章图样", "pictures of seals";
    "answer_patent.joins": "是否共同申请", "joins the application";
    "audit": "审计名称", "name of the audit";
    "average": "平均方式", "way of averaging";
    "basis": "索赔依据", "basis of the claim";
    "batch": "数据批次", "data batch";
    "billed": "计费数量", "quantities billed";
    "breach": "违约类型", "kind of breach";
    "by": "哪一方", "party";
    "bytes": "占用字节数", "bytes used";
    "case": "不可抗力事件名称", "name of the case of force majeure";
    "claim": "索赔名称", "name of the claim";
    "class": "类别", "class";
    "clause": "条款", "clause";
    "commitment": "种子的承诺值", "commitment to the seed";
    "content": "内容的 SHA-256", "SHA-256 of the content";
    "count": "数量", "count";
    "credits": "服务信用抵扣", "service credits taken off";
    "currency": "币种", "currency";
    "customer": "客户签署人", "signatory of the customer";
    "damages": "约定违约金条目", "agreed damages";
    "data_bytes": "训练数据字节数", "bytes of training data";
    "declare_force_majeure.from": "开始时间", "when it began";
    "delivery": "交付名称", "name of the delivery";
    "den": "分母", "denominator";
    "devices": "占用设备", "devices held";
    "direct": "直接损失", "direct loss";
    "discovered": "发现时间", "when it was discovered";
    "dispute": "争议名称", "name of the dispute";
    "disputed": "争议金额", "disputed amount";
    "do": "行动", "action";
    "docket": "案号", "docket";
    "document": "文件", "document";
    "drawdown": "预付款抵扣", "drawn from the prepayment";
    "due": "应付金额", "amount due";
    "duty": "配合事项", "customer's duty";
    "effective": "终止生效时间", "when it takes effect";
    "end": "结束方式", "how it ended";
    "end_force_majeure.to": "结束时间", "when it ended";
    "evidence": "证据", "evidence";
    "exclusion": "除外时段名称", "name of the exclusion";
    "fact": "事实", "fact";
    "failed": "未达标的标准", "standards not met";
    "for": "付款用途", "purpose of the payment";
    "from": "开始时间", "from";
    "from_seq": "起始序号", "first sequence number";
    "got": "后到内容的 SHA-256", "SHA-256 of the later content";
    "gross": "含税金额", "amount with tax";
    "ground": "终止事由", "ground of ending";
    "have": "先到的记录", "record that stands";
    "hits": "命中数", "hits";
    "hours": "工时", "hours";
    "id": "记录编号", "id of the record";
    "in_time": "按时响应数", "responses in time";
    "incident": "安全事件名称", "name of the incident";
    "indemnity": "赔偿承诺", "indemnity";
    "indirect": "间接损失", "indirect loss";
    "inspected.results": "各项标准的结果", "results by standard";
    "invoice": "发票编号", "number of the invoice";
    "issue_credit_note.number": "贷项编号", "number of the credit note";
    "issue_invoice.due": "付款期限", "due date";
    "issue_invoice.number": "发票编号", "number of the invoice";
    "issued": "开具日期", "date of issue";
    "item": "工作项", "work item";
    "items": "数量", "quantities";
    "job": "作业编号", "id of the job";
    "joins": "是否参加", "joins";
    "key": "密钥名称", "name of the key";
    "lines": "结算行", "lines of the statement";
    "load_percent": "负载百分比", "load in percent";
    "lot": "批量", "size of the lot";
    "manifest_sha256": "文件清单的 SHA-256", "SHA-256 of the manifest";
    "metric": "指标", "metric";
    "migration": "是否迁移服务", "for a migration";
    "milestones": "付款节点", "milestones";
    "model": "定制模型", "custom model";
    "model_evaluated.results": "各项指标的结果", "results by metric";
    "name": "名称", "name";
    "net": "不含税金额", "amount without tax";
    "node": "节点", "node";
    "num": "分子", "numerator";
    "number": "编号", "number";
    "obligation": "义务", "obligation";
    "occurred": "发生时间", "when it occurred";
    "offer.by": "提出方", "offered by";
    "on": "日期", "date";
    "one_off": "一次性费用", "one-off fees";
    "papers": "待签文件", "papers to be signed";
    "parameters": "参数量", "parameters";
    "payable": "应付金额", "amount payable";
    "payment": "付款流水号", "reference of the payment";
    "planned": "计划时间", "when it is planned";
    "probed.resource": "受测资源", "resource probed";
    "proposal": "提案名称", "name of the proposal";
    "purpose": "用途", "purpose";
    "quantity": "数量", "quantity";
    "ratio": "比例", "ratio";
    "reason": "原因", "reason";
    "record_payment.by": "付款方", "paid by";
    "reminder": "催告名称", "name of the reminder";
    "report": "报告的 SHA-256", "SHA-256 of the report";
    "request_renewal.until": "新的届满日", "new last day";
    "resource": "资源", "resource";
    "results": "结果", "results";
    "round": "轮次", "round";
    "sample": "样本量", "sample size";
    "scope": "索赔范围", "scope of the claim";
    "sections": "文档章节", "sections";
    "security_report_provided.standard": "安全标准", "security standard";
    "seed": "抽样种子", "sampling seed";
    "seq": "来源序号", "sequence number at the source";
    "sha256": "文件的 SHA-256", "SHA-256 of the file";
    "side": "哪一方", "party";
    "signatory": "签署人", "signatory";
    "signature": "签名", "signature";
    "signing": "签署", "signing";
    "since": "起始时间", "since";
    "size": "字节数", "bytes";
    "software": "软件名称", "name of the software";
    "source": "来源", "source";
    "standard": "标准", "standard";
    "state": "状态", "state";
    "statement": "结算单", "statement";
    "storage_sampled.taken": "采样时间", "when it was sampled";
    "subject": "争议对象", "subject of the dispute";
    "support": "所依据的催告、事件或发票", "reminder, case or invoice that supports it";
    "taken": "时间", "time";
    "tax": "税额", "tax";
    "terms": "所载条款", "terms that it carries";
    "terms_sha256": "条款的 SHA-256", "SHA-256 of the terms";
    "test_set": "测试集", "test set";
    "test_set_opened.model": "受测模型的 SHA-256", "SHA-256 of the judged model";
    "test_set_sealed.items": "条目数", "number of items";
    "ticket": "工单编号", "id of the ticket";
    "to": "结束时间", "to";
    "to_seq": "结束序号", "last sequence number";
    "token": "时间戳令牌（Base64）", "timestamp token (base64)";
    "total": "总数", "total";
    "towards": "用于", "to be used for";
    "training_seconds": "训练秒数", "seconds of training";
    "undisputed": "无争议金额", "undisputed amount";
    "until": "届满日", "last day";
    "up": "是否恢复", "came back";
    "value": "测得值", "value";
    "vendor": "供应商签署人", "signatory of the vendor";
    "verdict": "结论", "verdict";
    "version": "版本", "version";
    "window": "时段", "stretch of time";
    "word": "Word 文件", "Word file";
} }

impl Words {
    /// The label of a field of a fact or an action; the code of the field where it has none.
    #[must_use]
    pub fn form_field<'a>(&self, of: &str, field: &'a str) -> &'a str {
        let own = FORM_FIELDS.name(&format!("{of}.{field}"), self.lang);
        own.or_else(|| FORM_FIELDS.name(field, self.lang)).unwrap_or(field)
    }
}
