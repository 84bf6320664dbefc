// SPDX-License-Identifier: Apache-2.0
// Clients that mean harm to the TLS listener: who stalls, talks nonsense or never ends a handshake costs others nothing, and
// leaves nothing behind. PARLEY_CONNECTIONS: how many are held open at once (2,000).
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { after, before, test } from "node:test";
import type { TLSSocket } from "node:tls";
import { Secured } from "../lib/tls.ts";
import { eventually } from "../lib/wait.ts";

const HANDSHAKES_MAX = 40;
const TIMEOUT_S = 2;
const IDLE_S = 4;
const CONNECTIONS = Number(process.env.PARLEY_CONNECTIONS ?? 2000);
const PER_CONNECTION_KIB = 48;

let one: Secured;
before(async () => {
  one = await Secured.start({
    tls_handshakes_max: String(HANDSHAKES_MAX),
    tls_handshake_timeout_s: String(TIMEOUT_S),
    idle_timeout_s: String(IDLE_S),
  });
});
after(() => one?.stop());

/** Sockets alone: workers open the store when they are first needed. */
function socketsOf(pid: number): number {
  let n = 0;
  for (const fd of readdirSync(`/proc/${pid}/fd`)) {
    try {
      if (readlinkSync(`/proc/${pid}/fd/${fd}`).startsWith("socket:")) n++;
    } catch {
      // closed meanwhile
    }
  }
  return n;
}
const descriptors = () => socketsOf(one.server.pid);
const measures = () => !/^0*7fff7000-/m.test(readFileSync(`/proc/${one.server.pid}/maps`, "utf8"));

async function raw(): Promise<Socket> {
  const socket = connect(one.port, "127.0.0.1");
  socket.on("error", () => undefined); // being cut off is what they are here for
  socket.resume();
  await once(socket, "connect");
  return socket;
}

/** The first flight of a real client, to be sent in part. */
async function clientHello(): Promise<Buffer> {
  const { createServer } = await import("node:net");
  const { connect: dial } = await import("node:tls");
  const listener = createServer().listen(0, "127.0.0.1");
  await once(listener, "listening");
  const address = listener.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const client = dial({ port: address.port, host: "127.0.0.1", servername: "localhost" });
  client.on("error", () => undefined);
  const [peer] = (await once(listener, "connection")) as [Socket];
  const [bytes] = (await once(peer, "data")) as [Buffer];
  client.destroy();
  peer.destroy();
  listener.close();
  return bytes;
}

async function serves(): Promise<void> {
  const from = Date.now();
  assert.equal((await one.get("/health")).status, 200);
  assert.ok(Date.now() - from < 5000, `${Date.now() - from} ms`);
}

async function leavesNothing(work: () => Promise<Socket[]>): Promise<void> {
  await eventually("all is quiet", async () => (await one.server.command("tls", "show")).connections === 0);
  const before = descriptors();
  const sockets = await work();
  await eventually("they are cut off", () => sockets.every((socket) => socket.closed || socket.readableEnded), 30_000);
  for (const socket of sockets) socket.destroy();
  await eventually("their descriptors are closed", () => descriptors() <= before + 4, 30_000);
  await eventually(
    "no connection is left",
    async () => {
      const show = await one.server.command("tls", "show");
      return show.connections === 0 && show.handshakes === 0;
    },
    30_000,
  );
}

test("garbage is refused, whatever it looks like", () =>
  leavesNothing(async () => {
    const hello = await clientHello();
    const wrong = Buffer.from(hello);
    for (let i = 9; i < wrong.length; i += 7) wrong[i] = (wrong[i] ?? 0) ^ 0x55;
    const flights = [
      randomBytes(5000),
      Buffer.alloc(20_000, 0x16),
      Buffer.from([0x16, 3, 1, 0xff, 0xff]),
      Buffer.concat([hello.subarray(0, 60), randomBytes(400)]),
      Buffer.concat([hello, randomBytes(2000)]),
      Buffer.concat([hello, hello]),
      wrong,
      Buffer.from([0x80, 0x2e, 1, 3, 1, 0, 0x15, 0, 0, 0, 0x10]),
      Buffer.from("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"),
    ];
    const sockets: Socket[] = [];
    for (let i = 0; i < 90; i++) {
      const socket = await raw();
      socket.write(flights[i % flights.length] ?? "");
      sockets.push(socket);
      if (i % 30 === 29) await serves();
    }
    return sockets;
  }));

test("who connects and is silent, or stops in the middle of a handshake, is cut off in time; others come through", () =>
  leavesNothing(async () => {
    const hello = await clientHello();
    const sockets: Socket[] = [];
    for (let i = 0; i < 3 * HANDSHAKES_MAX; i++) {
      const socket = await raw();
      if (i % 3 === 1) socket.write(hello.subarray(0, 10 + i));
      if (i % 3 === 2) socket.write(hello);
      sockets.push(socket);
      if (i % 40 === 39) await serves();
    }
    const { handshakes } = await one.server.command("tls", "show");
    assert.ok(handshakes <= HANDSHAKES_MAX + 2, `${handshakes} under way`);
    return sockets;
  }));

test("a byte now and then buys nobody time", () =>
  leavesNothing(async () => {
    const hello = await clientHello();
    const socket = await raw();
    const from = Date.now();
    for (let i = 0; i < hello.length && !socket.closed; i++) {
      socket.write(hello.subarray(i, i + 1));
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    assert.ok(Date.now() - from < (TIMEOUT_S + 3) * 1000, "cut off while it wrote");
    return [socket];
  }));

test("behind the handshake the limits of HTTP hold: a head that trickles, an answer that nobody reads", () =>
  leavesNothing(async () => {
    const trickle = await one.dial();
    trickle.resume();
    const from = Date.now();
    trickle.write("GET /health HTTP/1.1\r\n");
    while (!trickle.closed && !trickle.readableEnded && Date.now() - from < 20_000) {
      trickle.write("X-More: 1\r\n");
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    assert.ok(Date.now() - from < (IDLE_S + 6) * 1000, `${Date.now() - from} ms`);
    const deaf = await one.dial();
    deaf.pause();
    for (let i = 0; i < 300; i++) deaf.write("GET /api/v2/instance HTTP/1.1\r\nHost: localhost\r\n\r\n");
    await eventually(
      "the server lets go of it",
      async () => (await one.server.command("tls", "show")).connections === 0,
      60_000,
    );
    deaf.destroy();
    return [trickle];
  }));

test("who breaks off in the middle of anything leaves nothing", () =>
  leavesNothing(async () => {
    for (let i = 0; i < 60; i++) {
      const below = connect(one.port, "127.0.0.1");
      const socket = await one.dial({ socket: below });
      if (i % 4 === 0) socket.write("GET /api/v2/inst");
      if (i % 4 === 1) socket.write("POST /api/v1/statuses HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nhalf");
      if (i % 4 === 2) socket.write("GET /api/v2/instance HTTP/1.1\r\nHost: x\r\n\r\n".repeat(20));
      if (i % 4 === 3) socket.end("GET /api/v2/instance HTTP/1.1\r\nHost: x\r\n\r\n");
      if (i % 2 === 0) below.resetAndDestroy();
      else socket.destroy();
    }
    return [];
  }));

test(`${CONNECTIONS} clients at once are served, and are gone afterwards`, async () => {
  const many = await Secured.start({ idle_timeout_s: "120", connections_max: String(CONNECTIONS + 100) });
  const ca = await many.ca();
  const sockets: TLSSocket[] = [];
  const pid = many.server.pid;
  const rss = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
  const fds = () => socketsOf(pid);
  try {
    await many.get("/health");
    const [rssBefore, fdsBefore] = [rss(), fds()];
    const ask = async (socket: TLSSocket) => {
      socket.write("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n");
      const [bytes] = await once(socket, "data");
      assert.match(String(bytes), /^HTTP\/1.1 200/);
    };
    const from = Date.now();
    await Promise.all(
      Array.from({ length: 16 }, async () => {
        while (sockets.length < CONNECTIONS) {
          const place = sockets.length;
          sockets.push(undefined as unknown as TLSSocket);
          const socket = await many.dial({ ca });
          sockets[place] = socket;
          await ask(socket);
        }
      }),
    );
    const took = Date.now() - from;
    const each = (rss() - rssBefore) / CONNECTIONS;
    console.log(
      `${CONNECTIONS} over TLS in ${(took / 1000).toFixed(1)} s, ${each.toFixed(1)} KiB and 3 descriptors each`,
    );
    assert.equal((await many.server.command("tls", "show")).connections, CONNECTIONS);
    if (measures()) assert.ok(each < PER_CONNECTION_KIB, `${each} KiB a connection`);
    await Promise.all(sockets.map(ask));
    for (const socket of sockets) socket.destroy();
    await eventually("all are closed", () => fds() <= fdsBefore + 4, 60_000);
  } finally {
    for (const socket of sockets) socket?.destroy();
    await many.stop();
  }
});
