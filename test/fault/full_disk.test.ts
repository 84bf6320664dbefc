// SPDX-License-Identifier: Apache-2.0
// A disk that fills up under write load: writes answer 507 and say why, reads go on, and when there is room again
// writes do too, by themselves. Nothing acknowledged is lost, nothing refused is stored.
import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { after, test } from "node:test";
import { SmallDisk } from "../lib/disk.ts";
import { ask, must } from "../lib/http.ts";
import { Ledger } from "../lib/ledger.ts";
import { type Server, startServer } from "../lib/server.ts";
import { eventually } from "../lib/wait.ts";

const DISK_MIB = 64;
const FLOOR_MIB = 8;
const MIB = 1024 * 1024;
const WRITERS = 4;

let disk: SmallDisk | undefined;
let why = "";
try {
  disk = await SmallDisk.mount(DISK_MIB);
} catch (error) {
  why = `no disk of its own can be mounted here (root can): ${(error as Error).message.trim()}`;
  console.log(`skipped: ${why}`);
}
const servers: Server[] = [];
after(async () => {
  await disk?.empty();
  for (const server of servers) await server.stop();
  await disk?.unmount();
});

async function serverOnDisk(name: string, floorMib: number): Promise<[Server, SmallDisk]> {
  if (disk === undefined) throw new Error(why);
  const data = `${disk.folder}/${name}`;
  await mkdir(data, { mode: 0o700 });
  const server = await startServer({ engine: "sqlite", data, settings: { disk_floor_mib: String(floorMib) } });
  servers.push(server);
  return [server, disk];
}

const post = (server: Server, token: string) =>
  ask(server, "POST", "/api/v1/statuses", { token, form: { status: "is there room?" } });

async function fillAndEmpty(server: Server, full: SmallDisk, leave: number): Promise<void> {
  const ledger = await Ledger.open(server, WRITERS, { refusals: [507] });
  const reader = await server.member("reader");
  const writing = ledger.write();
  await eventually("some is written", () => ledger.figures.acknowledged > 50);
  await full.fill(leave);
  await eventually("a write is refused", () => ledger.figures.refused > 0);
  // With a byte free here and there a small write may still fit: the refusal that counts is the reader's.
  const refusal = await eventually("the refusal is 507", async () => {
    const reply = await post(server, reader.token);
    if (reply.status === 507) return reply;
    assert.equal(reply.status, 200, reply.text);
    await full.fill(leave);
    return undefined;
  });
  assert.match(refusal.json.error, /disk|space/i);
  await must(server, "GET", "/api/v1/timelines/home", { token: reader.token });
  await must(server, "GET", `/api/v1/statuses/${ledger.writers[0]?.stage}`);
  assert.equal((await ask(server, "GET", "/about")).status, 200);
  if (leave > 0) await modeShows(server, reader.token);
  await full.empty();
  const before = ledger.figures.acknowledged;
  await eventually("writes go on by themselves", () => ledger.figures.acknowledged > before + 50);
  ledger.stop();
  await writing;
  await ledger.audit();
  await server.kill();
  await server.start();
  await ledger.audit();
}

async function modeShows(server: Server, token: string): Promise<void> {
  const instance = await eventually("the instance document says so", async () => {
    const { parley } = await must(server, "GET", "/api/v2/instance");
    return parley.mode === "read-only" && parley;
  });
  assert.match(instance.mode_reason, /disk|space/i);
  const refusal = await post(server, token);
  assert.equal(refusal.status, 507, refusal.text);
  assert.match(refusal.json.error, /disk|space/i);
  assert.ok(Number(refusal.headers.get("Retry-After")) > 0, "Retry-After");
}

test("below the floor the server is read-only until there is room", { skip: why || false }, async () => {
  const [server, full] = await serverOnDisk("floor", FLOOR_MIB);
  await fillAndEmpty(server, full, FLOOR_MIB * MIB - MIB);
});

test("a disk without a byte left loses nothing", { skip: why || false }, async () => {
  const [server, full] = await serverOnDisk("brim", 0);
  await fillAndEmpty(server, full, 0);
});
