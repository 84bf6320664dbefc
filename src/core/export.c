/* SPDX-License-Identifier: Apache-2.0 */
#include "core/export.h"

#include "base/buf.h"
#include "core/address.h"
#include "core/list.h"
#include "core/mention.h"
#include "media/spool.h"
#include "model/account.h"
#include "model/page.h"
#include "model/site.h"
#include "model/status.h"
#include "store/account.h"
#include "store/export.h"
#include "store/list.h"
#include "store/status.h"

#define BATCH_MAX 500
#define LIST_PAGE 80

static const struct {
    const char *name;
    const char *head; /* "": other servers write none, and take the first line for a row */
    enum export_rows rows;
} files[EXPORT_FILES] = {
    [EXPORT_FOLLOWING] = { "following_accounts.csv", "Account address,Show boosts,Notify on new posts,Languages\n",
                           EXPORT_ROWS_FOLLOW },
    [EXPORT_MUTES] = { "muted_accounts.csv", "Account address,Hide notifications\n", EXPORT_ROWS_MUTE },
    [EXPORT_BLOCKS] = { "blocked_accounts.csv", "", EXPORT_ROWS_BLOCK },
    [EXPORT_DOMAINS] = { "blocked_domains.csv", "", EXPORT_ROWS_DOMAIN },
    [EXPORT_BOOKMARKS] = { "bookmarks.csv", "", EXPORT_ROWS_BOOKMARK },
    [EXPORT_LISTS] = { "lists.csv", "", EXPORT_ROWS_KINDS },
};

const char *export_file_name(enum export_file which)
{
    return files[which].name;
}

bool export_file_of(struct str name, enum export_file *out)
{
    for (int i = 0; i < EXPORT_FILES; i++)
        if (str_eq(name, str_c(files[i].name))) {
            *out = (enum export_file)i;
            return true;
        }
    return false;
}

static void put_cell(struct buf *b, struct str s)
{
    bool plain = s.n == 0 || (s.p[0] != ' ' && s.p[s.n - 1] != ' ');
    for (size_t i = 0; i < s.n; i++)
        plain = plain && s.p[i] != ',' && s.p[i] != '"' && s.p[i] != '\n' && s.p[i] != '\r';
    if (plain) {
        buf_put(b, s);
        return;
    }
    buf_putc(b, '"');
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '"')
            buf_putc(b, '"');
        buf_putc(b, s.p[i]);
    }
    buf_putc(b, '"');
}

static void put_address(struct ctx *c, struct buf *b, const struct account *a)
{
    struct str domain = a->domain.p != NULL ? a->domain : c->site->domain;
    put_cell(b, arena_strf(c->arena, STR_FMT "@" STR_FMT, STR_ARG(a->username), STR_ARG(domain)));
}

static void put_flag(struct buf *b, bool on)
{
    buf_put(b, on ? STR(",true") : STR(",false"));
}

static void put_languages(struct ctx *c, struct buf *b, struct str json)
{
    const struct str *codes = NULL;
    int64_t n = json.p == NULL ? 0 : tag_list(c->arena, json, &codes);
    struct buf all = buf_on(c->arena);
    for (int64_t i = 0; i < n; i++) {
        if (i > 0)
            buf_put(&all, STR(", "));
        buf_put(&all, codes[i]);
    }
    buf_putc(b, ',');
    put_cell(b, buf_str(&all));
}

static void put_row(struct ctx *c, struct buf *b, enum export_file which, const struct export_row *r,
                    const struct account *a)
{
    put_address(c, b, a);
    if (which == EXPORT_FOLLOWING) {
        put_flag(b, r->first);
        put_flag(b, r->second);
        put_languages(c, b, r->text);
    } else if (which == EXPORT_MUTES) {
        put_flag(b, r->first);
    }
    buf_putc(b, '\n');
}

static enum err put_accounts(struct ctx *c, struct buf *b, enum export_file which, const struct export_row *rows,
                             int64_t n)
{
    int64_t *ids = ARENA_ARRAY(c->arena, BATCH_MAX, int64_t);
    struct account *a[BATCH_MAX];
    for (int64_t i = 0; i < n; i++)
        ids[i] = rows[i].target_id;
    TRY(store_account_load(c, ids, n, a));
    for (int64_t i = 0; i < n; i++)
        if (a[i] != NULL)
            put_row(c, b, which, &rows[i], a[i]);
    return OK;
}

static enum err put_bookmarks(struct ctx *c, struct buf *b, const struct export_row *rows, int64_t n)
{
    int64_t *ids = ARENA_ARRAY(c->arena, BATCH_MAX, int64_t);
    struct status *s[BATCH_MAX];
    struct account *a[BATCH_MAX];
    for (int64_t i = 0; i < n; i++)
        ids[i] = rows[i].target_id;
    TRY(store_status_load(c, ids, n, s));
    for (int64_t i = 0; i < n; i++)
        ids[i] = s[i] == NULL ? 0 : s[i]->account_id;
    TRY(store_account_load(c, ids, n, a));
    for (int64_t i = 0; i < n; i++) {
        if (s[i] == NULL || a[i] == NULL)
            continue;
        put_cell(b, s[i]->uri.p != NULL ? s[i]->uri : address_status_uri(c, a[i]->username, s[i]->id));
        buf_putc(b, '\n');
    }
    return OK;
}

static enum err put_batch(struct ctx *c, struct spool *out, enum export_file which, int64_t *after, bool *more)
{
    struct export_row *rows = ARENA_ARRAY(c->arena, BATCH_MAX, struct export_row);
    struct buf b = buf_on(c->arena);
    int64_t n = 0;
    TRY(store_export_rows(c, files[which].rows, c->me->id, *after, BATCH_MAX, rows, &n));
    if (which == EXPORT_BOOKMARKS) {
        TRY(put_bookmarks(c, &b, rows, n));
    } else if (which == EXPORT_DOMAINS) {
        for (int64_t i = 0; i < n; i++) {
            put_cell(&b, rows[i].text);
            buf_putc(&b, '\n');
        }
    } else {
        TRY(put_accounts(c, &b, which, rows, n));
    }
    *more = n == BATCH_MAX;
    *after = n > 0 ? rows[n - 1].id : *after;
    return spool_put(c, out, buf_str(&b));
}

/* A list is short (LIST_MEMBERS_MAX), and there are few (LISTS_MAX). */
static enum err put_list(struct ctx *c, struct spool *out, const struct list *l)
{
    struct buf b = buf_on(c->arena);
    struct page p = { .limit = LIST_PAGE };
    for (int64_t n = p.limit; n == p.limit;) {
        int64_t *ids = ARENA_ARRAY(c->arena, LIST_PAGE, int64_t);
        struct account *a[LIST_PAGE];
        struct page_row *rows = NULL;
        TRY(store_list_members(c, l->id, &p, &rows, &n));
        for (int64_t i = 0; i < n; i++)
            ids[i] = rows[i].id;
        TRY(store_account_load(c, ids, n, a));
        for (int64_t i = 0; i < n; i++) {
            if (a[i] == NULL)
                continue;
            put_cell(&b, l->title);
            buf_putc(&b, ',');
            put_address(c, &b, a[i]);
            buf_putc(&b, '\n');
        }
        p.max_id = n > 0 ? rows[n - 1].row_id : 0;
    }
    return spool_put(c, out, buf_str(&b));
}

static enum err put_lists(struct ctx *c, struct spool *out)
{
    struct list *all = NULL;
    int64_t n = 0;
    TRY(list_all(c, &all, &n));
    for (int64_t i = 0; i < n; i++)
        TRY(put_list(c, out, &all[i]));
    return OK;
}

/* Each batch has memory of its own. */
static enum err put_all(struct ctx *c, struct spool *out, enum export_file which)
{
    struct arena *own = c->arena;
    struct arena *batch = arena_new();
    int64_t after = 0;
    enum err e = OK;
    c->arena = batch;
    if (which == EXPORT_LISTS)
        e = put_lists(c, out);
    for (bool more = which != EXPORT_LISTS; more && e == OK;) {
        arena_reset(batch);
        e = put_batch(c, out, which, &after, &more);
    }
    c->arena = own;
    c->says = arena_str(own, c->says);
    arena_free(&batch);
    return e;
}

enum err export_csv(struct ctx *c, enum export_file which, int *fd, uint64_t *size)
{
    SPOOL out = { 0 };
    TRY(spool_open(c, &out));
    TRY(spool_put(c, &out, str_c(files[which].head)));
    TRY(put_all(c, &out, which));
    return spool_end(c, &out, fd, size);
}
