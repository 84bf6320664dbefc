/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "model/poll.h"
#include "pages/view.h"
#include "pages/visit.h"

/* Polls without script. */

/* In a parley: the form for whoever may vote now (may_act: forms may stand here), else the result. Nothing when there
   is none. */
void poll_put(struct visit *v, const struct view *p, bool may_act);
/* The options that a former version had. */
void poll_put_former(struct visit *v, struct str titles);

/* What stands in the fields of the form for writing. */
struct poll_fields {
    struct str options[POLL_OPTIONS_MAX]; /* as typed; "": left empty */
    int64_t expires_s;                    /* 0, in an edit: as it is */
    bool multiple;
    bool hide_totals;
    bool is_edit; /* of a parley that has one */
};
struct poll_fields poll_fields_of(struct visit *v, const struct poll *p); /* NULL: none yet */
struct poll_fields poll_fields_sent(const struct visit *v);
struct poll_draft poll_fields_draft(struct visit *v, const struct poll_fields *f);
void poll_fields_put(struct visit *v, const struct poll_fields *f);
