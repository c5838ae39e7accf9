//! Names of the choices that stand in terms and are said nowhere else: how prices, delays, credits
//! and hours are counted. With them every code of an agreement has a name.

use contract::terms::{
    CalendarName, CreditBase, CreditMethod, DayCount, DayInclusion, DegradedAs, DeliveryFormat,
    DueEvent, DueMonth, FlopsBasis, Gigabyte, Grain, HourRounding, InspectionLevel, InspectionUnit,
    JobEnd, LateBase, LateCap, LateRate, LiabilityCap, LicencePeriod, ModelOwnership, MonthLength,
    PartialPackage, PaymentDue, Plan, Precision, Price, RoundedPer, SettlementCycle,
    StorageIntegral, SupportHours, TaxRounding, TrainingFee, UnknownAs,
};
use units::{Currency, Lang};

names! { Lang {
    Zh => "中文", "Chinese";
    En => "英文", "English";
} }

names! { Currency {
    Cny = "CNY" => "人民币", "renminbi";
    Usd = "USD" => "美元", "US dollar";
    Eur = "EUR" => "欧元", "euro";
    Gbp = "GBP" => "英镑", "pound sterling";
    Hkd = "HKD" => "港元", "Hong Kong dollar";
    Sgd = "SGD" => "新加坡元", "Singapore dollar";
    Jpy = "JPY" => "日元", "yen";
} }

names! { CalendarName {
    China => "中国法定节假日与调休", "holidays and moved workdays of China";
    Weekends => "周一至周五", "Monday to Friday";
} }

names! { InspectionUnit {
    Item => "按条目", "by item";
    Object => "按对象", "by object";
} }

names! { InspectionLevel {
    S1 = "S-1" => "特殊检验水平 S-1", "special level S-1";
    S2 = "S-2" => "特殊检验水平 S-2", "special level S-2";
    S3 = "S-3" => "特殊检验水平 S-3", "special level S-3";
    S4 = "S-4" => "特殊检验水平 S-4", "special level S-4";
    I = "I" => "一般检验水平 I", "general level I";
    II = "II" => "一般检验水平 II", "general level II";
    III = "III" => "一般检验水平 III", "general level III";
} }

names! { DeliveryFormat {
    Coco => "COCO（JSON）", "COCO (JSON)";
    Voc => "Pascal VOC（XML）", "Pascal VOC (XML)";
    Yolo => "YOLO（文本）", "YOLO (text)";
    Cvat => "CVAT（XML）", "CVAT (XML)";
    LabelStudio => "Label Studio（JSON）", "Label Studio (JSON)";
    ActivityNet = "activitynet" => "ActivityNet（JSON）", "ActivityNet (JSON)";
    Csv => "CSV 表格", "CSV table";
    Jsonl => "JSON 行", "JSON lines";
} }

names! { Plan {
    Images => "按图像数量", "by the number of images";
    Monthly => "按月固定费用", "a fixed fee for each month";
    Project => "按项目固定费用", "a fixed fee for the project";
} }

names! { SettlementCycle {
    Month => "按月", "for each month";
    Quantity => "按完成数量", "for each quantity done";
} }

names! { LiabilityCap {
    TrailingFees => "此前若干月已付费用", "fees paid in the months before";
    Fixed => "固定金额", "a fixed amount";
    Unlimited => "不设上限", "no limit";
} }

names! { SupportHours {
    Always => "7×24 小时", "around the clock";
    WorkingDays => "工作日", "on working days";
} }

names! { Precision {
    Fp64 => "64 位浮点", "64-bit floating point";
    Fp32 => "32 位浮点", "32-bit floating point";
    Tf32 => "TensorFloat-32 格式", "TensorFloat-32";
    Bf16 => "bfloat16 格式", "bfloat16";
    Fp16 => "16 位浮点", "16-bit floating point";
    Fp8 => "8 位浮点", "8-bit floating point";
} }

names! { FlopsBasis {
    Achieved => "矩阵乘法实测值", "what a matrix product reaches";
    Peak => "标称峰值", "what the data sheet says";
} }

names! { RoundedPer {
    Job => "按作业", "for each job";
    Period => "按结算期合计", "on the period's sum";
} }

names! { JobEnd {
    Completed => "完成", "completed";
    Failed => "失败", "failed";
    Cancelled => "取消", "cancelled";
    Timeout => "超时", "timed out";
    OutOfMemory => "内存不足", "out of memory";
    NodeFail => "节点故障", "node failure";
    BootFail => "启动失败", "boot failure";
    Preempted => "被抢占", "pre-empted";
    Deadline => "到期", "past its deadline";
    Running => "运行中", "running";
} }

names! { Gigabyte {
    Decimal => "十进制（10 的 9 次方字节）", "decimal (10^9 bytes)";
    Binary => "二进制（2 的 30 次方字节）", "binary (2^30 bytes)";
} }

names! { StorageIntegral {
    TimeWeighted => "按时间加权", "weighted by time";
    DailyPeak => "每日最大值", "the largest of each day";
} }

names! { MonthLength {
    Actual => "实际天数", "the days of the month";
    Days30 = "days_30" => "30 天", "30 days";
    Hours744 = "hours_744" => "744 小时", "744 hours";
} }

names! { Price {
    PerUnit => "按单位计价", "for each unit";
    Graduated => "分段累进", "tiers, each on its own part";
    Volume => "按总量分档", "tiers, on the whole";
    Package => "按包计价", "by package";
    Flat => "固定价", "fixed";
} }

names! { PaymentDue {
    MonthlyDay => "每月固定日期", "by a day of the month";
    After => "事件之后若干时间", "a time after an event";
} }

names! { LateRate {
    Daily => "按日", "per day";
    Annual => "按年", "per year";
} }

names! { LateCap {
    None => "不设上限", "no limit";
    Principal => "本金的一定比例", "a share of the principal";
    Lpr => "贷款市场报价利率的倍数", "a multiple of the LPR";
} }

names! { PartialPackage {
    Full => "按整包", "the whole package price";
    ProRata => "按比例", "its share of the price";
    Free => "不计费", "nothing";
} }

names! { DueMonth {
    Same => "当月", "the same month";
    Next => "次月", "the month after";
} }

names! { DueEvent {
    Approval => "结算单确认", "approval of the statement";
    Invoice => "开具发票", "the invoice";
    Signing => "双方签署", "signing by both";
} }

names! { LateBase {
    WithTax => "含税本金", "principal with tax";
    WithoutTax => "不含税本金", "principal without tax";
} }

names! { DayInclusion {
    Neither => "首尾日均不计", "neither the first nor the last day";
    EndOnly => "计付款日，不计到期日", "the day of payment, not the due day";
    StartOnly => "计到期日，不计付款日", "the due day, not the day of payment";
    Both => "首尾日均计", "both days";
} }

names! { DayCount {
    Actual360 = "actual_360" => "实际天数／360", "actual days over 360";
    Actual365 = "actual_365" => "实际天数／365", "actual days over 365";
    ActualActual => "实际天数／当年天数", "actual days over those of the year";
} }

names! { TaxRounding {
    Line => "逐行", "on each line";
    Total => "按合计", "on the total";
} }

names! { CreditMethod {
    Hourly => "按中断小时", "for each hour beyond the allowance";
    Tiered => "按可用性分档", "by tier";
} }

names! { Grain {
    Exact => "精确计时", "exactly";
    FullMinute => "整分钟中断才计", "minutes that are down from end to end";
    TouchedMinute => "中断涉及的整分钟", "minutes touched by down time";
    TouchedFiveMinutes => "中断涉及的五分钟", "stretches of five minutes touched";
} }

names! { UnknownAs {
    Up => "视为正常", "as up";
    Down => "视为中断", "as down";
    Excluded => "不计入", "left out";
} }

names! { DegradedAs {
    Separate => "单独计算", "counted on its own";
    Down => "视为中断", "as down";
    Up => "视为正常", "as up";
} }

names! { CreditBase {
    WithoutTax => "不含税费用", "fees without tax";
    WithTax => "含税费用", "fees with tax";
} }

names! { HourRounding {
    Floor => "不足一小时不计", "nothing";
    Ceiling => "不足一小时按一小时", "a whole hour";
    ProRata => "按比例", "its share";
} }

names! { TrainingFee {
    Fixed => "固定费用", "a fixed fee";
    Factors => "按复杂度、数据规模和时长", "by complexity, data size and time";
} }

names! { ModelOwnership {
    Customer => "归客户", "the customer's";
    Vendor => "归供应商，许可使用", "the vendor's, under licence";
    Shared => "双方共有", "both parties'";
} }

names! { LicencePeriod {
    Month => "每月", "each month";
    Year => "每年", "each year";
    Once => "一次性", "once";
} }
