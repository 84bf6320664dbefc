// SPDX-License-Identifier: Apache-2.0
// Pictures on pages: previews are cut around what their author pointed at, link cards show theirs, and neither is wider than
// the window. With PARLEY_SHOTS=folder it leaves pictures there.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server as Web } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import { NARROW, openBrowser, Person, WIDE } from "../lib/browser.ts";
import { must } from "../lib/http.ts";
import { noise, png } from "../lib/png.ts";
import { type Member, type Server, startServer } from "../lib/server.ts";
import { eventually } from "../lib/wait.ts";

const shots = process.env.PARLEY_SHOTS;
let server: Server;
let browser: Browser;
let web: Web;
let anna: Member;

before(async () => {
  web = createServer((q, r) => {
    const picture = q.url === "/tide.png";
    r.writeHead(200, { "Content-Type": picture ? "image/png" : "text/html" });
    r.end(
      picture
        ? noise(640, 360, 7)
        : `<html lang="en"><title>The tide tables of the week</title><meta property="og:image" content="/tide.png">
           <meta property="og:description" content="High water a little after noon, all week."><meta name="author"
           content="The harbour office"><meta property="article:published_time" content="2026-08-03T06:00:00Z">`,
    );
  }).listen(0, "127.0.0.1");
  await once(web, "listening");
  server = await startServer();
  browser = await openBrowser();
  [anna] = await server.members("anna");
  const ids: string[] = [];
  for (const [i, focus] of ["-1.0,1.0", "0.0,0.0", "0.42,-0.9", "1.0,-1.0"].entries()) {
    const form = new FormData();
    form.append("file", new Blob([png(900, 300 + 100 * i, [40 * i, 90, 160])]), "a.png");
    form.append("focus", focus);
    form.append("description", `picture ${i + 1}`);
    ids.push((await must(server, "POST", "/api/v2/media", { token: anna.token, multipart: form })).id);
  }
  await must(server, "POST", "/api/v1/statuses", {
    token: anna.token,
    form: [["status", "Four of them"], ...ids.map((id): [string, string] => ["media_ids[]", id])],
  });
  const { port } = web.address() as AddressInfo;
  const { id } = await must(server, "POST", "/api/v1/statuses", {
    token: anna.token,
    form: { status: `The tables: http://127.0.0.1:${port}/` },
  });
  await eventually("the card has its picture", async () =>
    Boolean((await must(server, "GET", `/api/v1/statuses/${id}/card`)).image),
  );
});
after(async () => {
  await browser?.close();
  web?.close();
  await server?.stop();
});

for (const scheme of ["light", "dark"] as const) {
  for (const viewport of [NARROW, WIDE]) {
    test(`previews keep their focal point and cards their picture: ${scheme}, ${viewport.width}`, async () => {
      const page = await (await browser.newContext({ viewport, colorScheme: scheme })).newPage();
      await page.goto(`${server.url}/@anna`, { waitUntil: "networkidle" });
      const places = await page
        .locator(".media img")
        .evaluateAll((all) =>
          all.map((img) => [getComputedStyle(img).objectFit, getComputedStyle(img).objectPosition]),
        );
      assert.deepEqual(places, [
        ["cover", "0% 0%"],
        ["cover", "50% 50%"],
        ["cover", "70% 100%"],
        ["cover", "100% 100%"],
      ]);
      const card = page.locator("a.quote.link");
      await card.scrollIntoViewIfNeeded();
      await eventually("the card's picture is loaded", () =>
        card.locator("img").evaluate((img) => (img as HTMLImageElement).naturalWidth === 640),
      );
      assert.match(await card.innerText(), /tide tables.*noon.*The harbour office · 3 August 2026/s);
      assert.ok((await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)) <= 0, "too wide");
      if (shots !== undefined)
        await page.screenshot({ path: `${shots}/pictures-${scheme}-${viewport.width}.png`, fullPage: true });
      await page.context().close();
    });
  }
}

for (const scheme of ["light", "dark"] as const) {
  for (const viewport of [NARROW, WIDE]) {
    test(`a click on a picture in the form says what stays in sight: ${scheme}, ${viewport.width}`, async () => {
      const who = await Person.come(browser, server, "anna");
      const page = who.page;
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme: scheme });
      await who.go("/sign-in");
      await page.fill("#f-login", anna.username);
      await page.fill("#f-password", anna.password);
      await page.locator("form.sheet button").click();
      await who.go("/write");
      await page.fill("#f-text", "What I point at");
      await page.locator("details.extra summary").first().click();
      const file = { name: "a.png", mimeType: "image/png", buffer: Buffer.from(noise(900, 600, 3)) };
      await page.setInputFiles("#f-file_0", file);
      await who.press("Look at them first");
      const picture = page.locator(".point input");
      const box = await picture.boundingBox();
      assert.deepEqual([box?.width, box?.height], [240, 160]);
      await picture.click({ position: { x: 180, y: 16 } });
      assert.equal(await page.inputValue("#f-text"), "What I point at", "nothing is lost, nothing is published");
      const per = async () => [
        await page.getByLabel("Per cent from the left").inputValue(),
        await page.getByLabel("Per cent from the top").inputValue(),
      ];
      assert.deepEqual(await per(), ["75", "10"]);
      const dot = await page.locator(".aim").boundingBox();
      const now = await picture.boundingBox();
      assert.ok(dot && now && Math.abs(dot.x + 12 - now.x - 192) < 2 && Math.abs(dot.y + 12 - now.y - 16) < 2);
      assert.ok((await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)) <= 0, "too wide");
      if (shots !== undefined)
        await page.screenshot({ path: `${shots}/focus-${scheme}-${viewport.width}.png`, fullPage: true });
      await picture.press("Enter");
      assert.deepEqual(await per(), ["50", "50"], "without a pointer: the middle");
      await page.getByLabel("Per cent from the left").fill("0");
      await page.locator("#f-spoiler").press("Enter");
      assert.match(page.url(), /\/@anna\/\d+$/, "Enter publishes and moves no point");
      const id = page.url().split("/").at(-1);
      const { media_attachments } = await must(server, "GET", `/api/v1/statuses/${id}`);
      assert.deepEqual(media_attachments[0].meta.focus, { x: -1, y: 0 });
      await page.context().close();
    });
  }
}
