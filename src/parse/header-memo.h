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
#include <immintrin.h>

/*
 * For what exists twice, once with instructions that processors have since 2013. What these
 * do is not asked for where they are not known to be there: WIDE of the functions below.
 */
#define MEMO_AVX2 __attribute__((target("avx2,bmi")))

static inline bool
header_is_wide(void)
{
	return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi");
}
#endif

#define MEMO_INLINE static inline __attribute__((always_inline))

/* Without being told the compiler takes what stands behind many tests for seldom reached. */
#define MEMO_USUAL(condition) __builtin_expect((condition), true)

/* What the shortcut has found; all else is as in the memo. */
struct header_again {
	int64_t seconds;     /* microseconds since the memo's minute */
	int64_t pid_number;
	const char *pid, *message;
	size_t slot;
	size_t tag_len, pid_len;
	size_t first;        /* byte of the message, or of what stands behind the line */
};

/* Where the memo has the tag of N bytes that ends before END. */
MEMO_INLINE size_t
header_tag_slot(const struct header_memo *memo, const char *end, size_t n)
{
	/* Tags differ at their ends; a short one brings what stands before it along. */
	return (hash_load8(end - 8) ^ n) * memo->tag_factor >> (64 - HEADER_TAG_BITS);
}

/*
 * What a message may begin with that takes a closer look: another space, Solaris' "[ID ",
 * "message repeated"; the end of the line.
 */
extern const bool header_odd[256];

/* As many as a tag is kept of. */
extern const char header_brackets[HEADER_TAG_KEPT], header_colons[HEADER_TAG_KEPT];

/* So many bytes a line must have behind the prefix: what is read may be 16 more. */
#define HEADER_TAG_LEAST 28

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

/*
 * Makes the minute of LINE, which header_again() does not know, the memo's. False if it is
 * that already, or if not even the day is the memo's.
 */
bool header_turn(struct header_memo *memo, struct str line);

#ifdef __SSE2__

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

/* All ones where the 16 bytes at P can be the memo's prefix, AT bytes from its beginning. */
MEMO_INLINE __m128i
header_fit16(const struct header_memo *memo, const char *p, size_t at)
{
	__m128i above = _mm_sub_epi8(header_load16(p + at), header_kept16(memo->prefix + at));

	return _mm_cmpeq_epi8(_mm_min_epu8(above, header_kept16(memo->above + at)), above);
}

/* Can the 32 bytes at P be the memo's prefix, AT bytes from its beginning? */
MEMO_AVX2 static inline bool
header_fit32(const struct header_memo *memo, const char *p, size_t at)
{
	const __m256i *bytes = (const __m256i *)(const void *)(p + at);
	const __m256i *prefix = (const __m256i *)(const void *)(memo->prefix + at);
	const __m256i *highest = (const __m256i *)(const void *)(memo->above + at);
	__m256i above = _mm256_sub_epi8(_mm256_loadu_si256(bytes), _mm256_loadu_si256(prefix));
	__m256i beyond = _mm256_subs_epu8(above, _mm256_loadu_si256(highest));

	return _mm256_testz_si256(beyond, beyond);
}

/* Does P begin with the memo's prefix, at any second? At least 32 bytes are read. */
MEMO_INLINE bool
header_prefix_again(const struct header_memo *memo, const char *p, bool wide)
{
	__m128i fit = _mm_set1_epi8(-1);

	if (wide && !header_fit32(memo, p, 0))
		return false;
	if (wide && MEMO_USUAL(memo->simple))
		return true;
	if (!wide)
		fit = _mm_and_si128(header_fit16(memo, p, 0), header_fit16(memo, p, 16));
	for (size_t at = 32; at < memo->prefix_len; at += 16)
		fit = _mm_and_si128(fit, header_fit16(memo, p, at));
	return _mm_movemask_epi8(fit) == 0xffff;
}

/* What the seconds and the fraction at P, which are digits, add to the memo's minute. */
MEMO_INLINE int64_t
header_seconds(const struct header_memo *memo, const char *p)
{
	/* Ten times the first digit and the second one meet in the second byte. */
	unsigned digits =
	    ((unsigned)(unsigned char)p[0] | (unsigned)(unsigned char)p[1] << 8) & 0x0f0f;
	int64_t usec = (digits * 0x0a01 >> 8 & 0xff) * 1000000u;

	/* With two zeroes before, the six digits that count are microseconds. */
	if (!MEMO_USUAL(memo->simple) && memo->fraction)
		usec += (int64_t)digits_eight(
		    (digits_load(p + 3) & memo->fraction_mask) << 16);
	return usec;
}

/* Moves so many digits to the right end of eight, zeroes before them. */
extern const char header_right[9][16];

/*
 * What makes one number of digits: of bytes, of pairs, of fours. gcc would load constants
 * before they are used.
 */
extern const char header_powers[3][16];

/* The first N <= 8 of DIGITS, their values, as a number. */
MEMO_AVX2 static inline uint32_t
header_number_wide(__m128i digits, size_t n)
{
	__m128i right = _mm_shuffle_epi8(digits, header_kept16(header_right[n]));
	__m128i pairs = _mm_maddubs_epi16(right, header_kept16(header_powers[0]));
	__m128i fours = _mm_madd_epi16(pairs, header_kept16(header_powers[1]));
	__m128i eights =
	    _mm_madd_epi16(_mm_packus_epi32(fours, fours), header_kept16(header_powers[2]));

	return (uint32_t)_mm_cvtsi128_si32(eights);
}

MEMO_INLINE int64_t
header_number(__m128i digits, size_t n, bool wide)
{
	if (wide)
		return header_number_wide(digits, n);
	return (int64_t)digits_vector(
	    _mm_sll_epi64(digits, _mm_cvtsi32_si128(64 - 8 * (int)n)));
}

/* Bits of the 32 bytes at P that equal those at KEPT. */
MEMO_AVX2 static inline unsigned
header_equal32(const char *p, const char *kept)
{
	__m256i a = _mm256_loadu_si256((const __m256i *)(const void *)p);
	__m256i b = _mm256_loadu_si256((const __m256i *)(const void *)kept);

	return (unsigned)_mm256_movemask_epi8(_mm256_cmpeq_epi8(a, b));
}

MEMO_INLINE unsigned
header_equal_bits(const char *p, const char *kept, bool wide)
{
	__m128i low, high;

	if (wide)
		return header_equal32(p, kept);
	low = _mm_cmpeq_epi8(header_load16(p), header_kept16(kept));
	high = _mm_cmpeq_epi8(header_load16(p + 16), header_kept16(kept + 16));
	return (unsigned)_mm_movemask_epi8(low) | (unsigned)_mm_movemask_epi8(high) << 16;
}

/*
 * Has the memo the tag from P to the byte that ENDS, bits for the 32 bytes at P, names first?
 * That may be any of the 32.
 */
MEMO_INLINE bool
header_same_tag(const struct header_memo *memo, const char *p, unsigned ends, bool wide,
    struct header_again *ret)
{
	/* Of 64 bits, the instruction leaves nothing to be extended. */
	size_t n = (size_t)__builtin_ctzll(ends);
	unsigned same;

	ret->slot = header_tag_slot(memo, p + n, n);
	ret->tag_len = n;
	same = header_equal_bits(p, memo->tag[ret->slot], wide);
	/* All ones up to the first end. */
	return MEMO_USUAL((~same & (ends ^ (ends - 1))) == 0);
}

/* header_tag_again() where no pid is: "dovecot: ". */
MEMO_INLINE bool
header_bare_tag_again(const struct header_memo *memo, const char *p, bool wide,
    struct header_again *ret)
{
	unsigned colons = header_equal_bits(p, header_colons, wide);

	if (colons == 0 || !header_same_tag(memo, p, colons, wide, ret))
		return false;
	p += ret->tag_len + 2;
	ret->pid = NULL;
	ret->pid_len = 0;
	ret->pid_number = 0;
	ret->message = p;
	ret->first = (unsigned char)*p;
	return p[-1] == ' ' && !header_odd[ret->first];
}

/*
 * Tag, pid and message from P on, HEADER_TAG_LEAST bytes at least, if the memo has the tag
 * and "[123]: " or ": " follows, and no byte that is one of header_odd.
 */
MEMO_INLINE bool
header_tag_again(const struct header_memo *memo, const char *p, bool wide,
    struct header_again *ret)
{
	unsigned brackets = header_equal_bits(p, header_brackets, wide);
	__m128i digits;
	uint32_t behind;
	unsigned others;

	if (!MEMO_USUAL(brackets != 0))
		return header_bare_tag_again(memo, p, wide, ret);
	if (!header_same_tag(memo, p, brackets, wide, ret))
		return false;
	p += ret->tag_len + 1;
	digits = _mm_sub_epi8(_mm_loadl_epi64((const __m128i *)(const void *)p),
	    _mm_set1_epi8('0'));
	/* Zeroes for digits; the upper half is none. */
	others = ~(unsigned)_mm_movemask_epi8(
	    _mm_cmpeq_epi8(_mm_min_epu8(digits, _mm_set1_epi8(9)), digits));
	ret->pid = p;
	ret->pid_len = (size_t)__builtin_ctzll(others);
	if (!MEMO_USUAL(ret->pid_len != 0))
		return false;
	ret->pid_number = header_number(digits, ret->pid_len, wide);
	p += ret->pid_len;
	behind = hash_load4(p);
	ret->message = p + 3;
	ret->first = behind >> 24;
	/* "]: " */
	return MEMO_USUAL((behind & 0xffffff) == 0x203a5d) &&
	    MEMO_USUAL(!header_odd[ret->first]);
}

/*
 * All of the header of the line at P, which fits, if it is of the memo's form, minute, zone
 * and host, with one of its tags; else it is to be read the long way, or after header_turn().
 * Where no newline ends the line, its message may be empty. WIDE, a constant:
 * header_is_wide().
 */
MEMO_INLINE bool
header_again(const struct header_memo *memo, const char *p, bool wide,
    struct header_again *ret)
{
	if (!MEMO_USUAL(header_prefix_again(memo, p, wide)))
		return false;
	ret->seconds = header_seconds(memo, p + memo->seconds_at);
	return MEMO_USUAL(header_tag_again(memo, p + memo->prefix_len, wide, ret));
}
#else
MEMO_INLINE bool
header_again(const struct header_memo *memo, const char *p, bool wide,
    struct header_again *ret)
{
	(void)memo, (void)p, (void)wide, (void)ret;
	return false;
}
#endif

#endif
