/* SPDX-License-Identifier: Apache-2.0
 *
 * escape: text that outsiders wrote, made harmless for its medium. Characters
 * that steer, hide or reorder (utf8_is_unsafe()) and bytes that are not UTF-8
 * become \x1b (a byte) or \u{202e} (a character). A backslash stays itself: the
 * forms are for the eye, not for reading back.
 */
#ifndef BASE_ESCAPE_H
#define BASE_ESCAPE_H

#include "base/buf.h"
#include "base/str.h"

/* S for a terminal or any other one-line display. */
void escape_terminal(struct buf *out, struct str s);

/*
 * S as one CSV field (RFC 4180), escaped as above, so always on one line. Quoted
 * when it holds a quote or a separator; a leading = + - @ tab CR LF, which
 * spreadsheets take for a formula (also behind spaces), gets an apostrophe before it.
 */
void escape_csv(struct buf *out, struct str s);

/*
 * S as one word of a shell's command line, in single quotes unless it needs none; what a
 * terminal would not show as it is stands as \033 in $'', as bash, ksh and zsh read it. What
 * leads with a dash still is an option to whom it is given.
 */
void escape_shell(struct buf *out, struct str s);

#endif
