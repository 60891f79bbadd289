/* SPDX-License-Identifier: Apache-2.0
 *
 * Addresses are taken by doubling, as they cost nothing; pages a few at a time.
 */
#include "base/tight.h"

#include <sys/mman.h>

#include "base/mem.h"

#define PAGE ((size_t)4096)
#define TIGHT_FIRST (64 * 1024)

/* Asked for ahead, and kept: less would be wanted again soon, or given back again. */
#define AHEAD ((size_t)32 * 1024)
#define KEPT ((size_t)96 * 1024)

static void
map_more(struct tight *tight, size_t size)
{
	size_t want = tight->size ? tight->size : TIGHT_FIRST;
	void *p;

	while (want < size)
		want *= 2;
	if (tight->p)
		p = mremap(tight->p, tight->size, want, MREMAP_MAYMOVE);
	else
		p = mmap(NULL, want, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (p == MAP_FAILED)
		mem_lacking(want);
	madvise(p, want, MADV_NOHUGEPAGE);
	tight->p = p;
	tight->size = want;
}

void
tight_grow(struct tight *tight, size_t size)
{
	size_t from = tight->near, to = (size + size / 8 + PAGE - 1) & ~(PAGE - 1);

	if (size > tight->size)
		map_more(tight, size);
	if (to > size + AHEAD)
		to = (size + AHEAD + PAGE - 1) & ~(PAGE - 1);
	if (to > tight->size)
		to = tight->size;
	mem_ahead(tight->p + from, to - from);
	tight->near = to;
}

void
tight_shrink(struct tight *tight, size_t size)
{
	size_t from = (size + PAGE - 1) & ~(PAGE - 1);

	if (tight->near < from + KEPT)
		return;
	madvise(tight->p + from, tight->near - from, MADV_DONTNEED);
	tight->near = from;
}

void
tight_free(struct tight *tight)
{
	if (tight->p)
		munmap(tight->p, tight->size);
	*tight = (struct tight){.p = NULL};
}
