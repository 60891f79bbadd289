/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/duplicates.h"

#include "base/civil.h"
#include "base/hash.h"
#include "engine/likeness.h"

static const uint64_t place_bits[2] = {PLACE_BITS(0), PLACE_BITS(1)};

/* The last event of WHO in the lines before NUMBER that still count, or NULL. */
static struct duplicate *
last_of(struct duplicates *duplicates, uint64_t who, int64_t number)
{
	for (uint32_t i = 1; i <= DUPLICATES_KEPT && i <= duplicates->count; i++) {
		struct duplicate *last =
		    &duplicates->kept[(duplicates->count - i) % DUPLICATES_KEPT];

		if (number - last->number > DUPLICATE_LINES)
			return NULL;
		if (last->who == who)
			return last;
	}
	return NULL;
}

static bool
is_second(const struct duplicate *last, uint64_t what, const struct event *ev)
{
	int64_t since = last ? ev->time - last->time : 0;

	/* A line that tells of several comes when they are over. */
	return last && last->single && last->what == what &&
	    (ev->weight > 1 || (since >= -DUPLICATE_USEC && since <= DUPLICATE_USEC));
}

bool
duplicates_is_new(struct duplicates *duplicates, struct event *ev, int64_t number)
{
	uint64_t who = hash_mix(likeness_of_field(ev, FIELD_host, NULL),
	    likeness_of_field(ev, FIELD_pid, NULL));
	uint64_t what = likeness(ev, place_bits, NULL);
	struct duplicate *last = last_of(duplicates, who, number);
	uint32_t tellings = ev->weight, times;

	if (is_second(last, what, ev)) {
		tellings--;
		last->single = false;
	}
	if (tellings == 0)
		return false;
	if (number < DUPLICATE_LINES)
		duplicates->early[duplicates->early_count++] = what;
	duplicates->kept[duplicates->count++ % DUPLICATES_KEPT] =
	    (struct duplicate){who, what, ev->time, number, tellings % 2 == 1};
	times = tellings / 2 + tellings % 2;
	if (times != ev->weight)
		EVENT_SET(ev, count, times);
	ev->weight = times;
	return true;
}

bool
duplicates_matter(const struct duplicates *before, int64_t before_lines,
    const struct duplicates *next, int64_t lines)
{
	for (uint32_t i = 1; i <= DUPLICATES_KEPT && i <= before->count; i++) {
		const struct duplicate *last =
		    &before->kept[(before->count - i) % DUPLICATES_KEPT];

		if (before_lines - last->number > DUPLICATE_LINES)
			return false;
		if (lines < DUPLICATE_LINES)
			return true;
		for (uint32_t e = 0; last->single && e < next->early_count; e++)
			if (next->early[e] == last->what)
				return true;
	}
	return false;
}

void
duplicates_copy(struct duplicates *to, const struct duplicates *from, int64_t shift)
{
	uint32_t kept = from->count < DUPLICATES_KEPT ? from->count : DUPLICATES_KEPT;

	*to = *from;
	to->early_count = 0;
	for (uint32_t i = 0; i < kept; i++)
		to->kept[i].number += shift;
}
