// SPDX-License-Identifier: Apache-2.0
// A browser without a window: keeps cookies, follows redirects inside the server, fills in forms. It stops at a redirect
// that leaves the server, as an app's callback does, and gives its address.
import type { Server } from "./server.ts";

export interface Page {
  status: number;
  url: URL;
  html: string;
  headers: Headers;
  /** Set when the last redirect pointed out of the server: byte for byte what Location said. */
  left: string | undefined;
}

const REDIRECTS_MAX = 10;

const unescaped = (text: string) =>
  text
    .replace(/&#x([0-9a-f]+);/gi, (_, hex: string) => String.fromCodePoint(Number.parseInt(hex, 16)))
    .replace(/&#(\d+);/g, (_, digits: string) => String.fromCodePoint(Number(digits)))
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&amp;", "&");

/** The value of an attribute in the text of a tag. */
export const attribute = (tag: string, name: string) => {
  const found = new RegExp(`\\s${name}=(?:"([^"]*)"|'([^']*)'|([^\\s>]+))`, "i").exec(tag);
  return found === null ? undefined : unescaped(found[1] ?? found[2] ?? found[3] ?? "");
};

/** The hidden fields of a form of the page, and where it goes. `action`: the beginning of the form's address. */
export function formOf(page: Page, action: string): { action: string; fields: Record<string, string> } {
  for (const [, tag, inside] of page.html.matchAll(/(<form\b[^>]*>)([\s\S]*?)<\/form>/gi)) {
    const goes = attribute(tag ?? "", "action") ?? page.url.pathname;
    if (!goes.startsWith(action)) continue;
    const fields: Record<string, string> = {};
    for (const [input] of (inside ?? "").matchAll(/<input\b[^>]*>/gi)) {
      const name = attribute(input, "name");
      if (name !== undefined && attribute(input, "type") === "hidden") fields[name] = attribute(input, "value") ?? "";
    }
    return { action: goes, fields };
  }
  throw new Error(`no form to ${action} at ${page.url.pathname}: ${page.status} ${page.html.slice(0, 300)}`);
}

export class Visitor {
  private readonly cookies = new Map<string, string>();

  constructor(private readonly server: Server) {}

  private keepCookies(headers: Headers): void {
    const joined = headers.get("Set-Cookie") ?? ""; // Debian 12's Node has no getSetCookie
    for (const line of joined.split(/, (?=[^;,=\s]+=)/)) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (name === undefined || value === undefined) continue;
      if (value === "" || /max-age=0/i.test(line)) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
  }

  private async request(url: URL, init: RequestInit): Promise<Page> {
    for (let hops = 0; hops < REDIRECTS_MAX; hops++) {
      const headers = new Headers(init.headers);
      headers.set("Cookie", [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; "));
      const reply = await fetch(url, { ...init, headers, redirect: "manual" });
      this.keepCookies(reply.headers);
      const html = await reply.text();
      const location = reply.headers.get("Location");
      if (reply.status < 300 || reply.status > 399 || location === null) {
        return { status: reply.status, url, html, headers: reply.headers, left: undefined };
      }
      const goes = new URL(location, url);
      if (goes.origin !== new URL(this.server.url).origin) {
        return { status: reply.status, url, html, headers: reply.headers, left: location };
      }
      url = goes;
      init = { method: "GET" };
    }
    throw new Error(`too many redirects to ${url}`);
  }

  get(target: string): Promise<Page> {
    return this.request(new URL(target, this.server.url), { method: "GET" });
  }

  /** As a form with a field for a file is sent. */
  upload(page: Page, action: string, fields: Record<string, string | Blob>): Promise<Page> {
    const form = formOf(page, action);
    const body = new FormData();
    for (const [name, value] of Object.entries({ ...form.fields, ...fields })) body.set(name, value);
    return this.request(new URL(form.action, page.url), { method: "POST", body });
  }

  /** A form that no page gave: without its token. */
  post(target: string): Promise<Page> {
    return this.request(new URL(target, this.server.url), { method: "POST", body: new URLSearchParams() });
  }

  /** `goes`: sends it to another address than the form says. */
  submit(page: Page, action: string, fields: Record<string, string>, goes?: string): Promise<Page> {
    const form = formOf(page, action);
    const body = new URLSearchParams({ ...form.fields, ...fields });
    return this.request(new URL(goes ?? form.action, page.url), { method: "POST", body });
  }

  /** Signs in where the page asks for it. */
  signIn(page: Page, member: { username: string; password: string }): Promise<Page> {
    return this.submit(page, "/sign-in", { login: member.username, password: member.password });
  }
}
