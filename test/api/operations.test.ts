// SPDX-License-Identifier: Apache-2.0
// docs/API.md says of every documented operation of the client API whether it is supported: a running server is asked
// every one of them, and must know those and no others. Prints how many there are.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { type Member, type Server, startServer } from "../lib/server.ts";

const read = (name: string) => readFileSync(new URL(`../../docs/${name}`, import.meta.url), "utf8");
const documented = read("api-operations.txt")
  .split("\n")
  .filter((line) => line !== "" && !line.startsWith("#"))
  .map((line) => line.split(" "))
  .filter(([, , path]) => !path?.includes("/admin/"))
  .map(([tier, method, path]) => ({ tier, method: method ?? "", path: path ?? "" }));
const said = new Map(
  [...read("API.md").matchAll(/^\| `(\w+) (\/\S*)` \| [123] \| (supported|differs|not supported) \|/gm)].map(
    ([, method, path, state]) => [`${method} ${path}`, state],
  ),
);

let server: Server;
let anna: Member;
before(async () => {
  // Nobody listens there: what is translated is asked for last.
  server = await startServer({ settings: { translate_url: "http://127.0.0.1:9" } });
  anna = await server.member("anna");
});
after(() => server?.stop());

type Answer = "known" | "no method" | "not found";
async function asked(method: string, path: string): Promise<Answer> {
  const filled = path.replace(":date", "2026-01-01").replace(":year", "2026").replace(/:\w+/g, "1");
  const reply = await server.fetch(filled, { method, token: anna.token });
  if (reply.status !== 404) {
    await reply.body?.cancel();
    return "known";
  }
  const text = await reply.text();
  if (text.includes("This address does not take this method")) return "no method";
  return /"error":"Not Found"/.test(text) ? "not found" : "known"; // "Record not found" is about the id 1
}

/** A path that takes another method says so to a wrong one: then "Not Found" was about what stands behind the path. */
async function isKnown(method: string, path: string): Promise<boolean> {
  const answer = await asked(method, path);
  if (answer !== "not found") return answer === "known";
  const others = await Promise.all(["GET", "POST", "PUT", "DELETE"].map((other) => asked(other, path)));
  return others.some((other) => other !== "not found");
}

test("every documented operation has its line in docs/API.md, and every line its operation", () => {
  assert.deepEqual([...said.keys()].sort(), documented.map((d) => `${d.method} ${d.path}`).sort());
});

test("what is supported is known to a running server, and nothing else", async () => {
  const wrong: string[] = [];
  let known = 0;
  for (const { method, path } of documented) {
    const is = await isKnown(method, path);
    if (is) known++;
    if (is !== (said.get(`${method} ${path}`) !== "not supported")) wrong.push(`${method} ${path}`);
  }
  console.log(`${known} of ${documented.length} operations supported`);
  assert.deepEqual(wrong, [], "docs/API.md says otherwise");
});

/** Without tier 1 no app works, without tier 2 something that its user sees does not: what is there stays there. */
test("nothing is lost that an app needs to work or to show what it can do", () => {
  const needed = documented.filter(({ tier }) => tier === "1" || tier === "2");
  const missing = needed.filter(({ method, path }) => said.get(`${method} ${path}`) === "not supported");
  assert.deepEqual(missing, []);
  const count = (tier: string) => needed.filter((d) => d.tier === tier).length;
  assert.deepEqual(
    [count("1"), count("2")],
    [7, 134],
    "an operation went from docs/api-operations.txt, or to another tier",
  );
});
