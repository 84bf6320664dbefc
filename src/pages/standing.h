/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "pages/view.h"
#include "pages/visit.h"

/* For moderators, on the page of a member or a parley: how they stand, by whom and until when, and the form that
   changes it; or why this moderator may not. Nothing for anybody else. `parley` NULL: the member. */
enum err standing_box(struct visit *v, const struct account *who, const struct status *parley, bool open) NODISCARD;
