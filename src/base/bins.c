/* SPDX-License-Identifier: Apache-2.0 */
#include "base/bins.h"

#include <string.h>

_Static_assert(sizeof(struct bin) == 64, "a bin is a cache line");

#define BINS_FIRST 8u

void
bins_double(struct bins *bins)
{
	uint32_t count = bins->mask ? (bins->mask + 1) * 2 : BINS_FIRST;

	if (count == 0) /* 2^32: more than a mask can say */
		mem_lacking(((size_t)bins->mask + 1) * 2 * sizeof(struct bin));
	bins_clear(bins);
	region_reserve(&bins->region, (size_t)count * sizeof(struct bin));
	bins->mask = count - 1;
}

void
bins_clear(struct bins *bins)
{
	if (bins->mask)
		memset(bins->region.p, 0,
		    ((size_t)bins->mask + 1) * sizeof(struct bin));
}
