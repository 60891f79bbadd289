/* SPDX-License-Identifier: Apache-2.0
 *
 * Time stamps as syslog daemons and mail programs write them:
 *   Nov  5 09:08:07        Nov 5 09:08:07         Nov 05 09:08:07.123
 *   May  1 2024 12:34:56   2013 Jun 10 06:28:17.123
 *   Nov  5 09:08:07 2026   Nov  5 09:08:07 UTC    Nov  5 09:08:07+02:00
 *   2026-11-05T09:08:07.123456+00:00              2026-11-05T09:08:07Z
 *   2026-11-05 09:08:07.123456+0200               1795175893.587668
 *   2026-11-05 09:08:07    2026-11-05 09:08:07 +0200
 *   Fri 2026-11-20 11:58:13 UTC                   Fri Nov 20 12:09:52 [UTC ]2026
 *   [01-Jan-2024 12:00:00 +0100]                  @400000004c91b044077a9e94
 */
#include "parse/room.h"

#include "base/civil.h"

/* Stands in for the year that is not written; a leap year. */
#define NO_YEAR 2000

/* "09:08:07[.123]" into *RET; at most nine digits behind the point. */
static bool
take_clock(struct str *s, int64_t *ret)
{
	int64_t clock = s->len >= 8 ? stamp_clock(s->p) : -1;
	size_t n = 0;

	if (clock < 0)
		return false;
	*s = str_from(*s, 8);
	if (s->len > 1 && (*s->p == '.' || *s->p == ',') && char_is_digit(s->p[1])) {
		*s = str_from(*s, 1);
		while (n < s->len && char_is_digit(s->p[n]))
			n++;
		if (n > 9)
			return false;
		clock += stamp_fraction(s->p, n);
		*s = str_from(*s, n);
	}
	*ret = clock;
	return true;
}

static bool
take_two(struct str *s, int min, int max, int *ret)
{
	unsigned n = s->len >= 2 ? stamp_two(s->p) : 100;

	if (n > 99 || (int)n < min || (int)n > max)
		return false;
	*s = str_from(*s, 2);
	*ret = (int)n;
	return true;
}

/* Four digits, the first 1 or 2. */
static bool
take_year(struct str *s, int *ret)
{
	unsigned century = s->len >= 4 ? stamp_two(s->p) : 100;
	unsigned rest = s->len >= 4 ? stamp_two(s->p + 2) : 100;

	if (century < 10 || century > 29 || rest > 99)
		return false;
	*s = str_from(*s, 4);
	*ret = (int)(century * 100 + rest);
	return true;
}

static bool
take_month(struct str *s, int *ret)
{
	static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

	if (s->len < 3)
		return false;
	for (int i = 0; i < 12; i++) {
		if (memcmp(s->p, names + i * 3, 3) == 0) {
			*s = str_from(*s, 3);
			*ret = i + 1;
			return true;
		}
	}
	return false;
}

/*
 * journalctl's months are those of its user's language: "Okt", "dic", as glibc's locales
 * have them for German, French, Spanish, Italian, Dutch, Portuguese, Polish and Russian.
 */
static bool
take_foreign_month(struct str *s, int *ret)
{
	static const char *const names[12] = {
		" jan janv ene gen sty \xd1\x8f\xd0\xbd\xd0\xb2 ",
		" f\xc3\xa9vr feb fev lut \xd1\x84\xd0\xb5\xd0\xb2 ",
		" M\xc3\xa4r mar mars mrt \xd0\xbc\xd0\xb0\xd1\x80 ",
		" avril abr apr kwi \xd0\xb0\xd0\xbf\xd1\x80 ",
		" Mai mai may mag mei maj \xd0\xbc\xd0\xb0\xd1\x8f ",
		" juin jun giu cze \xd0\xb8\xd1\x8e\xd0\xbd ",
		" juil jul lug lip \xd0\xb8\xd1\x8e\xd0\xbb ",
		" ao\xc3\xbbt ago aug sie \xd0\xb0\xd0\xb2\xd0\xb3 ",
		" sep sept set wrz \xd1\x81\xd0\xb5\xd0\xbd ",
		" Okt oct ott okt out pa\xc5\xba \xd0\xbe\xd0\xba\xd1\x82 ",
		" nov lis \xd0\xbd\xd0\xbe\xd1\x8f ",
		" Dez d\xc3\xa9" "c dic dec dez gru \xd0\xb4\xd0\xb5\xd0\xba ",
	};
	size_t n = str_index(*s, ' ');
	size_t len = n > 1 && n < s->len && s->p[n - 1] == '.' ? n - 1 : n;

	if (len < 3 || len > 6 || n == s->len)
		return false;
	for (int i = 0; i < 12; i++) {
		size_t at = str_find(str_of(names[i]), str_head(*s, len));

		/* Of names that begin alike the shorter stands first. */
		if (names[i][at] && names[i][at - 1] == ' ' && names[i][at + len] == ' ') {
			*s = str_from(*s, n);
			*ret = i + 1;
			return true;
		}
	}
	return false;
}

/* " 5", "5", "05", "15" */
static bool
take_day(struct str *s, int *ret)
{
	str_skip_char(s, ' ');
	if (take_two(s, 1, 31, ret))
		return true;
	if (s->len == 0 || *s->p < '1' || *s->p > '9')
		return false;
	*ret = *s->p - '0';
	*s = str_from(*s, 1);
	return true;
}

/* "Mon", "Tue", ... and the space behind. */
static bool
skip_weekday(struct str *s)
{
	static const char names[] = "MonTueWedThuFriSatSun";

	if (s->len < 4 || s->p[3] != ' ')
		return false;
	for (int i = 0; i < 7; i++) {
		if (memcmp(s->p, names + i * 3, 3) == 0) {
			*s = str_from(*s, 4);
			return true;
		}
	}
	return false;
}

/* "Z", "+02:00", "+0200", "+02" */
static bool
take_zone(struct str *s, struct stamp *stamp)
{
	struct str at = *s;
	int hours, minutes = 0, sign;

	if (str_skip_char(s, 'Z')) {
		stamp->has_zone = true;
		return true;
	}
	sign = str_skip_char(&at, '-') ? -1 : str_skip_char(&at, '+') ? 1 : 0;
	if (!sign || !take_two(&at, 0, 23, &hours))
		return false;
	if (str_skip_char(&at, ':') || (at.len && char_is_digit(*at.p))) {
		if (!take_two(&at, 0, 59, &minutes))
			return false;
	}
	stamp->has_zone = true;
	stamp->offset = sign * (hours * 3600 + minutes * 60);
	*s = at;
	return true;
}

/*
 * A zone's name, "UTC", "CEST", "America/Boise". Only those that mean one offset in today's
 * zone database give one, but for Havana's CDT and Manila's PST; any other, such as CST,
 * which is Chicago's and Shanghai's, leaves the stamp in the zone of the input.
 */
static bool
take_zone_name(struct str *s, struct stamp *stamp)
{
	static const struct {
		const char *name;
		int minutes;
	} known[] = {
	    {"UTC", 0}, {"GMT", 0}, {"WET", 0}, {"WEST", 60}, {"BST", 60}, {"CET", 60},
	    {"CEST", 120}, {"EET", 120}, {"EEST", 180}, {"MSK", 180}, {"WAT", 60},
	    {"CAT", 120}, {"SAST", 120}, {"EAT", 180}, {"IDT", 180}, {"PKT", 300},
	    {"WIB", 420}, {"WITA", 480}, {"WIT", 540}, {"HKT", 480}, {"JST", 540},
	    {"KST", 540}, {"AWST", 480}, {"ACST", 570}, {"ACDT", 630}, {"AEST", 600},
	    {"AEDT", 660}, {"NZST", 720}, {"NZDT", 780}, {"NST", -210}, {"NDT", -150},
	    {"AST", -240}, {"ADT", -180}, {"EST", -300}, {"EDT", -240}, {"CDT", -300},
	    {"MST", -420}, {"MDT", -360}, {"PST", -480}, {"PDT", -420}, {"AKST", -540},
	    {"AKDT", -480}, {"HST", -600},
	};
	struct str name = {s->p, 0};

	while (name.len < s->len && name.len < 64 && (char_is_alnum(s->p[name.len]) ||
	    memchr("/_+-", s->p[name.len], 4)))
		name.len++;
	if (name.len == 0 || char_is_digit(*name.p))
		return false;
	*s = str_from(*s, name.len);
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (str_eq(name, str_of(known[i].name))) {
			stamp->has_zone = true;
			stamp->offset = known[i].minutes * 60;
		}
	}
	return true;
}

/* Puts date and time of day together; a year of 0 is not written. */
static bool
finish(struct stamp *stamp, int year, int month, int day, int64_t clock)
{
	if (day > civil_month_days(year, month))
		return false;
	stamp->known = true;
	stamp->has_year = year != 0;
	stamp->local = civil_days(year ? year : NO_YEAR, month, day) * USEC_PER_DAY + clock;
	return true;
}

/* "2026-11-05" */
static bool
take_iso_date(struct str *s, int *year, int *month, int *day)
{
	return take_year(s, year) && str_skip_char(s, '-') && take_two(s, 1, 12, month) &&
	    str_skip_char(s, '-') && take_two(s, 1, 31, day);
}

/* "2026-11-05T09:08:07.123+00:00", "2026-11-05 09:08:07", "2026-11-05 09:08:07 +0200" */
static enum stamp_form
read_iso(struct str *s, struct stamp *stamp)
{
	int year, month, day;
	int64_t clock;
	bool in_file;
	struct str behind;

	if (!take_iso_date(s, &year, &month, &day))
		return STAMP_NONE;
	in_file = str_skip_char(s, ' ');
	if ((!in_file && !str_skip_char(s, 'T')) || !take_clock(s, &clock) ||
	    !finish(stamp, year, month, day, clock))
		return STAMP_NONE;
	if (take_zone(s, stamp))
		return in_file ? STAMP_OTHER : STAMP_RFC3339;
	behind = str_head(*s, 6);
	if (in_file && behind.len == 6 && (s->len == 6 || s->p[6] == ' ') &&
	    str_skip_char(&behind, ' ') && take_zone(&behind, stamp))
		*s = str_from(*s, 6);
	return in_file ? STAMP_FILE : STAMP_OTHER;
}

/* "2013 Jun 10 06:28:17.123" */
static enum stamp_form
read_year_first(struct str *s, struct stamp *stamp)
{
	int year, month, day;
	int64_t clock;

	if (!take_year(s, &year) || !str_skip_char(s, ' ') || !take_month(s, &month) ||
	    !str_skip_char(s, ' ') || !take_day(s, &day) || !str_skip_char(s, ' ') ||
	    !take_clock(s, &clock) || !finish(stamp, year, month, day, clock))
		return STAMP_NONE;
	return STAMP_OTHER;
}

/* "1795175893.587668", "1795175893 ": seconds since 1970; the latter in Dovecot's own file. */
static enum stamp_form
read_epoch(struct str *s, struct stamp *stamp)
{
	int64_t seconds;

	if (!str_skip_number(s, &seconds) || seconds > INT64_C(99999999999))
		return STAMP_NONE;
	if (s->len && *s->p == ' ' && seconds >= INT64_C(1000000000)) {
		stamp->local = seconds * USEC_PER_SEC;
		stamp->known = stamp->has_year = stamp->has_zone = true;
		return STAMP_FILE;
	}
	if (!str_skip_char(s, '.') || s->len < 6)
		return STAMP_NONE;
	stamp->local = stamp_fraction(s->p, 6);
	if (stamp->local < 0)
		return STAMP_NONE;
	stamp->local += seconds * USEC_PER_SEC;
	stamp->known = stamp->has_year = stamp->has_zone = true;
	*s = str_from(*s, 6);
	return STAMP_OTHER;
}

static enum stamp_form
read_digit(struct str *s, struct stamp *stamp)
{
	if (s->len > 4 && s->p[4] == '-')
		return read_iso(s, stamp);
	if (s->len > 4 && s->p[4] == ' ')
		return read_year_first(s, stamp);
	return read_epoch(s, stamp);
}

/* COUNT hex digits, lower case, 16 at most. */
static bool
take_hex(struct str *s, size_t count, uint64_t *ret)
{
	*ret = 0;
	if (s->len < count)
		return false;
	for (size_t i = 0; i < count; i++) {
		char c = s->p[i];
		bool letter = c >= 'a' && c <= 'f';

		if (!letter && !char_is_digit(c))
			return false;
		*ret = *ret << 4 | (uint64_t)(letter ? c - 'a' + 10 : c - '0');
	}
	*s = str_from(*s, count);
	return true;
}

/*
 * TAI64N, as multilog writes before each line: "@", seconds and nanoseconds. The second
 * 2^62 + 10 is the first of 1970 for daemontools, whose clocks leave leap seconds out
 * (https://cr.yp.to/libtai/tai64.html; tai_unix() in daemontools' tai.h).
 */
static enum stamp_form
read_tai(struct str *s, struct stamp *stamp)
{
	const uint64_t epoch = (UINT64_C(1) << 62) + 10;
	uint64_t seconds, nanoseconds;

	if (!str_skip_char(s, '@') || !take_hex(s, 16, &seconds) ||
	    !take_hex(s, 8, &nanoseconds) || seconds < epoch ||
	    seconds - epoch > UINT64_C(99999999999) || nanoseconds > 999999999)
		return STAMP_NONE;
	stamp->local = (int64_t)(seconds - epoch) * USEC_PER_SEC +
	    (int64_t)(nanoseconds / 1000);
	stamp->known = stamp->has_year = stamp->has_zone = true;
	return STAMP_FILE;
}

/* "9" and the word for month: so say journalctl's months in Chinese, Japanese, Korean. */
static PARSE_RARE bool
take_numbered_month(struct str *s, int *ret)
{
	struct str rest = *s;
	int64_t month;

	if (!str_skip_number(&rest, &month) || month < 1 || month > 12 ||
	    (!str_skip(&rest, STR("\xe6\x9c\x88")) && !str_skip(&rest, STR("\xec\x9b\x94"))))
		return false;
	*s = rest;
	*ret = (int)month;
	return true;
}

/* "Nov  5 09:08:07", "May  1 2024 12:34:56" */
static enum stamp_form
read_month_first(struct str *s, struct stamp *stamp)
{
	struct str begin = *s;
	int year = 0, month, day;
	bool foreign = !take_month(s, &month);
	int64_t clock;

	if ((foreign && !take_foreign_month(s, &month) && !take_numbered_month(s, &month)) ||
	    !str_skip_char(s, ' ') || !take_day(s, &day) || !str_skip_char(s, ' '))
		return STAMP_NONE;
	if (s->len > 4 && s->p[4] == ' ' && (!take_year(s, &year) || !str_skip_char(s, ' ')))
		return STAMP_NONE;
	if (!take_clock(s, &clock) || !finish(stamp, year, month, day, clock))
		return STAMP_NONE;
	if (s->len && *s->p != ' ' && take_zone(s, stamp))
		return STAMP_OTHER;
	return s->p - begin.p == 15 && !foreign ? STAMP_TRADITIONAL : STAMP_OTHER;
}

/* STAMP's year becomes that which *S begins with, if it has none. */
static bool
take_year_behind(struct str *s, struct stamp *stamp)
{
	struct civil civil = civil_of(stamp->local);
	int year;

	if (!take_year(s, &year) || civil.day > civil_month_days(year, civil.month))
		return false;
	if (!stamp->has_year)
		stamp->local += (civil_days(year, civil.month, civil.day) -
		    civil_days(civil.year, civil.month, civil.day)) * USEC_PER_DAY;
	stamp->has_year = true;
	return true;
}

/*
 * Capitals only, three to five as in all of today's zones that are no offset: no host's name.
 */
static bool
take_capital_zone(struct str *s, struct stamp *stamp)
{
	size_t n = 0;

	while (n < s->len && n < 6 && s->p[n] >= 'A' && s->p[n] <= 'Z')
		n++;
	return n >= 3 && n <= 5 && n < s->len && s->p[n] == ' ' && take_zone_name(s, stamp);
}

bool
stamp_read_behind(struct str *line, struct stamp *ret)
{
	struct stamp stamp = *ret, zone = {.known = false};
	struct str s = *line;
	bool found = false;

	for (int words = 0; words < 2; words++) {
		struct str rest = s;

		if (!take_zone(&rest, &zone) && !take_capital_zone(&rest, &zone) &&
		    !take_year_behind(&rest, &stamp))
			break;
		if (!str_skip_char(&rest, ' '))
			break;
		while (str_skip_char(&rest, ' '))
			;
		s = rest;
		found = true;
	}
	if (!found)
		return false;
	if (!stamp.has_zone && zone.has_zone) {
		stamp.has_zone = true;
		stamp.offset = zone.offset;
	}
	*line = s;
	*ret = stamp;
	return true;
}

/* Behind the weekday: "2026-11-20 11:58:13 UTC", "Nov 20 12:09:52 2026" */
static enum stamp_form
read_weekday(struct str *s, struct stamp *stamp)
{
	int year, month, day;
	int64_t clock;

	if (s->len && char_is_digit(*s->p)) {
		if (!take_iso_date(s, &year, &month, &day) || !str_skip_char(s, ' ') ||
		    !take_clock(s, &clock) || !finish(stamp, year, month, day, clock) ||
		    !str_skip_char(s, ' ') ||
		    (!take_zone(s, stamp) && !take_zone_name(s, stamp)))
			return STAMP_NONE;
		return STAMP_OTHER;
	}
	if (!take_month(s, &month) || !str_skip_char(s, ' ') || !take_day(s, &day) ||
	    !str_skip_char(s, ' ') || !take_clock(s, &clock) || !str_skip_char(s, ' '))
		return STAMP_NONE;
	if (take_capital_zone(s, stamp))
		str_skip_char(s, ' ');
	if (!take_year(s, &year) || !finish(stamp, year, month, day, clock))
		return STAMP_NONE;
	return STAMP_CTIME;
}

/* "[01-Jan-2024 12:00:00 UTC]"; the zone may be missing. */
static enum stamp_form
read_bracket(struct str *s, struct stamp *stamp)
{
	int year, month, day;
	int64_t clock;

	if (!str_skip_char(s, '[') || !take_two(s, 1, 31, &day) || !str_skip_char(s, '-') ||
	    !take_month(s, &month) || !str_skip_char(s, '-') || !take_year(s, &year) ||
	    !str_skip_char(s, ' ') || !take_clock(s, &clock) ||
	    !finish(stamp, year, month, day, clock))
		return STAMP_NONE;
	if (str_skip_char(s, ' ') && !take_zone(s, stamp) && !take_zone_name(s, stamp))
		return STAMP_NONE;
	return str_skip_char(s, ']') ? STAMP_BRACKET : STAMP_NONE;
}

enum stamp_form
stamp_read(struct str *line, struct stamp *ret)
{
	struct stamp stamp = {.known = false};
	struct str s = *line;
	enum stamp_form form;

	if (s.len < 14)
		return STAMP_NONE;
	if (char_is_digit(*s.p))
		form = read_digit(&s, &stamp);
	else if (*s.p == '[')
		form = read_bracket(&s, &stamp);
	else if (*s.p == '@')
		form = read_tai(&s, &stamp);
	else if (skip_weekday(&s))
		form = read_weekday(&s, &stamp);
	else
		form = read_month_first(&s, &stamp);
	if (form == STAMP_NONE && char_is_digit(*line->p)) {
		s = *line;
		form = read_month_first(&s, &stamp);
	}
	if (form != STAMP_NONE) {
		*line = s;
		*ret = stamp;
	}
	return form;
}
