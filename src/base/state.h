/* SPDX-License-Identifier: Apache-2.0
 *
 * state: what a process hands to the one that takes its place: records, each with a tag
 * that says whose it is, in a file without a name (memfd_create(2)). Who reads it trusts
 * nothing: all is checked against the bytes that are there.
 */
#ifndef BASE_STATE_H
#define BASE_STATE_H

#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

struct state_out {
	int fd;
	struct buf waiting; /* bytes not yet in the file */
	uint64_t len, hash; /* of what is behind the head */
	bool failed;
};

/* Begins to write into FD, an empty file; until state_end() it is not valid. */
void state_begin(struct state_out *out, int fd);

/* A record of what RECORD has, for who knows TAG. */
void state_record(struct state_out *out, struct str tag, const struct buf *record);

/* Makes the file valid. */
int state_end(struct state_out *out, struct err *err);

/* Parts of a record, in order; texts may have any bytes. */
void state_put_number(struct buf *record, int64_t number);
void state_put_text(struct buf *record, struct str text);

/*
 * The records in FD's file, mapped; the caller unmaps them by state_close(). 1: it is
 * empty. -1: it is damaged, or of another version of this program.
 */
int state_open(int fd, struct str *ret, struct err *err);
void state_close(struct str records);

/* The same for BYTES in memory: *RET is a slice of them. */
int state_check(struct str bytes, struct str *ret, struct err *err);

/* Cuts the next record off RECORDS; false: there is none. */
bool state_next(struct str *records, struct str *ret_tag, struct str *ret_record);

/* Cut the next part off RECORD; false: it is none. */
bool state_number(struct str *record, int64_t *ret);
bool state_text(struct str *record, struct str *ret);

#endif
