/* SPDX-License-Identifier: Apache-2.0
 *
 * The shortcut over the lines before: those of a log are mostly of one day, one host
 * and a dozen tags, so what stands before the message is compared, not read:
 *
 *   Nov  5 09:08:07 mx postfix/smtpd[123]: connect from ...
 *   ^^^^^^^         ^^^            ^    ^^^
 */
#include "base/hash.h"
#include "parse/header.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* The time of day at CLOCK, on the memo's day; false if it is none. */
static inline bool
clock_again(const struct header_memo *memo, const char *clock, struct stamp *ret)
{
	int64_t usec = stamp_clock(clock);

	if (usec < 0)
		return false;
	*ret = memo->stamp;
	ret->local = memo->midnight + usec;
	return true;
}

/* Where the time of day ends in LINE if it is traditional and of the memo's day; or 0. */
static inline size_t
traditional_again(const struct header_memo *memo, struct str line, struct stamp *ret)
{
	if (line.len < 16 || memcmp(line.p, memo->date, 7) != 0 ||
	    !clock_again(memo, line.p + 7, ret))
		return 0;
	return 15;
}

/* stamp_fraction() where 8 bytes may be read. */
static inline int64_t
fraction_again(const char *p, unsigned digits)
{
	uint64_t bytes = digits_load(p);

	if (digits > 8)
		return stamp_fraction(p, digits);
	return digits_count(bytes) < digits ? -1 : (int64_t)digits_left(bytes, digits) / 100;
}

/* The same for RFC 3339 with as many digits behind the point as before. */
static inline size_t
rfc3339_again(const struct header_memo *memo, struct str line, struct stamp *ret)
{
	unsigned digits = memo->fraction;
	int64_t fraction;

	if (line.len < 20 + digits || memcmp(line.p, memo->date, 11) != 0 ||
	    !clock_again(memo, line.p + 11, ret))
		return 0;
	if (digits == 0)
		return 19;
	fraction = fraction_again(line.p + 20, digits);
	if (line.p[19] != '.' || fraction < 0)
		return 0;
	ret->local += fraction;
	return 20 + digits;
}

/* Where the memo has the tag of N bytes that ends before END. */
static inline unsigned
tag_slot(const char *end, unsigned n)
{
	/* Tags differ at their ends; a short one brings what stands before it along. */
	return (unsigned)((hash_load8(end - 8) ^ n) * HASH_K1 >> 32) % HEADER_TAG_SLOTS;
}

/* Keeps the tag of a line, if it is followed by a pid and not too long. */
static void
keep_tag(struct header_memo *memo, struct header *header)
{
	struct str tag = header->tag;
	unsigned slot;

	header->tag_no = NULL;
	if (tag.len == 0 || tag.len >= HEADER_TAG_KEPT || header->pid.len == 0)
		return;
	slot = tag_slot(tag.p + tag.len, (unsigned)tag.len);
	memo->tag_len[slot] = (uint8_t)tag.len;
	memcpy(memo->tag[slot], tag.p, tag.len);
	memo->tag_no[slot] = 0;
	header->tag_no = &memo->tag_no[slot];
}

/* Tag, pid and message, S beginning behind the host. */
static PARSE_RARE bool
read_tag(struct header_memo *memo, struct str s, struct header *ret)
{
	skip_spaces(&s);
	if (!header_take_tag(&s, IN_TAG, ret))
		return false;
	ret->message = header_without_id(s);
	keep_tag(memo, ret);
	return true;
}

#ifdef __SSE2__
static inline __m128i
load16(const char *p)
{
	return _mm_loadu_si128((const __m128i *)(const void *)p);
}

/* Bits of the 32 bytes of LOW and HIGH that equal those of A and B. */
static inline unsigned
equal_bits(__m128i low, __m128i high, __m128i a, __m128i b)
{
	return (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(low, a)) |
	    (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(high, b)) << 16;
}

/*
 * read_tag() for a tag that the memo has, followed by "[123]: " and no further space.
 * False tells nothing.
 */
static inline bool
read_known_tag(struct header_memo *memo, struct str s, struct header *ret)
{
	__m128i low, high, bracket = _mm_set1_epi8('[');
	unsigned ends, same, n, slot, digits;
	struct str rest;

	if (s.len < 16) /* with 16 more behind them to read */
		return false;
	low = load16(s.p);
	high = load16(s.p + 16);
	ends = equal_bits(low, high, bracket, bracket);
	if (ends == 0 || (ends & 1))
		return false;
	n = (unsigned)__builtin_ctz(ends);
	slot = tag_slot(s.p + n, n);
	same = equal_bits(low, high, load16(memo->tag[slot]), load16(memo->tag[slot] + 16));
	/* N ones: below the first bracket's bit. */
	if (memo->tag_len[slot] != n || (~same & ((ends & -ends) - 1)) || n >= s.len)
		return false;
	rest = str_from(s, n + 1);
	digits = digits_count(digits_load(rest.p));
	if (digits == 0 || rest.len < digits + 4)
		return false;
	ret->tag = str_head(s, n);
	ret->pid = str_head(rest, digits);
	rest = str_from(rest, digits);
	if (!str_skip(&rest, STR("]: ")) || *rest.p == ' ')
		return false;
	ret->message = *rest.p == '[' ? header_without_id(rest) : rest;
	ret->tag_no = &memo->tag_no[slot];
	return true;
}
#else
static inline bool
read_known_tag(struct header_memo *memo, struct str s, struct header *ret)
{
	(void)memo, (void)s, (void)ret;
	return false;
}
#endif

/* header_read() for a line of the memo's form, day, zone and host; false tells nothing. */
static inline bool
read_again(struct header_memo *memo, struct str line, struct header *ret)
{
	size_t at = 0;
	struct str s;

	if (memo->form == STAMP_TRADITIONAL)
		at = traditional_again(memo, line, &ret->stamp);
	else if (memo->form == STAMP_RFC3339)
		at = rfc3339_again(memo, line, &ret->stamp);
	if (at == 0 || line.len < at + memo->middle_len)
		return false;
	for (size_t i = 0; i * 8 < memo->middle_len; i++)
		if ((hash_load8(line.p + at + i * 8) ^ memo->middle[i]) & memo->mask[i])
			return false;
	s = str_from(line, at + memo->middle_len);
	ret->host = (struct str){s.p - 1 - memo->host_len, memo->host_len};
	ret->form = memo->form;
	ret->same_host = true;
	return read_known_tag(memo, s, ret) || read_tag(memo, s, ret);
}

/* Notes what read_again() needs of LINE and its header, if it can read such lines. */
static void
learn(struct header_memo *memo, struct str line, const struct header *header)
{
	size_t clock_at = header->form == STAMP_TRADITIONAL ? 7 : 11;
	struct str middle;
	int64_t clock, fraction = 0;

	memo->form = STAMP_NONE;
	if ((header->form != STAMP_TRADITIONAL && header->form != STAMP_RFC3339) ||
	    header->host.len == 0 || header->tag.len == 0)
		return;
	/* Before the host may only stand the stamp; a prefix shows in the clock's place. */
	clock = stamp_clock(line.p + clock_at);
	middle = str_range(line.p + clock_at + 8, header->host.p + header->host.len + 1);
	memo->fraction = 0;
	if (header->form == STAMP_RFC3339 && str_skip_char(&middle, '.')) {
		memo->fraction = (uint8_t)header_digits(middle);
		fraction = stamp_fraction(middle.p, memo->fraction);
		middle = str_from(middle, memo->fraction);
	}
	if (clock < 0 || middle.len > sizeof(memo->middle) ||
	    str_index(middle, ' ') + header->host.len + 2 != middle.len)
		return;
	memo->form = header->form;
	memcpy(memo->date, line.p, clock_at);
	memo->stamp = header->stamp;
	memo->midnight = header->stamp.local - fraction - clock;
	memo->host_len = (uint8_t)header->host.len;
	memo->middle_len = (uint8_t)middle.len;
	memset(memo->mask, 0, sizeof(memo->mask));
	memset(memo->mask, 0xff, middle.len);
	memcpy(memo->middle, middle.p, middle.len);
}

/* The long way, from which the shortcut for the next line is learnt. */
static PARSE_RARE bool
read_anew(struct header_memo *memo, struct str line, struct header *ret)
{
	if (!header_read(line, ret)) {
		memo->form = STAMP_NONE;
		return false;
	}
	learn(memo, line, ret);
	return true;
}

bool
header_read_memo(struct header_memo *memo, struct str line, struct header *ret)
{
	return read_again(memo, header_without_cr(line), ret) || read_anew(memo, line, ret);
}
