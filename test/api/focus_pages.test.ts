// SPDX-License-Identifier: Apache-2.0
// The form that writes a parley says what stays in sight of its pictures: by a click, which posts where it was, or by numbers.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { type Json, must } from "../lib/http.ts";
import { noise } from "../lib/png.ts";
import { type Member, type Server, startServer } from "../lib/server.ts";
import { type Page, Visitor } from "../lib/visitor.ts";

let server: Server;
let anna: Member;
let at: Visitor;
before(async () => {
  server = await startServer();
  anna = await server.member("anna");
  at = new Visitor(server);
  await at.signIn(await at.get("/sign-in"), anna);
});
after(() => server?.stop());

const status = (id: string): Promise<Json> => must(server, "GET", `/api/v1/statuses/${id}`, { token: anna.token });
const focusOf = async (id: string) => (await status(id)).media_attachments[0].meta.focus;
const idOf = (page: Page) => page.url.pathname.split("/").at(-1) ?? "";
const said = (page: Page) =>
  ["left", "top"].map((n) => new RegExp(`name="${n}_\\d+"[^>]* value="(\\d+)"`).exec(page.html)?.[1]);

/** The form after a file of 600x300 was chosen and looked at: shown 240x120; and the file's id. */
async function looked(): Promise<[Page, string]> {
  const file = new File([noise(600, 300, 5)], "a.png", { type: "image/png" });
  const page = await at.upload(await at.get("/write"), "/write", { text: "A point", file_0: file, look: "1" });
  const id = /name="media\[\]" value="(\d+)"/.exec(page.html)?.[1];
  assert.ok(id, page.html);
  assert.match(page.html, /<input type="image"[^>]* width="240" height="120"/);
  return [page, id];
}

test("a click is shown on the form, and published with it", async () => {
  const [page, id] = await looked();
  assert.deepEqual(said(page), ["50", "50"]);
  const hit = await at.submit(page, "/write", { text: "A point", [`focus_${id}.x`]: "60", [`focus_${id}.y`]: "108" });
  assert.deepEqual([hit.status, hit.url.pathname], [200, "/write"]);
  assert.deepEqual(said(hit), ["25", "90"]);
  assert.match(hit.html, />\s*A point<\/textarea>/);
  const done = await at.submit(hit, "/write", { text: "A point", [`left_${id}`]: "25", [`top_${id}`]: "90" });
  assert.deepEqual(await focusOf(idOf(done)), { x: -0.5, y: -0.8 });
});

test("a click beyond the edge is at the edge; none is the middle, as a key says it", async () => {
  const [page, id] = await looked();
  const click = async (x: string, y: string) =>
    said(await at.submit(page, "/write", { [`focus_${id}.x`]: x, [`focus_${id}.y`]: y }));
  assert.deepEqual(await click("9999", "0"), ["100", "0"]);
  assert.deepEqual(await click("0", "0"), ["50", "50"]);
});

test("numbers out of range are refused in words, with the form", async () => {
  const [page, id] = await looked();
  for (const wrong of ["101", "-1", "left"]) {
    const back = await at.submit(page, "/write", { text: "No", [`left_${id}`]: wrong });
    assert.equal(back.status, 422, wrong);
    assert.match(back.html, /in per cent, from 0 to 100/);
  }
});

test("an edit keeps what an app said exactly, unless it is moved", async () => {
  const form = new FormData();
  form.append("file", new Blob([noise(600, 300, 6)]), "a.png");
  form.append("focus", "0.4242,-0.1111");
  const { id: file } = await must(server, "POST", "/api/v2/media", { token: anna.token, multipart: form });
  const { id } = await must(server, "POST", "/api/v1/statuses", {
    token: anna.token,
    form: { status: "By an app", "media_ids[]": file },
  });
  const edit = `/parleys/${id}/edit`;
  const page = await at.get(edit);
  const [left, top] = said(page);
  const fields = { text: "Edited", [`left_${file}`]: left ?? "", [`top_${file}`]: top ?? "" };
  await at.submit(page, edit, fields);
  assert.deepEqual(await focusOf(id), { x: 0.4242, y: -0.1111 });
  const hit = await at.submit(page, edit, { ...fields, [`focus_${file}.x`]: "240", [`focus_${file}.y`]: "120" });
  assert.deepEqual(await focusOf(id), { x: 0.4242, y: -0.1111 }, "not before it is saved");
  await at.submit(hit, edit, { ...fields, [`left_${file}`]: "100", [`top_${file}`]: "100" });
  assert.deepEqual(await focusOf(id), { x: 1, y: -1 });
});

test("what is planned keeps the words and the point of its files", async () => {
  const [page, id] = await looked();
  const when = new Date(Date.now() + 86_400_000).toISOString().slice(0, 16);
  const fields = { text: "Later", at: when, [`alt_${id}`]: "noise", [`left_${id}`]: "0" };
  assert.equal((await at.submit(page, "/write", fields)).url.pathname, "/scheduled");
  const [planned] = await must(server, "GET", "/api/v1/scheduled_statuses", { token: anna.token });
  const [file] = planned.media_attachments;
  assert.deepEqual([file.description, file.meta.focus], ["noise", { x: -1, y: 0 }]);
});
