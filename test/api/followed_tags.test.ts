// SPDX-License-Identifier: Apache-2.0
// Tags that one follows, whose parleys enter home, and tags that one features; the same with and without memory.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { ask, type Json, links, must } from "../lib/http.ts";
import { type Member, type Server, startServer } from "../lib/server.ts";
import { openSocket } from "../lib/stream.ts";

const servers: Server[] = [];
before(async () => {
  servers.push(await startServer(), await startServer({ settings: { feed_memory_mib: "0" } }));
});
after(async () => {
  for (const server of servers) await server.stop();
});

for (const [k, memory] of ["with memory", "without memory"].entries()) {
  describe(memory, () => {
    const server = () => servers[k] ?? assert.fail();
    const get = (who: Member | undefined, path: string): Promise<Json> =>
      must(server(), "GET", path, { token: who?.token });
    const act = (who: Member, path: string, form: Record<string, string> = {}): Promise<Json> =>
      must(server(), "POST", `/api/v1/${path}`, { token: who.token, form });
    const post = (who: Member, status: string, more: Record<string, string> = {}): Promise<Json> =>
      act(who, "statuses", { status, ...more });
    const home = async (who: Member, query = ""): Promise<string[]> =>
      (await get(who, `/api/v1/timelines/home?${query}`)).map((s: Json) => s.id);

    test("a followed tag brings what others say in public under it to home, and an unfollowed one takes it away", async () => {
      const [a, b, c] = await server().members("tagreader", "tagwriter", "tagfriend");
      await a.client.v1.accounts.$select(c.id).follow();
      const before = await post(b, "from before #boats");
      await post(b, "not public #boats", { visibility: "unlisted" });
      const friend = await post(c, "friend #boats");
      assert.deepEqual(await home(a), [friend.id]);
      const tag = await act(a, "tags/Boats/follow");
      assert.deepEqual([tag.name, tag.following], ["boats", true]);
      const reply = await post(b, "answers, too #BOATS", { in_reply_to_id: before.id });
      const own = await post(a, "mine #boats");
      await act(b, `statuses/${before.id}/reblog`);
      assert.deepEqual(await home(a), [own.id, reply.id, friend.id, before.id]);
      assert.deepEqual(await home(a, "limit=2"), [own.id, reply.id]);
      assert.deepEqual(await home(a, `max_id=${reply.id}`), [friend.id, before.id]);
      assert.deepEqual(await home(a, `min_id=${before.id}&limit=2`), [reply.id, friend.id]);
      assert.deepEqual(await home(a, `since_id=${friend.id}`), [own.id, reply.id]);
      await must(server(), "PUT", `/api/v1/statuses/${reply.id}`, { token: b.token, form: { status: "no tag" } });
      assert.deepEqual(await home(a), [own.id, friend.id, before.id]);
      assert.equal((await act(a, "tags/boats/unfollow")).following, false);
      assert.deepEqual(await home(a), [own.id, friend.id]);
    });

    test("a followed tag brings nothing of the muted, the blocked, and people on an exclusive list", async () => {
      const [a, ...others] = await server().members("tagpicky", "tagmuted", "tagblocked", "tagapart", "tagfine");
      const [muted, blocked, apart] = others;
      await act(a, "tags/ducks/follow");
      const said = [];
      for (const who of others) said.unshift((await post(who, "#ducks")).id);
      assert.deepEqual(await home(a), said);
      await act(a, `accounts/${muted?.id}/mute`);
      await act(a, `accounts/${blocked?.id}/block`);
      await act(a, `accounts/${apart?.id}/follow`);
      const { id } = await act(a, "lists", { title: "x", exclusive: "1" });
      await act(a, `lists/${id}/accounts`, { "account_ids[]": apart?.id ?? "" });
      assert.deepEqual(await home(a), said.slice(0, 1));
    });

    test("what stands at home because of a tag is told on the user stream, once, with its edit and its end", async () => {
      const [a, b, c, d] = await server().members("tagstream", "tagstreamer", "tagstreamed", "tagstranger");
      await a.client.v1.accounts.$select(c.id).follow();
      await act(a, "tags/kites/follow");
      const mine = await openSocket(server(), a.token, "?stream=user");
      const others = await openSocket(server(), d.token, "?stream=user");
      await post(b, "no tag");
      await post(b, "not public #kites", { visibility: "unlisted" });
      const [first, second] = [await post(b, "by a stranger #kites"), await post(c, "by a friend #kites")];
      await mine.update(second.id);
      assert.deepEqual(mine.ids(), [first.id, second.id]);
      const form = { status: "said anew #kites" };
      await must(server(), "PUT", `/api/v1/statuses/${first.id}`, { token: b.token, form });
      await mine.update(first.id, "status.update");
      await must(server(), "DELETE", `/api/v1/statuses/${first.id}`, { token: b.token });
      await mine.event("delete", first.id);
      await act(a, `accounts/${b.id}/mute`);
      await post(b, "by the muted #kites");
      const last = await post(c, "the last #kites");
      await mine.update(last.id);
      assert.deepEqual(mine.ids(), [first.id, second.id, last.id]);
      assert.deepEqual(others.messages, []);
      for (const socket of [mine, others]) socket.close();
    });

    test("followed tags are listed newest first, in pages", async () => {
      const [a] = await server().members("taglist");
      for (const name of ["one", "two", "three"]) await act(a, `tags/${name}/follow`);
      await act(a, "tags/one/follow");
      const first = await ask(server(), "GET", "/api/v1/followed_tags?limit=2", { token: a.token });
      const names = (json: Json) => json.map((t: Json) => t.name);
      assert.deepEqual(names(first.json), ["three", "two"]);
      assert.ok(links(first).prev?.searchParams.has("since_id"));
      assert.deepEqual(names(await get(a, links(first).next?.href ?? "")), ["one"]);
      assert.equal((await get(a, "/api/v1/tags/one")).following, true);
      assert.equal((await get(undefined, "/api/v1/tags/one")).following, undefined);
      const reply = await ask(server(), "POST", "/api/v1/tags/not%20a%20tag/follow", { token: a.token });
      assert.equal(reply.status, 404);
    });

    test("featured tags stand on one's page, with how often one used them", async () => {
      const [a, b] = await server().members("featurer", "onlooker");
      await post(a, "#red #green");
      await post(a, "#red");
      await post(b, "#red");
      assert.deepEqual(
        (await get(a, "/api/v1/featured_tags/suggestions")).map((t: Json) => t.name),
        ["red", "green"],
      );
      const made = await act(a, "featured_tags", { name: "#Red" });
      assert.deepEqual([made.name, made.statuses_count], ["red", "2"]);
      assert.match(made.url, /\/@featurer\/tagged\/red$/);
      assert.match(made.last_status_at, /^\d{4}-\d\d-\d\d$/);
      assert.equal((await act(a, "tags/blue/feature")).featuring, true);
      const shown = await get(b, `/api/v1/accounts/${a.id}/featured_tags`);
      assert.deepEqual(
        shown.map((t: Json) => [t.name, t.statuses_count, t.last_status_at !== null]),
        [
          ["blue", "0", false],
          ["red", "2", true],
        ],
      );
      assert.deepEqual(await get(a, "/api/v1/featured_tags"), shown);
      assert.deepEqual(
        (await get(a, "/api/v1/featured_tags/suggestions")).map((t: Json) => t.name),
        ["green"],
      );
      const drop = (who: Member) => ask(server(), "DELETE", `/api/v1/featured_tags/${made.id}`, { token: who.token });
      assert.equal((await drop(b)).status, 404);
      assert.equal((await drop(a)).status, 200);
      assert.equal((await drop(a)).status, 404);
      assert.equal((await act(a, "tags/blue/unfeature")).featuring, false);
      assert.deepEqual(await get(a, "/api/v1/featured_tags"), []);
      const wrong = await ask(server(), "POST", "/api/v1/featured_tags", { token: a.token, form: { name: "a b" } });
      assert.equal(wrong.status, 422);
      for (let i = 0; i < 10; i++) await act(a, "featured_tags", { name: `tag${i}` });
      const more = await ask(server(), "POST", "/api/v1/featured_tags", { token: a.token, form: { name: "tag10" } });
      assert.match(more.json.error, /10 tags at most/);
    });
  });
}
