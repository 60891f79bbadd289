/* SPDX-License-Identifier: Apache-2.0
 *
 * Letters as RFC 5322 and MIME have them, whatever is in them; and which settings of
 * mail are possible.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "act/mail.h"
#include "tap.h"

static const char *const two[] = {"root@example.test", "other@example.test"};

/* The letter with SUBJECT and BODY; until the next call. */
static struct str
put(struct str subject, struct str body, size_t recipients)
{
	static struct buf out = BUF_INIT(BUF_UNLIMITED);
	struct letter letter = {.from = "postern@mx.example.test", .to = two,
	    .to_count = recipients, .host = "mx", .subject = subject, .body = body,
	    .time = 1795202662000000};

	buf_clear(&out);
	letter_put(&letter, "\r\n", &out);
	return buf_view(&out);
}

static bool
has(struct str text, const char *part)
{
	return str_find(text, str_of(part)) < text.len;
}

/* Every line ends in CRLF, is ASCII and no longer than MOST. */
static bool
is_proper(struct str text, size_t most)
{
	while (text.len) {
		struct str line = str_cut(&text, '\n');

		if (line.len == 0 || line.p[line.len - 1] != '\r' || line.len - 1 > most)
			return false;
		for (size_t i = 0; i + 1 < line.len; i++)
			if (line.p[i] < ' ' || line.p[i] > '~')
				return false;
	}
	return true;
}

static void
headers(void)
{
	struct str text = put(STR("postern: 2 banned on mx"), STR("a\n.\nb\n"), 2);

	ok(str_starts(text, STR("Date: Fri, 20 Nov 2026 19:24:22 +0000\r\n")), "the date");
	ok(has(text, "\r\nMessage-ID: <") && has(text, "@mx.example.test>\r\n"), "an id");
	ok(has(text, "\r\nFrom: postern@mx.example.test\r\nTo: root@example.test,\r\n"
	    " other@example.test\r\nSubject: postern: 2 banned on mx\r\n"
	    "Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n"
	    "Content-Type: text/plain; charset=utf-8\r\n"
	    "Content-Transfer-Encoding: 7bit\r\n\r\na\r\n.\r\nb\r\n"), "and the rest");
	ok(is_proper(text, 78), "lines as they should be");
}

static void
hostile(void)
{
	static char wide[5000];
	struct str text = put(STR("a\r\nBcc: x@y.test\r\n\r\nhello"),
	    STR("x\r\ny\0z\033[2J\342\200\256\xff = \n"), 1);

	ok(has(text, "\r\nSubject: a\\x0d\\x0aBcc: x@y.test\\x0d\\x0a\\x0d\\x0ahello\r\n"),
	    "a subject makes no header");
	ok(has(text, "\r\nx\\x0d\r\ny\\x00z\\x1b[2J\\u{202e}\\xff = \r\n"),
	    "controls and what reorders are shown");
	text = put(STR("gr\303\274n"), STR("gr\303\274n = 1 \n\n.\n"), 1);
	ok(has(text, "\r\nSubject: =?utf-8?Q?gr=C3=BCn?=\r\n"), "an encoded word");
	ok(has(text, "quoted-printable\r\n\r\ngr=C3=BCn =3D 1=20\r\n\r\n.\r\n"),
	    "quoted-printable");
	memset(wide, 'w', sizeof(wide));
	text = put((struct str){wide, 300}, (struct str){wide, sizeof(wide)}, 1);
	ok(is_proper(text, 76) && has(text, "?=\r\n =?utf-8?Q?w") && has(text, "w=\r\nw"),
	    "long lines are folded");
	for (size_t i = 0; i + 1 < sizeof(wide); i += 2)
		memcpy(wide + i, "\303\274", 2);
	text = put((struct str){wide, 301}, (struct str){wide, sizeof(wide)}, 1);
	ok(is_proper(text, 76) && !has(text, "=C3?=") && !has(text, "?Q?=BC"),
	    "no character is cut in two");
}

#ifdef HAVE_LIBCURL
static void
ways(void)
{
	static const struct {
		const char *via, *wrong; /* NULL: it is possible */
		enum act_tls tls;
	} rows[] = {
		{"sendmail", NULL, ACT_TLS_REQUIRED},
		{"/usr/local/bin/msmtp", NULL, ACT_TLS_REQUIRED},
		{"msmtp", "expected sendmail", ACT_TLS_REQUIRED},
		{"smtp://mail.example.test", NULL, ACT_TLS_REQUIRED},
		{"smtp://mail.example.test:587/mx1.example.test", NULL, ACT_TLS_NEVER},
		{"smtp://192.0.2.1:25", NULL, ACT_TLS_OPPORTUNISTIC},
		{"smtp://[2001:db8::1]:25", NULL, ACT_TLS_REQUIRED},
		{"smtps://[2001:db8::1]", NULL, ACT_TLS_REQUIRED},
		{"smtps://mail.example.test", "tls = required", ACT_TLS_NEVER},
		{"smtp://", "names no host", ACT_TLS_REQUIRED},
		{"smtp://[2001:db8::1", "names no host", ACT_TLS_REQUIRED},
		{"smtp://[192.0.2]:25", "names no host", ACT_TLS_REQUIRED},
		{"smtp://a b", "names no host", ACT_TLS_REQUIRED},
		{"smtp://a?x=y", "names no host", ACT_TLS_REQUIRED},
		{"smtp://a\nb", "names no host", ACT_TLS_REQUIRED},
		{"smtp://mail:0", "no port", ACT_TLS_REQUIRED},
		{"smtp://mail:65536", "no port", ACT_TLS_REQUIRED},
		{"smtp://mail:", "no port", ACT_TLS_REQUIRED},
		{"smtp://mail/", "no name to greet", ACT_TLS_REQUIRED},
		{"smtp://mail/a/b", "no name to greet", ACT_TLS_REQUIRED},
		{"smtp://joe:secret@mail", "password_file", ACT_TLS_REQUIRED},
		{"http://mail", "expected sendmail", ACT_TLS_REQUIRED},
		{"", "expected sendmail", ACT_TLS_REQUIRED},
	};
	struct err err;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		bool good = act_check_via(rows[i].via, rows[i].tls, &err) == 0;

		ok(rows[i].wrong ? !good && strstr(err.text, rows[i].wrong) : good,
		    "via %s%s%s", i == 14 ? "two lines" : rows[i].via, good ? "" : ": ",
		    good || i == 14 ? "" : err.text);
	}
}
#endif

static void
logins(void)
{
	struct err err;

	ok(act_check_login("smtp://mail:587", ACT_TLS_REQUIRED, &err) == 0 &&
	    act_check_login("smtps://mail", ACT_TLS_REQUIRED, &err) == 0 &&
	    act_check_login("smtp://127.0.0.1:25", ACT_TLS_NEVER, &err) == 0 &&
	    act_check_login("smtp://[::1]", ACT_TLS_OPPORTUNISTIC, &err) == 0, "good logins");
	ok(act_check_login("smtp://mail", ACT_TLS_OPPORTUNISTIC, &err) < 0 &&
	    act_check_login("smtp://127.0.0.1.example.test", ACT_TLS_NEVER, &err) < 0 &&
	    act_check_login("sendmail", ACT_TLS_REQUIRED, &err) < 0, "bad ones");
}

static void
addresses(void)
{
	static const struct {
		const char *address;
		bool good, whole;
	} rows[] = {
		{"root", true, false}, {"a@b.example", true, true},
		{"a@[192.0.2.1]", false, false},
		{"", false, false}, {"-f", false, false}, {"<a@b.example>", false, false},
		{"a b@c.example", false, false}, {"a@b\r\nx: y", false, false},
		{"gr\303\274n@b.example", false, false}, {"a,b@c.example", false, false},
		{"@b.example", true, false}, {"a@", true, false},
		{"a\177@b.example", false, false},
	};
	unsigned wrong = 0;
	struct err err;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		wrong += (act_check_address(rows[i].address, false, &err) == 0) !=
		    rows[i].good ||
		    (act_check_address(rows[i].address, true, &err) == 0) != rows[i].whole;
	ok(wrong == 0, "addresses");
}

static void
passwords(void)
{
	char path[] = "/tmp/postern-mail-XXXXXX", got[PASSWORD_MAX], long_one[PASSWORD_MAX];
	int fd = mkstemp(path);
	struct err err;

	ok(mail_password(path, got, sizeof(got), &err) < 0 && strstr(err.text, "no password"),
	    "an empty file");
	ok(write(fd, "se cret\r\nmore", 13) == 13 &&
	    mail_password(path, got, sizeof(got), &err) == 0 && strcmp(got, "se cret") == 0,
	    "the first line");
	memset(long_one, 'x', sizeof(long_one));
	ok(pwrite(fd, long_one, PASSWORD_MAX - 1, 0) == PASSWORD_MAX - 1 &&
	    mail_password(path, got, sizeof(got), &err) == 0 &&
	    strlen(got) == PASSWORD_MAX - 1, "as long as it may be");
	ok(pwrite(fd, long_one, PASSWORD_MAX, 0) == PASSWORD_MAX &&
	    mail_password(path, got, sizeof(got), &err) < 0 && strstr(err.text, "more than"),
	    "a longer one is not cut: %s", err.text);
	fchmod(fd, 0640);
	ok(act_check_password(path, &err) < 0 && strstr(err.text, "nobody else"),
	    "one that others can read: %s", err.text);
	ok(act_check_password("/tmp/postern-not-there", &err) < 0 &&
	    act_check_password("x", &err) < 0 &&
	    mail_password("/", got, sizeof(got), &err) < 0, "none");
	close(fd);
	unlink(path);
}

/* What is no file of unsent bans has none, however it begins. */
static void
unsent(void)
{
	char path[] = "/tmp/postern-mail-XXXXXX";
	struct unsent one = {.since = 1, .bans = 1, .named = 1}, got;
	int fd = mkstemp(path);
	struct err err;

	one.list[0] = (struct act_ban){.id = 7, .until = 9,
	    .prefix = {.base = {.byte = {192, 0, 2, 1}, .family = 4}, .bits = 32}};
	close(fd);
	ok(unsent_write(path, &one, &err) == 0 && unsent_read(path, &got, &err) == 0 &&
	    got.bans == 1 && got.list[0].id == 7, "a ban that was not told of is kept");
	fd = open(path, O_WRONLY | O_APPEND);
	ok(write(fd, "x", 1) == 1 && unsent_read(path, &got, &err) < 0 && got.bans == 0 &&
	    got.named == 0, "a byte too many: no bans, %s", err.text);
	close(fd);
	unlink(path);
}

int
main(void)
{
	headers();
	hostile();
#ifdef HAVE_LIBCURL
	ways();
#endif
	logins();
	addresses();
	passwords();
	unsent();
	return tap_done();
}
