/* SPDX-License-Identifier: Apache-2.0
 *
 * replay-tables: what a replay found, as rows of the report's tables. Cells are written
 * in the order of the columns in report/section-replay.c.
 */
#include "cmd/room.h"

#define USEC 1e6

static void
put_count(struct cell **cell, uint64_t n)
{
	*(*cell)++ = (struct cell){.known = true, .n = (int64_t)n};
}

/* A moment, or a length of time: INT64_MAX is for good, and unknown to a table. */
static void
put_time(struct cell **cell, int64_t time)
{
	*(*cell)++ = (struct cell){.known = time != INT64_MAX, .n = time};
}

static void
put_seconds(struct cell **cell, int64_t usec)
{
	*(*cell)++ = (struct cell){.known = usec != INT64_MAX, .real = (double)usec / USEC};
}

static void
put_text(struct table *table, struct cell **cell, struct str text)
{
	*(*cell)++ = (struct cell){.known = true, .text = arena_str(&table->arena, text)};
}

static void
put_sums(struct cell **cell, const struct replay_sums *sums)
{
	put_count(cell, sums->events);
	put_count(cell, sums->attempts);
	put_count(cell, sums->rejects);
}

/* The figures of a whole replay, which the summary and the comparison share. */
static void
put_bans(struct cell **cell, const struct replay *replay)
{
	put_count(cell, replay->rule_count);
	put_count(cell, replay->ban_count + replay->dropped_bans);
	put_count(cell, replay->subject_count);
}

static void
put_figures(struct cell **cell, const struct replay *replay)
{
	uint64_t evicted = replay->stats.evicted_keys + replay->stats.evicted_clients +
	    replay->stats.evicted_history;

	put_sums(cell, &replay->prevented);
	put_count(cell, replay->peak);
	put_time(cell, replay->peak ? replay->peak_time : INT64_MAX);
	put_count(cell, replay->harmed);
	put_count(cell, replay->harmed_during);
	put_count(cell, replay->stats.allowed);
	put_count(cell, replay->stats.spared);
	put_count(cell, evicted);
	put_count(cell, replay->dropped_bans);
}

static void
put_harm(struct table *table, struct cell *cell, const struct replay *replay,
    const struct replay_harm *harm)
{
	const struct replay_ban *ban = &replay->bans[harm->ban];

	put_text(table, &cell, harm->client);
	put_text(table, &cell, harm->user);
	put_text(table, &cell, harm->after ? STR("after") : STR("during"));
	put_count(&cell, harm->logins);
	put_count(&cell, harm->messages);
	put_time(&cell, harm->first);
	put_time(&cell, harm->last);
	put_text(table, &cell, str_of(replay->rules[ban->rule].name));
	put_time(&cell, ban->from);
	put_time(&cell, ban->until);
}

/* Says that there was more than a table was allowed to keep. */
static void
note_dropped(struct table *table, uint64_t dropped)
{
	if (dropped == 0)
		return;
	table->exact = false;
	table->note = arena_printf(&table->arena, "%llu more found no room.",
	    (unsigned long long)dropped);
}

static void
add_harms(struct report *report, const struct replay *replay)
{
	struct table *table = report_give(report, REPORT_REPLAY_COLLATERAL);

	/* Those a ban would have kept away weigh more than those it would not. */
	for (unsigned after = 0; after < 2; after++)
		for (size_t h = 0; h < replay->harm_count; h++)
			if (replay->harms[h].after == after)
				put_harm(table, table_row(table), replay, &replay->harms[h]);
	note_dropped(table, replay->dropped_harms);
}

static void
add_rules(struct report *report, const struct replay *replay)
{
	struct table *table = report_give(report, REPORT_REPLAY_RULES);

	for (size_t r = 0; r < replay->rule_count; r++) {
		const struct replay_rule *rule = &replay->rules[r];
		struct cell *cell = table_row(table);

		put_text(table, &cell, str_of(rule->name));
		put_count(&cell, rule->bans);
		put_count(&cell, rule->subjects);
		put_count(&cell, rule->stats.matched);
		put_sums(&cell, &rule->prevented);
		put_count(&cell, rule->is_protected);
		put_count(&cell, rule->stats.spared);
		put_count(&cell, rule->stats.allowed);
		put_count(&cell, rule->stats.evicted_keys);
		put_count(&cell, rule->dry_run);
	}
}

static void
add_bans(struct report *report, const struct replay *replay)
{
	struct table *table = report_give(report, REPORT_REPLAY_BANS);
	size_t rows = report_given_rows(report, REPORT_REPLAY_BANS);

	/* A flood has a million, of which few are shown. */
	rows = rows && rows < replay->ban_count ? rows : replay->ban_count;
	table->groups = replay->ban_count;
	for (size_t b = 0; b < rows; b++) {
		const struct replay_ban *ban = &replay->bans[b];
		struct cell *cell = table_row(table);
		char id[17];

		snprintf(id, sizeof(id), "%016llx", (unsigned long long)ban->id);
		put_time(&cell, ban->from);
		put_text(table, &cell, str_of(replay->rules[ban->rule].name));
		put_text(table, &cell, replay->subjects[ban->subject].key);
		put_seconds(&cell,
		    ban->until == INT64_MAX ? INT64_MAX : ban->until - ban->from);
		put_count(&cell, ban->offence);
		put_count(&cell, ban->counted);
		put_count(&cell, ban->threshold);
		put_time(&cell, ban->since);
		put_count(&cell, ban->is_protected);
		put_sums(&cell, &ban->prevented);
		put_text(table, &cell, str_of(id));
	}
	note_dropped(table, replay->dropped_bans);
}

static void
add_summary(struct report *report, const struct replay *replay)
{
	struct table *table = report_give(report, REPORT_REPLAY);
	struct cell *cell = table_row(table);

	put_bans(&cell, replay);
	put_figures(&cell, replay);
}

/* What differs between two replays. */
struct changes {
	struct replay_change *list;
	size_t count;
	uint64_t only[2]; /* banned by just that one */
};

static struct changes
find_changes(struct replay *const *replays)
{
	struct changes changes = {.count = 0};

	changes.count = replay_compare(replays[0], replays[1], &changes.list);
	for (size_t i = 0; i < changes.count; i++) {
		changes.only[0] += changes.list[i].b == NULL;
		changes.only[1] += changes.list[i].a == NULL;
	}
	return changes;
}

static void
add_compared(struct report *report, struct replay *const *replays,
    const char *const names[2], const struct changes *changes)
{
	static const char *const letters[] = {"A", "B"};
	struct table *table = report_give(report, REPORT_REPLAY_COMPARED);

	for (unsigned s = 0; s < 2; s++) {
		struct cell *cell = table_row(table);

		put_text(table, &cell, str_of(letters[s]));
		put_text(table, &cell, str_of(names[s]));
		put_bans(&cell, replays[s]);
		put_count(&cell, changes->only[s]);
		put_figures(&cell, replays[s]);
	}
}

static const struct replay_rule *
rule_named(const struct replay *replay, const char *name)
{
	for (size_t r = 0; r < replay->rule_count; r++)
		if (strcmp(replay->rules[r].name, name) == 0)
			return &replay->rules[r];
	return NULL;
}

/* Two cells beside each other; a rule that is not there has none. */
static void
put_pair(struct cell **cell, const struct replay_rule *a, const struct replay_rule *b,
    size_t offset)
{
	const struct replay_rule *rules[] = {a, b};

	for (unsigned s = 0; s < 2; s++) {
		uint64_t n = 0;

		if (rules[s])
			memcpy(&n, (const char *)rules[s] + offset, sizeof(n));
		put_count(cell, n);
		(*cell)[-1].known = rules[s] != NULL;
	}
}

static void
put_rule_pair(struct table *table, const char *name, const struct replay_rule *a,
    const struct replay_rule *b)
{
	struct cell *cell = table_row(table);

	put_text(table, &cell, str_of(name));
	put_pair(&cell, a, b, offsetof(struct replay_rule, bans));
	put_pair(&cell, a, b, offsetof(struct replay_rule, subjects));
	put_pair(&cell, a, b, offsetof(struct replay_rule, prevented.events));
	put_pair(&cell, a, b, offsetof(struct replay_rule, prevented.attempts));
	put_pair(&cell, a, b, offsetof(struct replay_rule, prevented.rejects));
}

static void
add_rules_compared(struct report *report, const struct replay *a, const struct replay *b)
{
	struct table *table = report_give(report, REPORT_REPLAY_RULES_COMPARED);

	for (size_t r = 0; r < a->rule_count; r++)
		put_rule_pair(table, a->rules[r].name, &a->rules[r],
		    rule_named(b, a->rules[r].name));
	for (size_t r = 0; r < b->rule_count; r++)
		if (rule_named(a, b->rules[r].name) == NULL)
			put_rule_pair(table, b->rules[r].name, NULL, &b->rules[r]);
}

static void
add_harm_changes(struct report *report, struct replay *const *replays)
{
	static const char *const letters[] = {"A", "B"};
	struct table *table = report_give(report, REPORT_REPLAY_COLLATERAL_CHANGES);

	for (unsigned s = 0; s < 2; s++)
		for (size_t h = 0; h < replays[s]->harm_count; h++) {
			const struct replay_harm *harm = &replays[s]->harms[h];
			struct cell *cell;

			if (replay_find_harm(replays[!s], harm))
				continue;
			cell = table_row(table);
			put_text(table, &cell, str_of(letters[s]));
			put_harm(table, cell, replays[s], harm);
		}
	note_dropped(table, replays[0]->dropped_harms + replays[1]->dropped_harms);
}

/* How B differs from A, in words. */
static struct str
change_word(const struct replay *a, const struct replay *b, const struct replay_change *change)
{
	int64_t in_a, in_b;

	if (change->b == NULL)
		return STR("only in A");
	if (change->a == NULL)
		return STR("only in B");
	in_a = a->bans[change->a->first].from;
	in_b = b->bans[change->b->first].from;
	if (in_a != in_b)
		return in_b < in_a ? STR("earlier in B") : STR("later in B");
	if (change->a->banned != change->b->banned)
		return change->b->banned > change->a->banned ? STR("longer in B") :
							       STR("shorter in B");
	return change->b->bans > change->a->bans ? STR("more often in B") :
						   STR("less often in B");
}

static void
put_side(struct table *table, struct cell **cell, const struct replay *replay,
    const struct replay_subject *subject)
{
	const struct replay_ban *ban;

	if (subject == NULL) {
		*cell += 4;
		return;
	}
	ban = &replay->bans[subject->first];
	put_time(cell, ban->from);
	put_text(table, cell, str_of(replay->rules[ban->rule].name));
	put_count(cell, subject->bans);
	put_seconds(cell, subject->banned);
}

static void
put_change(struct table *table, const struct replay *a, const struct replay *b,
    const struct replay_change *change)
{
	const struct replay_subject *who = change->a ? change->a : change->b;
	struct cell *cell = table_row(table);

	put_text(table, &cell, who->key);
	put_text(table, &cell, change_word(a, b, change));
	put_side(table, &cell, a, change->a);
	put_side(table, &cell, b, change->b);
}

/* First who is banned by only one, then who is banned otherwise. */
static void
add_changes(struct report *report, struct replay *const *replays,
    const struct changes *changes)
{
	struct table *table = report_give(report, REPORT_REPLAY_CHANGES);

	for (unsigned both = 0; both < 2; both++)
		for (size_t i = 0; i < changes->count; i++)
			if ((changes->list[i].a && changes->list[i].b) == both)
				put_change(table, replays[0], replays[1],
				    &changes->list[i]);
	note_dropped(table, replays[0]->dropped_bans + replays[1]->dropped_bans);
}

static void
add_difference(struct report *report, struct replay *const *replays,
    const char *const names[2], bool csv)
{
	struct changes changes = find_changes(replays);

	if (!csv) {
		add_compared(report, replays, names, &changes);
		add_rules_compared(report, replays[0], replays[1]);
		add_harm_changes(report, replays);
	}
	add_changes(report, replays, &changes);
	free(changes.list);
}

void
replay_tables(struct report *report, struct replay *const *replays, const char *const names[2],
    bool csv)
{
	if (names[1]) {
		add_difference(report, replays, names, csv);
		return;
	}
	if (!csv) {
		add_summary(report, replays[0]);
		add_rules(report, replays[0]);
		add_harms(report, replays[0]);
	}
	add_bans(report, replays[0]);
}
