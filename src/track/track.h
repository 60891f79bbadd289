/* SPDX-License-Identifier: Apache-2.0
 *
 * track: which events belong together. Takes the primary events in order, with
 * their text fields numbered, and completes derived ones: message, session,
 * attempt, reconnect. The live tables are bounded; what is evicted is counted.
 *
 * Pieces of a log can be tracked apart and joined: a tracker that did not see
 * the log's beginning sets aside the events of things it did not see begin, and
 * track_join() replays them on the state of the piece before.
 */
#ifndef TRACK_TRACK_H
#define TRACK_TRACK_H

#include "base/arena.h"
#include "base/civil.h"
#include "event/event.h"

struct track_limits {
	uint32_t messages, sessions, connections, clients; /* entries kept at most */
};

extern const struct track_limits track_limits_default;

struct track;

/*
 * Derived events of one batch. Their text is raw (in `text`) or numbered. A message
 * knows its lineno: the place of the line that completed it, which may be long past.
 */
struct track_out {
	struct event *events;
	size_t count, room;
	struct region memory; /* of the events */
	struct arena text;    /* what the raw slices point into */
};

struct track_stats {
	uint64_t messages, sessions, attempts, reconnects; /* emitted */
	uint64_t evicted_messages, evicted_sessions, evicted_connections, evicted_clients;
};

/* FROM_START: the log's beginning, so nothing is set aside. */
struct track *track_new(const struct track_limits *limits, bool from_start);
void track_free(struct track *track);

/* Text fields track reads of an event of KIND: must be numbered before. */
void track_needs(enum kind kind, uint64_t ret[2]);

/*
 * Of these, the fields that are only handed on to derived events: they need not be
 * numbered when nobody looks at them there.
 */
void track_hands_on(uint64_t ret[2]);

/* The text fields that derived events may spell: they have the numbers of all others. */
void track_spells(uint64_t ret[2]);

/*
 * FIELDS are all that somebody looks at of derived events of KIND: some of the others
 * are left out then. Nobody said so: all are made.
 */
void track_wants(struct track *track, enum kind kind, const uint64_t fields[2]);

/* The kinds of primary events, a bit each, that derived events of KIND are made of. */
uint64_t track_sources(enum kind kind);

/* One primary event in log order; appends what it completes to OUT. */
void track_event(struct track *track, const struct event *ev, struct track_out *out);

/*
 * What is over by NOW at the latest. Without it, it is made with the next message or session:
 * for who counts all of a log that is soon enough, for who waits for it not.
 */
void track_sweep(struct track *track, int64_t now, struct track_out *out);

/* track_event() of each of N events, at most EVENT_BATCH, whose kinds are KINDS. */
void track_batch(struct track *track, const struct event *events, const uint8_t *kinds,
    size_t n, struct track_out *out);

/*
 * Renumbers everything held: number n of domain d becomes remap[d][n]. Where that is
 * TRACK_UNGIVEN, n gets the next number, which remap[d][0] counts: so a tracker that saw
 * the log's beginning tells which texts it still holds.
 */
#define TRACK_UNGIVEN UINT32_MAX
void track_renumber(struct track *track, uint32_t *const remap[DOMAINS]);

/* The same of one that is told of nothing any more, but joined: nothing is found in it. */
void track_retire(struct track *track, uint32_t *const remap[DOMAINS]);

/*
 * NEXT (retired, with the numbers of INTO's dictionaries) continues INTO: its set-aside
 * events are replayed, its live state taken over. NEXT is freed.
 */
void track_join(struct track *into, struct track *next, struct track_out *out);

/*
 * Events may be told so much later than others that were later: usual where logs are merged.
 */
#define TRACK_LATE (120 * USEC_PER_SEC)

/*
 * Does NEXT come to the same as a part of its own as in INTO itself? Not where time steps back
 * by more than TRACK_LATE, in NEXT or before it, or by less where that decides something; nor
 * where there may not have been room for both: then its events are to be told to INTO.
 */
bool track_continues(const struct track *into, const struct track *next);

/*
 * Ends all that waited long enough: at the end of each piece, so that as much is left then
 * whether it was joined or read as one with those before.
 */
void track_settle(struct track *track, struct track_out *out);

/* Did nobody have to go early, to make room? Who has to depends on where a log is cut. */
bool track_had_room(const struct track *track);

/*
 * The input ended at time END: emits what is still open, with open = true, until OUT has MOST
 * events or a few more. Returns whether there are others.
 */
bool track_finish(struct track *track, int64_t end, size_t most, struct track_out *out);

struct track_stats track_stats(const struct track *track);

void track_out_clear(struct track_out *out);
void track_out_free(struct track_out *out);

#endif
