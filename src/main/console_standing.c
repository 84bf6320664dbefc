/* SPDX-License-Identifier: Apache-2.0 */
#include "core/address.h"
#include "core/standing.h"
#include "core/visible.h"
#include "main/console_rows.h"
#include "model/status.h"
#include "store/account.h"
#include "store/status.h"

static enum err order(struct ctx *c, struct console *k, enum standing_kind kind, struct standing_order *out)
{
    *out = (struct standing_order){ .kind = kind, .reason = console_arg(k, "reason") };
    return console_when(c, k, "until", &out->until_ms);
}

/* --- members --- */

static enum err set_member(struct ctx *c, struct console *k, enum standing_kind kind)
{
    struct account *a = NULL;
    struct standing_order o;
    TRY(console_subject(c, k, &a));
    TRY(order(c, k, kind, &o));
    TRY(standing_set_member(c, a->id, &o));
    TRY(store_account_get(c, a->id, &a));
    console_put_account(&k->w, a);
    return OK;
}

enum err console_member_limit(struct ctx *c, struct console *k)
{
    return set_member(c, k, STANDING_LIMITED);
}

enum err console_member_sensitive(struct ctx *c, struct console *k)
{
    return set_member(c, k, STANDING_SENSITIVE);
}

enum err console_member_freeze(struct ctx *c, struct console *k)
{
    return set_member(c, k, STANDING_FROZEN);
}

enum err console_member_suspend(struct ctx *c, struct console *k)
{
    return set_member(c, k, STANDING_SUSPENDED);
}

enum err console_member_restore(struct ctx *c, struct console *k)
{
    return set_member(c, k, STANDING_NORMAL);
}

/* --- parleys --- */

/* What was not written to everybody is not shown here either: standing is judged by a report, letters are not read. */
static enum err put_status(struct ctx *c, struct console *k, int64_t id)
{
    struct status *s = NULL;
    struct account *author = NULL;
    TRY(store_status_get(c, id, &s));
    TRY(store_account_get(c, s->account_id, &author));
    bool is_open = s->visibility <= VIS_UNLISTED;
    jw_kid(&k->w, STR("id"), s->id);
    jw_kstr(&k->w, STR("author"), author->username);
    jw_kstr(&k->w, STR("url"), address_status(c, author->username, s->id));
    jw_kstr(&k->w, STR("visibility"), visibility_word(s->visibility));
    jw_ktime(&k->w, STR("created_at"), s->created_ms);
    jw_ktime(&k->w, STR("edited_at"), s->edited_ms);
    jw_knull_str(&k->w, STR("warning"), is_open && s->spoiler.n > 0 ? s->spoiler : (struct str){ 0 });
    jw_knull_str(&k->w, STR("text"), is_open ? s->text : (struct str){ 0 });
    jw_kid(&k->w, STR("in_reply_to_id"), s->in_reply_to_id);
    jw_kid(&k->w, STR("echo_of_id"), s->reblog_of_id);
    jw_ki64(&k->w, STR("replies"), s->replies_count);
    jw_ki64(&k->w, STR("echoes"), s->reblogs_count);
    jw_ki64(&k->w, STR("favourites"), s->favourites_count);
    console_put_standing(&k->w, &s->standing);
    return OK;
}

static enum err put_history(struct ctx *c, struct console *k, int64_t id)
{
    struct standing *all = NULL;
    int64_t n = 0;
    TRY(standing_history(c, id, &all, &n));
    jw_karr(&k->w, STR("history"));
    for (int64_t i = 0; i < n; i++) {
        jw_obj(&k->w);
        console_put_standing(&k->w, &all[i]);
        jw_obj_end(&k->w);
    }
    jw_arr_end(&k->w);
    return OK;
}

enum err console_status_show(struct ctx *c, struct console *k)
{
    int64_t id = 0;
    TRY(console_id(c, k, "id", &id));
    TRY(put_status(c, k, id));
    return put_history(c, k, id);
}

static enum err set_status(struct ctx *c, struct console *k, enum standing_kind kind)
{
    int64_t id = 0;
    struct standing_order o;
    TRY(console_id(c, k, "id", &id));
    TRY(order(c, k, kind, &o));
    TRY(standing_set_status(c, id, &o));
    return put_status(c, k, id);
}

enum err console_status_hold(struct ctx *c, struct console *k)
{
    return set_status(c, k, STANDING_HELD);
}

enum err console_status_remove(struct ctx *c, struct console *k)
{
    return set_status(c, k, STANDING_REMOVED);
}

enum err console_status_sensitive(struct ctx *c, struct console *k)
{
    return set_status(c, k, STANDING_SENSITIVE);
}

enum err console_status_restore(struct ctx *c, struct console *k)
{
    return set_status(c, k, STANDING_NORMAL);
}
