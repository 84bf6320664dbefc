// SPDX-License-Identifier: Apache-2.0
// Guessing ids near one that is known finds nothing that may not be seen, and trips the limit.
// PARLEY_GUESSES: how many (20,000).
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { ask, must } from "../lib/http.ts";
import { startServer } from "../lib/server.ts";

const GUESSES = Number(process.env.PARLEY_GUESSES ?? 20_000);
const AT_ONCE = 20; // ids in one request
const LIMIT_MAX = 2_000; // requests of one address until it must have been told to stop

const settings: Record<string, string> = {};
const server = await startServer({ engine: "sqlite", settings });
after(() => server.stop());

test(`${GUESSES} guesses around known ids find nothing, and trip the limit`, async () => {
  const [anna, mallory] = await server.members("anna", "mallory");
  const write = (visibility: string) =>
    must(server, "POST", "/api/v1/statuses", { token: anna.token, form: { status: `for ${visibility}`, visibility } });
  const known = BigInt((await write("public")).id);
  const hidden = [BigInt((await write("private")).id), BigInt((await write("direct")).id)];
  // Where whoever knows one id would look: the same author's bucket, the milliseconds around.
  const guess = (i: number): bigint => {
    const near = hidden[i % hidden.length] ?? known;
    return near + BigInt(Math.floor(i / 512)) * (1n << 21n) * (i % 2 === 0 ? 1n : -1n) + BigInt(i % 512) - 256n;
  };
  for (let i = 0; i < GUESSES; i += AT_ONCE) {
    const ids = [...hidden, ...Array.from({ length: AT_ONCE - hidden.length }, (_, k) => guess(i + k))];
    const query = ids.map((id) => `id[]=${id}`).join("&");
    const token = (i / AT_ONCE) % 2 === 0 ? mallory.token : undefined;
    const found = await must(server, "GET", `/api/v1/statuses?${query}`, { token });
    const seen = found.filter((s: { id: string }) => BigInt(s.id) !== known);
    assert.deepEqual(seen, [], "a guess found something");
  }
  for (const id of hidden) {
    for (const token of [mallory.token, undefined]) {
      const there = await ask(server, "GET", `/api/v1/statuses/${id}`, { token });
      const nowhere = await ask(server, "GET", `/api/v1/statuses/${id + 1n}`, { token });
      assert.deepEqual([there.status, there.text], [nowhere.status, nowhere.text], "hidden and absent look the same");
    }
  }
  // The limits are those of a server that does not run for tests.
  await server.halt();
  settings.testing = "false";
  await server.start();
  for (const token of [mallory.token, undefined]) {
    let asked = 0;
    // The test's own address is that of a proxy which is believed: each asker comes from elsewhere.
    const options = { token, headers: { "X-Forwarded-For": token ? "192.0.2.1" : "198.51.100.1" } };
    let reply = await ask(server, "GET", `/api/v1/statuses/${guess(0)}`, options);
    for (; reply.status === 404 && asked < LIMIT_MAX; asked++)
      reply = await ask(server, "GET", `/api/v1/statuses/${guess(asked)}`, options);
    assert.ok(asked > 0, "the first guess was refused already");
    assert.equal(reply.status, 429, `after ${asked} guesses: ${reply.status} ${reply.text}`);
    assert.ok(
      Number(reply.headers.get("Retry-After")) > 0 || reply.headers.get("X-RateLimit-Reset"),
      "when to come back",
    );
    console.log(`the limit tripped after ${asked} guesses ${token ? "with" : "without"} a token`);
  }
});
