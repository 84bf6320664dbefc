// SPDX-License-Identifier: Apache-2.0
// What real apps ask for whenever they start, in their order: each answered in JSON, empty where there is nothing.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ask, must } from "../lib/http.ts";
import { type Member, type Server, startServer } from "../lib/server.ts";

let server: Server;
let anna: Member;
before(async () => {
  server = await startServer();
  anna = await server.member("anna");
});
after(() => server?.stop());

/** Paths that may be 404: the app is known to bear it. */
const BORNE = ["/api/v1/push/subscription", "/api/v2/notifications", "/.well-known/host-meta"];

const starts: Record<string, string[]> = {
  Phanpy: [
    "/api/v1/preferences",
    "/api/v2/instance",
    "/api/v1/accounts/verify_credentials",
    "/.well-known/host-meta",
    "/.well-known/nodeinfo",
    "/nodeinfo/2.0",
    "/api/v1/timelines/home?limit=20",
    "/api/v1/followed_tags?limit=200",
    "/api/v1/announcements",
    "/api/v1/follow_requests?limit=80",
    "/api/v2/notifications?limit=20&supported_types[]=mention",
    "/api/v1/notifications?limit=20",
    "/api/v1/lists",
    "/api/v2/filters",
  ],
  Elk: [
    "/api/v2/instance",
    "/nodeinfo/2.0",
    "/api/v1/accounts/verify_credentials",
    "/api/v1/preferences",
    "/api/v1/push/subscription",
    "/api/v1/markers?timeline[]=notifications",
    "/api/v1/notifications?limit=30",
    "/api/v1/followed_tags",
    "/api/v1/timelines/home?limit=30",
  ],
  Tusky: [
    "/api/v1/accounts/verify_credentials",
    "/api/v2/instance",
    "/api/v1/custom_emojis",
    "/api/v2/filters",
    "/api/v1/filters",
    "/api/v1/timelines/home",
    "/api/v1/announcements",
    "/api/v1/markers?timeline[]=notifications",
    "/api/v1/notifications?min_id=0",
  ],
  "the Android app": [
    "/api/v1/accounts/verify_credentials",
    "/api/v2/instance",
    "/api/v1/custom_emojis",
    "/api/v1/filters",
    "/api/v1/preferences",
    "/api/v1/timelines/home",
    "/api/v1/lists",
    "/api/v1/followed_tags",
    "/api/v1/markers?timeline[]=home&timeline[]=notifications",
  ],
  toot: ["/api/v1/instance", "/api/v1/accounts/verify_credentials", "/api/v1/timelines/home"],
  "Mastodon.py": ["/api/v1/instance/", "/api/v2/instance/", "/.well-known/nodeinfo", "/nodeinfo/2.0"],
};

for (const [app, paths] of Object.entries(starts)) {
  test(`${app} starts`, async () => {
    for (const path of paths) {
      const reply = await ask(server, "GET", path, { token: anna.token });
      const borne = BORNE.some((known) => path.startsWith(known));
      assert.ok(reply.status === 200 || (borne && reply.status === 404), `${path}: ${reply.status} ${reply.text}`);
      if (!path.includes("host-meta")) assert.notEqual(reply.json, undefined, `${path} is JSON`);
    }
  });
}

test("the instance tells what Elk reads without asking whether it is there", async () => {
  const { configuration, version, api_versions } = await must(server, "GET", "/api/v2/instance");
  assert.match(configuration.urls.streaming, /^wss?:\/\//);
  assert.equal(typeof configuration.vapid.public_key, "string");
  assert.equal(configuration.statuses.max_characters, 500);
  assert.equal(configuration.statuses.characters_reserved_per_url, 23);
  for (const key of ["max_options", "max_characters_per_option"]) {
    assert.equal(typeof configuration.polls[key], "number", key);
  }
  assert.ok(Array.isArray(configuration.media_attachments.supported_mime_types));
  for (const key of ["image_size_limit", "video_size_limit"]) {
    assert.equal(typeof configuration.media_attachments[key], "number", key);
  }
  assert.match(version, /^4\.5\.0\+parley-\d+\.\d+\.\d+$/, "a version that compare-versions takes");
  assert.equal(configuration.accounts.max_featured_tags, 10);
  assert.equal(api_versions.mastodon, 9, "the profile and all before it, and no more than is there");
});

test("nodeinfo names the software and its upstream", async () => {
  const { links } = await must(server, "GET", "/.well-known/nodeinfo");
  assert.equal(links[0].rel, "http://nodeinfo.diaspora.software/ns/schema/2.0");
  const info = await must(server, "GET", new URL(links[0].href).pathname);
  assert.equal(info.software.name, "parley");
  assert.equal(info.metadata.upstream.name, "mastodon");
  assert.equal(info.version, "2.0");
  assert.deepEqual(
    [info.protocols, info.metadata.federation],
    [[], { enabled: false }],
    "it says that it does not federate",
  );
});

test("v1/instance has the bare host as uri, and a version that begins with its major number", async () => {
  const instance = await must(server, "GET", "/api/v1/instance");
  assert.equal(instance.uri, new URL(server.url).host);
  assert.match(instance.version, /^4/);
});

test("streaming/health is OK in plain text", async () => {
  const reply = await ask(server, "GET", "/api/v1/streaming/health");
  assert.equal(reply.text, "OK");
  assert.match(reply.headers.get("Content-Type") ?? "", /^text\/plain/);
});

test("health and readiness are told", async () => {
  for (const path of ["/health", "/ready"]) assert.equal((await ask(server, "GET", path)).status, 200, path);
});
