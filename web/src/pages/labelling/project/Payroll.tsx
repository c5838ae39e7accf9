// Hours and pieces by person over some days, and no price: the table, and the same as CSV.
import { Button, Input } from "antd";
import { useState } from "react";

import type { PayrollView } from "../../../api/types.gen";
import { group } from "../../../format/number";
import { useRead } from "../../../http/hooks";
import { address } from "../../../http/request";
import { Rows } from "../../../parts/DataTable";
import { EmptyState, Loaded, Section } from "../../../parts/Page";
import { useWords } from "../../../words";
import { useHere } from "../../agreement/here";
import { projectPath, type ProjectView } from "../api";
import { hours } from "./Workers";

const PIECES = [
  "days",
  "submitted",
  "submitted_labels",
  "corrected",
  "accepted",
  "returned",
  "skipped",
  "reviewed",
] as const;

export function Payroll({ project }: { project: ProjectView }) {
  const { t } = useWords();
  const { id } = useHere();
  const [from, setFrom] = useState("");
  const [to, setTo] = useState("");
  const path = `${projectPath(id, project.id)}/payroll`;
  const days = { from: from || null, to: to || null };
  const reversed = from !== "" && to !== "" && to < from;
  const found = useRead<PayrollView>(reversed ? null : path, days, { keep: true });
  return (
    <Section
      title={t("labelling.part.pay")}
      lead={t("labelling.pay.lead")}
      flush
      actions={
        <Button href={address(path, { ...days, format: "csv" })} download disabled={reversed}>
          {t("labelling.pay.csv")}
        </Button>
      }
    >
      <div className="inline-form padded">
        <label htmlFor="pay-from">{t("labelling.pay.from")}</label>
        <Input
          id="pay-from"
          type="date"
          value={from}
          onChange={({ target }) => setFrom(target.value)}
        />
        <label htmlFor="pay-to">{t("labelling.pay.to")}</label>
        <Input id="pay-to" type="date" value={to} onChange={({ target }) => setTo(target.value)} />
      </div>
      {reversed ? (
        <p className="bad padded" role="alert">
          {t("labelling.pay.reversed")}
        </p>
      ) : (
        <Loaded of={found}>
          {({ lines }) => (
            <Rows
              label={t("labelling.part.pay")}
              rows={lines}
              rowKey={({ person }) => person}
              empty={<EmptyState title={t("labelling.pay.none")} />}
              columns={[
                {
                  key: "name",
                  title: t("labelling.people.name"),
                  card: "lead",
                  cell: ({ name, person }) => name || person,
                },
                {
                  key: "label",
                  title: t("labelling.pay.label"),
                  align: "right",
                  cell: ({ work }) => <span className="figure">{hours(work.label_seconds)}</span>,
                },
                {
                  key: "review",
                  title: t("labelling.pay.review"),
                  align: "right",
                  cell: ({ work }) => <span className="figure">{hours(work.review_seconds)}</span>,
                },
                ...PIECES.map((one) => ({
                  key: one,
                  title: t(`labelling.pay.${one}`),
                  align: "right" as const,
                  cell: ({ work }: PayrollView["lines"][number]) => (
                    <span className="figure">{group(work[one])}</span>
                  ),
                })),
              ]}
            />
          )}
        </Loaded>
      )}
    </Section>
  );
}
