/* SPDX-License-Identifier: Apache-2.0
 *
 * query: answers as folds over a store's events, the folds that files get. The store
 * looks for the kinds and fields that the questions can need; for a single question it
 * also counts together what is the same in all that is asked for (GROUP BY), so that only
 * one event for each such group comes here. Either way the answer is that of a file.
 */
#include "base/civil.h"
#include "store/room.h"

/* Texts of a batch kept for filters, after which it is folded though it is not full. */
#define BATCH_BYTES (1u << 20)

/* ---- query ---- */

/* Events on their way into a fold. */
struct batch {
	struct plan *plan;
	struct fold *fold;
	struct symbols symbols;
	uint64_t needs[KINDS][2];
	struct event *events;
	uint32_t order[FOLD_BATCH];
	size_t count;
	struct arena lines;
	bool by_quarter, inexact;
};

static void
add_field(uint64_t fields[2], enum field field)
{
	fields[field / 64] |= UINT64_C(1) << (field % 64);
}

static bool
has_field(const uint64_t fields[2], enum field field)
{
	return fields[field / 64] >> (field % 64) & 1;
}

static bool
has_own_field(enum measure_op op)
{
	return op != MEASURE_COUNT && op != MEASURE_FIRST && op != MEASURE_LAST;
}

static void
add_key(uint64_t fields[2], const struct query_key *key)
{
	add_field(fields, key->field);
	if (key_is_of_begin(key->function))
		add_field(fields, FIELD_seconds);
}

/* What plan_needs() and plan_reads() leave out: fields that are numbers. */
static void
add_fields(const struct query *query, uint64_t fields[2])
{
	for (unsigned k = 0; k < query->key_count; k++)
		add_key(fields, &query->keys[k]);
	for (unsigned m = 0; m < query->measure_count; m++)
		if (has_own_field(query->measures[m].op))
			add_field(fields, query->measures[m].field);
}

/* Is FIELD different in nearly all events, or what reducing events changes? */
static bool
is_singular(enum field field)
{
	return event_fields[field].domain == DOMAIN_TEXT || field == FIELD_id ||
	    field == FIELD_time || field == FIELD_count || field == FIELD_pid ||
	    field == FIELD_port || field == FIELD_lineno;
}

/* Events can be counted together, and are likely to be fewer then. */
static void
try_reduce(struct scan *scan, const struct plan *plan, const struct query *query)
{
	uint64_t fields[2];

	plan_reads(plan, fields);
	for (unsigned k = 0; k < query->key_count; k++) {
		enum key_function function = query->keys[k].function;

		if (function == KEY_HOUR || function == KEY_DAY)
			scan->by_quarter = true;
		else
			add_key(fields, &query->keys[k]);
	}
	for (unsigned m = 0; m < query->measure_count; m++)
		if (has_own_field(query->measures[m].op))
			add_field(fields, query->measures[m].field);
	for (unsigned field = 0; field < FIELDS; field++)
		if (has_field(fields, (enum field)field) && is_singular((enum field)field))
			return;
	scan->reduce = true;
}

/* Numbers EV's text in FIELD in the fold's dictionaries. */
static void
number_text(struct batch *batch, struct event *ev, enum field field, const struct row *row)
{
	struct text *text = event_text_member(ev, field);
	struct str value;

	if (!event_knows(ev, field)) {
		text->id = SYMBOL_ABSENT;
		return;
	}
	value = field == FIELD_source ? str_of(row->sources.name[ev->source_no])
				      : event_text(ev, field, &row->symbols);
	text->id = symbols_get(&batch->symbols, event_fields[field].domain, value);
	if (field == FIELD_source)
		text->len = 0;
}

/* What the plan groups by is numbered; what only filters look at stays a slice. */
static void
number_texts(struct batch *batch, struct event *ev, const struct row *row)
{
	for (unsigned word = 0; word < 2; word++) {
		uint64_t bits = batch->needs[ev->kind][word];

		for (; bits; bits &= bits - 1)
			number_text(batch, ev, word * 64 + (unsigned)__builtin_ctzll(bits),
			    row);
	}
	if (!row->has_symbols)
		return;
	for (unsigned field = 0; field < FIELDS; field++)
		if (event_fields[field].domain != DOMAIN_NONE && field != FIELD_source &&
		    event_knows(&row->event, field) &&
		    event_text_member(&row->event, field)->len == 0)
			number_text(batch, ev, (enum field)field, row);
}

static void
flush(struct batch *batch)
{
	uint32_t *remap[DOMAINS];
	uint64_t kinds = 0;

	for (size_t i = 0; i < batch->count; i++)
		kinds |= UINT64_C(1) << batch->events[i].kind;
	fold_reserve(batch->fold);
	for (; kinds; kinds &= kinds - 1) {
		enum kind kind = (enum kind)__builtin_ctzll(kinds);
		size_t n = 0;

		for (size_t i = 0; i < batch->count; i++)
			if (batch->events[i].kind == kind)
				batch->order[n++] = (uint32_t)i;
		fold_kind(batch->fold, kind, batch->events, batch->order, n);
	}
	batch->count = 0;
	arena_clear(&batch->lines);
	if (fold_shrink(&batch->fold, &batch->symbols, remap))
		symbols_remap_free(remap);
}

static void
add_event(struct batch *batch, const struct row *row, int64_t time, uint32_t weight)
{
	struct event *ev = &batch->events[batch->count];

	*ev = row->event;
	ev->time = time;
	ev->weight = weight;
	number_texts(batch, ev, row);
	if (row->used)
		ev->line = arena_str(&batch->lines, (struct str){row->line, row->used}).p;
	if (++batch->count == FOLD_BATCH || batch->lines.used > BATCH_BYTES)
		flush(batch);
}

/*
 * What stands for many is folded as one at the first time with all the weight, as many as
 * it takes, and one at the last time with none.
 */
static bool
take(void *context, const struct row *row)
{
	struct batch *batch = context;
	uint64_t left = row->weight;

	if (batch->by_quarter && zone_offset(row->event.time) % (QUARTER / USEC_PER_SEC)) {
		batch->inexact = true; /* hours do not begin with quarters there and then */
		return false;
	}
	for (; left > UINT32_MAX; left -= UINT32_MAX)
		add_event(batch, row, row->event.time, UINT32_MAX);
	add_event(batch, row, row->event.time, (uint32_t)left);
	if (row->last != row->event.time)
		add_event(batch, row, row->last, 0);
	return true;
}

static void
batch_init(struct batch *batch, struct plan *plan, bool by_quarter)
{
	memset(batch, 0, sizeof(*batch));
	batch->plan = plan;
	batch->by_quarter = by_quarter;
	batch->events = xcalloc(FOLD_BATCH, sizeof(*batch->events));
	symbols_init(&batch->symbols);
	batch->fold = fold_new(plan, &query_limits_default, &batch->symbols);
	for (unsigned kind = 0; kind < KINDS; kind++)
		plan_needs(plan, (enum kind)kind, batch->needs[kind]);
}

static void
batch_done(struct batch *batch)
{
	fold_free(batch->fold);
	symbols_free(&batch->symbols);
	arena_free(&batch->lines);
	free(batch->events);
}

/* Questions, and where the answers go. */
struct asking {
	struct plan *plan;
	const struct query *const *queries;
	size_t count;
	const struct store_range *range;
	struct table **ret;
};

/* EV as a store would give it. */
static void
make_row(struct row *row, const struct event *ev, const struct store_more *more)
{
	struct value value;

	row_begin(row);
	for (unsigned field = 0; field < FIELDS; field++) {
		if (!event_value(ev, (enum field)field, more->symbols, more->sources, &value))
			continue;
		if (value.type == VALUE_NUMBER)
			row_number(row, (enum field)field, value.number);
		else if (value.type == VALUE_TEXT)
			row_text(row, (enum field)field, value.text);
		else
			row_address(row, (enum field)field, &value.ip);
	}
	row_end(row);
}

static void
take_more(struct batch *batch, const struct store_range *range)
{
	struct row row;

	if (!range->more)
		return;
	row_init(&row);
	for (size_t i = 0; i < range->more->count; i++) {
		const struct event *ev = &range->more->events[i];

		if (ev->time < range->since ||
		    (ev->time >= range->until && range->until != INT64_MAX))
			continue;
		make_row(&row, ev, range->more);
		take(batch, &row);
	}
	row_done(&row);
}

/* 1 when SCAN, reduced, is not exact: then there are no answers. */
static int
fold_scan(struct store *store, const struct asking *asking, const struct scan *scan,
    struct err *err)
{
	struct batch *batch = xmalloc(sizeof(*batch));
	int result;

	batch_init(batch, asking->plan, scan->reduce && scan->by_quarter);
	result = store->sort->scan(store, scan, take, batch, err);
	if (result == 0)
		take_more(batch, asking->range);
	if (result == 0 && batch->inexact)
		result = 1;
	if (result == 0) {
		flush(batch);
		for (size_t q = 0; q < asking->count; q++)
			asking->ret[q] = fold_table(batch->fold, q, asking->queries[q]->limit);
	}
	batch_done(batch);
	free(batch);
	return store_told(store, result, err);
}

static int
ask(struct store *store, const struct asking *asking, struct scan *scan, struct err *err)
{
	int result;

	plan_reads(asking->plan, scan->fields);
	for (size_t q = 0; q < asking->count; q++)
		add_fields(asking->queries[q], scan->fields);
	if (asking->count == 1)
		try_reduce(scan, asking->plan, asking->queries[0]);
	result = fold_scan(store, asking, scan, err);
	if (result <= 0)
		return result;
	scan->reduce = false;
	return fold_scan(store, asking, scan, err);
}

/* What a filter's TEXT (NULL: none) leaves of SCAN; *RET is to outlive it. */
static int
narrow(struct scan *scan, const char *text, struct filter **ret, struct err *err)
{
	if (!text)
		return 0;
	if (filter_compile(str_of(text), ret, err) < 0)
		return -1;
	scan_narrow(scan, *ret);
	return 0;
}

int
store_queries(struct store *store, const struct query *const *queries, size_t count,
    const struct store_range *range, struct table **ret, struct err *err)
{
	struct asking asking = {.queries = queries, .count = count, .range = range,
	    .ret = ret};
	struct scan all = {.since = range->since, .until = range->until, .kinds = UINT64_MAX,
	    .any_order = true}, one = all;
	struct filter **filters = xcalloc(count + 1, sizeof(struct filter *));
	uint64_t kinds = 0;
	int result = narrow(&all, range->where, &filters[count], err);

	for (size_t q = 0; q < count && result == 0; q++) {
		one = all;
		result = narrow(&one, queries[q]->where, &filters[q], err);
		kinds |= one.kinds;
	}
	if (count == 1)
		all = one; /* nobody else needs what its filter leaves out */
	all.kinds = kinds;
	if (result == 0)
		result = plan_compile(queries, count, range->where, &asking.plan, err);
	if (result == 0)
		result = ask(store, &asking, &all, err);
	plan_free(asking.plan);
	for (size_t q = 0; q <= count; q++)
		filter_free(filters[q]);
	free(filters);
	return result;
}

int
store_query(struct store *store, const struct query *query, const char *where,
    int64_t since, int64_t until, struct table **ret, struct err *err)
{
	struct store_range range = {since, until, where, NULL};

	return store_queries(store, &query, 1, &range, ret, err);
}
