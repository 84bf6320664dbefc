// SPDX-License-Identifier: Apache-2.0
// The examples in packaging/, each started before a real server: nginx, Caddy, HAProxy. Only what names the place is put in:
// ports, certificate, folders.
import assert from "node:assert/strict";
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { request } from "node:https";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { connect } from "node:tls";
import { freePort, type Server, startServer } from "../lib/server.ts";
import { WebSocketClient } from "../lib/stream.ts";
import { eventually } from "../lib/wait.ts";

const examples = path.resolve(
  import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname),
  "../../packaging",
);

interface Place {
  folder: string;
  http: number;
  https: number;
  server: number;
}

interface Proxy {
  name: string;
  /** Writes the configuration for that place and says what to run. */
  command(at: Place): [string, string[]];
}

/** The example with `changes` made; each must be there. */
function example(name: string, changes: [string | RegExp, string][]): string {
  return changes.reduce(
    (text, [what, by]) => {
      assert.match(text, what instanceof RegExp ? what : new RegExp(what.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")));
      return text.replaceAll(what instanceof RegExp ? new RegExp(what, "g") : what, by);
    },
    readFileSync(path.join(examples, name), "utf8"),
  );
}

function write(at: Place, name: string, text: string): string {
  const file = path.join(at.folder, name);
  writeFileSync(file, text);
  return file;
}

const proxies: Proxy[] = [
  {
    name: "nginx",
    command(at) {
      const site = example("nginx.conf", [
        [/ *listen \[::\].*\n/, ""],
        ["listen 80;", `listen 127.0.0.1:${at.http};`],
        ["listen 443 ssl http2;", `listen 127.0.0.1:${at.https} ssl http2;`],
        ["https://$host$request_uri", `https://$host:${at.https}$request_uri`],
        ["/etc/letsencrypt/live/harbour.example/fullchain.pem", `${at.folder}/cert.pem`],
        ["/etc/letsencrypt/live/harbour.example/privkey.pem", `${at.folder}/key.pem`],
        ["harbour.example", "localhost"],
        ["127.0.0.1:8380", `127.0.0.1:${at.server}`],
        ["Host $host", "Host $http_host"],
      ]);
      const temp = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((k) => `${k}_temp_path ${at.folder}/${k};`);
      const user = process.getuid?.() === 0 ? "user root;" : "";
      const text = `${user} daemon off; pid ${at.folder}/pid; error_log stderr; events {} http { access_log off; ${temp.join(" ")} ${site} }`;
      return ["nginx", ["-c", write(at, "nginx.conf", text), "-e", "stderr"]];
    },
  },
  {
    name: "Caddy",
    command(at) {
      const options = `{\n admin off\n auto_https disable_certs\n http_port ${at.http}\n https_port ${at.https}\n}\n`;
      const site = example("Caddyfile", [
        ["harbour.example {", `localhost {\n tls ${at.folder}/cert.pem ${at.folder}/key.pem\n`],
        ["127.0.0.1:8380", `127.0.0.1:${at.server}`],
      ]);
      return ["caddy", ["run", "--adapter", "caddyfile", "--config", write(at, "Caddyfile", options + site)]];
    },
  },
  {
    name: "HAProxy",
    command(at) {
      write(
        at,
        "both.pem",
        readFileSync(`${at.folder}/cert.pem`, "utf8") + readFileSync(`${at.folder}/key.pem`, "utf8"),
      );
      const text = example("haproxy.cfg", [
        ["bind :80", `bind 127.0.0.1:${at.http}`],
        ["bind :443", `bind 127.0.0.1:${at.https}`],
        ["/etc/haproxy/harbour.example.pem", `${at.folder}/both.pem`],
        ["127.0.0.1:8380", `127.0.0.1:${at.server}`],
      ]);
      return ["haproxy", ["-db", "-f", write(at, "haproxy.cfg", text)]];
    },
  },
];

for (const proxy of proxies) {
  describe(proxy.name, () => {
    const at: Place = { folder: mkdtempSync(path.join(tmpdir(), "parley-proxy-")), http: 0, https: 0, server: 0 };
    let server: Server;
    let child: ChildProcess;
    let log = "";

    /** A request through the proxy; its whole answer. */
    async function through(method: string, target: string, body?: string, headers: Record<string, string> = {}) {
      const sent = request({
        host: "127.0.0.1",
        port: at.https,
        method,
        path: target,
        headers,
        servername: "localhost",
        rejectUnauthorized: false,
      });
      sent.setHeader("Host", `localhost:${at.https}`);
      sent.end(body);
      const [reply] = (await once(sent, "response")) as [IncomingMessage];
      let text = "";
      for await (const part of reply) text += part;
      return { status: reply.statusCode, headers: reply.headers, text };
    }

    before(async () => {
      at.http = await freePort();
      at.https = await freePort();
      execFileSync(
        "openssl",
        [
          "req",
          "-x509",
          "-newkey",
          "ec",
          "-pkeyopt",
          "ec_paramgen_curve:P-256",
          "-nodes",
          "-days",
          "2",
          "-subj",
          "/CN=localhost",
          "-addext",
          "subjectAltName=DNS:localhost",
          "-keyout",
          `${at.folder}/key.pem`,
          "-out",
          `${at.folder}/cert.pem`,
        ],
        { stdio: "ignore" },
      );
      server = await startServer({ settings: { base_url: `https://localhost:${at.https}` } });
      at.server = server.port;
      const [program, words] = proxy.command(at);
      child = spawn(program, words, {
        stdio: ["ignore", "pipe", "pipe"],
        env: { ...process.env, HOME: at.folder, PATH: `${process.env.PATH}:/usr/sbin` },
      });
      for (const stream of [child.stdout, child.stderr]) stream?.on("data", (text) => (log += text));
      await eventually(`${proxy.name} passes on /health\n${log}`, async () => {
        if (child.exitCode !== null) throw new Error(log);
        return (await through("GET", "/health").catch(() => undefined))?.status === 200;
      });
    });
    after(async () => {
      const ended = once(child, "exit");
      child.kill();
      await ended;
      await server.stop();
      rmSync(at.folder, { recursive: true });
    });

    test("plain HTTP is sent to https", async () => {
      const reply = await fetch(`http://127.0.0.1:${at.http}/about`, {
        redirect: "manual",
        headers: { Host: "localhost" },
      });
      assert.equal(Math.floor(reply.status / 100), 3);
      assert.match(reply.headers.get("location") ?? "", /^https:\/\//);
    });

    test("a page comes with its cookie kept for https", async () => {
      const page = await through("GET", "/sign-in");
      assert.equal(page.status, 200);
      assert.match(String(page.headers["set-cookie"] ?? "Secure"), /Secure/);
    });

    test("nobody says through it that they come from elsewhere", async () => {
      const app = JSON.parse(
        (
          await through(
            "POST",
            "/api/v1/apps",
            "client_name=t&redirect_uris=urn:ietf:wg:oauth:2.0:oob&scopes=read+write",
            { "Content-Type": "application/x-www-form-urlencoded" },
          )
        ).text,
      );
      const token = await server.token({ clientId: app.client_id, clientSecret: app.client_secret }, "read write");
      const form = new URLSearchParams({
        username: "ann",
        email: "ann@example.org",
        password: "long enough for ann",
        agreement: "true",
        locale: "en",
        date_of_birth: "1990-04-01",
      });
      const made = await through("POST", "/api/v1/accounts", form.toString(), {
        "Content-Type": "application/x-www-form-urlencoded",
        Authorization: `Bearer ${token}`,
        "X-Forwarded-For": "203.0.113.9",
        "X-Forwarded-Proto": "http",
      });
      assert.equal(made.status, 200, made.text);
      assert.equal((await server.command("member", "show", "ann")).created_ip, "127.0.0.1");
    });

    test("what is too large is refused by Parley, in its words", async () => {
      const ben = await server.member("ben");
      const reply = await through("POST", "/api/v1/statuses", `status=${"x".repeat(2_000_000)}`, {
        "Content-Type": "application/x-www-form-urlencoded",
        Authorization: `Bearer ${ben.token}`,
      });
      assert.equal(reply.status, 413);
      assert.equal(JSON.parse(reply.text).error, "The request is too large");
    });

    test("a WebSocket stream passes", async () => {
      const [cat, dan] = await server.members("cat", "dan");
      await cat.client.v1.accounts.$select(dan.id).follow();
      const socket = connect({
        host: "127.0.0.1",
        port: at.https,
        servername: "localhost",
        rejectUnauthorized: false,
        ALPNProtocols: ["http/1.1"],
      });
      await once(socket, "secureConnect");
      socket.write(
        `GET /api/v1/streaming?stream=user&access_token=${cat.token} HTTP/1.1\r\nHost: localhost:${at.https}\r\nUpgrade: websocket\r\n` +
          "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
      );
      const [head] = (await once(socket, "data")) as [Buffer];
      assert.match(head.toString("latin1"), /^HTTP\/1\.1 101 /);
      const stream = new WebSocketClient(socket, head.toString("latin1"));
      await stream.settled();
      const parley = await dan.client.v1.statuses.create({ status: "over the wall" });
      await stream.update(parley.id);
      socket.destroy();
    });

    test("server-sent events come at once", async () => {
      const [eve, finn] = await server.members("eve", "finn");
      await eve.client.v1.accounts.$select(finn.id).follow();
      const sent = request({
        host: "127.0.0.1",
        port: at.https,
        path: "/api/v1/streaming/user",
        servername: "localhost",
        rejectUnauthorized: false,
        headers: { Authorization: `Bearer ${eve.token}`, Host: `localhost:${at.https}` },
      });
      sent.end();
      const [reply] = (await once(sent, "response")) as [IncomingMessage];
      let came = "";
      reply.on("data", (part) => (came += part));
      reply.on("error", () => undefined);
      await eventually("the stream begins", () => came.startsWith(":)"));
      const parley = await finn.client.v1.statuses.create({ status: "at once" });
      await eventually("the parley comes", () => came.includes(parley.id));
      sent.destroy();
    });
  });
}
