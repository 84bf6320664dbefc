/* SPDX-License-Identifier: Apache-2.0 */
#include "media/helper.h"

#include <locale.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "media/confine.h"
#include "media/unpack.h"

#define IN_FD  0
#define OUT_FD 1

static bool put(const void *p, size_t n, off_t at)
{
    for (size_t done = 0; done < n;) {
        ssize_t k = pwrite(OUT_FD, (const char *)p + done, n - done, at + (off_t)done);
        if (k <= 0)
            return false;
        done += (size_t)k;
    }
    return true;
}

static void tell(struct made *m, unsigned permille)
{
    struct media_result r = { .magic = RESULT_MAGIC, .outcome = OUTCOME_RUNNING, .permille = permille };
    m->r.permille = permille;
    (void)put(&r, sizeof r, 0);
}

static bool answer(struct made *m, bool made)
{
    m->r.magic = RESULT_MAGIC;
    m->r.outcome = made ? OUTCOME_MADE : OUTCOME_REFUSED;
    if (!made)
        m->r.bytes = m->r.preview_bytes = 0;
    return put(m->bytes, m->r.bytes, sizeof m->r)
           && put(m->preview, m->r.preview_bytes, (off_t)(sizeof m->r + m->r.bytes)) && put(&m->r, sizeof m->r, 0);
}

static bool work(const void *in, size_t n, enum media_task what, struct made *m)
{
    return what == TASK_AV ? helper_av(in, n, m) : helper_image(in, n, what, m);
}

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
/* There is one thread of ours here; those of libvips and FFmpeg use atomics that ThreadSanitizer does not see. */
const char *__tsan_default_options(void);
const char *__tsan_default_options(void)
{
    return "report_bugs=0";
}
#endif
#endif

/* parley-media TASK CPU_SECONDS, for the server alone: input is descriptor 0, a file; the answer goes to descriptor 1,
   a file. */
int main(int argc, char **argv)
{
    struct stat st = { 0 };
    struct made m = { .progress = tell };
    long what = argc == 3 ? strtol(argv[1], NULL, 10) : -1;
    long cpu_s = argc == 3 ? strtol(argv[2], NULL, 10) : 0;
    if (what < 0 || what >= TASKS || cpu_s <= 0 || fstat(IN_FD, &st) != 0 || !S_ISREG(st.st_mode) || st.st_size <= 0) {
        (void)fprintf(stderr, "parley-media is started by parley serve, not by hand\n");
        return 2;
    }
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    (void)mallopt(M_ARENA_MAX, 2);
    void *in = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, IN_FD, 0);
    helper_image_start();
    (void)setlocale(LC_CTYPE, ""); /* names in archives */
    int64_t out_max = what == TASK_UNPACK ? UNPACK_OUT_MAX : (int64_t)(MEDIA_OUT_MAX + sizeof(struct media_result));
    if (in == MAP_FAILED || !confine((int)cpu_s, out_max)) {
        (void)fprintf(stderr, "parley-media: this system cannot confine a process (seccomp)\n");
        return 3;
    }
    if (what == TASK_UNPACK)
        _exit(unpack(in, (size_t)st.st_size, UNPACK_BYTES_MAX, OUT_FD) ? 0 : 4);
    bool made = work(in, (size_t)st.st_size, (enum media_task)what, &m);
    _exit(answer(&m, made) ? 0 : 4);
}
