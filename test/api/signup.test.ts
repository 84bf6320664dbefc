// SPDX-License-Identifier: Apache-2.0
// POST /api/v1/accounts: who gets in, and what a refusal tells.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ask, must, type Reply } from "../lib/http.ts";
import { type Server, startServer } from "../lib/server.ts";

let server: Server;
let token: string;
before(async () => {
  server = await startServer();
  token = await server.token(await server.registerApp());
});
after(() => server?.stop());

const good = (username: string) => ({
  username,
  email: `${username}@example.org`,
  password: "correct horse battery",
  agreement: "true",
  locale: "en",
  date_of_birth: "1990-04-01",
});

const signUp = (fields: Record<string, string>): Promise<Reply> =>
  ask(server, "POST", "/api/v1/accounts", { token, form: fields });

async function refusedFor(fields: Record<string, string>, field: string, code: string): Promise<void> {
  const reply = await signUp(fields);
  assert.equal(reply.status, 422, reply.text);
  assert.match(reply.json.error, /^Validation failed: /);
  const found = reply.json.details[field];
  assert.ok(Array.isArray(found), `details.${field} in ${reply.text}`);
  assert.equal(found[0].error, code);
  assert.equal(typeof found[0].description, "string");
}

test("sign-up answers a token with which the newcomer is signed in", async () => {
  const reply = await signUp(good("newcomer"));
  assert.equal(reply.status, 200, reply.text);
  assert.equal(reply.json.token_type, "Bearer");
  assert.ok(Number.isInteger(reply.json.created_at));
  const me = await must(server, "GET", "/api/v1/accounts/verify_credentials", { token: reply.json.access_token });
  assert.equal(me.username, "newcomer");
});

test("sign-up takes JSON", async () => {
  const json = { ...good("jason"), agreement: true };
  await must(server, "POST", "/api/v1/accounts", { token, json });
});

test("a blank name is ERR_BLANK", () => refusedFor({ ...good("x"), username: "" }, "username", "ERR_BLANK"));
test("a name with a hyphen is ERR_INVALID", () => refusedFor(good("a-b"), "username", "ERR_INVALID"));
test("a reserved name is ERR_RESERVED", () => refusedFor(good("admin"), "username", "ERR_RESERVED"));
test("a name of 31 letters is ERR_TOO_LONG", () => refusedFor(good("n".repeat(31)), "username", "ERR_TOO_LONG"));
test("a broken e-mail address is ERR_INVALID", () =>
  refusedFor({ ...good("mail"), email: "no address" }, "email", "ERR_INVALID"));
test("a blank password is ERR_BLANK", () => refusedFor({ ...good("blank"), password: "" }, "password", "ERR_BLANK"));
test("a short password is ERR_TOO_SHORT", () =>
  refusedFor({ ...good("short"), password: "seven77" }, "password", "ERR_TOO_SHORT"));
test("rules that are not accepted are ERR_ACCEPTED", () =>
  refusedFor({ ...good("lawless"), agreement: "false" }, "agreement", "ERR_ACCEPTED"));

test("a taken name is ERR_TAKEN in any case", async () => {
  await must(server, "POST", "/api/v1/accounts", { token, form: good("taken") });
  await refusedFor({ ...good("TAKEN"), email: "another@example.org" }, "username", "ERR_TAKEN");
});

test("a name that looks like a taken one is refused", async () => {
  await must(server, "POST", "/api/v1/accounts", { token, form: good("paypal") });
  await refusedFor(good("paypa1"), "username", "ERR_TAKEN");
});

test("several things are told at once", async () => {
  const { json } = await signUp({ ...good("x"), username: "", password: "" });
  assert.deepEqual(Object.keys(json.details).sort(), ["password", "username"]);
});

test("sign-up without a token is 401", async () => {
  assert.equal((await ask(server, "POST", "/api/v1/accounts", { form: good("nobody") })).status, 401);
});

test("of two newcomers with one name at once one gets it", async () => {
  const replies = await Promise.all([1, 2, 3].map((n) => signUp({ ...good("racer"), email: `racer${n}@example.org` })));
  assert.deepEqual(replies.map((r) => r.status).sort(), [200, 422, 422]);
});
