// SPDX-License-Identifier: Apache-2.0
// Polls: made and refused, voted once, hidden totals, ended and told, edited and reset, gone with their parley.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ask, type Json, must } from "../lib/http.ts";
import { type Member, type Server, startServer } from "../lib/server.ts";
import { eventually } from "../lib/wait.ts";

let server: Server;
let anna: Member;
let ben: Member;
let cleo: Member;
before(async () => {
  server = await startServer();
  [anna, ben, cleo] = await server.members("anna", "ben", "cleo");
});
after(() => server?.stop());

const make = (poll: Json, status = "which?", who = anna): Promise<Json> =>
  must(server, "POST", "/api/v1/statuses", {
    token: who.token,
    json: { status, poll: { options: ["tea", "coffee"], expires_in: 3600, ...poll } },
  });
const vote = (id: string, who: Member, ...choices: number[]) =>
  ask(server, "POST", `/api/v1/polls/${id}/votes`, { token: who.token, json: { choices } });
const read = (id: string, who?: Member): Promise<Json> =>
  must(server, "GET", `/api/v1/polls/${id}`, { token: who?.token });
const inStatus = async (id: string, who?: Member): Promise<Json> =>
  (await must(server, "GET", `/api/v1/statuses/${id}`, { token: who?.token })).poll;
const counts = (poll: Json): number[] => poll.options.map((option: Json) => option.votes_count);
const refused = async (poll: Json, says: RegExp) => {
  const json = { status: "x", poll: { options: ["a", "b"], expires_in: 3600, ...poll } };
  const reply = await ask(server, "POST", "/api/v1/statuses", { token: anna.token, json });
  assert.equal(reply.status, 422, reply.text);
  assert.match(reply.json.error, says);
};

test("masto makes a poll and votes, and everybody reads the same", async () => {
  const status = await anna.client.v1.statuses.create({
    status: "Lunch?",
    poll: { options: ["soup", "bread"], expiresIn: 3600, multiple: true },
  });
  const id = status.poll?.id ?? assert.fail("no poll");
  assert.equal(status.poll?.multiple, true);
  const after = await ben.client.v1.polls.$select(id).votes.create({ choices: [0, 1] });
  assert.deepEqual([after.voted, after.ownVotes, after.votesCount, after.votersCount], [true, [0, 1], 2, 1]);
  assert.deepEqual(await inStatus(status.id, ben), await read(id, ben));
});

test("only who is signed in is told whether they voted; the author has", async () => {
  const { id, poll } = await make({});
  assert.deepEqual([poll.voted, poll.own_votes], [true, []]);
  assert.equal("voted" in (await read(id)) || "own_votes" in (await inStatus(id)), false);
  assert.deepEqual([(await read(id, ben)).voted, (await read(id, ben)).own_votes], [false, []]);
  await vote(id, ben, 1);
  assert.deepEqual((await inStatus(id, ben)).own_votes, [1]);
  assert.deepEqual((await inStatus(id, cleo)).own_votes, []);
  assert.deepEqual(counts(await read(id)), [0, 1]);
});

test("an echo and the home timeline show the poll as its reader has it", async () => {
  const { id } = await make({}, "echoed");
  await cleo.client.v1.accounts.$select(ben.id).follow();
  const echo = await must(server, "POST", `/api/v1/statuses/${id}/reblog`, { token: ben.token });
  await vote(id, cleo, 0);
  const home = await must(server, "GET", "/api/v1/timelines/home", { token: cleo.token });
  const seen = home.find((s: Json) => s.id === echo.id) ?? assert.fail("not there");
  assert.deepEqual([seen.poll, seen.reblog.poll.own_votes, counts(seen.reblog.poll)], [null, [0], [1, 0]]);
});

test("an ETag knows of a vote", async () => {
  const { id } = await make({});
  const first = await ask(server, "GET", `/api/v1/statuses/${id}`, { token: ben.token });
  await ask(server, "GET", `/api/v1/statuses/${id}`, { token: ben.token });
  await vote(id, ben, 0);
  const headers = { "If-None-Match": first.headers.get("ETag") ?? assert.fail("no ETag") };
  assert.equal((await ask(server, "GET", `/api/v1/statuses/${id}`, { token: ben.token, headers })).status, 200);
});

test("twice, one's own, nothing, too much and what is not there are 422", async () => {
  const { id } = await make({});
  assert.match((await vote(id, anna, 0)).json.error, /own poll/);
  for (const wrong of [[], [2], [-1], [0, 1]]) assert.equal((await vote(id, ben, ...wrong)).status, 422, `${wrong}`);
  const words = await ask(server, "POST", `/api/v1/polls/${id}/votes`, {
    token: ben.token,
    form: { "choices[]": "a" },
  });
  assert.equal(words.status, 422);
  assert.equal((await vote(id, ben, 0)).status, 200);
  assert.match((await vote(id, ben, 1)).json.error, /already voted/);
  assert.deepEqual(counts(await read(id)), [1, 0]);
});

test("a poll that nobody shows me is not there", async () => {
  const { id } = await must(server, "POST", "/api/v1/statuses", {
    token: anna.token,
    json: { status: "@ben?", visibility: "direct", poll: { options: ["a", "b"], expires_in: 600 } },
  });
  const plain = await must(server, "POST", "/api/v1/statuses", { token: anna.token, form: { status: "no poll" } });
  for (const none of [id, plain.id, "1"]) {
    assert.equal((await ask(server, "GET", `/api/v1/polls/${none}`, { token: cleo.token })).status, 404);
    assert.equal((await vote(none, cleo, 0)).status, 404);
  }
  assert.equal((await vote(id, ben, 0)).status, 200);
});

test("what is no poll is refused with what to do", async () => {
  await refused({ options: ["only"] }, /2 to 8 options/);
  await refused({ options: Array.from({ length: 9 }, (_, i) => `o${i}`) }, /2 to 8 options/);
  await refused({ options: ["a", " "] }, /2 to 8 options|option 2 is empty/);
  await refused({ options: ["a", "a"] }, /option 2 stands there twice/);
  await refused({ options: ["a", "ä".repeat(51)] }, /option 2 is longer than 50/);
  await refused({ expires_in: 0 }, /expires_in/);
  await refused({ expires_in: 40_000_000 }, /expires_in/);
  await refused({ expires_in: "soon" }, /expires_in/);
});

test("the limits are told", async () => {
  const { configuration } = await must(server, "GET", "/api/v2/instance");
  assert.deepEqual([configuration.polls.max_options, configuration.polls.max_characters_per_option], [8, 50]);
  await make({ options: Array.from({ length: 8 }, (_, i) => `${i}${"👩‍👩‍👧‍👦".repeat(49)}`) });
});

test("totals are hidden until the end, then told to author and voters", async () => {
  const { id } = await make({ hide_totals: true, expires_in: 2 });
  await vote(id, ben, 0);
  assert.deepEqual(counts(await inStatus(id, ben)), [null, null]);
  assert.equal((await read(id)).votes_count, 1);
  await eventually("it ends", async () => (await inStatus(id, ben)).expired);
  assert.deepEqual(counts(await inStatus(id, ben)), [1, 0]);
  assert.match((await vote(id, cleo, 0)).json.error, /already ended/);
  const told = async (who: Member) =>
    (await must(server, "GET", "/api/v1/notifications?types[]=poll", { token: who.token })).filter(
      (n: Json) => n.status.id === id && n.account.id === anna.id,
    ).length;
  await eventually("both are told", async () => (await told(anna)) === 1 && (await told(ben)) === 1);
  assert.equal(await told(cleo), 0);
});

test("an edit that keeps the options keeps the votes; another one resets them; history has both", async () => {
  const { id } = await make({}, "first");
  await vote(id, ben, 1);
  const edit = (json: Json) => must(server, "PUT", `/api/v1/statuses/${id}`, { token: anna.token, json });
  const same = { options: ["tea", "coffee"], expires_in: 7200 };
  assert.deepEqual(counts((await edit({ status: "second", poll: same })).poll), [0, 1]);
  assert.deepEqual((await read(id, ben)).own_votes, [1]);
  const other = await edit({ status: "second", poll: { options: ["tea", "water"], expires_in: 7200 } });
  assert.deepEqual([counts(other.poll), other.poll.voters_count], [[0, 0], 0]);
  assert.deepEqual([(await read(id, ben)).voted, (await read(id, ben)).own_votes], [false, []]);
  assert.equal((await vote(id, ben, 0)).status, 200);
  assert.deepEqual(counts(await read(id)), [1, 0]);
  const gone = await edit({ status: "third" });
  assert.equal(gone.poll, null);
  assert.equal((await ask(server, "GET", `/api/v1/polls/${id}`)).status, 404);
  const back = await edit({ status: "fourth", poll: same });
  assert.deepEqual([counts(back.poll), (await read(id, ben)).voted], [[0, 0], false]);
  const history = await must(server, "GET", `/api/v1/statuses/${id}/history`);
  assert.deepEqual(
    history.map((v: Json) => v.poll?.options.map((o: Json) => o.title).join() ?? "none"),
    ["tea,coffee", "tea,coffee", "tea,water", "none", "tea,coffee"],
  );
});

test("the vote of who leaves does not count any more, and a deleted poll is gone", async () => {
  const [dora] = await server.members("dora");
  const { id } = await make({}, "leaving");
  await vote(id, dora, 0);
  await server.command("member", "delete", "dora", "--yes");
  await eventually("the vote goes", async () => counts(await read(id))[0] === 0);
  assert.equal((await read(id)).voters_count, 0);
  const deleted = await must(server, "DELETE", `/api/v1/statuses/${id}`, { token: anna.token });
  assert.equal(deleted.poll.options[0].title, "tea");
  assert.equal((await ask(server, "GET", `/api/v1/polls/${id}`)).status, 404);
});
