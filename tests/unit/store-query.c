/* SPDX-License-Identifier: Apache-2.0
 *
 * Questions put to stores against the same fold over the same events without one, cell by
 * cell: each by itself (which SQL counts together) and all in one go, with and without
 * a period and a filter.
 */
#include "base/civil.h"
#include "store-kit.h"

#define EVENTS 6000
#define START (INT64_C(1767225600) * USEC_PER_SEC) /* 2026-01-01 */

static struct kit_event *events;

static const int64_t edges[] = {100000, 1000000, 10000000};

#define COUNT(n) {.name = n, .op = MEASURE_COUNT}

static const struct query queries[] = {
    {.name = "kinds", .keys = {{.field = FIELD_kind}}, .key_count = 1,
	.measures = {COUNT("count")}, .measure_count = 1},
    {.name = "all", .measures = {COUNT("count"),
	{.name = "first", .op = MEASURE_FIRST}, {.name = "last", .op = MEASURE_LAST},
	{.name = "people", .op = MEASURE_DISTINCT, .field = FIELD_user},
	{.name = "nets", .op = MEASURE_DISTINCT, .field = FIELD_ip, .function = KEY_NET}},
	.measure_count = 5},
    {.name = "clients", .where = "attempt & outcome=failure", .keys = {{.field = FIELD_ip}},
	.key_count = 1, .skip_absent = true, .limit = 7, .measures = {COUNT("count"),
	{.name = "users", .op = MEASURE_DISTINCT, .field = FIELD_user},
	{.name = "last", .op = MEASURE_LAST}}, .measure_count = 3},
    {.name = "networks", .keys = {{.field = FIELD_ip, .function = KEY_NET}},
	.key_count = 1, .measures = {COUNT("count"), {.name = "anna", .op = MEASURE_COUNT,
	.where = "user = anna"}}, .measure_count = 2, .order = 1, .at_least = 1},
    {.name = "domains", .where = "kind=delivery",
	.keys = {{.field = FIELD_recipient, .function = KEY_DOMAIN}}, .key_count = 1,
	.measures = {COUNT("count"),
	{.name = "p50", .op = MEASURE_QUANTILE, .field = FIELD_delay, .quantile = 0.5},
	{.name = "p99", .op = MEASURE_QUANTILE, .field = FIELD_delay, .quantile = 0.99},
	{.name = "bytes", .op = MEASURE_SUM, .field = FIELD_size},
	{.name = "least", .op = MEASURE_MIN, .field = FIELD_delay},
	{.name = "most", .op = MEASURE_MAX, .field = FIELD_size}}, .measure_count = 6},
    {.name = "slow", .keys = {{.field = FIELD_status}}, .key_count = 1, .order = 0,
	.measures = {{.name = "p90", .op = MEASURE_QUANTILE, .field = FIELD_delay,
	.quantile = 0.9}}, .measure_count = 1},
    {.name = "hours", .keys = {{.field = FIELD_time, .function = KEY_HOUR},
	{.field = FIELD_kind}}, .key_count = 2, .order = QUERY_BY_KEY,
	.measures = {COUNT("count"), {.name = "first", .op = MEASURE_FIRST}},
	.measure_count = 2},
    {.name = "days", .keys = {{.field = FIELD_time, .function = KEY_DAY}}, .key_count = 1,
	.order = QUERY_BY_KEY, .ascending = true, .measures = {COUNT("count")},
	.measure_count = 1},
    {.name = "delays", .keys = {{.field = FIELD_delay, .function = KEY_BUCKET,
	.edges = edges, .edge_count = 3}, {.field = FIELD_status}}, .key_count = 2,
	.order = QUERY_BY_KEY, .measures = {COUNT("count")}, .measure_count = 1},
    {.name = "ranks", .keys = {{.field = FIELD_rank}, {.field = FIELD_outcome},
	{.field = FIELD_truncated}}, .key_count = 3, .order = QUERY_BY_KEY,
	.measures = {COUNT("count")}, .measure_count = 1},
    {.name = "big ports", .keys = {{.field = FIELD_port}}, .key_count = 1, .limit = 5,
	.measures = {COUNT("count")}, .measure_count = 1},
    {.name = "texts", .where = "text ~ blocked | size > 100k",
	.keys = {{.field = FIELD_sender}}, .key_count = 1, .skip_zero = true,
	.measures = {COUNT("count"), {.name = "mx", .op = MEASURE_COUNT,
	.where = "host = mx1"}}, .measure_count = 2},
    {.name = "weights", .where = "count > 2", .keys = {{.field = FIELD_host}},
	.key_count = 1, .measures = {COUNT("count")}, .measure_count = 1},
    {.name = "late", .where = "time > 2026-01-02", .keys = {{.field = FIELD_source}},
	.key_count = 1, .measures = {COUNT("count")}, .measure_count = 1},
    {.name = "one", .where = "ip = 198.51.100.7 & user != anna",
	.keys = {{.field = FIELD_user}}, .key_count = 1, .measures = {COUNT("count")},
	.measure_count = 1},
    {.name = "net", .where = "ip in 2001:db8::/33", .keys = {{.field = FIELD_ip}},
	.key_count = 1, .measures = {COUNT("count")}, .measure_count = 1},
    {.name = "scores", .keys = {{.field = FIELD_verdict}}, .key_count = 1,
	.measures = {COUNT("count"), {.name = "sum", .op = MEASURE_SUM,
	.field = FIELD_score}, {.name = "min", .op = MEASURE_MIN, .field = FIELD_score}},
	.measure_count = 3},
};

#define QUERIES (sizeof(queries) / sizeof(*queries))

static const struct query *all_queries[QUERIES];

static void
text_of(struct kit_event *to, enum field field, const char *const *choice, unsigned n)
{
	unsigned which = kit_random() % (n + 1);

	if (which < n)
		kit_text(to, field, str_of(choice[which]));
}

#define CHOOSE(to, field, ...)                                                              \
	do {                                                                                \
		static const char *const choice_[] = {__VA_ARGS__};                         \
		text_of((to), (field), choice_, sizeof(choice_) / sizeof(*choice_));        \
	} while (0)

static void
make_texts(struct kit_event *to)
{
	char text[64];
	uint32_t r = kit_random();
	int n = snprintf(text, sizeof(text), r & 1 ? "198.51.100.%u" : r & 2 ?
	    "2001:db8:%x::1" : "::ffff:203.0.113.%u", (r >> 8) % (r & 1 ? 20 : 0xffff % 256));

	if (r & 0x1c)
		kit_text(to, FIELD_ip, (struct str){text, (size_t)n});
	else
		CHOOSE(to, FIELD_ip, "unknown");
	CHOOSE(to, FIELD_host, "mx1", "mx2");
	CHOOSE(to, FIELD_user, "anna", "bob", "Anna", "a\xff", "");
	CHOOSE(to, FIELD_sender, "", "a@example.test", "b@EXAMPLE.test", "x", "@");
	CHOOSE(to, FIELD_recipient, "u@one.example", "v@One.Example", "w@two.example", "z@");
	CHOOSE(to, FIELD_status, "sent", "deferred", "bounced");
	CHOOSE(to, FIELD_verdict, "clean", "spam");
	CHOOSE(to, FIELD_text, "Client host blocked", "no", "more of it");
}

static void
make_numbers(struct kit_event *to)
{
	struct event *ev = &to->event;
	uint32_t r = kit_random();

	if (r & 1)
		EVENT_SET(ev, delay, (int64_t)(kit_random() % 20000) * 1000);
	if (r & 2)
		EVENT_SET(ev, size, (int64_t)kit_random() % 200000);
	if (r & 4)
		EVENT_SET(ev, rank, (int64_t)(kit_random() % 9) - 3);
	if (r & 8)
		EVENT_SET(ev, outcome, (uint8_t)(kit_random() % 4));
	if (r & 16)
		EVENT_SET(ev, truncated, (r & 32) != 0);
	if (r & 64)
		EVENT_SET(ev, score, (int64_t)(kit_random() % 20000) - 9000);
	if ((r & 0x380) == 0) {
		EVENT_SET(ev, count, (int64_t)(kit_random() % 5));
		ev->weight = (uint32_t)ev->count;
	}
	if ((r & 0x1fc00) == 0) {
		EVENT_SET(ev, count, UINT32_MAX);
		ev->weight = UINT32_MAX;
	}
	if (r & 0x20000)
		EVENT_SET(ev, port, (int64_t)(kit_random() % 40) << 27);
	if (r & 0x40000) {
		ev->source_no = r >> 20 & 1;
		event_mark(ev, FIELD_source);
	}
}

static void
make_events(void)
{
	static const enum kind kinds[] = {KIND_connect, KIND_attempt, KIND_delivery,
	    KIND_message, KIND_policy};

	for (unsigned i = 0; i < EVENTS; i++) {
		kit_begin(&events[i], i, START + (int64_t)(kit_random() % 300000) *
		    USEC_PER_SEC - (i % 100 ? 0 : START + USEC_PER_DAY),
		    kinds[kit_random() % 5]);
		make_texts(&events[i]);
		make_numbers(&events[i]);
	}
}

static void
write_events(struct store *store)
{
	struct err err = {""};

	kit_must(store_begin(store, &err), &err, "begin");
	for (unsigned i = 0; i < EVENTS; i++)
		kit_must(kit_write(store, &events[i], &err), &err, "event");
	kit_must(store_commit(store, &err), &err, "commit");
}

/* The answer to QUERY without a store. */
static struct table *
fold_events(const struct query *query, const char *where, int64_t since, int64_t until)
{
	uint32_t order = 0;
	struct symbols symbols;
	struct table *table;
	struct plan *plan;
	struct fold *fold;
	struct err err = {""};

	kit_must(plan_compile(&query, 1, where, &plan, &err), &err, query->name);
	symbols_init(&symbols);
	fold = fold_new(plan, &query_limits_default, &symbols);
	for (unsigned i = 0; i < EVENTS; i++) {
		struct event ev = events[i].event;
		uint64_t needs[2];

		if (ev.time < since || ev.time >= until)
			continue;
		plan_needs(plan, (enum kind)ev.kind, needs);
		for (unsigned field = 0; field < FIELDS; field++)
			if (needs[field / 64] >> (field % 64) & 1)
				event_text_member(&ev, (enum field)field)->id =
				    !event_knows(&ev, (enum field)field) ? SYMBOL_ABSENT :
				    symbols_get(&symbols, event_fields[field].domain,
					field == FIELD_source ?
					str_of(kit_source_names[ev.source_no]) :
					event_text(&ev, (enum field)field, NULL));
		fold_reserve(fold);
		fold_kind(fold, (enum kind)ev.kind, &ev, &order, 1);
	}
	table = fold_table(fold, 0, query->limit);
	fold_free(fold);
	symbols_free(&symbols);
	plan_free(plan);
	return table;
}

static void
compare(struct store *store, const char *where, int64_t since, int64_t until,
    const char *what)
{
	struct store_range range = {since, until, where, NULL};
	struct table *tables[QUERIES], *alone;
	struct err err = {""};
	size_t rows = 0;

	kit_must(store_queries(store, all_queries, QUERIES, &range, tables, &err), &err, what);
	for (size_t q = 0; q < QUERIES; q++) {
		struct table *want = fold_events(&queries[q], where, since, until);

		kit_must(store_query(store, &queries[q], where, since, until, &alone, &err),
		    &err, queries[q].name);
		ok(kit_same_table(want, alone), "%s, %s", queries[q].name, what);
		ok(kit_same_table(want, tables[q]), "%s, %s, with the others", queries[q].name,
		    what);
		rows += want->row_count;
		table_free(want);
		table_free(alone);
		table_free(tables[q]);
	}
	ok(rows > QUERIES / 2, "%zu rows", rows);
}

static void
test_errors(struct store *store)
{
	struct query bad = queries[0];
	struct table *table = NULL;
	struct err err = {""};

	ok(store_query(store, &queries[0], "colour = red", 0, 1, &table, &err) < 0,
	    "a filter that is none: %s", err.text);
	bad.where = "colour = red";
	ok(store_query(store, &bad, NULL, 0, 1, &table, &err) < 0, "nor a query's: %s",
	    err.text);
	ok(!table, "and no table");
}

static void
test_store(const char *url)
{
	struct store *store = kit_open(url);

	printf("# %s\n", url);
	write_events(store);
	compare(store, NULL, INT64_MIN, INT64_MAX, "all");
	compare(store, NULL, START + USEC_PER_DAY, START + 2 * USEC_PER_DAY, "a day");
	compare(store, "ip in 198.51.100.0/28 & !(user = bob)", INT64_MIN, INT64_MAX,
	    "a network");
	compare(store, "user = anna | attempt", START, INT64_MAX, "anna or attempts");
	zone_set("Asia/Kathmandu", &(struct err){""});
	compare(store, "kind != policy", INT64_MIN, INT64_MAX, "in Kathmandu");
	zone_set("XXX-1:07", &(struct err){""});
	compare(store, NULL, INT64_MIN, INT64_MAX, "where hours begin anywhere");
	zone_set("UTC", &(struct err){""});
	test_errors(store);
	store_close(store);
}

int
main(void)
{
	kit_enter();
	zone_set("UTC", &(struct err){""});
	for (size_t q = 0; q < QUERIES; q++)
		all_queries[q] = &queries[q];
	events = xcalloc(EVENTS, sizeof(*events));
	make_events();
	test_store("sqlite:query.db");
	test_store("memory:");
	free(events);
	kit_leave();
	return tap_done();
}
