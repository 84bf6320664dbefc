// SPDX-License-Identifier: Apache-2.0
// Archives of one's own parleys, from Mastodon and from X: what comes, where it stands, how it goes again.
import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import path from "node:path";
import { after, before, test } from "node:test";
import { archive, create, type Files, outbox, US } from "../lib/archive.ts";
import { ask, type Json, must } from "../lib/http.ts";
import { png } from "../lib/png.ts";
import { type Member, type Server, startServer } from "../lib/server.ts";
import { Visitor } from "../lib/visitor.ts";
import { eventually } from "../lib/wait.ts";

let server: Server;
before(async () => {
  server = await startServer();
});
after(() => server?.stop());

async function finish(who: Member, id: string): Promise<Json> {
  let now: Json;
  await eventually("the import ends", async () => {
    now = await must(server, "GET", `/api/parley/v1/imports/${id}`, { token: who.token });
    return !["waiting", "running", "undoing"].includes(now.state);
  });
  return now;
}
async function send(who: Member, bytes: Uint8Array, form: Record<string, string> = {}): Promise<Json> {
  const multipart = new FormData();
  for (const [name, value] of Object.entries(form)) multipart.set(name, value);
  multipart.set("data", new Blob([new Uint8Array(bytes)]), "archive.zip");
  return must(server, "POST", "/api/parley/v1/imports/archive", { token: who.token, multipart });
}
const bring = async (who: Member, bytes: Uint8Array, form: Record<string, string> = {}): Promise<Json> =>
  finish(who, (await send(who, bytes, form)).id);
const profile = (who: Member, as = who): Promise<Json[]> =>
  must(server, "GET", `/api/v1/accounts/${who.id}/statuses?limit=40`, { token: as.token });
const plain = (html: string): string => html.replace(/<[^>]+>/g, "");
const home = async (who: Member): Promise<string[]> =>
  (await must(server, "GET", "/api/v1/timelines/home", { token: who.token })).map((s: Json) => s.id);

const picture = png(60, 40, [200, 30, 30]);
const mastodon = (): Files => ({
  "outbox.json": outbox(
    create({ id: 1, at: "2017-03-04T05:06:07Z", html: "<p>the very first &amp; oldest</p>" }),
    create({ id: 2, at: "2019-03-04T05:06:07Z", html: "<p>one</p><p>two<br>three #Harbour</p>" }),
    create({ id: 3, at: "2019-03-04T05:06:07Z", html: "<p>the thread goes on</p>", parent: `${US}/statuses/2` }),
    create({ id: 4, at: "2021-01-01T00:00:00Z", html: "<p>to others</p>", parent: "https://far.example/notes/7" }),
    create({ id: 5, at: "2021-06-01T12:00:00Z", html: "<p>between us</p>", to: [`${US}/x`] }),
    create({
      id: 6,
      at: "2022-06-01T12:00:00Z",
      html: '<p><a href="https://far.example/@ben" class="u-url mention">@<span>ben</span></a> look: <a href="https://long.example/a/b"><span class="invisible">https://</span>long.example/a…</a></p>',
      to: [`${US}/followers`],
      more: {
        summary: "careful",
        sensitive: true,
        contentMap: { de: "x" },
        tag: [{ type: "Mention", name: "@ben@far.example", href: "https://far.example/@ben" }],
        attachment: [
          { type: "Document", url: "/media_attachments/files/1/original/red.png", name: "a red square" },
          { type: "Document", url: "/media_attachments/files/2/original/gone.png", name: null },
        ],
      },
    }),
    { type: "Announce", published: "2022-06-02T12:00:00Z", object: "https://far.example/notes/9" },
  ),
  "actor.json": "{}",
  "media_attachments/files/1/original/red.png": picture,
});

for (const kind of ["zip", "tar.gz"] as const) {
  test(`Mastodon's archive as ${kind}: own parleys and threads at their dates, with files`, async () => {
    const [anna, ben] = await server.members(`anna_${kind[0]}`, `ben_${kind[0]}`);
    await must(server, "POST", `/api/v1/accounts/${anna.id}/follow`, { token: ben.token, form: { notify: "true" } });
    const now = await must(server, "POST", "/api/v1/statuses", { token: anna.token, form: { status: "written here" } });
    const before = await must(server, "GET", `/api/v1/accounts/${anna.id}`, {});
    const done = await bring(anna, await archive(kind, mastodon()));
    assert.deepEqual(
      [done.state, done.type, done.total, done.added, done.skipped, done.failed],
      ["done", "mastodon", 5, 4, 1, 0],
    );
    assert.match(done.problems.join(), /a file is not in the archive/);
    const all = await profile(anna, ben);
    assert.deepEqual(
      all.map((s) => s.created_at.slice(0, 19)),
      [
        now.created_at.slice(0, 19),
        "2022-06-01T12:00:00",
        "2019-03-04T05:06:07",
        "2019-03-04T05:06:07",
        "2017-03-04T05:06:07",
      ],
    );
    const [, last, second, first, oldest] = all;
    assert.equal(plain(oldest.content), "the very first &amp; oldest");
    assert.match(first.content, /^<p>one<\/p><p>two<br>three <a/);
    assert.deepEqual(
      first.tags.map((t: Json) => t.name),
      ["harbour"],
    );
    assert.deepEqual([second.in_reply_to_id, first.replies_count], [first.id, 1]);
    assert.deepEqual(
      [last.visibility, last.spoiler_text, last.sensitive, last.language],
      ["private", "careful", true, "de"],
    );
    assert.equal(
      plain(last.content),
      "@ben@far.example look: https://long.example/a/b".replace("https://", "https://"),
    );
    assert.deepEqual(last.mentions, []);
    assert.equal(last.media_attachments.length, 1);
    assert.deepEqual(
      [last.media_attachments[0].type, last.media_attachments[0].description],
      ["image", "a red square"],
    );
    assert.deepEqual(last.parley, { imported_from: "mastodon" });
    assert.equal(now.parley, undefined);
    const shown = await must(server, "GET", `/api/v1/accounts/${anna.id}`, {});
    assert.equal(shown.statuses_count, before.statuses_count + 4);
    assert.equal(shown.last_status_at, before.last_status_at);
    // In nobody's timeline, and nobody was told.
    assert.deepEqual(await home(ben), [now.id]);
    assert.deepEqual(await home(anna), [now.id]);
    const local = await must(server, "GET", "/api/v1/timelines/public?local=true&limit=40", {});
    assert.ok(!local.some((s: Json) => s.parley !== undefined));
    const notes = await must(server, "GET", "/api/v1/notifications", { token: ben.token });
    assert.ok(notes.every((n: Json) => n.type !== "status" || n.status.id === now.id));
    const tag = await must(server, "GET", "/api/v1/timelines/tag/harbour", { token: ben.token });
    assert.ok(tag.some((s: Json) => s.id === first.id));
    const found = await must(server, "GET", "/api/v2/search?q=oldest&type=statuses", { token: anna.token });
    assert.deepEqual(
      found.statuses.map((s: Json) => s.id),
      [oldest.id],
    );
    const page = await new Visitor(server).get(`/@${anna.username}/${oldest.id}`);
    assert.match(page.html, /Imported from Mastodon/);
  });
}

test("the same archive again brings nothing, and all of it can be taken back", async () => {
  const [cleo, dora] = await server.members("cleo", "dora");
  const bytes = await archive("zip", mastodon());
  const done = await bring(cleo, bytes);
  const again = await bring(cleo, bytes);
  assert.deepEqual([again.added, again.skipped], [0, 5]);
  assert.equal((await profile(cleo)).length, 4);
  const media = (await profile(cleo)).flatMap((s) => s.media_attachments)[0];
  assert.equal((await server.fetch(media.url)).status, 200);
  const undo = `/api/parley/v1/imports/${done.id}/undo`;
  assert.equal((await ask(server, "POST", undo, { token: dora.token })).status, 404);
  await must(server, "POST", undo, { token: cleo.token });
  const undone = await finish(cleo, done.id);
  assert.deepEqual([undone.state, undone.added], ["undone", 0]);
  assert.deepEqual(await profile(cleo), []);
  assert.equal((await must(server, "GET", `/api/v1/accounts/${cleo.id}`, {})).statuses_count, 0);
  await eventually("its file is gone", async () => (await server.fetch(media.url)).status === 404);
  const third = await bring(cleo, bytes);
  assert.equal(third.added, 4);
});

const tweets = (...all: Json[]): string =>
  `window.YTD.tweets.part0 = ${JSON.stringify(all.map((tweet) => ({ tweet })))}`;
const tweet = (id: string, at: string, text: string, more: Json = {}): Json => ({
  id_str: id,
  created_at: at,
  full_text: text,
  lang: "en",
  entities: { urls: [], media: [] },
  ...more,
});

test("X's archive: newest first in it, threads in order, long texts, pictures, no retweets", async () => {
  const [eva] = await server.members("eva");
  const media = { url: "https://t.co/pic", media_url_https: "https://pbs.twimg.com/media/AbC.png", type: "photo" };
  const long = `this is a long one that goes on ${"and on ".repeat(100)}`.trim();
  const files: Files = {
    "data/tweets.js": tweets(
      tweet("1653000000000000003", "Mon May 01 12:00:00 +0000 2023", "this is a long one that goes on and o…"),
      tweet("1200000000000000002", "Thu Nov 28 10:00:01 +0000 2019", "second of a thread", {
        in_reply_to_status_id_str: "1200000000000000001",
        in_reply_to_user_id_str: "5",
      }),
      tweet("1200000000000000001", "Thu Nov 28 10:00:01 +0000 2019", "first of a thread"),
      tweet("1100000000000000001", "Thu Feb 28 10:00:00 +0000 2019", "@you no", {
        in_reply_to_status_id_str: "77",
        in_reply_to_user_id_str: "9",
      }),
      tweet("1100000000000000000", "Wed Feb 27 10:00:00 +0000 2019", "RT @you: hear, hear"),
      tweet("20", "Tue Mar 21 20:50:14 +0000 2006", "just &lt;setting&gt; up https://t.co/x https://t.co/pic", {
        entities: { urls: [{ url: "https://t.co/x", expanded_url: "https://example.org/y" }], media: [media] },
        extended_entities: { media: [media] },
      }),
    ),
    "data/note-tweet.js": `window.YTD.note_tweet.part0 = ${JSON.stringify([
      { noteTweet: { noteTweetId: "9", createdAt: "2023-05-01T12:00:00.000Z", core: { text: long } } },
    ])}`,
    "data/tweets_media/20-AbC.png": picture,
  };
  const done = await bring(eva, await archive("zip", files), { visibility: "unlisted" });
  assert.deepEqual(
    [done.state, done.type, done.added, done.skipped, done.failed],
    ["done", "x", 4, 1, 0],
    JSON.stringify(done),
  );
  const all = await profile(eva);
  assert.deepEqual(
    all.map((s) => [s.created_at.slice(0, 10), plain(s.content)]),
    [
      ["2023-05-01", long],
      ["2019-11-28", "second of a thread"],
      ["2019-11-28", "first of a thread"],
      ["2006-03-21", "just &lt;setting&gt; up https://example.org/y"],
    ],
  );
  assert.equal(all[1].in_reply_to_id, all[2].id);
  assert.ok(all.every((s) => s.visibility === "unlisted" && s.parley.imported_from === "x"));
  assert.equal(all[3].media_attachments.length, 1);
});

test("killed in the middle, it goes on without doubling anything", async () => {
  const [finn] = await server.members("finn");
  const items = Array.from({ length: 400 }, (_, i) =>
    create({ id: i, at: new Date(Date.UTC(2020, 5, 1, 0, 0, i)).toISOString(), html: `<p>number ${i}</p>` }),
  );
  const begun = await send(finn, await archive("zip", { "outbox.json": outbox(...items) }));
  await eventually("some of it is there", async () => {
    const now = await must(server, "GET", `/api/parley/v1/imports/${begun.id}`, { token: finn.token });
    return now.added > 0;
  });
  await server.kill();
  await server.start();
  const done = await finish(finn, begun.id);
  assert.deepEqual([done.state, done.total, done.added, done.skipped], ["done", 400, 400, 0]);
  assert.equal((await must(server, "GET", `/api/v1/accounts/${finn.id}`, {})).statuses_count, 400);
  const left = await readdir(path.join(server.data, "archives"));
  assert.deepEqual(
    left.filter((name) => name.startsWith(begun.id)),
    [],
  );
});

test("an archive that means harm, or is none, is refused whole", async () => {
  const [gina] = await server.members("gina");
  const small = { "outbox.json": outbox(create({ id: 1, at: "2020-06-01T00:00:00Z", html: "<p>hi</p>" })) };
  const info = (name: string, rest: string) =>
    `import tarfile as t\ni = t.TarInfo(${JSON.stringify(name)})\n${rest}\nz.addfile(i)`;
  const cases: [string, Uint8Array, RegExp][] = [
    ["a name that leads out", await archive("tar.gz", small, info("../../evil", "")), /lead out/],
    ["an absolute name", await archive("zip", small, 'z.writestr("/etc/passwd", "x")'), /lead out/],
    ["a link", await archive("tar.gz", small, info("a", 'i.type = t.SYMTYPE\ni.linkname = "/etc/passwd"')), /links/],
    ["no archive", Buffer.from("hello, this is no archive at all"), /neither ZIP nor tar.gz/],
    ["nothing of ours", await archive("zip", { "holiday.txt": "sun" }), /neither outbox.json nor/],
    [
      "nested without end",
      await archive("zip", { "outbox.json": `{"orderedItems":[${"[".repeat(5000)}` }),
      /too deeply/,
    ],
    ["cut short", (await archive("tar.gz", mastodon())).subarray(0, 300), /damaged|neither/],
  ];
  for (const [what, bytes, why] of cases) {
    const done = await bring(gina, bytes);
    assert.equal(done.state, "failed", `${what}: ${JSON.stringify(done)}`);
    assert.match(done.problems.join(), why, `${what}: ${JSON.stringify(done)}`);
    await must(server, "DELETE", `/api/parley/v1/imports/${done.id}`, { token: gina.token });
  }
  assert.deepEqual(await profile(gina), []);
  const huge = outbox(
    { type: "Create", object: { junk: "x".repeat(2_000_000) } },
    create({ id: 2, at: "2020-06-01T00:00:00Z", html: "<p>hi</p>" }),
  );
  const done = await bring(gina, await archive("zip", { "outbox.json": huge }));
  assert.deepEqual([done.state, done.added], ["done", 1]);
  assert.match(done.problems.join(), /Left out/);
});

test("what is missing is said, and one import waits for another", async () => {
  const [hana] = await server.members("hana");
  const empty = await ask(server, "POST", "/api/parley/v1/imports/archive", { token: hana.token, form: {} });
  assert.deepEqual([empty.status, empty.json.error], [422, "Validation failed: The file is missing or empty"]);
  const multipart = new FormData();
  multipart.set("visibility", "direct");
  multipart.set("data", new Blob(["x"]));
  assert.equal(
    (await ask(server, "POST", "/api/parley/v1/imports/archive", { token: hana.token, multipart })).status,
    422,
  );
  const list = await must(server, "GET", "/api/parley/v1/imports", { token: hana.token });
  assert.deepEqual(list, []);
});

test("one that was stopped stays in the list, and what it brought can be taken back", async () => {
  const [kim] = await server.members("kim");
  const items = Array.from({ length: 600 }, (_, i) =>
    create({ id: i, at: new Date(Date.UTC(2020, 5, 1, 0, 0, i)).toISOString(), html: `<p>number ${i}</p>` }),
  );
  const count = async () => (await must(server, "GET", `/api/v1/accounts/${kim.id}`, {})).statuses_count;
  const { id } = await send(kim, await archive("zip", { "outbox.json": outbox(...items) }));
  await eventually("some of it is there", async () => (await count()) > 0);
  const visitor = new Visitor(server);
  await visitor.signIn(await visitor.get("/sign-in"), kim);
  const at = `/settings/transfer/imports/${id}`;
  const stopped = await visitor.submit(await visitor.get(at), at, { do: "forget" });
  assert.match(stopped.html, /This import is stopped\.[\s\S]*Take all of it back/);
  assert.doesNotMatch(stopped.html, /off the list/);
  const [listed] = await must(server, "GET", "/api/parley/v1/imports", { token: kim.token });
  assert.deepEqual([listed.id, listed.state], [id, "stopped"]);
  await visitor.submit(stopped, at, { do: "undo" });
  assert.equal((await finish(kim, id)).state, "undone");
  assert.deepEqual([await count(), await profile(kim)], [0, []]);
  const left = await readdir(path.join(server.data, "archives"));
  assert.deepEqual(
    left.filter((name) => name.startsWith(id)),
    [],
  );
});

test("by page and by the operator, and one's own archive of here comes back", async () => {
  const [ines, jan] = await server.members("ines", "jan");
  const written = await must(server, "POST", "/api/v1/statuses", {
    token: ines.token,
    form: { status: "from here #home\n\nwith two lines" },
  });
  const told = await server.command("member", "export", "ines");
  await eventually("it is made", async () => (await server.command("member", "export", "ines")).state === "ready");
  const begun = await server.command("member", "import", "jan", told.path);
  await finish(jan, begun.id);
  const [copy] = await profile(jan);
  assert.equal(copy.content, written.content);
  assert.equal(copy.created_at, written.created_at);
  const says = (words: RegExp) => (e: Error & { stdout: string }) => words.test(e.stdout);
  await assert.rejects(server.command("member", "import", "jan", "relative.zip"), says(/whole path/));
  await assert.rejects(server.command("member", "import", "jan", "/nowhere/at/all.zip"), says(/cannot be read/));
  const visitor = new Visitor(server);
  await visitor.signIn(await visitor.get("/sign-in"), ines);
  const bytes = await archive("zip", mastodon());
  const sent = await visitor.upload(await visitor.get("/settings/transfer"), "/settings/transfer/parleys", {
    visibility: "public",
    data: new Blob([new Uint8Array(bytes)]),
  });
  const at = sent.url.pathname;
  const id = at.split("/").at(-1) ?? "";
  await finish(ines, id);
  const page = await visitor.get(at);
  assert.match(page.html, /Parleys from Mastodon/);
  await visitor.submit(page, at, { do: "undo" });
  assert.equal((await finish(ines, id)).state, "undone");
  assert.equal((await profile(ines)).length, 1);
});
