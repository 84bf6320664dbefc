/* SPDX-License-Identifier: Apache-2.0 */
#include "faults.h"

#include <stddef.h>

#include "db/driver.h"

static const struct db_driver *real;
static struct db_driver failing;
static int64_t left;
static const char *fired;

static bool is_due(const char *call)
{
    if (left == 0 || --left != 0)
        return false;
    fired = call;
    return true;
}

static enum err failed(struct ctx *c)
{
    return db_say(c, ERR_UNAVAILABLE, "a test made it fail");
}

static enum err begin(struct ctx *c, enum db_tx tx)
{
    return is_due("begin") ? failed(c) : real->begin(c, tx);
}

static enum err commit(struct ctx *c, enum db_tx tx)
{
    if (!is_due("commit"))
        return real->commit(c, tx);
    real->rollback(c, tx);
    return failed(c);
}

static enum err exec(struct ctx *c, struct str sql)
{
    return is_due("exec") ? failed(c) : real->exec(c, sql);
}

static enum err stmt(struct ctx *c, struct str sql, struct stmt **out)
{
    return is_due("statement") ? failed(c) : real->stmt(c, sql, out);
}

static enum err step(struct ctx *c, struct stmt *st, bool *row)
{
    return is_due("step") ? failed(c) : real->step(c, st, row);
}

void faults_on(struct db *db)
{
    real = db->drv;
    failing = *real;
    failing.begin = begin;
    failing.commit = commit;
    failing.exec = exec;
    failing.stmt = stmt;
    failing.step = step;
    db->drv = &failing;
}

void faults_off(struct db *db)
{
    db->drv = real;
}

void faults_at(int64_t n)
{
    left = n;
    fired = NULL;
}

const char *faults_fired(void)
{
    return fired;
}
