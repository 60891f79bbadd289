/* SPDX-License-Identifier: Apache-2.0
 *
 * bans-explain: what a ban stands on, and how that is told.
 */
#ifndef CMD_BANS_EXPLAIN_H
#define CMD_BANS_EXPLAIN_H

#include "cmd/bans.h"

/* An event that counted, and its line. Texts live in the arena of the bans. */
struct proof_event {
	uint64_t id;
	bool kept;             /* is in the store, */
	bool is_ban;           /* as a ban, that a rule counted: `words` and `time` alone */
	int64_t time;
	struct str source;
	struct str words, json; /* the event, told in two ways */
	struct evidence line;
};

struct proof {
	struct proof_event events[BAN_EVIDENCE];
	size_t count;
	const char *fault; /* why lines are missing; NULL: nothing failed */
};

/* bans-proof.c: the events of BAN from the store, their lines from the logs. */
int proof_find(struct bans *bans, const struct ban *ban, struct proof *ret, struct err *err);

/*
 * bans-story.c: BAN for a person who asked for the prefix ASKED (family 0: for none); NEXT:
 * another stands above it. Or one JSON line.
 */
void explain_text(const struct bans *bans, const struct ban *ban, const struct cidr *asked,
    const struct proof *proof, bool next, struct buf *out);
void explain_json(const struct bans *bans, const struct ban *ban, const struct proof *proof,
    struct buf *out);

/* "192.0.2.1"; of a ban wider than ASKED "192.0.2.1 is in 192.0.2.0/24, which". */
void explain_whom(const struct ban *ban, const struct cidr *asked, struct buf *out);

#endif
