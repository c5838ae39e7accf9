//! Metered units whose rule of counting is open: storage over time without averaging, hours
//! without rounding, computing power without precision. Serves lease-1.1, lease-3.1.

use super::Check;
use super::rule::{Rule, word, words};
use super::source::{Source, pattern};
use crate::finding::{Confidence, Finding, Risk, Status};

const ID: &str = "doc-metering";

pub(super) const CHECKS: &[Check] = &[Check {
    id: ID,
    risk: Risk::Medium,
    zh: "计量单位缺少口径:存储的平均方式、时长的取整、算力的精度",
    en: "a metered unit without its rule: averaging of storage, rounding of time, precision of FLOPS",
    run,
}];

const STORAGE: Rule = Rule {
    check: ID,
    name: "storage-averaging",
    status: Status::Missing,
    risk: Risk::Medium,
    sure: Confidence::D,
    reason: words(
        "“{unit}”没有写取平均、峰值还是期末值,同一用量可得出几种金额。",
        "“{unit}” does not say whether the average, the peak or the last value counts: the same \
         usage yields several amounts.",
    ),
    advice: words(
        "写明采样间隔、平均方式、GB 的定义和不足一月的折算。",
        "State the sampling interval, the averaging, what a GB is, and how part months count.",
    ),
    suggestion: words(
        "存储用量按每小时采样的容量取当月算术平均值,1GB=10^9 字节。",
        "Storage is the arithmetic mean of hourly samples over the month; 1 GB is 10^9 bytes.",
    ),
};
const HOURS: Rule = Rule {
    name: "hour-rounding",
    reason: words(
        "“{unit}”没有写不足一小时如何计、空闲和故障时间是否计入。",
        "“{unit}” does not say how part hours count, nor whether idle or failed time does.",
    ),
    advice: words(
        "写明计量到秒或分钟、何时取整、失败任务是否计费。",
        "Say to which second or minute time is counted, when it is rounded, and what is left out.",
    ),
    suggestion: words(
        "使用时长按秒累计,每月汇总后按小时计至小数点后四位,四舍五入一次。",
        "Time is counted by the second, summed over the month and rounded once, to four decimals of \
         an hour.",
    ),
    ..STORAGE
};
const POWER: Rule = Rule {
    name: "flops-precision",
    reason: words(
        "“{unit}”没有写精度(FP64、FP32、FP16、INT8)和是否稀疏:同一设备的数值可差几十倍。",
        "“{unit}” names no precision (FP64, FP32, FP16, INT8) nor sparsity: one device's figures \
         differ by a factor of tens.",
    ),
    advice: words(
        "写明精度、稠密或稀疏、理论峰值或实测值及测试方法。",
        "Name precision, dense or sparse, peak or measured, and the test.",
    ),
    suggestion: words(
        "算力以 FP16 稠密运算的理论峰值计。",
        "Computing power is the theoretical peak of dense FP16 operations.",
    ),
    ..STORAGE
};

pattern! {
    STORED =
        "元/GB/月",
        r"元/\(?GB[·*×-]?月\)?",
        "GB[·*×-]?月",
        "存储容量[^。;；]{0,24}元",
        r"\bper GB[- /](?:per )?month\b",
        r"\bGB[- ]months?\b",
        r"/GB/mo(?:nth)?\b";
    AVERAGED =
        "平均",
        "峰值",
        "最大值",
        "采样",
        "快照",
        "期末",
        "每日(?:统计|计)",
        "日终",
        r"\baverage",
        r"\bpeak\b",
        r"\bsampl",
        r"\bmaximum stor",
        r"\bsnapshot",
        r"\bhighest",
        r"\bhigh[- ]water",
        r"\bpro[- ]?rated";
    TIMED =
        r"GPU\s*(?:卡)?小时数?",
        "卡时",
        "元/小时",
        "元/(?:GPU)?(?:·)?小时",
        r"\bGPU[- ]?hours?\b",
        r"\bper (?:GPU[- ])?hour of (?:use|usage|compute)\b",
        r"\bcompute hours?\b",
        r"\binstance[- ]hours?\b";
    ROUNDED =
        "取整",
        "四舍五入",
        "进位",
        "舍去",
        "不足(?:一|1)(?:个)?小时",
        "按(?:秒|分钟|分)(?:计|累计)",
        "精确到",
        "小数点?后",
        r"\bround",
        r"\bpart(?:ial)? (?:of an )?hours?\b",
        r"\bper[- ](?:second|minute)\b",
        r"\bby the (?:second|minute)\b",
        r"\bpro[- ]?rated",
        r"\bincrements?\b",
        r"\bnearest\b";
    FLOPS =
        r"\b(?:[KMGTPE]|[千百]?[万亿])?FLOPS?\b",
        r"算力[^。;；]{0,20}(?:FLOPS|P\b|TOPS)",
        r"\bTOPS\b";
    PRECISION =
        r"FP\s?(?:64|32|16|8|4)",
        "BF16",
        "TF32",
        r"INT\s?(?:8|4)",
        "半精度",
        "单精度",
        "双精度",
        r"\b(?:half|single|double)[- ]precision";
}

fn run(source: &Source<'_>) -> Vec<Finding> {
    let rules = [
        (&STORAGE, &*STORED, &*AVERAGED),
        (&HOURS, &*TIMED, &*ROUNDED),
        (&POWER, &*FLOPS, &*PRECISION),
    ];
    rules
        .into_iter()
        .filter(|(_, _, defined)| !source.says(defined))
        .filter_map(|(rule, unit, _)| {
            let place = source.first(unit)?;
            Some(rule.at(
                source,
                source.sentence_at(place.start),
                &[("unit", word(source.at(place)))],
            ))
        })
        .collect()
}
