/* SPDX-License-Identifier: Apache-2.0 */
#include "base/mem.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>

_Noreturn void
mem_lacking(size_t size)
{
	fprintf(stderr, "postern: out of memory (%zu bytes wanted)\n", size);
	abort();
}

void *
xmalloc(size_t size)
{
	void *p = malloc(size ? size : 1);

	if (!p)
		mem_lacking(size);
	return p;
}

void *
xcalloc(size_t n, size_t size)
{
	void *p = calloc(n ? n : 1, size ? size : 1);

	if (!p)
		mem_lacking(n * size);
	return p;
}

void *
xrealloc(void *p, size_t n, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(n, size, &bytes))
		mem_lacking((size_t)-1);
	p = realloc(p, bytes ? bytes : 1);
	if (!p)
		mem_lacking(bytes);
	return p;
}

char *
xstrndup(const char *s, size_t len)
{
	char *copy = xmalloc(len + 1);

	memcpy(copy, s, len);
	copy[len] = '\0';
	return copy;
}

char *
xstrdup(const char *s)
{
	return xstrndup(s, strlen(s));
}

char *
xasprintf(const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		mem_lacking(0);
	va_end(args);
	return text;
}

#define PAGE ((size_t)4096)

void
mem_ahead(void *p, size_t size)
{
	uintptr_t from = ((uintptr_t)p + PAGE - 1) & ~(PAGE - 1);
	uintptr_t to = ((uintptr_t)p + size) & ~(PAGE - 1);

	if (to > from)
		madvise((void *)from, to - from, MADV_POPULATE_WRITE);
}

/* More pages than that are not asked for ahead. */
#define AHEAD_MAX (256u * 1024)

/*
 * So many addresses are taken for each byte of a region that has outgrown those it has. They
 * cost nothing, but to move does: each processor that runs another thread must be told.
 */
#define ROOMY 16u

/* Where they are limited (ulimit -v), what one region takes ahead others would lack. */
static bool
are_plenty(void)
{
	static _Atomic int plenty = -1;
	struct rlimit limit;

	if (plenty < 0)
		plenty = getrlimit(RLIMIT_AS, &limit) < 0 || limit.rlim_cur == RLIM_INFINITY;
	return plenty;
}

/* Gives REGION addresses for ROOM bytes; false: there are not so many. */
static bool
take_addresses(struct region *region, size_t room)
{
	void *p = region->p
	    ? mremap(region->p, region->room, room, MREMAP_MAYMOVE)
	    : mmap(NULL, room, PROT_READ | PROT_WRITE,
		  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (p == MAP_FAILED)
		return false;
	region->p = p;
	region->room = room;
	/* Where little of a huge page is used, the rest would be taken as well. */
	madvise(p, room, MADV_NOHUGEPAGE);
	return true;
}

void
region_map(struct region *region, size_t size)
{
	size_t want = region->size ? region->size : 64 * 1024;

	while (want < size)
		want *= 2;
	if (want > region->room && !(are_plenty() && take_addresses(region, want * ROOMY)) &&
	    !take_addresses(region, want))
		mem_lacking(want);
	region->size = want;
}

/*
 * Up to so many bytes a region is malloc's, as many never hold more: a page and three calls of
 * the kernel saved for each.
 */
#define SMALL_MIN ((size_t)256)
#define SMALL_MAX ((size_t)8 * 1024)

static bool
is_small(const struct region *region)
{
	return region->size <= SMALL_MAX;
}

static void
grow_small(struct region *region, size_t size)
{
	size_t want = region->size ? region->size : SMALL_MIN;

	while (want < size)
		want *= 2;
	region->p = xrealloc(region->p, want, 1);
	memset(region->p + region->size, 0, want - region->size);
	region->size = region->near = want;
}

/* Maps what was small. */
static void
leave_small(struct region *region, size_t size)
{
	struct region mapped = {.p = NULL};

	region_map(&mapped, size);
	if (region->p)
		memcpy(mapped.p, region->p, region->size);
	free(region->p);
	*region = mapped;
}

/* Pages that will be written to are asked for some at a time. */
void
region_grow(struct region *region, size_t size)
{
	size_t from = region->near & ~(PAGE - 1), to = size + size / 4;

	if (is_small(region) && size <= SMALL_MAX) {
		grow_small(region, size);
		return;
	}
	if (is_small(region)) {
		leave_small(region, size);
		from = 0;
	}
	if (size > region->size)
		region_map(region, size);
	if (to > size + AHEAD_MAX)
		to = size + AHEAD_MAX;
	to = (to + PAGE - 1) & ~(PAGE - 1);
	if (to > region->size)
		to = region->size;
	if (to > from)
		mem_ahead(region->p + from, to - from);
	region->near = to;
}

void
region_free(struct region *region)
{
	if (is_small(region))
		free(region->p);
	else
		munmap(region->p, region->room);
	*region = (struct region){.p = NULL};
}
