// The organisation: who belongs to it, what speaks for it, what it is told, what was done.
import { NavLink, Outlet } from "react-router";

import { useMe } from "../../app/session";
import { Page } from "../../parts/Page";
import { type Key, useWords } from "../../words";

const PARTS: [string, Key][] = [
  ["/organisation", "organisation.people"],
  ["/organisation/keys", "organisation.keys"],
  ["/organisation/webhooks", "organisation.webhooks"],
  ["/organisation/audit", "organisation.audit"],
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
        {PARTS.map(([to, key]) => (
          <NavLink key={to} to={to} end>
            {t(key)}
          </NavLink>
        ))}
      </nav>
      <Outlet />
    </Page>
  );
}
