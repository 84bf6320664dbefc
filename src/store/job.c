/* SPDX-License-Identifier: Apache-2.0 */
#include "store/job.h"

#include "base/id.h"
#include "store/stmt.h"

enum err store_job_add(struct ctx *c, enum job_kind kind, int64_t subject, struct str payload, int64_t due_ms)
{
    int64_t bucket = id_bucket(subject);
    for (int64_t written = 0; written == 0;) {
        DB_STMT st = NULL;
        TRY(db_stmt(c,
                    STR("INSERT INTO job (bucket, id, kind, subject, payload, due_ms, created_ms)"
                        " VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING"),
                    &st));
        db_bind_i64(st, 1, bucket);
        db_bind_i64(st, 2, id_new(c, bucket));
        db_bind_i64(st, 3, (int64_t)kind);
        db_bind_i64(st, 4, subject);
        db_bind_str(st, 5, payload.p == NULL ? STR("") : payload);
        db_bind_i64(st, 6, due_ms);
        db_bind_i64(st, 7, c->now_ms);
        TRY(db_run(c, st, &written));
    }
    return OK;
}

static enum err read_jobs(struct ctx *c, struct stmt *st, int64_t limit, struct job **out, int64_t *n)
{
    *out = ARENA_ARRAY(c->arena, (size_t)limit, struct job);
    *n = 0;
    while (*n < limit && NEXT_ROW(c, st))
        (*out)[(*n)++] = (struct job){
            .id = db_col_i64(st, 0),
            .kind = (enum job_kind)db_col_i64(st, 1),
            .subject = db_col_i64(st, 2),
            .payload = db_col_str(st, c->arena, 3),
            .due_ms = db_col_i64(st, 4),
            .tries = db_col_i64(st, 5),
            .error = db_col_str(st, c->arena, 6),
            .created_ms = db_col_i64(st, 7),
        };
    return OK;
}

/* all shards: the runner works for every member */
enum err store_job_due(struct ctx *c, int64_t now_ms, const struct job_share *share, int64_t limit, struct job **out,
                       int64_t *n)
{
    DB_STMT st = NULL;
    TRY(db_stmt(
        c,
        STR("SELECT id, kind, subject, payload, due_ms, tries, error, created_ms FROM job"
            " WHERE state = 0 AND due_ms <= $1"
            " AND ($3 < 0 OR (CASE WHEN kind >= 30 AND kind < 40 THEN 1 WHEN kind IN (21, 63) THEN 2 ELSE 0 END = $3"
            " AND (id / 2) % $4 = $5))"
            " ORDER BY due_ms LIMIT $2"),
        &st));
    db_bind_i64(st, 1, now_ms);
    db_bind_i64(st, 2, limit);
    db_bind_i64(st, 3, share == NULL ? -1 : (int64_t)share->lane);
    db_bind_i64(st, 4, share == NULL ? 1 : share->of);
    db_bind_i64(st, 5, share == NULL ? 0 : share->part);
    return read_jobs(c, st, limit, out, n);
}

/* all shards: a list for the operator */
enum err store_job_dead(struct ctx *c, int64_t limit, struct job **out, int64_t *n)
{
    DB_STMT st = NULL;
    TRY(db_stmt(c,
                STR("SELECT id, kind, subject, payload, due_ms, tries, error, created_ms FROM job"
                    " WHERE state = 1 ORDER BY due_ms DESC LIMIT $1"),
                &st));
    db_bind_i64(st, 1, limit);
    return read_jobs(c, st, limit, out, n);
}

enum err store_job_done(struct ctx *c, const struct job *j)
{
    return stmt_run_of(c, STR("DELETE FROM job WHERE bucket = $1 AND id = $2"), j->id);
}

static enum err set_state(struct ctx *c, const struct job *j, int64_t state, int64_t due_ms, struct str error)
{
    DB_STMT st = NULL;
    TRY(stmt_of(c,
                STR("UPDATE job SET state = $3, due_ms = $4, tries = tries + 1, error = $5"
                    " WHERE bucket = $1 AND id = $2"),
                j->id, &st));
    db_bind_i64(st, 3, state);
    db_bind_i64(st, 4, due_ms);
    db_bind_str(st, 5, error);
    return db_run(c, st, NULL);
}

enum err store_job_retry(struct ctx *c, const struct job *j, int64_t due_ms, struct str error)
{
    return set_state(c, j, 0, due_ms, error);
}

enum err store_job_bury(struct ctx *c, const struct job *j, struct str error)
{
    return set_state(c, j, 1, c->now_ms, error);
}

enum err store_job_revive(struct ctx *c, int64_t id, int64_t now_ms)
{
    DB_STMT st = NULL;
    int64_t changed = 0;
    TRY(stmt_of(c, STR("UPDATE job SET state = 0, tries = 0, due_ms = $3 WHERE bucket = $1 AND id = $2"), id, &st));
    db_bind_i64(st, 3, now_ms);
    TRY(db_run(c, st, &changed));
    return changed == 1 ? OK : fail(c, ERR_NOT_FOUND, "No job with this id");
}

/* all shards: figures for the operator */
enum err store_job_counts(struct ctx *c, int64_t *waiting, int64_t *dead, int64_t *oldest_due_ms)
{
    DB_STMT st = NULL;
    bool row = false;
    TRY(db_stmt(c,
                STR("SELECT COUNT(*) - COALESCE(SUM(state), 0), COALESCE(SUM(state), 0),"
                    " COALESCE(MIN(CASE WHEN state = 0 THEN due_ms END), 0) FROM job"),
                &st));
    TRY(db_step(c, st, &row));
    *waiting = db_col_i64(st, 0);
    *dead = db_col_i64(st, 1);
    *oldest_due_ms = db_col_i64(st, 2);
    return OK;
}

/* all shards: figures for the operator */
enum err store_job_kinds(struct ctx *c, struct job_count *out, int64_t max, int64_t *n, int64_t *oldest_due_ms)
{
    DB_STMT st = NULL;
    *n = 0;
    *oldest_due_ms = 0;
    TRY(db_stmt(c, STR("SELECT kind, state, COUNT(*), MIN(due_ms) FROM job GROUP BY kind, state"), &st));
    while (*n < max && NEXT_ROW(c, st)) {
        struct job_count *one = &out[(*n)++];
        *one = (struct job_count){ db_col_i64(st, 0), db_col_i64(st, 1) != 0, db_col_i64(st, 2) };
        int64_t due_ms = db_col_i64(st, 3);
        if (!one->dead && (*oldest_due_ms == 0 || due_ms < *oldest_due_ms))
            *oldest_due_ms = due_ms;
    }
    return OK;
}
