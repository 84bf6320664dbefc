// SPDX-License-Identifier: Apache-2.0
// Runs the test files of one folder: `npm test -- api [parts of names]`. Each file is a process of its own, two at a time.
// Shows what fails, with the reason, and ends with `N passed, N failed`; a run without a test fails.
import { readdirSync } from "node:fs";
import path from "node:path";
import { run } from "node:test";

const FILES_AT_ONCE = 2;
const TEST_TIMEOUT_MS = Number(process.env.PARLEY_TEST_TIMEOUT_MS ?? 300_000);

const [suite, ...parts] = process.argv.slice(2);
if (!suite) {
  console.error("usage: npm test -- api|browser|fault [parts of files' names]");
  process.exit(2);
}
const folder = path.resolve(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), "..", suite);
const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".test.ts") && (parts.length === 0 || parts.some((part) => name.includes(part))))
  .sort()
  .map((name) => path.join(folder, name));

// The processes of the tests read TypeScript too.
process.env.NODE_OPTIONS = `${process.env.NODE_OPTIONS ?? ""} --import tsx`;

let passed = 0;
let failed = 0;
let skipped = 0;

interface Event {
  name: string;
  nesting: number;
  file?: string | undefined;
  skip?: string | boolean | undefined;
  details: { duration_ms: number; type?: string | undefined; error?: unknown };
}

// A describe() is not a test; nor is a file, which older versions of the runner report when it passes.
const isTest = (e: Event) => e.details.type !== "suite" && !files.includes(path.resolve(e.name));

function reason(error: unknown): string {
  const inner = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return inner instanceof Error ? (inner.stack ?? inner.message) : String(inner);
}

const stream = run({ files, concurrency: FILES_AT_ONCE, timeout: TEST_TIMEOUT_MS });
stream.on("test:pass", (e: Event) => {
  if (!isTest(e)) return;
  if (e.skip) skipped++;
  else passed++;
});
stream.on("test:fail", (e: Event) => {
  const childFailed = (e.details.error as { failureType?: string } | undefined)?.failureType === "subtestsFailed";
  if (childFailed) return;
  failed++;
  console.log(`FAILED ${path.relative(folder, e.file ?? "")}: ${e.name}\n${reason(e.details.error)}\n`);
});
stream.on("test:stderr", (e: { message: string }) => process.stderr.write(e.message));
stream.on("test:stdout", (e: { message: string }) => process.stdout.write(e.message));
stream.on("end", () => {
  if (skipped > 0) console.log(`${skipped} skipped`);
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
});
stream.resume();
