/* SPDX-License-Identifier: Apache-2.0 */
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "core/name.h"
#include "gen_db.h"
#include "model/session.h"

static int64_t followers_of(const struct gen *g, uint32_t rank)
{
    return (int64_t)(g->source_at[rank + 1] - g->source_at[rank]);
}

static int64_t following_of(const struct gen *g, uint32_t rank)
{
    return (int64_t)(g->target_at[rank + 1] - g->target_at[rank]);
}

void gen_write_accounts(struct gen_db *d, const struct gen *g)
{
    char name[GEN_TEXT_MAX];
    char shown[GEN_TEXT_MAX];
    char note[GEN_TEXT_MAX];
    struct progress p;
    sqlite3_stmt *st = gen_db_insert(
        d, "INSERT INTO account (bucket, id, username, display_name, note, active, statuses_count, followers_count,"
           " following_count, last_status_ms, created_ms, updated_ms, indexable)"
           " VALUES (?, ?, ?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?)");
    progress_begin(&p, "accounts", g->members);
    gen_db_begin(d);
    for (uint32_t i = 0; i < g->members; i++) {
        int64_t id = gen_account_id(g, i);
        gen_bind_i64(st, 1, id_bucket(id));
        gen_bind_i64(st, 2, id);
        gen_bind_str(st, 3, gen_username(g, i, name));
        gen_bind_str(st, 4, gen_display_name(g, i, shown));
        gen_bind_str(st, 5, gen_note(g, i, note));
        gen_bind_i64(st, 6, g->posts[i]);
        gen_bind_i64(st, 7, followers_of(g, i));
        gen_bind_i64(st, 8, following_of(g, i));
        gen_bind_i64(st, 9, g->last_post[i] == GEN_NONE ? 0 : gen_status_ms(g, g->last_post[i]));
        gen_bind_i64(st, 10, gen_account_ms(g, i));
        gen_bind_i64(st, 11, gen_account_ms(g, i));
        gen_bind_i64(st, 12, i % 2); /* half of them let strangers find what they write */
        gen_db_run(d, st);
        progress_at(&p, i);
    }
    gen_db_commit(d);
    gen_db_done(d, &st);
    progress_end(&p);
}

/* One hash for all: hashing a password for each would take a month. Everybody can sign in with GEN_PASSWORD. */
void gen_write_members(struct gen_db *d, const struct gen *g)
{
    char password[crypto_pwhash_STRBYTES];
    char email[GEN_TEXT_MAX];
    struct progress p;
    if (sodium_init() < 0
        || crypto_pwhash_str_alg(password, GEN_PASSWORD, sizeof GEN_PASSWORD - 1, crypto_pwhash_OPSLIMIT_INTERACTIVE,
                                 crypto_pwhash_MEMLIMIT_INTERACTIVE, crypto_pwhash_ALG_ARGON2ID13)
               != 0) {
        (void)fprintf(stderr, "generate: cannot hash the password\n");
        exit(1);
    }
    sqlite3_stmt *st = gen_db_insert(d, "INSERT INTO member (bucket, id, email, password, confirmed_ms, approved_ms)"
                                        " VALUES (?, ?, ?, ?, ?, ?)");
    progress_begin(&p, "members", g->members);
    gen_db_begin(d);
    for (uint32_t i = 0; i < g->members; i++) {
        int64_t id = gen_account_id(g, i);
        gen_bind_i64(st, 1, id_bucket(id));
        gen_bind_i64(st, 2, id);
        gen_bind_str(st, 3, gen_email(g, i, email));
        gen_bind_str(st, 4, str_c(password));
        gen_bind_i64(st, 5, gen_account_ms(g, i));
        gen_bind_i64(st, 6, gen_account_ms(g, i));
        gen_db_run(d, st);
        progress_at(&p, i);
    }
    gen_db_commit(d);
    gen_db_done(d, &st);
    progress_end(&p);
}

/* Claims are keyed by bucket, kind, value: a number holds the first two and the rank, and the few values that share
   bucket and kind are sorted as text when they are written. */
#define CLAIM_KINDS 3
#define RANK_BITS   32
#define KIND_BITS   8

struct claim_row {
    struct str value;
    int64_t id;
};

static struct str claim_value(struct arena *a, const struct gen *g, uint64_t key)
{
    char text[GEN_TEXT_MAX];
    uint32_t rank = (uint32_t)key;
    enum claim kind = (enum claim)(key >> RANK_BITS & ((1U << KIND_BITS) - 1));
    if (kind == CLAIM_EMAIL)
        return arena_str(a, gen_email(g, rank, text));
    struct str name = gen_username(g, rank, text);
    return kind == CLAIM_SKELETON ? name_skeleton(a, name) : arena_str(a, name);
}

static int by_key(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a;
    uint64_t y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static int by_value(const void *a, const void *b)
{
    return str_cmp(((const struct claim_row *)a)->value, ((const struct claim_row *)b)->value);
}

static uint64_t *claim_keys(const struct gen *g, size_t n)
{
    static const enum claim kinds[CLAIM_KINDS] = { CLAIM_USERNAME, CLAIM_EMAIL, CLAIM_SKELETON };
    struct arena *a = arena_new();
    struct progress p;
    uint64_t *keys = malloc(n * sizeof *keys);
    if (keys == NULL) {
        (void)fprintf(stderr, "generate: not enough memory\n");
        exit(1);
    }
    progress_begin(&p, "hashing names", n);
    for (size_t i = 0; i < n; i++) {
        uint64_t key = (uint64_t)kinds[i % CLAIM_KINDS] << RANK_BITS | (uint64_t)(i / CLAIM_KINDS);
        arena_reset(a);
        uint64_t bucket = (uint64_t)id_bucket_of(claim_value(a, g, key));
        keys[i] = bucket << (RANK_BITS + KIND_BITS) | key;
        progress_at(&p, i);
    }
    qsort(keys, n, sizeof *keys, by_key);
    arena_free(&a);
    progress_end(&p);
    return keys;
}

static void write_claim_group(struct gen_db *d, const struct gen *g, sqlite3_stmt *st, const uint64_t *keys, size_t n)
{
    struct arena *a = arena_new();
    struct claim_row *rows = ARENA_ARRAY(a, n, struct claim_row);
    for (size_t i = 0; i < n; i++) {
        rows[i].value = claim_value(a, g, keys[i]);
        rows[i].id = gen_account_id(g, (uint32_t)keys[i]);
    }
    qsort(rows, n, sizeof *rows, by_value);
    gen_bind_i64(st, 1, (int64_t)(keys[0] >> (RANK_BITS + KIND_BITS)));
    gen_bind_i64(st, 2, (int64_t)(keys[0] >> RANK_BITS & ((1U << KIND_BITS) - 1)));
    for (size_t i = 0; i < n; i++) {
        gen_bind_str(st, 3, rows[i].value);
        gen_bind_i64(st, 4, rows[i].id);
        gen_db_run(d, st);
    }
    arena_free(&a);
}

void gen_write_claims(struct gen_db *d, const struct gen *g)
{
    size_t n = (size_t)g->members * CLAIM_KINDS;
    uint64_t *keys = claim_keys(g, n);
    struct progress p;
    sqlite3_stmt *st = gen_db_insert(d, "INSERT INTO name_claim (bucket, kind, value, id) VALUES (?, ?, ?, ?)");
    progress_begin(&p, "names claimed", n);
    gen_db_begin(d);
    for (size_t from = 0, to = 0; from < n; from = to) {
        while (to < n && keys[to] >> RANK_BITS == keys[from] >> RANK_BITS)
            to++;
        write_claim_group(d, g, st, keys + from, to - from);
        progress_at(&p, to);
    }
    gen_db_commit(d);
    gen_db_done(d, &st);
    free(keys);
    progress_end(&p);
}

void gen_write_follows(struct gen_db *d, const struct gen *g)
{
    struct progress p;
    sqlite3_stmt *st = gen_db_insert(d, "INSERT INTO follow (bucket, account_id, target_id, id) VALUES (?, ?, ?, ?)");
    progress_begin(&p, "follows", g->follows);
    gen_db_begin(d);
    for (uint32_t i = 0; i < g->members; i++) {
        int64_t me = gen_account_id(g, i);
        gen_bind_i64(st, 1, id_bucket(me));
        gen_bind_i64(st, 2, me);
        for (uint64_t e = g->target_at[i]; e < g->target_at[i + 1]; e++) {
            gen_bind_i64(st, 3, gen_account_id(g, g->targets[e]));
            gen_bind_i64(st, 4, gen_follow_id(g, i, g->targets[e]));
            gen_db_run(d, st);
            progress_at(&p, e);
        }
    }
    gen_db_commit(d);
    gen_db_done(d, &st);
    progress_end(&p);
}

void gen_write_followers(struct gen_db *d, const struct gen *g)
{
    struct progress p;
    sqlite3_stmt *st = gen_db_insert(d, "INSERT INTO follower (bucket, account_id, source_id, id) VALUES (?, ?, ?, ?)");
    progress_begin(&p, "followers", g->follows);
    gen_db_begin(d);
    for (uint32_t i = 0; i < g->members; i++) {
        int64_t me = gen_account_id(g, i);
        gen_bind_i64(st, 1, id_bucket(me));
        gen_bind_i64(st, 2, me);
        for (uint64_t e = g->source_at[i]; e < g->source_at[i + 1]; e++) {
            gen_bind_i64(st, 3, gen_account_id(g, g->sources[e]));
            gen_bind_i64(st, 4, gen_follow_id(g, g->sources[e], i));
            gen_db_run(d, st);
            progress_at(&p, e);
        }
    }
    gen_db_commit(d);
    gen_db_done(d, &st);
    progress_end(&p);
}
