/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/jw.h"
#include "gen_db.h"
#include "model/status_draft.h"

static void *must_alloc(size_t n, size_t size)
{
    void *p = malloc((n > 0 ? n : 1) * size);
    if (p == NULL) {
        (void)fprintf(stderr, "generate: not enough memory\n");
        exit(1);
    }
    return p;
}

static struct str mentions_of(struct arena *a, const struct gen *g, uint32_t status)
{
    char name[GEN_TEXT_MAX];
    uint32_t parent = g->parent[status];
    if (parent == GEN_NONE || g->author[parent] == g->author[status])
        return STR("[]");
    struct str username = gen_username(g, g->author[parent], name);
    struct jw w = jw_on(a);
    jw_arr(&w);
    jw_obj(&w);
    jw_kid(&w, STR("id"), gen_account_id(g, g->author[parent]));
    jw_kstr(&w, STR("username"), username);
    jw_kstr(&w, STR("acct"), username);
    jw_obj_end(&w);
    jw_arr_end(&w);
    return jw_end(&w);
}

static struct str tags_of(struct arena *a, const struct gen *g, uint32_t status)
{
    char name[GEN_TEXT_MAX];
    if (g->tag[status] == GEN_TAGS)
        return STR("[]");
    return arena_strf(a, "[\"" STR_FMT "\"]", STR_ARG(gen_tag(g->tag[status], name)));
}

static void bind_status(sqlite3_stmt *st, struct arena *a, const struct gen *g, uint32_t i, char *text)
{
    int64_t id = gen_status_id(g, i);
    uint32_t parent = g->parent[i];
    gen_bind_i64(st, 1, id_bucket(id));
    gen_bind_i64(st, 2, id);
    gen_bind_i64(st, 3, gen_account_id(g, g->author[i]));
    gen_bind_str(st, 4, gen_status_text(g, i, text));
    gen_bind_i64(st, 5, g->visibility[i]);
    gen_bind_i64(st, 6, parent == GEN_NONE ? 0 : gen_status_id(g, parent));
    gen_bind_i64(st, 7, parent == GEN_NONE ? 0 : gen_account_id(g, g->author[parent]));
    gen_bind_i64(st, 8, gen_status_id(g, g->root[i]));
    gen_bind_str(st, 9, mentions_of(a, g, i));
    gen_bind_str(st, 10, tags_of(a, g, i));
    gen_bind_i64(st, 11, gen_status_ms(g, i));
    gen_bind_i64(st, 12, g->replies[i]);
}

void gen_write_statuses(struct gen_db *d, const struct gen *g)
{
    char text[GEN_TEXT_MAX];
    struct progress p;
    struct arena *a = arena_new();
    char *index = gen_db_drop_index(d, "status_author");
    sqlite3_stmt *st = gen_db_insert(
        d, "INSERT INTO status (bucket, id, account_id, text, visibility, in_reply_to_id, in_reply_to_account_id, "
           "thread_id,"
           " mentions, tags, created_ms, replies_count, language) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'en')");
    progress_begin(&p, "parleys", g->statuses);
    gen_db_begin(d);
    for (uint32_t i = 0; i < g->statuses; i++) {
        arena_reset(a);
        bind_status(st, a, g, i, text);
        gen_db_run(d, st);
        progress_at(&p, i);
    }
    gen_db_commit(d);
    gen_db_done(d, &st);
    arena_free(&a);
    progress_end(&p);
    gen_db_make_index(d, &index);
}

static int by_key(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a;
    uint64_t y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* Sorted by thread, then parley: numbers of parleys ascend with their ids. What begins a thread has no row in it. */
static uint64_t *thread_keys(const struct gen *g, size_t *n)
{
    uint64_t *keys = must_alloc(g->statuses, sizeof *keys);
    *n = 0;
    for (uint32_t i = 0; i < g->statuses; i++) {
        if (g->parent[i] != GEN_NONE)
            keys[(*n)++] = (uint64_t)g->root[i] << 32 | i;
    }
    qsort(keys, *n, sizeof *keys, by_key);
    return keys;
}

void gen_write_threads(struct gen_db *d, const struct gen *g)
{
    struct progress p;
    size_t n = 0;
    uint64_t *keys = thread_keys(g, &n);
    sqlite3_stmt *st =
        gen_db_insert(d, "INSERT INTO thread_status (bucket, thread_id, status_id, parent_id) VALUES (?, ?, ?, ?)");
    progress_begin(&p, "threads", n);
    gen_db_begin(d);
    for (size_t k = 0; k < n; k++) {
        uint32_t status = (uint32_t)keys[k];
        int64_t thread = gen_status_id(g, (uint32_t)(keys[k] >> 32));
        gen_bind_i64(st, 1, id_bucket(thread));
        gen_bind_i64(st, 2, thread);
        gen_bind_i64(st, 3, gen_status_id(g, status));
        gen_bind_i64(st, 4, gen_status_id(g, g->parent[status]));
        gen_db_run(d, st);
        progress_at(&p, k);
    }
    gen_db_commit(d);
    gen_db_done(d, &st);
    free(keys);
    progress_end(&p);
}

/* A tag's bucket is that of its name; its id is as old as the first parley. */
static int64_t tag_id(const struct gen *g, uint32_t tag)
{
    char name[GEN_TEXT_MAX];
    return id_floor(gen_status_ms(g, 0) + tag) | id_bucket_of(gen_tag(tag, name)) << ID_RAND_BITS;
}

static void write_tag(struct gen_db *d, const struct gen *g, sqlite3_stmt *st, uint32_t tag)
{
    char name[GEN_TEXT_MAX];
    int64_t id = tag_id(g, tag);
    gen_bind_i64(st, 1, id_bucket(id));
    gen_bind_str(st, 2, gen_tag(tag, name));
    gen_bind_i64(st, 3, id);
    gen_db_run(d, st);
}

void gen_write_tags(struct gen_db *d, const struct gen *g)
{
    size_t n = 0;
    struct progress p;
    uint64_t *keys = must_alloc(g->statuses, sizeof *keys);
    for (uint32_t i = 0; i < g->statuses; i++) {
        if (g->tag[i] < GEN_TAGS && g->visibility[i] == VIS_PUBLIC) /* others are not found by tag */
            keys[n++] = (uint64_t)g->tag[i] << 32 | i;
    }
    qsort(keys, n, sizeof *keys, by_key);
    sqlite3_stmt *name = gen_db_insert(d, "INSERT INTO tag (bucket, name, id) VALUES (?, ?, ?)");
    sqlite3_stmt *st =
        gen_db_insert(d, "INSERT INTO tag_status (bucket, tag_id, status_id, account_id) VALUES (?, ?, ?, ?)");
    progress_begin(&p, "tags", n);
    gen_db_begin(d);
    for (size_t k = 0; k < n; k++) {
        uint32_t tag = (uint32_t)(keys[k] >> 32);
        uint32_t status = (uint32_t)keys[k];
        if (k == 0 || tag != (uint32_t)(keys[k - 1] >> 32))
            write_tag(d, g, name, tag);
        gen_bind_i64(st, 1, id_bucket(tag_id(g, tag)));
        gen_bind_i64(st, 2, tag_id(g, tag));
        gen_bind_i64(st, 3, gen_status_id(g, status));
        gen_bind_i64(st, 4, gen_account_id(g, g->author[status]));
        gen_db_run(d, st);
        progress_at(&p, k);
    }
    gen_db_commit(d);
    gen_db_done(d, &name);
    gen_db_done(d, &st);
    free(keys);
    progress_end(&p);
}
