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

static inline uint64_t
home_of(const struct pairs *pairs, uint64_t key)
{
	return hash_u64(key) & pairs->mask;
}

/* The slot of KEY, or the one it would have, from HOME on. */
static inline uint64_t
slot_from(const struct pairs *pairs, uint64_t key, uint64_t home)
{
	const uint64_t *keys = keys_of(pairs);

	while (keys[home] && keys[home] != key)
		home = (home + 1) & pairs->mask;
	return home;
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
		to = slot_from(pairs, key, home_of(pairs, key));
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

/* Makes room for N keys more. */
static void
make_room(struct pairs *pairs, size_t n)
{
	while (pairs->mask == 0 || pairs->count + n > pairs->mask / 8 * 5)
		grow(pairs);
}

/* Adds WEIGHT to KEY, for which there is room; true when that is new, and to be counted. */
static inline bool
add(const struct pairs *pairs, uint64_t key, uint64_t home, uint64_t weight)
{
	uint64_t slot = slot_from(pairs, key, home);
	bool new = keys_of(pairs)[slot] == 0;

	if (pairs->counted) {
		uint64_t sum = counts_of(pairs)[slot] + weight;

		counts_of(pairs)[slot] = sum < UINT32_MAX ? (uint32_t)sum : UINT32_MAX;
	}
	keys_of(pairs)[slot] = key;
	return new;
}

bool
pairs_add(struct pairs *pairs, uint64_t key, uint64_t weight)
{
	bool new;

	if (pairs->bitmap) {
		pairs_make_room(pairs, pair_code(key));
		return pairs_set(pairs, pair_code(key));
	}
	make_room(pairs, 1);
	new = add(pairs, key, home_of(pairs, key), weight);
	pairs->count += new;
	return new;
}

/* What is held of KEYS[0..N) is then on its way. */
static inline void
find_homes(const struct pairs *pairs, const uint64_t *keys, size_t n, uint64_t *homes)
{
	for (size_t i = 0; i < n; i++) {
		homes[i] = home_of(pairs, keys[i]);
		__builtin_prefetch(&keys_of(pairs)[homes[i]]);
		if (pairs->counted)
			__builtin_prefetch(&counts_of(pairs)[homes[i]]);
	}
}

size_t
pairs_add_many(struct pairs *pairs, const uint64_t *keys, const uint32_t *weights, size_t n,
    uint64_t *homes, uint16_t *ret_new)
{
	size_t count = 0;

	if (pairs->bitmap)
		return set_bits(pairs, keys, n, ret_new);
	make_room(pairs, n);
	find_homes(pairs, keys, n, homes);
	for (size_t i = 0; i < n; i++) {
		ret_new[count] = (uint16_t)i;
		count += add(pairs, keys[i], homes[i], weights ? weights[i] : 1);
	}
	pairs->count += count;
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
