/* SPDX-License-Identifier: Apache-2.0
 *
 * reserve: a small file of texts whose room was taken beforehand, so that a full disk
 * cannot refuse what is put there: it is written over, in place. What was put is there
 * after the process was killed, or the power was cut. On a file system that never writes
 * in place (btrfs, ZFS) a full disk does refuse, and that is said.
 */
#ifndef BASE_RESERVE_H
#define BASE_RESERVE_H

#include <stddef.h>

#include "base/err.h"
#include "base/str.h"

#define RESERVE_TEXTS 256u /* in the file */
#define RESERVE_TEXT_MAX 500u /* bytes of one */

struct reserve {
	int fd; /* -1: none is open */
	size_t count;
};

/*
 * Opens PATH, made if it is not there, with all its room. EACH (or NULL) is told the texts
 * that it has, which live until it returns; what is damaged and all behind it is not there.
 */
int reserve_open(const char *path, void (*each)(void *context, struct str text), void *context,
    struct reserve *ret, struct err *err);

/* The same of a file that another process may have open, to read only; without it, none. */
int reserve_read(const char *path, void (*each)(void *context, struct str text), void *context,
    struct err *err);

/* Adds TEXT. -1: it is not there, and will not be. */
int reserve_put(struct reserve *reserve, struct str text, struct err *err);

/* Forgets all. Killed meanwhile, it has some of the first. */
void reserve_clear(struct reserve *reserve);

void reserve_close(struct reserve *reserve);

#endif
