/* SPDX-License-Identifier: Apache-2.0
 *
 * dns-reply: reads DNS messages (RFC 1035 4) that a server, or whoever answered in
 * its stead, sent. Names follow CNAMEs in the message, as RFC 2317 delegations do.
 */
#ifndef ENRICH_DNS_REPLY_H
#define ENRICH_DNS_REPLY_H

#include "enrich/dns.h"

struct dns_names {
	unsigned count, bad; /* as in struct dns_answer; more than DNS_NAMES are ignored */
	uint32_t ttl;        /* seconds: the least of the records used; 0 if there are none */
	char names[DNS_NAMES][DNS_NAME_MAX + 1];
};

/* The PTR names that the message's question is answered with. -1: it is malformed. */
int dns_reply_names(const unsigned char *message, size_t len, struct dns_names *ret);

/* Is IP among the addresses that the question is answered with? -1: malformed. */
int dns_reply_has(const unsigned char *message, size_t len, const struct ip *ip, bool *ret);

/* TEXT as a host name in lower case into OUT (DNS_NAME_MAX + 1); false: it is none. */
bool dns_host_name(struct str text, char *out);

/* "7.2.0.192.in-addr.arpa" into OUT, which it fits. */
#define DNS_REVERSE_MAX 73
void dns_reverse_name(const struct ip *ip, char out[DNS_REVERSE_MAX]);

#endif
