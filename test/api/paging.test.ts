// SPDX-License-Identifier: Apache-2.0
// Every list that has pages, walked to its end by masto (which follows Link blindly) and by max_id, since_id, min_id.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ask, type Json, links, must } from "../lib/http.ts";
import { type Client, type Member, type Server, startServer } from "../lib/server.ts";

const N = 7;
const PAGE = 3;
let server: Server;
let anna: Member;
let fans: Member[];
/** Parleys of everybody's, oldest first. */
const made: string[] = [];

before(async () => {
  server = await startServer();
  anna = await server.member("anna");
  fans = await server.members(...Array.from({ length: N }, (_, i) => `fan_${"abcdefg"[i]}`));
  for (let i = 0; i < N; i++) {
    const status = await must(server, "POST", "/api/v1/statuses", {
      token: anna.token,
      form: { status: `number ${i} #paged` },
    });
    made.push(status.id);
  }
  for (const fan of fans) {
    const on = (path: string, token: string) => must(server, "POST", path, { token });
    await on(`/api/v1/accounts/${anna.id}/follow`, fan.token);
    await on(`/api/v1/accounts/${fan.id}/follow`, anna.token);
    await on(`/api/v1/accounts/${fan.id}/mute`, anna.token);
    await on(`/api/v1/statuses/${made[0]}/favourite`, fan.token);
    await on(`/api/v1/statuses/${made[0]}/reblog`, fan.token);
  }
  for (const id of made) {
    await must(server, "POST", `/api/v1/statuses/${id}/favourite`, { token: anna.token });
    await must(server, "POST", `/api/v1/statuses/${id}/bookmark`, { token: anna.token });
  }
});
after(() => server?.stop());

interface Paged {
  path: string;
  masto: (client: Client) => AsyncIterable<{ id: string }[]>;
  /** Newest first. */
  want: () => string[];
  /** Pages by row ids of its own: the entries' ids are no bounds. */
  internal?: boolean;
  prev?: "since_id" | "min_id";
}

/** Where masto takes no limit: the same walk by hand. */
async function* byLink(path: string): AsyncGenerator<{ id: string }[]> {
  for (let next: string | undefined = path; next !== undefined; ) {
    const reply = await ask(server, "GET", next, { token: anna.token });
    if (reply.json.length > 0) yield reply.json;
    next = links(reply).next?.href;
  }
}

const newest = (list: string[]) => [...list].reverse();
const fanIds = () => newest(fans.map((f) => f.id));
const lists: Record<string, Paged> = {
  home: {
    path: "/api/v1/timelines/home",
    masto: (c) => c.v1.timelines.home.list({ limit: PAGE }),
    want: () => newest(made),
  },
  public: {
    path: "/api/v1/timelines/public",
    masto: (c) => c.v1.timelines.public.list({ limit: PAGE, local: true }),
    want: () => newest(made),
  },
  tag: {
    path: "/api/v1/timelines/tag/paged",
    masto: (c) => c.v1.timelines.tag.$select("paged").list({ limit: PAGE }),
    want: () => newest(made),
  },
  account: {
    path: "/api/v1/accounts/ANNA/statuses",
    masto: (c) => c.v1.accounts.$select(anna.id).statuses.list({ limit: PAGE }),
    want: () => newest(made),
  },
  favourites: {
    path: "/api/v1/favourites",
    masto: (c) => c.v1.favourites.list({ limit: PAGE }),
    want: () => newest(made),
    internal: true,
  },
  bookmarks: {
    path: "/api/v1/bookmarks",
    masto: (c) => c.v1.bookmarks.list({ limit: PAGE }),
    want: () => newest(made),
    internal: true,
  },
  followers: {
    path: "/api/v1/accounts/ANNA/followers",
    masto: (c) => c.v1.accounts.$select(anna.id).followers.list({ limit: PAGE }),
    want: fanIds,
    internal: true,
  },
  following: {
    path: "/api/v1/accounts/ANNA/following",
    masto: (c) => c.v1.accounts.$select(anna.id).following.list({ limit: PAGE }),
    want: fanIds,
    internal: true,
  },
  mutes: { path: "/api/v1/mutes", masto: (c) => c.v1.mutes.list({ limit: PAGE }), want: fanIds, internal: true },
  favourited_by: {
    path: "/api/v1/statuses/FIRST/favourited_by",
    masto: () => byLink(`/api/v1/statuses/${made[0]}/favourited_by?limit=${PAGE}`),
    want: () => [anna.id, ...fanIds()],
    internal: true,
    prev: "since_id",
  },
  reblogged_by: {
    path: "/api/v1/statuses/FIRST/reblogged_by",
    masto: () => byLink(`/api/v1/statuses/${made[0]}/reblogged_by?limit=${PAGE}`),
    want: fanIds,
    internal: true,
    prev: "since_id",
  },
};

const pathOf = (list: Paged) => list.path.replace("ANNA", anna.id).replace("FIRST", made[0] ?? "");
const idsOf = (json: Json): string[] => json.map((entry: Json) => entry.id);
const page = async (list: Paged, query: string) => {
  const reply = await ask(server, "GET", `${pathOf(list)}?${query}`, { token: anna.token });
  assert.equal(reply.status, 200, reply.text);
  return reply;
};

for (const [name, list] of Object.entries(lists)) {
  test(`${name}: masto walks to the end, each entry once, newest first`, async () => {
    const seen: string[] = [];
    for await (const entries of list.masto(anna.client)) {
      assert.ok(entries.length <= PAGE);
      seen.push(...entries.map((entry) => entry.id));
    }
    assert.deepEqual(seen, list.want());
  });

  test(`${name}: Link is absolute, next first, and keeps the other parameters`, async () => {
    const reply = await page(list, `limit=${PAGE}&kept=a%20b`);
    assert.match(reply.headers.get("Link") ?? "", /^<[^>]+>; rel="next", <[^>]+>; rel="prev"$/);
    const { next, prev } = links(reply);
    for (const url of [next, prev]) {
      assert.equal(url?.origin, new URL(server.url).origin);
      assert.equal(url?.pathname, pathOf(list));
      assert.equal(url?.searchParams.get("limit"), String(PAGE));
      assert.equal(url?.searchParams.get("kept"), "a b");
    }
    assert.ok(next?.searchParams.has("max_id"));
    assert.ok(prev?.searchParams.has(list.prev ?? "min_id"), reply.headers.get("Link") ?? "");
  });

  test(`${name}: prev of the second page leads back to the first`, async () => {
    const first = await page(list, `limit=${PAGE}`);
    const second = await ask(server, "GET", links(first).next?.href ?? "", { token: anna.token });
    const back = await ask(server, "GET", links(second).prev?.href ?? "", { token: anna.token });
    assert.deepEqual(idsOf(back.json), idsOf(first.json));
  });

  test(`${name}: an empty page has no Link`, async () => {
    const { next } = links(await page(list, "limit=40"));
    const end = await ask(server, "GET", next?.href ?? "", { token: anna.token });
    assert.deepEqual(end.json, []);
    assert.equal(end.headers.get("Link"), null);
  });

  if (list.internal) continue;
  test(`${name}: max_id, since_id and min_id exclude their bound and differ in where they begin`, async () => {
    const all = list.want();
    const [bound, low] = [all[2] ?? "", all[N - 1] ?? ""];
    assert.deepEqual(idsOf((await page(list, `max_id=${bound}&limit=2`)).json), all.slice(3, 5));
    assert.deepEqual(idsOf((await page(list, `since_id=${low}&limit=2`)).json), all.slice(0, 2), "the newest above");
    assert.deepEqual(idsOf((await page(list, `min_id=${low}&limit=2`)).json), all.slice(N - 3, N - 1), "right above");
    assert.deepEqual(idsOf((await page(list, `max_id=${bound}&min_id=${low}`)).json), all.slice(3, N - 1));
    assert.deepEqual(idsOf((await page(list, `since_id=${all[0]}`)).json), []);
  });
}

test("a limit that is too large is clamped, one that is none is the default", async () => {
  for (const limit of ["200", "0", "-1", "many", ""]) {
    assert.equal((await page(lists.home as Paged, `limit=${limit}`)).json.length > 0, true, limit);
  }
});

test("a bound that is no id is refused with its name, never 500", async () => {
  for (const name of ["max_id", "since_id", "min_id"])
    for (const bound of ["abc", "99999999999999999999999999", "1e3", "-5"]) {
      const reply = await ask(server, "GET", `/api/v1/timelines/home?${name}=${bound}`, { token: anna.token });
      assert.equal(reply.status, 422, `${name}=${bound}`);
      assert.match(reply.json.error, new RegExp(`${name} is not an id`));
    }
});

test("notifications page by their ids", async () => {
  const all: string[] = [];
  await Promise.all(fans.map((fan) => anna.client.v1.accounts.$select(fan.id).unmute()));
  for (const fan of fans) await fan.client.v1.statuses.create({ status: `@anna again from ${fan.username}` });
  for await (const entries of anna.client.v1.notifications.list({ limit: PAGE, types: ["mention"] })) {
    assert.ok(entries.length <= PAGE);
    all.push(...entries.map((entry) => entry.id));
  }
  assert.equal(new Set(all).size, all.length);
  assert.deepEqual(
    all,
    [...all].sort((x, y) => (BigInt(x) < BigInt(y) ? 1 : -1)),
  );
  assert.ok(all.length >= N);
});

test("follow requests and blocks page, too", async () => {
  const [locked] = await server.members("lockedone");
  await must(server, "PATCH", "/api/v1/accounts/update_credentials", { token: locked.token, form: { locked: "true" } });
  for (const fan of fans) await must(server, "POST", `/api/v1/accounts/${locked.id}/follow`, { token: fan.token });
  const walked = async (pages: AsyncIterable<{ id: string }[]>) => {
    const seen: string[] = [];
    for await (const entries of pages) seen.push(...entries.map((entry) => entry.id));
    return seen;
  };
  assert.deepEqual(await walked(locked.client.v1.followRequests.list({ limit: PAGE })), fanIds());
  const requests = await ask(server, "GET", `/api/v1/follow_requests?limit=${PAGE}`, { token: locked.token });
  assert.ok(links(requests).prev?.searchParams.has("since_id"));
  for (const fan of fans) await must(server, "POST", `/api/v1/accounts/${fan.id}/block`, { token: locked.token });
  assert.deepEqual(await walked(locked.client.v1.blocks.list({ limit: PAGE })), fanIds());
});
