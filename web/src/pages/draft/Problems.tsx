// What is wrong with an agreement file, each with the way to its place: a line of the text, or the
// step of the form that asks for it.
import type { CheckAnswer, CheckProblem } from "../../http/types";
import { ClauseLink } from "../../parts/ClauseLink";
import { StatusTag } from "../../parts/StatusTag";
import { useWords } from "../../words";

type Go = (problem: CheckProblem) => void;

export function Problems({ check, go }: { check: CheckAnswer | null; go: Go }) {
  const { t } = useWords();
  if (!check) return <p className="pad quiet">{t("new.nothing")}</p>;
  if (check.problems.length === 0) return <p className="pad quiet">{t("new.none")}</p>;
  return (
    <ul className="findings">
      {check.problems.map((problem, i) => (
        <li key={i}>
          <StatusTag family="severity" code={problem.severity} />
          <div>
            <p>{problem.detail}</p>
            <Place problem={problem} go={go} />
          </div>
        </li>
      ))}
    </ul>
  );
}

function Place({ problem, go }: { problem: CheckProblem; go: Go }) {
  const { t } = useWords();
  const { line, column, path, clause } = problem;
  const place = line ? `${line}:${column ?? 1}` : path;
  return (
    <span className="chips">
      {place ? (
        <button type="button" className="chip" onClick={() => go(problem)} title={t("new.goTo")}>
          {place}
        </button>
      ) : null}
      {line && path ? <code className="small quiet">{path}</code> : null}
      {clause ? <ClauseLink clause={clause} /> : null}
    </span>
  );
}
