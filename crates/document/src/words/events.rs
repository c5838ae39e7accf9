//! What happened, in one short phrase for each kind of event and each fact: the lines of
//! `tally log`.

use contract::command::Action;
use contract::event::{Actor, Event, Fact};

use super::Words;

names! { Event {
    AgreementDrafted => "登记条款", "terms laid down";
    VersionOffered => "提出文本版本", "version offered";
    PartySigned => "一方签署", "a party signed";
    AgreementTookEffect => "协议生效", "agreement took effect";
    DocumentProposed => "提交文件", "document proposed";
    DocumentSigned => "签署文件", "document signed";
    SignatureStamped => "签名加盖时间戳", "signature stamped with its time";
    FactRecorded => "记录证据", "evidence recorded";
    SourceConflict => "来源前后矛盾", "source contradicted itself";
    DeliveryAccepted => "交付验收合格", "delivery accepted";
    DeliveryRejected => "交付被拒收", "delivery rejected";
    StatementSubmitted => "提交结算单", "statement submitted";
    StatementApproved => "确认结算单", "statement approved";
    StatementObjected => "对结算单提出异议", "objection to a statement";
    InvoiceIssued => "开具发票", "invoice issued";
    CreditNoteIssued => "开具贷项", "credit note issued";
    PaymentRecorded => "到账", "payment arrived";
    ObligationWaived => "免除义务", "obligation waived";
    ForceMajeureDeclared => "通知不可抗力", "force majeure declared";
    ForceMajeureProven => "证明不可抗力", "force majeure proven";
    ForceMajeureEnded => "不可抗力结束", "force majeure ended";
    BreachReminded => "书面催告违约", "reminder of a breach";
    BreachCured => "违约已补正", "breach mended";
    TerminationNotified => "通知终止", "notice of termination";
    AgreementEnded => "协议终止", "agreement ended";
    RenewalRequested => "申请续期", "renewal requested";
    RenewalAgreed => "同意续期", "renewal agreed";
    ClaimRaised => "提出索赔", "claim raised";
    ClaimAnswered => "答复索赔", "claim answered";
    DefenceAssumed => "承担抗辩", "defence assumed";
    ClaimSettled => "索赔了结", "claim settled";
    DisputeOpened => "提出争议", "dispute opened";
    DisputeSettlementOffered => "提出和解条件", "settlement of a dispute offered";
    DisputeSettled => "争议和解", "dispute settled";
    DisputeFiled => "争议提交裁决", "dispute filed";
    DisputeDecided => "争议裁决", "dispute decided";
    PatentProposed => "提议申请专利", "patent proposed";
    PatentAnswered => "答复专利提议", "patent proposal answered";
} }

names! { Actor {
    Customer => "客户", "customer";
    Vendor => "供应商", "vendor";
    Deployment => "部署", "deployment";
} }

names! { Fact {
    GuidelineProvided => "提供标注规范", "guideline provided";
    DataProvided => "提供数据", "data provided";
    DutyFulfilled => "完成配合事项", "duty fulfilled";
    DeliverySubmitted => "交付成果", "delivery handed over";
    SeedCommitted => "承诺抽样种子", "sampling seed committed";
    SeedRevealed => "公布抽样种子", "sampling seed revealed";
    SampleDrawn => "抽取样本", "sample drawn";
    Inspected => "验收结果", "inspection result";
    TestSetSealed => "封存测试集", "test set sealed";
    TestSetOpened => "打开测试集", "test set opened";
    RunFinished => "训练完成", "training run finished";
    ModelEvaluated => "模型评测", "model evaluated";
    ModelDelivered => "交付模型", "model delivered";
    DocumentationDelivered => "交付技术文档", "documentation delivered";
    FeedbackGiven => "客户反馈", "feedback given";
    RevenueReported => "申报收入", "revenue reported";
    JobRan => "作业占用设备", "job held devices";
    StorageSampled => "存储占用", "storage sampled";
    NodeChanged => "节点状态变化", "node went down or came back";
    Probed => "交付实测", "resource probed";
    UpgradeAnnounced => "预告升级", "upgrade announced";
    Upgraded => "完成升级", "software upgraded";
    ServiceDelivered => "服务上线", "service delivered";
    ImagesAnswered => "处理图像", "images answered";
    ServiceObserved => "服务状态", "service state observed";
    AccuracyEvaluated => "评测准确率", "accuracy evaluated";
    CustomModelDelivered => "交付定制模型", "custom model delivered";
    ExclusionAgreed => "提出除外时段", "exclusion from availability";
    TicketOpened => "提交支持工单", "ticket opened";
    TicketAnswered => "答复支持工单", "ticket answered";
    TicketResolved => "解决支持工单", "ticket resolved";
    SupportRendered => "提供咨询或迁移服务", "support rendered";
    BreachDiscovered => "发现安全事件", "security incident discovered";
    BreachNotified => "通报安全事件", "customer told of the incident";
    SecurityReportProvided => "提交安全报告", "security report provided";
    AuditRequested => "要求审计", "audit requested";
    AuditAnswered => "配合审计", "audit answered";
    ConsentGiven => "书面同意", "consent given";
    ConsentWithdrawn => "撤回同意", "consent withdrawn";
    ResourceUsed => "使用资源", "resource used";
    UseStopped => "停止使用", "use stopped";
    ExportProvided => "返还数据", "data handed back";
    ExportAccepted => "确认数据返还完成", "export accepted";
    DataDeleted => "删除数据", "data deleted";
    IndemnityNotified => "通知第三方索赔", "told of a third party's claim";
    SourceSealed => "来源封签", "source sealed its records";
} }

names! { Action {
    Draft => "登记条款", "lay down the terms";
    Offer => "提出文本版本", "offer a version";
    Sign => "签署协议", "sign the agreement";
    ProposeDocument => "提交文件", "propose a document";
    SignDocument => "签署文件", "sign a document";
    StampSignature => "为签名加盖时间戳", "stamp a signature with its time";
    Record => "记录事实", "record a fact";
    NoteConflict => "记录来源矛盾", "note a conflict of a source";
    Accept => "验收合格", "accept a delivery";
    Reject => "拒收", "reject a delivery";
    SubmitStatement => "提交结算单", "submit a statement";
    ApproveStatement => "确认结算单", "approve a statement";
    ObjectToStatement => "对结算单提出异议", "object to a statement";
    IssueInvoice => "开具发票", "issue an invoice";
    IssueCreditNote => "开具贷项", "issue a credit note";
    RecordPayment => "记录到账", "record a payment";
    Waive => "免除义务", "waive an obligation";
    DeclareForceMajeure => "通知不可抗力", "declare force majeure";
    ProveForceMajeure => "证明不可抗力", "prove force majeure";
    EndForceMajeure => "通知不可抗力结束", "tell of the end of force majeure";
    RemindBreach => "书面催告违约", "remind of a breach";
    ConfirmCure => "确认违约已补正", "confirm that a breach is mended";
    GiveNotice => "通知终止协议", "give notice of termination";
    RequestRenewal => "申请续期", "request renewal";
    AgreeRenewal => "同意续期", "agree to renew";
    RaiseClaim => "提出索赔", "raise a claim";
    AnswerClaim => "答复索赔", "answer a claim";
    AssumeDefence => "承担抗辩", "assume the defence";
    SettleClaim => "了结索赔", "settle a claim";
    OpenDispute => "提出争议", "open a dispute";
    SettleDispute => "和解争议", "settle a dispute";
    FileDispute => "将争议提交裁决", "file a dispute";
    RecordDecision => "记录裁决", "record a decision";
    ProposePatent => "提议申请专利", "propose a patent";
    AnswerPatent => "答复专利提议", "answer a patent proposal";
    Tick => "按时钟处理到期事项", "let the clock act";
} }

impl Words {
    /// What an event is: of a fact the fact itself.
    #[must_use]
    pub fn event(&self, event: &Event) -> &'static str {
        match event {
            Event::FactRecorded { fact, .. } => self.name(fact),
            other => self.name(other),
        }
    }

    /// Who acted: `客户 王敏`, `customer Wang Min`, `deployment clock`.
    #[must_use]
    pub fn actor(&self, actor: &Actor) -> String {
        let name = actor.name();
        match actor.side() {
            Some(side) => format!("{} {name}", self.name(side)),
            None => say!(self, "部署 {name}", "deployment {name}"),
        }
    }
}
