/* SPDX-License-Identifier: Apache-2.0 */
#include "store/stmt.h"

#include "base/id.h"

enum err stmt_of(struct ctx *c, struct str sql, int64_t id, struct stmt **out)
{
    TRY(db_stmt(c, sql, out));
    db_bind_i64(*out, 1, id_bucket(id));
    db_bind_i64(*out, 2, id);
    return OK;
}

enum err stmt_run_of(struct ctx *c, struct str sql, int64_t id)
{
    DB_STMT st = NULL;
    TRY(stmt_of(c, sql, id, &st));
    return db_run(c, st, NULL);
}

enum err stmt_number(struct ctx *c, struct stmt *st, int64_t *out)
{
    *out = NEXT_ROW(c, st) ? db_col_i64(st, 0) : 0;
    return OK;
}

enum err stmt_ids(struct ctx *c, struct stmt *st, int64_t max, int64_t *out, int64_t *n)
{
    for (*n = 0; *n < max && NEXT_ROW(c, st);)
        out[(*n)++] = db_col_i64(st, 0);
    return OK;
}

enum err stmt_wrote(struct ctx *c, struct stmt *st, bool *wrote)
{
    int64_t changed = 0;
    TRY(db_run(c, st, &changed));
    if (wrote != NULL)
        *wrote = changed > 0;
    return OK;
}
