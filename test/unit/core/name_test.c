/* SPDX-License-Identifier: Apache-2.0 */
#include "core/name.h"

#include "base/buf.h"
#include "check.h"

static struct arena *arena;

static bool alike(struct str x, struct str y)
{
    return str_eq(name_skeleton(arena, x), name_skeleton(arena, y));
}

static void skeletons(void)
{
    CHECK(alike(STR("adm1n"), STR("admin")));
    CHECK(alike(STR("Adm_in_"), STR("admin")));
    CHECK(alike(STR("adrnin"), STR("admin")));
    CHECK(alike(STR("\xC3\x8Dnes"), STR("ines")));
    CHECK(alike(STR("lnes"), STR("ines")));
    CHECK(alike(STR("0scar"), STR("Oscar")));
    CHECK(alike(STR("\xD0\xB0lice"), STR("alice")));     /* Cyrillic a */
    CHECK(alike(STR("\xD0\x90lice"), STR("alice")));     /* ... capital */
    CHECK(alike(STR("\xEF\xBD\x81lice"), STR("alice"))); /* full width */
    CHECK(alike(STR("VVill"), STR("will")));
    CHECK(alike(STR("a.l-i c\xE2\x80\x8B"
                    "e"),
                STR("alice")));
    CHECK(!alike(STR("alice"), STR("alicia")));
    CHECK(!alike(STR("bob"), STR("rob")));
    CHECK(!alike(STR("anna"), STR("ana")));
    CHECK(name_skeleton(arena, STR("")).n == 0);
    CHECK(name_skeleton(arena, STR("\xFF_")).n == 0);
}

static void user_names(void)
{
    CHECK(name_check(arena, STR("alice")) == NAME_FINE);
    CHECK(name_check(arena, STR("_A1_")) == NAME_FINE);
    CHECK(name_check(arena, STR("x")) == NAME_FINE);
    CHECK(name_check(arena, STR("abcdefghijabcdefghijabcdefghij")) == NAME_FINE);
    CHECK(name_check(arena, STR("abcdefghijabcdefghijabcdefghijk")) == NAME_TOO_LONG);
    CHECK(name_check(arena, STR("")) == NAME_BLANK);
    CHECK(name_check(arena, STR("__")) == NAME_BAD_CHARACTERS);
    CHECK(name_check(arena, STR("a b")) == NAME_BAD_CHARACTERS);
    CHECK(name_check(arena, STR("a.b")) == NAME_BAD_CHARACTERS);
    CHECK(name_check(arena, STR("a\0b")) == NAME_BAD_CHARACTERS);
    CHECK(name_check(arena, STR("in\xC3\xA9s")) == NAME_BAD_CHARACTERS);
    CHECK(name_check(arena, STR("Admin")) == NAME_RESERVED);
    CHECK(name_check(arena, STR("adm1n")) == NAME_RESERVED);
    CHECK(name_check(arena, STR("r00t_")) == NAME_RESERVED);
    CHECK(name_check(arena, STR("rnoderator")) == NAME_RESERVED);
    CHECK(name_check(arena, STR("Home")) == NAME_RESERVED);
    CHECK(name_check(arena, STR("all")) == NAME_RESERVED);
    CHECK(name_check(arena, STR("ali")) == NAME_FINE); /* routes refuse only the very name */
    CHECK(name_check(arena, STR("administrate")) == NAME_FINE);
    CHECK(str_eq(name_canonical(arena, STR("AlIce_9")), STR("alice_9")));
    CHECK(name_fault_text(NAME_RESERVED).n > 0 && name_fault_text(NAME_FINE).n == 0);
}

static void display_names(void)
{
    struct buf b = buf_on(arena);
    CHECK(display_name_check(STR("")) == NAME_FINE);
    CHECK(display_name_check(STR("In\xC3\xA9s \xF0\x9F\x8F\xB3\xEF\xB8\x8F\xE2\x80\x8D\xF0\x9F\x8C\x88 :blobcat:"))
          == NAME_FINE);
    CHECK(display_name_check(STR("\xD7\xA9\xD7\x9C\xD7\x95\xD7\x9D\xE2\x80\x8F")) == NAME_FINE); /* RTL with its mark */
    CHECK(display_name_check(STR("\xF0\x9F\x8F\xB4\xF3\xA0\x81\xA7\xF3\xA0\x81\xA2\xF3\xA0\x81\xBF")) == NAME_FINE);
    CHECK(display_name_check(STR("a\nb")) == NAME_BAD_CHARACTERS);
    CHECK(display_name_check(STR("a\0b")) == NAME_BAD_CHARACTERS);
    CHECK(display_name_check(STR("a\xC2\x9B")) == NAME_BAD_CHARACTERS);
    CHECK(display_name_check(STR("a\xE2\x80\xAE"
                                 "b"))
          == NAME_BAD_CHARACTERS);
    CHECK(display_name_check(STR("a\xE2\x81\xA6"
                                 "b"))
          == NAME_BAD_CHARACTERS);
    CHECK(display_name_check(STR("a\xE2\x80\xA8"
                                 "b"))
          == NAME_BAD_CHARACTERS);
    CHECK(display_name_check(STR("a\xFF")) == NAME_BAD_CHARACTERS);
    for (int i = 0; i < NAME_DISPLAY_MAX; i++)
        buf_put(&b, STR("\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x91\xA7"));
    CHECK(display_name_check(buf_str(&b)) == NAME_FINE);
    buf_putc(&b, 'x');
    CHECK(display_name_check(buf_str(&b)) == NAME_TOO_LONG);
    for (int i = 0; i < 400; i++)
        buf_put(&b, STR("\xCC\x81"));
    CHECK(display_name_check(buf_str(&b)) == NAME_TOO_LONG);
}

int main(void)
{
    arena = arena_new();
    skeletons();
    user_names();
    display_names();
    arena_free(&arena);
    return check_done();
}
