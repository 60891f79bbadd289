/* SPDX-License-Identifier: Apache-2.0
 *
 * The report room's own door: what a section and a format are. A new section is
 * one row in SECTIONS and one definition; a new format one row in FORMATS and one
 * file. Any format prints any section.
 */
#ifndef REPORT_ROOM_H
#define REPORT_ROOM_H

#include "report/report.h"

/* A column of the text form: which, and how it looks there. */
struct view_column {
	const char *name;   /* in the table; an absent one is left out */
	const char *title;  /* NULL: the name */
	const char *over;   /* heading over this and the columns after it with the same */
	const char *absent; /* shown where nothing is known; NULL: "-" */
	bool spare;         /* left out rather than cutting texts short */
	bool words;         /* a daemon's or tracker's word, shown in plain words */
	bool share;         /* followed by its percentage of the total */
	bool whole;         /* an address: never cut */
	bool bar;           /* a bar at the end of the line compares it */
};

#define VIEW_COLUMNS 14

struct view {
	const char *title; /* NULL: the section's */
	struct view_column columns[VIEW_COLUMNS];
};

struct section;
struct report;
struct screen;

#define SECTION_PARTS 10
#define SECTION_VIEWS 3
#define SECTION_QUERIES 10

struct section {
	const char *name, *title;
	const char *help;  /* one line; NULL: not listed, a part of another */
	const char *of;    /* what a row is, in the plural */
	const char *note;  /* said below the text form */
	const char *empty; /* said when there are no rows */
	const char *unkept; /* said instead where a store answers, which has nothing of it */
	/* The first answers the section, unless it is made from all of them. */
	const struct query *queries[SECTION_QUERIES];
	struct table *(*make)(const struct report *report);
	void (*print)(const struct report *report, const struct section *section,
	    struct buf *out);
	struct view views[SECTION_VIEWS]; /* none: every column */
	const struct section *parts[SECTION_PARTS]; /* shown with it when asked for by name */
	bool series; /* one row per time: the newest are shown, all are kept */
	uint32_t rows; /* of a table it makes: so many in text; 0 = all */
	bool map;    /* its rows have places (report/map.h), and html draws them */
	bool chosen_clients; /* tells only of the clients that struct screen chooses */
	bool alarm;    /* any row needs a person */
	bool in_order; /* rows have an order of their own: the first are shown */
	bool whole;    /* text shows every row, too */
	const struct column *given; /* of a table that the caller fills, of GIVEN_COLUMNS */
};

#define GIVEN_COLUMNS 20 /* at most; they end at the first without a name */

#define SECTIONS(ROW)                                                                       \
	ROW(overview) ROW(findings) ROW(clients) ROW(networks) ROW(users) ROW(senders)      \
	ROW(recipients) ROW(domains) ROW(scripts) ROW(rejects) ROW(places) ROW(map)         \
	ROW(dnsbl) ROW(auth)                                                                \
	ROW(postscreen) ROW(traffic) ROW(delivery) ROW(delays) ROW(bounces) ROW(deferrals)  \
	ROW(tls) ROW(warnings) ROW(kinds) ROW(hosts) ROW(coverage)                          \
	ROW(clients_mail) ROW(senders_local) ROW(senders_domains)                           \
	ROW(rejects_replies) ROW(rejects_clients) ROW(rejects_recipients)                   \
	ROW(rejects_actions)                                                                \
	ROW(auth_users) ROW(auth_clients) ROW(auth_networks) ROW(auth_methods)              \
	ROW(auth_services) ROW(auth_errors)                                                 \
	ROW(postscreen_actions) ROW(postscreen_failed) ROW(postscreen_cost)                 \
	ROW(postscreen_returns) ROW(postscreen_waits) ROW(postscreen_zones)                 \
	ROW(postscreen_pregreet) ROW(postscreen_clients) ROW(postscreen_figures)            \
	ROW(postscreen_delays) ROW(postscreen_countries) ROW(postscreen_addresses)          \
	ROW(places_networks) ROW(postscreen_map) ROW(traffic_days) ROW(delivery_dsn)        \
	ROW(tls_failures) ROW(warnings_clients) ROW(logins_after_failures)                  \
	ROW(sudden_senders) ROW(shapes)

#define ROW(id) extern const struct section section_##id;
SECTIONS(ROW)
#undef ROW

/* By enum report_given: replay_sections before REPORT_BANS, bans_sections from there on. */
extern const struct section *const replay_sections[], *const bans_sections[];
extern const struct section *const sections[];
extern const size_t sections_count;

/* What the first screen is made of. */
extern const struct section *const sections_default[];
extern const size_t sections_default_count;

/*
 * How queries are written down. Keys and measures end at the first without a name.
 * DETAIL as a measure's last word keeps it off the first screen.
 */
#define KEY(f) {.name = #f, .field = FIELD_##f}
#define KEY_MADE(column, f, made) {.name = column, .field = FIELD_##f, .function = made}
#define DETAIL .detail = true
#define COUNT(column, filter, ...)                                                          \
	{.name = column, .op = MEASURE_COUNT, .where = filter, __VA_ARGS__}
#define DISTINCT(column, f, filter, ...)                                                    \
	{.name = column, .op = MEASURE_DISTINCT, .field = FIELD_##f, .where = filter,       \
	 __VA_ARGS__}
#define DISTINCT_MADE(column, f, made, filter, ...)                                         \
	{.name = column, .op = MEASURE_DISTINCT, .field = FIELD_##f, .function = made,      \
	 .where = filter, __VA_ARGS__}
#define SUM(column, f, filter, ...)                                                         \
	{.name = column, .op = MEASURE_SUM, .field = FIELD_##f, .where = filter, __VA_ARGS__}
#define QUANTILE(column, f, q, filter, ...)                                                 \
	{.name = column, .op = MEASURE_QUANTILE, .field = FIELD_##f, .quantile = q,         \
	 .where = filter, __VA_ARGS__}
#define MAX(column, f, filter, ...)                                                         \
	{.name = column, .op = MEASURE_MAX, .field = FIELD_##f, .where = filter, __VA_ARGS__}
#define LATEST(column, f, filter, ...)                                                      \
	{.name = column, .op = MEASURE_LATEST, .field = FIELD_##f, .where = filter,         \
	    __VA_ARGS__}
#define FIRST(column, filter, ...)                                                          \
	{.name = column, .op = MEASURE_FIRST, .where = filter, __VA_ARGS__}
#define LAST(column, filter, ...)                                                           \
	{.name = column, .op = MEASURE_LAST, .where = filter, __VA_ARGS__}

/*
 * Definitions that several sections share, word for word: what is written the
 * same is evaluated once. A message counts as received when a client or a local
 * user brought it; bounces that this server wrote itself do not. A delivery to a
 * content filter on this host is a step on the way, not a delivery.
 */
#define POLICY_REJECT "kind = policy & action = reject"
#define MILTER_REJECT "kind = milter & action = \"milter-reject\""
#define REJECTED "((" POLICY_REJECT ") | (" MILTER_REJECT ") | kind = ps_reject)"
#define RECEIVED "(kind = message & (ip | uid | user))"
#define MESSAGE "kind = message"
#define LOGIN_SUCCEEDED "(kind = attempt & outcome = success)"
#define LOGIN_FAILED "(kind = attempt & outcome = failure)"
#define LOGIN_REFUSED "(kind = attempt & outcome = refused)"
#define LOGIN_ABORTED "(kind = attempt & outcome = aborted)"
#define LOCAL_HOP                                                                           \
	"(next_qid & (relay_ip in 127.0.0.0/8 | relay_ip = ::1))"
#define NAMED "name != unknown"
#define DELIVERY "kind = delivery & !" LOCAL_HOP

/* What postscreen lets in smtpd logs as a connection of its own. */
#define AT_THE_DOOR                                                                         \
	"(kind = session & outcome != passed_old & outcome != passed_new & "                \
	"outcome != allowlisted & outcome != ignored_fail)"
#define CONNECTED "(kind = connect | " AT_THE_DOOR ")"
#define PLACE_KINDS                                                                         \
	"kind = connect | kind = session | kind = attempt | kind = policy | "               \
	"kind = milter | kind = ps_reject | kind = message"

/*
 * The name of a row that is a client: what the server said last. It costs as much as a
 * key, so there is none on the first screen.
 */
#define CLIENT_NAME LATEST("name", name, NAMED, DETAIL)
#define CLIENT_NAME_COLUMN {.name = "name"}

/* Rows of a table in text, where nobody asked for more. */
#define TOP_ROWS 10

/* Rows of a series of times that text shows. */
#define SERIES_ROWS 48

/* A section that was chosen, its answer, and whether the report made it. */
struct chosen {
	const struct section *section;
	const struct table *table;
	struct table *made;
	bool given; /* the caller made it */
	bool named; /* by the user, not brought along by another section */
};

struct asked {
	struct query query; /* with counts and limit filled in */
	const struct query *origin;
};

struct report {
	const struct report_format *format;
	/* For messages: "postern report", one of its sections. */
	const char *command, *example;
	const struct report_data *data; /* while printing */
	const struct report_style *style;
	struct chosen *chosen;
	size_t chosen_count, chosen_room;
	struct asked *asked;
	size_t asked_count, asked_room;
	const struct query **pointers; /* to the asked queries */
	struct section *own;           /* `query`, made from --by */
	struct query own_query;
	struct screen *screen;         /* what report_add_screen() was told, or NULL */
	bool first_screen, has_top, names;
	uint32_t top;
	int64_t map_least; /* connections of clients on a map */
	struct arena arena;
};

/* Adds SECTION, unless it is there; NAMED by the user, not brought by another one. */
void report_choose(struct report *report, const struct section *section, bool named);

/* The answer to ORIGIN, which one of the chosen sections uses. */
const struct table *report_answer(const struct report *report, const struct query *origin);

/* The table of a section that is among the chosen, or NULL. */
const struct table *report_table(const struct report *report, const struct section *section);

/*
 * The place of the address among the columns that answer QUERY, and that of its name
 * where there is one that is no key; -1: none.
 */
int query_address_column(const struct query *query);
int query_name_column(const struct query *query);

/* Which rows of TABLE are shown: from <= row < to. */
struct rows {
	size_t from, to;
};

struct rows report_rows(const struct report *report, const struct section *section,
    const struct table *table);

/* How the room prints: one row in FORMATS each. */
struct report_format {
	const char *name;
	bool all_rows; /* every row unless --top says otherwise */
	bool single;   /* prints exactly one section */
	bool maps;     /* only one that is a map */
	void (*print)(const struct report *report, struct buf *out);
	/* The chosen tables alone; NULL: it cannot. */
	void (*print_given)(const struct report *report, struct buf *out);
};

#define FORMATS(ROW) ROW(text) ROW(json) ROW(csv) ROW(html)
#define ROW(id) extern const struct report_format format_##id;
FORMATS(ROW)
#undef ROW

/* Some rows of any table as aligned text; VIEW NULL: all columns. */
void text_view(const struct report *report, const struct section *section,
    const struct view *view, const struct table *table, struct rows rows, bool total,
    struct buf *out);

/* The same with title, how many there are, and notes. */
void text_table(const struct report *report, const struct section *section,
    const struct table *table, struct buf *out);
void first_screen(const struct report *report, struct buf *out);
void overview_text(const struct report *report, const struct section *section,
    struct buf *out);
void findings_text(const struct report *report, const struct section *section,
    struct buf *out);

/* Whose the places are that were shown above, if any were asked for. */
void text_places(const struct report *report, struct buf *out);

/*
 * SECTION and its parts, whose tables are there, with the heading above them, for
 * what stands in another layout.
 */
void text_section(const struct report *report, const struct section *section,
    struct buf *out);

/* A command for the reader to type next, and what it takes of struct report_asked. */
struct next_command {
	const char *words;
	bool range, where; /* how lines are read, and inputs, it takes in any case */
};

#define NEXT_REPORT(section) {"postern report " section, .range = true, .where = true}

/*
 * "postern trace --year 2026 'a b' mail.log": COMMAND for the lines that were read; with
 * THING, which anybody may have written, as one word unless it is NULL.
 */
void put_command(struct buf *out, const struct report_data *data,
    const struct next_command *command, const struct str *thing);

/* Where a command begins that has a line of its own. */
#define COMMAND_INDENT 8u

/*
 * COMMAND, escaped, from column INDENT on; where it takes more than WIDTH columns its
 * line ends with a backslash, as a shell reads it, and goes on at INDENT.
 */
void put_wrapped_command(struct buf *out, struct str command, unsigned indent,
    unsigned width);

/*
 * put_command() without a thing, escaped, behind USED columns if it fits there, and the
 * line's end.
 */
void put_command_line(const struct report *report, const struct next_command *command,
    unsigned used, struct buf *out);

/* Says in a sentence what it read when there is nothing to report. False: there is. */
bool text_nothing(const struct report *report, struct buf *out);
void text_heading(const struct report *report, struct buf *out);

/* Parts of it: "mx1, mx2 and 3 more"; "Wed 31 Dec 02:00 - Thu 1 Jan 2026 11:04 UTC (33 h)". */
void put_hosts(const struct report *report, struct buf *out);
void put_time_span(const struct report_data *data, struct buf *out);

/* A cell in words, escaped, uncut; times without the weekday. */
void put_cell(struct buf *out, const struct column *column, const struct cell *cell);
void put_percent(struct buf *out, double part, double whole);
void put_moment(struct buf *out, int64_t usec, bool year);

/* "UTC+1", "UTC-3:30": what is in force at USEC. */
void put_zone(int64_t usec, struct buf *out);

/* As report_put_moment(); with the zone in the hour that the end of summer time repeats. */
void put_hour(struct buf *out, int64_t usec);

/* A COLUMN_DAY value as a date. */
void put_day(struct buf *out, int64_t usec);
void put_padding(struct buf *out, unsigned n);

/* A newline, without the spaces before it. */
void end_line(struct buf *out);

/*
 * TEXT broken at spaces into lines of WIDTH columns, all but the first indented by
 * 4; returns how wide the last one is.
 */
unsigned put_wrapped(struct buf *out, struct str text, unsigned width);

/* N in full if that takes no more than WIDTH columns, else as "12.3 M". */
void put_short(struct buf *out, uint64_t n, unsigned width);

/* What a daemon's or tracker's word means to a reader: "passed_old" is "passed, known". */
struct str word_for(struct str word);

/* Switches a terminal's colour on and off again; nothing when there is none. */
enum colour { COLOUR_TITLE, COLOUR_ALARM, COLOUR_BAR, COLOUR_QUIET };
void colour_on(const struct report *report, enum colour colour, struct buf *out);
void colour_off(const struct report *report, struct buf *out);

/* Of one row, column by column on lines of their own. */
void card_text(const struct report *report, const struct section *section, struct buf *out);

/* A table that a section makes itself, with COUNT copied COLUMNS. */
struct table *made_table(const char *name, const struct column *columns, unsigned count);

#define MADE_TABLE(name, columns)                                                           \
	made_table(name, columns, sizeof(columns) / sizeof(*(columns)))

void set_count(struct cell *cell, uint64_t n);
void set_real(struct cell *cell, double value);
void set_text(struct table *table, struct cell *cell, struct str text); /* copies TEXT */

/* TABLE, now whole, was made of FROM: as exact as that, with its note. */
void made_of(struct table *table, const struct table *from);

/*
 * What is told of TABLE, a series of when things began, where what ended before SINCE was
 * left out: one row, its time unknown, for all times before that, and the others. The caller
 * frees it. NULL: TABLE itself.
 */
struct table *table_with_earlier(const struct section *section, const struct table *table,
    int64_t since);

/* A number of the first row of TABLE, 0 when unknown. */
int64_t table_number(const struct table *table, size_t row, const char *column);
const struct cell *table_named(const struct table *table, size_t row, const char *column);

#endif
