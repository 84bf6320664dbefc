// SPDX-License-Identifier: Apache-2.0
// Search: who and what is found, by whom.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ask, type Json, must } from "../lib/http.ts";
import { type Member, type Server, startServer } from "../lib/server.ts";
import { eventually } from "../lib/wait.ts";

let server: Server;
let anna: Member;
let ben: Member;
before(async () => {
  server = await startServer();
  [anna, ben] = await server.members("anna", "ben");
  const form = { indexable: "true", display_name: "Anna Lighthouse" };
  await must(server, "PATCH", "/api/v1/accounts/update_credentials", { token: anna.token, form });
});
after(() => server?.stop());

const search = (q: string, more = "", who: Member | undefined = ben): Promise<Json> =>
  must(server, "GET", `/api/v2/search?q=${encodeURIComponent(q)}&${more}`, { token: who?.token });
const post = (status: string, who = anna, more: Record<string, string> = {}): Promise<Json> =>
  must(server, "POST", "/api/v1/statuses", { token: who.token, form: { status, ...more } });
const texts = async (q: string, who = ben): Promise<string[]> =>
  (await search(q, "type=statuses", who)).statuses.map((s: Json) => s.id);
const found = (q: string, id: string, who = ben) =>
  eventually(`${who.username} finds "${q}"`, async () => (await texts(q, who)).includes(id));

test("a public parley of somebody who may be indexed is found by a word", async () => {
  const { id } = await post("The quick ferry leaves at noon");
  await found("ferry", id);
  await found("FERRY noon", id);
  assert.deepEqual(await texts("zeppelin"), []);
});

test("words are found without their accents", async () => {
  const { id } = await post("Das Café am Hafen öffnet");
  await found("cafe", id);
});

test("what others may not see they do not find; the author does", async () => {
  const { id } = await post("a secret cormorant", anna, { visibility: "private" });
  await found("cormorant", id, anna);
  assert.deepEqual(await texts("cormorant"), []);
});

test("people who do not want to be indexed are not found by their words", async () => {
  const { id } = await post("my own pelican", ben);
  await found("pelican", id, ben);
  assert.deepEqual(await texts("pelican", anna), []);
});

test("an edit is found by its new words only", async () => {
  const { id } = await post("an early heron");
  await found("heron", id);
  await must(server, "PUT", `/api/v1/statuses/${id}`, { token: anna.token, form: { status: "a late stork" } });
  await found("stork", id);
  await eventually("the old word is gone", async () => (await texts("heron")).length === 0);
});

test("what is deleted is not found", async () => {
  const { id } = await post("a short-lived mayfly");
  await found("mayfly", id);
  await must(server, "DELETE", `/api/v1/statuses/${id}`, { token: anna.token });
  assert.deepEqual(await texts("mayfly"), []);
});

test("what is held is not found by others, and found again when restored", async () => {
  const { id } = await post("a doubtful gannet");
  await found("gannet", id);
  await server.command("status", "hold", id, "--reason", "a look");
  assert.deepEqual(await texts("gannet"), []);
  await server.command("status", "restore", id);
  await found("gannet", id);
});

test("nobody in particular finds what is listed and nothing else", async () => {
  const { id } = await post("an open bittern");
  const { id: quiet } = await post("a quiet bittern", anna, { visibility: "unlisted" });
  await found("bittern", id, anna);
  await found("bittern", quiet, anna);
  const nobody = await must(server, "GET", "/api/v2/search?q=bittern&type=statuses");
  assert.deepEqual(
    nobody.statuses.map((s: Json) => s.id),
    [id],
  );
});

test("people are found by name and by display name", async () => {
  for (const q of ["ann", "@anna", "lighthouse", "Anna Light"]) {
    const { accounts } = await search(q, "type=accounts");
    assert.ok(
      accounts.some((a: Json) => a.id === anna.id),
      q,
    );
  }
});

test("accounts/search finds people, following=true only the followed", async () => {
  const of = async (query: string) =>
    (await must(server, "GET", `/api/v1/accounts/search?${query}`, { token: ben.token })).map((a: Json) => a.id);
  assert.deepEqual(await of("q=anna"), [anna.id]);
  assert.deepEqual(await of("q=anna&following=true"), []);
  await must(server, "POST", `/api/v1/accounts/${anna.id}/follow`, { token: ben.token });
  assert.deepEqual(await of("q=anna&following=1"), [anna.id]);
});

test("tags are found by their beginning", async () => {
  await post("#Knotenkunde #knots");
  await eventually("both tags are found", async () => {
    const { hashtags } = await search("knot", "type=hashtags");
    return hashtags.length === 2 && hashtags.every((t: Json) => t.name.toLowerCase().startsWith("knot"));
  });
  assert.ok((await search("#knots", "type=hashtags")).hashtags.length >= 1);
});

test("type chooses, and the other lists are empty", async () => {
  const { accounts, statuses, hashtags } = await search("anna", "type=hashtags");
  assert.deepEqual([accounts, statuses], [[], []]);
  assert.ok(Array.isArray(hashtags));
});

test("the address of a parley or a profile finds it", async () => {
  const { id, url } = await post("find me by address");
  const byUrl = await search(url, "resolve=true");
  assert.deepEqual(
    byUrl.statuses.map((s: Json) => s.id),
    [id],
  );
  const profile = await search(`${server.url}/@anna`, "resolve=true");
  assert.deepEqual(
    profile.accounts.map((a: Json) => a.id),
    [anna.id],
  );
});

test("resolve needs a member", async () => {
  assert.equal((await ask(server, "GET", "/api/v2/search?q=anna&resolve=true")).status, 401);
});

test("who blocks is not found by the blocked", async () => {
  const [cleo, dora] = await server.members("cleopatra", "dora");
  await must(server, "POST", `/api/v1/accounts/${dora.id}/block`, { token: cleo.token });
  const { accounts } = await search("cleopatra", "type=accounts", dora);
  assert.deepEqual(accounts, []);
});

test("search operators and quotes cannot break the query", async () => {
  for (const q of ['"', "a OR", "NEAR(", "col:x", "*", "%", "\\", "'; DROP TABLE status; --", "()", "a AND NOT"]) {
    const reply = await ask(server, "GET", `/api/v2/search?q=${encodeURIComponent(q)}`, { token: ben.token });
    assert.equal(reply.status, 200, `${q}: ${reply.text}`);
  }
});

test("operators narrow what is found", async () => {
  const { id } = await post("walrus one", anna, { language: "de" });
  const { id: reply } = await post("walrus two", anna, { in_reply_to_id: id, sensitive: "true" });
  const poll = { options: ["yes", "no"], expires_in: 600 };
  const json = { status: "@anna walrus three", poll };
  const { id: bens } = await must(server, "POST", "/api/v1/statuses", { token: ben.token, json });
  await found("walrus", reply);
  await found("walrus", bens);
  const finds = async (q: string, want: string[], who = anna) =>
    assert.deepEqual((await texts(q, who)).sort(), [...want].sort(), q);
  await finds("walrus", [id, reply, bens]);
  await finds("walrus from:me", [id, reply]);
  await finds("walrus from:@BEN", [bens]);
  await finds("walrus -from:ben", [id, reply]);
  await finds(`walrus from:ben@${new URL(server.url).host}`, [bens]);
  await finds("walrus from:nobody-at-all", []);
  await finds("walrus from:me from:ben", [id, reply, bens]);
  await finds("walrus language:de", [id]);
  await finds("walrus has:poll", [bens]);
  await finds("walrus -has:poll -has:media -has:embed", [id, reply]);
  await finds("walrus is:reply", [reply]);
  await finds("walrus -is:reply from:me", [id]);
  await finds("walrus is:sensitive", [reply]);
  await finds("walrus in:library", [id, reply, bens]);
  await finds("walrus in:library", [bens], ben);
  await finds("walrus in:public", [id, reply]);
  await finds("from:me -walrus is:sensitive", []);
  await finds("from:me is:sensitive", [reply]);
  const today = new Date().toISOString().slice(0, 10);
  await finds(`walrus during:${today}`, [id, reply, bens]);
  await finds(`walrus before:${today}`, []);
  await finds(`walrus after:${today}`, []);
  await finds("walrus after:2024-01-01 before:2999-01-01", [id, reply, bens]);
  await finds("walrus before:1970-01-02", []);
  await finds('walrus "from:me"', []);
});

test("operators are about parleys alone", async () => {
  const { accounts, hashtags, statuses } = await search("from:anna walrus");
  assert.deepEqual([accounts, hashtags], [[], []]);
  assert.ok(statuses.length > 0);
});

test("an operator that cannot be understood says what it takes", async () => {
  for (const q of ["has:cake", "is:big", "in:here", "-in:all", "before:tomorrow", "language:german", "from:@"]) {
    const reply = await ask(server, "GET", `/api/v2/search?q=${encodeURIComponent(q)}`, { token: ben.token });
    assert.equal(reply.status, 422, `${q}: ${reply.text}`);
    assert.match(reply.json.error, new RegExp(q.replace(/^-/, "").replace(/:.*/, ":")));
  }
  assert.equal((await ask(server, "GET", "/api/v2/search?q=from:me")).status, 401);
  assert.equal((await ask(server, "GET", "/api/v2/search?q=in:library+ferry")).status, 401);
});

test("offset goes on where the page before ended, without what may not be seen", async () => {
  const ids: string[] = [];
  for (let i = 0; i < 12; i++) {
    const visibility = i % 4 === 3 ? "private" : "public";
    const { id } = await post(`puffin ${"very ".repeat(i % 5)}`, anna, { visibility });
    if (visibility === "public") ids.push(id);
    else await found("puffin", id, anna);
  }
  const [dora] = await server.members("dorothy");
  await found("puffin", ids.at(-1) ?? "", dora);
  const got: string[] = [];
  for (let offset = 0; offset < 12; offset += 4)
    got.push(
      ...(await search("puffin", `type=statuses&limit=4&offset=${offset}`, dora)).statuses.map((s: Json) => s.id),
    );
  assert.deepEqual(got.sort(), ids.sort());
});

test("a search for nothing is refused or empty, never everything", async () => {
  const reply = await ask(server, "GET", "/api/v2/search?q=", { token: ben.token });
  if (reply.status === 200) assert.deepEqual([reply.json.accounts, reply.json.statuses], [[], []]);
  else assert.ok([400, 422].includes(reply.status), reply.text);
});
