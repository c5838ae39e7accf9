//! Names of what a review says.

use review::proposal::Dropped;
use review::{Confidence, Kind, Reached, Risk, Side, Status};

names!(Status {
    Met => "满足", "met";
    MetByFallback = "met-by-fallback" => "以退让方案满足", "met by fallback";
    Below => "不足", "below";
    Adverse => "不利", "adverse";
    Missing => "缺失", "missing";
    Conflict => "冲突", "conflict";
    Unclear => "待人工判断", "unclear";
});

names!(Risk {
    Low => "低风险", "low risk";
    Medium => "中风险", "medium risk";
    High => "高风险", "high risk";
});

names!(Reached {
    Preferred => "首选方案", "preferred position";
    Fallback => "退让方案", "fallback position";
    BelowFallback = "below-fallback" => "低于退让方案", "below the fallback";
    WalkAway = "walk-away" => "应放弃签约", "walk-away position";
    Nothing => "无从衡量", "nothing to measure";
});

names!(Confidence {
    D = "D" => "文字足以判定", "decided by the words";
    H = "H" => "经验规则，请核对", "rule of thumb: look at the place";
    J = "J" => "须由人判断", "a person must judge";
});

names!(Dropped {
    Malformed => "格式不对", "not of the asked form";
    UnknownClause => "手册没有这一条", "no clause of the playbook";
    QuoteNotFound => "引文在原文中找不到", "quoted words that the document does not have";
    QuoteTooShort => "引文太短", "quoted too little";
    TooLong => "太长", "too long";
    NoReason => "没有说明理由", "gave no reason";
    Repeated => "重复", "said twice";
    TooMany => "超出数量", "more than are shown";
});

names!(Kind {
    Commercial => "商务合同", "commercial terms";
    Consumer => "用户条款", "consumer terms";
    Dpa => "数据处理协议", "data processing agreement";
    Sla => "服务等级协议", "service level agreement";
    Privacy => "隐私政策", "privacy policy";
    UsagePolicy = "usage-policy" => "使用政策", "usage policy";
});

names!(Side {
    Customer => "客户方", "the customer's side";
    Vendor => "供应商方", "the vendor's side";
});
