/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "model/account.h"

/* Who acts for the site: a moderator, or the operator at the command line, who is nobody and does not come from the
   network. Any thread. */
bool staff_is_operator(const struct ctx *c);
bool staff_acts(const struct ctx *c);         /* the operator, or a moderator who is active and not frozen */
enum err staff_only(struct ctx *c) NODISCARD; /* ERR_FORBIDDEN */
/* Nobody acts on themselves or on somebody of their own role or a higher one; the operator on everybody. The words say
   which of it. */
enum err staff_above(struct ctx *c, const struct account *subject) NODISCARD; /* ERR_FORBIDDEN */
struct str staff_name(const struct ctx *c);                                   /* "@anna", "the operator": for the log */

struct str role_word(enum role r); /* "moderator" */
bool role_parse(struct str word, enum role *out);
/* Whether c->me may give this role to somebody: admins make moderators, the owner admins, too, and another owner. */
bool staff_may_give(const struct ctx *c, enum role role);
/* There is one owner: a new one takes the place of the former, who becomes admin. Logged. ERR_FORBIDDEN: see
   staff_above and staff_may_give; ERR_INVALID: the owner's own role, or somebody who cannot come in. */
enum err staff_set_role(struct ctx *c, struct account *a, enum role role) NODISCARD;
