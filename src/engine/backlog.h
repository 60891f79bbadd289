/* SPDX-License-Identifier: Apache-2.0
 *
 * backlog: lines of several names that are followed, in order of time. Each name is read
 * by the chunk, and after an hour without us a chunk is minutes: lines that were read early
 * wait here until those of the same time in the other names are there.
 *
 * As in weave.c, ties go to the name given first, and of one name lines stay in the order
 * in which they were read, whatever their stamps say.
 */
#ifndef ENGINE_BACKLOG_H
#define ENGINE_BACKLOG_H

#include "input/input.h"

struct backlog;

/* Of names numbered from 0 to SOURCES - 1. */
struct backlog *backlog_new(size_t sources);
void backlog_free(struct backlog *backlog);

/* A copy of LINE, which is of *TIME; NULL: of the time of the line before it. */
void backlog_add(struct backlog *backlog, const struct follow_line *line, const int64_t *time);

/* Does enough of SOURCE wait? And of all: that not all of it can be kept waiting? */
bool backlog_holds(const struct backlog *backlog, size_t source);
bool backlog_is_full(const struct backlog *backlog);

/*
 * Has no line of some name that waits gone on for long? NOW: now_monotonic(), after each turn.
 */
bool backlog_is_late(struct backlog *backlog, int64_t now);

/*
 * Takes out the line that comes next, which lives until the next call. NULL: there is none,
 * or one that FOLLOW has not given yet may come before it; a FOLLOW of NULL has no more.
 */
const struct follow_line *backlog_next(struct backlog *backlog, const struct follow *follow);

/*
 * COUNT positions behind the lines that were read are put back behind those that were taken
 * out. False: of some line that waits, the file is not among them any more. The cursors set
 * live until the next backlog_next().
 */
bool backlog_rewind(const struct backlog *backlog, struct follow_position *positions,
    size_t count);

#endif
