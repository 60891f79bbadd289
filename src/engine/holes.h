/* SPDX-License-Identifier: Apache-2.0
 *
 * holes: NULs in a row where lines were to be: a crash left them, or a log was truncated
 * under a writer that went on where it was. They are no part of a line; one that is torn
 * before them ends there. The functions are for lines.c.
 */
#ifndef ENGINE_HOLES_H
#define ENGINE_HOLES_H

#include "engine/lines.h"

/*
 * Looks whether the SIZE bytes from AT on, which were just read, have a hole or part of one.
 */
void holes_look(struct lines *lines, size_t at, size_t size);

/*
 * Drops the hole that the unread bytes begin with, if any, as far as it was read; returns
 * where the next one begins, or their end. Only to be called if lines_have_hole().
 */
size_t holes_pass(struct lines *lines);

/* The unread bytes up to AT are the beginning of a line that a hole tore. */
void holes_give_torn(struct lines *lines, size_t at, struct line *ret);

/* The hole, if one was being passed, is over. */
void holes_end(struct lines *lines);

static inline bool
lines_have_hole(const struct lines *lines)
{
	return lines->suspect || lines->passed;
}

#endif
