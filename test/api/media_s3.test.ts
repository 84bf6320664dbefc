// SPDX-License-Identifier: Apache-2.0
// Files in an S3-compatible object store: a real server that checks signatures, the disk as a cache with a budget.
import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import S3rver from "s3rver";
import { type Member, type Server, startServer } from "../lib/server.ts";
import { make } from "../lib/uploads.ts";
import { eventually } from "../lib/wait.ts";

let store: S3rver;
let server: Server;
let anna: Member;
let folder: string;

before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "parley-s3-"));
  store = new S3rver({
    port: 0,
    address: "127.0.0.1",
    silent: true,
    directory: folder,
    configureBuckets: [{ name: "harbour", configs: [] }],
  });
  const { port } = await store.run();
  server = await startServer({
    settings: {
      s3_endpoint: `http://127.0.0.1:${port}`,
      s3_bucket: "harbour",
      s3_access_key: "S3RVER",
      s3_secret_key: "S3RVER",
      media_cache_mib: "1",
    },
  });
  anna = await server.member("anna");
});
after(async () => {
  await server.stop();
  await store.close();
  await rm(folder, { recursive: true });
});

async function filesBelow(dir: string): Promise<string[]> {
  const found: string[] = [];
  for (const e of await readdir(dir, { withFileTypes: true, recursive: true }).catch(() => []))
    if (e.isFile()) found.push(path.join(e.parentPath ?? e.path, e.name));
  return found;
}

async function upload(file: string): Promise<{ id: string; url: string; preview_url: string }> {
  const form = new FormData();
  form.append("file", new Blob([new Uint8Array(await readFile(file))]), "x");
  const reply = await fetch(`${server.url}/api/v1/media`, {
    method: "POST",
    headers: { Authorization: `Bearer ${anna.token}` },
    body: form,
  });
  assert.equal(reply.status, 200, await reply.clone().text());
  return reply.json();
}

const kept = async () => (await filesBelow(folder)).filter((f) => f.includes("/media/") && f.endsWith("object"));

test("files go to the store and are served from it when the disk has lost them", async () => {
  const file = `${folder}/a.png`;
  await make.picture(file);
  const a = await upload(file);
  await eventually("both are in the store", async () => (await kept()).length >= 2);
  const before = Buffer.from(await (await fetch(a.url)).arrayBuffer());
  await rm(`${server.data}/media`, { recursive: true });
  const again = await fetch(a.url);
  assert.equal(again.status, 200);
  assert.deepEqual(Buffer.from(await again.arrayBuffer()), before);
  const check = await server.command("media", "check");
  assert.equal(check.missing, 0, JSON.stringify(check));
});

test("the cache keeps its budget, and says what it holds", async () => {
  for (let i = 0; i < 24; i++) {
    await make.ffmpeg(
      "-f",
      "lavfi",
      "-i",
      `nullsrc=size=700x${500 + i}:rate=1:duration=1,geq=random(1)*255:128:128`,
      "-frames:v",
      "1",
      `${folder}/n.png`,
    );
    await upload(`${folder}/n.png`);
  }
  await eventually("all are in the store", async () => {
    const u = await server.command("media", "usage");
    return (
      u.kept.every((k: { files: number; in_object_store: number }) => k.files === k.in_object_store) &&
      u.kept[0].files >= 48
    );
  });
  await eventually("the budget is kept", async () => {
    const u = await server.command("media", "trim");
    return u.disk.bytes <= u.disk.budget_bytes && u.disk.budget_bytes === 1024 * 1024;
  });
  const all = await server.command("media", "usage");
  assert.ok(all.kept[0].bytes > 1024 * 1024, "there was more than fits");
});

test("what is deleted leaves the store, too", async () => {
  const file = `${folder}/gone.png`;
  await make.picture(file, "321x123");
  const a = await upload(file);
  const hash = new URL(a.url).pathname.split("/").at(-1)?.slice(2, 40) ?? "none";
  const there = async () => (await kept()).some((f) => f.includes(hash));
  await eventually("it is there", there);
  await fetch(`${server.url}/api/v1/media/${a.id}`, {
    method: "DELETE",
    headers: { Authorization: `Bearer ${anna.token}` },
  });
  await eventually("it is gone", async () => !(await there()));
});

test("a store that refuses loses nothing: the disk serves, and the job waits", async () => {
  const own = await startServer({
    settings: { s3_endpoint: "http://127.0.0.1:9", s3_bucket: "harbour", s3_access_key: "x", s3_secret_key: "y" },
  });
  try {
    const bert = await own.member("bert");
    const form = new FormData();
    form.append("file", new Blob([new Uint8Array(await readFile(`${folder}/a.png`))]), "x");
    const a = await (
      await fetch(`${own.url}/api/v1/media`, {
        method: "POST",
        headers: { Authorization: `Bearer ${bert.token}` },
        body: form,
      })
    ).json();
    assert.equal((await fetch(a.url)).status, 200);
    await eventually("the job was tried", async () => {
      const jobs = await own.command("job", "list", "--waiting");
      return jobs.list.some((j: { kind: string; tries: number }) => j.kind === "media_send" && j.tries > 0);
    });
  } finally {
    await own.stop();
  }
});
