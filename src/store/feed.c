/* SPDX-License-Identifier: Apache-2.0 */
#include "store/feed.h"

#include <assert.h>
#include <stdio.h>

#include "base/id.h"
#include "model/poll.h"
#include "store/edge.h"
#include "store/page.h"
#include "store/stmt.h"

#define ROW_COLUMNS                                                                               \
    "id, account_id, visibility, standing, in_reply_to_id, in_reply_to_account_id, reblog_of_id," \
    " reblog_of_account_id, language, CASE WHEN visibility = 3 THEN mentions ELSE '' END,"        \
    " CASE WHEN uri IS NULL THEN 0 ELSE 1 END, CASE WHEN media = '[]' THEN 0 ELSE 1 END"

/* Lists whose length is not known before, or far below what was asked for: they double on the arena. */
static void *room(struct ctx *c, void *p, int64_t n, int64_t *cap, size_t size)
{
    if (n < *cap)
        return p;
    *cap = *cap == 0 ? 64 : *cap * 2;
    void *bigger = arena_alloc_array(c->arena, (size_t)*cap, size);
    if (n > 0)
        memcpy(bigger, p, (size_t)n * size);
    return bigger;
}

static enum err read_rows(struct ctx *c, struct stmt *st, int64_t limit, struct feed_row **out, int64_t *n)
{
    int64_t cap = 0;
    *out = NULL;
    *n = 0;
    while (*n < limit && NEXT_ROW(c, st)) {
        *out = room(c, *out, *n, &cap, sizeof **out);
        (*out)[(*n)++] = (struct feed_row){
            .id = db_col_i64(st, 0),
            .account_id = db_col_i64(st, 1),
            .visibility = (enum visibility)db_col_i64(st, 2),
            .standing = (enum standing_kind)db_col_i64(st, 3),
            .in_reply_to_id = db_col_i64(st, 4),
            .in_reply_to_account_id = db_col_i64(st, 5),
            .reblog_of_id = db_col_i64(st, 6),
            .reblog_of_account_id = db_col_i64(st, 7),
            .language = db_col_str(st, c->arena, 8),
            .mentions = db_col_str(st, c->arena, 9),
            .is_remote = db_col_i64(st, 10) != 0,
            .has_media = db_col_i64(st, 11) != 0,
        };
    }
    return OK;
}

/* all shards: once at start */
enum err store_feed_scan(struct ctx *c, int64_t after_id, int64_t limit, struct feed_row **out, int64_t *n)
{
    DB_STMT st = NULL;
    TRY(db_stmt(c, STR("SELECT " ROW_COLUMNS " FROM status WHERE id > $1 AND imported = 0 ORDER BY id LIMIT $2"), &st));
    db_bind_i64(st, 1, after_id);
    db_bind_i64(st, 2, limit);
    return read_rows(c, st, limit, out, n);
}

#define OLDER_SQL                                                                                               \
    STR("SELECT " ROW_COLUMNS " FROM status WHERE bucket = $1 AND account_id = $2 AND id < $3 AND imported = 0" \
        " ORDER BY id DESC LIMIT $4")

void store_feed_older_expect(struct ctx *c, const int64_t *account_ids, const int64_t *before_ids, int64_t n,
                             int64_t limit)
{
    struct db_expected *all = ARENA_ARRAY(c->arena, (size_t)n, struct db_expected);
    for (int64_t i = 0; i < n; i++)
        all[i] = (struct db_expected){ OLDER_SQL, { id_bucket(account_ids[i]), account_ids[i], before_ids[i], limit } };
    db_expect(c, all, (size_t)n);
}

enum err store_feed_older(struct ctx *c, int64_t account_id, int64_t before_id, int64_t limit, struct feed_row **out,
                          int64_t *n)
{
    DB_STMT st = NULL;
    TRY(stmt_of(c, OLDER_SQL, account_id, &st));
    db_bind_i64(st, 3, before_id);
    db_bind_i64(st, 4, limit);
    TRY(read_rows(c, st, limit, out, n));
    for (int64_t i = 0; i < *n / 2; i++) {
        struct feed_row swap = (*out)[i];
        (*out)[i] = (*out)[*n - 1 - i];
        (*out)[*n - 1 - i] = swap;
    }
    return OK;
}

/* all shards: once at start */
enum err store_feed_oldest(struct ctx *c, int64_t *id)
{
    DB_STMT st = NULL;
    TRY(db_stmt(c, STR("SELECT id FROM status ORDER BY id LIMIT 1"), &st));
    return stmt_number(c, st, id);
}

enum err store_feed_present(struct ctx *c, const int64_t *ids, int64_t n, int64_t *present)
{
    DB_STMT st = NULL;
    *present = 0;
    if (n == 0)
        return OK;
    TRY(db_stmt(c, STR("SELECT COUNT(*) FROM status WHERE bucket @IN($1) AND id @IN($2)"), &st));
    db_bind_ids(st, 1, edge_buckets(c, ids, n), (size_t)n);
    db_bind_ids(st, 2, ids, (size_t)n);
    return stmt_number(c, st, present);
}

static enum err read_ids(struct ctx *c, struct stmt *st, int64_t **out, int64_t *n)
{
    int64_t cap = 0;
    *out = NULL;
    *n = 0;
    while (NEXT_ROW(c, st)) {
        *out = room(c, *out, *n, &cap, sizeof **out);
        (*out)[(*n)++] = db_col_i64(st, 0);
    }
    return OK;
}

#define FOLLOWS_SQL STR("SELECT target_id, reblogs, languages FROM follow WHERE bucket = $1 AND account_id = $2")
#define LISTED_SQL                                                                  \
    STR("SELECT l.id, COALESCE(m.target_id, 0), l.replies, l.exclusive FROM list l" \
        " LEFT JOIN list_member m ON m.bucket = l.bucket AND m.list_id = l.id"      \
        " WHERE l.bucket = $1 AND l.account_id = $2 ORDER BY l.id")
#define ANY_SQL(table) STR("SELECT 1 FROM " table " WHERE bucket = $1 AND account_id = $2 LIMIT 1")
#define LAST_SQL(table, column) \
    STR("SELECT 1 FROM " table " WHERE bucket = $1 AND account_id = $2 ORDER BY " column " DESC LIMIT 1")

/* Of what is long, the beginning: the next pages lie beside it. */
void store_feed_expect(struct ctx *c, int64_t account_id)
{
    static const struct str sql[] = {
        FOLLOWS_SQL,
        LISTED_SQL,
        ANY_SQL("tag_follow"),
        ANY_SQL("block"),
        ANY_SQL("blocked_by"),
        ANY_SQL("mute"),
        ANY_SQL("filter"),
        LAST_SQL("favourite_by", "status_id"),
        LAST_SQL("reblog_by", "status_id"),
        LAST_SQL("bookmark", "status_id"),
        LAST_SQL("pin", "status_id"),
        LAST_SQL("thread_mute", "thread_id"),
        LAST_SQL("poll_vote_by", "status_id"),
    };
    size_t n = sizeof sql / sizeof sql[0];
    struct db_expected *all = ARENA_ARRAY(c->arena, n, struct db_expected);
    for (size_t i = 0; i < n; i++)
        all[i] = (struct db_expected){ sql[i], { id_bucket(account_id), account_id } };
    db_expect(c, all, n);
}

enum err store_feed_follows(struct ctx *c, int64_t account_id, struct feed_follow **out, int64_t *n)
{
    DB_STMT st = NULL;
    int64_t cap = 0;
    *out = NULL;
    *n = 0;
    TRY(stmt_of(c, FOLLOWS_SQL, account_id, &st));
    while (NEXT_ROW(c, st)) {
        *out = room(c, *out, *n, &cap, sizeof **out);
        (*out)[(*n)++] = (struct feed_follow){
            .target_id = db_col_i64(st, 0),
            .reblogs = db_col_i64(st, 1) != 0,
            .languages = db_col_str(st, c->arena, 2),
        };
    }
    return OK;
}

enum err store_feed_listed(struct ctx *c, int64_t account_id, struct feed_listed **out, int64_t *n)
{
    DB_STMT st = NULL;
    int64_t cap = 0;
    *out = NULL;
    *n = 0;
    TRY(stmt_of(c, LISTED_SQL, account_id, &st));
    while (NEXT_ROW(c, st)) {
        *out = room(c, *out, *n, &cap, sizeof **out);
        (*out)[(*n)++] = (struct feed_listed){ db_col_i64(st, 0), db_col_i64(st, 1),
                                               (enum list_replies)db_col_i64(st, 2), db_col_i64(st, 3) != 0 };
    }
    return OK;
}

enum err store_feed_hides(struct ctx *c, int64_t account_id, struct feed_hide **out, int64_t *n)
{
    DB_STMT st = NULL;
    int64_t cap = 0;
    *out = NULL;
    *n = 0;
    TRY(stmt_of(c,
                STR("SELECT 0, target_id, 0 FROM block WHERE bucket = $1 AND account_id = $2"
                    " UNION ALL SELECT 1, source_id, 0 FROM blocked_by WHERE bucket = $1 AND account_id = $2"
                    " UNION ALL SELECT 2, target_id, until_ms FROM mute WHERE bucket = $1 AND account_id = $2"),
                account_id, &st));
    while (NEXT_ROW(c, st)) {
        *out = room(c, *out, *n, &cap, sizeof **out);
        (*out)[(*n)++] =
            (struct feed_hide){ (enum feed_hide_kind)db_col_i64(st, 0), db_col_i64(st, 1), db_col_i64(st, 2) };
    }
    return OK;
}

#define MARKS_SQL(table, column, value)                                                     \
    STR("SELECT " column ", " value " FROM " table " WHERE bucket = $1 AND account_id = $2" \
        " ORDER BY " column " DESC LIMIT $3")
#define MARKS_OF_SQL(table, column, value)                                                  \
    STR("SELECT " column ", " value " FROM " table " WHERE bucket = $1 AND account_id = $2" \
        " AND " column " @IN($3)")
#define VOTE_SQL "round * 256 + choices"
_Static_assert(VOTE_MARK(1, 0) == 256, "the number stands in the statement");

static enum err read_marks(struct ctx *c, struct stmt *st, struct feed_mark_row **out, int64_t *n)
{
    int64_t cap = 0;
    *out = NULL;
    *n = 0;
    while (NEXT_ROW(c, st)) {
        *out = room(c, *out, *n, &cap, sizeof **out);
        (*out)[(*n)++] = (struct feed_mark_row){ db_col_i64(st, 0), (uint32_t)db_col_i64(st, 1) };
    }
    return OK;
}

enum err store_feed_marks(struct ctx *c, enum feed_mark_kind kind, int64_t account_id, int64_t limit,
                          struct feed_mark_row **out, int64_t *n)
{
    static const struct str sql[FEED_MARK_KINDS] = {
        [FEED_MARK_FAVOURITE] = MARKS_SQL("favourite_by", "status_id", "1"),
        [FEED_MARK_REBLOG] = MARKS_SQL("reblog_by", "status_id", "1"),
        [FEED_MARK_BOOKMARK] = MARKS_SQL("bookmark", "status_id", "1"),
        [FEED_MARK_PIN] = MARKS_SQL("pin", "status_id", "1"),
        [FEED_MARK_THREAD] = MARKS_SQL("thread_mute", "thread_id", "1"),
        [FEED_MARK_VOTE] = MARKS_SQL("poll_vote_by", "status_id", VOTE_SQL),
    };
    DB_STMT st = NULL;
    TRY(stmt_of(c, sql[kind], account_id, &st));
    db_bind_i64(st, 3, limit);
    return read_marks(c, st, out, n);
}

enum err store_feed_marks_of(struct ctx *c, enum feed_mark_kind kind, int64_t account_id, const int64_t *ids,
                             int64_t ids_n, struct feed_mark_row **out, int64_t *n)
{
    static const struct str sql[FEED_MARK_KINDS] = {
        [FEED_MARK_FAVOURITE] = MARKS_OF_SQL("favourite_by", "status_id", "1"),
        [FEED_MARK_REBLOG] = MARKS_OF_SQL("reblog_by", "status_id", "1"),
        [FEED_MARK_BOOKMARK] = MARKS_OF_SQL("bookmark", "status_id", "1"),
        [FEED_MARK_PIN] = MARKS_OF_SQL("pin", "status_id", "1"),
        [FEED_MARK_THREAD] = MARKS_OF_SQL("thread_mute", "thread_id", "1"),
        [FEED_MARK_VOTE] = MARKS_OF_SQL("poll_vote_by", "status_id", VOTE_SQL),
    };
    DB_STMT st = NULL;
    TRY(stmt_of(c, sql[kind], account_id, &st));
    db_bind_ids(st, 3, ids, (size_t)ids_n);
    return read_marks(c, st, out, n);
}

#define STANDING_COLUMNS                                                              \
    "id, CASE WHEN standing = 6 OR active = 0 OR deletion_ms <> 0 THEN 1 ELSE 0 END," \
    " CASE WHEN standing >= 2 AND standing <> 5 THEN 1 ELSE 0 END"
_Static_assert(STANDING_LIMITED == 2 && STANDING_HELD == 3 && STANDING_REMOVED == 4 && STANDING_FROZEN == 5
                   && STANDING_SUSPENDED == 6,
               "the numbers stand in the statements");

static enum err read_standings(struct ctx *c, struct stmt *st, struct feed_standing **out, int64_t *n)
{
    int64_t cap = 0;
    *out = NULL;
    *n = 0;
    while (NEXT_ROW(c, st)) {
        *out = room(c, *out, *n, &cap, sizeof **out);
        (*out)[(*n)++] = (struct feed_standing){ db_col_i64(st, 0), db_col_i64(st, 1) != 0, db_col_i64(st, 2) != 0 };
    }
    return OK;
}

enum err store_feed_standings(struct ctx *c, const int64_t *ids, int64_t ids_n, struct feed_standing **out, int64_t *n)
{
    DB_STMT st = NULL;
    TRY(db_stmt(c, STR("SELECT " STANDING_COLUMNS " FROM account WHERE bucket @IN($1) AND id @IN($2)"), &st));
    db_bind_ids(st, 1, edge_buckets(c, ids, ids_n), (size_t)ids_n);
    db_bind_ids(st, 2, ids, (size_t)ids_n);
    return read_standings(c, st, out, n);
}

/* all shards: once at start */
enum err store_feed_odd(struct ctx *c, struct feed_standing **out, int64_t *n)
{
    DB_STMT st = NULL;
    TRY(db_stmt(c,
                STR("SELECT " STANDING_COLUMNS " FROM account WHERE bucket >= 0 AND standing <> 0"
                    " UNION SELECT " STANDING_COLUMNS " FROM account WHERE bucket >= 0 AND active = 0"
                    " UNION SELECT " STANDING_COLUMNS " FROM account WHERE bucket >= 0 AND deletion_ms <> 0"),
                &st));
    return read_standings(c, st, out, n);
}

/* all shards: once at start */
enum err store_feed_judged(struct ctx *c, int64_t after_id, int64_t **out, int64_t *n)
{
    DB_STMT st = NULL;
    TRY(db_stmt(c, STR("SELECT DISTINCT subject_id FROM standing_log WHERE bucket >= 0 AND is_status = 1 AND id > $1"),
                &st));
    db_bind_i64(st, 1, after_id);
    return read_ids(c, st, out, n);
}

/* Nothing by, to or from somebody whom $2 blocks, who blocks $2, or whom $2 mutes now ($7). */
#define NOT_HIDDEN(ids)                                                                     \
    " AND NOT EXISTS (SELECT 1 FROM block b WHERE b.bucket = $1 AND b.account_id = $2"      \
    " AND b.target_id IN " ids ")"                                                          \
    " AND NOT EXISTS (SELECT 1 FROM blocked_by b WHERE b.bucket = $1 AND b.account_id = $2" \
    " AND b.source_id IN " ids ")"                                                          \
    " AND NOT EXISTS (SELECT 1 FROM mute m WHERE m.bucket = $1 AND m.account_id = $2"       \
    " AND m.target_id IN " ids " AND (m.until_ms = 0 OR m.until_ms > $6))"

#define HOME_FROM                                                                                          \
    "(SELECT o.target_id, o.reblogs, o.languages FROM follow o WHERE o.bucket = $1 AND o.account_id = $2"  \
    " AND NOT EXISTS (SELECT 1 FROM list_member m JOIN list l ON l.bucket = m.bucket AND l.id = m.list_id" \
    " WHERE m.bucket = $1 AND m.account_id = $2 AND m.target_id = o.target_id AND l.exclusive = 1)"        \
    " UNION ALL SELECT CAST($2 AS BIGINT), 1, NULL)"
#define TAGGED_SQL                                                                                                     \
    "SELECT DISTINCT s.id FROM tag_follow f CROSS JOIN tag_status t CROSS JOIN status s CROSS JOIN account a"          \
    " WHERE f.bucket = $1 AND f.account_id = $2 AND t.bucket = ((f.tag_id >> 9) & 4095) AND t.tag_id = f.tag_id"       \
    " AND t.status_id < $3 AND t.status_id > $4"                                                                       \
    " AND s.bucket = ((t.status_id >> 9) & 4095) AND s.id = t.status_id AND s.visibility = 0"                          \
    " AND s.standing < 2 AND s.reblog_of_id = 0 AND s.imported = 0 AND s.account_id <> $2 AND a.bucket = s.bucket "    \
    "AND a.id = "                                                                                                      \
    "s.account_id"                                                                                                     \
    " AND a.active = 1 AND a.deletion_ms = 0 AND (a.standing < 2 OR a.standing = 5)" NOT_HIDDEN(                       \
        "(s.account_id)") " AND NOT EXISTS (SELECT 1 FROM list_member m JOIN list l ON l.bucket = m.bucket AND l.id "  \
                          "= m.list_id"                                                                                \
                          " WHERE m.bucket = $1 AND m.account_id = $2 AND m.target_id = s.account_id AND l.exclusive " \
                          "= 1)"
#define LIST_FROM                                                                           \
    "(SELECT o.target_id, o.reblogs, o.languages FROM list_member m JOIN follow o"          \
    " ON o.bucket = m.bucket AND o.account_id = m.account_id AND o.target_id = m.target_id" \
    " WHERE m.bucket = $1 AND m.list_id = $8"                                               \
    " UNION ALL SELECT m.target_id, 1, NULL FROM list_member m"                             \
    " WHERE m.bucket = $1 AND m.list_id = $8 AND m.target_id = $2)"
#define LIST_REPLIES                                                                             \
    " AND (s.reblog_of_id <> 0 OR s.in_reply_to_account_id IN (0, s.account_id, $2) OR $9 = 0"   \
    " OR ($9 = 1 AND EXISTS (SELECT 1 FROM list_member m WHERE m.bucket = $1 AND m.list_id = $8" \
    " AND m.target_id = s.in_reply_to_account_id)))"

/* The order of the joins is meant: the innermost runs down the index of one author's parleys. */
#define HOME_SQL(from, more)                                                                           \
    "SELECT s.id FROM " from " f"                                                                      \
    " CROSS JOIN account a CROSS JOIN status s"                                                        \
    " WHERE a.bucket = ((f.target_id >> 9) & 4095) AND a.id = f.target_id"                             \
    " AND a.standing <> 6 AND a.active = 1 AND a.deletion_ms = 0"                                      \
    " AND s.bucket = a.bucket AND s.account_id = a.id AND s.id < $3 AND s.id > $4 AND s.standing <> 4" \
    " AND s.imported = 0"                                                                              \
    " AND (s.account_id = $2 OR (s.standing <> 3"                                                      \
    " AND (s.reblog_of_id = 0 OR f.reblogs = 1)"                                                       \
    " AND (s.reblog_of_id <> 0 OR s.in_reply_to_account_id IN (0, s.account_id, $2)"                   \
    " OR EXISTS (SELECT 1 FROM follow g WHERE g.bucket = $1 AND g.account_id = $2"                     \
    " AND g.target_id = s.in_reply_to_account_id))"                                                    \
    " AND (s.reblog_of_id <> 0 OR f.languages IS NULL OR COALESCE(s.language, '') = ''"                \
    " OR f.languages LIKE '%\"' || s.language || '\"%')"                                               \
    " AND (s.visibility <> 3 OR s.mentions LIKE $7)" NOT_HIDDEN(                                       \
        "(s.account_id, s.in_reply_to_account_id, s.reblog_of_account_id)") "))" more

static void bind_home(struct ctx *c, struct stmt *st, int64_t reader_id, const struct page *p)
{
    page_bind(st, 3, p);
    db_bind_i64(st, 6, c->now_ms);
    db_bind_str(st, 7, arena_strf(c->arena, "%%\"id\":\"%lld\"%%", (long long)reader_id));
}

static enum err read_page(struct ctx *c, struct stmt *st, const struct page *p, int64_t *out, int64_t *n)
{
    TRY(stmt_ids(c, st, p->limit, out, n));
    page_turn(out, *n, sizeof *out, p);
    return OK;
}

/* all shards: followees live everywhere; asked below the tails' end, where memory does not answer */
enum err store_feed_home(struct ctx *c, int64_t reader_id, const struct page *p, int64_t *out, int64_t *n)
{
    DB_STMT st = NULL;
    TRY(stmt_of(c, PAGE_SQL(p, HOME_SQL(HOME_FROM, ""), "s.id", "$5"), reader_id, &st));
    bind_home(c, st, reader_id, p);
    return read_page(c, st, p, out, n);
}

/* all shards: what stands under a tag lives everywhere; between bounds that home has narrowed */
enum err store_feed_tagged(struct ctx *c, int64_t reader_id, const struct page *p, int64_t *out, int64_t *n)
{
    DB_STMT st = NULL;
    TRY(stmt_of(c, PAGE_SQL(p, TAGGED_SQL, "s.id", "$5"), reader_id, &st));
    page_bind(st, 3, p);
    db_bind_i64(st, 6, c->now_ms);
    return read_page(c, st, p, out, n);
}

/* all shards: as home */
enum err store_feed_list(struct ctx *c, const struct list *l, const struct page *p, int64_t *out, int64_t *n)
{
    DB_STMT st = NULL;
    TRY(stmt_of(c, PAGE_SQL(p, HOME_SQL(LIST_FROM, LIST_REPLIES), "s.id", "$5"), l->account_id, &st));
    bind_home(c, st, l->account_id, p);
    db_bind_i64(st, 8, l->id);
    db_bind_i64(st, 9, l->replies);
    return read_page(c, st, p, out, n);
}

#define LOCAL_WHERE                                                                               \
    " AND s.id < $3 AND s.id > $4 AND s.visibility = 0 AND s.standing < 2 AND s.reblog_of_id = 0" \
    " AND s.in_reply_to_account_id IN (0, s.account_id) AND s.uri IS NULL AND s.imported = 0"     \
    " AND (s.media <> '[]' OR $7 = 0)"                                                            \
    " AND a.active = 1 AND a.deletion_ms = 0 AND (a.standing < 2 OR a.standing = 5)" NOT_HIDDEN("(s.account_id)")
/* Along the order of all parleys, an author each: the order of the joins is meant. */
#define LOCAL_SQL \
    "SELECT s.id FROM status s CROSS JOIN account a WHERE a.bucket = s.bucket AND a.id = s.account_id" LOCAL_WHERE

/* all shards: the newest of the whole server; asked below the ring's end, where memory does not answer */
enum err store_feed_local(struct ctx *c, int64_t reader_id, const struct page *p, bool only_media, int64_t *out,
                          int64_t *n)
{
    DB_STMT st = NULL;
    TRY(stmt_of(c, PAGE_SQL(p, LOCAL_SQL, "s.id", "$5"), reader_id, &st));
    page_bind(st, 3, p);
    db_bind_i64(st, 6, c->now_ms);
    db_bind_i64(st, 7, only_media);
    return read_page(c, st, p, out, n);
}
