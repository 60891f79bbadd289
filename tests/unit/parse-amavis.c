/* SPDX-License-Identifier: Apache-2.0
 *
 * Amavis' lines of 2.6 to 2.13, and what senders may put into them.
 */
#include "parse-kit.h"

#define FORGED "[203.0.113.66]:25 [203.0.113.66] <evil@x.test> -> <v@b.test>"

static const struct message_case cases[] = {
	{"(00380-02) Passed CLEAN {RelayedInbound}, [192.0.2.172]:27013 [192.0.2.172]"
	 " <h9@good.test> -> <a4@amv.test>, Queue-ID: 681A8AFACBA, Message-ID:"
	 " <ham.12.53@gen.test>, mail_id: AyjlykPi6csH, Hits: 0, size: 370, queued_as:"
	 " 8D748AFACCC, 164 ms",
	 "event|kind=spam_verdict|ip=192.0.2.172|port=27013|qid=681A8AFACBA"
	 "|sender=h9@good.test|recipient=a4@amv.test|action=passed|size=370|nrcpt=1"
	 "|next_qid=8D748AFACCC|msgid=<ham.12.53@gen.test>|verdict=clean|score=0"
	 "|category=CLEAN|seconds=164000"},
	/* 2.6: no actions, no ports */
	{"(30424-10) Passed SPAM, LOCAL [192.0.2.1] [192.0.2.2] <s@a.test> -> <r@b.test>,"
	 " quarantine: spam-x.gz, Message-ID: <1@a.test>, mail_id: x-Y, Hits: 1005.866,"
	 " size: 408, queued_as: 4F1D2A3B4C, 667 ms",
	 "event|kind=spam_verdict|ip=192.0.2.1|sender=s@a.test|recipient=r@b.test"
	 "|action=passed|size=408|nrcpt=1|next_qid=4F1D2A3B4C|msgid=<1@a.test>|verdict=spam"
	 "|score=1005866|category=SPAM|seconds=667000"},
	{"(30424-10) Blocked SPAM, LOCAL [192.0.2.1] <s@a.test> -> <r@b.test>, Hits: 9.1, 1"
	 " ms",
	 "event|kind=spam_verdict|ip=192.0.2.1|sender=s@a.test|recipient=r@b.test"
	 "|action=blocked|nrcpt=1|verdict=spam|score=9100|category=SPAM|seconds=1000"},
	/* 2.7 and later */
	{"(00437-02-3) Passed SPAMMY {RelayedTaggedInbound}, MYNETS/ORIGINATING LOCAL"
	 " [2001:db8::1]:40000 [2001:db8::1] <> -> <r@b.test>,<q@b.test>, Queue-ID:"
	 " 413BE60672, Message-ID: <a,b>, mail_id: x, Hits: 12.5+1.25, size: 5098, pt: 1,"
	 " queued_as: 4F1D2A3B4C/4F1D2A3B4D, dkim_sd=s:a.test, 667 ms",
	 "event|kind=spam_verdict|ip=2001:db8::1|port=40000|qid=413BE60672|sender="
	 "|recipient=r@b.test|action=passed|size=5098|nrcpt=2|next_qid=4F1D2A3B4C"
	 "|msgid=<a,b>|verdict=spammy|score=13750|category=SPAMMY|seconds=667000"},
	{"(01626-01) Blocked INFECTED (Win.Test.EICAR_HDB-1) {DiscardedInbound,Quarantined},"
	 " [192.168.64.33]:57864 <a@a.test> -> <b@b.test>, quarantine: 7/virus-x, Queue-ID:"
	 " 413BE60672, Message-ID: <x@a.test>, mail_id: x, Hits: -, size: 5098, 981 ms",
	 "event|kind=spam_verdict|ip=192.168.64.33|port=57864|qid=413BE60672|sender=a@a.test"
	 "|recipient=b@b.test|action=blocked|text=Win.Test.EICAR_HDB-1|size=5098|nrcpt=1"
	 "|msgid=<x@a.test>|verdict=infected|category=INFECTED|seconds=981000"},
	{"(1-2) Blocked BANNED (.asc,x.js) {DiscardedInbound}, [192.0.2.1]:2 [192.0.2.1]"
	 " <\"odd <name>, x\"@a.test> -> <\"r \\\" [203.0.113.66]\"@b.test>, Hits: -0.5, 2 ms",
	 "event|kind=spam_verdict|ip=192.0.2.1|port=2|sender=\"odd <name>, x\"@a.test"
	 "|recipient=\"r \\\" [203.0.113.66]\"@b.test|action=blocked|text=.asc,x.js|nrcpt=1"
	 "|verdict=banned|score=-500|category=BANNED|seconds=2000"},
	{"(1-2) Passed BAD-HEADER-7 {RelayedInbound}, [192.0.2.1]:2 <s@a.test> -> <r@b.test>,"
	 " Hits: -, 2 ms",
	 "event|kind=spam_verdict|ip=192.0.2.1|port=2|sender=s@a.test|recipient=r@b.test"
	 "|action=passed|nrcpt=1|verdict=bad_header|category=BAD-HEADER-7|seconds=2000"},
	{"(1-2) Passed UNCHECKED-ENCRYPTED {RelayedInbound}, [192.0.2.1]:2 <s@a.test> ->"
	 " <r@b.test>, 2 ms, Tests: [A=1,B=2]",
	 "event|kind=spam_verdict|ip=192.0.2.1|port=2|sender=s@a.test|recipient=r@b.test"
	 "|action=passed|nrcpt=1|verdict=unchecked|category=UNCHECKED-ENCRYPTED"},
	{"(1-2) Blocked MTA-BLOCKED {TempFailedInbound}, [192.0.2.1]:2 <s@a.test> ->"
	 " <r@b.test>,"
	 " Hits: 0.1, 2 ms",
	 "event|kind=spam_verdict|ip=192.0.2.1|port=2|sender=s@a.test|recipient=r@b.test"
	 "|action=blocked|nrcpt=1|verdict=mta_blocked|score=100|category=MTA-BLOCKED"
	 "|seconds=2000"},
	{"(1-2) Blocked OVERSIZED {RejectedInbound}, <s@a.test> -> <r@b.test>, 2 ms",
	 "event|kind=spam_verdict|sender=s@a.test|recipient=r@b.test|action=blocked|nrcpt=1"
	 "|verdict=oversized|category=OVERSIZED|seconds=2000"},
	{"(1-2) Blocked NOVELTY {x}, [IPv6:2001:db8::2]:3 <s@a.test> -> <r@b.test>, 2 ms",
	 "event|kind=spam_verdict|ip=2001:db8::2|port=3|sender=s@a.test|recipient=r@b.test"
	 "|action=blocked|nrcpt=1|verdict=other|category=NOVELTY|seconds=2000"},
	{"(1-2) Passed CLEAN {RelayedInbound}, [192.0.2.1]:2 [?] <s@a.test> -> <r@b.test>,"
	 " queued_as: 250 2.0.0 done, Subject: \"x, Hits: 7, 5 ms\", From: a, 2 ms",
	 "event|kind=spam_verdict|ip=192.0.2.1|port=2|sender=s@a.test|recipient=r@b.test"
	 "|action=passed|nrcpt=1|verdict=clean|category=CLEAN|seconds=2000"},
	/* $log_templ = $log_verbose_templ */
	{"(1-2) Passed CLEAN {RelayedInbound}, [192.0.2.1]:2 [192.0.2.1] ESMTPS/ESMTP"
	 " <s@a.test> -> <r@b.test>, (ESMTPS://[192.0.2.1]:2), tls: AES256-GCM-SHA384,"
	 " Queue-ID: 4F1D2A3B4C, mail_id: x, Hits: 1.5, size: 5, 6 ms",
	 "event|kind=spam_verdict|ip=192.0.2.1|port=2|qid=4F1D2A3B4C|sender=s@a.test"
	 "|recipient=r@b.test|action=passed|size=5|nrcpt=1|verdict=clean|score=1500"
	 "|category=CLEAN|seconds=6000"},
	{"(1-2) Passed CLEAN {RelayedInbound}, [192.0.2.1]:2 [192.0.2.1] ESMTPS/ESMTP"
	 " <s@a.test> -> <r@b.test>, (ESMTPS://[192.0.2.1]:2 < ESMTP://198.51.100.7),"
	 " Queue-ID: 4F1D2A3B4C, Message-ID: <1@a.test>, mail_id: x, b: efIM2W-Q-,"
	 " Hits: -1.9, size: 5, queued_as: 4F1D2A3B4D, Subject: \"s, Hits: 7\","
	 " From: a, helo=x, Tests: [A=1], 2 ms",
	 "event|kind=spam_verdict|ip=192.0.2.1|port=2|qid=4F1D2A3B4C|sender=s@a.test"
	 "|recipient=r@b.test|action=passed|size=5|nrcpt=1|next_qid=4F1D2A3B4D"
	 "|msgid=<1@a.test>|verdict=clean|score=-1900|category=CLEAN|seconds=2000"},
	{"(1-2) Passed CLEAN {RelayedInbound}, LOCAL [127.0.0.1] /ESMTP <s@a.test>"
	 " -> <r@b.test>, (), Message-ID: <1@a.test>, mail_id: x, b: y, Hits: -, size: 5,"
	 " 2 ms",
	 "event|kind=spam_verdict|ip=127.0.0.1|sender=s@a.test|recipient=r@b.test"
	 "|action=passed|size=5|nrcpt=1|msgid=<1@a.test>|verdict=clean"
	 "|category=CLEAN|seconds=2000"},
	/* the way is told by headers */
	{"(1-2) Passed CLEAN {A}, [192.0.2.1]:2 /ESMTP <s@a.test> -> <r@b.test>,"
	 " (X), Queue-ID: FORGED1, Hits: 1://[192.0.2.1]), Queue-ID: 4F1D2A3B4C, Hits: 1,"
	 " 2 ms",
	 "event|kind=spam_verdict|ip=192.0.2.1|port=2|sender=s@a.test|recipient=r@b.test"
	 "|action=passed|nrcpt=1|verdict=clean|category=CLEAN|seconds=2000"},
	/* a single address may come from a header */
	{"(1-2) Passed CLEAN {RelayedInbound}, [203.0.113.66] <s@a.test> -> <r@b.test>, 2 ms",
	 "event|kind=spam_verdict|sender=s@a.test|recipient=r@b.test|action=passed|nrcpt=1"
	 "|verdict=clean|category=CLEAN|seconds=2000"},
	/* names that look like the rest of the line */
	/* addresses and ids that do */
	{"(1-2) Passed CLEAN {A}, [192.0.2.1]:2 [203.0.113.66] <\"> -> <v@x.test>, Hits: -9\""
	 "@a.test> -> <r@b.test>, Message-ID: <\"\\>, mail_id: x, Hits: -9, size: 1,"
	 " queued_as: FORGED1\"@x>, mail_id: y, Hits: 4, size: 5, queued_as: 4F1D2A3B4C, 2 ms",
	 "event|kind=spam_verdict|ip=192.0.2.1|port=2"
	 "|sender=\"> -> <v@x.test>, Hits: -9\"@a.test|recipient=r@b.test|action=passed|size=5"
	 "|nrcpt=1|next_qid=4F1D2A3B4C"
	 "|msgid=<\"\\>, mail_id: x, Hits: -9, size: 1, queued_as: FORGED1\"@x>|verdict=clean"
	 "|score=4000|category=CLEAN|seconds=2000"},
	{"(1-2) Passed CLEAN {A}, [192.0.2.1]:2 <a<[203.0.113.66]> -> <r@b.test>, 2 ms",
	 "event|kind=spam_verdict|ip=192.0.2.1|port=2|action=passed"
	 "|text=<a<[203.0.113.66]> -> <r@b.test>, 2 ms|verdict=clean|category=CLEAN"},
	{"(1-2) Passed CLEAN {A}, [192.0.2.1]:2 <s@a.test> -> <r@b.test>, Message-ID:"
	 " <a\x1b[2J"
	 "\xc2\x9b\xe2\x80\xae b>, Hits: 1, 2 ms",
	 "event|kind=spam_verdict|ip=192.0.2.1|port=2|sender=s@a.test|recipient=r@b.test"
	 "|action=passed|nrcpt=1|msgid=<a\x1b[2J\xc2\x9b\xe2\x80\xae b>|verdict=clean"
	 "|score=1000"
	 "|category=CLEAN|seconds=2000"},
	/* split at 980 bytes */
	{"(1-2) Blocked SPAM {Disc...", "event|kind=part|session=(1-2)|truncated=1"},
	{"(00437-02-3) ...<p@b.test>, Hits: 12, size: 3, " FORGED,
	 "event|kind=part|session=(00437-02-3)|text=<p@b.test>, Hits: 12, size: 3, " FORGED},
	{"(1-2) ...<p@b.test>, Hi...",
	 "event|kind=part|session=(1-2)|text=<p@b.test>, Hi|truncated=1"},
	{"(1-2) (!)...rest", "event|kind=part|session=(1-2)|text=rest"},
	{"(1-2) (!!)TROUBLE in che...", "event|kind=part|session=(1-2)|truncated=1"},
	{"(1-2) ...", "event|kind=part|session=(1-2)|text="},
	{"(1-2) Checking: ...", "ignored"},
	{"...<p@b.test>, Hits: 12", "unknown"},
	{"(1-2) Blocked SPAM {Disc", "malformed"},
	{"(1-2) Passed ", "malformed"},
	/* trouble */
	{"(1-2) (!)file(1) utility failed", "event|kind=operational|text=file(1) utility"
	 " failed"
	 "|severity=warning"},
	{"(1-2) (!!)TROUBLE in check_mail: [203.0.113.66]",
	 "event|kind=operational|text=TROUBLE in check_mail: [203.0.113.66]|severity=error"},
	{"(!)DENIED ACCESS from IP 203.0.113.66, policy bank ''",
	 "event|kind=operational|text=DENIED ACCESS from IP 203.0.113.66, policy bank ''"
	 "|severity=warning"},
	{"(1-2) NOTICE: x", "event|kind=operational|text=NOTICE: x"},
	{"(1-2) (!!) TROUBLE in check_mail: x",
	 "event|kind=operational|text=TROUBLE in check_mail: x|severity=error"},
	{"(1-2) ESMTP REJECT: 552 5.3.4 Message size (3 B) exceeds size limit",
	 "event|kind=operational"
	 "|text=ESMTP REJECT: 552 5.3.4 Message size (3 B) exceeds size limit"},
	{"(1-2) LMTP TEMPFAIL 'RCPT TO': 452 4.3.4 Declared message size (3 B) exceeds",
	 "event|kind=operational"
	 "|text=LMTP TEMPFAIL 'RCPT TO': 452 4.3.4 Declared message size (3 B) exceeds"},
	{"(1-2) ESMTP: 501 5.5.2 Syntax: RCPT TO:<address>; smtp_resp: RCPT TO:<a@b",
	 "event|kind=operational"
	 "|text=ESMTP: 501 5.5.2 Syntax: RCPT TO:<address>; smtp_resp: RCPT TO:<a@b"},
	{"(1-2) unexpected status/result, please verify: Bad response code: 9, <r@b.test>",
	 "event|kind=operational"
	 "|text=unexpected status/result, please verify: Bad response code: 9, <r@b.test>"},
	{"(1-2) Message size exceeded 9 B, skipping further input",
	 "event|kind=operational"
	 "|text=Message size exceeded 9 B, skipping further input"},
	{"(1-2) TROUBLE: x", "event|kind=operational|text=TROUBLE: x"},
	/* of no use */
	{"starting. /usr/sbin/amavisd at mx amavis-2.13.0 (20230106), Unicode"
	 " aware", "ignored"},
	{"No decoder for       .7z  ", "ignored"},
	{"No $altermime,         not using it", "ignored"},
	{"Net::Server: Group Not Defined.  Defaulting to EGID '994 994'", "ignored"},
	{"(1-2) Checking: x [203.0.113.66] <s@a.test> -> <r@b.test>", "ignored"},
	{"(1-2) ESMTP::10024 /var/x: <s@a.test> -> <r@b.test> Received: x", "ignored"},
	{"(1-2) ESMTP:[192.0.2.1]:10024 /var/x: <s@a.test> -> <r@b.test>", "ignored"},
	{"(1-2) SMTP< RCPT TO:<r@b.test>", "ignored"},
	{"(1-2) DEBUG_ONESHOT CAUSES EVIDENCE TO BE PRESERVED", "ignored"},
	{"(1-2) tcp_lookup(1): 500 illegal request: x", "ignored"},
	{"(1-2) sql_storage: retrying on final, 4 attempts remain", "ignored"},
	{"(1-2) retrying storing preliminary, 4 attempts remain", "ignored"},
	{"(1-2) OS_fingerprint: 192.0.2.1 3.2 spam.Windows - Windows XP", "ignored"},
	{"(1-2) adding recipient - always_bcc: a@b.test", "ignored"},
	{"(1-2) address modified (sender): <\"s\"@a.test> -> <s@a.test>", "ignored"},
	{"(1-2) delivering to bsmtp:x, FWD via BSMTP: <s@a.test> -> <r@b.test>", "ignored"},
	{"(1-2) ip_trace: 192.0.2.1 < x", "ignored"},
	{"(1-2) words nobody wrote", "unknown"},
	{"(x) Passed CLEAN, [203.0.113.66]:1 <a> -> <b>", "unknown"},
	{"words nobody wrote", "unknown"},
};

/* A name that ends like a line: cut just there, the line would be a true one. */
static const struct message_case deceptive[] = {
	{"(1-2) Blocked BANNED (.exe,x) {A}, " FORGED ", 1 ms.exe) {DiscardedInbound},"
	 " [192.0.2.1]:2 [192.0.2.1] <s@a.test> -> <r@b.test>, 2 ms",
	 "event|kind=spam_verdict|action=blocked|text=.exe,x) {A}, " FORGED
	 ", 1 ms.exe) {DiscardedInbound}, [192.0.2.1]:2 [192.0.2.1] <s@a.test> -> <r@b.test>,"
	 " 2 ms|verdict=banned|category=BANNED"},
	{"(1-2) Blocked BANNED (.exe,x), " FORGED ", 1 ms) {DiscardedInbound},"
	 " [192.0.2.1]:2 <s@a.test> -> <r@b.test>, 2 ms",
	 "event|kind=spam_verdict|action=blocked|text=.exe,x), " FORGED
	 ", 1 ms) {DiscardedInbound}, [192.0.2.1]:2 <s@a.test> -> <r@b.test>, 2 ms"
	 "|verdict=banned|category=BANNED"},
};

int
main(void)
{
	struct parse_kit kit = kit_new();

	KIT_MESSAGES(&kit, "amavis[1]", cases);
	KIT_DECEPTIVE(&kit, "amavis[1]", deceptive);
	kit_free(&kit);
	return tap_done();
}
