/** The kinds of entries and facts, as `docs/event.schema.json` lists them. */

export const EVENTS = [
  "agreement_drafted",
  "version_offered",
  "party_signed",
  "agreement_took_effect",
  "document_proposed",
  "document_signed",
  "signature_stamped",
  "source_conflict",
  "delivery_accepted",
  "delivery_rejected",
  "statement_submitted",
  "statement_approved",
  "statement_objected",
  "invoice_issued",
  "credit_note_issued",
  "payment_recorded",
  "obligation_waived",
  "force_majeure_declared",
  "force_majeure_proven",
  "force_majeure_ended",
  "breach_reminded",
  "breach_cured",
  "termination_notified",
  "agreement_ended",
  "renewal_requested",
  "renewal_agreed",
  "claim_raised",
  "claim_answered",
  "defence_assumed",
  "claim_settled",
  "dispute_opened",
  "dispute_settlement_offered",
  "dispute_settled",
  "dispute_filed",
  "dispute_decided",
  "patent_proposed",
  "patent_answered",
] as const;

const COMMON = [
  "duty_fulfilled",
  "ticket_opened",
  "ticket_answered",
  "ticket_resolved",
  "support_rendered",
  "breach_discovered",
  "breach_notified",
  "security_report_provided",
  "audit_requested",
  "audit_answered",
  "consent_given",
  "consent_withdrawn",
  "resource_used",
  "use_stopped",
  "export_provided",
  "export_accepted",
  "data_deleted",
  "indemnity_notified",
  "exclusion_agreed",
  "service_observed",
  "source_sealed",
] as const;

const OF_KIND: Record<string, readonly string[]> = {
  annotation: [
    "guideline_provided",
    "data_provided",
    "delivery_submitted",
    "seed_committed",
    "seed_revealed",
    "sample_drawn",
    "inspected",
  ],
  training: [
    "data_provided",
    "test_set_sealed",
    "run_finished",
    "test_set_opened",
    "model_evaluated",
    "model_delivered",
    "documentation_delivered",
    "feedback_given",
    "revenue_reported",
  ],
  lease: ["job_ran", "storage_sampled", "node_changed", "probed", "upgrade_announced", "upgraded"],
  classification: [
    "service_delivered",
    "images_answered",
    "accuracy_evaluated",
    "custom_model_delivered",
    "data_provided",
  ],
};

/** Every kind of fact, once. */
export const FACTS: readonly string[] = [...new Set([...Object.values(OF_KIND).flat(), ...COMMON])];

/** The facts that an agreement of a kind records: its own first, then the common ones. */
export function factsOf(kind: string): readonly string[] {
  return [...(OF_KIND[kind] ?? []), ...COMMON];
}

/** Steps that no other page offers, by the deed that they are. */
const STEPS = {
  notify: [
    "remind_breach",
    "confirm_cure",
    "declare_force_majeure",
    "prove_force_majeure",
    "end_force_majeure",
    "give_notice",
    "request_renewal",
    "agree_renewal",
    "propose_patent",
    "answer_patent",
  ],
  claim: ["raise_claim", "answer_claim", "assume_defence", "settle_claim"],
  dispute: ["open_dispute", "settle_dispute", "file_dispute", "record_decision"],
} as const;

/** The steps that a reader may take. */
export function stepsOf(may: (deed: keyof typeof STEPS) => boolean): string[] {
  return (Object.keys(STEPS) as (keyof typeof STEPS)[]).flatMap((deed) =>
    may(deed) ? STEPS[deed] : [],
  );
}
