/* SPDX-License-Identifier: Apache-2.0
 *
 * mem: what a region holds is kept while it grows, from a small block to mapped pages, and
 * new bytes are zero.
 */
#include "base/mem.h"

#include <stdlib.h>

#include "tap.h"

static bool
is_all(const char *p, size_t size, char byte)
{
	return size == 0 || (*p == byte && memcmp(p, p + 1, size - 1) == 0);
}

/* Grows by STEP at a time, and says what went wrong. */
static unsigned
grow(size_t step)
{
	struct region region = {.p = NULL};
	unsigned wrong = 0;
	size_t size = 0;

	while (size < (size_t)3 << 20) {
		region_reserve(&region, size + step);
		wrong += !is_all(region.p, size, 7);
		wrong += !is_all(region.p + size, region.size - size, 0);
		memset(region.p + size, 7, step);
		size += step;
	}
	region_free(&region);
	return wrong + (region.p != NULL || region.size != 0);
}

int
main(void)
{
	/* Makes malloc's blocks dirty, so that zeros are not there by chance. */
	for (size_t size = 64; size <= (size_t)64 * 1024; size *= 2) {
		char *block = xmalloc(size);

		memset(block, 9, size);
		free(block);
	}
	ok(grow(5000) == 0, "5000 bytes at a time");
	ok(grow(8192) == 0, "from a small one that is full");
	ok(grow(100000) == 0, "never small");
	ok(grow((size_t)1 << 20) == 0, "1 MiB at a time");
	return tap_done();
}
