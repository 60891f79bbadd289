/* SPDX-License-Identifier: Apache-2.0
 *
 * wrapped: entries that their program splits over several syslog lines (KIND_part), put
 * together again. The parts of one have host, pid and the text in `session` in common.
 *
 *   amavis[7]: (1-2) Passed SPAM {RelayedTaggedInbound}, [192.0.2.1]:25 <s@a.test> -> <r@...
 *   amavis[7]: (1-2) ...b.test>, Hits: 9.1, 667 ms
 *
 * The entry is read when its last part has come, and stands where its first one does. One
 * that is not completed in time is read as far as it came (`truncated`), in place of the
 * next line that tells nothing itself, so that nothing depends on where batches end.
 */
#ifndef ENGINE_WRAPPED_H
#define ENGINE_WRAPPED_H

#include "base/arena.h"
#include "base/buf.h"
#include "event/event.h"
#include "parse/parse.h"

/* Entries waiting for more at a time, and the bytes they may hold together. */
#define WRAPPED_OPEN 256u
#define WRAPPED_BYTES (UINT64_C(2) << 20)
/* How long one waits: lines, and log time. */
#define WRAPPED_LINES 10000
#define WRAPPED_USEC (60 * USEC_PER_SEC)

/* What came of an entry so far. */
struct wrapped_entry {
	struct buf line;    /* the first part's line and what the others add, without "..." */
	struct event first; /* of the first part; its slices are `line`'s */
	int64_t begun;      /* that line's number in the pipeline, from 0 */
};

/* All zeroes is empty. */
struct wrapped {
	struct wrapped_entry *open; /* oldest first */
	uint32_t count, room;
	uint64_t bytes;             /* of all `line` */
	struct arena texts;         /* lines of the batch's events made here */
};

struct pipeline;

/*
 * EV, of line NUMBER and with MESSAGE behind its header, is a part. When it completes an
 * entry, or another one has to go for it, *EV becomes the event that was read; else it is
 * of no use. Both are tallied here.
 */
enum parse_result wrapped_part(struct pipeline *pipeline, struct event *ev,
    struct str message, int64_t number);

/*
 * EV, of line NUMBER, tells nothing: if the oldest entry has waited too long by then, *EV
 * becomes what is known of it. Returns what that is; PARSE_IGNORED if there is none.
 */
enum parse_result wrapped_overdue(struct pipeline *pipeline, struct event *ev, int64_t number);

/* What is known of the oldest entry as *EV, which is gone then. There must be one. */
enum parse_result wrapped_give_up(struct pipeline *pipeline, struct event *ev);

/* Appends FROM's entries to INTO's; their lines' numbers grow by SHIFT. */
void wrapped_move(struct wrapped *into, struct wrapped *from, int64_t shift);

/* The batch's events have been handed on: their lines may go. */
void wrapped_clear(struct wrapped *wrapped);
void wrapped_done(struct wrapped *wrapped);

#endif
