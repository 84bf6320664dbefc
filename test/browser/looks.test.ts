// SPDX-License-Identifier: Apache-2.0
// Every page, narrow and wide, light and dark: no axe finding, nothing wider than the window, nothing from elsewhere, and
// targets that a thumb hits. With PARLEY_SHOTS=folder it leaves pictures there.
import assert from "node:assert/strict";
import { mkdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { NARROW, openBrowser, Person, WIDE } from "../lib/browser.ts";
import { type Server, startServer } from "../lib/server.ts";
import { eventually } from "../lib/wait.ts";

const shots = process.env.PARLEY_SHOTS;
let server: Server;
let browser: Browser;
let axe: string;
let ines: Person;
let lev: Person;
let thread = "";
let list = "";
let person = "";

/** What strangers see, and what the owner of the server sees. Filled when the community is there. */
const open: string[] = [
  "/",
  "/about",
  "/rules",
  "/privacy",
  "/sign-up",
  "/sign-in",
  "/reset",
  "/local",
  "/search",
  "/explore",
  "/explore/tags",
  "/explore/links",
  "/explore/people",
  "/nothing-here",
];
const own: string[] = [
  "/home",
  "/write",
  "/notifications",
  "/notifications?only=mentions",
  "/search?q=tide",
  "/lists",
  "/bookmarks",
  "/favourites",
  "/drafts",
  "/scheduled",
  "/notifications/requests",
  "/follow_requests",
  "/blocks",
  "/mutes",
  "/domain_blocks",
  "/more",
  "/settings/profile",
  "/settings/account",
  "/settings/filters",
  "/settings/sessions",
  "/settings/two_factor",
  "/settings/invites",
  "/settings/transfer",
  "/moderation/reports",
  "/moderation/requests",
  "/moderation/people",
  "/moderation/people?q=lev",
  "/moderation/trends",
  "/server",
  "/server?span=month",
  "/community",
  "/community/rules",
  "/community/terms",
  "/community/mode",
  "/community/announcements",
  "/community/emojis",
  "/emojis",
];
/** What everybody sees daily, and the pages with most on them: these in the other theme of each size, too. */
const main =
  /^\/(|home|local|notifications|conversations|write|sign-in|community)$|^\/conversations\/\d|^\/moderation\/(people|reports)\/\d/;

/** A direct parley by lev; the address of the conversation as ines has it. */
async function letter(text: string): Promise<string> {
  await lev.go("/conversations");
  await lev.page.getByRole("link", { name: "Write to somebody" }).click();
  await lev.page.fill("#f-text", text);
  await lev.press("Write");
  await ines.go("/conversations");
  return (await ines.page.locator("section.notice a").first().getAttribute("href")) ?? "/no-conversation";
}

/** The page that changes the only thing on this one. */
const toChange = async () =>
  (await ines.page.getByRole("link", { name: "Change it" }).getAttribute("href")) ?? "/nothing-to-change";

async function settle() {
  await ines.write(
    "The tide tables are up for the week. If you are bringing the small boats in after dark, please carry a lamp on the bow. We had two near misses on Tuesday.\n\n#harbour",
  );
  thread = await lev.write(
    "Fresh mackerel, and a lot of it. https://harbour.example/market/stalls/a-very-long-address-that-does-not-fit-anywhere",
    {
      warning: "Food, fish market",
    },
  );
  const poll = await lev.write("When do we meet?", {
    poll: ["Friday", "Saturday, unless the wind is above six", "Not at all"],
  });
  const quote = await ines.quote(poll, "Saturday, I hope.");
  open.push(poll, quote);
  own.push(poll, quote, `/parleys/${quote.split("/").at(-1)}/policy`, `/write?quote=${poll.split("/").at(-1)}`);
  await ines.go(thread);
  await ines.page.fill(
    "#f-text",
    "@lev Keep two for me, will you? averylongwordthatgoesonandonandonwithoutanyspacebetweenitspartsuntiltheend",
  );
  await ines.press("Answer");
  await ines.go("/@lev");
  await ines.press("Follow");
  await ines.go("/settings/filters");
  await ines.page.fill("#f-title", "Fish");
  await ines.page.fill("#f-words", "mackerel");
  await ines.press("Make it");
  own.push(await toChange());
  await ines.go("/community/announcements");
  await ines.page.fill("#f-text", "Tea at four, in the net loft.");
  await ines.press("Announce it");
  own.push(await toChange());
  await ines.go("/lists");
  await ines.page.fill("#f-title", "Fishmongers and other people who are up before the sun");
  await ines.press("Make it");
  list = new URL(ines.page.url()).pathname.replace("/people", "");
  await ines.go("/@lev");
  await ines.menu("Lists");
  person = new URL(ines.page.url()).pathname;
  await ines.page.check("input[type=checkbox]");
  await ines.press("Save");
  await ines.press("Favourite");
  await ines.press("Bookmark");
  const talk = await letter("@ines Is the north basin free on Friday? My brother comes with the long boat.");
  await ines.go(talk);
  await ines.page.fill("#f-text", "@lev It is, from noon on.");
  await ines.press("Answer");
  await letter("@ines And whom do I ask about the crane?");
  own.push("/conversations", talk);
  await lev.go("/@ines");
  await lev.press("Follow");
  await lev.press("Echo");
  await lev.menu("Report");
  await lev.page.fill("#f-comment", "Only to see what a report looks like.");
  await lev.press("Report");
}

before(async () => {
  axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
  server = await startServer();
  browser = await openBrowser();
  ines = await Person.come(browser, server, "ines");
  lev = await Person.come(browser, server, "lev");
  await ines.go(server.log.match(/\/setup\/[\w-]+/)?.[0] ?? "/no-setup-link");
  await ines.page.fill("#f-username", ines.name);
  await ines.page.fill("#f-email", ines.email);
  await ines.page.fill("#f-password", ines.password);
  await ines.press("Become the owner");
  await lev.join();
  await settle();
  await eventually("home shows both", async () => {
    await ines.go("/home");
    return (await ines.page.locator("article").count()) >= 2;
  });
  await eventually("the server has figures of itself", async () => {
    await ines.go("/server");
    return (await ines.page.locator("svg.plot").count()) > 5;
  });
  await ines.go("/moderation/reports");
  const report = (await ines.page.locator("ul.card-list a").first().getAttribute("href")) ?? "/no-report";
  open.push(
    "/@ines",
    "/@lev",
    "/@lev/with_replies",
    "/@lev/media",
    "/@lev/followers",
    "/@ines/following",
    "/tags/harbour",
    thread,
  );
  own.push(list, `${list}/people`, `${list}/edit`, person);
  own.push("/@ines", "/@lev", thread, `${thread}/favourites`, `/write?reply=${thread.split("/").at(-1)}`, report);
  const [, , mine] = new URL((await ines.page.goto(`${server.url}/@ines`))?.url() ?? "").pathname.split("/");
  assert.equal(mine, undefined);
  const first = (await ines.page.locator("article a.when").first().getAttribute("href")) ?? "";
  const levs = /\/people\/(\d+)\/do/.exec((await (await ines.go("/@lev"))?.text()) ?? "")?.[1];
  own.push(`/moderation/people/${levs}`, `/moderation/parleys/${thread.split("/").at(-1)}`);
  own.push(`/parleys/${first.split("/").at(-1)}/edit`, `/parleys/${first.split("/").at(-1)}/delete`);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

interface Finding {
  id: string;
  nodes: { target: string[]; html: string }[];
}

async function findings(page: Page): Promise<string[]> {
  const { violations } = (await page.evaluate(`${axe};axe.run(document, {resultTypes: ["violations"]})`)) as {
    violations: Finding[];
  };
  return violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html.slice(0, 120)).join(" | ")}`);
}

/** Buttons and links that stand alone, smaller than 40 by 40; but for those that only the Enter key presses. */
const SMALL = `[...document.querySelectorAll("button, a.btn, nav a, summary, select, input:not([type=hidden])")]
  .filter((e) => e.checkVisibility() && !e.classList.contains("skip") && e.ariaHidden !== "true")
  .map((e) => [e.outerHTML.slice(0, 80), (e.closest(".check") ?? e).getBoundingClientRect()])
  .filter(([, r]) => r.height < 39.5 || r.width < 24)
  .map(([html, r]) => html + " " + Math.round(r.width) + "x" + Math.round(r.height))`;

/** A label, a hint or a link that names an id means the first thing that has it. */
const TWICE = `[...document.querySelectorAll("[id]")].map((e) => e.id).filter((id, i, all) => all.indexOf(id) < i)`;
/** Tabs that stand beside the window: nothing says that there are more. */
const UNSEEN = `[...document.querySelectorAll(".tabs a")]
  .filter((e) => e.getBoundingClientRect().right > innerWidth)
  .map((e) => e.textContent)`;

async function look(page: Page, path: string, picture: string): Promise<string[]> {
  const foreign: string[] = [];
  const broken: string[] = [];
  page.removeAllListeners();
  page.on("request", (r) => {
    if (!r.url().startsWith(server.url) && !r.url().startsWith("data:")) foreign.push(r.url());
  });
  page.on("response", (r) => {
    if (r.status() >= 400 && path !== "/nothing-here") broken.push(`${r.status()} ${r.url()}`);
  });
  await page.goto(server.url + path);
  const wrong = await findings(page);
  const wide = (await page.evaluate("document.documentElement.scrollWidth - innerWidth")) as number;
  const small = (await page.evaluate(SMALL)) as string[];
  const twice = (await page.evaluate(TWICE)) as string[];
  const unseen = (await page.evaluate(UNSEEN)) as string[];
  if (shots !== undefined) await page.screenshot({ path: `${shots}/${picture}.png`, fullPage: false });
  return [
    ...wrong,
    ...(wide > 0 ? [`${wide} pixels too wide`] : []),
    ...small.map((s) => `small: ${s}`),
    ...twice.map((id) => `id twice: ${id}`),
    ...unseen.map((tab) => `out of sight: ${tab}`),
    ...foreign.map((u) => `from elsewhere: ${u}`),
    ...broken,
  ];
}

for (const [scheme, size, viewport, which] of [
  ["light", "1280", WIDE, /./],
  ["dark", "360", NARROW, /./],
  ["dark", "1280", WIDE, main],
  ["light", "360", NARROW, main],
] as const) {
  for (const who of ["strangers", "members"] as const) {
    test(`pages for ${who}, ${scheme}, at ${size} pixels`, async () => {
      if (shots !== undefined) await mkdir(shots, { recursive: true });
      const state = who === "members" ? await ines.context.storageState() : undefined;
      const context = await browser.newContext({
        bypassCSP: true, // axe is a script; the pages allow none
        viewport,
        colorScheme: scheme,
        ...(state === undefined ? {} : { storageState: state }),
      });
      const page = await context.newPage();
      const all: string[] = [];
      const paths = (who === "members" ? own : open).filter((path) => which.test(path));
      assert.ok(paths.length > 2, "the expression finds what it is for");
      for (const path of paths) {
        const name = `${who}${path.replace(/\W+/g, "_").replace(/\d{6,}/g, "N")}-${size}-${scheme}`;
        for (const found of await look(page, path, name)) all.push(`${path}: ${found}`);
      }
      await context.close();
      assert.deepEqual(all, []);
    });
  }
}

test("no page lets anything run or load from elsewhere", async () => {
  for (const path of ["/", "/sign-up", "/@ines", "/nothing-here"]) {
    const reply = await server.fetch(path);
    const policy = reply.headers.get("content-security-policy") ?? "";
    assert.match(
      policy,
      /^default-src 'none'; style-src 'self'; img-src 'self' data:; media-src 'self'; form-action 'self'/,
    );
    assert.doesNotMatch(await reply.text(), /<script(?! type="application\/ld\+json")| on\w+=|style="/);
  }
});

test("a page of twenty parleys fits into 14 kB, the style sheet into 12", async () => {
  const { gzipSync } = await import("node:zlib");
  for (let i = 0; i < 20; i++) await lev.write(`Number ${i}: the wind turns, and the boats with it. #wind${i}`);
  const page = await (await server.fetch("/local")).text();
  assert.equal(page.match(/<article/g)?.length, 20);
  assert.ok(gzipSync(page).length < 14_000, `${gzipSync(page).length} bytes`);
  const css = await server.fetch(page.match(/\/assets\/style\.[^"]+/)?.[0] ?? "/no-style");
  assert.match(css.headers.get("cache-control") ?? "", /immutable/);
  assert.ok(gzipSync(await css.text()).length < 12_000);
});
