/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>

#include "core/email.h"
#include "core/lang.h"
#include "core/words.h"

/* Names, addresses, search queries of any bytes: never a crash; what is accepted keeps its promises. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_email(struct arena *a, struct str in)
{
    struct email e = { 0 };
    struct email again = { 0 };
    if (email_parse(a, in, &e) != NAME_FINE)
        return;
    for (size_t i = 0; i < e.address.n; i++)
        assert(e.address.p[i] > ' ' && e.address.p[i] < 0x7F && e.address.p[i] != '<' && e.address.p[i] != ',');
    assert(email_parse(a, e.claim, &again) == NAME_FINE && str_eq(again.claim, e.claim));
}

/* Words and signs of ours only, quotes in pairs. */
static void check_query(struct str q, char quote, const char *signs)
{
    bool quoted = false;
    assert(str_is_utf8(q));
    for (size_t i = 0; i < q.n; i++) {
        if (q.p[i] == quote)
            quoted = !quoted;
        else if (quoted)
            assert(q.p[i] != '\\' && q.p[i] != '"' && q.p[i] != '\'');
        else
            assert(strchr(signs, q.p[i]) != NULL);
    }
    assert(!quoted);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str in = { (const char *)data, size };
    struct arena *a = arena_new();
    check_email(a, in);
    if (name_check(a, in) == NAME_FINE)
        assert(name_skeleton(a, in).n > 0 && str_eq(name_skeleton(a, in), name_skeleton(a, name_canonical(a, in))));
    else
        (void)name_skeleton(a, in);
    if (display_name_check(in) == NAME_FINE)
        assert(str_is_utf8(in));
    if (lang_is_valid(in))
        assert(in.n >= 2 && in.n <= 11);
    struct str code = lang_canonical(a, in);
    assert(code.p == NULL || lang_is_valid(code));
    check_query(search_fts5_query(a, in), '"', "() ANDOT");
    check_query(search_tsquery(a, in), '\'', "() <->&!");
    assert(str_is_utf8(search_index_text(a, in)));
    arena_free(&a);
    return 0;
}
