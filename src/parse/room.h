/* SPDX-License-Identifier: Apache-2.0
 *
 * The parse room's own door: what a daemon's parser is. A new one is one row in
 * PARSERS and one file that defines it.
 */
#ifndef PARSE_ROOM_H
#define PARSE_ROOM_H

#include "parse/digits.h"
#include "parse/parse.h"

/* Kept out of the way of what nearly every line runs through. */
#define PARSE_RARE __attribute__((noinline, cold))

/*
 * For a local struct that is set before it is read, on a hot road: the compiler is told
 * to zero all others where they are declared, which from 64 bytes on takes as long as
 * 100 instructions.
 */
#define PARSE_UNZEROED __attribute__((uninitialized))

/* How a stamp is written, as far as it tells what stands behind it. */
enum stamp_form {
	STAMP_NONE,        /* there is no stamp */
	STAMP_TRADITIONAL, /* "Nov  5 09:08:07": a host, a tag */
	STAMP_RFC3339,     /* "2026-11-05T09:08:07+00:00": a host, a tag */
	STAMP_OTHER,       /* any other that syslog programs write: a host, a tag */
	STAMP_FILE,        /* "2026-11-05 09:08:07": as programs write into files of their
	                    * own, mostly with neither */
	STAMP_WORKER,      /* the same with "#7(normal)" behind; only headers have it */
	STAMP_CTIME,       /* "Fri Nov 20 12:09:52 2026": neither */
	STAMP_BRACKET,     /* "[01-Jan-2024 12:00:00 UTC]": neither */
	STAMP_FORMS
};

struct parser {
	const char *name;
	/*
	 * Whose lines it reads. Syslog's are told by their tag: all of it, or else its
	 * last component, if that is not all. Lists end with NULL; NULL is none.
	 */
	const char *const *tags;    /* "dovecot", "cyrus/master", "/usr/sbin/amavisd" */
	const char *const *daemons; /* "smtpd" */
	/*
	 * A file of the program's own names no host and no program: what stands in the
	 * tag's place tells, or else the form. READ gets all that is behind the stamp.
	 */
	const char *const *processes; /* "imap-login" */
	enum stamp_form form;         /* STAMP_NONE: it has no form for itself */
	enum word program;            /* whose they are: one of TAGS */
	/* MESSAGE lies in ev->line. Sets kind and fields; never reads the header's fields. */
	enum parse_result (*read)(struct str message, struct event *ev);
	/*
	 * Or NULL: READ without the fields in SPARED, a bit set, for who does not want them.
	 * Of a line it says the same: what they are must decide nothing else.
	 */
	enum parse_result (*read_brief)(struct str message, struct event *ev);
	uint64_t spared;
	/* Or NULL: what READ, and READ_BRIEF, is postfix_read() with. */
	const struct postfix_grammar *const *grammars, *const *brief_grammars;
	/* No mail program, read for a few of its lines: those not understood are FOREIGN. */
	bool foreign;
	/*
	 * Is MESSAGE, of which only the form tells whose it is, surely one of its own? If not,
	 * what it does not understand is FOREIGN. Or NULL: all are.
	 */
	bool (*own)(struct str message, const struct event *ev);
	/*
	 * Is EV of a sort that it tells twice where two logs of its own go to syslog? Or NULL.
	 */
	bool (*twice)(const struct event *ev);
};

/* For `spared`. */
#define PARSE_FIELD(field) (UINT64_C(1) << FIELD_##field)

#define PARSERS(ROW)                                                                        \
	ROW(postfix_smtpd) ROW(postfix_postscreen) ROW(postfix_dnsblog)                     \
	ROW(postfix_tlsproxy) ROW(postfix_cleanup) ROW(postfix_pickup) ROW(postfix_qmgr)    \
	ROW(postfix_delivery) ROW(postfix_bounce) ROW(postfix_anvil) ROW(postfix_master)    \
	ROW(postfix_misc) ROW(postfix_plain)                                                \
	ROW(exim) ROW(dovecot) ROW(cyrus) ROW(saslauthd) ROW(pam)                           \
	ROW(vpopmail) ROW(courier) ROW(roundcube)                                           \
	ROW(amavis) ROW(spamd) ROW(spampd) ROW(rspamd) ROW(pmg) ROW(opendkim)               \
	ROW(opendmarc) ROW(policyd_spf) ROW(postgrey) ROW(sqlgrey) ROW(milter_greylist)     \
	ROW(clamav_milter) ROW(php) ROW(sogo) ROW(fail2ban) ROW(loggers)

#define ROW(id) extern const struct parser parser_##id;
PARSERS(ROW)
#undef ROW

extern const struct parser *const parsers[];
extern const unsigned parsers_count;

/* Reads a stamp from the front of *LINE and consumes it; both untouched if there is none. */
enum stamp_form stamp_read(struct str *line, struct stamp *ret);

/*
 * A year or a zone, or both in either order, that stand behind a stamp which lacks them, with
 * the spaces behind: "2026 ", "UTC ", "+0200 ". What *STAMP has already is skipped there. Both
 * are untouched if neither is there, or no such day was in that year.
 */
bool stamp_read_behind(struct str *line, struct stamp *stamp);

/* Two digits at P, or 100 and more: never valid. */
static inline unsigned
stamp_two(const char *p)
{
	unsigned tens = (unsigned char)(p[0] - '0'), ones = (unsigned char)(p[1] - '0');

	return tens * 10 + (ones > 9 ? 100 : ones);
}

/* "09:08:07" at TIME (8 readable bytes) as microseconds of the day, or -1. */
static inline int64_t
stamp_clock(const char *time)
{
	/* The colons become zeroes; then PAIRS has the numbers in its bytes 0, 3 and 6. */
	uint64_t bytes = digits_load(time) ^ UINT64_C(0x00000a00000a0000);
	uint64_t colons = bytes & UINT64_C(0x0000ff0000ff0000);
	uint64_t pairs = bytes * 10 + (bytes >> 8);
	unsigned hour = pairs & 0xff, minute = pairs >> 24 & 0xff, second = pairs >> 48 & 0xff;

	/* 60: a leap second. The bars: one branch for all. */
	if ((colons != 0) | (digits_others(bytes) != 0) | (hour > 23) | (minute > 59) |
	    (second > 60))
		return -1;
	return (int64_t)(hour * 3600 + minute * 60 + second) * 1000000;
}

/* COUNT <= 9 digits at DIGITS as a fraction, in microseconds, or -1. */
static inline int64_t
stamp_fraction(const char *digits, size_t count)
{
	static const int32_t scale[] = {1000000, 100000, 10000, 1000, 100, 10, 1};
	size_t used = count < 6 ? count : 6;
	int64_t n = 0;
	bool good = true;

	for (size_t i = 0; i < used; i++) {
		good &= char_is_digit(digits[i]);
		n = n * 10 + (digits[i] - '0');
	}
	for (size_t i = used; i < count; i++)
		good &= char_is_digit(digits[i]);
	return good ? n * scale[used] : -1;
}

#define HEADER_TAG_BITS 8
#define HEADER_TAG_SLOTS (1u << HEADER_TAG_BITS)
#define HEADER_TAG_KEPT 32u     /* the bracket or colon behind it included */
#define HEADER_PREFIX_KEPT 112u /* in steps of 16 */

/*
 * What the lines before said, as a shortcut. Starts as all zeroes. Only header-memo.c
 * and header-memo.h look inside.
 */
struct header_memo {
	enum stamp_form form; /* of the previous line, if the shortcut can read it */
	/* Of LEAST to LEAST + SPAN - 1 bytes is a line that it may be tried on. */
	size_t least, span;
	uint8_t prefix_len;   /* all that stands before the tag */
	uint8_t host_len;     /* with a space behind it at the end of the prefix */
	uint8_t clock_at, seconds_at;
	uint8_t fraction;     /* digits of a second's fraction */
	bool simple;          /* no fraction, and the prefix is of at most 32 bytes */
	/* The lowest byte for each place, and how much more it may be: up to 9 for digits of
	 * seconds and fraction, anything behind the prefix. */
	_Alignas(16) char prefix[HEADER_PREFIX_KEPT], above[HEADER_PREFIX_KEPT];
	uint64_t fraction_mask; /* ones for the digits of the fraction */
	int64_t midnight;     /* before it */
	int64_t minute;       /* that of the prefix, the day's with it */
	struct stamp stamp;   /* but for `local` that of all lines with the prefix */
	/* Tags and what ended them, each in a slot of its own. */
	_Alignas(16) char tag[HEADER_TAG_SLOTS][HEADER_TAG_KEPT];
	uint64_t tag_factor;  /* of the hash by which they have their slots */
	uint32_t tag_clashes; /* so often one had the slot of another */
};

/* Where the header of a line ends and what it said: slices of the line. */
struct header {
	struct stamp stamp;
	struct str host, tag, pid, message;
	enum stamp_form form; /* of the stamp that decided; RFC 5424: STAMP_NONE */
	bool same_host;       /* as in the line before; false tells nothing */
	size_t slot;          /* the memo's, of the tag; HEADER_TAG_SLOTS: none */
};

/* Longer ones are no host and no tag, but text. */
#define HEADER_HOST_MAX 255
#define HEADER_TAG_MAX 128

/* Splits LINE. False if it has no header we know: then only `message` is set, to all of it. */
bool header_read(struct str line, struct header *ret);

/*
 * header_read(), with the same result, faster when LINE looks like the line
 * before. LINE must have 16 readable bytes behind it.
 */
bool header_read_memo(struct header_memo *memo, struct str line, struct header *ret);

/* "last message repeated 3 times", which is an event; false, nothing set: it is not. */
bool repeat_read(struct str message, struct event *ev);

/* MESSAGE, behind a syslog stamp, has no tag. */
enum parse_result untagged_read(struct str message, struct event *ev);

/* LINE has no header. */
enum parse_result untagged_headless(struct str line);

#endif
