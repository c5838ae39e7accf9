// Who works on a project: hours, pieces, speed, and quality against gold and review with its interval.
import { useRead } from "../../../http/hooks";
import { group } from "../../../format/number";
import { Rows } from "../../../parts/DataTable";
import { EmptyState, Loaded, Section } from "../../../parts/Page";
import { useWords } from "../../../words";
import { useHere } from "../../agreement/here";
import { projectPath, type ProjectView, type WorkerView } from "../api";
import { share } from "./figures";

export function Workers({ project }: { project: ProjectView }) {
  const words = useWords();
  const { t } = words;
  const { id } = useHere();
  const found = useRead<{ items: WorkerView[] }>(`${projectPath(id, project.id)}/people`);
  return (
    <Section title={t("labelling.part.people")} lead={t("labelling.people.lead")} flush>
      <Loaded of={found}>
        {({ items }) => (
          <Rows
            label={t("labelling.part.people")}
            rows={items}
            rowKey={({ person }) => person}
            empty={<EmptyState title={t("labelling.people.none")} />}
            columns={[
              {
                key: "name",
                title: t("labelling.people.name"),
                card: "lead",
                cell: ({ name }) => name,
              },
              {
                key: "hours",
                title: t("labelling.people.hours"),
                align: "right",
                cell: ({ work }) => <Figure of={hours(work.label_seconds + work.review_seconds)} />,
              },
              {
                key: "submitted",
                title: t("labelling.people.submitted"),
                align: "right",
                cell: ({ work }) => <Figure of={group(work.submitted)} />,
              },
              {
                key: "accepted",
                title: t("labelling.people.accepted"),
                align: "right",
                cell: ({ work }) => <Figure of={group(work.accepted)} />,
              },
              {
                key: "returned",
                title: t("labelling.people.returned"),
                align: "right",
                cell: ({ work }) => <Figure of={group(work.returned)} />,
              },
              {
                key: "reviewed",
                title: t("labelling.people.reviewed"),
                align: "right",
                cell: ({ work }) => <Figure of={group(work.reviewed)} />,
              },
              {
                key: "speed",
                title: t("labelling.people.speed"),
                align: "right",
                cell: ({ labels_per_hour: speed }) => (
                  <Figure of={typeof speed === "number" ? group(speed) : "–"} />
                ),
              },
              {
                key: "gold",
                title: t("labelling.people.gold"),
                align: "right",
                cell: ({ gold }) => <Figure of={share(gold?.total.accuracy, words)} />,
              },
              {
                key: "review",
                title: t("labelling.people.review"),
                align: "right",
                cell: ({ review }) => <Figure of={share(review?.total.accuracy, words)} />,
              },
            ]}
          />
        )}
      </Loaded>
    </Section>
  );
}

function Figure({ of }: { of: string }) {
  return <span className="figure">{of}</span>;
}

/** 1:05 */
export function hours(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}`;
}
