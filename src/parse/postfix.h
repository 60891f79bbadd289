/* SPDX-License-Identifier: Apache-2.0
 *
 * postfix: what the parsers of Postfix's daemons share. A daemon's grammar is
 * three tables of fixed beginnings; postfix_read() takes off what all lines have
 * (severity, queue id), finds the row, and knows what to do when there is none.
 *
 * In the comments CL is a client as smtpd writes it, `name[192.0.2.1]` or
 * `name[192.0.2.1]:4711`, PS one as postscreen does, `[192.0.2.1]:4711`; either
 * may have `unknown` where it does not know.
 */
#ifndef PARSE_POSTFIX_H
#define PARSE_POSTFIX_H

#include "parse/room.h"

/* Where Postfix cuts its messages, the severity not counted (msg_syslog.c, msg_logger.c). */
#define POSTFIX_MESSAGE_MAX 2000

struct postfix_row;

/*
 * Reads REST, what follows ROW's prefix (which still stands before it in the
 * line). PARSE_UNKNOWN means "not mine": what was set is forgotten and the search
 * goes on.
 */
typedef enum parse_result postfix_reader(const struct postfix_row *row, struct str rest,
    struct event *ev);

struct postfix_row {
	struct str prefix; /* empty: tried on every line */
	uint64_t head, mask; /* its first 8 bytes, the first one lowest, and ones for each */
	postfix_reader *read; /* NULL ends the table */
	/* For READ, which may serve several rows. */
	uint8_t kind; /* enum kind, | POSTFIX_SURE: see postfix_row_kind() */
	uint8_t word; /* enum word */
};

/* {PREFIX("connect from "), postfix_connect, 0, 0} */
#define PREFIX(literal)                                                                     \
	STR(literal), PREFIX_HEAD(literal),                                                 \
	    sizeof(literal) > 8 ? ~UINT64_C(0) :                                            \
				  ~(~UINT64_C(0) << (sizeof(literal) - 1) % 8 * 8)
#define PREFIX_HEAD(literal)                                                                \
	(PREFIX_BYTE(literal, 0) | PREFIX_BYTE(literal, 1) | PREFIX_BYTE(literal, 2) |      \
	    PREFIX_BYTE(literal, 3) | PREFIX_BYTE(literal, 4) | PREFIX_BYTE(literal, 5) |   \
	    PREFIX_BYTE(literal, 6) | PREFIX_BYTE(literal, 7))
#define PREFIX_BYTE(literal, i)                                                             \
	((uint64_t)(unsigned char)(literal)[(i) % sizeof(literal)] *                        \
	    ((i) < sizeof(literal) ? UINT64_C(1) << (i) * 8 : 0))

/* READ never says PARSE_UNKNOWN: such rows are read faster. */
#define POSTFIX_SURE 0x80
_Static_assert(KINDS <= POSTFIX_SURE, "it is a bit that no kind has");

static inline uint8_t
postfix_row_kind(const struct postfix_row *row)
{
	return (uint8_t)(row->kind & ~POSTFIX_SURE);
}

/* Rows are tried from top to bottom, so what is frequent comes first. */
struct postfix_grammar {
	const struct postfix_row *info;    /* lines without severity */
	const struct postfix_row *warning; /* lines with one, also behind "QID: " */
	const struct postfix_row *queued;  /* behind "QID: " or "NOQUEUE: ", without one */
};

#define POSTFIX_NO_ROWS ((const struct postfix_row[]){{.read = NULL}})

/*
 * One line of the daemon that GRAMMARS (NULL-terminated; usually one) describe.
 * A severity that no row knows is an operational event: Postfix warns of its own
 * trouble in many words.
 */
enum parse_result postfix_read(const struct postfix_grammar *const *grammars,
    struct str message, struct event *ev);

/* The same, the long way. */
enum parse_result postfix_read_any(const struct postfix_grammar *const *grammars,
    struct str message, struct event *ev);

extern const struct postfix_grammar postfix_smtpd, postfix_postscreen, postfix_dnsblog,
    postfix_tlsproxy, postfix_cleanup, postfix_pickup, postfix_qmgr, postfix_delivery,
    postfix_bounce, postfix_anvil, postfix_master, postfix_misc;

/* Readers for rows. */

postfix_reader postfix_ignore;    /* PARSE_IGNORED */
postfix_reader postfix_say;       /* row's kind; text is prefix and rest */
postfix_reader postfix_unasked; /* the same, and a temporary error: nobody could be asked */
postfix_reader postfix_connect;   /* "connect from " CL */
postfix_reader postfix_action;    /* "reject: RCPT from CL: ..."; see postfix-action.c */
postfix_reader postfix_content;   /* "reject: header ... from CL; ..."; postfix-content.c */
postfix_reader postfix_content_sent; /* "replace: header ...", which names no client */
postfix_reader postfix_delivered; /* "to=<...>, relay=..."; see postfix-delivery.c */
postfix_reader postfix_removed;   /* "removed[ (ACTION)]" */
postfix_reader postfix_tls;       /* "Anonymous TLS connection " ... */
postfix_reader postfix_tls_error; /* "SSL_accept error from " CL/PS ": " text */
postfix_reader postfix_tls_text;  /* "TLS library problem: " text */
postfix_reader postfix_tls_said;  /* the same; the text is prefix and rest */
postfix_reader postfix_untrusted; /* "mx.b.test[192.0.2.1]:25: " why: a server's certificate */
postfix_reader postfix_tls_detail; /* CL/PS ": subject_CN=..."; ignored */
postfix_reader postfix_tls_unmatched; /* "TLS SNI " "d.test from " CL/PS " not matched, ..." */
postfix_reader postfix_tls_invalid; /* "TLS SNI " ["changed "] "from " CL/PS " is invalid: " */
postfix_reader postfix_configured; /* CL/PS ": " what a setting made of a command or reply */

/*
 * Pieces of a line. Each consumes what it reads from the front of *S and returns
 * false, *S and the event untouched, when it is not there.
 */

/* CL: sets name, ip, port. */
bool postfix_client(struct str *s, struct event *ev);

/* PS: sets ip, port. */
bool postfix_screened(struct str *s, struct event *ev);

/* `name[192.0.2.1]:25`, `name[private/lmtp]`, `local`: sets relay, relay_ip, relay_port. */
bool postfix_relay(struct str *s, struct event *ev);

/*
 * "[ADDRESS]:PORT"; the address is {NULL, 0}, the port -1, where they are unknown, the address
 * also where it is a link's own: "[fe80::1%eth0]".
 */
bool postfix_endpoint(struct str *s, struct str *ret_ip, int64_t *ret_port);

/* An IPv4 or IPv6 address; what follows it is for the caller to check. */
bool postfix_ip(struct str *s, struct str *ret);

/* A host name: letters, digits, dots, dashes, underscores. */
bool postfix_host(struct str *s, struct str *ret);

#define QID_MIN 5
#define QID_MAX 25

/* A queue id: 5 to 25 letters and digits that are no word of ours. */
bool postfix_qid(struct str *s, struct str *ret);

/* Are the letters and digits S one? */
bool postfix_is_qid(struct str s);

/* "RCPT", "END-OF-MESSAGE", "DATA content". */
bool postfix_stage(struct str *s, struct str *ret);

/* Length of the quoted string in front of S, or 0 when it does not close. */
size_t postfix_quoted_length(struct str s);

/*
 * A mail address and the '>' behind it. A local part in quotes may hold anything
 * (Postfix 3.5 and later quote it); without quotes, and in the domain, neither
 * '<' nor '"' is taken: such an address could pretend to end early.
 */
bool postfix_address(struct str *s, struct str *ret);

/* An address as logged without or with brackets: "a@b.test", "<a@b.test>". */
bool postfix_bracketed(struct str *s, struct str *ret);

/* "0", "0.04", "13" seconds as microseconds. */
bool postfix_seconds(struct str *s, int64_t *ret);

/* "550 5.1.1 " in front of a reply: sets code and dsn, each if it is there. */
void postfix_reply(struct str *s, struct event *ev);

/* Does S end inside LITERAL, as a line does that was cut there? */
bool postfix_breaks_off(struct str s, struct str literal);

/*
 * The reason class of a reply's TEXT (without code and dsn, which are taken from
 * EV), and the DNSBL zone it names: sets reason and list.
 */
void postfix_reason(struct str text, struct event *ev);

/* The same of what a milter said: it was greylisting, or no more is known. */
void postfix_reason_of_milter(struct str text, struct event *ev);

/* The same by status code alone, for deliveries: sets reason. */
void postfix_reason_of_dsn(struct event *ev);

/* The line was cut by Postfix, or on its way to us. */
static inline bool
postfix_is_cut(const struct event *ev)
{
	return event_knows(ev, FIELD_truncated);
}

#endif
