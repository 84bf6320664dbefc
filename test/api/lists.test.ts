// SPDX-License-Identifier: Apache-2.0
// Lists: who is on them, what they show, and what an exclusive one takes from home.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ask, type Json, links, must } from "../lib/http.ts";
import { type Member, type Server, startServer } from "../lib/server.ts";

let server: Server;
before(async () => {
  server = await startServer();
});
after(() => server?.stop());

const post = (who: Member, status: string, more: Record<string, string> = {}): Promise<Json> =>
  must(server, "POST", "/api/v1/statuses", { token: who.token, form: { status, ...more } });
const ids = async (path: string, who: Member): Promise<string[]> =>
  (await must(server, "GET", path, { token: who.token })).map((entry: Json) => entry.id);
const home = (who: Member) => ids("/api/v1/timelines/home", who);
const timeline = (who: Member, list: Json, query = "") => ids(`/api/v1/timelines/list/${list.id}?${query}`, who);
const follow = (a: Member, b: Member) => a.client.v1.accounts.$select(b.id).follow();
const make = (who: Member, form: Record<string, string>): Promise<Json> =>
  must(server, "POST", "/api/v1/lists", { token: who.token, form });
const put = async (who: Member, list: Json, ...whom: Member[]): Promise<void> => {
  const form = whom.map(({ id }): [string, string] => ["account_ids[]", id]);
  await must(server, "POST", `/api/v1/lists/${list.id}/accounts`, { token: who.token, form });
};
const refused = async (status: number, who: Member, method: string, path: string, form = {}): Promise<string> => {
  const reply = await ask(server, method, path, method === "GET" ? { token: who.token } : { token: who.token, form });
  assert.equal(reply.status, status, reply.text);
  return reply.json.error;
};

test("masto makes, changes, reads and deletes a list", async () => {
  const [a] = await server.members("keeper");
  const { lists } = a.client.v1;
  const made = await lists.create({ title: " Friends " });
  assert.deepEqual([made.title, made.repliesPolicy, made.exclusive], ["Friends", "list", false]);
  const changed = await lists.$select(made.id).update({ title: "Foes", exclusive: true });
  assert.deepEqual(changed, { ...made, title: "Foes", exclusive: true });
  assert.deepEqual(await lists.$select(made.id).fetch(), changed);
  assert.deepEqual(await lists.list(), [changed]);
  await lists.$select(made.id).remove();
  assert.deepEqual(await lists.list(), []);
});

test("what a change does not say stays", async () => {
  const [a] = await server.members("halfway");
  const list = await make(a, { title: "one", replies_policy: "followed", exclusive: "1" });
  const path = `/api/v1/lists/${list.id}`;
  const named = await must(server, "PATCH", path, { token: a.token, form: { title: "two" } });
  assert.deepEqual(named, { ...list, title: "two" });
  const json = await must(server, "PUT", path, { token: a.token, json: { exclusive: false } });
  assert.deepEqual(json, { ...named, exclusive: false });
});

test("a list has a title of a hundred characters at most, and a policy that exists", async () => {
  const [a] = await server.members("titles");
  assert.equal(await refused(422, a, "POST", "/api/v1/lists"), "Validation failed: Title can't be blank");
  assert.equal(
    await refused(422, a, "POST", "/api/v1/lists", { title: "  " }),
    "Validation failed: Title can't be blank",
  );
  assert.match(await refused(422, a, "POST", "/api/v1/lists", { title: "é".repeat(101) }), /maximum is 100/);
  assert.match(await refused(422, a, "POST", "/api/v1/lists", { title: "x", replies_policy: "all" }), /followed, list/);
  const list = await make(a, { title: "🦆".repeat(100) });
  await refused(422, a, "PUT", `/api/v1/lists/${list.id}`, { title: "" });
});

test("a member has a hundred lists at most", async () => {
  const [a] = await server.members("hoarder");
  for (let i = 0; i < 100; i++) await make(a, { title: `list ${i}` });
  assert.match(await refused(422, a, "POST", "/api/v1/lists", { title: "one more" }), /100 lists at most/);
  assert.equal((await must(server, "GET", "/api/v1/lists", { token: a.token })).length, 100);
});

test("only whom one follows, and oneself, can be put on a list, once, and all or none", async () => {
  const [a, b, c] = await server.members("adder", "followed", "unknown");
  await follow(a, b);
  const list = await make(a, { title: "x" });
  const path = `/api/v1/lists/${list.id}/accounts`;
  const both = { "account_ids[0]": b.id, "account_ids[1]": c.id };
  assert.equal(await refused(404, a, "POST", path, both), "Record not found");
  assert.deepEqual(await ids(path, a), []);
  await put(a, list, b, a);
  assert.match(await refused(422, a, "POST", path, { account_ids: b.id }), /already been taken/);
  assert.deepEqual(await ids(path, a), [a.id, b.id]);
  await refused(404, a, "POST", path, { "account_ids[]": "nobody" });
  await must(server, "POST", path, { token: a.token, form: {} });
});

test("people leave a list by a DELETE with a body, form or JSON, and by not being followed any more", async () => {
  const [a, b, c, d] = await server.members("leaver", "bodyform", "bodyjson", "unfollowed");
  const list = await make(a, { title: "x" });
  for (const who of [b, c, d]) await follow(a, who);
  await put(a, list, b, c, d);
  const path = `/api/v1/lists/${list.id}/accounts`;
  await must(server, "DELETE", path, { token: a.token, form: { "account_ids[]": b.id } });
  assert.deepEqual(await ids(path, a), [d.id, c.id]);
  await must(server, "DELETE", path, { token: a.token, json: { account_ids: [c.id] } });
  assert.deepEqual(await ids(path, a), [d.id]);
  await must(server, "DELETE", path, { token: a.token, json: { account_ids: [c.id] } });
  await a.client.v1.accounts.$select(d.id).unfollow();
  assert.deepEqual(await ids(path, a), []);
  await follow(a, d);
  assert.deepEqual(await ids(path, a), [], "following again does not bring them back");
});

test("a block takes both off each other's lists", async () => {
  const [a, b] = await server.members("listera", "listerb");
  await follow(a, b);
  await follow(b, a);
  const [hers, his] = [await make(a, { title: "x" }), await make(b, { title: "x" })];
  await put(a, hers, b);
  await put(b, his, a);
  await must(server, "POST", `/api/v1/accounts/${b.id}/block`, { token: a.token });
  assert.deepEqual(await ids(`/api/v1/lists/${hers.id}/accounts`, a), []);
  assert.deepEqual(await ids(`/api/v1/lists/${his.id}/accounts`, b), []);
});

test("the people of a list come in pages, the newest first", async () => {
  const [a, ...others] = await server.members("pager", "p_one", "p_two", "p_three");
  const list = await make(a, { title: "x" });
  for (const who of others) await follow(a, who);
  await put(a, list, ...others);
  const path = `/api/v1/lists/${list.id}/accounts`;
  const newest = others.map(({ id }) => id).reverse();
  assert.deepEqual(await ids(`${path}?limit=0`, a), newest);
  const first = await ask(server, "GET", `${path}?limit=2`, { token: a.token });
  assert.deepEqual(
    first.json.map(({ id }: Json) => id),
    newest.slice(0, 2),
  );
  assert.ok(links(first).prev?.searchParams.has("since_id"), "prev is since_id");
  assert.deepEqual(await ids(links(first).next?.href ?? "", a), newest.slice(2));
});

test("which lists somebody is on is known to their owner alone", async () => {
  const [a, b] = await server.members("listkeeper", "listed");
  await follow(a, b);
  const [one, two] = [await make(a, { title: "one" }), await make(a, { title: "two" })];
  await put(a, one, b);
  const on = (who: Member, whom: Member) =>
    must(server, "GET", `/api/v1/accounts/${whom.id}/lists`, { token: who.token });
  assert.deepEqual(await on(a, b), [one]);
  assert.deepEqual(await on(b, b), []);
  await put(a, two, b);
  assert.deepEqual(await on(a, b), [one, two]);
  await refused(404, a, "GET", "/api/v1/accounts/1/lists");
});

test("another's list is not there", async () => {
  const [a, b] = await server.members("mine", "theirs");
  const list = await make(a, { title: "x" });
  const path = `/api/v1/lists/${list.id}`;
  for (const [method, tail] of [
    ["GET", ""],
    ["PUT", ""],
    ["DELETE", ""],
    ["GET", "/accounts"],
    ["POST", "/accounts"],
    ["DELETE", "/accounts"],
  ] as const) {
    const reply = await ask(server, method, path + tail, { token: b.token });
    assert.deepEqual([reply.status, reply.json], [404, { error: "Record not found" }], method + tail);
  }
  assert.equal((await ask(server, "GET", `/api/v1/timelines/list/${list.id}`, { token: b.token })).status, 404);
  assert.equal((await ask(server, "GET", "/api/v1/timelines/list/1", { token: b.token })).status, 404);
  assert.equal((await must(server, "GET", path, { token: a.token })).title, "x");
});

test("a list shows what its members write, in pages, and what they wrote before", async () => {
  const [a, b, c] = await server.members("listreader", "onlist", "offlist");
  const before = await post(b, "before");
  await follow(a, b);
  await follow(a, c);
  const list = await make(a, { title: "x" });
  assert.deepEqual(await timeline(a, list), []);
  await put(a, list, b);
  const [one, , three] = [await post(b, "one"), await post(c, "no"), await post(b, "two", { visibility: "private" })];
  await post(b, "to nobody here", { visibility: "direct" });
  assert.deepEqual(await timeline(a, list), [three.id, one.id, before.id]);
  const first = await ask(server, "GET", `/api/v1/timelines/list/${list.id}?limit=1`, { token: a.token });
  assert.deepEqual(await ids(links(first).next?.href ?? "", a), [one.id]);
  assert.deepEqual(await timeline(a, list, `min_id=${before.id}`), [three.id, one.id]);
});

test("which answers a list shows is its owner's choice", async () => {
  const [a, b, c, d] = await server.members("chooser", "answerer", "also_on", "only_followed");
  for (const who of [b, c, d]) await follow(a, who);
  const list = await make(a, { title: "x" });
  await put(a, list, b, c);
  const [of_a, of_c, of_d] = [await post(a, "a"), await post(c, "c"), await post(d, "d")];
  const plain = await post(b, "plain");
  const self = await post(b, "self", { in_reply_to_id: plain.id });
  const to_a = await post(b, "to a", { in_reply_to_id: of_a.id });
  const to_c = await post(b, "to c", { in_reply_to_id: of_c.id });
  const to_d = await post(b, "to d", { in_reply_to_id: of_d.id });
  const always = [to_a.id, self.id, plain.id];
  const expected: Record<string, string[]> = {
    none: always,
    list: [to_c.id, ...always],
    followed: [to_d.id, to_c.id, ...always],
  };
  for (const [replies_policy, wanted] of Object.entries(expected)) {
    await must(server, "PUT", `/api/v1/lists/${list.id}`, { token: a.token, form: { replies_policy } });
    assert.deepEqual(
      (await timeline(a, list)).filter((id) => id !== of_c.id),
      wanted,
      replies_policy,
    );
  }
});

test("what people on an exclusive list write leaves home, and comes back", async () => {
  const [a, b, c] = await server.members("excluder", "apart", "near");
  await follow(a, b);
  await follow(a, c);
  const list = await make(a, { title: "x", exclusive: "true" });
  const [far, close] = [await post(b, "far"), await post(c, "close")];
  const echo = await must(server, "POST", `/api/v1/statuses/${far.id}/reblog`, { token: c.token });
  assert.deepEqual(await home(a), [echo.id, close.id, far.id]);
  await put(a, list, b);
  assert.deepEqual(await home(a), [echo.id, close.id], "an echo by somebody else stays");
  assert.deepEqual(await timeline(a, list), [far.id]);
  await put(a, list, a);
  const mine = await post(a, "mine");
  assert.deepEqual((await home(a))[0], mine.id, "one's own never leaves");
  await must(server, "PUT", `/api/v1/lists/${list.id}`, { token: a.token, form: { exclusive: "false" } });
  assert.deepEqual(await home(a), [mine.id, echo.id, close.id, far.id]);
  await must(server, "PUT", `/api/v1/lists/${list.id}`, { token: a.token, form: { exclusive: "true" } });
  await must(server, "DELETE", `/api/v1/lists/${list.id}`, { token: a.token });
  assert.deepEqual(await home(a), [mine.id, echo.id, close.id, far.id]);
});
