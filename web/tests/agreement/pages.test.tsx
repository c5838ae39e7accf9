// Pages as a person sees them: what is owed first, what a role may not do is not offered, and a
// figure has its two links.
import { QueryClientProvider } from "@tanstack/react-query";
import { act, type ReactNode } from "react";
import { createRoot, type Root } from "react-dom/client";
import { MemoryRouter } from "react-router";
import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";

import { makeQueryClient } from "../../src/http/hooks";
import { HereProvider } from "../../src/pages/agreement/here";
import StatementPage from "../../src/pages/agreement/money/StatementPage";
import Overview from "../../src/pages/agreement/Overview";
import type { AgreementHead, Position } from "../../src/pages/agreement/types";
import { AgreementScope } from "../../src/parts/agreementContext";
import { loadTexts, WordsProvider } from "../../src/words";

(globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true;

const cny = (amount: string) => ({ amount, currency: "CNY" });

const head = (over: Partial<AgreementHead>): AgreementHead => ({
  id: "l",
  title: { zh: "租", en: "Lease" },
  kind: "lease",
  side: "customer",
  roles: ["finance"],
  may: ["read_position", "read_money", "read_journal", "approve", "object"],
  phase: "in_force",
  agreement: null,
  drafted: null,
  customer: "C",
  vendor: "V",
  seats: { customer: true, vendor: true },
  terms_sha256: null,
  signed: [],
  documents: [],
  entries: 3,
  ...over,
});

const owed = (name: string, status: "pending" | "breached", debtor: "customer" | "vendor") => ({
  name,
  kind: name.split(":")[0] ?? "",
  debtor,
  clause: "lease-3.3",
  start: "2026-01-04T01:00:00Z",
  due: status === "breached" ? "2026-02-10T16:00:00Z" : "2026-01-20T16:00:00Z",
  provisional: false,
  status,
  met: null,
  evidence: ["e19"],
});

const position: Position = {
  agreement: "l",
  as_of: "2026-03-10T07:00:00Z",
  phase: "in_force",
  effective: "2026-01-04",
  ends: "2026-12-31",
  ended: null,
  obligations: [
    owed("upgrade", "pending", "vendor"),
    owed("cure:r-1", "pending", "customer"),
    owed("pay:1", "breached", "customer"),
  ],
  standards: [],
  money: {
    invoiced: cny("231606.73"),
    credited: cny("0.00"),
    paid: cny("0.00"),
    open: cny("230406.73"),
    overdue: cny("230406.73"),
    prepaid: cny("0.00"),
    drawn: cny("0.00"),
    invoices: [],
    awaiting_review: [],
  },
  rights: [{ purpose: "statistics", permitted: false, clause: "pb-01" }],
  claims: [],
  disputes: [],
  force_majeure: [],
  gaps: { "probe-1": [[4, 6]] },
  conflicts: 0,
  provisional: false,
};

const line = {
  code: "gpu_hours",
  subject: null,
  clause: "lease-3.1.1",
  amount: cny("10600.42"),
  working: {
    formula: "gpu_seconds / 3600 * price",
    inputs: [
      { name: "gpu_seconds", value: "3052920", unit: "gpu_second" },
      { name: "price", value: "12.50", unit: "CNY" },
    ],
    exact: { num: "127205", den: "12" },
    rounding: { scale: 2, mode: "half_up" },
  },
  evidence: ["e9"],
};
const none = cny("0.00");
const statement = {
  name: "2026-01",
  window: { from: "2025-12-31T16:00:00Z", to: "2026-01-31T16:00:00Z" },
  prices_include_tax: false,
  lines: [line],
  tax_lines: [],
  adjustments: [],
  late_repairs: [],
  refunds: [],
  forfeits: [],
  gaps: [],
  conflicts: [],
  totals: {
    currency: "CNY",
    subtotal: line.amount,
    net: line.amount,
    tax: none,
    gross: line.amount,
    adjustments: none,
    due: line.amount,
    refund: none,
    gross_words: { zh: "", en: "" },
    due_words: { zh: "壹万", en: "Ten thousand" },
  },
};

let state = "submitted";
const answers: Record<string, () => unknown> = {
  "/api/v1/agreements/l/position": () => position,
  "/api/v1/agreements/l/entries": () => ({ items: [], next_cursor: null }),
  "/api/v1/agreements/l/statements": () => ({
    items: state === "preview" ? [] : [{ name: "2026-01", state }],
    next_cursor: null,
  }),
  "/api/v1/agreements/l/statements/2026-01": () => ({
    statement,
    state,
    gaps: [],
    objection: null,
    lines: [],
  }),
};

beforeAll(() => loadTexts("en"));
beforeEach(() => {
  vi.stubGlobal("fetch", (address: string) => {
    const answer = answers[address.split("?")[0] ?? ""];
    const body = answer ? answer() : { code: "not_found", status: 404, detail: address };
    return Promise.resolve(new Response(JSON.stringify(body), { status: answer ? 200 : 404 }));
  });
});

const shown: Root[] = [];
afterEach(() => {
  for (const root of shown.splice(0)) act(() => root.unmount());
});

async function show(of: AgreementHead, node: ReactNode): Promise<HTMLElement> {
  const place = document.body.appendChild(document.createElement("div"));
  const root = createRoot(place);
  shown.push(root);
  act(() =>
    root.render(
      <QueryClientProvider client={makeQueryClient()}>
        <WordsProvider lang="en">
          <MemoryRouter>
            <HereProvider head={of}>
              <AgreementScope id="l">{node}</AgreementScope>
            </HereProvider>
          </MemoryRouter>
        </WordsProvider>
      </QueryClientProvider>,
    ),
  );
  // Answers come through several promises; each turn lets them and what they draw go on.
  for (let turn = 0; turn < 100 && place.querySelector(".loading"); turn += 1) {
    await act(() => new Promise((resolve) => setTimeout(resolve)));
  }
  expect(place.querySelector(".loading")).toBeNull();
  return place;
}

const live = { state: "open" as const, entries: [] };
const section = (place: HTMLElement, title: string) =>
  [...place.querySelectorAll("section")].find(
    (one) => one.querySelector("h2")?.textContent === title,
  );
const texts = (place: Element | undefined, selector: string) =>
  [...(place?.querySelectorAll(selector) ?? [])].map((one) => one.textContent);

test("what needs us is told first, what is breached before what is pending", async () => {
  const place = await show(head({}), <Overview live={live} rest={[]} />);
  const ours = section(place, "Needs us now");
  expect(texts(ours, ".owed-name strong")).toEqual(["Pay1", "Mend the breachr-1"]);
  expect(texts(ours, "li:first-child .chip")).toEqual(["§ lease-3.3", "e19"]);
  expect(texts(section(place, "The other side owes"), ".owed-name strong")).toEqual([
    "Upgrade software",
  ]);
  expect(section(place, "Gaps and conflicts in evidence")?.textContent).toContain("4–6");
});

test("a reader who may not see money is shown none", async () => {
  const may = ["read_position"];
  const place = await show(head({ may }), <Overview live={live} rest={[]} />);
  expect(section(place, "Money")).toBeUndefined();
  expect(place.textContent).not.toContain("230,406.73");
  const whole = await show(head({}), <Overview live={live} rest={[]} />);
  expect(section(whole, "Money")?.textContent).toContain("¥230,406.73");
});

test("a statement offers what its state, the reader's side and rights allow", async () => {
  const customer = head({});
  const vendor = head({ side: "vendor", may: ["read_money", "submit", "invoice"] });
  const auditor = head({ may: ["read_money"] });
  const rows: [string, AgreementHead, string[]][] = [
    ["submitted", customer, ["Approve", "Object"]],
    ["submitted", vendor, []],
    ["submitted", auditor, []],
    ["preview", customer, []],
    ["preview", vendor, ["Submit"]],
    ["approved", vendor, ["Issue the invoice"]],
    ["objected", vendor, ["Issue the invoice"]],
    ["invoiced", vendor, []],
  ];
  for (const [of, reader, offered] of rows) {
    state = of;
    const place = await show(reader, <StatementPage name="2026-01" />);
    expect(texts(place, ".actions .ant-btn"), `${of} ${reader.side}`).toEqual(offered);
  }
});

test("a figure has its clause, its evidence and a working that can be recomputed", async () => {
  state = "submitted";
  const place = await show(head({}), <StatementPage name="2026-01" />);
  const row = place.querySelector(".lines li");
  expect(texts(row ?? undefined, ".chip")).toEqual(["§ lease-3.1.1", "e9", "Working"]);
  act(() => row?.querySelector<HTMLButtonElement>("button[aria-expanded]")?.click());
  const working = row?.querySelector(".working")?.textContent ?? "";
  for (const part of ["3,052,920", "12.50", "127,205/12", "¥10,600.42"]) {
    expect(working).toContain(part);
  }
});
