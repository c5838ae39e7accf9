// What a clause is and who rests on it: obligations and standards of the agreement at hand.
import { Drawer } from "antd";

import { type Paged, useRead } from "../http/hooks";
import { at } from "../http/request";
import type { ClauseRow } from "../http/types";
import { useWords } from "../words";
import { useAgreementPlace } from "./agreementContext";
import { EvidenceLinks } from "./EvidenceLink";
import { Due } from "./figures";
import { Facts, Loaded, Section } from "./Page";
import { StatusTag } from "./StatusTag";

interface Cites {
  obligations: {
    name: string;
    clause: string;
    debtor: string;
    kind: unknown;
    due: string;
    status: string;
    evidence: string[];
  }[];
  standards: { metric: string; clause: string; verdict: string; evidence: string[] }[];
}

export default function ClauseDrawer({
  clause,
  open,
  close,
}: {
  clause: string;
  open: boolean;
  close: () => void;
}) {
  const { t, pick } = useWords();
  const { id } = useAgreementPlace();
  const clauses = useRead<Paged<ClauseRow>>("/clauses", {}, { staleTime: 3_600_000 });
  return (
    <Drawer open={open} onClose={close} title={`§ ${clause}`} size={480}>
      <Loaded of={clauses}>
        {({ items }) => {
          const row = items.find((item) => item.id === clause);
          return row ? (
            <Facts
              items={[
                [t("clause.title"), pick(row.title)],
                ...(row.status
                  ? [
                      [
                        t("clause.status"),
                        <StatusTag key="s" family="clause_status" code={row.status} tone="plain" />,
                      ] as [string, React.ReactNode],
                    ]
                  : []),
              ]}
            />
          ) : (
            <p className="quiet">{t("clause.unknown")}</p>
          );
        }}
      </Loaded>
      {id ? <Citing id={id} clause={clause} /> : null}
    </Drawer>
  );
}

function Citing({ id, clause }: { id: string; clause: string }) {
  const { t, code } = useWords();
  const position = useRead<Cites>(at`/agreements/${id}/position`);
  return (
    <Section title={t("clause.cited")}>
      <Loaded of={position}>
        {({ obligations, standards }) => {
          const owed = obligations.filter((row) => row.clause === clause);
          const held = standards.filter((row) => row.clause === clause);
          if (owed.length + held.length === 0)
            return <p className="quiet">{t("clause.uncited")}</p>;
          return (
            <ul className="plain-list">
              {owed.map((row) => (
                <li key={row.name}>
                  <StatusTag family="obligation_status" code={row.status} />{" "}
                  {code("obligation", kindOf(row.kind))}{" "}
                  <span className="quiet">{code("side", row.debtor)}</span>
                  <div>
                    <Due at={row.due} stopped={row.status !== "pending"} />
                  </div>
                  <EvidenceLinks ids={row.evidence} />
                </li>
              ))}
              {held.map((row, i) => (
                <li key={`${row.metric}${i}`}>
                  <StatusTag family="verdict" code={row.verdict} /> {code("metric", row.metric)}{" "}
                  <EvidenceLinks ids={row.evidence} />
                </li>
              ))}
            </ul>
          );
        }}
      </Loaded>
    </Section>
  );
}

/** A kind is a code, or an object whose `kind` (or only key) is the code. */
export function kindOf(kind: unknown): string {
  if (typeof kind === "string") return kind;
  if (typeof kind !== "object" || kind === null) return "";
  const named = (kind as { kind?: unknown }).kind;
  return typeof named === "string" ? named : (Object.keys(kind)[0] ?? "");
}
