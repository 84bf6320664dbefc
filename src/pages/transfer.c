/* SPDX-License-Identifier: Apache-2.0 */
#include "base/id.h"
#include "core/archive.h"
#include "core/export.h"
#include "core/import_archive.h"
#include "core/mention.h"
#include "core/moves.h"
#include "core/visible.h"
#include "model/site.h"
#include "pages/article.h"
#include "pages/form.h"
#include "pages/layout.h"
#include "pages/routes.h"
#include "pages/settings.h"
#include "pages/when.h"

/* Import and export: what a member takes along, and what they bring. */
#define REFRESH_S 2 /* how often a page that shows progress is loaded anew */

static const char *const what_of[EXPORT_FILES] = {
    [EXPORT_FOLLOWING] = "Whom you follow", [EXPORT_MUTES] = "Whom you mute",
    [EXPORT_BLOCKS] = "Whom you block",     [EXPORT_DOMAINS] = "Servers that you do not want to hear of",
    [EXPORT_BOOKMARKS] = "Your bookmarks",  [EXPORT_LISTS] = "Your lists",
};
static const char *const import_words[] = {
    [IMPORT_FOLLOWING] = "Whom I follow",     [IMPORT_MUTES] = "Whom I mute",
    [IMPORT_BLOCKS] = "Whom I block",         [IMPORT_DOMAINS] = "Servers not to hear of",
    [IMPORT_BOOKMARKS] = "Bookmarks",         [IMPORT_LISTS] = "Lists",
    [IMPORT_ARCHIVE] = "Archive of parleys",  [IMPORT_MASTODON] = "Parleys from Mastodon",
    [IMPORT_X] = "Parleys from X or Twitter",
};
static const char *const state_words[] = {
    [IMPORT_WAITING] = "being read", [IMPORT_RUNNING] = "going on",         [IMPORT_DONE] = "done",
    [IMPORT_FAILED] = "failed",      [IMPORT_UNDOING] = "being taken back", [IMPORT_UNDONE] = "taken back",
    [IMPORT_STOPPED] = "stopped",
};

static void put_csv_list(struct visit *v)
{
    struct hw *w = &v->w;
    hw_open_class(w, "section", STR("sheet"));
    hw_el(w, "h2", STR("Take along"));
    hw_el_class(w, "p", STR("hint"), STR("Files that other servers read: open their import page and give them there."));
    hw_open(w, "ul");
    for (int i = 0; i < EXPORT_FILES; i++) {
        hw_open(w, "li");
        hw_open(w, "a");
        hw_attr(w, "href", arena_strf(v->c->arena, "/settings/transfer/csv/%s", export_file_name((enum export_file)i)));
        hw_flag(w, "download", true);
        hw_text(w, str_c(what_of[i]));
        hw_close(w, "a");
        hw_close(w, "li");
    }
    hw_close(w, "ul");
    hw_close(w, "section");
}

static void put_archive_row(struct visit *v, const struct archive *a)
{
    struct hw *w = &v->w;
    struct arena *m = v->c->arena;
    if (a->state == ARCHIVE_FAILED) {
        hw_el(w, "p", STR("It could not be made. Ask for it again, or tell who runs this server."));
        return;
    }
    hw_open(w, "p");
    if (a->state == ARCHIVE_MAKING) {
        hw_open(w, "label");
        hw_text(w, STR("It is being made. "));
        hw_open(w, "progress");
        hw_attr_i64(w, "max", a->total > 0 ? a->total : 1);
        hw_attr_i64(w, "value", a->handled);
        hw_close(w, "progress");
        hw_close(w, "label");
    } else {
        hw_open(w, "a");
        hw_attr(w, "href", arena_strf(m, "/settings/transfer/archives/%lld.zip", (long long)a->id));
        hw_text(w, arena_strf(m, "Download the archive (%lld kB)", (long long)(a->bytes + 1023) / 1024));
        hw_close(w, "a");
        hw_text(w, STR(", of "));
        when_full(v, a->created_ms);
    }
    hw_close(w, "p");
}

static void put_archive(struct visit *v, const struct archive *a, int64_t n)
{
    struct hw *w = &v->w;
    bool making = n > 0 && a->state == ARCHIVE_MAKING;
    form_open(v, STR("/settings/transfer/archive"), STR("sheet"));
    hw_el(w, "h2", STR("Archive"));
    hw_el_class(
        w, "p", STR("hint"),
        arena_strf(v->c->arena,
                   "All that you wrote, with pictures, in one file that other servers can read. It is made in the"
                   " background and kept for %d days; only you get it.",
                   ARCHIVE_DAYS));
    if (n > 0)
        put_archive_row(v, a);
    if (!making)
        form_submit(v, n > 0 ? STR("Make a new one") : STR("Make it"));
    form_close(v);
}

static void put_list_form(struct visit *v)
{
    static const struct choice modes[] = { { { "merge", 5 }, { "Add to what there is", 20 } },
                                           { { "overwrite", 9 }, { "Replace what there is", 21 } } };
    struct choice choices[IMPORT_LISTS];
    for (int k = IMPORT_FOLLOWING; k <= IMPORT_LISTS; k++)
        choices[k - 1] = (struct choice){ str_c(import_kind_word((enum import_kind)k)), str_c(import_words[k]) };
    struct str kind = visit_param(v, "type");
    form_open_upload(v, STR("/settings/transfer/list"), STR("sheet"));
    hw_el(&v->w, "h2", STR("Bring lists"));
    form_choice(v, "type", "What it holds", choices, IMPORT_LISTS, kind.n > 0 ? kind : STR("following"));
    form_field(v, &(struct field){ .name = "data",
                                   .label = "CSV file",
                                   .type = "file",
                                   .hint = STR("As another server gave it to you, up to 4 MB."),
                                   .required = true });
    form_choice(v, "mode", "What happens to those of now", modes, 2, STR("merge"));
    form_submit(v, STR("Import"));
    form_close(v);
}

static void put_archive_form(struct visit *v)
{
    struct choice reach[VIS_PRIVATE + 1];
    for (int i = VIS_PUBLIC; i <= VIS_PRIVATE; i++)
        reach[i] = (struct choice){ visibility_word((enum visibility)i), reach_words((enum visibility)i) };
    form_open_upload(v, STR("/settings/transfer/parleys"), STR("sheet"));
    hw_el(&v->w, "h2", STR("Bring your parleys"));
    hw_el_class(
        &v->w, "p", STR("hint"),
        STR("The archive that Mastodon, X or Twitter made for you. What you wrote yourself comes, with its dates,"
            " pictures and videos; no echoes, nothing direct, no answers to others. Nobody is told, and it"
            " stands in nobody's timeline. You can take all of it back."));
    form_field(v, &(struct field){ .name = "data",
                                   .id = "archive",
                                   .label = "Archive (ZIP or tar.gz)",
                                   .type = "file",
                                   .hint = arena_strf(v->c->arena,
                                                      "Up to %lld MB. Who runs this server can bring a larger one.",
                                                      (long long)v->c->site->import_bytes / 1024 / 1024),
                                   .required = true });
    form_choice_as(v, "parleys-reach", "visibility", "Who may read it at most", reach, VIS_PRIVATE + 1,
                   visibility_word(VIS_PUBLIC));
    form_submit(v, STR("Import"));
    form_close(v);
}

static enum err put_moves_form(struct visit *v)
{
    struct moves m = { 0 };
    const struct str *former = NULL;
    struct buf lines = buf_on(v->c->arena);
    bool sent = v->q->method == HTTP_POST && http_param(v->q, "moved_to").p != NULL;
    struct str says = v->c->says;
    TRY(moves_get(v->c, &m));
    v->c->says = says;
    int64_t n = tag_list(v->c->arena, m.also_known_as, &former);
    for (int64_t i = 0; i < n; i++)
        buf_printf(&lines, STR_FMT "\n", STR_ARG(former[i]));
    form_open(v, STR("/settings/transfer/moves"), STR("sheet"));
    hw_el(&v->w, "h2", STR("Other addresses of yours"));
    form_field(v,
               &(struct field){ .name = "also_known_as",
                                .label = "Where you were before",
                                .rows = 3,
                                .hint = STR("One a line, such as anna@harbour.example. Other servers ask for them when"
                                            " your followers there shall follow you here."),
                                .value = sent ? visit_param(v, "also_known_as") : buf_str(&lines) });
    form_field(v, &(struct field){ .name = "moved_to",
                                   .label = "Where you moved to",
                                   .hint = STR("Your profile here tells it. Empty: nowhere."),
                                   .value = sent ? visit_param(v, "moved_to") : m.moved_to });
    form_submit(v, STR("Save"));
    form_close(v);
    return OK;
}

static void put_import_line(struct visit *v, const struct import *i)
{
    struct hw *w = &v->w;
    hw_open(w, "li");
    hw_open(w, "a");
    hw_attr(w, "href", arena_strf(v->c->arena, "/settings/transfer/imports/%lld", (long long)i->id));
    hw_text(w, str_c(import_words[i->kind]));
    hw_close(w, "a");
    hw_text(w, arena_strf(v->c->arena, ": %s, ", state_words[i->state]));
    when_full(v, i->created_ms);
    hw_close(w, "li");
}

static enum err put_imports(struct visit *v)
{
    struct hw *w = &v->w;
    struct import *all = NULL;
    int64_t n = 0;
    TRY(imports_of(v->c, &all, &n));
    if (n == 0)
        return OK;
    hw_open_class(w, "section", STR("sheet"));
    hw_el(w, "h2", STR("Brought so far"));
    hw_open(w, "ul");
    for (int64_t i = 0; i < n; i++)
        put_import_line(v, &all[i]);
    hw_close(w, "ul");
    hw_close(w, "section");
    return OK;
}

static enum err show_transfer(struct visit *v)
{
    const struct sheet s = { .title = STR("Settings"), .sub = STR("Import and export"), .nav = "more" };
    struct archive archives[ARCHIVES_SHOWN];
    int64_t n = 0;
    struct str says = v->c->says;
    TRY(archives_of(v->c, archives, &n));
    v->c->says = says;
    if (v->q->method == HTTP_GET && n > 0 && archives[0].state == ARCHIVE_MAKING)
        http_res_header(v->r, STR("Refresh"), arena_strf(v->c->arena, "%d", REFRESH_S));
    layout_begin(v, &s);
    settings_tabs(v, "transfer");
    form_refused(v);
    put_csv_list(v);
    put_archive(v, archives, n);
    put_list_form(v);
    put_archive_form(v);
    TRY(put_moves_form(v));
    TRY(put_imports(v));
    return layout_end(v, &s);
}

enum err page_transfer(struct visit *v)
{
    return show_transfer(v);
}

enum err page_transfer_csv(struct visit *v)
{
    enum export_file which = EXPORT_FOLLOWING;
    if (!export_file_of(v->q->args[0], &which))
        return fail(v->c, ERR_NOT_FOUND, "Not Found");
    TRY(export_csv(v->c, which, &v->r->file_fd, &v->r->file_size));
    v->r->status = 200;
    v->r->type = STR("text/csv; charset=utf-8");
    http_res_header(v->r, STR("Cache-Control"), STR("private, no-store"));
    http_res_header(v->r, STR("Content-Disposition"),
                    arena_strf(v->c->arena, "attachment; filename=\"%s\"", export_file_name(which)));
    return OK;
}

static struct str import_path(struct visit *v, int64_t id)
{
    return arena_strf(v->c->arena, "/settings/transfer/imports/%lld", (long long)id);
}

enum err page_transfer_list_send(struct visit *v)
{
    const struct http_param *file = http_file(v->q, "data");
    struct import_wish wish = { .overwrite = str_eq(visit_param(v, "mode"), STR("overwrite")) };
    struct import *made = NULL;
    if (!import_kind_parse(visit_param(v, "type"), &wish.kind))
        return fail(v->c, ERR_INVALID, "That is not one of the choices.");
    if (file != NULL) {
        wish.bytes = file->value;
        wish.file_name = file->file_name;
    }
    enum err e = import_list_add(v->c, &wish, &made);
    if (form_takes(v, e))
        return show_transfer(v);
    TRY(e);
    return visit_go(v, import_path(v, made->id));
}

enum err page_transfer_archive_send(struct visit *v)
{
    const struct http_param *file = http_file(v->q, "data");
    struct archive_wish wish = { .visibility = (enum visibility)visibility_parse(visit_param(v, "visibility")) };
    struct import *made = NULL;
    if (file != NULL) {
        wish.bytes = file->value;
        wish.file_name = file->file_name;
    }
    enum err e = import_archive_add(v->c, &wish, &made);
    if (form_takes(v, e))
        return show_transfer(v);
    TRY(e);
    return visit_go(v, import_path(v, made->id));
}

enum err page_moves_send(struct visit *v)
{
    struct str lines[MOVES_MAX + 1];
    struct str rest = visit_param(v, "also_known_as");
    struct moves_wish wish = { .has_former = true, .former = lines, .moved_to = visit_param(v, "moved_to") };
    struct moves m = { 0 };
    struct str line = { 0 };
    while (rest.n > 0 && str_cut(&rest, '\n', &line) && wish.former_n <= MOVES_MAX)
        if (str_trim(line).n > 0)
            lines[wish.former_n++] = line;
    enum err e = moves_set(v->c, &wish, &m);
    if (form_takes(v, e))
        return show_transfer(v);
    TRY(e);
    return visit_go(v, STR("/settings/transfer?said=saved"));
}

/* --- one import --- */

static void put_count(struct visit *v, const char *what, int64_t n)
{
    hw_el(&v->w, "dt", str_c(what));
    hw_open(&v->w, "dd");
    hw_i64(&v->w, n);
    hw_close(&v->w, "dd");
}

static void put_progress(struct visit *v, const struct import *i)
{
    struct hw *w = &v->w;
    hw_open(w, "p");
    hw_open(w, "label");
    hw_text(w, arena_strf(v->c->arena, "This import is %s. ", state_words[i->state]));
    hw_open(w, "progress");
    hw_attr_i64(w, "max", i->total > 0 ? i->total : 1);
    if (i->state != IMPORT_WAITING)
        hw_attr_i64(w, "value", i->state == IMPORT_UNDOING ? i->total - i->added : i->handled);
    hw_close(w, "progress");
    hw_close(w, "label");
    hw_close(w, "p");
    hw_el_class(w, "p", STR("hint"), STR("You can leave this page: it goes on by itself."));
}

static void put_problems(struct visit *v, const struct import *i)
{
    struct str rest = i->problems;
    struct str line = { 0 };
    if (rest.n == 0)
        return;
    hw_el(&v->w, "h2", STR("What could not be taken"));
    hw_open(&v->w, "ul");
    while (rest.n > 0 && str_cut(&rest, '\n', &line))
        if (line.n > 0)
            hw_el(&v->w, "li", line);
    hw_close(&v->w, "ul");
}

/* Once it is off the list nothing takes its parleys back any more: so that comes first. */
static void put_buttons(struct visit *v, const struct import *i)
{
    bool stands = i->kind > IMPORT_ARCHIVE && (i->added > 0 || i->state == IMPORT_STOPPED) && i->state != IMPORT_UNDONE;
    hw_open_class(&v->w, "div", STR("row"));
    if (import_is_open(i))
        form_button(v, STR("btn"), "do", STR("forget"), STR("Stop it"));
    else if (stands)
        form_button(v, STR("btn d"), "do", STR("undo"), STR("Take all of it back"));
    else
        form_button(v, STR("btn"), "do", STR("forget"), STR("Take it off the list"));
    hw_close(&v->w, "div");
}

enum err page_import(struct visit *v)
{
    struct hw *w = &v->w;
    struct import *i = NULL;
    int64_t id = 0;
    TRY(visit_arg_id(v, &id));
    TRY(import_own(v->c, id, &i));
    const struct sheet s = { .title = str_c(import_words[i->kind]), .sub = STR("Import"), .nav = "more" };
    if (import_is_open(i))
        http_res_header(v->r, STR("Refresh"), arena_strf(v->c->arena, "%d", REFRESH_S));
    layout_begin(v, &s);
    settings_tabs(v, "transfer");
    form_open(v, import_path(v, id), STR("sheet"));
    if (import_is_open(i))
        put_progress(v, i);
    else
        hw_el(w, "p", arena_strf(v->c->arena, "This import is %s.", state_words[i->state]));
    hw_open(w, "dl");
    put_count(v, i->kind < IMPORT_ARCHIVE ? "Rows" : "Parleys", i->total);
    put_count(v, "Taken", i->added);
    put_count(v, "There already", i->skipped);
    put_count(v, "Not taken", i->failed);
    hw_close(w, "dl");
    put_problems(v, i);
    put_buttons(v, i);
    form_close(v);
    return layout_end(v, &s);
}

enum err page_import_send(struct visit *v)
{
    int64_t id = 0;
    TRY(visit_arg_id(v, &id));
    if (str_eq(visit_param(v, "do"), STR("undo"))) {
        struct import *i = NULL;
        TRY(import_undo(v->c, id, &i));
        return visit_go(v, import_path(v, id));
    }
    if (!str_eq(visit_param(v, "do"), STR("forget")))
        return fail(v->c, ERR_INVALID, "There is no such button.");
    struct import *i = NULL;
    TRY(import_own(v->c, id, &i));
    TRY(import_forget(v->c, id));
    return visit_go(v, import_is_open(i) ? import_path(v, id) : STR("/settings/transfer?said=done"));
}

/* --- the archive --- */

enum err page_archive_send(struct visit *v)
{
    struct archive *a = NULL;
    enum err e = archive_ask(v->c, &a);
    if (form_takes(v, e))
        return show_transfer(v);
    TRY(e);
    return visit_go(v, STR("/settings/transfer"));
}

enum err page_archive(struct visit *v)
{
    int64_t id = 0;
    TRY(visit_arg_id(v, &id));
    TRY(archive_open(v->c, id, &v->r->file_fd, &v->r->file_size));
    v->r->status = 200;
    v->r->type = STR("application/zip");
    http_res_header(v->r, STR("Cache-Control"), STR("private, no-store"));
    http_res_header(v->r, STR("ETag"), arena_strf(v->c->arena, "\"%lld\"", (long long)id));
    http_res_header(v->r, STR("Content-Disposition"), STR("attachment; filename=\"archive.zip\""));
    return OK;
}
