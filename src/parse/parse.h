/* SPDX-License-Identifier: Apache-2.0
 *
 * parse: the words daemons write. One line in, at most one primary event out;
 * no clock, no I/O, no allocation per line, and the result depends on the line
 * alone (what a struct parse remembers only saves work).
 */
#ifndef PARSE_PARSE_H
#define PARSE_PARSE_H

#include "event/event.h"

enum parse_result {
	PARSE_EVENT,     /* *ev is filled in */
	PARSE_IGNORED,   /* understood, of no use */
	PARSE_UNKNOWN,   /* a mail program's line that no pattern knows */
	PARSE_MALFORMED, /* no header, or a known shape that breaks off */
	PARSE_FOREIGN,   /* not a mail program's line */
	PARSE_RESULTS
};

/* A time stamp as written: engine's clock turns it into UTC. */
struct stamp {
	/* Microseconds, read as if UTC; year 2000 stands in when there is none. */
	int64_t local;
	int32_t offset; /* seconds east of UTC, if has_zone */
	bool has_year;
	bool has_zone;
	bool known;     /* false: the line has no stamp */
};

/* What one thread remembers between lines: last stamp, hosts and tags seen. */
struct parse;

struct parse *parse_new(void);
void parse_free(struct parse *parse);

/*
 * FIELDS are all that somebody looks at, before the first line: some of the others, which
 * tracking at most hands on, are left out then. Nobody said so: all are read.
 */
void parse_wants(struct parse *parse, const uint64_t fields[2]);

/*
 * So many bytes behind each line are readable; what they are makes no difference. Of an empty
 * message 16 are looked at, and whether ": " stands behind them.
 */
#define PARSE_PADDING 18u

/*
 * Reads LINE (no newline; a trailing CR is ignored). Whatever is returned, the
 * header's part of *EV is set as far as it was understood: line, weight, host,
 * program, daemon, instance, pid, host_no, tag_no; and *RET_STAMP. *EV's time
 * is not. LINE must outlive *EV, and has PARSE_PADDING behind it.
 */
enum parse_result parse_line(struct parse *parse, struct str line, struct event *ev,
    struct stamp *ret_stamp);

struct postfix_grammar;
struct row_memo;

/* Who reads the messages of a daemon. */
struct parse_reader {
	enum parse_result (*read)(struct str message, struct event *ev);
	/* NULL, or: false of what is not even surely that program's. */
	bool (*own)(struct str message, const struct event *ev);
	/* What READ goes by, or NULL: for parse_messages(). */
	const struct postfix_grammar *const *grammars;
	struct row_memo *memos; /* of rows, where there are GRAMMARS */
};

/* A line whose header was read and whose message was not yet. */
struct parse_begun {
	const struct parse_reader *reader; /* NULL: RESULT it is */
	uint32_t times;      /* "message repeated": so often */
	uint8_t result;
	uint8_t group;       /* of its tag; parse_begin() tells the line's */
	bool mail : 1;       /* a mail program's */
	bool twice : 1;      /* parse_tells_twice() is worth asking */
	bool run : 1;        /* begun in a run */
	bool doubtful : 1;   /* only its form tells whose it is: READER's OWN is to be asked */
	/* And READER is set, TIMES 1, TWICE not: what it says is all there is. */
	bool alone : 1;
	bool has_rows : 1;   /* ALONE, and READER has grammars */
	struct str message;  /* what follows the header */
};

/*
 * parse_line() in two steps, so that the lines of a batch can be begun in their order
 * and finished in any: first what stands in *EV whatever is returned, and *RET_STAMP;
 * then the rest. Returns the line's group: those of one look alike, and are read faster
 * together.
 */
uint8_t parse_begin(struct parse *parse, struct str line, struct event *ev,
    struct stamp *ret_stamp, struct parse_begun *ret);

#define PARSE_GROUPS 256u

/*
 * A line of a batch; where the event is, and which line of the batch it is, is set but once.
 */
struct parse_entry {
	struct parse_begun begun;
	struct event *event;
	uint32_t line;
};

/* What lines that stand one after another have in common, but for what is a result. */
struct parse_run {
	/*
	 * Events' times are stamps as written and SHIFT; the run ends before a minute that
	 * does not begin within SPAN microseconds from FROM on.
	 */
	int64_t shift, from;
	uint64_t span;
	uint8_t *groups;    /* become those of the lines */
	uint16_t *grouped;  /* are added: lines by group */
	uint64_t *tags;     /* are added: lines by tag_no, of those known so far */
	int64_t latest;     /* time of the event before; becomes that of the last one */
	/* Becomes false where one's time is before that of the one before. */
	bool ordered;
};

/* What all stamps of lines that the next run may have are but for `local`; or NULL. */
const struct stamp *parse_run_stamp(const struct parse *parse);

/* So many bytes are readable behind the newline of each line of a run. */
#define PARSE_RUN_PADDING 32u

/*
 * parse_begin() for lines that stand one after another: the first begins at BASE + AT, their
 * newlines are at BASE + ENDS[0 to COUNT - 1], with PARSE_RUN_PADDING behind. Stops at the
 * first one that does not look like those before, or is not of RUN; returns how many it has
 * begun, as the first of ENTRIES. Events get the time, too, but no place.
 */
size_t parse_begin_alike(struct parse *parse, const char *base, size_t at,
    const uint32_t *ends, size_t count, struct parse_run *run, struct parse_entry *entries);

/* What RESULT of reading its message makes of a line. */
enum parse_result parse_settle(const struct parse_begun *begun, struct event *ev,
    enum parse_result result);

/* Inline: it runs for every line. */
static inline enum parse_result
parse_finish(const struct parse_begun *begun, struct event *ev)
{
	enum parse_result result;

	if (!begun->reader)
		return begun->result;
	result = begun->reader->read(begun->message, ev);
	if (result == PARSE_EVENT && begun->times == 1 && !event_knows(ev, FIELD_count))
		return result;
	return parse_settle(begun, ev, result);
}

/* So many more of a batch's ORDER are looked at; they may be any. */
#define PARSE_AHEAD 8u

/* A bit no kind has. */
#define PARSE_UNSETTLED 0x80u

/* Lines that were begun. */
struct parse_batch {
	struct parse_entry *const *order; /* COUNT lines: best group by group */
	size_t count;
	uint8_t *kinds;   /* result, by line */
	uint32_t *counts; /* is added: lines by kind, but for those not settled */
};

/*
 * parse_finish() of the lines of BATCH. Of one that was begun in a run KINDS has the kind of
 * its event (which knows it then, too), if that is all there is to it, whatever stands around
 * it. Else it has PARSE_UNSETTLED, and its BEGUN the result.
 */
void parse_messages(const struct parse_batch *batch);

/* Just the stamp of a line: to put files into order. */
bool parse_stamp(struct str line, struct stamp *ret);

/* How many different hosts and tags this parse has numbered, and their texts. */
uint32_t parse_hosts(const struct parse *parse);
struct str parse_host(const struct parse *parse, uint32_t host_no);
uint32_t parse_tags(const struct parse *parse);

/* Are both less than a SHARE-th of what it numbers at most? */
bool parse_within(const struct parse *parse, unsigned share);

/* The number of HOST, as if a line had named it; 0: there are too many. */
uint16_t parse_add_host(struct parse *parse, struct str host);

struct tag_words {
	struct str program, daemon, instance;
};

struct tag_words parse_tag(const struct parse *parse, uint32_t tag_no);

/* Their numbers in some dictionary. */
struct word_numbers {
	uint32_t program, daemon, instance;
};

/*
 * Events of lines that are begun from now on have these numbers for the words of their tag
 * or host. Before they have SYMBOL_ABSENT, or the number that was given last.
 */
void parse_number_tag(struct parse *parse, uint32_t tag_no, struct word_numbers numbers);
void parse_number_host(struct parse *parse, uint32_t host_no, uint32_t number);

/*
 * Is EV of a sort that its program tells twice where two logs of its own go to syslog, and
 * from there?
 */
bool parse_tells_twice(const struct parse *parse, const struct event *ev);

/* What follows the header in *EV's line, as the last parse_line() found it. */
struct str parse_message(const struct parse *parse);

/* LINE, or its message, up to a password that may be in it: no more is shown or kept. */
struct str parse_without_password(struct str line);

/* TEXT, which a client may have written, up to what stands behind "AUTH PLAIN". */
struct str parse_without_response(struct str text);

/*
 * The shape of a message nobody understood, or that breaks off: numbers, addresses,
 * quoted and bracketed parts replaced by marks. Never longer than 200 bytes.
 */
void parse_shape(struct str message, struct buf *out);

#endif
