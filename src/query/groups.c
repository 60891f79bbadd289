/* SPDX-License-Identifier: Apache-2.0
 *
 * groups: numbers the key tuples of a query that one dictionary cannot number.
 */
#include "base/hash.h"
#include "query/room.h"

/* Tables with more bins do not lie in the nearest cache and are fetched from ahead. */
#define BINS_NEAR 512u

/* A key as it lies in a row: an even number of codes, so that two are looked at at once. */
struct group_key {
	uint32_t code[QUERY_KEYS];
};

_Static_assert(QUERY_KEYS % 2 == 0, "the longest key, too");

static struct group_key
key_of(const uint32_t *codes, unsigned width)
{
	struct group_key key = {{0}};

	memcpy(key.code, codes, width * sizeof(*codes));
	return key;
}

/* cell_wide() of two codes of a key. */
static inline uint64_t
word_of(uint32_t first, uint32_t second)
{
	return (uint64_t)second << 32 | first;
}

/* The hash of the key of so many CODES. */
static inline uint32_t
key_hash(const uint32_t *key, unsigned codes)
{
	uint64_t h = hash_u64(cell_wide(key));

	for (unsigned i = 2; i < codes; i += 2)
		h = hash_mix(h ^ cell_wide(key + i) ^ HASH_K1, HASH_K2);
	return (uint32_t)h;
}

static inline bool
same_key(const uint32_t *a, const uint32_t *b, unsigned codes)
{
	uint64_t difference = cell_wide(a) ^ cell_wide(b);

	for (unsigned i = 2; i < codes; i += 2)
		difference |= cell_wide(a + i) ^ cell_wide(b + i);
	return difference == 0;
}

/* So many codes is a key in a row. */
static inline unsigned
key_codes(const struct groups *groups)
{
	return groups->rows.stride - groups->cells;
}

struct groups
groups_none(unsigned width, unsigned cells)
{
	return (struct groups){.width = width, .cells = cells,
	    .rows = {.stride = cells + (width + 1) / 2 * 2}};
}

static __attribute__((noinline)) void
grow(struct groups *groups)
{
	unsigned codes = key_codes(groups);

	bins_double(&groups->bins);
	for (uint32_t g = 0; g < groups->count; g++)
		bins_put(&groups->bins, key_hash(groups_key(groups, g), codes), g);
}

/* A new group with KEY, which is in no bin yet. */
static inline uint32_t
add(struct groups *groups, const struct group_key *key, unsigned codes)
{
	uint32_t group = groups->count++;

	region_reserve(&groups->rows.words,
	    ((size_t)group + 1) * groups->rows.stride * sizeof(uint32_t));
	for (unsigned i = 0; i < codes; i += 2)
		cell_set_wide(groups_key(groups, group) + i, cell_wide(key->code + i));
	return group;
}

static uint32_t
get_hashed(struct groups *groups, const struct group_key *key, uint32_t hash)
{
	unsigned codes = key_codes(groups);

	if (!bins_have_room(&groups->bins, groups->count))
		grow(groups);
	for (uint32_t at = hash;; at++) {
		struct bin *bin = bin_of(&groups->bins, at);

		for (uint32_t found = bin_find(bin, hash); found; found &= found - 1) {
			uint32_t group = bin->number[__builtin_ctz(found)];

			if (same_key(groups_key(groups, group), key->code, codes))
				return group;
		}
		if (bin_is_full(bin))
			continue;
		bin_add(bin, hash, groups->count);
		return add(groups, key, codes);
	}
}

uint32_t
groups_get(struct groups *groups, const uint32_t *codes)
{
	struct group_key key = key_of(codes, groups->width);

	return get_hashed(groups, &key, key_hash(key.code, key_codes(groups)));
}

/*
 * Puts to RET which groups are most likely those of HASHES[0..N), whose rows are then on their
 * way: bins first, so that all are waited for together. There is a group.
 */
static void
find_likely(const struct groups *groups, const uint32_t *hashes, size_t n, uint32_t *ret)
{
	for (size_t i = 0; i < n && groups->bins.mask >= BINS_NEAR; i++)
		__builtin_prefetch(bin_of(&groups->bins, hashes[i]));
	for (size_t i = 0; i < n; i++) {
		const uint32_t *row;

		ret[i] = bin_likely(bin_of(&groups->bins, hashes[i]), hashes[i]);
		row = groups_row(groups, ret[i]);
		__builtin_prefetch(row);
		__builtin_prefetch(row + groups->rows.stride - 1); /* maybe the next line */
	}
}

/* groups_get_many() for keys of one word, which most are. */
static void
get_words(struct groups *groups, const uint32_t *first, const uint32_t *second, size_t n,
    uint32_t *hashes, uint32_t *ret)
{
	struct group_key key = {{0}};

	for (size_t i = 0; i < n; i++)
		hashes[i] = (uint32_t)hash_u64(word_of(first[i], second[i]));
	find_likely(groups, hashes, n, ret);
	for (size_t i = 0; i < n; i++) {
		if (cell_wide(groups_key(groups, ret[i])) == word_of(first[i], second[i]))
			continue;
		key.code[0] = first[i];
		key.code[1] = second[i];
		ret[i] = get_hashed(groups, &key, hashes[i]);
	}
}

void
groups_get_many(struct groups *groups, uint32_t (*codes)[FOLD_BATCH], size_t n,
    uint32_t *hashes, uint32_t *ret)
{
	static const uint32_t none[FOLD_BATCH];
	uint32_t key[QUERY_KEYS];

	if (groups->width <= 2 && groups->count) {
		get_words(groups, codes[0], groups->width == 2 ? codes[1] : none, n, hashes,
		    ret);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		for (unsigned k = 0; k < groups->width; k++)
			key[k] = codes[k][i];
		ret[i] = groups_get(groups, key);
	}
}

void
groups_free(struct groups *groups)
{
	region_free(&groups->bins.region);
	rows_free(&groups->rows);
}
