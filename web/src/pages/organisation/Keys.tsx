// Keys with which programs speak for the organisation; each is shown once.
import { Button, Checkbox, Form, Input, Modal, Popconfirm, Select } from "antd";

import { useWrite } from "../../http/hooks";
import { at } from "../../http/request";
import { type KeyRow, type KeyScope, SCOPES } from "../../http/types";
import type { Column } from "../../parts/DataTable";
import { Instant, useNow } from "../../parts/figures";
import { ProblemAlert } from "../../parts/ProblemAlert";
import { StatusTag } from "../../parts/StatusTag";
import { type Key, useWords } from "../../words";
import { Makes } from "./Makes";

const SCOPE_WORDS: Record<KeyScope, Key> = {
  read: "scope.read",
  record: "scope.record",
  money: "scope.money",
  manage: "scope.manage",
};

export default function Keys() {
  const { t } = useWords();
  const now = useNow();
  const remove = useWrite({ stale: ["/keys"] });
  const columns: Column<KeyRow>[] = [
    {
      key: "name",
      title: t("keys.name"),
      card: "lead",
      cell: (row) => (
        <>
          <span className="strong">{row.name}</span>
          <div className="small quiet">
            <code>tally_{row.id}_…</code>
          </div>
        </>
      ),
    },
    {
      key: "scopes",
      title: t("keys.scopes"),
      cell: (row) => row.scopes.map((scope) => t(SCOPE_WORDS[scope])).join(" · "),
    },
    {
      key: "agreement",
      title: t("agreements.agreement"),
      cell: (row) => (row.agreement ? <code>{row.agreement}</code> : t("keys.every")),
    },
    { key: "used", title: t("keys.used"), cell: (row) => <Instant at={row.last_used} /> },
    {
      key: "expires",
      title: t("people.expires"),
      cell: (row) =>
        row.expires && Date.parse(row.expires) < now ? (
          <StatusTag code="late">{t("keys.expired")}</StatusTag>
        ) : (
          <Instant at={row.expires} />
        ),
    },
    {
      key: "do",
      title: "",
      align: "right",
      cell: (row) => (
        <Popconfirm
          title={t("keys.revokeAsk", { name: row.name })}
          okText={t("people.revoke")}
          onConfirm={() => remove.mutate({ method: "DELETE", path: at`/keys/${row.id}` })}
        >
          <Button size="small" danger>
            {t("people.revoke")}
          </Button>
        </Popconfirm>
      ),
    },
  ];
  return (
    <Makes
      path="/keys"
      columns={columns}
      problem={remove.error}
      words={{
        title: t("organisation.keys"),
        lead: t("keys.lead"),
        make: t("keys.make"),
        none: t("keys.none"),
        made: t("keys.made"),
        once: t("keys.once"),
      }}
      form={(close, done) => <MakeKey close={close} done={done} />}
    />
  );
}

interface Fields {
  name: string;
  scopes: KeyScope[];
  agreement?: string;
  days: number;
}

function MakeKey({ close, done }: { close: () => void; done: (key: string) => void }) {
  const { t } = useWords();
  const write = useWrite<{ key: string }>({ stale: ["/keys"], done: ({ key }) => done(key) });
  const needed = [{ required: true, message: t("field.needed") }];
  return (
    <Modal
      open
      title={t("keys.make")}
      onCancel={close}
      okText={t("keys.make")}
      okButtonProps={{ htmlType: "submit", form: "key", loading: write.isPending }}
    >
      <ProblemAlert problem={write.error} />
      <Form<Fields>
        id="key"
        layout="vertical"
        requiredMark={false}
        initialValues={{ scopes: ["read"], days: 90 }}
        onFinish={({ agreement, ...fields }) =>
          write.mutate({ path: "/keys", body: agreement ? { ...fields, agreement } : fields })
        }
      >
        <Form.Item name="name" label={t("keys.name")} rules={needed}>
          <Input autoFocus maxLength={100} placeholder={t("keys.nameHint")} />
        </Form.Item>
        <Form.Item
          name="scopes"
          label={t("keys.scopes")}
          rules={[{ type: "array", min: 1, message: t("field.needed") }]}
        >
          <Checkbox.Group
            className="stack"
            options={SCOPES.map((scope) => ({ value: scope, label: t(SCOPE_WORDS[scope]) }))}
          />
        </Form.Item>
        <Form.Item name="agreement" label={t("keys.only")} extra={t("keys.onlyHint")}>
          <Input autoComplete="off" spellCheck={false} />
        </Form.Item>
        <Form.Item name="days" label={t("keys.days")}>
          <Select
            options={[7, 30, 90, 365].map((days) => ({
              value: days,
              label: t("keys.forDays", { days }),
            }))}
          />
        </Form.Item>
      </Form>
    </Modal>
  );
}
