// SPDX-License-Identifier: Apache-2.0
// A parley's address becomes a quotation on other sites, for whoever could read it anyway.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ask, type Json, must } from "../lib/http.ts";
import { type Member, type Server, startServer } from "../lib/server.ts";

let server: Server;
let ada: Member;
before(async () => {
  server = await startServer();
  ada = await server.member("ada");
});
after(() => server?.stop());

const post = (status: string, more: Record<string, string> = {}): Promise<Json> =>
  must(server, "POST", "/api/v1/statuses", { token: ada.token, form: { status, ...more } });
const embed = (url: string, more = "", token?: string) =>
  ask(server, "GET", `/api/oembed?url=${encodeURIComponent(url)}${more}`, { token });

test("a public parley is quoted with its author", async () => {
  const status = await post("Tea & <b>cake</b>\n\n#tea");
  for (const url of [status.url, status.uri]) {
    const { json } = await embed(url);
    assert.deepEqual([json.type, json.version, json.width, json.height], ["rich", "1.0", 400, null]);
    assert.deepEqual([json.author_name, json.author_url, json.provider_url], ["ada", status.account.url, server.url]);
    assert.ok(json.html.startsWith(`<blockquote cite="${status.url}">${status.content}<footer>`), json.html);
    assert.doesNotMatch(json.html, /<b>|<script|<iframe/);
  }
  assert.equal((await embed(status.url, "&maxwidth=300")).json.width, 300);
  assert.equal((await embed(status.url, "&maxwidth=99999")).json.width, 1000);
});

test("what stands behind a warning stays behind it", async () => {
  const { url } = await post("the butler", { spoiler_text: "The end of the book" });
  const { json } = await embed(url);
  assert.match(json.html, /The end of the book/);
  assert.doesNotMatch(json.html, /butler/);
});

test("what strangers may not read is not there, whoever asks", async () => {
  const hidden = await post("for followers", { visibility: "private" });
  const gone = await post("gone");
  await must(server, "DELETE", `/api/v1/statuses/${gone.id}`, { token: ada.token });
  const seen = await post("here");
  const wrong = [
    hidden.url,
    gone.url,
    seen.url.replace("@ada", "@eve"),
    `${seen.url}/history`,
    seen.id,
    "",
    "/",
    "x/y",
  ];
  wrong.push(seen.url.replace(server.url, "https://elsewhere.example"));
  for (const url of wrong) assert.equal((await embed(url, "", ada.token)).status, 404, url);
});

test("the parley's page says where", async () => {
  const { url } = await post("found by others");
  const page = await (await fetch(url)).text();
  const href = /<link rel="?alternate"? href="?([^" >]+)"? type="?application\/json\+oembed/.exec(page)?.[1];
  assert.ok(href !== undefined, page.slice(0, 3000));
  const reply = await fetch(new URL(href.replaceAll("&amp;", "&"), url));
  assert.equal(((await reply.json()) as Json).author_name, "ada");
});
