/* SPDX-License-Identifier: Apache-2.0
 *
 * cells: numbers, times and words as a person reads them, and how wide they
 * stand on a screen.
 */
#include <math.h>
#include <wchar.h>

#include "base/civil.h"
#include "base/escape.h"
#include "base/now.h"
#include "base/utf8.h"
#include "report/room.h"

void
report_put_count(struct buf *out, uint64_t n)
{
	char digits[24];
	int len = snprintf(digits, sizeof(digits), "%llu", (unsigned long long)n);

	for (int i = 0; i < len; i++) {
		if (i && (len - i) % 3 == 0)
			buf_char(out, ',');
		buf_char(out, digits[i]);
	}
}

void
report_put_things(struct buf *out, uint64_t n, const char *thing)
{
	report_put_count(out, n);
	buf_printf(out, " %s%s", thing, plural_s(n));
}

void
put_short(struct buf *out, uint64_t n, unsigned width)
{
	static const char *const units[] = {"", " k", " M", " G", " T", " P", " E"};
	size_t begin = out->len;
	double short_n = (double)n;
	unsigned unit = 0;

	report_put_count(out, n);
	if (out->len - begin <= width)
		return;
	out->len = begin;
	for (; short_n >= 999.5 && unit < 6; unit++)
		short_n /= 1000;
	buf_printf(out, "%.*f%s", short_n < 99.95 ? 1 : 0, short_n, units[unit]);
}

static void
put_signed(struct buf *out, int64_t n)
{
	if (n < 0)
		buf_char(out, '-');
	report_put_count(out, n < 0 ? -(uint64_t)n : (uint64_t)n);
}

void
report_put_bytes(struct buf *out, int64_t bytes)
{
	static const char *const units[] = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};
	double n = (double)bytes;
	unsigned unit = 0;

	for (; n >= 999.5 && unit < 6; unit++)
		n /= 1000;
	if (unit == 0)
		put_signed(out, bytes);
	else
		buf_printf(out, "%.*f", n < 99.95 ? 1 : 0, n);
	buf_printf(out, " %s", units[unit]);
}

void
report_put_seconds(struct buf *out, double seconds)
{
	long long whole = (long long)fmin(seconds + 0.5, 1e15);

	if (seconds < 0.0005)
		buf_str(out, STR("0s"));
	else if (seconds < 0.995)
		buf_printf(out, "%.2fs", seconds);
	else if (seconds < 9.95)
		buf_printf(out, "%.1fs", seconds);
	else if (whole < 60)
		buf_printf(out, "%llds", whole);
	else if (whole < 3600)
		buf_printf(out, "%lldm%02llds", whole / 60, whole % 60);
	else if (whole < 86400)
		buf_printf(out, "%lldh%02lldm", whole / 3600, whole / 60 % 60);
	else
		buf_printf(out, "%lldd%02lldh", whole / 86400, whole / 3600 % 24);
}

void
put_percent(struct buf *out, double part, double whole)
{
	double percent = whole > 0 ? 100 * part / whole : 0;

	if (percent > 0 && percent <= 0.5)
		buf_str(out, STR("<1 %"));
	else if (percent >= 99.5 && percent < 100)
		buf_str(out, STR(">99 %"));
	else
		buf_printf(out, "%.0f %%", percent);
}

static struct civil
local(int64_t usec)
{
	return civil_of(usec + zone_offset(usec) * USEC_PER_SEC);
}

static const char *
month_name(const struct civil *civil)
{
	static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul",
	    "Aug", "Sep", "Oct", "Nov", "Dec"};

	return months[(civil->month + 11) % 12];
}

/* "Wed 31 Dec 2025 02:00", nothing padded; without YEAR "Wed 31 Dec 02:00". */
void
put_moment(struct buf *out, int64_t usec, bool year)
{
	static const char *const days[] = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};
	struct civil civil = local(usec);
	int64_t day = civil_days(civil.year, civil.month, civil.day);

	buf_printf(out, "%s %d %s", days[((day % 7) + 7) % 7], civil.day, month_name(&civil));
	if (year)
		buf_printf(out, " %d", civil.year);
	buf_printf(out, " %02d:%02d", civil.hour, civil.minute);
}

/* A year that is not told is taken for this one. */
static bool
is_other_year(const struct civil *civil)
{
	return civil->year != local(now_wall()).year;
}

/* "2025-12-31 02:00", as wide as one of this year. */
static void
put_dated_moment(struct buf *out, const struct civil *civil)
{
	buf_printf(out, "%04d-%02d-%02d %02d:%02d", civil->year, civil->month, civil->day,
	    civil->hour, civil->minute);
}

void
report_put_moment(struct buf *out, int64_t usec)
{
	struct civil civil = local(usec);
	size_t begin = out->len;

	if (is_other_year(&civil)) {
		put_dated_moment(out, &civil);
		return;
	}
	put_moment(out, usec, false);
	if (out->len - begin < 16) { /* a day of one digit */
		buf_char(out, ' ');
		memmove(out->p + begin + 4, out->p + begin + 3, out->len - begin - 4);
	}
}

static void
put_brief_moment(struct buf *out, int64_t usec)
{
	struct civil civil = local(usec);

	if (is_other_year(&civil))
		put_dated_moment(out, &civil);
	else
		buf_printf(out, "%2d %s %02d:%02d", civil.day, month_name(&civil),
		    civil.hour, civil.minute);
}

void
put_zone(int64_t usec, struct buf *out)
{
	int minutes = zone_offset(usec) / 60;
	int size = minutes < 0 ? -minutes : minutes;

	buf_str(out, STR("UTC"));
	if (size)
		buf_printf(out, "%c%d", minutes < 0 ? '-' : '+', size / 60);
	if (size % 60)
		buf_printf(out, ":%02d", size % 60);
}

void
put_hour(struct buf *out, int64_t usec)
{
	bool repeated;

	report_put_moment(out, usec);
	zone_to_utc(usec + zone_offset(usec) * USEC_PER_SEC, false, &repeated);
	if (repeated) {
		buf_char(out, ' ');
		put_zone(usec, out);
	}
}

void
put_day(struct buf *out, int64_t usec)
{
	struct civil civil = civil_of(usec);

	buf_printf(out, "%04d-%02d-%02d", civil.year, civil.month, civil.day);
}

struct str
word_for(struct str word)
{
	static const struct {
		const char *logged, *shown;
	} words[] = {
		{"passed_old", "passed, known"}, {"passed_new", "passed, new"},
		{"allowlisted", "passed, on the allow list"}, {"deferred", "told to retry"},
		{"deferred_incomplete", "told to retry, left at once"},
		{"rejected_enforce", "rejected"}, {"rejected_drop", "dropped"},
		{"limited", "over a limit"}, {"left", "left by itself"},
		{"ignored_fail", "failed a test, let in"}, {"open", "still there at the end"},
		{"ps_list", "on a list"}, {"ps_dnsbl", "over the DNS list threshold"},
		{"ps_pregreet", "spoke too early"}, {"ps_hangup", "hung up"},
		{"ps_violation", "broke the protocol"}, {"ps_limit", "command limit"},
		{"ps_pass", "passed"}, {"unknown_user", "unknown user"},
		{"relay_denied", "relay denied"}, {"sender_domain", "sender's domain"},
		{"dnsbl", "DNS list"}, {"helo", "HELO name"}, {"tls", "TLS"}, {"spf", "SPF"},
		{"rate_limit", "rate limit"}, {"rdns_mismatch", "name of others"},
		{"tls_failure", "TLS failed"}, {"violation", "broke the protocol"},
		{"abort", "went away"},
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (str_eq(word, str_of(words[i].logged)))
			return str_of(words[i].shown);
	return word;
}

void
put_cell(struct buf *out, const struct column *column, const struct cell *cell)
{
	if (!cell->known) {
		buf_char(out, '-');
		return;
	}
	switch (column->type) {
	case COLUMN_TEXT:
		escape_terminal(out, cell->text);
		break;
	case COLUMN_COUNT:
		put_signed(out, cell->n);
		break;
	case COLUMN_INTEGER:
		buf_printf(out, "%lld", (long long)cell->n);
		break;
	case COLUMN_BYTES:
		report_put_bytes(out, cell->n);
		break;
	case COLUMN_NUMBER:
		buf_printf(out, "%.6g", cell->real);
		break;
	case COLUMN_SECONDS:
		report_put_seconds(out, cell->real);
		break;
	case COLUMN_PERCENT:
		buf_printf(out, "%.1f %%", cell->real);
		break;
	case COLUMN_TIME:
		put_brief_moment(out, cell->n);
		break;
	case COLUMN_DAY:
		put_day(out, cell->n);
		break;
	case COLUMN_BOOL:
		buf_str(out, cell->n ? STR("yes") : STR("no"));
		break;
	}
}

/* Bytes and columns of the first character of S. */
static unsigned
next_character(struct str s, unsigned *ret_width)
{
	uint32_t c;
	unsigned len = utf8_decode(s, &c);
	int width = len ? wcwidth((wchar_t)c) : 1;

	*ret_width = width < 0 ? 1 : (unsigned)width;
	return len ? len : 1;
}

unsigned
report_width(struct str text)
{
	unsigned sum = 0, width;

	while (text.len) {
		size_t plain = utf8_plain(text);

		sum += (unsigned)plain;
		text = str_from(text, plain);
		if (text.len == 0)
			break;
		text = str_from(text, next_character(text, &width));
		sum += width;
	}
	return sum;
}

/* As many bytes of TEXT from its front as fit into WIDTH columns. */
static size_t
fitting(struct str text, unsigned width)
{
	size_t used = 0;

	while (used < text.len) {
		unsigned character;
		unsigned len = next_character(str_from(text, used), &character);

		if (character > width)
			break;
		width -= character;
		used += len;
	}
	return used;
}

void
report_put_cut(struct buf *out, struct str text, unsigned width, bool utf8)
{
	struct str mark = utf8 ? STR("\xe2\x80\xa6") : STR("..");
	unsigned mark_width = utf8 ? 1 : 2;
	unsigned whole = report_width(text);
	unsigned head, tail;
	size_t skip;

	if (whole <= width) {
		buf_str(out, text);
		return;
	}
	if (width <= mark_width + 1) {
		buf_str(out, str_head(text, fitting(text, width)));
		return;
	}
	head = (width - mark_width + 1) / 2;
	tail = width - mark_width - head;
	buf_str(out, str_head(text, fitting(text, head)));
	buf_str(out, mark);
	skip = fitting(text, whole - tail);
	while (report_width(str_from(text, skip)) > tail) {
		unsigned character;

		skip += next_character(str_from(text, skip), &character);
	}
	buf_str(out, str_from(text, skip));
}

void
put_padding(struct buf *out, unsigned n)
{
	buf_printf(out, "%*s", (int)n, "");
}

void
end_line(struct buf *out)
{
	while (out->len && out->p[out->len - 1] == ' ')
		out->len--;
	buf_char(out, '\n');
}

unsigned
put_wrapped(struct buf *out, struct str text, unsigned width)
{
	while (report_width(text) > width) {
		size_t at = 0;

		for (size_t i = 1; i < text.len && report_width(str_head(text, i)) <= width;
		     i++)
			if (text.p[i] == ' ')
				at = i;
		if (at == 0)
			break;
		buf_str(out, str_head(text, at));
		buf_str(out, STR("\n    "));
		text = str_from(text, at + 1);
	}
	buf_str(out, text);
	return report_width(text);
}
