/* SPDX-License-Identifier: Apache-2.0
 *
 * run: inputs to answers. One stream is cut into pieces that threads work on side
 * by side (crew.c); several streams are woven by time in one thread (weave.c), and
 * so is a scan, whose events go out in order.
 */
#include "engine/run.h"

#include <stdlib.h>

#include "base/civil.h"
#include "base/mem.h"
#include "base/team.h"
#include "engine/likeness.h"

/* The time of the first stamp in HEAD; a year where there is none from MTIME. */
static bool
probe_time(void *context, struct str head, int64_t mtime, int64_t *ret, bool *ret_yearless)
{
	const struct run_settings *settings = context;
	struct clock clock;
	struct stamp stamp;
	bool inferred;

	while (head.len) {
		struct str line = str_cut(&head, '\n');

		if (!parse_stamp(line, &stamp))
			continue;
		clock_init(&clock, clock_first_year(stamp.local, 0, 0, mtime, settings->year));
		*ret = clock_resolve(&clock, &stamp, &inferred);
		*ret_yearless = !stamp.has_year;
		return true;
	}
	return false;
}

static void
add_text(char ***list, size_t *count, char *text)
{
	*list = xrealloc(*list, *count + 1, sizeof(**list));
	(*list)[(*count)++] = text;
}

static void
take_faults(struct run *run)
{
	for (size_t i = 0; i < run->inputs->fault_count; i++) {
		struct input_fault *fault = &run->inputs->faults[i];

		if (fault->warning)
			add_text(&run->result->warnings, &run->result->warning_count,
			    xstrdup(fault->text));
		else
			add_text(&run->result->errors, &run->result->error_count,
			    xstrdup(fault->text));
	}
}

/* What was left out of a file is no fault of reading it; but what a crash took is gone. */
static void
take_hole(struct run *run, const struct hole *hole)
{
	struct buf text = BUF_INIT(65536);

	buf_printf(&text, "%s: %llu NUL bytes", run->names[hole->source_no],
	    (unsigned long long)hole->bytes);
	if (hole->count > 1)
		buf_printf(&text, " in %u places, first", hole->count);
	if (hole->lineno)
		buf_printf(&text, " before line %lld", (long long)hole->lineno);
	else
		buf_printf(&text, " at byte %llu", (unsigned long long)hole->offset);
	buf_printf(&text, " left out: " INPUT_HOLE_CAUSE);
	add_text(&run->result->warnings, &run->result->warning_count,
	    xasprintf("%.*s", STR_ARG(buf_view(&text))));
	buf_done(&text);
}

/* A file's holes are told of together, however its lines were shared out. */
static void
add_hole(struct run *run, const struct hole *hole)
{
	struct hole *last = run->hole_count ? &run->holes[run->hole_count - 1] : NULL;

	if (last && last->source_no == hole->source_no) {
		last->bytes += hole->bytes;
		last->count += hole->count;
		return;
	}
	MEM_GROW(run->holes, run->hole_count, run->hole_room);
	run->holes[run->hole_count++] = *hole;
}

void
run_take_errors(struct run *run, const struct lines *lines)
{
	for (size_t i = 0; i < lines->hole_count; i++)
		add_hole(run, &lines->holes[i]);
	for (size_t i = 0; i < lines->error_count; i++) {
		struct input_stats *input = &run->result->inputs[lines->error_sources[i]];

		/* Of a file that became shorter all later parts have one, too. */
		if (input->error)
			continue;
		input->error = arena_cstr(&run->result->arena, str_of(lines->errors[i]));
		add_text(&run->result->errors, &run->result->error_count,
		    xstrdup(lines->errors[i]));
	}
}

/* The answer names what could not be opened behind the COUNT inputs that are read. */
static void
number_unread(struct run *run, size_t count)
{
	struct run_result *result = run->result;

	result->input_count = count;
	for (size_t i = 0; i < run->inputs->fault_count; i++) {
		const struct input_fault *fault = &run->inputs->faults[i];

		if (fault->name)
			result->inputs[result->input_count++] = (struct input_stats){
			    .source = arena_cstr(&result->arena, str_of(fault->name)),
			    .error = arena_cstr(&result->arena, str_of(fault->text))};
	}
}

/* Numbers all files of all streams. */
static void
number_sources(struct run *run)
{
	struct run_result *result = run->result;
	size_t count = 0, room;

	for (size_t s = 0; s < run->inputs->count; s++)
		count += run->inputs->streams[s].count;
	run->names = xcalloc(count, sizeof(*run->names));
	run->files = xcalloc(count, sizeof(*run->files));
	run->streams = xcalloc(count, sizeof(*run->streams));
	room = (count + run->inputs->fault_count) * sizeof(*result->inputs);
	result->inputs = arena_alloc(&result->arena, room);
	memset(result->inputs, 0, room);
	count = 0;
	for (size_t s = 0; s < run->inputs->count; s++)
		for (size_t f = 0; f < run->inputs->streams[s].count; f++) {
			const struct input_file *file = &run->inputs->streams[s].files[f];

			run->files[count] = file;
			run->names[count] = file->name;
			run->streams[count] = (uint32_t)s;
			result->inputs[count].source =
			    arena_cstr(&result->arena, str_of(file->name));
			run->total_bytes += file->size;
			count++;
		}
	run->shared.files = run->files;
	run->shared.streams = run->inputs->count > 1 ? run->streams : NULL;
	run->shared.sources =
	    (struct event_sources){(const char *const *)run->names, (uint32_t)count};
	number_unread(run, count);
}

void
shared_collect_needs(struct shared *shared)
{
	const uint64_t *reads = shared->settings->reads;
	uint64_t handed[2] = {0, 0}, read[2] = {0, 0};

	if (shared->plan || reads)
		track_hands_on(handed);
	if (shared->plan)
		plan_reads(shared->plan, read);
	for (unsigned word = 0; reads && word < 2; word++)
		read[word] |= reads[word];
	for (unsigned kind = 0; kind < KINDS; kind++) {
		uint64_t track[2] = {0, 0}, plan[2] = {0, 0};

		track_needs(kind, track);
		if (shared->plan)
			plan_needs(shared->plan, kind, plan);
		for (unsigned word = 0; word < 2; word++)
			shared->needs[kind][word] =
			    (track[word] & (~handed[word] | read[word])) | plan[word];
		/* Some get a host that does not stand in their line. */
		if (shared->streams)
			shared->needs[kind][0] |= FIELD_BIT(host, 0);
	}
	places_collect(shared);
}

static int
run_begin(struct run *run, const struct run_settings *settings, struct err *err)
{
	struct input_settings input = {.names = settings->names, .count = settings->name_count,
	    .since = settings->since, .output = settings->output, .probe = probe_time,
	    .context = (void *)(uintptr_t)settings};

	*run = (struct run){.settings = settings};
	if (input_open(&input, &run->inputs, err) < 0)
		return -1;
	run->result = xcalloc(1, sizeof(*run->result));
	run->shared.settings = settings;
	run->shared.query_limits =
	    settings->query_limits ? settings->query_limits : &query_limits_default;
	run->shared.track_limits =
	    settings->track_limits ? settings->track_limits : &track_limits_default;
	number_sources(run);
	take_faults(run);
	return 0;
}

static void
run_end(struct run *run)
{
	for (size_t i = 0; i < run->hole_count; i++)
		take_hole(run, &run->holes[i]);
	free(run->holes);
	input_close(run->inputs);
	free(run->names);
	free(run->files);
	free(run->streams);
}

/* Anchor of a stream: its last line's time, if that has a year, else when it was written. */
static int64_t
stream_anchor(const struct input_stream *stream)
{
	struct segment last = {.to = UINT64_MAX};
	struct stamp stamp;

	if (stream->count == 0)
		return 0;
	last.file = &stream->files[stream->count - 1];
	if (segment_last_stamp(&last, &stamp) && stamp.has_year)
		return stamp.local - (stamp.has_zone ? stamp.offset * USEC_PER_SEC : 0);
	return last.file->mtime;
}

int
run_first_year(const struct run *run, const struct input_stream *stream,
    const struct clock *end)
{
	if (end->last_local == INT64_MIN)
		return 0;
	return clock_first_year(end->last_local, end->rollovers, end->leap_day,
	    run->settings->year ? 0 : stream_anchor(stream), run->settings->year);
}

/* The whole of STREAM as segments; the caller frees them. */
struct segment *
run_segments(const struct input_stream *stream, uint32_t first_source)
{
	struct segment *segments = xcalloc(stream->count, sizeof(*segments));

	for (size_t f = 0; f < stream->count; f++)
		segments[f] = (struct segment){
		    &stream->files[f], first_source + (uint32_t)f, 0, UINT64_MAX};
	return segments;
}

/* Has SEGMENT lines without a year at its beginning, or, where that can be seen, its end? */
static bool
is_undated(const struct segment *segment)
{
	struct stamp stamp;

	return (segment_first_stamp(segment, &stamp) && !stamp.has_year) ||
	    (segment_last_stamp(segment, &stamp) && !stamp.has_year);
}

/*
 * Has the input lines without a year? Only then it must be read ahead for them. The ends alone
 * are asked; what stands between lines that have one takes theirs.
 */
void
run_exact_clock(const struct run *run, const struct input_stream *stream,
    const struct segment *segments, struct clock *ret)
{
	struct clock clock;
	struct stamp stamp;
	bool undated = false, dated = false;

	clock_init(ret, 0);
	for (size_t f = 0; f < stream->count && !undated; f++) {
		undated = is_undated(&segments[f]);
		if (!undated && !dated && segment_first_stamp(&segments[f], &stamp)) {
			clock_init_beside(ret, stamp.local);
			dated = true;
		}
	}
	if (!undated)
		return;
	clock_init(&clock, 0);
	segments_clock(segments, stream->count, &clock);
	clock_init(ret, run_first_year(run, stream, &clock));
}

/* Can every input be read once more? */
static bool
can_read_again(const struct run *run)
{
	for (size_t n = 0; n < run->settings->name_count; n++)
		if (strcmp(run->settings->names[n], "-") == 0)
			return false;
	return true;
}

bool
run_guess_clock(const struct run *run, const struct input_stream *stream,
    const struct segment *segments, struct clock *ret)
{
	struct clock end;
	struct stamp first, last;

	if (!run->settings->guess_years || !can_read_again(run) || stream->count == 0 ||
	    !segment_first_stamp(&segments[0], &first) || first.has_year ||
	    !segment_last_stamp(&segments[stream->count - 1], &last) || last.has_year)
		return false;
	clock_init(&end, 0);
	end.last_local = last.local;
	end.rollovers = last.local < first.local;
	clock_init(ret, run_first_year(run, stream, &end));
	return true;
}

void
run_progress(struct run *run)
{
	const struct run_settings *settings = run->settings;

	if (!settings->progress || atomic_flag_test_and_set(&run->telling))
		return;
	settings->progress(settings->context, run->done_bytes, run->total_bytes);
	atomic_flag_clear(&run->telling);
}

/*
 * Does PLAN look at where events stand? Line numbers are known only when files are read in
 * order, and what line completed a derived event only where it is tracked.
 */
static bool
wants_lines(const struct plan *plan)
{
	uint64_t looks[2];

	for (unsigned kind = 0; kind < KINDS; kind++) {
		plan_looks(plan, kind, looks);
		if (looks[FIELD_lineno / 64] >> (FIELD_lineno % 64) & 1 ||
		    looks[FIELD_source / 64] >> (FIELD_source % 64) & 1)
			return true;
	}
	return false;
}

struct tables {
	struct run *run;
	const struct fold *fold;
	const struct query *const *queries;
};

static void
make_table(void *context, size_t i)
{
	const struct tables *tables = context;
	struct run *run = tables->run;

	if (i == run->result->table_count)
		pipeline_free(run->spent);
	else
		run->result->tables[i] =
		    fold_table(tables->fold, i, tables->queries[i]->limit);
}

/* COUNT tables; what is freed beside takes about as long as all of them. */
static void
make_tables(struct tables *tables, size_t count)
{
	uint64_t *weights = xcalloc(count + 1, sizeof(*weights));

	weights[count] = 1;
	team_spread(tables->run->team, weights, count + 1, make_table, tables);
	tables->run->spent = NULL;
	free(weights);
}

int
run_report(const struct run_settings *settings, const struct query *const *queries,
    size_t count, struct run_result **ret, struct err *err)
{
	struct plan *plan;
	struct run run;
	struct pipeline *whole;

	if (plan_compile(queries, count, settings->where, &plan, err) < 0)
		return -1;
	if (run_begin(&run, settings, err) < 0) {
		plan_free(plan);
		return -1;
	}
	run.shared.plan = plan;
	run.shared.lines = wants_lines(plan);
	shared_collect_needs(&run.shared);
	if (run.inputs->count == 1 && !run.shared.lines)
		whole = crew_run(&run, &run.inputs->streams[0]);
	else
		whole = weave_run(&run);
	pipeline_finish(whole);
	tally_result(whole, run.result);
	run.result->tables = arena_alloc(&run.result->arena, count * sizeof(struct table *));
	run.result->table_count = count;
	make_tables(&(struct tables){&run, whole->fold, queries}, count);
	team_free(run.team);
	pipeline_free(whole);
	plan_free(plan);
	run_end(&run);
	*ret = run.result;
	return 0;
}

/* Handed the events of a scan: those that the user's filter takes go on. */
struct scan {
	const struct filter *filter;
	run_each *each;
	void *context;
};

static bool
scan_each(void *context, const struct event *ev, const struct symbols *symbols,
    const struct event_sources *sources)
{
	struct scan *scan = context;

	if (scan->filter && !filter_match(scan->filter, ev, symbols))
		return true;
	return scan->each(scan->context, ev, symbols, sources);
}

int
run_scan(const struct run_settings *settings, run_each *each, void *context,
    struct run_result **ret, struct err *err)
{
	struct scan scan = {.each = each, .context = context};
	struct filter *filter = NULL;
	struct pipeline *whole;
	struct run run;

	if (settings->where && filter_compile(str_of(settings->where), &filter, err) < 0)
		return -1;
	if (run_begin(&run, settings, err) < 0) {
		filter_free(filter);
		return -1;
	}
	scan.filter = filter;
	run.shared.each = scan_each;
	run.shared.each_context = &scan;
	shared_collect_needs(&run.shared);
	whole = weave_run(&run);
	if (!whole->stopped)
		pipeline_finish(whole);
	tally_result(whole, run.result);
	pipeline_free(whole);
	filter_free(filter);
	run_end(&run);
	*ret = run.result;
	return 0;
}

void
run_result_free(struct run_result *result)
{
	if (!result)
		return;
	for (size_t t = 0; t < result->table_count; t++)
		table_free(result->tables[t]);
	for (size_t i = 0; i < result->warning_count; i++)
		free(result->warnings[i]);
	for (size_t i = 0; i < result->error_count; i++)
		free(result->errors[i]);
	free(result->warnings);
	free(result->errors);
	arena_free(&result->arena);
	free(result);
}
