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
	for (size_t i = 0; i < banned->count; i++)
		free(banned->entries[i].sooner);
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

/* Takes ACTIONS out of all parts of ENTRY; a part without any is none. */
static void
take_actions(struct banned_entry *entry, uint64_t actions)
{
	size_t kept = 0;

	entry->last.actions &= ~actions;
	for (size_t i = 0; i < entry->sooner_count; i++) {
		struct banned_part part = entry->sooner[i];

		part.actions &= ~actions;
		if (part.actions)
			entry->sooner[kept++] = part;
	}
	entry->sooner_count = kept;
}

static void
add_sooner(struct banned_entry *entry, const struct banned_part *part)
{
	for (size_t i = 0; i < entry->sooner_count; i++)
		if (entry->sooner[i].until == part->until) {
			entry->sooner[i].actions |= part->actions;
			return;
		}
	if (!part->actions)
		return;
	entry->sooner = xrealloc(entry->sooner, entry->sooner_count + 1,
	    sizeof(*entry->sooner));
	entry->sooner[entry->sooner_count++] = *part;
}

/* ENTRY, which is there, is banned by BAN, too. Returns the actions that have it longer. */
static uint64_t
prolong(struct banned_entry *entry, const struct banned_part *ban)
{
	struct banned_part longer = *ban, part;

	for (size_t i = 0; banned_part(entry, i, &part); i++)
		if (part.until >= ban->until)
			longer.actions &= ~part.actions;
	take_actions(entry, longer.actions);
	if (ban->until > entry->last.until) {
		part = entry->last;
		entry->last = longer;
		add_sooner(entry, &part);
	} else if (ban->until == entry->last.until) {
		entry->last.actions |= longer.actions;
	} else {
		add_sooner(entry, &longer);
	}
	return longer.actions;
}

/* When the next part of ENTRY ends. */
static int64_t
next_of(const struct banned_entry *entry)
{
	int64_t next = entry->last.until;

	for (size_t i = 0; i < entry->sooner_count; i++)
		if (entry->sooner[i].until < next)
			next = entry->sooner[i].until;
	return next;
}

uint64_t
banned_add(struct banned *banned, const struct cidr *prefix, const struct banned_part *ban)
{
	uint32_t slot = find_slot(banned, prefix);
	struct banned_entry *entry;
	uint64_t news = ban->actions;

	if (banned->slots[slot]) {
		entry = &banned->entries[banned->slots[slot] - 1];
		news = prolong(entry, ban);
	} else {
		MEM_GROW(banned->entries, banned->count, banned->room);
		entry = &banned->entries[banned->count++];
		*entry = (struct banned_entry){.prefix = *prefix, .last = *ban};
		++*length_of(banned, prefix);
		banned->slots[slot] = (uint32_t)banned->count;
		if (banned->count * 2 > banned->mask)
			grow(banned);
	}
	if (next_of(entry) < banned->next_end)
		banned->next_end = next_of(entry);
	/* Those behind where banned_end() is are still to be looked at. */
	if ((size_t)(entry - banned->entries) < banned->looked &&
	    next_of(entry) < banned->looked_next)
		banned->looked_next = next_of(entry);
	return news;
}

bool
banned_part(const struct banned_entry *entry, size_t index, struct banned_part *ret)
{
	if (index > entry->sooner_count)
		return false;
	*ret = index ? entry->sooner[index - 1] : entry->last;
	return true;
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

uint64_t
banned_actions(const struct banned *banned, const struct cidr *prefix)
{
	uint32_t index = banned->slots[find_slot(banned, prefix)];
	struct banned_part part;
	uint64_t actions = 0;

	for (size_t i = 0; index && banned_part(&banned->entries[index - 1], i, &part); i++)
		actions |= part.actions;
	return actions;
}

bool
banned_remove(struct banned *banned, const struct cidr *prefix, struct banned_part *ret)
{
	uint32_t slot = find_slot(banned, prefix), index = banned->slots[slot];
	struct banned_entry *last;

	if (index == 0)
		return false;
	*ret = banned->entries[index - 1].last;
	ret->actions = banned_actions(banned, prefix);
	free(banned->entries[index - 1].sooner);
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
		if (banned->slots[slot] &&
		    banned->entries[banned->slots[slot] - 1].last.until > now)
			return &banned->entries[banned->slots[slot] - 1];
	}
	return NULL;
}

/* Takes a part out of ENTRY that ended by NOW before the last one. */
static bool
end_sooner(struct banned_entry *entry, int64_t now, struct banned_part *ret)
{
	for (size_t i = 0; i < entry->sooner_count; i++) {
		if (entry->sooner[i].until > now)
			continue;
		*ret = entry->sooner[i];
		entry->sooner[i] = entry->sooner[--entry->sooner_count];
		return true;
	}
	return false;
}

bool
banned_end(struct banned *banned, int64_t now, struct cidr *ret_prefix,
    struct banned_part *ret)
{
	if (banned->next_end > now)
		return false;
	for (; banned->looked < banned->count; banned->looked++) {
		struct banned_entry *entry = &banned->entries[banned->looked];

		*ret_prefix = entry->prefix;
		/* The last one takes its place, and is looked at next. */
		if (entry->last.until <= now)
			return banned_remove(banned, ret_prefix, ret);
		if (end_sooner(entry, now, ret))
			return true;
		if (next_of(entry) < banned->looked_next)
			banned->looked_next = next_of(entry);
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
