/* SPDX-License-Identifier: Apache-2.0
 *
 * Addresses are taken by doubling, as they cost nothing; pages a few at a time.
 */
#include "base/tight.h"

#include <sys/mman.h>

#define PAGE ((size_t)4096)

/* Asked for ahead, and kept: less would be wanted again soon, or given back again. */
#define AHEAD ((size_t)32 * 1024)
#define KEPT ((size_t)96 * 1024)

void
tight_grow(struct region *region, size_t size)
{
	size_t from = region->near, to = (size + size / 8 + PAGE - 1) & ~(PAGE - 1);

	if (size > region->size)
		region_map(region, size);
	if (to > size + AHEAD)
		to = (size + AHEAD + PAGE - 1) & ~(PAGE - 1);
	if (to > region->size)
		to = region->size;
	mem_ahead(region->p + from, to - from);
	region->near = to;
}

void
tight_shrink(struct region *region, size_t size)
{
	size_t from = (size + PAGE - 1) & ~(PAGE - 1);

	if (region->near < from + KEPT)
		return;
	madvise(region->p + from, region->near - from, MADV_DONTNEED);
	region->near = from;
}
