/* SPDX-License-Identifier: Apache-2.0 */
#include "store/media.h"

#include <assert.h>

#include "base/id.h"
#include "store/edge.h"
#include "store/stmt.h"

#define OF_STATUS_MAX 64 /* rows of one parley: what it shows and what edits left out */

#define MEDIA_COLUMNS                                                                                            \
    "id, account_id, purpose, state, kind, hash, type, bytes, width, height, created_ms, status_id, expires_ms," \
    " description, focus_x, focus_y, blurhash, preview_hash, preview_bytes, preview_width, preview_height,"      \
    " duration_ms, frame_rate, bitrate, seal, problem"

static void read_media(struct stmt *st, struct arena *a, struct media *m)
{
    *m = (struct media){
        .id = db_col_i64(st, 0),
        .account_id = db_col_i64(st, 1),
        .purpose = (enum media_purpose)db_col_i64(st, 2),
        .state = (enum media_state)db_col_i64(st, 3),
        .kind = (enum media_kind)db_col_i64(st, 4),
        .hash = db_col_str(st, a, 5),
        .type = db_col_str(st, a, 6),
        .bytes = db_col_i64(st, 7),
        .width = db_col_i64(st, 8),
        .height = db_col_i64(st, 9),
        .created_ms = db_col_i64(st, 10),
        .status_id = db_col_i64(st, 11),
        .expires_ms = db_col_i64(st, 12),
        .description = db_col_str(st, a, 13),
        .focus_x = db_col_i64(st, 14),
        .focus_y = db_col_i64(st, 15),
        .blurhash = db_col_str(st, a, 16),
        .preview = db_col_str(st, a, 17),
        .preview_bytes = db_col_i64(st, 18),
        .preview_width = db_col_i64(st, 19),
        .preview_height = db_col_i64(st, 20),
        .duration_ms = db_col_i64(st, 21),
        .frame_rate = db_col_str(st, a, 22),
        .bitrate = db_col_i64(st, 23),
        .seal = db_col_blob(st, a, 24),
        .problem = db_col_str(st, a, 25),
    };
}

static struct str or_empty(struct str s)
{
    return s.p == NULL ? STR("") : s;
}

/* $3 .. $24: what store_media_insert and store_media_update write alike. */
static void bind_media(struct stmt *st, const struct media *m)
{
    db_bind_i64(st, 1, id_bucket(m->id));
    db_bind_i64(st, 2, m->id);
    db_bind_i64(st, 3, (int64_t)m->state);
    db_bind_i64(st, 4, (int64_t)m->kind);
    db_bind_str(st, 5, or_empty(m->hash));
    db_bind_str(st, 6, or_empty(m->type));
    db_bind_i64(st, 7, m->bytes);
    db_bind_i64(st, 8, m->width);
    db_bind_i64(st, 9, m->height);
    db_bind_i64(st, 10, m->status_id);
    db_bind_i64(st, 11, m->expires_ms);
    db_bind_str(st, 12, m->description);
    db_bind_i64(st, 13, m->focus_x);
    db_bind_i64(st, 14, m->focus_y);
    db_bind_str(st, 15, m->blurhash);
    db_bind_str(st, 16, m->preview);
    db_bind_i64(st, 17, m->preview_bytes);
    db_bind_i64(st, 18, m->preview_width);
    db_bind_i64(st, 19, m->preview_height);
    db_bind_i64(st, 20, m->duration_ms);
    db_bind_str(st, 21, m->frame_rate);
    db_bind_i64(st, 22, m->bitrate);
    db_bind_blob(st, 23, m->seal);
    db_bind_str(st, 24, m->problem);
}

enum err store_media_insert(struct ctx *c, struct media *m)
{
    int64_t bucket = id_bucket(m->account_id);
    for (int64_t written = 0; written == 0;) {
        DB_STMT st = NULL;
        m->id = id_new(c, bucket);
        TRY(db_stmt(
            c,
            STR("INSERT INTO media (bucket, id, state, kind, hash, type, bytes, width, height, status_id, expires_ms,"
                " description, focus_x, focus_y, blurhash, preview_hash, preview_bytes, preview_width, preview_height,"
                " duration_ms, frame_rate, bitrate, seal, problem, account_id, purpose, created_ms)"
                " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,"
                " $21, $22, $23, $24, $25, $26, $27) ON CONFLICT DO NOTHING"),
            &st));
        bind_media(st, m);
        db_bind_i64(st, 25, m->account_id);
        db_bind_i64(st, 26, (int64_t)m->purpose);
        db_bind_i64(st, 27, m->created_ms);
        TRY(db_run(c, st, &written));
    }
    return OK;
}

enum err store_media_update(struct ctx *c, const struct media *m, bool *changed)
{
    DB_STMT st = NULL;
    TRY(db_stmt(c,
                STR("UPDATE media SET state = $3, kind = $4, hash = $5, type = $6, bytes = $7, width = $8, height = $9,"
                    " status_id = $10, expires_ms = $11, description = $12, focus_x = $13, focus_y = $14,"
                    " blurhash = $15, preview_hash = $16, preview_bytes = $17, preview_width = $18,"
                    " preview_height = $19, duration_ms = $20, frame_rate = $21, bitrate = $22, seal = $23,"
                    " problem = $24 WHERE bucket = $1 AND id = $2"),
                &st));
    bind_media(st, m);
    return stmt_wrote(c, st, changed);
}

static enum err read_rows(struct ctx *c, struct stmt *st, int64_t limit, struct media **out, int64_t *n)
{
    *out = ARENA_ARRAY(c->arena, (size_t)limit, struct media);
    *n = 0;
    while (*n < limit && NEXT_ROW(c, st))
        read_media(st, c->arena, &(*out)[(*n)++]);
    return OK;
}

enum err store_media_list(struct ctx *c, int64_t account_id, int64_t purpose, int64_t limit, struct media **out,
                          int64_t *n)
{
    DB_STMT st = NULL;
    TRY(stmt_of(c,
                STR("SELECT " MEDIA_COLUMNS " FROM media"
                    " WHERE bucket = $1 AND account_id = $2 AND ($3 = 0 OR purpose = $3) ORDER BY id DESC LIMIT $4"),
                account_id, &st));
    db_bind_i64(st, 3, purpose);
    db_bind_i64(st, 4, limit);
    return read_rows(c, st, limit, out, n);
}

enum err store_media_find(struct ctx *c, int64_t id, struct media **out)
{
    DB_STMT st = NULL;
    struct media *rows = NULL;
    int64_t n = 0;
    TRY(stmt_of(c, STR("SELECT " MEDIA_COLUMNS " FROM media WHERE bucket = $1 AND id = $2"), id, &st));
    TRY(read_rows(c, st, 1, &rows, &n));
    *out = n == 1 ? rows : NULL;
    return OK;
}

enum err store_media_load(struct ctx *c, const int64_t *ids, int64_t n, struct media **out)
{
    DB_STMT st = NULL;
    struct media *rows = NULL;
    int64_t found = 0;
    assert(n <= MEDIA_LOAD_MAX);
    if (n == 0)
        return OK;
    TRY(db_stmt(c, STR("SELECT " MEDIA_COLUMNS " FROM media WHERE bucket @IN($1) AND id @IN($2)"), &st));
    db_bind_ids(st, 1, edge_buckets(c, ids, n), (size_t)n);
    db_bind_ids(st, 2, ids, (size_t)n);
    TRY(read_rows(c, st, n, &rows, &found));
    for (int64_t i = 0; i < n; i++) {
        out[i] = NULL;
        for (int64_t k = 0; k < found && out[i] == NULL; k++)
            if (rows[k].id == ids[i])
                out[i] = &rows[k];
    }
    return OK;
}

enum err store_media_of_status(struct ctx *c, int64_t status_id, struct media **out, int64_t *n)
{
    DB_STMT st = NULL;
    TRY(stmt_of(c,
                STR("SELECT " MEDIA_COLUMNS
                    " FROM media WHERE bucket = $1 AND status_id = $2 AND status_id > 0 ORDER BY id LIMIT $3"),
                status_id, &st));
    db_bind_i64(st, 3, OF_STATUS_MAX);
    return read_rows(c, st, OF_STATUS_MAX, out, n);
}

enum err store_media_delete(struct ctx *c, int64_t id)
{
    return stmt_run_of(c, STR("DELETE FROM media WHERE bucket = $1 AND id = $2"), id);
}

/* all shards: see the header */
enum err store_media_is_used(struct ctx *c, struct str hash, bool *used)
{
    DB_STMT st = NULL;
    TRY(db_stmt(c,
                STR("SELECT 1 FROM media WHERE hash = $1 UNION ALL SELECT 1 FROM media WHERE preview_hash = $1"
                    " UNION ALL SELECT 1 FROM custom_emoji WHERE hash = $1 OR static_hash = $1 LIMIT 1"),
                &st));
    db_bind_str(st, 1, hash);
    return db_step(c, st, used);
}

enum err store_media_usage(struct ctx *c, int64_t account_id, int64_t *bytes, int64_t *waiting)
{
    DB_STMT st = NULL;
    bool row = false;
    TRY(stmt_of(c,
                STR("SELECT CAST(COALESCE(SUM(bytes + preview_bytes), 0) AS BIGINT),"
                    " COALESCE(SUM(CASE WHEN state = 0 THEN 1 ELSE 0 END), 0)"
                    " FROM media WHERE bucket = $1 AND account_id = $2"),
                account_id, &st));
    TRY(db_step(c, st, &row));
    *bytes = db_col_i64(st, 0);
    *waiting = db_col_i64(st, 1);
    return OK;
}

/* all shards: see the header */
enum err store_media_expired(struct ctx *c, int64_t limit, int64_t **ids, int64_t *n)
{
    DB_STMT st = NULL;
    *ids = ARENA_ARRAY(c->arena, (size_t)limit, int64_t);
    *n = 0;
    TRY(db_stmt(c, STR("SELECT id FROM media WHERE expires_ms > 0 AND expires_ms <= $1 ORDER BY expires_ms LIMIT $2"),
                &st));
    db_bind_i64(st, 1, c->now_ms);
    db_bind_i64(st, 2, limit);
    while (*n < limit && NEXT_ROW(c, st))
        (*ids)[(*n)++] = db_col_i64(st, 0);
    return OK;
}
