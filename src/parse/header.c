/* SPDX-License-Identifier: Apache-2.0
 *
 * The header of a log line, whatever wrote it; each line by itself, so that one
 * file may mix them. What programs write into files of their own is in
 * header-file.c.
 *   Nov  5 09:08:07 mx postfix/smtpd[123]: connect from ...       (syslog daemons)
 *   2026-11-20T11:58:13.587668+00:00 vm postfix/smtpd[123]: ...   (rsyslog, journalctl)
 *   <22>1 2024-05-01T12:34:56Z mx9 postfix/smtpd 5 - [a b="c"] .. (RFC 5424)
 *   1 2024-05-01T12:34:56Z mx9 postfix/smtpd 5 - - ...            (RFC 5424, no priority)
 *   Nov  5 09:08:07 relay <22>1 2024-05-01T12:34:56Z mx9 postfix/smtpd 5 - - ...
 *   Nov  5 09:08:07 relay Nov  5 09:08:06 mx9 postfix/smtpd[5]: ...  (behind a relay's)
 *   2024-05-01T12:34:56.78Z stdout F May 01 12:34:56 mail x: ...  (containers)
 *   May  1 12:34:56 <mail.info> host postfix/smtpd[1]: ...        (FreeBSD)
 *   ... postfix/smtpd[1]: [ID 197553 mail.info] connect ...       (Solaris)
 *   ... postfix/smtpd[1] <Notice>: connect ...                    (macOS)
 *   May  1 12:34:56 host mail:info postfix/smtpd[1]: ...          (AIX)
 *   May  1 12:34:56 host mail.info postfix/smtpd[1]: ...          (BusyBox)
 *   May  1 12:34:56 src@host postfix/smtpd[1]: ...                (syslog-ng)
 *   May  1 12:34:56 2024 UTC host postfix/smtpd[1]: ...           (templates, appliances)
 *   dovecot: May  1 12:34:56 Info: imap-login: ...                (Dovecot 1)
 */
#include "parse/header.h"

const uint8_t header_class[256] = {
    ['!' ... ','] = IN_TAG,
    ['-'] = IN_HOST | IN_TAG | IN_NAME,
    ['.'] = IN_HOST | IN_TAG | IN_NAME | IN_FACILITY,
    ['/'] = IN_TAG | IN_NAME,
    ['0' ... '9'] = IN_HOST | IN_TAG | IN_NAME | IN_FACILITY,
    [':'] = IN_HOST,
    [';' ... '@'] = IN_TAG,
    ['A' ... 'Z'] = IN_HOST | IN_TAG | IN_NAME,
    ['\\' ... '^'] = IN_TAG,
    ['_'] = IN_HOST | IN_TAG | IN_NAME,
    ['`'] = IN_TAG,
    ['a' ... 'z'] = IN_HOST | IN_TAG | IN_NAME | IN_FACILITY,
    ['{' ... '~'] = IN_TAG,
};

/* macOS' " <Notice>:", which stands in the colon's place. */
static void
skip_level(struct str *s)
{
	static const struct str levels[] = {
		STR("Emergency"), STR("Alert"), STR("Critical"), STR("Error"),
		STR("Warning"), STR("Notice"), STR("Info"), STR("Debug"),
	};
	struct str rest = *s;

	if (!str_skip(&rest, STR(" <")))
		return;
	for (size_t i = 0; i < sizeof(levels) / sizeof(*levels); i++) {
		struct str behind = rest;

		if (str_skip(&behind, levels[i]) && str_skip(&behind, STR(">:")) &&
		    (behind.len == 0 || *behind.p == ' ')) {
			*s = behind;
			return;
		}
	}
}

/* Without the colon (rsyslog writes so what came in as RFC 5424) only with a pid. */
bool
header_take_tag(struct str *s, uint8_t classes, struct header *ret)
{
	size_t n = span(*s, classes, HEADER_TAG_MAX);
	struct str tag = {s->p, n}, pid = {NULL, 0}, rest;
	bool colon;

	if (n == 0 || n > HEADER_TAG_MAX)
		return false;
	rest = str_from(*s, n);
	if (str_skip_char(&rest, '[')) {
		pid = str_head(rest, header_digits(rest));
		rest = str_from(rest, pid.len);
		if (pid.len == 0 || !str_skip_char(&rest, ']'))
			return false;
	}
	colon = str_skip_char(&rest, ':');
	if ((!colon && !pid.len) || (rest.len && *rest.p != ' '))
		return false;
	if (!colon)
		skip_level(&rest);
	skip_spaces(&rest);
	ret->tag = tag;
	ret->pid = pid;
	*s = rest;
	return true;
}

static bool
is_level(struct str s)
{
	static const struct str levels[] = {
		STR("info"), STR("warning"), STR("warn"), STR("err"), STR("error"),
		STR("notice"), STR("debug"), STR("crit"), STR("alert"), STR("emerg"),
	};

	for (size_t i = 0; i < sizeof(levels) / sizeof(*levels); i++)
		if (str_eq(s, levels[i]))
			return true;
	return false;
}

/* "mail:info", "mail.info", "<mail.info>", "<info>" */
static bool
is_facility(struct str word)
{
	bool bracketed = word.len > 2 && *word.p == '<' && word.p[word.len - 1] == '>';
	size_t dot;

	if (bracketed)
		word = str_range(word.p + 1, word.p + word.len - 1);
	dot = str_index(word, ':');
	if (dot == word.len)
		dot = str_index(word, '.');
	if (dot == word.len)
		return bracketed && is_level(word);
	return dot && span(str_head(word, dot), IN_FACILITY, 16) == dot &&
	    is_level(str_from(word, dot + 1));
}

bool
header_take_tag_behind_facility(struct str *s, struct header *ret)
{
	struct str rest = *s, word = str_cut(&rest, ' ');

	if (!is_facility(word) || !header_take_tag(&rest, IN_TAG, ret))
		return false;
	*s = rest;
	return true;
}

/*
 * "postfix/127.0.0.1:10025/smtpd[123]:", which `syslog_name = postfix/$service_name` makes.
 * Where a tag has colons, it must have a pid.
 */
static bool
take_service_tag(struct str *s, struct header *ret)
{
	struct str tag = str_head(*s, str_index(*s, ' ')), rest = str_from(*s, tag.len), pid;
	const char *bracket;
	size_t n = 0;

	if (tag.len > HEADER_TAG_MAX || tag.len < 4 || !str_ends(tag, STR("]:")) ||
	    !(bracket = memrchr(tag.p, '[', tag.len)))
		return false;
	pid = str_range(bracket + 1, tag.p + tag.len - 2);
	tag = str_range(tag.p, bracket);
	while (n < tag.len && (header_class[(unsigned char)tag.p[n]] & IN_TAG ||
	    tag.p[n] == ':' || tag.p[n] == '[' || tag.p[n] == ']'))
		n++;
	if (pid.len == 0 || header_digits(pid) != pid.len || tag.len == 0 || n < tag.len ||
	    !char_is_alnum(tag.p[tag.len - 1]) || str_index(tag, '/') == tag.len)
		return false;
	ret->tag = tag;
	ret->pid = pid;
	skip_spaces(&rest);
	*s = rest;
	return true;
}

/* "x:" is a tag. */
bool
header_take_host(struct str *s, struct str *ret)
{
	size_t n = span(*s, IN_HOST, HEADER_HOST_MAX);

	if (n == 0 || n > HEADER_HOST_MAX || (n < s->len && s->p[n] != ' ') ||
	    s->p[n - 1] == ':')
		return false;
	*ret = str_head(*s, n);
	*s = str_from(*s, n);
	skip_spaces(s);
	return true;
}

/* "src@mx", "mx/192.0.2.1", "(none)"; of "[192.0.2.1]" what is in the brackets. */
static bool
take_odd_host(struct str *s, struct str *ret)
{
	struct str host = str_head(*s, str_index(*s, ' ')), rest = str_from(*s, host.len);

	if (host.len == 0 || host.len > HEADER_HOST_MAX || rest.len == 0)
		return false;
	for (size_t i = 0; i < host.len; i++)
		if (!(header_class[(unsigned char)host.p[i]] & IN_HOST) &&
		    (!host.p[i] || !strchr("@/()[]", host.p[i])))
			return false;
	if (host.len > 2 && *host.p == '[' && host.p[host.len - 1] == ']')
		host = str_range(host.p + 1, host.p + host.len - 1);
	*ret = host;
	skip_spaces(&rest);
	*s = rest;
	return true;
}

/* FreeBSD's "<mail.info> " between stamp and host. */
static void
skip_facility(struct str *s)
{
	struct str rest = *s;
	size_t n;

	if (!str_skip_char(&rest, '<'))
		return;
	n = span(rest, IN_FACILITY, 32);
	rest = str_from(rest, n);
	if (n && str_skip(&rest, STR("> ")))
		*s = rest;
}

struct str
header_without_id(struct str message)
{
	struct str rest = message;
	size_t n;

	if (!str_skip(&rest, STR("[ID ")))
		return message;
	n = header_digits(rest);
	rest = str_from(rest, n);
	if (n == 0 || !str_skip_char(&rest, ' '))
		return message;
	n = span(rest, IN_FACILITY, 32);
	rest = str_from(rest, n);
	return n && str_skip(&rest, STR("] ")) ? rest : message;
}

/* "mx postfix/smtpd[123]:" where "mail.info" stood in the host's place. */
static bool
take_host_behind_facility(struct str *s, struct header *ret)
{
	struct str rest = *s, host;

	if (!is_facility(ret->host) || !header_take_host(&rest, &host) ||
	    !header_take_tag(&rest, IN_TAG, ret))
		return false;
	ret->host = host;
	*s = rest;
	return true;
}

/*
 * "UTC mx postfix/smtpd[123]:", "2026 mx postfix/smtpd[123]:": a host could be called like a
 * zone or a year, so one is one only with another host and a tag behind it.
 */
static bool
take_host_behind_zone(struct str *s, struct header *ret)
{
	struct stamp stamp = ret->stamp;
	struct str rest = *s, host;

	if (!stamp_read_behind(&rest, &stamp) || !header_take_host(&rest, &host) ||
	    (!header_take_tag(&rest, IN_TAG, ret) && !take_service_tag(&rest, ret)))
		return false;
	ret->stamp = stamp;
	ret->form = STAMP_OTHER;
	ret->host = host;
	*s = rest;
	return true;
}

/*
 * "postfix/smtpd[123]:connect": of templates that have tag and message with nothing between.
 */
static bool
take_tight_tag(struct str *s, struct header *ret)
{
	size_t n = span(*s, IN_TAG, HEADER_TAG_MAX);
	struct str tag = str_head(*s, n), rest = str_from(*s, n), pid;

	if (n == 0 || n > HEADER_TAG_MAX || !str_skip_char(&rest, '['))
		return false;
	pid = str_head(rest, header_digits(rest));
	rest = str_from(rest, pid.len);
	if (pid.len == 0 || !str_skip(&rest, STR("]:")) || rest.len == 0)
		return false;
	ret->tag = tag;
	ret->pid = pid;
	*s = rest;
	return true;
}

/* SOGo's "sogod [26818]: ", whose name stands in the host's place, or behind him. */
static void
take_sogo_tag(struct str *s, struct header *ret)
{
	static const struct str name = STR("sogod");
	struct str rest = *s, tag = str_head(*s, name.len), pid;
	bool hostless = str_eq(ret->host, name);

	if (hostless)
		tag = ret->host;
	else if (!str_skip(&rest, name) || !str_skip_char(&rest, ' '))
		return;
	if (!str_skip_char(&rest, '['))
		return;
	pid = str_head(rest, header_digits(rest));
	rest = str_from(rest, pid.len);
	if (pid.len == 0 || !str_skip(&rest, STR("]: ")))
		return;
	if (hostless)
		ret->host = (struct str){NULL, 0};
	ret->tag = tag;
	ret->pid = pid;
	*s = rest;
}

/* "[<mail.info>] host tag[pid]: message", where each but the message may be missing. */
static void
read_syslog(struct str s, struct header *ret)
{
	struct str begin, rest, host;

	skip_facility(&s);
	rest = begin = s;
	if (header_take_host(&s, &ret->host)) {
		if (!header_take_tag(&s, IN_TAG, ret) && !header_take_padded_tag(&s, ret) &&
		    !header_take_tag_behind_facility(&s, ret) && !take_service_tag(&s, ret) &&
		    !take_tight_tag(&s, ret) && !take_host_behind_facility(&s, ret))
			take_sogo_tag(&s, ret);
	} else if (!header_peek_process(s, ret) && !header_take_tag(&s, IN_TAG, ret) &&
	    take_odd_host(&rest, &host) && header_take_tag(&rest, IN_TAG, ret)) {
		ret->host = host;
		s = rest;
	}
	if (ret->tag.len == 0 && take_host_behind_zone(&begin, ret))
		s = begin;
	ret->message = ret->tag.len ? header_without_id(s) : s;
}

/*
 * What containers put before a line, once its stamp is read: "stdout F " and, if
 * the program writes one, its own stamp. That one tells the form of what follows;
 * its time only counts if it says the zone.
 */
static enum stamp_form
skip_container(struct str *s, struct stamp *stamp)
{
	struct str rest = *s;
	struct stamp inner;
	enum stamp_form form;

	if (str_skip(&rest, STR("stdout ")) || str_skip(&rest, STR("stderr "))) {
		if (!str_skip(&rest, STR("F ")) && !str_skip(&rest, STR("P ")))
			return STAMP_RFC3339;
		*s = rest;
	}
	form = stamp_read(&rest, &inner);
	if (form == STAMP_NONE || (rest.len && *rest.p != ' '))
		return STAMP_RFC3339;
	*s = rest;
	skip_spaces(s);
	if (inner.has_zone)
		*stamp = inner;
	return form;
}

/* Everything from the stamp on. */
static bool
read_stamped(struct str s, struct header *ret)
{
	ret->form = stamp_read(&s, &ret->stamp);
	if (ret->form == STAMP_NONE)
		return false;
	if (ret->form == STAMP_BRACKET)
		str_skip_char(&s, ':');
	if (s.len && *s.p != ' ')
		return false;
	skip_spaces(&s);
	if (ret->form == STAMP_RFC3339)
		ret->form = skip_container(&s, &ret->stamp);
	if (ret->form >= STAMP_FILE)
		header_read_file(s, ret);
	else
		read_syslog(s, ret);
	return true;
}

/* The structured data of RFC 5424: "-", or elements [id name="value" ...]. */
static bool
skip_structured_data(struct str *s)
{
	if (str_skip_char(s, '-'))
		return true;
	if (s->len == 0 || *s->p != '[')
		return false;
	while (str_skip_char(s, '[')) {
		bool quoted = false;

		while (s->len && (quoted || *s->p != ']')) {
			if (quoted && *s->p == '\\' && s->len > 1)
				*s = str_from(*s, 1);
			else if (*s->p == '"')
				quoted = !quoted;
			*s = str_from(*s, 1);
		}
		if (!str_skip_char(s, ']'))
			return false;
	}
	return true;
}

/* A word of RFC 5424's header of at most MAX bytes; "-" is none. */
static bool
take_word(struct str *s, uint8_t classes, size_t max, struct str *ret)
{
	size_t n = span(*s, classes, max);

	if (n == 0 || n > max || n == s->len || s->p[n] != ' ')
		return false;
	*ret = n == 1 && *s->p == '-' ? (struct str){NULL, 0} : str_head(*s, n);
	*s = str_from(*s, n + 1);
	return true;
}

/* "STAMP HOST APP-NAME PROCID MSGID STRUCTURED-DATA MSG" */
static bool
read_rfc5424(struct str s, struct header *ret)
{
	struct str message_id;

	if (!str_skip(&s, STR("- ")) &&
	    (stamp_read(&s, &ret->stamp) != STAMP_RFC3339 || !str_skip_char(&s, ' ')))
		return false;
	if (!take_word(&s, IN_HOST, HEADER_HOST_MAX, &ret->host) ||
	    !take_word(&s, IN_TAG, HEADER_TAG_MAX, &ret->tag) ||
	    !take_word(&s, IN_TAG | IN_HOST, HEADER_TAG_MAX, &ret->pid) ||
	    !take_word(&s, IN_TAG | IN_HOST, HEADER_TAG_MAX, &message_id) ||
	    !skip_structured_data(&s) || (s.len && *s.p != ' '))
		return false;
	skip_spaces(&s);
	str_skip(&s, STR("\xef\xbb\xbf"));
	skip_spaces(&s);
	ret->message = s;
	return true;
}

/* "<22>" */
static bool
skip_priority(struct str *s)
{
	struct str rest = *s;
	int64_t priority;

	if (!str_skip_char(&rest, '<') || header_digits(rest) > 3 ||
	    !str_skip_number(&rest, &priority) || priority > 191 || !str_skip_char(&rest, '>'))
		return false;
	*s = rest;
	return true;
}

/* "1 STAMP HOST APP-NAME ...": where no priority says that it is RFC 5424, all is there. */
static bool
read_bare_rfc5424(struct str s, struct header *ret)
{
	struct header header = {.message = s};

	if (!str_skip(&s, STR("1 ")) || !read_rfc5424(s, &header) || !header.stamp.known ||
	    !header.tag.len)
		return false;
	*ret = header;
	return true;
}

/* "STAMP HOST TAG: ", all of it, and no more than a syslog daemon writes. */
static bool
read_original(struct str s, struct header *ret)
{
	struct stamp stamp;
	enum stamp_form form = stamp_read(&s, &stamp);

	if ((form != STAMP_TRADITIONAL && form != STAMP_RFC3339) || !str_skip_char(&s, ' ') ||
	    !header_take_host(&s, &ret->host) ||
	    (!header_take_tag(&s, IN_TAG, ret) && !take_service_tag(&s, ret)))
		return false;
	if (stamp.has_zone)
		ret->stamp = stamp;
	ret->form = STAMP_OTHER;
	ret->message = header_without_id(s);
	return true;
}

/*
 * What was sent, in the header of whoever received it and did not know it: RET's message,
 * right behind the host and without a tag, is "<22>1 STAMP HOST APP-NAME ..." or "STAMP HOST
 * TAG: ..." then. Behind a tag nothing is looked for: there outsiders may write.
 */
static void
unwrap(struct header *ret)
{
	struct str s = ret->message;
	struct header inner = {.stamp = ret->stamp};

	if (ret->tag.len || ret->host.len == 0)
		return;
	skip_priority(&s);
	if (str_skip(&s, STR("1 ")) ? read_rfc5424(s, &inner) && inner.tag.len :
				      read_original(s, &inner))
		*ret = inner;
}

/* kubectl logs --prefix: "[pod/mail-7d66f-rmf54/postfix] " */
static bool
skip_pod(struct str *s)
{
	struct str rest = *s, name;

	if (!str_skip(&rest, STR("[pod/")))
		return false;
	name = str_cut(&rest, ']');
	if (str_index(name, ' ') < name.len || !str_skip_char(&rest, ' '))
		return false;
	*s = rest;
	return true;
}

/* A terminal's "\e[36m" and "\e[0m" */
static void
skip_colour(struct str *s)
{
	struct str rest = *s;

	if (!str_skip(&rest, STR("\033[")))
		return;
	while (rest.len && (char_is_digit(*rest.p) || *rest.p == ';'))
		rest = str_from(rest, 1);
	if (str_skip_char(&rest, 'm'))
		*s = rest;
}

/* docker compose: "mailserver-1  | ", and the same in colour */
static bool
skip_service(struct str *s)
{
	struct str rest = *s;
	size_t n;

	skip_colour(&rest);
	n = span(rest, IN_NAME, HEADER_TAG_MAX);
	rest = str_from(rest, n);
	if (n == 0 || rest.len == 0 || *rest.p != ' ')
		return false;
	skip_spaces(&rest);
	if (!str_skip_char(&rest, '|'))
		return false;
	skip_colour(&rest);
	if (!str_skip_char(&rest, ' '))
		return false;
	skip_colour(&rest);
	*s = rest;
	return true;
}

/* grep's "/var/log/mail.log.1:", and with -n its "12:", before a stamp. */
static bool
read_grepped(struct str s, struct header *ret)
{
	for (int i = 0; i < 2; i++) {
		struct str name = str_head(s, str_index(s, ':'));

		if (name.len == 0 || name.len + 1 >= s.len || str_index(name, ' ') < name.len)
			return false;
		s = str_from(s, name.len + 1);
		if (read_stamped(s, ret))
			return true;
	}
	return false;
}

/* Dovecot 1's own file: "dovecot: STAMP Info: imap-login: ..." */
static bool
read_tag_first(struct str s, struct header *ret)
{
	struct str tag = str_head(s, sizeof("dovecot") - 1);

	if (!str_skip(&s, STR("dovecot: ")))
		return false;
	ret->form = stamp_read(&s, &ret->stamp);
	if (ret->form == STAMP_NONE || !str_skip_char(&s, ' '))
		return false;
	ret->tag = tag;
	ret->message = s;
	return true;
}

/* All that has no priority before it. */
static bool
read_unnumbered(struct str s, struct header *ret)
{
	return read_stamped(s, ret) || read_tag_first(s, ret) || read_bare_rfc5424(s, ret) ||
	    ((skip_service(&s) || skip_pod(&s)) && read_stamped(s, ret)) ||
	    read_grepped(s, ret);
}

bool
header_read(struct str line, struct header *ret)
{
	return header_read_bare(header_without_cr(line), ret);
}

bool
header_read_bare(struct str line, struct header *ret)
{
	struct str s = line;
	bool numbered;

	*ret = (struct header){.message = line};
	str_skip(&s, STR("\xef\xbb\xbf"));
	numbered = skip_priority(&s);
	if (numbered && str_skip(&s, STR("1 "))) {
		if (read_rfc5424(s, ret))
			return true;
	} else if (numbered ? read_stamped(s, ret) : read_unnumbered(s, ret)) {
		unwrap(ret);
		return true;
	}
	*ret = (struct header){.message = line};
	/* PHP up to 5.3 wrote no stamp. */
	if (!str_starts(line, STR("mail() on [")))
		return false;
	ret->form = STAMP_BRACKET;
	return true;
}
