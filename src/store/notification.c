/* SPDX-License-Identifier: Apache-2.0 */
#include "store/notification.h"

#include "base/id.h"
#include "db/db.h"
#include "store/edge.h"

enum err store_notification_insert(struct ctx *c, struct notification *n)
{
    int64_t bucket = id_bucket(n->account_id);
    for (int64_t written = 0; written == 0;) {
        DB_STMT st = NULL;
        n->id = id_new(c, bucket);
        TRY(db_stmt(
            c,
            STR("INSERT INTO notification (bucket, id, account_id, type, from_id, status_id, report_id, created_ms)"
                " VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING"),
            &st));
        db_bind_i64(st, 1, bucket);
        db_bind_i64(st, 2, n->id);
        db_bind_i64(st, 3, n->account_id);
        db_bind_i64(st, 4, (int64_t)n->type);
        db_bind_i64(st, 5, n->from_id);
        db_bind_i64(st, 6, n->status_id);
        db_bind_i64(st, 7, n->report_id);
        db_bind_i64(st, 8, n->created_ms);
        TRY(db_run(c, st, &written));
    }
    return OK;
}

enum err store_notification_retract(struct ctx *c, int64_t account_id, enum notification_type type, int64_t from_id,
                                    int64_t status_id)
{
    DB_STMT st = NULL;
    TRY(db_stmt(c,
                STR("DELETE FROM notification"
                    " WHERE bucket = $1 AND account_id = $2 AND from_id = $3 AND type = $4 AND status_id = $5"),
                &st));
    db_bind_i64(st, 1, id_bucket(account_id));
    db_bind_i64(st, 2, account_id);
    db_bind_i64(st, 3, from_id);
    db_bind_i64(st, 4, (int64_t)type);
    db_bind_i64(st, 5, status_id);
    return db_run(c, st, NULL);
}

enum err store_notification_retract_many(struct ctx *c, const int64_t *ids, int64_t n, enum notification_type type,
                                         int64_t from_id, int64_t status_id)
{
    DB_STMT st = NULL;
    if (n == 0)
        return OK;
    TRY(db_stmt(
        c,
        STR("DELETE FROM notification WHERE bucket @IN($1) AND account_id @IN($2) AND from_id = $3 AND type = $4"
            " AND status_id = $5"),
        &st));
    db_bind_ids(st, 1, edge_buckets(c, ids, n), (size_t)n);
    db_bind_ids(st, 2, ids, (size_t)n);
    db_bind_i64(st, 3, from_id);
    db_bind_i64(st, 4, (int64_t)type);
    db_bind_i64(st, 5, status_id);
    return db_run(c, st, NULL);
}

static enum err delete_status(struct ctx *c, int64_t status_id, const int64_t *buckets, int64_t n)
{
    DB_STMT st = NULL;
    TRY(db_stmt(c, STR("DELETE FROM notification WHERE bucket @IN($1) AND status_id = $2"), &st));
    db_bind_ids(st, 1, buckets, (size_t)n);
    db_bind_i64(st, 2, status_id);
    return db_run(c, st, NULL);
}

enum err store_notification_delete_status(struct ctx *c, int64_t status_id, const int64_t *ids, int64_t n)
{
    return n == 0 ? OK : delete_status(c, status_id, edge_buckets(c, ids, n), n);
}

/* all shards: a job, once for a deleted parley */
enum err store_notification_sweep_status(struct ctx *c, int64_t status_id)
{
    return delete_status(c, status_id, edge_all_buckets(c), ID_BUCKETS);
}
