/* SPDX-License-Identifier: Apache-2.0 */
#include "core/terms.h"

#include "base/clock.h"
#include "main/console_rows.h"

static void put(struct ctx *c, struct jw *w, const struct terms_version *v)
{
    jw_kstr(w, STR("effective_date"), clock_date(c->arena, v->terms.effective_ms));
    jw_kbool(w, STR("effective"), v->effective);
    jw_kstr(w, STR("text"), v->terms.text);
    jw_ktime(w, STR("written_at"), v->terms.written_ms);
}

enum err console_terms_list(struct ctx *c, struct console *k)
{
    struct terms_version *all = NULL;
    int64_t n = 0;
    TRY(terms_list(c, &all, &n));
    jw_karr(&k->w, STR("terms"));
    for (int64_t i = 0; i < n; i++) {
        jw_obj(&k->w);
        put(c, &k->w, &all[i]);
        jw_obj_end(&k->w);
    }
    jw_arr_end(&k->w);
    return OK;
}

enum err console_terms_set(struct ctx *c, struct console *k)
{
    struct str date = str_trim(console_arg(k, "effective"));
    struct terms_version v = { 0 };
    TRY(terms_write(c, str_trim(console_arg(k, "text")), date));
    TRY(terms_of(c, date.n > 0 ? date : clock_date(c->arena, c->now_ms), &v));
    put(c, &k->w, &v);
    return OK;
}

enum err console_terms_remove(struct ctx *c, struct console *k)
{
    struct str date = { 0 };
    TRY(console_need(c, k, "date", &date));
    TRY(terms_remove(c, str_trim(date)));
    jw_kstr(&k->w, STR("effective_date"), str_trim(date));
    return OK;
}
