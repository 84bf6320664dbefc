// SPDX-License-Identifier: Apache-2.0
// Second factor, sessions, and letting an app in.
import assert from "node:assert/strict";
import { createHash, createHmac, randomBytes } from "node:crypto";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import { openBrowser, Person } from "../lib/browser.ts";
import { type Server, startServer } from "../lib/server.ts";

let server: Server;
let browser: Browser;
let anna: Person;
let recovery: string[] = [];

before(async () => {
  server = await startServer();
  browser = await openBrowser();
  anna = await Person.come(browser, server, "anna");
  await anna.join();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

/** RFC 6238 with SHA-1, 30 s, 6 digits; `ahead` steps from now. */
function totp(base32: string, ahead = 0): string {
  const bits = [...base32.replace(/\s/g, "")].map((ch) =>
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(ch).toString(2).padStart(5, "0"),
  );
  const bytes = bits.join("").match(/.{8}/g) ?? [];
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + ahead));
  const mac = createHmac("sha1", Buffer.from(bytes.map((b) => Number.parseInt(b, 2))))
    .update(counter)
    .digest();
  const at = (mac.at(-1) ?? 0) & 15;
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

test("a wrong password is refused in the same words for members and nobody", async () => {
  const someone = await Person.come(browser, server, "nobody");
  await someone.signIn();
  const unknown = await someone.page.locator("[role=alert]").innerText();
  await someone.page.fill("#f-login", "anna");
  await someone.page.fill("#f-password", "not hers at all");
  await someone.page.locator("form.sheet button").click();
  assert.equal(await someone.page.locator("[role=alert]").innerText(), unknown);
});

test("signing in with a second factor takes a code", async () => {
  await anna.go("/settings/two_factor");
  await anna.page.fill("#f-password", anna.password);
  await anna.press("Begin");
  assert.equal(await anna.page.locator("svg.qr path").count(), 1);
  const secret = await anna.page.locator("code.key").innerText();
  // a phone cannot scan its own screen
  const here = await anna.page.getByRole("link", { name: "Is it on this device? Open it" }).getAttribute("href");
  assert.ok(here?.startsWith("otpauth://totp/") && here.includes(`secret=${secret}`), String(here));
  await anna.page.fill("#f-code", "000000");
  await anna.press("Switch it on");
  assert.equal(await anna.page.locator("[role=alert]").count(), 1);
  await anna.page.fill("#f-code", totp(secret));
  await anna.press("Switch it on");
  recovery = await anna.page.locator("ul.codes li").allInnerTexts();
  assert.equal(recovery.length, 10);
  await anna.signOut();
  await anna.signIn();
  assert.equal(await anna.heading(), "One more step");
  await anna.page.fill("#f-code", totp(secret, 1));
  await anna.press("Go on");
  assert.equal(await anna.heading(), "Home");
});

test("a recovery code signs in once", async () => {
  const code = recovery[0] ?? "";
  for (const heading of ["Home", "One more step"]) {
    await anna.signOut();
    await anna.signIn();
    await anna.page.fill("#f-code", code);
    await anna.press("Go on");
    assert.equal(await anna.heading(), heading);
    if (heading !== "Home") {
      await anna.page.fill("#f-code", recovery[1] ?? "");
      await anna.press("Go on");
    } else {
      await anna.go("/more");
    }
  }
  assert.equal(await anna.heading(), "Home");
});

test("an ended session is out", async () => {
  const elsewhere = await Person.come(browser, server, "anna");
  await elsewhere.signIn();
  await elsewhere.page.fill("#f-code", recovery[2] ?? "");
  await elsewhere.press("Go on");
  assert.equal(await elsewhere.heading(), "Home");
  await anna.go("/settings/sessions");
  await anna.press("End all but this one");
  await elsewhere.go("/home");
  assert.equal(await elsewhere.heading(), "Sign in");
});

async function authorizeUrl(redirect: string, extra: Record<string, string> = {}) {
  const app = await server.registerApp("read write follow", redirect);
  const query = new URLSearchParams({
    response_type: "code",
    client_id: app.clientId,
    redirect_uri: redirect,
    scope: "read write",
    ...extra,
  });
  return { app, url: `/oauth/authorize?${query}` };
}

test("an app is let in with a challenge, and gets its state back", async () => {
  const verifier = randomBytes(40).toString("base64url");
  const challenge = createHash("sha256").update(verifier).digest("base64url");
  const redirect = `${server.url}/about?from=app`;
  const { app, url } = await authorizeUrl(redirect, {
    state: "a b&c",
    code_challenge: challenge,
    code_challenge_method: "S256",
  });
  const reply = await anna.go(url);
  assert.match(reply?.headers()["content-security-policy"] ?? "", /form-action 'self' http:\/\/localhost/);
  assert.match(await anna.text(), /parley tests/);
  await anna.press("Allow");
  const at = new URL(anna.page.url());
  assert.equal(at.searchParams.get("from"), "app");
  assert.equal(at.searchParams.get("state"), "a b&c");
  const token = await server.post<{ access_token: string; scope: string }>("/oauth/token", {
    grant_type: "authorization_code",
    client_id: app.clientId,
    client_secret: app.clientSecret,
    redirect_uri: redirect,
    code: at.searchParams.get("code") ?? "",
    code_verifier: verifier,
  });
  assert.equal(token.scope, "read write");
});

test("a token of an app opens no page", async () => {
  const redirect = "urn:ietf:wg:oauth:2.0:oob";
  const { app, url } = await authorizeUrl(redirect);
  await anna.go(url);
  await anna.press("Allow");
  const code = await anna.page.locator("code.key").innerText();
  assert.match(anna.page.url(), /\/oauth\/authorize\/native\?code=/);
  const { access_token: token } = await server.post<{ access_token: string }>("/oauth/token", {
    grant_type: "authorization_code",
    client_id: app.clientId,
    client_secret: app.clientSecret,
    redirect_uri: redirect,
    code,
  });
  const reply = await server.fetch("/home", { headers: { cookie: `parley=${token}` } });
  assert.equal(reply.status, 303);
  assert.match(reply.headers.get("location") ?? "", /^\/sign-in/);
});

test("a denial is told to the app", async () => {
  const { url } = await authorizeUrl(`${server.url}/about`, { state: "s" });
  await anna.go(url);
  await anna.press("Deny");
  assert.equal(new URL(anna.page.url()).searchParams.get("error"), "access_denied");
});

test("a foreign redirect address is never gone to", async () => {
  const { url } = await authorizeUrl(`${server.url}/about`);
  const reply = await anna.go(
    url.replace(encodeURIComponent(`${server.url}/about`), encodeURIComponent("https://evil.example/")),
  );
  assert.equal(new URL(anna.page.url()).origin, server.url);
  assert.ok((reply?.status() ?? 200) >= 400);
});

test("force_login asks again, and strangers sign in first", async () => {
  const { url } = await authorizeUrl(`${server.url}/about`);
  await anna.go(`${url}&force_login=true`);
  assert.equal(await anna.heading(), "Sign in");
  const ben = await Person.come(browser, server, "ben");
  await ben.join();
  await ben.signOut();
  await ben.go(url);
  await ben.page.fill("#f-login", ben.name);
  await ben.page.fill("#f-password", ben.password);
  await ben.page.locator("form.sheet button").click();
  assert.equal(await ben.heading(), "Let this app in?");
});

test("a sign-in leads to no other server", async () => {
  for (const next of ["//evil.example", "https://evil.example", "/\\evil.example"]) {
    const ben = await Person.come(browser, server, "ben");
    await ben.go(`/sign-in?next=${encodeURIComponent(next)}`);
    await ben.page.fill("#f-login", ben.name);
    await ben.page.fill("#f-password", ben.password);
    await ben.page.locator("form.sheet button").click();
    assert.equal(new URL(ben.page.url()).pathname, "/home");
  }
});
