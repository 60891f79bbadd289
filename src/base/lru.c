/* SPDX-License-Identifier: Apache-2.0
 *
 * Entries lie in one region by number; chains of a hash table and the order of use are
 * lists of numbers. Number 0 heads the order of use: next is the most recent.
 */
#include "base/lru.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/mem.h"

struct node {
	struct lru_key key;
	uint32_t chain;           /* next with the same slot, or of the free ones; 0: none */
	uint32_t newer, older;
};

struct lru {
	struct region nodes, entries; /* by number, from 1 */
	uint32_t *slots;
	uint32_t mask;            /* number of slots - 1 */
	uint32_t count, made, free, cap;
	uint64_t evicted;
	size_t entry_size;
	void (*drop)(void *entry);
};

static struct node *
node_at(const struct lru *lru, uint32_t number)
{
	return (struct node *)(void *)lru->nodes.p + number;
}

static void *
entry_at(const struct lru *lru, uint32_t number)
{
	return lru->entries.p + (size_t)number * lru->entry_size;
}

struct lru *
lru_new(size_t entry_size, uint32_t cap, void (*drop)(void *entry))
{
	struct lru *lru = xcalloc(1, sizeof(*lru));

	lru->entry_size = (entry_size + 15) & ~(size_t)15;
	lru->cap = cap ? cap : 1;
	lru->drop = drop;
	lru->mask = 255;
	lru->slots = xcalloc((size_t)lru->mask + 1, sizeof(*lru->slots));
	region_reserve(&lru->nodes, sizeof(struct node));
	return lru;
}

void
lru_free(struct lru *lru)
{
	if (!lru)
		return;
	if (lru->drop)
		for (uint32_t n = node_at(lru, 0)->older; n; n = node_at(lru, n)->older)
			lru->drop(entry_at(lru, n));
	region_free(&lru->nodes);
	region_free(&lru->entries);
	free(lru->slots);
	free(lru);
}

struct lru_key
lru_key_of(uint64_t number, struct str text)
{
	return (struct lru_key){
	    hash_bytes_seeded(text.p, text.len, hash_seed ^ number * HASH_K1),
	    hash_bytes_seeded(text.p, text.len, ~hash_seed ^ number * HASH_K2)};
}

static void
unlink_order(struct lru *lru, struct node *node)
{
	node_at(lru, node->newer)->older = node->older;
	node_at(lru, node->older)->newer = node->newer;
}

/* NUMBER is now the most recently used: the head's older one. */
static void
link_order(struct lru *lru, uint32_t number)
{
	struct node *head = node_at(lru, 0), *node = node_at(lru, number);

	node->newer = 0;
	node->older = head->older;
	node_at(lru, head->older)->newer = number;
	head->older = number;
}

static uint32_t
find(const struct lru *lru, struct lru_key key)
{
	uint32_t n = lru->slots[key.a & lru->mask];

	while (n && (node_at(lru, n)->key.a != key.a || node_at(lru, n)->key.b != key.b))
		n = node_at(lru, n)->chain;
	return n;
}

void *
lru_find(struct lru *lru, struct lru_key key)
{
	uint32_t n = find(lru, key);

	if (n == 0)
		return NULL;
	unlink_order(lru, node_at(lru, n));
	link_order(lru, n);
	return entry_at(lru, n);
}

static void
remove_number(struct lru *lru, uint32_t number)
{
	struct node *node = node_at(lru, number);
	uint32_t *link = &lru->slots[node->key.a & lru->mask];

	while (*link != number)
		link = &node_at(lru, *link)->chain;
	*link = node->chain;
	unlink_order(lru, node);
	if (lru->drop)
		lru->drop(entry_at(lru, number));
	node->chain = lru->free;
	lru->free = number;
	lru->count--;
}

static void
grow_slots(struct lru *lru)
{
	uint32_t mask = lru->mask * 2 + 1;
	uint32_t *slots = xcalloc((size_t)mask + 1, sizeof(*slots));

	for (uint32_t n = node_at(lru, 0)->older; n; n = node_at(lru, n)->older) {
		struct node *node = node_at(lru, n);

		node->chain = slots[node->key.a & mask];
		slots[node->key.a & mask] = n;
	}
	free(lru->slots);
	lru->slots = slots;
	lru->mask = mask;
}

static uint32_t
take_number(struct lru *lru)
{
	uint32_t number = lru->free;

	if (number) {
		lru->free = node_at(lru, number)->chain;
		return number;
	}
	number = ++lru->made;
	region_reserve(&lru->nodes, ((size_t)number + 1) * sizeof(struct node));
	region_reserve(&lru->entries, ((size_t)number + 1) * lru->entry_size);
	return number;
}

void *
lru_get(struct lru *lru, struct lru_key key)
{
	void *entry = lru_find(lru, key);
	uint32_t number;
	struct node *node;

	if (entry)
		return entry;
	if (lru->count == lru->cap) {
		remove_number(lru, node_at(lru, 0)->newer);
		lru->evicted++;
	}
	if (lru->count > lru->mask)
		grow_slots(lru);
	number = take_number(lru);
	node = node_at(lru, number);
	node->key = key;
	node->chain = lru->slots[key.a & lru->mask];
	lru->slots[key.a & lru->mask] = number;
	link_order(lru, number);
	lru->count++;
	return memset(entry_at(lru, number), 0, lru->entry_size);
}

void
lru_remove(struct lru *lru, struct lru_key key)
{
	uint32_t number = find(lru, key);

	if (number)
		remove_number(lru, number);
}

void
lru_each(const struct lru *lru,
    void (*each)(void *context, struct lru_key key, const void *entry), void *context)
{
	for (uint32_t n = node_at(lru, 0)->newer; n; n = node_at(lru, n)->newer)
		each(context, node_at(lru, n)->key, entry_at(lru, n));
}

uint32_t
lru_count(const struct lru *lru)
{
	return lru->count;
}

uint64_t
lru_evicted(const struct lru *lru)
{
	return lru->evicted;
}
