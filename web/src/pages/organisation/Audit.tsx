// What was done and refused, by whom, from where; kept at least 190 days.
import { Segmented, Select } from "antd";
import { useState } from "react";

import { type Paged, useRead } from "../../http/hooks";
import type { AuditRow, PersonRow } from "../../http/types";
import { type Column, DataTable } from "../../parts/DataTable";
import { Instant } from "../../parts/figures";
import { EmptyState, Section } from "../../parts/Page";
import { StatusTag } from "../../parts/StatusTag";
import { type Key, useWords } from "../../words";

/** What was done, in words; what is not listed is shown as its code. */
const DONE: Record<string, Key> = {
  set_up: "audit.do.set_up",
  sign_in: "audit.do.sign_in",
  sign_in_code: "audit.do.sign_in_code",
  sign_in_oidc: "audit.do.sign_in_oidc",
  sign_in_passkey: "audit.do.sign_in_passkey",
  approve_finding: "audit.do.approve_finding",
  sign_by_playbook: "audit.do.sign_by_playbook",
  ask_language_model: "audit.do.ask_language_model",
  bind_identity: "audit.do.bind_identity",
  sign_out: "audit.do.sign_out",
  end_session: "audit.do.end_session",
  confirm: "audit.do.confirm",
  switch_organisation: "audit.do.switch_organisation",
  invite: "audit.do.invite",
  remove_invitation: "audit.do.remove_invitation",
  accept_invitation: "audit.do.accept_invitation",
  set_roles: "audit.do.set_roles",
  remove_person: "audit.do.remove_person",
  grant: "audit.do.grant",
  revoke_grant: "audit.do.revoke_grant",
  new_key: "audit.do.new_key",
  revoke_key: "audit.do.revoke_key",
  use_key: "audit.do.use_key",
  turn_on_codes: "audit.do.turn_on_codes",
  turn_off_codes: "audit.do.turn_off_codes",
  add_passkey: "audit.do.add_passkey",
  remove_passkey: "audit.do.remove_passkey",
  change_password: "audit.do.change_password",
  found_agreement: "audit.do.found_agreement",
  take_seat: "audit.do.take_seat",
  enter: "audit.do.enter",
  delete_note: "audit.do.delete_note",
  sign: "audit.do.sign",
  pay: "audit.do.pay",
  cosign: "audit.do.cosign",
};

type Which = "all" | "refused";

export default function Audit() {
  const { t } = useWords();
  const [action, setAction] = useState<string | null>(null);
  const [which, setWhich] = useState<Which>("all");
  const people = useRead<Paged<PersonRow>>("/people", { limit: 200 });
  const names = new Map(people.data?.items.map((person) => [person.id, person.name]));
  const columns: Column<AuditRow>[] = [
    { key: "at", title: t("audit.at"), cell: (row) => <Instant at={row.at} /> },
    {
      key: "person",
      title: t("audit.person"),
      card: "lead",
      cell: (row) =>
        row.person ? (
          (names.get(row.person) ?? <code>{row.person}</code>)
        ) : (
          <span className="quiet">{t("audit.nobody")}</span>
        ),
    },
    { key: "action", title: t("audit.action"), cell: (row) => <Done action={row.action} /> },
    {
      key: "object",
      title: t("audit.object"),
      cell: (row) => (
        <span className="wrap-anywhere">
          {row.agreement ? <code>{row.agreement}</code> : null}{" "}
          {row.object ? <code className="quiet">{row.object}</code> : null}
          {row.agreement || row.object ? null : <span className="quiet">–</span>}
        </span>
      ),
    },
    {
      key: "result",
      title: t("audit.result"),
      cell: (row) => (
        <StatusTag code={row.result}>
          {row.result === "allowed" ? t("audit.allowed") : t("audit.refused")}
        </StatusTag>
      ),
    },
    {
      key: "from",
      title: t("audit.from"),
      cell: (row) => (
        <>
          <code>{row.address ?? "–"}</code>
          <div className="small quiet">
            <code>{row.request_id}</code>
          </div>
        </>
      ),
    },
  ];
  return (
    <Section title={t("organisation.audit")} lead={t("audit.lead")} flush>
      <div className="toolbar">
        <Select
          className="toolbar-search"
          allowClear
          showSearch={{ optionFilterProp: "label" }}
          aria-label={t("audit.action")}
          placeholder={t("audit.filter")}
          value={action}
          onChange={(next?: string) => setAction(next ?? null)}
          options={Object.entries(DONE).map(([value, key]) => ({ value, label: t(key) }))}
        />
        <Segmented<Which>
          aria-label={t("audit.result")}
          value={which}
          onChange={setWhich}
          options={[
            { value: "all", label: t("agreements.every") },
            { value: "refused", label: t("audit.refused") },
          ]}
        />
      </div>
      <DataTable<AuditRow>
        label={t("organisation.audit")}
        path="/audit"
        query={action ? { action } : {}}
        columns={columns}
        keep={(row) => which === "all" || row.result === "refused"}
        rowKey={(row) => row.seq}
        tone={(row) => (row.result === "refused" ? "warn" : undefined)}
        empty={<EmptyState title={t("audit.none")} />}
      />
    </Section>
  );
}

function Done({ action }: { action: string }) {
  const { t } = useWords();
  const key = DONE[action];
  return key ? <span title={action}>{t(key)}</span> : <code>{action}</code>;
}
