/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"

/* A translation service that speaks LibreTranslate's protocol (POST /translate, GET /languages;
   https://docs.libretranslate.com), if the operator names one (translate_url). Its address is the operator's own choice
   and may be private; redirects are not followed. A few ask at a time, a few wait, the rest is sent away. After a
   failure it is left alone for a while. What it said is kept in memory, by what was asked, so an edited parley is asked
   anew: at most TRANSLATOR_KEPT_MAX answers of TRANSLATOR_KEPT_BYTES_MAX. Runs on: worker; no transaction may be open.
 */
#define TRANSLATOR_TIMEOUT_S      15
#define TRANSLATOR_ANSWER_MAX     (256 * 1024) /* bytes of an answer */
#define TRANSLATOR_ASK_MAX        (64 * 1024)  /* bytes of all texts */
#define TRANSLATOR_TEXTS_MAX      32
#define TRANSLATOR_REST_MS        INT64_C(30000)   /* after a failure */
#define TRANSLATOR_LANGUAGES_MS   INT64_C(3600000) /* the list of languages is asked anew after it */
#define TRANSLATOR_LANGUAGES_MAX  200
#define TRANSLATOR_KEPT_MAX       1024
#define TRANSLATOR_KEPT_BYTES_MAX (16 * 1024)
#define TRANSLATOR_NAME           "LibreTranslate"

struct translator;
struct translator *translator_new(void);
void translator_free(struct translator **t);

bool translator_is_on(const struct ctx *c);
/* ERR_NOT_FOUND: none is configured. ERR_FORBIDDEN: not between these languages. ERR_TOO_LARGE. ERR_UNAVAILABLE: it
   does not answer, with c->retry_after_s. source empty: it finds out itself; *said is what it took it for. */
enum err translator_translate(struct ctx *c, struct str source, struct str target, const struct str *texts, int64_t n,
                              struct str *out, struct str *said) NODISCARD;
/* JSON {"de": ["en", ...], ...}: from which languages into which; {} when none is configured. */
enum err translator_languages(struct ctx *c, struct str *json) NODISCARD;
