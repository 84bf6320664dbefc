/* SPDX-License-Identifier: Apache-2.0 */
#include "store/edge.h"

#include "base/id.h"
#include "store/page.h"
#include "store/stmt.h"

void edge_expect(struct ctx *c, struct str sql, const int64_t *ids, int64_t n)
{
    struct db_expected *all = ARENA_ARRAY(c->arena, (size_t)n, struct db_expected);
    size_t all_n = 0;
    for (int64_t i = 0; i < n; i++)
        if (ids[i] != 0)
            all[all_n++] = (struct db_expected){ sql, { id_bucket(ids[i]), ids[i] } };
    db_expect(c, all, all_n);
}

int64_t *edge_buckets(struct ctx *c, const int64_t *ids, int64_t n)
{
    int64_t *buckets = ARENA_ARRAY(c->arena, (size_t)n, int64_t);
    for (int64_t i = 0; i < n; i++)
        buckets[i] = id_bucket(ids[i]);
    return buckets;
}

const int64_t *edge_all_buckets(struct ctx *c)
{
    int64_t *buckets = ARENA_ARRAY(c->arena, ID_BUCKETS, int64_t);
    for (int64_t i = 0; i < ID_BUCKETS; i++)
        buckets[i] = i;
    return buckets;
}

enum err edge_insert(struct ctx *c, struct str sql, int64_t owner, int64_t end, int64_t id, bool *added)
{
    DB_STMT st = NULL;
    TRY(stmt_of(c, sql, owner, &st));
    db_bind_i64(st, 3, end);
    db_bind_i64(st, 4, id);
    return stmt_wrote(c, st, added);
}

enum err edge_delete(struct ctx *c, struct str sql, int64_t owner, int64_t end, bool *removed)
{
    DB_STMT st = NULL;
    TRY(stmt_of(c, sql, owner, &st));
    db_bind_i64(st, 3, end);
    return stmt_wrote(c, st, removed);
}

enum err edge_page(struct ctx *c, struct str sql, int64_t owner, const struct page *p, struct page_row **out,
                   int64_t *n)
{
    DB_STMT st = NULL;
    TRY(stmt_of(c, sql, owner, &st));
    page_bind(st, 3, p);
    return page_read(c, st, p, out, n);
}

enum err edge_ends(struct ctx *c, struct str sql, int64_t owner, int64_t limit, int64_t *out, int64_t *n)
{
    DB_STMT st = NULL;
    TRY(stmt_of(c, sql, owner, &st));
    db_bind_i64(st, 3, limit);
    return stmt_ids(c, st, limit, out, n);
}

enum err edge_delete_many(struct ctx *c, struct str sql, int64_t owner, const int64_t *ends, int64_t n)
{
    DB_STMT st = NULL;
    if (n == 0)
        return OK;
    TRY(stmt_of(c, sql, owner, &st));
    db_bind_ids(st, 3, ends, (size_t)n);
    return db_run(c, st, NULL);
}

enum err edge_delete_ends(struct ctx *c, struct str sql, const int64_t *owners, int64_t n, int64_t end)
{
    DB_STMT st = NULL;
    if (n == 0)
        return OK;
    TRY(db_stmt(c, sql, &st));
    db_bind_ids(st, 1, edge_buckets(c, owners, n), (size_t)n);
    db_bind_ids(st, 2, owners, (size_t)n);
    db_bind_i64(st, 3, end);
    return db_run(c, st, NULL);
}
