/* SPDX-License-Identifier: Apache-2.0
 *
 * replay-side: a replay while it runs, for the files that make it: replay.c judges,
 * replay-earlier.c knows what was before, replay-hand.c what was done by hand meanwhile,
 * replay-follow.c follows who was banned, replay-peak.c counts how many were at once.
 */
#ifndef ENGINE_REPLAY_SIDE_H
#define ENGINE_REPLAY_SIDE_H

#include "engine/earlier.h"
#include "engine/engine.h"

/* Subjects of the address with that number, as of STAMP; 0: not looked up. */
struct memo {
	uint32_t stamp;
	uint32_t subjects[2];
};

struct hand_act;

/* A replay while it runs. */
struct side {
	struct replay replay;    /* first: it is what remains */
	const struct rules *rules;
	struct detect *detect;
	struct detect_out out;
	uint64_t kinds;          /* bit set: kinds the detector wants */
	struct earlier earlier;  /* its store is NULL once it was told, or if there is none */
	struct hand_act *acts;   /* by hand, while the log goes on, by time */
	size_t act_count, act_room, next_act;
	struct dict who;         /* subjects by prefix or text; its number is the index */
	struct dict harm_keys;   /* harms by client, user and `after` */
	struct dict harmed;      /* clients; with "!" those while banned */
	struct region memo;      /* struct memo by number of the address */
	uint32_t stamp;          /* networks among the subjects + 1 */
	bool followed;           /* there is a prefix among the subjects */
	size_t ban_room, subject_room, harm_room;
	struct buf key;
	struct arena arena;
};

struct replaying {
	struct side **sides;
	size_t count;
	struct filter *rejected;
	bool failed; /* it ended early, for ERR */
	struct err err;
};

/* PREFIX as a key of `who`, in ROOM. */
#define PREFIX_KEY 18
struct str replay_prefix_key(const struct cidr *prefix, char room[PREFIX_KEY]);

/* The subject of KEY in WHO, or REPLAY_NONE. */
static inline uint32_t
replay_find_subject(const struct side *side, struct str key)
{
	return dict_find(&side->who, key, dict_hash(key));
}

void replay_add_sums(struct replay_sums *to, const struct replay_sums *what);

/* What EV means to those who are banned already; REJECTED: see there. */
void replay_follow(struct side *side, const struct filter *rejected, const struct event *ev,
    const struct symbols *symbols);

/*
 * replay-earlier.c: before EV, the first event that SIDE judges, it is told what the store
 * has from before. False: it failed.
 */
bool replay_tell_earlier(struct replaying *replaying, struct side *side,
    const struct event *ev);

/*
 * replay-hand.c: what of the side's earlier bans was done by hand from SINCE on is noted; and
 * is done, once events are at TIME.
 */
void replay_note_acts(struct side *side, int64_t since);
void replay_act_until(struct side *side, int64_t time);

/* run_settings' begin(): what the first side's store has goes to tracking. */
bool replay_begin(void *replaying, struct pipeline *pipeline, const struct event *first);

/* Sets peak and peak_time. */
void replay_find_peak(struct replay *replay);

#endif
