/* SPDX-License-Identifier: Apache-2.0
 *
 * mem: what a region holds is kept while it grows, from a small block to mapped pages, and
 * new bytes are zero; where addresses are few (ulimit -v) one does not take what others need.
 */
#include "base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tap.h"

#define MIB ((size_t)1 << 20)

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

/* Lets this process have so many more bytes of addresses. */
static void
limit_addresses(size_t more)
{
	FILE *statm = fopen("/proc/self/statm", "r");
	unsigned long pages = 0;

	if (!statm || fscanf(statm, "%lu", &pages) != 1)
		_exit(2);
	fclose(statm);
	more += pages * (size_t)sysconf(_SC_PAGESIZE);
	if (setrlimit(RLIMIT_AS, &(struct rlimit){more, more}) < 0)
		_exit(2);
}

/* Regions that have outgrown their addresses once, of 64 MiB in all, with 96 MiB for them. */
static int
grow_several(void)
{
	struct region regions[8] = {{.p = NULL}};
	pid_t child = fork();
	int status = -1;

	if (child == 0) {
		limit_addresses(96 * MIB);
		for (size_t size = MIB; size <= 8 * MIB; size *= 8)
			for (size_t i = 0; i < sizeof(regions) / sizeof(*regions); i++)
				region_reserve(&regions[i], size);
		_exit(0);
	}
	waitpid(child, &status, 0);
	return status;
}

int
main(void)
{
	ok(grow_several() == 0, "several that grow where addresses are few");
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
