/* SPDX-License-Identifier: Apache-2.0
 *
 * fold: runs a plan over batches of events of one kind. For each query first which
 * events it takes and the group of each, then one tight loop a measure: a query's cost
 * is a few nanoseconds an event, whatever the other queries are.
 */
#include <stdlib.h>

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
	fold->matches = xmalloc(plan->predicate_max * FOLD_BATCH);
	fold->evaluated = xcalloc(plan->predicate_max, sizeof(bool));
	fold->batch.columns = xmalloc(FIELDS * sizeof(*fold->batch.columns));
	for (size_t i = 0; i < FOLD_BATCH; i++)
		fold->all[i] = (uint16_t)i;
	for (size_t i = 0; i < plan->count; i++) {
		const struct plan_query *query = &plan->queries[i];

		fold->groups[i] = groups_none(
		    query->query->key_count ? query->query->key_count : 1, query->cells);
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
	free(fold->batch.columns);
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

/* Does each event of the batch match PREDICATE? Evaluated at most once. */
static const uint8_t *
matches(struct fold *fold, int predicate)
{
	uint8_t *ret = fold->matches + (size_t)predicate * FOLD_BATCH;

	if (!fold->evaluated[predicate])
		filter_match_many(
		    fold->plan->kinds[fold->batch.kind].predicates[predicate],
		    &fold->batch, fold->symbols, ret);
	fold->evaluated[predicate] = true;
	return ret;
}

/* Keeps of AT[0..n) those that match PREDICATE; returns how many. */
static size_t
keep_matches(struct fold *fold, int predicate, uint16_t *at, size_t n)
{
	const uint8_t *match;
	size_t kept = 0;

	if (predicate == NO_PREDICATE)
		return n;
	match = matches(fold, predicate);
	for (size_t i = 0; i < n; i++) {
		at[kept] = at[i];
		kept += match[at[i]];
	}
	return kept;
}

/* The events that QUERY takes: those that pass the filters and have its first key. */
static void
select_events(struct fold *fold, const struct kind_query *query)
{
	const struct query *source = query->query->query;
	struct selection *sel = &fold->selected;
	size_t n = fold->batch.n;

	memcpy(sel->at, fold->all, n * sizeof(*sel->at));
	n = keep_matches(fold, query->predicate, sel->at, n);
	n = keep_matches(fold, fold->plan->kinds[fold->batch.kind].where, sel->at, n);
	if (source->skip_absent && source->key_count)
		n = fold_knowing(fold, source->keys[0].field, sel->at, n);
	sel->n = n;
}

static void
group_numbers(struct fold *fold, const struct plan_query *query)
{
	const struct query_key *key = &query->query->keys[0];
	struct selection *sel = &fold->selected;

	fold_codes(fold, key, sel->at, sel->n, sel->group);
	if (key->function != KEY_FIELD)
		fold_reserve(fold); /* networks and domains may just have been numbered */
}

static void
group_tuples(struct fold *fold, const struct plan_query *query)
{
	struct selection *sel = &fold->selected;

	for (unsigned k = 0; k < query->query->key_count; k++)
		fold_codes(fold, &query->query->keys[k], sel->at, sel->n, fold->codes[k]);
	groups_get_many(&fold->groups[query - fold->plan->queries], fold->codes, sel->n,
	    fold->weight, sel->group);
}

static void
group_events(struct fold *fold, const struct plan_query *query)
{
	static const uint32_t none;
	struct selection *sel = &fold->selected;

	switch (query->grouping) {
	case GROUP_ONE:
		groups_get(&fold->groups[query - fold->plan->queries], &none);
		memset(sel->group, 0, sel->n * sizeof(*sel->group));
		break;
	case GROUP_NUMBER:
		group_numbers(fold, query);
		break;
	case GROUP_TUPLE:
		group_tuples(fold, query);
		break;
	}
}

static bool
is_of_time(const struct query_measure *measure)
{
	return measure->op == MEASURE_FIRST || measure->op == MEASURE_LAST;
}

/* The field whose values MEASURE, which is not a count, looks at. */
static enum field
measured_field(const struct query_measure *measure)
{
	return is_of_time(measure) ? FIELD_time : measure->field;
}

/* Makes fold->counted the selected events where MATCH is 1; NULL: all of them. */
static void
count_matches(struct fold *fold, const uint8_t *match)
{
	const struct selection *from = &fold->selected;
	struct selection *to = &fold->counted;
	size_t n = 0;

	if (!match) {
		to->n = from->n;
		memcpy(to->at, from->at, from->n * sizeof(*to->at));
		memcpy(to->group, from->group, from->n * sizeof(*to->group));
		return;
	}
	for (size_t i = 0; i < from->n; i++) {
		uint16_t at = from->at[i];

		to->at[n] = at;
		to->group[n] = from->group[i];
		n += match[at];
	}
	to->n = n;
}

/* Keeps in fold->counted the events that know FIELD: one that has numbers, or any. */
static void
count_numbered(struct fold *fold, enum field field)
{
	struct selection *sel = &fold->counted;
	const uint32_t *column = event_column(&fold->batch, field);
	size_t kept = 0;

	for (size_t i = 0; i < sel->n; i++) {
		uint16_t at = sel->at[i];

		sel->at[kept] = at;
		sel->group[kept] = sel->group[i];
		kept += column[at] != SYMBOL_ABSENT;
	}
	sel->n = kept;
}

static void
count_knowing(struct fold *fold, enum field field)
{
	struct selection *sel = &fold->counted;
	size_t kept = 0;

	for (size_t i = 0; i < sel->n; i++) {
		uint16_t at = sel->at[i];

		sel->at[kept] = at;
		sel->group[kept] = sel->group[i];
		kept += event_knows(fold->batch.event[at], field);
	}
	sel->n = kept;
}

/*
 * Those of the selected events that MEASURE counts: in fold->counted. One test after the
 * other, without a branch on what it says: that is anybody's guess.
 */
static void
select_counted(struct fold *fold, const struct kind_measure *measure)
{
	const struct query_measure *want = measure->measure->measure;
	enum field field = measured_field(want);

	count_matches(fold, measure->predicate == NO_PREDICATE
	    ? NULL : matches(fold, measure->predicate));
	if (event_fields[field].domain != DOMAIN_NONE)
		count_numbered(fold, field);
	else if (!is_of_time(want)) /* every event has one */
		count_knowing(fold, field);
}

/* Fills fold->value with numbers of the events of fold->counted. */
static void
gather_values(struct fold *fold, enum field field)
{
	const struct selection *sel = &fold->counted;
	enum field_type type = event_fields[field].type;

	if (type == TYPE_ENUM || type == TYPE_BOOL || type == TYPE_TEXT || type == TYPE_IP) {
		const uint32_t *column = event_column(&fold->batch, field);

		for (size_t i = 0; i < sel->n; i++)
			fold->value[i] = column[sel->at[i]];
		return;
	}
	for (size_t i = 0; i < sel->n; i++)
		memcpy(&fold->value[i], (const char *)fold->batch.event[sel->at[i]] +
		    event_fields[field].offset, sizeof(fold->value[i]));
}

static void
gather_weights(struct fold *fold)
{
	const struct selection *sel = &fold->counted;

	for (size_t i = 0; i < sel->n; i++)
		fold->weight[i] = fold->batch.event[sel->at[i]]->weight;
}

/* The codes that MEASURE counts the events of fold->counted under, of those in the sample. */
static void
pair_codes(struct fold *fold, const struct query_measure *measure, unsigned level)
{
	struct query_key key = {.field = measure->field, .function = measure->function};
	struct selection *sel = &fold->counted;
	uint32_t *codes = fold->codes[0];
	size_t kept = 0;

	if (measure->op == MEASURE_QUANTILE) {
		gather_values(fold, measure->field);
		for (size_t i = 0; i < sel->n; i++)
			codes[i] = bucket_of(fold->value[i]);
		return;
	}
	fold_codes(fold, &key, sel->at, sel->n, codes);
	for (size_t i = 0; level && i < sel->n; i++) {
		sel->at[kept] = sel->at[i];
		sel->group[kept] = sel->group[i];
		codes[kept] = codes[i];
		kept += code_sampled(fold, measure, codes[i], level);
	}
	if (level)
		sel->n = kept;
}

static void
fold_pairs(struct fold *fold, const struct plan_query *query,
    const struct kind_measure *here)
{
	const struct plan_measure *measure = here->measure;
	struct pairs *pairs = &fold->pairs[measure->pairs];
	struct selection *sel = &fold->counted;
	size_t news;

	select_counted(fold, here);
	pair_codes(fold, measure->measure, pairs->level);
	for (size_t i = 0; i < sel->n; i++)
		fold->pair[i] = pair_key(sel->group[i], fold->codes[0][i]);
	if (!fold->unit)
		gather_weights(fold);
	news = pairs_add_many(
	    pairs, fold->pair, fold->unit ? NULL : fold->weight, sel->n, fold->news);
	if (measure->measure->op != MEASURE_DISTINCT)
		return;
	for (size_t i = 0; i < news; i++)
		fold_row(fold, query, sel->group[fold->news[i]])[measure->cell]++;
}

/* Makes cells of fold->value. */
static void
make_cells(struct fold *fold, enum measure_op op, size_t n)
{
	int64_t *value = fold->value;

	if (op == MEASURE_MIN || op == MEASURE_FIRST)
		for (size_t i = 0; i < n; i++)
			value[i] = (int64_t)cell_of_min(value[i]);
	else if (op == MEASURE_MAX || op == MEASURE_LAST)
		for (size_t i = 0; i < n; i++)
			value[i] = (int64_t)cell_of_max(value[i]);
	else if (op == MEASURE_SUM && !fold->unit)
		for (size_t i = 0; i < n; i++)
			value[i] = (int64_t)((uint64_t)value[i] * fold->weight[i]);
}

static void
fold_measure(struct fold *fold, const struct plan_query *query,
    const struct kind_measure *here)
{
	const struct query_measure *want = here->measure->measure;
	const struct selection *sel = &fold->counted;
	enum combine combine = measure_combine(want->op);

	select_counted(fold, here);
	gather_values(fold, measured_field(want));
	if (!fold->unit)
		gather_weights(fold);
	make_cells(fold, want->op, sel->n);
	for (size_t i = 0; i < sel->n; i++)
		cell_combine(fold_row(fold, query, sel->group[i]) + here->measure->cell,
		    (uint64_t)fold->value[i], combine);
}

/* How many bytes of MATCH, each 0 or 1, are 1. */
static uint64_t
sum_matches(const uint8_t *match, size_t n)
{
	const uint64_t low = UINT64_C(0x00ff00ff00ff00ff);
	uint64_t word, sums = 0, count = 0;
	size_t i = 0;

	/* Four sums side by side, which n / 4 cannot overflow. */
	_Static_assert(FOLD_BATCH / 4 < 0xffff, "sums of 16 bits");
	for (; i + 8 <= n; i += 8) {
		memcpy(&word, match + i, 8);
		sums += (word & low) + (word >> 8 & low);
	}
	for (; i < n; i++)
		count += match[i];
	return count + (sums * UINT64_C(0x0001000100010001) >> 48);
}

/* How many events are selected and match, where MATCH is asked. */
static uint64_t
count_selected(const struct fold *fold, const uint8_t *match)
{
	const struct selection *sel = &fold->selected;
	uint64_t count = 0;

	if (fold->unit && !match)
		return sel->n;
	if (fold->unit && sel->n == fold->batch.n)
		return sum_matches(match, sel->n);
	for (size_t i = 0; i < sel->n; i++)
		if (!match || match[sel->at[i]])
			count += fold->batch.event[sel->at[i]]->weight;
	return count;
}

/* Counts events into CELL of their group: what most measures are. */
static void
fold_count(struct fold *fold, const struct plan_query *query, unsigned cell, int predicate)
{
	const struct selection *sel = &fold->selected;
	const uint8_t *match = predicate == NO_PREDICATE ? NULL : matches(fold, predicate);
	uint64_t *base = fold_row(fold, query, 0) + cell;
	size_t stride = query->grouping == GROUP_NUMBER
	    ? fold->plan->stride[query->domain]
	    : fold->groups[query - fold->plan->queries].stride;

	if (query->grouping == GROUP_ONE)
		*base += count_selected(fold, match);
	else if (fold->unit && match)
		for (size_t i = 0; i < sel->n; i++)
			base[sel->group[i] * stride] += match[sel->at[i]];
	else if (fold->unit)
		for (size_t i = 0; i < sel->n; i++)
			base[sel->group[i] * stride]++;
	else
		for (size_t i = 0; i < sel->n; i++)
			if (!match || match[sel->at[i]])
				base[sel->group[i] * stride] +=
				    fold->batch.event[sel->at[i]]->weight;
}

static void
fold_query(struct fold *fold, const struct kind_query *here)
{
	const struct plan_query *query = here->query;

	select_events(fold, here);
	if (fold->selected.n == 0)
		return;
	group_events(fold, query);
	if (query->presence != NO_PRESENCE && query->presence >= query->query->measure_count)
		fold_count(fold, query, query->presence, NO_PREDICATE);
	for (unsigned m = 0; m < here->measure_count; m++) {
		const struct kind_measure *measure = &here->measures[m];

		if (measure->measure->pairs != NO_PAIRS)
			fold_pairs(fold, query, measure);
		else if (measure->measure->measure->op == MEASURE_COUNT)
			fold_count(fold, query, measure->measure->cell, measure->predicate);
		else
			fold_measure(fold, query, measure);
	}
}

void
fold_kind(struct fold *fold, enum kind kind, const struct event *events,
    const uint32_t *order, size_t n)
{
	const struct plan_kind *here = &fold->plan->kinds[kind];
	struct event_batch *batch = &fold->batch;

	if (here->count == 0)
		return;
	batch->kind = kind;
	batch->n = n;
	batch->gathered[0] = batch->gathered[1] = 0;
	fold->unit = true;
	for (size_t i = 0; i < n; i++) {
		batch->event[i] = &events[order[i]];
		fold->unit &= batch->event[i]->weight == 1;
	}
	memset(fold->evaluated, 0, here->predicate_count);
	for (size_t q = 0; q < here->count; q++)
		fold_query(fold, &here->queries[q]);
}
