/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <stdbool.h>

#include "base/buf.h"

/* JSON writer: puts commas itself, escapes strings, asserts on nesting that does not close; cannot make invalid JSON.
   Invalid UTF-8 in a string is written as U+FFFD. On an arena; one thread. */
#define JW_DEPTH_MAX 16

struct jw {
    struct buf b;
    int depth;
    bool first[JW_DEPTH_MAX]; /* nothing was written at this depth yet */
    bool keyed;               /* a key waits for its value */
    bool in_script;           /* < > & are written as \u003c ...: the text stands inside an HTML script element */
};

struct jw jw_on(struct arena *a);
struct jw jw_script_on(struct arena *a); /* for JSON-LD: safe inside <script> */
void jw_obj(struct jw *w);
void jw_obj_end(struct jw *w);
void jw_arr(struct jw *w);
void jw_arr_end(struct jw *w);
void jw_key(struct jw *w, struct str key); /* keys are ours: plain ASCII, not escaped */
void jw_str(struct jw *w, struct str v);   /* p == NULL writes "" */
void jw_i64(struct jw *w, int64_t v);
void jw_id(struct jw *w, int64_t id); /* "123"; 0 writes null */
void jw_bool(struct jw *w, bool v);
void jw_null(struct jw *w);
void jw_raw(struct jw *w, struct str json); /* a value that is JSON already */
void jw_time(struct jw *w, int64_t ms);     /* "2026-08-01T13:53:08.123Z"; 0 writes null */
struct str jw_end(struct jw *w);            /* asserts that all is closed */

/* key and value in one */
void jw_kstr(struct jw *w, struct str key, struct str v);
void jw_knull_str(struct jw *w, struct str key, struct str v); /* p == NULL writes null */
void jw_ki64(struct jw *w, struct str key, int64_t v);
void jw_kid(struct jw *w, struct str key, int64_t id);
void jw_kbool(struct jw *w, struct str key, bool v);
void jw_knull(struct jw *w, struct str key);
void jw_kraw(struct jw *w, struct str key, struct str json);
void jw_ktime(struct jw *w, struct str key, int64_t ms);
void jw_kobj(struct jw *w, struct str key);
void jw_karr(struct jw *w, struct str key);
