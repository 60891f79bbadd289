/* SPDX-License-Identifier: Apache-2.0
 *
 * rules: sections [rule NAME] to what detect judges by.
 */
#ifndef ENGINE_RULES_H
#define ENGINE_RULES_H

#include "detect/detect.h"
#include "engine/settings.h"

/* What a rule has beside what detect knows. */
struct rule_plan {
	bool dry_run; /* its own, or of all: whose bans count for whom is the same in both */
	size_t *actions; /* numbers of [action NAME] */
	size_t action_count;
};

/* All enabled rules; everything lives in `arena` but the filters. */
struct rules {
	struct detect_rule *rules;
	struct rule_plan *plans;
	size_t count;
	struct filter **filters;
	size_t filter_count, filter_room;
	struct arena arena;
};

/* Tells each fault to FAULT, and leaves that rule out; returns their number. */
int rules_make(const struct settings *settings, settings_fault *fault, void *context,
    struct rules *ret);
void rules_done(struct rules *rules);

/* No rule judges who is in one of NETS, beside those it allows. */
void rules_allow(struct rules *rules, const struct cidr *nets, size_t count);

/* Does a rule look at country, asn or aso of events? Then they are to be filled in. */
bool rules_ask_places(const struct rules *rules);
/* The number of the rule called NAME, or how many there are. */
size_t rules_find(const struct rules *rules, struct str name);

/* Kinds of events that a rule or protection looks at, as a bit set. */
uint64_t rules_kinds(const struct rules *rules);

/* How much a detector of these settings remembers. */
struct detect_limits rules_limits(const struct settings *settings);

#endif
