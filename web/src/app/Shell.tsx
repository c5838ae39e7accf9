// The frame around the pages: skip link, header, navigation, the page. One for those who are signed
// in, a bare one for those who are not.
import { Button, Drawer, Dropdown, type MenuProps, Select } from "antd";
import { useEffect, useRef, useState } from "react";
import {
  Link,
  Navigate,
  NavLink,
  Outlet,
  ScrollRestoration,
  useLocation,
  useNavigate,
} from "react-router";

import { type Paged, useRead, useWrite } from "../http/hooks";
import type { Me, Notice } from "../http/types";
import { Loading } from "../parts/Page";
import { ProblemAlert } from "../parts/ProblemAlert";
import { type Key, useWords } from "../words";
import { BellIcon, MarkIcon, MenuIcon, MoonIcon, PersonIcon, SearchIcon, SunIcon } from "./icons";
import { useLook } from "./look";
import { Search } from "./Search";
import { useSession } from "./session";

/** Pages for everyone. */
export function Public() {
  const { t } = useWords();
  const { pathname } = useLocation();
  const { session } = useSession();
  return (
    <>
      <SkipLink />
      <header className="top">
        <Link to="/" className="brand">
          <MarkIcon /> Tallystick <span lang="zh">符契</span>
        </Link>
        <span className="spring" />
        <LangSwitch />
        <ThemeSwitch />
        {session.state === "out" && pathname !== "/signin" ? (
          <Link to="/signin" className="top-link">
            {t("signin.go")}
          </Link>
        ) : null}
      </header>
      <Content />
    </>
  );
}

/** Pages for those who are signed in; the others are sent to sign in and come back. */
export function NeedsPerson() {
  const { session } = useSession();
  const location = useLocation();
  if (session.state === "loading") return <Loading rows={6} />;
  if (session.state === "failed") {
    return (
      <main className="content" id="content">
        <div className="page narrow">
          <ProblemAlert problem={session.problem} />
        </div>
      </main>
    );
  }
  if (session.state === "out") {
    const place = location.pathname + location.search + location.hash;
    const to = place === "/" ? "/signin" : `/signin?to=${encodeURIComponent(place)}`;
    return <Navigate to={to} replace />;
  }
  return <Frame me={session.me} />;
}

/** Pages for everyone that keep the frame of those who are signed in. */
export function Open() {
  const { session } = useSession();
  if (session.state === "loading") return <Loading rows={6} />;
  return session.state === "in" ? <Frame me={session.me} /> : <Public />;
}

const PLACES: { to: string; key: Key; shown: (me: Me) => boolean }[] = [
  { to: "/", key: "nav.agreements", shown: () => true },
  { to: "/notices", key: "nav.notices", shown: () => true },
  { to: "/organisation", key: "nav.organisation", shown: (me) => me.organisation !== null },
  { to: "/review", key: "nav.review", shown: () => true },
  { to: "/verify", key: "nav.verify", shown: () => true },
  { to: "/platform", key: "nav.platform", shown: (me) => me.platform_administrator },
];

function Frame({ me }: { me: Me }) {
  const { t } = useWords();
  const [open, setOpen] = useState(false);
  const [searching, setSearching] = useState(false);
  const { pathname } = useLocation();

  useEffect(() => setOpen(false), [pathname]);
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
        event.preventDefault();
        setSearching(true);
      }
    };
    window.addEventListener("keydown", pressed);
    return () => window.removeEventListener("keydown", pressed);
  }, []);

  const places = PLACES.filter((place) => place.shown(me)).map((place) => (
    <NavLink key={place.to} to={place.to} end={place.to === "/"}>
      {t(place.key)}
    </NavLink>
  ));

  const shortcut = `${/mac/i.test(navigator.userAgent) ? "⌘" : "Ctrl"} K`;
  return (
    <>
      <SkipLink />
      <header className="top">
        <button
          type="button"
          className="icon-button only-phone"
          aria-label={t("nav.open")}
          aria-expanded={open}
          onClick={() => setOpen(true)}
        >
          <MenuIcon />
        </button>
        <Link to="/" className="brand" aria-label={`Tallystick, ${t("nav.home")}`}>
          <MarkIcon /> <span className="brand-words">Tallystick</span>
        </Link>
        <OrganisationSwitch me={me} />
        <nav className="places only-wide" aria-label={t("nav.label")}>
          {places}
        </nav>
        <span className="spring" />
        <button
          type="button"
          className="search-button"
          aria-keyshortcuts="Control+K Meta+K"
          onClick={() => setSearching(true)}
        >
          <SearchIcon />
          <span className="heard-when-narrow">{t("search.button")}</span>{" "}
          <kbd className="only-wide">{shortcut}</kbd>
        </button>
        <Bell />
        <LangSwitch />
        <span className="only-wide">
          <ThemeSwitch />
        </span>
        <PersonMenu me={me} />
      </header>
      <Drawer
        open={open}
        onClose={() => setOpen(false)}
        placement="left"
        size={280}
        title={me.organisation?.name ?? "Tallystick"}
      >
        <nav className="places-phone" aria-label={t("nav.label")}>
          {places}
        </nav>
        <ThemeSwitch />
      </Drawer>
      <Search open={searching} close={() => setSearching(false)} />
      <Content />
    </>
  );
}

/** The page itself. Whoever reads by ear or by keyboard is taken to it when another one opens. */
function Content() {
  const place = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  const page = pathname.split("/").slice(0, 3).join("/");
  const shown = useRef(page);
  useEffect(() => {
    if (shown.current !== page) place.current?.focus({ preventScroll: true });
    shown.current = page;
  }, [page]);
  return (
    <main className="content" id="content" tabIndex={-1} ref={place}>
      <Outlet />
      <ScrollRestoration />
    </main>
  );
}

function SkipLink() {
  const { t } = useWords();
  return (
    <a className="skip" href="#content">
      {t("nav.skip")}
    </a>
  );
}

function OrganisationSwitch({ me }: { me: Me }) {
  const { t } = useWords();
  const { enter } = useSession();
  const navigate = useNavigate();
  const write = useWrite<Me>({
    stale: ["/agreements", "/notices", "/people", "/keys", "/webhooks", "/invitations", "/audit"],
    done: (next) => {
      enter(next);
      void navigate("/");
    },
  });
  if (!me.organisation) return null;
  if (me.organisations.length < 2)
    return <span className="organisation">{me.organisation.name}</span>;
  return (
    <Select
      className="organisation-select"
      variant="borderless"
      aria-label={t("nav.switch")}
      value={me.organisation.id}
      loading={write.isPending}
      popupMatchSelectWidth={false}
      options={me.organisations.map(({ id, name }) => ({ value: id, label: name }))}
      onChange={(id) => write.mutate({ path: "/session/organisation", body: { id } })}
    />
  );
}

function Bell() {
  const { t } = useWords();
  const notices = useRead<Paged<Notice>>("/notices", { limit: 100 }, { refetchInterval: 60_000 });
  const unread = notices.data?.items.filter((notice) => !notice.read).length ?? 0;
  return (
    <Link
      to="/notices"
      className="icon-button bell"
      aria-label={unread > 0 ? t("notices.unread", { count: unread }) : t("nav.notices")}
    >
      <BellIcon />
      {unread > 0 ? (
        <span className="bell-count" aria-hidden="true">
          {unread > 99 ? "99+" : unread}
        </span>
      ) : null}
    </Link>
  );
}

/** Says the other language in that language. */
function LangSwitch() {
  const { lang, setLang } = useLook();
  const keep = useKeep();
  const other = lang === "zh" ? "en" : "zh";
  return (
    <button
      type="button"
      className="icon-button lang"
      lang={other}
      onClick={() => {
        void setLang(other);
        keep({ lang: other });
      }}
    >
      {other === "zh" ? "中文" : "EN"}
    </button>
  );
}

function ThemeSwitch() {
  const { t } = useWords();
  const { mode, setChoice } = useLook();
  const keep = useKeep();
  const other = mode === "dark" ? "light" : "dark";
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={other === "dark" ? t("theme.toDark") : t("theme.toLight")}
      title={other === "dark" ? t("theme.toDark") : t("theme.toLight")}
      onClick={() => {
        setChoice(other);
        keep({ theme: other });
      }}
    >
      {mode === "dark" ? <SunIcon /> : <MoonIcon />}
    </button>
  );
}

/** Keeps a choice with the person, where one is signed in. */
function useKeep(): (choice: { lang?: string; theme?: string }) => void {
  const { session, again } = useSession();
  const write = useWrite({ done: () => void again() });
  return (choice) => {
    if (session.state === "in") write.mutate({ path: "/me", body: choice });
  };
}

function PersonMenu({ me }: { me: Me }) {
  const { t } = useWords();
  const { leave } = useSession();
  const navigate = useNavigate();
  const items: MenuProps["items"] = [
    {
      key: "who",
      type: "group",
      label: (
        <span className="who">
          <strong>{me.person.name}</strong>
          <span>{me.person.email}</span>
        </span>
      ),
    },
    { key: "me", label: t("nav.me") },
    { type: "divider" },
    { key: "out", label: t("nav.out") },
  ];
  return (
    <Dropdown
      trigger={["click"]}
      menu={{
        items,
        onClick: ({ key }) => {
          if (key === "me") void navigate("/me");
          if (key === "out") void leave().then(() => navigate("/signin", { replace: true }));
        },
      }}
    >
      <Button type="text" className="person" aria-label={t("nav.person", { name: me.person.name })}>
        <PersonIcon />
        <span className="only-wide">{me.person.name}</span>
      </Button>
    </Dropdown>
  );
}
