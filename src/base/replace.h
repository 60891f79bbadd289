/* SPDX-License-Identifier: Apache-2.0
 *
 * replace: a file written aside, in the same folder, and put in the place of the
 * old one all at once: readers see the one or the other, whatever happens. Whoever is
 * killed meanwhile leaves PATH.postern-0 (or -1, ... where several wrote at once), which the
 * next one to write PATH removes.
 */
#ifndef BASE_REPLACE_H
#define BASE_REPLACE_H

#include <sys/types.h>

#include "base/err.h"
#include "base/str.h"

struct replacement {
	int fd;     /* open for reading and writing; locked, which says that it is in use */
	char *temp; /* its path so far */
	char *path; /* its path to be */
	mode_t mode; /* it will have; may be changed before replace_commit() */
};

/*
 * Begins a file that is to be PATH, mode 0644. End with one of the next two. -1: it
 * cannot be made, or PATH is a folder, a device or a link, as /dev/stdout is.
 */
int replace_begin(struct replacement *replacement, const char *path, struct err *err);

/*
 * It will have the mode of the file that it replaces, or that which the umask makes a new
 * one's: who asked for it says who may read it. Before threads start.
 */
void replace_keep_mode(struct replacement *replacement);

/*
 * Puts it in place, once it is on disk, and its folder on disk behind it. On failure it is
 * gone and the old one stays, but where only the folder failed: then it is in place, and
 * a crash of the machine may bring the old one back.
 */
int replace_commit(struct replacement *replacement, struct err *err);
void replace_abandon(struct replacement *replacement);

/* Appends TEXT to it. */
int replace_write(const struct replacement *replacement, struct str text, struct err *err);

/*
 * Has a file that was just made at PATH, or renamed to it or away from it, keep to that
 * after a crash of the machine. 0, too, where the file system has no such thing or the
 * folder may not be read.
 */
int replace_sync_folder(const char *path, struct err *err);

/* All three: TEXT becomes PATH's content at once, or PATH stays as it is. */
int replace_file(const char *path, struct str text, mode_t mode, struct err *err);

#endif
