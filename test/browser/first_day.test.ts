// SPDX-License-Identifier: Apache-2.0
// The first day of two members, without JavaScript.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import { openBrowser, Person } from "../lib/browser.ts";
import { type Server, startServer } from "../lib/server.ts";
import { eventually } from "../lib/wait.ts";

let server: Server;
let browser: Browser;
let anna: Person;
let ben: Person;

before(async () => {
  server = await startServer();
  browser = await openBrowser();
  anna = await Person.come(browser, server, "anna");
  ben = await Person.come(browser, server, "ben");
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

test("whoever signs up waits for the mail, and is in after its link", async () => {
  await anna.signUp();
  assert.equal(await anna.heading(), "Look into your mail");
  await anna.openMail("confirm");
  await anna.press("Confirm");
  assert.equal(await anna.heading(), "Home");
  await ben.join();
  assert.equal(await ben.heading(), "Home");
});

test("a refused sign-up keeps what was typed and says what is wrong", async () => {
  const someone = await Person.come(browser, server, "anna");
  await someone.signUp();
  assert.match(await someone.text(), /has already been taken/);
  assert.equal(await someone.page.inputValue("#f-email"), "anna@example.org");
  assert.equal(await someone.page.getAttribute("#f-username", "aria-invalid"), "true");
});

test("what one writes stands on one's page, with its tag and its warning", async () => {
  const at = await anna.write("Lamps on the bow, please. #harbour", { warning: "Boats" });
  assert.match(at, /^\/@anna\/\d+$/);
  await anna.go("/@anna");
  assert.match(await anna.text(), /Boats/);
  await anna.go("/tags/harbour");
  assert.equal(await anna.page.locator("article").count(), 1);
});

test("following brings what the other writes into one's home", async () => {
  await ben.go("/@anna");
  await ben.press("Follow");
  assert.match(await ben.text(), /Unfollow/);
  await anna.write("Low tide at six.");
  await eventually("home shows it", async () => {
    await ben.go("/home");
    return (await ben.text()).includes("Low tide at six.");
  });
});

test("an answer reaches the other as a notice, which is new once", async () => {
  await ben.go("/@anna");
  await ben.page.locator("article a.when").first().click();
  await ben.page.fill("#f-text", "@anna I will be there.");
  await ben.press("Answer");
  await eventually("the notice", async () => {
    await anna.go("/home");
    return (await anna.page.locator("nav.main .dot").count()) === 1;
  });
  await anna.go("/notifications");
  const text = await anna.text();
  assert.match(text, /ben mentions you/);
  assert.match(text, /I will be there/);
  assert.match(text, /ben follows you/);
  await anna.go("/home");
  assert.equal(await anna.page.locator("nav.main .dot").count(), 0);
});

test("favourite, echo and bookmark lead back to where one was", async () => {
  await ben.go("/@anna");
  for (const deed of ["Favourite", "Echo", "Bookmark"]) {
    await ben.press(deed);
    assert.equal(new URL(ben.page.url()).pathname, "/@anna");
    assert.match(new URL(ben.page.url()).hash, /^#p\d+$/);
    assert.equal(await ben.page.getByRole("button", { name: `Undo: ${deed}` }).count(), 1);
  }
  await ben.go("/bookmarks");
  assert.equal(await ben.page.locator("article").count(), 1);
  await ben.go("/favourites");
  assert.equal(await ben.page.locator("article").count(), 1);
  await ben.go("/@ben");
  assert.match(await ben.text(), /Echoed by ben/);
});

test("two who like the same stand in one sentence", async () => {
  const at = await anna.write("Two lamps at the mole.");
  const id = at.split("/").at(-1) ?? "";
  for (const member of await server.members("gil", "hana")) await member.client.v1.statuses.$select(id).favourite();
  await eventually("both in one", async () => {
    await anna.go("/notifications");
    return /(gil and hana|hana and gil) like your parley/.test(await anna.text());
  });
});

test("an edit shows what it said before", async () => {
  const at = await anna.write("Low tide at five.");
  await anna.menu("Edit");
  await anna.page.fill("#f-text", "Low tide at seven.");
  await anna.press("Save");
  assert.equal(new URL(anna.page.url()).pathname, at);
  assert.match(await anna.text(), /Low tide at seven/);
  await anna.page.getByRole("link", { name: "Edited", exact: true }).click();
  assert.match(await anna.text(), /Low tide at five/);
});

test("a parley of many lines leaves room for others, and its own page shows all of it", async () => {
  const at = await anna.write(`${"line\n".repeat(80)}and the end`);
  await anna.go("/@anna");
  const row = anna.page.locator("article", { hasText: "and the end" });
  assert.ok(((await row.boundingBox())?.height ?? 0) < 700);
  await row.getByRole("link", { name: "Read on" }).click();
  assert.equal(new URL(anna.page.url()).pathname, at);
  assert.equal(await anna.page.getByRole("link", { name: "Read on" }).count(), 0);
});

test("a refusal speaks to people", async () => {
  await anna.go("/write");
  await anna.page.fill("#f-text", "\u00a0\u200b");
  await anna.press("Write");
  assert.match(await anna.text(), /Text can't be blank/);
  assert.doesNotMatch(await anna.text(), /Validation failed/);
});

test("a deleted parley is gone", async () => {
  const at = await anna.write("This was a mistake.");
  await anna.menu("Delete");
  await anna.press("Delete");
  const reply = await anna.go(at);
  assert.equal(reply?.status(), 404);
  assert.equal(await anna.heading(), "Not here");
});

test("delete and write anew brings the text back", async () => {
  await anna.write("Nearly rihgt.");
  await anna.menu("Delete");
  await anna.press("Delete and write anew");
  assert.equal(await anna.page.inputValue("#f-text"), "Nearly rihgt.");
  await anna.page.fill("#f-text", "Nearly right.");
  await anna.press("Write");
  assert.match(await anna.text(), /Nearly right/);
});

test("what a filter covers stands behind its title, and what it hides is gone", async () => {
  await ben.write("Nothing but MACKEREL today. #market");
  await anna.go("/tags/market");
  await anna.press("Follow this tag");
  await anna.press("Show it on my page");
  await anna.go("/home");
  assert.match(await anna.text(), /MACKEREL/);
  await anna.go("/settings/filters");
  await anna.page.fill("#f-title", "Fish");
  await anna.page.fill("#f-words", "mackerel\nherring");
  await anna.press("Make it");
  await anna.go("/home");
  assert.match(await anna.text(), /Filtered: Fish/);
  assert.doesNotMatch(await anna.text(), /MACKEREL/);
  await anna.page.getByText("Filtered: Fish").click();
  assert.match(await anna.text(), /MACKEREL/);
  await anna.go("/settings/filters");
  await anna.press("Delete it");
  await anna.page.fill("#f-title", "Fish");
  await anna.page.fill("#f-words", "mackerel");
  await anna.page.selectOption("#f-action", "1");
  await anna.press("Make it");
  await anna.go("/home");
  assert.doesNotMatch(await anna.text(), /Fish|MACKEREL/);
  await anna.go("/settings/filters");
  await anna.press("Delete it");
  await anna.go("/@anna");
  await anna.page.getByRole("link", { name: "#market", exact: true }).click();
  assert.match(new URL(anna.page.url()).pathname, /\/@anna\/tagged\/market$/);
  await anna.go("/tags/market");
  await anna.press("Unfollow this tag");
});

test("people can be read apart, on a list", async () => {
  const at = await ben.write("A list can hold this.");
  await anna.go("/@ben");
  await anna.press("Follow");
  await anna.go("/lists");
  await anna.page.fill("#f-title", "Boats");
  await anna.page.check("#f-exclusive");
  await anna.press("Make it");
  await anna.go("/@ben");
  await anna.menu("Lists");
  await anna.page.getByLabel("Boats").check();
  await anna.press("Save");
  await anna.go("/lists");
  await anna.page.getByRole("link", { name: "Boats", exact: true }).click();
  assert.match(await anna.text(), /A list can hold this/);
  await anna.go("/home");
  assert.doesNotMatch(await anna.text(), /A list can hold this/);
  await anna.go("/lists");
  await anna.page.getByRole("link", { name: "Boats", exact: true }).click();
  await anna.page.getByRole("link", { name: "People", exact: true }).click();
  await anna.press("Take off");
  await anna.go("/home");
  assert.match(await anna.text(), /A list can hold this/, at);
  await anna.go("/@ben");
  await anna.press("Unfollow");
});

test("text that is too long stays in the form", async () => {
  const long = "x ".repeat(400).trim();
  await anna.write(long);
  assert.equal(await anna.page.inputValue("#f-text"), long);
  assert.equal(await anna.page.locator("[role=alert]").count(), 1);
});

test("a form that is sent twice publishes once", async () => {
  await anna.go("/write");
  await anna.page.fill("#f-text", "Only once.");
  const form = await anna.page
    .locator("form.sheet")
    .evaluate((f) => [...new FormData(f as HTMLFormElement)].map(([k, v]) => [k, String(v)] as [string, string]));
  const send = () =>
    anna.context.request.post(`${server.url}/write`, { form: Object.fromEntries(form), maxRedirects: 0 });
  const first = await send();
  const second = await send();
  assert.equal(first.status(), 303);
  assert.equal(second.headers().location, first.headers().location);
});

test("a form without its token does nothing", async () => {
  const reply = await anna.context.request.post(`${server.url}/write`, { form: { text: "forged" }, maxRedirects: 0 });
  assert.equal(reply.status(), 403);
  await anna.go("/@anna");
  assert.doesNotMatch(await anna.text(), /forged/);
});

test("a token of one person's form does not work for another", async () => {
  await anna.go("/write");
  const token = (await anna.page.locator("form.sheet [name=token]").getAttribute("value")) ?? "";
  const reply = await ben.context.request.post(`${server.url}/write`, {
    form: { text: "not mine", token },
    maxRedirects: 0,
  });
  assert.equal(reply.status(), 403);
});

test("who approves followers sees who asks, and lets them in", async () => {
  await ben.go("/settings/profile");
  await ben.page.fill("#f-display_name", "Ben of the Boats");
  await ben.page.check("#f-locked");
  await ben.press("Save");
  assert.match(await ben.text(), /Saved/);
  await anna.go("/@ben");
  await anna.press("Follow");
  assert.match(await anna.text(), /Take back the request/);
  await ben.go("/follow_requests");
  await ben.press("Accept");
  await anna.go("/@ben");
  assert.match(await anna.text(), /Unfollow/);
});

test("search finds people and tags", async () => {
  await anna.go("/search?q=%40ben");
  assert.match(await anna.text(), /Ben of the Boats/);
  await eventually("the index", async () => {
    await anna.go("/search?q=harbour&type=hashtags");
    return (await anna.text()).includes("#harbour");
  });
});

test("a block hides each from the other and can be taken back", async () => {
  await ben.go("/@anna");
  await ben.menu("Block");
  assert.match(await ben.text(), /Blocked/);
  assert.equal((await anna.go("/@ben"))?.status(), 404);
  await ben.go("/blocks");
  await ben.press("Unblock");
  assert.equal((await anna.go("/@ben"))?.status(), 200);
});

test("a report reaches nobody but moderators", async () => {
  await ben.go("/@anna");
  await ben.menu("Report");
  await ben.page.fill("#f-comment", "She moved my boat.");
  await ben.press("Report");
  assert.match(await ben.text(), /The moderators will look at it/);
  assert.equal((await ben.go("/moderation/reports"))?.status(), 404);
});

test("a forgotten password is replaced by a link in a mail", async () => {
  const cleo = await Person.come(browser, server, "cleo");
  await cleo.join();
  await cleo.signOut();
  await cleo.go("/reset");
  await cleo.page.fill("#f-email", cleo.email);
  await cleo.press("Send the link");
  await cleo.openMail("reset");
  await cleo.page.fill("#f-password", cleo.password);
  await cleo.press("Use this password");
  await cleo.signIn();
  assert.equal(await cleo.heading(), "Home");
});

test("leaving can be taken back", async () => {
  const dora = await Person.come(browser, server, "dora");
  await dora.join();
  await dora.go("/settings/account");
  await dora.page.fill("#leave-proof, #f-leave-proof", dora.password);
  await dora.press("Delete my account");
  assert.equal((await anna.go("/@dora"))?.status(), 404);
  await dora.signIn();
  assert.equal(await dora.heading(), "Do you want to stay?");
  await dora.press("Keep my account");
  assert.equal(await dora.heading(), "Home");
  assert.equal((await anna.go("/@dora"))?.status(), 200);
});
