/* SPDX-License-Identifier: Apache-2.0 */
#include "pages/emojis.h"

#include "core/emoji.h"
#include "core/site.h"
#include "model/site.h"
#include "pages/community.h"
#include "pages/form.h"
#include "pages/layout.h"
#include "pages/routes.h"
#include "store/emoji.h"

#define OWNERS "/community/emojis"
#define HEIGHT 20

/* What moves stands still for who asked their system for it. */
static void put_picture(struct visit *v, const struct emoji *e)
{
    struct hw *w = &v->w;
    struct str text = arena_strf(v->c->arena, ":" STR_FMT ":", STR_ARG(e->shortcode));
    bool moves = !str_eq(e->hash, e->static_hash);
    if (moves) {
        hw_open(w, "picture");
        hw_void(w, "source");
        hw_attr(w, "srcset", visit_relative(v, emoji_static_url(v->c, e)));
        hw_attr(w, "media", STR("(prefers-reduced-motion: reduce)"));
    }
    hw_void(w, "img");
    hw_attr(w, "class", STR("emoji"));
    hw_attr(w, "src", visit_relative(v, emoji_url(v->c, e)));
    hw_attr(w, "alt", text);
    hw_attr(w, "title", text);
    hw_attr_i64(w, "height", HEIGHT);
    hw_attr(w, "loading", STR("lazy"));
    if (moves)
        hw_close(w, "picture");
}

static void put_pictures(struct visit *v, struct str text, void (*put)(struct hw *, struct str))
{
    const struct emoji *e = NULL;
    size_t from = 0;
    size_t at = 0;
    size_t end = 0;
    while ((e = emoji_next(v->c, text, &at, &end)) != NULL) {
        put(&v->w, (struct str){ text.p + from, at - from });
        put_picture(v, e);
        from = at = end;
    }
    put(&v->w, str_skip(text, from));
}

void emojis_put_text(struct visit *v, struct str text)
{
    put_pictures(v, text, hw_text);
}

void emojis_put_html(struct visit *v, struct str html)
{
    size_t at = 0;
    bool in_link = false;
    if (v->c->site->emojis.enabled_n == 0 || !str_find(html, STR(":"), &at)) {
        hw_raw(&v->w, html);
        return;
    }
    while (html.n > 0) {
        size_t tag = html.n;
        (void)str_find(html, STR("<"), &tag);
        if (in_link)
            hw_raw(&v->w, str_head(html, tag));
        else
            put_pictures(v, str_head(html, tag), hw_raw);
        html = str_skip(html, tag);
        size_t close = html.n;
        (void)str_find(html, STR(">"), &close); /* attributes hold none: it is escaped */
        if (str_starts(html, STR("<a ")))
            in_link = true;
        else if (str_starts(html, STR("</a>")))
            in_link = false;
        hw_raw(&v->w, str_head(html, close + 1));
        html = str_skip(html, close + 1);
    }
}

void emojis_put_name(struct visit *v, struct str name)
{
    const struct emoji *e = emoji_find(v->c, name);
    if (e != NULL)
        put_picture(v, e);
    else
        hw_text(&v->w, name);
}

static void put_with_code(struct visit *v, const struct emoji *e)
{
    put_picture(v, e);
    hw_text(&v->w, STR(" "));
    hw_el(&v->w, "code", arena_strf(v->c->arena, ":" STR_FMT ":", STR_ARG(e->shortcode)));
}

/* --- what there is, for everybody --- */

static void put_row(struct visit *v, const struct emoji *e)
{
    struct hw *w = &v->w;
    hw_open(w, "li");
    put_with_code(v, e);
    if (e->category.n > 0) {
        hw_text(w, STR(" "));
        hw_el_class(w, "span", STR("small muted"), e->category);
    }
    hw_close(w, "li");
}

enum err page_emojis(struct visit *v)
{
    const struct sheet s = { .title = STR("Custom emoji"), .sub = STR("Write one with its colons.") };
    const struct emojis *all = &v->c->site->emojis;
    layout_begin(v, &s);
    if (all->enabled_n == 0)
        layout_empty(v, STR("There are none yet"), STR("Whoever runs this server can add some."));
    hw_open_class(&v->w, "ul", STR("emojis"));
    for (int64_t i = 0; i < all->n; i++)
        if (all->rows[i]->enabled)
            put_row(v, all->rows[i]);
    hw_close(&v->w, "ul");
    return layout_end(v, &s);
}

/* --- the owner's --- */

static void put_own(struct visit *v, const struct emoji *e)
{
    struct hw *w = &v->w;
    hw_open(w, "li");
    put_with_code(v, e);
    hw_text(w, STR(" "));
    hw_el_class(w, "span", STR("small muted"), e->category);
    form_open(v, arena_strf(v->c->arena, OWNERS "/" STR_FMT, STR_ARG(e->shortcode)), STR("row"));
    if (e->enabled)
        form_button(v, STR("btn"), "do", STR("disable"), STR("Disable"));
    else
        form_button(v, STR("btn p"), "do", STR("enable"), STR("Enable"));
    form_button(v, STR("btn d"), "do", STR("remove"), STR("Remove"));
    form_close(v);
    hw_close(w, "li");
}

static void put_form(struct visit *v)
{
    bool sent = v->q->method == HTTP_POST;
    form_open_upload(v, STR(OWNERS), STR("sheet"));
    form_refused(v);
    form_field(v, &(struct field){ .name = "shortcode",
                                   .label = "Shortcode",
                                   .hint = STR("Letters, digits and _: what stands between the colons."),
                                   .max = EMOJI_CODE_MAX,
                                   .required = true,
                                   .value = sent ? visit_param(v, "shortcode") : STR("") });
    form_field(v, &(struct field){ .name = "image",
                                   .label = "Picture",
                                   .type = "file",
                                   .hint = STR("PNG, GIF, WebP, JPEG or AVIF, up to 256 kB. GIF and WebP may move."),
                                   .required = true });
    form_field(v, &(struct field){ .name = "category",
                                   .label = "Category",
                                   .hint = STR("Under which apps list it; may be empty."),
                                   .max = EMOJI_CATEGORY_MAX,
                                   .user_text = true,
                                   .value = sent ? visit_param(v, "category") : STR("") });
    form_submit(v, STR("Add it"));
    form_close(v);
}

static enum err show(struct visit *v)
{
    const struct sheet s = { .title = STR("This community"), .sub = STR("Custom emoji"), .nav = "more" };
    const struct emojis *all = &v->c->site->emojis;
    layout_begin(v, &s);
    community_tabs(v, OWNERS);
    put_form(v);
    hw_open_class(&v->w, "ul", STR("emojis"));
    for (int64_t i = 0; i < all->n; i++)
        put_own(v, all->rows[i]);
    hw_close(&v->w, "ul");
    return layout_end(v, &s);
}

enum err page_emojis_own(struct visit *v)
{
    return show(v);
}

enum err page_emojis_send(struct visit *v)
{
    const struct http_param *image = http_file(v->q, "image");
    enum err e = emoji_add(v->c, str_trim(visit_param(v, "shortcode")), visit_param(v, "category"),
                           image == NULL ? STR("") : image->value);
    if (form_takes(v, e))
        return show(v);
    TRY(e);
    return visit_go(v, STR(OWNERS "?said=saved"));
}

enum err page_emoji_do(struct visit *v)
{
    struct str word = visit_param(v, "do");
    struct str code = v->q->args[0];
    if (str_eq(word, STR("remove")))
        TRY(emoji_remove(v->c, code));
    else
        TRY(emoji_enable(v->c, code, str_eq(word, STR("enable"))));
    return visit_go(v, STR(OWNERS "?said=done"));
}
