/* SPDX-License-Identifier: Apache-2.0
 *
 * query: events for whoever asks. A scan's filter and a query are narrowed to the kinds
 * and fields they can need, which is what the store looks for; the rest of the filter and
 * the fold are the ones that files get, so that the answers are the same.
 */
#include "store/room.h"

/* Texts of a batch kept for filters, after which it is folded though it is not full. */
#define BATCH_BYTES (1u << 20)

static uint64_t
kinds_of(const struct filter *filter)
{
	uint64_t kinds = 0;

	for (unsigned kind = 0; kind < KINDS; kind++)
		if (filter_may_match_kind(filter, (enum kind)kind))
			kinds |= UINT64_C(1) << kind;
	return kinds;
}

/* ---- scan ---- */

struct sieve {
	const struct filter *filter;
	bool (*each)(void *context, const struct event *ev, const struct symbols *symbols,
	    const struct event_sources *sources);
	void *context;
};

static bool
sift(void *context, const struct row *row)
{
	const struct sieve *sieve = context;
	const struct symbols *symbols = row->has_symbols ? &row->symbols : NULL;

	if (sieve->filter && !filter_match(sieve->filter, &row->event, symbols))
		return true;
	return sieve->each(sieve->context, &row->event, symbols, &row->sources);
}

int
store_scan(struct store *store, int64_t since, int64_t until, const char *where,
    bool (*each)(void *context, const struct event *ev, const struct symbols *symbols,
	const struct event_sources *sources),
    void *context, struct err *err)
{
	struct sieve sieve = {.each = each, .context = context};
	struct filter *filter = NULL;
	struct scan scan;
	int result;

	scan_all(&scan, since, until);
	if (where) {
		if (filter_compile(str_of(where), &filter, err) < 0)
			return -1;
		scan.kinds = kinds_of(filter);
		sieve.filter = filter;
	}
	result = store->sort->scan(store, &scan, sift, &sieve, err);
	filter_free(filter);
	return result;
}

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
};

/* The fields that are numbers, which plan_needs() and plan_reads() leave out. */
static void
add_fields(const struct query *query, uint64_t fields[2])
{
	for (unsigned k = 0; k < query->key_count; k++) {
		enum field field = query->keys[k].field;

		fields[field / 64] |= UINT64_C(1) << (field % 64);
	}
	for (unsigned m = 0; m < query->measure_count; m++) {
		enum field field = query->measures[m].field;

		fields[field / 64] |= UINT64_C(1) << (field % 64);
	}
}

/* Takes away from KINDS those whose events TEXT never lets through. */
static int
narrow(const char *text, uint64_t *kinds, struct err *err)
{
	struct filter *filter;

	if (!text)
		return 0;
	if (filter_compile(str_of(text), &filter, err) < 0)
		return -1;
	*kinds &= kinds_of(filter);
	filter_free(filter);
	return 0;
}

/* Number NAME's text in the fold's dictionaries. */
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
			number_text(batch, ev, word * 64 + (unsigned)__builtin_ctzll(bits), row);
	}
	if (!row->has_symbols)
		return;
	for (unsigned field = 0; field < FIELDS; field++)
		if (event_fields[field].domain != DOMAIN_NONE && field != FIELD_source &&
		    event_knows(&row->event, field) &&
		    event_text_member(&row->event, field)->len == 0)
			number_text(batch, ev, (enum field)field, row);
}

/* When a dictionary is full, the texts that occur least go: see fold_cap_symbols(). */
static void
cap(struct batch *batch)
{
	uint32_t *remap[DOMAINS];
	struct symbols symbols;
	struct fold *fold;

	fold_cap(batch->fold);
	if (!fold_cap_symbols(batch->fold, &symbols, remap))
		return;
	fold = fold_new(batch->plan, &query_limits_default, &symbols);
	fold_merge(fold, batch->fold, (const uint32_t *const *)remap);
	fold_free(batch->fold);
	symbols_free(&batch->symbols);
	batch->symbols = symbols;
	fold_move(fold, &batch->symbols);
	batch->fold = fold;
	symbols_remap_free(remap);
}

static void
flush(struct batch *batch)
{
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
	cap(batch);
}

static bool
take(void *context, const struct row *row)
{
	struct batch *batch = context;
	struct event *ev = &batch->events[batch->count];

	*ev = row->event;
	number_texts(batch, ev, row);
	if (row->used)
		ev->line = arena_str(&batch->lines, (struct str){row->line, row->used}).p;
	if (++batch->count == FOLD_BATCH || batch->lines.used > BATCH_BYTES)
		flush(batch);
	return true;
}

static struct table *
fold_scan(struct store *store, struct plan *plan, const struct scan *scan, uint32_t limit,
    struct err *err)
{
	struct batch *batch = xcalloc(1, sizeof(*batch));
	struct table *table = NULL;

	batch->plan = plan;
	batch->events = xcalloc(FOLD_BATCH, sizeof(*batch->events));
	symbols_init(&batch->symbols);
	batch->fold = fold_new(plan, &query_limits_default, &batch->symbols);
	for (unsigned kind = 0; kind < KINDS; kind++)
		plan_needs(plan, (enum kind)kind, batch->needs[kind]);
	if (store->sort->scan(store, scan, take, batch, err) == 0) {
		flush(batch);
		table = fold_table(batch->fold, 0, limit);
	}
	fold_free(batch->fold);
	symbols_free(&batch->symbols);
	arena_free(&batch->lines);
	free(batch->events);
	free(batch);
	return table;
}

int
store_query(struct store *store, const struct query *query, const char *where,
    int64_t since, int64_t until, struct table **ret, struct err *err)
{
	struct scan scan = {.since = since, .until = until, .kinds = UINT64_MAX};
	struct table *table;
	struct plan *plan;

	if (narrow(where, &scan.kinds, err) < 0 || narrow(query->where, &scan.kinds, err) < 0 ||
	    plan_compile(&query, 1, where, &plan, err) < 0)
		return -1;
	plan_reads(plan, scan.fields);
	add_fields(query, scan.fields);
	table = fold_scan(store, plan, &scan, query->limit, err);
	plan_free(plan);
	if (!table)
		return -1;
	*ret = table;
	return 0;
}
