/* SPDX-License-Identifier: Apache-2.0 */
/* How many statements the everyday writes need: a statement more on these paths is a decision, not an accident.
   PARLEY_SHOW=1 prints them. */
#include <stdio.h>
#include <stdlib.h>

#include "check.h"
#include "core/block.h"
#include "core/follow.h"
#include "core/interact.h"
#include "core/status.h"
#include "core/status_delete.h"
#include "db/driver.h"
#include "model/status_draft.h"
#include "world.h"

static const struct db_driver *real;
static struct db_driver counting;
static int outside, inside; /* statements before the transaction, and in it, where others wait */

static enum err count_stmt(struct ctx *c, struct str sql, struct stmt **out)
{
    if (db_in_tx(c->db))
        inside++;
    else
        outside++;
    if (getenv("PARLEY_SHOW") != NULL)
        (void)printf("    %s %.90s\n", db_in_tx(c->db) ? "tx" : "  ", arena_cstr(c->arena, sql));
    return real->stmt(c, sql, out);
}

static void count_on(struct ctx *c)
{
    real = c->db->drv;
    counting = *real;
    counting.stmt = count_stmt;
    c->db->drv = &counting;
    outside = inside = 0;
}

static void count_off(struct ctx *c, const char *what, int outside_max, int inside_max)
{
    c->db->drv = real;
    (void)printf("%s: %d before, %d in the transaction\n", what, outside, inside);
    CHECK(outside <= outside_max);
    CHECK(inside > 0 && inside <= inside_max);
}

static struct status *say(struct ctx *c, const char *text, int64_t parent)
{
    struct status *s = NULL;
    struct status_draft d = { .text = str_c(text), .in_reply_to_id = parent, .language = STR("en") };
    MUST(status_publish(c, &d, &s), c);
    c->now_ms++;
    return s;
}

static void publishing(struct ctx *c, const struct account *ann, const struct account *bob)
{
    struct status *s = NULL;
    c->me = ann;
    count_on(c);
    s = say(c, "plain", 0);
    count_off(c, "publish", 0, 3);
    c->me = bob;
    count_on(c);
    (void)say(c, "@ann an answer", s->id);
    count_off(c, "answer with a mention", 7, 7);
}

static void interactions(struct ctx *c, const struct account *ann, const struct account *bob)
{
    struct status *x = NULL;
    c->me = ann;
    struct status *s = say(c, "to be liked", 0);
    c->me = bob;
    count_on(c);
    MUST(status_favourite(c, s->id, &x), c);
    count_off(c, "favourite", 4, 6);
    count_on(c);
    MUST(status_unfavourite(c, s->id, &x), c);
    count_off(c, "unfavourite", 4, 4);
    count_on(c);
    MUST(status_reblog(c, s->id, 0, &x), c);
    count_off(c, "echo", 4, 9);
    count_on(c);
    MUST(status_bookmark(c, s->id, &x), c);
    count_off(c, "bookmark", 3, 2);
    c->me = ann;
    count_on(c);
    MUST(status_delete(c, s->id, &x), c);
    count_off(c, "delete", 3, 16);
}

static void relations(struct ctx *c, const struct account *ann, const struct account *bob)
{
    static const struct follow_wish plain = { .reblogs = -1, .notify = -1 };
    c->me = bob;
    count_on(c);
    MUST(follow_add(c, ann->id, &plain), c);
    count_off(c, "follow", 3, 12);
    count_on(c);
    MUST(follow_remove(c, ann->id), c);
    count_off(c, "unfollow", 1, 9);
    count_on(c);
    MUST(block_add(c, ann->id), c);
    count_off(c, "block", 1, 12);
}

int main(void)
{
    struct world w;
    world_open(&w);
    const struct account *ann = world_member(&w.c, "ann");
    const struct account *bob = world_member(&w.c, "bob");
    publishing(&w.c, ann, bob);
    interactions(&w.c, ann, bob);
    relations(&w.c, ann, bob);
    world_close(&w);
    return check_done();
}
