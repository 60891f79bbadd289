/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/keeping.h"

#include "base/nearest.h"
#include "engine/setting-value.h"

static int
no_such_kind(struct str name, struct err *err)
{
	const char *names[KINDS], *near;

	for (unsigned k = 0; k < KINDS; k++)
		names[k] = event_enum_name(FIELD_kind, k);
	near = nearest(name, names, KINDS);
	return err_set(err, "no kind of event is called '%.*s'%s%s%s", STR_ARG(name),
	    near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
}

/* "connect 3d" */
static int
read_item(struct str item, struct keeping *ret, struct err *err)
{
	struct str rest = item, name = str_cut(&rest, ' ');
	int kind = event_enum_value(FIELD_kind, name);
	int64_t usec;

	if (kind <= 0)
		return no_such_kind(name, err);
	if (!setting_duration(str_trim(rest), &usec))
		return err_set(err, "'%.*s': expected a kind and a time, as in: connect 3d",
		    STR_ARG(item));
	ret->usec[kind] = usec;
	return 0;
}

int
keeping_make(const struct settings *settings, settings_fault *fault, void *context,
    struct keeping *ret)
{
	const struct settings_section *store = settings_section(settings, "store", 0);
	const struct setting_value *kinds = &store->values[SETTING_store_keep_kinds];
	struct arena arena = {0};
	struct err err;
	int faults = 0;

	ret->usual_usec = store->values[SETTING_store_keep].number;
	for (unsigned k = 0; k < KINDS; k++)
		ret->usec[k] = ret->usual_usec;
	for (size_t i = 0; i < kinds->list_count; i++)
		if (read_item(kinds->list[i], ret, &err) < 0) {
			err_wrap(&err, "%s",
			    settings_where(store, SETTING_store_keep_kinds, &arena));
			fault(context, err.text);
			faults++;
		}
	arena_free(&arena);
	return faults;
}

/* What protects looks back further: to the last login, and at two such times of mail. */
static int
check_protection(const struct keeping *keeping, const struct settings *settings,
    settings_fault *fault, void *context)
{
	int64_t lasts = settings_get(settings, SETTING_protect_lasts)->number;
	const struct {
		enum kind kind;
		int64_t usec;
		const char *text;
	} wanted[] = {{KIND_attempt, lasts, ""}, {KIND_message, 2 * lasts, "twice "}};
	struct arena arena = {0};
	struct err err;
	int faults = 0;

	for (size_t i = 0; i < sizeof(wanted) / sizeof(*wanted); i++) {
		if (keeping->usec[wanted[i].kind] >= wanted[i].usec)
			continue;
		err_set(&err, "%s: %sthis is longer than events of kind %s are kept ([store] "
		    "keep, keep_kinds): a restart would forget",
		    settings_where(settings_section(settings, "protect", 0),
		    SETTING_protect_lasts, &arena), wanted[i].text,
		    event_enum_name(FIELD_kind, wanted[i].kind));
		fault(context, err.text);
		faults++;
	}
	arena_free(&arena);
	return faults;
}

/* Ended bans make the next one longer, and count for rules over bans. */
static int
check_bans(const struct settings *settings, const struct rules *rules, settings_fault *fault,
    void *context)
{
	int64_t keep = settings_get(settings, SETTING_store_keep_bans)->number;
	struct arena arena = {0};
	int faults = 0;
	struct err err;

	for (size_t r = 0; r < rules->count && faults == 0; r++) {
		const struct detect_rule *rule = &rules->rules[r];
		bool within = rule->within > keep && filter_may_match_kind(rule->match, KIND_ban);

		if (!within && (rule->ban.remembered <= keep || rule->ban.factor <= 1))
			continue;
		err_set(&err, "%s: shorter than %s of rule %s: a restart would forget",
		    settings_where(settings_section(settings, "store", 0),
		    SETTING_store_keep_bans, &arena), within ? "within" :
		    "what ban remembers (90d unless said)", rule->name);
		fault(context, err.text);
		faults++;
	}
	arena_free(&arena);
	return faults;
}

int
keeping_check(const struct keeping *keeping, const struct settings *settings,
    const struct rules *rules, settings_fault *fault, void *context)
{
	struct arena arena = {0};
	struct err err;
	int faults = 0;
	bool protect = false;

	for (size_t r = 0; r < rules->count; r++)
		protect |= rules->rules[r].protect.on;
	if (protect)
		faults += check_protection(keeping, settings, fault, context);
	faults += check_bans(settings, rules, fault, context);
	for (size_t r = 0; r < rules->count; r++) {
		const struct detect_rule *rule = &rules->rules[r];

		for (unsigned kind = 1; kind < KINDS; kind++) {
			if (rule->within <= keeping->usec[kind] ||
			    !filter_may_match_kind(rule->match, kind))
				continue;
			err_set(&err, "%s is longer than events of kind %s are kept "
			    "([store] keep, keep_kinds): a restart would forget",
			    settings_where(settings_named(settings, "rule",
			    str_of(rule->name)), SETTING_rule_within, &arena),
			    event_enum_name(FIELD_kind, kind));
			fault(context, err.text);
			faults++;
			break;
		}
	}
	arena_free(&arena);
	return faults;
}
