/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/arena.h"
#include "base/str.h"

/* Which names members may take: user names and display names. Rules only: whether a name is taken, the store
   knows (claims of canonical name and skeleton). Any thread; results live in the arena. */
#define NAME_USER_MAX          30  /* bytes = characters */
#define NAME_DISPLAY_MAX       30  /* graphemes */
#define NAME_DISPLAY_BYTES_MAX 800 /* thirty emoji of the longest kind */

enum name_fault {
    NAME_FINE,
    NAME_BLANK,
    NAME_TOO_LONG,
    NAME_BAD_CHARACTERS,
    NAME_RESERVED,
};
/* For people: "is reserved" and the like, to stand behind the field's name; "" for NAME_FINE. */
struct str name_fault_text(enum name_fault f);

/* A local user name: [A-Za-z0-9_]{1,30}, at least one letter or digit, neither reserved nor look-alike of an office. */
enum name_fault name_check(struct arena *a, struct str name);
struct str name_canonical(struct arena *a, struct str name); /* ASCII lower case: how names are stored and compared */
/* What the name looks like: adm1n and Admin, rnike and m_ike, Ínes and lnes, 0scar and oscar share one skeleton. Two
   members may not have the same. i, l and 1 are one sign, so that "ali" also keeps "all" from being taken: the price of
   it. */
struct str name_skeleton(struct arena *a, struct str name);

/* Trims nothing; blank is fine (the user name is shown instead). Refuses invalid UTF-8, controls, line ends and the
   signs that turn writing direction for what follows (U+202A..E, U+2066..9), which let a name rewrite the line it
   stands in. */
enum name_fault display_name_check(struct str s);
