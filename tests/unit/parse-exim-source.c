/* SPDX-License-Identifier: Apache-2.0
 *
 * Exim's lines that its source can write and few logs hold: what is refused before or
 * beside the ACLs, TCP Fast Open, DNSSEC, WELLKNOWN and ATRN of 4.98, cutthrough delivery.
 */
#include "parse-kit.h"

#define DATE "2026-11-20 11:49:08"
#define QID DATE " 1xUN76-0005hf-06"

static const struct message_case lines[] = {
	{DATE " connection from [192.0.2.1]:4711 refused (IP options)",
	    "event|kind=policy|ip=192.0.2.1|port=4711|action=reject|stage=CONNECT"
	    "|reason=access|text=(IP options)"},
	{DATE " connection from [192.0.2.1]:4711 refused: another program's words",
	    "foreign"},
	{DATE " [2098] IP options on incoming call: LSRR [@192.0.2.1@192.0.2.7:192.0.2.9]",
	    "ignored"},
	{DATE " unexpected disconnection while reading SMTP command from TFO* (pc) "
	    "[192.0.2.1]:4711 D=1s",
	    "event|kind=abort|ip=192.0.2.1|port=4711|helo=pc|action=unexpected disconnection"
	    "|seconds=1000000"},
	{DATE " unexpected disconnection while reading SMTP command from TFO mx.b.test "
	    "[192.0.2.1] (error: Connection reset by peer) D=1s",
	    "event|kind=abort|ip=192.0.2.1|name=mx.b.test|action=unexpected disconnection"
	    "|text=(error: Connection reset by peer)|seconds=1000000"},
	{DATE " SMTP connection from (pc) [192.0.2.1]:4711 TFO lost (error: Connection reset "
	    "by peer) D=3s",
	    "event|kind=abort|ip=192.0.2.1|port=4711|helo=pc|action=lost|text=(error: "
	    "Connection reset by peer)|seconds=3000000"},
	/* The space before it is Exim's. */
	{DATE "  DSH=mx.b.test (pc) [192.0.2.1]:4711 F=<a@b.test> rejected RCPT <c@d.test>: "
	    "no",
	    "event|kind=policy|ip=192.0.2.1|port=4711|name=mx.b.test|sender=a@b.test"
	    "|recipient=c@d.test|helo=pc|action=reject|stage=RCPT|reason=access|text=no"},
	{QID "  DSH=mx.b.test (pc) [192.0.2.1]:4711 F=<a@b.test> rejected after DATA: no",
	    "event|kind=policy|ip=192.0.2.1|port=4711|name=mx.b.test|qid=1xUN76-0005hf-06"
	    "|sender=a@b.test|helo=pc|action=reject|stage=after DATA|reason=access|text=no"},
	/* Behind "from" stands the client's HELO, which may be an address in brackets. */
	{DATE " rejected \"WELLKNOWN x\" from [198.51.100.1]",
	    "event|kind=policy|action=reject|stage=WELLKNOWN|reason=access|text=WELLKNOWN "
	    "x\" from [198.51.100.1]"},
	{DATE " rejected \"wellknown x\\\" from [198.51.100.1]\" from pc",
	    "event|kind=policy|action=reject|stage=wellknown|reason=access|text=wellknown "
	    "x\\\" from [198.51.100.1]\" from pc"},
	{DATE " rejected \"WELLKNOWN\" from pc",
	    "event|kind=policy|action=reject|stage=WELLKNOWN|reason=access|text=WELLKNOWN\" "
	    "from pc"},
	{DATE " H=(pc) [192.0.2.1]:4711 rejected WELLKNOWN x: no",
	    "event|kind=policy|ip=192.0.2.1|port=4711|helo=pc|action=reject|stage=WELLKNOWN"
	    "|reason=access|text=no"},
	{DATE " H=(pc) [192.0.2.1]:4711 rejected ATRN d.test: no",
	    "event|kind=policy|ip=192.0.2.1|port=4711|helo=pc|action=reject|stage=ATRN"
	    "|reason=access|text=no"},
	{DATE " H=(pc) [192.0.2.1]:4711 rejected MAILAUTH <a@b.test> AUTH=x: no",
	    "event|kind=policy|ip=192.0.2.1|port=4711|helo=pc|action=reject|stage=MAILAUTH"
	    "|reason=access|text=no"},
	{DATE " [2098] ATRN 'd.test' received from (pc) [192.0.2.1]:4711", "ignored"},
	/* Before a cutthrough delivery no space stands there. */
	{QID " rejected from <a@b.test>H=(pc) [192.0.2.1]:4711: Too many \"Received\" "
	    "headers",
	    "event|kind=policy|ip=192.0.2.1|port=4711|qid=1xUN76-0005hf-06|sender=a@b.test"
	    "|helo=pc|action=reject|reason=protocol|text=Too many \"Received\" headers"},
	{QID " H=(pc) [192.0.2.1]:4711 c@d.test F=<a@b.test> rejected after DATA: R=r T=t "
	    "H=mx.d.test [192.0.2.7]:25 C=\"550 no\"",
	    "event|kind=policy|ip=192.0.2.1|port=4711|qid=1xUN76-0005hf-06|sender=a@b.test"
	    "|recipient=c@d.test|helo=pc|action=reject|stage=after DATA|reason=access"
	    "|text=R=r T=t H=mx.d.test [192.0.2.7]:25 C=\"550 no\""},
	{QID " H=(pc) [192.0.2.1] \"x F=<y@z.test> A=p:boss rejected RCPT q\"@d.test "
	    "<c@d.test> F=<a@b.test> rejected after DATA: R=r T=t",
	    "event|kind=policy|ip=192.0.2.1|qid=1xUN76-0005hf-06|sender=a@b.test"
	    "|recipient=\"x F=<y@z.test> A=p:boss rejected RCPT q\"@d.test|helo=pc"
	    "|action=reject|stage=after DATA|reason=access|text=R=r T=t"},
	{QID " H=(pc) [192.0.2.1]:4711 c@d.test F=<a@b.test> tmp-reject from cutthrough after "
	    "DATA: R=r T=t H=mx.d.test [192.0.2.7]:25 C=\"450 no\"",
	    "ignored"},
	{QID " PRDR R=<c@d.test> refusal",
	    "event|kind=policy|qid=1xUN76-0005hf-06|recipient=c@d.test|action=reject"
	    "|reason=access|text=refusal"},
	{QID " PRDR R=<c@d.test> temporary refusal",
	    "event|kind=policy|qid=1xUN76-0005hf-06|recipient=c@d.test|action=reject"
	    "|reason=temp|text=temporary refusal"},
	{QID " PRDR R=<c@d.test> acceptance", "ignored"},
	{QID " PRDR c@d.test R=<e@d.test> refusal", "ignored"},
	{QID " F=<> H=(pc) [192.0.2.1]:4711 I=[192.0.2.9]:25 U=x P=esmtp L- rejected by "
	    "local_scan(): spam",
	    "event|kind=policy|ip=192.0.2.1|port=4711|server_ip=192.0.2.9|server_port=25"
	    "|qid=1xUN76-0005hf-06|sender=|helo=pc|action=reject|reason=access|text=spam"},
	{QID " => discarded (system filter)",
	    "event|kind=policy|qid=1xUN76-0005hf-06|action=discard|reason=access"
	    "|text=discarded (system filter)"},
	{QID " ** c@d.test R=r T=t: message is too big (transport limit = 9)",
	    "event|kind=delivery|qid=1xUN76-0005hf-06|recipient=c@d.test|reason=size"
	    "|text=message is too big (transport limit = 9)|relay=t|status=bounced"},
	{QID " => c@d.test R=r T=t H=mx.d.test [192.0.2.7] X=TLS1.3:AES256:256* CV=yes",
	    "event|kind=delivery|qid=1xUN76-0005hf-06|recipient=c@d.test|relay=mx.d.test"
	    "|relay_ip=192.0.2.7|status=sent|tls=TLS1.3|cipher=AES256"},
	{DATE " H=(pc) [192.0.2.1] F=<a@b.test> rejected RCPT <c@d.test>: response to \"RCPT "
	    "TO:<c@d.test>\" from mx.d.test [192.0.2.7] was: 550 5.1.1 no such user",
	    "event|kind=policy|ip=192.0.2.1|sender=a@b.test|recipient=c@d.test|helo=pc"
	    "|action=reject|stage=RCPT|reason=unknown_user|text=response to \"RCPT "
	    "TO:<c@d.test>\" from mx.d.test [192.0.2.7] was: 550 5.1.1 no such user"},
	{DATE " H=(pc) [192.0.2.1] F=<a@b.test> temporarily rejected RCPT <c@d.test>: "
	    "response to \"RCPT TO:<c@d.test>\" from mx.d.test [192.0.2.7] was: 451 later",
	    "event|kind=policy|ip=192.0.2.1|sender=a@b.test|recipient=c@d.test|helo=pc"
	    "|action=reject|stage=RCPT|reason=temp|text=response to \"RCPT TO:<c@d.test>\" "
	    "from mx.d.test [192.0.2.7] was: 451 later"},
	{DATE " H=(pc) [192.0.2.1] F=<a@b.test> rejected RCPT <c@d.test>: Previous (cached) "
	    "callout verification failure",
	    "event|kind=policy|ip=192.0.2.1|sender=a@b.test|recipient=c@d.test|helo=pc"
	    "|action=reject|stage=RCPT|reason=unknown_user|text=Previous (cached) callout "
	    "verification failure"},
	{QID " plain_client authenticator cancelled authentication H=mx.d.test [192.0.2.7] x",
	    "event|kind=remote_note|qid=1xUN76-0005hf-06|text=x|relay=mx.d.test"
	    "|relay_ip=192.0.2.7"},
	{QID " DANE error: mx.d.test lookup not DNSSEC",
	    "event|kind=tls_failure|qid=1xUN76-0005hf-06|reason=tls|text=DANE error: "
	    "mx.d.test lookup not DNSSEC"},
	{QID " <joe@h.test>: address_pipe transport output: oops", "ignored"},
	{QID " \"a@b.test\" from env-from rewritten as \"joe@h.test\" by submission mode",
	    "ignored"},
	{QID " 1xUN76-0005hf-06 no recipients found in headers",
	    "event|kind=operational|qid=1xUN76-0005hf-06|text=no recipients found in headers"},
	{QID " invalid return 20 from local_scan(). Temporary rejection given",
	    "event|kind=operational|qid=1xUN76-0005hf-06|text=invalid return 20 from "
	    "local_scan(). Temporary rejection given|severity=error"},
	{QID " timed out while reading local message",
	    "event|kind=operational|qid=1xUN76-0005hf-06|text=timed out while reading local "
	    "message"},
	{QID " log directory space check failed: space=1000 inodes=20",
	    "event|kind=operational|qid=1xUN76-0005hf-06|text=log directory space check "
	    "failed: space=1000 inodes=20|severity=error"},
	{QID " expansion of \"x\" failed: y",
	    "event|kind=operational|qid=1xUN76-0005hf-06|text=expansion of \"x\" failed: y"
	    "|severity=error"},
	{QID " ACL for QUIT returned ERROR: x",
	    "event|kind=operational|qid=1xUN76-0005hf-06|text=ACL for QUIT returned ERROR: x"
	    "|severity=error"},
	{QID " configured error code starts with incorrect digit (expected 5) in \"450 x\"",
	    "event|kind=operational|qid=1xUN76-0005hf-06|text=configured error code starts "
	    "with incorrect digit (expected 5) in \"450 x\"|severity=error"},
	{QID " DMARC failure creating policy context: ip=192.0.2.1",
	    "event|kind=operational|qid=1xUN76-0005hf-06|text=DMARC failure creating policy "
	    "context: ip=192.0.2.1|severity=error"},
	{QID " failure to store header From: in DMARC: x, header was 'y'",
	    "event|kind=operational|qid=1xUN76-0005hf-06|text=failure to store header From: "
	    "in DMARC: x, header was 'y'|severity=error"},
};

int
main(void)
{
	struct parse_kit kit = kit_new();

	KIT_DECEPTIVE(&kit, NULL, lines);
	kit_free(&kit);
	return tap_done();
}
