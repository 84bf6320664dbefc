// SPDX-License-Identifier: Apache-2.0
// Scheduled parleys: made, moved, called off, published exactly once, and waiting while nobody may write.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ask, type Json, links, must } from "../lib/http.ts";
import { type Member, type Server, startServer } from "../lib/server.ts";
import { eventually } from "../lib/wait.ts";

let server: Server;
let anna: Member;
let ben: Member;
before(async () => {
  server = await startServer();
  [anna, ben] = await server.members("anna", "ben");
});
after(() => server?.stop());

const BASE = "/api/v1/scheduled_statuses";
const inSeconds = (s: number) => new Date(Date.now() + s * 1000).toISOString();
const schedule = (status: string, at: string, more: Json = {}, headers: Record<string, string> = {}): Promise<Json> =>
  must(server, "POST", "/api/v1/statuses", {
    token: anna.token,
    json: { status, scheduled_at: at, ...more },
    headers,
  });
const waiting = async (): Promise<string[]> =>
  (await must(server, "GET", BASE, { token: anna.token })).map((s: Json) => s.id);
const published = async (text: string): Promise<Json[]> =>
  (await must(server, "GET", `/api/v1/accounts/${anna.id}/statuses?limit=40`, { token: anna.token })).filter(
    (s: Json) => s.content.includes(text),
  );

test("masto schedules, moves and calls off", async () => {
  const made = await anna.client.v1.statuses.create({ status: "later", scheduledAt: inSeconds(3600) });
  assert.equal(made.params.text, "later");
  const at = inSeconds(7200);
  const moved = await anna.client.v1.scheduledStatuses.$select(made.id).update({ scheduledAt: at });
  assert.equal(moved.scheduledAt, at);
  assert.equal((await anna.client.v1.scheduledStatuses.$select(made.id).fetch()).scheduledAt, at);
  assert.deepEqual(await waiting(), [made.id]);
  await anna.client.v1.scheduledStatuses.$select(made.id).remove();
  assert.deepEqual(await waiting(), []);
});

test("when its time comes it is published with all that was said, once", async () => {
  const { id } = await schedule("on time @ben", inSeconds(2), {
    spoiler_text: "cw",
    visibility: "unlisted",
    language: "de",
    poll: { options: ["a", "b"], expires_in: 600, multiple: true },
  });
  assert.deepEqual(await published("on time"), []);
  await eventually("it is there", async () => (await published("on time")).length > 0);
  const [status, ...more] = await published("on time");
  assert.equal(more.length, 0);
  assert.deepEqual(
    [status.spoiler_text, status.visibility, status.language, status.poll.multiple, status.application.name],
    ["cw", "unlisted", "de", true, "parley tests"],
  );
  assert.equal((await ask(server, "GET", `${BASE}/${id}`, { token: anna.token })).status, 404);
  const notes = await must(server, "GET", "/api/v1/notifications?types[]=mention", { token: ben.token });
  assert.equal(notes[0]?.status.id, status.id);
});

test("a key that is sent twice schedules once", async () => {
  const headers = { "Idempotency-Key": "scheduled once" };
  const first = await schedule("twice", inSeconds(3600), {}, headers);
  assert.equal((await schedule("twice", inSeconds(3600), {}, headers)).id, first.id);
  await must(server, "DELETE", `${BASE}/${first.id}`, { token: anna.token });
  const again = { status: "twice", scheduled_at: inSeconds(3600) };
  assert.equal(
    (await ask(server, "POST", "/api/v1/statuses", { token: anna.token, json: again, headers })).status,
    410,
  );
});

test("what would not be published is refused now", async () => {
  const wrong: Json[] = [
    { status: "x", scheduled_at: "tomorrow" },
    { status: "x", scheduled_at: inSeconds(-60) },
    { status: "", scheduled_at: inSeconds(600) },
    { status: "x".repeat(501), scheduled_at: inSeconds(600) },
    { status: "x", scheduled_at: inSeconds(600), poll: { options: ["a"], expires_in: 600 } },
  ];
  for (const json of wrong) {
    const reply = await ask(server, "POST", "/api/v1/statuses", { token: anna.token, json });
    assert.equal(reply.status, 422, JSON.stringify(json));
  }
  const json = { status: "x", scheduled_at: inSeconds(600), in_reply_to_id: "1" };
  assert.equal((await ask(server, "POST", "/api/v1/statuses", { token: anna.token, json })).status, 404);
  const form = { scheduled_at: "" };
  const { id } = await schedule("moves", inSeconds(600));
  assert.equal((await ask(server, "PUT", `${BASE}/${id}`, { token: anna.token, form })).status, 422);
});

test("another member's is not there", async () => {
  const { id } = await schedule("mine", inSeconds(600));
  for (const method of ["GET", "PUT", "DELETE"]) {
    const form = method === "GET" ? {} : { form: { scheduled_at: inSeconds(900) } };
    assert.equal((await ask(server, method, `${BASE}/${id}`, { token: ben.token, ...form })).status, 404, method);
  }
});

test("they come in pages, newest first", async () => {
  for (let i = 0; i < 3; i++) await schedule(`page ${i}`, inSeconds(90_000));
  const all = await waiting();
  const first = await ask(server, "GET", `${BASE}?limit=2`, { token: anna.token });
  assert.deepEqual(
    first.json.map((s: Json) => s.id),
    all.slice(0, 2),
  );
  const next = links(first).next ?? assert.fail("no next");
  const second = await must(server, "GET", `${next.pathname}${next.search}`, { token: anna.token });
  assert.deepEqual(
    second.map((s: Json) => s.id),
    all.slice(2, 4),
  );
});

test("a day takes 25", async () => {
  const [cleo] = await server.members("cleo");
  const at = `${new Date(Date.now() + 5 * 86_400_000).toISOString().slice(0, 10)}T12:00:00Z`;
  const add = () =>
    ask(server, "POST", "/api/v1/statuses", { token: cleo.token, json: { status: "x", scheduled_at: at } });
  for (let i = 0; i < 25; i++) assert.equal((await add()).status, 200);
  assert.match((await add()).json.error, /25 parleys may be scheduled for one day/);
});

test("on a read-only server it waits, and a server that was killed publishes it once", async () => {
  const { scheduled_at: at } = await schedule("patience", inSeconds(2));
  await server.command("mode", "read-only", "--reason", "test");
  await eventually("its time has come and gone", async () => Date.now() > Date.parse(at) + 2500);
  assert.deepEqual(await published("patience"), []);
  await server.kill();
  await server.start();
  await server.command("mode", "normal");
  await eventually("it is there", async () => (await published("patience")).length > 0);
  assert.equal((await published("patience")).length, 1);
});

test("what an author who is frozen scheduled waits", async () => {
  const [dora] = await server.members("dora");
  const json = { status: "cold", scheduled_at: inSeconds(2) };
  const { id } = await must(server, "POST", "/api/v1/statuses", { token: dora.token, json });
  await server.command("member", "freeze", "dora", "--reason", "test");
  await schedule("after the cold one", inSeconds(3));
  await eventually("a later one is there", async () => (await published("after the cold one")).length > 0);
  assert.equal((await ask(server, "GET", `${BASE}/${id}`, { token: dora.token })).status, 200);
});

test("what cannot be published any more becomes a draft", async () => {
  const parent = await must(server, "POST", "/api/v1/statuses", { token: ben.token, form: { status: "parent" } });
  await schedule("an answer to nothing", inSeconds(2), { in_reply_to_id: parent.id });
  await must(server, "DELETE", `/api/v1/statuses/${parent.id}`, { token: ben.token });
  await eventually("it is a draft", async () => {
    const drafts = await must(server, "GET", "/api/parley/v1/drafts", { token: anna.token });
    return drafts.some((d: Json) => d.params.text === "an answer to nothing");
  });
  assert.deepEqual(await published("an answer to nothing"), []);
});
