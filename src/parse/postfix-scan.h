/* SPDX-License-Identifier: Apache-2.0
 *
 * postfix-scan: how far a run of certain bytes goes, 16 at a time. Names and
 * addresses differ in length from line to line, so a loop over their bytes costs
 * more in mispredicted branches than in work. Reading up to 15 bytes behind a
 * slice is allowed: see parse_line().
 */
#ifndef PARSE_POSTFIX_SCAN_H
#define PARSE_POSTFIX_SCAN_H

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "base/str.h"

/* str_find() of what begins with a byte that is rare in S: memmem(3) starts slowly. */
static inline size_t
scan_mark(struct str s, struct str mark)
{
	for (size_t n = 0; n < s.len; n++) {
		n += str_index(str_from(s, n), *mark.p);
		if (str_starts(str_from(s, n), mark))
			return n;
	}
	return s.len;
}

#ifdef __SSE2__

/* Bits of the 16 bytes at P that are >= LOW and <= HIGH. */
static inline unsigned
scan_between(__m128i bytes, char low, char high)
{
	__m128i from_low = _mm_sub_epi8(bytes, _mm_set1_epi8(low));
	__m128i limit = _mm_set1_epi8((char)(high - low));

	return (unsigned)_mm_movemask_epi8(
	    _mm_cmpeq_epi8(_mm_min_epu8(from_low, limit), from_low));
}

static inline unsigned
scan_equal(__m128i bytes, char c)
{
	return (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(c)));
}

static inline __m128i
scan_load(const char *p)
{
	return _mm_loadu_si128((const __m128i *)(const void *)p);
}

/* Letters and digits; with HOST also '.', '-' and '_'. */
static inline unsigned
scan_word_bits(__m128i bytes, bool host)
{
	unsigned bits = scan_between(_mm_or_si128(bytes, _mm_set1_epi8(0x20)), 'a', 'z') |
	    scan_between(bytes, '0', '9');

	if (host)
		bits |= scan_equal(bytes, '.') | scan_equal(bytes, '-') |
		    scan_equal(bytes, '_');
	return bits;
}

static inline size_t
scan_word(struct str s, bool host)
{
	for (size_t n = 0; n < s.len; n += 16) {
		unsigned bits = scan_word_bits(scan_load(s.p + n), host);

		if (bits != 0xffff) {
			n += (size_t)__builtin_ctz(~bits);
			return n < s.len ? n : s.len;
		}
	}
	return s.len;
}

/* Offset of the first digit in the first 16 bytes of S, or S.len. */
static inline size_t
scan_digit(struct str s)
{
	unsigned bits = scan_between(scan_load(s.p), '0', '9');
	size_t n = bits ? (size_t)__builtin_ctz(bits) : s.len;

	return n < s.len ? n : s.len;
}

/* Offset of the first '<', '>' or '"', or S.len: what ends an address or makes it odd. */
static inline size_t
scan_angle(struct str s)
{
	for (size_t n = 0; n < s.len; n += 16) {
		__m128i bytes = scan_load(s.p + n);
		unsigned bits = scan_equal(_mm_or_si128(bytes, _mm_set1_epi8(2)), '>') |
		    scan_equal(bytes, '"');

		if (bits) {
			n += (size_t)__builtin_ctz(bits);
			return n < s.len ? n : s.len;
		}
	}
	return s.len;
}

/*
 * Length of the dotted quad in front of S, as inet_pton(3) takes it, or 0. Bit i
 * of a mask is byte i; a mask shifted right by one is about the byte behind.
 */
static inline size_t
scan_ip4(struct str s)
{
	__m128i bytes = scan_load(s.p);
	unsigned valid = s.len < 16 ? (1u << s.len) - 1 : 0xffff;
	unsigned digit = scan_between(bytes, '0', '9') & valid;
	unsigned dot = scan_equal(bytes, '.') & valid;
	unsigned n = (unsigned)__builtin_ctz(~(digit | dot)), inside = (1u << n) - 1;
	unsigned first, three, two_dots, one_dot, wrong;
	unsigned over5 = scan_between(bytes, '6', '9'), is5 = scan_equal(bytes, '5');

	digit &= inside;
	dot &= inside;
	first = digit & ~(digit << 1);
	three = digit & digit >> 1 & digit >> 2;
	two_dots = dot & (dot - 1);
	one_dot = two_dots & (two_dots - 1);
	/* Dots side by side or at an end, four digits, a number over 255, a leading zero. */
	wrong = (dot & (dot << 1 | 1 | 1u << (n ? n - 1 : 0))) | (three & digit >> 3) |
	    (three & scan_between(bytes, '3', '9')) |
	    (three & scan_equal(bytes, '2') & (over5 >> 1 | (is5 >> 1 & over5 >> 2))) |
	    (first & scan_equal(bytes, '0') & digit >> 1);
	return wrong == 0 && one_dot && (one_dot & (one_dot - 1)) == 0 && n < 16 ? n : 0;
}

#else

static inline size_t
scan_word(struct str s, bool host)
{
	size_t n = 0;

	while (n < s.len && (char_is_alnum(s.p[n]) ||
				(host && (s.p[n] == '.' || s.p[n] == '-' || s.p[n] == '_'))))
		n++;
	return n;
}

static inline size_t
scan_digit(struct str s)
{
	size_t n = 0;

	while (n < s.len && !char_is_digit(s.p[n]))
		n++;
	return n;
}

static inline size_t
scan_angle(struct str s)
{
	size_t n = 0;

	while (n < s.len && s.p[n] != '<' && s.p[n] != '>' && s.p[n] != '"')
		n++;
	return n;
}

static inline size_t
scan_ip4(struct str s)
{
	unsigned value = 0, digits = 0, dots = 0;
	size_t n = 0;

	for (; n < s.len; n++) {
		char c = s.p[n];

		if (char_is_digit(c)) {
			if (digits && value == 0)
				return 0;
			value = value * 10 + (unsigned)(c - '0');
			if (++digits > 3 || value > 255)
				return 0;
		} else if (c == '.' && digits) {
			value = digits = 0;
			dots++;
		} else {
			break;
		}
	}
	return dots == 3 && digits ? n : 0;
}

#endif

#endif
