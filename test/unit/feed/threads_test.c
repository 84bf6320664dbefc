/* SPDX-License-Identifier: Apache-2.0 */
/* Writers and readers at once; when they are done, everybody's pages are what the store says. Meant for
 * ThreadSanitizer. */
#include <pthread.h>

#include "feed/feed.h"
#include "store/feed.h"
#include "world.h"

#define WRITERS       3
#define READERS       3
#define WRITES        120
#define RENDERED_SIZE 100

static struct world w; /* global: too large for a stack */

struct thread {
    pthread_t id;
    struct ctx c;
    int number;
    struct feed *feed;
    _Atomic bool *stop;
};

static void write_one(struct thread *t, int i)
{
    struct ctx *c = &t->c;
    int64_t me = w.ids[rand_below(c, MEMBERS)];
    int64_t you = w.ids[rand_below(c, MEMBERS)];
    struct status s = { .account_id = me, .text = STR("x"), .visibility = VIS_PUBLIC, .created_ms = c->now_ms };
    c->now_ms += 1000;
    s.id = id_floor(c->now_ms) + (id_bucket(me) << ID_RAND_BITS) + t->number;
    s.thread_id = s.id;
    MUST(db_begin(c), c);
    world_put_status(c, &s);
    if (i % 3 == 0)
        WORLD_RUN(c, "DELETE FROM status WHERE bucket = $1 AND id = $2", id_bucket(s.id), s.id);
    if (i % 4 == 0 && me != you)
        WORLD_RUN(c, "DELETE FROM follow WHERE bucket = $1 AND account_id = $2 AND target_id = $3", id_bucket(me), me,
                  you);
    if (i % 4 == 1 && me != you)
        WORLD_RUN(c,
                  "INSERT INTO follow (bucket, account_id, target_id, id) VALUES ($1, $2, $3, $4)"
                  " ON CONFLICT DO NOTHING",
                  id_bucket(me), me, you, s.id);
    MUST(db_commit(c), c);
    if (i % 6 == 0)
        feed_status_removed(t->feed, &s); /* told before it is told that it was added */
    feed_status_added(t->feed, &s);
    if (i % 3 == 0)
        feed_status_removed(t->feed, &s);
    feed_follow_changed(t->feed, me);
    if (i % 10 == 0)
        feed_account_changed(t->feed, you);
    feed_marked(t->feed, me, s.id, FEED_FAVOURITED, true);
}

static void *writing(void *arg)
{
    struct thread *t = arg;
    for (int i = 0; i < WRITES; i++)
        write_one(t, i);
    return NULL;
}

static void render_one(struct thread *t, int64_t id)
{
    const struct rendered *r = NULL;
    uint64_t ticket = 0;
    char text[RENDERED_SIZE];
    memset(text, 'x', sizeof text);
    feed_rendered_status(t->feed, id, &r, &ticket);
    if (r == NULL) {
        struct rendered made = { .id = id, .bytes = { text, sizeof text }, .account_id = id };
        feed_rendered_put_status(t->feed, &made, ticket);
        return;
    }
    CHECK(r->bytes.n == sizeof text && memcmp(r->bytes.p, text, sizeof text) == 0);
    if (rand_below(&t->c, 4) == 0)
        feed_status_counted(t->feed, id, FEED_REPLIES, 1);
    feed_rendered_release(t->feed, &r);
}

static void *reading(void *arg)
{
    struct thread *t = arg;
    struct page p = { .limit = 20 };
    while (!*t->stop) {
        int64_t *ids = NULL;
        int64_t n = 0;
        struct status_marks marks[FEED_PAGE_MAX];
        struct marks_ask ask[FEED_PAGE_MAX] = { 0 };
        int64_t reader = w.ids[rand_below(&t->c, MEMBERS)];
        MUST(feed_home(&t->c, reader, &p, &ids, &n), &t->c);
        for (int64_t i = 0; i < n; i++)
            ask[i] = (struct marks_ask){ ids[i], ids[i] };
        for (int64_t i = 1; i < n; i++)
            CHECK(ids[i - 1] > ids[i]);
        MUST(feed_marks(&t->c, reader, ask, n, marks), &t->c);
        for (int64_t i = 0; i < n; i++)
            render_one(t, ids[i]);
        feed_look_begin(t->feed);
        for (int64_t i = 0; i < n; i++) {
            const struct rendered *r = feed_look_status(t->feed, ids[i]);
            CHECK(r == NULL || r->id == ids[i]);
        }
        feed_look_end(t->feed);
        arena_reset(t->c.arena);
    }
    return NULL;
}

static void *saving(void *arg)
{
    struct thread *t = arg;
    while (!*t->stop)
        MUST(feed_save(&t->c), &t->c);
    return NULL;
}

static void start(struct thread *t, struct feed *f, int number, _Atomic bool *stop, void *(*run)(void *))
{
    *t = (struct thread){ .c = world_ctx(&w), .number = number, .feed = f, .stop = stop };
    t->c.feed = f;
    t->c.id = STR("test");
    t->c.now_ms = w.c->now_ms;
    rand_seed_fixed(&t->c, (uint64_t)number + 1);
    CHECK(pthread_create(&t->id, NULL, run, t) == 0);
}

static void check_all(struct feed *f)
{
    struct page p = { .limit = 40 };
    int64_t want[FEED_PAGE_MAX];
    int64_t want_n = 0;
    w.c->feed = f;
    for (int r = 0; r < MEMBERS; r++) {
        int64_t *ids = NULL;
        int64_t n = 0;
        MUST(feed_home(w.c, w.ids[r], &p, &ids, &n), w.c);
        MUST(store_feed_home(w.c, w.ids[r], &p, want, &want_n), w.c);
        CHECK(n == want_n && memcmp(ids, want, (size_t)n * sizeof *ids) == 0);
    }
}

int main(void)
{
    struct thread t[WRITERS + READERS + 1];
    _Atomic bool stop = false;
    char path[128];
    world_make(&w, 7, 1000);
    (void)snprintf(path, sizeof path, "%s/feed.snapshot", w.folder);
    struct feed_options o = {
        .budget = (size_t)1 << 20, .tail_days = 30, .tail_max = 60, .snapshot_path = str_c(path)
    };
    struct feed *f = feed_new(&o);
    w.c->feed = f;
    for (int i = 0; i < WRITERS; i++)
        start(&t[i], f, i, &stop, writing);
    for (int i = WRITERS; i < WRITERS + READERS; i++)
        start(&t[i], f, i, &stop, reading);
    start(&t[WRITERS + READERS], f, WRITERS + READERS, &stop, saving);
    MUST(feed_load(w.c), w.c); /* while others write and read */
    for (int i = 0; i < WRITERS; i++)
        (void)pthread_join(t[i].id, NULL);
    stop = true;
    for (int i = WRITERS; i < WRITERS + READERS + 1; i++)
        (void)pthread_join(t[i].id, NULL);
    w.c->now_ms += HOUR_MS;
    check_all(f);
    for (int i = 0; i < WRITERS + READERS + 1; i++)
        world_ctx_end(&t[i].c);
    feed_free(&f);
    world_end(&w);
    return check_done();
}
