/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"

/* One message to a web push service: encrypted for the app's key (RFC 8291, or the draft before it that older apps
   read), signed as ours (RFC 8292), over a connection that never goes to an address of our own networks. Blocks; called
   by jobs only. */
struct webpush_sender {
    struct str key;      /* DER of the private key on P-256 */
    struct str public64; /* its public half, base64url */
    struct str contact;  /* mailto: or https:, for whoever runs the service */
    bool any_address;    /* also http and addresses that are not public: for tests */
    struct webpush_hosts *hosts;
};

struct webpush {
    struct str endpoint;
    struct str p256dh; /* base64url */
    struct str auth;   /* base64url */
    bool standard;     /* aes128gcm; else aesgcm */
    struct str payload;
    struct str topic;
    struct str urgency;
    int64_t ttl_s;
};

#define WEBPUSH_PAYLOAD_MAX 3993 /* bytes that fit into the 4096 that every service takes (RFC 8291 4) */

/* OK: the service has it. ERR_GONE: nobody listens there, or it refuses us: forget the subscription. ERR_INVALID: it
   cannot be encrypted. ERR_UNAVAILABLE: try again later. c->says tells why. */
enum err webpush_send(struct ctx *c, const struct webpush_sender *o, const struct webpush *m) NODISCARD;

/* Services that lately did not answer are not asked for a while, so that one of them holds up nobody else. Runs on:
   any. */
struct webpush_hosts *webpush_hosts_new(void);
void webpush_hosts_free(struct webpush_hosts **h);
