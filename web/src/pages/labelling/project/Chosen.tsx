// What is done with many items at once: given to a person, reopened, put first, made gold.
import { Button, InputNumber, Select } from "antd";
import { useState } from "react";
import { useQueryClient } from "@tanstack/react-query";

import type { GoldView } from "../../../api/types.gen";
import { refresh } from "../../../http/hooks";
import { request } from "../../../http/request";
import { useWords } from "../../../words";
import { useHere } from "../../agreement/here";
import { itemPath, projectPath, type ProjectView } from "../api";
import { onEach, type Outcome } from "./deeds";
import { useHands } from "./people";

/** So many items are made gold by one request. */
const MOST_GOLD = 100;

export function Chosen({
  project,
  items,
  leave,
  done,
}: {
  project: ProjectView;
  items: number[];
  /** Keeps these chosen and no others. */
  leave: (items: number[]) => void;
  done: () => void;
}) {
  const { t } = useWords();
  const { id } = useHere();
  const client = useQueryClient();
  const hands = useHands(project, true);
  const [person, setPerson] = useState<string | null>(null);
  const [priority, setPriority] = useState<number | null>(1);
  const [busy, setBusy] = useState(false);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const path = projectPath(id, project.id);

  const run = async (act: () => Promise<Outcome>) => {
    setBusy(true);
    setOutcome(null);
    try {
      const found = await act();
      setOutcome(found);
      if (found.refused.length > 0) leave(found.refused.map(({ item }) => item));
      await refresh(client, path);
      done();
    } finally {
      setBusy(false);
    }
  };
  const post = (deed: string, body?: unknown) =>
    run(() =>
      onEach(items, (seq) => request("POST", `${itemPath(id, project.id, seq)}/${deed}`, { body })),
    );
  const gold = (from: "main" | "none") =>
    run(async () => {
      const all: Outcome = { done: [], refused: [] };
      for (let at = 0; at < items.length; at += MOST_GOLD) {
        const some = items.slice(at, at + MOST_GOLD);
        const { refused } = await request<GoldView>("POST", `${path}/gold`, {
          body: { items: some, from },
        });
        all.done.push(...some.filter((one) => !refused.includes(one)));
        all.refused.push(...refused.map((item) => ({ item, why: t("labelling.gold.refused") })));
      }
      return all;
    });

  return (
    <div className="chosen-bar" role="group" aria-label={t("labelling.chosen")}>
      <strong>{t("labelling.chosenCount", { count: items.length })}</strong>
      <span className="chosen-deed">
        <Select<string>
          aria-label={t("labelling.assign.to")}
          placeholder={t("labelling.assign.to")}
          className="person-choice"
          value={person}
          onChange={setPerson}
          showSearch={{ optionFilterProp: "label" }}
          options={hands.map((one) => ({ value: one.id, label: one.name }))}
        />
        <Button disabled={!person || busy} onClick={() => void post("assign", { person })}>
          {t("labelling.assign")}
        </Button>
      </span>
      <span className="chosen-deed">
        <InputNumber
          aria-label={t("labelling.priority")}
          min={0}
          max={255}
          precision={0}
          value={priority}
          onChange={setPriority}
          className="priority-choice"
        />
        <Button
          disabled={priority === null || busy}
          onClick={() => void post("priority", { priority })}
        >
          {t("labelling.priority.set")}
        </Button>
      </span>
      <Button disabled={busy} onClick={() => void post("reopen")}>
        {t("labelling.reopen")}
      </Button>
      <Button disabled={busy} onClick={() => void gold("main")}>
        {t("labelling.gold.make")}
      </Button>
      <Button disabled={busy} onClick={() => void gold("none")}>
        {t("labelling.gold.unmake")}
      </Button>
      <Button type="text" disabled={busy} onClick={() => leave([])}>
        {t("labelling.chooseNone")}
      </Button>
      {outcome ? <Told outcome={outcome} /> : null}
    </div>
  );
}

/** So many refusals are listed; all are counted. */
const LISTED = 20;

function Told({ outcome }: { outcome: Outcome }) {
  const { t } = useWords();
  return (
    <div className="chosen-told" role="status">
      <p>
        {t("labelling.chosen.done", {
          done: outcome.done.length,
          refused: outcome.refused.length,
        })}
      </p>
      {outcome.refused.length > 0 ? (
        <ul>
          {outcome.refused.slice(0, LISTED).map(({ item, why }) => (
            <li key={item}>
              <span className="figure">{item}</span>: {why}
            </li>
          ))}
        </ul>
      ) : null}
    </div>
  );
}
