/* SPDX-License-Identifier: Apache-2.0
 *
 * What PAM modules say of logins to mail services; `stage` is "auth", for the daemon
 * tells of the same attempt again:
 *
 *   pam_unix(dovecot:auth): authentication failure; logname= uid=0 euid=0 tty=dovecot
 *     ruser=joe rhost=192.0.2.1  user=joe
 *   pam_unix(smtp:auth): 2 more authentication failures; logname= ... rhost=
 *   (pam_unix) authentication failure; logname= ...                        (before 0.99)
 *
 * Dovecot gives the login name, which may hold anything, as `ruser`, and `user` is the
 * same name again or missing; elsewhere `ruser` is empty. So " rhost=" is where what
 * stands before it is the name that stands behind, or nothing, or where nothing more
 * follows. A name that makes this true twice gets no address.
 */
#include "parse/pam.h"

static const struct str services[] = {
	STR("dovecot"), STR("imap"), STR("imap4"), STR("imaps"), STR("pop"), STR("pop3"),
	STR("pop3s"), STR("smtp"), STR("smtps"), STR("submission"), STR("mail"), STR("sieve"),
	STR("managesieve"), STR("lmtp"), STR("saslauthd"), STR("cyrus"), STR("exim"),
	STR("exim4"), STR("postfix"), STR("courier"), STR("esmtp"), STR("dovecot2"),
};

/* "pam_unix(dovecot:auth): ": *RET_TYPE is "auth". */
static bool
take_prefix(struct str *s, struct str *ret_service, struct str *ret_type)
{
	struct str rest = *s;
	size_t n = 0;

	if (!str_skip(&rest, STR("pam_")))
		return false;
	while (n < rest.len && (char_is_alnum(rest.p[n]) || rest.p[n] == '_'))
		n++;
	rest = str_from(rest, n);
	if (!str_skip_char(&rest, '('))
		return false;
	n = str_index(rest, ')');
	*ret_type = str_head(rest, n);
	rest = str_from(rest, n);
	*ret_service = str_cut(ret_type, ':');
	if (!str_skip(&rest, STR("): ")))
		return false;
	*s = rest;
	return true;
}

bool
pam_is(struct str message)
{
	struct str name, type;

	return str_starts(message, STR("(pam_")) || take_prefix(&message, &name, &type);
}

static bool
is_mail(struct str name)
{
	for (size_t i = 0; i < sizeof(services) / sizeof(*services); i++)
		if (str_eq(name, services[i]))
			return true;
	return false;
}

/* "authentication failure; ", "2 more authentication failures; " */
static bool
take_failure(struct str *s, int64_t *ret_count)
{
	struct str rest = *s;

	*ret_count = 1;
	if (str_skip_number(&rest, ret_count) && !str_skip(&rest, STR(" more ")))
		return false;
	if (!str_skip(&rest, STR("authentication failure")))
		return false;
	str_skip_char(&rest, 's');
	if (!str_skip(&rest, STR("; ")))
		return false;
	*s = rest;
	return true;
}

/* "192.0.2.1", "192.0.2.1  user=joe": *RET_USER is {NULL, 0} where there is none. */
static bool
read_end(struct str s, struct str *ret_host, struct str *ret_user)
{
	*ret_host = str_cut(&s, ' ');
	*ret_user = (struct str){NULL, 0};
	str_skip_char(&s, ' ');
	if (str_skip(&s, STR("user=")))
		*ret_user = s;
	else if (s.len)
		return false;
	return true;
}

/* With more the line may have been cut before its own "rhost=". */
#define RUSER_MAX 512

/* S is what follows "ruser=". Returns how many ways there are to read it; the last in *RET. */
static unsigned
find_host(struct str s, struct str *ret_host, struct str *ret_user)
{
	static const struct str mark = STR(" rhost=");
	unsigned ways = 0;

	for (size_t at = 0; at < s.len; at += mark.len) {
		struct str host, user, ruser;

		at += str_find(str_from(s, at), mark);
		if (at == s.len || at > RUSER_MAX)
			break;
		ruser = str_head(s, at);
		if (!read_end(str_from(s, at + mark.len), &host, &user) ||
		    (user.p && ruser.len && !str_eq(ruser, user)))
			continue;
		*ret_host = host;
		*ret_user = user.p ? user : ruser;
		ways++;
	}
	return ways;
}

static enum parse_result
set_failure(struct event *ev, struct str s, int64_t count)
{
	struct str host = {NULL, 0}, user = {NULL, 0};
	unsigned ways;
	struct ip ip;
	size_t n = str_find(s, STR(" ruser="));

	EVENT_SET(ev, kind, KIND_auth_failure);
	if (count > 1)
		EVENT_SET(ev, count, count);
	if (n == s.len)
		return PARSE_MALFORMED;
	ways = find_host(str_from(s, n + sizeof(" ruser=") - 1), &host, &user);
	if (ways != 1) {
		EVENT_SET(ev, truncated, true);
		return PARSE_EVENT;
	}
	if (user.len)
		EVENT_TEXT(ev, user, user);
	if (ip_parse(host, &ip))
		EVENT_TEXT(ev, ip, host);
	else if (host.len)
		EVENT_TEXT(ev, name, host);
	return PARSE_EVENT;
}

enum parse_result
pam_read(struct str message, struct event *ev)
{
	struct str name = {NULL, 0}, type = {NULL, 0}, rest = message;
	int64_t count;

	if (str_skip(&rest, STR("(pam_"))) {
		str_cut(&rest, ')');
		str_skip_char(&rest, ' ');
	} else if (!take_prefix(&rest, &name, &type) || !is_mail(name)) {
		return PARSE_UNKNOWN;
	}
	if (!take_failure(&rest, &count))
		return PARSE_IGNORED;
	if (type.len)
		EVENT_TEXT(ev, stage, type);
	return set_failure(ev, rest, count);
}

/* Courier's authdaemond, which is none of ours, asks PAM, too, or else its database. */
static enum parse_result
pam_line(struct str message, struct event *ev)
{
	if (!str_starts(message, STR("failed to connect to ")) ||
	    str_find(message, STR(" server (server=")) == message.len)
		return pam_read(message, ev);
	EVENT_SET(ev, kind, KIND_auth_error);
	EVENT_TEXT(ev, text, message);
	return PARSE_EVENT;
}

static const char *const tags[] = {"auth", "dovecot-auth", "authdaemond", NULL};

const struct parser parser_pam = {
	.name = "pam",
	.tags = tags,
	.read = pam_line,
	.foreign = true,
};
