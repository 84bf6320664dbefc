/* SPDX-License-Identifier: Apache-2.0 */
#include "store/activity.h"

#include "store/stmt.h"
#include "store/tx.h"

enum err store_activity_add(struct ctx *c, const struct activity *a)
{
    TX tx = { 0 };
    DB_STMT st = NULL;
    TRY(tx_begin(c, &tx));
    TRY(db_stmt(c,
                STR("INSERT INTO activity_week (week_ms, statuses, logins, registrations) VALUES ($1, $2, $3, $4)"
                    " ON CONFLICT (week_ms) DO UPDATE SET statuses = activity_week.statuses + excluded.statuses,"
                    " logins = CASE WHEN excluded.logins > activity_week.logins THEN excluded.logins"
                    " ELSE activity_week.logins END,"
                    " registrations = CASE WHEN excluded.registrations > activity_week.registrations"
                    " THEN excluded.registrations ELSE activity_week.registrations END"),
                &st));
    db_bind_i64(st, 1, a->week_ms);
    db_bind_i64(st, 2, a->statuses);
    db_bind_i64(st, 3, a->logins);
    db_bind_i64(st, 4, a->registrations);
    TRY(db_run(c, st, NULL));
    return tx_commit(&tx);
}

enum err store_activity_list(struct ctx *c, int64_t since_ms, struct activity *out, int64_t *n)
{
    DB_STMT st = NULL;
    *n = 0;
    TRY(db_stmt(c,
                STR("SELECT week_ms, statuses, logins, registrations FROM activity_week WHERE week_ms >= $1"
                    " ORDER BY week_ms DESC LIMIT $2"),
                &st));
    db_bind_i64(st, 1, since_ms);
    db_bind_i64(st, 2, ACTIVITY_WEEKS);
    while (*n < ACTIVITY_WEEKS && NEXT_ROW(c, st))
        out[(*n)++] = (struct activity){ db_col_i64(st, 0), db_col_i64(st, 1), db_col_i64(st, 2), db_col_i64(st, 3) };
    return OK;
}
