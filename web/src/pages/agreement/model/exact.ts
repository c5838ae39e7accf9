/**
 * Exact values as people read them. Shares stay whole numbers of arbitrary size; what becomes a
 * JavaScript number here is a place on the screen and nothing else.
 */
import { fromMinor, toMinor } from "../../../format/money";
import { group } from "../../../format/number";
import type { Fraction, Money } from "../types";

export { isNegative, isZero } from "../../../format/money";

const TEN = 10n;

/** Groups of three digits in the whole part of decimal text; other text stays. */
export function grouped(text: string): string {
  const [, sign = "", whole, rest = ""] = /^(-?)(\d+)(\.\d+)?$/.exec(text) ?? [];
  return whole === undefined ? text : `${sign === "" ? "" : "\u2212"}${group(whole)}${rest}`;
}

/** `num / den` cut off after so many places, never rounded up; trailing noughts are left out. */
export function cutOff(value: Fraction, places: number): string {
  const [num, den] = [BigInt(value.num), BigInt(value.den)];
  const scaled = ((num < 0n ? -num : num) * TEN ** BigInt(places)) / den;
  const digits = scaled.toString().padStart(places + 1, "0");
  const whole = digits.slice(0, digits.length - places);
  const rest = places > 0 ? digits.slice(-places).replace(/0+$/, "") : "";
  return grouped(`${num < 0n && scaled > 0n ? "-" : ""}${whole}${rest === "" ? "" : `.${rest}`}`);
}

/** The exact value: a decimal of at most six places, or the fraction itself. */
export function exact(value: Fraction): string {
  const [num, den] = [BigInt(value.num), BigInt(value.den)];
  if ((num * TEN ** 6n) % den === 0n) return cutOff(value, 6);
  return `${grouped(num.toString())}/${grouped(den.toString())}`;
}

/** `93.12 %`: at most four places, cut off, so that 89.99999 % does not read as 90 %. */
export function share(value: Fraction): string {
  return `${cutOff({ num: (BigInt(value.num) * 100n).toString(), den: value.den }, 4)} %`;
}

/** The value of a working's input, which may be a fraction. */
export function inputValue(value: string): string {
  const [, num, den] = /^(-?\d+)\/(\d+)$/.exec(value) ?? [];
  if (num !== undefined && den !== undefined && BigInt(den) > 0n) return exact({ num, den });
  return grouped(value);
}

/** The sum of amounts in the currency of `nothing`, which says it where there are none. */
export function sum(amounts: Money[], nothing: Money): Money {
  const { currency } = nothing;
  const total = amounts.reduce((all, one) => all + minor(one, currency), minor(nothing, currency));
  return { amount: fromMinor(total, currency), currency };
}

/** The same amount with the other sign. */
export function negated(money: Money): Money {
  return { ...money, amount: fromMinor(-minor(money, money.currency), money.currency) };
}

function minor(money: Money, currency: string): bigint {
  const found = money.currency === currency ? toMinor(money.amount, currency) : null;
  if (found === null)
    throw new RangeError(`no amount in ${currency}: ${money.amount} ${money.currency}`);
  return found;
}

/** A place on an axis. Not for amounts, thresholds or verdicts: only for where a mark is drawn. */
export function place(value: Fraction): number {
  return Number((BigInt(value.num) * 1_000_000n) / BigInt(value.den)) / 1e6;
}

/** Where an amount is drawn on an axis. */
export function placeOfMoney(money: Money): number {
  return place({
    num: minor(money, money.currency).toString(),
    den: money.currency === "JPY" ? "1" : "100",
  });
}
