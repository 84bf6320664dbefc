/* SPDX-License-Identifier: Apache-2.0 */
#include "core/announcement.h"
#include "main/console_rows.h"

static void put(struct jw *w, const struct announcement *a)
{
    jw_kid(w, STR("id"), a->id);
    jw_kstr(w, STR("text"), a->text);
    jw_ktime(w, STR("starts_at"), a->starts_ms);
    jw_ktime(w, STR("ends_at"), a->ends_ms);
    jw_kbool(w, STR("all_day"), a->all_day);
    jw_ktime(w, STR("published_at"), a->published_ms);
}

/* What is said changes; what is not said stays. */
static enum err read_wish(struct ctx *c, struct console *k, struct announcement *a)
{
    if (http_has(k->q, "text"))
        a->text = str_trim(console_arg(k, "text"));
    if (http_has(k->q, "starts"))
        TRY(console_when(c, k, "starts", &a->starts_ms));
    if (http_has(k->q, "ends"))
        TRY(console_when(c, k, "ends", &a->ends_ms));
    a->all_day = http_bool(k->q, "all-day", a->all_day);
    return OK;
}

enum err console_announcement_add(struct ctx *c, struct console *k)
{
    struct announcement a = { 0 };
    TRY(read_wish(c, k, &a));
    TRY(announcement_add(c, &a));
    put(&k->w, &a);
    return OK;
}

enum err console_announcement_edit(struct ctx *c, struct console *k)
{
    struct announcement a = { 0 };
    int64_t id = 0;
    TRY(console_id(c, k, "id", &id));
    TRY(announcement_get(c, id, &a));
    TRY(read_wish(c, k, &a));
    TRY(announcement_edit(c, &a));
    put(&k->w, &a);
    return OK;
}

enum err console_announcement_remove(struct ctx *c, struct console *k)
{
    int64_t id = 0;
    TRY(console_id(c, k, "id", &id));
    TRY(announcement_remove(c, id));
    jw_kid(&k->w, STR("id"), id);
    return OK;
}

enum err console_announcement_list(struct ctx *c, struct console *k)
{
    struct announcements all = { 0 };
    TRY(announcement_list(c, true, &all));
    jw_karr(&k->w, STR("announcements"));
    for (int64_t i = 0; i < all.n; i++) {
        jw_obj(&k->w);
        put(&k->w, &all.rows[i]);
        jw_obj_end(&k->w);
    }
    jw_arr_end(&k->w);
    return OK;
}
