/* SPDX-License-Identifier: Apache-2.0 */
#include "base/buf.h"
#include "net/params.h"

#define BOUNDARY_MAX  ((size_t)70)       /* RFC 2046 5.1.1 */
#define PART_HEAD_MAX ((size_t)8 * 1024) /* bytes of all header lines of a part */

struct str header_value_head(struct str value)
{
    struct str head = { 0 };
    return str_cut(&value, ';', &head) ? str_trim(head) : (struct str){ 0 };
}

/* Reads a quoted string whose opening quote is at *rest; only \" and \\ are escapes, since browsers send file names
   with bare backslashes. False: no closing quote. */
static bool unquote(struct arena *a, struct str *rest, struct str *out)
{
    struct buf b = buf_on(a);
    struct str s = str_skip(*rest, 1);
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '"') {
            *rest = str_skip(s, i + 1);
            *out = b.n == 0 ? STR("") : buf_str(&b);
            return true;
        }
        if (s.p[i] == '\\' && i + 1 < s.n && (s.p[i + 1] == '"' || s.p[i + 1] == '\\'))
            i++;
        buf_putc(&b, s.p[i]);
    }
    return false;
}

struct str header_value_param(struct arena *a, struct str value, struct str key)
{
    struct str rest = value;
    struct str skipped = { 0 };
    (void)str_cut(&rest, ';', &skipped);
    while (rest.p != NULL && rest.n > 0) {
        size_t name_n = 0;
        while (name_n < rest.n && rest.p[name_n] != '=' && rest.p[name_n] != ';')
            name_n++;
        struct str name = str_trim(str_head(rest, name_n));
        bool has_value = name_n < rest.n && rest.p[name_n] == '=';
        rest = str_skip(rest, has_value ? name_n + 1 : name_n);
        while (rest.n > 0 && (rest.p[0] == ' ' || rest.p[0] == '\t'))
            rest = str_skip(rest, 1);
        struct str v = { 0 };
        if (has_value && rest.n > 0 && rest.p[0] == '"') {
            if (!unquote(a, &rest, &v))
                return (struct str){ 0 };
            (void)str_cut(&rest, ';', &skipped);
        } else if (str_cut(&rest, ';', &v)) {
            v = str_trim(v);
        }
        if (has_value && str_eq_nocase(name, key))
            return v.p == NULL ? STR("") : v;
    }
    return (struct str){ 0 };
}

/* filename*=UTF-8''na%C3%AFve.png (RFC 8187); other charsets are not read. */
static struct str extended_value(struct arena *a, struct str v)
{
    if (v.n < 7 || !str_eq_nocase(str_head(v, 6), STR("UTF-8'")))
        return (struct str){ 0 };
    v = str_skip(v, 6);
    size_t at = 0;
    if (!str_find(v, STR("'"), &at))
        return (struct str){ 0 };
    return http_percent_decode(a, str_skip(v, at + 1), false);
}

/* One line of a part's head. False: a Content-Disposition that is not form-data with a name. */
static bool part_header(struct arena *a, struct str line, struct http_param *part)
{
    struct str name = { 0 };
    struct str value = line;
    if (!str_cut(&value, ':', &name) || value.p == NULL)
        return false;
    value = str_trim(value);
    if (str_eq_nocase(name, STR("content-type")))
        part->file_type = value;
    if (!str_eq_nocase(name, STR("content-disposition")))
        return true;
    part->name = header_value_param(a, value, STR("name"));
    part->file_name = extended_value(a, header_value_param(a, value, STR("filename*")));
    if (part->file_name.p == NULL)
        part->file_name = header_value_param(a, value, STR("filename"));
    return str_eq_nocase(header_value_head(value), STR("form-data")) && part->name.n > 0;
}

/* What stands between two delimiters: header lines, an empty line, the content. */
static bool add_part(struct params *p, struct str part)
{
    struct http_param add = { 0 };
    size_t at = 0;
    size_t left = PART_HEAD_MAX;
    while (!str_starts(part, STR("\r\n"))) {
        if (!str_find(str_head(part, left), STR("\r\n"), &at))
            return false;
        left -= at + 2;
        if (!part_header(p->arena, str_head(part, at), &add))
            return false;
        part = str_skip(part, at + 2);
    }
    add.value = str_skip(part, 2);
    if (add.name.n == 0)
        return false;
    if (add.file_name.p == NULL)
        add.file_type = (struct str){ 0 };
    else if (add.file_name.n == 0 && add.value.n == 0)
        return true; /* a file field in which nothing was chosen */
    return params_add(p, add);
}

/* Skips "--" (then *last) or white space up to the line's end behind a delimiter. False: the line goes on. */
static bool delimiter_end(struct str *rest, bool *last)
{
    *last = str_starts(*rest, STR("--"));
    if (*last)
        return true;
    while (rest->n > 0 && (rest->p[0] == ' ' || rest->p[0] == '\t'))
        *rest = str_skip(*rest, 1);
    if (!str_starts(*rest, STR("\r\n")))
        return false;
    *rest = str_skip(*rest, 2);
    return true;
}

/* Finds the next delimiter line in *rest. *content is what stands before it; *rest goes behind it. Text that only
   begins like the delimiter (another, longer boundary) is content. */
static bool next_delimiter(struct str *rest, struct str delimiter, struct str *content, bool *last)
{
    size_t from = 0;
    size_t at = 0;
    while (str_find(str_skip(*rest, from), delimiter, &at)) {
        struct str after = str_skip(*rest, from + at + delimiter.n);
        if (delimiter_end(&after, last)) {
            *content = str_head(*rest, from + at);
            *rest = after;
            return true;
        }
        from += at + 1;
    }
    return false;
}

bool params_multipart(struct params *p, struct str content_type, struct str body)
{
    struct str boundary = header_value_param(p->arena, content_type, STR("boundary"));
    struct str content = { 0 };
    bool last = false;
    if (boundary.n == 0 || boundary.n > BOUNDARY_MAX)
        return false;
    struct str delimiter = arena_strf(p->arena, "\r\n--" STR_FMT, STR_ARG(boundary));
    /* The first delimiter may stand at the very start, without the line end that belongs to the others. */
    struct str opening = str_skip(delimiter, 2);
    struct str rest = body;
    if (str_starts(body, opening)) {
        rest = str_skip(body, opening.n);
        if (!delimiter_end(&rest, &last))
            return false;
    } else if (!next_delimiter(&rest, delimiter, &content, &last)) {
        return false;
    }
    /* Fields in which nothing was chosen count, too: each part's head leaves something on the arena. */
    for (int parts = 0; !last; parts++)
        if (parts == HTTP_PARAMS_MAX || !next_delimiter(&rest, delimiter, &content, &last) || !add_part(p, content))
            return false;
    return true;
}
