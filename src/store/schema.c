/* SPDX-License-Identifier: Apache-2.0 */
#include "store/schema.h"

#include "base/embed.h"

extern const struct embedded_file embedded_migrations[];
extern const size_t embedded_migrations_count;
extern const struct embedded_file embedded_derived[];
extern const size_t embedded_derived_count;

/* "0007_polls.sql" is version 7. */
static struct db_migration *list(struct ctx *c, const struct embedded_file *files, size_t n)
{
    struct db_migration *out = ARENA_ARRAY(c->arena, n + 1, struct db_migration);
    for (size_t i = 0; i < n; i++) {
        int64_t version = 0;
        (void)str_to_i64(str_head(str_c(files[i].name), 4), &version);
        out[i] = (struct db_migration){ .version = version, .name = files[i].name, .sql = (const char *)files[i].data };
    }
    return out;
}

enum err schema_migrate(struct ctx *c, db_progress_fn *progress, void *arg)
{
    TRY(db_migrate(c, list(c, embedded_migrations, embedded_migrations_count), embedded_migrations_count, progress,
                   arg));
    return db_migrate_derived(c, list(c, embedded_derived, embedded_derived_count), embedded_derived_count);
}

int64_t schema_version(void)
{
    int64_t version = 0;
    if (embedded_migrations_count > 0)
        (void)str_to_i64(str_head(str_c(embedded_migrations[embedded_migrations_count - 1].name), 4), &version);
    return version;
}
