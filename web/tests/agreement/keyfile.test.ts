import { webcrypto } from "node:crypto";

import { beforeAll, describe, expect, it } from "vitest";

import { base64, sha256, unbase64 } from "../../src/format/bytes";
import {
  ALGORITHMS,
  KeyFileError,
  keyFileText,
  newKeyFile,
  readKeyFile,
  signingKey,
} from "../../src/pages/agreement/model/keyfile";
import { noteLine } from "../../src/pages/agreement/model/note";

// RFC 8032, section 7.1, test 2.
const SEED = "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb";
const PUBLIC = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";
const SIGNATURE =
  "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da" +
  "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00";

// Made by `openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256` for this test.
const OPENSSL = [
  "-----BEGIN PRIVATE KEY-----",
  "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgByYpSaU5W2sSMmYw",
  "IUKe7boOLJ2dwLPzC4y7fW+o20qhRANCAAR1WL3hdpMejHMLnhOHwUEMXBwu7Cmj",
  "XlvIyLAIRzRirbC2B4e/pHcBWmFJ2+GsUgNa+F5KL7kk1yLrDRiFyghF",
  "-----END PRIVATE KEY-----",
].join("\n");
const POINT =
  "047558bde176931e8c730b9e1387c1410c5c1c2eec29a35e5bc8c8b008473462ad" +
  "b0b60787bfa477015a6149dbe1ac52035af85e4a2fb924d722eb0d1885ca0845";

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

beforeAll(() => {
  if (!globalThis.crypto?.subtle) Object.defineProperty(globalThis, "crypto", { value: webcrypto });
});

describe("a key file", () => {
  it("signs as RFC 8032 says", async () => {
    const key = await signingKey({ form: "seed", name: "k", seed: SEED });
    expect(hex(key.publicKey)).toBe(PUBLIC);
    expect(hex(await key.sign(Uint8Array.of(0x72)))).toBe(SIGNATURE);
  });

  it("is written as it is read, with either algorithm", async () => {
    for (const algorithm of ALGORITHMS) {
      const file = await newKeyFile("customer.example/li", algorithm);
      expect(readKeyFile(keyFileText(file))).toEqual(file);
      expect((await signingKey(file)).algorithm).toBe(algorithm);
      expect(keyFileText(await newKeyFile("k", algorithm))).not.toBe(
        keyFileText(await newKeyFile("k", algorithm)),
      );
    }
  });

  it("may be a P-256 key of openssl, without a name", async () => {
    const file = readKeyFile(OPENSSL);
    expect(file.name).toBe("");
    const { publicKey, sign } = await signingKey(file);
    expect(hex(publicKey)).toBe(POINT);
    const message = Uint8Array.of(1, 2, 3);
    const signature = await sign(message);
    expect(signature).toHaveLength(64);
    const curve = { name: "ECDSA", namedCurve: "P-256" };
    const key = await crypto.subtle.importKey("raw", publicKey, curve, false, ["verify"]);
    const how = { name: "ECDSA", hash: "SHA-256" };
    expect(await crypto.subtle.verify(how, key, signature, message)).toBe(true);
  });

  it("is refused when it is something else", () => {
    const good = { format: "tallystick.key/1", name: "k", seed: SEED };
    const rows: [string, string][] = [
      ["not json", "not_json"],
      ["null", "other_format"],
      [JSON.stringify({ ...good, format: "pem" }), "other_format"],
      [JSON.stringify({ ...good, name: "a b" }), "no_name"],
      [JSON.stringify({ ...good, seed: SEED.slice(2) }), "no_seed"],
      [" ".repeat(5000), "too_long"],
    ];
    for (const [text, code] of rows) {
      expect(() => readKeyFile(text)).toThrow(KeyFileError);
      try {
        readKeyFile(text);
      } catch (error) {
        expect((error as KeyFileError).code).toBe(code);
      }
    }
  });

  it("reads base64 of both alphabets", async () => {
    expect(base64(unbase64("-_8="))).toBe("+/8=");
    expect(await sha256(new Uint8Array())).toBe(
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    );
  });
});

describe("a cosignature", () => {
  it("is the one that tally cosign makes", async () => {
    const seed = "ca005c3cca3ee00ebbca83ce26bb9b3d83576360e9ffb6c4037b0e208ea99bd2";
    const key = await signingKey({ form: "seed", name: "customer", seed });
    const note =
      "tallystick/agreement/lease-2026-001\n22\n2osrizb3kt837BLjYJAqLdpSdZ0KmwAWS0c3H4g2Fjc=\n\n" +
      "— case.rehearsal reHGs7104z+nuwFLfKJHycVNgOh3yxWWSPf0MGNzB1jyUk4fBJLwmXDQgaRkziO/YInxVnjR1h0ZDKACuUfX+79bNAo=\n";
    expect(await noteLine(key, note, Date.parse("2026-03-10T15:00:00+08:00"))).toBe(
      "— customer LNCthQAAAABpr8FwtSBTijvKg2W3PUSD87XOB+fuBrtdAqE8UfdKd2LUiCmjrLV7W0nLfUUsVuySf2IcI+y1Sfh0KC8Zi0d25J+TBQ==",
    );
  });
});
