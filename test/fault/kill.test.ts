// SPDX-License-Identifier: Apache-2.0
// kill -9 at any moment under write load: what was acknowledged is there, once, and what nobody answered can be retried.
// PARLEY_KILLS: how often (10).
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { Ledger } from "../lib/ledger.ts";
import { type Server, startServer } from "../lib/server.ts";

const KILLS = Number(process.env.PARLEY_KILLS ?? 10);
const WRITERS = 8;
const LIFE_MS = 700; // a life ends at a random moment before it

let server: Server;
after(() => server?.stop());

/** Leaves a saved feed behind, which the next kill makes old. */
async function stopAsItShould(ledger: Ledger): Promise<void> {
  const writing = ledger.write();
  await pause(Math.random() * LIFE_MS);
  ledger.stop();
  await writing;
  await server.halt();
  await server.start();
}

test(`${KILLS} kills under write load lose, double and revive nothing`, async () => {
  server = await startServer({ engine: "sqlite", settings: { feed_save_s: "10" } });
  const ledger = await Ledger.open(server, WRITERS);
  const began = Date.now();
  let startMs = 0;
  for (let kill = 1; kill <= KILLS; kill++) {
    if (kill % 5 === 0) await stopAsItShould(ledger);
    const writing = ledger.write();
    await pause(Math.random() * LIFE_MS);
    await server.kill();
    await writing;
    const from = Date.now();
    await server.start();
    startMs = Math.max(startMs, Date.now() - from);
    // A crash in the first moments of the recovery.
    if (kill % 7 === 0) {
      await server.kill();
      await server.start();
    }
    try {
      await ledger.audit();
    } catch (error) {
      throw new Error(`after kill ${kill}: ${(error as Error).message}`, { cause: error });
    }
  }
  const f = ledger.figures;
  assert.ok(f.acknowledged > KILLS && f.unanswered > 0, `too little was written: ${JSON.stringify(f)}`);
  console.log(
    `${KILLS} kills in ${Math.round((Date.now() - began) / 1000)} s: ${f.acknowledged} writes acknowledged, ` +
      `${f.unanswered} unanswered, ${f.retries} retried by key; slowest start ${startMs} ms`,
  );
});
