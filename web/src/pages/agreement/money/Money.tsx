// Money of the agreement: statements, invoices and payments, the account, the books.
import { NavLink } from "react-router";

import { useWords } from "../../../words";
import { useHere } from "../here";
import type { TabProps } from "../index";
import Account from "./Account";
import Invoices from "./Invoices";
import Ledger from "./Ledger";
import StatementPage from "./StatementPage";
import Statements from "./Statements";

const PARTS = ["statements", "invoices", "account", "ledger"] as const;

export default function MoneyTab({ rest }: TabProps) {
  const { t } = useWords();
  const { id } = useHere();
  const base = `/agreements/${encodeURIComponent(id)}/money`;
  const [part = "statements", name] = rest;
  return (
    <>
      <nav className="subtabs" aria-label={t("agreement.tab.money")}>
        {PARTS.map((one) => (
          <NavLink
            key={one}
            to={`${base}/${one}`}
            className={() => (one === (part === "" ? "statements" : part) ? "active" : "")}
          >
            {t(`agreement.money.${one}`)}
          </NavLink>
        ))}
      </nav>
      {part === "invoices" ? (
        <Invoices />
      ) : part === "account" ? (
        <Account />
      ) : part === "ledger" ? (
        <Ledger />
      ) : name ? (
        <StatementPage name={name} />
      ) : (
        <Statements />
      )}
    </>
  );
}
