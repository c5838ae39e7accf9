// An OpenID provider of another house, on this machine: asks which account, and signs who it is.

import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import { exportJWK, generateKeyPair } from "jose";
import { Provider } from "oidc-provider";

/** Serves a provider at 127.0.0.1, which is another site than the console's localhost. */
export async function provide(port, { client, secret, back, accounts }) {
  const issuer = `http://127.0.0.1:${port}`;
  const { privateKey } = await generateKeyPair("RS256", { extractable: true });
  const provider = new Provider(issuer, {
    clients: [{ client_id: client, client_secret: secret, redirect_uris: [back] }],
    jwks: { keys: [{ ...(await exportJWK(privateKey)), use: "sig", alg: "RS256", kid: "e2e" }] },
    cookies: { keys: [randomBytes(16).toString("hex")] },
    claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
    // Claims stand in the identity token itself, as the large providers have them.
    conformIdTokenClaims: false,
    ttl: { AccessToken: 600, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
    findAccount: (_, sub) => ({
      accountId: sub,
      claims: () => ({ sub, ...accounts[sub] }),
    }),
    // Whoever signs in agrees to what this one client asks for.
    loadExistingGrant: async ({ oidc }) => {
      const grant = new provider.Grant({
        clientId: oidc.client.clientId,
        accountId: oidc.session.accountId,
      });
      grant.addOIDCScope("openid email profile");
      await grant.save();
      return grant;
    },
  });
  const ours = provider.callback();
  const server = createServer(async (request, response) => {
    if (!request.url.startsWith("/interaction/")) return ours(request, response);
    const account = new URL(request.url, issuer).searchParams.get("account");
    if (account !== null) {
      return provider.interactionFinished(request, response, { login: { accountId: account } });
    }
    const links = Object.keys(accounts).map((sub) => `<li><a href="?account=${sub}">${sub}</a>`);
    response.setHeader("Content-Type", "text/html; charset=utf-8");
    const head = '<title>Other house</title><link rel="icon" href="data:,">';
    response.end(`<!doctype html><html lang="en">${head}<ul>${links.join("")}</ul>`);
  });
  await new Promise((ready) => server.listen(port, "127.0.0.1", ready));
  return { issuer, stop: () => server.close() };
}
