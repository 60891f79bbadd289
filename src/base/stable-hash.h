/* SPDX-License-Identifier: Apache-2.0
 *
 * stable_hash: a hash that is the same on every run and machine, for identities
 * and samples. Not for tables: it has no seed. FNV-1a, 64 bits (Fowler, Noll, Vo),
 * with a final mix so that its low bits are good.
 */
#ifndef BASE_STABLE_HASH_H
#define BASE_STABLE_HASH_H

#include <stddef.h>
#include <stdint.h>

static inline uint64_t
stable_hash(const void *bytes, size_t len)
{
	const unsigned char *p = bytes;
	uint64_t h = 0xcbf29ce484222325ull;

	for (size_t i = 0; i < len; i++)
		h = (h ^ p[i]) * 0x100000001b3ull;
	h ^= h >> 32;
	h *= 0xd6e8feb86659fd93ull;
	return h ^ h >> 32;
}

#endif
