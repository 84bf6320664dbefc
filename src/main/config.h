/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "model/site.h"

/* The technical configuration: one INI file (inih) and PARLEY_* variables, every key in one table (main/config.c) with
   type, default, unit and one sentence. Read once at start; what the community decides is a setting instead
   (core/site.h). Order, later wins: default, file, environment, command line. */
struct config {
    struct str data;
    struct str listen;
    struct str tls_listen;
    struct str tls_certificate;
    struct str tls_key;
    bool tls_redirect;
    int64_t tls_hsts_days;
    int64_t tls_handshakes_max;
    int64_t tls_handshake_timeout_s;
    struct str acme_webroot;
    struct str domain;
    struct str base_url;
    struct str database;      /* as given: "sqlite" or a postgres:// URI */
    struct str database_from; /* where it was set, for whoever has to correct it */
    bool database_partitioned;
    bool testing;
    struct str log_level;
    int64_t loops;
    int64_t workers;
    int64_t writers;
    int64_t queue_max;
    int64_t connections_max;
    int64_t connections_per_address_max;
    int64_t idle_timeout_s;
    int64_t streams_max;
    int64_t streams_per_account_max;
    int64_t stream_buffer_kib;
    struct str trusted_proxies;
    int64_t feed_memory_mib;
    int64_t feed_tail_days;
    int64_t feed_save_s;
    int64_t cohort_max;
    int64_t disk_floor_mib;
    int64_t read_cache_kib;
    struct str mail_transport;
    struct str mail_from;
    struct str smtp_host;
    int64_t smtp_port;
    struct str smtp_tls;
    struct str smtp_user;
    struct str smtp_password;
    int64_t status_chars_max;
    int64_t sessions_max;
    int64_t passkeys_max;
    int64_t follows_max;
    int64_t deletion_days;
    int64_t drain_s;
    struct str media_helper;
    int64_t media_image_mib;
    int64_t media_video_mib;
    int64_t media_quota_mib;
    int64_t media_cache_mib;
    int64_t upload_memory_mib;
    int64_t import_mib;
    struct str s3_endpoint;
    struct str s3_bucket;
    struct str s3_region;
    struct str s3_access_key;
    struct str s3_secret_key;
    struct str translate_url;
    struct str translate_key;
    struct str metrics_from;
    struct str metrics_token;
    int64_t slow_request_ms;
    bool access_log;
};

/* What the command line said: NAME=VALUE pairs. */
struct config_override {
    struct str name;
    struct str value;
};

/* Reads everything. `file` p == NULL: <data>/parley.ini if it is there. ERR_INVALID with key, value, what is allowed
   and where it was set, a line for all that is wrong. */
enum err config_load(struct ctx *c, struct str file, const struct config_override *over, size_t n,
                     struct config *out) NODISCARD;

/* Names of PARLEY_* variables that set no key, with commas: misspelt, most likely. */
struct str config_strays(struct arena *a) NODISCARD;

/* The table, for `parley config`. `value` as text and where it was set. */
struct config_key {
    const char *name;
    const char *type; /* "text", "secret", "integer", "yes or no", or the words that are allowed */
    const char *standard;
    const char *unit; /* "" when it has none */
    const char *about;
    int64_t min, max;
};
size_t config_key_count(void);
const struct config_key *config_key_at(size_t i);
struct config_origin {
    struct str value;
    struct str from; /* "default", "environment PARLEY_X", "data/parley.ini:12", "command line" */
};
enum err config_origins(struct ctx *c, struct str file, const struct config_override *over, size_t n,
                        struct config_origin **out) NODISCARD;
