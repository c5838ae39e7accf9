// Finding an agreement from anywhere, by keyboard.
import { Input, Modal } from "antd";
import { useDeferredValue, useState } from "react";
import { useNavigate } from "react-router";

import { type Paged, useRead } from "../http/hooks";
import { at } from "../http/request";
import type { AgreementRow } from "../http/types";
import { ProblemAlert } from "../parts/ProblemAlert";
import { StatusTag } from "../parts/StatusTag";
import { useWords } from "../words";

export function Search({ open, close }: { open: boolean; close: () => void }) {
  const { t } = useWords();
  return (
    <Modal
      open={open}
      onCancel={close}
      footer={null}
      closable={false}
      title={t("search.title")}
      width={600}
      destroyOnHidden
    >
      {open ? <SearchBody close={close} /> : null}
    </Modal>
  );
}

function SearchBody({ close }: { close: () => void }) {
  const { t, pick } = useWords();
  const navigate = useNavigate();
  const [text, setText] = useState("");
  const [chosen, setChosen] = useState(0);
  const q = useDeferredValue(text.trim());
  const found = useRead<Paged<AgreementRow>>("/agreements", { q, limit: 10 }, { keep: true });
  const rows = found.data?.items ?? [];
  const marked = Math.min(chosen, Math.max(0, rows.length - 1));

  const go = (row: AgreementRow | undefined) => {
    if (!row) return;
    close();
    void navigate(at`/agreements/${row.id}`);
  };

  return (
    <div className="search">
      <Input
        autoFocus
        size="large"
        role="combobox"
        aria-expanded={rows.length > 0}
        aria-controls="search-found"
        aria-activedescendant={rows[marked] ? `found-${marked}` : undefined}
        aria-label={t("search.title")}
        placeholder={t("search.hint")}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setChosen(0);
        }}
        onKeyDown={(event) => {
          if (event.key === "ArrowDown") setChosen(Math.min(marked + 1, rows.length - 1));
          else if (event.key === "ArrowUp") setChosen(Math.max(marked - 1, 0));
          else if (event.key === "Enter") go(rows[marked]);
          else return;
          event.preventDefault();
        }}
      />
      <ProblemAlert problem={found.error} />
      <ul id="search-found" role="listbox" aria-label={t("search.found")}>
        {rows.map((row, i) => (
          <li
            key={row.id}
            id={`found-${i}`}
            role="option"
            aria-selected={i === marked}
            onClick={() => go(row)}
            onMouseMove={() => setChosen(i)}
          >
            <span>
              <strong>{pick(row.title)}</strong> <code>{row.id}</code>
              <span className="quiet small">
                {row.customer} · {row.vendor}
              </span>
            </span>
            <StatusTag family="phase" code={row.phase} />
          </li>
        ))}
      </ul>
      {found.data && rows.length === 0 ? <p className="quiet">{t("search.none")}</p> : null}
    </div>
  );
}
