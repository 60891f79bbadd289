/* SPDX-License-Identifier: Apache-2.0
 *
 * mem: allocation that never returns NULL. Running out of memory ends the
 * program with a message: what matters is on disk, not here.
 */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stddef.h>

#define MEM_NONNULL __attribute__((returns_nonnull, warn_unused_result))

/* Ends the program: SIZE bytes were not to be had. */
_Noreturn void mem_lacking(size_t size);

void *xmalloc(size_t size) MEM_NONNULL __attribute__((malloc, alloc_size(1)));
void *xcalloc(size_t n, size_t size) MEM_NONNULL __attribute__((malloc, alloc_size(1, 2)));

/* An array of N elements of SIZE bytes; the multiplication is checked. */
void *xrealloc(void *p, size_t n, size_t size) MEM_NONNULL;

char *xstrdup(const char *s) MEM_NONNULL __attribute__((malloc));
char *xstrndup(const char *s, size_t len) MEM_NONNULL __attribute__((malloc));

/* printf into a new string. */
char *xasprintf(const char *format, ...) MEM_NONNULL __attribute__((format(printf, 1, 2)));

/*
 * All of the SIZE bytes at P will be written to before long: asks for their pages at once,
 * as each fault costs twice as much. A kernel that does not know how will have the faults.
 */
void mem_ahead(void *p, size_t size);

/*
 * Makes room for one element more in a doubling array:
 *   MEM_GROW(list, count, room);  list[count++] = x;
 */
#define MEM_GROW(array, count, room)                                                    \
	do {                                                                            \
		if ((count) == (room)) {                                                \
			(room) = (room) ? (room) * 2 : 16;                              \
			(array) = xrealloc((array), (room), sizeof(*(array)));          \
		}                                                                       \
	} while (0)

/*
 * A region is one big array of bytes that grows by moving page tables, not
 * bytes (mremap): zeroed when new, untouched pages cost nothing. While it is small it
 * is a block of malloc's.
 */
struct region {
	char *p;
	size_t size; /* bytes there are, all of them zero or written */
	size_t near; /* so many of them were asked for, or will be soon */
	size_t room; /* addresses, of a mapped one */
};

/*
 * Makes REGION SIZE bytes or more, by doubling; asks for none of their pages. REGION is not
 * a small one.
 */
void region_map(struct region *region, size_t size);

/* What region_reserve() does when SIZE is more than before. */
void region_grow(struct region *region, size_t size);

/* Makes REGION hold at least SIZE bytes; new bytes are zero. Pointers into it move. */
static inline void
region_reserve(struct region *region, size_t size)
{
	if (size > region->near)
		region_grow(region, size);
}

void region_free(struct region *region);

#endif
