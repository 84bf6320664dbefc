/* SPDX-License-Identifier: Apache-2.0 */
#include "store/domain_mute.h"

#include "base/id.h"
#include "store/page.h"
#include "store/stmt.h"

enum err store_domain_mute_insert(struct ctx *c, int64_t account_id, struct str domain, bool *is_new)
{
    DB_STMT st = NULL;
    TRY(stmt_of(c,
                STR("INSERT INTO domain_mute (bucket, account_id, domain, id) VALUES ($1, $2, $3, $4)"
                    " ON CONFLICT DO NOTHING"),
                account_id, &st));
    db_bind_str(st, 3, domain);
    db_bind_i64(st, 4, id_new(c, id_bucket(account_id)));
    return stmt_wrote(c, st, is_new);
}

enum err store_domain_mute_delete(struct ctx *c, int64_t account_id, struct str domain)
{
    DB_STMT st = NULL;
    TRY(stmt_of(c, STR("DELETE FROM domain_mute WHERE bucket = $1 AND account_id = $2 AND domain = $3"), account_id,
                &st));
    db_bind_str(st, 3, domain);
    return db_run(c, st, NULL);
}

enum err store_domain_mute_count(struct ctx *c, int64_t account_id, int64_t *n)
{
    DB_STMT st = NULL;
    TRY(stmt_of(c, STR("SELECT COUNT(*) FROM domain_mute WHERE bucket = $1 AND account_id = $2"), account_id, &st));
    return stmt_number(c, st, n);
}

enum err store_domain_mute_list(struct ctx *c, int64_t account_id, const struct page *p, struct domain_row **out,
                                int64_t *n)
{
    DB_STMT st = NULL;
    int64_t limit = p->limit < 1 ? 1 : p->limit;
    *out = ARENA_ARRAY(c->arena, (size_t)limit, struct domain_row);
    *n = 0;
    TRY(stmt_of(c,
                PAGE_SQL(p,
                         "SELECT id, domain FROM domain_mute"
                         " WHERE bucket = $1 AND account_id = $2 AND id < $3 AND id > $4",
                         "id", "$5"),
                account_id, &st));
    page_bind(st, 3, p);
    db_bind_i64(st, 5, limit);
    while (*n < limit && NEXT_ROW(c, st))
        (*out)[(*n)++] = (struct domain_row){ db_col_i64(st, 0), db_col_str(st, c->arena, 1) };
    page_turn(*out, *n, sizeof **out, p);
    return OK;
}

enum err store_domain_mute_clear(struct ctx *c, int64_t account_id)
{
    return stmt_run_of(c, STR("DELETE FROM domain_mute WHERE bucket = $1 AND account_id = $2"), account_id);
}
