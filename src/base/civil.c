/* SPDX-License-Identifier: Apache-2.0
 *
 * The calendar, RFC 3339 text, and the moments people type. Zones: zone.c.
 */
#include "base/civil.h"

#include "base/err.h"

#define DAYS_PER_ERA 146097 /* 400 years */

/* Days from 0000-03-01, where the algorithm counts from, to 1970-01-01. */
#define DAYS_TO_1970 719468

/* 0000-01-01 and the last microsecond of 9999: what RFC 3339 can say. */
#define RFC3339_FIRST (INT64_C(-62167219200) * USEC_PER_SEC)
#define RFC3339_LAST (INT64_C(253402300800) * USEC_PER_SEC - 1)

static int64_t
floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

int64_t
civil_days(int year, int month, int day)
{
	/* Years begin in March, so that the leap day is a year's last. */
	int64_t y = (int64_t)year - (month <= 2);
	int64_t era = floor_div(y, 400);
	int64_t year_of_era = y - era * 400;
	int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 +
	    day_of_year;

	return era * DAYS_PER_ERA + day_of_era - DAYS_TO_1970;
}

int64_t
civil_usec(const struct civil *civil)
{
	int64_t seconds = civil_days(civil->year, civil->month, civil->day) * 86400 +
	    civil->hour * 3600 + civil->minute * 60 + civil->second;

	return seconds * USEC_PER_SEC + civil->microsecond;
}

struct civil
civil_of(int64_t usec)
{
	int64_t days = floor_div(usec, USEC_PER_DAY);
	int64_t left = usec - days * USEC_PER_DAY;
	int64_t shifted = days + DAYS_TO_1970;
	int64_t era = floor_div(shifted, DAYS_PER_ERA);
	int64_t day_of_era = shifted - era * DAYS_PER_ERA;
	int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 -
	    day_of_era / 146096) / 365;
	int64_t day_of_year = day_of_era -
	    (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	int64_t march_month = (5 * day_of_year + 2) / 153;
	int month = (int)(march_month < 10 ? march_month + 3 : march_month - 9);
	int seconds = (int)(left / USEC_PER_SEC);

	return (struct civil){
	    .year = (int)(year_of_era + era * 400 + (month <= 2)),
	    .month = month,
	    .day = (int)(day_of_year - (153 * march_month + 2) / 5 + 1),
	    .hour = seconds / 3600,
	    .minute = seconds / 60 % 60,
	    .second = seconds % 60,
	    .microsecond = (int)(left % USEC_PER_SEC),
	};
}

int
civil_month_days(int year, int month)
{
	static const int8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return days[month - 1] + (month == 2 && leap);
}

/* Writes N as COUNT digits. */
static char *
put_digits(char *to, int n, int count)
{
	for (int i = count; i-- > 0; n /= 10)
		to[i] = (char)('0' + n % 10);
	return to + count;
}

size_t
civil_rfc3339(int64_t usec, char out[RFC3339_MAX])
{
	int64_t first_fixed = usec < RFC3339_FIRST ? RFC3339_FIRST : usec;
	struct civil c = civil_of(first_fixed > RFC3339_LAST ? RFC3339_LAST : first_fixed);
	char *p = put_digits(out, c.year, 4);

	*p++ = '-';
	p = put_digits(p, c.month, 2);
	*p++ = '-';
	p = put_digits(p, c.day, 2);
	*p++ = 'T';
	p = put_digits(p, c.hour, 2);
	*p++ = ':';
	p = put_digits(p, c.minute, 2);
	*p++ = ':';
	p = put_digits(p, c.second, 2);
	*p++ = '.';
	p = put_digits(p, c.microsecond, 6);
	*p++ = 'Z';
	*p = '\0';
	return (size_t)(p - out);
}

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

/* "2026-01-31[( |T)12:00[:00[.5]][zone]]" */
static bool
parse_date(struct str s, int64_t *ret)
{
	struct civil c = {.year = 0};
	int offset;

	if (!take_digits(&s, 4, 1, 9999, &c.year) || !str_skip_char(&s, '-') ||
	    !take_digits(&s, 2, 1, 12, &c.month) || !str_skip_char(&s, '-') ||
	    !take_digits(&s, 2, 1, civil_month_days(c.year, c.month), &c.day))
		return false;
	if (s.len == 0) {
		*ret = zone_to_utc(civil_usec(&c), false, NULL);
		return true;
	}
	if ((!str_skip_char(&s, 'T') && !str_skip_char(&s, ' ')) ||
	    !take_digits(&s, 2, 0, 23, &c.hour) || !str_skip_char(&s, ':') ||
	    !take_digits(&s, 2, 0, 59, &c.minute))
		return false;
	if (str_skip_char(&s, ':') &&
	    (!take_digits(&s, 2, 0, 60, &c.second) || !take_fraction(&s, &c.microsecond)))
		return false;
	if (s.len == 0) {
		*ret = zone_to_utc(civil_usec(&c), false, NULL);
		return true;
	}
	if (!take_offset(&s, &offset) || s.len)
		return false;
	*ret = civil_usec(&c) - offset * USEC_PER_SEC;
	return true;
}

/* "7d" as microseconds. */
static bool
parse_span(struct str s, int64_t *ret)
{
	static const struct {
		char unit;
		int64_t usec;
	} units[] = {{'s', USEC_PER_SEC}, {'m', 60 * USEC_PER_SEC}, {'h', USEC_PER_HOUR},
	    {'d', USEC_PER_DAY}, {'w', 7 * USEC_PER_DAY}};
	int64_t n;

	if (!str_skip_number(&s, &n) || s.len != 1)
		return false;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (units[i].unit == *s.p)
			return !__builtin_mul_overflow(n, units[i].usec, ret);
	return false;
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

/* Midnight of the local day DAYS before the one that NOW is in. */
static int64_t
day_start(int64_t now, int days)
{
	int64_t day = floor_div(now + zone_offset(now) * USEC_PER_SEC, USEC_PER_DAY) - days;

	return zone_to_utc(day * USEC_PER_DAY, false, NULL);
}

int
civil_parse_when(struct str text, int64_t now, int64_t *ret, struct err *err)
{
	struct str s = str_trim(text);
	int64_t when, span;
	bool good;

	if (str_eq(s, STR("now"))) {
		when = now;
		good = true;
	} else if (str_eq(s, STR("today"))) {
		when = day_start(now, 0);
		good = true;
	} else if (str_eq(s, STR("yesterday"))) {
		when = day_start(now, 1);
		good = true;
	} else if (str_skip_char(&s, '-')) {
		good = parse_span(s, &span) && !__builtin_sub_overflow(now, span, &when);
	} else if (str_skip_char(&s, '@')) {
		good = parse_epoch(s, &when);
	} else {
		good = parse_date(s, &when);
	}
	if (!good)
		return err_set(err, "not a time: '%.*s' (like 2026-01-31, '2026-01-31 12:00', "
		    "2026-01-31T12:00:00+01:00, today, yesterday, -7d, @1767225600)",
		    STR_ARG(str_head(text, 100)));
	*ret = when;
	return 0;
}
