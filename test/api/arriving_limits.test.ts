// SPDX-License-Identifier: Apache-2.0
// Archives that are large, or that mean harm: what is taken goes to the disk and not to memory; what is not is refused with
// a word, and nothing of it stays.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { gzipSync } from "node:zlib";
import { archive, create, type Files, outbox } from "../lib/archive.ts";
import { ask, type Json, must, type Reply } from "../lib/http.ts";
import { noise, png } from "../lib/png.ts";
import { type Member, type Server, startServer } from "../lib/server.ts";
import { make } from "../lib/uploads.ts";
import { Visitor } from "../lib/visitor.ts";
import { eventually, PATIENCE_MS } from "../lib/wait.ts";

const MIB = 1024 * 1024;
const IMPORT_MIB = 48;
let server: Server;
before(async () => {
  server = await startServer({
    settings: {
      media_image_mib: "1",
      media_video_mib: "1",
      media_quota_mib: "1",
      upload_memory_mib: "32",
      import_mib: String(IMPORT_MIB),
    },
  });
});
after(() => server?.stop());

const at = "2020-06-01T00:00:00Z";
const small: Files = { "outbox.json": outbox(create({ id: 1, at, html: "<p>small</p>" })) };

function form(bytes: Uint8Array): FormData {
  const multipart = new FormData();
  multipart.set("visibility", "public");
  multipart.set("data", new Blob([new Uint8Array(bytes)]), "archive.zip");
  return multipart;
}
const send = (token: string | undefined, bytes: Uint8Array): Promise<Reply> =>
  ask(server, "POST", "/api/parley/v1/imports/archive", { token, multipart: form(bytes) });

async function finish(who: Member, id: string): Promise<Json> {
  let now: Json;
  const ended = async () => {
    now = await must(server, "GET", `/api/parley/v1/imports/${id}`, { token: who.token });
    return !["waiting", "running", "undoing"].includes(now.state);
  };
  await eventually("the import ends", ended, 3 * PATIENCE_MS); // films take their time
  return now;
}
async function bring(who: Member, bytes: Uint8Array): Promise<Json> {
  const begun = await send(who.token, bytes);
  assert.equal(begun.status, 200, begun.text);
  return finish(who, begun.json.id);
}
const profile = (who: Member): Promise<Json[]> =>
  must(server, "GET", `/api/v1/accounts/${who.id}/statuses?limit=40`, { token: who.token });
const nothingIsLeft = () =>
  eventually("no file of an archive is left", async () => {
    const left = await readdir(path.join(server.data, "archives")).catch(() => []);
    return left.length === 0;
  });

test("one larger than all the memory for bodies comes by API and by page", async () => {
  const [anna, ben] = await server.members("anna", "ben");
  const large = await archive("zip", { ...small, "holiday.bin": randomBytes(40 * MIB) });
  assert.ok(large.length > 32 * MIB);
  const done = await bring(anna, large);
  assert.deepEqual([done.state, done.added, done.file_name], ["done", 1, "archive.zip"], JSON.stringify(done));
  const visitor = new Visitor(server);
  await visitor.signIn(await visitor.get("/sign-in"), ben);
  const page = await visitor.get("/settings/transfer");
  assert.match(page.html, new RegExp(`Up to ${IMPORT_MIB} MB`));
  const sent = await visitor.upload(page, "/settings/transfer/parleys", {
    visibility: "public",
    data: new Blob([new Uint8Array(large)]),
  });
  const came = await finish(ben, sent.url.pathname.split("/").at(-1) ?? "");
  assert.deepEqual([came.state, came.added], ["done", 1]);
  await nothingIsLeft();
});

test("who may not bring one is told so before it is kept, and one that is too large is refused", async () => {
  const [cleo, dora] = await server.members("cleo", "dora");
  const bytes = await archive("zip", small);
  const reads = await server.signIn(cleo, "read write:statuses");
  assert.equal((await send(undefined, bytes)).status, 401);
  assert.equal((await send("nonsense", bytes)).status, 401);
  const outside = await send(reads, bytes);
  assert.deepEqual([outside.status, outside.json.error], [403, "This action is outside the authorized scopes"]);
  await server.command("member", "freeze", "dora", "--reason", "test");
  assert.equal((await send(dora.token, bytes)).status, 403);
  const huge = await send(cleo.token, Buffer.alloc((IMPORT_MIB + 2) * MIB));
  assert.deepEqual([huge.status, huge.json.error], [413, "The request is too large"]);
  const over = await send(cleo.token, Buffer.alloc(IMPORT_MIB * MIB + 1));
  assert.deepEqual([over.status, over.json.error], [413, `Validation failed: Data is larger than ${IMPORT_MIB} MB`]);
  const text = await ask(server, "POST", "/api/parley/v1/imports/archive", {
    token: cleo.token,
    json: { data: "x".repeat(MIB) },
  });
  assert.equal(text.status, 413);
  const reply = await server.fetch("/settings/transfer/parleys", { method: "POST", body: form(bytes) });
  assert.deepEqual([reply.status, reply.headers.get("location")], [303, "/sign-in"]);
  const visitor = new Visitor(server);
  const page = await visitor.signIn(await visitor.get("/sign-in"), cleo);
  const forged = { ...page, html: '<form action="/settings/transfer/parleys"></form>' };
  const unbidden = await visitor.upload(forged, "/settings/transfer/parleys", { data: new Blob(["x"]) });
  assert.equal(unbidden.status, 403);
  assert.deepEqual(await must(server, "GET", "/api/parley/v1/imports", { token: cleo.token }), []);
  assert.deepEqual(await profile(cleo), []);
  await nothingIsLeft();
});

/** A head of a tar's entry (POSIX ustar); sizes of 8 GiB and more as GNU tar says them. */
function tarHead(name: string, size: number): Buffer {
  const head = Buffer.alloc(512);
  head.write(name, 0, 100, "latin1");
  head.write(`0000644\0${"0000000\0".repeat(2)}`, 100, "latin1");
  if (size < 8 * 1024 * MIB) {
    head.write(`${size.toString(8).padStart(11, "0")}\0`, 124, "latin1");
  } else {
    head.writeUInt8(0x80, 124);
    head.writeBigUInt64BE(BigInt(size), 128);
  }
  head.write(`${"0".repeat(11)}\0`, 136, "latin1");
  head.write("        0", 148, "latin1");
  head.write("ustar\0" + "00", 257, "latin1");
  const sum = head.reduce((all, byte) => all + byte, 0);
  head.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return head;
}
const padded = (bytes: Buffer) => Buffer.concat([bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)]);
const tarFile = (name: string, bytes: Buffer) => Buffer.concat([tarHead(name, bytes.length), padded(bytes)]);
const packed = (...parts: Buffer[]) => gzipSync(Buffer.concat(parts), { level: 1 });

/** The same again and again, packed once: a gzip file may have many members. */
const repeated = (part: Buffer, times: number) => Buffer.concat(Array<Buffer>(times).fill(packed(part)));

const box = tarFile("outbox.json", Buffer.from(small["outbox.json"] as string));
const withPost = (text: string, more: Files): Files => ({
  "outbox.json": outbox(
    create({
      id: 1,
      at,
      html: `<p>${text}</p>`,
      more: { attachment: Object.keys(more).map((name) => ({ type: "Document", url: `/${name}`, name: null })) },
    }),
  ),
  ...more,
});

test("bombs are refused with a word, whichever way they are made, and leave nothing", async () => {
  const [eva] = await server.members("eva");
  const end = "z.writestr(zipfile.ZipInfo(NAME), 'x')";
  const named = (name: string) => archive("zip", small, end.replace("NAME", JSON.stringify(name)));
  const deep = `{"orderedItems":[{"a":${"[".repeat(70)}${"]".repeat(70)}}]}`;
  const cases: [string, () => Promise<Uint8Array> | Uint8Array, RegExp][] = [
    [
      "more entries than any has",
      () => repeated(Buffer.concat(Array(10_000).fill(tarHead("a", 0))), 51),
      /too many files/,
    ],
    [
      "a file of a tebibyte, as it says",
      () => packed(box, tarHead("holiday.avi", 1024 * 1024 * MIB)),
      /unfolds to too much/,
    ],
    [
      "a list of a tebibyte, as it says",
      () => packed(tarHead("outbox.json", 1024 * 1024 * MIB)),
      /unfolds to too much/,
    ],
    ["an archive that is said to be longer", () => packed(box, tarHead("holiday.avi", 5 * MIB)), /damaged/],
    ["a tweet within seventy lists", () => archive("zip", { "outbox.json": deep }), /too deeply/],
    ["a name that leads out of a ZIP", () => named("../evil"), /lead out/],
    ["one that does so in the middle", () => named("media_attachments/../../evil"), /lead out/],
    ["one that does so elsewhere", () => named("a\\..\\..\\evil"), /lead out/],
    ["one that ends in it", () => named("media_attachments/.."), /lead out/],
    ["an archive within an archive", async () => archive("zip", { "a.zip": await archive("zip", small) }), /neither/],
  ];
  for (const [what, bytes, why] of cases) {
    const done = await bring(eva, await bytes());
    assert.equal(done.state, "failed", `${what}: ${JSON.stringify(done)}`);
    assert.match(done.problems.join(), why, `${what}: ${JSON.stringify(done)}`);
    assert.deepEqual([done.added, done.total], [0, 0], what);
    await nothingIsLeft();
    await must(server, "DELETE", `/api/parley/v1/imports/${done.id}`, { token: eva.token });
  }
  assert.deepEqual(await profile(eva), []);
  assert.deepEqual(await must(server, "GET", "/api/parley/v1/imports", { token: eva.token }), []);
});

test("a picture that unfolds to more than any file may be is left out, and its parley comes", async () => {
  const [finn] = await server.members("finn");
  const name = "media_attachments/files/1/original/huge.png";
  const files = withPost("the words", { [name]: "" });
  const list = tarFile("outbox.json", Buffer.from(files["outbox.json"] as string));
  const zeros = Buffer.alloc(MIB);
  const bytes = Buffer.concat([packed(list), packed(tarHead(name, 101 * MIB)), repeated(zeros, 101)]);
  assert.ok(bytes.length < MIB);
  const done = await bring(finn, bytes);
  assert.deepEqual([done.state, done.added], ["done", 1], JSON.stringify(done));
  assert.match(done.problems.join(), /a file is not in the archive/);
  const [came] = await profile(finn);
  assert.deepEqual(came.media_attachments, []);
  await nothingIsLeft();
});

for (const kind of ["zip", "tar.gz"] as const)
  test(`what came cut short is refused whole, wherever it ends: ${kind}`, async () => {
    const [gina] = await server.members(`gina_${kind[0]}`);
    const picture = noise(200, 200, 5);
    const whole = await archive(kind, withPost("hi", { "media_attachments/files/1/original/a.png": picture }));
    for (const part of [0.02, 0.3, 0.6, 0.9]) {
      const done = await bring(gina, whole.subarray(0, Math.floor(whole.length * part)));
      assert.equal(done.state, "failed", `${part}: ${JSON.stringify(done)}`);
      assert.match(done.problems.join(), /^The archive: It (is damaged|is neither ZIP nor tar\.gz|holds neither)/);
      assert.equal(done.added, 0);
      await nothingIsLeft();
      await must(server, "DELETE", `/api/parley/v1/imports/${done.id}`, { token: gina.token });
    }
    assert.deepEqual(await profile(gina), []);
    assert.equal((await bring(gina, whole)).added, 1);
  });

test("pictures come as long as their member has room, parleys always", async () => {
  const [hana] = await server.members("hana");
  const ids = [1, 2, 3, 4, 5, 6];
  const name = (id: number) => `media_attachments/files/${id}/original/a.png`;
  const items = ids.map((id) =>
    create({ id, at, html: `<p>number ${id}</p>`, more: { attachment: [{ type: "Document", url: `/${name(id)}` }] } }),
  );
  const files: Files = { "outbox.json": outbox(...items) };
  for (const id of ids) files[name(id)] = noise(400, 400, id);
  const done = await bring(hana, await archive("zip", files));
  assert.deepEqual([done.state, done.added, done.failed], ["done", 6, 0], JSON.stringify(done));
  const refused = done.problems.filter((line: string) => line.endsWith("your files may take no more room"));
  const pictures = (await profile(hana)).map((s) => s.media_attachments.length).reverse();
  const came = pictures.filter((n) => n === 1).length;
  assert.ok(came >= 1 && came <= 5, JSON.stringify(pictures));
  assert.equal(refused.length, 6 - came, JSON.stringify(done.problems));
  await nothingIsLeft();
  // Taken back, their room is free again.
  await must(server, "POST", `/api/parley/v1/imports/${done.id}/undo`, { token: hana.token });
  await finish(hana, done.id);
  const again = await bring(hana, await archive("zip", withPost("again", { [name(7)]: noise(400, 400, 7) })));
  assert.deepEqual(again.problems, []);
  assert.equal((await profile(hana))[0].media_attachments.length, 1);
});

test("films come with their parleys, alone", async () => {
  const [ines] = await server.members("ines");
  const folder = await mkdtemp(path.join(tmpdir(), "parley-film-"));
  try {
    const file = path.join(folder, "film.mp4");
    const seen = ["-f", "lavfi", "-i", "testsrc2=size=160x120:rate=10:duration=1"];
    await make.ffmpeg(...seen, "-f", "lavfi", "-i", "sine=440:duration=1", "-pix_fmt", "yuv420p", file);
    const film = await readFile(file);
    const where = "media_attachments/files/1/original";
    const of = (name: string, words: string | null = null) => ({
      type: "Document",
      url: `/${where}/${name}`,
      name: words,
    });
    const note = (id: number, ...attachment: Json[]) => create({ id, at, html: `<p>${id}</p>`, more: { attachment } });
    const done = await bring(
      ines,
      await archive("tar.gz", {
        "outbox.json": outbox(
          note(1, of("film.mp4", "waves")),
          note(2, of("red.png"), of("film.mp4")),
          note(3, of("film.mp4"), of("red.png")),
          note(4, of("broken.mp4")),
        ),
        [`${where}/film.mp4`]: film,
        [`${where}/broken.mp4`]: film.subarray(0, 200),
        [`${where}/red.png`]: png(60, 40, [200, 30, 30]),
      }),
    );
    assert.deepEqual([done.state, done.added], ["done", 4], JSON.stringify(done));
    const [fourth, third, second, first] = await profile(ines);
    const kinds = [first, second, third, fourth].map((s) => s.media_attachments.map((a: Json) => a.type));
    assert.deepEqual(kinds, [["video"], ["image"], ["video"], []]);
    const [a] = first.media_attachments;
    assert.deepEqual([a.description, a.meta.original.width, a.meta.original.height], ["waves", 160, 120]);
    const served = await server.fetch(a.url);
    assert.deepEqual([served.status, served.headers.get("content-type")], [200, "video/mp4"]);
    const said = done.problems.join("\n");
    assert.match(said, /statuses\/2: one file more than fits/);
    assert.match(said, /statuses\/4: .*File cannot be read/);
    await nothingIsLeft();
  } finally {
    await rm(folder, { recursive: true });
  }
});
