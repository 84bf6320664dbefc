// SPDX-License-Identifier: Apache-2.0
// Endorsements: whom a member recommends on their page; and who of those one follows follows somebody.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ask, type Json, links, must } from "../lib/http.ts";
import { type Member, type Server, startServer } from "../lib/server.ts";
import { Visitor } from "../lib/visitor.ts";

let server: Server;
before(async () => {
  server = await startServer();
});
after(() => server?.stop());

const does = (who: Member, whom: Member, verb: string): Promise<Json> =>
  must(server, "POST", `/api/v1/accounts/${whom.id}/${verb}`, { token: who.token });
const refused = async (status: number, who: Member, id: string, verb: string): Promise<string> => {
  const reply = await ask(server, "POST", `/api/v1/accounts/${id}/${verb}`, { token: who.token });
  assert.equal(reply.status, status, reply.text);
  return reply.json.error;
};
const ids = async (path: string, token?: string): Promise<string[]> =>
  (await must(server, "GET", path, token === undefined ? {} : { token })).map(({ id }: Json) => id);
const own = (who: Member, query = "") => ids(`/api/v1/endorsements${query}`, who.token);
const shown = (whom: Member, token?: string) => ids(`/api/v1/accounts/${whom.id}/endorsements`, token);

test("whom one follows can be recommended, for everybody to see, and not any more", async () => {
  const [a, b, c] = await server.members("ea_one", "ea_two", "ea_three");
  await does(a, b, "follow");
  await does(a, c, "follow");
  assert.equal((await does(a, b, "endorse")).endorsed, true);
  assert.equal((await does(a, c, "pin")).endorsed, true, "the old name");
  assert.equal((await does(a, c, "endorse")).endorsed, true, "twice is once");
  assert.deepEqual(await own(a), [c.id, b.id]);
  assert.deepEqual(await shown(a), [c.id, b.id]);
  assert.deepEqual(await shown(a, b.token), [c.id, b.id]);
  assert.deepEqual(await own(b), []);
  const [relation] = await must(server, "GET", `/api/v1/accounts/relationships?id[]=${a.id}`, { token: b.token });
  assert.equal(relation.endorsed, false, "the other way round");
  assert.equal((await does(a, b, "unendorse")).endorsed, false);
  assert.equal((await does(a, c, "unpin")).endorsed, false);
  assert.deepEqual([await own(a), await shown(a)], [[], []]);
});

test("nobody whom one does not follow, not oneself, not who is not there", async () => {
  const [a, b] = await server.members("eb_one", "eb_two");
  assert.match(await refused(422, a, b.id, "endorse"), /whom you follow/);
  assert.match(await refused(422, a, a.id, "pin"), /whom you follow/);
  await refused(404, a, "1", "endorse");
  assert.deepEqual(await own(a), []);
});

test("an end of the follow ends it: unfollowed, removed, blocked by either; following again does not bring it back", async () => {
  const [a, b] = await server.members("ec_one", "ec_two");
  for (const [who, whom, verb, back] of [
    [a, b, "unfollow", undefined],
    [b, a, "remove_from_followers", undefined],
    [a, b, "block", "unblock"],
    [b, a, "block", "unblock"],
  ] as const) {
    await does(a, b, "follow");
    await does(a, b, "endorse");
    await does(who, whom, verb);
    if (back !== undefined) await does(who, whom, back);
    assert.deepEqual(await own(a), [], verb);
    await does(a, b, "follow");
    assert.deepEqual(await own(a), [], verb);
  }
});

test("fifty at most, in pages, the newest first", async () => {
  const [a] = await server.members("ed_one");
  const letters = [..."abdefgkx"];
  const names = letters.flatMap((x) => letters.map((y) => `ed_${x}${y}`)).slice(0, 51);
  const all: Member[] = [];
  for (const name of names) all.push(...(await server.members(name)));
  for (const one of all) await does(a, one, "follow");
  const last = all.pop() ?? assert.fail();
  for (const one of all) await does(a, one, "endorse");
  assert.match(await refused(422, a, last.id, "endorse"), /50 people at most/);
  await does(a, all[7] ?? last, "endorse");
  const newest = all.map(({ id }) => id).reverse();
  assert.deepEqual(await own(a), newest.slice(0, 40));
  assert.deepEqual(await own(a, "?limit=80"), newest);
  const first = await ask(server, "GET", "/api/v1/endorsements?limit=2", { token: a.token });
  assert.ok(links(first).prev?.searchParams.has("since_id"), "prev is since_id");
  assert.deepEqual(await ids(links(first).next?.href ?? "", a.token), newest.slice(2, 4));
});

test("the page shows whom a member recommends, to strangers, too, and the menu has the button", async () => {
  const [a, b] = await server.members("ee_one", "ee_two");
  await does(a, b, "follow");
  const stranger = new Visitor(server);
  const visitor = new Visitor(server);
  await visitor.signIn(await visitor.get("/sign-in"), a);
  const recommends = /Recommends<\/span>\s*<a href="\/@ee_two"/;
  assert.doesNotMatch((await stranger.get("/@ee_one")).html, recommends);
  const sent = await visitor.submit(await visitor.get("/@ee_two"), `/people/${b.id}/do`, { do: "endorse" });
  assert.match(sent.html, /Stop recommending/);
  assert.match((await stranger.get("/@ee_one")).html, recommends);
  assert.match((await stranger.get("/@ee_one/recommends")).html, /@ee_two/);
  await does(a, b, "unfollow");
  assert.doesNotMatch((await stranger.get("/@ee_one")).html, recommends);
});

test("familiar followers: known from memory or not, the answer is the same, and the page names them", async () => {
  const [star, a, b, c, hides] = await server.members("ef_star", "ef_one", "ef_two", "ef_three", "ef_hides");
  const path = "/api/v1/accounts/update_credentials";
  await must(server, "PATCH", path, { token: hides.token, form: { hide_collections: "true" } });
  for (const one of [b, c, hides]) {
    await does(a, one, "follow");
    await does(one, star, "follow");
  }
  const familiar = async () =>
    (
      await must(server, "GET", `/api/v1/accounts/familiar_followers?id[]=${star.id}`, { token: a.token })
    )[0].accounts.map(({ username }: Json) => username);
  assert.deepEqual((await familiar()).sort(), ["ef_three", "ef_two"]);
  for (const one of [a, b, c, hides]) await must(server, "GET", "/api/v1/timelines/home", { token: one.token });
  assert.deepEqual((await familiar()).sort(), ["ef_three", "ef_two"], "now all of them are in memory");
  await does(b, star, "unfollow");
  assert.deepEqual(await familiar(), ["ef_three"]);
  const visitor = new Visitor(server);
  await visitor.signIn(await visitor.get("/sign-in"), a);
  assert.match((await visitor.get("/@ef_star")).html, /Followed by<\/span>\s*<a href="\/@ef_three"/);
  await does(c, star, "unfollow");
  assert.doesNotMatch((await visitor.get("/@ef_star")).html, /Followed by/);
});
