/* SPDX-License-Identifier: Apache-2.0
 *
 * stable-hash: a hash that is the same in every run and on every machine, for
 * what is written down (identities of files and events). Unseeded, so never for
 * a table whose keys outsiders choose: that is hash.h. FNV-1a, 64 bits (Fowler,
 * Noll, Vo).
 */
#ifndef BASE_STABLE_HASH_H
#define BASE_STABLE_HASH_H

#include <stdint.h>

#include "base/str.h"

#define STABLE_HASH_START 0xcbf29ce484222325ull

/* Goes on from HASH (STABLE_HASH_START at first) with the bytes of S. */
static inline uint64_t
stable_hash(uint64_t hash, struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		hash = (hash ^ (unsigned char)s.p[i]) * 0x100000001b3ull;
	return hash;
}

/* FNV's low bits are weak: spreads HASH, for samples and short identities. */
static inline uint64_t
stable_mix(uint64_t hash)
{
	hash = (hash ^ hash >> 32) * 0xd6e8feb86659fd93ull;
	hash = (hash ^ hash >> 32) * 0xd6e8feb86659fd93ull;
	return hash ^ hash >> 32;
}

#endif
