// SPDX-License-Identifier: Apache-2.0
// Streams over WebSockets and server-sent events: who is told what, and who is not.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { createStreamingAPIClient } from "masto";
import { ask, type Json, must } from "../lib/http.ts";
import { png } from "../lib/png.ts";
import { type Member, type Server, startServer } from "../lib/server.ts";
import { EventClient, frame, handshake, openSocket, WebSocketClient } from "../lib/stream.ts";
import { eventually } from "../lib/wait.ts";

let server: Server;
const open: { close(): void }[] = [];
before(async () => {
  server = await startServer();
});
after(async () => {
  for (const one of open) one.close();
  await server?.stop();
});

const does = (who: Member, path: string, form: Record<string, string> = {}): Promise<Json> =>
  must(server, "POST", path, { token: who.token, form });
const post = (who: Member, status: string, more: Record<string, string> = {}): Promise<Json> =>
  does(who, "/api/v1/statuses", { status, ...more });
const remove = (who: Member, id: string): Promise<Json> =>
  must(server, "DELETE", `/api/v1/statuses/${id}`, { token: who.token });

async function listens(who: Member | string, query = "?stream=user"): Promise<WebSocketClient> {
  const socket = await openSocket(server, typeof who === "string" ? who : who.token, query);
  open.push(socket);
  await socket.settled();
  return socket;
}

async function hears(who: Member, path: string): Promise<EventClient> {
  const events = await EventClient.open(server, path, who.token);
  open.push(events);
  return events;
}

async function followers(...names: string[]): Promise<Member[]> {
  const all = await server.members(...names);
  for (const one of all.slice(1)) await does(one, `/api/v1/accounts/${all[0]?.id}/follow`);
  return all;
}

test("home: followers and the author are told of a parley, its edit and its end, others are not", async () => {
  const [author, fan, stranger] = (await followers("home_author", "home_fan", "home_stranger")) as [
    Member,
    Member,
    Member,
  ];
  await does(stranger, `/api/v1/accounts/${author.id}/unfollow`);
  const [own, theirs, others] = [await listens(author), await listens(fan), await listens(stranger)];
  const status = await post(author, "first");
  const seen = await theirs.update(status.id);
  assert.deepEqual(seen.stream, ["user"]);
  assert.deepEqual(
    JSON.parse(seen.payload ?? ""),
    await must(server, "GET", `/api/v1/statuses/${status.id}`, { token: fan.token }),
  );
  const mine = JSON.parse((await own.update(status.id)).payload ?? "");
  assert.equal(mine.pinned, false, "the author's own may be pinned");
  await must(server, "PUT", `/api/v1/statuses/${status.id}`, { token: author.token, form: { status: "second" } });
  const edited = JSON.parse((await theirs.update(status.id, "status.update")).payload ?? "");
  assert.match(edited.content, /second/);
  assert.notEqual(edited.edited_at, null);
  await remove(author, status.id);
  assert.deepEqual(await theirs.event("delete", status.id), { stream: ["user"], event: "delete", payload: status.id });
  await own.event("delete", status.id);
  await others.settled();
  assert.deepEqual(others.messages, []);
});

test("home: an echo comes as its echoer's, with what it echoes", async () => {
  const [author, echoer, fan] = await server.members("echoed_author", "echoer", "echo_fan");
  await does(fan, `/api/v1/accounts/${echoer.id}/follow`);
  const socket = await listens(fan);
  const status = await post(author, "to be echoed");
  const echo = await does(echoer, `/api/v1/statuses/${status.id}/reblog`);
  const seen = JSON.parse((await socket.update(echo.id)).payload ?? "");
  assert.deepEqual([seen.account.id, seen.reblog.id], [echoer.id, status.id]);
  await does(echoer, `/api/v1/statuses/${status.id}/unreblog`);
  await socket.event("delete", echo.id);
});

test("home: what the timeline would not show is not told: mutes, blocks, hidden echoes, answers to strangers, letters", async () => {
  const [author, muting, blocked, noEchoes, fan, third] = (await followers(
    "quiet_author",
    "quiet_muting",
    "quiet_blocked",
    "quiet_no_echoes",
    "quiet_fan",
    "quiet_third",
  )) as [Member, Member, Member, Member, Member, Member];
  await does(muting, `/api/v1/accounts/${author.id}/mute`);
  await does(author, `/api/v1/accounts/${blocked.id}/block`);
  await does(noEchoes, `/api/v1/accounts/${author.id}/follow`, { reblogs: "false" });
  await does(third, `/api/v1/accounts/${author.id}/unfollow`);
  const sockets = {
    muting: await listens(muting),
    blocked: await listens(blocked),
    noEchoes: await listens(noEchoes),
    fan: await listens(fan),
  };
  const strange = await post(third, "of a third");
  const plain = await post(author, "for all");
  const letter = await post(author, "@quiet_fan a letter", { visibility: "direct" });
  const answer = await post(author, "@quiet_third an answer", { in_reply_to_id: strange.id });
  const echo = await does(author, `/api/v1/statuses/${strange.id}/reblog`);
  const last = await post(author, "the last");
  await sockets.fan.update(last.id);
  await sockets.noEchoes.update(last.id);
  for (const socket of Object.values(sockets)) await socket.settled();
  assert.deepEqual(sockets.fan.ids(), [plain.id, letter.id, echo.id, last.id]);
  assert.deepEqual(sockets.noEchoes.ids(), [plain.id, last.id]);
  assert.deepEqual(sockets.muting.ids(), []);
  assert.deepEqual(sockets.blocked.ids(), []);
  await remove(author, letter.id);
  await remove(author, last.id);
  await sockets.noEchoes.event("delete", last.id);
  await sockets.fan.event("delete", letter.id);
  assert.ok(
    !sockets.noEchoes.messages.some((m) => m.payload === letter.id),
    "the number of a letter is the addressee's",
  );
  assert.ok(!sockets.fan.messages.some((m) => m.event === "update" && JSON.parse(m.payload ?? "").id === answer.id));
});

test("a parley that is held leaves the screens of others, and comes back", async () => {
  const [author, fan] = (await followers("held_author", "held_fan")) as [Member, Member];
  const socket = await listens(fan);
  const { id } = await post(author, "doubtful");
  await socket.update(id);
  await server.command("status", "hold", id, "--reason", "looked into");
  await socket.event("delete", id);
  await server.command("status", "restore", id, "--reason", "nothing found");
  await socket.update(id, "status.update");
});

test("public streams: listed parleys to everybody but whom a block or a mute keeps away", async () => {
  const [author, reader, muting, blocked] = await server.members(
    "pub_author",
    "pub_reader",
    "pub_muting",
    "pub_blocked",
  );
  await does(muting, `/api/v1/accounts/${author.id}/mute`);
  await does(author, `/api/v1/accounts/${blocked.id}/block`);
  const local = await listens(reader, "?stream=public:local");
  const all = await listens(reader, "?stream=public");
  const remote = await listens(reader, "?stream=public:remote");
  const media = await listens(reader, "?stream=public:media");
  const mutes = await listens(muting, "?stream=public");
  const blocks = await listens(blocked, "?stream=public");
  await post(author, "unlisted", { visibility: "unlisted" });
  await post(author, "for followers", { visibility: "private" });
  const { id } = await post(author, "public");
  assert.deepEqual((await local.update(id)).stream, ["public:local"]);
  assert.deepEqual((await all.update(id)).stream, ["public"]);
  const after = await post(reader, "by somebody else");
  for (const socket of [all, mutes, blocks]) await socket.update(after.id);
  assert.deepEqual(all.ids(), [id, after.id]);
  for (const socket of [mutes, blocks]) assert.deepEqual(socket.ids(), [after.id]);
  for (const socket of [remote, media]) {
    await socket.settled();
    assert.deepEqual(socket.messages, []);
  }
  const picture = new FormData();
  picture.set("file", new Blob([png(8, 8, [9, 9, 9])], { type: "image/png" }), "harbour.png");
  const made = await must(server, "POST", "/api/v1/media", { token: author.token, multipart: picture });
  const shown = await post(author, "the harbour", { "media_ids[]": made.id });
  assert.deepEqual((await media.update(shown.id)).stream, ["public:media"]);
  await remove(author, id);
  await local.event("delete", id);
});

test("tag streams name the tag as it was asked for", async () => {
  const [author, reader] = await server.members("tag_author", "tag_reader");
  const socket = await listens(reader, "?stream=hashtag&tag=Harbour");
  socket.subscribe("hashtag:local", { tag: "harbour" });
  await socket.settled();
  await post(author, "without");
  const { id } = await post(author, "the #harbour in the morning");
  await eventually("both streams tell", () => socket.messages.length === 2);
  assert.deepEqual(socket.messages.map((m) => [m.stream, JSON.parse(m.payload ?? "").id]).sort(), [
    [["hashtag", "Harbour"], id],
    [["hashtag:local", "harbour"], id],
  ]);
});

test("filters: their marks are in what is told, what they hide is not told, a change of them is", async () => {
  const [author, fan] = (await followers("filter_author", "filter_fan")) as [Member, Member];
  const socket = await listens(fan);
  const events = await hears(fan, "user");
  const make = (title: string, word: string, action: string): Promise<Json> => {
    const json = {
      title,
      context: ["home"],
      filter_action: action,
      keywords_attributes: [{ keyword: word, whole_word: true }],
    };
    return must(server, "POST", "/api/v2/filters", { token: fan.token, json });
  };
  await make("fog", "fog", "warn");
  const changed = await eventually("the change is told", () =>
    socket.messages.find((m) => m.event === "filters_changed"),
  );
  assert.ok(!("payload" in changed));
  await events.event("filters_changed", "null");
  await make("storm", "storm", "hide");
  const warned = await post(author, "fog over the harbour");
  await post(author, "a storm is coming");
  const plain = await post(author, "clear again");
  await socket.update(plain.id);
  assert.deepEqual(socket.ids(), [warned.id, plain.id]);
  const seen = JSON.parse((await socket.update(warned.id)).payload ?? "");
  assert.equal(seen.filtered[0].filter.title, "fog");
});

test("announcements come to everybody, and go", async () => {
  const [a, b] = await server.members("told_one", "told_two");
  const both = [await listens(a), await listens(b)];
  const { id } = await server.command("announcement", "add", "The harbour is closed on Sunday");
  for (const socket of both)
    await socket.event("announcement", (json) => json.id === id && /closed on Sunday/.test(json.content));
  await server.command("announcement", "remove", id);
  for (const socket of both) await socket.event("announcement.delete", id);
});

test("a list tells what its people write, to whom it belongs", async () => {
  const [owner, inside, outside] = await server.members("list_owner", "list_inside", "list_outside");
  for (const who of [inside, outside]) await does(owner, `/api/v1/accounts/${who.id}/follow`);
  const list = await does(owner, "/api/v1/lists", { title: "close ones" });
  await does(owner, `/api/v1/lists/${list.id}/accounts`, { "account_ids[]": inside.id });
  const socket = await listens(owner, `?stream=list&list=${list.id}`);
  const events = await hears(owner, `list?list=${list.id}`);
  const strange = await listens(outside, `?stream=list&list=${list.id}`);
  assert.deepEqual(strange.errors, [{ error: "Record not found", status: 404 }]);
  await post(outside, "not in the list");
  const { id } = await post(inside, "in the list");
  assert.deepEqual((await socket.update(id)).stream, ["list", list.id]);
  await events.event("update", (json) => json.id === id);
  await remove(inside, id);
  await socket.event("delete", id);
  assert.deepEqual(socket.ids(), [id]);
});

test("notifications come on both of their streams, once each, and only where the token may read them", async () => {
  const [a, b] = await server.members("note_reader", "note_writer");
  const socket = await listens(a);
  socket.subscribe("user:notification");
  const blind = await listens(await server.signIn(a, "read:statuses"));
  await socket.settled();
  const status = await post(b, "hello @note_reader");
  await eventually("both streams tell", () => socket.messages.filter((m) => m.event === "notification").length === 2);
  const notes = socket.messages.filter((m) => m.event === "notification");
  assert.deepEqual(notes.map((m) => m.stream[0]).sort(), ["user", "user:notification"]);
  const note = JSON.parse(notes[0]?.payload ?? "");
  assert.deepEqual([note.type, note.account.id, note.status.id], ["mention", b.id, status.id]);
  assert.deepEqual(note, await must(server, "GET", `/api/v1/notifications/${note.id}`, { token: a.token }));
  await blind.settled();
  assert.deepEqual(blind.messages, []);
});

test("subscribing twice tells once, and one unsubscribe ends it", async () => {
  const a = await server.member("twice");
  const socket = await listens(a);
  socket.subscribe("user");
  socket.subscribe("user");
  await socket.settled();
  const first = await post(a, "once");
  await socket.update(first.id);
  socket.unsubscribe("user");
  await socket.settled();
  const witness = await listens(a);
  const unheard = await post(a, "unheard");
  await witness.update(unheard.id);
  socket.subscribe("user");
  await socket.settled();
  const last = await post(a, "heard again");
  await socket.update(last.id);
  assert.deepEqual(socket.ids(), [first.id, last.id]);
});

test("what cannot be subscribed to is said on the socket, which stays open", async () => {
  const a = await server.member("asker");
  const socket = await listens(a, "?stream=nonsense");
  const cases: [unknown, string, number][] = [
    [{ type: "subscribe", stream: "hashtag" }, "Missing tag name parameter", 400],
    [{ type: "subscribe", stream: "list" }, "Missing list name parameter", 400],
    [{ type: "subscribe", stream: "list", list: "12" }, "Record not found", 404],
    [{ type: "subscribe" }, "Unknown stream type", 400],
    [{ type: "dance", stream: "user" }, "Unknown message type: subscribe and unsubscribe are known", 400],
    [["user"], "The message is no JSON object", 400],
    ["user", "The message is no JSON object", 400],
  ];
  for (const [message] of cases) socket.say(message);
  await socket.settled();
  assert.deepEqual(socket.errors, [
    { error: "Unknown stream type", status: 400 },
    ...cases.map(([, error, status]) => ({ error, status })),
  ]);
  const narrow = await listens(await server.signIn(a, "read:notifications"), "?stream=user");
  assert.deepEqual(narrow.errors, [{ error: "This action is outside the authorized scopes", status: 403 }]);
  narrow.subscribe("user:notification");
  await narrow.settled();
  assert.equal(narrow.errors.length, 1);
});

test("the handshake: tokens in three places, the subprotocol comes back, no token no socket", async () => {
  const a = await server.member("shaker");
  const places: [string, Record<string, string>][] = [
    ["/api/v1/streaming", { "Sec-WebSocket-Protocol": a.token }],
    ["/api/v1/streaming/", { Authorization: `Bearer ${a.token}` }],
    [`/api/v1/streaming?access_token=${a.token}`, {}],
  ];
  for (const [target, headers] of places) {
    const { status, head, socket, accepts } = await handshake(server, target, headers);
    socket.destroy();
    assert.equal(status, 101, head);
    assert.ok(accepts, head);
    assert.equal(head.includes(`Sec-WebSocket-Protocol: ${a.token}\r\n`), "Sec-WebSocket-Protocol" in headers);
  }
  const bad: [number, string, Record<string, string>][] = [
    [401, "/api/v1/streaming", {}],
    [401, "/api/v1/streaming", { "Sec-WebSocket-Protocol": "wrong" }],
    [400, "/api/v1/streaming", { Authorization: `Bearer ${a.token}`, "Sec-WebSocket-Version": "8" }],
    [400, "/api/v1/streaming", { Authorization: `Bearer ${a.token}`, "Sec-WebSocket-Key": "short" }],
    [400, "/api/v1/streaming", { Authorization: `Bearer ${a.token}`, Connection: "keep-alive" }],
  ];
  for (const [wanted, target, headers] of bad) {
    const { status, socket } = await handshake(server, target, headers);
    socket.destroy();
    assert.equal(status, wanted, JSON.stringify(headers));
  }
});

test("frames that the protocol forbids end the socket with the code it names", async () => {
  const a = await server.member("framer");
  const text = Buffer.from("{}");
  const cases: [string, Buffer[], number][] = [
    ["not masked", [frame(1, text, { masked: false })], 1002],
    ["a reserved bit", [frame(1, text, { rsv: 4 })], 1002],
    ["an unknown opcode", [frame(3, text)], 1002],
    ["binary", [frame(2, text)], 1003],
    ["not UTF-8", [frame(1, Buffer.from([0xff, 0xfe]))], 1007],
    ["too long", [frame(1, Buffer.alloc(5000, 32))], 1009],
    ["too long in pieces", [frame(1, Buffer.alloc(3000, 32), { fin: false }), frame(0, Buffer.alloc(3000, 32))], 1009],
    ["a long ping", [frame(9, Buffer.alloc(126))], 1005], // wslay names no code here
    ["a goodbye", [frame(8, Buffer.from([0x03, 0xe8]))], 1000],
  ];
  for (const [what, frames, code] of cases) {
    const socket = await listens(a);
    for (const bytes of frames) socket.socket.write(bytes);
    assert.equal(await socket.ended(), code, what);
    socket.close();
  }
  const chatty = await listens(a);
  for (let i = 0; i < 300; i++) chatty.say({ type: "subscribe", stream: "user" });
  assert.equal(await chatty.ended(), 1008);
  const pieces = await listens(a, "");
  const whole = Buffer.from(JSON.stringify({ type: "subscribe", stream: "user" }));
  pieces.socket.write(frame(1, whole.subarray(0, 10), { fin: false }));
  pieces.socket.write(frame(9, Buffer.from("between")));
  pieces.socket.write(frame(0, whole.subarray(10)));
  await pieces.settled();
  const { id } = await post(a, "in pieces");
  await pieces.update(id);
});

test("a token that ends takes its streams with it, and so does a suspension", async () => {
  const [a, b] = await server.members("leaver", "stayer");
  const app = await server.registerApp();
  const second = await server.token(app, undefined, a);
  const ends = await listens(second);
  const events = await EventClient.open(server, "user", second);
  const stays = await listens(a);
  const other = await listens(b);
  await must(server, "POST", "/oauth/revoke", {
    form: { token: second, client_id: app.clientId, client_secret: app.clientSecret },
  });
  assert.equal(await ends.ended(), 1008);
  await eventually("the events end", () => events.isOver);
  await server.command("member", "suspend", "stayer", "--reason", "a test");
  assert.equal(await other.ended(), 1008);
  await stays.settled();
  assert.equal(stays.closed, undefined);
});

test("server-sent events: the same, in their form", async () => {
  const [author, fan] = (await followers("sse_author", "sse_fan")) as [Member, Member];
  const user = await hears(fan, "user");
  const notes = await hears(fan, "user/notification");
  const local = await hears(fan, "public/local");
  const tag = await hears(fan, "hashtag?tag=Sse");
  assert.match(user.headers.get("Content-Type") ?? "", /^text\/event-stream/);
  assert.match(user.headers.get("Cache-Control") ?? "", /no-store/);
  assert.equal(user.headers.get("Access-Control-Allow-Origin"), "*");
  const { id } = await post(author, "line\n\ntwo #sse @sse_fan");
  for (const events of [user, local, tag]) await events.event("update", (json) => json.id === id);
  await notes.event("notification", (json) => json.status.id === id);
  await remove(author, id);
  await user.event("delete", id);
  assert.ok(!/^data: .*\ndata:/m.test(user.text), "one line of data each");
});

test("server-sent events: what is not there", async () => {
  const a = await server.member("sse_asker");
  const narrow = await server.signIn(a, "read:notifications");
  const cases: [string, string | undefined, number, string][] = [
    ["user", undefined, 401, "The access token is invalid"],
    ["user", narrow, 403, "This action is outside the authorized scopes"],
    ["nonsense", a.token, 400, "Unknown channel requested"],
    ["user/nonsense", a.token, 400, "Unknown channel requested"],
    ["", a.token, 400, "Unknown channel requested"],
    ["hashtag", a.token, 400, "Missing tag name parameter"],
    ["list?list=12", a.token, 404, "Record not found"],
  ];
  for (const [path, token, status, error] of cases) {
    const reply = await ask(server, "GET", `/api/v1/streaming/${path}`, { token });
    assert.deepEqual([reply.status, reply.json?.error], [status, error], path);
  }
  const head = await ask(server, "HEAD", "/api/v1/streaming/user", { token: a.token });
  assert.equal(head.status, 200);
  assert.equal((await ask(server, "GET", "/api/v1/streaming/health")).text, "OK");
});

test("limits: streams of one member, streams in all, and a goodbye when the server stops", async () => {
  const small = await startServer({ settings: { streams_max: "3", streams_per_account_max: "2" } });
  const opened: WebSocketClient[] = [];
  try {
    const [a, b] = await small.members("anna", "ben");
    const first = await openSocket(small, a.token, "?stream=user");
    await first.settled();
    for (let i = 0; i < 2; i++) opened.push(await openSocket(small, a.token, "?stream=user"));
    assert.equal(await first.ended(), 1013, "the oldest gives way");
    first.close();
    await eventually("its place is free", async () => {
      const { status, socket } = await handshake(small, "/api/v1/streaming", { Authorization: `Bearer ${b.token}` });
      if (status === 101) opened.push(new WebSocketClient(socket, ""));
      else socket.destroy();
      return status === 101;
    });
    const reply = await ask(small, "GET", "/api/v1/streaming/user", { token: b.token });
    assert.equal(reply.status, 503);
    assert.match(reply.json.error, /Too many streams/);
    assert.ok(reply.headers.has("Retry-After"));
    const ends = opened.map((socket) => socket.ended());
    await small.halt();
    assert.deepEqual(await Promise.all(ends), [1001, 1001, 1001]);
  } finally {
    for (const socket of opened) socket.close();
    await small.stop();
  }
});

test("a reader who does not read is dropped, and nobody waits for them", async () => {
  const small = await startServer({ settings: { stream_buffer_kib: "16" } });
  try {
    const [author, slow, quick] = await small.members("author", "slow", "quick");
    for (const fan of [slow, quick]) await fan.client.v1.accounts.$select(author.id).follow();
    const stuck = await openSocket(small, slow.token, "?stream=user");
    const reads = await openSocket(small, quick.token, "?stream=user");
    await stuck.settled();
    await reads.settled();
    stuck.socket.pause();
    const before = (await small.command("info")).streams;
    assert.equal(before.slow, 0);
    let last = "";
    await eventually(
      "the slow one is dropped",
      async () => {
        const form = { status: "x".repeat(480) };
        const some = Array.from({ length: 20 }, () =>
          ask(small, "POST", "/api/v1/statuses", { token: author.token, form }),
        );
        await Promise.all(some);
        last = (await must(small, "POST", "/api/v1/statuses", { token: author.token, form })).id;
        return (await small.command("info")).streams.slow === 1;
      },
      120_000,
    );
    await reads.update(last);
    reads.close();
  } finally {
    await small.stop();
  }
});

test("masto's own client streams over what the instance says", async () => {
  const a = await server.member("mastodonte");
  const instance = await a.client.v2.instance.fetch();
  const client = createStreamingAPIClient({
    streamingApiUrl: instance.configuration.urls.streaming,
    accessToken: a.token,
  });
  open.push(client); // it would connect again and again
  const heard: string[] = [];
  const user = client.user.subscribe();
  const tag = client.hashtag.subscribe({ tag: "lighthouse" });
  const read = async (name: string, events: AsyncIterable<{ event: string; payload: unknown }>) => {
    for await (const { event, payload } of events) heard.push(`${name} ${event} ${(payload as Json).id ?? payload}`);
  };
  void read("user", user as AsyncIterable<{ event: string; payload: unknown }>);
  void read("tag", tag as AsyncIterable<{ event: string; payload: unknown }>);
  const ids: string[] = [];
  await eventually("the subscriptions stand", async () => {
    ids.push((await post(a, `at the #lighthouse ${ids.length}`)).id);
    return heard.length > 0;
  });
  const id = ids.at(-1) ?? "";
  await eventually(
    "both streams tell",
    () => heard.includes(`user update ${id}`) && heard.includes(`tag update ${id}`),
  );
  await a.client.v1.statuses.$select(id).remove();
  await eventually("the end is told", () => heard.includes(`user delete ${id}`));
});
