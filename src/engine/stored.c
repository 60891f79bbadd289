/* SPDX-License-Identifier: Apache-2.0
 *
 * stored: the same answers as a run's, from what a guard keeps. Nothing is known there of
 * lines that told nothing; so there are no inputs, no programs and no coverage.
 */
#include "engine/engine.h"

#include <stdlib.h>

/*
 * How many events there are in the range: those of lines, or, where the filter lets none
 * of them through, those that tracking made of lines.
 */
#define KEPT(filter)                                                                        \
	{.name = "kept", .where = (filter),                                                 \
	    .measures = {{.name = "events", .op = MEASURE_COUNT},                           \
	        {.name = "first", .op = MEASURE_FIRST}, {.name = "last", .op = MEASURE_LAST}}, \
	    .measure_count = 3, .order = QUERY_BY_KEY}

static const struct query kept[] = {KEPT("!derived"), KEPT("derived")};

#define KEPT_COUNT (sizeof(kept) / sizeof(*kept))

static void
take_kept(struct run_result *result, struct table *const tables[KEPT_COUNT])
{
	result->first = INT64_MAX;
	result->last = INT64_MIN;
	for (size_t k = 0; k < KEPT_COUNT && result->kept == 0; k++) {
		if (tables[k]->row_count == 0 || table_cell(tables[k], 0, 0)->n == 0)
			continue;
		result->kept = (uint64_t)table_cell(tables[k], 0, 0)->n;
		result->first = table_cell(tables[k], 0, 1)->n;
		result->last = table_cell(tables[k], 0, 2)->n;
	}
}

/* The answers to QUERIES and how much there is, from STORE. */
static int
answer(struct store *store, const struct run_settings *settings,
    const struct query *const *queries, size_t count, struct run_result *result,
    struct err *err)
{
	struct store_range range = {settings->since, settings->until, settings->where};
	const struct query **all = xcalloc(count + KEPT_COUNT, sizeof(*all));
	int failed;

	for (size_t q = 0; q < count; q++)
		all[q] = queries[q];
	for (size_t k = 0; k < KEPT_COUNT; k++)
		all[count + k] = &kept[k];
	result->tables = arena_alloc(&result->arena,
	    (count + KEPT_COUNT) * sizeof(struct table *));
	failed = store_queries(store, all, count + KEPT_COUNT, &range, result->tables, err);
	free(all);
	if (failed < 0)
		return -1;
	result->table_count = count + KEPT_COUNT;
	take_kept(result, result->tables + count);
	return 0;
}

int
run_stored(const char *url, const struct run_settings *settings,
    const struct query *const *queries, size_t count, struct run_result **ret,
    struct err *err)
{
	struct store_settings wanted = {.url = url, .read_only = true};
	struct run_result *result;
	struct store *store;
	int failed;

	if (store_open(&wanted, &store, err) < 0)
		return -1;
	result = xcalloc(1, sizeof(*result));
	result->coverage = 1;
	result->stored = arena_cstr(&result->arena, str_of(url));
	failed = answer(store, settings, queries, count, result, err);
	store_close(store);
	if (failed < 0) {
		run_result_free(result);
		return -1;
	}
	*ret = result;
	return 0;
}
