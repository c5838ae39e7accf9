// Gold and consensus of a project: how many items are gold and how often they come, a file of gold,
// items whose replicas leave something to decide, merging again.
import { App, Button, InputNumber } from "antd";
import { useState } from "react";
import { Link } from "react-router";

import type { ConsensusView, ReplicasView } from "../../../api/types.gen";
import { group } from "../../../format/number";
import { useRead, useWrite } from "../../../http/hooks";
import { Rows } from "../../../parts/DataTable";
import { EmptyState, Facts, Loaded, Section } from "../../../parts/Page";
import { ProblemAlert } from "../../../parts/ProblemAlert";
import { useWords } from "../../../words";
import { useHere } from "../../agreement/here";
import { projectPage, projectPath, type ProjectView } from "../api";
import { itemColumn } from "./itemColumn";
import { Agreement } from "./Agreement";
import { ImportLabels } from "./ImportLabels";

export function Gold({ project }: { project: ProjectView }) {
  const replicas = project.settings?.replicas ?? 1;
  return (
    <>
      <GoldItems project={project} />
      <ImportLabels project={project} gold />
      {replicas > 1 ? <Consensus project={project} replicas={replicas} /> : null}
    </>
  );
}

function GoldItems({ project }: { project: ProjectView }) {
  const { t } = useWords();
  const { id } = useHere();
  const path = projectPath(id, project.id);
  const [percent, setPercent] = useState<number | null>(project.settings?.gold_percent ?? 0);
  const write = useWrite({ stale: [path] });
  return (
    <Section title={t("labelling.gold")} lead={t("labelling.gold.lead")}>
      <div className="project-facts">
        <Facts
          items={[
            [t("labelling.gold.count"), group(project.gold ?? 0)],
            [t("labelling.gold.share"), `${project.settings?.gold_percent ?? 0}%`],
          ]}
        />
      </div>
      {write.error ? <ProblemAlert problem={write.error} /> : null}
      <form
        className="inline-form"
        onSubmit={(event) => {
          event.preventDefault();
          write.mutate({
            method: "PATCH",
            path,
            body: { settings: { ...project.settings, gold_percent: percent ?? 0 } },
          });
        }}
      >
        <label htmlFor="gold-share">{t("labelling.gold.shareSet")}</label>
        <InputNumber
          id="gold-share"
          min={0}
          max={50}
          precision={0}
          suffix="%"
          value={percent}
          onChange={setPercent}
        />
        <Button
          htmlType="submit"
          loading={write.isPending}
          disabled={percent === (project.settings?.gold_percent ?? 0)}
        >
          {t("labelling.settings.save")}
        </Button>
      </form>
      <p>
        {t("labelling.gold.how")}{" "}
        <Link to={`${projectPage(id, project.id)}?state=accepted`}>
          {t("labelling.gold.choose")}
        </Link>
      </p>
    </Section>
  );
}

/** So many items are merged by one request. */
const MERGED = 100;

function Consensus({ project, replicas }: { project: ProjectView; replicas: number }) {
  const { t } = useWords();
  const { id } = useHere();
  const { message } = App.useApp();
  const path = projectPath(id, project.id);
  const found = useRead<ReplicasView>(`${path}/replicas`);
  const write = useWrite<ConsensusView>({
    stale: [path],
    done: ({ merged, conflicts, refused }) =>
      void message.info(
        t("labelling.consensus.merged", {
          merged: merged.length,
          conflicts: conflicts.length,
          refused: refused.length,
        }),
        8,
      ),
  });
  const merge = (items: number[]) => write.mutate({ path: `${path}/consensus`, body: { items } });
  return (
    <Section
      title={t("labelling.consensus")}
      lead={t("labelling.consensus.lead", {
        replicas,
        quorum: project.settings?.quorum_percent ?? 50,
      })}
    >
      {write.error ? <ProblemAlert problem={write.error} /> : null}
      <Loaded of={found}>
        {(data) => (
          <>
            <Rows
              label={t("labelling.consensus.open")}
              rows={data.conflicts}
              rowKey={({ seq }) => seq}
              empty={
                <EmptyState title={t("labelling.consensus.none")}>
                  {t("labelling.consensus.items", { count: group(data.items) })}
                </EmptyState>
              }
              columns={[
                itemColumn(t("labelling.item"), id, project.id),
                {
                  key: "conflicts",
                  title: t("labelling.consensus.conflicts"),
                  align: "right",
                  cell: ({ conflicts }) => <span className="figure">{group(conflicts)}</span>,
                },
                {
                  key: "replicas",
                  title: t("labelling.consensus.replicas"),
                  align: "right",
                  cell: (one) => <span className="figure">{group(one.replicas)}</span>,
                },
                {
                  key: "merge",
                  title: t("labelling.consensus.again"),
                  cell: ({ seq }) => (
                    <Button
                      size="small"
                      disabled={write.isPending}
                      aria-label={t("labelling.consensus.againOne", { item: seq })}
                      onClick={() => merge([seq])}
                    >
                      {t("labelling.consensus.again")}
                    </Button>
                  ),
                },
              ]}
            />
            {data.conflicts.length > 1 ? (
              <div className="actions">
                <Button
                  loading={write.isPending}
                  onClick={() => merge(data.conflicts.slice(0, MERGED).map(({ seq }) => seq))}
                >
                  {t("labelling.consensus.all", { count: Math.min(MERGED, data.conflicts.length) })}
                </Button>
              </div>
            ) : null}
            <h3 className="sub">{t("labelling.agreement")}</h3>
            <Agreement of={data} />
          </>
        )}
      </Loaded>
    </Section>
  );
}
