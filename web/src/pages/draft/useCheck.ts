// The text of an agreement, checked and drafted by the server shortly after the last key.
import { useEffect, useState } from "react";

import type { DraftEdition, DraftLineView, DraftView } from "../../api/types.gen";
import { request } from "../../http/request";
import type { CheckAnswer } from "../../http/types";
import { useWords } from "../../words";

export type { DraftEdition as Edition, DraftLineView as DraftLine, DraftView as Drafted };

const PAUSE_MS = 500;

export interface Answered<T> {
  /** The last answer, which may be of an earlier text. */
  answer: T | null;
  /** Whether the answer to this very text is awaited. */
  waiting: boolean;
  error: unknown;
}

/** Asks for `key` once it stayed the same for half a second; `null` asks nothing. */
function useAnswer<T>(key: string | null, ask: (signal: AbortSignal) => Promise<T>): Answered<T> {
  const [known, setKnown] = useState<{ of: string; answer: T | null; error: unknown } | null>(null);
  useEffect(() => {
    if (key === null) return undefined;
    const stop = new AbortController();
    const timer = setTimeout(() => {
      ask(stop.signal)
        .then((answer) => setKnown({ of: key, answer, error: null }))
        .catch((error: unknown) => {
          if (stop.signal.aborted) return;
          setKnown((old) => ({ of: key, answer: old?.answer ?? null, error }));
        });
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
    // `ask` is made of `key` alone: a new key is a new question.
  }, [key]);
  if (key === null) return { answer: null, waiting: false, error: null };
  const isOf = known?.of === key;
  return {
    answer: known?.answer ?? null,
    waiting: !isOf,
    error: isOf ? known.error : null,
  };
}

export function useCheck(text: string): Answered<CheckAnswer> {
  const { lang } = useWords();
  const key = text.trim() === "" ? null : `${lang}\n${text}`;
  return useAnswer(key, (signal) =>
    request<CheckAnswer>("POST", "/agreements/check", { body: text, signal }),
  );
}

/** The contract that the terms make. */
export function useDraft(text: string, edition: DraftEdition): Answered<DraftView> {
  const { lang } = useWords();
  const key = text.trim() === "" ? null : `${lang}\n${edition}\n${text}`;
  return useAnswer(key, (signal) =>
    request<DraftView>("POST", "/drafts", { body: { terms: text, edition }, signal }),
  );
}
