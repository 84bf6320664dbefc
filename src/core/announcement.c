/* SPDX-License-Identifier: Apache-2.0 */
#include "core/announcement.h"

#include "base/jw.h"
#include "core/emoji.h"
#include "core/render.h"
#include "core/text.h"
#include "core/uni.h"
#include "core/visible.h"
#include "store/news.h"
#include "store/tx.h"

static enum err check(struct ctx *c, const struct announcement *a)
{
    if (!str_is_utf8(a->text) || uni_is_blank(a->text))
        return fail(c, ERR_INVALID, "Validation failed: Text can't be blank");
    if (text_graphemes(a->text) > ANNOUNCEMENT_TEXT_MAX)
        return fail(c, ERR_INVALID, "Validation failed: Text is longer than %d characters", ANNOUNCEMENT_TEXT_MAX);
    if (a->ends_ms != 0 && a->ends_ms <= c->now_ms)
        return fail(c, ERR_INVALID, "Validation failed: It would have ended already");
    if (a->ends_ms != 0 && a->starts_ms > a->ends_ms)
        return fail(c, ERR_INVALID, "Validation failed: It would end before it starts");
    return OK;
}

static void put_pictures(struct ctx *c, struct jw *w, struct str name)
{
    const struct emoji *e = emoji_find(c, name);
    if (e == NULL)
        return;
    jw_kstr(w, STR("url"), emoji_url(c, e));
    jw_kstr(w, STR("static_url"), emoji_static_url(c, e));
}

static void put_reaction(struct ctx *c, struct jw *w, const struct reaction *r, bool mine)
{
    jw_obj(w);
    jw_kstr(w, STR("name"), r->name);
    jw_ki64(w, STR("count"), r->n);
    if (mine)
        jw_kbool(w, STR("me"), r->me);
    put_pictures(c, w, r->name);
    jw_obj_end(w);
}

void announcement_put(struct ctx *c, struct jw *w, const struct announcements *all, int64_t i, bool mine)
{
    static const struct str none[] = { STR("mentions"), STR("statuses"), STR("tags") };
    const struct announcement *a = &all->rows[i];
    jw_obj(w);
    jw_kid(w, STR("id"), a->id);
    jw_kstr(w, STR("content"), render_status_html(c, a->text, STR("[]")));
    jw_ktime(w, STR("starts_at"), a->starts_ms);
    jw_ktime(w, STR("ends_at"), a->ends_ms);
    jw_kbool(w, STR("all_day"), a->all_day);
    jw_ktime(w, STR("published_at"), a->published_ms);
    jw_ktime(w, STR("updated_at"), a->updated_ms);
    if (mine)
        jw_kbool(w, STR("read"), all->read[i]);
    for (size_t k = 0; k < sizeof none / sizeof none[0]; k++) {
        jw_karr(w, none[k]);
        jw_arr_end(w);
    }
    emoji_put_used(c, w, &a->text, 1);
    jw_karr(w, STR("reactions"));
    for (int64_t k = 0; k < all->reactions_n; k++)
        if (all->reactions[k].announcement_id == a->id)
            put_reaction(c, w, &all->reactions[k], mine);
    jw_arr_end(w);
    jw_obj_end(w);
}

static enum err find(struct ctx *c, int64_t id, bool all, struct announcements *out, int64_t *at)
{
    TRY(announcement_list(c, all, out));
    for (*at = 0; *at < out->n; (*at)++)
        if (out->rows[*at].id == id)
            return OK;
    return fail(c, ERR_NOT_FOUND, "Record not found");
}

static enum err tell(struct ctx *c, int64_t id)
{
    struct announcements all = { 0 };
    struct jw w = jw_on(c->arena);
    int64_t at = 0;
    TRY(find(c, id, true, &all, &at));
    announcement_put(c, &w, &all, at, false);
    news_to_all(c, NEWS_ANNOUNCEMENT, jw_end(&w));
    return OK;
}

enum err announcement_add(struct ctx *c, struct announcement *a)
{
    TX tx = { 0 };
    struct announcements all = { 0 };
    TRY(check(c, a));
    TRY(announcement_list(c, true, &all));
    if (all.n == ANNOUNCEMENTS_MAX)
        return fail(c, ERR_INVALID, "Validation failed: At most %d announcements; remove one first", ANNOUNCEMENTS_MAX);
    a->published_ms = a->updated_ms = c->now_ms;
    TRY(tx_begin(c, &tx));
    TRY(store_announcement_insert(c, a));
    TRY(tx_commit(&tx));
    return tell(c, a->id);
}

enum err announcement_edit(struct ctx *c, struct announcement *a)
{
    TX tx = { 0 };
    struct announcement was;
    TRY(announcement_get(c, a->id, &was));
    TRY(check(c, a));
    a->published_ms = was.published_ms;
    a->updated_ms = c->now_ms;
    TRY(tx_begin(c, &tx));
    TRY(store_announcement_update(c, a));
    TRY(tx_commit(&tx));
    return tell(c, a->id);
}

enum err announcement_get(struct ctx *c, int64_t id, struct announcement *out)
{
    struct announcements all = { 0 };
    int64_t at = 0;
    TRY(find(c, id, true, &all, &at));
    *out = all.rows[at];
    return OK;
}

enum err announcement_remove(struct ctx *c, int64_t id)
{
    TX tx = { 0 };
    struct announcement was;
    TRY(announcement_get(c, id, &was));
    TRY(tx_begin(c, &tx));
    TRY(store_announcement_delete(c, id));
    TRY(tx_commit(&tx));
    news_now(c, NEWS_ANNOUNCEMENT_REMOVED, 0, id);
    return OK;
}

static bool is_reaction(const struct ctx *c, struct str name)
{
    return uni_is_emoji(name) || emoji_find(c, name) != NULL;
}

/* Custom emoji that were removed or disabled meanwhile: back when they are. */
static void drop_unknown(struct ctx *c, struct announcements *all)
{
    int64_t kept = 0;
    for (int64_t i = 0; i < all->reactions_n; i++)
        if (is_reaction(c, all->reactions[i].name))
            all->reactions[kept++] = all->reactions[i];
    all->reactions_n = kept;
}

enum err announcement_list(struct ctx *c, bool all, struct announcements *out)
{
    struct announcement *rows = NULL;
    int64_t read[ANNOUNCEMENTS_MAX];
    int64_t n = 0;
    int64_t read_n = 0;
    *out = (struct announcements){ 0 };
    TRY(store_announcement_list(c, &rows, &n));
    out->rows = rows;
    for (int64_t i = 0; i < n; i++)
        if (all || rows[i].ends_ms == 0 || rows[i].ends_ms > c->now_ms)
            rows[out->n++] = rows[i];
    if (out->n == 0)
        return OK;
    out->read = ARENA_ARRAY(c->arena, (size_t)out->n, bool);
    if (c->me != NULL)
        TRY(store_announcement_read(c, c->me->id, read, &read_n));
    for (int64_t i = 0; i < out->n; i++)
        for (int64_t k = 0; k < read_n; k++)
            out->read[i] = out->read[i] || read[k] == rows[i].id;
    TRY(store_reaction_list(c, c->me == NULL ? 0 : c->me->id, &out->reactions, &out->reactions_n));
    drop_unknown(c, out);
    return OK;
}

/* What is gone by now is forgotten on the way. */
enum err announcement_dismiss(struct ctx *c, int64_t id)
{
    TX tx = { 0 };
    struct announcements all = { 0 };
    int64_t ids[ANNOUNCEMENTS_MAX];
    int64_t at = 0;
    TRY(member_may_write(c));
    TRY(find(c, id, true, &all, &at));
    for (int64_t i = 0; i < all.n; i++)
        ids[i] = all.rows[i].id;
    TRY(tx_begin(c, &tx));
    TRY(store_announcement_dismiss(c, c->me->id, id));
    TRY(store_announcement_forget(c, c->me->id, ids, all.n));
    return tx_commit(&tx);
}

static void tell_reaction(struct ctx *c, int64_t id, struct str name, int64_t n)
{
    struct jw w = jw_on(c->arena);
    jw_obj(&w);
    jw_kstr(&w, STR("name"), name);
    jw_ki64(&w, STR("count"), n);
    jw_kid(&w, STR("announcement_id"), id);
    put_pictures(c, &w, name);
    jw_obj_end(&w);
    news_to_all(c, NEWS_ANNOUNCEMENT_REACTION, jw_end(&w));
}

/* How many reacted so; *kinds: how many kinds of reactions there are. */
static int64_t count_of(const struct announcements *all, int64_t id, struct str name, int64_t *kinds)
{
    int64_t n = 0;
    *kinds = 0;
    for (int64_t i = 0; i < all->reactions_n; i++) {
        if (all->reactions[i].announcement_id != id)
            continue;
        *kinds += 1;
        if (str_eq(all->reactions[i].name, name))
            n = all->reactions[i].n;
    }
    return n;
}

enum err announcement_react(struct ctx *c, int64_t id, struct str name)
{
    TX tx = { 0 };
    struct announcements all = { 0 };
    int64_t at = 0;
    int64_t kinds = 0;
    bool changed = false;
    TRY(member_may_write(c));
    TRY(find(c, id, false, &all, &at));
    if (!is_reaction(c, name))
        return fail(c, ERR_INVALID, "Validation failed: Name is not a recognized emoji");
    int64_t n = count_of(&all, id, name, &kinds);
    if (n == 0 && kinds >= REACTION_KINDS_MAX)
        return fail(c, ERR_INVALID, "Validation failed: Limit of different reactions reached");
    TRY(tx_begin(c, &tx));
    TRY(store_reaction_add(c, c->me->id, id, name, &changed));
    TRY(tx_commit(&tx));
    if (changed)
        tell_reaction(c, id, name, n + 1);
    return OK;
}

enum err announcement_unreact(struct ctx *c, int64_t id, struct str name)
{
    TX tx = { 0 };
    struct announcements all = { 0 };
    int64_t at = 0;
    int64_t kinds = 0;
    bool changed = false;
    TRY(member_may_write(c));
    TRY(find(c, id, false, &all, &at));
    int64_t n = count_of(&all, id, name, &kinds);
    TRY(tx_begin(c, &tx));
    TRY(store_reaction_remove(c, c->me->id, id, name, &changed));
    TRY(tx_commit(&tx));
    if (changed)
        tell_reaction(c, id, name, n > 0 ? n - 1 : 0);
    return OK;
}

enum err announcement_leave(struct ctx *c, int64_t account_id)
{
    struct reaction *all = NULL;
    int64_t n = 0;
    bool changed = false;
    TRY(store_reaction_list(c, account_id, &all, &n));
    for (int64_t i = 0; i < n; i++)
        if (all[i].me)
            TRY(store_reaction_remove(c, account_id, all[i].announcement_id, all[i].name, &changed));
    return store_announcement_forget(c, account_id, NULL, 0);
}
