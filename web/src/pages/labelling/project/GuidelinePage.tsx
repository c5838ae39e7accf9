// The guideline of a project: read by all, changed by who runs the project, asked about by who works.
import { App, Button, Input } from "antd";
import { useState } from "react";

import { useRead, useWrite } from "../../../http/hooks";
import type { Guideline } from "../../../labelling/types";
import { Instant } from "../../../parts/figures";
import { Loaded, Section } from "../../../parts/Page";
import { ProblemAlert } from "../../../parts/ProblemAlert";
import { useWords } from "../../../words";
import { useHere } from "../../agreement/here";
import {
  type GuidelineView,
  pictureOf,
  projectPath,
  type ProjectView,
  type QuestionView,
  type TouchedView,
} from "../api";
import { Guide } from "../Guide";
import { GuidelineEditor } from "./GuidelineEditor";

export function GuidelinePage({ project, manages }: { project: ProjectView; manages: boolean }) {
  const { t } = useWords();
  const { id } = useHere();
  const { message } = App.useApp();
  const path = projectPath(id, project.id);
  const found = useRead<GuidelineView>(`${path}/guideline`);
  const [editing, setEditing] = useState(false);
  const write = useWrite<TouchedView>({
    stale: [path],
    done: ({ version, touched }) => {
      setEditing(false);
      void message.success(
        t("labelling.guideline.laid", { version, count: touched.count }),
        touched.count > 0 ? 10 : 4,
      );
    },
  });
  return (
    <Loaded of={found} rows={8}>
      {({ guideline, version, at }) => (
        <div className="columns">
          <Section
            title={t("labelling.guideline")}
            lead={
              <>
                {t("labelling.version", { version })} · <Instant at={at} />
              </>
            }
            actions={
              manages && !editing ? (
                <Button onClick={() => setEditing(true)}>{t("labelling.guideline.edit")}</Button>
              ) : null
            }
          >
            {editing ? (
              <GuidelineEditor
                guideline={guideline}
                picture={pictureOf(id, project)}
                busy={write.isPending}
                problem={write.error}
                cancel={() => setEditing(false)}
                save={(next: Guideline) =>
                  write.mutate({ method: "PUT", path: `${path}/guideline`, body: next })
                }
              />
            ) : (
              <Guide guideline={guideline} picture={pictureOf(id, project)} />
            )}
          </Section>
          <Questions project={project} />
        </div>
      )}
    </Loaded>
  );
}

function Questions({ project }: { project: ProjectView }) {
  const { t } = useWords();
  const { id, may } = useHere();
  const path = `${projectPath(id, project.id)}/questions`;
  const found = useRead<{ items: QuestionView[] }>(path);
  const [text, setText] = useState("");
  const ask = useWrite({ stale: [path], done: () => setText("") });
  return (
    <Section title={t("labelling.questions")} lead={t("labelling.questions.lead")}>
      <Loaded of={found}>
        {({ items }) => (
          <ul className="questions">
            {items.map((one) => (
              <Question key={one.n} one={one} path={path} />
            ))}
          </ul>
        )}
      </Loaded>
      {may("work") ? (
        <>
          {ask.error ? <ProblemAlert problem={ask.error} /> : null}
          <Input.TextArea
            rows={2}
            maxLength={4000}
            value={text}
            aria-label={t("labelling.question")}
            placeholder={t("labelling.question")}
            onChange={({ target }) => setText(target.value)}
          />
          <Button
            className="ask"
            disabled={text.trim() === ""}
            loading={ask.isPending}
            onClick={() => ask.mutate({ path, body: { text: text.trim() } })}
          >
            {t("labelling.question.ask")}
          </Button>
        </>
      ) : null}
    </Section>
  );
}

function Question({ one, path }: { one: QuestionView; path: string }) {
  const { t } = useWords();
  const { may } = useHere();
  const [text, setText] = useState("");
  const answer = useWrite({ stale: [path, path.replace(/questions$/, "guideline")] });
  return (
    <li>
      <p>
        <strong>{t("labelling.question.asks", { name: one.name })}</strong> {one.text}
      </p>
      {one.answer ? (
        <p>
          <strong>{t("labelling.question.answers", { name: one.answered_by ?? "" })}</strong>{" "}
          {one.answer}
        </p>
      ) : may("work") ? (
        <div className="answer">
          {answer.error ? <ProblemAlert problem={answer.error} /> : null}
          <Input
            size="small"
            maxLength={4000}
            value={text}
            aria-label={t("labelling.question.answer")}
            onChange={({ target }) => setText(target.value)}
          />
          <Button
            size="small"
            disabled={text.trim() === ""}
            onClick={() =>
              answer.mutate({ path: `${path}/${one.n}/answer`, body: { text: text.trim() } })
            }
          >
            {t("labelling.question.answer")}
          </Button>
        </div>
      ) : null}
    </li>
  );
}
