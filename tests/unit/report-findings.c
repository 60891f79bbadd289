/* SPDX-License-Identifier: Apache-2.0
 *
 * What is a finding and what is not: the thresholds, from both sides.
 */
#include <jansson.h>

#include "base/civil.h"
#include "report-tables.h"
#include "tap.h"

#define HOUR INT64_C(3600000000)
#define BEGIN INT64_C(1767225600000000)

/* One row of any of the tables findings come from; zeroes where it has no such column. */
struct row {
	const char *table, *user, *ip, *domain, *kind;
	int64_t failures, first, last; /* first failure and last success, hours */
	int64_t hour, recipients, messages, networks;
	int64_t waiting, served, times;
	size_t user_len; /* of a user with a NUL; 0: there is none */
};

static void
set_text(struct table *table, struct cell *cells, const char *column, struct str text)
{
	int c = table_column(table, column);

	if (c >= 0)
		cells[c] =
		    (struct cell){.known = true, .text = arena_str(&table->arena, text)};
}

static void
set(struct table *table, struct cell *cells, const char *column, const char *text, int64_t n)
{
	int c = table_column(table, column);

	if (c < 0)
		return;
	cells[c].known = true;
	cells[c].n = n;
	if (text)
		cells[c].text = arena_str(&table->arena, str_of(text));
}

static struct table *
table_of(const struct query *query, const struct row *rows, size_t n)
{
	static const struct invented none = {"", "", "", 0, 0, true};
	struct table *table = table_new(query->name, query->key_count + query->measure_count);
	struct table *columns =
	    invented_table(query, &(struct invented){"", "", "", 1, 1, true});

	memcpy(
	    table->columns, columns->columns, table->column_count * sizeof(*table->columns));
	table_free(columns);
	if (query->key_count == 0) {
		table_free(table);
		return invented_table(query, &none);
	}
	for (size_t i = 0; i < n; i++) {
		struct cell *cells;

		if (strcmp(rows[i].table, query->name) != 0)
			continue;
		cells = table_row(table);
		set(table, cells, "user", rows[i].user, 0);
		set(table, cells, "ip", rows[i].ip, 0);
		set(table, cells, "domain", rows[i].domain, 0);
		set(table, cells, "kind", rows[i].kind, 0);
		set(table, cells, "program", "postfix/master", 0);
		set(table, cells, "failures", NULL, rows[i].failures);
		set(table, cells, "first_failure", NULL, BEGIN + rows[i].first * HOUR);
		set(table, cells, "last_success", NULL, BEGIN + rows[i].last * HOUR);
		set(table, cells, "hour", NULL, BEGIN + rows[i].hour * HOUR);
		set(table, cells, "recipients", NULL, rows[i].recipients);
		set(table, cells, "messages", NULL, rows[i].messages);
		set(table, cells, "networks", NULL, rows[i].networks);
		set(table, cells, "waiting", NULL, rows[i].waiting);
		set(table, cells, "served", NULL, rows[i].served);
		set(table, cells, "times", NULL, rows[i].times);
		if (rows[i].user_len)
			set_text(table, cells, "user",
			    (struct str){rows[i].user, rows[i].user_len});
	}
	return table;
}

/* The findings of ROWS as JSON. */
static void
print_asked(const struct row *rows, size_t n, const struct report_asked *asked,
    struct buf *ret)
{
	struct report *report = report_new(report_format_named(STR("json")));
	struct report_style style = {.width = 80};
	struct report_data data = {.first = BEGIN, .last = BEGIN + HOUR, .asked = *asked};
	const struct query *const *queries;
	struct table *tables[16];
	size_t count;
	struct err err;

	report_add(report, STR("findings"));
	report_queries(report, &queries, &count, &err);
	for (size_t i = 0; i < count && i < 16; i++)
		tables[i] = table_of(queries[i], rows, n);
	data.tables = tables;
	report_print(report, &data, &style, ret);
	for (size_t i = 0; i < count && i < 16; i++)
		table_free(tables[i]);
	report_free(report);
}

static void
print(const struct row *rows, size_t n, struct buf *ret)
{
	print_asked(rows, n, &(struct report_asked){0}, ret);
}

/* The findings of ROWS as "what:subject:count ...". */
static void
find(const struct row *rows, size_t n, struct buf *ret)
{
	struct buf out = BUF_INIT(BUF_UNLIMITED);
	json_t *json, *row;

	print(rows, n, &out);
	json = json_loadb(out.p, out.len, 0, NULL);
	json_t *list = json_object_get(json_object_get(json_object_get(json, "sections"),
	    "findings"), "rows");
	for (size_t i = 0; (row = json_array_get(list, i)) != NULL; i++)
		buf_printf(ret, "%s%s:%s:%lld", i ? " " : "",
		    json_string_value(json_object_get(row, "what")),
		    json_string_value(json_object_get(row, "subject")),
		    (long long)json_integer_value(json_object_get(row, "count")));
	json_decref(json);
	buf_done(&out);
}

static void
check(const char *what, const struct row *rows, size_t n, const char *want)
{
	struct buf got = BUF_INIT(BUF_UNLIMITED);

	find(rows, n, &got);
	is_text(got.p ? got.p : "", got.len, want, what);
	buf_done(&got);
}

#define CHECK(what, want, ...)                                                              \
	do {                                                                                \
		static const struct row rows_[] = {__VA_ARGS__};                            \
		check(what, rows_, sizeof(rows_) / sizeof(*rows_), want);                   \
	} while (0)

#define LOGIN(user_, failures_, first_, last_)                                              \
	{.table = "logins_after_failures", .user = user_, .ip = "192.0.2.7",                \
	 .failures = failures_, .first = first_, .last = last_}
#define SENT(user_, hour_, recipients_, messages_, ...)                                     \
	{.table = "sudden_senders", .user = user_, .hour = hour_,                           \
	 .recipients = recipients_, .messages = messages_, __VA_ARGS__}
#define WAITING(waiting_, served_)                                                          \
	{.table = "waiting", .domain = "defer.test", .waiting = waiting_, .served = served_}

/* How a user is asked for further, in a shell. */
static void
words(void)
{
	static const struct {
		struct str user;
		const char *want;
	} users[] = {
	    {STR("bob@example.test"), "\"postern trace bob@example.test\""},
	    {STR("b ob"), "\"postern trace 'b ob'\""},
	    {STR("-bob"), "\"postern trace -- '-bob'\""},
	    {STR("b'ob"), "\"postern trace 'b'\\\\''ob'\""},
	    {STR("b\0ob"), "\"more\":\"\""},
	    {STR("b\033ob"), "\"postern trace $'b\\\\033ob'\""},
	};

	for (size_t i = 0; i < sizeof(users) / sizeof(*users); i++) {
		struct row row = (struct row)LOGIN(users[i].user.p, 5, 0, 1);
		struct buf out = BUF_INIT(BUF_UNLIMITED);

		row.user_len = users[i].user.len;
		print(&row, 1, &out);
		ok(str_find(buf_view(&out), str_of(users[i].want)) < out.len,
		    "%s", users[i].want);
		buf_done(&out);
	}
}

/* What was read, and how, is in every command. */
static void
asked(void)
{
	static const struct report_asked given = {.reading = " --year 2026",
	    .range = " --since -7d", .where = " --where 'ip in 192.0.2.0/24'",
	    .inputs = " 'a b.log' c.log"};
	static const struct row rows[] = {LOGIN("-bob", 5, 0, 1), WAITING(20, 3)};
	static const char *const wants[] = {
	    "\"postern trace --year 2026 --since -7d -- '-bob' 'a b.log' c.log\"",
	    "\"postern report deferrals --year 2026 --since -7d "
	    "--where 'ip in 192.0.2.0/24' 'a b.log' c.log\""};
	struct buf out = BUF_INIT(BUF_UNLIMITED);

	print_asked(rows, 2, &given, &out);
	for (size_t i = 0; i < sizeof(wants) / sizeof(*wants); i++)
		ok(str_find(buf_view(&out), str_of(wants[i])) < out.len, "%s", wants[i]);
	buf_done(&out);
}

int
main(void)
{
	struct err err;

	hash_init();
	zone_set("UTC", &err);
	CHECK(
	    "a success after 5 failures", "login_after_failures:bob:5", LOGIN("bob", 5, 0, 1));
	CHECK("4 failures are a forgotten password", "", LOGIN("bob", 4, 0, 1));
	CHECK("failures after the last success are none", "", LOGIN("bob", 50, 2, 1));
	CHECK("100 recipients in a user's only hour", "sudden_sender:eve:100",
	    SENT("eve", 0, 100, 1));
	CHECK("99 are not", "", SENT("eve", 0, 99, 1));
	CHECK("60 messages are", "sudden_sender:eve:60", SENT("eve", 0, 60, 60));
	CHECK("a newsletter as every hour is none", "", SENT("news", 0, 500, 500),
	    SENT("news", 1, 490, 490), SENT("news", 2, 480, 480));
	CHECK("ten times the usual hour is one, once a user", "sudden_sender:eve:200",
	    SENT("eve", 0, 20, 5), SENT("eve", 1, 200, 5), SENT("eve", 2, 10, 5),
	    SENT("eve", 3, 20, 5), SENT("ann", 1, 12, 5));
	CHECK("as every hour, but from many networks", "many_networks:eve:490",
	    SENT("eve", 0, 500, 500, .networks = 9), SENT("eve", 1, 490, 490, .networks = 10),
	    SENT("eve", 2, 480, 480, .networks = 40), SENT("news", 1, 500, 500, .networks = 9),
	    SENT("news", 2, 500, 500, .networks = 9));
	CHECK("many messages from many networks", "many_networks:eve:61",
	    SENT("eve", 0, 62, 62, .networks = 1), SENT("eve", 1, 61, 61, .networks = 10),
	    SENT("eve", 2, 60, 59, .networks = 40));
	CHECK("a sudden one is told once", "sudden_sender:eve:500",
	    SENT("eve", 0, 500, 500, .networks = 20));
	CHECK("20 recipients wait for one domain", "deferred_domain:defer.test:20",
	    WAITING(20, 3));
	CHECK("more were served than wait", "", WAITING(20, 30));
	CHECK("a process limit", "capacity:postfix/master:7",
	    {.table = "troubles", .kind = "capacity", .times = 7});
	CHECK(
	    "other kinds are none", "", {.table = "troubles", .kind = "service", .times = 7});
	words();
	asked();
	return tap_done();
}
