// An agreement file, checked while it is written, then registered; the other party is invited.
import { Button, Form, Input, Radio, Result } from "antd";
import { useEffect, useState } from "react";
import { useNavigate } from "react-router";

import { useRead, useWrite } from "../http/hooks";
import { at, request } from "../http/request";
import type { CheckAnswer, CheckProblem, InvitationMade, Side } from "../http/types";
import { Copy } from "../parts/Copy";
import { FileDrop } from "../parts/FileDrop";
import { Facts, Page, Section } from "../parts/Page";
import { ProblemAlert } from "../parts/ProblemAlert";
import { ClauseLink } from "../parts/ClauseLink";
import { SourceText } from "../parts/SourceText";
import { StatusTag } from "../parts/StatusTag";
import { useWords } from "../words";

/** Checks `text` half a second after the last key. */
function useCheck(text: string) {
  const { lang } = useWords();
  const [answer, setAnswer] = useState<{ of: string; check: CheckAnswer } | null>(null);
  const [error, setError] = useState<unknown>(null);
  useEffect(() => {
    if (text.trim() === "") return undefined;
    const stop = new AbortController();
    const timer = setTimeout(() => {
      request<CheckAnswer>("POST", "/agreements/check", { body: text, signal: stop.signal })
        .then((check) => {
          setAnswer({ of: text, check });
          setError(null);
        })
        .catch((reason: unknown) => {
          if (!stop.signal.aborted) setError(reason);
        });
    }, 500);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [text, lang]);
  const checking = text.trim() !== "" && answer?.of !== text && !error;
  return { check: text.trim() === "" ? null : (answer?.check ?? null), checking, error };
}

export default function NewAgreement() {
  const { t } = useWords();
  const [text, setText] = useState("");
  const [side, setSide] = useState<Side>("vendor");
  const [focus, setFocus] = useState<{ line: number; column: number } | null>(null);
  const { check, checking, error } = useCheck(text);
  const register = useWrite<{ id: string }>({ stale: ["/agreements"] });
  const wrong = check?.problems.some((problem) => problem.severity === "error") ?? true;

  if (register.data) return <Registered id={register.data.id} side={side} />;
  return (
    <Page title={t("new.title")} lead={t("new.lead")}>
      <div className="split">
        <Section
          title={t("new.text")}
          actions={
            checking ? (
              <span className="quiet small" role="status">
                {t("new.checking")}
              </span>
            ) : check ? (
              <StatusTag code={wrong ? "error" : "verified"}>
                {wrong ? t("new.wrong") : t("new.right")}
              </StatusTag>
            ) : null
          }
        >
          {text === "" ? (
            <FileDrop
              label={t("new.drop")}
              hint="TOML, JSON"
              accept=".toml,.json,application/json,text/plain"
              onFiles={([file]) => void file?.text().then(setText)}
            />
          ) : null}
          <SourceText
            label={t("new.text")}
            value={text}
            onChange={setText}
            marked={new Set(check?.problems.flatMap((p) => (p.line ? [p.line] : [])))}
            focus={focus}
          />
        </Section>
        <div>
          <ProblemAlert problem={error} />
          <Section title={t("new.found", { count: check?.problems.length ?? 0 })} flush>
            <Problems check={check} go={setFocus} />
          </Section>
          {check?.agreement ? <Summary check={check} /> : null}
          <Section title={t("new.side")}>
            <Radio.Group
              aria-label={t("new.side")}
              value={side}
              onChange={(event) => setSide(event.target.value as Side)}
              options={[
                { value: "customer", label: t("new.asCustomer") },
                { value: "vendor", label: t("new.asVendor") },
              ]}
            />
            <p className="quiet small after">{t("new.then")}</p>
            <ProblemAlert problem={register.error} />
            <Button
              type="primary"
              disabled={wrong || checking}
              loading={register.isPending}
              onClick={() => register.mutate({ path: "/agreements", body: { text, side } })}
            >
              {t("new.go")}
            </Button>
          </Section>
        </div>
      </div>
    </Page>
  );
}

function Problems({
  check,
  go,
}: {
  check: CheckAnswer | null;
  go: (place: { line: number; column: number }) => void;
}) {
  const { t } = useWords();
  if (!check) return <p className="pad quiet">{t("new.nothing")}</p>;
  if (check.problems.length === 0) return <p className="pad quiet">{t("new.none")}</p>;
  return (
    <ul className="findings">
      {check.problems.map((problem, i) => (
        <li key={i}>
          <StatusTag family="severity" code={problem.severity} />
          <div>
            <p>{problem.detail}</p>
            <Place problem={problem} go={go} />
          </div>
        </li>
      ))}
    </ul>
  );
}

function Place({
  problem: { line, column, path, clause },
  go,
}: {
  problem: CheckProblem;
  go: (place: { line: number; column: number }) => void;
}) {
  const { t } = useWords();
  return (
    <span className="chips">
      {line ? (
        <button
          type="button"
          className="chip"
          onClick={() => go({ line, column: column ?? 1 })}
          title={t("new.goTo")}
        >
          {line}:{column ?? 1}
        </button>
      ) : null}
      {path ? <code className="small quiet">{path}</code> : null}
      {clause ? <ClauseLink clause={clause} /> : null}
    </span>
  );
}

function Summary({ check }: { check: CheckAnswer }) {
  const { t, pick, code } = useWords();
  const agreement = check.agreement as {
    id?: string;
    title?: { zh: string; en: string };
    service?: { type?: string };
    customer?: { name?: unknown };
    vendor?: { name?: unknown };
    term?: { starts?: string; ends?: string };
  };
  const name = (of: unknown) =>
    typeof of === "string" ? of : pick(of as { zh: string; en: string } | undefined);
  return (
    <Section title={t("new.summary")}>
      <Facts
        items={[
          [t("agreements.agreement"), <strong key="t">{pick(agreement.title)}</strong>],
          [t("new.number"), <code key="i">{agreement.id}</code>],
          [t("new.kind"), agreement.service?.type ? code("service", agreement.service.type) : "–"],
          [code("side", "customer"), name(agreement.customer?.name) || "–"],
          [code("side", "vendor"), name(agreement.vendor?.name) || "–"],
        ]}
      />
    </Section>
  );
}

function Registered({ id, side }: { id: string; side: Side }) {
  const { t, code, pick } = useWords();
  const other: Side = side === "customer" ? "vendor" : "customer";
  const agreement = useRead<{ title: { zh: string; en: string } }>(at`/agreements/${id}`);
  const navigate = useNavigate();
  const invite = useWrite<InvitationMade>({ stale: ["/invitations"] });
  return (
    <Page title={t("new.done")} narrow>
      <Section>
        <Result
          status="success"
          className="done"
          title={pick(agreement.data?.title) || id}
          subTitle={t("new.doneLead")}
          extra={
            <Button onClick={() => void navigate(at`/agreements/${id}`)}>{t("new.open")}</Button>
          }
        />
      </Section>
      <Section title={t("new.invite", { side: code("side", other) })} lead={t("new.inviteLead")}>
        {invite.data ? (
          <>
            <p>{t("people.linkOnce")}</p>
            <pre className="source">{invite.data.link}</pre>
            <Copy text={invite.data.link} />
          </>
        ) : (
          <Form<{ email: string }>
            layout="vertical"
            requiredMark={false}
            onFinish={({ email }) =>
              invite.mutate({
                path: "/invitations",
                body: { email, roles: [], agreement: id, side: other },
              })
            }
          >
            <ProblemAlert problem={invite.error} />
            <Form.Item
              name="email"
              label={t("field.email")}
              rules={[{ required: true, type: "email", message: t("field.emailWrong") }]}
            >
              <Input type="email" autoComplete="off" />
            </Form.Item>
            <Button type="primary" htmlType="submit" loading={invite.isPending}>
              {t("people.invite")}
            </Button>
          </Form>
        )}
      </Section>
    </Page>
  );
}
