/* SPDX-License-Identifier: Apache-2.0
 *
 * A=, who has logged in: Exim writes any printable character of the name as it is, also a
 * space (smtp_in_auth() in smtp_in.c escapes the others).
 */
#include "parse-kit.h"

#define DATE "2026-11-20 11:49:08"
#define QID DATE " 1xUN76-0005hf-06"
#define CAME QID " <= a@b.test H=(pc) [192.0.2.1] P=esmtpa "
#define ARRIVAL "event|kind=accept|ip=192.0.2.1|qid=1xUN76-0005hf-06"
#define BEHIND "|sender=a@b.test|helo=pc|proto=esmtpa"

static const struct message_case lines[] = {
	{CAME "A=plain:joe S=9", ARRIVAL "|user=joe|mechanism=plain" BEHIND "|size=9"},
	{CAME "A=plain:joe smith S=9 id=1@b.test",
	    ARRIVAL "|user=joe smith|mechanism=plain" BEHIND "|size=9|msgid=1@b.test"},
	{CAME "A=plain:joe smith PRDR K S=9",
	    ARRIVAL "|user=joe smith|mechanism=plain" BEHIND "|size=9"},
	{CAME "A=plain:joe smith PRX=192.0.2.9 S=9",
	    ARRIVAL "|user=joe smith|mechanism=plain" BEHIND "|size=9"},
	{CAME "A=plain:joe smith:joe@b.test S=9",
	    ARRIVAL "|user=joe smith|mechanism=plain" BEHIND "|size=9"},
	{CAME "A=plain:j\\303\\266 [203.0.113.66]: 5 S=9",
	    ARRIVAL "|user=j\\303\\266 [203.0.113.66]|mechanism=plain" BEHIND "|size=9"},
	{CAME "A=plain:joe H=[203.0.113.66] P=x S=9",
	    ARRIVAL BEHIND "|size=9"},
	{CAME "A=plain S=9", ARRIVAL "|mechanism=plain" BEHIND "|size=9"},
	{CAME "A=plain:joe NEW=1 S=9 NEW=2 X",
	    ARRIVAL "|user=joe|mechanism=plain" BEHIND "|size=9"},
	/* it ends where Exim may go on, and yet goes on: nobody's */
	{CAME "A=plain:boss S=1 smith S=9", ARRIVAL BEHIND "|size=9"},
	{CAME "A=plain:boss S=1 P=x S=9", ARRIVAL BEHIND "|size=9"},
	{CAME "A=plain:boss id=2@b.test S=9 id=1@b.test",
	    ARRIVAL BEHIND "|msgid=2@b.test"},
	{CAME "A=plain:boss from <x S=9", ARRIVAL BEHIND},
	/* of another sort of line are words of the name, and others' fields nobody's */
	{CAME "A=plain:boss rejected RCPT <c@d.test>: x S=9 id=1@b.test",
	    ARRIVAL "|user=boss rejected RCPT <c@d.test>|mechanism=plain" BEHIND "|size=9"
	    "|msgid=1@b.test"},
	{CAME "A=plain:boss Warning x S=9",
	    ARRIVAL "|user=boss Warning x|mechanism=plain" BEHIND "|size=9"},
	{CAME "A=plain:boss C=x S=9", ARRIVAL BEHIND "|size=9"},
	{CAME "A=plain:boss DN=\"x S=9", ARRIVAL BEHIND},
	/* what the client claims with AUTH= stands behind the second colon */
	{CAME "A=plain:joe:x S=1 y S=9",
	    ARRIVAL "|user=joe|mechanism=plain" BEHIND "|size=9"},
	/* the subject is not Exim's */
	{CAME "A=plain:joe S=9 id=1@b.test T=\"x S=1 y\" from <a@b.test> for c@d.test",
	    ARRIVAL "|user=joe|mechanism=plain" BEHIND "|size=9|nrcpt=1|msgid=1@b.test"},
	/* cut off in it */
	{CAME "A=plain:joe", ARRIVAL "|user=joe|mechanism=plain" BEHIND},
	{CAME "A=plain:joe smi", ARRIVAL BEHIND "|truncated=1"},

	{DATE " H=(pc) [192.0.2.1] F=<a@b.test> A=plain:joe smith rejected RCPT <c@d.test>: "
	    "no",
	    "event|kind=policy|ip=192.0.2.1|user=joe smith|mechanism=plain|sender=a@b.test"
	    "|recipient=c@d.test|helo=pc|action=reject|stage=RCPT|reason=access|text=no"},
	{DATE " H=(pc) [192.0.2.1] F=<a@b.test> A=plain:joe smith temporarily rejected after "
	    "DATA: no",
	    "event|kind=policy|ip=192.0.2.1|user=joe smith|mechanism=plain|sender=a@b.test"
	    "|helo=pc|action=reject|stage=after DATA|reason=temp|text=no"},
	{DATE " H=(pc) [192.0.2.1] F=<a@b.test> A=plain:joe H=[203.0.113.66] rejected after "
	    "DATA: no",
	    "event|kind=policy|ip=192.0.2.1|sender=a@b.test|helo=pc|action=reject"
	    "|stage=after DATA|reason=access|text=no"},
	{DATE " H=(pc) [192.0.2.1] F=<a@b.test> A=plain:joe smith sender verify fail for "
	    "<a@b.test>: no",
	    "event|kind=policy|ip=192.0.2.1|user=joe smith|mechanism=plain|sender=a@b.test"
	    "|helo=pc|action=sender verify|reason=sender_domain|text=no"},
	{DATE " H=(pc) [192.0.2.1] F=<a@b.test> A=plain:boss rejected RCPT <v@d.test>: x "
	    "rejected RCPT <c@d.test>: no",
	    "event|kind=policy|ip=192.0.2.1|sender=a@b.test|recipient=v@d.test|helo=pc"
	    "|action=reject|stage=RCPT|reason=access|text=x rejected RCPT <c@d.test>: no"},
	{DATE " H=(pc) [192.0.2.1] F=<a@b.test> A=plain:boss rejected x temporarily rejected "
	    "after DATA: no",
	    "event|kind=policy|ip=192.0.2.1|sender=a@b.test|helo=pc|action=reject"
	    "|reason=access|text=no"},
	{DATE " H=(pc) [192.0.2.1] F=<a@b.test> A=plain:boss rejected RCPT <v@d.test>: x "
	    "Warning: no",
	    "event|kind=policy|ip=192.0.2.1|sender=a@b.test|recipient=v@d.test|helo=pc"
	    "|action=reject|stage=RCPT|reason=access|text=x Warning: no"},
	{DATE " H=(pc) [192.0.2.1] F=<a@b.test> A=plain:boss S=9 rejected after DATA: no",
	    "event|kind=policy|ip=192.0.2.1|sender=a@b.test|helo=pc|action=reject"
	    "|stage=after DATA|reason=access|text=no"},
	{DATE " H=(pc) [192.0.2.1] F=<a@b.test> A=plain:boss K rejected after DATA: no",
	    "event|kind=policy|ip=192.0.2.1|user=boss K|mechanism=plain|sender=a@b.test"
	    "|helo=pc|action=reject|stage=after DATA|reason=access|text=no"},
	{DATE " H=(pc) [192.0.2.1] F=<a@b.test> A=plain:joe rejected after DATA: your mail "
	    "was rejected by our filter",
	    "event|kind=policy|ip=192.0.2.1|user=joe|mechanism=plain|sender=a@b.test"
	    "|helo=pc|action=reject|stage=after DATA|reason=access|text=your mail was "
	    "rejected by our filter"},
	{DATE " no MAIL in SMTP connection from (pc) [192.0.2.1] D=1s A=plain:boss rejected "
	    "RCPT <c C=EHLO,QUIT",
	    "event|kind=auth_success|ip=192.0.2.1|user=boss rejected RCPT <c"
	    "|mechanism=plain|helo=pc|commands=EHLO,QUIT|seconds=1000000"},
	{DATE " no MAIL in SMTP connection from (pc) [192.0.2.1] D=1s A=plain:boss C=EHLO "
	    "C=EHLO,QUIT",
	    "event|kind=auth_success|ip=192.0.2.1|helo=pc|commands=EHLO|seconds=1000000"},
	{DATE " no MAIL in SMTP connection from (pc) [192.0.2.1] D=1s A=plain:joe smith "
	    "C=EHLO,AUTH,QUIT",
	    "event|kind=auth_success|ip=192.0.2.1|user=joe smith|mechanism=plain|helo=pc"
	    "|commands=EHLO,AUTH,QUIT|seconds=1000000"},
	{DATE " no MAIL in SMTP connection from (pc) [192.0.2.1] D=1s A=plain:joe smith "
	    "X=TLS1.3:AES:256 CV=no C=...AUTH,QUIT",
	    "event|kind=auth_success|ip=192.0.2.1|user=joe smith|mechanism=plain|helo=pc"
	    "|tls=TLS1.3|cipher=AES|commands=...AUTH,QUIT|seconds=1000000"},
};

int
main(void)
{
	struct parse_kit kit = kit_new();

	KIT_MESSAGES(&kit, NULL, lines);
	kit_free(&kit);
	return tap_done();
}
