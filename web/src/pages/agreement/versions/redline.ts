// Word files of versions, fetched and compared.
import { base64Of } from "../../../format/bytes";
import { at, request } from "../../../http/request";
import { save } from "../../../parts/save";
import { type Version, WORD_FILE } from "./api";

/** The Word file of a version. */
export async function wordFile(id: string, of: Version): Promise<Blob> {
  const path = at`/agreements/${id}/versions/${of.number}/files/${WORD_FILE}`;
  return request<Blob>("GET", path, { answer: "blob" });
}

/** Saves what differs between two versions as a Word file with tracked changes. */
export async function makeRedline(id: string, from: Version, to: Version): Promise<void> {
  const [old, now] = await Promise.all([wordFile(id, from), wordFile(id, to)]);
  const redline = await request<Blob>("POST", "/redlines", {
    body: { old: await base64Of(old), new: await base64Of(now) },
    answer: "blob",
  });
  save(`${id.replace(/[^\w.-]+/g, "-")}-${from.number}-${to.number}-redline.docx`, redline);
}
