// SPDX-License-Identifier: Apache-2.0
// The server's figures: who may read them, that Prometheus can, and that they count what happened. And what the log says of
// requests.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { after, before, test } from "node:test";
import { ask } from "../lib/http.ts";
import { type Member, type Server, startServer } from "../lib/server.ts";
import { Visitor } from "../lib/visitor.ts";
import { eventually } from "../lib/wait.ts";

const TOKEN = "figures-for-the-monitor";
const root = path.resolve(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), "../..");

let server: Server;
before(async () => {
  server = await startServer({ settings: { metrics_token: TOKEN, slow_request_ms: "1", access_log: "yes" } });
});
after(() => server?.stop());

const read = (headers: Record<string, string> = {}) => ask(server, "GET", "/metrics", { headers });
async function value(series: string): Promise<number> {
  const line = (await read()).text.split("\n").find((l) => l.startsWith(`${series} `));
  return line === undefined ? 0 : Number(line.slice(series.length + 1));
}

test("promtool finds nothing to complain about", async () => {
  await ask(server, "GET", "/api/v1/instance");
  const said = spawnSync(path.join(root, "tools/promtool"), ["check", "metrics"], { input: (await read()).text });
  assert.equal(said.status, 0, `${said.stdout}${said.stderr}`);
  assert.equal(`${said.stdout}${said.stderr}`, "");
});

test("the alerts in the operator's guide are good", async () => {
  const guide = await readFile(path.join(root, "docs/OPERATING.md"), "utf8");
  const rules = /^ {4}groups:\n(?: {4}.*\n)+/m.exec(guide)?.[0].replace(/^ {4}/gm, "");
  assert.ok(rules);
  const file = path.join(server.data, "rules.yml");
  await writeFile(file, rules);
  const said = spawnSync(path.join(root, "tools/promtool"), ["check", "rules", file]);
  assert.equal(said.status, 0, `${said.stdout}${said.stderr}`);
  const figures = (await read()).text;
  for (const [name] of rules.matchAll(/parley_[a-z_]+/g))
    assert.match(figures, new RegExp(`^# TYPE ${name.replace(/_(bucket|count)$/, "")} `, "m"), name);
});

test("figures are for configured addresses without a proxy, or for the token", async () => {
  assert.equal((await read()).status, 200);
  assert.match((await read()).headers.get("content-type") ?? "", /^text\/plain; version=0\.0\.4/);
  for (const sign of ["X-Forwarded-For", "X-Real-IP", "Forwarded", "Via", "X-Forwarded-Proto"])
    assert.equal((await read({ [sign]: "127.0.0.1" })).status, 403, sign);
  const proxied = { "X-Forwarded-For": "203.0.113.9" };
  assert.equal((await read({ ...proxied, Authorization: `Bearer ${TOKEN}` })).status, 200);
  assert.equal((await read({ ...proxied, Authorization: `Bearer ${TOKEN}x` })).status, 403);
  assert.equal((await read({ ...proxied, Authorization: "Bearer " })).status, 403);
  assert.match((await read(proxied)).json.error, /metrics_from/);
});

test("requests are counted by class, status and where they were answered", async () => {
  const read404 = 'parley_request_duration_seconds_count{class="read",status="4xx",from="worker"}';
  const page = 'parley_request_duration_seconds_count{class="page",status="2xx",from="worker"}';
  const [one, two] = [await value(read404), await value(page)];
  for (let i = 0; i < 3; i++) await ask(server, "GET", "/api/v1/statuses/1");
  await ask(server, "GET", "/rules");
  assert.equal(await value(read404), one + 3);
  assert.equal(await value(page), two + 1);
});

test("what members do is seen in transactions, jobs and members", async () => {
  const done = 'parley_jobs_ended_total{kind="status_removed",outcome="done"}';
  const [transactions, jobs] = [await value("parley_transaction_commit_seconds_count"), await value(done)];
  const [metra] = await server.members("metra", "metric");
  await server.command("member", "create", "third", "--email", "third@example.org");
  assert.ok((await value("parley_transaction_commit_seconds_count")) > transactions);
  // What the operator asks for is of now, whenever the keeper counts.
  assert.equal((await server.command("info")).members, 3);
  await eventually("the members are counted", async () => (await value("parley_members")) === 3);
  const { id } = await (metra as Member).client.v1.statuses.create({ status: "soon gone" });
  await (metra as Member).client.v1.statuses.$select(id).remove();
  await eventually("the removal is counted", async () => (await value(done)) > jobs);
  assert.equal(await value('parley_mode{mode="normal"}'), 1);
  assert.ok((await value("parley_resident_memory_bytes")) > 1e6);
  assert.ok((await value("parley_threads")) > 3);
  for (const kind of ["readers", "rendered", "people", "pages", "filters"])
    assert.ok((await value(`parley_feed_evictions_total{kind="${kind}"}`)) >= 0, kind);
});

test("the command line shows the same figures", async () => {
  const { metrics } = await server.command("metrics");
  const members = metrics.find((m: { name: string }) => m.name === "parley_members");
  assert.equal(Number(members.value), await value("parley_members"));
  const reads = metrics.filter((m: { name: string }) => m.name === "parley_request_duration_seconds_count");
  assert.ok(reads.some((m: { labels: string }) => m.labels.startsWith('class="read",status="4xx"')));
});

test("admins see plots of the server, with a table each; others find nothing there", async () => {
  const [admin, moderator] = await server.members("adam", "mo");
  await server.command("member", "role", "adam", "admin");
  await server.command("member", "role", "mo", "moderator");
  const visitor = async (member: Member) => {
    const v = new Visitor(server);
    await v.signIn(await v.get("/sign-in"), member);
    return v;
  };
  assert.equal((await (await visitor(moderator as Member)).get("/server")).status, 404);
  const v = await visitor(admin as Member);
  const page = await eventually("the server was looked at twice", async () => {
    const now = await v.get("/server");
    return now.html.includes("<polyline") && now;
  });
  assert.equal(page.status, 200);
  const plots = [...page.html.matchAll(/<svg class="plot".*?<\/svg>/gs)].map(([svg]) => svg);
  assert.equal(plots.length, 9);
  assert.match(page.html, /<h2>Files that members uploaded<\/h2>/);
  for (const svg of plots)
    assert.match(svg, /<title id="[^"]+">.+<\/title><desc id="[^"]+">From .+ to .+<\/desc><polyline/);
  assert.equal([...page.html.matchAll(/<table>/g)].length, plots.length);
  assert.match(page.html, /nothing foretells it/);
  assert.equal((await v.get("/server?span=month")).status, 200);
});

test("the log says route, status and time of a request, and not what was asked for", async () => {
  await ask(server, "GET", "/api/v1/accounts/lookup?acct=somebody_secret");
  const text = await eventually("the line is there", () =>
    server.log.split("\n").find((l) => l.includes('"route":"/api/v1/accounts/lookup"')),
  );
  const line = JSON.parse(text);
  assert.equal(line.status, 404);
  assert.equal(line.method, "GET");
  assert.equal(typeof line.ms, "number");
  assert.match(line.id, /^[0-9a-f]{16}$/);
  assert.ok(!server.log.includes("somebody_secret"));
});
