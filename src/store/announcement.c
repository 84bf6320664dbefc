/* SPDX-License-Identifier: Apache-2.0 */
#include "store/announcement.h"

#include "base/id.h"
#include "store/stmt.h"

#define REACTIONS_READ_MAX 1000

enum err store_announcement_insert(struct ctx *c, struct announcement *a)
{
    DB_STMT st = NULL;
    a->id = id_new(c, 0);
    TRY(db_stmt(c,
                STR("INSERT INTO announcement (id, text, starts_ms, ends_ms, all_day, published_ms, updated_ms)"
                    " VALUES ($1, $2, $3, $4, $5, $6, $7)"),
                &st));
    db_bind_i64(st, 1, a->id);
    db_bind_str(st, 2, a->text);
    db_bind_i64(st, 3, a->starts_ms);
    db_bind_i64(st, 4, a->ends_ms);
    db_bind_i64(st, 5, a->all_day);
    db_bind_i64(st, 6, a->published_ms);
    db_bind_i64(st, 7, a->updated_ms);
    return db_run(c, st, NULL);
}

enum err store_announcement_update(struct ctx *c, const struct announcement *a)
{
    DB_STMT st = NULL;
    TRY(db_stmt(c,
                STR("UPDATE announcement SET text = $2, starts_ms = $3, ends_ms = $4, all_day = $5, updated_ms = $6"
                    " WHERE id = $1"),
                &st));
    db_bind_i64(st, 1, a->id);
    db_bind_str(st, 2, a->text);
    db_bind_i64(st, 3, a->starts_ms);
    db_bind_i64(st, 4, a->ends_ms);
    db_bind_i64(st, 5, a->all_day);
    db_bind_i64(st, 6, a->updated_ms);
    return db_run(c, st, NULL);
}

static enum err by_id(struct ctx *c, struct str sql, int64_t id)
{
    DB_STMT st = NULL;
    TRY(db_stmt(c, sql, &st));
    db_bind_i64(st, 1, id);
    return db_run(c, st, NULL);
}

enum err store_announcement_delete(struct ctx *c, int64_t id)
{
    TRY(by_id(c, STR("DELETE FROM announcement_count WHERE announcement_id = $1"), id));
    return by_id(c, STR("DELETE FROM announcement WHERE id = $1"), id);
}

enum err store_announcement_list(struct ctx *c, struct announcement **out, int64_t *n)
{
    DB_STMT st = NULL;
    *out = ARENA_ARRAY(c->arena, ANNOUNCEMENTS_MAX, struct announcement);
    *n = 0;
    TRY(db_stmt(c,
                STR("SELECT id, text, starts_ms, ends_ms, all_day, published_ms, updated_ms FROM announcement"
                    " ORDER BY id DESC"),
                &st));
    while (*n < ANNOUNCEMENTS_MAX && NEXT_ROW(c, st))
        (*out)[(*n)++] = (struct announcement){
            .id = db_col_i64(st, 0),
            .text = db_col_str(st, c->arena, 1),
            .starts_ms = db_col_i64(st, 2),
            .ends_ms = db_col_i64(st, 3),
            .all_day = db_col_i64(st, 4) != 0,
            .published_ms = db_col_i64(st, 5),
            .updated_ms = db_col_i64(st, 6),
        };
    return OK;
}

enum err store_announcement_read(struct ctx *c, int64_t account_id, int64_t *out, int64_t *n)
{
    DB_STMT st = NULL;
    TRY(stmt_of(c,
                STR("SELECT announcement_id FROM announcement_read WHERE bucket = $1 AND account_id = $2"
                    " ORDER BY announcement_id DESC"),
                account_id, &st));
    return stmt_ids(c, st, ANNOUNCEMENTS_MAX, out, n);
}

enum err store_announcement_dismiss(struct ctx *c, int64_t account_id, int64_t id)
{
    DB_STMT st = NULL;
    TRY(stmt_of(c,
                STR("INSERT INTO announcement_read (bucket, account_id, announcement_id) VALUES ($1, $2, $3)"
                    " ON CONFLICT DO NOTHING"),
                account_id, &st));
    db_bind_i64(st, 3, id);
    return db_run(c, st, NULL);
}

static enum err forget(struct ctx *c, struct str sql, int64_t account_id, const int64_t *kept, int64_t n)
{
    DB_STMT st = NULL;
    TRY(stmt_of(c, sql, account_id, &st));
    db_bind_ids(st, 3, kept, (size_t)n);
    return db_run(c, st, NULL);
}

enum err store_announcement_forget(struct ctx *c, int64_t account_id, const int64_t *kept, int64_t n)
{
    TRY(forget(c,
               STR("DELETE FROM announcement_read"
                   " WHERE bucket = $1 AND account_id = $2 AND NOT announcement_id @IN($3)"),
               account_id, kept, n));
    return forget(c,
                  STR("DELETE FROM announcement_reaction"
                      " WHERE bucket = $1 AND account_id = $2 AND NOT announcement_id @IN($3)"),
                  account_id, kept, n);
}

/* --- reactions --- */

static enum err mark_mine(struct ctx *c, int64_t account_id, struct reaction *all, int64_t n)
{
    DB_STMT st = NULL;
    if (account_id == 0 || n == 0)
        return OK;
    TRY(stmt_of(c, STR("SELECT announcement_id, name FROM announcement_reaction WHERE bucket = $1 AND account_id = $2"),
                account_id, &st));
    while (NEXT_ROW(c, st)) {
        for (int64_t i = 0; i < n; i++)
            if (all[i].announcement_id == db_col_i64(st, 0) && str_eq(all[i].name, db_col_str(st, c->arena, 1)))
                all[i].me = true;
    }
    return OK;
}

enum err store_reaction_list(struct ctx *c, int64_t account_id, struct reaction **out, int64_t *n)
{
    DB_STMT st = NULL;
    *out = ARENA_ARRAY(c->arena, REACTIONS_READ_MAX, struct reaction);
    *n = 0;
    TRY(db_stmt(c, STR("SELECT announcement_id, name, n FROM announcement_count ORDER BY first_ms, name"), &st));
    while (*n < REACTIONS_READ_MAX && NEXT_ROW(c, st))
        (*out)[(*n)++] = (struct reaction){ .announcement_id = db_col_i64(st, 0),
                                            .name = db_col_str(st, c->arena, 1),
                                            .n = db_col_i64(st, 2) };
    return mark_mine(c, account_id, *out, *n);
}

static enum err count(struct ctx *c, struct str sql, int64_t id, struct str name, bool timed)
{
    DB_STMT st = NULL;
    TRY(db_stmt(c, sql, &st));
    db_bind_i64(st, 1, id);
    db_bind_str(st, 2, name);
    if (timed)
        db_bind_i64(st, 3, c->now_ms);
    return db_run(c, st, NULL);
}

static enum err own(struct ctx *c, struct str sql, int64_t account_id, int64_t id, struct str name, bool *changed)
{
    DB_STMT st = NULL;
    TRY(stmt_of(c, sql, account_id, &st));
    db_bind_i64(st, 3, id);
    db_bind_str(st, 4, name);
    return stmt_wrote(c, st, changed);
}

enum err store_reaction_add(struct ctx *c, int64_t account_id, int64_t id, struct str name, bool *changed)
{
    TRY(own(c,
            STR("INSERT INTO announcement_reaction (bucket, account_id, announcement_id, name) VALUES ($1, $2, $3, $4)"
                " ON CONFLICT DO NOTHING"),
            account_id, id, name, changed));
    if (!*changed)
        return OK;
    return count(c,
                 STR("INSERT INTO announcement_count (announcement_id, name, n, first_ms) VALUES ($1, $2, 1, $3)"
                     " ON CONFLICT (announcement_id, name) DO UPDATE SET n = announcement_count.n + 1"),
                 id, name, true);
}

enum err store_reaction_remove(struct ctx *c, int64_t account_id, int64_t id, struct str name, bool *changed)
{
    TRY(own(c,
            STR("DELETE FROM announcement_reaction"
                " WHERE bucket = $1 AND account_id = $2 AND announcement_id = $3 AND name = $4"),
            account_id, id, name, changed));
    if (!*changed)
        return OK;
    TRY(count(c, STR("UPDATE announcement_count SET n = n - 1 WHERE announcement_id = $1 AND name = $2"), id, name,
              false));
    return count(c, STR("DELETE FROM announcement_count WHERE announcement_id = $1 AND name = $2 AND n <= 0"), id, name,
                 false);
}
