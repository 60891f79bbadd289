/* SPDX-License-Identifier: Apache-2.0
 *
 * run: what the parts of one run share.
 */
#ifndef ENGINE_RUN_H
#define ENGINE_RUN_H

#include "engine/lines.h"
#include "engine/pieces.h"
#include "engine/pipeline.h"

struct run {
	const struct run_settings *settings;
	struct input_set *inputs;
	struct shared shared;
	const struct input_file **files; /* by source_no */
	const char **names;
	uint32_t *streams; /* by source_no */
	uint64_t total_bytes;
	_Atomic uint64_t done_bytes;
	atomic_flag telling; /* a thread is calling settings->progress */
	struct run_result *result;
	struct hole *holes; /* one for each file that has any, in their order */
	size_t hole_count, hole_room;
	struct team *team;       /* of the threads that read; NULL: there is but one */
	struct pipeline *spent;  /* joined last: to be freed when nobody waits for it */
};

/*
 * Notes the first fault that LINES met while reading each file, and the holes; of a file's
 * parts from front to back.
 */
void run_take_errors(struct run *run, const struct lines *lines);

/* The year of STREAM's first undated line when a clock begun with 0 ended as END. */
int run_first_year(const struct run *run, const struct input_stream *stream,
    const struct clock *end);

struct segment *run_segments(const struct input_stream *stream, uint32_t first_source);

/* The clock to begin STREAM with; reads it ahead when its lines have no year. */
void run_exact_clock(const struct run *run, const struct input_stream *stream,
    const struct segment *segments, struct clock *ret);

/* The same by the ends of its files alone; false: they tell nothing, or need not. */
bool run_guess_clock(const struct run *run, const struct input_stream *stream,
    const struct segment *segments, struct clock *ret);

/* Tells the user how far it is. */
void run_progress(struct run *run);

/* The one stream cut into pieces, worked on by settings->jobs threads, joined. */
struct pipeline *crew_run(struct run *run, const struct input_stream *stream);

/* All streams, merged by time, in one thread. */
struct pipeline *weave_run(struct run *run);

#endif
