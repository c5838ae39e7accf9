//! Why a statement, an account, an invoice or a credit cannot be computed, and what to do.

use settlement::{
    AllocationError, AvailabilityError, CreditError, GpuError, InvoiceError, LateFeeError,
    LedgerError, LiabilityError, RateError, RepairError, RevenueError, SeriesError, SettleError,
    WrongQuantity,
};
use units::MoneyError;

use super::Words;

impl Words {
    /// Why a period cannot be settled.
    #[must_use]
    pub fn settle_error(&self, error: &SettleError) -> String {
        of_settle(self, error)
    }

    /// Why a late fee cannot be computed.
    #[must_use]
    pub fn late_fee_error(&self, error: &LateFeeError) -> String {
        of_late_fee(self, error)
    }

    /// Why a payment cannot be allocated.
    #[must_use]
    pub fn allocation_error(&self, error: &AllocationError) -> String {
        of_allocation(self, error)
    }

    /// Why the liability cap cannot be computed.
    #[must_use]
    pub fn liability_error(&self, error: &LiabilityError) -> String {
        of_liability(self, error)
    }

    /// Why an invoice or a credit note cannot be made.
    #[must_use]
    pub fn invoice_error(&self, error: &InvoiceError) -> String {
        of_invoice(self, error)
    }

    /// What is wrong with a series of invoice numbers.
    #[must_use]
    pub fn series_error(&self, error: &SeriesError) -> String {
        of_series(self, error)
    }

    /// Why postings cannot be booked.
    #[must_use]
    pub fn ledger_error(&self, error: &LedgerError) -> String {
        of_ledger(self, error)
    }

    /// Why an amount cannot be formed.
    #[must_use]
    pub fn money_error(&self, error: &MoneyError) -> String {
        of_money(self, error)
    }
}

sentences! { of_settle(words, SettleError) {
    Scale { rounding, currency } [scale = rounding.scale] =>
        "舍入到 {scale} 位小数，与 {currency} 不符；请修改协议的 rounding",
        "rounding to {scale} places does not fit {currency}; mend the agreement's rounding";
    CarriedCurrency { carried, currency } =>
        "结转金额的币种是 {carried}，协议的币种是 {currency}",
        "carried amounts are in {carried}, the agreement is in {currency}";
    NotWholeMonths =>
        "按月收费须按自然月结算；请选择整月，如 2026-03",
        "the fee is monthly and the period cuts a month; settle whole months, such as 2026-03";
    NoSuchMilestone { milestone } =>
        "协议没有付款节点 {milestone}",
        "the agreement has no milestone {milestone}";
    NoPrepayment =>
        "协议没有约定预付款",
        "the agreement has no prepayment";
    NotByQuantity =>
        "协议不按数量结算；请按月结算",
        "the agreement is not settled by quantity; settle by month";
    QuantityNotReached { have, through }
        [have = words.count(*have), through = words.count(*through)] =>
        "已处理 {have} 张，尚未达到 {through} 张",
        "{have} of {through} images are done; settle once the rest is";
    AlreadySettled { billed, through }
        [billed = words.count(*billed), through = words.count(*through)] =>
        "已结算到 {billed} 张，{through} 张不超过它",
        "{billed} images are settled already; {through} is not above that";
    Quantity(source) [reason = of_quantity(words, source)] =>
        "计量无法使用：{reason}",
        "a measurement cannot be used: {reason}";
    Rate(source) [reason = of_rate(words, source)] =>
        "无法计价：{reason}",
        "a price cannot be computed: {reason}";
    Gpu(source) [reason = of_gpu(words, source)] =>
        "无法计算 GPU 机时：{reason}",
        "GPU-hours cannot be computed: {reason}";
    Repair(source) [reason = of_repair(words, source)] =>
        "无法计算逾期修复扣减：{reason}",
        "late repair cannot be priced: {reason}";
    Revenue(source) [reason = of_revenue(words, source)] =>
        "无法计算收益分成：{reason}",
        "revenue cannot be split: {reason}";
    Availability(source) [reason = of_availability(words, source)] =>
        "无法计算可用性：{reason}",
        "availability cannot be computed: {reason}";
    Credit(source) [reason = of_credit(words, source)] =>
        "无法计算服务信用：{reason}",
        "a credit cannot be computed: {reason}";
    Money(source) [reason = of_money(words, source)] =>
        "无法计算金额：{reason}",
        "an amount cannot be computed: {reason}";
} }

/// A measurement whose quantity its metric cannot have.
fn of_quantity(words: &Words, wrong: &WrongQuantity) -> String {
    let metric = words.name(wrong.metric);
    let subject = wrong.subject.as_ref().map_or_else(String::new, |subject| format!(" {subject}"));
    say!(
        words,
        "{metric}{subject} 的数值不能相加",
        "{metric}{subject} has a quantity that cannot be summed"
    )
}

sentences! { of_money(words, MoneyError) {
    Currency =>
        "两种币种不能相加",
        "amounts of different currencies do not add";
    Malformed =>
        "不是金额；请写成 1234.50",
        "not an amount; write it as 1234.50";
    TooPrecise =>
        "小数位多于币种的最小单位",
        "more decimal places than the currency has";
    Range =>
        "金额超出范围",
        "the amount is out of range";
} }

sentences! { of_rate(words, RateError) {
    TierOrder { tier } =>
        "第 {tier} 阶的上限没有递增；请修改协议",
        "tier {tier} does not ascend; mend the agreement";
    BeyondTiers { quantity, last } [quantity = words.count(*quantity), last = words.count(*last)] =>
        "数量 {quantity} 超出最后一阶的上限 {last}；协议没有这部分的单价",
        "{quantity} units lie beyond the last tier, {last}; the agreement has no price for them";
    EmptyPackage =>
        "每包数量为零；请修改协议",
        "a package holds no units; mend the agreement";
    Units =>
        "数量超出可计数的范围",
        "more units than can be counted";
    Money(source) [reason = of_money(words, source)] =>
        "金额：{reason}",
        "an amount: {reason}";
} }

sentences! { of_gpu(words, GpuError) {
    ZeroStep =>
        "计时单位为零秒；请修改协议的 step_seconds",
        "the rounding step is zero seconds; mend step_seconds";
} }

sentences! { of_repair(words, RepairError) {
    Conflict { id } =>
        "故障 {id} 两次给出的内容不同",
        "incident {id} was given twice with different content";
    Money(source) [reason = of_money(words, source)] =>
        "金额：{reason}",
        "an amount: {reason}";
} }

sentences! { of_revenue(words, RevenueError) {
    Share { share } [share = words.percent(*share)] =>
        "分成比例 {share} 不在 0% 到 100% 之间",
        "a share of {share} is not between 0% and 100%";
    Conflict { evidence } =>
        "申报 {evidence} 两次给出的内容不同",
        "report {evidence} was given twice with different content";
    NegativeRevenue { evidence, amount } [amount = words.money(*amount)] =>
        "申报 {evidence} 的收入 {amount} 小于零",
        "report {evidence} is over {amount}, below zero";
    NegativeFee { fee } =>
        "许可费 {fee} 小于零",
        "a licence fee of {fee} is below zero";
    Money(source) [reason = of_money(words, source)] =>
        "金额：{reason}",
        "an amount: {reason}";
} }

sentences! { of_availability(words, AvailabilityError) {
    Target { target } [target = words.percent(*target)] =>
        "承诺的可用性 {target} 不在 0% 到 100% 之间",
        "the promise of {target} is not between 0% and 100%";
    ServiceHours { from, to } =>
        "服务时段从第 {from} 分钟到第 {to} 分钟，不在一天之内",
        "service hours from minute {from} to minute {to} are no part of a day";
    InexactDuration { field, duration } [length = words.duration(*duration)] =>
        "{field} 为 {length}，须用分钟或小时",
        "{field} is {length}; it needs minutes or hours";
} }

sentences! { of_credit(words, CreditError) {
    NegativeFees { fees } [fees = words.money(*fees)] =>
        "当月费用 {fees} 小于零",
        "the month's fees are {fees}, below zero";
    NegativeShare { share } [share = words.percent(*share)] =>
        "约定比例 {share} 小于零",
        "the agreed share of {share} is below zero";
    Money(source) [reason = of_money(words, source)] =>
        "金额：{reason}",
        "an amount: {reason}";
} }

sentences! { of_late_fee(words, LateFeeError) {
    Principal { invoice, with_tax, without_tax }
        [with_tax = words.money(*with_tax), without_tax = words.money(*without_tax)] =>
        "发票 {invoice} 的本金有误：含税 {with_tax}，不含税 {without_tax}",
        "the principal of invoice {invoice} is {with_tax} with tax, {without_tax} without";
    Payment { evidence, amount } [amount = words.money(*amount)] =>
        "付款 {evidence} 的金额 {amount} 小于零",
        "payment {evidence} is {amount}, below zero";
    Overpaid { invoice, with_tax, paid }
        [with_tax = words.money(*with_tax), paid = words.money(*paid)] =>
        "发票 {invoice} 的本金为 {with_tax}，已付 {paid}，多付了",
        "{paid} was paid on invoice {invoice}, which is over {with_tax}";
    NegativeRate { rate } [rate = words.percent(*rate)] =>
        "约定费率 {rate} 小于零",
        "the agreed rate of {rate} is below zero";
    Grace { grace } [grace = words.duration(*grace)] =>
        "宽限期 {grace} 须以日或工作日计",
        "a grace of {grace} is not counted in days";
    Money(source) [reason = of_money(words, source)] =>
        "金额：{reason}",
        "an amount: {reason}";
} }

sentences! { of_allocation(words, AllocationError) {
    NegativePayment { amount } [amount = words.money(*amount)] =>
        "付款 {amount} 小于零",
        "a payment of {amount} settles nothing";
    NegativeDebt { invoice, amount } [amount = words.money(*amount)] =>
        "发票 {invoice} 的未付金额 {amount} 小于零",
        "{amount} is open of invoice {invoice}, below zero";
    Money(source) [reason = of_money(words, source)] =>
        "金额：{reason}",
        "an amount: {reason}";
} }

sentences! { of_liability(words, LiabilityError) {
    ClaimConflict { claim } =>
        "索赔 {claim} 两次给出的内容不同",
        "claim {claim} was given twice with different content";
    PaymentConflict { evidence } =>
        "付款 {evidence} 两次给出的内容不同",
        "payment {evidence} was given twice with different content";
    NegativeLoss { claim, amount } [amount = words.money(*amount)] =>
        "索赔 {claim} 的损失 {amount} 小于零",
        "claim {claim} is over {amount}, below zero";
    NegativeDamages { amount } =>
        "约定违约金 {amount} 小于零",
        "agreed damages of {amount} are below zero";
    Money(source) [reason = of_money(words, source)] =>
        "金额：{reason}",
        "an amount: {reason}";
} }

sentences! { of_invoice(words, InvoiceError) {
    OtherAgreement { of } =>
        "结算单属于协议 {of}，不是本协议",
        "the statement is of agreement {of}";
    NoAccount =>
        "协议没有供应商的收款账户；请以补充协议补上",
        "the agreement names no account of the vendor; add one by a supplement";
    NothingCredited { gross } [gross = words.money(*gross)] =>
        "贷项金额 {gross} 须大于零",
        "a credit note over {gross} takes nothing back";
    MoreThanLeft { gross, left } [gross = words.money(*gross), left = words.money(*left)] =>
        "贷项 {gross} 超过发票余额 {left}",
        "{gross} is more than the {left} that is left of the invoice";
    OtherInvoice { number } [number = &number.text] =>
        "贷项 {number} 属于另一张发票",
        "credit note {number} is of another invoice";
    Money(source) [reason = of_money(words, source)] =>
        "金额：{reason}",
        "an amount: {reason}";
} }

sentences! { of_series(words, SeriesError) {
    Gap { missing } =>
        "编号不连续，缺少 {missing}",
        "number {missing} is missing";
    Twice { number } =>
        "编号 {number} 用了两次",
        "number {number} was used twice";
    Full =>
        "编号已用完",
        "the series is used up";
} }

sentences! { of_ledger(words, LedgerError) {
    Unbalanced { id, by } [by = words.money(*by)] =>
        "分录 {id} 借贷不平，差 {by}",
        "transaction {id} is out of balance by {by}";
    Conflict { id } =>
        "分录 {id} 已以不同内容入账",
        "transaction {id} was booked before with different content";
    Negative { id, amount } [amount = words.money(*amount)] =>
        "分录 {id} 的金额 {amount} 小于零",
        "transaction {id} is over {amount}, below zero";
    Parts { id, parts, amount } [parts = words.money(*parts), amount = words.money(*amount)] =>
        "付款 {id} 各部分合计 {parts}，与金额 {amount} 不符",
        "the parts of payment {id} add up to {parts}, not {amount}";
    Money(source) [reason = of_money(words, source)] =>
        "金额：{reason}",
        "an amount: {reason}";
} }
