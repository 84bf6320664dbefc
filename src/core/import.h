/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "model/import.h"

/* What c->me brings from another server. A file is taken at once and worked on in the background, a batch at a time
   (JOB_IMPORT): killed in the middle, it goes on where it stood, and what it did before changes nothing a second time.
   One at a time a member. Any thread with c->db. */
#define IMPORT_CSV_BYTES_MAX (4 * 1024 * 1024)
#define IMPORT_CSV_ROWS_MAX  50000
#define IMPORT_BATCH         40  /* rows of a list in one run of the job */
#define IMPORT_PROBLEMS_MAX  100 /* lines that are told */
#define IMPORTS_SHOWN        20
#define IMPORT_NAME_MAX      100  /* bytes of a file's name */
#define IMPORT_BUSY_MS       5000 /* how long a member's import waits where nothing may be written now */

const char *import_kind_word(enum import_kind kind); /* "following", "mastodon" ... */
bool import_kind_parse(struct str word, enum import_kind *out);
const char *import_state_word(enum import_state state);

struct import_wish {
    enum import_kind kind;
    bool overwrite; /* what is not in the list goes */
    struct str file_name;
    struct str bytes;
};
/* A list. ERR_INVALID: no such list, or another import is not done yet. */
enum err import_list_add(struct ctx *c, const struct import_wish *w, struct import **out) NODISCARD;
enum err imports_of(struct ctx *c, struct import **out, int64_t *n) NODISCARD;
enum err import_own(struct ctx *c, int64_t id, struct import **out) NODISCARD; /* ERR_NOT_FOUND */
/* Stops one that is not done, which stays in the list; takes one that has ended out of it. What it did stays. */
enum err import_forget(struct ctx *c, int64_t id) NODISCARD;
/* JOB_IMPORT: one batch. `payload` says from where: after a kill a job may run once more that another one followed. */
enum err import_step(struct ctx *c, int64_t id, struct str payload) NODISCARD;

/* All of an account that goes away, with their files. */
enum err imports_clear(struct ctx *c, int64_t account_id) NODISCARD;

/* Files of imports that a kill left without a row; IMPORTS_LEFT_MAX are looked at in one go through the folder. */
#define IMPORTS_LEFT_MAX 200
enum err imports_sweep(struct ctx *c, int64_t before_ms) NODISCARD;

/* --- for the files that do the work --- */
/* Stores a new one, unless the member has one that is not done, and queues its first run. */
enum err import_begin(struct ctx *c, struct import *i) NODISCARD;
/* One more line for its member. */
void import_note(struct ctx *c, struct import *i, struct str what, struct str why);
/* The same of what was not taken; what is more than IMPORT_PROBLEMS_MAX is only counted. */
void import_problem(struct ctx *c, struct import *i, struct str what, struct str why);
/* Stores how far it is and queues the next run unless it ended; nothing when it is not in the state `was` any more. */
enum err import_progress(struct ctx *c, struct import *i, enum import_state was) NODISCARD;
