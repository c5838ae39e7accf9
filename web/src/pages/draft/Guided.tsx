// The guided form over an agreement: one step after another, each a part of the published schema.
import { Button } from "antd";
import { useEffect, useMemo, useRef } from "react";

import { useRead } from "../../http/hooks";
import type { FieldProblem } from "../../http/problem";
import type { CheckProblem } from "../../http/types";
import { JsonForm } from "../../parts/form/JsonForm";
import type { Schema } from "../../parts/form/schema";
import { Loaded } from "../../parts/Page";
import { useWords } from "../../words";
import { pointerOf, schemaOf, type Step, STEPS, stepOf } from "./steps";

export type Terms = Record<string, unknown>;

export function Guided({
  value,
  onChange,
  problems,
  step,
  go,
}: {
  value: Terms;
  onChange: (value: Terms) => void;
  problems: CheckProblem[];
  step: Step;
  go: (step: Step) => void;
}) {
  const { t } = useWords();
  const schema = useRead<Schema>("/schemas/agreement", undefined, { staleTime: 3_600_000 });
  const wrong = problems.filter((problem) => problem.severity === "error");
  const at = STEPS.indexOf(step);
  const before = STEPS[at - 1];
  const next = STEPS[at + 1];
  // Another step begins at its top, also for who pressed the button below the last one.
  const top = useRef<HTMLOListElement>(null);
  const shown = useRef(step);
  useEffect(() => {
    if (shown.current === step) return;
    shown.current = step;
    if ((top.current?.getBoundingClientRect().top ?? 0) < 56) top.current?.scrollIntoView();
  }, [step]);
  return (
    <>
      <ol className="draft-steps" ref={top} aria-label={t("draft.steps")}>
        {STEPS.map((one, i) => {
          const count = wrong.filter(({ path }) => path && stepOf(path) === one).length;
          return (
            <li key={one}>
              <button
                type="button"
                className={count > 0 ? "wrong" : undefined}
                aria-current={one === step ? "step" : undefined}
                onClick={() => go(one)}
              >
                <span className="step-number">{count > 0 ? "!" : i + 1}</span>
                {t(`draft.step.${one}`)}
                {count > 0 ? (
                  <span className="unseen">{t("draft.stepWrong", { count })}</span>
                ) : null}
              </button>
            </li>
          );
        })}
      </ol>
      <Loaded of={schema} rows={8}>
        {(root) => (
          <StepForm
            key={step}
            root={root}
            step={step}
            value={value}
            onChange={onChange}
            problems={problems}
          />
        )}
      </Loaded>
      <div className="actions between after">
        <Button disabled={!before} onClick={() => before && go(before)}>
          {t("draft.before")}
        </Button>
        <Button type="primary" disabled={!next} onClick={() => next && go(next)}>
          {t("draft.next")}
        </Button>
      </div>
    </>
  );
}

function StepForm({
  root,
  step,
  value,
  onChange,
  problems,
}: {
  root: Schema;
  step: Step;
  value: Terms;
  onChange: (value: Terms) => void;
  problems: CheckProblem[];
}) {
  const { t } = useWords();
  const service = value["service"] as { type?: unknown } | undefined;
  const kind = typeof service?.type === "string" ? service.type : "";
  const schema = useMemo(() => schemaOf(root, kind, step), [root, kind, step]);
  const marked = useMemo(
    () =>
      problems.flatMap(({ path, detail, severity }): FieldProblem[] =>
        path && severity === "error" ? [{ pointer: pointerOf(path), code: "wrong", detail }] : [],
      ),
    [problems],
  );
  if (!schema) return <p className="quiet">{t("draft.noStep")}</p>;
  const currency = value["currency"];
  return (
    <JsonForm
      schema={schema}
      value={value}
      onChange={(next) => onChange(next as Terms)}
      problems={marked}
      family="term_field"
      {...(typeof currency === "string" ? { currency } : {})}
    />
  );
}
