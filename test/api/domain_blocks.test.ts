// SPDX-License-Identifier: Apache-2.0
// Servers of which a member does not want to hear. There are no accounts of others yet: what this does to them is tested
// in test/unit/core/relation_test.c.
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

const PATH = "/api/v1/domain_blocks";
const list = (who: Member, query = ""): Promise<string[]> => must(server, "GET", PATH + query, { token: who.token });
const add = (who: Member, domain: string): Promise<Json> =>
  must(server, "POST", PATH, { token: who.token, form: { domain } });
const remove = (who: Member, options: Json): Promise<Json> =>
  must(server, "DELETE", PATH, { token: who.token, ...options });
const refused = async (who: Member, method: string, domain: string): Promise<string> => {
  const reply = await ask(server, method, PATH, { token: who.token, form: { domain } });
  assert.equal(reply.status, 422, reply.text);
  return reply.json.error;
};

test("servers come and go, by form or JSON, each once and in one spelling", async () => {
  const [a, b] = await server.members("da_one", "da_two");
  assert.deepEqual(await add(a, "Far.Example"), {});
  await add(a, "far.example");
  await add(a, "bücher.example");
  assert.deepEqual(await list(a), ["xn--bcher-kva.example", "far.example"]);
  assert.deepEqual(await list(b), []);
  await remove(b, { form: { domain: "far.example" } });
  assert.deepEqual(await remove(a, { form: { domain: "FAR.example" } }), {});
  assert.deepEqual(await remove(a, { json: { domain: "bücher.example" } }), {});
  assert.deepEqual(await remove(a, { json: { domain: "bücher.example" } }), {}, "twice is once");
  assert.deepEqual(await list(a), []);
  const { domainBlocks } = a.client.v1;
  await domainBlocks.create({ domain: "far.example" });
  assert.deepEqual(await domainBlocks.list(), ["far.example"]);
  await domainBlocks.remove({ domain: "far.example" });
});

test("a preview says that no follow would end", async () => {
  const [a] = await server.members("dp_one");
  const found = await must(server, "GET", `${PATH}/preview?domain=far.example`, { token: a.token });
  assert.deepEqual(found, { following_count: 0, followers_count: 0 });
});

test("what is no host name is refused, and one's own server", async () => {
  const [a] = await server.members("db_one");
  for (const method of ["POST", "DELETE"]) {
    assert.match(await refused(a, method, ""), /can't be blank/);
    for (const domain of ["nodots", "a..b", "https://far.example/", "far.example:80", "1.2.3.4", "-a.example", "a b.c"])
      assert.match(await refused(a, method, domain), /not a valid domain name/, domain);
  }
  const { domain } = await must(server, "GET", "/api/v2/instance");
  if (!domain.includes(":")) assert.match(await refused(a, "POST", domain), /own/);
  assert.deepEqual(await list(a), []);
});

test("pages are of a hundred, two hundred at most", async () => {
  const [a] = await server.members("dc_one");
  const all: string[] = [];
  for (let i = 0; i < 102; i++) all.unshift(`host${i}.example`);
  for (const domain of [...all].reverse()) await add(a, domain);
  assert.deepEqual(await list(a), all.slice(0, 100));
  assert.deepEqual(await list(a, "?limit=500"), all);
  const first = await ask(server, "GET", `${PATH}?limit=2`, { token: a.token });
  assert.deepEqual(await must(server, "GET", links(first).next?.href ?? "", { token: a.token }), all.slice(2, 4));
});

test("the page adds and removes one, and says what is wrong", async () => {
  const [a] = await server.members("dd_one");
  const visitor = new Visitor(server);
  await visitor.signIn(await visitor.get("/sign-in"), a);
  const page = await visitor.get("/domain_blocks");
  const wrong = await visitor.submit(page, "/domain_blocks", { domain: "no host" });
  assert.equal(wrong.status, 422);
  assert.match(wrong.html, /not a valid domain name/);
  const added = await visitor.submit(page, "/domain_blocks", { domain: "far.example" });
  assert.match(added.html, /<b>far\.example<\/b>/);
  const gone = await visitor.submit(added, "/domain_blocks/remove", { domain: "far.example" });
  assert.doesNotMatch(gone.html, /<b>far\.example<\/b>/);
});
