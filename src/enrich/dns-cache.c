/* SPDX-License-Identifier: Apache-2.0 */
#include "enrich/dns-cache.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/mem.h"

void
dns_cache_init(struct dns_cache *cache, uint32_t max)
{
	uint32_t slots = 1024;

	while (slots < max && slots < 1u << 24)
		slots *= 2;
	*cache = (struct dns_cache){.max = max, .mask = slots - 1, .oldest = DNS_NO_ENTRY,
	    .newest = DNS_NO_ENTRY};
	cache->slots = xmalloc(slots * sizeof(*cache->slots));
	memset(cache->slots, 0xff, slots * sizeof(*cache->slots));
}

void
dns_cache_done(struct dns_cache *cache)
{
	for (size_t i = 0; i < cache->count; i++)
		free(cache->entries[i].names);
	free(cache->entries);
	free(cache->slots);
	*cache = (struct dns_cache){0};
}

static uint32_t *
slot_of(const struct dns_cache *cache, const struct ip *ip)
{
	uint64_t hash = hash_bytes((const char *)ip->byte, sizeof(ip->byte)) + ip->family;

	return &cache->slots[(hash ^ hash >> 32) & cache->mask];
}

static bool
same_ip(const struct ip *a, const struct ip *b)
{
	return a->family == b->family && memcmp(a->byte, b->byte, sizeof(a->byte)) == 0;
}

uint32_t
dns_cache_find(const struct dns_cache *cache, const struct ip *ip)
{
	uint32_t i = *slot_of(cache, ip);

	while (i != DNS_NO_ENTRY && !same_ip(&cache->entries[i].ip, ip))
		i = cache->entries[i].chain;
	return i;
}

/* Takes ENTRY out of the order of arrival, if it is there. */
static void
unlink_answer(struct dns_cache *cache, uint32_t entry)
{
	struct dns_entry *e = &cache->entries[entry];

	if (!e->answered || e->waiting)
		return;
	if (e->older != DNS_NO_ENTRY)
		cache->entries[e->older].newer = e->newer;
	else
		cache->oldest = e->newer;
	if (e->newer != DNS_NO_ENTRY)
		cache->entries[e->newer].older = e->older;
	else
		cache->newest = e->older;
}

/* Throws out the oldest answer; returns its place. */
static uint32_t
evict(struct dns_cache *cache)
{
	uint32_t entry = cache->oldest, *link;

	if (entry == DNS_NO_ENTRY)
		return entry;
	unlink_answer(cache, entry);
	link = slot_of(cache, &cache->entries[entry].ip);
	while (*link != entry)
		link = &cache->entries[*link].chain;
	*link = cache->entries[entry].chain;
	free(cache->entries[entry].names);
	cache->evicted++;
	return entry;
}

uint32_t
dns_cache_get(struct dns_cache *cache, const struct ip *ip)
{
	uint32_t entry = dns_cache_find(cache, ip), *slot;

	if (entry != DNS_NO_ENTRY)
		return entry;
	if (cache->count < cache->max) {
		MEM_GROW(cache->entries, cache->count, cache->room);
		entry = (uint32_t)cache->count++;
	} else {
		entry = evict(cache);
		if (entry == DNS_NO_ENTRY)
			return entry;
	}
	slot = slot_of(cache, ip);
	cache->entries[entry] = (struct dns_entry){.ip = *ip, .chain = *slot};
	*slot = entry;
	return entry;
}

void
dns_cache_wait(struct dns_cache *cache, uint32_t entry)
{
	unlink_answer(cache, entry);
	cache->entries[entry].waiting = true;
}

static char *
join_names(const struct dns_answer *answer)
{
	char *names, *to;
	size_t len = 0;

	if (answer->name_count == 0)
		return NULL;
	for (unsigned i = 0; i < answer->name_count; i++)
		len += strlen(answer->names[i]) + 1;
	names = to = xmalloc(len);
	for (unsigned i = 0; i < answer->name_count; i++) {
		size_t n = strlen(answer->names[i]) + 1;

		memcpy(to, answer->names[i], n);
		to += n;
	}
	return names;
}

void
dns_cache_put(struct dns_cache *cache, uint32_t entry, const struct dns_answer *answer)
{
	struct dns_entry *e = &cache->entries[entry];
	char *names = join_names(answer); /* may be copies of those freed now */

	unlink_answer(cache, entry);
	free(e->names);
	e->names = names;
	e->answered = true;
	e->waiting = false;
	e->checked = answer->checked;
	e->unsure = answer->unsure;
	e->status = (uint8_t)answer->status;
	e->name_count = (uint8_t)answer->name_count;
	e->confirmed = (uint8_t)answer->confirmed;
	e->bad_names = answer->bad_names;
	e->when = answer->when;
	e->expires = answer->expires;
	e->older = cache->newest;
	e->newer = DNS_NO_ENTRY;
	if (cache->newest != DNS_NO_ENTRY)
		cache->entries[cache->newest].newer = entry;
	else
		cache->oldest = entry;
	cache->newest = entry;
}

void
dns_cache_answer(const struct dns_cache *cache, uint32_t entry, struct dns_answer *ret)
{
	const struct dns_entry *e = &cache->entries[entry];
	const char *name = e->names;

	*ret = (struct dns_answer){.ip = e->ip, .status = e->status, .checked = e->checked,
	    .unsure = e->unsure,
	    .name_count = e->name_count, .confirmed = e->confirmed,
	    .bad_names = e->bad_names, .when = e->when, .expires = e->expires};
	for (unsigned i = 0; i < e->name_count; i++) {
		ret->names[i] = name;
		name += strlen(name) + 1;
	}
}
