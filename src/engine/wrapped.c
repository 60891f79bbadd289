/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/wrapped.h"

#include <stdlib.h>

#include "engine/pipeline.h"

static bool
same_pid(const struct event *a, const struct event *b)
{
	bool known = event_knows(a, FIELD_pid);

	return known == event_knows(b, FIELD_pid) && (!known || a->pid == b->pid);
}

/* Are the texts of FIELD in A and B equal, or is it in neither? */
static bool
same_text(const struct event *a, const struct event *b, enum field field)
{
	bool known = event_knows(a, field);

	return known == event_knows(b, field) &&
	    (!known || str_eq(event_str(a, *event_text_member(a, field)),
		event_str(b, *event_text_member(b, field))));
}

/* The entry that EV is a part of, or `count`. The youngest are the likeliest. */
static uint32_t
find(const struct wrapped *wrapped, const struct event *ev)
{
	for (uint32_t i = wrapped->count; i-- > 0;) {
		const struct event *first = &wrapped->open[i].first;

		if (same_pid(first, ev) && same_text(first, ev, FIELD_session) &&
		    same_text(first, ev, FIELD_host))
			return i;
	}
	return wrapped->count;
}

static struct wrapped_entry
take_out(struct wrapped *wrapped, uint32_t at)
{
	struct wrapped_entry entry = wrapped->open[at];

	wrapped->count--;
	memmove(wrapped->open + at, wrapped->open + at + 1,
	    (wrapped->count - at) * sizeof(*wrapped->open));
	wrapped->bytes -= entry.line.len;
	return entry;
}

/* A copy of LINE that lives as long as the batch. */
static struct str
keep_line(struct wrapped *wrapped, struct str line)
{
	char *copy = arena_alloc(&wrapped->texts, line.len + PARSE_PADDING);

	memcpy(copy, line.p, line.len);
	memset(copy + line.len, 0, PARSE_PADDING);
	return (struct str){copy, line.len};
}

/* Puts EV where the first part stood. */
static void
set_place(struct event *ev, const struct event *first)
{
	ev->source_no = first->source_no;
	ev->offset = first->offset;
	event_mark(ev, FIELD_source);
	EVENT_SET(ev, lineno, first->lineno);
	if (event_knows(first, FIELD_time))
		EVENT_SET(ev, time, first->time);
	if (event_knows(first, FIELD_inferred))
		EVENT_SET(ev, inferred, true);
}

/* Reads ENTRY, the end of which is missing if TORN, into *EV, tallies and frees it. */
static enum parse_result
settle(struct pipeline *pipeline, struct wrapped_entry *entry, bool torn, struct event *ev)
{
	struct str line = keep_line(&pipeline->wrapped, buf_view(&entry->line));
	enum parse_result result;
	struct parse_begun begun;
	struct stamp stamp;

	parse_begin(pipeline->parse, line, ev, &stamp, &begun);
	if (torn)
		EVENT_SET(ev, truncated, true);
	result = parse_finish(&begun, ev);
	/* Together they end as if there were more to come. */
	if (result == PARSE_EVENT && ev->kind == KIND_part)
		return settle(pipeline, entry, true, ev);
	set_place(ev, &entry->first);
	if (result == PARSE_EVENT && !event_knows(ev, FIELD_time))
		result = PARSE_MALFORMED;
	if (result == PARSE_EVENT && pipeline_is_retold(pipeline, ev))
		result = PARSE_IGNORED;
	tally_reserve(pipeline);
	tally_line(pipeline, ev, begun.message, result);
	buf_done(&entry->line);
	return result;
}

enum parse_result
wrapped_give_up(struct pipeline *pipeline, struct event *ev)
{
	struct wrapped_entry entry = take_out(&pipeline->wrapped, 0);

	return settle(pipeline, &entry, true, ev);
}

static bool
is_overdue(const struct wrapped_entry *entry, const struct event *ev, int64_t number)
{
	return number - entry->begun > WRAPPED_LINES ||
	    (event_knows(ev, FIELD_time) && event_knows(&entry->first, FIELD_time) &&
		ev->time - entry->first.time > WRAPPED_USEC);
}

enum parse_result
wrapped_overdue(struct pipeline *pipeline, struct event *ev, int64_t number)
{
	if (!is_overdue(&pipeline->wrapped.open[0], ev, number))
		return PARSE_IGNORED;
	return wrapped_give_up(pipeline, ev);
}

/* EV begins an entry; MESSAGE ends in "...". */
static void
begin(struct wrapped *wrapped, const struct event *ev, struct str message, int64_t number)
{
	struct str line = str_range(ev->line, message.p + message.len - STR("...").len);
	struct wrapped_entry *entry;

	MEM_GROW(wrapped->open, wrapped->count, wrapped->room);
	entry = &wrapped->open[wrapped->count++];
	*entry = (struct wrapped_entry){.line = BUF_INIT(EVENT_LINE_MAX), .begun = number};
	buf_str(&entry->line, line);
	entry->first = *ev;
	entry->first.line = entry->line.p;
	wrapped->bytes += line.len;
}

/* EV goes on with the entry AT. */
static enum parse_result
go_on(struct pipeline *pipeline, uint32_t at, struct event *ev, int64_t number)
{
	struct wrapped *wrapped = &pipeline->wrapped;
	struct wrapped_entry *entry = &wrapped->open[at], complete;
	struct str more = event_str(ev, ev->text);
	bool late = is_overdue(entry, ev, number);
	bool full = entry->line.len + more.len > EVENT_LINE_MAX ||
	    wrapped->bytes + more.len > WRAPPED_BYTES;

	if (!late && !full) {
		buf_str(&entry->line, more);
		entry->first.line = entry->line.p;
		wrapped->bytes += more.len;
		if (event_knows(ev, FIELD_truncated))
			return PARSE_IGNORED;
	}
	complete = take_out(wrapped, at);
	return settle(pipeline, &complete, late || full, ev);
}

enum parse_result
wrapped_part(struct pipeline *pipeline, struct event *ev, struct str message, int64_t number)
{
	struct wrapped *wrapped = &pipeline->wrapped;
	uint32_t at = find(wrapped, ev), count = wrapped->count;
	struct wrapped_entry old;

	if (event_knows(ev, FIELD_text)) {
		tally_line(pipeline, ev, message, PARSE_IGNORED);
		return at < count ? go_on(pipeline, at, ev, number) : PARSE_IGNORED;
	}
	begin(wrapped, ev, message, number);
	/* The one before it of the same process is not coming any more. */
	if (at == count && count < WRAPPED_OPEN && wrapped->bytes <= WRAPPED_BYTES)
		return PARSE_IGNORED;
	old = take_out(wrapped, at < count ? at : 0);
	return settle(pipeline, &old, true, ev);
}

void
wrapped_move(struct wrapped *into, struct wrapped *from, int64_t shift)
{
	for (uint32_t i = 0; i < from->count; i++) {
		MEM_GROW(into->open, into->count, into->room);
		into->open[into->count] = from->open[i];
		into->open[into->count++].begun += shift;
	}
	into->bytes += from->bytes;
	from->bytes = from->count = 0;
}

void
wrapped_clear(struct wrapped *wrapped)
{
	if (wrapped->texts.used)
		arena_clear(&wrapped->texts);
}

void
wrapped_done(struct wrapped *wrapped)
{
	for (uint32_t i = 0; i < wrapped->count; i++)
		buf_done(&wrapped->open[i].line);
	free(wrapped->open);
	arena_free(&wrapped->texts);
}
