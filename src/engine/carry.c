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
