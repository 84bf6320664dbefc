// SPDX-License-Identifier: Apache-2.0
// The shape of every entity: each key that Mastodon 4.6.4 always sent, with the types that its recorded replies had
// (shapes.json: "key?" may be left out, "any" was only ever seen null), and what apps cannot bear to be null.
import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { createServer, type Server as Web } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { after, before, test } from "node:test";
import { ask, type Json, must } from "../lib/http.ts";
import { png } from "../lib/png.ts";
import { Device } from "../lib/push_service.ts";
import { type App, type Member, type Server, startServer } from "../lib/server.ts";
import { eventually } from "../lib/wait.ts";

const shapes: Record<string, Record<string, string>> = JSON.parse(
  readFileSync(new URL("shapes.json", import.meta.url), "utf8"),
);

const STATUS = {
  account: "Account",
  reblog: "Status",
  mentions: "StatusMention",
  tags: "StatusTag",
  application: "StatusApplication",
  quote_approval: "QuoteApproval",
  poll: "Poll",
  quote: "Quote",
  card: "PreviewCard",
  media_attachments: "MediaAttachment",
  emojis: "CustomEmoji",
};
const CARD = { authors: "PreviewCardAuthor" };
const ACCOUNT = { fields: "Field", roles: "AccountRole" };
/** Which keys hold entities of their own. */
const nested: Record<string, Record<string, string>> = {
  Status: STATUS,
  DeletedStatus: STATUS,
  Account: ACCOUNT,
  Suggestion: { account: "Account" },
  MutedAccount: ACCOUNT,
  CredentialAccount: { ...ACCOUNT, role: "Role", source: "CredentialSource" },
  CredentialSource: { fields: "Field" },
  Notification: { account: "Account", status: "Status", report: "Report" },
  Report: { target_account: "Account" },
  StatusEdit: { account: "Account" },
  PreviewCard: CARD,
  TrendsLink: { ...CARD, history: "TagHistory" },
  Poll: { options: "PollOption" },
  Quote: { quoted_status: "Status" },
  ScheduledStatus: { params: "ScheduledStatusParams" },
  Draft: { params: "ScheduledStatusParams" },
  GroupedNotificationsResults: {
    accounts: "Account",
    partial_accounts: "PartialAccountWithAvatar",
    statuses: "Status",
    notification_groups: "NotificationGroup",
  },
  NotificationRequest: { account: "Account", last_status: "Status" },
  Conversation: { accounts: "Account", last_status: "Status" },
  Search: { accounts: "Account", statuses: "Status", hashtags: "Tag" },
  Announcement: { reactions: "Reaction" },
  Tag: { history: "TagHistory" },
  Filter: { keywords: "FilterKeyword", statuses: "FilterStatus" },
  FilterResult: { filter: "Filter" },
  FamiliarFollowers: { accounts: "Account" },
  Instance: { rules: "Rule" },
  V1Instance: { rules: "Rule", contact_account: "Account" },
};

/** Present and not null, or the app drops the entity or the whole page: Tusky (Moshi), Android (Gson), iOS (Codable). */
const notNull: Record<string, string> = {
  Status: `id uri content created_at account emojis sensitive spoiler_text visibility media_attachments mentions tags
    reblogs_count favourites_count replies_count`,
  Account: `id username acct url display_name note avatar header created_at locked emojis followers_count
    following_count statuses_count`,
  Relationship: `id following followed_by blocking blocked_by muting muting_notifications requested showing_reblogs
    domain_blocking endorsed notifying`,
  MediaAttachment: "id type url",
  PreviewCard: "url title type",
  TrendsLink: "url title type",
  Marker: "last_read_id version updated_at",
  Role: "name color",
  Instance: "domain title description version registrations",
};
const OPTIONAL_NOT_NULL = ["reblogged", "favourited", "bookmarked", "pinned", "muted", "filtered"];
const DATES = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const DATE_KEYS = [
  "published_at",
  "created_at",
  "edited_at",
  "updated_at",
  "verified_at",
  "muting_expires_at",
  "mute_expires_at",
];
const IDS = /(^|_)id$/;

const seen = new Set<string>();
const typeOf = (value: unknown) => (value === null ? "null" : Array.isArray(value) ? "array" : typeof value);

function checkKey(entity: string, where: string, key: string, value: unknown): void {
  if (value === undefined) return;
  if (OPTIONAL_NOT_NULL.includes(key)) assert.notEqual(value, null, `${where}.${key} is null`);
  if (DATE_KEYS.includes(key) && typeof value === "string") assert.match(value, DATES, `${where}.${key}`);
  if (key === "last_status_at" && value !== null) assert.match(String(value), /^\d{4}-\d\d-\d\d$/, `${where}.${key}`);
  if (IDS.test(key) && typeof value === "string" && !["Role", "CredentialApplication"].includes(entity)) {
    assert.match(value, /^\d+$/, `${where}.${key}`);
  }
}

function check(entity: string, value: Json, where = entity): void {
  if (Array.isArray(value)) {
    for (const [i, each] of value.entries()) check(entity, each, `${where}[${i}]`);
    return;
  }
  const shape = shapes[entity] ?? assert.fail(`no shape of ${entity}`);
  seen.add(entity);
  for (const [name, types] of Object.entries(shape)) {
    const key = name.replace(/\?$/, "");
    if (!(key in value)) {
      assert.ok(name.endsWith("?"), `${where}.${key} is missing`);
      continue;
    }
    const type = typeOf(value[key]);
    assert.ok(types === "any" || types.split("|").includes(type), `${where}.${key} is ${type}, not ${types}`);
    checkKey(entity, where, key, value[key]);
  }
  for (const key of (notNull[entity] ?? "").split(/\s+/).filter(Boolean)) {
    assert.ok(value[key] !== undefined && value[key] !== null, `${where}.${key} is null or missing`);
  }
  for (const [key, inner] of Object.entries(nested[entity] ?? {})) {
    if (value[key] !== undefined && value[key] !== null) check(inner, value[key], `${where}.${key}`);
  }
}

let server: Server;
let anna: Member;
let ben: Member;
let app: App;
let web: Web;
const id: Record<string, string> = {};

/** A page that others link to, with all that a card has, and its picture. */
async function startPage(): Promise<string> {
  const meta = { site_name: "Harbour", title: "The tide", description: "It turns", image: "/tide.png" };
  const head = Object.entries(meta).map(([name, content]) => `<meta property="og:${name}" content="${content}">`);
  head.push('<meta name="author" content="Somebody"><meta property="article:published_time" content="2026-08-01">');
  web = createServer((q, r) => {
    if (q.url === "/tide.png") r.writeHead(200, { "Content-Type": "image/png" }).end(png(400, 300, [30, 30, 200]));
    else r.writeHead(200, { "Content-Type": "text/html" }).end(`<html lang="en"><head>${head.join("")}</head>`);
  }).listen(0, "127.0.0.1");
  await once(web, "listening");
  return `http://127.0.0.1:${(web.address() as AddressInfo).port}/tide`;
}

/** A small world in which every entity can be seen. */
before(async () => {
  server = await startServer();
  [anna, ben] = await server.members("anna", "ben");
  app = await server.registerApp();
  const rules = path.join(server.data, "rules.txt");
  await writeFile(rules, "Be kind. | Argue with what was said.\nNo spam.\n");
  await server.command("rules", "set", rules);
  await server.command("member", "role", "anna", "owner");
  const does = (who: Member, method: string, path: string, form: Record<string, string> = {}) =>
    must(server, method, path, { token: who.token, form });
  const fields = { "fields_attributes[0][name]": "Home", "fields_attributes[0][value]": "Kiel" };
  await does(anna, "PATCH", "/api/v1/accounts/update_credentials", { ...fields, note: "I write" });
  id.status = (await does(anna, "POST", "/api/v1/statuses", { status: "hello @ben #shape", language: "en" })).id;
  id.reply = (await does(ben, "POST", "/api/v1/statuses", { status: "@anna yes", in_reply_to_id: id.status ?? "" })).id;
  id.edited = (await does(anna, "POST", "/api/v1/statuses", { status: "onec", spoiler_text: "cw" })).id;
  await does(anna, "PUT", `/api/v1/statuses/${id.edited}`, { status: "once" });
  id.echo = (await does(ben, "POST", `/api/v1/statuses/${id.status}/reblog`)).id;
  await does(ben, "POST", `/api/v1/statuses/${id.status}/favourite`);
  await does(ben, "POST", `/api/v1/statuses/${id.status}/bookmark`);
  await does(ben, "POST", `/api/v1/accounts/${anna.id}/follow`);
  await does(anna, "POST", `/api/v1/accounts/${ben.id}/follow`);
  const [muted, blocked, asker] = await server.members("muted", "blocked", "asker");
  await does(anna, "POST", `/api/v1/accounts/${muted.id}/mute`, { duration: "3600" });
  await does(anna, "POST", `/api/v1/accounts/${blocked.id}/block`);
  await does(ben, "PATCH", "/api/v1/accounts/update_credentials", { locked: "true" });
  await does(asker, "POST", `/api/v1/accounts/${ben.id}/follow`);
  await does(ben, "POST", `/api/v1/accounts/${asker.id}/follow`);
  await does(asker, "POST", `/api/v1/accounts/${anna.id}/follow`);
  await does(asker, "POST", `/api/v1/statuses/${id.status}/favourite`);
  const announced = await server.command("announcement", "add", "Harbour day!");
  await does(anna, "PUT", `/api/v1/announcements/${announced.id}/reactions/${encodeURIComponent("🎉")}`);
  await does(anna, "PATCH", "/api/v2/notifications/policy", { for_private_mentions: "filter" });
  await does(asker, "POST", "/api/v1/statuses", { status: "@anna psst", visibility: "direct" });
  await does(asker, "POST", "/api/v1/statuses", { status: "also #shape" });
  await does(asker, "POST", `/api/v1/accounts/${muted.id}/follow`);
  await does(ben, "POST", "/api/v1/reports", { account_id: muted.id, comment: "loud" });
  await does(anna, "POST", "/api/v1/tags/shape/follow");
  await does(ben, "POST", "/api/v1/featured_tags", { name: "shape" });
  const filter = { title: "yes", "context[]": "home", "keywords_attributes[0][keyword]": "yes" };
  id.filter = (await does(anna, "POST", "/api/v2/filters", filter)).id;
  await does(anna, "POST", `/api/v2/filters/${id.filter}/statuses`, { status_id: id.reply ?? "" });
  id.list = (await does(anna, "POST", "/api/v1/lists", { title: "friends" })).id;
  await does(anna, "POST", `/api/v1/lists/${id.list}/accounts`, { "account_ids[]": ben.id });
  const search = "/api/v2/search?q=shape&type=hashtags";
  await eventually("the tag is found", async () => (await must(server, "GET", search)).hashtags.length > 0);
  const poll = { "poll[options][0]": "tea", "poll[options][1]": "coffee", "poll[expires_in]": "3600" };
  id.poll = (await does(anna, "POST", "/api/v1/statuses", { status: "which?", ...poll })).id;
  const later = { status: "later", scheduled_at: new Date(Date.now() + 86_400_000).toISOString(), ...poll };
  id.later = (await does(anna, "POST", "/api/v1/statuses", later)).id;
  id.half = (await does(anna, "POST", "/api/parley/v1/drafts", { status: "half a" })).id;
  id.quote = (await does(ben, "POST", "/api/v1/statuses", { status: "see", quoted_status_id: id.status ?? "" })).id;
  const picture = path.join(server.data, "shape.png");
  await writeFile(picture, png(40, 30, [200, 30, 30]));
  await server.command("emoji", "add", "anchor", picture);
  const upload = new FormData();
  upload.set("file", new Blob([png(40, 30, [30, 200, 30])]), "shape.png");
  const sent = await fetch(`${server.url}/api/v2/media`, {
    method: "POST",
    body: upload,
    headers: { Authorization: `Bearer ${anna.token}` },
  });
  id.media = ((await sent.json()) as Json).id;
  await eventually("the picture is ready", async () => {
    const asked = await ask(server, "GET", `/api/v1/media/${id.media}`, { token: anna.token });
    return asked.status === 200;
  });
  const pictured = { status: "look :anchor:", "media_ids[]": id.media ?? "" };
  id.pictured = (await does(anna, "POST", "/api/v1/statuses", pictured)).id;
  await does(ben, "POST", "/api/v1/statuses", { status: "@anna between us", visibility: "direct" });
  const page = await startPage();
  id.page = encodeURIComponent(page);
  for (const who of [anna, ben, asker]) id.linked = (await does(who, "POST", "/api/v1/statuses", { status: page })).id;
  await eventually("the link has a card with a picture, and trends", async () => {
    const [link] = await must(server, "GET", "/api/v1/trends/links");
    return typeof link?.image === "string";
  });
  id.doomed = (await does(anna, "POST", "/api/v1/statuses", { status: "doomed" })).id;
});
after(async () => {
  web?.close();
  await server?.stop();
});

interface Probe {
  entity: string;
  method?: string;
  path: string;
  as?: () => Member;
  form?: () => Record<string, string>;
  pick?: (json: Json) => Json;
}
const byAnna = () => anna;
const byBen = () => ben;
const accounts = "/api/v1/accounts";
const probes: Probe[] = [
  { entity: "CredentialAccount", path: `${accounts}/verify_credentials`, as: byAnna },
  { entity: "CredentialAccount", method: "PATCH", path: `${accounts}/update_credentials`, as: byBen },
  { entity: "CredentialAccount", method: "DELETE", path: "/api/v1/profile/avatar", as: byBen },
  { entity: "Account", path: `${accounts}/ANNA` },
  { entity: "Account", path: `${accounts}/ANNA`, as: byBen },
  { entity: "Account", path: `${accounts}/lookup?acct=ben` },
  { entity: "Account", path: `${accounts}?id[]=ANNA` },
  { entity: "Account", path: `${accounts}/ANNA/followers`, as: byAnna },
  { entity: "Account", path: `${accounts}/ANNA/following` },
  { entity: "Account", path: `${accounts}/search?q=ben`, as: byAnna },
  { entity: "MutedAccount", path: "/api/v1/mutes", as: byAnna },
  { entity: "Account", path: "/api/v1/blocks", as: byAnna },
  { entity: "Account", path: "/api/v1/follow_requests", as: byBen },
  { entity: "FamiliarFollowers", path: `${accounts}/familiar_followers?id[]=ANNA`, as: byBen },
  { entity: "Relationship", path: `${accounts}/relationships?id[]=ANNA`, as: byBen },
  { entity: "Relationship", method: "POST", path: `${accounts}/BEN/note`, as: byAnna },
  { entity: "Relationship", method: "POST", path: `${accounts}/BEN/follow`, as: byAnna },
  { entity: "Status", path: "/api/v1/statuses/STATUS" },
  { entity: "Status", path: "/api/v1/statuses/STATUS", as: byAnna },
  { entity: "Status", path: "/api/v1/statuses/ECHO", as: byBen },
  { entity: "Status", path: "/api/v1/statuses/EDITED", as: byBen },
  { entity: "Status", path: "/api/v1/statuses?id[]=STATUS", as: byBen },
  { entity: "Status", method: "POST", path: "/api/v1/statuses/STATUS/favourite", as: byBen },
  { entity: "Status", method: "POST", path: "/api/v1/statuses/STATUS/reblog", as: byBen },
  { entity: "Status", path: "/api/v1/statuses/REPLY/context", pick: (j) => j.ancestors },
  { entity: "Status", path: "/api/v1/statuses/STATUS/context", pick: (j) => j.descendants },
  { entity: "Account", path: "/api/v1/statuses/STATUS/favourited_by" },
  { entity: "Account", path: "/api/v1/statuses/STATUS/reblogged_by" },
  { entity: "StatusEdit", path: "/api/v1/statuses/EDITED/history" },
  { entity: "StatusSource", path: "/api/v1/statuses/EDITED/source", as: byAnna },
  { entity: "ScheduledStatus", path: "/api/v1/scheduled_statuses", as: byAnna },
  { entity: "ScheduledStatus", path: "/api/v1/scheduled_statuses/LATER", as: byAnna },
  { entity: "Draft", path: "/api/parley/v1/drafts", as: byAnna },
  { entity: "Draft", path: "/api/parley/v1/drafts/HALF", as: byAnna },
  { entity: "Status", path: "/api/v1/statuses/QUOTE", as: byAnna },
  { entity: "Status", path: "/api/v1/statuses/PICTURED" },
  { entity: "MediaAttachment", path: "/api/v1/media/MEDIA", as: byAnna },
  { entity: "CustomEmoji", path: "/api/v1/custom_emojis" },
  { entity: "Conversation", path: "/api/v1/conversations", as: byBen },
  {
    entity: "WebPushSubscription",
    method: "POST",
    path: "/api/v1/push/subscription",
    as: byAnna,
    form: () => new Device().form("https://push.example/x", ["mention"]),
  },
  { entity: "WebPushSubscription", path: "/api/v1/push/subscription", as: byAnna },
  { entity: "Status", path: "/api/v1/statuses/STATUS/quotes" },
  { entity: "Poll", path: "/api/v1/polls/POLL" },
  { entity: "Poll", path: "/api/v1/polls/POLL", as: byBen },
  { entity: "Poll", method: "POST", path: "/api/v1/polls/POLL/votes", as: byBen, form: () => ({ "choices[]": "1" }) },
  { entity: "Status", path: `${accounts}/ANNA/statuses` },
  { entity: "Status", path: "/api/v1/timelines/home", as: byAnna },
  { entity: "Status", path: "/api/v1/timelines/public" },
  { entity: "Status", path: "/api/v1/timelines/tag/shape", as: byBen },
  { entity: "Status", path: "/api/v1/bookmarks", as: byBen },
  { entity: "Status", path: "/api/v1/favourites", as: byBen },
  { entity: "Tag", path: "/api/v1/followed_tags", as: byAnna },
  { entity: "Tag", path: "/api/v1/featured_tags/suggestions", as: byAnna },
  { entity: "Tag", path: "/api/v1/trends/tags", as: byAnna },
  { entity: "Suggestion", path: "/api/v2/suggestions", as: byBen },
  { entity: "Account", path: "/api/v1/directory", as: byBen },
  { entity: "Status", path: "/api/v1/trends/statuses", as: byBen },
  { entity: "TrendsLink", path: "/api/v1/trends/links" },
  { entity: "TrendsLink", path: "/api/v1/trends/links", as: byAnna },
  { entity: "PreviewCard", path: "/api/v1/statuses/LINKED/card" },
  { entity: "PreviewCard", path: "/api/v1/statuses/LINKED", as: byAnna, pick: (j) => j.card },
  { entity: "Status", path: `/api/v1/timelines/link?url=PAGE`, as: byAnna },
  { entity: "FeaturedTag", path: "/api/v1/featured_tags", as: byBen },
  { entity: "FeaturedTag", path: `${accounts}/BEN/featured_tags`, as: byAnna },
  { entity: "Filter", path: "/api/v2/filters", as: byAnna },
  { entity: "Filter", path: "/api/v2/filters/FILTER", as: byAnna },
  { entity: "FilterKeyword", path: "/api/v2/filters/FILTER/keywords", as: byAnna },
  { entity: "FilterStatus", path: "/api/v2/filters/FILTER/statuses", as: byAnna },
  { entity: "V1Filter", path: "/api/v1/filters", as: byAnna },
  { entity: "FilterResult", path: "/api/v1/statuses/REPLY", as: byAnna, pick: (j) => j.filtered },
  { entity: "List", path: "/api/v1/lists", as: byAnna },
  { entity: "List", path: "/api/v1/lists/LIST", as: byAnna },
  { entity: "List", path: `${accounts}/BEN/lists`, as: byAnna },
  { entity: "Account", path: "/api/v1/lists/LIST/accounts", as: byAnna },
  { entity: "Status", path: "/api/v1/timelines/list/LIST", as: byAnna },
  { entity: "Tag", path: "/api/v1/tags/shape", as: byBen },
  { entity: "Notification", path: "/api/v1/notifications", as: byAnna },
  { entity: "Notification", path: "/api/v1/notifications?types[]=admin.report", as: byAnna },
  { entity: "Notification", path: "/api/v1/notifications", as: byBen },
  { entity: "GroupedNotificationsResults", path: "/api/v2/notifications", as: byAnna },
  {
    entity: "GroupedNotificationsResults",
    path: "/api/v2/notifications?expand_accounts=partial_avatars&types[]=favourite",
    as: byAnna,
  },
  { entity: "Announcement", path: "/api/v1/announcements", as: byAnna },
  { entity: "NotificationPolicy", path: "/api/v2/notifications/policy", as: byAnna },
  { entity: "NotificationPolicyV1", path: "/api/v1/notifications/policy", as: byAnna },
  { entity: "NotificationRequest", path: "/api/v1/notifications/requests", as: byAnna },
  {
    entity: "Marker",
    path: "/api/v1/markers?timeline[]=home&timeline[]=notifications",
    as: byBen,
    pick: (j) => Object.values(j),
  },
  {
    entity: "Marker",
    method: "POST",
    path: "/api/v1/markers",
    as: byBen,
    form: () => ({ "home[last_read_id]": "5" }),
    pick: (j) => [j.home],
  },
  {
    entity: "Application",
    path: "/api/v1/apps/verify_credentials",
    as: byAnna,
  },
  { entity: "Preferences", path: "/api/v1/preferences", as: byAnna },
  {
    entity: "Report",
    method: "POST",
    path: "/api/v1/reports",
    as: byAnna,
    form: () => ({ account_id: ben.id, comment: "hm", "status_ids[]": id.reply ?? "" }),
  },
  { entity: "Search", path: "/api/v2/search?q=shape", as: byAnna },
  { entity: "Account", path: "/api/v2/search?q=ben", as: byAnna, pick: (j) => j.accounts },
  { entity: "Tag", path: "/api/v2/search?q=shape", as: byAnna, pick: (j) => j.hashtags },
  { entity: "Instance", path: "/api/v2/instance" },
  { entity: "V1Instance", path: "/api/v1/instance" },
  { entity: "OEmbed", path: "/api/oembed?url=HERE/@anna/STATUS" },
  { entity: "Rule", path: "/api/v1/instance/rules" },
  { entity: "DiscoverOauthServerConfigurationResponse", path: "/.well-known/oauth-authorization-server" },
  { entity: "NodeInfo", path: "/nodeinfo/2.0" },
  {
    entity: "CredentialApplication",
    method: "POST",
    path: "/api/v1/apps",
    form: () => ({ client_name: "shape", redirect_uris: "urn:ietf:wg:oauth:2.0:oob" }),
  },
  {
    entity: "Token",
    method: "POST",
    path: "/oauth/token",
    form: () => ({ grant_type: "client_credentials", client_id: app.clientId, client_secret: app.clientSecret }),
  },
  { entity: "DeletedStatus", method: "DELETE", path: "/api/v1/statuses/DOOMED", as: byAnna },
];

for (const probe of probes) {
  const { method = "GET", as } = probe;
  test(`${method} ${probe.path}${as === undefined ? "" : ` by ${as === byAnna ? "anna" : "ben"}`}: ${probe.entity}`, async () => {
    const target = probe.path
      .replace("ANNA", anna.id)
      .replace("BEN", ben.id)
      .replace("HERE", server.url)
      .replace(/[A-Z]{4,}/, (name) => id[name.toLowerCase()] ?? assert.fail(`no ${name}`));
    const form = probe.form?.() ?? (method === "GET" ? undefined : {});
    const json = await must(server, method, target, form ? { token: as?.().token, form } : { token: as?.().token });
    const entities = probe.pick === undefined ? json : probe.pick(json);
    assert.ok(!Array.isArray(entities) || entities.length > 0, "an empty list shows no shape");
    check(probe.entity, entities);
  });
}

test("an error has the shape of an error", async () => {
  for (const [path, status] of [
    ["/api/v1/timelines/home", 401],
    ["/api/v1/statuses/1", 404],
  ] as const) {
    const reply = await ask(server, "GET", path);
    assert.equal(reply.status, status);
    assert.deepEqual(Object.keys(reply.json), ["error"]);
  }
});

test("every shape was seen", () => {
  assert.deepEqual(
    Object.keys(shapes).filter((name) => !seen.has(name)),
    [],
  );
});
