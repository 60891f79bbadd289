/* SPDX-License-Identifier: Apache-2.0
 *
 * Real daemons' logs through the pipeline into stores: every event comes back with the
 * JSON it went in with, and every section of the report has the file's numbers.
 */
#include "base/civil.h"
#include "engine/engine.h"
#include "report/report.h"
#include "store-kit.h"

static char top[4096]; /* where the tests were started */

static const char *const logs[] = {
    "tests/corpus/rsyslog-newyear/mx1.mail.log.gz",
    "tests/corpus/postlog-files/mx1.maillog.gz",
    "tests/corpus/postlog-files/web1.exim-mainlog.gz",
    "tests/corpus/postlog-files/mx1.dovecot.log.gz",
    "tests/corpus/rsyslog-dst/web1.syslog.gz",
};

/* Events, whatever their order. */
struct sum {
	struct store *store; /* where they are written, or NULL */
	uint64_t events, hash;
	struct err err;
};

static bool
add_up(void *context, const struct event *ev, const struct symbols *symbols,
    const struct event_sources *sources)
{
	struct buf json = BUF_INIT(BUF_UNLIMITED);
	struct sum *sum = context;

	event_json(&json, ev, symbols, sources);
	sum->events++;
	sum->hash += hash_bytes(json.p, json.len);
	buf_done(&json);
	return !sum->store || store_event(sum->store, ev, symbols, sources, &sum->err) == 0;
}

static struct run_settings
settings_of(const char *const *name)
{
	return (struct run_settings){.names = name, .name_count = 1, .since = INT64_MIN,
	    .until = INT64_MAX, .year = 2026, .jobs = 1};
}

static void
load(struct store *store, const char *name, const char *what)
{
	struct run_settings settings = settings_of(&name);
	struct sum in = {.store = store}, out = {.store = NULL};
	struct run_result *result;
	struct err err = {""};

	kit_must(store_begin(store, &err), &err, "begin");
	kit_must(run_scan(&settings, add_up, &in, &result, &err), &err, name);
	run_result_free(result);
	kit_must(store_commit(store, &err), &err, "commit");
	kit_must(store_scan(store, INT64_MIN, INT64_MAX, NULL, add_up, &out, &err), &err,
	    "scan");
	ok(in.events == out.events && in.hash == out.hash && !*in.err.text,
	    "%s: %ju events come back from %s", what, (uintmax_t)in.events, store->url);
}

static struct report *
whole_report(void)
{
	struct report *report = report_new(report_format_named(STR("json")));
	const char *const *names;
	size_t count;

	names = report_section_names(&count);
	for (size_t i = 0; i < count; i++)
		report_add(report, str_of(names[i]));
	return report;
}

static int
compare_keys(const void *first, const void *second, void *context)
{
	const struct query *query = context;
	const struct cell *a = first, *b = second;

	for (unsigned k = 0; k < query->key_count; k++) {
		int order = str_compare(a[k].known ? a[k].text : STR(""),
		    b[k].known ? b[k].text : STR(""));

		if (order || a[k].n != b[k].n)
			return order ? order : a[k].n < b[k].n ? -1 : 1;
	}
	return 0;
}

/* Makes the same of answers that may differ: rows in no order. */
static void
settle(const struct query *query, struct table *table)
{
	if (query->unsorted && table->row_count)
		qsort_r(table->cells, table->row_count,
		    table->column_count * sizeof(*table->cells), compare_keys,
		    (void *)(uintptr_t)query);
}

/* A network's clients have many names: which was the last? */
static const struct query last_names = {.name = "last names", .where = "name | user",
    .keys = {{.field = FIELD_ip, .function = KEY_NET}}, .key_count = 1,
    .measures = {{.name = "n", .op = MEASURE_COUNT},
	{.name = "name", .op = MEASURE_LATEST, .field = FIELD_name},
	{.name = "user", .op = MEASURE_LATEST, .field = FIELD_user}},
    .measure_count = 3, .order = QUERY_BY_KEY};

static void
compare(struct store *store, const char *name, const char *what)
{
	struct run_settings settings = settings_of(&name);
	struct store_range all = {INT64_MIN, INT64_MAX, NULL, NULL};
	struct report *report = whole_report();
	const struct query *const *sections, **queries;
	struct run_result *result;
	struct table **tables;
	struct err err = {""};
	size_t count, same = 0;

	kit_must(report_queries(report, &sections, &count, &err), &err, "queries");
	queries = xcalloc(count + 1, sizeof(*queries));
	memcpy(queries, sections, count * sizeof(*queries));
	queries[count++] = &last_names;
	tables = xcalloc(count, sizeof(struct table *));
	kit_must(run_report(&settings, queries, count, &result, &err), &err, name);
	kit_must(store_queries(store, queries, count, &all, tables, &err), &err, "queries");
	for (size_t q = 0; q < count; q++) {
		struct table *alone;

		kit_must(store_query(store, queries[q], NULL, INT64_MIN, INT64_MAX, &alone,
		    &err), &err, "query");
		settle(queries[q], alone);
		settle(queries[q], tables[q]);
		settle(queries[q], result->tables[q]);
		if (kit_same_table(result->tables[q], tables[q]) &&
		    kit_same_table(result->tables[q], alone))
			same++;
		else
			printf("# %s differs\n", queries[q]->name);
		table_free(alone);
		table_free(tables[q]);
	}
	ok(same == count && count > 20, "%s: %zu answers are the file's", what, count);
	free(tables);
	free(queries);
	run_result_free(result);
	report_free(report);
}

/* A report of what only tracking tells, or of a filter that only that matches. */
static void
test_derived(const char *url)
{
	static const char *const filters[] = {"attempt", "derived",
	    "attempt & outcome=failure", "!derived", NULL};
	struct query by_net = {.name = "net", .measure_count = 1,
	    .measures = {{.name = "n", .op = MEASURE_COUNT}}, .order = QUERY_BY_KEY};
	const struct query *const queries[] = {&by_net};

	for (size_t i = 0; i < sizeof(filters) / sizeof(*filters); i++) {
		struct run_settings settings = {.since = INT64_MIN, .until = INT64_MAX,
		    .where = filters[i]};
		struct run_result *result;
		struct err err = {""};

		kit_must(run_stored(url, &settings, queries, 1, &result, &err), &err,
		    "stored");
		ok(result->kept > 0 && result->first <= result->last &&
			table_cell(result->tables[0], 0, 0)->n > 0,
		    "%s: %ju events kept, and their time is known",
		    filters[i] ? filters[i] : "all", (uintmax_t)result->kept);
		run_result_free(result);
	}
}

static void
test_log(const char *url, const char *log)
{
	char *name = xasprintf("%s/%s", top, log);
	struct store *store;

	unlink("report.db");
	unlink("report.db-wal");
	unlink("report.db-shm");
	store = kit_open(url);
	load(store, name, log);
	compare(store, name, log);
	store_close(store);
	free(name);
}

int
main(void)
{
	struct err err = {""};

	kit_must(getcwd(top, sizeof(top)) ? 0 : -1, &err, "getcwd");
	kit_must(zone_set("Europe/Berlin", &err), &err, "zone");
	kit_enter();
	for (size_t i = 0; i < sizeof(logs) / sizeof(*logs); i++) {
		test_log("sqlite:report.db", logs[i]);
		if (i == 0)
			test_derived("sqlite:report.db");
		test_log("memory:", logs[i]);
	}
	kit_leave();
	return tap_done();
}
