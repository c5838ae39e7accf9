// What is shown when a page itself breaks: a sentence, and the ways out.
import { Button } from "antd";
import { useRouteError } from "react-router";

import { ProblemAlert } from "../parts/ProblemAlert";
import { useWords } from "../words";

export function PageFailed() {
  const { t } = useWords();
  const error = useRouteError();
  return (
    <main className="content" id="content">
      <div className="page narrow">
        <h1>{t("failed.title")}</h1>
        <p>{t("failed.lead")}</p>
        <ProblemAlert problem={error} />
        <p className="actions">
          <Button type="primary" onClick={() => window.location.reload()}>
            {t("failed.again")}
          </Button>
          <Button href="/">{t("failed.home")}</Button>
        </p>
      </div>
    </main>
  );
}
