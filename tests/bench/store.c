/* SPDX-License-Identifier: Apache-2.0
 *
 * store: what keeping a log's events costs: written in transactions of a thousand, read
 * back, asked. The same log is read twice, once without a store, and that is taken off.
 * One line each: what, CPU microseconds an event, events a second of wall time.
 *
 *   store LOG URL
 */
#include <time.h>

#include "engine/engine.h"
#include "store/store.h"

#define BATCH 1000

struct writing {
	struct store *store; /* NULL: only counted */
	uint64_t events;
	struct err err;
};

static double
seconds(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

struct moment {
	double cpu, wall;
};

static struct moment
moment(void)
{
	return (struct moment){seconds(CLOCK_PROCESS_CPUTIME_ID), seconds(CLOCK_MONOTONIC)};
}

static struct moment
since(struct moment begin)
{
	struct moment now = moment();

	return (struct moment){now.cpu - begin.cpu, now.wall - begin.wall};
}

static bool
write_event(void *context, const struct event *ev, const struct symbols *symbols,
    const struct event_sources *sources)
{
	struct writing *writing = context;
	struct store *store = writing->store;
	bool ends = ++writing->events % BATCH == 0;

	if (!store)
		return true;
	return store_event(store, ev, symbols, sources, &writing->err) == 0 &&
	    (!ends || (store_commit(store, &writing->err) == 0 &&
		store_begin(store, &writing->err) == 0));
}

static bool
count_event(void *context, const struct event *ev, const struct symbols *symbols,
    const struct event_sources *sources)
{
	(void)ev, (void)symbols, (void)sources;
	++*(uint64_t *)context;
	return true;
}

static void
say(const char *what, struct moment cost, uint64_t events)
{
	printf("%s\t%.2f\t%.0f\n", what, cost.cpu * 1e6 / (double)events,
	    (double)events / cost.wall);
	fflush(stdout);
}

static int
read_log(const char *name, struct writing *writing, struct moment *ret, struct err *err)
{
	struct run_settings settings = {.names = &name, .name_count = 1, .since = INT64_MIN,
	    .until = INT64_MAX, .year = 2026, .jobs = 1};
	struct run_result *result;
	struct moment begin = moment();

	if (run_scan(&settings, write_event, writing, &result, err) < 0)
		return -1;
	run_result_free(result);
	if (writing->store && (*writing->err.text || store_commit(writing->store, err) < 0))
		return err_wrap(err, "%s", writing->err.text);
	*ret = since(begin);
	return 0;
}

static int
ask(struct store *store, uint64_t events, struct err *err)
{
	static const struct query by_ip = {.name = "ip", .keys = {{.field = FIELD_ip}},
	    .key_count = 1, .measures = {{.name = "count", .op = MEASURE_COUNT}},
	    .measure_count = 1, .limit = 10};
	struct moment begin = moment();
	struct table *table;
	uint64_t seen = 0;

	if (store_scan(store, INT64_MIN, INT64_MAX, NULL, count_event, &seen, err) < 0)
		return -1;
	say("events read", since(begin), events);
	begin = moment();
	if (store_query(store, &by_ip, NULL, INT64_MIN, INT64_MAX, &table, err) < 0)
		return -1;
	table_free(table);
	say("events asked for clients", since(begin), events);
	return seen == events ? 0 : err_set(err, "%ju events are there", (uintmax_t)seen);
}

int
main(int argc, char **argv)
{
	struct store_settings settings = {.url = argc == 3 ? argv[2] : NULL};
	struct writing nothing = {.store = NULL}, writing = {.store = NULL};
	struct moment alone, both;
	struct err err = {""};

	if (argc != 3) {
		fprintf(stderr, "usage: store LOG URL\n");
		return 2;
	}
	if (read_log(argv[1], &nothing, &alone, &err) < 0 ||
	    store_open(&settings, &writing.store, &err) < 0 ||
	    store_begin(writing.store, &err) < 0 ||
	    read_log(argv[1], &writing, &both, &err) < 0) {
		fprintf(stderr, "store: %s\n", err.text);
		return 1;
	}
	both.cpu -= alone.cpu;
	both.wall -= alone.wall;
	say("events written", both, writing.events);
	if (ask(writing.store, writing.events, &err) < 0) {
		fprintf(stderr, "store: %s\n", err.text);
		return 1;
	}
	store_close(writing.store);
	return 0;
}
