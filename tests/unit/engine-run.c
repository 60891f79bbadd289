/* SPDX-License-Identifier: Apache-2.0
 *
 * The same answers however a log is cut and however many threads work on it; with
 * caps forced small, the same inexact answers for every number of threads.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/civil.h"
#include "engine/engine.h"
#include "query-kit.h"
#include "tap.h"

/* A log on a real clock: in the others time runs faster than the daemons say it does. */
#define LOG "tests/corpus/postlog-files/mx1.maillog.gz"

static const struct query by_ip = {
    .name = "ip",
    .keys = {{.field = FIELD_ip}},
    .key_count = 1,
    .measures = {{.name = "count", .op = MEASURE_COUNT},
	{.name = "users", .op = MEASURE_DISTINCT, .field = FIELD_user},
	{.name = "first", .op = MEASURE_FIRST}},
    .measure_count = 3,
};

static const struct query by_kind_hour = {
    .name = "kind",
    .keys = {{.field = FIELD_kind}, {.field = FIELD_time, .function = KEY_HOUR}},
    .key_count = 2,
    .measures = {{.name = "count", .op = MEASURE_COUNT},
	{.name = "p90", .op = MEASURE_QUANTILE, .field = FIELD_delay, .quantile = 0.9}},
    .measure_count = 2,
};

static const struct query by_outcome = {
    .name = "outcome",
    .where = "attempt | session | message | reconnect",
    .keys = {{.field = FIELD_kind}, {.field = FIELD_outcome}, {.field = FIELD_status}},
    .key_count = 3,
    .measures = {{.name = "count", .op = MEASURE_COUNT},
	{.name = "recipients", .op = MEASURE_SUM, .field = FIELD_delivered}},
    .measure_count = 2,
};

static const struct query by_net = {
    .name = "net",
    .keys = {{.field = FIELD_ip, .function = KEY_NET}},
    .key_count = 1,
    .measures = {{.name = "addresses", .op = MEASURE_DISTINCT, .field = FIELD_ip}},
    .measure_count = 1,
};

static const struct query by_domain = {
    .name = "domain",
    .keys = {{.field = FIELD_sender, .function = KEY_DOMAIN}},
    .key_count = 1,
    .measures = {{.name = "senders", .op = MEASURE_DISTINCT, .field = FIELD_sender}},
    .measure_count = 1,
};

static const struct query by_login = {
    .name = "login",
    .where = "attempt",
    .keys = {{.field = FIELD_ip}, {.field = FIELD_user}},
    .key_count = 2,
    .measures = {{.name = "count", .op = MEASURE_COUNT}},
    .measure_count = 1,
};

static const struct query by_message = {
    .name = "message",
    .where = "kind=message",
    .keys = {{.field = FIELD_sender}, {.field = FIELD_recipient}},
    .key_count = 2,
    .measures = {{.name = "count", .op = MEASURE_COUNT}},
    .measure_count = 1,
};

static const struct query *const queries[] = {
    &by_ip, &by_kind_hour, &by_outcome, &by_net, &by_domain};

#define QUERIES (sizeof(queries) / sizeof(*queries))

static const struct track_limits *track_limits;
static const struct query *only; /* this one is asked; NULL: all */

static struct run_result *
run(const char *name, unsigned jobs, uint64_t chunk, const struct query_limits *limits,
    bool apart)
{
	struct run_settings settings = {.names = &name, .name_count = 1, .since = INT64_MIN,
	    .until = INT64_MAX, .year = 2026, .jobs = jobs, .chunk_bytes = chunk,
	    .apart = apart, .query_limits = limits, .track_limits = track_limits};
	struct run_result *result;
	struct err err;

	if (run_report(&settings, only ? &only : queries, only ? 1 : QUERIES, &result, &err) <
	    0) {
		ok(false, "%s: %s", name, err.text);
		exit(tap_done());
	}
	return result;
}

static void
compare(const struct run_result *a, const struct run_result *b, const char *what)
{
	bool same = a->lines == b->lines && a->first == b->first && a->last == b->last;

	ok(same, "%s: as many lines, the same period", what);
	for (size_t q = 0; q < a->table_count; q++)
		ok(tables_same(a->tables[q], b->tables[q]), "%s: %s", what,
		    a->tables[q]->name);
}

static void
test_pieces(const char *name)
{
	struct run_result *whole = run(name, 1, UINT64_C(1) << 40, NULL, false);
	static const uint64_t chunks[] = {20011, 65536, 300000, 1000000};

	ok(whole->lines > 15000, "%llu lines", (unsigned long long)whole->lines);
	for (size_t i = 0; i < sizeof(chunks) / sizeof(*chunks); i++)
		for (unsigned way = 0; way < 4; way++) {
			unsigned jobs = way / 2 ? 3 : 1;
			bool apart = way % 2 == 0;
			struct run_result *cut = run(name, jobs, chunks[i], NULL, apart);
			char what[80];

			snprintf(what, sizeof(what), "pieces of %llu, %u threads, %s",
			    (unsigned long long)chunks[i], jobs, apart ? "apart" : "in runs");
			compare(whole, cut, what);
			run_result_free(cut);
		}
	run_result_free(whole);
}

static void
compare_threads(const char *name, uint64_t chunk, const struct query_limits *limits)
{
	struct run_result *one = run(name, 1, chunk, limits, false);

	for (unsigned way = 0; way < 6; way++) {
		unsigned jobs = 1 + way / 2;
		bool apart = way % 2 == 0;
		struct run_result *many = run(name, jobs, chunk, limits, apart);
		char what[80];

		snprintf(what, sizeof(what), "at most %u, %llu distinct, %u threads, %s",
		    limits->groups, (unsigned long long)limits->distinct, jobs,
		    apart ? "apart" : "in runs");
		compare(one, many, what);
		run_result_free(many);
	}
	run_result_free(one);
}

static void
test_caps(const char *name)
{
	static const struct query_limits small = {.groups = 20, .distinct = 60,
	    .symbols = 150};
	struct run_result *one = run(name, 1, 100000, &small, false);

	ok(!one->tables[0]->exact && one->tables[0]->note,
	    "over the cap: not exact, and says so");
	ok(!one->tables[1]->exact, "groups over the cap: not exact");
	ok(one->tables[1]->row_count <= 20, "%zu groups stay below the cap",
	    one->tables[1]->row_count);
	run_result_free(one);
	/* Reached early, and in the middle, behind a piece that was far from it. */
	compare_threads(name, 100000, &small);
	for (uint32_t distinct = 4; distinct <= 256; distinct *= 2) {
		struct query_limits limits = {.groups = 1000, .distinct = distinct,
		    .symbols = 10000};

		compare_threads(name, 30000, &limits);
		compare_threads(name, 200000, &limits);
	}
	/* Addresses stay longer than their networks, senders longer than their domains. */
	for (uint32_t symbols = 10; symbols <= 300; symbols += symbols / 2) {
		struct query_limits limits = {.groups = 1000, .distinct = 20,
		    .symbols = symbols};

		compare_threads(name, 30000, &limits);
		limits.distinct = 10000;
		compare_threads(name, 100000, &limits);
	}
}

/* A cap that only derived events reach, which are counted later than others. */
static void
test_derived_caps(const char *name)
{
	only = &by_login;
	for (uint32_t groups = 20; groups <= 100; groups += 8) {
		struct query_limits limits = {.groups = groups, .distinct = 10000,
		    .symbols = 10000};

		compare_threads(name, 30000, &limits);
	}
	/* A message that a program of the host sent waits for its hop, whole or cut. */
	only = &by_message;
	for (uint32_t groups = 20; groups <= 400; groups += groups / 3) {
		struct query_limits limits = {.groups = groups, .distinct = 10000,
		    .symbols = 10000};

		compare_threads(name, 30000, &limits);
		compare_threads(name, 200000, &limits);
	}
	only = NULL;
}

/* What tracking drops, too. */
static void
test_track_caps(const char *name)
{
	static const struct track_limits small[] = {
	    {.messages = 6, .sessions = 1000, .connections = 1000, .clients = 1000},
	    {.messages = 1000, .sessions = 3, .connections = 1000, .clients = 1000},
	    {.messages = 1000, .sessions = 1000, .connections = 3, .clients = 1000},
	    {.messages = 1000, .sessions = 1000, .connections = 1000, .clients = 3}};

	for (size_t i = 0; i < sizeof(small) / sizeof(*small); i++) {
		track_limits = &small[i];
		compare_threads(name, 30000, &query_limits_default);
		compare_threads(name, 200000, &query_limits_default);
	}
	track_limits = NULL;
}

static void
connects(FILE *log, unsigned hour, unsigned count)
{
	while (count--)
		fprintf(log, "2026-11-%02uT%02u:00:00+00:00 mx postfix/smtpd[7]: "
		    "connect from a.test[192.0.2.1]\n", 5 + hour / 24, hour % 24);
}

/* A piece that has more groups than there may be, behind one that is far from it. */
static void
test_sudden_cap(const char *name)
{
	static const struct query_limits limits = {.groups = 40, .distinct = 1000,
	    .symbols = 1000};
	FILE *log = fopen(name, "w");
	long first = 0;

	if (!log)
		exit(1);
	connects(log, 0, 200);
	first = ftell(log);
	connects(log, 0, 1);
	for (unsigned hour = 1; hour <= 100; hour++)
		connects(log, hour, 2);
	fclose(log);
	compare_threads(name, (uint64_t)first, &limits);
}

/* Where NULs are left out is told once a file, whoever read what is between them. */
static void
test_holes(const char *name)
{
	FILE *log = fopen(name, "w");

	if (!log)
		exit(1);
	for (unsigned i = 0; i < 4; i++) {
		connects(log, i, 100);
		for (unsigned n = 0; n < 600; n++)
			fputc(0, log);
		fputc('\n', log);
	}
	fclose(log);
	for (unsigned way = 0; way < 4; way++) {
		struct run_result *result = run(name, 1 + way / 2, 4000, NULL, way % 2);

		ok(result->warning_count == 1 &&
		    strstr(result->warnings[0], "2400 NUL bytes in 4 places, first"),
		    "%zu warnings: %s", result->warning_count,
		    result->warning_count ? result->warnings[0] : "-");
		run_result_free(result);
	}
}

/* Becomes shorter when some of it is read: CONTEXT is its name. */
static void
shorten(void *context, uint64_t done, uint64_t total)
{
	if (done > 0 && done < total && truncate(context, (off_t)(total / 4)) != 0)
		ok(false, "truncate");
}

static void
test_shortened(unsigned jobs)
{
	char name[] = "/tmp/postern-run-XXXXXX";
	struct run_settings settings = {.names = (const char *const[]){name},
	    .name_count = 1, .since = INT64_MIN, .until = INT64_MAX, .year = 2026,
	    .jobs = jobs, .chunk_bytes = 200000, .progress = shorten, .context = name};
	struct run_result *result;
	struct err err;
	FILE *log = fdopen(mkstemp(name), "w");

	for (unsigned i = 0; i < 50000; i++)
		fprintf(log, "Jan  5 12:00:00 mx1 postfix/smtpd[%u]: connect from "
		    "unknown[192.0.2.1]\n", i);
	fclose(log);
	if (run_report(&settings, queries, QUERIES, &result, &err) < 0) {
		ok(false, "%s: %s", name, err.text);
		return;
	}
	ok(result->lines > 0 && result->lines < 50000,
	    "%llu lines of a file that became shorter", (unsigned long long)result->lines);
	ok(result->error_count == 1 && strstr(result->errors[0], ": ends at byte ") &&
	    result->inputs[0].error && strcmp(result->inputs[0].error, result->errors[0]) == 0,
	    "which is said once (%zu), and where: %s", result->error_count,
	    result->inputs[0].error);
	run_result_free(result);
	unlink(name);
}

int
main(void)
{
	char name[] = "/tmp/engine-run-XXXXXX", command[200];
	struct err err;
	int fd = mkstemp(name);

	zone_set("UTC", &err);
	snprintf(command, sizeof(command), "gzip -dc %s >%s", LOG, name);
	if (fd < 0 || system(command) != 0) {
		ok(false, "%s", command);
		return tap_done();
	}
	close(fd);
	test_pieces(name);
	test_caps(name);
	test_derived_caps(name);
	test_track_caps(name);
	test_sudden_cap(name);
	test_holes(name);
	test_shortened(1);
	test_shortened(2);
	unlink(name);
	return tap_done();
}
