// SPDX-License-Identifier: Apache-2.0
// Mail through a real SMTP server: messages arrive whole, what is put off is tried again, what is refused stays visible.
import assert from "node:assert/strict";
import { once } from "node:events";
import { after, before, test } from "node:test";
import { SMTPServer } from "smtp-server";
import { type Json, must } from "../lib/http.ts";
import { type Server, startServer } from "../lib/server.ts";
import { eventually } from "../lib/wait.ts";

interface Message {
  to: string;
  from: string;
  headers: Map<string, string>;
  text: string;
}

const messages: Message[] = [];
const refused = new Set<string>();
let relay: SMTPServer;
let port = 0;

function readMessage(raw: string, from: string, to: string): Message {
  const end = raw.indexOf("\r\n\r\n");
  const headers = new Map<string, string>();
  for (const line of raw
    .slice(0, end)
    .replace(/\r\n[ \t]/g, " ")
    .split("\r\n")) {
    const colon = line.indexOf(":");
    headers.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim());
  }
  const body = raw.slice(end + 4);
  const text =
    headers.get("content-transfer-encoding") === "base64" ? Buffer.from(body, "base64").toString("utf8") : body;
  return { from, to, headers, text };
}

async function startRelay(): Promise<void> {
  relay = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS", "AUTH"],
    logger: false,
    onRcptTo(address, _session, callback) {
      if (!refused.has(address.address)) return callback();
      callback(Object.assign(new Error("no such mailbox"), { responseCode: 550 }));
    },
    onData(stream, session, callback) {
      const parts: Buffer[] = [];
      stream.on("data", (part: Buffer) => parts.push(part));
      stream.on("end", () => {
        const { mailFrom, rcptTo } = session.envelope;
        const from = mailFrom === false ? "" : mailFrom.address;
        messages.push(readMessage(Buffer.concat(parts).toString("latin1"), from, rcptTo[0]?.address ?? ""));
        callback();
      });
    },
  });
  relay.on("error", () => {});
  relay.listen(port, "127.0.0.1");
  await once(relay.server, "listening");
  const address = relay.server.address();
  port = typeof address === "object" && address !== null ? address.port : 0;
}

const stopRelay = () => new Promise<void>((resolve) => relay.close(() => resolve()));

let server: Server;
let appToken: string;
before(async () => {
  await startRelay();
  server = await startServer({
    settings: {
      testing: "no",
      mail_transport: "smtp",
      smtp_host: "127.0.0.1",
      smtp_port: String(port),
      smtp_tls: "none",
      mail_from: "parley@harbour.example",
    },
  });
  appToken = await server.token(await server.registerApp());
});
after(async () => {
  await server?.stop();
  await stopRelay();
});

const signUp = (username: string): Promise<Json> =>
  must(server, "POST", "/api/v1/accounts", {
    token: appToken,
    form: {
      username,
      email: `${username}@sea.example`,
      password: "correct horse battery",
      agreement: "1",
      date_of_birth: "1990-04-01",
      locale: "en",
    },
  });
const mailTo = (address: string) => eventually(`mail to ${address}`, () => messages.find((m) => m.to === address));
const jobs = async (...words: string[]): Promise<Json[]> => (await server.command("job", "list", ...words)).list;

test("the confirmation mail arrives whole, with the headers that mail needs", async () => {
  await server.command("setting", "set", "title", "Hafen Ä ⚓");
  await signUp("ada");
  const mail = await mailTo("ada@sea.example");
  assert.equal(mail.from, "parley@harbour.example");
  assert.equal(mail.headers.get("to"), "<ada@sea.example>");
  assert.match(mail.headers.get("from") ?? "", /<parley@harbour\.example>$/);
  assert.match(mail.headers.get("message-id") ?? "", /^<[^<>@ ]+@[^<>@ ]+>$/);
  assert.match(mail.headers.get("date") ?? "", /^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d \+0000$/);
  assert.equal(mail.headers.get("auto-submitted"), "auto-generated");
  const subject = (mail.headers.get("subject") ?? "").replace(/=\?UTF-8\?B\?([^?]*)\?= ?/g, (_, b) =>
    Buffer.from(b, "base64").toString("utf8"),
  );
  assert.equal(subject, "Confirm your e-mail address for Hafen Ä ⚓");
  assert.match(mail.text, /welcome to Hafen Ä ⚓!/);
  assert.match(mail.text, new RegExp(`${server.url}/confirm/[\\w-]{43}\n`));
});

test("while the relay is down mail waits; it goes out when the relay is back", async () => {
  await stopRelay();
  await signUp("bert");
  const waiting = await eventually("a mail that was tried", async () =>
    (await jobs("--waiting")).find((j) => j.kind === "mail" && j.tries > 0),
  );
  assert.match(waiting.error, /not reached/);
  assert.ok(Date.parse(waiting.due_at) > Date.parse(waiting.created_at));
  await startRelay();
  await server.command("job", "retry", waiting.id);
  assert.match((await mailTo("bert@sea.example")).text, /Hello @bert/);
  await eventually("nothing is left", async () => !(await jobs("--waiting")).some((j) => j.kind === "mail"));
});

test("what the relay refuses for good is a dead letter that can be tried again", async () => {
  refused.add("carla@sea.example");
  await signUp("carla");
  const dead = await eventually("a dead letter", async () => (await jobs()).find((j) => j.kind === "mail"));
  assert.match(dead.error, /refused for good: .*no such mailbox/);
  refused.clear();
  await server.command("job", "retry", dead.id);
  assert.match((await mailTo("carla@sea.example")).text, /Hello @carla/);
  await eventually("no dead letter is left", async () => (await jobs()).length === 0);
});

test("a mail is sent once", async () => {
  for (const name of ["ada", "bert", "carla"])
    assert.equal(messages.filter((m) => m.to === `${name}@sea.example`).length, 1, name);
});
