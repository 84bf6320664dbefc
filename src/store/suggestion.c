/* SPDX-License-Identifier: Apache-2.0 */
#include "store/suggestion.h"

#include "store/stmt.h"

enum err store_suggestion_dismiss(struct ctx *c, int64_t account_id, int64_t target_id)
{
    DB_STMT st = NULL;
    TRY(stmt_of(c,
                STR("INSERT INTO suggestion_dismissed (bucket, account_id, target_id) VALUES ($1, $2, $3)"
                    " ON CONFLICT DO NOTHING"),
                account_id, &st));
    db_bind_i64(st, 3, target_id);
    return db_run(c, st, NULL);
}

enum err store_suggestion_dismissed_count(struct ctx *c, int64_t account_id, int64_t *n)
{
    DB_STMT st = NULL;
    TRY(stmt_of(c, STR("SELECT COUNT(*) FROM suggestion_dismissed WHERE bucket = $1 AND account_id = $2"), account_id,
                &st));
    return stmt_number(c, st, n);
}

enum err store_suggestion_sift(struct ctx *c, int64_t account_id, int64_t *ids, int64_t n)
{
    DB_STMT st = NULL;
    if (n == 0)
        return OK;
    TRY(stmt_of(c,
                STR("SELECT target_id FROM suggestion_dismissed WHERE bucket = $1 AND account_id = $2"
                    " AND target_id @IN($3)"),
                account_id, &st));
    db_bind_ids(st, 3, ids, (size_t)n);
    while (NEXT_ROW(c, st)) {
        for (int64_t i = 0; i < n; i++)
            if (ids[i] == db_col_i64(st, 0))
                ids[i] = 0;
    }
    return OK;
}

enum err store_suggestion_clear(struct ctx *c, int64_t account_id)
{
    return stmt_run_of(c, STR("DELETE FROM suggestion_dismissed WHERE bucket = $1 AND account_id = $2"), account_id);
}
