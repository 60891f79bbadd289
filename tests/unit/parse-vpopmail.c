/* SPDX-License-Identifier: Apache-2.0
 *
 * vchkpw's lines, as vchkpw.c of vpopmail 5.4 writes them.
 */
#include "parse-kit.h"

#define FAILED "event|kind=auth_failure|ip=192.0.2.1|user=joe@h.test"

static const struct message_case lines[] = {
	{"vchkpw-smtp: password fail joe@h.test:192.0.2.1",
	    FAILED "|proto=SMTP|text=password fail"},
	{"vchkpw-pop3: password fail (pass: 'hunter2') joe@h.test:192.0.2.1",
	    FAILED "|proto=POP3|text=password fail"},
	{"vchkpw-imaps: password fail (pass: '') joe@h.test:192.0.2.1",
	    FAILED "|proto=IMAP|text=password fail"},
	{"vchkpw-submission: system password fail (pass: 'x') joe:192.0.2.1",
	    "event|kind=auth_failure|ip=192.0.2.1|user=joe|proto=SMTP|text=system password "
	    "fail"},
	{"vchkpw-smtps: vpopmail user not found joe@h.test:192.0.2.1",
	    FAILED "|proto=SMTP|reason=unknown_user|text=vpopmail user not found"},
	{"vchkpw: vpopmail user not found joe@:192.0.2.1",
	    "event|kind=auth_failure|ip=192.0.2.1|user=joe|reason=unknown_user|text=vpopmail "
	    "user not found"},
	{"vchkpw-pop3s: system user not found joe:192.0.2.1",
	    "event|kind=auth_failure|ip=192.0.2.1|user=joe|proto=POP3|reason=unknown_user"
	    "|text=system user not found"},
	{"vchkpw-smtp: invalid user/domain characters j:e@x y:192.0.2.1",
	    "event|kind=auth_failure|ip=192.0.2.1|user=j:e@x y|proto=SMTP"
	    "|reason=unknown_user|text=invalid user/domain characters"},
	{"vchkpw-smtp: null user name given :192.0.2.1",
	    "event|kind=auth_failure|ip=192.0.2.1|proto=SMTP|reason=protocol|text=null user "
	    "name given"},
	{"vchkpw-smtp: null password given joe:",
	    "event|kind=auth_failure|user=joe|proto=SMTP|reason=protocol|text=null password "
	    "given"},
	{"vchkpw-pop3: pop access denied joe@h.test:192.0.2.1",
	    FAILED "|proto=POP3|reason=access|text=pop access denied"},
	{"vchkpw-pop3: (PLAIN) login success joe@h.test:192.0.2.1",
	    "event|kind=auth_success|ip=192.0.2.1|user=joe@h.test|mechanism=PLAIN|proto=POP3"
	    "|text=login success"},
	{"vchkpw-imap: login success joe@h.test:192.0.2.1",
	    "event|kind=auth_success|ip=192.0.2.1|user=joe@h.test|proto=IMAP|text=login "
	    "success"},
	{"vchkpw-smtp: password fail joe@h.test:2001:db8::7",
	    "event|kind=auth_failure|ip=2001:db8::7|user=joe@h.test|proto=SMTP|text=password "
	    "fail"},
	{"vchkpw-pop3: password fail (pass: 'x:') joe@h.test:2001:db8:0:1:2:3:4:5",
	    "event|kind=auth_failure|ip=2001:db8:0:1:2:3:4:5|user=joe@h.test|proto=POP3"
	    "|text=password fail"},
	{"vchkpw-smtp: vpopmail user not found joe@:2001:db8::7",
	    "event|kind=auth_failure|ip=2001:db8::7|user=joe|proto=SMTP|reason=unknown_user"
	    "|text=vpopmail user not found"},
	{"vchkpw-smtp: null user name given :2001:db8::7",
	    "event|kind=auth_failure|ip=2001:db8::7|proto=SMTP|reason=protocol|text=null user "
	    "name given"},
	{"vchkpw-imap: (PLAIN) login success joe@h.test:2001:db8::7",
	    "event|kind=auth_success|ip=2001:db8::7|user=joe@h.test|mechanism=PLAIN|proto=IMAP"
	    "|text=login success"},
	{"vchkpw-smtp: vpopmail user not found joe@h.test:::1",
	    "event|kind=auth_failure|ip=::1|user=joe@h.test|proto=SMTP|reason=unknown_user"
	    "|text=vpopmail user not found"},
	{"vchkpw-pop3: chdir failed errno 2 /home/x joe@h.test:192.0.2.1",
	    "event|kind=operational|proto=POP3|text=chdir failed errno 2 /home/x "
	    "joe@h.test:192.0.2.1"},
	{"vchkpw-pop3: failed to vauth_getpw() after dir auto create joe@h.test:192.0.2.1",
	    "event|kind=operational|proto=POP3|text=failed to vauth_getpw() after dir auto "
	    "create joe@h.test:192.0.2.1"},
	{"vchkpw: can't write SQL logs", "event|kind=operational|text=can't write SQL logs"},
	{"vchkpw-smtp: password fail (pass: 'hunter2", "malformed"},
	{"vchkpw-smtp: password fail joe", "malformed"},
	{"vchkpw-smtp: words nobody wrote", "unknown"},
	{"words nobody wrote", "unknown"},
};

/* What a client makes of it. Cut, they deceive: but no line is cut that is so short. */
static const struct message_case forged[] = {
	{"vchkpw-smtp: vpopmail user not found x@y:203.0.113.66@h.test:192.0.2.1",
	    "event|kind=auth_failure|ip=192.0.2.1|user=x@y:203.0.113.66@h.test|proto=SMTP"
	    "|reason=unknown_user|text=vpopmail user not found"},
	{"vchkpw-smtp: vpopmail user not found x@y:203.0.113.66@h.test:",
	    "event|kind=auth_failure|user=x@y:203.0.113.66@h.test|proto=SMTP"
	    "|reason=unknown_user|text=vpopmail user not found"},
	{"vchkpw-smtp: password fail (pass: 'x') boss@h.test:203.0.113.66') "
	    "joe@h.test:192.0.2.1",
	    FAILED "|proto=SMTP|text=password fail"},
	{"vchkpw-smtp: vpopmail user not found 2001:db8::66:192.0.2.1",
	    "event|kind=auth_failure|ip=192.0.2.1|user=2001:db8::66|proto=SMTP"
	    "|reason=unknown_user|text=vpopmail user not found"},
	{"vchkpw-smtp: invalid user/domain characters j e:2001:db8::66:2001:db8::7",
	    "event|kind=auth_failure|user=j e|proto=SMTP|reason=unknown_user"
	    "|text=invalid user/domain characters"},
	{"vchkpw-smtp: null password given joe:2001:db8::7",
	    "event|kind=auth_failure|user=joe|proto=SMTP|reason=protocol|text=null password "
	    "given"},
	{"vchkpw-pop3: system password fail joe:2001:db8::7",
	    "event|kind=auth_failure|user=joe|proto=POP3|text=system password fail"},
	{"vchkpw-smtp: vpopmail user not found x@y:203.0.113.66@h.test:2001:db8::7",
	    "event|kind=auth_failure|user=x@y|proto=SMTP|reason=unknown_user"
	    "|text=vpopmail user not found"},
	{"vchkpw-smtp: vpopmail user not found joe@h.test:::ffff:192.0.2.1",
	    FAILED "|proto=SMTP|reason=unknown_user|text=vpopmail user not found"},
};

/* vchkpw cuts its lines at 499 bytes, the address first. */
static void
cut(struct parse_kit *kit)
{
	static const char expected[] = "event|kind=auth_failure|proto=SMTP|text=password fail"
	    "|truncated=1";
	struct buf line = BUF_INIT(1 << 10);
	const char *said;

	buf_str(&line, STR("vchkpw-smtp: password fail (pass: '"));
	while (line.len < 480)
		buf_char(&line, 'x');
	buf_str(&line, STR("') b:203.0.113.1"));
	while (line.len < 499)
		buf_char(&line, '1');
	buf_char(&line, '\0');
	said = kit_say(kit, "vpopmail[7]", line.p, SIZE_MAX);
	is_text(said, strlen(said), expected, "cut at 499 bytes");
	buf_done(&line);
}

/* Where a line is not understood, it is kept without the password. */
static void
kept(void)
{
	struct str text = parse_without_password(STR("vchkpw-pop3: words (pass: 'hunter2') "
	    "joe@h.test:192.0.2.1"));

	is_text(text.p, text.len, "vchkpw-pop3: words", "a password is not kept");
}

int
main(void)
{
	struct parse_kit kit = kit_new();

	KIT_MESSAGES(&kit, "vpopmail[7]", lines);
	KIT_DECEPTIVE(&kit, "vpopmail[7]", forged);
	cut(&kit);
	kept();
	kit_free(&kit);
	return tap_done();
}
