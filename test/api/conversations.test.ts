// SPDX-License-Identifier: Apache-2.0
// Conversations: direct parleys of one thread among the same people, as each of them sees it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ask, type Json, links, must } from "../lib/http.ts";
import { type Member, type Server, startServer } from "../lib/server.ts";
import { openSocket } from "../lib/stream.ts";
import { Visitor } from "../lib/visitor.ts";

let server: Server;
before(async () => {
  server = await startServer();
});
after(() => server?.stop());

const does = (who: Member, path: string, form: Record<string, string> = {}): Promise<Json> =>
  must(server, "POST", path, { token: who.token, form });
const write = (who: Member, status: string, more: Record<string, string> = {}): Promise<Json> =>
  does(who, "/api/v1/statuses", { status, visibility: "direct", ...more });
const remove = (who: Member, path: string): Promise<Json> => must(server, "DELETE", path, { token: who.token });
const edit = (who: Member, id: string, status: string): Promise<Json> =>
  must(server, "PUT", `/api/v1/statuses/${id}`, { token: who.token, form: { status } });
const talks = (who: Member, query = ""): Promise<Json[]> =>
  must(server, "GET", `/api/v1/conversations${query}`, { token: who.token });
/** Each as [names of the others, last parley, unread]. */
const seen = async (who: Member): Promise<Json[]> =>
  (await talks(who)).map(({ accounts, last_status, unread }) => [
    accounts
      .map(({ username }: Json) => username)
      .sort()
      .join(" "),
    last_status.id,
    unread,
  ]);
const refused = async (status: number, who: Member, method: string, path: string): Promise<void> => {
  const reply = await ask(server, method, path, { token: who.token });
  assert.equal(reply.status, status, reply.text);
};

test("a direct parley stands with all whom it names, unread but for its author, and nowhere else", async () => {
  const [a, b, c, d] = await server.members("ca_one", "ca_two", "ca_three", "ca_none");
  const first = await write(a, "@ca_two @ca_three hello");
  assert.deepEqual(await seen(a), [["ca_three ca_two", first.id, false]]);
  assert.deepEqual(await seen(b), [["ca_one ca_three", first.id, true]]);
  assert.deepEqual(await seen(c), [["ca_one ca_two", first.id, true]]);
  assert.deepEqual(await talks(d), []);
  const [talk] = await talks(b);
  assert.deepEqual(
    talk.last_status,
    await must(server, "GET", `/api/v1/statuses/${first.id}`, { token: b.token }),
    "as its reader sees it",
  );
  await does(a, "/api/v1/statuses", { status: "@ca_two for followers", visibility: "private" });
  assert.equal((await talks(b)).length, 1);
});

test("answers among the same people go on in it, other people begin another", async () => {
  const [a, b] = await server.members("cb_one", "cb_two", "cb_three");
  const first = await write(a, "@cb_two hello");
  const answer = await write(b, "@cb_one hello back", { in_reply_to_id: first.id });
  assert.deepEqual(await seen(a), [["cb_two", answer.id, true]]);
  assert.deepEqual(await seen(b), [["cb_one", answer.id, false]], "who writes has read");
  const more = await write(b, "@cb_one @cb_three come in", { in_reply_to_id: answer.id });
  assert.deepEqual(await seen(b), [
    ["cb_one cb_three", more.id, false],
    ["cb_one", answer.id, false],
  ]);
  const other = await write(a, "@cb_two something else");
  assert.equal((await talks(a)).length, 3, "another thread");
  assert.deepEqual((await seen(a))[0], ["cb_two", other.id, false]);
});

test("who names nobody talks to themselves", async () => {
  const [a] = await server.members("cc_one");
  const note = await write(a, "do not forget");
  assert.deepEqual(await seen(a), [["cc_one", note.id, false]]);
});

test("reading one makes it read for oneself alone, until something new comes", async () => {
  const [a, b, c] = await server.members("cd_one", "cd_two", "cd_three");
  const first = await write(a, "@cd_two @cd_three news");
  const [talk] = await talks(b);
  const read = await does(b, `/api/v1/conversations/${talk.id}/read`);
  assert.deepEqual(read, { ...talk, unread: false });
  assert.deepEqual(await talks(b), [read]);
  assert.equal((await talks(c))[0].unread, true);
  await write(c, "@cd_one @cd_two more", { in_reply_to_id: first.id });
  assert.equal((await talks(b))[0].unread, true);
  await refused(404, a, "POST", `/api/v1/conversations/${talk.id}/read`);
  await refused(404, b, "POST", "/api/v1/conversations/1/read");
});

test("who deletes one deletes nobody else's, and what comes next makes it anew", async () => {
  const [a, b] = await server.members("ce_one", "ce_two");
  const first = await write(a, "@ce_two hello");
  const [talk] = await talks(b);
  await refused(404, a, "DELETE", `/api/v1/conversations/${talk.id}`);
  assert.deepEqual(await remove(b, `/api/v1/conversations/${talk.id}`), {});
  await refused(404, b, "DELETE", `/api/v1/conversations/${talk.id}`);
  assert.deepEqual(await talks(b), []);
  assert.equal((await talks(a)).length, 1);
  const next = await write(a, "@ce_two are you there?", { in_reply_to_id: first.id });
  assert.deepEqual(await seen(b), [["ce_one", next.id, true]]);
  assert.notEqual((await talks(b))[0].id, talk.id);
});

test("when the last parley is deleted the one before is the last; with the only one the conversation goes", async () => {
  const [a, b] = await server.members("cf_one", "cf_two");
  const first = await write(a, "@cf_two one");
  const second = await write(b, "@cf_one two", { in_reply_to_id: first.id });
  const third = await write(a, "@cf_two three", { in_reply_to_id: second.id });
  await remove(b, `/api/v1/statuses/${second.id}`);
  assert.equal((await seen(a))[0][1], third.id, "one in the middle");
  await remove(a, `/api/v1/statuses/${third.id}`);
  assert.equal((await seen(a))[0][1], first.id);
  assert.equal((await seen(b))[0][1], first.id);
  await remove(a, `/api/v1/statuses/${first.id}`);
  assert.deepEqual([await talks(a), await talks(b)], [[], []]);
});

test("who is named by an edit comes in, who is not named any more is out", async () => {
  const [a, b, c] = await server.members("cg_one", "cg_two", "cg_three");
  const letter = await write(a, "@cg_two hello");
  await edit(a, letter.id, "@cg_two hello there");
  const [talk] = await talks(b);
  assert.match(talk.last_status.content, /hello there/);
  await edit(a, letter.id, "@cg_three hello");
  assert.deepEqual(await talks(b), []);
  assert.deepEqual(await seen(c), [["cg_one", letter.id, true]]);
  assert.deepEqual(await seen(a), [["cg_three", letter.id, false]]);
});

test("blocks and mutes hide it, and their end brings it back", async () => {
  const [a, b] = await server.members("ch_one", "ch_two");
  const letter = await write(a, "@ch_two hello");
  await write(b, "@ch_one hello back", { in_reply_to_id: letter.id });
  const before = [await talks(a), await talks(b)];
  for (const verb of ["block", "mute"]) {
    await does(a, `/api/v1/accounts/${b.id}/${verb}`);
    assert.deepEqual(await talks(a), [], verb);
    assert.equal((await talks(b)).length, verb === "block" ? 0 : 1, verb);
    const [first] = before[0] ?? [];
    await refused(404, a, "POST", `/api/v1/conversations/${first.id}/read`);
    await does(a, `/api/v1/accounts/${b.id}/un${verb}`);
    assert.deepEqual([await talks(a), await talks(b)], before, verb);
  }
});

test("what one is not told of does not make it unread: a muted thread, a policy that lets strangers wait", async () => {
  const [a, b] = await server.members("ci_one", "ci_two");
  const letter = await write(a, "@ci_two hello");
  const [talk] = await talks(b);
  await does(b, `/api/v1/conversations/${talk.id}/read`);
  await does(b, `/api/v1/statuses/${letter.id}/mute`);
  const next = await write(a, "@ci_two again", { in_reply_to_id: letter.id });
  assert.deepEqual(await seen(b), [["ci_one", next.id, false]]);
  const form = { for_private_mentions: "filter" };
  await must(server, "PATCH", "/api/v2/notifications/policy", { token: b.token, form });
  const other = await write(a, "@ci_two something else");
  assert.deepEqual((await seen(b))[0], ["ci_one", other.id, false]);
});

test("pages go by the last parley, twenty and forty at most, with a slash at the end, too", async () => {
  const [a] = await server.members("cj_one", "cj_two");
  const letters: string[] = [];
  for (let i = 0; i < 42; i++) letters.unshift((await write(a, `@cj_two letter ${i}`)).id);
  const lasts = (list: Json[]) => list.map(({ last_status }) => last_status.id);
  assert.deepEqual(lasts(await talks(a)), letters.slice(0, 20));
  assert.deepEqual(lasts(await talks(a, "/?limit=100")), letters.slice(0, 40));
  const first = await ask(server, "GET", "/api/v1/conversations?limit=2", { token: a.token });
  assert.equal(links(first).next?.searchParams.get("max_id"), letters[1]);
  const next = await must(server, "GET", links(first).next?.href ?? "", { token: a.token });
  assert.deepEqual(lasts(next), letters.slice(2, 4));
  assert.deepEqual(lasts(await talks(a, `?limit=2&min_id=${letters[4]}`)), letters.slice(2, 4));
  assert.deepEqual(lasts(await talks(a, `?limit=2&since_id=${letters[4]}`)), letters.slice(0, 2));
  const old = await must(server, "GET", "/api/v1/timelines/direct?limit=3", { token: a.token });
  assert.deepEqual(
    old.map(({ id }: Json) => id),
    letters.slice(0, 3),
  );
});

test("masto lists, reads and removes one", async () => {
  const [a, b] = await server.members("ck_one", "ck_two");
  await write(a, "@ck_two hello");
  const { conversations } = b.client.v1;
  const [talk] = await conversations.list();
  assert.equal(talk?.unread, true);
  assert.equal((await conversations.$select(talk?.id ?? "").read()).unread, false);
  await conversations.$select(talk?.id ?? "").remove();
  assert.deepEqual(await conversations.list(), []);
});

test("the direct stream tells everybody in it of what is written and edited, each as they see it", async () => {
  const [a, b, c] = await server.members("cs_one", "cs_two", "cs_three");
  const [mine, theirs, others] = await Promise.all(
    [a, b, c].map(async ({ token }) => openSocket(server, token, "?stream=direct")),
  );
  assert.ok(mine && theirs && others);
  const letter = await write(a, "@cs_two hello");
  const about = (json: Json) => json.last_status.id === letter.id;
  const told = await theirs.event("conversation", about);
  assert.deepEqual(told.stream, ["direct"]);
  assert.deepEqual(JSON.parse(told.payload ?? ""), (await talks(b))[0]);
  assert.equal(JSON.parse((await mine.event("conversation", about)).payload ?? "").unread, false);
  await edit(a, letter.id, "@cs_two goodbye");
  await theirs.event("conversation", (json: Json) => /goodbye/.test(json.last_status.content));
  await does(b, `/api/v1/accounts/${a.id}/mute`);
  await write(a, "@cs_two can you hear me?", { in_reply_to_id: letter.id });
  await mine.event("conversation", (json: Json) => /hear me/.test(json.last_status.content));
  await theirs.settled();
  await others.settled();
  assert.equal(theirs.messages.length, 2);
  assert.deepEqual(others.messages, []);
  for (const socket of [mine, theirs, others]) socket.close();
});

test("Messages: a mark in the navigation until it is opened, an answer below it, a button to delete it", async () => {
  const [a, b] = await server.members("cm_one", "cm_two");
  const visitor = new Visitor(server);
  await visitor.signIn(await visitor.get("/sign-in"), b);
  assert.match((await visitor.get("/conversations")).html, /No messages/);
  await write(a, "@cm_two <b>hello</b>");
  const marked = /Messages<i class="?dot/;
  assert.match((await visitor.get("/home")).html, marked);
  const list = await visitor.get("/conversations");
  assert.match(list.html, /&lt;b&gt;hello/);
  const [talk] = await talks(b);
  const page = await visitor.get(`/conversations/${talk.id}`);
  assert.doesNotMatch(page.html, marked);
  assert.equal((await talks(b))[0].unread, false);
  const sent = await visitor.submit(page, "/write", { text: "@cm_one hello back" });
  assert.equal(sent.url.pathname, `/conversations/${talk.id}`);
  assert.match(sent.html, /hello back/);
  assert.match((await talks(a))[0].last_status.content, /hello back/);
  const gone = await visitor.submit(list, `/conversations/${talk.id}/delete`, {});
  assert.equal(gone.url.pathname, "/conversations");
  assert.match(gone.html, /No messages/);
  assert.equal((await visitor.get(`/conversations/${talk.id}`)).status, 404);
});
