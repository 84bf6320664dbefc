/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "pages/visit.h"

/* What stands around every page: head, navigation, header, the banner of the server's mode, side cards. */
struct sheet {
    struct str title;   /* of the window */
    struct str heading; /* of the page; empty: the title */
    struct str sub;     /* small beside the heading */
    const char *nav;    /* which item of the navigation this is; NULL: none */
    bool index;         /* search engines may list it */
    bool alone;         /* no side cards: forms, error pages */
    /* what others see of it when it is shared; empty: left out */
    struct str path; /* canonical, on this server */
    struct str description;
    struct str image; /* absolute */
    struct str image_words;
    struct str og_type;
    struct str atom; /* path of the feed of this page */
    bool embeds;     /* other sites may quote it: path says where it is */
    struct str ld;   /* JSON-LD */
};
/* Everything up to the inside of <main>. */
void layout_begin(struct visit *v, const struct sheet *s);
/* Closes what layout_begin opened and makes the answer: 200 unless a status is set. */
enum err layout_end(struct visit *v, const struct sheet *s);
/* Headers that every page carries: what may run (nothing from elsewhere, no script but v->script), what is told to
 * others, caching.
 */
void layout_headers(struct visit *v);

/* <svg> of a name in the sprite that layout_begin puts on the page. */
void layout_icon(struct hw *w, const char *name);
/* Text for those who do not see the icon beside it, screen readers and text browsers. */
void layout_unseen(struct hw *w, struct str text);
/* One of a row of links to sister pages (nav.tabs). */
void layout_tab(struct visit *v, struct str path, const char *label, bool here);
/* A link that looks like a button: "btn", "btn p" (the main one). */
void layout_button(struct visit *v, const char *class_name, struct str href, struct str label);
/* A notice box; `kind`: "good", "bad", "info". */
void layout_note(struct visit *v, const char *kind, struct str text);
/* Centred words where a list is empty. */
void layout_empty(struct visit *v, struct str head, struct str text);
