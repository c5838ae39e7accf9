// What several tabs show alike: an obligation by its name, a standard with its bar.
import { useWords } from "../../words";
import { EvidenceLinks } from "../../parts/EvidenceLink";
import { ClauseLink } from "../../parts/ClauseLink";
import { Due } from "../../parts/figures";
import { StatusTag } from "../../parts/StatusTag";
import { isOpen, subjectOf } from "./model/obligations";
import { metricName } from "./own";
import { bullet, measured, required } from "./model/standards";
import type { Obligation, Standard } from "./types";

/** `pay 1`, `repair hardware node2`. */
export function ObligationName({ of }: { of: Obligation }) {
  const { code } = useWords();
  const subject = subjectOf(of);
  return (
    <span>
      {code("obligation", of.kind)}
      {subject ? <code className="subject">{subject}</code> : null}
    </span>
  );
}

/** When it is due, with its clock while it is open, and whether the day may still move. */
export function ObligationDue({ of }: { of: Obligation }) {
  const { t } = useWords();
  return (
    <>
      <Due at={of.due} stopped={!isOpen(of.status) || of.status === "suspended"} />
      {of.provisional && isOpen(of.status) ? (
        <span className="small quiet" title={t("agreement.provisional.why")}>
          {" "}
          {t("agreement.provisional")}
        </span>
      ) : null}
    </>
  );
}

/** `accuracy, per class: lung`. */
export function StandardName({ of }: { of: Standard }) {
  const words = useWords();
  const { code } = words;
  return (
    <span>
      {metricName(of.metric, words)}
      {of.average ? <span className="quiet"> {code("average", of.average)}</span> : null}
      {of.subject ? <code className="subject">{of.subject}</code> : null}
    </span>
  );
}

/** A value against its threshold as a bar; the words beside it say the same. */
export function Bullet({ of }: { of: Standard }) {
  const { value, threshold } = bullet(of);
  return (
    <svg
      className={`bullet ${of.verdict}`}
      viewBox="0 0 100 10"
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <rect className="ground" x="0" y="2" width="100" height="6" />
      {value === null ? null : (
        <rect className="value" x="0" y="3" width={100 * value} height="4" />
      )}
      <line
        className="threshold"
        x1={100 * threshold}
        x2={100 * threshold}
        y1="0"
        y2="10"
        vectorEffect="non-scaling-stroke"
      />
    </svg>
  );
}

/** A standard with its verdict, its bar and its two links. */
export function StandardRow({ of }: { of: Standard }) {
  const { t } = useWords();
  const value = of.value === null ? t("agreement.measure.none") : measured(of.metric, of.value);
  return (
    <div className="standard">
      <div className="standard-head">
        <StandardName of={of} />
        <StatusTag family="verdict" code={of.verdict} />
      </div>
      <Bullet of={of} />
      <div className="standard-figures">
        <span>
          <span className="quiet">{t("agreement.measure.value")}</span>{" "}
          <span className="figure">{value}</span>
        </span>
        <span>
          <span className="quiet">{t("agreement.measure.required")}</span>{" "}
          <span className="figure">{required(of)}</span>
        </span>
        <span className="chips">
          <ClauseLink clause={of.clause} />
          <EvidenceLinks ids={of.evidence} />
        </span>
      </div>
    </div>
  );
}
