/* SPDX-License-Identifier: Apache-2.0 */
#include "api/entity.h"
#include "api/reply.h"
#include "api/routes.h"
#include "core/poll.h"

static enum err reply_poll(struct ctx *c, const struct poll *p, const struct status *of, struct http_res *r)
{
    const struct marks_ask ask = { of->id, of->thread_id };
    struct status_marks marks = { 0 };
    if (c->me != NULL)
        TRY(feed_marks(c, c->me->id, &ask, 1, &marks));
    return reply_json(r, entity_poll(c, p, of, marks.vote));
}

/* GET /api/v1/polls/:id */
enum err api_poll_get(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct poll *p = NULL;
    struct status *of = NULL;
    int64_t id = 0;
    TRY(path_id(c, q, 0, &id));
    TRY(poll_get(c, id, &p, &of));
    return reply_poll(c, p, of, r);
}

/* POST /api/v1/polls/:id/votes */
enum err api_poll_vote(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct poll *p = NULL;
    struct status *of = NULL;
    int64_t choices[POLL_OPTIONS_MAX];
    int64_t id = 0;
    size_t n = 0;
    const struct str *asked = http_list(q, "choices", &n);
    TRY(path_id(c, q, 0, &id));
    if (n > POLL_OPTIONS_MAX)
        return fail(c, ERR_INVALID, "Validation failed: A poll has at most %d options", POLL_OPTIONS_MAX);
    for (size_t i = 0; i < n; i++)
        if (!str_to_i64(asked[i], &choices[i]))
            return fail(c, ERR_INVALID, "Validation failed: A choice is the place of an option, from 0");
    TRY(poll_vote(c, id, choices, (int64_t)n, &p, &of));
    return reply_poll(c, p, of, r);
}
