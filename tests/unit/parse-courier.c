/* SPDX-License-Identifier: Apache-2.0
 *
 * Courier's lines that tests/corpus/samples/courier.log has not: cut ones, and others'.
 */
#include "parse-kit.h"

static const struct message_case pop3[] = {
	{"LOGIN FAILED, user=joe", "malformed"},
	{"LOGIN FAILED, user=joe, ip=[192.0.2.", "malformed"},
	{"LOGIN FAILED, user=, ip=[::ffff:192.0.2.1]",
	    "event|kind=auth_failure|ip=::ffff:192.0.2.1|text=LOGIN FAILED"},
	{"LOGIN FAILED, user=x, ip=[203.0.113.66], port=[1], ip=[192.0.2.1]",
	    "event|kind=auth_failure|ip=192.0.2.1|user=x, ip=[203.0.113.66], port=[1]"
	    "|text=LOGIN FAILED"},
	{"LOGIN FAILED, joe", "malformed"},
	{"INFO: LOGIN FAILED, user=joe, ip=[::ffff:192.0.2.1]",
	    "event|kind=auth_failure|ip=::ffff:192.0.2.1|user=joe|text=LOGIN FAILED"},
	{"IMAP connect from @ [::ffff:192.0.2.9]INFO: LOGIN, user=joe, ip=[::ffff:192.0.2.1]",
	    "event|kind=auth_success|ip=::ffff:192.0.2.1|user=joe"},
	{"ip=[192.0.2.1], couriertls: read: Connection reset by peer", "ignored"},
	{"ip=[192.0.2.1], words nobody wrote", "ignored"},
	/* Of authdaemond, and of folders. */
	{"authentication error: Input/output error",
	    "event|kind=auth_error|text=authentication error: Input/output error"},
	{"authdaemon: s_connect() failed: Permission denied",
	    "event|kind=auth_error|text=authdaemon: s_connect() failed: Permission denied"},
	{"chdir Maildir: No such file or directory",
	    "event|kind=operational|text=chdir Maildir: No such file or directory"},
	{"Failed to create cache file: maildirwatch (joe@h.test)",
	    "event|kind=operational|text=Failed to create cache file: maildirwatch "
	    "(joe@h.test)"},
	/* DEBUG_LOGIN=2 */
	{"LOGIN: DEBUG: ip=[::ffff:192.0.2.1], command=LOGIN", "ignored"},
	{"LOGIN: DEBUG: ip=[::ffff:192.0.2.1], password=hunter two", "ignored"},
	{"words nobody wrote", "unknown"},
};

/* Its own words only: what DEBUG_LOGIN=2 adds has passwords. */
static const struct message_case authdaemond[] = {
	{"failed to connect to mysql server (server=localhost, userid=mail): Access denied "
	    "for user 'mail'@'localhost' (using password: YES)",
	    "event|kind=auth_error|text=failed to connect to mysql server (server=localhost, "
	    "userid=mail): Access denied for user 'mail'@'localhost' (using password: YES)"},
	{"pam_unix(esmtp:auth): authentication failure; logname= uid=0 euid=0 tty= ruser= "
	    "rhost=  user=joe",
	    "event|kind=auth_failure|user=joe|stage=auth"},
	{"failed to connect to 192.0.2.1", "foreign"}, /* any program's named "auth" */
	{"supplied password 'x' does not match encrypted password 'y'", "foreign"},
};

static const struct message_case smtp[] = {
	{"error,relay=192.0.2.1", "malformed"},
	{"error,relay=192.0.2.1,msg=\"x\"", "malformed"},
	{"error,relay=192.0.2.1,from=<a@b.test>,to=<c@d.test>", "malformed"},
	{"error,relay=192.0.2.1,from=>: 550 User unknown.", "malformed"},
	{"error,relay=192.0.2.1,from=>,to=<c@d.test>: 550 User unknown.", "malformed"},
	{"error,relay=192.0.2.1,words=1", "unknown"},
	/* A client's blanks, too, may stand before the password. */
	{"error,relay=192.0.2.1,msg=\"535 Authentication failed.\",cmd: AUTH PLAIN  "
	    "AGpvZQBodW50ZXIy",
	    "event|kind=auth_failure|ip=192.0.2.1|proto=SMTP|code=535"
	    "|text=Authentication failed."},
	{"LOGIN: DEBUG: ip=[::ffff:192.0.2.1], password=hunter two", "ignored"},
	{"error,relay=192.0.2.1,msg=\"432 Too many\",cmd: x",
	    "event|kind=policy|ip=192.0.2.1|proto=SMTP|action=reject|code=432|reason=temp"
	    "|text=Too many"},
	{"error,relay=192.0.2.1,from=<>,to=<c@d.test>: 450 User unknown.",
	    "event|kind=policy|ip=192.0.2.1|sender=|recipient=c@d.test|proto=SMTP"
	    "|action=reject|code=450|reason=temp|text=User unknown."},
};

/* Of what may have been cut: what ends such a line may be the client's. */
static void
cut(struct parse_kit *kit)
{
	struct buf line = BUF_INIT(2048);
	const char *said;

	buf_str(&line, STR("LOGIN FAILED, user="));
	while (line.len < 500)
		buf_char(&line, 'x');
	buf_str(&line, STR(", ip=[203.0.113.66]"));
	buf_char(&line, '\0');
	said = kit_say(kit, "pop3d", line.p, SIZE_MAX);
	is_text(said, strlen(said), "event|kind=auth_failure|truncated=1", "a long line");
	buf_done(&line);
}

int
main(void)
{
	struct parse_kit kit = kit_new();

	KIT_DECEPTIVE(&kit, "pop3d-ssl", pop3);
	KIT_MESSAGES(&kit, "courieresmtpd", smtp);
	KIT_MESSAGES(&kit, "authdaemond", authdaemond);
	cut(&kit);
	kit_free(&kit);
	return tap_done();
}
