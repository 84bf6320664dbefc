/* SPDX-License-Identifier: Apache-2.0 */
#include "store/media.h"

#include "base/id.h"
#include "db/db.h"

enum err store_media_insert(struct ctx *c, struct media *m)
{
    int64_t bucket = id_bucket(m->account_id);
    for (int64_t written = 0; written == 0;) {
        DB_STMT st = NULL;
        m->id = id_new(c, bucket);
        TRY(db_stmt(
            c,
            STR("INSERT INTO media (bucket, id, account_id, purpose, hash, type, bytes, width, height, created_ms)"
                " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING"),
            &st));
        db_bind_i64(st, 1, bucket);
        db_bind_i64(st, 2, m->id);
        db_bind_i64(st, 3, m->account_id);
        db_bind_i64(st, 4, (int64_t)m->purpose);
        db_bind_str(st, 5, m->hash);
        db_bind_str(st, 6, m->type);
        db_bind_i64(st, 7, m->bytes);
        db_bind_i64(st, 8, m->width);
        db_bind_i64(st, 9, m->height);
        db_bind_i64(st, 10, m->created_ms);
        TRY(db_run(c, st, &written));
    }
    return OK;
}

enum err store_media_list(struct ctx *c, int64_t account_id, int64_t purpose, int64_t limit, struct media **out,
                          int64_t *n)
{
    DB_STMT st = NULL;
    *out = ARENA_ARRAY(c->arena, (size_t)limit, struct media);
    *n = 0;
    TRY(db_stmt(c,
                STR("SELECT id, account_id, purpose, hash, type, bytes, width, height, created_ms FROM media"
                    " WHERE bucket = $1 AND account_id = $2 AND ($3 = 0 OR purpose = $3) ORDER BY id DESC LIMIT $4"),
                &st));
    db_bind_i64(st, 1, id_bucket(account_id));
    db_bind_i64(st, 2, account_id);
    db_bind_i64(st, 3, purpose);
    db_bind_i64(st, 4, limit);
    for (bool row = true; *n < limit;) {
        TRY(db_step(c, st, &row));
        if (!row)
            break;
        (*out)[(*n)++] = (struct media){
            .id = db_col_i64(st, 0),
            .account_id = db_col_i64(st, 1),
            .purpose = (enum media_purpose)db_col_i64(st, 2),
            .hash = db_col_str(st, c->arena, 3),
            .type = db_col_str(st, c->arena, 4),
            .bytes = db_col_i64(st, 5),
            .width = db_col_i64(st, 6),
            .height = db_col_i64(st, 7),
            .created_ms = db_col_i64(st, 8),
        };
    }
    return OK;
}

enum err store_media_delete(struct ctx *c, int64_t id)
{
    DB_STMT st = NULL;
    TRY(db_stmt(c, STR("DELETE FROM media WHERE bucket = $1 AND id = $2"), &st));
    db_bind_i64(st, 1, id_bucket(id));
    db_bind_i64(st, 2, id);
    return db_run(c, st, NULL);
}

/* all shards: see the header */
enum err store_media_is_used(struct ctx *c, struct str hash, bool *used)
{
    DB_STMT st = NULL;
    TRY(db_stmt(c, STR("SELECT 1 FROM media WHERE hash = $1 LIMIT 1"), &st));
    db_bind_str(st, 1, hash);
    return db_step(c, st, used);
}
