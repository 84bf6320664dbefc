/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "model/media.h"
#include "pages/visit.h"

/* What stays in sight of a picture where its preview is cut. Without a script: the picture in the form is a button, and
   the browser says where it was hit; who has no pointer says it in per cent. */

/* Inside a form that goes to `action`. */
void focus_put(struct visit *v, const struct media *m, struct str action);
/* What the form said, into *m. *pointed: the picture was hit, so the form is to be shown again. ERR_INVALID. */
enum err focus_sent(struct visit *v, struct media *m, bool *pointed) NODISCARD;
/* "x,y" as core/attachment.h takes it. */
struct str focus_text(struct visit *v, const struct media *m);
/* In tenths from the left and from the top, as classes, since pages have no inline style. */
struct str focus_class(struct visit *v, const struct media *m);
