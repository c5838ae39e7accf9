// Findings that must not be signed as they stand, unless a named person says why.
import { App, Button, Form, Input } from "antd";
import { useState } from "react";

import { useWrite } from "../../../http/hooks";
import { at } from "../../../http/request";
import { Instant } from "../../../parts/figures";
import { ProblemAlert } from "../../../parts/ProblemAlert";
import { TONE } from "../../../parts/review/findings";
import { StatusTag } from "../../../parts/StatusTag";
import { useWords } from "../../../words";
import { useHere } from "../here";
import type { RedFinding } from "./api";

export function Red({ of }: { of: RedFinding[] }) {
  const { t, code, pick, known } = useWords();
  return (
    <ol className="red-findings">
      {of.map((one) => (
        <li key={one.finding} className={one.approval ? "approved" : undefined}>
          <header>
            <StatusTag code={one.status} tone={TONE[one.status] ?? "bad"}>
              {code("review_status", one.status)}
            </StatusTag>
            <h3>
              <code>{one.clause}</code> {known("clause", one.clause)}
            </h3>
          </header>
          {one.quote ? (
            <blockquote className="quoted">{one.quote}</blockquote>
          ) : (
            <p className="quiet">{t("review.nothing")}</p>
          )}
          <p>{pick(one.reason)}</p>
          {pick(one.advice) ? (
            <p>
              <strong>{t("review.advice")}</strong> {pick(one.advice)}
            </p>
          ) : null}
          <Approval of={one} />
        </li>
      ))}
    </ol>
  );
}

/** Who approved it and why, or the way to approve it. */
export function Approval({ of }: { of: RedFinding }) {
  const { t } = useWords();
  const { id, may } = useHere();
  const { message } = App.useApp();
  const [asked, setAsked] = useState(false);
  const path = at`/agreements/${id}`;
  const write = useWrite({
    stale: [path],
    done: () => {
      void message.success(t("version.approved"));
      setAsked(false);
    },
  });
  if (of.approval) {
    return (
      <p className="approval">
        <StatusTag code="approved">{t("version.approvedBy", { name: of.approval.by })}</StatusTag>{" "}
        <Instant at={of.approval.at} /> {of.approval.reason}
      </p>
    );
  }
  if (!may("approveFinding")) return <p className="quiet">{t("version.notApproved")}</p>;
  if (!asked) {
    return (
      <Button size="small" onClick={() => setAsked(true)}>
        {t("version.approve")}
      </Button>
    );
  }
  return (
    <Form<{ reason: string }>
      layout="vertical"
      requiredMark={false}
      onFinish={({ reason }) =>
        write.mutate({
          path: `${path}/approvals`,
          body: { version: of.version, finding: of.finding, reason: reason.trim() },
        })
      }
    >
      <ProblemAlert problem={write.error} />
      <Form.Item
        name="reason"
        label={t("version.reason")}
        extra={t("version.reasonLead")}
        rules={[{ required: true, whitespace: true, message: t("agreement.needed") }]}
      >
        <Input.TextArea rows={2} maxLength={2000} autoFocus />
      </Form.Item>
      <div className="actions">
        <Button type="primary" htmlType="submit" loading={write.isPending}>
          {t("version.approve")}
        </Button>
        <Button onClick={() => setAsked(false)}>{t("agreement.cancel")}</Button>
        <span className="quiet small">{t("agreement.confirm.note")}</span>
      </div>
    </Form>
  );
}
