/* SPDX-License-Identifier: Apache-2.0
 *
 * Addresses as Exim takes them from a client: a local part is words with dots between them,
 * and each word may be in quotes or hold escaped characters. Nothing in them is a field.
 */
#include "parse-kit.h"

#define DATE "2026-11-20 11:49:08"
#define QID DATE " 1xUN76-0005hf-06"
#define FORGED " H=[203.0.113.66] P=esmtpa A=p:boss S=1 "

static const struct message_case lines[] = {
	{QID " <= a.\"" FORGED "\"@b.test H=(pc) [192.0.2.1]:4711 P=esmtp S=99",
	    "event|kind=accept|ip=192.0.2.1|port=4711|qid=1xUN76-0005hf-06|sender=a.\"" FORGED
	    "\"@b.test|helo=pc|proto=esmtp|size=99"},
	{QID " <= \"a\".\"\\\"" FORGED "\".b@b.test H=(pc) [192.0.2.1] P=esmtp S=99",
	    "event|kind=accept|ip=192.0.2.1|qid=1xUN76-0005hf-06|sender=\"a\".\"\\\"" FORGED
	    "\".b@b.test|helo=pc|proto=esmtp|size=99"},
	{QID " <= a\\ U=root\\ A=p:boss@b.test H=(pc) [192.0.2.1] P=esmtp S=99",
	    "event|kind=accept|ip=192.0.2.1|qid=1xUN76-0005hf-06|sender=a\\ U=root\\ "
	    "A=p:boss@b.test|helo=pc|proto=esmtp|size=99"},
	{QID " <= a\\\"b@b.test H=(pc) [192.0.2.1] P=esmtp S=99 id=1.\" T=x\"@b.test from "
	    "<a\\\"b@b.test> for c\\ d@d.test e.\" f\"@d.test",
	    "event|kind=accept|ip=192.0.2.1|qid=1xUN76-0005hf-06|sender=a\\\"b@b.test|helo=pc"
	    "|proto=esmtp|size=99|nrcpt=2|msgid=1.\" T=x\"@b.test"},
	{DATE " H=(pc) [192.0.2.1] F=<a.\"> A=p:boss rejected RCPT <x@y.test>: no\"@b.test> "
	    "rejected RCPT <c.\"> y\"@d.test>: relay not permitted",
	    "event|kind=policy|ip=192.0.2.1|sender=a.\"> A=p:boss rejected RCPT <x@y.test>: "
	    "no\"@b.test|recipient=c.\"> y\"@d.test|helo=pc|action=reject|stage=RCPT"
	    "|reason=relay_denied|text=relay not permitted"},
	{DATE " H=(pc) [192.0.2.1] F=<a\\>b@b.test> rejected RCPT <c\\\"@d.test>: relay not "
	    "permitted",
	    "event|kind=policy|ip=192.0.2.1|sender=a\\>b@b.test|recipient=c\\\"@d.test|helo=pc"
	    "|action=reject|stage=RCPT|reason=relay_denied|text=relay not permitted"},
	{DATE " H=(pc) [192.0.2.1] sender verify fail for <a\\>b@b.test>: Unrouteable address",
	    "event|kind=policy|ip=192.0.2.1|sender=a\\>b@b.test|helo=pc|action=sender verify"
	    "|reason=sender_domain|text=Unrouteable address"},
	{DATE " unqualified sender rejected: <a.\"> H=[203.0.113.66]\"> H=(pc) [192.0.2.1]",
	    "event|kind=policy|ip=192.0.2.1|sender=a.\"> H=[203.0.113.66]\"|helo=pc"
	    "|action=reject|reason=sender_domain"},
	{DATE " too many recipients: message rejected: sender=<a.\"> "
	    "H=[203.0.113.66]\"@b.test> H=(pc) [192.0.2.1]",
	    "event|kind=policy|ip=192.0.2.1|sender=a.\"> H=[203.0.113.66]\"@b.test|helo=pc"
	    "|action=reject|reason=rate"},
	{DATE " rejected MAIL FROM:<a.\"> H=[203.0.113.66]: \"@b.test> H=(pc) [192.0.2.1]: "
	    "message too big: size=20 max=10",
	    "event|kind=policy|ip=192.0.2.1|sender=a.\"> H=[203.0.113.66]: \"@b.test|helo=pc"
	    "|action=reject|stage=MAIL|reason=size|text=message too big: size=20 max=10"},
	{DATE " SMTP data timeout (message abandoned) on connection from (pc) [192.0.2.1] "
	    "F=<a\\>b@b.test> D=1s",
	    "event|kind=abort|ip=192.0.2.1|sender=a\\>b@b.test|helo=pc|action=SMTP data "
	    "timeout|seconds=1000000"},
	{QID " ** c.\" R=x H=evil.test [203.0.113.66]: 250\"@d.test F=<a@b.test> R=r T=t "
	    "H=mx.d.test [192.0.2.7]: SMTP error from remote mail server after RCPT TO:<c.\"> "
	    ": 250 x\"@d.test>: 550 5.1.1 no",
	    "event|kind=delivery|qid=1xUN76-0005hf-06|sender=a@b.test|recipient=c.\" R=x "
	    "H=evil.test [203.0.113.66]: 250\"@d.test|code=550|dsn=5.1.1|reason=unknown_user"
	    "|text=SMTP error from remote mail server after RCPT TO:<c.\"> : 250 x\"@d.test>: "
	    "550 5.1.1 no|relay=mx.d.test|relay_ip=192.0.2.7|status=bounced"},
	/* Cut off inside of the quotes. */
	{QID " <= a.\" H=[203.0.113.66] P=esmtp", "malformed"},
};

int
main(void)
{
	struct parse_kit kit = kit_new();

	KIT_DECEPTIVE(&kit, NULL, lines);
	kit_free(&kit);
	return tap_done();
}
