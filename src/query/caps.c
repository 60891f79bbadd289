/* SPDX-License-Identifier: Apache-2.0
 *
 * caps: what happens when a table reaches its limit. Never silently: the answer
 * says that it is not exact, and by how much it may be off.
 *
 * Groups and texts: the half that occurred least is dropped, in the manner of lossy
 * counting (Manku, Motwani, VLDB 2002): a group that stays, or comes back, is at
 * most `low` events short, the sum of the largest count dropped each time.
 *
 * Distinct values: from exact to a sample of all (group, value) pairs, those whose
 * value's hash ends in `level` zeros (Wegman's adaptive sampling; Flajolet,
 * Computing 43, 1990). A group's count is its pairs in the sample times 2^level,
 * with a relative standard error of about 1.2 / sqrt(pairs of the group).
 */
#include <stdlib.h>

#include "base/stable-hash.h"
#include "query/room.h"

bool
code_sampled(const struct fold *fold, const struct query_measure *measure, uint32_t code,
    unsigned level)
{
	enum domain domain = key_domain(measure->field, measure->function);
	uint64_t hash;

	if (domain == DOMAIN_NONE && code_is_interned(code, measure->function)) {
		domain = DOMAIN_TEXT;
		code &= ~CODE_INTERNED;
	}
	if (domain == DOMAIN_NONE) {
		hash = code;
	} else {
		hash = stable_hash(STABLE_HASH_START,
		    symbols_text(fold->symbols, domain, code));
	}
	return (stable_mix(hash) & ((UINT64_C(1) << level) - 1)) == 0;
}

void
pairs_sample(struct fold *fold, const struct plan_query *query,
    const struct plan_measure *measure, unsigned level)
{
	struct pairs *pairs = &fold->pairs[measure->pairs];
	struct pairs old = *pairs;
	uint64_t at = 0, key, count;

	if (level == old.level)
		return;
	*pairs = pairs_like(&old);
	pairs->level = level;
	for (uint32_t group = fold_group_count(fold, query); group-- > 0;)
		fold_row(fold, query, group)[measure->cell] = 0;
	while (pairs_next(&old, &at, &key, &count)) {
		if (!code_sampled(fold, measure->measure, pair_code(key), level))
			continue;
		pairs_add(pairs, key, count);
		fold_row(fold, query, fold_pair_group(fold, query, measure, key))
		    [measure->cell]++;
	}
	pairs_free(&old);
}

static int
compare_u64(const void *a, const void *b)
{
	uint64_t x, y;

	memcpy(&x, a, sizeof(x));
	memcpy(&y, b, sizeof(y));
	return x < y ? -1 : x > y;
}

/* The value that all but KEEP of the N values do not exceed. Reorders VALUES. */
static uint64_t
threshold(uint64_t *values, size_t n, size_t keep)
{
	qsort(values, n, sizeof(*values), compare_u64);
	return values[n - keep - 1];
}

/* How often a group of QUERY occurred: none of its counts is more. */
static uint64_t
row_weight(const struct fold *fold, const struct plan_query *query, uint32_t group)
{
	const struct rows *rows = fold_rows(fold, query);
	size_t row = row_begin(rows, query, group);
	uint64_t weight = 0;

	if (query->presence != NO_PRESENCE)
		return rows_value(rows, row + query->presence, CELL_COUNT);
	for (unsigned m = 0; m < query->query->measure_count; m++)
		if (query->measures[m].type == CELL_COUNT)
			weight += rows_value(rows, row + query->measures[m].cell, CELL_COUNT);
	return weight;
}

/* Copies the cells of group FROM of OLD to group TO. */
static void
copy_cells(struct groups *groups, uint32_t to, const struct groups *old, uint32_t from)
{
	size_t row = (size_t)from * old->rows.stride;

	memcpy(groups_row(groups, to), groups_row(old, from),
	    groups->cells * sizeof(uint32_t));
	for (unsigned c = 0; c < groups->cells; c++) {
		uint64_t beyond = rows_beyond(&old->rows, row + c, CELL_COUNT);

		if (beyond)
			rows_add(&groups->rows, to, c, beyond);
	}
}

/* Fills a new table and new pairs with the groups whose weight, in PRESENT, exceeds LOW. */
static void
keep_groups(struct fold *fold, const struct plan_query *query, const uint64_t *present,
    uint64_t low)
{
	struct groups *groups = &fold->groups[query - fold->plan->queries];
	struct groups old = *groups;
	uint32_t *where = xmalloc(old.count * sizeof(*where));

	*groups = groups_none(old.width, old.cells);
	groups->dropped = old.dropped;
	groups->low = old.low + low;
	for (uint32_t g = 0; g < old.count; g++) {
		where[g] = UINT32_MAX;
		if (present[g] <= low) {
			groups->dropped++;
			continue;
		}
		where[g] = groups_get(groups, groups_key(&old, g));
		copy_cells(groups, where[g], &old, g);
	}
	for (unsigned m = 0; m < query->query->measure_count; m++) {
		struct pairs *pairs = &fold->pairs[query->measures[m].pairs], before;
		uint64_t at = 0, key, count;

		if (query->measures[m].pairs == NO_PAIRS || query->measures[m].shared)
			continue;
		before = *pairs;
		*pairs = pairs_like(&before);
		while (pairs_next(&before, &at, &key, &count))
			if (where[pair_group(key)] != UINT32_MAX)
				pairs_add(pairs,
				    pair_key(where[pair_group(key)], pair_code(key)), count);
		pairs_free(&before);
	}
	groups_free(&old);
	free(where);
}

static void
cap_groups(struct fold *fold, const struct plan_query *query)
{
	struct groups *groups = &fold->groups[query - fold->plan->queries];
	uint64_t *present, *sorted;
	size_t size;

	if (query->grouping != GROUP_TUPLE || groups->count <= fold->limits.groups)
		return;
	size = groups->count * sizeof(*present);
	present = xmalloc(size);
	sorted = xmalloc(size);
	for (uint32_t g = 0; g < groups->count; g++)
		present[g] = row_weight(fold, query, g);
	memcpy(sorted, present, size);
	keep_groups(fold, query, present,
	    threshold(sorted, groups->count, fold->limits.groups / 2));
	free(present);
	free(sorted);
}

void
fold_cap(struct fold *fold)
{
	for (size_t q = 0; q < fold->plan->count; q++) {
		const struct plan_query *query = &fold->plan->queries[q];

		cap_groups(fold, query);
		for (unsigned m = 0; m < query->query->measure_count; m++) {
			const struct plan_measure *measure = &query->measures[m];

			if (measure->measure->op != MEASURE_DISTINCT || measure->shared)
				continue;
			while (fold->pairs[measure->pairs].count > fold->limits.distinct)
				pairs_sample(fold, query, measure,
				    fold->pairs[measure->pairs].level + 1);
		}
	}
}

bool
fold_within(const struct fold *fold, unsigned share)
{
	const struct pairs *pairs;

	for (unsigned d = 0; d < DOMAINS; d++)
		if (fold->dropped[d] ||
		    fold->symbols->dict[d].count > fold->limits.symbols / share)
			return false;
	for (size_t q = 0; q < fold->plan->count; q++) {
		const struct plan_query *query = &fold->plan->queries[q];

		if (query->grouping == GROUP_TUPLE && (fold->groups[q].dropped ||
		    fold->groups[q].count > fold->limits.groups / share))
			return false;
		for (unsigned m = 0; m < query->query->measure_count; m++) {
			if (query->measures[m].measure->op != MEASURE_DISTINCT)
				continue;
			pairs = &fold->pairs[query->measures[m].pairs];
			if (pairs->level || pairs->count > fold->limits.distinct / share)
				return false;
		}
	}
	return true;
}

/* Adds to WEIGHTS how often each text of DOMAIN occurred as one of the keys of QUERY. */
static void
add_weights(const struct fold *fold, const struct plan_query *query, enum domain domain,
    uint64_t *weights)
{
	const struct groups *groups = &fold->groups[query - fold->plan->queries];

	for (unsigned k = 0; k < query->query->key_count; k++) {
		const struct query_key *key = &query->query->keys[k];

		if (key_domain(key->field, key->function) != domain)
			continue;
		for (uint32_t g = 0; g < groups->count; g++)
			weights[groups_key(groups, g)[k]] += row_weight(fold, query, g);
	}
}

/* How often each text of DOMAIN occurred, over all queries grouped by it. */
static uint64_t *
text_weights(const struct fold *fold, enum domain domain)
{
	uint64_t *weights = xcalloc(fold->symbols->dict[domain].count, sizeof(*weights));

	for (size_t q = 0; q < fold->plan->count; q++) {
		const struct plan_query *query = &fold->plan->queries[q];

		if (query->grouping == GROUP_TUPLE && domain != DOMAIN_NONE)
			add_weights(fold, query, domain, weights);
		if (query->grouping != GROUP_NUMBER || query->domain != domain)
			continue;
		for (uint32_t n = fold_group_count(fold, query); n-- > 0;)
			weights[n] += row_weight(fold, query, n);
	}
	return weights;
}

/* Copies the texts of DOMAIN that occurred more than LOW times; the rest become one. */
static uint32_t *
keep_texts(struct fold *fold, struct symbols *to, enum domain domain)
{
	const struct dict *dict = &fold->symbols->dict[domain];
	uint32_t *remap = xcalloc(dict->count, sizeof(*remap));
	uint64_t *weights = text_weights(fold, domain), *sorted, low = 0;
	bool over = dict->count > fold->limits.symbols;
	uint32_t dropped = 0;

	if (over) {
		sorted = xmalloc(dict->count * sizeof(*sorted));
		memcpy(sorted, weights, dict->count * sizeof(*sorted));
		low = threshold(sorted, dict->count, fold->limits.symbols / 2);
		free(sorted);
		dropped = symbols_get(to, domain, DROPPED_TEXT);
		fold->low[domain] += low;
	}
	for (uint32_t n = 1; n < dict->count; n++) {
		uint32_t canonical = dict_record(dict, n)->number;

		if (over && weights[canonical] <= low) {
			remap[n] = dropped;
			fold->dropped[domain]++;
		} else {
			remap[n] = symbols_get(to, domain, dict_text(dict, n));
		}
	}
	free(weights);
	return remap;
}

bool
fold_cap_symbols(struct fold *fold, struct symbols *ret_symbols, uint32_t *remap[DOMAINS])
{
	bool over = false;

	for (unsigned d = 0; d < DOMAINS; d++)
		over |= fold->symbols->dict[d].count > fold->limits.symbols;
	if (!over)
		return false;
	symbols_init(ret_symbols);
	for (unsigned d = 0; d < DOMAINS; d++)
		remap[d] = keep_texts(fold, ret_symbols, d);
	return true;
}

bool
fold_shrink(struct fold **fold, struct symbols *symbols, uint32_t *remap[DOMAINS])
{
	struct symbols kept;
	struct fold *smaller;

	fold_cap(*fold);
	if (!fold_cap_symbols(*fold, &kept, remap))
		return false;
	smaller = fold_new((*fold)->plan, &(*fold)->limits, &kept);
	fold_merge(smaller, *fold, (const uint32_t *const *)remap);
	fold_free(*fold);
	symbols_free(symbols);
	*symbols = kept;
	fold_move(smaller, symbols);
	*fold = smaller;
	return true;
}
