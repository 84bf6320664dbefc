/* SPDX-License-Identifier: Apache-2.0 */
#include "core/marker.h"

#include "core/visible.h"
#include "model/account.h"
#include "store/marker.h"
#include "store/tx.h"

static void date(const struct ctx *c, struct marker m[MARKERS])
{
    for (int i = 0; i < MARKERS; i++)
        if (m[i].updated_ms == 0)
            m[i].updated_ms = c->me->created_ms;
}

enum err marker_list(struct ctx *c, struct marker out[MARKERS])
{
    TRY(store_marker_load(c, c->me->id, out));
    date(c, out);
    return OK;
}

enum err marker_set(struct ctx *c, const struct marker_wish wish[MARKERS], struct marker out[MARKERS])
{
    TX tx = { 0 };
    TRY(tx_begin(c, &tx));
    for (int i = 0; i < MARKERS; i++)
        if (wish[i].is_set)
            TRY(store_marker_set(c, c->me->id, (enum marker_timeline)i, wish[i].last_read_id));
    TRY(store_marker_load(c, c->me->id, out));
    TRY(tx_commit(&tx));
    date(c, out);
    return OK;
}
