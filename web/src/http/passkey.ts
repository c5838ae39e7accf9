// Passkeys: the exchange with the browser's authenticator, between two calls to the server.
import { Problem } from "./problem";
import { request } from "./request";
import type { Confirmed, Me } from "./types";

interface Started {
  id: string;
  options: { publicKey: never } | never;
}

export function passkeysWork(): boolean {
  return typeof PublicKeyCredential !== "undefined" && window.isSecureContext;
}

/** The server may or may not wrap the options in `publicKey`. */
function inner(options: unknown): unknown {
  return (options as { publicKey?: unknown }).publicKey ?? options;
}

function turnedAway(): Problem {
  return new Problem({ code: "passkey_turned_away", status: 0 });
}

async function get(path: string, body: unknown): Promise<{ id: string; credential: unknown }> {
  const { id, options } = await request<Started>("POST", `${path}/start`, { body });
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(inner(options) as never);
  const credential = await navigator.credentials.get({ publicKey }).catch(() => null);
  if (!(credential instanceof PublicKeyCredential)) throw turnedAway();
  return { id, credential: credential.toJSON() };
}

export async function signInWithPasskey(email: string | undefined): Promise<Me> {
  const body = await get("/session/passkey", email ? { email } : {});
  return request<Me>("POST", "/session/passkey/finish", { body });
}

export async function confirmWithPasskey(): Promise<Confirmed> {
  const body = await get("/session/confirm/passkey", {});
  return request<Confirmed>("POST", "/session/confirm/passkey/finish", { body });
}

export async function addPasskey(name: string): Promise<void> {
  const { id, options } = await request<Started>("POST", "/me/passkeys/start", { body: { name } });
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(inner(options) as never);
  const credential = await navigator.credentials.create({ publicKey }).catch(() => null);
  if (!(credential instanceof PublicKeyCredential)) throw turnedAway();
  await request("POST", "/me/passkeys/finish", { body: { id, credential: credential.toJSON() } });
}
