// SPDX-License-Identifier: Apache-2.0
// Not published yet: a draft that is gone on with, and a parley that waits for its time.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import { openBrowser, Person } from "../lib/browser.ts";
import { type Server, startServer } from "../lib/server.ts";

let server: Server;
let browser: Browser;
let ines: Person;
before(async () => {
  server = await startServer();
  browser = await openBrowser();
  ines = await Person.come(browser, server, "ines");
  await ines.join();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

test("a draft keeps what was typed, is gone on with, and goes when it is published", async () => {
  await ines.go("/write");
  await ines.page.fill("#f-text", "half a thought");
  await ines.page.fill("#f-spoiler", "careful");
  await ines.press("Save as draft");
  assert.match(await ines.text(), /Saved as a draft[\s\S]*careful[\s\S]*half a thought/);
  await ines.page.getByRole("link", { name: "Go on" }).click();
  assert.equal(await ines.page.inputValue("#f-text"), "half a thought");
  await ines.page.fill("#f-text", "a whole thought");
  await ines.press("Save as draft");
  assert.equal(await ines.page.getByRole("link", { name: "Go on" }).count(), 1);
  await ines.page.getByRole("link", { name: "Go on" }).click();
  await ines.press("Write");
  assert.match(await ines.text(), /careful[\s\S]*Your answer/);
  await ines.go("/drafts");
  assert.match(await ines.text(), /No drafts/);
});

test("a parley waits for its time, which can be changed, and can be called off", async () => {
  await ines.go("/write");
  await ines.page.fill("#f-text", "good morning");
  await ines.page.getByText("Publish later").click();
  await ines.page.fill("#f-at", "2000-01-01T08:00");
  await ines.press("Write");
  assert.match(await ines.text(), /must be at least/);
  assert.equal(await ines.page.inputValue("#f-text"), "good morning");
  await ines.page.fill("#f-at", "2040-01-01T08:00");
  await ines.press("Write");
  assert.match(await ines.text(), /published at the time you chose[\s\S]*good morning/);
  await ines.page.locator("input[type=datetime-local]").fill("2041-02-03T09:30");
  await ines.press("Save the time");
  assert.equal(await ines.page.locator("input[type=datetime-local]").inputValue(), "2041-02-03T09:30");
  await ines.press("Delete");
  assert.match(await ines.text(), /Nothing is scheduled/);
});
