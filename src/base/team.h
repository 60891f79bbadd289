/* SPDX-License-Identifier: Apache-2.0
 *
 * team: threads of which whoever has nothing to do helps another with tasks that do not
 * touch each other's memory. They are not started for that, nor woken, if it can be had: a
 * processor of a virtual machine that went to sleep may take milliseconds to come back.
 */
#ifndef BASE_TEAM_H
#define BASE_TEAM_H

#include <stddef.h>
#include <stdint.h>

struct team;

struct team *team_new(void);

/* Nobody is in team_help() any more. */
void team_free(struct team *team);

/*
 * Calls TASK(CONTEXT, i) for each i of COUNT and returns when all are done. The caller and
 * all who are in team_help() take the next i whenever they are free, those with the largest
 * WEIGHTS[i], about how long they take, first. Who does which is open. One thread at a time
 * may call this.
 */
void team_spread(struct team *team, const uint64_t *weights, size_t count,
    void (*task)(void *context, size_t i), void *context);

/* How many calls there were so far, for team_help(). */
unsigned team_calls(const struct team *team);

/* Whoever helps returns, to look for work of his own. */
void team_call(struct team *team);

/*
 * Helps until there are more than CALLS calls, as team_calls() said before the caller found
 * nothing to do of his own. Waits busily for some milliseconds, then asleep.
 */
void team_help(struct team *team, unsigned calls);

#endif
