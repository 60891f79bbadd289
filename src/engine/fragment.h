/* SPDX-License-Identifier: Apache-2.0
 *
 * fragment: what one thread makes of some neighbouring pieces, read one after the other as if
 * they were one. It hangs on the first of them, which says how many they are.
 */
#ifndef ENGINE_FRAGMENT_H
#define ENGINE_FRAGMENT_H

#include "engine/run.h"

/* The lines of FIRST go through PIPELINE, which has some of them until it is flushed. */
void fragment_read(struct run *run, struct piece *first, struct pipeline *pipeline);

/* Then the lines of the next piece. */
void fragment_read_on(struct run *run, struct piece *first, struct pipeline *pipeline);

/*
 * Begins a fragment with FIRST, which is read, and the clock it has. FROM_START: nothing comes
 * before it. May be read on until it ends.
 */
void fragment_begin(struct run *run, struct piece *first, bool from_start);
void fragment_end(struct piece *first);

/* It is gone: instead WHOLE, which all before it is in, reads its pieces on. */
void fragment_read_again(struct run *run, struct piece *first, struct pipeline *whole);

/* Forgets it, if there is one: its pieces are nobody's again. */
void fragment_undo(struct piece *first);

/*
 * Would its first line that lacks a zone or a year have been read as it was, after CLOCK?
 */
bool fragment_guess_was_right(const struct piece *first, const struct clock *clock);

/* What the clock is after it, counted on from BEFORE. */
struct clock fragment_clock_after(const struct piece *first, const struct clock *before);

#endif
