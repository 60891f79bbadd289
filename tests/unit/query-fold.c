/* SPDX-License-Identifier: Apache-2.0
 *
 * Folds of made-up deliveries: against sums made by hand, against sort for the
 * quantiles, one fold against two halves merged, and with the caps forced small.
 */
#include <stdlib.h>

#include "base/civil.h"
#include "query/room.h"
#include "query-kit.h"
#include "tap.h"

#define EVENTS 5000

struct fact {
	unsigned recipient, domain, status;
	int64_t delay, time;
};

static struct fact facts[EVENTS];
static uint32_t weight = 1; /* of each event */
static const char *const statuses[] = {"sent", "deferred", "bounced"};

static const struct query by_domain = {
    .name = "delivery",
    .where = "kind=delivery",
    .keys = {{.field = FIELD_recipient, .function = KEY_DOMAIN}},
    .key_count = 1,
    .measures =
	{
	    {.name = "count", .op = MEASURE_COUNT},
	    {.name = "sent", .op = MEASURE_COUNT, .where = "status=sent"},
	    {.name = "people", .op = MEASURE_DISTINCT, .field = FIELD_recipient},
	    {.name = "p50", .op = MEASURE_QUANTILE, .field = FIELD_delay, .quantile = 0.5},
	    {.name = "p99", .op = MEASURE_QUANTILE, .field = FIELD_delay, .quantile = 0.99},
	    {.name = "first", .op = MEASURE_FIRST},
	    {.name = "longest", .op = MEASURE_MAX, .field = FIELD_delay},
	    {.name = "status", .op = MEASURE_LATEST, .field = FIELD_status},
	},
    .measure_count = 8,
};

static const struct query by_status_hour = {
    .name = "hours",
    .where = "kind=delivery",
    .keys = {{.field = FIELD_status}, {.field = FIELD_time, .function = KEY_HOUR}},
    .key_count = 2,
    .measures = {{.name = "count", .op = MEASURE_COUNT}},
    .measure_count = 1,
    .order = QUERY_BY_KEY,
};

static const struct query by_pair = {
    .name = "pairs",
    .where = "kind=delivery",
    .keys = {{.field = FIELD_status}, {.field = FIELD_recipient, .function = KEY_DOMAIN}},
    .key_count = 2,
    .measures = {{.name = "count", .op = MEASURE_COUNT}},
    .measure_count = 1,
};

static const struct query totals = {
    .name = "totals",
    .where = "kind=delivery",
    .keys = {{.field = FIELD_recipient}},
    .key_count = 1,
    .measures = {{.name = "count", .op = MEASURE_COUNT},
	{.name = "bounced", .op = MEASURE_COUNT, .where = "status=bounced"}},
    .measure_count = 2,
    .no_rows = true,
};

static const struct query with_rows = {
    .name = "rows",
    .where = "kind=delivery",
    .keys = {{.field = FIELD_recipient}},
    .key_count = 1,
    .measures = {{.name = "count", .op = MEASURE_COUNT},
	{.name = "bounced", .op = MEASURE_COUNT, .where = "status=bounced"}},
    .measure_count = 2,
};

/* Rows are wanted when one recipient has so much mail, or so much that bounced. */
#define WORTH(all, bounces)                                                                 \
	{                                                                                   \
		.name = "worth", .where = "kind=delivery",                                  \
		.keys = {{.field = FIELD_recipient}}, .key_count = 1,                       \
		.measures = {{.name = "count", .op = MEASURE_COUNT},                        \
		    {.name = "bounced", .op = MEASURE_COUNT, .where = "status=bounced"}},   \
		.measure_count = 2, .unsorted = true, .worth = {all, bounces},              \
	}

static const struct query nothing_worth = WORTH(EVENTS, EVENTS);
static const struct query bounce_worth = WORTH(EVENTS, 1);

static const struct query *const queries[] = {
    &by_domain, &by_status_hour, &totals, &with_rows, &nothing_worth, &bounce_worth,
    &by_pair};

static void
make_facts(void)
{
	unsigned seed = 12345;

	for (int i = 0; i < EVENTS; i++) {
		seed = seed * 1103515245 + 12345;
		facts[i].domain = (seed >> 16) % 97 % (1 + (seed >> 20) % 40);
		facts[i].recipient = (seed >> 12) % 300;
		facts[i].status = (seed >> 9) % 11 < 8 ? 0 : (seed >> 9) % 3;
		/* Two digits, as Postfix prints them: 0.01 s to 99 s. */
		facts[i].delay = (int64_t)((seed >> 8) % 100) * 10000;
		for (unsigned k = (seed >> 17) % 3; k; k--)
			facts[i].delay *= 10;
		facts[i].time = (int64_t)i * 3 * USEC_PER_SEC;
	}
	/* A stamp somebody invented: in its year an hour's code has all 32 bits. */
	facts[EVENTS - 1].time = civil_days(6243, 1, 1) * USEC_PER_DAY;
}

/* Folds facts [from, to), whose texts SYMBOLS numbers. */
static void
fold_more(struct fold *fold, struct symbols *symbols, int from, int to)
{
	static struct event events[FOLD_BATCH];
	static uint32_t order[FOLD_BATCH];
	char text[64];

	for (int at = from; at < to; at += (int)FOLD_BATCH) {
		size_t n = 0;

		for (int i = at; i < to && n < FOLD_BATCH; i++, n++) {
			struct event *ev = &events[n];

			snprintf(text, sizeof(text), "u%u@d%u.test", facts[i].recipient,
			    facts[i].domain);
			*ev = (struct event){.line = "", .weight = weight,
			    .kind = KIND_delivery};
			event_mark(ev, FIELD_kind);
			EVENT_SET(ev, time, facts[i].time);
			EVENT_SET(ev, delay, facts[i].delay);
			ev->recipient.id = symbols_get(symbols, DOMAIN_ADDRESS, str_of(text));
			event_mark(ev, FIELD_recipient);
			ev->status.id = symbols_get(symbols, DOMAIN_WORD,
			    str_of(statuses[facts[i].status]));
			event_mark(ev, FIELD_status);
			order[n] = (uint32_t)n;
		}
		fold_reserve(fold);
		fold_kind(fold, KIND_delivery, events, order, n);
	}
}

/* Facts [from, to) as a fold with its own symbols. */
static struct fold *
fold_facts(const struct plan *plan, const struct query_limits *limits, struct symbols *symbols,
    int from, int to)
{
	struct fold *fold = fold_new(plan, limits, symbols);

	fold_more(fold, symbols, from, to);
	fold_cap(fold);
	return fold;
}

static int
compare_delays(const void *a, const void *b)
{
	int64_t x, y;

	memcpy(&x, a, sizeof(x));
	memcpy(&y, b, sizeof(y));
	return x < y ? -1 : x > y;
}

/* The truth about one domain, the slow way. */
static void
check_domain(const struct table *table, size_t row)
{
	static int64_t delays[EVENTS];
	const struct cell *cell = table_cell(table, row, 0);
	bool seen[300] = {false};
	int64_t count = 0, sent = 0, people = 0;
	const char *status = "";
	unsigned domain = (unsigned)strtoul(cell->text.p + 1, NULL, 10);
	bool good;

	for (int i = 0; i < EVENTS; i++) {
		if (facts[i].domain != domain)
			continue;
		delays[count++] = facts[i].delay;
		sent += facts[i].status == 0;
		status = statuses[facts[i].status];
		people += !seen[facts[i].recipient];
		seen[facts[i].recipient] = true;
	}
	qsort(delays, (size_t)count, sizeof(*delays), compare_delays);
	good = cell[1].n == count && cell[2].n == sent && cell[3].n == people;
	good = good && str_eq(cell[8].text, str_of(status));
	good = good && cell[4].n == delays[(count + 1) / 2 - 1];
	good = good && cell[5].n == delays[(count * 99 + 99) / 100 - 1];
	good = good && cell[7].n == delays[count - 1];
	ok(good, "domain %u: counts and quantiles as by sort", domain);
}

/* Facts cut at CUT and merged. */
static struct fold *
merged(const struct plan *plan, const struct query_limits *limits, struct symbols symbols[2],
    int cut)
{
	struct fold *first, *second;
	uint32_t *remap[DOMAINS];

	symbols_init(&symbols[0]);
	symbols_init(&symbols[1]);
	first = fold_facts(plan, limits, &symbols[0], 0, cut);
	second = fold_facts(plan, limits, &symbols[1], cut, EVENTS);
	symbols_merge(&symbols[0], &symbols[1], remap);
	fold_merge(first, second, (const uint32_t *const *)remap);
	symbols_remap_free(remap);
	fold_free(second);
	symbols_free(&symbols[1]);
	return first;
}

static void
test_exact(const struct plan *plan)
{
	struct symbols symbols, halves[2];
	struct fold *whole, *joined;
	struct table *table;

	symbols_init(&symbols);
	whole = fold_facts(plan, &query_limits_default, &symbols, 0, EVENTS);
	table = fold_table(whole, 0, 10);
	is_number((int64_t)table->row_count, 10, "limit keeps ten rows");
	is_number(table->total[1].n, EVENTS, "the total is over all groups");
	for (size_t row = 0; row < table->row_count; row++)
		check_domain(table, row);
	for (size_t row = 1; row < table->row_count; row++)
		if (table_cell(table, row - 1, 1)->n < table_cell(table, row, 1)->n)
			ok(false, "row %zu is in order", row);
	table_free(table);
	for (int cut = 0; cut <= EVENTS; cut += 1250) {
		joined = merged(plan, &query_limits_default, halves, cut);
		for (size_t q = 0; q < 2; q++) {
			struct table *a = fold_table(whole, q, 0),
			    *b = fold_table(joined, q, 0);

			ok(tables_same(a, b), "query %zu cut at %d and merged is the same",
			    q, cut);
			table_free(a);
			table_free(b);
		}
		fold_free(joined);
		symbols_free(&halves[0]);
	}
	fold_free(whole);
	symbols_free(&symbols);
}

/* "message repeated 4294967295 times", often: no count of that ends at 32 bits. */
static void
test_weights(const struct plan *plan)
{
	struct symbols symbols, halves[2];
	struct fold *whole, *joined;
	struct table *a, *b;

	weight = UINT32_MAX;
	symbols_init(&symbols);
	whole = fold_facts(plan, &query_limits_default, &symbols, 0, EVENTS);
	joined = merged(plan, &query_limits_default, halves, EVENTS / 2);
	weight = 1;
	a = fold_table(whole, 0, 10);
	b = fold_table(joined, 0, 10);
	for (size_t row = 0; row < a->row_count; row++)
		is_number(table_cell(b, row, 4)->n, table_cell(a, row, 4)->n,
		    "a median of very many, merged");
	ok(tables_same(a, b), "and all else");
	is_number(a->total[1].n, EVENTS * (int64_t)UINT32_MAX, "and as much as was told");
	table_free(a);
	table_free(b);
	fold_free(whole);
	fold_free(joined);
	symbols_free(&symbols);
	symbols_free(&halves[0]);
}

/* After 2^31 events, counted one by one, all that a cell of four bytes can have. */
static struct fold *
nearly_full(const struct plan *plan, struct symbols *symbols)
{
	const struct plan_query *query = &plan->queries[0];
	struct fold *fold;
	struct rows *rows;
	uint32_t group;

	symbols_init(symbols);
	fold = fold_facts(plan, &query_limits_default, symbols, 0, 1);
	rows = fold_rows(fold, query);
	group = fold_group_count(fold, query) - 1;
	rows_at(rows, group)[query->offset + query->measures[0].cell] = UINT32_MAX;
	fold->units = COUNT_OVER;
	return fold;
}

static void
test_full_counts(const struct plan *plan)
{
	struct symbols symbols[2];
	struct fold *fold = nearly_full(plan, &symbols[0]), *other;
	struct table *table = fold_table(fold, 0, 0);
	uint32_t *remap[DOMAINS];

	is_number(table_cell(table, 0, 1)->n, UINT32_MAX, "a count of 32 bits");
	table_free(table);
	fold_more(fold, &symbols[0], 0, 1);
	other = nearly_full(plan, &symbols[1]);
	symbols_merge(&symbols[0], &symbols[1], remap);
	fold_merge(fold, other, (const uint32_t *const *)remap);
	table = fold_table(fold, 0, 0);
	is_number((int64_t)table->row_count, 1, "one group");
	is_number(table_cell(table, 0, 1)->n, 2 * (int64_t)UINT32_MAX + 1,
	    "one more, and the same again");
	is_number(table_cell(table, 0, 3)->n, 1, "other cells are as they were");
	table_free(table);
	symbols_remap_free(remap);
	fold_free(fold);
	fold_free(other);
	symbols_free(&symbols[0]);
	symbols_free(&symbols[1]);
}

/* The events of the batch before which room is made are counted after it. */
static void
test_counts_of_full_batch(const struct plan *plan)
{
	const struct plan_query *query = &plan->queries[0];
	struct symbols symbols;
	struct fold *fold = nearly_full(plan, &symbols);
	size_t at = row_begin(fold_rows(fold, query), query,
	    fold_group_count(fold, query) - 1) + query->measures[0].cell;

	fold_more(fold, &symbols, 0, 1);
	/* As after so many more, one by one. */
	((uint32_t *)(void *)fold_rows(fold, query)->words.p)[at] +=
	    (uint32_t)(COUNT_OVER - fold->units);
	fold->units = COUNT_OVER;
	is_number((int64_t)rows_value(fold_rows(fold, query), at, CELL_COUNT),
	    (int64_t)(UINT32_MAX + COUNT_OVER), "as many again and no more: none is lost");
	fold_free(fold);
	symbols_free(&symbols);
}

/* Totals and spread without rows are those of the rows. */
static void
test_totals(const struct plan *plan)
{
	struct symbols halves[2];
	struct fold *fold = merged(plan, &query_limits_default, halves, EVENTS / 3);
	struct table *none = fold_table(fold, 2, 0), *rows = fold_table(fold, 3, 0);
	int64_t bounced = 0;
	uint64_t spread = 0;

	for (size_t row = 0; row < rows->row_count; row++) {
		bounced += table_cell(rows, row, 2)->n;
		spread += table_cell(rows, row, 2)->n != 0;
	}
	is_number((int64_t)none->row_count, 0, "no_rows: no rows");
	is_number((int64_t)none->groups, (int64_t)rows->row_count, "but as many groups");
	is_number(none->total[2].n, bounced, "the total of a measure");
	is_number((int64_t)none->spread[2], (int64_t)spread, "and how many groups have it");
	is_number((int64_t)rows->spread[1], (int64_t)rows->row_count,
	    "every group has events");
	ok(spread > 0 && spread < rows->row_count, "some have it, some have not");
	table_free(none);
	table_free(rows);
	fold_free(fold);
	symbols_free(&halves[0]);
}

static void
test_worth(const struct plan *plan)
{
	struct symbols halves[2];
	struct fold *fold = merged(plan, &query_limits_default, halves, EVENTS / 3);
	struct table *all = fold_table(fold, 3, 0), *none = fold_table(fold, 4, 0),
		     *some = fold_table(fold, 5, 0);

	is_number((int64_t)none->row_count, 0, "none is worth a row: no rows");
	is_number((int64_t)none->groups, (int64_t)all->groups, "but as many groups");
	is_number(none->total[1].n, EVENTS, "and the total");
	is_number((int64_t)some->row_count, (int64_t)all->row_count, "one is: rows of all");
	table_free(all);
	table_free(none);
	table_free(some);
	fold_free(fold);
	symbols_free(&halves[0]);
}

/* A sample of the recipients says of all domains together how many there are, about. */
static void
test_sample(const struct plan *plan)
{
	struct query_limits small = query_limits_default;
	struct symbols halves[2], whole[2];
	struct fold *exact = merged(plan, &query_limits_default, whole, EVENTS / 2), *fold;
	struct table *truth = fold_table(exact, 0, 0), *table;
	int64_t people = 0, sampled = 0;

	small.distinct = 500;
	fold = merged(plan, &small, halves, EVENTS / 2);
	table = fold_table(fold, 0, 0);
	for (size_t row = 0; row < truth->row_count; row++)
		people += table_cell(truth, row, 3)->n;
	for (size_t row = 0; row < table->row_count; row++)
		sampled += table_cell(table, row, 3)->n;
	ok(people > 1000 && !table->exact, "%lld people are more than the cap",
	    (long long)people);
	ok(sampled > people * 8 / 10 && sampled < people * 12 / 10,
	    "a sample of them says %lld", (long long)sampled);
	table_free(truth);
	table_free(table);
	fold_free(exact);
	fold_free(fold);
	symbols_free(&whole[0]);
	symbols_free(&halves[0]);
}

static void
test_caps(const struct plan *plan)
{
	struct query_limits small = {.groups = 6, .distinct = 200, .symbols = 1u << 20};
	struct symbols halves[2];
	struct fold *fold = merged(plan, &small, halves, EVENTS / 2);
	struct table *table = fold_table(fold, 1, 0);

	ok(!table->exact && table->note, "groups over the cap: says it is not exact");
	ok(table->row_count <= 6, "and keeps no more than the cap");
	ok(table->groups > 6, "but tells how many there were (%llu)",
	    (unsigned long long)table->groups);
	ok(!table->total[2].known, "a total without those that were dropped is not told");
	table_free(table);
	table = fold_table(fold, 0, 3);
	ok(!table->exact && table->note, "distinct values over the cap: says it is not exact");
	is_number(table_cell(table, 0, 1)->n > 0, 1, "counts go on");
	table_free(table);
	fold_free(fold);
	symbols_free(&halves[0]);
}

static void
test_symbol_cap(const struct plan *plan)
{
	struct query_limits small = {.groups = 10000, .distinct = 100000, .symbols = 60};
	struct symbols symbols, kept;
	uint32_t *remap[DOMAINS];
	struct fold *fold, *capped;
	struct table *exact, *table;
	size_t dropped = 0;

	symbols_init(&symbols);
	fold = fold_facts(plan, &small, &symbols, 0, EVENTS);
	exact = fold_table(fold, 0, 3);
	ok(fold_cap_symbols(fold, &kept, remap), "a dictionary over its cap is seen");
	capped = fold_new(plan, &small, &kept);
	fold_merge(capped, fold, (const uint32_t *const *)remap);
	table = fold_table(capped, 0, 3);
	ok(kept.dict[DOMAIN_ADDRESS].count <= 62, "and brought below it");
	ok(str_eq(table_cell(exact, 0, 0)->text, table_cell(table, 0, 0)->text),
	    "what occurred most is kept");
	is_number(table->total[1].n, EVENTS, "nothing is lost from the total");
	table_free(exact);
	table_free(table);
	table = fold_table(capped, 6, 0);
	for (size_t row = 0; row < table->row_count; row++)
		dropped += str_eq(table_cell(table, row, 1)->text, STR("\xff"));
	ok(table->row_count > 0 && dropped == 0, "what stands for the dropped is in no row");
	ok(!table->exact && table->note, "of several keys either, and that is said");
	is_number(table->total[2].n, EVENTS, "nor lost from their total");
	table_free(table);
	symbols_remap_free(remap);
	fold_free(fold);
	fold_free(capped);
	symbols_free(&symbols);
	symbols_free(&kept);
}

/* Texts that were numbered after the last batch have no rows that could be weighed. */
static void
test_symbol_cap_late(const struct plan *plan)
{
	struct query_limits small = {.groups = 1000, .distinct = 100000, .symbols = 60};
	struct symbols symbols, kept;
	uint32_t *remap[DOMAINS];
	struct fold *fold;
	char text[32];

	symbols_init(&symbols);
	fold = fold_facts(plan, &small, &symbols, 0, 1);
	for (int i = 0; i < 1000; i++) {
		snprintf(text, sizeof(text), "late%d@late.test", i);
		symbols_get(&symbols, DOMAIN_ADDRESS, str_of(text));
	}
	ok(fold_cap_symbols(fold, &kept, remap), "texts that no event had fill a dictionary");
	is_number((int64_t)kept.dict[DOMAIN_ADDRESS].count, 3, "and are dropped, all of them");
	symbols_remap_free(remap);
	fold_free(fold);
	symbols_free(&symbols);
	symbols_free(&kept);
}

static void
test_words(void)
{
	struct query query = {.name = "query"};
	struct arena arena = {NULL, 0};
	struct err err;

	ok(query_parse_by(STR("ip, domain(sender),hour(time)"), &query, &arena, &err) == 0 &&
	    query.key_count == 3 && query.keys[1].function == KEY_DOMAIN, "keys");
	ok(query_parse_by(STR("net"), &query, &arena, &err) == 0 &&
	    query.keys[0].field == FIELD_ip, "a function alone takes its usual field");
	ok(query_parse_by(STR("sendr"), &query, &arena, &err) < 0, "a wrong field");
	is_text(err.text, strlen(err.text),
	    "no field is called 'sendr'; did you mean 'sender'?", "names the nearest");
	ok(query_parse_by(STR("net(sender)"), &query, &arena, &err) < 0, "net of an address");
	ok(query_parse_by(STR("time"), &query, &arena, &err) < 0, "bare time is refused");
	ok(query_parse_measures(STR("count,distinct(domain(sender)),p999(delay),sum(size)"),
	    &query, &arena, &err) == 0 && query.measures[2].quantile > 0.998 &&
	    query.measures[2].quantile < 0.9991, "measures");
	ok(query_parse_measures(STR("sum(ip)"), &query, &arena, &err) < 0, "sum of a text");
	ok(query_parse_measures(STR("p50"), &query, &arena, &err) < 0, "p50 of nothing");
	ok(query_parse_measures(STR("p100(delay)"), &query, &arena, &err) == 0 &&
	    query.measures[0].quantile == 1, "p100 is the largest");
	ok(query_parse_measures(STR("p101(delay)"), &query, &arena, &err) < 0,
	    "there is no p101");
	ok(query_parse_measures(STR("p0(delay)"), &query, &arena, &err) < 0, "nor p0");
	ok(query_parse_by(STR("ip,"), &query, &arena, &err) < 0, "an empty word at the end");
	ok(query_parse_by(STR(""), &query, &arena, &err) < 0, "or alone");
	ok(query_parse_by(STR("ip,ip"), &query, &arena, &err) < 0, "one key twice");
	ok(query_parse_by(STR("count"), &query, &arena, &err) == 0 &&
	    query_parse_measures(STR("first,count"), &query, &arena, &err) < 0,
	    "a measure called as a key");
	arena_free(&arena);
}

/* Of events that stand for very many caps leave as many times what they leave of others. */
static void
test_caps_weighted(const struct plan *plan)
{
	struct query_limits small = {.groups = 6, .distinct = 200, .symbols = 1u << 20};
	struct symbols halves[2][2];
	struct fold *fold[2];
	struct table *table[2];

	for (unsigned i = 0; i < 2; i++) {
		weight = i ? UINT32_MAX : 1;
		fold[i] = merged(plan, &small, halves[i], EVENTS / 2);
		table[i] = fold_table(fold[i], 1, 0);
	}
	weight = 1;
	is_number((int64_t)table[1]->row_count, (int64_t)table[0]->row_count,
	    "as many groups");
	for (size_t row = 0; row < table[0]->row_count; row++)
		is_number(table_cell(table[1], row, 2)->n,
		    table_cell(table[0], row, 2)->n * UINT32_MAX, "as many times as many");
	for (unsigned i = 0; i < 2; i++) {
		table_free(table[i]);
		fold_free(fold[i]);
		symbols_free(&halves[i][0]);
	}
}

/* Of a hundred different values the Nth percentile is the Nth. */
static void
test_ranks(void)
{
	struct bar bars[100];
	unsigned wrong = 0;

	for (unsigned n = 1; n <= 100; n++) {
		struct histogram histogram = {.bars = bars, .count = 100, .events = 100};

		for (unsigned i = 0; i < 100; i++)
			bars[i] = (struct bar){bucket_of((int64_t)i + 1), 1};
		wrong += histogram_quantile(&histogram, (double)n / 100) != n;
	}
	is_number(wrong, 0, "percentiles are of the nearest rank");
}

int
main(void)
{
	struct plan *plan;
	struct err err;

	zone_set("UTC", &err);
	make_facts();
	if (plan_compile(queries, sizeof(queries) / sizeof(*queries), NULL, &plan, &err) < 0) {
		ok(false, "plan: %s", err.text);
		return tap_done();
	}
	test_exact(plan);
	test_weights(plan);
	test_full_counts(plan);
	test_counts_of_full_batch(plan);
	test_totals(plan);
	test_worth(plan);
	test_sample(plan);
	test_caps(plan);
	test_caps_weighted(plan);
	test_symbol_cap(plan);
	test_symbol_cap_late(plan);
	test_words();
	test_ranks();
	plan_free(plan);
	return tap_done();
}
