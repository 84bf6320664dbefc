/* SPDX-License-Identifier: Apache-2.0 */
#include "core/card.h"
#include "core/media_care.h"
#include "main/console_rows.h"
#include "media/file.h"
#include "media/run.h"
#include "model/site.h"
#include "store/media_file.h"

static void put_disk(struct jw *w, const struct media_disk *d)
{
    jw_kobj(w, STR("disk"));
    jw_ki64(w, STR("files"), d->files);
    jw_ki64(w, STR("bytes"), d->bytes);
    jw_ki64(w, STR("cached_bytes"), d->cached);
    jw_ki64(w, STR("budget_bytes"), d->budget);
    jw_ki64(w, STR("removed"), d->gone);
    jw_obj_end(w);
}

static void put_work(struct jw *w)
{
    struct media_load l = { 0 };
    media_load(&l);
    jw_kobj(w, STR("work"));
    jw_ki64(w, STR("running"), l.running);
    jw_ki64(w, STR("made"), l.made);
    jw_ki64(w, STR("refused"), l.refused);
    jw_ki64(w, STR("killed"), l.killed);
    jw_ki64(w, STR("busy_ms"), l.busy_us / 1000);
    jw_obj_end(w);
}

static enum err put_totals(struct ctx *c, struct jw *w)
{
    struct media_total all[MEDIA_TOTALS_MAX];
    int64_t n = 0;
    TRY(store_media_file_totals(c, all, &n));
    jw_karr(w, STR("kept"));
    for (int64_t i = 0; i < n; i++) {
        jw_obj(w);
        jw_kstr(w, STR("type"), all[i].type);
        jw_ki64(w, STR("files"), all[i].files);
        jw_ki64(w, STR("bytes"), all[i].bytes);
        jw_ki64(w, STR("in_object_store"), all[i].away);
        jw_obj_end(w);
    }
    jw_arr_end(w);
    return OK;
}

static enum err usage(struct ctx *c, struct console *k, bool trim)
{
    struct media_disk d = { 0 };
    TRY(trim ? media_trim(c, &d) : media_disk_usage(c, &d));
    jw_kstr(&k->w, STR("storage"), media_is_away(c) ? c->site->s3_endpoint : STR("disk"));
    put_disk(&k->w, &d);
    put_work(&k->w);
    return put_totals(c, &k->w);
}

enum err console_media_usage(struct ctx *c, struct console *k)
{
    return usage(c, k, false);
}

enum err console_media_trim(struct ctx *c, struct console *k)
{
    return usage(c, k, true);
}

enum err console_media_check(struct ctx *c, struct console *k)
{
    struct media_checked r = { 0 };
    TRY(media_check(c, http_bool(k->q, "repair", false), 0, &r));
    jw_kbool(&k->w, STR("intact"), r.missing == 0);
    jw_ki64(&k->w, STR("files"), r.files);
    jw_ki64(&k->w, STR("known"), r.known);
    jw_ki64(&k->w, STR("missing"), r.missing);
    jw_knull_str(&k->w, STR("missing_example"), r.example);
    jw_ki64(&k->w, STR("orphans"), r.orphans);
    jw_ki64(&k->w, STR("removed"), r.removed);
    return OK;
}

enum err console_card_forget(struct ctx *c, struct console *k)
{
    const struct card nothing = { 0 };
    struct str url = console_arg(k, "address");
    if (url.n == 0)
        return fail(c, ERR_INVALID, "Which link? Say its address as the parley has it");
    TRY(card_keep(c, url, &nothing));
    jw_kstr(&k->w, STR("address"), url);
    return OK;
}
