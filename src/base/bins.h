/* SPDX-License-Identifier: Apache-2.0
 *
 * bins: a table that leads from hashes to numbers and only grows. A bin is a cache
 * line of twelve numbers and a byte of each one's hash: all bytes are compared at once, so
 * that mostly no number is looked at but the right one, whatever else is in the bin,
 * and next to nothing is to be guessed. What finds no room is in the next bin.
 */
#ifndef BASE_BINS_H
#define BASE_BINS_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "base/mem.h"

#define BIN_ROOM 12u

struct bin {
	uint8_t tag[16]; /* of each number, in order of arrival; 0: free; the last 4 are */
	uint32_t number[BIN_ROOM];
};

struct bins {
	struct region region; /* struct bin[mask + 1] */
	uint32_t mask;        /* 0: there is none yet */
};

static inline struct bin *
bin_of(const struct bins *bins, uint32_t hash)
{
	return (struct bin *)(void *)bins->region.p + (hash & bins->mask);
}

/* A bit for each of BIN's numbers that has TAG. */
static inline uint32_t
bin_tagged(const struct bin *bin, uint8_t tag)
{
#ifdef __SSE2__
	__m128i tags = _mm_loadu_si128((const __m128i *)(const void *)bin->tag);

	return (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(tags, _mm_set1_epi8((char)tag)));
#else
	uint32_t bits = 0;

	for (unsigned i = 0; i < sizeof(bin->tag); i++)
		bits |= (uint32_t)(bin->tag[i] == tag) << i;
	return bits;
#endif
}

/* The tag of HASH, by other bits than the bin's number. */
static inline uint8_t
bin_tag(uint32_t hash)
{
	return (uint8_t)(hash >> 24 | 1);
}

/* A bit for each of BIN's numbers that may be the one filed under HASH. */
static inline uint32_t
bin_find(const struct bin *bin, uint32_t hash)
{
	return bin_tagged(bin, bin_tag(hash));
}

/* That which most likely is; any, if none can be. */
static inline uint32_t
bin_likely(const struct bin *bin, uint32_t hash)
{
	unsigned last = 31u ^ (unsigned)__builtin_clz(bin_find(bin, hash) | 1);

	return bin->number[last];
}

/* The next bin may have more. */
static inline bool
bin_is_full(const struct bin *bin)
{
	return bin->tag[BIN_ROOM - 1] != 0;
}

/* Is there room for one more than COUNT? */
static inline bool
bins_have_room(const struct bins *bins, uint32_t count)
{
	return bins->mask && count < (bins->mask + 1) / 4 * (BIN_ROOM * 3);
}

/*
 * Doubles BINS, which are empty then: all that was there is to be put once more. More than
 * 2^31 are as if memory ran out.
 */
void bins_double(struct bins *bins);

/* Forgets all numbers. */
void bins_clear(struct bins *bins);

/* Files NUMBER under HASH in BIN, which is not full. */
static inline void
bin_add(struct bin *bin, uint32_t hash, uint32_t number)
{
	unsigned place = (unsigned)__builtin_ctz(bin_tagged(bin, 0));

	bin->tag[place] = bin_tag(hash);
	bin->number[place] = number;
}

/* The same in the first bin that is not; there is room. */
static inline void
bins_put(const struct bins *bins, uint32_t hash, uint32_t number)
{
	uint32_t at = hash;

	while (bin_is_full(bin_of(bins, at)))
		at++;
	bin_add(bin_of(bins, at), hash, number);
}

#endif
