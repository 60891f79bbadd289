/* SPDX-License-Identifier: Apache-2.0
 *
 * engine-log: a log is written line by line; its primary events must be as told, and a
 * query must give the same answer when the log is cut into pieces, for several threads.
 */
#ifndef TESTS_ENGINE_LOG_H
#define TESTS_ENGINE_LOG_H

#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/civil.h"
#include "engine/engine.h"
#include "tap.h"

/* Adds what there is to say of a primary event of the log. */
typedef void log_tell(struct buf *out, const struct event *ev);

static char log_name[] = "/tmp/engine-log-XXXXXX";
static const char *log_tag;
static FILE *log_file;

static inline void
log_open(void)
{
	struct err err;
	int fd = mkstemp(log_name);

	zone_set("UTC", &err);
	if (fd < 0)
		exit(1);
	close(fd);
}

static inline void
log_close(void)
{
	unlink(log_name);
}

/* An empty log of TAG's lines. */
static inline void
log_begin(const char *tag)
{
	log_tag = tag;
	log_file = fopen(log_name, "w");
	if (!log_file)
		exit(1);
}

static inline void
log_raw(const char *line)
{
	fprintf(log_file, "%s\n", line);
}

/* A line of process PID, SECONDS after midnight. */
static inline void __attribute__((format(printf, 3, 4)))
log_line(int seconds, int pid, const char *format, ...)
{
	va_list args;

	fprintf(log_file, "2026-11-05T%02d:%02d:%02d+00:00 mx %s[%d]: ", seconds / 3600,
	    seconds / 60 % 60, seconds % 60, log_tag, pid);
	va_start(args, format);
	vfprintf(log_file, format, args);
	va_end(args);
	fputc('\n', log_file);
}

struct log_told {
	log_tell *tell;
	struct buf out;
};

static inline bool
log_each(void *context, const struct event *ev, const struct symbols *symbols,
    const struct event_sources *sources)
{
	struct log_told *told = context;

	(void)symbols, (void)sources;
	if (!kind_is_derived(ev->kind))
		told->tell(&told->out, ev);
	return true;
}

static inline struct run_settings
log_settings(const char *const *names, unsigned jobs)
{
	return (struct run_settings){.names = names, .name_count = 1, .since = INT64_MIN,
	    .until = INT64_MAX, .jobs = jobs};
}

/* What a run with pieces of CHUNK bytes, that may be APART, answers, as text. */
static inline void
log_count(struct buf *out, const struct query *query, uint64_t chunk, unsigned jobs,
    bool apart)
{
	const char *names[] = {log_name};
	struct run_settings settings = log_settings(names, jobs);
	struct run_result *result;
	struct table *table;
	struct err err;

	buf_clear(out);
	settings.chunk_bytes = chunk;
	settings.apart = apart;
	if (run_report(&settings, &query, 1, &result, &err) < 0) {
		ok(false, "%s", err.text);
		return;
	}
	table = result->tables[0];
	buf_printf(out, "%llu lines, %llu events, %llu ignored, %llu malformed;",
	    (unsigned long long)result->inputs[0].lines,
	    (unsigned long long)result->inputs[0].events,
	    (unsigned long long)result->inputs[0].ignored,
	    (unsigned long long)result->inputs[0].malformed);
	for (size_t i = 0; i < table->row_count * table->column_count; i++) {
		buf_str(out, table->cells[i].text);
		buf_printf(out, " %" PRId64 ";",
		    table->cells[i].known ? table->cells[i].n : -1);
	}
	run_result_free(result);
}

static inline void
log_check_pieces(const struct query *query, uint64_t size, const char *what)
{
	static const unsigned parts[] = {2, 3, 7, 40};
	struct buf whole = BUF_INIT(BUF_UNLIMITED), cut = BUF_INIT(BUF_UNLIMITED);
	bool same = true;

	log_count(&whole, query, UINT64_C(1) << 40, 1, false);
	for (size_t i = 0; i < 2 * sizeof(parts) / sizeof(*parts); i++) {
		unsigned count = parts[i / 2], jobs = 1 + (unsigned)i / 2 % 3;

		log_count(&cut, query, size / count, jobs, i % 2 == 0);
		if (!str_eq(buf_view(&whole), buf_view(&cut)))
			same = ok(false, "%s: in %u pieces: %.*s, whole: %.*s", what, count,
			    (int)cut.len, cut.p, (int)whole.len, whole.p);
	}
	ok(same, "%s: the same in any pieces", what);
	buf_done(&whole);
	buf_done(&cut);
}

/* "LINE:KIND xWEIGHT" of each. */
static inline void
log_weighed(struct buf *out, const struct event *ev)
{
	buf_printf(out, "%" PRId64 ":%s x%u\n", ev->lineno,
	    event_enum_name(FIELD_kind, ev->kind), ev->weight);
}

/*
 * The log as written since log_begin() gives WANT, and QUERY's answer is that of its pieces.
 */
static inline void
log_check(log_tell *tell, const struct query *query, const char *want, const char *what)
{
	const char *names[] = {log_name};
	struct run_settings settings = log_settings(names, 1);
	struct log_told told = {.tell = tell, .out = BUF_INIT(BUF_UNLIMITED)};
	uint64_t size = (uint64_t)ftell(log_file);
	struct run_result *result;
	struct err err;

	fclose(log_file);
	if (run_scan(&settings, log_each, &told, &result, &err) < 0) {
		ok(false, "%s", err.text);
		return;
	}
	run_result_free(result);
	is_text(told.out.len ? told.out.p : "", told.out.len, want, what);
	buf_done(&told.out);
	log_check_pieces(query, size, what);
}

#endif
