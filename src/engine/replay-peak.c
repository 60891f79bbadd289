/* SPDX-License-Identifier: Apache-2.0
 *
 * replay-peak: how many addresses and networks were banned at once, at most.
 */
#include <stdlib.h>

#include "base/mem.h"
#include "engine/replay-side.h"

static int
by_time(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

/* A ban as it is sorted. */
struct lasting {
	uint32_t subject, ban;
	int64_t from;
};

static int
by_subject(const void *a, const void *b)
{
	const struct lasting *x = a, *y = b;

	if (x->subject != y->subject)
		return x->subject < y->subject ? -1 : 1;
	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	return 0;
}

/* When somebody's bans begin and end. */
struct edges {
	int64_t *begin, *end;
	size_t count;
};

/* The bans of prefixes as edges, those that overlap of one subject made one. */
static void
make_edges(const struct replay *replay, const struct lasting *sorted, struct edges *ret)
{
	for (size_t i = 0; i < replay->ban_count;) {
		uint32_t subject = sorted[i].subject;
		int64_t from = sorted[i].from, until = replay->bans[sorted[i].ban].end;

		for (i++; i < replay->ban_count && sorted[i].subject == subject &&
		    sorted[i].from <= until; i++) {
			int64_t end = replay->bans[sorted[i].ban].end;

			until = end > until ? end : until;
		}
		if (replay->subjects[subject].prefix.base.family == 0)
			continue;
		ret->begin[ret->count] = from;
		ret->end[ret->count++] = until;
	}
}

static void
count_edges(struct replay *replay, const struct edges *edges)
{
	size_t ended = 0;

	for (size_t i = 0; i < edges->count; i++) {
		/* Who leaves makes room. */
		while (ended < edges->count && edges->end[ended] <= edges->begin[i])
			ended++;
		if (i + 1 - ended > replay->peak) {
			replay->peak = i + 1 - ended;
			replay->peak_time = edges->begin[i];
		}
	}
}

void
replay_find_peak(struct replay *replay)
{
	size_t count = replay->ban_count;
	struct lasting *sorted = xcalloc(count + 1, sizeof(*sorted));
	struct edges edges = {xcalloc(count + 1, sizeof(int64_t)),
	    xcalloc(count + 1, sizeof(int64_t)), 0};

	for (size_t i = 0; i < count; i++)
		sorted[i] = (struct lasting){replay->bans[i].subject, (uint32_t)i,
		    replay->bans[i].from};
	qsort(sorted, count, sizeof(*sorted), by_subject);
	make_edges(replay, sorted, &edges);
	free(sorted);
	qsort(edges.begin, edges.count, sizeof(int64_t), by_time);
	qsort(edges.end, edges.count, sizeof(int64_t), by_time);
	count_edges(replay, &edges);
	free(edges.begin);
	free(edges.end);
}
