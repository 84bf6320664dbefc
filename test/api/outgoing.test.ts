// SPDX-License-Identifier: Apache-2.0
// What members write makes the server ask nobody near it: loopback, private and link-local addresses, however they are written,
// get no request when it is no test server.
import assert from "node:assert/strict";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer, type Server as Net } from "node:net";
import { after, before, test } from "node:test";
import { must } from "../lib/http.ts";
import { type Member, type Server, startServer } from "../lib/server.ts";
import { eventually } from "../lib/wait.ts";

const settings: Record<string, string> = { testing: "yes" };
let server: Server;
let anna: Member;
let bert: Member;
let near: Net;
let port: number;
let visits = 0;

before(async () => {
  near = createServer((socket) => {
    visits++;
    socket.end("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n<title>inside</title>");
  }).listen(0, "::");
  await once(near, "listening");
  port = (near.address() as AddressInfo).port;
  server = await startServer({ settings });
  [anna, bert] = await server.members("anna", "bert");
});
after(async () => {
  near?.close();
  await server?.stop();
});

const jobsAreDone = () =>
  eventually("the jobs are done", async () => (await server.command("job", "list", "--waiting")).list.length === 0);

async function post(url: string): Promise<string> {
  const form = { status: `look ${url}` };
  return (await must(server, "POST", "/api/v1/statuses", { token: anna.token, form })).id;
}

test("a link to this machine is read by a test server, and by no other", async () => {
  const first = await post(`http://127.0.0.1:${port}/first`);
  await eventually(
    "a card",
    async () => (await must(server, "GET", `/api/v1/statuses/${first}/card`)).title === "inside",
  );
  assert.ok(visits > 0);
  await server.halt();
  settings.testing = "no";
  await server.start();
  visits = 0;
  const hosts = [
    "127.0.0.1",
    "127.1.2.3",
    "0.0.0.0",
    "localhost",
    "[::1]",
    "[::ffff:127.0.0.1]",
    "2130706433",
    "0x7f.1",
  ];
  for (const host of [...hosts, "127.0.0.1.", "LOCALHOST"]) {
    const id = await post(`http://${host}:${port}/second`);
    await jobsAreDone();
    assert.deepEqual(await must(server, "GET", `/api/v1/statuses/${id}/card`), {}, host);
    assert.equal(visits, 0, `${host} was asked`);
  }
});

test("nor is a push service there", async () => {
  const subscription = {
    "subscription[endpoint]": `https://127.0.0.1:${port}/push`,
    "subscription[keys][p256dh]":
      "BEm_a0bdPDhf0SOsrnB2-ategf1hHoCnpXgQsFj5JCkcoMrMt2WHoPfEYOYPzOIs9mZE8ZUaD7VA5vouy0kEkr8=",
    "subscription[keys][auth]": "eH_C8rq2raXqlcBVDa1gLg==",
    "data[alerts][mention]": "true",
  };
  visits = 0;
  await must(server, "POST", "/api/v1/push/subscription", { token: anna.token, form: subscription });
  await must(server, "POST", "/api/v1/statuses", { token: bert.token, form: { status: "@anna look" } });
  const sent = async () =>
    [...(await (await server.fetch("/metrics")).text()).matchAll(/^parley_push_total\{.*\} (\d+)$/gm)].reduce(
      (sum, [, n]) => sum + Number(n),
      0,
    );
  await eventually("it was tried", async () => (await sent()) > 0);
  assert.equal(visits, 0);
});
