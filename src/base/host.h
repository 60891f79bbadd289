/* SPDX-License-Identifier: Apache-2.0
 *
 * host: names of hosts as they stand in URLs, and what this one is called.
 */
#ifndef BASE_HOST_H
#define BASE_HOST_H

#include <stdbool.h>

#include "base/ip.h"
#include "base/str.h"

/*
 * Does TEXT, what stands behind a URL's "://", name the loopback of this host? It ends
 * behind the name, or goes on with ":PORT" or "/".
 */
bool host_is_this(struct str text);

/*
 * Puts the addresses of this host's interfaces, loopback's too, into RET as networks of
 * one; MOST at most. Returns how many; 0 when the kernel does not tell.
 */
size_t host_addresses(struct cidr *ret, size_t most);

#endif
