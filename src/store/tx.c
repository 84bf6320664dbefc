/* SPDX-License-Identifier: Apache-2.0 */
#include "store/tx.h"

#include "db/db.h"

enum err tx_begin(struct ctx *c, struct tx *t)
{
    *t = (struct tx){ .c = c };
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
    t->open = false;
    return db_commit(t->c);
}

void tx_abort(struct tx *t)
{
    if (t->open)
        db_rollback(t->c);
    t->open = false;
}
