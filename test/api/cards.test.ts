// SPDX-License-Identifier: Apache-2.0
// Link cards: a page is fetched once for all parleys that link to it; what is no page, or says nothing, gives none.
import assert from "node:assert/strict";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { createServer, type Server as Web } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, test } from "node:test";
import { ask, type Json, must } from "../lib/http.ts";
import { noise, png } from "../lib/png.ts";
import { type Member, type Server, startServer } from "../lib/server.ts";
import { eventually } from "../lib/wait.ts";

let server: Server;
let anna: Member;
let web: Web;
let origin: string;
const asked: string[] = [];
type Page = { type?: string; body: string | Uint8Array; status?: number; location?: string };
const PAGES: Record<string, Page> = {
  "/graph": {
    body: `<html lang="en-GB"><head><title>plain</title><meta property="og:title" content="The &lt;b&gt; tide">
      <meta property="og:description" content="  when\n it  turns "><meta property="og:site_name" content="Harbour"></head>`,
  },
  "/byline": {
    body: '<title>News</title><meta name="author" content="Somebody"><meta name="fediverse:creator" content="@anna">',
  },
  "/byline2": { body: '<title>News</title><meta name="fediverse:creator" content="@nobody">' },
  "/plain": { body: "<title>Only a title</title><script>var x = '<title>no</title>'</script>" },
  "/moved": { status: 302, location: "/plain", body: "" },
  "/picture": { type: "image/png", body: "<title>not a page</title>" },
  "/empty": { body: "<p>nothing" },
  "/large": { body: `<title>large</title>${"x".repeat(600_000)}` },
};

before(async () => {
  web = createServer((q, r) => {
    const path = q.url ?? "";
    const page = PAGES[path];
    asked.push(path);
    const headers = { "Content-Type": page?.type ?? "text/html; charset=utf-8", Location: page?.location ?? "/" };
    r.writeHead(page?.status ?? (page === undefined ? 404 : 200), headers).end(page?.body ?? "");
  }).listen(0, "127.0.0.1");
  await once(web, "listening");
  origin = `http://127.0.0.1:${(web.address() as AddressInfo).port}`;
  server = await startServer({ settings: { media_cache_mib: "1" } });
  [anna] = await server.members("anna");
});
after(async () => {
  web?.close();
  await server?.stop();
});

const say = async (status: string): Promise<string> =>
  (await must(server, "POST", "/api/v1/statuses", { token: anna.token, form: { status } })).id;
const card = (id: string): Promise<Json> => must(server, "GET", `/api/v1/statuses/${id}/card`);

test("a page's own words become a card, once for all who link to it", async () => {
  const id = await say(`look: ${origin}/graph and ${origin}/plain`);
  await eventually("the card is there", async () => (await card(id)).title !== undefined);
  const found = await card(id);
  assert.deepEqual(
    [found.url, found.title, found.description, found.provider_name, found.type, found.language],
    [`${origin}/graph`, "The <b> tide", "when it turns", "Harbour", "link", "en"],
  );
  const again = await say(`again ${origin}/graph`);
  assert.equal((await must(server, "GET", `/api/v1/statuses/${again}`)).card.title, "The <b> tide");
  const last = await say(`${origin}/moved`);
  await eventually("the next is there", async () => (await card(last)).title === "Only a title");
  assert.deepEqual(asked, ["/graph", "/moved", "/plain"]);
});

test("what is no page, says nothing or is too large has none", async () => {
  for (const path of ["/picture", "/empty", "/large", "/missing"]) {
    const id = await say(`${origin}${path}`);
    await eventually(`${path} is asked for`, async () => asked.includes(path));
    assert.deepEqual(await card(id), {});
  }
});

test("an operator can switch them off", async () => {
  await server.command("setting", "set", "link_cards", "off");
  const id = await say(`${origin}/off`);
  await server.command("setting", "set", "link_cards", "on");
  const later = await say(`${origin}/on`);
  await eventually("a later one is asked for", async () => asked.includes("/on"));
  assert.equal(asked.includes("/off"), false);
  assert.deepEqual([await card(id), await card(later)], [{}, {}]);
});

const picture = (width: number, height: number): Page => ({
  type: "image/png",
  body: png(width, height, [20, 90, 60]),
});
const withHead = (head: string, title = "A page"): Page => ({ body: `<html><head><title>${title}</title>${head}` });
const graph = (at: string): string => `<meta property="og:image" content="${at}">`;

async function cardOf(path: string, page: Page): Promise<Json> {
  PAGES[path] = page;
  const id = await say(`${origin}${path}`);
  await eventually(`${path} has a card`, async () => (await card(id)).title !== undefined);
  return { ...(await card(id)), status: id };
}

async function pictureFiles(): Promise<string[]> {
  const all = await readdir(`${server.data}/media/cards`, { recursive: true }).catch(() => []);
  return all.filter((f) => f.endsWith(".webp"));
}

test("a page's picture is made anew, kept once and served by this server", async () => {
  PAGES["/img/tide.png"] = picture(1200, 630);
  const found = await cardOf(
    "/news/one",
    withHead(`${graph("../img/tide.png")}<meta name="og:image:alt" content="Low tide">`),
  );
  assert.deepEqual([found.width, found.height, found.image_description], [640, 336, "Low tide"]);
  assert.match(found.image, new RegExp(`^${server.url}/media/cards/[0-9a-f]{64}[.]webp$`));
  assert.match(found.blurhash, /^[\x21-\x7e]{20,}$/);
  const file = await fetch(found.image);
  assert.deepEqual(
    [file.status, file.headers.get("content-type"), file.headers.get("cache-control")],
    [200, "image/webp", "public, max-age=31536000, immutable"],
  );
  const bytes = Buffer.from(await file.arrayBuffer());
  assert.equal(bytes.subarray(8, 12).toString(), "WEBP");
  const other = await cardOf("/news/two", withHead(graph(`${origin}/img/tide.png`)));
  assert.equal(other.image, found.image, "the same picture is one file");
  assert.equal((await pictureFiles()).length, 1);
  const page = await (await fetch(`${server.url}/@anna/${found.status}`)).text();
  const path = new URL(found.image).pathname;
  assert.match(page, new RegExp(`<img src="[^"]*${path}" alt="Low tide" width="640" height="336" loading="lazy">`));
  assert.equal((await must(server, "GET", `/api/v1/statuses/${found.status}`)).card.image, found.image);
});

test("what is no picture, too small or not to be had leaves the card without", async () => {
  PAGES["/img/dot.png"] = picture(1, 1);
  PAGES["/img/page.png"] = { type: "image/png", body: "<svg onload=alert(1)>" };
  for (const at of ["/img/dot.png", "/img/page.png", "/img/missing.png", "javascript:alert(1)", "file:///etc/passwd"]) {
    const found = await cardOf(`/without/${encodeURIComponent(at)}`, withHead(graph(at)));
    assert.deepEqual(
      [found.image, found.width, found.height, found.blurhash, found.image_description],
      [null, 0, 0, null, ""],
      at,
    );
  }
});

test("twitter's names, author, language and date are read", async () => {
  PAGES["/img/bird.png"] = picture(300, 500);
  const found = await cardOf(
    "/bird",
    withHead(`<meta name="twitter:image" content="/img/bird.png"><meta name="twitter:description" content="short">
      <meta name="author" content="Ada"><meta property="article:published_time" content="2026-03-04T05:06:07+01:00">
      <meta property="og:locale" content="pt_BR">`),
  );
  assert.deepEqual(
    [
      found.width,
      found.height,
      found.description,
      found.author_name,
      found.language,
      found.published_at,
      found.authors,
    ],
    [300, 500, "short", "Ada", "pt", "2026-03-04T04:06:07.000Z", [{ name: "Ada", url: "", account: null }]],
  );
});

const oembed = (path: string): string =>
  `<link rel="alternate" type="application/json+oembed" href="${path}"><meta name="author" content="nobody">`;
const json = (o: Json): Page => ({ type: "application/json", body: JSON.stringify(o) });

test("oEmbed says who made it; its HTML and its scripts are not taken", async () => {
  PAGES["/img/film.png"] = picture(480, 360);
  PAGES["/oembed/film?a=1&b=2"] = json({
    version: "1.0",
    type: "video",
    title: "The film",
    author_name: "Lumi\u00e8re",
    author_url: "https://films.example/lumiere",
    provider_name: "Films",
    provider_url: "javascript:alert(1)",
    thumbnail_url: `${origin}/img/film.png`,
    html: "<iframe src=https://films.example></iframe>",
  });
  const found = await cardOf("/film", withHead(oembed("/oembed/film?a=1&amp;b=2")));
  assert.deepEqual(
    [found.type, found.title, found.author_name, found.author_url, found.provider_name, found.provider_url, found.html],
    ["link", "The film", "Lumière", "https://films.example/lumiere", "Films", "", ""],
  );
  assert.deepEqual([found.width, found.height, found.embed_url], [480, 360, ""]);
  assert.equal(JSON.stringify(found).includes("iframe"), false);
});

test("a photo of oEmbed is a photo; what is no document of oEmbed changes nothing", async () => {
  PAGES["/img/photo.png"] = picture(800, 600);
  PAGES["/oembed/photo"] = json({ version: "1.0", type: "photo", url: "/img/photo.png", title: "A photo" });
  const photo = await cardOf("/photo", withHead(oembed("/oembed/photo")));
  assert.deepEqual([photo.type, photo.title, photo.width, photo.embed_url], ["photo", "A photo", 640, photo.image]);
  PAGES["/oembed/broken"] = { type: "application/json", body: "{" };
  PAGES["/oembed/array"] = json([1]);
  PAGES["/oembed/wrong"] = json({ type: 1, title: { a: 1 }, author_name: null, thumbnail_url: 7 });
  PAGES["/oembed/large"] = json({ title: "x".repeat(70_000) });
  for (const name of ["broken", "array", "wrong", "large"]) {
    const found = await cardOf(`/with/${name}`, withHead(oembed(`/oembed/${name}`), name));
    assert.deepEqual([found.type, found.title, found.author_name], ["link", name, "nobody"]);
  }
});

test("a card can be forgotten; its picture leaves no file unless another card has it", async () => {
  PAGES["/img/shared.png"] = picture(320, 200);
  const one = await cardOf("/shared/one", withHead(graph("/img/shared.png")));
  const two = await cardOf("/shared/two", withHead(graph("/img/shared.png")));
  assert.equal(one.image, two.image);
  await server.command("card", "forget", one.url);
  assert.deepEqual(await card(one.status), {});
  assert.equal((await fetch(two.image)).status, 200);
  const before = (await pictureFiles()).length;
  await server.command("card", "forget", two.url);
  assert.equal((await fetch(two.image)).status, 404);
  assert.equal((await pictureFiles()).length, before - 1);
});

test("pictures keep to the budget; a card whose picture went has none, and fetches it again", async () => {
  const cards: Json[] = [];
  for (let i = 0; i < 8; i++) {
    PAGES[`/noise/${i}.png`] = { type: "image/png", body: noise(640, 640, i + 1) };
    cards.push(await cardOf(`/noise/${i}`, withHead(graph(`/noise/${i}.png`))));
  }
  await server.command("media", "trim");
  const usage = await server.command("media", "usage");
  assert.ok(usage.disk.cached_bytes <= 1024 * 1024, JSON.stringify(usage.disk));
  const now = await Promise.all(cards.map((c) => card(c.status)));
  const gone = now.findIndex((c) => c.image === null);
  assert.ok(gone >= 0 && now.some((c) => c.image !== null), "some went, some stayed");
  assert.deepEqual([now[gone].title, now[gone].width, now[gone].blurhash], ["A page", 0, null]);
  const was = asked.filter((path) => path === `/noise/${gone}`).length;
  const again = await say(`again ${origin}/noise/${gone}`);
  await eventually("it is fetched again", async () => asked.filter((path) => path === `/noise/${gone}`).length > was);
  await eventually("the picture is back", async () => (await card(again)).image !== null);
});

test("addresses of pictures that are none are not found", async () => {
  for (const file of ["x.webp", `${"0".repeat(64)}.webp`, `${"0".repeat(64)}.png`, "..%2f..%2fparley.db"])
    assert.equal((await ask(server, "GET", `/media/cards/${file}`)).status, 404, file);
});

test("a page names a member as author, if the member lets its site do so", async () => {
  const at = origin.replace("127.0.0.1", "localhost");
  const first = await say(`news: ${origin}/byline`);
  await eventually("the card is there", async () => (await card(first)).title === "News");
  assert.deepEqual((await card(first)).authors, [{ name: "Somebody", url: "", account: null }], "nobody asked anna");
  const form = { "attribution_domains[]": "localhost", display_name: "Anna B" };
  const mine = await must(server, "PATCH", "/api/v1/profile", { token: anna.token, form });
  assert.deepEqual(mine.attribution_domains, ["localhost"]);
  const second = await say(`news: ${at}/byline`);
  await eventually("the card is there", async () => (await card(second)).title === "News");
  const [author] = (await card(second)).authors;
  assert.deepEqual([author.name, author.url], ["Anna B", `${server.url}/@anna`]);
  const third = await say(`news: ${at}/byline2`);
  await eventually("the card is there", async () => (await card(third)).title === "News");
  assert.deepEqual((await card(third)).authors, []);
});
