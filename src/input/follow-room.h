/* SPDX-License-Identifier: Apache-2.0
 *
 * What the files that follow logs share. A name that is followed stands for files
 * one after another, its generations: the one there now and rotated ones that are
 * still being read. siblings: files of a set by name; generation: one file;
 * followed: a name through its generations; follow: all names, and waiting.
 */
#ifndef INPUT_FOLLOW_ROOM_H
#define INPUT_FOLLOW_ROOM_H

#include "input/room.h"

/* A longer line is given cut; also what is read at a time. */
#define FOLLOW_LINE (256 * 1024)

/* So much of a file's beginning tells it from others. */
#define FOLLOW_HEAD 1024

struct sibling {
	char *path;
	dev_t device;
	ino_t inode;
	uint64_t size;
	int64_t mtime;
	int64_t order; /* by name, the newest highest */
	bool newest;   /* it has the name that is followed */
};

struct siblings {
	struct sibling *list; /* the oldest first */
	size_t count, room;
};

/*
 * The regular files in DIRECTORY that are or were called BASE, all at one moment: a
 * rotation that goes on meanwhile is waited for.
 */
void siblings_look(struct siblings *ret, const char *directory, const char *base);
void siblings_done(struct siblings *siblings);

/* What tells that a file is the one that it was. */
struct identity {
	uint64_t head_hash;
	size_t head_len;  /* 0: nothing of it was seen; then only the inode tells */
	const char *head; /* the bytes themselves, if they are known: a copy may be shorter */
	dev_t device;
	ino_t inode;
	int64_t mtime;
};

/* A name is rotated: so many of its files are open at most. */
#define FOLLOW_OPEN 3

/* Where lines and notices of one name go. */
struct outlet {
	const struct follow_sink *sink; /* NULL: nobody reads yet, notices are kept */
	size_t source;
	const char *name;
	struct follow_notice kept[FOLLOW_OPEN + 1];
	char *kept_texts[FOLLOW_OPEN + 1];
	size_t kept_count;
};

void outlet_notice(struct outlet *outlet, enum follow_notice_kind kind, const char *format,
    ...) __attribute__((format(printf, 3, 4)));

/* Tells what was kept. */
void outlet_begin(struct outlet *outlet, const struct follow_sink *sink);
void outlet_done(struct outlet *outlet);

struct generation {
	struct input_file file;
	struct layer *packed; /* of a compressed file: its text; it does not grow */
	char *carry;          /* of that text, what waits: carry_len bytes from `offset` on */
	size_t carry_len;
	bool drained, failed; /* and nothing more of it comes; `fault` is why */
	struct err fault;
	dev_t device;
	ino_t inode;
	char *path;           /* behind all links, when it was opened */
	uint64_t number;      /* among all that were followed, from 1 */
	char head[FOLLOW_HEAD];
	size_t head_len;
	uint64_t line_hash;   /* of the first line, once it is known; else 0 */
	uint64_t offset;      /* behind the last line given */
	uint64_t seen;        /* bytes that were read; a torn line is read again */
	const struct decoder *decoder; /* of records, one a line; NULL: none was seen */
	void *decoder_state;
	struct buf record, decoded;    /* one, and the lines made of it */
	int64_t mtime;
	int64_t grown;        /* when it last gave something; by the monotonic clock */
	bool skipping;        /* in the rest of a line that was cut */
	uint64_t hole;        /* bytes of the one that ends at `offset`, so far */
	bool faulty;          /* a fault was told */
	bool copy;            /* what it was copied from was truncated */
	int watch;
};

/* Opens a regular file at its start. Fails on what cannot be followed. */
int generation_open(const char *path, struct generation **ret, struct err *err);
void generation_close(struct generation *generation);

void generation_identity(const struct generation *generation, struct identity *ret);
bool generation_is(const struct generation *generation, const struct identity *identity);

/* Moves to OFFSET; false when it is not so long: then to its end. */
bool generation_seek(struct generation *generation, uint64_t offset);

/* Moves behind the last line that is there. Not of a compressed file. */
void generation_seek_end(struct generation *generation);

enum reading {
	READING_MORE,      /* not all that is there was read */
	READING_ALL,
	READING_CUT,       /* it became shorter, its beginning is the same */
	READING_TRUNCATED, /* it began anew: what it was is elsewhere or gone */
};

/* Gives lines; BUFFER has FOLLOW_LINE bytes. */
enum reading generation_read(struct generation *generation, char *buffer,
    struct outlet *outlet);

/* Gives what is left, a torn last line too: it is done with. */
void generation_finish(struct generation *generation, char *buffer,
    struct outlet *outlet);

/* Tells when files change; inotify(7), where it works. */
struct watcher {
	int inotify;  /* or -1 */
	bool failing; /* it does not tell everything: look often */
};

void watcher_open(struct watcher *watcher, bool poll);
void watcher_close(struct watcher *watcher);
void watcher_drain(struct watcher *watcher);
int watcher_file(struct watcher *watcher, int fd); /* a number to drop it by, or -1 */
void watcher_path(struct watcher *watcher, const char *path);
void watcher_directory(struct watcher *watcher, const char *path);
void watcher_drop(struct watcher *watcher, int watch_number);

/* What all names share. */
struct follow_means {
	struct watcher watcher;
	int64_t quiet_usec;
	char *buffer; /* FOLLOW_LINE bytes */
	uint64_t generations; /* begun so far */
};

struct followed {
	char *name, *directory, *base;
	char *there, *there_base; /* the same of what NAME links to elsewhere; or NULL */
	struct generation *list[FOLLOW_OPEN]; /* the oldest first */
	size_t count;
	bool astray;       /* the file that was read last is not there to go on from: */
	int64_t since;     /* files that changed later are to be read */
	struct follow_means *means;
	struct outlet outlet;
	bool faulty;       /* that a file cannot be opened was told, */
	int64_t faulty_since; /* or will be, if that stays so; monotonic, 0: it can */
	bool more;         /* waits since it was read last, or may */
};

/*
 * Begins to follow NAME where settings->from says; without a position of it, at its end or
 * start. Fails on what exists and cannot be followed. MEANS must stay.
 */
int followed_open(const char *name, size_t source, const struct follow_settings *settings,
    struct follow_means *means, struct followed *ret, struct err *err);
void followed_done(struct followed *followed);

/* Reads what is there, through rotations; true when more waits. */
bool followed_pass(struct followed *followed, const struct follow_sink *sink);

/* Up to FOLLOW_OPEN + 1 positions; returns how many. */
size_t followed_positions(const struct followed *followed, struct follow_position *ret);

/*
 * The files that are or were FOLLOWED's, as siblings_look(): beside its name, or, where that
 * is a link to another directory, there, for there they are rotated.
 */
void followed_siblings(struct followed *followed, struct siblings *ret);

/* Watches their directory, which may have been made anew. */
void followed_watch(struct followed *followed);

struct generation *followed_newest(const struct followed *followed); /* or NULL */

/* Takes over GENERATION, the newest now; the oldest may have to go. */
void followed_append(struct followed *followed, struct generation *generation);

/* Opens SIBLING; NULL, and *RET_MOVED set, if that is another file by now. */
struct generation *succession_open(struct followed *followed, const struct sibling *sibling,
    bool *ret_moved);

/*
 * Goes on with the very file that FROM is of, where that was opened in another folder than
 * FOLLOWED leads to now; false: there is none.
 */
bool succession_elsewhere(struct followed *followed, const struct follow_position *from);

/* Opens what comes after the newest file that is open; false: nothing, so far. */
bool succession_advance(struct followed *followed);

/*
 * Goes on with the file that is IDENTITY, wherever it is now, at OFFSET. SEEN: how long it
 * was, at least. TRUNCATED: it is known that it was, what is found is a copy.
 */
void succession_reopen(struct followed *followed, const struct identity *identity,
    uint64_t offset, uint64_t seen, bool truncated);

/* The journal, followed. Implementations begin with it. */
struct tail {
	int fd; /* to wait on */
	size_t source;
	bool (*read)(struct tail *tail, const struct follow_sink *sink); /* as a pass */
	void (*position)(const struct tail *tail, struct follow_position *ret);
	void (*close)(struct tail *tail);
};

/* The journal in DIRECTORY (NULL: the system's), the argument number SOURCE. */
int tail_open(const char *directory, size_t source, const struct follow_settings *settings,
    struct tail **ret, struct err *err);

#endif
