// SPDX-License-Identifier: Apache-2.0
// What a member's policy drops is never told; what it filters waits as a request until they accept or dismiss it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ask, type Json, must } from "../lib/http.ts";
import { type Member, type Server, startServer } from "../lib/server.ts";

let server: Server;
before(async () => {
  server = await startServer();
});
after(() => server?.stop());

const post = (who: Member, status: string, more: Record<string, string> = {}): Promise<Json> =>
  must(server, "POST", "/api/v1/statuses", { token: who.token, form: { status, ...more } });
const does = (who: Member, path: string, form: Record<string, string> = {}): Promise<Json> =>
  must(server, "POST", path, { token: who.token, form });
const get = (who: Member, path: string): Promise<Json> => must(server, "GET", path, { token: who.token });
const policy = (who: Member, form: Record<string, string>): Promise<Json> =>
  must(server, "PATCH", "/api/v2/notifications/policy", { token: who.token, form });
const notes = (who: Member, query = ""): Promise<Json[]> => get(who, `/api/v1/notifications?${query}`);
const requests = (who: Member): Promise<Json[]> => get(who, "/api/v1/notifications/requests");

test("everybody but the limited is heard of until a member says otherwise", async () => {
  const a = await server.member("usual");
  const rules = { for_not_following: "accept", for_not_followers: "accept", for_new_accounts: "accept" };
  const usual = { ...rules, for_private_mentions: "accept", for_limited_accounts: "drop", for_bots: "accept" };
  const summary = { pending_requests_count: 0, pending_notifications_count: 0 };
  assert.deepEqual(await get(a, "/api/v2/notifications/policy"), { ...usual, summary });
  assert.deepEqual(await policy(a, { for_bots: "drop" }), { ...usual, for_bots: "drop", summary });
  assert.deepEqual(await policy(a, {}), { ...usual, for_bots: "drop", summary });
  const wrong = await ask(server, "PATCH", "/api/v2/notifications/policy", {
    token: a.token,
    form: { for_bots: "ignore" },
  });
  assert.equal(wrong.status, 422);
  assert.match(wrong.json.error, /for_bots is accept, filter or drop/);
});

test("the first form of the policy says the same in yes and no", async () => {
  const a = await server.member("firstform");
  const put = (form: Record<string, string>) =>
    must(server, "PUT", "/api/v1/notifications/policy", { token: a.token, form });
  assert.equal((await put({ filter_not_following: "true" })).filter_not_following, true);
  assert.equal((await get(a, "/api/v2/notifications/policy")).for_not_following, "filter");
  await policy(a, { for_not_following: "drop" });
  await put({ filter_not_following: "true", filter_new_accounts: "true" });
  assert.equal((await get(a, "/api/v2/notifications/policy")).for_not_following, "drop", "not loosened");
  const all = await get(a, "/api/v1/notifications/policy");
  assert.deepEqual(
    [all.filter_not_following, all.filter_not_followers, all.filter_new_accounts, all.filter_private_mentions],
    [true, false, true, false],
  );
});

test("what strangers do waits as one request, and is told nowhere else", async () => {
  const [a, b] = await server.members("careful", "stranger");
  await policy(a, { for_not_following: "filter" });
  const { id } = await post(a, "mine");
  await does(b, `/api/v1/statuses/${id}/favourite`);
  const mention = await post(b, "@careful hello");
  assert.deepEqual(await notes(a), []);
  assert.equal((await get(a, "/api/v1/notifications/unread_count")).count, 0);
  assert.deepEqual((await get(a, "/api/v2/notifications")).notification_groups, []);
  const [request, ...more] = await requests(a);
  assert.deepEqual(more, []);
  assert.deepEqual(
    [request?.account.id, request?.notifications_count, request?.last_status.id],
    [b.id, "2", mention.id],
  );
  assert.deepEqual(await get(a, `/api/v1/notifications/requests/${request?.id}`), request);
  assert.deepEqual((await get(a, "/api/v2/notifications/policy")).summary, {
    pending_requests_count: 1,
    pending_notifications_count: 2,
  });
  assert.equal((await notes(a, "include_filtered=true")).length, 2);
  assert.equal((await notes(a, `account_id=${b.id}`))[0]?.filtered, true);
});

test("accepting shows what waited and hears of them from then on", async () => {
  const [a, b] = await server.members("accepter", "accepted");
  await policy(a, { for_not_following: "filter" });
  await post(b, "@accepter one");
  const [request] = await requests(a);
  assert.deepEqual(await does(a, `/api/v1/notifications/requests/${request?.id}/accept`), {});
  assert.deepEqual(await get(a, "/api/v1/notifications/requests/merged"), { merged: true });
  await post(b, "@accepter two");
  assert.equal((await notes(a)).length, 2);
  assert.deepEqual(await requests(a), []);
});

test("dismissing drops what waited, and the next waits anew", async () => {
  const [a, b] = await server.members("dismisser", "dismissed");
  await policy(a, { for_not_following: "filter" });
  await post(b, "@dismisser one");
  const [request] = await requests(a);
  await does(a, `/api/v1/notifications/requests/${request?.id}/dismiss`);
  assert.deepEqual(await requests(a), []);
  assert.deepEqual(await notes(a, "include_filtered=true"), []);
  await post(b, "@dismisser two");
  assert.equal((await requests(a))[0]?.notifications_count, "1");
});

test("several are decided at once, and pages have links", async () => {
  const [a, b, c, d] = await server.members("several", "sevb", "sevc", "sevd");
  await policy(a, { for_not_following: "filter" });
  for (const who of [b, c, d]) await post(who, "@several hi");
  const page = await ask(server, "GET", "/api/v1/notifications/requests?limit=2", { token: a.token });
  assert.equal(page.json.length, 2);
  const next = /<([^>]+)>; rel="next"/.exec(page.headers.get("link") ?? "")?.[1] ?? assert.fail("no next");
  assert.equal((await must(server, "GET", next.replace(server.url, ""), { token: a.token })).length, 1);
  const ids = new URLSearchParams([b, c].map((who) => ["id[]", who.id]));
  await must(server, "POST", `/api/v1/notifications/requests/accept?${ids}`, { token: a.token });
  assert.deepEqual((await requests(a)).length, 1);
  assert.equal((await notes(a)).length, 2);
  await must(server, "POST", `/api/v1/notifications/requests/dismiss?id[]=${d.id}`, { token: a.token });
  assert.deepEqual(await requests(a), []);
  const many = new URLSearchParams(Array.from({ length: 81 }, (_, i) => ["id[]", String(i + 1)]));
  const reply = await ask(server, "POST", `/api/v1/notifications/requests/accept?${many}`, { token: a.token });
  assert.equal(reply.status, 422);
});

test("what is dropped is never stored, and what it is about happens all the same", async () => {
  const [a, b] = await server.members("dropper", "dropped");
  await policy(a, { for_not_following: "drop" });
  const { id } = await post(a, "mine");
  await does(b, `/api/v1/statuses/${id}/favourite`);
  await does(b, `/api/v1/accounts/${a.id}/follow`);
  assert.deepEqual(await notes(a, "include_filtered=true"), []);
  assert.equal((await get(a, `/api/v1/statuses/${id}`)).favourites_count, 1);
  await does(a, `/api/v1/accounts/${b.id}/follow`);
  await post(b, "@dropper now you hear me");
  assert.equal((await notes(a)).length, 1);
});

test("each rule is about its own people", async () => {
  const [a, b] = await server.members("ruler", "ruled");
  const told = async (rules: Record<string, string>, more: Record<string, string> = {}) => {
    await policy(a, rules);
    await post(b, "@ruler psst", more);
    const n = (await notes(a, "include_filtered=true")).length;
    await does(a, "/api/v1/notifications/clear");
    await policy(a, Object.fromEntries(Object.keys(rules).map((rule) => [rule, "accept"])));
    return n === 1;
  };
  const direct = { visibility: "direct" };
  assert.equal(await told({ for_new_accounts: "drop" }), false, "they came today");
  assert.equal(await told({ for_not_followers: "drop" }), false);
  assert.equal(await told({ for_private_mentions: "drop" }), true);
  assert.equal(await told({ for_private_mentions: "drop" }, direct), false);
  const mine = await post(a, "@ruled a word", direct);
  assert.equal(await told({ for_private_mentions: "drop" }, { ...direct, in_reply_to_id: mine.id }), true, "an answer");
  assert.equal(await told({ for_bots: "drop" }), true);
  await must(server, "PATCH", "/api/v1/accounts/update_credentials", { token: b.token, form: { bot: "true" } });
  assert.equal(await told({ for_bots: "drop" }), false);
  await does(b, `/api/v1/accounts/${a.id}/follow`);
  await does(a, "/api/v1/notifications/clear");
  assert.equal(await told({ for_not_followers: "drop" }), false, "they follow since today only");
  await does(a, `/api/v1/accounts/${b.id}/follow`);
  assert.equal(await told({ for_new_accounts: "drop", for_bots: "drop", for_not_following: "drop" }), true);
});

test("moderators are always heard", async () => {
  const [a, mod] = await server.members("hearer", "warden");
  await server.command("member", "role", "warden", "moderator");
  await policy(a, { for_not_following: "drop", for_private_mentions: "drop" });
  await post(mod, "@hearer a word about the rules", { visibility: "direct" });
  assert.equal((await notes(a)).length, 1);
});

test("a member may hear of the limited", async () => {
  const [a, b] = await server.members("listener", "quieted");
  await server.command("member", "limit", "quieted", "--reason", "test");
  await post(b, "@listener one");
  assert.deepEqual(await notes(a, "include_filtered=true"), []);
  await policy(a, { for_limited_accounts: "filter" });
  await post(b, "@listener two");
  assert.equal((await requests(a)).length, 1);
  await does(a, `/api/v1/notifications/requests/${b.id}/accept`);
  await policy(a, { for_limited_accounts: "drop" });
  assert.equal((await notes(a)).length, 1, "they were accepted");
});

test("a block takes the request along, another's is not there", async () => {
  const [a, b, c] = await server.members("blocker", "pest", "onlooker");
  await policy(a, { for_not_following: "filter" });
  await post(b, "@blocker hey");
  const path = `/api/v1/notifications/requests/${b.id}`;
  assert.equal((await ask(server, "GET", path, { token: c.token })).status, 404);
  assert.equal((await ask(server, "POST", `${path}/accept`, { token: c.token })).status, 404);
  await does(a, `/api/v1/accounts/${b.id}/block`);
  assert.deepEqual(await requests(a), []);
  assert.equal((await ask(server, "POST", `${path}/accept`, { token: a.token })).status, 404);
});

test("masto reads and sets the policy", async () => {
  const [a, b] = await server.members("mastopol", "mastoreq");
  assert.equal(
    (await a.client.v2.notifications.policy.update({ forNotFollowing: "filter" })).forNotFollowing,
    "filter",
  );
  await post(b, "@mastopol hi");
  const [request] = await a.client.v1.notifications.requests.list();
  assert.equal(request?.account.id, b.id);
  await a.client.v1.notifications.requests.$select(request?.id ?? "").accept();
  assert.equal((await notes(a)).length, 1);
});
