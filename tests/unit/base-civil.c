/* SPDX-License-Identifier: Apache-2.0
 *
 * civil: the calendar against known dates and itself, zones by POSIX rules (so
 * that no zone database is needed), and what people type.
 */
#include "base/civil.h"

#include "base/err.h"
#include "tap.h"

#define BERLIN "CET-1CEST,M3.5.0,M10.5.0/3"

static void
calendar(void)
{
	static const struct {
		int year, month, day;
		int64_t days;
	} known[] = {
	    {1970, 1, 1, 0}, {1969, 12, 31, -1}, {2000, 2, 29, 11016}, {2000, 3, 1, 11017},
	    {1900, 3, 1, -25508}, {2024, 2, 29, 19782}, {2026, 11, 20, 20777},
	    {1, 1, 1, -719162}, {9999, 12, 31, 2932896},
	};
	bool same = true;

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		is_number(civil_days(known[i].year, known[i].month, known[i].day),
		    known[i].days, "days of a known date");
	for (int64_t day = -800000; day < 3000000 && same; day += 17) {
		int64_t usec = day * USEC_PER_DAY + 86399999999;
		struct civil c = civil_of(usec);

		same = civil_usec(&c) == usec && c.day >= 1 &&
		    c.day <= civil_month_days(c.year, c.month) && c.hour == 23 &&
		    c.microsecond == 999999;
	}
	ok(same, "civil_usec() undoes civil_of() over ten thousand years");
	is_number(civil_month_days(0, 2), 29, "February has 29 days when no year is known");
	is_number(civil_month_days(1900, 2), 28, "1900 was no leap year");
	is_number(civil_month_days(2000, 2), 29, "2000 was one");
}

static void
rfc3339(void)
{
	static const struct {
		int64_t usec;
		const char *text;
	} known[] = {
	    {0, "1970-01-01T00:00:00.000000Z"},
	    {-1, "1969-12-31T23:59:59.999999Z"},
	    {INT64_C(1795175893587668), "2026-11-20T11:58:13.587668Z"},
	    {INT64_MAX, "9999-12-31T23:59:59.999999Z"},
	    {INT64_MIN, "0000-01-01T00:00:00.000000Z"},
	};
	char out[RFC3339_MAX];

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		is_text(out, civil_rfc3339(known[i].usec, out), known[i].text, known[i].text);
}

static void
zone_names(void)
{
	static const char *const good[] = {"UTC", "UTC0", BERLIN, ":" BERLIN, "EST5EDT",
	    "utc", "Utc", "europe/berlin", "EUROPE/BERLIN", "est5edt", "America/New_York",
	    "america/new_york", "+0530", "+05:30", "-03", "-0330", "+14:00", "+00:00",
	    "<+0330>-3:30", "UTC+2", "utc-03:30", "GMT+10", "UTC+0530", "gmt-0330",
	    "UTC+05:30", "UTC+00",
	    "NZST-12NZDT,M9.5.0,M4.1.0/3", "CET-1CEST,J60,J300/2:30"};
	static const char *const bad[] = {"", ":", "Mars/Olympus", "CET1X", "../../etc/passwd",
	    "/etc/passwd", "X5", "CET-1CEST,M13.1.0,M1.1.0", "CET-1CEST,M3.5.0",
	    "CET-1CEST,M3.5.0,M10.5.0/3 ", "<+03>", "CET-99",
	    "+", "+5", "+053", "+05:3", "+05:60", "+25", "+0530x", "05:30", "+05:30:00",
	    "+-05", "UTC+", "UTC+25", "UTC+5:3", "UTC+005", "UTC+2x",
	    "UTC+05300", "UTC+0560", "UTC+2500", "UTC+053:0", "UTC+0530:", "UTC+5:30:00"};
	struct err err;

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		ok(zone_set(good[i], &err) == 0, "zone '%s' is taken", good[i]);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ok(zone_set(bad[i], &err) == -1, "zone '%s' is refused", bad[i]);
}

static int64_t
at(int year, int month, int day, int hour, int minute)
{
	return civil_usec(&(struct civil){year, month, day, hour, minute, 0, 0});
}

static void
zones(void)
{
	struct err err;
	bool repeated;

	zone_set(BERLIN, &err);
	is_number(zone_offset(at(2026, 1, 1, 0, 0)), 3600, "winter");
	is_number(zone_offset(at(2026, 7, 1, 0, 0)), 7200, "summer");
	is_number(zone_offset(at(2026, 10, 25, 0, 59)), 7200, "a minute before summer ends");
	is_number(zone_offset(at(2026, 10, 25, 1, 0)), 3600, "when summer ends");
	is_number(zone_to_utc(at(2026, 7, 1, 12, 0), false, &repeated), at(2026, 7, 1, 10, 0),
	    "local summer time");
	ok(!repeated, "is not repeated");
	is_number(zone_to_utc(at(2026, 10, 25, 2, 30), false, &repeated),
	    at(2026, 10, 25, 0, 30), "first pass of the repeated hour");
	ok(repeated, "is repeated");
	is_number(zone_to_utc(at(2026, 10, 25, 2, 30), true, NULL), at(2026, 10, 25, 1, 30),
	    "second pass");
	zone_to_utc(at(2026, 10, 25, 1, 59), false, &repeated);
	ok(!repeated, "the hour before is not repeated");
	is_number(zone_to_utc(at(2026, 10, 25, 3, 0), true, &repeated), at(2026, 10, 25, 2, 0),
	    "the hour behind has one reading");
	ok(!repeated, "and is not repeated");
	is_number(zone_to_utc(at(2026, 3, 29, 2, 30), false, &repeated),
	    at(2026, 3, 29, 1, 30), "in the gap the offset before it counts");
	ok(!repeated, "the gap is not repeated");
	zone_set("<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", &err);
	zone_to_utc(at(2026, 4, 5, 1, 45), false, &repeated);
	ok(repeated, "Lord Howe repeats half an hour");
	zone_to_utc(at(2026, 4, 5, 1, 15), false, &repeated);
	ok(!repeated, "and only that");
	zone_set("+0530", &err);
	is_number(zone_offset(at(2026, 7, 1, 0, 0)), 19800, "an offset to the east");
	zone_set("-03:30", &err);
	is_number(zone_offset(at(2026, 7, 1, 0, 0)), -12600, "an offset to the west");
	zone_set("UTC+2", &err);
	is_number(zone_offset(at(2026, 7, 1, 0, 0)), 7200,
	    "as a report's heading says it");
	zone_set("gmt-3:30", &err);
	is_number(zone_offset(at(2026, 7, 1, 0, 0)), -12600, "to the west, too");
	zone_set("UTC+0530", &err);
	is_number(zone_offset(at(2026, 7, 1, 0, 0)), 19800, "without the colon, too");
	zone_set("utc", &err);
	is_number(zone_offset(at(2026, 7, 1, 0, 0)), 0, "a new zone forgets what was kept");
	is_number(zone_offset(INT64_MAX), 0, "the end of time has an offset");
	is_number(zone_offset(INT64_MIN), 0, "and so has its beginning");
}

static void
typed(void)
{
	static const struct {
		const char *text, *utc;
	} good[] = {
	    {"2026-01-31", "2026-01-30T23:00:00.000000Z"},
	    {"2026-07-31", "2026-07-30T22:00:00.000000Z"},
	    {"2026-01-31 12:00", "2026-01-31T11:00:00.000000Z"},
	    {" 2026-01-31T12:00:01 ", "2026-01-31T11:00:01.000000Z"},
	    {"2026-01-31T12:00:01.5Z", "2026-01-31T12:00:01.500000Z"},
	    {"2026-01-31 12:00:01.1234567-05:30", "2026-01-31T17:30:01.123456Z"},
	    {"2026-01-31T12:00+0100", "2026-01-31T11:00:00.000000Z"},
	    {"@1795175893.587668", "2026-11-20T11:58:13.587668Z"},
	    {"now", "2026-11-20T23:30:00.000000Z"},
	    {"today", "2026-11-20T23:00:00.000000Z"},
	    {"yesterday", "2026-11-19T23:00:00.000000Z"},
	    {"-7d", "2026-11-13T23:30:00.000000Z"},
	    {"-90m", "2026-11-20T22:00:00.000000Z"},
	    {"-2w", "2026-11-06T23:30:00.000000Z"},
	    {"-2 hours", "2026-11-20T21:30:00.000000Z"},
	    {"7d ago", "2026-11-13T23:30:00.000000Z"},
	    {"90 min ago", "2026-11-20T22:00:00.000000Z"},
	    {"1 week ago", "2026-11-13T23:30:00.000000Z"},
	    {"Today", "2026-11-20T23:00:00.000000Z"},
	    {"today 00:10", "2026-11-20T23:10:00.000000Z"},
	    {"yesterday 14:00", "2026-11-20T13:00:00.000000Z"},
	    {"yesterday  9:05:01.5", "2026-11-20T08:05:01.500000Z"},
	    {"14:00", "2026-11-21T13:00:00.000000Z"},
	    {"2026-01-31 9:00", "2026-01-31T08:00:00.000000Z"},
	    {"Jan 1", "2025-12-31T23:00:00.000000Z"},
	    {"Jan  1 12:00", "2026-01-01T11:00:00.000000Z"},
	    {"jul 31 12:00:01", "2026-07-31T10:00:01.000000Z"},
	    {"1 Jan", "2025-12-31T23:00:00.000000Z"},
	    {"01 January 12:00+0000", "2026-01-01T12:00:00.000000Z"},
	    {"Sept 5", "2026-09-04T22:00:00.000000Z"},
	    {"Nov 21", "2026-11-20T23:00:00.000000Z"},
	    {"Nov 21 23:59", "2026-11-21T22:59:00.000000Z"},
	    {"Nov 22", "2026-11-21T23:00:00.000000Z"},
	    {"Nov 23", "2025-11-22T23:00:00.000000Z"},
	    {"Dec 31", "2025-12-30T23:00:00.000000Z"},
	    {"29 Feb", "2024-02-28T23:00:00.000000Z"},
	    {"Jan 1 2025", "2024-12-31T23:00:00.000000Z"},
	    {"January 1, 2025", "2024-12-31T23:00:00.000000Z"},
	    {"1 Jan 2025 12:00", "2025-01-01T11:00:00.000000Z"},
	    {"Wed 31 Dec 2025 03:33", "2025-12-31T02:33:00.000000Z"},
	    {"Sat Nov 21 00:05", "2026-11-20T23:05:00.000000Z"},
	};
	int64_t now = at(2026, 11, 20, 23, 30), when;
	char out[RFC3339_MAX];
	struct err err;

	zone_set(BERLIN, &err);
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		when = 0;
		ok(civil_parse_when(str_of(good[i].text), now, 0, &when, &err) == 0,
		    "'%s' is a time", good[i].text);
		is_text(out, civil_rfc3339(when, out), good[i].utc, good[i].utc);
	}
}

static void
no_times(void)
{
	static const char *const bad[] = {"", "tomorrow", "2026", "2026-13-01", "2026-02-29",
	    "2026-01-31 24:00", "2026-01-31 12", "2026-01-31x", "-7", "-d", "-7y", "--7d",
	    "@", "@-1", "-9223372036854775807w", "@9223372036854775807",
	    "2026-01-31T12:00:00+1", "2026-01-31T12:00Zx", "0000-01-01",
	    "2026-01-31T12:00:00.", "now 12:00", "today 24:00", "todayx", "today12:00",
	    "Jan", "Jan 32", "Jan 2026", "30 Feb", "29 Feb 2025", "Ja 1", "Janu1y 1", "1 1",
	    "Jan 1 12", "Jan 1 12:00 x", "Jan 1 Jan", "Jan 1 20255", "Fri 31 Dec 2025",
	    "Wed", "14", "1:2:3:4", "-7 years", "7d", "ago", "7 ago", "1/31/2026",
	    "31.01.2026", "Jan 0", ",", "Jan 1,"};
	int64_t now = at(2026, 11, 20, 23, 30), when;
	struct err err;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ok(civil_parse_when(str_of(bad[i]), now, 0, &when, &err) == -1,
		    "'%s' is none", bad[i]);
	ok(strstr(err.text, "'Jan 31 12:00'") != NULL, "what is one is told: %s", err.text);
}

/* Days without a year, where the log's is given. */
static void
typed_of_a_year(void)
{
	static const struct {
		const char *text;
		int year;
		const char *utc;
	} days[] = {
	    {"Jan 1", 2024, "2024-01-01T00:00:00.000000Z"},
	    {"Dec 24", 2024, "2024-12-24T00:00:00.000000Z"},
	    {"Feb 29", 2023, "2020-02-29T00:00:00.000000Z"},
	    {"Dec 24", 2026, "2025-12-24T00:00:00.000000Z"},
	    {"Dec 24", 2030, "2025-12-24T00:00:00.000000Z"},
	    {"Jan 1 2025", 2024, "2025-01-01T00:00:00.000000Z"},
	    {"yesterday", 2024, "2026-11-19T00:00:00.000000Z"},
	};
	int64_t when;
	char out[RFC3339_MAX];
	struct err err;

	zone_set("UTC", &err);
	for (size_t i = 0; i < sizeof(days) / sizeof(days[0]); i++) {
		when = 0;
		civil_parse_when(str_of(days[i].text), at(2026, 11, 20, 23, 30),
		    days[i].year, &when, &err);
		is_text(out, civil_rfc3339(when, out), days[i].utc, days[i].text);
	}
}

int
main(void)
{
	calendar();
	rfc3339();
	zone_names();
	zones();
	typed();
	no_times();
	typed_of_a_year();
	return tap_done();
}
