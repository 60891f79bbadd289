/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* A block has twice the room of the one before it, within these. */
#define BLOCK_MIN ((size_t)1024 - 64)
#define BLOCK_MAX ((size_t)64 * 1024 - 64)
#define ALIGNMENT 16

struct arena_block {
	struct arena_block *next;
	size_t used, size;
	_Alignas(ALIGNMENT) char bytes[];
};

static size_t
room_behind(const struct arena_block *block)
{
	if (block == NULL)
		return BLOCK_MIN;
	return block->size > BLOCK_MAX / 2 ? BLOCK_MAX : block->size * 2;
}

void *
arena_alloc(struct arena *arena, size_t size)
{
	struct arena_block *block = arena->blocks;
	size_t want = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
	void *p;

	if (!block || want > block->size - block->used) {
		size_t room = room_behind(block);

		if (room < want)
			room = want;
		block = xmalloc(sizeof(*block) + room);
		block->next = arena->blocks;
		block->used = 0;
		block->size = room;
		arena->blocks = block;
	}
	p = block->bytes + block->used;
	block->used += want;
	arena->used += want;
	return p;
}

char *
arena_cstr(struct arena *arena, struct str s)
{
	char *copy = arena_alloc(arena, s.len + 1);

	if (s.len)
		memcpy(copy, s.p, s.len);
	copy[s.len] = '\0';
	return copy;
}

struct str
arena_str(struct arena *arena, struct str s)
{
	return (struct str){arena_cstr(arena, s), s.len};
}

char *
arena_printf(struct arena *arena, const char *format, ...)
{
	va_list args;
	char *copy, *text;
	int n;

	va_start(args, format);
	n = vasprintf(&text, format, args);
	va_end(args);
	if (n < 0)
		return arena_cstr(arena, STR(""));
	copy = arena_cstr(arena, (struct str){text, (size_t)n});
	free(text);
	return copy;
}

void
arena_clear(struct arena *arena)
{
	struct arena_block *keep = arena->blocks;

	if (!keep)
		return;
	arena->blocks = keep->next;
	arena_free(arena);
	keep->next = NULL;
	keep->used = 0;
	arena->blocks = keep;
}

void
arena_free(struct arena *arena)
{
	while (arena->blocks) {
		struct arena_block *block = arena->blocks;

		arena->blocks = block->next;
		free(block);
	}
	arena->used = 0;
}
