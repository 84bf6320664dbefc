/* SPDX-License-Identifier: Apache-2.0 */
#include "store/card.h"

#include "store/edge.h"
#include "store/stmt.h"

enum err store_card_put(struct ctx *c, const struct card_row *row)
{
    DB_STMT st = NULL;
    TRY(stmt_of(c,
                STR("INSERT INTO derived.card (bucket, id, url, card, fetched_ms, picture)"
                    " VALUES ($1, $2, $3, $4, $5, $6)"
                    " ON CONFLICT @ON(bucket, id) DO UPDATE SET url = $3, card = $4, fetched_ms = $5,"
                    " picture = $6"),
                row->id, &st));
    db_bind_str(st, 3, row->url);
    db_bind_str(st, 4, row->json.p == NULL ? STR("") : row->json);
    db_bind_i64(st, 5, row->fetched_ms);
    db_bind_str(st, 6, row->picture.p == NULL ? STR("") : row->picture);
    return db_run(c, st, NULL);
}

enum err store_card_load(struct ctx *c, const int64_t *ids, int64_t n, struct card_row **out)
{
    DB_STMT st = NULL;
    for (int64_t i = 0; i < n; i++)
        out[i] = NULL;
    if (n == 0)
        return OK;
    TRY(db_stmt(c,
                STR("SELECT id, url, card, fetched_ms, picture FROM derived.card"
                    " WHERE bucket @IN($1) AND id @IN($2)"),
                &st));
    db_bind_ids(st, 1, edge_buckets(c, ids, n), (size_t)n);
    db_bind_ids(st, 2, ids, (size_t)n);
    while (NEXT_ROW(c, st)) {
        struct card_row *r = ARENA_NEW(c->arena, struct card_row);
        *r = (struct card_row){ db_col_i64(st, 0), db_col_str(st, c->arena, 1), db_col_str(st, c->arena, 2),
                                db_col_i64(st, 3), db_col_str(st, c->arena, 4) };
        for (int64_t i = 0; i < n; i++)
            if (ids[i] == r->id)
                out[i] = r;
    }
    return OK;
}

/* all shards: a picture is kept once, whichever cards have it */
enum err store_card_picture_used(struct ctx *c, struct str hash, bool *used)
{
    DB_STMT st = NULL;
    TRY(db_stmt(c, STR("SELECT 1 FROM derived.card WHERE picture = $1 AND picture <> '' LIMIT 1"), &st));
    db_bind_str(st, 1, hash);
    return db_step(c, st, used);
}
