/* SPDX-License-Identifier: Apache-2.0 */
#include "pages/people.h"

#include "base/id.h"
#include "core/relation.h"
#include "core/render.h"
#include "pages/article.h"
#include "pages/emojis.h"
#include "pages/form.h"
#include "pages/layout.h"
#include "pages/pager.h"
#include "pages/routes.h"
#include "store/account.h"

static enum err load_relations(struct ctx *c, const int64_t *ids, int64_t n, struct people *out)
{
    struct relation *found = NULL;
    int64_t found_n = 0;
    out->how = NULL;
    if (c->me == NULL || n == 0)
        return OK;
    TRY(relation_list(c, ids, n, true, &found, &found_n));
    out->how = ARENA_ARRAY(c->arena, (size_t)n + 1, struct relation);
    for (int64_t i = 0, k = 0; i < n && k < found_n; i++)
        if (found[k].target_id == ids[i])
            out->how[i] = found[k++];
    return OK;
}

enum err people_load(struct ctx *c, const int64_t *ids, int64_t n, struct people *out)
{
    out->n = n;
    out->who = ARENA_ARRAY(c->arena, (size_t)n + 1, struct account *);
    if (n > 0)
        TRY(store_account_load(c, ids, n, out->who));
    return load_relations(c, ids, n, out);
}

void people_follow_button(struct visit *v, const struct relation *r)
{
    if (r->following)
        form_button(v, STR("btn"), "do", STR("unfollow"), STR("Unfollow"));
    else if (r->requested)
        form_button(v, STR("btn"), "do", STR("unfollow"), STR("Take back the request"));
    else
        form_button(v, STR("btn p"), "do", STR("follow"), STR("Follow"));
}

static void put_drop(struct visit *v, const struct account *a, int64_t list_id)
{
    form_open(v, arena_strf(v->c->arena, "/lists/%lld/drop", (long long)list_id), STR("row"));
    form_hidden(v, "back", visit_here(v));
    form_button(v, STR("btn"), "who", id_text(v->c->arena, a->id), STR("Take off"));
    form_close(v);
}

static void put_buttons(struct visit *v, const struct account *a, const struct relation *r, enum people_kind kind)
{
    form_open(v, arena_strf(v->c->arena, "/people/%lld/do", (long long)a->id), STR("row"));
    form_hidden(v, "back", visit_here(v));
    switch (kind) {
    case PEOPLE_FOLLOW: people_follow_button(v, r); break;
    case PEOPLE_SUGGESTED:
        people_follow_button(v, r);
        form_button(v, STR("btn"), "do", STR("dismiss"), STR("Not for me"));
        break;
    case PEOPLE_BLOCKS: form_button(v, STR("btn"), "do", STR("unblock"), STR("Unblock")); break;
    case PEOPLE_MUTES: form_button(v, STR("btn"), "do", STR("unmute"), STR("Unmute")); break;
    case PEOPLE_REQUESTS:
        form_button(v, STR("btn p"), "do", STR("accept"), STR("Accept"));
        form_button(v, STR("btn"), "do", STR("reject"), STR("Reject"));
        break;
    case PEOPLE_LIST: break;
    }
    form_close(v);
}

void people_put(struct visit *v, const struct people *p, enum people_kind kind)
{
    struct hw *w = &v->w;
    for (int64_t i = 0; i < p->n; i++) {
        const struct account *a = p->who[i];
        if (a == NULL)
            continue;
        hw_open_class(w, "div", STR("person"));
        account_put_avatar(v, a, "av");
        account_put_name(v, a);
        if (kind == PEOPLE_LIST)
            put_drop(v, a, p->list_id);
        else if (p->how != NULL && a->id != v->c->me->id)
            put_buttons(v, a, &p->how[i], kind);
        if (a->note.n > 0) {
            hw_open_class(w, "div", STR("c"));
            hw_attr(w, "dir", STR("auto"));
            emojis_put_html(v, render_profile_html(v->c, a->note, a->mentions, true));
            hw_close(w, "div");
        }
        hw_close(w, "div");
    }
}

struct own_list {
    enum relation_page which;
    enum people_kind kind;
    const char *path;
    struct str title;
    struct str empty_head;
    struct str empty_text;
};

static enum err show_own(struct visit *v, const struct own_list *l)
{
    struct account_page found = { 0 };
    struct page p = pager_read(v);
    struct people list = { 0 };
    const struct sheet s = { .title = l->title, .nav = "more" };
    TRY(relation_accounts(v->c, l->which, v->c->me->id, &p, &found));
    TRY(people_load(v->c, found.ids, found.n, &list));
    layout_begin(v, &s);
    people_put(v, &list, l->kind);
    if (found.n == 0)
        layout_empty(v, l->empty_head, l->empty_text);
    pager_put(v, str_c(l->path), &p, found.n, found.first, found.last);
    return layout_end(v, &s);
}

enum err page_follow_requests(struct visit *v)
{
    return show_own(v, &(struct own_list){ RELATION_REQUESTS, PEOPLE_REQUESTS, "/follow_requests",
                                           STR("Follow requests"), STR("Nobody waits"),
                                           STR("Who asks to follow you stands here, if you approve followers.") });
}

enum err page_blocks(struct visit *v)
{
    return show_own(v, &(struct own_list){ RELATION_BLOCKS, PEOPLE_BLOCKS, "/blocks", STR("Blocked"), STR("Nobody"),
                                           STR("Whom you block sees nothing of you, and you nothing of them.") });
}

enum err page_mutes(struct visit *v)
{
    return show_own(v, &(struct own_list){ RELATION_MUTES, PEOPLE_MUTES, "/mutes", STR("Muted"), STR("Nobody"),
                                           STR("You do not see what the muted write. They do not know.") });
}
