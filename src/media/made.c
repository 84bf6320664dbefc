/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>

#include "media/helper.h"

void made_free(struct made *m)
{
    void (*progress)(struct made *, unsigned) = m->progress;
    free(m->bytes);
    free(m->preview);
    *m = (struct made){ .progress = progress };
}

bool made_refuse(struct made *m, const char *why)
{
    (void)snprintf(m->r.problem, sizeof m->r.problem, "%s", why);
    return false;
}
