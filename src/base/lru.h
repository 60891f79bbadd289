/* SPDX-License-Identifier: Apache-2.0
 *
 * lru: a table with a cap. Entries of one size, or of a few, are found by key; when it is
 * full, one that was not used for long goes, and is counted: a hand goes round over all
 * entries and takes the first that was not used since it last came by, so that no entry
 * needs links. Keys are kept as a seeded hash of 55 bits: outsiders choose them, but not two
 * that are taken for one; of a million that happens by chance once in 70,000 tables.
 */
#ifndef BASE_LRU_H
#define BASE_LRU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/hash.h"
#include "base/str.h"

/* Entries at most, whatever cap is asked for. */
#define LRU_MOST 16777214u

/* Sizes of entries at most. */
#define LRU_SIZES 8u

/* What the owner of a table knows of its entries; each may be NULL. */
struct lru_owner {
	void (*drop)(void *context, void *entry);       /* it goes: frees what it owns */
	bool (*over)(void *context, const void *entry); /* it is of no use any more */
	void *context;
};

struct lru;

/*
 * Entries of ENTRY_SIZE bytes, zeroed when made and aligned for 64 bits; at most CAP of
 * them. With new ones, some that are `over` go, which does not count as evicted.
 */
struct lru *lru_new(size_t entry_size, uint32_t cap, const struct lru_owner *owner);

/*
 * The same, but entries are of one of SIZES, COUNT of them, and not aligned. New ones are of
 * the first.
 */
struct lru *lru_new_sized(const size_t *sizes, unsigned count, uint32_t cap,
    const struct lru_owner *owner);
void lru_free(struct lru *lru);

/* The key of TEXT. */
static inline uint64_t
lru_key(struct str text)
{
	return hash_bytes(text.p, text.len);
}

/* KEY as it is in table NUMBER of several that are one. */
static inline uint64_t
lru_key_in(uint64_t number, uint64_t key)
{
	return hash_mix(key ^ HASH_K1, hash_seed ^ (number + 1) * HASH_K2);
}

/* The entry of KEY, which is in use now, or NULL. Valid until the next change. */
void *lru_find(struct lru *lru, uint64_t key);

/* The same, made if it is not there. */
void *lru_get(struct lru *lru, uint64_t key);

/* Which of the sizes ENTRY has. */
unsigned lru_size(const struct lru *lru, const void *entry);

/* ENTRY gets another size and is somewhere else: what fits of it is kept, the rest is zero. */
void *lru_resize(struct lru *lru, void *entry, unsigned size);

void lru_remove(struct lru *lru, uint64_t key);

/* Evicts one that was not used for long, as if the table were full; false: it is empty. */
bool lru_evict(struct lru *lru);

/* Shows EACH all entries, in no order; it must not change LRU. KEY finds the same entry. */
void lru_each(const struct lru *lru,
    void (*each)(void *context, uint64_t key, const void *entry), void *context);

uint32_t lru_count(const struct lru *lru);
uint64_t lru_evicted(const struct lru *lru);

/* Memory of the table, without what entries own. */
size_t lru_bytes(const struct lru *lru);

#endif
