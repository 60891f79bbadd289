/* SPDX-License-Identifier: Apache-2.0
 *
 * Entries lie in one region without gaps, each behind its key: when one goes, the last
 * takes its place, and memory that is not needed goes back. They are found through a hash
 * table of their numbers, each beside 8 bits of its key, so that others are seldom looked at.
 */
#include "base/lru.h"

#include <stdlib.h>

#include "base/mem.h"

#define NUMBER_BITS 24
#define NUMBER_MASK ((1u << NUMBER_BITS) - 1)
#define SLOTS_FIRST 256u

/* The first bit of a kept key: used since the hand came by. */
#define USED UINT64_C(1)

/* Entries that are looked at for one that is over, for each new one. */
#define LOOKS 2

struct lru {
	struct region nodes; /* a key and an entry each; from number 0 */
	size_t node_size;
	uint32_t *slots;     /* number + 1 and 8 bits of the key; 0: free */
	uint32_t mask;       /* number of slots - 1 */
	uint32_t count, cap, hand;
	uint64_t evicted;
	struct lru_owner owner;
};

static uint64_t *
node_at(const struct lru *lru, uint32_t number)
{
	return (uint64_t *)(void *)(lru->nodes.p + (size_t)number * lru->node_size);
}

struct lru *
lru_new(size_t entry_size, uint32_t cap, const struct lru_owner *owner)
{
	struct lru *lru = xcalloc(1, sizeof(*lru));

	lru->node_size = sizeof(uint64_t) + ((entry_size + 7) & ~(size_t)7);
	lru->cap = cap > LRU_MOST ? LRU_MOST : cap ? cap : 1;
	lru->mask = SLOTS_FIRST - 1;
	lru->slots = xcalloc(SLOTS_FIRST, sizeof(*lru->slots));
	if (owner)
		lru->owner = *owner;
	return lru;
}

static void
drop(const struct lru *lru, uint32_t number)
{
	if (lru->owner.drop)
		lru->owner.drop(lru->owner.context, node_at(lru, number) + 1);
}

void
lru_free(struct lru *lru)
{
	if (!lru)
		return;
	for (uint32_t n = 0; n < lru->count; n++)
		drop(lru, n);
	region_free(&lru->nodes);
	free(lru->slots);
	free(lru);
}

static uint32_t
tag_of(uint64_t key)
{
	return (uint32_t)(key >> 56) << NUMBER_BITS;
}

static uint32_t
home_of(const struct lru *lru, uint64_t key)
{
	return (uint32_t)(key >> 8) & lru->mask;
}

/* The slot of KEY, whose last bit is not looked at; one that is free if it is not there. */
static uint32_t
find_slot(const struct lru *lru, uint64_t key)
{
	uint32_t tag = tag_of(key);

	for (uint32_t at = home_of(lru, key);; at = (at + 1) & lru->mask) {
		uint32_t slot = lru->slots[at];

		if (slot == 0 || ((slot & ~NUMBER_MASK) == tag &&
		    ((*node_at(lru, (slot & NUMBER_MASK) - 1) ^ key) & ~USED) == 0))
			return at;
	}
}

/* Empties SLOT; those behind it that it kept from their place move up. */
static void
free_slot(struct lru *lru, uint32_t slot)
{
	for (uint32_t next = (slot + 1) & lru->mask; lru->slots[next];
	     next = (next + 1) & lru->mask) {
		uint32_t number = (lru->slots[next] & NUMBER_MASK) - 1;
		uint32_t home = home_of(lru, *node_at(lru, number));

		if (((next - home) & lru->mask) < ((next - slot) & lru->mask))
			continue;
		lru->slots[slot] = lru->slots[next];
		slot = next;
	}
	lru->slots[slot] = 0;
}

static void
set_slots(struct lru *lru, uint32_t mask)
{
	free(lru->slots);
	lru->slots = xcalloc((size_t)mask + 1, sizeof(*lru->slots));
	lru->mask = mask;
	for (uint32_t n = 0; n < lru->count; n++) {
		uint64_t key = *node_at(lru, n);
		uint32_t at = home_of(lru, key);

		while (lru->slots[at])
			at = (at + 1) & mask;
		lru->slots[at] = (n + 1) | tag_of(key);
	}
}

void *
lru_find(struct lru *lru, uint64_t key)
{
	uint32_t slot = lru->slots[find_slot(lru, key)];
	uint64_t *node;

	if (slot == 0)
		return NULL;
	node = node_at(lru, (slot & NUMBER_MASK) - 1);
	*node |= USED;
	return node + 1;
}

/* NUMBER goes; its place is free. */
static void
take_out(struct lru *lru, uint32_t number)
{
	free_slot(lru, find_slot(lru, *node_at(lru, number)));
	drop(lru, number);
}

/* NUMBER goes, and the last entry takes its place. */
static void
remove_number(struct lru *lru, uint32_t number)
{
	uint32_t last = lru->count - 1;

	take_out(lru, number);
	if (number != last) {
		uint64_t key = *node_at(lru, last);

		lru->slots[find_slot(lru, key)] = (number + 1) | tag_of(key);
		memcpy(node_at(lru, number), node_at(lru, last), lru->node_size);
	}
	lru->count = last;
	region_shrink(&lru->nodes, (size_t)last * lru->node_size);
	if (lru->mask >= SLOTS_FIRST && last < lru->mask / 8)
		set_slots(lru, lru->mask / 2);
}

/* Whom the hand takes; it goes on. There must be an entry. */
static uint32_t
find_victim(struct lru *lru)
{
	for (;; lru->hand++) {
		uint64_t *node;

		if (lru->hand >= lru->count)
			lru->hand = 0;
		node = node_at(lru, lru->hand);
		if ((*node & USED) == 0)
			break;
		*node &= ~USED;
	}
	lru->evicted++;
	return lru->hand++;
}

bool
lru_evict(struct lru *lru)
{
	if (lru->count == 0)
		return false;
	remove_number(lru, find_victim(lru));
	return true;
}

/* Those next to the hand that are over go. */
static void
forget_some(struct lru *lru)
{
	for (int i = 0; i < LOOKS && lru->count; i++) {
		if (lru->hand >= lru->count)
			lru->hand = 0;
		if (lru->owner.over(lru->owner.context, node_at(lru, lru->hand) + 1))
			remove_number(lru, lru->hand);
		else
			lru->hand++;
	}
}

/* A place for one more. */
static uint32_t
take_number(struct lru *lru)
{
	uint32_t number = lru->count;

	if (lru->count == lru->cap) {
		number = find_victim(lru);
		take_out(lru, number);
		return number;
	}
	if (lru->count >= lru->mask / 8 * 7)
		set_slots(lru, lru->mask * 2 + 1);
	lru->count++;
	region_reserve(&lru->nodes, (size_t)lru->count * lru->node_size);
	return number;
}

void *
lru_get(struct lru *lru, uint64_t key)
{
	void *entry = lru_find(lru, key);
	uint32_t number;
	uint64_t *node;

	if (entry)
		return entry;
	if (lru->owner.over)
		forget_some(lru);
	number = take_number(lru);
	node = node_at(lru, number);
	memset(node, 0, lru->node_size);
	*node = key & ~USED;
	lru->slots[find_slot(lru, key)] = (number + 1) | tag_of(key);
	return node + 1;
}

void
lru_remove(struct lru *lru, uint64_t key)
{
	uint32_t slot = lru->slots[find_slot(lru, key)];

	if (slot)
		remove_number(lru, (slot & NUMBER_MASK) - 1);
}

void
lru_each(const struct lru *lru,
    void (*each)(void *context, uint64_t key, const void *entry), void *context)
{
	for (uint32_t n = 0; n < lru->count; n++)
		each(context, *node_at(lru, n) & ~USED, node_at(lru, n) + 1);
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

size_t
lru_bytes(const struct lru *lru)
{
	return (size_t)lru->count * lru->node_size +
	    ((size_t)lru->mask + 1) * sizeof(*lru->slots);
}
