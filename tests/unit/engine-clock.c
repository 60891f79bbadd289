/* SPDX-License-Identifier: Apache-2.0
 *
 * clock: years and passes, line by line. Zones by POSIX rules.
 */
#include "engine/clock.h"

#include "base/civil.h"
#include "base/err.h"
#include "tap.h"

#define BERLIN "CET-1CEST,M3.5.0,M10.5.0/3"

/* A line's stamp, as civil_parse_when() takes it, and what the clock makes of it. */
struct line {
	const char *stamp; /* of year 2000 where none is written */
	const char *utc;   /* with '?' behind it when inferred */
};

static int64_t
moment(const char *text)
{
	struct err err;
	int64_t usec = INT64_MIN;
	char utc[40];

	snprintf(utc, sizeof(utc), "%sZ", text);
	if (civil_parse_when(str_of(utc), 0, 0, &usec, &err) < 0)
		printf("# %s\n", err.text);
	return usec;
}

static void
resolve(struct clock *clock, bool has_year, const struct line *line)
{
	struct stamp stamp = {.local = moment(line->stamp), .known = true,
	    .has_year = has_year};
	char out[RFC3339_MAX + 1];
	bool inferred;

	civil_rfc3339(clock_resolve(clock, &stamp, &inferred), out);
	snprintf(out + 19, 2, "%s", inferred ? "?" : "");
	is_text(out, strlen(out), line->utc, line->stamp);
}

/* Yearless LINES, the first in FIRST_YEAR; returns the clock behind them. */
static struct clock
follow(const char *title, int first_year, const struct line *lines, size_t n)
{
	struct clock clock;

	printf("# %s\n", title);
	clock_init(&clock, first_year);
	for (size_t i = 0; i < n; i++)
		resolve(&clock, false, &lines[i]);
	return clock;
}

#define FOLLOW(title, first_year, lines) \
	follow(title, first_year, lines, sizeof(lines) / sizeof((lines)[0]))

static void
years(void)
{
	static const struct line new_year[] = {
	    {"2000-12-31T23:59:58", "2025-12-31T23:59:58"},
	    {"2000-01-01T00:00:01", "2026-01-01T00:00:01"},
	    {"2000-12-31T23:59:59", "2025-12-31T23:59:59"},
	    {"2000-01-01T00:00:02", "2026-01-01T00:00:02"},
	    {"2000-01-01T04:00:00", "2026-01-01T04:00:00"},
	    {"2000-12-31T22:00:00", "2025-12-31T22:00:00"},
	    {"2000-01-01T04:00:01", "2026-01-01T04:00:01"},
	    {"2000-06-30T00:00:00", "2026-06-30T00:00:00"},
	    {"2000-06-29T20:00:00", "2026-06-29T20:00:00"},
	    {"2000-12-30T00:00:00", "2026-12-30T00:00:00"},
	    {"2000-01-02T00:00:00", "2027-01-02T00:00:00"},
	};
	static const struct line first_of_january[] = {
	    {"2000-01-01T00:00:00", "2026-01-01T00:00:00"},
	    {"2000-12-31T23:59:59", "2025-12-31T23:59:59"},
	    {"2000-01-01T00:00:01", "2026-01-01T00:00:01"},
	};
	static const struct line silence[] = {
	    {"2000-01-05T00:00:00", "2026-01-05T00:00:00"},
	    {"2000-08-20T00:00:00", "2026-08-20T00:00:00"},
	    {"2000-12-20T00:00:00", "2026-12-20T00:00:00"},
	    {"2000-05-01T00:00:00", "2027-05-01T00:00:00"},
	};
	static const struct line wrong_date[] = {
	    {"2000-11-20T10:00:00", "2026-11-20T10:00:00"},
	    {"2000-01-01T00:00:00", "2027-01-01T00:00:00"},
	    {"2000-11-20T10:00:01", "2026-11-20T10:00:01"},
	    {"2000-02-29T00:00:00", "2028-02-29T00:00:00"},
	    {"2000-11-20T10:00:02", "2026-11-20T10:00:02"},
	};
	struct clock clock;

	clock = FOLLOW("New Year, out of order", 2025, new_year);
	is_number(clock.rollovers, 2, "two New Years were passed");
	ok(clock.before_new_year != INT64_MIN, "the last of them is remembered");
	resolve(&clock, false, &(struct line){"2000-01-05T00:00:00", "2027-01-05T00:00:00"});
	ok(clock.before_new_year == INT64_MIN && clock.behind_new_year == INT64_MIN,
	    "for two days");
	clock = FOLLOW("the first line is the one out of order", 2026, first_of_january);
	is_number(clock.rollovers, 0, "none was passed");
	FOLLOW("half a year of silence", 2026, silence);
	clock = FOLLOW("a host with a wrong date", 2026, wrong_date);
	is_number(clock.rollovers, 0, "does not move the year");
}

/* "Nov 20 10:00:00 CET": a zone and no year. */
static void
zones_without_years(void)
{
	static const struct {
		const char *stamp, *utc;
		int offset;
	} lines[] = {
	    {"2000-12-31T23:30:00", "2026-12-31T22:30:00", 3600},
	    {"2000-12-31T22:40:00", "2026-12-31T22:40:00", 0},
	    {"2000-01-01T00:10:00", "2026-12-31T23:10:00", 3600},
	    {"2000-01-01T00:20:00", "2027-01-01T00:20:00", 0},
	    {"2000-06-01T10:00:00", "2027-06-01T12:00:00", -7200},
	};
	struct clock clock;

	clock_init(&clock, 2026);
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct stamp stamp = {.local = moment(lines[i].stamp), .known = true,
		    .has_zone = true, .offset = lines[i].offset};
		char out[RFC3339_MAX + 1];
		bool inferred;

		civil_rfc3339(clock_resolve(&clock, &stamp, &inferred), out);
		is_text(out, 19, lines[i].utc, lines[i].stamp);
	}
	is_number(clock.rollovers, 1, "one New Year was passed");
}

static void
leap_days(void)
{
	static const struct line first[] = {
	    {"2000-02-29T12:00:00", "2024-02-29T12:00:00"},
	    {"2000-03-01T00:00:00", "2024-03-01T00:00:00"},
	};
	static const struct line behind_new_year[] = {
	    {"2000-12-31T12:00:00", "2026-12-31T12:00:00"},
	    {"2000-02-29T12:00:00", "2028-02-29T12:00:00"},
	    {"2000-03-01T00:00:00", "2028-03-01T00:00:00"},
	};
	static const struct line in_between[] = {
	    {"2000-02-28T12:00:00", "2026-02-28T12:00:00"},
	    {"2000-02-29T12:00:00", "2026-03-01T12:00:00"},
	    {"2000-02-29T12:00:01", "2026-03-01T12:00:01"},
	    {"2000-03-01T13:00:00", "2026-03-01T13:00:00"},
	};
	static const struct line right[] = {
	    {"2000-12-31T12:00:00", "2027-12-31T12:00:00"},
	    {"2000-02-28T23:59:59", "2028-02-28T23:59:59"},
	    {"2000-02-29T12:00:00", "2028-02-29T12:00:00"},
	    {"2000-03-01T00:00:00", "2028-03-01T00:00:00"},
	};
	static const struct line in_the_middle[] = {
	    {"2000-12-31T12:00:00", "2000-12-31T12:00:00"},
	    {"2000-02-28T12:00:00", "2001-02-28T12:00:00"},
	    {"2000-02-29T12:00:00", "2001-03-01T12:00:00"},
	    {"2000-03-01T12:00:00", "2001-03-01T12:00:00"},
	};
	static const struct line impossible[] = {
	    {"2000-02-28T12:00:00", "2000-02-28T12:00:00"},
	    {"2000-02-29T12:00:00", "2000-02-29T12:00:00"},
	    {"2000-12-28T12:00:00", "2000-12-28T12:00:00"},
	    {"2000-02-28T12:00:00", "2001-02-28T12:00:00"},
	    {"2000-02-29T12:00:00", "2001-03-01T12:00:00"},
	};
	static const struct line unknown[] = {
	    {"2000-12-31T12:00:00", "2000-12-31T12:00:00"},
	    {"2000-01-31T12:00:00", "2001-01-31T12:00:00"},
	    {"2000-02-29T12:00:00", "2001-03-01T12:00:00"},
	};
	struct clock clock;

	FOLLOW("the first line lowers the year", 2026, first);
	FOLLOW("behind New Year it raises it", 2026, behind_new_year);
	FOLLOW("else it is a forged line, and March 1", 2026, in_between);
	FOLLOW("in a leap year it is itself", 2027, right);
	clock = FOLLOW("before the year is known", 0, unknown);
	is_number(clock.rollovers, 1, "one New Year was passed");
	is_number(clock_first_year(clock.last_local, clock.rollovers, clock.leap_day,
	    moment("2028-02-29T12:00:00"), 0), 2027, "a log that ends on a leap day");
	is_number(clock.leap_day, 0, "a line alone, behind a month of silence, tells nothing");
	clock = FOLLOW("a leap day among others", 0, in_the_middle);
	is_number(clock.leap_day, 2, "is remembered, with the New Years before it");
	is_number(clock_first_year(clock.last_local, clock.rollovers, clock.leap_day,
	    moment("2026-06-01T12:00:00"), 0), 2023, "such a log is of a leap year");
	is_number(clock_first_year(clock.last_local, clock.rollovers, clock.leap_day,
	    moment("2028-02-28T12:00:00"), 0), 2023, "that is not ahead");
	is_number(clock_first_year(clock.last_local, clock.rollovers, clock.leap_day,
	    moment("2026-06-01T12:00:00"), 2026), 2025, "but what is said is said");
	clock = FOLLOW("two in years that cannot both be", 0, impossible);
	is_number(clock_first_year(clock.last_local, clock.rollovers, clock.leap_day,
	    moment("2026-06-01T12:00:00"), 0), 2023, "the last line's counts");
}

static void
first_years(void)
{
	static const struct {
		const char *last, *anchor;
		int rollovers, year, first;
	} known[] = {
	    {"2000-11-20T12:00:00", "2026-11-20T12:00:00", 0, 0, 2026},
	    {"2000-11-21T11:00:00", "2026-11-20T12:00:00", 0, 0, 2026},
	    {"2000-11-21T13:00:01", "2026-11-20T12:00:00", 0, 0, 2025},
	    {"2000-12-31T23:00:00", "2026-01-01T12:00:00", 0, 0, 2025},
	    {"2000-01-01T00:30:00", "2025-12-31T23:30:00", 1, 0, 2025},
	    {"2000-11-20T12:00:00", "2026-11-20T12:00:00", 3, 0, 2023},
	    {"2000-02-29T12:00:00", "2026-11-20T12:00:00", 0, 0, 2024},
	    {"2000-02-29T12:00:00", "2028-02-28T11:00:01", 0, 0, 2028},
	    {"2000-02-29T12:00:00", "2028-02-27T12:00:00", 0, 0, 2024},
	    {"2000-11-20T12:00:00", "2026-11-20T12:00:00", 1, 2020, 2019},
	};
	struct err err;

	zone_set(BERLIN, &err);
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		is_number(clock_first_year(moment(known[i].last), known[i].rollovers, 0,
		    moment(known[i].anchor), known[i].year), known[i].first, known[i].last);
	is_number(clock_first_year(INT64_MIN, 0, 0, moment("2026-11-20T12:00:00"), 0), 0,
	    "no yearless line, no first year");
	zone_set("UTC", &err);
}

static void
passes(void)
{
	static const struct line busy[] = {
	    {"2000-10-25T01:59:59", "2026-10-24T23:59:59"},
	    {"2000-10-25T02:00:00", "2026-10-25T00:00:00"},
	    {"2000-10-25T01:59:59", "2026-10-24T23:59:59"},
	    {"2000-10-25T02:30:00", "2026-10-25T00:30:00"},
	    {"2000-10-25T02:29:00", "2026-10-25T00:29:00"},
	    {"2000-10-25T02:59:59", "2026-10-25T00:59:59"},
	    {"2000-10-25T02:00:00", "2026-10-25T01:00:00"},
	    {"2000-10-25T02:59:59", "2026-10-25T01:59:59"},
	    {"2000-10-25T03:00:00", "2026-10-25T02:00:00"},
	    {"2000-10-25T02:59:59", "2026-10-25T01:59:59"},
	    {"2000-10-25T03:00:01", "2026-10-25T02:00:01"},
	};
	static const struct line begins_inside[] = {
	    {"2000-10-25T02:40:00", "2026-10-25T00:40:00?"},
	    {"2000-10-25T02:50:00", "2026-10-25T00:50:00?"},
	    {"2000-10-25T02:10:00", "2026-10-25T01:10:00"},
	    {"2000-10-25T02:11:00", "2026-10-25T01:11:00"},
	    {"2000-10-25T03:11:00", "2026-10-25T02:11:00"},
	};
	static const struct line spring[] = {
	    {"2000-03-29T01:59:59", "2026-03-29T00:59:59"},
	    {"2000-03-29T02:30:00", "2026-03-29T01:30:00"},
	    {"2000-03-29T03:00:00", "2026-03-29T01:00:00"},
	};
	static const struct line dated = {"2026-10-25T02:15:00", "2026-10-25T00:15:00"};
	struct stamp zoned = {.local = moment("2026-10-25T02:00:00"), .offset = 3600,
	    .known = true, .has_year = true, .has_zone = true};
	struct clock clock, before;
	struct err err;
	bool inferred;

	zone_set(BERLIN, &err);
	FOLLOW("the end of summer time", 2026, busy);
	FOLLOW("a log that begins in the repeated hour", 2026, begins_inside);
	FOLLOW("its beginning", 2026, spring);
	clock = FOLLOW("other lines in between", 2026, begins_inside);
	before = clock;
	is_number(clock_resolve(&clock, &zoned, &inferred), moment("2026-10-25T01:00:00"),
	    "a line with a zone");
	ok(!inferred && memcmp(&before, &clock, sizeof(clock)) == 0, "changes nothing");
	clock_init(&clock, 2026);
	resolve(&clock, true, &(struct line){"2026-10-25T01:15:00", "2026-10-24T23:15:00"});
	resolve(&clock, true, &dated);
	is_number(clock.year, 0, "a line with a year does not tell that of others");
	zone_set("UTC", &err);
}

/* Lines that were just written: the time of day tells the pass. */
static void
as_written(void)
{
	static const struct {
		const char *now;
		struct line line;
	} rows[] = {
	    {"2026-10-25T01:15:03", {"2000-10-25T02:15:00", "2026-10-25T01:15:00"}},
	    {"2026-10-25T01:16:00", {"2000-10-25T02:10:00", "2026-10-25T01:10:00"}},
	    {"2026-10-25T00:16:00", {"2000-10-25T02:10:00", "2026-10-25T00:10:00"}},
	    {"2026-10-25T01:05:00", {"2000-10-25T02:59:00", "2026-10-25T00:59:00"}},
	    {"2026-10-25T01:05:00", {"2000-10-25T02:04:00", "2026-10-25T01:04:00"}},
	    /* Of another day's log the lines before tell, as ever. */
	    {"2026-10-26T12:00:00", {"2000-10-25T02:20:00", "2026-10-25T01:20:00"}},
	};
	struct clock clock;
	struct err err;

	printf("# read as they are written\n");
	zone_set(BERLIN, &err);
	clock_init(&clock, 2026);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		clock.now = moment(rows[i].now);
		resolve(&clock, false, &rows[i].line);
	}
	zone_set("UTC", &err);
}

int
main(void)
{
	struct err err;

	zone_set("UTC", &err);
	years();
	zones_without_years();
	leap_days();
	first_years();
	passes();
	as_written();
	return tap_done();
}
