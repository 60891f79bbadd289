/* SPDX-License-Identifier: Apache-2.0
 *
 * ini: settings as text. [section name], `key = value`; a line that begins with a blank
 * goes on with the value before it; a comment begins with ; or # at a line's start, or
 * with a blank and ; behind a value. Lines may be of any length, unlike in the usual
 * library, which cuts them at 200 bytes without a word.
 */
#ifndef BASE_INI_H
#define BASE_INI_H

#include "base/err.h"
#include "base/str.h"

/*
 * One setting: a value's lines are joined by a newline. LINE: where its key stands. A
 * section's heading comes, too, with an empty key.
 */
struct ini_entry {
	struct str section, key, value;
	const char *file;
	unsigned line;
};

/* Returns 0, or -1 to stop, with ERR set; it is then given file and line. */
typedef int ini_take(void *context, const struct ini_entry *entry, struct err *err);

/* TEXT is what FILE holds. -1: what was wrong, where; what stood before it was given. */
int ini_parse(struct str text, const char *file, ini_take *take, void *context,
    struct err *err);

/* The same of the file at PATH, at most 1 MiB. */
int ini_read(const char *path, ini_take *take, void *context, struct err *err);

#endif
