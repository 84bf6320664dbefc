/* SPDX-License-Identifier: Apache-2.0 */
#include "core/import.h"

#include "base/buf.h"
#include "base/id.h"
#include "core/import_archive.h"
#include "core/import_csv.h"
#include "core/limit.h"
#include "core/site.h"
#include "core/visible.h"
#include "media/unpacked.h"
#include "store/account.h"
#include "store/import.h"
#include "store/job.h"
#include "store/tx.h"

/* clang-format off */
static const struct { enum import_kind kind; const char *word; } kinds[] = {
    { IMPORT_FOLLOWING, "following" }, { IMPORT_MUTES, "muting" },       { IMPORT_BLOCKS, "blocking" },
    { IMPORT_DOMAINS, "domain_blocking" }, { IMPORT_BOOKMARKS, "bookmarks" }, { IMPORT_LISTS, "lists" },
    { IMPORT_ARCHIVE, "archive" },     { IMPORT_MASTODON, "mastodon" },  { IMPORT_X, "x" },
};
/* clang-format on */
static const char *const states[] = { "waiting", "running", "done", "failed", "undoing", "undone", "stopped" };

const char *import_kind_word(enum import_kind kind)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (kinds[i].kind == kind)
            return kinds[i].word;
    return "";
}

bool import_kind_parse(struct str word, enum import_kind *out)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (str_eq(word, str_c(kinds[i].word))) {
            *out = kinds[i].kind;
            return true;
        }
    return false;
}

const char *import_state_word(enum import_state state)
{
    return states[state];
}

/* Which batch is next. */
static struct str place_of(struct ctx *c, const struct import *i)
{
    return arena_strf(c->arena, "%d:%lld:%lld", (int)i->state, (long long)i->handled, (long long)i->added);
}

/* The file's own name, without what may stand before it, and nothing that turns a line round. */
static struct str name_of(struct str given)
{
    for (size_t i = given.n; i > 0; i--)
        if (given.p[i - 1] == '/' || given.p[i - 1] == '\\') {
            given = str_skip(given, i);
            break;
        }
    bool plain = given.n <= IMPORT_NAME_MAX;
    for (size_t i = 0; i < given.n; i++)
        plain = plain && given.p[i] >= ' ' && given.p[i] <= '~';
    return plain ? given : STR("");
}

/* The member's row is locked: of two at once one finds the other. */
static enum err check_alone(struct ctx *c)
{
    struct import *all = NULL;
    int64_t n = 0;
    TRY(store_account_lock(c, &c->me->id, 1));
    TRY(imports_of(c, &all, &n));
    for (int64_t i = 0; i < n; i++)
        if (import_is_open(&all[i]))
            return fail(c, ERR_INVALID, "Validation failed: Another import is not done yet");
    return OK;
}

static enum err add_job(struct ctx *c, const struct import *i, int64_t due_ms)
{
    return store_job_add(c, JOB_IMPORT, i->id, place_of(c, i), due_ms);
}

enum err import_begin(struct ctx *c, struct import *i)
{
    TX tx = { 0 };
    i->file_name = name_of(i->file_name);
    TRY(tx_begin(c, &tx));
    TRY(check_alone(c));
    TRY(store_import_insert(c, i));
    TRY(add_job(c, i, c->now_ms));
    return tx_commit(&tx);
}

enum err import_list_add(struct ctx *c, const struct import_wish *w, struct import **out)
{
    struct import *i = ARENA_NEW(c->arena, struct import);
    TRY(member_may_write(c));
    if (w->kind < IMPORT_FOLLOWING || w->kind > IMPORT_LISTS)
        return fail(
            c, ERR_INVALID,
            "Validation failed: Type is none of following, muting, blocking, domain_blocking, bookmarks, lists");
    if (str_trim(w->bytes).n == 0)
        return fail(c, ERR_INVALID, "Validation failed: The file is missing or empty");
    if (w->bytes.n > IMPORT_CSV_BYTES_MAX)
        return fail(c, ERR_TOO_LARGE, "Validation failed: Data is larger than %d MB",
                    IMPORT_CSV_BYTES_MAX / 1024 / 1024);
    if (!str_is_utf8(w->bytes))
        return fail(c, ERR_INVALID, "Validation failed: Data is not text in UTF-8: is it a CSV file?");
    *i = (struct import){
        .account_id = c->me->id,
        .kind = w->kind,
        .state = IMPORT_RUNNING,
        .overwrite = w->overwrite,
        .file_name = w->file_name,
        .text = w->bytes,
        .total = import_csv_rows(c, w->bytes),
        .created_ms = c->now_ms,
    };
    if (i->total < 0)
        return fail(c, ERR_INVALID, "Validation failed: Data has more than %d rows", IMPORT_CSV_ROWS_MAX);
    TRY(limit_take(c, LIMIT_IMPORT, id_text(c->arena, c->me->id)));
    TRY(import_begin(c, i));
    *out = i;
    return OK;
}

enum err imports_of(struct ctx *c, struct import **out, int64_t *n)
{
    return store_import_list(c, c->me->id, IMPORTS_SHOWN, out, n);
}

enum err import_own(struct ctx *c, int64_t id, struct import **out)
{
    TRY(store_import_find(c, id, out));
    return *out != NULL && (*out)->account_id == c->me->id ? OK : fail(c, ERR_NOT_FOUND, "Record not found");
}

static enum err stop(struct ctx *c, struct import *i)
{
    enum import_state was = i->state;
    i->state = IMPORT_STOPPED;
    return import_progress(c, i, was);
}

static enum err drop(struct ctx *c, int64_t id)
{
    TX tx = { 0 };
    TRY(tx_begin(c, &tx));
    TRY(store_import_delete(c, id));
    return tx_commit(&tx);
}

enum err import_forget(struct ctx *c, int64_t id)
{
    struct import *i = NULL;
    TRY(import_own(c, id, &i));
    TRY(import_is_open(i) ? stop(c, i) : drop(c, id));
    return i->kind >= IMPORT_ARCHIVE ? upload_remove(c, id) : OK;
}

enum err imports_clear(struct ctx *c, int64_t account_id)
{
    TX tx = { 0 };
    struct import *all = NULL;
    int64_t n = 0;
    TRY(store_import_list(c, account_id, IMPORTS_SHOWN, &all, &n));
    for (int64_t i = 0; i < n; i++)
        TRY(upload_remove(c, all[i].id));
    TRY(tx_begin(c, &tx));
    TRY(store_import_clear(c, account_id));
    return tx_commit(&tx);
}

enum err imports_sweep(struct ctx *c, int64_t before_ms)
{
    int64_t *ids = ARENA_ARRAY(c->arena, IMPORTS_LEFT_MAX, int64_t);
    int64_t after = 0;
    for (int64_t n = IMPORTS_LEFT_MAX; n == IMPORTS_LEFT_MAX;) {
        TRY(uploads_left(c, before_ms, after, ids, IMPORTS_LEFT_MAX, &n));
        for (int64_t k = 0; k < n; k++) {
            struct import *i = NULL;
            TRY(store_import_find(c, ids[k], &i));
            if (i == NULL)
                TRY(upload_remove(c, ids[k]));
            after = ids[k];
        }
    }
    return OK;
}

void import_note(struct ctx *c, struct import *i, struct str what, struct str why)
{
    struct str line = { 0 };
    struct buf b = buf_on(c->arena);
    int64_t lines = 0;
    for (struct str rest = i->problems; rest.n > 0 && str_cut(&rest, '\n', &line);)
        lines++;
    if (lines >= IMPORT_PROBLEMS_MAX)
        return;
    buf_put(&b, i->problems);
    for (size_t k = 0; k < what.n && k < IMPORT_NAME_MAX; k++)
        buf_putc(&b, what.p[k] >= ' ' && what.p[k] <= '~' ? what.p[k] : '?');
    buf_put(&b, STR(": "));
    buf_put(&b, why);
    buf_putc(&b, '\n');
    i->problems = buf_str(&b);
}

void import_problem(struct ctx *c, struct import *i, struct str what, struct str why)
{
    i->failed++;
    import_note(c, i, what, why);
}

enum err import_progress(struct ctx *c, struct import *i, enum import_state was)
{
    TX tx = { 0 };
    bool written = false;
    bool open = import_is_open(i);
    if (!open) {
        i->ended_ms = c->now_ms;
        i->text = (struct str){ NULL, 0 };
    }
    TRY(tx_begin(c, &tx));
    TRY(store_import_update(c, i, was, &written));
    if (!written)
        return OK; /* stopped meanwhile */
    if (open)
        TRY(add_job(c, i, c->now_ms));
    return tx_commit(&tx);
}

static enum err put_off(struct ctx *c, const struct import *i)
{
    TX tx = { 0 };
    TRY(tx_begin(c, &tx));
    TRY(add_job(c, i, c->now_ms + IMPORT_BUSY_MS));
    return tx_commit(&tx);
}

enum err import_step(struct ctx *c, int64_t id, struct str payload)
{
    struct import *i = NULL;
    struct account *me = NULL;
    TRY(store_import_find(c, id, &i));
    if (i == NULL || !import_is_open(i))
        return OK;
    struct str place = place_of(c, i);
    if (!str_eq(place, payload))
        return OK;
    TRY(store_account_find(c, i->account_id, &me));
    if (me == NULL)
        return OK;
    c->me = me;
    if (site_allows_write(c) != OK || member_may_write(c) != OK) {
        c->says = (struct str){ 0 };
        return put_off(c, i);
    }
    return i->kind >= IMPORT_ARCHIVE ? import_archive_step(c, i) : import_csv_step(c, i);
}
