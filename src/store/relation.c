/* SPDX-License-Identifier: Apache-2.0 */
#include "store/relation.h"

#include "store/account.h"
#include "store/stmt.h"

#define OF_ACCOUNT " WHERE bucket = $1 AND account_id = $2 AND "

/* What one statement of the batch fills in. */
typedef void fill_fn(struct ctx *c, struct stmt *st, struct relation *r);

static void fill_follow(struct ctx *c, struct stmt *st, struct relation *r)
{
    r->following = true;
    r->showing_reblogs = db_col_i64(st, 1) != 0;
    r->notifying = db_col_i64(st, 2) != 0;
    r->languages = db_col_str(st, c->arena, 3);
}

static void fill_follower(struct ctx *c, struct stmt *st, struct relation *r)
{
    (void)c, (void)st;
    r->followed_by = true;
}

static void fill_asked(struct ctx *c, struct stmt *st, struct relation *r)
{
    (void)c, (void)st;
    r->requested = true;
}

static void fill_request(struct ctx *c, struct stmt *st, struct relation *r)
{
    (void)c, (void)st;
    r->requested_by = true;
}

static void fill_block(struct ctx *c, struct stmt *st, struct relation *r)
{
    (void)c, (void)st;
    r->blocking = true;
}

static void fill_blocked_by(struct ctx *c, struct stmt *st, struct relation *r)
{
    (void)c, (void)st;
    r->blocked_by = true;
}

static void fill_mute(struct ctx *c, struct stmt *st, struct relation *r)
{
    int64_t until_ms = db_col_i64(st, 2);
    if (until_ms != 0 && until_ms <= c->now_ms)
        return;
    r->muting = true;
    r->muting_notifications = db_col_i64(st, 1) != 0;
    r->mute_until_ms = until_ms;
}

static void fill_endorsement(struct ctx *c, struct stmt *st, struct relation *r)
{
    (void)c, (void)st;
    r->endorsed = true;
}

static void fill_note(struct ctx *c, struct stmt *st, struct relation *r)
{
    r->note = db_col_str(st, c->arena, 1);
}

struct batch {
    int64_t account_id;
    const int64_t *ids;
    int64_t n;
    struct relation *out;
};

/* The first column is the other account. */
static enum err load(struct ctx *c, struct str sql, const struct batch *b, fill_fn *fill)
{
    DB_STMT st = NULL;
    TRY(stmt_of(c, sql, b->account_id, &st));
    db_bind_ids(st, 3, b->ids, (size_t)b->n);
    while (NEXT_ROW(c, st)) {
        for (int64_t i = 0, other = db_col_i64(st, 0); i < b->n; i++)
            if (b->ids[i] == other)
                fill(c, st, &b->out[i]);
    }
    return OK;
}

enum err store_relation_load(struct ctx *c, int64_t account_id, const int64_t *ids, int64_t n, struct relation *out)
{
    struct batch b = { account_id, ids, n, out };
    for (int64_t i = 0; i < n; i++)
        out[i] = (struct relation){ .target_id = ids[i] };
    if (n == 0)
        return OK;
    TRY(load(c, STR("SELECT target_id, reblogs, notify, languages FROM follow" OF_ACCOUNT "target_id @IN($3)"), &b,
             fill_follow));
    TRY(load(c, STR("SELECT source_id FROM follower" OF_ACCOUNT "source_id @IN($3)"), &b, fill_follower));
    TRY(load(c, STR("SELECT target_id FROM follow_asked" OF_ACCOUNT "target_id @IN($3)"), &b, fill_asked));
    TRY(load(c, STR("SELECT source_id FROM follow_request" OF_ACCOUNT "source_id @IN($3)"), &b, fill_request));
    TRY(load(c, STR("SELECT target_id FROM block" OF_ACCOUNT "target_id @IN($3)"), &b, fill_block));
    TRY(load(c, STR("SELECT source_id FROM blocked_by" OF_ACCOUNT "source_id @IN($3)"), &b, fill_blocked_by));
    TRY(load(c, STR("SELECT target_id, notifications, until_ms FROM mute" OF_ACCOUNT "target_id @IN($3)"), &b,
             fill_mute));
    TRY(load(c, STR("SELECT target_id FROM endorsement" OF_ACCOUNT "target_id @IN($3)"), &b, fill_endorsement));
    return load(c, STR("SELECT target_id, note FROM account_note" OF_ACCOUNT "target_id @IN($3)"), &b, fill_note);
}

enum err store_relation_lock(struct ctx *c, int64_t a, int64_t b)
{
    return store_relation_lock_all(c, a, &b, 1);
}

enum err store_relation_lock_all(struct ctx *c, int64_t account_id, const int64_t *others, int64_t n)
{
    int64_t *ids = ARENA_ARRAY(c->arena, (size_t)n + 1, int64_t);
    ids[0] = account_id;
    for (int64_t i = 0; i < n; i++)
        ids[i + 1] = others[i];
    return store_account_lock(c, ids, n + 1);
}
