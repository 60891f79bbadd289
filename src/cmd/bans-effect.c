/* SPDX-License-Identifier: Apache-2.0
 *
 * bans-effect: what those who were banned did before and after. One pass over the events
 * of the store: each is looked up under every length of prefix that is banned, and counts
 * for the bans whose minutes it falls into.
 */
#include <stdlib.h>

#include "base/civil.h"
#include "base/dict.h"
#include "cmd/bans-effect.h"
#include "cmd/bans-tally.h"

#define MINUTES 10
#define USEC_PER_MIN (60 * USEC_PER_SEC)

/* What counts: mail and connections that were refused, logins that failed. */
const char effect_where[] =
    "kind=policy & action=reject | kind=milter & action=\"milter-reject\" | kind=ps_reject |"
    " kind=attempt & (outcome=failure | outcome=refused)";

/* Before and after. */
struct counts {
	uint64_t rejects[2], logins[2];
	int64_t usec[2]; /* that the log covers */
};

struct effect {
	struct bans *bans;
	struct ban_list list;  /* in order of time */
	struct counts *counts; /* by ban */
	uint32_t *next;        /* by ban: the next one of its prefix + 1 */
	struct dict prefixes;
	uint32_t *first;       /* by prefix: its first ban + 1 */
	bool lengths[2][129];  /* by family and length: in use */
	int64_t window;
	int64_t log_first, log_last;
};

/* The bytes that PREFIX is looked up by. */
static struct str
prefix_key(const struct cidr *prefix, char key[18])
{
	memcpy(key, prefix->base.byte, 16);
	key[16] = (char)prefix->base.family;
	key[17] = (char)prefix->bits;
	return (struct str){key, 18};
}

static void
index_bans(struct effect *effect)
{
	size_t count = effect->list.count;
	char key[18];

	effect->counts = xcalloc(count + 1, sizeof(*effect->counts));
	effect->next = xcalloc(count + 1, sizeof(*effect->next));
	effect->first = xcalloc(count + 1, sizeof(*effect->first));
	for (size_t i = count; i-- > 0;) {
		const struct cidr *prefix = &effect->list.bans[i].prefix;
		uint32_t number = dict_get(&effect->prefixes, prefix_key(prefix, key));

		effect->next[i] = effect->first[number];
		effect->first[number] = (uint32_t)i + 1;
		effect->lengths[prefix->base.family == 6][prefix->bits] = true;
	}
}

/* Counts an event at TIME for the bans of prefix NUMBER. */
static void
count_for(struct effect *effect, uint32_t number, const struct event *ev)
{
	for (uint32_t i = effect->first[number]; i; i = effect->next[i - 1]) {
		int64_t from = effect->list.bans[i - 1].from;
		struct counts *counts = &effect->counts[i - 1];
		unsigned after = ev->time > from;

		if (ev->time <= from - effect->window || ev->time > from + effect->window)
			continue;
		if (ev->kind == KIND_attempt)
			counts->logins[after] += ev->weight;
		else
			counts->rejects[after] += ev->weight;
	}
}

static bool
take_event(void *context, const struct event *ev, const struct symbols *symbols,
    const struct event_sources *sources)
{
	struct effect *effect = context;
	struct cidr prefix;
	struct ip ip;
	char key[18];

	(void)sources;
	if (!event_knows(ev, FIELD_ip) || !ip_parse(event_text(ev, FIELD_ip, symbols), &ip))
		return true;
	for (unsigned bits = 0; bits <= (ip.family == 6 ? 128u : 32u); bits++) {
		uint32_t number;
		struct str text;

		if (!effect->lengths[ip.family == 6][bits])
			continue;
		prefix = ip_prefix(&ip, bits);
		text = prefix_key(&prefix, key);
		number = dict_find(&effect->prefixes, text, dict_hash(text));
		if (number != DICT_NONE)
			count_for(effect, number, ev);
	}
	return true;
}

/* How long all kinds that count are kept. */
static int64_t
kept_usec(const struct bans *bans)
{
	struct keeping keeping;
	struct filter *filter;
	struct err err;
	int64_t usec = INT64_MAX;

	keeping_make(bans->settings, settings_ignore_fault, NULL, &keeping);
	if (filter_compile(str_of(effect_where), &filter, &err) < 0)
		return usec;
	for (unsigned kind = 1; kind < KINDS; kind++)
		if (filter_may_match_kind(filter, kind) && keeping.usec[kind] < usec)
			usec = keeping.usec[kind];
	filter_free(filter);
	return usec;
}

int
effect_period(const struct bans *bans, int64_t *ret_first, int64_t *ret_last, struct err *err)
{
	int64_t kept = kept_usec(bans), first, last;

	if (store_period(bans->store, &first, &last, err) < 0)
		return -1;
	/* A stamp of the future is no sign that the time up to it was watched. */
	last = last < bans->now ? last : bans->now;
	*ret_first = first < last - kept ? last - kept : first;
	*ret_last = last;
	return 0;
}

int64_t
effect_overlap(int64_t from, int64_t to, int64_t first, int64_t last)
{
	from = from > first ? from : first;
	to = to < last ? to : last;
	return to > from ? to - from : 0;
}

static bool
has_address(const struct ban *ban)
{
	return ban->prefix.base.family != 0;
}

static int
count_events(struct effect *effect, struct err *err)
{
	struct ban_filter filter = bans_filter(effect->bans);
	struct ban_list *list = &effect->list;
	size_t kept = 0;

	if (bans_read(effect->bans, &filter, list, err) < 0 ||
	    effect_period(effect->bans, &effect->log_first, &effect->log_last, err) < 0)
		return -1;
	for (size_t i = 0; i < list->count; i++)
		if (has_address(&list->bans[i]))
			list->bans[kept++] = list->bans[i];
	list->count = kept;
	index_bans(effect);
	for (size_t i = 0; i < kept; i++) {
		int64_t from = list->bans[i].from;

		effect->counts[i].usec[0] = effect_overlap(from - effect->window, from,
		    effect->log_first, effect->log_last);
		effect->counts[i].usec[1] = effect_overlap(from, from + effect->window,
		    effect->log_first, effect->log_last);
	}
	return kept == 0 ? 0 : store_scan(effect->bans->store,
	    list->bans[0].from - effect->window,
	    list->bans[kept - 1].from + effect->window + 1, effect_where, take_event,
	    effect, err);
}

static void
add_counts(struct counts *into, const struct counts *from)
{
	for (unsigned i = 0; i < 2; i++) {
		/* What was counted in no time is no part of an average. */
		if (from->usec[i] == 0)
			continue;
		into->rejects[i] += from->rejects[i];
		into->logins[i] += from->logins[i];
		into->usec[i] += from->usec[i];
	}
}

double
effect_rate(struct cell *cell, uint64_t count, int64_t usec)
{
	double rate = usec ? (double)count * USEC_PER_MIN / (double)usec : 0;

	cell->known = usec > 0;
	cell->real = (double)(int64_t)(rate * 1000 + 0.5) / 1000;
	return rate;
}

/* The columns of REPORT_BANS_EFFECT behind the first. */
static void
put_counts(struct cell *row, uint64_t bans, const struct counts *counts)
{
	double before = 0, after = 0;

	row[1].known = true;
	row[1].n = (int64_t)bans;
	for (unsigned i = 0; i < 2; i++) {
		double rate = effect_rate(&row[2 + i], counts->rejects[i], counts->usec[i]) +
		    effect_rate(&row[4 + i], counts->logins[i], counts->usec[i]);

		*(i ? &after : &before) = rate;
	}
	row[6].known = before > 0 && counts->usec[1] > 0;
	/* What grew was not stopped; by how much it grew, the rates say. */
	row[6].real = before > after ? 100 * (1 - after / before) : 0;
}

static void
put_groups(struct effect *effect, bool by_address, struct table *table)
{
	struct tally tally = {.count = 0};
	struct counts all = {.usec = {0, 0}};
	struct counts *sums = xcalloc(effect->list.count + 1, sizeof(*sums));
	struct arena *arena = &effect->bans->arena;

	for (size_t i = 0; i < effect->list.count; i++) {
		const struct ban *ban = &effect->list.bans[i];
		char text[CIDR_TEXT_MAX];
		struct str key = by_address ? bans_address(ban, text) : ban->rule;
		struct tally_group *group = tally_group(&tally, key);

		if (group->bans++ == 0)
			group->key = arena_str(arena, key);
		add_counts(&sums[group - tally.groups], &effect->counts[i]);
		add_counts(&all, &effect->counts[i]);
	}
	for (size_t i = 0; i < tally.count; i++) {
		struct cell *row = table_row(table);

		row[0].known = true;
		row[0].text = tally.groups[i].key;
		put_counts(row, tally.groups[i].bans, &sums[i]);
	}
	put_counts(table->total, effect->list.count, &all);
	tally_done(&tally);
	free(sums);
}

static void
effect_done(struct effect *effect)
{
	free(effect->list.bans);
	free(effect->counts);
	free(effect->next);
	free(effect->first);
	dict_free(&effect->prefixes);
}

int
bans_effect(struct bans *bans)
{
	static const char *const words[] = {"rule", "address", "day"};
	unsigned minutes = bans->options.minutes ? bans->options.minutes : MINUTES;
	struct effect *effect;
	struct report *report;
	struct table *table;
	struct err err;
	int by = bans->options.by ? option_word("by", bans->options.by, words, 3, &err) : 0;

	if (by == 2 && bans->options.minutes)
		by = err_set(&err,
		    "--minutes is for what is before and after a ban, not a day");
	if (by < 0)
		return usage_error(bans->command, &err);
	if (bans_open(bans, true, &err) < 0)
		return bans_failed(&err);
	if (by == 2)
		return effect_days(bans);
	effect = xcalloc(1, sizeof(*effect));
	effect->bans = bans;
	effect->window = minutes * USEC_PER_MIN;
	if (count_events(effect, &err) < 0) {
		effect_done(effect);
		free(effect);
		return bans_failed(&err);
	}
	report = bans_report(bans);
	table = report_give(report, by ? REPORT_BANS_EFFECT_BY_ADDRESS : REPORT_BANS_EFFECT);
	put_groups(effect, by == 1, table);
	effect_done(effect);
	free(effect);
	if (!bans->options.sort)
		bans->options.sort = "bans";
	return bans_print(bans, report, table);
}
