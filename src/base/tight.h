/* SPDX-License-Identifier: Apache-2.0
 *
 * tight: a big array of bytes that grows without being copied, like a region (mem.h), for
 * tables that are large and stay: it takes hardly more memory than it has bytes. Neither are
 * its pages huge ones, nor are many asked for ahead, and what is not needed goes back.
 */
#ifndef BASE_TIGHT_H
#define BASE_TIGHT_H

#include <stddef.h>

/* All zero: it has no bytes. */
struct tight {
	char *p;
	size_t size; /* mapped bytes */
	size_t near; /* so many of them were asked for, or will be soon */
};

/* What tight_reserve() does when SIZE is more than before. */
void tight_grow(struct tight *tight, size_t size);

/* Makes TIGHT hold at least SIZE bytes; new bytes are zero. Pointers into it move. */
static inline void
tight_reserve(struct tight *tight, size_t size)
{
	if (size > tight->near)
		tight_grow(tight, size);
}

/* What lies behind SIZE is not needed: where it is more than a little, it goes back. */
void tight_shrink(struct tight *tight, size_t size);

void tight_free(struct tight *tight);

#endif
