/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/cautions.h"

#include <errno.h>
#include <unistd.h>

#include "base/civil.h"
#include "cmd/room.h"

struct warning {
	const struct settings *settings;
	const struct rules *rules;
	struct arena arena;
	settings_fault *warn;
	void *context;
};

static void
warn(struct warning *warning, const struct settings_section *section, enum setting setting,
    struct err *err)
{
	err_wrap(err, "%s", settings_where(section, setting, &warning->arena));
	warning->warn(warning->context, err->text);
}

static bool
has_action(const struct rule_plan *plan, size_t action)
{
	for (size_t i = 0; i < plan->action_count; i++)
		if (plan->actions[i] == action)
			return !plan->dry_run;
	return false;
}

static bool
bans_nets(const struct detect_rule *rule)
{
	return rule->by.function == DETECT_NET && !rule->punish_address;
}

/* "[rule a]" or "[rule a] and 2 more": those that use ACTION; NULL: none does. */
static const char *
rules_that_ban_nets(struct warning *warning, size_t action)
{
	const struct rules *rules = warning->rules;
	const char *first = NULL;
	size_t more = 0;

	for (size_t r = 0; r < rules->count; r++) {
		if (!bans_nets(&rules->rules[r]) || !has_action(&rules->plans[r], action))
			continue;
		more += first != NULL;
		first = first ? first : rules->rules[r].name;
	}
	if (!first || !more)
		return first ? arena_printf(&warning->arena, "[rule %s]", first) : NULL;
	return arena_printf(&warning->arena, "[rule %s] and %zu more", first, more);
}

/* The file action leaves out what its format cannot say. */
static void
caution_hash(struct warning *warning)
{
	size_t count = settings_count(warning->settings, "action");
	struct err err;

	for (size_t a = 0; a < count; a++) {
		const struct settings_section *action =
		    settings_section(warning->settings, "action", a);
		const char *names = rules_that_ban_nets(warning, a);

		if (!names || action->values[SETTING_action_kind].number != ACT_FILE ||
		    action->values[SETTING_action_format].number != ACT_HASH)
			continue;
		err_set(&err,
		    "hash has no way to write some networks of IPv6 that %s may ban, "
		    "which are left out then; cidr has all", names);
		warn(warning, action, SETTING_action_format, &err);
	}
}

/* Who comes again is banned for longer, if it is known. */
static void
caution_keep_bans(struct warning *warning)
{
	const struct settings *settings = warning->settings;
	int64_t keep = settings_get(settings, SETTING_store_keep_bans)->number;
	struct err err;

	for (size_t r = 0; r < warning->rules->count; r++) {
		const struct detect_rule *rule = &warning->rules->rules[r];

		if (rule->ban.factor <= 1 || rule->ban.remembered <= keep)
			continue;
		err_set(&err,
		    "bans are kept for less than the %lld days that [rule %s] remembers "
		    "them: a restart would forget",
		    (long long)(rule->ban.remembered / USEC_PER_DAY), rule->name);
		warn(warning, settings_section(settings, "store", 0), SETTING_store_keep_bans,
		    &err);
		return;
	}
}

/* It may come, or be misspelt. */
static void
caution_logs(struct warning *warning)
{
	const struct setting_value *files =
	    settings_get(warning->settings, SETTING_input_files);
	struct err err;

	for (size_t i = 0; i < files->list_count; i++) {
		const char *name = arena_cstr(&warning->arena, files->list[i]);

		if (*name != '/' || access(name, F_OK) == 0 || errno != ENOENT)
			continue;
		err_set(&err, "%s is not there; it is followed once it is%s", name,
		    strchr(name, ' ') ? " (names have commas between them)" :
		    strpbrk(name, "*?[") ? " (patterns are not followed, name each log)" : "");
		warn(warning, settings_section(warning->settings, "input", 0),
		    SETTING_input_files, &err);
	}
}

/* It is set to try something, and stays. */
static void
caution_dry_run(struct warning *warning)
{
	struct err err;

	if (!settings_get(warning->settings, SETTING_guard_dry_run)->number)
		return;
	err_set(&err, "nobody is banned; who would be is told");
	warn(warning, settings_section(warning->settings, "guard", 0), SETTING_guard_dry_run,
	    &err);
}

/* 0.0.0.0/0 is a slip, or meant to turn off what `enabled = no` turns off. */
static void
caution_all_allowed(struct warning *warning, const struct settings_section *section,
    enum setting setting)
{
	const struct setting_value *allow = &section->values[setting];
	struct cidr net;
	struct err err;

	for (size_t i = 0; i < allow->list_count; i++) {
		if (!cidr_parse(allow->list[i], &net) || net.bits > 0)
			continue;
		err_set(&err, "%.*s is everybody: nobody of IPv%u is ever banned",
		    STR_ARG(allow->list[i]), net.base.family);
		warn(warning, section, setting, &err);
	}
}

/* Does LIST of those who are allowed have countries or systems? */
static bool
allows_places(const struct setting_value *list)
{
	for (size_t i = 0; i < list->list_count; i++)
		if (str_starts(list->list[i], STR("country:")) ||
		    str_starts(list->list[i], STR("asn:")))
			return true;
	return false;
}

/* Nobody is in a country or a system that no database says. */
static void
caution_places(struct warning *warning, const struct settings_section *section,
    enum setting setting)
{
	struct err err;

	if (settings_get(warning->settings, SETTING_geo_files)->list_count ||
	    places_installed())
		return;
	err_set(&err, "no database of places is installed, and so nobody is in any: postern "
	    "geo update fetches one");
	warn(warning, section, setting, &err);
}

static void
caution_allow(struct warning *warning)
{
	const struct settings_section *guard = settings_section(warning->settings, "guard", 0);

	caution_all_allowed(warning, guard, SETTING_guard_allow);
	if (allows_places(&guard->values[SETTING_guard_allow]))
		caution_places(warning, guard, SETTING_guard_allow);
}

/* Who gives a rule a ban means somebody to be banned. */
static void
caution_nobody(struct warning *warning, const struct settings_section *section,
    const struct detect_rule *rule)
{
	struct err err;

	if (rule->punish_address || event_fields[rule->by.field].type == TYPE_IP ||
	    !section->values[SETTING_rule_ban].file)
		return;
	err_set(&err, "%s is no address: whoever it finds is told of and not banned; "
	    "punish = address bans from where", event_fields[rule->by.field].name);
	warn(warning, section, SETTING_rule_by, &err);
}

static void
caution_rule(struct warning *warning, const struct detect_rule *rule)
{
	const struct settings_section *section =
	    settings_named(warning->settings, "rule", str_of(rule->name));
	uint64_t fields[2] = {0, 0};
	struct err err;

	caution_nobody(warning, section, rule);
	caution_all_allowed(warning, section, SETTING_rule_allow);
	if (allows_places(&section->values[SETTING_rule_allow]))
		caution_places(warning, section, SETTING_rule_allow);
	detect_rule_fields(rule, fields);
	if (run_has_place(fields))
		caution_places(warning, section, SETTING_rule_match);
	if (!rule->distinct || rule->count < 2 || rule->of.field != rule->by.field ||
	    (rule->of.function != rule->by.function && rule->of.function == DETECT_VALUE))
		return;
	err_set(&err, "there is one such value of each that is counted by, and never %lu",
	    (unsigned long)rule->count);
	warn(warning, section, SETTING_rule_distinct, &err);
}

static void
caution_rules(struct warning *warning)
{
	for (size_t r = 0; r < warning->rules->count; r++)
		caution_rule(warning, &warning->rules->rules[r]);
}

void
cautions_tell(const struct settings *settings, const struct rules *rules, settings_fault *tell,
    void *context)
{
	static void (*const cautions[])(struct warning *) = {caution_logs, caution_dry_run,
	    caution_hash, caution_keep_bans, caution_allow, caution_rules};
	struct warning warning = {.settings = settings, .rules = rules, .warn = tell,
	    .context = context};

	for (size_t i = 0; i < sizeof(cautions) / sizeof(*cautions); i++)
		cautions[i](&warning);
	arena_free(&warning.arena);
}
