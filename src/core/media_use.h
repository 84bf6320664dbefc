/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "model/media.h"

/* Uses of files and the files themselves stay together: a file is written before its use is stored, and goes when the
   last use went, by a job of the transaction that took it away. */

/* Inside the transaction that stores or changes *m, before it does: its files (hash and preview) are held, and are
   there; ERR_AGAIN when one was removed meanwhile. Queues what sends them to the object store. */
enum err media_use(struct ctx *c, const struct media *m) NODISCARD;
/* Inside the transaction that deletes or changes `was`: its files go unless somebody else uses them. */
enum err media_unuse(struct ctx *c, const struct media *was) NODISCARD;

/* JOB_MEDIA_REMOVE. Opens a transaction; the object store is asked after it. */
enum err media_remove_unused(struct ctx *c, struct str payload) NODISCARD;
/* Nothing uses it. All shards: for checks. */
struct media_name;
enum err media_is_orphan(struct ctx *c, const struct media_name *name, bool *orphan) NODISCARD;
enum err media_remove_orphan(struct ctx *c, const struct media_name *name) NODISCARD; /* unless it is used by now */
/* JOB_MEDIA_SEND: to the object store. */
enum err media_send(struct ctx *c, struct str payload) NODISCARD;
