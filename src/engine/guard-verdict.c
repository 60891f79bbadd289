/* SPDX-License-Identifier: Apache-2.0
 *
 * guard-verdict: a verdict becomes a ban: written down, told to actions, said in the log.
 */
#include "engine/guard-room.h"

#include <stdlib.h>

#include "base/civil.h"

/* Who catches up after a pause has many. */
#define SAY_LATE_EVERY USEC_PER_HOUR

static const char *
duration_text(int64_t usec, char out[32])
{
	return usec == INT64_MAX ? "good" : setting_duration_text(usec, out);
}

/* The same without what matters little: minutes of hours, seconds of minutes. */
static const char *
rough_text(int64_t usec, char out[32])
{
	int64_t minute = 60 * USEC_PER_SEC;
	int64_t unit = usec < 2 * minute ? USEC_PER_SEC :
	    usec < 2 * USEC_PER_HOUR ? minute : USEC_PER_HOUR;

	return setting_duration_text(usec - usec % unit, out);
}

static int64_t
ban_end(const struct detect_verdict *verdict)
{
	return verdict->ban > INT64_MAX - verdict->time ? INT64_MAX :
	    verdict->time + verdict->ban;
}

/* Outsiders have us say so: journald drops all that comes behind 10,000 lines in 30 s. */
#define TELL_USEC (10 * USEC_PER_SEC)
#define TELL_MOST 500u

void
guard_say_untold(struct guard *guard, bool end)
{
	if (guard->untold == 0 || (!end && now_monotonic() < guard->tells_until))
		return;
	guard_log(guard, GUARD_NOTICE, "%llu more bans within %lld s were not logged: postern "
	    "bans list --all has them", (unsigned long long)guard->untold,
	    (long long)(TELL_USEC / USEC_PER_SEC));
	guard->untold = 0;
}

/* May one more be logged? */
static bool
may_tell(struct guard *guard)
{
	int64_t now = now_monotonic();

	if (now >= guard->tells_until) {
		guard_say_untold(guard, true);
		guard->tells_until = now + TELL_USEC;
		guard->told = 0;
	}
	if (guard->told == TELL_MOST) {
		guard->untold++;
		return false;
	}
	guard->told++;
	return true;
}

static void
say(struct guard *guard, const struct detect_verdict *verdict, bool dry_run)
{
	char length[32], within[32];

	if (!may_tell(guard))
		return;
	guard_log(guard, GUARD_NOTICE,
	    "%s %.*s for %s: %s, %llu of %llu in %s%s%s, id %016llx",
	    dry_run ? "would ban" : "ban", STR_ARG(verdict->key),
	    duration_text(verdict->ban, length),
	    guard->settings.rules->rules[verdict->rule].name,
	    (unsigned long long)verdict->counted, (unsigned long long)verdict->threshold,
	    rough_text(verdict->time - verdict->since, within),
	    verdict->offence > 1 ? ", again" : "",
	    verdict->is_protected ? ", protected" : "", (unsigned long long)verdict->id);
}

/*
 * After a pause that is as it should be. Else nobody is ever banned, and looks well-behaved.
 */
static void
say_late(struct guard *guard, const struct detect_verdict *verdict)
{
	int64_t late = now_wall() - ban_end(verdict), now = now_monotonic();
	char text[32];

	if (now < guard->next_late || guard_was_said(guard, verdict->id))
		return;
	guard->next_late = now + SAY_LATE_EVERY;
	guard_log(guard, GUARD_NOTICE,
	    "%.*s is not banned for %s: that was over %s ago when the log told of it; if "
	    "what is new comes so late, see [input] tz and the clock of who logs",
	    STR_ARG(verdict->key), guard->settings.rules->rules[verdict->rule].name,
	    rough_text(late, text));
}

/* TOLD: the actions that are told, as a bit set. */
static void
write_ban(struct guard *guard, const struct detect_verdict *verdict, bool dry_run,
    const struct guard_lift *lift, uint64_t told)
{
	struct buf commands = BUF_INIT(BUF_UNLIMITED);
	struct ban ban = {.id = verdict->id,
	    .rule = str_of(guard->settings.rules->rules[verdict->rule].name),
	    .key = verdict->key, .prefix = verdict->prefix, .from = verdict->time,
	    .until = ban_end(verdict), .lifted = INT64_MIN, .counted = verdict->counted,
	    .threshold = verdict->threshold, .since = verdict->since,
	    .offence = verdict->offence, .is_protected = verdict->is_protected,
	    .dry_run = dry_run, .evidence_count = verdict->evidence_count,
	    .commands = guard_put_commands(guard, told, &commands)};
	char reason[300];
	struct err err;

	if (lift) {
		snprintf(reason, sizeof(reason), "lifted %s", lift->reason);
		ban.reason = str_of(reason);
		ban.lifted = lift->time;
	}
	_Static_assert(sizeof(ban.evidence) == sizeof(verdict->evidence), "as many are kept");
	memcpy(ban.evidence, verdict->evidence, sizeof(ban.evidence));
	hand_place(&ban, guard->settings.geo);
	if (!guard->behind && store_ban(guard->store, &ban, &err) < 0)
		guard_fall_behind(guard, &err);
	buf_done(&commands);
}

void
guard_tell_ban(struct guard *guard, const struct cidr *prefix, const struct banned_part *ban)
{
	uint64_t actions = banned_add(guard->banned, prefix, ban);

	for (size_t a = 0; a < 64; a++)
		if (guard->settings.act && (actions >> a & 1))
			act_ban(guard->settings.act, a,
			    &(struct act_ban){ban->id, *prefix, ban->until});
}

static void
take_verdict(struct guard *guard, const struct detect_verdict *verdict)
{
	bool dry_run = guard->settings.rules->plans[verdict->rule].dry_run;
	const struct guard_lift *lift = dry_run ? NULL :
	    guard_lifted(guard, &verdict->prefix, verdict->time);
	bool over = ban_end(verdict) <= now_wall();
	uint64_t actions = dry_run || lift || over || !verdict->prefix.base.family ? 0 :
	    guard_rule_actions(guard, verdict->rule);

	guard->verdict_count++;
	write_ban(guard, verdict, dry_run, lift, actions);
	if (lift) {
		detect_unbanned(guard->detect,
		    guard->settings.rules->rules[verdict->rule].name, verdict->key,
		    lift->time);
		return;
	}
	if (over) {
		say_late(guard, verdict);
		return;
	}
	if (!guard_was_said(guard, verdict->id))
		say(guard, verdict, dry_run);
	if (!dry_run && verdict->prefix.base.family)
		guard_tell_ban(guard, &verdict->prefix, &(struct banned_part){verdict->id,
		    ban_end(verdict), actions});
}

void
guard_take_verdicts(struct guard *guard)
{
	for (size_t i = 0; i < guard->verdicts.count; i++)
		take_verdict(guard, &guard->verdicts.verdicts[i]);
}

/* A name is waited for so long; then there is none. */
#define PATIENCE (3 * USEC_PER_SEC)

/* Meanwhile questions are put again, as dns wants, so often. */
#define ASK_AGAIN (USEC_PER_SEC / 20)

int64_t
guard_take_waiting(struct guard *guard)
{
	size_t left;

	if (!guard->settings.asked)
		return INT64_MAX;
	guard->settings.asked(guard->settings.ask_context);
	left = detect_waiting(guard->detect, now_monotonic(), PATIENCE, &guard->verdicts);
	if (guard->verdicts.count) {
		guard_begin(guard);
		guard_take_verdicts(guard);
	}
	return left ? ASK_AGAIN : INT64_MAX;
}

void
guard_tell_all(struct guard *guard, size_t action)
{
	size_t count = banned_count(guard->banned), n = 0;
	struct act_ban *bans = xcalloc(count + 1, sizeof(*bans));

	for (size_t i = 0; i < count; i++) {
		const struct banned_entry *entry = banned_at(guard->banned, i);
		struct banned_part part;

		for (size_t p = 0; banned_part(entry, p, &part); p++)
			if (part.actions >> action & 1)
				bans[n++] =
				    (struct act_ban){part.id, entry->prefix, part.until};
	}
	act_restore(guard->settings.act, action, bans, n);
	free(bans);
}

static void
log_action(void *context, const char *text)
{
	guard_log(context, GUARD_ERROR, "action: %s", text);
}

int64_t
guard_act(struct guard *guard)
{
	struct act *act = guard->settings.act;
	struct banned_part gone;
	struct cidr prefix;
	int64_t wait, end, now;

	while (banned_end(guard->banned, now_wall(), &prefix, &gone)) {
		struct act_ban ban = {gone.id, prefix, gone.until};

		for (size_t a = 0; act && a < 64; a++)
			if (gone.actions >> a & 1)
				act_unban(act, a, &ban);
	}
	end = banned_next_end(guard->banned);
	now = now_wall();
	wait = end == INT64_MAX ? INT64_MAX : end > now ? end - now : 0;
	if (!act)
		return wait;
	for (size_t a = 0; a < 64 && (guard->all_actions >> a & 1); a++)
		if (act_wants_all(act, a)) {
			guard_log(guard, GUARD_WARNING, "action %s: what it did failed or was "
			    "undone; all is done again", settings_section(
			    guard->settings.settings, "action", a)->name);
			guard_tell_all(guard, a);
		}
	end = act_process(act, now_monotonic(), log_action, guard);
	return end < wait ? end : wait;
}

const struct banned_entry *
guard_find(const struct guard *guard, const struct ip *ip)
{
	return banned_find(guard->banned, ip, now_wall());
}

const struct banned_entry *
guard_banned_at(const struct guard *guard, size_t index)
{
	return banned_at(guard->banned, index);
}

/* Nobody is banned by hand where that could not be written down. */
static int
check_store(struct guard *guard, struct err *err)
{
	if (!guard->behind)
		return 0;
	guard->next_try = 0; /* who asks may just have made room */
	return err_set(err, "the store cannot be written to now");
}

int
guard_ban(struct guard *guard, const struct cidr *prefix, int64_t seconds,
    const char *reason, uint64_t *ret_id, struct err *err)
{
	struct buf commands = BUF_INIT(BUF_UNLIMITED);
	struct hand_ban hand;
	int result;

	if (!guard->settings.act)
		return err_set(err, "the guard that runs is a dry run, which bans nobody");
	if (check_store(guard, err) < 0 ||
	    hand_check(guard->settings.settings, guard->settings.own,
		guard->settings.own_count, prefix, err) < 0)
		return -1;
	result = hand_ban(guard->store, guard->settings.geo, prefix, seconds, reason,
	    guard_put_commands(guard, guard->all_actions, &commands), now_wall(), &hand, err);
	buf_done(&commands);
	if (result < 0)
		return -1;
	if (hand.ban.from > guard->newest)
		guard->newest = hand.ban.from;
	detect_banned(guard->detect, &(struct detect_earlier){.key = hand.ban.key,
	    .prefix = *prefix, .from = hand.ban.from, .until = hand.ban.until,
	    .lifted = INT64_MIN, .id = hand.ban.id});
	guard_tell_ban(guard, prefix, &(struct banned_part){hand.ban.id, hand.ban.until,
	    guard->all_actions});
	guard_log(guard, GUARD_NOTICE, "ban %s by hand: %s, id %016llx", hand.key, reason,
	    (unsigned long long)hand.ban.id);
	*ret_id = hand.ban.id;
	return 0;
}

static void
forget_lifted(void *context, const struct ban *ban)
{
	struct guard *guard = context;
	char *rule = xstrndup(ban->rule.p, ban->rule.len);

	detect_unbanned(guard->detect, rule, ban->key, ban->lifted);
	free(rule);
}

int
guard_unban(struct guard *guard, const struct cidr *prefix, const char *reason,
    struct err *err)
{
	const struct hand_lift lift = {.prefix = *prefix, .reason = reason, .now = now_wall(),
	    .upto = INT64_MAX};
	struct banned_part gone = {.actions = 0};
	char text[CIDR_TEXT_MAX];
	size_t count = 0;

	prefix_format(prefix, text);
	if (guard->behind && !banned_has(guard->banned, prefix))
		return err_set(err, "%s is not banned", text);
	if (!guard->behind && hand_lift(guard->store, &lift, forget_lifted, guard, &count,
		err) < 0)
		guard_fall_behind(guard, err);
	if (guard->behind && guard_lift_behind(guard, prefix, reason, err) < 0)
		return -1;
	/* A dry run keeps out nobody, and the store may know of bans all the same. */
	if (!banned_remove(guard->banned, prefix, &gone) && count == 0)
		return err_set(err, "%s is not banned", text);
	for (size_t a = 0; guard->settings.act && a < 64; a++)
		if (gone.actions >> a & 1)
			act_unban(guard->settings.act, a,
			    &(struct act_ban){gone.id, *prefix, gone.until});
	guard_log(guard, GUARD_NOTICE, "unban %s by hand: %s", text, reason);
	return 0;
}
