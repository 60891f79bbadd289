/* SPDX-License-Identifier: Apache-2.0
 *
 * header-memo: the shortcut that nearly every line takes, to be inlined where it takes
 * it: what it finds stays in registers.
 */
#ifndef PARSE_HEADER_MEMO_H
#define PARSE_HEADER_MEMO_H

#include "base/hash.h"
#include "parse/header.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#define MEMO_INLINE static inline __attribute__((always_inline))

/* What the shortcut has found: all of it, or only what stands before the tag. */
struct header_again {
	bool same_host;      /* the next two are good */
	int64_t local;       /* of a stamp that is the memo's in all else */
	struct str rest;     /* what follows the host and a space */
	struct str tag, pid, message;
	int64_t pid_number;
	uint16_t *tag_no;    /* see struct header */
};

#define HEADER_NO_TIME INT64_MIN

/* CLOCK, "09:08:07", is USEC of the memo's day: keeps its minute. */
void header_keep_minute(struct header_memo *memo, const char *clock, int64_t usec);

/* The time CLOCK says of the memo's day, and keeps its minute; HEADER_NO_TIME if it is none. */
int64_t header_clock_of_day(struct header_memo *memo, const char *clock);

/* What header_again() has not read of LINE; the same as header_read_memo() then. */
bool header_read_rest(struct header_memo *memo, struct str line,
    const struct header_again *again, struct header *ret);

/* The same. Mostly the minute is the last line's. */
MEMO_INLINE int64_t
header_clock_again(struct header_memo *memo, const char *clock)
{
	/* Where the minute is the same only the seconds are left, as numbers. */
	uint64_t bytes = digits_load(clock) ^ memo->minute_text;
	unsigned tens = bytes >> 48 & 0xff, ones = (unsigned)(bytes >> 56);

	if (__builtin_expect((bytes << 16) != 0 || tens > 5 || ones > 9, 0))
		return header_clock_of_day(memo, clock);
	return memo->minute + (int64_t)(tens * 10 + ones) * 1000000;
}

/* Where the time of day ends in LINE if it is traditional and of the memo's day; or 0. */
MEMO_INLINE size_t
header_traditional_again(struct header_memo *memo, struct str line, int64_t *ret_local)
{
	if (line.len < 16 || memcmp(line.p, memo->date, 7) != 0)
		return 0;
	*ret_local = header_clock_again(memo, line.p + 7);
	return *ret_local == HEADER_NO_TIME ? 0 : 15;
}

/* stamp_fraction() where 8 bytes may be read. */
MEMO_INLINE int64_t
header_fraction_again(const char *p, unsigned digits)
{
	uint64_t bytes = digits_load(p);

	if (digits > 8)
		return stamp_fraction(p, digits);
	return digits_count(bytes) < digits ? -1 : (int64_t)digits_left(bytes, digits) / 100;
}

/* The same for RFC 3339 with as many digits behind the point as before. */
MEMO_INLINE size_t
header_rfc3339_again(struct header_memo *memo, struct str line, int64_t *ret_local)
{
	unsigned digits = memo->fraction;
	int64_t fraction;

	if (line.len < 20 + digits || memcmp(line.p, memo->date, 11) != 0)
		return 0;
	*ret_local = header_clock_again(memo, line.p + 11);
	if (*ret_local == HEADER_NO_TIME)
		return 0;
	if (digits == 0)
		return 19;
	fraction = header_fraction_again(line.p + 20, digits);
	if (line.p[19] != '.' || fraction < 0)
		return 0;
	*ret_local += fraction;
	return 20 + digits;
}

/* Does P begin with the memo's zone and host? */
MEMO_INLINE bool
header_middle_again(const struct header_memo *memo, const char *p)
{
	uint64_t differ = ((hash_load8(p) ^ memo->middle[0]) & memo->mask[0]) |
	    ((hash_load8(p + 8) ^ memo->middle[1]) & memo->mask[1]);

	for (size_t i = 2; i * 8 < memo->middle_len; i++)
		differ |= (hash_load8(p + i * 8) ^ memo->middle[i]) & memo->mask[i];
	return differ == 0;
}

MEMO_INLINE struct str
header_host_again(const struct header_memo *memo, const struct header_again *again)
{
	return (struct str){again->rest.p - 1 - memo->host_len, memo->host_len};
}

/* Where the memo has the tag of N bytes that ends before END. */
MEMO_INLINE unsigned
header_tag_slot(const char *end, unsigned n)
{
	/* Tags differ at their ends; a short one brings what stands before it along. */
	return (unsigned)((hash_load8(end - 8) ^ n) * HASH_K1 >> 32) % HEADER_TAG_SLOTS;
}

#ifdef __SSE2__
MEMO_INLINE __m128i
header_load16(const char *p)
{
	return _mm_loadu_si128((const __m128i *)(const void *)p);
}

/* Bits of the 32 bytes of LOW and HIGH that equal those of A and B. */
MEMO_INLINE unsigned
header_equal_bits(__m128i low, __m128i high, __m128i a, __m128i b)
{
	return (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(low, a)) |
	    (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(high, b)) << 16;
}

/* Tag, pid and message if the memo has the tag and "[123]: " follows, and no more spaces. */
MEMO_INLINE bool
header_tag_again(struct header_memo *memo, struct str s, struct header_again *ret)
{
	__m128i low, high, bracket = _mm_set1_epi8('[');
	unsigned ends, same, n, slot, digits;
	uint64_t number;
	struct str rest;

	if (s.len < 16) /* with 16 more behind them to read */
		return false;
	low = header_load16(s.p);
	high = header_load16(s.p + 16);
	ends = header_equal_bits(low, high, bracket, bracket);
	if (ends == 0 || (ends & 1))
		return false;
	n = (unsigned)__builtin_ctz(ends);
	slot = header_tag_slot(s.p + n, n);
	same = header_equal_bits(low, high, header_load16(memo->tag[slot]),
	    header_load16(memo->tag[slot] + 16));
	/* N ones: below the first bracket's bit. */
	if (memo->tag_len[slot] != n || (~same & ((ends & -ends) - 1)) || n >= s.len)
		return false;
	rest = str_from(s, n + 1);
	number = digits_load(rest.p);
	digits = digits_count(number);
	if (digits == 0 || rest.len < digits + 4)
		return false;
	ret->tag = str_head(s, n);
	ret->pid = str_head(rest, digits);
	ret->pid_number = (int64_t)digits_value(number, digits);
	rest = str_from(rest, digits);
	if (memcmp(rest.p, "]: ", 3) != 0 || rest.p[3] == ' ')
		return false;
	rest = str_from(rest, 3);
	ret->message = *rest.p == '[' ? header_without_id(rest) : rest;
	ret->tag_no = &memo->tag_no[slot];
	return true;
}
#else
MEMO_INLINE bool
header_tag_again(struct header_memo *memo, struct str s, struct header_again *ret)
{
	(void)memo, (void)s, (void)ret;
	return false;
}
#endif

/*
 * All of the header of LINE (without CR) if it is of the memo's form, day, zone and host,
 * with one of its tags; else header_read_rest() is to be asked.
 */
MEMO_INLINE bool
header_again(struct header_memo *memo, struct str line, struct header_again *ret)
{
	size_t at = 0;

	ret->same_host = false;
	ret->local = HEADER_NO_TIME;
	ret->rest = line;
	if (memo->form == STAMP_TRADITIONAL)
		at = header_traditional_again(memo, line, &ret->local);
	else if (memo->form == STAMP_RFC3339)
		at = header_rfc3339_again(memo, line, &ret->local);
	if (at == 0 || line.len < at + memo->middle_len ||
	    !header_middle_again(memo, line.p + at))
		return false;
	ret->same_host = true;
	ret->rest = str_from(line, at + memo->middle_len);
	return header_tag_again(memo, ret->rest, ret);
}

#endif
