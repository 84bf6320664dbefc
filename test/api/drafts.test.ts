// SPDX-License-Identifier: Apache-2.0
// Drafts on the server: half a thought is enough, all of a member's apps have it, and no save overwrites another unseen.
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

const BASE = "/api/parley/v1/drafts";
const add = (json: Json, who = anna): Promise<Json> => must(server, "POST", BASE, { token: who.token, json });
const save = (id: string, json: Json, headers: Record<string, string> = {}) =>
  ask(server, "PUT", `${BASE}/${id}`, { token: anna.token, json, headers });

test("a draft holds all that was written, and nothing need be finished", async () => {
  const poll = { options: ["only one"], expires_in: 300, multiple: false, hide_totals: true };
  const made = await add({ status: "half a", spoiler_text: "w", visibility: "private", sensitive: true, poll });
  assert.equal(made.version, 1);
  assert.deepEqual(
    [made.params.text, made.params.spoiler_text, made.params.visibility, made.params.sensitive, made.params.poll],
    ["half a", "w", "private", true, poll],
  );
  const other = await server.signIn(anna, "read write");
  assert.deepEqual(await must(server, "GET", `${BASE}/${made.id}`, { token: other }), made);
  assert.equal((await add({})).params.text, "");
});

test("of two apps that save, the second is told", async () => {
  const { id } = await add({ status: "one" });
  const read = await ask(server, "GET", `${BASE}/${id}`, { token: anna.token });
  const tag = read.headers.get("ETag") ?? assert.fail("no ETag");
  const first = await save(id, { status: "two" }, { "If-Match": tag });
  assert.deepEqual([first.status, first.json.version, first.json.params.text], [200, 2, "two"]);
  const second = await save(id, { status: "three" }, { "If-Match": tag });
  assert.equal(second.status, 409);
  assert.match(second.json.error, /saved elsewhere/);
  assert.equal((await save(id, { status: "four", version: 2 })).json.version, 3);
  assert.equal((await save(id, { status: "five" })).status, 422);
  assert.equal((await must(server, "GET", `${BASE}/${id}`, { token: anna.token })).params.text, "four");
});

test("another member's is not there, and a deleted one is gone", async () => {
  const { id } = await add({ status: "mine" });
  for (const method of ["GET", "PUT", "DELETE"]) {
    const json = method === "GET" ? {} : { json: { status: "x", version: 1 } };
    assert.equal((await ask(server, method, `${BASE}/${id}`, { token: ben.token, ...json })).status, 404, method);
  }
  assert.deepEqual(await must(server, "GET", BASE, { token: ben.token }), []);
  await must(server, "DELETE", `${BASE}/${id}`, { token: anna.token });
  assert.equal((await ask(server, "GET", `${BASE}/${id}`, { token: anna.token })).status, 404);
});

test("too much is refused, in size and in number", async () => {
  const long = await ask(server, "POST", BASE, { token: ben.token, json: { status: "x".repeat(20_000) } });
  assert.equal(long.status, 422);
  for (let i = 0; i < 100; i++) await add({ status: `${i}` }, ben);
  const more = await ask(server, "POST", BASE, { token: ben.token, json: { status: "one more" } });
  assert.match(more.json.error, /100 drafts already/);
});
