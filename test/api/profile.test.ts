// SPDX-License-Identifier: Apache-2.0
// The profile as its member edits it: GET and PATCH of /api/v1/profile, descriptions of pictures, tabs, sites that may name
// the member as author, and the people whom a bio names.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ask, type Json, must } from "../lib/http.ts";
import { png } from "../lib/png.ts";
import { type Member, type Server, startServer } from "../lib/server.ts";
import { Visitor } from "../lib/visitor.ts";

let server: Server;
let anna: Member;
let ben: Member;
before(async () => {
  server = await startServer();
  [anna, ben] = (await server.members("anna", "ben")) as [Member, Member];
});
after(() => server?.stop());

const get = (who: Member): Promise<Json> => must(server, "GET", "/api/v1/profile", { token: who.token });
type Form = Record<string, string> | [string, string][];
const patch = (who: Member, form: Form, method = "PATCH") =>
  ask(server, method, "/api/v1/profile", { token: who.token, form });

test("a new profile has no pictures and shows everything", async () => {
  const p = await get(ben);
  assert.deepEqual(
    [p.id, p.display_name, p.note, p.fields, p.avatar, p.avatar_static, p.header, p.header_static],
    [ben.id, "", "", [], null, null, null, null],
  );
  assert.deepEqual([p.avatar_description, p.header_description], ["", ""]);
  assert.deepEqual([p.show_media, p.show_media_replies, p.show_featured], [true, true, true]);
  assert.deepEqual([p.attribution_domains, p.featured_tags], [[], []]);
});

test("what is sent changes, what is not stays; PUT is PATCH", async () => {
  const first = await patch(anna, {
    display_name: "Anna",
    note: "I <3 boats",
    avatar_description: "Anna in a boat",
    show_media: "false",
    show_featured: "0",
    "fields_attributes[0][name]": "Boat",
    "fields_attributes[0][value]": "https://harbour.example",
  });
  assert.equal(first.status, 200, first.text);
  assert.deepEqual([first.json.note, first.json.show_media, first.json.show_featured], ["I <3 boats", false, false]);
  assert.deepEqual(first.json.fields, [{ name: "Boat", value: "https://harbour.example", verified_at: null }]);
  const second = await patch(anna, { header_description: "the sea", show_media: "true" }, "PUT");
  assert.deepEqual(
    [second.json.display_name, second.json.avatar_description, second.json.header_description, second.json.show_media],
    ["Anna", "Anna in a boat", "the sea", true],
  );
  assert.deepEqual(await get(anna), second.json);
  const seen = await must(server, "GET", `/api/v1/accounts/${anna.id}`);
  assert.deepEqual(
    [seen.avatar_description, seen.header_description, seen.show_media, seen.show_featured],
    ["Anna in a boat", "the sea", true, false],
  );
});

test("pictures come and go", async () => {
  const multipart = new FormData();
  multipart.set("avatar", new Blob([png(40, 40, [9, 9, 9])], { type: "image/png" }), "a.png");
  const set = await ask(server, "PATCH", "/api/v1/profile", { token: anna.token, multipart });
  assert.match(set.json.avatar, /\/media\/.*\.webp$/);
  assert.equal((await ask(server, "DELETE", "/api/v1/profile/avatar", { token: anna.token })).status, 200);
  assert.equal((await get(anna)).avatar, null);
});

test("sites that may name the member as author", async () => {
  const names = ["https://News.Example/", "blog.example"].map((d): [string, string] => ["attribution_domains[]", d]);
  assert.deepEqual((await patch(anna, names)).json.attribution_domains, ["news.example", "blog.example"]);
  const me = await must(server, "GET", "/api/v1/accounts/verify_credentials", { token: anna.token });
  assert.deepEqual(me.source.attribution_domains, ["news.example", "blog.example"]);
  assert.deepEqual((await patch(anna, [["attribution_domains[]", ""]])).json.attribution_domains, []);
});

test("what is wrong is refused, field by field", async () => {
  const many = Array.from({ length: 11 }, (_, i): [string, string] => ["attribution_domains[]", `d${i}.example`]);
  for (const [form, field] of [
    [{ note: "x".repeat(501) }, "note"],
    [{ display_name: "x".repeat(31) }, "display_name"],
    [{ avatar_description: "x".repeat(1501) }, "avatar_description"],
    [{ "attribution_domains[]": "no site at all" }, "attribution_domains"],
    [many, "attribution_domains"],
  ] as [Form, string][]) {
    const reply = await patch(anna, form);
    assert.equal(reply.status, 422, JSON.stringify(form));
    assert.ok(reply.json.details[field], reply.text);
  }
});

test("who has no token, or one for something else, is refused", async () => {
  assert.equal((await ask(server, "GET", "/api/v1/profile")).status, 401);
  const push = await server.signIn(anna, "push");
  assert.equal((await ask(server, "GET", "/api/v1/profile", { token: push })).status, 403);
  assert.equal((await ask(server, "PATCH", "/api/v1/profile", { token: push, form: { note: "x" } })).status, 403);
  const profile = await server.signIn(anna, "profile");
  assert.equal((await ask(server, "GET", "/api/v1/profile", { token: profile })).status, 200);
});

test("a bio and its fields link the people whom they name, in apps and on pages", async () => {
  const form = {
    note: "Sails with @ben and @nobody",
    "fields_attributes[0][name]": "Crew",
    "fields_attributes[0][value]": "@ben",
  };
  await patch(anna, form);
  const link = `<a href="${server.url}/@ben" class="u-url mention">@<span>ben</span></a>`;
  const seen = await must(server, "GET", `/api/v1/accounts/${anna.id}`);
  assert.ok(seen.note.includes(link), seen.note);
  assert.ok(seen.note.includes("@nobody") && !seen.note.includes("/@nobody"));
  assert.ok(seen.fields[0].value.includes(link), seen.fields[0].value);
  const html = (await new Visitor(server).get("/@anna")).html;
  assert.equal(html.split('class="u-url mention">@<span>ben').length - 1, 2);
  await must(server, "POST", `/api/v1/accounts/${anna.id}/block`, { token: ben.token });
  const again = await patch(anna, form);
  assert.equal(again.status, 200);
  assert.ok(!(await must(server, "GET", `/api/v1/accounts/${anna.id}`)).note.includes(link), "not who blocks them");
});

test("the member does the same by page, and the page keeps to it", async () => {
  const v = new Visitor(server);
  await v.signIn(await v.get("/sign-in"), anna);
  const at = "/settings/profile";
  const form = await v.get(at);
  const saved = await v.upload(form, at, {
    display_name: "Anna of the page",
    note: "",
    avatar_text: "a face",
    domains: "press.example\n",
  });
  assert.match(saved.html, /Anna of the page/);
  const p = await get(anna);
  assert.deepEqual(
    [p.avatar_description, p.attribution_domains, p.show_media, p.show_media_replies],
    ["a face", ["press.example"], false, false],
  );
  const html = (await new Visitor(server).get("/@anna")).html;
  assert.match(html, /alt="a face"/);
  assert.doesNotMatch(html, /\/@anna\/media"/);
});

test("identity proofs are an empty list, of whom one may see", async () => {
  const of = (id: string) => ask(server, "GET", `/api/v1/accounts/${id}/identity_proofs`, { token: anna.token });
  assert.deepEqual((await of(anna.id)).json, []);
  assert.equal((await of("12345")).status, 404);
});
