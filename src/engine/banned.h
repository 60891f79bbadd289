/* SPDX-License-Identifier: Apache-2.0
 *
 * banned: which addresses and networks are banned now. One entry a prefix, however many
 * rules banned it: it lasts until the last of them ends; but each action has it no longer
 * than the rules that use the action say.
 */
#ifndef ENGINE_BANNED_H
#define ENGINE_BANNED_H

#include <stdbool.h>

#include "base/ip.h"

/* Actions that have a prefix until the same time. */
struct banned_part {
	uint64_t id;      /* of the ban that lasts so long */
	int64_t until;    /* microseconds UTC; INT64_MAX: for good */
	uint64_t actions; /* bit set of those that were told */
};

struct banned_entry {
	struct cidr prefix;
	struct banned_part last;    /* what lasts longest; perhaps without an action */
	struct banned_part *sooner; /* what ends before that; no action is in two */
	size_t sooner_count;
};

struct banned;

struct banned *banned_new(void);
void banned_free(struct banned *banned);

/* Adds BAN of PREFIX. Returns which of its actions did not have it, or not for so long. */
uint64_t banned_add(struct banned *banned, const struct cidr *prefix,
    const struct banned_part *ban);

/* Part number INDEX of ENTRY, the last one first; false when there are no more. */
bool banned_part(const struct banned_entry *entry, size_t index, struct banned_part *ret);

/* Is there an entry of exactly PREFIX? */
bool banned_has(const struct banned *banned, const struct cidr *prefix);

/* Which actions have exactly PREFIX. */
uint64_t banned_actions(const struct banned *banned, const struct cidr *prefix);

/* Takes PREFIX out; *RET is its last part, with all actions. False when it is not there. */
bool banned_remove(struct banned *banned, const struct cidr *prefix,
    struct banned_part *ret);

/* The ban that IP falls under, the narrowest, or NULL. */
const struct banned_entry *banned_find(const struct banned *banned, const struct ip *ip,
    int64_t now);

/* Takes out a part that ended by NOW, of *RET_PREFIX; false when there is none. */
bool banned_end(struct banned *banned, int64_t now, struct cidr *ret_prefix,
    struct banned_part *ret);

/* When the next one ends; INT64_MAX: none does. */
int64_t banned_next_end(const struct banned *banned);

size_t banned_count(const struct banned *banned);
const struct banned_entry *banned_at(const struct banned *banned, size_t index);

#endif
