/* SPDX-License-Identifier: Apache-2.0
 *
 * The shortcut over the lines before: those of a log are mostly of one day, one host
 * and a dozen tags, so what stands before the message is compared, not read:
 *
 *   Nov  5 09:08:07 mx postfix/smtpd[123]: connect from ...
 *   ^^^^^^^         ^^^            ^    ^^^
 */
#include "parse/header-memo.h"

/* So often tags get other slots: beyond are more tags than slots. */
#define TAG_CLASHES 100u

_Alignas(32) const char header_brackets[HEADER_TAG_KEPT] = {[0 ... HEADER_TAG_KEPT - 1] = '['};

_Alignas(32) const char header_colons[HEADER_TAG_KEPT] = {[0 ... HEADER_TAG_KEPT - 1] = ':'};

const bool header_odd[256] = {[' '] = true, ['['] = true, ['m'] = true, ['\n'] = true,
    ['\r'] = true};

#define NONE ((char)0x80) /* a zero */
#define RIGHT(a, b, c, d, e, f, g, h)                                                      \
	{a, b, c, d, e, f, g, h, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE}

_Alignas(16) const char header_right[9][16] = {
	RIGHT(NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE),
	RIGHT(NONE, NONE, NONE, NONE, NONE, NONE, NONE, 0),
	RIGHT(NONE, NONE, NONE, NONE, NONE, NONE, 0, 1),
	RIGHT(NONE, NONE, NONE, NONE, NONE, 0, 1, 2),
	RIGHT(NONE, NONE, NONE, NONE, 0, 1, 2, 3),
	RIGHT(NONE, NONE, NONE, 0, 1, 2, 3, 4),
	RIGHT(NONE, NONE, 0, 1, 2, 3, 4, 5),
	RIGHT(NONE, 0, 1, 2, 3, 4, 5, 6),
	RIGHT(0, 1, 2, 3, 4, 5, 6, 7),
};

#define FOUR(...) {__VA_ARGS__, __VA_ARGS__, __VA_ARGS__, __VA_ARGS__}
_Alignas(16) const char header_powers[3][16] = {FOUR(10, 1, 10, 1), FOUR(100, 0, 1, 0),
    FOUR(10000 % 256, 10000 / 256, 1, 0)};

/* CLOCK, "09:08:07", is USEC of the memo's day. */
static void
keep_minute(struct header_memo *memo, const char *clock, int64_t usec)
{
	memcpy(memo->prefix + memo->clock_at, clock, sizeof("09:08:") - 1);
	memo->minute = memo->midnight + usec - stamp_two(clock + 6) * INT64_C(1000000);
}

PARSE_RARE bool
header_turn(struct header_memo *memo, struct str line)
{
	const char *clock = line.p + memo->clock_at;
	int64_t usec;

	if (!header_fits(memo, line.len) ||
	    memcmp(line.p, memo->prefix, memo->clock_at) != 0 ||
	    memcmp(clock, memo->prefix + memo->clock_at, sizeof("09:08:") - 1) == 0)
		return false;
	usec = stamp_clock(clock);
	if (usec < 0)
		return false;
	keep_minute(memo, clock, usec);
	return true;
}

/*
 * TAG's slot. While there are few tags, they are all to have slots of their own: where one
 * has that of another, all are looked for by another hash from now on.
 */
static size_t
slot_for(struct header_memo *memo, struct str tag)
{
	size_t slot = header_tag_slot(memo, tag.p + tag.len, tag.len);
	const char *kept = memo->tag[slot];
	/* Perhaps with a pid where TAG has none: no hash tells them apart. */
	bool same = memcmp(kept, tag.p, tag.len) == 0 &&
	    (kept[tag.len] == '[' || kept[tag.len] == ':');

	if ((*kept == '\0' && memo->tag_factor) || same || memo->tag_clashes == TAG_CLASHES)
		return slot;
	memo->tag_factor = HASH_K1 + (++memo->tag_clashes * HASH_K2 << 1);
	memset(memo->tag, 0, sizeof(memo->tag));
	return header_tag_slot(memo, tag.p + tag.len, tag.len);
}

/* Keeps the tag of a line, if a pid or a colon ends it and it is not too long. */
static void
keep_tag(struct header_memo *memo, struct header *header)
{
	struct str tag = header->tag;

	header->slot = HEADER_TAG_SLOTS;
	if (tag.len == 0 || tag.len >= HEADER_TAG_KEPT ||
	    (tag.p[tag.len] != '[' && tag.p[tag.len] != ':'))
		return;
	header->slot = slot_for(memo, tag);
	memcpy(memo->tag[header->slot], tag.p, tag.len + 1);
}

/* Tag, pid and message, S beginning behind the host. */
static bool
read_tag(struct header_memo *memo, struct str s, struct header *ret)
{
	skip_spaces(&s);
	if (!header_take_tag(&s, IN_TAG, ret))
		return false;
	ret->message = header_without_id(s);
	keep_tag(memo, ret);
	return true;
}

/* N places of the prefix, AT its beginning: digits, up to HIGHEST. */
static void
keep_digits(struct header_memo *memo, size_t at, size_t n, char highest)
{
	memset(memo->prefix + at, '0', n);
	memset(memo->above + at, highest, n);
}

/*
 * Sets the prefix of the memo, all of LINE up to the tag: only digits may differ. With
 * another host, or one that stands elsewhere, tags are forgotten, and so is what others
 * keep by their slots.
 */
static void
keep_prefix(struct header_memo *memo, struct str line, struct str host)
{
	size_t seconds = memo->seconds_at;

	if (memo->prefix_len != line.len || memo->host_len != host.len ||
	    memcmp(memo->prefix + line.len - 1 - host.len, host.p, host.len) != 0)
		memset(memo->tag, 0, sizeof(memo->tag));
	memset(memo->above, 0xff, sizeof(memo->above));
	memset(memo->above, 0, line.len);
	memcpy(memo->prefix, line.p, line.len);
	keep_digits(memo, seconds, 1, 5);
	keep_digits(memo, seconds + 1, 1, 9);
	if (memo->fraction)
		keep_digits(memo, seconds + 3, memo->fraction, 9);
	memo->fraction_mask =
	    memo->fraction ? ~UINT64_C(0) >> (8 - memo->fraction) * 8 : 0;
	memo->prefix_len = (uint8_t)line.len;
	memo->host_len = (uint8_t)host.len;
	memo->simple = memo->fraction == 0 && line.len <= 32;
	memo->least = line.len + HEADER_TAG_LEAST + 1; /* a CR */
	memo->span = EVENT_LINE_MAX + 1 - memo->least;
}

/* Notes what header_again() needs of LINE and its header, if it can read such lines. */
static void
learn(struct header_memo *memo, struct str line, const struct header *header)
{
	size_t clock_at = header->form == STAMP_TRADITIONAL ? 7 : 11;
	struct str middle;
	int64_t clock, fraction = 0;
	size_t digits = 0;

	memo->form = STAMP_NONE;
	memo->span = 0;
	if ((header->form != STAMP_TRADITIONAL && header->form != STAMP_RFC3339) ||
	    header->host.len == 0 || header->tag.len == 0)
		return;
	/* Before the host may only stand the stamp; a prefix shows in the clock's place. */
	clock = stamp_clock(line.p + clock_at);
	middle = str_range(line.p + clock_at + 8, header->host.p + header->host.len + 1);
	if (header->form == STAMP_RFC3339 && str_skip_char(&middle, '.')) {
		digits = header_digits(middle);
		fraction = stamp_fraction(middle.p, digits);
		middle = str_from(middle, digits);
	}
	line.len = (size_t)(middle.p + middle.len - line.p);
	if (clock < 0 || digits > 8 || line.len > sizeof(memo->prefix) ||
	    str_index(middle, ' ') + header->host.len + 2 != middle.len)
		return;
	memo->form = header->form;
	memo->clock_at = (uint8_t)clock_at;
	memo->seconds_at = (uint8_t)(clock_at + sizeof("09:08:") - 1);
	memo->fraction = (uint8_t)digits;
	memo->stamp = header->stamp;
	memo->midnight = header->stamp.local - fraction - clock;
	keep_prefix(memo, line, header->host);
	keep_minute(memo, line.p + clock_at, clock);
}

/* The long way, from which the shortcut for the next line is learnt. */
static bool
read_anew(struct header_memo *memo, struct str line, struct header *ret)
{
	if (!header_read_bare(line, ret)) {
		memo->form = STAMP_NONE;
		memo->span = 0;
		return false;
	}
	ret->slot = HEADER_TAG_SLOTS;
	learn(memo, line, ret);
	return true;
}

#ifdef __SSE2__
/* Has LINE the memo's prefix? Sets what that tells. */
static bool
read_prefix(struct header_memo *memo, struct str line, struct header *ret)
{
	const char *p = line.p;

	if (!header_fits(memo, line.len) || !header_prefix_again(memo, p, false))
		return false;
	ret->stamp.local = memo->minute + header_seconds(memo, p + memo->seconds_at);
	ret->stamp.offset = memo->stamp.offset;
	ret->stamp.has_year = memo->stamp.has_year;
	ret->stamp.has_zone = memo->stamp.has_zone;
	ret->stamp.known = true;
	ret->form = memo->form;
	ret->same_host = true;
	ret->host = (struct str){p + memo->prefix_len - 1 - memo->host_len, memo->host_len};
	return true;
}
#else
static bool
read_prefix(struct header_memo *memo, struct str line, struct header *ret)
{
	(void)memo, (void)line, (void)ret;
	return false;
}
#endif

bool
header_read_rest(struct header_memo *memo, struct str line, struct header *ret)
{
	if (read_prefix(memo, line, ret) &&
	    read_tag(memo, str_from(line, memo->prefix_len), ret))
		return true;
	return read_anew(memo, line, ret);
}

bool
header_read_memo(struct header_memo *memo, struct str line, struct header *ret)
{
	struct header_again again;

	line = header_without_cr(line);
	header_turn(memo, line);
	if (!header_fits(memo, line.len) ||
	    !header_again(memo, line.p, false, &again) || again.message >= line.p + line.len)
		return header_read_rest(memo, line, ret);
	read_prefix(memo, line, ret);
	ret->tag = (struct str){line.p + memo->prefix_len, again.tag_len};
	ret->pid = (struct str){again.pid, again.pid_len};
	ret->message = str_range(again.message, line.p + line.len);
	ret->slot = again.slot;
	return true;
}
