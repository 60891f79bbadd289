/* SPDX-License-Identifier: Apache-2.0
 *
 * plan: compiles queries into what the fold runs: for each query the kinds that
 * can reach it, where its cells lie, and each filter text just once.
 */
#include <stdlib.h>

#include "query/room.h"

const struct query_limits query_limits_default = {
    .groups = 1u << 21, .distinct = 1u << 24, .symbols = 1u << 23};

enum domain
key_domain(enum field field, enum key_function function)
{
	switch (function) {
	case KEY_NET:
		return DOMAIN_NET;
	case KEY_DOMAIN:
		return DOMAIN_NAME;
	case KEY_FIELD:
		return event_fields[field].domain;
	case KEY_HOUR:
	case KEY_DAY:
	case KEY_HOUR_BEGUN:
	case KEY_DAY_BEGUN:
	case KEY_BUCKET:
		break;
	}
	return DOMAIN_NONE;
}

enum combine
measure_combine(enum measure_op op)
{
	switch (op) {
	case MEASURE_MIN:
	case MEASURE_MAX:
	case MEASURE_FIRST:
	case MEASURE_LAST:
		return COMBINE_MAX;
	case MEASURE_LATEST:
		return COMBINE_LATEST;
	case MEASURE_COUNT:
	case MEASURE_DISTINCT:
	case MEASURE_SUM:
	case MEASURE_QUANTILE:
		break;
	}
	return COMBINE_ADD;
}

/* The index of the predicate with TEXT, compiled when new; -1 with *ERR set. */
static int
predicate_get(struct plan *plan, const char *text, struct err *err)
{
	struct predicate *predicate;

	for (size_t i = 0; i < plan->predicate_count; i++)
		if (strcmp(plan->predicates[i].text, text) == 0)
			return (int)i;
	MEM_GROW(plan->predicates, plan->predicate_count, plan->predicate_room);
	predicate = &plan->predicates[plan->predicate_count];
	*predicate = (struct predicate){.text = text};
	if (filter_compile(str_of(text), &predicate->filter, err) < 0)
		return -1;
	for (unsigned kind = 0; kind < KINDS; kind++)
		if (filter_may_match_kind(predicate->filter, kind))
			predicate->maybe |= UINT64_C(1) << kind;
	return (int)plan->predicate_count++;
}

/* Sets *RET to TEXT's predicate; narrows *KINDS to those that can match. */
static int
predicate_use(struct plan *plan, const char *text, int *ret, uint64_t *kinds, struct err *err)
{
	*ret = NO_PREDICATE;
	if (!text)
		return 0;
	*ret = predicate_get(plan, text, err);
	if (*ret < 0)
		return -1;
	*kinds &= plan->predicates[*ret].maybe;
	return 0;
}

/* A measure may share the pair table of an earlier one of its query. */
static void
measure_pairs(struct plan *plan, struct plan_query *query, unsigned m)
{
	struct plan_measure *mine = &query->measures[m];
	const struct query_measure *want = mine->measure;

	mine->pairs = NO_PAIRS;
	if (want->op != MEASURE_DISTINCT && want->op != MEASURE_QUANTILE)
		return;
	for (unsigned i = 0; i < m; i++) {
		const struct query_measure *other = query->measures[i].measure;

		if (other->op == want->op && other->field == want->field &&
		    other->function == want->function &&
		    query->measures[i].predicate == mine->predicate &&
		    query->measures[i].kinds == mine->kinds) {
			mine->pairs = query->measures[i].pairs;
			mine->shared = true;
			return;
		}
	}
	mine->pairs = (int)plan->pairs_count++;
}

/*
 * Which groups there are: where a count must not be 0, or there is one group whatever
 * happens, nothing else need be counted.
 */
static void
count_presence(struct plan_query *query)
{
	const struct query *source = query->query;

	query->presence = NO_PRESENCE;
	for (unsigned m = 0; m < source->measure_count; m++)
		if (source->measures[m].op == MEASURE_COUNT && !source->measures[m].where) {
			query->presence = query->measures[m].cell;
			return;
		}
	if (source->key_count && !(source->skip_zero && source->measure_count &&
	        source->measures[0].op == MEASURE_COUNT)) {
		query->presence = query->words++;
		query->presence_apart = true;
	}
}

static enum cell_type
cell_type(enum measure_op op)
{
	switch (op) {
	case MEASURE_COUNT:
		return CELL_COUNT;
	case MEASURE_DISTINCT:
	case MEASURE_LATEST:
		return CELL_NUMBER;
	case MEASURE_QUANTILE:
		return CELL_NONE;
	case MEASURE_SUM:
	case MEASURE_MIN:
	case MEASURE_MAX:
	case MEASURE_FIRST:
	case MEASURE_LAST:
		break;
	}
	return CELL_WIDE;
}

/* Places the cells of QUERY, wide ones first, so that they lie well. */
static void
place_cells(struct plan_query *query)
{
	unsigned count = query->query->measure_count;

	query->words = 0;
	for (unsigned m = 0; m < count; m++) {
		struct plan_measure *measure = &query->measures[m];

		measure->type = cell_type(query->query->measures[m].op);
		if (measure->type == CELL_WIDE) {
			measure->cell = query->words;
			query->words += 2;
		} else if (query->query->measures[m].op == MEASURE_LATEST) {
			measure->since = query->words;
			query->words += 2;
		}
	}
	for (unsigned m = 0; m < count; m++) {
		struct plan_measure *measure = &query->measures[m];

		if (measure->type == CELL_COUNT || measure->type == CELL_NUMBER)
			measure->cell = query->words++;
	}
	count_presence(query);
}

static int
compile_measures(struct plan *plan, struct plan_query *query, struct err *err)
{
	place_cells(query);
	for (unsigned m = 0; m < query->query->measure_count; m++) {
		struct plan_measure *measure = &query->measures[m];

		measure->measure = &query->query->measures[m];
		measure->kinds = query->kinds;
		if (predicate_use(plan, measure->measure->where, &measure->predicate,
		    &measure->kinds, err) < 0)
			return -1;
		measure_pairs(plan, query, m);
	}
	return 0;
}

static uint64_t
measured_kinds(const struct plan_query *query)
{
	uint64_t kinds = 0;

	for (unsigned m = 0; m < query->query->measure_count; m++)
		kinds |= query->measures[m].kinds;
	return kinds;
}

static int
compile_query(struct plan *plan, struct plan_query *query, struct err *err)
{
	const struct query *source = query->query;

	query->kinds = UINT64_C(2) * ((UINT64_C(1) << (KINDS - 1)) - 1);
	if (predicate_use(plan, source->where, &query->predicate, &query->kinds, err) < 0 ||
	    compile_measures(plan, query, err) < 0)
		return err_wrap(err, "section %s", source->name);
	if (source->skip_zero)
		query->kinds &= measured_kinds(query); /* the rest makes no row */
	if (source->key_count == 0) {
		query->grouping = GROUP_ONE;
	} else if (source->key_count == 1 &&
	    key_domain(source->keys[0].field, source->keys[0].function) != DOMAIN_NONE) {
		query->grouping = GROUP_NUMBER;
		query->domain = key_domain(source->keys[0].field, source->keys[0].function);
		query->offset = plan->stride[query->domain];
		plan->stride[query->domain] += query->words;
	} else {
		query->grouping = GROUP_TUPLE;
	}
	return 0;
}

static void
need(struct plan *plan, uint64_t kinds, enum field field)
{
	uint64_t bit = UINT64_C(1) << (field % 64);

	for (unsigned kind = 0; kind < KINDS; kind++) {
		if (!(kinds >> kind & 1))
			continue;
		plan->looks[kind][field / 64] |= bit;
		if (event_fields[field].domain != DOMAIN_NONE)
			plan->needs[kind][field / 64] |= bit;
	}
}

static bool
measure_has_field(enum measure_op op)
{
	return op != MEASURE_COUNT && op != MEASURE_FIRST && op != MEASURE_LAST;
}

static void
collect_needs(struct plan *plan, const struct plan_query *query)
{
	for (unsigned k = 0; k < query->query->key_count; k++) {
		need(plan, query->kinds, query->query->keys[k].field);
		if (key_is_of_begin(query->query->keys[k].function))
			need(plan, query->kinds, FIELD_seconds);
	}
	for (unsigned m = 0; m < query->query->measure_count; m++)
		if (measure_has_field(query->measures[m].measure->op))
			need(plan, query->measures[m].kinds,
			    query->measures[m].measure->field);
}

void
query_drop_details(struct query *query)
{
	unsigned kept = 0;
	int order = query->order;

	for (unsigned m = 0; m < query->measure_count; m++) {
		if (query->measures[m].detail && (int)m != query->order)
			continue;
		if ((int)m == query->order)
			order = (int)kept;
		query->measures[kept++] = query->measures[m];
	}
	query->skip_zero |= kept < query->measure_count;
	query->measure_count = kept;
	query->order = order;
}

int
plan_compile(const struct query *const *queries, size_t count, const char *where,
    struct plan **ret, struct err *err)
{
	struct plan *plan = xcalloc(1, sizeof(*plan));
	uint64_t all = UINT64_MAX;

	plan->queries = xcalloc(count, sizeof(*plan->queries));
	plan->count = count;
	if (predicate_use(plan, where, &plan->where, &all, err) < 0) {
		plan_free(plan);
		return -1;
	}
	for (size_t i = 0; i < count; i++) {
		plan->queries[i].query = queries[i];
		if (compile_query(plan, &plan->queries[i], err) < 0) {
			plan_free(plan);
			return -1;
		}
		collect_needs(plan, &plan->queries[i]);
	}
	plan_kinds(plan);
	*ret = plan;
	return 0;
}

void
plan_free(struct plan *plan)
{
	if (!plan)
		return;
	plan_kinds_free(plan);
	for (size_t i = 0; i < plan->predicate_count; i++)
		filter_free(plan->predicates[i].filter);
	free(plan->predicates);
	free(plan->queries);
	free(plan);
}

void
plan_needs(const struct plan *plan, enum kind kind, uint64_t ret[2])
{
	ret[0] = plan->needs[kind][0];
	ret[1] = plan->needs[kind][1];
}

void
plan_looks(const struct plan *plan, enum kind kind, uint64_t ret[2])
{
	ret[0] = plan->looks[kind][0];
	ret[1] = plan->looks[kind][1];
	for (size_t p = 0; p < plan->predicate_count; p++)
		if (plan->predicates[p].maybe >> kind & 1)
			filter_fields(plan->predicates[p].filter, ret);
}

void
plan_reads(const struct plan *plan, uint64_t ret[2])
{
	ret[0] = ret[1] = 0;
	for (unsigned kind = 0; kind < KINDS; kind++)
		if (kind_is_derived(kind)) {
			ret[0] |= plan->needs[kind][0];
			ret[1] |= plan->needs[kind][1];
		}
	for (size_t p = 0; p < plan->predicate_count; p++)
		filter_fields(plan->predicates[p].filter, ret);
}
