/* SPDX-License-Identifier: Apache-2.0
 *
 * header-memo: the shortcut that nearly every line takes, to be inlined where it takes
 * it: what it finds stays in registers. It compares and does not read; where anything
 * is not as in the lines before it gives up, for the long way to be gone.
 */
#ifndef PARSE_HEADER_MEMO_H
#define PARSE_HEADER_MEMO_H

#include "base/hash.h"
#include "parse/header.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#define MEMO_INLINE static inline __attribute__((always_inline))

/* Without being told the compiler takes what stands behind many tests for seldom reached. */
#define MEMO_USUAL(condition) __builtin_expect((condition), true)

/* What the shortcut has found; all else is as in the memo. */
struct header_again {
	int64_t local;
	int64_t pid_number;
	const char *pid, *message;
	unsigned slot, tag_len, pid_len;
	unsigned char first; /* of the message */
};

/* Where the memo has the tag of N bytes that ends before END. */
MEMO_INLINE unsigned
header_tag_slot(const char *end, unsigned n)
{
	/* Tags differ at their ends; a short one brings what stands before it along. */
	return (unsigned)((hash_load8(end - 8) ^ n) * HASH_K1 >> 32) % HEADER_TAG_SLOTS;
}

/* Is a line of LEN bytes (with a CR or without) one for header_again()? */
MEMO_INLINE bool
header_fits(const struct header_memo *memo, size_t len)
{
	return len - memo->least < memo->span;
}

/*
 * header_read_memo() of a LINE that header_again() does not know, without CR. SLOT of *RET
 * is only set where this returns true.
 */
bool header_read_rest(struct header_memo *memo, struct str line, struct header *ret);

#ifdef __SSE2__

/*
 * If P, a line that fits, has the memo's prefix but for the minute: makes its minute the
 * memo's.
 */
bool header_turn_minute(struct header_memo *memo, const char *p);

MEMO_INLINE __m128i
header_load16(const char *p)
{
	return _mm_loadu_si128((const __m128i *)(const void *)p);
}

/* The same of the memo's, which are aligned. */
MEMO_INLINE __m128i
header_kept16(const char *p)
{
	return _mm_load_si128((const __m128i *)(const void *)p);
}

/* Where the 16 bytes at P differ from the memo's prefix, AT bytes from its beginning. */
MEMO_INLINE __m128i
header_differ(const struct header_memo *memo, const char *p, size_t at)
{
	return _mm_and_si128(header_kept16(memo->mask + at),
	    _mm_xor_si128(header_load16(p + at), header_kept16(memo->prefix + at)));
}

/* Does P begin with the memo's prefix? At least 32 bytes are read. */
MEMO_INLINE bool
header_prefix_again(const struct header_memo *memo, const char *p)
{
	__m128i differ = _mm_or_si128(header_differ(memo, p, 0), header_differ(memo, p, 16));

	for (size_t at = 32; at < memo->prefix_len; at += 16)
		differ = _mm_or_si128(differ, header_differ(memo, p, at));
	return _mm_movemask_epi8(_mm_cmpeq_epi8(differ, _mm_setzero_si128())) == 0xffff;
}

/* The time that the seconds and the fraction at P say of the memo's minute. */
MEMO_INLINE bool
header_seconds_again(const struct header_memo *memo, const char *p, int64_t *ret_local)
{
	/* Two digits in two bytes: 6 and more tens, 10 and more ones carry into bit 7. */
	unsigned digits = ((unsigned)(unsigned char)p[0] | (unsigned)(unsigned char)p[1] << 8) ^
	    0x3030;
	uint64_t fraction;

	if (!MEMO_USUAL((((digits + 0x767a) | digits) & 0x8080) == 0))
		return false;
	*ret_local = memo->minute + (int64_t)((digits * 10 + (digits >> 8)) & 0xff) * 1000000;
	if (memo->fraction == 0)
		return true;
	fraction = digits_load(p + 3);
	if (!MEMO_USUAL((digits_others(fraction) & memo->fraction_mask) == 0))
		return false;
	/* With two zeroes before, the six digits that count are microseconds. */
	*ret_local += (int64_t)digits_left((fraction & memo->fraction_mask) << 16, 8);
	return true;
}

/* Bits of the first 32 bytes of LOW and HIGH that equal those of A and B. */
MEMO_INLINE unsigned
header_equal_bits(__m128i low, __m128i high, __m128i a, __m128i b)
{
	return (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(low, a)) |
	    (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(high, b)) << 16;
}

/*
 * Tag, pid and message from P to END, 16 bytes at least, if the memo has the tag and
 * "[123]: " follows, but neither another space nor "[ID ".
 */
MEMO_INLINE bool
header_tag_again(const struct header_memo *memo, const char *p, const char *end,
    struct header_again *ret)
{
	__m128i low = header_load16(p), high = header_load16(p + 16);
	__m128i bracket = _mm_set1_epi8('[');
	unsigned brackets = header_equal_bits(low, high, bracket, bracket), same, n, slot;
	uint64_t number, others;
	uint32_t behind;

	if (!MEMO_USUAL(brackets != 0))
		return false;
	n = (unsigned)__builtin_ctz(brackets);
	slot = header_tag_slot(p + n, n);
	same = header_equal_bits(low, high, header_kept16(memo->tag[slot]),
	    header_kept16(memo->tag[slot] + 16));
	/* All ones up to the first bracket. */
	if (!MEMO_USUAL((~same & (brackets ^ (brackets - 1))) == 0 && p + n < end))
		return false;
	number = digits_load(p + n + 1);
	others = digits_others(number);
	ret->pid_len = others ? (unsigned)__builtin_ctzll(others) / 8 : 0;
	if (!MEMO_USUAL(ret->pid_len > 0))
		return false;
	ret->pid = p + n + 1;
	ret->pid_number = (int64_t)digits_left(number << (64 - ret->pid_len * 8), 8);
	ret->message = ret->pid + ret->pid_len + 3;
	behind = hash_load4(ret->message - 3);
	ret->first = (unsigned char)(behind >> 24);
	ret->slot = slot;
	ret->tag_len = n;
	/* "]: " */
	return MEMO_USUAL((behind & 0xffffff) == 0x203a5d && ret->message < end &&
	    ret->first != ' ' && ret->first != '[');
}

/*
 * All of the header of the line from P to END, which fits and has no CR (any more), if it is
 * of the memo's form, day, zone and host, with one of its tags; else it is to be read the
 * long way.
 */
MEMO_INLINE bool
header_again(struct header_memo *memo, const char *p, const char *end, struct header_again *ret)
{
	if (!MEMO_USUAL(header_prefix_again(memo, p)) &&
	    !(header_turn_minute(memo, p) && header_prefix_again(memo, p)))
		return false;
	return MEMO_USUAL(header_seconds_again(memo, p + memo->clock_at + 6, &ret->local)) &&
	    MEMO_USUAL(header_tag_again(memo, p + memo->prefix_len, end, ret));
}
#else
MEMO_INLINE bool
header_again(struct header_memo *memo, const char *p, const char *end, struct header_again *ret)
{
	(void)memo, (void)p, (void)end, (void)ret;
	return false;
}
#endif

#endif
