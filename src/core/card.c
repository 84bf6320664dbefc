/* SPDX-License-Identifier: Apache-2.0 */
#include "core/card.h"

#include <jansson.h>
#include <sodium.h>

#include "base/clock.h"
#include "base/jw.h"
#include "core/account.h"
#include "core/address.h"
#include "core/card_picture.h"
#include "core/text.h"
#include "model/site.h"
#include "store/card.h"
#include "store/job.h"
#include "store/tx.h"

int64_t card_id(struct str url)
{
    int64_t id = 0;
    (void)crypto_generichash((unsigned char *)&id, sizeof id, (const unsigned char *)url.p, url.n, NULL, 0);
    return (id & INT64_MAX) | 1;
}

struct str card_link(struct arena *a, struct str text)
{
    struct text_entities e = { 0 };
    text_scan(a, text, &e);
    return text_first_url(&e);
}

static void put_authors(struct jw *w, const struct card *card)
{
    jw_karr(w, STR("authors"));
    if (card->author.n > 0 || card->author_url.n > 0) {
        jw_obj(w);
        jw_kstr(w, STR("name"), card->author);
        jw_kstr(w, STR("url"), card->author_url);
        jw_knull(w, STR("account"));
        jw_obj_end(w);
    }
    jw_arr_end(w);
}

static void put_picture(struct ctx *c, struct jw *w, const struct card *card)
{
    const struct card_picture *p = &card->picture;
    struct str at = p->hash.n > 0 ? address_card_picture(c, p->hash) : (struct str){ 0 };
    jw_ki64(w, STR("width"), at.n > 0 ? p->width : 0);
    jw_ki64(w, STR("height"), at.n > 0 ? p->height : 0);
    jw_knull_str(w, STR("image"), at);
    jw_kstr(w, STR("image_description"), at.n > 0 ? p->description : STR(""));
    jw_kstr(w, STR("embed_url"), card->is_photo && at.n > 0 ? at : STR(""));
    jw_knull_str(w, STR("blurhash"), at.n > 0 && p->blurhash.n > 0 ? p->blurhash : (struct str){ 0 });
}

struct str card_json(struct ctx *c, const struct card *card)
{
    struct jw w = jw_on(c->arena);
    if (card->title.n == 0)
        return (struct str){ 0 };
    jw_obj(&w);
    jw_kstr(&w, STR("url"), card->url);
    jw_kstr(&w, STR("title"), card->title);
    jw_kstr(&w, STR("description"), card->description);
    jw_knull_str(&w, STR("language"), card->language.n == 2 ? card->language : (struct str){ 0 });
    jw_kstr(&w, STR("type"), card->is_photo && card->picture.hash.n > 0 ? STR("photo") : STR("link"));
    jw_kstr(&w, STR("author_name"), card->author);
    jw_kstr(&w, STR("author_url"), card->author_url);
    jw_kstr(&w, STR("provider_name"), card->provider);
    jw_kstr(&w, STR("provider_url"), card->provider_url);
    jw_kstr(&w, STR("html"), STR(""));
    put_picture(c, &w, card);
    jw_ktime(&w, STR("published_at"), card->published_ms);
    put_authors(&w, card);
    jw_obj_end(&w);
    return jw_end(&w);
}

/* --- the row's text --- */

static struct str pack(struct arena *a, const struct card *card)
{
    struct jw w = jw_on(a);
    const struct card_picture *p = &card->picture;
    if (card->title.n == 0)
        return STR("");
    jw_obj(&w);
    jw_kstr(&w, STR("url"), card->url);
    jw_kstr(&w, STR("title"), card->title);
    jw_kstr(&w, STR("description"), card->description);
    jw_kstr(&w, STR("language"), card->language);
    jw_kstr(&w, STR("provider_name"), card->provider);
    jw_kstr(&w, STR("provider_url"), card->provider_url);
    jw_kstr(&w, STR("author_name"), card->author);
    jw_kstr(&w, STR("author_url"), card->author_url);
    jw_ki64(&w, STR("published_ms"), card->published_ms);
    jw_kbool(&w, STR("is_photo"), card->is_photo);
    if (p->hash.n > 0) {
        jw_kstr(&w, STR("picture"), p->hash);
        jw_ki64(&w, STR("width"), p->width);
        jw_ki64(&w, STR("height"), p->height);
        jw_kstr(&w, STR("blurhash"), p->blurhash);
        jw_kstr(&w, STR("picture_description"), p->description);
    }
    jw_obj_end(&w);
    return jw_end(&w);
}

static struct str text_at(struct arena *a, const json_t *o, const char *key)
{
    const json_t *j = json_object_get(o, key);
    return arena_str(a, (struct str){ json_string_value(j), json_string_length(j) });
}

static int64_t number_at(const json_t *o, const char *key)
{
    return json_integer_value(json_object_get(o, key));
}

void card_read(struct ctx *c, struct str json, struct card *out)
{
    struct arena *a = c->arena;
    json_t *o = json_loadb(json.p == NULL ? "" : json.p, json.n, 0, NULL);
    struct str hash = text_at(a, o, "picture");
    bool is_here = hash.n > 0 && card_picture_is_here(c, hash);
    *out = (struct card){
        .url = text_at(a, o, "url"),
        .title = text_at(a, o, "title"),
        .description = text_at(a, o, "description"),
        .provider = text_at(a, o, "provider_name"),
        .provider_url = text_at(a, o, "provider_url"),
        .author = text_at(a, o, "author_name"),
        .author_url = text_at(a, o, "author_url"),
        .language = text_at(a, o, "language"),
        .published_ms = number_at(o, "published_ms"),
        .is_photo = json_is_true(json_object_get(o, "is_photo")),
        .picture = { .left = hash.n > 0 && !is_here },
    };
    if (is_here)
        out->picture = (struct card_picture){
            .hash = hash,
            .blurhash = text_at(a, o, "blurhash"),
            .description = text_at(a, o, "picture_description"),
            .width = number_at(o, "width"),
            .height = number_at(o, "height"),
        };
    json_decref(o);
}

enum err card_is_due(struct ctx *c, struct str url, bool *due)
{
    struct card_row *row = NULL;
    struct card card = { 0 };
    int64_t id = card_id(url);
    TRY(store_card_load(c, &id, 1, &row));
    if (row != NULL)
        card_read(c, row->json, &card);
    int64_t age = card.title.n > 0 ? CARD_AGE_MS : CARD_RETRY_MS;
    *due = row == NULL || card.picture.left || row->fetched_ms + age <= c->now_ms;
    return OK;
}

enum err card_want(struct ctx *c, const struct status *s)
{
    struct str url = { 0 };
    if ((s->parts & PART_LINK) == 0 || s->visibility == VIS_DIRECT || !c->site->link_cards)
        return OK;
    url = card_link(c->arena, s->text);
    return url.p == NULL ? OK : store_job_add(c, JOB_CARD_FETCH, card_id(url), url, c->now_ms);
}

enum err card_find(struct ctx *c, struct str text, struct card *out)
{
    struct str url = card_link(c->arena, text);
    struct card_row *row = NULL;
    int64_t id = url.p == NULL ? 0 : card_id(url);
    *out = (struct card){ 0 };
    if (id != 0)
        TRY(store_card_load(c, &id, 1, &row));
    if (row != NULL)
        card_read(c, row->json, out);
    return OK;
}

static enum err store(struct ctx *c, const struct card_row *row, struct str *picture_was)
{
    TX tx = { 0 };
    struct card_row *was = NULL;
    TRY(tx_begin_derived(c, &tx));
    TRY(store_card_load(c, &row->id, 1, &was));
    *picture_was = was == NULL ? (struct str){ 0 } : was->picture;
    TRY(store_card_put(c, row));
    if (row->picture.n > 0 && !card_picture_is_here(c, row->picture))
        return fail(c, ERR_AGAIN, "The card's picture was removed meanwhile");
    return tx_commit(&tx);
}

enum err card_keep(struct ctx *c, struct str url, const struct card *card)
{
    struct str was = { 0 };
    const struct card_row row = {
        .id = card_id(url),
        .url = url,
        .json = pack(c->arena, card),
        .fetched_ms = c->now_ms,
        .picture = card->picture.hash,
    };
    TRY(store(c, &row, &was));
    return was.n == 0 || str_eq(was, row.picture) ? OK : card_picture_remove(c, was);
}

/* "news.example" lets itself and what is below it. */
static bool lets(struct ctx *c, const struct account *a, struct str host)
{
    const struct str *names = NULL;
    struct str name = { 0 };
    int64_t n = tag_list(c->arena, a->attribution_domains, &names);
    (void)str_cut(&host, ':', &name);
    for (int64_t i = 0; i < n; i++) {
        struct str below = arena_strf(c->arena, "." STR_FMT, STR_ARG(names[i]));
        if (str_eq_nocase(name, names[i])
            || (name.n > below.n && str_eq_nocase(str_skip(name, name.n - below.n), below)))
            return true;
    }
    return false;
}

enum err card_credit(struct ctx *c, struct str host, struct str creator, struct card *card)
{
    struct account *a = NULL;
    if (creator.n == 0 || card->title.n == 0)
        return OK;
    enum err e = account_lookup(c, creator, &a);
    if (e == ERR_NOT_FOUND) {
        c->says = (struct str){ 0 };
        return OK;
    }
    TRY(e);
    if (!lets(c, a, host))
        return OK;
    card->author = a->display_name.n > 0 ? a->display_name : a->username;
    card->author_url = address_account(c, a->username);
    return OK;
}
