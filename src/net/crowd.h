/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/attr.h"
#include "net/proxy.h"

/* How many connections each address has open, as net_addr_party counts them. Memory: an entry for every address that is
   connected. Runs on: any. */
struct crowd;

struct crowd *crowd_new(int max); /* 0: no limit */
void crowd_free(struct crowd **c);
bool crowd_has_room(struct crowd *c, const struct net_addr *a);
void crowd_enter(struct crowd *c, const struct net_addr *a);
void crowd_leave(struct crowd *c, const struct net_addr *a); /* once for every crowd_enter */
