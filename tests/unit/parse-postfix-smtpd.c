/* SPDX-License-Identifier: Apache-2.0
 *
 * smtpd: who connects, what is done with whom, and aborted sessions, in old wording and
 * new.
 */
#include "postfix-kit.h"

static const struct postfix_case cases[] = {
	/* connect, disconnect */
	{"smtpd",
		"connect from mail.example.test[192.0.2.1]",
		"event|kind=connect|ip=192.0.2.1|name=mail.example.test"},
	{"smtpd",
		"connect from mail.example.test[192.0.2.1]:4711",
		"event|kind=connect|ip=192.0.2.1|port=4711|name=mail.example.test"},
	{"smtpd",
		"connect from unknown[192.0.2.255]:unknown",
		"event|kind=connect|ip=192.0.2.255|name=unknown"},
	{"smtpd",
		"connect from unknown[unknown]",
		"event|kind=connect|name=unknown"},
	{"smtpd",
		"connect from unknown[unknown]:unknown",
		"event|kind=connect|name=unknown"},
	{"smtpd",
		"connect from v6.example.test[2001:db8::25]",
		"event|kind=connect|ip=2001:db8::25|name=v6.example.test"},
	{"smtpd",
		"connect from v6.example.test[2001:db8:0:1:2:3:4:5]:50001",
		"event|kind=connect|ip=2001:db8:0:1:2:3:4:5|port=50001|name=v6.example.test"},
	{"smtpd",
		"connect from mapped.example.test[::ffff:192.0.2.7]",
		"event|kind=connect|ip=::ffff:192.0.2.7|name=mapped.example.test"},
	{"smtpd",
		"connect from a_b-c.example.test[192.0.2.1]",
		"event|kind=connect|ip=192.0.2.1|name=a_b-c.example.test"},
	{"smtpd",
		"connect from mail.example.test[192.0.2.256]",
		"malformed"},
	{"smtpd",
		"connect from mail.example.test[192.0.2.01]",
		"malformed"},
	{"smtpd",
		"connect from mail.example.test[192.0.2.1",
		"malformed"},
	{"smtpd",
		"connect from mail.example.test",
		"malformed"},
	{"smtpd",
		"connect from evil name[192.0.2.1]",
		"malformed"},
	{"smtpd",
		"disconnect from mail.example.test[192.0.2.1]",
		"event|kind=disconnect|ip=192.0.2.1|name=mail.example.test"},
	{"smtpd",
		"disconnect from mail.example.test[192.0.2.1]:4711 ehlo=1 starttls=1"
		" auth=0/1 mail=1 rcpt=1/2 data=1 bdat=0/1 rset=1 noop=1 vrfy=1 etrn=1"
		" xclient=1 xforward=1 helo=1 unknown=0/1 quit=1 commands=6/9",
		"event|kind=disconnect|ip=192.0.2.1|port=4711|name=mail.example.test"
		"|commands=ehlo=1 starttls=1 auth=0/1 mail=1 rcpt=1/2 data=1 bdat=0/1"
		" rset=1 noop=1 vrfy=1 etrn=1 xclient=1 xforward=1 helo=1 unknown=0/1"
		" quit=1 commands=6/9"},
	{"smtpd",
		"disconnect from unknown[192.0.2.1] commands=0/0",
		"event|kind=disconnect|ip=192.0.2.1|name=unknown|commands=commands=0/0"},
	{"smtpd",
		"disconnect from unknown[192.0.2.1] ehlo=1 mail=1 rcpt=1 data=1 quit=1"
		" commands=5 notes=bare_lf",
		"event|kind=disconnect|ip=192.0.2.1|name=unknown|text=bare_lf"
		"|commands=ehlo=1 mail=1 rcpt=1 data=1 quit=1 commands=5"},
	/* client= */
	{"smtpd",
		"4F1D2A3B4C: client=mail.example.test[192.0.2.1]",
		"event|kind=accept|ip=192.0.2.1|name=mail.example.test|qid=4F1D2A3B4C"},
	{"smtpd",
		"3bZLDu1V55z37Dv: client=mail.example.test[192.0.2.1]:4711",
		"event|kind=accept|ip=192.0.2.1|port=4711|name=mail.example.test"
		"|qid=3bZLDu1V55z37Dv"},
	{"smtpd",
		"FGHIJ67890: client=unknown[2001:db8::1]",
		"event|kind=accept|ip=2001:db8::1|name=unknown|qid=FGHIJ67890"},
	{"smtpd",
		"NOQUEUE: client=mail.example.test[192.0.2.1]",
		"event|kind=accept|ip=192.0.2.1|name=mail.example.test"},
	{"smtpd",
		"4F1D2A3B4C: client=mail.example.test[192.0.2.1], sasl_method=PLAIN,"
		" sasl_username=alice@example.test",
		"event|kind=accept|ip=192.0.2.1|name=mail.example.test|qid=4F1D2A3B4C"
		"|user=alice@example.test|mechanism=PLAIN"},
	{"smtpd",
		"4F1D2A3B4C: client=mail.example.test[192.0.2.1], sasl_username=alice",
		"event|kind=accept|ip=192.0.2.1|name=mail.example.test|qid=4F1D2A3B4C"
		"|user=alice"},
	{"smtpd",
		"4F1D2A3B4C: client=mail.example.test[192.0.2.1], sasl_method=LOGIN,"
		" sasl_username=joe, the great, sasl_sender=joe+40example.test",
		"event|kind=accept|ip=192.0.2.1|name=mail.example.test|qid=4F1D2A3B4C"
		"|user=joe, the great|mechanism=LOGIN"},
	{"smtpd",
		"NOQUEUE: client=unknown[192.0.2.1], sasl_method=PLAIN, sasl_username=user",
		"event|kind=accept|ip=192.0.2.1|name=unknown|user=user|mechanism=PLAIN"},
	{"smtpd",
		"4F1D2A3B4C: client=localhost[127.0.0.1], orig_queue_id=5A6B7C8D9E,"
		" orig_client=mail.example.test[192.0.2.1]",
		"event|kind=accept|ip=127.0.0.1|name=localhost|qid=4F1D2A3B4C"
		"|text=orig_queue_id=5A6B7C8D9E, orig_client=mail.example.test[192.0.2.1]"},
	{"smtpd",
		"4F1D2A3B4C: client=localhost[127.0.0.1], orig_client=mail.example.test[192"
		".0.2.1]",
		"event|kind=accept|ip=192.0.2.1|name=mail.example.test|qid=4F1D2A3B4C"
		"|text=orig_client=mail.example.test[192.0.2.1]"},
	{"smtpd",
		"4F1D2A3B4C: client=localhost[127.0.0.1]:4711, orig_client=unknown[unknown]",
		"event|kind=accept|ip=127.0.0.1|port=4711|name=localhost|qid=4F1D2A3B4C"
		"|text=orig_client=unknown[unknown]"},
	{"smtpd",
		"4F1D2A3B4C: client=localhost[127.0.0.1]:4711,"
		" orig_client=mail.example.test[192.0.2.1]",
		"event|kind=accept|ip=192.0.2.1|name=mail.example.test|qid=4F1D2A3B4C"
		"|text=orig_client=mail.example.test[192.0.2.1]"},
	{"smtpd",
		"4F1D2A3B4C: client=a.test[192.0.2.1], sasl_method=PLAIN, sasl_username=bob,"
		" sasl_sender=x, orig_client=b.test[192.0.2.9]",
		"event|kind=accept|ip=192.0.2.1|name=a.test|qid=4F1D2A3B4C|user=bob"
		"|mechanism=PLAIN|text=orig_client=b.test[192.0.2.9]"},
	{"smtpd",
		"4F1D2A3B4C: client=localhost[127.0.0.1], sasl_method=PLAIN,"
		" sasl_username=bob, orig_queue_id=5A6B7C8D9E,"
		" orig_client=mail.example.test[192.0.2.1]",
		"event|kind=accept|ip=127.0.0.1|name=localhost|qid=4F1D2A3B4C|user=bob"
		"|mechanism=PLAIN|text=orig_queue_id=5A6B7C8D9E,"
		" orig_client=mail.example.test[192.0.2.1]"},
	{"smtpd",
		"4F1D2A3B4C: client=mail.example.test",
		"malformed"},
	/* actions */
	{"smtpd",
		"NOQUEUE: reject: RCPT from mail.example.test[192.0.2.1]: 550 5.1.1"
		" <nobody@example.test>: Recipient address rejected: User unknown in"
		" virtual mailbox table; from=<a@sender.example> to=<nobody@example.test>"
		" proto=ESMTP helo=<mail.example.test>",
		"event|kind=policy|ip=192.0.2.1|name=mail.example.test"
		"|sender=a@sender.example|recipient=nobody@example.test"
		"|helo=mail.example.test|proto=ESMTP|action=reject|stage=RCPT|code=550"
		"|dsn=5.1.1|reason=unknown_user|text=<nobody@example.test>: Recipient"
		" address rejected: User unknown in virtual mailbox table"},
	{"smtpd",
		"NOQUEUE: reject: RCPT from mail.example.test[192.0.2.1]:4711: 450 4.1.1"
		" <nobody@example.test>: Recipient address rejected: User unknown in local"
		" recipient table; from=<> to=<nobody@example.test> proto=SMTP helo=<x>",
		"event|kind=policy|ip=192.0.2.1|port=4711|name=mail.example.test|sender="
		"|recipient=nobody@example.test|helo=x|proto=SMTP|action=reject|stage=RCPT"
		"|code=450|dsn=4.1.1|reason=unknown_user|text=<nobody@example.test>:"
		" Recipient address rejected: User unknown in local recipient table"},
	{"smtpd",
		"NOQUEUE: reject: RCPT from unknown[2001:db8::1]: 554 5.7.1"
		" <a@other.example>: Relay access denied; from=<b@sender.example>"
		" to=<a@other.example> proto=ESMTP helo=<[192.0.2.9]>",
		"event|kind=policy|ip=2001:db8::1|name=unknown|sender=b@sender.example"
		"|recipient=a@other.example|helo=[192.0.2.9]|proto=ESMTP|action=reject"
		"|stage=RCPT|code=554|dsn=5.7.1|reason=relay_denied"
		"|text=<a@other.example>: Relay access denied"},
	{"smtpd",
		"NOQUEUE: reject: RCPT from unknown[192.0.2.1]: 454 4.7.1"
		" <a@other.example>: Relay access denied; from=<b@sender.example>"
		" to=<a@other.example> proto=ESMTP helo=<x>",
		"event|kind=policy|ip=192.0.2.1|name=unknown|sender=b@sender.example"
		"|recipient=a@other.example|helo=x|proto=ESMTP|action=reject|stage=RCPT"
		"|code=454|dsn=4.7.1|reason=relay_denied|text=<a@other.example>: Relay"
		" access denied"},
	{"smtpd",
		"NOQUEUE: reject: RCPT from unknown[192.0.2.1]: 554 5.7.1 Service"
		" unavailable; Client host [192.0.2.1] blocked using zen.example;"
		" https://zen.example/query/ip/192.0.2.1; listed; really;"
		" from=<a@sender.example> to=<b@example.test> proto=ESMTP helo=<x>",
		"event|kind=policy|ip=192.0.2.1|name=unknown|sender=a@sender.example"
		"|recipient=b@example.test|helo=x|proto=ESMTP|action=reject|stage=RCPT"
		"|code=554|dsn=5.7.1|reason=dnsbl|list=zen.example|text=Service"
		" unavailable; Client host [192.0.2.1] blocked using zen.example;"
		" https://zen.example/query/ip/192.0.2.1; listed; really"},
	{"smtpd",
		"NOQUEUE: reject: RCPT from unknown[192.0.2.1]: 554 5.7.1 Service"
		" unavailable; Sender address [a@bad.example] blocked using dbl.example;"
		" from=<a@bad.example> to=<b@example.test> proto=ESMTP helo=<x>",
		"event|kind=policy|ip=192.0.2.1|name=unknown|sender=a@bad.example"
		"|recipient=b@example.test|helo=x|proto=ESMTP|action=reject|stage=RCPT"
		"|code=554|dsn=5.7.1|reason=dnsbl|list=dbl.example|text=Service"
		" unavailable; Sender address [a@bad.example] blocked using dbl.example"},
	{"smtpd",
		"NOQUEUE: reject: RCPT from unknown[192.0.2.1]: 504 5.5.2 <x>: Helo"
		" command rejected: need fully-qualified hostname; from=<a@sender.example>"
		" to=<b@example.test> proto=ESMTP helo=<x>",
		"event|kind=policy|ip=192.0.2.1|name=unknown|sender=a@sender.example"
		"|recipient=b@example.test|helo=x|proto=ESMTP|action=reject|stage=RCPT"
		"|code=504|dsn=5.5.2|reason=helo|text=<x>: Helo command rejected: need"
		" fully-qualified hostname"},
	{"smtpd",
		"NOQUEUE: reject: EHLO from unknown[192.0.2.1]: 450 4.7.1"
		" <mx.bad.example>: Helo command rejected: Host not found; proto=SMTP"
		" helo=<mx.bad.example>",
		"event|kind=policy|ip=192.0.2.1|name=unknown|helo=mx.bad.example"
		"|proto=SMTP|action=reject|stage=EHLO|code=450|dsn=4.7.1|reason=helo"
		"|text=<mx.bad.example>: Helo command rejected: Host not found"},
	{"smtpd",
		"NOQUEUE: reject: MAIL from unknown[192.0.2.1]: 450 4.1.8 <a@bad.example>:"
		" Sender address rejected: Domain not found; from=<a@bad.example>"
		" proto=ESMTP helo=<x>",
		"event|kind=policy|ip=192.0.2.1|name=unknown|sender=a@bad.example|helo=x"
		"|proto=ESMTP|action=reject|stage=MAIL|code=450|dsn=4.1.8"
		"|reason=sender_domain|text=<a@bad.example>: Sender address rejected:"
		" Domain not found"},
	{"smtpd",
		"NOQUEUE: reject: RCPT from unknown[192.0.2.1]: 504 5.5.2 <a>: Sender"
		" address rejected: need fully-qualified address; from=<a>"
		" to=<b@example.test> proto=ESMTP helo=<x>",
		"event|kind=policy|ip=192.0.2.1|name=unknown|sender=a"
		"|recipient=b@example.test|helo=x|proto=ESMTP|action=reject|stage=RCPT"
		"|code=504|dsn=5.5.2|reason=sender_domain|text=<a>: Sender address"
		" rejected: need fully-qualified address"},
	{"smtpd",
		"NOQUEUE: reject: RCPT from unknown[192.0.2.1]: 556 5.1.10"
		" <a@nullmx.example>: Sender address rejected: Domain nullmx.example does"
		" not accept mail (nullMX); from=<a@nullmx.example> to=<b@example.test>"
		" proto=ESMTP helo=<x>",
		"event|kind=policy|ip=192.0.2.1|name=unknown|sender=a@nullmx.example"
		"|recipient=b@example.test|helo=x|proto=ESMTP|action=reject|stage=RCPT"
		"|code=556|dsn=5.1.10|reason=sender_domain|text=<a@nullmx.example>: Sender"
		" address rejected: Domain nullmx.example does not accept mail (nullMX)"},
	{"smtpd",
		"NOQUEUE: reject: RCPT from unknown[192.0.2.1]: 553 5.7.1"
		" <c@example.test>: Sender address rejected: not owned by user alice;"
		" from=<c@example.test> to=<b@example.test> proto=ESMTP helo=<x>",
		"event|kind=policy|ip=192.0.2.1|name=unknown|sender=c@example.test"
		"|recipient=b@example.test|helo=x|proto=ESMTP|action=reject|stage=RCPT"
		"|code=553|dsn=5.7.1|reason=access|text=<c@example.test>: Sender address"
		" rejected: not owned by user alice"},
	{"smtpd",
		"NOQUEUE: reject: RCPT from unknown[192.0.2.1]: 450 4.7.25 Client host"
		" rejected: cannot find your hostname, [192.0.2.1];"
		" from=<a@sender.example> to=<b@example.test> proto=ESMTP helo=<x>",
		"event|kind=policy|ip=192.0.2.1|name=unknown|sender=a@sender.example"
		"|recipient=b@example.test|helo=x|proto=ESMTP|action=reject|stage=RCPT"
		"|code=450|dsn=4.7.25|reason=access|text=Client host rejected: cannot find"
		" your hostname, [192.0.2.1]"},
	{"smtpd",
		"NOQUEUE: reject: CONNECT from unknown[192.0.2.1]: 554 5.7.1"
		" <unknown[192.0.2.1]>: Client host rejected: Access denied; proto=SMTP",
		"event|kind=policy|ip=192.0.2.1|name=unknown|proto=SMTP|action=reject"
		"|stage=CONNECT|code=554|dsn=5.7.1|reason=access"
		"|text=<unknown[192.0.2.1]>: Client host rejected: Access denied"},
	{"smtpd",
		"NOQUEUE: reject: RCPT from unknown[192.0.2.1]: 450 4.2.0"
		" <b@example.test>: Recipient address rejected: Greylisted, see"
		" http://greylist.example/; from=<a@sender.example> to=<b@example.test>"
		" proto=ESMTP helo=<x>",
		"event|kind=policy|ip=192.0.2.1|name=unknown|sender=a@sender.example"
		"|recipient=b@example.test|helo=x|proto=ESMTP|action=reject|stage=RCPT"
		"|code=450|dsn=4.2.0|reason=greylist|text=<b@example.test>: Recipient"
		" address rejected: Greylisted, see http://greylist.example/"},
	{"smtpd",
		"NOQUEUE: reject: RCPT from unknown[192.0.2.1]: 550 5.7.23"
		" <b@example.test>: Recipient address rejected: Message rejected due to:"
		" SPF fail - not authorized; from=<a@sender.example> to=<b@example.test>"
		" proto=ESMTP helo=<x>",
		"event|kind=policy|ip=192.0.2.1|name=unknown|sender=a@sender.example"
		"|recipient=b@example.test|helo=x|proto=ESMTP|action=reject|stage=RCPT"
		"|code=550|dsn=5.7.23|reason=spf|text=<b@example.test>: Recipient address"
		" rejected: Message rejected due to: SPF fail - not authorized"},
	{"smtpd",
		"NOQUEUE: reject: RCPT from unknown[192.0.2.1]: 451 4.3.5"
		" <b@example.test>: Recipient address rejected: Server configuration"
		" problem; from=<a@sender.example> to=<b@example.test> proto=ESMTP helo=<x>",
		"event|kind=policy|ip=192.0.2.1|name=unknown|sender=a@sender.example"
		"|recipient=b@example.test|helo=x|proto=ESMTP|action=reject|stage=RCPT"
		"|code=451|dsn=4.3.5|reason=temp|text=<b@example.test>: Recipient address"
		" rejected: Server configuration problem"},
	{"smtpd",
		"NOQUEUE: reject: RCPT from unknown[192.0.2.1]: 450 4.1.1"
		" <b@example.test>: Recipient address rejected: unverified address:"
		" Address verification in progress; from=<a@sender.example>"
		" to=<b@example.test> proto=ESMTP helo=<x>",
		"event|kind=policy|ip=192.0.2.1|name=unknown|sender=a@sender.example"
		"|recipient=b@example.test|helo=x|proto=ESMTP|action=reject|stage=RCPT"
		"|code=450|dsn=4.1.1|reason=temp|text=<b@example.test>: Recipient address"
		" rejected: unverified address: Address verification in progress"},
	{"smtpd",
		"NOQUEUE: reject: RCPT from unknown[192.0.2.1]: 550 5.1.1"
		" <b@example.test>: Recipient address rejected: undeliverable address:"
		" host mx.example.test[192.0.2.9] said: 550 no; from=<a@sender.example>"
		" to=<b@example.test> proto=ESMTP helo=<x>",
		"event|kind=policy|ip=192.0.2.1|name=unknown|sender=a@sender.example"
		"|recipient=b@example.test|helo=x|proto=ESMTP|action=reject|stage=RCPT"
		"|code=550|dsn=5.1.1|reason=unknown_user|text=<b@example.test>: Recipient"
		" address rejected: undeliverable address: host mx.example.test[192.0.2.9]"
		" said: 550 no"},
	{"smtpd",
		"NOQUEUE: reject: DATA from unknown[192.0.2.1]: 550 5.5.3 <DATA>: Data"
		" command rejected: Multi-recipient bounce; from=<> to=<b@example.test>"
		" proto=ESMTP helo=<x>",
		"event|kind=policy|ip=192.0.2.1|name=unknown|sender="
		"|recipient=b@example.test|helo=x|proto=ESMTP|action=reject|stage=DATA"
		"|code=550|dsn=5.5.3|reason=protocol|text=<DATA>: Data command rejected:"
		" Multi-recipient bounce"},
	{"smtpd",
		"NOQUEUE: reject: DATA from unknown[192.0.2.1]: 503 5.5.0 <DATA>: Data"
		" command rejected: Improper use of SMTP command pipelining;"
		" from=<a@sender.example> to=<b@example.test> proto=ESMTP helo=<x>",
		"event|kind=policy|ip=192.0.2.1|name=unknown|sender=a@sender.example"
		"|recipient=b@example.test|helo=x|proto=ESMTP|action=reject|stage=DATA"
		"|code=503|dsn=5.5.0|reason=protocol|text=<DATA>: Data command rejected:"
		" Improper use of SMTP command pipelining"},
	{"smtpd",
		"NOQUEUE: reject: MAIL from unknown[192.0.2.1]: 552 5.3.4 Message size"
		" exceeds fixed limit; from=<a@sender.example> proto=ESMTP helo=<x>",
		"event|kind=policy|ip=192.0.2.1|name=unknown|sender=a@sender.example"
		"|helo=x|proto=ESMTP|action=reject|stage=MAIL|code=552|dsn=5.3.4"
		"|reason=size|text=Message size exceeds fixed limit"},
	{"smtpd",
		"NOQUEUE: reject: MAIL from unknown[192.0.2.1]: 530 5.7.0 Must issue a"
		" STARTTLS command first; proto=ESMTP helo=<x>",
		"event|kind=policy|ip=192.0.2.1|name=unknown|helo=x|proto=ESMTP"
		"|action=reject|stage=MAIL|code=530|dsn=5.7.0|reason=tls|text=Must issue a"
		" STARTTLS command first"},
	{"smtpd",
		"NOQUEUE: reject: RCPT from unknown[192.0.2.1]: 452 4.3.1 Insufficient"
		" system storage; from=<a@sender.example> to=<b@example.test> proto=ESMTP"
		" helo=<x>",
		"event|kind=policy|ip=192.0.2.1|name=unknown|sender=a@sender.example"
		"|recipient=b@example.test|helo=x|proto=ESMTP|action=reject|stage=RCPT"
		"|code=452|dsn=4.3.1|reason=temp|text=Insufficient system storage"},
	{"smtpd",
		"NOQUEUE: reject: RCPT from unknown[192.0.2.1]: 550 no dsn here;"
		" from=<a@sender.example> to=<b@example.test> proto=ESMTP helo=<x>",
		"event|kind=policy|ip=192.0.2.1|name=unknown|sender=a@sender.example"
		"|recipient=b@example.test|helo=x|proto=ESMTP|action=reject|stage=RCPT"
		"|code=550|reason=other|text=no dsn here"},
	{"smtpd",
		"4F1D2A3B4C: reject: END-OF-MESSAGE from unknown[192.0.2.1]: bare <LF>"
		" received; from=<a@sender.example> to=<b@example.test> proto=ESMTP"
		" helo=<x>",
		"event|kind=policy|ip=192.0.2.1|name=unknown|qid=4F1D2A3B4C"
		"|sender=a@sender.example|recipient=b@example.test|helo=x|proto=ESMTP"
		"|action=reject|stage=END-OF-MESSAGE|reason=protocol|text=bare <LF>"
		" received"},
	{"smtpd",
		"4F1D2A3B4C: reject: DATA content from unknown[192.0.2.1]: bare <LF>"
		" received; from=<a@sender.example> proto=ESMTP helo=<x>",
		"event|kind=policy|ip=192.0.2.1|name=unknown|qid=4F1D2A3B4C"
		"|sender=a@sender.example|helo=x|proto=ESMTP|action=reject|stage=DATA"
		" content|reason=protocol|text=bare <LF> received"},
	{"smtpd",
		"NOQUEUE: reject: VRFY from unknown[192.0.2.1]: 550 5.1.1 <root>:"
		" Recipient address rejected: User unknown; to=<root> proto=SMTP helo=<x>",
		"event|kind=policy|ip=192.0.2.1|name=unknown|recipient=root|helo=x"
		"|proto=SMTP|action=reject|stage=VRFY|code=550|dsn=5.1.1"
		"|reason=unknown_user|text=<root>: Recipient address rejected: User unknown"},
	{"smtpd",
		"NOQUEUE: reject_warning: RCPT from unknown[192.0.2.1]: 554 5.7.1"
		" <a@other.example>: Relay access denied; from=<b@sender.example>"
		" to=<a@other.example> proto=ESMTP helo=<x>",
		"event|kind=policy|ip=192.0.2.1|name=unknown|sender=b@sender.example"
		"|recipient=a@other.example|helo=x|proto=ESMTP|action=reject_warning"
		"|stage=RCPT|code=554|dsn=5.7.1|reason=relay_denied"
		"|text=<a@other.example>: Relay access denied"},
	{"smtpd",
		"NOQUEUE: filter: RCPT from unknown[192.0.2.1]: <b@example.test>:"
		" Recipient address triggers FILTER smtp:[127.0.0.1]:10024;"
		" from=<a@sender.example> to=<b@example.test> proto=ESMTP helo=<x>",
		"event|kind=policy|ip=192.0.2.1|name=unknown|sender=a@sender.example"
		"|recipient=b@example.test|helo=x|proto=ESMTP|action=filter|stage=RCPT"
		"|text=<b@example.test>: Recipient address triggers FILTER"
		" smtp:[127.0.0.1]:10024"},
	{"smtpd",
		"4F1D2A3B4C: hold: RCPT from unknown[192.0.2.1]: <b@example.test>:"
		" Recipient address triggers HOLD action; from=<a@sender.example>"
		" to=<b@example.test> proto=ESMTP helo=<x>",
		"event|kind=policy|ip=192.0.2.1|name=unknown|qid=4F1D2A3B4C"
		"|sender=a@sender.example|recipient=b@example.test|helo=x|proto=ESMTP"
		"|action=hold|stage=RCPT|text=<b@example.test>: Recipient address triggers"
		" HOLD action"},
	{"smtpd",
		"NOQUEUE: discard: RCPT from unknown[192.0.2.1]: <b@example.test>:"
		" Recipient address triggers DISCARD action; from=<a@sender.example>"
		" to=<b@example.test> proto=ESMTP helo=<x>",
		"event|kind=policy|ip=192.0.2.1|name=unknown|sender=a@sender.example"
		"|recipient=b@example.test|helo=x|proto=ESMTP|action=discard|stage=RCPT"
		"|text=<b@example.test>: Recipient address triggers DISCARD action"},
	{"smtpd",
		"NOQUEUE: warn: RCPT from unknown[192.0.2.1]: <b@example.test>: look at"
		" this; from=<a@sender.example> to=<b@example.test> proto=ESMTP helo=<x>",
		"event|kind=policy|ip=192.0.2.1|name=unknown|sender=a@sender.example"
		"|recipient=b@example.test|helo=x|proto=ESMTP|action=warn|stage=RCPT"
		"|text=<b@example.test>: look at this"},
	{"smtpd",
		"NOQUEUE: permit: RCPT from mail.example.test[192.0.2.1]: action=permit"
		" for Client host=mail.example.test[192.0.2.1]; from=<a@sender.example>"
		" to=<b@example.test> proto=ESMTP helo=<x>",
		"event|kind=policy|ip=192.0.2.1|name=mail.example.test"
		"|sender=a@sender.example|recipient=b@example.test|helo=x|proto=ESMTP"
		"|action=permit|stage=RCPT|text=action=permit for Client"
		" host=mail.example.test[192.0.2.1]"},
	{"smtpd",
		"NOQUEUE: reject: RCPT from unknown[192.0.2.1]: 554 5.7.1"
		" <b@example.test>: Recipient address rejected: Access denied;"
		" from=<a@sender.example> to=<b@example.test> proto=ESMTP helo=<x>"
		" sasl_method=PLAIN sasl_username=joe bloggs sasl_sender=joe",
		"event|kind=policy|ip=192.0.2.1|name=unknown|user=joe bloggs"
		"|mechanism=PLAIN|sender=a@sender.example|recipient=b@example.test|helo=x"
		"|proto=ESMTP|action=reject|stage=RCPT|code=554|dsn=5.7.1|reason=access"
		"|text=<b@example.test>: Recipient address rejected: Access denied"},
	{"smtpd",
		"NOQUEUE: reject: RCPT from unknown[192.0.2.1]: 554 5.7.1"
		" <b@example.test>: Recipient address rejected: Access denied;"
		" from=<a@sender.example> to=<b@example.test> proto=ESMTP helo=<x>"
		" tls=TLSv1.3",
		"event|kind=policy|ip=192.0.2.1|name=unknown|sender=a@sender.example"
		"|recipient=b@example.test|helo=x|proto=ESMTP|action=reject|stage=RCPT"
		"|code=554|dsn=5.7.1|reason=access|text=<b@example.test>: Recipient"
		" address rejected: Access denied"},
	{"smtpd",
		"4F1D2A3B4C: reject: RCPT from unknown[192.0.2.1]: 554 5.7.1"
		" <b@example.test>: Recipient address rejected: Access denied;"
		" from=<a@sender.example> to=<b@example.test> proto=ESMTP helo=<x>"
		" sasl_username=<joe>",
		"event|kind=policy|ip=192.0.2.1|name=unknown|qid=4F1D2A3B4C|user=joe"
		"|sender=a@sender.example|recipient=b@example.test|helo=x|proto=ESMTP"
		"|action=reject|stage=RCPT|code=554|dsn=5.7.1|reason=access"
		"|text=<b@example.test>: Recipient address rejected: Access denied"},
	{"smtpd",
		"4F1D2A3B4C: milter-reject: END-OF-MESSAGE from unknown[192.0.2.1]: 5.7.1"
		" Blocked by filter; from=<a@sender.example> to=<b@example.test>"
		" proto=ESMTP helo=<x>",
		"event|kind=milter|ip=192.0.2.1|name=unknown|qid=4F1D2A3B4C"
		"|sender=a@sender.example|recipient=b@example.test|helo=x|proto=ESMTP"
		"|action=milter-reject|stage=END-OF-MESSAGE|dsn=5.7.1|reason=milter"
		"|text=Blocked by filter"},
	{"smtpd",
		"NOQUEUE: milter-reject: RCPT from unknown[192.0.2.1]: 451 4.7.1 Service"
		" unavailable - try again later; from=<a@sender.example>"
		" to=<b@example.test> proto=ESMTP helo=<x> sasl_username=<joe>",
		"event|kind=milter|ip=192.0.2.1|name=unknown|user=joe"
		"|sender=a@sender.example|recipient=b@example.test|helo=x|proto=ESMTP"
		"|action=milter-reject|stage=RCPT|code=451|dsn=4.7.1|reason=milter"
		"|text=Service unavailable - try again later"},
	{"smtpd",
		"4F1D2A3B4C: milter-hold: MAIL from unknown[192.0.2.1]: milter triggers"
		" HOLD action; from=<a@sender.example> proto=ESMTP helo=<x>",
		"event|kind=milter|ip=192.0.2.1|name=unknown|qid=4F1D2A3B4C"
		"|sender=a@sender.example|helo=x|proto=ESMTP|action=milter-hold|stage=MAIL"
		"|reason=milter|text=milter triggers HOLD action"},
	{"smtpd",
		"proxy-reject: END-OF-MESSAGE: 554 5.7.1 Spam; from=<a@sender.example>"
		" to=<b@example.test> proto=ESMTP helo=<x>",
		"event|kind=policy|sender=a@sender.example|recipient=b@example.test|helo=x"
		"|proto=ESMTP|action=proxy-reject|stage=END-OF-MESSAGE|code=554|dsn=5.7.1"
		"|reason=other|text=Spam"},
	{"smtpd",
		"proxy-accept: END-OF-MESSAGE: 250 2.0.0 Ok: queued as 4F1D2A3B4C;"
		" from=<a@sender.example> to=<b@example.test> proto=ESMTP helo=<x>"
		" sasl_username=<joe>",
		"event|kind=policy|user=joe|sender=a@sender.example"
		"|recipient=b@example.test|helo=x|proto=ESMTP|action=proxy-accept"
		"|stage=END-OF-MESSAGE|code=250|dsn=2.0.0|text=Ok: queued as 4F1D2A3B4C"
		"|next_qid=4F1D2A3B4C"},
	{"smtpd",
		"NOQUEUE: reject:",
		"malformed"},
	{"smtpd",
		"NOQUEUE: reject: RCPT",
		"malformed"},
	{"smtpd",
		"NOQUEUE: reject: RCPT from mail.example.test[192.0.2",
		"malformed"},
	{"smtpd",
		"NOQUEUE: reject: RCPT from mail.example.test[192.0.2.1]",
		"malformed"},
	{"smtpd",
		"NOQUEUE: reject: RCPT from mail.example.test[192.0.2.1]: 550 5.1.1"
		" <nobody@example.test>: Recipient address rejected: User unk",
		"event|kind=policy|ip=192.0.2.1|name=mail.example.test|action=reject"
		"|stage=RCPT|code=550|dsn=5.1.1|text=<nobody@example.test>: Recipient"
		" address rejected: User unk|truncated=1"},
	/* aborted sessions */
	{"smtpd",
		"lost connection after CONNECT from unknown[192.0.2.1]",
		"event|kind=abort|ip=192.0.2.1|name=unknown|action=lost connection"
		"|stage=CONNECT"},
	{"smtpd",
		"lost connection after AUTH from unknown[192.0.2.1]:4711",
		"event|kind=abort|ip=192.0.2.1|port=4711|name=unknown|action=lost"
		" connection|stage=AUTH"},
	{"smtpd",
		"lost connection after DATA (17 bytes) from unknown[192.0.2.1]",
		"event|kind=abort|ip=192.0.2.1|name=unknown|action=lost connection"
		"|stage=DATA|bytes=17"},
	{"smtpd",
		"lost connection after DATA (approximately 0 bytes) from unknown[192.0.2.1]",
		"event|kind=abort|ip=192.0.2.1|name=unknown|action=lost connection"
		"|stage=DATA|bytes=0"},
	{"smtpd",
		"lost connection after BDAT (5 bytes) from unknown[2001:db8::1]",
		"event|kind=abort|ip=2001:db8::1|name=unknown|action=lost connection"
		"|stage=BDAT|bytes=5"},
	{"smtpd",
		"timeout after END-OF-MESSAGE from unknown[192.0.2.1]",
		"event|kind=abort|ip=192.0.2.1|name=unknown|action=timeout"
		"|stage=END-OF-MESSAGE"},
	{"smtpd",
		"too many errors after RCPT from unknown[192.0.2.1]",
		"event|kind=abort|ip=192.0.2.1|name=unknown|action=too many errors"
		"|stage=RCPT"},
	{"smtpd",
		"bare <LF> received after DATA from unknown[192.0.2.1]",
		"event|kind=violation|ip=192.0.2.1|name=unknown|action=bare_lf|stage=DATA"
		"|reason=protocol"},
	{"smtpd",
		"NOQUEUE: lost connection after EHLO from unknown[192.0.2.1]",
		"event|kind=abort|ip=192.0.2.1|name=unknown|action=lost connection"
		"|stage=EHLO"},
	{"smtpd",
		"4F1D2A3B4C: timeout after RCPT from unknown[192.0.2.1]",
		"event|kind=abort|ip=192.0.2.1|name=unknown|qid=4F1D2A3B4C|action=timeout"
		"|stage=RCPT"},
	{"smtpd",
		"lost connection after DATA (17 byt",
		"malformed"},
};

/* Where Postfix cuts a message. */
#define MESSAGE_MAX 2000

/* The 2000 bytes after which Postfix stops hide the tail: client and code stay. */
static void
long_line(void)
{
	static const char begin[] =
	    "NOQUEUE: reject: RCPT from unknown[192.0.2.1]: 550 5.1.1 <";
	static const char end[] = "; from=<f@x> to=<g@x> proto=ESMTP helo=<forged>";
	struct buf out = BUF_INIT(65536);
	char line[MESSAGE_MAX + 1];
	struct symbols symbols;

	symbols_init(&symbols);
	memset(line, 'x', sizeof(line));
	memcpy(line, begin, sizeof(begin) - 1);
	memcpy(line + MESSAGE_MAX - (sizeof(end) - 1), end, sizeof(end));
	postfix_say(&out, "smtpd", postfix_padded(line), &symbols);
	ok(str_starts(buf_view(&out), STR("event|kind=policy|ip=192.0.2.1|name=unknown|"
					  "action=reject|stage=RCPT|code=550|dsn=5.1.1|"
					  "text=")) &&
		!strstr(out.p, "|sender=") && strstr(out.p, "|truncated=1"),
	    "a line of 2000 bytes keeps client and code only");
	symbols_free(&symbols);
	buf_done(&out);
}

int
main(void)
{
	postfix_run(cases, sizeof(cases) / sizeof(*cases));
	long_line();
	return tap_done();
}
