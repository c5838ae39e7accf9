// One playbook: the positions of each clause as a form, or the whole as text, two views of one file;
// what is wrong is told at its line; a set of contracts shows what a change does.
import { useQueryClient } from "@tanstack/react-query";
import { App, Button, Popconfirm, Segmented } from "antd";
import { useState } from "react";
import { Link, useNavigate, useParams } from "react-router";

import { type Paged, useRead, useWrite } from "../../http/hooks";
import { isProblem } from "../../http/problem";
import { at } from "../../http/request";
import { EmptyState, Loaded, Page, Section } from "../../parts/Page";
import { ProblemAlert } from "../../parts/ProblemAlert";
import type { Playbook, PlaybookRow } from "../../parts/review/names";
import { save } from "../../parts/save";
import { SourceText } from "../../parts/SourceText";
import { useWords } from "../../words";
import "./playbooks.css";
import { Positions } from "./Positions";
import { Trial } from "./Trial";

const VIEWS = ["form", "text"] as const;
type View = (typeof VIEWS)[number];

export default function PlaybookPage() {
  const { t } = useWords();
  const { id = "" } = useParams();
  const read = useRead<Playbook>(at`/playbooks/${id}`, undefined, { staleTime: 600_000 });
  const all = useRead<Paged<PlaybookRow>>("/playbooks");
  if (read.data && all.data) {
    const row = all.data.items.find((one) => one.id === id);
    const builtIn = all.data.items.find((one) => one.built_in)?.id ?? null;
    return <Editor key={id} of={read.data} own={row?.built_in === false} builtIn={builtIn} />;
  }
  return (
    <Page title={t("playbook.title")}>
      <Loaded of={{ data: undefined, error: read.error ?? all.error }}>{() => null}</Loaded>
    </Page>
  );
}

function Editor({ of, own, builtIn }: { of: Playbook; own: boolean; builtIn: string | null }) {
  const { t, pick } = useWords();
  const { message } = App.useApp();
  const navigate = useNavigate();
  const [view, setView] = useState<View>("form");
  const [toml, setToml] = useState(of.toml);
  const [saved, setSaved] = useState({ toml: of.toml, count: 0 });
  const [focus, setFocus] = useState<{ line: number; column: number } | null>(null);
  const { id, title, clauses } = of.playbook;
  const path = at`/playbooks/${id}`;
  const write = useWrite<Playbook>({
    stale: ["/playbooks"],
    done: () => {
      setSaved(({ count }) => ({ toml, count: count + 1 }));
      void message.success(t("playbook.saved"));
    },
  });
  const client = useQueryClient();
  const remove = useWrite({
    // The list alone: this playbook is there no more.
    done: () => {
      void client.invalidateQueries({ queryKey: ["/playbooks", {}], exact: true });
      void navigate("/playbooks", { replace: true });
    },
  });
  const errors = isProblem(write.error) ? write.error.errors : [];
  const lines = new Set(errors.flatMap(({ line }) => (line ? [line] : [])));
  return (
    <Page
      title={pick(title)}
      lead={
        <>
          <Link to="/playbooks">{t("playbook.title")}</Link> · <code>{id}</code>
        </>
      }
      actions={
        <>
          <Segmented<View>
            aria-label={t("playbook.view")}
            value={view}
            onChange={setView}
            options={VIEWS.map((value) => ({ value, label: t(`playbook.view.${value}`) }))}
          />
          <Button onClick={() => save(`${id}.toml`, toml, "application/toml")}>
            {t("playbook.export")}
          </Button>
          {own ? (
            <>
              <Popconfirm
                title={t("playbook.removeSure")}
                okText={t("playbook.remove")}
                onConfirm={() => remove.mutate({ method: "DELETE", path })}
              >
                <Button danger loading={remove.isPending}>
                  {t("playbook.remove")}
                </Button>
              </Popconfirm>
              <Button
                type="primary"
                disabled={toml === saved.toml}
                loading={write.isPending}
                onClick={() => write.mutate({ method: "PUT", path, body: toml })}
              >
                {t("playbook.save")}
              </Button>
            </>
          ) : null}
        </>
      }
    >
      {own ? null : <p className="quiet">{t("playbook.readOnly")}</p>}
      {errors.length > 0 ? (
        <Section title={t("playbook.wrong", { count: errors.length })} flush>
          <ul className="findings">
            {errors.map((error, i) => (
              <li key={i}>
                {error.line ? (
                  <button
                    type="button"
                    className="chip"
                    onClick={() => {
                      setView("text");
                      setFocus({ line: error.line ?? 1, column: error.column ?? 1 });
                    }}
                  >
                    {error.line}:{error.column ?? 1}
                  </button>
                ) : null}
                <p>{error.detail}</p>
              </li>
            ))}
          </ul>
        </Section>
      ) : (
        <ProblemAlert problem={write.error ?? remove.error} />
      )}
      {view === "text" ? (
        <Section>
          <SourceText
            label={t("playbook.view.text")}
            value={toml}
            onChange={own ? setToml : () => undefined}
            marked={lines}
            focus={focus}
          />
        </Section>
      ) : (
        <Positions of={clauses} toml={toml} onChange={own ? setToml : null} />
      )}
      <Section title={t("playbook.trial")} lead={t("playbook.trialLead")}>
        {toml === saved.toml ? null : <p className="quiet">{t("playbook.trialSave")}</p>}
        {builtIn === null ? (
          <EmptyState title={t("empty")} />
        ) : (
          <Trial id={id} reference={builtIn} saved={saved.count} />
        )}
      </Section>
    </Page>
  );
}
