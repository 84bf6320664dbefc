/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "core/attachment.h"
#include "pages/view.h"
#include "pages/visit.h"

/* Attachments on pages: shown in a parley, and chosen, described and taken away in the form that writes one. */

/* Pictures in a grid, video and sound with controls, each with its words. */
void attach_put(struct visit *v, const struct view *p);

struct attach_fields {
    struct media *v[ATTACHMENTS_MAX];
    int64_t n;
    bool again; /* the files were to be looked at, or one was pointed at: the form is shown again, nothing published */
};
/* Inside a form that may upload (form_open_upload) and goes to `action`. */
void attach_fields_put(struct visit *v, const struct attach_fields *f, struct str action);
/* What the form sent: files are taken at once (so that a form that is refused for another reason keeps them), words and
   what to leave out are noted. `has` is what the parley has already. */
enum err attach_fields_sent(struct visit *v, struct attach_fields *f) NODISCARD;
enum err attach_fields_of(struct visit *v, const struct status *s, struct attach_fields *f) NODISCARD;
void attach_fields_draft(struct visit *v, const struct attach_fields *f, struct status_draft *d);
