/* SPDX-License-Identifier: Apache-2.0
 *
 * tight: what grows is kept and new bytes are zero; resident is hardly more than is used.
 */
#include "base/tight.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/mem.h"
#include "tap.h"

/* Bytes of TIGHT that are in memory. */
static size_t
resident(const struct region *tight)
{
	unsigned char *pages = xcalloc(tight->size / 4096, 1);
	size_t count = 0;

	if (mincore(tight->p, tight->size, pages) == 0)
		for (size_t i = 0; i < tight->size / 4096; i++)
			count += pages[i] & 1;
	free(pages);
	return count * 4096;
}

static bool
is_all(const char *p, size_t size, char byte)
{
	return size == 0 || (*p == byte && memcmp(p, p + 1, size - 1) == 0);
}

int
main(void)
{
	struct region tight = {.p = NULL};
	size_t size = 0;
	unsigned wrong = 0;

	while (size < (size_t)9 << 20) {
		size_t more = size + 5000;

		tight_reserve(&tight, more);
		wrong += !is_all(tight.p + size, more - size, 0);
		memset(tight.p + size, 7, more - size);
		size = more;
	}
	ok(wrong == 0 && is_all(tight.p, size, 7), "new bytes are zero, others are kept");
	ok(resident(&tight) < size + 64 * 1024, "%zu bytes take %zu", size, resident(&tight));
	while (size > (size_t)1 << 20)
		tight_shrink(&tight, size -= 5000);
	ok(resident(&tight) < size + 128 * 1024, "%zu that are left take %zu", size,
	    resident(&tight));
	tight_reserve(&tight, size + 500000);
	ok(is_all(tight.p, size, 7) && is_all(tight.p + size + 100000, 400000, 0),
	    "what was given back is zero again");
	region_free(&tight);
	ok(tight.p == NULL, "freed");
	return tap_done();
}
