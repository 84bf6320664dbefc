// SPDX-License-Identifier: Apache-2.0
// The clock is an hour back after a restart: ids stay unique and ordered, and timelines show the newest first.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import path from "node:path";
import { after, test } from "node:test";
import { must } from "../lib/http.ts";
import { programPath, startServer } from "../lib/server.ts";

const HOUR_S = 3600;
const build = process.env.PARLEY_BUILD ?? path.resolve(path.dirname(programPath()), "../..");
const library = path.join(build, "test/fault/libclock_back.so");
const missing = existsSync(library) ? false : `${library} is not built`;

const server = await startServer({ engine: "sqlite" });
after(() => server.stop());

test("ids stay ordered when the clock was stepped back an hour", { skip: missing }, async () => {
  const anna = await server.member("anna");
  const ids: bigint[] = [];
  const write = async () => {
    const options = { token: anna.token, form: { status: `number ${ids.length}` } };
    const { id, created_at } = await must(server, "POST", "/api/v1/statuses", options);
    ids.push(BigInt(id));
    return Date.parse(created_at);
  };
  for (let i = 0; i < 5; i++) await write();
  await server.kill();
  process.env.LD_PRELOAD = library;
  process.env.PARLEY_TEST_CLOCK_S = String(-HOUR_S);
  try {
    await server.start();
  } finally {
    delete process.env.LD_PRELOAD;
    delete process.env.PARLEY_TEST_CLOCK_S;
  }
  const said = await write();
  assert.ok(said < Date.now() - (HOUR_S / 2) * 1000, "the server does not see another clock: the test tests nothing");
  for (let i = 0; i < 20; i++) await write();
  const newestFirst = [...ids].reverse();
  assert.deepEqual(
    [...new Set(ids)].sort((a, b) => (a < b ? 1 : -1)),
    newestFirst,
    "ids in the order in which they were written",
  );
  for (const target of ["/api/v1/timelines/home", `/api/v1/accounts/${anna.id}/statuses`]) {
    const shown = await must(server, "GET", `${target}?limit=40`, { token: anna.token });
    assert.deepEqual(
      shown.map((s: { id: string }) => BigInt(s.id)),
      newestFirst,
      target,
    );
  }
  // And when it is right again.
  await server.halt();
  await server.start();
  await write();
  assert.ok((ids.at(-1) ?? 0n) > (ids.at(-2) ?? 0n));
});
