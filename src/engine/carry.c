/* SPDX-License-Identifier: Apache-2.0
 *
 * carry: what the lines of a pipeline's end mean for those that follow in the next piece:
 * an entry is open, something is told again, "last message repeated" stands for it, what
 * is indented goes on with it.
 */
#include "engine/pipeline.h"

/* Has PIPELINE read a line of EV's host? */
static bool
knows_host(const struct pipeline *pipeline, const struct event *ev)
{
	struct str host = event_knows(ev, FIELD_host) ? event_str(ev, ev->host) : STR("");
	uint32_t hosts = parse_hosts(pipeline->parse);

	for (uint32_t h = 0; h < hosts; h++)
		if (str_eq(parse_host(pipeline->parse, h), host))
			return true;
	return false;
}

bool
carry_matters(const struct pipeline *into, const struct pipeline *next)
{
	bool understood = into->before == PARSE_EVENT || into->before == PARSE_IGNORED;

	return into->wrapped.count || (into->has_last && next->lost_repeat) ||
	    (!understood && next->lost_indented) ||
	    duplicates_matter(&into->duplicates, (int64_t)into->lines, &next->duplicates,
		(int64_t)next->lines);
}

/* NEXT reads LINE, of which FROM was made, again: texts have other numbers there. */
static void
give_last(struct pipeline *next, const struct event *from, struct str line)
{
	static const char padding[PARSE_PADDING];
	struct event *last = &next->last;
	struct stamp stamp;

	buf_str(&next->last_line, line);
	buf_add(&next->last_line, padding, sizeof(padding));
	next->last_line.len = line.len;
	next->has_last = parse_line(next->parse, buf_view(&next->last_line), last, &stamp) ==
	    PARSE_EVENT && last->kind == from->kind;
	event_mark(last, FIELD_kind);
	EVENT_SET(last, time, from->time);
	EVENT_SET(last, lineno, from->lineno);
	last->source_no = from->source_no;
	last->offset = from->offset;
	event_mark(last, FIELD_source);
}

void
carry_give(struct pipeline *into, struct pipeline *next)
{
	int64_t lines = (int64_t)into->lines;

	wrapped_move(&next->wrapped, &into->wrapped, -lines);
	duplicates_copy(&next->duplicates, &into->duplicates, -lines);
	next->before = into->before;
	if (into->has_last)
		give_last(next, &into->last, buf_view(&into->last_line));
}

void
carry_join(struct pipeline *into, struct pipeline *next)
{
	wrapped_move(&into->wrapped, &next->wrapped, (int64_t)into->lines);
	duplicates_copy(&into->duplicates, &next->duplicates, (int64_t)into->lines);
	if (next->before != PARSE_RESULTS)
		into->before = next->before;
	if (next->last.line) {
		struct buf line = into->last_line;

		into->last_line = next->last_line;
		next->last_line = line;
		into->last = next->last;
		into->has_last = next->has_last;
	} else if (into->has_last && knows_host(next, &into->last)) {
		into->has_last = false;
	}
}
