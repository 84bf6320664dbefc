// SPDX-License-Identifier: Apache-2.0
// Home, local, tag and account timelines: what stands in each, and what does not.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ask, type Json, must } from "../lib/http.ts";
import { type Member, type Server, startServer } from "../lib/server.ts";

let server: Server;
before(async () => {
  server = await startServer();
});
after(() => server?.stop());

const post = (who: Member, status: string, more: Record<string, string> = {}): Promise<Json> =>
  must(server, "POST", "/api/v1/statuses", { token: who.token, form: { status, ...more } });
const ids = async (path: string, who?: Member): Promise<string[]> =>
  (await must(server, "GET", path, { token: who?.token })).map((entry: Json) => entry.id);
const home = (who: Member, query = "") => ids(`/api/v1/timelines/home?${query}`, who);
const follow = (a: Member, b: Member) => a.client.v1.accounts.$select(b.id).follow();

test("home has one's own and the followed's, newest first, at once", async () => {
  const [a, b, c] = await server.members("reader", "writer", "stranger");
  await follow(a, b);
  const one = await post(b, "one");
  const two = await post(a, "two");
  await post(c, "not for a");
  const three = await post(b, "three", { visibility: "private" });
  assert.deepEqual(await home(a), [three.id, two.id, one.id]);
});

test("home shows what was there before the follow, and drops it after the unfollow", async () => {
  const [a, b] = await server.members("latecomer", "early");
  const { id } = await post(b, "from before");
  await home(a);
  await follow(a, b);
  assert.deepEqual(await home(a), [id]);
  await a.client.v1.accounts.$select(b.id).unfollow();
  assert.deepEqual(await home(a), []);
});

test("a direct parley stands on its author's page for whoever it names, and for nobody else", async () => {
  const [a, b] = await server.members("lettera", "letterb");
  await follow(a, b);
  const { id } = await post(b, "@lettera psst", { visibility: "direct" });
  const seen = await ids(`/api/v1/accounts/${b.id}/statuses`, a);
  assert.ok(seen.includes(id));
  assert.equal((await ids(`/api/v1/accounts/${b.id}/statuses`)).includes(id), false);
});

test("answers to people that the reader does not follow stay away from home", async () => {
  const [a, b, c] = await server.members("homea", "homeb", "homec");
  await follow(a, b);
  const root = await post(c, "root");
  const reply = await post(b, "@homec an answer", { in_reply_to_id: root.id });
  assert.equal((await home(a)).includes(reply.id), false);
  await follow(a, c);
  assert.equal((await home(a)).includes(reply.id), true);
});

test("an echo brings a stranger's parley home", async () => {
  const [a, b, c] = await server.members("echoreader", "echowriter", "echostranger");
  await follow(a, b);
  const { id } = await post(c, "worth it");
  const echo = await must(server, "POST", `/api/v1/statuses/${id}/reblog`, { token: b.token });
  const [top] = await must(server, "GET", "/api/v1/timelines/home", { token: a.token });
  assert.deepEqual([top.id, top.reblog.id, top.reblog.account.id], [echo.id, id, c.id]);
});

test("home tells the reader's marks", async () => {
  const [a, b] = await server.members("marka", "markb");
  await follow(a, b);
  const { id } = await post(b, "mark me");
  await home(a);
  await must(server, "POST", `/api/v1/statuses/${id}/favourite`, { token: a.token });
  const [seen] = await must(server, "GET", "/api/v1/timelines/home", { token: a.token });
  assert.deepEqual([seen.favourited, seen.favourites_count, seen.bookmarked], [true, 1, false]);
  assert.deepEqual(seen.filtered, []);
});

test("a new name is shown on old parleys", async () => {
  const [a, b] = await server.members("namereader", "renamer");
  await follow(a, b);
  await post(b, "who wrote this?");
  await home(a);
  const form = { display_name: "New Name" };
  await must(server, "PATCH", "/api/v1/accounts/update_credentials", { token: b.token, form });
  const [seen] = await must(server, "GET", "/api/v1/timelines/home", { token: a.token });
  assert.equal(seen.account.display_name, "New Name");
});

test("the public timeline has public parleys of everybody, without answers and echoes of others", async () => {
  const a = await server.member("publica");
  const open = await post(a, "open");
  const hidden = await Promise.all(["unlisted", "private", "direct"].map((v) => post(a, v, { visibility: v })));
  for (const query of ["", "local=true"]) {
    const seen = await ids(`/api/v1/timelines/public?${query}`);
    assert.ok(seen.includes(open.id), query);
    for (const { id } of hidden) assert.equal(seen.includes(id), false, query);
  }
  assert.deepEqual(await ids("/api/v1/timelines/public?remote=true"), []);
});

test("tags are found in any case, and only where they are public", async () => {
  const a = await server.member("tagger");
  const one = await post(a, "about #Boats");
  await post(a, "quiet #boats", { visibility: "unlisted" });
  const two = await post(a, "#BOATS and #ships");
  assert.deepEqual(await ids("/api/v1/timelines/tag/boats"), [two.id, one.id]);
  assert.deepEqual(await ids("/api/v1/timelines/tag/bOaTs?all[]=ships"), [two.id]);
  assert.deepEqual(await ids("/api/v1/timelines/tag/boats?none[]=ships"), [one.id]);
  assert.deepEqual(await ids("/api/v1/timelines/tag/harbour?any[]=ships"), [two.id]);
  assert.deepEqual(await ids("/api/v1/timelines/tag/nobodysaidthis"), []);
});

test("a tag is told with its history", async () => {
  await post(await server.member("historian"), "once #chronicle");
  const tag = await must(server, "GET", "/api/v1/tags/Chronicle");
  assert.equal(tag.name.toLowerCase(), "chronicle");
  assert.equal(tag.url, `${server.url}/tags/chronicle`);
  assert.equal(tag.history.length, 7);
  for (const day of tag.history) {
    for (const key of ["day", "uses", "accounts"]) assert.match(day[key], /^\d+$/);
  }
  assert.equal(tag.history[0].uses, "1");
});

test("an edit moves a parley between tags", async () => {
  const a = await server.member("retagger");
  const { id } = await post(a, "#oldtag");
  await must(server, "PUT", `/api/v1/statuses/${id}`, { token: a.token, form: { status: "#newtag" } });
  assert.deepEqual(await ids("/api/v1/timelines/tag/oldtag"), []);
  assert.deepEqual(await ids("/api/v1/timelines/tag/newtag"), [id]);
});

test("an account's page can be had without answers, without echoes, by tag, pinned", async () => {
  const [a, b] = await server.members("pagera", "pagerb");
  const other = await post(b, "to answer and echo");
  const plain = await post(a, "plain #paged");
  const reply = await post(a, "@pagerb answer", { in_reply_to_id: other.id });
  const thread = await post(a, "more of plain", { in_reply_to_id: plain.id });
  const echo = await must(server, "POST", `/api/v1/statuses/${other.id}/reblog`, { token: a.token });
  const page = (query: string) => ids(`/api/v1/accounts/${a.id}/statuses?${query}`);
  assert.deepEqual(await page(""), [echo.id, thread.id, reply.id, plain.id]);
  assert.deepEqual(await page("exclude_replies=true"), [echo.id, thread.id, plain.id]);
  assert.deepEqual(await page("exclude_reblogs=1"), [thread.id, reply.id, plain.id]);
  assert.deepEqual(await page("tagged=PAGED"), [plain.id]);
  assert.deepEqual(await page("only_media=true"), []);
  assert.deepEqual(await page("pinned=true"), []);
});

test("home needs a member", async () => {
  const refused = await ask(server, "GET", "/api/v1/timelines/home");
  assert.equal(refused.status, 401);
  assert.equal(refused.headers.get("WWW-Authenticate"), "Bearer");
});

test("home is answered 304 to whoever has it", async () => {
  const [a] = await server.members("cacher");
  await post(a, "cached");
  const first = await ask(server, "GET", "/api/v1/timelines/home", { token: a.token });
  const etag = first.headers.get("ETag");
  assert.ok(etag, "home has an ETag");
  const headers = { "If-None-Match": etag };
  assert.equal((await ask(server, "GET", "/api/v1/timelines/home", { token: a.token, headers })).status, 304);
  const any = { "If-None-Match": "*" };
  assert.equal((await ask(server, "GET", "/api/v1/timelines/home", { token: a.token, headers: any })).status, 304);
  for (let i = 0; i < 2; i++) assert.equal((await fetch(`${server.url}/@cacher`, { headers: any })).status, 304);
  await post(a, "changed");
  assert.equal((await ask(server, "GET", "/api/v1/timelines/home", { token: a.token, headers })).status, 200);
});
