/**
 * A party's own signing key in the browser. The file is the one that `tally key new` writes:
 * `{"format": "tallystick.key/1", "name": …, "seed": 64 hexadecimal digits}`. The seed is never
 * sent anywhere: the page signs and posts the signature.
 */

import { hex, unbase64, unhex } from "../../../format/bytes";

const FORMAT = "tallystick.key/1";
/** An Ed25519 private key in PKCS #8 up to its seed (RFC 8410). */
const PKCS8 = Uint8Array.from([
  0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20,
]);

/** Why a key file is not taken. */
export class KeyFileError extends Error {
  constructor(readonly code: "not_json" | "other_format" | "no_name" | "no_seed" | "too_long") {
    super(code);
  }
}

/** A key that signs. */
export interface SigningKey {
  name: string;
  publicKey: Uint8Array<ArrayBuffer>;
  sign: (message: Uint8Array<ArrayBuffer>) => Promise<Uint8Array<ArrayBuffer>>;
}

/** What stands in a key file. */
export interface KeyFile {
  format: string;
  name: string;
  seed: string;
}

/** Reads a key file. */
export function readKeyFile(text: string): KeyFile {
  if (text.length > 4096) throw new KeyFileError("too_long");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new KeyFileError("not_json");
  }
  const file = value as Partial<KeyFile> | null;
  if (file?.format !== FORMAT) throw new KeyFileError("other_format");
  if (typeof file.name !== "string" || !isName(file.name)) throw new KeyFileError("no_name");
  if (typeof file.seed !== "string" || !/^[0-9a-f]{64}$/i.test(file.seed))
    throw new KeyFileError("no_seed");
  return { format: FORMAT, name: file.name, seed: file.seed.toLowerCase() };
}

/** A key name stands in signed notes: it is not empty and has no spaces and no `+`. */
export function isName(name: string): boolean {
  return name.length > 0 && name.length <= 128 && !/[\s+]/u.test(name);
}

/** A new key file. */
export function newKeyFile(name: string): KeyFile {
  if (!isName(name)) throw new KeyFileError("no_name");
  return { format: FORMAT, name, seed: hex(crypto.getRandomValues(new Uint8Array(32))) };
}

/** The text of a key file as `tally` writes it. */
export function keyFileText(file: KeyFile): string {
  return `${JSON.stringify({ format: file.format, name: file.name, seed: file.seed }, null, 2)}\n`;
}

/** The key of a file, ready to sign. */
export async function signingKey(file: KeyFile): Promise<SigningKey> {
  const pkcs8 = new Uint8Array([...PKCS8, ...unhex(file.seed)]);
  const [algorithm, usages]: ["Ed25519", KeyUsage[]] = ["Ed25519", ["sign"]];
  const extractable = await crypto.subtle.importKey("pkcs8", pkcs8, algorithm, true, usages);
  const { x } = await crypto.subtle.exportKey("jwk", extractable);
  const key = await crypto.subtle.importKey("pkcs8", pkcs8, algorithm, false, usages);
  pkcs8.fill(0);
  if (x === undefined) throw new KeyFileError("no_seed");
  const sign = async (message: Uint8Array<ArrayBuffer>) =>
    new Uint8Array(await crypto.subtle.sign(algorithm, key, message));
  return { name: file.name, publicKey: unbase64(x), sign };
}
