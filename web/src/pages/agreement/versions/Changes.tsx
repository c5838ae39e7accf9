// What a version changes and what stands between it and the signatures.
import { EmptyState } from "../../../parts/Page";
import { StatusTag } from "../../../parts/StatusTag";
import { useWords } from "../../../words";
import type { ChangedTerm, Obstacle, Version } from "./api";

/** Each says what to do about it. */
export function Obstacles({ of }: { of: Obstacle[] }) {
  const { t, pick } = useWords();
  if (of.length === 0) return null;
  return (
    <ul className="findings obstacles">
      {of.map(({ code, detail }, i) => (
        <li key={i}>
          <StatusTag code={code} tone="warn">
            {t("version.obstacle")}
          </StatusTag>
          <p>{pick(detail)}</p>
        </li>
      ))}
    </ul>
  );
}

export function ChangedTerms({ of }: { of: ChangedTerm[] }) {
  const { t } = useWords();
  if (of.length === 0) return <p className="quiet">{t("version.noTerms")}</p>;
  return (
    <dl className="changed-terms">
      {of.map(({ path, before, after }) => (
        <div key={path}>
          <dt>
            <code>{path}</code>
          </dt>
          <dd>
            {before === null ? <span className="quiet">–</span> : <del>{before}</del>}{" "}
            <span aria-hidden="true">→</span>
            <span className="unseen">{t("review.becomes")}</span>{" "}
            {after === null ? <span className="quiet">–</span> : <ins>{after}</ins>}
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** Text that was changed without a tracked change. */
export function Hidden({ of }: { of: Version["hidden"] }) {
  const { t } = useWords();
  if (of.length === 0) return null;
  return (
    <div className="hidden-changes">
      <h3>
        <StatusTag code="hidden" tone="bad">
          {t("version.hidden", { count: of.length })}
        </StatusTag>
      </h3>
      <p className="quiet">{t("version.hiddenLead")}</p>
      {of.map(({ before, after }, i) => (
        <div key={i} className="both-words">
          <blockquote className="old">{before ? <del>{before}</del> : "–"}</blockquote>
          <blockquote className="new">{after ? <ins>{after}</ins> : "–"}</blockquote>
        </div>
      ))}
    </div>
  );
}

/** All of it, of a version or of its preview. `first`: there is none before it. */
export function Changes({ of, first }: { of: Version; first: boolean }) {
  const { t } = useWords();
  return (
    <>
      {of.obstacles.length === 0 && of.manifest ? (
        <p>
          <StatusTag code="verified">{t("version.ready")}</StatusTag>
        </p>
      ) : (
        <Obstacles of={of.obstacles} />
      )}
      {of.revisions > 0 ? <p>{t("version.revisions", { count: of.revisions })}</p> : null}
      {first ? (
        <EmptyState title={t("version.first")} />
      ) : (
        <>
          <h3>{t("version.terms", { count: of.changed_terms.length })}</h3>
          <ChangedTerms of={of.changed_terms} />
          {of.proposed_terms.length === 0 ? null : (
            <>
              <h3>{t("version.proposed", { count: of.proposed_terms.length })}</h3>
              <ChangedTerms of={of.proposed_terms} />
            </>
          )}
        </>
      )}
      <Hidden of={of.hidden} />
    </>
  );
}
