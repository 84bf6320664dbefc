// SPDX-License-Identifier: Apache-2.0
// Archives that are large, or that mean harm: what is taken goes to the disk and not to memory; what is not is refused with
// a word, and nothing of it stays.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readdir } from "node:fs/promises";
import path from "node:path";
import { after, before, test } from "node:test";
import { archive, create, type Files, outbox } from "../lib/archive.ts";
import { ask, type Json, must, type Reply } from "../lib/http.ts";
import { type Member, type Server, startServer } from "../lib/server.ts";
import { Visitor } from "../lib/visitor.ts";
import { eventually } from "../lib/wait.ts";

const MIB = 1024 * 1024;
const IMPORT_MIB = 48;
let server: Server;
before(async () => {
  server = await startServer({
    settings: {
      media_image_mib: "1",
      media_video_mib: "1",
      media_quota_mib: "1",
      upload_memory_mib: "32",
      import_mib: String(IMPORT_MIB),
    },
  });
});
after(() => server?.stop());

const at = "2020-06-01T00:00:00Z";
const small: Files = { "outbox.json": outbox(create({ id: 1, at, html: "<p>small</p>" })) };

function form(bytes: Uint8Array): FormData {
  const multipart = new FormData();
  multipart.set("visibility", "public");
  multipart.set("data", new File([new Uint8Array(bytes)], "archive.zip"));
  return multipart;
}
const send = (token: string | undefined, bytes: Uint8Array): Promise<Reply> =>
  ask(server, "POST", "/api/parley/v1/imports/archive", { token, multipart: form(bytes) });

async function finish(who: Member, id: string): Promise<Json> {
  let now: Json;
  await eventually("the import ends", async () => {
    now = await must(server, "GET", `/api/parley/v1/imports/${id}`, { token: who.token });
    return !["waiting", "running"].includes(now.state);
  });
  return now;
}
async function bring(who: Member, bytes: Uint8Array): Promise<Json> {
  const begun = await send(who.token, bytes);
  assert.equal(begun.status, 200, begun.text);
  return finish(who, begun.json.id);
}
const profile = (who: Member): Promise<Json[]> =>
  must(server, "GET", `/api/v1/accounts/${who.id}/statuses?limit=40`, { token: who.token });
const nothingIsLeft = () =>
  eventually("no file of an archive is left", async () => {
    const left = await readdir(path.join(server.data, "archives")).catch(() => []);
    return left.length === 0;
  });

test("one larger than all the memory for bodies comes by API and by page", async () => {
  const [anna, ben] = await server.members("anna", "ben");
  const large = await archive("zip", { ...small, "holiday.bin": randomBytes(40 * MIB) });
  assert.ok(large.length > 32 * MIB);
  const done = await bring(anna, large);
  assert.deepEqual([done.state, done.added, done.file_name], ["done", 1, "archive.zip"], JSON.stringify(done));
  const visitor = new Visitor(server);
  await visitor.signIn(await visitor.get("/sign-in"), ben);
  const page = await visitor.get("/settings/transfer");
  assert.match(page.html, new RegExp(`Up to ${IMPORT_MIB} MB`));
  const sent = await visitor.upload(page, "/settings/transfer/parleys", {
    visibility: "public",
    data: new File([new Uint8Array(large)], "archive.zip"),
  });
  const came = await finish(ben, sent.url.pathname.split("/").at(-1) ?? "");
  assert.deepEqual([came.state, came.added], ["done", 1]);
  await nothingIsLeft();
});

test("who may not bring one is told so before it is kept, and one that is too large is refused", async () => {
  const [cleo, dora] = await server.members("cleo", "dora");
  const bytes = await archive("zip", small);
  const reads = await server.signIn(cleo, "read write:statuses");
  assert.equal((await send(undefined, bytes)).status, 401);
  assert.equal((await send("nonsense", bytes)).status, 401);
  const outside = await send(reads, bytes);
  assert.deepEqual([outside.status, outside.json.error], [403, "This action is outside the authorized scopes"]);
  await server.command("member", "freeze", "dora", "--reason", "test");
  assert.equal((await send(dora.token, bytes)).status, 403);
  const huge = await send(cleo.token, Buffer.alloc((IMPORT_MIB + 2) * MIB));
  assert.deepEqual([huge.status, huge.json.error], [413, "The request is too large"]);
  const over = await send(cleo.token, Buffer.alloc(IMPORT_MIB * MIB + 1));
  assert.deepEqual([over.status, over.json.error], [413, `Validation failed: Data is larger than ${IMPORT_MIB} MB`]);
  const text = await ask(server, "POST", "/api/parley/v1/imports/archive", {
    token: cleo.token,
    json: { data: "x".repeat(MIB) },
  });
  assert.equal(text.status, 413);
  const reply = await server.fetch("/settings/transfer/parleys", { method: "POST", body: form(bytes) });
  assert.deepEqual([reply.status, reply.headers.get("location")], [303, "/sign-in"]);
  const visitor = new Visitor(server);
  const page = await visitor.signIn(await visitor.get("/sign-in"), cleo);
  const forged = { ...page, html: '<form action="/settings/transfer/parleys"></form>' };
  const unbidden = await visitor.upload(forged, "/settings/transfer/parleys", { data: new File(["x"], "a.zip") });
  assert.equal(unbidden.status, 403);
  assert.deepEqual(await must(server, "GET", "/api/parley/v1/imports", { token: cleo.token }), []);
  assert.deepEqual(await profile(cleo), []);
  await nothingIsLeft();
});
