//! What a command did, in one sentence with its figures, and what comes next.

use std::path::Path;

use contract::obligation::ObligationStatus;
use contract::terms::Side;
use contract::{InvoiceView, ObligationView, StandardView};
use units::{Date, Id, Money, Timestamp};

use super::Words;

/// What happens to an agreement. Each takes what it names.
impl Words {
    /// A deployment was laid down.
    #[must_use]
    pub fn deployment_created(&self, name: &str, folder: &Path) -> String {
        let folder = folder.display();
        say!(
            self,
            "部署 {name} 已建立在 {folder}；下一步：tally new 登记协议",
            "the deployment {name} stands in {folder}; next: tally new registers an agreement",
        )
    }

    /// A key was made.
    #[must_use]
    pub fn key_created(&self, name: &str, file: &Path) -> String {
        let file = file.display();
        say!(
            self,
            "密钥 {name} 已写入 {file}；请备份并保密",
            "the key {name} was written to {file}; back it up and keep it secret",
        )
    }

    /// Terms were laid down.
    #[must_use]
    pub fn drafted(&self, agreement: &Id) -> String {
        say!(
            self,
            "协议 {agreement} 的条款已登记；下一步：双方用 tally sign 签署",
            "the terms of {agreement} are laid down; next: both parties sign with tally sign",
        )
    }

    /// An agreement file was checked.
    #[must_use]
    pub fn checked(&self, errors: usize, warnings: usize) -> String {
        match (errors, warnings) {
            (0, 0) => say!(self, "没有问题，可以签署", "no problems; it can be signed"),
            (0, _) => say!(self, "{warnings} 处提醒，可以签署", "{warnings} warnings; it can be signed"),
            _ => say!(
                self,
                "{errors} 处错误，{warnings} 处提醒；改正错误后才能签署",
                "{errors} errors, {warnings} warnings; it can be signed once the errors are mended",
            ),
        }
    }

    /// A party signed; `effective` is the day from which the agreement holds, once both have.
    #[must_use]
    pub fn signed(&self, side: Side, effective: Option<Date>) -> String {
        let (by, other) = (self.name(side), self.name(side.other()));
        match effective {
            Some(day) => say!(
                self,
                "{by}已签署；双方签署完毕，协议自 {day} 起生效",
                "the {by} has signed; so have both, and the agreement holds from {day}",
            ),
            None => say!(
                self,
                "{by}已签署，等待{other}签署",
                "the {by} has signed; the {other} has yet to",
            ),
        }
    }

    /// Entries were appended.
    #[must_use]
    pub fn recorded(&self, first: u64, count: u64) -> String {
        let last = first + count.saturating_sub(1);
        if count == 1 {
            say!(self, "已记入账簿，证据号 e{first}", "recorded as evidence e{first}")
        } else {
            say!(self, "已记入账簿 {count} 条，证据号 e{first} 至 e{last}", "{count} entries recorded, evidence e{first} to e{last}")
        }
    }

    /// A file was imported.
    #[must_use]
    pub fn imported(&self, new: u64, repeated: u64, conflicts: u64, refused: u64) -> String {
        let (new, repeated) = (self.count(new), self.count(repeated));
        let (conflicts, refused) = (self.count(conflicts), self.count(refused));
        say!(
            self,
            "新记录 {new} 条，重复 {repeated} 条，矛盾 {conflicts} 条，未采用 {refused} 条",
            "{new} new, {repeated} repeated, {conflicts} in conflict, {refused} not taken",
        )
    }

    /// `--strict` took nothing.
    #[must_use]
    pub fn import_refused(&self, refused: u64) -> String {
        let refused = self.count(refused);
        say!(
            self,
            "有 {refused} 条不能采用，--strict 下全部不记录；去掉 --strict 可记录其余部分",
            "{refused} records cannot be taken, so --strict takes none; without it the rest is",
        )
    }

    /// A statement was submitted.
    #[must_use]
    pub fn submitted(&self, statement: &Id, due: Money) -> String {
        let due = self.money(due);
        say!(
            self,
            "结算单 {statement} 已提交，应付 {due}；等待客户确认（tally approve）",
            "statement {statement} is submitted, {due} to pay; the customer decides (tally approve)",
        )
    }

    /// A statement was approved.
    #[must_use]
    pub fn approved(&self, statement: &Id) -> String {
        say!(
            self,
            "结算单 {statement} 已确认；下一步：tally invoice 开具发票",
            "statement {statement} is approved; next: tally invoice issues the invoice",
        )
    }

    /// A part of a statement was objected to.
    #[must_use]
    pub fn objected(&self, statement: &Id, disputed: Money) -> String {
        let disputed = self.money(disputed);
        say!(
            self,
            "已对结算单 {statement} 的 {disputed} 提出异议，其余部分视为认可并照常到期",
            "{disputed} of statement {statement} is objected to; the rest is approved and falls due",
        )
    }

    /// An invoice was issued.
    #[must_use]
    pub fn invoiced(&self, number: u32, payable: Money, due: Date) -> String {
        let payable = self.money(payable);
        say!(
            self,
            "发票 {number} 已开具，应付 {payable}，付款日 {due}",
            "invoice {number} is issued, {payable} to pay by {due}",
        )
    }

    /// A credit note was issued.
    #[must_use]
    pub fn credited(&self, number: u32, invoice: u32, gross: Money) -> String {
        let gross = self.money(gross);
        say!(
            self,
            "贷项 {number} 已开具，冲减发票 {invoice} 的 {gross}",
            "credit note {number} takes {gross} off invoice {invoice}",
        )
    }

    /// Money arrived.
    #[must_use]
    pub fn paid(&self, amount: Money, open: Money) -> String {
        let (amount, left) = (self.money(amount), self.money(open));
        if open.is_zero() {
            say!(self, "到账 {amount}，没有未付款项", "{amount} arrived; nothing is open")
        } else {
            say!(self, "到账 {amount}，尚有 {left} 未付", "{amount} arrived; {left} is still open")
        }
    }

    /// A checkpoint was signed.
    #[must_use]
    pub fn checkpointed(&self, size: u64) -> String {
        let size = self.count(size);
        say!(
            self,
            "检查点覆盖 {size} 条记录；请双方各自保存，并用 tally cosign 会签",
            "the checkpoint covers {size} entries; keep it, and cosign it with tally cosign",
        )
    }

    /// A party cosigned a checkpoint.
    #[must_use]
    pub fn cosigned(&self, key: &str, size: u64) -> String {
        let size = self.count(size);
        say!(
            self,
            "{key} 已会签 {size} 条记录的检查点",
            "{key} cosigned the checkpoint of {size} entries",
        )
    }

    /// A bundle was written.
    #[must_use]
    pub fn exported(&self, file: &Path, entries: u64) -> String {
        let (file, entries) = (file.display(), self.count(entries));
        say!(
            self,
            "证据包 {file} 含 {entries} 条记录；对方可离线执行 tally verify 验证",
            "the bundle {file} holds {entries} entries; the other party verifies it with tally verify",
        )
    }

    /// One obligation: `供应商 交付全部成果，2026-03-31 24:00 到期，还剩 2 天（anno-3.6 …）`.
    #[must_use]
    pub fn obligation(&self, view: &ObligationView, as_of: Timestamp) -> String {
        let (debtor, kind) = (self.name(view.debtor), self.name(view.kind));
        let (status, due) = (self.obligation_status(view, as_of), self.limit(view.due));
        let clause = self.clause(&view.clause);
        say!(
            self,
            "{debtor}{kind}：{status}，期限 {due}（条款 {clause}）",
            "{debtor} must {kind}: {status}, due {due} — clause {clause}",
        )
    }

    /// The status of an obligation, with what is left of its time while it is open.
    #[must_use]
    pub fn obligation_status(&self, view: &ObligationView, as_of: Timestamp) -> String {
        let status = self.name(view.status);
        let left = self.remaining(view.due, as_of);
        match view.status {
            ObligationStatus::Pending | ObligationStatus::Breached => {
                say!(self, "{status}，{left}", "{status}, {left}")
            }
            _ => status.to_owned(),
        }
    }

    /// One measure against its standard: `框 F1 值 93.12 %，阈值 90 %：达标`.
    #[must_use]
    pub fn standard(&self, view: &StandardView) -> String {
        let (metric, threshold) = (self.name(view.metric), self.share(view.threshold));
        let verdict = self.name(view.verdict);
        match view.value {
            Some(value) => {
                let value = self.share(value);
                say!(
                    self,
                    "{metric} {value}，阈值 {threshold}：{verdict}",
                    "{metric} {value}, threshold {threshold}: {verdict}",
                )
            }
            None => say!(
                self,
                "{metric}尚未计量，阈值 {threshold}：{verdict}",
                "{metric} not measured, threshold {threshold}: {verdict}",
            ),
        }
    }

    /// One invoice with what is left of it.
    #[must_use]
    pub fn invoice_line(&self, view: &InvoiceView) -> String {
        let (number, statement) = (view.number, &view.statement);
        let gross = self.money(view.gross);
        say!(
            self,
            "发票 {number}（结算单 {statement}），含税 {gross}",
            "invoice {number} for statement {statement}, {gross} with tax",
        )
    }

    /// Records missing from a source.
    #[must_use]
    pub fn missing_records(&self, source: &str, from: u64, to: u64) -> String {
        let (from, to) = (self.count(from), self.count(to));
        say!(
            self,
            "来源 {source} 缺少第 {from} 至 {to} 号记录；请向其索取后补充导入",
            "{source} lacks its records {from} to {to}; ask for them and import them",
        )
    }

    /// A claim in the light of the liability cap.
    #[must_use]
    pub fn claim_allowed(&self, claim: &Id, claimed: Money, allowed: Money) -> String {
        let (claimed, allowed) = (self.money(claimed), self.money(allowed));
        say!(
            self,
            "索赔 {claim}：主张 {claimed}，责任上限内允许 {allowed}",
            "claim {claim}: {claimed} claimed, {allowed} within the liability cap",
        )
    }
}
