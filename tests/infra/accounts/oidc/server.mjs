// One certified OpenID provider on a free loopback port. First argument: {clients, settings} as JSON.
// It prints its issuer; "rotate" on its input gives it a new key; it ends with its input.
// Whoever comes is signed in as the header x-account says, without a page; the header x-decline says no.
import { generateKeyPairSync, randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { createInterface } from "node:readline";

import { Provider } from "oidc-provider";

const { clients, settings } = JSON.parse(process.argv[2]);

const ACCOUNTS = {
  ada: { email: "ada@example.com", email_verified: true, name: "Ada Lovelace" },
  bob: { email: "bob@example.com", email_verified: false, name: "Bob" },
};

function newKey() {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return { ...privateKey.export({ format: "jwk" }), kid: randomUUID(), alg: "RS256", use: "sig" };
}

async function granted(ctx) {
  const { client, session, provider } = ctx.oidc;
  const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
  grant.addOIDCScope("openid email profile");
  await grant.save();
  return grant;
}

function newProvider(issuer) {
  return new Provider(issuer, {
    clients,
    jwks: { keys: [newKey()] },
    cookies: { keys: ["not a secret"] },
    claims: { openid: ["sub", "sid"], email: ["email", "email_verified"], profile: ["name"] },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, ...ACCOUNTS[id] }) }),
    loadExistingGrant: granted,
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    pkce: { required: () => true },
    features: {
      devInteractions: { enabled: false },
      backchannelLogout: { enabled: true },
      rpInitiatedLogout: { enabled: true, logoutSource: (ctx, form) => { ctx.body = form; } },
    },
    fetch: (url, { dispatcher, ...options }) => fetch(url, options), // its guard refuses loopback
    ttl: { AccessToken: 600, AuthorizationCode: 60, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
    ...settings,
  });
}

const server = createServer(async (request, response) => {
  if (!request.url.startsWith("/interaction/")) return callback(request, response);
  const result = request.headers["x-decline"]
    ? { error: "access_denied", error_description: "The person said no." }
    : { login: { accountId: request.headers["x-account"] ?? "ada" } };
  return provider.interactionFinished(request, response, result);
});

let provider;
let callback;

function start(issuer) {
  provider = newProvider(issuer);
  callback = provider.callback();
}

server.listen(0, "127.0.0.1", () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  start(issuer);
  console.log(issuer);
  createInterface({ input: process.stdin })
    .on("line", () => { start(issuer); console.log("rotated"); })
    .on("close", () => process.exit(0));
});
