// SPDX-License-Identifier: Apache-2.0
// Terms of service by day, to apps, on pages and at the command line; and how much happens in a week.
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { after, before, test } from "node:test";
import { ask, type Json, must } from "../lib/http.ts";
import { type Member, type Server, startServer } from "../lib/server.ts";
import { Visitor } from "../lib/visitor.ts";
import { eventually } from "../lib/wait.ts";

let server: Server;
let olga: Member;
before(async () => {
  server = await startServer();
  olga = await server.member("olga");
  await server.command("member", "role", "olga", "owner");
});
after(() => server?.stop());

const at = "/api/v1/instance/terms_of_service";
const status = async (date: string) => (await ask(server, "GET", at + date)).status;
const today = new Date().toISOString().slice(0, 10);
const set = async (text: string, ...more: string[]) => {
  const file = path.join(server.data, "terms.txt");
  await writeFile(file, text);
  return server.command("terms", "set", file, ...more);
};

test("there are none until somebody writes them", async () => {
  assert.deepEqual([await status(""), await status(`/${today}`), await status("/x")], [404, 404, 404]);
  assert.equal((await must(server, "GET", "/api/v2/instance")).configuration.urls.terms_of_service, null);
  assert.equal((await new Visitor(server).get("/terms")).status, 404);
});

test("a version holds from its day on, and is followed by the next", async () => {
  await set("Be kind.\n\nPay nothing.");
  const now = await must(server, "GET", at);
  assert.deepEqual(now, {
    effective_date: today,
    effective: true,
    content: "<p>Be kind.</p><p>Pay nothing.</p>",
    succeeded_by: null,
  });
  assert.match((await must(server, "GET", "/api/v2/instance")).configuration.urls.terms_of_service, /\/terms$/);
  await set("Later.", "--effective", "2099-01-31");
  assert.equal((await must(server, "GET", at)).succeeded_by, "2099-01-31");
  const later = await must(server, "GET", `${at}/2099-01-31`);
  assert.deepEqual([later.effective, later.content, later.succeeded_by], [false, "<p>Later.</p>", null]);
  const { terms } = await server.command("terms", "list");
  assert.deepEqual(
    terms.map((t: Json) => [t.effective_date, t.effective]),
    [
      ["2099-01-31", false],
      [today, true],
    ],
  );
});

test("what was in force stays, and what cannot be is refused", async () => {
  await assert.rejects(set("x", "--effective", "2001-01-01"), { stdout: /in the past/ });
  await assert.rejects(set("x", "--effective", "soon"), { stdout: /like 2027-01-31/ });
  await assert.rejects(set(" \n"), { stdout: /blank/ });
  await assert.rejects(server.command("terms", "remove", today), { stdout: /on record/ });
  await assert.rejects(server.command("terms", "remove", "2098-01-01"), { stdout: /not found/i });
});

test("the owner does it by page, and nobody else", async () => {
  const owner = new Visitor(server);
  await owner.signIn(await owner.get("/sign-in"), olga);
  const page = await owner.get("/community/terms");
  const saved = await owner.submit(page, "/community/terms", { text: "By page.", effective: "2099-05-01" });
  assert.match(saved.html, /Saved[\s\S]*2099-05-01/);
  const wrong = await owner.submit(page, "/community/terms", { text: "By page.", effective: "1999-05-01" });
  assert.match(wrong.html, /in the past/);
  await owner.submit(saved, "/community/terms/remove", { date: "2099-05-01" });
  assert.equal(await status("/2099-05-01"), 404);
  const stranger = new Visitor(server);
  assert.match((await stranger.get("/terms")).html, /In force since[\s\S]*Be kind\./);
  assert.match((await stranger.get("/terms/2099-01-31")).html, /In force from[\s\S]*Later\./);
  assert.match((await stranger.get("/about")).html, /href="\/terms"/);
  const ben = new Visitor(server);
  await ben.signIn(await ben.get("/sign-in"), await server.member("ben"));
  assert.equal((await ben.get("/community/terms")).status, 404);
});

test("twelve weeks of activity, this one first, and a restart keeps them", async () => {
  for (let i = 0; i < 3; i++) {
    await must(server, "POST", "/api/v1/statuses", { token: olga.token, form: { status: `x${i}` } });
  }
  await server.halt();
  await server.start();
  const weeks = await eventually("the week is there", async () => {
    const all = await must(server, "GET", "/api/v1/instance/activity");
    return Number(all[0].statuses) >= 3 && all;
  });
  assert.equal(weeks.length, 12);
  const [now, before] = weeks;
  assert.deepEqual([now.statuses, now.registrations, now.logins], ["3", "2", "2"]);
  assert.equal(Number(now.week) - Number(before.week), 7 * 86400);
  assert.equal(new Date(Number(now.week) * 1000).getUTCDay(), 1);
  assert.deepEqual([before.statuses, before.logins, before.registrations], ["0", "0", "0"]);
});
