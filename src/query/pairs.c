/* SPDX-License-Identifier: Apache-2.0
 *
 * pairs: counts by (group, code), and the buckets of histograms.
 */
#include "base/hash.h"
#include "query/room.h"

#define SLOTS_FIRST 256u

static struct pair *
slot_of(const struct pairs *pairs, uint64_t key)
{
	struct pair *slots = pairs_slots(pairs);
	uint64_t i = hash_u64(key) & pairs->mask;

	while (slots[i].key && slots[i].key != key)
		i = (i + 1) & pairs->mask;
	return &slots[i];
}

static void
grow(struct pairs *pairs)
{
	struct pairs old = *pairs;
	uint64_t slots = pairs->mask ? (pairs->mask + 1) * 2 : SLOTS_FIRST;

	pairs->slots = (struct region){NULL, 0};
	region_reserve(&pairs->slots, slots * sizeof(struct pair));
	pairs->mask = slots - 1;
	for (uint64_t i = 0; old.mask && i <= old.mask; i++)
		if (pairs_slots(&old)[i].key)
			*slot_of(pairs, pairs_slots(&old)[i].key) = pairs_slots(&old)[i];
	region_free(&old.slots);
}

bool
pairs_add(struct pairs *pairs, uint32_t group, uint32_t code, uint64_t weight)
{
	uint64_t key = ((uint64_t)group << 32 | code) + 1;
	struct pair *slot;

	if (pairs->mask == 0 || pairs->count >= pairs->mask / 8 * 5)
		grow(pairs);
	slot = slot_of(pairs, key);
	slot->count += weight;
	if (slot->key)
		return false;
	slot->key = key;
	pairs->count++;
	return true;
}

void
pairs_free(struct pairs *pairs)
{
	region_free(&pairs->slots);
	*pairs = (struct pairs){.mask = 0};
}

/* Three digits: 0..999 stand for themselves, then 900 buckets a decade. */
uint32_t
bucket_of(int64_t value)
{
	uint32_t decade = 0;

	if (value < 0)
		return 0;
	while (value >= 100000) {
		value /= 1000;
		decade += 3;
	}
	while (value >= 1000) {
		value /= 10;
		decade++;
	}
	return decade ? 1000 + (decade - 1) * 900 + (uint32_t)value - 100 : (uint32_t)value;
}

int64_t
bucket_value(uint32_t bucket)
{
	int64_t value;

	if (bucket < 1000)
		return bucket;
	value = (bucket - 1000) % 900 + 100;
	for (uint32_t decade = (bucket - 1000) / 900 + 1; decade; decade--)
		value *= 10;
	return value;
}
