/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/fragment.h"

static void
release(void *context)
{
	pipeline_flush(context);
}

void
piece_read(struct run *run, struct piece *piece, struct pipeline *pipeline)
{
	lines_init(&piece->lines, piece->segments, piece->segment_count, release, pipeline);
	piece->lines.done = &run->done_bytes;
	while (pipeline_read(pipeline, &piece->lines))
		run_progress(run);
	pipeline_flush(pipeline);
}

void
fragment_begin(struct run *run, struct piece *first, bool from_start, struct pipeline *before)
{
	first->fragment = pipeline_new(&run->shared, from_start, &first->clock);
	first->span = 1;
	if (before)
		carry_give(before, first->fragment);
	piece_read(run, first, first->fragment);
}

void
fragment_end(struct piece *first)
{
	first->fits = pipeline_within(first->fragment, 2);
	pipeline_cap(first->fragment);
}

void
fragment_redo(struct run *run, struct piece *first, struct pipeline *before)
{
	size_t span = first->span;

	pipeline_free(first->fragment);
	for (size_t p = 0; p < span; p++)
		lines_done(&first[p].lines);
	first->clock = before->clock;
	for (fragment_begin(run, first, false, before); first->span < span; first->span++)
		piece_read(run, first + first->span, first->fragment);
	fragment_end(first);
}

void
fragment_undo(struct piece *first)
{
	pipeline_free(first->fragment);
	first->fragment = NULL;
	for (size_t p = 0; p < first->span; p++) {
		lines_done(&first[p].lines);
		first[p].taken = first[p].done = false;
	}
}

static bool
same_clock(const struct clock *a, const struct clock *b)
{
	return a->last_local == b->last_local && a->last_yearless == b->last_yearless &&
	    a->last_zoneless == b->last_zoneless &&
	    a->before_new_year == b->before_new_year &&
	    a->behind_new_year == b->behind_new_year && a->year == b->year &&
	    a->second_pass == b->second_pass && a->pass_known == b->pass_known;
}

bool
fragment_guess_was_right(const struct piece *first, const struct clock *clock)
{
	struct clock after = *clock;
	bool inferred;

	if (!first->fragment->has_first_stamp)
		return true;
	clock_resolve(&after, &first->fragment->first_stamp, &inferred);
	return same_clock(&after, &first->fragment->first_clock);
}

struct clock
fragment_clock_after(const struct piece *piece, const struct clock *before)
{
	struct clock after = piece->fragment->clock, first = *before;
	bool inferred;
	int more;

	if (!piece->fragment->has_first_stamp)
		return *before;
	clock_resolve(&first, &piece->fragment->first_stamp, &inferred);
	more = first.rollovers - piece->fragment->first_clock.rollovers;
	after.rollovers += more;
	after.leap_day = after.leap_day ? after.leap_day + more : first.leap_day;
	after.first_year = first.first_year;
	return after;
}
