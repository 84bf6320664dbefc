/* SPDX-License-Identifier: Apache-2.0 */
#include "store/member.h"

#include "store/claim.h"
#include "store/stmt.h"

#define COLUMNS                                                                                            \
    "id, email, password, confirmed_ms, approved_ms, reason, invite_id, locale, created_ip, totp_secret, " \
    "totp_enabled,"                                                                                        \
    " totp_step, recovery_codes, seen_ms"

static struct member *read_member(struct ctx *c, struct stmt *st)
{
    struct arena *a = c->arena;
    struct member *m = ARENA_NEW(a, struct member);
    *m = (struct member){
        .id = db_col_i64(st, 0),
        .email = db_col_str(st, a, 1),
        .password = db_col_str(st, a, 2),
        .confirmed_ms = db_col_i64(st, 3),
        .approved_ms = db_col_i64(st, 4),
        .reason = db_col_str(st, a, 5),
        .invite_id = db_col_i64(st, 6),
        .locale = db_col_str(st, a, 7),
        .created_ip = db_col_str(st, a, 8),
        .totp_secret = db_col_blob(st, a, 9),
        .totp_enabled = db_col_i64(st, 10) != 0,
        .totp_step = db_col_i64(st, 11),
        .recovery_codes = db_col_str(st, a, 12),
        .seen_ms = db_col_i64(st, 13),
    };
    return m;
}

enum err store_member_insert(struct ctx *c, const struct member *m)
{
    DB_STMT st = NULL;
    if (m->confirmed_ms != 0)
        TRY(store_claim_take(c, CLAIM_EMAIL, m->email, m->id, 0));
    TRY(stmt_of(
        c,
        STR("INSERT INTO member (bucket, id, email, password, confirmed_ms, approved_ms, reason, invite_id, locale,"
            " created_ip, seen_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"),
        m->id, &st));
    db_bind_str(st, 3, m->email);
    db_bind_str(st, 4, m->password);
    db_bind_i64(st, 5, m->confirmed_ms);
    db_bind_i64(st, 6, m->approved_ms);
    db_bind_str(st, 7, m->reason);
    db_bind_i64(st, 8, m->invite_id);
    db_bind_str(st, 9, m->locale.p == NULL ? STR("en") : m->locale);
    db_bind_str(st, 10, m->created_ip);
    db_bind_i64(st, 11, m->seen_ms);
    return db_run(c, st, NULL);
}

enum err store_member_find(struct ctx *c, int64_t id, struct member **out)
{
    DB_STMT st = NULL;
    *out = NULL;
    TRY(stmt_of(c, STR("SELECT " COLUMNS " FROM member WHERE bucket = $1 AND id = $2"), id, &st));
    if (NEXT_ROW(c, st))
        *out = read_member(c, st);
    return OK;
}

enum err store_member_get(struct ctx *c, int64_t id, struct member **out)
{
    TRY(store_member_find(c, id, out));
    return *out != NULL ? OK : fail(c, ERR_NOT_FOUND, "Record not found");
}

enum err store_member_find_email(struct ctx *c, struct str email, struct member **out)
{
    int64_t id = 0;
    *out = NULL;
    TRY(store_claim_find(c, CLAIM_EMAIL, email, &id));
    return id == 0 ? OK : store_member_find(c, id, out);
}

static enum err set_text(struct ctx *c, struct str sql, int64_t id, struct str value)
{
    DB_STMT st = NULL;
    TRY(stmt_of(c, sql, id, &st));
    db_bind_str(st, 3, value);
    return db_run(c, st, NULL);
}

static enum err set_number(struct ctx *c, struct str sql, int64_t id, int64_t value, int64_t *changed)
{
    DB_STMT st = NULL;
    TRY(stmt_of(c, sql, id, &st));
    db_bind_i64(st, 3, value);
    return db_run(c, st, changed);
}

enum err store_member_set_password(struct ctx *c, int64_t id, struct str password)
{
    return set_text(c, STR("UPDATE member SET password = $3 WHERE bucket = $1 AND id = $2"), id, password);
}

enum err store_member_set_email(struct ctx *c, int64_t id, struct str from, struct str to)
{
    TRY(store_claim_take(c, CLAIM_EMAIL, to, id, 0));
    TRY(store_claim_release(c, CLAIM_EMAIL, from, id));
    return set_text(c, STR("UPDATE member SET email = $3 WHERE bucket = $1 AND id = $2"), id, to);
}

enum err store_member_set_unconfirmed(struct ctx *c, int64_t id, struct str email)
{
    return set_text(c, STR("UPDATE member SET email = $3 WHERE bucket = $1 AND id = $2"), id, email);
}

enum err store_member_set_confirmed(struct ctx *c, const struct member *m, int64_t confirmed_ms)
{
    TRY(store_claim_take(c, CLAIM_EMAIL, m->email, m->id, 0));
    return set_number(c, STR("UPDATE member SET confirmed_ms = $3 WHERE bucket = $1 AND id = $2"), m->id, confirmed_ms,
                      NULL);
}

enum err store_member_set_approved(struct ctx *c, int64_t id, int64_t approved_ms)
{
    return set_number(c, STR("UPDATE member SET approved_ms = $3 WHERE bucket = $1 AND id = $2"), id, approved_ms,
                      NULL);
}

enum err store_member_set_seen(struct ctx *c, int64_t id, int64_t seen_ms)
{
    return set_number(c, STR("UPDATE member SET seen_ms = $3 WHERE bucket = $1 AND id = $2"), id, seen_ms, NULL);
}

enum err store_member_set_locale(struct ctx *c, int64_t id, struct str locale)
{
    DB_STMT st = NULL;
    TRY(stmt_of(c, STR("UPDATE member SET locale = $3 WHERE bucket = $1 AND id = $2"), id, &st));
    db_bind_str(st, 3, locale);
    return db_run(c, st, NULL);
}

enum err store_member_update_totp(struct ctx *c, const struct member *m)
{
    DB_STMT st = NULL;
    TRY(stmt_of(c,
                STR("UPDATE member SET totp_secret = $3, totp_enabled = $4, recovery_codes = $5, totp_step = $6"
                    " WHERE bucket = $1 AND id = $2"),
                m->id, &st));
    db_bind_blob(st, 3, m->totp_secret);
    db_bind_i64(st, 4, m->totp_enabled);
    db_bind_str(st, 5, m->recovery_codes);
    db_bind_i64(st, 6, m->totp_step);
    return db_run(c, st, NULL);
}

enum err store_member_use_totp_step(struct ctx *c, int64_t id, int64_t step)
{
    int64_t changed = 0;
    TRY(set_number(c, STR("UPDATE member SET totp_step = $3 WHERE bucket = $1 AND id = $2 AND totp_step < $3"), id,
                   step, &changed));
    return changed == 1 ? OK : fail(c, ERR_CONFLICT, "This code was used already");
}

enum err store_member_use_recovery(struct ctx *c, int64_t id, struct str from, struct str to)
{
    DB_STMT st = NULL;
    int64_t changed = 0;
    TRY(stmt_of(c, STR("UPDATE member SET recovery_codes = $4 WHERE bucket = $1 AND id = $2 AND recovery_codes = $3"),
                id, &st));
    db_bind_str(st, 3, from);
    db_bind_str(st, 4, to);
    TRY(db_run(c, st, &changed));
    return changed == 1 ? OK : fail(c, ERR_CONFLICT, "This code was used already");
}

/* all shards: the moderators' queue */
enum err store_member_list_waiting(struct ctx *c, int64_t after_id, int64_t limit, struct member **out, int64_t *n)
{
    DB_STMT st = NULL;
    *n = 0;
    TRY(db_stmt(c,
                STR("SELECT " COLUMNS " FROM member WHERE approved_ms = 0 AND confirmed_ms > 0 AND id > $1"
                    " ORDER BY id LIMIT $2"),
                &st));
    db_bind_i64(st, 1, after_id);
    db_bind_i64(st, 2, limit);
    while (*n < limit && NEXT_ROW(c, st))
        out[(*n)++] = read_member(c, st);
    return OK;
}

enum err store_member_delete(struct ctx *c, const struct member *m)
{
    TRY(store_claim_release(c, CLAIM_EMAIL, m->email, m->id));
    return stmt_run_of(c, STR("DELETE FROM member WHERE bucket = $1 AND id = $2"), m->id);
}
