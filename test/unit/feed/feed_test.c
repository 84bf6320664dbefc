/* SPDX-License-Identifier: Apache-2.0 */
/* Memory, plain SQL and a look at every row must give the same pages, whatever happened before. */
#include "feed/feed.h"

#include "store/feed.h"
#include "world.h"

#define BUDGET ((size_t)64 << 20)

static struct world w; /* global: too large for a stack */

static struct feed *feed_made(size_t budget, int64_t tail_max, const char *snapshot)
{
    struct feed_options o = {
        .budget = budget, .tail_days = 30, .tail_max = tail_max, .snapshot_path = str_c(snapshot)
    };
    return feed_new(&o);
}

static struct page draw_page(void)
{
    struct page p = { .limit = 1 + world_dice(&w, 40) };
    int64_t some = w.statuses[world_dice(&w, w.n)].id;
    switch (world_dice(&w, 6)) {
    case 0: p.max_id = some; break;
    case 1: p.since_id = some; break;
    case 2: p.min_id = some; break;
    case 3:
        p.max_id = some;
        p.since_id = w.statuses[world_dice(&w, w.n)].id;
        break;
    default: break;
    }
    return p;
}

static bool same(const int64_t *a, int64_t a_n, const int64_t *b, int64_t b_n)
{
    return a_n == b_n && memcmp(a, b, (size_t)a_n * sizeof *a) == 0;
}

static enum err ask_feed(int reader, int kind, const struct page *p, int64_t **ids, int64_t *n)
{
    int64_t id = reader < 0 ? 0 : w.ids[reader];
    if (kind >= WORLD_LIST)
        return feed_list(w.c, id, w.lists[reader][kind - WORLD_LIST].id, p, ids, n);
    return kind == WORLD_HOME ? feed_home(w.c, id, p, ids, n) : feed_local(w.c, id, p, false, ids, n);
}

/* The page of memory, and of a feed that keeps nothing, against the rows. */
static bool check_page(struct feed *memory, struct feed *nothing, int reader, int kind, const struct page *p)
{
    int64_t want[FEED_PAGE_MAX];
    int64_t want_n = world_page(&w, reader, kind, p, want);
    struct feed *feeds[] = { memory, nothing };
    bool ok = true;
    for (int i = 0; i < 2; i++) {
        int64_t *ids = NULL;
        int64_t n = 0;
        w.c->feed = feeds[i];
        MUST(ask_feed(reader, kind, p, &ids, &n), w.c);
        if (same(ids, n, want, want_n))
            continue;
        ok = false;
        (void)printf("page %d of %d differs (feed %d): %lld ids, want %lld; max %lld since %lld min %lld limit %lld\n",
                     kind, reader, i, (long long)n, (long long)want_n, (long long)p->max_id, (long long)p->since_id,
                     (long long)p->min_id, (long long)p->limit);
    }
    return ok;
}

static void check_pages(struct feed *memory, struct feed *nothing, int pages)
{
    int bad = 0;
    if (engine_is_postgres(&w.engine))
        pages = (pages + 31) / 32; /* the local page that keeps nothing asks 4096 buckets */
    for (int i = 0; i < pages && bad < 5; i++) {
        struct page p = draw_page();
        int kind = world_dice(&w, WORLD_LIST + WORLD_LISTS);
        int reader = kind != WORLD_LOCAL ? world_dice(&w, MEMBERS) : world_dice(&w, MEMBERS + 1) - 1;
        bad += !check_page(memory, nothing, reader, kind, &p);
    }
    CHECK(bad == 0);
}

static void publish(struct feed *f)
{
    struct status *s = world_draw_status(&w, w.c->now_ms);
    w.c->now_ms += 1000;
    MUST(db_begin(w.c), w.c);
    world_put_status(w.c, s);
    MUST(db_commit(w.c), w.c);
    feed_status_added(f, s);
}

static void judge(struct feed *f)
{
    struct status *s = &w.statuses[world_dice(&w, w.n)];
    if (w.deleted[s - w.statuses])
        return;
    w.c->now_ms += 1000;
    MUST(db_begin(w.c), w.c);
    world_set_standing(&w, s, (enum standing_kind)world_dice(&w, 5));
    MUST(db_commit(w.c), w.c);
    feed_status_changed(f, s);
}

static void erase(struct feed *f, bool tell)
{
    int i = world_dice(&w, w.n);
    const struct status *s = &w.statuses[i];
    w.deleted[i] = true;
    MUST(db_begin(w.c), w.c);
    WORLD_RUN(w.c, "DELETE FROM status WHERE bucket = $1 AND id = $2", id_bucket(s->id), s->id);
    MUST(db_commit(w.c), w.c);
    if (tell)
        feed_status_removed(f, s);
}

static void tie_anew(struct feed *f)
{
    int a = world_dice(&w, MEMBERS);
    int b = (a + 1 + world_dice(&w, MEMBERS - 1)) % MEMBERS;
    MUST(db_begin(w.c), w.c);
    world_draw_tie(&w, a, b);
    world_put_tie(&w, a, b);
    MUST(db_commit(w.c), w.c);
    feed_follow_changed(f, w.ids[a]);
    feed_relations_changed(f, w.ids[a]);
    feed_relations_changed(f, w.ids[b]);
}

static void list_anew(struct feed *f)
{
    int who = world_dice(&w, MEMBERS);
    MUST(db_begin(w.c), w.c);
    world_draw_list(&w, who, world_dice(&w, WORLD_LISTS));
    MUST(db_commit(w.c), w.c);
    feed_follow_changed(f, w.ids[who]);
}

static void member_anew(struct feed *f)
{
    static const enum standing_kind kinds[] = { STANDING_NORMAL, STANDING_LIMITED, STANDING_FROZEN,
                                                STANDING_SUSPENDED };
    int i = world_dice(&w, MEMBERS);
    MUST(db_begin(w.c), w.c);
    world_set_account(&w, i, kinds[world_dice(&w, 4)]);
    MUST(db_commit(w.c), w.c);
    feed_account_changed(f, w.ids[i]);
}

static void change_something(struct feed *f)
{
    int dice = world_dice(&w, 20);
    if (dice < 12)
        publish(f);
    else if (dice < 14)
        judge(f);
    else if (dice < 17)
        erase(f, true);
    else if (dice < 18)
        tie_anew(f);
    else if (dice < 19)
        list_anew(f);
    else
        member_anew(f);
}

static void load(struct feed *f)
{
    w.c->feed = f;
    MUST(feed_load(w.c), w.c);
}

static void pages_agree(uint64_t seed, int64_t tail_max)
{
    struct feed *nothing = feed_made(0, 400, NULL);
    struct feed *f = feed_made(BUDGET, tail_max, NULL);
    w = (struct world){ 0 };
    world_make(&w, seed, 1500);
    load(f);
    check_pages(f, nothing, 400);
    for (int i = 0; i < (engine_is_postgres(&w.engine) ? 15 : 300); i++) {
        change_something(f);
        check_pages(f, nothing, 2);
    }
    struct feed_stats st;
    feed_stats(f, &st);
    CHECK(st.hits > st.misses / 4 && st.entries > 0);
    (void)printf("seed %llu: %lld pages from memory, %lld from the store\n", (unsigned long long)seed,
                 (long long)st.hits, (long long)st.misses);
    feed_free(&f);
    feed_free(&nothing);
}

/* As imports bring them: too old for a tail, by somebody who has none yet. */
static void one_that_is_old(struct feed *f)
{
    int64_t then_ms = w.c->now_ms - 2 * WORLD_DAYS * DAY_MS;
    const struct status s = { .id = id_floor(then_ms), .account_id = id_new(w.c, 7), .created_ms = then_ms };
    feed_status_added(f, &s);
}

static void snapshot_agrees(void)
{
    struct feed *nothing = feed_made(0, 400, NULL);
    char path[128];
    (void)snprintf(path, sizeof path, "%s/feed.snapshot", w.folder);
    struct feed *f = feed_made(BUDGET, 400, path);
    load(f);
    w.c->now_ms += HOUR_MS; /* so that the snapshot covers everything */
    one_that_is_old(f);
    MUST(feed_save(w.c), w.c);
    for (int i = 0; i < 100; i++)
        change_something(f); /* after the snapshot, lost with the process */
    feed_free(&f);
    f = feed_made(BUDGET, 400, path);
    load(f);
    struct feed_stats st;
    feed_stats(f, &st);
    CHECK(st.entries > 0);
    /* what was deleted since is found missing by whoever assembles the page */
    for (int i = 0; i < w.n; i++)
        for (int r = 0; r < MEMBERS && w.deleted[i]; r++) {
            int64_t *ids = NULL;
            int64_t n = 0;
            MUST(feed_home(w.c, w.ids[r], &(struct page){ .limit = 1 }, &ids, &n), w.c);
            feed_status_missing(f, w.ids[r], w.statuses[i].id);
        }
    check_pages(f, nothing, 600);

    FILE *file = fopen(path, "r+");
    CHECK(file != NULL);
    if (file != NULL) {
        (void)fseek(file, 5000, SEEK_SET);
        (void)fputc('!', file);
        (void)fclose(file);
    }
    feed_free(&f);
    f = feed_made(BUDGET, 400, path);
    load(f); /* damaged: thrown away */
    check_pages(f, nothing, 200);
    feed_free(&f);
    feed_free(&nothing);
}

static void small_budget_agrees(void)
{
    struct feed *nothing = feed_made(0, 400, NULL);
    struct feed *f = feed_made(200000, 400, NULL);
    load(f);
    check_pages(f, nothing, 300);
    feed_free(&f);
    feed_free(&nothing);
}

static void cold_without_store(void)
{
    struct feed *f = feed_made(BUDGET, 400, NULL);
    struct db *db = w.c->db;
    int64_t *ids = NULL;
    int64_t n = 0;
    load(f);
    w.c->db = NULL;
    CHECK(feed_home(w.c, w.ids[0], &(struct page){ .limit = 20 }, &ids, &n) == ERR_COLD);
    CHECK(feed_local(w.c, 0, &(struct page){ .limit = 20 }, false, &ids, &n) == OK && n == 20);
    w.c->db = db;
    CHECK(feed_home(w.c, w.ids[0], &(struct page){ .limit = 20 }, &ids, &n) == OK);
    w.c->db = NULL;
    CHECK(feed_home(w.c, w.ids[0], &(struct page){ .limit = 20 }, &ids, &n) == OK);
    feed_follow_changed(f, w.ids[0]);
    CHECK(feed_home(w.c, w.ids[0], &(struct page){ .limit = 20 }, &ids, &n) == ERR_COLD);
    w.c->db = db;
    feed_free(&f);
}

static void told_in_any_order(void)
{
    struct feed *f = feed_made(BUDGET, 400, NULL);
    struct page p = { .limit = 1 };
    int64_t *ids = NULL;
    int64_t n = 0;
    load(f);
    struct status s = { .id = id_floor(w.c->now_ms + DAY_MS), .account_id = w.ids[5], .visibility = VIS_PUBLIC };
    world_set_account(&w, 5, STANDING_NORMAL);
    feed_account_changed(f, w.ids[5]);
    feed_status_added(f, &s);
    feed_status_added(f, &s);
    CHECK(feed_home(w.c, w.ids[5], &p, &ids, &n) == OK && n == 1 && ids[0] == s.id);
    s.standing = (struct standing){ .kind = STANDING_NORMAL, .since_ms = 2 };
    feed_status_changed(f, &s);
    s.standing = (struct standing){ .kind = STANDING_REMOVED, .since_ms = 1 };
    feed_status_changed(f, &s); /* the older of the two comes later */
    CHECK(feed_home(w.c, w.ids[5], &p, &ids, &n) == OK && n == 1 && ids[0] == s.id);
    feed_status_removed(f, &s);
    feed_status_added(f, &s);
    CHECK(feed_home(w.c, w.ids[5], &p, &ids, &n) == OK && n == 1 && ids[0] != s.id);
    feed_free(&f);
}

/* An account that the feed never met is suspended while it serves, then followed by somebody. */
static void judged_before_met(void)
{
    struct feed *nothing = feed_made(0, 400, NULL);
    struct feed *f = feed_made(BUDGET, 400, NULL);
    w = (struct world){ 0 };
    world_make(&w, 3, 0);
    MUST(db_begin(w.c), w.c);
    struct status *old =
        world_draw_status(&w, w.c->now_ms - 60 * DAY_MS); /* older than what the feed reads at its start */
    world_put_status(w.c, old);
    int author = world_member(&w, old->account_id);
    int reader = (author + 1) % MEMBERS;
    world_set_account(&w, author, STANDING_NORMAL);
    MUST(db_commit(w.c), w.c);
    load(f);
    MUST(db_begin(w.c), w.c);
    world_set_account(&w, author, STANDING_SUSPENDED);
    w.ties[reader][author] = (struct tie){ .follows = true };
    world_put_tie(&w, reader, author);
    MUST(db_commit(w.c), w.c);
    feed_account_changed(f, w.ids[author]);
    feed_follow_changed(f, w.ids[reader]);
    CHECK(check_page(f, nothing, reader, WORLD_HOME, &(struct page){ .limit = 20 }));
    world_end(&w);
    feed_free(&f);
    feed_free(&nothing);
}

int main(void)
{
    pages_agree(1, 400);
    MUST(db_begin(w.c), w.c);
    MUST(db_commit(w.c), w.c);
    snapshot_agrees();
    small_budget_agrees();
    cold_without_store();
    world_end(&w);
    pages_agree(2, 12);
    MUST(db_begin(w.c), w.c);
    told_in_any_order();
    MUST(db_commit(w.c), w.c);
    world_end(&w);
    judged_before_met();
    return check_done();
}
