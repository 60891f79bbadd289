/* SPDX-License-Identifier: Apache-2.0
 *
 * digits: short decimal numbers without a loop over their bytes, whose end the
 * processor would have to guess. Eight bytes are one word; up to 8 bytes behind a
 * slice are read, which parse_line() allows.
 */
#ifndef PARSE_DIGITS_H
#define PARSE_DIGITS_H

#include "base/str.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#define DIGITS_INLINE static inline __attribute__((always_inline))

/* The 8 bytes at P, the first one lowest. */
DIGITS_INLINE uint64_t
bytes_load(const char *p)
{
	uint64_t bytes;

	memcpy(&bytes, p, 8);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	bytes = __builtin_bswap64(bytes);
#endif
	return bytes;
}

/* The same; a digit is its value, anything else more. */
static inline uint64_t
digits_load(const char *p)
{
	return bytes_load(p) ^ UINT64_C(0x3030303030303030);
}

/* A bit in the first byte of BYTES that is no digit; a carry may spoil those behind. */
DIGITS_INLINE uint64_t
digits_others(uint64_t bytes)
{
	return ((bytes + UINT64_C(0x7676767676767676)) | bytes) & UINT64_C(0x8080808080808080);
}

/* How many digits BYTES begins with. */
DIGITS_INLINE unsigned
digits_count(uint64_t bytes)
{
	uint64_t others = digits_others(bytes);

	return others ? (unsigned)__builtin_ctzll(others) / 8 : 8;
}

/* The first N <= 8 digits of BYTES, followed by zeros: 2 of "12" is 12000000. */
DIGITS_INLINE uint64_t
digits_left(uint64_t bytes, unsigned n)
{
	/* Two steps, because all 64 bits must not be shifted out in one. */
	bytes &= ~(~UINT64_C(0) << n * 4 << n * 4);
	bytes = (bytes * 10 + (bytes >> 8)) & UINT64_C(0x00ff00ff00ff00ff);
	bytes = (bytes * 100 + (bytes >> 16)) & UINT64_C(0x0000ffff0000ffff);
	return (bytes * 10000 + (bytes >> 32)) & UINT64_C(0xffffffff);
}

#ifdef __SSE2__
/* The first 8 bytes of DIGITS, their values, as a number. */
DIGITS_INLINE uint64_t
digits_vector(__m128i digits)
{
	/*
	 * Neighbours added, with the weights of both, twice; each time half as many are left.
	 */
	__m128i words = _mm_unpacklo_epi8(digits, _mm_setzero_si128());
	__m128i pairs = _mm_madd_epi16(words, _mm_set1_epi32(10 | 1 << 16));
	__m128i fours = _mm_madd_epi16(_mm_packs_epi32(pairs, pairs),
	    _mm_set1_epi32(100 | 1 << 16));
	uint64_t halves = (uint64_t)_mm_cvtsi128_si64(fours);

	return (uint32_t)halves * 10000u + (halves >> 32);
}
#endif

/* digits_left() of eight. */
DIGITS_INLINE uint64_t
digits_eight(uint64_t bytes)
{
#ifdef __SSE2__
	return digits_vector(_mm_cvtsi64_si128((int64_t)bytes));
#else
	return digits_left(bytes, 8);
#endif
}

/* The first N <= 8 digits of BYTES as a number. */
DIGITS_INLINE uint64_t
digits_value(uint64_t bytes, unsigned n)
{
	return digits_eight(bytes << (8 - n) * 4 << (8 - n) * 4);
}

/* str_skip_number() */
DIGITS_INLINE bool
digits_skip(struct str *s, int64_t *ret)
{
	uint64_t bytes;
	size_t n;

	if (s->len == 0)
		return false;
	bytes = digits_load(s->p);
	n = digits_count(bytes);
	n = n < s->len ? n : s->len;
	if (__builtin_expect(n == 8, 0)) {
		struct str rest = *s; /* so that *S itself may stay in registers */
		bool good = str_skip_number(&rest, ret);

		*s = rest;
		return good;
	}
	*ret = (int64_t)digits_value(bytes, (unsigned)n);
	*s = str_from(*s, n);
	return n > 0;
}

/* Takes the number off the end of S, of at most 7 digits; false: none, or it is longer. */
DIGITS_INLINE bool
digits_take_last(struct str *s, int64_t *ret)
{
	uint64_t bytes, others;
	unsigned n;

	if (s->len < 8)
		return false;
	bytes = digits_load(s->p + s->len - 8);
	/* Without the carry of digits_others(), for here those behind count. */
	others = (bytes & UINT64_C(0x7f7f7f7f7f7f7f7f)) + UINT64_C(0x7676767676767676);
	others = (others | bytes) & UINT64_C(0x8080808080808080);
	n = others ? (unsigned)__builtin_clzll(others) / 8 : 8;
	if (n == 0 || n == 8)
		return false;
	*ret = (int64_t)digits_value(bytes >> (64 - 8 * n), n);
	s->len -= n;
	return true;
}

/* str_number() */
DIGITS_INLINE bool
digits_number(struct str s, int64_t *ret)
{
	return digits_skip(&s, ret) && s.len == 0;
}

#endif
