/* SPDX-License-Identifier: Apache-2.0 */
#include "core/lang_names.h"
#include "core/render.h"
#include "core/translation.h"
#include "courier/translator.h"
#include "pages/article.h"
#include "pages/emojis.h"
#include "pages/layout.h"
#include "pages/routes.h"

/* A translation beside what was written: it is asked for by a button, never by itself. */
static struct str name_of(struct visit *v, struct str code)
{
    struct lang_name *all = NULL;
    size_t n = lang_names(v->c->arena, &all);
    for (size_t i = 0; i < n; i++)
        if (str_eq(all[i].code, code))
            return all[i].name;
    return code;
}

static void put_texts(struct visit *v, const struct translation *t, const struct str *made)
{
    struct hw *w = &v->w;
    hw_open_class(w, "div", STR("c"));
    hw_attr(w, "lang", t->target);
    hw_attr(w, "dir", STR("auto"));
    if (made[1].n > 0)
        hw_el(w, "h2", made[1]);
    emojis_put_html(v, render_status_html(v->c, made[0], t->status->mentions));
    if (t->n > 2)
        hw_open(w, "ul");
    for (int64_t i = 2; i < t->n; i++)
        hw_el(w, "li", made[i]);
    if (t->n > 2)
        hw_close(w, "ul");
    hw_close(w, "div");
}

enum err page_translate(struct visit *v)
{
    const struct sheet s = { .title = STR("Translation") };
    struct translation t = { 0 };
    struct view p = { 0 };
    struct str made[TRANSLATION_TEXTS_MAX] = { 0 };
    struct str said = { 0 };
    int64_t id = 0;
    TRY(visit_arg_id(v, &id));
    TRY(translation_of(v->c, id, visit_param(v, "lang"), &t));
    TRY(translator_translate(v->c, t.source, t.target, t.texts, t.n, made, &said));
    TRY(view_load_ids(v->c, &t.status->id, 1, &p));
    layout_begin(v, &s);
    hw_open_class(&v->w, "section", STR("notice"));
    put_texts(v, &t, made);
    hw_open_class(&v->w, "p", STR("small muted"));
    hw_text(&v->w, STR("From "));
    hw_text(&v->w, name_of(v, said));
    hw_text(&v->w, STR(" by " TRANSLATOR_NAME ", a machine. "));
    if (p.status != NULL)
        hw_link(&v->w, article_path(v, &p), STR("What was written"));
    hw_close(&v->w, "p");
    hw_close(&v->w, "section");
    return layout_end(v, &s);
}
