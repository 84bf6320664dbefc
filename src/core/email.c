/* SPDX-License-Identifier: Apache-2.0 */
#include "core/email.h"

#include <idn2.h>

#include "core/uni.h"

static bool is_alnum(char ch)
{
    return (ch >= '0' && ch <= '9') || ((ch | 0x20) >= 'a' && (ch | 0x20) <= 'z');
}

/* atext of RFC 5322, 3.2.3, in parts between single dots */
static bool email_local_ok(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '.') {
            if (i == 0 || i + 1 == s.n || s.p[i - 1] == '.')
                return false;
        } else if (!is_alnum(s.p[i]) && (s.p[i] == '\0' || strchr("!#$%&'*+-/=?^_`{|}~", s.p[i]) == NULL)) {
            return false;
        }
    }
    return s.n > 0 && s.n <= EMAIL_LOCAL_MAX;
}

static bool label_ok(struct str s, bool top)
{
    bool has_letter = false;
    for (size_t i = 0; i < s.n; i++) {
        if (!is_alnum(s.p[i]) && s.p[i] != '-')
            return false;
        has_letter = has_letter || s.p[i] > '9';
    }
    return s.n > 0 && s.n <= 63 && s.p[0] != '-' && s.p[s.n - 1] != '-' && (has_letter || !top);
}

static bool domain_ok(struct str domain)
{
    struct str part = { NULL, 0 };
    size_t labels = 0;
    if (domain.n > 253)
        return false;
    for (struct str rest = domain; str_cut(&rest, '.', &part); labels++)
        if (!label_ok(part, rest.p == NULL))
            return false;
    return labels > 1 || str_eq(domain, STR("localhost"));
}

bool domain_parse(struct arena *a, struct str in, struct str *out)
{
    char *ascii = NULL;
    if (in.n == 0 || in.n > EMAIL_MAX || !str_is_utf8(in))
        return false;
    const char *folded = arena_cstr(a, uni_fold(a, in));
    if (idn2_to_ascii_8z(folded, &ascii, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL) != IDN2_OK)
        return false;
    *out = name_canonical(a, str_c(ascii));
    idn2_free(ascii);
    return domain_ok(*out);
}

enum name_fault email_parse(struct arena *a, struct str in, struct email *out)
{
    size_t at = 0;
    in = str_trim(in);
    if (in.n == 0)
        return NAME_BLANK;
    if (in.n > EMAIL_MAX)
        return NAME_TOO_LONG;
    if (!str_find(in, STR("@"), &at) || !email_local_ok(str_head(in, at))
        || !domain_parse(a, str_skip(in, at + 1), &out->domain))
        return NAME_BAD_CHARACTERS;
    out->address = arena_strf(a, STR_FMT "@" STR_FMT, STR_ARG(str_head(in, at)), STR_ARG(out->domain));
    out->claim = name_canonical(a, out->address);
    return out->address.n > EMAIL_MAX ? NAME_TOO_LONG : NAME_FINE;
}
