/* SPDX-License-Identifier: Apache-2.0
 *
 * banned: which addresses and networks are banned now. One entry a prefix, however many
 * rules banned it: it lasts until the last of them ends.
 */
#ifndef ENGINE_BANNED_H
#define ENGINE_BANNED_H

#include <stdbool.h>

#include "base/ip.h"

struct banned_entry {
	struct cidr prefix;
	uint64_t id;    /* of the ban that lasts longest */
	int64_t until;  /* microseconds UTC; INT64_MAX: for good */
	uint64_t actions; /* bit set of those that were told */
};

struct banned;

struct banned *banned_new(void);
void banned_free(struct banned *banned);

/*
 * Adds a ban. True when something is to be done outside: the prefix is new, or banned
 * longer than before. *RET is its entry, valid until the next call.
 */
bool banned_add(struct banned *banned, const struct cidr *prefix, uint64_t id,
    int64_t until, uint64_t actions, const struct banned_entry **ret);

/* Is there an entry of exactly PREFIX? */
bool banned_has(const struct banned *banned, const struct cidr *prefix);

/* Takes PREFIX out; *RET is what it was. False when it is not there. */
bool banned_remove(struct banned *banned, const struct cidr *prefix,
    struct banned_entry *ret);

/* The ban that IP falls under, the narrowest, or NULL. */
const struct banned_entry *banned_find(const struct banned *banned, const struct ip *ip,
    int64_t now);

/* Takes out one that ended by NOW; false when there is none. */
bool banned_end(struct banned *banned, int64_t now, struct banned_entry *ret);

/* When the next one ends; INT64_MAX: none does. */
int64_t banned_next_end(const struct banned *banned);

size_t banned_count(const struct banned *banned);
const struct banned_entry *banned_at(const struct banned *banned, size_t index);

#endif
