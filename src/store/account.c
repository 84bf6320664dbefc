/* SPDX-License-Identifier: Apache-2.0 */
#include "store/account.h"

#include "base/clock.h"
#include "base/id.h"
#include "store/claim.h"
#include "store/edge.h"
#include "store/standing.h"
#include "store/stmt.h"

#define COLUMNS                                                                                                    \
    "id, username, domain, display_name, note, fields, avatar, header, locked, bot, discoverable, indexable,"      \
    " hide_collections, active, role, standing, standing_reason, standing_by, standing_ms, standing_until_ms,"     \
    " statuses_count, followers_count, following_count, last_status_ms, created_ms, updated_ms, deletion_ms, uri," \
    " moved_to_id, mentions, avatar_text, header_text, hides, attribution_domains,"                                \
    " default_quote_policy, default_reply_policy, default_visibility, default_sensitive, default_language"

static struct account *read_account(struct ctx *c, struct stmt *st)
{
    struct arena *m = c->arena;
    struct account *a = ARENA_NEW(m, struct account);
    *a = (struct account){
        .id = db_col_i64(st, 0),
        .username = db_col_str(st, m, 1),
        .domain = db_col_str(st, m, 2),
        .display_name = db_col_str(st, m, 3),
        .note = db_col_str(st, m, 4),
        .fields = db_col_str(st, m, 5),
        .avatar = db_col_str(st, m, 6),
        .header = db_col_str(st, m, 7),
        .locked = db_col_i64(st, 8) != 0,
        .bot = db_col_i64(st, 9) != 0,
        .discoverable = db_col_i64(st, 10) != 0,
        .indexable = db_col_i64(st, 11) != 0,
        .hide_collections = db_col_i64(st, 12) != 0,
        .active = db_col_i64(st, 13) != 0,
        .role = (enum role)db_col_i64(st, 14),
        .standing = { .kind = (enum standing_kind)db_col_i64(st, 15),
                      .reason = db_col_str(st, m, 16),
                      .by = db_col_i64(st, 17),
                      .since_ms = db_col_i64(st, 18),
                      .until_ms = db_col_i64(st, 19) },
        .statuses_count = db_col_i64(st, 20),
        .followers_count = db_col_i64(st, 21),
        .following_count = db_col_i64(st, 22),
        .last_status_ms = db_col_i64(st, 23),
        .created_ms = db_col_i64(st, 24),
        .updated_ms = db_col_i64(st, 25),
        .deletion_ms = db_col_i64(st, 26),
        .uri = db_col_str(st, m, 27),
        .moved_to_id = db_col_i64(st, 28),
        .mentions = db_col_str(st, m, 29),
        .avatar_text = db_col_str(st, m, 30),
        .header_text = db_col_str(st, m, 31),
        .hides = (unsigned)db_col_i64(st, 32),
        .attribution_domains = db_col_str(st, m, 33),
        .default_quote_policy = (int)db_col_i64(st, 34),
        .default_reply_policy = (int)db_col_i64(st, 35),
        .default_visibility = (enum visibility)db_col_i64(st, 36),
        .default_sensitive = db_col_i64(st, 37) != 0,
        .default_language = db_col_str(st, m, 38),
    };
    return a;
}

static enum err insert_row(struct ctx *c, struct account *a, int64_t *written)
{
    DB_STMT st = NULL;
    int64_t bucket = id_new_bucket(c);
    a->id = id_new(c, bucket);
    TRY(db_stmt(c,
                STR("INSERT INTO account (bucket, id, username, domain, display_name, note, fields, locked, bot,"
                    " discoverable, indexable, hide_collections, active, role, created_ms, updated_ms, uri)"
                    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)"
                    " ON CONFLICT DO NOTHING"),
                &st));
    db_bind_i64(st, 1, bucket);
    db_bind_i64(st, 2, a->id);
    db_bind_str(st, 3, a->username);
    db_bind_str(st, 4, a->domain);
    db_bind_str(st, 5, a->display_name.p == NULL ? STR("") : a->display_name);
    db_bind_str(st, 6, a->note.p == NULL ? STR("") : a->note);
    db_bind_str(st, 7, a->fields.p == NULL ? STR("[]") : a->fields);
    db_bind_i64(st, 8, a->locked);
    db_bind_i64(st, 9, a->bot);
    db_bind_i64(st, 10, a->discoverable);
    db_bind_i64(st, 11, a->indexable);
    db_bind_i64(st, 12, a->hide_collections);
    db_bind_i64(st, 13, a->active);
    db_bind_i64(st, 14, (int64_t)a->role);
    db_bind_i64(st, 15, a->created_ms);
    db_bind_i64(st, 16, a->updated_ms);
    db_bind_str(st, 17, a->uri);
    return db_run(c, st, written);
}

enum err store_account_insert(struct ctx *c, struct account *a, struct str name, struct str skeleton)
{
    for (int64_t written = 0; written == 0;) /* a bucket and a millisecond may meet: draw again */
        TRY(insert_row(c, a, &written));
    TRY(store_claim_take(c, CLAIM_USERNAME, name, a->id, 0));
    if (skeleton.p != NULL)
        TRY(store_claim_take(c, CLAIM_SKELETON, skeleton, a->id, 0));
    return OK;
}

#define FIND_SQL STR("SELECT " COLUMNS " FROM account WHERE bucket = $1 AND id = $2")

enum err store_account_load(struct ctx *c, const int64_t *ids, int64_t n, struct account **out)
{
    DB_STMT st = NULL;
    if (n == 0)
        return OK;
    for (int64_t i = 0; i < n; i++)
        out[i] = NULL;
    edge_expect(c, FIND_SQL, ids, n);
    TRY(db_stmt(c, STR("SELECT " COLUMNS " FROM account WHERE bucket @IN($1) AND id @IN($2)"), &st));
    db_bind_ids(st, 1, edge_buckets(c, ids, n), (size_t)n);
    db_bind_ids(st, 2, ids, (size_t)n);
    while (NEXT_ROW(c, st)) {
        struct account *a = read_account(c, st);
        for (int64_t i = 0; i < n; i++)
            if (ids[i] == a->id)
                out[i] = a;
    }
    return OK;
}

enum err store_account_find(struct ctx *c, int64_t id, struct account **out)
{
    DB_STMT st = NULL;
    *out = NULL;
    TRY(stmt_of(c, FIND_SQL, id, &st));
    if (NEXT_ROW(c, st))
        *out = read_account(c, st);
    return OK;
}

enum err store_account_get(struct ctx *c, int64_t id, struct account **out)
{
    TRY(store_account_find(c, id, out));
    return *out != NULL ? OK : fail(c, ERR_NOT_FOUND, "Record not found");
}

enum err store_account_find_name(struct ctx *c, struct str name, struct account **out)
{
    int64_t id = 0;
    *out = NULL;
    TRY(store_claim_find(c, CLAIM_USERNAME, name, &id));
    return id == 0 ? OK : store_account_find(c, id, out);
}

enum err store_account_update_profile(struct ctx *c, const struct account *a)
{
    DB_STMT st = NULL;
    TRY(stmt_of(
        c,
        STR("UPDATE account SET display_name = $3, note = $4, fields = $5, avatar = $6, header = $7, locked = $8,"
            " bot = $9, discoverable = $10, indexable = $11, hide_collections = $12, updated_ms = $13,"
            " mentions = $14, avatar_text = $15, header_text = $16, hides = $17, attribution_domains = $18,"
            " default_quote_policy = $19, default_reply_policy = $20, default_visibility = $21,"
            " default_sensitive = $22, default_language = $23 WHERE bucket = $1 AND id = $2"),
        a->id, &st));
    db_bind_str(st, 3, a->display_name.p == NULL ? STR("") : a->display_name);
    db_bind_str(st, 4, a->note.p == NULL ? STR("") : a->note);
    db_bind_str(st, 5, a->fields.p == NULL ? STR("[]") : a->fields);
    db_bind_str(st, 6, a->avatar);
    db_bind_str(st, 7, a->header);
    db_bind_i64(st, 8, a->locked);
    db_bind_i64(st, 9, a->bot);
    db_bind_i64(st, 10, a->discoverable);
    db_bind_i64(st, 11, a->indexable);
    db_bind_i64(st, 12, a->hide_collections);
    db_bind_i64(st, 13, c->now_ms);
    db_bind_str(st, 14, a->mentions.p == NULL ? STR("[]") : a->mentions);
    db_bind_str(st, 15, a->avatar_text.p == NULL ? STR("") : a->avatar_text);
    db_bind_str(st, 16, a->header_text.p == NULL ? STR("") : a->header_text);
    db_bind_i64(st, 17, a->hides);
    db_bind_str(st, 18, a->attribution_domains.p == NULL ? STR("[]") : a->attribution_domains);
    db_bind_i64(st, 19, a->default_quote_policy);
    db_bind_i64(st, 20, a->default_reply_policy);
    db_bind_i64(st, 21, (int64_t)a->default_visibility);
    db_bind_i64(st, 22, a->default_sensitive);
    db_bind_str(st, 23, a->default_language);
    return db_run(c, st, NULL);
}

enum err store_account_set_mentions(struct ctx *c, const struct account *a)
{
    DB_STMT st = NULL;
    TRY(db_stmt(c, STR("UPDATE account SET mentions = $3 WHERE bucket = $1 AND id = $2 AND note = $4 AND fields = $5"),
                &st));
    db_bind_i64(st, 1, id_bucket(a->id));
    db_bind_i64(st, 2, a->id);
    db_bind_str(st, 3, a->mentions);
    db_bind_str(st, 4, a->note);
    db_bind_str(st, 5, a->fields);
    return db_run(c, st, NULL);
}

static enum err set_one(struct ctx *c, struct str sql, int64_t id, int64_t value)
{
    DB_STMT st = NULL;
    TRY(stmt_of(c, sql, id, &st));
    db_bind_i64(st, 3, value);
    return db_run(c, st, NULL);
}

enum err store_account_set_active(struct ctx *c, int64_t id, bool active)
{
    return set_one(c, STR("UPDATE account SET active = $3 WHERE bucket = $1 AND id = $2"), id, active);
}

enum err store_account_set_role(struct ctx *c, int64_t id, enum role role)
{
    return set_one(c, STR("UPDATE account SET role = $3 WHERE bucket = $1 AND id = $2"), id, (int64_t)role);
}

enum err store_account_set_deletion(struct ctx *c, int64_t id, int64_t deletion_ms)
{
    return set_one(c, STR("UPDATE account SET deletion_ms = $3 WHERE bucket = $1 AND id = $2"), id, deletion_ms);
}

enum err store_account_set_standing(struct ctx *c, int64_t id, const struct standing *s)
{
    DB_STMT st = NULL;
    TRY(stmt_of(c,
                STR("UPDATE account SET standing = $3, standing_reason = $4, standing_by = $5, standing_ms = $6,"
                    " standing_until_ms = $7 WHERE bucket = $1 AND id = $2"),
                id, &st));
    db_bind_i64(st, 3, (int64_t)s->kind);
    db_bind_str(st, 4, s->reason);
    db_bind_i64(st, 5, s->by);
    db_bind_i64(st, 6, s->since_ms);
    db_bind_i64(st, 7, s->until_ms);
    TRY(db_run(c, st, NULL));
    return store_standing_log(c, id, false, s);
}

enum err store_account_count(struct ctx *c, int64_t id, int64_t statuses, int64_t followers, int64_t following,
                             int64_t last_status_ms, struct account *now)
{
    DB_STMT st = NULL;
    bool row = false;
    TRY(stmt_of(c,
                STR("UPDATE account SET"
                    " statuses_count = CASE WHEN statuses_count + $3 < 0 THEN 0 ELSE statuses_count + $3 END,"
                    " followers_count = CASE WHEN followers_count + $4 < 0 THEN 0 ELSE followers_count + $4 END,"
                    " following_count = CASE WHEN following_count + $5 < 0 THEN 0 ELSE following_count + $5 END,"
                    " last_status_ms = CASE WHEN last_status_ms < $6 THEN $6 ELSE last_status_ms END"
                    " WHERE bucket = $1 AND id = $2"
                    " RETURNING statuses_count, followers_count, following_count, last_status_ms"),
                id, &st));
    db_bind_i64(st, 3, statuses);
    db_bind_i64(st, 4, followers);
    db_bind_i64(st, 5, following);
    db_bind_i64(st, 6, last_status_ms);
    TRY(db_step(c, st, &row));
    if (!row || now == NULL)
        return OK;
    now->statuses_count = db_col_i64(st, 0);
    now->followers_count = db_col_i64(st, 1);
    now->following_count = db_col_i64(st, 2);
    now->last_status_ms = db_col_i64(st, 3);
    return OK;
}

enum err store_account_lock(struct ctx *c, const int64_t *ids, int64_t n)
{
    DB_STMT st = NULL;
    if (n == 0 || db_engine_of(c->db) == DB_SQLITE)
        return OK;
    TRY(db_stmt(c, STR("SELECT id FROM account WHERE bucket @IN($1) AND id @IN($2) ORDER BY id FOR UPDATE"), &st));
    db_bind_ids(st, 1, edge_buckets(c, ids, n), (size_t)n);
    db_bind_ids(st, 2, ids, (size_t)n);
    for (bool row = true; row;)
        TRY(db_step(c, st, &row));
    return OK;
}

enum err store_account_uncount_statuses(struct ctx *c, const int64_t *ids, int64_t n)
{
    DB_STMT st = NULL;
    if (n == 0)
        return OK;
    TRY(db_stmt(c,
                STR("UPDATE account SET statuses_count = statuses_count - 1"
                    " WHERE bucket @IN($1) AND id @IN($2) AND statuses_count > 0"),
                &st));
    db_bind_ids(st, 1, edge_buckets(c, ids, n), (size_t)n);
    db_bind_ids(st, 2, ids, (size_t)n);
    return db_run(c, st, NULL);
}

enum err store_account_delete(struct ctx *c, const struct account *a, struct str name, struct str skeleton)
{
    TRY(store_claim_release(c, CLAIM_USERNAME, name, a->id));
    if (skeleton.p != NULL)
        TRY(store_claim_release(c, CLAIM_SKELETON, skeleton, a->id));
    return stmt_run_of(c, STR("DELETE FROM account WHERE bucket = $1 AND id = $2"), a->id);
}

/* all shards: see store_account_list */
static struct str list_sql(enum account_list which)
{
#define LIST_SQL(where) \
    STR("SELECT " COLUMNS " FROM account WHERE domain IS NULL AND id < $1 AND " where " ORDER BY id DESC LIMIT $2")
    switch (which) {
    case ACCOUNTS_ALL: return LIST_SQL("id > 0");
    case ACCOUNTS_STAFF: return LIST_SQL("role > 0");
    case ACCOUNTS_PENDING: return LIST_SQL("active = 0 AND deletion_ms = 0");
    case ACCOUNTS_STANDING: return LIST_SQL("standing <> 0");
    case ACCOUNTS_DIRECTORY: return LIST_SQL("active = 1 AND discoverable = 1 AND standing = 0 AND deletion_ms = 0");
    }
#undef LIST_SQL
    return STR("");
}

/* all shards: newest first goes along the primary key */
enum err store_account_list(struct ctx *c, enum account_list which, const struct page *p, struct account **out,
                            int64_t *n)
{
    DB_STMT st = NULL;
    *n = 0;
    TRY(db_stmt(c, list_sql(which), &st));
    db_bind_i64(st, 1, p->max_id == 0 ? INT64_MAX : p->max_id);
    db_bind_i64(st, 2, p->limit);
    while (*n < p->limit && NEXT_ROW(c, st))
        out[(*n)++] = read_account(c, st);
    return OK;
}

/* all shards: newest first goes along the primary key, past the offset that page_parse bounds */
enum err store_account_directory(struct ctx *c, const struct page *p, int64_t *out, int64_t *n)
{
    DB_STMT st = NULL;
    TRY(db_stmt(c,
                STR("SELECT id FROM account WHERE domain IS NULL AND active = 1 AND discoverable = 1 AND standing = 0"
                    " AND deletion_ms = 0 AND id > 0 ORDER BY id DESC LIMIT $1 OFFSET $2"),
                &st));
    db_bind_i64(st, 1, p->limit);
    db_bind_i64(st, 2, p->offset);
    return stmt_ids(c, st, p->limit, out, n);
}

/* all shards: asked once, when the site is opened */
enum err store_account_find_owner(struct ctx *c, struct account **out)
{
    DB_STMT st = NULL;
    *out = NULL;
    TRY(db_stmt(c, STR("SELECT " COLUMNS " FROM account WHERE role > 0 AND role = 3 ORDER BY id LIMIT 1"), &st));
    if (NEXT_ROW(c, st))
        *out = read_account(c, st);
    return OK;
}

enum err store_account_requests(struct ctx *c, int64_t id, int64_t *n)
{
    DB_STMT st = NULL;
    TRY(stmt_of(c, STR("SELECT COUNT(*) FROM follow_request WHERE bucket = $1 AND account_id = $2"), id, &st));
    return stmt_number(c, st, n);
}
