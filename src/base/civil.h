/* SPDX-License-Identifier: Apache-2.0
 *
 * civil: calendar time. Everywhere else time is int64_t microseconds since
 * 1970-01-01 00:00 UTC; this is the only room that knows days and zones.
 */
#ifndef BASE_CIVIL_H
#define BASE_CIVIL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

#define USEC_PER_SEC INT64_C(1000000)
#define USEC_PER_HOUR (INT64_C(3600) * USEC_PER_SEC)
#define USEC_PER_DAY (INT64_C(86400) * USEC_PER_SEC)

struct civil {
	int year; /* 4 digits; 0 = not known */
	int month, day;
	int hour, minute, second, microsecond;
};

/* Days since 1970-01-01 of a proleptic Gregorian date (H. Hinnant, "chrono-Compatible
 * Low-Level Date Algorithms", days_from_civil). */
int64_t civil_days(int year, int month, int day);

/* CIVIL read as UTC; its year must be known. */
int64_t civil_usec(const struct civil *civil);
struct civil civil_of(int64_t usec);

/* Days in MONTH (1..12) of YEAR; 29 for February when YEAR is 0. */
int civil_month_days(int year, int month);

/*
 * The zone for zoneless input and for what is shown: NAME as in TZ(3), in any letters, or
 * "+0530" or "+05:30", east of UTC; NULL for the system's. One a process; call before
 * threads start. -1 when NAME is unknown.
 */
struct err;
int zone_set(const char *name, struct err *err);

/* Seconds east of UTC in force at USEC (UTC). */
int zone_offset(int64_t usec);

/*
 * The moment that local wall-clock time LOCAL (microseconds, read as if UTC)
 * names. In the repeated hour SECOND_PASS chooses and *RET_REPEATED (may be NULL) is
 * true; a time in the gap of spring is read with the offset before the gap.
 */
int64_t zone_to_utc(int64_t local, bool second_pass, bool *ret_repeated);

/* "2026-01-01T00:00:00.000000Z" (always 6 digits); returns its length. */
#define RFC3339_MAX 36
size_t civil_rfc3339(int64_t usec, char out[RFC3339_MAX]);

/*
 * A moment as people type it, in the zone set: "2026-01-31", "Jan 31", "31 Jan 2026",
 * "today" or "yesterday", with "12:00[:00]" behind it, or that alone for today; RFC 3339,
 * "@EPOCH", "now", "-7d" or "7 days ago" (s m h d w before NOW). A day without a year is
 * the last such one up to tomorrow and, unless that is 0, not behind YEAR. -1, *RET
 * untouched, for anything else; ERR then names examples.
 */
int civil_parse_when(struct str text, int64_t now, int year, int64_t *ret, struct err *err);

#endif
