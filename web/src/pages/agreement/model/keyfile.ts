/**
 * A party's own signing key in the browser. Two forms of file: the one that `tally key new` writes,
 * `{"format": "tallystick.key/1", "name": …, "seed": 64 hexadecimal digits}` (Ed25519), and a PKCS #8
 * private key in PEM (Ed25519 or P-256), as `openssl` writes it, with the key's name in a line before
 * it where this page made it. What is private is never sent: the page signs and posts the signature.
 */
import { base64, hex, unbase64, unhex } from "../../../format/bytes";

const FORMAT = "tallystick.key/1";
/** An Ed25519 private key in PKCS #8 up to its seed (RFC 8410). */
const PKCS8 = Uint8Array.from([
  0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20,
]);
const PEM = /-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\s]+)-----END PRIVATE KEY-----/;
const NAMED = /^Name: (\S+)$/m;

/** How a key signs, as the server names it. */
export type Algorithm = "ed25519" | "ecdsa-p256-sha256";
export const ALGORITHMS: Algorithm[] = ["ed25519", "ecdsa-p256-sha256"];

/** Why a key file is not taken. */
export class KeyFileError extends Error {
  constructor(
    readonly code: "not_json" | "other_format" | "no_name" | "no_seed" | "too_long" | "unsupported",
  ) {
    super(code);
  }
}

/** A key that signs. */
export interface SigningKey {
  name: string;
  algorithm: Algorithm;
  /** 32 bytes for Ed25519, an uncompressed point (65) for P-256. */
  publicKey: Uint8Array<ArrayBuffer>;
  sign: (message: Uint8Array<ArrayBuffer>) => Promise<Uint8Array<ArrayBuffer>>;
}

/** What stands in a key file; `name` is empty where the file has none. */
export type KeyFile =
  { form: "seed"; name: string; seed: string } | { form: "pem"; name: string; pem: string };

/** Reads a key file. */
export function readKeyFile(text: string): KeyFile {
  if (text.length > 4096) throw new KeyFileError("too_long");
  const pem = PEM.exec(text)?.[0];
  if (pem !== undefined) {
    const name = NAMED.exec(text)?.[1] ?? "";
    return { form: "pem", name: isName(name) ? name : "", pem };
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new KeyFileError("not_json");
  }
  const file = value as { format?: unknown; name?: unknown; seed?: unknown } | null;
  if (file?.format !== FORMAT) throw new KeyFileError("other_format");
  if (typeof file.name !== "string" || !isName(file.name)) throw new KeyFileError("no_name");
  if (typeof file.seed !== "string" || !/^[0-9a-f]{64}$/i.test(file.seed))
    throw new KeyFileError("no_seed");
  return { form: "seed", name: file.name, seed: file.seed.toLowerCase() };
}

/** A key name stands in signed notes: it is not empty and has no spaces and no `+`. */
export function isName(name: string): boolean {
  return name.length > 0 && name.length <= 128 && !/[\s+]/u.test(name);
}

/** A new key, as its file. */
export async function newKeyFile(name: string, algorithm: Algorithm): Promise<KeyFile> {
  if (!isName(name)) throw new KeyFileError("no_name");
  if (algorithm === "ed25519") {
    return { form: "seed", name, seed: hex(crypto.getRandomValues(new Uint8Array(32))) };
  }
  const made = await crypto.subtle.generateKey(P256, true, ["sign", "verify"]);
  const der = new Uint8Array(await crypto.subtle.exportKey("pkcs8", made.privateKey));
  const lines = base64(der).match(/.{1,64}/g) ?? [];
  const pem = ["-----BEGIN PRIVATE KEY-----", ...lines, "-----END PRIVATE KEY-----"].join("\n");
  der.fill(0);
  return { form: "pem", name, pem };
}

/** The text of a key file: as `tally` writes it, or PEM with the name before it. */
export function keyFileText(file: KeyFile): string {
  if (file.form === "pem") return `Name: ${file.name}\n${file.pem}\n`;
  return `${JSON.stringify({ format: FORMAT, name: file.name, seed: file.seed }, null, 2)}\n`;
}

const ED25519 = "Ed25519";
const P256 = { name: "ECDSA", namedCurve: "P-256" } as const;

/** Whether this browser has Ed25519; where it has not, P-256 is there. */
export async function hasEd25519(): Promise<boolean> {
  try {
    await crypto.subtle.importKey("raw", new Uint8Array(32), ED25519, false, ["verify"]);
    return true;
  } catch (error) {
    return !(error instanceof DOMException && error.name === "NotSupportedError");
  }
}

/** The key of a file, ready to sign. */
export async function signingKey(file: KeyFile): Promise<SigningKey> {
  const pkcs8 =
    file.form === "seed"
      ? new Uint8Array([...PKCS8, ...unhex(file.seed)])
      : unbase64((PEM.exec(file.pem)?.[1] ?? "").replace(/\s/g, ""));
  const isEd25519 = hex(pkcs8.slice(0, 16)) === hex(PKCS8);
  const key = isEd25519 ? await ed25519(pkcs8) : await p256(pkcs8);
  pkcs8.fill(0);
  return { name: file.name, ...key };
}

type Nameless = Omit<SigningKey, "name">;

async function ed25519(pkcs8: Uint8Array<ArrayBuffer>): Promise<Nameless> {
  const usages: KeyUsage[] = ["sign"];
  const extractable = await crypto.subtle.importKey("pkcs8", pkcs8, ED25519, true, usages);
  const { x } = await crypto.subtle.exportKey("jwk", extractable);
  const key = await crypto.subtle.importKey("pkcs8", pkcs8, ED25519, false, usages);
  if (x === undefined) throw new KeyFileError("no_seed");
  const sign = async (message: Uint8Array<ArrayBuffer>) =>
    new Uint8Array(await crypto.subtle.sign(ED25519, key, message));
  return { algorithm: "ed25519", publicKey: unbase64(x), sign };
}

async function p256(pkcs8: Uint8Array<ArrayBuffer>): Promise<Nameless> {
  const usages: KeyUsage[] = ["sign"];
  let extractable: CryptoKey;
  try {
    extractable = await crypto.subtle.importKey("pkcs8", pkcs8, P256, true, usages);
  } catch {
    throw new KeyFileError("unsupported");
  }
  const { x, y } = await crypto.subtle.exportKey("jwk", extractable);
  if (x === undefined || y === undefined) throw new KeyFileError("unsupported");
  const key = await crypto.subtle.importKey("pkcs8", pkcs8, P256, false, usages);
  const how = { name: "ECDSA", hash: "SHA-256" };
  const sign = async (message: Uint8Array<ArrayBuffer>) =>
    new Uint8Array(await crypto.subtle.sign(how, key, message));
  const publicKey = Uint8Array.from([4, ...unbase64(x), ...unbase64(y)]);
  return { algorithm: "ecdsa-p256-sha256", publicKey, sign };
}
