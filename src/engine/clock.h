/* SPDX-License-Identifier: Apache-2.0
 *
 * clock: turns stamps as written into UTC, remembering what the lines before
 * said: the year where there is none, the pass of the doubled hour.
 */
#ifndef ENGINE_CLOCK_H
#define ENGINE_CLOCK_H

#include "parse/parse.h"

/* Plain data: two clocks that compare equal member by member go on alike. */
struct clock {
	int64_t last_local;      /* of the last yearless line, in year 2000 as written;
	                          * INT64_MIN (as those below): none yet */
	int64_t last_yearless;   /* the same in its year */
	int64_t last_zoneless;   /* local time of the last line without a zone */
	int64_t before_new_year; /* of the yearless lines on both sides of the last New Year */
	int64_t behind_new_year;
	int32_t first_year;
	int32_t year;            /* of the last yearless line; 0: none yet */
	int32_t rollovers;       /* New Years passed by yearless lines */
	bool second_pass;        /* in the repeated hour: its second time */
	bool pass_known;         /* and that is no guess */
};

/*
 * FIRST_YEAR: year of the first yearless line (0: unknown, then 2000 is used). A year
 * without February 29 is lowered when that line says so.
 */
void clock_init(struct clock *clock, int first_year);

/*
 * The moment STAMP (a known one) names; *RET_INFERRED when it is one of two and nothing
 * tells which.
 */
int64_t clock_resolve(struct clock *clock, const struct stamp *stamp, bool *ret_inferred);

/*
 * The year of the first yearless line of an input whose last one, ROLLOVERS New
 * Years later, was at LAST_LOCAL (year 2000 form, as in struct clock): the latest that
 * puts the last line not after ANCHOR + 1 day; with YEAR given, simply YEAR - ROLLOVERS.
 * 0 when LAST_LOCAL is INT64_MIN.
 */
int clock_first_year(int64_t last_local, int rollovers, int64_t anchor, int year);

#endif
