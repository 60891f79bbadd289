/* SPDX-License-Identifier: Apache-2.0
 *
 * own: the addresses of the host whose logs are judged, which nobody may ban: [guard] own.
 */
#ifndef ENGINE_OWN_H
#define ENGINE_OWN_H

#include "base/ip.h"
#include "engine/settings.h"

/* So many a host has at most, for us. */
#define OWN_MAX 256u

/*
 * Puts them into RET, as networks of one: those that SETTINGS name, and where they say
 * interfaces (which is the default) those that this host has now. Returns how many.
 */
size_t own_addresses(const struct settings *settings, struct cidr ret[OWN_MAX]);

/* Is ITEM of that setting one? -1: what was expected. */
int own_check(struct str item, struct err *err);

#endif
