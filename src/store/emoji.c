/* SPDX-License-Identifier: Apache-2.0 */
#include "store/emoji.h"

#include "store/stmt.h"

enum err store_emoji_list(struct ctx *c, struct emoji **out, int64_t *n)
{
    DB_STMT st = NULL;
    *out = ARENA_ARRAY(c->arena, EMOJIS_MAX, struct emoji);
    *n = 0;
    TRY(db_stmt(c,
                STR("SELECT shortcode, hash, static_hash, category, enabled, created_ms, updated_ms FROM custom_emoji"
                    " ORDER BY shortcode LIMIT $1"),
                &st));
    db_bind_i64(st, 1, EMOJIS_MAX);
    while (*n < EMOJIS_MAX && NEXT_ROW(c, st))
        (*out)[(*n)++] = (struct emoji){
            .shortcode = db_col_str(st, c->arena, 0),
            .hash = db_col_str(st, c->arena, 1),
            .static_hash = db_col_str(st, c->arena, 2),
            .category = db_col_str(st, c->arena, 3),
            .enabled = db_col_i64(st, 4) != 0,
            .created_ms = db_col_i64(st, 5),
            .updated_ms = db_col_i64(st, 6),
        };
    return OK;
}

enum err store_emoji_insert(struct ctx *c, const struct emoji *e)
{
    DB_STMT st = NULL;
    TRY(db_stmt(c,
                STR("INSERT INTO custom_emoji (shortcode, hash, static_hash, category, enabled, created_ms, updated_ms)"
                    " VALUES ($1, $2, $3, $4, $5, $6, $7)"),
                &st));
    db_bind_str(st, 1, e->shortcode);
    db_bind_str(st, 2, e->hash);
    db_bind_str(st, 3, e->static_hash);
    db_bind_str(st, 4, e->category);
    db_bind_i64(st, 5, e->enabled);
    db_bind_i64(st, 6, e->created_ms);
    db_bind_i64(st, 7, e->updated_ms);
    return db_run(c, st, NULL);
}

enum err store_emoji_set_enabled(struct ctx *c, struct str shortcode, bool enabled)
{
    DB_STMT st = NULL;
    TRY(db_stmt(c, STR("UPDATE custom_emoji SET enabled = $2, updated_ms = $3 WHERE shortcode = $1"), &st));
    db_bind_str(st, 1, shortcode);
    db_bind_i64(st, 2, enabled);
    db_bind_i64(st, 3, c->now_ms);
    return db_run(c, st, NULL);
}

enum err store_emoji_delete(struct ctx *c, struct str shortcode)
{
    DB_STMT st = NULL;
    TRY(db_stmt(c, STR("DELETE FROM custom_emoji WHERE shortcode = $1"), &st));
    db_bind_str(st, 1, shortcode);
    return db_run(c, st, NULL);
}
