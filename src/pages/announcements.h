/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "pages/visit.h"

/* What c->me has not dismissed yet, with buttons. */
enum err announcements_put(struct visit *v) NODISCARD;
