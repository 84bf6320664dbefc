// SPDX-License-Identifier: Apache-2.0
// What the operator and the owner tell everybody: by command line, page and API, with reactions, live and until it ends.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ask, type Json, must } from "../lib/http.ts";
import { type Member, type Server, startServer } from "../lib/server.ts";
import { openSocket } from "../lib/stream.ts";
import { Visitor } from "../lib/visitor.ts";
import { eventually } from "../lib/wait.ts";

let server: Server;
before(async () => {
  server = await startServer();
});
after(() => server?.stop());

const list = (who: Member): Promise<Json[]> => must(server, "GET", "/api/v1/announcements", { token: who.token });
const of = async (who: Member, id: string): Promise<Json> => (await list(who)).find((a) => a.id === id);
const react = (who: Member, id: string, emoji: string, method = "PUT") =>
  ask(server, method, `/api/v1/announcements/${id}/reactions/${encodeURIComponent(emoji)}`, { token: who.token });
const add = async (...words: string[]): Promise<string> => (await server.command("announcement", "add", ...words)).id;

test("what the operator writes is shown until it is removed", async () => {
  const a = await server.member("reader");
  const id = await add("See https://harbour.example & <b>come</b>", "--starts", "2027-06-05T00:00:00Z", "--all-day");
  const seen = await of(a, id);
  assert.match(seen.content, /<a href="https:\/\/harbour\.example"/);
  assert.match(seen.content, /&amp; &lt;b&gt;come/);
  assert.deepEqual(
    [seen.starts_at, seen.ends_at, seen.all_day, seen.read, seen.reactions],
    ["2027-06-05T00:00:00.000Z", null, true, false, []],
  );
  await server.command("announcement", "edit", id, "Another text");
  const edited = await of(a, id);
  assert.deepEqual([edited.content, edited.all_day], ["<p>Another text</p>", true]);
  assert.equal((await server.command("announcement", "list")).announcements[0].text, "Another text");
  await server.command("announcement", "remove", id);
  assert.equal(await of(a, id), undefined);
});

test("what is wrong is said to the operator", async () => {
  for (const [words, reason] of [
    [["add", " "], /Text can't be blank/],
    [["add", "x".repeat(5001)], /longer than 5000/],
    [["add", "late", "--ends", "2020-01-01T00:00:00Z"], /ends is in the past/],
    [["add", "turned", "--starts", "3d", "--ends", "1d"], /end before it starts/],
    [["remove", "12345"], /Not found: announcement '12345'/],
    [["edit", "12345", "text"], /Not found: announcement '12345'/],
  ] as const) {
    await assert.rejects(server.command("announcement", ...words), { stdout: reason });
  }
});

test("what ended is listed to the operator alone", async () => {
  const a = await server.member("latecomer");
  const id = await add("Only now", "--ends", "1s");
  await eventually("it ended", async () => (await of(a, id)) === undefined);
  const all = (await server.command("announcement", "list")).announcements;
  assert.ok(all.some((each: Json) => each.id === id));
  assert.equal((await react(a, id, "🎉")).status, 404);
});

test("who dismissed it is told so, and nobody else", async () => {
  const [a, b] = await server.members("dismissa", "dismissb");
  const id = await add("Read me");
  const path = `/api/v1/announcements/${id}/dismiss`;
  for (let i = 0; i < 2; i++) assert.deepEqual(await must(server, "POST", path, { token: a.token }), {});
  assert.deepEqual([(await of(a, id)).read, (await of(b, id)).read], [true, false]);
  for (const wrong of ["1", "x"]) {
    const reply = await ask(server, "POST", `/api/v1/announcements/${wrong}/dismiss`, { token: a.token });
    assert.equal(reply.status, 404);
  }
});

test("reactions are counted once for each, and taken back", async () => {
  const [a, b] = await server.members("reacta", "reactb");
  const id = await add("Harbour day!");
  for (const who of [a, b, a]) assert.equal((await react(who, id, "🎉")).status, 200);
  await react(a, id, "👍🏽");
  const reactions = async (who: Member) => (await of(who, id)).reactions;
  const party = { name: "🎉", count: 2, me: true };
  assert.deepEqual(await reactions(a), [party, { name: "👍🏽", count: 1, me: true }]);
  assert.deepEqual(await reactions(b), [party, { name: "👍🏽", count: 1, me: false }]);
  for (let i = 0; i < 2; i++) assert.equal((await react(a, id, "👍🏽", "DELETE")).status, 200);
  assert.deepEqual(await reactions(a), [party]);
  for (const wrong of ["x", "🎉🎉", "1", "thumbsup", "🎉".repeat(40), "\u200d"]) {
    assert.equal((await react(a, id, wrong)).status, 422, wrong);
  }
  await server.command("member", "delete", "reactb", "--yes");
  await eventually("who left does not count", async () => (await reactions(a))[0].count === 1);
});

test("there are at most eight kinds of reactions", async () => {
  const a = await server.member("manyfold");
  const id = await add("React");
  const kinds = ["🎉", "👍", "🌊", "🐟", "⚓", "🛶", "🚢", "🐙"];
  for (const kind of kinds) assert.equal((await react(a, id, kind)).status, 200, kind);
  assert.equal((await react(a, id, "🦀")).status, 422);
  assert.equal((await react(a, id, "🎉")).status, 200, "one that is there may be repeated");
});

test("open streams are told of all of it", async () => {
  const a = await server.member("live");
  const socket = await openSocket(server, a.token, "?stream=user");
  await socket.settled();
  const id = await add("Live");
  const announced = JSON.parse((await socket.event("announcement", (json) => json.id === id)).payload ?? "");
  assert.deepEqual([announced.content, "read" in announced], ["<p>Live</p>", false]);
  await react(a, id, "🎉");
  const reaction = await socket.event("announcement.reaction", (json) => json.announcement_id === id);
  assert.deepEqual(JSON.parse(reaction.payload ?? ""), { name: "🎉", count: 1, announcement_id: id });
  await server.command("announcement", "remove", id);
  await socket.event("announcement.delete", id);
  socket.close();
});

test("it stands above home until it is dismissed, and the owner writes it by page", async () => {
  const [owner, reader] = await server.members("keeper", "homebody");
  await server.command("member", "role", "keeper", "owner");
  const [k, h] = [new Visitor(server), new Visitor(server)];
  await k.signIn(await k.get("/sign-in"), owner);
  await h.signIn(await h.get("/sign-in"), reader);
  const path = "/community/announcements";
  const refused = await k.submit(await k.get(path), path, { text: " ", ends: "86400" });
  assert.match(refused.html, /Text can(&#x27;|&#39;|')t be blank/);
  const saved = await k.submit(await k.get(path), path, { text: "Tea at four", ends: "86400" });
  assert.match(saved.html, /Tea at four/);
  assert.equal((await h.get(path)).status, 404, "for the owner alone");
  const id = (await list(reader)).find((a) => a.content.includes("Tea"))?.id;
  const home = await h.get("/home");
  assert.match(home.html, /Tea at four/);
  await h.submit(home, `/announcements/${id}`, { react: "👍" });
  assert.equal((await of(reader, id)).reactions[0]?.count, 1);
  await h.submit(await h.get("/home"), `/announcements/${id}`, { do: "dismiss" });
  assert.doesNotMatch((await h.get("/home")).html, /Tea at four/);
  const blank = await k.submit(await k.get(`${path}/${id}`), `${path}/${id}`, { text: "" });
  assert.match(blank.html, /Text can(&#x27;|&#39;|')t be blank/);
  const { ends_at } = await of(reader, id);
  await k.submit(await k.get(`${path}/${id}`), `${path}/${id}`, { text: "Tea at five" });
  assert.deepEqual([(await of(reader, id)).content, (await of(reader, id)).ends_at], ["<p>Tea at five</p>", ends_at]);
  await k.submit(await k.get(`${path}/${id}`), `${path}/${id}`, { text: "Tea at five", ends: "0" });
  assert.deepEqual([(await of(reader, id)).content, (await of(reader, id)).ends_at], ["<p>Tea at five</p>", null]);
  assert.equal((await h.get(`${path}/${id}`)).status, 404);
  assert.equal((await k.get(`${path}/12345`)).status, 404);
  await k.submit(await k.get(path), `${path}/${id}/remove`, { do: "remove" });
  assert.equal(await of(reader, id), undefined);
});

test("masto reads and dismisses", async () => {
  const a = await server.member("mastoann");
  const id = await add("For masto");
  await a.client.v1.announcements.$select(id).dismiss();
  assert.equal((await of(a, id)).read, true);
  assert.ok((await a.client.v1.announcements.list()).some((each) => each.id === id));
});
