/* SPDX-License-Identifier: Apache-2.0 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "gen_db.h"

static const char usage[] = "usage: generate --data FOLDER [options]\n"
                            "Fills a fresh store (made by `parley init`, its server not running) with a community.\n"
                            "  --members 10000     people; a third of them write\n"
                            "  --statuses 100000   parleys of the last 30 days\n"
                            "  --follows 200000    about so many\n"
                            "  --seed 1            the same seed, sizes and end make the same community\n"
                            "  --until MS          milliseconds since 1970 of the end; now, when not given\n"
                            "Everybody's password is \"" GEN_PASSWORD "\".\n";

enum { OPT_DATA = 256, OPT_MEMBERS, OPT_STATUSES, OPT_FOLLOWS, OPT_SEED, OPT_UNTIL };

static const struct option options[] = { { "data", required_argument, NULL, OPT_DATA },
                                         { "members", required_argument, NULL, OPT_MEMBERS },
                                         { "statuses", required_argument, NULL, OPT_STATUSES },
                                         { "follows", required_argument, NULL, OPT_FOLLOWS },
                                         { "seed", required_argument, NULL, OPT_SEED },
                                         { "until", required_argument, NULL, OPT_UNTIL },
                                         { NULL, 0, NULL, 0 } };

static int64_t number(int64_t min, int64_t max)
{
    int64_t v = 0;
    if (!str_to_i64(str_c(optarg), &v) || v < min || v > max) {
        (void)fprintf(stderr, "generate: '%s' is not a number from %lld to %lld\n", optarg, (long long)min,
                      (long long)max);
        exit(2);
    }
    return v;
}

/* Who may be signed in as, for the benches: the most followed, and one who follows about as many as asked. */
static void tell(const struct gen *g)
{
    char name[GEN_TEXT_MAX];
    static const uint64_t wanted[] = { 20, 50, 200, 1000, 5000 };
    uint32_t star = 0;
    for (uint32_t i = 1; i < g->members; i++) {
        if (g->source_at[i + 1] - g->source_at[i] > g->source_at[star + 1] - g->source_at[star])
            star = i;
    }
    (void)printf("most followed: %.*s %llu\n", STR_ARG(gen_username(g, star, name)),
                 (unsigned long long)(g->source_at[star + 1] - g->source_at[star]));
    for (size_t w = 0; w < sizeof wanted / sizeof *wanted; w++) {
        for (uint32_t i = 0; i < g->members; i++) {
            uint64_t n = g->target_at[i + 1] - g->target_at[i];
            if (n >= wanted[w] && n <= wanted[w] + wanted[w] / 10) {
                (void)printf("follows %llu: %.*s\n", (unsigned long long)n, STR_ARG(gen_username(g, i, name)));
                break;
            }
        }
    }
}

int main(int argc, char **argv)
{
    struct gen g = { .seed = 1, .members = 10000, .statuses = 100000, .follows = 200000, .until_ms = clock_now_ms() };
    struct gen_db d;
    const char *data = NULL;
    for (int which; (which = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        switch (which) {
        case OPT_DATA: data = optarg; break;
        case OPT_MEMBERS: g.members = (uint32_t)number(10, GEN_MEMBERS_MAX); break;
        case OPT_STATUSES: g.statuses = (uint32_t)number(1, 1000000000); break;
        case OPT_FOLLOWS: g.follows = (uint64_t)number(0, INT64_C(4000000000)); break;
        case OPT_SEED: g.seed = (uint64_t)number(0, INT64_MAX); break;
        case OPT_UNTIL: g.until_ms = number(ID_EPOCH_MS + 500 * DAY_MS, INT64_C(4102444800000)); break;
        default: data = NULL; optind = argc + 1;
        }
    }
    if (data == NULL || optind != argc) {
        (void)fputs(usage, stderr);
        return 2;
    }
    gen_db_open(&d, data);
    gen_graph_draw(&g);
    gen_graph_turn(&g);
    gen_posts_draw(&g);
    gen_write_accounts(&d, &g);
    gen_write_members(&d, &g);
    gen_write_claims(&d, &g);
    gen_write_follows(&d, &g);
    gen_write_followers(&d, &g);
    gen_write_statuses(&d, &g);
    gen_write_threads(&d, &g);
    gen_write_tags(&d, &g);
    gen_db_close(&d);
    (void)printf("%u members, %u parleys, %llu follows\n", g.members, g.statuses, (unsigned long long)g.follows);
    tell(&g);
    gen_free(&g);
    return 0;
}
