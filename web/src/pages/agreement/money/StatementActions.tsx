// What may be done with a statement: submit it, approve it, object to lines of it, invoice it.
import { App, Button, Form, Select } from "antd";
import { useNavigate } from "react-router";

import { useWrite } from "../../../http/hooks";
import { at } from "../../../http/request";
import { ProblemAlert } from "../../../parts/ProblemAlert";
import { useWords } from "../../../words";
import { useHere } from "../here";

export function StatementActions({
  name,
  state,
  chosen,
  objecting,
  setObjecting,
}: {
  name: string;
  state: string;
  chosen: number[];
  objecting: boolean;
  setObjecting: (on: boolean) => void;
}) {
  const { t } = useWords();
  const { id, may } = useHere();
  const { message } = App.useApp();
  const navigate = useNavigate();
  const path = at`/agreements/${id}`;
  const one = at`/agreements/${id}/statements/${name}`;
  const write = useWrite({
    stale: [path],
    done: () => {
      void message.success(t("agreement.done"));
      setObjecting(false);
    },
  });
  const invoice = useWrite({
    stale: [path],
    done: () => {
      void message.success(t("agreement.done"));
      void navigate(`/agreements/${encodeURIComponent(id)}/money/invoices`);
    },
  });
  const offered = [
    state === "preview" && may("submit") ? (
      <Button
        key="submit"
        type="primary"
        loading={write.isPending}
        onClick={() => write.mutate({ path: `${path}/statements`, body: { period: name } })}
      >
        {t("agreement.submit")}
      </Button>
    ) : null,
    state === "submitted" && may("approve") && !objecting ? (
      <Button
        key="approve"
        type="primary"
        loading={write.isPending}
        onClick={() => write.mutate({ path: `${one}/approval` })}
      >
        {t("agreement.approve")}
      </Button>
    ) : null,
    state === "submitted" && may("object") && !objecting ? (
      <Button key="object" onClick={() => setObjecting(true)}>
        {t("agreement.object")}
      </Button>
    ) : null,
    (state === "approved" || state === "objected") && may("invoice") ? (
      <Button
        key="invoice"
        type="primary"
        loading={invoice.isPending}
        onClick={() => invoice.mutate({ path: `${one}/invoice` })}
      >
        {t("agreement.issue")}
      </Button>
    ) : null,
  ].filter((button) => button !== null);
  const problem = write.error ?? invoice.error;
  return (
    <>
      {offered.length > 0 ? <div className="actions">{offered}</div> : null}
      {problem ? <ProblemAlert problem={problem} /> : null}
      {objecting ? (
        <Objection
          chosen={chosen}
          busy={write.isPending}
          cancel={() => setObjecting(false)}
          send={(reason) =>
            write.mutate({ path: `${one}/objection`, body: { lines: chosen, reason } })
          }
        />
      ) : null}
    </>
  );
}

const REASONS = ["quantity", "price", "quality", "duplicate", "other"] as const;

function Objection({
  chosen,
  busy,
  cancel,
  send,
}: {
  chosen: number[];
  busy: boolean;
  cancel: () => void;
  send: (reason: string) => void;
}) {
  const { t } = useWords();
  return (
    <Form
      layout="vertical"
      name="objection-form"
      className="objection"
      initialValues={{ reason: "quantity" }}
      onFinish={({ reason }: { reason: string }) => send(reason)}
    >
      <p>
        {chosen.length === 0
          ? t("agreement.object.choose")
          : t("agreement.object.chosen", { lines: chosen.map((index) => index + 1).join(", ") })}
      </p>
      <Form.Item name="reason" label={t("agreement.reason")}>
        <Select
          options={REASONS.map((value) => ({
            value,
            label: t(`agreement.object.reason.${value}`),
          }))}
        />
      </Form.Item>
      <div className="actions">
        <Button
          type="primary"
          danger
          htmlType="submit"
          disabled={chosen.length === 0}
          loading={busy}
        >
          {t("agreement.object.send")}
        </Button>
        <Button onClick={cancel}>{t("agreement.cancel")}</Button>
      </div>
    </Form>
  );
}
