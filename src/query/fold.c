/* SPDX-License-Identifier: Apache-2.0
 *
 * fold: runs a plan over batches of events of one kind: which events each query takes
 * (masks.c), the group of each, then one tight loop for one or two measures (walks.c). A
 * query's cost is a few nanoseconds an event, whatever the other queries are.
 */
#include <stdlib.h>

#include "query/room.h"

void
rows_add(struct rows *rows, uint32_t group, unsigned cell, uint64_t count)
{
	size_t at = (size_t)group * rows->stride + cell;
	uint32_t *word = rows_at(rows, group) + cell;
	uint64_t sum = *word + count;

	*word = (uint32_t)(sum % COUNT_OVER);
	if (sum < COUNT_OVER)
		return;
	region_reserve(&rows->over, (at + 1) * sizeof(uint32_t));
	((uint32_t *)(void *)rows->over.p)[at] += (uint32_t)(sum / COUNT_OVER);
}

uint64_t
rows_beyond(const struct rows *rows, size_t at, enum cell_type type)
{
	if (type != CELL_COUNT || at >= rows->over.size / sizeof(uint32_t))
		return 0;
	return ((const uint32_t *)(const void *)rows->over.p)[at] * COUNT_OVER;
}

void
rows_free(struct rows *rows)
{
	region_free(&rows->words);
	region_free(&rows->over);
}

/* Has each value of MEASURE one group of QUERY, its network or domain? */
static bool
tells_group(const struct plan_query *query, const struct query_measure *measure)
{
	return query->grouping == GROUP_NUMBER && measure->function == KEY_FIELD &&
	    measure->field == query->query->keys[0].field;
}

/* What sort of table each measure's pairs need. */
static void
init_pairs(struct fold *fold, const struct plan_query *query)
{
	for (unsigned m = 0; m < query->query->measure_count; m++) {
		const struct plan_measure *measure = &query->measures[m];

		if (measure->pairs == NO_PAIRS)
			continue;
		fold->pairs[measure->pairs] = pairs_none(
		    measure->measure->op == MEASURE_QUANTILE,
		    measure->measure->op == MEASURE_DISTINCT &&
		    key_domain(measure->measure->field, measure->measure->function) !=
			DOMAIN_NONE &&
		    (query->grouping == GROUP_ONE || tells_group(query, measure->measure)));
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
	fold->batch = event_batch_new();
	for (unsigned d = 0; d < DOMAINS; d++)
		fold->rows[d].stride = plan->stride[d];
	fold->matches = xmalloc(plan->predicate_max * sizeof(*fold->matches));
	fold->evaluated = xcalloc(plan->predicate_max, sizeof(bool));
	fold->masks = xmalloc(plan->mask_max * sizeof(*fold->masks));
	fold->taken = xcalloc(plan->mask_max + 1, sizeof(*fold->taken));
	for (size_t i = 0; i < FOLD_BATCH; i++)
		fold->all[i] = (uint16_t)i;
	for (size_t i = 0; i < plan->count; i++) {
		const struct plan_query *query = &plan->queries[i];

		fold->groups[i] = groups_none(
		    query->query->key_count ? query->query->key_count : 1, query->words);
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
		rows_free(&fold->rows[d]);
	free(fold->groups);
	free(fold->pairs);
	free(fold->matches);
	free(fold->evaluated);
	free(fold->masks);
	free(fold->taken);
	event_batch_free(fold->batch);
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
			region_reserve(&fold->rows[d].words,
			    ((size_t)fold->symbols->dict[d].count + 1) *
			    fold->plan->stride[d] * sizeof(uint32_t));
}

uint32_t
fold_group_count(const struct fold *fold, const struct plan_query *query)
{
	if (query->grouping == GROUP_NUMBER) {
		/* Numbers given out after the last batch have no row yet; the last row has
		 * no number: see fold_reserve() and rows_value(). */
		size_t rows = fold->rows[query->domain].words.size /
		    (fold->plan->stride[query->domain] * sizeof(uint32_t)) - 1;
		uint32_t numbers = fold->symbols->dict[query->domain].count;

		return rows < numbers ? (uint32_t)rows : numbers;
	}
	return fold->groups[query - fold->plan->queries].count;
}

/* Makes room for COUNT_OVER events, from those of the batch at hand on, in all counts. */
static void
make_room(struct fold *fold)
{
	for (size_t q = 0; q < fold->plan->count; q++) {
		const struct plan_query *query = &fold->plan->queries[q];
		struct rows *rows = fold_rows(fold, query);

		for (uint32_t g = fold_group_count(fold, query); g-- > 0;) {
			if (query->presence_apart)
				rows_add(rows, g, query->offset + query->presence, 0);
			for (unsigned m = 0; m < query->query->measure_count; m++)
				if (query->measures[m].type == CELL_COUNT)
					rows_add(rows, g,
					    query->offset + query->measures[m].cell, 0);
		}
	}
	fold->units = fold->batch->n;
}

/* Makes the batch of EVENTS[order[0..n)], all of KIND. */
static void
begin_batch(struct fold *fold, enum kind kind, const struct event *events,
    const uint32_t *order, size_t n)
{
	struct event_batch *batch = fold->batch;
	uint32_t other = 0;

	event_batch_begin(batch, kind, n);
	for (size_t i = 0; i < n; i++) {
		batch->event[i] = &events[order[i]];
		other |= batch->event[i]->weight ^ 1;
	}
	fold->unit = other == 0;
	fold->units += n;
	if (fold->units > COUNT_OVER)
		make_room(fold);
	for (size_t i = 0; !fold->unit && i < n; i++)
		fold->weight[i] = batch->event[i]->weight;
}

void
fold_kind(struct fold *fold, enum kind kind, const struct event *events,
    const uint32_t *order, size_t n)
{
	const struct plan_kind *here = &fold->plan->kinds[kind];

	if (here->walk_count == 0)
		return;
	begin_batch(fold, kind, events, order, n);
	memset(fold->evaluated, 0, here->predicate_count);
	memset(fold->taken, 0, (here->mask_count + 1) * sizeof(*fold->taken));
	for (size_t w = 0; w < here->walk_count; w++)
		fold_walk(fold, &here->walks[w]);
}
