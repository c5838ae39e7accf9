// Evidence of the agreement: the journal, checkpoints of it, and the ways in which facts get into
// it: by form, by file, by delivery.
import { NavLink } from "react-router";

import { EmptyState } from "../../../parts/Page";
import { useWords } from "../../../words";
import { useHere } from "../here";
import type { TabProps } from "../index";
import Checkpoints from "./Checkpoints";
import Deliveries from "./Deliveries";
import Import from "./Import";
import Journal from "./Journal";
import Record from "./Record";

export default function Evidence({ live, rest }: TabProps) {
  const { t } = useWords();
  const { id, head, may } = useHere();
  const base = `/agreements/${encodeURIComponent(id)}/evidence`;
  const parts = [
    ...(may("readJournal") ? (["journal", "checkpoints"] as const) : []),
    ...((["record", "claim", "dispute", "notify"] as const).some(may) ? (["record"] as const) : []),
    ...(may("import") ? (["import"] as const) : []),
    ...(head.kind === "annotation" && may("readDeliveries") ? (["deliveries"] as const) : []),
  ] as const;
  const [part = ""] = rest;
  const shown = part === "" ? (parts[0] ?? "journal") : part;
  const open = (parts as readonly string[]).includes(shown);
  return (
    <>
      <nav className="subtabs" aria-label={t("agreement.tab.evidence")}>
        {parts.map((one) => (
          <NavLink
            key={one}
            to={`${base}/${one}`}
            className={() => (one === shown ? "active" : "")}
          >
            {t(`agreement.evidence.${one}`)}
          </NavLink>
        ))}
      </nav>
      {!open ? (
        <EmptyState title={t("agreement.not_offered")} />
      ) : shown === "checkpoints" ? (
        <Checkpoints />
      ) : shown === "record" ? (
        <Record />
      ) : shown === "import" ? (
        <Import />
      ) : shown === "deliveries" ? (
        <Deliveries />
      ) : (
        <Journal live={live} />
      )}
    </>
  );
}
