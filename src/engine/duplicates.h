/* SPDX-License-Identifier: Apache-2.0
 *
 * duplicates: events that a program tells twice in a row. Exim writes refusals to its main
 * log and to its reject log; where both go to syslog each line stands there two times:
 *
 *   exim[7]: H=(pc) [192.0.2.1]:4711 F=<s@a.test> rejected RCPT <r@b.test>: not permitted
 *   exim[7]: H=(pc) [192.0.2.1]:4711 F=<s@a.test> rejected RCPT <r@b.test>: not permitted
 *
 * The second one of a pair is dropped: that of the same host and pid, with the same fields,
 * no other of the process between them, within a second and a hundred lines.
 */
#ifndef ENGINE_DUPLICATES_H
#define ENGINE_DUPLICATES_H

#include "event/event.h"

#define DUPLICATE_LINES 100
#define DUPLICATE_USEC USEC_PER_SEC
/* More than the lines: what counts is never overwritten. */
#define DUPLICATES_KEPT 128u

/* An event that may be told again; seeded hashes stand for texts. */
struct duplicate {
	uint64_t who, what;
	int64_t time, number;
	bool single; /* its second telling has not come */
};

/* All zeroes is empty. */
struct duplicates {
	struct duplicate kept[DUPLICATES_KEPT];
	uint32_t count; /* all so far; the place of the next is count % DUPLICATES_KEPT */
	/* First tellings in the first lines: they may be second ones after what was before. */
	uint64_t early[DUPLICATE_LINES];
	uint32_t early_count;
};

/*
 * EV, of line NUMBER from 0, is of a sort that is told twice. False: it has all been told
 * already. A repeat of many is counted once a pair.
 */
bool duplicates_is_new(struct duplicates *duplicates, struct event *ev, int64_t number);

/* Would lines that were read as if nothing was before, of which NEXT saw LINES, be read
 * differently after BEFORE, which saw BEFORE_LINES? */
bool duplicates_matter(const struct duplicates *before, int64_t before_lines,
    const struct duplicates *next, int64_t lines);

/* TO becomes what FROM is, with its lines' numbers grown by SHIFT. */
void duplicates_copy(struct duplicates *to, const struct duplicates *from, int64_t shift);

#endif
