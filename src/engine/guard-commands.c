/* SPDX-License-Identifier: Apache-2.0
 *
 * guard-commands: what programs of the owner's were run for, and have to undo. Any other
 * action is told all that is to be, and ends what it did beside; a command that is started
 * anew knows nothing of before. So each ban is kept with the names of those that were run.
 */
#include "engine/guard-room.h"

#include <stdlib.h>

#define BETWEEN '\n' /* names: no section's has one */

static const char *
name_of(const struct guard *guard, size_t action)
{
	return settings_section(guard->settings.settings, "action", action)->name;
}

void
guard_find_commands(struct guard *guard)
{
	for (size_t a = 0; guard->all_actions >> a & 1; a++)
		if (settings_section(guard->settings.settings, "action", a)
			->values[SETTING_action_kind].number == ACT_COMMAND)
			guard->commands |= UINT64_C(1) << a;
}

struct str
guard_put_commands(const struct guard *guard, uint64_t actions, struct buf *out)
{
	buf_clear(out);
	for (size_t a = 0; guard->commands >> a; a++) {
		if (!(actions & guard->commands & UINT64_C(1) << a))
			continue;
		if (out->len)
			buf_char(out, BETWEEN);
		buf_str(out, str_of(name_of(guard, a)));
	}
	return out->len ? buf_view(out) : STR("");
}

static uint64_t
read_commands(const struct guard *guard, struct str names)
{
	uint64_t set = 0;

	while (names.len) {
		struct str name = str_cut(&names, BETWEEN);

		for (size_t a = 0; guard->commands >> a; a++)
			if (guard->commands >> a & 1 &&
			    str_eq(name, str_of(name_of(guard, a))))
				set |= UINT64_C(1) << a;
	}
	return set;
}

/* The actions that RULE names, whether it is enabled or not. */
static uint64_t
named_actions(const struct guard *guard, const struct settings_section *rule)
{
	const struct setting_value *names = &rule->values[SETTING_rule_actions];
	uint64_t set = 0;

	for (size_t i = 0; i < names->list_count; i++)
		for (size_t a = 0; a < 64 && (guard->all_actions >> a & 1); a++)
			if (str_eq(names->list[i], str_of(name_of(guard, a))))
				set |= UINT64_C(1) << a;
	return names->list_count ? set : guard->all_actions;
}

uint64_t
guard_ban_actions(const struct guard *guard, const struct ban *ban)
{
	const struct rules *rules = guard->settings.rules;
	const struct settings_section *rule;
	size_t r = rules_find(rules, ban->rule);

	if (r < rules->count)
		return guard_rule_actions(guard, r);
	/* It is turned off; or, by hand or of a rule that is gone, all. */
	rule = settings_named(guard->settings.settings, "rule", ban->rule);
	return rule ? named_actions(guard, rule) : guard->all_actions;
}

/* What is to be kept of BAN, in OUT: who has it, and, until UNDONE, who had it. */
static struct str
to_keep(const struct guard *guard, const struct ban *ban, bool undone, struct buf *out)
{
	uint64_t actions = guard_ban_actions(guard, ban);

	if (!undone)
		actions |= read_commands(guard, ban->commands);
	return guard_put_commands(guard, actions, out);
}

/* Is it that? Of what is not known it need not be said that there is none. */
static bool
is_kept(const struct ban *ban, struct str names)
{
	return str_eq(ban->commands, names);
}

void
guard_undo_commands(struct guard *guard, const struct ban *ban, int64_t since)
{
	int64_t now = now_wall(), end = ban->lifted == INT64_MIN ? ban->until : ban->lifted;
	uint64_t had = ban->commands.p ? read_commands(guard, ban->commands) :
	    end <= now ? guard_ban_actions(guard, ban) & guard->commands : 0;
	struct buf names = BUF_INIT(BUF_UNLIMITED);

	if (ban->dry_run || !ban->prefix.base.family || end <= since)
		return;
	if (end > now && !is_kept(ban, to_keep(guard, ban, true, &names)))
		guard->keeping_commands = COMMANDS_TO_KEEP;
	buf_done(&names);
	had &= ~banned_actions(guard->banned, &ban->prefix);
	for (size_t a = 0; had >> a; a++)
		if (had >> a & 1)
			act_unban(guard->settings.act, a,
			    &(struct act_ban){ban->id, ban->prefix, ban->until});
}

/* Bans whose commands are to be written down anew. */
struct changed {
	const struct guard *guard;
	bool undone;
	struct ban *bans;
	size_t count, room;
	struct arena arena;
};

static bool
take_changed(void *context, const struct ban *ban)
{
	struct changed *changed = context;
	struct buf out = BUF_INIT(BUF_UNLIMITED);
	struct str names = ban->prefix.base.family && ban->lifted == INT64_MIN ?
	    to_keep(changed->guard, ban, changed->undone, &out) : ban->commands;
	struct ban *copy;

	if (!is_kept(ban, names)) {
		MEM_GROW(changed->bans, changed->count, changed->room);
		copy = &changed->bans[changed->count++];
		*copy = ban_copy(ban, &changed->arena);
		copy->commands = arena_str(&changed->arena, names);
	}
	buf_done(&out);
	return true;
}

/* Of bans that are active. */
static void
keep(struct guard *guard, bool undone)
{
	struct ban_filter active = {.active_at = now_wall(), .since = INT64_MIN,
	    .until = INT64_MAX};
	struct changed changed = {.guard = guard, .undone = undone};
	struct err err;
	int result;

	guard_begin(guard);
	result = guard->behind ? 0 :
	    store_bans(guard->store, &active, take_changed, &changed, &err);
	for (size_t i = 0; !guard->behind && result == 0 && i < changed.count; i++)
		result = store_ban(guard->store, &changed.bans[i], &err);
	if (result < 0)
		guard_fall_behind(guard, &err);
	free(changed.bans);
	arena_free(&changed.arena);
}

static bool
all_done(const struct guard *guard)
{
	for (size_t a = 0; guard->commands >> a; a++)
		if (guard->commands >> a & 1 && act_stats(guard->settings.act, a).waiting)
			return false;
	return true;
}

void
guard_keep_commands(struct guard *guard)
{
	if (guard->behind || guard->keeping_commands == COMMANDS_KEPT)
		return;
	if (guard->keeping_commands == COMMANDS_TO_KEEP) {
		keep(guard, false);
		guard->keeping_commands = COMMANDS_TO_UNDO;
	} else if (all_done(guard)) {
		keep(guard, true);
		guard->keeping_commands = COMMANDS_KEPT;
	}
}
