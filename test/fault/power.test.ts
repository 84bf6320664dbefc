// SPDX-License-Identifier: Apache-2.0
// The power fails under write load: what was acknowledged was on the disk by then. PARLEY_POWER_CUTS: how often (2).
import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { after, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { Ledger } from "../lib/ledger.ts";
import { PowerDisk } from "../lib/power.ts";
import { type Server, startServer } from "../lib/server.ts";

const CUTS = Number(process.env.PARLEY_POWER_CUTS ?? 2);
const DISK_MIB = 256;
const WRITERS = 8;
const LIFE_MS = 1500;

let disk: PowerDisk | undefined;
let server: Server | undefined;
let why = "";
try {
  disk = await PowerDisk.make(DISK_MIB);
} catch (error) {
  why = `no disk whose power can be cut: ${(error as Error).message.trim()}`;
  console.log(`skipped: ${why}`);
}
after(async () => {
  await server?.stop();
  await disk?.remove();
});

test(`${CUTS} power cuts under write load lose nothing acknowledged`, { skip: why || false }, async () => {
  if (disk === undefined) return;
  const data = `${disk.folder}/data`;
  await mkdir(data, { mode: 0o700 });
  server = await startServer({ engine: "sqlite", data, settings: { disk_floor_mib: "8" } });
  // While the disk is gone and the server is not yet, an error may come of a commit that reached the disk.
  const ledger = await Ledger.open(server, WRITERS, { doubts: [500, 503, 507] });
  for (let cut = 1; cut <= CUTS; cut++) {
    const writing = ledger.write();
    await pause(300 + Math.random() * LIFE_MS);
    await disk.cut();
    ledger.stop();
    await server.kill();
    await writing;
    await disk.off();
    await disk.on();
    await server.start();
    try {
      await ledger.audit();
    } catch (error) {
      throw new Error(`after cut ${cut}: ${(error as Error).message}`, { cause: error });
    }
  }
  const f = ledger.figures;
  assert.ok(f.acknowledged > CUTS * 10, `too little was written: ${JSON.stringify(f)}`);
  console.log(
    `${CUTS} power cuts: ${f.acknowledged} writes acknowledged, ${f.unanswered} in doubt, ${f.retries} retried`,
  );
});
