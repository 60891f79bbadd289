/* SPDX-License-Identifier: Apache-2.0 */
#include "base/hash.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

uint64_t hash_seed = 0x243f6a8885a308d3ull;

void
hash_init(void)
{
	if (getrandom(&hash_seed, sizeof(hash_seed), 0) != sizeof(hash_seed)) {
		perror("postern: getrandom");
		exit(1);
	}
}

uint64_t
hash_middle(const char *p, size_t len, uint64_t h)
{
	for (size_t at = 16; len - at > 16; at += 16)
		h = hash_mix(hash_load8(p + at) ^ HASH_K2, hash_load8(p + at + 8) ^ h);
	return h;
}
