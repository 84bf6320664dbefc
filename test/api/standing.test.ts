// SPDX-License-Identifier: Apache-2.0
// What the operator's command line does to members and parleys, as everybody sees it at once.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ask, type Json, must } from "../lib/http.ts";
import { png } from "../lib/png.ts";
import { type Member, type Server, startServer } from "../lib/server.ts";
import { eventually } from "../lib/wait.ts";

let server: Server;
let fan: Member;
let stranger: Member;
let keeper: Member;
before(async () => {
  server = await startServer();
  [fan, stranger, keeper] = await server.members("fan", "stranger", "keeper");
  await server.command("member", "role", "keeper", "moderator");
});
after(() => server?.stop());

const post = (who: Member, status: string, more: Record<string, string> = {}): Promise<Json> =>
  must(server, "POST", "/api/v1/statuses", { token: who.token, form: { status, ...more } });
const code = async (path: string, who?: Member) => (await ask(server, "GET", path, { token: who?.token })).status;
const ids = async (path: string, who?: Member): Promise<string[]> =>
  (await must(server, "GET", path, { token: who?.token })).map((entry: Json) => entry.id);

/** Where somebody's parley stands: a letter for each place that shows it. */
async function places(id: string, author: Member, tag: string, reader?: Member): Promise<string[]> {
  const seen: string[] = [];
  if ((await code(`/api/v1/statuses/${id}`, reader)) === 200) seen.push("id");
  const account = await ask(server, "GET", `/api/v1/accounts/${author.id}/statuses`, { token: reader?.token });
  if (account.status === 200 && account.json.some((s: Json) => s.id === id)) seen.push("account");
  if ((await ids("/api/v1/timelines/public", reader)).includes(id)) seen.push("public");
  if ((await ids(`/api/v1/timelines/tag/${tag}`, reader)).includes(id)) seen.push("tag");
  if (reader !== undefined && (await ids("/api/v1/timelines/home", reader)).includes(id)) seen.push("home");
  return seen;
}

async function author(name: string): Promise<{ who: Member; id: string; tag: string }> {
  const who = await server.member(name);
  await fan.client.v1.accounts.$select(who.id).follow();
  return { who, id: (await post(who, `hello #${name}`)).id, tag: name };
}

const EVERYWHERE = ["id", "account", "public", "tag"];

test("without a standing a parley stands everywhere", async () => {
  const a = await author("ordinary");
  assert.deepEqual(await places(a.id, a.who, a.tag), EVERYWHERE);
  assert.deepEqual(await places(a.id, a.who, a.tag, fan), [...EVERYWHERE, "home"]);
});

test("the limited are found by those who follow or ask for them, and by no list", async () => {
  const a = await author("limited");
  await server.command("member", "limit", "limited", "--reason", "floods");
  assert.deepEqual(await places(a.id, a.who, a.tag, stranger), ["id", "account"]);
  assert.deepEqual(await places(a.id, a.who, a.tag, fan), ["id", "account", "home"]);
  const next = await post(a.who, "still writes #limited");
  assert.deepEqual(await places(next.id, a.who, a.tag, stranger), ["id", "account"]);
  await server.command("member", "restore", "limited");
  assert.deepEqual(await places(a.id, a.who, a.tag, stranger), EVERYWHERE);
});

test("the limited do not reach strangers with notifications", async () => {
  const a = await author("pushy");
  await server.command("member", "limit", "pushy", "--reason", "begs");
  await post(a.who, "@stranger @fan look");
  assert.equal((await ids(`/api/v1/notifications?account_id=${a.who.id}`, stranger)).length, 0);
  assert.equal((await ids(`/api/v1/notifications?account_id=${a.who.id}`, fan)).length, 1);
});

test("whoever follows the limited asks", async () => {
  const a = await author("asking");
  await server.command("member", "limit", "asking", "--reason", "spam");
  const relation = await stranger.client.v1.accounts.$select(a.who.id).follow();
  assert.deepEqual([relation.following, relation.requested], [false, true]);
});

test("the frozen read and do not write, and what they wrote stays", async () => {
  const a = await author("frozen");
  await server.command("member", "freeze", "frozen", "--reason", "is it her?");
  assert.equal(await code("/api/v1/timelines/home", a.who), 200);
  for (const [method, path, form] of [
    ["POST", "/api/v1/statuses", { status: "no" }],
    ["PUT", `/api/v1/statuses/${a.id}`, { status: "no" }],
    ["DELETE", `/api/v1/statuses/${a.id}`, {}],
    ["POST", `/api/v1/statuses/${a.id}/favourite`, {}],
    ["POST", `/api/v1/accounts/${fan.id}/follow`, {}],
    ["PATCH", "/api/v1/accounts/update_credentials", { note: "no" }],
  ] as const) {
    const reply = await ask(server, method, path, { token: a.who.token, form });
    assert.equal(reply.status, 403, `${method} ${path}: ${reply.text}`);
  }
  assert.deepEqual(await places(a.id, a.who, a.tag, fan), [...EVERYWHERE, "home"]);
  await server.command("member", "restore", "frozen");
  assert.match((await post(a.who, "back")).content, /back/);
});

test("nothing of the suspended is there, until they are restored", async () => {
  const a = await author("suspended");
  const { id: echoed } = await post(stranger, "echoed by the suspended");
  const echo = await must(server, "POST", `/api/v1/statuses/${echoed}/reblog`, { token: a.who.token });
  await post(a.who, "@fan a note");
  await server.command("member", "suspend", "suspended", "--reason", "threats");
  for (const reader of [undefined, fan, stranger]) assert.deepEqual(await places(a.id, a.who, a.tag, reader), []);
  assert.equal(await code(`/api/v1/accounts/${a.who.id}`, fan), 404);
  assert.equal(await code("/api/v1/accounts/lookup?acct=suspended", fan), 404);
  assert.equal((await ids("/api/v1/timelines/home", fan)).includes(echo.id), false);
  assert.equal((await ids(`/api/v1/notifications?account_id=${a.who.id}`, fan)).length, 0);
  assert.equal((await ids(`/api/v1/accounts/${fan.id}/following`)).includes(a.who.id), false);
  assert.equal(await code(`/api/v1/statuses/${a.id}`, keeper), 200, "moderators see what was public");
  await server.command("member", "restore", "suspended");
  assert.deepEqual(await places(a.id, a.who, a.tag, fan), [...EVERYWHERE, "home"]);
});

test("files of the suspended are given to moderators alone, at an address that answers them", async () => {
  const who = await server.member("pictured");
  const multipart = new FormData();
  multipart.set("file", new Blob([png(40, 30, [30, 200, 30])]), "x.png");
  const file = await must(server, "POST", "/api/v2/media", { token: who.token, multipart });
  const { id } = await post(who, "a green picture", { "media_ids[]": file.id });
  const paths = async (path: string): Promise<string[]> => {
    const given = await must(server, "GET", path, { token: keeper.token });
    const [media] = (Array.isArray(given) ? given[0] : given).media_attachments;
    return [media.url, media.preview_url].map((url) => new URL(url).pathname);
  };
  const answers = (at: string[], reader?: Member) => Promise.all(at.map((path) => code(path, reader)));
  const shown = await paths(`/api/v1/statuses/${id}`);
  const withheld = shown.map((path) => path.replace("/media/", "/withheld/"));
  const stands = async (open: boolean) => {
    for (const path of ["", "/history"].map((part) => `/api/v1/statuses/${id}${part}`))
      assert.deepEqual(await paths(path), open ? shown : withheld, path);
    assert.deepEqual(await answers(shown), open ? [200, 200] : [404, 404]);
    assert.deepEqual(await answers(withheld, keeper), open ? [404, 404] : [200, 200]);
    assert.deepEqual(await answers(withheld, stranger), [404, 404]);
  };
  await stands(true);
  await server.command("member", "limit", "pictured", "--reason", "loud");
  await stands(true);
  await server.command("member", "suspend", "pictured", "--reason", "threats");
  await stands(false);
  await server.command("member", "restore", "pictured");
  await stands(true);
});

test("the tokens of the suspended end", async () => {
  const a = await author("signedin");
  await server.command("member", "suspend", "signedin", "--reason", "threats");
  const reply = await ask(server, "GET", "/api/v1/accounts/verify_credentials", { token: a.who.token });
  assert.ok([401, 403].includes(reply.status), reply.text);
  const app = await server.registerApp();
  const form = { grant_type: "password", username: a.who.email, password: a.who.password };
  const grant = { ...form, client_id: app.clientId, client_secret: app.clientSecret };
  assert.equal((await ask(server, "POST", "/oauth/token", { form: grant })).status, 400);
  assert.equal(await code("/api/v1/timelines/public"), 200);
});

test("sensitive members' parleys are veiled", async () => {
  const a = await author("graphic");
  assert.equal((await must(server, "GET", `/api/v1/statuses/${a.id}`)).sensitive, false);
  await server.command("member", "sensitive", "graphic", "--reason", "blood");
  assert.equal((await must(server, "GET", `/api/v1/statuses/${a.id}`)).sensitive, true);
  await server.command("member", "restore", "graphic");
  assert.equal((await must(server, "GET", `/api/v1/statuses/${a.id}`)).sensitive, false);
});

test("a held parley is its author's and the moderators' alone", async () => {
  const a = await author("held");
  const echo = await must(server, "POST", `/api/v1/statuses/${a.id}/reblog`, { token: stranger.token });
  await server.command("status", "hold", a.id, "--reason", "an address?");
  for (const reader of [undefined, fan, stranger]) assert.deepEqual(await places(a.id, a.who, a.tag, reader), []);
  assert.equal(await code(`/api/v1/statuses/${echo.id}`, fan), 404);
  assert.equal(await code(`/api/v1/statuses/${a.id}`, a.who), 200);
  assert.equal(await code(`/api/v1/statuses/${a.id}`, keeper), 200);
  for (const verb of ["favourite", "reblog", "bookmark"]) {
    assert.equal((await ask(server, "POST", `/api/v1/statuses/${a.id}/${verb}`, { token: fan.token })).status, 404);
  }
  await server.command("status", "restore", a.id);
  assert.deepEqual(await places(a.id, a.who, a.tag, fan), [...EVERYWHERE, "home"]);
  assert.equal(await code(`/api/v1/statuses/${echo.id}`, fan), 200);
});

test("a removed parley is the moderators' alone, and comes back whole", async () => {
  const a = await author("removed");
  await must(server, "POST", `/api/v1/statuses/${a.id}/favourite`, { token: fan.token });
  await server.command("status", "remove", a.id, "--reason", "rule 2");
  for (const reader of [undefined, fan, stranger, a.who]) {
    assert.deepEqual(await places(a.id, a.who, a.tag, reader), []);
  }
  assert.equal((await ids("/api/v1/favourites", fan)).includes(a.id), false);
  assert.equal(await code(`/api/v1/statuses/${a.id}`, keeper), 200);
  await server.command("status", "restore", a.id);
  assert.deepEqual(await places(a.id, a.who, a.tag, fan), [...EVERYWHERE, "home"]);
  assert.equal((await must(server, "GET", `/api/v1/statuses/${a.id}`, { token: fan.token })).favourited, true);
});

test("a sensitive parley is veiled", async () => {
  const a = await author("veiled");
  await server.command("status", "sensitive", a.id, "--reason", "blood");
  assert.equal((await must(server, "GET", `/api/v1/statuses/${a.id}`)).sensitive, true);
});

test("a standing ends by itself", async () => {
  const a = await author("timely");
  await server.command("member", "suspend", "timely", "--reason", "an hour off", "--until", "2s");
  assert.equal(await code(`/api/v1/statuses/${a.id}`), 404);
  await eventually("the suspension ends", async () => (await code(`/api/v1/statuses/${a.id}`)) === 200);
});

test("a standing survives a restart", async () => {
  const a = await author("lasting");
  await server.command("status", "remove", a.id, "--reason", "rule 1");
  await server.halt();
  await server.start();
  assert.deepEqual(await places(a.id, a.who, a.tag, fan), []);
  await server.command("status", "restore", a.id);
  assert.deepEqual(await places(a.id, a.who, a.tag, fan), [...EVERYWHERE, "home"]);
});
