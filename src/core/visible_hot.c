/* SPDX-License-Identifier: Apache-2.0 */
#include "base/buf.h"
#include "core/visible.h"
#include "feed/feed.h"

/* The judge's case made from memory: the facts that a rendered reply carries, the author and the reader's bonds as the
   feed knows them. The verdict is that of status_visible. */

/* What status_visible reads of a row. */
static struct status facts_of(struct ctx *c, const struct rendered *r)
{
    struct buf mentions = buf_on(c->arena);
    for (uint32_t i = 0; i < r->mentions_n; i++)
        buf_printf(&mentions, "\"id\":\"%lld\"", (long long)r->mention_ids[i]);
    return (struct status){
        .id = r->id,
        .account_id = r->account_id,
        .visibility = r->visibility,
        .reblog_of_id = r->reblog_of_id,
        .standing = { .kind = r->standing },
        .mentions = buf_str(&mentions),
    };
}

static enum err find_facts(struct ctx *c, int64_t id, struct status *s)
{
    const struct rendered *r = NULL;
    uint64_t ticket = 0;
    feed_rendered_status(c->feed, id, &r, &ticket);
    if (r == NULL)
        return ERR_COLD;
    *s = facts_of(c, r);
    feed_rendered_release(c->feed, &r);
    return OK;
}

static enum err find_bond(struct ctx *c, int64_t author_id, struct bond *b)
{
    int hides = FEED_SEEN;
    *b = (struct bond){ 0 };
    if (c->me == NULL)
        return OK;
    TRY(feed_hidden(c, c->me->id, author_id, &hides));
    TRY(feed_follows(c, c->me->id, author_id, &b->follows));
    b->blocks = (hides & FEED_BLOCKED) != 0;
    b->blocked_by = (hides & FEED_BLOCKED_BY) != 0;
    b->mutes = (hides & FEED_MUTED) != 0;
    return OK;
}

enum err status_case_rendered(struct ctx *c, int64_t id, struct status *s, struct account **author, struct bond *b)
{
    TRY(find_facts(c, id, s));
    TRY(feed_account(c, s->account_id, author));
    return find_bond(c, s->account_id, b);
}

static enum err judge(struct ctx *c, int64_t id, int64_t *echoed_id)
{
    struct status s = { 0 };
    struct account *author = NULL;
    struct bond b = { 0 };
    TRY(status_case_rendered(c, id, &s, &author, &b));
    *echoed_id = s.reblog_of_id;
    return status_visible(c->me, &s, author, &b) ? OK : fail(c, ERR_NOT_FOUND, "Record not found");
}

enum err status_see_rendered(struct ctx *c, int64_t id)
{
    int64_t echoed_id = 0;
    TRY(judge(c, id, &echoed_id));
    return echoed_id == 0 ? OK : judge(c, echoed_id, &echoed_id);
}

enum err account_see_rendered(struct ctx *c, int64_t id)
{
    struct account *a = NULL;
    struct bond b = { 0 };
    TRY(feed_account(c, id, &a));
    TRY(find_bond(c, id, &b));
    return account_visible(c->me, a, &b) ? OK : fail(c, ERR_NOT_FOUND, "Record not found");
}
