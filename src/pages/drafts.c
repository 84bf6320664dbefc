/* SPDX-License-Identifier: Apache-2.0 */
#include "pages/drafts.h"
#include "base/clock.h"
#include "base/id.h"
#include "core/draft.h"
#include "core/draft_json.h"
#include "core/scheduled.h"
#include "pages/form.h"
#include "pages/layout.h"
#include "pages/pager.h"
#include "pages/routes.h"
#include "pages/when.h"

/* /drafts: what is being written. /scheduled: what waits for its time. */
#define ROWS 20

static enum err id_of(struct visit *v, int64_t *id)
{
    return id_parse(v->q->args[0], id) ? OK : fail(v->c, ERR_NOT_FOUND, "There is nothing at this address.");
}

bool when_parse(struct visit *v, struct str local, int64_t *ms)
{
    return clock_parse(arena_strf(v->c->arena, STR_FMT "%s", STR_ARG(local), local.n == 16 ? ":00Z" : "Z"), ms);
}

static struct str time_of(struct arena *a, int64_t ms)
{
    return str_head(clock_iso(a, ms), sizeof "2026-08-01T13:53" - 1);
}

static enum err put_text(struct visit *v, struct str json)
{
    struct hw *w = &v->w;
    struct status_draft d = { 0 };
    TRY(draft_from_json(v->c, json, &d));
    if (d.spoiler.n > 0)
        hw_el(w, "p", d.spoiler);
    hw_open_class(w, "p", STR("c"));
    hw_attr(w, "dir", STR("auto"));
    hw_text(w, d.text.n > 0 ? d.text : STR("(no text yet)"));
    hw_close(w, "p");
    return OK;
}

static void put_tabs(struct visit *v, bool drafts)
{
    struct hw *w = &v->w;
    hw_open_class(w, "nav", STR("tabs"));
    hw_attr(w, "aria-label", STR("Not published"));
    layout_tab(v, STR("/drafts"), "Drafts", drafts);
    layout_tab(v, STR("/scheduled"), "Scheduled", !drafts);
    hw_close(w, "nav");
}

enum err page_drafts(struct visit *v)
{
    struct hw *w = &v->w;
    const struct sheet s = { .title = STR("Drafts") };
    struct page p = pager_read(v);
    struct saved_draft *rows = NULL;
    int64_t n = 0;
    p.limit = ROWS;
    TRY(draft_list(v->c, &p, &rows, &n));
    layout_begin(v, &s);
    put_tabs(v, true);
    for (int64_t i = 0; i < n; i++) {
        long long id = (long long)rows[i].id;
        hw_open_class(w, "section", STR("notice"));
        TRY(put_text(v, rows[i].draft));
        hw_open_class(w, "p", STR("small muted"));
        hw_text(w, STR("Saved "));
        when_full(v, rows[i].updated_ms);
        hw_close(w, "p");
        form_open(v, arena_strf(v->c->arena, "/drafts/%lld/delete", id), STR("row"));
        layout_button(v, "btn p", arena_strf(v->c->arena, "/write?draft=%lld", id), STR("Go on"));
        form_button(v, STR("btn d"), NULL, STR(""), STR("Delete"));
        form_close(v);
        hw_close(w, "section");
    }
    if (n == 0)
        layout_empty(v, STR("No drafts"),
                     STR("“Save as draft” below what you write keeps it here, for all your apps."));
    pager_put(v, STR("/drafts"), &p, n, n > 0 ? rows[0].id : 0, n > 0 ? rows[n - 1].id : 0);
    return layout_end(v, &s);
}

enum err page_draft_delete(struct visit *v)
{
    int64_t id = 0;
    TRY(id_of(v, &id));
    TRY(draft_remove(v->c, id));
    return visit_go(v, STR("/drafts"));
}

enum err page_scheduled(struct visit *v)
{
    struct hw *w = &v->w;
    const struct sheet s = { .title = STR("Scheduled") };
    struct page p = pager_read(v);
    struct scheduled *rows = NULL;
    int64_t n = 0;
    p.limit = ROWS;
    TRY(scheduled_list(v->c, &p, &rows, &n));
    layout_begin(v, &s);
    put_tabs(v, false);
    for (int64_t i = 0; i < n; i++) {
        struct str name = arena_strf(v->c->arena, "at-%lld", (long long)rows[i].id);
        hw_open_class(w, "section", STR("notice"));
        TRY(put_text(v, rows[i].draft));
        form_open(v, arena_strf(v->c->arena, "/scheduled/%lld", (long long)rows[i].id), STR(""));
        form_field(v, &(struct field){ .name = "at",
                                       .id = name.p,
                                       .label = "Published at (UTC)",
                                       .type = "datetime-local",
                                       .value = time_of(v->c->arena, rows[i].due_ms) });
        hw_open_class(w, "div", STR("row"));
        form_button(v, STR("btn p"), "do", STR("move"), STR("Save the time"));
        form_button(v, STR("btn d"), "do", STR("delete"), STR("Delete"));
        hw_close(w, "div");
        form_close(v);
        hw_close(w, "section");
    }
    if (n == 0)
        layout_empty(v, STR("Nothing is scheduled"), STR("Choose a time below what you write, and it waits here."));
    pager_put(v, STR("/scheduled"), &p, n, n > 0 ? rows[0].id : 0, n > 0 ? rows[n - 1].id : 0);
    return layout_end(v, &s);
}

enum err page_scheduled_do(struct visit *v)
{
    struct scheduled *s = NULL;
    int64_t id = 0;
    int64_t due_ms = 0;
    TRY(id_of(v, &id));
    if (str_eq(visit_param(v, "do"), STR("delete"))) {
        TRY(scheduled_remove(v->c, id));
        return visit_go(v, STR("/scheduled"));
    }
    if (!when_parse(v, visit_param(v, "at"), &due_ms))
        return fail(v->c, ERR_INVALID, "That is no time.");
    TRY(scheduled_move(v->c, id, due_ms, &s));
    return visit_go(v, STR("/scheduled"));
}
