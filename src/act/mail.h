/* SPDX-License-Identifier: Apache-2.0
 *
 * The parts of the mail action: letters, and what carries them.
 */
#ifndef ACT_MAIL_H
#define ACT_MAIL_H

#include "act/room.h"

struct letter {
	const char *from;      /* addresses as act_check_address() lets them be */
	const char *const *to;
	size_t to_count;
	const char *host;      /* on which it is written; part of the Message-ID */
	struct str subject;    /* this and the body may hold anything */
	struct str body;       /* lines end in \n */
	int64_t time;          /* microseconds UTC */
};

/*
 * LETTER as RFC 5322 and MIME have it, each line ended by EOL. Lines are no longer than
 * 998 bytes; controls and what reorders text are shown escaped; what is not ASCII is
 * quoted-printable and, in the subject, encoded words (RFC 2045, RFC 2047). It says that
 * no person wrote it (Auto-Submitted, RFC 3834).
 */
void letter_put(const struct letter *letter, const char *eol, struct buf *out);

enum carried {
	CARRIED,       /* ERR has what was wrong all the same, or an empty text */
	CARRIED_LATER, /* not now; ERR says why */
	CARRIED_NEVER, /* refused, and will be again; ERR says why */
};

/* A way for letters to go. */
struct carrier {
	const char *eol;
	/* act_try(). */
	int (*try)(const struct act_settings *settings, struct err *err);
	/* Before the first letter, with the privileges of an action; may give them up. After
	 * -1 it is called again. NULL: nothing to do. */
	int (*start)(const struct act_settings *settings, void **state, struct err *err);
	/* TEXT is a whole letter. It may take TIMEOUT_USEC; when the other side of LINE hangs
	 * up, little more than a second. */
	enum carried (*carry)(const struct act_settings *settings, void *state,
	    struct str text, int64_t timeout_usec, int line, struct err *err);
	void (*close)(void *state); /* NULL: nothing to do */
};

extern const struct carrier carrier_sendmail, carrier_smtp;

#define UNSENT_NAMED 200 /* in one letter; the rest is a number */

/* Bans that nobody was told of yet. */
struct unsent {
	int64_t since; /* UTC: when the first of them came */
	size_t bans;   /* in all; the first `named` of them in `list` */
	size_t named;
	struct act_ban list[UNSENT_NAMED];
};

/* UNSENT as a file, and back; -1 with the reason: that is none. */
void unsent_put(const struct unsent *unsent, struct buf *out);
int unsent_parse(struct str text, struct unsent *ret, struct err *err);

/*
 * The same with the file PATH, which is replaced as a whole and readable by nobody else. Where
 * none is, there are no bans in *RET; after -1 there are none either.
 */
int unsent_write(const char *path, const struct unsent *unsent, struct err *err);
int unsent_read(const char *path, struct unsent *ret, struct err *err);

#define PASSWORD_MAX 512

/*
 * The first line of the file PATH, which must be root's or ours, and readable by nobody
 * else; with its NUL it has to fit into ROOM bytes. -1 with the reason.
 */
int mail_password(const char *path, char *ret, size_t room, struct err *err);

#endif
