/* SPDX-License-Identifier: Apache-2.0
 *
 * query: a question as data. {filter, group-by keys, measures, order, limit} runs
 * as a fold over events: in memory, at parse speed, and mergeable (two pieces of
 * a log, two threads, two hosts). The answer is a table.
 */
#ifndef QUERY_QUERY_H
#define QUERY_QUERY_H

#include "base/arena.h"
#include "event/event.h"

enum key_function {
	KEY_FIELD,  /* the field itself */
	KEY_NET,    /* net(ip): /24 or /64 */
	KEY_DOMAIN, /* domain(address) */
	KEY_HOUR,   /* hour(time): start of the local hour */
	KEY_DAY,    /* day(time): local date */
	KEY_HOUR_BEGUN, /* the same of when it began: a derived event's `seconds` before */
	KEY_DAY_BEGUN,
	KEY_BUCKET, /* bucket(number, edges): half-open [a,b) */
};

/* Is a key made by FUNCTION one of when something began? */
static inline bool
key_is_of_begin(enum key_function function)
{
	return function == KEY_HOUR_BEGUN || function == KEY_DAY_BEGUN;
}

struct query_key {
	enum field field;
	enum key_function function;
	const int64_t *edges; /* KEY_BUCKET: ascending, in the field's unit */
	unsigned edge_count;
	const char *name;     /* of the column; NULL: the field's name */
};

enum measure_op {
	MEASURE_COUNT,    /* events, weighted */
	/* Different values of field (a text field, or net()/domain() of one). */
	MEASURE_DISTINCT,
	MEASURE_SUM,      /* of a number, weighted */
	MEASURE_MIN,
	MEASURE_MAX,
	MEASURE_QUANTILE, /* `quantile` of a duration or number >= 0 */
	MEASURE_FIRST,    /* earliest time */
	MEASURE_LAST,     /* latest time */
	MEASURE_LATEST,   /* text of field in the last event that has it; of several at one
			   * time the one that sorts last */
};

struct query_measure {
	const char *name; /* of the column */
	enum measure_op op;
	enum field field;            /* not for COUNT, FIRST, LAST */
	enum key_function function;  /* DISTINCT: of the field */
	double quantile;             /* 0..1 */
	const char *where;           /* only these events count here; NULL: all the query's */
	/* Not wanted where there is room for the first few only. */
	bool detail;
};

#define QUERY_KEYS 4
#define QUERY_MEASURES 36

struct query {
	const char *name;  /* of the section or table */
	const char *where; /* filter; NULL: every event */
	struct query_key keys[QUERY_KEYS];
	unsigned key_count;
	struct query_measure measures[QUERY_MEASURES];
	unsigned measure_count;
	/* Rows by this measure, largest first, ties by key bytes; QUERY_BY_KEY: by key. */
	int order;
	bool ascending;
	bool unsorted;    /* rows in no order that means anything, if all are wanted */
	bool skip_absent; /* events that lack the first key are not counted */
	bool skip_zero;   /* groups whose first measure is 0 are left out */
	bool no_rows;     /* only the total over all groups, and their spread, are wanted */
	/* No rows are made unless one has so much in its first or second measure, which are
	 * counts or sums; 0: all are. */
	int64_t worth[2];
	int64_t at_least;  /* groups below that in the ordering measure are left out */
	uint32_t limit;    /* rows; 0 = all */
};

#define QUERY_BY_KEY (-1)

/* How a column is printed. */
enum column_type {
	COLUMN_TEXT,
	COLUMN_COUNT,    /* integer that counts: thousands are separated */
	COLUMN_INTEGER,  /* integer that names: a port, a code */
	COLUMN_BYTES,    /* integer */
	COLUMN_NUMBER,   /* real */
	COLUMN_SECONDS,  /* real */
	COLUMN_PERCENT,  /* real, 0..100 */
	COLUMN_TIME,     /* microseconds since 1970 UTC */
	COLUMN_DAY,      /* a date, as the time its midnight would be in UTC */
	COLUMN_BOOL,
};

struct column {
	const char *name;  /* in JSON and CSV */
	const char *title; /* in text; NULL: the name */
	enum column_type type;
	const char *unit;  /* "seconds", "bytes", "percent", ""; NULL: from the type */
};

struct cell {
	bool known;
	int64_t n;   /* COUNT, INTEGER, BYTES, TIME, DAY, BOOL */
	double real; /* NUMBER, SECONDS, PERCENT */
	struct str text;
};

struct table {
	const char *name;
	struct column *columns;
	unsigned column_count;
	struct cell *cells; /* row by row */
	size_t row_count;
	uint64_t groups;    /* rows there would be without a limit */
	bool exact;
	const char *note;   /* what to say when not exact: the error's bound; else NULL */
	/* A row over these groups: counts and sums; others unknown, all if some are lost. */
	struct cell *total;
	/* By column: groups whose measure is not 0; NULL: not from a fold. */
	uint64_t *spread;
	struct arena arena; /* owns everything above, names too */
};

struct table *table_new(const char *name, unsigned columns);
void table_free(struct table *table);

/* Appends a row of unknown cells and returns it; valid until the next call. */
struct cell *table_row(struct table *table);

static inline const struct cell *
table_cell(const struct table *table, size_t row, unsigned column)
{
	return &table->cells[row * table->column_count + column];
}

/* The column named NAME, or -1. */
int table_column(const struct table *table, const char *name);

/*
 * Drops QUERY's detail measures (not the one it is ordered by), and with them the
 * groups that only those would have shown.
 */
void query_drop_details(struct query *query);

/* A set of queries compiled to run together, shared by all threads. */
struct plan;

/* WHERE: the user's filter over all events, or NULL. */
int plan_compile(const struct query *const *queries, size_t count, const char *where,
    struct plan **ret, struct err *err);
void plan_free(struct plan *plan);

/* Text fields of KIND that must be numbered for PLAN. */
void plan_needs(const struct plan *plan, enum kind kind, uint64_t ret[2]);

/* All fields of KIND that keys, measures and filters of PLAN look at. */
void plan_looks(const struct plan *plan, enum kind kind, uint64_t ret[2]);

/* Fields of derived events that PLAN looks at, in keys, measures or filters. */
void plan_reads(const struct plan *plan, uint64_t ret[2]);

struct query_limits {
	uint32_t groups;   /* a query's groups kept at most */
	uint64_t distinct; /* (group, value) pairs a distinct measure keeps at most */
	uint32_t symbols;  /* texts a dictionary keeps at most */
};

extern const struct query_limits query_limits_default;

/* What one piece of the log folds into. Numbers in it are those of its symbols. */
struct fold;

struct fold *fold_new(const struct plan *plan, const struct query_limits *limits,
    struct symbols *symbols);
void fold_free(struct fold *fold);

/* FOLD's symbols now live at SYMBOLS. */
void fold_move(struct fold *fold, struct symbols *symbols);

/* Makes room for numbers given out since; before fold_kind(). */
void fold_reserve(struct fold *fold);

/* Events one fold_kind() call takes at most. */
#define FOLD_BATCH EVENT_BATCH

/*
 * Folds a batch: EVENTS[order[0..n)] all of KIND, n <= FOLD_BATCH, the fields
 * plan_needs() names numbered (0 where the event lacks them). A source's name is
 * numbered in WORD like other words.
 */
void fold_kind(struct fold *fold, enum kind kind, const struct event *events,
    const uint32_t *order, size_t n);

/*
 * Adds FROM (same plan, its own symbols) to INTO. REMAP says what each number of
 * FROM's symbols is in INTO's. Caps are applied to the result.
 */
void fold_merge(struct fold *into, const struct fold *from,
    const uint32_t *const remap[DOMAINS]);

/*
 * fold_merge() in parts, which threads can do side by side: returns how many there are, of
 * which each is to be done once; then comes the end. Meanwhile INTO's symbols must stay.
 */
size_t fold_merge_begin(struct fold *into);

/* How long PART takes, beside others: about as many entries as are merged. */
uint64_t fold_merge_weight(const struct fold *from, size_t part);
void fold_merge_part(struct fold *into, const struct fold *from,
    const uint32_t *const remap[DOMAINS], size_t part);
void fold_merge_end(struct fold *into, const struct fold *from);

/* Brings FOLD's tables below their caps; to be called after each piece and merge. */
void fold_cap(struct fold *fold);

/* Is none of FOLD's tables filled to more than a SHAREth of its cap, or ever was beyond it? */
bool fold_within(const struct fold *fold, unsigned share);

/*
 * When a dictionary of FOLD has passed limits.symbols: makes *RET_SYMBOLS of the
 * half that occurred most often, with REMAP as for fold_merge(); what was dropped
 * maps to one number, never shown. The caller then merges FOLD into a new fold.
 */
bool fold_cap_symbols(struct fold *fold, struct symbols *ret_symbols,
    uint32_t *remap[DOMAINS]);

/*
 * fold_cap(), and fold_cap_symbols() as far as its caller's part: *FOLD and what is at
 * SYMBOLS, which are the fold's, are replaced by smaller ones. False when no dictionary
 * was full; then there is no REMAP.
 */
bool fold_shrink(struct fold **fold, struct symbols *symbols, uint32_t *remap[DOMAINS]);

/*
 * Adds FROM's texts to INTO; fills remap[d], arrays the caller frees with
 * symbols_remap_free().
 */
void symbols_merge(struct symbols *into, const struct symbols *from, uint32_t *remap[DOMAINS]);

/* The same for one domain, which threads can do side by side; returns its array. */
uint32_t *symbols_merge_domain(struct symbols *into, const struct symbols *from,
    enum domain domain);
void symbols_remap_free(uint32_t *remap[DOMAINS]);

/* The answer to query number QUERY of the plan. The caller frees it. */
struct table *fold_table(const struct fold *fold, size_t query, uint32_t limit);

/*
 * The keys of `--by`: "ip,domain(sender),hour(time)"; the measures of
 * `--measure`: "count,distinct(user),sum(size),p50(delay)". Names in RET live in ARENA.
 */
int query_parse_by(struct str text, struct query *ret, struct arena *arena, struct err *err);
int query_parse_measures(struct str text, struct query *ret, struct arena *arena,
    struct err *err);

#endif
