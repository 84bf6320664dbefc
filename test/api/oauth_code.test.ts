// SPDX-License-Identifier: Apache-2.0
// The authorization code grant, through the pages as each client opens them (RFC 6749, 7636).
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ask, must } from "../lib/http.ts";
import { type Member, type Server, startServer } from "../lib/server.ts";
import { type Page, Visitor } from "../lib/visitor.ts";

const OOB = "urn:ietf:wg:oauth:2.0:oob";
// RFC 7636, appendix B.
const VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

let server: Server;
let anna: Member;
before(async () => {
  server = await startServer();
  anna = await server.member("anna");
});
after(() => server?.stop());

interface Registered {
  client_id: string;
  client_secret: string;
}
type Fields = Record<string, string>;

const register = (redirectUri: string, scopes = "read write follow push"): Promise<Registered> =>
  must(server, "POST", "/api/v1/apps", { json: { client_name: "an app", redirect_uris: redirectUri, scopes } });

const question = (app: Registered, redirectUri: string, more: Fields = {}, path = "/oauth/authorize") =>
  `${path}?${new URLSearchParams({
    response_type: "code",
    client_id: app.client_id,
    redirect_uri: redirectUri,
    scope: "read write follow push",
    ...more,
  })}`;

/** Opens the page, signs in when asked, and answers. Gives where that led. */
async function answer(target: string, choice: "allow" | "deny"): Promise<Page> {
  const visitor = new Visitor(server);
  let page = await visitor.get(target);
  if (page.url.pathname === "/sign-in") page = await visitor.signIn(page, anna);
  assert.equal(page.url.pathname.replace(/\/$/, ""), "/oauth/authorize", page.html.slice(0, 1000));
  return visitor.submit(page, "/oauth/authorize", { answer: choice });
}

const codeIn = (left: string | undefined) =>
  new URL(left ?? assert.fail("not sent back")).searchParams.get("code") ?? "";

const exchange = (app: Registered, redirectUri: string, code: string, more: Fields = {}) => ({
  grant_type: "authorization_code",
  client_id: app.client_id,
  client_secret: app.client_secret,
  redirect_uri: redirectUri,
  code,
  ...more,
});

async function works(token: string): Promise<void> {
  assert.equal((await must(server, "GET", "/api/v1/accounts/verify_credentials", { token })).id, anna.id);
}

test("Phanpy signs in: form, its page as redirect, PKCE S256, revoke at the end", async () => {
  const uri = "https://phanpy.example/";
  const app = await register(uri);
  const pkce = { code_challenge: CHALLENGE, code_challenge_method: "S256" };
  const page = await answer(question(app, uri, pkce), "allow");
  assert.match(page.left ?? "", /^https:\/\/phanpy\.example\/\?code=[^&]+$/);
  const form = exchange(app, uri, codeIn(page.left), { code_verifier: VERIFIER });
  const { access_token: token, scope } = await must(server, "POST", "/oauth/token", { form });
  assert.equal(scope, "read write follow push");
  await works(token);
  const revoke = { client_id: app.client_id, client_secret: app.client_secret, token };
  assert.deepEqual(await must(server, "POST", "/oauth/revoke", { form: revoke }), {});
});

test("Elk signs in: JSON, %2F in its redirect, scope in the exchange", async () => {
  const uri = "https://elk.example/api/parley.example/oauth/https%3A%2F%2Felk.example";
  const app = await register(uri);
  const page = await answer(question(app, uri, { force_login: "false", lang: "en" }), "allow");
  assert.ok(page.left?.startsWith(`${uri}?code=`), page.left);
  const json = exchange(app, uri, codeIn(page.left), { scope: "read write follow push" });
  await works((await must(server, "POST", "/oauth/token", { json })).access_token);
});

test("toot signs in: slash behind authorize, code shown on a page", async () => {
  const app = await register(OOB, "read write follow");
  const target = question(app, OOB, { scope: "read write follow" }, "/oauth/authorize/");
  const page = await answer(target, "allow");
  assert.equal(page.url.pathname, "/oauth/authorize/native");
  const code = page.url.searchParams.get("code") ?? "";
  assert.ok(page.html.includes(code), "the code can be read");
  const form = exchange(app, OOB, code);
  await works((await must(server, "POST", "/oauth/token", { form })).access_token);
});

test("without a code there is nothing to copy, and the page says so", async () => {
  for (const target of ["/oauth/authorize/native", "/oauth/authorize/native?code="]) {
    const reply = await ask(server, "GET", target);
    assert.equal(reply.status, 400, target);
    assert.match(reply.text, /There is no code in this address/);
    assert.doesNotMatch(reply.text, /Copy this code/);
  }
});

test("Mastodon.py signs in: None and False as literal text", async () => {
  const app = await register(OOB);
  const target = question(app, OOB, { force_login: "False", state: "None", lang: "None" });
  const page = await answer(target, "allow");
  const form = exchange(app, OOB, page.url.searchParams.get("code") ?? "", { scope: "read write follow push" });
  const reply = await must(server, "POST", "/oauth/token", { form });
  assert.deepEqual(reply.scope.split(" ").sort(), ["follow", "push", "read", "write"]);
});

test("Tusky signs in: a scheme of its own, form", async () => {
  const uri = "oauth2redirect://com.keylesspalace.tusky/";
  const app = await register(uri);
  const page = await answer(question(app, uri), "allow");
  assert.ok(page.left?.startsWith(`${uri}?code=`), page.left);
  const form = exchange(app, uri, codeIn(page.left));
  await works((await must(server, "POST", "/oauth/token", { form })).access_token);
});

test("the Android app signs in: a scheme of its own, JSON, verifier without a challenge", async () => {
  const uri = "org.joinmastodon.android-auth://callback";
  const app = await register(uri);
  const page = await answer(question(app, uri), "allow");
  const json = exchange(app, uri, codeIn(page.left), { code_verifier: VERIFIER });
  const { access_token: token } = await must(server, "POST", "/oauth/token", { json });
  await works(token);
  await must(server, "POST", "/oauth/revoke", {
    json: { client_id: app.client_id, client_secret: app.client_secret, token },
  });
});

test("an app that is not registered is told to begin again", async () => {
  const reply = await ask(server, "GET", question({ client_id: "gone", client_secret: "" }, OOB));
  assert.equal(reply.status, 422);
  assert.match(reply.text, /not registered here. Remove the account from the app and add it again/);
});

test("the page allows its form to lead to the app's scheme", async () => {
  const uri = "org.joinmastodon.android-auth://callback";
  const app = await register(uri);
  const visitor = new Visitor(server);
  const page = await visitor.signIn(await visitor.get(question(app, uri)), anna);
  const policy = page.headers.get("Content-Security-Policy") ?? "";
  assert.match(policy, /form-action[^;]* org\.joinmastodon\.android-auth:/);
  assert.match(policy, /default-src 'none'|default-src 'self'/);
});

test("state comes back as it was sent", async () => {
  const uri = "https://state.example/back?kept=1";
  const app = await register(uri);
  const state = "a b&c=d/é+%";
  const left = new URL((await answer(question(app, uri, { state }), "allow")).left ?? "");
  assert.equal(left.searchParams.get("state"), state);
  assert.equal(left.searchParams.get("kept"), "1");
  assert.ok(left.searchParams.get("code"));
});

test("without a state none comes back", async () => {
  const uri = "https://stateless.example/";
  const left = new URL((await answer(question(await register(uri), uri), "allow")).left ?? "");
  assert.equal(left.searchParams.has("state"), false);
});

test("a refusal goes back as access_denied", async () => {
  const uri = "https://denied.example/";
  const left = new URL((await answer(question(await register(uri), uri, { state: "s" }), "deny")).left ?? "");
  assert.equal(left.searchParams.get("error"), "access_denied");
  assert.ok(left.searchParams.get("error_description"));
  assert.equal(left.searchParams.get("state"), "s");
  assert.equal(left.searchParams.has("code"), false);
});

test("a code works once", async () => {
  const app = await register(OOB);
  const code = (await answer(question(app, OOB), "allow")).url.searchParams.get("code") ?? "";
  const form = exchange(app, OOB, code);
  await must(server, "POST", "/oauth/token", { form });
  const again = await ask(server, "POST", "/oauth/token", { form });
  assert.deepEqual([again.status, again.json.error], [400, "invalid_grant"]);
});

test("of two exchanges at once one gets the token", async () => {
  const app = await register(OOB);
  const code = (await answer(question(app, OOB), "allow")).url.searchParams.get("code") ?? "";
  const form = exchange(app, OOB, code);
  const replies = await Promise.all([1, 2, 3, 4].map(() => ask(server, "POST", "/oauth/token", { form })));
  assert.deepEqual(replies.map((r) => r.status).sort(), [200, 400, 400, 400]);
});

for (const [name, verifier] of [
  ["a wrong verifier", { code_verifier: VERIFIER.replace("d", "e") }],
  ["no verifier", {}],
] as [string, Fields][]) {
  test(`a code asked for with a challenge is worth nothing with ${name}`, async () => {
    const app = await register(OOB);
    const pkce = { code_challenge: CHALLENGE, code_challenge_method: "S256" };
    const code = (await answer(question(app, OOB, pkce), "allow")).url.searchParams.get("code") ?? "";
    const reply = await ask(server, "POST", "/oauth/token", { form: exchange(app, OOB, code, verifier) });
    assert.deepEqual([reply.status, reply.json.error], [400, "invalid_grant"]);
  });
}

test("a code is worth nothing to another app", async () => {
  const [app, other] = [await register(OOB), await register(OOB)];
  const code = (await answer(question(app, OOB), "allow")).url.searchParams.get("code") ?? "";
  const reply = await ask(server, "POST", "/oauth/token", { form: exchange(other, OOB, code) });
  assert.deepEqual([reply.status, reply.json.error], [400, "invalid_grant"]);
});

test("a code is worth nothing with another redirect URI", async () => {
  const app = await register(`${OOB}\nhttps://two.example/`);
  const code = (await answer(question(app, OOB), "allow")).url.searchParams.get("code") ?? "";
  const reply = await ask(server, "POST", "/oauth/token", { form: exchange(app, "https://two.example/", code) });
  assert.deepEqual([reply.status, reply.json.error], [400, "invalid_grant"]);
});

test("the challenge method plain is refused by redirect", async () => {
  const uri = "https://plain.example/";
  const app = await register(uri);
  const pkce = { code_challenge: CHALLENGE, code_challenge_method: "plain" };
  const page = await new Visitor(server).get(question(app, uri, pkce));
  assert.equal(new URL(page.left ?? "").searchParams.get("error"), "invalid_request");
});

test("a scope wider than the app's is refused by redirect", async () => {
  const uri = "https://wide.example/";
  const app = await register(uri, "read");
  const page = await new Visitor(server).get(question(app, uri, { scope: "read write" }));
  assert.equal(new URL(page.left ?? "").searchParams.get("error"), "invalid_scope");
});

test("a redirect URI that is not the app's is never followed", async () => {
  const app = await register("https://mine.example/");
  const page = await new Visitor(server).get(question(app, "https://mine.example/other"));
  assert.equal(page.left, undefined);
  assert.ok(page.status >= 400 && page.status < 500);
});

test("an unknown client gets a page, not a redirect", async () => {
  const page = await new Visitor(server).get(question({ client_id: "nobody", client_secret: "" }, OOB));
  assert.equal(page.left, undefined);
  assert.ok(page.status >= 400 && page.status < 500);
});

test("force_login asks somebody who is signed in to sign in anew", async () => {
  const app = await register(OOB);
  const visitor = new Visitor(server);
  await visitor.signIn(await visitor.get("/sign-in"), anna);
  assert.equal((await visitor.get(question(app, OOB))).url.pathname, "/oauth/authorize");
  const forced = await visitor.get(question(app, OOB, { force_login: "true" }));
  assert.equal(forced.url.pathname, "/sign-in");
  assert.equal((await visitor.signIn(forced, anna)).url.pathname, "/oauth/authorize");
});

test("consent cannot be given without the form's token", async () => {
  const app = await register(OOB);
  const visitor = new Visitor(server);
  const page = await visitor.signIn(await visitor.get(question(app, OOB)), anna);
  const refused = await visitor.submit(page, "/oauth/authorize", { answer: "allow", token: "forged" });
  assert.ok(refused.status >= 400, `status ${refused.status}`);
  assert.equal(refused.url.searchParams.has("code"), false);
});
