/* SPDX-License-Identifier: Apache-2.0
 *
 * ip: an address or prefix in binary. IPv4-mapped IPv6 (::ffff:a.b.c.d, RFC
 * 4291 2.5.5.2) is read as IPv4, so that one client has one form.
 */
#ifndef BASE_IP_H
#define BASE_IP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct ip {
	uint8_t byte[16]; /* network order; IPv4 in the first four, the rest zero */
	uint8_t family;   /* 4 or 6; 0 = none */
};

struct cidr {
	struct ip base; /* host bits zero */
	uint8_t bits;   /* prefix length in BASE's own family */
};

#define IP_TEXT_MAX 46   /* RFC 5952 text with its NUL */
#define CIDR_TEXT_MAX 50

/* The whole of TEXT as an address; no zone id, no brackets. */
bool ip_parse(struct str text, struct ip *ret);

/*
 * Is TEXT surely an IPv6 address as ip_format() writes it? Nearly all are that are written
 * so; false tells nothing.
 */
bool ip_is_formatted(struct str text);

/* RFC 5952 text into OUT; returns its length. */
size_t ip_format(const struct ip *ip, char out[IP_TEXT_MAX]);

/* "addr" or "addr/len"; a bare address is its own /32 or /128. Host bits are cleared. */
bool cidr_parse(struct str text, struct cidr *ret);

/* When TEXT is "addr/..." with another than a length behind it: the greatest one; else 0. */
unsigned cidr_wrong_length(struct str text);

size_t cidr_format(const struct cidr *cidr, char out[CIDR_TEXT_MAX]);

/* The same of a network; of one address alone without its length. */
size_t prefix_format(const struct cidr *prefix, char out[CIDR_TEXT_MAX]);

/* The length that is one address of FAMILY. */
static inline uint8_t
ip_bits(uint8_t family)
{
	return family == 4 ? 32 : 128;
}

/* Is it one address? */
static inline bool
cidr_is_address(const struct cidr *cidr)
{
	return cidr->bits == ip_bits(cidr->base.family);
}

/* Are they the same addresses? */
static inline bool
cidr_equal(const struct cidr *a, const struct cidr *b)
{
	return a->bits == b->bits && a->base.family == b->base.family &&
	    memcmp(a->base.byte, b->base.byte, sizeof(a->base.byte)) == 0;
}

/* By family, then addresses, then length, the wider first: <0, 0, >0. */
int cidr_compare(const struct cidr *a, const struct cidr *b);

/* Is it what cidr_parse() makes: nothing behind its length, IPv4 never mapped? */
bool cidr_is_canonical(const struct cidr *cidr);

/* Is IP inside CIDR? Families never match each other. */
bool cidr_contains(const struct cidr *cidr, const struct ip *ip);

/*
 * Is it one that any number of hosts have: loopback, private (RFC 1918, 4193), link-local or
 * shared (RFC 6598)? No such address is anybody's on the Internet.
 */
bool ip_is_private(const struct ip *ip);

/* The network of BITS, at most its family's, that IP is in. */
struct cidr ip_prefix(const struct ip *ip, unsigned bits);

/*
 * The network IP is counted under: IPv4 /24, IPv6 /64. Of addresses that a translator made of
 * IPv4's, 64:ff9b::192.0.2.1 (RFC 6052), /120, which is their /24: one /64 has them all.
 */
struct cidr ip_net(const struct ip *ip);

/* The same of an address as text, as text into OUT; returns its length, 0: TEXT is none. */
size_t ip_net_text(struct str text, char out[CIDR_TEXT_MAX]);

#endif
