/* SPDX-License-Identifier: Apache-2.0 */
/* What open streams are told: after the commit, in order, never of what was rolled back, never more than there is room
   for. */
#include "store/news.h"

#include "check.h"
#include "feed/feed.h"
#include "store/notification.h"
#include "store/tx.h"
#include "world.h"

static void count_wake(void *arg)
{
    (*(int *)arg)++;
}

static struct notification note_to(const struct account *whom)
{
    return (struct notification){ .account_id = whom->id, .type = NOTE_FOLLOW, .from_id = 7, .created_ms = 1 };
}

static void rolled_back(struct ctx *c, const struct account *whom)
{
    TX tx = { 0 };
    struct notification n = note_to(whom);
    MUST(tx_begin(c, &tx), c);
    MUST(store_notification_insert(c, &n), c);
}

static void test_told_at_commit(struct world *w, const struct account *whom)
{
    struct ctx *c = &w->c;
    struct news_item got[4];
    int wakes = 0;
    struct notification a = note_to(whom);
    struct notification b = note_to(whom);
    rolled_back(c, whom);
    news_listen(c->news, count_wake, &wakes);
    news_now(c, NEWS_FILTERS_CHANGED, whom->id, 0);
    CHECK(news_take(c->news, got, 4) == 0 && wakes == 0); /* nobody hears */
    news_hearers(c->news, 1);
    rolled_back(c, whom);
    CHECK(news_take(c->news, got, 4) == 0 && wakes == 0);
    {
        TX tx = { 0 };
        MUST(tx_begin(c, &tx), c);
        MUST(store_notification_insert(c, &a), c);
        MUST(store_notification_insert(c, &b), c);
        CHECK(news_take(c->news, got, 4) == 0);
        MUST(tx_commit(&tx), c);
    }
    CHECK(news_take(c->news, got, 4) == 0);
    rolled_back(c, whom);
    tx_done(c);
    CHECK(wakes == 1);
    CHECK(news_take(c->news, got, 4) == 2);
    CHECK(got[0].kind == NEWS_NOTIFICATION && got[0].account_id == whom->id && got[0].id == a.id);
    CHECK(got[1].id == b.id);
    news_listen(c->news, NULL, NULL);
}

static void test_texts_are_copies(struct world *w)
{
    struct news_item got;
    int wakes = 0;
    char text[] = "abc";
    news_listen(w->c.news, count_wake, &wakes);
    news_tell(w->c.news, &(struct news_item){ .kind = NEWS_SESSION_ENDED, .text = { text, 3 } });
    text[0] = 'x';
    CHECK(news_take(w->c.news, &got, 1) == 1 && str_eq(got.text, STR("abc")));
    news_item_fini(&got);
    news_tell(w->c.news, &(struct news_item){ .kind = NEWS_SESSION_ENDED, .text = STR("left behind") });
    news_listen(w->c.news, NULL, NULL);
    CHECK(news_take(w->c.news, &got, 1) == 0);
}

static void test_full(struct world *w)
{
    static struct news_item got[NEWS_MAX];
    int wakes = 0;
    news_listen(w->c.news, count_wake, &wakes);
    for (int i = 0; i < NEWS_MAX + 5; i++)
        news_now(&w->c, NEWS_FILTERS_CHANGED, i, 0);
    CHECK(news_lost(w->c.news) == 5 && wakes == 1);
    CHECK(news_take(w->c.news, got, NEWS_MAX) == NEWS_MAX);
    CHECK(got[0].account_id == 0 && got[NEWS_MAX - 1].account_id == NEWS_MAX - 1);
    news_listen(w->c.news, NULL, NULL);
}

int main(void)
{
    struct world w;
    world_open(&w);
    w.c.news = news_new();
    const struct account *ada = world_member(&w.c, "ada");
    test_told_at_commit(&w, ada);
    test_texts_are_copies(&w);
    test_full(&w);
    news_free(&w.c.news);
    world_close(&w);
    return check_done();
}
