/* SPDX-License-Identifier: Apache-2.0
 *
 * engine: who calls whom. The only wiring: bytes -> line -> event -> tracking ->
 * folds. One run of a pipeline over inputs, for a report, a scan or a trace.
 */
#ifndef ENGINE_ENGINE_H
#define ENGINE_ENGINE_H

#include "engine/actions.h"
#include "engine/evidence.h"
#include "engine/guard.h"
#include "engine/hand.h"
#include "engine/keeping.h"
#include "engine/own.h"
#include "engine/replay.h"
#include "engine/rules.h"
#include "engine/settings.h"
#include "enrich/enrich.h"
#include "input/input.h"
#include "query/query.h"
#include "store/store.h"
#include "track/track.h"

struct pipeline;

struct run_settings {
	const char *const *names; /* inputs; none: the system's log */
	size_t name_count;
	int64_t since, until;     /* half-open; INT64_MIN, INT64_MAX: all */
	int year;                 /* of the last undated line; 0 = infer */
	const char *where;        /* filter, or NULL */
	unsigned jobs;            /* threads; 0 = as many as processors */
	const struct geo *geo;    /* fills in country, asn, aso where asked for; or NULL */
	const struct query_limits *query_limits; /* NULL: defaults */
	const struct track_limits *track_limits;
	/* A file that will be written: no log may be that; or NULL. */
	const char *output;
	uint64_t chunk_bytes;     /* 0: default; smaller in tests */
	bool apart;               /* pieces are joined one by one: in tests */
	const uint64_t *reads;    /* run_scan(): bit set [2] of the text fields that EACH
	                           * looks at; derived events may lack others. NULL: all */
	bool guess_years;         /* run_scan(): undated lines are not read twice for their
	                           * year, which may then be wrong: see wrong_year */
	/* Called now and then with bytes done and in all (0 if unknown). */
	void (*progress)(void *context, uint64_t done, uint64_t total);
	void *context;
	/*
	 * A scan's: all that was read is handed on, and more may be long in coming. Or NULL.
	 */
	void (*waiting)(void *waiter);
	void *waiter;
	/*
	 * A scan's: called before the first event is tracked and handed on: earlier ones can
	 * be shown to pipeline_seed(). False: no scan. Or NULL.
	 */
	bool (*begin)(void *beginner, struct pipeline *pipeline, const struct event *first);
	void *beginner;
};

struct input_stats {
	const char *source;
	uint64_t lines, events, ignored, unknown, malformed, foreign;
	const char *error; /* NULL: read to its end */
};

struct program_stats {
	struct str program;
	uint64_t lines, events, ignored, unknown, malformed, foreign;
};

struct shape_stats {
	struct str program, shape, example;
	uint64_t count;
};

/* What a run learned beside the answers. Freed with run_result_free(). */
struct run_result {
	int64_t first, last; /* period of the events in range; first > last: none */
	struct input_stats *inputs;     /* those that could not be opened come last */
	size_t input_count;
	struct program_stats *programs; /* by lines, most first */
	size_t program_count;
	struct shape_stats *shapes;     /* by count, most first */
	size_t shape_count;
	struct str *hosts;              /* by lines, of a store by events, most first */
	size_t host_count;
	char **warnings;                /* for stderr */
	size_t warning_count;
	char **errors;                  /* for stderr; any of them: exit status 1 */
	size_t error_count;
	double coverage;                /* 0..1; of logs */
	uint64_t lines;
	/* guess_years was wrong: of no use, to be done again. */
	bool wrong_year;
	struct track_stats track;
	const char *stored;             /* URL of the store that answered; NULL: logs did */
	uint64_t kept;                  /* events of it in range, without derived ones */
	uint64_t stored_kinds;          /* a bit set: those that queries look at */
	struct table **tables;          /* one for each query */
	size_t table_count;
	struct arena arena;
};

/* Answers QUERIES over the inputs. -1: nothing could be read at all. */
int run_report(const struct run_settings *settings, const struct query *const *queries,
    size_t count, struct run_result **ret, struct err *err);

/* Are country, asn or aso in the set FIELDS, a bit each? */
bool run_has_place(const uint64_t fields[2]);

/* Does a query or the filter look at country, asn or aso: is it worth having a geo? */
bool run_asks_places(const struct query *const *queries, size_t count, const char *where);

/*
 * The same from the store at URL, which a guard fills: SETTINGS' range and filter count.
 * -1: it cannot be read.
 */
int run_stored(const char *url, const struct run_settings *settings,
    const struct query *const *queries, size_t count, struct run_result **ret,
    struct err *err);

/*
 * Hands every event in range, primary and derived, in log order, to EACH; its
 * slices die when EACH returns. EACH returns false to stop early.
 */
typedef bool run_each(void *context, const struct event *ev, const struct symbols *symbols,
    const struct event_sources *sources);

int run_scan(const struct run_settings *settings, run_each *each, void *context,
    struct run_result **ret, struct err *err);

void run_result_free(struct run_result *result);

/*
 * The path of a line as it is being written: followed, parsed, numbered, tracked; every
 * event goes to EACH at once. The pipeline of a scan, over inputs without end.
 */
struct live_settings {
	const char *const *names; /* files, "journal"; none: the system's log */
	size_t name_count;
	const struct follow_position *from; /* where to go on; see input.h */
	size_t from_count;
	bool from_start;      /* a name without position begins at its start, not its end */
	int year;             /* of the first undated line; 0: the one that is not to come */
	bool poll;            /* look every 250 ms, as where the kernel does not tell */
	const char *where;    /* filter of what EACH gets, or NULL */
	int64_t since;        /* what is older is not handed on; INT64_MIN: all */
	const struct geo *geo; /* fills in country, asn, aso; or NULL */
	const struct track_limits *track_limits; /* NULL: defaults */
	uint32_t texts_most;  /* with more in its dictionaries, unused ones go; 0: 50000 */
	/* As run_scan()'s; also gets evidence_lost of lines that are gone. */
	run_each *each;
	void (*fault)(void *context, const char *text); /* an input cannot be read, or again,
	                                                 * or is not needed */
	void *context;        /* of both */
};

struct live;

int live_open(const struct live_settings *settings, struct live **ret, struct err *err);

/* To wait on: readable when there is something to read, or to look after. */
int live_fd(const struct live *live);

/* Hands on what was written meanwhile; false once EACH wanted no more. */
bool live_read(struct live *live);

/*
 * EV, which was handed on by an earlier process, is tracked again and nothing is handed on:
 * for messages and sessions that were open. In order of time, before the first live_read().
 */
void live_seed(struct live *live, const struct event *ev, const struct symbols *symbols,
    const struct event_sources *sources);

/* follow_positions(), behind everything that was handed on; until the next call. */
size_t live_positions(struct live *live, const struct follow_position **ret);
void live_close(struct live *live);

#endif
