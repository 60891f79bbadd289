/* SPDX-License-Identifier: Apache-2.0
 *
 * bans: what an action put outside, by prefix; and how long it waits before it tries
 * again what failed.
 */
#include <stdlib.h>

#include "act/room.h"
#include "base/now.h"

/* Where PREFIX is or belongs. */
static size_t
position(const struct act_bans *bans, const struct cidr *prefix)
{
	size_t low = 0, high = bans->count;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (cidr_compare(&bans->bans[middle].prefix, prefix) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct act_ban *
act_bans_find(const struct act_bans *bans, const struct cidr *prefix)
{
	size_t at = position(bans, prefix);

	return at < bans->count && cidr_equal(&bans->bans[at].prefix, prefix) ?
	    &bans->bans[at] : NULL;
}

bool
act_bans_put(struct act_bans *bans, const struct act_ban *ban)
{
	size_t at = position(bans, &ban->prefix);

	if (act_bans_find(bans, &ban->prefix)) {
		bans->bans[at] = *ban;
		return true;
	}
	if (bans->count >= BANS_MOST)
		return false;
	MEM_GROW(bans->bans, bans->count, bans->room);
	memmove(bans->bans + at + 1, bans->bans + at,
	    (bans->count - at) * sizeof(*bans->bans));
	bans->bans[at] = *ban;
	bans->count++;
	return true;
}

bool
act_bans_take(struct act_bans *bans, const struct cidr *prefix)
{
	struct act_ban *ban = act_bans_find(bans, prefix);
	size_t at;

	if (!ban)
		return false;
	at = (size_t)(ban - bans->bans);
	memmove(ban, ban + 1, (bans->count - at - 1) * sizeof(*ban));
	bans->count--;
	return true;
}

/* By prefix; of one prefix as they came. A and B point into one list. */
static int
by_prefix(const void *a, const void *b)
{
	const struct change *x = *(const struct change *const *)a,
			    *y = *(const struct change *const *)b;
	int order = cidr_compare(&x->ban.prefix, &y->ban.prefix);

	return order ? order : (x > y) - (x < y);
}

static bool
is_same(const struct change *a, const struct change *b)
{
	return cidr_equal(&a->ban.prefix, &b->ban.prefix);
}

size_t
act_bans_change(struct act_bans *bans, const struct change *changes, size_t count)
{
	const struct change **sorted = xcalloc(count + 1, sizeof(*sorted));
	struct act_bans after = {.room = bans->count + count};
	size_t old = 0, room = bans->count < BANS_MOST ? BANS_MOST - bans->count : 0, left = 0;
	bool there = false;

	after.bans = xcalloc(after.room + 1, sizeof(*after.bans));
	for (size_t i = 0; i < count; i++)
		sorted[i] = &changes[i];
	qsort(sorted, count, sizeof(*sorted), by_prefix);
	for (size_t i = 0; i < count; i++) {
		const struct change *change = sorted[i];
		int order = -1;

		while (old < bans->count && (order = cidr_compare(&bans->bans[old].prefix,
			&change->ban.prefix)) < 0)
			after.bans[after.count++] = bans->bans[old++];
		there = (old < bans->count && order == 0) ||
		    (there && is_same(sorted[i - 1], change));
		old += old < bans->count && order == 0;
		/* The last word on a prefix is what counts. */
		if (change->unban || (i + 1 < count && is_same(sorted[i + 1], change)))
			continue;
		left += !there && room == 0;
		if (there || room > 0)
			after.bans[after.count++] = change->ban;
		room -= !there && room > 0;
	}
	while (old < bans->count)
		after.bans[after.count++] = bans->bans[old++];
	free(sorted);
	free(bans->bans);
	*bans = after;
	return left;
}

#define PAUSE_FIRST INT64_C(1000000)
#define PAUSE_MOST INT64_C(60000000)

void
pause_longer(struct pause *pause)
{
	pause->length = pause->length ? pause->length * 2 : PAUSE_FIRST;
	if (pause->length > PAUSE_MOST)
		pause->length = PAUSE_MOST;
	pause->end = now_monotonic() + pause->length;
}

void
pause_over(struct pause *pause, int64_t next)
{
	pause->length = 0;
	pause->end = now_monotonic() + next;
}

int64_t
pause_left(const struct pause *pause)
{
	int64_t now = now_monotonic();

	return pause->end > now ? pause->end - now : 0;
}
