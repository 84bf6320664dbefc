// SPDX-License-Identifier: Apache-2.0
// Favourite, echo, bookmark, pin, mute: each with its undoing, its lists and its counts.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ask, type Json, must } from "../lib/http.ts";
import { type Member, type Server, startServer } from "../lib/server.ts";

let server: Server;
let anna: Member;
let ben: Member;
before(async () => {
  server = await startServer();
  [anna, ben] = await server.members("anna", "ben");
});
after(() => server?.stop());

const post = (status: string, who = anna, visibility = "public"): Promise<Json> =>
  must(server, "POST", "/api/v1/statuses", { token: who.token, form: { status, visibility } });
const act = (id: string, verb: string, who = ben): Promise<Json> =>
  must(server, "POST", `/api/v1/statuses/${id}/${verb}`, { token: who.token });
const list = async (path: string, who?: Member): Promise<string[]> =>
  (await must(server, "GET", path, { token: who?.token })).map((entry: Json) => entry.id);

for (const [verb, mark, count] of [
  ["favourite", "favourited", "favourites_count"],
  ["bookmark", "bookmarked", undefined],
  ["mute", "muted", undefined],
] as const) {
  test(`${verb} sets ${mark} and un${verb} takes it back, each as often as asked`, async () => {
    const { id } = await post(`to ${verb}`);
    for (const wanted of [true, true, false, false]) {
      const seen = await act(id, wanted ? verb : `un${verb}`);
      assert.equal(seen.id, id);
      assert.equal(seen[mark], wanted);
      if (count !== undefined) assert.equal(seen[count], wanted ? 1 : 0);
      assert.equal((await must(server, "GET", `/api/v1/statuses/${id}`, { token: ben.token }))[mark], wanted);
    }
  });
}

test("a mark is its reader's own", async () => {
  const { id } = await post("whose mark?");
  await act(id, "favourite");
  const seen = await must(server, "GET", `/api/v1/statuses/${id}`, { token: anna.token });
  assert.deepEqual([seen.favourited, seen.favourites_count], [false, 1]);
});

test("favourites and bookmarks are lists of one's own", async () => {
  const [one, two] = [await post("one"), await post("two")];
  for (const verb of ["favourite", "bookmark"]) {
    await act(one.id, verb);
    await act(two.id, verb);
  }
  for (const path of ["/api/v1/favourites", "/api/v1/bookmarks"]) {
    assert.deepEqual((await list(path, ben)).slice(0, 2), [two.id, one.id], path);
    assert.deepEqual(await list(path, anna), [], path);
  }
});

test("an echo is a parley around the parley", async () => {
  const { id } = await post("echo me");
  const echo = await act(id, "reblog");
  assert.notEqual(echo.id, id);
  assert.equal(echo.account.id, ben.id);
  assert.equal(echo.reblog.id, id);
  assert.equal(echo.content, echo.reblog.content);
  assert.equal(echo.reblog.reblogged, true);
  assert.equal(echo.reblog.reblogs_count, 1);
});

test("an echo has the marks of what it echoes, as its reader set them", async () => {
  const [dora, emil] = await server.members("dora", "emil");
  const { id } = await post("marked");
  const echo = await act(id, "reblog", dora);
  const marks = ["favourited", "reblogged", "muted", "bookmarked"];
  const marksOf = (json: Json) => marks.filter((mark) => json[mark]);
  const isMarked = (seen: Json, expected: string[], what: string) =>
    assert.deepEqual([marksOf(seen), marksOf(seen.reblog)], [expected, expected], what);
  isMarked(echo, ["reblogged"], "the answer");
  const home = (headers = {}) => ask(server, "GET", "/api/v1/timelines/home", { token: dora.token, headers });
  const before = await home();
  isMarked(before.json[0], ["reblogged"], "home");
  await act(id, "favourite", dora);
  await act(id, "bookmark", dora);
  const known = { "If-None-Match": before.headers.get("ETag") ?? "" };
  const after = await home(known);
  isMarked(after.json[0], ["favourited", "reblogged", "bookmarked"], "home, when the marks have changed");
  assert.equal((await home({ "If-None-Match": after.headers.get("ETag") ?? "" })).status, 304);
  const single = await must(server, "GET", `/api/v1/statuses/${echo.id}`, { token: emil.token });
  isMarked(single, [], "another reader");
  await server.halt();
  await server.start();
  assert.deepEqual((await home()).json, after.json, "from the rows it is the same");
  for (const path of [`/api/v1/statuses?id[]=${echo.id}`, `/api/v1/accounts/${dora.id}/statuses`]) {
    const [seen] = await must(server, "GET", path, { token: dora.token });
    isMarked(seen, ["favourited", "reblogged", "bookmarked"], path);
  }
});

test("echoing twice is one echo", async () => {
  const { id } = await post("echo once");
  const first = await act(id, "reblog");
  assert.equal((await act(id, "reblog")).id, first.id);
  assert.equal((await act(first.id, "reblog")).reblog.id, id, "an echo stands for what it echoes");
  assert.equal((await must(server, "GET", `/api/v1/statuses/${id}`)).reblogs_count, 1);
});

test("unreblog answers the original and removes the echo", async () => {
  const { id } = await post("unecho me");
  const echo = await act(id, "reblog");
  const original = await act(id, "unreblog");
  assert.deepEqual([original.id, original.reblogged, original.reblogs_count], [id, false, 0]);
  assert.equal((await ask(server, "GET", `/api/v1/statuses/${echo.id}`)).status, 404);
});

test("deleting a parley takes its echoes along", async () => {
  const { id } = await post("gone soon");
  const echo = await act(id, "reblog");
  await must(server, "DELETE", `/api/v1/statuses/${id}`, { token: anna.token });
  assert.ok([404, 410].includes((await ask(server, "GET", `/api/v1/statuses/${echo.id}`)).status));
  assert.equal((await list(`/api/v1/accounts/${ben.id}/statuses`)).includes(echo.id), false);
});

test("private parleys cannot be echoed by others, direct ones by nobody", async () => {
  const follower = await server.member("follower");
  await follower.client.v1.accounts.$select(anna.id).follow();
  const closed = await post("for followers", anna, "private");
  const letter = await post("@follower hi", anna, "direct");
  for (const [id, who] of [
    [closed.id, follower],
    [letter.id, follower],
    [letter.id, anna],
  ] as const) {
    const reply = await ask(server, "POST", `/api/v1/statuses/${id}/reblog`, { token: who.token });
    assert.ok([403, 404, 422].includes(reply.status), reply.text);
  }
});

test("an echo may be less public than its parley", async () => {
  const { id } = await post("quietly");
  const token = ben.token;
  const echo = await must(server, "POST", `/api/v1/statuses/${id}/reblog`, { token, form: { visibility: "unlisted" } });
  assert.equal(echo.visibility, "unlisted");
});

test("who favourited and who echoed is told", async () => {
  const { id } = await post("who did");
  const cleo = await server.member("cleo");
  for (const who of [ben, cleo]) {
    await act(id, "favourite", who);
    await act(id, "reblog", who);
  }
  for (const by of ["favourited_by", "reblogged_by"]) {
    assert.deepEqual(await list(`/api/v1/statuses/${id}/${by}`), [cleo.id, ben.id], by);
  }
});

test("a pin shows on the profile and can be undone", async () => {
  const [one, two] = [await post("pin one"), await post("pin two")];
  assert.equal((await act(one.id, "pin", anna)).pinned, true);
  await act(two.id, "pin", anna);
  const pinned = `/api/v1/accounts/${anna.id}/statuses?pinned=true`;
  assert.deepEqual(await list(pinned), [two.id, one.id]);
  assert.equal((await act(one.id, "unpin", anna)).pinned, false);
  assert.deepEqual(await list(pinned), [two.id]);
});

test("others' parleys, direct ones and a sixth cannot be pinned", async () => {
  const refused = async (id: string, who: Member) =>
    assert.equal((await ask(server, "POST", `/api/v1/statuses/${id}/pin`, { token: who.token })).status, 422);
  const pinner = await server.member("pinner");
  const other = (await post("not yours")).id;
  await refused(other, pinner);
  await act(other, "pin", anna);
  // Elsewhere, too, taking back what one has not done is answered with the parley as it is.
  assert.ok(!(await act(other, "unpin", pinner)).pinned);
  assert.ok((await list(`/api/v1/accounts/${anna.id}/statuses?pinned=true`)).includes(other), "the author's pin stays");
  await refused((await post("letter", pinner, "direct")).id, pinner);
  for (let i = 0; i < 5; i++) await act((await post(`pin ${i}`, pinner)).id, "pin", pinner);
  await refused((await post("one too many", pinner)).id, pinner);
});

test("favourites at once, each sent twice, are counted once each", async () => {
  const { id } = await post("popular");
  const names = Array.from({ length: 6 }, (_, i) => `fan${"abcdef"[i]}`);
  const fans = await server.members(...names);
  await Promise.all(fans.flatMap((fan) => [act(id, "favourite", fan), act(id, "favourite", fan)]));
  const seen = await must(server, "GET", `/api/v1/statuses/${id}`);
  assert.equal(seen.favourites_count, fans.length);
});

test("masto's verbs work", async () => {
  const { id } = await post("by masto");
  const status = ben.client.v1.statuses.$select(id);
  assert.equal((await status.favourite()).favourited, true);
  assert.equal((await status.unfavourite()).favourited, false);
  assert.equal((await status.bookmark()).bookmarked, true);
  assert.equal((await status.unbookmark()).bookmarked, false);
  assert.equal((await status.reblog()).reblog?.id, id);
  assert.equal((await status.unreblog()).id, id);
  assert.equal((await status.mute()).muted, true);
  assert.equal((await status.unmute()).muted, false);
});
