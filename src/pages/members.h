/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "model/account.h"
#include "pages/visit.h"

/* Members as moderators see them. */
void moderation_tabs(struct visit *v, const char *at); /* "open", "closed", "requests", "people", "trends" */
/* One of them, with role, standing and whether they are in. */
enum err members_put_one(struct visit *v, const struct account *a) NODISCARD;
/* The form that gives them another role; nothing for who may not. */
void members_put_role(struct visit *v, const struct account *a);
