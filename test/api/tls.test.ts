// SPDX-License-Identifier: Apache-2.0
// The TLS listener: what clients see through it, and its certificate, replaced while they are there.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { Agent, request } from "node:https";
import path from "node:path";
import { after, before, test } from "node:test";
import type { TLSSocket } from "node:tls";
import { promisify } from "node:util";
import { createRestAPIClient, createStreamingAPIClient } from "masto";
import { ask } from "../lib/http.ts";
import { png } from "../lib/png.ts";
import { programPath, Server } from "../lib/server.ts";
import { openSocket } from "../lib/stream.ts";
import { get, makePair, replace, Secured } from "../lib/tls.ts";
import { Visitor } from "../lib/visitor.ts";
import { eventually } from "../lib/wait.ts";

const call = promisify(execFile);

let one: Secured;
before(async () => {
  one = await Secured.start({ tls_hsts_days: "30", connections_per_address_max: "40", idle_timeout_s: "5" });
});
after(() => one?.stop());

const used = async (): Promise<string> => (await one.server.command("tls", "show")).fingerprint;

async function fingerprint(): Promise<string> {
  const socket = await one.dial({ rejectUnauthorized: false });
  const seen = socket.getPeerCertificate().fingerprint256.replaceAll(":", "").toLowerCase();
  socket.destroy();
  return seen;
}

async function figure(name: string): Promise<number> {
  const text = await (await one.server.fetch("/metrics")).text();
  return Number(new RegExp(`^${name.replace(/[{}]/g, "\\$&")} (\\S+)$`, "m").exec(text)?.[1] ?? Number.NaN);
}

test("clients shake hands by TLS 1.2 and 1.3, speak http/1.1, and come back by a ticket; TLS 1.0 and 1.1 are refused", async () => {
  for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
    const first = await one.dial({ minVersion: version, maxVersion: version, ALPNProtocols: ["h2", "http/1.1"] });
    assert.equal(first.getProtocol(), version);
    assert.equal(first.alpnProtocol, "http/1.1");
    assert.ok(first.authorized);
    first.write("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n");
    await once(first, "data"); // a ticket of TLS 1.3 comes with it
    const ticket = first.getSession();
    assert.ok(ticket !== undefined);
    const again = await one.dial({ minVersion: version, maxVersion: version, session: ticket });
    assert.ok(again.isSessionReused(), version);
    first.destroy();
    again.destroy();
  }
  for (const version of ["TLSv1", "TLSv1.1"] as const) {
    const old = { minVersion: version, maxVersion: version, ciphers: "DEFAULT@SECLEVEL=0" };
    await assert.rejects(one.dial(old), /protocol version|alert/i, version);
  }
  await assert.rejects(one.dial({ ALPNProtocols: ["h2"] }), /no application protocol|alert/i);
});

test("answers say where they came from: HSTS, https everywhere, and cookies that never go without TLS", async () => {
  const page = await one.get("/sign-in");
  assert.equal(page.status, 200);
  assert.equal(page.headers["strict-transport-security"], "max-age=2592000");
  for (const cookie of page.headers["set-cookie"] ?? []) assert.match(cookie, /^__Host-.*; Secure/);
  assert.ok((page.headers["set-cookie"] ?? []).length > 0);
  const plain = await one.server.fetch("/sign-in");
  assert.equal(plain.headers.get("Strict-Transport-Security"), null);
  const instance = JSON.parse((await one.get("/api/v2/instance")).body.toString());
  assert.equal(instance.configuration.urls.streaming, `wss://localhost:${one.port}`);
});

test("an app signs up, posts, uploads and listens over https and wss", async () => {
  const anna = await one.server.member("anna");
  // masto takes no certificate of ours; who shows it is checked by the tests that dial
  process.env.NODE_TLS_REJECT_UNAUTHORIZED = "0";
  const streaming = createStreamingAPIClient({
    streamingApiUrl: `wss://localhost:${one.port}`,
    accessToken: anna.token,
  });
  try {
    const rest = createRestAPIClient({ url: one.url, accessToken: anna.token });
    const heard: string[] = [];
    const subscription = streaming.user.subscribe();
    void (async () => {
      for await (const event of subscription) if (event.event === "update") heard.push(event.payload.content);
    })();
    const picture = new Blob([png(300, 200, [9, 99, 9])], { type: "image/png" });
    const media = await rest.v2.media.create({ file: picture, description: "a picture" });
    await eventually("it is heard over wss", async () => {
      await rest.v1.statuses.create({ status: "over TLS" });
      return heard.length > 0;
    });
    await rest.v1.statuses.create({ status: "with a picture", mediaIds: [media.id] });
    await eventually("the picture is heard", async () => heard.some((text) => text.includes("with a picture")));
    assert.match(heard[0] ?? "", /over TLS/);
    const [shown] = await rest.v1.timelines.home.list({ limit: 1 });
    assert.match(shown?.url ?? "", new RegExp(`^${one.url}/`));
  } finally {
    streaming.close(); // it would connect again and again
    delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
  }
});

test("files and long answers are the same bytes with and without TLS, also by parts", async () => {
  const berta = await one.server.member("berta");
  const file = new Blob([png(1200, 900, [9, 9, 99])], { type: "image/png" });
  const media = await berta.client.v2.media.create({ file });
  const where = new URL(media.url ?? "").pathname;
  const plain = Buffer.from(await (await one.server.fetch(where)).arrayBuffer());
  assert.ok(plain.length > 1000);
  assert.deepEqual((await one.get(where)).body, plain);
  const part = await one.get(where, { headers: { Range: "bytes=100-899" } });
  assert.equal(part.status, 206);
  assert.deepEqual(part.body, plain.subarray(100, 900));
  for (let i = 0; i < 40; i++) await berta.client.v1.statuses.create({ status: `${i} ${"long ".repeat(90)}` });
  const list = "/api/v1/timelines/home?limit=40";
  const bearer = { Authorization: `Bearer ${berta.token}` };
  const over = JSON.parse((await one.get(list, { headers: bearer })).body.toString());
  assert.deepEqual(over, (await ask(one.server, "GET", list, { token: berta.token })).json);
});

test("a body that is too large is told so, whether its sender listens or not", async () => {
  const options = { method: "POST", body: Buffer.alloc(30 * 1024 * 1024, "a") };
  const reply = await one.get("/api/v1/statuses", { ...options, headers: { "Content-Type": "application/json" } });
  assert.equal(reply.status, 413);
});

test("server-sent events come over TLS", async () => {
  const cleo = await one.server.member("cleo");
  const ca = await one.ca();
  const headers = { Authorization: `Bearer ${cleo.token}` };
  let text = "";
  const asked = request(`${one.url}/api/v1/streaming/user`, { ca, headers, family: 4 }, (reply) => {
    reply.setEncoding("utf8").on("data", (part: string) => {
      text += part;
    });
    reply.on("error", () => undefined);
  });
  asked.on("error", () => undefined);
  asked.end();
  await eventually("it opens", () => text.startsWith(":)"));
  const { id } = await cleo.client.v1.statuses.create({ status: "to myself" });
  await eventually("the parley comes", () => text.includes("event: update") && text.includes(id));
  asked.destroy();
});

test("who connects is who is counted: an address has its share, over TLS and without it", async () => {
  const strict = await Secured.start({ connections_per_address_max: "5", trusted_proxies: "10.9.8.7" });
  const ca = await strict.ca();
  const all: TLSSocket[] = [];
  try {
    const alive = async (localAddress: string) => {
      const socket = await strict.dial({ ca, localAddress });
      socket.write("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n");
      const [bytes] = await once(socket, "data");
      assert.match(String(bytes), /^HTTP\/1.1 200/);
      all.push(socket);
    };
    for (let i = 0; i < 5; i++) await alive("127.0.0.2");
    await assert.rejects(strict.dial({ ca, localAddress: "127.0.0.2" }), "the sixth");
    await alive("127.0.0.3");
    all.shift()?.destroy();
    await eventually("there is room again", () => alive("127.0.0.2").then(() => true));
  } finally {
    for (const socket of all) socket.destroy();
    await strict.stop();
  }
});

test("who is limited by address is limited by the client's own, which nobody can put on by a header", async () => {
  const strict = await Secured.start({ testing: "no", trusted_proxies: "10.9.8.7", mail_transport: "log" });
  try {
    const ask = (localAddress: string, claimed: string) =>
      strict.get("/api/v1/instance", { localAddress, headers: { "X-Forwarded-For": claimed } });
    const left = async (localAddress: string, claimed: string) =>
      Number((await ask(localAddress, claimed)).headers["x-ratelimit-remaining"]);
    const first = await left("127.0.0.4", "192.0.2.1");
    assert.equal(await left("127.0.0.4", "192.0.2.2"), first - 1);
    assert.equal(await left("127.0.0.5", "192.0.2.1"), first);
  } finally {
    await strict.stop();
  }
});

test("a certificate is replaced under load, and nobody is cut off", async () => {
  const dora = await one.server.member("dora");
  const ca = [await one.ca()];
  const next = await makePair(one.folder, "second");
  ca.push(await readFile(next.certificate));
  const socket = await openSocket(one.server, dora.token, "?stream=user", undefined, await one.dial());
  await socket.settled();
  let stop = false;
  let asked = 0;
  const agent = new Agent({ keepAlive: true, maxSockets: 4, ca });
  const load = Array.from({ length: 8 }, async (_, i) => {
    while (!stop) {
      const fresh = i % 2 === 0 ? { agent } : { agent: new Agent({ ca }) };
      const reply = await get(`${one.url}/api/v2/instance`, fresh);
      assert.equal(reply.status, 200);
      asked++;
    }
  });
  const before = await fingerprint();
  const seen = new Set([before]);
  for (const [i, pair] of [next, await makePair(one.folder, "third"), next].entries()) {
    ca.push(await readFile(pair.certificate));
    const from = asked;
    await replace(one.live, pair);
    if (i === 1) process.kill(one.server.pid, "SIGHUP");
    else assert.equal((await one.server.command("tls", "reload")).certificate, one.live.certificate);
    const now = await eventually("it is in use", async () => {
      const is = await fingerprint();
      return is !== before && (i !== 1 || is !== [...seen][1]) && is;
    });
    seen.add(now);
    assert.equal(now, await used());
    await eventually("the load goes on", () => asked > from + 20);
  }
  stop = true;
  await Promise.all(load);
  agent.destroy();
  assert.equal(seen.size, 3);
  const { id } = await dora.client.v1.statuses.create({ status: "still there" });
  await socket.update(id);
  socket.close();
});

test("a certificate that is not good leaves the old one, and says so until it is", async () => {
  const before = await used();
  const good = { certificate: path.join(one.folder, "g.pem"), key: path.join(one.folder, "g.key") };
  await replace(good, one.live);
  const other = await makePair(one.folder, "other");
  const expired = await makePair(one.folder, "expired", "20200101000000Z", "20200201000000Z");
  const future = await makePair(one.folder, "future", "20500101000000Z", "20510201000000Z");
  const junk = path.join(one.folder, "junk");
  await writeFile(junk, "-----BEGIN CERTIFICATE-----\nbm90aGluZw==\n-----END CERTIFICATE-----\n");
  const locked = path.join(one.folder, "locked.key");
  await call("openssl", ["ec", "-in", other.key, "-out", locked, "-aes256", "-passout", "pass:secret"]);
  const refused = async () => {
    const error = await one.server
      .command("tls", "reload")
      .catch((e: { stdout: string }) => JSON.parse(e.stdout).error);
    assert.equal(typeof error, "string", "it is refused");
    assert.equal(await used(), before);
    assert.equal(await fingerprint(), before);
    assert.equal((await one.server.command("tls", "show")).refused, error);
    await eventually("the figure", async () => (await figure("parley_tls_certificate_refused")) === 1);
    return error as string;
  };
  await replace(one.live, { certificate: good.certificate, key: other.key });
  assert.match(await refused(), /^tls_key = '.*live\.key' is not allowed: it must be the key of the certificate in/);
  await replace(one.live, expired);
  assert.match(await refused(), /^tls_certificate = .* must be valid now \(it has expired on 2020-02-01T/);
  await replace(one.live, future);
  assert.match(await refused(), /must be valid now \(it is not valid before 2050-01-01T/);
  await replace(one.live, { certificate: junk, key: good.key });
  assert.match(await refused(), /^tls_certificate = .* in PEM with the server's certificate first/);
  await replace(one.live, { certificate: other.certificate, key: locked });
  assert.match(await refused(), /^tls_key = .* private key in PEM, without a password/);
  assert.match(one.server.log, /the certificate in use is kept: tls_key = /);
  await replace(one.live, good);
  assert.equal((await one.server.command("tls", "reload")).refused, null);
  assert.equal(await used(), before);
  await eventually("the figure", async () => (await figure("parley_tls_certificate_refused")) === 0);
});

test("a configuration that cannot work is refused with key, value and what is allowed", async () => {
  const live = { tls_listen: "127.0.0.1:1", tls_certificate: one.live.certificate, tls_key: one.live.key };
  const check = async (
    settings: Record<string, string>,
  ): Promise<{ ok?: boolean; error?: string; warning?: string }> => {
    const other = new Server(1, one.folder, undefined, { ...live, base_url: "https://localhost", ...settings }, true);
    return other.command("config", "check").catch((e: { stdout: string }) => JSON.parse(e.stdout));
  };
  assert.deepEqual(await check({}), { ok: true });
  const other = await makePair(one.folder, "check");
  const expired = await makePair(one.folder, "check_expired", "20200101000000Z", "20200201000000Z");
  for (const [settings, error] of [
    [
      { tls_certificate: "" },
      /^tls_certificate = '' \(set by .*\) is not allowed: it must be a file with a certificate/,
    ],
    [{ tls_key: "" }, /^tls_key = '' .* private key in PEM/],
    [{ tls_key: "/nowhere" }, /^tls_key = '\/nowhere' .* may read \(No such file/],
    [{ tls_certificate: "/nowhere" }, /^tls_certificate = '\/nowhere' .* may read \(No such file/],
    [{ tls_key: other.key }, /^tls_key = .* must be the key of the certificate/],
    [{ tls_certificate: expired.certificate, tls_key: expired.key }, /must be valid now \(it has expired/],
    [{ tls_listen: "127.0.0.1" }, /^tls_listen = '127.0.0.1' .* an address and a port/],
    [{ tls_listen: "0.0.0.0:443" }, /^tls_listen = .* of this machine .* while testing/],
    [{ tls_listen: "", tls_redirect: "yes" }, /^tls_redirect = 'yes' .* no while tls_listen is empty/],
    [{ tls_hsts_days: "9999" }, /^tls_hsts_days = '9999' .* from 0 to 3650 days/],
    [{ base_url: "http://localhost" }, /^base_url = .* begins with https:\/\/, since tls_listen is set/],
  ] as [Record<string, string>, RegExp][]) {
    assert.match((await check(settings)).error ?? "", error, JSON.stringify(settings));
  }
  assert.match(
    (await check({ base_url: "https://harbour.example" })).warning ?? "",
    /is for localhost.*not for harbour/,
  );
  const serve = new Server(1, one.folder, undefined, { ...live, tls_key: other.key }, true);
  const started = call(programPath(), ["serve"], { env: { ...serve.environment(), PARLEY_LISTEN: "127.0.0.1:0" } });
  await assert.rejects(started, /must be the key of the certificate/);
});

test("an expired certificate is served, for want of a better, and said everywhere", async () => {
  const late = await Secured.start({}, (folder) => makePair(folder, "late", "20200101000000Z", "20200201000000Z"));
  try {
    assert.match(late.server.log, /has expired on 2020-02-01T.*browsers and apps will not connect/);
    const socket = await late.dial({ rejectUnauthorized: false });
    assert.equal((socket.authorizationError as unknown as string) ?? "", "CERT_HAS_EXPIRED");
    socket.destroy();
    assert.ok((await late.server.command("tls", "show")).days_left < -1000);
    const olga = await late.server.member("olga");
    await late.server.command("member", "role", "olga", "owner");
    const v = new Visitor(late.server);
    await v.signIn(await v.get("/sign-in"), olga);
    assert.match((await v.get("/server")).html, /TLS certificate has expired/);
    const ca = await late.ca();
    await assert.rejects(get(`${late.url}/metrics`, { ca }), /expired/);
    const metrics = await (await late.server.fetch("/metrics")).text();
    assert.match(metrics, /^parley_tls_certificate_days_left\{listener="tls"\} -\d+$/m);
    await replace(late.live, await makePair(late.folder, "soon", "", time(9 * 86_400_000)));
    await late.server.command("tls", "reload");
    const page = await eventually("it warns of the end", async () => {
      const now = await v.get("/server");
      return now.html.includes("TLS certificate expires in 8 days") && now;
    });
    assert.match(page.html, /<dt>TLS certificate<\/dt><dd>8 d<\/dd>/);
  } finally {
    await late.stop();
  }
});

const time = (fromNowMs: number) =>
  `${new Date(Date.now() + fromNowMs).toISOString().replace(/[-:T]/g, "").slice(0, 14)}Z`;

test("without TLS there is only the way to it, what machines ask, and challenges of who issues certificates", async () => {
  const webroot = path.join(one.folder, "webroot");
  const challenges = path.join(webroot, ".well-known/acme-challenge");
  await mkdir(challenges, { recursive: true });
  await writeFile(path.join(challenges, "abc-DEF_1"), "abc-DEF_1.thumb");
  await writeFile(path.join(webroot, "secret"), "secret");
  const moved = await Secured.start({ tls_redirect: "yes", acme_webroot: webroot });
  try {
    const at = (target: string, init: RequestInit = {}) => moved.server.fetch(target, init);
    for (const [target, method] of [
      ["/about?x=1", "GET"],
      ["/api/v2/instance", "GET"],
      ["/oauth/token", "POST"],
    ] as const) {
      const reply = await at(target, { method });
      assert.equal(reply.status, 308, target);
      assert.equal(reply.headers.get("Location"), moved.url + target);
    }
    assert.equal((await at("/health")).status, 200);
    assert.equal((await at("/ready")).status, 200);
    assert.equal((await at("/metrics")).status, 200);
    const forwarded = await at("/about", { headers: { "X-Forwarded-Proto": "https" } });
    assert.equal(forwarded.status, 200, "a proxy before it speaks TLS");
    const challenge = await at("/.well-known/acme-challenge/abc-DEF_1");
    assert.equal(await challenge.text(), "abc-DEF_1.thumb");
    assert.equal((await moved.get("/.well-known/acme-challenge/abc-DEF_1")).body.toString(), "abc-DEF_1.thumb");
    for (const name of ["missing", "%2e%2e%2f%2e%2e%2fsecret", "..%2F..%2Fsecret"])
      assert.equal((await at(`/.well-known/acme-challenge/${name}`)).status, 404, name);
    assert.equal((await moved.get("/about")).status, 200);
  } finally {
    await moved.stop();
  }
});

test("whoever speaks plain HTTP to the TLS port is told so", async () => {
  const reply = await fetch(`http://127.0.0.1:${one.port}/`);
  assert.equal(reply.status, 400);
  assert.match(await reply.text(), /speaks TLS/);
});

test("a stop answers what runs, says goodbye to streams, and ends in time", async () => {
  const going = await Secured.start();
  const erna = await going.server.member("erna");
  const socket = await openSocket(going.server, erna.token, "?stream=user", undefined, await going.dial());
  await socket.settled();
  const idle = await going.dial();
  let clean = false;
  idle.on("end", () => {
    clean = true;
  });
  const from = Date.now();
  await going.server.halt();
  assert.ok(Date.now() - from < 8000, `${Date.now() - from} ms`);
  assert.equal(await socket.ended(), 1001);
  await eventually("an idle connection is ended", () => clean);
  await going.stop();
});

test("HUP changes what is logged: the access log, and what is slow", async () => {
  await writeFile(path.join(one.server.data, "parley.ini"), "access_log = yes\nslow_request_ms = 0\n");
  process.kill(one.server.pid, "SIGHUP");
  await eventually("requests are logged", async () => {
    await one.server.fetch("/rules");
    return /"text":"request"/.test(one.server.log);
  });
  await writeFile(path.join(one.server.data, "parley.ini"), "");
  process.kill(one.server.pid, "SIGHUP");
  await eventually("and are no more", async () => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    const before = one.server.log.length;
    await one.server.fetch("/rules");
    await one.server.command("version");
    return !/"text":"request"/.test(one.server.log.slice(before));
  });
});
