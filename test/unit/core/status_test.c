/* SPDX-License-Identifier: Apache-2.0 */
/* Publishing, editing, deleting and threads, on a real store. */
#include "core/status.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/id.h"
#include "check.h"
#include "core/context.h"
#include "core/interact.h"
#include "core/status_delete.h"
#include "core/status_tell.h"
#include "model/notification.h"
#include "store/status.h"
#include "world.h"

static struct status *say(struct ctx *c, const struct account *me, struct str text, int64_t answer_to)
{
    struct status *s = NULL;
    struct status_draft d = { .text = text, .visibility = VIS_PUBLIC, .in_reply_to_id = answer_to };
    c->me = me;
    c->now_ms += 1000;
    MUST(status_publish(c, &d, &s), c);
    return s;
}

static bool refused(struct ctx *c, const struct status_draft *d, const char *says)
{
    struct status *s = NULL;
    return status_publish(c, d, &s) == ERR_INVALID && str_eq(c->says, str_c(says));
}

static struct str times(struct arena *a, const char *what, int n)
{
    struct buf b = buf_on(a);
    for (int i = 0; i < n; i++)
        buf_put(&b, str_c(what));
    return buf_str(&b);
}

static void limits(struct ctx *c, const struct account *ann)
{
    struct status *s = NULL;
    c->me = ann;
    CHECK(refused(c, &(struct status_draft){ .text = STR(" \n ") }, "Validation failed: Text can't be blank"));
    struct status_draft d = { .text = times(c->arena, "\xc3\xa4", 500) };
    CHECK(status_publish(c, &d, &s) == OK && s->text.n == 1000);
    d.text = times(c->arena, "\xc3\xa4", 501);
    CHECK(refused(c, &d, "Validation failed: Text character limit of 500 exceeded"));
    d.text = times(c->arena, "a", 490);
    d.spoiler = times(c->arena, "b", 11);
    CHECK(refused(c, &d, "Validation failed: Text character limit of 500 exceeded"));
    d.spoiler = times(c->arena, "b", 10);
    CHECK(status_publish(c, &d, &s) == OK && s->sensitive);
    d = (struct status_draft){ .text =
                                   arena_strf(c->arena, "https://a.example/" STR_FMT " " STR_FMT,
                                              STR_ARG(times(c->arena, "x", 300)), STR_ARG(times(c->arena, "y", 476))) };
    CHECK(status_publish(c, &d, &s) == OK); /* 23 + 1 + 476 */
    d = (struct status_draft){ .text = STR("x"), .language = STR("klingon!") };
    CHECK(refused(c, &d, "Validation failed: Language is not a language code"));
    d = (struct status_draft){ .text = STR("a\xff") };
    CHECK(refused(c, &d, "Validation failed: Text is not valid UTF-8"));
    struct buf tags = buf_on(c->arena);
    for (int i = 0; i < 41; i++)
        buf_printf(&tags, "#t%d ", i);
    d = (struct status_draft){ .text = buf_str(&tags) };
    CHECK(refused(c, &d, "Validation failed: Text has more than 40 hashtags"));
    struct buf names = buf_on(c->arena);
    for (int i = 0; i < 21; i++)
        buf_printf(&names, "@n%d @n%d ", i, i);
    d = (struct status_draft){ .text = buf_str(&names) };
    CHECK(refused(c, &d, "Validation failed: Text mentions more than 20 people"));
    d.text = str_head(d.text, d.text.n - 2 * sizeof "@n20");
    CHECK(status_publish(c, &d, &s) == OK && str_eq(s->mentions, STR("[]")));
    d = (struct status_draft){ .text = STR(""), .spoiler = STR("only a warning") };
    CHECK(status_publish(c, &d, &s) == OK && str_eq(s->text, STR("only a warning")) && s->spoiler.n == 0);
}

static void defaults(struct ctx *c, const struct account *ann)
{
    struct status *s = NULL;
    struct status_draft d = { .text = STR("quiet"), .visibility = -1, .sensitive = -1 };
    struct account me = *ann;
    me.default_visibility = VIS_PRIVATE;
    me.default_sensitive = true;
    me.default_language = STR("de");
    c->me = &me;
    CHECK(status_publish(c, &d, &s) == OK && s->visibility == VIS_PRIVATE && s->sensitive
          && str_eq(s->language, STR("de")));
    c->me = ann;
}

static int64_t notes(struct ctx *c, const struct account *to, enum notification_type type, int64_t status_id)
{
    return world_query(c,
                       "SELECT COUNT(*) FROM notification WHERE account_id = %lld AND type = %d AND status_id = %lld",
                       (long long)to->id, (int)type, (long long)status_id);
}

static void mentions_and_who_hears_them(struct ctx *c)
{
    const struct account *cat = world_member(c, "cat");
    const struct account *dog = world_member(c, "dog");
    const struct account *eel = world_member(c, "eel");
    const struct account *fox = world_member(c, "fox");
    world_block(c, dog, cat); /* dog blocks the author: the name stays text */
    world_mute(c, eel, cat);  /* eel is named, but does not hear */
    struct status *s = say(c, cat, STR("@Dog @EEL @fox @fox@harbour.example @cat @nobody @fox@else.example hi"), 0);
    CHECK(str_eq(s->mentions, arena_strf(c->arena,
                                         "[{\"id\":\"%lld\",\"username\":\"eel\",\"acct\":\"eel\"},"
                                         "{\"id\":\"%lld\",\"username\":\"fox\",\"acct\":\"fox\"},"
                                         "{\"id\":\"%lld\",\"username\":\"cat\",\"acct\":\"cat\"}]",
                                         (long long)eel->id, (long long)fox->id, (long long)cat->id)));
    CHECK(notes(c, dog, NOTE_MENTION, s->id) == 0 && notes(c, eel, NOTE_MENTION, s->id) == 0);
    CHECK(notes(c, fox, NOTE_MENTION, s->id) == 1 && notes(c, cat, NOTE_MENTION, s->id) == 0);

    c->me = fox;
    MUST(status_mute(c, s->id, &s), c);
    struct status *answer = say(c, cat, STR("@fox again"), s->id);
    CHECK(notes(c, fox, NOTE_MENTION, answer->id) == 0);
    MUST((c->me = fox, status_unmute(c, s->id, &s)), c);

    world_stand(c, cat, STANDING_LIMITED);
    struct status *limited = say(c, world_reread(c, cat), STR("@fox psst"), 0);
    CHECK(notes(c, fox, NOTE_MENTION, limited->id) == 0);
    world_follow(c, fox, cat, true);
    limited = say(c, world_reread(c, cat), STR("@fox psst"), 0);
    CHECK(notes(c, fox, NOTE_MENTION, limited->id) == 1);
    world_stand(c, cat, STANDING_NORMAL);

    CHECK(world_query(c, "SELECT COUNT(*) FROM job WHERE kind = 2 AND subject = %lld", (long long)limited->id) == 1);
    for (int twice = 0; twice < 2; twice++) {
        c->me = NULL;
        MUST(status_tell_followers(c, limited->id), c);
        CHECK(notes(c, fox, NOTE_STATUS, limited->id) == 1);
    }
}

static void answers(struct ctx *c, const struct account *ann, const struct account *bob)
{
    struct status *root = say(c, ann, STR("root"), 0);
    struct status *one = say(c, bob, STR("one"), root->id);
    struct status *two = say(c, ann, STR("two"), root->id);
    struct status *deep = say(c, ann, STR("one.one"), one->id);
    struct status *deeper = say(c, bob, STR("one.one.one"), deep->id);
    struct status_context t = { 0 };
    CHECK(one->thread_id == root->id && deeper->thread_id == root->id && one->in_reply_to_account_id == ann->id);
    MUST(status_context(c, root->id, &t), c);
    CHECK(t.ancestors_n == 0 && t.descendants_n == 4);
    CHECK(t.descendants[0]->id == one->id && t.descendants[1]->id == deep->id && t.descendants[2]->id == deeper->id
          && t.descendants[3]->id == two->id);
    MUST(status_context(c, deep->id, &t), c);
    CHECK(t.ancestors_n == 2 && t.ancestors[0]->id == root->id && t.ancestors[1]->id == one->id);
    CHECK(t.descendants_n == 1 && t.descendants[0]->id == deeper->id);
    MUST(store_status_get(c, root->id, &root), c);
    CHECK(root->replies_count == 2);

    struct status *s = NULL;
    struct status_draft d = { .text = STR("to nobody"), .in_reply_to_id = 12345 };
    CHECK(status_publish(c, &d, &s) == ERR_NOT_FOUND);
    d.in_reply_to_id = root->id;
    d.visibility = VIS_PRIVATE;
    MUST(status_publish(c, &d, &s), c);
    MUST(store_status_get(c, root->id, &root), c);
    CHECK(root->replies_count == 2); /* what few may see is counted nowhere */
}

static void long_thread_for_nobody(struct ctx *c, const struct account *ann)
{
    struct status *root = say(c, ann, STR("0"), 0);
    struct status *last = root;
    struct status_context t = { 0 };
    for (int i = 0; i < 70; i++)
        last = say(c, ann, STR("and"), last->id);
    c->me = NULL;
    MUST(status_context(c, root->id, &t), c);
    CHECK(t.descendants_n == CONTEXT_DESCENDANTS_ANONYMOUS);
    MUST(status_context(c, last->id, &t), c);
    CHECK(t.ancestors_n == CONTEXT_ANCESTORS_ANONYMOUS && t.ancestors[39]->id == last->in_reply_to_id);
    c->me = ann;
    MUST(status_context(c, root->id, &t), c);
    CHECK(t.descendants_n == 70 && t.descendants[69]->id == last->id);
}

static void edits(struct ctx *c, const struct account *ann, const struct account *bob)
{
    struct status_version *v = NULL;
    int64_t n = 0;
    struct status *s = say(c, ann, STR("first #alpha"), 0);
    struct status *now = NULL;
    MUST(status_history(c, s->id, &v, &n), c);
    CHECK(n == 1 && str_eq(v[0].text, STR("first #alpha")) && v[0].created_ms == s->created_ms);
    struct status_draft d = { .text = STR("second @bob #beta"), .visibility = VIS_DIRECT };
    c->now_ms += 1000;
    MUST(status_edit(c, s->id, &d, &now), c);
    CHECK(now->edited_ms == c->now_ms && now->visibility == VIS_PUBLIC && notes(c, bob, NOTE_MENTION, s->id) == 1);
    MUST(status_edit(c, s->id, &d, &now), c); /* says the same: no edit */
    d.text = STR("third @bob #beta");
    MUST(status_edit(c, s->id, &d, &now), c); /* in the same millisecond */
    MUST(status_history(c, s->id, &v, &n), c);
    CHECK(n == 3 && str_eq(v[0].text, STR("first #alpha")) && str_eq(v[2].text, STR("third @bob #beta")));
    CHECK(n == 3 && v[0].created_ms < v[1].created_ms && v[1].created_ms < v[2].created_ms);
    CHECK(notes(c, bob, NOTE_MENTION, s->id) == 1);
    CHECK(world_query(c, "SELECT COUNT(*) FROM tag_status s, tag t WHERE t.id = s.tag_id AND t.name = 'alpha'") == 0);
    CHECK(world_query(c, "SELECT COUNT(*) FROM tag_status s, tag t WHERE t.id = s.tag_id AND t.name = 'beta'") == 1);
    c->me = bob;
    CHECK(status_edit(c, s->id, &d, &now) == ERR_FORBIDDEN && status_delete(c, s->id, &now) == ERR_FORBIDDEN);
    MUST(status_reblog(c, s->id, -1, &now), c);
    c->me = ann;
    d.text = STR("fourth");
    MUST(status_edit(c, s->id, &d, &now), c);
    c->me = NULL;
    MUST(status_tell_echoers(c, s->id), c);
    MUST(status_tell_echoers(c, s->id), c);
    CHECK(notes(c, bob, NOTE_UPDATE, s->id) == 1);
}

/* Its job does not name it once it ran, and a key keeps it from coming back. */
static const char *const may_stay[] = { "job", "name_claim", NULL };

static void deleting_leaves_nothing(struct ctx *c, const struct account *ann, const struct account *bob)
{
    struct status *s = NULL;
    struct status *echo = NULL;
    struct status *x = NULL;
    struct status *root = say(c, bob, STR("root"), 0);
    struct status_draft d = { .text = STR("@bob #gone"), .in_reply_to_id = root->id, .idempotency_key = STR("k") };
    c->me = ann;
    MUST(status_publish(c, &d, &s), c);
    int64_t id = s->id;
    d.text = STR("@bob #gone #away");
    MUST(status_edit(c, id, &d, &s), c);
    MUST(status_pin(c, id, &x), c);
    MUST((c->me = bob, status_reblog(c, id, -1, &echo)), c);
    MUST(status_favourite(c, id, &x), c);
    MUST(status_bookmark(c, id, &x), c);
    MUST((c->me = ann, status_favourite(c, id, &x)), c);
    CHECK(world_places(c, id, may_stay, false) > 10 && world_places(c, echo->id, may_stay, false) > 2);
    int64_t anns = world_reread(c, ann)->statuses_count;
    int64_t bobs = world_reread(c, bob)->statuses_count;
    MUST(status_delete(c, id, &s), c);
    CHECK(str_eq(s->text, STR("@bob #gone #away")));
    CHECK(world_query(c, "SELECT COUNT(*) FROM job WHERE kind = 3 AND subject = %lld", (long long)id) == 1);
    MUST(status_sweep(c, id), c);
    MUST(status_sweep(c, id), c);
    CHECK(world_places(c, id, may_stay, true) == 0 && world_places(c, echo->id, may_stay, true) == 0);
    CHECK(world_reread(c, ann)->statuses_count == anns - 1 && world_reread(c, bob)->statuses_count == bobs - 1);
    MUST(store_status_get(c, root->id, &root), c);
    CHECK(root->replies_count == 0);
    CHECK(status_delete(c, id, &s) == ERR_NOT_FOUND);
    d.text = STR("@bob #gone");
    CHECK(status_publish(c, &d, &s) == ERR_GONE); /* a late retry does not bring it back */
    CHECK(status_sweep(c, root->id) == OK && store_status_get(c, root->id, &root) == OK);
}

/* More answers than one batch takes, other threads' and deeper ones among them. */
static void answers_to_what_is_gone(struct ctx *c, const struct account *ann, const struct account *bob)
{
    struct status *root = say(c, bob, STR("the harbour is closed"), 0);
    struct status *other = say(c, bob, STR("another"), root->id);
    struct status *deeper = say(c, ann, STR("to another"), other->id);
    struct status *last = NULL;
    struct status *s = NULL;
    struct status_context t = { 0 };
    for (int i = 0; i <= STATUS_SWEEP_BATCH; i++)
        last = say(c, ann, STR("why?"), root->id);
    struct status *below = say(c, bob, STR("a leak"), last->id);
    c->me = bob;
    MUST(status_delete(c, root->id, &s), c);
    CHECK(world_query(c, "SELECT COUNT(*) FROM job WHERE kind = 3 AND subject = %lld AND payload = '%lld'",
                      (long long)root->id, (long long)root->id)
          == 1);
    MUST(status_orphan(c, root->id, root->thread_id), c);
    MUST(status_orphan(c, root->id, root->thread_id), c);
    CHECK(world_query(c, "SELECT COUNT(*) FROM status WHERE in_reply_to_id = %lld", (long long)root->id) == 0);
    MUST(store_status_get(c, last->id, &s), c);
    CHECK(s->in_reply_to_id == 0 && s->in_reply_to_account_id == bob->id && s->thread_id == root->id);
    MUST(store_status_get(c, deeper->id, &s), c);
    CHECK(s->in_reply_to_id == other->id);
    c->me = ann;
    MUST(status_context(c, last->id, &t), c);
    CHECK(t.ancestors_n == 0 && t.descendants_n == 1 && t.descendants[0]->id == below->id);
    MUST(status_context(c, below->id, &t), c);
    CHECK(t.ancestors_n == 1 && t.ancestors[0]->id == last->id);
    MUST(status_delete(c, last->id, &s), c); /* what answers nothing any more still leaves its thread */
    CHECK(world_query(c, "SELECT COUNT(*) FROM thread_status WHERE status_id = %lld", (long long)last->id) == 0);
    MUST(status_orphan(c, last->id, last->thread_id), c);
    MUST(store_status_get(c, below->id, &s), c);
    CHECK(s->in_reply_to_id == 0);
    CHECK(status_orphan(c, other->id, root->id) == OK && store_status_get(c, deeper->id, &s) == OK);
    CHECK(s->in_reply_to_id == other->id); /* not gone: nothing of it may go */
}

static void author_pages(struct ctx *c)
{
    const struct account *gnu = world_member(c, "gnu");
    const struct account *hen = world_member(c, "hen");
    struct status *theirs = say(c, hen, STR("theirs"), 0);
    struct status *plain = say(c, gnu, STR("plain #x_y"), 0);
    struct status *self = say(c, gnu, STR("to myself"), plain->id);
    struct status *reply = say(c, gnu, STR("to hen"), theirs->id);
    struct status *echo = NULL;
    struct status *x = NULL;
    c->now_ms += 1000; /* ids of one millisecond have no order */
    MUST(status_reblog(c, theirs->id, -1, &echo), c);
    MUST(status_pin(c, plain->id, &x), c);
    c->now_ms += 1000;
    struct status_draft d = { .text = STR("@hen only you"), .visibility = VIS_DIRECT };
    MUST(status_publish(c, &d, &x), c);
    struct page p = { .limit = 40 };
    struct status_page out = { 0 };
    struct author_page a = { .account_id = gnu->id };
    c->me = NULL;
    MUST(status_of_author(c, &a, &p, &out), c);
    CHECK(out.n == 4 && out.rows[0]->id == echo->id && out.rows[3]->id == plain->id && out.first == echo->id
          && out.last == plain->id);
    c->me = hen;
    MUST(status_of_author(c, &a, &p, &out), c);
    CHECK(out.n == 5 && out.rows[0]->id == x->id);
    c->me = NULL;
    a.exclude_replies = true;
    MUST(status_of_author(c, &a, &p, &out), c);
    CHECK(out.n == 3 && out.rows[1]->id == self->id);
    a.exclude_reblogs = true;
    MUST(status_of_author(c, &a, &p, &out), c);
    CHECK(out.n == 2);
    a = (struct author_page){ .account_id = gnu->id, .tagged = STR("X_Y") };
    MUST(status_of_author(c, &a, &p, &out), c);
    CHECK(out.n == 1 && out.rows[0]->id == plain->id);
    a.tagged = STR("xzy"); /* '_' is no wildcard */
    MUST(status_of_author(c, &a, &p, &out), c);
    CHECK(out.n == 0 && out.first == 0);
    a = (struct author_page){ .account_id = gnu->id, .pinned = true };
    MUST(status_of_author(c, &a, &p, &out), c);
    CHECK(out.n == 1 && out.rows[0]->id == plain->id);
    a = (struct author_page){ .account_id = gnu->id, .only_media = true };
    MUST(status_of_author(c, &a, &p, &out), c);
    CHECK(out.n == 0);
    a = (struct author_page){ .account_id = gnu->id };
    p = (struct page){ .limit = 2, .min_id = plain->id };
    MUST(status_of_author(c, &a, &p, &out), c);
    CHECK(out.n == 2 && out.rows[0]->id == reply->id && out.rows[1]->id == self->id);
    p = (struct page){ .limit = 2, .since_id = plain->id };
    MUST(status_of_author(c, &a, &p, &out), c);
    CHECK(out.n == 2 && out.rows[0]->id == echo->id);
    p = (struct page){ .limit = 2, .max_id = self->id };
    MUST(status_of_author(c, &a, &p, &out), c);
    CHECK(out.n == 1 && out.rows[0]->id == plain->id);
}

#define POSTERS 8
struct poster {
    struct world *w;
    const struct account *me;
    pthread_barrier_t *start;
    int64_t id[4];
};

static void *post_with_the_same_keys(void *arg)
{
    struct poster *p = arg;
    struct ctx c = world_ctx(p->w, p->me);
    (void)pthread_barrier_wait(p->start);
    for (int i = 0; i < 4; i++) {
        struct status *s = NULL;
        struct status_draft d = { .text = STR("once"), .idempotency_key = arena_strf(c.arena, "race %d", i) };
        enum err e = ERR_AGAIN;
        for (int tries = 0; e == ERR_AGAIN && tries < 5; tries++)
            e = status_publish(&c, &d, &s);
        p->id[i] = e == OK ? s->id : -(int64_t)e;
    }
    world_ctx_end(&c);
    return NULL;
}

static void one_key_one_parley(struct world *w, const struct account *ann)
{
    pthread_t threads[POSTERS];
    struct poster posters[POSTERS];
    pthread_barrier_t start;
    int64_t before = world_reread(&w->c, ann)->statuses_count;
    (void)pthread_barrier_init(&start, NULL, POSTERS);
    for (int i = 0; i < POSTERS; i++) {
        posters[i] = (struct poster){ .w = w, .me = ann, .start = &start };
        if (pthread_create(&threads[i], NULL, post_with_the_same_keys, &posters[i]) != 0)
            exit(1);
    }
    for (int i = 0; i < POSTERS; i++)
        (void)pthread_join(threads[i], NULL);
    (void)pthread_barrier_destroy(&start);
    bool same = true;
    for (int i = 0; i < POSTERS; i++)
        for (int k = 0; k < 4; k++)
            same = same && posters[i].id[k] > 0 && posters[i].id[k] == posters[0].id[k];
    CHECK(same);
    CHECK(world_query(&w->c, "SELECT COUNT(*) FROM status WHERE text = 'once'") == 4);
    CHECK(world_reread(&w->c, ann)->statuses_count == before + 4);
}

static void keys_expire(struct ctx *c, const struct account *ann, const struct account *bob)
{
    struct status *a = NULL;
    struct status *b = NULL;
    struct status_draft d = { .text = STR("again"), .idempotency_key = STR("hourly") };
    c->me = ann;
    MUST(status_publish(c, &d, &a), c);
    c->me = bob; /* somebody else's key is another key */
    MUST(status_publish(c, &d, &b), c);
    CHECK(a->id != b->id);
    c->me = ann;
    c->now_ms += HOUR_MS - 1;
    MUST(status_publish(c, &d, &b), c);
    CHECK(a->id == b->id);
    c->now_ms += 1;
    MUST(status_publish(c, &d, &b), c);
    CHECK(a->id != b->id);
}

int main(void)
{
    struct world w;
    world_open(&w);
    const struct account *ann = world_member(&w.c, "ann");
    const struct account *bob = world_member(&w.c, "bob");
    limits(&w.c, ann);
    defaults(&w.c, ann);
    mentions_and_who_hears_them(&w.c);
    answers(&w.c, ann, bob);
    long_thread_for_nobody(&w.c, ann);
    edits(&w.c, ann, bob);
    deleting_leaves_nothing(&w.c, ann, bob);
    answers_to_what_is_gone(&w.c, ann, bob);
    author_pages(&w.c);
    one_key_one_parley(&w, ann);
    keys_expire(&w.c, ann, bob);
    world_close(&w);
    return check_done();
}
