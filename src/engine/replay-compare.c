/* SPDX-License-Identifier: Apache-2.0
 *
 * replay-compare: two replays of one log, side by side.
 */
#include <stdlib.h>

#include "base/mem.h"
#include "engine/replay.h"

struct sorted {
	const struct replay *replay;
	const struct replay_subject **list;
};

/* Names and addresses that look alike are two. */
static int
compare_subjects(const struct replay_subject *x, const struct replay_subject *y)
{
	int order = str_compare(x->key, y->key);

	return order ? order : (int)x->prefix.base.family - (int)y->prefix.base.family;
}

static int
by_key(const void *a, const void *b)
{
	return compare_subjects(*(const struct replay_subject *const *)a,
	    *(const struct replay_subject *const *)b);
}

static struct sorted
sort_subjects(const struct replay *replay)
{
	struct sorted sorted = {replay,
	    xcalloc(replay->subject_count + 1, sizeof(struct replay_subject *))};

	for (size_t i = 0; i < replay->subject_count; i++)
		sorted.list[i] = &replay->subjects[i];
	qsort(sorted.list, replay->subject_count, sizeof(*sorted.list), by_key);
	return sorted;
}

static bool
is_same(const struct replay *a, const struct replay_change *change, const struct replay *b)
{
	return change->a && change->b && change->a->bans == change->b->bans &&
	    change->a->banned == change->b->banned &&
	    a->bans[change->a->first].from == b->bans[change->b->first].from;
}

struct timed {
	struct replay_change change;
	int64_t time;
};

static int
by_first(const void *a, const void *b)
{
	const struct timed *x = a, *y = b;

	if (x->time != y->time)
		return x->time < y->time ? -1 : 1;
	return compare_subjects(x->change.a ? x->change.a : x->change.b,
	    y->change.a ? y->change.a : y->change.b);
}

static int64_t
first_time(const struct replay *a, const struct replay *b, const struct replay_change *change)
{
	int64_t in_a = change->a ? a->bans[change->a->first].from : INT64_MAX;
	int64_t in_b = change->b ? b->bans[change->b->first].from : INT64_MAX;

	return in_a < in_b ? in_a : in_b;
}

/* The next of the subjects at I of A and J of B by key, from one of them or both. */
static struct replay_change
next_change(const struct sorted *a, size_t *i, const struct sorted *b, size_t *j)
{
	struct replay_change change = {NULL, NULL};
	int order;

	if (*i == a->replay->subject_count)
		order = 1;
	else if (*j == b->replay->subject_count)
		order = -1;
	else
		order = compare_subjects(a->list[*i], b->list[*j]);
	if (order <= 0)
		change.a = a->list[(*i)++];
	if (order >= 0)
		change.b = b->list[(*j)++];
	return change;
}

size_t
replay_compare(const struct replay *a, const struct replay *b, struct replay_change **ret)
{
	struct sorted in_a = sort_subjects(a), in_b = sort_subjects(b);
	struct timed *timed = xcalloc(a->subject_count + b->subject_count + 1, sizeof(*timed));
	size_t i = 0, j = 0, count = 0;

	while (i < a->subject_count || j < b->subject_count) {
		struct replay_change change = next_change(&in_a, &i, &in_b, &j);

		if (!is_same(a, &change, b))
			timed[count++] = (struct timed){change, first_time(a, b, &change)};
	}
	qsort(timed, count, sizeof(*timed), by_first);
	*ret = xcalloc(count + 1, sizeof(**ret));
	for (i = 0; i < count; i++)
		(*ret)[i] = timed[i].change;
	free(timed);
	free(in_a.list);
	free(in_b.list);
	return count;
}
