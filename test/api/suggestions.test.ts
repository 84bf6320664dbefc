// SPDX-License-Identifier: Apache-2.0
// People to follow: friends of friends and popular people, to apps and on pages; and the directory.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ask, type Json, links, must } from "../lib/http.ts";
import { type Member, type Server, startServer } from "../lib/server.ts";
import { formOf, Visitor } from "../lib/visitor.ts";
import { eventually } from "../lib/wait.ts";

let server: Server;
let anna: Member;
let ben: Member;
let cleo: Member;
let dora: Member;
let emil: Member;
let fritz: Member;
before(async () => {
  server = await startServer();
  [anna, ben, cleo, dora, emil, fritz] = await server.members("anna", "ben", "cleo", "dora", "emil", "fritz");
});
after(() => server?.stop());

const act = (who: Member, path: string, form: Record<string, string> = {}): Promise<Json> =>
  must(server, "POST", `/api/v1/${path}`, { token: who.token, form });
const follow = (who: Member, whom: Member) => act(who, `accounts/${whom.id}/follow`);
const offered = async (who: Member, query = ""): Promise<[string, string[]][]> =>
  (await must(server, "GET", `/api/v2/suggestions?${query}`, { token: who.token })).map((s: Json) => [
    s.account.username,
    s.sources,
  ]);
const names = async (who: Member) => (await offered(who)).map(([name]) => name);
const profile = (who: Member, form: Record<string, string>) =>
  must(server, "PATCH", "/api/v1/accounts/update_credentials", { token: who.token, form });
const listed = async (query = "", who?: Member): Promise<string[]> =>
  (await must(server, "GET", `/api/v1/directory?${query}`, { token: who?.token })).map((a: Json) => a.username);

test("friends of friends come first, then who was followed lately", async () => {
  assert.deepEqual(await offered(anna), []);
  await follow(anna, ben);
  await follow(anna, cleo);
  await follow(ben, dora);
  await follow(cleo, dora);
  await follow(cleo, emil);
  await follow(dora, fritz);
  await eventually("the last is known", async () => (await names(anna)).includes("fritz"));
  assert.deepEqual(await offered(anna), [
    ["dora", ["friends_of_friends", "most_followed"]],
    ["emil", ["friends_of_friends", "most_followed"]],
    ["fritz", ["most_followed"]],
  ]);
  assert.equal((await offered(anna, "limit=1")).length, 1);
  const v1 = await must(server, "GET", "/api/v1/suggestions", { token: anna.token });
  assert.deepEqual(
    v1.map((a: Json) => a.username),
    ["dora", "emil", "fritz"],
  );
});

test("nobody whom one follows, asked, blocks, mutes or dismissed, nor who does not want to be found", async () => {
  await act(anna, `accounts/${emil.id}/mute`);
  assert.deepEqual(await names(anna), ["dora", "fritz"]);
  await act(anna, `accounts/${emil.id}/unmute`);
  await act(emil, `accounts/${anna.id}/block`);
  assert.deepEqual(await names(anna), ["dora", "fritz"]);
  await act(emil, `accounts/${anna.id}/unblock`);
  await profile(emil, { discoverable: "false" });
  assert.deepEqual(await names(anna), ["dora", "fritz"]);
  await profile(emil, { discoverable: "true", locked: "true" });
  await follow(anna, emil);
  assert.deepEqual(await names(anna), ["dora", "fritz"]);
  const drop = (path: string) => ask(server, "DELETE", `/api/v1/suggestions/${path}`, { token: anna.token });
  for (let i = 0; i < 2; i++) assert.deepEqual((await drop(fritz.id)).json, {});
  assert.deepEqual(await names(anna), ["dora"]);
  assert.equal((await drop("12")).status, 404);
  assert.equal((await drop("x")).status, 404);
  await profile(cleo, { hide_collections: "true" });
  await profile(ben, { hide_collections: "true" });
  assert.deepEqual(await offered(anna), [["dora", ["most_followed"]]]);
  await server.command("member", "limit", "dora", "--reason", "x");
  assert.deepEqual(await names(anna), []);
  await server.command("member", "restore", "dora");
});

test("the directory lists who lets themselves be found, by what they wrote or by age, in pages", async () => {
  assert.deepEqual(await listed(), []);
  for (const who of [ben, anna, cleo, ben]) await act(who, "statuses", { status: "hello" });
  await act(dora, "statuses", { status: "not public", visibility: "unlisted" });
  assert.deepEqual(await listed(), ["ben", "cleo", "anna"]);
  const byAge = [anna, ben, cleo, dora, emil, fritz]
    .sort((a, b) => Number(BigInt(b.id) - BigInt(a.id)))
    .map((who) => who.username);
  assert.deepEqual(await listed("order=new"), byAge);
  const first = await ask(server, "GET", "/api/v1/directory?order=new&limit=4");
  const next = links(first).next ?? assert.fail();
  assert.deepEqual([next.searchParams.get("order"), next.searchParams.get("offset")], ["new", "4"]);
  assert.deepEqual(await listed(next.search.slice(1)), byAge.slice(4));
  assert.deepEqual(await listed("offset=1&limit=1"), ["cleo"]);
  assert.deepEqual(await listed("offset=100"), []);
  await act(anna, `accounts/${cleo.id}/block`);
  assert.deepEqual(await listed("", anna), ["ben", "anna"]);
  await act(anna, `accounts/${cleo.id}/unblock`);
  await profile(cleo, { discoverable: "false" });
  await server.command("member", "limit", "ben", "--reason", "x");
  assert.deepEqual(await listed(), ["anna"]);
  assert.ok(!(await listed("order=new")).some((name) => ["ben", "cleo"].includes(name)));
  await server.command("member", "restore", "ben");
});

test("pages show both, and an empty home shows whom one might follow", async () => {
  const stranger = await new Visitor(server).get("/explore/people?order=new");
  assert.match(stranger.html, /fritz/);
  assert.doesNotMatch(stranger.html, /Perhaps for you/);
  const visitor = new Visitor(server);
  const [gerd] = await server.members("gerd");
  await visitor.signIn(await visitor.get("/sign-in"), gerd);
  const home = await visitor.get("/home");
  assert.match(home.html, /Quiet here[\s\S]*Perhaps for you[\s\S]*dora/);
  const people = await visitor.get("/explore/people");
  assert.match(people.html, /Perhaps for you[\s\S]*Wrote lately[\s\S]*anna/);
  const { action } = formOf(people, "/people/");
  const after = await visitor.submit(people, action, { do: "dismiss" });
  const count = (html: string) => html.split("Not for me").length - 1;
  assert.equal(count(after.html), count(people.html) - 1);
});
