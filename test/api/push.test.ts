// SPDX-License-Identifier: Apache-2.0
// Web push: subscriptions by token, and what a push service and the app behind it get to see.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ask, type Json, must } from "../lib/http.ts";
import { Device, PushService, signedBy } from "../lib/push_service.ts";
import { type Member, type Server, startServer } from "../lib/server.ts";
import { eventually } from "../lib/wait.ts";

const PATH = "/api/v1/push/subscription";
let server: Server;
let service: PushService;
before(async () => {
  server = await startServer();
  service = await PushService.start();
});
after(async () => {
  service?.stop();
  await server?.stop();
});

const does = (who: Member, path: string, form: Record<string, string> = {}): Promise<Json> =>
  must(server, "POST", path, { token: who.token, form });
const post = (who: Member, status: string, more: Record<string, string> = {}): Promise<Json> =>
  does(who, "/api/v1/statuses", { status, ...more });

/** A device of a member that is told of `alerts` at /name. */
async function device(
  who: Member,
  name: string,
  alerts: string[],
  more: Record<string, string> = {},
  token = who.token,
) {
  const d = new Device();
  const made = await must(server, "POST", PATH, { token, form: d.form(`${service.origin}/${name}`, alerts, more) });
  return { device: d, made };
}

test("a subscription is made, read, changed and removed, one for each token", async () => {
  const anna = await server.member("push_anna");
  const second = await server.signIn(anna);
  assert.deepEqual((await ask(server, "GET", PATH, { token: anna.token })).json, { error: "Not Found" });
  assert.equal((await ask(server, "PUT", PATH, { token: anna.token, form: { policy: "all" } })).status, 404);
  const { made } = await device(anna, "crud", ["mention", "admin.report"], { "data[policy]": "followed" });
  const instance = await must(server, "GET", "/api/v2/instance");
  assert.equal(made.server_key, instance.configuration.vapid.public_key);
  assert.equal(Buffer.from(made.server_key, "base64url").length, 65);
  assert.ok(Number.isInteger(made.id) && made.id > 0 && made.id < 2 ** 31);
  assert.deepEqual([made.endpoint, made.standard, made.policy], [`${service.origin}/crud`, false, "followed"]);
  const on = (alerts: Record<string, boolean>) => Object.keys(alerts).filter((name) => alerts[name]);
  assert.deepEqual(on(made.alerts).sort(), ["admin.report", "mention"]);
  assert.deepEqual(await must(server, "GET", PATH, { token: anna.token }), made);
  assert.equal((await ask(server, "GET", PATH, { token: second })).status, 404);
  const changed = await must(server, "PUT", PATH, {
    token: anna.token,
    json: { data: { alerts: { follow: true, mention: false } }, policy: "none" },
  });
  assert.deepEqual([on(changed.alerts), changed.policy, changed.id], [["follow"], "none", made.id]);
  const { made: other } = await device(anna, "crud2", ["poll"], { "subscription[standard]": "true" });
  assert.deepEqual([other.endpoint, other.standard, other.policy], [`${service.origin}/crud2`, true, "all"]);
  assert.deepEqual(await must(server, "DELETE", PATH, { token: anna.token }), {});
  assert.equal((await ask(server, "GET", PATH, { token: anna.token })).status, 404);
  assert.deepEqual(await must(server, "DELETE", PATH, { token: anna.token }), {});
});

test("what cannot be subscribed to is told by field", async () => {
  const anna = await server.member("push_wrong");
  const good = new Device().form("https://push.example/x", ["mention"]);
  const cases: [Record<string, string>, RegExp][] = [
    [{ "subscription[endpoint]": "" }, /endpoint can't be blank/],
    [{ "subscription[endpoint]": "ftp://push.example/x" }, /endpoint must be an https address/],
    [{ "subscription[endpoint]": "https://push.example/a b" }, /endpoint must be an https address/],
    [{ "subscription[endpoint]": `https://push.example/${"x".repeat(2000)}` }, /endpoint must be an https address/],
    [{ "subscription[keys][p256dh]": "AAAA" }, /p256dh must be an uncompressed point/],
    [{ "subscription[keys][p256dh]": Buffer.alloc(65, 2).toString("base64") }, /p256dh must be an uncompressed point/],
    [{ "subscription[keys][auth]": "short" }, /auth must be 16 bytes/],
    [{ policy: "strangers" }, /Policy must be/],
  ];
  for (const [wrong, says] of cases) {
    const reply = await ask(server, "POST", PATH, { token: anna.token, form: { ...good, ...wrong } });
    assert.equal(reply.status, 422, JSON.stringify(wrong));
    assert.match(reply.json.error, says);
  }
  const narrow = await server.signIn(anna, "read write");
  for (const method of ["POST", "GET", "PUT", "DELETE"]) {
    const options = method === "GET" ? { token: narrow } : { token: narrow, form: good };
    assert.equal((await ask(server, method, PATH, options)).status, 403, method);
    assert.equal((await ask(server, method, PATH, method === "GET" ? {} : { form: good })).status, 401, method);
  }
});

for (const standard of [true, false]) {
  test(`a mention is pushed, encrypted by ${standard ? "RFC 8291" : "the draft before it"} and signed`, async () => {
    const [anna, ben] = await server.members(`push_to_${standard}`, `push_by_${standard}`);
    const name = `mention-${standard}`;
    const { device: d, made } = await device(anna, name, ["mention"], { "subscription[standard]": String(standard) });
    const status = await post(ben, `hello @${anna.username}, how is the harbour? ⚓`);
    const pushed = await eventually("it is pushed", () => service.to(`/${name}`)[0]);
    const payload = d.read(pushed);
    const [note] = await must(server, "GET", "/api/v1/notifications", { token: anna.token });
    assert.deepEqual(payload, {
      access_token: anna.token,
      preferred_locale: "en",
      notification_id: Number(note.id),
      notification_type: "mention",
      icon: note.account.avatar,
      title: `${ben.username} mentioned you`,
      body: `hello @${anna.username}, how is the harbour? ⚓`,
    });
    assert.ok(d.read(pushed) && status.id === note.status.id);
    assert.equal(pushed.headers["content-encoding"], standard ? "aes128gcm" : "aesgcm");
    assert.deepEqual([pushed.headers.ttl, pushed.headers.urgency], ["172800", "normal"]);
    assert.match(String(pushed.headers.topic), /^[\w-]{32}$/);
    const { claims, key } = signedBy(pushed);
    assert.equal(key, made.server_key);
    assert.equal(claims.aud, service.origin);
    assert.ok(claims.exp > Date.now() / 1000 && claims.exp <= Date.now() / 1000 + 24 * 3600);
    assert.match(claims.sub, /^(mailto:|https?:)/);
  });
}

test("only what was asked for is pushed: by type, by who did it, and not what is behind a warning", async () => {
  const [anna, friend, stranger] = await server.members("push_picky", "push_friend", "push_stranger");
  await does(anna, `/api/v1/accounts/${friend.id}/follow`);
  const second = await server.signIn(anna);
  const third = await server.signIn(anna);
  const followed = await device(anna, "followed", ["mention"], { policy: "followed" });
  await device(anna, "nobody", ["mention", "favourite"], { policy: "none" }, second);
  const likes = await device(anna, "likes", ["favourite"], {}, third);
  await post(stranger, "@push_picky from a stranger");
  await post(friend, "@push_picky the secret is 42", { spoiler_text: "a secret" });
  const { id } = await post(anna, "like me");
  await does(stranger, `/api/v1/statuses/${id}/favourite`);
  const liked = await eventually("the like is pushed", () => service.to("/likes")[0]);
  const mention = await eventually("the friend's mention is pushed", () => service.to("/followed")[0]);
  assert.equal(likes.device.read(liked).notification_type, "favourite");
  assert.equal(followed.device.read(mention).body, "a secret");
  assert.equal(liked.headers.urgency, "low");
  await eventually("no job waits", async () => (await server.command("info")).jobs.waiting === 0);
  assert.deepEqual(
    [service.to("/likes").length, service.to("/followed").length, service.to("/nobody").length],
    [1, 1, 0],
  );
});

test("a service that says it is gone ends the subscription, and so does the end of the token", async () => {
  const [anna, ben] = await server.members("push_gone", "push_knocks");
  for (const code of [404, 410, 403]) {
    service.answers.set(`/gone-${code}`, code);
    await device(anna, `gone-${code}`, ["mention"]);
    await post(ben, `@push_gone ${code}`);
    await eventually(
      "it is forgotten",
      async () => (await ask(server, "GET", PATH, { token: anna.token })).status === 404,
    );
    assert.equal(service.to(`/gone-${code}`).length, 1);
  }
  const app = await server.registerApp();
  const token = await server.token(app, undefined, anna);
  await device(anna, "ended", ["mention"], {}, token);
  await must(server, "POST", "/oauth/revoke", {
    form: { token, client_id: app.clientId, client_secret: app.clientSecret },
  });
  await device(anna, "stays", ["mention"]);
  await post(ben, "@push_gone after the end");
  await eventually("the other app is told", () => service.to("/stays").length === 1);
  assert.equal(service.to("/ended").length, 0);
});

test("a service that is busy is asked again, and a restart forgets nothing", async () => {
  const [anna, ben] = await server.members("push_busy", "push_again");
  const { device: d } = await device(anna, "busy", ["mention"]);
  service.answers.set("/busy", 503);
  await post(ben, "@push_busy in vain at first");
  await eventually("it was tried", () => service.to("/busy").length === 1);
  service.answers.set("/busy", 201);
  const key = (await must(server, "GET", PATH, { token: anna.token })).server_key;
  await server.halt();
  await server.start();
  assert.equal((await must(server, "GET", PATH, { token: anna.token })).server_key, key, "the key pair is kept");
  const [job] = (await server.command("job", "list", "--waiting")).list.filter((j: Json) => j.kind === "push_send");
  await server.command("job", "retry", job.id);
  const pushed = await eventually("it came", () => service.to("/busy")[1]);
  assert.match(d.read(pushed).body, /in vain/);
});

test("what a filter hides from notifications is not pushed", async () => {
  const [anna, ben] = await server.members("push_filters", "push_filtered");
  await device(anna, "filtered", ["mention"]);
  const filter = { title: "x", context: ["notifications"], filter_action: "hide" };
  const json = { ...filter, keywords_attributes: [{ keyword: "eels" }] };
  await must(server, "POST", "/api/v2/filters", { token: anna.token, json });
  await post(ben, "@push_filters eels");
  await post(ben, "@push_filters mussels");
  await eventually("one is pushed", () => service.to("/filtered")[0]);
  await eventually("no job waits", async () => (await server.command("info")).jobs.waiting === 0);
  assert.equal(service.to("/filtered").length, 1);
});
