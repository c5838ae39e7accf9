//! Rules between the terms of an agreement, as `tally check` tells them: what contradicts what,
//! and what to change. Values come in the order in which the rule gives them.

use contract::terms::{
    BreachKind, DocumentRank, DutyKind, Forum, Modality, OwnershipOfOutputs, Purpose,
    QualityMetric, Side, WorkUnit,
};
use units::Duration;

use super::{Named, Words};

/// The values of a broken rule, by position.
struct Values<'a> {
    words: &'a Words,
    values: &'a [String],
}

/// Rules by their code; `value` gives the values that broke it.
macro_rules! rules {
    ($name:ident($value:ident) { $(
        $code:literal $( [ $($bound:ident = $make:expr),* $(,)? ] )? => $zh:literal, $en:literal;
    )* }) => {
        fn $name(code: &str, $value: &Values<'_>) -> Option<String> {
            match code {
                $( $code => {
                    $( $( let $bound = $make; )* )?
                    Some(say!($value.words, $zh, $en))
                } )*
                _ => None,
            }
        }
    };
}

impl Words {
    /// A broken rule in one sentence with its next step; the code and the values where it has no
    /// words.
    #[must_use]
    pub fn rule(&self, code: &str, values: &[String]) -> String {
        let known = Values { words: self, values };
        self.known_rule(code, values).unwrap_or_else(|| {
            let values = known.words.list(values);
            say!(self, "违反规则 {code}：{values}", "the rule {code} does not hold: {values}")
        })
    }

    /// The same; `None` for a code that has no words.
    pub(super) fn known_rule(&self, code: &str, values: &[String]) -> Option<String> {
        let values = Values { words: self, values };
        general(code, &values)
            .or_else(|| common(code, &values))
            .or_else(|| documents(code, &values))
            .or_else(|| money(code, &values))
            .or_else(|| service_level(code, &values))
            .or_else(|| annotation(code, &values))
            .or_else(|| training(code, &values))
            .or_else(|| lease(code, &values))
            .or_else(|| classification(code, &values))
    }
}

impl<'a> Values<'a> {
    /// A value as it was written.
    fn at(&self, index: usize) -> &'a str {
        self.values.get(index).map_or("?", String::as_str)
    }

    /// A length of time.
    fn time(&self, index: usize) -> String {
        let text = self.at(index);
        text.parse::<Duration>().map_or(text.to_owned(), |found| self.words.duration(found))
    }

    /// A code by its name.
    fn code<T: Named + Copy>(&self, index: usize, all: &[(&str, T)]) -> &'a str {
        let code = self.at(index);
        let found = all.iter().find(|(known, _)| *known == code);
        found.map_or(code, |(_, value)| self.words.name(*value))
    }
}

rules! { general(v) {
    "value_repeats" [a = v.at(0)] =>
        "“{a}”重复；请只保留一个",
        "{a:?} stands twice; keep one";
    "duplicate_id" [a = v.at(0)] =>
        "名称 {a} 重复；同一列表内名称须唯一",
        "the id {a} is used twice; ids of a list differ";
    "share_is_zero" =>
        "比例不能为 0 %",
        "a share of 0 % says nothing; name one above it";
    "period_is_zero" [a = v.time(0)] =>
        "期限不能为 {a}",
        "a time limit of {a} leaves no time; name a longer one";
    "period_not_in_hours" [a = v.time(0)] =>
        "此处须用分钟或小时，不能是 {a}",
        "minutes or hours belong here, not {a}";
    "finer_than_currency" [a = v.at(0), b = v.at(1)] =>
        "{a} 的小数位多于 {b} 的最小单位",
        "{a} has more places than {b} has";
    "day_outside_term" [a = v.at(0), b = v.at(1), c = v.at(2)] =>
        "{a} 不在协议期限 {b} 至 {c} 之内",
        "{a} lies outside the term from {b} to {c}";
    "no_written_form" [a = v.at(0)] =>
        "条款无法写成规范文本：{a}",
        "the terms have no written form: {a}";
} }

rules! { common(v) {
    "ends_before_starts" [a = v.at(0), b = v.at(1)] =>
        "结束日 {b} 早于开始日 {a}；请改正其一",
        "it ends on {b}, before it starts on {a}; correct one of the two";
    "renewal_notice_longer_than_term" [a = v.time(0), b = v.at(1)] =>
        "续期通知期 {a} 长于协议期限（{b} 天），永远来不及通知",
        "notice of renewal, {a}, is longer than the term of {b} days; nobody can give it in time";
    "rounding_differs_from_currency" [a = v.at(0), b = v.at(1), c = v.at(2)] =>
        "舍入到 {a} 位小数，而 {b} 有 {c} 位；请改为 {c}",
        "amounts are rounded to {a} places, but {b} has {c}; write {c}";
    "precedence_repeats" [a = v.code(0, DocumentRank::ALL)] =>
        "效力顺序中“{a}”重复",
        "the order of precedence names {a} twice";
    "precedence_lacks_agreement" =>
        "效力顺序中没有协议正文（agreement）；请加上",
        "the order of precedence leaves out the agreement itself; add \"agreement\"";
    "parties_are_the_same" [a = v.at(0)] =>
        "客户与供应商是同一主体：{a}",
        "customer and vendor are the same: {a}";
    "account_of_another" [a = v.at(0), b = v.at(1)] =>
        "收款账户户名是 {a}，而本方是 {b}；请核实，以防付错",
        "the account is held by {a}, not by {b}; make sure before anyone pays";
    "no_receiving_account" [a = v.at(0)] =>
        "{a} 没有收款账户，将无法开具发票",
        "{a} has no receiving account, so no invoice can be issued";
    "deletion_before_export_ends" [a = v.time(0), b = v.time(1)] =>
        "删除期限 {a} 短于数据返还窗口 {b}，客户可能来不及取回数据",
        "data is deleted within {a}, but may be taken out for {b}; the customer may lose it";
    "purpose_is_forbidden" [a = v.code(0, Purpose::ALL)] =>
        "允许的用途包含“{a}”，而训练限制条款禁止它；请删去其一",
        "the permitted purposes hold {a:?}, which the clause on training forbids; drop one";
    "training_allowed_beyond_purposes" [a = v.code(0, Purpose::ALL)] =>
        "训练条款允许使用数据，但允许的用途中没有“{a}”；请明确是否允许",
        "training is allowed, but the permitted purposes lack {a:?}; say which holds";
    "output_owner_contradicts"
        [a = v.code(0, Side::ALL), b = v.code(1, OwnershipOfOutputs::ALL)] =>
        "数据条款约定成果属于{a}，知识产权条款约定成果{b}；请改为一致",
        "outputs belong to the {a} by the data clause and are {b} by the IP clause; make them one";
    "customer_outputs_used_for_others" =>
        "成果归客户，却允许用于第三方；请确认这是客户的本意",
        "outputs are the customer's, yet may be used for others; make sure the customer means it";
    "report_of_no_certification" =>
        "约定了安全报告，却没有列出任何认证标准；请填写 certifications",
        "a security report is agreed, but no standard is named; fill in certifications";
    "no_law_named" =>
        "没有列出须遵守的法律；请至少列一部",
        "no law is named; name at least one";
    "no_audit_and_no_report" =>
        "既不能审计，也没有替代报告；客户将无从核查",
        "there is neither an audit nor a report in its place; the customer cannot check anything";
    "cap_is_zero" =>
        "责任上限为零等于免除全部责任；请填写金额或改用其他上限",
        "a liability cap of zero excludes all liability; name an amount or another cap";
    "carve_outs_without_cap" =>
        "责任不设上限，例外事项没有作用",
        "liability is unlimited, so its carve-outs have no effect";
    "damages_cap_below_amount" [a = v.at(0), b = v.at(1)] =>
        "违约金上限 {a} 低于单次金额 {b}",
        "the cap of damages, {a}, is below one amount, {b}";
    "breach_has_no_days" [a = v.code(0, BreachKind::ALL)] =>
        "“{a}”不按日持续，违约金不能按日计；请改为按次（occurrence）",
        "{a} does not last for days; agree its damages per occurrence";
    "no_export_format" =>
        "没有约定数据返还格式；请至少列一种",
        "no format of the export is named; name at least one";
    "proof_before_notice" [a = v.time(0), b = v.time(1)] =>
        "不可抗力的证明期限 {a} 短于通知期限 {b}",
        "force majeure must be proven within {a}, sooner than told, {b}";
    "forum_contradicts_name" [a = v.code(0, Forum::ALL), b = v.at(1)] =>
        "争议解决选的是{a}，机构名称却是“{b}”；同时约定诉讼和仲裁会使仲裁条款无效",
        "the forum is {a}, its name is {b:?}; a clause for both voids arbitration";
    "resolution_before_response" [a = v.time(0), b = v.time(1)] =>
        "解决期限 {a} 短于首次答复期限 {b}",
        "tickets are resolved within {a}, sooner than answered, {b}";
    "duty_says_nothing" [a = v.code(0, DutyKind::ALL)] =>
        "配合事项“{a}”没有写明内容；请在 detail 中列明",
        "the duty to {a} says nothing of what; list it in detail";
} }

rules! { documents(v) {
    "document_is_the_agreement" [a = v.at(0)] =>
        "文件 {a} 的等级不能是协议正文；请改为补充协议、报价单或附件",
        "document {a} cannot be the agreement itself; rank it supplement, quotation or annex";
    "rank_not_in_precedence" [a = v.code(0, DocumentRank::ALL)] =>
        "“{a}”要替换约定值，却不在效力顺序中；请加入 precedence",
        "a {a} replaces terms, but is not in the order of precedence; add it";
    "document_after_the_end" [a = v.at(0), b = v.at(1)] =>
        "文件自 {a} 起生效，晚于协议终止日 {b}",
        "the document takes effect on {a}, after the agreement ends on {b}";
    "replaced_terms_break_a_rule" [a = v.at(0), b = v.at(1)] =>
        "替换后的约定值 {a} 违反规则 {b}",
        "once replaced, the term {a} breaks the rule {b}";
    "replacement_without_effect" [a = v.at(0)] =>
        "协议正文已约定 {a}，且效力更高，此处替换不起作用",
        "the agreement itself says {a} and prevails, so this replaces nothing";
    "term_cannot_be_replaced" [a = v.at(0)] =>
        "{a} 不能由其他文件替换",
        "no document can replace {a}";
    "replaced_term_unknown" [a = v.at(0)] =>
        "协议中没有 {a}；请核对路径",
        "the agreement has no term {a}; check the path";
    "replaced_term_is_no_value" [a = v.at(0)] =>
        "{a} 是一组约定，不是单个约定值；请逐项替换",
        "{a} is a group of terms; replace them one by one";
} }

rules! { money(v) {
    "allocation_lacks_principal" =>
        "清偿顺序中没有本金（principal）；请加上",
        "the order of allocation leaves out the principal; add it";
    "prepayment_is_zero" =>
        "预付款不能为零；不预付时请删去这一节",
        "a prepayment cannot be zero; leave the table out where none is agreed";
    "prepayment_beside_signing_milestone" =>
        "既约定了预付款，又约定了签署节点付款；请确认不是重复收取",
        "there is a prepayment and a milestone at signing; make sure both are meant";
    "late_fee_without_cap" [a = v.at(0)] =>
        "逾期违约金（{a}）没有上限",
        "the late fee of {a} has no cap";
    "late_rate_above_four_lpr" [a = v.at(0), b = v.at(1)] =>
        "逾期违约金费率 {a} 折合年率超过一年期 LPR（{b}）的四倍，可能被调低",
        "the late fee of {a} is above four times the one-year LPR of {b}; a court may lower it";
    "unusual_tax_rate" [a = v.at(0)] =>
        "增值税率 {a} 不常见；请核实",
        "a VAT rate of {a} is unusual; make sure of it";
    "milestones_are_not_100_percent" [a = v.at(0)] =>
        "付款节点合计 {a}，应为 100%",
        "the milestones make {a}, not 100%";
    "no_milestone" =>
        "没有付款节点；请至少约定一个",
        "there is no milestone; agree at least one";
    "signing_share_of_open_fee" [a = v.at(0)] =>
        "费用按用量确定，签署时尚不可知，节点 {a} 届时无法计算",
        "the fee is open until the work is done, so milestone {a} cannot be computed at signing";
    "no_tier" =>
        "没有阶梯；请至少约定一阶",
        "there is no tier; agree at least one";
    "inner_tier_without_bound" =>
        "只有最后一阶可以不设上限；请填写 up_to",
        "only the last tier may be without a bound; fill in up_to";
    "last_tier_with_bound" [a = v.at(0)] =>
        "最后一阶设了上限 {a}，超出的数量没有单价；请删去 up_to",
        "the last tier ends at {a}, and beyond it there is no price; leave up_to out";
    "tiers_do_not_ascend" [a = v.at(0), b = v.at(1)] =>
        "阶梯上限 {a} 不大于前一阶 {b}",
        "the tier ends at {a}, not above the one before at {b}";
} }

rules! { service_level(v) {
    "credit_above_cap" [a = v.at(0), b = v.at(1)] =>
        "服务信用 {a} 高于其上限 {b}，超出部分不会给付",
        "a credit of {a} is above its cap of {b}, which cuts it";
    "degraded_rate_never_applies" [a = v.at(0), b = v.at(1)] =>
        "降级按“{b}”计，降级费率 {a} 不会适用；请将 degraded_as 改为 separate 或删去费率",
        "degradation counts as {b}, so its rate of {a} never applies; make it \"separate\"";
    "limit_of_no_exclusion" [a = v.time(0)] =>
        "没有约定除外事由，除外时长上限 {a} 没有作用",
        "nothing is excluded, so the limit of {a} has no effect";
    "service_hours_are_empty" [a = v.at(0), b = v.at(1)] =>
        "服务时段从第 {a} 分钟到第 {b} 分钟，长度不大于零",
        "service hours run from minute {a} to minute {b}, which is no time at all";
    "credit_tier_above_target" [a = v.at(0), b = v.at(1)] =>
        "信用阈值 {a} 高于承诺的可用性 {b}",
        "the tier below {a} lies above the promise of {b}";
    "credit_tiers_do_not_descend" [a = v.at(0), b = v.at(1)] =>
        "信用阈值须逐级降低：{a} 不低于前一级 {b}",
        "thresholds descend from tier to tier: {a} is not below {b}";
    "credits_do_not_ascend" [a = v.at(0), b = v.at(1)] =>
        "信用比例须逐级升高：{a} 不高于前一级 {b}",
        "credits ascend from tier to tier: {a} is not above {b}";
} }

rules! { annotation(v) {
    "no_work_item" =>
        "没有标注项目；请至少约定一项",
        "there is no work item; agree at least one";
    "no_label" =>
        "没有标签；请列出类别",
        "there are no labels; list the classes";
    "no_standard" =>
        "没有质量标准；请至少约定一项",
        "there is no standard; agree at least one";
    "unit_does_not_fit_modality" [a = v.code(0, WorkUnit::ALL), b = v.code(1, Modality::ALL)] =>
        "计量单位“{a}”不适合“{b}”",
        "{a} are no unit of {b}";
    "metric_does_not_fit_modality"
        [a = v.code(0, QualityMetric::ALL), b = v.code(1, Modality::ALL)] =>
        "指标“{a}”不适合“{b}”",
        "{a} is no measure of {b}";
    "iou_is_missing" [a = v.code(0, QualityMetric::ALL)] =>
        "“{a}”须约定交并比阈值；请填写 iou，如 \"0.5\"",
        "{a} needs an IoU from which boxes match; fill in iou, such as \"0.5\"";
    "iou_has_no_use" [a = v.at(0), b = v.code(1, QualityMetric::ALL)] =>
        "“{b}”不用交并比，iou = {a} 没有作用；请删去",
        "{b} uses no IoU; leave iou = {a} out";
    "tolerance_has_no_use" [a = v.at(0), b = v.code(1, QualityMetric::ALL)] =>
        "“{b}”不是关键帧的指标，tolerance = {a} 没有作用；请删去",
        "{b} is no measure of keyframes; leave tolerance = {a} out";
    "tolerances_differ" [a = v.at(0), b = v.at(1)] =>
        "同一工作项约定了不同的关键帧误差：{a} 秒与 {b} 秒；请统一",
        "one item has two tolerances of keyframes, {a} and {b} seconds; agree on one";
    "no_format_for_modality" [a = v.code(0, Modality::ALL)] =>
        "约定的交付格式都不能承载“{a}”；请补充一种",
        "no agreed format of delivery can hold {a}; add one";
    "limit_not_in_series" [a = v.at(0)] =>
        "{a} 不在 GB/T 2828 的数列中；可用 0.65、1.0、1.5、2.5、4.0 等",
        "{a} is not of the GB/T 2828 series; use 0.65, 1.0, 1.5, 2.5, 4.0 or another of it";
    "guideline_is_no_annex" [a = v.at(0)] =>
        "标注规范 {a} 不在附件（documents）中；请加上",
        "the guideline {a} is no annex; add it to documents";
    "batch_of_unknown_item" [a = v.at(0)] =>
        "没有标注项目 {a}；请核对数据批次所属项目",
        "there is no work item {a}; check what the batch is for";
    "data_after_completion" [a = v.at(0), b = v.at(1)] =>
        "数据在 {a} 才提供，晚于完成日 {b}",
        "data comes on {a}, after the completion day {b}";
    "batches_differ_from_quantity" [a = v.at(0), b = v.at(1)] =>
        "订购数量 {a}，数据批次合计 {b}；请改为一致",
        "{a} units are ordered, the batches make {b}; make them agree";
} }

rules! { training(v) {
    "no_dataset" =>
        "没有训练数据集；请至少约定一个",
        "there is no dataset; agree at least one";
    "test_set_is_training_data" [a = v.at(0)] =>
        "测试集 {a} 同时是训练数据，评测将不可信；请换一个",
        "the test set {a} is training data too, so it proves nothing; use another";
    "no_section" =>
        "没有约定技术文档的内容；请至少列一项",
        "the documentation has no section; agree at least one";
    "class_is_missing" =>
        "按类的标准须写明类别；请填写 class",
        "a standard per class needs its class; fill in class";
    "class_has_no_use" [a = v.at(0), b = v.at(1)] =>
        "平均方式为 {b}，不针对单一类别；请删去 class = {a}",
        "the average is {b}, over all classes; leave class = {a} out";
    "fee_limit_below_base" [a = v.at(0), b = v.at(1)] =>
        "费用上限 {a} 低于基础费用 {b}",
        "the fee is at most {a}, below its base of {b}";
    "model_owner_contradicts" [
        a = v.code(0, OwnershipOfOutputs::ALL),
        b = v.code(1, OwnershipOfOutputs::ALL),
    ] =>
        "模型约定{a}，知识产权条款约定成果{b}；请改为一致",
        "the model is {a}, the outputs are {b} by the IP clause; make them one";
} }

rules! { lease(v) {
    "no_server" =>
        "没有服务器；请至少约定一组",
        "there is no server; agree at least one";
    "no_purpose" =>
        "没有约定允许的用途，租赁资源将不能使用",
        "no purpose is permitted, so the resources cannot be used; permit at least one";
    "upgrade_notice_too_long" [a = v.time(0), b = v.time(1)] =>
        "升级通知期 {a} 不短于升级周期 {b}",
        "notice of an upgrade, {a}, is no shorter than the time between upgrades, {b}";
    "storage_without_price" =>
        "约定了存储，却没有单价，存储将不计费",
        "storage is leased without a price and will not be charged";
    "price_of_no_storage" =>
        "约定了存储单价，却没有存储；请补上 storage 或删去单价",
        "storage has a price but is not leased; add it or leave the price out";
    "no_billable_end" =>
        "没有计费的作业结束方式，GPU 机时将永不计费",
        "no end of a job is billable, so no GPU-hour is ever charged; name at least one";
    "vendor_failure_is_billed" [a = v.at(0)] =>
        "“{a}”是供应商一侧的故障，却计费；请确认",
        "{a} is a failure on the vendor's side, and it is billed; make sure it is meant";
    "fee_for_nothing" [a = v.at(0)] =>
        "一次性费用“{a}”没有对应的租赁内容",
        "a one-off fee for {a}, but none is leased";
} }

rules! { classification(v) {
    "too_few_classes" [a = v.at(0)] =>
        "分类至少要有两个类别，现有 {a} 个",
        "{a} classes leave nothing to tell apart; name at least two";
    "monthly_fee_settled_by_quantity" [a = v.at(0)] =>
        "按月固定收费，却按每 {a} 张结算；请改为按月结算",
        "the fee is monthly, but settled for each {a} images; settle by month";
    "availability_without_terms" =>
        "没有约定可用性和服务信用；中断将没有补救",
        "neither availability nor credits are agreed; an outage has no remedy";
    "accuracy_rises_after_start" [a = v.at(0), b = v.at(1)] =>
        "持续准确率 {a} 高于初始准确率 {b}；请确认",
        "accuracy must be {a} ever after, above {b} at the start; make sure it is meant";
    "urgent_is_slower" [a = v.time(0), b = v.time(1)] =>
        "加急响应 {a} 慢于普通响应 {b}",
        "urgent requests take {a}, longer than standard ones, {b}";
    "urgent_response_incomplete" [a = v.at(0)] =>
        "加急响应须同时约定时间和比例，缺少 {a}",
        "urgent requests need a time and a share; {a} is missing";
    "urgent_price_of_no_class" =>
        "约定了加急单价，却没有约定加急响应时间；请填写 urgent_within",
        "urgent images have a price but no response time; fill in urgent_within";
    "images_beyond_are_free" [a = v.at(0)] =>
        "月费包含 {a} 张，超出部分没有单价，将不收费",
        "the fee includes {a} images, and those beyond have no price";
    "overage_beyond_nothing" =>
        "约定了超出单价，却没有包含量；请填写 included",
        "images beyond have a price, but none are included; fill in included";
    "restored_after_next_evaluation" [a = v.time(0), b = v.time(1)] =>
        "恢复期限 {a} 长于评测间隔 {b}",
        "accuracy is brought back within {a}, after the next evaluation in {b}";
} }
