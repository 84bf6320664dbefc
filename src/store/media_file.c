/* SPDX-License-Identifier: Apache-2.0 */
#include "store/media_file.h"

#include "base/id.h"
#include "store/stmt.h"

#define FILE_COLUMNS "hash, type, bytes, away_ms"

static void read_file(struct ctx *c, struct stmt *st, struct media_file *f)
{
    *f = (struct media_file){
        .hash = db_col_str(st, c->arena, 0),
        .type = db_col_str(st, c->arena, 1),
        .bytes = db_col_i64(st, 2),
        .away_ms = db_col_i64(st, 3),
    };
}

enum err store_media_file_use(struct ctx *c, const struct media_file *f)
{
    DB_STMT st = NULL;
    TRY(db_stmt(c,
                STR("INSERT INTO media_file (bucket, hash, type, bytes, created_ms) VALUES ($1, $2, $3, $4, $5)"
                    " ON CONFLICT (bucket, hash) DO UPDATE SET bytes = $4"),
                &st));
    db_bind_i64(st, 1, id_bucket_of(f->hash));
    db_bind_str(st, 2, f->hash);
    db_bind_str(st, 3, f->type);
    db_bind_i64(st, 4, f->bytes);
    db_bind_i64(st, 5, c->now_ms);
    return db_run(c, st, NULL);
}

static enum err find(struct ctx *c, struct str sql, struct str hash, struct media_file *out, bool *exists)
{
    DB_STMT st = NULL;
    TRY(db_stmt(c, sql, &st));
    db_bind_i64(st, 1, id_bucket_of(hash));
    db_bind_str(st, 2, hash);
    TRY(db_step(c, st, exists));
    if (*exists)
        read_file(c, st, out);
    return OK;
}

enum err store_media_file_lock(struct ctx *c, struct str hash, struct media_file *out, bool *exists)
{
    if (db_engine_of(c->db) == DB_SQLITE) /* transactions take turns */
        return store_media_file_find(c, hash, out, exists);
    return find(c, STR("SELECT " FILE_COLUMNS " FROM media_file WHERE bucket = $1 AND hash = $2 FOR UPDATE"), hash, out,
                exists);
}

enum err store_media_file_find(struct ctx *c, struct str hash, struct media_file *out, bool *exists)
{
    return find(c, STR("SELECT " FILE_COLUMNS " FROM media_file WHERE bucket = $1 AND hash = $2"), hash, out, exists);
}

enum err store_media_file_set_away(struct ctx *c, struct str hash, int64_t away_ms)
{
    DB_STMT st = NULL;
    TRY(db_stmt(c, STR("UPDATE media_file SET away_ms = $3 WHERE bucket = $1 AND hash = $2"), &st));
    db_bind_i64(st, 1, id_bucket_of(hash));
    db_bind_str(st, 2, hash);
    db_bind_i64(st, 3, away_ms);
    return db_run(c, st, NULL);
}

enum err store_media_file_delete(struct ctx *c, struct str hash)
{
    DB_STMT st = NULL;
    TRY(db_stmt(c, STR("DELETE FROM media_file WHERE bucket = $1 AND hash = $2"), &st));
    db_bind_i64(st, 1, id_bucket_of(hash));
    db_bind_str(st, 2, hash);
    return db_run(c, st, NULL);
}

/* all shards: figures for the operator */
enum err store_media_file_totals(struct ctx *c, struct media_total *out, int64_t *n)
{
    DB_STMT st = NULL;
    *n = 0;
    TRY(db_stmt(c,
                STR("SELECT type, COUNT(*), CAST(SUM(bytes) AS BIGINT), SUM(CASE WHEN away_ms > 0 THEN 1 ELSE 0 END)"
                    " FROM media_file GROUP BY type ORDER BY type"),
                &st));
    while (*n < MEDIA_TOTALS_MAX && NEXT_ROW(c, st))
        out[(*n)++] = (struct media_total){
            .type = db_col_str(st, c->arena, 0),
            .files = db_col_i64(st, 1),
            .bytes = db_col_i64(st, 2),
            .away = db_col_i64(st, 3),
        };
    return OK;
}

/* all shards: a walk for the operator */
enum err store_media_file_page(struct ctx *c, struct str after, int64_t limit, struct media_file **out, int64_t *n)
{
    DB_STMT st = NULL;
    *out = ARENA_ARRAY(c->arena, (size_t)limit, struct media_file);
    *n = 0;
    TRY(db_stmt(c, STR("SELECT " FILE_COLUMNS " FROM media_file WHERE hash > $1 ORDER BY hash LIMIT $2"), &st));
    db_bind_str(st, 1, after);
    db_bind_i64(st, 2, limit);
    while (*n < limit && NEXT_ROW(c, st))
        read_file(c, st, &(*out)[(*n)++]);
    return OK;
}
