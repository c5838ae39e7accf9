// Files on their way through the review: one after another, so that many do not crowd the server.
import { useEffect, useState } from "react";

import { request } from "../../http/request";
import type { Reviewed, Side } from "../../http/types";

export interface Judged {
  file: File;
  answer: Reviewed | null;
  problem: unknown;
}

/** From whose side, and by which playbook; the built-in one where none is named. */
export interface View {
  side: Side;
  playbook?: string | null;
  /** Whether the deployment's language model is asked too. */
  model?: boolean;
}

export function reviewFile(file: Blob, name: string, view: View): Promise<Reviewed> {
  return request<Reviewed>("POST", "/reviews", {
    query: { side: view.side, playbook: view.playbook, model: view.model ? "true" : null, name },
    body: file,
    contentType: "application/octet-stream",
  });
}

/** Reviews files in turn, and all anew from another view. */
export function useReviews(
  files: File[],
  { side, playbook, model }: View,
): { rows: Judged[]; busy: boolean } {
  const [rows, setRows] = useState<Judged[]>([]);
  useEffect(() => {
    let over = false;
    setRows(files.map((file) => ({ file, answer: null, problem: null })));
    const all = async () => {
      for (const [at, file] of files.entries()) {
        const row = await judged(file, { side, playbook, model });
        if (over) return;
        setRows((known) => known.map((one, i) => (i === at ? row : one)));
      }
    };
    void all();
    return () => {
      over = true;
    };
  }, [files, side, playbook, model]);
  return { rows, busy: rows.some((row) => row.answer === null && row.problem === null) };
}

async function judged(file: File, view: View): Promise<Judged> {
  try {
    return { file, answer: await reviewFile(file, file.name, view), problem: null };
  } catch (problem) {
    return { file, answer: null, problem };
  }
}
