// SPDX-License-Identifier: Apache-2.0
// Link cards: a page is fetched once for all parleys that link to it; what is no page, or says nothing, gives none.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server as Web } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, test } from "node:test";
import { type Json, must } from "../lib/http.ts";
import { type Member, type Server, startServer } from "../lib/server.ts";
import { eventually } from "../lib/wait.ts";

let server: Server;
let anna: Member;
let web: Web;
let origin: string;
const asked: string[] = [];
const PAGES: Record<string, { type?: string; body: string; status?: number; location?: string }> = {
  "/graph": {
    body: `<html lang="en-GB"><head><title>plain</title><meta property="og:title" content="The &lt;b&gt; tide">
      <meta property="og:description" content="  when\n it  turns "><meta property="og:site_name" content="Harbour"></head>`,
  },
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
  server = await startServer();
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
