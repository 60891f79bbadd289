/* SPDX-License-Identifier: Apache-2.0
 *
 * tight: a region (mem.h) for tables that are large and stay: it takes hardly more memory
 * than it has bytes. Neither are its pages huge ones, nor are many asked for ahead, and what
 * is not needed goes back. Such a region is only ever reserved by tight_reserve().
 */
#ifndef BASE_TIGHT_H
#define BASE_TIGHT_H

#include "base/mem.h"

/* What tight_reserve() does when SIZE is more than before. */
void tight_grow(struct region *region, size_t size);

/* Makes REGION hold at least SIZE bytes; new bytes are zero. Pointers into it move. */
static inline void
tight_reserve(struct region *region, size_t size)
{
	if (size > region->near)
		tight_grow(region, size);
}

/* What lies behind SIZE is not needed: where it is more than a little, it goes back. */
void tight_shrink(struct region *region, size_t size);

#endif
