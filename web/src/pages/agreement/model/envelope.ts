/**
 * What the server asks a party to sign, taken apart before it is signed: the bytes must be an
 * envelope over the very hash that the page shows, for this agreement and this side.
 *
 * `tallystick.envelope/1 SP len SP role SP len SP key SP len SP body`
 */

const FORMAT = "tallystick.envelope/1";

/** What stands in the bytes. */
export interface Envelope {
  role: string;
  key: string;
  kind: string;
  /** Names and SHA-256 of what is signed. */
  subject: { name: string; sha256: string }[];
  agreement: string;
  side: string;
  signatory: string;
}

/** What a signature under these bytes says; `null` where they are no envelope. */
export function envelopeOf(bytes: Uint8Array): Envelope | null {
  const parts = partsOf(bytes);
  if (parts === null) return null;
  const [role, key, text] = parts;
  try {
    const body = JSON.parse(text) as Body;
    if (body.format !== FORMAT) return null;
    const subject = body.subject.map((one) => ({
      name: one.name,
      sha256: one.digest?.sha256 ?? one.sha256 ?? "",
    }));
    const { agreement, side, signatory } = body.statement;
    return { role, key, kind: String(body.kind), subject, agreement, side, signatory };
  } catch {
    return null;
  }
}

interface Body {
  format: string;
  kind: unknown;
  subject: { name: string; sha256?: string; digest?: { sha256: string } }[];
  statement: { agreement: string; side: string; signatory: string };
}

/** Role, key and body by their lengths; nothing may follow. */
function partsOf(bytes: Uint8Array): [string, string, string] | null {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const head = FORMAT.length;
  if (decoder.decode(bytes.slice(0, head)) !== FORMAT) return null;
  const parts: string[] = [];
  let at = head;
  while (parts.length < 3) {
    const end = bytes.indexOf(0x20, at + 1);
    if (bytes[at] !== 0x20 || end < 0) return null;
    const length = Number(decoder.decode(bytes.slice(at + 1, end)));
    if (!Number.isSafeInteger(length) || length < 0) return null;
    parts.push(decoder.decode(bytes.slice(end + 1, end + 1 + length)));
    at = end + 1 + length;
  }
  return at === bytes.length ? [parts[0] ?? "", parts[1] ?? "", parts[2] ?? ""] : null;
}
