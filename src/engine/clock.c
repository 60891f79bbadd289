/* SPDX-License-Identifier: Apache-2.0
 *
 * Stamps to UTC. Without a year the lines before tell it: New Year is where month
 * and day go back by half a year or more. Lines of several hosts, or of one with a
 * wrong date, come a little or a lot out of order: what goes back to where the log
 * was before New Year undoes it.
 */
#include "engine/clock.h"

#define HALF_YEAR (180 * USEC_PER_DAY)

/* How far around New Year lines may be out of order. */
#define DISORDER (2 * USEC_PER_DAY)

/* In the repeated hour: a step back of more is its second pass, not disorder. */
#define PASS_STEP (USEC_PER_HOUR / 2)

#define NEVER INT64_MIN

void
clock_init(struct clock *clock, int first_year)
{
	*clock = (struct clock){.last_local = NEVER, .last_yearless = NEVER,
	    .last_zoneless = NEVER, .before_new_year = NEVER, .behind_new_year = NEVER,
	    .first_year = first_year, .quiet = NEVER};
}

void
clock_init_beside(struct clock *clock, int64_t local)
{
	clock_init(clock, civil_of(local).year);
	clock->year = clock->first_year;
	clock->last_yearless = local;
}

static bool
is_leap_day(const struct civil *date)
{
	return date->month == 2 && date->day == 29;
}

static int
year_of(int64_t local)
{
	return civil_of(local).year;
}

/* DATE in YEAR. February 29 of a year that has none is its March 1. */
static int64_t
in_year(const struct civil *date, int year)
{
	struct civil c = *date;

	c.year = year;
	return civil_usec(&c);
}

static bool
is_leap_year(int year)
{
	return civil_month_days(year, 2) == 29;
}

/* The last year up to YEAR, or with STEP 1 the first from it on, that has DATE. */
static int
year_with(const struct civil *date, int year, int step)
{
	while (is_leap_day(date) && !is_leap_year(year))
		year += step;
	return year;
}

static bool
near(int64_t a, int64_t b)
{
	return b != NEVER && a - b <= DISORDER && b - a <= DISORDER;
}

/*
 * LOCAL, in the year of the line before, lies half a year or more ahead of it: a
 * long silence, or back behind a New Year that came too early.
 */
static int64_t
maybe_go_back(struct clock *clock, const struct civil *date, int64_t local)
{
	bool just_passed = near(clock->last_yearless, clock->behind_new_year);
	int year = just_passed ? year_of(clock->before_new_year) : clock->year - 1;
	int64_t earlier = in_year(date, year);

	if (!near(earlier, clock->last_yearless) &&
	    !(just_passed && near(earlier, clock->before_new_year)))
		return local;
	clock->year = year;
	clock->rollovers--;
	clock->before_new_year = clock->behind_new_year = NEVER;
	return earlier;
}

/* The local time of a stamp without a year. */
static int64_t
find_year(struct clock *clock, int64_t stamp_local)
{
	struct civil date = civil_of(stamp_local);
	int64_t local;

	if (clock->year == 0) {
		clock->year = clock->first_year ? clock->first_year : 2000;
		clock->year = year_with(&date, clock->year, -1);
		return in_year(&date, clock->year);
	}
	local = in_year(&date, clock->year);
	if (local - clock->last_yearless > HALF_YEAR)
		return maybe_go_back(clock, &date, local);
	if (clock->last_yearless - local > HALF_YEAR) {
		clock->before_new_year = clock->last_yearless;
		clock->year = year_with(&date, clock->year + 1, 1);
		clock->rollovers++;
		clock->behind_new_year = in_year(&date, clock->year);
		return clock->behind_new_year;
	}
	/* One line far from others may have a wrong date. */
	if (is_leap_day(&date) && near(local, clock->last_yearless))
		clock->leap_day = clock->rollovers + 1;
	return local;
}

static int64_t
with_year(struct clock *clock, int64_t stamp_local)
{
	/* Most lines are of the day of the line before. */
	if (clock->last_local != NEVER &&
	    stamp_local / USEC_PER_DAY == clock->last_local / USEC_PER_DAY)
		clock->last_yearless += stamp_local - clock->last_local;
	else
		clock->last_yearless = find_year(clock, stamp_local);
	clock->last_local = stamp_local;
	/* What tells nothing any more is forgotten, so that clocks become equal again. */
	if (!near(clock->last_yearless, clock->behind_new_year))
		clock->before_new_year = clock->behind_new_year = NEVER;
	return clock->last_yearless;
}

/* A line that was just written is of the pass that is now, whatever was before. */
static bool
choose_by_now(struct clock *clock, int64_t local)
{
	for (int second = 0; clock->now && second <= 1; second++) {
		int64_t age = clock->now - zone_to_utc(local, second, NULL);

		if (age > PASS_STEP || age < -PASS_STEP)
			continue;
		clock->second_pass = second;
		return clock->pass_known = true;
	}
	return false;
}

/* Which pass LOCAL, in the repeated hour, is in; sets second_pass and pass_known. */
static void
choose_pass(struct clock *clock, int64_t local)
{
	int64_t last = clock->last_zoneless;
	bool inside = false;

	if (choose_by_now(clock, local))
		return;
	if (last != NEVER)
		zone_to_utc(last, false, &inside);
	if (inside) {
		if (last - local <= PASS_STEP)
			return;
		clock->second_pass = clock->pass_known = true;
	} else {
		/* Coming from before the hour or, out of order, from behind it. */
		clock->second_pass = last > local && near(last, local);
		clock->pass_known = last != NEVER && (last < local || clock->second_pass);
	}
}

/* STAMP, without a year, was found to be LOCAL and UTC; so is all of its quarter. */
static void
keep_quiet(struct clock *clock, int64_t stamp_local, int64_t local, int64_t utc)
{
	clock->quiet = stamp_local - stamp_local % CLOCK_QUARTER;
	clock->quiet_year = local - stamp_local;
	clock->quiet_utc = utc - stamp_local;
}

int64_t
clock_resolve_slowly(struct clock *clock, const struct stamp *stamp, bool *ret_inferred)
{
	int64_t local, utc;
	bool repeated;

	*ret_inferred = false;
	if (stamp->has_zone) {
		clock->quiet = NEVER;
		return with_year(clock, stamp->local) - stamp->offset * USEC_PER_SEC;
	}
	local = stamp->has_year ? stamp->local : with_year(clock, stamp->local);
	utc = zone_to_utc(local, false, &repeated);
	clock->quiet = NEVER;
	if (repeated) {
		choose_pass(clock, local);
		utc = zone_to_utc(local, clock->second_pass, NULL);
		*ret_inferred = !clock->pass_known;
	} else {
		clock->second_pass = clock->pass_known = false;
		if (!stamp->has_year && clock->behind_new_year == NEVER)
			keep_quiet(clock, stamp->local, local, utc);
	}
	clock->last_zoneless = local;
	return utc;
}

int
clock_first_year(int64_t last_local, int rollovers, int leap_day, int64_t anchor, int year)
{
	struct civil date;
	int64_t latest = anchor + USEC_PER_DAY;
	int since_leap_day; /* New Years */

	if (year != 0)
		return year - rollovers;
	if (last_local == NEVER)
		return 0;
	date = civil_of(last_local);
	/* If the last line is of such a day itself, it may be impossible that both are. */
	since_leap_day = leap_day && !is_leap_day(&date) ? rollovers + 1 - leap_day : -1;
	/* Local time may already be in the next year. */
	year = year_with(&date, year_of(latest) + 1, -1);
	while (zone_to_utc(in_year(&date, year), false, NULL) > latest ||
	    (since_leap_day >= 0 && !is_leap_year(year - since_leap_day)))
		year = year_with(&date, year - 1, -1);
	return year - rollovers;
}
