/* SPDX-License-Identifier: Apache-2.0
 *
 * report: sections (queries as data) and their layouts. The caller picks
 * sections, has report_queries() answered by whatever can, and hands the answers
 * back for printing: report never knows where the events came from.
 */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include "enrich/enrich.h"
#include "query/query.h"

/* What became of the lines of one input, or of one program. */
struct report_lines {
	struct str name;
	uint64_t lines, events, ignored, unknown, malformed, foreign;
	const char *error; /* NULL: read to its end */
};

struct report_shape {
	struct str program, shape, example;
	uint64_t count;
};

/*
 * What the user typed, as words for a shell with a space before each, for commands that
 * are to be answered from the same lines; NULL: nothing.
 */
struct report_asked {
	const char *reading; /* how lines are read: --year, --tz */
	const char *range;   /* which: --since, --until; which store: --config */
	const char *where;   /* which events */
	const char *inputs;
};

/* What was learned beside the answers, and the answers. All of it is the caller's. */
struct report_data {
	int64_t first, last; /* period of the events in range; first > last: none */
	int64_t since, until; /* what is older, or not older, was left out; INT64_MIN, _MAX */
	struct report_lines *inputs, *programs;
	size_t input_count, program_count;
	struct report_shape *shapes; /* by count, most first */
	size_t shape_count;
	const struct str *hosts;     /* by lines, most first */
	size_t host_count;
	uint64_t lines;
	double coverage;             /* 0..1; where logs answered */
	uint64_t evicted;            /* messages, sessions, clients that found no room */
	bool ranged;                 /* --since, --until or --where left something out */
	bool places_asked;           /* something looked at where addresses are */
	const struct geo_source *places; /* the databases for that */
	size_t place_count;
	int64_t now;                 /* for their age */
	const struct geo *geo;       /* asks them; NULL: none may be asked */
	const char *stored;          /* the store that answered; NULL: logs did */
	uint64_t kept;               /* events in it */
	const char *kept_less;       /* kinds that it has for less time only; NULL: none */
	struct report_asked asked;
	struct table *const *tables; /* answers, in the order of report_queries() */
};

struct report_style {
	unsigned width; /* columns */
	bool colour;
	bool utf8;      /* the reader's terminal knows more than ASCII */
};

struct report_format;

/* The format called NAME, or NULL; all names for messages. */
const struct report_format *report_format_named(struct str name);
const char *const *report_format_names(size_t *ret_count);

/* The format of a report on WORDS, sections among them, when none was asked for. */
const char *report_usual_format(char *const *words, size_t count);

struct report;

/* With no section added it is the first screen. */
struct report *report_new(const struct report_format *format);

/* Messages name COMMAND with its section EXAMPLE instead of `postern report clients`. */
void report_set_command(struct report *report, const char *command, const char *example);

void report_free(struct report *report);

/* False: there is no section NAME. */
bool report_add(struct report *report, struct str name);

/* The user's own question, as section `query`. BY and MEASURES may be NULL, not both. */
int report_add_query(struct report *report, const char *by, const char *measures,
    struct err *err);

/* What Postscreen-Stats' report shall say. */
struct report_screen {
	bool summary;        /* actions, figures, delays of reconnections */
	bool addresses;      /* a block for each client */
	bool countries;      /* with the summary: those of blocked clients */
	bool modern;         /* section `postscreen` as well, below */
	const char *actions; /* expression that chooses clients; NULL: all */
	const char *banner;  /* what addresses were chosen; NULL: all */
};

/*
 * Makes REPORT that of Postscreen-Stats, in its layout of 2012 when the format is
 * text. Sections added before are chosen instead. What OPTIONS points to is the
 * caller's. -1: `actions` is no expression of known actions.
 */
int report_add_screen(struct report *report, const struct report_screen *options,
    struct err *err);

/* Tables that the caller fills: columns are named in section-replay.c, section-bans.c. */
enum report_given {
	REPORT_REPLAY,
	REPORT_REPLAY_COLLATERAL,
	REPORT_REPLAY_RULES,
	REPORT_REPLAY_BANS,
	REPORT_REPLAY_COMPARED,
	REPORT_REPLAY_COLLATERAL_CHANGES,
	REPORT_REPLAY_CHANGES,
	REPORT_REPLAY_RULES_COMPARED,
	REPORT_BANS,
	REPORT_BANS_ALL,     /* the same columns, ended ones among the rows */
	REPORT_BANS_HISTORY, /* the same, of one address */
	REPORT_BANS_BY_RULE,
	REPORT_BANS_BY_NET,
	REPORT_BANS_BY_COUNTRY,
	REPORT_BANS_BY_ASN,
	REPORT_BANS_DAYS,
	REPORT_BANS_DAYS_BY_RULE,
	REPORT_BANS_REPEAT,
	REPORT_BANS_EFFECT,
	REPORT_BANS_EFFECT_BY_ADDRESS,
	REPORT_BANS_EFFECT_BY_DAY,
	REPORT_BANS_STATUS,
	REPORT_BANS_STATUS_LOGS,
	REPORT_BANS_STATUS_RULES,
	REPORT_BANS_STATUS_ACTIONS,
};

/*
 * Adds the section and returns its empty table, which is REPORT's and valid until it is
 * freed. A report of such sections alone needs no queries, and no answers.
 */
struct table *report_give(struct report *report, enum report_given which);

/*
 * Rows that will be shown of it, the first ones; 0: all. Whoever gives no more says with
 * the table's `groups` how many there are.
 */
uint32_t report_given_rows(const struct report *report, enum report_given which);

/* On a map, and in its table, only clients with so many connections or more. */
void report_set_map_least(struct report *report, int64_t connections);

/* Has REPORT a section with places in it, so that report_data.geo is wanted? */
bool report_has_map(const struct report *report);

/* Was this built with what the format html draws maps with? */
bool report_can_draw(void);

/* Prints given tables by themselves, as text, json or csv: no log was read for them. */
void report_print_given(struct report *report, const struct report_style *style,
    struct buf *out);

/* Rows of each table; 0 = all. Without this, each section's own number. */
void report_set_top(struct report *report, uint32_t top);

/* Tables with a row for each address get a column `name`: as logged, until changed below. */
void report_want_names(struct report *report);

/* The queries to answer, once everything is added. -1: the format cannot print this choice. */
int report_queries(struct report *report, const struct query *const **ret, size_t *ret_count,
    struct err *err);

/*
 * For each row that will be printed, of tables of addresses, when names are wanted:
 * its address, and the name, which EACH may change. Its text must live until printed.
 */
typedef void report_each_name(void *context, struct str ip, struct cell *name);
void report_names(struct report *report, const struct report_data *data,
    report_each_name *each, void *context);

void report_print(struct report *report, const struct report_data *data,
    const struct report_style *style, struct buf *out);

/* Names of all sections, and a list of them with one line of help each. */
const char *const *report_section_names(size_t *ret_count);
void report_help(struct buf *out);

/*
 * Whose data places are and how old they are, one origin a line of at most WIDTH
 * columns and what is beyond indented; as JSON an array. Every text that shows places
 * ends with it: the makers' licences ask for that.
 */
void report_put_places(struct buf *out, const struct geo_source *places, size_t count,
    int64_t now, unsigned width);
struct json;
void report_json_places(struct json *json, const struct geo_source *places, size_t count,
    int64_t now);

/* How words, times and numbers are shown, for other texts of the program. */
void report_put_count(struct buf *out, uint64_t n);
/* "1 line", "1,234 lines". */
void report_put_things(struct buf *out, uint64_t n, const char *thing);
void report_put_bytes(struct buf *out, int64_t bytes);
void report_put_seconds(struct buf *out, double seconds);
/* "Wed 31 Dec 02:00"; "2036-12-31 02:00" if it is not of this year: 16 columns both. */
void report_put_moment(struct buf *out, int64_t usec);
/* "Wed 31 Dec 2025 02:00 to Thu 1 Jan 2026 11:04": in a sentence. */
void report_put_period(struct buf *out, int64_t first, int64_t last);
void report_put_cut(struct buf *out, struct str text, unsigned width, bool utf8);
unsigned report_width(struct str text);

#endif
