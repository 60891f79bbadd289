/* SPDX-License-Identifier: Apache-2.0
 *
 * A queue for each name. The line that may go is the oldest of their first ones, unless
 * a name whose queue is empty has more to read and may have an older one.
 */
#include "engine/backlog.h"

#include <stdlib.h>

#include "base/civil.h"
#include "base/mem.h"

/* A name of which so much waits is not read further. */
#define SOURCE_BYTES ((size_t)256 * 1024)

/* All names together. A chunk of each fits, unless there are dozens. */
#define ALL_BYTES ((size_t)64 * 1024 * 1024)

/* Where one name is written to faster than it is read, others wait so long for it. */
#define LATE (10 * USEC_PER_SEC)

struct waiting {
	struct follow_line line; /* text and cursor are in the bytes behind it */
	struct waiting *next;
	int64_t time;
	size_t size;
	char bytes[];
};

struct queue {
	struct waiting *first, **end;
	size_t size;
	int64_t time;  /* of the line that was added last */
	bool moved;    /* since the last look at `since`: a line was taken out, */
	int64_t since; /* when that was seen last; by now_monotonic() */
};

struct backlog {
	struct queue *queues;
	size_t count, size;
	struct waiting *taken;
};

struct backlog *
backlog_new(size_t sources)
{
	struct backlog *backlog = xcalloc(1, sizeof(*backlog));

	backlog->count = sources;
	backlog->queues = xcalloc(sources, sizeof(*backlog->queues));
	for (size_t s = 0; s < sources; s++) {
		backlog->queues[s].end = &backlog->queues[s].first;
		backlog->queues[s].time = INT64_MIN;
	}
	return backlog;
}

void
backlog_free(struct backlog *backlog)
{
	if (!backlog)
		return;
	for (size_t s = 0; s < backlog->count; s++) {
		struct waiting *next;

		for (struct waiting *w = backlog->queues[s].first; w; w = next) {
			next = w->next;
			free(w);
		}
	}
	free(backlog->taken);
	free(backlog->queues);
	free(backlog);
}

void
backlog_add(struct backlog *backlog, const struct follow_line *line, const int64_t *time)
{
	struct queue *queue = &backlog->queues[line->source];
	size_t cursor = line->cursor ? strlen(line->cursor) + 1 : 0;
	size_t size = sizeof(struct waiting) + line->text.len + cursor;
	struct waiting *w = xmalloc(size);

	queue->time = time ? *time : queue->time;
	*w = (struct waiting){.line = *line, .time = queue->time, .size = size};
	memcpy(w->bytes, line->text.p, line->text.len);
	w->line.text.p = w->bytes;
	if (cursor) {
		memcpy(w->bytes + line->text.len, line->cursor, cursor);
		w->line.cursor = w->bytes + line->text.len;
	}
	*queue->end = w;
	queue->end = &w->next;
	queue->size += size;
	backlog->size += size;
}

bool
backlog_holds(const struct backlog *backlog, size_t source)
{
	return backlog->queues[source].size >= SOURCE_BYTES;
}

bool
backlog_is_full(const struct backlog *backlog)
{
	return backlog->size >= ALL_BYTES;
}

bool
backlog_is_late(struct backlog *backlog, int64_t now)
{
	bool late = false;

	for (size_t s = 0; s < backlog->count; s++) {
		struct queue *queue = &backlog->queues[s];

		if (queue->moved || !queue->first || queue->since == 0)
			queue->since = now;
		queue->moved = false;
		late |= now - queue->since >= LATE;
	}
	return late;
}

const struct follow_line *
backlog_next(struct backlog *backlog, const struct follow *follow)
{
	struct queue *best = NULL;
	int64_t best_time = 0;

	free(backlog->taken);
	backlog->taken = NULL;
	for (size_t s = 0; s < backlog->count; s++) {
		struct queue *queue = &backlog->queues[s];
		int64_t time = queue->first ? queue->first->time : queue->time;

		/* What is still to be read is not older than what was. */
		if (!queue->first && !(follow && follow_has_more(follow, s)))
			continue;
		if (!best || time < best_time) {
			best = queue;
			best_time = time;
		}
	}
	if (!best || !best->first)
		return NULL;
	backlog->taken = best->first;
	best->first = best->first->next;
	if (!best->first)
		best->end = &best->first;
	best->moved = true;
	best->size -= backlog->taken->size;
	backlog->size -= backlog->taken->size;
	return &backlog->taken->line;
}

/* Puts the one of POSITIONS that is of LINE's file before LINE. */
static bool
put_before(const struct follow_line *line, struct follow_position *positions, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct follow_position *position = &positions[i];

		if (line->cursor && position->cursor) {
			position->cursor = line->cursor;
			return true;
		}
		if (line->generation && line->generation == position->generation) {
			if (line->before < position->offset)
				position->offset = line->before;
			return true;
		}
	}
	return false;
}

bool
backlog_rewind(const struct backlog *backlog, struct follow_position *positions, size_t count)
{
	for (size_t s = 0; s < backlog->count; s++) {
		const struct waiting *before = NULL;

		/* One of each file will do, but the files of a name may take turns. */
		for (const struct waiting *w = backlog->queues[s].first; w; w = w->next) {
			if (before && before->line.generation == w->line.generation)
				continue;
			if (!put_before(&w->line, positions, count))
				return false;
			before = w;
		}
	}
	return true;
}
