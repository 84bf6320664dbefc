/* SPDX-License-Identifier: Apache-2.0 */
#include "store/archive.h"

#include "base/id.h"
#include "store/edge.h"
#include "store/stmt.h"

#define COLUMNS "id, account_id, state, handled, total, bytes, created_ms, ready_ms, expires_ms"

static enum err read_all(struct ctx *c, struct stmt *st, int64_t limit, struct archive *out, int64_t *n)
{
    *n = 0;
    while (*n < limit && NEXT_ROW(c, st))
        out[(*n)++] = (struct archive){
            .id = db_col_i64(st, 0),
            .account_id = db_col_i64(st, 1),
            .state = (enum archive_state)db_col_i64(st, 2),
            .handled = db_col_i64(st, 3),
            .total = db_col_i64(st, 4),
            .bytes = db_col_i64(st, 5),
            .created_ms = db_col_i64(st, 6),
            .ready_ms = db_col_i64(st, 7),
            .expires_ms = db_col_i64(st, 8),
        };
    return OK;
}

static void bind_state(struct stmt *st, const struct archive *a)
{
    db_bind_i64(st, 1, id_bucket(a->id));
    db_bind_i64(st, 2, a->id);
    db_bind_i64(st, 3, a->state);
    db_bind_i64(st, 4, a->handled);
    db_bind_i64(st, 5, a->total);
    db_bind_i64(st, 6, a->bytes);
    db_bind_i64(st, 7, a->ready_ms);
    db_bind_i64(st, 8, a->expires_ms);
}

enum err store_archive_insert(struct ctx *c, struct archive *a)
{
    for (int64_t written = 0; written == 0;) {
        DB_STMT st = NULL;
        a->id = id_new(c, id_bucket(a->account_id));
        TRY(db_stmt(
            c,
            STR("INSERT INTO archive (bucket, id, state, handled, total, bytes, ready_ms, expires_ms, account_id,"
                " created_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING"),
            &st));
        bind_state(st, a);
        db_bind_i64(st, 9, a->account_id);
        db_bind_i64(st, 10, a->created_ms);
        TRY(db_run(c, st, &written));
    }
    return OK;
}

enum err store_archive_find(struct ctx *c, int64_t id, struct archive **out)
{
    struct archive *one = ARENA_NEW(c->arena, struct archive);
    DB_STMT st = NULL;
    int64_t n = 0;
    TRY(stmt_of(c, STR("SELECT " COLUMNS " FROM archive WHERE bucket = $1 AND id = $2"), id, &st));
    TRY(read_all(c, st, 1, one, &n));
    *out = n == 0 ? NULL : one;
    return OK;
}

enum err store_archive_list(struct ctx *c, int64_t account_id, int64_t limit, struct archive *out, int64_t *n)
{
    DB_STMT st = NULL;
    TRY(stmt_of(c,
                STR("SELECT " COLUMNS " FROM archive WHERE bucket = $1 AND account_id = $2 ORDER BY id DESC LIMIT $3"),
                account_id, &st));
    db_bind_i64(st, 3, limit);
    return read_all(c, st, limit, out, n);
}

enum err store_archive_update(struct ctx *c, const struct archive *a)
{
    DB_STMT st = NULL;
    TRY(db_stmt(c,
                STR("UPDATE archive SET state = $3, handled = $4, total = $5, bytes = $6, ready_ms = $7,"
                    " expires_ms = $8 WHERE bucket = $1 AND id = $2"),
                &st));
    bind_state(st, a);
    return db_run(c, st, NULL);
}

enum err store_archive_delete(struct ctx *c, int64_t id)
{
    return stmt_run_of(c, STR("DELETE FROM archive WHERE bucket = $1 AND id = $2"), id);
}

enum err store_archive_expired(struct ctx *c, int64_t limit, int64_t *out, int64_t *n)
{
    DB_STMT st = NULL;
    TRY(db_stmt(c, STR("SELECT id FROM archive WHERE bucket @IN($1) AND expires_ms > 0 AND expires_ms <= $2 LIMIT $3"),
                &st));
    db_bind_ids(st, 1, edge_all_buckets(c), ID_BUCKETS);
    db_bind_i64(st, 2, c->now_ms);
    db_bind_i64(st, 3, limit);
    return stmt_ids(c, st, limit, out, n);
}
