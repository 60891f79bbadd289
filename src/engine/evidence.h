/* SPDX-License-Identifier: Apache-2.0
 *
 * evidence: the lines of a log that events were made of, found again by the events' ids:
 * an id is a hash of the head of the file, the line's place in it and the event's number
 * there, so the line is the very same or it is not found, wherever rotation put it.
 */
#ifndef ENGINE_EVIDENCE_H
#define ENGINE_EVIDENCE_H

#include "base/arena.h"
#include "base/err.h"

/* An event's line; FILE is NULL while it was not found. */
struct evidence {
	uint64_t id;
	int64_t time;
	const char *file; /* where it lies now */
	int64_t lineno;
	struct str line;
};

/*
 * Looks in the files that SOURCE, as events name it, has become by rotation, the newest
 * first, for the lines of COUNT events; files that were written before the event's time
 * are not read. "journal" is the system's: there `file` is that, and `lineno` 0. What is
 * found is filled in; texts live in ARENA. -1: a file could not be read, and something was
 * not found.
 */
int evidence_find(const char *source, struct evidence *list, size_t count,
    struct arena *arena, struct err *err);

#endif
