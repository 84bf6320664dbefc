/* SPDX-License-Identifier: Apache-2.0 */
#include "store/import.h"

#include "base/id.h"
#include "store/edge.h"
#include "store/stmt.h"

#define HEAD                                                                                                   \
    "id, account_id, kind, state, overwrite, visibility, file_name, position, handled, total, added, skipped," \
    " failed, problems, placed_id, created_ms, ended_ms"

static void read_import(struct ctx *c, struct stmt *st, struct import *i)
{
    *i = (struct import){
        .id = db_col_i64(st, 0),
        .account_id = db_col_i64(st, 1),
        .kind = (enum import_kind)db_col_i64(st, 2),
        .state = (enum import_state)db_col_i64(st, 3),
        .overwrite = db_col_i64(st, 4) != 0,
        .visibility = (enum visibility)db_col_i64(st, 5),
        .file_name = db_col_str(st, c->arena, 6),
        .position = db_col_i64(st, 7),
        .handled = db_col_i64(st, 8),
        .total = db_col_i64(st, 9),
        .added = db_col_i64(st, 10),
        .skipped = db_col_i64(st, 11),
        .failed = db_col_i64(st, 12),
        .problems = db_col_str(st, c->arena, 13),
        .placed_id = db_col_i64(st, 14),
        .created_ms = db_col_i64(st, 15),
        .ended_ms = db_col_i64(st, 16),
    };
}

static void bind_progress(struct stmt *st, const struct import *i)
{
    db_bind_i64(st, 1, id_bucket(i->id));
    db_bind_i64(st, 2, i->id);
    db_bind_i64(st, 3, i->kind);
    db_bind_i64(st, 4, i->state);
    db_bind_str(st, 5, i->text);
    db_bind_i64(st, 6, i->position);
    db_bind_i64(st, 7, i->handled);
    db_bind_i64(st, 8, i->total);
    db_bind_i64(st, 9, i->added);
    db_bind_i64(st, 10, i->skipped);
    db_bind_i64(st, 11, i->failed);
    db_bind_str(st, 12, i->problems.p == NULL ? STR("") : i->problems);
    db_bind_i64(st, 13, i->placed_id);
    db_bind_i64(st, 14, i->ended_ms);
}

enum err store_import_insert(struct ctx *c, struct import *i)
{
    for (int64_t written = 0; written == 0;) {
        DB_STMT st = NULL;
        if (i->id == 0)
            i->id = id_new(c, id_bucket(i->account_id));
        TRY(db_stmt(c,
                    STR("INSERT INTO import (bucket, id, kind, state, text, position, handled, total, added, skipped,"
                        " failed, problems, placed_id, ended_ms, account_id, overwrite, visibility, file_name,"
                        " created_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,"
                        " $17, $18, $19) ON CONFLICT DO NOTHING"),
                    &st));
        bind_progress(st, i);
        db_bind_i64(st, 15, i->account_id);
        db_bind_i64(st, 16, i->overwrite);
        db_bind_i64(st, 17, i->visibility);
        db_bind_str(st, 18, i->file_name.p == NULL ? STR("") : i->file_name);
        db_bind_i64(st, 19, i->created_ms);
        TRY(db_run(c, st, &written));
        if (written == 0)
            return fail(c, ERR_AGAIN, "the id is taken");
    }
    return OK;
}

enum err store_import_find(struct ctx *c, int64_t id, struct import **out)
{
    DB_STMT st = NULL;
    *out = NULL;
    TRY(stmt_of(c, STR("SELECT " HEAD ", text FROM import WHERE bucket = $1 AND id = $2"), id, &st));
    if (!NEXT_ROW(c, st))
        return OK;
    *out = ARENA_NEW(c->arena, struct import);
    read_import(c, st, *out);
    (*out)->text = db_col_str(st, c->arena, 17);
    return OK;
}

enum err store_import_list(struct ctx *c, int64_t account_id, int64_t limit, struct import **out, int64_t *n)
{
    DB_STMT st = NULL;
    *out = ARENA_ARRAY(c->arena, (size_t)limit, struct import);
    *n = 0;
    TRY(stmt_of(c, STR("SELECT " HEAD " FROM import WHERE bucket = $1 AND account_id = $2 ORDER BY id DESC LIMIT $3"),
                account_id, &st));
    db_bind_i64(st, 3, limit);
    while (*n < limit && NEXT_ROW(c, st))
        read_import(c, st, &(*out)[(*n)++]);
    return OK;
}

enum err store_import_update(struct ctx *c, const struct import *i, enum import_state was, bool *written)
{
    DB_STMT st = NULL;
    TRY(db_stmt(c,
                STR("UPDATE import SET kind = $3, state = $4, text = $5, position = $6, handled = $7, total = $8,"
                    " added = $9, skipped = $10, failed = $11, problems = $12, placed_id = $13, ended_ms = $14"
                    " WHERE bucket = $1 AND id = $2 AND state = $15"),
                &st));
    bind_progress(st, i);
    db_bind_i64(st, 15, was);
    return stmt_wrote(c, st, written);
}

enum err store_import_delete(struct ctx *c, int64_t id)
{
    return stmt_run_of(c, STR("DELETE FROM import WHERE bucket = $1 AND id = $2"), id);
}

enum err store_import_clear(struct ctx *c, int64_t account_id)
{
    TRY(stmt_run_of(c, STR("DELETE FROM import_item WHERE bucket = $1 AND account_id = $2"), account_id));
    return stmt_run_of(c, STR("DELETE FROM import WHERE bucket = $1 AND account_id = $2"), account_id);
}

enum err store_import_item_insert(struct ctx *c, const struct import *i, struct str source, int64_t status_id,
                                  bool *added)
{
    DB_STMT st = NULL;
    TRY(stmt_of(c,
                STR("INSERT INTO import_item (bucket, account_id, source, import_id, status_id)"
                    " SELECT $1, $2, $3, $4, $5 FROM import WHERE bucket = $1 AND id = $4 AND state = $6"
                    " ON CONFLICT DO NOTHING"),
                i->account_id, &st));
    db_bind_str(st, 3, source);
    db_bind_i64(st, 4, i->id);
    db_bind_i64(st, 5, status_id);
    db_bind_i64(st, 6, IMPORT_RUNNING);
    return stmt_wrote(c, st, added);
}

enum err store_import_item_find(struct ctx *c, int64_t account_id, struct str source, struct import_item *out)
{
    DB_STMT st = NULL;
    *out = (struct import_item){ 0 };
    TRY(stmt_of(c,
                STR("SELECT import_id, status_id FROM import_item WHERE bucket = $1 AND account_id = $2"
                    " AND source = $3"),
                account_id, &st));
    db_bind_str(st, 3, source);
    if (NEXT_ROW(c, st))
        *out = (struct import_item){ db_col_i64(st, 0), db_col_i64(st, 1) };
    return OK;
}

enum err store_import_items(struct ctx *c, int64_t import_id, int64_t limit, int64_t *out, int64_t *n)
{
    return edge_ends(c,
                     STR("SELECT status_id FROM import_item WHERE bucket = $1 AND import_id = $2"
                         " ORDER BY status_id DESC LIMIT $3"),
                     import_id, limit, out, n);
}

enum err store_import_item_delete(struct ctx *c, int64_t import_id, int64_t status_id)
{
    return edge_delete(c, STR("DELETE FROM import_item WHERE bucket = $1 AND import_id = $2 AND status_id = $3"),
                       import_id, status_id, NULL);
}
