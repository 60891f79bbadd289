/* SPDX-License-Identifier: Apache-2.0
 *
 * pairs: sets and counts of (group, code), and the buckets of histograms.
 */
#include "base/hash.h"
#include "query/room.h"

#define SLOTS_FIRST 256u

static uint64_t *
keys_of(const struct pairs *pairs)
{
	return (uint64_t *)(void *)pairs->keys.p;
}

static uint32_t *
counts_of(const struct pairs *pairs)
{
	return (uint32_t *)(void *)pairs->counts.p;
}

static uint64_t
slot_of(const struct pairs *pairs, uint64_t key)
{
	const uint64_t *keys = keys_of(pairs);
	uint64_t i = hash_u64(key) & pairs->mask;

	while (keys[i] && keys[i] != key)
		i = (i + 1) & pairs->mask;
	return i;
}

/* As slots_spread(): the second half is free. */
static void
spread(struct pairs *pairs)
{
	uint64_t *keys = keys_of(pairs), half = pairs->mask / 2, free = 0;
	uint32_t *counts = counts_of(pairs);

	while (keys[free])
		free++;
	for (uint64_t n = 1; n <= half; n++) {
		uint64_t from = (free + n) & half, key = keys[from], to;

		if (key == 0)
			continue;
		keys[from] = 0;
		to = slot_of(pairs, key);
		keys[to] = key;
		if (pairs->counted && to != from) {
			counts[to] = counts[from];
			counts[from] = 0;
		}
	}
}

static void
grow(struct pairs *pairs)
{
	uint64_t slots = pairs->mask ? (pairs->mask + 1) * 2 : SLOTS_FIRST;

	region_reserve(&pairs->keys, slots * sizeof(uint64_t));
	if (pairs->counted)
		region_reserve(&pairs->counts, slots * sizeof(uint32_t));
	pairs->mask = slots - 1;
	if (pairs->count)
		spread(pairs);
}

static size_t
set_bits(struct pairs *pairs, const uint64_t *keys, size_t n, uint16_t *ret_new)
{
	size_t count = 0;

	for (size_t i = 0; i < n; i++) {
		pairs_make_room(pairs, pair_code(keys[i]));
		ret_new[count] = (uint16_t)i;
		count += pairs_set(pairs, pair_code(keys[i]));
	}
	return count;
}

static inline bool
add(struct pairs *pairs, uint64_t key, uint64_t weight)
{
	uint64_t slot;

	if (pairs->mask == 0 || pairs->count >= pairs->mask / 8 * 5)
		grow(pairs);
	slot = slot_of(pairs, key);
	if (pairs->counted && weight > UINT32_MAX - counts_of(pairs)[slot])
		counts_of(pairs)[slot] = UINT32_MAX;
	else if (pairs->counted)
		counts_of(pairs)[slot] += (uint32_t)weight;
	if (keys_of(pairs)[slot])
		return false;
	keys_of(pairs)[slot] = key;
	pairs->count++;
	return true;
}

bool
pairs_add(struct pairs *pairs, uint64_t key, uint64_t weight)
{
	if (!pairs->bitmap)
		return add(pairs, key, weight);
	pairs_make_room(pairs, pair_code(key));
	return pairs_set(pairs, pair_code(key));
}

size_t
pairs_add_many(struct pairs *pairs, const uint64_t *keys, const uint32_t *weights, size_t n,
    uint16_t *ret_new)
{
	size_t count = 0;

	if (pairs->bitmap)
		return set_bits(pairs, keys, n, ret_new);
	for (size_t i = 0; pairs->mask && i < n; i++) {
		uint64_t home = hash_u64(keys[i]) & pairs->mask;

		__builtin_prefetch(&keys_of(pairs)[home]);
		if (pairs->counted)
			__builtin_prefetch(&counts_of(pairs)[home]);
	}
	for (size_t i = 0; i < n; i++) {
		ret_new[count] = (uint16_t)i;
		count += add(pairs, keys[i], weights ? weights[i] : 1);
	}
	return count;
}

void
pairs_free(struct pairs *pairs)
{
	region_free(&pairs->keys);
	region_free(&pairs->counts);
	region_free(&pairs->bits);
	*pairs = pairs_like(pairs);
}

struct pairs
pairs_like(const struct pairs *pairs)
{
	return (struct pairs){.level = pairs->level, .counted = pairs->counted,
	    .bitmap = pairs->bitmap};
}

/* The next bit set from *AT on, as a key of group 0. */
static bool
next_bit(const struct pairs *pairs, uint64_t *at, uint64_t *ret_key)
{
	const unsigned char *bits = (const unsigned char *)pairs->bits.p;

	for (; *at / 8 < pairs->bits.size; ++*at) {
		if (bits[*at / 8] == 0)
			*at |= 7;
		else if (bits[*at / 8] >> *at % 8 & 1)
			break;
	}
	if (*at / 8 >= pairs->bits.size)
		return false;
	*ret_key = pair_key(0, (uint32_t)(*at)++);
	return true;
}

bool
pairs_next(const struct pairs *pairs, uint64_t *at, uint64_t *ret_key, uint64_t *ret_count)
{
	*ret_count = 1;
	if (pairs->bitmap)
		return next_bit(pairs, at, ret_key);
	for (; pairs->mask && *at <= pairs->mask; ++*at)
		if (keys_of(pairs)[*at]) {
			*ret_key = keys_of(pairs)[*at];
			if (pairs->counted)
				*ret_count = counts_of(pairs)[*at];
			++*at;
			return true;
		}
	return false;
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
