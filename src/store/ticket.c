/* SPDX-License-Identifier: Apache-2.0 */
#include "store/ticket.h"

#include "base/clock.h"
#include "base/id.h"
#include "store/claim.h"
#include "store/stmt.h"

enum err store_ticket_insert(struct ctx *c, struct ticket *t)
{
    int64_t bucket = t->account_id != 0 ? id_bucket(t->account_id) : id_bucket_of(t->hash);
    for (int64_t written = 0; written == 0;) {
        DB_STMT st = NULL;
        t->id = id_new(c, bucket);
        TRY(db_stmt(c,
                    STR("INSERT INTO ticket (bucket, id, account_id, kind, hash, data, created_ms, expires_ms)"
                        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING"),
                    &st));
        db_bind_i64(st, 1, bucket);
        db_bind_i64(st, 2, t->id);
        db_bind_i64(st, 3, t->account_id);
        db_bind_i64(st, 4, (int64_t)t->kind);
        db_bind_str(st, 5, t->hash);
        db_bind_str(st, 6, t->data.p == NULL ? STR("{}") : t->data);
        db_bind_i64(st, 7, t->created_ms);
        db_bind_i64(st, 8, t->expires_ms);
        TRY(db_run(c, st, &written));
    }
    /* the claim outlives the ticket by a day, so that a late visitor is told "expired" and not "unknown" */
    return store_claim_take(c, CLAIM_TICKET, t->hash, t->id, t->expires_ms + DAY_MS);
}

enum err store_ticket_find(struct ctx *c, enum ticket_kind kind, struct str hash, struct ticket **out)
{
    DB_STMT st = NULL;
    int64_t id = 0;
    *out = NULL;
    TRY(store_claim_find(c, CLAIM_TICKET, hash, &id));
    if (id == 0)
        return OK;
    TRY(stmt_of(c,
                STR("SELECT id, account_id, kind, hash, data, created_ms, expires_ms, used_ms FROM ticket"
                    " WHERE bucket = $1 AND id = $2 AND kind = $3"),
                id, &st));
    db_bind_i64(st, 3, (int64_t)kind);
    if (!NEXT_ROW(c, st))
        return OK;
    *out = ARENA_NEW(c->arena, struct ticket);
    **out = (struct ticket){
        .id = db_col_i64(st, 0),
        .account_id = db_col_i64(st, 1),
        .kind = (enum ticket_kind)db_col_i64(st, 2),
        .hash = db_col_str(st, c->arena, 3),
        .data = db_col_str(st, c->arena, 4),
        .created_ms = db_col_i64(st, 5),
        .expires_ms = db_col_i64(st, 6),
        .used_ms = db_col_i64(st, 7),
    };
    return OK;
}

enum err store_ticket_use(struct ctx *c, int64_t id)
{
    DB_STMT st = NULL;
    int64_t changed = 0;
    TRY(stmt_of(c, STR("UPDATE ticket SET used_ms = $3 WHERE bucket = $1 AND id = $2 AND used_ms = 0"), id, &st));
    db_bind_i64(st, 3, c->now_ms);
    TRY(db_run(c, st, &changed));
    return changed == 1 ? OK : fail(c, ERR_CONFLICT, "This was used already");
}

enum err store_ticket_delete_all(struct ctx *c, int64_t account_id, enum ticket_kind kind)
{
    DB_STMT st = NULL;
    TRY(stmt_of(c, STR("DELETE FROM ticket WHERE bucket = $1 AND account_id = $2 AND kind = $3"), account_id, &st));
    db_bind_i64(st, 3, (int64_t)kind);
    return db_run(c, st, NULL);
}

/* all shards: housekeeping; the claims go by store_claim_sweep */
enum err store_ticket_sweep(struct ctx *c, int64_t limit, int64_t *n)
{
    DB_STMT st = NULL;
    TRY(db_stmt(c,
                STR("DELETE FROM ticket WHERE (bucket, id) IN (SELECT bucket, id FROM ticket WHERE expires_ms <= $1"
                    " ORDER BY expires_ms LIMIT $2)"),
                &st));
    db_bind_i64(st, 1, c->now_ms - DAY_MS);
    db_bind_i64(st, 2, limit);
    return db_run(c, st, n);
}
