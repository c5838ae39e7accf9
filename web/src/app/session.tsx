// Who is signed in. Hands the CSRF token to the request layer, keeps the place on the way to the
// sign-in page, shows the dialog in which a person proves again who they are.
import { useQueryClient } from "@tanstack/react-query";
import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
} from "react";

import { isProblem, type Problem } from "../http/problem";
import { request, surroundings } from "../http/request";
import type { Me } from "../http/types";
import { ConfirmDialog } from "./confirm";
import { useLook } from "./look";

export type SessionState =
  | { state: "loading" }
  | { state: "failed"; problem: Problem }
  | { state: "out" }
  | { state: "in"; me: Me };

export interface Session {
  session: SessionState;
  /** After a sign-in, or any call that answers with a new `Me`. */
  enter: (me: Me) => void;
  /** Reads `Me` anew. */
  again: () => Promise<void>;
  leave: () => Promise<void>;
}

/** Whether somebody was signed in here: a first visit asks the server nothing. */
const WAS = "tally.session";

/** To be called before the browser leaves for another house that signs the person in. */
export function willEnter(): void {
  localStorage.setItem(WAS, "1");
}

const SessionContext = createContext<Session | null>(null);

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error("no Session above");
  return session;
}

/** The signed-in person; only below a page that needs one. */
export function useMe(): Me {
  const { session } = useSession();
  if (session.state !== "in") throw new Error("nobody is signed in");
  return session.me;
}

export function SessionProvider({ children }: { children: ReactNode }) {
  const [session, setSession] = useState<SessionState>({ state: "loading" });
  const [asking, setAsking] = useState<((proved: boolean) => void) | null>(null);
  const pending = useRef<Promise<boolean> | null>(null);
  const client = useQueryClient();
  const { lang, setLang, setChoice } = useLook();
  const langRef = useRef(lang);
  langRef.current = lang;

  const out = useCallback(() => {
    surroundings.csrf = null;
    localStorage.removeItem(WAS);
    client.clear();
    setSession({ state: "out" });
  }, [client]);

  const enter = useCallback(
    (me: Me) => {
      surroundings.csrf = me.csrf;
      localStorage.setItem(WAS, "1");
      const { lang: wanted, theme } = me.person;
      if (theme === "system" || theme === "light" || theme === "dark") setChoice(theme);
      const show = () => {
        if (surroundings.csrf === me.csrf) setSession({ state: "in", me });
      };
      const speaks = (wanted === "zh" || wanted === "en") && wanted !== langRef.current;
      // The first page is drawn in the person's language, not in the browser's guess before it.
      if (speaks) void setLang(wanted).then(show, show);
      else show();
    },
    [setLang, setChoice],
  );

  const again = useCallback(async () => {
    try {
      enter(await request<Me>("GET", "/session"));
    } catch (error) {
      if (!isProblem(error)) throw error;
      if (error.status === 401) out();
      else setSession({ state: "failed", problem: error });
    }
  }, [enter, out]);

  const leave = useCallback(async () => {
    await request("DELETE", "/session");
    out();
  }, [out]);

  useEffect(() => {
    surroundings.signedOut = out;
    surroundings.confirm = () => {
      // Requests that fail together share one dialog.
      pending.current ??= new Promise<boolean>((resolve) => {
        setAsking(() => (proved: boolean) => {
          pending.current = null;
          setAsking(null);
          resolve(proved);
        });
      });
      return pending.current;
    };
  }, [out]);

  const first = useRef(true);
  useEffect(() => {
    if (!first.current) return;
    first.current = false;
    if (localStorage.getItem(WAS)) void again();
    else setSession({ state: "out" });
  }, [again]);

  const value = useMemo(() => ({ session, enter, again, leave }), [session, enter, again, leave]);
  return (
    <SessionContext value={value}>
      {children}
      {asking && session.state === "in" ? <ConfirmDialog me={session.me} done={asking} /> : null}
    </SessionContext>
  );
}
