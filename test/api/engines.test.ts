// SPDX-License-Identifier: Apache-2.0
// The same requests give the same replies but for ids, times, tokens and addresses: on SQLite and PostgreSQL, and with and
// without the memory of timelines. Without PostgreSQL at hand only the latter two are compared.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ask, type Json, type Reply } from "../lib/http.ts";
import { clusterUrl, type Member, type Server, startServer } from "../lib/server.ts";
import { eventually } from "../lib/wait.ts";

/** Replaces what differs by nature. The nth id that a run shows is #n, so that the same thing has the same name. */
class Names {
  private readonly ids = new Map<string, string>();

  constructor(private readonly origin: string) {}

  private id(text: string): string {
    const name = this.ids.get(text) ?? `#${this.ids.size + 1}`;
    this.ids.set(text, name);
    return name;
  }

  tidy(text: string): string {
    return text
      .replaceAll(this.origin, "ORIGIN")
      .replaceAll(new URL(this.origin).host, "HOST")
      .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z/g, "TIME")
      .replace(/"\d{4}-\d\d-\d\d"/g, '"DAY"')
      .replace(/"day":"\d+"/g, '"day":"DAY"')
      .replace(/(access_token|client_id|client_secret)":"[^"]+"/g, '$1":"TOKEN"')
      .replace(/"public_key":"[^"]+"/g, '"public_key":"ITS OWN"')
      .replace(/"created_at":\d+/g, '"created_at":TIME')
      .replace(/"(active_month|user_count|status_count)":\d+/g, '"$1":COUNTED IN THE BACKGROUND')
      .replace(/\d{15,19}/g, (id) => this.id(id));
  }
}

interface Heard {
  request: string;
  reply: string;
}

class Run {
  readonly heard: Heard[] = [];
  private readonly names: Names;

  constructor(
    readonly server: Server,
    readonly people: Record<string, Member>,
  ) {
    this.names = new Names(server.url);
    for (const { id } of Object.values(people)) this.names.tidy(id);
  }

  private keep(request: string, { status, headers, text }: Reply): void {
    const kept = ["Content-Type", "Link", "Retry-After"]
      .map((name) => headers.get(name))
      .filter((value) => value !== null);
    this.heard.push({ request, reply: this.names.tidy([status, ...kept, text].join("\n")) });
  }

  async ask(who: string | undefined, method: string, path: string, form?: Record<string, string>): Promise<Json> {
    const token = who === undefined ? undefined : this.people[who]?.token;
    const reply = await ask(this.server, method, path, form === undefined ? { token } : { token, form });
    this.keep(this.names.tidy(`${who ?? "nobody"} ${method} ${path} ${JSON.stringify(form ?? {})}`), reply);
    return reply.json;
  }
}

const NAMES = ["anna", "ben", "cleo", "dora"] as const;
const VIEWS = [
  "/api/v1/timelines/home",
  "/api/v1/timelines/home?limit=2",
  "/api/v1/timelines/public",
  "/api/v1/timelines/public?local=true&limit=1",
  "/api/v1/timelines/tag/engine",
  "/api/v1/tags/engine",
  "/api/v1/notifications",
  "/api/v1/notifications?types[]=mention&limit=1",
  "/api/v1/notifications/unread_count",
  "/api/v1/favourites",
  "/api/v1/bookmarks",
  "/api/v1/lists",
  "/api/v1/blocks",
  "/api/v1/mutes",
  "/api/v1/follow_requests",
  "/api/v1/accounts/verify_credentials",
  "/api/v1/preferences",
  "/api/v1/markers?timeline[]=home&timeline[]=notifications",
];

/** Everything is looked at by everybody. */
async function look(run: Run, ids: string[]): Promise<void> {
  for (const who of [...NAMES, undefined]) {
    for (const view of VIEWS) await run.ask(who, "GET", view);
    for (const name of NAMES) {
      const id = run.people[name]?.id;
      for (const part of ["", "/statuses", "/followers", "/following", "/statuses?exclude_replies=1&pinned=0"]) {
        await run.ask(who, "GET", `/api/v1/accounts/${id}${part}`);
      }
    }
    for (const id of ids) {
      for (const part of ["", "/context", "/favourited_by", "/reblogged_by"]) {
        await run.ask(who, "GET", `/api/v1/statuses/${id}${part}`);
      }
    }
    const others = NAMES.map((name) => `id[]=${run.people[name]?.id}`).join("&");
    await run.ask(who, "GET", `/api/v1/accounts/relationships?${others}`);
  }
}

async function script(run: Run): Promise<void> {
  const who = (name: (typeof NAMES)[number]) => run.people[name]?.id ?? "";
  const post = async (name: string, status: string, more: Record<string, string> = {}): Promise<string> =>
    (await run.ask(name, "POST", "/api/v1/statuses", { status, ...more })).id;
  const act = (name: string, verb: string, id: string) => run.ask(name, "POST", `/api/v1/statuses/${id}/${verb}`);
  const bond = (name: string, verb: string, whom: (typeof NAMES)[number], form: Record<string, string> = {}) =>
    run.ask(name, "POST", `/api/v1/accounts/${who(whom)}/${verb}`, form);

  // What jobs tell comes at its own time: waited for, so that what follows comes after it everywhere.
  const told = (name: string, type: string, n: number) =>
    eventually(`${name} is told of ${n} ${type}`, async () => {
      const token = run.people[name]?.token;
      return (await ask(run.server, "GET", `/api/v1/notifications?types[]=${type}`, { token })).json.length === n;
    });

  await bond("ben", "follow", "anna");
  await bond("cleo", "follow", "anna", { notify: "true" });
  await run.ask("dora", "PATCH", "/api/v1/accounts/update_credentials", { locked: "1", note: "über #engine" });
  await bond("anna", "follow", "dora");
  const open = await post("anna", "open #engine @ben https://example.org/x");
  await told("cleo", "status", 1);
  const reply = await post("ben", "@anna answer", { in_reply_to_id: open, spoiler_text: "cw" });
  const closed = await post("anna", "closed", { visibility: "private" });
  await told("cleo", "status", 2);
  const letter = await post("anna", "@cleo letter", { visibility: "direct" });
  const quiet = await post("dora", 'ünïcödé 🦆 <b> & "quotes" \'', { visibility: "unlisted", language: "de" });
  for (const name of ["ben", "cleo"]) {
    await act(name, "favourite", open);
    await act(name, "reblog", open);
  }
  await act("ben", "bookmark", open);
  await act("ben", "favourite", letter);
  await act("cleo", "favourite", letter);
  await act("anna", "pin", open);
  const list = async (name: string, title: string, form: Record<string, string>, ...on: (typeof NAMES)[number][]) => {
    const { id } = await run.ask(name, "POST", "/api/v1/lists", { title, ...form });
    for (const whom of on) await run.ask(name, "POST", `/api/v1/lists/${id}/accounts`, { "account_ids[]": who(whom) });
    return id;
  };
  const chosen = await list("ben", "chosen", { replies_policy: "followed" }, "anna", "ben");
  const apart = await list("cleo", "apart", { exclusive: "1", replies_policy: "none" }, "anna", "dora");
  const readLists = async () => {
    for (const [name, id] of [
      ["ben", chosen],
      ["cleo", apart],
      ["dora", chosen],
    ] as const) {
      for (const part of [`timelines/list/${id}`, `timelines/list/${id}?limit=1`, `lists/${id}/accounts`]) {
        await run.ask(name, "GET", `/api/v1/${part}`);
      }
      await run.ask(name, "GET", `/api/v1/accounts/${who("anna")}/lists`);
    }
  };
  await readLists();
  const cohort = [open, reply, closed, letter, quiet];
  await look(run, cohort);

  await run.ask("anna", "PUT", `/api/v1/statuses/${open}`, { status: "edited #engine #second" });
  for (const name of ["ben", "cleo"]) await told(name, "update", 1);
  await run.ask("anna", "GET", `/api/v1/statuses/${open}/history`);
  await run.ask("anna", "GET", `/api/v1/statuses/${open}/source`);
  await run.ask("dora", "POST", `/api/v1/follow_requests/${who("anna")}/authorize`);
  await bond("cleo", "mute", "ben", { duration: "3600" });
  await bond("anna", "block", "dora");
  await bond("ben", "note", "anna", { comment: "hm" });
  await run.ask("cleo", "PUT", `/api/v1/lists/${apart}`, { title: "not apart", exclusive: "0" });
  await act("cleo", "unfavourite", open);
  await act("ben", "unreblog", open);
  await run.ask("ben", "DELETE", `/api/v1/statuses/${reply}`);
  await run.ask("anna", "POST", "/api/v1/markers", { "home[last_read_id]": open });
  await look(run, cohort);
  await readLists();

  for (const [name, method, path, form] of [
    ["anna", "POST", "/api/v1/statuses", { status: "" }],
    ["anna", "POST", "/api/v1/statuses", { status: "x", visibility: "no" }],
    ["anna", "POST", "/api/v1/statuses", { status: "x", in_reply_to_id: "1" }],
    ["ben", "DELETE", `/api/v1/statuses/${open}`, {}],
    ["dora", "POST", `/api/v1/accounts/${who("anna")}/follow`, {}],
    ["ben", "GET", "/api/v1/statuses/999999999999999", undefined],
    ["ben", "GET", "/api/v1/accounts/lookup?acct=CLEO", undefined],
    ["ben", "GET", `/api/v1/accounts/familiar_followers?id[]=${who("cleo")}`, undefined],
    [undefined, "GET", "/api/v2/instance", undefined],
    [undefined, "GET", "/api/v1/instance/rules", undefined],
    [undefined, "GET", "/api/v1/nothing", undefined],
  ] as const) {
    await run.ask(name, method, path, form);
  }
}

const servers: Server[] = [];
const names =
  clusterUrl === undefined ? ["with memory", "without memory"] : ["on SQLite", "on PostgreSQL", "without memory"];
const runs: Run[] = [];
before(async () => {
  servers.push(await startServer({ engine: "sqlite" }));
  if (clusterUrl !== undefined) servers.push(await startServer({ engine: "postgres" }));
  servers.push(await startServer({ settings: { feed_memory_mib: "0" } }));
  for (const server of servers) {
    const people: Record<string, Member> = {};
    for (const name of NAMES) people[name] = await server.member(name);
    runs.push(new Run(server, people));
  }
  await Promise.all(runs.map(script));
});
after(async () => {
  for (const server of servers) await server.stop();
});

for (const [i, name] of names.entries()) {
  if (i === 0) continue;
  test(`${name} and ${names[0]} every reply is the same`, () => {
    const [first, other] = [runs[0]?.heard ?? [], runs[i]?.heard ?? []];
    assert.ok(first.length > 500, `${first.length} replies`);
    assert.equal(other.length, first.length);
    for (const [k, heard] of first.entries()) {
      assert.deepEqual(other[k], heard, `reply ${k} to ${heard.request}`);
    }
  });
}
