// SPDX-License-Identifier: Apache-2.0
// Quoting without script: from the menu, taken back by who is quoted, and kept from those who may not.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import { openBrowser, Person } from "../lib/browser.ts";
import { type Server, startServer } from "../lib/server.ts";

let server: Server;
let browser: Browser;
let ines: Person;
let lev: Person;
before(async () => {
  server = await startServer();
  browser = await openBrowser();
  ines = await Person.come(browser, server, "ines");
  lev = await Person.come(browser, server, "lev");
  await ines.join();
  await lev.join();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

test("a parley is quoted, shown inside, counted, and taken back", async () => {
  const parley = await ines.write("The sea is calm.");
  const quote = await lev.quote(parley, "Is it?");
  assert.match(await lev.text(), /Is it\?[\s\S]*ines[\s\S]*The sea is calm/);
  await ines.go(`${parley}/quotes`);
  assert.match(await ines.text(), /Is it\?/);
  await ines.go(quote);
  await ines.menu("Take the quote of you back");
  assert.match(await ines.text(), /took the quote back/);
});

test("who may quote and answer is chosen, and said", async () => {
  const parley = await ines.write("Only for me.");
  await ines.menu("Who may quote and answer");
  await ines.page.selectOption("#f-quotable", "nobody");
  await ines.page.selectOption("#f-answerable", "nobody");
  await ines.press("Save");
  assert.match(await ines.text(), /Nobody may answer/);
  await lev.go(parley);
  assert.match(await lev.text(), /lets nobody answer this/);
  assert.equal(await lev.page.locator("textarea").count(), 0);
  await lev.page.locator("details.menu summary").first().click();
  assert.equal(await lev.page.locator("details.menu").first().getByText("Quote", { exact: true }).count(), 0);
});
