/* SPDX-License-Identifier: Apache-2.0
 *
 * The parse room's own door: what a daemon's parser is. A new one is one row in
 * PARSERS and one file that defines it.
 */
#ifndef PARSE_ROOM_H
#define PARSE_ROOM_H

#include "parse/parse.h"

struct parser {
	const char *name;
	/* Last component of the tag that this parser reads; NULL-terminated. */
	const char *const *daemons;
	/* MESSAGE lies in ev->line. Sets kind and fields; never reads the header's fields. */
	enum parse_result (*read)(struct str message, struct event *ev);
};

#define PARSERS(ROW)                                                                        \
	ROW(postfix_smtpd) ROW(postfix_postscreen) ROW(postfix_dnsblog)                     \
	ROW(postfix_tlsproxy) ROW(postfix_cleanup) ROW(postfix_pickup) ROW(postfix_qmgr)    \
	ROW(postfix_delivery) ROW(postfix_bounce) ROW(postfix_anvil) ROW(postfix_master)    \
	ROW(postfix_misc) ROW(postfix_plain)

#define ROW(id) extern const struct parser parser_##id;
PARSERS(ROW)
#undef ROW

extern const struct parser *const parsers[];
extern const unsigned parsers_count;

/* Where the header of a line ends and what it said; see header.c. */
struct header {
	struct stamp stamp;
	struct str host, tag, pid, message;
};

/* Splits LINE. False if it has no header we know: then only `message` is set, to all of it. */
bool header_read(struct str line, struct header *ret);

/* header_read() with the previous header of the same thread as a shortcut: see header.c. */
struct header_memo;
bool header_read_memo(struct header_memo *memo, struct str line, struct header *ret);

/* Reads a stamp from the front of *LINE and consumes it. */
bool stamp_read(struct str *line, struct stamp *ret);

#endif
