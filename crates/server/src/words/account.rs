//! Why the account between the parties cannot be computed.

use desk::account::AccountError;
use document::sentences;

sentences! { of_account(words, AccountError) {
    Scale =>
        "约定的舍入与币种不符；请修改协议的 rounding",
        "the agreed rounding does not fit the currency; mend the agreement's rounding";
    LateFee(source) [reason = words.late_fee_error(source)] =>
        "无法计算逾期违约金：{reason}",
        "a late fee cannot be computed: {reason}";
    Allocation(source) [reason = words.allocation_error(source)] =>
        "无法分配付款：{reason}",
        "a payment cannot be allocated: {reason}";
    Liability(source) [reason = words.liability_error(source)] =>
        "无法计算责任上限：{reason}",
        "the liability cap cannot be computed: {reason}";
    Money(source) [reason = words.money_error(source)] =>
        "无法计算金额：{reason}",
        "an amount cannot be computed: {reason}";
} }
