// SPDX-License-Identifier: Apache-2.0
// Every row of the route table, for every kind of asker and every kind of parley, compared with access-table.ts.
// A row that has no expectation there fails.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { ask, type Json, must } from "../lib/http.ts";
import { png } from "../lib/png.ts";
import { Device } from "../lib/push_service.ts";
import { type App, type Member, type Server, startServer } from "../lib/server.ts";
import { eventually } from "../lib/wait.ts";
import { byStatus, lists, plain, ROLES, type Role, VISIBILITIES, type Visibility } from "./access-table.ts";

const source = readFileSync(new URL("../../src/api/routes.c", import.meta.url), "utf8");
const rows = [...source.matchAll(/^\s*\{\s*HTTP_(\w+),\s*"([^"]+)"/gm)].map(([, method, path]) => `${method} ${path}`);

let server: Server;
let app: App;
let author: Member;
let target: Member;
const members = {} as Record<Exclude<Role, "none" | "app" | "wrong">, Member>;
const tokens = {} as Record<Role, string | undefined>;
let attached: string;
let uploaded: string;
let drawn: string;
let announced: string;
/** The six parleys that the lists are asked for, all with the tag and the word `exhibit`. */
let exhibit: Record<Visibility, string>;

/** One parley of each kind; they name @named. `standing`: set at once, or later by stand(). */
async function publish(text: string, more: Record<string, string> = {}): Promise<Record<Visibility, string>> {
  const ids = {} as Record<Visibility, string>;
  for (const kind of VISIBILITIES) {
    const visibility = kind === "held" || kind === "removed" ? "public" : kind;
    const form = { status: `@named ${text} ${kind}`, visibility, ...more };
    ids[kind] = (await must(server, "POST", "/api/v1/statuses", { token: author.token, form })).id;
  }
  return ids;
}

async function judge(ids: Record<Visibility, string>): Promise<void> {
  await server.command("status", "hold", ids.held, "--reason", "a look");
  await server.command("status", "remove", ids.removed, "--reason", "rule 1");
}

before(async () => {
  server = await startServer();
  app = await server.registerApp();
  const names = ["other", "follower", "named", "limited", "frozen", "suspended", "moderator", "author"] as const;
  const usernames = names.map((name) => (name === "moderator" ? "mara" : name));
  for (const [i, member] of (await server.members(...usernames)).entries()) {
    const role = names[i] ?? assert.fail();
    members[role] = member;
    tokens[role] = member.token;
  }
  [target] = await server.members("target");
  author = members.author;
  tokens.none = undefined;
  tokens.app = await server.token(app);
  tokens.wrong = await server.signIn(members.other, "push");
  await server.command("member", "role", "mara", "moderator");
  await must(server, "POST", `/api/v1/accounts/${author.id}/follow`, { token: members.follower.token });
  const multipart = picture("avatar");
  multipart.set("indexable", "true");
  const path = "/api/v1/accounts/update_credentials";
  uploaded = new URL((await must(server, "PATCH", path, { token: author.token, multipart })).avatar).pathname;
  attached = (await must(server, "POST", "/api/v1/media", { token: author.token, multipart: picture("file") })).id;
  exhibit = await publish("#exhibit exhibit");
  for (const id of Object.values(exhibit)) {
    for (const role of names.filter((name) => name !== "other")) {
      for (const verb of ["favourite", "bookmark"]) {
        const reply = await ask(server, "POST", `/api/v1/statuses/${id}/${verb}`, { token: tokens[role] });
        assert.ok([200, 404].includes(reply.status), reply.text);
      }
    }
  }
  await judge(exhibit);
  announced = (await server.command("announcement", "add", "Harbour day!")).id;
  drawn = new URL((await must(server, "GET", `/api/v1/accounts/${target.id}`)).avatar).pathname;
  await server.command("member", "limit", "limited", "--reason", "test");
  await server.command("member", "freeze", "frozen", "--reason", "test");
  await server.command("member", "suspend", "suspended", "--reason", "test");
});
after(() => server?.stop());

const LATER = new Date(Date.now() + 86_400_000).toISOString();
function picture(field: string): FormData {
  const multipart = new FormData();
  multipart.set(field, new Blob([png(8, 8, [9, 9, 9])], { type: "image/png" }), "me.png");
  return multipart;
}

let newcomers = 0;
/** What a row needs to be a good request, whoever asks. */
function request(row: string): { query?: string; form?: Record<string, string>; multipart?: FormData } {
  const client = { client_id: app.clientId, client_secret: app.clientSecret };
  switch (row) {
    case "POST /api/v1/statuses":
      return { form: { status: "by whoever may" } };
    case "POST /api/v1/media":
    case "POST /api/v2/media":
      return { multipart: picture("file") };
    case "PUT /api/v1/media/:id":
      return { form: { description: "by whoever may" } };
    case "PUT /api/v1/statuses/:id":
      return { form: { status: "edited" } };
    case "POST /api/v1/domain_blocks":
    case "DELETE /api/v1/domain_blocks":
      return { form: { domain: "far.example" } };
    case "POST /api/v1/featured_tags":
      return { form: { name: "other" } };
    case "POST /api/v1/filters":
      return { form: { phrase: "nothing says this", "context[]": "home" } };
    case "POST /api/v2/filters":
      return { form: { title: "by whoever may", "context[]": "home" } };
    case "POST /api/v1/lists":
      return { form: { title: "by whoever may" } };
    case "POST /api/v1/reports":
      return { form: { account_id: target.id, comment: "test" } };
    case "PUT /api/v1/scheduled_statuses/:id":
      return { form: { scheduled_at: LATER } };
    case "PUT /api/parley/v1/drafts/:id":
      return { form: { status: "saved", version: "1" } };
    case "POST /api/v1/polls/:id/votes":
      return { form: { "choices[]": "0" } };
    case "POST /api/v1/markers":
      return { form: { "home[last_read_id]": "1" } };
    case "POST /api/v1/push/subscription":
      return { form: new Device().form("https://push.example/x", ["mention"]) };
    case "POST /api/v1/apps":
      return { form: { client_name: "x", redirect_uris: "urn:ietf:wg:oauth:2.0:oob" } };
    case "POST /oauth/token":
      return { form: { grant_type: "client_credentials", ...client } };
    case "POST /oauth/revoke":
      return { form: { token: "nobody's", ...client } };
    case "POST /api/v1/accounts": {
      const username = `newcomer_${"abcdefghijklmnop"[newcomers++]}`;
      const email = `${username}@example.org`;
      return { form: { username, email, password: "correct horse battery", agreement: "true" } };
    }
    case "GET /api/oembed":
      return { query: `url=${encodeURIComponent(`${server.url}/@author/${exhibit.public}`)}` };
    case "GET /api/v1/accounts/lookup":
      return { query: "acct=target" };
    case "GET /api/v1/accounts/search":
      return { query: "q=target" };
    default:
      return {};
  }
}

/** Fills in the path: a member for an account, this parley for a parley. */
function pathOf(row: string, id: string): string {
  const path = row.split(" ")[1] ?? "";
  if (path === "/media/:folder/:file") return uploaded;
  if (path === "/media/avatar/:file") return drawn;
  if (path === "/withheld/:id/:file") return `/withheld/${attached}/${"0".repeat(64)}.webp`;
  return path
    .replace(":stream/:part", "user/notification")
    .replace(":stream", "user")
    .replace("/statuses/:id", `/statuses/${id}`)
    .replace("/scheduled_statuses/:id", `/scheduled_statuses/${id}`)
    .replace("/drafts/:id", `/drafts/${id}`)
    .replace(":quoting_id", "1")
    .replace("/polls/:id", `/polls/${id}`)
    .replace("/conversations/:id", `/conversations/${id}`)
    .replace("/media/:id", `/media/${attached}`)
    .replace("/notifications/:id", `/notifications/${id}`)
    .replace(/(filters.*|featured_tags.*):id/, "$11")
    .replace("/imports/:id", "/imports/1")
    .replace("/archives/:id", "/archives/1")
    .replace("/lists/:id", "/lists/1")
    .replace("/list/:id", "/list/1")
    .replace("/notifications/requests/:id", `/notifications/requests/${target.id}`)
    .replace("/announcements/:id/reactions/:name", `/announcements/${announced}/reactions/${encodeURIComponent("🎉")}`)
    .replace("/announcements/:id", `/announcements/${announced}`)
    .replace(":group_key", `ungrouped-${id}`)
    .replace("/accounts/:id", `/accounts/${target.id}`)
    .replace(":account_id", target.id)
    .replace(":name", "exhibit")
    .replace(":hashtag", "exhibit");
}

async function answers(row: string, id: string): Promise<string> {
  const codes: number[] = [];
  for (const role of ROLES) {
    const { query = "", form, multipart } = request(row);
    const [asked = ""] = row.split(" ");
    const method = row.includes("/:stream") ? "HEAD" : asked; // the answer to a GET has no end
    const options = { token: tokens[role], ...(form && { form }), ...(multipart && { multipart }) };
    codes.push((await ask(server, method, `${pathOf(row, id)}?${query}`, options)).status);
  }
  return codes.join(" ");
}

const columns = (text: string) => text.trim().split(/\s+/).join(" ");

test("every row of the route table has an expectation, and every expectation a row", () => {
  const expected = [...Object.keys(plain), ...Object.keys(byStatus), ...Object.keys(lists)];
  assert.ok(rows.length > 50, "the table was found");
  assert.deepEqual([...new Set(rows)].sort(), expected.sort());
});

/** Which of the six a list shows, as a text. */
function shown(json: Json): string {
  const entries: Json[] = Array.isArray(json) ? json : json.statuses;
  const ids = entries.map((entry) => entry.status?.id ?? entry.id);
  return VISIBILITIES.filter((kind) => ids.includes(exhibit[kind])).join(" ");
}

describe("rows that are lists of parleys", () => {
  for (const [row, expected] of Object.entries(lists)) {
    test(row, async () => {
      const ids = Object.values(exhibit).map((id) => `id[]=${id}`);
      const query = row.includes("search") ? "q=exhibit&type=statuses" : `limit=40&${ids.join("&")}`;
      const path = pathOf(row, "").replace(target.id, author.id);
      const list = async () => {
        const found: Record<string, string> = {};
        for (const role of ROLES) {
          const reply = await ask(server, "GET", `${path}?${query}`, { token: tokens[role] });
          found[role] = reply.status === 200 ? shown(reply.json) : String(reply.status);
        }
        return found;
      };
      if (row.includes("search")) {
        await eventually("the index has them", async () => (await list()).author?.includes("public"));
      }
      assert.deepEqual(await list(), expected);
    });
  }
});

/** A mention of the author that waits for their decision. */
async function waitToBeHeard(): Promise<void> {
  const policy = (word: string) => ({ token: author.token, form: { for_not_following: word } });
  await must(server, "PATCH", "/api/v2/notifications/policy", policy("filter"));
  await must(server, "POST", "/api/v1/statuses", { token: target.token, form: { status: "@author hi" } });
  await must(server, "PATCH", "/api/v2/notifications/policy", policy("accept"));
}

describe("rows about no parley", () => {
  for (const [row, expected] of Object.entries(plain)) {
    test(row, async () => {
      let id = "";
      if (row.includes("/requests/:id")) await waitToBeHeard();
      if (row.includes("/notifications/:id") || row.includes(":group_key")) {
        const notes = await must(server, "GET", "/api/v1/notifications", { token: author.token });
        id = notes[0]?.id;
        if (id === undefined) {
          await must(server, "POST", "/api/v1/statuses", { token: target.token, form: { status: "@author hi" } });
          id = (await must(server, "GET", "/api/v1/notifications", { token: author.token }))[0].id;
        }
      }
      if (row.includes("/conversations/:id")) {
        const form = { status: "to myself", visibility: "direct" };
        await must(server, "POST", "/api/v1/statuses", { token: author.token, form });
        id = (await must(server, "GET", "/api/v1/conversations", { token: author.token }))[0].id;
      }
      if (row.includes("/scheduled_statuses/:id") || row.includes("/drafts/:id")) {
        const path = row.includes("/drafts/") ? "/api/parley/v1/drafts" : "/api/v1/statuses";
        const form = { status: "not yet", ...(row.includes("/drafts/") ? {} : { scheduled_at: LATER }) };
        id = (await must(server, "POST", path, { token: author.token, form })).id;
      }
      assert.equal(await answers(row, id), columns(expected), `for ${ROLES.join(" ")}`);
    });
  }
});

const POLL = { "poll[options][0]": "yes", "poll[options][1]": "no", "poll[expires_in]": "3600" };

describe("rows about one parley", () => {
  for (const [row, grid] of Object.entries(byStatus)) {
    test(row, async () => {
      const ids = await publish("a target", row.includes("/polls/") ? POLL : {});
      await judge(ids);
      const found: Record<string, string> = {};
      const wanted: Record<string, string> = {};
      for (const kind of VISIBILITIES) {
        found[kind] = await answers(row, ids[kind]);
        wanted[kind] = columns(grid[kind]);
        // Five may be pinned; echoes and the like are left where they are.
        await ask(server, "POST", `/api/v1/statuses/${ids[kind]}/unpin`, { token: author.token });
      }
      assert.deepEqual(found, wanted, `for ${ROLES.join(" ")}`);
    });
  }
});
