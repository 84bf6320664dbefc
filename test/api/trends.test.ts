// SPDX-License-Identifier: Apache-2.0
// What many talk about: tags, parleys and links, as apps, pages and moderators see it.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server as Web } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, test } from "node:test";
import { ask, type Json, links, must } from "../lib/http.ts";
import { type Member, type Server, startServer } from "../lib/server.ts";
import { formOf, Visitor } from "../lib/visitor.ts";
import { eventually } from "../lib/wait.ts";

let server: Server;
let web: Web;
let origin: string;
let anna: Member;
let ben: Member;
let cleo: Member;
let mo: Member;

before(async () => {
  web = createServer((q, r) => {
    const title = (q.url ?? "").slice(1);
    r.writeHead(200, { "Content-Type": "text/html" }).end(title === "bare" ? "<p>x" : `<title>About ${title}</title>`);
  }).listen(0, "127.0.0.1");
  await once(web, "listening");
  origin = `http://127.0.0.1:${(web.address() as AddressInfo).port}`;
  server = await startServer();
  [anna, ben, cleo, mo] = await server.members("anna", "ben", "cleo", "mo");
  await server.command("member", "role", "mo", "moderator");
});
after(async () => {
  web?.close();
  await server?.stop();
});

const get = (path: string, who?: Member): Promise<Json> =>
  must(server, "GET", `/api/v1/${path}`, { token: who?.token });
const say = async (who: Member, status: string, more: Record<string, string> = {}): Promise<string> =>
  (await must(server, "POST", "/api/v1/statuses", { token: who.token, form: { status, ...more } })).id;
const like = (who: Member, id: string): Promise<Json> =>
  must(server, "POST", `/api/v1/statuses/${id}/favourite`, { token: who.token });
const tags = async (who?: Member): Promise<string[]> => (await get("trends/tags", who)).map((t: Json) => t.name);
const parleys = async (who?: Member): Promise<string[]> => (await get("trends/statuses", who)).map((s: Json) => s.id);
const urls = async (who?: Member): Promise<string[]> => (await get("trends/links", who)).map((l: Json) => l.url);

test("a tag trends when two people use it on one day; nobody counts twice, nor by what is not public", async () => {
  for (let i = 0; i < 3; i++) await say(anna, `alone ${i} #alone`);
  await say(anna, "hidden #quiet", { visibility: "unlisted" });
  await say(ben, "hidden #quiet", { visibility: "private" });
  await say(anna, "both #Boats #ducks");
  await say(anna, "again #boats");
  await say(ben, "#boats");
  await say(ben, "#ducks");
  await say(cleo, "#boats");
  await eventually("both are there", async () => (await tags()).length === 2);
  assert.deepEqual(await tags(), ["boats", "ducks"]);
  const [boats] = await get("trends/tags", anna);
  assert.match(boats.url, /\/tags\/boats$/);
  assert.match(boats.id, /^[1-9]\d+$/);
  assert.equal(boats.following, false);
  assert.equal(boats.history.length, 7);
  assert.deepEqual([boats.history[0].uses, boats.history[0].accounts, boats.history[1].uses], ["4", "3", "0"]);
  assert.equal(Number(boats.history[0].day) % 86400, 0);
  assert.deepEqual(await get("trends"), await get("trends/tags"));
});

test("lists go by offset, with links", async () => {
  const first = await ask(server, "GET", "/api/v1/trends/tags?limit=1");
  assert.deepEqual(
    first.json.map((t: Json) => t.name),
    ["boats"],
  );
  const second = await ask(server, "GET", links(first).next?.href ?? assert.fail());
  assert.deepEqual(
    second.json.map((t: Json) => t.name),
    ["ducks"],
  );
  assert.equal(links(second).next, undefined);
  assert.equal(links(second).prev?.searchParams.get("offset"), "0");
  assert.deepEqual((await ask(server, "GET", "/api/v1/trends/tags?offset=50")).json, []);
});

test("what is deleted or edited away is counted back", async () => {
  const one = await say(anna, "#going");
  const two = await say(ben, "#going #leaving");
  await say(cleo, "#leaving");
  await eventually("both are there", async () => (await tags()).length === 4);
  await must(server, "PUT", `/api/v1/statuses/${two}`, { token: ben.token, form: { status: "no #leaving" } });
  await eventually("one is left", async () => !(await tags()).includes("going"));
  assert.ok((await tags()).includes("leaving"));
  await must(server, "DELETE", `/api/v1/statuses/${one}`, { token: anna.token });
  await must(server, "DELETE", `/api/v1/statuses/${two}`, { token: ben.token });
  await eventually("none is left", async () => !(await tags()).includes("leaving"));
});

test("a parley trends when two others like, echo or quote it", async () => {
  const loved = await say(anna, "everybody likes this");
  const own = await say(anna, "only its author and one other");
  const warned = await say(anna, "a spoiler", { spoiler_text: "film" });
  const answer = await say(anna, "an answer", { in_reply_to_id: loved });
  for (const id of [loved, own, warned, answer]) await like(ben, id);
  await like(anna, own);
  for (const id of [loved, warned, answer]) await like(cleo, id);
  await must(server, "POST", `/api/v1/statuses/${loved}/reblog`, { token: mo.token });
  await eventually("it is there", async () => (await parleys()).length > 0);
  assert.deepEqual(await parleys(), [loved]);
  const [shown] = await get("trends/statuses", ben);
  assert.equal(shown.favourited, true);
  await must(server, "POST", `/api/v1/statuses/${own}/reblog`, { token: mo.token });
  await eventually("both are there", async () => (await parleys()).length === 2);
  assert.deepEqual(await parleys(), [loved, own]);
});

test("readers see nothing of whom they block or mute, nor what they filter", async () => {
  await must(server, "POST", `/api/v1/accounts/${anna.id}/mute`, { token: ben.token });
  assert.deepEqual(await parleys(ben), []);
  assert.equal((await parleys(cleo)).length, 2);
  await must(server, "POST", `/api/v1/accounts/${anna.id}/unmute`, { token: ben.token });
  const filter = await must(server, "POST", "/api/v2/filters", {
    token: ben.token,
    form: {
      title: "x",
      "context[]": "public",
      filter_action: "hide",
      "keywords_attributes[][keyword]": "boats",
      "keywords_attributes[][whole_word]": "true",
    },
  });
  assert.deepEqual(await tags(ben), ["ducks"]);
  assert.ok((await tags(cleo)).includes("boats"));
  await must(server, "DELETE", `/api/v2/filters/${filter.id}`, { token: ben.token });
});

test("a link trends with what its page says; its timeline holds the parleys that have it", async () => {
  const ids = [];
  for (const who of [anna, ben, cleo]) ids.unshift(await say(who, `read ${origin}/tides`));
  for (const who of [anna, ben]) await say(who, `read ${origin}/bare`);
  await eventually("it is there", async () => (await urls()).length > 0);
  assert.deepEqual(await urls(), [`${origin}/tides`]);
  const [link] = await get("trends/links");
  assert.deepEqual(
    [link.title, link.type, link.history.length, link.history[0].accounts],
    ["About tides", "link", 7, "3"],
  );
  const at = `timelines/link?url=${encodeURIComponent(link.url)}`;
  const found = async (more = "", who?: Member) => (await get(at + more, who)).map((s: Json) => s.id);
  assert.deepEqual(await found(), ids);
  assert.deepEqual(await found("&limit=1"), ids.slice(0, 1));
  assert.deepEqual(await found(`&max_id=${ids[0]}`), ids.slice(1));
  assert.deepEqual(await found(`&min_id=${ids[2]}&limit=1`), [ids[1]]);
  await must(server, "POST", `/api/v1/accounts/${anna.id}/block`, { token: cleo.token });
  assert.deepEqual(await found("", cleo), ids.slice(0, 2));
  await must(server, "POST", `/api/v1/accounts/${anna.id}/unblock`, { token: cleo.token });
  for (const url of [`${origin}/nobody`, `${origin}/bare`, ""]) {
    const reply = await ask(server, "GET", `/api/v1/timelines/link?url=${encodeURIComponent(url)}`);
    assert.deepEqual([reply.status, reply.json.error], [404, "Record not found"]);
  }
});

test("nothing of the limited, of those who do not want to be found, and of held parleys", async () => {
  const id = await say(cleo, "soon held");
  for (const who of [anna, ben]) await like(who, id);
  await eventually("it is there", async () => (await parleys()).includes(id));
  await server.command("status", "hold", id, "--reason", "x");
  await eventually("it is gone", async () => !(await parleys()).includes(id));
  const before = await parleys();
  assert.ok(before.length > 0);
  await server.command("member", "limit", "anna", "--reason", "x");
  await eventually("hers are gone", async () => (await parleys()).length === 0);
  await say(anna, "#nolimits");
  await say(ben, "#nolimits");
  await server.command("member", "restore", "anna");
  await eventually("hers are back", async () => (await parleys()).length > 0);
  assert.ok(!(await tags()).includes("nolimits"));
  const discoverable = (value: string) =>
    must(server, "PATCH", "/api/v1/accounts/update_credentials", { token: anna.token, form: { discoverable: value } });
  await discoverable("false");
  await eventually("hers are gone", async () => (await parleys()).length === 0);
  await say(anna, "#shy");
  await say(ben, "#shy");
  await discoverable("true");
  await eventually("hers are back", async () => (await parleys()).length > 0);
  assert.ok(!(await tags()).includes("shy"));
});

test("a moderator rejects, and when trends are reviewed, approves what is shown", async () => {
  const before = await tags();
  await server.command("trends", "reject", "tag", "#Boats");
  assert.deepEqual(
    await tags(),
    before.filter((t) => t !== "boats"),
  );
  await server.command("setting", "set", "trends", "reviewed");
  await eventually("nothing is shown", async () => (await tags()).length === 0);
  assert.deepEqual([await parleys(), await urls()], [[], []]);
  const { trends } = await server.command("trends", "list", "--json");
  const of = (kind: string) => trends.filter((t: Json) => t.kind === kind);
  assert.deepEqual([of("tag")[0].what, of("tag")[0].verdict, of("tag")[1].verdict], ["boats", "rejected", "open"]);
  assert.equal(of("link")[0].what, `${origin}/tides`);
  await server.command("trends", "approve", "tag", "ducks");
  await server.command("trends", "approve", "link", `${origin}/tides`);
  assert.deepEqual([await tags(), await urls()], [["ducks"], [`${origin}/tides`]]);
  const [one] = of("parley");
  assert.deepEqual([one.by, one.verdict, one.verdict_by], ["anna", "open", "open"]);
  await server.command("trends", "approve", "parley", one.what);
  assert.deepEqual(await parleys(), [one.what]);
  await server.command("trends", "approve", "person", "anna");
  assert.equal((await parleys()).length, of("parley").length);
  await server.command("trends", "reject", "person", "anna");
  assert.deepEqual(await parleys(), []);
  await server.command("setting", "set", "trends", "off");
  await eventually("nothing is shown", async () => (await tags()).length === 0);
  await server.command("setting", "set", "trends", "open");
  await server.command("trends", "approve", "person", "anna");
  await eventually("they are shown", async () => (await parleys()).length > 0);
  const refused = (stdout: RegExp, ...words: string[]) =>
    assert.rejects(server.command("trends", "approve", ...words), { stdout });
  await refused(/none of tag, link, parley, person/, "song", "x");
  await refused(/not found/i, "parley", "12");
  await refused(/no member/, "person", "nobody");
});

test("pages show them to everybody, and moderators judge on a page", async () => {
  const stranger = new Visitor(server);
  assert.match((await stranger.get("/explore")).html, /everybody likes this/);
  assert.match((await stranger.get("/explore/tags")).html, /#ducks[\s\S]*2 people today/);
  const page = (await stranger.get("/explore/links")).html;
  assert.match(page, /About tides[\s\S]*3 people today/);
  const href = /href="(\/explore\/link\?url=[^"]+)"/.exec(page)?.[1] ?? assert.fail();
  assert.match((await stranger.get(href)).html, /read/);
  assert.equal((await stranger.get("/explore/link?url=x")).status, 404);
  const [m, b] = [new Visitor(server), new Visitor(server)];
  await m.signIn(await m.get("/sign-in"), mo);
  await b.signIn(await b.get("/sign-in"), ben);
  assert.equal((await b.get("/moderation/trends")).status, 404);
  const shown = await m.get("/moderation/trends?kind=tag");
  assert.match(shown.html, /This tag: rejected/);
  const form = formOf(shown, "/moderation/trends");
  assert.equal(form.fields.name, "boats");
  await m.submit(shown, "/moderation/trends", { do: "approve" });
  assert.ok((await tags()).includes("boats"));
  for (const kind of ["link", "parley", "person"])
    assert.equal((await m.get(`/moderation/trends?kind=${kind}`)).status, 200);
});

test("a restart forgets nothing", async () => {
  const before = [await get("trends/tags"), await parleys(), await get("trends/links")];
  await server.halt();
  await server.start();
  assert.deepEqual([await get("trends/tags"), await parleys(), await get("trends/links")], before);
  await say(anna, "once more #boats");
  await eventually("used once more", async () => (await get("trends/tags"))[0].history[0].uses === "5");
  assert.equal((await get("trends/tags"))[0].history[0].accounts, "3");
});
