// Contracts in review: one beside its findings, many as a grid, two versions compared. Nothing that
// is shown here is kept by the server.
import { Segmented } from "antd";
import { useState } from "react";

import type { Side } from "../../http/types";
import { FileDrop } from "../../parts/FileDrop";
import { Loading, Page } from "../../parts/Page";
import { ProblemAlert } from "../../parts/ProblemAlert";
import { ReviewHead } from "../../parts/review/Head";
import { Reading } from "../../parts/review/Reading";
import { useWords } from "../../words";
import { useReviews, type View } from "./ask";
import { Compare } from "./Compare";
import { Grid } from "./Grid";

const MODES = ["files", "versions"] as const;
type Mode = (typeof MODES)[number];

export default function Review() {
  const { t } = useWords();
  const [side, setSide] = useState<Side>("customer");
  const [mode, setMode] = useState<Mode>("files");
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
        </>
      }
    >
      {mode === "files" ? <Files view={{ side }} /> : <Compare view={{ side }} />}
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
              </>
            ) : null}
          </>
        ) : null}
      </div>
    </>
  );
}
