/* SPDX-License-Identifier: Apache-2.0 */
#include "store/status_version.h"

#include "store/stmt.h"

enum err store_status_version_count(struct ctx *c, int64_t status_id, int64_t *out)
{
    DB_STMT st = NULL;
    TRY(stmt_of(c, STR("SELECT COUNT(*) FROM status_version WHERE bucket = $1 AND status_id = $2"), status_id, &st));
    return stmt_number(c, st, out);
}

enum err store_status_version_insert(struct ctx *c, int64_t status_id, const struct status_version *v)
{
    DB_STMT st = NULL;
    TRY(stmt_of(c,
                STR("INSERT INTO status_version (bucket, status_id, version, text, spoiler, sensitive, mentions, tags,"
                    " created_ms, media, poll) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"),
                status_id, &st));
    db_bind_i64(st, 3, v->version);
    db_bind_str(st, 4, v->text.p == NULL ? STR("") : v->text);
    db_bind_str(st, 5, v->spoiler.p == NULL ? STR("") : v->spoiler);
    db_bind_i64(st, 6, v->sensitive);
    db_bind_str(st, 7, v->mentions.p == NULL ? STR("[]") : v->mentions);
    db_bind_str(st, 8, v->tags.p == NULL ? STR("[]") : v->tags);
    db_bind_i64(st, 9, v->created_ms);
    db_bind_str(st, 10, v->media.p == NULL ? STR("[]") : v->media);
    db_bind_str(st, 11, v->poll);
    return db_run(c, st, NULL);
}

enum err store_status_version_list(struct ctx *c, int64_t status_id, struct status_version **out, int64_t *n)
{
    DB_STMT st = NULL;
    *out = ARENA_ARRAY(c->arena, STATUS_VERSIONS_MAX, struct status_version);
    *n = 0;
    TRY(stmt_of(
        c,
        STR("SELECT version, text, spoiler, sensitive, mentions, tags, created_ms, media, poll FROM status_version"
            " WHERE bucket = $1 AND status_id = $2 ORDER BY version LIMIT $3"),
        status_id, &st));
    db_bind_i64(st, 3, STATUS_VERSIONS_MAX);
    while (*n < STATUS_VERSIONS_MAX && NEXT_ROW(c, st))
        (*out)[(*n)++] = (struct status_version){
            .version = db_col_i64(st, 0),
            .text = db_col_str(st, c->arena, 1),
            .spoiler = db_col_str(st, c->arena, 2),
            .sensitive = db_col_i64(st, 3) != 0,
            .mentions = db_col_str(st, c->arena, 4),
            .tags = db_col_str(st, c->arena, 5),
            .created_ms = db_col_i64(st, 6),
            .media = db_col_str(st, c->arena, 7),
            .poll = db_col_str(st, c->arena, 8),
        };
    return OK;
}

enum err store_status_version_delete(struct ctx *c, int64_t status_id)
{
    return stmt_run_of(c, STR("DELETE FROM status_version WHERE bucket = $1 AND status_id = $2"), status_id);
}
