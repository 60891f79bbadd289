/* SPDX-License-Identifier: Apache-2.0
 *
 * bans-tally: bans counted by a key, as they come from the store: memory is by what is
 * different, not by how many there are.
 */
#ifndef CMD_BANS_TALLY_H
#define CMD_BANS_TALLY_H

#include "cmd/bans.h"

struct tally_group {
	struct str key, rule;      /* what its row is called */
	int64_t day;               /* local midnight, as if in UTC */
	uint64_t bans, addresses;  /* different ones */
	uint64_t fresh, again;     /* of addresses: never banned before that day, and others */
	int64_t first, last;       /* when a ban began */
	int64_t banned_usec, end;  /* in how long in all, counted up to `end` */
	bool active;
	struct str rules;
};

struct tally {
	struct dict keys, pairs;
	struct tally_group *groups; /* by number of the key, in order of arrival */
	size_t count, room;
};

/* The group of KEY, zeroed when it is new (bans is 0). Valid until the next call. */
struct tally_group *tally_group(struct tally *tally, struct str key);

/* Is it the first time that A and B come together? */
bool tally_is_new(struct tally *tally, struct str a, struct str b);

/* Counts BAN: bans, addresses, first, last. */
void tally_ban(struct tally *tally, struct tally_group *group, const struct ban *ban,
    struct str key, struct str address);
void tally_done(struct tally *tally);

#endif
