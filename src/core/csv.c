/* SPDX-License-Identifier: Apache-2.0 */
#include "core/csv.h"

#include "base/buf.h"

static bool ends_line(struct str s)
{
    return s.n == 0 || s.p[0] == '\n' || s.p[0] == '\r';
}

static void skip_line_end(struct str *s)
{
    *s = str_skip(*s, str_starts(*s, STR("\r\n")) ? 2 : 1);
}

/* Behind the opening quote. */
static struct str quoted(struct arena *a, struct str *rest)
{
    struct buf b = buf_on(a);
    while (rest->n > 0) {
        bool is_quote = rest->p[0] == '"';
        if (is_quote && !str_starts(*rest, STR("\"\""))) {
            *rest = str_skip(*rest, 1);
            break;
        }
        buf_putc(&b, rest->p[0]);
        *rest = str_skip(*rest, is_quote ? 2 : 1);
    }
    return buf_str(&b);
}

static struct str plain(struct str *rest)
{
    size_t n = 0;
    while (n < rest->n && rest->p[n] != ',' && rest->p[n] != '\n' && rest->p[n] != '\r')
        n++;
    struct str cell = str_head(*rest, n);
    *rest = str_skip(*rest, n);
    return cell;
}

static struct str cell_of(struct arena *a, struct str *rest)
{
    if (!str_starts(*rest, STR("\"")))
        return str_trim(plain(rest));
    *rest = str_skip(*rest, 1);
    struct str cell = quoted(a, rest);
    (void)plain(rest); /* what stands between the closing quote and the comma is nothing */
    return cell;
}

bool csv_next(struct arena *a, struct str *rest, struct csv_row *out)
{
    if (str_starts(*rest, STR("\xEF\xBB\xBF")))
        *rest = str_skip(*rest, 3);
    while (rest->n > 0 && ends_line(*rest))
        skip_line_end(rest);
    *out = (struct csv_row){ 0 };
    if (rest->n == 0)
        return false;
    for (bool more = true; more;) {
        struct str cell = cell_of(a, rest);
        if (out->n < CSV_CELLS_MAX)
            out->cells[out->n++] = cell;
        more = str_starts(*rest, STR(","));
        if (more)
            *rest = str_skip(*rest, 1);
    }
    if (rest->n > 0)
        skip_line_end(rest);
    return true;
}
