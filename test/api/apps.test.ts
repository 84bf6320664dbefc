// SPDX-License-Identifier: Apache-2.0
// POST /api/v1/apps as each client sends it, and who an app is.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ask, type Json, must } from "../lib/http.ts";
import { type Server, startServer } from "../lib/server.ts";

const OOB = "urn:ietf:wg:oauth:2.0:oob";
let server: Server;
before(async () => {
  server = await startServer();
});
after(() => server?.stop());

const register = (fields: Record<string, string>): Promise<Json> =>
  must(server, "POST", "/api/v1/apps", { form: { client_name: "an app", ...fields } });

test("an app registered by a form gets every key that clients read", async () => {
  const app = await register({ redirect_uris: OOB, scopes: "read write follow push", website: "https://app.example" });
  assert.match(app.id, /^\d+$/);
  assert.equal(app.name, "an app");
  assert.equal(app.website, "https://app.example");
  assert.deepEqual(app.scopes, ["read", "write", "follow", "push"]);
  assert.deepEqual(app.redirect_uris, [OOB]);
  assert.equal(app.redirect_uri, OOB);
  assert.ok(app.client_id.length >= 32);
  assert.ok(app.client_secret.length >= 32);
  assert.equal(app.client_secret_expires_at, 0);
  assert.equal(typeof app.vapid_key, "string");
});

test("what has an app's secret is kept nowhere", async () => {
  const form = { client_name: "an app", redirect_uris: OOB };
  assert.equal((await ask(server, "POST", "/api/v1/apps", { form })).headers.get("Cache-Control"), "no-store");
});

test("an app registered by JSON is the same", async () => {
  const json = { client_name: "toot", redirect_uris: OOB, scopes: "read write follow", website: null };
  const app = await must(server, "POST", "/api/v1/apps", { json });
  assert.deepEqual(app.scopes, ["read", "write", "follow"]);
  assert.equal(app.website, null);
});

test("redirect URIs may be a JSON array", async () => {
  const uris = ["https://one.example/back", "two://callback"];
  const app = await must(server, "POST", "/api/v1/apps", { json: { client_name: "array", redirect_uris: uris } });
  assert.deepEqual(app.redirect_uris, uris);
});

test("redirect URIs may stand on lines of their own", async () => {
  const app = await register({ redirect_uris: `${OOB}\nhttps://one.example/back` });
  assert.deepEqual(app.redirect_uris, [OOB, "https://one.example/back"]);
});

test("redirect URIs may be parted by spaces", async () => {
  const app = await register({ redirect_uris: "https://one.example/a https://one.example/b" });
  assert.deepEqual(app.redirect_uris, ["https://one.example/a", "https://one.example/b"]);
});

test("%2F in a redirect URI survives", async () => {
  const uri = "https://elk.example/api/parley.example/oauth/https%3A%2F%2Felk.example";
  const app = await must(server, "POST", "/api/v1/apps", { json: { client_name: "elk", redirect_uris: uri } });
  assert.deepEqual(app.redirect_uris, [uri]);
});

test("any scheme of an app's own is taken", async () => {
  for (const uri of ["oauth2redirect://com.keylesspalace.tusky/", "org.joinmastodon.android-auth://callback"]) {
    assert.deepEqual((await register({ redirect_uris: uri })).redirect_uris, [uri]);
  }
});

for (const uri of ["javascript:alert(1)", "data:text/html,hi", "https://one.example/#part", "not a uri", "/relative"]) {
  test(`the redirect URI ${uri} is refused`, async () => {
    const reply = await ask(server, "POST", "/api/v1/apps", { json: { client_name: "bad", redirect_uris: [uri] } });
    assert.equal(reply.status, 422);
    assert.equal(typeof reply.json.error, "string");
  });
}

test("an app without a name is refused", async () => {
  const reply = await ask(server, "POST", "/api/v1/apps", { form: { redirect_uris: OOB } });
  assert.equal(reply.status, 422);
});

test("an unknown scope is refused", async () => {
  const form = { client_name: "greedy", redirect_uris: OOB, scopes: "read everything" };
  assert.equal((await ask(server, "POST", "/api/v1/apps", { form })).status, 422);
});

test("without scopes an app may read", async () => {
  assert.deepEqual((await register({ redirect_uris: OOB })).scopes, ["read"]);
});

test("verify_credentials tells an app who it is, without its secret", async () => {
  const app = await server.registerApp("read");
  const token = await server.token(app, "read");
  const seen = await must(server, "GET", "/api/v1/apps/verify_credentials", { token });
  assert.equal(seen.name, "parley tests");
  assert.deepEqual(seen.scopes, ["read"]);
  assert.equal(seen.client_secret, undefined);
});

test("verify_credentials without a token is 401", async () => {
  assert.equal((await ask(server, "GET", "/api/v1/apps/verify_credentials")).status, 401);
});
