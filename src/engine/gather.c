/* SPDX-License-Identifier: Apache-2.0
 *
 * gather: the lines of a batch. Their headers are read as they come, for the clock goes
 * by their order; their messages then group by group, for what looks alike is read
 * faster together; and what came of them is settled in their order again.
 */
#include "base/hash.h"
#include "engine/lines.h"
#include "engine/pipeline.h"

static void
resolve_time(struct pipeline *pipeline, struct event *ev, const struct stamp *stamp)
{
	bool inferred;

	ev->time = clock_resolve(&pipeline->clock, stamp, &inferred);
	event_mark(ev, FIELD_time);
	if (inferred)
		EVENT_SET(ev, inferred, true);
	if (!(stamp->has_zone && stamp->has_year) && !pipeline->has_first_stamp) {
		pipeline->has_first_stamp = true;
		pipeline->first_stamp = *stamp;
		pipeline->first_clock = pipeline->clock;
	}
}

void
pipeline_line(struct pipeline *pipeline, struct str line, uint32_t source_no,
    uint64_t offset, int64_t lineno)
{
	struct event *ev = &pipeline->events[pipeline->count];
	struct stamp stamp;
	uint8_t group = parse_begin(pipeline->parse, line, ev, &stamp,
	    &pipeline->entries[pipeline->count].begun);

	pipeline->group[pipeline->count] = group;
	pipeline->grouped[group]++;
	ev->source_no = source_no;
	ev->offset = offset;
	ev->lineno = lineno;
	event_mark(ev, FIELD_source);
	if (lineno)
		event_mark(ev, FIELD_lineno);
	pipeline->lines++;
	if (stamp.known)
		resolve_time(pipeline, ev, &stamp);
	if (++pipeline->count == BATCH)
		pipeline_flush(pipeline);
}

/* What times of the next lines that are alike need added, if no more; false: they do. */
static bool
quiet_times(const struct pipeline *pipeline, const struct stamp *stamp, struct parse_run *run)
{
	if (stamp->has_zone) {
		run->shift = -stamp->offset * USEC_PER_SEC;
		run->from = INT64_MIN;
		run->span = UINT64_MAX;
		return true;
	}
	run->shift = pipeline->clock.quiet_utc;
	run->from = pipeline->clock.quiet;
	run->span = CLOCK_QUARTER;
	return !stamp->has_year && pipeline->has_first_stamp;
}

/* Takes the next lines of LINES if they look like those before; false if there are none. */
static bool
take_alike(struct pipeline *pipeline, struct lines *lines)
{
	const struct stamp *stamp = parse_run_stamp(pipeline->parse);
	struct event *events = &pipeline->events[pipeline->count];
	size_t room = BATCH - pipeline->count, found = lines->found - lines->next, count;
	struct parse_run run = {.latest = pipeline->latest, .ordered = pipeline->ordered};
	uint32_t source_no;

	count = room < found ? room : found;
	if (count == 0 || !stamp || !quiet_times(pipeline, stamp, &run))
		return false;
	source_no = lines->segments[lines->segment].source_no;
	if (pipeline->run_count && pipeline->run_source != source_no)
		return false;
	tally_reserve(pipeline);
	run.groups = pipeline->group + pipeline->count;
	run.grouped = pipeline->grouped;
	run.tags = pipeline->tag_lines;
	count = parse_begin_alike(pipeline->parse, lines->buf, lines->at,
	    lines->newlines + lines->next, count, &run, &pipeline->entries[pipeline->count]);
	if (count == 0)
		return false;
	if (!stamp->has_zone)
		clock_pass(&pipeline->clock, events[count - 1].time - run.shift);
	pipeline->run_source = source_no;
	pipeline->run_count += count;
	tally_run(pipeline, events, count);
	pipeline->ordered = run.ordered;
	pipeline->latest = run.latest;
	lines_skip(lines, count);
	pipeline->lines += count;
	pipeline->count += count;
	return true;
}

bool
pipeline_read(struct pipeline *pipeline, struct lines *lines)
{
	struct line line;

	for (;;) {
		if (pipeline->count < BATCH)
			take_alike(pipeline, lines);
		if (pipeline->count == BATCH) {
			pipeline_flush(pipeline);
			return true;
		}
		if (!lines_next(lines, &line))
			return false;
		pipeline_line(pipeline, line.text, line.source_no, line.offset, line.lineno);
		if (pipeline->count == 0)
			return true;
	}
}

/* Fills pipeline->groups, at the end of which any lines stand. */
static void
order_by_group(struct pipeline *pipeline)
{
	struct parse_entry *entries = pipeline->entries;
	uint16_t *at = pipeline->grouped, from = 0;

	for (unsigned group = 0; group < PARSE_GROUPS; group++) {
		uint16_t count = at[group];

		at[group] = from;
		from = (uint16_t)(from + count);
	}
	for (size_t i = 0; i < pipeline->count; i++)
		pipeline->groups[at[pipeline->group[i]]++] = &entries[i];
	for (unsigned i = 0; i < PARSE_AHEAD; i++)
		pipeline->groups[pipeline->count + i] = entries;
	memset(pipeline->grouped, 0, sizeof(pipeline->grouped));
}

/* Any may be what another stream told. */
static void
unsettle(struct pipeline *pipeline)
{
	for (size_t i = 0; i < pipeline->count; i++)
		if (pipeline->kinds[i] != PARSE_UNSETTLED) {
			pipeline->entries[i].begun.result = PARSE_EVENT;
			pipeline->kinds[i] = PARSE_UNSETTLED;
		}
}

/* Sets kinds; those that are settled are counted in RET. */
static void
read_messages(struct pipeline *pipeline, struct buckets *ret)
{
	uint32_t counts[KINDS] = {0};
	struct parse_batch batch = {
	    pipeline->groups, pipeline->count, pipeline->kinds, counts};

	parse_messages(&batch);
	if (pipeline->retold) {
		unsettle(pipeline);
		return;
	}
	for (unsigned kind = 0; kind < KINDS; kind++)
		ret->of[kind].count = counts[kind];
}

/*
 * Turns a repeat into BEFORE, the event before it; false when there is none, or it is
 * not of the same host or, where the repeat is TAGGED as what it repeats, program.
 */
static bool
expand_repeat(struct event *ev, const struct event *before, bool tagged)
{
	struct event repeat = *ev;

	/* One whose line names no host is of another input. */
	if (!before || before->host_no != repeat.host_no ||
	    (event_knows(before, FIELD_host) && before->host.len == 0) ||
	    (tagged && before->tag_no != repeat.tag_no))
		return false;
	*ev = *before;
	ev->time = repeat.time;
	ev->offset = repeat.offset;
	ev->lineno = repeat.lineno;
	ev->source_no = repeat.source_no;
	ev->weight = repeat.weight;
	EVENT_SET(ev, count, repeat.count);
	return true;
}

/*
 * EV's line came to RESULT. What goes on with a line is as well understood as that one: so it
 * is with what is folded, and so a file that is no log is not understood for being indented.
 */
static enum parse_result
as_before(struct pipeline *pipeline, const struct event *ev, enum parse_result result)
{
	enum parse_result before = pipeline->before;

	if (event_knows(ev, FIELD_time) || result != PARSE_IGNORED) {
		pipeline->before = result;
		return result;
	}
	if (ev->line_len == 0 || (*ev->line != ' ' && *ev->line != '\t'))
		return result;
	pipeline->lost_indented |= before == PARSE_RESULTS;
	return before == PARSE_EVENT || before == PARSE_RESULTS ? result : before;
}

/*
 * What comes of line I of the batch, the NUMBERth of all, BEFORE being the event of the line
 * before it, or NULL. *RET_AGAIN: it only tells again what that one told.
 */
static enum parse_result
settle_line(struct pipeline *pipeline, size_t i, int64_t number, const struct event *before,
    bool *ret_again)
{
	const struct parse_begun *begun = &pipeline->entries[i].begun;
	struct event *ev = &pipeline->events[i];
	enum parse_result result = begun->result;
	bool twice = begun->twice;

	if (begun->run) {
		ev->source_no = pipeline->run_source;
		tally_not_run(pipeline, ev);
	}
	/* An event without a time is of no use. */
	if (result == PARSE_EVENT && !event_knows(ev, FIELD_time))
		result = PARSE_MALFORMED;
	result = as_before(pipeline, ev, result);
	if (result == PARSE_EVENT && ev->kind == KIND_repeat) {
		result = expand_repeat(ev, before, begun->mail) ? PARSE_EVENT : PARSE_IGNORED;
		twice = true;
	}
	if (result == PARSE_EVENT && ev->kind == KIND_part)
		return wrapped_part(pipeline, ev, begun->message, number);
	*ret_again = result == PARSE_EVENT && twice &&
	    parse_tells_twice(pipeline->parse, ev) &&
	    !duplicates_is_new(&pipeline->duplicates, ev, number);
	if (*ret_again || (result == PARSE_EVENT && pipeline_is_retold(pipeline, ev))) {
		*ret_again = true;
		result = PARSE_IGNORED;
	}
	tally_line(pipeline, ev, begun->message, result);
	return result;
}

/* The events of the batch that are there already: what they tell of streams. */
static void
foresee(struct pipeline *pipeline)
{
	for (size_t i = 0; i < pipeline->count; i++) {
		const struct event *ev = &pipeline->events[i];

		if (pipeline->entries[i].begun.result == PARSE_EVENT &&
		    ev->kind < KIND_repeat && event_knows(ev, FIELD_time))
			retold_foresee(pipeline->retold, ev,
			    pipeline->shared->streams[ev->source_no]);
	}
}

/* How many settled lines surely follow line I: in steps of 8. */
static inline size_t
settled_ahead(const struct pipeline *pipeline, size_t i)
{
	size_t more = 0;

	while (i + more + 8 < pipeline->count &&
	    (hash_load8((const char *)&pipeline->kinds[i + more + 1]) &
		UINT64_C(0x0101010101010101) * PARSE_UNSETTLED) == 0)
		more += 8;
	return more;
}

/* EV is in BUCKETS, but for its time. */
static void
widen(struct buckets *buckets, const struct event *ev)
{
	if (ev->time < buckets->first)
		buckets->first = ev->time;
	if (ev->time > buckets->last)
		buckets->last = ev->time;
}

/* The COUNT events from EV on, which are settled, are in BUCKETS, but for their times. */
static void
widen_all(const struct pipeline *pipeline, struct buckets *buckets, const struct event *ev,
    size_t count)
{
	if (!pipeline->ordered)
		for (size_t i = 1; i + 1 < count; i++)
			widen(buckets, &ev[i]);
	widen(buckets, &ev[0]);
	widen(buckets, &ev[count - 1]);
}

const struct event *
gather_messages(struct pipeline *pipeline, struct buckets *ret)
{
	const struct event *before = pipeline->has_last ? &pipeline->last : NULL;
	int64_t number = (int64_t)pipeline->lines - (int64_t)pipeline->count;
	const struct event *last = NULL;

	*ret = (struct buckets){.first = INT64_MAX, .last = INT64_MIN};
	tally_reserve(pipeline);
	order_by_group(pipeline);
	read_messages(pipeline, ret);
	if (pipeline->retold)
		foresee(pipeline);
	for (size_t i = 0; i < pipeline->count; i++, number++) {
		struct event *ev = &pipeline->events[i];
		bool first = !last && !pipeline->last.line, again = false, given_up = false;
		enum parse_result result;

		if (__builtin_expect(pipeline->kinds[i] != PARSE_UNSETTLED, true)) {
			size_t more = settled_ahead(pipeline, i);

			widen_all(pipeline, ret, ev, more + 1);
			before = last = ev + more;
			pipeline->before = PARSE_EVENT;
			i += more;
			number += (int64_t)more;
			continue;
		}
		pipeline->lost_repeat |= first && ev->kind == KIND_repeat;
		result = settle_line(pipeline, i, number, before, &again);
		if (result != PARSE_EVENT && pipeline->wrapped.count) {
			result = wrapped_overdue(pipeline, ev, number);
			given_up = true;
		}
		if (result == PARSE_EVENT) {
			event_mark(ev, FIELD_kind);
			widen(ret, ev);
			last = ev;
			before = given_up ? NULL : ev;
		} else {
			ev->kind = KIND_none;
			if (!again && before && before->host_no == ev->host_no)
				before = NULL;
		}
		pipeline->kinds[i] = ev->kind;
		ret->of[ev->kind].count++;
	}
	pipeline->has_last = before != NULL;
	return last;
}

void
gather_keep(struct pipeline *pipeline, const struct event *last)
{
	if (last->line == pipeline->last_line.p)
		return; /* itself a repeat of the copy */
	buf_clear(&pipeline->last_line);
	buf_add(&pipeline->last_line, last->line, last->line_len);
	pipeline->last = *last;
	pipeline->last.line = pipeline->last_line.p;
}
