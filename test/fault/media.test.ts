// SPDX-License-Identifier: Apache-2.0
// kill -9 in the middle of reading an upload, of the server and of its helper: what was taken is made or reported failed, never
// stuck, and no file is left over. PARLEY_KILLS: how often the server is killed (6).
import assert from "node:assert/strict";
import { chmod, mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { ask, type Json } from "../lib/http.ts";
import { type Member, programPath, type Server, startServer } from "../lib/server.ts";
import { make } from "../lib/uploads.ts";
import { eventually } from "../lib/wait.ts";

const KILLS = Number(process.env.PARLEY_KILLS ?? 6);
const PATIENCE_MS = 120_000;

let server: Server;
let anna: Member;
let folder: string;

/** The helper with a pause before it, so that there is a middle to be killed in. */
async function slowHelper(seconds: string): Promise<string> {
  const file = path.join(folder, `helper-${seconds}`);
  const helper = path.join(path.dirname(programPath()), "parley-media");
  await writeFile(file, `#!/bin/sh\nsleep ${seconds}\nexec '${helper}' "$@"\n`);
  await chmod(file, 0o755);
  return file;
}

before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "parley-killed-"));
  await make.picture(`${folder}/still.png`, "640x480");
  await make.ffmpeg(
    "-f",
    "lavfi",
    "-i",
    "testsrc2=size=320x240:rate=25:duration=2",
    "-pix_fmt",
    "yuv420p",
    `${folder}/film.mp4`,
  );
  server = await startServer({ engine: "sqlite", settings: { media_helper: await slowHelper("1.5") } });
  anna = await server.member("anna");
});
after(async () => {
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

let serial = 0;
/** Each file is another one, so that none finds its content already there. */
async function upload(name: string): Promise<{ status: number; json: Json }> {
  const bytes = await readFile(`${folder}/${name}`);
  const tail = Buffer.from(`\0\0\0\x18free${String(serial++).padStart(16, "0")}`, "latin1");
  const form = new FormData();
  form.set("file", new Blob([new Uint8Array(name.endsWith(".mp4") ? Buffer.concat([bytes, tail]) : bytes)]), name);
  return ask(server, "POST", "/api/v2/media", { token: anna.token, multipart: form });
}

/** Processes whose parent the server is: the helpers. */
async function helpers(parent = server.pid): Promise<number[]> {
  const found: number[] = [];
  for (const name of await readdir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const stat = await readFile(`/proc/${name}/stat`, "utf8").catch(() => "");
    if (Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]) === parent) found.push(Number(name));
  }
  return found;
}

const outcome = (id: string) =>
  eventually(
    "it is made or failed",
    async () => {
      const reply = await ask(server, "GET", `/api/v1/media/${id}`, { token: anna.token });
      return reply.status !== 206 && reply;
    },
    PATIENCE_MS,
  );

async function filesOf(below: string): Promise<string[]> {
  const all = await readdir(path.join(server.data, "media", below), { recursive: true, withFileTypes: true }).catch(
    () => [],
  );
  return all.filter((e) => e.isFile()).map((e) => path.join(path.basename(e.parentPath ?? e.path), e.name));
}

/** What lies on the disk is what rows name, and nothing waits. */
async function isClean(): Promise<void> {
  await eventually("nothing waits", async () => (await filesOf("waiting")).length === 0, PATIENCE_MS);
  const checked = await server.command("media", "check");
  assert.equal(checked.missing, 0);
  assert.equal(checked.files, checked.known, JSON.stringify([checked, await filesOf("files")]));
}

/** Fields of /proc/PID/stat behind the name: the 17th is the nice value (proc(5)). */
async function niceOf(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8");
  return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[16]);
}

test("what reads an upload gives way to everything else before its first instruction", async () => {
  const sending = upload("still.png");
  const nice = await eventually("the helper has been started", async () => {
    const [pid] = await helpers();
    return pid !== undefined && (await niceOf(pid)) - (await niceOf(server.pid));
  });
  assert.equal(nice, 10);
  assert.equal((await sending).status, 200);
});

test("a helper that is killed has failed, and says so; the next file is read", async () => {
  const { status, json } = await upload("film.mp4");
  assert.equal(status, 202);
  const [film] = await eventually("the film is worked on", async () => {
    const all = await helpers();
    return all.length > 0 && all;
  });
  process.kill(film as number, "SIGKILL");
  const failed = await outcome(json.id);
  assert.equal(failed.status, 422);
  assert.match(failed.json.error, /takes too much time or memory/);
  const sending = upload("still.png");
  const [still] = await eventually("the picture is worked on", async () => {
    const all = await helpers();
    return all.length > 0 && all;
  });
  process.kill(still as number, "SIGKILL");
  const refused = await sending;
  assert.equal(refused.status, 422, "a picture is answered at once");
  const { json: next } = await upload("still.png");
  assert.equal((await outcome(next.id)).status, 200);
  await isClean();
});

test("a server that is killed in the middle of a film makes it after the restart", async () => {
  const { json } = await upload("film.mp4");
  const before = await eventually("it is worked on", async () => {
    const all = await helpers();
    return all.length > 0 && all;
  });
  await server.kill();
  await server.start();
  const made = await outcome(json.id);
  assert.equal(made.status, 200, made.text);
  assert.equal(made.json.type, "gifv", "a film without sound");
  assert.equal((await fetch(made.json.url)).status, 200);
  for (const pid of before)
    await eventually(
      "the orphaned helper is gone",
      async () => !(await readFile(`/proc/${pid}/stat`).catch(() => null)),
    );
  await isClean();
});

test(`${KILLS} kills at any moment while files come in: each that was taken is there in the end`, async () => {
  const taken: string[] = [];
  let unanswered = 0;
  for (let kill = 0; kill < KILLS; kill++) {
    const sending = ["film.mp4", "still.png", "film.mp4"].map(async (name) => {
      try {
        const { status, json } = await upload(name);
        if (status === 200 || status === 202) taken.push(json.id);
      } catch {
        unanswered++;
      }
    });
    await pause(Math.random() * 2500);
    if (kill % 3 === 2) for (const pid of await helpers()) process.kill(pid, "SIGKILL");
    await server.kill();
    await Promise.all(sending);
    await server.start();
  }
  assert.ok(taken.length > 0, "something was taken");
  let made = 0;
  for (const id of taken) {
    const reply = await outcome(id);
    assert.ok(reply.status === 200 || reply.status === 422, `${id}: ${reply.status} ${reply.text}`);
    if (reply.status === 200) {
      assert.equal((await fetch(reply.json.url)).status, 200);
      made++;
    }
  }
  const jobs = await server.command("job", "list", "--waiting");
  assert.equal(jobs.list.filter((j: Json) => j.kind === "media_make").length, 0);
  assert.equal(jobs.jobs.dead, 0, "no dead letters");
  // What was killed before it had a row is sealed under a key that nobody has; the sweep removes it when it is old.
  const old = new Date(Date.now() - 3 * 86_400_000);
  for (const e of await readdir(path.join(server.data, "media"), { recursive: true, withFileTypes: true }))
    if (e.isFile()) await utimes(path.join(e.parentPath ?? e.path, e.name), old, old);
  assert.ok((await filesOf("waiting")).length <= unanswered);
  await server.command("media", "check", "--repair");
  await isClean();
  console.log(`${KILLS} kills: ${taken.length} taken, ${made} made, ${unanswered} unanswered`);
});
