/* SPDX-License-Identifier: Apache-2.0
 *
 * stored: the same answers as a run's, from what a guard keeps. Nothing is known there of
 * lines that told nothing; so there are no inputs, no programs and no coverage.
 * Messages, sessions and clients that are still open are made for the answer (still-open.c).
 */
#include "engine/still-open.h"

#include <stdlib.h>

/*
 * How many events there are in the range: those of lines, or, where the filter lets none
 * of them through, those that tracking made of lines.
 */
#define KEPT(filter)                                                                        \
	{.name = "kept", .where = (filter),                                                 \
	    .measures = {{.name = "events", .op = MEASURE_COUNT},                           \
	        {.name = "first", .op = MEASURE_FIRST},                                     \
	        {.name = "last", .op = MEASURE_LAST}},                                      \
	    .measure_count = 3, .order = QUERY_BY_KEY}

#define KEPT_COUNT 2

/* And what hosts they are of. */
static const struct query kept[KEPT_COUNT + 1] = {KEPT("!derived"), KEPT("derived"),
    {.name = "hosts", .where = "host", .keys = {{.field = FIELD_host}}, .key_count = 1,
	.measures = {{.name = "events", .op = MEASURE_COUNT}}, .measure_count = 1}};

#define KEPT_QUERIES (sizeof(kept) / sizeof(*kept))

static void
take_kept(struct run_result *result, struct table *const tables[KEPT_QUERIES])
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

static void
take_hosts(struct run_result *result, const struct table *table)
{
	result->hosts = arena_alloc(&result->arena,
	    (table->row_count + 1) * sizeof(*result->hosts));
	result->host_count = table->row_count;
	for (size_t row = 0; row < table->row_count; row++)
		result->hosts[row] =
		    arena_str(&result->arena, table_cell(table, row, 0)->text);
}

/* The kinds that FILTER, or NULL, may let through; none where it makes no sense. */
static uint64_t
kinds_of(const char *where)
{
	struct filter *filter;
	uint64_t kinds = 0;
	struct err err;

	if (!where)
		return UINT64_MAX;
	if (filter_compile(str_of(where), &filter, &err) < 0)
		return 0; /* who answers will say why */
	for (unsigned kind = 0; kind < KINDS; kind++)
		if (filter_may_match_kind(filter, kind))
			kinds |= UINT64_C(1) << kind;
	filter_free(filter);
	return kinds;
}

/* What can be open and is looked at, in the order of events. *RET is NULL for nothing. */
static int
make_open(struct store *store, const struct run_settings *settings,
    const struct query *const *queries, size_t count, struct still_open **ret, struct err *err)
{
	uint64_t kinds = 0;

	*ret = NULL;
	for (size_t q = 0; q < count; q++)
		kinds |= kinds_of(queries[q]->where);
	kinds = still_open_kinds(kinds & kinds_of(settings->where));
	return kinds ? still_open_make(store, kinds, settings, ret, err) : 0;
}

/* The answers to QUERIES and how much there is, from STORE. */
static int
answer(struct store *store, const struct run_settings *settings,
    const struct query *const *queries, size_t count, struct run_result *result,
    struct err *err)
{
	struct store_range range = {.since = settings->since, .until = settings->until,
	    .where = settings->where};
	const struct query **all;
	struct still_open *open;
	int failed;

	if (make_open(store, settings, queries, count, &open, err) < 0)
		return -1;
	if (open)
		range.more = still_open_events(open);
	all = xcalloc(count + KEPT_QUERIES, sizeof(*all));
	for (size_t q = 0; q < count; q++)
		all[q] = queries[q];
	for (size_t k = 0; k < KEPT_QUERIES; k++)
		all[count + k] = &kept[k];
	result->tables = arena_alloc(&result->arena,
	    (count + KEPT_QUERIES) * sizeof(struct table *));
	failed = store_queries(store, all, count + KEPT_QUERIES, &range, result->tables, err);
	free(all);
	still_open_free(open);
	if (failed < 0)
		return -1;
	result->table_count = count + KEPT_QUERIES;
	for (size_t q = 0; q < count; q++)
		result->stored_kinds |= kinds_of(queries[q]->where);
	result->stored_kinds &= kinds_of(settings->where);
	take_kept(result, result->tables + count);
	take_hosts(result, result->tables[count + KEPT_COUNT]);
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
	if (store_hold(store, err) < 0) {
		store_close(store);
		return -1;
	}
	result = xcalloc(1, sizeof(*result));
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
