/* SPDX-License-Identifier: Apache-2.0 */
#include "net/listen.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define BACKLOG 4096 /* the kernel lowers it to net.core.somaxconn */

static enum err split(struct ctx *c, struct str where, struct str *host, struct str *port)
{
    size_t colon = where.n;
    int64_t number = 0;
    while (colon > 0 && where.p[colon - 1] != ':')
        colon--;
    if (colon == 0)
        return fail(c, ERR_INVALID, "\"" STR_FMT "\" is not an address and port, like 127.0.0.1:8380", STR_ARG(where));
    *port = str_skip(where, colon);
    *host = str_head(where, colon - 1);
    if (host->n >= 2 && host->p[0] == '[' && host->p[host->n - 1] == ']')
        *host = str_head(str_skip(*host, 1), host->n - 2);
    if (!str_to_i64(*port, &number) || number < 0 || number > 65535)
        return fail(c, ERR_INVALID, "\"" STR_FMT "\" is not a port (0 to 65535)", STR_ARG(*port));
    return OK;
}

static int socket_for(const struct addrinfo *i)
{
    int on = 1;
    int off = 0;
    int fd = socket(i->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on); /* accepted sockets inherit it */
    if (i->ai_family == AF_INET6)
        (void)setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
    if (bind(fd, i->ai_addr, i->ai_addrlen) == 0 && listen(fd, BACKLOG) == 0)
        return fd;
    int why = errno;
    (void)close(fd);
    errno = why;
    return -1;
}

static int port_of(int fd)
{
    struct sockaddr_storage s = { 0 };
    socklen_t n = sizeof s;
    struct sockaddr_in in;
    struct sockaddr_in6 in6;
    if (getsockname(fd, (struct sockaddr *)&s, &n) != 0)
        return 0;
    memcpy(&in, &s, sizeof in);
    memcpy(&in6, &s, sizeof in6);
    return s.ss_family == AF_INET6 ? ntohs(in6.sin6_port) : ntohs(in.sin_port);
}

/* With no host both families are tried, IPv6 first: its socket serves IPv4 too. */
enum err listen_tcp(struct ctx *c, struct str where, int *fd, int *port)
{
    struct str host = { 0 };
    struct str service = { 0 };
    struct addrinfo *found = NULL;
    TRY(split(c, where, &host, &service));
    const char *name = host.n == 0 ? "::" : arena_cstr(c->arena, host);
    struct addrinfo hints = { .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE };
    int bad = getaddrinfo(name, arena_cstr(c->arena, service), &hints, &found);
    if (bad != 0)
        return fail(c, ERR_INVALID, "cannot listen on \"" STR_FMT "\": %s", STR_ARG(where), gai_strerror(bad));
    *fd = -1;
    int why = 0;
    for (const struct addrinfo *i = found; i != NULL && *fd < 0; i = i->ai_next) {
        *fd = socket_for(i);
        why = *fd < 0 ? errno : 0;
    }
    freeaddrinfo(found);
    if (*fd < 0 && host.n == 0 && (why == EAFNOSUPPORT || why == EADDRNOTAVAIL))
        return listen_tcp(c, arena_strf(c->arena, "0.0.0.0:" STR_FMT, STR_ARG(service)), fd, port);
    if (*fd < 0)
        return fail(c, ERR_CONFLICT, "cannot listen on \"" STR_FMT "\": %s%s", STR_ARG(where), strerror(why),
                    why == EADDRINUSE
                        ? ". Stop what listens there, or listen on another port: --set listen=127.0.0.1:8381"
                        : "");
    *port = port_of(*fd);
    return OK;
}

static bool is_answered(const struct sockaddr_un *where)
{
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return false;
    bool answered = connect(fd, (const struct sockaddr *)where, sizeof *where) == 0;
    (void)close(fd);
    return answered;
}

/* Nobody can connect between bind and chmod, because it does not listen yet. */
static int bind_private(const struct sockaddr_un *where)
{
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    if (bind(fd, (const struct sockaddr *)where, sizeof *where) == 0 && chmod(where->sun_path, 0600) == 0
        && listen(fd, BACKLOG) == 0)
        return fd;
    int why = errno;
    (void)close(fd);
    errno = why;
    return -1;
}

enum err listen_unix(struct ctx *c, struct str path, int *fd)
{
    struct sockaddr_un where = { .sun_family = AF_UNIX };
    struct stat st;
    if (path.n >= sizeof where.sun_path)
        return fail(c, ERR_INVALID, "the socket path \"" STR_FMT "\" is longer than %zu bytes", STR_ARG(path),
                    sizeof where.sun_path - 1);
    memcpy(where.sun_path, path.p, path.n);
    if (lstat(where.sun_path, &st) == 0) {
        if (!S_ISSOCK(st.st_mode))
            return fail(c, ERR_CONFLICT, "\"" STR_FMT "\" is there and no socket", STR_ARG(path));
        if (is_answered(&where))
            return fail(c, ERR_CONFLICT, "another server answers on \"" STR_FMT "\"", STR_ARG(path));
        (void)unlink(where.sun_path);
    }
    *fd = bind_private(&where);
    if (*fd < 0)
        return fail(c, ERR_CONFLICT, "cannot listen on \"" STR_FMT "\": %s", STR_ARG(path), strerror(errno));
    return OK;
}
