/* SPDX-License-Identifier: Apache-2.0
 *
 * team: threads that share work, and of which whoever has nothing to do helps another with
 * tasks that do not touch each other's memory. They are not started for that, nor woken, if
 * it can be had: a processor of a virtual machine that went to sleep may take milliseconds
 * to come back.
 */
#ifndef BASE_TEAM_H
#define BASE_TEAM_H

#include <stddef.h>
#include <stdint.h>

struct team;

/* Starts HELPERS threads beside the caller, or as many as there may be. */
struct team *team_new(unsigned helpers);

/* Ends them: nothing is shared or spread any more. */
void team_free(struct team *team);

enum team_turn {
	TEAM_WORKED,  /* there may be more */
	TEAM_NOTHING, /* until somebody calls */
	TEAM_OVER,    /* for everybody: there will be no more */
};

/*
 * The caller and all helpers call WORK(CONTEXT), each as often as it finds something to do,
 * until it says that it is over; returns when none is in it any more. Who finds nothing
 * helps with what is spread meanwhile, or waits: busily for some milliseconds, then asleep.
 */
void team_share(struct team *team, enum team_turn (*work)(void *context), void *context);

/* From within work that is shared: there may be something to do again. */
void team_call(struct team *team);

/*
 * Calls TASK(CONTEXT, i) for each i of COUNT and returns when all are done. The caller and
 * all who have nothing to do take the next i whenever they are free, those with the largest
 * WEIGHTS[i], about how long they take, first. Who does which is open. One thread at a time
 * may call this. TEAM may be NULL: the caller alone.
 */
void team_spread(struct team *team, const uint64_t *weights, size_t count,
    void (*task)(void *context, size_t i), void *context);

#endif
