import { describe, expect, it } from "vitest";

import {
  cutOff,
  exact,
  grouped,
  inputValue,
  negated,
  placeOfMoney,
  share,
  sum,
} from "../../src/pages/agreement/model/exact";

const of = (num: string, den: string) => ({ num, den });
const cny = (amount: string) => ({ amount, currency: "CNY" });

describe("exact values", () => {
  it("group digits before the point alone", () => {
    const rows: [string, string][] = [
      ["1234567.12345", "1,234,567.12345"],
      ["-1200", "−1,200"],
      ["999", "999"],
      ["half", "half"],
    ];
    for (const [given, read] of rows) expect(grouped(given)).toBe(read);
  });

  it("cut a share off and never round it up", () => {
    const rows: [string, string, string][] = [
      ["8999999", "10000000", "89.9999 %"],
      ["99999999", "100000000", "99.9999 %"],
      ["9", "10", "90 %"],
      ["1", "3", "33.3333 %"],
      ["0", "1", "0 %"],
      ["-1", "8", "−12.5 %"],
    ];
    for (const [num, den, read] of rows) expect(share(of(num, den))).toBe(read);
    expect(cutOff(of("7", "2"), 0)).toBe("3");
  });

  it("are fractions where they have no short decimal", () => {
    expect(exact(of("127205", "12"))).toBe("127,205/12");
    expect(exact(of("483854133", "250000"))).toBe("1,935.416532");
    expect(inputValue("483854133/228125")).toBe("483,854,133/228,125");
    expect(inputValue("109900800000000000000")).toBe("109,900,800,000,000,000,000");
    expect(inputValue("0.03")).toBe("0.03");
  });

  it("add up beyond what a floating-point number holds", () => {
    const total = sum([cny("90071992547409.93"), cny("0.01"), cny("0.02")], cny("0.00"));
    expect(total).toEqual(cny("90071992547409.96"));
    expect(sum([], cny("0.00"))).toEqual(cny("0.00"));
    expect(sum([{ amount: "100", currency: "JPY" }], { amount: "0", currency: "JPY" }).amount).toBe(
      "100",
    );
    expect(negated(cny("-0.05"))).toEqual(cny("0.05"));
  });

  it("refuse to add what is no amount of the currency", () => {
    for (const amount of ["", "1e3", "NaN", "1.", "--1", "0.001"]) {
      expect(() => sum([cny(amount)], cny("0.00"))).toThrow(RangeError);
    }
    expect(() => sum([{ amount: "1.00", currency: "USD" }], cny("0.00"))).toThrow(RangeError);
  });

  it("become places on an axis only", () => {
    expect(placeOfMoney(cny("230406.73"))).toBe(230406.73);
    expect(placeOfMoney({ amount: "5", currency: "JPY" })).toBe(5);
  });
});
