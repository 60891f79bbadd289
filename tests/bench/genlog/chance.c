/* SPDX-License-Identifier: Apache-2.0
 *
 * chance: where everything random in genlog comes from: the same for the same seed.
 */
#include "genlog.h"

#include <math.h>

uint64_t chance_state = 1;

uint64_t
mix(uint64_t z)
{
	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

uint64_t
chance(void)
{
	chance_state += 0x9e3779b97f4a7c15u;
	return mix(chance_state);
}

uint32_t
below(uint32_t n)
{
	return (uint32_t)(chance() % n);
}

bool
percent(uint32_t p)
{
	return below(100) < p;
}

uint32_t
popular(uint32_t n)
{
	double u = (double)(chance() >> 11) * 0x1p-53;
	uint32_t rank = (uint32_t)(exp(u * log((double)n + 1)) - 1);

	return rank < n ? rank : n - 1;
}
