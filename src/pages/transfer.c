/* SPDX-License-Identifier: Apache-2.0 */
#include "core/export.h"
#include "pages/layout.h"
#include "pages/routes.h"
#include "pages/settings.h"

/* Import and export: what a member takes along, and what they bring. */

static const char *const what_of[EXPORT_FILES] = {
    [EXPORT_FOLLOWING] = "Whom you follow", [EXPORT_MUTES] = "Whom you mute",
    [EXPORT_BLOCKS] = "Whom you block",     [EXPORT_DOMAINS] = "Servers that you do not want to hear of",
    [EXPORT_BOOKMARKS] = "Your bookmarks",  [EXPORT_LISTS] = "Your lists",
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

enum err page_transfer(struct visit *v)
{
    const struct sheet s = { .title = STR("Settings"), .sub = STR("Import and export"), .nav = "more" };
    layout_begin(v, &s);
    settings_tabs(v, "transfer");
    put_csv_list(v);
    return layout_end(v, &s);
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
