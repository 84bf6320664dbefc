// SPDX-License-Identifier: Apache-2.0
// Raw requests as clients send them: form, JSON or multipart, and the answer read once.
import type { Server } from "./server.ts";

// biome-ignore lint/suspicious/noExplicitAny: replies are judged by the tests, not by the compiler
export type Json = any;

export interface Reply {
  status: number;
  headers: Headers;
  text: string;
  /** The parsed body; undefined when it is no JSON. */
  json: Json;
}

export interface Ask {
  token?: string | undefined;
  /** Names may repeat: [["id[]", "1"], ["id[]", "2"]]. */
  form?: Record<string, string> | [string, string][];
  json?: unknown;
  multipart?: FormData;
  headers?: Record<string, string>;
}

function bodyOf(ask: Ask, headers: Headers): BodyInit | undefined {
  if (ask.form !== undefined) return new URLSearchParams(ask.form);
  if (ask.multipart !== undefined) return ask.multipart;
  if (ask.json === undefined) return undefined;
  headers.set("Content-Type", "application/json");
  return JSON.stringify(ask.json);
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Ids of one millisecond have no order: what is written after something else is written in a later one. */
async function nextMillisecond(): Promise<void> {
  for (const now = Date.now(); Date.now() <= now; ) await new Promise((resolve) => setImmediate(resolve));
}

export async function ask(server: Server, method: string, target: string, options: Ask = {}): Promise<Reply> {
  const headers = new Headers(options.headers);
  if (options.token !== undefined) headers.set("Authorization", `Bearer ${options.token}`);
  const body = bodyOf(options, headers);
  const init: RequestInit = { method, headers, redirect: "manual" };
  // Debian 12's Node cannot send a DELETE whose body is there and empty
  if (body !== undefined && !(method === "DELETE" && String(body) === "")) init.body = body;
  const reply = await fetch(new URL(target, server.url), init);
  const text = await reply.text();
  if (method !== "GET") await nextMillisecond();
  return { status: reply.status, headers: reply.headers, text, json: parsed(text) };
}

/** The JSON of a 200; anything else throws with what came. */
export async function must(server: Server, method: string, target: string, options: Ask = {}): Promise<Json> {
  const reply = await ask(server, method, target, options);
  if (reply.status !== 200) throw new Error(`${method} ${target}: ${reply.status} ${reply.text}`);
  return reply.json;
}

/** Link: <...>; rel="next", ... as { next, prev }. */
export function links(reply: Reply): Record<string, URL> {
  const found: Record<string, URL> = {};
  for (const [, url, rel] of (reply.headers.get("Link") ?? "").matchAll(/<([^>]+)>; rel="(\w+)"/g)) {
    if (url !== undefined && rel !== undefined) found[rel] = new URL(url);
  }
  return found;
}
