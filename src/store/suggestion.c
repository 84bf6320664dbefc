/* SPDX-License-Identifier: Apache-2.0 */
#include "store/suggestion.h"

#include "base/id.h"
#include "db/db.h"

static enum err owned(struct ctx *c, struct str sql, int64_t account_id, struct stmt **st)
{
    TRY(db_stmt(c, sql, st));
    db_bind_i64(*st, 1, id_bucket(account_id));
    db_bind_i64(*st, 2, account_id);
    return OK;
}

enum err store_suggestion_dismiss(struct ctx *c, int64_t account_id, int64_t target_id)
{
    DB_STMT st = NULL;
    TRY(owned(c,
              STR("INSERT INTO suggestion_dismissed (bucket, account_id, target_id) VALUES ($1, $2, $3)"
                  " ON CONFLICT DO NOTHING"),
              account_id, &st));
    db_bind_i64(st, 3, target_id);
    return db_run(c, st, NULL);
}

enum err store_suggestion_dismissed_count(struct ctx *c, int64_t account_id, int64_t *n)
{
    DB_STMT st = NULL;
    bool row = false;
    TRY(owned(c, STR("SELECT COUNT(*) FROM suggestion_dismissed WHERE bucket = $1 AND account_id = $2"), account_id,
              &st));
    TRY(db_step(c, st, &row));
    *n = db_col_i64(st, 0);
    return OK;
}

enum err store_suggestion_sift(struct ctx *c, int64_t account_id, int64_t *ids, int64_t n)
{
    DB_STMT st = NULL;
    if (n == 0)
        return OK;
    TRY(owned(c,
              STR("SELECT target_id FROM suggestion_dismissed WHERE bucket = $1 AND account_id = $2"
                  " AND target_id @IN($3)"),
              account_id, &st));
    db_bind_ids(st, 3, ids, (size_t)n);
    for (bool row = true;;) {
        TRY(db_step(c, st, &row));
        if (!row)
            return OK;
        for (int64_t i = 0; i < n; i++)
            if (ids[i] == db_col_i64(st, 0))
                ids[i] = 0;
    }
}

enum err store_suggestion_clear(struct ctx *c, int64_t account_id)
{
    DB_STMT st = NULL;
    TRY(owned(c, STR("DELETE FROM suggestion_dismissed WHERE bucket = $1 AND account_id = $2"), account_id, &st));
    return db_run(c, st, NULL);
}
