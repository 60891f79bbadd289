/* SPDX-License-Identifier: Apache-2.0
 *
 * The headers that programs write into files of their own. They name no host, and
 * the program only by the looks of the line:
 *   2024-05-01 12:34:56 [1234] 1s2...                             (Exim)
 *   2024-05-01 12:34:56 imap-login: Info: ...                     (Dovecot)
 *   2024-05-01 12:34:56 imap(joe)<123><session>: Info: ...        (Dovecot)
 *   2024-05-01 12:34:56,789 fail2ban.actions        [123]: NOTICE (fail2ban)
 *   2024-05-01 12:34:56 #1234(normal) <abc>; task; ...            (rspamd)
 *   Fri Nov 20 12:09:52 2026 [49] info: spamd: ...                (spamd)
 *   Fri Nov 20 12:09:52 2026 mail.info postfix/smtpd[1]: ...      (OpenWrt)
 *   1795175893 imap-login: Info: ...                              (Dovecot, with %s)
 *   [01-Jan-2024 12:00:00 UTC] mail() on ...                      (PHP)
 */
#include "parse/header.h"

bool
header_take_padded_tag(struct str *s, struct header *ret)
{
	size_t n = str_starts(*s, STR("fail2ban")) ? span(*s, IN_NAME, HEADER_TAG_MAX) : 0;
	struct str tag = str_head(*s, n), pid = {NULL, 0}, rest = str_from(*s, n);

	if (n == 0 || n > HEADER_TAG_MAX || !str_skip_char(&rest, ' '))
		return false;
	skip_spaces(&rest);
	if (str_skip_char(&rest, '[')) {
		pid = str_head(rest, header_digits(rest));
		rest = str_from(rest, pid.len);
		if (pid.len == 0 || !str_skip_char(&rest, ']'))
			return false;
	}
	if (!str_skip_char(&rest, ':') || (rest.len && *rest.p != ' '))
		return false;
	skip_spaces(&rest);
	ret->tag = tag;
	ret->pid = pid;
	*s = rest;
	return true;
}

bool
header_peek_process(struct str s, struct header *ret)
{
	size_t n = span(s, IN_NAME, HEADER_TAG_MAX);

	if (n == 0 || n > HEADER_TAG_MAX || n == s.len || s.p[n] != '(')
		return false;
	ret->tag = str_head(s, n);
	return true;
}

/* "[49] " */
static bool
take_pid(struct str *s, struct str *ret)
{
	struct str rest = *s, pid;

	if (!str_skip_char(&rest, '['))
		return false;
	pid = str_head(rest, header_digits(rest));
	rest = str_from(rest, pid.len);
	if (pid.len == 0 || !str_skip(&rest, STR("] ")))
		return false;
	*ret = pid;
	*s = rest;
	return true;
}

/* "#123(normal) ", "[info] #123(normal) " */
static bool
take_worker(struct str *s, struct str *ret)
{
	struct str rest = *s, pid;
	size_t n;

	if (str_skip_char(&rest, '['))
		str_cut(&rest, ' ');
	if (!str_skip_char(&rest, '#'))
		return false;
	pid = str_head(rest, header_digits(rest));
	rest = str_from(rest, pid.len);
	if (pid.len == 0 || !str_skip_char(&rest, '('))
		return false;
	n = span(rest, IN_NAME, HEADER_TAG_MAX);
	rest = str_from(rest, n);
	if (n == 0 || !str_skip(&rest, STR(") ")))
		return false;
	*ret = pid;
	*s = rest;
	return true;
}

/*
 * "imap-login: ", "imap(joe)<123><session>: ". No program's name begins with a
 * capital; Exim's sentences do: "Warning: no server certificate defined".
 */
static void
take_name(struct str *s, struct header *ret)
{
	if (s->len && *s->p >= 'A' && *s->p <= 'Z')
		return;
	if (!header_peek_process(*s, ret))
		header_take_tag(s, IN_NAME, ret);
}

/*
 * "[pid] ", a name or nothing before the message. Exim's message ids and words look
 * like hosts, so a host is one only with a tag and its pid behind it, or with Dovecot's
 * tag, which has none in syslog.
 */
static void
read_dated(struct str s, struct header *ret)
{
	struct str rest = s, pid;

	if (take_worker(&s, &ret->pid)) {
		ret->form = STAMP_WORKER;
	} else if (take_pid(&s, &pid)) {
		take_name(&s, ret);
		ret->pid = pid;
	} else if (header_take_padded_tag(&rest, ret) ||
	    (header_take_host(&rest, &ret->host) && header_take_tag(&rest, IN_NAME, ret) &&
		(ret->pid.len || str_eq(ret->tag, STR("dovecot"))))) {
		s = rest;
	} else {
		ret->host = ret->tag = ret->pid = (struct str){NULL, 0};
		take_name(&s, ret);
	}
	ret->message = s;
}

void
header_read_file(struct str s, struct header *ret)
{
	if (ret->form == STAMP_FILE) {
		read_dated(s, ret);
		return;
	}
	/* Others than spamd write such stamps, too, but no pid: OpenWrt's logread. */
	if (ret->form == STAMP_CTIME && !take_pid(&s, &ret->pid)) {
		struct str rest = s;

		ret->form = STAMP_OTHER;
		if (header_take_tag_behind_facility(&s, ret)) {
			/* it names no host */
		} else if (header_take_host(&rest, &ret->host) &&
		    header_take_tag(&rest, IN_TAG, ret) && ret->pid.len) {
			s = rest;
		} else {
			ret->host = ret->tag = (struct str){NULL, 0};
		}
	}
	ret->message = s;
}
