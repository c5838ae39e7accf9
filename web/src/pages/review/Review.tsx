// Contracts in review: one beside its findings, many as a grid, two versions compared. Nothing that
// is shown here is kept by the server.
import { Checkbox, Segmented, Select } from "antd";
import { useState } from "react";
import { Link } from "react-router";

import { type Paged, useRead } from "../../http/hooks";
import type { LanguageModel, Side } from "../../http/types";
import { FileDrop } from "../../parts/FileDrop";
import { Loading, Page } from "../../parts/Page";
import { ProblemAlert } from "../../parts/ProblemAlert";
import { useReviews, type View } from "../../parts/review/ask";
import { ReviewHead } from "../../parts/review/Head";
import { ClauseNames, type PlaybookRow } from "../../parts/review/names";
import { Proposals } from "../../parts/review/Proposals";
import { Reading } from "../../parts/review/Reading";
import { useWords } from "../../words";
import { Compare } from "./Compare";
import { Grid } from "./Grid";

const MODES = ["files", "versions"] as const;
type Mode = (typeof MODES)[number];

export default function Review() {
  const { t, pick } = useWords();
  const playbooks = useRead<Paged<PlaybookRow>>("/playbooks");
  const [chosen, setPlaybook] = useState<string | null>(null);
  const [side, setSide] = useState<Side>("customer");
  const model = useRead<LanguageModel>("/model");
  const [asked, setAsked] = useState(false);
  const [mode, setMode] = useState<Mode>("files");
  const rows = playbooks.data?.items ?? [];
  const builtIn = rows.find((row) => row.built_in)?.id ?? null;
  const view: View = { side, playbook: chosen ?? builtIn };
  return (
    <Page
      title={t("review.title")}
      lead={t("review.lead")}
      actions={
        <>
          <Segmented<Mode>
            aria-label={t("review.mode")}
            value={mode}
            onChange={setMode}
            options={MODES.map((value) => ({ value, label: t(`review.mode.${value}`) }))}
          />
          <Segmented<Side>
            aria-label={t("review.side")}
            value={side}
            onChange={setSide}
            options={[
              { value: "customer", label: t("review.customer") },
              { value: "vendor", label: t("review.vendor") },
            ]}
          />
          <Select
            aria-label={t("playbook.choose")}
            className="playbook-choice"
            popupMatchSelectWidth={false}
            value={chosen ?? builtIn}
            onChange={setPlaybook}
            options={rows.map(({ id, title }) => ({ value: id, label: pick(title) }))}
          />
          <Link to="/playbooks">{t("playbook.edit")}</Link>
        </>
      }
    >
      <ClauseNames of={chosen}>
        {mode === "files" ? (
          <>
            {model.data?.name ? (
              <p>
                <Checkbox checked={asked} onChange={(event) => setAsked(event.target.checked)}>
                  {t("review.model", { name: model.data.name, host: model.data.host ?? "" })}
                </Checkbox>
              </p>
            ) : null}
            <Files view={{ ...view, model: asked }} />
          </>
        ) : (
          <Compare view={view} />
        )}
      </ClauseNames>
    </Page>
  );
}

function Files({ view }: { view: View }) {
  const { t } = useWords();
  const [files, setFiles] = useState<File[]>([]);
  const { rows, busy } = useReviews(files, view);
  const [only] = rows;
  return (
    <>
      <FileDrop
        label={t("review.drop")}
        hint={t("review.hint")}
        busy={busy}
        multiple
        onFiles={setFiles}
      />
      <div aria-live="polite" className="after">
        {rows.length > 1 ? <Grid rows={rows} /> : null}
        {rows.length === 1 && only ? (
          <>
            {busy ? <Loading /> : null}
            <ProblemAlert problem={only.problem} />
            {only.answer ? (
              <>
                <ReviewHead name={only.file.name} of={only.answer} />
                <Reading name={only.file.name} of={only.answer} />
                <Proposals of={only.answer} />
              </>
            ) : null}
          </>
        ) : null}
      </div>
    </>
  );
}
