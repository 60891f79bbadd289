/* SPDX-License-Identifier: Apache-2.0
 *
 * clock: turns stamps as written into UTC, remembering what the lines before
 * said: the year where there is none, the pass of the doubled hour.
 */
#ifndef ENGINE_CLOCK_H
#define ENGINE_CLOCK_H

#include "base/civil.h"
#include "parse/parse.h"

/* What zones count their offsets in. */
#define CLOCK_QUARTER (USEC_PER_HOUR / 4)

/* Plain data: two clocks that compare equal member by member go on alike. */
struct clock {
	int64_t last_local;      /* of the last yearless line, in year 2000 as written;
	                          * INT64_MIN (as those below): none yet */
	int64_t last_yearless;   /* the same in its year */
	int64_t last_zoneless;   /* local time of the last line without a zone */
	int64_t before_new_year; /* of the yearless lines on both sides of the last New Year */
	int64_t behind_new_year;
	/* Lines are read as they are written: the time of day; else 0. */
	int64_t now;
	int32_t first_year;
	int32_t year;            /* of the last yearless line; 0: none yet */
	int32_t rollovers;       /* New Years passed by yearless lines */
	/* The same before a February 29 among its neighbours, plus 1; 0: there was none. */
	int32_t leap_day;
	bool second_pass;        /* in the repeated hour: its second time */
	bool pass_known;         /* and that is no guess */
	/* The quarter of an hour, as written, of the last yearless line, if a line in it
	 * needs nothing but adding; else NEVER. No more than a shortcut. */
	int64_t quiet;
	int64_t quiet_year, quiet_utc; /* what to add: for its year, and for UTC */
};

/*
 * FIRST_YEAR: year of the first yearless line (0: unknown, then 2000 is used). A year
 * without February 29 is lowered when that line says so.
 */
void clock_init(struct clock *clock, int first_year);

/* The first line has a year, its local time is LOCAL: that tells others' years. */
void clock_init_beside(struct clock *clock, int64_t local);

/* clock_resolve() of a stamp that lacks a zone or a year, the long way. */
int64_t clock_resolve_slowly(struct clock *clock, const struct stamp *stamp,
    bool *ret_inferred);

/* Does the moment of a stamp without year and zone, LOCAL, need nothing but adding? */
static inline bool
clock_is_quiet(const struct clock *clock, int64_t local)
{
	return (uint64_t)local - (uint64_t)clock->quiet < CLOCK_QUARTER;
}

/* Such a stamp was passed. */
static inline void
clock_pass(struct clock *clock, int64_t local)
{
	clock->last_local = local;
	clock->last_yearless = clock->last_zoneless = local + clock->quiet_year;
}

/*
 * The moment STAMP (a known one) names; *RET_INFERRED when it is one of two and nothing
 * tells which.
 */
static inline int64_t
clock_resolve(struct clock *clock, const struct stamp *stamp, bool *ret_inferred)
{
	*ret_inferred = false;
	if (stamp->has_zone && stamp->has_year)
		return stamp->local - stamp->offset * USEC_PER_SEC;
	if (stamp->has_zone || stamp->has_year || !clock_is_quiet(clock, stamp->local))
		return clock_resolve_slowly(clock, stamp, ret_inferred);
	clock_pass(clock, stamp->local);
	return stamp->local + clock->quiet_utc;
}

/*
 * The year of the first yearless line of an input whose last one, ROLLOVERS New
 * Years later, was at LAST_LOCAL (year 2000 form, as in struct clock; LEAP_DAY, too): the
 * latest that puts the last line not after ANCHOR + 1 day, and the leap day into a leap year;
 * with YEAR given, simply YEAR - ROLLOVERS. 0 when LAST_LOCAL is INT64_MIN.
 */
int clock_first_year(int64_t last_local, int rollovers, int leap_day, int64_t anchor,
    int year);

#endif
