// The playbooks that reviews hold contracts against: the built-in one, and those of the organisation.
import { Button, Form, Input, Modal } from "antd";
import { useState } from "react";
import { Link, useNavigate } from "react-router";

import { type Paged, useRead, useWrite } from "../../http/hooks";
import { at, request } from "../../http/request";
import { Rows } from "../../parts/DataTable";
import { Loaded, Page, Section } from "../../parts/Page";
import { ProblemAlert } from "../../parts/ProblemAlert";
import type { Playbook, PlaybookRow } from "../../parts/review/names";
import { StatusTag } from "../../parts/StatusTag";
import { useWords } from "../../words";
import { renamed } from "./toml";

export default function Playbooks() {
  const { t, pick } = useWords();
  const read = useRead<Paged<PlaybookRow>>("/playbooks");
  const [copying, setCopying] = useState<PlaybookRow | null>(null);
  return (
    <Page
      title={t("playbook.title")}
      lead={t("playbook.lead")}
      actions={<Link to="/review">{t("nav.review")}</Link>}
    >
      <Section flush>
        <Loaded of={read}>
          {({ items }) => (
            <Rows
              label={t("playbook.title")}
              rows={items}
              rowKey={(row) => row.id}
              columns={[
                {
                  key: "title",
                  title: t("playbook.name"),
                  card: "lead",
                  cell: (row) => (
                    <Link className="row-title" to={`/playbooks/${encodeURIComponent(row.id)}`}>
                      {pick(row.title)}
                    </Link>
                  ),
                },
                { key: "id", title: t("playbook.id"), cell: (row) => <code>{row.id}</code> },
                {
                  key: "whose",
                  title: t("playbook.whose"),
                  cell: (row) => (
                    <StatusTag
                      code={row.built_in ? "plain" : "own"}
                      tone={row.built_in ? "plain" : "good"}
                    >
                      {row.built_in ? t("playbook.builtIn") : t("playbook.own")}
                    </StatusTag>
                  ),
                },
                {
                  key: "do",
                  title: t("playbook.copy"),
                  align: "right",
                  cell: (row) => (
                    <Button size="small" onClick={() => setCopying(row)}>
                      {t("playbook.copy")}
                    </Button>
                  ),
                },
              ]}
            />
          )}
        </Loaded>
      </Section>
      {copying ? <CopyDialog of={copying} close={() => setCopying(null)} /> : null}
    </Page>
  );
}

interface CopyForm {
  id: string;
  zh: string;
  en: string;
}

function CopyDialog({ of, close }: { of: PlaybookRow; close: () => void }) {
  const { t } = useWords();
  const navigate = useNavigate();
  const [problem, setProblem] = useState<unknown>(null);
  const write = useWrite<Playbook>({
    stale: ["/playbooks"],
    done: (made) => void navigate(`/playbooks/${encodeURIComponent(made.playbook.id)}`),
  });
  const copy = async ({ id, zh, en }: CopyForm) => {
    setProblem(null);
    try {
      const { toml } = await request<Playbook>("GET", at`/playbooks/${of.id}`);
      const body = renamed(toml, id, { zh, en });
      write.mutate({ method: "PUT", path: at`/playbooks/${id}`, body });
    } catch (error) {
      setProblem(error);
    }
  };
  const needed = [{ required: true, whitespace: true, message: t("field.needed") }];
  return (
    <Modal
      open
      title={t("playbook.copy")}
      okText={t("playbook.copy")}
      okButtonProps={{ htmlType: "submit", form: "copy-form", loading: write.isPending }}
      onCancel={close}
    >
      <ProblemAlert problem={problem ?? write.error} />
      <Form<CopyForm>
        name="copy-form"
        layout="vertical"
        requiredMark={false}
        initialValues={of.title}
        onFinish={(values) => void copy(values)}
      >
        <Form.Item
          name="id"
          label={t("playbook.id")}
          rules={[
            {
              required: true,
              pattern: /^[a-z0-9][a-z0-9-]{0,62}$/,
              message: t("playbook.idWrong"),
            },
          ]}
        >
          <Input autoComplete="off" autoFocus placeholder="our-playbook" />
        </Form.Item>
        <Form.Item name="zh" label={t("playbook.zh")} rules={needed}>
          <Input lang="zh" />
        </Form.Item>
        <Form.Item name="en" label={t("playbook.en")} rules={needed}>
          <Input lang="en" />
        </Form.Item>
      </Form>
    </Modal>
  );
}
