// SPDX-License-Identifier: Apache-2.0
// Passkeys, by a security key in software: made, used as a second factor and alone, and every way to do it wrongly.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { Authenticator, cbor, EDDSA, ES256, optionsOf, PRESENT, RS256, type Twist } from "../lib/authenticator.ts";
import { type Member, programPath, type Server, startServer } from "../lib/server.ts";
import { formOf, type Page, Visitor } from "../lib/visitor.ts";
import { eventually } from "../lib/wait.ts";

const build = process.env.PARLEY_BUILD ?? path.resolve(path.dirname(programPath()), "../..");
const library = path.join(build, "test/fault/libclock_back.so");
const noClock = existsSync(library) ? false : `${library} is not built`;
const MAX = 4;

let server: Server;
let folder: string;

before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "parley-clock-"));
  await writeFile(path.join(folder, "clock"), "0");
  if (!noClock) process.env.LD_PRELOAD = library;
  process.env.PARLEY_TEST_CLOCK_S = path.join(folder, "clock");
  try {
    server = await startServer({ settings: { passkeys_max: String(MAX) } });
  } finally {
    delete process.env.LD_PRELOAD;
    delete process.env.PARLEY_TEST_CLOCK_S;
  }
});
after(async () => {
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Somebody at a browser with a security key. */
class Person extends Visitor {
  readonly key: Authenticator;
  recovery: string[] = [];

  constructor(
    readonly member: Member,
    counts = true,
  ) {
    super(server);
    this.key = new Authenticator(server.url, counts);
  }

  static async come(name: string, counts = true): Promise<Person> {
    const person = new Person(await server.member(name), counts);
    await person.enter();
    return person;
  }

  /** With the password; gives the page that follows. */
  async enter(target = "/sign-in?again=1"): Promise<Page> {
    return this.signIn(await this.get(target), this.member);
  }

  /** The page on which the browser is asked to make a passkey. */
  async begin(name = "my key", password = this.member.password): Promise<Page> {
    return this.submit(await this.get("/settings/two_factor"), "/settings/passkeys", { name, password });
  }

  async add(twist: Twist = {}, name = "my key"): Promise<Page> {
    const page = await this.begin(name);
    const made = await this.submit(page, "/settings/passkeys/add", this.key.create(optionsOf(page), twist));
    if (made.status !== 200) this.key.keys.pop();
    const codes = [...made.html.matchAll(/<li>([a-z2-7]{5}-[a-z2-7]{5})<\/li>/g)].map(([, code]) => code ?? "");
    if (codes.length > 0) this.recovery = codes;
    return made;
  }

  /** The page on which the browser is asked for any passkey. */
  async ask(next = "/home"): Promise<Page> {
    const page = await this.get(`/sign-in?again=1&next=${encodeURIComponent(next)}`);
    return this.submit(page, "/sign-in/passkey", {});
  }

  async enterAlone(twist: Twist = {}): Promise<Page> {
    const page = await this.ask();
    return this.submit(page, "/sign-in/passkey/enter", this.key.get(optionsOf(page), twist));
  }

  async signOut(): Promise<void> {
    await this.submit(await this.get("/more"), "/sign-out", {});
  }

  async signedIn(): Promise<boolean> {
    return (await this.get("/home")).url.pathname === "/home";
  }

  /** Identities of the passkeys that the settings list. */
  async listed(): Promise<string[]> {
    const { html } = await this.get("/settings/two_factor");
    return [...html.matchAll(/\/settings\/passkeys\/(\d+)/g)].map(([, id]) => id ?? "");
  }
}

const says = (page: Page) => page.html.replace(/<head>[\s\S]*<\/head>|<script[\s\S]*?<\/script>|<[^>]+>/g, " ");

async function refused(why: string): Promise<number> {
  const { metrics } = (await server.command("metrics")) as {
    metrics: { name: string; labels: string; value: string }[];
  };
  const row = metrics.find((m) => m.name === "parley_passkeys_refused_total" && m.labels === `why="${why}"`);
  return Number(row?.value ?? 0);
}

/** What was sent to an address: entries of mail.log, as courier/mail.c writes them. */
const mails = async (email: string) =>
  (await readFile(path.join(server.data, "mail.log"), "utf8"))
    .split(/^--- (?=\d{4}-\d\d-\d\dT)/m)
    .filter((mail) => mail.includes(`\nTo: ${email}\n`));

test("a passkey is made, listed with its name, told by mail; and signs in after the password", async () => {
  const anna = await Person.come("anna");
  const made = await anna.add({}, "a <key> of brass");
  assert.equal(made.status, 200, says(made));
  assert.equal(anna.recovery.length, 10);
  assert.match(made.headers.get("Cache-Control") ?? "", /no-store/);
  const page = await anna.get("/settings/two_factor");
  assert.match(page.html, /a &lt;key&gt; of brass/);
  assert.match(says(page), /never used/);
  assert.match(says(page), /10 recovery codes are left/);
  const [mail] = await eventually("a mail about it", async () => {
    const about = (await mails(anna.member.email)).filter((m) => m.includes("Subject: A passkey was added"));
    return about.length > 0 && about;
  });
  assert.match(mail ?? "", /the passkey "a <key> of brass" signs you in/);

  await anna.signOut();
  const step = await anna.enter();
  assert.match(says(step), /One more step/);
  const options = optionsOf(step);
  assert.equal(options.allowCredentials.length, 1);
  assert.deepEqual(options.allowCredentials[0].transports, ["usb", "nfc"]);
  assert.equal(options.rpId, "localhost");
  const home = await anna.submit(step, "/sign-in/key", anna.key.get(options, { flags: PRESENT }));
  assert.equal(home.url.pathname, "/home");
  assert.match(says(await anna.get("/settings/two_factor")), /last used/);
});

test("with a passkey the password alone lets nobody in", async () => {
  const bea = await Person.come("bea");
  await bea.add();
  await bea.signOut();
  const step = await bea.enter();
  assert.equal(await bea.signedIn(), false);
  assert.match(says(step), /Recovery code/);
  await assert.rejects(server.signIn(bea.member), /invalid_grant/);
});

for (const [name, algorithm] of [
  ["ES256", ES256],
  ["EdDSA", EDDSA],
  ["RS256", RS256],
] as const) {
  for (const format of ["none", "packed"] as const) {
    if (format === "packed" && algorithm === RS256) continue;
    test(`${name}, attestation ${format}: signs in without a password`, async () => {
      const who = await Person.come(`c_${name}_${format}`.toLowerCase(), format === "none");
      const made = await who.add({ algorithm, format });
      assert.equal(made.status, 200, says(made));
      await who.signOut();
      assert.equal((await who.enterAlone()).url.pathname, "/home");
      await who.signOut();
      assert.equal((await who.enterAlone()).url.pathname, "/home");
    });
  }
}

test("what is asked of the browser tells nothing and asks for no maker", async () => {
  const dora = await Person.come("dora");
  const options = optionsOf(await dora.begin());
  assert.equal(options.attestation, "none");
  assert.equal(options.rp.id, "localhost");
  assert.equal(Buffer.from(options.challenge, "base64url").length, 32);
  assert.equal(Buffer.from(options.user.id, "base64url").length, 32);
  assert.ok(!Buffer.from(options.user.id, "base64url").toString().includes(dora.member.id));
  assert.deepEqual(
    options.pubKeyCredParams.map((p: { alg: number }) => p.alg),
    [ES256, EDDSA, RS256],
  );
  await dora.add();
  const again = optionsOf(await dora.begin());
  assert.equal(again.excludeCredentials.length, 1);
  assert.equal(again.user.id, dora.key.keys[0]?.handle.toString("base64url"));
  assert.notEqual(again.challenge, options.challenge);
  const alone = optionsOf(await dora.ask());
  assert.deepEqual([alone.allowCredentials, alone.userVerification], [[], "required"]);
});

test("a new passkey must be ours, whole, and of a kind that is taken", async () => {
  const emil = await Person.come("emil");
  const wrong: [string, Twist][] = [
    ["origin", { origin: "https://evil.example" }],
    ["origin", { origin: `${server.url}0` }],
    ["origin", { crossOrigin: true }],
    ["site", { rpId: "evil.example" }],
    ["presence", { flags: 0 }],
    ["malformed", { type: "webauthn.get" }],
    ["malformed", { flags: PRESENT | 16 }],
    ["algorithm", { algorithm: -35 }],
    ["signature", { format: "packed", forged: true }],
    ["signature", { format: "strange" }],
    ["challenge", { challenge: Buffer.alloc(32).toString("base64url") }],
    ["challenge", { challenge: "" }],
  ];
  for (const [why, twist] of wrong) {
    const before = await refused(why);
    const made = await emil.add(twist);
    assert.ok([410, 422].includes(made.status), `${JSON.stringify(twist)}: ${made.status}`);
    assert.equal(await refused(why), before + 1, `${JSON.stringify(twist)} is ${why}`);
  }
  assert.deepEqual(await emil.listed(), []);
  assert.equal(await emil.signedIn(), true);
});

test("no bytes are taken for a passkey that are none", async () => {
  const fred = await Person.come("fred");
  const good = fred.key.create(optionsOf(await fred.begin()));
  const attestation = Buffer.from(good.attestation ?? "", "base64url");
  const bad: Record<string, string>[] = [
    {},
    { attestation: "" },
    { attestation: "!!" },
    { attestation: attestation.subarray(0, -1).toString("base64url") },
    { attestation: Buffer.concat([attestation, Buffer.from([0])]).toString("base64url") },
    { attestation: cbor(new Map([["fmt", "none"]])).toString("base64url") },
    { attestation: Buffer.from("9b7fffffffffffffff", "hex").toString("base64url") },
    { client: Buffer.from("null").toString("base64url") },
    { client: Buffer.from("{").toString("base64url") },
  ];
  for (const [i, fields] of bad.entries()) {
    const page = await fred.begin();
    const sent = i === 0 ? {} : { ...fred.key.create(optionsOf(page)), ...fields };
    assert.equal((await fred.submit(page, "/settings/passkeys/add", sent)).status, 422, JSON.stringify(fields));
  }
  assert.deepEqual(await fred.listed(), []);
});

test("the challenge of a new passkey works once, for its session, and not for ever", async () => {
  const gina = await Person.come("gina");
  const page = await gina.begin();
  const fields = gina.key.create(optionsOf(page));
  const elsewhere = new Person(gina.member);
  await elsewhere.enter();
  const other = await elsewhere.begin();
  assert.equal((await elsewhere.submit(other, "/settings/passkeys/add", fields)).status, 410);
  const fresh = await gina.begin();
  const made = gina.key.create(optionsOf(fresh));
  assert.equal((await gina.submit(fresh, "/settings/passkeys/add", made)).status, 200);
  assert.equal((await gina.submit(fresh, "/settings/passkeys/add", made)).status, 410);
  assert.equal((await gina.listed()).length, 1);
});

test("a challenge that was answered wrongly is spent", async () => {
  const hugo = await Person.come("hugo");
  const page = await hugo.begin();
  const options = optionsOf(page);
  const bad = hugo.key.create(options, { rpId: "evil.example" });
  assert.equal((await hugo.submit(page, "/settings/passkeys/add", bad)).status, 422);
  const good = hugo.key.create(options);
  assert.equal((await hugo.submit(page, "/settings/passkeys/add", good)).status, 410);
});

test("challenges expire", { skip: noClock }, async () => {
  const ida = await Person.come("ida");
  await ida.add();
  const page = await ida.begin("late");
  const alone = await ida.ask();
  await writeFile(path.join(folder, "clock"), "301");
  try {
    const made = await ida.submit(
      page,
      "/settings/passkeys/add",
      new Authenticator(server.url).create(optionsOf(page)),
    );
    assert.equal(made.status, 410);
    const entered = await ida.submit(alone, "/sign-in/passkey/enter", ida.key.get(optionsOf(alone)));
    assert.equal(entered.status, 410);
    assert.match(says(entered), /took too long/);
  } finally {
    await writeFile(path.join(folder, "clock"), "0");
  }
  assert.equal((await ida.listed()).length, 1);
});

test("who signs in without a password proves to be the owner of the device, on our page, with a key of theirs", async () => {
  const jon = await Person.come("jon");
  const kim = await Person.come("kim");
  await jon.add();
  await kim.add();
  await jon.signOut();
  const strange = new Authenticator(server.url);
  strange.create({ user: { id: "AAAA" }, rp: { id: "localhost" }, challenge: "" });
  const mine = jon.key.keys[0] ?? assert.fail();
  const hers = kim.key.keys[0] ?? assert.fail();
  const wrong: [string, Twist][] = [
    ["origin", { origin: "https://evil.example" }],
    ["site", { rpId: "evil.example" }],
    ["presence", { flags: PRESENT }],
    ["presence", { flags: 4 }],
    ["malformed", { type: "webauthn.create" }],
    ["malformed", { flags: PRESENT | 4 | 64 }],
    ["malformed", { flags: PRESENT | 4 | 128 }],
    ["signature", { forged: true }],
    ["signature", { key: { ...mine, secret: hers.secret } }],
    ["unknown", { key: strange.keys[0] ?? assert.fail() }],
    ["unknown", { handle: undefined }],
    ["unknown", { handle: hers.handle }],
    ["challenge", { challenge: Buffer.alloc(32).toString("base64url") }],
  ];
  for (const [why, twist] of wrong) {
    const before = await refused(why);
    const page = await jon.enterAlone(twist);
    assert.ok([410, 422].includes(page.status), `${JSON.stringify(Object.keys(twist))}: ${page.status}`);
    assert.equal(await refused(why), before + 1, `${Object.keys(twist)} is ${why}`);
    assert.equal(await jon.signedIn(), false);
  }
  assert.equal((await jon.enterAlone()).url.pathname, "/home");
});

test("an answer works once, and in the browser that was asked", async () => {
  const lea = await Person.come("lea", false);
  await lea.add();
  await lea.signOut();
  const page = await lea.ask();
  const fields = lea.key.get(optionsOf(page));
  const thief = new Visitor(server);
  const theirs = await thief.submit(await thief.get("/sign-in"), "/sign-in/passkey", {});
  const { token = "", next = "" } = formOf(theirs, "/sign-in/passkey/enter").fields;
  assert.equal((await thief.submit(theirs, "/sign-in/passkey/enter", { ...fields, token, next })).status, 410);
  assert.equal((await thief.get("/home")).url.pathname, "/sign-in");
  assert.equal((await lea.submit(page, "/sign-in/passkey/enter", fields)).url.pathname, "/home");
  await lea.signOut();
  const later = await lea.ask();
  assert.equal((await lea.submit(later, "/sign-in/passkey/enter", fields)).status, 410);
  assert.equal(await lea.signedIn(), false);
});

test("a count of signatures that goes back is refused, logged and counted", async () => {
  const max = await Person.come("max");
  await max.add();
  const key = max.key.keys[0] ?? assert.fail();
  await max.signOut();
  key.count = 10;
  assert.equal((await max.enterAlone()).url.pathname, "/home");
  await max.signOut();
  for (const count of [10, 3, -1]) {
    const before = await refused("counter");
    key.count = count; // and one more by the signature itself
    if (count === 10) key.count = 9; // the same again
    const page = await max.enterAlone();
    assert.equal(page.status, 422);
    assert.match(says(page), /there may be a copy/);
    assert.equal(await refused("counter"), before + 1);
  }
  assert.match(server.log, /its count of signatures went from 11 back to/);
  const step = await max.enter();
  key.count = 4;
  const page = await max.submit(step, "/sign-in/key", max.key.get(optionsOf(step)));
  assert.equal(page.status, 422);
  key.count = 50;
  assert.equal((await max.enterAlone()).url.pathname, "/home");
});

test("the second step takes only a passkey of who gave the password, once, for that step", async () => {
  const nia = await Person.come("nia", false);
  const ole = await Person.come("ole", false);
  await nia.add();
  await ole.add();
  await nia.signOut();
  const step = await nia.enter();
  const options = optionsOf(step);
  const theirs = ole.key.get({ ...options, allowCredentials: [] });
  assert.equal((await nia.submit(step, "/sign-in/key", theirs)).status, 422);
  const other = nia.key.get(optionsOf(await nia.enter()));
  assert.equal((await nia.submit(step, "/sign-in/key", other)).status, 410);
  assert.equal(await nia.signedIn(), false);
  const right = nia.key.get(options);
  assert.equal((await nia.submit(step, "/sign-in/key", right)).url.pathname, "/home");
  await nia.signOut();
  assert.equal((await nia.submit(step, "/sign-in/key", right)).status, 410, "the step is over");
  assert.equal(await nia.signedIn(), false);
});

test("a recovery code stands in for a lost passkey, once", async () => {
  const pia = await Person.come("pia");
  await pia.add();
  const [code = ""] = pia.recovery;
  for (const worked of [true, false]) {
    await pia.signOut().catch(() => undefined);
    const step = await pia.enter();
    const page = await pia.submit(step, "/sign-in/code", { code });
    assert.equal(page.url.pathname === "/home", worked);
  }
});

test("passkeys are renamed and removed, the last one with its recovery codes; others' are not there", async () => {
  const quin = await Person.come("quin");
  const rosa = await Person.come("rosa");
  await quin.add({}, "one");
  await quin.add({}, "two");
  const [one = "", two = ""] = await quin.listed();
  const renamed = await quin.submit(await quin.get(`/settings/passkeys/${two}`), `/settings/passkeys/${two}/rename`, {
    name: "the second",
  });
  assert.match(says(renamed), /the second/);
  const own = await quin.get(`/settings/passkeys/${one}`);
  const long = await quin.submit(own, `/settings/passkeys/${one}/rename`, { name: "x".repeat(31) });
  assert.equal(long.status, 422);
  assert.equal((await quin.submit(own, `/settings/passkeys/${one}/remove`, { password: "not hers" })).status, 422);
  assert.equal((await quin.listed()).length, 2);

  assert.equal((await rosa.get(`/settings/passkeys/${one}`)).status, 404);
  const token = formOf(await rosa.get("/settings/two_factor"), "/settings/passkeys").fields.token ?? "";
  for (const what of ["rename", "remove"]) {
    const fields = { token, name: "mine", password: rosa.member.password };
    const page = await quinLike(rosa, `/settings/passkeys/${one}/${what}`, fields);
    assert.equal(page.status, 404);
  }

  const { password } = quin.member;
  const gone = await quin.submit(own, `/settings/passkeys/${one}/remove`, { password });
  assert.match(says(gone), /The passkey is removed/);
  assert.match(says(gone), /10 recovery codes are left/);
  await quin.submit(await quin.get(`/settings/passkeys/${two}`), `/settings/passkeys/${two}/remove`, { password });
  assert.doesNotMatch(says(await quin.get("/settings/two_factor")), /recovery codes are left/);
  await quin.signOut();
  assert.equal((await quin.enter()).url.pathname, "/home", "the password signs in alone again");
  const told = await eventually("a mail about each", async () => {
    const about = (await mails(quin.member.email)).filter((m) => m.includes("Subject: A passkey was removed"));
    return about.length >= 2 && about;
  });
  const lines = told.map((m) => /^the passkey .*$/m.exec(m)?.[0]).sort();
  const last = "It was the last one: your password signs you in alone now.";
  assert.deepEqual(lines, [
    'the passkey "one" no longer signs you in.',
    `the passkey "the second" no longer signs you in. ${last}`,
  ]);
  await quin.signOut();
  const page = await quin.enterAlone();
  assert.equal(page.status, 422, "a removed passkey signs nobody in");
});

/** Posts what a form of the person's own would, to another address. */
async function quinLike(person: Person, goes: string, fields: Record<string, string>): Promise<Page> {
  return person.submit(await person.get("/settings/two_factor"), "/settings/passkeys", fields, goes);
}

test("there are passkeys_max at most", async () => {
  const sam = await Person.come("sam");
  for (let i = 0; i < MAX - 1; i++) assert.equal((await sam.add()).status, 200);
  const pages = [await sam.begin()];
  assert.equal((await sam.add()).status, 200);
  assert.equal((await sam.listed()).length, MAX);
  const full = await sam.get("/settings/two_factor");
  assert.doesNotMatch(full.html, /action="\/settings\/passkeys"/);
  const late = pages[0] ?? assert.fail();
  assert.equal((await sam.submit(late, "/settings/passkeys/add", sam.key.create(optionsOf(late)))).status, 410);
});

test("adding one takes the password", async () => {
  const tom = await Person.come("tom");
  const page = await tom.begin("x", "not his");
  assert.equal(page.status, 422);
  assert.doesNotMatch(page.html, /data-options/);
});

test("a credential is one member's only", async () => {
  const una = await Person.come("una");
  const vic = await Person.come("vic");
  const page = await una.begin();
  const fields = una.key.create(optionsOf(page));
  await una.submit(page, "/settings/passkeys/add", fields);
  const other = await vic.begin();
  const id = una.key.keys[0]?.id ?? assert.fail();
  const made = vic.key.create(optionsOf(other));
  const at = Buffer.from(made.attestation ?? "", "base64url");
  const own = vic.key.keys[0]?.id ?? assert.fail();
  id.copy(at, at.indexOf(own));
  const page2 = await vic.submit(other, "/settings/passkeys/add", { ...made, attestation: at.toString("base64url") });
  assert.equal(page2.status, 409);
  assert.deepEqual(await vic.listed(), []);
});

test("a suspended member is kept out, and told why", async () => {
  const wim = await Person.come("wim");
  await wim.add();
  await wim.signOut();
  await server.command("member", "suspend", "wim", "--reason", "threatened people");
  const page = await wim.enterAlone();
  assert.equal(page.status, 403);
  assert.match(says(page), /threatened people/);
});

test("a new password keeps the passkeys, and the mail says so", async () => {
  const xia = await Person.come("xia");
  await xia.add();
  const { url } = await server.command("member", "reset-password", "xia");
  const where = new URL(url).pathname;
  const password = "another harbour in the fog";
  await xia.submit(await xia.get(where), where, { password });
  assert.equal(await xia.signedIn(), false);
  const step = await xia.signIn(await xia.get("/sign-in"), { username: "xia", password });
  assert.match(says(step), /One more step/);
  assert.equal((await xia.enterAlone()).url.pathname, "/home");
});

test("the operator sees how many there are and removes them for who lost them", async () => {
  const yan = await Person.come("yan");
  await yan.add();
  await yan.add();
  assert.equal((await server.command("member", "show", "yan")).passkeys, 2);
  await assert.rejects(server.command("member", "reset-second-factor", "yan", "--which", "shoes"));
  await server.command("member", "reset-second-factor", "yan", "--which", "authenticator");
  assert.equal((await server.command("member", "show", "yan")).passkeys, 2);
  await server.command("member", "reset-second-factor", "yan");
  assert.equal((await server.command("member", "show", "yan")).passkeys, 0);
  await yan.signOut();
  assert.equal((await yan.enter()).url.pathname, "/home");
});

test("an app is let in by who signs in with a passkey on the way", async () => {
  const zoe = await Person.come("zoe");
  await zoe.add();
  await zoe.signOut();
  const app = await server.registerApp("read", "https://app.example/back");
  const query = new URLSearchParams({
    response_type: "code",
    client_id: app.clientId,
    redirect_uri: "https://app.example/back",
    scope: "read",
    state: "s&t",
  });
  const page = await zoe.get(`/oauth/authorize?${query}`);
  assert.equal(page.url.pathname, "/sign-in");
  const ask = await zoe.submit(page, "/sign-in/passkey", {});
  const question = await zoe.submit(ask, "/sign-in/passkey/enter", zoe.key.get(optionsOf(ask)));
  assert.equal(question.url.pathname, "/oauth/authorize");
  const { left } = await zoe.submit(question, "/oauth/authorize", { answer: "allow" });
  const back = new URL(left ?? assert.fail("not sent back"));
  assert.equal(back.searchParams.get("state"), "s&t");
  assert.ok(back.searchParams.get("code"));

  await zoe.signOut();
  const step = await zoe.signIn(await zoe.get(`/oauth/authorize?${query}`), zoe.member);
  const second = await zoe.submit(step, "/sign-in/key", zoe.key.get(optionsOf(step)));
  assert.equal(second.url.pathname, "/oauth/authorize");
});

test("one file may run, by its whole address, where it is needed and nowhere else", async () => {
  const vera = new Visitor(server);
  const page = await vera.get("/sign-in");
  const policy = page.headers.get("Content-Security-Policy") ?? "";
  const src = /<script src="([^"]+)" defer[^>]*><\/script>/.exec(page.html)?.[1] ?? assert.fail("no script");
  assert.ok(policy.includes(`script-src ${server.url}${src};`), policy);
  assert.ok(policy.startsWith("default-src 'none';"));
  assert.doesNotMatch(policy, /unsafe|connect-src|\*/);
  const file = await server.fetch(src);
  assert.match(file.headers.get("Content-Type") ?? "", /^text\/javascript/);
  assert.equal(file.headers.get("X-Content-Type-Options"), "nosniff");
  assert.match(says(page), /small script of this page must run/);
  assert.match(page.html, /data-passkey-on[^>]* hidden/);
  for (const target of ["/about", "/local", "/sign-up", "/reset"]) {
    const other = await vera.get(target);
    assert.doesNotMatch(other.headers.get("Content-Security-Policy") ?? "", /script-src/, target);
    assert.doesNotMatch(other.html, /<script(?! type="application\/ld\+json")/, target);
  }
});
