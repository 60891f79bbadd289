/* SPDX-License-Identifier: Apache-2.0
 *
 * guard-seed: goes on where an earlier process stopped. Bans and the events of as long as
 * any rule looks back are fed in order of time, so that windows are what they would be
 * had it never stopped; the last day's events also go to tracking alone, for messages
 * and sessions that were open.
 */
#include "engine/guard-room.h"

#include <stdlib.h>

#include "base/civil.h"

/* Messages and sessions are told together by lines of so long. */
#define TRACKED (USEC_PER_DAY)

/* Events that are fed before who waits is looked after: a few milliseconds. */
#define PULSE_EVERY 1024

struct seeding {
	struct guard *guard;
	struct ban *bans; /* in order of `from` */
	size_t count, room, next;
	struct arena arena;
	uint64_t events, steps;
};

/* The rule of BAN, or the number of rules. */
static size_t
rule_of(const struct guard *guard, struct str name)
{
	size_t r = 0;

	while (r < guard->settings.rules->count &&
	    !str_eq(str_of(guard->settings.rules->rules[r].name), name))
		r++;
	return r;
}

/* Of a dry run whose rule is judged for real by now: nobody was banned, then or ever. */
static bool
was_never(const struct guard *guard, const struct ban *ban)
{
	size_t r = rule_of(guard, ban->rule);

	return ban->dry_run && (r == guard->settings.rules->count ||
	    !guard->settings.rules->plans[r].dry_run);
}

static bool
take_ban(void *context, const struct ban *ban)
{
	struct seeding *seeding = context;
	const struct guard_lift *lift;
	struct ban *copy;

	if (was_never(seeding->guard, ban))
		return true;
	MEM_GROW(seeding->bans, seeding->count, seeding->room);
	copy = &seeding->bans[seeding->count++];
	*copy = *ban;
	copy->rule = arena_str(&seeding->arena, ban->rule);
	copy->key = arena_str(&seeding->arena, ban->key);
	lift = ban->dry_run || ban->lifted != INT64_MIN ? NULL :
	    guard_lifted(seeding->guard, &ban->prefix, ban->from);
	if (lift)
		copy->lifted = lift->time;
	if (ban->from > seeding->guard->newest)
		seeding->guard->newest = ban->from;
	return true;
}

static uint64_t
actions_of(const struct guard *guard, const struct ban *ban)
{
	size_t r = rule_of(guard, ban->rule);

	/* By hand, or the rule is gone. */
	return r == guard->settings.rules->count ? guard->all_actions :
						   guard_rule_actions(guard, r);
}

static bool
is_evidence(const struct ban *ban, uint64_t id)
{
	for (uint32_t i = 0; i < ban->evidence_count; i++)
		if (ban->evidence[i] == id)
			return true;
	return false;
}

/* Did another ban, at the same time, lead to number AT? */
static bool
is_of_ban(const struct seeding *seeding, size_t at)
{
	const struct ban *ban = &seeding->bans[at];
	size_t i = at;

	while (i > 0 && seeding->bans[i - 1].from == ban->from)
		i--;
	for (; i < seeding->count && seeding->bans[i].from == ban->from; i++)
		if (i != at && is_evidence(ban, seeding->bans[i].id))
			return true;
	return false;
}

/* Tells detect of the bans that began before TIME. */
static void
feed_bans(struct seeding *seeding, int64_t time)
{
	struct guard *guard = seeding->guard;

	for (; seeding->next < seeding->count && seeding->bans[seeding->next].from < time;
	     seeding->next++) {
		const struct ban *ban = &seeding->bans[seeding->next];
		char *rule = xstrndup(ban->rule.p, ban->rule.len);
		bool manual = str_eq(ban->rule, STR("manual"));

		detect_banned(guard->detect, manual ? NULL : rule, ban->key, ban->from,
		    ban->lifted == INT64_MIN ? ban->until : ban->lifted,
		    is_of_ban(seeding, seeding->next));
		if (ban->lifted != INT64_MIN)
			detect_unbanned(guard->detect, rule, ban->key, ban->lifted);
		free(rule);
	}
}

/* Others wait meanwhile. */
static void
pulse(struct seeding *seeding)
{
	struct guard *guard = seeding->guard;

	if (++seeding->steps % PULSE_EVERY == 0 && guard->settings.pulse)
		guard->settings.pulse(guard->settings.pulse_context, guard);
}

static bool
take_event(void *context, const struct event *ev, const struct symbols *symbols,
    const struct event_sources *sources)
{
	struct seeding *seeding = context;

	(void)sources;
	feed_bans(seeding, ev->time);
	detect_seed(seeding->guard->detect, ev, symbols);
	seeding->events++;
	pulse(seeding);
	return true;
}

/* A filter for those kinds that a rule or protection looks at; the caller frees it. */
static char *
kinds_wanted(const struct guard *guard)
{
	uint64_t kinds = UINT64_C(1) << KIND_attempt | UINT64_C(1) << KIND_message;

	for (unsigned kind = 1; kind < KINDS; kind++)
		for (size_t r = 0; r < guard->settings.rules->count; r++)
			if (filter_may_match_kind(guard->settings.rules->rules[r].match, kind))
				kinds |= UINT64_C(1) << kind;
	return filter_of_kinds(kinds);
}

static bool
take_tracked(void *context, const struct event *ev, const struct symbols *symbols,
    const struct event_sources *sources)
{
	struct seeding *seeding = context;

	live_seed(seeding->guard->live, ev, symbols, sources);
	pulse(seeding);
	return true;
}

/* What is active goes to who asks and to the actions. */
static void
restore_bans(struct seeding *seeding)
{
	struct guard *guard = seeding->guard;
	const struct banned_entry *entry;
	int64_t now = now_wall();

	/* Without actions this is a dry run: nobody is kept out, by Postfix neither. */
	for (size_t i = 0; guard->settings.act && i < seeding->count; i++) {
		const struct ban *ban = &seeding->bans[i];

		/* One that is lifted stays so, though the clock was set back since. */
		if (!ban->dry_run && ban->prefix.base.family && ban->lifted == INT64_MIN &&
		    ban_state(ban, now) == BAN_ACTIVE)
			banned_add(guard->banned, &ban->prefix, ban->id, ban->until,
			    actions_of(guard, ban), &entry);
	}
	guard_restore_handed(guard);
	for (size_t a = 0; a < 64 && (guard->all_actions >> a & 1); a++)
		guard_tell_all(guard, a);
}

/* When what was read last happened: lines that were written since are still to come. */
static int
read_until(struct guard *guard, int64_t *ret, struct err *err)
{
	int64_t first, last, now = now_wall();

	if (store_period(guard->store, &first, &last, err) < 0)
		return -1;
	*ret = first <= last && last < now ? last : now;
	return 0;
}

/* Those actions that undo nothing by themselves: all others were told what there is to be. */
static uint64_t
commands(const struct guard *guard)
{
	uint64_t set = 0;

	for (size_t a = 0; guard->all_actions >> a & 1; a++)
		if (settings_section(guard->settings.settings, "action", a)
			->values[SETTING_action_kind].number == ACT_COMMAND)
			set |= UINT64_C(1) << a;
	return set;
}

/* Bans that ended since SINCE, when nobody may have been there; they may be told twice. */
static void
end_missed(struct seeding *seeding, int64_t since)
{
	struct guard *guard = seeding->guard;
	uint64_t told = commands(guard);
	int64_t now = now_wall();

	for (size_t i = 0; guard->settings.act && i < seeding->count; i++) {
		const struct ban *ban = &seeding->bans[i];
		int64_t end = ban->lifted == INT64_MIN ? ban->until : ban->lifted;
		uint64_t actions = actions_of(guard, ban) & told;

		if (ban->dry_run || !ban->prefix.base.family || end <= since || end > now ||
		    banned_has(guard->banned, &ban->prefix))
			continue;
		for (size_t a = 0; a < 64; a++)
			if (actions >> a & 1)
				act_unban(guard->settings.act, a,
				    &(struct act_ban){ban->id, ban->prefix, ban->until});
	}
}

static int
seed(struct seeding *seeding, int64_t until, struct err *err)
{
	struct guard *guard = seeding->guard;
	struct ban_filter all = {.active_at = INT64_MIN, .since = INT64_MIN,
	    .until = INT64_MAX, .dry_run = true};
	int64_t latest = 0;
	char *wanted = kinds_wanted(guard);
	int result = store_bans(guard->store, &all, take_ban, seeding, err);

	if (result == 0)
		result = read_until(guard, &latest, err);
	if (result == 0) {
		restore_bans(seeding);
		end_missed(seeding, latest);
	}
	if (result == 0)
		result = store_scan(guard->store, latest - detect_looks_back(guard->detect),
		    until, wanted, take_event, seeding, err);
	free(wanted);
	if (result < 0)
		return -1;
	feed_bans(seeding, INT64_MAX);
	if (store_scan(guard->store, latest - TRACKED, INT64_MAX, "!derived", take_tracked, seeding,
		err) < 0)
		return -1;
	guard_log(guard, GUARD_INFO, "goes on from %llu events and %zu bans, %zu of them active",
	    (unsigned long long)seeding->events, seeding->count, banned_count(guard->banned));
	return 0;
}

int
guard_seed(struct guard *guard, int64_t until, struct err *err)
{
	struct seeding seeding = {.guard = guard};
	int result = seed(&seeding, until, err);

	free(seeding.bans);
	arena_free(&seeding.arena);
	return result;
}
