/* SPDX-License-Identifier: Apache-2.0
 *
 * What clients sent with AUTH may be a password in base64: in commands that Exim refused and
 * those that came before Postfix had asked. Nothing of it is told or kept.
 */
#include "parse-kit.h"

#define DATE "2026-11-20 11:49:08"
#define ADDRESS "event|kind=violation|ip=192.0.2.1"

static const struct message_case exim[] = {
	{DATE " SMTP protocol error in \"AUTH PLAIN AGpvZQBodW50ZXIy\" H=(c) [192.0.2.1] AUTH "
	    "command used when not advertised",
	    ADDRESS "|helo=c|action=protocol|reason=protocol|text=AUTH PLAIN"},
	{DATE " SMTP syntax error in \"auth login am9l\" H=(c) [192.0.2.1] unrecognized "
	    "command",
	    ADDRESS "|helo=c|action=syntax|reason=protocol|text=auth login"},
	{DATE " SMTP call from (c) [192.0.2.1] dropped: too many syntax or protocol errors "
	    "(last command was \"AUTH PLAIN AGpvZQBodW50ZXIy\", C=EHLO,AUTH)",
	    ADDRESS "|helo=c|action=dropped|reason=protocol|text=too many syntax or protocol "
	    "errors (last command was \"AUTH PLAIN"},
	{DATE " SMTP protocol synchronization error (input sent without waiting for "
	    "greeting): rejected connection from H=[192.0.2.1] input=\"EHLO c\\r\\nAUTH PLAIN "
	    "AGpvZQBodW50ZXIy\\r\\n\"",
	    ADDRESS "|action=pipelining|stage=CONNECT|reason=protocol|text=input=\"EHLO "
	    "c\\r\\nAUTH PLAIN"},
	/* Any blanks, any letters. */
	{DATE " SMTP protocol error in \"AUTH  PLAIN  AGpvZQBodW50ZXIy\" H=(c) [192.0.2.1] "
	    "AUTH command used when not advertised",
	    ADDRESS "|helo=c|action=protocol|reason=protocol|text=AUTH  PLAIN"},
	{DATE " SMTP protocol error in \"AUTH\\tPLAIN\\tAGpvZQBodW50ZXIy\" H=(c) [192.0.2.1] "
	    "AUTH command used when not advertised",
	    ADDRESS "|helo=c|action=protocol|reason=protocol|text=AUTH\\tPLAIN"},
	{DATE " SMTP protocol synchronization error (next input sent too soon: pipelining was "
	    "not advertised): rejected \"auth login\" H=x [c next input=\"aHVudGVyMg==\"",
	    "event|kind=violation|action=pipelining|reason=protocol|text=auth login\" "
	    "H=x [c"},
	/* Nothing behind it. */
	{DATE " SMTP protocol error in \"AUTH LOGIN\" H=(c) [192.0.2.1] AUTH command used "
	    "when not advertised",
	    ADDRESS "|helo=c|action=protocol|reason=protocol|text=AUTH LOGIN"},
};

static const struct message_case smtpd[] = {
	{"improper command pipelining after AUTH from c.test[192.0.2.1]: "
	    "am9l\\r\\naHVudGVyMg==",
	    ADDRESS "|name=c.test|action=pipelining|stage=AUTH|reason=protocol"},
	{"improper command pipelining after EHLO from c.test[192.0.2.1]: AUTH PLAIN "
	    "AGpvZQBodW50ZXIy\\r\\n",
	    ADDRESS "|name=c.test|action=pipelining|stage=EHLO|reason=protocol|text=AUTH "
	    "PLAIN"},
	{"improper command pipelining after EHLO from c.test[192.0.2.1]: AUTH LOGIN\\r\\nam9l",
	    ADDRESS "|name=c.test|action=pipelining|stage=EHLO|reason=protocol|text=AUTH "
	    "LOGIN"},
};

static const struct message_case postscreen[] = {
	{"COMMAND PIPELINING from [192.0.2.1]:4711 after AUTH: am9l\\r\\naHVudGVyMg==",
	    "event|kind=ps_violation|ip=192.0.2.1|port=4711|action=pipelining|stage=AUTH"},
	{"COMMAND PIPELINING from [192.0.2.1]:4711 after EHLO: AUTH PLAIN "
	    "AGpvZQBodW50ZXIy\\r\\n",
	    "event|kind=ps_violation|ip=192.0.2.1|port=4711|action=pipelining|stage=EHLO"
	    "|text=AUTH PLAIN"},
	{"PREGREET 39 after 0.08 from [192.0.2.1]:4711: EHLO c\\r\\nAUTH PLAIN "
	    "AGpvZQBodW50ZXIy\\r\\n",
	    "event|kind=ps_pregreet|ip=192.0.2.1|port=4711|text=EHLO c\\r\\nAUTH PLAIN"
	    "|seconds=80000|bytes=39"},
};

/* Lines as they are shown, a bar where they end. */
static const char *const lines[] = {
	"x: SMTP protocol error in \"AUTH PLAIN| AGpvZQBodW50ZXIy\" H=[192.0.2.1] AUTH "
	"command used when not advertised",
	"x: SMTP protocol error in \"AUTH LOGIN\" H=[192.0.2.1] AUTH command used when not "
	"advertised|",
	"x: H=[192.0.2.1] rejected AUTH LOGIN: no|",
	"x: H=[192.0.2.1] rejected AUTH PLAIN| AGpvZQBodW50ZXIy: no",
	"x: pipelining after AUTH from c[192.0.2.1]|: am9l",
	"x: COMMAND PIPELINING from [192.0.2.1]:4711 after AUTH|: am9l",
	"x: lost connection after AUTH from c[192.0.2.1]|",
	"x: rejected \"AUTH LOGIN\" H=(c) [192.0.2.1]| next input=\"am9l\\r\\naHVudGVyMg==\"",
	"x: rejected \"auth login\" H=(c) [192.0.2.1]| next input=\"am9l\\r\\naHVudGVyMg==\"",
	"x: AUTH  PLAIN| AGpvZQBodW50ZXIy",
	"x: AUTH\tPLAIN|\tAGpvZQBodW50ZXIy",
	"x: AUTHORS PLAIN x|",
	"x: rejected \"HELO c\" H=(c) [192.0.2.1] next input=\"MAIL\"|",
};

static void
kept(void)
{
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		struct str wanted = str_of(lines[i]), text;
		struct buf line = BUF_INIT(256);

		wanted = str_head(wanted, str_index(wanted, '|'));
		buf_str(&line, wanted);
		buf_str(&line, str_from(str_of(lines[i]), wanted.len + 1));
		text = parse_without_password(buf_view(&line));
		ok(str_eq(text, wanted), "%s", lines[i]);
		buf_done(&line);
	}
}

int
main(void)
{
	struct parse_kit kit = kit_new();

	KIT_MESSAGES(&kit, NULL, exim);
	KIT_MESSAGES(&kit, "postfix/smtpd[7]", smtpd);
	KIT_MESSAGES(&kit, "postfix/postscreen[7]", postscreen);
	kept();
	kit_free(&kit);
	return tap_done();
}
