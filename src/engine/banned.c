/* SPDX-License-Identifier: Apache-2.0
 *
 * banned: a hash table of prefixes over an array. An address is looked up under each
 * length of prefix that is in use, the longest first: nearly always one or two.
 */
#include "engine/banned.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/mem.h"

struct banned {
	struct banned_entry *entries;
	size_t count, room;
	uint32_t *slots; /* index + 1; 0: free */
	uint32_t mask;
	uint32_t lengths[2][129]; /* entries by family and length */
	int64_t next_end;
	size_t looked;       /* banned_end() goes through all of them, across calls */
	int64_t looked_next; /* what ends next of those it saw */
};

struct banned *
banned_new(void)
{
	struct banned *banned = xcalloc(1, sizeof(*banned));

	banned->mask = 255;
	banned->slots = xcalloc((size_t)banned->mask + 1, sizeof(*banned->slots));
	banned->next_end = banned->looked_next = INT64_MAX;
	return banned;
}

void
banned_free(struct banned *banned)
{
	if (!banned)
		return;
	free(banned->entries);
	free(banned->slots);
	free(banned);
}

static uint32_t
slot_of(const struct banned *banned, const struct cidr *prefix)
{
	char key[18];

	memcpy(key, prefix->base.byte, 16);
	key[16] = (char)prefix->base.family;
	key[17] = (char)prefix->bits;
	return (uint32_t)hash_bytes(key, sizeof(key)) & banned->mask;
}

/* The slot where PREFIX is, or would be. */
static uint32_t
find_slot(const struct banned *banned, const struct cidr *prefix)
{
	uint32_t slot = slot_of(banned, prefix);

	while (banned->slots[slot] &&
	    !cidr_equal(&banned->entries[banned->slots[slot] - 1].prefix, prefix))
		slot = (slot + 1) & banned->mask;
	return slot;
}

static void
grow(struct banned *banned)
{
	banned->mask = banned->mask * 2 + 1;
	free(banned->slots);
	banned->slots = xcalloc((size_t)banned->mask + 1, sizeof(*banned->slots));
	for (size_t i = 0; i < banned->count; i++)
		banned->slots[find_slot(banned, &banned->entries[i].prefix)] = (uint32_t)i + 1;
}

static uint32_t *
length_of(struct banned *banned, const struct cidr *prefix)
{
	return &banned->lengths[prefix->base.family == 6][prefix->bits];
}

bool
banned_add(struct banned *banned, const struct cidr *prefix, uint64_t id, int64_t until,
    uint64_t actions, const struct banned_entry **ret)
{
	uint32_t slot = find_slot(banned, prefix);
	struct banned_entry *entry;
	bool news = true;

	if (banned->slots[slot]) {
		entry = &banned->entries[banned->slots[slot] - 1];
		news = until > entry->until || (actions & ~entry->actions);
		entry->id = until > entry->until ? id : entry->id;
		entry->until = until > entry->until ? until : entry->until;
		entry->actions |= actions;
	} else {
		MEM_GROW(banned->entries, banned->count, banned->room);
		entry = &banned->entries[banned->count++];
		*entry = (struct banned_entry){*prefix, id, until, actions};
		++*length_of(banned, prefix);
		banned->slots[slot] = (uint32_t)banned->count;
		if (banned->count * 2 > banned->mask)
			grow(banned);
	}
	if (entry->until < banned->next_end)
		banned->next_end = entry->until;
	/* Those behind where banned_end() is are still to be looked at. */
	if ((size_t)(entry - banned->entries) < banned->looked &&
	    entry->until < banned->looked_next)
		banned->looked_next = entry->until;
	*ret = entry;
	return news;
}

/* Empties SLOT; those behind it that it kept from their place move up. */
static void
free_slot(struct banned *banned, uint32_t slot)
{
	uint32_t next = slot;

	for (;;) {
		uint32_t home;

		next = (next + 1) & banned->mask;
		if (banned->slots[next] == 0)
			break;
		home = slot_of(banned, &banned->entries[banned->slots[next] - 1].prefix);
		if (((next - home) & banned->mask) < ((next - slot) & banned->mask))
			continue;
		banned->slots[slot] = banned->slots[next];
		slot = next;
	}
	banned->slots[slot] = 0;
}

bool
banned_remove(struct banned *banned, const struct cidr *prefix, struct banned_entry *ret)
{
	uint32_t slot = find_slot(banned, prefix), index = banned->slots[slot];
	struct banned_entry *last;

	if (index == 0)
		return false;
	*ret = banned->entries[index - 1];
	--*length_of(banned, prefix);
	free_slot(banned, slot);
	last = &banned->entries[banned->count - 1];
	if (index != banned->count) {
		slot = find_slot(banned, &last->prefix);
		banned->entries[index - 1] = *last;
		banned->slots[slot] = index;
	}
	banned->count--;
	return true;
}

bool
banned_has(const struct banned *banned, const struct cidr *prefix)
{
	return banned->slots[find_slot(banned, prefix)] != 0;
}

const struct banned_entry *
banned_find(const struct banned *banned, const struct ip *ip, int64_t now)
{
	const uint32_t *lengths = banned->lengths[ip->family == 6];

	for (int bits = ip->family == 6 ? 128 : 32; bits >= 0; bits--) {
		struct cidr prefix = {*ip, (uint8_t)bits};
		uint32_t slot;

		if (lengths[bits] == 0)
			continue;
		for (int bit = bits; bit < 128; bit++)
			prefix.base.byte[bit / 8] &= (uint8_t)~(0x80u >> bit % 8);
		slot = find_slot(banned, &prefix);
		if (banned->slots[slot] && banned->entries[banned->slots[slot] - 1].until > now)
			return &banned->entries[banned->slots[slot] - 1];
	}
	return NULL;
}

bool
banned_end(struct banned *banned, int64_t now, struct banned_entry *ret)
{
	if (banned->next_end > now)
		return false;
	for (; banned->looked < banned->count; banned->looked++) {
		const struct banned_entry *entry = &banned->entries[banned->looked];

		if (entry->until <= now) {
			struct cidr prefix = entry->prefix;

			/* The last one takes its place, and is looked at next. */
			return banned_remove(banned, &prefix, ret);
		}
		if (entry->until < banned->looked_next)
			banned->looked_next = entry->until;
	}
	banned->next_end = banned->looked_next;
	banned->looked = 0;
	banned->looked_next = INT64_MAX;
	return false;
}

int64_t
banned_next_end(const struct banned *banned)
{
	return banned->next_end;
}

size_t
banned_count(const struct banned *banned)
{
	return banned->count;
}

const struct banned_entry *
banned_at(const struct banned *banned, size_t index)
{
	return &banned->entries[index];
}
