// A refusal or fault as a sentence, with the clause that stands behind it, the fields at fault and
// the number of the request that an administrator can look up.
import { Alert } from "antd";
import type { ReactNode } from "react";

import { isProblem, type Problem, UNREACHABLE, UNREADABLE } from "../http/problem";
import { useWords, type Words } from "../words";
import { ClauseLink } from "./ClauseLink";

/** The sentence of a problem; those that the console itself found are worded here. */
export function sentence(problem: Problem, { t }: Words): string {
  if (problem.code === UNREACHABLE) return t("problem.unreachable");
  if (problem.code === UNREADABLE) return t("problem.unreadable", { status: problem.status });
  if (problem.code === "passkey_turned_away") return t("problem.passkey");
  return problem.message;
}

export function ProblemAlert({ problem, action }: { problem: unknown; action?: ReactNode }) {
  const words = useWords();
  if (!problem) return null;
  if (!isProblem(problem)) {
    return (
      <Alert type="error" showIcon title={words.t("problem.own")} description={String(problem)} />
    );
  }
  const { clause, errors, requestId } = problem;
  const refusal = problem.status > 0 && problem.status < 500;
  return (
    <Alert
      role="alert"
      type={refusal ? "warning" : "error"}
      showIcon
      className="problem"
      title={sentence(problem, words)}
      action={action}
      description={
        clause || errors.length > 0 || requestId ? (
          <>
            {errors.length > 0 ? (
              <ul className="problem-list">
                {errors.map((error, i) => (
                  <li key={i}>
                    {error.line ? (
                      <code>
                        {error.line}:{error.column ?? 1}{" "}
                      </code>
                    ) : error.pointer ? (
                      <code>{error.pointer} </code>
                    ) : null}
                    {error.detail}
                  </li>
                ))}
              </ul>
            ) : null}
            <span className="quiet small">
              {clause ? (
                <>
                  {words.t("clause.label")} <ClauseLink clause={clause} />{" "}
                </>
              ) : null}
              {requestId ? words.t("problem.request", { id: requestId }) : null}
            </span>
          </>
        ) : undefined
      }
    />
  );
}
