/* SPDX-License-Identifier: Apache-2.0
 *
 * letter: a message as it goes through SMTP or to sendmail(8). Whatever is in its subject
 * and body, no header can come of it, and nothing that steers whoever reads it.
 */
#include "act/mail.h"
#include "base/civil.h"
#include "base/escape.h"
#include "base/hash.h"
#include "base/utf8.h"

#define LINE_MOST 998      /* RFC 5322, 2.1.1 */
#define SUBJECT_PLAIN 66   /* with "Subject: " less than 78 */
#define ENCODED_MOST 76    /* RFC 2047, 2 and RFC 2045, 6.7: a line with encoded text */
#define WORD_BEGIN "=?utf-8?Q?"
#define WORD_END "?="
#define ESCAPED_MOST (1024 * 1024)

/* "Fri, 20 Nov 2026 19:24:22 +0000" */
static void
put_date(struct buf *out, int64_t time)
{
	static const char *const days[] = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};
	static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul",
	    "Aug", "Sep", "Oct", "Nov", "Dec"};
	struct civil civil = civil_of(time);
	int64_t day = civil_days(civil.year, civil.month, civil.day) % 7;

	buf_printf(out, "%s, %02d %s %04d %02d:%02d:%02d +0000", days[(day + 7) % 7],
	    civil.day, months[civil.month - 1], civil.year, civil.hour, civil.minute,
	    civil.second);
}

static bool
is_plain(struct str text)
{
	return utf8_plain(text) == text.len;
}

/* Q encoding: letters and digits stay. */
static void
put_q(struct buf *out, struct str bytes)
{
	for (size_t i = 0; i < bytes.len; i++)
		if (char_is_alnum(bytes.p[i]))
			buf_char(out, bytes.p[i]);
		else
			buf_printf(out, "=%02X", (unsigned char)bytes.p[i]);
}

/* The subject TEXT in encoded words, one a line; none cuts a character in two. */
static void
put_encoded(struct buf *out, struct str text, const char *eol)
{
	size_t begin = out->len;

	buf_printf(out, "Subject: " WORD_BEGIN);
	while (text.len) {
		uint32_t c;
		unsigned len = utf8_decode(text, &c);

		len = len ? len : 1;
		if (out->len - begin + 3 * len + strlen(WORD_END) > ENCODED_MOST) {
			buf_printf(out, WORD_END "%s", eol);
			begin = out->len;
			buf_printf(out, " " WORD_BEGIN);
		}
		put_q(out, str_head(text, len));
		text = str_from(text, len);
	}
	buf_printf(out, WORD_END);
}

static void
put_subject(struct buf *out, struct str subject, const char *eol)
{
	struct buf safe = BUF_INIT(LINE_MOST);
	struct str text;

	escape_terminal(&safe, subject);
	text = buf_view(&safe);
	if (is_plain(text) && text.len <= SUBJECT_PLAIN)
		buf_printf(out, "Subject: %.*s", STR_ARG(text));
	else
		put_encoded(out, text, eol);
	buf_printf(out, "%s", eol);
	buf_done(&safe);
}

/* Folded behind each address. */
static void
put_recipients(struct buf *out, const struct letter *letter, const char *eol)
{
	buf_printf(out, "To: ");
	for (size_t i = 0; i < letter->to_count; i++)
		buf_printf(out, "%s%s%s%s", i ? " " : "", letter->to[i],
		    i + 1 < letter->to_count ? "," : "", eol);
	if (letter->to_count == 0)
		buf_printf(out, "undisclosed-recipients:;%s", eol);
}

/* LINE as quoted-printable (RFC 2045, 6.7), in lines of 76 characters at most. */
static void
put_quoted(struct buf *out, struct str line, const char *eol)
{
	size_t begin = out->len;

	for (size_t i = 0; i < line.len; i++) {
		char c = line.p[i];
		bool last = i + 1 == line.len;
		bool plain = c > ' ' && c <= '~' && c != '=';

		if (out->len - begin + 3 >= ENCODED_MOST) {
			buf_printf(out, "=%s", eol);
			begin = out->len;
		}
		if (plain || (c == ' ' && !last))
			buf_char(out, c);
		else
			buf_printf(out, "=%02X", (unsigned char)c);
	}
	buf_printf(out, "%s", eol);
}

/* BODY escaped line by line; false when a line of it cannot go as it is. */
static bool
escape_body(struct buf *out, struct str body)
{
	bool plain = true;

	while (body.len) {
		size_t begin = out->len;
		struct str line;

		escape_terminal(out, str_cut(&body, '\n'));
		line = str_from(buf_view(out), begin);
		plain &= is_plain(line) && line.len <= LINE_MOST;
		buf_char(out, '\n');
	}
	return plain;
}

static void
put_body(struct buf *out, struct str body, const char *eol)
{
	struct buf safe = BUF_INIT(ESCAPED_MOST);
	bool plain = escape_body(&safe, body);
	struct str text = buf_view(&safe);

	buf_printf(out, "Content-Transfer-Encoding: %s%s%s",
	    plain ? "7bit" : "quoted-printable", eol, eol);
	while (text.len) {
		struct str line = str_cut(&text, '\n');

		if (plain) {
			buf_str(out, line);
			buf_printf(out, "%s", eol);
		} else {
			put_quoted(out, line, eol);
		}
	}
	buf_done(&safe);
}

void
letter_put(const struct letter *letter, const char *eol, struct buf *out)
{
	struct str domain = str_of(letter->from);

	str_cut(&domain, '@');
	if (domain.len == 0)
		domain = str_of(letter->host);
	buf_printf(out, "Date: ");
	put_date(out, letter->time);
	buf_printf(out, "%sMessage-ID: <%llx.%llx@%.*s>%s", eol,
	    (unsigned long long)letter->time,
	    (unsigned long long)hash_bytes(letter->body.p, letter->body.len), STR_ARG(domain),
	    eol);
	buf_printf(out, "From: %s%s", letter->from, eol);
	put_recipients(out, letter, eol);
	put_subject(out, letter->subject, eol);
	buf_printf(out, "Auto-Submitted: auto-generated%sMIME-Version: 1.0%s"
	    "Content-Type: text/plain; charset=utf-8%s", eol, eol, eol);
	put_body(out, letter->body, eol);
}
