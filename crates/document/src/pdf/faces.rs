//! From sheets to worded data: what an invoice, a credit note and a statement say, in which order.
//! Serves lease-3.2, class-5.2, train-5.2. Computes nothing: every figure is the sheet's.

use contract::terms::{BankAccount, Party};
use settlement::{CreditNote, Invoice, Line, Statement, Words as InWords};
use units::{Lang, Money, amount_in_words_en, amount_in_words_zh};

use super::PrintError;
use super::measure::measure;
use super::paper::{
    Annex, Around, Block, Cell, Column, Evidence, Item, List, Pair, Paper, Payment, Section, Sum,
    Table,
};
use super::press::Imprint;
use super::sheet::{CreditNoteSheet, Head, InvoiceSheet, Proofs, StatementSheet};
use crate::words::{Label, StatementSection, StatementTotal, Words};

/// How many hashes of entries are listed; the bundle holds them all.
const MOST_HASHES: usize = 300;
/// How many jobs are listed.
const MOST_JOBS: usize = 500;
/// How much of a name stands in the foot of a page.
const FOOT: usize = 48;

/// What makes a face: the words, and what is said of the agreement.
struct Face<'a> {
    words: Words,
    head: &'a Head,
}

/// What a document is called.
struct Called {
    kind: Label,
    code: &'static str,
    number: String,
    day: units::Date,
}

/// An invoice.
pub(super) fn invoice(sheet: &InvoiceSheet, lang: Lang) -> Result<(Paper, Imprint), PrintError> {
    let face = Face::new(&sheet.head, lang);
    let (words, invoice) = (&face.words, &sheet.invoice);
    let number = invoice.number.text.clone();
    let called = Called { kind: Label::Invoice, code: "invoice", number, day: invoice.issued };
    let due = words.due_day(invoice.due.day, invoice.due.provisional);
    let facts = vec![
        face.pair(Label::InvoiceNumber, &invoice.number.text),
        face.pair(Label::Agreement, invoice.agreement.as_str()),
        face.pair(Label::Kind, words.kind(&sheet.head.kind)),
        face.pair(Label::StatementName, invoice.statement.as_str()),
        face.pair(Label::Period, &words.period(sheet.billed.window)),
        face.pair(Label::Issued, &words.date(invoice.issued)),
        face.pair(Label::Due, &due),
    ];
    let mut sums = vec![face.sum(StatementTotal::Net, invoice.net)];
    for row in &invoice.tax {
        sums.push(plain_sum(words.tax_at(row.rate), words.money(row.tax)));
    }
    sums.push(face.sum(StatementTotal::Gross, invoice.gross));
    let groups = (invoice.lines.as_slice(), invoice.adjustments.as_slice());
    let (table, mut sums, short) = face.charged(groups, invoice.prices_include_tax, sums);
    sums.push(face.payable(invoice.payable));
    let in_words = face.amounts_in_words(
        (invoice.gross, &invoice.gross_words),
        (invoice.payable, &invoice.payable_words),
    );
    let mut remarks = face.remarks(&sheet.proofs, short);
    remarks.push(words.no_tax_invoice());
    let mut payment = face.account(&invoice.account);
    payment.push(face.pair(Label::Reference, &invoice.number.text));
    payment.push(face.pair(Label::PaymentDue, &words.pay_by(invoice.payable, &due)));
    let payment = Payment { title: words.name(Label::PayInto).to_owned(), rows: payment };
    let parties = face.parties(&invoice.seller, &invoice.buyer, Some(&invoice.account));
    let annex = face.annex(&sheet.billed, &invoice.lines, &invoice.adjustments);
    let proofs = face.proofs(&sheet.proofs);
    let mut paper = face.paper(&called, facts, parties, proofs);
    paper.table = table;
    paper.sums = sums;
    paper.words = in_words;
    paper.payment = payment;
    paper.remarks = remarks;
    paper.annex = Some(annex);
    Ok((paper, face.imprint(&called)))
}

/// A statement.
pub(super) fn statement(
    sheet: &StatementSheet,
    lang: Lang,
) -> Result<(Paper, Imprint), PrintError> {
    let face = Face::new(&sheet.head, lang);
    let (words, statement) = (&face.words, &sheet.statement);
    let number = statement.name.to_string();
    let called = Called { kind: Label::Statement, code: "statement", number, day: sheet.prepared };
    let facts = vec![
        face.pair(Label::StatementName, statement.name.as_str()),
        face.pair(Label::Agreement, statement.agreement.as_str()),
        face.pair(Label::Kind, words.kind(&statement.kind)),
        face.pair(Label::Period, &words.period(statement.window)),
        face.pair(Label::Prepared, &words.date(sheet.prepared)),
    ];
    let totals = &statement.totals;
    let sums = vec![
        face.sum(StatementTotal::Net, totals.net),
        plain_sum(words.tax_at(sheet.head.tax_rate), words.money(totals.tax)),
        face.sum(StatementTotal::Gross, totals.gross),
    ];
    let groups = (statement.lines.as_slice(), statement.adjustments.as_slice());
    let (table, mut sums, short) = face.charged(groups, statement.prices_include_tax, sums);
    sums.push(face.payable(totals.due));
    if !totals.refund.is_zero() {
        sums.push(face.sum(StatementTotal::Refund, totals.refund));
    }
    let in_words =
        face.amounts_in_words((totals.gross, &totals.gross_words), (totals.due, &totals.due_words));
    let mut remarks = face.remarks(&sheet.proofs, short);
    remarks.extend(statement.availability.iter().map(|report| words.availability(report)));
    remarks.extend(statement.credit.iter().map(|credit| words.service_credit(credit)));
    let account = sheet.head.vendor.account.as_ref();
    let parties = face.parties(&sheet.head.vendor, &sheet.head.customer, account);
    let annex = face.annex(statement, &statement.lines, &statement.adjustments);
    let proofs = face.proofs(&sheet.proofs);
    let mut paper = face.paper(&called, facts, parties, proofs);
    paper.table = table;
    paper.sums = sums;
    paper.words = in_words;
    paper.remarks = remarks;
    paper.annex = Some(annex);
    if sheet.proofs.recorded.is_none() {
        let draft = words.name(Label::Draft).to_owned();
        let mark = paper.around.mark.take();
        paper.around.mark = Some(mark.map_or(draft.clone(), |mark| format!("{mark}  {draft}")));
    }
    Ok((paper, face.imprint(&called)))
}

/// A credit note.
pub(super) fn credit_note(
    sheet: &CreditNoteSheet,
    lang: Lang,
) -> Result<(Paper, Imprint), PrintError> {
    let face = Face::new(&sheet.head, lang);
    let (words, note, invoice) = (&face.words, &sheet.note, &sheet.invoice);
    let number = note.number.text.clone();
    let called = Called { kind: Label::CreditNote, code: "credit-note", number, day: note.issued };
    let reason = words.credit_reason(note.reason.as_str());
    let facts = vec![
        face.pair(Label::CreditNoteNumber, &note.number.text),
        face.pair(Label::Corrects, &note.invoice.text),
        face.pair(Label::CorrectedIssued, &words.date(invoice.issued)),
        face.pair(Label::Agreement, note.agreement.as_str()),
        face.pair(Label::Issued, &words.date(note.issued)),
        face.pair(Label::Reason, reason),
    ];
    let left = invoice.left(&sheet.earlier)?;
    let before = invoice.gross.checked_sub(left)?;
    let after = left.checked_sub(note.gross)?;
    let rate = invoice.tax.first().map_or(sheet.head.tax_rate, |row| row.rate);
    let sums = vec![
        face.sum(StatementTotal::Net, note.net),
        plain_sum(words.tax_at(rate), words.money(note.tax)),
        face.strong_sum(Label::CreditedNow, note.gross),
        plain_sum(words.name(Label::InvoiceGross).to_owned(), words.money(invoice.gross)),
        plain_sum(words.name(Label::CreditedBefore).to_owned(), words.money(before)),
        plain_sum(words.name(Label::LeftAfter).to_owned(), words.money(after)),
    ];
    let in_words = words.in_words(&note.gross_words, note.gross.currency());
    let parties = face.parties(&invoice.seller, &invoice.buyer, Some(&invoice.account));
    let mut remarks = face.remarks(&sheet.proofs, false);
    remarks.extend([words.credit_tax(), words.no_tax_invoice()]);
    let proofs = face.proofs(&sheet.proofs);
    let mut paper = face.paper(&called, facts, parties, proofs);
    paper.table = face.credited(note, invoice, reason, rate);
    paper.sums = sums;
    paper.words = vec![face.pair(Label::CreditedInWords, &in_words)];
    paper.remarks = remarks;
    Ok((paper, face.imprint(&called)))
}

impl<'a> Face<'a> {
    fn new(head: &'a Head, lang: Lang) -> Self {
        let words = Words { lang, zone: head.zone.clone(), currency: Some(head.currency) };
        Self { words, head }
    }

    fn pair(&self, label: Label, value: &str) -> Pair {
        (self.words.name(label).to_owned(), value.to_owned())
    }

    fn title(&self) -> &'a str {
        match self.words.lang {
            Lang::Zh => &self.head.title.zh,
            Lang::En => &self.head.title.en,
        }
    }

    fn imprint(&self, called: &Called) -> Imprint {
        let agreement = &self.head.agreement;
        let lang = self.words.lang.code();
        let ident = format!("{}/{agreement}/{}/{lang}", called.code, called.number);
        Imprint { ident, day: called.day }
    }

    /// A document with what all have; the rest is empty.
    fn paper(
        &self,
        called: &Called,
        facts: Vec<Pair>,
        parties: [Block; 2],
        proofs: Evidence,
    ) -> Paper {
        let words = &self.words;
        let kind = words.name(called.kind);
        let name = format!("{kind} {}", called.number);
        let rehearsal = words.name(Label::Rehearsal).to_owned();
        let around = Around {
            lang: words.lang.code(),
            author: self.head.vendor.name.clone(),
            about: self.title().to_owned(),
            running: [name.clone(), self.head.agreement.to_string()],
            name,
            mark: self.head.rehearsal.then_some(rehearsal),
            footing: cut(&self.head.vendor.name),
            pages: words.page_of(),
        };
        Paper {
            around,
            title: kind.to_owned(),
            subtitle: self.title().to_owned(),
            facts,
            parties,
            table: Table { columns: Vec::new(), rows: Vec::new() },
            sums: Vec::new(),
            words: Vec::new(),
            payment: Payment::default(),
            remarks_title: words.name(Label::Remarks).to_owned(),
            remarks: Vec::new(),
            annex: None,
            proofs,
        }
    }

    fn parties(&self, seller: &Party, buyer: &Party, account: Option<&BankAccount>) -> [Block; 2] {
        let mut seller = self.party(Label::Seller, seller);
        if let Some(account) = account {
            seller.rows.push(self.pair(Label::Bank, &account.bank));
            seller.rows.push(self.pair(Label::AccountNumber, &account.number));
        }
        let mut buyer_block = self.party(Label::Buyer, buyer);
        if let Some(account) = &buyer.account {
            buyer_block.rows.push(self.pair(Label::Bank, &account.bank));
            buyer_block.rows.push(self.pair(Label::AccountNumber, &account.number));
        }
        [seller, buyer_block]
    }

    fn party(&self, role: Label, party: &Party) -> Block {
        let mut rows = Vec::new();
        let mut row = |label, value: Option<&String>| {
            rows.extend(value.map(|value| self.pair(label, value)));
        };
        row(Label::CreditCode, party.credit_code.as_ref());
        row(Label::Address, Some(&party.address));
        if let Some(contact) = &party.contact {
            row(Label::Contact, Some(&contact.person));
            row(Label::Phone, contact.phone.as_ref());
            row(Label::Email, Some(&contact.email));
        }
        Block { role: self.words.name(role).to_owned(), name: party.name.clone(), rows }
    }

    fn account(&self, account: &BankAccount) -> Vec<Pair> {
        vec![
            self.pair(Label::Holder, &account.holder),
            self.pair(Label::Bank, &account.bank),
            self.pair(Label::AccountNumber, &account.number),
        ]
    }

    fn columns(&self, with_tax: bool) -> Vec<Column> {
        let amount = if with_tax { Label::GrossAmount } else { Label::NetAmount };
        [
            (Label::Number, false),
            (Label::Description, false),
            (Label::Quantity, true),
            (Label::Unit, false),
            (Label::UnitPrice, true),
            (amount, true),
            (Label::TaxRate, true),
        ]
        .map(|(label, right)| Column {
            name: self.words.name(label).to_owned(),
            right,
            wide: label == Label::Description,
        })
        .into()
    }

    /// The table, the sums with what is settled, and whether a quantity is shown short. Where
    /// nothing is charged, as when a prepayment is asked for, what is settled makes the table.
    fn charged(
        &self,
        (lines, adjustments): (&[Line], &[Line]),
        with_tax: bool,
        mut sums: Vec<Sum>,
    ) -> (Table, Vec<Sum>, bool) {
        if lines.is_empty() {
            let (rows, short) = self.rows(adjustments, "—");
            return (Table { columns: self.columns(true), rows }, Vec::new(), short);
        }
        sums.extend(adjustments.iter().map(|line| self.line_sum(line)));
        let (rows, short) = self.rows(lines, &self.words.percent(self.head.tax_rate));
        (Table { columns: self.columns(with_tax), rows }, sums, short)
    }

    fn rows(&self, lines: &[Line], rate: &str) -> (Vec<Vec<Cell>>, bool) {
        let words = &self.words;
        let mut short = false;
        let row = |(at, line): (usize, &Line)| {
            let measure = measure(line, words);
            short |= measure.short;
            let amount = words.money(line.amount);
            let cells = [measure.quantity, measure.unit, measure.price, amount, rate.to_owned()];
            let name = Cell { text: capital(&words.line(line)), note: measure.note };
            let first = [cell((at + 1).to_string()), name];
            first.into_iter().chain(cells.map(cell)).collect()
        };
        let rows = lines.iter().enumerate().map(row).collect();
        (rows, short)
    }

    /// The one line of a credit note.
    fn credited(
        &self,
        note: &CreditNote,
        invoice: &Invoice,
        reason: &str,
        rate: units::Percent,
    ) -> Table {
        let words = &self.words;
        let amount = words.money(note.net);
        let price = words.decimal(note.net.amount());
        let item = words.name(Label::Item).to_owned();
        let what = words.credit_line(&invoice.number.text, reason);
        let cells =
            ["1".to_owned(), what, "1".to_owned(), item, price, amount, words.percent(rate)];
        Table { columns: self.columns(false), rows: vec![cells.map(cell).into()] }
    }

    fn sum(&self, label: StatementTotal, amount: Money) -> Sum {
        plain_sum(self.words.name(label).to_owned(), self.words.money(amount))
    }

    fn line_sum(&self, line: &Line) -> Sum {
        plain_sum(self.words.line(line), self.words.money(line.amount))
    }

    fn strong_sum(&self, label: Label, amount: Money) -> Sum {
        let label = self.words.name(label).to_owned();
        Sum { label, amount: self.words.money(amount), strong: true }
    }

    fn payable(&self, amount: Money) -> Sum {
        self.strong_sum(Label::PaymentDue, amount)
    }

    /// The gross amount in words where it is another than what has to be paid; the latter always.
    fn amounts_in_words(&self, gross: (Money, &InWords), due: (Money, &InWords)) -> Vec<Pair> {
        let said = |(amount, words): (Money, &InWords)| {
            let written =
                InWords { zh: amount_in_words_zh(amount), en: amount_in_words_en(amount) };
            debug_assert_eq!(*words, written, "words and figure are the same amount");
            self.words.in_words(words, amount.currency())
        };
        let mut rows = Vec::new();
        if gross.0 != due.0 && !gross.0.is_zero() {
            rows.push(self.pair(Label::GrossInWords, &said(gross)));
        }
        rows.push(self.pair(Label::DueInWords, &said(due)));
        rows
    }

    fn remarks(&self, proofs: &Proofs, short: bool) -> Vec<String> {
        let mut remarks = vec![self.words.rests_on(proofs.size, &hex(&proofs.root))];
        remarks.extend(short.then(|| self.words.shown_short()));
        remarks
    }

    /// The workings: of the lines first, then of tax and of what is settled.
    fn annex(&self, statement: &Statement, lines: &[Line], adjustments: &[Line]) -> Annex {
        let words = &self.words;
        let credit: Vec<Line> = statement.credit.iter().map(|credit| credit.line.clone()).collect();
        let groups = [
            (words.name(StatementSection::Lines), lines),
            (words.name(StatementSection::TaxLines), &statement.tax_lines),
            (words.name(StatementSection::Adjustments), adjustments),
            (words.name(StatementSection::Refunds), &statement.refunds),
            (words.name(StatementSection::Forfeits), &statement.forfeits),
            (words.name(Label::Credit), &credit),
        ];
        let sections = groups.into_iter().filter(|(_, lines)| !lines.is_empty());
        let sections = sections.map(|(title, lines)| Section {
            title: capital(title),
            items: lines.iter().enumerate().map(|(at, line)| self.item(at + 1, line)).collect(),
        });
        Annex {
            title: words.name(Label::Annex).to_owned(),
            intro: words.name(Label::AnnexIntro).to_owned(),
            sections: sections.collect(),
            lists: self.lists(statement),
        }
    }

    fn item(&self, number: usize, line: &Line) -> Item {
        let words = &self.words;
        let working = &line.working;
        let amount = words.money(line.amount);
        // The first text is the formula, the last the exact value with its rounding.
        let mut texts = words.working(working).into_iter();
        let formula = texts.next().unwrap_or_default();
        let result = texts.next_back().unwrap_or_default();
        let label = |label: Label, text: String| match text.as_str() {
            "" => String::new(),
            text => format!("{} {text}", words.name(label)),
        };
        Item {
            number: number.to_string(),
            name: capital(&words.line(line)),
            result: format!("{result} → {amount}"),
            amount,
            clause: label(Label::Clause, words.clause(&line.clause)),
            formula,
            inputs: texts.map(|text| text.trim_start().to_owned()).collect(),
            evidence: label(Label::Evidence, words.evidence(&line.evidence, usize::MAX)),
        }
    }

    /// What stands beside the figures: gaps, conflicts, jobs.
    fn lists(&self, statement: &Statement) -> Vec<List> {
        let words = &self.words;
        let gaps = statement.gaps.iter().map(|gap| words.gap(gap)).collect();
        let (mut billed, mut not_billed) = (Vec::new(), Vec::new());
        let more = |all: usize| (all > MOST_JOBS).then(|| words.more_entries(all - MOST_JOBS));
        if let Some(gpu) = &statement.gpu {
            billed.extend(gpu.jobs.iter().take(MOST_JOBS).map(|job| {
                let seconds = job.billed_seconds.unwrap_or(job.held_micros / 1_000_000);
                let held = words.quantity(&seconds.to_string(), "gpu_second");
                words.billed_job(&job.job, job.devices.len(), &held)
            }));
            billed.extend(more(gpu.jobs.len()));
            let row =
                |row: &settlement::NotBilled| format!("{}  {}", row.job, words.name(row.reason));
            not_billed.extend(gpu.not_billed.iter().take(MOST_JOBS).map(row));
            not_billed.extend(more(gpu.not_billed.len()));
        }
        let conflicts = statement.conflicts.iter().map(|conflict| {
            let refused = words.evidence(&conflict.refused, usize::MAX);
            format!("{}  {refused}", words.name(conflict.metric))
        });
        [
            (words.name(StatementSection::Gaps), false, gaps),
            (words.name(Label::Conflicts), false, conflicts.collect()),
            (words.name(Label::BilledJobs), true, billed),
            (words.name(StatementSection::NotBilled), true, not_billed),
        ]
        .into_iter()
        .filter(|(_, _, rows): &(_, _, Vec<String>)| !rows.is_empty())
        .map(|(title, narrow, rows)| List { title: capital(title), narrow, rows })
        .collect()
    }

    fn proofs(&self, proofs: &Proofs) -> Evidence {
        let words = &self.words;
        let row = |label: Label, value: String, code| (words.name(label).to_owned(), value, code);
        let mut rows = vec![
            row(Label::Journal, proofs.origin.clone(), true),
            row(Label::Entries, words.count(proofs.size), false),
            row(Label::Root, hex(&proofs.root), true),
        ];
        if let Some(entry) = &proofs.recorded {
            rows.push(row(Label::RecordedBy, entry.to_string(), true));
        }
        rows.push(row(Label::DocumentHash, proofs.sha256.clone(), true));
        let listed = proofs.entries.iter().take(MOST_HASHES);
        let more = proofs.entries.len().saturating_sub(MOST_HASHES);
        Evidence {
            title: words.name(Label::Proofs).to_owned(),
            rows,
            steps: words.how_to_verify().into(),
            command: format!("tally verify {}.tally", self.head.agreement),
            hashes_title: words.name(Label::UsedEvidence).to_owned(),
            hashes: listed.map(|(id, hash)| (id.to_string(), hex(hash))).collect(),
            more: if more == 0 { String::new() } else { words.more_entries(more) },
        }
    }
}

fn cell(text: String) -> Cell {
    Cell { text, note: String::new() }
}

fn plain_sum(label: String, amount: String) -> Sum {
    Sum { label: capital(&label), amount, strong: false }
}

/// A heading begins with a capital letter in English; Chinese has none.
fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn cut(name: &str) -> String {
    match name.char_indices().nth(FOOT) {
        Some((end, _)) => format!("{}…", &name[..end]),
        None => name.to_owned(),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
