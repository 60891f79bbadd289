/* SPDX-License-Identifier: Apache-2.0
 *
 * What exists twice, here with instructions that processors have since 2013.
 */
#include "parse/postfix-scan.h"

#ifdef __SSE2__
#include <immintrin.h>

#define TWICE(...) {__VA_ARGS__, __VA_ARGS__}

/*
 * Of what sorts a byte of a host name can be by its upper four bits, and of what by its lower
 * ones, a bit each: "-.", digits, the first fifteen letters, the other ones in capitals and
 * '_', in small letters. A byte from 128 on looks up zero.
 */
_Alignas(32) static const char upper[32] =
    TWICE(0, 0, 1, 2, 4, 8, 4, 16, 0, 0, 0, 0, 0, 0, 0, 0);
_Alignas(32) static const char lower[32] = TWICE(26, 30, 30, 30, 30, 30, 30, 30, 30, 30, 28,
    4, 4, 5, 5, 12);

__attribute__((target("avx2"))) static inline __m256i
load(const char *p)
{
	return _mm256_loadu_si256((const __m256i *)(const void *)p);
}

__attribute__((target("avx2"))) size_t
scan_host_wide(struct str s)
{
	__m256i bytes, by_upper, by_lower, neither;
	unsigned others;
	size_t n;

	if (s.len < 16)
		return scan_word(s, true);
	bytes = load(s.p);
	by_lower = _mm256_shuffle_epi8(load(lower), bytes);
	by_upper = _mm256_and_si256(_mm256_srli_epi16(bytes, 4), _mm256_set1_epi8(0x0f));
	by_upper = _mm256_shuffle_epi8(load(upper), by_upper);
	neither = _mm256_cmpeq_epi8(_mm256_and_si256(by_upper, by_lower),
	    _mm256_setzero_si256());
	others = (unsigned)_mm256_movemask_epi8(neither);
	n = others ? (size_t)__builtin_ctzll(others) : 32;
	if (n >= s.len)
		return s.len;
	return others ? n : n + scan_word(str_from(s, n), true);
}
#endif
