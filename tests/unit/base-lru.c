/* SPDX-License-Identifier: Apache-2.0
 *
 * lru: finds what it holds, forgets what was not used for long, and counts it; what is
 * over goes by itself.
 */
#include "base/lru.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/mem.h"
#include "tap.h"

static uint64_t dropped;

struct entry {
	uint64_t value;
	char *owned;
};

static void
drop(void *context, void *entry)
{
	*(uint64_t *)context += 1;
	free(((struct entry *)entry)->owned);
}

static bool
over(void *context, const void *entry)
{
	return ((const struct entry *)entry)->value < *(const uint64_t *)context;
}

static uint64_t
key_of(uint64_t n)
{
	return lru_key((struct str){(const char *)&n, sizeof(n)});
}

static void
fill(struct lru *lru, uint64_t from, uint64_t to)
{
	for (uint64_t n = from; n < to; n++)
		((struct entry *)lru_get(lru, key_of(n)))->value = n + 7;
}

static void
finds_and_forgets(void)
{
	struct lru_owner owner = {.drop = drop, .context = &dropped};
	struct lru *lru = lru_new(sizeof(struct entry), 1000, &owner);
	struct entry *entry;
	unsigned wrong = 0;

	ok(lru_find(lru, key_of(1)) == NULL && !lru_evict(lru),
	    "nothing is in an empty table");
	for (uint64_t n = 0; n < 1000; n++) {
		entry = lru_get(lru, key_of(n));
		wrong += entry->value != 0;
		entry->value = n + 7;
		entry->owned = xstrdup("x");
	}
	for (uint64_t n = 0; n < 500; n++) {
		entry = lru_find(lru, key_of(n));
		wrong += !entry || entry->value != n + 7;
	}
	ok(wrong == 0 && lru_count(lru) == 1000 && lru_evicted(lru) == 0, "all are found");
	fill(lru, 2000, 2500);
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
	ok(lru_find(lru, lru_key_in(2, key_of(5))) == NULL,
	    "a table's number is part of the key");
	lru_free(lru);
	ok(dropped == 1501, "what it owned is freed");
}

/* Against a list of what is there, through all sizes up and down. */
static void
equals_a_list(void)
{
	enum { KEYS = 5000 };
	struct lru *lru = lru_new(sizeof(struct entry), 100000, NULL);
	bool *there = xcalloc(KEYS, sizeof(*there));
	uint32_t count = 0;
	unsigned wrong = 0;
	size_t most = 0;

	srandom(3);
	for (int i = 0; i < 200000; i++) {
		uint64_t n = (uint64_t)random() % KEYS;
		bool add = i / 20000 % 2 ? random() % 9 == 0 : random() % 9 != 0;

		if (add)
			fill(lru, n, n + 1);
		else
			lru_remove(lru, key_of(n));
		count += add - there[n];
		there[n] = add;
		most = lru_bytes(lru) > most ? lru_bytes(lru) : most;
		wrong += lru_count(lru) != count;
	}
	for (uint64_t n = 0; n < KEYS; n++) {
		const struct entry *entry = lru_find(lru, key_of(n));

		wrong += there[n] ? !entry || entry->value != n + 7 : entry != NULL;
	}
	ok(wrong == 0 && count > 100 && most > (size_t)24 * 3000 && most < (size_t)64 * KEYS,
	    "%u wrong, %u left, %zu bytes at most", wrong, count, most);
	while (lru_evict(lru))
		count--;
	ok(count == 0 && lru_bytes(lru) < 10000, "empty, it needs nothing");
	free(there);
	lru_free(lru);
}

static void
forgets_what_is_over(void)
{
	uint64_t least = 0;
	struct lru_owner owner = {.over = over, .context = &least};
	struct lru *lru = lru_new(sizeof(struct entry), 100000, &owner);
	uint32_t most = 0;

	for (uint64_t n = 0; n < 50000; n++) {
		least = n > 1000 ? n - 1000 : 0;
		fill(lru, n, n + 1);
		most = lru_count(lru) > most ? lru_count(lru) : most;
	}
	ok(most < 3000 && lru_evicted(lru) == 0, "a thousand in use: never more than %u",
	    most);
	ok(lru_find(lru, key_of(49500)) != NULL, "which are there");
	lru_free(lru);
}

/* Entries of several sizes: N is of size N % 3 in the end, and says so. */
static void
has_several_sizes(void)
{
	enum { KEYS = 3000 };
	static const size_t sizes[] = {4, 9, 23};
	struct lru *lru = lru_new_sized(sizes, 3, KEYS, NULL);
	unsigned wrong = 0;
	size_t most;

	for (int turn = 0; turn < 4; turn++)
		for (uint32_t n = 0; n < KEYS; n++) {
			void *entry = lru_get(lru, key_of(n));

			wrong += turn && memcmp(entry, &n, 4) != 0;
			memcpy(entry, &n, 4);
			entry = lru_resize(lru, entry, (n + (uint32_t)turn) % 3);
			wrong += lru_size(lru, entry) != (n + (uint32_t)turn) % 3 ||
			    lru_find(lru, key_of(n)) != entry;
		}
	ok(wrong == 0 && lru_count(lru) == KEYS, "moved from size to size, all are found");
	most = (size_t)KEYS * 19;
	ok(lru_bytes(lru) > most && lru_bytes(lru) < most + (size_t)KEYS * 16,
	    "%zu bytes: 12 an entry, 7 a key, and a slot", lru_bytes(lru));
	for (uint32_t n = 0; n < KEYS; n += 2)
		lru_remove(lru, key_of(n));
	lru_get(lru, key_of(KEYS));
	for (uint32_t n = 0; n < KEYS; n++) {
		const void *entry = lru_find(lru, key_of(n));

		wrong += n % 2 ? !entry || memcmp(entry, &n, 4) != 0 : entry != NULL;
	}
	ok(wrong == 0, "half of them are left");
	for (uint32_t n = KEYS; n < 4 * KEYS; n++)
		lru_resize(lru, lru_get(lru, key_of(n)), n % 3);
	ok(lru_count(lru) == KEYS && lru_evicted(lru) == 3 * KEYS - KEYS / 2,
	    "the hand goes over all sizes");
	lru_free(lru);
}

int
main(void)
{
	hash_init();
	has_several_sizes();
	finds_and_forgets();
	equals_a_list();
	forgets_what_is_over();
	return tap_done();
}
