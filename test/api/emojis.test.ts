// SPDX-License-Identifier: Apache-2.0
// Custom emoji: added by the operator and on the owner's page, told in every entity whose text uses them and in no other,
// shown as pictures on pages, forgotten everywhere at once when they are disabled or removed.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { ask, type Json, must } from "../lib/http.ts";
import { png } from "../lib/png.ts";
import { type Member, type Server, startServer } from "../lib/server.ts";
import { Visitor } from "../lib/visitor.ts";
import { eventually } from "../lib/wait.ts";

const call = promisify(execFile);
let server: Server;
let folder: string;
let anna: Member;
let still: string;
let moving: string;

before(async () => {
  server = await startServer();
  anna = await server.member("anna");
  folder = await mkdtemp(path.join(tmpdir(), "emoji-"));
  still = path.join(folder, "still.png");
  moving = path.join(folder, "moving.gif");
  await writeFile(still, png(300, 150, [200, 30, 30]));
  const source = ["-f", "lavfi", "-i", "testsrc2=size=160x160:rate=5:duration=1"];
  await call("ffmpeg", ["-v", "error", "-y", ...source, "-metadata", "comment=secret", moving]);
});
after(async () => {
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

const add = (code: string, file = still, ...more: string[]) => server.command("emoji", "add", code, file, ...more);
const listed = (): Promise<Json[]> => must(server, "GET", "/api/v1/custom_emojis");
const codes = (entity: Json): string[] => entity.emojis.map((e: Json) => e.shortcode);
const post = (form: Record<string, string> | [string, string][]) =>
  must(server, "POST", "/api/v1/statuses", { token: anna.token, form });
const read = (id: string) => must(server, "GET", `/api/v1/statuses/${id}`, { token: anna.token });
async function picture(url: string): Promise<Buffer> {
  const reply = await fetch(url);
  assert.equal(reply.status, 200, url);
  assert.equal(reply.headers.get("content-type"), "image/webp");
  return Buffer.from(await reply.arrayBuffer());
}

test("the operator adds, lists, disables, enables and removes one", async () => {
  await add("anchor", still, "--category", "Harbour");
  const [e] = (await listed()).filter((each) => each.shortcode === "anchor");
  assert.deepEqual([e.visible_in_picker, e.category, e.url === e.static_url], [true, "Harbour", true]);
  const bytes = await picture(e.url);
  assert.equal(bytes.subarray(8, 12).toString("latin1"), "WEBP");
  await server.command("emoji", "disable", "anchor");
  assert.ok(!(await listed()).some((each) => each.shortcode === "anchor"));
  const all = (await server.command("emoji", "list")).emojis;
  assert.equal(all.find((each: Json) => each.shortcode === "anchor").enabled, false);
  await server.command("emoji", "enable", "anchor");
  assert.ok((await listed()).some((each) => each.shortcode === "anchor"));
  await server.command("emoji", "remove", "anchor");
  assert.ok(!(await listed()).some((each) => each.shortcode === "anchor"));
  await eventually("its file is gone", async () => (await fetch(e.url)).status === 404);
});

test("what moves keeps moving and has a still copy, without what else the file said", async () => {
  const made = await add("spinner", moving);
  assert.equal(made.moves, true);
  const e = (await listed()).find((each) => each.shortcode === "spinner");
  assert.notEqual(e.url, e.static_url);
  const [whole, first] = [await picture(e.url), await picture(e.static_url)];
  assert.ok(whole.includes("ANIM") && whole.toString("latin1").split("ANMF").length - 1 >= 4);
  assert.ok(!first.includes("ANIM") && !whole.includes("secret"));
  const file = path.join(folder, "made.webp");
  await writeFile(file, first);
  const probe = ["-v", "error", "-show_entries", "stream=width,height", "-of", "csv=p=0", file];
  assert.equal((await call("ffprobe", probe)).stdout.trim(), "128,128");
});

test("two that share a picture: removing one leaves the other's", async () => {
  await add("twin_a");
  await add("twin_b");
  await server.command("emoji", "remove", "twin_a");
  const check = await server.command("media", "check");
  assert.equal(check.missing, 0);
  await picture((await listed()).find((each) => each.shortcode === "twin_b").url);
});

test("wrong input is refused, with the reason", async () => {
  const large = path.join(folder, "large.png");
  const text = path.join(folder, "text.png");
  await writeFile(large, Buffer.concat([await readFile(still), Buffer.alloc(300_000)]));
  await writeFile(text, "no picture at all");
  await add("taken");
  for (const [words, reason] of [
    [["add", "a", still], /shortcode must be 2 to 64/],
    [["add", "sp ace", still], /shortcode must be 2 to 64/],
    [["add", "x".repeat(65), still], /shortcode must be 2 to 64/],
    [["add", "taken", still], /shortcode is taken/],
    [["add", "large", large], /image must be at most 256 kB/],
    [["add", "text", text], /image must be a PNG/],
    [["add", "cat", still, "--category", "x".repeat(51)], /category must be at most 50/],
    [["add", "gone", path.join(folder, "nowhere.png")], /cannot be read/],
    [["remove", "nowhere"], /There is no custom emoji 'nowhere'/],
    [["disable", "nowhere"], /There is no custom emoji/],
  ] as [string[], RegExp][]) {
    await assert.rejects(server.command("emoji", ...words), { stdout: reason });
  }
});

test("a parley tells those that its text, warning and poll use, and no others", async () => {
  for (const code of ["boat", "wave", "crab", "gull"]) await add(code);
  const s = await post([
    ["status", "Look :boat: at 12:30:45 :nosuch: x:wave: https://harbour.example/:gull: :boat:"],
    ["spoiler_text", "a :crab: inside"],
    ["poll[options][]", ":wave: yes"],
    ["poll[options][]", "no"],
    ["poll[expires_in]", "3600"],
  ]);
  for (const each of [s, await read(s.id)]) {
    assert.deepEqual(codes(each).sort(), ["boat", "crab", "wave"]);
    assert.match(each.content, /Look :boat: at/);
    assert.deepEqual(codes(each.poll), ["wave"]);
  }
  const history = await must(server, "GET", `/api/v1/statuses/${s.id}/history`, { token: anna.token });
  assert.deepEqual(codes(history[0]).sort(), ["boat", "crab", "wave"]);
});

test("an account tells those of its name, bio and fields", async () => {
  for (const code of ["rope", "sail", "knot"]) await add(code);
  const form = {
    display_name: "Anna :rope:",
    note: "I :sail: and :nosuch:",
    "fields_attributes[0][name]": "knots",
    "fields_attributes[0][value]": ":knot:",
  };
  const me = await must(server, "PATCH", "/api/v1/accounts/update_credentials", { token: anna.token, form });
  assert.deepEqual(codes(me).sort(), ["knot", "rope", "sail"]);
  const seen = await must(server, "GET", `/api/v1/accounts/${anna.id}`);
  assert.deepEqual(codes(seen).sort(), ["knot", "rope", "sail"]);
  assert.equal(seen.display_name, "Anna :rope:");
});

test("what was rendered before is rendered anew when one changes", async () => {
  const s = await post({ status: "a :late: one" });
  const home = () => must(server, "GET", "/api/v1/timelines/home?limit=1", { token: anna.token });
  const first = await ask(server, "GET", "/api/v1/timelines/home?limit=1", { token: anna.token });
  assert.deepEqual(codes(first.json[0]), []);
  await add("late");
  assert.deepEqual(codes((await home())[0]), ["late"]);
  assert.deepEqual(codes(await read(s.id)), ["late"]);
  const etag = first.headers.get("etag") ?? "";
  const again = await ask(server, "GET", "/api/v1/timelines/home?limit=1", {
    token: anna.token,
    headers: { "If-None-Match": etag },
  });
  assert.equal(again.status, 200, "another text has another ETag");
  await server.command("emoji", "disable", "late");
  assert.deepEqual(codes((await home())[0]), []);
  await server.command("emoji", "enable", "late");
  assert.deepEqual(codes((await home())[0]), ["late"]);
});

test("the list has an ETag that changes with it", async () => {
  const first = await ask(server, "GET", "/api/v1/custom_emojis");
  const etag = first.headers.get("etag") ?? assert.fail();
  const known = { headers: { "If-None-Match": etag } };
  assert.equal((await ask(server, "GET", "/api/v1/custom_emojis", known)).status, 304);
  await add("fresh");
  assert.equal((await ask(server, "GET", "/api/v1/custom_emojis", known)).status, 200);
});

test("announcements tell theirs, and members react with them", async () => {
  await add("party");
  const { id } = await server.command("announcement", "add", "A :party: at eight");
  const of = async () =>
    (await must(server, "GET", "/api/v1/announcements", { token: anna.token })).find((a: Json) => a.id === id);
  assert.deepEqual(codes(await of()), ["party"]);
  const react = (name: string, method = "PUT") =>
    ask(server, method, `/api/v1/announcements/${id}/reactions/${name}`, { token: anna.token });
  assert.equal((await react("nosuch")).status, 422);
  assert.equal((await react("party")).status, 200);
  const [reaction] = (await of()).reactions;
  assert.deepEqual([reaction.name, reaction.count, reaction.me], ["party", 1, true]);
  await picture(reaction.static_url);
  await server.command("emoji", "disable", "party");
  assert.deepEqual((await of()).reactions, [], "nobody could see what it stands for");
  await server.command("emoji", "enable", "party");
  assert.equal((await react("party", "DELETE")).status, 200);
  await server.command("announcement", "remove", id);
});

test("pages show the pictures, for strangers too, and no longer when it is gone", async () => {
  await add("lamp", moving);
  const s = await post({ status: "<b>light</b> the :lamp: now", spoiler_text: "" });
  const stranger = new Visitor(server);
  const shown = async () => (await stranger.get(`/@anna/${s.id}`)).html;
  const html = await shown();
  assert.match(html, /<img class="emoji" src="\/media\/[^"]+\.webp" alt=":lamp:" title=":lamp:"/);
  assert.match(html, /prefers-reduced-motion/);
  assert.match(html, /&lt;b&gt;light/);
  assert.match((await stranger.get("/emojis")).html, /alt=":lamp:"/);
  await server.command("emoji", "remove", "lamp");
  assert.doesNotMatch(await shown(), /class="emoji"[^>]*lamp/);
  assert.match(await shown(), /light&lt;\/b&gt; the :lamp: now/);
});

test("the owner adds and removes one by page, and nobody else", async () => {
  const [owner, other] = await server.members("keeper", "visitor");
  await server.command("member", "role", "keeper", "owner");
  const [k, v] = [new Visitor(server), new Visitor(server)];
  await k.signIn(await k.get("/sign-in"), owner);
  await v.signIn(await v.get("/sign-in"), other);
  const at = "/community/emojis";
  assert.equal((await v.get(at)).status, 404, "for the owner alone");
  const image = new Blob([png(20, 20, [1, 2, 3])], { type: "image/png" });
  const refused = await k.upload(await k.get(at), at, { shortcode: "no spaces", image });
  assert.match(refused.html, /must be 2 to 64 letters/);
  const saved = await k.upload(await k.get(at), at, { shortcode: "bypage", category: "New", image });
  assert.match(saved.html, /alt=":bypage:"/);
  await k.submit(await k.get(at), `${at}/bypage`, { do: "disable" });
  assert.ok(!(await listed()).some((e) => e.shortcode === "bypage"));
  await k.submit(await k.get(at), `${at}/bypage`, { do: "remove" });
  assert.ok(!(await server.command("emoji", "list")).emojis.some((e: Json) => e.shortcode === "bypage"));
});

test("masto lists them, and a restart keeps them", async () => {
  await add("keptone");
  assert.ok((await anna.client.v1.customEmojis.list()).some((e) => e.shortcode === "keptone"));
  await server.halt();
  await server.start();
  assert.ok((await listed()).some((e) => e.shortcode === "keptone"));
});
