// Addresses that are told what happens, what became of each delivery, and sending one again.
import { Button, Drawer, Form, Input, Modal, Popconfirm, Select, Switch } from "antd";
import { useState } from "react";

import { useWrite } from "../../http/hooks";
import { at } from "../../http/request";
import type { WebhookDelivery, WebhookRow } from "../../http/types";
import { type Column, DataTable } from "../../parts/DataTable";
import { EvidenceLink } from "../../parts/EvidenceLink";
import { Instant } from "../../parts/figures";
import { EmptyState } from "../../parts/Page";
import { ProblemAlert } from "../../parts/ProblemAlert";
import { StatusTag } from "../../parts/StatusTag";
import { codesOf, useWords, type Words } from "../../words";
import { Makes } from "./Makes";

/** Why an address is not told any more. */
const OFF = {
  by_person: "webhooks.offByPerson",
  gone: "webhooks.offGone",
  failing: "webhooks.offFailing",
} as const;

/** A kind of entry, or one of the two messages that are no entries. */
function kindName(kind: string, { t, code }: Words): string {
  if (kind === "notice") return t("webhooks.notice");
  if (kind === "test") return t("webhooks.test");
  return code("event", kind);
}

export default function Webhooks() {
  const words = useWords();
  const { t } = words;
  const [open, setOpen] = useState<WebhookRow | null>(null);
  const write = useWrite({ stale: ["/webhooks"] });
  const columns: Column<WebhookRow>[] = [
    {
      key: "url",
      title: t("webhooks.url"),
      card: "lead",
      cell: (row) => <span className="wrap-anywhere">{row.url}</span>,
    },
    {
      key: "kinds",
      title: t("webhooks.kinds"),
      cell: (row) =>
        row.kinds.length === 0
          ? t("webhooks.every")
          : row.kinds.map((kind) => kindName(kind, words)).join(" · "),
    },
    {
      key: "agreement",
      title: t("agreements.agreement"),
      cell: (row) => (row.agreement ? <code>{row.agreement}</code> : t("keys.every")),
    },
    {
      key: "enabled",
      title: t("webhooks.on"),
      cell: (row) => (
        <>
          <Switch
            size="small"
            aria-label={t("webhooks.onOf", { url: row.url })}
            checked={row.enabled}
            onChange={(enabled) =>
              write.mutate({ method: "PATCH", path: at`/webhooks/${row.id}`, body: { enabled } })
            }
          />
          {row.off ? <div className="small quiet">{t(OFF[row.off])}</div> : null}
          {row.failing_since ? (
            <div className="small left soon">
              {t("webhooks.failing")} <Instant at={row.failing_since} />
            </div>
          ) : null}
        </>
      ),
    },
    {
      key: "do",
      title: "",
      align: "right",
      cell: (row) => (
        <span className="actions end">
          <Button size="small" onClick={() => setOpen(row)}>
            {t("webhooks.deliveries")}
          </Button>
          <Button size="small" onClick={() => write.mutate({ path: at`/webhooks/${row.id}/test` })}>
            {t("webhooks.test")}
          </Button>
          <Popconfirm
            title={t("webhooks.removeAsk")}
            okText={t("form.remove")}
            onConfirm={() => write.mutate({ method: "DELETE", path: at`/webhooks/${row.id}` })}
          >
            <Button size="small" danger>
              {t("form.remove")}
            </Button>
          </Popconfirm>
        </span>
      ),
    },
  ];
  return (
    <Makes
      path="/webhooks"
      columns={columns}
      problem={write.error}
      words={{
        title: t("organisation.webhooks"),
        lead: t("webhooks.lead"),
        make: t("webhooks.make"),
        none: t("webhooks.none"),
        made: t("webhooks.made"),
        once: t("webhooks.key"),
      }}
      form={(close, done) => <MakeWebhook close={close} done={done} />}
    >
      {open ? <Deliveries webhook={open} close={() => setOpen(null)} /> : null}
    </Makes>
  );
}

interface Fields {
  url: string;
  kinds?: string[];
  agreement?: string;
}

function MakeWebhook({ close, done }: { close: () => void; done: (key: string) => void }) {
  const words = useWords();
  const { t } = words;
  const write = useWrite<{ public_key: string }>({
    stale: ["/webhooks"],
    done: ({ public_key }) => done(public_key),
  });
  return (
    <Modal
      open
      title={t("webhooks.make")}
      onCancel={close}
      okText={t("webhooks.make")}
      okButtonProps={{ htmlType: "submit", form: "webhook", loading: write.isPending }}
    >
      <ProblemAlert problem={write.error} />
      <Form<Fields>
        id="webhook"
        layout="vertical"
        requiredMark={false}
        onFinish={({ url, kinds, agreement }) =>
          write.mutate({
            path: "/webhooks",
            body: { url, kinds: kinds ?? [], ...(agreement ? { agreement } : {}) },
          })
        }
      >
        <Form.Item
          name="url"
          label={t("webhooks.url")}
          rules={[{ required: true, type: "url", message: t("webhooks.urlWrong") }]}
        >
          <Input type="url" autoFocus placeholder="https://" />
        </Form.Item>
        <Form.Item name="kinds" label={t("webhooks.kinds")} extra={t("webhooks.kindsHint")}>
          <Select
            mode="multiple"
            showSearch={{ optionFilterProp: "label" }}
            options={[...codesOf("event"), "notice"].map((kind) => ({
              value: kind,
              label: kindName(kind, words),
            }))}
          />
        </Form.Item>
        <Form.Item name="agreement" label={t("keys.only")} extra={t("keys.onlyHint")}>
          <Input autoComplete="off" spellCheck={false} />
        </Form.Item>
      </Form>
    </Modal>
  );
}

function Deliveries({ webhook, close }: { webhook: WebhookRow; close: () => void }) {
  const words = useWords();
  const { t } = words;
  const path = at`/webhooks/${webhook.id}/deliveries`;
  const replay = useWrite({ stale: [path] });
  const state = (row: WebhookDelivery) =>
    ({
      pending: t("delivery.pending"),
      delivered: t("delivery.delivered"),
      failed: t("delivery.failed"),
      dead: t("delivery.dead"),
    })[row.state];
  const columns: Column<WebhookDelivery>[] = [
    {
      key: "what",
      title: t("evidence.kind"),
      card: "lead",
      cell: (row) => (
        <>
          {kindName(row.kind, words)}{" "}
          {row.agreement && row.seq !== null ? (
            <EvidenceLink id={`e${row.seq}`} agreement={row.agreement} />
          ) : null}
          <div className="small quiet">
            <code>{row.agreement}</code>
          </div>
        </>
      ),
    },
    {
      key: "state",
      title: t("delivery.state"),
      cell: (row) => (
        <>
          <StatusTag code={row.state}>{state(row)}</StatusTag>
          {row.last_error ? <div className="small quiet">{row.last_error}</div> : null}
        </>
      ),
    },
    { key: "attempts", title: t("delivery.attempts"), align: "right", cell: (row) => row.attempts },
    {
      key: "status",
      title: t("delivery.answer"),
      align: "right",
      cell: (row) => row.status ?? <span className="quiet">–</span>,
    },
    { key: "due", title: t("delivery.next"), cell: (row) => <Instant at={row.due} /> },
    {
      key: "do",
      title: "",
      align: "right",
      cell: (row) => (
        <Button
          size="small"
          onClick={() => replay.mutate({ path: `${path}${at`/${row.id}/replay`}` })}
        >
          {t("delivery.replay")}
        </Button>
      ),
    },
  ];
  return (
    <Drawer
      open
      onClose={close}
      size={860}
      title={t("webhooks.deliveriesTo", { url: webhook.url })}
    >
      {webhook.public_key ? (
        <p className="small quiet wrap-anywhere">
          {t("webhooks.key")} <code>{webhook.public_key}</code>
        </p>
      ) : null}
      <ProblemAlert problem={replay.error} />
      <p>
        <Button
          loading={replay.isPending}
          onClick={() => replay.mutate({ path: at`/webhooks/${webhook.id}/replay` })}
        >
          {t("delivery.replayAll")}
        </Button>
      </p>
      <DataTable
        label={t("webhooks.deliveries")}
        path={path}
        columns={columns}
        rowKey={(row) => row.id}
        empty={<EmptyState title={t("delivery.none")} />}
      />
    </Drawer>
  );
}
