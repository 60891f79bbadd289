/* SPDX-License-Identifier: Apache-2.0
 *
 * lru: finds what it holds, forgets what was used least recently, and counts it.
 */
#include "base/lru.h"

#include "base/hash.h"
#include "base/mem.h"
#include "tap.h"

static uint64_t dropped;

struct entry {
	uint64_t value;
	char *owned;
};

static void
drop(void *entry)
{
	dropped++;
	free(((struct entry *)entry)->owned);
}

static struct lru_key
key_of(uint64_t n)
{
	return lru_key_of(1, (struct str){(const char *)&n, sizeof(n)});
}

int
main(void)
{
	struct lru *lru = lru_new(sizeof(struct entry), 1000, drop);
	struct entry *entry;
	unsigned wrong = 0;

	hash_init();
	ok(lru_find(lru, key_of(1)) == NULL, "nothing is in an empty table");
	for (uint64_t n = 0; n < 1000; n++) {
		entry = lru_get(lru, key_of(n));
		wrong += entry->value != 0;
		entry->value = n + 7;
		entry->owned = xstrdup("x");
	}
	for (uint64_t n = 0; n < 1000; n++) {
		entry = lru_find(lru, key_of(n));
		wrong += !entry || entry->value != n + 7;
	}
	ok(wrong == 0 && lru_count(lru) == 1000 && lru_evicted(lru) == 0, "all are found");
	for (uint64_t n = 0; n < 500; n++)
		lru_find(lru, key_of(n));
	for (uint64_t n = 2000; n < 2500; n++)
		lru_get(lru, key_of(n));
	for (uint64_t n = 0; n < 1000; n++)
		wrong += (lru_find(lru, key_of(n)) != NULL) != (n < 500);
	ok(wrong == 0 && lru_evicted(lru) == 500 && dropped == 500,
	    "those that were not used go");
	lru_remove(lru, key_of(3));
	lru_remove(lru, key_of(3));
	ok(lru_find(lru, key_of(3)) == NULL && lru_count(lru) == 999 && dropped == 501,
	    "removed once");
	entry = lru_get(lru, key_of(3));
	ok(entry->value == 0 && entry->owned == NULL, "made anew, it is empty");
	ok(lru_find(lru, lru_key_of(2, (struct str){"\5\0\0\0\0\0\0", 8})) == NULL,
	    "the number is part of the key");
	lru_free(lru);
	ok(dropped == 1501, "what it owned is freed");
	return tap_done();
}
