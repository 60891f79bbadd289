/* SPDX-License-Identifier: Apache-2.0
 *
 * fold: runs a plan over batches of events of one kind. For each query first the
 * group of every event, then one tight loop a measure: a query's cost is a few
 * nanoseconds an event, whatever the other queries are.
 */
#include <stdlib.h>

#include "base/civil.h"
#include "query/room.h"

/* What sort of table each measure's pairs need. */
static void
init_pairs(struct fold *fold, const struct plan_query *query)
{
	for (unsigned m = 0; m < query->query->measure_count; m++) {
		const struct plan_measure *measure = &query->measures[m];

		if (measure->pairs == NO_PAIRS)
			continue;
		fold->pairs[measure->pairs].counted = measure->measure->op == MEASURE_QUANTILE;
		fold->pairs[measure->pairs].bitmap = query->grouping == GROUP_ONE &&
		    measure->measure->op == MEASURE_DISTINCT &&
		    key_domain(measure->measure->field, measure->measure->function) !=
			DOMAIN_NONE;
	}
}

struct fold *
fold_new(const struct plan *plan, const struct query_limits *limits, struct symbols *symbols)
{
	static const uint32_t no_key[1];
	struct fold *fold = xcalloc(1, sizeof(*fold));

	fold->plan = plan;
	fold->limits = *limits;
	fold->symbols = symbols;
	fold->hour = INT64_MIN;
	fold->groups = xcalloc(plan->count, sizeof(*fold->groups));
	fold->pairs = xcalloc(plan->pairs_count, sizeof(*fold->pairs));
	fold->matches = xmalloc(plan->predicate_count * FOLD_BATCH);
	fold->evaluated = xcalloc(plan->predicate_count, sizeof(bool));
	for (size_t i = 0; i < plan->count; i++) {
		const struct plan_query *query = &plan->queries[i];

		fold->groups[i].width = query->query->key_count ? query->query->key_count : 1;
		fold->groups[i].stride = query->cells;
		init_pairs(fold, query);
		if (query->grouping == GROUP_ONE)
			groups_get(&fold->groups[i], no_key);
	}
	fold_reserve(fold);
	return fold;
}

void
fold_free(struct fold *fold)
{
	if (!fold)
		return;
	for (size_t i = 0; i < fold->plan->count; i++)
		groups_free(&fold->groups[i]);
	for (unsigned i = 0; i < fold->plan->pairs_count; i++)
		pairs_free(&fold->pairs[i]);
	for (unsigned d = 0; d < DOMAINS; d++)
		region_free(&fold->rows[d]);
	free(fold->groups);
	free(fold->pairs);
	free(fold->matches);
	free(fold->evaluated);
	free(fold);
}

void
fold_move(struct fold *fold, struct symbols *symbols)
{
	fold->symbols = symbols;
}

void
fold_reserve(struct fold *fold)
{
	for (unsigned d = 0; d < DOMAINS; d++)
		if (fold->plan->stride[d])
			region_reserve(&fold->rows[d], ((size_t)fold->symbols->dict[d].count + 1) *
			    fold->plan->stride[d] * sizeof(uint64_t));
}

uint32_t
fold_group_count(const struct fold *fold, const struct plan_query *query)
{
	if (query->grouping == GROUP_NUMBER) {
		/* Numbers given out after the last batch have no row yet. */
		size_t rows = fold->rows[query->domain].size /
		    (fold->plan->stride[query->domain] * sizeof(uint64_t));
		uint32_t numbers = fold->symbols->dict[query->domain].count;

		return rows < numbers ? (uint32_t)rows : numbers;
	}
	return fold->groups[query - fold->plan->queries].count;
}

/* The matches of PREDICATE over the batch, evaluated at most once. */
static const uint8_t *
predicate_matches(struct fold *fold, int predicate, const struct selection *batch)
{
	uint8_t *matches = fold->matches + (size_t)predicate * FOLD_BATCH;

	if (fold->evaluated[predicate])
		return matches;
	filter_match_many(fold->plan->predicates[predicate].filter, batch->kind, batch->events,
	    batch->order, batch->n, fold->symbols, matches);
	fold->evaluated[predicate] = true;
	return matches;
}

static inline const struct event *
selected(const struct selection *sel, size_t i)
{
	return sel->event[i];
}

/* Offset of local time in the hour of TIME, in microseconds. */
static int64_t
local_offset(struct fold *fold, int64_t time)
{
	int64_t hour = time / USEC_PER_HOUR - (time % USEC_PER_HOUR < 0);

	if (hour != fold->hour) {
		fold->hour = hour;
		fold->hour_offset = zone_offset(time) * USEC_PER_SEC;
	}
	return fold->hour_offset;
}

static uint32_t
number_code(struct fold *fold, int64_t value)
{
	char text[24];
	int n;

	if (value >= 0 && value < CODE_INTERNED - 1)
		return (uint32_t)value + 1;
	n = snprintf(text, sizeof(text), "%lld", (long long)value);
	return CODE_INTERNED | symbols_get(fold->symbols, DOMAIN_TEXT,
	    (struct str){text, (size_t)n});
}

static uint32_t
bucket_code(const struct query_key *key, int64_t value)
{
	uint32_t bucket = 0;

	while (bucket < key->edge_count && value >= key->edges[bucket])
		bucket++;
	return bucket + 1;
}

/* Start of the local hour or day of TIME, as minutes or days since 1970. */
static uint32_t
time_code(struct fold *fold, enum key_function function, int64_t time)
{
	int64_t offset = local_offset(fold, time), local = time + offset;

	if (function == KEY_DAY)
		return (uint32_t)(local / USEC_PER_DAY);
	return (uint32_t)((local - local % USEC_PER_HOUR - offset) / (60 * USEC_PER_SEC));
}

/* The code of KEY in EV; 0 where EV lacks the field. */
static uint32_t
key_code(struct fold *fold, const struct query_key *key, const struct event *ev)
{
	if (!event_knows(ev, key->field))
		return 0;
	switch (key->function) {
	case KEY_NET:
		return symbols_net_of(fold->symbols, event_text_member(ev, key->field)->id);
	case KEY_DOMAIN:
		return symbols_domain_of(fold->symbols, event_text_member(ev, key->field)->id);
	case KEY_HOUR:
	case KEY_DAY:
		return time_code(fold, key->function, event_number(ev, key->field));
	case KEY_BUCKET:
		return bucket_code(key, event_number(ev, key->field));
	case KEY_FIELD:
		break;
	}
	if (event_fields[key->field].domain != DOMAIN_NONE)
		return event_text_member(ev, key->field)->id;
	return number_code(fold, event_number(ev, key->field));
}

static void
group_numbers(struct fold *fold, const struct plan_query *query, struct selection *sel)
{
	const struct query_key *key = &query->query->keys[0];

	for (size_t i = 0; i < sel->n; i++) {
		const struct event *ev = selected(sel, i);

		sel->group[i] = event_knows(ev, key->field)
		    ? event_text_member(ev, key->field)->id : SYMBOL_ABSENT;
	}
	if (key->function == KEY_FIELD)
		return;
	if (key->function == KEY_NET)
		for (size_t i = 0; i < sel->n; i++)
			sel->group[i] = symbols_net_of(fold->symbols, sel->group[i]);
	else
		for (size_t i = 0; i < sel->n; i++)
			sel->group[i] = symbols_domain_of(fold->symbols, sel->group[i]);
	fold_reserve(fold); /* networks and domains may just have been numbered */
}

static void
group_tuples(struct fold *fold, const struct plan_query *query, struct selection *sel)
{
	struct groups *groups = &fold->groups[query - fold->plan->queries];
	uint32_t code[QUERY_KEYS] = {0}, last[QUERY_KEYS];
	uint32_t group = UINT32_MAX;

	for (size_t i = 0; i < sel->n; i++) {
		for (unsigned k = 0; k < query->query->key_count; k++)
			code[k] = key_code(fold, &query->query->keys[k], selected(sel, i));
		if (group == UINT32_MAX || memcmp(code, last, sizeof(code)) != 0) {
			group = groups_get(groups, code);
			memcpy(last, code, sizeof(code));
		}
		sel->group[i] = group;
	}
}

/* Leaves in SEL the events that pass the query's filters and have its first key. */
static void
select_events(struct fold *fold, const struct plan_query *query, struct selection *sel)
{
	const uint8_t *match = NULL, *user = NULL;
	const struct query *source = query->query;
	bool need_key = source->skip_absent && source->key_count;
	size_t kept = 0;

	if (query->predicate != NO_PREDICATE)
		match = predicate_matches(fold, query->predicate, sel);
	if (fold->plan->where != NO_PREDICATE)
		user = predicate_matches(fold, fold->plan->where, sel);
	for (size_t i = 0; i < sel->n; i++) {
		const struct event *ev = &sel->events[sel->order[i]];

		sel->at[kept] = (uint16_t)i;
		sel->event[kept] = ev;
		kept += (!match || match[i]) && (!user || user[i]) &&
		    (!need_key || event_knows(ev, source->keys[0].field));
	}
	sel->n = kept;
}

static uint64_t
measure_cell(const struct query_measure *measure, const struct event *ev)
{
	switch (measure->op) {
	case MEASURE_SUM:
		return (uint64_t)event_number(ev, measure->field) * ev->weight;
	case MEASURE_MIN:
		return cell_of_min(event_number(ev, measure->field));
	case MEASURE_MAX:
		return cell_of_max(event_number(ev, measure->field));
	case MEASURE_FIRST:
		return cell_of_min(ev->time);
	case MEASURE_LAST:
		return cell_of_max(ev->time);
	case MEASURE_LATEST:
		return event_text_member(ev, measure->field)->id;
	case MEASURE_COUNT:
	case MEASURE_DISTINCT:
	case MEASURE_QUANTILE:
		break;
	}
	return ev->weight;
}

/* The code that MEASURE counts EV under; false: EV does not count. */
static bool
pair_code_of(struct fold *fold, const struct query_measure *measure, unsigned level,
    const struct event *ev, uint32_t *ret)
{
	struct query_key key = {.field = measure->field, .function = measure->function};

	if (!event_knows(ev, measure->field))
		return false;
	if (measure->op == MEASURE_QUANTILE) {
		*ret = bucket_of(event_number(ev, measure->field));
		return true;
	}
	*ret = key_code(fold, &key, ev);
	return !level || code_sampled(fold, measure, *ret, level);
}

/* First all keys, so that their slots are on the way; then all additions. */
static void
fold_pairs(struct fold *fold, const struct plan_query *query,
    const struct plan_measure *measure, struct selection *sel, const uint8_t *match)
{
	bool distinct = measure->measure->op == MEASURE_DISTINCT;
	struct pairs *pairs = &fold->pairs[measure->pairs];
	size_t n = 0;

	for (size_t i = 0; i < sel->n; i++) {
		uint32_t code;

		if ((match && !match[sel->at[i]]) ||
		    !pair_code_of(fold, measure->measure, pairs->level, selected(sel, i), &code))
			continue;
		sel->key[n] = pair_key(sel->group[i], code);
		if (n && sel->key[n] == sel->key[n - 1] && distinct)
			continue;
		pairs_prefetch(pairs, sel->key[n]);
		sel->from[n++] = (uint16_t)i;
	}
	for (size_t i = 0; i < n; i++)
		if (pairs_add(pairs, sel->key[i], selected(sel, sel->from[i])->weight) &&
		    distinct)
			fold_row(fold, query, pair_group(sel->key[i]))[measure->cell]++;
}

static void
fold_measure(struct fold *fold, const struct plan_query *query,
    const struct plan_measure *measure, const struct selection *sel, const uint8_t *match)
{
	const struct query_measure *want = measure->measure;
	enum combine combine = measure_combine(want->op);
	bool has_field = want->op == MEASURE_SUM || want->op == MEASURE_MIN ||
	    want->op == MEASURE_MAX || want->op == MEASURE_LATEST;

	for (size_t i = 0; i < sel->n; i++) {
		const struct event *ev = selected(sel, i);

		if ((match && !match[sel->at[i]]) ||
		    (has_field && !event_knows(ev, want->field)))
			continue;
		cell_combine(fold_row(fold, query, sel->group[i]) + measure->cell,
		    measure_cell(want, ev), combine);
	}
}

/* Counts events into CELL of their group: what most measures are. */
static void
fold_count(struct fold *fold, const struct plan_query *query, unsigned cell,
    const struct selection *sel, const uint8_t *match)
{
	uint64_t *base = fold_row(fold, query, 0) + cell;
	size_t stride = query->grouping == GROUP_NUMBER ? fold->plan->stride[query->domain]
							: query->cells;

	if (sel->unit && match)
		for (size_t i = 0; i < sel->n; i++)
			base[sel->group[i] * stride] += match[sel->at[i]];
	else if (sel->unit)
		for (size_t i = 0; i < sel->n; i++)
			base[sel->group[i] * stride]++;
	else
		for (size_t i = 0; i < sel->n; i++)
			if (!match || match[sel->at[i]])
				base[sel->group[i] * stride] += selected(sel, i)->weight;
}

static void
fold_query(struct fold *fold, const struct plan_query *query, enum kind kind,
    struct selection *sel)
{
	select_events(fold, query, sel);
	if (sel->n == 0)
		return;
	if (query->grouping == GROUP_NUMBER)
		group_numbers(fold, query, sel);
	else
		group_tuples(fold, query, sel);
	if (query->presence >= query->query->measure_count)
		fold_count(fold, query, query->presence, sel, NULL);
	for (unsigned m = 0; m < query->query->measure_count; m++) {
		const struct plan_measure *measure = &query->measures[m];
		const uint8_t *match = NULL;

		if (!(measure->kinds >> kind & 1) || measure->shared)
			continue;
		if (measure->predicate != NO_PREDICATE)
			match = fold->matches + (size_t)measure->predicate * FOLD_BATCH;
		if (measure->pairs != NO_PAIRS)
			fold_pairs(fold, query, measure, sel, match);
		else if (measure->measure->op == MEASURE_COUNT)
			fold_count(fold, query, measure->cell, sel, match);
		else
			fold_measure(fold, query, measure, sel, match);
	}
}

void
fold_kind(struct fold *fold, enum kind kind, const struct event *events,
    const uint32_t *order, size_t n)
{
	struct selection *sel = &fold->selection;

	sel->kind = kind;
	sel->events = events;
	sel->order = order;
	sel->unit = true;
	for (size_t i = 0; i < n; i++)
		sel->unit &= events[order[i]].weight == 1;
	memset(fold->evaluated, 0, fold->plan->predicate_count);
	for (size_t q = 0; q < fold->plan->count; q++) {
		const struct plan_query *query = &fold->plan->queries[q];

		if (!(query->kinds >> kind & 1))
			continue;
		sel->n = n;
		for (unsigned m = 0; m < query->query->measure_count; m++)
			if (query->measures[m].predicate != NO_PREDICATE &&
			    query->measures[m].kinds >> kind & 1)
				predicate_matches(fold, query->measures[m].predicate, sel);
		fold_query(fold, query, kind, sel);
	}
}
