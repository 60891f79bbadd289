/* SPDX-License-Identifier: Apache-2.0
 *
 * weave: several streams become one, ordered by time; ties go to the stream named
 * first. A line without a stamp follows the line before it.
 */
#include <stdlib.h>

#include "engine/run.h"

struct strand {
	struct segment *segments;
	struct lines lines;
	struct clock ahead; /* of the line at hand, to compare */
	struct clock clock; /* of the lines given to the pipeline */
	struct line line;
	int64_t time;
	bool has_line;
	bool guessed;       /* the year of its first line */
};

struct weave {
	const struct run_settings *settings;
	struct pipeline *pipeline; /* NULL while the first lines are read */
};

/* What lines_next() calls before it moves its buffer: the events may point there. */
static void
release(void *context)
{
	const struct weave *weave = context;

	if (!weave->pipeline)
		return;
	pipeline_flush(weave->pipeline);
	if (weave->settings->waiting)
		weave->settings->waiting(weave->settings->waiter);
}

static void
advance(struct strand *strand, bool need_time)
{
	struct stamp stamp;
	bool inferred;

	strand->has_line = lines_next(&strand->lines, &strand->line);
	if (strand->has_line && need_time && parse_stamp(strand->line.text, &stamp))
		strand->time = clock_resolve(&strand->ahead, &stamp, &inferred);
}

/* The strand whose line is the oldest; NULL when all are at their end. */
static struct strand *
oldest(struct strand *strands, size_t count)
{
	struct strand *best = NULL;

	for (size_t s = 0; s < count; s++)
		if (strands[s].has_line && (!best || strands[s].time < best->time))
			best = &strands[s];
	return best;
}

static void
weave_lines(struct run *run, struct pipeline *pipeline, struct strand *strands, size_t count)
{
	uint64_t chunk = UINT64_C(64) << 20, next_cap = chunk;
	struct strand *strand;
	uint64_t bytes = 0;

	while ((strand = oldest(strands, count)) && !pipeline->stopped) {
		struct line *line = &strand->line;

		pipeline->clock = strand->clock;
		pipeline_line(pipeline, line->text, line->source_no, line->offset,
		    line->lineno);
		strand->clock = pipeline->clock;
		bytes += line->text.len + 1;
		if (bytes >= next_cap) {
			pipeline_flush(pipeline);
			pipeline_cap(pipeline);
			next_cap = bytes + chunk;
		}
		if ((bytes & 0xffff) < line->text.len)
			run_progress(run);
		advance(strand, count > 1);
	}
	pipeline_flush(pipeline);
}

struct pipeline *
weave_run(struct run *run)
{
	size_t count = run->inputs->count;
	struct strand *strands = xcalloc(count, sizeof(*strands));
	struct weave weave = {.settings = run->settings};
	struct clock clock;
	uint32_t source = 0;

	for (size_t s = 0; s < count; s++) {
		const struct input_stream *stream = &run->inputs->streams[s];

		strands[s].segments = run_segments(stream, source);
		source += (uint32_t)stream->count;
		strands[s].guessed =
		    run_guess_clock(run, stream, strands[s].segments, &strands[s].clock);
		if (!strands[s].guessed)
			run_exact_clock(run, stream, strands[s].segments, &strands[s].clock);
		strands[s].ahead = strands[s].clock;
		strands[s].time = INT64_MIN;
		lines_init(&strands[s].lines, strands[s].segments, stream->count, release,
		    &weave);
		strands[s].lines.done = &run->done_bytes;
		advance(&strands[s], count > 1);
	}
	clock_init(&clock, 0);
	weave.pipeline = pipeline_new(&run->shared, true, &clock);
	weave_lines(run, weave.pipeline, strands, count);
	for (size_t s = 0; s < count; s++) {
		run_take_errors(run, &strands[s].lines);
		if (strands[s].guessed)
			run->result->wrong_year |= strands[s].clock.first_year !=
			    run_first_year(run, &run->inputs->streams[s], &strands[s].clock);
		lines_done(&strands[s].lines);
		free(strands[s].segments);
	}
	free(strands);
	return weave.pipeline;
}
