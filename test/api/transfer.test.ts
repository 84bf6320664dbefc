// SPDX-License-Identifier: Apache-2.0
// What members take along, and what they bring: the lists that other servers read as CSV.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
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
before(async () => {
  server = await startServer();
});
after(() => server?.stop());

const domain = () => `localhost:${server.port}`;
const csv = async (who: Member, name: string): Promise<string> => {
  const reply = await ask(server, "GET", `/api/parley/v1/export/${name}.csv`, { token: who.token });
  assert.equal(reply.status, 200, reply.text);
  assert.equal(reply.headers.get("Content-Type"), "text/csv; charset=utf-8");
  assert.equal(reply.headers.get("Content-Disposition"), `attachment; filename="${name}.csv"`);
  return reply.text;
};
const post = (who: Member, status: string): Promise<Json> =>
  must(server, "POST", "/api/v1/statuses", { token: who.token, form: { status } });
const signedIn = async (who: Member): Promise<Visitor> => {
  const visitor = new Visitor(server);
  await visitor.signIn(await visitor.get("/sign-in"), who);
  return visitor;
};

test("each list is given in the columns that other servers read", async () => {
  const [anna, ben, cleo, dora] = await server.members("anna", "ben", "cleo", "dora");
  const as = { token: anna.token };
  await must(server, "POST", `/api/v1/accounts/${ben.id}/follow`, {
    ...as,
    json: { reblogs: false, notify: true, languages: ["de", "en"] },
  });
  await must(server, "POST", `/api/v1/accounts/${cleo.id}/follow`, as);
  await must(server, "POST", `/api/v1/accounts/${cleo.id}/mute`, { ...as, form: { notifications: "false" } });
  await must(server, "POST", `/api/v1/accounts/${dora.id}/block`, as);
  const kept = await post(ben, "keep this");
  await must(server, "POST", `/api/v1/statuses/${kept.id}/bookmark`, as);
  const list = await must(server, "POST", "/api/v1/lists", { ...as, form: { title: 'near, "very"' } });
  await must(server, "POST", `/api/v1/lists/${list.id}/accounts`, { ...as, form: { "account_ids[]": ben.id } });
  assert.equal(
    await csv(anna, "following_accounts"),
    "Account address,Show boosts,Notify on new posts,Languages\n" +
      `ben@${domain()},false,true,"de, en"\ncleo@${domain()},true,false,\n`,
  );
  assert.equal(await csv(anna, "muted_accounts"), `Account address,Hide notifications\ncleo@${domain()},false\n`);
  assert.equal(await csv(anna, "blocked_accounts"), `dora@${domain()}\n`);
  assert.equal(await csv(anna, "blocked_domains"), "");
  assert.equal(await csv(anna, "bookmarks"), `${server.url}/users/ben/statuses/${kept.id}\n`);
  assert.equal(await csv(anna, "lists"), `"near, ""very""",ben@${domain()}\n`);
});

test("a list that is longer than a batch is whole", async () => {
  const [reader] = await server.members("hoarder");
  for (let i = 0; i < 505; i++) {
    const parley = await post(reader, `note ${i}`);
    await must(server, "POST", `/api/v1/statuses/${parley.id}/bookmark`, { token: reader.token });
  }
  const lines = (await csv(reader, "bookmarks")).trimEnd().split("\n");
  assert.equal(lines.length, 505);
  assert.equal(new Set(lines).size, 505);
});

test("the page offers the same files, to its member", async () => {
  const [eva, finn] = await server.members("eva", "finn");
  await must(server, "POST", `/api/v1/accounts/${finn.id}/follow`, { token: eva.token });
  const visitor = await signedIn(eva);
  const page = await visitor.get("/settings/transfer");
  assert.match(page.html, /href="\/settings\/transfer\/csv\/following_accounts\.csv"/);
  const file = await visitor.get("/settings/transfer/csv/following_accounts.csv");
  assert.equal(file.status, 200);
  assert.equal(file.headers.get("Content-Disposition"), 'attachment; filename="following_accounts.csv"');
  assert.match(file.html, new RegExp(`^finn@${domain()},true,false,$`, "m"));
  assert.equal((await visitor.get("/settings/transfer/csv/passwords.csv")).status, 404);
  const stranger = await new Visitor(server).get("/settings/transfer/csv/following_accounts.csv");
  assert.equal(stranger.url.pathname, "/sign-in");
});

test("a file asks for the scope of what it holds", async () => {
  const [gina] = await server.members("gina");
  const app = await server.registerApp("read:lists");
  const token = await server.token(app, "read:lists", gina);
  assert.equal((await ask(server, "GET", "/api/parley/v1/export/lists.csv", { token })).status, 200);
  assert.equal((await ask(server, "GET", "/api/parley/v1/export/bookmarks.csv", { token })).status, 403);
  assert.equal((await ask(server, "GET", "/api/parley/v1/export/lists.csv")).status, 401);
});

const bring = async (who: Member, type: string, text: string, mode = "merge"): Promise<Json> => {
  const multipart = new FormData();
  multipart.set("type", type);
  multipart.set("mode", mode);
  multipart.set("data", new Blob([text], { type: "text/csv" }), `${type}.csv`);
  const begun = await must(server, "POST", "/api/parley/v1/imports", { token: who.token, multipart });
  return ended(who, begun.id);
};
const ended = async (who: Member, id: string): Promise<Json> => {
  let now: Json;
  await eventually("the import ends", async () => {
    now = await must(server, "GET", `/api/parley/v1/imports/${id}`, { token: who.token });
    return !["waiting", "running", "undoing"].includes(now.state);
  });
  return now;
};

test("what one member takes along, another brings", async () => {
  const [hana, ivan, jo, kim, lea] = await server.members("hana", "ivan", "jo", "kim", "lea");
  const kept = await post(ivan, "worth keeping");
  const following =
    "Account address,Show boosts,Notify on new posts,Languages\r\n" +
    `ivan@${domain()},false,true,"de, en"\r\njo,true,false,\r\nfar@elsewhere.example,true,false,\r\n`;
  const done = await bring(hana, "following", following);
  assert.deepEqual([done.state, done.type, done.total, done.added, done.failed], ["done", "following", 3, 2, 1]);
  assert.deepEqual(done.problems, ["far@elsewhere.example: not on this server"]);
  assert.deepEqual([done.file_name, done.handled], ["following.csv", 3]);
  assert.equal(
    (await csv(hana, "following_accounts")).split("\n").slice(1).sort().join("|"),
    `|ivan@${domain()},false,true,"de, en"|jo@${domain()},true,false,`,
  );
  await bring(hana, "muting", `Account address,Hide notifications\nkim@${domain()},false\n`);
  assert.match(await csv(hana, "muted_accounts"), /kim@.*,false/);
  await bring(hana, "blocking", `lea@${domain()}\n`);
  assert.match(await csv(hana, "blocked_accounts"), /^lea@/);
  await bring(hana, "domain_blocking", "#domain,#severity\nSpam.Example,suspend\nno domain\n");
  assert.equal(await csv(hana, "blocked_domains"), "spam.example\n");
  await bring(hana, "bookmarks", `${server.url}/users/ivan/statuses/${kept.id}\n${server.url}/@ivan/1\n`);
  assert.equal(await csv(hana, "bookmarks"), `${server.url}/users/ivan/statuses/${kept.id}\n`);
  await bring(hana, "lists", `near,jo@${domain()}\n"a ""b""",ivan@${domain()}\nnear,kim@${domain()}\n`);
  assert.equal(
    (await csv(hana, "lists")).trimEnd().split("\n").sort().join("|"),
    `"a ""b""",ivan@${domain()}|near,jo@${domain()}|near,kim@${domain()}`,
  );
  assert.ok([jo, kim, lea].every(Boolean));
});

test("bringing the same again changes nothing, and replacing takes away what is not in the file", async () => {
  const [mia, nora, olga] = await server.members("mia", "nora", "olga");
  await bring(mia, "following", `nora@${domain()}\nolga@${domain()}\n`);
  const again = await bring(mia, "following", `nora@${domain()}\nolga@${domain()}\n`);
  assert.deepEqual([again.added, again.skipped], [0, 2]);
  const wrong = await bring(mia, "following", "nobody@elsewhere.example\n", "overwrite");
  assert.match(wrong.problems.join(), /Nothing was removed/);
  assert.equal((await csv(mia, "following_accounts")).trimEnd().split("\n").length, 3);
  await bring(mia, "following", `olga@${domain()}\n`, "overwrite");
  assert.equal((await csv(mia, "following_accounts")).trimEnd().split("\n").length, 2);
  assert.deepEqual([nora.username, olga.username], ["nora", "olga"]);
});

test("what is no list is refused, and another's import is not there", async () => {
  const [pia, quin] = await server.members("pia", "quin");
  const refused = async (form: Record<string, string | Blob>): Promise<string> => {
    const multipart = new FormData();
    for (const [name, value] of Object.entries(form)) multipart.set(name, value);
    const reply = await ask(server, "POST", "/api/parley/v1/imports", { token: pia.token, multipart });
    assert.equal(reply.status, 422, reply.text);
    return reply.json.error;
  };
  const data = new Blob(["quin\n"]);
  assert.match(await refused({ type: "everything", data }), /Type is none of/);
  assert.match(await refused({ type: "following" }), /missing or empty/);
  assert.match(await refused({ type: "following", mode: "perhaps", data }), /Mode is none of/);
  assert.match(await refused({ type: "following", data: new Blob([Buffer.from([0xff, 0xfe, 0, 65])]) }), /UTF-8/);
  assert.match(await refused({ type: "following", data: new Blob(["x\n".repeat(50_001)]) }), /50000 rows/);
  const done = await bring(pia, "following", "quin\n");
  const path = `/api/parley/v1/imports/${done.id}`;
  assert.equal((await ask(server, "GET", path, { token: quin.token })).status, 404);
  assert.equal((await ask(server, "DELETE", path, { token: quin.token })).status, 404);
  assert.deepEqual(await must(server, "GET", "/api/parley/v1/imports", { token: quin.token }), []);
  const listed = await must(server, "GET", "/api/parley/v1/imports", { token: pia.token });
  assert.deepEqual(listed, [done]);
  await must(server, "DELETE", path, { token: pia.token });
  assert.equal((await ask(server, "GET", path, { token: pia.token })).status, 404);
});

test("the page brings a list, and shows how far it is", async () => {
  const [rosa, sven] = await server.members("rosa", "sven");
  const visitor = await signedIn(rosa);
  const page = await visitor.get("/settings/transfer");
  const sent = await visitor.upload(page, "/settings/transfer/list", {
    type: "following",
    mode: "merge",
    data: new Blob([`sven@${domain()}\n`]),
  });
  assert.match(sent.url.pathname, /^\/settings\/transfer\/imports\/\d+$/);
  await ended(rosa, sent.url.pathname.split("/").at(-1) ?? "");
  const done = await visitor.get(sent.url.pathname);
  assert.match(done.html, /This import is done/);
  assert.equal(done.headers.get("Refresh"), null);
  const back = await visitor.submit(done, sent.url.pathname, { do: "forget" });
  assert.equal(back.url.pathname, "/settings/transfer");
  assert.equal((await visitor.get(sent.url.pathname)).status, 404);
  const empty = await visitor.upload(back, "/settings/transfer/list", { type: "lists", mode: "merge" });
  assert.equal(empty.status, 422);
  assert.ok(sven);
});

const unzip = async (bytes: Buffer): Promise<Map<string, Buffer>> => {
  const folder = await mkdtemp(path.join(tmpdir(), "parley-zip-"));
  try {
    await writeFile(path.join(folder, "a.zip"), bytes);
    const script = "import sys,zipfile; zipfile.ZipFile(sys.argv[1]).extractall(sys.argv[2])";
    await call("python3", ["-c", script, path.join(folder, "a.zip"), path.join(folder, "out")]);
    const names = await readdir(path.join(folder, "out"), { recursive: true, withFileTypes: true });
    const found = new Map<string, Buffer>();
    for (const entry of names.filter((name) => name.isFile())) {
      const file = path.join(entry.parentPath ?? entry.path, entry.name);
      found.set(path.relative(path.join(folder, "out"), file), await readFile(file));
    }
    return found;
  } finally {
    await rm(folder, { recursive: true });
  }
};

const archiveOf = async (who: Member): Promise<{ row: Json; bytes: Buffer }> => {
  const as = { token: who.token };
  const begun = await must(server, "POST", "/api/parley/v1/archives", as);
  let row: Json;
  await eventually("the archive is ready", async () => {
    row = await must(server, "GET", `/api/parley/v1/archives/${begun.id}`, as);
    return row.state === "ready";
  });
  const reply = await server.fetch(`/api/parley/v1/archives/${begun.id}/file`, as);
  assert.equal(reply.status, 200);
  return { row, bytes: Buffer.from(await reply.arrayBuffer()) };
};

test("an archive holds what its member wrote, with files, and nobody else gets it", async () => {
  const [tara, uwe] = await server.members("tara", "uwe");
  const multipart = new FormData();
  multipart.set("file", new Blob([png(40, 30, [9, 9, 9])]), "a.png");
  multipart.set("description", "a grey square");
  const media = await must(server, "POST", "/api/v2/media", { token: tara.token, multipart });
  const form = { status: "Hello #world & <all>", "media_ids[]": media.id, spoiler_text: "careful", language: "en" };
  const first = await must(server, "POST", "/api/v1/statuses", { token: tara.token, form });
  const answer = await must(server, "POST", "/api/v1/statuses", {
    token: tara.token,
    form: { status: "and @uwe more", in_reply_to_id: first.id, visibility: "private" },
  });
  const other = await post(uwe, "by uwe");
  await must(server, "POST", `/api/v1/statuses/${other.id}/reblog`, { token: tara.token });
  await must(server, "POST", `/api/v1/statuses/${other.id}/favourite`, { token: tara.token });
  const { row, bytes } = await archiveOf(tara);
  assert.equal(row.bytes, bytes.length);
  assert.deepEqual([row.total, row.handled], [3, 3]);
  assert.equal(Date.parse(row.expires_at) - Date.parse(row.ready_at), 7 * 24 * 3_600_000);
  const files = await unzip(bytes);
  const json = (name: string): Json => JSON.parse(String(files.get(name)));
  assert.deepEqual(
    [...files.keys()].sort(),
    ["actor.json", "bookmarks.json", "likes.json", `media_attachments/files/${media.id}.webp`, "outbox.json"].sort(),
  );
  assert.equal(json("actor.json").preferredUsername, "tara");
  assert.deepEqual(json("likes.json").orderedItems, [`${server.url}/users/uwe/statuses/${other.id}`]);
  const outbox = json("outbox.json");
  assert.equal(outbox.totalItems, 3);
  const [made, said, echoed] = outbox.orderedItems;
  assert.equal(made.object.source.content, "Hello #world & <all>");
  assert.equal(made.object.summary, "careful");
  assert.equal(made.object.attachment[0].url, `media_attachments/files/${media.id}.webp`);
  assert.equal(made.object.attachment[0].name, "a grey square");
  assert.deepEqual(made.to, ["https://www.w3.org/ns/activitystreams#Public"]);
  assert.equal(said.object.inReplyTo, `${server.url}/users/tara/statuses/${first.id}`);
  assert.deepEqual(said.object.to, [`${server.url}/users/tara/followers`]);
  assert.equal(said.object.id, `${server.url}/users/tara/statuses/${answer.id}`);
  assert.deepEqual([echoed.type, echoed.object], ["Announce", `${server.url}/users/uwe/statuses/${other.id}`]);
  const file = `/api/parley/v1/archives/${row.id}/file`;
  assert.equal((await server.fetch(file, { token: uwe.token })).status, 404);
  const narrow = await server.token(await server.registerApp("read:statuses"), "read:statuses", tara);
  assert.equal((await server.fetch(file, { token: narrow })).status, 403);
  const part = await server.fetch(file, { token: tara.token, headers: { Range: "bytes=2-5" } });
  assert.equal(part.status, 206);
  assert.deepEqual(Buffer.from(await part.arrayBuffer()), bytes.subarray(2, 6));
  await must(server, "DELETE", `/api/parley/v1/archives/${row.id}`, { token: tara.token });
  assert.equal((await server.fetch(file, { token: tara.token })).status, 404);
});

test("an archive can be asked for by page and by the operator, and the newest is kept", async () => {
  const [vera] = await server.members("vera");
  await post(vera, "one");
  const visitor = await signedIn(vera);
  const asked = await visitor.submit(await visitor.get("/settings/transfer"), "/settings/transfer/archive", {});
  assert.equal(asked.status, 200);
  let page = asked;
  await eventually("the page offers it", async () => {
    page = await visitor.get("/settings/transfer");
    return page.html.includes("Download the archive");
  });
  const link = /href="(\/settings\/transfer\/archives\/\d+\.zip)"/.exec(page.html)?.[1] ?? "";
  assert.equal((await visitor.get(link)).headers.get("Content-Type"), "application/zip");
  const told = await server.command("member", "export", "vera");
  assert.equal(told.state, "ready");
  assert.ok((await readFile(told.path)).length > 0);
  const { row } = await archiveOf(vera);
  await eventually("the one before is gone", async () => {
    const list = await must(server, "GET", "/api/parley/v1/archives", { token: vera.token });
    return list.length === 1 && list[0].id === row.id;
  });
  assert.equal((await visitor.get(link)).status, 404);
});
