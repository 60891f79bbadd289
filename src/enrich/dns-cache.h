/* SPDX-License-Identifier: Apache-2.0
 *
 * dns-cache: what is known and what is being asked, by address. Answers are in the
 * order of their arrival; when there is no more room the oldest goes. An address that
 * is waiting for its answer is never thrown out.
 */
#ifndef ENRICH_DNS_CACHE_H
#define ENRICH_DNS_CACHE_H

#include "enrich/dns.h"

#define DNS_NO_ENTRY UINT32_MAX

struct dns_entry {
	struct ip ip;
	bool waiting;  /* to be asked, or being asked */
	bool answered; /* what follows is known */
	bool checked, unsure;
	uint8_t status, name_count, confirmed;
	unsigned bad_names;
	char *names;   /* each with its NUL, one behind the other */
	int64_t when, expires;
	uint32_t chain;         /* next entry of the same slot */
	uint32_t older, newer;  /* answers by arrival, but those of waiting entries */
};

struct dns_cache {
	struct dns_entry *entries;
	size_t count, room;
	uint32_t *slots; /* first entry of each chain */
	uint32_t mask;   /* slots - 1 */
	uint32_t max;
	uint32_t oldest, newest;
	uint64_t evicted;
};

void dns_cache_init(struct dns_cache *cache, uint32_t max);
void dns_cache_done(struct dns_cache *cache);

/* The entry of IP, or DNS_NO_ENTRY. */
uint32_t dns_cache_find(const struct dns_cache *cache, const struct ip *ip);

/* The same, made when there is none; DNS_NO_ENTRY: everything kept is waiting. */
uint32_t dns_cache_get(struct dns_cache *cache, const struct ip *ip);

/* ENTRY is to be asked about: it stays until dns_cache_put(). */
void dns_cache_wait(struct dns_cache *cache, uint32_t entry);

/* Gives ENTRY the answer, whose address is not looked at; it is now the newest. */
void dns_cache_put(struct dns_cache *cache, uint32_t entry, const struct dns_answer *answer);

/* The answer of ENTRY, which has one. */
void dns_cache_answer(const struct dns_cache *cache, uint32_t entry, struct dns_answer *ret);

#endif
