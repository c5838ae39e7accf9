// The signing page: what stands in the way is told before anybody signs, and only what stands on the
// page is signed.
import { QueryClientProvider } from "@tanstack/react-query";
import { webcrypto } from "node:crypto";
import { act } from "react";
import { createRoot, type Root } from "react-dom/client";
import { MemoryRouter } from "react-router";
import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";

import { makeQueryClient } from "../../src/http/hooks";
import { HereProvider } from "../../src/pages/agreement/here";
import Signing from "../../src/pages/agreement/signing/Signing";
import type { AgreementHead } from "../../src/pages/agreement/types";
import type { Negotiation, Version } from "../../src/pages/agreement/versions/api";
import { AgreementScope } from "../../src/parts/agreementContext";
import { loadTexts, WordsProvider } from "../../src/words";

vi.mock("../../src/app/session", () => ({ useMe: () => ({ person: { name: "Li" } }) }));
(globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true;

/** SHA-256 of `{}`. */
const EMPTY = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";

const head: AgreementHead = {
  id: "l",
  title: { zh: "租", en: "Lease" },
  kind: "lease",
  side: "customer",
  roles: ["owner", "signatory"],
  may: ["read_documents", "read_notes", "sign", "draft"],
  phase: "draft",
  agreement: null,
  drafted: null,
  customer: "C",
  vendor: "V",
  seats: { customer: true, vendor: true },
  terms_sha256: null,
  signed: [],
  documents: [],
  entries: 3,
};

const version = (over: Partial<Version>): Version => ({
  number: 1,
  by: "vendor",
  at: "2026-01-04T01:00:00Z",
  evidence: "e2",
  word: { name: "agreement.docx", sha256: EMPTY, size: 2 },
  annexes: [],
  seals: [],
  terms_sha256: "a".repeat(64),
  changed_terms: [],
  proposed_terms: [],
  revisions: 0,
  hidden: [],
  obstacles: [],
  manifest: {
    sha256: EMPTY,
    size: 2,
    intent: "I sign what is listed here.",
    language: "en",
    method: "own_key",
    at: "2026-01-04T01:00:00Z",
    parts: [
      { name: "agreement.pdf", kind: "pdf", media_type: "application/pdf", size: 9, sha256: EMPTY },
    ],
    parties: [{ side: "customer", name: "C", registration_number: null }],
    signatories: [{ side: "customer", name: "Li", role: "CEO", authority: "by office", order: 1 }],
  },
  signed: [],
  ...over,
});

const red = (approved: boolean): Negotiation["red"][number] => ({
  finding: "pb-02.x",
  version: 1,
  clause: "pb-02",
  status: "adverse",
  quote: "may train",
  start: 0,
  end: 9,
  reason: { zh: "因", en: "Because" },
  advice: { zh: "", en: "" },
  suggestion: null,
  approval: approved
    ? {
        finding: "pb-02.x",
        version: 1,
        by: "Li",
        at: "2026-01-04T01:00:00Z",
        reason: "agreed",
      }
    : null,
});

let shownVersion = version({});
let reds: Negotiation["red"] = [];

beforeAll(async () => {
  if (!globalThis.crypto?.subtle) Object.defineProperty(globalThis, "crypto", { value: webcrypto });
  await loadTexts("en");
});
beforeEach(() => {
  vi.stubGlobal("fetch", (address: string) => {
    const path = address.replace("/api/v1/agreements/l/", "");
    const answers: Record<string, unknown> = {
      versions: { turn: "customer", rounds: 1, in_force: false, versions: [shownVersion] },
      negotiation: { side: "customer", playbook: "p", clauses: [], concessions: [], red: reds },
      "versions/1/files/manifest.json": {},
    };
    const body = answers[path];
    return Promise.resolve(
      new Response(JSON.stringify(body ?? { code: "not_found", status: 404 }), {
        status: body ? 200 : 404,
      }),
    );
  });
});

const roots: Root[] = [];
afterEach(() => {
  for (const root of roots.splice(0)) act(() => root.unmount());
});

async function show(of: Partial<AgreementHead> = {}): Promise<HTMLElement> {
  const place = document.body.appendChild(document.createElement("div"));
  const root = createRoot(place);
  roots.push(root);
  act(() =>
    root.render(
      <QueryClientProvider client={makeQueryClient()}>
        <WordsProvider lang="en">
          <MemoryRouter>
            <HereProvider head={{ ...head, ...of }}>
              <AgreementScope id="l">
                <Signing />
              </AgreementScope>
            </HereProvider>
          </MemoryRouter>
        </WordsProvider>
      </QueryClientProvider>,
    ),
  );
  for (let turn = 0; turn < 60; turn += 1) {
    await act(() => new Promise((resolve) => setTimeout(resolve)));
  }
  return place;
}

const offers = (place: HTMLElement) => place.querySelector(".key-chooser") !== null;

test("what can be signed is shown whole, and its hash is computed here", async () => {
  [shownVersion, reds] = [version({}), []];
  const place = await show();
  expect(offers(place)).toBe(true);
  for (const part of [
    "I sign what is listed here.",
    "Li, CEO, by office",
    "agreement.pdf",
    EMPTY,
  ]) {
    expect(place.textContent).toContain(part);
  }
  expect(place.textContent).toContain("Manifest checked in this browser");
  const manifest = shownVersion.manifest;
  if (manifest) shownVersion = version({ manifest: { ...manifest, sha256: "b".repeat(64) } });
  expect((await show()).textContent).toContain("The manifest is not the one shown");
});

test("an obstacle or a red finding is told before anybody signs", async () => {
  const obstacles = [
    { code: "blank", detail: { zh: "留有空白", en: "A blank is left: fill it in" } },
  ];
  [shownVersion, reds] = [version({ manifest: null, obstacles }), []];
  const hindered = await show();
  expect(hindered.textContent).toContain("A blank is left");
  expect(offers(hindered)).toBe(false);
  [shownVersion, reds] = [version({}), [red(false)]];
  const open = await show();
  expect(open.textContent).toContain("Red findings without approval: 1");
  expect(offers(open)).toBe(false);
  reds = [red(true)];
  expect(offers(await show())).toBe(true);
});

test("who may not sign, or has signed, is not asked to", async () => {
  [shownVersion, reds] = [version({}), []];
  expect(offers(await show({ may: ["read_documents"] }))).toBe(false);
  const signed = [{ side: "customer" as const, signatory: "Li", key: "k" }];
  expect(offers(await show({ signed }))).toBe(false);
});
