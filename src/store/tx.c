/* SPDX-License-Identifier: Apache-2.0 */
#include "store/tx.h"

#include "db/db.h"

struct tx_after {
    struct tx_after *next;
    tx_after_fn *run;
    int64_t x;
    int64_t y;
    int64_t z;
};

static struct tx_after **end_of(struct tx_after **at)
{
    while (*at != NULL)
        at = &(*at)->next;
    return at;
}

void tx_after(struct ctx *c, tx_after_fn *run, int64_t x, int64_t y, int64_t z)
{
    struct tx_after **at = end_of(&c->after);
    *at = ARENA_NEW(c->arena, struct tx_after);
    **at = (struct tx_after){ NULL, run, x, y, z };
}

void tx_done(struct ctx *c)
{
    for (struct tx_after *todo = c->done; todo != NULL; todo = todo->next)
        todo->run(c, todo->x, todo->y, todo->z);
    c->done = NULL;
}

enum err tx_begin(struct ctx *c, struct tx *t)
{
    *t = (struct tx){ .c = c };
    c->after = NULL;
    TRY(db_begin(c));
    t->open = true;
    return OK;
}

enum err tx_begin_derived(struct ctx *c, struct tx *t)
{
    *t = (struct tx){ .c = c };
    TRY(db_begin_derived(c));
    t->open = true;
    return OK;
}

enum err tx_commit(struct tx *t)
{
    struct ctx *c = t->c;
    struct tx_after *todo = c->after;
    t->open = false;
    c->after = NULL;
    TRY(db_commit(c));
    *end_of(&c->done) = todo;
    return OK;
}

void tx_abort(struct tx *t)
{
    if (t->open) {
        db_rollback(t->c);
        t->c->after = NULL;
    }
    t->open = false;
}
