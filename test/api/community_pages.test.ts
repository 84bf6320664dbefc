// SPDX-License-Identifier: Apache-2.0
// What the owner decides by page: settings, rules, mode; all at once or not at all, with the reason, and in the log.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ask, must } from "../lib/http.ts";
import { type Server, startServer } from "../lib/server.ts";
import { type Page, Visitor } from "../lib/visitor.ts";
import { eventually } from "../lib/wait.ts";

let server: Server;
let olga: Visitor;
before(async () => {
  server = await startServer();
  const member = await server.member("olga");
  await server.command("member", "role", "olga", "owner");
  olga = new Visitor(server);
  await olga.signIn(await olga.get("/sign-in"), member);
});
after(() => server?.stop());

const shows = (page: Page, words: RegExp) => assert.match(page.html.replace(/<[^>]*>/g, ""), words, page.html);
const good = {
  title: "Harbour Town",
  description: "Boats & <b>people</b>",
  about: "Who we are.\r\n\r\nHow to reach us.",
  privacy: "Little is kept.",
  contact_email: "desk@harbour.example",
  contact_account: "@olga",
  languages: "en, de",
  sign_up: "closed",
  sign_up_reason: "We are full.",
  age_min: "18",
  trends: "open",
  link_cards: "off",
};
const value = async (key: string): Promise<string> => (await server.command("setting", "get", key)).value;

test("password managers find the page, and /settings leads to the settings", async () => {
  for (const [from, to] of [
    ["/.well-known/change-password", "/settings/account"],
    ["/settings", "/settings/profile"],
  ]) {
    const reply = await fetch(`${server.url}${from}`, { redirect: "manual" });
    assert.equal(reply.status, 303, from);
    assert.equal(reply.headers.get("Location"), to);
  }
});

test("the contact is a name; while none is chosen, nothing stands there", async () => {
  const field = async () => /name="?contact_account"?[^>]*>/.exec((await olga.get("/community")).html)?.[0] ?? "none";
  assert.doesNotMatch(await field(), /value/);
  assert.equal(await value("contact_account"), "0");
});

test("whoever finds sign-up closed finds who runs the server", async () => {
  await server.command("setting", "set", "sign_up", "closed");
  const page = await new Visitor(server).get("/sign-up");
  assert.match(page.html, /<main[\s\S]*href="?\/about"?>Who runs this server/);
  await server.command("setting", "set", "sign_up", "open");
});

test("the owner sets everything on one page, and it counts at once", async () => {
  const page = await olga.get("/community");
  shows(await olga.submit(page, "/community", good), /Saved\./);
  const site = await must(server, "GET", "/api/v2/instance");
  assert.deepEqual([site.title, site.description], [good.title, good.description]);
  assert.deepEqual([site.contact.email, site.contact.account.username], [good.contact_email, "olga"]);
  assert.equal(site.registrations.message?.includes("We are full."), true, JSON.stringify(site.registrations));
  assert.equal(await value("about"), "Who we are.\n\nHow to reach us.");
  assert.equal(await value("age_min"), "18");
  assert.equal(await value("link_cards"), "off");
  shows(await new Visitor(server).get("/sign-up"), /We are full\./);
  await eventually("who changed it is in the log", () =>
    /setting sign_up: 'closed', was 'open', by @olga/.test(server.log),
  );
  const again = await olga.get("/community");
  assert.match(again.html, /value="?@olga/);
});

test("one wrong field is marked, and nothing is changed", async () => {
  const page = await olga.get("/community");
  for (const [field, wrong, words] of [
    ["title", "", /must be a line of 1 to 60 characters/],
    ["title", "x".repeat(61), /must be a line of 1 to 60 characters/],
    ["contact_email", "not an address", /must be an e-mail address or nothing/],
    ["contact_account", "@nobodyatall", /must be a member.{1,5}s user name or id/],
    ["languages", "en,klingonish!", /must be language codes like en,de/],
    ["sign_up", "maybe", /open, approval, invite or closed/],
    ["age_min", "200", /must be 0 to 30 years/],
    ["about", "x".repeat(20_001), /must be text of at most 20,000 characters/],
  ] as const) {
    const refused = await olga.submit(page, "/community", { ...good, description: "changed", [field]: wrong });
    assert.equal(refused.status, 422, `${field}: ${refused.html}`);
    if (field !== "sign_up") shows(refused, words);
    assert.ok(refused.html.includes("changed"), "what was typed stays");
    assert.equal(await value("description"), good.description, field);
  }
});

test("rules are written one a line; those that stay keep their number", async () => {
  const write = async (rules: string) => olga.submit(await olga.get("/community/rules"), "/community/rules", { rules });
  shows(await write("Be kind. | Argue with words.\r\n\r\nNo spam.\r\n"), /Saved\./);
  const [kind, spam] = await must(server, "GET", "/api/v1/instance/rules");
  assert.deepEqual([kind.text, kind.hint, spam.text], ["Be kind.", "Argue with words.", "No spam."]);
  await write("No spam.\r\nNew.");
  assert.equal((await must(server, "GET", "/api/v1/instance/rules"))[0].id, spam.id);
  for (const [rules, words] of [
    ["Twice.\r\nTwice.", /This rule stands there twice/],
    [" | only a hint", /Rule 1 must be a line of 1 to 500 characters/],
    ["x".repeat(501), /Rule 1 must be/],
    [Array.from({ length: 101 }, (_, i) => `Rule ${i}`).join("\n"), /At most 100 rules/],
  ] as const) {
    const refused = await write(rules);
    assert.equal(refused.status, 422);
    shows(refused, words);
  }
  assert.equal((await must(server, "GET", "/api/v1/instance/rules")).length, 2);
});

test("the owner enters a mode and leaves it by page, and says why", async () => {
  const change = async (fields: Record<string, string>) =>
    olga.submit(await olga.get("/community/mode"), "/community/mode", { seconds: "3600", reason: "", ...fields });
  shows(await change({ mode: "read-only" }), /Say why/);
  shows(
    await change({ mode: "read-only", reason: "A new disk." }),
    /Read-only for now\. A new disk\..*Expected to end/s,
  );
  assert.equal((await server.command("mode")).mode, "read-only");
  const other = await olga.submit(await olga.get("/community"), "/community", good);
  assert.equal(other.status, 503);
  assert.equal((await change({ mode: "asleep", reason: "x" })).status, 422);
  await change({ mode: "normal" });
  assert.equal((await server.command("mode")).mode, "normal");
  assert.equal((await ask(server, "GET", "/ready")).status, 200);
});

test("the way there is in the owner's menu and in nobody else's", async () => {
  assert.ok((await olga.get("/more")).html.includes('"/community"'));
  const visitor = new Visitor(server);
  await server.command("setting", "set", "sign_up", "open");
  const member = await server.member("adam");
  await server.command("member", "role", "adam", "admin");
  await visitor.signIn(await visitor.get("/sign-in"), member);
  assert.ok(!(await visitor.get("/more")).html.includes("/community"));
});
