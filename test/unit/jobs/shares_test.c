/* SPDX-License-Identifier: Apache-2.0 */
/* Runners share the jobs that are due. Each used to look at the first few due ones and leave out those of the others:
   one that had a slow relay to wait for, and many mails behind it, stopped those of its neighbour, too. */
#include "base/id.h"
#include "check.h"
#include "store/job.h"
#include "store/tx.h"
#include "world.h"

#define BATCH  8
#define PARTS  2
#define JOBS_N 64

static struct world w;

static void queue(struct ctx *c, enum job_kind kind, int64_t n)
{
    TX tx = { 0 };
    MUST(tx_begin(c, &tx), c);
    for (int64_t i = 0; i < n; i++)
        MUST(store_job_add(c, kind, id_new(c, 0), STR(""), c->now_ms), c);
    MUST(tx_commit(&tx), c);
}

static int64_t due(struct ctx *c, enum job_lane lane, int64_t part, struct job **out)
{
    struct job_share mine = { lane, part, PARTS };
    int64_t n = 0;
    MUST(store_job_due(c, c->now_ms, &mine, BATCH, out, &n), c);
    return n;
}

/* Until one part has nothing left, and the other has more than a batch. */
static void leave_to_one(struct ctx *c, int64_t part)
{
    struct job *all = NULL;
    for (int64_t n = BATCH; n > 0;) {
        TX tx = { 0 };
        n = due(c, JOBS_SHORT, part, &all);
        MUST(tx_begin(c, &tx), c);
        for (int64_t i = 0; i < n; i++)
            MUST(store_job_done(c, &all[i]), c);
        MUST(tx_commit(&tx), c);
    }
    CHECK(due(c, JOBS_SHORT, 1 - part, &all) == BATCH);
}

static void one_does_not_hide_the_other(struct ctx *c)
{
    struct job *all = NULL;
    queue(c, JOB_MAIL, JOBS_N);
    leave_to_one(c, 0);
    c->now_ms++;
    queue(c, JOB_MAIL, JOBS_N); /* behind those of the other */
    CHECK(due(c, JOBS_SHORT, 0, &all) == BATCH);
    for (int64_t i = 0; i < BATCH; i++)
        CHECK(all[i].due_ms == c->now_ms);
}

/* Each job is one part's, and only of its lane: a mail waits for no stranger. */
static void parts_are_all(struct ctx *c)
{
    static const enum job_kind kinds[] = {
        [JOBS_SHORT] = JOB_MAIL, [JOBS_LONG] = JOB_IMPORT, [JOBS_ABROAD] = JOB_CARD_FETCH
    };
    struct job *all = NULL;
    int64_t n = 0;
    int64_t shared = 0;
    world_exec(c, "DELETE FROM job");
    for (enum job_lane l = JOBS_SHORT; l <= JOBS_ABROAD; l++)
        queue(c, kinds[l], BATCH);
    for (enum job_lane l = JOBS_SHORT; l <= JOBS_ABROAD; l++)
        for (int64_t part = 0; part < PARTS; part++) {
            int64_t mine = due(c, l, part, &all);
            for (int64_t i = 0; i < mine; i++)
                CHECK(all[i].kind == kinds[l]);
            shared += mine;
        }
    MUST(store_job_due(c, c->now_ms, NULL, JOBS_N, &all, &n), c);
    CHECK(shared == (int64_t)3 * BATCH && n == shared);
}

int main(void)
{
    world_open(&w);
    one_does_not_hide_the_other(&w.c);
    parts_are_all(&w.c);
    world_close(&w);
    return check_done();
}
