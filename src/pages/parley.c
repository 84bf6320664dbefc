/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"
#include "base/id.h"
#include "base/jw.h"
#include "core/address.h"
#include "core/context.h"
#include "core/interact.h"
#include "core/render.h"
#include "core/status.h"
#include "core/visible.h"
#include "model/account.h"
#include "model/site.h"
#include "pages/article.h"
#include "pages/compose.h"
#include "pages/emojis.h"
#include "pages/layout.h"
#include "pages/pager.h"
#include "pages/people.h"
#include "pages/poll.h"
#include "pages/routes.h"
#include "pages/standing.h"
#include "pages/when.h"

/* One parley with its thread, its history, and who liked or echoed it. */
#define TITLE_MAX 60  /* bytes of text in a title */
#define TEASE_MAX 200 /* bytes of text where others show a link */

/* The beginning of a text, whole characters and no line ends. */
static struct str beginning(struct arena *a, struct str text, size_t max)
{
    struct buf b = buf_on(a);
    size_t n = 0;
    while (n < text.n && n < max) {
        uint32_t cp = 0;
        size_t step = str_utf8(text, n, &cp);
        step = step == 0 ? 1 : step;
        if (text.p[n] == '\n')
            buf_putc(&b, ' ');
        else
            buf_put(&b, (struct str){ text.p + n, step });
        n += step;
    }
    if (n < text.n)
        buf_put(&b, STR("…"));
    return buf_str(&b);
}

static struct str teaser(struct visit *v, const struct status *s, size_t max)
{
    return s->spoiler.n > 0 ? s->spoiler : beginning(v->c->arena, s->text, max);
}

static void put_person(struct visit *v, struct jw *w, const struct account *a)
{
    jw_kobj(w, STR("author"));
    jw_kstr(w, STR("@type"), STR("Person"));
    jw_kstr(w, STR("name"), account_name(a));
    jw_kstr(w, STR("alternateName"), arena_strf(v->c->arena, "@" STR_FMT, STR_ARG(a->username)));
    jw_kstr(w, STR("url"), address_account(v->c, a->username));
    jw_obj_end(w);
}

/* schema.org DiscussionForumPosting */
static struct str linked_data(struct visit *v, const struct view *p)
{
    struct jw w = jw_script_on(v->c->arena);
    jw_obj(&w);
    jw_kstr(&w, STR("@context"), STR("https://schema.org"));
    jw_kstr(&w, STR("@type"), STR("DiscussionForumPosting"));
    jw_kstr(&w, STR("url"), address_status(v->c, p->author->username, p->status->id));
    jw_ktime(&w, STR("datePublished"), p->status->created_ms);
    if (p->status->edited_ms != 0)
        jw_ktime(&w, STR("dateModified"), p->status->edited_ms);
    put_person(v, &w, p->author);
    jw_kstr(&w, STR("text"), teaser(v, p->status, 5000));
    jw_ki64(&w, STR("commentCount"), p->status->replies_count);
    jw_karr(&w, STR("interactionStatistic"));
    jw_obj(&w);
    jw_kstr(&w, STR("@type"), STR("InteractionCounter"));
    jw_kstr(&w, STR("interactionType"), STR("https://schema.org/LikeAction"));
    jw_ki64(&w, STR("userInteractionCount"), p->status->favourites_count);
    jw_obj_end(&w);
    jw_arr_end(&w);
    jw_obj_end(&w);
    return jw_end(&w);
}

static struct sheet sheet_of(struct visit *v, const struct view *p)
{
    bool open = p->status->visibility <= VIS_UNLISTED && p->status->standing.kind == STANDING_NORMAL;
    struct sheet s = {
        .title = arena_strf(v->c->arena, STR_FMT ": “" STR_FMT "”", STR_ARG(account_name(p->author)),
                            STR_ARG(teaser(v, p->status, TITLE_MAX))),
    };
    if (!open)
        return s;
    s.index = p->author->indexable && p->status->visibility == VIS_PUBLIC;
    s.path = article_path(v, p);
    s.description = teaser(v, p->status, TEASE_MAX);
    s.image = address_avatar(v->c, p->author);
    if (p->media.n > 0 && !p->status->sensitive && p->media.v[0]->kind != MEDIA_AUDIO) {
        const struct media *m = p->media.v[0];
        s.image = m->kind == MEDIA_IMAGE ? address_media(v->c, m) : address_media_preview(v->c, m);
        s.image_words = m->description;
    }
    s.og_type = STR("article");
    s.embeds = true;
    s.ld = linked_data(v, p);
    return s;
}

static enum err find(struct visit *v, struct view *out)
{
    struct status *s = NULL;
    int64_t id = 0;
    if (!id_parse(v->q->args[1], &id))
        id = 0; /* there is none with it */
    TRY(status_see(v->c, id, &s, NULL));
    TRY(view_load(v->c, &s, 1, out));
    return out->status == NULL ? ERR_NOT_FOUND : OK;
}

static bool is_at_home(struct visit *v, const struct view *p)
{
    return str_eq(v->q->args[0], p->author->username) && str_eq(v->q->args[1], id_text(v->c->arena, p->status->id));
}

enum err page_parley(struct visit *v)
{
    struct view p = { 0 };
    struct status_context t = { 0 };
    TRY(find(v, &p));
    if (!is_at_home(v, &p)) /* an echo, or another spelling of the name */
        return visit_go(v, article_path(v, &p));
    TRY(status_context(v->c, p.status->id, &t));
    struct view *above = ARENA_ARRAY(v->c->arena, (size_t)t.ancestors_n + 1, struct view);
    struct view *below = ARENA_ARRAY(v->c->arena, (size_t)t.descendants_n + 1, struct view);
    TRY(view_load(v->c, t.ancestors, t.ancestors_n, above));
    TRY(view_load(v->c, t.descendants, t.descendants_n, below));
    TRY(view_filter(v->c, FILTER_THREAD, above, t.ancestors_n));
    TRY(view_filter(v->c, FILTER_THREAD, below, t.descendants_n));
    struct sheet s = sheet_of(v, &p);
    s.heading = STR("Parley");
    visit_shows(v, p.status->thread_id);
    layout_begin(v, &s);
    if (p.status->in_reply_to_account_id != 0 && t.ancestors_n == 0)
        layout_empty(v, STR("What it answers is not here"), STR("It was deleted, or is not for you."));
    article_list(v, above, t.ancestors_n);
    article_put(v, &p, ARTICLE_BIG);
    TRY(standing_box(v, p.author, p.status, false));
    if (v->c->me != NULL && v->c->me->active) {
        if (reply_check(v->c, p.status) == OK)
            compose_answer(v, &p, STR(""));
        else
            layout_note(v, "info", v->c->says);
        v->c->says = (struct str){ 0 };
    }
    for (int64_t i = 0; i < t.descendants_n; i++)
        article_put(v, &below[i], ARTICLE_ANSWER);
    return layout_end(v, &s);
}

static void put_spoiler(struct visit *v, struct str text)
{
    hw_open(&v->w, "p");
    emojis_put_text(v, text);
    hw_close(&v->w, "p");
}

enum err page_history(struct visit *v)
{
    struct hw *w = &v->w;
    struct view p = { 0 };
    struct status_version *versions = NULL;
    int64_t n = 0;
    const struct sheet s = { .title = STR("What it said before"), .sub = STR("newest first") };
    TRY(find(v, &p));
    TRY(status_history(v->c, p.status->id, &versions, &n));
    layout_begin(v, &s);
    for (int64_t i = n - 1; i >= 0; i--) {
        hw_open_class(w, "section", STR("notice"));
        hw_open_class(w, "p", STR("small muted"));
        when_full(v, versions[i].created_ms);
        hw_close(w, "p");
        if (versions[i].spoiler.n > 0)
            put_spoiler(v, versions[i].spoiler);
        hw_open_class(w, "div", STR("c"));
        hw_attr(w, "dir", STR("auto"));
        emojis_put_html(v, render_status_html(v->c, versions[i].text, versions[i].mentions));
        hw_close(w, "div");
        poll_put_former(v, versions[i].poll);
        hw_close(w, "section");
    }
    return layout_end(v, &s);
}

typedef enum err who_fn(struct ctx *c, int64_t id, const struct page *p, struct page_row **out, int64_t *n);

static enum err show_who(struct visit *v, who_fn *who, struct str title, const char *word)
{
    struct view p = { 0 };
    struct page_row *rows = NULL;
    struct page at = pager_read(v);
    int64_t n = 0;
    const struct sheet s = { .title = title };
    TRY(find(v, &p));
    TRY(who(v->c, p.status->id, &at, &rows, &n));
    int64_t *ids = ARENA_ARRAY(v->c->arena, (size_t)n + 1, int64_t);
    for (int64_t i = 0; i < n; i++)
        ids[i] = rows[i].id;
    struct people list = { 0 };
    TRY(people_load(v->c, ids, n, &list));
    layout_begin(v, &s);
    article_quote(v, &p);
    people_put(v, &list, PEOPLE_FOLLOW);
    pager_put(v, arena_strf(v->c->arena, STR_FMT "/%s", STR_ARG(article_path(v, &p)), word), &at, n,
              n > 0 ? rows[0].row_id : 0, n > 0 ? rows[n - 1].row_id : 0);
    return layout_end(v, &s);
}

enum err page_favourited_by(struct visit *v)
{
    return show_who(v, status_favourited_by, STR("Favourites"), "favourites");
}

enum err page_echoed_by(struct visit *v)
{
    return show_who(v, status_reblogged_by, STR("Echoes"), "echoes");
}

enum err page_quotes(struct visit *v)
{
    struct view p = { 0 };
    struct status_page found = { 0 };
    struct page at = pager_read(v);
    const struct sheet s = { .title = STR("Quotes") };
    TRY(find(v, &p));
    TRY(status_quotes(v->c, p.status->id, &at, &found));
    struct view *rows = ARENA_ARRAY(v->c->arena, (size_t)found.n + 1, struct view);
    TRY(view_load(v->c, found.rows, found.n, rows));
    layout_begin(v, &s);
    article_quote(v, &p);
    article_list(v, rows, found.n);
    if (found.n == 0)
        layout_empty(v, STR("No quotes"), STR("None that you may see."));
    pager_put(v, v->q->path, &at, found.more ? at.limit : 0, found.first, found.last);
    return layout_end(v, &s);
}
