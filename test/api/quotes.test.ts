// SPDX-License-Identifier: Apache-2.0
// Quotes with consent: who may quote, what a reader is shown of a quote, taking it back; and who may answer.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ask, type Json, must } from "../lib/http.ts";
import { type Member, type Server, startServer } from "../lib/server.ts";
import { Visitor } from "../lib/visitor.ts";
import { eventually } from "../lib/wait.ts";

let server: Server;
let anna: Member;
let ben: Member;
let cleo: Member;
before(async () => {
  server = await startServer();
  [anna, ben, cleo] = await server.members("anna", "ben", "cleo");
});
after(() => server?.stop());

const say = (who: Member, json: Json): Promise<Json> =>
  must(server, "POST", "/api/v1/statuses", { token: who.token, json });
const trySay = async (who: Member, json: Json) =>
  (await ask(server, "POST", "/api/v1/statuses", { token: who.token, json })).status;
const get = (id: string, who?: Member): Promise<Json> =>
  must(server, "GET", `/api/v1/statuses/${id}`, { token: who?.token });
const quoteOf = async (id: string, who?: Member): Promise<Json> => (await get(id, who)).quote;
const notes = async (who: Member, type: string): Promise<Json[]> =>
  must(server, "GET", `/api/v1/notifications?types[]=${type}`, { token: who.token });
const does = (who: Member, method: string, path: string, json: Json = {}): Promise<Json> =>
  must(server, method, path, { token: who.token, json });

test("a quote shows what is quoted, with the reader's marks, counts and tells", async () => {
  const { id } = await say(anna, { status: "the sea is calm" });
  const made = await say(ben, { status: "is it?", quoted_status_id: id });
  assert.deepEqual([made.quote.state, made.quote.quoted_status.id], ["accepted", id]);
  await does(cleo, "POST", `/api/v1/statuses/${id}/favourite`);
  assert.equal((await quoteOf(made.id, cleo)).quoted_status.favourited, true);
  assert.equal("favourited" in (await quoteOf(made.id)).quoted_status, false);
  assert.equal((await get(id)).quotes_count, 1);
  assert.equal((await notes(anna, "quote"))[0]?.status.id, made.id);
  const list = await must(server, "GET", `/api/v1/statuses/${id}/quotes`);
  assert.deepEqual(
    list.map((s: Json) => s.id),
    [made.id],
  );
  const local = await must(server, "GET", "/api/v1/timelines/public", { token: cleo.token });
  assert.equal(local.find((s: Json) => s.id === made.id)?.quote.quoted_status.id, id);
});

test("a quote of a quote and an echo of a quote", async () => {
  const { id } = await say(anna, { status: "one" });
  const two = await say(ben, { status: "two", quoted_status_id: id });
  const three = await say(cleo, { status: "three", quoted_status_id: two.id });
  assert.deepEqual(three.quote.quoted_status.quote, { state: "accepted", quoted_status_id: id });
  const echo = await does(anna, "POST", `/api/v1/statuses/${two.id}/reblog`);
  assert.deepEqual([echo.quote, echo.reblog.quote.quoted_status.id], [null, id]);
});

test("only who the author lets may quote", async () => {
  await does(cleo, "POST", `/api/v1/accounts/${anna.id}/follow`);
  const nobody = await say(anna, { status: "n", quote_approval_policy: "nobody" });
  const followers = await say(anna, { status: "f", quote_approval_policy: "followers" });
  const own = await say(anna, { status: "p", visibility: "private" });
  assert.deepEqual(nobody.quote_approval, { automatic: [], manual: [], current_user: "automatic" });
  const approval = async (id: string, who?: Member) => (await get(id, who)).quote_approval.current_user;
  assert.deepEqual(
    [await approval(followers.id, cleo), await approval(followers.id, ben), await approval(followers.id)],
    ["automatic", "denied", "denied"],
  );
  assert.equal(await trySay(cleo, { status: "q", quoted_status_id: nobody.id }), 422);
  assert.equal(await trySay(ben, { status: "q", quoted_status_id: followers.id }), 422);
  assert.equal(await trySay(cleo, { status: "q", quoted_status_id: followers.id }), 200);
  assert.equal(await trySay(cleo, { status: "q", quoted_status_id: own.id }), 422);
  assert.equal(await trySay(ben, { status: "q", quoted_status_id: own.id }), 404);
  assert.equal(await trySay(ben, { status: "q", quoted_status_id: "1" }), 404);
  assert.equal(await trySay(ben, { status: "q", quote_approval_policy: "some" }), 422);
  const narrowed = await say(anna, { status: "q", quoted_status_id: own.id });
  assert.equal(narrowed.visibility, "private");
});

test("the policy can be changed later, by the author alone", async () => {
  const { id } = await say(anna, { status: "later" });
  const path = `/api/v1/statuses/${id}/interaction_policy`;
  const changed = await does(anna, "PUT", path, { quote_approval_policy: "nobody", reply_policy: "followers" });
  assert.deepEqual([changed.quote_approval.automatic, changed.reply_policy], [[], "followers"]);
  assert.equal(await trySay(ben, { status: "q", quoted_status_id: id }), 422);
  assert.equal((await ask(server, "PUT", path, { token: ben.token, json: {} })).status, 403);
  const wrong = { token: anna.token, json: { quote_approval_policy: "friends" } };
  assert.equal((await ask(server, "PUT", path, wrong)).status, 422);
});

test("a quote is taken back, once, by the one who is quoted", async () => {
  const { id } = await say(anna, { status: "mine" });
  const other = await say(anna, { status: "not this" });
  const made = await say(ben, { status: "q", quoted_status_id: id });
  const path = `/api/v1/statuses/${id}/quotes/${made.id}/revoke`;
  assert.equal((await ask(server, "POST", path, { token: ben.token })).status, 403);
  const elsewhere = `/api/v1/statuses/${other.id}/quotes/${made.id}/revoke`;
  assert.equal((await ask(server, "POST", elsewhere, { token: anna.token })).status, 404);
  const revoked = await does(anna, "POST", path);
  assert.deepEqual(revoked.quote, { state: "revoked", quoted_status: null });
  await does(anna, "POST", path);
  assert.deepEqual([(await get(id)).quotes_count, (await quoteOf(made.id, ben)).state], [0, "revoked"]);
  assert.deepEqual(await must(server, "GET", `/api/v1/statuses/${id}/quotes`), []);
});

test("what a reader may not see is not shown through a quote", async () => {
  const [dora, eve] = await server.members("dora", "eve");
  const { id } = await say(dora, { status: "seen by some" });
  const made = await say(ben, { status: "q", quoted_status_id: id });
  await does(eve, "POST", `/api/v1/accounts/${dora.id}/block`);
  await does(cleo, "POST", `/api/v1/accounts/${dora.id}/mute`);
  await does(dora, "POST", `/api/v1/accounts/${anna.id}/block`);
  const state = async (who?: Member) => {
    const quote = await quoteOf(made.id, who);
    return `${quote.state} ${quote.quoted_status?.id === id}`;
  };
  assert.deepEqual(
    [await state(), await state(ben), await state(eve), await state(cleo), await state(anna)],
    ["accepted true", "accepted true", "blocked_account true", "muted_account true", "unauthorized false"],
  );
  await server.command("status", "hold", id, "--reason", "test");
  assert.equal(await state(), "unauthorized false");
  await server.command("status", "restore", id);
  assert.equal(await state(), "accepted true");
  await server.command("member", "suspend", "dora", "--reason", "test");
  assert.equal(await state(ben), "unauthorized false");
  await server.command("member", "restore", "dora");
});

test("a deleted parley is deleted in its quotes, and a deleted quote is counted no more", async () => {
  const { id } = await say(anna, { status: "goes" });
  const made = await say(ben, { status: "q", quoted_status_id: id });
  const gone = await say(cleo, { status: "q", quoted_status_id: id });
  await must(server, "DELETE", `/api/v1/statuses/${gone.id}`, { token: cleo.token });
  assert.equal((await get(id)).quotes_count, 1);
  await must(server, "DELETE", `/api/v1/statuses/${id}`, { token: anna.token });
  assert.deepEqual(await quoteOf(made.id, ben), { state: "deleted", quoted_status: null });
});

test("who quotes is told of an edit", async () => {
  const { id } = await say(anna, { status: "before" });
  await say(ben, { status: "q", quoted_status_id: id });
  await does(anna, "PUT", `/api/v1/statuses/${id}`, { status: "after" });
  await eventually("ben is told", async () => (await notes(ben, "quoted_update")).some((n) => n.status.id === id));
});

test("who may answer is decided by the author, for the whole thread", async () => {
  const [fay, gus] = await server.members("fay", "gus");
  await does(fay, "POST", `/api/v1/accounts/${anna.id}/follow`);
  await does(anna, "POST", `/api/v1/accounts/${gus.id}/follow`);
  const answers = async (reply_policy: string, status = "who?") => {
    const { id } = await say(anna, { status, reply_policy });
    assert.equal((await get(id)).reply_policy, reply_policy);
    const codes: number[] = [];
    for (const who of [anna, fay, gus, ben]) codes.push(await trySay(who, { status: "a", in_reply_to_id: id }));
    return codes.join(" ");
  };
  assert.equal(await answers("everyone"), "200 200 200 200");
  assert.equal(await answers("followers"), "200 200 403 403");
  assert.equal(await answers("followed"), "200 403 200 403");
  assert.equal(await answers("mentioned", "@ben who?"), "200 403 403 200");
  assert.equal(await answers("nobody", "@ben who?"), "200 403 403 403");
  const { id } = await say(anna, { status: "mine", reply_policy: "followers" });
  const below = await say(fay, { status: "below", in_reply_to_id: id });
  assert.equal(await trySay(ben, { status: "a", in_reply_to_id: below.id }), 403);
  assert.equal(await trySay(ben, { status: "a", reply_policy: "friends" }), 422);
});

test("a member's default policies count where a parley names none, wherever it is written", async () => {
  const [quentin] = await server.members("quentin");
  const prefer = async (form: Record<string, string>) =>
    (await must(server, "PATCH", "/api/v1/accounts/update_credentials", { token: quentin.token, form })).source;
  const policies = async ({ id }: Json): Promise<string[]> => {
    const { quote_approval, reply_policy } = await get(id, quentin);
    return [quote_approval.automatic.join(), reply_policy];
  };
  const before = (await must(server, "GET", "/api/v1/accounts/verify_credentials", { token: quentin.token })).source;
  assert.deepEqual([before.quote_policy, before.reply_policy], ["public", "everyone"]);
  const source = await prefer({ "source[quote_policy]": "nobody", "source[reply_policy]": "followed" });
  assert.deepEqual([source.quote_policy, source.reply_policy], ["nobody", "followed"]);
  const preferences = await must(server, "GET", "/api/v1/preferences", { token: quentin.token });
  assert.equal(preferences["posting:default:quote_policy"], "nobody");
  assert.equal(preferences["posting:default:reply_policy"], "followed");
  assert.deepEqual(await policies(await say(quentin, { status: "as I prefer" })), ["", "followed"]);
  const named = { quote_approval_policy: "public", reply_policy: "everyone" };
  assert.deepEqual(await policies(await say(quentin, { status: "as it says", ...named })), ["public", "everyone"]);
  assert.equal((await prefer({ "source[privacy]": "unlisted" })).quote_policy, "nobody", "what is not said stays");
  for (const form of [{ "source[quote_policy]": "some" }, { "source[reply_policy]": "some" }] as Json[]) {
    const path = "/api/v1/accounts/update_credentials";
    assert.equal((await ask(server, "PATCH", path, { token: quentin.token, form })).status, 422);
  }
  const visitor = new Visitor(server);
  await visitor.signIn(await visitor.get("/sign-in"), quentin);
  const short = await visitor.submit(await visitor.get("/home"), "/write", { text: "from the short form" });
  const written = /id="p(\d+)"[\s\S]*?from the short form/.exec(short.html)?.[1] ?? assert.fail(short.html);
  assert.deepEqual(await policies({ id: written }), ["", "followed"]);
  assert.match((await visitor.get("/write")).html, /<option value="nobody" selected[\s\S]*?/);
  const settings = await visitor.get("/settings/profile");
  const saved = { quotable: "followers", answerable: "mentioned", default_visibility: "public" };
  await visitor.submit(settings, "/settings/profile", { display_name: "Quentin", ...saved });
  assert.deepEqual(await policies(await say(quentin, { status: "as the page says" })), ["followers", "mentioned"]);
});
