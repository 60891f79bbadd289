/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/fragment.h"

static void
release(void *context)
{
	pipeline_flush(context);
}

static void
read_lines(struct run *run, struct piece *first, struct pipeline *pipeline)
{
	while (pipeline_read(pipeline, &first->lines))
		run_progress(run);
	first->span++;
}

void
fragment_read(struct run *run, struct piece *first, struct pipeline *pipeline)
{
	first->span = 0;
	lines_init(&first->lines, first->segments, first->segment_count, release, pipeline);
	first->lines.done = &run->done_bytes;
	read_lines(run, first, pipeline);
}

void
fragment_read_on(struct run *run, struct piece *first, struct pipeline *pipeline)
{
	first->lines.segment_count += first[first->span].segment_count;
	read_lines(run, first, pipeline);
}

void
fragment_begin(struct run *run, struct piece *first, bool from_start)
{
	first->fragment = pipeline_new(&run->shared, from_start, &first->clock);
	fragment_read(run, first, first->fragment);
}

void
fragment_end(struct piece *first)
{
	pipeline_flush(first->fragment);
	lines_end(&first->lines);
	track_settle(first->fragment->track, &first->fragment->out);
	fold_derived(first->fragment);
	first->fits = pipeline_within(first->fragment, 2);
	pipeline_cap(first->fragment);
}

void
fragment_read_again(struct run *run, struct piece *first, struct pipeline *whole)
{
	size_t span = first->span;

	pipeline_free(first->fragment);
	lines_done(&first->lines);
	fragment_read(run, first, whole);
	while (first->span < span)
		fragment_read_on(run, first, whole);
	pipeline_flush(whole);
	lines_end(&first->lines);
	track_settle(whole->track, &whole->out);
	fold_derived(whole);
}

void
fragment_undo(struct piece *first)
{
	pipeline_free(first->fragment);
	first->fragment = NULL;
	if (first->span)
		lines_done(&first->lines);
	for (size_t p = 0; p < first->span; p++)
		first[p].taken = false;
	first->done = false;
	first->span = 0;
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
