// SPDX-License-Identifier: Apache-2.0
// Follows, requests, blocks, mutes, notes: what each does to both sides.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ask, type Json, must } from "../lib/http.ts";
import { type Member, type Server, startServer } from "../lib/server.ts";

let server: Server;
before(async () => {
  server = await startServer();
});
after(() => server?.stop());

const act = (who: Member, verb: string, whom: Member, form: Record<string, string> = {}): Promise<Json> =>
  must(server, "POST", `/api/v1/accounts/${whom.id}/${verb}`, { token: who.token, form });
const relation = async (who: Member, whom: Member): Promise<Json> =>
  (await must(server, "GET", `/api/v1/accounts/relationships?id[]=${whom.id}`, { token: who.token }))[0];
const ids = async (path: string, who?: Member): Promise<string[]> =>
  (await must(server, "GET", path, { token: who?.token })).map((entry: Json) => entry.id);
const post = (who: Member, status: string, visibility = "public"): Promise<Json> =>
  must(server, "POST", "/api/v1/statuses", { token: who.token, form: { status, visibility } });
const update = (who: Member, form: Record<string, string>) =>
  must(server, "PATCH", "/api/v1/accounts/update_credentials", { token: who.token, form });

test("a follow is known on both sides and can be undone", async () => {
  const [a, b] = await server.members("followera", "followedb");
  const made = await act(a, "follow", b);
  assert.deepEqual([made.id, made.following, made.requested, made.showing_reblogs], [b.id, true, false, true]);
  assert.equal((await relation(b, a)).followed_by, true);
  assert.deepEqual(await ids(`/api/v1/accounts/${b.id}/followers`), [a.id]);
  assert.deepEqual(await ids(`/api/v1/accounts/${a.id}/following`), [b.id]);
  assert.equal((await act(a, "unfollow", b)).following, false);
  assert.deepEqual(await ids(`/api/v1/accounts/${b.id}/followers`), []);
});

test("following twice counts once, and changes the options that are said", async () => {
  const [a, b] = await server.members("twicea", "twiceb");
  await act(a, "follow", b);
  const again = await act(a, "follow", b, { reblogs: "false", notify: "true" });
  assert.deepEqual([again.showing_reblogs, again.notifying], [false, true]);
  const kept = await act(a, "follow", b);
  assert.deepEqual([kept.showing_reblogs, kept.notifying], [false, true]);
  assert.equal((await must(server, "GET", `/api/v1/accounts/${b.id}`)).followers_count, 1);
});

test("nobody follows themselves", async () => {
  const a = await server.member("selfish");
  const reply = await ask(server, "POST", `/api/v1/accounts/${a.id}/follow`, { token: a.token });
  assert.ok([403, 422].includes(reply.status), reply.text);
});

test("who follows a locked account asks first", async () => {
  const [a, b] = await server.members("asker", "locked");
  await update(b, { locked: "true" });
  const asked = await act(a, "follow", b);
  assert.deepEqual([asked.following, asked.requested], [false, true]);
  assert.equal((await relation(b, a)).requested_by, true);
  assert.deepEqual(await ids("/api/v1/follow_requests", b), [a.id]);
  const me = await must(server, "GET", "/api/v1/accounts/verify_credentials", { token: b.token });
  assert.equal(me.source.follow_requests_count, 1);
  const granted = await must(server, "POST", `/api/v1/follow_requests/${a.id}/authorize`, { token: b.token });
  assert.equal(granted.followed_by, true);
  assert.deepEqual(await ids("/api/v1/follow_requests", b), []);
  assert.equal((await relation(a, b)).following, true);
});

test("a request that is rejected leaves nothing", async () => {
  const [a, b] = await server.members("rejecteda", "rejecterb");
  await update(b, { locked: "true" });
  await act(a, "follow", b);
  await must(server, "POST", `/api/v1/follow_requests/${a.id}/reject`, { token: b.token });
  const seen = await relation(a, b);
  assert.deepEqual([seen.following, seen.requested], [false, false]);
  const again = await ask(server, "POST", `/api/v1/follow_requests/${a.id}/authorize`, { token: b.token });
  assert.equal(again.status, 404);
});

test("a request can be taken back", async () => {
  const [a, b] = await server.members("backa", "backb");
  await update(b, { locked: "true" });
  await act(a, "follow", b);
  assert.equal((await act(a, "unfollow", b)).requested, false);
  assert.deepEqual(await ids("/api/v1/follow_requests", b), []);
});

test("a follower can be removed", async () => {
  const [a, b] = await server.members("removeda", "removerb");
  await act(a, "follow", b);
  assert.equal((await act(b, "remove_from_followers", a)).followed_by, false);
  assert.equal((await relation(a, b)).following, false);
});

test("a block ends what was between the two and hides each from the other", async () => {
  const [a, b, c] = await server.members("blockera", "blockedb", "bystander");
  await act(a, "follow", b);
  await act(b, "follow", a);
  const [hers, his] = [await post(a, "hers"), await post(b, "his")];
  const blocked = await act(a, "block", b);
  assert.deepEqual([blocked.blocking, blocked.following, blocked.followed_by], [true, false, false]);
  assert.equal((await relation(b, a)).blocked_by, true);
  assert.deepEqual(await ids("/api/v1/blocks", a), [b.id]);
  for (const [who, status] of [
    [b, hers],
    [a, his],
  ] as const) {
    const reply = await ask(server, "GET", `/api/v1/statuses/${status.id}`, { token: who.token });
    assert.equal(reply.status, 404, `${who.username} reads the other`);
  }
  assert.equal((await ask(server, "GET", `/api/v1/accounts/${a.id}`, { token: b.token })).status, 404);
  assert.equal((await must(server, "GET", `/api/v1/statuses/${hers.id}`, { token: c.token })).id, hers.id);
  assert.equal((await ask(server, "POST", `/api/v1/accounts/${a.id}/follow`, { token: b.token })).status >= 400, true);
  assert.equal((await act(a, "unblock", b)).blocking, false);
  assert.equal((await must(server, "GET", `/api/v1/statuses/${hers.id}`, { token: b.token })).id, hers.id);
});

test("blocked people are not named by a mention and cannot answer", async () => {
  const [a, b] = await server.members("quieta", "loudb");
  const { id } = await post(a, "a thread");
  await act(a, "block", b);
  const form = { status: "@quieta answer", in_reply_to_id: id };
  assert.equal((await ask(server, "POST", "/api/v1/statuses", { token: b.token, form })).status, 404);
  assert.deepEqual((await post(b, "@quieta hello")).mentions, []);
  assert.deepEqual(await ids("/api/v1/notifications", a), []);
});

test("a mute hides from lists and says so to the muter alone", async () => {
  const [a, b, c] = await server.members("mutera", "mutedb", "friendc");
  await act(a, "follow", b);
  await act(a, "follow", c);
  const [quiet, heard] = [await post(b, "unheard"), await post(c, "heard")];
  const muted = await act(a, "mute", b);
  assert.deepEqual([muted.muting, muted.muting_notifications, muted.following], [true, true, true]);
  const told = await relation(b, a);
  assert.deepEqual([told.blocked_by, told.muting], [false, false]);
  const home = await ids("/api/v1/timelines/home", a);
  assert.deepEqual([home.includes(quiet.id), home.includes(heard.id)], [false, true]);
  assert.equal((await must(server, "GET", `/api/v1/statuses/${quiet.id}`, { token: a.token })).id, quiet.id);
  assert.deepEqual(await ids("/api/v1/mutes", a), [b.id]);
  assert.equal((await act(a, "unmute", b)).muting, false);
  assert.equal((await ids("/api/v1/timelines/home", a)).includes(quiet.id), true);
});

test("a mute may leave notifications alone, and may end by itself", async () => {
  const [a, b] = await server.members("softmutera", "softmutedb");
  const muted = await act(a, "mute", b, { notifications: "false", duration: "3600" });
  assert.equal(muted.muting_notifications, false);
  assert.match(muted.muting_expires_at, /^\d{4}-/);
  const [listed] = await must(server, "GET", "/api/v1/mutes", { token: a.token });
  assert.match(listed.mute_expires_at, /^\d{4}-/);
});

test("a note is its writer's own", async () => {
  const [a, b] = await server.members("notera", "notedb");
  assert.equal((await act(a, "note", b, { comment: "met in Kiel" })).note, "met in Kiel");
  assert.equal((await relation(a, b)).note, "met in Kiel");
  assert.equal((await relation(b, a)).note, "");
  assert.equal((await act(a, "note", b, { comment: "" })).note, "");
});

test("echoes of somebody followed without echoes stay away from home", async () => {
  const [a, b, c] = await server.members("noechoa", "echoerb", "writerc");
  await act(a, "follow", b, { reblogs: "false" });
  const { id } = await post(c, "echoed");
  const echo = await must(server, "POST", `/api/v1/statuses/${id}/reblog`, { token: b.token });
  const own = await post(b, "own words");
  const home = await ids("/api/v1/timelines/home", a);
  assert.deepEqual([home.includes(echo.id), home.includes(own.id)], [false, true]);
});

test("whoever hides their collections shows them to nobody else", async () => {
  const [a, b] = await server.members("hidera", "hiddenb");
  await act(a, "follow", b);
  await update(a, { hide_collections: "true" });
  const path = `/api/v1/accounts/${a.id}/following`;
  assert.deepEqual(await ids(path), []);
  assert.deepEqual(await ids(path, b), []);
  assert.deepEqual(await ids(path, a), [b.id]);
});

test("familiar followers are those one follows", async () => {
  const [a, b, c, d] = await server.members("famila", "familb", "familc", "famild");
  await act(a, "follow", b);
  await act(b, "follow", c);
  await act(d, "follow", c);
  const [found] = await must(server, "GET", `/api/v1/accounts/familiar_followers?id[]=${c.id}`, { token: a.token });
  assert.equal(found.id, c.id);
  assert.deepEqual(
    found.accounts.map((x: Json) => x.id),
    [b.id],
  );
});

test("many follows at once are counted right", async () => {
  const star = await server.member("star");
  const fans = await server.members("fana", "fanb", "fanc", "fand");
  await Promise.all(fans.flatMap((fan) => [act(fan, "follow", star), act(fan, "follow", star)]));
  assert.equal((await must(server, "GET", `/api/v1/accounts/${star.id}`)).followers_count, fans.length);
  await Promise.all(fans.flatMap((fan) => [act(fan, "unfollow", star), act(fan, "unfollow", star)]));
  assert.equal((await must(server, "GET", `/api/v1/accounts/${star.id}`)).followers_count, 0);
});

test("masto's verbs work", async () => {
  const [a, b] = await server.members("mastoa", "mastob");
  const whom = a.client.v1.accounts.$select(b.id);
  assert.equal((await whom.follow({ notify: true })).notifying, true);
  assert.equal((await whom.note.create({ comment: "hm" })).note, "hm");
  assert.equal((await whom.mute({ notifications: false })).mutingNotifications, false);
  assert.equal((await whom.unmute()).muting, false);
  assert.equal((await whom.block()).blocking, true);
  assert.equal((await whom.unblock()).blocking, false);
  const [seen] = await a.client.v1.accounts.relationships.fetch({ id: [b.id] });
  assert.equal(seen?.note, "hm");
});
