// SPDX-License-Identifier: Apache-2.0
// The modes of the server: who is refused what, and what the refusal says.
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { ask, must } from "../lib/http.ts";
import { type Member, type Server, startServer } from "../lib/server.ts";

let server: Server;
let anna: Member;
let keeper: Member;
let status: string;
let appToken: string;
before(async () => {
  server = await startServer();
  [anna, keeper] = await server.members("anna", "keeper");
  await server.command("member", "role", "keeper", "moderator");
  status = (await anna.client.v1.statuses.create({ status: "before" })).id;
  appToken = await server.token(await server.registerApp());
});
after(() => server?.stop());
afterEach(() => server.command("mode", "normal"));

const write = (who: Member) =>
  ask(server, "POST", "/api/v1/statuses", { token: who.token, form: { status: `by ${who.username}` } });
const signUp = (username: string) =>
  ask(server, "POST", "/api/v1/accounts", {
    token: appToken,
    form: { username, email: `${username}@example.org`, password: "correct horse battery", agreement: "1" },
  });

test("read-only refuses every write with 503, Retry-After and the reason", async () => {
  await server.command("mode", "read-only", "--reason", "Moving house", "--until", "30m");
  for (const [method, path] of [
    ["POST", "/api/v1/statuses"],
    ["PUT", `/api/v1/statuses/${status}`],
    ["DELETE", `/api/v1/statuses/${status}`],
    ["POST", `/api/v1/statuses/${status}/favourite`],
    ["POST", `/api/v1/accounts/${keeper.id}/follow`],
    ["PATCH", "/api/v1/accounts/update_credentials"],
    ["POST", "/api/v1/markers"],
  ] as const) {
    const reply = await ask(server, method, path, { token: anna.token, form: { status: "no" } });
    assert.equal(reply.status, 503, `${method} ${path}: ${reply.text}`);
    assert.match(reply.json.error, /Moving house \(expected to end \d{4}-\d\d-\d\d \d\d:\d\d UTC\)$/);
    const seconds = Number(reply.headers.get("Retry-After"));
    assert.ok(seconds > 0 && seconds <= 1800, `Retry-After: ${seconds}`);
    assert.equal(reply.headers.get("Access-Control-Allow-Origin"), "*");
  }
  assert.equal((await write(keeper)).status, 503);
  const ready = await ask(server, "GET", "/ready");
  assert.deepEqual([ready.status, ready.json.mode, ready.json.reason], [503, "read-only", "Moving house"]);
  assert.ok(Date.parse(ready.json.until) > Date.now());
});

test("read-only still reads, and says so in the instance document", async () => {
  await server.command("mode", "read-only", "--reason", "Moving house");
  await must(server, "GET", "/api/v1/timelines/home", { token: anna.token });
  const { parley } = await must(server, "GET", "/api/v2/instance");
  assert.deepEqual([parley.mode, parley.mode_reason, parley.mode_until], ["read-only", "Moving house", null]);
});

test("moderators-only lets moderators write and refuses others", async () => {
  await server.command("mode", "moderators-only", "--reason", "A flood");
  assert.equal((await write(anna)).status, 503);
  assert.equal((await write(keeper)).status, 200);
});

test("sign-ups-paused refuses newcomers and nobody else", async () => {
  await server.command("mode", "sign-ups-paused", "--reason", "Robots", "--until", "2h");
  const refused = await signUp("early");
  assert.equal(refused.status, 503, refused.text);
  assert.ok(Number(refused.headers.get("Retry-After")) > 7000); // the expected end
  assert.match(refused.json.error, /Robots/);
  assert.equal((await write(anna)).status, 200);
  await server.command("mode", "normal");
  assert.equal((await signUp("early")).status, 200);
});

test("a mode survives a restart", async () => {
  await server.command("mode", "read-only", "--reason", "Still moving");
  await server.halt();
  await server.start();
  assert.equal((await write(anna)).status, 503);
});

test("back to normal writes go on", async () => {
  await server.command("mode", "read-only", "--reason", "A moment");
  await server.command("mode", "normal");
  assert.equal((await write(anna)).status, 200);
});

test("closed sign-up says why", async () => {
  await server.command("setting", "set", "sign_up", "closed");
  await server.command("setting", "set", "sign_up_reason", "We are full.");
  const reply = await signUp("late");
  assert.equal(reply.status, 403);
  assert.match(reply.json.error, /We are full\./);
  const { registrations } = await must(server, "GET", "/api/v2/instance");
  assert.equal(registrations.enabled, false);
  await server.command("setting", "set", "sign_up", "open");
});

test("sign-up by approval asks for a reason", async () => {
  await server.command("setting", "set", "sign_up", "approval");
  const reply = await signUp("reasonless");
  assert.deepEqual([reply.status, reply.json.details?.reason?.[0]?.error], [422, "ERR_BLANK"]);
  assert.equal((await must(server, "GET", "/api/v2/instance")).registrations.approval_required, true);
  await server.command("setting", "set", "sign_up", "open");
});

test("sign-up by invitation takes a code, as often as it may be used", async () => {
  await server.command("setting", "set", "sign_up", "invite");
  assert.equal((await signUp("uninvited")).status, 422);
  const { code } = await server.command("invite", "create", "--as", "keeper", "--uses", "1");
  const invited = (username: string) =>
    ask(server, "POST", "/api/v1/accounts", {
      token: appToken,
      form: {
        username,
        email: `${username}@example.org`,
        password: "correct horse battery",
        agreement: "1",
        invite_code: code,
      },
    });
  assert.equal((await invited("guest")).status, 200);
  assert.equal((await invited("gatecrasher")).status, 422);
  await server.command("setting", "set", "sign_up", "open");
});
