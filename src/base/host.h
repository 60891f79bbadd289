/* SPDX-License-Identifier: Apache-2.0
 *
 * host: names of hosts as they stand in URLs.
 */
#ifndef BASE_HOST_H
#define BASE_HOST_H

#include <stdbool.h>

#include "base/str.h"

/*
 * Does TEXT, what stands behind a URL's "://", name the loopback of this host? It ends
 * behind the name, or goes on with ":PORT" or "/".
 */
bool host_is_this(struct str text);

#endif
