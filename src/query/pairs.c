/* SPDX-License-Identifier: Apache-2.0
 *
 * pairs: sets and counts of (group, code), and the buckets of histograms.
 */
#include "query/room.h"

/* Adds CODE to PAIRS, a bitmap. */
static bool
set_one(struct pairs *pairs, uint32_t code)
{
	pairs_make_room(pairs, code);
	return pairs_set(pairs, code);
}

static size_t
set_bits(struct pairs *pairs, const uint32_t *codes, size_t n, uint16_t *ret_new)
{
	size_t count = 0;

	for (size_t i = 0; i < n; i++) {
		ret_new[count] = (uint16_t)i;
		count += set_one(pairs, codes[i]);
	}
	return count;
}

bool
pairs_add(struct pairs *pairs, uint64_t key, uint64_t weight)
{
	uint32_t codes[2] = {pair_code(key), pair_group(key)}, number;
	uint32_t before = pairs->table.count;

	if (pairs->bitmap)
		return set_one(pairs, codes[0]);
	number = groups_get(&pairs->table, codes);
	if (pairs->counted)
		cell_combine(groups_row(&pairs->table, number), weight, COMBINE_ADD);
	pairs->count = pairs->table.count;
	return number == before;
}

size_t
pairs_add_many(struct pairs *pairs, uint32_t (*codes)[FOLD_BATCH], const uint64_t *weights,
    size_t n, uint32_t *hashes, uint32_t *found, uint16_t *ret_new)
{
	uint32_t known = pairs->table.count;
	size_t count = 0;

	if (pairs->bitmap)
		return set_bits(pairs, codes[0], n, ret_new);
	groups_get_many(&pairs->table, codes, n, hashes, found);
	for (size_t i = 0; i < n; i++) {
		ret_new[count] = (uint16_t)i;
		count += found[i] == known + count; /* its first time */
	}
	for (size_t i = 0; pairs->counted && i < n; i++)
		cell_combine(groups_row(&pairs->table, found[i]), weights ? weights[i] : 1,
		    COMBINE_ADD);
	pairs->count = pairs->table.count;
	return count;
}

void
pairs_free(struct pairs *pairs)
{
	groups_free(&pairs->table);
	region_free(&pairs->bits);
	*pairs = pairs_like(pairs);
}

struct pairs
pairs_like(const struct pairs *pairs)
{
	struct pairs like = pairs_none(pairs->counted, pairs->bitmap);

	like.level = pairs->level;
	return like;
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
	uint32_t number = (uint32_t)*at;
	const uint32_t *codes;

	*ret_count = 1;
	if (pairs->bitmap)
		return next_bit(pairs, at, ret_key);
	if (number == pairs->table.count)
		return false;
	codes = groups_key(&pairs->table, number);
	*ret_key = pair_key(codes[1], codes[0]);
	if (pairs->counted)
		*ret_count = cell_wide(groups_row(&pairs->table, number));
	++*at;
	return true;
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
