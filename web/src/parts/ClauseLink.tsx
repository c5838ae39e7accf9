// A clause by its id; its title, its standing and what cites it in a drawer.
import { lazy, Suspense, useState } from "react";

import { useWords } from "../words";

const ClauseDrawer = lazy(() => import("./ClauseDrawer"));

export function ClauseLink({ clause }: { clause: string | null | undefined }) {
  const { t } = useWords();
  const [open, setOpen] = useState(false);
  const [shown, setShown] = useState(false);
  if (!clause) return <span className="quiet">–</span>;
  return (
    <>
      <button
        type="button"
        className="chip clause"
        title={t("clause.open", { clause })}
        onClick={() => {
          setShown(true);
          setOpen(true);
        }}
      >
        § {clause}
      </button>
      {shown ? (
        <Suspense>
          <ClauseDrawer clause={clause} open={open} close={() => setOpen(false)} />
        </Suspense>
      ) : null}
    </>
  );
}
