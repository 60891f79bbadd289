/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/cautions.h"

#include <errno.h>
#include <unistd.h>

#include "base/civil.h"

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
		err_set(&err, "hash has no way to write some networks of IPv6 that %s may ban, "
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
		err_set(&err, "bans are kept for less than the %lld days that [rule %s] remembers "
		    "them: a restart would forget", (long long)(rule->ban.remembered / USEC_PER_DAY),
		    rule->name);
		warn(warning, settings_section(settings, "store", 0), SETTING_store_keep_bans, &err);
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
		err_set(&err, "%s is not there; it is followed once it is", name);
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

static const struct settings_section *
rule_section(const struct warning *warning, const char *name)
{
	size_t r = 0;

	while (strcmp(settings_section(warning->settings, "rule", r)->name, name) != 0)
		r++;
	return settings_section(warning->settings, "rule", r);
}

/* Who gives a rule a ban means somebody to be banned. */
static void
caution_nobody(struct warning *warning)
{
	struct err err;

	for (size_t r = 0; r < warning->rules->count; r++) {
		const struct detect_rule *rule = &warning->rules->rules[r];
		const struct settings_section *section = rule_section(warning, rule->name);

		if (rule->punish_address || event_fields[rule->by.field].type == TYPE_IP ||
		    !section->values[SETTING_rule_ban].file)
			continue;
		err_set(&err, "%s is no address: whoever it finds is told of and not banned; "
		    "punish = address bans from where", event_fields[rule->by.field].name);
		warn(warning, section, SETTING_rule_by, &err);
	}
}

void
cautions_tell(const struct settings *settings, const struct rules *rules, settings_fault *tell,
    void *context)
{
	static void (*const cautions[])(struct warning *) = {caution_logs, caution_dry_run,
	    caution_hash, caution_keep_bans, caution_nobody};
	struct warning warning = {.settings = settings, .rules = rules, .warn = tell,
	    .context = context};

	for (size_t i = 0; i < sizeof(cautions) / sizeof(*cautions); i++)
		cautions[i](&warning);
	arena_free(&warning.arena);
}
