// SPDX-License-Identifier: Apache-2.0
// Notifications of every type that the network makes, their lists, and markers.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ask, type Json, must } from "../lib/http.ts";
import { type Member, type Server, startServer } from "../lib/server.ts";
import { eventually } from "../lib/wait.ts";

let server: Server;
before(async () => {
  server = await startServer();
});
after(() => server?.stop());

const notes = (who: Member, query = ""): Promise<Json[]> =>
  must(server, "GET", `/api/v1/notifications?${query}`, { token: who.token });
const post = (who: Member, status: string, more: Record<string, string> = {}): Promise<Json> =>
  must(server, "POST", "/api/v1/statuses", { token: who.token, form: { status, ...more } });
const does = (who: Member, path: string, form: Record<string, string> = {}): Promise<Json> =>
  must(server, "POST", path, { token: who.token, form });
const first = (who: Member, type: string): Promise<Json> =>
  eventually(`${who.username} is told of a ${type}`, async () => (await notes(who, `types[]=${type}`))[0]);

test("a mention is told with its parley", async () => {
  const [a, b] = await server.members("mentioner", "mentioned");
  const status = await post(a, "hello @mentioned");
  const note = await first(b, "mention");
  assert.match(note.id, /^\d+$/);
  assert.equal(note.account.id, a.id);
  assert.equal(note.status.id, status.id);
  assert.equal(typeof note.group_key, "string");
  assert.match(note.created_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  assert.deepEqual(await must(server, "GET", `/api/v1/notifications/${note.id}`, { token: b.token }), note);
});

test("an answer is a mention, oneself is not told", async () => {
  const [a, b] = await server.members("answered", "answerer");
  const root = await post(a, "root @answered");
  await post(b, "@answered answer", { in_reply_to_id: root.id });
  assert.equal((await notes(a)).length, 1);
});

test("favourites and echoes are told, and taken back when undone", async () => {
  const [a, b] = await server.members("liked", "liker");
  const { id } = await post(a, "like me");
  for (const [verb, undo, type] of [
    ["favourite", "unfavourite", "favourite"],
    ["reblog", "unreblog", "reblog"],
  ] as const) {
    await does(b, `/api/v1/statuses/${id}/${verb}`);
    const note = await first(a, type);
    assert.deepEqual([note.account.id, note.status.id], [b.id, id]);
    await does(b, `/api/v1/statuses/${id}/${undo}`);
    await eventually(`the ${type} is gone`, async () => (await notes(a, `types[]=${type}`)).length === 0);
  }
});

test("a follow is told", async () => {
  const [a, b] = await server.members("followee", "follower");
  await does(b, `/api/v1/accounts/${a.id}/follow`);
  const note = await first(a, "follow");
  assert.equal(note.account.id, b.id);
  assert.equal(note.status ?? null, null);
});

test("a request to follow is told, and gone when answered", async () => {
  const [a, b] = await server.members("requested", "requester");
  await must(server, "PATCH", "/api/v1/accounts/update_credentials", { token: a.token, form: { locked: "true" } });
  await does(b, `/api/v1/accounts/${a.id}/follow`);
  assert.equal((await first(a, "follow_request")).account.id, b.id);
  await does(a, `/api/v1/follow_requests/${b.id}/authorize`);
  await eventually("no request left", async () => (await notes(a, "types[]=follow_request")).length === 0);
});

test("whoever asked for it is told of each new parley", async () => {
  const [a, b] = await server.members("subscriber", "publisher");
  await does(a, `/api/v1/accounts/${b.id}/follow`, { notify: "true" });
  const { id } = await post(b, "news");
  assert.equal((await first(a, "status")).status.id, id);
});

test("whoever echoed a parley is told when it is edited", async () => {
  const [a, b] = await server.members("editor", "echoer");
  const { id } = await post(a, "befroe");
  await does(b, `/api/v1/statuses/${id}/reblog`);
  await must(server, "PUT", `/api/v1/statuses/${id}`, { token: a.token, form: { status: "before" } });
  assert.equal((await first(b, "update")).status.id, id);
});

test("moderators are told who signed up and nobody else is", async () => {
  const [mod, plain] = await server.members("doorkeeper", "housemate");
  await server.command("member", "role", "doorkeeper", "moderator");
  const comer = await server.member("newcomer");
  const note = await first(mod, "admin.sign_up");
  assert.equal(note.account.id, comer.id);
  assert.ok(!("status" in note) && !("report" in note), JSON.stringify(note));
  const others = await notes(mod, "exclude_types[]=admin.sign_up");
  assert.deepEqual(
    others.filter((n) => n.type === "admin.sign_up"),
    [],
  );
  assert.equal((await notes(plain, "types[]=admin.sign_up")).length, 0);
  await server.command("member", "create", "byhand", "--email", "byhand@example.org");
  assert.equal((await notes(mod, "types[]=admin.sign_up")).length, 1, "the operator's own doing is no news");
  await server.command("member", "delete", "newcomer", "--yes");
  await eventually("their notice goes with them", async () => (await notes(mod, "types[]=admin.sign_up")).length === 0);
});

test("moderators are told of reports and nobody else is", async () => {
  const [a, b, mod] = await server.members("reporter", "reported", "keeper");
  await server.command("member", "role", "keeper", "moderator");
  await does(a, "/api/v1/reports", { account_id: b.id, comment: "rude" });
  const note = await first(mod, "admin.report");
  assert.equal(note.account.id, a.id);
  assert.equal(note.report.target_account.id, b.id);
  assert.deepEqual(await notes(b), []);
});

test("types[] and exclude_types[] choose, account_id too", async () => {
  const [a, b, c] = await server.members("chooser", "choosenb", "choosenc");
  const { id } = await post(a, "choose");
  await does(b, `/api/v1/statuses/${id}/favourite`);
  await does(c, `/api/v1/statuses/${id}/reblog`);
  await does(c, `/api/v1/accounts/${a.id}/follow`);
  const types = async (query: string) => (await notes(a, query)).map((n) => n.type);
  assert.deepEqual(await types(""), ["follow", "reblog", "favourite"]);
  assert.deepEqual(await types("types[]=reblog&types[]=follow"), ["follow", "reblog"]);
  assert.deepEqual(await types("exclude_types[]=follow"), ["reblog", "favourite"]);
  assert.deepEqual(await types(`account_id=${b.id}`), ["favourite"]);
  assert.deepEqual(await types("types[]=made.up"), []);
});

test("one can be dismissed, all can be cleared", async () => {
  const [a, b] = await server.members("cleaner", "noisy");
  const { id } = await post(a, "noise");
  await does(b, `/api/v1/statuses/${id}/favourite`);
  await does(b, `/api/v1/statuses/${id}/reblog`);
  const [latest] = await notes(a);
  assert.deepEqual(await does(a, `/api/v1/notifications/${latest?.id}/dismiss`), {});
  assert.equal((await notes(a)).length, 1);
  assert.equal((await ask(server, "GET", `/api/v1/notifications/${latest?.id}`, { token: a.token })).status, 404);
  assert.deepEqual(await does(a, "/api/v1/notifications/clear"), {});
  assert.deepEqual(await notes(a), []);
});

test("nobody reads or dismisses another's", async () => {
  const [a, b] = await server.members("owner1x", "thief");
  await post(b, "@owner1x hi");
  const note = await first(a, "mention");
  for (const [method, path] of [
    ["GET", `/api/v1/notifications/${note.id}`],
    ["POST", `/api/v1/notifications/${note.id}/dismiss`],
  ] as const) {
    assert.equal((await ask(server, method, path, { token: b.token })).status, 404);
  }
});

test("the unread count counts what is newer than the marker", async () => {
  const [a, b] = await server.members("counter", "poker");
  const count = async () => (await must(server, "GET", "/api/v1/notifications/unread_count", { token: a.token })).count;
  assert.equal(await count(), 0);
  for (const text of ["one", "two", "three"]) await post(b, `@counter ${text}`);
  assert.equal(await count(), 3);
  const [newest, middle] = await notes(a);
  await does(a, "/api/v1/markers", { "notifications[last_read_id]": middle?.id });
  assert.equal(await count(), 1);
  await does(a, "/api/v1/markers", { "notifications[last_read_id]": newest?.id });
  assert.equal(await count(), 0);
});

test("muted people and threads are not told of", async () => {
  const [a, b, c] = await server.members("silencer", "muffled", "threader");
  await does(a, `/api/v1/accounts/${b.id}/mute`);
  await post(b, "@silencer hey");
  const root = await post(a, "a long thread");
  await does(a, `/api/v1/statuses/${root.id}/mute`);
  await post(c, "@silencer in the thread", { in_reply_to_id: root.id });
  assert.deepEqual(await notes(a), []);
});

test("a block takes back what was told", async () => {
  const [a, b] = await server.members("regretter", "nuisance");
  await post(b, "@regretter hey");
  assert.equal((await notes(a)).length, 1);
  await does(a, `/api/v1/accounts/${b.id}/block`);
  assert.deepEqual(await notes(a), []);
});

test("a deleted parley takes its notifications along", async () => {
  const [a, b] = await server.members("forgetful", "deleter");
  const { id } = await post(b, "@forgetful oops");
  assert.equal((await notes(a)).length, 1);
  await must(server, "DELETE", `/api/v1/statuses/${id}`, { token: b.token });
  await eventually("nothing is told", async () => (await notes(a)).length === 0);
});

test("markers exist from the beginning at 0", async () => {
  const a = await server.member("unmarked");
  const markers = await must(server, "GET", "/api/v1/markers?timeline[]=home&timeline[]=notifications", {
    token: a.token,
  });
  for (const name of ["home", "notifications"]) {
    assert.equal(markers[name].last_read_id, "0", name);
    assert.equal(typeof markers[name].version, "number", name);
    assert.match(markers[name].updated_at, /^\d{4}-/, name);
  }
});

test("a marker is set by JSON and by form, and counts its versions", async () => {
  const a = await server.member("marker");
  const set = (options: object) => must(server, "POST", "/api/v1/markers", { token: a.token, ...options });
  const one = await set({ json: { home: { last_read_id: "103206604258487607" } } });
  assert.equal(one.home.last_read_id, "103206604258487607");
  assert.equal("notifications" in one, false, "only what was set is answered");
  const two = await set({ form: { "home[last_read_id]": "103206604258487608" } });
  assert.equal(two.home.version, one.home.version + 1);
  const seen = await must(server, "GET", "/api/v1/markers?timeline[]=home", { token: a.token });
  assert.deepEqual(Object.keys(seen), ["home"]);
  assert.equal(seen.home.last_read_id, "103206604258487608");
});

test("masto reads and marks", async () => {
  const [a, b] = await server.members("mastonote", "mastopoke");
  await post(b, "@mastonote hi");
  const [note] = await a.client.v1.notifications.list({ types: ["mention"] });
  assert.equal(note?.type, "mention");
  await a.client.v1.markers.create({ notifications: { lastReadId: note?.id ?? "" } });
  const marker = await a.client.v1.markers.fetch({ timeline: ["notifications"] });
  assert.equal(marker.notifications.lastReadId, note?.id);
});
