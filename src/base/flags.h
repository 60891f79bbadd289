/* SPDX-License-Identifier: Apache-2.0
 *
 * flags: arrays of bytes that are 0 or 1, sixteen at a time. N is how many there are;
 * what lies behind them up to a multiple of sixteen is read and written too, so every
 * array has room for it: zeros stay zeros there. Vectors as the compiler has them for
 * any machine.
 */
#ifndef BASE_FLAGS_H
#define BASE_FLAGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define FLAGS_LANES 16u

typedef uint8_t flag_lanes __attribute__((vector_size(16), may_alias, aligned(1)));

static inline flag_lanes *
flags_at(const uint8_t *flags, size_t i)
{
	return (flag_lanes *)(void *)(uintptr_t)(flags + i);
}

/* RET[i] = A[i] & B[i]. RET may be A. */
static inline void
flags_and(uint8_t *ret, const uint8_t *a, const uint8_t *b, size_t n)
{
	for (size_t i = 0; i < n; i += FLAGS_LANES)
		*flags_at(ret, i) = *flags_at(a, i) & *flags_at(b, i);
}

/* RET[i] |= A[i] & B[i], or A[i] & !B[i] when INVERT is set. */
static inline void
flags_add(uint8_t *ret, const uint8_t *a, const uint8_t *b, bool invert, size_t n)
{
	uint8_t turn = invert;

	for (size_t i = 0; i < n; i += FLAGS_LANES)
		*flags_at(ret, i) |= *flags_at(a, i) & (*flags_at(b, i) ^ turn);
}

/* RET[i] = A[i] and VALUES[i], each below 64, is in SET. */
static inline void
flags_in_set(uint8_t *ret, const uint8_t *a, const uint8_t *values, uint64_t set, size_t n)
{
	flag_lanes turn = {0};
	uint8_t wanted[32];
	unsigned count = 0;

	if (__builtin_popcountll(set) > 32) {
		turn = ~turn;
		set = ~set;
	}
	for (; set; set &= set - 1)
		wanted[count++] = (uint8_t)__builtin_ctzll(set);
	for (size_t i = 0; i < n; i += FLAGS_LANES) {
		flag_lanes in = turn;

		for (unsigned w = 0; w < count; w++)
			in ^= (flag_lanes)(*flags_at(values, i) == wanted[w]);
		*flags_at(ret, i) = *flags_at(a, i) & in;
	}
}

/* None of N is set. */
static inline void
flags_clear(uint8_t *flags, size_t n)
{
	memset(flags, 0, (n + FLAGS_LANES - 1) & ~(size_t)(FLAGS_LANES - 1));
}

/* The first N become 1, those behind them 0. */
static inline void
flags_begin(uint8_t *flags, size_t n)
{
	size_t whole = n & ~(size_t)(FLAGS_LANES - 1);

	memset(flags, 1, whole);
	for (size_t i = whole; i < whole + FLAGS_LANES && n % FLAGS_LANES; i++)
		flags[i] = i < n;
}

/* How many of the first N are 1, those behind being 0. N <= 255 * 16. */
static inline size_t
flags_count(const uint8_t *flags, size_t n)
{
	const uint64_t low = UINT64_C(0x00ff00ff00ff00ff);
	flag_lanes sums = {0};
	uint64_t word[2], count;

	for (size_t i = 0; i < n; i += FLAGS_LANES)
		sums += *flags_at(flags, i);
	memcpy(word, &sums, sizeof(word));
	count = (word[0] & low) + (word[0] >> 8 & low) + (word[1] & low) +
	    (word[1] >> 8 & low);
	return count * UINT64_C(0x0001000100010001) >> 48;
}

#endif
