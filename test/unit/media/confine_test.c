/* SPDX-License-Identifier: Apache-2.0 */
#include "media/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "media/bounds.h"

/* What a file that took over the helper would try. Each runs in a process of its own; 0: it was refused. */

static int opens_a_file(void)
{
    return open("/etc/passwd", O_RDONLY | O_CLOEXEC) < 0 && errno == EPERM ? 0 : 1;
}

static int writes_a_file(void)
{
    return open("/tmp/parley-confine-test", O_WRONLY | O_CREAT | O_CLOEXEC, 0600) < 0 && errno == EPERM ? 0 : 1;
}

static int looks_around(void)
{
    struct stat st;
    return stat("/etc/passwd", &st) != 0 && mkdir("/tmp/parley-confine", 0700) != 0 && unlink("/tmp/none") != 0
                   && errno == EPERM
               ? 0
               : 1;
}

static int opens_a_socket(void)
{
    return socket(AF_INET, SOCK_STREAM, 0) < 0 && socket(AF_UNIX, SOCK_STREAM, 0) < 0 && errno == EPERM ? 0 : 1;
}

static int starts_a_program(void)
{
    char *argv[] = { (char *)(uintptr_t) "/bin/true", NULL };
    return execv(argv[0], argv) != 0 && errno == EPERM ? 0 : 1;
}

static int forks(void)
{
    return fork() < 0 && errno == EPERM ? 0 : 1;
}

static int makes_code(void)
{
    void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED || mprotect(p, 4096, PROT_READ | PROT_EXEC) == 0 || errno != EPERM)
        return 1;
    return mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED ? 0 : 1;
}

static pid_t parent; /* global: of a process of its own each */

static int kills_others(void)
{
    return kill(1, 0) != 0 && errno == EPERM ? 0 : 1;
}

/* The server that started it has the same user. */
static int kills_a_thread_of_its_parent(void)
{
    bool may = syscall(SYS_tgkill, parent, parent, 0) == 0 || errno != EPERM;
    return !may && syscall(SYS_tgkill, getpid(), getpid(), 0) == 0 ? 0 : 1;
}

static int takes_all_memory(void)
{
    size_t most = (size_t)HELPER_MEMORY_MAX + ((size_t)64 << 20);
    return mmap(NULL, most, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED ? 0 : 1;
}

static int lifts_its_limits(void)
{
    struct rlimit more = { RLIM_INFINITY, RLIM_INFINITY };
    return setrlimit(RLIMIT_CPU, &more) != 0 ? 0 : 1;
}

static int runs_for_ever(void)
{
    volatile unsigned i = 0;
    while (i < UINT_MAX)
        i = i == 1000 ? 0 : i + 1;
    return 1;
}

static int still_works(void)
{
    int n = 0;
    char *p = malloc((size_t)8 << 20);
    for (size_t i = 0; p != NULL && i < (size_t)8 << 20; i += 4096)
        p[i] = (char)(n++ & 1);
    free(p);
    return p != NULL && write(STDOUT_FILENO, "", 0) == 0 ? 0 : 1;
}

static int status_of(int (*what)(void), int cpu_s)
{
    int status = -1;
    pid_t pid = fork();
    if (pid == 0)
        _exit(confine(cpu_s, MEDIA_OUT_MAX) ? what() : 99);
    CHECK(pid > 0 && waitpid(pid, &status, 0) == pid);
    return status;
}

int main(void)
{
    static int (*const tries[])(void) = { opens_a_file,
                                          writes_a_file,
                                          looks_around,
                                          opens_a_socket,
                                          starts_a_program,
                                          forks,
                                          makes_code,
                                          kills_others,
                                          takes_all_memory,
                                          lifts_its_limits,
                                          kills_a_thread_of_its_parent,
                                          still_works };
    parent = getpid();
    for (size_t i = 0; i < sizeof tries / sizeof tries[0]; i++) {
        int status = status_of(tries[i], 10);
        CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }
    int status = status_of(runs_for_ever, 1);
    CHECK(WIFSIGNALED(status) && (WTERMSIG(status) == SIGKILL || WTERMSIG(status) == SIGXCPU));
    return check_done();
}
