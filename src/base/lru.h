/* SPDX-License-Identifier: Apache-2.0
 *
 * lru: a table with a cap. Entries of one size are found by key; when it is full, the
 * one that was used least recently goes, and is counted. Keys are kept as a seeded hash of
 * 128 bits: outsiders choose them, and cannot choose two that are taken for one.
 */
#ifndef BASE_LRU_H
#define BASE_LRU_H

#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

struct lru_key {
	uint64_t a, b;
};

struct lru;

/*
 * Entries of ENTRY_SIZE bytes, zeroed when made; at most CAP of them. DROP (or NULL)
 * is called with one that goes, to free what it owns.
 */
struct lru *lru_new(size_t entry_size, uint32_t cap, void (*drop)(void *entry));
void lru_free(struct lru *lru);

/* The key of NUMBER (a rule, 0 where there is one table for each) and TEXT. */
struct lru_key lru_key_of(uint64_t number, struct str text);

/* The entry of KEY, now the most recently used, or NULL. Valid until the next lru_get(). */
void *lru_find(struct lru *lru, struct lru_key key);

/* The same, made if it is not there. */
void *lru_get(struct lru *lru, struct lru_key key);

void lru_remove(struct lru *lru, struct lru_key key);

/* Shows EACH all entries, who was used least recently first; it must not change LRU. */
void lru_each(const struct lru *lru,
    void (*each)(void *context, struct lru_key key, const void *entry), void *context);

uint32_t lru_count(const struct lru *lru);
uint64_t lru_evicted(const struct lru *lru);

#endif
