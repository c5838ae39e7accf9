// One agreement: its head, its tabs, and the stream that keeps what is shown fresh.
import { Button } from "antd";
import { lazy, Suspense, useEffect, useRef } from "react";
import { NavLink, useLocation, useNavigate, useParams } from "react-router";

import { AgreementScope } from "../../parts/agreementContext";
import { Day } from "../../parts/figures";
import { EmptyState, Loaded, Loading, useTitle } from "../../parts/Page";
import { StatusTag } from "../../parts/StatusTag";
import { useWords } from "../../words";
import NotFound from "../NotFound";
import "./agreement.css";
import { HereProvider, useHead, useHere } from "./here";
import { type Live, useLive } from "./live";
import type { DeedName } from "./model/deeds";

const TABS = {
  overview: lazy(() => import("./Overview")),
  timeline: lazy(() => import("./Timeline")),
  obligations: lazy(() => import("./Obligations")),
  measures: lazy(() => import("./Measures")),
  projects: lazy(() => import("../labelling/project/Projects")),
  training: lazy(() => import("./training/Training")),
  service: lazy(() => import("./service/Service")),
  money: lazy(() => import("./money/Money")),
  evidence: lazy(() => import("./evidence/Evidence")),
  versions: lazy(() => import("./versions/Versions")),
  signing: lazy(() => import("./signing/Signing")),
  documents: lazy(() => import("./documents/Documents")),
  people: lazy(() => import("./People")),
} as const;
export type Tab = keyof typeof TABS;

/** What a reader must be allowed to see for a tab to be there; any of them is enough. */
const NEEDS: Partial<Record<Tab, DeedName[]>> = {
  timeline: ["readJournal"],
  measures: ["readJournal"],
  projects: ["readWork"],
  training: ["readWork"],
  service: ["readJournal"],
  money: ["readMoney"],
  evidence: ["readJournal", "readDeliveries"],
  versions: ["readDocuments"],
  signing: ["readDocuments"],
  documents: ["readDocuments"],
  people: ["readPeople", "readNotes"],
};

function isTab(text: string): text is Tab {
  return Object.hasOwn(TABS, text);
}

/** A tab that is only there in agreements of one kind. */
const KIND: Partial<Record<Tab, string>> = {
  projects: "annotation",
  training: "training",
  service: "classification",
};

export function isShown(tab: Tab, kind: string, may: (deed: DeedName) => boolean): boolean {
  const fits = KIND[tab] === undefined || KIND[tab] === kind;
  return fits && (NEEDS[tab]?.some(may) ?? true);
}

export default function AgreementPage() {
  const { id = "", "*": rest = "" } = useParams();
  const head = useHead(id);
  const live = useLive(head.data ? id : null);
  const [tab = ""] = rest.split("/");
  if (head.error?.status === 404) return <NotFound />;
  return (
    <Framed of={head}>
      {(data) => (
        <HereProvider head={data}>
          <AgreementScope id={id} zone={(data.agreement ?? data.drafted)?.zone ?? "Asia/Shanghai"}>
            <div className="page agreement">
              <Head live={live} />
              <Tabs />
              <Suspense fallback={<Loading rows={8} />}>
                <Chosen
                  tab={tab === "" ? "overview" : tab}
                  live={live}
                  rest={rest.split("/").slice(1)}
                />
              </Suspense>
            </div>
          </AgreementScope>
        </HereProvider>
      )}
    </Framed>
  );
}

/** Waiting and refusals keep the margins of a page. */
function Framed<T>({ of, children }: Parameters<typeof Loaded<T>>[0]) {
  if (of.data !== undefined) return children(of.data);
  return (
    <div className="page">
      <Loaded of={of} rows={8}>
        {children}
      </Loaded>
    </div>
  );
}

export interface TabProps {
  live: Live;
  /** What follows the tab in the address. */
  rest: string[];
}

function Chosen({ tab, ...props }: { tab: string } & TabProps) {
  const { t } = useWords();
  const navigate = useNavigate();
  const { id, head, may } = useHere();
  if (!isTab(tab) || !isShown(tab, head.kind, may)) {
    return (
      <EmptyState title={t("agreement.no_tab")}>
        <Button onClick={() => void navigate(`/agreements/${encodeURIComponent(id)}`)}>
          {t("agreement.tab.overview")}
        </Button>
      </EmptyState>
    );
  }
  const Found = TABS[tab];
  return <Found {...props} />;
}

function Head({ live }: { live: Live }) {
  const { t, code, pick } = useWords();
  const { head, terms, side } = useHere();
  const title = pick(head.title);
  useTitle(title);
  return (
    <header className="agreement-head">
      <div className="agreement-name">
        <h1>{title}</h1>
        <p className="agreement-marks">
          <StatusTag family="phase" code={head.phase} />
          <span>{code("service", head.kind)}</span>
          <code>{head.id}</code>
          <span className={`live ${live.state}`} role="status">
            {t(`agreement.live.${live.state}`)}
          </span>
        </p>
      </div>
      <dl className="agreement-parties">
        {(["customer", "vendor"] as const).map((party) => (
          <div key={party} className={party === side ? "ours" : undefined}>
            <dt>
              {code("side", party)}
              {party === side ? <span className="our-mark">{t("agreement.we")}</span> : null}
            </dt>
            <dd>{head[party] || terms?.[party].name}</dd>
          </div>
        ))}
        {terms ? (
          <div>
            <dt>{t("agreement.term")}</dt>
            <dd>
              <Day on={terms.term.starts} /> – <Day on={terms.term.ends} />
            </dd>
          </div>
        ) : null}
      </dl>
    </header>
  );
}

function Tabs() {
  const { t } = useWords();
  const { id, head, may } = useHere();
  const base = `/agreements/${encodeURIComponent(id)}`;
  const shown = (Object.keys(TABS) as Tab[]).filter((tab) => isShown(tab, head.kind, may));
  const { pathname } = useLocation();
  const bar = useRef<HTMLElement>(null);
  // On a phone the bar is wider than the screen: the chosen tab is moved into sight.
  useEffect(() => {
    const chosen = bar.current?.querySelector<HTMLElement>(".active");
    if (chosen && bar.current)
      bar.current.scrollLeft = chosen.offsetLeft - bar.current.offsetLeft - 40;
  }, [pathname]);
  return (
    <nav className="tabs" ref={bar} aria-label={t("agreement.tabs")}>
      {shown.map((tab) => (
        <NavLink
          key={tab}
          to={tab === "overview" ? base : `${base}/${tab}`}
          end={tab === "overview"}
        >
          {t(`agreement.tab.${tab}`)}
        </NavLink>
      ))}
    </nav>
  );
}
