/* SPDX-License-Identifier: Apache-2.0
 *
 * gather: the lines of a batch. Their headers are read as they come, for the clock goes
 * by their order; their messages then group by group, for what looks alike is read
 * faster together; and what came of them is settled in their order again.
 */
#include "base/hash.h"
#include "engine/lines.h"
#include "engine/pipeline.h"

#define GROUPS 256u /* of struct parse_begun */

static void
resolve_time(struct pipeline *pipeline, struct event *ev, const struct stamp *stamp)
{
	bool inferred;

	ev->time = clock_resolve(&pipeline->clock, stamp, &inferred);
	event_mark(ev, FIELD_time);
	if (inferred)
		EVENT_SET(ev, inferred, true);
	if (!stamp->has_zone && !pipeline->has_first_stamp) {
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

	parse_begin(pipeline->parse, line, ev, &stamp, &pipeline->begun[pipeline->count]);
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

/*
 * How many of the COUNT events from EV on need nothing but adding to their times, as
 * written without year and zone; adds it.
 */
static size_t
resolve_quiet(struct clock *clock, struct event *ev, size_t count)
{
	int64_t last = 0;
	size_t n = 0;

	for (; n < count && clock_is_quiet(clock, ev[n].time); n++) {
		last = ev[n].time;
		ev[n].time = last + clock->quiet_utc;
	}
	if (n)
		clock_pass(clock, last);
	return n;
}

/* The times of COUNT events, as written: stamps that are else STAMP. */
static void
resolve_alike(struct pipeline *pipeline, struct event *ev, size_t count, struct stamp stamp)
{
	int64_t east = stamp.offset * USEC_PER_SEC;

	if (stamp.has_zone) {
		for (size_t i = 0; i < count; i++)
			ev[i].time -= east;
		return;
	}
	for (size_t i = 0; i < count; i++) {
		if (!stamp.has_year && pipeline->has_first_stamp)
			i += resolve_quiet(&pipeline->clock, ev + i, count - i);
		if (i == count)
			return;
		stamp.local = ev[i].time;
		resolve_time(pipeline, &ev[i], &stamp);
	}
}

/* So many lines are begun at a time, as what is then set of their events is still near. */
#define ALIKE 64u

/* Takes the next lines of LINES if they look like those before; false if there are none. */
static bool
take_alike(struct pipeline *pipeline, struct lines *lines)
{
	struct event *events = &pipeline->events[pipeline->count];
	size_t room = BATCH - pipeline->count, found = lines->found - lines->next, count;
	uint64_t first = lines->offset - lines->at; /* of the buffer */
	struct stamp stamp;
	uint32_t source_no;

	count = room < found ? room : found;
	count = parse_begin_alike(pipeline->parse, lines->buf, lines->at,
	    lines->newlines + lines->next, count < ALIKE ? count : ALIKE, events,
	    &pipeline->begun[pipeline->count], &stamp);
	if (count == 0)
		return false;
	source_no = lines->segments[lines->segment].source_no;
	for (size_t i = 0; i < count; i++) {
		struct event *ev = &events[i];

		ev->source_no = source_no;
		ev->offset = first + (uint64_t)(ev->line - lines->buf);
		ev->lineno = lines->lineno + (int64_t)i + 1;
		event_mark(ev, FIELD_source);
		event_mark(ev, FIELD_lineno);
	}
	resolve_alike(pipeline, events, count, stamp);
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
		while (pipeline->count < BATCH && take_alike(pipeline, lines))
			;
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

/* Fills pipeline->order with the indexes of the lines, group by group. */
static void
order_by_group(struct pipeline *pipeline)
{
	uint32_t at[GROUPS] = {0}, from = 0;

	for (size_t i = 0; i < pipeline->count; i++)
		at[pipeline->begun[i].group]++;
	for (unsigned group = 0; group < GROUPS; group++) {
		uint32_t count = at[group];

		at[group] = from;
		from += count;
	}
	for (size_t i = 0; i < pipeline->count; i++)
		pipeline->order[at[pipeline->begun[i].group]++] = (uint32_t)i;
}

#define BIT(field) (UINT64_C(1) << FIELD_##field)
_Static_assert(FIELD_time < 64 && FIELD_count < 64 && FIELD_host < 64,
    "they are in the first word of `known`");
_Static_assert(offsetof(struct event, host_no) == offsetof(struct event, tag_no) + 2,
    "they are compared as one");
_Static_assert(KIND_part == KIND_repeat + 1 && KINDS == KIND_part + 1, "they are the last");

/* Reads the message of a line. Is its event just that, whatever stands around it? */
static inline bool
read_message(struct parse_begun *begun, struct event *ev)
{
	enum parse_result result;

	if (!begun->alone) {
		begun->result = (uint8_t)parse_finish(begun, ev);
		return begun->result == PARSE_EVENT && event_knows(ev, FIELD_time) &&
		    !begun->twice && ev->kind < KIND_repeat;
	}
	result = begun->read(begun->message, ev);
	if (__builtin_expect(result == PARSE_EVENT && ev->kind < KIND_repeat &&
		    (ev->known[0] & (BIT(time) | BIT(count))) == BIT(time), true))
		return true;
	begun->result = (uint8_t)parse_settle(begun, ev, result);
	return begun->result == PARSE_EVENT && event_knows(ev, FIELD_time) &&
	    ev->kind < KIND_repeat;
}

static inline bool
tallied_alike(const struct event *a, const struct event *b)
{
	return memcmp(&a->tag_no, &b->tag_no, 2 * sizeof(a->tag_no)) == 0 &&
	    a->source_no == b->source_no && ((a->known[0] ^ b->known[0]) & BIT(host)) == 0;
}

/* So many messages before it is read a message is fetched. */
#define AHEAD 4u

/* Also tallies the plain ones: those of a group stand together and are of one tag. */
static void
read_messages(struct pipeline *pipeline)
{
	const struct event *run = pipeline->events;
	uint64_t length = 0;

	for (size_t i = 0; i < pipeline->count; i++) {
		uint32_t line = pipeline->order[i];
		struct parse_begun *begun = &pipeline->begun[line];
		struct event *ev = &pipeline->events[line];

		if (i + AHEAD < pipeline->count) {
			uint32_t next = pipeline->order[i + AHEAD];

			const char *p = pipeline->begun[next].message.p;

			__builtin_prefetch(p);
			__builtin_prefetch(p + 64);
			__builtin_prefetch(&pipeline->events[next]);
			__builtin_prefetch((const char *)&pipeline->events[next] + 64, 1);
		}
		pipeline->plain[line] = read_message(begun, ev);
		if (!pipeline->plain[line])
			continue;
		event_mark(ev, FIELD_kind);
		if (length && !tallied_alike(run, ev)) {
			tally_lines(pipeline, run, PARSE_EVENT, length);
			length = 0;
		}
		run = ev;
		length++;
	}
	if (length)
		tally_lines(pipeline, run, PARSE_EVENT, length);
}

/*
 * Turns a repeat into BEFORE, the event before it; false when there is none, or it is
 * not of the same host.
 */
static bool
expand_repeat(struct event *ev, const struct event *before)
{
	struct event repeat = *ev;

	if (!before || before->host_no != repeat.host_no)
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
 * What comes of line I of the batch, the NUMBERth of all, BEFORE being the event of the line
 * before it, or NULL. *RET_AGAIN: it only tells again what that one told.
 */
static enum parse_result
settle_line(struct pipeline *pipeline, size_t i, int64_t number, const struct event *before,
    bool *ret_again)
{
	const struct parse_begun *begun = &pipeline->begun[i];
	struct event *ev = &pipeline->events[i];
	enum parse_result result = begun->result;
	bool twice = begun->twice;

	/* An event without a time is of no use. */
	if (result == PARSE_EVENT && !event_knows(ev, FIELD_time))
		result = PARSE_MALFORMED;
	if (result == PARSE_EVENT && ev->kind == KIND_repeat) {
		result = expand_repeat(ev, before) ? PARSE_EVENT : PARSE_IGNORED;
		twice = true;
	}
	if (result == PARSE_EVENT && ev->kind == KIND_part)
		return wrapped_part(pipeline, ev, begun->message, number);
	*ret_again = result == PARSE_EVENT && twice &&
	    parse_tells_twice(pipeline->parse, ev) &&
	    !duplicates_is_new(&pipeline->duplicates, ev, number);
	if (*ret_again)
		result = PARSE_IGNORED;
	tally_line(pipeline, ev, begun->message, result);
	return result;
}

/* How many lines, all of them plain, surely follow line I: in steps of 8. */
static inline size_t
plain_ahead(const struct pipeline *pipeline, size_t i)
{
	size_t more = 0;

	while (i + more + 8 < pipeline->count &&
	    hash_load8((const char *)&pipeline->plain[i + more + 1]) ==
		UINT64_C(0x0101010101010101))
		more += 8;
	return more;
}

const struct event *
gather_messages(struct pipeline *pipeline)
{
	const struct event *before = pipeline->has_last ? &pipeline->last : NULL;
	int64_t number = (int64_t)pipeline->lines - (int64_t)pipeline->count;
	const struct event *last = NULL;

	tally_reserve(pipeline);
	order_by_group(pipeline);
	read_messages(pipeline);
	for (size_t i = 0; i < pipeline->count; i++, number++) {
		struct event *ev = &pipeline->events[i];
		bool first = !last && !pipeline->last.line, again = false, given_up = false;
		enum parse_result result;

		if (__builtin_expect(pipeline->plain[i], true)) {
			size_t more = plain_ahead(pipeline, i);

			before = last = ev + more;
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
			last = ev;
			before = given_up ? NULL : ev;
			continue;
		}
		ev->kind = KIND_none;
		if (!again && before && before->host_no == ev->host_no)
			before = NULL;
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
