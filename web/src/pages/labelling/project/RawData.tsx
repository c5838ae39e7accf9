// What was declared of a project's raw data, and the manifests of it that both parties sign.
import { App, Button } from "antd";
import { Link } from "react-router";

import type { RawDataView } from "../../../api/types.gen";
import { size } from "../../../format/bytes";
import { group } from "../../../format/number";
import { useRead, useWrite } from "../../../http/hooks";
import { address, at } from "../../../http/request";
import { Rows } from "../../../parts/DataTable";
import { Hash, Instant } from "../../../parts/figures";
import { EmptyState, Loaded, Section } from "../../../parts/Page";
import { ProblemAlert } from "../../../parts/ProblemAlert";
import { useWords } from "../../../words";
import { useHere } from "../../agreement/here";
import { projectPath, type ProjectView } from "../api";

export function RawData({ project }: { project: ProjectView }) {
  const { t } = useWords();
  const { id, may } = useHere();
  const { message } = App.useApp();
  const path = `${projectPath(id, project.id)}/raw-data`;
  const found = useRead<RawDataView>(path);
  const propose = useWrite<{ document: string }>({
    stale: [path, at`/agreements/${id}`],
    done: () => void message.success(t("labelling.raw.proposed")),
  });
  const current = found.data?.manifests.some((one) => one.current) ?? true;
  const go = may("propose") && !current && (found.data?.items ?? 0) > 0;
  return (
    <>
      <Section
        title={t("labelling.raw.manifests")}
        lead={t("labelling.raw.manifests.lead")}
        flush
        actions={
          go ? (
            <Button
              type="primary"
              loading={propose.isPending}
              onClick={() => propose.mutate({ path, body: {} })}
            >
              {t("labelling.raw.propose")}
            </Button>
          ) : null
        }
      >
        {propose.error ? <ProblemAlert problem={propose.error} /> : null}
        <Loaded of={found}>{(data) => <Manifests of={data} path={path} />}</Loaded>
      </Section>
      <Section title={t("labelling.raw.intakes")} flush>
        <Loaded of={found}>{(data) => <Intakes of={data} />}</Loaded>
      </Section>
    </>
  );
}

function Manifests({ of, path }: { of: RawDataView; path: string }) {
  const { t, code } = useWords();
  const { id } = useHere();
  return (
    <Rows
      label={t("labelling.raw.manifests")}
      rows={of.manifests}
      rowKey={({ document }) => document}
      empty={
        <EmptyState title={t("labelling.raw.none")}>{t("labelling.raw.none.lead")}</EmptyState>
      }
      columns={[
        {
          key: "number",
          title: t("labelling.raw.number"),
          card: "lead",
          cell: ({ number, current }) => (
            <>
              <span className="figure">{number}</span>{" "}
              <span className="quiet">
                {t(current ? "labelling.raw.current" : "labelling.raw.outdated")}
              </span>
            </>
          ),
        },
        {
          key: "items",
          title: t("labelling.part.items"),
          align: "right",
          cell: ({ items, bytes }) => (
            <span className="figure">
              {group(items)} · {size(bytes)}
            </span>
          ),
        },
        { key: "sha256", title: "SHA-256", cell: ({ sha256 }) => <Hash value={sha256} /> },
        {
          key: "signed",
          title: t("labelling.raw.signed"),
          cell: ({ signed }) =>
            signed.length === 0 ? "–" : signed.map((side) => code("side", side)).join(" · "),
        },
        { key: "at", title: t("labelling.raw.at"), cell: (one) => <Instant at={one.at} /> },
        {
          key: "files",
          title: t("labelling.raw.files"),
          cell: ({ number, signed }) => (
            <>
              <a href={address(`${path}/${number}/statement`)} download>
                {t("labelling.raw.statement")}
              </a>{" "}
              <a href={address(`${path}/${number}/items`)} download>
                {t("labelling.raw.list")}
              </a>{" "}
              {signed.length < 2 ? (
                <Link to={at`/agreements/${id}/documents`}>{t("labelling.raw.sign")}</Link>
              ) : null}
            </>
          ),
        },
      ]}
    />
  );
}

function Intakes({ of }: { of: RawDataView }) {
  const { t } = useWords();
  return (
    <>
      <Rows
        label={t("labelling.raw.intakes")}
        rows={of.intakes}
        rowKey={(one) => `${one.at} ${one.manifest_sha256}`}
        empty={<EmptyState title={t("labelling.raw.undeclared.all")} />}
        columns={[
          {
            key: "items",
            title: t("labelling.part.items"),
            card: "lead",
            cell: ({ items }) => (
              <span className="figure">
                {items.map(([from, to]) => (from === to ? from : `${from}–${to}`)).join(", ")}
              </span>
            ),
          },
          { key: "rights", title: t("labelling.upload.rights"), cell: ({ rights }) => rights },
          {
            key: "personal",
            title: t("labelling.upload.personal"),
            cell: (one) => t(`labelling.upload.personal.${one.personal_data}`),
          },
          {
            key: "deidentified",
            title: t("labelling.upload.deidentified"),
            cell: ({ deidentified }) => t(deidentified ? "labelling.raw.yes" : "labelling.raw.no"),
          },
          { key: "at", title: t("labelling.raw.at"), cell: (one) => <Instant at={one.at} /> },
        ]}
      />
      {of.undeclared > 0 && of.intakes.length > 0 ? (
        <p className="quiet padded">{t("labelling.raw.undeclared", { count: of.undeclared })}</p>
      ) : null}
    </>
  );
}
