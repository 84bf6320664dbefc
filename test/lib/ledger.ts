// SPDX-License-Identifier: Apache-2.0
// Members who write until the server is gone, and a book of what it acknowledged. When it is back, audit() holds the
// server to the book: all of it there, what was deleted gone, nothing twice, nothing that nobody wrote, every count right.
//
//   const ledger = await Ledger.open(server, 8);
//   const writing = ledger.write();
//   await server.kill();
//   await writing;
//   await server.start();
//   await ledger.audit();
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { type Ask, ask, type Json, links, must } from "./http.ts";
import type { Server } from "./server.ts";
import { eventually } from "./wait.ts";

const call = promisify(execFile);
const here = path.dirname(new URL(import.meta.url).pathname);
const LIVE_MAX = 30; // parleys of one writer: more are deleted, so that a round stays short
const PAGE = 40;
const OLD_GRAVES_ASKED = 5;

interface Parley {
  key: string;
  version: number;
  id?: string;
  /** Nobody answered: the edit to version + 1, the delete. */
  editing?: boolean;
  deleting?: boolean;
}

interface Writer {
  name: string;
  id: string;
  token: string;
  /** Never edited or deleted: what others favourite. */
  stage: string;
  live: Parley[];
  graves: { id: string; key: string }[];
  /** Of this life of the server: asked for after it. */
  freshGraves: number;
  /** undefined: nobody answered. */
  follows: Map<string, boolean | undefined>;
  favourites: Map<string, boolean | undefined>;
}

export interface Figures {
  acknowledged: number;
  unanswered: number;
  refused: number;
  retries: number;
}

const any = <T>(list: readonly T[]): T => {
  const found = list[Math.floor(Math.random() * list.length)];
  if (found === undefined) throw new Error("nothing to choose from");
  return found;
};
const text = (key: string, version: number) => `parley ${key} v${version}`;

/** All pages of a list of statuses or accounts, until one comes short or `pages` were read. */
async function every(server: Server, token: string, target: string, pages = 1000): Promise<Json[]> {
  const all: Json[] = [];
  let next: URL | undefined = new URL(`${target}?limit=${PAGE}`, server.url);
  for (let page = 0; next !== undefined && page < pages; page++) {
    const reply = await ask(server, "GET", next.pathname + next.search, { token });
    assert.equal(reply.status, 200, `${target}: ${reply.text}`);
    all.push(...reply.json);
    next = reply.json.length > 0 ? links(reply).next : undefined;
  }
  return all;
}

export class Ledger {
  readonly figures: Figures = { acknowledged: 0, unanswered: 0, refused: 0, retries: 0 };
  private stopped = false;
  private made = 0;

  private constructor(
    private readonly server: Server,
    readonly writers: Writer[],
    /** Statuses that say that nothing was written. Any other but 200 ends the test. */
    private readonly refusals: readonly number[],
    /** Statuses after which either may be: a disk that vanished while it was written to. */
    private readonly doubts: readonly number[],
  ) {}

  static async open(
    server: Server,
    count: number,
    options: { refusals?: readonly number[]; doubts?: readonly number[] } = {},
  ): Promise<Ledger> {
    const writers: Writer[] = [];
    for (let i = 0; i < count; i++) {
      const { username, id, token } = await server.member(`writer${i}`);
      const stage = await must(server, "POST", "/api/v1/statuses", {
        token,
        form: { status: text(`${username}-0`, 0) },
      });
      const empty = { live: [], graves: [], freshGraves: 0, follows: new Map(), favourites: new Map() };
      writers.push({ name: username, id, token, stage: stage.id, ...empty });
    }
    return new Ledger(server, writers, options.refusals ?? [], options.doubts ?? []);
  }

  /** Everybody writes, until the server does not answer or stop() was called. */
  async write(): Promise<void> {
    this.stopped = false;
    for (const w of this.writers) w.freshGraves = 0;
    await Promise.all(
      this.writers.map(async (w) => {
        while (!this.stopped && (await this.step(w)));
      }),
    );
  }

  stop(): void {
    this.stopped = true;
  }

  /** One write; false when nobody answered. */
  private async step(w: Writer): Promise<boolean> {
    const dice = Math.random();
    const settled = w.live.filter((p) => p.id !== undefined && !p.deleting && !p.editing);
    if (settled.length > 0 && (dice < 0.15 || settled.length > LIVE_MAX)) return this.remove(w, any(settled));
    if (settled.length > 0 && dice < 0.3) return this.edit(w, any(settled));
    const other = any(this.writers.filter((o) => o !== w));
    if (dice < 0.45) return this.turn(w, w.follows, other.id, `/api/v1/accounts/${other.id}/`, "follow");
    if (dice < 0.6) return this.turn(w, w.favourites, other.stage, `/api/v1/statuses/${other.stage}/`, "favourite");
    return this.publish(w);
  }

  /** "yes": it is stored. "no": it is not. "unknown": nobody said. */
  private async put(w: Writer, method: string, target: string, options: Ask = {}): Promise<[string, Json]> {
    let reply: Awaited<ReturnType<typeof ask>>;
    try {
      reply = await ask(this.server, method, target, { ...options, token: w.token });
    } catch {
      this.figures.unanswered++;
      return ["unknown", undefined];
    }
    if (reply.status === 200) {
      this.figures.acknowledged++;
      return ["yes", reply.json];
    }
    if (this.doubts.includes(reply.status)) {
      this.figures.unanswered++;
      return ["unknown", undefined];
    }
    assert.ok(this.refusals.includes(reply.status), `${method} ${target}: ${reply.status} ${reply.text}`);
    this.figures.refused++;
    return ["no", undefined];
  }

  private async publish(w: Writer): Promise<boolean> {
    const p: Parley = { key: `${w.name}-${++this.made}`, version: 0 };
    const form = { status: text(p.key, 0) };
    const [stored, json] = await this.put(w, "POST", "/api/v1/statuses", {
      form,
      headers: { "Idempotency-Key": p.key },
    });
    if (stored === "yes") p.id = json.id;
    if (stored !== "no") w.live.push(p);
    return stored !== "unknown";
  }

  private async edit(w: Writer, p: Parley): Promise<boolean> {
    const form = { status: text(p.key, p.version + 1) };
    const [stored] = await this.put(w, "PUT", `/api/v1/statuses/${p.id}`, { form });
    if (stored === "yes") p.version++;
    if (stored === "unknown") p.editing = true;
    return stored !== "unknown";
  }

  private bury(w: Writer, p: Parley): void {
    w.live = w.live.filter((o) => o !== p);
    w.graves.push({ id: p.id ?? "", key: p.key });
    w.freshGraves++;
  }

  private async remove(w: Writer, p: Parley): Promise<boolean> {
    const [stored] = await this.put(w, "DELETE", `/api/v1/statuses/${p.id}`);
    if (stored === "yes") this.bury(w, p);
    if (stored === "unknown") p.deleting = true;
    return stored !== "unknown";
  }

  private async turn(
    w: Writer,
    book: Map<string, boolean | undefined>,
    id: string,
    target: string,
    verb: string,
  ): Promise<boolean> {
    const on = book.get(id) !== true;
    const [stored] = await this.put(w, "POST", `${target}${on ? verb : `un${verb}`}`);
    if (stored === "yes") book.set(id, on);
    if (stored === "unknown") book.set(id, undefined);
    return stored !== "unknown";
  }

  /** What nobody answered is found out: a post by its key once more, the rest by looking. */
  private async settle(w: Writer): Promise<void> {
    for (const p of [...w.live]) {
      if (p.id === undefined) await this.repeat(w, p);
      else if (p.editing || p.deleting) await this.look(w, p);
      else if (Math.random() < 0.1) await this.repeat(w, p);
    }
  }

  /** The same key gives the same parley, or makes the one that was never stored. */
  private async repeat(w: Writer, p: Parley): Promise<void> {
    const options = { token: w.token, form: { status: text(p.key, 0) }, headers: { "Idempotency-Key": p.key } };
    const json = await must(this.server, "POST", "/api/v1/statuses", options);
    assert.ok(p.id === undefined || p.id === json.id, `${p.key} was ${p.id}, its retry made ${json.id}`);
    p.id = json.id;
    this.figures.retries++;
  }

  private async look(w: Writer, p: Parley): Promise<void> {
    const reply = await ask(this.server, "GET", `/api/v1/statuses/${p.id}/source`, { token: w.token });
    if (p.deleting && reply.status === 404) return this.bury(w, p);
    assert.equal(reply.status, 200, `${p.key}: ${reply.text}`);
    if (p.editing && reply.json.text === text(p.key, p.version + 1)) p.version++;
    p.editing = false;
    p.deleting = false;
  }

  async audit(): Promise<void> {
    for (const w of this.writers) {
      await this.settle(w);
      await this.auditParleys(w);
      await this.auditGraves(w);
      await this.auditRelations(w);
    }
    for (const w of this.writers) await this.auditHome(w);
    await this.auditStore();
  }

  private async auditParleys(w: Writer): Promise<void> {
    const shown = await every(this.server, w.token, `/api/v1/accounts/${w.id}/statuses`);
    const found = shown.map((s: Json) => `${s.id} ${s.content}`).sort();
    const booked = w.live.map((p) => `${p.id} <p>${text(p.key, p.version)}</p>`);
    booked.push(`${w.stage} <p>${text(`${w.name}-0`, 0)}</p>`);
    assert.deepEqual(found, booked.sort(), `the parleys of ${w.name}`);
    const account = await must(this.server, "GET", `/api/v1/accounts/${w.id}`, { token: w.token });
    assert.equal(account.statuses_count, booked.length, `statuses_count of ${w.name}`);
  }

  /** Deleted in this life, and a few of before: not there, and no retry of the key brings one back. */
  private async auditGraves(w: Writer): Promise<void> {
    const old = w.graves.slice(0, w.graves.length - w.freshGraves);
    const asked = w.graves.slice(w.graves.length - w.freshGraves);
    for (let i = 0; i < OLD_GRAVES_ASKED && old.length > 0; i++) asked.push(any(old));
    for (const grave of asked) {
      const reply = await ask(this.server, "GET", `/api/v1/statuses/${grave.id}`, { token: w.token });
      assert.equal(reply.status, 404, `${grave.key} was deleted: ${reply.text}`);
    }
    const grave = asked.at(0);
    if (grave === undefined) return;
    const options = { token: w.token, form: { status: text(grave.key, 0) }, headers: { "Idempotency-Key": grave.key } };
    const reply = await ask(this.server, "POST", "/api/v1/statuses", options);
    assert.equal(reply.status, 410, `a retry of the deleted ${grave.key}: ${reply.text}`);
  }

  private async auditRelations(w: Writer): Promise<void> {
    const follows = await every(this.server, w.token, `/api/v1/accounts/${w.id}/following`);
    const favourites = await every(this.server, w.token, "/api/v1/favourites");
    const lists = [
      ["follows", w.follows, follows.map((a: Json) => a.id)],
      ["favourites", w.favourites, favourites.map((s: Json) => s.id)],
    ] as const;
    for (const [what, book, shown] of lists) {
      for (const [id, on] of book) if (on === undefined) book.set(id, shown.includes(id));
      const booked = [...book].filter(([, on]) => on).map(([id]) => id);
      assert.deepEqual(shown.sort(), booked.sort(), `the ${what} of ${w.name}`);
    }
    const account = await must(this.server, "GET", `/api/v1/accounts/${w.id}`, { token: w.token });
    assert.equal(account.following_count, follows.length, `following_count of ${w.name}`);
    const followers = this.writers.filter((o) => o.follows.get(w.id) === true).length;
    if (this.writers.every((o) => !o.follows.has(w.id) || o.follows.get(w.id) !== undefined))
      assert.equal(account.followers_count, followers, `followers_count of ${w.name}`);
  }

  /** What the feed answers from memory, which a restart has put together anew, is what is stored. */
  private async auditHome(w: Writer): Promise<void> {
    const shown = await every(this.server, w.token, "/api/v1/timelines/home", 3);
    const seen = this.writers.filter((o) => o === w || w.follows.get(o.id) === true);
    const booked = new Map<string, string>();
    for (const o of seen) {
      booked.set(o.stage, `<p>${text(`${o.name}-0`, 0)}</p>`);
      for (const p of o.live) booked.set(p.id ?? "", `<p>${text(p.key, p.version)}</p>`);
    }
    assert.equal(new Set(shown.map((s: Json) => s.id)).size, shown.length, `home of ${w.name} has one twice`);
    for (const s of shown) assert.equal(s.content, booked.get(s.id), `${s.id} in the home of ${w.name}`);
    const last = BigInt(shown.at(-1)?.id ?? 0);
    const missing = [...booked].filter(([id]) => BigInt(id) >= last && !shown.some((s: Json) => s.id === id));
    assert.deepEqual(missing, [], `the home of ${w.name} lacks some`);
  }

  /** integrity_check, and every count and copy in the store against what it counts. */
  private async auditStore(): Promise<void> {
    const { intact, verdict } = await this.server.command("db", "check");
    assert.ok(intact, verdict);
    await ruleBreaks(this.server);
  }
}

/** Rules that hold once the jobs that a write leaves behind are done. */
export async function ruleBreaks(server: Server): Promise<void> {
  const general = await readFile(path.resolve(here, "../bench/invariants.sql"), "utf8");
  // Two hold where nobody deletes or writes side by side: the time of the last parley stays when it is deleted, and an
  // id comes from a clock that never steps back, so it may be newer than the time that a request noted when it came.
  const lines = general.split("\n").filter((line) => !/whose id is not as old as it|time of the last/.test(line));
  const rules = `
${lines.join("\n")}
SELECT 'parley older than its time', count(*) FROM status WHERE (id >> 21) + 1577836800000 < created_ms;
SELECT 'last parley newer than said', count(*) FROM account a WHERE last_status_ms < (SELECT max(created_ms) FROM status s WHERE s.account_id = a.id);
SELECT 'count of favourites', count(*) FROM status s WHERE favourites_count <> (SELECT count(*) FROM favourite_of f WHERE f.status_id = s.id);
SELECT 'favourite without its other side', count(*) FROM favourite_by b WHERE NOT EXISTS (SELECT 1 FROM favourite_of f WHERE f.status_id = b.status_id AND f.account_id = b.account_id);
SELECT 'favourite without its first side', count(*) FROM favourite_of f WHERE NOT EXISTS (SELECT 1 FROM favourite_by b WHERE f.status_id = b.status_id AND f.account_id = b.account_id);
SELECT 'version of nothing', count(*) FROM status_version v WHERE NOT EXISTS (SELECT 1 FROM status s WHERE s.id = v.status_id);
SELECT 'notification about nothing', count(*) FROM notification n WHERE status_id <> 0 AND NOT EXISTS (SELECT 1 FROM status s WHERE s.id = n.status_id);
SELECT 'job given up', count(*) FROM job WHERE error IS NOT NULL;`;
  let broken = "";
  await eventually("the store keeps its rules", async () => {
    const { stdout } = await call("sqlite3", ["-readonly", "-cmd", ".timeout 5000", `${server.data}/parley.db`, rules]);
    broken = stdout
      .split("\n")
      .filter((line) => line !== "" && !line.endsWith("|0"))
      .join("; ");
    return broken === "";
  }).catch((error) => {
    throw new Error(`broken in the store: ${broken || error.cause?.stderr}`, { cause: error });
  });
}
