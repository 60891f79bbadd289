/* SPDX-License-Identifier: Apache-2.0
 *
 * window: an exact sliding window. No more marks are kept than reach the threshold, so
 * that a key's memory is bounded however much it does.
 */
#include <stdlib.h>

#include "base/mem.h"
#include "detect/room.h"

static void
remove_at(struct window *window, uint32_t at)
{
	memmove(window->marks + at, window->marks + at + 1,
	    (window->count - at - 1) * sizeof(*window->marks));
	window->count--;
}

/* Removes the mark with MARK's value when that is older; false: it is newer. */
static bool
renew_value(struct window *window, const struct mark *mark)
{
	for (uint32_t i = 0; i < window->count; i++)
		if (window->marks[i].value == mark->value) {
			if (window->marks[i].time > mark->time)
				return false;
			remove_at(window, i);
			return true;
		}
	return true;
}

uint64_t
window_sum(const struct window *window)
{
	uint64_t sum = 0;

	for (uint32_t i = 0; i < window->count; i++)
		sum += window->marks[i].points;
	return sum;
}

static void
insert(struct window *window, const struct mark *mark)
{
	uint32_t at = window->count;

	if (window->count == window->room) {
		window->room = window->room ? window->room * 2 : 2;
		window->marks = xrealloc(window->marks, window->room, sizeof(*window->marks));
	}
	while (at > 0 && window->marks[at - 1].time > mark->time)
		at--;
	memmove(window->marks + at + 1, window->marks + at,
	    (window->count - at) * sizeof(*window->marks));
	window->marks[at] = *mark;
	window->count++;
}

void
window_add(struct window *window, const struct mark *mark, int64_t within, uint64_t need)
{
	int64_t latest = window->count ? window->marks[window->count - 1].time : mark->time;
	uint32_t old = 0;
	uint64_t sum;

	latest = mark->time > latest ? mark->time : latest;
	if (latest - mark->time > within || (mark->value && !renew_value(window, mark)))
		return;
	insert(window, mark);
	sum = window_sum(window);
	while (old + 1 < window->count && (latest - window->marks[old].time > within ||
	    sum - window->marks[old].points >= need))
		sum -= window->marks[old++].points;
	if (old) {
		window->count -= old;
		memmove(window->marks, window->marks + old,
		    window->count * sizeof(*window->marks));
	}
}

void
window_clear(struct window *window)
{
	window->count = 0;
}

void
window_done(void *window)
{
	free(((struct window *)window)->marks);
}
