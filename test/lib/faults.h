/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

struct db;

/* A database that fails when told to: the driver of one handle, with a counter in front of every call that can fail
   (begin, commit, statement, step). A commit that fails has stored nothing, as the drivers promise. One handle at a
   time; the handle's own thread. */
void faults_on(struct db *db);
void faults_off(struct db *db);
/* The nth call from now on fails, once; 0: none. */
void faults_at(int64_t n);
/* What failed since faults_at(); NULL: nothing yet. */
const char *faults_fired(void);
