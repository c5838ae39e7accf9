// One project: how far it is, and its pages: items, guideline, upload.
import { App, Button } from "antd";
import { Link, NavLink, useNavigate } from "react-router";

import { useRead, useWrite } from "../../../http/hooks";
import { Day } from "../../../parts/figures";
import { EmptyState, Facts, Loaded, Section } from "../../../parts/Page";
import { ProblemAlert } from "../../../parts/ProblemAlert";
import { group } from "../../../format/number";
import { useWords } from "../../../words";
import { useHere } from "../../agreement/here";
import {
  itemPage,
  type ItemView,
  type ProgressView,
  projectPage,
  projectPath,
  type ProjectView,
} from "../api";
import { Export } from "./Export";
import { Findings } from "./Findings";
import { Gold } from "./Gold";
import { GuidelinePage } from "./GuidelinePage";
import { ImportLabels } from "./ImportLabels";
import { Inspection } from "./Inspection";
import { Items } from "./Items";
import { Payroll } from "./Payroll";
import { Progress } from "./Progress";
import { Quality } from "./Quality";
import { RawData } from "./RawData";
import { Settings } from "./Settings";
import { Upload } from "./Upload";
import { Workers } from "./Workers";

const PARTS = [
  "items",
  "guideline",
  "people",
  "quality",
  "findings",
  "gold",
  "pay",
  "labels",
  "inspection",
  "raw",
  "upload",
  "settings",
] as const;
type Part = (typeof PARTS)[number];

export default function Project({ project, part }: { project: string; part: string }) {
  const { id } = useHere();
  const found = useRead<ProjectView>(projectPath(id, project), undefined, {
    refetchInterval: 30_000,
  });
  return (
    <Loaded of={found} rows={8}>
      {(data) => <Shown project={data} part={PARTS.find((one) => one === part) ?? null} />}
    </Loaded>
  );
}

function Shown({ project, part }: { project: ProjectView; part: Part | null }) {
  const { t } = useWords();
  const { id, side, may } = useHere();
  const own = project.side === side;
  const is = (...parts: string[]) => parts.some((one) => project.parts.includes(one));
  const manages = own && is("manager");
  const figures = is("manager", "reader", "inspector");
  const base = projectPage(id, project.id);
  const shown: Record<Part, boolean> = {
    items: true,
    guideline: true,
    people: own,
    quality: figures,
    findings: own && is("manager", "reader"),
    gold: manages,
    pay: own && may("readPayroll"),
    labels: figures,
    inspection: is("manager", "reader", "inspector", "reviewer"),
    raw: may("readDocuments"),
    upload: manages,
    settings: manages,
  };
  const parts = PARTS.filter((one) => shown[one]);
  return (
    <>
      <p className="crumb">
        <Link to={base.slice(0, base.lastIndexOf("/"))}>← {t("labelling.projects")}</Link>
      </p>
      <Head project={project} />
      <nav className="tabs inner" aria-label={project.name}>
        {parts.map((one) => (
          <NavLink key={one} to={one === "items" ? base : `${base}/${one}`} end>
            {t(`labelling.part.${one}`)}
          </NavLink>
        ))}
      </nav>
      {part === null || !shown[part] ? (
        <EmptyState title={t("agreement.no_tab")} />
      ) : (
        <Chosen part={part} project={project} manages={manages} />
      )}
    </>
  );
}

function Chosen({
  part,
  project,
  manages,
}: {
  part: Part;
  project: ProjectView;
  manages: boolean;
}) {
  switch (part) {
    case "items":
      return <Items project={project} />;
    case "guideline":
      return <GuidelinePage project={project} manages={manages} />;
    case "people":
      return <Workers project={project} />;
    case "quality":
      return <Quality project={project} />;
    case "findings":
      return <Findings project={project} />;
    case "gold":
      return <Gold project={project} />;
    case "pay":
      return <Payroll project={project} />;
    case "labels":
      return (
        <>
          <Export project={project} />
          {manages ? <ImportLabels project={project} /> : null}
        </>
      );
    case "inspection":
      return <Inspection project={project} />;
    case "raw":
      return <RawData project={project} />;
    case "upload":
      return <Upload project={project} />;
    case "settings":
      return <Settings key={project.id} project={project} />;
  }
}

function Head({ project }: { project: ProjectView }) {
  const { t, code } = useWords();
  const { id } = useHere();
  const navigate = useNavigate();
  const { message } = App.useApp();
  const write = useWrite<{ item?: ItemView | null }>({
    stale: [projectPath(id, project.id)],
    done: ({ item }) => {
      if (item) void navigate(itemPage(id, project.id, item.seq));
      else void message.info(t("labelling.nothingNext"));
    },
  });
  const take = (stage: "annotate" | "review") =>
    write.mutate({ path: `${projectPath(id, project.id)}/next`, body: { stage } });
  const facts: [string, React.ReactNode][] = [
    [t("labelling.project.modality"), t(`labelling.modality.${project.modality}`)],
    [t("labelling.project.side"), code("side", project.side)],
    [
      t("labelling.project.quantity"),
      project.quantity
        ? t("labelling.ofAgreed", {
            items: group(project.items),
            agreed: group(project.quantity),
          })
        : group(project.items),
    ],
    [
      t("labelling.project.deadline"),
      project.deadline ? <Day on={project.deadline.slice(0, 10)} /> : "–",
    ],
  ];
  return (
    <Section
      title={project.name}
      actions={
        <>
          {project.parts.includes("reviewer") ? (
            <Button onClick={() => take("review")} loading={write.isPending}>
              {t("labelling.takeReview")}
            </Button>
          ) : null}
          {project.parts.includes("annotator") ? (
            <Button type="primary" onClick={() => take("annotate")} loading={write.isPending}>
              {t("labelling.take")}
            </Button>
          ) : null}
        </>
      }
    >
      {write.error ? <ProblemAlert problem={write.error} /> : null}
      <div className="project-facts">
        <Facts items={facts} />
      </div>
      <Progress counts={project.counts} items={project.items} legend />
      <Forecast project={project} />
    </Section>
  );
}

/** When the last item is labelled at the pace of the last days, beside the deadline. */
function Forecast({ project }: { project: ProjectView }) {
  const { t } = useWords();
  const { id } = useHere();
  const { data } = useRead<ProgressView>(`${projectPath(id, project.id)}/progress`);
  if (!data || data.remaining === 0 || !data.done_at) return null;
  return (
    <p className={data.late ? "forecast bad" : "forecast quiet"}>
      {t("labelling.forecast", {
        remaining: group(data.remaining),
        pace: group(data.pace_per_day ?? 0),
      })}{" "}
      <Day on={data.done_at.slice(0, 10)} />
      {data.late && data.needed_per_day
        ? ` · ${t("labelling.forecast.late", { needed: group(data.needed_per_day) })}`
        : null}
    </p>
  );
}
