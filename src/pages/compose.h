/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "pages/view.h"
#include "pages/visit.h"

/* Writing without script. */
void compose_box(struct visit *v); /* a short form above the home timeline */
/* Below the parley that a page is about. `back`: where it leads; empty: to the answer. */
void compose_answer(struct visit *v, const struct view *to, struct str back);
/* Two fields, "answerable" and "quotable": who may answer and who may quote, in the words of the wire. */
void compose_policies(struct visit *v, struct str answers, struct str quotes);
/* After "delete and write anew": what was deleted in a new form. */
enum err compose_again(struct visit *v, const struct status *was, const struct poll *poll) NODISCARD;
