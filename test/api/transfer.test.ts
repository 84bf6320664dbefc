// SPDX-License-Identifier: Apache-2.0
// What members take along, and what they bring: the lists that other servers read as CSV.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ask, type Json, must } from "../lib/http.ts";
import { type Member, type Server, startServer } from "../lib/server.ts";
import { Visitor } from "../lib/visitor.ts";

let server: Server;
before(async () => {
  server = await startServer();
});
after(() => server?.stop());

const domain = () => `localhost:${server.port}`;
const csv = async (who: Member, name: string): Promise<string> => {
  const reply = await ask(server, "GET", `/api/parley/v1/export/${name}.csv`, { token: who.token });
  assert.equal(reply.status, 200, reply.text);
  assert.equal(reply.headers.get("Content-Type"), "text/csv; charset=utf-8");
  assert.equal(reply.headers.get("Content-Disposition"), `attachment; filename="${name}.csv"`);
  return reply.text;
};
const post = (who: Member, status: string): Promise<Json> =>
  must(server, "POST", "/api/v1/statuses", { token: who.token, form: { status } });
const signedIn = async (who: Member): Promise<Visitor> => {
  const visitor = new Visitor(server);
  await visitor.signIn(await visitor.get("/sign-in"), who);
  return visitor;
};

test("each list is given in the columns that other servers read", async () => {
  const [anna, ben, cleo, dora] = await server.members("anna", "ben", "cleo", "dora");
  const as = { token: anna.token };
  await must(server, "POST", `/api/v1/accounts/${ben.id}/follow`, {
    ...as,
    json: { reblogs: false, notify: true, languages: ["de", "en"] },
  });
  await must(server, "POST", `/api/v1/accounts/${cleo.id}/follow`, as);
  await must(server, "POST", `/api/v1/accounts/${cleo.id}/mute`, { ...as, form: { notifications: "false" } });
  await must(server, "POST", `/api/v1/accounts/${dora.id}/block`, as);
  const kept = await post(ben, "keep this");
  await must(server, "POST", `/api/v1/statuses/${kept.id}/bookmark`, as);
  const list = await must(server, "POST", "/api/v1/lists", { ...as, form: { title: 'near, "very"' } });
  await must(server, "POST", `/api/v1/lists/${list.id}/accounts`, { ...as, form: { "account_ids[]": ben.id } });
  assert.equal(
    await csv(anna, "following_accounts"),
    "Account address,Show boosts,Notify on new posts,Languages\n" +
      `ben@${domain()},false,true,"de, en"\ncleo@${domain()},true,false,\n`,
  );
  assert.equal(await csv(anna, "muted_accounts"), `Account address,Hide notifications\ncleo@${domain()},false\n`);
  assert.equal(await csv(anna, "blocked_accounts"), `dora@${domain()}\n`);
  assert.equal(await csv(anna, "blocked_domains"), "");
  assert.equal(await csv(anna, "bookmarks"), `${server.url}/users/ben/statuses/${kept.id}\n`);
  assert.equal(await csv(anna, "lists"), `"near, ""very""",ben@${domain()}\n`);
});

test("a list that is longer than a batch is whole", async () => {
  const [reader] = await server.members("hoarder");
  for (let i = 0; i < 505; i++) {
    const parley = await post(reader, `note ${i}`);
    await must(server, "POST", `/api/v1/statuses/${parley.id}/bookmark`, { token: reader.token });
  }
  const lines = (await csv(reader, "bookmarks")).trimEnd().split("\n");
  assert.equal(lines.length, 505);
  assert.equal(new Set(lines).size, 505);
});

test("the page offers the same files, to its member", async () => {
  const [eva, finn] = await server.members("eva", "finn");
  await must(server, "POST", `/api/v1/accounts/${finn.id}/follow`, { token: eva.token });
  const visitor = await signedIn(eva);
  const page = await visitor.get("/settings/transfer");
  assert.match(page.html, /href="\/settings\/transfer\/csv\/following_accounts\.csv"/);
  const file = await visitor.get("/settings/transfer/csv/following_accounts.csv");
  assert.equal(file.status, 200);
  assert.equal(file.headers.get("Content-Disposition"), 'attachment; filename="following_accounts.csv"');
  assert.match(file.html, new RegExp(`^finn@${domain()},true,false,$`, "m"));
  assert.equal((await visitor.get("/settings/transfer/csv/passwords.csv")).status, 404);
  const stranger = await new Visitor(server).get("/settings/transfer/csv/following_accounts.csv");
  assert.equal(stranger.url.pathname, "/sign-in");
});

test("a file asks for the scope of what it holds", async () => {
  const [gina] = await server.members("gina");
  const app = await server.registerApp("read:lists");
  const token = await server.token(app, "read:lists", gina);
  assert.equal((await ask(server, "GET", "/api/parley/v1/export/lists.csv", { token })).status, 200);
  assert.equal((await ask(server, "GET", "/api/parley/v1/export/bookmarks.csv", { token })).status, 403);
  assert.equal((await ask(server, "GET", "/api/parley/v1/export/lists.csv")).status, 401);
});
