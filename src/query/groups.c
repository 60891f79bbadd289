/* SPDX-License-Identifier: Apache-2.0
 *
 * groups: numbers the key tuples of a query that one dictionary cannot number.
 */
#include "base/hash.h"
#include "query/room.h"

#define SLOTS_FIRST 64u

static uint64_t
tuple_hash(const uint32_t *key, unsigned width)
{
	uint64_t h = hash_seed;

	for (unsigned i = 0; i < width; i++)
		h = hash_mix(h ^ key[i] ^ HASH_K1, HASH_K2 ^ (uint64_t)i << 32);
	return h;
}

static inline bool
same_key(const uint32_t *a, const uint32_t *b, unsigned width)
{
	uint32_t difference = 0;

	for (unsigned i = 0; i < width; i++)
		difference |= a[i] ^ b[i];
	return difference == 0;
}

static uint32_t *
slot_of(const struct groups *groups, const uint32_t *key)
{
	uint32_t *slots = (uint32_t *)(void *)groups->slots.p;
	uint32_t i = (uint32_t)tuple_hash(key, groups->width) & groups->mask;

	for (; slots[i]; i = (i + 1) & groups->mask)
		if (same_key(groups_key(groups, slots[i] - 1), key, groups->width))
			break;
	return &slots[i];
}

static void
grow(struct groups *groups)
{
	uint32_t slots = groups->mask ? (groups->mask + 1) * 2 : SLOTS_FIRST;

	region_free(&groups->slots);
	region_reserve(&groups->slots, slots * sizeof(uint32_t));
	groups->mask = slots - 1;
	for (uint32_t g = 0; g < groups->count; g++)
		*slot_of(groups, groups_key(groups, g)) = g + 1;
}

uint32_t
groups_get(struct groups *groups, const uint32_t *key)
{
	uint32_t *slot, group = groups->count;

	if (groups->mask == 0 || group >= groups->mask / 8 * 5)
		grow(groups);
	slot = slot_of(groups, key);
	if (*slot)
		return *slot - 1;
	region_reserve(&groups->keys, ((size_t)group + 1) * groups->width * sizeof(*key));
	region_reserve(&groups->cells, ((size_t)group + 1) * groups->stride * sizeof(uint64_t));
	memcpy(groups_key(groups, group), key, groups->width * sizeof(*key));
	groups->count++;
	*slot = groups->count;
	return group;
}

void
groups_free(struct groups *groups)
{
	region_free(&groups->slots);
	region_free(&groups->keys);
	region_free(&groups->cells);
}
