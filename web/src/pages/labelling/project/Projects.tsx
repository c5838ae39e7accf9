// Labelling work of an agreement: its projects, and one of them.
import { App, Button, Form, Input, InputNumber, Modal, Radio } from "antd";
import { useState } from "react";
import { Link, useNavigate } from "react-router";

import { useRead, useWrite } from "../../../http/hooks";
import { Day } from "../../../parts/figures";
import { Rows } from "../../../parts/DataTable";
import { EmptyState, Loaded, Section } from "../../../parts/Page";
import { ProblemAlert } from "../../../parts/ProblemAlert";
import { loadTexts, makeWords, useWords } from "../../../words";
import type { TabProps } from "../../agreement";
import { useHere } from "../../agreement/here";
import { type ProjectView, projectPage, projectsPath } from "../api";
import "../labelling.css";
import type { Modality } from "../types";
import { type Agreed, AgreedFields } from "./AgreedFields";
import { Progress } from "./Progress";
import Project from "./Project";
import { deadlineAt } from "./settingsForm";
import { starter } from "./starters";

export default function Projects({ rest }: TabProps) {
  const [project, part = "items"] = rest;
  return project ? <Project key={project} project={project} part={part} /> : <All />;
}

function All() {
  const { t, code } = useWords();
  const { id, may } = useHere();
  const projects = useRead<{ items: ProjectView[] }>(projectsPath(id));
  const [making, setMaking] = useState(false);
  const make = may("manageWork") ? (
    <Button type="primary" onClick={() => setMaking(true)}>
      {t("labelling.project.new")}
    </Button>
  ) : null;
  return (
    <>
      <Section title={t("labelling.projects")} lead={t("labelling.projects.lead")} actions={make}>
        <Loaded of={projects}>
          {({ items }) => (
            <Rows
              label={t("labelling.projects")}
              rows={items}
              rowKey={({ id: project }) => project}
              empty={
                <EmptyState title={t("labelling.projects.none")}>
                  {t("labelling.projects.none.lead")}
                </EmptyState>
              }
              columns={[
                {
                  key: "name",
                  title: t("labelling.project.name"),
                  card: "lead",
                  cell: (row) => <Link to={projectPage(id, row.id)}>{row.name}</Link>,
                },
                {
                  key: "modality",
                  title: t("labelling.project.modality"),
                  cell: ({ modality }) => t(`labelling.modality.${modality}`),
                },
                {
                  key: "side",
                  title: t("labelling.project.side"),
                  cell: ({ side }) => code("side", side),
                },
                {
                  key: "progress",
                  title: t("labelling.project.progress"),
                  width: "34%",
                  cell: (row) => <Progress counts={row.counts} items={row.items} />,
                },
                {
                  key: "deadline",
                  title: t("labelling.project.deadline"),
                  cell: ({ deadline }) => (deadline ? <Day on={deadline.slice(0, 10)} /> : "–"),
                },
              ]}
            />
          )}
        </Loaded>
      </Section>
      {making ? <NewProject close={() => setMaking(false)} /> : null}
    </>
  );
}

interface Fields extends Agreed {
  name: string;
  modality: Modality;
  review_percent: number;
  replicas: number;
}

const MODALITIES: Modality[] = ["image", "text", "video"];

function NewProject({ close }: { close: () => void }) {
  const { t } = useWords();
  const { id } = useHere();
  const navigate = useNavigate();
  const { message } = App.useApp();
  const [form] = Form.useForm<Fields>();
  const write = useWrite<{ id: string }>({
    stale: [projectsPath(id)],
    done: ({ id: project }) => {
      void message.success(t("labelling.project.made"));
      void navigate(`${projectPage(id, project)}/guideline`);
    },
  });
  const make = async (fields: Fields) => {
    // The guideline stands in both languages, whichever one the console is in.
    await Promise.all([loadTexts("zh"), loadTexts("en")]);
    const [zh, en] = [makeWords("zh"), makeWords("en")];
    const { review_percent, replicas } = fields;
    write.mutate({
      path: projectsPath(id),
      body: {
        name: fields.name,
        modality: fields.modality,
        guideline: starter(fields.modality, (key) => ({ zh: zh.t(key), en: en.t(key) })),
        settings: { review_percent, replicas },
        ...(fields.quantity ? { quantity: fields.quantity } : {}),
        ...(fields.deadline ? { deadline: deadlineAt(fields.deadline) } : {}),
      },
    });
  };
  return (
    <Modal
      open
      title={t("labelling.project.new")}
      okText={t("labelling.project.make")}
      okButtonProps={{ htmlType: "submit", form: "new-project", loading: write.isPending }}
      onCancel={close}
    >
      {write.error ? <ProblemAlert problem={write.error} /> : null}
      <Form
        id="new-project"
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{ modality: "image", review_percent: 100, replicas: 1 }}
        onFinish={(fields) => void make(fields)}
      >
        <Form.Item
          name="name"
          label={t("labelling.project.name")}
          rules={[{ required: true, whitespace: true, message: t("field.needed") }]}
        >
          <Input maxLength={200} autoFocus />
        </Form.Item>
        <Form.Item name="modality" label={t("labelling.project.modality")}>
          <Radio.Group
            options={MODALITIES.map((one) => ({
              value: one,
              label: t(`labelling.modality.${one}`),
            }))}
          />
        </Form.Item>
        <AgreedFields />
        <div className="field-row">
          <Form.Item
            name="review_percent"
            label={t("labelling.project.review")}
            extra={t("labelling.project.review.extra")}
          >
            <InputNumber min={0} max={100} precision={0} suffix="%" />
          </Form.Item>
          <Form.Item
            name="replicas"
            label={t("labelling.project.replicas")}
            extra={t("labelling.project.replicas.extra")}
          >
            <InputNumber min={1} max={9} precision={0} />
          </Form.Item>
        </div>
      </Form>
    </Modal>
  );
}
