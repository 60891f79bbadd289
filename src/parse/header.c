/* SPDX-License-Identifier: Apache-2.0
 *
 * The header of a log line, whatever wrote it; each line by itself, so that one
 * file may mix them:
 *   Nov  5 09:08:07 mx postfix/smtpd[123]: connect from ...       (syslog daemons)
 *   2026-11-20T11:58:13.587668+00:00 vm postfix/smtpd[123]: ...   (rsyslog, journalctl)
 *   <22>1 2024-05-01T12:34:56Z mx9 postfix/smtpd 5 - [a b="c"] .. (RFC 5424)
 *   2024-05-01T12:34:56.78Z stdout F May 01 12:34:56 mail x: ...  (containers)
 *   May  1 12:34:56 <mail.info> host postfix/smtpd[1]: ...        (FreeBSD)
 *   ... postfix/smtpd[1]: [ID 197553 mail.info] connect ...       (Solaris)
 *   May  1 12:34:56 host mail:info postfix/smtpd[1]: ...          (AIX)
 *   2024-05-01 12:34:56 [1234] 1s2...                             (Exim)
 *   2024-05-01 12:34:56 imap-login: Info: ...                     (Dovecot)
 *   May  1 12:34:56 imap(joe)<123><session>: Info: ...            (Dovecot)
 *   dovecot: May  1 12:34:56 Info: imap-login: ...                (Dovecot 1)
 *   2024-05-01 12:34:56,789 fail2ban.actions        [123]: NOTICE (fail2ban)
 *   2024-05-01 12:34:56 #1234(normal) <abc>; task; ...            (rspamd)
 *   Fri Nov 20 12:09:52 2026 [49] info: spamd: ...                (spamd)
 *   [01-Jan-2024 12:00:00 UTC] mail() on ...                      (PHP)
 */
#include "parse/room.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum { IN_HOST = 1, IN_TAG = 2, IN_NAME = 4, IN_FACILITY = 8 };

/* What may stand in a host, in a tag, in a tag where no host is written, in "mail.info". */
static const uint8_t class[256] = {
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

/* How many of the first bytes of S, up to MAX + 1, are in CLASSES. */
static size_t
span(struct str s, uint8_t classes, size_t max)
{
	size_t n = 0;

	while (n < s.len && n <= max && class[(unsigned char)s.p[n]] & classes)
		n++;
	return n;
}

static size_t
span_digits(struct str s)
{
	size_t n = 0;

	while (n < s.len && char_is_digit(s.p[n]))
		n++;
	return n;
}

static void
skip_spaces(struct str *s)
{
	while (str_skip_char(s, ' '))
		;
}

/*
 * "postfix/smtpd[123]:" or "dovecot:" and the spaces behind, the tag being N bytes.
 * Without the colon (rsyslog writes so what came in as RFC 5424) only with a pid.
 */
static inline bool
take_tag_of(struct str *s, size_t n, size_t (*digits)(struct str), struct header *ret)
{
	struct str tag = {s->p, n}, pid = {NULL, 0}, rest;
	bool colon;

	if (n == 0 || n > HEADER_TAG_MAX)
		return false;
	rest = str_from(*s, n);
	if (str_skip_char(&rest, '[')) {
		pid = str_head(rest, digits(rest));
		rest = str_from(rest, pid.len);
		if (pid.len == 0 || !str_skip_char(&rest, ']'))
			return false;
	}
	colon = str_skip_char(&rest, ':');
	if ((!colon && !pid.len) || (rest.len && *rest.p != ' '))
		return false;
	skip_spaces(&rest);
	ret->tag = tag;
	ret->pid = pid;
	*s = rest;
	return true;
}

static bool
take_tag(struct str *s, uint8_t classes, struct header *ret)
{
	return take_tag_of(s, span(*s, classes, HEADER_TAG_MAX), span_digits, ret);
}

/* fail2ban pads its tags: "fail2ban.actions        [123]: ", "fail2ban.filter : ". */
static bool
take_padded_tag(struct str *s, struct header *ret)
{
	size_t n = str_starts(*s, STR("fail2ban.")) ? span(*s, IN_NAME, HEADER_TAG_MAX) : 0;
	struct str tag = str_head(*s, n), pid = {NULL, 0}, rest = str_from(*s, n);

	if (n == 0 || n > HEADER_TAG_MAX || !str_skip_char(&rest, ' '))
		return false;
	skip_spaces(&rest);
	if (str_skip_char(&rest, '[')) {
		pid = str_head(rest, span_digits(rest));
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

/* AIX: "mail:info " before the tag. */
static bool
take_tag_behind_facility(struct str *s, struct header *ret)
{
	struct str rest = *s, facility = str_cut(&rest, ' ');
	struct str name = str_cut(&facility, ':');

	if (name.len == 0 || facility.len == 0 || span(name, IN_FACILITY, 16) != name.len ||
	    span(facility, IN_FACILITY, 16) != facility.len || !take_tag(&rest, IN_TAG, ret))
		return false;
	*s = rest;
	return true;
}

/* A host's name and the spaces behind. "x:" is a tag. */
static bool
take_host(struct str *s, struct str *ret)
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

/* MESSAGE without Solaris' "[ID 197553 mail.info] " before it. */
static struct str
without_message_id(struct str message)
{
	struct str rest = message;
	size_t n;

	if (!str_skip(&rest, STR("[ID ")))
		return message;
	n = span_digits(rest);
	rest = str_from(rest, n);
	if (n == 0 || !str_skip_char(&rest, ' '))
		return message;
	n = span(rest, IN_FACILITY, 32);
	rest = str_from(rest, n);
	return n && str_skip(&rest, STR("] ")) ? rest : message;
}

/*
 * Dovecot's "imap(joe@example.test)<123><session>: ": only the name is the tag, or
 * there would be one a session. The parser reads on from the tag.
 */
static bool
take_process(struct str s, struct header *ret)
{
	size_t n = span(s, IN_NAME, HEADER_TAG_MAX);

	if (n == 0 || n > HEADER_TAG_MAX || n == s.len || s.p[n] != '(')
		return false;
	ret->tag = str_head(s, n);
	return true;
}

/* "[<mail.info>] host tag[pid]: message", where each but the message may be missing. */
static void
read_syslog(struct str s, struct header *ret)
{
	skip_facility(&s);
	if (take_host(&s, &ret->host)) {
		if (!take_tag(&s, IN_TAG, ret) && !take_padded_tag(&s, ret))
			take_tag_behind_facility(&s, ret);
	} else if (!take_process(s, ret)) {
		take_tag(&s, IN_TAG, ret);
	}
	ret->message = ret->tag.len ? without_message_id(s) : s;
}

/* "[49] " */
static bool
take_pid(struct str *s, struct str *ret)
{
	struct str rest = *s, pid;

	if (!str_skip_char(&rest, '['))
		return false;
	pid = str_head(rest, span_digits(rest));
	rest = str_from(rest, pid.len);
	if (pid.len == 0 || !str_skip(&rest, STR("] ")))
		return false;
	*ret = pid;
	*s = rest;
	return true;
}

/* rspamd: "#123(normal) " */
static bool
read_rspamd(struct str s, struct header *ret)
{
	struct str pid;
	size_t n;

	if (!str_skip_char(&s, '#'))
		return false;
	pid = str_head(s, span_digits(s));
	s = str_from(s, pid.len);
	if (pid.len == 0 || !str_skip_char(&s, '('))
		return false;
	n = span(s, IN_NAME, HEADER_TAG_MAX);
	s = str_from(s, n);
	if (n == 0 || !str_skip(&s, STR(") ")))
		return false;
	ret->tag = STR("rspamd");
	ret->program = WORD_rspamd;
	ret->pid = pid;
	ret->message = s;
	return true;
}

/* spamd: "[49] info: "; the level stays with the message. */
static void
read_ctime(struct str s, struct header *ret)
{
	if (take_pid(&s, &ret->pid)) {
		ret->tag = STR("spamd");
		ret->program = WORD_spamd;
	}
	ret->message = s;
}

/*
 * What programs write into files of their own: "[pid] ", "imap-login: " or
 * nothing before the message. Exim's message ids and words look like hosts, so a
 * host is one only with a tag and its pid behind it.
 */
static void
read_file(struct str s, struct header *ret)
{
	struct str rest = s, pid;

	if (read_rspamd(s, ret))
		return;
	if (take_pid(&rest, &pid)) {
		take_tag(&rest, IN_NAME, ret);
		ret->pid = pid;
		s = rest;
	} else if (take_padded_tag(&rest, ret)) {
		s = rest;
	} else if (take_host(&rest, &ret->host) && take_tag(&rest, IN_NAME, ret) &&
	    ret->pid.len) {
		s = rest;
	} else {
		ret->host = ret->tag = ret->pid = (struct str){NULL, 0};
		if (!take_process(s, ret))
			take_tag(&s, IN_NAME, ret);
	}
	ret->message = s;
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
	if (ret->form == STAMP_BRACKET)
		ret->message = s;
	else if (ret->form == STAMP_FILE)
		read_file(s, ret);
	else if (ret->form == STAMP_CTIME)
		read_ctime(s, ret);
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

	if (!str_skip_char(&rest, '<') || span_digits(rest) > 3 ||
	    !str_skip_number(&rest, &priority) || priority > 191 || !str_skip_char(&rest, '>'))
		return false;
	*s = rest;
	return true;
}

/* docker compose: "mailserver-1  | "; Dovecot 1: "dovecot: " */
static bool
skip_prefix(struct str *s)
{
	size_t n = span(*s, IN_NAME, HEADER_TAG_MAX);
	struct str rest = str_from(*s, n);

	if (str_skip(s, STR("dovecot: ")))
		return true;
	if (n == 0 || rest.len == 0 || *rest.p != ' ')
		return false;
	skip_spaces(&rest);
	if (!str_skip(&rest, STR("| ")))
		return false;
	*s = rest;
	return true;
}

static struct str
without_cr(struct str line)
{
	if (line.len && line.p[line.len - 1] == '\r')
		line.len--;
	return line;
}

bool
header_read(struct str line, struct header *ret)
{
	struct str s = line = without_cr(line);

	*ret = (struct header){.message = line};
	str_skip(&s, STR("\xef\xbb\xbf"));
	if (skip_priority(&s)) {
		if (str_skip(&s, STR("1 ")) ? read_rfc5424(s, ret) : read_stamped(s, ret))
			return true;
	} else if (read_stamped(s, ret) || (skip_prefix(&s) && read_stamped(s, ret))) {
		return true;
	}
	*ret = (struct header){.message = line};
	return false;
}

#ifdef __SSE2__
/* A bit for each of the 16 bytes at P that ends a tag. */
static inline unsigned
tag_ends(const char *p)
{
	__m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)p);
	/* Signed: less than '!' is also everything from 0x80. */
	__m128i below = _mm_cmplt_epi8(bytes, _mm_set1_epi8('!'));
	__m128i delete = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\x7f'));
	__m128i bracket = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('['));
	__m128i colon = _mm_cmpeq_epi8(bytes, _mm_set1_epi8(':'));

	return (unsigned)_mm_movemask_epi8(_mm_or_si128(_mm_or_si128(below, delete),
	    _mm_or_si128(bracket, colon)));
}
#endif

/* span(s, IN_TAG, HEADER_TAG_MAX) where S has 16 readable bytes behind it. */
static inline size_t
tag_length(struct str s)
{
#ifdef __SSE2__
	if (s.len >= 16) {
		unsigned ends = tag_ends(s.p) | tag_ends(s.p + 16) << 16;
		size_t n = ends ? (unsigned)__builtin_ctz(ends) : 32;

		if (n < 32)
			return n < s.len ? n : s.len;
	}
#endif
	return span(s, IN_TAG, HEADER_TAG_MAX);
}

/* span_digits() where S has 16 readable bytes behind it. */
static inline size_t
digits_length(struct str s)
{
#ifdef __SSE2__
	__m128i value = _mm_sub_epi8(_mm_loadu_si128((const __m128i *)(const void *)s.p),
	    _mm_set1_epi8('0'));
	__m128i digit = _mm_cmpeq_epi8(_mm_min_epu8(value, _mm_set1_epi8(9)), value);
	unsigned others = ~(unsigned)_mm_movemask_epi8(digit) & 0xffff;
	size_t n = (unsigned)__builtin_ctz(others | 0x10000);

	if (n < 16)
		return n < s.len ? n : s.len;
#endif
	return span_digits(s);
}

/* The time of day at CLOCK, on the memo's day; false if it is none. */
static inline bool
clock_again(struct header_memo *memo, const char *clock, struct stamp *ret)
{
	if (memcmp(clock, memo->clock, 8) != 0) {
		int64_t usec = stamp_clock(clock);

		if (usec < 0)
			return false;
		memcpy(memo->clock, clock, 8);
		memo->local = memo->midnight + usec;
	}
	*ret = memo->stamp;
	ret->local = memo->local;
	return true;
}

/* Where the time of day ends in LINE if it is traditional and of the memo's day; or 0. */
static inline size_t
traditional_again(struct header_memo *memo, struct str line, struct stamp *ret)
{
	if (line.len < 16 || memcmp(line.p, memo->date, 7) != 0 ||
	    !clock_again(memo, line.p + 7, ret))
		return 0;
	return 15;
}

/* stamp_fraction() where 8 bytes may be read. */
static inline int64_t
fraction_again(const char *p, unsigned digits)
{
	uint64_t bytes = digits_load(p);

	if (digits > 8)
		return stamp_fraction(p, digits);
	return digits_count(bytes) < digits ? -1 : (int64_t)digits_left(bytes, digits) / 100;
}

/* The same for RFC 3339 with as many digits behind the point as before. */
static inline size_t
rfc3339_again(struct header_memo *memo, struct str line, struct stamp *ret)
{
	unsigned digits = memo->fraction;
	int64_t fraction;

	if (line.len < 20 + digits || memcmp(line.p, memo->date, 11) != 0 ||
	    !clock_again(memo, line.p + 11, ret))
		return 0;
	if (digits == 0)
		return 19;
	fraction = fraction_again(line.p + 20, digits);
	if (line.p[19] != '.' || fraction < 0)
		return 0;
	ret->local += fraction;
	return 20 + digits;
}

/* header_read() for a line of the memo's form, day, zone and host; false tells nothing. */
static inline bool
read_again(struct header_memo *memo, struct str line, struct header *ret)
{
	size_t at = 0;
	struct str s;

	if (memo->form == STAMP_TRADITIONAL)
		at = traditional_again(memo, line, &ret->stamp);
	else if (memo->form == STAMP_RFC3339)
		at = rfc3339_again(memo, line, &ret->stamp);
	if (at == 0 || line.len < at + memo->middle_len)
		return false;
	for (size_t i = 0; i * 8 < memo->middle_len; i++)
		if ((hash_load8(line.p + at + i * 8) ^ memo->middle[i]) & memo->mask[i])
			return false;
	s = str_from(line, at + memo->middle_len);
	ret->host = (struct str){s.p - 1 - memo->host_len, memo->host_len};
	skip_spaces(&s);
	if (!take_tag_of(&s, tag_length(s), digits_length, ret))
		return false;
	ret->message = s.len && *s.p == '[' ? without_message_id(s) : s;
	ret->form = memo->form;
	ret->program = WORD_absent;
	return true;
}

/* Notes what read_again() needs of LINE and its header, if it can read such lines. */
static void
learn(struct header_memo *memo, struct str line, const struct header *header)
{
	size_t clock_at = header->form == STAMP_TRADITIONAL ? 7 : 11;
	struct str middle;
	int64_t clock, fraction = 0;

	memo->form = STAMP_NONE;
	if ((header->form != STAMP_TRADITIONAL && header->form != STAMP_RFC3339) ||
	    header->host.len == 0 || header->tag.len == 0)
		return;
	/* Before the host may only stand the stamp; a prefix shows in the clock's place. */
	clock = stamp_clock(line.p + clock_at);
	middle = str_range(line.p + clock_at + 8, header->host.p + header->host.len + 1);
	memo->fraction = 0;
	if (header->form == STAMP_RFC3339 && str_skip_char(&middle, '.')) {
		memo->fraction = (uint8_t)span_digits(middle);
		fraction = stamp_fraction(middle.p, memo->fraction);
		middle = str_from(middle, memo->fraction);
	}
	if (clock < 0 || middle.len > sizeof(memo->middle) ||
	    str_index(middle, ' ') + header->host.len + 2 != middle.len)
		return;
	memo->form = header->form;
	memcpy(memo->date, line.p, clock_at);
	memcpy(memo->clock, line.p + clock_at, sizeof(memo->clock));
	memo->stamp = header->stamp;
	memo->local = header->stamp.local - fraction;
	memo->midnight = memo->local - clock;
	memo->host_len = (uint8_t)header->host.len;
	memo->middle_len = (uint8_t)middle.len;
	memset(memo->mask, 0, sizeof(memo->mask));
	memset(memo->mask, 0xff, middle.len);
	memcpy(memo->middle, middle.p, middle.len);
}

bool
header_read_memo(struct header_memo *memo, struct str line, struct header *ret)
{
	if (read_again(memo, without_cr(line), ret))
		return true;
	if (!header_read(line, ret)) {
		memo->form = STAMP_NONE;
		return false;
	}
	learn(memo, line, ret);
	return true;
}
