// SPDX-License-Identifier: Apache-2.0
// Profiles: one's own and how others find it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ask, type Json, must } from "../lib/http.ts";
import { png } from "../lib/png.ts";
import { type Member, type Server, startServer } from "../lib/server.ts";

let server: Server;
let anna: Member;
let ben: Member;
before(async () => {
  server = await startServer();
  [anna, ben] = await server.members("anna", "ben");
});
after(() => server?.stop());

const UPDATE = "/api/v1/accounts/update_credentials";
const update = (form: Record<string, string> | [string, string][], who = anna): Promise<Json> =>
  must(server, "PATCH", UPDATE, { token: who.token, form });
const me = (who = anna): Promise<Json> =>
  must(server, "GET", "/api/v1/accounts/verify_credentials", { token: who.token });

test("verify_credentials is the account with source and role", async () => {
  const account = await me(ben);
  assert.equal(account.id, ben.id);
  assert.equal(account.acct, "ben");
  assert.equal(account.url, `${server.url}/@ben`);
  assert.equal(account.source.privacy, "public");
  assert.equal(account.source.sensitive, false);
  assert.equal(account.source.note, "");
  assert.deepEqual(account.source.fields, []);
  assert.equal(account.source.follow_requests_count, 0);
  assert.equal(typeof account.role.id, "string");
});

test("a form with nested names changes the profile", async () => {
  const account = await update({
    display_name: "Anna Ångström",
    note: "Hello https://example.org/ there",
    locked: "true",
    bot: "1",
    discoverable: "true",
    "source[privacy]": "unlisted",
    "source[sensitive]": "true",
    "source[language]": "sv",
    "fields_attributes[0][name]": "Home",
    "fields_attributes[0][value]": "Uppsala",
    "fields_attributes[1][name]": "Page",
    "fields_attributes[1][value]": "https://example.org/",
  });
  assert.equal(account.display_name, "Anna Ångström");
  assert.match(account.note, /^<p>Hello <a href="https:\/\/example\.org\/"/);
  assert.equal(account.source.note, "Hello https://example.org/ there");
  assert.deepEqual([account.locked, account.bot], [true, true]);
  assert.deepEqual(
    [account.source.privacy, account.source.sensitive, account.source.language],
    ["unlisted", true, "sv"],
  );
  assert.deepEqual(
    account.source.fields.map((f: Json) => [f.name, f.value]),
    [
      ["Home", "Uppsala"],
      ["Page", "https://example.org/"],
    ],
  );
  assert.match(account.fields[1].value, /<a href="https:\/\/example\.org\/"/);
  await update({ locked: "false", bot: "0", "source[privacy]": "public", "source[sensitive]": "0" });
});

test("JSON changes the profile", async () => {
  const json = {
    display_name: "Anna by JSON",
    source: { privacy: "private" },
    fields_attributes: [{ name: "a", value: "b" }],
  };
  const account = await must(server, "PATCH", UPDATE, { token: anna.token, json });
  assert.equal(account.display_name, "Anna by JSON");
  assert.equal(account.source.privacy, "private");
  assert.deepEqual(
    account.source.fields.map((f: Json) => [f.name, f.value]),
    [["a", "b"]],
  );
  await update({ "source[privacy]": "public" });
});

test("JSON fields may be an object with index keys, as masto sends them", async () => {
  const account = await anna.client.v1.accounts.updateCredentials({
    displayName: "Anna by masto",
    fieldsAttributes: [{ name: "one", value: "1" }],
  });
  assert.equal(account.displayName, "Anna by masto");
  assert.equal(account.source?.fields?.[0]?.name, "one");
});

test("what is not given stays", async () => {
  await update({ display_name: "Stays", note: "stays" });
  const account = await update({ bot: "false" });
  assert.deepEqual([account.display_name, account.source.note], ["Stays", "stays"]);
});

test("a blank name and note empty them", async () => {
  const account = await update({ display_name: "", note: "" });
  assert.deepEqual([account.display_name, account.note], ["", ""]);
});

test("an avatar sent as multipart is decoded, made anew and served as a picture", async () => {
  const multipart = new FormData();
  multipart.set("avatar", new Blob([png(40, 30, [200, 30, 30])], { type: "image/png" }), "me.png");
  multipart.set("header", new Blob([png(60, 20, [30, 30, 200])], { type: "image/png" }), "top.png");
  const before = await me();
  const account = await must(server, "PATCH", UPDATE, { token: anna.token, multipart });
  for (const key of ["avatar", "header"]) {
    assert.notEqual(account[key], before[key], key);
    const picture = await fetch(account[key]);
    assert.equal(picture.status, 200, account[key]);
    assert.match(picture.headers.get("Content-Type") ?? "", /^image\//);
    assert.equal(picture.headers.get("X-Content-Type-Options"), "nosniff");
    assert.match(picture.headers.get("Content-Security-Policy") ?? "", /sandbox|default-src 'none'/);
    assert.equal(picture.headers.get("Access-Control-Allow-Origin"), "*");
    assert.ok((await picture.arrayBuffer()).byteLength > 20);
  }
  assert.match(account.avatar_static, /^http/);
});

test("what is no picture is refused as an avatar", async () => {
  const multipart = new FormData();
  multipart.set("avatar", new Blob(["<svg onload=alert(1)>"], { type: "image/png" }), "me.png");
  const reply = await ask(server, "PATCH", UPDATE, { token: anna.token, multipart });
  assert.equal(reply.status, 422, reply.text);
});

test("DELETE profile/avatar and profile/header take the pictures away", async () => {
  const multipart = new FormData();
  multipart.set("avatar", new Blob([png(8, 8, [1, 2, 3])], { type: "image/png" }), "me.png");
  const has = await must(server, "PATCH", UPDATE, { token: ben.token, multipart });
  const dropped = await must(server, "DELETE", "/api/v1/profile/avatar", { token: ben.token });
  assert.notEqual(dropped.avatar, has.avatar);
  assert.equal((await must(server, "DELETE", "/api/v1/profile/header", { token: ben.token })).id, ben.id);
});

test("five fields are refused, as is a name of 31 graphemes", async () => {
  const five = Array.from({ length: 5 }, (_, i): [string, string][] => [
    [`fields_attributes[${i}][name]`, `n${i}`],
    [`fields_attributes[${i}][value]`, "v"],
  ]).flat();
  assert.equal((await ask(server, "PATCH", UPDATE, { token: anna.token, form: five })).status, 422);
  const form = { display_name: "x".repeat(200) };
  assert.equal((await ask(server, "PATCH", UPDATE, { token: anna.token, form })).status, 422);
});

test("a profile is HTML that cannot run", async () => {
  const account = await update({ note: '<script>alert(1)</script> <img src=x onerror="a()">' });
  assert.doesNotMatch(account.note, /<script|<img/i);
});

test("an account is there by id for everybody", async () => {
  assert.equal((await must(server, "GET", `/api/v1/accounts/${ben.id}`)).acct, "ben");
  assert.equal((await ask(server, "GET", "/api/v1/accounts/1")).status, 404);
});

test("accounts by ids come in the order asked, without those that are not there", async () => {
  const found = await must(server, "GET", `/api/v1/accounts?id[]=${ben.id}&id[]=1&id[]=${anna.id}`);
  assert.deepEqual(
    found.map((a: Json) => a.id),
    [ben.id, anna.id],
  );
});

for (const acct of ["ben", "@ben", "BEN", "ben@HOST", "@Ben@HOST"]) {
  test(`lookup finds ${acct}`, async () => {
    const asked = acct.replace("HOST", new URL(server.url).host);
    const found = await must(server, "GET", `/api/v1/accounts/lookup?acct=${encodeURIComponent(asked)}`);
    assert.equal(found.id, ben.id);
  });
}

test("lookup of nobody and of other servers is 404", async () => {
  for (const acct of ["nobody", "ben@elsewhere.example"]) {
    assert.equal((await ask(server, "GET", `/api/v1/accounts/lookup?acct=${acct}`)).status, 404, acct);
  }
});

test("counts follow what happens", async () => {
  const [cleo, dora] = await server.members("cleo", "dora");
  await cleo.client.v1.accounts.$select(dora.id).follow();
  await cleo.client.v1.statuses.create({ status: "counted" });
  const seen = await must(server, "GET", `/api/v1/accounts/${cleo.id}`);
  assert.deepEqual([seen.statuses_count, seen.following_count, seen.followers_count], [1, 1, 0]);
  assert.equal((await must(server, "GET", `/api/v1/accounts/${dora.id}`)).followers_count, 1);
  assert.match(seen.last_status_at, /^\d{4}-\d\d-\d\d$/);
});

test("preferences tell the defaults", async () => {
  await update({ "source[language]": "de" });
  const preferences = await must(server, "GET", "/api/v1/preferences", { token: anna.token });
  assert.equal(preferences["posting:default:visibility"], "public");
  assert.equal(preferences["posting:default:sensitive"], false);
  assert.equal(preferences["posting:default:language"], "de");
  assert.equal(preferences["reading:expand:media"], "default");
  assert.equal(preferences["reading:expand:spoilers"], false);
});

test("defaults hold for what is published without saying", async () => {
  const cleo = await server.member("defaulter");
  await update({ "source[privacy]": "private", "source[sensitive]": "true", "source[language]": "fr" }, cleo);
  const status = await must(server, "POST", "/api/v1/statuses", { token: cleo.token, form: { status: "bonjour" } });
  assert.deepEqual([status.visibility, status.sensitive, status.language], ["private", true, "fr"]);
});

test("a member who is confirmed gets no mail anew", async () => {
  assert.equal((await ask(server, "POST", "/api/v1/emails/confirmations", { token: anna.token })).status, 403);
});
