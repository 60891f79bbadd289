/* SPDX-License-Identifier: Apache-2.0
 *
 * result: a query's answer as a table: which groups, in which order, and their
 * cells as values. Nothing here depends on hash order or on dictionary numbers.
 */
#include <stdlib.h>

#include "base/civil.h"
#include "query/room.h"

/* A group on its way to becoming a row. */
struct candidate {
	int64_t value; /* of the ordering measure */
	uint32_t group;
};

struct answer {
	const struct fold *fold;
	const struct plan_query *query;
	const struct groups *groups;
	struct candidate *rows;
	size_t count; /* candidates, then rows */
	size_t room;
	uint64_t groups_seen;
	struct table *table;
	struct histogram *histograms; /* of the rows, from `pairs` */
	const struct pairs *pairs;
};

static uint32_t
answer_code(const struct answer *answer, uint32_t group, unsigned k)
{
	if (answer->query->grouping == GROUP_NUMBER)
		return group;
	return groups_key(answer->groups, group)[k];
}

/* The number that CODE of a field without dictionary stands for. */
static int64_t
code_number(const struct symbols *symbols, uint32_t code)
{
	struct str text;
	int64_t number;
	bool minus;

	if (!(code & CODE_INTERNED))
		return (int64_t)code - 1;
	text = symbols_text(symbols, DOMAIN_TEXT, code & ~CODE_INTERNED);
	minus = str_skip_char(&text, '-');
	if (!str_number(text, &number))
		return INT64_MIN; /* which has no positive */
	return minus ? -number : number;
}

/* <0, 0, >0 as the codes' values are ordered; absent first. */
static int
compare_codes(const struct answer *answer, const struct query_key *key, uint32_t a, uint32_t b)
{
	enum domain domain = key_domain(key->field, key->function);
	const struct symbols *symbols = answer->fold->symbols;

	if (a == b)
		return 0;
	if (domain != DOMAIN_NONE && a && b)
		return str_compare(symbols_text(symbols, domain, a),
		    symbols_text(symbols, domain, b));
	if (a && b &&
	    (code_is_interned(a, key->function) || code_is_interned(b, key->function)))
		return code_number(symbols, a) < code_number(symbols, b) ? -1 : 1;
	return a < b ? -1 : 1;
}

static int
compare_keys(const struct answer *answer, uint32_t a, uint32_t b)
{
	for (unsigned k = 0; k < answer->query->query->key_count; k++) {
		int order = compare_codes(answer, &answer->query->query->keys[k],
		    answer_code(answer, a, k), answer_code(answer, b, k));

		if (order)
			return order;
	}
	return 0;
}

/* Which of two candidates comes first: <0 the first one. */
static int
compare_candidates(const void *first, const void *second, void *context)
{
	const struct candidate *a = first, *b = second;
	const struct answer *answer = context;
	const struct query *query = answer->query->query;

	if (query->order != QUERY_BY_KEY && a->value != b->value)
		return (a->value > b->value) == query->ascending ? 1 : -1;
	return compare_keys(answer, a->group, b->group);
}

/* What a cell of measure M is exclusive-ored with to be its value. */
static uint64_t
cell_flip(const struct plan_query *query, unsigned m)
{
	switch (query->query->measures[m].op) {
	case MEASURE_MIN:
	case MEASURE_FIRST:
		return (uint64_t)min_of_cell(0);
	case MEASURE_MAX:
	case MEASURE_LAST:
		return (uint64_t)max_of_cell(0);
	case MEASURE_COUNT:
	case MEASURE_DISTINCT:
	case MEASURE_SUM:
	case MEASURE_QUANTILE:
	case MEASURE_LATEST:
		break;
	}
	return 0;
}

/* The rows' histograms of PAIRS. */
static struct histogram *
row_histograms(const struct answer *answer, const struct pairs *pairs)
{
	uint32_t groups = fold_group_count(answer->fold, answer->query);
	uint32_t *row_of = xcalloc(groups, sizeof(*row_of));
	struct histogram *list;

	for (size_t i = 0; i < answer->count; i++)
		row_of[answer->rows[i].group] = (uint32_t)i + 1;
	list = histograms_new(pairs, row_of, answer->count);
	free(row_of);
	return list;
}

/* What caps dropped is counted under this text; see caps.c. */
static bool
is_dropped(struct str text)
{
	return str_eq(text, DROPPED_TEXT);
}

/* How many texts of QUERY's keys caps dropped; by up to *RET_LOW counts are too low. */
static uint64_t
dropped_texts(const struct fold *fold, const struct query *query, uint64_t *ret_low)
{
	uint64_t dropped = 0;

	*ret_low = 0;
	for (unsigned k = 0; k < query->key_count; k++) {
		enum domain domain = key_domain(query->keys[k].field, query->keys[k].function);

		if (domain == DOMAIN_NONE)
			continue;
		dropped += fold->dropped[domain];
		*ret_low += fold->low[domain];
	}
	return dropped;
}

/* Does GROUP stand for texts that were dropped? Its events are in the totals alone. */
static bool
is_of_dropped(const struct answer *answer, uint32_t group)
{
	const struct query *query = answer->query->query;

	for (unsigned k = 0; k < query->key_count; k++) {
		enum domain domain = key_domain(query->keys[k].field, query->keys[k].function);
		uint32_t code = answer_code(answer, group, k);

		if (domain != DOMAIN_NONE && code &&
		    is_dropped(symbols_text(answer->fold->symbols, domain, code)))
			return true;
	}
	return false;
}

/* Over all groups: sums of the measures, and how many groups have each. */
struct totals {
	uint64_t sum[QUERY_MEASURES], spread[QUERY_MEASURES];
};

/* Is QUERY ordered by a quantile, which is not in the groups' rows? */
static bool
is_by_quantile(const struct query *query)
{
	return query->order != QUERY_BY_KEY &&
	    query->measures[query->order].op == MEASURE_QUANTILE;
}

/* Up to so many rows inserting each into the first ones beats sorting them all. */
#define INSERT_MAX 64

/* Puts ROW in its place among the first LIMIT ones. */
static void
insert(struct answer *answer, const struct candidate *row, uint32_t limit)
{
	struct candidate *rows = answer->rows;
	size_t at = answer->count;

	if (at < limit)
		answer->count++;
	else if (compare_candidates(row, &rows[--at], answer) >= 0)
		return;
	for (; at > 0 && compare_candidates(row, &rows[at - 1], answer) < 0; at--)
		rows[at] = rows[at - 1];
	rows[at] = *row;
}

/* Keeps the first LIMIT of the candidates, in order. */
static void
keep_first(struct answer *answer, uint32_t limit)
{
	size_t count = answer->count;

	answer->count = 0;
	for (size_t i = 0; i < count; i++) {
		struct candidate row = answer->rows[i];

		insert(answer, &row, limit);
	}
}

/* Adds a candidate: only the first LIMIT are kept, 0: all, in no order. */
static void
add_candidate(struct answer *answer, const struct candidate *row, uint32_t limit)
{
	if (limit) {
		if (answer->rows == NULL)
			answer->rows = xcalloc(limit, sizeof(*answer->rows));
		insert(answer, row, limit);
		return;
	}
	MEM_GROW(answer->rows, answer->count, answer->room);
	answer->rows[answer->count++] = *row;
}

/* Is a group with VALUE behind all that are kept, whatever its key? */
static bool
is_behind(const struct answer *answer, int64_t value, uint32_t limit)
{
	int64_t last;

	if (limit == 0 || answer->count < limit)
		return false;
	last = answer->rows[limit - 1].value;
	return answer->query->query->ascending ? value > last : value < last;
}

/* What MEASURE has in the row that begins with word ROW of ROWS. */
static inline uint64_t
value_of(const struct rows *rows, size_t row, const struct plan_measure *measure)
{
	return rows_value(rows, row + measure->cell, measure->type);
}

/* Adds the measures of QUERY in ROW to the totals. */
static inline void
add_totals(struct totals *totals, const struct plan_query *query, const struct rows *rows,
    size_t row)
{
	const struct plan_measure *measure = query->measures;
	const struct plan_measure *end = measure + query->query->measure_count;

	for (unsigned m = 0; measure < end; measure++, m++) {
		uint64_t value = value_of(rows, row, measure);

		totals->sum[m] = cell_sum(totals->sum[m], value);
		totals->spread[m] += value != 0;
	}
}

/* Is there a group for which the query wants rows at all? */
static bool
is_worth(const struct answer *answer)
{
	const struct plan_query *query = answer->query;
	const struct rows rows = *fold_rows(answer->fold, query);
	const int64_t *worth = query->query->worth;
	uint32_t count = fold_group_count(answer->fold, query);
	size_t row = query->offset;

	if (worth[0] == 0)
		return true;
	for (uint32_t g = 0; g < count; g++, row += rows.stride)
		if ((int64_t)value_of(&rows, row, &query->measures[0]) >= worth[0] ||
		    (int64_t)value_of(&rows, row, &query->measures[1]) >= worth[1])
			return true;
	return false;
}

/*
 * All groups that exist and are enough, with the value they are ordered by; sums them into
 * the total.
 */
static void
collect(struct answer *answer, struct totals *totals, uint32_t limit)
{
	bool wanted = !answer->query->query->no_rows && is_worth(answer);
	const struct plan_query *query = answer->query;
	const struct query *source = query->query;
	uint32_t count = fold_group_count(answer->fold, query);
	uint64_t low;
	bool dropped = dropped_texts(answer->fold, source, &low) > 0;
	bool by_key = source->order == QUERY_BY_KEY;
	unsigned ordering = by_key ? 0 : (unsigned)source->order;
	uint64_t flip = by_key ? 0 : cell_flip(query, ordering);
	/* A group is there when its gate is not 0: who has the first measure is present. */
	bool by_first = source->skip_zero && source->measure_count;
	unsigned gate = by_first ? query->measures[0].cell : query->presence;
	enum cell_type gate_type = by_first ? query->measures[0].type : CELL_COUNT;
	bool all = !by_first &&
	    (query->presence == NO_PRESENCE || query->grouping == GROUP_ONE);
	const struct rows rows = *fold_rows(answer->fold, query);
	size_t row = query->offset;

	for (uint32_t g = 0; g < count; g++, row += rows.stride) {
		int64_t value;

		if (!all && rows_value(&rows, row + gate, gate_type) == 0)
			continue;
		value = by_key ? 0 :
		    (int64_t)(value_of(&rows, row, &query->measures[ordering]) ^ flip);
		if (value < source->at_least)
			continue;
		add_totals(totals, query, &rows, row);
		if (dropped && is_of_dropped(answer, g))
			continue;
		answer->groups_seen++;
		if (wanted && !is_behind(answer, value, limit))
			add_candidate(answer, &(struct candidate){value, g}, limit);
	}
}

/* A query ordered by a quantile needs every group's value first. */
static void
order_by_quantile(struct answer *answer)
{
	const struct query_measure *measure =
	    &answer->query->query->measures[answer->query->query->order];
	struct histogram *list = row_histograms(answer,
	    &answer->fold->pairs[answer->query->measures[answer->query->query->order].pairs]);

	for (size_t i = 0; i < answer->count; i++)
		answer->rows[i].value = histogram_quantile(&list[i], measure->quantile);
	histograms_free(list);
}

/* Finds the first LIMIT groups, in order; 0: all. */
static void
choose(struct answer *answer, struct totals *totals, uint32_t limit)
{
	const struct query *query = answer->query->query;
	bool few = limit && limit <= INSERT_MAX, later = is_by_quantile(query);

	collect(answer, totals, few && !later ? limit : 0);
	if (few && !later)
		return;
	if (later)
		order_by_quantile(answer);
	if (few)
		keep_first(answer, limit);
	else if (answer->count && (limit || !query->unsorted))
		qsort_r(answer->rows, answer->count, sizeof(*answer->rows),
		    compare_candidates, answer);
	if (limit && limit < answer->count)
		answer->count = limit;
}

static enum column_type
number_column(enum field field)
{
	switch (event_fields[field].type) {
	case TYPE_SIZE:
		return COLUMN_BYTES;
	case TYPE_DURATION:
		return COLUMN_SECONDS;
	case TYPE_MILLI:
		return COLUMN_NUMBER;
	case TYPE_TIME:
		return COLUMN_TIME;
	case TYPE_BOOL:
	case TYPE_INT:
	case TYPE_ID:
	case TYPE_TEXT:
	case TYPE_IP:
	case TYPE_ENUM:
		break;
	}
	return COLUMN_COUNT;
}

static enum column_type
key_column(const struct query_key *key)
{
	if (key->function == KEY_HOUR || key->function == KEY_HOUR_BEGUN)
		return COLUMN_TIME;
	if (key->function == KEY_DAY || key->function == KEY_DAY_BEGUN)
		return COLUMN_DAY;
	if (key->function == KEY_BUCKET || event_fields[key->field].domain != DOMAIN_NONE ||
	    event_fields[key->field].type == TYPE_ENUM)
		return COLUMN_TEXT;
	if (event_fields[key->field].type == TYPE_INT)
		return COLUMN_INTEGER;
	if (event_fields[key->field].type == TYPE_BOOL)
		return COLUMN_BOOL;
	return number_column(key->field);
}

static enum column_type
measure_column(const struct query_measure *measure)
{
	switch (measure->op) {
	case MEASURE_COUNT:
	case MEASURE_DISTINCT:
		return COLUMN_COUNT;
	case MEASURE_FIRST:
	case MEASURE_LAST:
		return COLUMN_TIME;
	case MEASURE_LATEST:
		return COLUMN_TEXT;
	case MEASURE_SUM:
	case MEASURE_MIN:
	case MEASURE_MAX:
	case MEASURE_QUANTILE:
		break;
	}
	return number_column(measure->field);
}

static void
set_number(struct cell *cell, enum column_type type, int64_t value)
{
	cell->known = true;
	cell->n = value;
	if (type == COLUMN_SECONDS)
		cell->real = (double)value / USEC_PER_SEC;
	else if (type == COLUMN_NUMBER)
		cell->real = (double)value / 1000;
}

static struct str
bucket_label(struct arena *arena, const struct query_key *key, uint32_t bucket)
{
	double unit = event_fields[key->field].type == TYPE_DURATION ? USEC_PER_SEC : 1;
	double from = bucket ? (double)key->edges[bucket - 1] / unit : 0;

	if (bucket == 0)
		return str_of(arena_printf(arena, "<%g", (double)key->edges[0] / unit));
	if (bucket == key->edge_count)
		return str_of(arena_printf(arena, ">=%g", from));
	return str_of(arena_printf(arena, "%g-%g", from, (double)key->edges[bucket] / unit));
}

static void
set_key(struct answer *answer, struct cell *cell, const struct query_key *key, uint32_t code)
{
	enum domain domain = key_domain(key->field, key->function);
	const struct symbols *symbols = answer->fold->symbols;
	struct arena *arena = &answer->table->arena;
	enum column_type column = key_column(key);

	cell->known = code != 0;
	if (code == 0)
		return;
	if (domain != DOMAIN_NONE) {
		cell->text = arena_str(arena, symbols_text(symbols, domain, code));
	} else if ((column == COLUMN_TIME && key->function != KEY_FIELD) ||
	    column == COLUMN_DAY) {
		cell->n = code_time(code, key->function);
	} else if (key->function == KEY_BUCKET) {
		cell->text = bucket_label(arena, key, code - 1);
	} else if (event_fields[key->field].type == TYPE_ENUM) {
		cell->text = str_of(event_enum_name(key->field, code - 1));
	} else {
		set_number(cell, column, code_number(symbols, code));
	}
}

/* The rows' histograms; kept, as several quantiles may be asked of the same. */
static struct histogram *
histograms_of(struct answer *answer, const struct pairs *pairs)
{
	if (answer->pairs == pairs)
		return answer->histograms;
	histograms_free(answer->histograms);
	answer->histograms = row_histograms(answer, pairs);
	answer->pairs = pairs;
	return answer->histograms;
}

static void
set_latest(struct answer *answer, struct cell *cell, const struct query_measure *measure,
    uint64_t number)
{
	struct str text;

	if (number == 0)
		return;
	text = symbols_text(answer->fold->symbols, event_fields[measure->field].domain,
	    (uint32_t)number);
	cell->known = !is_dropped(text);
	if (cell->known)
		cell->text = arena_str(&answer->table->arena, text);
}

static void
fill_measure(struct answer *answer, unsigned m)
{
	const struct plan_query *query = answer->query;
	const struct query_measure *measure = &query->query->measures[m];
	unsigned column = query->query->key_count + m;
	enum column_type type = measure_column(measure);
	const struct rows *rows = fold_rows(answer->fold, query);
	const struct pairs *pairs = NULL;
	struct histogram *list = NULL;

	if (query->measures[m].pairs != NO_PAIRS)
		pairs = &answer->fold->pairs[query->measures[m].pairs];
	if (measure->op == MEASURE_QUANTILE)
		list = histograms_of(answer, pairs);
	for (size_t i = 0; i < answer->count; i++) {
		struct cell *cell = &answer->table->cells[i * answer->table->column_count +
		    column];
		uint64_t raw = value_of(rows, row_begin(rows, query, answer->rows[i].group),
		    &query->measures[m]);

		if (measure->op == MEASURE_DISTINCT)
			set_number(cell, type, (int64_t)(raw << pairs->level));
		else if (measure->op == MEASURE_LATEST)
			set_latest(answer, cell, measure, raw);
		else if (list && list[i].events)
			set_number(cell, type,
			    histogram_quantile(&list[i], measure->quantile));
		else if (!list && (raw || measure_combine(measure->op) == COMBINE_ADD))
			set_number(cell, type, (int64_t)(raw ^ cell_flip(query, m)));
	}
}

static void
fill_columns(struct answer *answer, const struct totals *totals)
{
	const struct query *query = answer->query->query;
	struct table *table = answer->table;

	table->spread = arena_alloc(&table->arena,
	    table->column_count * sizeof(*table->spread));
	memset(table->spread, 0, table->column_count * sizeof(*table->spread));
	for (unsigned k = 0; k < query->key_count; k++) {
		const struct query_key *key = &query->keys[k];
		const char *name = key->name ? key->name : event_fields[key->field].name;

		table->columns[k].name = arena_cstr(&table->arena, str_of(name));
		table->columns[k].type = key_column(key);
	}
	for (unsigned m = 0; m < query->measure_count; m++) {
		const struct query_measure *measure = &query->measures[m];
		unsigned column = query->key_count + m;

		table->columns[column].name = arena_cstr(&table->arena, str_of(measure->name));
		table->columns[column].type = measure_column(measure);
		table->spread[column] = totals->spread[m];
		if (measure->op == MEASURE_COUNT || measure->op == MEASURE_SUM)
			set_number(&table->total[column], table->columns[column].type,
			    (int64_t)totals->sum[m]);
	}
}

/* Says what caps did to this answer. */
static void
note_caps(struct answer *answer)
{
	const struct fold *fold = answer->fold;
	const struct plan_query *query = answer->query;
	uint64_t low, dropped = dropped_texts(fold, query->query, &low);
	struct table *table = answer->table;
	unsigned level = 0;

	/* Dropped texts have a group that stands for them, in the totals; groups have none. */
	if (query->grouping != GROUP_NUMBER && answer->groups->dropped) {
		dropped += answer->groups->dropped;
		low += answer->groups->low;
		memset(table->total, 0, table->column_count * sizeof(*table->total));
	}
	for (unsigned m = 0; m < query->query->measure_count; m++)
		if (query->query->measures[m].op == MEASURE_DISTINCT &&
		    fold->pairs[query->measures[m].pairs].level > level)
			level = fold->pairs[query->measures[m].pairs].level;
	table->exact = !dropped && !level;
	if (table->exact)
		return;
	table->groups += dropped;
	table->note = arena_printf(&table->arena,
	    "not exact: %s%s",
	    dropped ? arena_printf(&table->arena,
		"rare groups were dropped, counts may be up to %llu low",
		(unsigned long long)low) : "distinct values are estimated",
	    dropped && level ? "; distinct values are estimated" : "");
}

struct table *
fold_table(const struct fold *fold, size_t q, uint32_t limit)
{
	const struct plan_query *query = &fold->plan->queries[q];
	struct answer answer = {.fold = fold, .query = query, .groups = &fold->groups[q]};
	struct totals totals = {0};

	answer.table = table_new(query->query->name,
	    query->query->key_count + query->query->measure_count);
	choose(&answer, &totals, limit);
	fill_columns(&answer, &totals);
	for (size_t i = 0; i < answer.count; i++) {
		struct cell *row = table_row(answer.table);

		for (unsigned k = 0; k < query->query->key_count; k++)
			set_key(&answer, &row[k], &query->query->keys[k],
			    answer_code(&answer, answer.rows[i].group, k));
	}
	for (unsigned m = 0; m < query->query->measure_count; m++)
		fill_measure(&answer, m);
	histograms_free(answer.histograms);
	answer.table->groups = answer.groups_seen;
	note_caps(&answer);
	free(answer.rows);
	return answer.table;
}
