// SPDX-License-Identifier: Apache-2.0
// Writing parleys: create, idempotency, edit, history, delete and redraft, threads.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ask, type Json, must } from "../lib/http.ts";
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

const post = (form: Record<string, string>, who = anna, headers: Record<string, string> = {}): Promise<Json> =>
  must(server, "POST", "/api/v1/statuses", { token: who.token, form, headers });
const get = (id: string, token?: string): Promise<Json> => must(server, "GET", `/api/v1/statuses/${id}`, { token });
const statusOf = async (id: string, token?: string) =>
  (await ask(server, "GET", `/api/v1/statuses/${id}`, { token })).status;

test("a parley is answered as it will be read", async () => {
  const made = await post({ status: "Hello #World, hello @ben!", language: "en" });
  assert.match(made.id, /^\d+$/);
  assert.equal(made.visibility, "public");
  assert.equal(made.language, "en");
  assert.equal(made.url, `${server.url}/@anna/${made.id}`);
  assert.equal(made.account.id, anna.id);
  assert.deepEqual(
    made.tags.map((t: Json) => t.name.toLowerCase()),
    ["world"],
  );
  assert.deepEqual(made.mentions, [{ id: ben.id, username: "ben", url: `${server.url}/@ben`, acct: "ben" }]);
  assert.equal(made.application.name, "parley tests");
  assert.equal(made.edited_at, null);
  assert.deepEqual(await get(made.id, anna.token), made);
});

test("nobody's reading leaves out the reader's marks", async () => {
  const { id } = await post({ status: "marks" });
  const seen = await get(id);
  for (const key of ["favourited", "reblogged", "muted", "bookmarked", "pinned", "filtered"]) {
    assert.equal(key in seen, false, key);
  }
});

test("only the author is told whether it is pinned", async () => {
  const { id } = await post({ status: "pins" });
  assert.equal((await get(id, anna.token)).pinned, false);
  assert.equal("pinned" in (await get(id, ben.token)), false);
});

test("a blank text is 422", async () => {
  for (const status of ["", "  \n ", "\u200b\u2060", "\u00a0\u3000", "\u3164", "\u2800"]) {
    const reply = await ask(server, "POST", "/api/v1/statuses", { token: anna.token, form: { status } });
    assert.equal(reply.status, 422);
    assert.match(reply.json.error, /^Validation failed: /);
  }
  assert.equal((await ask(server, "POST", "/api/v1/statuses", { token: anna.token, form: {} })).status, 422);
});

test("500 graphemes fit and 501 do not", async () => {
  const family = "👩‍👩‍👧‍👦";
  assert.equal((await post({ status: family.repeat(500) })).visibility, "public");
  const form = { status: family.repeat(501) };
  assert.equal((await ask(server, "POST", "/api/v1/statuses", { token: anna.token, form })).status, 422);
});

test("marks heaped on one letter count", async () => {
  await post({ status: `e${"\u0301".repeat(500)}` });
  const form = { status: `e${"\u0301".repeat(600)}` };
  assert.equal((await ask(server, "POST", "/api/v1/statuses", { token: anna.token, form })).status, 422);
});

test("a device's name for its language is understood", async () => {
  for (const [said, is] of [
    ["es-419", "es"],
    ["en_US", "en-US"],
    ["DE", "de"],
  ]) {
    assert.equal((await post({ status: said as string, language: said as string })).language, is);
  }
  const form = { status: "what", language: "not a language" };
  assert.equal((await ask(server, "POST", "/api/v1/statuses", { token: anna.token, form })).status, 422);
});

test("a link counts 23", async () => {
  const link = `https://example.org/${"x".repeat(400)}`;
  await post({ status: `${"a".repeat(500 - 24)} ${link}` });
  const form = { status: `${"a".repeat(500 - 23)} ${link}` };
  assert.equal((await ask(server, "POST", "/api/v1/statuses", { token: anna.token, form })).status, 422);
});

test("a warning makes a parley sensitive", async () => {
  const made = await post({ status: "inside", spoiler_text: "outside" });
  assert.deepEqual([made.spoiler_text, made.sensitive], ["outside", true]);
});

test("an unknown visibility and a wrong language are 422", async () => {
  const wrong: Record<string, string>[] = [{ visibility: "secret" }, { language: "klingon!" }];
  for (const more of wrong) {
    const form = { status: "x", ...more };
    assert.equal((await ask(server, "POST", "/api/v1/statuses", { token: anna.token, form })).status, 422);
  }
});

test("pictures that were never uploaded are 422", async () => {
  const form: [string, string][] = [
    ["status", "look"],
    ["media_ids[]", "1"],
  ];
  assert.equal((await ask(server, "POST", "/api/v1/statuses", { token: anna.token, form })).status, 422);
});

test("public and unlisted are there for everybody, private for followers, direct for the named", async () => {
  const [cleo, dora] = await server.members("cleo", "dora");
  await cleo.client.v1.accounts.$select(anna.id).follow();
  const ids: Record<string, string> = {};
  for (const visibility of ["public", "unlisted", "private", "direct"]) {
    ids[visibility] = (await post({ status: `to @dora as ${visibility}`, visibility })).id;
  }
  const seenBy = async (token?: string) => {
    const seen: string[] = [];
    for (const [name, id] of Object.entries(ids)) if ((await statusOf(id, token)) === 200) seen.push(name);
    return seen;
  };
  assert.deepEqual(await seenBy(), ["public", "unlisted"]);
  assert.deepEqual(await seenBy(ben.token), ["public", "unlisted"]);
  assert.deepEqual(await seenBy(cleo.token), ["public", "unlisted", "private"]);
  assert.deepEqual(await seenBy(dora.token), ["public", "unlisted", "private", "direct"]);
  assert.deepEqual(await seenBy(anna.token), ["public", "unlisted", "private", "direct"]);
});

test("what is hidden is answered like what is not there", async () => {
  const { id } = await post({ status: "secret", visibility: "direct" });
  const hidden = await ask(server, "GET", `/api/v1/statuses/${id}`, { token: ben.token });
  const nothing = await ask(server, "GET", "/api/v1/statuses/1", { token: ben.token });
  assert.deepEqual([hidden.status, hidden.text], [nothing.status, nothing.text]);
  assert.deepEqual(hidden.json, { error: "Record not found" });
});

test("statuses by ids come in the order asked, without the hidden", async () => {
  const one = await post({ status: "one" });
  const two = await post({ status: "two", visibility: "direct" });
  const three = await post({ status: "three" });
  const query = [three.id, two.id, one.id].map((id) => `id[]=${id}`).join("&");
  const found = await must(server, "GET", `/api/v1/statuses?${query}`, { token: ben.token });
  assert.deepEqual(
    found.map((s: Json) => s.id),
    [three.id, one.id],
  );
});

test("a key used twice gives the first parley again", async () => {
  const key = { "Idempotency-Key": "one key" };
  const first = await post({ status: "once" }, anna, key);
  const again = await post({ status: "once" }, anna, key);
  assert.equal(again.id, first.id);
});

test("a key is its member's own", async () => {
  const key = { "Idempotency-Key": "shared key" };
  const hers = await post({ status: "hers" }, anna, key);
  const his = await post({ status: "his" }, ben, key);
  assert.notEqual(hers.id, his.id);
});

test("a key used by eight requests at once makes one parley", async () => {
  const key = { "Idempotency-Key": "eight at once" };
  const made = await Promise.all(Array.from({ length: 8 }, () => post({ status: "eight at once" }, anna, key)));
  assert.equal(new Set(made.map((s) => s.id)).size, 1);
  const page = await must(server, "GET", `/api/v1/accounts/${anna.id}/statuses?limit=40`);
  assert.equal(page.filter((s: Json) => s.content.includes("eight at once")).length, 1);
});

test("an edit changes the text and says when", async () => {
  const { id } = await post({ status: "frist", language: "en" });
  const form = { status: "first", spoiler_text: "typo" };
  const edited = await must(server, "PUT", `/api/v1/statuses/${id}`, { token: anna.token, form });
  assert.equal(edited.id, id);
  assert.match(edited.content, /first/);
  assert.equal(edited.spoiler_text, "typo");
  assert.match(edited.edited_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  assert.deepEqual(await get(id, anna.token), edited);
});

test("an edit is heard by everybody's cache at once", async () => {
  const { id } = await post({ status: "before" });
  assert.match((await get(id)).content, /before/);
  await must(server, "PUT", `/api/v1/statuses/${id}`, { token: anna.token, form: { status: "after" } });
  assert.match((await get(id)).content, /after/);
  const home = await must(server, "GET", `/api/v1/accounts/${anna.id}/statuses`);
  assert.match(home.find((s: Json) => s.id === id).content, /after/);
});

test("history has every version, oldest first", async () => {
  const { id } = await post({ status: "one" });
  const history = () => must(server, "GET", `/api/v1/statuses/${id}/history`, { token: anna.token });
  assert.equal((await history()).length, 1);
  for (const status of ["two", "three"]) {
    await must(server, "PUT", `/api/v1/statuses/${id}`, { token: anna.token, form: { status } });
  }
  const versions = await history();
  assert.deepEqual(
    versions.map((v: Json) => v.content.replace(/<[^>]*>/g, "")),
    ["one", "two", "three"],
  );
  assert.equal(versions[0].account.id, anna.id);
  assert.ok(versions[0].created_at <= versions[1].created_at);
});

test("source gives the text as it was typed", async () => {
  const { id } = await post({ status: "1 < 2 & #tag\n\nline", spoiler_text: "cw <b>" });
  const source = await must(server, "GET", `/api/v1/statuses/${id}/source`, { token: anna.token });
  assert.deepEqual(source, { id, text: "1 < 2 & #tag\n\nline", spoiler_text: "cw <b>" });
});

test("nobody else may edit or delete", async () => {
  const { id } = await post({ status: "mine" });
  const edit = await ask(server, "PUT", `/api/v1/statuses/${id}`, { token: ben.token, form: { status: "yours" } });
  const drop = await ask(server, "DELETE", `/api/v1/statuses/${id}`, { token: ben.token });
  for (const reply of [edit, drop]) assert.ok([403, 404].includes(reply.status), reply.text);
  assert.match((await get(id)).content, /mine/);
});

test("deleting gives the source for a redraft and takes it from everywhere", async () => {
  const { id } = await post({ status: "redraft #soon <3", spoiler_text: "cw" });
  await must(server, "POST", `/api/v1/statuses/${id}/bookmark`, { token: ben.token });
  const deleted = await must(server, "DELETE", `/api/v1/statuses/${id}`, { token: anna.token });
  assert.equal(deleted.id, id);
  assert.equal(deleted.text, "redraft #soon <3");
  assert.equal(deleted.spoiler_text, "cw");
  assert.equal("content" in deleted, false);
  assert.deepEqual(deleted.media_attachments, []);
  assert.equal(deleted.poll, null);
  for (const token of [undefined, ben.token, anna.token]) assert.ok([404, 410].includes(await statusOf(id, token)));
  for (const path of ["/api/v1/timelines/tag/soon", `/api/v1/accounts/${anna.id}/statuses`, "/api/v1/bookmarks"]) {
    const list = await must(server, "GET", path, { token: ben.token });
    assert.equal(
      list.some((s: Json) => s.id === id),
      false,
      path,
    );
  }
});

test("a thread is told from both ends", async () => {
  const root = await post({ status: "root" });
  const reply = await post({ status: "@anna reply", in_reply_to_id: root.id }, ben);
  const leaf = await post({ status: "leaf", in_reply_to_id: reply.id });
  assert.equal(reply.in_reply_to_id, root.id);
  assert.equal(reply.in_reply_to_account_id, anna.id);
  const ids = (list: Json[]) => list.map((s) => s.id);
  const top = await must(server, "GET", `/api/v1/statuses/${root.id}/context`);
  assert.deepEqual([ids(top.ancestors), ids(top.descendants)], [[], [reply.id, leaf.id]]);
  const end = await must(server, "GET", `/api/v1/statuses/${leaf.id}/context`);
  assert.deepEqual([ids(end.ancestors), ids(end.descendants)], [[root.id, reply.id], []]);
  assert.equal((await get(root.id)).replies_count, 1);
});

test("an answer to what was deleted answers nothing any more, and the rest of the thread stays", async () => {
  const root = await post({ status: "root, not for long" });
  const reply = await post({ status: "@anna reply to it", in_reply_to_id: root.id }, ben);
  const leaf = await post({ status: "leaf", in_reply_to_id: reply.id });
  assert.equal((await get(reply.id)).in_reply_to_id, root.id);
  await must(server, "DELETE", `/api/v1/statuses/${root.id}`, { token: anna.token });
  const orphan = await eventually("the job has been there", async () => {
    const s = await get(reply.id);
    return s.in_reply_to_id === null ? s : undefined;
  });
  assert.equal(orphan.in_reply_to_account_id, anna.id);
  const context = await must(server, "GET", `/api/v1/statuses/${reply.id}/context`);
  assert.deepEqual([context.ancestors, context.descendants.map((s: Json) => s.id)], [[], [leaf.id]]);
  assert.equal((await get(leaf.id)).in_reply_to_id, reply.id);
  // it is still an answer to somebody: not for the public timeline, and the page says what is missing
  const open = await must(server, "GET", "/api/v1/timelines/public?local=true&limit=40", { token: anna.token });
  assert.ok(!open.some((s: Json) => s.id === reply.id));
  assert.match(await (await fetch(`${server.url}/@ben/${reply.id}`)).text(), /What it answers is not here/);
});

test("a thread hides what its reader may not see", async () => {
  const root = await post({ status: "open" });
  const whisper = await post({ status: "@ben closed", in_reply_to_id: root.id, visibility: "direct" });
  const below = async (token?: string) =>
    (await must(server, "GET", `/api/v1/statuses/${root.id}/context`, { token })).descendants.map((s: Json) => s.id);
  assert.deepEqual(await below(), []);
  assert.deepEqual(await below(ben.token), [whisper.id]);
});

test("nobody can answer what they may not see", async () => {
  const { id } = await post({ status: "closed", visibility: "direct" });
  const form = { status: "guessed", in_reply_to_id: id };
  assert.equal((await ask(server, "POST", "/api/v1/statuses", { token: ben.token, form })).status, 404);
});

test("a direct parley is told apart from a public one only by those it names", async () => {
  const { id } = await post({ status: "@ben hi", visibility: "direct" });
  for (const path of ["context", "history", "source", "favourited_by", "reblogged_by"]) {
    assert.equal((await ask(server, "GET", `/api/v1/statuses/${id}/${path}`)).status, 404, path);
  }
});

test("text stays text: markup is shown, not run", async () => {
  const made = await post({ status: '<script>alert("x")</script> & <b>bold</b>' });
  assert.doesNotMatch(made.content, /<script|<b>/);
  assert.match(made.content, /&lt;script&gt;/);
});
