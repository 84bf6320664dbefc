// SPDX-License-Identifier: Apache-2.0
// The clock is an hour back after a restart: ids stay unique and ordered, and timelines show the newest first.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { type Json, must } from "../lib/http.ts";
import { programPath, startServer } from "../lib/server.ts";
import { eventually } from "../lib/wait.ts";

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

// Runners of jobs waited for a second of the wall clock: one that was stepped back made them sleep for as long as the step.
test("what is queued is done at once when the clock was stepped back an hour", { skip: missing }, async (t) => {
  const folder = await mkdtemp(path.join(tmpdir(), "parley-clock-"));
  const clock = path.join(folder, "clock");
  await writeFile(clock, String(HOUR_S));
  process.env.LD_PRELOAD = library;
  process.env.PARLEY_TEST_CLOCK_S = clock;
  const ahead = await startServer({ engine: "sqlite" }).finally(() => {
    delete process.env.LD_PRELOAD;
    delete process.env.PARLEY_TEST_CLOCK_S;
  });
  t.after(async () => {
    await ahead.stop();
    await rm(folder, { recursive: true });
  });
  const [anna, ben] = await ahead.members("anna", "ben");
  await must(ahead, "POST", `/api/v1/accounts/${anna.id}/follow`, { token: ben.token, form: { notify: "true" } });
  const write = async () =>
    must(ahead, "POST", "/api/v1/statuses", { token: anna.token, form: { status: "heard by who asked for it" } });
  const isTold = (ids: string[]) =>
    eventually("ben is told of each", async () => {
      const told = await must(ahead, "GET", "/api/v1/notifications?types[]=status", { token: ben.token });
      return ids.every((id) => told.some((n: Json) => n.status.id === id));
    });
  const first = await write();
  assert.ok(Date.parse(first.created_at) > Date.now() + (HOUR_S / 2) * 1000, "the server sees the same clock");
  await isTold([first.id]);
  await writeFile(clock, "0");
  const ids: string[] = [];
  for (let i = 0; i < 6; i++) ids.push((await write()).id); // of both runners, as their ids fall
  await isTold(ids);
});
