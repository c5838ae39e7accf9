// A new agreement: a form or its text, two views of one value, beside the contract that it makes and
// what is wrong with it. Then it is registered, and the other party is invited.
import { Button, Radio, Segmented } from "antd";
import { useMemo, useState } from "react";

import { useWrite } from "../../http/hooks";
import type { CheckProblem, Side } from "../../http/types";
import { FileDrop } from "../../parts/FileDrop";
import { Page, Section } from "../../parts/Page";
import { ProblemAlert } from "../../parts/ProblemAlert";
import { SourceText } from "../../parts/SourceText";
import { StatusTag } from "../../parts/StatusTag";
import { useWords } from "../../words";
import "./draft.css";
import { Guided, type Terms } from "./Guided";
import { Preview } from "./Preview";
import { Problems } from "./Problems";
import { Registered } from "./Registered";
import { KINDS, sampleOf } from "./samples";
import { type Step, stepOf } from "./steps";
import { useCheck } from "./useCheck";

const VIEWS = ["form", "text"] as const;
type View = (typeof VIEWS)[number];
type Place = { line: number; column: number };

/** The value that a text of JSON says; a text of TOML says it by the server's check. */
function termsOf(text: string): Terms | null {
  if (!text.trimStart().startsWith("{")) return null;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Terms) : null;
  } catch {
    return null;
  }
}

export default function NewAgreement() {
  const { t } = useWords();
  const [text, setText] = useState("");
  const [view, setView] = useState<View>("form");
  const [side, setSide] = useState<Side>("vendor");
  const [step, setStep] = useState<Step>("parties");
  const [focus, setFocus] = useState<Place | null>(null);
  const { answer: check, waiting, error } = useCheck(text);
  const register = useWrite<{ id: string }>({ stale: ["/agreements"] });
  const own = useMemo(() => termsOf(text), [text]);
  const terms = own ?? (waiting ? null : (check?.agreement as unknown as Terms | null)) ?? null;
  const wrong = check?.problems.some((problem) => problem.severity === "error") ?? true;
  const problems = check?.problems ?? [];

  const go = ({ line, column, path }: CheckProblem) => {
    if (view === "form" && path) setStep(stepOf(path));
    else if (line) {
      setView("text");
      setFocus({ line, column: column ?? 1 });
    }
  };

  if (register.data) return <Registered id={register.data.id} side={side} />;
  return (
    <Page
      title={t("new.title")}
      lead={t("new.lead")}
      actions={
        <Segmented<View>
          aria-label={t("new.view")}
          value={view}
          onChange={setView}
          options={VIEWS.map((value) => ({ value, label: t(`new.view.${value}`) }))}
        />
      }
    >
      {text === "" && view === "form" ? (
        <Start begin={setText} />
      ) : (
        <div className="split even">
          <Section
            title={view === "form" ? t("new.form") : t("new.text")}
            actions={
              waiting ? (
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
            {view === "text" ? (
              <>
                {text === "" ? <OpenFile begin={setText} /> : null}
                <SourceText
                  label={t("new.text")}
                  value={text}
                  onChange={setText}
                  marked={new Set(problems.flatMap((one) => (one.line ? [one.line] : [])))}
                  focus={focus}
                />
              </>
            ) : terms ? (
              <Guided
                value={terms}
                onChange={(next) => setText(`${JSON.stringify(next, null, 2)}\n`)}
                problems={problems}
                step={step}
                go={setStep}
              />
            ) : (
              <p className="quiet">{waiting ? t("new.checking") : t("new.unread")}</p>
            )}
          </Section>
          <div className="beside">
            <Preview text={text} name={String(terms?.["id"] ?? "agreement")} />
            <ProblemAlert problem={error} />
            <Section title={t("new.found", { count: problems.length })} flush>
              <Problems check={check} go={go} />
            </Section>
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
                disabled={wrong || waiting}
                loading={register.isPending}
                onClick={() => register.mutate({ path: "/agreements", body: { text, side } })}
              >
                {t("new.go")}
              </Button>
            </Section>
          </div>
        </div>
      )}
    </Page>
  );
}

function OpenFile({ begin }: { begin: (text: string) => void }) {
  const { t } = useWords();
  return (
    <FileDrop
      label={t("new.drop")}
      hint="TOML, JSON"
      accept=".toml,.json,application/json,text/plain"
      onFiles={([file]) => void file?.text().then(begin)}
    />
  );
}

/** A complete agreement of one of the four kinds, or a file of one's own. */
function Start({ begin }: { begin: (text: string) => void }) {
  const { t, code } = useWords();
  return (
    <>
      <Section title={t("draft.kind")} lead={t("draft.kindLead")}>
        <div className="kinds">
          {KINDS.map((kind) => (
            <button
              key={kind}
              type="button"
              className="kind"
              onClick={() => void sampleOf(kind).then(begin)}
            >
              <strong>{code("service", kind)}</strong>
              <span className="quiet">{t(`draft.kind.${kind}`)}</span>
            </button>
          ))}
        </div>
      </Section>
      <OpenFile begin={begin} />
    </>
  );
}
