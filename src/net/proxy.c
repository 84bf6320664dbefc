/* SPDX-License-Identifier: Apache-2.0 */
#include "net/proxy.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <netinet/in.h>
#include <sys/socket.h>

static const uint8_t mapped_prefix[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };

bool net_addr_is_v4(const struct net_addr *a)
{
    return memcmp(a->b, mapped_prefix, sizeof mapped_prefix) == 0;
}

bool net_addr_of(const struct sockaddr *s, struct net_addr *out)
{
    if (s == NULL)
        return false;
    if (s->sa_family == AF_INET) {
        struct sockaddr_in in;
        memcpy(&in, s, sizeof in);
        memcpy(out->b, mapped_prefix, sizeof mapped_prefix);
        memcpy(out->b + 12, &in.sin_addr, 4);
        return true;
    }
    if (s->sa_family == AF_INET6) {
        struct sockaddr_in6 in;
        memcpy(&in, s, sizeof in);
        memcpy(out->b, &in.sin6_addr, 16);
        return true;
    }
    return false;
}

static bool parse_plain(struct str s, struct net_addr *out)
{
    char text[INET6_ADDRSTRLEN];
    if (s.n == 0 || s.n >= sizeof text || memchr(s.p, '\0', s.n) != NULL)
        return false;
    memcpy(text, s.p, s.n);
    text[s.n] = '\0';
    if (inet_pton(AF_INET6, text, out->b) == 1)
        return true;
    memcpy(out->b, mapped_prefix, sizeof mapped_prefix);
    return inet_pton(AF_INET, text, out->b + 12) == 1;
}

bool net_addr_parse(struct str s, struct net_addr *out)
{
    struct str inner = { 0 };
    s = str_trim(s);
    if (str_starts(s, STR("["))) {
        struct str rest = str_skip(s, 1);
        return str_cut(&rest, ']', &inner) && parse_plain(inner, out);
    }
    if (parse_plain(s, out))
        return true;
    struct str rest = s;
    return str_cut(&rest, ':', &inner) && rest.p != NULL && memchr(rest.p, ':', rest.n) == NULL
           && parse_plain(inner, out);
}

size_t net_addr_text(const struct net_addr *a, char *out, size_t room)
{
    const char *text = net_addr_is_v4(a) ? inet_ntop(AF_INET, a->b + 12, out, (socklen_t)room)
                                         : inet_ntop(AF_INET6, a->b, out, (socklen_t)room);
    return text == NULL ? 0 : strlen(text);
}

/* unreserved, sub-delims and percent-encoded bytes: what a name may be made of */
static bool is_reg_name(struct str s)
{
    static const char other[] = "-._~!$&'()*+,;=";
    for (size_t i = 0; i < s.n; i++) {
        char ch = s.p[i];
        if (ch == '%') {
            if (i + 2 >= s.n || !isxdigit((unsigned char)s.p[i + 1]) || !isxdigit((unsigned char)s.p[i + 2]))
                return false;
            i += 2;
        } else if (!isascii(ch) || !(isalnum(ch) || (ch != '\0' && strchr(other, ch) != NULL))) {
            return false;
        }
    }
    return s.n > 0;
}

bool net_is_host_port(struct str s)
{
    struct str rest = s;
    struct str host = { 0 };
    int64_t port = 0;
    if (str_starts(s, STR("["))) {
        struct net_addr a;
        rest = str_skip(s, 1);
        if (!str_cut(&rest, ']', &host) || rest.p == NULL || !parse_plain(host, &a)
            || memchr(host.p, ':', host.n) == NULL)
            return false;
        if (rest.n > 0 && rest.p[0] != ':')
            return false;
        rest = str_skip(rest, 1);
    } else if (!str_cut(&rest, ':', &host) || !is_reg_name(host)) {
        return false;
    }
    return rest.n == 0 || (rest.p[0] != '-' && str_to_i64(rest, &port) && port <= UINT16_MAX);
}

static bool is_within(const struct net_addr *a, const uint8_t *net, int prefix)
{
    size_t whole = (size_t)prefix / 8;
    int rest = prefix % 8;
    if (memcmp(a->b, net, whole) != 0)
        return false;
    if (rest == 0)
        return true;
    return (a->b[whole] ^ net[whole]) >> (8 - rest) == 0;
}

struct net_addr net_addr_party(const struct net_addr *a)
{
    struct net_addr party = *a;
    if (!net_addr_is_v4(a))
        memset(party.b + 8, 0, 8);
    return party;
}

bool net_addr_is_in(const struct net_ranges *r, const struct net_addr *a)
{
    for (size_t i = 0; i < r->n; i++)
        if (is_within(a, r->v[i].addr.b, r->v[i].prefix))
            return true;
    return false;
}

static bool is_special_v4(const uint8_t *b)
{
    static const struct {
        uint8_t net[4];
        int prefix;
    } ranges[] = {
        { { 0, 0, 0, 0 }, 8 },      { { 10, 0, 0, 0 }, 8 },     { { 100, 64, 0, 0 }, 10 }, { { 127, 0, 0, 0 }, 8 },
        { { 169, 254, 0, 0 }, 16 }, { { 172, 16, 0, 0 }, 12 },  { { 192, 0, 0, 0 }, 24 },  { { 192, 0, 2, 0 }, 24 },
        { { 192, 88, 99, 0 }, 24 }, { { 192, 168, 0, 0 }, 16 }, { { 198, 18, 0, 0 }, 15 }, { { 198, 51, 100, 0 }, 24 },
        { { 203, 0, 113, 0 }, 24 }, { { 224, 0, 0, 0 }, 4 },    { { 240, 0, 0, 0 }, 4 },
    };
    uint32_t addr = (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
        const uint8_t *n = ranges[i].net;
        uint32_t net = (uint32_t)n[0] << 24 | (uint32_t)n[1] << 16 | (uint32_t)n[2] << 8 | n[3];
        if ((addr ^ net) >> (32 - ranges[i].prefix) == 0)
            return true;
    }
    return false;
}

bool net_addr_is_special(const struct net_addr *a)
{
    static const uint8_t nat64[12] = { 0x00, 0x64, 0xff, 0x9b };
    if (net_addr_is_v4(a))
        return is_special_v4(a->b + 12);
    if (memcmp(a->b, nat64, sizeof nat64) == 0)
        return is_special_v4(a->b + 12);
    if (a->b[0] == 0x20 && a->b[1] == 0x02) /* 6to4 */
        return is_special_v4(a->b + 2);
    if ((a->b[0] & 0xe0) != 0x20) /* all that is global unicast is in 2000::/3 */
        return true;
    /* 2001::/23 protocol assignments (Teredo among them), 2001:db8::/32 documentation */
    return a->b[0] == 0x20 && a->b[1] == 0x01 && ((a->b[2] & 0xfe) == 0x00 || (a->b[2] == 0x0d && a->b[3] == 0xb8));
}

static bool parse_range(struct str s, struct net_range *out)
{
    struct str addr = { 0 };
    struct str rest = s;
    int64_t bits = 0;
    if (!str_cut(&rest, '/', &addr) || !parse_plain(str_trim(addr), &out->addr))
        return false;
    bool is_v4 = memchr(addr.p, ':', addr.n) == NULL;
    if (rest.p == NULL) {
        out->prefix = 128;
        return true;
    }
    if (!str_to_i64(str_trim(rest), &bits) || bits < 0 || bits > (is_v4 ? 32 : 128))
        return false;
    out->prefix = (int)bits + (is_v4 ? 96 : 0);
    return true;
}

bool net_ranges_parse(struct arena *a, struct str list, struct net_ranges *out, struct str *bad)
{
    struct str rest = list;
    struct str part = { 0 };
    size_t n = 1;
    for (size_t i = 0; i < list.n; i++)
        n += list.p[i] == ',' ? 1U : 0U;
    *out = (struct net_ranges){ .v = ARENA_ARRAY(a, n, struct net_range) };
    while (str_cut(&rest, ',', &part)) {
        part = str_trim(part);
        if (part.n == 0)
            continue;
        if (!parse_range(part, &out->v[out->n])) {
            *bad = part;
            return false;
        }
        out->n++;
    }
    return true;
}

struct str net_forwarded_for(struct arena *a, const struct net_ranges *trusted, struct str list, struct str peer)
{
    struct net_addr addr;
    char text[INET6_ADDRSTRLEN];
    struct str best = peer;
    size_t end = list.n;
    while (end > 0) {
        size_t from = end;
        while (from > 0 && list.p[from - 1] != ',')
            from--;
        if (!net_addr_parse((struct str){ list.p + from, end - from }, &addr))
            return best;
        best = arena_str(a, (struct str){ text, net_addr_text(&addr, text, sizeof text) });
        if (!net_addr_is_in(trusted, &addr))
            return best;
        end = from > 0 ? from - 1 : 0;
    }
    return best;
}
