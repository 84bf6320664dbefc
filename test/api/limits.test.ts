// SPDX-License-Identifier: Apache-2.0
// How often one may ask: what is said before, when it was too often, and that it is over when it was said to be.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { ask, type Reply } from "../lib/http.ts";
import { type Member, programPath, type Server, startServer } from "../lib/server.ts";

const WINDOW_S = 300;
const build = process.env.PARLEY_BUILD ?? path.resolve(path.dirname(programPath()), "../..");
const library = path.join(build, "test/fault/libclock_back.so");
const skip = existsSync(library) ? false : `${library} is not built`;

const settings: Record<string, string> = {};
let server: Server;
let anna: Member;
let ben: Member;
let folder: string;
let offS = 0;

/** Another clock for the server, at once. */
async function setClock(seconds: number): Promise<void> {
  offS = seconds;
  await writeFile(path.join(folder, "clock"), String(seconds));
}

/** Ten seconds into the next window: what belongs into one window happens in one. */
const nextWindow = () => setClock(offS + WINDOW_S + 10 - ((Math.floor(Date.now() / 1000) + offS) % WINDOW_S));

before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "parley-clock-"));
  server = await startServer({ settings });
  [anna, ben] = await server.members("anna", "ben");
  await server.halt();
  // The limits are those of a server that does not run for tests. Its clock is ours.
  settings.testing = "false";
  await setClock(0);
  process.env.LD_PRELOAD = skip ? "" : library;
  process.env.PARLEY_TEST_CLOCK_S = path.join(folder, "clock");
  try {
    await server.start();
  } finally {
    delete process.env.LD_PRELOAD;
    delete process.env.PARLEY_TEST_CLOCK_S;
  }
});
after(async () => {
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** The test's own address is that of a proxy which is believed: each asker comes from elsewhere. */
const from = (address: string) => ({ headers: { "X-Forwarded-For": address } });

/** Asks until it is refused; how often it was not, and the refusal. */
async function exhaust(once: () => Promise<Reply>, max = 1000): Promise<[number, Reply]> {
  let reply = await once();
  let n = 0;
  for (; reply.status !== 429 && n < max; n++) reply = await once();
  assert.equal(reply.status, 429, `after ${n} requests: ${reply.status} ${reply.text.slice(0, 200)}`);
  return [n, reply];
}

function saysWhen(reply: Reply): number {
  const seconds = Number(reply.headers.get("Retry-After"));
  assert.ok(Number.isInteger(seconds) && seconds > 0 && seconds <= 2 * WINDOW_S, `Retry-After: ${seconds}`);
  assert.ok(reply.headers.get("Date"), "clients correct their clocks by Date");
  return seconds;
}

test("an app is told what is left, when it is too much, and when that is over", { skip }, async () => {
  await nextWindow();
  const read = (member: Member) => ask(server, "GET", "/api/v1/accounts/verify_credentials", { token: member.token });
  const first = await read(anna);
  assert.equal(first.status, 200);
  assert.equal(first.headers.get("X-RateLimit-Limit"), "300");
  assert.equal(first.headers.get("X-RateLimit-Remaining"), "299");
  assert.match(first.headers.get("X-RateLimit-Reset") ?? "", /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  const [n, refused] = await exhaust(() => read(anna));
  assert.equal(n, 299);
  const wait = saysWhen(refused);
  assert.equal(refused.headers.get("X-RateLimit-Remaining"), "0");
  const reset = Date.parse(refused.headers.get("X-RateLimit-Reset") ?? "");
  const now = Date.now() + offS * 1000;
  assert.ok(Math.abs(reset - now - wait * 1000) < 3000, "Reset and Retry-After say the same");
  assert.match(refused.headers.get("Content-Type") ?? "", /^application\/json/);
  assert.equal(refused.headers.get("Access-Control-Allow-Origin"), "*");
  assert.match(refused.headers.get("Access-Control-Expose-Headers") ?? "", /X-RateLimit-Reset/);
  assert.match(refused.json.error, /^Too many requests\. Try again in \d+ seconds\.$/);
  assert.equal((await read(ben)).status, 200, "others are not held up");
  const write = { token: anna.token, form: { status: "too much" } };
  assert.equal((await ask(server, "POST", "/api/v1/statuses", write)).status, 429);
  await setClock(offS + wait);
  const again = await read(anna);
  assert.equal(again.status, 200, "it is over when it was said to be");
  assert.equal(again.headers.get("X-RateLimit-Remaining"), "299");
});

test("a browser is told in words, and when to come back", { skip }, async () => {
  await nextWindow();
  const read = () => ask(server, "GET", "/about", from("192.0.2.1"));
  const [n, refused] = await exhaust(read);
  assert.equal(n, 300);
  const wait = saysWhen(refused);
  assert.match(refused.headers.get("Content-Type") ?? "", /^text\/html/);
  assert.match(refused.text, /<h1[^>]*>[^<]*Slow down/);
  assert.match(refused.text, /Try again in \d+ (seconds|minutes)\./);
  assert.equal(
    (await ask(server, "GET", "/api/v1/instance", from("192.0.2.1"))).status,
    429,
    "one limit for both doors",
  );
  assert.equal((await ask(server, "GET", "/about", from("198.51.100.1"))).status, 200, "others are not held up");
  await setClock(offS + wait);
  assert.equal((await read()).status, 200);
});

test("a page that is refused before it is read has its id, too", async () => {
  const reply = await ask(server, "POST", "/sign-in", { form: { email: "x".repeat(1024 * 1024) } });
  assert.equal(reply.status, 413);
  const id = reply.headers.get("X-Request-Id") ?? "";
  assert.match(id, /^[0-9a-f]{16}$/);
  assert.ok(reply.text.includes(id), "the page says the same");
});

test("many addresses of one network are limited together, and told so", { skip }, async () => {
  await nextWindow();
  let i = 0;
  const read = () => ask(server, "GET", "/api/v1/instance/rules", from(`203.0.113.${1 + (i++ % 200)}`));
  const [n, refused] = await exhaust(read, 4000);
  assert.equal(n, 3000);
  assert.equal(refused.headers.get("X-RateLimit-Limit"), "3000");
  assert.equal(refused.headers.get("X-RateLimit-Remaining"), "0");
  await setClock(offS + saysWhen(refused));
  assert.equal((await read()).status, 200);
});

test("a stranger who guesses is told when to come back", { skip }, async () => {
  await nextWindow();
  const read = () => ask(server, "GET", "/api/v1/statuses/123456789012345678", from("198.51.100.9"));
  const [n, refused] = await exhaust(read);
  assert.equal(n, 200);
  assert.match(refused.json.error, /not there/);
  assert.equal(refused.headers.get("X-RateLimit-Remaining"), "0");
  await setClock(offS + saysWhen(refused));
  assert.equal((await read()).status, 404);
});
