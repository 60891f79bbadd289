/* SPDX-License-Identifier: Apache-2.0
 *
 * merge: adds one fold to another. Numbers of the second are translated first;
 * then every cell is combined as its measure says, in an order that depends on
 * the folds alone.
 */
#include <stdlib.h>

#include "query/room.h"

/* Rows, bins and what they lead to that come so many steps later are fetched meanwhile. */
#define SOON 8u

uint32_t *
symbols_merge_domain(struct symbols *into, const struct symbols *from, enum domain domain)
{
	const struct dict *dict = &from->dict[domain];
	uint32_t *remap = xcalloc(dict->count, sizeof(*remap));

	for (uint32_t n = 1; n < dict->count; n++) {
		if (n + 2 * SOON < dict->count)
			dict_prefetch(&into->dict[domain],
			    dict_place(dict, n + 2 * SOON)->hash);
		if (n + SOON < dict->count)
			dict_likely(&into->dict[domain], dict_place(dict, n + SOON)->hash);
		remap[n] = symbols_get_hashed(into, domain, dict_text(dict, n),
		    dict_place(dict, n)->hash);
	}
	return remap;
}

void
symbols_merge(struct symbols *into, const struct symbols *from, uint32_t *remap[DOMAINS])
{
	for (unsigned d = 0; d < DOMAINS; d++)
		remap[d] = symbols_merge_domain(into, from, d);
}

void
symbols_remap_free(uint32_t *remap[DOMAINS])
{
	for (unsigned d = 0; d < DOMAINS; d++)
		free(remap[d]);
}

/* Numbers of texts among N CODES of FUNCTION of FIELD become those that REMAP says. */
static void
remap_codes(uint32_t *codes, size_t n, enum field field, enum key_function function,
    const uint32_t *const remap[DOMAINS])
{
	enum domain domain = key_domain(field, function);

	for (size_t i = 0; i < n; i++)
		if (domain != DOMAIN_NONE)
			codes[i] = remap[domain][codes[i]];
		else if (code_is_interned(codes[i], function))
			codes[i] = CODE_INTERNED |
			    remap[DOMAIN_TEXT][codes[i] & ~CODE_INTERNED];
}

uint64_t
fold_merge_weight(const struct fold *from, size_t part)
{
	const struct plan_query *query;
	uint64_t weight;

	if (part < DOMAINS)
		return from->plan->stride[part]
		    ? from->symbols->dict[part].count : 0;
	query = &from->plan->queries[part - DOMAINS];
	weight = query->grouping == GROUP_TUPLE ? from->groups[part - DOMAINS].count : 0;
	for (unsigned m = 0; m < query->query->measure_count; m++)
		if (query->measures[m].pairs != NO_PAIRS && !query->measures[m].shared)
			weight += from->pairs[query->measures[m].pairs].count;
	return weight;
}

/* One query's part of FROM, on its way into INTO. */
struct merging {
	struct fold *into;
	const struct fold *from;
	size_t q;
	const struct plan_query *query;
	const uint32_t *const *remap; /* by domain: numbers of texts */
	const uint32_t *groups;       /* by group of FROM: which of INTO it becomes */
	uint32_t codes[QUERY_KEYS][FOLD_BATCH]; /* of keys, or of pairs */
	uint64_t counts[FOLD_BATCH];            /* of these */
	uint32_t hashes[FOLD_BATCH], found[FOLD_BATCH];
	uint16_t news[FOLD_BATCH];
};

/* The groups of INTO that groups of FROM, from FIRST on, become. */
static void
remap_some(struct merging *merging, uint32_t first, size_t n, uint32_t *ret)
{
	const struct groups *groups = &merging->from->groups[merging->q];
	const struct query_key *keys = merging->query->query->keys;

	for (unsigned k = 0; k < groups->width; k++) {
		for (size_t i = 0; i < n; i++)
			merging->codes[k][i] =
			    groups_key(groups, first + (uint32_t)i)[k];
		remap_codes(merging->codes[k], n, keys[k].field, keys[k].function,
		    merging->remap);
	}
	groups_get_many(&merging->into->groups[merging->q], merging->codes, n,
	    merging->hashes, ret);
}

/* A cell of a row, and how it is merged. */
struct cell_how {
	unsigned cell;
	bool wide;
	enum combine combine; /* of a wide one; else it is a count */
};

/*
 * How the cells of QUERY are merged: put to HOW, returns how many. Those of distinct measures
 * are not added: merge_pairs() counts what is new; see merge_latest() for the latest.
 */
static unsigned
say_how(const struct plan_query *query, struct cell_how *how)
{
	unsigned count = 0;

	for (unsigned m = 0; m < query->query->measure_count; m++) {
		const struct plan_measure *measure = &query->measures[m];

		if (measure->type == CELL_COUNT || measure->type == CELL_WIDE)
			how[count++] = (struct cell_how){query->offset + measure->cell,
			    measure->type == CELL_WIDE,
			    measure_combine(measure->measure->op)};
	}
	if (query->presence_apart)
		how[count++] = (struct cell_how){query->offset + query->presence, false,
		    COMBINE_ADD};
	return count;
}

/* Adds COUNT cells, as HOW says, of row G of FROM to those of row TO. */
static void
merge_cells(struct rows *into, uint32_t to, const struct rows *from, uint32_t g,
    const struct cell_how *how, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		unsigned cell = how[i].cell;

		if (how[i].wide)
			cell_combine(rows_at(into, to) + cell,
			    cell_wide(rows_at(from, g) + cell), how[i].combine);
		else
			rows_add(into, to, cell, rows_value(from,
			    (size_t)g * from->stride + cell, CELL_COUNT));
	}
}

/* Cells that are numbers of texts, which are other ones in INTO, and their times. */
static void
merge_latest(const struct merging *merging, const struct plan_measure *measure)
{
	const struct plan_query *query = merging->query;
	enum domain domain = event_fields[measure->measure->field].domain;
	uint32_t count = fold_group_count(merging->from, query);

	for (uint32_t g = 0; g < count; g++) {
		const uint32_t *row = fold_row(merging->from, query, g);

		if (row[measure->cell])
			cell_latest(merging->into, measure,
			    fold_row(merging->into, query, merging->groups[g]),
			    merging->remap[domain][row[measure->cell]],
			    cell_wide(&row[measure->since]));
	}
}

/* The rows of all queries grouped by DOMAIN at once. */
static void
merge_shared_rows(struct fold *into, const struct fold *from, enum domain domain,
    const uint32_t *remap)
{
	const struct plan *plan = from->plan;
	struct rows *rows = &into->rows[domain];
	struct cell_how *how = xmalloc(plan->stride[domain] * sizeof(*how));
	unsigned cells = 0;
	uint32_t count = 0;

	for (size_t q = 0; q < plan->count; q++) {
		const struct plan_query *query = &plan->queries[q];

		if (query->grouping != GROUP_NUMBER || query->domain != domain)
			continue;
		cells += say_how(query, how + cells);
		count = fold_group_count(from, query);
	}
	for (uint32_t n = 0; n < count; n++) {
		if (n + SOON < count)
			__builtin_prefetch(rows_at(rows, remap[n + SOON]), 1);
		merge_cells(rows, remap[n], &from->rows[domain], n, how, cells);
	}
	free(how);
}

/* Rows that the query has for itself; sets GROUPS, all 0: what they become. */
static void
merge_rows(struct merging *merging, uint32_t *groups)
{
	const struct plan_query *query = merging->query;
	uint32_t count = merging->from->groups[merging->q].count;
	struct cell_how how[QUERY_MEASURES + 1];
	unsigned cells = say_how(query, how);

	for (uint32_t g = 0, n; g < count; g += n) {
		n = count - g < FOLD_BATCH ? count - g : FOLD_BATCH;
		if (query->grouping == GROUP_TUPLE)
			remap_some(merging, g, n, groups + g);
		for (uint32_t i = g; i < g + n; i++)
			merge_cells(fold_rows(merging->into, query), groups[i],
			    fold_rows(merging->from, query), i, how, cells);
	}
	merging->groups = groups;
}

/* Leaves those of N pairs of merging->codes that are in the sample of LEVEL. */
static size_t
only_sampled(struct merging *merging, const struct plan_measure *measure, unsigned level,
    size_t n)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++) {
		merging->codes[0][kept] = merging->codes[0][i];
		merging->codes[1][kept] = merging->codes[1][i];
		kept += code_sampled(merging->into, measure->measure,
		    merging->codes[0][i], level);
	}
	return kept;
}

/* Adds the first N pairs of merging->codes, which are FROM's, to PAIRS. */
static void
add_pairs(struct merging *merging, const struct plan_measure *measure, struct pairs *pairs,
    size_t n)
{
	bool distinct = measure->measure->op == MEASURE_DISTINCT;
	size_t new;

	for (size_t i = 0; i < n; i++)
		merging->codes[1][i] = merging->groups[merging->codes[1][i]];
	if (distinct)
		remap_codes(merging->codes[0], n, measure->measure->field,
		    measure->measure->function, merging->remap);
	if (distinct && pairs->level)
		n = only_sampled(merging, measure, pairs->level, n);
	new = pairs_add_many(pairs, merging->codes, merging->counts, n, merging->hashes,
	    merging->found, merging->news);
	for (size_t i = 0; distinct && i < new; i++)
		fold_row(merging->into, merging->query,
		    merging->codes[1][merging->news[i]])[measure->cell]++;
}

static void
merge_pairs(struct merging *merging, const struct plan_measure *measure)
{
	const struct pairs *source = &merging->from->pairs[measure->pairs];
	struct pairs *pairs = &merging->into->pairs[measure->pairs];
	uint64_t at = 0, key, count;
	size_t n = 0;

	if (source->level > pairs->level)
		pairs_sample(merging->into, merging->query, measure, source->level);
	while (pairs_next(source, &at, &key, &count)) {
		merging->codes[0][n] = pair_code(key);
		merging->codes[1][n] = fold_pair_group(merging->from, merging->query,
		    measure, key);
		merging->counts[n] = count;
		if (++n == FOLD_BATCH) {
			add_pairs(merging, measure, pairs, n);
			n = 0;
		}
	}
	add_pairs(merging, measure, pairs, n);
}

size_t
fold_merge_begin(struct fold *into)
{
	fold_reserve(into);
	return DOMAINS + into->plan->count;
}

/* What is counted by a query, but for rows that it shares with others. */
static void
merge_query(struct fold *into, const struct fold *from, size_t q,
    const uint32_t *const remap[DOMAINS])
{
	const struct plan_query *query = &from->plan->queries[q];
	struct merging *merging = xmalloc(sizeof(*merging));
	uint32_t *groups = NULL;

	merging->into = into;
	merging->from = from;
	merging->q = q;
	merging->query = query;
	merging->remap = remap;
	if (query->grouping == GROUP_NUMBER) {
		merging->groups = remap[query->domain];
	} else {
		groups = xcalloc(from->groups[q].count, sizeof(*groups));
		merge_rows(merging, groups);
	}
	into->groups[q].dropped += from->groups[q].dropped;
	into->groups[q].low += from->groups[q].low;
	for (unsigned m = 0; m < query->query->measure_count; m++) {
		if (query->measures[m].measure->op == MEASURE_LATEST)
			merge_latest(merging, &query->measures[m]);
		if (query->measures[m].pairs != NO_PAIRS && !query->measures[m].shared)
			merge_pairs(merging, &query->measures[m]);
	}
	free(groups);
	free(merging);
}

void
fold_merge_part(struct fold *into, const struct fold *from,
    const uint32_t *const remap[DOMAINS], size_t part)
{
	if (part >= DOMAINS)
		merge_query(into, from, part - DOMAINS, remap);
	else if (from->plan->stride[part])
		merge_shared_rows(into, from, (enum domain)part, remap[part]);
}

void
fold_merge_end(struct fold *into, const struct fold *from)
{
	for (unsigned d = 0; d < DOMAINS; d++) {
		into->dropped[d] += from->dropped[d];
		into->low[d] += from->low[d];
	}
	fold_cap(into);
}

void
fold_merge(struct fold *into, const struct fold *from, const uint32_t *const remap[DOMAINS])
{
	size_t parts = fold_merge_begin(into);

	for (size_t part = 0; part < parts; part++)
		fold_merge_part(into, from, remap, part);
	fold_merge_end(into, from);
}
