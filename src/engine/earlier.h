/* SPDX-License-Identifier: Apache-2.0
 *
 * earlier: what a store has from before is told to a detector, so that its windows,
 * protection and histories are those of one that was never stopped. For a guard that
 * starts, and for a replay that goes on from what a guard has kept.
 */
#ifndef ENGINE_EARLIER_H
#define ENGINE_EARLIER_H

#include "base/dict.h"
#include "engine/rules.h"
#include "store/store.h"

/*
 * Windows go on by events' times, so one that is far ahead would make its client wait, and be
 * safe, until then: a forwarding client's clock, or one wrong line. Up to so much is taken as
 * it is, for what is judged is not to depend on when.
 */
#define EARLIER_AHEAD (2 * USEC_PER_HOUR)

/* EV, or, if a guard judged it as of another time than its own, it in RET as of that time. */
const struct event *earlier_judged(const struct event *ev, struct event *ret);

struct earlier {
	/* The caller's. */
	struct store *store;
	const struct rules *rules;
	struct detect *detect;
	bool tried;               /* bans of dry runs count for rules that are none, too */
	void (*pulse)(void *context); /* called now and then; or NULL */
	void *context;
	/*
	 * What is too far ahead is told as it was judged, or, where that is not known, as of
	 * then; 0: as it is.
	 */
	int64_t latest;
	/* Read. */
	struct earlier_ban *bans; /* in the order of their times */
	size_t count, room;
	uint64_t events, told;    /* events and bans that were told */
	/* earlier.c's own. */
	size_t *order;            /* of the bans, by time, then by what completed them */
	size_t next;              /* in `order` */
	uint64_t steps;
	int64_t time;             /* of `stop` */
	uint64_t stop;
	struct dict late;         /* ids of events that may be read again */
	struct arena arena;
};

struct earlier_ban {
	struct ban ban;
	bool of_ban;              /* an event of another ban completed it */
	bool told;
};

/* Messages and sessions are told together by lines of so long. */
#define EARLIER_TRACKED (INT64_C(86400) * 1000000)

/* Reads all bans of the store, but those of rules in dry run that are not any more. */
int earlier_read_bans(struct earlier *earlier, struct err *err);

/* As a guard starts at NOW: tells all bans, and the events before UNTIL. */
int earlier_tell(struct earlier *earlier, int64_t now, int64_t until, struct err *err);

/*
 * As it stood when the event ID of TIME was about to be judged: what came before that. A ban
 * that was lifted later on is none that was lifted.
 */
int earlier_tell_before(struct earlier *earlier, int64_t time, uint64_t id, struct err *err);

/* Tells that ban, as far as the above tells of it. */
void earlier_tell_ban(struct earlier *earlier, struct earlier_ban *which);

/*
 * Was the event ID of TIME told by earlier_tell_before(), of a line that came
 * late and stands in the log behind that event? Of an hour and a million of them at most.
 */
bool earlier_told(const struct earlier *earlier, int64_t time, uint64_t id);

/* Calls pulse() now and then. */
void earlier_step(struct earlier *earlier);

void earlier_done(struct earlier *earlier);

#endif
