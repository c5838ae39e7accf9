// How a project is worked on: name, quantity, deadline, replicas, gold, review, holds, matching.
import { App, Button, Form, Input, InputNumber } from "antd";

import { useWrite } from "../../../http/hooks";
import { Section } from "../../../parts/Page";
import { ProblemAlert } from "../../../parts/ProblemAlert";
import { useWords } from "../../../words";
import { useHere } from "../../agreement/here";
import { projectPath, type ProjectView } from "../api";
import { AgreedFields } from "./AgreedFields";
import { change, deadlineDay, type SettingsFields as Fields } from "./settingsForm";

const FIGURES = [
  ["replicas", 1, 9, ""],
  ["quorum_percent", 1, 100, "%"],
  ["gold_percent", 0, 50, "%"],
  ["review_percent", 0, 100, "%"],
  ["hold_minutes", 1, 10_080, ""],
  ["iou_percent", 1, 100, "%"],
  ["keyframe_tolerance", 0, 1_000_000_000, ""],
] as const;

export function Settings({ project }: { project: ProjectView }) {
  const { t } = useWords();
  const { id } = useHere();
  const { message } = App.useApp();
  const path = projectPath(id, project.id);
  const write = useWrite<ProjectView>({
    stale: [path],
    done: () => void message.success(t("labelling.settings.saved")),
  });
  const needed = { required: true, message: t("field.needed") };
  const begun = project.items > 0;
  return (
    <Section title={t("labelling.part.settings")} lead={t("labelling.settings.lead")}>
      <Form<Fields>
        layout="vertical"
        requiredMark={false}
        initialValues={{
          name: project.name,
          quantity: project.quantity ?? null,
          deadline: deadlineDay(project.deadline),
          ...project.settings,
        }}
        onFinish={(fields) =>
          write.mutate({ method: "PATCH", path, body: change(fields, project) })
        }
      >
        <Form.Item
          name="name"
          label={t("labelling.project.name")}
          rules={[{ ...needed, whitespace: true }]}
        >
          <Input maxLength={200} />
        </Form.Item>
        <AgreedFields />
        <div className="field-row settings-figures">
          {FIGURES.filter(
            ([name]) => name !== "keyframe_tolerance" || project.modality === "video",
          ).map(([name, min, max, suffix]) => (
            <Form.Item
              key={name}
              name={name}
              label={t(`labelling.settings.${name}`)}
              extra={
                name === "replicas" && begun
                  ? t("labelling.settings.begun")
                  : t(`labelling.settings.extra.${name}`)
              }
              rules={[needed]}
            >
              <InputNumber
                min={min}
                max={max}
                precision={0}
                disabled={name === "replicas" && begun}
                {...(suffix ? { suffix } : {})}
              />
            </Form.Item>
          ))}
        </div>
        {write.error ? <ProblemAlert problem={write.error} /> : null}
        <Button type="primary" htmlType="submit" loading={write.isPending}>
          {t("labelling.settings.save")}
        </Button>
      </Form>
    </Section>
  );
}
