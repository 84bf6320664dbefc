// SPDX-License-Identifier: Apache-2.0
// Tokens: grants, scopes, revocation, metadata (RFC 6749, 7009, 8414), without the consent page (oauth_code.test.ts).
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ask, must } from "../lib/http.ts";
import { type App, type Member, type Server, startServer } from "../lib/server.ts";

let server: Server;
let app: App;
let anna: Member;
before(async () => {
  server = await startServer();
  app = await server.registerApp("read write:statuses");
  anna = await server.member("anna");
});
after(() => server?.stop());

const client = () => ({ client_id: app.clientId, client_secret: app.clientSecret });
const basic = (a: App) => ({
  Authorization: `Basic ${Buffer.from(`${a.clientId}:${a.clientSecret}`).toString("base64")}`,
});

test("client_credentials gives a token in the shape of RFC 6749", async () => {
  const form = { grant_type: "client_credentials", scope: "read", ...client() };
  const reply = await ask(server, "POST", "/oauth/token", { form });
  assert.equal(reply.status, 200);
  assert.match(reply.headers.get("Cache-Control") ?? "", /no-store/);
  assert.match(reply.json.access_token, /^[A-Za-z0-9_-]{43,}$/);
  assert.equal(reply.json.token_type, "Bearer");
  assert.equal(reply.json.scope, "read");
  assert.ok(Number.isInteger(reply.json.created_at));
  assert.ok(Math.abs(reply.json.created_at - Date.now() / 1000) < 60, "seconds, not milliseconds");
  assert.equal(reply.json.expires_in, undefined);
});

test("/oauth/token takes JSON", async () => {
  const json = { grant_type: "client_credentials", scope: "read", ...client() };
  assert.equal((await must(server, "POST", "/oauth/token", { json })).scope, "read");
});

test("/oauth/token takes multipart", async () => {
  const multipart = new FormData();
  for (const [k, v] of Object.entries({ grant_type: "client_credentials", ...client() })) multipart.set(k, v);
  assert.equal((await must(server, "POST", "/oauth/token", { multipart })).token_type, "Bearer");
});

test("the client may authenticate by HTTP Basic", async () => {
  const form = { grant_type: "client_credentials" };
  assert.equal((await must(server, "POST", "/oauth/token", { form, headers: basic(app) })).scope, "read");
});

test("a wrong secret is invalid_client with 401", async () => {
  const form = { grant_type: "client_credentials", client_id: app.clientId, client_secret: "wrong" };
  const reply = await ask(server, "POST", "/oauth/token", { form });
  assert.equal(reply.status, 401);
  assert.equal(reply.json.error, "invalid_client");
  assert.equal(typeof reply.json.error_description, "string");
});

test("an unknown client is invalid_client, so that Elk registers anew", async () => {
  const json = { grant_type: "client_credentials", client_id: "nobody", client_secret: "nothing" };
  const reply = await ask(server, "POST", "/oauth/token", { json });
  assert.deepEqual([reply.status, reply.json.error], [401, "invalid_client"]);
});

test("a scope wider than the app's is invalid_scope", async () => {
  const form = { grant_type: "client_credentials", scope: "read write", ...client() };
  const reply = await ask(server, "POST", "/oauth/token", { form });
  assert.deepEqual([reply.status, reply.json.error], [400, "invalid_scope"]);
});

test("a narrower scope than the app's is granted", async () => {
  const form = { grant_type: "client_credentials", scope: "read:statuses", ...client() };
  assert.equal((await must(server, "POST", "/oauth/token", { form })).scope, "read:statuses");
});

test("an unknown grant is unsupported_grant_type", async () => {
  const reply = await ask(server, "POST", "/oauth/token", { form: { grant_type: "implicit", ...client() } });
  assert.deepEqual([reply.status, reply.json.error], [400, "unsupported_grant_type"]);
});

test("a made-up code is invalid_grant", async () => {
  const form = { grant_type: "authorization_code", code: "guess", redirect_uri: "urn:ietf:wg:oauth:2.0:oob" };
  const reply = await ask(server, "POST", "/oauth/token", { form: { ...form, ...client() } });
  assert.deepEqual([reply.status, reply.json.error], [400, "invalid_grant"]);
});

test("the password grant works while testing, and a wrong password is invalid_grant", async () => {
  const token = await server.token(app, "read", anna);
  assert.equal((await must(server, "GET", "/api/v1/accounts/verify_credentials", { token })).username, "anna");
  const form = { grant_type: "password", username: anna.email, password: "no", ...client() };
  const reply = await ask(server, "POST", "/oauth/token", { form });
  assert.deepEqual([reply.status, reply.json.error], [400, "invalid_grant"]);
});

test("a token without a member is told that a method needs one", async () => {
  const token = await server.token(app, "read");
  const reply = await ask(server, "GET", "/api/v1/accounts/verify_credentials", { token });
  assert.equal(reply.status, 401);
  assert.equal(reply.json.error, "This method requires an authenticated user");
});

test("a token outside its scopes is told so with 403", async () => {
  const token = await server.token(app, "read", anna);
  const reply = await ask(server, "POST", "/api/v1/statuses", { token, form: { status: "no" } });
  assert.equal(reply.status, 403);
  assert.equal(reply.json.error, "This action is outside the authorized scopes");
});

test("a granular scope opens what it names", async () => {
  const token = await server.token(app, "write:statuses", anna);
  assert.equal(
    (await must(server, "POST", "/api/v1/statuses", { token, form: { status: "granular" } })).visibility,
    "public",
  );
});

test("the scope `follow` covers follows, blocks and mutes", async () => {
  const ben = await server.member("ben");
  const token = await server.signIn(anna, "follow");
  for (const verb of ["follow", "unfollow", "mute", "unmute", "block", "unblock"]) {
    await must(server, "POST", `/api/v1/accounts/${ben.id}/${verb}`, { token });
  }
  assert.equal((await ask(server, "POST", "/api/v1/statuses", { token, form: { status: "no" } })).status, 403);
});

test("a made-up token is 401 in the API's words", async () => {
  const reply = await ask(server, "GET", "/api/v1/timelines/home", { token: "made-up" });
  assert.equal(reply.status, 401);
  assert.deepEqual(reply.json, { error: "The access token is invalid" });
});

test("a made-up token is refused where none is needed, too", async () => {
  assert.equal((await ask(server, "GET", "/api/v1/timelines/public", { token: "made-up" })).status, 401);
});

test("a token may come as access_token in the query", async () => {
  const reply = await must(server, "GET", `/api/v1/accounts/verify_credentials?access_token=${anna.token}`);
  assert.equal(reply.id, anna.id);
});

test("a revoked token is worth nothing", async () => {
  const token = await server.token(app, "read", anna);
  const reply = await ask(server, "POST", "/oauth/revoke", { form: { token, ...client() } });
  assert.deepEqual([reply.status, reply.json], [200, {}]);
  assert.equal((await ask(server, "GET", "/api/v1/accounts/verify_credentials", { token })).status, 401);
});

test("revoke takes JSON, and the client by HTTP Basic", async () => {
  const token = await server.token(app, "read", anna);
  await must(server, "POST", "/oauth/revoke", { json: { token }, headers: basic(app) });
  assert.equal((await ask(server, "GET", "/api/v1/accounts/verify_credentials", { token })).status, 401);
});

test("revoking an unknown token is 200 {}", async () => {
  assert.deepEqual(await must(server, "POST", "/oauth/revoke", { form: { token: "never was", ...client() } }), {});
});

test("another app's token cannot be revoked", async () => {
  const other = await server.registerApp("read");
  const token = await server.token(app, "read", anna);
  const form = { token, client_id: other.clientId, client_secret: other.clientSecret };
  const reply = await ask(server, "POST", "/oauth/revoke", { form });
  assert.deepEqual([reply.status, reply.json.error], [403, "unauthorized_client"]);
  await must(server, "GET", "/api/v1/accounts/verify_credentials", { token });
});

test("userinfo says who the token is for", async () => {
  const info = await must(server, "GET", "/oauth/userinfo", { token: anna.token });
  assert.equal(info.preferred_username, "anna");
  assert.equal(info.profile, `${server.url}/@anna`);
  assert.equal(info.iss, `${server.url}/`);
  for (const key of ["sub", "name", "picture"]) assert.equal(typeof info[key], "string");
});

test("userinfo needs the scope profile, which read includes", async () => {
  const token = await server.signIn(anna, "write");
  assert.equal((await ask(server, "GET", "/oauth/userinfo", { token })).status, 403);
  assert.equal((await ask(server, "GET", "/oauth/userinfo")).status, 401);
});

test("the metadata of RFC 8414 has every key and does not tell of the password grant", async () => {
  const data = await must(server, "GET", "/.well-known/oauth-authorization-server");
  assert.equal(data.issuer, `${server.url}/`);
  const endpoints = ["authorization", "token", "revocation", "userinfo"].map((n) => `${n}_endpoint`);
  for (const key of [...endpoints, "app_registration_endpoint"]) {
    assert.ok(data[key].startsWith(server.url), key);
    assert.doesNotMatch(data[key], /[?@]/, "Mastodon.py refuses addresses with a query or an @");
  }
  assert.equal(typeof data.service_documentation, "string");
  assert.deepEqual(data.response_types_supported, ["code"]);
  assert.ok(data.response_modes_supported.includes("query"));
  assert.deepEqual(data.code_challenge_methods_supported, ["S256"]);
  assert.ok(data.grant_types_supported.includes("authorization_code"));
  assert.ok(data.grant_types_supported.includes("client_credentials"));
  assert.ok(!data.grant_types_supported.includes("password"));
  assert.ok(data.token_endpoint_auth_methods_supported.includes("client_secret_basic"));
  assert.ok(data.token_endpoint_auth_methods_supported.includes("client_secret_post"));
  for (const scope of ["read", "write", "follow", "push", "profile", "read:statuses"]) {
    assert.ok(data.scopes_supported.includes(scope), scope);
  }
});
