/* SPDX-License-Identifier: Apache-2.0
 *
 * rotated: which names are one log, cut by logrotate, newsyslog or savelog:
 *   mail.log mail.log.1 mail.log.2.gz mail.log-20260101 mail.log.2026-01-01.gz
 *   mail-20260101.log.gz
 * The content tells the order; names only where it does not, and of what year lines
 * without one are.
 */
#include "base/civil.h"
#include "base/mem.h"
#include "input/room.h"

static const char *const endings[] = {".gz", ".xz", ".zst", ".bz2", ".lz4", ".Z",
	".lzma"};

/* The order of what carries no number or date: the newest. */
#define ORDER_NEWEST INT64_MAX

/* NAME without what a compressor adds. */
static struct str
uncompressed(struct str name)
{
	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++)
		if (str_ends(name, str_of(endings[i])))
			return str_head(name, name.len - strlen(endings[i]));
	return name;
}

static int64_t
number_at(struct str digits, size_t at, size_t len)
{
	int64_t n = 0;

	for (size_t i = 0; i < len; i++)
		n = n * 10 + (digits.p[at + i] - '0');
	return n;
}

/*
 * TEXT is digits and hyphens: "20260101", "2026-01-01", "2026010113", "20260101-1690000000".
 * As a date it becomes 20260101000000 and the like.
 */
static bool
read_date(struct str text, int64_t *ret)
{
	bool hyphens = text.len > 4 && text.p[4] == '-';
	char digits[14];
	size_t count = 0, i;
	struct str all = {digits, sizeof(digits)};

	if (hyphens && (text.len < 10 || text.p[7] != '-'))
		return false;
	for (i = 0; i < text.len && count < sizeof(digits); i++) {
		if (char_is_digit(text.p[i]))
			digits[count++] = text.p[i];
		else if (!(hyphens && (i == 4 || i == 7)))
			break; /* what a second hyphen begins is no part of the date */
	}
	if (count < 8 || number_at(all, 0, 4) < 1990 || number_at(all, 0, 4) > 2099 ||
	    number_at(all, 4, 2) < 1 || number_at(all, 4, 2) > 12 ||
	    number_at(all, 6, 2) < 1 || number_at(all, 6, 2) > 31)
		return false;
	while (count < sizeof(digits))
		digits[count++] = '0';
	*ret = number_at(all, 0, sizeof(digits));
	return true;
}

/* How much of BASE stands before what rotation added, which tells the order. */
static size_t
split(struct str base, int64_t *ret_order)
{
	size_t begin = base.len;
	struct str tail;
	int64_t number;

	*ret_order = ORDER_NEWEST;
	while (begin > 0 && (char_is_digit(base.p[begin - 1]) || base.p[begin - 1] == '-'))
		begin--;
	tail = str_from(base, begin);
	if (begin < 2 || tail.len == 0)
		return base.len;
	if (base.p[begin - 1] == '.') {
		begin--;
		if (tail.len <= 4 && str_number(tail, &number))
			*ret_order = -number;
		else if (!read_date(tail, ret_order))
			return base.len;
		return begin;
	}
	if (str_skip_char(&tail, '-') && read_date(tail, ret_order))
		return begin;
	return base.len;
}

/*
 * The ending that logrotate's `extension` keeps at the end, ".log" of "mail-20260101.log".
 * Only before dates: "mail.1.log" and "mail.2.log" may as well be those of two servers.
 */
static struct str
extension(struct str name)
{
	size_t dot = name.len;

	while (dot > 0 && char_is_alnum(name.p[dot - 1]) &&
	    !char_is_digit(name.p[dot - 1]))
		dot--;
	return dot > 0 && dot < name.len && name.p[dot - 1] == '.' ? str_from(name, dot - 1) :
								     (struct str){"", 0};
}

char *
rotated_base(const char *name, int64_t *ret_order)
{
	struct str whole = uncompressed(str_of(name)), ending = extension(whole);
	size_t len = split(whole, ret_order);

	if (len == whole.len && ending.len) {
		struct str head = str_head(whole, whole.len - ending.len);

		len = split(head, ret_order);
		if (len < head.len && *ret_order > 0)
			return xasprintf("%.*s%.*s", (int)len, head.p, STR_ARG(ending));
		*ret_order = ORDER_NEWEST;
		len = whole.len;
	}
	return xstrndup(whole.p, len);
}

bool
rotated_same(const struct input_private *a, const struct input_private *b)
{
	return strcmp(a->base, b->base) == 0 && strcmp(a->directory, b->directory) == 0;
}

/* A file with the time it is sorted by. */
struct slot {
	struct input_file file;
	int64_t time;
};

static int
by_name(const void *a, const void *b)
{
	const struct input_private *x = ((const struct slot *)a)->file.private;
	const struct input_private *y = ((const struct slot *)b)->file.private;

	if (x->order != y->order)
		return x->order < y->order ? -1 : 1;
	return strcmp(x->name, y->name);
}

static int
by_time(const void *a, const void *b)
{
	const struct slot *x = a, *y = b;

	if (x->time != y->time)
		return x->time < y->time ? -1 : 1;
	return by_name(a, b);
}

/*
 * Each file was taken to be of the same year, or of the latest that it can be of. By name,
 * none is half a year or more newer than its successor: such a one is of the year before.
 */
static void
settle_years(struct slot *slots, size_t count)
{
	static const int64_t year = 365 * USEC_PER_DAY;
	int64_t newer = INT64_MIN;

	for (size_t i = count; i-- > 0;) {
		struct slot *slot = &slots[i];

		slot->time = slot->file.first;
		if (slot->time == INT64_MIN)
			continue;
		while (slot->file.private->yearless && newer != INT64_MIN &&
		    slot->time > newer + year / 2)
			slot->time -= year;
		newer = slot->time;
	}
}

/* A file without a stamp takes the time of its neighbour by name: it stays beside it. */
static void
lend_times(struct slot *slots, size_t count)
{
	int64_t last = INT64_MIN;

	for (size_t i = 0; i < count; i++) {
		if (slots[i].file.first != INT64_MIN)
			last = slots[i].time;
		slots[i].time = last;
	}
}

/* How many of the sorted SLOTS end before SINCE: those whose successor begins before it. */
static size_t
too_old(const struct slot *slots, size_t count, int64_t since)
{
	size_t old = 0;

	for (size_t i = 1; since != INT64_MIN && i < count; i++)
		if (slots[i].file.first != INT64_MIN && slots[i].time < since)
			old = i;
	return old;
}

size_t
rotated_sort(struct input_file *files, size_t count, int64_t since)
{
	struct slot *slots = xcalloc(count, sizeof(*slots));
	size_t old;

	for (size_t i = 0; i < count; i++)
		slots[i].file = files[i];
	qsort(slots, count, sizeof(*slots), by_name);
	settle_years(slots, count);
	lend_times(slots, count);
	qsort(slots, count, sizeof(*slots), by_time);
	for (size_t i = 0; i < count; i++)
		files[i] = slots[i].file;
	old = too_old(slots, count, since);
	free(slots);
	for (size_t i = 0; i < old; i++)
		source_close(&files[i]);
	memmove(files, files + old, (count - old) * sizeof(*files));
	return count - old;
}
