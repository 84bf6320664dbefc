// SPDX-License-Identifier: Apache-2.0
// The same done by several is one group, whose key never changes; groups are listed, read, counted and dismissed.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ask, type Json, must } from "../lib/http.ts";
import { type Member, type Server, startServer } from "../lib/server.ts";

let server: Server;
before(async () => {
  server = await startServer();
});
after(() => server?.stop());

const post = (who: Member, status: string): Promise<Json> =>
  must(server, "POST", "/api/v1/statuses", { token: who.token, form: { status } });
const does = (who: Member, path: string, form: Record<string, string> = {}): Promise<Json> =>
  must(server, "POST", path, { token: who.token, form });
const read = (who: Member, path = "", query = ""): Promise<Json> =>
  must(server, "GET", `/api/v2/notifications${path}?${query}`, { token: who.token });

/** A parley that all the others like. */
async function liked(author: Member, others: Member[]): Promise<Json> {
  const status = await post(author, "like me");
  for (const other of others) await does(other, `/api/v1/statuses/${status.id}/favourite`);
  return status;
}

test("what several do to one parley is one group, the newest first", async () => {
  const [a, b, c] = await server.members("groupa", "groupb", "groupc");
  const status = await liked(a, [b, c]);
  const all = await read(a);
  assert.equal(all.notification_groups.length, 1);
  const [group] = all.notification_groups;
  assert.match(group.group_key, new RegExp(`^favourite-${status.id}-\\d+$`));
  assert.deepEqual(
    [group.type, group.notifications_count, group.sample_account_ids, group.status_id],
    ["favourite", 2, [c.id, b.id], status.id],
  );
  assert.equal(typeof group.most_recent_notification_id, "number");
  const notes = await must(server, "GET", "/api/v1/notifications", { token: a.token });
  assert.deepEqual([group.page_max_id, group.page_min_id], [notes[0].id, notes[1].id]);
  assert.deepEqual(
    notes.map((n: Json) => n.group_key),
    [group.group_key, group.group_key],
  );
  assert.deepEqual(all.accounts.map((x: Json) => x.id).sort(), [b.id, c.id].sort());
  assert.deepEqual(
    all.statuses.map((x: Json) => x.id),
    [status.id],
  );
});

test("mentions and what may not be grouped stand alone", async () => {
  const [a, b, c] = await server.members("alonea", "aloneb", "alonec");
  await liked(a, [b, c]);
  await post(b, "@alonea one");
  await post(b, "@alonea two");
  const types = async (query: string) => (await read(a, "", query)).notification_groups.map((g: Json) => g.type);
  assert.deepEqual(await types(""), ["mention", "mention", "favourite"]);
  assert.deepEqual(await types("grouped_types[]=reblog"), ["mention", "mention", "favourite", "favourite"]);
  assert.deepEqual(await types("types[]=mention"), ["mention", "mention"]);
  assert.deepEqual(await types("types[]=made_up"), []);
  assert.deepEqual(await types(`account_id=${c.id}`), ["favourite"]);
  for (const g of (await read(a, "", "grouped_types[]=reblog")).notification_groups) {
    assert.match(g.group_key, /^ungrouped-\d+$/);
  }
});

test("follows are a group without a parley", async () => {
  const [a, b, c] = await server.members("star", "fanb", "fanc");
  for (const fan of [b, c]) await does(fan, `/api/v1/accounts/${a.id}/follow`);
  const [group] = (await read(a)).notification_groups;
  assert.deepEqual([group.type, group.notifications_count], ["follow", 2]);
  assert.ok(!("status_id" in group));
  assert.equal((await read(a, `/${group.group_key}`)).notification_groups[0].notifications_count, 2);
});

test("a page ends between groups and the next one goes on", async () => {
  const [a, b, c] = await server.members("pagea", "pageb", "pagec");
  const first = await liked(a, [b, c]);
  const second = await liked(a, [b, c]);
  const third = await liked(a, [b, c]);
  const reply = await ask(server, "GET", "/api/v2/notifications?limit=2", { token: a.token });
  const about = (json: Json) => json.notification_groups.map((g: Json) => g.status_id);
  assert.deepEqual(about(reply.json), [third.id, second.id]);
  const next = /<([^>]+)>; rel="next"/.exec(reply.headers.get("link") ?? "")?.[1] ?? assert.fail("no next");
  const rest = await must(server, "GET", next.replace(server.url, ""), { token: a.token });
  assert.deepEqual(about(rest), [first.id]);
  const up = await read(a, "", `limit=1&min_id=${rest.notification_groups[0].page_max_id}`);
  assert.deepEqual(about(up), [second.id]);
});

test("a group that goes on outside of the page is counted whole", async () => {
  const [a, b, c, d] = await server.members("wholea", "wholeb", "wholec", "wholed");
  const status = await liked(a, [b, c]);
  const notes = await must(server, "GET", "/api/v1/notifications", { token: a.token });
  await does(d, `/api/v1/statuses/${status.id}/favourite`);
  const [group] = (await read(a, "", `max_id=${notes[0].id}`)).notification_groups;
  assert.equal(group.notifications_count, 3);
  assert.deepEqual(group.sample_account_ids, [b.id]);
  assert.equal(group.page_max_id, notes[1].id);
});

test("partial_avatars tells little of all but the newest of each group", async () => {
  const [a, b, c] = await server.members("parta", "partb", "partc");
  await liked(a, [b, c]);
  const all = await read(a, "", "expand_accounts=partial_avatars");
  assert.deepEqual(
    all.accounts.map((x: Json) => x.id),
    [c.id],
  );
  assert.equal(all.partial_accounts.length, 1);
  const keys = ["acct", "avatar", "avatar_static", "bot", "id", "locked", "url"];
  assert.deepEqual(Object.keys(all.partial_accounts[0]).sort(), keys);
  assert.equal(all.partial_accounts[0].id, b.id);
  const wrong = await ask(server, "GET", "/api/v2/notifications?expand_accounts=none", { token: a.token });
  assert.equal(wrong.status, 400);
});

test("one group is read, its people are listed, and it is dismissed alone", async () => {
  const [a, b, c] = await server.members("onea", "oneb", "onec");
  await liked(a, [b, c]);
  const kept = await liked(a, [b]);
  const key = (await read(a)).notification_groups[1].group_key;
  const one = await read(a, `/${key}`);
  assert.deepEqual([one.notification_groups.length, one.accounts.length, one.statuses.length], [1, 2, 1]);
  const people = await read(a, `/${key}/accounts`);
  assert.deepEqual(
    people.map((x: Json) => x.id),
    [c.id, b.id],
  );
  assert.deepEqual(await does(a, `/api/v2/notifications/${key}/dismiss`), {});
  assert.deepEqual(
    (await read(a)).notification_groups.map((g: Json) => g.status_id),
    [kept.id],
  );
  assert.equal((await ask(server, "GET", `/api/v2/notifications/${key}`, { token: a.token })).status, 404);
});

test("what stands alone has a key, too", async () => {
  const [a, b] = await server.members("solea", "soleb");
  await post(b, "@solea hi");
  const key = (await read(a)).notification_groups[0].group_key;
  assert.equal((await read(a, `/${key}`)).notification_groups[0].group_key, key);
  assert.equal((await read(a, `/${key}/accounts`))[0].id, b.id);
  await does(a, `/api/v2/notifications/${key}/dismiss`);
  assert.deepEqual((await read(a)).notification_groups, []);
});

test("another's group is not there, nor is one with a broken key", async () => {
  const [a, b] = await server.members("mineg", "thiefg");
  await liked(a, [b]);
  const key = (await read(a)).notification_groups[0].group_key;
  for (const wrong of [key, "favourite", "favourite-1", "mention-1-1", "ungrouped-x", "follow--1", "x-y-z"]) {
    assert.equal((await ask(server, "GET", `/api/v2/notifications/${wrong}`, { token: b.token })).status, 404, wrong);
  }
  await does(b, `/api/v2/notifications/${key}/dismiss`);
  assert.equal((await read(a)).notification_groups.length, 1, "it is still there");
});

test("unread groups are counted above the marker", async () => {
  const [a, b, c] = await server.members("unreada", "unreadb", "unreadc");
  const count = async (query = "") => (await read(a, "/unread_count", query)).count;
  await liked(a, [b, c]);
  await post(b, "@unreada hey");
  assert.equal(await count(), 2);
  assert.equal(await count("grouped_types[]=reblog"), 3);
  assert.equal(await count("limit=1"), 1);
  assert.equal(await count("types[]=mention"), 1);
  const [newest] = (await read(a)).notification_groups;
  await does(a, "/api/v1/markers", { "notifications[last_read_id]": newest.page_max_id });
  assert.equal(await count(), 0);
});

test("masto reads groups", async () => {
  const [a, b] = await server.members("mastog", "mastoh");
  await liked(a, [b]);
  const all = await a.client.v2.notifications.list({ limit: 5 });
  assert.equal(all.notificationGroups[0]?.notificationsCount, 1);
  assert.equal((await a.client.v2.notifications.unreadCount.fetch()).count, 1);
});
