/* SPDX-License-Identifier: Apache-2.0
 *
 * merge: adds one fold to another. Numbers of the second are translated first;
 * then every cell is combined as its measure says, in an order that depends on
 * the folds alone.
 */
#include <stdlib.h>

#include "query/room.h"

void
symbols_merge(struct symbols *into, const struct symbols *from, uint32_t *remap[DOMAINS])
{
	for (unsigned d = 0; d < DOMAINS; d++) {
		const struct dict *dict = &from->dict[d];

		remap[d] = xcalloc(dict->count, sizeof(*remap[d]));
		for (uint32_t n = 1; n < dict->count; n++)
			remap[d][n] = symbols_get_hashed(into, d, dict_text(dict, n),
			    dict_record(dict, n)->hash);
	}
}

void
symbols_remap_free(uint32_t *remap[DOMAINS])
{
	for (unsigned d = 0; d < DOMAINS; d++)
		free(remap[d]);
}

enum combine
cell_combination(const struct plan_query *query, unsigned cell)
{
	return cell < query->query->measure_count
	    ? measure_combine(query->query->measures[cell].op) : COMBINE_ADD;
}

static uint32_t
remap_code(uint32_t code, enum field field, enum key_function function,
    const uint32_t *const remap[DOMAINS])
{
	enum domain domain = key_domain(field, function);

	if (domain != DOMAIN_NONE)
		return remap[domain][code];
	if (code_is_interned(code, function))
		return CODE_INTERNED | remap[DOMAIN_TEXT][code & ~CODE_INTERNED];
	return code;
}

/* The group of INTO that GROUP of FROM becomes. */
static uint32_t
remap_group(struct fold *into, const struct fold *from, size_t q, uint32_t group,
    const uint32_t *const remap[DOMAINS])
{
	const struct plan_query *query = &from->plan->queries[q];
	uint32_t key[QUERY_KEYS] = {0};

	if (query->grouping == GROUP_NUMBER)
		return remap[query->domain][group];
	memcpy(key, groups_key(&from->groups[q], group),
	    from->groups[q].width * sizeof(*key));
	for (unsigned k = 0; k < query->query->key_count; k++)
		key[k] = remap_code(key[k], query->query->keys[k].field,
		    query->query->keys[k].function, remap);
	return groups_get(&into->groups[q], key);
}

/* Cells of distinct measures are not added: merge_pairs() counts what is new. */
static bool
cell_is_distinct(const struct plan_query *query, unsigned cell)
{
	return cell < query->query->measure_count &&
	    query->query->measures[cell].op == MEASURE_DISTINCT;
}

/* VALUE of CELL as INTO has it: a number of a text is another one there. */
static uint64_t
remap_cell(const struct plan_query *query, unsigned cell, uint64_t value,
    const uint32_t *const remap[DOMAINS])
{
	if (cell_combination(query, cell) != COMBINE_NEXT)
		return value;
	return remap[event_fields[query->query->measures[cell].field].domain][value];
}

static void
merge_rows(struct fold *into, const struct fold *from, size_t q,
    const uint32_t *const remap[DOMAINS])
{
	const struct plan_query *query = &from->plan->queries[q];
	uint32_t count = fold_group_count(from, query);

	for (uint32_t g = 0; g < count; g++) {
		const uint64_t *source = fold_row(from, query, g);
		uint64_t *row;

		if (source[query->presence] == 0)
			continue;
		row = fold_row(into, query, remap_group(into, from, q, g, remap));
		for (unsigned c = 0; c < query->cells; c++)
			if (!cell_is_distinct(query, c))
				cell_combine(&row[c], remap_cell(query, c, source[c], remap),
				    cell_combination(query, c));
	}
}

static void
merge_pairs(struct fold *into, const struct fold *from, size_t q,
    const struct plan_measure *measure, const uint32_t *const remap[DOMAINS])
{
	const struct plan_query *query = &from->plan->queries[q];
	const struct pairs *source = &from->pairs[measure->pairs];
	struct pairs *pairs = &into->pairs[measure->pairs];
	bool distinct = measure->measure->op == MEASURE_DISTINCT;
	uint64_t at = 0, key, count;

	if (source->level > pairs->level)
		pairs_sample(into, query, measure, source->level);
	while (pairs_next(source, &at, &key, &count)) {
		uint32_t group = remap_group(into, from, q, pair_group(key), remap);
		uint32_t code = pair_code(key);

		if (distinct)
			code = remap_code(code, measure->measure->field,
			    measure->measure->function, remap);
		if (distinct && pairs->level &&
		    !code_sampled(into, measure->measure, code, pairs->level))
			continue;
		if (pairs_add(pairs, pair_key(group, code), count) && distinct)
			fold_row(into, query, group)[measure->cell]++;
	}
}

void
fold_merge(struct fold *into, const struct fold *from, const uint32_t *const remap[DOMAINS])
{
	fold_reserve(into);
	for (size_t q = 0; q < from->plan->count; q++) {
		const struct plan_query *query = &from->plan->queries[q];

		merge_rows(into, from, q, remap);
		into->groups[q].dropped += from->groups[q].dropped;
		into->groups[q].low += from->groups[q].low;
		for (unsigned m = 0; m < query->query->measure_count; m++)
			if (query->measures[m].pairs != NO_PAIRS && !query->measures[m].shared)
				merge_pairs(into, from, q, &query->measures[m], remap);
	}
	for (unsigned d = 0; d < DOMAINS; d++) {
		into->dropped[d] += from->dropped[d];
		into->low[d] += from->low[d];
	}
	fold_cap(into);
}
