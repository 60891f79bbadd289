/* SPDX-License-Identifier: Apache-2.0
 *
 * groups: numbers the key tuples of a query that one dictionary cannot number.
 */
#include "base/hash.h"
#include "query/room.h"

#define SLOTS_FIRST 64u

static uint32_t
tuple_hash(const uint32_t *key, unsigned width)
{
	uint64_t h = hash_seed;

	for (unsigned i = 0; i < width; i++)
		h = hash_mix(h ^ key[i] ^ HASH_K1, HASH_K2 ^ (uint64_t)i << 32);
	return (uint32_t)h;
}

static inline bool
same_key(const uint32_t *a, const uint32_t *b, unsigned width)
{
	uint32_t difference = 0;

	for (unsigned i = 0; i < width; i++)
		difference |= a[i] ^ b[i];
	return difference == 0;
}

static struct group_slot *
slots_of(const struct groups *groups)
{
	return (struct group_slot *)(void *)groups->slots.p;
}

/* The slot of KEY, or the one it would have. */
static struct group_slot *
slot_of(const struct groups *groups, const uint32_t *key, uint32_t hash)
{
	struct group_slot *slots = slots_of(groups);
	uint32_t i = hash & groups->mask;

	for (; slots[i].group; i = (i + 1) & groups->mask)
		if (slots[i].hash == hash &&
		    same_key(groups_key(groups, slots[i].group - 1), key, groups->width))
			break;
	return &slots[i];
}

static void
grow(struct groups *groups)
{
	struct region old = groups->slots;
	const struct group_slot *from = slots_of(groups);
	uint32_t slots = groups->mask ? groups->mask + 1 : 0;

	groups->mask = slots ? slots * 2 - 1 : SLOTS_FIRST - 1;
	groups->slots = (struct region){.p = NULL};
	region_reserve(&groups->slots, ((size_t)groups->mask + 1) * sizeof(*from));
	for (uint32_t s = 0; s < slots; s++) {
		uint32_t i = from[s].hash & groups->mask;

		if (from[s].group == 0)
			continue;
		while (slots_of(groups)[i].group)
			i = (i + 1) & groups->mask;
		slots_of(groups)[i] = from[s];
	}
	region_free(&old);
}

struct groups
groups_none(unsigned width, unsigned cells)
{
	return (struct groups){
	    .width = width, .cells = cells, .stride = cells + (width + 1) / 2};
}

static uint32_t
get_hashed(struct groups *groups, const uint32_t *key, uint32_t hash)
{
	uint32_t group = groups->count;
	struct group_slot *slot;

	if (groups->mask == 0 || group >= groups->mask / 8 * 5)
		grow(groups);
	slot = slot_of(groups, key, hash);
	if (slot->group)
		return slot->group - 1;
	region_reserve(&groups->rows, ((size_t)group + 1) * groups->stride * sizeof(uint64_t));
	memcpy(groups_key(groups, group), key, groups->width * sizeof(*key));
	groups->count++;
	*slot = (struct group_slot){hash, groups->count};
	return group;
}

uint32_t
groups_get(struct groups *groups, const uint32_t *key)
{
	return get_hashed(groups, key, tuple_hash(key, groups->width));
}

/* Slots first, then rows: so that all of them are on their way together. */
static void
fetch(const struct groups *groups, const uint32_t *hashes, size_t n)
{
	const struct group_slot *slots = slots_of(groups);

	if (groups->mask == 0)
		return;
	for (size_t i = 0; i < n; i++)
		__builtin_prefetch(&slots[hashes[i] & groups->mask]);
	for (size_t i = 0; i < n; i++) {
		const uint64_t *row_end =
		    groups_row(groups, slots[hashes[i] & groups->mask].group);

		__builtin_prefetch(row_end - groups->stride);
		__builtin_prefetch(row_end - 1); /* the key, which may be on the next line */
	}
}

void
groups_get_many(struct groups *groups, uint32_t (*codes)[FOLD_BATCH], size_t n,
    uint32_t *hashes, uint32_t *ret)
{
	uint32_t key[QUERY_KEYS] = {0};

	for (size_t i = 0; i < n; i++) {
		for (unsigned k = 0; k < groups->width; k++)
			key[k] = codes[k][i];
		hashes[i] = tuple_hash(key, groups->width);
	}
	fetch(groups, hashes, n);
	for (size_t i = 0; i < n; i++) {
		bool same = i > 0 && hashes[i] == hashes[i - 1];

		for (unsigned k = 0; k < groups->width; k++) {
			same &= key[k] == codes[k][i];
			key[k] = codes[k][i];
		}
		ret[i] = same ? ret[i - 1] : get_hashed(groups, key, hashes[i]);
	}
}

void
groups_free(struct groups *groups)
{
	region_free(&groups->slots);
	region_free(&groups->rows);
}
