/* SPDX-License-Identifier: Apache-2.0 */
#include "store/tag.h"

#include "base/clock.h"
#include "base/id.h"
#include "store/page.h"
#include "store/stmt.h"

enum err store_tag_find(struct ctx *c, struct str name, int64_t *id)
{
    DB_STMT st = NULL;
    TRY(db_stmt(c, STR("SELECT id FROM tag WHERE bucket = $1 AND name = $2"), &st));
    db_bind_i64(st, 1, id_bucket_of(name));
    db_bind_str(st, 2, name);
    return stmt_number(c, st, id);
}

static enum err insert_tag(struct ctx *c, struct str name)
{
    DB_STMT st = NULL;
    int64_t bucket = id_bucket_of(name);
    TRY(db_stmt(c, STR("INSERT INTO tag (bucket, name, id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING"), &st));
    db_bind_i64(st, 1, bucket);
    db_bind_str(st, 2, name);
    db_bind_i64(st, 3, id_new(c, bucket));
    return db_run(c, st, NULL);
}

enum err store_tag_ensure(struct ctx *c, struct str name, int64_t *id)
{
    TRY(store_tag_find(c, name, id));
    if (*id != 0)
        return OK;
    TRY(insert_tag(c, name));
    TRY(store_tag_find(c, name, id)); /* whoever was first */
    return *id != 0 ? OK : fail(c, ERR_AGAIN, "try again");
}

enum err store_tag_status_insert(struct ctx *c, int64_t tag_id, int64_t status_id, int64_t account_id)
{
    DB_STMT st = NULL;
    TRY(stmt_of(c,
                STR("INSERT INTO tag_status (bucket, tag_id, status_id, account_id) VALUES ($1, $2, $3, $4)"
                    " ON CONFLICT DO NOTHING"),
                tag_id, &st));
    db_bind_i64(st, 3, status_id);
    db_bind_i64(st, 4, account_id);
    return db_run(c, st, NULL);
}

enum err store_tag_status_delete(struct ctx *c, int64_t tag_id, int64_t status_id)
{
    DB_STMT st = NULL;
    TRY(stmt_of(c, STR("DELETE FROM tag_status WHERE bucket = $1 AND tag_id = $2 AND status_id = $3"), tag_id, &st));
    db_bind_i64(st, 3, status_id);
    return db_run(c, st, NULL);
}

enum err store_tag_statuses(struct ctx *c, int64_t tag_id, const struct page *p, struct page_row **out, int64_t *n)
{
    DB_STMT st = NULL;
    TRY(stmt_of(c,
                PAGE_SQL(p,
                         "SELECT status_id, status_id FROM tag_status"
                         " WHERE bucket = $1 AND tag_id = $2 AND status_id < $3 AND status_id > $4",
                         "status_id", "$5"),
                tag_id, &st));
    page_bind(st, 3, p);
    return page_read(c, st, p, out, n);
}

/* One day: a range of the primary key, since ids carry their time. */
static enum err count_day(struct ctx *c, int64_t tag_id, struct tag_day *d)
{
    DB_STMT st = NULL;
    bool row = false;
    TRY(stmt_of(c,
                STR("SELECT COUNT(*), COUNT(DISTINCT account_id) FROM tag_status"
                    " WHERE bucket = $1 AND tag_id = $2 AND status_id >= $3 AND status_id < $4"),
                tag_id, &st));
    db_bind_i64(st, 3, id_floor(d->day_ms));
    db_bind_i64(st, 4, id_floor(d->day_ms + DAY_MS));
    TRY(db_step(c, st, &row));
    d->uses = db_col_i64(st, 0);
    d->accounts = db_col_i64(st, 1);
    return OK;
}

int64_t tag_day_ms(const struct ctx *c, int64_t ago)
{
    return c->now_ms - c->now_ms % DAY_MS - ago * DAY_MS;
}

enum err store_tag_history(struct ctx *c, int64_t tag_id, struct tag_day *out)
{
    for (int64_t i = 0; i < TAG_DAYS; i++) {
        out[i] = (struct tag_day){ .day_ms = tag_day_ms(c, i) };
        if (tag_id != 0)
            TRY(count_day(c, tag_id, &out[i]));
    }
    return OK;
}
