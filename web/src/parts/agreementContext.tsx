// Which agreement the links and clocks below belong to.
import { createContext, type ReactNode, useContext, useMemo } from "react";

import { ZONE } from "../format/instant";

export interface AgreementPlace {
  id: string | null;
  zone: string;
}

const Context = createContext<AgreementPlace>({ id: null, zone: ZONE });

/** Wraps the pages of one agreement. */
export function AgreementScope({
  id,
  zone,
  children,
}: {
  id: string;
  zone?: string;
  children: ReactNode;
}) {
  const place = useMemo(() => ({ id, zone: zone ?? ZONE }), [id, zone]);
  return <Context value={place}>{children}</Context>;
}

export function useAgreementPlace(): AgreementPlace {
  return useContext(Context);
}
