/* SPDX-License-Identifier: Apache-2.0
 *
 * The zone of zoneless times, by way of the C library. What it says is kept per
 * quarter of an hour: no zone has changed its offset between two quarters since
 * 1972, and Lord Howe changes at half past.
 */
#include "base/civil.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

#include "base/err.h"

#define USEC_PER_QUARTER (USEC_PER_HOUR / 4)
#define KEPT 64u
#define ZONE_NAME_MAX 256

/* What is in force in one quarter; of the zone that was number `zone`. */
struct utc_quarter {
	int64_t quarter;
	unsigned zone; /* 0: nothing kept here */
	int offset;
};

struct local_quarter {
	int64_t quarter;
	unsigned zone;
	int first, second; /* offsets of the two passes; the same if there is one */
};

/* Which zone_set() this is: what was kept before it is void. */
static unsigned zone_number = 1;

static _Thread_local struct utc_quarter utc_kept[KEPT];
static _Thread_local struct local_quarter local_kept[KEPT];

static int64_t
quarter_of(int64_t usec)
{
	return usec / USEC_PER_QUARTER - (usec % USEC_PER_QUARTER < 0);
}

/* Is NAME a file of the zone database? */
static bool
is_zone_file(const char *name)
{
	const char *dir = getenv("TZDIR");
	char path[512], magic[4];
	int fd, n;
	bool good;

	if (strstr(name, ".."))
		return false;
	if (!dir || !*dir)
		dir = "/usr/share/zoneinfo";
	if (*name == '/')
		n = snprintf(path, sizeof(path), "%s", name);
	else
		n = snprintf(path, sizeof(path), "%s/%s", dir, name);
	if (n < 0 || (size_t)n >= sizeof(path))
		return false;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0)
		return false;
	good = read(fd, magic, sizeof(magic)) == sizeof(magic) &&
	    memcmp(magic, "TZif", sizeof(magic)) == 0;
	close(fd);
	return good;
}

/* The zone's name in a POSIX TZ string: "CET" or "<+03>". */
static bool
skip_abbreviation(struct str *s)
{
	size_t n = 0;

	if (str_skip_char(s, '<')) {
		while (n < s->len && (char_is_alnum(s->p[n]) || memchr("+-", s->p[n], 2)))
			n++;
		if (n < 3 || n == s->len || s->p[n] != '>')
			return false;
		*s = str_from(*s, n + 1);
		return true;
	}
	while (n < s->len && char_is_alnum(s->p[n]) && !char_is_digit(s->p[n]))
		n++;
	*s = str_from(*s, n);
	return n >= 3;
}

/* "[+-]h[h][:mm[:ss]]", hours at most MAX. */
static bool
skip_hours(struct str *s, int64_t max)
{
	int64_t n;

	if (!str_skip_char(s, '+'))
		str_skip_char(s, '-');
	if (!str_skip_number(s, &n) || n > max)
		return false;
	for (int part = 0; part < 2 && str_skip_char(s, ':'); part++)
		if (!str_skip_number(s, &n) || n > 59)
			return false;
	return true;
}

static bool
skip_number_within(struct str *s, int64_t min, int64_t max)
{
	int64_t n;

	return str_skip_number(s, &n) && n >= min && n <= max;
}

/* ",M3.5.0/2", ",J60", ",59": when an offset begins. */
static bool
skip_rule(struct str *s)
{
	if (!str_skip_char(s, ','))
		return false;
	if (str_skip_char(s, 'M')) {
		if (!skip_number_within(s, 1, 12) || !str_skip_char(s, '.') ||
		    !skip_number_within(s, 1, 5) || !str_skip_char(s, '.') ||
		    !skip_number_within(s, 0, 6))
			return false;
	} else if (str_skip_char(s, 'J')) {
		if (!skip_number_within(s, 1, 365))
			return false;
	} else if (!skip_number_within(s, 0, 365)) {
		return false;
	}
	return !str_skip_char(s, '/') || skip_hours(s, 167);
}

/* When it begins, and when it ends. */
static bool
skip_rules(struct str *s)
{
	bool begins = skip_rule(s);

	return begins && skip_rule(s);
}

/* "CET-1CEST,M3.5.0,M10.5.0/3": see tzset(3). */
static bool
is_posix_zone(struct str s)
{
	if (!skip_abbreviation(&s) || !skip_hours(&s, 24))
		return false;
	if (s.len == 0)
		return true;
	if (!skip_abbreviation(&s) || (s.len && *s.p != ',' && !skip_hours(&s, 24)))
		return false;
	return s.len == 0 || (skip_rules(&s) && s.len == 0);
}

/* "+0530", "+05:30", "-03" in TZ(3)'s form, which counts to the west: "<+0530>-05:30". */
static bool
offset_zone(struct str s, char out[ZONE_NAME_MAX])
{
	bool west = s.len && *s.p == '-';
	struct str hours, minutes = STR("00");
	int64_t n;

	if (!str_skip_char(&s, '+') && !str_skip_char(&s, '-'))
		return false;
	if (s.len < 2)
		return false;
	hours = str_head(s, 2);
	s = str_from(s, 2);
	if (s.len) {
		str_skip_char(&s, ':');
		minutes = s;
	}
	if (!str_number(hours, &n) || n > 24 || minutes.len != 2 ||
	    !str_number(minutes, &n) || n > 59)
		return false;
	snprintf(out, ZONE_NAME_MAX, "<%c%.2s%.2s>%c%.2s:%.2s", west ? '-' : '+', hours.p,
	    minutes.p, west ? '+' : '-', hours.p, minutes.p);
	return true;
}

/* Is NAME "UTC+2" or the like? To tzset(3) that is two hours to the west, to people not. */
static bool
is_utc_and_more(const char *name)
{
	return (strncasecmp(name, "UTC", 3) == 0 || strncasecmp(name, "GMT", 3) == 0) &&
	    (name[3] == '+' || name[3] == '-') &&
	    name[4 + strspn(name + 4, "0123456789:")] == '\0';
}

/* Such a NAME: as reports show it, "UTC+2" or "UTC-3:30", or "UTC+0530". */
static bool
utc_zone(const char *name, char out[ZONE_NAME_MAX])
{
	const char *digits = name + 4;
	bool one = strcspn(digits, ":") == 1;
	char offset[16];
	int n = snprintf(offset, sizeof(offset), "%c%s%s", name[3], one ? "0" : "", digits);

	return n < (int)sizeof(offset) && offset_zone(str_of(offset), out);
}

/* NAME as "UTC", or as "Europe/Berlin", whatever its letters are. */
static void
in_letters(const char *name, bool all_upper, char out[ZONE_NAME_MAX])
{
	size_t n = 0;
	bool upper = true;

	for (; n < ZONE_NAME_MAX - 1 && name[n]; n++) {
		bool letter = char_is_alnum(name[n]) && !char_is_digit(name[n]);

		out[n] = name[n];
		if (letter)
			out[n] = (char)(all_upper || upper ? name[n] & ~0x20 : name[n] | 0x20);
		upper = !letter && !char_is_digit(name[n]);
	}
	out[n] = '\0';
}

/* NAME as tzset(3) understands it. */
static bool
find_zone(const char *name, char out[ZONE_NAME_MAX])
{
	if (*name == '\0' || strlen(name) >= ZONE_NAME_MAX)
		return false;
	/* A system without the zone database knows UTC, too. */
	in_letters(name, true, out);
	if (strcmp(out, "UTC") == 0)
		return snprintf(out, ZONE_NAME_MAX, "UTC0") > 0;
	if (is_utc_and_more(name))
		return utc_zone(name, out);
	if (offset_zone(str_of(name), out))
		return true;
	snprintf(out, ZONE_NAME_MAX, "%s", name);
	if (is_zone_file(out) || is_posix_zone(str_of(name)))
		return true;
	in_letters(name, true, out);
	if (is_zone_file(out))
		return true;
	in_letters(name, false, out);
	return is_zone_file(out);
}

int
zone_set(const char *name, struct err *err)
{
	char zone[ZONE_NAME_MAX];

	if (name) {
		if (!find_zone(*name == ':' ? name + 1 : name, zone))
			return err_set(err, "unknown time zone '%.100s'; there are "
			    "Europe/Berlin, UTC, +05:30 and the like", name);
		if (setenv("TZ", zone, 1) != 0)
			return err_set(err, "cannot set the time zone '%.100s'", name);
	}
	tzset();
	zone_number++;
	return 0;
}

int
zone_offset(int64_t usec)
{
	int64_t quarter = quarter_of(usec);
	struct utc_quarter *kept = &utc_kept[(uint64_t)quarter % KEPT];
	time_t seconds = quarter * (USEC_PER_QUARTER / USEC_PER_SEC);
	struct tm tm;

	if (kept->zone != zone_number || kept->quarter != quarter) {
		kept->offset = localtime_r(&seconds, &tm) ? (int)tm.tm_gmtoff : 0;
		kept->quarter = quarter;
		kept->zone = zone_number;
	}
	return kept->offset;
}

/*
 * The offsets a day before and a day after enclose at most one change. Each is
 * right for LOCAL if it is in force at the moment that it makes of LOCAL.
 */
static void
find_offsets(int64_t local, struct local_quarter *ret)
{
	int before = zone_offset(local - USEC_PER_DAY);
	int after = zone_offset(local + USEC_PER_DAY);
	bool before_fits = zone_offset(local - before * USEC_PER_SEC) == before;
	bool after_fits = zone_offset(local - after * USEC_PER_SEC) == after;

	ret->first = before_fits || !after_fits ? before : after;
	ret->second = after_fits ? after : before;
}

int64_t
zone_to_utc(int64_t local, bool second_pass, bool *ret_repeated)
{
	int64_t quarter = quarter_of(local);
	struct local_quarter *kept = &local_kept[(uint64_t)quarter % KEPT];

	if (kept->zone != zone_number || kept->quarter != quarter) {
		find_offsets(quarter * USEC_PER_QUARTER, kept);
		kept->quarter = quarter;
		kept->zone = zone_number;
	}
	if (ret_repeated)
		*ret_repeated = kept->first != kept->second;
	return local - (second_pass ? kept->second : kept->first) * USEC_PER_SEC;
}
