// Names of labels, made by the client: 26 letters of Crockford's base 32, ordered by time.

const LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** `now` in milliseconds; `random` fills bytes. */
export function ulid(
  now: number = Date.now(),
  random: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array = (bytes) => crypto.getRandomValues(bytes),
): string {
  let time = "";
  let rest = Math.floor(now);
  for (let at = 0; at < 10; at += 1) {
    time = LETTERS.charAt(rest % 32) + time;
    rest = Math.floor(rest / 32);
  }
  const bytes = random(new Uint8Array(16));
  return time + [...bytes].map((byte) => LETTERS.charAt(byte % 32)).join("");
}
