import { readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import type { Schema } from "../../src/parts/form/schema";
import { ageing, bandOf, daysBetween } from "../../src/pages/agreement/model/ageing";
import { mayDo } from "../../src/pages/agreement/model/deeds";
import { envelopeOf } from "../../src/pages/agreement/model/envelope";
import { bySide, mayWaive, openOf } from "../../src/pages/agreement/model/obligations";
import {
  bullet,
  history,
  measured,
  relevant,
  required,
} from "../../src/pages/agreement/model/standards";
import { duration, sections } from "../../src/pages/agreement/model/terms";
import { byMonth, marks } from "../../src/pages/agreement/model/timeline";
import { pieces, rowsOf } from "../../src/pages/agreement/model/working";
import type {
  Account,
  Entry,
  Obligation,
  Position,
  Standard,
  Statement,
  Terms,
} from "../../src/pages/agreement/types";

const cny = (amount: string) => ({ amount, currency: "CNY" });

function obligation(over: Partial<Obligation>): Obligation {
  return {
    name: "upgrade",
    kind: "upgrade",
    debtor: "vendor",
    clause: "lease-6.3",
    start: "2026-01-04T01:00:00Z",
    due: "2026-04-04T16:00:00Z",
    provisional: false,
    status: "pending",
    met: null,
    evidence: ["e3"],
    ...over,
  };
}

function standard(over: Partial<Standard>): Standard {
  return {
    metric: "accuracy",
    subject: null,
    average: null,
    threshold: { num: "9", den: "10" },
    value: null,
    verdict: "undecidable",
    clause: "class-4.2",
    evidence: [],
    ...over,
  };
}

function entry(
  seq: number,
  kind: string,
  payload: Record<string, unknown>,
  at = `2026-01-0${seq}T01:00:00Z`,
): Entry {
  const text = { zh: kind, en: kind };
  return {
    seq,
    id: `e${seq}`,
    at,
    actor: { of: "vendor", name: "li" },
    kind,
    text,
    payload,
    sha256: "",
  };
}

const fact = (seq: number, payload: Record<string, unknown>) =>
  entry(seq, "fact_recorded", { fact: payload, source: null });

function position(over: Partial<Position>): Position {
  return {
    agreement: "a",
    as_of: "2026-03-10T07:00:00Z",
    phase: "in_force",
    effective: "2026-01-04",
    ends: "2026-12-31",
    ended: null,
    obligations: [],
    standards: [],
    money: null,
    rights: [],
    claims: [],
    disputes: [],
    force_majeure: [],
    gaps: {},
    conflicts: 0,
    provisional: false,
    ...over,
  };
}

describe("ageing", () => {
  it("counts days of the calendar and puts the due day itself into what is not due", () => {
    expect(daysBetween("2026-02-28", "2026-03-01")).toBe(1);
    expect(daysBetween("2026-03-28", "2026-03-30")).toBe(2);
    const rows: [string, string][] = [
      ["2026-03-10", "not_due"],
      ["2026-03-09", "to_30"],
      ["2026-02-08", "to_30"],
      ["2026-02-07", "to_60"],
      ["2026-01-09", "to_60"],
      ["2026-01-08", "to_90"],
      ["2025-12-09", "over_90"],
    ];
    for (const [due, band] of rows) expect(bandOf(due, "2026-03-10")).toBe(band);
  });

  it("adds what is open to the fen, keeps every band and leaves out what is paid", () => {
    const row = (number: number, due: string, open: string, fee: string) => ({
      number,
      due,
      payable: cny("100.00"),
      open_principal: cny(open),
      late_fee: null,
      open_late_fee: cny(fee),
    });
    const account: Account = {
      as_of: "2026-03-10",
      invoices: [
        row(1, "2026-02-20", "0.10", "0.01"),
        row(2, "2026-02-25", "0.20", "0.00"),
        row(3, "2025-12-01", "0.00", "5.00"),
        row(4, "2025-12-01", "0.00", "0.00"),
      ],
      payments: [],
      open_principal: cny("-0.30"),
      open_late_fees: cny("5.01"),
      unallocated: cny("0.00"),
    };
    const bands = ageing(account);
    expect(
      bands.map((band) => [band.band, band.principal.amount, band.lateFees.amount, band.invoices]),
    ).toEqual([
      ["not_due", "0.00", "0.00", []],
      ["to_30", "0.30", "0.01", [1, 2]],
      ["to_60", "0.00", "0.00", []],
      ["to_90", "0.00", "0.00", []],
      ["over_90", "0.00", "5.00", [3]],
    ]);
  });
});

describe("obligations", () => {
  it("puts breaches first and leaves a party what is open of its own", () => {
    const all = [
      obligation({ name: "a", due: "2026-04-01T00:00:00Z" }),
      obligation({ name: "b", due: "2026-05-01T00:00:00Z", status: "breached" }),
      obligation({ name: "c", status: "met" }),
      obligation({ name: "d", debtor: "customer" }),
    ];
    expect(openOf(all, "vendor").map((one) => one.name)).toEqual(["b", "a"]);
    expect(bySide(all).vendor.map((one) => one.name)).toEqual(["b", "a", "c"]);
  });

  it("are waived by the other party alone, and only while they are open", () => {
    expect(mayWaive(obligation({}), "customer")).toBe(true);
    expect(mayWaive(obligation({}), "vendor")).toBe(false);
    expect(mayWaive(obligation({}), null)).toBe(false);
    expect(mayWaive(obligation({ status: "met" }), "customer")).toBe(false);
  });
});

describe("standards", () => {
  it("are read in the unit that people use", () => {
    const flops = standard({ metric: "flops", threshold: { num: "41600000000000000", den: "1" } });
    expect(required(flops)).toBe("≥ 41,600 TFLOPS");
    expect(measured("latency_micros", { num: "1500", den: "1" })).toBe("1.5 ms");
    expect(
      required(standard({ metric: "latency_micros", threshold: { num: "1500", den: "1" } })),
    ).toBe("< 1.5 ms");
    expect(measured("box_f1", { num: "8999999", den: "10000000" })).toBe("89.9999 %");
  });

  it("show a share on its whole scale and a quantity beside its threshold", () => {
    expect(bullet(standard({ value: { num: "19", den: "20" } }))).toEqual({
      value: 0.95,
      threshold: 0.9,
    });
    const iops = standard({
      metric: "iops",
      threshold: { num: "100", den: "1" },
      value: { num: "50", den: "1" },
    });
    expect(bullet(iops)).toEqual({ value: 0.4, threshold: 0.8 });
    expect(bullet(standard({})).value).toBeNull();
  });

  it("find their values in the journal, and no others", () => {
    const entries = [
      fact(1, {
        fact: "accuracy_evaluated",
        test_set: "t",
        version: "1",
        ratio: { hits: 95, total: 100 },
      }),
      fact(2, {
        fact: "accuracy_evaluated",
        test_set: "t",
        version: "2",
        ratio: { hits: 0, total: 0 },
      }),
      fact(3, {
        fact: "accuracy_evaluated",
        test_set: "t",
        version: "3",
        ratio: { hits: 92, total: 100 },
      }),
      fact(4, {
        fact: "inspected",
        delivery: "d",
        round: 1,
        results: [
          {
            item: "cells",
            metric: "box_f1",
            ratio: null,
            value: { num: "1", den: "2" },
            verdict: "not_met",
          },
        ],
      }),
    ];
    const ongoing = standard({ subject: "ongoing" });
    expect(history(ongoing, entries).map((point) => point.seq)).toEqual([1, 3]);
    const initial = standard({ subject: "initial" });
    expect(relevant(initial, history(initial, entries)).map((point) => point.seq)).toEqual([1]);
    const boxes = standard({ metric: "box_f1", subject: "cells" });
    expect(history(boxes, entries)).toEqual([
      {
        at: "2026-01-04T01:00:00Z",
        seq: 4,
        value: { num: "1", den: "2" },
        verdict: "not_met",
        label: "1",
      },
    ]);
    expect(history(standard({ metric: "box_f1", subject: "text" }), entries)).toEqual([]);
  });
});

describe("responses in time", () => {
  it("are one value for each day, of what was in time and what was late together", () => {
    const answered = (seq: number, to: string, count: number, in_time: number) =>
      fact(seq, {
        fact: "images_answered",
        class: "urgent",
        count,
        in_time,
        window: { from: to, to },
      });
    const entries = [
      answered(4, "2026-07-02T15:30:00Z", 10, 0),
      answered(3, "2026-07-02T15:30:00Z", 90, 90),
      answered(2, "2026-07-01T15:30:00Z", 4, 4),
      answered(5, "2026-07-03T15:30:00Z", 0, 0),
    ];
    const urgent = standard({ metric: "responses_in_time", subject: "urgent" });
    expect(history(urgent, entries).map((point) => [point.value, point.seq])).toEqual([
      [{ num: "4", den: "4" }, 2],
      [{ num: "90", den: "100" }, 4],
    ]);
    expect(history({ ...urgent, subject: "standard" }, entries)).toEqual([]);
  });
});

describe("the timeline", () => {
  const ZONE = "Asia/Shanghai";
  const now = position({
    obligations: [
      obligation({}),
      obligation({ name: "pay:1", kind: "pay", status: "breached", due: "2026-02-10T16:00:00Z" }),
      obligation({ name: "repair:n", kind: "repair", status: "met" }),
    ],
  });

  it("parts what happened from what lies ahead", () => {
    const all = marks(
      [entry(1, "agreement_took_effect", {}), entry(2, "payment_recorded", {})],
      now,
      ZONE,
    );
    expect(all.map((mark) => [mark.code, mark.lane, mark.ahead, mark.tone])).toEqual([
      ["agreement_took_effect", "life", false, "good"],
      ["payment_recorded", "money", false, "good"],
      ["pay", "deadline", false, "bad"],
      ["upgrade", "deadline", true, "plain"],
      ["term_ends", "life", true, "plain"],
    ]);
  });

  it("draws many records of a kind on a day as one row", () => {
    const jobs = [1, 2, 3].map((seq) =>
      entry(seq, "fact_recorded", { fact: { fact: "job_ran" } }, "2026-01-05T01:00:00Z"),
    );
    const months = byMonth(marks(jobs, position({ ends: null }), ZONE), (mark) =>
      mark.at.slice(0, 10),
    );
    expect(months).toHaveLength(1);
    expect(months[0]?.rows.map((row) => [row.mark.code, row.times, row.last.seq])).toEqual([
      ["job_ran", 3, 3],
    ]);
  });

  it("draws what machines record by the dozen as one row of its month", () => {
    const days = ["01", "02", "03", "04", "05", "06"];
    const jobs = days.map((day, i) =>
      entry(i + 1, "fact_recorded", { fact: { fact: "job_ran" } }, `2026-01-${day}T01:00:00Z`),
    );
    const paid = entry(9, "payment_recorded", {}, "2026-01-03T02:00:00Z");
    const rows = (entries: Entry[]) =>
      byMonth(marks(entries, position({ ends: null }), ZONE), (mark) => mark.at.slice(0, 10))[0]
        ?.rows;
    expect(rows([...jobs, paid])?.map((row) => [row.mark.code, row.times, row.last.seq])).toEqual([
      ["job_ran", 6, 6],
      ["payment_recorded", 1, 9],
    ]);
    expect(rows(jobs.slice(1))).toHaveLength(5);
  });

  it("ends with the last day of the term in the agreement's zone", () => {
    const [end] = marks([], position({}), ZONE);
    expect(end?.at).toBe("2026-12-31T16:00:00.000Z");
    const [there] = marks([], position({}), "America/New_York");
    expect(there?.at).toBe("2027-01-01T05:00:00.000Z");
  });

  it("shows no end that has come already", () => {
    const ended = position({ ended: ["2026-03-01T00:00:00Z", "breach"], phase: "ended" });
    expect(marks([], ended, ZONE)).toEqual([]);
  });
});

describe("workings", () => {
  it("keep the formula as it is and mark its inputs", () => {
    const working = {
      formula: "min(row_1, cap) + 3600 * gpu_seconds",
      inputs: ["row_1", "cap", "gpu_seconds"].map((name) => ({ name, value: "1", unit: "CNY" })),
      exact: { num: "1", den: "1" },
      rounding: null,
    };
    const all = pieces(working);
    expect(all.map((piece) => piece.text).join("")).toBe(working.formula);
    expect(all.filter((piece) => piece.input).map((piece) => piece.text)).toEqual([
      "row_1",
      "cap",
      "gpu_seconds",
    ]);
  });

  it("number the charges as objections name them", () => {
    const line = { code: "gpu_hours" };
    const statement = {
      lines: [line, line],
      tax_lines: [line],
      adjustments: [line],
      refunds: [],
      forfeits: [],
    };
    const rows = rowsOf(statement as unknown as Statement);
    expect(rows.map((row) => [row.part, row.index])).toEqual([
      ["lines", 0],
      ["lines", 1],
      ["tax_lines", 0],
      ["adjustments", 0],
    ]);
  });
});

describe("terms", () => {
  const schema = JSON.parse(
    readFileSync(join(import.meta.dirname, "../../../docs/agreement.schema.json"), "utf8"),
  ) as Schema;
  const lease = {
    id: "l",
    currency: "CNY",
    title: { zh: "租", en: "Lease" },
    documents: [],
    term: { starts: "2026-01-01", ends: "2026-12-31", renewal_notice: null },
    payment: {
      late_fee: { base: "with_tax", cap: { type: "lpr", times: 4, lpr: "3.0%" } },
      allocation: ["costs", "interest"],
    },
    service: { type: "lease", servers: [{ id: "h800", count: 8 }], repair_within: "8h" },
  } as unknown as Terms;

  it("carry the clauses of their kind and the common ones, and no others", () => {
    const all = sections(lease, schema);
    expect(all.map((section) => section.field)).toEqual(["general", "term", "service", "payment"]);
    const repair = all
      .flatMap((section) => section.terms)
      .find((term) => term.field === "repair_within");
    expect(repair).toMatchObject({ value: "8h", type: "Duration", path: "service.repair_within" });
    expect(repair?.clauses).toContain("lease-6.2");
    for (const term of all.flatMap((section) => section.terms)) {
      for (const clause of term.clauses) expect(clause).toMatch(/^(lease|pb)-/);
    }
  });

  it("are all shown, each with its type", () => {
    const terms = sections(lease, schema).flatMap((section) => section.terms);
    const shown = (path: string) => terms.find((term) => term.path === path);
    expect(shown("payment.late_fee.base")).toMatchObject({
      value: "with_tax",
      type: "LateBase",
      depth: 1,
    });
    expect(shown("payment.late_fee.cap.type")).toMatchObject({ value: "lpr", type: "LateCap" });
    expect(shown("payment.allocation")).toMatchObject({
      value: ["costs", "interest"],
      type: "AllocationTarget",
    });
    expect(shown("service.servers.0")).toMatchObject({ value: "h800" });
    expect(shown("service.servers.0.count")?.value).toBe(8);
  });

  it("read a duration by its unit", () => {
    expect(duration("3wd")).toEqual({ count: "3", unit: "wd" });
    expect(duration("15min")).toEqual({ count: "15", unit: "min" });
    expect(duration("soon")).toBeNull();
  });
});

describe("deeds", () => {
  it("are offered by the server's word, to the party that the contract lets do them", () => {
    const rows: [Parameters<typeof mayDo>, boolean][] = [
      [["submit", ["submit"], "vendor", "in_force"], true],
      [["submit", ["submit"], "customer", "in_force"], false],
      [["submit", [], "vendor", "in_force"], false],
      [["approve", ["approve"], "customer", "draft"], false],
      [["sign", ["sign"], "customer", "draft"], true],
      [["sign", ["sign"], "customer", "in_force"], false],
      [["export", ["export"], null, "ended"], true],
    ];
    for (const [given, offered] of rows) expect(mayDo(...given)).toBe(offered);
  });
});

describe("what is signed", () => {
  const bytes = (text: string) => new TextEncoder().encode(text);
  const body = JSON.stringify({
    format: "tallystick.envelope/1",
    kind: "agreement",
    statement: { agreement: "a", side: "customer", signatory: "王敏" },
    subject: [{ name: "terms.json", sha256: "ab", size: 2 }],
    version: 1,
  });
  const whole = `tallystick.envelope/1 8 customer 3 k+1 ${bytes(body).length} ${body}`;

  it("is read from the very bytes", () => {
    expect(envelopeOf(bytes(whole))).toEqual({
      role: "customer",
      key: "k+1",
      kind: "agreement",
      subject: [{ name: "terms.json", sha256: "ab" }],
      agreement: "a",
      side: "customer",
      signatory: "王敏",
    });
  });

  it("is nothing when the bytes are anything else, or more", () => {
    const others = [
      `${whole} `,
      whole.slice(1),
      whole.replace(" 8 ", " 9 "),
      "",
      "tallystick.envelope/1",
    ];
    for (const other of others) expect(envelopeOf(bytes(other))).toBeNull();
  });
});
