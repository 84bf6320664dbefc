// SPDX-License-Identifier: Apache-2.0
// A day in w3m: signing in, writing, reading, liking. Keys go in through a pseudo-terminal (script, of util-linux).
import assert from "node:assert/strict";
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { ask, must } from "../lib/http.ts";
import { type Member, type Server, startServer } from "../lib/server.ts";
import { eventually } from "../lib/wait.ts";

const ENTER = "\r";
const TAB = "\t";
let server: Server;
let anna: Member;
let home: string;
let w3m: ChildProcess;
let screen = "";

/** Sends keys and waits until what is drawn since holds `expected`. */
async function keys(what: string, expected: RegExp | undefined): Promise<void> {
  screen = "";
  w3m.stdin?.write(what);
  if (expected !== undefined)
    await eventually(`w3m shows ${expected}`, () => expected.test(screen)).catch((error) => {
      throw new Error(`w3m shows: ${screen.slice(-600)}`, { cause: error });
    });
}

before(async () => {
  server = await startServer();
  anna = await server.member("anna");
  await anna.client.v1.statuses.create({ status: "Something to like." });
  home = await mkdtemp(path.join(tmpdir(), "parley-w3m-"));
  await writeFile(`${home}/editor`, '#!/bin/sh\nprintf "Written in w3m. #textmode\\n" > "$1"\n');
  await chmod(`${home}/editor`, 0o755);
  const command = `stty rows 60 cols 100; exec w3m -o accept_cookie=1 -o use_cookie=1 ${server.url}/sign-in`;
  w3m = spawn("script", ["-qec", command, "/dev/null"], {
    env: { ...process.env, HOME: home, TERM: "vt100", EDITOR: `${home}/editor`, LANG: "C.UTF-8" },
    stdio: ["pipe", "pipe", "inherit"],
  });
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what moves the cursor is no text
  const moves = /\u001b\[[0-9;?]*[A-Za-z]|\u001b[()][A-Z0-9]|\u001b[=>]/g;
  w3m.stdout?.setEncoding("utf8").on("data", (text: string) => {
    screen += text.replace(moves, " ").replace(/\s+/g, " ");
  });
});
after(async () => {
  w3m?.kill("SIGKILL");
  await server?.stop();
  if (home !== undefined) await rm(home, { recursive: true, force: true });
});

test("w3m signs in, writes and likes", async () => {
  await eventually("the form", () => /Viewing <Sign in/.test(screen));
  await keys(`/User name or${ENTER}`, /User name/);
  await keys(`${TAB}${ENTER}`, /TEXT:/);
  await keys(`anna${ENTER}`, /anna/);
  await keys(`${TAB}${ENTER}`, /Password/i);
  await keys(`${anna.password}${ENTER}`, /\*\*\*/);
  await keys(`${TAB}${ENTER}`, /Viewing <Home/);

  await keys(`g/Warning, vis${ENTER}`, undefined);
  await keys(`\u001b${TAB}${ENTER}`, /Written in w3m/);
  await keys(`/Warning, vis${ENTER}${TAB}${ENTER}`, /Viewing <Home/);
  const mine = await eventually("what was written", async () =>
    (await anna.client.v1.accounts.$select(anna.id).statuses.list()).find((s) => s.content.includes("Written in w3m.")),
  );
  assert.deepEqual(
    mine.tags.map((t) => t.name),
    ["textmode"],
  );

  await keys(`g/Favourite${ENTER}${ENTER}`, /Viewing <Home/);
  await eventually("the favourite", async () => (await anna.client.v1.favourites.list()).length === 1);
});

/** A page as w3m prints it, its white space made one. */
async function printed(path: string): Promise<string> {
  const { text } = await ask(server, "GET", path, { headers: { Accept: "text/html" } });
  const shown = execFileSync("w3m", ["-dump", "-cols", "200", "-T", "text/html", "-I", "UTF-8", "-O", "UTF-8"], {
    input: text,
    encoding: "utf8",
  });
  return shown.replace(/\s+/g, " ");
}

test("words that a style sheet sets apart are apart without it", async () => {
  const poll = { "poll[options][0]": "tea", "poll[options][1]": "coffee", "poll[expires_in]": "3600" };
  const { id } = await must(server, "POST", "/api/v1/statuses", {
    token: anna.token,
    form: { status: "which?", ...poll },
  });
  assert.match(await printed("/@anna"), /Follows 0 0 followers Here since/);
  assert.match(await printed(`/@anna/${id}`), /tea 0 % .*coffee 0 %/);
  assert.match(await printed("/@anna/media"), /No parleys yet Nothing that/);
});
