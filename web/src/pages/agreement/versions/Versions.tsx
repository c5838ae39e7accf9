// Versions and rounds: whose turn it is, what each version changed, the positions that our side has
// reached clause by clause, and what must be approved before it is signed.
import { Button, Select } from "antd";
import { useState } from "react";
import { Link, useNavigate } from "react-router";

import { EvidenceLink } from "../../../parts/EvidenceLink";
import { Instant } from "../../../parts/figures";
import { EmptyState, Loaded, Loading, Section } from "../../../parts/Page";
import { ProblemAlert } from "../../../parts/ProblemAlert";
import { StatusTag } from "../../../parts/StatusTag";
import { useWords } from "../../../words";
import { useHere } from "../here";
import type { TabProps } from "../index";
import { open, useNegotiation, useVersions, type Version, type Versions } from "./api";
import { Positions } from "./Positions";
import { makeRedline } from "./redline";
import { Offer } from "./Offer";
import { VersionPage } from "./VersionPage";
import "./versions.css";

export default function VersionsTab({ rest: [which] }: TabProps) {
  const { t } = useWords();
  const { id } = useHere();
  const read = useVersions(id);
  return (
    <Loaded of={read} rows={8}>
      {(all) => {
        if (which === "offer") return <Offer all={all} />;
        if (which === undefined || which === "") return <All of={all} />;
        const at = all.versions.findIndex(({ number }) => String(number) === which);
        const found = all.versions[at];
        if (!found) return <EmptyState title={t("version.absent")} />;
        return <VersionPage key={found.number} of={found} first={at === 0} />;
      }}
    </Loaded>
  );
}

/** The address of the tab and of what lies below it. */
export function useVersionPath(): (below?: string | number) => string {
  const { id } = useHere();
  const base = `/agreements/${encodeURIComponent(id)}/versions`;
  return (below) => (below === undefined ? base : `${base}/${below}`);
}

function All({ of }: { of: Versions }) {
  const { t } = useWords();
  const { id, may } = useHere();
  const navigate = useNavigate();
  const path = useVersionPath();
  const [playbook, setPlaybook] = useState<string>();
  const asked = may("readNotes") && of.versions.length > 0;
  const negotiation = useNegotiation(id, asked, playbook);
  return (
    <>
      <Section
        title={t("version.title")}
        lead={<Turn of={of} />}
        actions={
          may("offer") ? (
            <Button type="primary" onClick={() => void navigate(path("offer"))}>
              {of.versions.length === 0 ? t("version.offerFirst") : t("version.offer")}
            </Button>
          ) : null
        }
      >
        {of.versions.length === 0 ? (
          <EmptyState title={of.in_force ? t("version.noneSigned") : t("version.none")}>
            {may("offer") ? t("version.noneLead") : null}
          </EmptyState>
        ) : (
          <ol className="versions">
            {of.versions.toReversed().map((one) => (
              <Row
                key={one.number}
                of={one}
                first={one.number === of.versions[0]?.number}
                red={open(negotiation.data?.red ?? [], one.number).length}
              />
            ))}
          </ol>
        )}
        {of.versions.length > 1 ? <Redline of={of.versions} /> : null}
      </Section>
      {negotiation.error ? <ProblemAlert problem={negotiation.error} /> : null}
      {negotiation.isLoading ? <Loading /> : null}
      {negotiation.data ? <Positions of={negotiation.data} choose={setPlaybook} /> : null}
    </>
  );
}

/** Whose turn it is, and how often it changed. */
function Turn({ of }: { of: Versions }) {
  const { t, code } = useWords();
  const { side } = useHere();
  if (of.versions.length === 0) return null;
  if (of.in_force) return <>{t("version.inForce", { count: of.rounds })}</>;
  const rounds = of.rounds > 0 ? t("version.rounds", { count: of.rounds }) : "";
  if (of.turn === null) return <>{rounds}</>;
  return (
    <>
      <strong>
        {of.turn === side
          ? t("version.ourTurn")
          : t("version.theirTurn", { side: code("side", of.turn) })}
      </strong>{" "}
      {rounds}
    </>
  );
}

function Row({ of, first, red }: { of: Version; first: boolean; red: number }) {
  const { t, code } = useWords();
  const { side } = useHere();
  const path = useVersionPath();
  return (
    <li>
      <header>
        <h3>
          <Link to={path(of.number)}>{t("version.number", { number: of.number })}</Link>
        </h3>
        <span>
          {code("side", of.by)}
          {of.by === side ? <span className="our-mark">{t("agreement.we")}</span> : null}
        </span>
        <Instant at={of.at} />
        {of.evidence ? <EvidenceLink id={of.evidence} /> : null}
      </header>
      <p className="chips">
        {of.manifest && of.obstacles.length === 0 ? (
          <StatusTag code="verified">{t("version.ready")}</StatusTag>
        ) : (
          <StatusTag code="obstacle" tone="warn">
            {t("version.obstacles", { count: of.obstacles.length })}
          </StatusTag>
        )}
        {of.signed.map((one) => (
          <StatusTag key={one} code="accepted">
            {t("version.signedBy", { side: code("side", one) })}
          </StatusTag>
        ))}
        {first || of.changed_terms.length === 0 ? null : (
          <StatusTag code="terms" tone="info">
            {t("version.terms", { count: of.changed_terms.length })}
          </StatusTag>
        )}
        {of.revisions > 0 ? (
          <StatusTag code="revisions" tone="info">
            {t("version.revisions", { count: of.revisions })}
          </StatusTag>
        ) : null}
        {of.hidden.length > 0 ? (
          <StatusTag code="hidden" tone="bad">
            {t("version.hidden", { count: of.hidden.length })}
          </StatusTag>
        ) : null}
        {red > 0 ? (
          <StatusTag code="red" tone="bad">
            {t("version.red", { count: red })}
          </StatusTag>
        ) : null}
      </p>
    </li>
  );
}

/** Two versions as tracked changes in one Word file. */
function Redline({ of }: { of: Version[] }) {
  const { t } = useWords();
  const { id } = useHere();
  const [old, setOld] = useState(of.at(-2)?.number);
  const [now, setNow] = useState(of.at(-1)?.number);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const find = (number: number | undefined) => of.find((one) => one.number === number);
  const make = async () => {
    const [from, to] = [find(old), find(now)];
    if (!from || !to) return;
    setBusy(true);
    setProblem(null);
    try {
      await makeRedline(id, from, to);
    } catch (error) {
      setProblem(error);
    } finally {
      setBusy(false);
    }
  };
  const options = of.map(({ number }) => ({
    value: number,
    label: t("version.number", { number }),
  }));
  return (
    <div className="redline-form">
      <span>{t("version.redlineLead")}</span>
      <Select aria-label={t("review.old")} value={old} onChange={setOld} options={options} />
      <span aria-hidden="true">→</span>
      <Select aria-label={t("review.new")} value={now} onChange={setNow} options={options} />
      <Button loading={busy} disabled={old === now} onClick={() => void make()}>
        {t("review.redline")}
      </Button>
      <ProblemAlert problem={problem} />
    </div>
  );
}
