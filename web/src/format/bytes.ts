// Bytes as text and back.

const STEP = 0x8000;

/** Bytes as base64; of any length. */
export function base64(bytes: Uint8Array): string {
  let letters = "";
  for (let from = 0; from < bytes.length; from += STEP) {
    letters += String.fromCharCode(...bytes.subarray(from, from + STEP));
  }
  return btoa(letters);
}

/** Base64, of URLs too, as bytes. */
export function unbase64(text: string): Uint8Array<ArrayBuffer> {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

/** A file as base64, as requests carry it. */
export async function base64Of(file: Blob): Promise<string> {
  return base64(new Uint8Array(await file.arrayBuffer()));
}

/** SHA-256 in hexadecimal. */
export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return hex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
}

/** Bytes as hexadecimal digits. */
export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Hexadecimal digits as bytes. */
export function unhex(text: string): number[] {
  return (text.match(/../g) ?? []).map((pair) => parseInt(pair, 16));
}

/** 12.3 MB, by powers of ten. */
export function size(count: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  const at = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, count)) / 3));
  const value = count / 1000 ** at;
  return `${at === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[at] ?? "B"}`;
}
