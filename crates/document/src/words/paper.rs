//! The words of printed documents: labels, remarks, and why one cannot be printed. Names of lines,
//! formulas and clauses are those of every other face.

use units::{Currency, Date, Lang, Money, Window};

use super::Words;
use crate::pdf::{Place, PrintError};

/// A label or a heading of a printed document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each variant is documented by its words")]
pub enum Label {
    Invoice,
    CreditNote,
    Statement,
    InvoiceNumber,
    CreditNoteNumber,
    StatementName,
    Corrects,
    CorrectedIssued,
    Reason,
    Agreement,
    Kind,
    Period,
    Issued,
    Prepared,
    Due,
    Seller,
    Buyer,
    CreditCode,
    Address,
    Representative,
    Contact,
    Phone,
    Email,
    Holder,
    Bank,
    AccountNumber,
    Reference,
    PayInto,
    Number,
    Description,
    Quantity,
    Unit,
    UnitPrice,
    NetAmount,
    GrossAmount,
    TaxRate,
    Tiered,
    Item,
    PaymentDue,
    GrossInWords,
    DueInWords,
    CreditedInWords,
    InvoiceGross,
    CreditedBefore,
    CreditedNow,
    LeftAfter,
    Remarks,
    Annex,
    AnnexIntro,
    Clause,
    Evidence,
    Credit,
    BilledJobs,
    Conflicts,
    Proofs,
    Journal,
    Entries,
    Root,
    RecordedBy,
    DocumentHash,
    UsedEvidence,
    Rehearsal,
    Draft,
}

names! { Label {
    Invoice => "发票", "Invoice";
    CreditNote => "贷项通知单", "Credit note";
    Statement => "结算单", "Statement";
    InvoiceNumber => "发票号码", "Invoice number";
    CreditNoteNumber => "贷项编号", "Credit note number";
    StatementName => "结算单", "Statement";
    Corrects => "冲减发票", "Corrects invoice";
    CorrectedIssued => "原发票日期", "Invoice issued";
    Reason => "原因", "Reason";
    Agreement => "协议编号", "Agreement";
    Kind => "服务类型", "Service";
    Period => "结算期间", "Period";
    Issued => "开具日期", "Issued";
    Prepared => "编制日期", "Prepared";
    Due => "付款期限", "Due";
    Seller => "销售方（供应商）", "Seller (vendor)";
    Buyer => "购买方（客户）", "Buyer (customer)";
    CreditCode => "统一社会信用代码", "Tax number";
    Address => "地址", "Address";
    Representative => "负责人", "Representative";
    Contact => "联系人", "Contact";
    Phone => "电话", "Telephone";
    Email => "电子邮箱", "E-mail";
    Holder => "户名", "Account holder";
    Bank => "开户行", "Bank";
    AccountNumber => "账号", "Account number";
    Reference => "付款附言", "Payment reference";
    PayInto => "付款", "Payment";
    Number => "序号", "No.";
    Description => "项目", "Description";
    Quantity => "数量", "Quantity";
    Unit => "单位", "Unit";
    UnitPrice => "单价", "Unit price";
    NetAmount => "金额（不含税）", "Amount (net)";
    GrossAmount => "金额（含税）", "Amount (with tax)";
    TaxRate => "税率", "Tax rate";
    Tiered => "阶梯价", "tiered";
    Item => "项", "item";
    PaymentDue => "应付", "Payable";
    GrossInWords => "价税合计（大写）", "Total with tax in words";
    DueInWords => "应付金额（大写）", "Payable in words";
    CreditedInWords => "冲减金额（大写）", "Credited in words";
    InvoiceGross => "原发票含税金额", "Invoice with tax";
    CreditedBefore => "此前已冲减", "Credited before";
    CreditedNow => "本次冲减", "Credited now";
    LeftAfter => "冲减后余额", "Left of the invoice";
    Remarks => "说明", "Remarks";
    Annex => "附件：计算过程", "Annex: workings";
    AnnexIntro =>
        "每个金额由算式和下列精确数据得出，除另有说明外只舍入一次；条款和证据列于其后。",
        "Each figure follows from its formula and exact inputs, rounded as stated; clause \
         and evidence stand below it.";
    Clause => "条款", "Clause";
    Evidence => "证据", "Evidence";
    Credit => "服务信用", "Service credit";
    BilledJobs => "计费作业", "Billed jobs";
    Conflicts => "相互矛盾、未采用的证据", "Evidence in conflict that was not used";
    Proofs => "证明", "Proofs";
    Journal => "账簿", "Journal";
    Entries => "记录数", "Entries";
    Root => "根哈希", "Root hash";
    RecordedBy => "记入账簿", "Recorded by";
    DocumentHash => "内容哈希", "Hash of the content";
    UsedEvidence => "所用证据的记录及其哈希（SHA-256）", "Entries used as evidence, with their hashes (SHA-256)";
    Rehearsal => "演练 · 不具效力", "REHEARSAL · binds nobody";
    Draft => "草稿 · 未提交", "DRAFT · not submitted";
} }

names! { Place {
    Seller => "销售方", "the seller";
    Buyer => "购买方", "the buyer";
    Heading => "抬头", "the heading";
    Lines => "明细", "the lines";
    Payment => "付款信息", "the payment details";
    Remarks => "说明", "the remarks";
    Workings => "计算过程", "the workings";
    Proofs => "证明", "the proofs";
    Text => "正文", "the text";
} }

impl Words {
    /// Why a document cannot be printed, and what to do.
    #[must_use]
    pub fn print_error(&self, error: &PrintError) -> String {
        of_print(self, error)
    }

    /// The reason of a credit note; the code itself where it has no name.
    #[must_use]
    pub fn credit_reason<'a>(&self, code: &'a str) -> &'a str {
        CREDIT_REASONS.name(code, self.lang).unwrap_or(code)
    }

    /// An amount in the words of a bill: Chinese yuan stand with 人民币 before them.
    #[must_use]
    pub fn in_words(&self, words: &settlement::Words, currency: Currency) -> String {
        let text = match self.lang {
            Lang::Zh => &words.zh,
            Lang::En => &words.en,
        };
        match currency {
            Currency::Cny => say!(self, "人民币{text}", "{text}"),
            _ => text.clone(),
        }
    }

    /// `税额（13 %）`, `tax (13 %)`.
    pub(crate) fn tax_at(&self, rate: units::Percent) -> String {
        let rate = self.percent(rate);
        say!(self, "税额（{rate}）", "tax ({rate})")
    }

    /// What stands before, between and after the two numbers of a page.
    pub(crate) fn page_of(&self) -> [String; 3] {
        let (page, pages) = ('\u{1}', '\u{1}');
        let text = say!(self, "第 {page} 页，共 {pages} 页", "page {page} of {pages}");
        let mut parts = text.split('\u{1}').map(str::to_owned);
        std::array::from_fn(|_| parts.next().unwrap_or_default())
    }

    /// Days of a period, inclusive, where it begins and ends with a day.
    pub(crate) fn period(&self, window: Window) -> String {
        let (first, after) = (window.from.date(&self.zone), window.to.date(&self.zone));
        let whole = first.start(&self.zone) == window.from && after.start(&self.zone) == window.to;
        if !whole || after <= first {
            return self.window(window);
        }
        let last = after.plus_days(-1);
        say!(self, "{first} 至 {last}", "{first} to {last}")
    }

    /// A due day that rests on working days that are not published yet.
    pub(crate) fn due_day(&self, day: Date, provisional: bool) -> String {
        if provisional {
            say!(self, "{day}（暂定）", "{day} (provisional)")
        } else {
            self.date(day)
        }
    }

    /// What a package holds, beside its line.
    pub(crate) fn package_of(&self, size: &str) -> String {
        say!(self, "每包 {size}", "{size} a package")
    }

    /// That a line stands in the workings alone, since its quantity has no single price.
    pub(crate) fn shown_short(&self) -> String {
        say!(
            self,
            "数量只显示四位小数；精确值见计算过程。",
            "Quantities are shown to four places; the workings hold the exact values.",
        )
    }

    /// What the document rests on.
    pub(crate) fn rests_on(&self, size: u64, root: &str) -> String {
        let size = self.count(size);
        say!(
            self,
            "本单据由账簿前 {size} 条记录计算得出，根哈希 {root}。",
            "Computed from the first {size} entries of the journal with root hash {root}.",
        )
    }

    /// That the document does not stand in for the tax authority's invoice.
    pub(crate) fn no_tax_invoice(&self) -> String {
        say!(
            self,
            "本单据是协议项下的商业账单，不替代税务机关的增值税发票。",
            "A commercial bill under the agreement; it does not replace an official VAT \
             invoice (fapiao).",
        )
    }

    /// By what the payment is recognised and until when it is in time.
    pub(crate) fn pay_by(&self, amount: Money, due: &str) -> String {
        let amount = self.money(amount);
        say!(self, "{amount}，{due} 前（含当日）", "{amount} on or before {due}")
    }

    /// What a credit note does.
    pub(crate) fn credit_line(&self, invoice: &str, reason: &str) -> String {
        say!(self, "冲减发票 {invoice}：{reason}", "credit on invoice {invoice}: {reason}")
    }

    /// How the tax of a credit note follows.
    pub(crate) fn credit_tax(&self) -> String {
        say!(
            self,
            "税额按冲减金额占发票余额的比例计算，向下舍入；冲减全部余额时取余下的全部税额。",
            "The tax is the same share of the tax that is left, rounded down; a full credit \
             takes all of it.",
        )
    }

    /// How anybody checks the document.
    pub(crate) fn how_to_verify(&self) -> [String; 2] {
        [
            say!(
                self,
                "任何一方都可以离线核对：取得该协议的证据包（tally export），然后执行下面的命令。",
                "Either party can check this offline: take the evidence bundle (tally \
                 export), then run the command below.",
            ),
            say!(
                self,
                "命令重算结算单，核对每条记录的哈希，并与留存的检查点比较。",
                "It computes the statements again, checks the hash of every entry, and \
                 compares a checkpoint that you kept.",
            ),
        ]
    }

    /// How many entries are not listed.
    pub(crate) fn more_entries(&self, more: usize) -> String {
        say!(self, "另有 {more} 条，见证据包。", "{more} more are in the evidence bundle.")
    }

    /// A job that is billed.
    pub(crate) fn billed_job(&self, job: &str, devices: usize, held: &str) -> String {
        say!(self, "作业 {job}：{devices} 个 GPU，{held}", "job {job}: {devices} GPUs, {held}")
    }

    /// Availability of a period against what was agreed.
    #[must_use]
    pub fn availability(&self, report: &settlement::AvailabilityReport) -> String {
        let seconds = |micros: i64| self.length(micros.unsigned_abs() / 1_000_000);
        let up = (report.base - report.counted_down).max(0).unsigned_abs();
        let base = units::Ratio::new(up, report.base.max(0).unsigned_abs());
        let share = base.value().map_or("—".to_owned(), |value| self.share(value));
        let target = self.percent(report.target);
        let met = if report.met {
            say!(self, "达标", "met")
        } else {
            say!(self, "未达标", "not met")
        };
        let [down, degraded] = [seconds(report.counted_down), seconds(report.degraded)];
        let [excluded, unknown] = [seconds(report.excluded), seconds(report.unknown)];
        say!(
            self,
            "可用性 {share}（约定 {target}，{met}）：中断 {down}，降级 {degraded}，除外 {excluded}，未知 {unknown}",
            "availability {share} (agreed {target}, {met}): down {down}, degraded \
             {degraded}, excluded {excluded}, unknown {unknown}",
        )
    }
}

codes! { CREDIT_REASONS {
    "objection": "对结算单的异议成立", "an objection was right";
    "service_credit": "服务信用", "service credit";
    "dispute": "争议已解决", "a dispute was settled";
    "error": "发票有误", "the invoice was wrong";
} }

sentences! { of_print(words, PrintError) {
    NoFont { families, package } [families = words.list(families)] =>
        "没有中文字体（查找过 {families}）；请安装 {package}，例如 apt-get install {package}",
        "no font for Chinese text (looked for {families}); install {package}: apt-get \
         install {package}";
    Character { character, place, text }
        [code = format!("U+{:04X}", u32::from(*character)), place = words.name(*place)] =>
        "{place}“{text}”中的字符 {code} 没有可用的字体；请安装含该字符的字体，或改正文字",
        "no font has the character {code} in \"{text}\" ({place}); install one that has it, \
         or mend the text";
    Template { reason } =>
        "模板无法排版：{reason}",
        "the template cannot be set: {reason}";
    Money(source) [reason = words.money_error(source)] =>
        "金额：{reason}",
        "an amount: {reason}";
    Invoice(source) [reason = words.invoice_error(source)] =>
        "发票：{reason}",
        "the invoice: {reason}";
} }
