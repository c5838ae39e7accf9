//! Why the contract does not allow something, and what to do next. The clause stands at the end,
//! by its id and title.

use contract::Refusal;

use super::Words;

impl Words {
    /// A refusal in one sentence, with the clause that forbids it.
    #[must_use]
    pub fn refusal(&self, refusal: &Refusal) -> String {
        let reason = reason(self, refusal);
        match refusal.clause() {
            Some(clause) => {
                let under = self.under(&clause);
                say!(self, "{reason}（{under}）", "{reason} — {under}")
            }
            None => reason,
        }
    }
}

names! { Refusal {
    NotDrafted => "尚无条款", "no terms yet";
    AlreadyDrafted => "条款已登记", "terms laid down already";
    AlreadyInForce => "协议已生效", "in force already";
    OtherAgreement => "属于另一份协议", "of another agreement";
    NotReady => "该版本尚不能签署", "version not ready to be signed";
    ManifestDiffers => "签署文件不一致", "papers differ";
    NotASignatory => "不是约定的签署人", "not the named signatory";
    NotInForce => "协议未生效", "not in force";
    HasEnded => "协议已终止", "agreement has ended";
    AlreadySigned => "已签署", "signed already";
    TermsDiffer => "条款不一致", "terms differ";
    TermsHaveErrors => "条款有错误", "terms have errors";
    WrongParty => "应由另一方办理", "for the other party";
    Unknown => "名称不存在", "no such thing";
    Exists => "名称已存在", "exists already";
    Decided => "已有结论", "decided already";
    OtherKind => "不适用于本类协议", "for another kind of agreement";
    RoundOutOfOrder => "轮次不连续", "round out of order";
    TooManyRounds => "超过约定轮数", "too many rounds";
    Zero => "不能为零或为空", "zero or empty";
    PartExceedsWhole => "部分大于全部", "part exceeds the whole";
    InFuture => "时间未到", "in the future";
    EmptyWindow => "时段为空", "empty stretch of time";
    BeforeLastEntry => "早于上一条记录", "before the last entry";
    SeedNotCommitted => "尚未承诺种子", "seed not committed";
    SeedTooLate => "种子承诺过晚", "seed too late";
    SeedMismatch => "种子与承诺不符", "seed is not the committed one";
    TestSetNotSealed => "测试集未封存", "test set not sealed";
    TestSetChanged => "测试集与封存时不同", "test set changed";
    OtherModel => "不是该轮训练的模型", "another model";
    NotReached => "未达到约定标准", "standards not reached";
    OtherTestSet => "不是约定的测试集", "another test set";
    ComesAfter => "前一步未完成", "another step comes first";
    PurposeNotPermitted => "用途不被允许", "purpose not permitted";
    ConsentMissing => "缺少书面同意", "consent missing";
    UseNotPermitted => "资源用途不被允许", "use not permitted";
    OutOfSeries => "编号不连续", "out of series";
    AmountsDiffer => "金额不一致", "amounts differ";
    OtherCurrency => "币种不同", "another currency";
    NotPositive => "须大于零", "not above zero";
    ExceedsInvoice => "超过发票余额", "exceeds the invoice";
    TimeIsOver => "期限已过", "time is over";
    ClockStillRuns => "期限未到", "the time limit still runs";
    GroundNotAgreed => "未约定该事由", "ground not agreed";
    NoticeTooShort => "通知期不足", "notice too short";
    AboveCap => "超过责任上限", "above the liability cap";
    IndirectLossExcluded => "不赔偿间接损失", "indirect loss excluded";
    ExportNotFinished => "数据返还未结束", "export not finished";
    NotSharedOwnership => "并非双方共有", "not shared ownership";
    AuditsUsedUp => "审计次数已用完", "audits used up";
    ExceedsClaim => "超过索赔金额", "exceeds the claim";
} }

sentences! { reason(words, Refusal) {
    NotDrafted =>
        "协议还没有条款；请先登记协议文件",
        "the agreement has no terms yet; lay them down first";
    AlreadyDrafted =>
        "协议条款已经登记；签署前要修改请提出新版本，签署后请提交补充协议",
        "the terms are laid down already; offer a version to change them before the signing, \
         a supplement after it";
    AlreadyInForce =>
        "协议已由双方签署；要修改请提交补充协议",
        "both parties have signed the agreement; propose a supplement to change it";
    NotInForce =>
        "协议尚未生效或已终止；双方都签署后生效",
        "the agreement is not in force; it is once both parties have signed";
    HasEnded =>
        "协议已终止，只能办理善后：返还数据、停止使用、删除、最终结算",
        "the agreement has ended; only the wind-down is left: export, stop, delete, settle";
    AlreadySigned { side } [side = words.name(*side)] =>
        "{side}已经签署",
        "the {side} has signed already";
    TermsDiffer { have, got } [have = short(have), got = short(got)] =>
        "签署的条款（{got}）与登记的（{have}）不一致；请重新签署登记的条款",
        "what was signed ({got}) is not what was laid down ({have}); sign the terms again";
    OtherAgreement { need } =>
        "这是另一份协议的条款；本协议是 {need}",
        "these are the terms of another agreement; this one is {need}";
    NotReady { version } =>
        "第 {version} 版还不能签署；请先处理其中未决之处，再提出新版本",
        "version {version} cannot be signed as it is; settle what is open in it and offer another";
    ManifestDiffers { have, got }
        [have = papers(words, have.as_deref()), got = papers(words, got.as_deref())] =>
        "签署的是{got}，应签署的是{have}；请按最后一个版本重新签署",
        "what was signed is {got}, what stands to be signed is {have}; sign the last version";
    NotASignatory { need } =>
        "文件写明由 {need} 签署；如要换人，请提出写明新签署人的版本或文件",
        "the papers name {need} as signatory; to change that, offer a version, or propose a \
         document, that names another";
    TermsHaveErrors { paths } [paths = words.list(paths)] =>
        "条款有错误，不能签署：{paths}；请先更正",
        "the terms have errors and cannot be signed: {paths}; mend them first";
    WrongParty { need } [need = words.name(*need)] =>
        "只有{need}可以这样做",
        "only the {need} may do this";
    Unknown { what, name } [what = words.thing(what), name = after_space(name)] =>
        "没有{what}{name}；请核对名称",
        "there is no {what}{name}; check the name";
    Exists { what, name } [what = words.thing(what)] =>
        "{what} {name} 已存在；请换一个名称",
        "there is a {what} {name} already; use another name";
    Decided { what, name } [what = words.thing(what)] =>
        "{what} {name} 已有结论，不能再改",
        "{what} {name} was decided already";
    OtherKind { need } [need = words.kind(need)] =>
        "这只适用于“{need}”类协议，本协议是另一类",
        "this belongs to agreements on {need}; this agreement is of another kind";
    RoundOutOfOrder { expected, got } =>
        "轮次不连续：应为第 {expected} 轮，给出的是第 {got} 轮",
        "rounds out of order: round {expected} comes next, round {got} was given";
    TooManyRounds { max } =>
        "已超过约定的 {max} 轮；再做须另签补充协议",
        "no more than {max} rounds were agreed; a further one needs a supplement";
    Zero { field } [field = words.field(field)] =>
        "{field}不能为零或为空",
        "the {field} cannot be zero or empty";
    PartExceedsWhole { field, part, whole }
        [field = words.field(field), part = words.count(*part), whole = words.count(*whole)] =>
        "{field} {part} 大于全部 {whole}",
        "the {field}, {part}, is more than the whole, {whole}";
    InFuture { time } [time = words.instant(*time)] =>
        "时间 {time} 还没有到；只能记录已经发生的事",
        "{time} has not come yet; only what has happened is recorded";
    EmptyWindow =>
        "时段长度为零；结束须晚于开始",
        "the stretch of time is empty; it must end after it begins";
    BeforeLastEntry { last } [last = words.instant(*last)] =>
        "账簿只能向后记：上一条记录在 {last}；请检查系统时钟",
        "the journal only goes forward, its last entry is of {last}; check the clock";
    SeedNotCommitted { side } [side = words.name(*side)] =>
        "{side}尚未承诺抽样种子；双方须在交付前各自承诺",
        "the {side} has not committed to a seed; both must do so before the delivery";
    SeedTooLate =>
        "种子承诺晚于交付，抽样不再可信；请在下一轮交付前承诺",
        "the seed came after the delivery that it samples; commit before the next round";
    SeedMismatch =>
        "公布的种子与承诺不符；请公布当初承诺的种子",
        "the seed is not the one committed to; reveal that one";
    TestSetNotSealed =>
        "训练开始前须先封存测试集；请先记录封存",
        "the test set must be sealed before training starts; record the seal first";
    TestSetChanged { sealed } =>
        "测试集与封存时不同；请使用摘要为 {sealed} 的那一份",
        "this is not what was sealed; use the test set whose digest is {sealed}";
    OtherModel { trained } =>
        "这不是该轮训练的模型；该轮模型的摘要为 {trained}",
        "this is not the model of that round, whose digest is {trained}";
    NotReached { round } =>
        "第 {round} 轮模型未评测，或未达到约定标准；请先评测、再训练一轮，或说明仍要交付的理由",
        "the model of round {round} was not judged or fell short; judge it, or say why it goes";
    OtherTestSet { agreed } =>
        "须使用约定的测试集 {agreed}",
        "the agreed test set is {agreed}; use that one";
    ComesAfter { first } [first = words.step(first)] =>
        "须先完成：{first}",
        "this comes after {first}";
    PurposeNotPermitted { purpose } [purpose = words.name(*purpose)] =>
        "协议不允许这一用途：{purpose}",
        "the agreement does not permit this purpose: {purpose}";
    ConsentMissing { purpose } [purpose = words.name(*purpose)] =>
        "这一用途须经客户书面同意：{purpose}；请先由客户记录同意",
        "this purpose needs the customer's written consent: {purpose}; record it first";
    UseNotPermitted { purpose } =>
        "租赁不允许把资源用于“{purpose}”",
        "the lease does not permit this use of its resources: {purpose}";
    OutOfSeries { expected, got } =>
        "编号不连续：应为 {expected}，给出的是 {got}",
        "out of series: number {expected} comes next, {got} was given";
    AmountsDiffer { field, expected_minor, got_minor } [
        field = words.field(field),
        expected = words.minor(*expected_minor),
        got = words.minor(*got_minor),
    ] =>
        "{field}不一致：应为 {expected}，给出的是 {got}",
        "the {field} does not agree: it must be {expected} and is {got}";
    OtherCurrency =>
        "币种与协议不同；请用协议约定的币种",
        "the amount is of another currency; use the agreement's";
    NotPositive { field } [field = words.field(field)] =>
        "{field}须大于零",
        "the {field} must be above zero";
    ExceedsInvoice { left_minor } [left = words.minor(*left_minor)] =>
        "贷项超过发票余额，最多 {left}",
        "the credit note is above what is left of the invoice, {left}";
    TimeIsOver { at } [at = words.limit(*at)] =>
        "决定期限已于 {at} 届满，未提异议的部分视为认可",
        "the time to decide ran out at {at}; what was not objected to counts as approved";
    ClockStillRuns { until } [until = words.limit(*until)] =>
        "期限尚未届满，{until} 之后才可以这样做",
        "the time limit still runs; this is possible after {until}";
    GroundNotAgreed {} =>
        "协议没有约定这一终止事由；可用的事由见该条款",
        "the agreement does not have this ground of ending; the clause lists those it has";
    NoticeTooShort { earliest } [earliest = words.instant(*earliest)] =>
        "通知期不足；最早可在 {earliest} 终止",
        "the notice is too short; the earliest possible end is {earliest}";
    AboveCap { allowed_minor } [allowed = words.minor(*allowed_minor)] =>
        "超过责任上限，最多 {allowed}",
        "this is above the liability cap, which allows {allowed}";
    IndirectLossExcluded =>
        "协议不赔偿间接损失；请只主张直接损失",
        "indirect loss is not made good; claim the direct loss alone";
    ExportNotFinished { until } [until = words.limit(*until)] =>
        "客户在 {until} 之前仍可取回数据，此前不得删除；客户可提前确认返还完成",
        "the customer may take its data out until {until}; it must not be deleted before";
    NotSharedOwnership =>
        "模型不是双方共有，不适用共有的规则",
        "the model is not owned by both parties, so this does not apply";
    AuditsUsedUp { max } =>
        "每年 {max} 次审计已用完",
        "the {max} audits of a year are used up";
    ExceedsClaim { max_minor } [max = words.minor(*max_minor)] =>
        "超过所主张、接受或裁定的金额，最多 {max}",
        "at most {max} was claimed, accepted or awarded";
} }

/// Papers by the hash of their manifest, or the terms alone.
fn papers(words: &Words, sha256: Option<&str>) -> String {
    match sha256.map(short) {
        Some(sha256) => say!(words, "文件清单 {sha256}", "the manifest {sha256}"),
        None => say!(words, "条款本身", "the terms alone"),
    }
}

/// The beginning of a hash, enough to tell two apart.
fn short(sha256: &str) -> &str {
    sha256.get(..12).unwrap_or(sha256)
}

/// A name after a space; nothing where there is none.
fn after_space(name: &str) -> String {
    if name.is_empty() { String::new() } else { format!(" {name}") }
}
