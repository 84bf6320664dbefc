// SPDX-License-Identifier: Apache-2.0
// Other addresses of members: where they were before, and where they went. Said by themselves, seen by everybody.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ask, must, type Reply } from "../lib/http.ts";
import { type Member, type Server, startServer } from "../lib/server.ts";
import { Visitor } from "../lib/visitor.ts";

const MOVES = "/api/parley/v1/moves";
let server: Server;
before(async () => {
  server = await startServer();
});
after(() => server?.stop());

const set = (who: Member, json: unknown): Promise<Reply> => ask(server, "PUT", MOVES, { token: who.token, json });
const own = (who: Member) => must(server, "GET", MOVES, { token: who.token });
const seen = (who: Member) => must(server, "GET", `/api/parley/v1/accounts/${who.id}/moves`, {});
const NOWHERE = { also_known_as: [], moved_to: null };

test("a member says where they were and where they went; what is not given stays", async () => {
  const [anna, ben] = await server.members("anna", "ben");
  assert.deepEqual(await own(anna), NOWHERE);
  const said = await set(anna, { also_known_as: ["@anna@old.example", " a.n-n_a@older.example "], moved_to: "" });
  const former = ["anna@old.example", "a.n-n_a@older.example"];
  assert.deepEqual([said.status, said.json], [200, { also_known_as: former, moved_to: null }]);
  const form: [string, string][] = [["moved_to", "@anna@new.example"]];
  const went = await must(server, "PUT", MOVES, { token: anna.token, form });
  assert.deepEqual(went, { also_known_as: former, moved_to: "anna@new.example" });
  assert.deepEqual(await own(anna), went);
  assert.deepEqual(await seen(anna), went);
  assert.deepEqual(await seen(ben), NOWHERE);
  // An account that this server does not know is none that `moved` can show.
  const entity = await must(server, "GET", `/api/v1/accounts/${anna.id}`, {});
  assert.equal(entity.moved ?? null, null);
  assert.deepEqual((await set(anna, { also_known_as: [] })).json, { also_known_as: [], moved_to: "anna@new.example" });
  assert.deepEqual((await set(anna, { moved_to: "" })).json, NOWHERE);
  assert.deepEqual(await seen(anna), NOWHERE);
});

test("the profile tells strangers at once, and says nothing more when it is taken back", async () => {
  const [cleo] = await server.members("cleo");
  const stranger = new Visitor(server);
  const words = /cleo has moved to cleo@new\.example\./;
  for (const _ of [1, 2]) assert.doesNotMatch((await stranger.get("/@cleo")).html, words);
  await set(cleo, { moved_to: "cleo@new.example" });
  for (const _ of [1, 2]) assert.match((await stranger.get("/@cleo")).html, words);
  await set(cleo, { moved_to: "" });
  assert.doesNotMatch((await stranger.get("/@cleo")).html, words);
});

test("what is no address is refused with it, and changes nothing", async () => {
  const [dora] = await server.members("dora");
  const before = { also_known_as: ["dora@old.example"], moved_to: "dora@new.example" };
  await set(dora, before);
  const bad = [
    "dora",
    "@dora",
    "dora@",
    "@old.example",
    "dora@old",
    "dora@.example",
    "dora@old..example",
    "dora@old.example.",
    "dora@-old.example",
    "dora@old.example:8080",
    "dora@old.example/x",
    "do ra@old.example",
    ".dora@old.example",
    "dora@old.example\nben@old.example",
    "https://old.example/@dora",
    '<a href="x">@old.example',
    `${"d".repeat(320)}@old.example`,
  ];
  for (const address of bad)
    for (const wish of [{ moved_to: address }, { also_known_as: ["fine@old.example", address] }]) {
      const reply = await set(dora, wish);
      assert.equal(reply.status, 422, `${address}: ${reply.text}`);
      assert.match(reply.json.error, /^Validation failed: '.*' is no address such as anna@harbour\.example$/s, address);
    }
  const mine = `Dora@localhost:${server.port}`;
  for (const wish of [{ moved_to: mine }, { also_known_as: [mine] }]) {
    const reply = await set(dora, wish);
    assert.deepEqual([reply.status, reply.json.error], [422, "Validation failed: That is the address of this account"]);
  }
  const many = await set(dora, { also_known_as: Array.from({ length: 11 }, (_, i) => `dora${i}@old.example`) });
  assert.deepEqual([many.status, many.json.error], [422, "Validation failed: Former addresses may be 10 at most"]);
  assert.deepEqual(await own(dora), before);
  const most = await set(dora, { also_known_as: Array.from({ length: 10 }, (_, i) => `dora${i}@old.example`) });
  assert.equal(most.json.also_known_as.length, 10);
});

test("an address that is said twice stands once", async () => {
  const [eva] = await server.members("eva");
  const said = await set(eva, { also_known_as: ["eva@old.example", "@Eva@OLD.example", "eva@other.example"] });
  assert.deepEqual(said.json.also_known_as, ["eva@old.example", "eva@other.example"]);
});

test("addresses of this server and of others in their own letters are taken", async () => {
  const [finn] = await server.members("finn");
  const all = [`finn_before@localhost:${server.port}`, "finn@bücher.example", "finn@xn--bcher-kva.example"];
  assert.deepEqual((await set(finn, { also_known_as: all })).json.also_known_as, all);
});

test("it takes the right scope, and a member who may write", async () => {
  const [gina] = await server.members("gina");
  const wish = { moved_to: "gina@new.example" };
  const ways: [string, number, number][] = [
    ["read:accounts", 200, 403],
    ["write:accounts", 403, 200],
    ["read:statuses write:statuses", 403, 403],
  ];
  for (const [scopes, reads, writes] of ways) {
    const token = await server.signIn(gina, scopes);
    const read = await ask(server, "GET", MOVES, { token });
    const write = await ask(server, "PUT", MOVES, { token, json: wish });
    assert.deepEqual([read.status, write.status], [reads, writes], scopes);
    if (read.status === 403) assert.equal(read.json.error, "This action is outside the authorized scopes");
  }
  assert.equal((await ask(server, "PUT", MOVES, { json: wish })).status, 401);
  await server.command("member", "freeze", "gina", "--reason", "test");
  assert.equal((await set(gina, { moved_to: "" })).status, 403);
  assert.equal((await own(gina)).moved_to, "gina@new.example");
  await server.command("member", "suspend", "gina", "--reason", "test");
  const hidden = await ask(server, "GET", `/api/parley/v1/accounts/${gina.id}/moves`, {});
  assert.ok(hidden.status === 404 || hidden.json.moved_to === null, hidden.text);
  assert.equal((await ask(server, "GET", "/api/parley/v1/accounts/1/moves", {})).status, 404);
});

test("by page, a line an address, and what is wrong is said where it was typed", async () => {
  const [hana] = await server.members("hana");
  const visitor = new Visitor(server);
  await visitor.signIn(await visitor.get("/sign-in"), hana);
  const to = "/settings/transfer/moves";
  const page = await visitor.get("/settings/transfer");
  const fields = { also_known_as: "hana@old.example\r\n\r\n@hana@older.example\r\n", moved_to: "hana@new.example" };
  const saved = await visitor.submit(page, to, fields);
  assert.equal(saved.status, 200);
  const said = { also_known_as: ["hana@old.example", "hana@older.example"], moved_to: "hana@new.example" };
  assert.deepEqual(await own(hana), said);
  const again = await visitor.get("/settings/transfer");
  assert.match(again.html, /hana@old\.example\s+hana@older\.example/);
  assert.match(again.html, /value="?hana@new\.example/);
  const refused = await visitor.submit(page, to, { also_known_as: "nobody <at> home", moved_to: "" });
  assert.equal(refused.status, 422);
  assert.match(refused.html, /is no address such as anna@harbour\.example/);
  assert.match(refused.html, /nobody &lt;at(&gt;|>) home/);
  assert.deepEqual(await own(hana), said);
});
