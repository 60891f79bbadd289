/* SPDX-License-Identifier: Apache-2.0
 *
 * The query room's own door: how a plan and a fold look inside.
 *
 * A query's aggregates are cells of a row, four or eight bytes each: rows of many groups
 * wait in no cache, and most cells count. A query grouped by one text field needs
 * no table of its own: the dictionary number is the row, and all such queries of
 * a domain share one array of rows, so that one event touches one row for all of
 * them. Other groupings number their key tuples in a hash table (struct groups).
 *
 * Every cell starts as 0 and is combined by +, by max, or by taking what comes next:
 * minima and times are stored so that max is right (cell_of_max, cell_of_min), and
 * what comes next is a dictionary number; hence merging two folds, in the order of the
 * log, and folding many groups into one, is the same for every measure.
 */
#ifndef QUERY_ROOM_H
#define QUERY_ROOM_H

#include "base/bins.h"
#include "query/query.h"

_Static_assert(KINDS <= 64, "kind sets are 64-bit masks");

enum grouping { GROUP_ONE, GROUP_NUMBER, GROUP_TUPLE };

enum combine { COMBINE_ADD, COMBINE_MAX, COMBINE_LATEST };

/* A filter that more than one query or measure may use. */
struct predicate {
	const char *text;
	struct filter *filter;
	uint64_t maybe; /* kinds that can match */
};

#define NO_PREDICATE (-1)
#define NO_PAIRS (-1)
#define NO_PRESENCE UINT32_MAX /* the group is there when its first measure is not 0 */

/*
 * A row is words of four bytes. Counts, and numbers of texts, are one each; sums, times and
 * what else can be large are two, a wide cell.
 */
enum cell_type {
	CELL_NONE,   /* the answer is elsewhere */
	CELL_COUNT,  /* of events: can be more than a word has room for, see rows_add() */
	CELL_NUMBER, /* of a text, or of different ones */
	CELL_WIDE,
};

struct plan_measure {
	const struct query_measure *measure;
	uint64_t kinds;    /* kinds whose events can count here */
	int predicate;     /* of the plan, or NO_PREDICATE */
	enum cell_type type;
	unsigned cell;     /* the first word of it in the query's row */
	/* MEASURE_LATEST: the wide cell that has the time of what is in `cell`. */
	unsigned since;
	int pairs;         /* fold's pair table: distinct values, histogram; or NO_PAIRS */
	bool shared;       /* another measure of the query fills the same pairs */
};

struct plan_query {
	const struct query *query;
	uint64_t kinds;
	enum grouping grouping;
	enum domain domain;  /* GROUP_NUMBER */
	unsigned offset;     /* of its words in a row of the domain; else 0 */
	unsigned words;
	unsigned presence;   /* cell that counts all events of the group, or NO_PRESENCE */
	bool presence_apart; /* and is no measure's */
	int predicate;
	struct plan_measure measures[QUERY_MEASURES];
};

/*
 * What events of one kind go through: only what they can reach. First which of them count:
 * those that pass each of some predicates (of the kind) and have some fields; the rest of
 * the lists is NO_PREDICATE and FIELDS.
 */
struct kind_mask {
	int predicates[3]; /* ascending: the user's, a query's, a measure's */
	enum field knows[2];
};

#define NO_MASK (-1) /* all events */

struct kind_count {
	unsigned cell; /* of the walk's rows */
	int mask;
};

/* A measure that does more than count. */
struct kind_measure {
	const struct plan_query *query;
	const struct plan_measure *measure;
	int mask;
};

/* A walk over the events and their rows, of a query or of all that are grouped alike. */
struct kind_walk {
	const struct plan_query *query; /* the first of them */
	int mask; /* events that have a row: at least those that one of them takes */
	struct kind_count *counts;
	size_t count_count, count_room;
	struct kind_measure *measures;
	size_t measure_count, measure_room;
};

struct plan_kind {
	struct kind_walk *walks;
	size_t walk_count, walk_room;
	struct kind_mask *masks;
	size_t mask_count, mask_room;
	/*
	 * Filters narrowed to the kind, each different one once and evaluated once an event.
	 */
	struct filter **predicates;
	size_t predicate_count, predicate_room;
};

struct plan {
	struct plan_query *queries;
	size_t count;
	struct predicate *predicates;
	size_t predicate_count, predicate_room;
	int where;                   /* the user's filter, or NO_PREDICATE */
	unsigned stride[DOMAINS];    /* words in a shared row */
	unsigned pairs_count;
	uint64_t needs[KINDS][2]; /* text fields to number */
	uint64_t looks[KINDS][2]; /* all fields of keys and measures */
	struct plan_kind kinds[KINDS];
	size_t predicate_max, mask_max; /* of a kind at most */
};

/* kinds.c: makes plan->kinds of the compiled queries. */
void plan_kinds(struct plan *plan);
void plan_kinds_free(struct plan *plan);

/* Rows, of groups or of all queries that share theirs. */
struct rows {
	struct region words; /* uint32_t[stride] by group */
	struct region over;  /* the same: how many COUNT_OVER more a count is; mostly none */
	unsigned stride;
};

static inline uint32_t *
rows_at(const struct rows *rows, uint32_t group)
{
	return (uint32_t *)(void *)rows->words.p + (size_t)group * rows->stride;
}

/*
 * A count that has passed that is made smaller by it, when it is added to or before it could
 * pass UINT32_MAX.
 */
#define COUNT_OVER (UINT64_C(1) << 31)

/* Adds COUNT to that in word CELL of GROUP. */
void rows_add(struct rows *rows, uint32_t group, unsigned cell, uint64_t count);

/* The lower half of a wide cell comes first, on every machine. */
static inline uint64_t
cell_wide(const uint32_t *cell)
{
	return (uint64_t)cell[1] << 32 | cell[0];
}

static inline void
cell_set_wide(uint32_t *cell, uint64_t value)
{
	cell[0] = (uint32_t)value;
	cell[1] = (uint32_t)(value >> 32);
}

/* How much more than its word the cell of TYPE at word AT is. */
uint64_t rows_beyond(const struct rows *rows, size_t at, enum cell_type type);

/*
 * What is in the cell of TYPE that begins with word AT of all. Without a branch on the type:
 * behind the last cell is always one word more, of a key or another row.
 */
static inline uint64_t
rows_value(const struct rows *rows, size_t at, enum cell_type type)
{
	static const uint64_t mask[] = {[CELL_NONE] = 0, [CELL_COUNT] = UINT32_MAX,
	    [CELL_NUMBER] = UINT32_MAX, [CELL_WIDE] = UINT64_MAX};
	const uint32_t *word = (const uint32_t *)(const void *)rows->words.p + at;
	uint64_t value = cell_wide(word) & mask[type];

	return rows->over.size ? value + rows_beyond(rows, at, type) : value;
}

void rows_free(struct rows *rows);

/*
 * Key tuples numbered in order of arrival. A group's row is its cells and then its key,
 * its codes; that its key is another's is mostly known from its bin.
 */
struct groups {
	struct bins bins;
	struct rows rows;
	uint32_t count;
	unsigned width; /* codes of a key */
	unsigned cells; /* words of a row before its key */
	uint64_t dropped; /* groups thrown out by the cap */
	uint64_t low;     /* so much a group's events may be counted low by that */
};

/* None yet, with keys of WIDTH codes and so many words of CELLS. */
struct groups groups_none(unsigned width, unsigned cells);

/* The number of the group whose key is CODES, made if it is new. */
uint32_t groups_get(struct groups *groups, const uint32_t *codes);

/* The same for N keys, the Kth codes of which are CODES[K]. HASHES[0..n) is scratch. */
void groups_get_many(struct groups *groups, uint32_t (*codes)[FOLD_BATCH], size_t n,
    uint32_t *hashes, uint32_t *ret);
void groups_free(struct groups *groups);

static inline uint32_t *
groups_row(const struct groups *groups, uint32_t group)
{
	return rows_at(&groups->rows, group);
}

static inline uint32_t *
groups_key(const struct groups *groups, uint32_t group)
{
	return groups_row(groups, group) + groups->cells;
}

/*
 * Different (group, code) pairs, and for histograms how often each occurred: there
 * the code is a bucket. A set of dictionary numbers that have one group each (there is
 * one only, or it is their network or domain) is a bitmap.
 */
struct pairs {
	struct groups table;  /* by code and group; its wide cell, when `counted`, counts */
	struct region bits;   /* by code instead, when `bitmap` */
	uint64_t count;
	unsigned level; /* distinct above its cap: only codes whose hash has so many zeros */
	bool counted, bitmap;
};

/* None yet. */
static inline struct pairs
pairs_none(bool counted, bool bitmap)
{
	return (struct pairs){
	    .table = groups_none(2, counted ? 2 : 0), .counted = counted, .bitmap = bitmap};
}

static inline uint64_t
pair_key(uint32_t group, uint32_t code)
{
	return (uint64_t)group << 32 | code;
}

static inline uint32_t
pair_group(uint64_t key)
{
	return (uint32_t)(key >> 32);
}

static inline uint32_t
pair_code(uint64_t key)
{
	return (uint32_t)key;
}

/* Adds WEIGHT to KEY; true when the pair is new. */
bool pairs_add(struct pairs *pairs, uint64_t key, uint64_t weight);

/*
 * The same for the N pairs of CODES[0] and groups CODES[1], which belong to WEIGHTS[0..n),
 * NULL: 1 each. Puts the indexes of those that are new to RET_NEW and returns how many.
 * HASHES[0..n) and FOUND[0..n) are scratch.
 */
size_t pairs_add_many(struct pairs *pairs, uint32_t (*codes)[FOLD_BATCH],
    const uint64_t *weights, size_t n, uint32_t *hashes, uint32_t *found, uint16_t *ret_new);

/*
 * Adds CODE to PAIRS, a bitmap that pairs_make_room() has seen since there was a larger
 * one; true when it is new.
 */
static inline bool
pairs_set(struct pairs *pairs, uint32_t code)
{
	unsigned char *byte = (unsigned char *)pairs->bits.p + code / 8;

	if (*byte >> code % 8 & 1)
		return false;
	*byte = (unsigned char)(*byte | 1u << code % 8);
	pairs->count++;
	return true;
}

static inline void
pairs_make_room(struct pairs *pairs, uint32_t codes)
{
	region_reserve(&pairs->bits, codes / 8 + 1);
}

void pairs_free(struct pairs *pairs);

/* An empty one of the same sort as PAIRS. */
struct pairs pairs_like(const struct pairs *pairs);

/*
 * Walks all pairs in order of arrival, or of their numbers: *AT begins as 0. False at the end.
 */
bool pairs_next(const struct pairs *pairs, uint64_t *at, uint64_t *ret_key,
    uint64_t *ret_count);

/* The events of the batch at hand that a mask lets through. */
struct taken {
	const uint8_t *flags; /* NULL: not asked yet */
	size_t count;
};

/* Codes of an ENUM, a byte, and 0 for absent. */
#define CODES_FEW (UINT8_MAX + 2u)

struct fold {
	struct event_batch *batch;
	bool unit; /* no event of it stands for more than one; else `weight` is filled in */
	uint32_t weight[FOLD_BATCH];
	/* Of the batch at hand: by predicate, filled in when `evaluated`, and by mask. */
	uint8_t (*matches)[FOLD_BATCH];
	bool *evaluated;
	uint8_t (*masks)[FOLD_BATCH];
	struct taken *taken;
	/*
	 * Scratch, not on the stack, which is zeroed at every call (-ftrivial-auto-var-init).
	 */
	uint8_t knowing[FOLD_BATCH];
	uint16_t all[FOLD_BATCH]; /* 0, 1, 2, ... */
	uint16_t at[FOLD_BATCH];  /* places of some events, and then for each of these: */
	uint32_t codes[QUERY_KEYS][FOLD_BATCH];
	uint32_t found[FOLD_BATCH];
	uint32_t few[CODES_FEW];
	uint32_t hashes[FOLD_BATCH];
	uint64_t pair_weight[FOLD_BATCH];
	uint16_t news[FOLD_BATCH]; /* indexes of pairs that are new */
	uint32_t group[FOLD_BATCH]; /* by event, */
	uint64_t value[FOLD_BATCH]; /* as this */
	const struct plan *plan;
	struct query_limits limits;
	struct symbols *symbols;
	uint64_t units;              /* events counted one by one since counts had room */
	struct rows rows[DOMAINS];   /* by dictionary number */
	struct groups *groups;       /* by query */
	struct pairs *pairs;         /* by plan_measure.pairs */
	uint64_t dropped[DOMAINS];   /* texts thrown out by the cap */
	uint64_t low[DOMAINS];       /* so much a text's events may be counted low by that */
	int64_t hour, hour_offset;   /* zone_offset() of the hour last asked for */
};

/* masks.c: which events MASK lets through. */
const struct taken *fold_taken(struct fold *fold, int mask);

/* walks.c: counts the events of the batch at hand for WALK. */
void fold_walk(struct fold *fold, const struct kind_walk *walk);

/* codes.c: the codes of KEY in the events at AT[0..n) of the batch at hand; 0: absent. */
void fold_codes(struct fold *fold, const struct query_key *key, const uint16_t *at, size_t n,
    uint32_t *ret);

/* The buckets that the values of FIELD, which is a number, are in there. */
void fold_buckets(const struct fold *fold, enum field field, const uint16_t *at, size_t n,
    uint32_t *ret);

/* For each event of the batch the number of KEY, which has a domain; 0 where not TAKEN. */
const uint32_t *fold_numbers(struct fold *fold, const struct query_key *key,
    const struct taken *taken);

/* The text under which dropped texts are counted together; no log can hold it. */
#define DROPPED_TEXT STR("\xff")

/* The group in FOLD of a pair of MEASURE of QUERY. No text is numbered for that. */
uint32_t fold_pair_group(const struct fold *fold, const struct plan_query *query,
    const struct plan_measure *measure, uint64_t key);

/* Where the rows of QUERY of FOLD are. */
static inline struct rows *
fold_rows(const struct fold *fold, const struct plan_query *query)
{
	if (query->grouping == GROUP_NUMBER)
		return (struct rows *)(uintptr_t)&fold->rows[query->domain];
	return &fold->groups[query - fold->plan->queries].rows;
}

/* The row of GROUP for QUERY of FOLD. */
static inline uint32_t *
fold_row(const struct fold *fold, const struct plan_query *query, uint32_t group)
{
	return rows_at(fold_rows(fold, query), group) + query->offset;
}

/* The first word of the row of GROUP for QUERY among all of ROWS. */
static inline size_t
row_begin(const struct rows *rows, const struct plan_query *query, uint32_t group)
{
	return (size_t)group * rows->stride + query->offset;
}

/* Groups there may be: numbers of the domain, or groups of the table. */
uint32_t fold_group_count(const struct fold *fold, const struct plan_query *query);

enum combine measure_combine(enum measure_op op);

/* Values that max combines rightly, 0 meaning none. */
static inline uint64_t
cell_of_max(int64_t value)
{
	return (uint64_t)value ^ UINT64_C(1) << 63;
}

static inline uint64_t
cell_of_min(int64_t value)
{
	return ~((uint64_t)value ^ UINT64_C(1) << 63);
}

static inline int64_t
max_of_cell(uint64_t cell)
{
	return (int64_t)(cell ^ UINT64_C(1) << 63);
}

static inline int64_t
min_of_cell(uint64_t cell)
{
	return (int64_t)(~cell ^ UINT64_C(1) << 63);
}

/*
 * Histogram bucket of a value >= 0: its first three decimal digits, so exact below
 * 1000 units and for all that Postfix prints below 1000 s, cut by less than 1 % above.
 */
uint32_t bucket_of(int64_t value);
int64_t bucket_value(uint32_t bucket);

/* One group's histogram: its buckets, in no order, and their heights. */
struct bar {
	uint32_t bucket;
	uint64_t count;
};

struct histogram {
	struct bar *bars;
	size_t count, room;
	uint64_t events;
};

/*
 * The histograms of PAIRS, one for each of so many ROWS: ROW_OF[group] is the number of
 * its row, from 1; 0: it has none. The first owns the bars of all.
 */
struct histogram *histograms_new(const struct pairs *pairs, const uint32_t *row_of,
    size_t rows);
void histograms_free(struct histogram *list);

/* The smallest value that at least QUANTILE of the events do not exceed (nearest rank). */
int64_t histogram_quantile(struct histogram *histogram, double quantile);

/* Domain of the dictionary that KEY's numbers come from; DOMAIN_NONE for other codes. */
enum domain key_domain(enum field field, enum key_function function);

/* A plain number that a code has no room for is this and its text's number. */
#define CODE_INTERNED UINT32_C(0x80000000)

/* Is CODE such a number's? Those of times use all their bits. */
static inline bool
code_is_interned(uint32_t code, enum key_function function)
{
	return function == KEY_FIELD && (code & CODE_INTERNED) != 0;
}

/*
 * The time that CODE of FUNCTION, of hours or days, stands for: the start of the hour, or of
 * the day as if that were UTC's.
 */
int64_t code_time(uint32_t code, enum key_function function);

/*
 * Is CODE of a distinct measure in the sample of LEVEL: has its text's stable hash
 * that many zeros at the end? See caps.c.
 */
bool code_sampled(const struct fold *fold, const struct query_measure *measure, uint32_t code,
    unsigned level);

/* Brings PAIRS of MEASURE of QUERY to a sample of LEVEL, which is not below its own. */
void pairs_sample(struct fold *fold, const struct plan_query *query,
    const struct plan_measure *measure, unsigned level);

/* A + B, which are int64_t's bits; what has no room there is the outermost number. */
static inline uint64_t
cell_sum(uint64_t a, uint64_t b)
{
	int64_t sum;

	if (!__builtin_add_overflow((int64_t)a, (int64_t)b, &sum))
		return (uint64_t)sum;
	return (int64_t)a < 0 ? (uint64_t)INT64_MIN : (uint64_t)INT64_MAX;
}

/* Adds VALUE to CELL, a wide one, as COMBINE says, which is not COMBINE_LATEST. */
static inline void
cell_combine(uint32_t *cell, uint64_t value, enum combine combine)
{
	uint64_t old = cell_wide(cell);

	if (combine == COMBINE_ADD)
		cell_set_wide(cell, cell_sum(old, value));
	else
		cell_set_wide(cell, value > old ? value : old);
}

/*
 * MEASURE of ROW of FOLD hears of text NUMBER at TIME, as cell_of_max(): the last one stays,
 * of several at one time the one that sorts last, so that the order does not matter.
 */
void cell_latest(const struct fold *fold, const struct plan_measure *measure, uint32_t *row,
    uint32_t number, uint64_t time);

#endif
