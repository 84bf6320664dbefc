/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"
#include "model/scope.h"

/* The names of OAuth scopes and the bits that they grant: one table. A wider name grants the bits of the narrower ones
   ("read" everything read:*, and profile, which read:accounts contains too). Runs on: any. */
#define SCOPE_TEXT_MAX 2000 /* bytes of a list of scopes */

/* Names separated by white space or '+'. False when one is unknown. "" grants nothing. */
bool scope_parse(struct str text, uint64_t *bits);
/* The same names once each, separated by single spaces, in the order asked. */
struct str scope_tidy(struct arena *a, struct str text);
static inline bool scope_covers(uint64_t have, uint64_t want)
{
    return (have & want) == want;
}

/* For the metadata and the consent page. */
size_t scope_count(void);
struct str scope_name(size_t i);
/* What a name means, as a phrase after "This app may ..."; empty for the narrow ones that a wide one explains. */
struct str scope_phrase(struct str name);
