// Figures are exact: amounts beyond what a float holds, fractions, instants over a change of zone.
import { describe, expect, test } from "vitest";

import { fromWall, stretch, toWall } from "../src/format/instant";
import { addMoney, formatMoney, fromMinor, toMinor } from "../src/format/money";
import { decimal, fractionOf, percent } from "../src/format/number";

describe("money", () => {
  const check = (amount: string, currency: string, shown: string) =>
    expect(formatMoney({ amount, currency })).toBe(shown);

  test("is written with its currency, in groups of three, with all its places", () => {
    check("300000.00", "CNY", "¥300,000.00");
    check("0", "CNY", "¥0.00");
    check("0.05", "USD", "US$0.05");
    check("-1234.5", "EUR", "\u2212€1,234.50");
    check("1200", "JPY", "JP¥1,200");
    check("90071992547409931234.07", "CNY", "¥90,071,992,547,409,931,234.07");
  });

  test("that is no amount is shown as it came and never as a number", () => {
    check("1.234", "CNY", "1.234 CNY");
    check("ten", "CNY", "ten CNY");
    expect(toMinor("0.5", "JPY")).toBeNull();
  });

  test("goes to minor units and back without loss", () => {
    for (const text of ["0.00", "0.01", "-0.01", "12345678901234567890.99"]) {
      expect(fromMinor(toMinor(text, "CNY") ?? 0n, "CNY")).toBe(text);
    }
  });

  test("of two currencies has no sum", () => {
    expect(
      addMoney({ amount: "0.10", currency: "CNY" }, { amount: "0.20", currency: "CNY" })?.amount,
    ).toBe("0.30");
    expect(addMoney({ amount: "1", currency: "CNY" }, { amount: "1", currency: "USD" })).toBeNull();
  });
});

test("fractions are exact as decimals and percentages", () => {
  expect(percent({ num: "999", den: "1000" })).toBe("99.9%");
  expect(percent({ num: "2", den: "3" })).toBe("66.67%");
  expect(decimal({ num: "41900000000000000", den: "1" })).toBe("41,900,000,000,000,000");
  expect(decimal({ num: "-1", den: "3" })).toBe("\u22120.3333");
  expect(fractionOf("92.5%")).toEqual({ num: "37", den: "40" });
  expect(fractionOf("0.925")).toEqual({ num: "37", den: "40" });
  expect(fractionOf("0")).toEqual({ num: "0", den: "1" });
  expect(fractionOf("1/0")).toBeNull();
});

test("wall-clock time is that of the agreement's zone", () => {
  expect(fromWall("2026-01-04T09:00", "Asia/Shanghai")).toBe("2026-01-04T09:00:00+08:00");
  expect(fromWall("2026-03-29T12:00:00", "Europe/Berlin")).toBe("2026-03-29T12:00:00+02:00");
  expect(fromWall("2026-01-15T12:00:00", "America/New_York")).toBe("2026-01-15T12:00:00-05:00");
  expect(toWall("2026-01-04T01:00:00Z", "Asia/Shanghai")).toBe("2026-01-04T09:00:00");
});

test("the time that is left is told in its two largest units", () => {
  expect(stretch(((3 * 24 + 4) * 60 + 59) * 60_000, "en")).toBe("3 days 4 hrs");
  expect(stretch(((3 * 24 + 4) * 60 + 59) * 60_000, "zh")).toBe("3天4小时");
  expect(stretch(59_000, "en")).toBe("59 secs");
  expect(stretch(0, "zh")).toBe("0秒");
});
