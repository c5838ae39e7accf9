// The ways of proving who one is, in a real browser: a passkey, the codes of an authenticator and
// the recovery codes, an identity of another house. Each is set up by its page and signs in.

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { accessible, person, picture, sound } from "./lib/browser.mjs";
import { provide } from "./lib/provider.mjs";
import { folder, freePort, serve, tally, until } from "./lib/server.mjs";
import { confirm, giveCredentials, inside, setUp, signOut } from "./lib/steps.mjs";
import { text } from "./lib/words.mjs";

const EMAIL = "zhou@vendor.example";
const CLIENT = { client: "tally", secret: "a secret of this test alone" };

/** Runs all of them in one language. */
export async function proofs(browser, lang) {
  const t = (key, values) => text(lang, key, values);
  const data = folder(`proofs-${lang}`);
  const [port, other] = [await freePort(), await freePort()];
  const back = `http://localhost:${port}/api/v1/oidc/house/callback`;
  const accounts = {
    stranger: { email: "stranger@elsewhere.example", email_verified: true, name: "Stranger" },
    zhou: { email: "zhou.kexin@house.example", email_verified: false, name: "Zhou" },
  };
  const house = await provide(other, { ...CLIENT, back, accounts });
  writeFileSync(join(data, "secret"), `${CLIENT.secret}\n`);
  writeFileSync(join(data, "oidc.toml"), `[[provider]]
id = "house"
name = "House"
issuer = "${house.issuer}"
client_id = "${CLIENT.client}"
client_secret_file = "secret"
`);
  const deployment = join(data, "deployment");
  tally(["--data", deployment, "init", "--name", "proofs"]);
  const server = await serve(deployment, { port, args: ["--oidc", join(data, "oidc.toml")] });
  const link = await until(() => /http:\/\/\S+\/setup#\S+/.exec(server.lines)?.[0], "the set-up link");
  const one = await person(browser, server, { lang });
  one.expected.push(/status of (401|403|422)/, new RegExp(`asked another host: ${house.issuer}/`));
  await setUp(one, link, t);
  await passkey(one, t);
  await identity(one, t);
  await codes(one, t);
  sound(one);
  await one.context.close();
  house.stop();
  assert.equal(await server.stop(), 0, server.lines.slice(-2000));
}

/** The section of the account's page under a heading. */
const section = (page, title) =>
  page.locator("section").filter({ has: page.getByRole("heading", { name: title, exact: true }) });

async function passkey(one, t) {
  const { page, context } = one;
  const protocol = await context.newCDPSession(page);
  await protocol.send("WebAuthn.enable");
  const { authenticatorId } = await protocol.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  await page.goto("/me");
  const own = section(page, t("me.passkeys"));
  await own.getByLabel(t("me.passkeyNamed")).fill("e2e laptop");
  await own.getByRole("button", { name: t("me.passkeyAdd") }).click();
  const row = own.getByText("e2e laptop").first();
  await confirm(page, t, row);
  await row.waitFor();
  await accessible(one, "passkeys");
  await picture(one, "proof-passkey-added");
  // By the device alone, and with the e-mail given.
  for (const email of ["", EMAIL]) {
    await signOut(one, t);
    await page.getByLabel(t("field.email")).fill(email);
    await page.getByRole("button", { name: t("signin.passkey") }).click();
    await inside(page);
  }
  // A device that does not know the person is told of in words.
  await signOut(one, t);
  await protocol.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified: false });
  await page.getByRole("button", { name: t("signin.passkey") }).click();
  await page.getByRole("alert").getByText(t("problem.passkey")).waitFor();
  await picture(one, "proof-passkey-refused");
  await protocol.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified: true });
  await page.getByRole("button", { name: t("signin.passkey") }).click();
  await inside(page);
}

async function identity(one, t) {
  const { page } = one;
  await signOut(one, t);
  const enter = page.getByRole("link", { name: t("signin.oidc", { name: "House" }) });
  await accessible(one, "sign-in with a provider");
  await picture(one, "proof-signin");
  // An identity that nobody here has is turned away, in words.
  await enter.click();
  await page.getByRole("link", { name: "stranger" }).click();
  await page.getByText(t("signin.oidcNoAccount")).waitFor();
  await picture(one, "proof-oidc-stranger");
  await one.context.clearCookies({ domain: "127.0.0.1" });
  await giveCredentials(one, EMAIL, t);
  await inside(page);
  await page.goto("/me");
  await page.getByRole("button", { name: t("me.providerLink", { name: "House" }) }).click();
  const chosen = page.getByRole("link", { name: "zhou" });
  await confirm(page, t, chosen);
  await chosen.click();
  await page.waitForURL("**/me");
  await page.getByRole("heading", { level: 1 }).first().waitFor();
  await picture(one, "proof-oidc-linked");
  await signOut(one, t);
  await enter.click();
  await inside(page);
}

/** The code of a secret for the half minute that is `ahead` of this one (RFC 6238). */
function codeOf(secret, ahead = 0) {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...secret.replace(/[\s=]/g, "")]
    .map((letter) => alphabet.indexOf(letter.toUpperCase()).toString(2).padStart(5, "0"))
    .join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + ahead));
  const mac = createHmac("sha1", key).update(counter).digest();
  const number = mac.readUInt32BE(mac[19] & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, "0");
}

async function codes(one, t) {
  const { page } = one;
  await page.goto("/me");
  const own = section(page, t("me.totp"));
  await own.getByRole("button", { name: t("me.totpBegin") }).click();
  const image = own.getByRole("img", { name: t("me.totpQr") });
  await confirm(page, t, image);
  await image.waitFor();
  const secret = await own.locator("code").first().textContent();
  await accessible(one, "authenticator");
  await picture(one, "proof-totp-begun");
  await own.getByLabel(t("field.code")).fill("000000");
  await own.getByRole("button", { name: t("me.totpFinish") }).click();
  await own.getByRole("alert").waitFor();
  await own.getByLabel(t("field.code")).fill(codeOf(secret));
  await own.getByRole("button", { name: t("me.totpFinish") }).click();
  const shown = page.getByRole("dialog", { name: t("me.recovery") });
  const [recovery] = (await shown.locator("pre.source").textContent()).split("\n");
  await accessible(one, "recovery codes");
  await picture(one, "proof-recovery-codes");
  await shown.getByRole("button", { name: t("shown.kept") }).click();
  // A code is taken once, so the next one must be of a later half minute; a recovery code is not
  // bound to time.
  for (const code of [() => codeOf(secret, 1), () => recovery]) {
    await signOut(one, t);
    await giveCredentials(one, EMAIL, t);
    await page.getByRole("heading", { level: 1, name: t("signin.codeTitle") }).waitFor();
    await picture(one, "proof-code-asked");
    await page.getByLabel(t("field.code")).fill(code());
    await page.getByRole("button", { name: t("signin.go"), exact: true }).click();
    await inside(page);
  }
}
