/* SPDX-License-Identifier: Apache-2.0
 *
 * replay: what rules would have done with an old log. One pass over it, a detector for
 * each set of rules; what they ban is then followed: what it still did while it would
 * have been banned, and what it did that is no attack. In the log the banned client goes
 * on: while a rule bans it nothing counts for that rule, as in the guard.
 */
#ifndef ENGINE_REPLAY_H
#define ENGINE_REPLAY_H

#include "engine/rules.h"

struct run_settings;
struct run_result;
struct store;

#define REPLAY_NONE UINT32_MAX

/* What a ban would have kept away. */
struct replay_sums {
	uint64_t events;   /* lines that tell of the client */
	uint64_t attempts; /* login attempts without success */
	uint64_t rejects;  /* of mail, by postscreen, smtpd or a milter */
};

struct replay_ban {
	uint32_t rule, subject;
	int64_t from, until;         /* INT64_MAX: for good */
	int64_t end;                 /* `until`, or when it was lifted by hand */
	uint64_t id;                 /* as the guard's */
	uint64_t counted, threshold;
	int64_t since;               /* of the oldest that counted */
	uint32_t offence;
	bool is_protected;
	struct replay_sums prevented;
	uint32_t earlier;            /* the one before it by this rule, or REPLAY_NONE */
	/* The last one of the subject by another rule, and so on. */
	uint32_t other;
};

/* Who was banned. */
struct replay_subject {
	struct str key;
	struct cidr prefix; /* family 0: a name, which nothing is kept away by */
	uint32_t first;     /* ban */
	uint32_t last;      /* ban by the rule that banned it last; then see `other` */
	uint32_t bans;
	int64_t until;      /* when the last of them would end */
	/* Microseconds in all, those of two rules twice; INT64_MAX: for good. */
	int64_t banned;
};

/* A banned client that logged in, or whose mail was accepted and delivered. */
struct replay_harm {
	struct str client;  /* address */
	struct str user;    /* login name, or envelope sender; may be empty */
	bool after;         /* when its ban had ended; else while it lasted */
	uint32_t ban;       /* the one it stands for, the first there was */
	uint64_t logins, messages;
	int64_t first, last;
};

struct replay_rule {
	const char *name;
	bool dry_run;
	uint64_t bans, subjects, is_protected;
	struct replay_sums prevented; /* while this rule banned; others may have, too */
	struct detect_stats stats;
};

struct replay {
	struct replay_rule *rules;
	size_t rule_count;
	struct replay_ban *bans;         /* in the order of the log */
	size_t ban_count;
	struct replay_subject *subjects;
	size_t subject_count;
	struct replay_harm *harms;       /* by client, user, before `after` */
	size_t harm_count;
	struct replay_sums prevented;    /* each event once */
	uint64_t peak;                   /* addresses and networks banned at once */
	int64_t peak_time;               /* when they first were */
	uint64_t harmed, harmed_during;  /* clients */
	uint64_t dropped_bans;           /* beyond REPLAY_BANS: counted, but not followed */
	uint64_t dropped_harms;
	uint64_t earlier;                /* events and bans that the store has from before */
	struct detect_stats stats;
};

/* Kept at most; what comes beyond is counted. */
#define REPLAY_BANS 1000000u
#define REPLAY_HARMS 100000u

struct replay_config {
	const struct rules *rules;
	struct detect_limits limits;
	struct store *store; /* goes on from what it has from before the log, as a guard that
	                      * starts there, and does what it has that was done by hand
	                      * meanwhile; of the first also what was open. Or NULL */
};

/*
 * Reads the inputs of SETTINGS once. ASK knows what is not in the log, with CONTEXT.
 * Fills RET[0..count), to be freed with replay_free(); *RET_RUN is the run's.
 */
int replay_run(const struct run_settings *settings, const struct replay_config *configs,
    size_t count, detect_ask *ask, void *context, struct replay **ret,
    struct run_result **ret_run, struct err *err);
void replay_free(struct replay *replay);

/* How two replays of one log treat somebody differently; NULL: not banned there. */
struct replay_change {
	const struct replay_subject *a, *b;
};

/*
 * Who is banned by only one of A and B, or first at another time, or so often or so long;
 * by time of the first ban. The caller frees *RET.
 */
size_t replay_compare(const struct replay *a, const struct replay *b,
    struct replay_change **ret);

/* The same client, user and `after` as HARM in REPLAY, or NULL. */
const struct replay_harm *replay_find_harm(const struct replay *replay,
    const struct replay_harm *harm);

#endif
