/* SPDX-License-Identifier: Apache-2.0
 *
 * guard-seed: goes on where an earlier process stopped. Bans and events are told to detect
 * (earlier.c); the last day's events also go to tracking alone, for messages and sessions
 * that were open; what is active is banned.
 */
#include "engine/guard-room.h"

#include <stdlib.h>

#include "base/civil.h"
#include "engine/earlier.h"

/* Others wait meanwhile. */
static void
pulse(void *context)
{
	struct guard *guard = context;

	if (guard->settings.pulse)
		guard->settings.pulse(guard->settings.pulse_context, guard);
}

static bool
take_tracked(void *context, const struct event *ev, const struct symbols *symbols,
    const struct event_sources *sources)
{
	struct earlier *earlier = context;
	struct guard *guard = earlier->context;

	live_seed(guard->live, ev, symbols, sources);
	earlier_step(earlier);
	return true;
}

/* What was lifted, and could not be written down yet, is lifted. */
static void
take_lifts(struct guard *guard, struct earlier *earlier)
{
	for (size_t i = 0; i < earlier->count; i++) {
		struct ban *ban = &earlier->bans[i].ban;
		const struct guard_lift *lift = ban->dry_run || ban->lifted != INT64_MIN
		    ? NULL : guard_lifted(guard, &ban->prefix, ban->from);

		if (lift)
			ban->lifted = lift->time;
		if (ban->from > guard->newest)
			guard->newest = ban->from;
	}
}

#define ALLOWED_TOLD 10u

/* Who is banned and must not be, by the settings as they are now. */
struct allowed {
	const struct guard *guard;
	struct cidr *nets; /* [guard] allow and own, read once for all bans */
	size_t net_count, found;
};

static void
read_allowed(const struct guard *guard, struct allowed *ret)
{
	const struct guard_settings *settings = &guard->settings;
	const struct setting_value *allow =
	    settings_get(settings->settings, SETTING_guard_allow);

	*ret = (struct allowed){.guard = guard,
	    .nets = xcalloc(allow->list_count + settings->own_count + 1, sizeof(*ret->nets))};
	for (size_t i = 0; i < allow->list_count; i++)
		ret->net_count += cidr_parse(allow->list[i], &ret->nets[ret->net_count]);
	for (size_t i = 0; i < settings->own_count; i++)
		ret->nets[ret->net_count++] = settings->own[i];
}

/* A ban of somebody who is allowed by now goes on: it was meant, or forgotten. */
static void
say_allowed(struct allowed *allowed, const struct cidr *prefix)
{
	const struct guard_settings *settings = &allowed->guard->settings;
	char text[CIDR_TEXT_MAX];
	struct err err;
	size_t i = 0;

	while (i < allowed->net_count && !cidr_contains(&allowed->nets[i], &prefix->base) &&
	    !cidr_contains(prefix, &allowed->nets[i].base))
		i++;
	if (i == allowed->net_count || banned_has(allowed->guard->banned, prefix) ||
	    hand_check(settings->settings, settings->own, settings->own_count,
		prefix, &err) == 0 ||
	    ++allowed->found > ALLOWED_TOLD)
		return;
	prefix_format(prefix, text);
	guard_log(allowed->guard, GUARD_WARNING,
	    "%s; but it is banned since before: postern bans "
	    "remove %s", err.text, text);
}

static void
say_more_allowed(const struct allowed *allowed)
{
	size_t more = allowed->found > ALLOWED_TOLD ? allowed->found - ALLOWED_TOLD : 0;

	if (more)
		guard_log(allowed->guard, GUARD_WARNING,
		    "%zu more that [guard] allow has or that are "
		    "of this host %s banned since before: see postern bans list", more,
		    more == 1 ? "is" : "are");
}

/*
 * Names are waited for some seconds, in which more is read and written down: verdicts that
 * waited when that ended are of events that are no older than this against the last one.
 */
#define RECALLED (60 * USEC_PER_SEC)

/* What is active goes to who asks and to the actions. */
static void
restore_bans(struct guard *guard, const struct earlier *earlier)
{
	int64_t now = now_wall();
	struct allowed allowed;

	read_allowed(guard, &allowed);
	/* Without actions this is a dry run: nobody is kept out, by Postfix neither. */
	for (size_t i = 0; guard->settings.act && i < earlier->count; i++) {
		const struct ban *ban = &earlier->bans[i].ban;

		/* One that is lifted stays so, though the clock was set back since. */
		if (!ban->dry_run && ban->prefix.base.family && ban->lifted == INT64_MIN &&
		    ban_state(ban, now) == BAN_ACTIVE) {
			say_allowed(&allowed, &ban->prefix);
			banned_add(guard->banned, &ban->prefix, &(struct banned_part){ban->id,
			    ban->until, guard_ban_actions(guard, ban)});
		}
	}
	say_more_allowed(&allowed);
	free(allowed.nets);
	guard_restore_handed(guard);
	for (size_t a = 0; a < 64 && (guard->all_actions >> a & 1); a++)
		guard_tell_all(guard, a);
}

/*
 * When it stopped: what is read next may be of then, however long ago that is. Events a
 * little ahead of the clock say nothing.
 */
static int
last_time(const struct guard *guard, int64_t *ret, struct err *err)
{
	int64_t now = now_wall(), last;

	if (store_last_judged(guard->store, &last, err) < 0)
		return -1;
	*ret = last == INT64_MIN || last > now ? now : last;
	return 0;
}

static int
seed(struct guard *guard, struct earlier *earlier, int64_t until, struct err *err)
{
	int64_t now;

	if (last_time(guard, &now, err) < 0 || earlier_read_bans(earlier, err) < 0)
		return -1;
	take_lifts(guard, earlier);
	restore_bans(guard, earlier);
	/* What ended when nobody may have been there may be told twice. */
	for (size_t i = 0; guard->settings.act && i < earlier->count; i++)
		guard_undo_commands(guard, &earlier->bans[i].ban, now);
	if (guard->settings.asked)
		detect_recall(guard->detect, now - RECALLED);
	if (earlier_tell(earlier, now, until, err) < 0 ||
	    store_scan(guard->store, now - EARLIER_TRACKED, INT64_MAX, "!derived",
		take_tracked, earlier, err) < 0)
		return -1;
	guard_log(guard, GUARD_INFO,
	    "goes on from %llu event%s and %zu ban%s, %zu of them active",
	    (unsigned long long)earlier->events, plural_s(earlier->events), earlier->count,
	    plural_s(earlier->count), banned_count(guard->banned));
	return 0;
}

int
guard_seed(struct guard *guard, int64_t until, struct err *err)
{
	struct earlier earlier = {.store = guard->store, .rules = guard->settings.rules,
	    .detect = guard->detect, .pulse = pulse, .context = guard, .latest = now_wall()};
	int result = seed(guard, &earlier, until, err);

	earlier_done(&earlier);
	return result;
}
