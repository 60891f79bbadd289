/* SPDX-License-Identifier: Apache-2.0
 *
 * replay-hand: what a person did while the log went on. Bans and lifts by hand are in no log;
 * where a replay goes on from what a guard has kept, they are done again when their time
 * comes. A lift ends all bans of exactly that address or network, as the guard's does.
 */
#include <stdlib.h>

#include "base/mem.h"
#include "engine/replay-side.h"

/* Ban number `ban` of the side's earlier ones is made, or lifted. */
struct hand_act {
	int64_t time;
	size_t ban;
	bool lift;
};

static int
by_time(const void *a, const void *b)
{
	const struct hand_act *x = a, *y = b;

	if (x->time != y->time)
		return x->time < y->time ? -1 : 1;
	return (x->ban > y->ban) - (x->ban < y->ban);
}

static void
add_act(struct side *side, const struct hand_act *act)
{
	MEM_GROW(side->acts, side->act_count, side->act_room);
	side->acts[side->act_count++] = *act;
}

void
replay_note_acts(struct side *side, int64_t since)
{
	for (size_t i = 0; i < side->earlier.count; i++) {
		const struct earlier_ban *which = &side->earlier.bans[i];
		const struct ban *ban = &which->ban;

		if (!which->told && ban->from >= since && str_eq(ban->rule, STR("manual")))
			add_act(side, &(struct hand_act){ban->from, i, false});
		if (ban->lifted != INT64_MIN && ban->lifted >= since &&
		    ban->prefix.base.family)
			add_act(side, &(struct hand_act){ban->lifted, i, true});
	}
	if (side->act_count)
		qsort(side->acts, side->act_count, sizeof(*side->acts), by_time);
}

/* Was BAN, if the guard made it, too, lifted at TIME, or else would it have been? */
static bool
falls_under(const struct side *side, const struct replay_ban *ban, int64_t time)
{
	if (ban->from > time || ban->end <= time)
		return false;
	for (size_t i = 0; i < side->earlier.count; i++)
		if (side->earlier.bans[i].ban.id == ban->id)
			return side->earlier.bans[i].ban.lifted == time;
	return !side->replay.rules[ban->rule].dry_run;
}

/* Ends the bans of PREFIX that were found in the log. */
static void
lift_found(struct side *side, const struct cidr *prefix, int64_t time)
{
	char room[PREFIX_KEY];
	uint32_t who = replay_find_subject(side, replay_prefix_key(prefix, room));
	struct replay_subject *subject;

	if (who == REPLAY_NONE)
		return;
	subject = &side->replay.subjects[who];
	for (uint32_t b = subject->last; b != REPLAY_NONE; b = side->replay.bans[b].other) {
		struct replay_ban *ban = &side->replay.bans[b];

		if (!falls_under(side, ban, time))
			continue;
		if (subject->banned != INT64_MAX)
			subject->banned -= ban->end - time;
		ban->end = time;
		detect_unbanned(side->detect, side->replay.rules[ban->rule].name, subject->key,
		    time);
	}
}

static void
lift(struct side *side, const struct earlier_ban *which, int64_t time)
{
	char *rule = xstrndup(which->ban.rule.p, which->ban.rule.len);

	lift_found(side, &which->ban.prefix, time);
	if (which->told)
		detect_unbanned(side->detect, rule, which->ban.key, time);
	free(rule);
}

void
replay_act_until(struct side *side, int64_t time)
{
	for (; side->next_act < side->act_count; side->next_act++) {
		const struct hand_act *act = &side->acts[side->next_act];
		struct earlier_ban *which = &side->earlier.bans[act->ban];

		if (act->time > time)
			break;
		if (act->lift)
			lift(side, which, act->time);
		else
			earlier_tell_ban(&side->earlier, which);
	}
}
