/* SPDX-License-Identifier: Apache-2.0
 *
 * Mail that web pages sent: PHP's mail.log (a file, or syslog under any tag), and
 * the loggers that people put before sendmail:
 *
 *   mail() on [/var/www/x.php:12]: To: c@d.test -- Headers: From: a@b.test -- Subject: s
 *   mail() on [/var/www/bad.php(3) : eval()'d code:1]: To: c@d.test, e@d.test -- Headers:
 *   [01-Jan-2024 12:00:00 UTC] mail() on [/var/www/x.php:12]: ...
 *   sendmail-php url=h.test/old.php?to=c@d.test, client=192.0.2.1,
 *     filename=/var/www/old.php, uid=33, user=www, args=-t
 *   sendmail-php: site=h.test, client=192.0.2.1, script=/old.php,
 *     filename=/var/www/old.php, docroot=/var/www, pwd=/var/www, uid=33, user=www
 *
 * PHP's own words end with the first "]: To: " behind a line number; what follows is
 * the sender's, who may well repeat them. In a logger's line it is the other way
 * round: the URL comes first and may hold a "client=" of its own, so the last
 * ", client=" counts that has an address and ", filename=" behind it. Where the site comes
 * first, which the client names, each key may stand there once. And nothing counts in a line
 * that may have been cut: the rest is the client's then.
 */
#include "parse/roundcube.h"

/* A logger's words are whole up to here: logger(1) and syslog cut at 1 KiB. */
#define LOGGED_MAX 900

#include "parse/postfix.h"

/* A pool's name and pid are shorter. */
#define POOL_MAX 128u

/* "/var/www/x.php:12", "/var/www/x.php(3) : eval()'d code:1": the line is the file's own. */
static bool
take_script(struct str place, struct event *ev)
{
	static const struct str inside[] = {
		STR(") : eval()'d code"), STR(") : runtime-created function"),
		STR(") : assert code"), STR(") : regexp code"),
	};
	size_t colon = str_find_last(place, STR(":"));
	struct str script = str_head(place, colon);
	int64_t line;

	if (colon == place.len || !str_number(str_from(place, colon + 1), &line))
		return false;
	for (size_t i = 0; i < sizeof(inside) / sizeof(*inside); i++) {
		struct str file = str_head(script, str_find(script, inside[i]));
		size_t open = str_find_last(file, STR("("));

		if (file.len < script.len && open < file.len &&
		    str_number(str_from(file, open + 1), &line)) {
			script = str_head(file, open);
			break;
		}
	}
	if (script.len)
		EVENT_TEXT(ev, script, script);
	EVENT_SET(ev, script_line, line);
	return true;
}

/* Where the first "]: To: " stands behind a line number. */
static size_t
find_place_end(struct str s)
{
	static const struct str mark = STR("]: To: ");
	size_t at = 0;

	for (;;) {
		struct str rest = str_from(s, at);
		size_t n = str_find(rest, mark), digits = 0;

		if (n == rest.len)
			return s.len;
		at += n;
		while (digits < at && char_is_digit(s.p[at - 1 - digits]))
			digits++;
		if (digits && digits < at && s.p[at - 1 - digits] == ':')
			return at;
		at += mark.len;
	}
}

/*
 * ""Doe, J" <c@d.test>, e@d.test -- Headers: ...": the first address. Where the
 * line was folded syslog daemons write "#015#012".
 */
static void
take_recipient(struct str s, struct event *ev)
{
	struct str to = str_head(s, str_find(s, STR(" -- Headers:")));
	size_t quoted = 0, open;

	to = str_head(to, str_find(to, STR("#01")));
	if (str_index(to, '"') == 0)
		quoted = 1 + str_index(str_from(to, to.len > 0), '"');
	quoted = quoted < to.len ? quoted : 0;
	to = str_head(to, quoted + str_index(str_from(to, quoted), ','));
	open = str_index(to, '<');
	if (open < to.len)
		to = str_from(to, open + 1);
	to = str_trim(str_head(to, str_index(to, '>')));
	if (to.len)
		EVENT_TEXT(ev, recipient, to);
}

/* Behind "mail() on [". */
static enum parse_result
read_mail(struct str s, struct event *ev)
{
	size_t end = find_place_end(s);
	struct str to;

	if (end == s.len || !take_script(str_head(s, end), ev))
		return PARSE_MALFORMED;
	EVENT_SET(ev, kind, KIND_web_mail);
	s = str_from(s, end + sizeof("]: ") - 1);
	to = str_from(s, sizeof("To: ") - 1);
	EVENT_TEXT(ev, text, s);
	take_recipient(to, ev);
	return PARSE_EVENT;
}

/*
 * Each ", client=ADDRESS, filename=" in S; of the last, what stands before, the
 * address, the rest. The URL may hold one, and so may the arguments: with a second
 * one nobody can tell which is ours. Returns how many there are.
 */
static unsigned
split_url(struct str s, struct str *ret_url, struct str *ret_ip, struct str *ret_rest)
{
	static const struct str mark = STR(", client=");
	unsigned count = 0;

	for (size_t at = 0; (at += str_find(str_from(s, at), mark)) < s.len; at += mark.len) {
		struct str rest = str_from(s, at + mark.len), ip;

		if (!postfix_ip(&rest, &ip))
			ip = (struct str){NULL, 0}; /* run from a shell: "client=" */
		if (!str_skip(&rest, STR(", filename=")))
			continue;
		*ret_url = str_head(s, at);
		*ret_ip = ip;
		*ret_rest = rest;
		count++;
	}
	return count;
}

/* "33, user=www, args=-t -i": behind ", uid=". */
static void
take_login(struct str s, struct event *ev)
{
	struct str user;
	int64_t uid;

	if (!str_skip_number(&s, &uid))
		return;
	EVENT_SET(ev, uid, uid);
	if (!str_skip(&s, STR(", user=")))
		return;
	user = str_head(s, str_find(s, STR(", args=")));
	if (user.len)
		EVENT_TEXT(ev, user, user);
}

/* Behind "sendmail-php ". */
static enum parse_result
read_logger(struct str s, struct event *ev)
{
	struct str url, ip, rest;
	unsigned count;
	size_t uid;

	if (!str_skip(&s, STR("url=")))
		return PARSE_MALFORMED;
	count = split_url(s, &url, &ip, &rest);
	if (count == 0)
		return PARSE_MALFORMED;
	EVENT_SET(ev, kind, KIND_web_mail);
	if (count > 1 || s.len > LOGGED_MAX) {
		EVENT_TEXT(ev, text, s);
		return PARSE_EVENT;
	}
	if (url.len)
		EVENT_TEXT(ev, text, url);
	if (ip.p)
		EVENT_TEXT(ev, ip, ip);
	uid = str_find(rest, STR(", uid="));
	if (uid > 0)
		EVENT_TEXT(ev, script, str_head(rest, uid));
	rest = str_from(rest, uid);
	if (str_skip(&rest, STR(", uid=")))
		take_login(rest, ev);
	return PARSE_EVENT;
}

enum { SITE_CLIENT, SITE_SCRIPT, SITE_FILENAME, SITE_DOCROOT, SITE_PWD, SITE_UID, SITE_USER,
	SITE_KEYS };

/*
 * The values of S behind "site=": *RET_SITE, and VALUES of the keys. -1: one lacks; how many
 * stand there more than once.
 */
static int
split_site(struct str s, struct str *ret_site, struct str values[SITE_KEYS])
{
	static const struct str keys[SITE_KEYS] = {
		[SITE_CLIENT] = STR(", client="), [SITE_SCRIPT] = STR(", script="),
		[SITE_FILENAME] = STR(", filename="), [SITE_DOCROOT] = STR(", docroot="),
		[SITE_PWD] = STR(", pwd="), [SITE_UID] = STR(", uid="),
		[SITE_USER] = STR(", user="),
	};
	struct str *value = ret_site;
	int twice = 0;

	for (size_t k = 0; k < SITE_KEYS; k++) {
		size_t n = str_find(s, keys[k]);

		if (n == s.len)
			return -1;
		*value = str_head(s, n);
		s = str_from(s, n + keys[k].len);
		value = &values[k];
	}
	*value = s;
	/* Before its place it was the value's before that. */
	for (size_t k = 0; k < SITE_KEYS; k++) {
		twice += str_find(*ret_site, keys[k]) < ret_site->len;
		for (size_t v = 0; v < SITE_KEYS; v++)
			twice += str_find(values[v], keys[k]) < values[v].len;
	}
	return twice;
}

/* Behind "sendmail-php: site=". */
static enum parse_result
read_site(struct str s, struct event *ev)
{
	struct str values[SITE_KEYS], site, ip;
	int twice = split_site(s, &site, values);
	int64_t uid;

	if (twice < 0)
		return PARSE_MALFORMED;
	EVENT_SET(ev, kind, KIND_web_mail);
	if (twice || s.len > LOGGED_MAX) {
		EVENT_TEXT(ev, text, s);
		return PARSE_EVENT;
	}
	if (site.len)
		EVENT_TEXT(ev, text, site);
	if (postfix_ip(&values[SITE_CLIENT], &ip) && values[SITE_CLIENT].len == 0)
		EVENT_TEXT(ev, ip, ip);
	if (values[SITE_FILENAME].len)
		EVENT_TEXT(ev, script, values[SITE_FILENAME]);
	if (str_number(values[SITE_UID], &uid))
		EVENT_SET(ev, uid, uid);
	if (values[SITE_USER].len)
		EVENT_TEXT(ev, user, values[SITE_USER]);
	return PARSE_EVENT;
}

/*
 * "[01-Jan-2024 12:00:00 UTC] ": 5.4 to 7.0 write it for syslog, too, whose own stamp counts.
 */
static void
skip_date(struct str *s)
{
	struct stamp stamp;
	struct str rest = *s;

	if (rest.len > 12 && rest.p[3] == '-' && rest.p[7] == '-' &&
	    stamp_read(&rest, &stamp) == STAMP_BRACKET && str_skip_char(&rest, ' '))
		*s = rest;
}

/*
 * "pool www[12]: ", "ool www[12]: ": before 7.3 syslog tells PHP's name from where the kernel
 * has it, and there FPM has written what it does.
 */
static void
skip_pool(struct str *s)
{
	static const struct str mark = STR("]: mail() on [");
	struct str rest = *s;
	size_t n;

	str_skip_char(&rest, 'p');
	n = str_find(rest, mark);
	if (str_starts(rest, STR("ool ")) && n < POOL_MAX)
		*s = str_from(rest, n + sizeof("]: ") - 1);
}

/*
 * "<s073mu0l> ", "IMAP Error: "; "FAILED login for ", "Successful login for ", which any
 * script may say: only in Roundcube's own files, whose stamps have a colon behind them, as
 * PHP's error log's have not.
 */
static bool
is_roundcube(struct str message, const struct event *ev)
{
	static const struct str colon = STR("]: ");
	char first = *message.p;

	if (first == '<' || first == 'I')
		return true;
	return (first == 'F' || first == 'S') && *ev->line == '[' &&
	    str_ends(str_range(ev->line, message.p), colon);
}

static enum parse_result
php_read(struct str message, struct event *ev)
{
	if (message.len && *message.p == '[')
		skip_date(&message);
	else if (message.len && (*message.p == 'p' || *message.p == 'o'))
		skip_pool(&message);
	if (message.len && is_roundcube(message, ev))
		return roundcube_read(message, ev);
	if (message.len == 0 || (*message.p != 'm' && *message.p != 's'))
		return PARSE_UNKNOWN;
	if (str_skip(&message, STR("mail() on [")))
		return read_mail(message, ev);
	if (str_skip(&message, STR("sendmail-php ")))
		return read_logger(message, ev);
	if (str_skip(&message, STR("sendmail-php: site=")))
		return read_site(message, ev);
	return PARSE_UNKNOWN;
}

static const char *const tags[] = {"php", "php-fpm", "php-cgi", "sendmail-php", NULL};

const struct parser parser_php = {
	.name = "php",
	.tags = tags,
	.form = STAMP_BRACKET,
	.program = WORD_php,
	.read = php_read,
	.foreign = true,
};
