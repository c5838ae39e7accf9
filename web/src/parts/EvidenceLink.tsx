// An entry of the journal by its id ("e12"); what it says and how it is proved in a drawer.
import { lazy, Suspense, useState } from "react";

import { useWords } from "../words";
import { useAgreementPlace } from "./agreementContext";

const EvidenceDrawer = lazy(() => import("./EvidenceDrawer"));

/** `agreement` is needed only outside the pages of one agreement. */
export function EvidenceLink({ id, agreement }: { id: string; agreement?: string }) {
  const { t } = useWords();
  const place = useAgreementPlace();
  const [open, setOpen] = useState(false);
  const [shown, setShown] = useState(false);
  const where = agreement ?? place.id;
  if (!where) return <code>{id}</code>;
  return (
    <>
      <button
        type="button"
        className="chip evidence"
        title={t("evidence.open", { id })}
        onClick={() => {
          setShown(true);
          setOpen(true);
        }}
      >
        {id}
      </button>
      {shown ? (
        <Suspense>
          <EvidenceDrawer agreement={where} id={id} open={open} close={() => setOpen(false)} />
        </Suspense>
      ) : null}
    </>
  );
}

/** The first few, then how many more. */
export function EvidenceLinks({ ids, most = 4 }: { ids: string[]; most?: number }) {
  const { t } = useWords();
  const [all, setAll] = useState(false);
  if (ids.length === 0) return <span className="quiet">–</span>;
  // One entry may open and close the same thing.
  const once = [...new Set(ids)];
  const shown = all ? once : once.slice(0, most);
  return (
    <span className="chips">
      {shown.map((id) => (
        <EvidenceLink key={id} id={id} />
      ))}
      {shown.length < once.length ? (
        <button type="button" className="chip more-chip" onClick={() => setAll(true)}>
          {t("evidence.more", { count: once.length - shown.length })}
        </button>
      ) : null}
    </span>
  );
}
