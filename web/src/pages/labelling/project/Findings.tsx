// What is worth looking at in a project: items that look alike, measures far from the usual, labels
// that contradict one another or the guideline, identifiers of persons in texts.
import { Segmented } from "antd";
import { useState } from "react";
import { Link } from "react-router";

import type { ProjectFindingsView, ProjectFindingView } from "../../../api/types.gen";
import { group } from "../../../format/number";
import { useRead } from "../../../http/hooks";
import { Rows } from "../../../parts/DataTable";
import { EmptyState, Loading, Section } from "../../../parts/Page";
import { ProblemAlert } from "../../../parts/ProblemAlert";
import { StatusTag, type Tone } from "../../../parts/StatusTag";
import { useWords } from "../../../words";
import { useHere } from "../../agreement/here";
import { pictureOf, projectPath, type ProjectView } from "../api";
import { useNames } from "./people";

const KINDS = ["near_duplicate", "outlier", "conflict", "identifier"] as const;
type Kind = (typeof KINDS)[number];
const TONE: Record<Kind, Tone> = {
  near_duplicate: "info",
  outlier: "warn",
  conflict: "bad",
  identifier: "bad",
};
/** Items of one finding that are shown. */
const SHOWN = 4;

export function Findings({ project }: { project: ProjectView }) {
  const words = useWords();
  const { t, pick } = words;
  const { id } = useHere();
  const person = useNames(project);
  const [kind, setKind] = useState<Kind | "all">("all");
  const path = `${projectPath(id, project.id)}/findings`;
  const all = useRead<ProjectFindingsView>(path);
  const one = useRead<ProjectFindingsView>(kind === "all" ? null : path, { kind });
  const found = kind === "all" ? all : one;
  const kinds = KINDS.filter((one) => one !== "identifier" || project.modality === "text");
  const count = (one: Kind) => all.data?.counts[one] ?? 0;
  const total = kinds.reduce((sum, one) => sum + count(one), 0);
  const wanted = kind === "all" ? total : count(kind);
  return (
    <Section
      title={t("labelling.part.findings")}
      lead={
        all.data
          ? t("labelling.findings.lead", {
              items: group(all.data.looked),
              labels: group(all.data.labels),
            })
          : undefined
      }
      flush
    >
      {found.error ? <ProblemAlert problem={found.error} /> : null}
      <div className="measure-choice padded">
        <Segmented<Kind | "all">
          aria-label={t("labelling.finding.kind")}
          size="small"
          value={kind}
          onChange={setKind}
          options={[
            { value: "all", label: `${t("labelling.mistake.all")} ${group(total)}` },
            ...kinds.map((value) => ({
              value,
              label: `${t(`labelling.finding.${value}`)} ${group(count(value))}`,
            })),
          ]}
        />
      </div>
      {found.data ? (
        <>
          <Rows<ProjectFindingView>
            label={t("labelling.part.findings")}
            rows={found.data.items}
            rowKey={(one) =>
              `${one.kind} ${one.reason} ${one.person ?? ""} ${one.items.map(({ open }) => open).join(" ")}`
            }
            empty={
              <EmptyState title={t("labelling.findings.none")}>
                {t("labelling.findings.none.lead")}
              </EmptyState>
            }
            columns={[
              {
                key: "what",
                title: t("labelling.finding.what"),
                card: "lead",
                cell: (one) => pick(one),
              },
              {
                key: "kind",
                title: t("labelling.finding.kind"),
                cell: ({ kind: code }) => (
                  <StatusTag code={code} tone={TONE[code as Kind]}>
                    {t(`labelling.finding.${code as Kind}`)}
                  </StatusTag>
                ),
              },
              {
                key: "where",
                title: t("labelling.finding.where"),
                cell: (one) => (
                  <Where
                    of={one}
                    project={project}
                    person={one.person ? person(one.person) : null}
                  />
                ),
              },
            ]}
          />
          <Bounds of={found.data} wanted={wanted} />
        </>
      ) : found.error ? null : (
        <Loading rows={6} />
      )}
    </Section>
  );
}

/** The items, each opened at its label; of images with their small picture. */
function Where({
  of,
  project,
  person,
}: {
  of: ProjectFindingView;
  project: ProjectView;
  person: string | null;
}) {
  const { t } = useWords();
  const { id } = useHere();
  if (person !== null) return <>{person}</>;
  const picture = pictureOf(id, project);
  const left = of.items.length - SHOWN + (of.more ?? 0);
  return (
    <ul className="finding-items">
      {of.items.slice(0, SHOWN).map(({ seq, name, open }) => (
        <li key={open}>
          <Link to={open}>
            {picture ? <img src={picture(seq)} alt="" loading="lazy" /> : null}
            <span>
              {seq} · {name}
            </span>
          </Link>
        </li>
      ))}
      {left > 0 ? (
        <li className="quiet small">{t("labelling.finding.others", { count: group(left) })}</li>
      ) : null}
    </ul>
  );
}

/** What is not listed, and what was not looked at. */
function Bounds({ of, wanted }: { of: ProjectFindingsView; wanted: number }) {
  const { t } = useWords();
  const listed = of.items.length;
  return (
    <div className="small quiet padded">
      {listed < wanted ? (
        <p>{t("labelling.findings.listed", { listed: group(listed), count: group(wanted) })}</p>
      ) : null}
      {of.more ? <p>{t("labelling.findings.more", { items: group(of.looked) })}</p> : null}
      {of.unknown > 0 ? (
        <p>{t("labelling.findings.unknown", { count: group(of.unknown) })}</p>
      ) : null}
      <p>{t("labelling.findings.proof")}</p>
    </div>
  );
}
