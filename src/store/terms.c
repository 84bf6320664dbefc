/* SPDX-License-Identifier: Apache-2.0 */
#include "store/terms.h"

#include "store/stmt.h"

enum err store_terms_list(struct ctx *c, struct terms *out, int64_t *n)
{
    DB_STMT st = NULL;
    *n = 0;
    TRY(db_stmt(c, STR("SELECT effective_ms, text, written_ms FROM terms ORDER BY effective_ms DESC LIMIT $1"), &st));
    db_bind_i64(st, 1, TERMS_MAX);
    while (*n < TERMS_MAX && NEXT_ROW(c, st))
        out[(*n)++] = (struct terms){ db_col_i64(st, 0), db_col_str(st, c->arena, 1), db_col_i64(st, 2) };
    return OK;
}

enum err store_terms_put(struct ctx *c, const struct terms *t)
{
    DB_STMT st = NULL;
    TRY(db_stmt(c,
                STR("INSERT INTO terms (effective_ms, text, written_ms) VALUES ($1, $2, $3)"
                    " ON CONFLICT (effective_ms) DO UPDATE SET text = excluded.text, written_ms = excluded.written_ms"),
                &st));
    db_bind_i64(st, 1, t->effective_ms);
    db_bind_str(st, 2, t->text);
    db_bind_i64(st, 3, t->written_ms);
    return db_run(c, st, NULL);
}

enum err store_terms_delete(struct ctx *c, int64_t effective_ms)
{
    DB_STMT st = NULL;
    TRY(db_stmt(c, STR("DELETE FROM terms WHERE effective_ms = $1"), &st));
    db_bind_i64(st, 1, effective_ms);
    return db_run(c, st, NULL);
}
