/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Every figure the server keeps of itself. A new one is a row here and a call where it happens; the table in
   docs/OPERATING.md is made from this one (tools/metrics_doc.py). What a row says: how many series it has, its type,
   its name behind "parley_", its labels ("name=word|word", several with ';'; "name=@" : words are told at start by who
   knows them), and one sentence. Types: COUNTER; GAUGE; MICROS, a counter of microseconds, shown in seconds; SECONDS
   and SIZES, histograms of times in microseconds and of numbers. */
#define METRIC_BOUNDS 16
#define METRIC_HIST   (METRIC_BOUNDS + 2) /* cells of a histogram: the bounds, what is above all, the sum */
#define METRIC_JOBS   96                  /* above the numbers of enum job_kind (asserted in jobs/) */
#define METRIC_LIMITS 48                  /* above those of enum limit_kind (asserted there) */
#define HIST(n)       ((n)*METRIC_HIST)

/* clang-format off */
#define METRICS(X) \
    X(METRIC_BUILD,            1,             GAUGE,   "build_info", "version=@", "Always 1; the label is the version of the program.") \
    X(METRIC_STARTED,          1,             GAUGE,   "start_time_seconds", "", "When the process started, in seconds since 1970.") \
    X(METRIC_CPU,              1,             MICROS,  "cpu_seconds_total", "", "Processor time of the process.") \
    X(METRIC_RESIDENT,         1,             GAUGE,   "resident_memory_bytes", "", "Memory that the process holds.") \
    X(METRIC_THREADS,          1,             GAUGE,   "threads", "", "Threads of the process.") \
    X(METRIC_MODE,             4,             GAUGE,   "mode", "mode=normal|read-only|moderators-only|sign-ups-paused", "1 for the mode that the server is in.") \
    X(METRIC_READY,            1,             GAUGE,   "ready", "", "1 when it takes writes, as GET /ready says.") \
    X(METRIC_REQUEST,          HIST(7*5*2),   SECONDS, "request_duration_seconds", "class=timeline|read|write|page|form|file|other;status=1xx|2xx|3xx|4xx|5xx;from=memory|worker", "From the whole request to its whole answer, waiting included.") \
    X(METRIC_QUEUE_WAIT,       HIST(2),       SECONDS, "queue_wait_seconds", "pool=readers|writers", "How long requests waited for a worker.") \
    X(METRIC_QUEUE,            1,             GAUGE,   "queue_requests", "", "Requests that wait for a worker now.") \
    X(METRIC_CONNECTIONS,      1,             GAUGE,   "connections", "", "Open connections.") \
    X(METRIC_REFUSED,          1,             COUNTER, "requests_refused_total", "", "Requests refused before a handler saw them: unreadable, too large, queue full, draining.") \
    X(METRIC_BODY_FILES,       1,             GAUGE,   "body_files", "", "Large uploads (archives) that come or are read now, each in a file of its own; 16 at most.") \
    X(METRIC_BODY_FILE_BYTES,  1,             GAUGE,   "body_file_bytes", "", "What they take on the disk of the data folder; no file shows it.") \
    X(METRIC_BODY_FILES_REFUSED, 5,           COUNTER, "body_files_refused_total", "why=member|address|crowded|room|slow", "Large uploads refused or cut off; member: sends one already; address: four come from there; crowded: all places are taken; room: the disk is full; slow: less than 32 KiB a second.") \
    X(METRIC_LIMITED,          METRIC_LIMITS, COUNTER, "limited_total", "limit=@", "Requests refused because a limit on how often was used up.") \
    X(METRIC_SIGN_INS,         6,             COUNTER, "sign_ins_total", "by=password|code|passkey;outcome=done|refused", "Passwords, codes and passkeys that somebody tried to sign in with.") \
    X(METRIC_PASSKEYS_REFUSED, 9,             COUNTER, "passkeys_refused_total", "why=malformed|challenge|origin|site|presence|algorithm|signature|counter|unknown", "Passkeys refused, new ones too, by what was wrong; counter: the count of signatures went back, there may be a copy.") \
    X(METRIC_TLS_DAYS,         1,             GAUGE,   "tls_certificate_days_left", "listener=@", "Whole days until the TLS listener's certificate expires; below 0: it has. Absent without that listener.") \
    X(METRIC_TLS_REFUSED,      1,             GAUGE,   "tls_certificate_refused", "", "1 while the files of the certificate hold one that cannot be taken, and an older one is in use.") \
    X(METRIC_TLS_CONNECTIONS,  1,             GAUGE,   "tls_connections", "", "Open connections of the TLS listener, streams and handshakes included.") \
    X(METRIC_TLS_HANDSHAKES,   5,             COUNTER, "tls_handshakes_total", "outcome=done|failed|late|crowded|refused", "Connections of the TLS listener by what came of the handshake; crowded: gave way to newer ones; refused: over a limit.") \
    X(METRIC_STREAMS,          1,             GAUGE,   "streams", "", "Open streams (WebSocket, server-sent events).") \
    X(METRIC_STREAMS_OPENED,   1,             COUNTER, "streams_opened_total", "", "Streams opened.") \
    X(METRIC_STREAM_EVENTS,    1,             COUNTER, "stream_events_total", "", "Events sent over streams.") \
    X(METRIC_STREAM_BYTES,     1,             COUNTER, "stream_bytes_total", "", "Bytes sent over streams.") \
    X(METRIC_STREAMS_SLOW,     1,             COUNTER, "streams_slow_total", "", "Streams dropped because their client did not read.") \
    X(METRIC_NEWS_LOST,        1,             COUNTER, "stream_news_lost_total", "", "Changes that streams were not told because too many waited.") \
    X(METRIC_TRANSACTION,      HIST(1),       SECONDS, "transaction_commit_seconds", "", "How long a transaction waited for its commit to be on disk.") \
    X(METRIC_TRANSACTION_LOST, 1,             COUNTER, "transactions_failed_total", "", "Transactions whose commit failed.") \
    X(METRIC_SYNC,             HIST(1),       SECONDS, "sync_seconds", "", "SQLite: how long one commit with its sync took, for all that shared it.") \
    X(METRIC_SYNC_SHARED,      HIST(1),       SIZES,   "sync_transactions", "", "SQLite: transactions that shared one sync.") \
    X(METRIC_CHECKPOINT,       HIST(1),       SECONDS, "checkpoint_seconds", "", "SQLite: how long a checkpoint took.") \
    X(METRIC_READ_AHEAD,       1,             COUNTER, "read_ahead_pages_total", "", "SQLite: pages asked of the disk before a read came to them, so that it has several to fetch at once.") \
    X(METRIC_STORE_BYTES,      3,             GAUGE,   "store_bytes", "part=main|wal|derived", "Size of the store.") \
    X(METRIC_MEDIA_BYTES,      4,             GAUGE,   "media_bytes", "kind=image|video|audio|other", "Size of what members uploaded, as it is stored.") \
    X(METRIC_MEDIA_FILES,      4,             GAUGE,   "media_files", "kind=image|video|audio|other", "How many files that is.") \
    X(METRIC_DISK_FREE,        1,             GAUGE,   "disk_free_bytes", "", "Free space where the data folder is.") \
    X(METRIC_FEED_BYTES,       1,             GAUGE,   "feed_bytes", "", "Memory of timelines and rendered replies.") \
    X(METRIC_FEED_BUDGET,      1,             GAUGE,   "feed_budget_bytes", "", "What feed_memory_mib allows.") \
    X(METRIC_FEED_AUTHORS,     1,             GAUGE,   "feed_authors", "", "Authors whose parleys are in memory.") \
    X(METRIC_FEED_ENTRIES,     1,             GAUGE,   "feed_entries", "", "Parleys that timelines in memory know.") \
    X(METRIC_FEED_READERS,     1,             GAUGE,   "feed_readers", "", "Readers whose follow lists are in memory.") \
    X(METRIC_FEED_RENDERED,    1,             GAUGE,   "feed_rendered", "", "Rendered parleys and accounts in memory.") \
    X(METRIC_TREND_THINGS,     4,             GAUGE,   "trend_things", "kind=tag|link|parley|person", "Things that are counted for trends, in memory; at most 8,192 of a kind.") \
    X(METRIC_FEED_HITS,        1,             COUNTER, "feed_hits_total", "", "What was asked of the memory of timelines and was there.") \
    X(METRIC_FEED_MISSES,      1,             COUNTER, "feed_misses_total", "", "What was asked of it and was not there.") \
    X(METRIC_FEED_EVICTED,     5,             COUNTER, "feed_evictions_total", "kind=readers|rendered|people|pages|filters", "What left it for room: when it grows steadily, feed_memory_mib is small for this community.") \
    X(METRIC_JOBS_QUEUED,      METRIC_JOBS,   GAUGE,   "jobs_queued", "kind=@", "Jobs that wait, also for their time.") \
    X(METRIC_JOBS_DEAD,        METRIC_JOBS,   GAUGE,   "jobs_dead", "kind=@", "Dead letters: jobs that failed for good.") \
    X(METRIC_JOBS_LATE,        1,             GAUGE,   "jobs_late_seconds", "", "How long the oldest job that is due waits.") \
    X(METRIC_JOBS_ENDED,       METRIC_JOBS*3, COUNTER, "jobs_ended_total", "kind=@;outcome=done|retry|dead", "Runs of jobs, by how they ended.") \
    X(METRIC_JOB_TIME,         HIST(1),       SECONDS, "job_duration_seconds", "", "How long one run of a job took.") \
    X(METRIC_MAIL,             3,             COUNTER, "mail_total", "outcome=sent|deferred|failed", "Messages given to the relay (or to mail.log), by what came of it.") \
    X(METRIC_PUSH,             4,             COUNTER, "push_total", "outcome=sent|deferred|gone|failed", "Messages given to push services, by what came of it; gone: the subscription is forgotten.") \
    X(METRIC_MEMBERS,          1,             GAUGE,   "members", "", "Members, as counted last.") \
    X(METRIC_MEMBERS_MONTH,    1,             GAUGE,   "members_active_month", "", "Members seen in the last 30 days, as counted last.") \
    X(METRIC_PUBLISHED,        1,             COUNTER, "parleys_published_total", "", "Parleys and echoes published.") \
    X(METRIC_PARLEYS,          1,             GAUGE,   "parleys", "", "Parleys of members, as counted last.") \
    X(METRIC_LOGGED,           2,             COUNTER, "log_lines_total", "level=warn|error", "Warnings and errors in the log.")
/* clang-format on */
