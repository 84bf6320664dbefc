/* SPDX-License-Identifier: Apache-2.0 */
#include "courier/translator.h"

#include <jansson.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/jw.h"
#include "base/locks.h"
#include "base/log.h"
#include "base/turns.h"
#include "model/site.h"
#include "net/client.h"

#define KEY_BYTES 16

struct kept {
    unsigned char key[KEY_BYTES];
    char *answer; /* JSON {"said": "en", "texts": [...]}; NULL: none */
    size_t n;
};

struct translator {
    struct lock lock; /* of all below; held for a few instructions */
    int64_t rests_until_ms;
    int64_t languages_ms; /* when they were asked; 0: never */
    char *languages;      /* JSON of translator_languages */
    struct kept kept[TRANSLATOR_KEPT_MAX];
};

static struct turns asking = TURNS(4, 8); /* global: so is the load that the service is given */

static void json_free(json_t **j)
{
    json_decref(*j);
    *j = NULL;
}
#define JSON CLEANUP(json_free) json_t

struct translator *translator_new(void)
{
    struct translator *t = calloc(1, sizeof *t);
    if (t == NULL)
        abort();
    lock_init(&t->lock, LOCK_TRANSLATOR);
    return t;
}

void translator_free(struct translator **t)
{
    if (*t == NULL)
        return;
    for (size_t i = 0; i < TRANSLATOR_KEPT_MAX; i++)
        free((*t)->kept[i].answer);
    free((*t)->languages);
    lock_fini(&(*t)->lock);
    free(*t);
    *t = NULL;
}

bool translator_is_on(const struct ctx *c)
{
    return c->translator != NULL && c->site->translate_url.n > 0;
}

/* --- asking --- */

static enum err unavailable(struct ctx *c)
{
    c->retry_after_s = TRANSLATOR_REST_MS / 1000;
    return fail(c, ERR_UNAVAILABLE, "The translation service does not answer. Try again in a while.");
}

static bool rests(struct ctx *c)
{
    LOCKED(&c->translator->lock);
    return c->translator->rests_until_ms > c->now_ms;
}

static enum err give_up(struct ctx *c, struct str why)
{
    log_warn(c->id, "translation service: " STR_FMT, STR_ARG(why));
    {
        LOCKED(&c->translator->lock);
        c->translator->rests_until_ms = c->now_ms + TRANSLATOR_REST_MS;
    }
    return unavailable(c);
}

/* *out: the answer's JSON, whatever its status says; owned by the caller. */
static enum err call(struct ctx *c, const char *path, struct str body, int *status, json_t **out)
{
    struct http_answer answer = { 0 };
    struct http_call ask = {
        .method = body.p != NULL ? STR("POST") : STR("GET"),
        .url = arena_strf(c->arena, STR_FMT "%s", STR_ARG(c->site->translate_url), path),
        .type = STR("application/json"),
        .body = body,
        .timeout_s = TRANSLATOR_TIMEOUT_S,
        .answer_max = TRANSLATOR_ANSWER_MAX,
    };
    if (rests(c))
        return unavailable(c);
    if (!turns_take(&asking))
        return unavailable(c);
    enum err e = http_client_call(c, &ask, &answer);
    turns_give(&asking);
    if (e != OK)
        return give_up(c, c->says);
    *status = answer.status;
    *out = json_loadb(answer.body.p == NULL ? "" : answer.body.p, answer.body.n, 0, NULL);
    if (answer.status != 200 && answer.status != 400)
        return give_up(c, arena_strf(c->arena, "it answered %d", answer.status));
    return OK;
}

static struct str text_of(struct arena *a, const json_t *j)
{
    struct str s = { json_string_value(j), json_string_length(j) };
    return s.p == NULL ? STR("") : arena_str(a, s);
}

/* --- languages --- */

static void put_language(struct ctx *c, struct jw *w, const json_t *language)
{
    const json_t *targets = json_object_get(language, "targets");
    struct str code = text_of(c->arena, json_object_get(language, "code"));
    if (code.n == 0 || code.n > 16 || !str_is_utf8(code))
        return;
    jw_karr(w, code);
    for (size_t i = 0; i < json_array_size(targets) && i < TRANSLATOR_LANGUAGES_MAX; i++) {
        struct str target = text_of(c->arena, json_array_get(targets, i));
        if (target.n > 0 && !str_eq(target, code))
            jw_str(w, target);
    }
    jw_arr_end(w);
}

static bool is_plain(const json_t *language)
{
    const char *p = json_string_value(json_object_get(language, "code"));
    for (; p != NULL && *p != '\0'; p++)
        if (*p < '-' || *p > 'z' || *p == '\\')
            return false;
    return p != NULL;
}

static enum err ask_languages(struct ctx *c, struct str *json)
{
    JSON *list = NULL;
    struct jw w = jw_on(c->arena);
    int status = 0;
    TRY(call(c, "/languages", (struct str){ 0 }, &status, &list));
    if (status != 200 || !json_is_array(list))
        return give_up(c, STR("its list of languages cannot be read"));
    jw_obj(&w);
    for (size_t i = 0; i < json_array_size(list) && i < TRANSLATOR_LANGUAGES_MAX; i++)
        if (is_plain(json_array_get(list, i)))
            put_language(c, &w, json_array_get(list, i));
    jw_obj_end(&w);
    *json = jw_end(&w);
    return OK;
}

static bool languages_kept(struct ctx *c, struct str *json)
{
    struct translator *t = c->translator;
    LOCKED(&t->lock);
    if (t->languages == NULL || t->languages_ms + TRANSLATOR_LANGUAGES_MS < c->now_ms)
        return false;
    *json = arena_str(c->arena, str_c(t->languages));
    return true;
}

static void keep_languages(struct ctx *c, struct str json)
{
    struct translator *t = c->translator;
    char *copy = strndup(json.p, json.n);
    if (copy == NULL)
        abort();
    LOCKED(&t->lock);
    free(t->languages);
    t->languages = copy;
    t->languages_ms = c->now_ms;
}

enum err translator_languages(struct ctx *c, struct str *json)
{
    *json = STR("{}");
    if (!translator_is_on(c) || languages_kept(c, json))
        return OK;
    TRY(ask_languages(c, json));
    keep_languages(c, *json);
    return OK;
}

/* A source that is not known may be anything that leads to the target. */
static enum err check_pair(struct ctx *c, struct str source, struct str target)
{
    struct str json = { 0 };
    bool found = false;
    TRY(translator_languages(c, &json));
    JSON *all = json_loadb(json.p, json.n, 0, NULL);
    const char *code = NULL;
    json_t *targets = NULL;
    json_object_foreach(all, code, targets)
    {
        if (source.n > 0 && !str_eq(source, str_c(code)))
            continue;
        for (size_t i = 0; i < json_array_size(targets) && !found; i++)
            found = str_eq(target, str_c(json_string_value(json_array_get(targets, i))));
    }
    return found ? OK : fail(c, ERR_FORBIDDEN, "This action is not allowed");
}

/* --- what it said before --- */

static void key_of(struct str source, struct str target, const struct str *texts, int64_t n, unsigned char *key)
{
    crypto_generichash_state h;
    (void)crypto_generichash_init(&h, NULL, 0, KEY_BYTES);
    (void)crypto_generichash_update(&h, (const unsigned char *)source.p, source.n);
    (void)crypto_generichash_update(&h, (const unsigned char *)">", 1);
    (void)crypto_generichash_update(&h, (const unsigned char *)target.p, target.n);
    for (int64_t i = 0; i < n; i++) {
        (void)crypto_generichash_update(&h, (const unsigned char *)&texts[i].n, sizeof texts[i].n);
        (void)crypto_generichash_update(&h, (const unsigned char *)texts[i].p, texts[i].n);
    }
    (void)crypto_generichash_final(&h, key, KEY_BYTES);
}

static struct kept *place_of(struct translator *t, const unsigned char *key)
{
    return &t->kept[((size_t)key[0] | (size_t)key[1] << 8) % TRANSLATOR_KEPT_MAX];
}

static bool find_kept(struct ctx *c, const unsigned char *key, struct str *answer)
{
    LOCKED(&c->translator->lock);
    const struct kept *k = place_of(c->translator, key);
    if (k->answer == NULL || memcmp(k->key, key, KEY_BYTES) != 0)
        return false;
    *answer = arena_str(c->arena, (struct str){ k->answer, k->n });
    return true;
}

static void keep(struct ctx *c, const unsigned char *key, struct str answer)
{
    if (answer.n > TRANSLATOR_KEPT_BYTES_MAX)
        return;
    char *copy = strndup(answer.p, answer.n);
    if (copy == NULL)
        abort();
    LOCKED(&c->translator->lock);
    struct kept *k = place_of(c->translator, key);
    free(k->answer);
    *k = (struct kept){ .answer = copy, .n = answer.n };
    memcpy(k->key, key, KEY_BYTES);
}

/* --- translating --- */

static struct str body_of(struct ctx *c, struct str source, struct str target, const struct str *texts, int64_t n)
{
    struct jw w = jw_on(c->arena);
    jw_obj(&w);
    jw_karr(&w, STR("q"));
    for (int64_t i = 0; i < n; i++)
        if (texts[i].n > 0)
            jw_str(&w, texts[i]);
    jw_arr_end(&w);
    jw_kstr(&w, STR("source"), source.n > 0 ? source : STR("auto"));
    jw_kstr(&w, STR("target"), target);
    jw_kstr(&w, STR("format"), STR("text"));
    if (c->site->translate_key.n > 0)
        jw_kstr(&w, STR("api_key"), c->site->translate_key);
    jw_obj_end(&w);
    return jw_end(&w);
}

/* detectedLanguage is an object, or one a text. */
static struct str detected(struct ctx *c, const json_t *answer, struct str source)
{
    const json_t *d = json_object_get(answer, "detectedLanguage");
    if (json_is_array(d))
        d = json_array_get(d, 0);
    struct str said = text_of(c->arena, json_object_get(d, "language"));
    return said.n > 0 ? said : source;
}

static enum err ask(struct ctx *c, struct str source, struct str body, struct str *out)
{
    JSON *answer = NULL;
    struct jw w = jw_on(c->arena);
    int status = 0;
    TRY(call(c, "/translate", body, &status, &answer));
    if (status == 400)
        return fail(c, ERR_FORBIDDEN, "This action is not allowed"); /* a language that it listed and does not take */
    const json_t *texts = json_object_get(answer, "translatedText");
    if (!json_is_array(texts))
        return give_up(c, STR("its translation cannot be read"));
    jw_obj(&w);
    jw_kstr(&w, STR("said"), detected(c, answer, source));
    jw_karr(&w, STR("texts"));
    for (size_t i = 0; i < json_array_size(texts); i++)
        jw_str(&w, text_of(c->arena, json_array_get(texts, i)));
    jw_arr_end(&w);
    jw_obj_end(&w);
    *out = jw_end(&w);
    return OK;
}

/* Empty texts were not asked. False: it gave another number of texts than it was asked. */
static bool read_answer(struct ctx *c, struct str json, const struct str *texts, int64_t n, struct str *out,
                        struct str *said)
{
    JSON *answer = json_loadb(json.p, json.n, 0, NULL);
    const json_t *list = json_object_get(answer, "texts");
    size_t at = 0;
    for (int64_t i = 0; i < n; i++)
        out[i] = texts[i].n == 0 ? STR("") : text_of(c->arena, json_array_get(list, at++));
    *said = text_of(c->arena, json_object_get(answer, "said"));
    return at == json_array_size(list);
}

enum err translator_translate(struct ctx *c, struct str source, struct str target, const struct str *texts, int64_t n,
                              struct str *out, struct str *said)
{
    unsigned char key[KEY_BYTES];
    struct str answer = { 0 };
    size_t bytes = 0;
    if (!translator_is_on(c))
        return fail(c, ERR_NOT_FOUND, "Not Found");
    for (int64_t i = 0; i < n; i++)
        bytes += texts[i].n;
    if (bytes > TRANSLATOR_ASK_MAX || n > TRANSLATOR_TEXTS_MAX)
        return fail(c, ERR_TOO_LARGE, "This is too long to be translated");
    TRY(check_pair(c, source, target));
    key_of(source, target, texts, n, key);
    bool known = find_kept(c, key, &answer);
    if (!known)
        TRY(ask(c, source, body_of(c, source, target, texts, n), &answer));
    if (!read_answer(c, answer, texts, n, out, said))
        return give_up(c, STR("it gave another number of texts than it was asked"));
    if (!known)
        keep(c, key, answer);
    return OK;
}
