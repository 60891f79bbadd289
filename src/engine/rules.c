/* SPDX-License-Identifier: Apache-2.0
 *
 * rules: texts of settings to filters, keys and bans.
 */
#include "engine/rules.h"

#include <stdlib.h>

#include "base/nearest.h"
#include "engine/engine.h"
#include "engine/own.h"
#include "engine/rule-text.h"
#include "engine/setting-value.h"

#define RULES_NAMED 64 /* that one may be meant by its name */

/* What goes on while one section is read. */
struct making {
	const struct settings *settings;
	const struct settings_section *section;
	struct rules *rules;
	struct detect_rule rule;
	struct rule_plan plan;
	bool bad_everywhere; /* guard.allow has a fault */
	settings_fault *fault;
	void *context;
	int faults;
};

static void
tell(struct making *making, enum setting setting, struct err *err)
{
	err_wrap(err, "%s", settings_where(making->section, setting, &making->rules->arena));
	making->fault(making->context, err->text);
	making->faults++;
}

static const struct setting_value *
value_of(const struct making *making, enum setting setting)
{
	return &making->section->values[setting];
}

static int
add_filter(struct making *making, struct str text, const struct filter **ret,
    struct err *err)
{
	struct rules *rules = making->rules;
	struct filter *filter;

	if (filter_compile(text, &filter, err) < 0)
		return -1;
	MEM_GROW(rules->filters, rules->filter_count, rules->filter_room);
	rules->filters[rules->filter_count++] = filter;
	*ret = filter;
	return 0;
}

/* A shipped rule whose name this may be meant to be, or NULL. */
static const char *
rule_meant(const struct making *making)
{
	const char *names[RULES_NAMED];
	const struct settings_section *other;
	size_t count = 0;

	for (size_t i = 0; count < RULES_NAMED &&
	     (other = settings_section(making->settings, "rule", i)); i++)
		if (other->values[SETTING_rule_match].text.len)
			names[count++] = other->name;
	return nearest(str_of(making->section->name), names, count);
}

static int
make_match(struct making *making, const struct setting_value *value, struct err *err)
{
	const char *meant = value->text.len ? NULL : rule_meant(making);

	if (value->text.len == 0)
		return err_set(err,
		    "a rule needs a filter, as in: attempt & outcome=failure%s%s%s",
		    meant ? "; did you mean [rule " : "", meant ? meant : "",
		    meant ? "], which has one?" : "");
	return add_filter(making, value->text, &making->rule.match, err);
}

static int
make_by(struct making *making, const struct setting_value *value, struct err *err)
{
	return rule_key(value->text, &making->rule.by, err);
}

static int
make_distinct(struct making *making, const struct setting_value *value, struct err *err)
{
	making->rule.distinct = value->text.len > 0;
	return value->text.len ? rule_key(value->text, &making->rule.of, err) : 0;
}

/* "kind=ps_pregreet -> 3" */
static int
make_score(struct making *making, const struct setting_value *value, struct err *err)
{
	struct detect_score *scores = arena_alloc(&making->rules->arena,
	    (value->list_count + 1) * sizeof(*scores));

	for (size_t i = 0; i < value->list_count; i++) {
		struct str text = value->list[i];
		size_t arrow = str_find(text, STR("->"));
		int64_t points;

		if (arrow >= text.len ||
		    !str_number(str_trim(str_from(text, arrow + 2)), &points) || points < 1 ||
		    points > 1000000) {
			err_set(err, "'%.*s' is not FILTER -> POINTS", STR_ARG(text));
			tell(making, SETTING_rule_score, err);
			continue;
		}
		scores[i].points = (uint32_t)points;
		if (add_filter(making, str_trim(str_head(text, arrow)), &scores[i].where,
			err) < 0)
			tell(making, SETTING_rule_score, err);
	}
	making->rule.scores = value->list_count ? scores : NULL;
	making->rule.score_count = value->list_count;
	if (making->rule.distinct && value->list_count)
		return err_set(err, "a rule counts points or different values, not both");
	return 0;
}

static int
make_ban(struct making *making, const struct setting_value *value, struct err *err)
{
	return rule_ban(value->text, &making->rule.ban, err);
}

/* Tells of each item that nobody can be allowed by; how many there are. */
static int
check_items(struct making *making, enum setting setting, const struct setting_value *value)
{
	int before = making->faults;
	struct detect_allow allow;
	struct err err;

	for (size_t i = 0; i < value->list_count; i++)
		if (rule_allow(&value->list[i], 1, &making->rules->arena, &allow, &err) < 0)
			tell(making, setting, &err);
	return making->faults - before;
}

static int
make_allow(struct making *making, const struct setting_value *value, struct err *err)
{
	const struct setting_value *everywhere =
	    settings_get(making->settings, SETTING_guard_allow);
	size_t count = value->list_count;
	struct str *items = arena_alloc(&making->rules->arena,
	    (count + everywhere->list_count + 1) * sizeof(*items));

	if (check_items(making, SETTING_rule_allow, value) > 0)
		return 0;
	if (count)
		memcpy(items, value->list, count * sizeof(*items));
	/* Were it wrong, rules_make() has said so, once. */
	if (!making->bad_everywhere && everywhere->list_count) {
		memcpy(items + count, everywhere->list,
		    everywhere->list_count * sizeof(*items));
		count += everywhere->list_count;
	}
	return rule_allow(items, count, &making->rules->arena, &making->rule.allow, err);
}

static int
no_such_action(const struct making *making, struct str name, struct err *err)
{
	size_t count = settings_count(making->settings, "action");
	const char **names, *near;

	if (settings_named(making->settings, "action", name))
		return err_set(err, "[action %.*s] is not enabled", STR_ARG(name));
	names = xcalloc(count + 1, sizeof(*names));
	for (size_t i = 0; i < count; i++)
		names[i] = settings_section(making->settings, "action", i)->name;
	near = nearest(name, names, count);
	free(names);
	return err_set(err, "there is no [action %.*s]%s%s%s", STR_ARG(name),
	    near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
}

static bool
names_action(const struct rule_plan *plan, size_t action)
{
	for (size_t i = 0; i < plan->action_count; i++)
		if (plan->actions[i] == action)
			return true;
	return false;
}

static int
make_actions(struct making *making, const struct setting_value *value, struct err *err)
{
	size_t count = settings_count(making->settings, "action");
	struct rule_plan *plan = &making->plan;

	plan->actions = arena_alloc(&making->rules->arena, (count + 1) * sizeof(size_t));
	for (size_t a = 0; a < count && value->list_count == 0; a++)
		plan->actions[plan->action_count++] = a;
	for (size_t i = 0; i < value->list_count; i++) {
		size_t a = 0;

		while (a < count && !str_eq(value->list[i], str_of(settings_section(
		    making->settings, "action", a)->name)))
			a++;
		if (a == count) {
			no_such_action(making, value->list[i], err);
			tell(making, SETTING_rule_actions, err);
			continue;
		}
		if (names_action(plan, a))
			return err_set(err, "names %.*s twice", STR_ARG(value->list[i]));
		plan->actions[plan->action_count++] = a;
	}
	return 0;
}

/* The texts that are more than a number, in the order they need each other. */
static const struct {
	enum setting setting;
	int (*make)(struct making *, const struct setting_value *, struct err *);
} makers[] = {
	{SETTING_rule_match, make_match},
	{SETTING_rule_by, make_by},
	{SETTING_rule_distinct, make_distinct},
	{SETTING_rule_score, make_score},
	{SETTING_rule_ban, make_ban},
	{SETTING_rule_allow, make_allow},
	{SETTING_rule_actions, make_actions},
};

static void
make_numbers(struct making *making)
{
	const struct settings *settings = making->settings;
	struct detect_rule *rule = &making->rule;

	rule->name = arena_cstr(&making->rules->arena, str_of(making->section->name));
	rule->count = (uint32_t)value_of(making, SETTING_rule_count)->number;
	rule->within = value_of(making, SETTING_rule_within)->number;
	rule->punish_address = value_of(making, SETTING_rule_punish)->number == 1;
	rule->dry_run = value_of(making, SETTING_rule_dry_run)->number;
	making->plan.dry_run = rule->dry_run ||
	    settings_get(settings, SETTING_guard_dry_run)->number;
	rule->protect = (struct detect_protect){
	    .on = value_of(making, SETTING_rule_protect)->number &&
	        settings_get(settings, SETTING_protect_on)->number,
	    .multiply = (uint32_t)settings_get(settings, SETTING_protect_multiply)->number,
	    .ban_most = settings_get(settings, SETTING_protect_ban_most)->number,
	    .failing_users =
	        (uint32_t)settings_get(settings, SETTING_protect_failing_users)->number,
	    .messages = (uint32_t)settings_get(settings, SETTING_protect_messages)->number,
	    .over = settings_get(settings, SETTING_protect_over)->number,
	    .lasts = settings_get(settings, SETTING_protect_lasts)->number};
}

/* One rule; false when it has faults, which were told. */
static bool
make_rule(struct making *making)
{
	struct err err;

	make_numbers(making);
	for (size_t i = 0; i < sizeof(makers) / sizeof(*makers); i++)
		if (makers[i].make(making, value_of(making, makers[i].setting), &err) < 0)
			tell(making, makers[i].setting, &err);
	return making->faults == 0;
}

/* A name that is misspelt turns off nothing. */
static void
check_off(struct making *making)
{
	size_t count = settings_count(making->settings, "rule"), n = 0;
	const char **names = xcalloc(count + 1, sizeof(*names)), *near;
	struct err err;

	for (size_t i = 0; i < count; i++) {
		const struct settings_section *rule =
		    settings_section(making->settings, "rule", i);

		if (rule->values[SETTING_rule_match].text.len)
			names[n++] = rule->name;
	}
	near = nearest(str_of(making->section->name), names, n);
	err_set(&err, "there is no such rule to turn off%s%s%s", near ? "; did you mean " : "",
	    near ? near : "", near ? "?" : "");
	tell(making, SETTING_rule_enabled, &err);
	free(names);
}

static void
check_own(struct making *making)
{
	const struct setting_value *own = value_of(making, SETTING_guard_own);
	struct err err;

	for (size_t i = 0; i < own->list_count; i++)
		if (own_check(own->list[i], &err) < 0)
			tell(making, SETTING_guard_own, &err);
	if (own->list_count > OWN_MAX) {
		err_set(&err, "there are %zu; expected %u at most: networks go to allow",
		    own->list_count, OWN_MAX);
		tell(making, SETTING_guard_own, &err);
	}
}

int
rules_make(const struct settings *settings, settings_fault *fault, void *context,
    struct rules *ret)
{
	size_t count = settings_count(settings, "rule");
	struct making everywhere = {.settings = settings, .rules = ret, .fault = fault,
	    .context = context, .section = settings_section(settings, "guard", 0)};
	int faults, bad;

	*ret = (struct rules){0};
	ret->rules = xcalloc(count + 1, sizeof(*ret->rules));
	ret->plans = xcalloc(count + 1, sizeof(*ret->plans));
	/* Told once, not for each rule. */
	bad = check_items(&everywhere, SETTING_guard_allow,
	    value_of(&everywhere, SETTING_guard_allow));
	check_own(&everywhere);
	faults = everywhere.faults;
	for (size_t i = 0; i < count; i++) {
		struct making making = {.settings = settings, .rules = ret,
		    .section = settings_section(settings, "rule", i),
		    .bad_everywhere = bad > 0, .fault = fault,
		    .context = context};

		if (!making.section->values[SETTING_rule_enabled].number) {
			if (!value_of(&making, SETTING_rule_match)->text.len)
				check_off(&making);
			faults += making.faults;
			continue;
		}
		if (!make_rule(&making)) {
			faults += making.faults;
			continue;
		}
		ret->rules[ret->count] = making.rule;
		ret->plans[ret->count++] = making.plan;
	}
	return faults;
}

void
rules_done(struct rules *rules)
{
	for (size_t i = 0; i < rules->filter_count; i++)
		filter_free(rules->filters[i]);
	free(rules->filters);
	free(rules->rules);
	free(rules->plans);
	arena_free(&rules->arena);
}

void
rules_allow(struct rules *rules, const struct cidr *nets, size_t count)
{
	for (size_t r = 0; r < rules->count && count; r++) {
		struct detect_allow *allow = &rules->rules[r].allow;
		struct cidr *all = arena_alloc(&rules->arena,
		    (allow->net_count + count) * sizeof(*all));

		if (allow->net_count)
			memcpy(all, allow->nets, allow->net_count * sizeof(*all));
		memcpy(all + allow->net_count, nets, count * sizeof(*all));
		allow->nets = all;
		allow->net_count += count;
	}
}

bool
rules_ask_places(const struct rules *rules)
{
	uint64_t fields[2] = {0, 0};

	for (size_t r = 0; r < rules->count; r++)
		detect_rule_fields(&rules->rules[r], fields);
	return run_has_place(fields);
}

size_t
rules_find(const struct rules *rules, struct str name)
{
	size_t r = 0;

	while (r < rules->count && !str_eq(str_of(rules->rules[r].name), name))
		r++;
	return r;
}

_Static_assert(KINDS <= 64, "kinds fit a bit set");

uint64_t
rules_kinds(const struct rules *rules)
{
	/* Logins and mail protect, whatever the rules match. */
	uint64_t kinds = UINT64_C(1) << KIND_attempt | UINT64_C(1) << KIND_message;

	for (size_t r = 0; r < rules->count; r++)
		for (unsigned kind = 0; kind < KINDS; kind++)
			if (filter_may_match_kind(rules->rules[r].match, kind))
				kinds |= UINT64_C(1) << kind;
	return kinds;
}

struct detect_limits
rules_limits(const struct settings *settings)
{
	struct detect_limits limits = detect_limits_default;

	limits.keys = (uint32_t)settings_get(settings, SETTING_guard_keys)->number;
	limits.bytes = (size_t)settings_get(settings, SETTING_guard_memory)->number << 20;
	return limits;
}
