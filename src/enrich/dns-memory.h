/* SPDX-License-Identifier: Apache-2.0
 *
 * dns-memory: the form of the file that remembers names.
 *
 *   postern-rdns 1
 *   192.0.2.7 ok 1 1 0 1767225600 1767229200 mail.shop.example
 *
 * address, status, checked (0, 1, or 2: in vain for some name), how many names are
 * confirmed, how many were no host names, when it was learned and when it expires (seconds
 * since 1970), names.
 */
#ifndef ENRICH_DNS_MEMORY_H
#define ENRICH_DNS_MEMORY_H

#include "enrich/dns.h"

/* Gives every line of TEXT that fits to dns_learn(). -1: TEXT is no such file. */
int dns_memory_read(struct str text, struct dns *dns, struct err *err);

#endif
