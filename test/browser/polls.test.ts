// SPDX-License-Identifier: Apache-2.0
// A poll without script: written, voted in, its result read, changed, and kept when the parley is written anew.
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

test("a poll is voted in, and its options edited", async () => {
  const poll = await ines.write("Tea?", { poll: ["Yes, please", "No", "Later"] });
  assert.match(await ines.text(), /0 people voted · open until/);
  await lev.go(poll);
  await lev.page.getByLabel("Yes, please").check();
  await lev.press("Vote");
  assert.match(await lev.text(), /Yes, please\s+your vote\s+100 %/i);
  assert.equal(await lev.page.getByRole("button", { name: "Vote" }).count(), 0);
  await ines.go(`/parleys/${poll.split("/").at(-1)}/edit`);
  assert.equal(await ines.page.getByLabel("Option 3").inputValue(), "Later");
  await ines.page.getByLabel("Option 3").fill("Never");
  await ines.press("Save");
  assert.match(await ines.text(), /Never[\s\S]*0 people voted/);
  await ines.go(`${poll}/history`);
  assert.match(await ines.text(), /Never[\s\S]*Later/);
  await ines.go(`/parleys/${poll.split("/").at(-1)}/delete`);
  await ines.press("Delete and write anew");
  assert.equal(await ines.page.getByLabel("Option 1").inputValue(), "Yes, please");
  await ines.press("Write");
  assert.match(await ines.text(), /Yes, please[\s\S]*0 people voted/);
});

test("one option alone is refused, and nothing that was typed is lost", async () => {
  await ines.write("Lonely?", { poll: ["Only"] });
  assert.match(await ines.text(), /2 to 8 options/);
  assert.equal(await ines.page.getByLabel("Option 1").inputValue(), "Only");
});
