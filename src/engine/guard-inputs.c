/* SPDX-License-Identifier: Apache-2.0
 *
 * guard-inputs: what is said of the logs. A name that is wrong, a log that nobody makes anew
 * behind a rotation, and a clock that is ahead all look like a log in which nothing happens.
 */
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/civil.h"
#include "base/mem.h"
#include "engine/guard-room.h"

#define LOOK_EVERY USEC_PER_SEC

/* Between an old log and a new one there may be none for a while. */
#define GONE_USEC (10 * USEC_PER_SEC)

#define MINUTE (60 * USEC_PER_SEC)

/* Clocks are not all the same, and lines not written at once. */
#define AHEAD_USEC (10 * MINUTE)
#define SAY_AHEAD_EVERY USEC_PER_HOUR

/* NULL: none has that name. */
static struct guard_input *
input_named(const struct guard *guard, const char *name)
{
	for (size_t i = 0; i < guard->input_count; i++)
		if (strcmp(guard->inputs[i].name, name) == 0)
			return &guard->inputs[i];
	return NULL;
}

static struct guard_input *
add_input(struct guard *guard, const char *name)
{
	MEM_GROW(guard->inputs, guard->input_count, guard->input_room);
	guard->inputs[guard->input_count] = (struct guard_input){.name = xstrdup(name)};
	return &guard->inputs[guard->input_count++];
}

void
guard_say_inputs(struct guard *guard)
{
	const struct follow_position *positions;
	size_t count = live_positions(guard->live, &positions);

	for (size_t i = 0; i < count; i++) {
		struct guard_input *input = input_named(guard, positions[i].name);

		input = input ? input : add_input(guard, positions[i].name);
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
	if (!gone) {
		input->waits = false;
		input->gone_since = 0;
	} else if (!input->waits && input->gone_since == 0) {
		input->gone_since = now;
	} else if (!input->waits && now - input->gone_since >= GONE_USEC) {
		guard_log(guard, GUARD_WARNING, "%s is gone, and nobody makes it anew: waits "
		    "for it", input->name);
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

static void
say_ahead(struct guard *guard, const char *name, int64_t ahead)
{
	int64_t now = now_monotonic(), unit = ahead < USEC_PER_HOUR ? MINUTE : 15 * MINUTE;
	char text[32];

	if (now < guard->next_ahead)
		return;
	guard->next_ahead = now + SAY_AHEAD_EVERY;
	guard_log(guard, GUARD_WARNING, "%s is %s ahead of the clock; see [input] tz and the "
	    "clock of who logs", name,
	    setting_duration_text((ahead + unit / 2) / unit * unit, text));
}

void
guard_note_event(struct guard *guard, const struct event *ev, const struct symbols *symbols,
    const struct event_sources *sources)
{
	struct guard_input *input = event_knows(ev, FIELD_source) ?
	    input_named(guard, sources->name[ev->source_no]) : NULL;
	int64_t ahead = ev->time - now_wall();

	/* One that has a program is the log's own: who reads it finds it there. */
	if (ev->kind == KIND_evidence_lost && !event_knows(ev, FIELD_program)) {
		struct str text = event_text(ev, FIELD_text, symbols);
		bool sure = str_eq(event_text(ev, FIELD_action, symbols), STR("certain"));

		guard_log(guard, sure ? GUARD_WARNING : GUARD_INFO, "%.*s", STR_ARG(text));
	}
	if (!input)
		return;
	input->last = ev->time;
	if (ahead > AHEAD_USEC)
		say_ahead(guard, input->name, ahead);
}

/* How much of the file ST, which is NAME's now, was not read. */
static int64_t
unread(const struct guard *guard, const char *name, const struct stat *st)
{
	const struct follow_position *positions;
	size_t count = live_positions(guard->live, &positions);

	for (size_t i = 0; i < count; i++)
		if (strcmp(positions[i].name, name) == 0 && positions[i].inode == st->st_ino &&
		    positions[i].device == st->st_dev)
			return st->st_size > (int64_t)positions[i].offset ?
			    st->st_size - (int64_t)positions[i].offset : 0;
	return st->st_size;
}

bool
guard_log_at(const struct guard *guard, size_t n, struct guard_log_state *ret)
{
	const struct guard_input *input;
	struct stat st;

	if (n >= guard->input_count)
		return false;
	input = &guard->inputs[n];
	*ret = (struct guard_log_state){.name = input->name, .last = input->last,
	    .unread = -1};
	if (*input->name != '/')
		return true;
	if (stat(input->name, &st) < 0)
		ret->is = errno == EACCES ? GUARD_LOG_CLOSED : GUARD_LOG_ABSENT;
	else
		ret->unread = unread(guard, input->name, &st);
	if (ret->is == GUARD_LOG_FOLLOWED && access(input->name, R_OK) < 0)
		ret->is = GUARD_LOG_CLOSED;
	return true;
}

void
guard_forget_inputs(struct guard *guard)
{
	for (size_t i = 0; i < guard->input_count; i++)
		free(guard->inputs[i].name);
	free(guard->inputs);
}
