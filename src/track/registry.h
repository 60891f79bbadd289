/* SPDX-License-Identifier: Apache-2.0
 *
 * registry: the live tables of tracking. A pool hands out entries of one size by
 * number, last given back first, and never moves them; a set of slots finds
 * numbers by hash; a registry is both, with keys and the order of last use. That is a
 * log of uses in which all but the last one of an entry are stale: what is used often or
 * goes soon costs less than in a list with links.
 */
#ifndef TRACK_REGISTRY_H
#define TRACK_REGISTRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/slots.h"

/* For what every event goes through: the calls would cost more than what they do. */
#define TRACK_INLINE static inline __attribute__((always_inline))

/*
 * What few events come to: kept out of what every event goes through, which it would slow.
 * Best is that nothing stands behind its call: who calls nobody else needs no stack.
 */
#define TRACK_SELDOM static __attribute__((noinline))

/* Entries of one size; numbers start at 1, so that 0 can say "none". */
struct pool {
	char **chunks;
	uint32_t chunk_count;
	uint32_t next; /* number never handed out yet */
	uint32_t free; /* newest of those given back */
	uint32_t live;
	size_t size;
};

#define POOL_SHIFT 8 /* entries of a chunk, as a power of two */

/* SIZE: a multiple of 4. */
void pool_init(struct pool *pool, size_t size);
void pool_free(struct pool *pool);

/* A part of pool_take(). */
void pool_add_chunk(struct pool *pool);

/* The entry NUMBER of SIZE bytes; a constant saves a multiplication. */
TRACK_INLINE void *
pool_sized_at(const struct pool *pool, uint32_t number, size_t size)
{
	return pool->chunks[number >> POOL_SHIFT] +
	    (number & ((1u << POOL_SHIFT) - 1)) * size;
}

/* The most that were there at once. */
static inline uint32_t
pool_peak(const struct pool *pool)
{
	return pool->next - 1;
}

static inline void *
pool_at(const struct pool *pool, uint32_t number)
{
	return pool_sized_at(pool, number, pool->size);
}

/* The number of an entry of SIZE bytes, the pool's, with whatever the last one left in it. */
TRACK_INLINE uint32_t
pool_take(struct pool *pool, size_t size)
{
	uint32_t number = pool->free;

	if (number) {
		memcpy(&pool->free, pool_sized_at(pool, number, size), sizeof(pool->free));
	} else {
		number = pool->next++;
		if (number >> POOL_SHIFT >= pool->chunk_count)
			pool_add_chunk(pool);
	}
	pool->live++;
	return number;
}

/* Zeroes SIZE bytes in place: for a constant, without a call and without `rep stos`. */
TRACK_INLINE void
pool_clear(void *entry, size_t size)
{
	typedef uint64_t pair __attribute__((vector_size(16), aligned(4), may_alias));
	size_t at = 0;

#pragma GCC unroll 32
	for (; at + sizeof(pair) <= size; at += sizeof(pair))
		*(pair *)(void *)((char *)entry + at) = (pair){0, 0};
	memset((char *)entry + at, 0, size - at);
}

/* Takes back entry NUMBER, which is at ENTRY. */
TRACK_INLINE void
pool_give(struct pool *pool, uint32_t number, void *entry)
{
	memcpy(entry, &pool->free, sizeof(pool->free));
	pool->free = number;
	pool->live--;
}

/* From hashes to numbers, at most a quarter full. */
struct slots {
	struct slot *slot;
	uint32_t mask, used;
};

void slots_init(struct slots *slots);
void slots_free(struct slots *slots);
void slots_grow(struct slots *slots);
void slots_remove(struct slots *slots, uint32_t hash, uint32_t number);
void slots_clear(struct slots *slots);

TRACK_INLINE void
slots_add(struct slots *slots, uint32_t hash, uint32_t number)
{
	if (slots->used >= slots->mask / 4)
		slots_grow(slots);
	slots_put(slots->slot, slots->mask, (struct slot){hash, number});
	slots->used++;
}

/* The next number under HASH, 0 at the end; *AT starts as HASH. No changes meanwhile. */
static inline uint32_t
slots_next(const struct slots *slots, uint32_t hash, uint32_t *at)
{
	for (;;) {
		const struct slot *slot = &slots->slot[(*at)++ & slots->mask];

		if (slot->number == 0 || slot->hash == hash)
			return slot->number;
	}
}

/* What every entry of a registry starts with. */
struct entry {
	uint32_t hash, number;
	uint32_t use;   /* the last one, or nearly: where in its registry's `uses` */
	uint32_t added; /* how many had been added then */
	bool filed;     /* can be found by its hash */
};

/* The hash of ENTRY's key. Looking up, a room hashes and compares what it has at hand. */
typedef uint32_t entry_hash(const void *entry);

struct registry {
	struct pool pool;
	struct slots slots;
	entry_hash *hash;
	uint32_t *uses; /* numbers of entries, the oldest at `first_use` */
	uint32_t first_use, use_count, use_room;
	uint32_t added;
	uint32_t slack; /* whoever is among so many newest more need not become the newest */
};

/* No use: that of an entry which was dropped. */
#define USE_NONE UINT32_MAX

/* Entries of SIZE bytes that start with a struct entry. */
void registry_init(struct registry *registry, size_t size, entry_hash *hash);
void registry_free(struct registry *registry);

/* A copy of an entry of another registry, not filed. */
void *registry_add_copy(struct registry *registry, const void *from);

/* Files the entry under the key it holds, whatever that has become. */
void registry_file(struct registry *registry, void *entry);

/* Files everything that was filed again: the keys have changed. */
void registry_refile(struct registry *registry);

static inline void *
registry_at(const struct registry *registry, uint32_t number)
{
	return pool_at(&registry->pool, number);
}

/* A part of registry_make_newest(): forgets stale uses, or makes room for more. */
void registry_tidy_uses(struct registry *registry);

TRACK_INLINE void
registry_make_newest(struct registry *registry, struct entry *entry)
{
	if (registry->use_count == registry->use_room)
		registry_tidy_uses(registry);
	registry->uses[registry->use_count] = entry->number;
	entry->use = registry->use_count++;
	entry->added = registry->added;
}

/* The next entry from use *AT on in order of last use; NULL at the end. *AT starts as 0. */
void *registry_next(const struct registry *registry, uint32_t *at);

/* The entry that was not used for longest; there must be one. */
TRACK_INLINE void *
registry_oldest(struct registry *registry)
{
	for (;; registry->first_use++) {
		uint32_t use = registry->first_use;
		struct entry *entry = registry_at(registry, registry->uses[use]);

		if (entry->use == use)
			return entry;
	}
}

/*
 * A new entry of SIZE bytes, the registry's: the newest, not filed. The first CLEARED bytes
 * are zero, behind them is garbage.
 */
TRACK_INLINE void *
registry_add_unfiled(struct registry *registry, size_t size, size_t cleared)
{
	uint32_t number = pool_take(&registry->pool, size);
	struct entry *entry = pool_sized_at(&registry->pool, number, size);

	pool_clear(entry, cleared);
	registry->added++;
	entry->number = number;
	registry_make_newest(registry, entry);
	return entry;
}

/* The same, filed under HASH. Its key is for the caller to set. */
TRACK_INLINE void *
registry_add(struct registry *registry, uint32_t hash, size_t size, size_t cleared)
{
	struct entry *entry = registry_add_unfiled(registry, size, cleared);

	entry->hash = hash;
	entry->filed = true;
	slots_add(&registry->slots, hash, entry->number);
	return entry;
}

/* It stays, but its key finds it no more. */
TRACK_INLINE void
registry_unfile(struct registry *registry, void *entry)
{
	struct entry *e = entry;

	if (!e->filed)
		return;
	slots_remove(&registry->slots, e->hash, e->number);
	e->filed = false;
}

TRACK_INLINE void
registry_drop(struct registry *registry, void *entry)
{
	struct entry *e = entry;

	registry_unfile(registry, e);
	e->use = USE_NONE;
	pool_give(&registry->pool, e->number, e);
}

/* Two words as one hash. */
static inline uint32_t
hash_pair(uint64_t a, uint64_t b)
{
	uint64_t h = hash_mix(hash_u64(a), b ^ HASH_K1);

	return (uint32_t)(h >> 32 ^ h);
}

TRACK_INLINE bool
registry_is_among_newest(const struct registry *registry, const struct entry *entry)
{
	return registry->added - entry->added <= registry->pool.live / 8 + registry->slack;
}

/* It is in use. One that is still among the newest stays where it is. */
TRACK_INLINE void
registry_touch(struct registry *registry, void *entry)
{
	if (!registry_is_among_newest(registry, entry))
		registry_make_newest(registry, entry);
}

/* The same, unless that would take a call: then nothing, and false. */
TRACK_INLINE bool
registry_touch_soon(struct registry *registry, void *entry)
{
	if (registry_is_among_newest(registry, entry))
		return true;
	if (registry->use_count == registry->use_room)
		return false;
	registry_make_newest(registry, entry);
	return true;
}

/* A queue through entries of one registry; an entry is in one such list at most. */
struct list {
	uint32_t first, last, count;
	size_t links; /* where in an entry its struct links is */
};

struct links {
	uint32_t next, previous;
};

void list_append(const struct registry *registry, struct list *list, void *entry);
void list_remove(const struct registry *registry, struct list *list, const void *entry);

#endif
