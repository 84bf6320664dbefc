// SPDX-License-Identifier: Apache-2.0
// Clients that mean harm: each gets its error, others are answered meanwhile, and nothing lasting is left behind.
// PARLEY_CONNECTIONS: how many are held open at once (10,000, or as many as the system lets this process have).
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { after, before, test } from "node:test";
import { must } from "../lib/http.ts";
import { type Member, type Server, startServer } from "../lib/server.ts";
import { eventually } from "../lib/wait.ts";

const IDLE_TIMEOUT_S = 3;
const LORISES = 200;
const MB = 1024 * 1024;
const LEFT_BEHIND_KIB = 64 * 1024; // what a burst may leave in the allocator's hands
const PER_CONNECTION_KIB = 16;

let server: Server;
let anna: Member;
before(async () => {
  server = await startServer({ engine: "sqlite", settings: { idle_timeout_s: String(IDLE_TIMEOUT_S) } });
  anna = await server.member("anna");
});
after(() => server?.stop());

const rssKib = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.pid}/status`, "utf8"))?.[1]);
const descriptors = () => readdirSync(`/proc/${server.pid}/fd`).length;
/** Under a sanitizer freed memory is kept from use for a while: its size says nothing. Its shadow is always there. */
const measures = () => !/^0*7fff7000-/m.test(readFileSync(`/proc/${server.pid}/maps`, "utf8"));

async function opened(): Promise<Socket> {
  const socket = connect(server.port, "127.0.0.1");
  socket.on("error", () => {}); // being cut off is what most of them are here for
  await once(socket, "connect");
  return socket;
}

/** What is answered to these bytes, byte for byte; "" if the connection was closed without a word. */
async function answer(bytes: Buffer | string): Promise<{ status: number; text: string }> {
  const socket = await opened();
  const parts: Buffer[] = [];
  socket.on("data", (part: Buffer) => parts.push(part));
  // Not events.once(): that takes a reset for a failure, and what came before the reset is the answer.
  const closed = new Promise((resolve) => socket.once("close", resolve));
  socket.write(bytes);
  await closed;
  const text = Buffer.concat(parts).toString("latin1");
  return { status: Number(/^HTTP\/1\.[01] (\d{3})/.exec(text)?.[1] ?? 0), text: text.split("\r\n\r\n")[1] ?? "" };
}

function request(line: string, headers: string[], body: Buffer = Buffer.alloc(0)): Buffer {
  const length = body.length > 0 ? [`Content-Length: ${body.length}`] : [];
  const head = [line, "Host: localhost", "Connection: close", ...length, ...headers, "", ""].join("\r\n");
  return Buffer.concat([Buffer.from(head, "latin1"), body]);
}

const signedIn = () => `Authorization: Bearer ${anna.token}`;
const post = (type: string, body: Buffer, target = "/api/v1/statuses") =>
  answer(request(`POST ${target} HTTP/1.1`, [signedIn(), `Content-Type: ${type}`], body));
const FORM = "application/x-www-form-urlencoded";

async function leavesNothing(work: () => Promise<void>): Promise<void> {
  await must(server, "GET", "/api/v1/instance"); // the reader's own pages are there
  const rss = rssKib();
  const fds = descriptors();
  await work();
  await eventually("its connections are freed", () => descriptors() <= fds + 4);
  await must(server, "GET", "/api/v1/timelines/home", { token: anna.token });
  if (measures()) assert.ok(rssKib() < rss + LEFT_BEHIND_KIB, `resident: ${rss} KiB before, ${rssKib()} KiB after`);
}

test("a body above the limit is 413, whether its length is said or not", () =>
  leavesNothing(async () => {
    const huge = Buffer.alloc(17 * MB, "a");
    const head = (...more: string[]) => request("POST /api/v1/statuses HTTP/1.1", [signedIn(), ...more]);
    const announced = head(`Content-Length: ${huge.length}`);
    assert.equal((await answer(Buffer.concat([announced, huge.subarray(0, 1000)]))).status, 413);
    const chunk = Buffer.concat([Buffer.from("10000\r\n"), huge.subarray(0, 0x10000), Buffer.from("\r\n")]);
    const end = Buffer.from("0\r\n\r\n");
    const chunked = (n: number) => [head("Transfer-Encoding: chunked"), ...Array.from({ length: n }, () => chunk), end];
    assert.equal((await answer(Buffer.concat(chunked(2)))).status, 413);
    // Who sends all of it before reading a word gets the answer, too.
    const hundred = head(`Content-Length: ${100 * MB}`);
    for (const [what, bytes] of Object.entries({
      "17 MB": Buffer.concat([announced, huge]),
      "17 MB in chunks": Buffer.concat(chunked(17 * 16)),
      "100 MB": Buffer.concat([hundred, Buffer.alloc(100 * MB, "a")]),
    })) {
      const { status, text } = await answer(bytes);
      assert.equal(status, 413, what);
      assert.ok(JSON.parse(text).error, what);
    }
  }));

test("a request says once, and well, which host it is for", async () => {
  for (const hosts of [
    ["localhost", "localhost"],
    ["localhost", "evil.example"],
    [],
    [""],
    ["a b"],
    ["a/b"],
    ["a:b"],
  ]) {
    const lines = hosts.map((host) => `Host: ${host}\r\n`).join("");
    const { status } = await answer(`GET /api/v1/instance HTTP/1.1\r\n${lines}Connection: close\r\n\r\n`);
    assert.equal(status, 400, JSON.stringify(hosts));
  }
  assert.equal((await answer("GET /health HTTP/1.0\r\n\r\n")).status, 200, "HTTP/1.0 needs none");
});

test("JSON 10,000 deep is refused", () =>
  leavesNothing(async () => {
    for (const [open, close] of [
      ["[", "]"],
      ['{"a":', "}"],
    ] as const) {
      const deep = `{"status":${open.repeat(10_000)}1${close.repeat(10_000)}}`;
      const reply = await post("application/json", Buffer.from(deep));
      assert.ok([400, 413, 422].includes(reply.status), `${reply.status} ${reply.text}`);
      assert.ok(JSON.parse(reply.text).error);
    }
  }));

test("invalid UTF-8 is refused or harmless, wherever it stands", () =>
  leavesNothing(async () => {
    for (const bad of ["\xff", "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82", "a\x00b"]) {
      const raw = Buffer.from(bad, "latin1");
      const percent = [...raw].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join("");
      const replies = {
        form: await post(FORM, Buffer.concat([Buffer.from("status="), raw])),
        percent: await post(FORM, Buffer.from(`status=${percent}`)),
        name: await post(FORM, Buffer.from(`${percent}=1&status=${percent}`)),
        json: await post("application/json", Buffer.concat([Buffer.from('{"status":"'), raw, Buffer.from('"}')])),
        query: await answer(request(`GET /api/v2/search?q=${percent} HTTP/1.1`, [signedIn()])),
        path: await answer(request(`GET /api/v1/timelines/tag/${percent} HTTP/1.1`, [signedIn()])),
        page: await answer(request(`GET /@${percent} HTTP/1.1`, [])),
        header: await answer(request("GET /api/v1/instance HTTP/1.1", [`Accept-Language: ${bad}`])),
        token: await answer(request("GET /api/v1/timelines/home HTTP/1.1", [`Authorization: Bearer ${bad}`])),
      };
      for (const [where, reply] of Object.entries(replies)) {
        const is = `${JSON.stringify(bad)} in the ${where}: ${reply.status} ${reply.text.slice(0, 200)}`;
        assert.ok(reply.status < 500, is);
        // Nothing may come back that is not UTF-8 itself.
        assert.doesNotThrow(
          () => new TextDecoder("utf-8", { fatal: true }).decode(Buffer.from(reply.text, "latin1")),
          is,
        );
      }
      for (const where of ["form", "percent", "json"] as const) {
        const { status, text } = replies[where];
        assert.ok(status >= 400 || !JSON.parse(text).content.includes("\0"), `${JSON.stringify(bad)} in the ${where}`);
      }
    }
  }));

test("an address of 100 KB, floods of headers and noise are refused", () =>
  leavesNothing(async () => {
    const long = "a".repeat(100 * 1024);
    const many = Array.from({ length: 2000 }, (_, i) => `X-Flood-${i}: ${"b".repeat(100)}`);
    for (let i = 0; i < 5; i++) {
      for (const [what, bytes, allowed] of [
        ["address", request(`GET /${long} HTTP/1.1`, []), [0, 414, 431]],
        ["query", request(`GET /api/v1/instance?q=${long} HTTP/1.1`, []), [0, 414, 431]],
        ["one header", request("GET / HTTP/1.1", [`X-Long: ${long}`]), [0, 431]],
        ["many headers", request("GET / HTTP/1.1", many), [0, 431]],
        ["noise", Buffer.from("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", "latin1"), [0, 400]],
        [
          "two lengths",
          Buffer.from("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 9\r\n\r\na"),
          [0, 400],
        ],
      ] as const) {
        const { status } = await answer(bytes);
        assert.ok((allowed as readonly number[]).includes(status), `${what}: ${status}`);
      }
    }
  }));

test("who sends a byte at a time is cut off, and holds up nobody", () =>
  leavesNothing(async () => {
    const sockets = await Promise.all(Array.from({ length: LORISES }, opened));
    let closed = 0;
    for (const socket of sockets) {
      socket.write("POST /api/v1/statuses HTTP/1.1\r\nHost: localhost\r\n");
      const drip = setInterval(() => socket.write("X-a: b\r\n"), 300);
      socket.resume().once("close", () => {
        clearInterval(drip);
        closed++;
      });
    }
    const from = Date.now();
    await must(server, "GET", "/api/v1/timelines/home", { token: anna.token });
    assert.ok(Date.now() - from < 2000, `an honest client waited ${Date.now() - from} ms`);
    await eventually("all are cut off", () => closed === LORISES);
  }));

/** Holds so many connections open with half a request on each; gives how many there were and KiB for each. */
async function hold(wanted: number): Promise<[number, number]> {
  const fds = descriptors();
  const rss = rssKib();
  const sockets: Socket[] = [];
  while (sockets.length < wanted) {
    const more = Math.min(500, wanted - sockets.length);
    sockets.push(...(await Promise.all(Array.from({ length: more }, opened))));
    for (const socket of sockets.slice(-more)) socket.write("GET /health HTTP/1.1\r\nHost: localhost\r\n");
  }
  const held = descriptors() - fds;
  const each = (rssKib() - rss) / Math.max(held, 1);
  await must(server, "GET", "/api/v1/timelines/home", { token: anna.token });
  for (const socket of sockets) socket.resetAndDestroy(); // no TIME_WAIT: two waves would use up the ports
  await eventually("they are freed", () => descriptors() <= fds + 4);
  return [held, each];
}

test("thousands of open connections cost little, and a second wave costs nothing more", async () => {
  const allowed = Number(execFileSync("sh", ["-c", "ulimit -Hn"]).toString().trim()) || 1_000_000;
  const wanted = Math.min(Number(process.env.PARLEY_CONNECTIONS ?? 10_000), allowed - 200);
  const [held, each] = await hold(wanted);
  console.log(`${wanted} connections made, ${held} of them open at once: ${each.toFixed(1)} KiB resident for each`);
  assert.ok(held > wanted / 4, `only ${held} of ${wanted} were open at once`);
  if (measures()) assert.ok(each < PER_CONNECTION_KIB, `${each} KiB resident for each connection`);
  // What the first wave left is in the allocator's hands, to be used again.
  await leavesNothing(async () => {
    await hold(wanted);
  });
});
