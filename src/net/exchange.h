/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <microhttpd.h>

#include "net/body_file.h"
#include "net/conn.h"
#include "net/http.h"
#include "net/params.h"

#define NET_TARGET_MAX ((size_t)8192) /* bytes of a request's target; beyond: 414 */
/* Bytes of a refused body that are read and dropped after its answer, for as long as a body may be silent: most clients
   read no answer before all is written, and what is left unread when a connection closes resets it. */
#define NET_SWALLOW_MAX ((size_t)128 * 1024 * 1024)
#define NET_RATE_MIN    INT64_C(8192) /* bytes a second that extend the deadline of a body or an answer */
/* What goes to a file holds one of few places: it must come at this rate in every idle_timeout_s, to its end. */
#define NET_FILE_RATE_MIN INT64_C(32768)
/* Of the memory for bodies the last quarter is for small ones: whoever writes a few words finds room. */
#define NET_BODY_SMALL ((size_t)64 * 1024)
/* Bytes that give a body in memory more time by having come. Beyond, it must keep NET_RATE_MIN in every idle_timeout_s:
   what came fast at first would otherwise keep its memory for an hour. */
#define NET_BODY_PATIENT ((size_t)1024 * 1024)
#define NET_FREE_MAX     64 /* exchanges a loop keeps for reuse */

/* One request and its answer: from the request line until libmicrohttpd reports it completed. It passes from the
   loop's thread to one worker and back; whoever runs it owns it whole. Reused with its arena. */
enum exchange_state { EXCHANGE_HEAD, EXCHANGE_BODY, EXCHANGE_WORKING, EXCHANGE_ANSWERED };

struct exchange {
    struct exchange *next; /* in the loop's free list or the workers' queue */
    struct net_server *server;
    struct loop *loop;
    struct conn *conn;
    struct MHD_Connection *mhd;
    struct arena *arena;
    _Atomic enum exchange_state state; /* ANSWERED hands the exchange back: stored with release, read with acquire */
    bool is_running;                   /* counted in loop->running */
    bool must_close;
    bool is_answered; /* while its body comes; what still comes is dropped */
    bool is_asking;   /* whether its body may come */
    bool has_said;    /* why it is refused: res is the answer */
    int refusal;      /* the status to refuse it with; 0: none */
    struct http_req req;
    struct http_res res;
    struct params params;
    char *body; /* malloc'ed, grows to at most body_max */
    size_t body_n;
    size_t body_cap;
    size_t body_max;
    bool to_file; /* the body goes there and not to memory */
    struct body_file file;
    size_t body_seen; /* bytes that came, kept or not */
    int64_t body_from_ms;
    size_t paced_n; /* of body_seen, when it was looked last whether it came fast enough */
    int64_t paced_ms;
    int64_t whole_us; /* when the request was whole, monotonic; 0: it is not */
    int64_t waited_us;
    bool from_memory;
};

/* All but exchange_run: Runs on: loop. */
struct exchange *exchange_new(struct conn *k, struct MHD_Connection *m, struct str target);
void exchange_free(struct exchange **x); /* for good, with its arena */
void exchange_done(struct exchange *x);  /* back to the loop's free list */

/* The head is whole. */
enum MHD_Result exchange_head(struct exchange *x, struct str method);
/* The connection ends before libmicrohttpd said what became of the head, which was more than it had room for: answers
   431 in its stead, and is done. */
void exchange_unheard(struct exchange *x);
/* A worker was asked whether the body may come. */
enum MHD_Result exchange_asked(struct exchange *x);
enum MHD_Result exchange_more(struct exchange *x, const char *data, size_t n);
enum MHD_Result exchange_whole(struct exchange *x);
/* Decodes the body and runs the handler; before the body, asks whether it may come. Runs on: worker `w`. */
void exchange_run(struct exchange *x, int w);

/* Queues the answer, or the refusal if there is one. (net/reply.c) */
enum MHD_Result exchange_reply(struct exchange *x);
/* Sends the refusal while the body comes, once, and nothing after it: libmicrohttpd takes no answer before the end. */
void exchange_refuse_early(struct exchange *x);
void exchange_told(struct exchange *x); /* that the answer is whole */
void exchange_drop(struct exchange *x); /* a handover that is not going to happen */
