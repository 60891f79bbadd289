/* SPDX-License-Identifier: Apache-2.0
 *
 * guard-behind: what a person changes while the store cannot be written to, and what was
 * said meanwhile. When it is back the log is read again from where the position stood, so
 * the same verdicts come again: those that were lifted are written down as lifted, those
 * that were logged are not logged again.
 */
#include "engine/guard-room.h"

#include <stdlib.h>

#include "base/civil.h"
#include "base/mem.h"

/* Lifts are made by hand; ids come with the log. */
#define LIFTS_MAX 10000
#define SAID_MAX 65536

int
guard_lift_behind(struct guard *guard, const struct cidr *prefix, const char *reason,
    struct err *err)
{
	struct guard_lift *lift;
	char text[CIDR_TEXT_MAX];
	struct str key = {text, prefix_format(prefix, text)};

	if (guard->lift_count == LIFTS_MAX)
		return err_set(err, "the store cannot be written to, and %d bans were lifted "
		    "since: no more", LIFTS_MAX);
	MEM_GROW(guard->lifts, guard->lift_count, guard->lift_room);
	lift = &guard->lifts[guard->lift_count++];
	*lift = (struct guard_lift){.prefix = *prefix, .time = now_wall()};
	snprintf(lift->reason, sizeof(lift->reason), "%s", reason);
	for (size_t r = 0; r < guard->settings.rules->count; r++)
		detect_unbanned(guard->detect, guard->settings.rules->rules[r].name, key,
		    lift->time);
	return 0;
}

const struct guard_lift *
guard_lifted(const struct guard *guard, const struct cidr *prefix, int64_t from)
{
	for (size_t i = 0; i < guard->lift_count; i++) {
		const struct guard_lift *lift = &guard->lifts[i];

		if (from <= lift->time && lift->prefix.bits == prefix->bits &&
		    lift->prefix.base.family == prefix->base.family &&
		    memcmp(lift->prefix.base.byte, prefix->base.byte, 16) == 0)
			return lift;
	}
	return NULL;
}

bool
guard_was_said(struct guard *guard, uint64_t id)
{
	struct str text = {(const char *)&id, sizeof(id)};

	if (dict_find(&guard->said, text, dict_hash(text)) != DICT_NONE)
		return true;
	if (guard->behind && guard->said.count < SAID_MAX)
		dict_add(&guard->said, text, dict_hash(text));
	return false;
}

int
guard_write_lifts(struct guard *guard, struct err *err)
{
	size_t count;

	for (size_t i = 0; i < guard->lift_count; i++)
		if (hand_lift(guard->store, &guard->lifts[i].prefix, guard->lifts[i].reason,
			guard->lifts[i].time, NULL, NULL, &count, err) < 0)
			return -1;
	return 0;
}

void
guard_forget_behind(struct guard *guard)
{
	free(guard->lifts);
	guard->lifts = NULL;
	guard->lift_count = guard->lift_room = 0;
	dict_free(&guard->said);
	guard->said = (struct dict){.count = 0};
}
