/* SPDX-License-Identifier: Apache-2.0 */
#include "api/entity.h"
#include "core/emoji.h"
#include "core/poll.h"
#include "core/quote.h"

static void put_options(struct ctx *c, struct jw *w, const struct poll *p)
{
    const struct str *titles = NULL;
    int64_t n = poll_titles(c->arena, p, &titles);
    bool shown = poll_shows_totals(p, c->now_ms);
    jw_karr(w, STR("options"));
    for (int64_t i = 0; i < n; i++) {
        jw_obj(w);
        jw_kstr(w, STR("title"), titles[i]);
        if (shown)
            jw_ki64(w, STR("votes_count"), p->votes[i]);
        else
            jw_knull(w, STR("votes_count"));
        jw_obj_end(w);
    }
    jw_arr_end(w);
}

void entity_poll_open(struct ctx *c, struct jw *w, const struct poll *p)
{
    int64_t votes = 0;
    for (int i = 0; i < POLL_OPTIONS_MAX; i++)
        votes += p->votes[i];
    jw_obj(w);
    jw_kid(w, STR("id"), p->status_id);
    jw_ktime(w, STR("expires_at"), p->expires_ms);
    jw_kbool(w, STR("expired"), poll_is_over(p, c->now_ms));
    jw_kbool(w, STR("multiple"), p->multiple);
    jw_ki64(w, STR("votes_count"), votes);
    jw_ki64(w, STR("voters_count"), p->voters_count);
    put_options(c, w, p);
    emoji_put_used(c, w, &p->titles, 1);
}

static char *put(char *to, struct str s)
{
    memcpy(to, s.p, s.n);
    return to + s.n;
}

size_t entity_vote(char out[ENTITY_VOTE_ROOM], int64_t round, uint32_t mark, bool is_author)
{
    uint32_t choices = VOTE_ROUND(mark) == round ? VOTE_CHOICES(mark) : 0;
    char *to = put(out, choices != 0 || is_author ? STR(",\"voted\":true") : STR(",\"voted\":false"));
    to = put(to, STR(",\"own_votes\":["));
    for (int i = 0; i < POLL_OPTIONS_MAX; i++) {
        if ((choices & VOTE_BIT(i)) == 0)
            continue;
        if (to[-1] != '[')
            *to++ = ',';
        *to++ = (char)('0' + i);
    }
    *to++ = ']';
    return (size_t)(to - out);
}

struct str entity_poll(struct ctx *c, const struct poll *p, const struct status *of, uint32_t mark)
{
    char vote[ENTITY_VOTE_ROOM];
    struct jw w = jw_on(c->arena);
    entity_poll_open(c, &w, p);
    if (c->me != NULL)
        buf_put(&w.b, (struct str){ vote, entity_vote(vote, p->round, mark, c->me->id == of->account_id) });
    jw_obj_end(&w);
    return jw_end(&w);
}

struct str entity_approval(const struct ctx *c, const struct rendered *r, bool follows)
{
    bool may = r->reblog_of_id == 0 && quote_allowed(c->me, r->account_id, r->visibility, r->quote_policy, follows);
    return may ? STR("\"automatic\"") : STR("\"denied\"");
}
