// Where the person is signed in, and signing out elsewhere.
import { Button } from "antd";

import { useWrite } from "../../http/hooks";
import { at } from "../../http/request";
import type { SessionRow } from "../../http/types";
import { DataTable } from "../../parts/DataTable";
import { Instant } from "../../parts/figures";
import { Section } from "../../parts/Page";
import { ProblemAlert } from "../../parts/ProblemAlert";
import { StatusTag } from "../../parts/StatusTag";
import { useWords } from "../../words";

export function Sessions() {
  const { t } = useWords();
  const end = useWrite({ stale: ["/sessions"] });
  return (
    <Section title={t("me.sessions")} flush>
      <ProblemAlert problem={end.error} />
      <DataTable<SessionRow>
        label={t("me.sessions")}
        path="/sessions"
        rowKey={(row) => row.id}
        columns={[
          {
            key: "agent",
            title: t("me.device"),
            card: "lead",
            cell: (row) => (
              <>
                {deviceOf(row.agent) ?? t("me.unknownDevice")}{" "}
                {row.current ? <StatusTag code="met">{t("me.here")}</StatusTag> : null}
                <div className="small quiet">
                  <code>{row.address}</code>
                </div>
              </>
            ),
          },
          { key: "since", title: t("me.since"), cell: (row) => <Instant at={row.created} /> },
          { key: "seen", title: t("people.seen"), cell: (row) => <Instant at={row.last_seen} /> },
          {
            key: "do",
            title: "",
            align: "right",
            cell: (row) =>
              row.current ? null : (
                <Button
                  size="small"
                  onClick={() => end.mutate({ method: "DELETE", path: at`/sessions/${row.id}` })}
                >
                  {t("nav.out")}
                </Button>
              ),
          },
        ]}
      />
    </Section>
  );
}

/** "Firefox · Windows": what a person recognises of a browser's long name. */
function deviceOf(agent: string | null): string | null {
  if (!agent) return null;
  const browser = /(Edg|Firefox|Chrome|Safari|curl)/.exec(agent)?.[1];
  const system = /(Windows|Android|iPhone|iPad|Mac OS X|Linux)/.exec(agent)?.[1];
  const named = [browser === "Edg" ? "Edge" : browser, system].filter(Boolean).join(" · ");
  return named || agent.slice(0, 60);
}
