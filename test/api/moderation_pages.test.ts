// SPDX-License-Identifier: Apache-2.0
// The pages of moderators and the owner: who comes in, what may be done to whom, what is asked twice, and that it counts.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { ask, type Json, must } from "../lib/http.ts";
import { png } from "../lib/png.ts";
import { type Member, type Server, startServer } from "../lib/server.ts";
import { type Page, Visitor } from "../lib/visitor.ts";
import { eventually } from "../lib/wait.ts";

const source = readFileSync(new URL("../../src/pages/routes.c", import.meta.url), "utf8");
const rows = [...source.matchAll(/\{ HTTP_(\w+),\s*PAGE_(\w+),\s*"([^"]+)"/g)].map(([, method, who, path]) => ({
  method: method ?? "",
  who: who ?? "",
  path: path ?? "",
}));

let server: Server;
let ben: Member;
let mara: Member;
const at = {} as Record<"owner" | "admin" | "mara" | "milo" | "ben", Visitor>;

async function visitor(member: { username: string; password: string }): Promise<Visitor> {
  const v = new Visitor(server);
  await v.signIn(await v.get("/sign-in"), member);
  return v;
}

before(async () => {
  server = await startServer();
  const [owner, admin, milo] = await server.members("olga", "adam", "milo");
  [mara, ben] = await server.members("mara", "ben");
  await server.command("member", "role", "olga", "owner");
  await server.command("member", "role", "adam", "admin");
  for (const name of ["mara", "milo"]) await server.command("member", "role", name, "moderator");
  for (const [name, member] of Object.entries({ owner, admin, mara, milo, ben }))
    at[name as keyof typeof at] = await visitor(member as Member);
});
after(() => server?.stop());

const post = (who: Member, status: string, more: Record<string, string> = {}): Promise<Json> =>
  must(server, "POST", "/api/v1/statuses", { token: who.token, form: { status, ...more } });
const code = async (path: string) => (await ask(server, "GET", path)).status;
const shows = (page: Page, words: RegExp) => assert.match(page.html.replace(/<[^>]*>/g, ""), words, page.html);

/** Orders something with the form of a page: the box on a profile or a parley, or the page of its own. */
const order = (who: Visitor, page: Page, what: string, fields: Record<string, string>) =>
  who.submit(page, `/moderation/${what}/`, { seconds: "0", ...fields });

test("pages of moderators are for moderators, those of the owner for the owner", async () => {
  const seen = { stranger: new Visitor(server), member: at.ben, moderator: at.mara, owner: at.owner };
  for (const { method, who, path } of rows.filter((row) => row.who === "MODERATOR" || row.who === "OWNER")) {
    const target = path.replace(":id", ben.id);
    for (const [name, v] of Object.entries(seen)) {
      const page = method === "GET" ? await v.get(target) : await v.post(target);
      const may = name === "owner" || (name === "moderator" && who === "MODERATOR");
      if (name === "stranger") assert.equal(page.url.pathname, "/sign-in", `${name} ${method} ${path}`);
      // 403: the form's token is missing; a report or a parley of that id is not there for them either
      else if (may) assert.ok(method === "POST" ? page.status === 403 : [200, 404].includes(page.status), path);
      else assert.equal(page.status, 404, `${name} ${method} ${path}: ${page.status}`);
    }
  }
});

test("a moderator limits a member from their page, with reason and end", async () => {
  const [who] = await server.members("floods");
  const page = await at.mara.get("/@floods");
  const done = await order(at.mara, page, "people", { order: "limited", reason: "Floods #tide", seconds: "86400" });
  assert.equal(done.url.pathname, "/@floods");
  shows(done, /Moderation: limited/);
  shows(done, /Limited .* by @mara, until .*: Floods #tide/s);
  const { standing } = await server.command("member", "show", "floods");
  assert.deepEqual([standing.kind, standing.reason, standing.by], ["limited", "Floods #tide", mara.id]);
  assert.ok(Math.abs(Date.parse(standing.until) - Date.now() - 86_400_000) < 60_000, standing.until);
  const plain = await at.ben.get("/@floods");
  assert.ok(!plain.html.includes("moderation/people"), "the form is for moderators");
  const restored = await order(at.mara, done, "people", { order: "normal", reason: "Enough." });
  assert.ok(!restored.html.includes("Moderation: limited"));
  const history = await at.milo.get(`/moderation/people/${who?.id}`);
  shows(history, /Restored .* by @mara: Enough\..*Limited .* by @mara, until .*: Floods #tide/s);
});

test("a suspension is asked twice, says why, and ends their sign-ins", async () => {
  const [who] = await server.members("threatens");
  const theirs = await visitor(who as Member);
  const page = await at.mara.get(`/moderation/people/${who?.id}`);
  const sure = await order(at.mara, page, "people", { order: "suspended", reason: "Threats & <worse>" });
  shows(sure, /Suspend @threatens\?.*Threats &amp; &lt;worse&gt;/s);
  assert.equal(await code("/@threatens"), 200, "not yet");
  await at.mara.submit(sure, "/moderation/people/", { sure: "1" });
  assert.equal(await code("/@threatens"), 404);
  assert.equal((await theirs.get("/home")).url.pathname, "/sign-in");
  shows(await at.mara.get("/@threatens"), /Moderation: suspended/);
});

test("pictures of what is held or removed are for moderators, and of what is held for its author", async () => {
  const form = new FormData();
  form.append("file", new Blob([png(300, 200, [200, 0, 0])]), "red.png");
  const file = await must(server, "POST", "/api/v2/media", { token: ben.token, multipart: form });
  const { id } = await must(server, "POST", "/api/v1/statuses", {
    token: ben.token,
    form: [
      ["status", "a red picture"],
      ["media_ids[]", file.id],
    ],
  });
  const shown = [new URL(file.url).pathname, new URL(file.preview_url).pathname];
  const withheld = shown.map((path) => path.replace("/media/", "/withheld/"));
  const answers = async (who: Visitor, paths: string[]) => {
    const all = await Promise.all(paths.map((path) => who.get(path)));
    return all.map((page) => (page.url.pathname === "/sign-in" ? "sign-in" : page.status));
  };
  const stranger = new Visitor(server);
  const [nosy] = await server.members("nosy");
  const other = await visitor(nosy as Member);
  const stands = async (standing: string) => {
    const page = await at.mara.get(`/moderation/parleys/${id}`);
    const next = await order(at.mara, page, "parleys", { order: standing, reason: "Red." });
    if (standing === "removed") await at.mara.submit(next, "/moderation/parleys/", { sure: "1" });
  };
  const rows = async () => ({
    public: await answers(stranger, shown),
    stranger: await answers(stranger, withheld),
    other: await answers(other, withheld),
    author: await answers(at.ben, withheld),
    moderator: await answers(at.mara, withheld),
  });
  const [none, all, out] = [
    [404, 404],
    [200, 200],
    ["sign-in", "sign-in"],
  ];
  assert.deepEqual(await rows(), { public: all, stranger: out, other: none, author: none, moderator: none });
  const report = await must(server, "POST", "/api/v1/reports", {
    token: mara.token,
    form: { account_id: ben.id, "status_ids[]": id, comment: "red" },
  });
  await stands("held");
  assert.deepEqual(await rows(), { public: none, stranger: out, other: none, author: all, moderator: all });
  for (const page of [
    await at.mara.get(`/moderation/parleys/${id}`),
    await at.mara.get(`/moderation/reports/${report.id}`),
    await at.ben.get(`/@ben/${id}`),
  ]) {
    assert.ok(page.html.includes(withheld[0] ?? "?"), page.url.pathname);
    assert.ok(!page.html.includes(shown[0] ?? "?"), page.url.pathname);
  }
  const mayRead = async (who: Member, paths: string[]) =>
    Promise.all(paths.map(async (path) => (await ask(server, "GET", path, { token: who.token })).status));
  for (const who of [ben, mara]) {
    const [told] = (await must(server, "GET", `/api/v1/statuses/${id}`, { token: who.token })).media_attachments;
    const paths = [told.url, told.preview_url].map((url) => new URL(url).pathname);
    assert.deepEqual(paths, withheld, "the API names the address that works");
    assert.deepEqual(await mayRead(who, paths), all, who.username);
  }
  assert.deepEqual(await mayRead(nosy as Member, withheld), none);
  const [version] = await must(server, "GET", `/api/v1/statuses/${id}/history`, { token: ben.token });
  assert.equal(new URL(version.media_attachments[0].url).pathname, withheld[0]);
  const picture = await at.mara.get(withheld[0] ?? "");
  assert.deepEqual(
    [picture.headers.get("content-type"), picture.headers.get("cache-control")],
    ["image/webp", "private, no-store"],
  );
  await stands("removed");
  assert.deepEqual(await rows(), { public: none, stranger: out, other: none, author: none, moderator: all });
  await stands("normal");
  assert.deepEqual(await rows(), { public: all, stranger: out, other: none, author: none, moderator: none });
  const again = await must(server, "GET", `/api/v1/statuses/${id}`, { token: ben.token });
  assert.equal(again.media_attachments[0].url, file.url);
  assert.deepEqual(await answers(at.mara, ["/withheld/1/x.webp", `/withheld/${file.id}/${"0".repeat(64)}.webp`]), none);
});

test("a moderator holds, veils, removes and restores a parley from its page", async () => {
  const { id } = await post(ben, "What is this?");
  const path = `/@ben/${id}`;
  const held = await order(at.mara, await at.mara.get(path), "parleys", { order: "held", reason: "A look." });
  shows(held, /Moderation: held/);
  assert.equal(await code(path), 404);
  shows(await at.ben.get(path), /Held by the moderators.*A look\./s);
  const veiled = await order(at.mara, held, "parleys", { order: "sensitive", reason: "Blood." });
  assert.equal((await must(server, "GET", `/api/v1/statuses/${id}`)).sensitive, true);
  const sure = await order(at.mara, veiled, "parleys", { order: "removed", reason: "Rule 2" });
  shows(sure, /Remove this parley of @ben\?/);
  await at.mara.submit(sure, "/moderation/parleys/", { sure: "1" });
  assert.equal((await at.ben.get(path)).status, 404);
  await order(at.mara, await at.mara.get(path), "parleys", { order: "normal", reason: "" });
  assert.equal(await code(path), 200);
});

test("what was not written to everybody is not read by moderators, but can be held", async () => {
  const { id } = await post(ben, "a secret for nobody", { visibility: "direct" });
  const page = await at.mara.get(`/moderation/parleys/${id}`);
  assert.equal(page.status, 200);
  assert.ok(!page.html.includes("a secret"));
  shows(page, /It was not written to everybody/);
  shows(await order(at.mara, page, "parleys", { order: "held", reason: "Reported." }), /Held .* by @mara: Reported\./s);
});

test("nobody acts on themselves, on equals or on those above, and is told why", async () => {
  for (const [name, words] of [
    ["mara", /Nobody does this to themselves/],
    ["milo", /@milo is moderator and you are moderator/],
    ["olga", /@olga is owner and you are moderator/],
  ] as const) {
    const page = await at.mara.get(`/@${name}`);
    shows(page, words);
    assert.ok(!page.html.includes('action="/moderation/people/'), name);
  }
  const { id } = await must(server, "GET", "/api/v1/accounts/lookup?acct=olga");
  const token = await at.mara.get("/@ben");
  const tried = await at.mara.submit(
    token,
    "/moderation/people/",
    { order: "frozen", seconds: "0", reason: "ha" },
    `/moderation/people/${id}`,
  );
  assert.equal(tried.status, 403);
  shows(tried, /@olga is owner and you are moderator/);
  assert.equal((await server.command("member", "show", "olga")).standing.kind, "normal");
});

test("a frozen moderator does nothing", async () => {
  const page = await at.milo.get("/@ben");
  await server.command("member", "freeze", "milo", "--reason", "is it him?");
  const tried = await order(at.milo, page, "people", { order: "limited", reason: "revenge" });
  assert.equal(tried.status, 403);
  assert.equal((await at.milo.get(`/moderation/people/${ben.id}`)).status, 403);
  assert.ok(!(await at.milo.get("/@ben")).html.includes("/moderation/people/"));
  await server.command("member", "restore", "milo");
});

test("bad orders are refused on the form, with what was typed", async () => {
  const page = await at.mara.get("/@ben");
  for (const [fields, words] of [
    [{ order: "limited", reason: " " }, /Why is what they read: say it/],
    [{ order: "limited", reason: "x".repeat(1001) }, /Reason is too long/],
    [{ order: "held", reason: "no member is held" }, /Standing does not apply/],
    [{ order: "boiled", reason: "x" }, /not one of the choices/],
    [{ order: "limited", reason: "kept words", seconds: "-5" }, /not one of the choices.*kept words/s],
    [{ order: "limited", reason: "x", seconds: "99999999999999999999" }, /not one of the choices/],
  ] as const) {
    const refused = await order(at.mara, page, "people", fields);
    assert.equal(refused.status, 422, refused.html);
    shows(refused, words);
  }
  assert.equal((await server.command("member", "show", "ben")).standing.kind, "normal");
});

test("on a read-only server moderators read", async () => {
  const page = await at.mara.get("/@ben");
  await server.command("mode", "read-only", "--reason", "moving");
  assert.equal((await order(at.mara, page, "people", { order: "limited", reason: "x" })).status, 503);
  assert.equal((await at.mara.get(`/moderation/people/${ben.id}`)).status, 200);
  await server.command("mode", "normal");
});

test("people are found by name, by admins also by address", async () => {
  const [shy] = await server.members("shy");
  await must(server, "PATCH", "/api/v1/accounts/update_credentials", {
    token: shy?.token,
    form: { discoverable: "false" },
  });
  const found = (page: Page) => page.html.includes(`/moderation/people/${shy?.id}`);
  assert.ok(found(await at.mara.get("/moderation/people?q=@Shy")));
  assert.ok(!found(await at.mara.get(`/moderation/people?q=${shy?.email}`)), "addresses are not a moderator's");
  assert.ok(found(await at.admin.get(`/moderation/people?q=${shy?.email}`)));
  shows(await at.mara.get("/moderation/people?q=nobodyatall"), /Nobody found/);
  const staff = await at.mara.get("/moderation/people");
  for (const one of [/@milo[^@]*moderator/, /@olga[^@]*owner/]) shows(staff, one);
  await server.command("member", "limit", "shy", "--reason", "test");
  assert.ok(found(await at.mara.get("/moderation/people?which=standing")));
});

test("roles: admins make moderators, the owner admins, nobody more than they may", async () => {
  const [nina] = await server.members("nina");
  const path = `/moderation/people/${nina?.id}`;
  const role = async () => (await server.command("member", "show", "nina")).role;
  assert.ok(!(await at.mara.get(path)).html.includes("Change the role"), "moderators give no roles");
  const page = await at.admin.get(path);
  const options = [...page.html.matchAll(/<option[^>]*value="(\w+)"/g)].map(([, word]) => word);
  assert.ok(!options.includes("admin") && options.includes("moderator"), options.join());
  await at.admin.submit(page, `${path}/role`, { role: "moderator" });
  assert.equal(await role(), "moderator");
  await eventually("it is in the log", () => /@nina is moderator, was member: by @adam/.test(server.log));
  for (const more of ["admin", "owner"]) {
    assert.equal((await at.admin.submit(page, `${path}/role`, { role: more })).status, 403, more);
  }
  assert.equal(await role(), "moderator");
  await at.owner.submit(await at.owner.get(path), `${path}/role`, { role: "admin" });
  assert.equal(await role(), "admin");
});

test("the server is handed over with the owner's password", async () => {
  const [heir] = await server.members("heir");
  const path = `/moderation/people/${heir?.id}`;
  const sure = await at.owner.submit(await at.owner.get(path), `${path}/role`, { role: "owner" });
  shows(sure, /Make @heir the owner\?/);
  const wrong = await at.owner.submit(sure, `${path}/role`, { password: "not this one" });
  assert.equal(wrong.status, 422);
  assert.equal((await server.command("member", "show", "heir")).role, "member");
  const { password } = await server.member("someone");
  await at.owner.submit(wrong, `${path}/role`, { password: password.replace("someone", "olga") });
  assert.equal((await server.command("member", "show", "heir")).role, "owner");
  assert.equal((await server.command("member", "show", "olga")).role, "admin");
  await server.command("member", "role", "olga", "owner");
});
