/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "core/text.h"

/* Plain text and its entities as the HTML that clients know: <p>, <br>, <span> and <a> only, with the classes mention,
   hashtag, h-card, u-url, invisible and ellipsis. A blank line parts paragraphs, a line end is <br>, white space at
   both ends goes; "" stays "". Made when a reply is rendered: nothing stored holds an address of this site. Any thread.
 */
struct text_links {
    struct str base_url;             /* of this site, without a slash at its end: "https://parley.example" */
    const struct str *mention_hrefs; /* parallel to entities->mentions: account url, or empty where nobody was found */
    size_t mention_hrefs_n;          /* those beyond count as empty */
    bool is_profile;                 /* links of a bio or a field say rel="me" */
};

struct str text_to_html(struct arena *a, struct str text, const struct text_entities *e,
                        const struct text_links *links);
/* The same without <p> and <br>, for one line as in a profile field. */
struct str text_line_to_html(struct arena *a, struct str text, const struct text_entities *e,
                             const struct text_links *links);
/* BASE/tags/KEY, percent-encoded: also what tags[].url must say, for clients compare the two. */
struct str text_tag_url(struct arena *a, struct str base_url, struct str key);
