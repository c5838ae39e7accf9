/**
 * A party's signature on a checkpoint, as c2sp.org/signed-note and c2sp.org/tlog-cosignature write
 * it: over the text of the note and a second, with the party's own key.
 */
import { base64 } from "../../../format/bytes";
import type { SigningKey } from "./keyfile";

/** A cosignature with its time. */
const COSIGNATURE = 4;
const encoder = new TextEncoder();

/** The signature line of a key under a note, for the second that `at` lies in. */
export async function noteLine(
  key: SigningKey,
  note: string,
  at: number = Date.now(),
): Promise<string> {
  const seconds = Math.max(Math.floor(at / 1000), 0);
  const message = `cosignature/v1\ntime ${seconds}\n${textOf(note)}`;
  const time = new Uint8Array(8);
  new DataView(time.buffer).setBigUint64(0, BigInt(seconds));
  const signature = await key.sign(encoder.encode(message));
  return `— ${key.name} ${base64(concat(await keyId(key), time, signature))}`;
}

/** The text of a note: all above the blank line before its signatures. */
export function textOf(note: string): string {
  const end = note.indexOf("\n\n— ");
  return end < 0 ? note : note.slice(0, end + 1);
}

/** The first four bytes of `SHA-256(name || 0x0A || type || public key)`. */
async function keyId(key: SigningKey): Promise<Uint8Array> {
  const named = concat(encoder.encode(`${key.name}\n`), Uint8Array.of(COSIGNATURE), key.publicKey);
  return new Uint8Array(await crypto.subtle.digest("SHA-256", named)).slice(0, 4);
}

function concat(...parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let from = 0;
  for (const part of parts) {
    whole.set(part, from);
    from += part.length;
  }
  return whole;
}
