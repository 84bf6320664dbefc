/* SPDX-License-Identifier: Apache-2.0 */
#include "core/import_csv.h"

#include <stdlib.h>

#include "base/id.h"
#include "core/account.h"
#include "core/block.h"
#include "core/csv.h"
#include "core/domain_mute.h"
#include "core/follow.h"
#include "core/import.h"
#include "core/interact.h"
#include "core/list.h"
#include "model/account.h"
#include "model/site.h"
#include "store/export.h"
#include "store/follow.h"
#include "store/import.h"
#include "store/tx.h"

#define DROP_BATCH 200

/* A line that other servers write above the rows, or a comment. */
static bool is_head(const struct csv_row *r)
{
    return r->cells[0].n == 0 || r->cells[0].p[0] == '#' || str_eq_nocase(r->cells[0], STR("Account address"))
           || str_eq_nocase(r->cells[0], STR("List name"));
}

static bool next_row(struct ctx *c, struct str *rest, struct csv_row *r)
{
    while (csv_next(c->arena, rest, r))
        if (!is_head(r))
            return true;
    return false;
}

int64_t import_csv_rows(struct ctx *c, struct str text)
{
    struct csv_row r;
    int64_t n = 0;
    while (next_row(c, &text, &r))
        if (++n > IMPORT_CSV_ROWS_MAX)
            return -1;
    return n;
}

static bool is_true(struct str cell, bool otherwise)
{
    return cell.n == 0 ? otherwise : str_eq_nocase(cell, STR("true"));
}

static enum err whom(struct ctx *c, struct str address, struct account **out)
{
    if (str_starts(address, STR("@")))
        address = str_skip(address, 1);
    return account_lookup(c, address, out);
}

static enum err follow_row(struct ctx *c, const struct csv_row *r, bool *added)
{
    struct account *a = NULL;
    struct follow *was = NULL;
    struct str languages[FOLLOW_LANGUAGES_MAX];
    struct str rest = r->n > 3 ? r->cells[3] : (struct str){ 0 };
    struct str one = { 0 };
    struct follow_wish w = { .reblogs = is_true(r->cells[1], true),
                             .notify = is_true(r->cells[2], false),
                             .has_languages = r->n > 3,
                             .languages = languages };
    while (rest.n > 0 && str_cut(&rest, ',', &one) && w.languages_n < FOLLOW_LANGUAGES_MAX)
        if (str_trim(one).n > 0)
            languages[w.languages_n++] = str_trim(one);
    TRY(whom(c, r->cells[0], &a));
    TRY(store_follow_find(c, c->me->id, a->id, &was));
    *added = was == NULL;
    return follow_add(c, a->id, &w);
}

static enum err mute_row(struct ctx *c, const struct csv_row *r, bool *added)
{
    struct account *a = NULL;
    *added = true;
    TRY(whom(c, r->cells[0], &a));
    return mute_add(c, a->id, is_true(r->cells[1], true), 0);
}

static enum err block_row(struct ctx *c, const struct csv_row *r, bool *added)
{
    struct account *a = NULL;
    *added = true;
    TRY(whom(c, r->cells[0], &a));
    return block_add(c, a->id);
}

static enum err domain_row(struct ctx *c, const struct csv_row *r, bool *added)
{
    return domain_mute_add(c, r->cells[0], added);
}

/* https://host/@ada/123 and https://host/users/ada/statuses/123, of this server. */
static bool status_of(struct ctx *c, struct str url, int64_t *id)
{
    struct str part = { 0 };
    if (!str_starts(url, c->site->base_url))
        return false;
    struct str rest = str_skip(url, c->site->base_url.n);
    if (!str_starts(rest, STR("/@")) && !str_starts(rest, STR("/users/")))
        return false;
    while (str_cut(&rest, '/', &part))
        continue;
    return id_parse(part, id);
}

static enum err bookmark_row(struct ctx *c, const struct csv_row *r, bool *added)
{
    struct status *s = NULL;
    int64_t id = 0;
    *added = true;
    if (!status_of(c, r->cells[0], &id))
        return fail(c, ERR_NOT_FOUND, "it is not on this server");
    return status_bookmark(c, id, &s);
}

static enum err list_of_title(struct ctx *c, struct str title, int64_t *id)
{
    const struct list_wish wish = { .title = title, .replies = -1, .exclusive = -1 };
    struct list *all = NULL;
    struct list made;
    int64_t n = 0;
    TRY(list_all(c, &all, &n));
    for (int64_t i = 0; i < n; i++)
        if (str_eq(all[i].title, title)) {
            *id = all[i].id;
            return OK;
        }
    TRY(list_create(c, &wish, &made));
    *id = made.id;
    return OK;
}

/* Only whom one follows can be on a list: they are followed. */
static enum err list_row(struct ctx *c, const struct csv_row *r, bool *added)
{
    const struct follow_wish wish = { .reblogs = -1, .notify = -1 };
    struct account *a = NULL;
    struct list *on = NULL;
    int64_t id = 0;
    int64_t n = 0;
    if (r->n < 2)
        return fail(c, ERR_INVALID, "the second cell is missing");
    TRY(whom(c, r->cells[1], &a));
    TRY(list_of_title(c, r->cells[0], &id));
    TRY(list_of(c, a->id, &on, &n));
    *added = true;
    for (int64_t i = 0; i < n; i++)
        *added = *added && on[i].id != id;
    if (a->id != c->me->id && *added)
        TRY(follow_add(c, a->id, &wish));
    return *added ? list_add(c, id, &a->id, 1) : OK;
}

typedef enum err row_fn(struct ctx *c, const struct csv_row *r, bool *added);

static row_fn *row_of(enum import_kind kind)
{
    static row_fn *const rows[] = {
        [IMPORT_FOLLOWING] = follow_row, [IMPORT_MUTES] = mute_row,         [IMPORT_BLOCKS] = block_row,
        [IMPORT_DOMAINS] = domain_row,   [IMPORT_BOOKMARKS] = bookmark_row, [IMPORT_LISTS] = list_row
    };
    return rows[kind];
}

/* What a person can do nothing about ends the run; what is wrong with a row is told, and the next one comes. */
static bool is_rows_fault(enum err e)
{
    return e == ERR_NOT_FOUND || e == ERR_INVALID || e == ERR_FORBIDDEN || e == ERR_CONFLICT || e == ERR_GONE;
}

static enum err take_row(struct ctx *c, struct import *i, const struct csv_row *r)
{
    bool added = false;
    enum err e = row_of(i->kind)(c, r, &added);
    if (e == OK) {
        i->added += added;
        i->skipped += !added;
        return OK;
    }
    if (!is_rows_fault(e))
        return e;
    struct str why = e == ERR_NOT_FOUND ? STR("not on this server") : c->says;
    import_problem(c, i, r->cells[i->kind == IMPORT_LISTS && r->n > 1 ? 1 : 0], why);
    c->says = (struct str){ 0 };
    c->fields = NULL;
    return OK;
}

/* --- overwriting: what is not in the list goes --- */

/* Everything that the list names, rising. */
static enum err named(struct ctx *c, const struct import *i, int64_t **ids, int64_t *n)
{
    struct str rest = i->text;
    struct csv_row r;
    *ids = ARENA_ARRAY(c->arena, (size_t)i->total + 1, int64_t);
    *n = 0;
    while (*n < i->total && next_row(c, &rest, &r)) {
        struct account *a = NULL;
        int64_t id = 0;
        enum err e = OK;
        if (i->kind == IMPORT_BOOKMARKS)
            (void)status_of(c, r.cells[0], &id);
        else
            e = whom(c, r.cells[0], &a);
        if (e != OK && !is_rows_fault(e))
            return e;
        id = e == OK && a != NULL ? a->id : id;
        if (id != 0)
            (*ids)[(*n)++] = id;
    }
    c->says = (struct str){ 0 };
    qsort(*ids, (size_t)*n, sizeof **ids, id_compare);
    return OK;
}

static bool names_domain(struct ctx *c, const struct import *i, struct str domain)
{
    struct str rest = i->text;
    struct csv_row r;
    while (next_row(c, &rest, &r))
        if (str_eq_nocase(r.cells[0], domain))
            return true;
    return false;
}

static enum err drop(struct ctx *c, enum import_kind kind, const struct export_row *r)
{
    struct status *s = NULL;
    switch (kind) {
    case IMPORT_FOLLOWING: return follow_remove(c, r->target_id);
    case IMPORT_MUTES: return mute_remove(c, r->target_id);
    case IMPORT_BLOCKS: return block_remove(c, r->target_id);
    case IMPORT_BOOKMARKS: return status_unbookmark(c, r->target_id, &s);
    case IMPORT_DOMAINS: return domain_mute_remove(c, r->text);
    case IMPORT_LISTS:
    case IMPORT_ARCHIVE:
    case IMPORT_MASTODON:
    case IMPORT_X:
    case IMPORT_NONE: break;
    }
    return OK;
}

static enum err drop_others(struct ctx *c, const struct import *i, const int64_t *keep, int64_t keep_n)
{
    static const enum export_rows rows_of[] = { [IMPORT_FOLLOWING] = EXPORT_ROWS_FOLLOW,
                                                [IMPORT_MUTES] = EXPORT_ROWS_MUTE,
                                                [IMPORT_BLOCKS] = EXPORT_ROWS_BLOCK,
                                                [IMPORT_DOMAINS] = EXPORT_ROWS_DOMAIN,
                                                [IMPORT_BOOKMARKS] = EXPORT_ROWS_BOOKMARK };
    struct export_row *rows = ARENA_ARRAY(c->arena, DROP_BATCH, struct export_row);
    int64_t after = 0;
    for (int64_t n = DROP_BATCH; n == DROP_BATCH;) {
        TRY(store_export_rows(c, rows_of[i->kind], c->me->id, after, DROP_BATCH, rows, &n));
        for (int64_t k = 0; k < n; k++) {
            bool kept = i->kind == IMPORT_DOMAINS
                            ? names_domain(c, i, rows[k].text)
                            : bsearch(&rows[k].target_id, keep, (size_t)keep_n, sizeof *keep, id_compare) != NULL;
            after = rows[k].id;
            if (!kept) {
                enum err e = drop(c, i->kind, &rows[k]);
                if (e != OK && !is_rows_fault(e))
                    return e;
            }
        }
    }
    c->says = (struct str){ 0 };
    return OK;
}

/* Lists and who is on them. */
static enum err drop_from_lists(struct ctx *c, const struct import *i)
{
    struct list *all = NULL;
    int64_t n = 0;
    TRY(list_all(c, &all, &n));
    for (int64_t k = 0; k < n; k++) {
        struct str rest = i->text;
        struct csv_row r;
        bool is_named = false;
        while (!is_named && next_row(c, &rest, &r))
            is_named = str_eq(r.cells[0], all[k].title);
        if (!is_named)
            TRY(list_delete(c, all[k].id));
    }
    return OK;
}

/* A file of which nothing was understood is the wrong one: nothing goes because of it. */
static enum err overwrite(struct ctx *c, struct import *i)
{
    int64_t *keep = NULL;
    int64_t n = 0;
    if (i->added + i->skipped == 0) {
        import_note(c, i, STR("Nothing was removed"), STR("nothing in the file is known here"));
        return OK;
    }
    if (i->kind == IMPORT_LISTS)
        return drop_from_lists(c, i);
    if (i->kind != IMPORT_DOMAINS)
        TRY(named(c, i, &keep, &n));
    return drop_others(c, i, keep, n);
}

enum err import_csv_step(struct ctx *c, struct import *i)
{
    struct str rest = str_skip(i->text, (size_t)i->position);
    struct csv_row r;
    bool more = true;
    for (int n = 0; n < IMPORT_BATCH && more; n++) {
        more = next_row(c, &rest, &r);
        if (more) {
            i->handled++;
            TRY(take_row(c, i, &r));
        }
    }
    i->position = (int64_t)(i->text.n - rest.n);
    if (!more) {
        if (i->overwrite)
            TRY(overwrite(c, i));
        i->state = IMPORT_DONE;
    }
    return import_progress(c, i, IMPORT_RUNNING);
}
