/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

struct sockaddr;

/* An address as 16 bytes, IPv4 mapped into IPv6 (RFC 4291 2.5.5.2). */
struct net_addr {
    uint8_t b[16];
};

struct net_range {
    struct net_addr addr;
    int prefix; /* bits, 0..128 */
};

struct net_ranges {
    struct net_range *v;
    size_t n;
};

bool net_addr_is_v4(const struct net_addr *a);
bool net_addr_of(const struct sockaddr *s, struct net_addr *out); /* false: neither IPv4 nor IPv6 */
/* 192.0.2.1, 2001:db8::1, also with a port as proxies write it: 192.0.2.1:80, [2001:db8::1]:80, [2001:db8::1]. */
bool net_addr_parse(struct str s, struct net_addr *out);
size_t net_addr_text(const struct net_addr *a, char *out,
                     size_t room); /* returns the length; room >= INET6_ADDRSTRLEN */
/* Whom an address counts for: IPv4 whole, IPv6 by its first 64 bits, which is what one customer gets (RFC 6177, RFC
   7934): counting single addresses would limit nobody. */
struct net_addr net_addr_party(const struct net_addr *a);
bool net_addr_is_in(const struct net_ranges *r, const struct net_addr *a);
/* Loopback, private, link-local, multicast, documentation, shared and reserved ranges (RFC 6890), also inside 6to4 and
   NAT64 addresses: where a request that a stranger caused must not go. */
bool net_addr_is_special(const struct net_addr *a);

/* host[:port] as in a Host header: a name, IPv4 or [IPv6] (RFC 3986 3.2.2), and a port from 0 to 65535 or none. */
bool net_is_host_port(struct str s);

/* Comma-separated addresses and CIDR. False: *bad is the entry that cannot be read. */
bool net_ranges_parse(struct arena *a, struct str list, struct net_ranges *out, struct str *bad);

/* The client behind trusted proxies: the right-most address of the X-Forwarded-For list that is not itself trusted, the
   left-most when all are, `peer` when the list ends in something unreadable. Only for requests from a trusted peer. */
struct str net_forwarded_for(struct arena *a, const struct net_ranges *trusted, struct str list, struct str peer);
