/* SPDX-License-Identifier: Apache-2.0
 *
 * Postfix's queue: cleanup, pickup, qmgr, bounce, anvil, master and the commands; the
 * tag "postfix" alone.
 */
#include "postfix-kit.h"

static const struct postfix_case cases[] = {
	/* cleanup */
	{"cleanup",
		"4F1D2A3B4C: message-id=<x@sender.example>",
		"event|kind=message_id|qid=4F1D2A3B4C|msgid=<x@sender.example>"},
	{"cleanup",
		"4F1D2A3B4C: resent-message-id=<y@sender.example>",
		"event|kind=message_id|qid=4F1D2A3B4C|msgid=<y@sender.example>"},
	{"cleanup",
		"4F1D2A3B4C: message-id=",
		"event|kind=message_id|qid=4F1D2A3B4C|msgid="},
	{"cleanup",
		"4F1D2A3B4C: message-id=<>",
		"event|kind=message_id|qid=4F1D2A3B4C|msgid=<>"},
	{"cleanup",
		"4F1D2A3B4C: message-id=<x@y> client=evil[203.0.113.66],"
		" sasl_method=LOGIN, sasl_username=admin",
		"event|kind=message_id|qid=4F1D2A3B4C|msgid=<x@y>"
		" client=evil[203.0.113.66], sasl_method=LOGIN, sasl_username=admin"},
	{"cleanup",
		"4F1D2A3B4C: removed (canceled)",
		"event|kind=removed|qid=4F1D2A3B4C|action=canceled"},
	{"cleanup",
		"4F1D2A3B4C: reject: header Subject: pills from"
		" mail.example.test[192.0.2.1]; from=<a@sender.example>"
		" to=<b@example.test> proto=ESMTP helo=<x>: 5.7.1 no pills here",
		"event|kind=content|ip=192.0.2.1|name=mail.example.test|qid=4F1D2A3B4C"
		"|sender=a@sender.example|recipient=b@example.test|helo=x|proto=ESMTP"
		"|action=reject|stage=header|dsn=5.7.1|text=Subject: pills"},
	{"cleanup",
		"4F1D2A3B4C: warning: header Subject: hm from local;"
		" from=<root@example.test> to=<b@example.test>: look",
		"event|kind=content|qid=4F1D2A3B4C|sender=root@example.test"
		"|recipient=b@example.test|action=warning|stage=header|text=Subject: hm"},
	{"cleanup",
		"4F1D2A3B4C: discard: body spam spam from unknown[2001:db8::1];"
		" from=<a@sender.example> to=<b@example.test> proto=SMTP helo=<x>",
		"event|kind=content|ip=2001:db8::1|name=unknown|qid=4F1D2A3B4C"
		"|sender=a@sender.example|recipient=b@example.test|helo=x|proto=SMTP"
		"|action=discard|stage=body|text=spam spam"},
	{"cleanup",
		"4F1D2A3B4C: info: header Received: from x (y [203.0.113.66]) from"
		" unknown[192.0.2.1]; from=<a@sender.example> to=<b@example.test>"
		" proto=ESMTP helo=<x>",
		"event|kind=content|ip=192.0.2.1|name=unknown|qid=4F1D2A3B4C"
		"|sender=a@sender.example|recipient=b@example.test|helo=x|proto=ESMTP"
		"|action=info|stage=header|text=Received: from x (y [203.0.113.66])"},
	{"cleanup",
		"4F1D2A3B4C: replace: header From: x from local; from=<a@example.test>"
		" to=<b@example.test>: From: y",
		"event|kind=content|qid=4F1D2A3B4C|sender=a@example.test"
		"|recipient=b@example.test|action=replace|stage=header|text=From: x"},
	{"cleanup",
		"4F1D2A3B4C: reject: mime-error nesting too deep: multipart from"
		" unknown[192.0.2.1]; from=<a@sender.example> to=<b@example.test>"
		" proto=ESMTP helo=<x>",
		"event|kind=content|ip=192.0.2.1|name=unknown|qid=4F1D2A3B4C"
		"|sender=a@sender.example|recipient=b@example.test|helo=x|proto=ESMTP"
		"|action=reject|stage=mime-error|text=nesting too deep: multipart"},
	{"cleanup",
		"4F1D2A3B4C: hold: header Subject: x from evil[203.0.113.66]; from=<f@x>"
		" to=<g@x> proto=ESMTP helo=<h>: y from unknown[192.0.2.1];"
		" from=<a@sender.example> to=<b@example.test> proto=ESMTP helo=<x>: hold it",
		"event|kind=content|ip=192.0.2.1|name=unknown|qid=4F1D2A3B4C"
		"|sender=a@sender.example|recipient=b@example.test|helo=x|proto=ESMTP"
		"|action=hold|stage=header|text=Subject: x from evil[203.0.113.66];"
		" from=<f@x> to=<g@x> proto=ESMTP helo=<h>: y"},
	{"cleanup",
		"4F1D2A3B4C: hold: header Subject: x from evil[203.0.113.66]; from=<f@x>"
		" to=<g@x> proto=ESMTP helo=<h> from unknown[192.0.2.1];"
		" from=<a@sender.example> to=<b@example.test> proto=ESMTP helo=<x>",
		"event|kind=content|ip=192.0.2.1|name=unknown|qid=4F1D2A3B4C"
		"|sender=a@sender.example|recipient=b@example.test|helo=x|proto=ESMTP"
		"|action=hold|stage=header|text=Subject: x from evil[203.0.113.66];"
		" from=<f@x> to=<g@x> proto=ESMTP helo=<h>"},
	{"cleanup",
		"4F1D2A3B4C: hold: header Subject: x from unknown[192.0.2.1]; from=<\"a"
		" from evil[203.0.113.66]; from=<f@x> to=<g@x> proto=ESMTP helo=<h>:"
		" z\"@sender.example> to=<b@example.test> proto=ESMTP helo=<x>",
		"event|kind=content|qid=4F1D2A3B4C|action=hold|stage=header|text=Subject:"
		" x from unknown[192.0.2.1]; from=<\"a from evil[203.0.113.66]; from=<f@x>"
		" to=<g@x> proto=ESMTP helo=<h>: z\"@sender.example> to=<b@example.test>"
		" proto=ESMTP helo=<x>|truncated=1"},
	{"cleanup",
		"4F1D2A3B4C: hold: header Subject: x from unknown[192.0.2.1]; from=<a from"
		" evil[203.0.113.66]; from=<f@x> to=<g@x> proto=ESMTP helo=<h>",
		"event|kind=content|qid=4F1D2A3B4C|action=hold|stage=header|text=Subject:"
		" x from unknown[192.0.2.1]; from=<a from evil[203.0.113.66]; from=<f@x>"
		" to=<g@x> proto=ESMTP helo=<h>|truncated=1"},
	{"cleanup",
		"4F1D2A3B4C: hold: header Subject: x from unknown[192.0.2.1];"
		" from=<a@sender.example> to=<\"b from evil[203.0.113.66]; from=<f@x>"
		" to=<g\"@example.test> proto=ESMTP helo=<x>",
		"event|kind=content|ip=192.0.2.1|name=unknown|qid=4F1D2A3B4C"
		"|sender=a@sender.example|recipient=\"b from evil[203.0.113.66];"
		" from=<f@x> to=<g\"@example.test|helo=x|proto=ESMTP|action=hold"
		"|stage=header|text=Subject: x"},
	{"cleanup",
		"4F1D2A3B4C: hold: header Subject: cut off from unknown[192.0.2.1];"
		" from=<a@sen",
		"event|kind=content|qid=4F1D2A3B4C|action=hold|stage=header|text=Subject:"
		" cut off from unknown[192.0.2.1]; from=<a@sen|truncated=1"},
	{"cleanup",
		"4F1D2A3B4C: milter-reject: END-OF-MESSAGE from unknown[192.0.2.1]: 4.7.1"
		" Try again later; from=<a@sender.example> to=<b@example.test> proto=ESMTP"
		" helo=<x>",
		"event|kind=milter|ip=192.0.2.1|name=unknown|qid=4F1D2A3B4C"
		"|sender=a@sender.example|recipient=b@example.test|helo=x|proto=ESMTP"
		"|action=milter-reject|stage=END-OF-MESSAGE|dsn=4.7.1|reason=milter"
		"|text=Try again later"},
	{"cleanup",
		"4F1D2A3B4C: milter-discard: END-OF-MESSAGE from localhost[127.0.0.1]:"
		" milter triggers DISCARD action; from=<a@example.test>"
		" to=<b@example.test> proto=ESMTP helo=<x>",
		"event|kind=milter|ip=127.0.0.1|name=localhost|qid=4F1D2A3B4C"
		"|sender=a@example.test|recipient=b@example.test|helo=x|proto=ESMTP"
		"|action=milter-discard|stage=END-OF-MESSAGE|reason=milter|text=milter"
		" triggers DISCARD action"},
	{"cleanup",
		"4F1D2A3B4C: milter-header-replace: header X-Spam: yes from"
		" unknown[192.0.2.1]; from=<a@sender.example> to=<b@example.test>"
		" proto=ESMTP helo=<x>: X-Spam: no",
		"event|kind=milter|ip=192.0.2.1|name=unknown|qid=4F1D2A3B4C"
		"|sender=a@sender.example|recipient=b@example.test|helo=x|proto=ESMTP"
		"|action=milter-header-replace|stage=header|reason=milter|text=X-Spam: yes"},
	{"cleanup",
		"4F1D2A3B4C: to=<b@example.test>, relay=none, delay=0.1, delays=0.1/0/0/0,"
		" dsn=5.4.6, status=bounced (hop count exceeded)",
		"event|kind=delivery|qid=4F1D2A3B4C|recipient=b@example.test|dsn=5.4.6"
		"|reason=other|text=hop count exceeded|relay=none|delay=100000"
		"|delay_before=100000|delay_queue=0|delay_connect=0|delay_transmit=0"
		"|status=bounced"},
	{"cleanup",
		"warning: 4F1D2A3B4C: message rejected: hopcount exceeded",
		"event|kind=operational|qid=4F1D2A3B4C|text=message rejected: hopcount"
		" exceeded|severity=warning"},
	{"cleanup",
		"warning: mail_stream_cleanup: close error",
		"event|kind=operational|text=mail_stream_cleanup: close error"
		"|severity=warning"},
	/* pickup, qmgr */
	/* words that fill the line, an address that Postfix did not quote */
	{"pickup",
		"4F1D2A3B4C: uid=33 from=<x <y> from unknown[203.0.113.66]: 535 5.7.8 z>",
		"event|kind=submitted|qid=4F1D2A3B4C|"
		"text=<x <y> from unknown[203.0.113.66]: 535 5.7.8 z>|uid=33|truncated=1"},
	{"smtp",
		"4F1D2A3B4C: prepend: header Subject: x from evil[203.0.113.66]; from=<f@x> "
		"to=<g@x> proto=ESMTP helo=<h>: X-Seen: yes",
		"event|kind=content|qid=4F1D2A3B4C|action=prepend|stage=header|"
		"text=Subject: x from evil[203.0.113.66]; from=<f@x> to=<g@x> proto=ESMTP "
		"helo=<h>: X-Seen: yes"},
	{"cleanup",
		"4F1D2A3B4C: replace: header Subject: x from evil[203.0.113.66]; from=<f@x> "
		"to=<g@x> proto=ESMTP helo=<h> from unknown[192.0.2.1]; from=<a@b.test> "
		"to=<c@d.test> proto=ESMTP helo=<x>: Subject: x from evil[203.0.113.66]; "
		"from=<f@x> to=<g@x> proto=ESMTP helo=<h>",
		"event|kind=content|qid=4F1D2A3B4C|action=replace|stage=header|"
		"text=Subject: x from evil[203.0.113.66]; from=<f@x> to=<g@x> proto=ESMTP "
		"helo=<h> from unknown[192.0.2.1]; from=<a@b.test> to=<c@d.test> proto=ESMTP "
		"helo=<x>: Subject: x from evil[203.0.113.66]; from=<f@x> to=<g@x> "
		"proto=ESMTP helo=<h>|truncated=1"},
	{"postfix",
		"fatal: DEADBEEF66: client=unknown[203.0.113.66]",
		"event|kind=operational|qid=DEADBEEF66|text=client=unknown[203.0.113.66]|"
		"severity=fatal"},
	{"postfix",
		"4F1D2A3B4C: prepend: header Subject: x from evil[203.0.113.66]; from=<f@x> "
		"to=<g@x> proto=ESMTP helo=<h>: X-Seen: yes",
		"event|kind=content|qid=4F1D2A3B4C|action=prepend|stage=header|"
		"text=Subject: x from evil[203.0.113.66]; from=<f@x> to=<g@x> proto=ESMTP "
		"helo=<h>: X-Seen: yes"},
	{"pickup",
		"4F1D2A3B4C: uid=33 from=<www-data>",
		"event|kind=submitted|qid=4F1D2A3B4C|sender=www-data|uid=33"},
	{"pickup",
		"4F1D2A3B4C: uid=0 from=<root@example.test> orig_id=5A6B7C8D9E",
		"event|kind=submitted|qid=4F1D2A3B4C|sender=root@example.test"
		"|text=orig_id=5A6B7C8D9E|uid=0"},
	{"pickup",
		"4F1D2A3B4C: uid=1000 from=joe",
		"event|kind=submitted|qid=4F1D2A3B4C|sender=joe|uid=1000"},
	{"pickup",
		"4F1D2A3B4C: uid=1000 from=<\"x> orig_id=1\"@example.test>",
		"event|kind=submitted|qid=4F1D2A3B4C|sender=\"x> orig_id=1\"@example.test"
		"|uid=1000"},
	{"pickup",
		"4F1D2A3B4C: uid=",
		"malformed"},
	{"pickup",
		"warning: maildrop/5A6B7C8D9E: error writing 4F1D2A3B4C: queue file write"
		" error",
		"event|kind=operational|text=maildrop/5A6B7C8D9E: error writing"
		" 4F1D2A3B4C: queue file write error|severity=warning"},
	{"qmgr",
		"4F1D2A3B4C: from=<a@sender.example>, size=2048, nrcpt=2 (queue active)",
		"event|kind=queued|qid=4F1D2A3B4C|sender=a@sender.example|size=2048|nrcpt=2"},
	{"qmgr",
		"3bZLDu1V55z37Dv: from=<>, size=12345678, nrcpt=1 (queue active)",
		"event|kind=queued|qid=3bZLDu1V55z37Dv|sender=|size=12345678|nrcpt=1"},
	{"qmgr",
		"4F1D2A3B4C: from=root@example.test, size=2048, nrcpt=1",
		"event|kind=queued|qid=4F1D2A3B4C|sender=root@example.test|size=2048"
		"|nrcpt=1"},
	{"qmgr",
		"4F1D2A3B4C: from=<a@sender.example>, size=2048, nrcpt=2 (queue active),,,",
		"event|kind=queued|qid=4F1D2A3B4C|sender=a@sender.example|size=2048|nrcpt=2"},
	{"qmgr",
		"4F1D2A3B4C: from=<x>, size=1, nrcpt=9999 (queue active)@sender.example>,"
		" size=2048, nrcpt=2 (queue active)",
		"event|kind=queued|qid=4F1D2A3B4C|sender=x>, size=1, nrcpt=9999 (queue"
		" active)@sender.example|size=2048|nrcpt=2"},
	{"qmgr",
		"4F1D2A3B4C: from=<\"x>, size=1, nrcpt=9999 (queue"
		" active)\"@sender.example>, size=2048, nrcpt=2 (queue active)",
		"event|kind=queued|qid=4F1D2A3B4C|sender=\"x>, size=1, nrcpt=9999 (queue"
		" active)\"@sender.example|size=2048|nrcpt=2"},
	{"qmgr",
		"4F1D2A3B4C: from=<a@sender.example>, size=20",
		"malformed"},
	{"qmgr",
		"4F1D2A3B4C: from=<a@sender.example>, status=expired, returned to sender",
		"event|kind=expired|qid=4F1D2A3B4C|sender=a@sender.example|status=expired"},
	{"qmgr",
		"4F1D2A3B4C: from=<a@sender.example>, status=force-expired, returned to"
		" sender",
		"event|kind=expired|qid=4F1D2A3B4C|sender=a@sender.example"
		"|status=force-expired"},
	{"qmgr",
		"4F1D2A3B4C: removed",
		"event|kind=removed|qid=4F1D2A3B4C"},
	{"qmgr",
		"4F1D2A3B4C: removed,,,,,",
		"event|kind=removed|qid=4F1D2A3B4C"},
	{"qmgr",
		"4F1D2A3B4C: skipped, still being delivered",
		"ignored"},
	{"qmgr",
		"4F1D2A3B4C: status=deferred (bounce failed)",
		"ignored"},
	{"qmgr",
		"4F1D2A3B4C: to=<b@other.example>, relay=none, delay=5, delays=4/1/0/0,"
		" dsn=4.4.1, status=deferred (delivery temporarily suspended: connect to"
		" mx.other.example[192.0.2.25]:25: Connection timed out)",
		"event|kind=delivery|qid=4F1D2A3B4C|recipient=b@other.example|dsn=4.4.1"
		"|reason=temp|text=delivery temporarily suspended: connect to"
		" mx.other.example[192.0.2.25]:25: Connection timed out|relay=none"
		"|delay=5000000|delay_before=4000000|delay_queue=1000000|delay_connect=0"
		"|delay_transmit=0|status=deferred"},
	{"qmgr",
		"warning: connect to transport private/filter: Connection refused",
		"event|kind=operational|text=connect to transport private/filter:"
		" Connection refused|severity=warning"},
	{"qmgr",
		"warning: removed",
		"event|kind=operational|text=removed|severity=warning"},
	{"qmgr",
		"error: removed",
		"event|kind=operational|text=removed|severity=error"},
	/* bounce, anvil, master, commands */
	{"bounce",
		"4F1D2A3B4C: sender non-delivery notification: 5A6B7C8D9E",
		"event|kind=bounce_link|qid=4F1D2A3B4C|action=sender non-delivery"
		"|next_qid=5A6B7C8D9E"},
	{"bounce",
		"4F1D2A3B4C: postmaster non-delivery notification: 5A6B7C8D9E",
		"event|kind=bounce_link|qid=4F1D2A3B4C|action=postmaster non-delivery"
		"|next_qid=5A6B7C8D9E"},
	{"bounce",
		"4F1D2A3B4C: sender delay notification: 5A6B7C8D9E",
		"event|kind=bounce_link|qid=4F1D2A3B4C|action=sender delay"
		"|next_qid=5A6B7C8D9E"},
	{"bounce",
		"4F1D2A3B4C: sender delivery status notification: 3bZLDu1V55z37Dv",
		"event|kind=bounce_link|qid=4F1D2A3B4C|action=sender delivery status"
		"|next_qid=3bZLDu1V55z37Dv"},
	{"bounce",
		"4F1D2A3B4C: sender non-delivery notifi",
		"malformed"},
	{"anvil",
		"statistics: max connection rate 61/60s for (smtpd:192.0.2.1) at Nov 20"
		" 12:00:00",
		"event|kind=rate_stat|ip=192.0.2.1|action=connection rate|text=smtpd"
		"|attempts=61|seconds=60000000"},
	{"anvil",
		"statistics: max connection rate 1/5m for (smtpd:192.0.2.1) at Nov  2"
		" 12:00:00",
		"event|kind=rate_stat|ip=192.0.2.1|action=connection rate|text=smtpd"
		"|attempts=1|seconds=300000000"},
	{"anvil",
		"statistics: max connection count 3 for (submission:2001:db8::1) at Nov 20"
		" 12:00:00",
		"event|kind=rate_stat|ip=2001:db8::1|action=connection count"
		"|text=submission|attempts=3"},
	{"anvil",
		"statistics: max message rate 2/60s for (127.0.0.1:2525:192.0.2.1) at Nov"
		" 20 12:00:00",
		"event|kind=rate_stat|ip=192.0.2.1|action=message rate|text=127.0.0.1:2525"
		"|attempts=2|seconds=60000000"},
	{"anvil",
		"statistics: max recipient rate 2/60s for (127.0.0.1:2525:2001:db8::1) at"
		" Nov 20 12:00:00",
		"event|kind=rate_stat|ip=2001:db8::1|action=recipient rate"
		"|text=127.0.0.1:2525|attempts=2|seconds=60000000"},
	{"anvil",
		"statistics: max newtls rate 2/60s for ([::1]:2525:2001:db8::1) at Nov 20"
		" 12:00:00",
		"event|kind=rate_stat|ip=2001:db8::1|action=newtls rate|text=[::1]:2525"
		"|attempts=2|seconds=60000000"},
	{"anvil",
		"statistics: max auth rate 2/60s for (10025:2001:db8::1) at Nov 20 12:00:00",
		"event|kind=rate_stat|ip=2001:db8::1|action=auth rate|text=10025"
		"|attempts=2|seconds=60000000"},
	{"anvil",
		"statistics: max connection count 1 for (smtp:unknown) at Nov 20 12:00:00",
		"event|kind=rate_stat|action=connection count|text=smtp|attempts=1"},
	{"anvil",
		"statistics: max cache size 4 at Nov 20 12:00:00",
		"event|kind=rate_stat|action=cache size|attempts=4"},
	{"master",
		"daemon started -- version 3.7.11, configuration /etc/postfix",
		"event|kind=service|action=daemon started|text=version 3.7.11,"
		" configuration /etc/postfix"},
	{"master",
		"reload -- version 3.7.11, configuration /etc/postfix",
		"event|kind=service|action=reload|text=version 3.7.11, configuration"
		" /etc/postfix"},
	{"master",
		"terminating on signal 15",
		"event|kind=service|action=terminating|text=on signal 15"},
	{"master",
		"warning: process /usr/lib/postfix/sbin/smtpd pid 99 exit status 1",
		"event|kind=operational|text=process /usr/lib/postfix/sbin/smtpd pid 99"
		" exit status 1|severity=warning"},
	{"master",
		"warning: process /usr/lib/postfix/sbin/smtpd pid 99 killed by signal 11",
		"event|kind=operational|text=process /usr/lib/postfix/sbin/smtpd pid 99"
		" killed by signal 11|severity=warning"},
	{"master",
		"warning: /usr/lib/postfix/sbin/smtpd: bad command startup -- throttling",
		"event|kind=capacity|action=throttling|text=/usr/lib/postfix/sbin/smtpd"
		"|severity=warning"},
	{"master",
		"warning: service \"smtp\" (25) has reached its process limit \"100\": new"
		" clients may experience noticeable delays",
		"event|kind=capacity|action=process limit|text=smtp|severity=warning"
		"|attempts=100"},
	{"master",
		"fatal: bind 0.0.0.0 port 25: Address already in use",
		"event|kind=operational|text=bind 0.0.0.0 port 25: Address already in use"
		"|severity=fatal"},
	{"postfix-script",
		"starting the Postfix mail system",
		"event|kind=service|action=starting|text=the Postfix mail system"},
	{"postfix-script",
		"stopping the Postfix mail system",
		"event|kind=service|action=stopping|text=the Postfix mail system"},
	{"postfix-script",
		"refreshing the Postfix mail system",
		"event|kind=service|action=refreshing|text=the Postfix mail system"},
	{"postfix-script",
		"the Postfix mail system is running: PID: 4711",
		"event|kind=service|action=running|text=PID: 4711"},
	{"postfix-script",
		"the Postfix mail system is not running",
		"event|kind=service|action=not running"},
	{"postfix-script",
		"fatal: the Postfix mail system is not running",
		"event|kind=service|action=not running|severity=fatal"},
	{"postfix-script",
		"warning: not owned by root: /var/spool/postfix/etc/hosts",
		"event|kind=operational|text=not owned by root:"
		" /var/spool/postfix/etc/hosts|severity=warning"},
	{"postsuper",
		"4F1D2A3B4C: removed",
		"event|kind=removed|qid=4F1D2A3B4C"},
	{"postsuper",
		"4F1D2A3B4C: requeued",
		"event|kind=service|qid=4F1D2A3B4C|action=requeued"},
	{"postsuper",
		"4F1D2A3B4C: placed on hold",
		"event|kind=service|qid=4F1D2A3B4C|action=placed on hold"},
	{"postsuper",
		"4F1D2A3B4C: released from hold",
		"event|kind=service|qid=4F1D2A3B4C|action=released from hold"},
	{"postsuper",
		"4F1D2A3B4C: expired",
		"event|kind=service|qid=4F1D2A3B4C|action=expired"},
	{"postsuper",
		"Deleted: 3 messages",
		"event|kind=service|action=Deleted|attempts=3"},
	{"postsuper",
		"Placed on hold: 1 message",
		"event|kind=service|action=Placed on hold|attempts=1"},
	{"scache",
		"statistics: start interval Nov 20 12:00:00",
		"ignored"},
	{"scache",
		"statistics: domain lookup hits=1 miss=2 success=33%",
		"ignored"},
	{"scache",
		"statistics: max simultaneous domains=1 addresses=2 connection=2",
		"ignored"},
	{"verify",
		"cache btree:/var/lib/postfix/verify_cache full cleanup: retained=5"
		" dropped=3 entries",
		"ignored"},
	{"verify",
		"close database /var/lib/postfix/verify_cache.db: No such file or"
		" directory (possible Berkeley DB bug)",
		"ignored"},
	{"trivial-rewrite",
		"warning: do not list domain example.test in BOTH mydestination and"
		" virtual_mailbox_domains",
		"event|kind=operational|text=do not list domain example.test in BOTH"
		" mydestination and virtual_mailbox_domains|severity=warning"},
	{"trivial-rewrite",
		"table hash:/etc/postfix/transport(0,lock|fold_fix) has changed --"
		" restarting",
		"event|kind=operational|text=table hash:/etc/postfix/transport(0,lock"
		"|fold_fix) has changed -- restarting"},
	{"postlog",
		"connect from forged.example[203.0.113.66]",
		"unknown"},
	/* the tag "postfix" alone: the words tell the daemon */
	{"postfix",
		"Postfix is using backwards-compatible default settings",
		"event|kind=operational|text=Postfix is using backwards-compatible default"
		" settings"},
	{"postfix",
		"See http://www.postfix.org/COMPATIBILITY_README.html for details",
		"ignored"},
	{"postfix",
		"fatal: usage: postfix [-c config_dir] [-Dv] command",
		"event|kind=operational|text=usage: postfix [-c config_dir] [-Dv] command"
		"|severity=fatal"},
	{"postfix",
		"connect from unknown[192.0.2.1]",
		"event|kind=connect|ip=192.0.2.1|name=unknown"},
	{"postfix",
		"NOQUEUE: reject: RCPT from unknown[192.0.2.1]: 554 5.7.1"
		" <a@other.example>: Relay access denied; from=<b@sender.example>"
		" to=<a@other.example> proto=ESMTP helo=<x>",
		"event|kind=policy|ip=192.0.2.1|name=unknown|sender=b@sender.example"
		"|recipient=a@other.example|helo=x|proto=ESMTP|action=reject|stage=RCPT"
		"|code=554|dsn=5.7.1|reason=relay_denied|text=<a@other.example>: Relay"
		" access denied"},
	{"postfix",
		"NOQUEUE: reject: RCPT from [192.0.2.1]:4711: 450 4.3.2 Service currently"
		" unavailable; from=<a@sender.example>, to=<b@example.test>, proto=ESMTP,"
		" helo=<x>",
		"event|kind=ps_reject|ip=192.0.2.1|port=4711|sender=a@sender.example"
		"|recipient=b@example.test|helo=x|proto=ESMTP|action=reject|stage=RCPT"
		"|code=450|dsn=4.3.2|reason=greylist|text=Service currently unavailable"},
	{"postfix",
		"CONNECT from [192.0.2.1]:4711 to [203.0.113.1]:25",
		"event|kind=ps_connect|ip=192.0.2.1|port=4711|server_ip=203.0.113.1"
		"|server_port=25"},
	{"postfix",
		"CONNECT from [192.0.2.1]:4711",
		"ignored"},
	{"postfix",
		"4F1D2A3B4C: warning: header Subject: hm from unknown[192.0.2.1];"
		" from=<a@sender.example> to=<b@example.test> proto=ESMTP helo=<x>: look",
		"event|kind=content|ip=192.0.2.1|name=unknown|qid=4F1D2A3B4C"
		"|sender=a@sender.example|recipient=b@example.test|helo=x|proto=ESMTP"
		"|action=warning|stage=header|text=Subject: hm"},
	{"postfix",
		"4F1D2A3B4C: removed",
		"event|kind=removed|qid=4F1D2A3B4C"},
	{"postfix",
		"4F1D2A3B4C: message-id=<x@sender.example>",
		"event|kind=message_id|qid=4F1D2A3B4C|msgid=<x@sender.example>"},
	{"postfix",
		"4F1D2A3B4C: from=<a@sender.example>, size=2048, nrcpt=2 (queue active)",
		"event|kind=queued|qid=4F1D2A3B4C|sender=a@sender.example|size=2048|nrcpt=2"},
	{"postfix",
		"4F1D2A3B4C: to=<b@example.test>, relay=virtual, delay=0.05,"
		" delays=0.04/0/0/0.01, dsn=2.0.0, status=sent (delivered to maildir)",
		"event|kind=delivery|qid=4F1D2A3B4C|recipient=b@example.test|dsn=2.0.0"
		"|text=delivered to maildir|relay=virtual|delay=50000|delay_before=40000"
		"|delay_queue=0|delay_connect=0|delay_transmit=10000|status=sent"},
	{"postfix",
		"addr 192.0.2.1 listed by domain zen.example as 127.0.0.2",
		"event|kind=dnsbl_hit|ip=192.0.2.1|list=zen.example|text=127.0.0.2"},
	{"postfix",
		"4F1D2A3B4C: sender non-delivery notification: 5A6B7C8D9E",
		"event|kind=bounce_link|qid=4F1D2A3B4C|action=sender non-delivery"
		"|next_qid=5A6B7C8D9E"},
	{"postfix",
		"4F1D2A3B4C: uid=33 from=<www-data>",
		"event|kind=submitted|qid=4F1D2A3B4C|sender=www-data|uid=33"},
	{"postfix",
		"statistics: max connection rate 61/60s for (smtpd:192.0.2.1) at Nov 20"
		" 12:00:00",
		"event|kind=rate_stat|ip=192.0.2.1|action=connection rate|text=smtpd"
		"|attempts=61|seconds=60000000"},
	{"postfix",
		"statistics: domain lookup hits=1 miss=2 success=33%",
		"ignored"},
	{"postfix",
		"daemon started -- version 3.7.11, configuration /etc/postfix",
		"event|kind=service|action=daemon started|text=version 3.7.11,"
		" configuration /etc/postfix"},
	{"postfix",
		"warning: unknown[192.0.2.1]: SASL LOGIN authentication failed:"
		" UGFzc3dvcmQ6",
		"event|kind=auth_failure|ip=192.0.2.1|name=unknown|mechanism=LOGIN"
		"|text=UGFzc3dvcmQ6|severity=warning"},
};

int
main(void)
{
	postfix_run(cases, sizeof(cases) / sizeof(*cases));
	return tap_done();
}
