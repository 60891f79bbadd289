/* SPDX-License-Identifier: Apache-2.0
 *
 * hash: seeded hashing of short keys that outsiders choose. The seed is drawn
 * once a process; nothing a user sees may depend on hash order.
 * The mixing step is the 64x64->128 bit multiply-and-fold of Wang Yi's wyhash.
 */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

extern uint64_t hash_seed; /* set by hash_init() */

/* Draws the seed; call once, first thing in main(). */
void hash_init(void);

static inline uint64_t
hash_mix(uint64_t a, uint64_t b)
{
	unsigned __int128 product = (unsigned __int128)a * b;

	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static inline uint64_t
hash_load8(const char *p)
{
	uint64_t v;

	memcpy(&v, p, 8);
	return v;
}

static inline uint32_t
hash_load4(const char *p)
{
	uint32_t v;

	memcpy(&v, p, 4);
	return v;
}

#define HASH_K1 0xa0761d6478bd642full
#define HASH_K2 0xe7037ed1a0b428dbull

/*
 * For hash_bytes_seeded(): H with what stands between the first and the last 16 of LEN bytes.
 */
uint64_t hash_middle(const char *p, size_t len, uint64_t h);

/* Hash of LEN bytes with SEED; no branch on content, two for 8 <= LEN <= 32. */
static inline uint64_t
hash_bytes_seeded(const char *p, size_t len, uint64_t seed)
{
	uint64_t a, b, h = seed ^ HASH_K1;

	if (len >= 8) {
		size_t next = len > 16 ? 8 : 0; /* up to 16, what is there is taken twice */

		h = hash_mix(hash_load8(p) ^ HASH_K2, hash_load8(p + next) ^ h);
		if (len > 32)
			h = hash_middle(p, len, h);
		a = hash_load8(p + len - 8 - next);
		b = hash_load8(p + len - 8);
	} else if (len >= 4) {
		a = hash_load4(p);
		b = hash_load4(p + len - 4);
	} else if (len > 0) {
		a = (uint64_t)(unsigned char)p[0] << 16 |
		    (uint64_t)(unsigned char)p[len >> 1] << 8 | (unsigned char)p[len - 1];
		b = 0;
	} else {
		a = b = 0;
	}
	return hash_mix(HASH_K2 ^ len, hash_mix(a ^ HASH_K2, b ^ h));
}

static inline uint64_t
hash_bytes(const char *p, size_t len)
{
	return hash_bytes_seeded(p, len, hash_seed);
}

static inline uint64_t
hash_u64(uint64_t v)
{
	return hash_mix(v ^ hash_seed ^ HASH_K1, HASH_K2 ^ hash_seed);
}

#endif
