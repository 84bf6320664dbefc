/* SPDX-License-Identifier: Apache-2.0 */
/* Pages for strangers out of memory: whatever members and moderators do, in whatever order, what memory says is what a
   fresh page says, byte for byte, at once; and nobody else gets it. */
#include <stdio.h>
#include <stdlib.h>

#include "base/id.h"
#include "base/rng.h"
#include "check.h"
#include "core/account.h"
#include "core/auth.h"
#include "core/follow.h"
#include "core/interact.h"
#include "core/site.h"
#include "core/standing.h"
#include "core/status.h"
#include "core/status_delete.h"
#include "feed/feed.h"
#include "net/headers.h"
#include "pages/pages.h"
#include "world.h"

#define PEOPLE    4 /* the last one moderates */
#define PARLEYS   24
#define ROUNDS    400
#define MODERATOR (PEOPLE - 1)

struct town {
    struct ctx *c;
    struct account *who[PEOPLE];
    int64_t parleys[PARLEYS];
    int64_t by[PARLEYS];
    int n;
    int hits;
    int asked;
};

struct ask {
    enum http_method method;
    const char *path;
    const char *query;
    const char *cookie; /* NULL: none */
    const char *encoding;
    struct str known;
};

/* `memory`: what a loop thread answers, without a store; status 0: it gives way. */
static struct http_res get(struct ctx *c, const struct ask *a, bool memory)
{
    struct http_header_in list[3];
    struct http_headers headers = { .v = list };
    struct http_res r = { .arena = c->arena };
    struct ctx own = *c;
    own.me = NULL;
    own.session = NULL;
    own.says = (struct str){ 0 };
    if (a->cookie != NULL)
        list[headers.n++] =
            (struct http_header_in){ STR("cookie"), arena_strf(c->arena, "__Host-parley=%s", a->cookie) };
    if (a->encoding != NULL)
        list[headers.n++] = (struct http_header_in){ STR("accept-encoding"), str_c(a->encoding) };
    if (a->known.n > 0)
        list[headers.n++] = (struct http_header_in){ STR("if-none-match"), a->known };
    struct http_req q = { .arena = c->arena, .method = a->method, .path = str_c(a->path), .headers = &headers };
    q.query = a->query == NULL ? (struct str){ 0 } : str_c(a->query);
    q.target = q.path;
    if (memory) {
        own.db = NULL;
        (void)pages_from_memory(&own, &q, &r);
    } else {
        pages_dispatch(&own, &q, &r);
    }
    return r;
}

static struct str header(const struct http_res *r, const char *name)
{
    return http_res_header_of(r, str_c(name));
}

static bool alike(const struct http_res *a, const struct http_res *b)
{
    return a->status == b->status && str_eq(a->body, b->body) && str_eq(a->type, b->type)
           && str_eq(header(a, "ETag"), header(b, "ETag"))
           && str_eq(header(a, "Content-Encoding"), header(b, "Content-Encoding"))
           && str_eq(header(a, "Cache-Control"), header(b, "Cache-Control"))
           && str_eq(header(a, "Vary"), header(b, "Vary"))
           && str_eq(header(a, "Content-Security-Policy"), header(b, "Content-Security-Policy"));
}

/* What memory has is what is true; afterwards it is there. */
static void look(struct town *t, const char *path, const char *after)
{
    struct ask ask = { .path = path };
    struct http_res kept = get(t->c, &ask, true);
    struct http_res fresh = get(t->c, &ask, false);
    bool same = kept.status == 0 || alike(&kept, &fresh);
    t->hits += kept.status != 0;
    t->asked++;
    CHECK(same);
    if (!same)
        (void)printf("%s after %s: memory says %d, %zu bytes; it is %d, %zu bytes\n", path, after, kept.status,
                     kept.body.n, fresh.status, fresh.body.n);
    kept = get(t->c, &ask, true);
    CHECK(kept.status == 0 ? fresh.status != 200 : alike(&kept, &fresh));
}

static void look_at_all(struct town *t, const char *after)
{
    look(t, "/", after);
    look(t, "/local", after);
    look(t, "/tags/tide", after);
    for (int i = 0; i < PEOPLE; i++)
        look(t, arena_cstr(t->c->arena, arena_strf(t->c->arena, "/@" STR_FMT, STR_ARG(t->who[i]->username))), after);
    for (int i = t->n > 6 ? t->n - 6 : 0; i < t->n; i++) {
        struct str name = t->who[t->by[i]]->username;
        look(t,
             arena_cstr(t->c->arena,
                        arena_strf(t->c->arena, "/@" STR_FMT "/%lld", STR_ARG(name), (long long)t->parleys[i])),
             after);
    }
}

static int pick(struct town *t, int n)
{
    return n == 0 ? 0 : (int)(rand_u64(t->c) % (uint64_t)n);
}

static enum err publish(struct town *t, int who)
{
    struct status *s = NULL;
    struct status_draft d = { .sensitive = 0, .visibility = pick(t, 4) == 0 ? VIS_UNLISTED : VIS_PUBLIC };
    int to = pick(t, 3) == 0 && t->n > 0 ? pick(t, t->n) : -1;
    d.text =
        arena_strf(t->c->arena, "word %llu%s", (unsigned long long)rand_u64(t->c), pick(t, 2) == 0 ? " #tide" : "");
    d.in_reply_to_id = to < 0 ? 0 : t->parleys[to];
    TRY(status_publish(t->c, &d, &s));
    int at = t->n < PARLEYS ? t->n++ : pick(t, PARLEYS);
    t->parleys[at] = s->id;
    t->by[at] = who;
    return OK;
}

static enum err edit(struct town *t, int64_t id)
{
    struct status *s = NULL;
    const struct status_draft d = { .text = arena_strf(t->c->arena, "edited %llu%s", (unsigned long long)rand_u64(t->c),
                                                       pick(t, 2) == 0 ? " #tide" : ""),
                                    .sensitive = 0,
                                    .visibility = -1 };
    return status_edit(t->c, id, &d, &s);
}

static enum err rename_me(struct town *t)
{
    struct account *a = NULL;
    struct profile_edit e = profile_edit_none();
    e.display_name = arena_strf(t->c->arena, "name %d", pick(t, 1000));
    return account_edit(t->c, &e, &a);
}

static enum err enter_mode(struct town *t)
{
    return site_mode_enter(t->c, pick(t, 2) == 0 ? MODE_NORMAL : MODE_SIGN_UPS_PAUSED, STR("a reason"), 0);
}

static enum err stand(struct town *t, int64_t id, bool is_member)
{
    static const enum standing_kind of_parley[] = { STANDING_NORMAL, STANDING_SENSITIVE, STANDING_HELD,
                                                    STANDING_REMOVED };
    static const enum standing_kind of_member[] = { STANDING_NORMAL, STANDING_LIMITED, STANDING_FROZEN,
                                                    STANDING_SUSPENDED };
    const struct standing_order o = { .kind = (is_member ? of_member : of_parley)[pick(t, 4)], .reason = STR("why") };
    t->c->me = t->who[MODERATOR];
    return is_member ? standing_set_member(t->c, id, &o) : standing_set_status(t->c, id, &o);
}

/* One thing, by somebody; what is refused changes nothing. */
static const char *act(struct town *t, enum err *e)
{
    struct ctx *c = t->c;
    struct status *s = NULL;
    static const struct follow_wish wish = { .reblogs = -1, .notify = -1 };
    int who = pick(t, PEOPLE);
    int at = pick(t, t->n);
    int64_t id = t->parleys[at];
    c->now_ms += 3;
    c->me = world_reread(c, t->who[who]);
    switch (pick(t, 16)) {
    case 0: *e = edit(t, id); return "edit";
    case 1: *e = status_delete(c, id, &s); return "delete";
    case 2: *e = status_favourite(c, id, &s); return "favourite";
    case 3: *e = status_unfavourite(c, id, &s); return "unfavourite";
    case 4: *e = status_reblog(c, id, -1, &s); return "echo";
    case 5: *e = status_unreblog(c, id, &s); return "unecho";
    case 6: *e = status_pin(c, id, &s); return "pin";
    case 7: *e = status_unpin(c, id, &s); return "unpin";
    case 8: *e = follow_add(c, t->who[pick(t, PEOPLE)]->id, &wish); return "follow";
    case 9: *e = follow_remove(c, t->who[pick(t, PEOPLE)]->id); return "unfollow";
    case 10: *e = rename_me(t); return "profile";
    case 11: *e = enter_mode(t); return "mode";
    case 12: *e = stand(t, id, false); return "standing of a parley";
    case 13: *e = stand(t, t->who[pick(t, MODERATOR)]->id, true); return "standing of a member";
    default: *e = publish(t, who); return "publish";
    }
}

static void memory_says_what_is_true(struct world *w, struct town *t)
{
    int done = 0;
    struct arena *first = w->c.arena;
    struct arena *each = arena_new();
    for (int i = 0; i < ROUNDS; i++) {
        enum err e = OK;
        arena_reset(each);
        t->c->arena = each;
        const char *what = act(t, &e);
        t->c->site = site_box_get(w->sites);
        done += e == OK;
        look_at_all(t, what);
        t->c->arena = first;
    }
    arena_free(&each);
    (void)printf("%d changes, %d of %d pages from memory after one\n", done, t->hits, t->asked);
    CHECK(done > ROUNDS / 4);
    CHECK(t->hits > t->asked / 4);
}

static void only_strangers_get_it(struct town *t)
{
    struct ctx *c = t->c;
    struct str secret = { 0 };
    c->me = NULL;
    MUST(auth_open(c, t->who[0], STR("test"), &secret), c);
    struct ask ask = { .path = "/local" };
    (void)get(c, &ask, false);
    CHECK(get(c, &ask, true).status == 200);
    ask.query = "max_id=5";
    CHECK(get(c, &ask, true).status == 0);
    ask.query = NULL;
    ask.cookie = "of-nobody";
    CHECK(get(c, &ask, true).status == 0);
    ask.cookie = arena_cstr(c->arena, secret);
    CHECK(get(c, &ask, true).status == 0);
    struct http_res mine = get(c, &ask, false);
    CHECK(mine.status == 200 && header(&mine, "ETag").n == 0);
    ask.cookie = NULL;
    struct http_res theirs = get(c, &ask, true);
    size_t at = 0;
    CHECK(theirs.status == 200 && !str_find(theirs.body, STR("/notifications"), &at));
    ask.method = HTTP_POST;
    CHECK(get(c, &ask, true).status == 0);
    ask = (struct ask){ .path = "/about" };
    (void)get(c, &ask, false);
    CHECK(get(c, &ask, true).status == 0);
}

static void whoever_has_it_is_told_so(struct town *t)
{
    struct ask ask = { .path = "/local", .encoding = "gzip" };
    struct http_res packed = get(t->c, &ask, false);
    struct http_res kept = get(t->c, &ask, true);
    CHECK(alike(&packed, &kept) && str_eq(header(&kept, "Content-Encoding"), STR("gzip")));
    ask.encoding = NULL;
    struct http_res plain = get(t->c, &ask, false);
    CHECK(header(&plain, "Content-Encoding").n == 0 && plain.body.n > packed.body.n);
    CHECK(str_eq(header(&plain, "ETag"), header(&packed, "ETag")));
    ask.known = header(&plain, "ETag");
    for (int memory = 0; memory < 2; memory++) {
        struct http_res again = get(t->c, &ask, memory == 1);
        CHECK(again.status == 304 && again.body.n == 0 && str_eq(header(&again, "ETag"), ask.known));
    }
    t->c->now_ms += 60 * 1000; /* times are said as "1 min": not for long */
    CHECK(get(t->c, &ask, true).status == 0);
}

int main(void)
{
    static const char *const names[PEOPLE] = { "ada", "ben", "cleo", "mod" };
    struct world w;
    world_open(&w);
    struct town t = { .c = &w.c };
    for (int i = 0; i < PEOPLE; i++)
        t.who[i] = world_member(&w.c, names[i]);
    world_exec(&w.c, "UPDATE account SET role = %d WHERE bucket = %lld AND id = %lld", (int)ROLE_MODERATOR,
               (long long)id_bucket(t.who[MODERATOR]->id), (long long)t.who[MODERATOR]->id);
    feed_account_changed(w.feed, t.who[MODERATOR]->id);
    t.who[MODERATOR] = world_reread(&w.c, t.who[MODERATOR]);
    memory_says_what_is_true(&w, &t);
    only_strangers_get_it(&t);
    whoever_has_it_is_told_so(&t);
    world_close(&w);
    return check_done();
}
