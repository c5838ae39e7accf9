// What a document is, and how it stands to each clause.
import type { Reviewed } from "../../http/types";
import { useWords } from "../../words";
import { Facts, Section } from "../Page";
import { StatusTag } from "../StatusTag";
import { TONE } from "./findings";
import { useClauseName } from "./names";
import "./review.css";

export function ReviewHead({ name, of }: { name: string; of: Reviewed }) {
  const { t, code } = useWords();
  const nameOf = useClauseName();
  return (
    <Section title={name}>
      <Facts
        items={[
          [t("review.kind"), code("review_kind", of.kind)],
          [t("review.customer"), of.customer.join(", ") || "–"],
          [t("review.vendor"), of.vendor.join(", ") || "–"],
        ]}
      />
      <ul className="review-summary">
        {Object.entries(of.summary).map(([clause, status]) => (
          <li key={clause}>
            <span>{nameOf(clause) || clause}</span>
            <StatusTag code={status} tone={TONE[status] ?? "plain"}>
              {code("review_status", status)}
            </StatusTag>
          </li>
        ))}
      </ul>
      {of.truncated ? <p className="bad">{t("review.truncated")}</p> : null}
      {of.cut > 0 ? <p className="quiet">{t("review.cut", { count: of.cut })}</p> : null}
      {of.warnings.map((warning) => (
        <p className="quiet" key={warning}>
          {warning}
        </p>
      ))}
    </Section>
  );
}
