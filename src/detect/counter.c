/* SPDX-License-Identifier: Apache-2.0
 *
 * counter: rules that count alike are counted for once. Filters are narrowed to the kinds
 * of events, so that a rule costs nothing where it cannot match.
 */
#include <stdlib.h>

#include "base/mem.h"
#include "detect/room.h"

/* Memory is added up after so many events. */
#define WEIGHED_EVERY 64u

/* Are two filters the same for events of every kind? */
static bool
same_match(const struct filter *a, const struct filter *b)
{
	bool same = true;

	for (unsigned kind = 0; kind < KINDS && same; kind++) {
		bool all_a, all_b;
		struct filter *of_a = filter_narrow(a, kind, &all_a);
		struct filter *of_b = filter_narrow(b, kind, &all_b);

		same = of_a && of_b ? filter_same(of_a, of_b) :
		       !of_a && !of_b && all_a == all_b;
		filter_free(of_a);
		filter_free(of_b);
	}
	return same;
}

static bool
same_key(const struct detect_key *a, const struct detect_key *b)
{
	return a->field == b->field && a->function == b->function;
}

static bool
counts_alike(const struct detect_rule *a, const struct detect_rule *b)
{
	return a->dry_run == b->dry_run && !a->punish_address && !b->punish_address &&
	    !a->scores && !b->scores &&
	    a->distinct == b->distinct && same_key(&a->by, &b->by) &&
	    (!a->distinct || same_key(&a->of, &b->of)) && allow_same(&a->allow, &b->allow) &&
	    same_match(a->match, b->match);
}

/* The counter of RULE, made if none counts as it does. */
static struct counter *
counter_for(struct detect *detect, const struct detect_rule *rule)
{
	struct counter *counter = detect->counters;
	size_t sizes[WINDOW_SIZES];

	for (; counter < detect->counters + detect->counter_count; counter++)
		if (counts_alike(counter->rule, rule))
			return counter;
	counter->rule = rule;
	counter->what = rule->distinct ? COUNTS_VALUES :
			rule->scores ? COUNTS_POINTS : COUNTS_EVENTS;
	counter->now = &detect->now;
	counter->rules = xcalloc(detect->count, sizeof(*counter->rules));
	window_sizes(counter, sizes);
	counter->windows = lru_new_sized(sizes, WINDOW_SIZES, detect->limits.keys,
	    &(struct lru_owner){window_drop, window_is_over, counter});
	detect->counter_count++;
	return counter;
}

static void
make_looking(struct detect *detect)
{
	uint32_t count = 0;

	detect->looking = xcalloc((size_t)KINDS * detect->counter_count + 1,
	    sizeof(*detect->looking));
	for (unsigned kind = 0; kind < KINDS; kind++) {
		detect->looking_from[kind] = count;
		for (uint32_t c = 0; c < detect->counter_count; c++) {
			bool all;
			struct filter *filter =
			    filter_narrow(detect->counters[c].rule->match, kind, &all);

			if (filter || all)
				detect->looking[count++] = (struct looking){c, filter};
		}
	}
	detect->looking_from[KINDS] = count;
}

void
counters_make(struct detect *detect)
{
	detect->counters = xcalloc(detect->count + 1, sizeof(*detect->counters));
	detect->counter_of = xcalloc(detect->count + 1, sizeof(*detect->counter_of));
	for (uint32_t r = 0; r < detect->count; r++) {
		const struct detect_rule *rule = &detect->rules[r];
		struct counter *counter = counter_for(detect, rule);
		/* Marks kept are enough for a protected address, too. */
		uint64_t need = (uint64_t)rule->count *
		    (rule->protect.on ? rule->protect.multiply : 1);

		counter->rules[counter->rule_count++] = r;
		counter->within = rule->within > counter->within
		    ? rule->within : counter->within;
		counter->need = need > counter->need ? need : counter->need;
		detect->counter_of[r] = (uint32_t)(counter - detect->counters);
	}
	make_looking(detect);
}

void
counters_free(struct detect *detect)
{
	for (uint32_t i = 0; i < detect->looking_from[KINDS]; i++)
		filter_free(detect->looking[i].filter);
	for (uint32_t c = 0; c < detect->counter_count; c++) {
		lru_free(detect->counters[c].windows);
		free(detect->counters[c].rules);
	}
	free(detect->looking);
	free(detect->counters);
	free(detect->counter_of);
}

/* What an event adds to a window; false: nothing. */
static bool
make_mark(const struct counter *counter, const struct event *ev, const struct symbols *symbols,
    struct client_ip *client, struct mark *ret)
{
	const struct detect_rule *rule = counter->rule;
	struct key value;

	*ret = (struct mark){.time = ev->time, .id = ev->id};
	if (counter->what == COUNTS_EVENTS)
		return ev->weight > 0;
	if (counter->what == COUNTS_VALUES) {
		if (!key_of(&rule->of, ev, symbols, client, &value))
			return false;
		ret->value = value.hash & MARK_VALUE_MOST;
		return true;
	}
	for (size_t i = 0; i < rule->score_count; i++)
		if (filter_match(rule->scores[i].where, ev, symbols))
			ret->value += (uint64_t)rule->scores[i].points * ev->weight;
	if (ret->value > UINT32_MAX)
		ret->value = UINT32_MAX;
	return ret->value > 0;
}

int64_t
counter_banned_until(struct detect *detect, uint32_t r, const struct key *key)
{
	const struct history *history = NULL;
	int64_t lifted = history_lifted(&detect->bans, key);

	if (!detect->rules[r].punish_address)
		history = lru_find(detect->bans.table, lru_key_in(r, key->hash));
	return history && history->until > lifted ? history->until : lifted;
}

static bool
banned_by_all(struct detect *detect, const struct counter *counter, const struct key *key,
    int64_t time)
{
	for (uint32_t i = 0; i < counter->rule_count; i++)
		if (counter_banned_until(detect, counter->rules[i], key) <= time)
			return false;
	return true;
}

void
counter_settle(struct detect *detect, uint32_t r, const struct key *key, int64_t time)
{
	struct counter *counter = &detect->counters[detect->counter_of[r]];

	if (!detect->rules[r].punish_address && banned_by_all(detect, counter, key, time))
		lru_remove(counter->windows, key->hash);
}

/*
 * Was the client turned away because of a list? While it is banned that may be the list of
 * the banned, as action file writes it: to come again is no new offence, or who retries would
 * never get out.
 */
static bool
is_echo(struct detect *detect, const struct event *ev, const struct symbols *symbols,
    struct client_ip *client)
{
	const struct ip *ip;

	if (ev->kind != KIND_ps_list && ev->kind != KIND_ps_dnsbl &&
	    !(ev->kind == KIND_policy && event_knows(ev, FIELD_reason) &&
	        ev->reason == REASON_dnsbl))
		return false;
	ip = key_client(ev, symbols, client);
	return ip->family && history_covers(detect, ip, ev->time);
}

static void
count(struct detect *detect, struct counter *counter, const struct event *ev,
    const struct symbols *symbols, struct client_ip *client)
{
	bool allowed = allow_event(&counter->rule->allow, ev, symbols, client);
	struct mark mark;

	for (uint32_t i = 0; i < counter->rule_count; i++) {
		detect->stats[counter->rules[i]].matched++;
		detect->stats[counter->rules[i]].allowed += allowed;
	}
	if (allowed || !make_mark(counter, ev, symbols, client, &mark) ||
	    banned_by_all(detect, counter, &counter->key, ev->time) ||
	    is_echo(detect, ev, symbols, client))
		return;
	counter->window = window_of(counter, mark.time);
	window_add(counter, &mark, ev->weight);
}

bool
counters_count(struct detect *detect, const struct event *ev, const struct symbols *symbols,
    struct client_ip *client, bool dry_run)
{
	uint32_t from = detect->looking_from[ev->kind],
	    end = detect->looking_from[ev->kind + 1];
	bool any = false;

	for (uint32_t i = from; i < end; i++) {
		const struct looking *looking = &detect->looking[i];
		struct counter *counter = &detect->counters[looking->counter];

		if (dry_run && !counter->rule->dry_run)
			continue;
		if ((!looking->filter || filter_match(looking->filter, ev, symbols)) &&
		    key_of(&counter->rule->by, ev, symbols, client, &counter->key))
			count(detect, counter, ev, symbols, client);
		any |= counter->window != NULL;
	}
	return any;
}

void
counters_forget_ban(struct detect *detect, const struct event *ban)
{
	struct client_ip client = {CLIENT_UNREAD, {{0}, 0}};
	struct key key;

	for (uint32_t i = detect->looking_from[KIND_ban];
	    i < detect->looking_from[KIND_ban + 1];
	     i++) {
		const struct looking *looking = &detect->looking[i];
		const struct counter *counter = &detect->counters[looking->counter];

		if ((!looking->filter || filter_match(looking->filter, ban, NULL)) &&
		    key_of(&counter->rule->by, ban, NULL, &client, &key))
			lru_remove(counter->windows, key.hash);
	}
}

void
counters_lifted(struct detect *detect, uint32_t r, const struct key *key, int64_t time)
{
	bool is_address = key->prefix.base.family != 0;

	if (is_address)
		history_lift(&detect->bans, key, time);
	for (uint32_t c = 0; c < detect->counter_count; c++) {
		const struct counter *counter = &detect->counters[c];

		if (is_address ? key_is_address(&counter->rule->by) :
		    counter->rule_count == 1 && counter->rules[0] == r)
			lru_remove(counter->windows, key->hash);
	}
}

void
counters_done(struct detect *detect, enum kind kind)
{
	for (uint32_t i = detect->looking_from[kind]; i < detect->looking_from[kind + 1]; i++)
		detect->counters[detect->looking[i].counter].window = NULL;
}

/* The table that takes most; *RET_TOTAL: what all take. */
static struct lru *
largest(const struct detect *detect, size_t *ret_total)
{
	const struct protection *protection = &detect->protection;
	const struct {
		struct lru *table;
		size_t owned;
	} others[] = {{detect->bans.table, detect->bans.owned}, {protection->earned, 0},
	    {protection->failing, protection->owned}, {protection->nets, 0}};
	struct lru *most_of = NULL;
	size_t most = 0;

	*ret_total = 0;
	for (uint32_t i = 0; i < detect->counter_count + sizeof(others) / sizeof(*others);
	    i++) {
		uint32_t o = i - detect->counter_count;
		bool counts = i < detect->counter_count;
		struct lru *table = counts ? detect->counters[i].windows : others[o].table;
		size_t bytes = lru_bytes(table) +
		    (counts ? detect->counters[i].owned : others[o].owned);

		*ret_total += bytes;
		if (bytes >= most) {
			most = bytes;
			most_of = table;
		}
	}
	return most_of;
}

void
counters_weigh(struct detect *detect)
{
	struct lru *table;
	size_t total;

	if (++detect->unweighed < WEIGHED_EVERY)
		return;
	detect->unweighed = 0;
	while ((table = largest(detect, &total)) != NULL && total > detect->limits.bytes)
		for (uint32_t i = 0; i < WEIGHED_EVERY; i++)
			if (!lru_evict(table))
				return;
}
