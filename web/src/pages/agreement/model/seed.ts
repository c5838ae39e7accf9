/**
 * A party's half of the sampling seed, as `tally seed` keeps it: 64 hexadecimal digits in a file.
 * Only its commitment leaves the page before the delivery is handed over.
 */
import { hex, sha256, unhex } from "../../../format/bytes";

const TAG = new TextEncoder().encode("tallystick sample commitment v1\0");

/** A new seed. */
export function newSeed(): string {
  return hex(crypto.getRandomValues(new Uint8Array(32)));
}

/** What a party gives before the delivery. */
export function commitmentOf(seed: string): Promise<string> {
  return sha256(new Uint8Array([...TAG, ...unhex(seed)]));
}

/** The seed of a file; `null` where there is none in it. */
export function readSeed(text: string): string | null {
  const seed = text.slice(0, 200).trim().toLowerCase();
  return /^[0-9a-f]{64}$/.test(seed) ? seed : null;
}

/** The name of the file that a seed is saved in. */
export function seedFile(delivery: string, side: string): string {
  return `${delivery.replace(/[^\w.-]+/g, "-")}.${side}.seed`;
}
