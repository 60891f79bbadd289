/* SPDX-License-Identifier: Apache-2.0
 *
 * space: addresses that are nobody's in particular. After the IANA IPv4 and IPv6
 * Special-Purpose Address Registries (RFC 6890, 8190), with what came since: RFC
 * 6598 shared space, RFC 9637 documentation.
 */
#include "enrich/room.h"

struct space4 {
	uint32_t base, bits;
	enum place_space space;
};

#define IP4(a, b, c, d) ((uint32_t)(a) << 24 | (b) << 16 | (c) << 8 | (d))

static const struct space4 spaces4[] = {
	{IP4(0, 0, 0, 0), 8, SPACE_RESERVED},
	{IP4(10, 0, 0, 0), 8, SPACE_PRIVATE},
	{IP4(100, 64, 0, 0), 10, SPACE_SHARED},
	{IP4(127, 0, 0, 0), 8, SPACE_LOOPBACK},
	{IP4(169, 254, 0, 0), 16, SPACE_LINK_LOCAL},
	{IP4(172, 16, 0, 0), 12, SPACE_PRIVATE},
	{IP4(192, 0, 0, 0), 24, SPACE_RESERVED},
	{IP4(192, 0, 2, 0), 24, SPACE_DOCUMENTATION},
	{IP4(192, 88, 99, 0), 24, SPACE_RESERVED},
	{IP4(192, 168, 0, 0), 16, SPACE_PRIVATE},
	{IP4(198, 18, 0, 0), 15, SPACE_BENCHMARK},
	{IP4(198, 51, 100, 0), 24, SPACE_DOCUMENTATION},
	{IP4(203, 0, 113, 0), 24, SPACE_DOCUMENTATION},
	{IP4(233, 252, 0, 0), 24, SPACE_DOCUMENTATION},
	{IP4(224, 0, 0, 0), 4, SPACE_MULTICAST},
	{IP4(240, 0, 0, 0), 4, SPACE_RESERVED},
};

/* By the first 64 bits, narrow before wide; ::1 stands apart. */
struct space6 {
	uint64_t base;
	unsigned bits;
	enum place_space space;
};

static const struct space6 spaces6[] = {
	{0x0064ff9b00010000, 48, SPACE_PRIVATE}, /* translation within a site */
	{0x0064ff9b00000000, 64, SPACE_PUBLIC},  /* well-known translation prefix */
	{0x2001000000000000, 32, SPACE_PUBLIC},  /* Teredo */
	{0x2001000200000000, 48, SPACE_BENCHMARK},
	{0x20010db800000000, 32, SPACE_DOCUMENTATION},
	{0x2001000000000000, 23, SPACE_RESERVED},
	{0x3fff000000000000, 20, SPACE_DOCUMENTATION},
	{0x2000000000000000, 3, SPACE_PUBLIC},
	{0xfc00000000000000, 7, SPACE_PRIVATE},
	{0xfe80000000000000, 10, SPACE_LINK_LOCAL},
	{0xff00000000000000, 8, SPACE_MULTICAST},
};

#define COUNT_OF(array) (sizeof(array) / sizeof(*(array)))

static const char *const words[] = {
#define S(name, word) word,
	PLACE_SPACES(S)
#undef S
};

const char *
place_space_word(enum place_space space)
{
	return words[space];
}

const char *
place_word(const struct place *place)
{
	return *place->country ? place->country : place_space_word(place->space);
}

static enum place_space
space_of4(uint32_t address)
{
	for (size_t i = 0; i < COUNT_OF(spaces4); i++)
		if ((address ^ spaces4[i].base) >> (32 - spaces4[i].bits) == 0)
			return spaces4[i].space;
	return SPACE_PUBLIC;
}

static enum place_space
space_of6(uint64_t high, uint64_t low)
{
	if (high == 0 && low == 1)
		return SPACE_LOOPBACK;
	for (size_t i = 0; i < COUNT_OF(spaces6); i++)
		if ((high ^ spaces6[i].base) >> (64 - spaces6[i].bits) == 0)
			return spaces6[i].space;
	return SPACE_RESERVED;
}

enum place_space
place_space_of(const struct ip *ip)
{
	if (ip->family == 4)
		return space_of4(ip_number4(ip));
	if (ip->family == 6)
		return space_of6(ip_half6(ip, 0), ip_half6(ip, 8));
	return SPACE_RESERVED;
}
