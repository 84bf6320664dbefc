/* SPDX-License-Identifier: Apache-2.0 */
#include "proc.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static bool slurp(pid_t pid, const char *what, char *out, size_t max)
{
    char path[64];
    (void)snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, what);
    FILE *f = fopen(path, "re");
    if (f == NULL)
        return false;
    size_t n = fread(out, 1, max - 1, f);
    out[n] = '\0';
    (void)fclose(f);
    return n > 0;
}

static int64_t kib_after(const char *text, const char *key)
{
    long long v = 0;
    const char *at = strstr(text, key);
    if (at == NULL || sscanf(at + strlen(key), " %lld", &v) != 1)
        return 0;
    return v;
}

bool proc_use_read(pid_t pid, struct proc_use *out)
{
    char text[8192];
    long long user = 0;
    long long system = 0;
    if (!slurp(pid, "stat", text, sizeof text))
        return false;
    const char *after_name = strrchr(text, ')'); /* the name may hold spaces and brackets */
    if (after_name == NULL
        || sscanf(after_name + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lld %lld", &user, &system) != 2)
        return false;
    out->cpu_us = (user + system) * (1000000 / sysconf(_SC_CLK_TCK));
    if (!slurp(pid, "status", text, sizeof text))
        return false;
    out->rss_kib = kib_after(text, "VmRSS:");
    out->rss_peak_kib = kib_after(text, "VmHWM:");
    return true;
}
