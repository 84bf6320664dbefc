// SPDX-License-Identifier: Apache-2.0
// Uploads and attachments over HTTP: what is taken, what is made of it, who may touch it, and what is gone afterwards.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { makeHeic, systemReads } from "../lib/heic.ts";
import { type Member, type Server, startServer } from "../lib/server.ts";
import { crc32, make, PLANTED, uploads, withProfile } from "../lib/uploads.ts";
import { eventually } from "../lib/wait.ts";

const call = promisify(execFile);

let server: Server;
let anna: Member;
let bert: Member;
let folder: string;

before(async () => {
  server = await startServer();
  anna = await server.member("anna");
  bert = await server.member("bert");
  folder = await mkdtemp(path.join(tmpdir(), "parley-uploads-"));
  await make.picture(`${folder}/plain.png`, "640x480");
});
after(async () => {
  await server.stop();
  await rm(folder, { recursive: true });
});

// biome-ignore lint/suspicious/noExplicitAny: what comes back is judged by the tests
type Json = any;

interface Attachment {
  id: string;
  type: string;
  url: string | null;
  preview_url: string | null;
  description: string | null;
  blurhash: string | null;
  meta: {
    focus?: { x: number; y: number };
    original?: { width?: number; height?: number; size?: string; duration?: number; frame_rate?: string };
    small?: { width: number; height: number };
  };
}

async function send(
  who: Member | string,
  method: string,
  url: string,
  fields: Record<string, string | Blob | [Blob, string]> = {},
): Promise<{ status: number; body: Json; headers: Headers }> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) {
    if (Array.isArray(value)) form.append(name, value[0], value[1]);
    else form.append(name, value);
  }
  const reply = await fetch(server.url + url, {
    method,
    headers: { Authorization: `Bearer ${typeof who === "string" ? who : who.token}` },
    body: method === "GET" ? undefined : form,
  });
  return { status: reply.status, body: await reply.json(), headers: reply.headers };
}

async function upload(who: Member, file: string, fields: Record<string, string> = {}, version = 2) {
  const blob = new Blob([new Uint8Array(await readFile(file))]);
  return send(who, "POST", `/api/v${version}/media`, { file: [blob, path.basename(file)], ...fields });
}

async function ready(who: Member, id: string): Promise<Attachment> {
  return eventually("the file is ready", async () => {
    const { status, body } = await send(who, "GET", `/api/v1/media/${id}`);
    assert.ok(status === 200 || status === 206, `${status} ${JSON.stringify(body)}`);
    if (status === 206) assert.equal(body.url, null);
    return status === 200 ? (body as Attachment) : undefined;
  });
}

async function picture(who: Member = anna, fields: Record<string, string> = {}): Promise<Attachment> {
  const { status, body } = await upload(who, `${folder}/plain.png`, fields);
  assert.ok(status === 200 || status === 202, JSON.stringify(body));
  return ready(who, body.id);
}

async function json(who: Member, method: string, url: string, body?: unknown): Promise<{ status: number; body: Json }> {
  const reply = await fetch(server.url + url, {
    method,
    headers: { Authorization: `Bearer ${who.token}`, "Content-Type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  return { status: reply.status, body: await reply.json() };
}

async function filesBelow(dir: string): Promise<string[]> {
  const found: string[] = [];
  for (const e of await readdir(dir, { withFileTypes: true, recursive: true }).catch(() => []))
    if (e.isFile()) found.push(path.join(e.parentPath ?? e.path, e.name));
  return found;
}

async function diskHolds(word: string): Promise<string[]> {
  const hits: string[] = [];
  for (const f of await filesBelow(server.data)) if ((await readFile(f)).includes(word)) hits.push(f);
  return hits;
}

async function served(url: string | null): Promise<Buffer> {
  assert.ok(url);
  const reply = await fetch(url);
  assert.equal(reply.status, 200, url);
  return Buffer.from(await reply.arrayBuffer());
}

async function tagsOf(bytes: Buffer): Promise<string> {
  const file = `${folder}/served`;
  await writeFile(file, bytes);
  return (await call("exiftool", ["-a", "-G1", "-s", file])).stdout;
}

for (const u of uploads)
  test(`${u.name} becomes ${u.kind}, and nothing of what was planted in it is left`, async () => {
    const file = `${folder}/${u.name}`;
    await u.make(file);
    assert.ok((await tagsOf(await readFile(file))).includes(PLANTED), "it is planted");
    const { status, body } = await upload(anna, file);
    assert.ok(status === 200 || status === 202, JSON.stringify(body));
    assert.equal(body.type, u.kind, "apps draw by it from the first answer on");
    assert.deepEqual(await diskHolds(PLANTED), [], "on the disk while it waits");
    const a = await ready(anna, body.id);
    assert.equal(a.type, u.kind);
    for (const url of [a.url, a.preview_url])
      if (url !== null) {
        const bytes = await served(url);
        assert.ok(!bytes.includes(PLANTED));
        assert.ok(!bytes.includes("Heidi"));
        assert.doesNotMatch(await tagsOf(bytes), /GPS|Heidi|XMP|IPTC|Location|Artist|Comment|Author/);
      }
    if (u.kind !== "audio") {
      assert.match(a.blurhash ?? "", /^[0-9A-Za-z#$%*+,\-.:;=?@[\]^_{|}~]{28}$/);
      assert.ok((a.meta.original?.width ?? 0) > 0);
    }
    if (u.kind !== "image") assert.ok(Math.abs((a.meta.original?.duration ?? 0) - 2) < 0.3, JSON.stringify(a.meta));
    assert.deepEqual(await diskHolds(PLANTED), [], "on the disk afterwards");
    assert.deepEqual(await filesBelow(`${server.data}/media/waiting`), []);
  });

test("a colour profile with a name in it goes, too", async () => {
  await make.picture(`${folder}/icc.jpg`);
  await writeFile(`${folder}/icc.jpg`, await withProfile(`${folder}/icc.jpg`));
  const { body } = await upload(anna, `${folder}/icc.jpg`);
  const a = await ready(anna, body.id);
  assert.ok(!(await served(a.url)).includes(PLANTED));
});

test("AVIF is read", async () => {
  for (const [name, args] of [
    ["still.avif", ["-c:v", "libaom-av1", "-still-picture", "1", "-cpu-used", "8"]],
  ] as const) {
    await make.ffmpeg(
      "-f",
      "lavfi",
      "-i",
      "testsrc2=size=320x240:rate=1:duration=1",
      "-frames:v",
      "1",
      ...args,
      `${folder}/${name}`,
    );
    const { body } = await upload(anna, `${folder}/${name}`);
    assert.equal((await ready(anna, body.id)).type, "image");
  }
});

const UNREADABLE = [422, "Validation failed: File cannot be read as a picture"];

test("HEIC, as telephones send it, is read and stripped where the system's libvips reads it, else refused", async () => {
  const file = `${folder}/phone.heic`;
  await makeHeic(file, 640, 480, PLANTED);
  assert.ok((await readFile(file)).includes(PLANTED));
  const { status, body } = await upload(anna, file);
  if (!(await systemReads(file))) {
    assert.deepEqual([status, body.error], UNREADABLE);
    return;
  }
  assert.equal(status, 200);
  const a = await ready(anna, body.id);
  assert.deepEqual([a.type, a.meta.original?.size], ["image", "640x480"]);
  const bytes = await served(a.url);
  assert.match(await tagsOf(bytes), /FileType +: .*WEBP/i);
  assert.ok(!bytes.includes(PLANTED));
});

test("HEIC without a decoder for it, or cut short, is refused in words and leaves nothing", async () => {
  const file = `${folder}/other.heic`;
  await makeHeic(file, 640, 480, PLANTED);
  const whole = await readFile(file);
  const coded = Buffer.from(whole.toString("latin1").replaceAll("hvc1", "xvc1"), "latin1"); // of a kind that nobody reads
  const before = (await filesBelow(`${server.data}/media`)).sort();
  for (const bytes of [coded, whole.subarray(0, 500)]) {
    for (const version of ["v1", "v2"]) {
      const { status, body } = await send(anna, "POST", `/api/${version}/media`, {
        file: [new Blob([new Uint8Array(bytes)]), "phone.heic"],
      });
      assert.deepEqual([status, body.error], UNREADABLE);
    }
  }
  assert.deepEqual((await filesBelow(`${server.data}/media`)).sort(), before);
});

test("v1 answers with the finished file, pictures and films alike", async () => {
  for (const [file, type] of [
    ["plain.png", "image"],
    ["atoms.mp4", "video"],
  ] as const) {
    const { status, body } = await upload(anna, `${folder}/${file}`, {}, 1);
    assert.equal(status, 200);
    assert.equal(body.type, type);
    assert.ok(body.url);
  }
});

test("v2 answers 202 for a film, 206 while it is worked on, 200 when it is ready", async () => {
  const { status, body } = await upload(anna, `${folder}/atoms.mp4`, { description: "a film" });
  assert.equal(status, 202);
  assert.equal(body.url, null);
  assert.equal(body.description, "a film");
  const a = await ready(anna, body.id);
  assert.equal(a.type, "video");
  assert.equal(a.meta.original?.frame_rate, "25/1");
  assert.equal(a.description, "a film");
});

test("a file that cannot be read says so when it is asked for", async () => {
  await writeFile(
    `${folder}/broken.mp4`,
    Buffer.concat([Buffer.from("\0\0\0\x20ftypisom\0\0\x02\0isomiso2avc1mp41", "latin1"), Buffer.alloc(5000, 7)]),
  );
  const { status, body } = await upload(anna, `${folder}/broken.mp4`);
  assert.equal(status, 202);
  await eventually("it has failed", async () => (await send(anna, "GET", `/api/v1/media/${body.id}`)).status === 422);
  const made = await json(anna, "POST", "/api/v1/statuses", { status: "x", media_ids: [body.id] });
  assert.equal(made.status, 422);
});

test("description, focus and thumbnail can be changed", async () => {
  const a = await picture(anna, { description: "first", focus: "-0.25,0.5" });
  assert.equal(a.description, "first");
  assert.deepEqual(a.meta.focus, { x: -0.25, y: 0.5 });
  const put = await send(anna, "PUT", `/api/v1/media/${a.id}`, { description: "second", focus: "1.0,-1" });
  assert.equal(put.status, 200);
  assert.equal(put.body.description, "second");
  assert.deepEqual(put.body.meta.focus, { x: 1, y: -1 });
  const blob = new Blob([new Uint8Array(await readFile(`${folder}/plain.png`))]);
  const sound = await upload(anna, `${folder}/id3.mp3`);
  const quiet = await ready(anna, sound.body.id);
  assert.equal(quiet.preview_url, null);
  const covered = await send(anna, "PUT", `/api/v1/media/${quiet.id}`, { thumbnail: [blob, "cover.png"] });
  assert.equal(covered.status, 200);
  assert.ok((await served(covered.body.preview_url)).subarray(0, 4).toString() === "RIFF");
});

test("wrong input is refused in words", async () => {
  const word = async (file: Buffer, name = "x") => {
    const { status, body } = await send(anna, "POST", "/api/v2/media", {
      file: [new Blob([new Uint8Array(file)]), name],
    });
    return `${status} ${body.error}`;
  };
  const png = await readFile(`${folder}/plain.png`);
  assert.match(await word(Buffer.from("just words")), /^422 .*must be a JPEG/);
  assert.match(await word(Buffer.alloc(0)), /^422 .*blank/);
  assert.match(await word(png.subarray(0, 900)), /^422 .*cannot be read as a picture/);
  assert.match((await send(anna, "POST", "/api/v2/media")).body.error, /blank/);
  assert.match((await upload(anna, `${folder}/plain.png`, { focus: "2,0" })).body.error, /between -1.0 and 1.0/);
  assert.match((await upload(anna, `${folder}/plain.png`, { description: "a".repeat(1501) })).body.error, /1500/);
  const zip = Buffer.concat([png, Buffer.from("PK\x05\x06", "latin1"), Buffer.alloc(18)]);
  assert.match(await word(zip), /^422 .*something else at the same time/);
  assert.match(
    await word(Buffer.concat([png.subarray(0, 33), Buffer.from("<script>alert(1)</script>"), png.subarray(33)])),
    /^422 .*something else/,
  );
  assert.match(await word(Buffer.concat([png, Buffer.alloc(17 * 1024 * 1024)])), /^413 .*larger than 16 MB/);
  assert.match(await word(bomb(30000, 30000)), /^422 .*too many pixels/);
  assert.match(await word(bomb(6000, 6000)), /^422 .*cannot be read/);
});

/** A PNG that declares a size and holds next to nothing. */
function bomb(width: number, height: number): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const chunk = (type: string, data: Buffer) => {
    const b = Buffer.alloc(12 + data.length);
    b.writeUInt32BE(data.length, 0);
    b.write(type, 4, "latin1");
    data.copy(b, 8);
    b.writeUInt32BE(crc32(b.subarray(4, 8 + data.length)), 8 + data.length);
    return b;
  };
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    chunk("IHDR", head),
    chunk("IDAT", Buffer.from([0x78, 0x9c])),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

test("others' uploads are not there", async () => {
  const a = await picture();
  assert.equal((await send(bert, "GET", `/api/v1/media/${a.id}`)).status, 404);
  assert.equal((await send(bert, "PUT", `/api/v1/media/${a.id}`, { description: "mine" })).status, 404);
  assert.equal((await send(bert, "DELETE", `/api/v1/media/${a.id}`)).status, 404);
  assert.equal((await json(bert, "POST", "/api/v1/statuses", { status: "x", media_ids: [a.id] })).status, 422);
  assert.equal((await send(anna, "GET", `/api/v1/media/${a.id}`)).body.description, null);
});

test("an upload that is attached to nothing can be deleted, and is gone", async () => {
  const a = await picture();
  assert.equal((await send(anna, "DELETE", `/api/v1/media/${a.id}`)).status, 200);
  assert.equal((await send(anna, "GET", `/api/v1/media/${a.id}`)).status, 404);
  assert.equal((await fetch(a.url ?? "")).status, 404);
});

test("a parley shows its attachments in order, with and without words, everywhere", async () => {
  const one = await picture(anna, { description: "one" });
  const two = await picture(anna, { description: "two" });
  const made = await json(anna, "POST", "/api/v1/statuses", { media_ids: [two.id, one.id], sensitive: true });
  assert.equal(made.status, 200, JSON.stringify(made.body));
  assert.deepEqual(
    made.body.media_attachments.map((m: Attachment) => m.description),
    ["two", "one"],
  );
  assert.equal(made.body.content, "");
  assert.equal(made.body.sensitive, true);
  for (const url of [
    `/api/v1/statuses/${made.body.id}`,
    "/api/v1/timelines/home?limit=1",
    "/api/v1/timelines/public?only_media=true&limit=1",
    `/api/v1/accounts/${anna.id}/statuses?only_media=true&limit=1`,
  ]) {
    const { body } = await json(anna, "GET", url);
    const s = Array.isArray(body) ? body[0] : body;
    assert.equal(s.id, made.body.id, url);
    assert.deepEqual(s.media_attachments, made.body.media_attachments, url);
  }
  const again = await json(anna, "POST", "/api/v1/statuses", { status: "again", media_ids: [one.id] });
  assert.equal(again.status, 422, "what is attached stays where it is");
  assert.equal((await send(anna, "DELETE", `/api/v1/media/${one.id}`)).status, 422);
});

test("only_media leaves out what has none", async () => {
  const plain = await json(anna, "POST", "/api/v1/statuses", { status: "only words" });
  for (const url of ["/api/v1/timelines/public", `/api/v1/accounts/${anna.id}/statuses`]) {
    const all = await json(anna, "GET", `${url}?limit=40`);
    const media = await json(anna, "GET", `${url}?limit=40&only_media=true`);
    assert.ok(all.body.some((s: { id: string }) => s.id === plain.body.id));
    assert.ok(
      media.body.length > 0 &&
        media.body.every((s: { media_attachments: unknown[] }) => s.media_attachments.length > 0),
    );
  }
});

test("four pictures at most, and films and sound alone", async () => {
  const five = [];
  for (let i = 0; i < 5; i++) five.push((await picture()).id);
  const many = await json(anna, "POST", "/api/v1/statuses", { status: "x", media_ids: five });
  assert.equal(many.status, 422);
  const film = await upload(anna, `${folder}/atoms.mp4`, {}, 1);
  const mixed = await json(anna, "POST", "/api/v1/statuses", { status: "x", media_ids: [five[0], film.body.id] });
  assert.equal(mixed.status, 422);
  const form = await send(anna, "POST", "/api/v1/statuses", {
    status: "four",
    "media_ids[0]": five[0] ?? "",
    "media_ids[1]": five[1] ?? "",
  });
  assert.equal(form.body.media_attachments.length, 2);
});

test("an edit changes descriptions, adds and takes away; what it takes away is gone", async () => {
  const one = await picture(anna, { description: "before" });
  const two = await picture();
  const made = await json(anna, "POST", "/api/v1/statuses", { status: "edit me", media_ids: [one.id] });
  const said = await json(anna, "PUT", `/api/v1/statuses/${made.body.id}`, {
    status: "edit me",
    media_ids: [one.id, two.id],
    media_attributes: [{ id: one.id, description: "after", focus: "0.5,0.5" }],
  });
  assert.equal(said.status, 200, JSON.stringify(said.body));
  assert.equal(said.body.media_attachments.length, 2);
  assert.equal(said.body.media_attachments[0].description, "after");
  const kept = await json(anna, "PUT", `/api/v1/statuses/${made.body.id}`, { status: "other words" });
  assert.equal(kept.body.media_attachments.length, 2, "an edit that names none leaves them");
  const less = await json(anna, "PUT", `/api/v1/statuses/${made.body.id}`, {
    status: "other words",
    media_ids: [two.id],
  });
  assert.deepEqual(
    less.body.media_attachments.map((m: Attachment) => m.id),
    [two.id],
  );
  assert.equal((await fetch(one.url ?? "")).status, 404);
  const history = await json(anna, "GET", `/api/v1/statuses/${made.body.id}/history`);
  assert.ok(history.body.length >= 3);
  assert.deepEqual(
    history.body.at(-1).media_attachments.map((m: Attachment) => m.id),
    [two.id],
  );
});

test("delete and redraft gives attachments that can be used again; until then nobody is served them", async () => {
  const a = await picture(anna, { description: "again" });
  const made = await json(anna, "POST", "/api/v1/statuses", { status: "first try", media_ids: [a.id] });
  const gone = await json(anna, "DELETE", `/api/v1/statuses/${made.body.id}`);
  assert.equal(gone.body.text, "first try");
  assert.equal(gone.body.media_attachments[0].id, a.id);
  assert.equal((await fetch(a.url ?? "")).status, 404);
  const again = await json(anna, "POST", "/api/v1/statuses", { status: "second try", media_ids: [a.id] });
  assert.equal(again.status, 200, JSON.stringify(again.body));
  assert.equal(again.body.media_attachments[0].description, "again");
  await served(again.body.media_attachments[0].url);
});

test("what is deleted for good leaves the disk", async () => {
  await make.picture(`${folder}/unique.png`, "333x222");
  const { body } = await upload(anna, `${folder}/unique.png`);
  const a = await ready(anna, body.id);
  const hash = (a.url ?? "").split("/").at(-1)?.split(".")[0] ?? "none";
  const onDisk = async () =>
    (await filesBelow(`${server.data}/media`)).some((f) => f.replaceAll("/", "").includes(hash));
  assert.ok(await onDisk());
  const made = await json(anna, "POST", "/api/v1/statuses", { status: "short", media_ids: [a.id] });
  await json(anna, "DELETE", `/api/v1/statuses/${made.body.id}?delete_media=true`);
  assert.equal((await fetch(a.url ?? "")).status, 404);
  await eventually("it has left the disk", async () => !(await onDisk()));
});

test("files are served for good, in parts, to pages elsewhere, and cannot run", async () => {
  const { body } = await upload(anna, `${folder}/atoms.mp4`, {}, 1);
  const whole = await fetch(body.url);
  const bytes = Buffer.from(await whole.arrayBuffer());
  assert.equal(whole.headers.get("content-type"), "video/mp4");
  assert.match(whole.headers.get("cache-control") ?? "", /max-age=31536000, immutable/);
  assert.equal(whole.headers.get("access-control-allow-origin"), "*");
  assert.equal(whole.headers.get("x-content-type-options"), "nosniff");
  assert.match(whole.headers.get("content-security-policy") ?? "", /sandbox/);
  const part = await fetch(body.url, { headers: { Range: "bytes=10-19" } });
  assert.equal(part.status, 206);
  assert.equal(part.headers.get("content-range"), `bytes 10-19/${bytes.length}`);
  assert.deepEqual(Buffer.from(await part.arrayBuffer()), bytes.subarray(10, 20));
  const same = await fetch(body.url, { headers: { "If-None-Match": whole.headers.get("etag") ?? "" } });
  assert.equal(same.status, 304);
  const hash = new URL(body.url).pathname.split("/").at(-1) ?? "";
  for (const url of [
    `/media/${hash.slice(0, 2)}/${hash.slice(2)}`,
    `/media/1/${hash}`,
    `/media/${body.id}/${"0".repeat(64)}.mp4`,
    `/media/${body.id}/..%2f..%2fmaster.key`,
  ])
    assert.equal((await fetch(server.url + url)).status, 404, url);
});

test("what moderators hold is served to nobody", async () => {
  const a = await picture();
  const made = await json(anna, "POST", "/api/v1/statuses", { status: "hold me", media_ids: [a.id] });
  await served(a.url);
  await server.command("status", "hold", made.body.id, "--reason", "to be judged");
  assert.equal((await fetch(a.url ?? "")).status, 404);
});

test("a scheduled parley keeps its files, and shows them", async () => {
  const a = await picture(anna, { description: "later" });
  const at = new Date(Date.now() + 2_000).toISOString();
  const made = await json(anna, "POST", "/api/v1/statuses", {
    status: "with a file",
    media_ids: [a.id],
    scheduled_at: at,
  });
  assert.equal(made.status, 200, JSON.stringify(made.body));
  assert.deepEqual(
    made.body.media_attachments.map((m: Attachment) => m.id),
    [a.id],
  );
  await eventually("it is published", async () => {
    const { body } = await json(anna, "GET", `/api/v1/accounts/${anna.id}/statuses?limit=1`);
    return body[0]?.content.includes("with a file") && body[0].media_attachments[0]?.description === "later";
  });
});

test("the instance says what is taken", async () => {
  const { body } = await json(anna, "GET", "/api/v2/instance");
  assert.equal(body.configuration.statuses.max_media_attachments, 4);
  assert.ok(body.configuration.media_attachments.supported_mime_types.includes("video/webm"));
  assert.equal(body.configuration.media_attachments.image_size_limit, 16 * 1024 * 1024);
});
