// SPDX-License-Identifier: Apache-2.0
// The command line against a running server: what it answers, its exit codes, and what it refuses.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { ask, type Json, must } from "../lib/http.ts";
import { engine, type Member, programPath, type Server, startServer } from "../lib/server.ts";
import { eventually } from "../lib/wait.ts";

interface Result {
  code: number;
  stdout: string;
  stderr: string;
  json: Json;
}

function run(words: string[], env: NodeJS.ProcessEnv, input = ""): Promise<Result> {
  return new Promise((resolve) => {
    const child = execFile(programPath(), words, { env }, (error, stdout, stderr) => {
      let json: Json;
      try {
        json = JSON.parse(stdout);
      } catch {
        json = undefined;
      }
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr, json });
    });
    child.stdin?.on("error", () => {}); // it may end before it reads
    child.stdin?.end(input);
  });
}

let server: Server;
let anna: Member;
let folder: string;
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "parley-cli-"));
  server = await startServer();
  [anna] = (await server.members("anna")) as [Member];
});
after(async () => {
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});
const parley = (...words: string[]) => run(words, server.environment());
const json = (...words: string[]) => parley(...words, "--json");
/** The environment without any server: only the folder is said. */
const elsewhere = () => ({ PATH: process.env.PATH, PARLEY_DATA: folder });

test("--help teaches: each command has its own, with examples and exit codes", async () => {
  const all = await parley("--help");
  assert.equal(all.code, 0);
  assert.match(all.stdout, /member create NAME/);
  assert.match(all.stdout, /3 the server is not running/);
  for (const words of [["serve"], ["member", "create"], ["status", "hold"], ["mode"], ["demo"], ["db", "check"]]) {
    const one = await parley(...words, "--help");
    assert.equal(one.code, 0);
    assert.match(one.stdout, /Examples:/);
    assert.match(one.stdout, new RegExp(`parley ${words.join(" ")}`));
  }
  assert.match((await parley("member", "--help")).stdout, /member suspend NAME/);
});

test("wrong usage is exit code 2 and says what is wrong", async () => {
  for (const [words, says] of [
    [["frobnicate"], /no command 'frobnicate'/],
    [["--json", "member", "list"], /'--json' stands before the command: options stand behind it/],
    [["member", "sow", "a"], /no command 'member sow'. 'parley member --help'/],
    [["member", "show"], /NAME is missing/],
    [["member", "show", "a", "b"], /b is too much/],
    [["member", "show", "a", "--loudly"], /--loudly is no option/],
    [["member", "limit", "a", "--reason"], /--reason needs a value/],
    [["mode", "--set", "listen"], /KEY=VALUE/],
  ] as [string[], RegExp][]) {
    const result = await parley(...words);
    assert.equal(result.code, 2, words.join(" "));
    assert.match(result.stderr, says);
  }
});

test("a port that is taken: exit code 1, and what to do", async () => {
  const settings = { ...elsewhere(), PARLEY_LISTEN: `127.0.0.1:${server.port}` };
  const result = await run(["serve"], settings);
  assert.equal(result.code, 1);
  assert.match(result.stderr, /cannot listen on .*in use\. .*--set listen=/);
});

test("without a server: exit code 3, a sentence, and how to start it", async () => {
  const result = await run(["member", "list"], elsewhere());
  assert.equal(result.code, 3);
  assert.match(result.stderr, /No server runs on the folder/);
  assert.match(result.stderr, /parley serve --data/);
  const forPrograms = await run(["member", "list", "--json"], elsewhere());
  assert.equal(forPrograms.code, 3);
  assert.match(forPrograms.json.error, /No server runs/);
});

test("a refusal is exit code 1, with --json as an error object", async () => {
  const result = await json("member", "show", "nobody_of_this_name");
  assert.equal(result.code, 1);
  assert.match(result.json.error, /no member 'nobody_of_this_name'/);
  assert.equal((await parley("member", "role", "anna", "emperor")).code, 1);
  assert.match((await parley("member", "limit", "anna", "--until", "yesterday")).stderr, /until must be like/);
  assert.match((await parley("member", "limit", "anna", "--until", "2020-01-01")).stderr, /in the past/);
});

test("member create makes somebody who may sign in, and refuses what sign-up refuses", async () => {
  const made = await json("member", "create", "bert", "--email", "bert@example.org", "--role", "moderator");
  assert.equal(made.code, 0);
  assert.equal(made.json.role, "moderator");
  assert.ok(made.json.password.length >= 16);
  const token = await server.token(await server.registerApp(), "read", {
    email: "bert@example.org",
    password: made.json.password,
  });
  assert.equal((await must(server, "GET", "/api/v1/accounts/verify_credentials", { token })).username, "bert");
  assert.match((await json("member", "create", "Bert", "--email", "b@example.org")).json.error, /username/);
  assert.match((await json("member", "create", "admin", "--email", "c@example.org")).json.error, /reserved/);
  assert.match((await json("member", "create", "carla")).json.error, /^--email is missing$/);
  assert.match((await json("member", "create", "carla", "--email", "nonsense")).json.error, /email is invalid/);
});

test("members are found by name, @name and id, and listed by kind", async () => {
  for (const who of ["anna", "@anna", "ANNA", anna.id])
    assert.equal((await json("member", "show", who)).json.id, anna.id);
  const shown = (await json("member", "show", "anna")).json;
  assert.equal(shown.email, anna.email);
  assert.equal(shown.standing.kind, "normal");
  assert.equal(shown.two_factor, false);
  await json("member", "role", "anna", "moderator");
  const staff = (await json("member", "list", "--which", "staff")).json.members.map((m: Json) => m.username);
  assert.ok(staff.includes("anna"));
  assert.equal((await json("member", "role", "anna", "member")).json.role, "member");
  assert.equal((await json("member", "list", "--limit", "1")).json.members.length, 1);
  assert.match((await parley("member", "list")).stdout, /^username +display_name/);
});

test("there is one owner: a new one makes the old one admin", async () => {
  const [one, two] = await server.members("owner_one", "owner_two");
  assert.ok(one && two);
  await json("member", "role", "owner_one", "owner");
  await json("member", "role", "owner_two", "owner");
  assert.equal((await json("member", "show", "owner_one")).json.role, "admin");
  assert.equal((await json("member", "show", "owner_two")).json.role, "owner");
  assert.match((await json("member", "role", "owner_two", "member")).json.error, /@owner_two is the owner/);
  const third = ["member", "create", "owner_three", "--email", "three@example.org", "--role", "owner"];
  assert.match((await json(...third)).json.error, /@owner_two is the owner/);
  assert.equal((await json("member", "show", "owner_two")).json.role, "owner");
});

test("a parley is shown with its standing and history; letters are not read", async () => {
  const open = await anna.client.v1.statuses.create({ status: "about the ferry" });
  const letter = await anna.client.v1.statuses.create({ status: "between us", visibility: "direct" });
  const held = await json("status", "hold", open.id, "--reason", "whose photo?", "--until", "2h");
  assert.equal(held.json.standing.kind, "held");
  await json("status", "restore", open.id);
  const shown = (await json("status", "show", open.id)).json;
  assert.equal(shown.text, "about the ferry");
  assert.equal(shown.standing.kind, "normal");
  assert.deepEqual(
    shown.history.map((h: Json) => h.standing.kind),
    ["normal", "held"],
  );
  assert.equal(shown.history[1].standing.reason, "whose photo?");
  assert.equal((await json("status", "show", letter.id)).json.text, null);
  assert.equal((await json("status", "show", "12")).code, 1);
});

test("reports are listed, shown and closed once", async () => {
  const [dora] = (await server.members("dora")) as [Member];
  const filed = await must(server, "POST", "/api/v1/reports", {
    token: dora.token,
    form: { account_id: anna.id, comment: "loud", category: "spam" },
  });
  const listed = (await json("report", "list")).json.reports.find((r: Json) => r.id === filed.id);
  assert.deepEqual([listed.target, listed.by, listed.category, listed.comment], ["anna", "dora", "spam", "loud"]);
  assert.equal((await json("report", "close", filed.id, "--outcome", "talked to her")).json.outcome, "talked to her");
  assert.equal((await json("report", "close", filed.id, "--outcome", "again")).code, 1);
  assert.ok((await json("report", "list", "--closed")).json.reports.some((r: Json) => r.id === filed.id));
  assert.ok((await json("report", "show", filed.id)).json.closed_at !== null);
});

test("invitations are made for somebody, listed and revoked", async () => {
  const made = await json("invite", "create", "--as", "anna", "--uses", "3", "--expires", "7d", "--note", "choir");
  assert.equal(made.json.uses_max, 3);
  assert.ok(made.json.url.endsWith(`/${made.json.code}`));
  const list = async () => (await json("invite", "list", "--as", "anna")).json.invites.map((i: Json) => i.code);
  assert.ok((await list()).includes(made.json.code));
  assert.equal((await json("invite", "revoke", made.json.code)).code, 0);
  assert.ok(!(await list()).includes(made.json.code));
  assert.equal((await json("invite", "revoke", made.json.code)).code, 1);
});

test("settings and rules count at once, for everybody", async () => {
  assert.equal((await json("setting", "set", "title", "Harbour Town")).json.value, "Harbour Town");
  assert.equal((await must(server, "GET", "/api/v2/instance")).title, "Harbour Town");
  assert.equal((await parley("setting", "get", "title")).stdout, "Harbour Town\n");
  assert.match((await json("setting", "set", "sign_up", "maybe")).json.error, /open, approval, invite or closed/);
  assert.match((await json("setting", "set", "mode", "read-only")).json.error, /parley mode/);
  assert.equal((await json("setting", "set", "nonsense", "1")).code, 1);
  const file = path.join(folder, "about.txt");
  await writeFile(file, "Who we are.\n\nHow to reach us.\n");
  assert.equal((await json("setting", "set", "about", "--file", file)).json.value, "Who we are.\n\nHow to reach us.");
  const set = await run(
    ["rules", "set", "-", "--json"],
    server.environment(),
    "Be kind. | To people.\n\nNo advertising.\n",
  );
  assert.deepEqual(
    set.json.rules.map((r: Json) => [r.text, r.hint]),
    [
      ["Be kind.", "To people."],
      ["No advertising.", ""],
    ],
  );
  const kept = set.json.rules[1].id;
  const changed = await run(["rules", "set", "-", "--json"], server.environment(), "New one.\nNo advertising.\n");
  assert.equal(changed.json.rules[1].id, kept, "a rule that stays keeps its number: reports name it");
  assert.notEqual(changed.json.rules[0].id, kept);
  assert.equal((await must(server, "GET", "/api/v2/instance")).rules.length, 2);
});

test("mode: shown, entered with a reason, shown by /ready, left", async () => {
  assert.match((await json("mode", "read-only")).json.error, /Say why/);
  assert.match((await json("mode", "sideways")).json.error, /no mode/);
  const entered = (await json("mode", "read-only", "--reason", "moving", "--until", "1h")).json;
  assert.deepEqual([entered.mode, entered.reason], ["read-only", "moving"]);
  assert.equal((await ask(server, "GET", "/ready")).status, 503);
  assert.equal((await ask(server, "GET", "/health")).status, 200);
  assert.equal((await json("mode", "normal")).json.mode, "normal");
  assert.equal((await ask(server, "GET", "/ready")).status, 200);
});

test("info, db info and db check answer with figures", async () => {
  const info = (await json("info")).json;
  assert.equal(info.pid, server.pid);
  assert.ok(info.resident_bytes > 1_000_000);
  assert.ok(info.net.requests > 0);
  assert.equal((await json("db", "info")).json.engine, engine);
  assert.deepEqual((await json("db", "check")).json, { intact: true, verdict: "ok" });
  assert.equal((await json("version")).json.schema, (await json("db", "info")).json.schema);
});

test("what is not there is named", async () => {
  assert.equal((await json("status", "show", "12345")).json.error, "Not found: status '12345'");
  assert.equal((await json("report", "show", "12345")).json.error, "Not found: report '12345'");
  assert.match((await json("terms", "remove", "2031-01-31")).json.error, /^Not found: terms '2031-01-31'/);
});

test("rebuild makes the search index anew while serving", async () => {
  const { id } = await anna.client.v1.statuses.create({ status: "an unmistakable zeppelin" });
  const found = async () => {
    const all = await must(server, "GET", "/api/v2/search?q=zeppelin&type=statuses", { token: anna.token });
    return all.statuses.some((s: Json) => s.id === id);
  };
  await eventually("the index has it", found);
  assert.equal((await json("rebuild")).code, 0);
  await eventually("the new index has it", found);
  await eventually("and says so", async () => (await json("info")).json.search_index_percent === 100);
});

test("member delete asks for --yes, then takes everything away; the name stays taken", async () => {
  const [emil] = (await server.members("emil")) as [Member];
  const { id } = await emil.client.v1.statuses.create({ status: "here for now" });
  assert.match((await json("member", "delete", "emil")).json.error, /--yes/);
  assert.equal((await json("member", "delete", "emil", "--yes")).code, 0);
  assert.equal((await ask(server, "GET", "/api/v1/accounts/verify_credentials", { token: emil.token })).status, 401);
  await eventually("the account is gone", async () => (await json("member", "show", "emil")).code === 1);
  assert.equal((await ask(server, "GET", `/api/v1/statuses/${id}`)).status, 404);
  assert.match((await json("member", "create", "emil", "--email", "emil2@example.org")).json.error, /taken/);
});

test("reset-password prints a link of this server", async () => {
  const { url } = (await json("member", "reset-password", "anna")).json;
  assert.ok(url.startsWith(`${server.url}/reset/`));
});

test("a second server on the folder is refused in a sentence", { skip: engine !== "sqlite" }, async () => {
  const result = await parley("serve", "--set", "listen=127.0.0.1:0");
  assert.equal(result.code, 1);
  assert.match(result.stderr, /Another Parley uses the data folder/);
  assert.match((await parley("db", "migrate")).stderr, /Another Parley uses the data folder/);
  assert.equal((await fetch(`${server.url}/health`)).status, 200);
});

test("init writes a commented configuration once, and the owner's link", async () => {
  const data = path.join(folder, "new");
  const words = ["init", "--data", data, "--set", "domain=harbour.example", "--set", "workers=3", "--json"];
  const made = await run(words, elsewhere());
  assert.equal(made.code, 0, made.stderr);
  assert.equal(made.json.base_url, "https://harbour.example");
  assert.match(made.json.setup_url, /^https:\/\/harbour\.example\/setup\/./);
  const ini = await readFile(path.join(data, "parley.ini"), "utf8");
  assert.match(ini, /^workers = 3$/m);
  assert.match(ini, /^;listen = 127\.0\.0\.1:8380$/m);
  for (const name of ["parley.ini", "parley.db", "derived.db", "master.key"])
    assert.equal((await stat(path.join(data, name))).mode & 0o077, 0, name);
  const again = await run(words, elsewhere());
  assert.equal(again.code, 1);
  assert.match(again.json.error, /there already/);
  const check = await run(["config", "check", "--data", data], elsewhere());
  assert.match(check.stdout, /https:\/\/harbour\.example/);
  const shown = await run(["config", "show", "--data", data, "--json"], elsewhere());
  const workers = shown.json.keys.find((k: Json) => k.key === "workers");
  assert.equal(workers.value, "3");
  assert.match(workers.from, /parley\.ini:\d+$/);
});

test("a bad configuration is refused with key, value, what is allowed and where it was set", async () => {
  const result = await run(["config", "check"], { ...elsewhere(), PARLEY_WORKERS: "lots" });
  assert.equal(result.code, 1);
  for (const part of ["workers", "lots", "a whole number from 1", "environment PARLEY_WORKERS"])
    assert.ok(result.stderr.includes(part), result.stderr);
  const testing = await run(["serve", "--set", "testing=yes", "--set", "listen=0.0.0.0:0"], elsewhere());
  assert.equal(testing.code, 1);
  assert.match(testing.stderr, /testing/);
});

test("all that is wrong with a configuration is said at once", async () => {
  const env = { ...elsewhere(), PARLEY_WORKERS: "lots", PARLEY_LOG_LEVEL: "loud" };
  const values = await run(["config", "check"], env);
  assert.ok(values.stderr.includes("workers = 'lots'") && values.stderr.includes("log_level = 'loud'"), values.stderr);
  const together = await run(["config", "check", "--set", "domain=a b", "--set", "database=mysql"], elsewhere());
  assert.ok(together.stderr.includes("domain = 'a b'") && together.stderr.includes("database = 'mysql'"));
  const file = path.join(folder, "typos.ini");
  await writeFile(file, "lissten = :80\nworkers = 3\ndomian = x\n");
  const typos = await run(["config", "check", "--config", file], elsewhere());
  assert.equal(typos.code, 1);
  for (const part of ["typos.ini:1: there is no key 'lissten'", "typos.ini:3: there is no key 'domian'"])
    assert.ok(typos.stderr.includes(part), typos.stderr);
});

test("a variable that sets nothing is told at the start", async () => {
  const env = { ...elsewhere(), PARLEY_WORKRES: "3", PARLEY_LISTEN: "192.0.2.1:0" };
  const result = await run(["serve", "--data", path.join(folder, "strays")], env);
  assert.match(result.stderr + result.stdout, /no key of the configuration is set by [^\n]*PARLEY_WORKRES/);
  assert.doesNotMatch(result.stderr, /set by [^\n]*PARLEY_LISTEN/);
});

test("a database that does not answer is told with the key that has its address, and where that was set", async () => {
  const env = { ...elsewhere(), PARLEY_DATABASE: "postgres://p:hunter2@127.0.0.1:1/x" };
  for (const args of [["serve"], ["db", "migrate"], ["db", "check"]]) {
    const result = await run([...args, "--data", path.join(folder, "unreachable")], env);
    assert.equal(result.code, 1, args.join(" "));
    assert.match(result.stderr, /key 'database' \(set by environment PARLEY_DATABASE\)/, args.join(" "));
    assert.match(result.stderr, /Connection refused/);
    assert.ok(!(result.stderr + result.stdout).includes("hunter2"));
  }
});

test("secrets are not shown by config show", async () => {
  const secrets = { PARLEY_SMTP_PASSWORD: "hunter2", PARLEY_S3_SECRET_KEY: "hunter2", PARLEY_METRICS_TOKEN: "hunter2" };
  const env = { ...elsewhere(), ...secrets, PARLEY_DATABASE: "postgres://p:hunter2@db/x" };
  assert.ok(!(await run(["config", "show"], env)).stdout.includes("hunter2"));
});

test("a store that is newer than the program is refused in a sentence", { skip: engine !== "sqlite" }, async () => {
  const data = path.join(folder, "newer");
  assert.equal((await run(["init", "--data", data], elsewhere())).code, 0);
  const sql = "INSERT INTO migration (version, name, applied_ms) VALUES (9999, 'future', 1)";
  const code = `import sqlite3,sys\nd=sqlite3.connect(sys.argv[1])\nd.execute(sys.argv[2])\nd.commit()`;
  await new Promise((resolve, reject) =>
    execFile("python3", ["-c", code, path.join(data, "parley.db"), sql], (e) => (e ? reject(e) : resolve(undefined))),
  );
  const result = await run(["serve", "--data", data, "--set", "listen=127.0.0.1:0"], elsewhere());
  assert.equal(result.code, 1);
  assert.match(result.stderr, /written by a newer Parley/);
});

test("db check and db migrate work without a server, and do not make a folder up", async () => {
  const data = path.join(folder, "apart");
  assert.equal((await run(["db", "check", "--data", data], elsewhere())).code, 1);
  assert.equal((await run(["db", "migrate", "--data", data], elsewhere())).code, 0);
  assert.deepEqual((await run(["db", "check", "--data", data, "--json"], elsewhere())).json, {
    intact: true,
    verdict: "ok",
  });
});

test("demo fills a folder with people who talk, and keeps what is there", { timeout: 120_000 }, async () => {
  const data = path.join(folder, "demo");
  const words = ["demo", "--data", data, "--members", "20", "--parleys", "300", "--days", "5", "--only-fill"];
  const made = await run(words, elsewhere());
  assert.equal(made.code, 0, made.stderr);
  assert.match(made.stdout, /300 of 300 parleys/);
  const again = await run(words, elsewhere());
  assert.equal(again.code, 0);
  assert.ok(!again.stdout.includes("parleys"), "it is not filled twice");
});

test("HUP reads settings and the log level again, and the server goes on", async () => {
  process.kill(server.pid, "SIGHUP");
  await eventually("it says so", () => server.log.includes("settings read again"));
  assert.equal((await ask(server, "GET", "/health")).status, 200);
});

test("the first start shows a link for the owner; with an owner there is none", async () => {
  const data = path.join(folder, "owned");
  const one = await startServer({ data });
  try {
    await eventually("it shows the link", () => /\/setup\/[\w-]{43}/.test(one.log));
    const { url } = await one.command("member", "owner-link");
    assert.match(await (await fetch(url)).text(), /within 60 minutes/);
    await one.command("member", "create", "olga", "--email", "olga@example.org", "--role", "owner");
    await one.halt();
    one.log = "";
    await one.start();
    await eventually("it says where it is", () => /Parley is ready: .*\n/.test(one.log));
    assert.ok(!one.log.includes("/setup/"));
    await assert.rejects(one.command("member", "owner-link"), { stdout: /@olga is the owner/ });
  } finally {
    await one.stop();
  }
});
