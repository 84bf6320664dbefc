/* SPDX-License-Identifier: Apache-2.0 */
#include "pages/pager.h"

struct page pager_read(const struct visit *v)
{
    struct page p = { .limit = PAGE_ROWS };
    (void)visit_id(v, "max_id", &p.max_id);
    (void)visit_id(v, "min_id", &p.min_id);
    return p;
}

static void put(struct visit *v, struct str path, const char *name, int64_t id, const char *rel, const char *label)
{
    struct hw *w = &v->w;
    size_t at = 0;
    bool more = str_find(path, STR("?"), &at);
    hw_open_class(w, "a", STR("btn"));
    hw_attr(w, "rel", str_c(rel));
    if (id == 0)
        hw_attr(w, "href", path);
    else
        hw_attr(w, "href",
                arena_strf(v->c->arena, STR_FMT "%s%s=%lld", STR_ARG(path), more ? "&" : "?", name, (long long)id));
    hw_text(w, str_c(label));
    hw_close(w, "a");
}

void pager_put(struct visit *v, struct str path, const struct page *p, int64_t n, int64_t first, int64_t last)
{
    struct hw *w = &v->w;
    bool inside = p->max_id != 0 || p->min_id != 0;
    bool older = last != 0 && (n >= p->limit || p->min_id != 0);
    if (!inside && !older)
        return;
    hw_open_class(w, "nav", STR("pager"));
    hw_attr(w, "aria-label", STR("Pages"));
    if (inside && first != 0)
        put(v, path, "min_id", first, "prev", "Newer");
    else if (inside)
        put(v, path, "", 0, "prev", "Newest");
    if (older)
        put(v, path, "max_id", last, "next", "Older");
    hw_close(w, "nav");
}
