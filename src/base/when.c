/* SPDX-License-Identifier: Apache-2.0
 *
 * The moments people type:
 *   2026-01-31   2026-01-31T12:00:00+01:00   Jan 31 12:00   31 January 2026   14:00
 *   today   yesterday 14:00   -7d   2 hours ago   @1767225600
 */
#include "base/civil.h"

#include "base/err.h"

static const char *const months[] = {"january", "february", "march", "april", "may", "june",
	"july", "august", "september", "october", "november", "december"};
/* As 1970 began. */
static const char *const weekdays[] = {"thursday", "friday", "saturday", "sunday", "monday",
	"tuesday", "wednesday"};
static const char *const units[] = {"seconds", "minutes", "hours", "days", "weeks"};

/* What days are told by. */
struct typing {
	int64_t today; /* the local one, counted from 1970 */
	int year;      /* the latest for a day without one; 0: any */
};

/* Exactly COUNT digits from the front of *S, not above MAX. */
static bool
take_digits(struct str *s, size_t count, int min, int max, int *ret)
{
	int64_t n;

	if (s->len < count || !str_number(str_head(*s, count), &n) || n < min || n > max)
		return false;
	*s = str_from(*s, count);
	*ret = (int)n;
	return true;
}

/* One digit or two. */
static bool
take_few(struct str *s, int min, int max, int *ret)
{
	return take_digits(s, 2, min, max, ret) || take_digits(s, 1, min, max, ret);
}

/* A name of NAMES, of which LEAST letters are enough, in any letters: its number, or -1. */
static int
take_name(struct str *s, const char *const *names, int count, size_t least)
{
	size_t len = 0;

	while (len < s->len && char_is_alnum(s->p[len]) && !char_is_digit(s->p[len]))
		len++;
	for (int i = 0; len >= least && i < count; i++) {
		if (str_eq_nocase(str_head(str_of(names[i]), len), str_head(*s, len))) {
			*s = str_from(*s, len);
			return i;
		}
	}
	return -1;
}

static bool
skip_word(struct str *s, struct str word)
{
	if (!str_eq_nocase(str_head(*s, word.len), word))
		return false;
	*s = str_from(*s, word.len);
	return true;
}

/* Is there something between what was read and what is next? */
static bool
skip_gap(struct str *s)
{
	size_t before = s->len;

	while (str_skip_char(s, ' ') || str_skip_char(s, ','))
		;
	return s->len < before;
}

/* ".123" as microseconds; nothing is 0. More than six digits are cut. */
static bool
take_fraction(struct str *s, int *ret)
{
	int scale = 100000;

	*ret = 0;
	if (!str_skip_char(s, '.'))
		return true;
	if (s->len == 0 || !char_is_digit(*s->p))
		return false;
	for (; s->len && char_is_digit(*s->p); *s = str_from(*s, 1), scale /= 10)
		*ret += (*s->p - '0') * scale;
	return true;
}

/* "Z", "+02:00", "+0200", "+02" as seconds east of UTC. */
static bool
take_offset(struct str *s, int *ret)
{
	int hours, minutes = 0, sign;

	*ret = 0;
	if (str_skip_char(s, 'Z'))
		return true;
	sign = str_skip_char(s, '-') ? -1 : str_skip_char(s, '+') ? 1 : 0;
	if (!sign || !take_digits(s, 2, 0, 23, &hours))
		return false;
	if (str_skip_char(s, ':') || s->len) {
		if (!take_digits(s, 2, 0, 59, &minutes))
			return false;
	}
	*ret = sign * (hours * 3600 + minutes * 60);
	return true;
}

/* "12:00[:00[.5]]" */
static bool
take_clock(struct str *s, struct civil *c)
{
	if (!take_few(s, 0, 23, &c->hour) || !str_skip_char(s, ':') ||
	    !take_digits(s, 2, 0, 59, &c->minute))
		return false;
	return !str_skip_char(s, ':') ||
	    (take_digits(s, 2, 0, 60, &c->second) && take_fraction(s, &c->microsecond));
}

/* "2026-01-31" */
static bool
take_numbers(struct str *s, struct civil *c)
{
	return take_digits(s, 4, 1, 9999, &c->year) && str_skip_char(s, '-') &&
	    take_digits(s, 2, 1, 12, &c->month) && str_skip_char(s, '-') &&
	    take_digits(s, 2, 1, civil_month_days(c->year, c->month), &c->day);
}

/* The last year that has C's day, as of logs without years: up to tomorrow. */
static int
last_year(const struct civil *c, const struct typing *typing)
{
	int year = civil_of((typing->today + 1) * USEC_PER_DAY).year;

	if (typing->year && typing->year < year)
		year = typing->year;
	while (c->day > civil_month_days(year, c->month) ||
	    civil_days(year, c->month, c->day) > typing->today + 1)
		year--;
	return year;
}

/* "Jan 31", "31 January" */
static bool
take_day_and_month(struct str *s, struct civil *c)
{
	bool day_first = take_few(s, 1, 31, &c->day);

	skip_gap(s);
	c->month = take_name(s, months, 12, 3) + 1;
	if (c->month == 0 || (!day_first && (!skip_gap(s) || !take_few(s, 1, 31, &c->day))))
		return false;
	return c->day <= civil_month_days(0, c->month);
}

/* "[Sat ]Jan 31[ 2026]" */
static bool
take_names(struct str *s, const struct typing *typing, struct civil *c)
{
	int weekday = take_name(s, weekdays, 7, 3);
	struct str behind;

	skip_gap(s);
	if (!take_day_and_month(s, c))
		return false;
	behind = *s;
	if (skip_gap(&behind) && take_digits(&behind, 4, 1970, 9999, &c->year))
		*s = behind;
	else
		c->year = last_year(c, typing);
	return c->day <= civil_month_days(c->year, c->month) &&
	    (weekday < 0 || civil_days(c->year, c->month, c->day) % 7 == weekday);
}

/* C is today's date when this begins. */
static bool
take_day(struct str *s, const struct typing *typing, struct civil *c)
{
	struct str numbers = *s;

	if (skip_word(s, STR("today")))
		return true;
	if (skip_word(s, STR("yesterday"))) {
		*c = civil_of((typing->today - 1) * USEC_PER_DAY);
		return true;
	}
	if (take_numbers(&numbers, c)) {
		*s = numbers;
		return true;
	}
	return take_names(s, typing, c);
}

/* "[DAY]", "[DAY ]12:00[zone]" */
static bool
parse_date(struct str s, const struct typing *typing, int64_t *ret)
{
	struct civil c = civil_of(typing->today * USEC_PER_DAY);
	bool has_day = str_index(s, ':') > 2;
	bool has_clock = true;
	int offset;

	if (has_day) {
		if (!take_day(&s, typing, &c))
			return false;
		has_clock = skip_gap(&s) || str_skip_char(&s, 'T');
	}
	if (has_clock && !take_clock(&s, &c))
		return false;
	if (s.len == 0) {
		*ret = zone_to_utc(civil_usec(&c), false, NULL);
		return true;
	}
	if (!has_clock || !take_offset(&s, &offset) || s.len)
		return false;
	*ret = civil_usec(&c) - offset * USEC_PER_SEC;
	return true;
}

/* "7d", "2 hours" as microseconds. */
static bool
parse_span(struct str s, int64_t *ret)
{
	static const int64_t worth[] = {USEC_PER_SEC, 60 * USEC_PER_SEC, USEC_PER_HOUR,
	    USEC_PER_DAY, 7 * USEC_PER_DAY};
	int64_t n;
	int unit;

	if (!str_skip_number(&s, &n))
		return false;
	skip_gap(&s);
	unit = take_name(&s, units, 5, 1);
	return unit >= 0 && s.len == 0 && !__builtin_mul_overflow(n, worth[unit], ret);
}

static bool
parse_epoch(struct str s, int64_t *ret)
{
	int64_t seconds;
	int fraction;

	if (!str_skip_number(&s, &seconds) || !take_fraction(&s, &fraction) || s.len)
		return false;
	return !__builtin_mul_overflow(seconds, USEC_PER_SEC, ret) &&
	    !__builtin_add_overflow(*ret, fraction, ret);
}

static bool
parse_when(struct str s, int64_t now, int year, int64_t *ret)
{
	int64_t local = now + zone_offset(now) * USEC_PER_SEC, span;
	struct civil date = civil_of(local);
	struct typing typing = {civil_days(date.year, date.month, date.day), year};
	bool ago = str_ends(s, STR(" ago"));

	if (str_eq_nocase(s, STR("now"))) {
		*ret = now;
		return true;
	}
	if (ago)
		s.len -= STR(" ago").len;
	if (ago || str_skip_char(&s, '-'))
		return parse_span(s, &span) && !__builtin_sub_overflow(now, span, ret);
	if (str_skip_char(&s, '@'))
		return parse_epoch(s, ret);
	return parse_date(s, &typing, ret);
}

int
civil_parse_when(struct str text, int64_t now, int year, int64_t *ret, struct err *err)
{
	int64_t when;

	if (parse_when(str_trim(text), now, year, &when)) {
		*ret = when;
		return 0;
	}
	return err_set(err, "not a time: '%.*s' (like 2026-01-31, 'Jan 31 12:00', "
	    "'yesterday 14:00', today, -7d, 2026-01-31T12:00:00+01:00, @1767225600)",
	    STR_ARG(str_head(text, 100)));
}
