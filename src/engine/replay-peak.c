/* SPDX-License-Identifier: Apache-2.0
 *
 * replay-peak: how many addresses and networks were banned at once, at most.
 */
#include <stdlib.h>

#include "base/mem.h"
#include "engine/replay-side.h"

/* A moment when somebody's bans begin or end. */
struct edge {
	int64_t time;
	int change;
};

static int
by_time(const void *a, const void *b)
{
	const struct edge *x = a, *y = b;

	if (x->time != y->time)
		return x->time < y->time ? -1 : 1;
	return x->change - y->change; /* who leaves makes room */
}

static int
by_subject(const void *a, const void *b)
{
	const struct replay_ban *const *x = a, *const *y = b;

	if ((*x)->subject != (*y)->subject)
		return (*x)->subject < (*y)->subject ? -1 : 1;
	if ((*x)->from != (*y)->from)
		return (*x)->from < (*y)->from ? -1 : 1;
	return 0;
}

/* The bans of prefixes as edges, those that overlap of one subject made one. */
static size_t
make_edges(const struct replay *replay, const struct replay_ban **sorted, struct edge *edges)
{
	size_t count = 0;

	for (size_t i = 0; i < replay->ban_count;) {
		uint32_t subject = sorted[i]->subject;
		int64_t from = sorted[i]->from, until = sorted[i]->until;

		for (i++; i < replay->ban_count && sorted[i]->subject == subject &&
		    sorted[i]->from <= until; i++)
			until = sorted[i]->until > until ? sorted[i]->until : until;
		if (replay->subjects[subject].prefix.base.family == 0)
			continue;
		edges[count++] = (struct edge){from, 1};
		edges[count++] = (struct edge){until, -1};
	}
	return count;
}

void
replay_find_peak(struct replay *replay)
{
	const struct replay_ban **sorted =
	    xcalloc(replay->ban_count + 1, sizeof(struct replay_ban *));
	struct edge *edges = xcalloc(2 * replay->ban_count + 1, sizeof(*edges));
	uint64_t now = 0;
	size_t count;

	for (size_t i = 0; i < replay->ban_count; i++)
		sorted[i] = &replay->bans[i];
	qsort(sorted, replay->ban_count, sizeof(*sorted), by_subject);
	count = make_edges(replay, sorted, edges);
	qsort(edges, count, sizeof(*edges), by_time);
	for (size_t i = 0; i < count; i++) {
		now = edges[i].change > 0 ? now + 1 : now - 1;
		if (now > replay->peak) {
			replay->peak = now;
			replay->peak_time = edges[i].time;
		}
	}
	free(sorted);
	free(edges);
}
