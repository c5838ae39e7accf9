//! Names on statements: lines, gaps, the inputs of workings and their units, bookings.

use settlement::{
    AccountClass, CreditRoute, GapCode, LineCode, NotBilledReason, Part, Period, TransactionKind,
};
use units::Lang;

use super::Words;

names! { LineCode {
    AcceptedItems => "验收合格的成果", "accepted work";
    Images => "图像分类", "images";
    UrgentImages => "加急图像分类", "urgent images";
    MonthlyFee => "月固定费用", "monthly fee";
    Overage => "超出包含量", "images beyond the included";
    CustomModel => "定制模型", "custom model";
    GpuHours => "GPU 机时", "GPU-hours";
    Storage => "存储", "storage";
    OneOff => "一次性费用", "one-off fee";
    Milestone => "付款节点", "milestone";
    LicenceFee => "许可费", "licence fee";
    RevenueShare => "收益分成", "revenue share";
    Consulting => "咨询与迁移服务", "consulting and migration help";
    Minimum => "补足最低消费", "up to the minimum";
    LateRepair => "逾期修复扣减", "late repair";
    ServiceCredit => "服务信用", "service credit";
    Prepayment => "预付款", "prepayment";
    Drawdown => "预付款冲抵", "drawn from the prepayment";
    LateFee => "逾期违约金", "late fee";
    Damages => "违约金与赔偿", "damages";
    Tax => "税", "tax";
} }

names! { GapCode {
    NotMeasured => "没有计量", "not measured";
    NotReached => "付款节点未达成", "milestone not reached";
    FeeUnknown => "节点已达成，费用尚不能确定", "milestone reached, fee not known yet";
    NoPrice => "协议未约定单价", "no price agreed";
    BeyondOrder => "超出订购数量，超出部分不计费", "more than was ordered; the rest is not charged";
    SampleGap => "样本间隔过大，沿用前值", "samples too far apart; the value before is carried on";
    NotAMonth => "可用性按自然月计算，本期不是整月", "availability needs a whole calendar month";
    NotReported => "一方尚未申报收入", "a party has not reported its revenue";
} }

names! { Part {
    Excluded => "除外", "left out";
    Degraded => "降级", "degraded";
    Down => "中断", "down";
    Unknown => "未知", "unknown";
} }

names! { Period {
    Month => "自然月", "calendar month";
    Window => "时段", "stretch of time";
    Closing => "终止结算", "closing";
    Milestone => "付款节点", "milestone";
    Quantity => "完成数量", "quantity";
    Prepayment => "预付款", "prepayment";
} }

names! { NotBilledReason {
    End => "作业的结束方式不计费", "this end of a job is not billed";
    Overlap => "设备已被其他作业占用", "another job held the device";
} }

names! { CreditRoute {
    NextInvoice => "抵扣下一张发票", "off the next invoice";
    Refund => "退还", "paid back";
    Forfeit => "作废", "lost";
    Unclaimed => "等待客户申请", "until the customer asks for it";
} }

names! { TransactionKind {
    StatementApproved => "结算单确认", "statement approved";
    Invoice => "开具发票", "invoice";
    CreditNote => "开具贷项", "credit note";
    Payment => "收款", "payment";
    LateFee => "逾期违约金", "late fee";
    Drawdown => "预付款冲抵", "drawdown";
    ServiceCredit => "服务信用", "service credit";
    Refund => "退款", "refund";
    WriteOff => "核销", "write-off";
} }

names! { AccountClass {
    Assets => "资产", "assets";
    Liabilities => "负债", "liabilities";
    Income => "收入", "income";
    Expenses => "费用", "expenses";
} }

codes! { UNITS {
    "box": "个框", "boxes";
    "byte": "字节", "bytes";
    "byte_second": "字节·秒", "byte-seconds";
    "count": "个", "";
    "day": "天", "days";
    "event": "个事件", "events";
    "gigabyte_month": "GB·月", "GB-months";
    "gpu_hour": "GPU·小时", "GPU-hours";
    "gpu_second": "GPU·秒", "GPU-seconds";
    "hour": "小时", "hours";
    "image": "张图像", "images";
    "keyframe": "个关键帧", "keyframes";
    "month": "个月", "months";
    "occurrence": "次", "occurrences";
    "package": "包", "packages";
    "parameter": "个参数", "parameters";
    "percent_per_day": "%／日", "% a day";
    "percent_per_year": "%／年", "% a year";
    "second": "秒", "seconds";
    "share": "（比例）", "(share)";
    "text": "条文本", "texts";
    "video_hour": "视频小时", "video hours";
    "video_minute": "视频分钟", "video minutes";
} }

codes! { INPUTS {
    "allowance": "允许中断", "allowed outage";
    "amount": "约定金额", "agreed amount";
    "at_most": "费用上限", "fee limit";
    "availability": "实际可用性", "availability reached";
    "base": "计算基数", "base";
    "below": "低于阈值", "threshold stayed below";
    "billed_flat": "已结固定费", "flat fee billed before";
    "billed_packages": "已结包数", "packages billed before";
    "billed_price": "已结单价", "price billed before";
    "billed_units": "已结数量", "units billed before";
    "byte_seconds": "存储占用", "storage used";
    "bytes": "数据规模", "data size";
    "cap": "上限", "cap";
    "count": "次数或天数", "count";
    "credit": "信用比例", "credit";
    "customer_revenue": "客户收入", "customer's revenue";
    "customer_share": "客户分成比例", "customer's share";
    "days": "逾期天数", "days overdue";
    "degraded": "降级时长", "degraded time";
    "degraded_hours": "降级小时", "degraded hours";
    "degraded_rate": "降级费率", "rate for degradation";
    "degraded_share": "降级时长占比", "degraded share";
    "direct": "直接损失", "direct loss";
    "down": "中断时长", "outage";
    "due": "应付金额", "amount due";
    "fee": "费用", "fee";
    "fees": "当月费用", "fees of the month";
    "free_hours": "免费工时", "free hours";
    "gigabyte": "每 GB 字节数", "bytes a gigabyte";
    "gpu_seconds": "计费 GPU 秒", "billed GPU-seconds";
    "gross": "含税金额", "amount with tax";
    "held": "占用 GPU 秒", "GPU-seconds held";
    "hours": "工时", "hours";
    "hours_beyond": "超出免费额度的工时", "hours beyond the free ones";
    "indirect": "间接损失", "indirect loss";
    "jobs": "作业数", "jobs";
    "late_seconds": "逾期修复时长", "late repair time";
    "minimum": "最低消费", "minimum";
    "month": "当月秒数", "seconds of the month";
    "net": "不含税金额", "amount without tax";
    "outage_hours": "超出允许的中断小时", "outage hours over the allowance";
    "packages": "包数", "packages";
    "parameters": "模型参数量", "model parameters";
    "per_gigabyte": "每 GB 单价", "price a gigabyte";
    "per_hour": "每小时单价", "price an hour";
    "per_million_parameters": "每百万参数单价", "price a million parameters";
    "prepayment": "预付款余额", "prepayment left";
    "price": "单价", "unit price";
    "rate": "费率", "rate";
    "seconds": "训练时长", "training time";
    "share": "比例", "share";
    "size": "每包数量", "units a package";
    "step": "计时单位", "rounding step";
    "subtotal": "小计", "subtotal";
    "times": "次数", "times";
    "units": "数量", "units";
    "used": "已用上限额度", "cap used before";
    "vendor_revenue": "供应商收入", "vendor's revenue";
    "year": "全年天数", "days of the year";
} }

/// `percent` is written with its sign alone in both languages.
pub(super) fn unit_of(code: &str, lang: Lang) -> Option<&'static str> {
    if code == "percent" { Some("%") } else { UNITS.name(code, lang) }
}

impl Words {
    /// The name of a unit; the code itself, such as of a currency, where it has none.
    #[must_use]
    pub fn unit<'a>(&self, code: &'a str) -> &'a str {
        unit_of(code, self.lang).unwrap_or(code)
    }

    /// The name of an input of a working, such as `tier_2_units`; the code itself where it has
    /// none.
    #[must_use]
    pub fn input(&self, name: &str) -> String {
        if let Some(name) = INPUTS.name(name, self.lang) {
            return name.to_owned();
        }
        let after = |prefix: &str| name.strip_prefix(prefix).filter(|rest| is_number(rest));
        if let Some(number) = after("part_") {
            return say!(self, "第 {number} 个节点的金额", "amount of milestone {number}");
        }
        if let Some(number) = after("row_") {
            return say!(self, "第 {number} 段", "stretch {number}");
        }
        let tier = name.strip_prefix("tier_").and_then(|rest| rest.split_once('_'));
        match tier {
            Some((number, "units")) => say!(self, "第 {number} 阶数量", "units in tier {number}"),
            Some((number, "price")) => say!(self, "第 {number} 阶单价", "price of tier {number}"),
            Some((number, "flat")) => {
                say!(self, "第 {number} 阶固定费", "flat fee of tier {number}")
            }
            _ => name.to_owned(),
        }
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}
