/* SPDX-License-Identifier: Apache-2.0
 *
 * The pieces of Exim's lines, each read where it must stand, from left to right:
 *
 *   mx.b.test (pc-17.lan) [192.0.2.1]:4711 I=[192.0.2.9]:25 Ci=15057 U=ident
 *
 * The name comes from a reverse lookup that was verified forward, so it is a valid
 * domain name: no spaces, brackets or parentheses. Between the parentheses stands
 * what the client said in HELO, and Exim takes only letters, digits, '.', '-' and
 * what helo_allow_chars adds, or an address literal in brackets (check_helo() in
 * smtp_in.c): no parenthesis, no space. But with helo_accept_junk_hosts a client may
 * say anything, also
 * "pc) [198.51.100.1] F=<a@b.test> rejected RCPT <c@d.test>: no". So the client is
 * told only where all ") [ADDRESS]" of the line that could be Exim's own name one
 * address (cPanel's reasons repeat the host), and the first is not far behind: else
 * it may be the end of a line that was cut.
 *
 * The local part of an address is words with dots between them, each an atom, in which a
 * backslash may stand before any character, or in quotes (read_local_part() in parse.c):
 *   a\>\ b."x> H=[198.51.100.1]"@b.test
 */
#include "parse/exim.h"

#include "parse/postfix.h"

#define NAME_MAX_LEN 255

/* Sets and ranges of characters, as a table: a bit for each. */
enum { IN_NAME = 1, IN_ID = 2, IN_IP = 4 };

static const uint8_t class_of[256] = {
	['0' ... '9'] = IN_NAME | IN_ID | IN_IP,
	['a' ... 'f'] = IN_NAME | IN_ID | IN_IP,
	['g' ... 'z'] = IN_NAME | IN_ID,
	['A' ... 'F'] = IN_NAME | IN_ID | IN_IP,
	['G' ... 'Z'] = IN_NAME | IN_ID,
	['-'] = IN_NAME,
	['.'] = IN_NAME | IN_IP,
	[':'] = IN_IP,
	['_'] = IN_NAME,
	['/'] = IN_NAME, /* RFC 2317 */
};

static size_t
span(struct str s, uint8_t class, size_t max)
{
	size_t n = 0;

	while (n < s.len && n < max && class_of[(unsigned char)s.p[n]] & class)
		n++;
	return n;
}

/* "[192.0.2.1]:4711"; *RET_PORT is -1 without one. */
static bool
take_endpoint(struct str *s, struct str *ret_ip, int64_t *ret_port)
{
	struct str rest = *s, ip, port;
	int64_t number;

	if (!str_skip_char(&rest, '[') || !postfix_ip(&rest, &ip) ||
	    !str_skip_char(&rest, ']'))
		return false;
	*ret_ip = ip;
	*ret_port = -1;
	port = rest;
	if (str_skip_char(&port, ':') && str_skip_number(&port, &number) && number <= 65535) {
		*ret_port = number;
		rest = port;
	}
	*s = rest;
	return true;
}

/* What Exim writes behind a host: a space, a colon, its own parenthesis or comma, nothing. */
static bool
follows_host(struct str s)
{
	return s.len == 0 || *s.p == ' ' || *s.p == ':' || *s.p == ')' || *s.p == ',';
}

/* The ") [ADDRESS]" of a text that may be a host's. */
struct ends {
	size_t first;   /* where it stands */
	unsigned count; /* up to the second address */
	bool same;      /* all name one address */
};

static struct ends
find_ends(struct str s)
{
	struct ends ends = {.same = true};
	struct str rest = s, ip, first = {NULL, 0};
	int64_t port;
	size_t n;

	while (ends.same && (n = str_find(rest, STR(") ["))) < rest.len) {
		struct str endpoint = str_from(rest, n + 2);

		if (take_endpoint(&endpoint, &ip, &port) && follows_host(endpoint)) {
			if (ends.count++ == 0) {
				ends.first = (size_t)(rest.p - s.p) + n;
				first = ip;
			}
			ends.same = str_eq(ip, first);
		}
		rest = str_from(rest, n + 1);
	}
	return ends;
}

/* "(helo) ": see above. */
static bool
take_helo(struct str *s, struct exim_host *host)
{
	struct str rest = *s;
	struct ends ends;

	if (!str_skip_char(&rest, '('))
		return false;
	ends = find_ends(rest);
	if (ends.count == 0 || !ends.same || ends.first > EXIM_WORDS_MAX)
		return false;
	host->helo = str_head(rest, ends.first);
	host->repeated = ends.count > 1;
	*s = str_from(rest, ends.first + 2);
	return true;
}

/* "U=ident": what the client's own ident server says; no more than a word of it is read. */
static void
take_ident(struct str *s, struct str *ret)
{
	if (str_skip(s, STR(" U=")))
		*ret = exim_value(s);
}

bool
exim_host_hides(struct str s)
{
	struct ends ends;

	s = str_from(s, span(s, IN_NAME, NAME_MAX_LEN));
	str_skip_char(&s, ' ');
	if (s.len == 0 || *s.p != '(')
		return false;
	ends = find_ends(s);
	return ends.count > 1 || (ends.count == 1 && ends.first > EXIM_WORDS_MAX);
}

bool
exim_host(struct str *s, struct exim_host *ret)
{
	struct exim_host host = {.port = -1, .server_port = -1};
	struct str rest = *s, inside;
	size_t n = span(rest, IN_NAME, NAME_MAX_LEN);

	if (n) {
		host.name = str_head(rest, n);
		rest = str_from(rest, n);
		if (!str_skip_char(&rest, ' '))
			return false;
	}
	if (rest.len && *rest.p == '(' && !take_helo(&rest, &host))
		return false;
	str_skip(&rest, STR("DS "));
	if (!take_endpoint(&rest, &host.ip, &host.port))
		return false;
	inside = rest;
	if (str_skip(&inside, STR(" I=")) &&
	    take_endpoint(&inside, &host.server_ip, &host.server_port))
		rest = inside;
	/* The connection's id, of 4.98; with 4.99 it may stand behind the ident. */
	if (str_skip(&rest, STR(" Ci=")))
		rest = str_from(rest, span(rest, IN_ID, NAME_MAX_LEN));
	if (str_skip(&rest, STR(" TFO")))
		str_skip_char(&rest, '*');
	take_ident(&rest, &host.ident);
	if (str_skip(&rest, STR(" Ci=")))
		rest = str_from(rest, span(rest, IN_ID, NAME_MAX_LEN));
	*s = rest;
	*ret = host;
	return true;
}

void
exim_set_client(const struct exim_host *host, struct event *ev)
{
	EVENT_TEXT(ev, ip, host->ip);
	if (host->name.p)
		EVENT_TEXT(ev, name, host->name);
	if (host->helo.p)
		EVENT_TEXT(ev, helo, host->helo);
	if (host->port >= 0)
		EVENT_SET(ev, port, host->port);
	if (host->server_ip.p)
		EVENT_TEXT(ev, server_ip, host->server_ip);
	if (host->server_port >= 0)
		EVENT_SET(ev, server_port, host->server_port);
}

bool
exim_client(struct str *s, struct event *ev)
{
	struct str rest = *s;
	struct exim_host host;

	str_skip(&rest, STR("H="));
	if (!exim_host(&rest, &host) || host.repeated)
		return false;
	exim_set_client(&host, ev);
	*s = rest;
	return true;
}

bool
exim_relay(struct str *s, struct event *ev)
{
	struct str rest = *s, ip;
	size_t n = span(rest, IN_NAME | IN_IP, NAME_MAX_LEN);
	struct str name = str_head(rest, n);
	int64_t port;

	while (name.len && name.p[name.len - 1] == ':') /* of what follows */
		name.len--;
	if (name.len == 0)
		return false;
	rest = str_from(rest, name.len);
	*s = rest;
	EVENT_TEXT(ev, relay, name);
	str_skip(&rest, STR(" DS"));
	if (!str_skip_char(&rest, ' ') || !take_endpoint(&rest, &ip, &port))
		return true;
	str_skip_char(&rest, '*'); /* not the connection's first message */
	*s = rest;
	EVENT_TEXT(ev, relay_ip, ip);
	if (port >= 0)
		EVENT_SET(ev, relay_port, port);
	return true;
}

/*
 * How far the address reaches that S begins with: up to END outside of quotes, or all of S.
 * False: it is cut off inside of them.
 */
static bool
address_length(struct str s, char end, size_t *ret)
{
	bool quoted = false;
	size_t n = 0;

	for (; n < s.len && (quoted || s.p[n] != end); n++) {
		if (s.p[n] == '\\')
			n++;
		else if (s.p[n] == '"')
			quoted = !quoted;
	}
	*ret = n < s.len ? n : s.len;
	return !quoted;
}

bool
exim_address(struct str *s, struct str *ret)
{
	size_t n;

	if (!address_length(*s, ' ', &n) || n == 0)
		return false;
	*ret = str_head(*s, n);
	*s = str_from(*s, n);
	if (str_eq(*ret, STR("<>")))
		*ret = str_head(*ret, 0);
	return true;
}

bool
exim_bracketed(struct str *s, struct str *ret)
{
	struct str rest = *s;
	size_t n;

	if (!str_skip_char(&rest, '<') || !address_length(rest, '>', &n) || n == rest.len)
		return false;
	*ret = str_head(rest, n);
	*s = str_from(rest, n + 1);
	return true;
}

bool
exim_id(struct str *s, struct str *ret)
{
	size_t last = s->len > 13 && s->p[13] == '-' ? 13 : 18;
	size_t len = last == 13 ? 16 : 23;

	if (s->len < len || s->p[6] != '-' || s->p[last] != '-' ||
	    (s->len > len && s->p[len] != ' '))
		return false;
	for (size_t i = 0; i < len; i++)
		if (i != 6 && i != last && !(class_of[(unsigned char)s->p[i]] & IN_ID))
			return false;
	*ret = str_head(*s, len);
	*s = str_from(*s, len);
	str_skip_char(s, ' ');
	return true;
}

struct str
exim_value(struct str *s)
{
	struct str value = str_head(*s, str_index(*s, ' '));

	if (value.len && value.p[value.len - 1] == ':')
		value.len--;
	*s = str_from(*s, value.len);
	return value;
}

/* Seconds in the unit that a duration's LETTER stands for, or 0. */
static int64_t
unit_seconds(char letter)
{
	static const struct {
		char letter;
		int32_t seconds;
	} units[] = {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}, {'w', 604800}};

	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++)
		if (units[i].letter == letter)
			return units[i].seconds;
	return 0;
}

bool
exim_duration(struct str s, int64_t *ret)
{
	int64_t total = 0, usec, unit;

	if (s.len == 0)
		return false;
	while (s.len) {
		if (!postfix_seconds(&s, &usec) || s.len == 0 ||
		    !(unit = unit_seconds(*s.p)) ||
		    __builtin_mul_overflow(usec, unit, &usec) ||
		    __builtin_add_overflow(total, usec, &total))
			return false;
		s = str_from(s, 1);
	}
	*ret = total;
	return true;
}

void
exim_cipher(struct str value, struct event *ev)
{
	struct str version = str_cut(&value, ':');
	size_t bits;
	int64_t number;

	if (value.len && value.p[value.len - 1] == '*') /* a resumed session */
		value.len--;
	bits = str_find_last(value, STR(":"));
	if (version.len)
		EVENT_TEXT(ev, tls, version);
	if (bits < value.len && str_number(str_from(value, bits + 1), &number))
		value = str_head(value, bits);
	if (value.len)
		EVENT_TEXT(ev, cipher, value);
}

/*
 * The value of DN= or, before 4.95, SNI=: the peer's own words in quotes that
 * nobody escapes. They end where the last quote stands with something of Exim's
 * behind it: what may follow later (an address, a Message-ID, a subject) cannot hold
 * such a one, but for a backslash before it, and then nobody can tell.
 */
static bool
skip_peers_words(struct str *s)
{
	static const struct str behind[] = {
		STR("\" SNI="), STR("\" A="), STR("\" PRDR"), STR("\" PRX="), STR("\" K S="),
		STR("\" S="), STR("\" F=<"), STR("\" rejected "), STR("\" temporarily "),
		STR("\" C="),
	};
	struct str rest = *s;
	size_t end;

	for (; (end = str_find_last(rest, STR("\" "))) < rest.len; rest.len = end) {
		for (size_t i = 0; i < sizeof(behind) / sizeof(*behind); i++)
			if (str_starts(str_from(*s, end), behind[i])) {
				if (end > 0 && s->p[end - 1] == '\\')
					return false;
				*s = str_from(*s, end + 1);
				return true;
			}
	}
	return false;
}

bool
exim_skip_tls(struct str *s, struct event *ev)
{
	if (str_skip(s, STR(" X=")))
		exim_cipher(exim_value(s), ev);
	if (str_skip(s, STR(" CV=")))
		exim_value(s);
	if ((str_skip(s, STR(" DN=\"")) || str_skip(s, STR(" SNI=\""))) &&
	    !skip_peers_words(s))
		return false;
	if (str_skip(s, STR(" SNI=")))
		exim_value(s);
	return true;
}

/* How many capital letters and digits WORD begins with. */
static size_t
capitals(struct str word)
{
	size_t n = 0;

	while (n < word.len && class_of[(unsigned char)word.p[n]] & IN_ID &&
	    (word.p[n] < 'a' || word.p[n] > 'z'))
		n++;
	return n;
}

/* "S=1200", "M8S=8", "NEW=x": one of Exim's fields? */
static bool
is_key(struct str word)
{
	size_t n = capitals(word);

	return n > 0 && n < word.len && word.p[n] == '=';
}

static bool
begins_with_one(struct str s, const struct str *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_starts(s, words[i]))
			return true;
	return false;
}

#define BEGINS_WITH_ONE(s, words) \
	begins_with_one((s), (words), sizeof(words) / sizeof(*(words)))

/* What Exim writes behind the fields of an arrival, whose size it tells before. */
static bool
is_behind_size(struct str s)
{
	static const struct str behind[] = {
		STR(" id="), STR(" id*="), STR(" T=\""), STR(" from <"), STR(" for "),
	};

	return BEGINS_WITH_ONE(s, behind);
}

static bool
is_verdict(struct str s)
{
	static const struct str verdicts[] = {
		STR(" rejected "), STR(" temporarily rejected "), STR(" dropped by "),
		STR(" sender verify "), STR(" RCPT <"), STR(" Warning: "),
		STR(" incomplete transaction ("), STR(" tmp-reject from "),
	};

	return BEGINS_WITH_ONE(s, verdicts);
}

/* Does S, at a space, go on as LINE does behind its fields? */
static bool
is_behind_fields(struct str s, enum exim_line line)
{
	if (s.len == 0)
		return true;
	if (line == EXIM_ARRIVAL)
		return is_behind_size(s);
	return line == EXIM_VERDICT ? is_verdict(s) : str_starts(s, STR(" DN=\""));
}

/* The word behind the space that S begins with. */
static struct str
next_word(struct str s)
{
	s = str_from(s, 1);
	return str_head(s, str_index(s, ' '));
}

/* "PRDR", "K", "S=12": a field that Exim may write behind A= of LINE? */
static bool
is_field(struct str word, enum exim_line line)
{
	return is_key(word) ||
	    (line == EXIM_ARRIVAL && (str_eq(word, STR("PRDR")) || str_eq(word, STR("K"))));
}

/* How long the value of A= is, up to what Exim may write behind it. */
static size_t
login_length(struct str s, enum exim_line line)
{
	size_t n = str_index(s, ' ');

	while (n < s.len) {
		struct str behind = str_from(s, n), word = next_word(behind);

		if (is_behind_fields(behind, line) || is_field(word, line))
			break;
		n += 1 + word.len;
	}
	return n;
}

/* Does another verdict follow in S, which begins with one: is this one of the name? */
static bool
verdict_follows(struct str s)
{
	str_skip(&s, STR(" temporarily"));
	str_skip(&s, STR(" rejected RCPT"));
	for (size_t n = 1; n < s.len; n++)
		if (s.p[n] == ' ' && exim_is_verdict(str_from(s, n + 1)))
			return true;
	return false;
}

/*
 * Do fields follow that Exim writes behind A=, LINE's own (S= of an arrival, C= of a
 * session) once, and then what ends it? Else they are of the name.
 */
static bool
fields_follow(struct str s, enum exim_line line)
{
	static const struct str not_behind[] = {
		STR("H="), STR("U="), STR("I="), STR("F="), STR("P="), STR("A="),
	};
	static const struct str tls[] = {
		STR("X="), STR("CV="), STR("DN="), STR("SNI="),
	};
	static const struct str ends[] = {
		[EXIM_ARRIVAL] = STR("S="), [EXIM_SESSION] = STR("C="),
	};
	bool ended = false;

	if (line == EXIM_VERDICT)
		return s.len == 0 || (is_verdict(s) && !verdict_follows(s));
	for (; !is_behind_fields(s, line); s = str_from(s, 1 + next_word(s).len)) {
		struct str word = next_word(s);
		bool end = BEGINS_WITH_ONE(word, ends);

		if (BEGINS_WITH_ONE(word, not_behind) ||
		    (line == EXIM_ARRIVAL && BEGINS_WITH_ONE(word, tls)) ||
		    (!is_key(word) && capitals(word) < word.len))
			return false;
		if (end && (ended || !str_starts(word, ends[line])))
			return false;
		ended |= end;
	}
	return ended || !is_behind_size(s);
}

void
exim_login(struct str *s, enum exim_line line, struct event *ev)
{
	struct str value = str_head(*s, login_length(*s, line)), mechanism, user;
	bool cut = value.len == s->len && str_index(value, ' ') < value.len, claimed;

	*s = str_from(*s, value.len);
	mechanism = str_cut(&value, ':');
	user = value;
	value = str_from(value, str_index(value, ':'));
	claimed = value.len > 0; /* AUTH= of the MAIL command */
	user.len -= value.len;
	if (cut)
		EVENT_SET(ev, truncated, true);
	if (cut || (!claimed && !fields_follow(*s, line)))
		return;
	if (mechanism.len)
		EVENT_TEXT(ev, mechanism, mechanism);
	if (user.len)
		EVENT_TEXT(ev, user, user);
}
