/* SPDX-License-Identifier: Apache-2.0 */
#include "core/email.h"

#include "base/buf.h"
#include "check.h"

static struct arena *arena;

static bool is(struct str in, struct str address, struct str claim)
{
    struct email e = { 0 };
    return email_parse(arena, in, &e) == NAME_FINE && str_eq(e.address, address) && str_eq(e.claim, claim)
           && str_ends(address, e.domain);
}

static bool bad(struct str in)
{
    struct email e = { 0 };
    return email_parse(arena, in, &e) == NAME_BAD_CHARACTERS;
}

static void good_ones(void)
{
    CHECK(is(STR(" Alice@Example.COM\n"), STR("Alice@example.com"), STR("alice@example.com")));
    CHECK(is(STR("a.b+tag@x-y.example"), STR("a.b+tag@x-y.example"), STR("a.b+tag@x-y.example")));
    CHECK(is(STR("me@localhost"), STR("me@localhost"), STR("me@localhost")));
    CHECK(is(STR("a@b\xC3\xBC"
                 "cher.example"),
             STR("a@xn--bcher-kva.example"), STR("a@xn--bcher-kva.example")));
    CHECK(is(STR("a@B\xC3\x9C"
                 "CHER.example"),
             STR("a@xn--bcher-kva.example"), STR("a@xn--bcher-kva.example")));
    CHECK(is(STR("a@\xE4\xBE\x8B\xE3\x81\x88.jp"), STR("a@xn--r8jz45g.jp"), STR("a@xn--r8jz45g.jp")));
    CHECK(is(STR("O'Neil_{x}@a.b2"), STR("O'Neil_{x}@a.b2"), STR("o'neil_{x}@a.b2")));
}

static void bad_ones(void)
{
    static const char *const list[] = {
        "plain",       "@x.example",
        "a@",          "a@b",
        "a@@b.c",      "a@b@c.d",
        "a b@c.d",     ".a@c.d",
        "a.@c.d",      "a..b@c.d",
        "a@.c.d",      "a@c.d.",
        "a@c..d",      "a@-c.d",
        "a@c-.d",      "a@1.2.3.4",
        "a@[1.2.3.4]", "a@c.d>",
        "<a@c.d",      "\"a\"@c.d",
        "a,b@c.d",     "a@c.d\r\nBcc: x@y.z",
        "a@c_d.e",     "f\xC3\xB6@c.d",
        "a@c.\xFF",    "a@c .d",
        "a:b@c.d",     "a@c.d, e@f.g",
        "a@%63.d",     "a@xn--\xC3\xBC.d",
    };
    for (size_t i = 0; i < sizeof list / sizeof list[0]; i++) {
        CHECK(bad(str_c(list[i])));
        if (!bad(str_c(list[i])))
            (void)printf("accepted: %s\n", list[i]);
    }
    CHECK(bad(STR("a\0b@c.d")));
    CHECK(bad(STR("a@c\0.d")));
}

static void limits(void)
{
    struct email e = { 0 };
    struct buf b = buf_on(arena);
    CHECK(email_parse(arena, STR("  "), &e) == NAME_BLANK);
    for (int i = 0; i < EMAIL_LOCAL_MAX; i++)
        buf_putc(&b, 'a');
    struct str local = arena_str(arena, buf_str(&b));
    CHECK(email_parse(arena, arena_strf(arena, STR_FMT "@b.c", STR_ARG(local)), &e) == NAME_FINE);
    CHECK(bad(arena_strf(arena, STR_FMT "a@b.c", STR_ARG(local))));
    CHECK(bad(arena_strf(arena, "x@" STR_FMT ".c", STR_ARG(local)))); /* a label of 64 */
    while (b.n < 100000)
        buf_put(&b, STR("a.@\xC3"));
    CHECK(email_parse(arena, buf_str(&b), &e) == NAME_TOO_LONG);
}

int main(void)
{
    arena = arena_new();
    good_ones();
    bad_ones();
    limits();
    arena_free(&arena);
    return check_done();
}
