/* SPDX-License-Identifier: Apache-2.0
 *
 * dovecot: what the readers of Dovecot's processes share. dovecot.c takes off what
 * all lines have (process, user, session, severity) and hands the rest on.
 */
#ifndef PARSE_DOVECOT_H
#define PARSE_DOVECOT_H

#include "parse/room.h"

struct dovecot_line {
	struct str process; /* "imap-login"; {NULL, 0} if the line names none */
	struct str user;    /* {NULL, 0}: none, as below */
	struct str session;
	struct str text;    /* what the process says */
	uint8_t severity;   /* enum severity */
	uint8_t proto;      /* enum word; WORD_absent: no protocol of clients */
	bool debug;
};

/*
 * Reads what a process says. PARSE_UNKNOWN with a severity becomes an operational
 * event, so a reader needs to know only what is not that.
 */
typedef enum parse_result dovecot_reader(const struct dovecot_line *line, struct event *ev);

dovecot_reader dovecot_login; /* imap-login, pop3-login, ...; see dovecot-login.c */
dovecot_reader dovecot_auth;  /* auth, auth-worker; see dovecot-auth.c */
dovecot_reader dovecot_mail;  /* imap, pop3, ..., lmtp, lda; see dovecot-mail.c */

/* The fixed beginnings of texts, and what they mean. */
struct dovecot_row {
	struct str prefix;
	uint8_t kind;   /* enum kind; KIND_none: known and of no use */
	uint8_t reason; /* enum reason; REASON_none: none is told */
};

/* The row among the N that TEXT begins with, or NULL. */
const struct dovecot_row *dovecot_row(const struct dovecot_row *rows, size_t n,
    struct str text);

#define DOVECOT_ROW(rows, text) dovecot_row((rows), sizeof(rows) / sizeof(*(rows)), (text))

/*
 * TEXT up to the password that Dovecot leaves in it with auth_verbose_passwords or
 * auth_debug_passwords, "Password mismatch (given password: x)", or vpopmail, "password fail
 * (pass: 'x') joe@h.test".
 */
struct str dovecot_without_password(struct str text);

/* Sets what ROW says, and TEXT less the password that may be in it. */
enum parse_result dovecot_say(const struct dovecot_row *row, struct str text,
    struct event *ev);

/* Severity or trouble with the auth process: sets kind, user, session and text. */
enum parse_result dovecot_complain(const struct dovecot_line *line, struct event *ev);

/*
 * How much of the front of S may be what Dovecot wrote as BYTES bytes: rsyslog writes
 * some as "#303".
 */
size_t dovecot_reach(struct str s, size_t bytes);

/* "<ID>": a session id; *RET is {NULL, 0} if it is empty. */
bool dovecot_session(struct str *s, struct str *ret);

/* "Info: ", "Error: ": sets severity and debug. */
bool dovecot_severity(struct str *s, struct dovecot_line *line);

#endif
