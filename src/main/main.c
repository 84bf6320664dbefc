/* SPDX-License-Identifier: Apache-2.0 */
#include <sodium.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/rng.h"
#include "main/cli.h"

/* The one binary. */
int main(int argc, char **argv)
{
    /* SQLite and libvips make files of their own: whatever the mode of the folder, they are the operator's alone */
    (void)umask(S_IRWXG | S_IRWXO);
    if (sodium_init() < 0) {
        (void)fprintf(stderr, "parley: libsodium does not start\n");
        return EXIT_REFUSED;
    }
    struct ctx c = { .arena = arena_new(), .now_ms = clock_now_ms(), .id = STR("command") };
    rand_seed(&c);
    int code = cli_main(&c, argc, argv);
    arena_free(&c.arena);
    return code;
}
