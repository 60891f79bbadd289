/* SPDX-License-Identifier: Apache-2.0
 *
 * The calendar and RFC 3339 text. Zones: zone.c; the moments people type: when.c.
 */
#include "base/civil.h"

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
