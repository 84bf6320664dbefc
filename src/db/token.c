/* SPDX-License-Identifier: Apache-2.0 */
#include "db/token.h"

#include "base/buf.h"

struct expansion {
    struct ctx *c;
    const struct token_rules *rules;
    struct buf out;
    struct str rest;          /* what is still to be read */
    struct str partitions_of; /* table whose partitions follow the next semicolon; n == 0: none */
    bool skipping;            /* in a section of the other engine */
};

typedef enum err token_fn(struct expansion *x, struct str args);

static bool is_sqlite(const struct expansion *x)
{
    return x->rules->engine == DB_SQLITE;
}

/* "(bucket, a, b)" with the bucket on PostgreSQL, "(a, b)" on SQLite. */
static enum err put_keys(struct expansion *x, struct str args, bool drop_bucket)
{
    if (drop_bucket) {
        struct str bucket;
        (void)str_cut(&args, ',', &bucket);
        if (!str_eq(str_trim(bucket), STR("bucket")) || str_trim(args).n == 0)
            return fail_internal(x->c, "a key names the bucket first, and something after it");
        args = str_trim(args);
    }
    buf_putc(&x->out, '(');
    buf_put(&x->out, args);
    buf_putc(&x->out, ')');
    return OK;
}

static enum err token_on(struct expansion *x, struct str args)
{
    return put_keys(x, args, is_sqlite(x));
}

static enum err token_key(struct expansion *x, struct str args)
{
    buf_put(&x->out, STR("PRIMARY KEY "));
    return put_keys(x, args, is_sqlite(x));
}

static enum err token_key_all(struct expansion *x, struct str args)
{
    buf_put(&x->out, STR("PRIMARY KEY "));
    return put_keys(x, args, false);
}

static enum err token_bucket_id(struct expansion *x, struct str args)
{
    (void)args;
    buf_put(&x->out, is_sqlite(x) ? STR("bucket INTEGER NOT NULL, id INTEGER PRIMARY KEY")
                                  : STR("bucket INTEGER NOT NULL, id BIGINT NOT NULL, PRIMARY KEY (bucket, id)"));
    return OK;
}

static enum err token_blob(struct expansion *x, struct str args)
{
    (void)args;
    buf_put(&x->out, is_sqlite(x) ? STR("BLOB") : STR("BYTEA"));
    return OK;
}

static enum err token_in(struct expansion *x, struct str args)
{
    if (is_sqlite(x))
        buf_printf(&x->out, "IN (SELECT value FROM json_each(" STR_FMT "))", STR_ARG(args));
    else
        buf_printf(&x->out, "= ANY(" STR_FMT "::bigint[])", STR_ARG(args));
    return OK;
}

/* SQLite names the schema before the index, PostgreSQL before the table. */
static enum err token_derived_index(struct expansion *x, struct str args)
{
    struct str index;
    (void)str_cut(&args, ',', &index);
    buf_printf(&x->out, is_sqlite(x) ? "derived." STR_FMT " ON " STR_FMT : STR_FMT " ON derived." STR_FMT,
               STR_ARG(str_trim(index)), STR_ARG(str_trim(args)));
    return OK;
}

/* The name after the last CREATE TABLE that was written. */
static struct str last_table(const struct expansion *x)
{
    struct str text = buf_str(&x->out);
    struct str name = { NULL, 0 };
    size_t at = 0;
    while (str_find(text, STR("CREATE TABLE "), &at)) {
        text = str_skip(text, at + sizeof "CREATE TABLE " - 1);
        name = text;
    }
    if (str_starts(name, STR("IF NOT EXISTS ")))
        name = str_skip(name, sizeof "IF NOT EXISTS " - 1);
    size_t n = 0;
    while (n < name.n && strchr(" (\n", name.p[n]) == NULL)
        n++;
    return arena_str(x->c->arena, str_head(name, n));
}

static enum err token_sharded(struct expansion *x, struct str args)
{
    (void)args;
    if (!x->rules->partitioned || is_sqlite(x))
        return OK;
    buf_put(&x->out, STR("PARTITION BY HASH (bucket)"));
    x->partitions_of = last_table(x);
    return x->partitions_of.n != 0 ? OK : fail_internal(x->c, "@SHARDED without a CREATE TABLE");
}

static enum err token_sharded_keyed(struct expansion *x, struct str args)
{
    if (!is_sqlite(x))
        return token_sharded(x, args);
    buf_put(&x->out, STR("WITHOUT ROWID"));
    return OK;
}

static const struct token {
    const char *name;
    bool takes_args;
    bool in_statements; /* beside migrations */
    token_fn *fn;
} tokens[] = {
    // clang-format off
    { "BLOB",          false, false, token_blob },
    { "BUCKET_ID",     false, false, token_bucket_id },
    { "DERIVED_INDEX", true,  false, token_derived_index },
    { "IN",            true,  true,  token_in },
    { "KEY",           true,  false, token_key },
    { "KEY_ALL",       true,  false, token_key_all },
    { "ON",            true,  true,  token_on },
    { "SHARDED",       false, false, token_sharded },
    { "SHARDED_KEYED", false, false, token_sharded_keyed },
    // clang-format on
};

static bool is_upper(char ch)
{
    return ch >= 'A' && ch <= 'Z';
}

/* At "@NAME" or "@NAME(args)". */
static enum err expand_token(struct expansion *x)
{
    struct str s = str_skip(x->rest, 1);
    size_t n = 0;
    while (n < s.n && (is_upper(s.p[n]) || s.p[n] == '_'))
        n++;
    struct str name = str_head(s, n);
    for (size_t i = 0; i < sizeof tokens / sizeof tokens[0]; i++) {
        const struct token *t = &tokens[i];
        if (!str_eq(str_c(t->name), name) || (!x->rules->migration && !t->in_statements))
            continue;
        x->rest = str_skip(s, n);
        struct str args = { NULL, 0 };
        if (t->takes_args) {
            size_t close = 0;
            if (!str_starts(x->rest, STR("(")) || !str_find(x->rest, STR(")"), &close))
                return fail_internal(x->c, "@%s needs (...)", t->name);
            args = str_head(str_skip(x->rest, 1), close - 1);
            x->rest = str_skip(x->rest, close + 1);
        }
        return t->fn(x, args);
    }
    return fail_internal(x->c, "unknown token @" STR_FMT, STR_ARG(name));
}

/* Copies a quoted text with its quotes; a doubled quote reads as two texts side by side, which copies the same. */
static enum err copy_quoted(struct expansion *x, char quote)
{
    size_t n = 1;
    while (n < x->rest.n && x->rest.p[n] != quote)
        n++;
    if (n == x->rest.n)
        return fail_internal(x->c, "a quote is not closed");
    buf_put(&x->out, str_head(x->rest, n + 1));
    x->rest = str_skip(x->rest, n + 1);
    return OK;
}

static struct str cut_line(struct expansion *x)
{
    struct str line;
    (void)str_cut(&x->rest, '\n', &line);
    return line;
}

/* A comment: dropped, unless it opens a section. */
static void read_comment(struct expansion *x)
{
    struct str line = str_trim(cut_line(x));
    buf_putc(&x->out, '\n');
    if (!x->rules->migration)
        return;
    if (str_eq(line, STR("-- @both")))
        x->skipping = false;
    else if (str_eq(line, STR("-- @sqlite")))
        x->skipping = !is_sqlite(x);
    else if (str_eq(line, STR("-- @postgres")))
        x->skipping = is_sqlite(x);
}

static void end_statement(struct expansion *x)
{
    buf_putc(&x->out, ';');
    x->rest = str_skip(x->rest, 1);
    for (int i = 0; x->partitions_of.n != 0 && i < TOKEN_PARTITIONS; i++)
        buf_printf(&x->out,
                   "\nCREATE TABLE " STR_FMT "_p%d PARTITION OF " STR_FMT
                   " FOR VALUES WITH (MODULUS %d, REMAINDER %d);",
                   STR_ARG(x->partitions_of), i, STR_ARG(x->partitions_of), TOKEN_PARTITIONS, i);
    x->partitions_of.n = 0;
}

static enum err expand_next(struct expansion *x)
{
    char ch = x->rest.p[0];
    if (str_starts(x->rest, STR("--"))) {
        read_comment(x);
        return OK;
    }
    if (x->skipping) {
        struct str line = str_trim(x->rest);
        x->rest = line;
        if (!str_starts(line, STR("--")))
            (void)cut_line(x);
        return OK;
    }
    if (ch == '\'' || ch == '"')
        return copy_quoted(x, ch);
    if (ch == '@' && x->rest.n > 1 && is_upper(x->rest.p[1]))
        return expand_token(x);
    if (ch == ';') {
        end_statement(x);
        return OK;
    }
    buf_putc(&x->out, ch);
    x->rest = str_skip(x->rest, 1);
    return OK;
}

enum err token_expand(struct ctx *c, const struct token_rules *r, struct str sql, struct str *out)
{
    struct expansion x = { .c = c, .rules = r, .out = buf_on(c->arena), .rest = sql };
    while (x.rest.n > 0)
        TRY(expand_next(&x));
    if (x.partitions_of.n != 0)
        return fail_internal(c, "a sharded table ends with a semicolon");
    *out = buf_str(&x.out);
    return OK;
}
