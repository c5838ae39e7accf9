//! Names of what stands in an agreement and in its position: parties, obligations, purposes,
//! breaches, claims, the kinds of terms. The words are those of `docs/glossary.md`.

use contract::event::{ClaimBasis, DisputeSubject, PaymentPurpose, TerminationGround};
use contract::form::Severity;
use contract::obligation::{ObligationKind, ObligationStatus};
use contract::state::Phase;
use contract::terms::{
    AcceptanceRule, AllocationTarget, Average, BreachKind, CarveOut, CreditAtEnd, DamagesBasis,
    DeletionStart, DocumentRank, DocumentationSection, DutyKind, ExclusionReason, Forum,
    IndemnityScope, LossScope, MilestoneEvent, Modality, ModelMetric, OneOffKind,
    OwnershipOfOutputs, Purpose, QualityMetric, RequestClass, Service, Side, TrainingPolicy,
    WorkUnit,
};

names! { Side {
    Customer => "客户", "customer";
    Vendor => "供应商", "vendor";
} }

names! { Service {
    Annotation => "数据标注", "data annotation";
    Training => "模型训练", "model training";
    Lease => "训练资源租赁", "training-resource lease";
    Classification => "图像分类服务", "image classification service";
} }

names! { Phase {
    Empty => "空白", "empty";
    Draft => "草案", "draft";
    InForce => "生效中", "in force";
    Ended => "已终止", "ended";
} }

names! { Severity {
    Error => "错误", "error";
    Warning => "提醒", "warning";
} }

names! { ObligationKind {
    ProvideGuideline => "提供标注规范", "provide the guideline";
    ProvideData => "提供数据", "provide data";
    CustomerDuty => "履行配合事项", "fulfil the customer's duty";
    Deliver => "交付全部成果", "deliver the work";
    Inspect => "验收", "inspect the delivery";
    Rework => "返工", "rework the delivery";
    Document => "交付技术文档", "hand over the documentation";
    Pay => "付款", "pay";
    Prepay => "支付预付款", "pay the prepayment";
    ReviewStatement => "审核结算单", "review the statement";
    SubmitStatement => "提交结算单", "submit the statement";
    Repair => "修复硬件", "repair hardware";
    Upgrade => "升级软件", "upgrade software";
    AnswerTicket => "答复支持工单", "answer the support ticket";
    ResolveTicket => "解决支持工单", "resolve the support ticket";
    Evaluate => "评测模型", "evaluate the model";
    RestoreAccuracy => "恢复准确率", "restore the accuracy";
    NotifyBreach => "通报安全事件", "tell of the security incident";
    ReportSecurity => "提交安全报告", "hand over a security report";
    AnswerAudit => "配合审计", "answer the audit";
    NotifyForceMajeure => "通知不可抗力", "tell of force majeure";
    ProveForceMajeure => "证明不可抗力", "prove force majeure";
    Cure => "补正违约", "mend the breach";
    NotifyClaim => "通知第三方索赔", "tell of the third party's claim";
    Defend => "承担抗辩", "take over the defence";
    Negotiate => "协商争议", "negotiate the dispute";
    AnswerPatent => "答复专利申请提议", "answer the patent proposal";
    ReportRevenue => "申报收入", "report revenue";
    StopUse => "停止使用", "stop use";
    Export => "返还数据", "hand back the data";
    Delete => "删除数据", "delete the data";
    KeepSecret => "终止后保密", "keep secrets after the end";
} }

names! { ObligationStatus {
    Pending => "待履行", "pending";
    Met => "已履行", "met";
    Late => "逾期履行", "late";
    Breached => "违约", "breached";
    Suspended => "中止", "suspended";
    Waived => "免除", "waived";
} }

names! { Purpose {
    ProvideService => "提供服务", "to provide the service";
    OrderedTraining => "训练客户订购的模型", "to train the ordered model";
    ModelImprovement => "改进供应商自己的模型", "to improve the vendor's own models";
    Evaluation => "评测", "to evaluate";
    PreLabelling => "预标注", "to pre-label";
    LanguageModel => "供语言模型阅读", "to be read by a language model";
    Statistics => "统计", "to make statistics";
    Disclosure => "向第三方披露", "to show it to a third party";
} }

names! { BreachKind {
    LateDelivery => "逾期交付", "late delivery";
    TrainingWithoutConsent => "未经同意用于训练", "training without consent";
    Disclosure => "泄露秘密", "disclosure of secrets";
    DataBreach => "数据安全事件", "data breach";
    StandardNotMet => "未达标", "standard not met";
    LatePayment => "逾期付款", "late payment";
    ImpermissibleUse => "超出许可用途", "impermissible use";
    LateRepair => "逾期修复", "late repair";
    Other => "其他违约", "another breach";
} }

names! { TerminationGround {
    Expiry => "期限届满", "expiry of the term";
    Agreement => "双方协商一致", "agreement of both parties";
    Breach => "违约未在期限内补正", "a breach not mended in time";
    Insolvency => "破产或无力偿债", "insolvency";
    ForceMajeure => "不可抗力持续过久", "force majeure that lasted too long";
    LatePayment => "长期逾期付款", "payment late for too long";
    Convenience => "按约定提前通知解除", "convenience, with notice";
} }

names! { ClaimBasis {
    Loss => "损失赔偿", "loss";
    Liquidated => "违约金", "liquidated damages";
    Indemnity => "第三方索赔的赔偿", "indemnity";
} }

names! { DisputeSubject {
    Statement => "结算单", "a statement";
    Measurement => "计量", "a measurement";
    Claim => "索赔", "a claim";
    Clause => "条款的解释", "the reading of a clause";
} }

names! { PaymentPurpose {
    Open => "按约定顺序清偿", "in the agreed order";
    Invoice => "指定发票", "a named invoice";
    Prepayment => "预付款", "prepayment";
    Refund => "供应商退款", "refund by the vendor";
} }

names! { IndemnityScope {
    IpInfringement => "侵犯知识产权", "infringement of IP";
    DataProtection => "违反数据保护法律", "violation of data protection law";
    DataLegality => "数据来源不合法", "unlawful data";
} }

names! { Modality {
    ImageBoxes => "图像框标注", "boxes on images";
    TextSentiment => "文本情感标注", "sentiment of texts";
    VideoKeyframes => "视频关键帧标注", "keyframes of videos";
    VideoEvents => "视频事件标注", "events in videos";
} }

names! { WorkUnit {
    Image => "张图像", "images";
    Box => "个框", "boxes";
    Text => "条文本", "texts";
    VideoMinute => "视频分钟", "video minutes";
    VideoHour => "视频小时", "video hours";
    Keyframe => "个关键帧", "keyframes";
    Event => "个事件", "events";
} }

names! { AcceptanceRule {
    Observed => "样本实测比例", "observed share of a sample";
    LowerBound => "克洛珀-皮尔逊置信下界", "Clopper-Pearson lower bound";
    LotPlan = "gbt_2828_1" => "GB/T 2828.1 抽样方案", "sampling plan by GB/T 2828.1";
    Declared = "gbt_2828_4" => "GB/T 2828.4 声称质量", "declared quality by GB/T 2828.4";
} }

names! { QualityMetric {
    BoxF1 => "框 F1 值", "F1 of boxes";
    BoxPrecision => "框精确率", "precision of boxes";
    BoxRecall => "框召回率", "recall of boxes";
    MeanIou => "平均交并比", "mean IoU";
    Accuracy => "准确率", "accuracy";
    TemporalF1 => "事件 F1 值", "F1 of events";
    KeyframeRecall => "关键帧召回率", "recall of keyframes";
    ConformingItems => "样本合格率", "share of conforming items";
} }

names! { ModelMetric {
    Accuracy => "准确率", "accuracy";
    Precision => "精确率", "precision";
    Recall => "召回率", "recall";
    F1 => "F1 值", "F1";
} }

names! { Average {
    Macro => "宏平均", "macro average";
    Micro => "微平均", "micro average";
    Class => "按类", "per class";
} }

names! { RequestClass {
    Standard => "普通请求", "standard requests";
    Urgent => "加急请求", "urgent requests";
} }

names! { MilestoneEvent {
    Signing => "签署", "signing";
    Acceptance => "验收合格", "acceptance";
    Delivery => "交付", "delivery";
    Documentation => "技术文档交付", "delivery of the documentation";
} }

names! { ExclusionReason {
    Maintenance => "计划维护", "planned maintenance";
    ForceMajeure => "不可抗力", "force majeure";
    CustomerCause => "客户原因", "the customer's cause";
} }

names! { DocumentRank {
    Supplement => "补充协议", "supplement";
    Quotation => "报价单", "quotation";
    Agreement => "协议正文", "the agreement itself";
    Annex => "附件", "annex";
} }

names! { Forum {
    Court => "法院诉讼", "court";
    Arbitration => "仲裁", "arbitration";
} }

names! { DutyKind {
    SupplyData => "提供数据", "supply data";
    ProvideKnowledge => "提供业务知识", "provide knowledge";
    DescribeData => "说明数据", "describe the data";
    AnswerQuestions => "解答问题", "answer questions";
    GiveFeedback => "及时反馈", "give feedback";
    DeIdentify => "数据脱敏", "de-identify data";
} }

names! { DocumentationSection {
    Structure => "模型结构", "structure";
    Algorithm => "算法说明", "algorithm";
    Parameters => "参数设置", "parameters";
    Data => "数据说明", "data";
    Metrics => "评测指标", "metrics";
    Limits => "使用限制", "limits";
} }

names! { OneOffKind {
    Dataset => "数据集费用", "dataset fee";
    Software => "软件费用", "software fee";
    Setup => "安装调试费", "set-up fee";
} }

names! { OwnershipOfOutputs {
    Customer => "归客户", "the customer's";
    Vendor => "归供应商", "the vendor's";
    Shared => "双方共有", "shared";
} }

names! { TrainingPolicy {
    Forbidden => "禁止", "forbidden";
    WithConsent => "须经书面同意", "with written consent";
    Allowed => "允许", "allowed";
} }

names! { DeletionStart {
    Termination => "自协议终止", "from the end of the agreement";
    Export => "自数据返还", "from the hand-back of the data";
} }

names! { LossScope {
    Direct => "仅直接损失", "direct loss only";
    DirectAndIndirect => "直接损失和间接损失", "direct and indirect loss";
} }

names! { CarveOut {
    Confidentiality => "违反保密义务", "breach of confidentiality";
    DataSecurity => "违反数据安全义务", "breach of data security";
    IpInfringement => "侵犯知识产权", "infringement of IP";
    WilfulMisconduct => "故意或重大过失", "wilful misconduct";
    Fees => "应付费用", "fees owed";
} }

names! { DamagesBasis {
    Occurrence => "按次", "per occurrence";
    Day => "按日", "per day";
} }

names! { CreditAtEnd {
    Refund => "退款", "refund";
    Forfeit => "作废", "forfeit";
} }

names! { AllocationTarget {
    Costs => "实现债权的费用", "costs";
    Interest => "逾期违约金", "late fees";
    Principal => "本金", "principal";
} }
