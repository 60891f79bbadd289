/* SPDX-License-Identifier: Apache-2.0
 *
 * header: what the files that read headers share. header.c knows syslog's, whatever
 * they are wrapped in; header-file.c those of programs' own files; header-memo.c is
 * the shortcut for lines like those before.
 */
#ifndef PARSE_HEADER_H
#define PARSE_HEADER_H

#include "parse/room.h"

/* What may stand in a host, in a tag, in a tag where no host is written, in "mail.info". */
enum { IN_HOST = 1, IN_TAG = 2, IN_NAME = 4, IN_FACILITY = 8 };

extern const uint8_t header_class[256];

/* How many of the first bytes of S, up to MAX + 1, are in CLASSES. */
static inline size_t
span(struct str s, uint8_t classes, size_t max)
{
	size_t n = 0;

	while (n < s.len && n <= max && header_class[(unsigned char)s.p[n]] & classes)
		n++;
	return n;
}

/* How many digits S begins with. */
static inline size_t
header_digits(struct str s)
{
	size_t n = 0;

	while (n < s.len && char_is_digit(s.p[n]))
		n++;
	return n;
}

static inline void
skip_spaces(struct str *s)
{
	while (str_skip_char(s, ' '))
		;
}

static inline struct str
header_without_cr(struct str line)
{
	if (line.len && line.p[line.len - 1] == '\r')
		line.len--;
	return line;
}

/* header_read() of a LINE whose CR is gone: if another one stands before it, that stays. */
bool header_read_bare(struct str line, struct header *ret);

/* MESSAGE without Solaris' "[ID 197553 mail.info] " before it. */
struct str header_without_id(struct str message);

/*
 * Each takes its part from the front of *S, with the spaces behind, and sets it in
 * *RET; both are untouched if it is not there.
 */

/* "postfix/smtpd[123]:", the tag of CLASSES; and its pid. */
bool header_take_tag(struct str *s, uint8_t classes, struct header *ret);

/* fail2ban pads its tags: "fail2ban.actions        [123]: ", "fail2ban.filter : ". */
bool header_take_padded_tag(struct str *s, struct header *ret);

/* "mail:info postfix/smtpd[123]:", what AIX and BusyBox write; also "mail.info", "<info>". */
bool header_take_tag_behind_facility(struct str *s, struct header *ret);

bool header_take_host(struct str *s, struct str *ret);

/*
 * Dovecot's "imap(joe@example.test)<123><session>: ": only the name is the tag, or
 * there would be one a session. Takes nothing.
 */
bool header_peek_process(struct str s, struct header *ret);

/* Reads S, all that is behind a stamp of RET's form, STAMP_FILE or behind it. */
void header_read_file(struct str s, struct header *ret);

#endif
