// SPDX-License-Identifier: Apache-2.0
// Passkeys in a real browser, by its virtual authenticator: the one script of the pages, and what stands there without it.
import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { after, before, test } from "node:test";
import type { Browser, BrowserContext, CDPSession, Page } from "playwright-core";
import { NARROW, openBrowser, Person, WIDE } from "../lib/browser.ts";
import { type Server, startServer } from "../lib/server.ts";

const shots = process.env.PARLEY_SHOTS; // a folder for pictures of the pages
let server: Server;
let browser: Browser;

before(async () => {
  server = await startServer();
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

interface Device {
  context: BrowserContext;
  page: Page;
  cdp: CDPSession;
  id: string;
}

/** A browser with scripts and an authenticator of its own; signed in as somebody when they are given. */
async function device(person?: Person): Promise<Device> {
  const state = person === undefined ? {} : { storageState: await person.context.storageState() };
  const context = await browser.newContext({ baseURL: server.url, viewport: WIDE, ...state });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const cdp = await context.newCDPSession(page);
  await cdp.send("WebAuthn.enable");
  const { authenticatorId: id } = await cdp.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return { context, page, cdp, id };
}

async function picture(page: Page, name: string): Promise<void> {
  if (shots === undefined) return;
  await mkdir(shots, { recursive: true });
  for (const scheme of ["light", "dark"] as const) {
    for (const [size, viewport] of [
      ["1280", WIDE],
      ["360", NARROW],
    ] as const) {
      await page.emulateMedia({ colorScheme: scheme });
      await page.setViewportSize(viewport);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
      assert.equal(wide, false, `${name} fits into ${size} pixels`);
      await page.screenshot({ path: `${shots}/${name}-${size}-${scheme}.png`, fullPage: true });
    }
  }
  await page.setViewportSize(WIDE);
}

const press = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).click();
const heading = (page: Page) => page.locator("h1").textContent();

async function addPasskey(page: Page, person: Person, name: string): Promise<void> {
  await page.goto("/settings/two_factor");
  await page.fill("#f-name", name);
  await page.fill("#f-passkey-proof", person.password);
  await press(page, "Add a passkey");
}

test("a passkey is made on the settings, signs in after the password and without it", async () => {
  const anna = await Person.come(browser, server, "anna");
  await anna.join();
  const { context, page, cdp, id } = await device(anna);
  const failures: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") failures.push(message.text());
  });
  page.on("pageerror", (error) => failures.push(String(error)));
  await page.goto("/settings/two_factor");
  assert.equal(await page.locator("[data-passkey-off]").isVisible(), false);
  await picture(page, "security-none");
  await addPasskey(page, anna, "the laptop in the harbour");
  await page.getByText("Your recovery codes").waitFor();
  await picture(page, "codes");
  const { credentials } = await cdp.send("WebAuthn.getCredentials", { authenticatorId: id });
  assert.equal(credentials.length, 1);
  assert.equal(credentials[0]?.rpId, "localhost");
  assert.equal(credentials[0]?.isResidentCredential, true);
  await page.goto("/settings/two_factor");
  assert.match(await page.locator("main").innerText(), /the laptop in the harbour/);
  await picture(page, "security-one");
  await page.getByText("Rename or remove").click();
  await picture(page, "one");

  await page.goto("/more");
  await press(page, "Sign out");
  await page.goto("/sign-in?next=/bookmarks");
  await picture(page, "sign-in");
  await page.fill("#f-login", "anna");
  await page.fill("#f-password", anna.password);
  await press(page, "Sign in");
  await page.waitForURL("**/bookmarks");

  await page.goto("/more");
  await press(page, "Sign out");
  await page.goto("/sign-in?next=/favourites");
  await press(page, "Sign in with a passkey");
  await page.waitForURL("**/favourites");
  assert.deepEqual(failures, []);
  await context.close();
});

test("one device makes no second passkey for the same member, and says so", async () => {
  const ben = await Person.come(browser, server, "ben");
  await ben.join();
  const { context, page } = await device(ben);
  await addPasskey(page, ben, "one");
  await page.getByText("Your recovery codes").waitFor();
  await addPasskey(page, ben, "two");
  await page.getByText("This device has a passkey of yours already.").waitFor();
  await picture(page, "refused");
  await context.close();
});

test("a device without the passkey says so, and the button tries again", async () => {
  const { context, page, cdp, id } = await device();
  await cdp.send("WebAuthn.setAutomaticPresenceSimulation", { authenticatorId: id, enabled: true });
  await page.goto("/sign-in");
  await press(page, "Sign in with a passkey");
  await page.locator("[data-passkey-said]:visible").waitFor();
  await picture(page, "ask");
  await press(page, "Use a passkey");
  await page.locator("[data-passkey-said]:visible").waitFor();
  assert.equal(await heading(page), "Sign in with a passkey");
  await context.close();
});

test("an authenticator that does not know its owner is a second factor only", async () => {
  const cleo = await Person.come(browser, server, "cleo");
  await cleo.join();
  const { context, page, cdp, id } = await device(cleo);
  await cdp.send("WebAuthn.removeVirtualAuthenticator", { authenticatorId: id });
  await cdp.send("WebAuthn.addVirtualAuthenticator", {
    options: { protocol: "ctap2", transport: "usb", hasResidentKey: false, automaticPresenceSimulation: true },
  });
  await addPasskey(page, cleo, "a plain key");
  await page.getByText("Your recovery codes").waitFor();
  await page.goto("/more");
  await press(page, "Sign out");
  await page.goto("/sign-in");
  await page.fill("#f-login", "cleo");
  await page.fill("#f-password", cleo.password);
  await press(page, "Sign in");
  await page.waitForURL("**/home");
  await context.close();
});

test("without scripts the button is absent and a sentence says why; codes go on working", async () => {
  const dan = await Person.come(browser, server, "dan");
  await dan.join();
  const { context, page } = await device(dan);
  await addPasskey(page, dan, "one");
  await page.getByText("Your recovery codes").waitFor();
  const codes = await page.locator("ul.codes li").allInnerTexts();
  await context.close();

  await dan.go("/settings/two_factor");
  assert.equal(await dan.page.getByRole("button", { name: "Add a passkey" }).isVisible(), false);
  assert.match(await dan.text(), /your browser needs to know passkeys and to run the one small script/);
  await picture(dan.page, "security-no-script");
  await dan.signOut();
  await dan.go("/sign-in");
  assert.equal(await dan.page.getByRole("button", { name: "Sign in with a passkey" }).isVisible(), false);
  assert.match(await dan.text(), /must run in your browser/);
  await dan.page.fill("#f-login", dan.name);
  await dan.page.fill("#f-password", dan.password);
  await dan.press("Sign in");
  assert.equal(await dan.page.getByRole("button", { name: "Use a passkey" }).isVisible(), false);
  assert.match(await dan.text(), /A code works without/);
  await picture(dan.page, "step-no-script");
  await dan.page.fill("#f-code", codes[0] ?? "");
  await dan.press("Go on");
  assert.equal(await dan.heading(), "Home");
});

test("both ways of the second step stand side by side", async () => {
  const eva = await Person.come(browser, server, "eva");
  await eva.join();
  const { context, page, cdp, id } = await device(eva);
  await addPasskey(page, eva, "one");
  await page.getByText("Your recovery codes").waitFor();
  await cdp.send("WebAuthn.clearCredentials", { authenticatorId: id });
  await page.goto("/more");
  await press(page, "Sign out");
  await page.goto("/sign-in");
  await page.fill("#f-login", "eva");
  await page.fill("#f-password", eva.password);
  await press(page, "Sign in");
  await page.locator("[data-passkey-said]:visible").waitFor();
  await picture(page, "step");
  await context.close();
});
