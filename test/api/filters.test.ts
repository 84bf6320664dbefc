// SPDX-License-Identifier: Apache-2.0
// Filters: how they are kept, what they say of a parley, and what they take away, the same in both versions of the API.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { ask, type Json, must } from "../lib/http.ts";
import { type Member, type Server, startServer } from "../lib/server.ts";
import { openSocket } from "../lib/stream.ts";
import { Visitor } from "../lib/visitor.ts";

const servers: Server[] = [];
before(async () => {
  servers.push(await startServer(), await startServer({ settings: { feed_memory_mib: "0" } }));
});
after(async () => {
  for (const server of servers) await server.stop();
});

for (const [k, memory] of ["with memory", "without memory"].entries()) {
  describe(memory, () => {
    const server = () => servers[k] ?? assert.fail();
    const get = (who: Member, path: string): Promise<Json> => must(server(), "GET", path, { token: who.token });
    const post = (who: Member, status: string, more: Record<string, string> = {}): Promise<Json> =>
      must(server(), "POST", "/api/v1/statuses", { token: who.token, form: { status, ...more } });
    const filter = (who: Member, title: string, json: Json): Promise<Json> =>
      must(server(), "POST", "/api/v2/filters", { token: who.token, json: { title, context: ["home"], ...json } });
    const words = (...all: string[]): Json => ({ keywords_attributes: all.map((keyword) => ({ keyword })) });
    const whole = (...all: string[]): Json => ({
      keywords_attributes: all.map((keyword) => ({ keyword, whole_word: true })),
    });
    const refused = async (status: number, who: Member, method: string, path: string, form?: Json): Promise<string> => {
      const options = form === undefined ? { token: who.token } : { token: who.token, form };
      const reply = await ask(server(), method, path, options);
      assert.equal(reply.status, status, reply.text);
      return reply.json.error;
    };
    const ids = async (who: Member, path: string): Promise<string[]> => (await get(who, path)).map((s: Json) => s.id);
    const matches = async (who: Member, id: string): Promise<string[]> =>
      (await get(who, `/api/v1/statuses/${id}`)).filtered.flatMap((f: Json) => f.keyword_matches ?? []);

    test("masto makes, changes, reads and deletes a filter with its words", async () => {
      const [a] = await server().members("fmasto");
      const { filters } = a.client.v2;
      const made = await filters.create({
        title: "Noise",
        context: ["home", "public"],
        filterAction: "warn",
        expiresIn: 3600,
        keywordsAttributes: [{ keyword: "spam", wholeWord: true }, { keyword: "eggs" }],
      } as never);
      assert.deepEqual([made.title, made.context, made.filterAction], ["Noise", ["home", "public"], "warn"]);
      assert.deepEqual(
        made.keywords.map(({ keyword, wholeWord }) => [keyword, wholeWord]),
        [
          ["spam", true],
          ["eggs", false],
        ],
      );
      assert.ok(Math.abs(Date.parse(made.expiresAt ?? "") - Date.now() - 3_600_000) < 60_000);
      const changed = await filters.$select(made.id).update({ title: "Less", filterAction: "hide" } as never);
      assert.deepEqual([changed.title, changed.filterAction, changed.keywords.length], ["Less", "hide", 2]);
      assert.deepEqual(await filters.list(), [changed]);
      await filters.$select(made.id).remove();
      assert.deepEqual(await filters.list(), []);
    });

    test("words come and go in each spelling of a form", async () => {
      const [a] = await server().members("fforms");
      const token = a.token;
      const form: [string, string][] = [
        ["title", "x"],
        ["context[]", "home"],
        ["keywords_attributes[][keyword]", "one"],
        ["keywords_attributes[][whole_word]", "1"],
        ["keywords_attributes[][keyword]", "two"],
      ];
      const made = await must(server(), "POST", "/api/v2/filters", { token, form });
      assert.deepEqual(
        made.keywords.map((w: Json) => [w.keyword, w.whole_word]),
        [
          ["one", true],
          ["two", false],
        ],
      );
      const path = `/api/v2/filters/${made.id}`;
      const change = {
        "keywords_attributes[0][id]": made.keywords[0].id,
        "keywords_attributes[0][_destroy]": "true",
        "keywords_attributes[1][id]": made.keywords[1].id,
        "keywords_attributes[1][keyword]": "drei",
        expires_in: "",
      };
      const changed = await must(server(), "PUT", path, { token, form: change });
      assert.deepEqual(changed.keywords, [{ ...made.keywords[1], keyword: "drei" }]);
      const added = await must(server(), "POST", `${path}/keywords`, {
        token,
        form: { keyword: "vier", whole_word: "1" },
      });
      assert.deepEqual([added.keyword, added.whole_word], ["vier", true]);
      const put = await must(server(), "PUT", `/api/v2/filters/keywords/${added.id}`, {
        token,
        form: { whole_word: "0" },
      });
      assert.deepEqual(put, { ...added, whole_word: false });
      assert.deepEqual(await get(a, `/api/v2/filters/keywords/${added.id}`), put);
      assert.deepEqual((await get(a, `${path}/keywords`)).length, 2);
      await must(server(), "DELETE", `/api/v2/filters/keywords/${added.id}`, { token });
      assert.deepEqual((await get(a, path)).keywords, changed.keywords);
    });

    test("what is wrong is said", async () => {
      const [a, b] = await server().members("fwrong", "fother");
      const path = "/api/v2/filters";
      assert.match(await refused(422, a, "POST", path, { "context[]": "home" }), /Title can't be blank/);
      assert.match(await refused(422, a, "POST", path, { title: "x" }), /Context can't be blank/);
      assert.match(await refused(422, a, "POST", path, { title: "x", "context[]": "everywhere" }), /invalid context/);
      const good = { title: "x", "context[]": "home" };
      assert.match(await refused(422, a, "POST", path, { ...good, filter_action: "burn" }), /warn, hide, blur/);
      assert.match(await refused(422, a, "POST", path, { ...good, expires_in: "soon" }), /Expires in/);
      assert.match(await refused(422, a, "POST", path, { ...good, expires_in: "9".repeat(18) }), /Expires in/);
      const blank = { ...good, "keywords_attributes[0][keyword]": " " };
      assert.match(await refused(422, a, "POST", path, blank), /Keyword can't be blank/);
      const long = { ...good, "keywords_attributes[0][keyword]": "ü".repeat(101) };
      assert.match(await refused(422, a, "POST", path, long), /maximum is 100/);
      assert.deepEqual(await get(a, path), [], "nothing of it was kept");
      const made = await filter(b, "theirs", words("x"));
      for (const [method, tail] of [
        ["GET", `/${made.id}`],
        ["PUT", `/${made.id}`],
        ["DELETE", `/${made.id}`],
        ["GET", `/${made.id}/keywords`],
        ["POST", `/${made.id}/keywords`],
        ["GET", `/${made.id}/statuses`],
        ["GET", `/keywords/${made.keywords[0].id}`],
        ["PUT", `/keywords/${made.keywords[0].id}`],
        ["DELETE", `/keywords/${made.keywords[0].id}`],
      ] as const) {
        const form = method === "GET" ? undefined : { keyword: "y" };
        assert.equal(await refused(404, a, method, path + tail, form), "Record not found", method + tail);
      }
      assert.deepEqual(await get(b, `${path}/${made.id}`), made);
    });

    test("a parley says which filters it meets, by the word as it was typed; one's own never does", async () => {
      const [a, b] = await server().members("fsays", "fspeaker");
      await a.client.v1.accounts.$select(b.id).follow();
      const status = await post(b, "All about SPAM and ham", { spoiler_text: "Eggs" });
      const made = await filter(a, "food", { ...words("spam", "egg", "tofu"), context: ["home", "thread"] });
      const { filtered } = await get(a, `/api/v1/statuses/${status.id}`);
      const { keywords, statuses, ...entity } = made;
      assert.deepEqual([keywords.length, statuses], [3, []]);
      assert.deepEqual(filtered, [{ filter: entity, keyword_matches: ["spam", "egg"], status_matches: null }]);
      assert.deepEqual((await get(a, "/api/v1/timelines/home"))[0].filtered, filtered);
      assert.deepEqual((await get(b, `/api/v1/statuses/${status.id}`)).filtered, []);
      const own = await post(a, "my own spam");
      assert.deepEqual((await get(a, `/api/v1/statuses/${own.id}`)).filtered, []);
      const echo = await must(server(), "POST", `/api/v1/statuses/${status.id}/reblog`, { token: b.token });
      const home = (await get(a, "/api/v1/timelines/home")).find((s: Json) => s.id === echo.id);
      assert.deepEqual([home.filtered, home.reblog.filtered], [filtered, filtered]);
    });

    test("words are found in any case and script, and whole ones only as words", async () => {
      const [a, b] = await server().members("fwords", "fwriter");
      const made = await filter(a, "x", words("STRASSE", "caf\u00e9", "c++", "日本"));
      await must(server(), "PUT", `/api/v2/filters/${made.id}`, {
        token: a.token,
        json: whole("art", "dark mode", "@x"),
      });
      const said = async (text: string) => matches(a, (await post(b, text)).id);
      assert.deepEqual(await said("Die Straße"), ["STRASSE"]);
      assert.deepEqual(await said("CAFE\u0301S"), ["café"]);
      assert.deepEqual(await said("I write C++."), ["c++"]);
      assert.deepEqual(await said("昨日本を読んだ"), ["日本"]);
      assert.deepEqual(await said("party artful smart"), []);
      assert.deepEqual(await said("Art, again"), ["art"]);
      assert.deepEqual(await said("the #art of"), ["art"]);
      assert.deepEqual(await said("Dark Mode!"), ["dark mode"]);
      assert.deepEqual(await said("dark modem"), []);
      assert.deepEqual(await said("mail a@x now"), ["@x"]);
    });

    test("what is hidden is left out where the filter says, and only there", async () => {
      const [a, b] = await server().members("fhides", "fhidden");
      await a.client.v1.accounts.$select(b.id).follow();
      const bad = await post(b, "@fhides bad things");
      const fine = await post(b, "@fhides fine things");
      const asker = async (path: string) => ids(a, path);
      const account = `/api/v1/accounts/${b.id}/statuses`;
      const home = "/api/v1/timelines/home";
      const notes = async () => (await get(a, "/api/v1/notifications?types[]=mention")).map((n: Json) => n.status.id);
      const made = await filter(a, "x", { ...words("bad"), filter_action: "hide" });
      assert.deepEqual(await asker(home), [fine.id]);
      assert.deepEqual(await asker(account), [fine.id, bad.id]);
      assert.deepEqual(await notes(), [fine.id, bad.id]);
      assert.equal((await get(a, `/api/v1/statuses/${bad.id}`)).filtered[0].filter.filter_action, "hide");
      const json = { context: ["account", "notifications"] };
      await must(server(), "PUT", `/api/v2/filters/${made.id}`, { token: a.token, json });
      assert.deepEqual(await asker(home), [fine.id, bad.id]);
      assert.deepEqual(await asker(account), [fine.id]);
      assert.deepEqual(await notes(), [fine.id]);
      await must(server(), "PUT", `/api/v2/filters/${made.id}`, { token: a.token, json: { filter_action: "blur" } });
      assert.deepEqual(await asker(account), [fine.id, bad.id]);
      const page = await ask(server(), "GET", `${home}?limit=1`, { token: a.token });
      assert.ok(page.headers.get("Link"), "pages go on below what is hidden");
    });

    test("pages are filled up with what comes behind the hidden, within bounds", async () => {
      const [a, b] = await server().members("ffills", "ffilled");
      await a.client.v1.accounts.$select(b.id).follow();
      const list = await must(server(), "POST", "/api/v1/lists", { token: a.token, form: { title: "x" } });
      await must(server(), "POST", `/api/v1/lists/${list.id}/accounts`, {
        token: a.token,
        form: [["account_ids[]", b.id]],
      });
      await filter(a, "x", { ...words("brack"), filter_action: "hide", context: ["home", "public", "account"] });
      const fine: string[] = [];
      const write = async (what: string, n: number) => {
        for (let i = 0; i < n; i++) {
          const { id } = await post(b, `${what} ${i} #ffilling`);
          if (what === "clear") fine.unshift(id);
        }
      };
      await write("clear", 3);
      await write("brackish", 12);
      await write("clear", 1);
      await write("brackish", 3);
      await write("clear", 1);
      const paths = [
        "/api/v1/timelines/home",
        `/api/v1/timelines/list/${list.id}`,
        "/api/v1/timelines/public",
        "/api/v1/timelines/tag/ffilling",
        `/api/v1/accounts/${b.id}/statuses`,
      ];
      for (const path of paths) {
        assert.deepEqual(await ids(a, `${path}?limit=5`), fine, path);
        assert.deepEqual(await ids(a, `${path}?limit=2`), fine.slice(0, 2), path);
        assert.deepEqual(await ids(a, `${path}?limit=5&min_id=${fine[2]}`), fine.slice(0, 2), path);
      }
      await write("brackish", 24);
      for (const path of paths.filter((p) => !p.endsWith("public"))) {
        const pages: string[][] = [];
        for (let next: string | undefined = `${path}?limit=3`; next !== undefined && pages.length < 20; ) {
          const reply = await ask(server(), "GET", next, { token: a.token });
          pages.push(reply.json.map((s: Json) => s.id));
          next = /<([^>]+)>; rel="next"/.exec(reply.headers.get("Link") ?? "")?.[1];
        }
        assert.deepEqual(pages[0], [], "fifteen were looked at, no more");
        assert.deepEqual(pages.flat(), fine, path);
        assert.ok(pages.length < 8, `${path}: ${pages.length} pages`);
      }
      const visitor = new Visitor(server());
      await visitor.signIn(await visitor.get("/sign-in"), a);
      for (const path of ["/home", `/lists/${list.id}`, "/local", "/tags/ffilling", "/@ffilled"]) {
        const { html } = await visitor.get(path);
        const shown = [...html.matchAll(/<article class="post" id="p(\d+)"/g)].map(([, id]) => id);
        assert.deepEqual(shown.slice(0, 5), fine, path);
        assert.ok(!html.includes("brackish"), path);
      }
    });

    test("notifications: hidden ones are left out of lists, groups and streams, the others say which filter they meet", async () => {
      const [a, b] = await server().members("fnotes", "fnoter");
      const socket = await openSocket(server(), a.token, "?stream=user:notification");
      const context = ["notifications"];
      await filter(a, "never", { ...words("eels"), context, filter_action: "hide" });
      await filter(a, "careful", { ...words("crabs"), context, filter_action: "warn" });
      const [bad, odd, fine] = [
        await post(b, "@fnotes eels"),
        await post(b, "@fnotes crabs"),
        await post(b, "@fnotes mussels"),
      ];
      const told = await socket.event("notification", (note: Json) => note.status.id === odd.id);
      assert.equal(JSON.parse(told.payload ?? "").status.filtered[0].filter.title, "careful");
      await socket.event("notification", (note: Json) => note.status.id === fine.id);
      const heard = socket.messages.map(({ payload }) => JSON.parse(payload ?? "").status.id);
      assert.deepEqual(heard, [odd.id, fine.id]);
      socket.close();
      const list = await get(a, "/api/v1/notifications");
      assert.deepEqual(
        list.map(({ status }: Json) => [status.id, status.filtered.length]),
        [
          [fine.id, 0],
          [odd.id, 1],
        ],
      );
      const groups = await get(a, "/api/v2/notifications");
      assert.deepEqual(
        groups.notification_groups.map(({ status_id }: Json) => status_id),
        [fine.id, odd.id],
      );
      assert.ok(!groups.statuses.some(({ id }: Json) => id === bad.id));
      assert.equal((await get(a, `/api/v1/statuses/${bad.id}`)).id, bad.id, "asked for, it is there");
      const visitor = new Visitor(server());
      await visitor.signIn(await visitor.get("/sign-in"), a);
      const { html } = await visitor.get("/notifications");
      assert.ok(html.includes("mussels") && !html.includes("eels"), html);
    });

    test("streams: what is hidden at home or in public is not sent there, nor its edit", async () => {
      const [a, b] = await server().members("fstreams", "fstreamer");
      await a.client.v1.accounts.$select(b.id).follow();
      const home = await openSocket(server(), a.token, "?stream=user");
      const open = await openSocket(server(), a.token, "?stream=public:local");
      await filter(a, "at home", { ...words("eels"), filter_action: "hide" });
      await filter(a, "in public", { ...words("crabs"), context: ["public"], filter_action: "hide" });
      const [eels, crabs] = [await post(b, "eels"), await post(b, "crabs")];
      await open.update(eels.id); // what is sent is as it is then
      await home.update(crabs.id);
      const edit = { token: b.token, form: { status: "crabs and eels" } };
      await must(server(), "PUT", `/api/v1/statuses/${eels.id}`, edit);
      const last = await post(b, "mussels");
      for (const socket of [home, open]) await socket.update(last.id);
      assert.deepEqual([home.ids(), home.ids("status.update")], [[crabs.id, last.id], []]);
      assert.deepEqual([open.ids(), open.ids("status.update")], [[eels.id, last.id], []]);
      for (const socket of [home, open]) socket.close();
    });

    test("single parleys are filtered until they are taken out again", async () => {
      const [a, b] = await server().members("fsingle", "fone");
      await a.client.v1.accounts.$select(b.id).follow();
      const status = await post(b, "just this one");
      const made = await filter(a, "x", {});
      const path = `/api/v2/filters/${made.id}/statuses`;
      const form = { status_id: status.id };
      const row = await must(server(), "POST", path, { token: a.token, form });
      assert.equal(row.status_id, status.id);
      assert.match(await refused(422, a, "POST", path, form), /already been taken/);
      await refused(404, a, "POST", path, { status_id: "1" });
      assert.deepEqual(await get(a, path), [row]);
      assert.deepEqual(await get(a, `/api/v2/filters/statuses/${row.id}`), row);
      const seen = (await get(a, `/api/v1/statuses/${status.id}`)).filtered;
      assert.deepEqual([seen[0].keyword_matches, seen[0].status_matches], [null, [status.id]]);
      await refused(404, b, "DELETE", `/api/v2/filters/statuses/${row.id}`, {});
      await must(server(), "DELETE", `/api/v2/filters/statuses/${row.id}`, { token: a.token });
      assert.deepEqual((await get(a, `/api/v1/statuses/${status.id}`)).filtered, []);
    });

    test("the first version of the API reads and writes the same rows", async () => {
      const [a, b] = await server().members("fvone", "fvtwo");
      const token = a.token;
      const form = {
        phrase: "boo",
        "context[0]": "home",
        "context[1]": "thread",
        irreversible: "true",
        whole_word: "1",
      };
      const made = await must(server(), "POST", "/api/v1/filters", { token, form });
      assert.deepEqual(made, {
        id: made.id,
        phrase: "boo",
        context: ["home", "thread"],
        whole_word: true,
        expires_at: null,
        irreversible: true,
      });
      const [two] = await get(a, "/api/v2/filters");
      assert.deepEqual([two.title, two.filter_action, two.keywords[0].id], ["boo", "hide", made.id]);
      const path = `/api/v1/filters/${made.id}`;
      const put = { phrase: "baa", "context[]": "public", irreversible: "false" };
      const changed = await must(server(), "PUT", path, { token, form: put });
      assert.deepEqual(changed, { ...made, phrase: "baa", context: ["public"], irreversible: false });
      assert.deepEqual(await get(a, path), changed);
      assert.deepEqual(await get(a, "/api/v1/filters"), [changed]);
      await refused(404, b, "GET", path);
      await refused(404, b, "PUT", path, put);
      await refused(404, b, "DELETE", path, {});
      await refused(422, a, "POST", "/api/v1/filters", { phrase: "", "context[]": "home" });
      await must(server(), "DELETE", path, { token });
      assert.deepEqual(await get(a, "/api/v2/filters"), []);
    });

    test("one is changed by page, and what an app said of its words stays", async () => {
      const [a] = await server().members("fpage");
      const keywords = [
        { keyword: "cod", whole_word: false },
        { keyword: "eel", whole_word: true },
      ];
      const made = await filter(a, "fish", { keywords_attributes: keywords });
      const visitor = new Visitor(server());
      await visitor.signIn(await visitor.get("/sign-in"), a);
      const at = `/settings/filters/${made.id}`;
      assert.ok((await visitor.get("/settings/filters")).html.includes(at));
      const page = await visitor.get(at);
      assert.match(page.html, />\n?cod\neel\n</);
      const form = { title: "sea", words: "cod\r\nray", action: "1", seconds: "-1", public: "1" };
      assert.match((await visitor.submit(page, at, form)).html, /Saved\./);
      const [now] = await get(a, "/api/v2/filters");
      assert.deepEqual([now.id, now.title, now.context, now.filter_action], [made.id, "sea", ["public"], "hide"]);
      const kept = made.keywords.find((k: Json) => k.keyword === "cod");
      assert.deepEqual(
        now.keywords.map((k: Json) => [k.keyword, k.whole_word]),
        [
          ["cod", false],
          ["ray", false],
        ],
      );
      assert.equal(now.keywords[0].id, kept.id);
      assert.match(
        (await visitor.submit(page, at, { ...form, title: "" })).html,
        /Title can&#39;t be blank|Title can't be blank/,
      );
      const stranger = new Visitor(server());
      const [b] = await server().members("fpageb");
      await stranger.signIn(await stranger.get("/sign-in"), b);
      assert.equal((await stranger.get(at)).status, 404);
    });

    test("filters are bounded in number", async () => {
      const [a] = await server().members("fmany");
      const many = Array.from({ length: 300 }, (_, i) => `word ${i}`);
      await filter(a, "many", words(...many));
      const { id } = await filter(a, "one more", {});
      const form = { keyword: "too much" };
      assert.match(await refused(422, a, "POST", `/api/v2/filters/${id}/keywords`, form), /300 words at most/);
    });
  });
}
