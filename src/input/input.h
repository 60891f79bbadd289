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
	/* Of the first line, at most 256 bytes of it: stable while it grows. */
	uint64_t head_hash;
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

/*
 * The time of the first stamped line in HEAD (decoded text), or false. *RET_YEARLESS: the line
 * does not tell the year, which is a guess.
 */
typedef bool input_probe(void *context, struct str head, int64_t mtime, int64_t *ret,
    bool *ret_yearless);

struct input_settings {
	const char *const *names; /* files, directories, globs, "-"; none: the system's log */
	size_t count;
	int64_t since;            /* files that end before are left out; INT64_MIN: none */
	/* A file that will be written: no log may be that; or NULL. */
	const char *output;
	input_probe *probe;
	void *context;
};

/*
 * Finds, orders and opens the head of everything. Returns -1 only when there is
 * nothing at all to read, or one is the output; single files that fail become faults.
 */
int input_open(const struct input_settings *settings, struct input_set **ret, struct err *err);
void input_close(struct input_set *set);

/* Reads a file from its beginning, decoded. */
struct input_reader;
int input_reader_open(const struct input_file *file, struct input_reader **ret,
    struct err *err);

/*
 * Up to ROOM bytes of decoded text: > 0 bytes read; 0 at the end; -1 on a fault
 * (truncated compression, I/O error), after everything readable was returned.
 * The fault's text names file and offset.
 */
ssize_t input_reader_read(struct input_reader *reader, char *to, size_t room, struct err *err);

/*
 * Is it a plain pipe the writer of which pauses, everything being read that it has written
 * so far? Takes a quarter of a second to tell.
 */
bool input_reader_paused(const struct input_reader *reader);

/* Bytes consumed of the file as it lies on disk, for the progress bar. */
uint64_t input_reader_position(const struct input_reader *reader);
void input_reader_close(struct input_reader *reader);

/* So many NULs in a row are no text: a hole. No daemon writes them, whoever talks to it. */
#define INPUT_HOLE 512u
#define INPUT_HOLE_CAUSE                                                                    \
	"a crash left them, or the log was truncated under a program that writes on where"  \
	" it was"

/* Where the first hole in TEXT begins, or its end; and how many NULs TEXT begins with. */
size_t input_hole(struct str text);
size_t input_nuls(struct str text);

/* Bytes at OFFSET of a seekable file; thread-safe. As input_reader_read(). */
ssize_t input_read_at(const struct input_file *file, char *to, size_t room, uint64_t offset,
    struct err *err);

/*
 * Following: lines as they are written, through rotation of any sort: renamed and made
 * anew, copied and truncated, compressed, deleted, not there yet. A line is given once,
 * whole; a torn last line waits for its rest until its file is done with.
 */
struct follow;

/* How far a file was read: what a restart needs. A name has some while it is rotated. */
struct follow_position {
	const char *name;       /* as it is followed */
	uint64_t head_hash;     /* stable_hash() of the file's first head_len bytes: */
	uint32_t head_len;      /* by them it is known again, renamed or compressed */
	uint64_t offset;        /* behind the last line that was given */
	uint64_t device, inode; /* hints */
	int64_t mtime;          /* hint: when it was last changed, as far as was seen */
	const char *path;       /* where it was opened, if that is known; else NULL or empty */
	const char *cursor;     /* of the journal, which has nothing of the above; else NULL */
	uint64_t generation;    /* as in follow_line, while it is followed; 0: none */
};

struct follow_settings {
	const char *const *names; /* files, "journal"; none: the system's log */
	size_t count;
	const struct follow_position *from; /* oldest file first, as follow_positions() said */
	size_t from_count;
	bool from_start;    /* a name without position begins at its start, not its end */
	int64_t quiet_usec; /* a rotated file is closed after so long without a line; 0: 5 s */
	bool poll;          /* look every 250 ms, as where the kernel does not tell */
};

struct follow_line {
	size_t source;      /* which name */
	const char *name;   /* as it is followed, whatever its file is called now */
	struct str text;    /* without its newline; cut when longer than 256 KiB */
	uint64_t head_hash; /* as input_file.head_hash; with the offset it tells lines apart */
	uint64_t offset;    /* of its first byte; 0 in a journal, where head_hash tells */
	/* Where a follow_position stands that goes on with it: in which file, by number, and
	 * offset, or by cursor (else NULL). */
	uint64_t generation, before;
	const char *cursor;
};

enum follow_notice_kind {
	FOLLOW_LOSS_POSSIBLE, /* a line written between copying and truncating would be gone */
	FOLLOW_LOST,          /* lines are gone, or nobody can tell */
	FOLLOW_FAULT,         /* cannot be read; said once, tried again */
	/* Another name has all its lines, or is the same file; said first. */
	FOLLOW_LEFT_OUT,
	FOLLOW_HOLE,          /* NULs were left out */
};

struct follow_notice {
	enum follow_notice_kind kind;
	size_t source;
	const char *name;
	int64_t time;     /* when it was noticed */
	const char *text; /* for a person, names the file */
};

/* Who takes what is read. Slices die when it returns. */
struct follow_sink {
	void (*line)(void *context, const struct follow_line *line);
	void (*notice)(void *context, const struct follow_notice *notice);
	void *context;
	/* Is SOURCE held back? It is read once it is not. NULL: none is. */
	bool (*holds)(void *context, size_t source);
};

/*
 * Names need not exist yet; what exists must be readable. A name all of whose lines another
 * one has (rejectlog beside mainlog) is left out.
 */
int follow_open(const struct follow_settings *settings, struct follow **ret, struct err *err);

/*
 * -1: what is in the file NAME by now cannot be followed, and why: its records are no lines,
 * or it is written in UTF-16. 0 also of one that is not there or may not be read.
 */
int follow_check(const char *name, struct err *err);

/* To wait on: readable when there is something to read, or to look after. */
int follow_fd(const struct follow *follow);

/* Reads what is there, or about a MiB of each file: then follow_fd() stays readable. */
void follow_read(struct follow *follow, const struct follow_sink *sink);

/*
 * Mail's entries in the system's journal of [SINCE, UNTIL), by time, as they are when they
 * are followed, but for `before` and `cursor`; false from EACH stops. -1: they cannot be read.
 */
int journal_between(int64_t since, int64_t until,
    bool (*each)(void *context, const struct follow_line *line), void *context,
    struct err *err);

/* Has the name number SOURCE more than the last follow_read() gave, or was it held? */
bool follow_has_more(const struct follow *follow, size_t source);

/* Where everything stands, behind the lines that were given; until the next call. */
size_t follow_positions(struct follow *follow, const struct follow_position **ret);
void follow_close(struct follow *follow);

#endif
