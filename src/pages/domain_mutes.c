/* SPDX-License-Identifier: Apache-2.0 */
#include "core/domain_mute.h"
#include "pages/form.h"
#include "pages/layout.h"
#include "pages/pager.h"
#include "pages/routes.h"

/* Servers of which the member does not want to hear. */
#define HERE "/domain_blocks"

static enum err show(struct visit *v)
{
    struct hw *w = &v->w;
    const struct sheet s = { .title = STR("Muted servers"), .sub = STR("Only you see them"), .nav = "more" };
    struct page p = pager_read(v);
    struct domain_row *rows = NULL;
    struct str says = v->c->says;
    int64_t n = 0;
    TRY(domain_mute_list(v->c, &p, &rows, &n));
    v->c->says = says;
    layout_begin(v, &s);
    for (int64_t i = 0; i < n; i++) {
        form_open(v, STR(HERE "/remove"), STR("person row"));
        hw_el(w, "b", rows[i].domain);
        form_button(v, STR("btn"), "domain", rows[i].domain, STR("Unmute"));
        form_close(v);
    }
    if (n == 0)
        layout_empty(v, STR("None"), STR("What people of a muted server write and do is hidden from you."));
    pager_put(v, STR(HERE), &p, n, n > 0 ? rows[0].id : 0, n > 0 ? rows[n - 1].id : 0);
    form_open(v, STR(HERE), STR("sheet"));
    form_refused(v);
    form_field(v, &(struct field){ .name = "domain",
                                   .label = "Mute another one",
                                   .hint = STR("Its name, such as harbour.example. Nobody is told."),
                                   .value = v->q->method == HTTP_POST ? visit_param(v, "domain") : STR(""),
                                   .inputmode = "url",
                                   .required = true });
    form_submit(v, STR("Mute"));
    form_close(v);
    return layout_end(v, &s);
}

enum err page_domain_mutes(struct visit *v)
{
    return show(v);
}

enum err page_domain_mutes_send(struct visit *v)
{
    bool is_new = false;
    enum err e = domain_mute_add(v->c, visit_param(v, "domain"), &is_new);
    if (form_takes(v, e))
        return show(v);
    TRY(e);
    return visit_go(v, STR(HERE "?said=muted"));
}

enum err page_domain_mute_remove(struct visit *v)
{
    TRY(domain_mute_remove(v->c, visit_param(v, "domain")));
    return visit_go(v, STR(HERE));
}
