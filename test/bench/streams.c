/* SPDX-License-Identifier: Apache-2.0 */
/* Many WebSockets at once: opens one for each token, then publishes and measures, from the first byte of the request to
   the last byte of the message, how long it takes to each of them. One thread, so its own work is in the figures. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define SOCKETS_MAX 16384
#define TOKEN_MAX   128
#define WAIT_MS     20000
#define READ_BYTES  65536

struct client {
    int fd;
    bool is_open;
    int64_t seen; /* messages */
    size_t frame_left;
    unsigned char head[10];
    size_t head_n;
};

static struct client clients[SOCKETS_MAX];
static char tokens[SOCKETS_MAX][TOKEN_MAX];
static double took_ms[SOCKETS_MAX * 64];
static size_t took_n;
static int epoll_fd;
static struct sockaddr_in server;

static double now_ms(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1000 + (double)t.tv_nsec / 1e6;
}

static void stop(const char *what)
{
    (void)fprintf(stderr, "streams: %s: %s\n", what, strerror(errno));
    exit(1);
}

static int dial(void)
{
    int yes = 1;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || connect(fd, (struct sockaddr *)&server, sizeof server) != 0)
        stop("connect");
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    return fd;
}

static void put(int fd, const char *text, size_t n)
{
    if (send(fd, text, n, MSG_NOSIGNAL) != (ssize_t)n)
        stop("send");
}

/* The handshake, whole; what follows the head stays in the socket because it is read byte by byte. */
static void shake(struct client *c, const char *token)
{
    char text[512];
    char head[2048];
    size_t n = 0;
    int length = snprintf(text, sizeof text,
                          "GET /api/v1/streaming?stream=user HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
                          "Connection: Upgrade\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
                          "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: %s\r\n\r\n",
                          token);
    c->fd = dial();
    put(c->fd, text, (size_t)length);
    while (n < sizeof head - 1 && (n < 4 || memcmp(head + n - 4, "\r\n\r\n", 4) != 0)) {
        if (recv(c->fd, head + n, 1, 0) != 1)
            stop("handshake");
        n++;
    }
    head[n] = '\0';
    if (strncmp(head, "HTTP/1.1 101", 12) != 0) {
        (void)fprintf(stderr, "streams: %.200s\n", head);
        exit(1);
    }
    struct epoll_event e = { .events = EPOLLIN, .data.ptr = c };
    if (epoll_ctl(epoll_fd, EPOLL_CTL_ADD, c->fd, &e) != 0)
        stop("epoll");
    c->is_open = true;
}

/* Length of the payload once the head of a frame is whole; SIZE_MAX: not yet. */
static size_t payload_of(const struct client *c)
{
    size_t n = c->head_n < 2 ? 0 : c->head[1] & 127;
    size_t need = n < 126 ? 2 : n == 126 ? 4 : 10;
    if (c->head_n < need || c->head_n < 2)
        return SIZE_MAX;
    if (n < 126)
        return n;
    n = 0;
    for (size_t i = 2; i < need; i++)
        n = n << 8 | c->head[i];
    return n;
}

static void end_of_frame(struct client *c, double began)
{
    static const char pong[] = "\x8a\x80\0\0\0"; /* with an empty mask */
    int opcode = c->head[0] & 15;
    c->head_n = 0;
    if (opcode == 9)
        put(c->fd, pong, 6);
    if (opcode != 1)
        return;
    c->seen++;
    if (began > 0 && took_n < sizeof took_ms / sizeof *took_ms)
        took_ms[took_n++] = now_ms() - began;
}

static void take(struct client *c, double began)
{
    static unsigned char bytes[READ_BYTES];
    ssize_t n = recv(c->fd, bytes, sizeof bytes, MSG_DONTWAIT);
    if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR)) {
        c->is_open = false;
        (void)close(c->fd);
        return;
    }
    for (ssize_t i = 0; i < n;) {
        if (c->frame_left > 0) {
            size_t skip = (size_t)(n - i) < c->frame_left ? (size_t)(n - i) : c->frame_left;
            c->frame_left -= skip;
            i += (ssize_t)skip;
        } else {
            c->head[c->head_n++] = bytes[i++];
            c->frame_left = payload_of(c);
            if (c->frame_left == SIZE_MAX) {
                c->frame_left = 0;
                continue;
            }
        }
        if (c->frame_left == 0)
            end_of_frame(c, began);
    }
}

static void turn(double began, int wait_ms)
{
    struct epoll_event events[512];
    int n = epoll_wait(epoll_fd, events, 512, wait_ms);
    for (int i = 0; i < n; i++)
        take(events[i].data.ptr, began);
}

static void publish(int fd, const char *token, int i)
{
    char body[256];
    char text[1024];
    int n = snprintf(body, sizeof body, "status=round %d: the ferry leaves the harbour when the tide turns", i);
    int all = snprintf(text, sizeof text,
                       "POST /api/v1/statuses HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n"
                       "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%s",
                       token, n, body);
    put(fd, text, (size_t)all);
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static size_t read_tokens(const char *path, size_t max)
{
    size_t n = 0;
    FILE *f = fopen(path, "re");
    if (f == NULL)
        stop(path);
    while (n < max && fgets(tokens[n], TOKEN_MAX, f) != NULL) {
        tokens[n][strcspn(tokens[n], "\n")] = '\0';
        n++;
    }
    (void)fclose(f);
    return n;
}

/* streams PORT TOKENS SOCKETS AUTHOR-TOKEN ROUNDS SECONDS: opens SOCKETS with the tokens in turn, publishes ROUNDS
   times, waits SECONDS before it ends. */
int main(int argc, char **argv)
{
    if (argc != 7)
        return 2;
    struct rlimit files = { SOCKETS_MAX + 64, SOCKETS_MAX + 64 };
    (void)setrlimit(RLIMIT_NOFILE, &files);
    server = (struct sockaddr_in){ .sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(argv[1])) };
    server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    size_t have = read_tokens(argv[2], SOCKETS_MAX);
    size_t n = (size_t)atoi(argv[3]);
    int rounds = atoi(argv[5]);
    double began = now_ms();
    if (have == 0 || n > SOCKETS_MAX)
        return 2;
    for (size_t i = 0; i < n; i++)
        shake(&clients[i], tokens[i % have]);
    double opened_ms = now_ms() - began;
    for (double until = now_ms() + 1000; now_ms() < until;)
        turn(0, 10);
    int author = rounds > 0 ? dial() : -1;
    for (int r = 0; r < rounds; r++) {
        size_t wanted = took_n + n;
        char reply[READ_BYTES];
        began = now_ms();
        publish(author, argv[4], r);
        while (took_n < wanted && now_ms() - began < WAIT_MS)
            turn(began, 100);
        (void)recv(author, reply, sizeof reply, MSG_DONTWAIT);
    }
    for (double until = now_ms() + atof(argv[6]) * 1000; now_ms() < until;)
        turn(0, 100);
    size_t open = 0;
    for (size_t i = 0; i < n; i++)
        open += clients[i].is_open ? 1 : 0;
    qsort(took_ms, took_n, sizeof *took_ms, by_size);
    size_t p99 = took_n * 99 / 100;
    (void)printf("{\"open\":%zu,\"opened_ms\":%.0f,\"expected\":%zu,\"came\":%zu,\"p50_ms\":%.2f,\"p99_ms\":%.2f,\"max_"
                 "ms\":%.2f}\n",
                 open, opened_ms, n * (size_t)rounds, took_n, took_n ? took_ms[took_n / 2] : 0.0,
                 took_n ? took_ms[p99] : 0.0, took_n ? took_ms[took_n - 1] : 0.0);
    (void)fflush(stdout);
    return 0;
}
