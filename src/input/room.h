/* SPDX-License-Identifier: Apache-2.0
 *
 * The input room's own door. What is read passes through layers: source (file,
 * spool, journal), codec (compression), decoder (record formats). A codec or a
 * decoder is one row here and one file that defines it.
 */
#ifndef INPUT_ROOM_H
#define INPUT_ROOM_H

#include <stdatomic.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "input/input.h"

/* How much is pulled from below at a time. */
#define LAYER_CHUNK (64 * 1024)

/*
 * One step between the disk and the reader. Implementations begin with it. What
 * read() returns is as input_reader_read(), except that the fault does not name
 * the file; after a fault or the end it is not called again.
 */
struct layer {
	ssize_t (*read)(struct layer *layer, char *to, size_t room, struct err *err);
	void (*close)(struct layer *layer); /* frees it, and all layers below */
	_Atomic uint64_t done; /* bytes given out so far; the progress bar looks on */
};

ssize_t layer_read(struct layer *layer, char *to, size_t room, struct err *err);
void layer_close(struct layer *layer); /* NULL is allowed */

/*
 * Fills ROOM bytes of TO unless the end or a fault (then *RET_FAILED is set) comes
 * first; returns how many. Not to be called again when they are fewer than ROOM.
 */
size_t layer_fill(struct layer *layer, char *to, size_t room, bool *ret_failed);

/* The first MAX bytes of BELOW. */
struct layer *layer_limit(struct layer *below, uint64_t max);

struct codec {
	const char *name;
	bool (*recognise)(struct str head);         /* HEAD: the file's first bytes */
	struct layer *(*open)(struct layer *below); /* takes over BELOW */
	bool seekable;                              /* what is read is what lies on disk */
};

/* A library that the build may lack drops its row; the Makefile drops the file. */
#ifdef HAVE_LIBLZMA
#define ROW_XZ(ROW) ROW(xz)
#else
#define ROW_XZ(ROW)
#endif
#ifdef HAVE_LIBZSTD
#define ROW_ZSTD(ROW) ROW(zstd)
#else
#define ROW_ZSTD(ROW)
#endif
#ifdef HAVE_BZIP2
#define ROW_BZIP2(ROW) ROW(bzip2)
#else
#define ROW_BZIP2(ROW)
#endif

/* The first that recognises the head reads it; plain is last, it takes anything. */
#define CODECS(ROW) ROW(gzip) ROW_XZ(ROW) ROW_ZSTD(ROW) ROW_BZIP2(ROW) ROW(plain)
#define CODEC_HEAD 16 /* bytes that are enough to recognise any */

#define ROW(id) extern const struct codec codec_##id;
CODECS(ROW)
#undef ROW

/* -1 when HEAD is of a compression that no row reads. */
int codec_find(struct str head, const struct codec **ret, struct err *err);

enum unpack {
	UNPACK_MORE,
	UNPACK_END,
	UNPACK_DAMAGED,  /* where it stands, or shortly before */
	UNPACK_MISMATCH, /* anywhere in the member: its checksum is another */
	UNPACK_TOO_BIG
};

/* What a library has left to read and where it writes on. */
struct unpack_ends {
	unsigned char *in;
	size_t in_len; /* at most LAYER_CHUNK */
	unsigned char *out;
	size_t out_len;
};

/* More is not spent on one file, whatever its header asks for. */
#define UNPACK_MEMORY_MAX (UINT64_C(256) * 1024 * 1024)

/* A compression library, as packed.c uses it. */
struct unpacker {
	bool (*recognise)(struct str head);
	struct str magic;  /* a member of which only a part of this is left was cut off */
	void *(*start)(void);
	void (*restart)(void *state); /* before each member, the first too */
	/* Takes and gives what it can, and moves the ENDS; UNPACK_END: of a member. */
	enum unpack (*step)(void *state, struct unpack_ends *ends);
	void (*done)(void *state);
};

/* Takes over BELOW. */
struct layer *packed_open(struct layer *below, const struct unpacker *unpacker);
_Noreturn void packed_out_of_memory(const char *library);

/* What BELOW gives, read in a thread of its own. No read of BELOW may wait for long. */
struct layer *ahead_open(struct layer *below);

/*
 * A record longer than this is not decoded but passed on as it is: what one
 * record can make us allocate is bounded.
 */
#define RECORD_MAX (512 * 1024)

/* A line of which records hold pieces is cut here. */
#define RECORD_JOINED_MAX (4 * RECORD_MAX)

struct decoder {
	const char *name;
	bool (*recognise)(struct str head); /* HEAD: decompressed text */
	void *(*start)(int64_t when); /* WHEN: the last of it was written; 0: now */
	/*
	 * Takes a record or part of one off the front of IN, appends lines to OUT
	 * and returns the bytes used; 0: more are wanted, which may only be said
	 * below RECORD_MAX bytes. END: nothing follows IN; it is called until IN
	 * is empty and then once more.
	 */
	size_t (*decode)(void *state, struct str in, bool end, struct buf *out);
	void (*done)(void *state);
	/* A record is a line, so that a log can be followed; or else what to do instead. */
	bool by_line;
	const char *instead;
};

/* As CODECS; text is last. Its decode is NULL: lines are read as they are. */
#define DECODERS(ROW) ROW(journal_json) ROW(journal_export) ROW(docker) ROW(cri)             \
	ROW(octets) ROW(dateless) ROW(text)

#define ROW(id) extern const struct decoder decoder_##id;
DECODERS(ROW)
#undef ROW

const struct decoder *decoder_find(struct str head);

/* How a file of a journal begins; see the format's description by systemd. */
#define JOURNAL_MAGIC STR("LPKSHHRH")

/*
 * -1 when HEAD, of decompressed text, is that of a journal, or written in two bytes a
 * character (UTF-16, as some programs export logs): with a byte order mark, or with every
 * second byte NUL and no other.
 */
int text_check(struct str head, struct err *err);

/*
 * Takes over BELOW, which was last written WHEN; returns BELOW itself when there is nothing to
 * decode.
 */
struct layer *decoder_open(const struct decoder *decoder, struct layer *below, int64_t when);

/* What a journal says of a line, by journald's names of the fields. */
#define JOURNAL_FIELDS(F)                                                                   \
	F(__REALTIME_TIMESTAMP) F(_HOSTNAME) F(SYSLOG_IDENTIFIER) F(_COMM) F(SYSLOG_PID)    \
	F(_PID) F(MESSAGE)

enum journal_field {
#define F(name) JOURNAL_##name,
	JOURNAL_FIELDS(F)
#undef F
	JOURNAL_COUNT
};

/* The number of the field NAME, or JOURNAL_COUNT: of no interest. */
enum journal_field journal_field_find(struct str name);
extern const char *const journal_field_names[JOURNAL_COUNT];

/* Has FIELDS (empty: not known) a time of our calendar? */
bool record_has_time(const struct str fields[JOURNAL_COUNT]);

/*
 * Appends a line, "2026-11-20T11:58:13.587668+00:00 HOST IDENT[PID]: MESSAGE"; "-" for
 * an unknown time or host. No field can end the line or pretend to be another.
 */
void record_line(const struct str fields[JOURNAL_COUNT], struct buf *out);

/* Appends TEXT with its control characters as #ooo, as rsyslog writes them. */
void record_escape(struct str text, struct buf *out);

/*
 * The decode() of formats with one record a line. CONVERT appends a line for one
 * record, or returns false with OUT untouched: then the record itself is passed on.
 * *PASSING, false at first, remembers being inside a record that is too long.
 */
typedef bool record_convert(void *state, struct str record, struct buf *out);
size_t record_each_line(struct str in, bool end, struct buf *out, bool *passing,
    record_convert *convert, void *state);

/*
 * joined.c: lines that come in pieces, a record each: the state of a decoder with one record
 * a line, made and freed by its start() and done().
 */
enum { JOINED_OUT, JOINED_ERR, JOINED_STREAMS };

struct joined {
	bool passing;                    /* record_each_line()'s */
	struct buf line[JOINED_STREAMS]; /* begun, its end has not come yet */
};

void *joined_start(int64_t when);
void joined_done(void *state);

/* LINE has ended, or must end here: it goes to OUT, with a newline, and is empty again. */
void joined_flush(struct buf *line, struct buf *out);

/* Their decode(). CONVERT, whose state is JOINED, adds a record's piece to its line. */
size_t joined_decode(struct joined *joined, struct str in, bool end, struct buf *out,
    record_convert *convert);

/* Is there a line that begins with BEGIN and contains WORD among the first few of HEAD? */
bool record_line_with(struct str head, struct str begin, struct str word);

/* What a pipe has given so far, kept so that it can be read again; see spool.c. */
struct spool;

/* Owns FD. No error: without a temporary file it is read once only. */
struct spool *spool_new(int fd);
void spool_free(struct spool *spool);

/*
 * Has the pipe, of which AT bytes have been read, nothing to give for a moment (a quarter
 * of a second)? False at its end.
 */
bool spool_paused(const struct spool *spool, uint64_t at);

/* Which journal, and from when on it is wanted. */
struct journal {
	char *directory; /* NULL: the system's own */
	char *file;      /* or one of its files; else NULL */
	int64_t since;   /* INT64_MIN: all */
};

/*
 * What of a journal is mail, as journalctl(1) takes it: matches, where of those of one field
 * one must be true and of every field there is one, and JOURNAL_OR between such sets.
 */
#define JOURNAL_OR "+"
extern const char *const journal_mail_matches[]; /* NULL ends it */

/* The entries of a journal, by libsystemd. */
struct entries;
int entries_open(const struct journal *where, struct entries **ret, struct err *err);
void entries_close(struct entries *entries);
struct sd_journal *entries_journal(struct entries *entries);

/* Appends a line of the next entry to OUT: 1; 0: there is none now; else minus errno. */
int entries_next(struct entries *entries, struct buf *out);

struct input_private {
	struct layer *(*open)(const struct input_file *file, struct err *err);
	const struct codec *codec;
	const struct decoder *decoder;
	char *name;
	int fd;              /* of a regular file, else -1 */
	uint64_t start, end; /* what of it is read: it may grow meanwhile */
	dev_t device; /* with the inode: what tells that two names mean one file */
	ino_t inode;
	struct spool *spool; /* of a pipe or device, else NULL */
	struct journal journal;
	bool empty, binary;     /* what the decoded head is */
	bool yearless;          /* the year of `first` is a guess */
	char *directory, *base; /* the rotated set: where, and the name of its newest */
	int64_t order;          /* within it, by name: the oldest first */
};

/*
 * source.c: opens what NAME means ("-": stdin) into *RET, unprobed. FLAGS: O_NONBLOCK, where
 * a FIFO's writer is not to be waited for, or 0.
 */
int source_open(const char *name, int flags, struct input_file *ret, struct err *err);

/* PATH could not be opened: why, and what to do when its group would be allowed to. */
int source_failed(const char *path, int error, struct err *err);

/* The journal in DIRECTORY (NULL: the system's); opened only when it is read. */
void source_journal(const char *directory, int64_t since, struct input_file *ret);
void source_close(struct input_file *file);

struct layer *file_open(const struct input_file *file, struct err *err);
struct layer *spool_open(const struct input_file *file, struct err *err);
struct layer *journal_open(const struct input_file *file, struct err *err);

/* probe.c: looks at the head: sets codec, decoder, seekable, size, first and hashes. */
int probe_file(struct input_file *file, const struct input_settings *settings,
    struct err *err);

/* All layers of FILE, which must be probed. */
struct layer *probe_layers(const struct input_file *file, struct layer **ret_source,
    struct err *err);

/* names.c: what the arguments mean. */
struct name {
	char *path;
	bool guessed; /* found in a directory by the look of its name */
};

struct names {
	struct name *list;
	size_t count, room;
};

/* Appends what ARGUMENT stands for: itself, a directory's logs, a pattern's matches. */
int names_expand(struct names *names, const char *argument, struct err *err);

/* The system's usual log below ROOT ("": the real one), its rotated files with it. */
bool names_usual(struct names *names, const char *root);
void names_done(struct names *names);

/* The paths it looks at, for the message that there is none. */
#define USUAL_LOGS(F) F("/var/log/mail.log") F("/var/log/maillog") F("/var/log/mail.info")

/*
 * rotated.c. The name of the set that NAME (no directory) is of, which the caller frees
 * (mail.log of mail.log-20260101.gz), and where it belongs in the set, the oldest lowest.
 */
char *rotated_base(const char *name, int64_t *ret_order);

/* Sorts the FILES of one set by time; COUNT without those that end before SINCE. */
size_t rotated_sort(struct input_file *files, size_t count, int64_t since);

/* Do A and B belong to one set? */
bool rotated_same(const struct input_private *a, const struct input_private *b);

/*
 * copies.c: closes and removes those of COUNT files that repeat others, with
 * warnings to SET; returns how many are left.
 */
size_t copies_drop(struct input_file *files, size_t count, struct input_set *set);

/* The one of COUNT NAMES that by its name has all the lines of NAME; NULL: none. */
const char *copies_wider(const char *const *names, size_t count, const char *name);

/* input.c */
void input_fault(struct input_set *set, bool warning, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* input_open() with the usual paths and the journal below ROOT, for tests. */
int input_open_below(const char *root, const struct input_settings *settings,
    struct input_set **ret, struct err *err);

#endif
