// SPDX-License-Identifier: Apache-2.0
// The four ways of sign-up and the modes of the server, as people meet them.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import type { Browser } from "playwright-core";
import { openBrowser, Person } from "../lib/browser.ts";
import { programPath, type Server, startServer } from "../lib/server.ts";

let server: Server;
let browser: Browser;
let owner: Person;

async function parley(...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(programPath(), [...args, "--data", server.data], {
    env: server.environment(),
  });
  return stdout;
}

before(async () => {
  server = await startServer();
  browser = await openBrowser();
  owner = await Person.come(browser, server, "owner1");
  await owner.go(server.log.match(/\/setup\/[\w-]+/)?.[0] ?? "/no-setup-link");
  await owner.page.fill("#f-username", owner.name);
  await owner.page.fill("#f-email", owner.email);
  await owner.page.fill("#f-password", owner.password);
  await owner.press("Become the owner");
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

test("the set-up link works once", async () => {
  const other = await Person.come(browser, server, "other");
  assert.equal((await other.go(server.log.match(/\/setup\/[\w-]+/)?.[0] ?? ""))?.status(), 410);
});

test("closed: the reason is shown, and no form", async () => {
  await parley("setting", "set", "sign_up", "closed");
  await parley("setting", "set", "sign_up_reason", "We are full until spring.");
  const stranger = await Person.come(browser, server, "stranger");
  await stranger.go("/sign-up");
  assert.match(await stranger.text(), /We are full until spring/);
  assert.equal(await stranger.page.locator("#f-username").count(), 0);
});

test("by invitation: the link of a member lets one in, once", async () => {
  await parley("setting", "set", "sign_up", "invite");
  await owner.go("/settings/invites");
  await owner.press("Make a link");
  const link = await owner.page.locator("code.key").first().innerText();
  const guest = await Person.come(browser, server, "guest");
  await guest.signUp();
  assert.equal(await guest.heading(), "Sign up");
  for (const [name, heading] of [
    ["guest", "Look into your mail"],
    ["second", "Sign up"],
  ] as const) {
    const person = await Person.come(browser, server, name);
    await person.page.goto(link);
    await person.page.fill("#f-username", person.name);
    await person.page.fill("#f-email", person.email);
    await person.page.fill("#f-password", person.password);
    for (const box of await person.page.locator("input[type=checkbox]").all()) await box.check();
    await person.page.locator("form.sheet button").click();
    assert.equal(await person.heading(), heading);
  }
});

test("by approval: a moderator reads why, and lets in", async () => {
  await parley("setting", "set", "sign_up", "approval");
  const asker = await Person.come(browser, server, "asker");
  await asker.go("/sign-up");
  await asker.page.fill("#f-reason", "My boat lies next to yours.");
  await asker.page.fill("#f-username", asker.name);
  await asker.page.fill("#f-email", asker.email);
  await asker.page.fill("#f-password", asker.password);
  for (const box of await asker.page.locator("input[type=checkbox]").all()) await box.check();
  await asker.page.locator("form.sheet button").click();
  await asker.openMail("confirm");
  await asker.press("Confirm");
  assert.equal(await asker.heading(), "Thank you");
  await asker.go("/home");
  assert.equal(await asker.heading(), "A moderator reads your request");
  await owner.go("/moderation/requests");
  assert.match(await owner.text(), /My boat lies next to yours/);
  await owner.press("Turn away");
  assert.match(await owner.heading(), /^Turn @\w+ away\?$/);
  await owner.page.getByRole("link", { name: "Not yet" }).click();
  await owner.go("/notifications");
  assert.match(await owner.text(), /asks to join/);
  await owner.page.getByRole("link", { name: "Read the request" }).first().click();
  await owner.press("Let in");
  await asker.go("/home");
  assert.equal(await asker.heading(), "Home");
  await parley("setting", "set", "sign_up", "open");
});

test("read-only: every page says so, and what was typed stays", async () => {
  await owner.go("/write");
  await parley("mode", "read-only", "--reason", "Moving to a new disk.", "--until", "2h");
  await owner.page.fill("#f-text", "A long text that nobody wants to lose.");
  await owner.press("Write");
  assert.equal(await owner.page.inputValue("#f-text"), "A long text that nobody wants to lose.");
  assert.match(await owner.page.locator(".banner").innerText(), /Moving to a new disk.*Expected to end/);
  const stranger = await Person.come(browser, server, "stranger");
  await stranger.go("/sign-up");
  assert.match(await stranger.text(), /read-only/);
  await parley("mode", "normal");
  await owner.press("Write");
  assert.match(await owner.text(), /A long text/);
});

test("a removed parley is gone for others, and its author is told", async () => {
  const asker = await Person.come(browser, server, "asker");
  await asker.signIn();
  const at = await asker.write("Against every rule.");
  await asker.go("/@asker");
  await owner.go(at);
  await owner.menu("Report");
  await owner.press("Report");
  await owner.go("/moderation/reports");
  await owner.page.locator("ul.card-list a").first().click();
  const form = owner.page.locator("form[action^='/moderation/parleys/']");
  await form.locator("select[name=order]").selectOption("held");
  await form.locator("textarea[name=reason]").fill("Let us look first.");
  await form.getByRole("button").click();
  const stranger = await Person.come(browser, server, "stranger");
  assert.equal((await stranger.go(at))?.status(), 404);
  await asker.go(at);
  assert.match(await asker.text(), /Held by the moderators.*Let us look first/s);
  await owner.page.fill("#f-outcome", "Held, and the author told.");
  await owner.press("Close the report");
  await owner.go("/moderation/reports?closed=1");
  assert.match(await owner.text(), /asker/);
});
