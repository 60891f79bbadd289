/* SPDX-License-Identifier: Apache-2.0
 *
 * The shape of a message: what is the same in all lines of one kind. What varies
 * becomes a mark:
 *   3F2A1B00C1: to=<a@b.test>, relay=mx.b.test[192.0.2.7]:25, delay=0.42
 *   ID: to=<>, relay=NAME[IP]:N, delay=N.N
 * The result is printable ASCII whatever the message holds.
 */
#include "parse/room.h"

#define SHAPE_MAX 200

/* Daemons' own words are ASCII, so what is not is somebody's. */
static bool
is_foreign(char c)
{
	return ((unsigned char)c < ' ' && c != '\t') || (unsigned char)c >= 0x7f;
}

static bool
is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool
is_lower(char c)
{
	return c >= 'a' && c <= 'z';
}

static bool
in_word(char c)
{
	return char_is_alnum(c) || c == '.' || c == ':' || c == '-' || c == '_' || c == '@' ||
	    is_foreign(c);
}

/* What a word consists of. */
struct makeup {
	unsigned digits, upper, lower, not_hex, others, foreign;
};

static struct makeup
makeup_of(struct str word)
{
	struct makeup made = {0};

	for (size_t i = 0; i < word.len; i++) {
		char c = word.p[i];

		made.digits += char_is_digit(c);
		made.upper += is_upper(c);
		made.lower += is_lower(c);
		made.others += !char_is_alnum(c);
		made.foreign += is_foreign(c);
		made.not_hex += char_is_alnum(c) && !char_is_digit(c) && (c | 0x20) > 'f';
	}
	return made;
}

/* 01234567-89ab-4cde-8f01-23456789abcd */
static bool
is_uuid(struct str word)
{
	struct makeup made = makeup_of(word);

	return word.len == 36 && made.others == 4 && made.not_hex == 0 && word.p[8] == '-' &&
	    word.p[13] == '-' && word.p[18] == '-' && word.p[23] == '-';
}

/*
 * Queue ids: 3F2A1B00C1, 3bZLDu1V55z37Dv; hashes; Exim's 1kUrJs-0003Yw-3t. Short
 * words with a digit are words: sha256, TLSv1, x509.
 */
static bool
is_id(struct str word)
{
	struct makeup made = makeup_of(word);

	if (made.digits == 0 || made.upper + made.lower == 0)
		return false;
	if (made.others)
		return made.others == 2 && (word.len == 16 || word.len == 23) &&
		    word.p[6] == '-' && word.p[word.len == 16 ? 13 : 18] == '-';
	if (made.not_hex == 0 && (made.upper == 0 || made.lower == 0))
		return word.len >= 6;
	return word.len >= 12 && made.upper && made.lower;
}

/* mail.example.test: ends in a dot and two letters or more; user@localhost. */
static bool
is_name(struct str word)
{
	size_t dot = str_find_last(word, STR(".")), at = str_index(word, '@');

	if (at > 0 && at + 1 < word.len && str_index(word, ':') == word.len)
		return !str_ends(word, STR("."));
	if (dot == 0 || word.len - dot < 3 || str_index(word, ':') < word.len)
		return false;
	for (size_t i = dot + 1; i < word.len; i++)
		if (!char_is_alnum(word.p[i]) || char_is_digit(word.p[i]))
			return false;
	return true;
}

/* The shape being made. */
struct shape {
	struct buf *out;
	size_t end;        /* of `out`, at most */
	bool full;
	char before;       /* what stands right before the word */
	/* That is a parenthesis right behind a word: "pam(joe,192.0.2.1)" */
	bool inside;
	bool behind;       /* a blank and what points_at(), or text that was left out */
	bool broken;       /* a bracket or quote was not closed: what follows is cut */
	unsigned slashes;  /* of a path so far: "/home/joe" */
	struct str earlier; /* the word before */
};

/* Adds MARK, and nothing any more once one did not fit. */
static void
put(struct shape *shape, struct str mark)
{
	shape->full = shape->full || shape->out->len + mark.len > shape->end;
	if (!shape->full)
		buf_str(shape->out, mark);
}

/* A word that is no mark as a whole: its runs of digits become N. */
static void
put_word(struct shape *shape, struct str word)
{
	for (size_t i = 0; i < word.len && !shape->full; i++) {
		if (is_foreign(word.p[i]))
			put(shape, STR("?"));
		else if (!char_is_digit(word.p[i]))
			put(shape, (struct str){word.p + i, 1});
		else if (i == 0 || !char_is_digit(word.p[i - 1]))
			put(shape, STR("N"));
	}
}

/* The mark for all of WORD, or the empty one. */
static struct str
mark_of(struct str word)
{
	struct ip ip;

	if (ip_parse(word, &ip))
		return STR("IP");
	if (is_id(word) || is_uuid(word))
		return STR("ID");
	if (is_name(word))
		return STR("NAME");
	return STR("");
}

static bool
is_one_of(struct str word, const char *const *list)
{
	for (; *list; list++)
		if (str_eq_nocase(word, str_of(*list)))
			return true;
	return false;
}

/* Behind these somebody is named. */
static const char *const says_so[] = {"user", "username", "login", "account", "mailbox",
	"folder", "owner", "sender", "recipient", "domain", "password", "passwd", "for", "as",
	"given", "helo", "ehlo", "vrfy", "expn", "select", "usage", "plain", "plaintext",
	"cram-md5", "digest-md5", "ntlm", "gssapi", "apop", "basic", "external", "anonymous",
	NULL};

/* But not with these. */
static const char *const common[] = {"a", "aborted", "address", "after", "already", "an",
	"and", "at", "auth", "authentication", "blocked", "by", "client", "closed", "command",
	"connection", "delayed", "disabled", "does", "exceeded", "failed", "failure", "from",
	"has", "in", "inbox", "invalid", "is", "lost", "mechanism", "message", "mismatch",
	"not", "of", "on", "or", "port", "refused", "rejected", "said", "sasl", "service",
	"ssl", "table", "the", "timeout", "tls", "to", "unknown", "using", "was", "while",
	"with", NULL};

/*
 * Text in base64, as of a login, "aHVudGVyMg": capitals behind small letters, more often than
 * where words are written without blanks between.
 */
static bool
is_packed(struct str word)
{
	size_t steps = 0;

	for (size_t i = 1; i < word.len; i++)
		steps += is_lower(word.p[i - 1]) && is_upper(word.p[i]);
	return word.len >= 4 && steps * 4 > word.len;
}

/*
 * Is WORD what somebody is or may be called? A value, for who knows which; what stands
 * behind a word that says so, or in its parentheses. The shape is to be shown to others.
 */
static bool
is_private(const struct shape *shape, struct str word)
{
	struct makeup made = makeup_of(word);
	size_t colon = str_index(word, ':');

	if (made.foreign)
		return made.upper + made.lower + made.digits > 0 || word.len > 1;
	if (shape->before == '=' || shape->inside || shape->broken || shape->slashes > 1)
		return made.upper + made.lower > 0;
	/* "joe:1000" */
	if (colon > 0 && colon + 1 < word.len && word.p[colon - 1] != ':' &&
	    char_is_digit(word.p[colon + 1]))
		return made.lower > 0;
	if (shape->behind || (shape->before != '+' && is_one_of(shape->earlier, says_so)))
		return made.upper + made.lower > 0 && !is_one_of(word, says_so) &&
		    !is_one_of(word, common);
	return is_packed(word);
}

/* No name and no address is longer. */
#define WORD_MAX 320

/*
 * The mark for WORD, or the empty one, and for how much of it that stands: colons and
 * dots at its end, or a port, stand for themselves.
 */
static struct str
part_mark(const struct shape *shape, struct str word, size_t *ret_len)
{
	struct str core = word, mark = mark_of(word);
	size_t colon = str_find_last(word, STR(":"));

	*ret_len = word.len;
	if (mark.len || word.len > WORD_MAX)
		return mark.len ? mark : STR("WORD");
	while (str_ends(core, STR(":")) || str_ends(core, STR(".")))
		core.len--;
	*ret_len = core.len;
	mark = mark_of(core);
	if (!mark.len && colon + 1 < word.len && char_is_digit(word.p[colon + 1]) &&
	    (mark = mark_of(str_head(word, colon))).len)
		*ret_len = colon;
	if (!mark.len && core.len && is_private(shape, core))
		mark = STR("WORD");
	if (!mark.len)
		*ret_len = 0;
	return mark;
}

/* WORD; where it is no mark as a whole, "from:joe@b.test", what its colons part. */
static void
shape_word(struct shape *shape, struct str word)
{
	for (;;) {
		size_t len, colon = str_index(word, ':');
		struct str mark = part_mark(shape, word, &len), head = word;
		bool whole = mark.len || colon + 1 >= word.len || shape->full;

		if (!whole) {
			head = str_cut(&word, ':');
			mark = part_mark(shape, head, &len);
		}
		put(shape, mark);
		put_word(shape, str_from(head, len));
		if (whole)
			return;
		put(shape, STR(":"));
		shape->earlier = head;
		shape->before = ':';
	}
}

/* Is it text of a header of a mail that stands behind WORD? */
static bool
names_header(struct str word)
{
	static const char *const headers[] = {"subject:", "from:", "to:", "cc:", "sender:",
	    "reply-to:"};

	for (size_t i = 0; i < sizeof(headers) / sizeof(*headers); i++)
		if (str_eq_nocase(word, str_of(headers[i])))
			return true;
	return false;
}

/* Is MESSAGE, behind a word or "(word) ", an address in brackets? Then that is a host. */
static bool
has_address(struct str message)
{
	struct ip ip;

	if (str_starts(message, STR(") [")))
		message = str_from(message, 2);
	return message.len && *message.p == '[' &&
	    ip_parse(str_head(str_from(message, 1), str_index(str_from(message, 1), ']')),
	    &ip);
}

/* Of local parts; so long is one at most. */
#define LOCAL_MAX 64

/* How long the address is that TEXT begins with, "joe+list@b.test"; 0: none. */
static size_t
address_length(struct str text)
{
	size_t n = 0;

	while (n < text.len && n < LOCAL_MAX && text.p[n] != '@' && text.p[n] != ':' &&
	    (in_word(text.p[n]) || strchr("!#$%&*+?^`|~", text.p[n])))
		n++;
	if (n == 0 || n == text.len || text.p[n] != '@')
		return 0;
	while (n < text.len && in_word(text.p[n]))
		n++;
	return n;
}

/* How long the word is that TEXT begins with. */
static size_t
word_length(struct str text)
{
	size_t n = 0, begun = 0, address;

	for (; n < text.len && in_word(text.p[n]); n++)
		if (text.p[n] == ':')
			begun = n + 1;
	address = address_length(str_from(text, begun));
	return begun + address > n ? begun + address : n;
}

/* The word at the beginning of MESSAGE, and the header's text behind it; returns the rest. */
static struct str
shape_next(struct shape *shape, struct str message)
{
	size_t n = word_length(message), text;
	struct str word;

	word = str_head(message, n);
	message = str_from(message, n);
	if (str_starts(message, STR("=")))
		shape->earlier = STR(""); /* a key says itself what it is of */
	if (has_address(message) && !mark_of(word).len && !str_eq(word, STR("unknown")))
		put(shape, STR("NAME"));
	else
		shape_word(shape, word);
	shape->earlier = str_ends(word, STR(":")) ? str_head(word, n - 1) : word;
	if (!names_header(word))
		return message;
	text = str_index(message, ';');
	if (text > 1)
		put(shape, STR(" WORD"));
	return text > 1 ? str_from(message, text) : message;
}

/* Does what was put last say that a name comes next: "[192.0.2.1] joe", "=> joe", "** joe"? */
static bool
points_at(const struct shape *shape)
{
	if (shape->before == ']')
		return str_eq(mark_of(shape->earlier), STR("IP"));
	return shape->before == '=' || shape->before == '>' || shape->before == '*';
}

void
parse_shape(struct str message, struct buf *out)
{
	struct shape shape = {.out = out, .end = out->len + SHAPE_MAX};

	while (message.len && !shape.full) {
		char c = *message.p;
		struct str first = {message.p, 1}, rest = str_from(message, 1);
		char closing = c == '<' ? '>' : c == '"' || c == '\'' ? c : '\0';
		size_t close = closing ? str_index(rest, closing) : rest.len;
		bool closed = !in_word(c) && close < rest.len;

		if (in_word(c)) {
			message = shape_next(&shape, message);
		} else if (closed) {
			put(&shape, c == '<' ? STR("<>") : c == '"' ? STR("\"\"") : STR("''"));
			message = str_from(rest, close + 1);
		} else {
			put(&shape, c == '\t' ? STR("?") : first);
			shape.broken |= c == '<' || c == '"';
			message = rest;
		}
		/* A word right behind a quoted text had a quote in it: all is one name. */
		shape.behind = closed || (c == ' ' && points_at(&shape));
		shape.inside = c == '(' && (in_word(shape.before) || shape.before == '=');
		if (c == '/')
			shape.slashes++;
		else if (!in_word(c))
			shape.slashes = 0;
		shape.before = c;
	}
}
