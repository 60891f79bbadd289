/* SPDX-License-Identifier: Apache-2.0
 *
 * groups: numbers the key tuples of a query that one dictionary cannot number.
 */
#include "base/hash.h"
#include "query/room.h"

/* Tables with more bins do not lie in the nearest cache and are fetched from ahead. */
#define BINS_NEAR 512u

/* A key as it lies in a row: two codes a word. */
#define KEY_WORDS ((QUERY_KEYS + 1) / 2)

struct group_key {
	uint64_t word[KEY_WORDS];
};

static struct group_key
key_of(const uint32_t *codes, unsigned width)
{
	struct group_key key = {{0}};

	memcpy(key.word, codes, width * sizeof(*codes));
	return key;
}

static inline uint64_t
word_of(uint32_t first, uint32_t second)
{
	uint32_t codes[2] = {first, second};
	uint64_t word;

	memcpy(&word, codes, sizeof(word));
	return word;
}

/* The hash of the key of so many WORDS at WORD. */
static inline uint32_t
key_hash(const uint64_t *word, unsigned words)
{
	uint64_t h = hash_u64(word[0]);

	for (unsigned i = 1; i < words; i++)
		h = hash_mix(h ^ word[i] ^ HASH_K1, HASH_K2);
	return (uint32_t)h;
}

static inline bool
same_key(const uint64_t *a, const struct group_key *b, unsigned words)
{
	uint64_t difference = a[0] ^ b->word[0];

	for (unsigned i = 1; i < words; i++)
		difference |= a[i] ^ b->word[i];
	return difference == 0;
}

struct groups
groups_none(unsigned width, unsigned cells)
{
	return (struct groups){
	    .width = width, .cells = cells, .stride = cells + (width + 1) / 2};
}

static __attribute__((noinline)) void
grow(struct groups *groups)
{
	unsigned words = groups->stride - groups->cells;

	bins_double(&groups->bins);
	for (uint32_t g = 0; g < groups->count; g++)
		bins_put(&groups->bins,
		    key_hash(groups_row(groups, g) + groups->cells, words), g);
}

/* A new group with KEY, which is in no bin yet. */
static inline uint32_t
add(struct groups *groups, const struct group_key *key, unsigned words)
{
	uint32_t group = groups->count++;
	uint64_t *row;

	region_reserve(&groups->rows, ((size_t)group + 1) * groups->stride * sizeof(uint64_t));
	row = groups_row(groups, group) + groups->cells;
	for (unsigned i = 0; i < words; i++)
		row[i] = key->word[i];
	return group;
}

static uint32_t
get_hashed(struct groups *groups, const struct group_key *key, uint32_t hash)
{
	unsigned words = groups->stride - groups->cells;

	if (!bins_have_room(&groups->bins, groups->count))
		grow(groups);
	for (uint32_t at = hash;; at++) {
		struct bin *bin = bin_of(&groups->bins, at);

		for (uint32_t found = bin_find(bin, hash); found; found &= found - 1) {
			uint32_t group = bin->number[__builtin_ctz(found)];

			if (same_key(groups_row(groups, group) + groups->cells, key, words))
				return group;
		}
		if (bin_is_full(bin))
			continue;
		bin_add(bin, hash, groups->count);
		return add(groups, key, words);
	}
}

uint32_t
groups_get(struct groups *groups, const uint32_t *codes)
{
	struct group_key key = key_of(codes, groups->width);

	return get_hashed(groups, &key, key_hash(key.word, groups->stride - groups->cells));
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
		const uint64_t *row;

		ret[i] = bin_likely(bin_of(&groups->bins, hashes[i]), hashes[i]);
		row = groups_row(groups, ret[i]);
		__builtin_prefetch(row);
		__builtin_prefetch(row + groups->stride - 1); /* maybe the next line */
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
		key.word[0] = word_of(first[i], second[i]);
		if (groups_row(groups, ret[i])[groups->cells] != key.word[0])
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
	region_free(&groups->rows);
}
