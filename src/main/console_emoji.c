/* SPDX-License-Identifier: Apache-2.0 */
#include <sodium.h>

#include "base/jw.h"
#include "core/emoji.h"
#include "core/site.h"
#include "main/console_rows.h"

static void put(struct ctx *c, struct jw *w, const struct emoji *e)
{
    jw_kstr(w, STR("shortcode"), e->shortcode);
    jw_kstr(w, STR("category"), e->category);
    jw_kbool(w, STR("enabled"), e->enabled);
    jw_kbool(w, STR("moves"), !str_eq(e->hash, e->static_hash));
    jw_kstr(w, STR("url"), emoji_url(c, e));
    jw_ktime(w, STR("created_at"), e->created_ms);
    jw_ktime(w, STR("updated_at"), e->updated_ms);
}

static enum err said(struct ctx *c, struct console *k, struct str code)
{
    for (int64_t i = 0; i < c->site->emojis.n; i++)
        if (str_eq(c->site->emojis.rows[i]->shortcode, code))
            put(c, &k->w, c->site->emojis.rows[i]);
    return OK;
}

/* A file is sent in base64: the answer and the question are JSON. */
static enum err read_image(struct ctx *c, struct str coded, struct str *out)
{
    size_t n = 0;
    unsigned char *plain = arena_alloc(c->arena, coded.n + 1);
    if (sodium_base642bin(plain, coded.n + 1, coded.p, coded.n, NULL, &n, NULL, sodium_base64_VARIANT_ORIGINAL) != 0)
        return fail(c, ERR_INVALID, "image must be base64");
    *out = (struct str){ (const char *)plain, n };
    return OK;
}

enum err console_emoji_add(struct ctx *c, struct console *k)
{
    struct str code = { 0 };
    struct str coded = { 0 };
    struct str image = { 0 };
    TRY(console_need(c, k, "shortcode", &code));
    TRY(console_need(c, k, "image", &coded));
    TRY(read_image(c, coded, &image));
    TRY(emoji_add(c, code, console_arg(k, "category"), image));
    return said(c, k, code);
}

enum err console_emoji_list(struct ctx *c, struct console *k)
{
    TRY(site_refresh(c));
    jw_karr(&k->w, STR("emojis"));
    for (int64_t i = 0; i < c->site->emojis.n; i++) {
        jw_obj(&k->w);
        put(c, &k->w, c->site->emojis.rows[i]);
        jw_obj_end(&k->w);
    }
    jw_arr_end(&k->w);
    return OK;
}

static enum err enable(struct ctx *c, struct console *k, bool enabled)
{
    struct str code = { 0 };
    TRY(console_need(c, k, "shortcode", &code));
    TRY(emoji_enable(c, code, enabled));
    return said(c, k, code);
}

enum err console_emoji_enable(struct ctx *c, struct console *k)
{
    return enable(c, k, true);
}

enum err console_emoji_disable(struct ctx *c, struct console *k)
{
    return enable(c, k, false);
}

enum err console_emoji_remove(struct ctx *c, struct console *k)
{
    struct str code = { 0 };
    TRY(console_need(c, k, "shortcode", &code));
    TRY(emoji_remove(c, code));
    jw_kstr(&k->w, STR("shortcode"), code);
    return OK;
}
