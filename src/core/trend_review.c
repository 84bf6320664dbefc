/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>

#include "base/log.h"
#include "core/card.h"
#include "core/staff.h"
#include "core/text.h"
#include "core/trend.h"
#include "feed/feed.h"
#include "feed/trends.h"
#include "store/account.h"
#include "store/status.h"
#include "store/trend.h"
#include "store/tx.h"

/* What moderators say of what is talked about. */

static const char *const kind_words[TREND_KINDS][2] = {
    [TREND_TAG] = { "tag", "tags" },
    [TREND_LINK] = { "link", "links" },
    [TREND_STATUS] = { "parley", "parleys" },
    [TREND_ACCOUNT] = { "person", "people" },
};

bool trend_kind_parse(struct str word, enum trend_kind *out)
{
    for (int k = 0; k < TREND_KINDS; k++)
        if (str_eq(word, str_c(kind_words[k][0])) || str_eq(word, str_c(kind_words[k][1]))) {
            *out = (enum trend_kind)k;
            return true;
        }
    return false;
}

struct str trend_kind_word(enum trend_kind kind)
{
    return str_c(kind_words[kind][0]);
}

struct str trend_verdict_word(enum trend_verdict v)
{
    static const char *const words[] = { "open", "approved", "rejected" };
    return str_c(words[v]);
}

enum err trend_cases(struct ctx *c, enum trend_kind kind, struct trend_case **out, int64_t *n)
{
    struct trend *top = NULL;
    int64_t top_n = 0;
    TRY(staff_only(c));
    trends_top(feed_trends(c->feed), kind, c->now_ms, c->arena, &top, &top_n);
    return trend_sift(c, kind, top, top_n, out, n);
}

/* What is meant, as it is counted: a tag in any writing, a link as it was posted. */
static enum err find_thing(struct ctx *c, struct trend_review *r)
{
    struct status *s = NULL;
    struct account *a = NULL;
    switch (r->kind) {
    case TREND_TAG:
        if (r->name.n > 0 && r->name.p[0] == '#')
            r->name = str_skip(r->name, 1);
        if (!text_tag_ok(r->name))
            return fail(c, ERR_NOT_FOUND, "That is no tag");
        r->name = text_tag_key(c->arena, r->name);
        r->id = card_id(r->name);
        return OK;
    case TREND_LINK:
        if (r->name.n == 0 || r->name.n > TREND_NAME_MAX || !str_is_utf8(r->name))
            return fail(c, ERR_NOT_FOUND, "That is no address");
        r->id = card_id(r->name);
        return OK;
    case TREND_STATUS: r->name = (struct str){ 0 }; return store_status_get(c, r->id, &s);
    case TREND_ACCOUNT: r->name = (struct str){ 0 }; return store_account_get(c, r->id, &a);
    case TREND_KINDS: break;
    }
    return fail(c, ERR_NOT_FOUND, "Record not found");
}

enum err trend_judge(struct ctx *c, enum trend_kind kind, int64_t id, struct str name, enum trend_verdict verdict)
{
    TX tx = { 0 };
    struct trend_review r = {
        .kind = kind, .id = id, .name = name, .verdict = verdict, .by_id = c->me == NULL ? 0 : c->me->id
    };
    r.at_ms = c->now_ms;
    assert(kind < TREND_KINDS);
    TRY(staff_only(c));
    TRY(find_thing(c, &r));
    TRY(tx_begin(c, &tx));
    TRY(store_trend_review_put(c, &r));
    TRY(tx_commit(&tx));
    trends_judged(feed_trends(c->feed));
    struct str by = staff_name(c);
    struct str word = trend_verdict_word(verdict);
    struct str what = r.name.p != NULL ? r.name : arena_strf(c->arena, "%lld", (long long)r.id);
    log_info(c->id, "trends: %s " STR_FMT " " STR_FMT ", by " STR_FMT, kind_words[kind][0], STR_ARG(what),
             STR_ARG(word), STR_ARG(by));
    return OK;
}
