/* SPDX-License-Identifier: Apache-2.0 */
#include "media/run.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/turns.h"
#include "media/bounds.h"
#include "media/mp4.h"
#include "media/webp.h"
#include "model/media.h"
#include "model/site.h"

#define NICE         "/usr/bin/nice" /* coreutils */
#define LOOK_MS      250             /* how often progress is looked at */
#define RUNNING_MAX  8
#define BUSY_RETRY_S 5

/* Two of each kind fill the two cores that a small machine has; more would only take more memory. */
static struct turns pictures = TURNS(2, 14); /* global: so is the memory that helpers take */
static struct turns films = TURNS(2, 2);     /* global: likewise; asked by job runners alone */

static struct running {
    int64_t id;
    int permille;
} running[RUNNING_MAX];                                  /* global: with the lock */
static struct media_load load;                           /* global: with the lock */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* global: guards the two; nothing else is taken inside */

static void note(int64_t id, int permille)
{
    (void)pthread_mutex_lock(&lock);
    struct running *r = NULL;
    for (int i = 0; i < RUNNING_MAX; i++)
        if (running[i].id == id || (r == NULL && running[i].id == 0))
            r = &running[i];
    if (r != NULL && id != 0)
        *r = (struct running){ permille < 0 ? 0 : id, permille };
    (void)pthread_mutex_unlock(&lock);
}

bool media_running(int64_t id, int *permille)
{
    bool found = false;
    (void)pthread_mutex_lock(&lock);
    for (int i = 0; i < RUNNING_MAX && !found; i++)
        if (running[i].id == id && id != 0) {
            *permille = running[i].permille;
            found = true;
        }
    (void)pthread_mutex_unlock(&lock);
    return found;
}

void media_load(struct media_load *out)
{
    (void)pthread_mutex_lock(&lock);
    *out = load;
    (void)pthread_mutex_unlock(&lock);
}

static void count(int running_by, enum err e, bool killed, int64_t us)
{
    (void)pthread_mutex_lock(&lock);
    load.running += running_by;
    load.busy_us += us;
    if (running_by < 0) {
        load.made += e == OK;
        load.refused += e == ERR_INVALID && !killed;
        load.killed += killed;
    }
    (void)pthread_mutex_unlock(&lock);
}

void media_made_fini(struct media_made *m)
{
    if (m->map != NULL)
        (void)munmap(m->map, m->map_n);
    *m = (struct media_made){ 0 };
}

static enum err memory_file(struct ctx *c, const char *name, struct str bytes, int *fd)
{
    *fd = memfd_create(name, MFD_CLOEXEC);
    if (*fd < 0)
        return fail_internal(c, "memfd: %s", strerror(errno));
    while (bytes.n > 0) {
        ssize_t n = write(*fd, bytes.p, bytes.n);
        if (n <= 0 && errno != EINTR)
            return fail_internal(c, "memfd: %s", strerror(errno));
        if (n > 0)
            bytes = str_skip(bytes, (size_t)n);
    }
    return OK;
}

struct process {
    pid_t pid;
    int in;
    int out;
    int watch; /* pidfd */
    bool is_long;
    bool timed_out;
    int status;
};

static void process_fini(struct process *p)
{
    if (p->in > 0)
        (void)close(p->in);
    if (p->out > 0)
        (void)close(p->out);
    if (p->watch > 0)
        (void)close(p->watch);
}

/* With an environment of its own and no descriptor but its file, its answer and our standard error. nice(1) goes first:
   a quarter of the work is done before main, where some 170 libraries are linked, and has to wait like the rest. */
static enum err start(struct ctx *c, const struct media_ask *ask, struct process *p)
{
    char task[16];
    char cpu_s[16];
    char *path = (char *)(uintptr_t)arena_cstr(c->arena, c->site->media_helper);
    char *argv[] = {
        (char *)(uintptr_t)NICE, (char *)(uintptr_t) "-n", (char *)(uintptr_t)HELPER_NICE, path, task, cpu_s, NULL
    };
    char *envp[] = { (char *)(uintptr_t) "LC_ALL=C.UTF-8", (char *)(uintptr_t) "MALLOC_ARENA_MAX=2", NULL };
    posix_spawn_file_actions_t files;
    (void)snprintf(task, sizeof task, "%d", (int)ask->task);
    (void)snprintf(cpu_s, sizeof cpu_s, "%d", p->is_long ? HELPER_VIDEO_CPU_S : HELPER_IMAGE_CPU_S);
    (void)posix_spawn_file_actions_init(&files);
    (void)posix_spawn_file_actions_adddup2(&files, p->in, 0);
    (void)posix_spawn_file_actions_adddup2(&files, p->out, 1);
    (void)posix_spawn_file_actions_addclosefrom_np(&files, 3);
    int rc = posix_spawn(&p->pid, NICE, &files, NULL, argv, envp);
    (void)posix_spawn_file_actions_destroy(&files);
    if (rc != 0)
        return fail_internal(c, "%s cannot be started: %s", path, strerror(rc));
    p->watch = (int)syscall(SYS_pidfd_open, p->pid, 0);
    return OK;
}

static void look(const struct media_ask *ask, const struct process *p)
{
    struct media_result r;
    if (pread(p->out, &r, sizeof r, 0) == (ssize_t)sizeof r && r.magic == RESULT_MAGIC && r.permille <= 1000)
        note(ask->id, (int)r.permille);
}

static void wait_for(const struct media_ask *ask, struct process *p)
{
    int64_t until = clock_monotonic_us() + (p->is_long ? HELPER_VIDEO_WALL_S : HELPER_IMAGE_WALL_S) * INT64_C(1000000);
    struct pollfd on = { .fd = p->watch, .events = POLLIN };
    while (clock_monotonic_us() < until && poll(&on, 1, LOOK_MS) <= 0)
        if (p->is_long)
            look(ask, p);
    p->timed_out = (on.revents & POLLIN) == 0;
    if (p->timed_out)
        (void)kill(p->pid, SIGKILL);
    while (waitpid(p->pid, &p->status, 0) < 0 && errno == EINTR)
        continue;
}

static enum err refuse(struct ctx *c, const struct media_result *r)
{
    char why[sizeof r->problem];
    memcpy(why, r->problem, sizeof why);
    why[sizeof why - 1] = '\0';
    for (char *p = why; *p != '\0'; p++)
        if (*p < ' ' || *p > '~')
            *p = '?';
    return fail(c, ERR_INVALID, "Validation failed: File %s", why[0] == '\0' ? "cannot be read" : why);
}

static bool is_plausible(const struct media_result *r, size_t size)
{
    return r->magic == RESULT_MAGIC && r->bytes <= MEDIA_OUT_MAX && r->preview_bytes <= MEDIA_OUT_MAX
           && r->bytes + r->preview_bytes == size - sizeof *r && r->width <= IMAGE_EDGE && r->height <= IMAGE_EDGE
           && r->preview_width <= PREVIEW_EDGE && r->preview_height <= PREVIEW_EDGE && r->kind >= MEDIA_IMAGE
           && r->kind <= MEDIA_AUDIO && r->duration_ms >= 0 && memchr(r->blurhash, '\0', sizeof r->blurhash) != NULL;
}

/* The helper read what strangers sent: it is one of them now. */
static bool clean(struct ctx *c, enum media_task task, struct media_made *m)
{
    char *base = (char *)m->map + sizeof m->r;
    m->bytes = m->r.bytes == 0 ? (struct str){ 0 } : (struct str){ base, m->r.bytes };
    m->preview = m->r.preview_bytes == 0 ? (struct str){ 0 } : (struct str){ base + m->r.bytes, m->r.preview_bytes };
    if (m->preview.n > 0 && !webp_strip(c->arena, m->preview, &m->preview))
        return false;
    if (task == TASK_EMOJI)
        return m->r.kind == MEDIA_IMAGE && webp_strip_moving(c->arena, m->bytes, EMOJI_FRAMES_MAX, &m->bytes);
    switch ((enum media_kind)m->r.kind) {
    case MEDIA_IMAGE: return m->bytes.n == 0 || webp_strip(c->arena, m->bytes, &m->bytes);
    case MEDIA_GIFV:
    case MEDIA_VIDEO: return mp4_strip(base, m->r.bytes);
    case MEDIA_AUDIO:
        return m->bytes.n > 4 && (unsigned char)base[0] == 0xFF && ((unsigned char)base[1] & 0xE0) == 0xE0;
    }
    return false;
}

static enum err take(struct ctx *c, enum media_task task, const struct process *p, struct media_made *out)
{
    off_t size = lseek(p->out, 0, SEEK_END);
    if (size < (off_t)sizeof out->r || pread(p->out, &out->r, sizeof out->r, 0) != (ssize_t)sizeof out->r)
        return fail(c, ERR_INVALID, "Validation failed: File cannot be read");
    if (out->r.outcome == OUTCOME_REFUSED)
        return refuse(c, &out->r);
    out->map_n = (size_t)size;
    out->map = mmap(NULL, out->map_n, PROT_READ | PROT_WRITE, MAP_PRIVATE, p->out, 0);
    if (out->map == MAP_FAILED) {
        out->map = NULL;
        return fail_internal(c, "mmap: %s", strerror(errno));
    }
    if (out->r.outcome != OUTCOME_MADE || !is_plausible(&out->r, out->map_n) || !clean(c, task, out))
        return fail(c, ERR_INVALID, "Validation failed: File cannot be read");
    return OK;
}

static enum err judge(struct ctx *c, enum media_task task, const struct process *p, struct media_made *out,
                      bool *killed)
{
    *killed = p->timed_out || WIFSIGNALED(p->status);
    if (*killed) {
        log_warn(c->id, "parley-media was ended by signal %d%s", WTERMSIG(p->status), p->timed_out ? ": too slow" : "");
        return fail(c, ERR_INVALID, "Validation failed: File takes too much time or memory to read");
    }
    if (WEXITSTATUS(p->status) == 2 || WEXITSTATUS(p->status) == 3 || WEXITSTATUS(p->status) == 127)
        return fail_internal(c, "parley-media (" STR_FMT ") cannot work here: exit %d", STR_ARG(c->site->media_helper),
                             WEXITSTATUS(p->status));
    return take(c, task, p, out);
}

static enum err run(struct ctx *c, const struct media_ask *ask, struct media_made *out, bool *killed)
{
    CLEANUP(process_fini) struct process p = { .is_long = ask->task == TASK_AV };
    TRY(memory_file(c, "upload", ask->in, &p.in));
    TRY(memory_file(c, "made", (struct str){ 0 }, &p.out));
    TRY(start(c, ask, &p));
    wait_for(ask, &p);
    return judge(c, ask->task, &p, out, killed);
}

/* Whole, or not at all: what it wrote is judged by who reads it. */
static enum err run_unpack(struct ctx *c, struct process *p, bool *killed)
{
    const struct media_ask ask = { .task = TASK_UNPACK };
    TRY(start(c, &ask, p));
    wait_for(&ask, p);
    *killed = p->timed_out || WIFSIGNALED(p->status);
    if (*killed)
        return fail(c, ERR_INVALID, "It takes too much time or memory to read");
    if (WEXITSTATUS(p->status) == 4)
        return fail(c, ERR_INVALID, "It is too large, or the disk of this server is full");
    return WEXITSTATUS(p->status) == 0 ? OK
                                       : fail_internal(c, "parley-media (" STR_FMT ") cannot work here: exit %d",
                                                       STR_ARG(c->site->media_helper), WEXITSTATUS(p->status));
}

enum err media_unpack(struct ctx *c, int in, int out)
{
    CLEANUP(process_fini) struct process p = { .in = in, .out = out, .is_long = true };
    bool killed = false;
    if (!turns_take(&films))
        return fail(c, ERR_UNAVAILABLE, "Too many files are being read just now.");
    int64_t began = clock_monotonic_us();
    count(1, OK, false, 0);
    enum err e = run_unpack(c, &p, &killed);
    count(-1, e, killed, clock_monotonic_us() - began);
    turns_give(&films);
    return e;
}

enum err media_run(struct ctx *c, const struct media_ask *ask, struct media_made *out)
{
    struct turns *t = ask->task == TASK_AV ? &films : &pictures;
    bool killed = false;
    *out = (struct media_made){ 0 };
    if (!turns_take(t)) {
        c->retry_after_s = BUSY_RETRY_S;
        return fail(c, ERR_UNAVAILABLE, "Too many files are being read just now. Try again in a few seconds.");
    }
    int64_t began = clock_monotonic_us();
    count(1, OK, false, 0);
    note(ask->id, 0);
    enum err e = run(c, ask, out, &killed);
    note(ask->id, -1);
    count(-1, e, killed, clock_monotonic_us() - began);
    turns_give(t);
    return e;
}
