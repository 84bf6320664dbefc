// SPDX-License-Identifier: Apache-2.0
// Translation by a service of the operator's: what is asked of it and what never is, what is kept, and what happens when
// it does not do its work.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ask, type Json, must } from "../lib/http.ts";
import { png } from "../lib/png.ts";
import { type Member, type Server, startServer } from "../lib/server.ts";
import { TranslationService } from "../lib/translation_service.ts";
import { Visitor } from "../lib/visitor.ts";

let service: TranslationService;
let server: Server;
let plain: Server;
let anna: Member;
let ben: Member;
before(async () => {
  service = await TranslationService.start();
  server = await startServer({ settings: { translate_url: service.url, translate_key: "secret-key" } });
  plain = await startServer();
  [anna, ben] = (await server.members("anna", "ben")) as [Member, Member];
});
after(async () => {
  await server?.stop();
  await plain?.stop();
  await service?.stop();
});

type Form = Record<string, string> | [string, string][];
const write = (form: Form): Promise<Json> => must(server, "POST", "/api/v1/statuses", { token: anna.token, form });
const translate = (id: string, lang?: string, who = ben) =>
  ask(server, "POST", `/api/v1/statuses/${id}/translate`, {
    token: who.token,
    form: lang === undefined ? {} : { lang },
  });

test("languages are listed, asked once, and said by the instance", async () => {
  const languages = await must(server, "GET", "/api/v1/instance/translation_languages");
  assert.deepEqual(languages, { en: ["de", "es"], de: ["en"] });
  await must(server, "GET", "/api/v1/instance/translation_languages");
  assert.equal(service.languages, 1);
  const instance = await must(server, "GET", "/api/v2/instance");
  assert.deepEqual(instance.configuration.translation, { enabled: true });
});

test("text, warning, options and descriptions come translated; mentions and links stay links", async () => {
  const multipart = new FormData();
  multipart.set("file", new Blob([png(30, 30, [5, 5, 5])], { type: "image/png" }), "a.png");
  multipart.set("description", "red boat");
  const media = await must(server, "POST", "/api/v1/media", { token: anna.token, multipart });
  const s = await write({ status: "hello <b> @ben", spoiler_text: "warm", language: "en", "media_ids[]": media.id });
  const { status, json } = await translate(s.id, "de");
  assert.equal(status, 200, JSON.stringify(json));
  assert.match(json.content, /^<p>olleh &lt;b&gt; @neb<\/p>$/);
  assert.deepEqual(
    [json.spoiler_text, json.language, json.detected_source_language, json.provider, json.poll],
    ["mraw", "de", "en", "LibreTranslate", null],
  );
  assert.deepEqual(json.media_attachments, [{ id: media.id, description: "der taob" }]);
  const asked = service.asked.at(-1);
  assert.deepEqual([asked?.source, asked?.target, asked?.format], ["en", "de", "text"]);
  const poll = await write([
    ["status", "which"],
    ["language", "en"],
    ["poll[options][]", "one"],
    ["poll[options][]", "two"],
    ["poll[expires_in]", "3600"],
  ]);
  const made = (await translate(poll.id, "de")).json;
  assert.deepEqual(made.poll, { id: poll.id, options: [{ title: "eno" }, { title: "owt" }] });
});

test("what was translated is kept, until the parley says something else", async () => {
  const s = await write({ status: "kept words", language: "en" });
  await translate(s.id, "de");
  const asked = service.asked.length;
  assert.equal((await translate(s.id, "de", anna)).json.content, "<p>tpek sdrow</p>");
  assert.equal(service.asked.length, asked, "asked once");
  await must(server, "PUT", `/api/v1/statuses/${s.id}`, { token: anna.token, form: { status: "other words" } });
  assert.equal((await translate(s.id, "de")).json.content, "<p>rehto sdrow</p>");
});

test("only what everybody may read is sent out", async () => {
  await must(server, "POST", `/api/v1/accounts/${anna.id}/follow`, { token: ben.token });
  const before = service.asked.length;
  for (const visibility of ["private", "direct"]) {
    const s = await write({ status: "@ben secret", visibility, language: "en" });
    assert.equal((await translate(s.id, "de")).status, 403, visibility);
  }
  const hidden = await write({ status: "hidden", visibility: "private", language: "en" });
  await must(server, "POST", `/api/v1/accounts/${anna.id}/unfollow`, { token: ben.token });
  assert.equal((await translate(hidden.id, "de")).status, 404);
  const held = await write({ status: "held", language: "en" });
  await server.command("status", "hold", held.id, "--reason", "a look");
  assert.equal((await translate(held.id, "de", anna)).status, 403);
  assert.equal(service.asked.length, before);
});

test("languages that it does not know, and no language at all, are refused", async () => {
  const s = await write({ status: "unwanted", language: "en" });
  assert.equal((await translate(s.id, "ja")).status, 403);
  assert.equal((await translate(s.id, "not a language")).status, 422);
  assert.equal((await translate("12345", "de")).status, 404);
  assert.equal((await ask(server, "POST", `/api/v1/statuses/${s.id}/translate`)).status, 401);
});

test("without a service there is nothing", async () => {
  const carl = await plain.member("carl");
  const s = await must(plain, "POST", "/api/v1/statuses", { token: carl.token, form: { status: "alone" } });
  const reply = await ask(plain, "POST", `/api/v1/statuses/${s.id}/translate`, { token: carl.token });
  assert.deepEqual([reply.status, reply.json], [404, { error: "Not Found" }]);
  assert.deepEqual(await must(plain, "GET", "/api/v1/instance/translation_languages"), {});
  const instance = await must(plain, "GET", "/api/v2/instance");
  assert.deepEqual(instance.configuration.translation, { enabled: false });
});

test("a member translates by page", async () => {
  const s = await write({ status: "page words", language: "en" });
  const v = new Visitor(server);
  await v.signIn(await v.get("/sign-in"), ben);
  const page = await v.get(`/@anna/${s.id}`);
  assert.match(page.html, /formaction="\/parleys\/\d+\/translate"/);
  const made = await v.submit(page, `/parleys/${s.id}/do`, { lang: "de" }, `/parleys/${s.id}/translate`);
  assert.match(made.html, /egap sdrow/);
  assert.match(made.html, /LibreTranslate, a machine/);
  assert.doesNotMatch((await new Visitor(server).get(`/@anna/${s.id}`)).html, /\/translate"/);
});

test("masto translates", async () => {
  const s = await write({ status: "masto words", language: "en" });
  const made = await ben.client.v1.statuses.$select(s.id).translate({ lang: "de" });
  assert.equal(made.content, "<p>otsam sdrow</p>");
});

// Last: after a failure the service is left alone for half a minute, which only a restart ends.
for (const mood of ["broken", "garbled", "short", "large"] as const) {
  test(`a service that is ${mood} is unavailable, and left alone for a while`, async () => {
    const s = await write({ status: `mood ${mood}`, language: "en" });
    service.mood = mood;
    const reply = await translate(s.id, "de");
    assert.equal(reply.status, 503, reply.text);
    assert.ok(Number(reply.headers.get("retry-after")) > 0);
    const asked = service.asked.length;
    service.mood = "well";
    assert.equal((await translate(s.id, "de")).status, 503);
    assert.equal(service.asked.length, asked, "not asked again at once");
    await server.halt();
    await server.start();
    assert.equal((await translate(s.id, "de")).status, 200);
  });
}
