// Language and theme as the reader chose them: from the person, the browser as first guess.
import { App as Antd, ConfigProvider } from "antd";
import type { Locale } from "antd/es/locale";
import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useLayoutEffect,
  useMemo,
  useState,
  useSyncExternalStore,
} from "react";

import { surroundings } from "../http/request";
import { guessLang, type Lang, loadTexts, WordsProvider } from "../words";
import { type Choice, keptChoice, type Mode, paint, themeOf } from "./theme";

export interface Look {
  lang: Lang;
  mode: Mode;
  choice: Choice;
  /** Done when the words of that language are there. */
  setLang: (lang: Lang) => Promise<void>;
  setChoice: (choice: Choice) => void;
}

const LookContext = createContext<Look | null>(null);

export function useLook(): Look {
  const look = useContext(LookContext);
  if (!look) throw new Error("no Look above");
  return look;
}

const locales: Partial<Record<Lang, Locale>> = {};

async function load(lang: Lang): Promise<void> {
  const [locale] = await Promise.all([
    lang === "zh" ? import("antd/es/locale/zh_CN") : import("antd/es/locale/en_US"),
    loadTexts(lang),
  ]);
  locales[lang] = locale.default;
}

/** To be awaited before the first drawing. */
export async function loadLook(): Promise<Lang> {
  const lang = guessLang();
  surroundings.lang = lang;
  paint(modeOf(keptChoice(), dark.matches));
  await load(lang);
  return lang;
}

const dark = window.matchMedia("(prefers-color-scheme: dark)");

function modeOf(choice: Choice, systemDark: boolean): Mode {
  if (choice !== "system") return choice;
  return systemDark ? "dark" : "light";
}

export function LookProvider({ first, children }: { first: Lang; children: ReactNode }) {
  const [lang, setShown] = useState(first);
  const [choice, setKept] = useState(keptChoice);
  const systemDark = useSyncExternalStore(
    (told) => {
      dark.addEventListener("change", told);
      return () => dark.removeEventListener("change", told);
    },
    () => dark.matches,
  );
  const mode = modeOf(choice, systemDark);

  const setLang = useCallback((next: Lang) => {
    surroundings.lang = next;
    localStorage.setItem("tally.lang", next);
    return load(next).then(() => setShown(next));
  }, []);
  const setChoice = useCallback((next: Choice) => {
    localStorage.setItem("tally.theme", next);
    setKept(next);
  }, []);

  useEffect(() => paint(mode), [mode]);
  useLayoutEffect(() => {
    document.documentElement.lang = lang === "zh" ? "zh-CN" : "en";
  }, [lang]);

  const look = useMemo(
    () => ({ lang, mode, choice, setLang, setChoice }),
    [lang, mode, choice, setLang, setChoice],
  );
  const theme = useMemo(() => themeOf(mode), [mode]);
  return (
    <LookContext value={look}>
      <WordsProvider lang={lang}>
        <ConfigProvider
          locale={locales[lang] ?? { locale: lang }}
          theme={theme}
          button={{ autoInsertSpace: false }}
        >
          <Antd component={false} message={{ duration: 4 }}>
            {children}
          </Antd>
        </ConfigProvider>
      </WordsProvider>
    </LookContext>
  );
}
