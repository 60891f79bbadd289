/* SPDX-License-Identifier: Apache-2.0
 *
 * arena: memory given back all at once. Pieces never move.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

#include "base/mem.h"
#include "base/str.h"

struct arena_block;

struct arena {
	struct arena_block *blocks;
	size_t used; /* bytes handed out since the last clear */
};

/* SIZE bytes aligned for any type, not zeroed. */
void *arena_alloc(struct arena *arena, size_t size) MEM_NONNULL;
struct str arena_str(struct arena *arena, struct str s);

/* A NUL-terminated copy. */
char *arena_cstr(struct arena *arena, struct str s) MEM_NONNULL;
char *arena_printf(struct arena *arena, const char *format, ...) MEM_NONNULL
    __attribute__((format(printf, 2, 3)));

/* Forgets everything, keeping the newest block for reuse. */
void arena_clear(struct arena *arena);
void arena_free(struct arena *arena);

#endif
