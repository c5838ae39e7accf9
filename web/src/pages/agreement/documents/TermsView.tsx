// The terms as they hold: each value with its name and the clauses that it fills, by section.
import { useMemo } from "react";

import { group } from "../../../format/number";
import { civil } from "../../../format/instant";
import { useRead } from "../../../http/hooks";
import { ClauseLink } from "../../../parts/ClauseLink";
import { snakeCase, type Schema } from "../../../parts/form/schema";
import { EmptyState, Loaded, Section } from "../../../parts/Page";
import { useWords, type Words } from "../../../words";
import { useHere } from "../here";
import { grouped } from "../model/exact";
import { duration, type Section as TermSection, sections, type Term } from "../model/terms";
import type { Terms } from "../types";

/** The name of a term. */
function fieldName(field: string, { t, code }: Words): string {
  return field === "general" ? t("agreement.terms.general") : code("term_field", field);
}

export function TermsView() {
  const { t } = useWords();
  const { terms } = useHere();
  const schema = useRead<Schema>("/schemas/agreement", undefined, { staleTime: 3_600_000 });
  if (terms === null) return <EmptyState title={t("agreement.terms.none")} />;
  return <Loaded of={schema}>{(data) => <All terms={terms} schema={data} />}</Loaded>;
}

function All({ terms, schema }: { terms: Terms; schema: Schema }) {
  const words = useWords();
  const all = useMemo(() => sections(terms, schema), [terms, schema]);
  const name = (section: TermSection) => fieldName(section.field, words);
  return (
    <div className="terms">
      <nav className="terms-contents" aria-label={words.t("agreement.contents")}>
        <ol>
          {all.map((section) => (
            <li key={section.field}>
              <a href={`#terms-${section.field}`}>{name(section)}</a>
            </li>
          ))}
        </ol>
      </nav>
      <div>
        <Section title={words.t("agreement.title")}>
          <div className="titles">
            <p lang="zh">{terms.title.zh}</p>
            <p lang="en">{terms.title.en}</p>
          </div>
        </Section>
        {all.map((section) => (
          <div key={section.field} id={`terms-${section.field}`}>
            <Section
              title={name(section)}
              actions={section.clauses.slice(0, 4).map((clause) => (
                <ClauseLink key={clause} clause={clause} />
              ))}
            >
              <dl className="term-list">
                {section.terms.map((term) => (
                  <Row key={term.path} of={term} />
                ))}
              </dl>
            </Section>
          </div>
        ))}
      </div>
    </div>
  );
}

function Row({ of }: { of: Term }) {
  const words = useWords();
  const place = /\.(\d+)$/.exec(of.path)?.[1];
  const name = fieldName(of.field, words);
  return (
    <div className={`term depth-${Math.min(of.depth, 3)}${of.value === null ? " heading" : ""}`}>
      <dt>{place === undefined ? name : `${name} ${Number(place) + 1}`}</dt>
      <dd>
        {of.value === null ? null : <span className="term-value">{valueOf(of, words)}</span>}
        <span className="chips">
          {of.clauses.slice(0, 3).map((clause) => (
            <ClauseLink key={clause} clause={clause} />
          ))}
        </span>
      </dd>
    </div>
  );
}

/** A value in the words of its type. */
function valueOf({ value, type, field }: Term, words: Words): string {
  const { t, lang } = words;
  if (Array.isArray(value)) {
    return value.map((one) => scalar(one, type, words)).join(lang === "zh" ? "、" : ", ");
  }
  if (typeof value === "boolean") return value ? t("agreement.yes") : t("agreement.no");
  if (value === null) return "";
  return field === "id" ? String(value) : scalar(value, type, words);
}

/** Types whose values are names, written as they are. */
const FREE = new Set([
  "Id",
  "Zone",
  "Currency",
  "Format",
  "DeliveryFormat",
  "InspectionLevel",
  "Precision",
]);

function scalar(value: string | number, type: string | null, { t, code, lang }: Words): string {
  if (typeof value === "number") return group(value);
  if (type === "Duration") {
    const found = duration(value);
    return found ? t(`agreement.duration.${found.unit}`, { count: found.count }) : value;
  }
  if (type === "Date") return civil(value, lang);
  if (type === "Decimal" || type === "Percent") return grouped(value).replace("%", " %");
  if (type === null || FREE.has(type)) return value;
  return code(snakeCase(type), value);
}
