// What a language model proposed, apart from the findings: nothing of it is decided.
import type { Reviewed } from "../../http/types";
import { useWords } from "../../words";
import { Section } from "../Page";
import { useClauseName } from "./names";
import "./review.css";

export function Proposals({ of }: { of: Pick<Reviewed, "model" | "proposals" | "dropped"> }) {
  const { t, code } = useWords();
  const nameOf = useClauseName();
  if (!of.model) return null;
  const { name, problem } = of.model;
  if (problem) {
    return <p role="status">{t("review.modelFailed", { detail: problem.detail })}</p>;
  }
  const dropped = Object.entries(of.dropped).map(
    ([why, count]) => `${code("proposal_dropped", why)} ${count}`,
  );
  return (
    <Section
      title={t("review.proposals", { count: of.proposals.length })}
      lead={t("review.proposalsLead", { name })}
    >
      <ol className="review-cards">
        {of.proposals.map((one) => (
          <li className="card proposed" key={`${one.clause} ${one.start} ${one.end}`}>
            <header>
              <code>{one.clause}</code> {nameOf(one.clause)}
              <span className="quiet">
                {one.model} · {one.anchor ?? "–"}
              </span>
            </header>
            <blockquote className="quote">{one.quote}</blockquote>
            <p>{one.reason}</p>
            {one.look_here ? <p className="quiet">{t("review.lookHere")}</p> : null}
          </li>
        ))}
      </ol>
      {of.proposals.length === 0 ? <p className="quiet">{t("review.noProposals")}</p> : null}
      {dropped.length > 0 ? (
        <p className="quiet">{t("review.dropped", { list: dropped.join(", ") })}</p>
      ) : null}
    </Section>
  );
}
