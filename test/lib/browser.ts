// SPDX-License-Identifier: Apache-2.0
// Debian's Chromium without JavaScript, as the pages promise to work; and what a person does on them.
import { readFile } from "node:fs/promises";
import path from "node:path";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import type { Server } from "./server.ts";
import { eventually } from "./wait.ts";

export const WIDE = { width: 1280, height: 900 };
export const NARROW = { width: 360, height: 760 };

export function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"],
  });
}

/** Somebody at a browser of their own, with its own cookies. */
export class Person {
  constructor(
    readonly server: Server,
    readonly context: BrowserContext,
    readonly page: Page,
    readonly name: string,
  ) {}

  static async come(browser: Browser, server: Server, name: string): Promise<Person> {
    const context = await browser.newContext({ javaScriptEnabled: false, viewport: WIDE, baseURL: server.url });
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    return new Person(server, context, page, name);
  }

  get email(): string {
    return `${this.name}@example.org`;
  }

  get password(): string {
    return `a quiet harbour for ${this.name}`;
  }

  go(target: string) {
    return this.page.goto(this.server.url + target);
  }

  /** The heading of the page. */
  async heading(): Promise<string> {
    return (await this.page.locator("h1").textContent()) ?? "";
  }

  text(): Promise<string> {
    return this.page.locator("main").innerText();
  }

  press(name: string) {
    return this.page.getByRole("button", { name, exact: true }).first().click();
  }

  async signUp(): Promise<void> {
    await this.go("/sign-up");
    await this.page.fill("#f-username", this.name);
    await this.page.fill("#f-email", this.email);
    await this.page.fill("#f-password", this.password);
    for (const box of await this.page.locator("input[type=checkbox]").all()) await box.check();
    await this.page.locator("form.sheet button").click();
  }

  /** Opens the newest link to /WHAT/... that a mail to this person holds. */
  async openMail(what: string): Promise<void> {
    const link = await eventually(`a mail with /${what}/ for ${this.email}`, async () => {
      const log = await readFile(path.join(this.server.data, "mail.log"), "utf8");
      const at = log.lastIndexOf(this.email);
      const found = log.slice(at).match(new RegExp(`/${what}/[\\w-]+`));
      return at < 0 ? undefined : found?.[0];
    });
    await this.go(link);
  }

  async join(): Promise<void> {
    await this.signUp();
    await this.openMail("confirm");
    await this.press("Confirm");
  }

  async signIn(): Promise<void> {
    await this.go("/sign-in");
    await this.page.fill("#f-login", this.name);
    await this.page.fill("#f-password", this.password);
    await this.page.locator("form.sheet button").click();
  }

  async signOut(): Promise<void> {
    await this.go("/more");
    await this.press("Sign out");
  }

  /** Writes on /write and gives the address of the parley. */
  async write(text: string, options: { warning?: string; visibility?: string; poll?: string[] } = {}): Promise<string> {
    await this.go("/write");
    await this.page.fill("#f-text", text);
    if (options.warning !== undefined) await this.page.fill("#f-spoiler", options.warning);
    if (options.visibility !== undefined) await this.page.selectOption("#f-visibility", options.visibility);
    if (options.poll !== undefined) await this.page.getByText("Poll", { exact: true }).click();
    for (const [i, option] of (options.poll ?? []).entries()) {
      await this.page.getByLabel(`Option ${i + 1}`, { exact: true }).fill(option);
    }
    await this.press("Write");
    return new URL(this.page.url()).pathname;
  }

  /** Quotes a parley from its menu and gives the address of the quote. */
  async quote(parley: string, text: string): Promise<string> {
    await this.go(parley);
    await this.menu("Quote");
    await this.page.fill("#f-text", text);
    await this.press("Write");
    return new URL(this.page.url()).pathname;
  }

  /** Opens the "More" menu of a parley or a profile and presses what is in it. */
  async menu(item: string): Promise<void> {
    const menu = this.page.locator("details.menu").first();
    await menu.locator("summary").click();
    await menu.getByText(item, { exact: true }).click();
  }
}
