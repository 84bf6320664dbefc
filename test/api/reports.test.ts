// SPDX-License-Identifier: Apache-2.0
// Reports: taken from members, read and closed by the operator.
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { after, before, test } from "node:test";
import { ask, type Json, must, type Reply } from "../lib/http.ts";
import { type Member, type Server, startServer } from "../lib/server.ts";

let server: Server;
let anna: Member;
let ben: Member;
let bens: string;
before(async () => {
  server = await startServer();
  [anna, ben] = await server.members("anna", "ben");
  bens = (await must(server, "POST", "/api/v1/statuses", { token: ben.token, form: { status: "rude" } })).id;
  const rules = path.join(server.data, "rules.txt");
  await writeFile(rules, "Be kind.\nNo spam.\n");
  await server.command("rules", "set", rules);
});
after(() => server?.stop());

const report = (json: Json): Promise<Reply> => ask(server, "POST", "/api/v1/reports", { token: anna.token, json });

test("a report is kept with what it is about", async () => {
  const { status, json } = await report({ account_id: ben.id, status_ids: [bens], comment: "see", category: "spam" });
  assert.equal(status, 200);
  assert.match(json.id, /^\d+$/);
  assert.equal(json.target_account.id, ben.id);
  assert.deepEqual([json.comment, json.category, json.status_ids], ["see", "spam", [bens]]);
  assert.deepEqual([json.action_taken, json.action_taken_at, json.forwarded], [false, null, false]);
});

test("the same once more is the same report, until it is closed", async () => {
  const twice = { account_id: ben.id, comment: "pressed twice" };
  const [one, other] = await Promise.all([report(twice), report(twice)]);
  assert.deepEqual([one.status, other.status], [200, 200]);
  assert.equal(one.json.id, other.json.id);
  assert.notEqual((await report({ ...twice, comment: "and more" })).json.id, one.json.id);
  await server.command("report", "close", one.json.id, "--outcome", "spoke with him");
  const again = await report(twice);
  assert.notEqual(again.json.id, one.json.id);
  assert.equal((await report(twice)).json.id, again.json.id);
});

test("rules make it a violation", async () => {
  const [rule] = await must(server, "GET", "/api/v1/instance/rules");
  const { json } = await report({ account_id: ben.id, rule_ids: [rule.id] });
  assert.deepEqual([json.category, json.rule_ids.map(String)], ["violation", [rule.id]]);
});

test("nobody is reported with others' parleys, an unknown rule or an unknown category", async () => {
  const { id } = await must(server, "POST", "/api/v1/statuses", { token: anna.token, form: { status: "mine" } });
  for (const more of [{ status_ids: [id] }, { rule_ids: ["999"] }, { category: "boring" }]) {
    const { status, text } = await report({ account_id: ben.id, ...more });
    assert.ok([404, 422].includes(status), text);
  }
});

test("a comment of 1001 graphemes is refused", async () => {
  assert.equal((await report({ account_id: ben.id, comment: "x".repeat(1001) })).status, 422);
});

test("who is not there cannot be reported", async () => {
  for (const account_id of ["1", "nobody", undefined]) assert.equal((await report({ account_id })).status, 404);
});

test("the operator reads and closes it", async () => {
  const { json } = await report({ account_id: ben.id, comment: "for the desk" });
  const open = (await server.command("report", "list")).reports;
  assert.ok(open.some((r: Json) => r.id === json.id));
  assert.equal((await server.command("report", "show", json.id)).comment, "for the desk");
  await server.command("report", "close", json.id, "--outcome", "warned him");
  assert.equal(
    (await server.command("report", "list")).reports.some((r: Json) => r.id === json.id),
    false,
  );
});
