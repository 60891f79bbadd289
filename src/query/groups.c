/* SPDX-License-Identifier: Apache-2.0
 *
 * groups: numbers the key tuples of a query that one dictionary cannot number.
 */
#include "base/hash.h"
#include "query/room.h"

#define SLOTS_FIRST 64u

/* Slots that do not lie in the nearest cache are fetched ahead. */
#define SLOTS_NEAR 4096u

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

static inline uint32_t
key_hash(const struct group_key *key, unsigned words)
{
	uint64_t h = hash_u64(key->word[0]);

	for (unsigned i = 1; i < words; i++)
		h = hash_mix(h ^ key->word[i] ^ HASH_K1, HASH_K2);
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

/* The slot of KEY, or the one it would have. */
static inline struct slot *
slot_of(const struct groups *groups, const struct group_key *key, uint32_t hash)
{
	unsigned words = groups->stride - groups->cells;
	struct slot *slots = slots_in(&groups->slots);
	uint32_t i = hash & groups->mask;

	for (; slots[i].number; i = (i + 1) & groups->mask)
		if (slots[i].hash == hash &&
		    same_key(groups_row(groups, slots[i].number - 1) + groups->cells, key,
			words))
			break;
	return &slots[i];
}

struct groups
groups_none(unsigned width, unsigned cells)
{
	return (struct groups){
	    .width = width, .cells = cells, .stride = cells + (width + 1) / 2};
}

static uint32_t
add(struct groups *groups, const struct group_key *key, uint32_t hash)
{
	uint32_t group = groups->count++;
	size_t words = groups->stride - groups->cells;

	if (groups->mask == 0 || group >= groups->mask / 8 * 5)
		slots_double(&groups->slots, &groups->mask, SLOTS_FIRST);
	region_reserve(&groups->rows, ((size_t)group + 1) * groups->stride * sizeof(uint64_t));
	memcpy(groups_row(groups, group) + groups->cells, key->word, words * sizeof(uint64_t));
	*slot_of(groups, key, hash) = (struct slot){hash, group + 1};
	return group;
}

static inline uint32_t
get_hashed(struct groups *groups, const struct group_key *key, uint32_t hash)
{
	uint32_t group = groups->mask ? slot_of(groups, key, hash)->number : 0;

	return group ? group - 1 : add(groups, key, hash);
}

uint32_t
groups_get(struct groups *groups, const uint32_t *codes)
{
	struct group_key key = key_of(codes, groups->width);

	return get_hashed(groups, &key, key_hash(&key, groups->stride - groups->cells));
}

/*
 * Slots first, then rows: so that all of them are on their way together. Inlined always, or
 * gcc drops the call of a function that seems to have no effect.
 */
static inline __attribute__((always_inline)) void
fetch(const struct groups *groups, const uint32_t *hashes, size_t n)
{
	const struct slot *slots = slots_in(&groups->slots);

	if (groups->mask < SLOTS_NEAR)
		return;
	for (size_t i = 0; i < n; i++)
		__builtin_prefetch(&slots[hashes[i] & groups->mask]);
	for (size_t i = 0; i < n; i++) {
		const uint64_t *row_end =
		    groups_row(groups, slots[hashes[i] & groups->mask].number);

		__builtin_prefetch(row_end - groups->stride);
		__builtin_prefetch(row_end - 1); /* the key, which may be on the next line */
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
	fetch(groups, hashes, n);
	for (size_t i = 0; i < n; i++) {
		key.word[0] = word_of(first[i], second[i]);
		ret[i] = get_hashed(groups, &key, hashes[i]);
	}
}

void
groups_get_many(struct groups *groups, uint32_t (*codes)[FOLD_BATCH], size_t n,
    uint32_t *hashes, uint32_t *ret)
{
	static const uint32_t none[FOLD_BATCH];
	uint32_t key[QUERY_KEYS];

	if (groups->width <= 2) {
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
	region_free(&groups->slots);
	region_free(&groups->rows);
}
