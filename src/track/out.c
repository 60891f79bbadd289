/* SPDX-License-Identifier: Apache-2.0
 *
 * out: the derived events of one batch. They hold numbers; what they hold as raw
 * text (queue id, Message-ID, words of ours) is copied behind a line of their own.
 */
#include "track/room.h"

/* Where two pieces of a log meet, thousands of events come at once. */
void
out_grow(struct track_out *out)
{
	region_reserve(&out->memory, (out->room + 16) * sizeof(*out->events));
	out->events = (struct event *)(void *)out->memory.p;
	out->room = out->memory.near / sizeof(*out->events);
}

void
out_place(struct event *to, const struct event *ev)
{
	OUT_NUMBERED(to, host, NUMBERED(ev, host));
	OUT_NUMBERED(to, program, NUMBERED(ev, program));
	OUT_NUMBERED(to, daemon, NUMBERED(ev, daemon));
	OUT_NUMBERED(to, instance, NUMBERED(ev, instance));
	OUT_SET_IF(to, pid, ev->pid, event_knows(ev, FIELD_pid));
}

char *
out_line(struct track_out *out, struct event *ev, size_t size)
{
	char *line = arena_alloc(&out->text, size);

	ev->line = line;
	ev->line_len = (uint32_t)size;
	return line;
}

void
track_out_clear(struct track_out *out)
{
	out->count = 0;
	arena_clear(&out->text);
}

void
track_out_free(struct track_out *out)
{
	region_free(&out->memory);
	arena_free(&out->text);
	*out = (struct track_out){.events = NULL};
}
