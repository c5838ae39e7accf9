//! The groups that words of the lexicon belong to: what a rule asks for, never the word itself.

/// What a word stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Group {
    // Who.
    /// Words that name the vendor in every contract; names of a document come beside.
    Vendor,
    /// Words that name the customer in every contract.
    Customer,
    /// Each party, both parties.
    Both,
    /// Affiliates of a party.
    Affiliate,
    /// Third parties, subprocessors, partners.
    Third,
    // Modality and polarity.
    /// Has to.
    Shall,
    /// Is allowed to.
    May,
    /// Lets somebody do: leaves the polarity as it is.
    Permit,
    /// Only tries to.
    Efforts,
    /// Denies what follows.
    Not,
    /// Denies the whole sentence.
    Never,
    /// Only for, solely: a limit of purpose.
    Only,
    // Exceptions.
    /// Opens an exception in front of or behind the rule.
    Except,
    /// Closes a Chinese exception (除…外).
    ExceptEnd,
    /// Opens a condition that lifts the rule.
    Unless,
    /// Puts the rule below something else.
    SubjectTo,
    /// Consent, agreement, instruction of the customer.
    Consent,
    /// Consent in writing.
    Written,
    /// A choice in favour.
    OptIn,
    /// A choice against: the default is on.
    OptOut,
    /// A setting of the product decides.
    Setting,
    /// A new thought begins: polarity starts afresh.
    But,
    // Verbs.
    /// Training of models.
    Train,
    /// Improvement and development of products.
    Improve,
    /// Use, process, access.
    Use,
    /// Own, retain title.
    Own,
    /// Assign rights.
    Assign,
    /// Grant a licence.
    License,
    /// Delete, destroy, erase.
    Delete,
    /// Keep after the end.
    Retain,
    /// Notify.
    Notify,
    /// Indemnify, defend, hold harmless.
    Indemnify,
    /// End of the agreement.
    Terminate,
    /// Suspension.
    Suspend,
    /// Change of the terms.
    Amend,
    /// Share, disclose, sell.
    Share,
    // Objects.
    /// All data of the customer.
    CustomerData,
    /// What the customer sends.
    Input,
    /// What the model answers.
    Output,
    /// Personal data.
    PersonalData,
    /// Figures about the use, without content.
    UsageData,
    /// Feedback and suggestions.
    Feedback,
    /// Aggregated, anonymised, de-identified forms.
    Deidentified,
    /// Confidential information.
    Secret,
    /// Products and models of the vendor.
    Product,
    /// Competing models or services: the customer's ban, not the vendor's.
    Competing,
    // Purposes.
    /// To provide the services.
    Provide,
    /// Safety, abuse, legal duty.
    Safety,
    // Security.
    /// A security incident or breach of data.
    Incident,
    /// Learns of.
    Aware,
    /// Has confirmed.
    Confirm,
    /// Without undue delay, promptly.
    Promptly,
    /// A named certification.
    Certificate,
    /// Encryption.
    Encrypt,
    /// Industry standard, reasonable measures: no standard named.
    Reasonable,
    /// Security measures at all.
    Security,
    // Service level.
    /// Availability as a figure.
    Uptime,
    /// Service credits.
    Credit,
    /// Maintenance.
    Maintenance,
    /// A calendar month as the window.
    Monthly,
    /// Exclusive remedy.
    SoleRemedy,
    /// Partial degradation.
    Degraded,
    /// Response time.
    Response,
    /// As is, no warranty of uninterrupted service.
    AsIs,
    /// The vendor's own measurement decides.
    OwnMeasure,
    /// A claim must be made.
    Claim,
    /// The monthly fee as the base of a credit.
    MonthlyFee,
    // Liability.
    /// Liability.
    Liability,
    /// Shall not exceed, limited to.
    Exceed,
    /// The greater of.
    Greater,
    /// The lesser of.
    Lesser,
    /// Fees.
    Fees,
    /// Paid or payable.
    Payable,
    /// Paid.
    Paid,
    /// Before the claim or event.
    Preceding,
    /// Kinds of damage: indirect, consequential.
    Indirect,
    /// Direct damage.
    Direct,
    /// Gross negligence, wilful misconduct, fraud.
    Gross,
    /// IP infringement.
    Infringe,
    /// Unlimited.
    Uncapped,
    /// No liability at all.
    NoLiability,
    /// Liquidated damages.
    Liquidated,
    // End.
    /// Export, retrieval.
    Export,
    /// A documented, common format.
    Format,
    /// Help with migration.
    Migration,
    /// For convenience, at any time.
    Convenience,
    /// Refund.
    Refund,
    /// Cure of a breach.
    Cure,
    /// Without notice.
    NoNotice,
    /// Immediately.
    Immediately,
    /// On request.
    OnRequest,
    /// Backups.
    Backup,
    /// Certificate of deletion.
    Certified,
    /// As long as needed, indefinitely.
    Indefinite,
    // Adjectives of licences.
    /// Perpetual.
    Perpetual,
    /// Irrevocable.
    Irrevocable,
    /// Sublicensable, transferable.
    Sublicensable,
    // IP.
    /// Intellectual property, right, title and interest.
    Rights,
    /// Jointly owned.
    Joint,
    /// To be agreed later.
    Later,
    /// Belongs to.
    BelongsTo,
    // Compliance.
    /// Audit, inspection.
    Audit,
    /// Reports of third parties.
    Report,
    /// A named law.
    Law,
    /// Applicable law in general.
    LawGeneral,
    /// Once a year.
    Yearly,
    /// At the vendor's discretion.
    Discretion,
    /// Subprocessors.
    Subprocessor,
    /// Cost of the audit.
    Expense,
    // Change of terms.
    /// These terms.
    Terms,
    /// Continued use counts as consent.
    ContinuedUse,
    /// By posting, effective on publication.
    Posting,
    /// Means nothing here: keeps a part of it from being taken for a word.
    Plain,
}
