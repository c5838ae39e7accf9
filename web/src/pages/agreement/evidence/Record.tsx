// A fact or another step by form: what will be recorded is shown first, then recorded.
import { App, Button, Segmented } from "antd";
import { useMemo, useState } from "react";

import { useRead, useWrite } from "../../../http/hooks";
import { at } from "../../../http/request";
import { JsonForm } from "../../../parts/form/JsonForm";
import { check, type Schema } from "../../../parts/form/schema";
import { Loaded, Section } from "../../../parts/Page";
import { ProblemAlert } from "../../../parts/ProblemAlert";
import { useWords } from "../../../words";
import { useHere } from "../here";
import { factsOf, stepsOf } from "../model/kinds";
import { suggestions } from "../model/suggest";
import { capital } from "../own";
import type { Entry } from "../types";

type Mode = "fact" | "action";

export default function Record() {
  const { t } = useWords();
  const { may } = useHere();
  const steps = stepsOf(may).length > 0;
  const [mode, setMode] = useState<Mode>(may("record") ? "fact" : "action");
  return (
    <Section
      title={t("agreement.evidence.record")}
      lead={mode === "fact" ? t("agreement.record.lead") : t("agreement.step.lead")}
      actions={
        may("record") && steps ? (
          <Segmented<Mode>
            value={mode}
            onChange={setMode}
            aria-label={t("agreement.record.mode")}
            options={[
              { value: "fact", label: t("agreement.record.fact") },
              { value: "action", label: t("agreement.record.step") },
            ]}
          />
        ) : null
      }
    >
      <Draft key={mode} mode={mode} />
    </Section>
  );
}

function Draft({ mode }: { mode: Mode }) {
  const { head, may } = useHere();
  const schema = useRead<Schema>(`/schemas/${mode}`, undefined, { staleTime: 3_600_000 });
  return (
    <Loaded of={schema}>
      {(data) => (
        <Writing
          mode={mode}
          schema={offered(data, mode, mode === "fact" ? factsOf(head.kind) : stepsOf(may))}
        />
      )}
    </Loaded>
  );
}

/** The schema with what a person may record in an agreement of this kind. */
function offered(schema: Schema, mode: Mode, codes: readonly string[]): Schema {
  const tag = mode === "fact" ? "fact" : "do";
  const of = (one: Schema) => String(one.properties?.[tag]?.const);
  const all = schema.oneOf ?? schema.anyOf ?? [];
  const own = codes.flatMap((code) => all.filter((one) => of(one) === code));
  return { ...schema, anyOf: undefined, oneOf: own };
}

function Writing({ mode, schema }: { mode: Mode; schema: Schema }) {
  const { t } = useWords();
  const { id, terms, side } = useHere();
  const { message } = App.useApp();
  const [value, setValue] = useState<unknown>(undefined);
  const [strict, setStrict] = useState(false);
  const [would, setWould] = useState<Entry[] | null>(null);
  const path = at`/agreements/${id}`;
  const suggest = useMemo(() => (terms ? suggestions(terms) : {}), [terms]);
  const preview = useWrite<{ would: Entry[] }>({ done: (answer) => setWould(answer.would) });
  const record = useWrite<{ recorded: Entry[] }>({
    stale: [path],
    done: ({ recorded }) => {
      void message.success(t("agreement.recorded", { count: recorded.length }));
      setValue(undefined);
      setStrict(false);
      setWould(null);
    },
  });
  const change = (next: unknown) => {
    const before = value as Record<string, unknown> | undefined;
    const given = next as Record<string, unknown> | undefined;
    const fresh = given?.["fact"] !== before?.["fact"] || given?.["do"] !== before?.["do"];
    setValue(fresh && given ? withOwnSide(given, side) : next);
    setWould(null);
    preview.reset();
    record.reset();
  };
  const body = mode === "fact" ? { facts: [value] } : { action: value };
  const target = `${path}/${mode === "fact" ? "facts" : "actions"}`;
  const look = () => {
    setStrict(true);
    if (value === undefined || check(schema, schema, value).length > 0) return;
    preview.mutate({ path: target, body: { ...body, preview: true } });
  };
  const problem = preview.error ?? record.error;
  return (
    <>
      <JsonForm
        schema={schema}
        value={value}
        onChange={change}
        strict={strict}
        problems={problem?.errors ?? []}
        suggest={suggest}
        currency={terms?.currency ?? "CNY"}
      />
      {problem ? <ProblemAlert problem={problem} /> : null}
      {would ? (
        <div className="would">
          <h3>{t("agreement.would")}</h3>
          <EntryTexts entries={would} />
          <div className="actions">
            <Button
              type="primary"
              loading={record.isPending}
              onClick={() => record.mutate({ path: target, body })}
            >
              {t("agreement.record")}
            </Button>
            <Button onClick={() => setWould(null)}>{t("agreement.change")}</Button>
          </div>
        </div>
      ) : (
        <div className="actions">
          <Button
            type="primary"
            disabled={value === undefined}
            loading={preview.isPending}
            onClick={look}
          >
            {t("agreement.preview")}
          </Button>
        </div>
      )}
    </>
  );
}

/** Facts name the party that they come from: ours. */
function withOwnSide(value: Record<string, unknown>, side: string | null): Record<string, unknown> {
  return "side" in value && side !== null ? { ...value, side } : value;
}

/** Entries that do not stand yet: sentences without links. */
export function EntryTexts({ entries }: { entries: Entry[] }) {
  const { pick } = useWords();
  return (
    <ol className="entries">
      {entries.map((entry, i) => (
        <li key={i}>{capital(pick(entry.text))}</li>
      ))}
    </ol>
  );
}
