// Amounts. On the wire an amount is exact decimal text with its currency ({amount: "1234.50",
// currency: "CNY"}); here it is a count of minor units in a BigInt. No floating point anywhere.

export type Currency = "CNY" | "USD" | "EUR" | "GBP" | "HKD" | "SGD" | "JPY";

export interface Money {
  amount: string;
  currency: Currency | (string & {});
}

const SYMBOL: Record<string, string> = {
  CNY: "¥",
  USD: "US$",
  EUR: "€",
  GBP: "£",
  HKD: "HK$",
  SGD: "S$",
  JPY: "JP¥",
};

/** Decimal places of the minor unit. */
export function exponent(currency: string): number {
  return currency === "JPY" ? 0 : 2;
}

/** Minor units of decimal text; null when it is no amount of the currency. */
export function toMinor(text: string, currency: string): bigint | null {
  const match = /^([+-]?)(\d+)(?:\.(\d+))?$/.exec(text.trim());
  if (!match) return null;
  const places = exponent(currency);
  const digits = (match[3] ?? "").replace(/0+$/, "");
  if (digits.length > places) return null;
  const minor = BigInt((match[2] ?? "") + digits.padEnd(places, "0"));
  return match[1] === "-" ? -minor : minor;
}

/** Decimal text of minor units, as the wire wants it. */
export function fromMinor(minor: bigint, currency: string): string {
  const places = exponent(currency);
  const negative = minor < 0n;
  const digits = (negative ? -minor : minor).toString().padStart(places + 1, "0");
  const whole = digits.slice(0, digits.length - places);
  const part = places === 0 ? "" : `.${digits.slice(digits.length - places)}`;
  return `${negative ? "-" : ""}${whole}${part}`;
}

/** Groups of three digits, sign as a minus sign, the symbol of the currency in front. */
export function formatMoney(money: Money, symbol = true): string {
  const minor = toMinor(money.amount, money.currency);
  if (minor === null) return `${money.amount} ${money.currency}`;
  const text = fromMinor(minor < 0n ? -minor : minor, money.currency);
  const [whole = "0", part] = text.split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  const sign = minor < 0n ? "\u2212" : "";
  const mark = symbol ? (SYMBOL[money.currency] ?? `${money.currency} `) : "";
  return `${sign}${mark}${grouped}${part === undefined ? "" : `.${part}`}`;
}

export function isZero(money: Money): boolean {
  return toMinor(money.amount, money.currency) === 0n;
}

export function isNegative(money: Money): boolean {
  return (toMinor(money.amount, money.currency) ?? 0n) < 0n;
}

/** The sum; null when currencies differ or one is malformed. */
export function addMoney(first: Money, second: Money): Money | null {
  const a = toMinor(first.amount, first.currency);
  const b = toMinor(second.amount, second.currency);
  if (a === null || b === null || first.currency !== second.currency) return null;
  return { amount: fromMinor(a + b, first.currency), currency: first.currency };
}
