// SPDX-License-Identifier: Apache-2.0
// Archives as other servers make them: outbox.json and files, as ZIP or tar.gz.
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import type { Json } from "./http.ts";

const call = promisify(execFile);

export type Files = Record<string, string | Uint8Array>;

/** An archive of these files, made by Python: kind zip or tar.gz; further lines of the script may do harm. */
export async function archive(kind: "zip" | "tar.gz", files: Files, harm = ""): Promise<Buffer> {
  const folder = await mkdtemp(path.join(tmpdir(), "parley-archive-"));
  try {
    const names = Object.entries(files);
    for (const [i, [, bytes]] of names.entries()) await writeFile(path.join(folder, `${i}`), bytes);
    const out = path.join(folder, "out");
    const add = names.map(([name], i) => `add(${JSON.stringify(path.join(folder, `${i}`))}, ${JSON.stringify(name)})`);
    const open =
      kind === "zip"
        ? `import zipfile; z = zipfile.ZipFile(${JSON.stringify(out)}, "w", zipfile.ZIP_DEFLATED, compresslevel=1); add = z.write`
        : `import tarfile; z = tarfile.open(${JSON.stringify(out)}, "w:gz"); add = lambda f, n: z.add(f, arcname=n)`;
    await call("python3", ["-c", [open, ...add, harm, "z.close()"].join("\n")]);
    return await readFile(out);
  } finally {
    await rm(folder, { recursive: true });
  }
}

const PUBLIC = "https://www.w3.org/ns/activitystreams#Public";
export const US = "https://old.example/users/anna";

export interface Note {
  id: number;
  at: string;
  html: string;
  to?: string[];
  cc?: string[];
  parent?: string;
  more?: Json;
}
export const create = ({ id, at, html, to = [PUBLIC], cc = [], parent, more = {} }: Note): Json => ({
  type: "Create",
  published: at,
  to,
  object: {
    id: `${US}/statuses/${id}`,
    type: "Note",
    published: at,
    content: html,
    to,
    cc,
    inReplyTo: parent ?? null,
    ...more,
  },
});
export const outbox = (...items: Json[]): string =>
  JSON.stringify({ type: "OrderedCollection", totalItems: items.length, orderedItems: items });
