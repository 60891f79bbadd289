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
#include "parse/digits.h"

/* The 8 bytes at P, the first one lowest: struct postfix_row's head. */
static inline uint64_t
scan_head(const char *p)
{
	return bytes_load(p);
}

#ifdef __SSE2__

/* All ones where the 16 BYTES are >= LOW and <= HIGH, less than 127 more. */
static inline __m128i
scan_range(__m128i bytes, char low, char high)
{
	/* HIGH becomes the highest signed byte; so compared, nothing is loaded before. */
	__m128i to_top = _mm_add_epi8(bytes, _mm_set1_epi8((char)(127 - high)));

	return _mm_cmpgt_epi8(to_top, _mm_set1_epi8((char)(127 - (high - low + 1))));
}

/* The same as bits. */
static inline unsigned
scan_between(__m128i bytes, char low, char high)
{
	return (unsigned)_mm_movemask_epi8(scan_range(bytes, low, high));
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
	__m128i letters = scan_range(_mm_or_si128(bytes, _mm_set1_epi8(0x20)), 'a', 'z');
	__m128i others;

	if (!host)
		return (unsigned)_mm_movemask_epi8(
		    _mm_or_si128(letters, scan_range(bytes, '0', '9')));
	/* From '-' to '9' there is only '/' beside them. */
	others = _mm_andnot_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('/')),
	    scan_range(bytes, '-', '9'));
	others = _mm_or_si128(others, _mm_cmpeq_epi8(bytes, _mm_set1_epi8('_')));
	return (unsigned)_mm_movemask_epi8(_mm_or_si128(letters, others));
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

/*
 * scan_word(s, true), the first 32 bytes at once: names are of 10 to 30. WIDE: with
 * instructions that processors have since 2013.
 */
size_t scan_host_wide(struct str s);

static inline size_t
scan_host_narrow(struct str s)
{
	unsigned others;
	size_t n;

	if (s.len < 16)
		return scan_word(s, true);
	others = ~(scan_word_bits(scan_load(s.p), true) |
	    scan_word_bits(scan_load(s.p + 16), true) << 16);
	n = others ? (size_t)__builtin_ctz(others) : 32;
	if (n >= s.len)
		return s.len;
	return others ? n : n + scan_word(str_from(s, n), true);
}

static inline __attribute__((always_inline)) size_t
scan_host(struct str s)
{
	bool wide = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi");

	return wide ? scan_host_wide(s) : scan_host_narrow(s);
}

/* Offset of the first digit in the first 16 bytes of S, or S.len. */
static inline size_t
scan_digit(struct str s)
{
	unsigned bits = scan_between(scan_load(s.p), '0', '9');
	size_t n = bits ? (size_t)__builtin_ctz(bits) : s.len;

	return n < s.len ? n : s.len;
}

/* How many letters and digits S begins with, up to MAX + 1; *RET_DIGIT if one is a digit. */
static inline size_t
scan_id(struct str s, size_t max, bool *ret_digit)
{
	__m128i bytes = scan_load(s.p);
	unsigned digits = scan_between(bytes, '0', '9');
	unsigned letters = scan_between(_mm_or_si128(bytes, _mm_set1_epi8(0x20)), 'a', 'z');
	size_t n = (size_t)__builtin_ctz(~(digits | letters));

	if (n >= 16 || n >= s.len || n > max)
		n = scan_word(str_head(s, max + 1), false);
	*ret_digit = n < 16 ? (digits & ((1u << n) - 1)) != 0 : digits != 0;
	return n;
}

/* str_index() of a byte that is mostly among the first 16. */
static inline __attribute__((always_inline)) size_t
scan_near(struct str s, char c)
{
	unsigned bits = scan_equal(scan_load(s.p), c);
	size_t n = bits ? (size_t)__builtin_ctz(bits) : 16;

	if (n < s.len)
		return bits ? n : str_index(s, c);
	return s.len;
}

static inline unsigned
scan_angle_bits(__m128i bytes)
{
	__m128i angles = _mm_cmpeq_epi8(_mm_or_si128(bytes, _mm_set1_epi8(2)),
	    _mm_set1_epi8('>'));

	return (unsigned)_mm_movemask_epi8(
	    _mm_or_si128(angles, _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"'))));
}

/*
 * Offset of the first '<', '>' or '"', or S.len: what ends an address or makes it odd. The
 * first 32 bytes at once: most addresses are of 10 to 30.
 */
static inline size_t
scan_angle(struct str s)
{
	unsigned near = s.len < 16 ? 0 :
				     scan_angle_bits(scan_load(s.p)) |
		scan_angle_bits(scan_load(s.p + 16)) << 16;

	if (near)
		return (size_t)__builtin_ctz(near) < s.len ? (size_t)__builtin_ctz(near) :
							     s.len;
	for (size_t n = s.len < 16 ? 0 : 32; n < s.len; n += 16) {
		unsigned bits = scan_angle_bits(scan_load(s.p + n));

		if (bits) {
			n += (size_t)__builtin_ctz(bits);
			return n < s.len ? n : s.len;
		}
	}
	return s.len;
}

/*
 * Where the last '<', '>' or '"' but for S's last byte stands, if that is among the last 32
 * bytes; else, or where S is not so long, S.len.
 */
static inline __attribute__((always_inline)) size_t
scan_last_angle(struct str s)
{
	unsigned bits;

	if (s.len < 32)
		return s.len;
	bits = scan_angle_bits(scan_load(s.p + s.len - 32)) |
	    scan_angle_bits(scan_load(s.p + s.len - 16)) << 16;
	bits &= 0x7fffffff;
	return bits ? s.len - 1 - (unsigned)__builtin_clz(bits) : s.len;
}

/* Where the first space, '\\', '"' or '<' stands in the 16 bytes at P, or 16. */
static inline size_t
scan_token(const char *p)
{
	__m128i bytes = scan_load(p);

	return (size_t)__builtin_ctz(scan_equal(bytes, ' ') | scan_equal(bytes, '\\') |
	    scan_equal(bytes, '"') | scan_equal(bytes, '<') | 0x10000);
}

/*
 * Where the first colon stands in S, if no space comes before it; 0: nowhere. Without either
 * in 16 bytes, 16.
 */
static inline size_t
scan_colon(struct str s)
{
	__m128i bytes = scan_load(s.p);
	__m128i ends = _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(':')),
	    _mm_cmpeq_epi8(bytes, _mm_set1_epi8(' ')));
	size_t n = (size_t)__builtin_ctz((unsigned)_mm_movemask_epi8(ends) | 0x10000);

	return n < 16 && s.p[n] == ' ' ? 0 : n;
}

/* Bits of the 16 bytes at P, which are digits, that begin a number from 256 to 999. */
static inline unsigned
scan_over_255(__m128i bytes)
{
	__m128i over5 = _mm_cmpgt_epi8(bytes, _mm_set1_epi8('5'));
	__m128i is5 = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('5'));
	__m128i is2 = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('2'));
	__m128i over2 = _mm_cmpgt_epi8(bytes, _mm_set1_epi8('2'));
	/* Shifted right by a byte, a vector is about the byte behind. */
	__m128i over55 = _mm_and_si128(_mm_srli_si128(is5, 1), _mm_srli_si128(over5, 2));
	__m128i over_x55 = _mm_or_si128(_mm_srli_si128(over5, 1), over55);

	return (unsigned)_mm_movemask_epi8(_mm_or_si128(over2, _mm_and_si128(is2, over_x55)));
}

/*
 * Length of the dotted quad in front of S, as inet_pton(3) takes it, or 0. Bit i
 * of a mask is byte i; a mask shifted right by one is about the byte behind.
 */
static inline __attribute__((always_inline)) size_t
scan_ip4(struct str s)
{
	__m128i bytes = scan_load(s.p);
	unsigned digit = scan_between(bytes, '0', '9'), dot = scan_equal(bytes, '.');
	unsigned n = (unsigned)__builtin_ctz(~(digit | dot)), inside = (1u << n) - 1;
	unsigned first, three, wrong, two_dots, one_dot;

	if (__builtin_expect(n > s.len, 0)) { /* what is behind S must not count */
		n = (unsigned)s.len;
		inside = (1u << n) - 1;
		digit &= inside;
	}
	dot &= inside;
	first = digit & ~(digit << 1);
	three = digit & digit >> 1 & digit >> 2;
	/* Dots without a digit on both sides, four digits, too large, a leading zero. */
	wrong = (dot & ~(digit << 1 & digit >> 1)) |
	    (three & (digit >> 3 | scan_over_255(bytes))) |
	    (first & digit >> 1 & scan_equal(bytes, '0'));
	two_dots = dot & (dot - 1);
	one_dot = two_dots & (two_dots - 1);
	return (wrong & inside) == 0 && one_dot && (one_dot & (one_dot - 1)) == 0 ? n : 0;
}

static inline unsigned
scan_count_bits(unsigned bits)
{
	bits -= bits >> 1 & 0x55555555;
	bits = (bits & 0x33333333) + (bits >> 2 & 0x33333333);
	return ((bits + (bits >> 4)) & 0x0f0f0f0f) * 0x01010101 >> 24;
}

static inline unsigned
scan_hex_bits(__m128i bytes)
{
	return scan_between(_mm_or_si128(bytes, _mm_set1_epi8(0x20)), 'a', 'f') |
	    scan_between(bytes, '0', '9');
}

/*
 * Length of the IPv6 address in front of S if it is a usual one, of less than 32
 * bytes; 0 tells nothing.
 */
static inline size_t
scan_usual_ip6(struct str s)
{
	__m128i low = scan_load(s.p);
	__m128i high = s.len > 16 ? scan_load(s.p + 16) : _mm_setzero_si128();
	unsigned valid = s.len < 32 ? (1u << s.len) - 1 : 0xffffffff;
	unsigned hex = (scan_hex_bits(low) | scan_hex_bits(high) << 16) & valid;
	unsigned colon = (scan_equal(low, ':') | scan_equal(high, ':') << 16) & valid;
	unsigned others = ~(hex | colon), n = others ? (unsigned)__builtin_ctz(others) : 0;
	unsigned inside = (1u << n) - 1, gap, groups, wrong;

	hex &= inside;
	colon &= inside;
	gap = colon & colon >> 1;
	groups = scan_count_bits(hex & ~(hex << 1));
	/* Five digits, two gaps, a single colon at an end. */
	wrong = (hex & hex >> 1 & hex >> 2 & hex >> 3 & hex >> 4) | (gap & (gap - 1)) |
	    (colon & ~gap & ~(gap << 1) & ~(hex << 1 & hex >> 1));
	if (wrong || (n < s.len && s.p[n] == '.'))
		return 0;
	return (gap ? groups < 8 : groups == 8) ? n : 0;
}

/* Bits of the first 32 bytes of S that are A or B. */
static inline unsigned
scan_either(struct str s, char a, char b)
{
	__m128i low = scan_load(s.p);
	__m128i high = s.len > 16 ? scan_load(s.p + 16) : _mm_setzero_si128();
	unsigned valid = s.len < 32 ? (1u << s.len) - 1 : 0xffffffff;

	return (scan_equal(low, a) | scan_equal(low, b) |
	    (scan_equal(high, a) | scan_equal(high, b)) << 16) & valid;
}

/*
 * Length of "0.1/0/0.5/12", four numbers of less than 32 bytes in front of S, if a comma
 * follows and none has 13 digits without a point; 0 tells nothing.
 */
size_t scan_delays_wide(struct str s);

static inline size_t
scan_delays_narrow(struct str s)
{
	__m128i low = scan_load(s.p);
	__m128i high = s.len > 16 ? scan_load(s.p + 16) : _mm_setzero_si128();
	/* From '.' to '9' there is only '/' beside the digits. */
	unsigned others = ~(scan_between(low, '.', '9') | scan_between(high, '.', '9') << 16);
	unsigned n = others ? (unsigned)__builtin_ctz(others) : 0, inside = (1u << n) - 1;
	unsigned dot = (scan_equal(low, '.') | scan_equal(high, '.') << 16) & inside;
	unsigned slash = (scan_equal(low, '/') | scan_equal(high, '/') << 16) & inside;
	unsigned digit = inside & ~(dot | slash), four, behind, wrong, two_left, one_left;

	if (n >= s.len || s.p[n] != ',')
		return 0;
	four = digit & digit >> 1 & digit >> 2 & digit >> 3;
	/* What stands behind the digits that follow a point. */
	behind = (digit + (dot << 1)) & ~digit;
	wrong = ((dot | slash) & ~(digit << 1 & digit >> 1)) | (behind & dot) |
	    (four & four >> 4 & four >> 8 & digit >> 12);
	two_left = slash & (slash - 1);
	one_left = two_left & (two_left - 1);
	return wrong == 0 && one_left && (one_left & (one_left - 1)) == 0 ? n : 0;
}

/* Where the last space stands in S, or S.len: mostly it is among the last 16 bytes. */
static inline size_t
scan_last_space(struct str s)
{
	unsigned bits = s.len < 16 ? 0 : scan_equal(scan_load(s.p + s.len - 16), ' ');
	const char *space;

	if (bits)
		return s.len + 15 - (unsigned)__builtin_clz(bits);
	space = s.len ? memrchr(s.p, ' ', s.len) : NULL;
	return space ? (size_t)(space - s.p) : s.len;
}

#else

static inline unsigned
scan_either(struct str s, char a, char b)
{
	unsigned bits = 0;

	for (size_t n = 0; n < s.len && n < 32; n++)
		bits |= (unsigned)(s.p[n] == a || s.p[n] == b) << n;
	return bits;
}

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
scan_host(struct str s)
{
	return scan_word(s, true);
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
scan_id(struct str s, size_t max, bool *ret_digit)
{
	size_t n = scan_word(str_head(s, max + 1), false);

	*ret_digit = scan_digit(str_head(s, n)) < n;
	return n;
}

static inline size_t
scan_near(struct str s, char c)
{
	return str_index(s, c);
}

static inline size_t
scan_last_angle(struct str s)
{
	return s.len;
}

static inline size_t
scan_token(const char *p)
{
	(void)p;
	return 16;
}

static inline size_t
scan_colon(struct str s)
{
	(void)s;
	return 16;
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

static inline size_t
scan_last_space(struct str s)
{
	const char *space = s.len ? memrchr(s.p, ' ', s.len) : NULL;

	return space ? (size_t)(space - s.p) : s.len;
}

static inline size_t
scan_delays_narrow(struct str s)
{
	(void)s;
	return 0;
}

static inline size_t
scan_usual_ip6(struct str s)
{
	(void)s;
	return 0;
}

#endif

/* str_index() of a byte that is mostly among the first 32. */
static inline __attribute__((always_inline)) size_t
scan_index(struct str s, char c)
{
	unsigned bits = scan_either(s, c, c);

	return bits ? (size_t)__builtin_ctz(bits) : str_index(s, c);
}

/*
 * str_find() of what begins with a byte that is rare in S: memmem(3) starts slowly.
 * Where the byte is not rare it goes on with that.
 */
static inline __attribute__((always_inline)) size_t
scan_mark(struct str s, struct str mark)
{
	unsigned tries = 64;

	for (size_t n = 0; n < s.len; n++) {
		n += scan_index(str_from(s, n), *mark.p);
		if (str_starts(str_from(s, n), mark))
			return n;
		if (tries-- == 0)
			return n + str_find(str_from(s, n), mark);
	}
	return s.len;
}

#endif
