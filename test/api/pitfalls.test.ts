// SPDX-License-Identifier: Apache-2.0
// What trips client apps, one by one: each number is a pitfall that a real app fell into.
import assert from "node:assert/strict";
import http from "node:http";
import { after, before, test } from "node:test";
import { ask, type Json, links, must } from "../lib/http.ts";
import { type Member, type Server, startServer } from "../lib/server.ts";

let server: Server;
let anna: Member;
let ben: Member;
before(async () => {
  server = await startServer();
  [anna, ben] = await server.members("anna", "ben");
});
after(() => server?.stop());

const post = (status: string, more: Record<string, string> = {}): Promise<Json> =>
  must(server, "POST", "/api/v1/statuses", { token: anna.token, form: { status, ...more } });

/** DELETE with a body, which fetch sends too, but here byte for byte. */
function raw(method: string, path: string, headers: Record<string, string>, body = ""): Promise<[number, string]> {
  return new Promise((resolve, reject) => {
    const length = body === "" ? {} : { "Content-Length": String(Buffer.byteLength(body)) };
    const request = http.request(new URL(path, server.url), { method, headers: { ...headers, ...length } }, (reply) => {
      let text = "";
      reply.setEncoding("utf8").on("data", (part: string) => {
        text += part;
      });
      reply.on("end", () => resolve([reply.statusCode ?? 0, text]));
    });
    request.on("error", reject);
    request.end(body);
  });
}

test("1: a write takes a form, multipart, JSON and the query", async () => {
  const path = "/api/v1/statuses";
  const multipart = new FormData();
  multipart.set("status", "multipart");
  const made = [
    await must(server, "POST", path, { token: anna.token, form: { status: "form" } }),
    await must(server, "POST", path, { token: anna.token, multipart }),
    await must(server, "POST", path, { token: anna.token, json: { status: "json" } }),
    await must(server, "POST", `${path}?status=query`, { token: anna.token }),
  ];
  assert.deepEqual(
    made.map((s) => s.content),
    ["<p>form</p>", "<p>multipart</p>", "<p>json</p>", "<p>query</p>"],
  );
});

test("1: query parameters and the body are merged", async () => {
  const path = "/api/v1/statuses?visibility=unlisted";
  const made = await must(server, "POST", path, { token: anna.token, json: { status: "merged" } });
  assert.deepEqual([made.visibility, made.content], ["unlisted", "<p>merged</p>"]);
});

test("1: PUT and PATCH take a form, multipart and JSON", async () => {
  const { id } = await post("original");
  for (const method of ["PUT", "PATCH"]) {
    const multipart = new FormData();
    multipart.set("status", `${method} multipart`);
    const bodies = [
      { form: { status: `${method} form` } },
      { multipart },
      { json: { status: `${method} json` } },
    ] as const;
    for (const body of bodies) {
      const kind = Object.keys(body)[0];
      const edited = await must(server, method, `/api/v1/statuses/${id}`, { token: anna.token, ...body });
      assert.equal(edited.content, `<p>${method} ${kind}</p>`);
    }
  }
});

test("1: DELETE with a body is read and answered", async () => {
  const headers = { Authorization: `Bearer ${anna.token}`, "Content-Type": "application/json" };
  const { id } = await post("delete me");
  const [status, text] = await raw("DELETE", `/api/v1/statuses/${id}`, headers, '{"delete_media":true}');
  assert.deepEqual([status, JSON.parse(text).id], [200, id]);
});

test("1: what a GET asks for may stand in its body, as some libraries send it", async () => {
  const json = { Authorization: `Bearer ${anna.token}`, "Content-Type": "application/json" };
  for (const [path, body, key] of [
    ["/api/v1/accounts/lookup", JSON.stringify({ acct: anna.username }), "id"],
    ["/api/v1/accounts/verify_credentials", "{}", "source"],
    ["/api/v1/instance", "{}", "uri"],
  ] as const) {
    const [status, text] = await raw("GET", path, json, body);
    assert.equal(status, 200, `${path}: ${text}`);
    assert.ok(key in JSON.parse(text), path);
  }
});

test("1: JSON that is broken or too deep is 400 in JSON", async () => {
  for (const body of ["{", '{"a":'.repeat(200), "[1,2", "\u0000"]) {
    const headers = { Authorization: `Bearer ${anna.token}`, "Content-Type": "application/json" };
    const [status, text] = await raw("POST", "/api/v1/statuses", headers, body);
    assert.ok([400, 422].includes(status), `${body.slice(0, 20)}: ${status}`);
    assert.equal(typeof JSON.parse(text).error, "string");
  }
});

test("2: lists come as name[], name[0] and as a single name, percent-encoded or not", async () => {
  for (const query of [
    `id[]=${anna.id}&id[]=${ben.id}`,
    `id%5B%5D=${anna.id}&id%5B%5D=${ben.id}`,
    `id[0]=${anna.id}&id[1]=${ben.id}`,
  ]) {
    const found = await must(server, "GET", `/api/v1/accounts?${query}`);
    assert.equal(found.length, 2, query);
  }
  const one = await must(server, "GET", `/api/v1/accounts/relationships?id=${ben.id}`, { token: anna.token });
  assert.equal(one[0].id, ben.id);
});

test("2: nested names come as home[last_read_id], in a form and in the query", async () => {
  const set = async (options: object, query = "") =>
    (await must(server, "POST", `/api/v1/markers${query}`, { token: anna.token, ...options })).home.last_read_id;
  assert.equal(await set({ form: { "home[last_read_id]": "11" } }), "11");
  assert.equal(await set({}, "?home%5Blast_read_id%5D=12"), "12");
  assert.equal(await set({ json: { home: { last_read_id: 13 } } }), "13");
});

test("3: PUT is PATCH", async () => {
  const path = "/api/v1/accounts/update_credentials";
  for (const method of ["PUT", "PATCH"]) {
    const me = await must(server, method, path, { token: anna.token, form: { display_name: method } });
    assert.equal(me.display_name, method);
  }
});

for (const [value, truth] of [
  ["true", true],
  ["True", true],
  ["1", true],
  ["on", true],
  ["0", false],
  ["f", false],
  ["F", false],
  ["false", false],
  ["False", false],
  ["FALSE", false],
  ["off", false],
  ["OFF", false],
] as const) {
  test(`4: "${value}" is ${truth}`, async () => {
    assert.equal((await post(`boolean ${value}`, { sensitive: value })).sensitive, truth);
  });
}

test("4: an empty boolean is one that was not given, JSON's own are booleans", async () => {
  const path = "/api/v1/accounts/update_credentials";
  const set = async (options: object) => (await must(server, "PATCH", path, { token: anna.token, ...options })).locked;
  assert.equal(await set({ json: { locked: true } }), true);
  assert.equal(await set({ form: { locked: "" } }), true);
  assert.equal(await set({ json: { locked: false } }), false);
});

test("5: a trailing slash reaches the same handler, without a redirect", async () => {
  for (const path of ["/api/v1/instance/", "/api/v2/instance/", "/api/v1/timelines/public/"]) {
    assert.equal((await ask(server, "GET", path)).status, 200, path);
  }
  const form = { account_id: ben.id, comment: "slash" };
  assert.equal((await ask(server, "POST", "/api/v1/reports/", { token: anna.token, form })).status, 200);
  assert.equal((await ask(server, "GET", "/api/v1/conversations/", { token: anna.token })).status, 200);
});

test("6: everything is application/json, errors too", async () => {
  for (const path of ["/api/v1/instance", "/api/v1/nothing", "/api/v1/statuses/1", "/api/v1/timelines/home"]) {
    const reply = await ask(server, "GET", path);
    assert.match(reply.headers.get("Content-Type") ?? "", /^application\/json(;|$)/, path);
    assert.notEqual(reply.json, undefined, path);
  }
});

test("6: what has nothing to say says {}", async () => {
  for (const path of ["/api/v1/notifications/clear"]) {
    const reply = await ask(server, "POST", path, { token: anna.token });
    assert.deepEqual([reply.status, reply.text], [200, "{}"], path);
  }
});

test("7: ids are strings of digits, and newer ones are larger", async () => {
  const [first, second] = [await post("older"), await post("newer")];
  for (const status of [first, second]) {
    for (const id of [status.id, status.account.id]) assert.match(id, /^[1-9]\d{0,18}$/);
    assert.ok(BigInt(status.id) < 2n ** 63n);
  }
  assert.ok(BigInt(second.id) > BigInt(first.id));
});

test("8: Link has next first, and a browser may read it", async () => {
  await post("a page");
  const reply = await ask(server, "GET", "/api/v1/timelines/home?limit=1", { token: anna.token });
  assert.match(
    reply.headers.get("Link") ?? "",
    /^<http[^>]+max_id=\d+>; rel="next", <http[^>]+min_id=\d+>; rel="prev"$/,
  );
  assert.match(reply.headers.get("Access-Control-Expose-Headers") ?? "", /(^|, )Link(,|$)/);
});

test("8: a token in the query does not get into Link", async () => {
  const reply = await ask(server, "GET", `/api/v1/timelines/home?limit=1&access_token=${anna.token}`);
  assert.ok(links(reply).next);
  assert.equal((reply.headers.get("Link") ?? "").includes(anna.token), false);
});

test("9: a limit above the greatest is the greatest", async () => {
  await must(server, "GET", "/api/v1/timelines/home?limit=200", { token: anna.token });
  await must(server, "GET", "/api/v1/followed_tags?limit=200", { token: anna.token });
  await must(server, "GET", "/api/v1/follow_requests?limit=80", { token: anna.token });
});

test("10: a preflight needs no token and is answered for two hours", async () => {
  for (const path of ["/api/v1/statuses", "/oauth/token", "/oauth/revoke", "/oauth/userinfo", "/nodeinfo/2.0"]) {
    const reply = await ask(server, "OPTIONS", path, {
      headers: { Origin: "https://phanpy.example", "Access-Control-Request-Method": "POST" },
    });
    assert.ok([200, 204].includes(reply.status), path);
    assert.equal(reply.headers.get("Access-Control-Allow-Origin"), "*", path);
    const methods = reply.headers.get("Access-Control-Allow-Methods") ?? "";
    for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE"]) assert.ok(methods.includes(method), methods);
    const headers = reply.headers.get("Access-Control-Allow-Headers") ?? "";
    for (const header of ["Authorization", "Content-Type", "Idempotency-Key", "*"]) assert.ok(headers.includes(header));
    assert.equal(reply.headers.get("Access-Control-Max-Age"), "7200");
  }
});

test("10: answers and errors alike may be read from anywhere", async () => {
  const paths = ["/api/v2/instance", "/api/v1/timelines/home", "/api/v1/nothing", "/.well-known/nodeinfo"];
  for (const path of [...paths, "/.well-known/oauth-authorization-server", "/nodeinfo/2.0"]) {
    const reply = await ask(server, "GET", path, { headers: { Origin: "https://elk.example" } });
    assert.equal(reply.headers.get("Access-Control-Allow-Origin"), "*", path);
    const exposed = reply.headers.get("Access-Control-Expose-Headers") ?? "";
    for (const name of [
      "Link",
      "Retry-After",
      "X-RateLimit-Limit",
      "X-RateLimit-Remaining",
      "X-RateLimit-Reset",
      "X-Request-Id",
    ]) {
      assert.ok(exposed.includes(name), `${path}: ${name}`);
    }
  }
});

test("11: unknown addresses of the API are JSON 404", async () => {
  for (const [method, path] of [
    ["GET", "/api/v1/made/up"],
    ["POST", "/api/v9/statuses"],
    ["GET", "/api/"],
    ["DELETE", "/api/v1/instance"],
    ["GET", "/api/v1/timelines/nothing"],
    ["GET", "/.well-known/made-up"],
  ] as const) {
    const reply = await ask(server, method, path);
    assert.deepEqual([reply.status, typeof reply.json?.error], [404, "string"], `${method} ${path}: ${reply.text}`);
  }
});

test("11: an unknown address is 404 also for what is sent to it", async () => {
  const long = "x".repeat(20_000);
  for (const [method, path] of [
    ["POST", "/api/v1/made/up"],
    ["PUT", "/api/v1/made/up"],
    ["DELETE", "/api/v9/statuses/1"],
    ["POST", "/api/v1/instance"],
  ] as const) {
    for (const body of [{ json: { text: long } }, { form: { text: long } }]) {
      const reply = await ask(server, method, path, { token: anna.token, ...body });
      assert.deepEqual([reply.status, typeof reply.json?.error], [404, "string"], `${method} ${path}: ${reply.text}`);
    }
  }
});

test("11: a refused field is 422 that begins with Validation failed", async () => {
  const reply = await ask(server, "POST", "/api/v1/statuses", { token: anna.token, form: { status: "" } });
  assert.equal(reply.status, 422);
  assert.match(reply.json.error, /^Validation failed: /);
});

test("12: an idempotency key works in JSON, too", async () => {
  const again = { token: anna.token, json: { status: "keyed" }, headers: { "Idempotency-Key": "k-12" } };
  const [first, second] = [
    await must(server, "POST", "/api/v1/statuses", again),
    await must(server, "POST", "/api/v1/statuses", again),
  ];
  assert.equal(first.id, second.id);
});

test("13: uploads are refused in JSON and never half taken", async () => {
  const multipart = new FormData();
  multipart.set("file", new Blob(["x"]), "x.png");
  for (const path of ["/api/v1/media", "/api/v2/media"]) {
    const reply = await ask(server, "POST", path, { token: anna.token, multipart });
    assert.ok(reply.status >= 400 && reply.status < 500, reply.text);
    assert.equal(typeof reply.json.error, "string");
  }
  const configuration = (await must(server, "GET", "/api/v2/instance")).configuration;
  assert.equal(configuration.statuses.max_media_attachments, 4);
});

function isCounted({ headers }: { headers: Headers }, what: string): void {
  assert.match(headers.get("X-RateLimit-Limit") ?? "", /^[1-9]\d*$/, what);
  assert.match(headers.get("X-RateLimit-Remaining") ?? "", /^\d+$/, what);
  assert.match(headers.get("X-RateLimit-Reset") ?? "", /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z$/, what);
  assert.ok(Date.parse(headers.get("X-RateLimit-Reset") ?? "") > Date.now() - 1000, what);
  assert.ok(Math.abs(Date.parse(headers.get("Date") ?? "") - Date.now()) < 60_000, "Date, to correct clocks by");
  assert.match(headers.get("X-Request-Id") ?? "", /^[0-9a-f]{16}$/, what);
}

test("14: every answer of the API counts requests in headers, and the reset is a time", async () => {
  const requests: [string, string | undefined][] = [
    ["/api/v1/timelines/home", anna.token],
    ["/api/v1/timelines/public", undefined],
    ["/api/v1/accounts/1", undefined],
    ["/api/v1/custom_emojis", undefined],
  ];
  for (const [path, token] of requests) isCounted(await ask(server, "GET", path, { token }), path);
});

test("14: what no handler answers is counted, too, for the token that came with it", async () => {
  const { token } = await server.member("counted");
  const home = () => ask(server, "GET", "/api/v1/timelines/home", { token });
  let left = Number((await home()).headers.get("X-RateLimit-Remaining"));
  const json = { headers: { "Content-Type": "application/json", Authorization: `Bearer ${token}` } };
  const refused: [number, string, string, RequestInit][] = [
    [404, "GET", "/api/v1/made/up", json],
    [404, "DELETE", "/api/v1/instance", json],
    [400, "POST", "/api/v1/statuses", { ...json, body: '{"status":' }],
    [413, "POST", "/api/v1/statuses", { ...json, body: JSON.stringify({ status: "x".repeat(1024 * 1024) }) }],
  ];
  for (const [status, method, path, init] of refused) {
    const reply = await fetch(server.url + path, { ...init, method });
    assert.equal(reply.status, status, `${method} ${path}: ${await reply.text()}`);
    isCounted(reply, `${status} ${path}`);
    const now = Number(reply.headers.get("X-RateLimit-Remaining"));
    assert.ok(now === left - 1 || now === 299, `${status} ${path}: ${left}, then ${now}`);
    left = now;
  }
});

test("15: dates have three digits of a second, days are days", async () => {
  const { created_at } = await post("dated");
  assert.match(created_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  assert.ok(Math.abs(Date.parse(created_at) - Date.now()) < 60_000);
  const me = await must(server, "GET", "/api/v1/accounts/verify_credentials", { token: anna.token });
  assert.match(me.created_at, /^\d{4}-\d\d-\d\dT00:00:00\.000Z$/);
  assert.match(me.last_status_at, /^\d{4}-\d\d-\d\d$/);
});

test("16: reblog answers the wrapper, unreblog the original, delete the source", async () => {
  const { id } = await post("wrapped");
  const wrapper = await must(server, "POST", `/api/v1/statuses/${id}/reblog`, { token: ben.token });
  assert.deepEqual([wrapper.reblog.id, wrapper.content], [id, wrapper.reblog.content]);
  assert.equal((await must(server, "POST", `/api/v1/statuses/${id}/unreblog`, { token: ben.token })).id, id);
  const deleted = await must(server, "DELETE", `/api/v1/statuses/${id}`, { token: anna.token });
  assert.deepEqual([deleted.text, "content" in deleted], ["wrapped", false]);
});

test("17: source is there before the first edit, edited_at only after it", async () => {
  const { id, edited_at } = await post("unedited");
  assert.equal(edited_at, null);
  assert.equal((await must(server, "GET", `/api/v1/statuses/${id}/source`, { token: anna.token })).text, "unedited");
  assert.equal((await must(server, "GET", `/api/v1/statuses/${id}/history`, { token: anna.token })).length, 1);
});

test("18: acct is bare", async () => {
  const status = await post("@ben hello");
  assert.equal(status.account.acct, "anna");
  assert.equal(status.mentions[0].acct, "ben");
});

test("19: search answers three lists, with and without an @, in any case, resolve or not", async () => {
  for (const q of ["ben", "@ben", "BEN", `@ben@${new URL(server.url).host}`]) {
    const query = new URLSearchParams({ q, resolve: "true", type: "accounts" });
    const found = await must(server, "GET", `/api/v2/search?${query}`, { token: anna.token });
    assert.deepEqual(found.statuses, []);
    assert.deepEqual(found.hashtags, []);
    assert.ok(
      found.accounts.some((a: Json) => a.acct === "ben"),
      q,
    );
  }
});

test("20: HTML has the links and classes by which apps find mentions, tags and addresses", async () => {
  const link = "https://example.org/a/very/long/path/that/is/cut/for/show?query=1";
  const made = await post(`@ben see #Harbour at ${link}\nnext line\n\nnext paragraph`);
  const anchors = [...made.content.matchAll(/<a\b[^>]*>/g)].map(([tag]) => tag);
  assert.equal(anchors.length, 3);
  assert.match(anchors[0] ?? "", new RegExp(`href="${made.mentions[0].url}"`));
  assert.match(anchors[0] ?? "", /class="[^"]*\bu-url mention\b/);
  assert.match(anchors[1] ?? "", /href="[^"]*\/tags\/harbour"/i);
  assert.match(anchors[1] ?? "", /class="mention hashtag"/);
  assert.equal(/href="([^"]*)"/.exec(anchors[2] ?? "")?.[1], link);
  assert.match(anchors[2] ?? "", /rel="[^"]*nofollow[^"]*noopener/);
  assert.match(made.content, /<span class="h-card"/);
  assert.match(made.content, /class="invisible"/);
  assert.match(made.content, /class="ellipsis"/);
  assert.equal(made.content.match(/<p>/g)?.length, 2);
  assert.match(made.content, /<br ?\/?>/);
  const tags = new Set([...made.content.matchAll(/<\/?([a-z]+)/g)].map(([, name]) => name));
  assert.deepEqual([...tags].sort(), ["a", "br", "p", "span"]);
});

test("21: relationships come in the order asked, without the unknown", async () => {
  const query = `id[]=${ben.id}&id[]=1&id[]=${anna.id}`;
  const found = await must(server, "GET", `/api/v1/accounts/relationships?${query}`, { token: anna.token });
  assert.deepEqual(
    found.map((r: Json) => r.id),
    [ben.id, anna.id],
  );
});

test("22: no push subscription is 404 Not Found", async () => {
  const reply = await ask(server, "GET", "/api/v1/push/subscription", { token: anna.token });
  assert.deepEqual([reply.status, reply.json], [404, { error: "Not Found" }]);
});

test("23: what is somebody's own is never kept by a cache", async () => {
  for (const path of ["/api/v1/timelines/home", "/api/v1/accounts/verify_credentials"]) {
    const { headers } = await ask(server, "GET", path, { token: anna.token });
    assert.match(headers.get("Cache-Control") ?? "", /private/, path);
    assert.match(headers.get("Vary") ?? "", /Authorization/, path);
  }
  const { headers } = await ask(server, "GET", "/api/v1/accounts/verify_credentials", { token: anna.token });
  assert.match(headers.get("Cache-Control") ?? "", /no-store/);
});

test("25: the user agent does not matter and unknown parameters are ignored", async () => {
  for (const agent of ["", "toot/0.50", "Dalvik/2.1.0 (Linux; U; Android 14)"]) {
    const headers = { "User-Agent": agent };
    const path = "/api/v1/timelines/home?made_up=1&with_muted=true&id[x][y]=z";
    assert.equal((await ask(server, "GET", path, { token: anna.token, headers })).status, 200, agent);
  }
});

test("an app that asks for JSON at the address of an invitation finds none", async () => {
  assert.equal((await ask(server, "GET", "/sign-up/abcdef", { headers: { Accept: "application/json" } })).status, 404);
  assert.equal((await ask(server, "GET", "/sign-up/abcdef", { headers: { Accept: "text/html,*/*" } })).status, 200);
});

test("HEAD answers like GET without a body", async () => {
  const reply = await ask(server, "HEAD", "/api/v1/instance");
  assert.deepEqual([reply.status, reply.text], [200, ""]);
  assert.ok(
    (await fetch(`${server.url}/`, { method: "HEAD" })).headers.get("Date"),
    "Mastodon.py reads the clock here",
  );
});
