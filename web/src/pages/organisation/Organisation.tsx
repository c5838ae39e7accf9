// The organisation: who belongs to it, what speaks for it, what it is told, what was done.
import { NavLink, Outlet } from "react-router";

import { useMe } from "../../app/session";
import type { Role } from "../../http/types";
import { Page } from "../../parts/Page";
import { type Key, useWords } from "../../words";

/** Who sees which part; the server decides, this only spares a refusal. */
const PARTS: [string, Key, Role[]][] = [
  [
    "/organisation",
    "organisation.people",
    ["owner", "signatory", "negotiator", "finance", "operator", "auditor"],
  ],
  ["/organisation/keys", "organisation.keys", ["owner"]],
  ["/organisation/webhooks", "organisation.webhooks", ["owner", "operator"]],
  ["/organisation/audit", "organisation.audit", ["owner", "auditor"]],
];

export default function Organisation() {
  const { t, code } = useWords();
  const me = useMe();
  return (
    <Page
      title={me.organisation?.name ?? t("nav.organisation")}
      lead={
        me.roles.length > 0
          ? t("organisation.mine", {
              roles: me.roles.map((role) => code("role", role)).join(" · "),
            })
          : undefined
      }
    >
      <nav className="tabs" aria-label={t("nav.organisation")}>
        {PARTS.filter(([, , roles]) => roles.some((role) => me.roles.includes(role))).map(
          ([to, key]) => (
            <NavLink key={to} to={to} end>
              {t(key)}
            </NavLink>
          ),
        )}
      </nav>
      <Outlet />
    </Page>
  );
}
