/* SPDX-License-Identifier: Apache-2.0 */
#include "store/export.h"

#include "store/stmt.h"

#define ROWS_SQL(columns, table, where)                                                                 \
    STR("SELECT id, " columns " FROM " table " WHERE bucket = $1 AND account_id = $2 AND id > $3" where \
        " ORDER BY id LIMIT $4")

enum err store_export_rows(struct ctx *c, enum export_rows kind, int64_t account_id, int64_t after, int64_t limit,
                           struct export_row *out, int64_t *n)
{
    static const struct str sql[EXPORT_ROWS_KINDS] = {
        [EXPORT_ROWS_FOLLOW] = ROWS_SQL("target_id, reblogs, notify, languages", "follow", ""),
        [EXPORT_ROWS_MUTE] =
            ROWS_SQL("target_id, notifications, 0, NULL", "mute", " AND (until_ms = 0 OR until_ms > $5)"),
        [EXPORT_ROWS_BLOCK] = ROWS_SQL("target_id, 0, 0, NULL", "block", ""),
        [EXPORT_ROWS_DOMAIN] = ROWS_SQL("0, 0, 0, domain", "domain_mute", ""),
        [EXPORT_ROWS_FAVOURITE] = ROWS_SQL("status_id, 0, 0, NULL", "favourite_by", ""),
        [EXPORT_ROWS_STATUS] = ROWS_SQL("id, 0, 0, NULL", "status", ""),
        [EXPORT_ROWS_BOOKMARK] = ROWS_SQL("status_id, 0, 0, NULL", "bookmark", ""),
    };
    DB_STMT st = NULL;
    *n = 0;
    TRY(stmt_of(c, sql[kind], account_id, &st));
    db_bind_i64(st, 3, after);
    db_bind_i64(st, 4, limit);
    if (kind == EXPORT_ROWS_MUTE)
        db_bind_i64(st, 5, c->now_ms);
    while (*n < limit && NEXT_ROW(c, st))
        out[(*n)++] = (struct export_row){
            .id = db_col_i64(st, 0),
            .target_id = db_col_i64(st, 1),
            .first = db_col_i64(st, 2) != 0,
            .second = db_col_i64(st, 3) != 0,
            .text = db_col_str(st, c->arena, 4),
        };
    return OK;
}
