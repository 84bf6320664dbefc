/* SPDX-License-Identifier: Apache-2.0 */
#include "store/moves.h"

#include "store/stmt.h"

enum err store_moves_find(struct ctx *c, int64_t account_id, struct moves *out)
{
    DB_STMT st = NULL;
    *out = (struct moves){ .also_known_as = STR("[]") };
    TRY(stmt_of(c, STR("SELECT also_known_as, moved_to FROM account WHERE bucket = $1 AND id = $2"), account_id, &st));
    if (NEXT_ROW(c, st))
        *out = (struct moves){ db_col_str(st, c->arena, 0), db_col_str(st, c->arena, 1) };
    return OK;
}

enum err store_moves_update(struct ctx *c, int64_t account_id, const struct moves *m)
{
    DB_STMT st = NULL;
    TRY(stmt_of(c,
                STR("UPDATE account SET also_known_as = $3, moved_to = $4, updated_ms = $5"
                    " WHERE bucket = $1 AND id = $2"),
                account_id, &st));
    db_bind_str(st, 3, m->also_known_as);
    db_bind_str(st, 4, m->moved_to);
    db_bind_i64(st, 5, c->now_ms);
    return db_run(c, st, NULL);
}
