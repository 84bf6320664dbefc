/* SPDX-License-Identifier: Apache-2.0 */
#include "store/sample.h"

#include "base/clock.h"
#include "store/stmt.h"
#include "store/tx.h"

enum err store_sample_put(struct ctx *c, int64_t at_ms, struct str data)
{
    TX tx = { 0 };
    DB_STMT put = NULL;
    DB_STMT forget = NULL;
    TRY(tx_begin_derived(c, &tx));
    TRY(db_stmt(c,
                STR("INSERT INTO derived.sample (slot, data) VALUES ($1, $2)"
                    " ON CONFLICT (slot) DO UPDATE SET data = excluded.data"),
                &put));
    db_bind_i64(put, 1, at_ms / SAMPLE_SLOT_MS);
    db_bind_str(put, 2, data);
    TRY(db_run(c, put, NULL));
    TRY(db_stmt(c, STR("DELETE FROM derived.sample WHERE slot < $1"), &forget));
    db_bind_i64(forget, 1, (at_ms - SAMPLE_DAYS * DAY_MS) / SAMPLE_SLOT_MS);
    TRY(db_run(c, forget, NULL));
    return tx_commit(&tx);
}

enum err store_sample_list(struct ctx *c, int64_t since_ms, struct str **out, int64_t *n)
{
    DB_STMT st = NULL;
    *out = ARENA_ARRAY(c->arena, SAMPLE_SLOTS_MAX, struct str);
    *n = 0;
    TRY(db_stmt(c, STR("SELECT data FROM derived.sample WHERE slot >= $1 ORDER BY slot LIMIT $2"), &st));
    db_bind_i64(st, 1, since_ms / SAMPLE_SLOT_MS);
    db_bind_i64(st, 2, SAMPLE_SLOTS_MAX);
    while (*n < SAMPLE_SLOTS_MAX && NEXT_ROW(c, st))
        (*out)[(*n)++] = db_col_str(st, c->arena, 0);
    return OK;
}
