// The playbook that our positions are held against, and the one that we sign by.
import { App, Button, Select } from "antd";

import { type Paged, useRead, useWrite } from "../../../http/hooks";
import { at } from "../../../http/request";
import { ProblemAlert } from "../../../parts/ProblemAlert";
import type { PlaybookRow } from "../../../parts/review/names";
import { StatusTag } from "../../../parts/StatusTag";
import { useWords } from "../../../words";
import { useHere } from "../here";
import type { Negotiation } from "./api";

export function SignsBy({ of, choose }: { of: Negotiation; choose: (id: string) => void }) {
  const { t, pick } = useWords();
  const { id, may } = useHere();
  const { message } = App.useApp();
  const playbooks = useRead<Paged<PlaybookRow>>("/playbooks");
  const path = at`/agreements/${id}`;
  const write = useWrite({
    stale: [path],
    done: () => void message.success(t("version.signsByDone")),
  });
  const rows = playbooks.data?.items ?? [];
  const options = rows.map((row) => ({ value: row.id, label: pick(row.title) }));
  // Chosen once, and gone from the list since: it still holds.
  if (!rows.some((row) => row.id === of.playbook)) {
    options.push({ value: of.playbook, label: of.playbook });
  }
  return (
    <div className="signs-by">
      <Select
        aria-label={t("playbook.choose")}
        className="playbook-choice"
        popupMatchSelectWidth={false}
        value={of.playbook}
        onChange={choose}
        options={options}
      />
      {of.playbook === of.signs_by ? (
        <StatusTag code="verified">
          {t(of.signs_by_edited ? "version.signsByEarlier" : "version.signsBy")}
        </StatusTag>
      ) : null}
      {(of.playbook !== of.signs_by || of.signs_by_edited) && may("approveFinding") ? (
        <Button
          loading={write.isPending}
          onClick={() =>
            write.mutate({
              path: `${path}/negotiation/playbook`,
              body: { playbook: of.playbook },
            })
          }
        >
          {t("version.signBy")}
        </Button>
      ) : null}
      <ProblemAlert problem={write.error} />
    </div>
  );
}
