/* SPDX-License-Identifier: Apache-2.0
 *
 * still-open: messages that are in the queue, sessions that go on, clients that never came
 * back. Their derived events come with the end of a log; a guard's has none, so a report
 * over its store makes them from the lines' events that it keeps.
 */
#ifndef ENGINE_STILL_OPEN_H
#define ENGINE_STILL_OPEN_H

#include "engine/engine.h"

/*
 * Those kinds, of the set WANTED, that can be open at the end of a log; 0: there is nothing
 * to be made.
 */
uint64_t still_open_kinds(uint64_t wanted);

struct still_open;

/*
 * Makes what STORE lacks of KINDS over [SETTINGS->since, until), with places if SETTINGS
 * has a geo. Reads the events that they are made of, from STILL_OPEN_REACH before it to as
 * long after it, in order of time, and keeps what is open, as capped as tracking is.
 */
#define STILL_OPEN_REACH (7 * USEC_PER_DAY)

int still_open_make(struct store *store, uint64_t kinds, const struct run_settings *settings,
    struct still_open **ret, struct err *err);

/* For store_queries(); as long as OPEN. */
const struct store_more *still_open_events(const struct still_open *open);
void still_open_free(struct still_open *open);

#endif
