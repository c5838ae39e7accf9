// Exact fractions as the core writes them ({num, den} in decimal text), as percentages and decimals.

export interface Fraction {
  num: string;
  den: string;
}

/** Exact to `places`, rounded half away from zero, trailing zeros dropped. */
export function decimal(fraction: Fraction, places = 4, scale = 0): string {
  const num = BigInt(fraction.num) * 10n ** BigInt(scale);
  const den = BigInt(fraction.den);
  if (den === 0n) return "–";
  const negative = num < 0n;
  const unit = 10n ** BigInt(places);
  const rounded = ((negative ? -num : num) * unit * 2n + den) / (den * 2n);
  const whole = (rounded / unit).toString();
  const part = (rounded % unit).toString().padStart(places, "0").replace(/0+$/, "");
  const zero = rounded === 0n;
  return `${negative && !zero ? "\u2212" : ""}${group(whole)}${part === "" ? "" : `.${part}`}`;
}

/** 999/1000 -> "99.9%". */
export function percent(fraction: Fraction, places = 2): string {
  return `${decimal(fraction, places, 2)}%`;
}

/** For charts only, where a pixel is all that depends on it. */
export function approximate(fraction: Fraction): number {
  return Number((BigInt(fraction.num) * 1_000_000n) / BigInt(fraction.den)) / 1_000_000;
}

/** The exact fraction of decimal text, in lowest terms; null when it is no number. */
export function fractionOf(text: string): Fraction | null {
  const match = /^(-?)(\d+)(?:\.(\d+))?(%?)$/.exec(text.trim());
  if (match) {
    const part = match[3] ?? "";
    const den = 10n ** BigInt(part.length + (match[4] === "%" ? 2 : 0));
    const num = BigInt(`${match[2] ?? "0"}${part}`) * (match[1] === "-" ? -1n : 1n);
    return reduce(num, den);
  }
  const ratio = /^(-?\d+)\s*\/\s*([1-9]\d*)$/.exec(text.trim());
  return ratio ? reduce(BigInt(ratio[1] ?? "0"), BigInt(ratio[2] ?? "1")) : null;
}

function reduce(num: bigint, den: bigint): Fraction {
  let [a, b] = [num < 0n ? -num : num, den];
  while (b !== 0n) [a, b] = [b, a % b];
  const by = a === 0n ? den : a;
  return { num: (num / by).toString(), den: (den / by).toString() };
}

/** Groups of three digits. */
export function group(digits: string | number | bigint): string {
  return String(digits).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** Bytes in KB, MB, GB of 1000. */
export function bytes(count: number): string {
  const units = ["B", "KB", "MB", "GB", "TB"];
  let value = count;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(value < 10 ? 1 : 0)} ${units[unit]}`;
}
