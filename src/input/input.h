/* SPDX-License-Identifier: Apache-2.0
 *
 * input: where lines come from. Names become streams, a stream is files in time
 * order, a file is decoded text read from front to back. Knows bytes, codecs and
 * names; not what a line says (time comes through a callback).
 */
#ifndef INPUT_INPUT_H
#define INPUT_INPUT_H

#include <sys/types.h>

#include "base/err.h"
#include "base/str.h"

struct input_file {
	const char *name;  /* as shown; "-" for stdin, "journal" for the journal */
	bool seekable;     /* plain text in a regular file: input_read_at() works */
	uint64_t size;     /* bytes when seekable; else bytes on disk, 0 if unknown */
	int64_t mtime;     /* microseconds; now for what has none: anchor for years */
	int64_t first;     /* time of its first stamped line by the probe; INT64_MIN: none */
	uint64_t head_hash; /* of the first line, at most 256 bytes of it: stable while it grows */
	struct input_private *private;
};

/* Files in time order: one rotated set, or one name. */
struct input_stream {
	struct input_file *files;
	size_t count;
};

struct input_set {
	struct input_stream *streams; /* in order of the arguments */
	size_t count;
	struct input_fault *faults;   /* what could not be opened, and warnings */
	size_t fault_count;
};

struct input_fault {
	char *text;   /* for a person, names the file */
	char *name;   /* of what could not be opened; NULL: of nothing that was named */
	bool warning; /* true: nothing is missing (a copy that was left out) */
};

/* The time of the first stamped line in HEAD (decoded text), or false. */
typedef bool input_probe(void *context, struct str head, int64_t mtime, int64_t *ret);

struct input_settings {
	const char *const *names; /* files, directories, globs, "-"; none: the system's log */
	size_t count;
	int64_t since;            /* files that end before are left out; INT64_MIN: none */
	input_probe *probe;
	void *context;
};

/*
 * Finds, orders and opens the head of everything. Returns -1 only when there is
 * nothing at all to read; single files that fail become faults.
 */
int input_open(const struct input_settings *settings, struct input_set **ret, struct err *err);
void input_close(struct input_set *set);

/* Reads a file from its beginning, decoded. */
struct input_reader;
int input_reader_open(const struct input_file *file, struct input_reader **ret, struct err *err);

/*
 * Up to ROOM bytes of decoded text: > 0 bytes read; 0 at the end; -1 on a fault
 * (truncated compression, I/O error), after everything readable was returned.
 * The fault's text names file and offset.
 */
ssize_t input_reader_read(struct input_reader *reader, char *to, size_t room, struct err *err);

/* Bytes consumed of the file as it lies on disk, for the progress bar. */
uint64_t input_reader_position(const struct input_reader *reader);
void input_reader_close(struct input_reader *reader);

/* Bytes at OFFSET of a seekable file; thread-safe. As input_reader_read(). */
ssize_t input_read_at(const struct input_file *file, char *to, size_t room, uint64_t offset,
    struct err *err);

#endif
