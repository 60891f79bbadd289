/* SPDX-License-Identifier: Apache-2.0
 *
 * Entries of a size lie side by side without gaps, each before its key: when one goes, the
 * last takes its place, and memory that is not needed goes back. They are found through a
 * hash table of their places, each beside some bits of its key, so that others are seldom
 * looked at. It is filled more densely where it is large.
 */
#include "base/lru.h"

#include <endian.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/tight.h"

/*
 * A slot: bits of the key, the size if there are several, and the number + 1 of that size;
 * 0: free.
 */
#define NUMBER_BITS 24
#define NUMBER_MASK ((1u << NUMBER_BITS) - 1)
#define TAG_OF_SIZED 0xf8000000u
#define TAG 0xff000000u

#define SLOTS_FIRST 256u
#define SLOTS_MANY 65536u

_Static_assert(LRU_SIZES <= 8, "a size fits 3 bits");

/* Bytes and bits of a key that are kept; the first bit: used since the hand came by. */
#define KEY_BYTES 7u
#define KEY_MASK ((UINT64_C(1) << 8 * KEY_BYTES) - 1)
#define USED UINT64_C(1)

/* Entries that are looked at for one that is over, for each new one. */
#define LOOKS 2

/* All of one size. */
struct nodes {
	struct region memory; /* an entry and its key each */
	size_t entry;         /* bytes of the entry, */
	size_t stride;        /* and from one to the next */
	uint32_t count;
};

struct lru {
	struct nodes nodes[LRU_SIZES];
	unsigned sizes;
	uint32_t tag_mask;    /* of a slot */
	struct region memory; /* of slots: malloc would keep the holes that they leave */
	uint32_t *slots;
	uint32_t room;        /* number of slots */
	uint32_t recent;      /* the slot of who was asked for last */
	uint32_t count, cap;  /* of entries */
	size_t bytes;         /* that all of these take */
	unsigned hand_size;
	uint32_t hand;
	uint64_t evicted;
	struct lru_owner owner;
};

static uint32_t
make_place(unsigned size, uint32_t number)
{
	return size << NUMBER_BITS | (number + 1);
}

static unsigned
size_at(const struct lru *lru, uint32_t place)
{
	return (place & ~lru->tag_mask) >> NUMBER_BITS;
}

static struct nodes *
nodes_at(struct lru *lru, uint32_t place)
{
	return &lru->nodes[size_at(lru, place)];
}

static char *
entry_at(const struct lru *lru, uint32_t place)
{
	const struct nodes *nodes = &lru->nodes[size_at(lru, place)];

	return nodes->memory.p + (size_t)((place & NUMBER_MASK) - 1) * nodes->stride;
}

static char *
key_bytes(const struct lru *lru, uint32_t place)
{
	return entry_at(lru, place) + lru->nodes[size_at(lru, place)].entry;
}

static uint64_t
key_at(const struct lru *lru, uint32_t place)
{
	uint64_t key = 0;

	memcpy(&key, key_bytes(lru, place), KEY_BYTES);
	return le64toh(key);
}

static void
set_key(const struct lru *lru, uint32_t place, uint64_t key)
{
	key = htole64(key);
	memcpy(key_bytes(lru, place), &key, KEY_BYTES);
}

/* ROOM slots, all free. */
static void
make_slots(struct lru *lru, uint32_t room)
{
	lru->bytes += room * sizeof(*lru->slots) - lru->room * sizeof(*lru->slots);
	region_free(&lru->memory);
	tight_reserve(&lru->memory, room * sizeof(*lru->slots));
	lru->slots = (uint32_t *)(void *)lru->memory.p;
	lru->room = room;
	lru->recent = 0;
}

static struct lru *
make(uint32_t cap, const struct lru_owner *owner)
{
	struct lru *lru = xcalloc(1, sizeof(*lru));

	lru->cap = cap > LRU_MOST ? LRU_MOST : cap ? cap : 1;
	make_slots(lru, SLOTS_FIRST);
	if (owner)
		lru->owner = *owner;
	return lru;
}

struct lru *
lru_new(size_t entry_size, uint32_t cap, const struct lru_owner *owner)
{
	struct lru *lru = make(cap, owner);

	lru->sizes = 1;
	lru->tag_mask = TAG;
	lru->nodes[0].entry = entry_size;
	lru->nodes[0].stride = (entry_size + KEY_BYTES + 7) & ~(size_t)7;
	return lru;
}

struct lru *
lru_new_sized(const size_t *sizes, unsigned count, uint32_t cap, const struct lru_owner *owner)
{
	struct lru *lru = make(cap, owner);

	lru->sizes = count < LRU_SIZES ? count : LRU_SIZES;
	lru->tag_mask = TAG_OF_SIZED;
	for (unsigned size = 0; size < lru->sizes; size++) {
		lru->nodes[size].entry = sizes[size];
		lru->nodes[size].stride = sizes[size] + KEY_BYTES;
	}
	return lru;
}

static void
drop(const struct lru *lru, uint32_t place)
{
	if (lru->owner.drop)
		lru->owner.drop(lru->owner.context, entry_at(lru, place));
}

void
lru_free(struct lru *lru)
{
	if (!lru)
		return;
	for (unsigned size = 0; size < lru->sizes; size++) {
		for (uint32_t n = 0; n < lru->nodes[size].count; n++)
			drop(lru, make_place(size, n));
		region_free(&lru->nodes[size].memory);
	}
	region_free(&lru->memory);
	free(lru);
}

static uint32_t
tag_of(const struct lru *lru, uint64_t key)
{
	return (uint32_t)(key >> (8 * KEY_BYTES - 32)) & lru->tag_mask;
}

static uint32_t
home_of(const struct lru *lru, uint64_t key)
{
	return (uint32_t)((uint64_t)(uint32_t)(key >> 8) * lru->room >> 32);
}

static uint32_t
next_slot(const struct lru *lru, uint32_t slot)
{
	return slot + 1 == lru->room ? 0 : slot + 1;
}

/* The slot of KEY, whose first bit is not looked at; one that is free if it is not there. */
static uint32_t
find_slot(const struct lru *lru, uint64_t key)
{
	uint32_t tag = tag_of(lru, key);

	for (uint32_t at = home_of(lru, key);; at = next_slot(lru, at)) {
		uint32_t slot = lru->slots[at];

		if (slot == 0 || ((slot & lru->tag_mask) == tag &&
		    ((key_at(lru, slot) ^ key) & KEY_MASK & ~USED) == 0))
			return at;
	}
}

/* The slot of KEY, whose place is known. */
static uint32_t
slot_of(const struct lru *lru, uint64_t key, uint32_t place)
{
	uint32_t slot = (place & ~lru->tag_mask) | tag_of(lru, key), at = home_of(lru, key);

	if (lru->slots[lru->recent] == slot)
		return lru->recent;
	while (lru->slots[at] != slot)
		at = next_slot(lru, at);
	return at;
}

/* How far it is from one slot on to another. */
static uint32_t
slots_between(const struct lru *lru, uint32_t from, uint32_t to)
{
	return to >= from ? to - from : to + lru->room - from;
}

/* Empties SLOT; those behind it that it kept from their place move up. */
static void
free_slot(struct lru *lru, uint32_t slot)
{
	for (uint32_t next = next_slot(lru, slot); lru->slots[next];
	    next = next_slot(lru, next)) {
		uint32_t home = home_of(lru, key_at(lru, lru->slots[next]));

		if (slots_between(lru, home, next) < slots_between(lru, slot, next))
			continue;
		lru->slots[slot] = lru->slots[next];
		slot = next;
	}
	lru->slots[slot] = 0;
}

static void
set_slots(struct lru *lru, uint32_t room)
{
	make_slots(lru, room);
	for (unsigned size = 0; size < lru->sizes; size++)
		for (uint32_t n = 0; n < lru->nodes[size].count; n++) {
			uint32_t place = make_place(size, n);
			uint64_t key = key_at(lru, place);
			uint32_t at = home_of(lru, key);

			while (lru->slots[at])
				at = next_slot(lru, at);
			lru->slots[at] = place | tag_of(lru, key);
		}
}

/* The slot of KEY, by which it is found again; one that is free if it is not there. */
static uint32_t
ask_slot(struct lru *lru, uint64_t key)
{
	lru->recent = find_slot(lru, key);
	return lru->slots[lru->recent];
}

void *
lru_find(struct lru *lru, uint64_t key)
{
	uint32_t slot = lru->count ? ask_slot(lru, key) : 0;

	if (slot == 0)
		return NULL;
	*key_bytes(lru, slot) |= (char)USED;
	return entry_at(lru, slot);
}

/* A place for one more of SIZE. */
static uint32_t
add_place(struct lru *lru, unsigned size)
{
	struct nodes *nodes = &lru->nodes[size];

	lru->bytes += nodes->stride;
	tight_reserve(&nodes->memory, (size_t)++nodes->count * nodes->stride);
	return make_place(size, nodes->count - 1);
}

/* What was at PLACE is gone from there: the last of its size takes it. */
static void
close_gap(struct lru *lru, uint32_t place)
{
	struct nodes *nodes = nodes_at(lru, place);
	uint32_t last = make_place((unsigned)(nodes - lru->nodes), nodes->count - 1);

	if (last != (place & ~lru->tag_mask)) {
		uint64_t key = key_at(lru, last);

		lru->slots[slot_of(lru, key, last)] =
		    (place & ~lru->tag_mask) | tag_of(lru, key);
		memcpy(entry_at(lru, place), entry_at(lru, last), nodes->stride);
	}
	nodes->count--;
	lru->bytes -= nodes->stride;
	tight_shrink(&nodes->memory, (size_t)nodes->count * nodes->stride);
}

/* It is not found any more, and owns nothing; its place is free. */
static void
take_out(struct lru *lru, uint32_t place)
{
	free_slot(lru, slot_of(lru, key_at(lru, place), place));
	drop(lru, place);
}

static void
remove_place(struct lru *lru, uint32_t place)
{
	take_out(lru, place);
	close_gap(lru, place);
	lru->count--;
	if (lru->room > SLOTS_FIRST && lru->count < lru->room / 8)
		set_slots(lru, lru->room / 4 > SLOTS_FIRST ? lru->room / 4 : SLOTS_FIRST);
}

/* Whom the hand has come to. There must be an entry. */
static uint32_t
under_hand(struct lru *lru)
{
	while (lru->hand >= lru->nodes[lru->hand_size].count) {
		lru->hand = 0;
		lru->hand_size = (lru->hand_size + 1) % lru->sizes;
	}
	return make_place(lru->hand_size, lru->hand);
}

/* Whom the hand takes; it goes on. There must be an entry. */
static uint32_t
find_victim(struct lru *lru)
{
	uint32_t place;

	for (place = under_hand(lru); key_at(lru, place) & USED; place = under_hand(lru)) {
		*key_bytes(lru, place) &= (char)~USED;
		lru->hand++;
	}
	lru->hand++;
	lru->evicted++;
	return place;
}

bool
lru_evict(struct lru *lru)
{
	if (lru->count == 0)
		return false;
	remove_place(lru, find_victim(lru));
	return true;
}

/* Those next to the hand that are over go. */
static void
forget_some(struct lru *lru)
{
	for (int i = 0; i < LOOKS && lru->count; i++) {
		uint32_t place = under_hand(lru);

		if (lru->owner.over(lru->owner.context, entry_at(lru, place)))
			remove_place(lru, place);
		else
			lru->hand++;
	}
}

/* A place for a new entry. */
static uint32_t
new_place(struct lru *lru)
{
	if (lru->count == lru->cap) {
		uint32_t victim = find_victim(lru);

		if (size_at(lru, victim) == 0) {
			take_out(lru, victim);
			return victim;
		}
		remove_place(lru, victim);
	}
	if (lru->count >= (lru->room < SLOTS_MANY ? lru->room / 2 : lru->room / 32 * 27))
		set_slots(lru, lru->room < SLOTS_MANY ? 2 * lru->room :
		    lru->room + lru->room / 4);
	lru->count++;
	return add_place(lru, 0);
}

void *
lru_get(struct lru *lru, uint64_t key)
{
	void *entry = lru_find(lru, key);
	uint32_t place;

	if (entry)
		return entry;
	if (lru->owner.over)
		forget_some(lru);
	place = new_place(lru);
	memset(entry_at(lru, place), 0, lru->nodes[0].stride);
	set_key(lru, place, key & ~USED);
	ask_slot(lru, key);
	lru->slots[lru->recent] = place | tag_of(lru, key);
	return entry_at(lru, place);
}

/* Where ENTRY lies. */
static uint32_t
place_of(const struct lru *lru, const void *entry)
{
	uint32_t recent = lru->slots[lru->recent];

	if (recent && entry_at(lru, recent) == entry)
		return recent & ~lru->tag_mask;
	for (unsigned size = 0;; size++) {
		const struct nodes *nodes = &lru->nodes[size];
		size_t off = (size_t)((uintptr_t)entry - (uintptr_t)nodes->memory.p);

		if (off < nodes->count * nodes->stride || size + 1 == lru->sizes)
			return make_place(size, (uint32_t)(off / nodes->stride));
	}
}

unsigned
lru_size(const struct lru *lru, const void *entry)
{
	return place_of(lru, entry) >> NUMBER_BITS;
}

void *
lru_resize(struct lru *lru, void *entry, unsigned size)
{
	uint32_t from = place_of(lru, entry), to;
	size_t had = nodes_at(lru, from)->entry, bytes = lru->nodes[size].entry;
	uint64_t key;

	if (from >> NUMBER_BITS == size)
		return entry;
	key = key_at(lru, from);
	lru->recent = slot_of(lru, key, from);
	to = add_place(lru, size);
	memcpy(entry_at(lru, to), entry_at(lru, from), had < bytes ? had : bytes);
	if (had < bytes)
		memset(entry_at(lru, to) + had, 0, bytes - had);
	set_key(lru, to, key);
	lru->slots[lru->recent] = to | tag_of(lru, key);
	close_gap(lru, from);
	return entry_at(lru, to);
}

void
lru_remove(struct lru *lru, uint64_t key)
{
	uint32_t slot = ask_slot(lru, key);

	if (slot)
		remove_place(lru, slot);
}

void
lru_each(const struct lru *lru,
    void (*each)(void *context, uint64_t key, const void *entry), void *context)
{
	for (unsigned size = 0; size < lru->sizes; size++)
		for (uint32_t n = 0; n < lru->nodes[size].count; n++) {
			uint32_t place = make_place(size, n);

			each(context, key_at(lru, place) & ~USED, entry_at(lru, place));
		}
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
	return lru->bytes;
}
