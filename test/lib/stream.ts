// SPDX-License-Identifier: Apache-2.0
// Streams as a client sees them: a WebSocket by hand (RFC 6455), so that tests can say what no library would, and
// server-sent events over fetch. What came is kept; tests wait for what they look for.
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import type { Json } from "./http.ts";
import type { Server } from "./server.ts";
import { eventually } from "./wait.ts";

export interface Message {
  stream: string[];
  event: string;
  payload: string | undefined;
}

const TEXT = 1;
const CLOSE = 8;
const PING = 9;
const PONG = 10;

export function frame(opcode: number, payload: Buffer, { masked = true, fin = true, rsv = 0 } = {}): Buffer {
  const head = [(fin ? 0x80 : 0) | (rsv << 4) | opcode];
  const mask = masked ? 0x80 : 0;
  if (payload.length < 126) head.push(mask | payload.length);
  else if (payload.length < 65536) head.push(mask | 126, payload.length >> 8, payload.length & 255);
  else head.push(mask | 127, 0, 0, 0, 0, ...[24, 16, 8, 0].map((bits) => (payload.length >> bits) & 255));
  if (!masked) return Buffer.concat([Buffer.from(head), payload]);
  const key = randomBytes(4);
  return Buffer.concat([Buffer.from(head), key, payload.map((byte, i) => byte ^ (key[i % 4] ?? 0))]);
}

export class WebSocketClient {
  readonly messages: Message[] = [];
  readonly errors: { error: string; status: number }[] = [];
  readonly pings: Buffer[] = [];
  readonly pongs: Buffer[] = [];
  /** The code of the close frame, 0 for an end without one; undefined while it is open. */
  closed: number | undefined;
  reason = "";
  private rest = Buffer.alloc(0);

  constructor(
    readonly socket: Socket,
    readonly head: string,
  ) {
    socket.on("data", (bytes: Buffer) => this.read(bytes));
    socket.on("close", () => {
      this.closed ??= 0;
    });
    socket.on("error", () => undefined);
  }

  private read(bytes: Buffer): void {
    this.rest = Buffer.concat([this.rest, bytes]);
    for (;;) {
      const [first, second] = this.rest;
      if (first === undefined || second === undefined) return;
      let at = 2;
      let n = second & 127;
      if (n >= 126) {
        at = n === 126 ? 4 : 10;
        if (this.rest.length < at) return;
        n = at === 4 ? this.rest.readUInt16BE(2) : Number(this.rest.readBigUInt64BE(2));
      }
      if (this.rest.length < at + n) return;
      this.take(first & 15, this.rest.subarray(at, at + n));
      this.rest = this.rest.subarray(at + n);
    }
  }

  private take(opcode: number, payload: Buffer): void {
    if (opcode === TEXT) {
      const message = JSON.parse(payload.toString());
      if (message.error !== undefined) this.errors.push(message);
      else this.messages.push(message);
    } else if (opcode === CLOSE) {
      this.closed = payload.length >= 2 ? payload.readUInt16BE(0) : 1005;
      this.reason = payload.subarray(2).toString();
    } else if (opcode === PING) {
      this.pings.push(Buffer.from(payload));
      this.socket.write(frame(PONG, payload));
    } else if (opcode === PONG) this.pongs.push(Buffer.from(payload));
  }

  say(message: unknown): void {
    this.socket.write(frame(TEXT, Buffer.from(JSON.stringify(message))));
  }

  subscribe(stream: string, more: Record<string, string> = {}): void {
    this.say({ type: "subscribe", stream, ...more });
  }

  unsubscribe(stream: string, more: Record<string, string> = {}): void {
    this.say({ type: "unsubscribe", stream, ...more });
  }

  /** All that was said before has been heard: an answer to a ping comes after it. */
  async settled(): Promise<void> {
    const mark = randomBytes(8);
    this.socket.write(frame(PING, mark));
    await eventually("the pong", () => this.pongs.some((pong) => pong.equals(mark)));
  }

  event(event: string, payload: string | ((json: Json) => boolean)): Promise<Message> {
    return eventually(`${event} comes`, () =>
      this.messages.find(
        (m) =>
          m.event === event &&
          (typeof payload === "string" ? m.payload === payload : payload(parsed(m.payload ?? "null"))),
      ),
    );
  }

  /** The parley `id` came on `stream`. */
  update(id: string, event = "update"): Promise<Message> {
    return this.event(event, (json) => json.id === id);
  }

  ids(event = "update"): string[] {
    return this.messages.filter((m) => m.event === event).map((m) => parsed(m.payload ?? "null").id);
  }

  ended(): Promise<number> {
    return eventually("the socket closes", () => (this.closed === undefined ? undefined : { code: this.closed })).then(
      ({ code }) => code,
    );
  }

  close(): void {
    this.socket.destroy();
  }
}

function parsed(text: string): Json {
  return JSON.parse(text);
}

/** The raw answer to a handshake, and the socket it came on. */
export async function handshake(
  server: Server,
  target: string,
  headers: Record<string, string> = {},
  dialled?: Socket,
): Promise<{ status: number; head: string; socket: Socket; accepts: boolean }> {
  const key = randomBytes(16).toString("base64");
  const socket = dialled ?? connect(server.port, "127.0.0.1");
  if (dialled === undefined) await once(socket, "connect");
  const all: Record<string, string> = {
    Host: `localhost:${server.port}`,
    Upgrade: "websocket",
    Connection: "Upgrade",
    "Sec-WebSocket-Key": key,
    "Sec-WebSocket-Version": "13",
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`GET ${target} HTTP/1.1\r\n${lines.join("")}\r\n`);
  let text = Buffer.alloc(0);
  while (!text.includes("\r\n\r\n")) {
    const bytes: Buffer | null = socket.read();
    if (bytes !== null) text = Buffer.concat([text, bytes]);
    else if (socket.readableEnded || socket.destroyed) break;
    else await Promise.race([once(socket, "readable"), once(socket, "end")]);
  }
  const end = text.indexOf("\r\n\r\n") + 4;
  if (end < text.length) socket.unshift(text.subarray(end));
  const head = text.subarray(0, end).toString();
  const wanted = createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
  const accepts = head.includes(`Sec-WebSocket-Accept: ${wanted}\r\n`);
  return { status: Number(head.split(" ")[1]), head, socket, accepts };
}

export async function openSocket(
  server: Server,
  token: string,
  query = "",
  headers: Record<string, string> = { "Sec-WebSocket-Protocol": token },
  dialled?: Socket,
): Promise<WebSocketClient> {
  const { status, head, socket } = await handshake(server, `/api/v1/streaming${query}`, headers, dialled);
  if (status !== 101) throw new Error(`no WebSocket: ${head}`);
  return new WebSocketClient(socket, head);
}

/** Server-sent events, as text and taken apart. */
export class EventClient {
  text = "";
  isOver = false;
  readonly headers: Headers;
  private readonly stop = new AbortController();

  private constructor(headers: Headers) {
    this.headers = headers;
  }

  static async open(server: Server, path: string, token: string): Promise<EventClient> {
    const stop = new AbortController();
    const reply = await fetch(new URL(`/api/v1/streaming/${path}`, server.url), {
      headers: { Authorization: `Bearer ${token}` },
      signal: stop.signal,
    });
    if (!reply.ok || reply.body === null) throw new Error(`no events: ${reply.status} ${await reply.text()}`);
    const client = new EventClient(reply.headers);
    client.stop.signal.addEventListener("abort", () => stop.abort());
    void client.read(reply.body);
    await eventually("the stream is open", () => client.text.startsWith(":)\n"));
    return client;
  }

  private async read(body: ReadableStream<Uint8Array>): Promise<void> {
    try {
      const decoder = new TextDecoder();
      for await (const bytes of body as unknown as AsyncIterable<Uint8Array>)
        this.text += decoder.decode(bytes, { stream: true });
    } catch {
      // the end is all that matters
    }
    this.isOver = true;
  }

  events(): { event: string; data: string }[] {
    return [...this.text.matchAll(/^event: (\S+)\ndata: (.*)\n\n/gm)].map(([, event = "", data = ""]) => ({
      event,
      data,
    }));
  }

  event(event: string, data: string | ((json: Json) => boolean)): Promise<{ event: string; data: string }> {
    return eventually(`${event} comes`, () =>
      this.events().find(
        (e) => e.event === event && (typeof data === "string" ? e.data === data : data(JSON.parse(e.data))),
      ),
    );
  }

  close(): void {
    this.stop.abort();
  }
}
