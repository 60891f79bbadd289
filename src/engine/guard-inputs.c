/* SPDX-License-Identifier: Apache-2.0
 *
 * guard-inputs: what is said of the logs. A name that is wrong, a log that nobody makes anew
 * behind a rotation, and a clock that is ahead all look like a log in which nothing happens.
 */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/civil.h"
#include "base/mem.h"
#include "engine/guard-room.h"

#define LOOK_EVERY USEC_PER_SEC

/* Between an old log and a new one there may be none for a while. */
#define GONE_USEC (10 * USEC_PER_SEC)

/* Clocks are not all the same, and lines not written at once. */
#define AHEAD_USEC (10 * 60 * USEC_PER_SEC)
#define SAY_AHEAD_EVERY USEC_PER_HOUR

static struct guard_input *
input_named(struct guard *guard, const char *name)
{
	struct guard_input *input = guard->inputs;

	while (input < guard->inputs + guard->input_count && strcmp(input->name, name) != 0)
		input++;
	if (input < guard->inputs + guard->input_count)
		return input;
	MEM_GROW(guard->inputs, guard->input_count, guard->input_room);
	input = &guard->inputs[guard->input_count++];
	*input = (struct guard_input){.name = xstrdup(name)};
	return input;
}

void
guard_say_inputs(struct guard *guard)
{
	const struct follow_position *positions;
	size_t count = live_positions(guard->live, &positions);

	for (size_t i = 0; i < count; i++) {
		struct guard_input *input = input_named(guard, positions[i].name);

		input->waits = *input->name == '/' && access(input->name, F_OK) < 0;
		if (input->waits)
			guard_log(guard, GUARD_WARNING, "waits for %s: %s", input->name,
			    strerror(errno));
		else
			guard_log(guard, GUARD_INFO, "follows %s", input->name);
	}
}

static void
look_at(struct guard *guard, struct guard_input *input, int64_t now)
{
	bool gone = access(input->name, F_OK) < 0 && errno == ENOENT;

	if (!gone && input->waits)
		guard_log(guard, GUARD_NOTICE, "%s is there now: follows it", input->name);
	if (!gone)
		*input = (struct guard_input){.name = input->name};
	else if (!input->waits && input->gone_since == 0)
		input->gone_since = now;
	else if (!input->waits && now - input->gone_since >= GONE_USEC) {
		guard_log(guard, GUARD_WARNING, "%s is gone, and nobody makes it anew: waits for "
		    "it", input->name);
		input->waits = true;
	}
}

void
guard_watch_inputs(struct guard *guard)
{
	int64_t now = now_monotonic();

	if (now < guard->next_inputs)
		return;
	guard->next_inputs = now + LOOK_EVERY;
	for (size_t i = 0; i < guard->input_count; i++)
		if (guard->inputs[i].name[0] == '/')
			look_at(guard, &guard->inputs[i], now);
}

void
guard_say_event(struct guard *guard, const struct event *ev, const struct symbols *symbols,
    const struct event_sources *sources)
{
	int64_t now, ahead = ev->time - now_wall();
	char text[32];

	/* One that has a program is the log's own: who reads it finds it there. */
	if (ev->kind == KIND_evidence_lost && !event_knows(ev, FIELD_program))
		guard_log(guard, str_eq(event_text(ev, FIELD_action, symbols), STR("certain")) ?
		    GUARD_WARNING : GUARD_INFO, "%.*s",
		    STR_ARG(event_text(ev, FIELD_text, symbols)));
	if (ahead <= AHEAD_USEC || !event_knows(ev, FIELD_source))
		return;
	now = now_monotonic();
	if (now < guard->next_ahead)
		return;
	guard->next_ahead = now + SAY_AHEAD_EVERY;
	guard_log(guard, GUARD_WARNING, "%s is %s ahead of the clock, and bans begin and end as "
	    "late; see [input] tz and the clock of who logs", sources->name[ev->source_no],
	    setting_duration_text(ahead / (60 * USEC_PER_SEC) * (60 * USEC_PER_SEC), text));
}

void
guard_forget_inputs(struct guard *guard)
{
	for (size_t i = 0; i < guard->input_count; i++)
		free(guard->inputs[i].name);
	free(guard->inputs);
}
