/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <stdbool.h>

#include "base/buf.h"

/* HTML writer: every text and attribute value is escaped, elements must close in the order they opened, attributes
   stand only in an open tag and once each; cannot make invalid markup. Names of elements and attributes are ours
   (asserted to be plain lower-case names); values may be anything: invalid UTF-8 and control characters are written as
   U+FFFD. On an arena; one thread.

       struct hw w = hw_on(c->arena);
       hw_open(&w, "p");
       hw_attr(&w, "class", STR("note"));
       hw_text(&w, name);
       hw_void(&w, "br");
       hw_link(&w, url, STR("more"));
       hw_close(&w, "p");
       return hw_end(&w); */
#define HW_DEPTH_MAX 64

struct hw {
    struct buf b;
    int depth;
    bool xml;        /* Atom and the like: any name may be empty, and empty elements end in "/>" */
    bool in_tag;     /* '<name' is written, '>' is not: attributes may follow */
    bool is_void;    /* ... and that tag has no content */
    size_t tag_from; /* where that tag begins in b */
    const char *stack[HW_DEPTH_MAX];
};

struct hw hw_on(struct arena *a);
struct hw hw_xml_on(struct arena *a);         /* names may hold capitals and ':'; no element is special */
void hw_doctype(struct hw *w);                /* first, or not at all; the XML declaration when on hw_xml_on */
void hw_open(struct hw *w, const char *tag);  /* tag must outlive the writer: give a literal */
void hw_close(struct hw *w, const char *tag); /* asserts that tag is the innermost open one */
void hw_void(struct hw *w, const char *tag);  /* br, img, input, ...; attributes may follow */

/* Only right after hw_open or hw_void. Where the value is an address (href, src, action, ...) it is written as "#"
   unless hw_url_ok. Names that hold script (on...) and srcdoc are refused by assert. */
void hw_attr(struct hw *w, const char *name, struct str value);
void hw_attr_i64(struct hw *w, const char *name, int64_t value);
void hw_flag(struct hw *w, const char *name, bool on); /* checked, disabled, ...: written only if on */

void hw_text(struct hw *w, struct str s); /* not inside script and style: asserted; use hw_raw there */
void hw_i64(struct hw *w, int64_t v);
void hw_raw(struct hw *w, struct str html); /* trusted and balanced: text_to_html, another writer's hw_end */
struct str hw_end(struct hw *w);            /* asserts that all is closed */

/* a whole element in one */
void hw_el(struct hw *w, const char *tag, struct str text);
void hw_el_class(struct hw *w, const char *tag, struct str class_name, struct str text);
void hw_open_class(struct hw *w, const char *tag, struct str class_name);
void hw_link(struct hw *w, struct str href, struct str text);

/* Appends s escaped for text and for double-quoted attribute values alike. */
void hw_escape(struct buf *b, struct str s);
/* Relative, or of scheme http, https, mailto or otpauth; without control characters or a leading space (browsers would
   drop them and find another scheme behind). */
bool hw_url_ok(struct str url);
