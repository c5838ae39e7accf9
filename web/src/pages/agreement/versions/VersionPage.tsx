// One version: what it changes, its files, and its text beside the findings of our side.
import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { Link, useSearchParams } from "react-router";

import type { Reviewed, ReviewFinding } from "../../../http/types";
import { EvidenceLink } from "../../../parts/EvidenceLink";
import { Instant } from "../../../parts/figures";
import { Loaded, Section } from "../../../parts/Page";
import { reviewFile } from "../../../parts/review/ask";
import { worst } from "../../../parts/review/findings";
import { Reading } from "../../../parts/review/Reading";
import { useWords } from "../../../words";
import { useHere } from "../here";
import type { Side } from "../types";
import { type RedFinding, useNegotiation, type Version } from "./api";
import { Changes } from "./Changes";
import { Meaning, Parts } from "./Parts";
import { Approval } from "./Red";
import { wordFile } from "./redline";
import { useVersionPath } from "./Versions";

export function VersionPage({ of, first }: { of: Version; first: boolean }) {
  const { t, code } = useWords();
  const { id, side, may } = useHere();
  const path = useVersionPath();
  const negotiation = useNegotiation(id, may("readNotes"));
  return (
    <>
      <p className="crumb">
        <Link to={path()}>{t("agreement.tab.versions")}</Link>
      </p>
      <Section
        title={t("version.number", { number: of.number })}
        lead={
          <>
            {code("side", of.by)} · <Instant at={of.at} />{" "}
            {of.evidence ? <EvidenceLink id={of.evidence} /> : null}
          </>
        }
        actions={
          of.manifest && may("sign") ? (
            <Button type="primary" href={`/agreements/${encodeURIComponent(id)}/signing`}>
              {t("agreement.tab.signing")}
            </Button>
          ) : null
        }
      >
        <Changes of={of} first={first} />
      </Section>
      <Section title={t("version.parts")} flush={of.manifest !== null}>
        <Parts of={of} />
      </Section>
      {of.manifest ? (
        <Section title={t("version.meaning")}>
          <Meaning of={of.manifest} />
        </Section>
      ) : null}
      {side !== null ? <Judged of={of} side={side} red={negotiation.data?.red ?? []} /> : null}
    </>
  );
}

/** The version read by our playbook, as it is now; what was approved stands at its finding. */
function Judged({ of, side, red }: { of: Version; side: Side; red: RedFinding[] }) {
  const { t } = useWords();
  const { id } = useHere();
  const [search] = useSearchParams();
  const clause = search.get("clause");
  const read = useQuery<Reviewed>({
    queryKey: ["review", id, of.number, of.word.sha256, side],
    queryFn: async () => reviewFile(await wordFile(id, of), of.word.name, { side }),
    staleTime: 3_600_000,
  });
  const approval = (finding: ReviewFinding) => {
    const found = red.find(
      (one) =>
        one.version === of.number &&
        one.clause === finding.clause &&
        one.status === finding.status &&
        one.start === finding.start &&
        one.quote === finding.quote,
    );
    return found ? <Approval of={found} /> : null;
  };
  return (
    <Loaded of={read} rows={8}>
      {(answer) => (
        <Reading
          name={t("version.number", { number: of.number })}
          of={answer}
          first={clause === null ? null : worst(answer.findings, clause)}
          more={approval}
        />
      )}
    </Loaded>
  );
}
