// SPDX-License-Identifier: Apache-2.0
// A disk that is full, or fills up while an archive comes: the upload is answered 507 and holds nothing, reads go on, and
// the next one comes by itself when there is room.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import { type IncomingMessage, request } from "node:http";
import { after, test } from "node:test";
import { archive, create, outbox } from "../lib/archive.ts";
import { SmallDisk } from "../lib/disk.ts";
import { ask, type Json, must } from "../lib/http.ts";
import { type Member, type Server, startServer } from "../lib/server.ts";
import { eventually } from "../lib/wait.ts";

const MIB = 1024 * 1024;
const DISK_MIB = 96;
const UPLOAD_MIB = 4;
const TARGET = "/api/parley/v1/imports/archive";

let disk: SmallDisk | undefined;
let server: Server | undefined;
let why = "";
try {
  disk = await SmallDisk.mount(DISK_MIB);
} catch (error) {
  why = `no disk of its own can be mounted here (root can): ${(error as Error).message.trim()}`;
  console.log(`skipped: ${why}`);
}
after(async () => {
  await disk?.empty();
  await server?.stop();
  await disk?.unmount();
});

async function figure(of: Server, name: string, labels = ""): Promise<number> {
  const { metrics } = (await of.command("metrics")) as { metrics: { name: string; labels: string; value: string }[] };
  const row = metrics.find((m) => m.name === `parley_${name}` && m.labels === labels);
  return Number(row?.value ?? assert.fail(`no figure ${name}`));
}

/** A form of the archive, as it goes over the wire. */
async function formOf(bytes: Uint8Array): Promise<[string, Uint8Array<ArrayBuffer>]> {
  const form = new FormData();
  form.set("visibility", "public");
  form.set("data", new Blob([new Uint8Array(bytes)]), "archive.zip");
  const whole = new Response(form);
  return [whole.headers.get("content-type") ?? "", new Uint8Array(await whole.arrayBuffer())];
}

const send = (to: Server, who: Member, type: string, body: Uint8Array<ArrayBuffer>) =>
  to.fetch(TARGET, { method: "POST", headers: { Authorization: `Bearer ${who.token}`, "Content-Type": type }, body });

async function reads(of: Server, who: Member): Promise<void> {
  await must(of, "GET", "/api/v1/timelines/home", { token: who.token });
  assert.equal((await ask(of, "GET", "/about")).status, 200);
}

async function saysFull(status: number | undefined, json: Json): Promise<void> {
  assert.equal(status, 507, JSON.stringify(json));
  assert.match(json.error, /disk .* full/i);
}

test("an upload that finds no room, or none any more, is answered 507", { skip: why || false }, async () => {
  const full = disk ?? assert.fail();
  const data = `${full.folder}/data`;
  await mkdir(data, { mode: 0o700 });
  const here = await startServer({ engine: "sqlite", data, settings: { disk_floor_mib: "0" } });
  server = here;
  const anna = await here.member("anna");
  const post = create({ id: 1, at: "2020-06-01T00:00:00Z", html: "<p>small</p>" });
  const files = { "outbox.json": outbox(post), "holiday.bin": randomBytes(UPLOAD_MIB * MIB) };
  const [type, body] = await formOf(await archive("zip", files));

  await full.fill(2 * UPLOAD_MIB * MIB); // it would fit once, but not with what is made of it
  const early = await send(here, anna, type, body);
  await saysFull(early.status, await early.json());
  await reads(here, anna);
  await full.empty();

  const sending = request(`${here.url}${TARGET}`, {
    method: "POST",
    headers: { Authorization: `Bearer ${anna.token}`, "Content-Type": type, "Content-Length": body.length },
  });
  sending.on("error", () => undefined); // what was not read of it when it was refused
  const answered = once(sending, "response") as Promise<[IncomingMessage]>;
  sending.write(body.subarray(0, body.length / 2));
  await eventually("half of it came", async () => (await figure(here, "body_file_bytes")) > body.length / 2 - 1024);
  assert.equal(await figure(here, "body_files"), 1);
  await full.fill(0);
  sending.end(body.subarray(body.length / 2));
  const [late] = await answered;
  const said: Buffer[] = [];
  for await (const chunk of late) said.push(chunk as Buffer);
  await saysFull(late.statusCode, JSON.parse(Buffer.concat(said).toString()));
  await reads(here, anna);
  assert.deepEqual([await figure(here, "body_files"), await figure(here, "body_file_bytes")], [0, 0]);
  assert.equal(await figure(here, "body_files_refused_total", 'why="room"'), 2);
  await full.empty();

  const begun = await eventually("there is room again", async () => {
    const reply = await send(here, anna, type, body);
    return reply.status === 200 && ((await reply.json()) as Json);
  });
  await eventually("it is read", async () => {
    const now = await must(here, "GET", `/api/parley/v1/imports/${begun.id}`, { token: anna.token });
    return now.state === "done" && now.added === 1;
  });
});
