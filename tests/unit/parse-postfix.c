/* SPDX-License-Identifier: Apache-2.0
 *
 * Every row of Postfix's grammar, old wording and new, through the parsers'
 * own door: what the message becomes, as "result kind field=value ..." with all
 * fields that were set and no other. Addresses and codes that an outsider put
 * into a line (203.0.113.66 throughout) must never be among them.
 */
#include "parse/room.h"
#include "tap.h"

#define ROW(id) &parser_##id,
static const struct parser *const rows[] = {PARSERS(ROW)};
#undef ROW

static const struct {
	const char *daemon, *message, *expected;
} cases[] = {
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
		"event|kind=accept|ip=127.0.0.1|name=localhost|qid=4F1D2A3B4C"
		"|text=orig_client=mail.example.test[192.0.2.1]"},
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
		"|stage=END-OF-MESSAGE|code=250|dsn=2.0.0|text=Ok: queued as 4F1D2A3B4C"},
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
	/* logins */
	{"smtpd",
		"warning: unknown[192.0.2.1]: SASL LOGIN authentication failed:"
		" UGFzc3dvcmQ6",
		"event|kind=auth_failure|ip=192.0.2.1|name=unknown|mechanism=LOGIN"
		"|text=UGFzc3dvcmQ6|severity=warning"},
	{"smtpd",
		"warning: unknown[192.0.2.1]:4711: SASL PLAIN authentication failed:"
		" (reason unavailable), sasl_username=alice@example.test",
		"event|kind=auth_failure|ip=192.0.2.1|port=4711|name=unknown"
		"|user=alice@example.test|mechanism=PLAIN|text=(reason unavailable)"
		"|severity=warning"},
	{"smtpd",
		"warning: unknown[2001:db8::1]: SASL XOAUTH2 authentication failed:"
		" Invalid authentication mechanism, sasl_username=(unavailable)",
		"event|kind=auth_failure|ip=2001:db8::1|name=unknown|mechanism=XOAUTH2"
		"|reason=protocol|text=Invalid authentication mechanism|severity=warning"},
	{"smtpd",
		"warning: unknown[192.0.2.1]: SASL PLAIN authentication failed",
		"event|kind=auth_failure|ip=192.0.2.1|name=unknown|mechanism=PLAIN"
		"|severity=warning"},
	{"smtpd",
		"warning: unknown[192.0.2.1]: SASL LOGIN authentication aborted",
		"event|kind=auth_abort|ip=192.0.2.1|name=unknown|mechanism=LOGIN"
		"|severity=warning"},
	{"smtpd",
		"warning: unknown[192.0.2.1]: SASL PLAIN authentication failed: Connection"
		" lost to authentication server",
		"event|kind=auth_error|ip=192.0.2.1|name=unknown|mechanism=PLAIN"
		"|text=Connection lost to authentication server|severity=warning"},
	{"smtpd",
		"warning: unknown[192.0.2.1]: SASL PLAIN authentication failed: Temporary"
		" authentication failure, sasl_username=joe",
		"event|kind=auth_error|ip=192.0.2.1|name=unknown|user=joe|mechanism=PLAIN"
		"|text=Temporary authentication failure|severity=warning"},
	{"smtpd",
		"warning: unknown[192.0.2.1]: SASL LOGIN authentication failed: generic"
		" failure",
		"event|kind=auth_error|ip=192.0.2.1|name=unknown|mechanism=LOGIN"
		"|text=generic failure|severity=warning"},
	{"smtpd",
		"warning: unknown[192.0.2.1]: SASL LOGIN auth",
		"malformed"},
	{"smtpd",
		"warning: SASL authentication failure: cannot connect to saslauthd server:"
		" No such file or directory",
		"event|kind=auth_error|text=SASL authentication failure: cannot connect to"
		" saslauthd server: No such file or directory|severity=warning"},
	{"smtpd",
		"warning: SASL authentication problem: unable to open Berkeley db"
		" /etc/sasldb2: No such file or directory",
		"event|kind=auth_error|text=SASL authentication problem: unable to open"
		" Berkeley db /etc/sasldb2: No such file or directory|severity=warning"},
	{"smtpd",
		"warning: SASL: Connect to Dovecot auth socket 'private/auth' failed: No"
		" such file or directory",
		"event|kind=auth_error|text=SASL: Connect to Dovecot auth socket"
		" 'private/auth' failed: No such file or directory|severity=warning"},
	{"smtpd",
		"warning: unknown password verifier",
		"event|kind=auth_error|text=unknown password verifier|severity=warning"},
	/* limits */
	{"smtpd",
		"warning: AUTH command rate limit exceeded: 6 from unknown[192.0.2.1] for"
		" service submission",
		"event|kind=rate_limit|ip=192.0.2.1|name=unknown|action=AUTH command rate"
		"|reason=rate|text=submission|severity=warning|attempts=6"},
	{"smtpd",
		"warning: Connection concurrency limit exceeded: 51 from"
		" unknown[192.0.2.1]:4711 for service smtp",
		"event|kind=rate_limit|ip=192.0.2.1|port=4711|name=unknown"
		"|action=Connection concurrency|reason=rate|text=smtp|severity=warning"
		"|attempts=51"},
	{"smtpd",
		"warning: Connection rate limit exceeded: 61 from unknown[2001:db8::1] for"
		" service smtpd",
		"event|kind=rate_limit|ip=2001:db8::1|name=unknown|action=Connection rate"
		"|reason=rate|text=smtpd|severity=warning|attempts=61"},
	{"smtpd",
		"warning: Message delivery request rate limit exceeded: 11 from"
		" unknown[192.0.2.1] for service smtpd",
		"event|kind=rate_limit|ip=192.0.2.1|name=unknown|action=Message delivery"
		" request rate|reason=rate|text=smtpd|severity=warning|attempts=11"},
	{"smtpd",
		"warning: Recipient address rate limit exceeded: 101 from"
		" unknown[192.0.2.1] for service smtpd",
		"event|kind=rate_limit|ip=192.0.2.1|name=unknown|action=Recipient address"
		" rate|reason=rate|text=smtpd|severity=warning|attempts=101"},
	{"smtpd",
		"warning: New TLS session rate limit exceeded: 9 from unknown[192.0.2.1]"
		" for service smtpd",
		"event|kind=rate_limit|ip=192.0.2.1|name=unknown|action=New TLS session"
		" rate|reason=rate|text=smtpd|severity=warning|attempts=9"},
	/* violations */
	{"smtpd",
		"warning: non-SMTP command from unknown[192.0.2.1]: GET / HTTP/1.1",
		"event|kind=violation|ip=192.0.2.1|name=unknown|action=non_smtp"
		"|reason=protocol|text=GET / HTTP/1.1|severity=warning"},
	{"smtpd",
		"warning: unknown[192.0.2.1] sent non-SMTP command: Host: example.test",
		"event|kind=violation|ip=192.0.2.1|name=unknown|action=non_smtp"
		"|reason=protocol|text=Host: example.test|severity=warning"},
	{"smtpd",
		"improper command pipelining after EHLO from unknown[192.0.2.1]: MAIL"
		" FROM:<a@b.example>\\r\\nRCPT TO:<c@d.example>\\r\\n",
		"event|kind=violation|ip=192.0.2.1|name=unknown|action=pipelining"
		"|stage=EHLO|reason=protocol|text=MAIL FROM:<a@b.example>\\r\\nRCPT"
		" TO:<c@d.example>\\r\\n"},
	{"smtpd",
		"improper command pipelining after EHLO from unknown[192.0.2.1]: ",
		"event|kind=violation|ip=192.0.2.1|name=unknown|action=pipelining"
		"|stage=EHLO|reason=protocol"},
	{"smtpd",
		"improper command pipelining after DATA from unknown[192.0.2.1]",
		"event|kind=violation|ip=192.0.2.1|name=unknown|action=pipelining"
		"|stage=DATA|reason=protocol"},
	{"smtpd",
		"warning: Illegal address syntax from unknown[192.0.2.1] in MAIL command:"
		" <a b@c.example>",
		"event|kind=violation|ip=192.0.2.1|name=unknown|action=illegal_address"
		"|stage=MAIL|reason=protocol|text=<a b@c.example>|severity=warning"},
	{"smtpd",
		"warning: unknown[192.0.2.1]: request longer than 2048:"
		" AAAAAAAAAAAAAAAAAAAAAAAAAAAAAA...",
		"event|kind=violation|ip=192.0.2.1|name=unknown|action=too_long"
		"|reason=protocol|text=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAA...|severity=warning"
		"|bytes=2048"},
	{"smtpd",
		"warning: 4F1D2A3B4C: malformed BDAT command syntax from unknown[192.0.2.1]",
		"event|kind=violation|ip=192.0.2.1|name=unknown|qid=4F1D2A3B4C|action=bdat"
		"|reason=protocol|text=malformed BDAT command syntax|severity=warning"},
	{"smtpd",
		"warning: NOQUEUE: null BDAT request from unknown[192.0.2.1]",
		"event|kind=violation|ip=192.0.2.1|name=unknown|action=bdat"
		"|reason=protocol|text=null BDAT request|severity=warning"},
	{"smtpd",
		"warning: 4F1D2A3B4C: too much BDAT content -- disabling further input"
		" from unknown[192.0.2.1]",
		"event|kind=violation|ip=192.0.2.1|name=unknown|qid=4F1D2A3B4C|action=bdat"
		"|reason=protocol|text=too much BDAT content -- disabling further input"
		"|severity=warning"},
	{"smtpd",
		"warning: 4F1D2A3B4C: queue file size limit exceeded",
		"event|kind=violation|qid=4F1D2A3B4C|action=size_limit|reason=size"
		"|severity=warning"},
	{"smtpd",
		"warning: reject: ETRN example.test... from unknown[192.0.2.1]",
		"event|kind=violation|ip=192.0.2.1|name=unknown|action=etrn"
		"|reason=protocol|text=example.test... from unknown[192.0.2.1]"
		"|severity=warning"},
	{"smtpd",
		"warning: bad ETRN #nonsense... from unknown[192.0.2.1]",
		"event|kind=violation|ip=192.0.2.1|name=unknown|action=etrn"
		"|reason=protocol|text=#nonsense... from unknown[192.0.2.1]"
		"|severity=warning"},
	/* names */
	{"smtpd",
		"warning: hostname mx.bad.example does not resolve to address 192.0.2.1",
		"event|kind=rdns_mismatch|ip=192.0.2.1|name=mx.bad.example|severity=warning"},
	{"smtpd",
		"warning: hostname mx.bad.example does not resolve to address 2001:db8::1:"
		" Name or service not known",
		"event|kind=rdns_mismatch|ip=2001:db8::1|name=mx.bad.example|text=Name or"
		" service not known|severity=warning"},
	{"smtpd",
		"warning: 192.0.2.1: hostname mx.bad.example verification failed: Name or"
		" service not known",
		"event|kind=rdns_mismatch|ip=192.0.2.1|name=mx.bad.example|text=Name or"
		" service not known|severity=warning"},
	{"smtpd",
		"warning: 2001:db8::1: address not listed for hostname mx.bad.example",
		"event|kind=rdns_mismatch|ip=2001:db8::1|name=mx.bad.example"
		"|severity=warning"},
	/* TLS */
	{"smtpd",
		"setting up TLS connection from unknown[192.0.2.1]",
		"ignored"},
	{"smtpd",
		"Anonymous TLS connection established from unknown[192.0.2.1]: TLSv1.3"
		" with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519"
		" server-signature RSA-PSS (2048 bits) server-digest SHA256",
		"event|kind=tls|ip=192.0.2.1|name=unknown|action=established|text=(256/256"
		" bits) key-exchange X25519 server-signature RSA-PSS (2048 bits)"
		" server-digest SHA256|status=Anonymous|tls=TLSv1.3"
		"|cipher=TLS_AES_256_GCM_SHA384"},
	{"smtpd",
		"Trusted TLS connection reused from mail.example.test[192.0.2.1]:4711 to"
		" mx.example.test: TLSv1.2 with cipher ECDHE-RSA-AES256-GCM-SHA384"
		" (256/256 bits)",
		"event|kind=tls|ip=192.0.2.1|port=4711|name=mail.example.test"
		"|action=reused|text=(256/256 bits)|status=Trusted|tls=TLSv1.2"
		"|cipher=ECDHE-RSA-AES256-GCM-SHA384"},
	{"smtpd",
		"TLS connection established from unknown[192.0.2.1]: TLSv1 with cipher"
		" ADH-AES256-SHA (256/256 bits)",
		"event|kind=tls|ip=192.0.2.1|name=unknown|action=established|text=(256/256"
		" bits)|tls=TLSv1|cipher=ADH-AES256-SHA"},
	{"smtpd",
		"SSL_accept error from unknown[192.0.2.1]: lost connection",
		"event|kind=tls_failure|ip=192.0.2.1|name=unknown|reason=tls|text=lost"
		" connection"},
	{"smtpd",
		"SSL_accept error from unknown[192.0.2.1]:4711: -1",
		"event|kind=tls_failure|ip=192.0.2.1|port=4711|name=unknown|reason=tls"
		"|text=-1"},
	{"smtpd",
		"warning: TLS library problem: error:0A0000C6:SSL routines::packet length"
		" too long:../ssl/record/ssl3_record.c:354:",
		"event|kind=tls_failure|reason=tls|text=error:0A0000C6:SSL"
		" routines::packet length too long:../ssl/record/ssl3_record.c:354:"
		"|severity=warning"},
	{"smtpd",
		"NOQUEUE: abort: TLS from unknown[192.0.2.1]: No client certificate"
		" presented",
		"event|kind=tls_failure|ip=192.0.2.1|name=unknown|reason=tls|text=No"
		" client certificate presented"},
	{"smtpd",
		"warning: Refusing STARTTLS request from unknown[192.0.2.1] for service"
		" smtpd",
		"event|kind=tls_failure|ip=192.0.2.1|name=unknown|action=Refusing STARTTLS"
		" request|reason=tls|text=smtpd|severity=warning"},
	{"smtpd",
		"warning: Wrapper-mode request dropped from unknown[192.0.2.1] for service"
		" smtps. TLS context initialization failed. For details see earlier"
		" warnings in your logs.",
		"event|kind=tls_failure|ip=192.0.2.1|name=unknown|action=Wrapper-mode"
		" request dropped|reason=tls|text=smtps. TLS context initialization"
		" failed. For details see earlier warnings in your logs.|severity=warning"},
	{"smtpd",
		"TLS SNI old.example.test from unknown[192.0.2.1] not matched, using"
		" default chain",
		"event|kind=tls_failure|ip=192.0.2.1|name=unknown|reason=tls"
		"|text=old.example.test"},
	{"smtpd",
		"warning: TLS SNI from unknown[192.0.2.1] is invalid: -bad-",
		"event|kind=tls_failure|ip=192.0.2.1|name=unknown|reason=tls|text=-bad-"
		"|severity=warning"},
	{"smtpd",
		"mail.example.test[192.0.2.1]: Untrusted: subject_CN=mail.example.test,"
		" issuer=CA, fingerprint=AA:BB",
		"ignored"},
	/* configuration and trouble */
	{"smtpd",
		"using backwards-compatible default setting"
		" smtpd_relay_before_recipient_restrictions=no to reject recipient"
		" \"x@example.test\" from client \"unknown[192.0.2.1]\"",
		"event|kind=operational|text=using backwards-compatible default setting"
		" smtpd_relay_before_recipient_restrictions=no to reject recipient"
		" \"x@example.test\" from client \"unknown[192.0.2.1]\""},
	{"smtpd",
		"discarding EHLO keywords: CHUNKING",
		"event|kind=operational|text=discarding EHLO keywords: CHUNKING"},
	{"smtpd",
		"table hash:/etc/postfix/access(0,lock|fold_fix) has changed -- restarting",
		"event|kind=operational|text=table hash:/etc/postfix/access(0,lock"
		"|fold_fix) has changed -- restarting"},
	{"smtpd",
		"warning: Unable to look up NS host for bad.example: Host not found, try"
		" again",
		"event|kind=operational|text=Unable to look up NS host for bad.example:"
		" Host not found, try again|severity=warning"},
	{"smtpd",
		"warning: 1.2.0.192.zen.example: RBL lookup error: Host or domain name not"
		" found. Name service error for name=1.2.0.192.zen.example type=A: Host"
		" not found, try again",
		"event|kind=operational|text=1.2.0.192.zen.example: RBL lookup error: Host"
		" or domain name not found. Name service error for"
		" name=1.2.0.192.zen.example type=A: Host not found, try again"
		"|severity=warning"},
	{"smtpd",
		"warning: problem talking to server private/policy: Connection refused",
		"event|kind=operational|text=problem talking to server private/policy:"
		" Connection refused|severity=warning"},
	{"smtpd",
		"warning: connect to Milter service inet:localhost:8891: Connection refused",
		"event|kind=operational|text=connect to Milter service"
		" inet:localhost:8891: Connection refused|severity=warning"},
	{"smtpd",
		"fatal: no SASL authentication mechanisms",
		"event|kind=operational|text=no SASL authentication mechanisms"
		"|severity=fatal"},
	{"smtpd",
		"panic: vstring_alloc: bad length 0",
		"event|kind=operational|text=vstring_alloc: bad length 0|severity=panic"},
	{"smtpd",
		"error: open database /etc/postfix/access.db: No such file or directory",
		"event|kind=operational|text=open database /etc/postfix/access.db: No such"
		" file or directory|severity=error"},
	{"smtpd",
		"warning: 4F1D2A3B4C: something nobody foresaw",
		"event|kind=operational|qid=4F1D2A3B4C|text=something nobody foresaw"
		"|severity=warning"},
	{"smtpd",
		"warning: ",
		"event|kind=operational|text=|severity=warning"},
	{"smtpd",
		"< unknown[192.0.2.1]: EHLO x",
		"ignored"},
	{"smtpd",
		"some line that no Postfix writes",
		"unknown"},
	/* injection: address, code and user in a recipient, sender, mechanism, user name */
	{"smtpd",
		"NOQUEUE: reject: RCPT from unknown[192.0.2.1]: 550 5.1.1 <[203.0.113.66]:"
		" 550 5.1.1 x@example.test>: Recipient address rejected: User unknown in"
		" virtual mailbox table; from=<a@sender.example> to=<\"[203.0.113.66]: 550"
		" 5.1.1 x\"@example.test> proto=ESMTP helo=<x>",
		"event|kind=policy|ip=192.0.2.1|name=unknown|sender=a@sender.example"
		"|recipient=\"[203.0.113.66]: 550 5.1.1 x\"@example.test|helo=x"
		"|proto=ESMTP|action=reject|stage=RCPT|code=550|dsn=5.1.1"
		"|reason=unknown_user|text=<[203.0.113.66]: 550 5.1.1 x@example.test>:"
		" Recipient address rejected: User unknown in virtual mailbox table"},
	{"smtpd",
		"NOQUEUE: reject: RCPT from unknown[192.0.2.1]: 550 5.1.1 <x>: Relay"
		" access denied; from=<f@x> to=<g@x> proto=ESMTP helo=<y>@example.test>:"
		" Recipient address rejected: User unknown in virtual mailbox table;"
		" from=<a@sender.example> to=<\"x>: Relay access denied; from=<f@x>"
		" to=<g@x> proto=ESMTP helo=<y>\"@example.test> proto=ESMTP helo=<real>",
		"event|kind=policy|ip=192.0.2.1|name=unknown|sender=a@sender.example"
		"|recipient=\"x>: Relay access denied; from=<f@x> to=<g@x> proto=ESMTP"
		" helo=<y>\"@example.test|helo=real|proto=ESMTP|action=reject|stage=RCPT"
		"|code=550|dsn=5.1.1|reason=unknown_user|text=<x>: Relay access denied;"
		" from=<f@x> to=<g@x> proto=ESMTP helo=<y>@example.test>: Recipient"
		" address rejected: User unknown in virtual mailbox table"},
	{"smtpd",
		"NOQUEUE: reject: RCPT from unknown[192.0.2.1]: 450 4.1.8 <x; from=<f@x>"
		" to=<g@x@bad.example>: Sender address rejected: Domain not found;"
		" from=<\"x; from=<f@x> to=<g@x\"@bad.example> to=<b@example.test>"
		" proto=ESMTP helo=<real>",
		"event|kind=policy|ip=192.0.2.1|name=unknown|sender=\"x; from=<f@x>"
		" to=<g@x\"@bad.example|recipient=b@example.test|helo=real|proto=ESMTP"
		"|action=reject|stage=RCPT|code=450|dsn=4.1.8|reason=sender_domain"
		"|text=<x; from=<f@x> to=<g@x@bad.example>: Sender address rejected:"
		" Domain not found"},
	{"smtpd",
		"NOQUEUE: reject: MAIL from unknown[192.0.2.1]: 450 4.1.8 <x; from=<f@x>"
		" to=<g@x@bad.example>: Sender address rejected: Domain not found;"
		" from=<\"x; from=<f@x> to=<g@x\"@bad.example> proto=ESMTP helo=<real>",
		"event|kind=policy|ip=192.0.2.1|name=unknown|sender=\"x; from=<f@x>"
		" to=<g@x\"@bad.example|helo=real|proto=ESMTP|action=reject|stage=MAIL"
		"|code=450|dsn=4.1.8|reason=sender_domain|text=<x; from=<f@x>"
		" to=<g@x@bad.example>: Sender address rejected: Domain not found"},
	{"smtpd",
		"NOQUEUE: reject: RCPT from unknown[192.0.2.1]: 554 5.7.1"
		" <b@other.example>: Relay access denied; from=<\"x> to=<v@x> proto=ESMTP"
		" helo=<h> sasl_method=PLAIN sasl_username=admin\"@bad.example>"
		" to=<b@other.example> proto=ESMTP helo=<real> sasl_method=PLAIN"
		" sasl_username=joe",
		"event|kind=policy|ip=192.0.2.1|name=unknown|user=joe|mechanism=PLAIN"
		"|sender=\"x> to=<v@x> proto=ESMTP helo=<h> sasl_method=PLAIN"
		" sasl_username=admin\"@bad.example|recipient=b@other.example|helo=real"
		"|proto=ESMTP|action=reject|stage=RCPT|code=554|dsn=5.7.1"
		"|reason=relay_denied|text=<b@other.example>: Relay access denied"},
	{"smtpd",
		"NOQUEUE: reject: RCPT from unknown[192.0.2.1]: 554 5.7.1"
		" <b@other.example>: Relay access denied; from=<\"x> to=<v@x> proto=ESMTP"
		" helo=<h> sasl_method=PLAIN sasl_username=admin\"@bad.example>"
		" to=<b@other.example> proto=ESMTP helo=<real> sasl_username=<joe>",
		"event|kind=policy|ip=192.0.2.1|name=unknown|user=joe|sender=\"x> to=<v@x>"
		" proto=ESMTP helo=<h> sasl_method=PLAIN sasl_username=admin\"@bad.example"
		"|recipient=b@other.example|helo=real|proto=ESMTP|action=reject|stage=RCPT"
		"|code=554|dsn=5.7.1|reason=relay_denied|text=<b@other.example>: Relay"
		" access denied"},
	{"smtpd",
		"NOQUEUE: reject: RCPT from unknown[192.0.2.1]: 554 5.7.1"
		" <b@other.example>: Relay access denied; from=<x> to=<v@x>"
		" to=<b@other.example> proto=ESMTP helo=<real>",
		"event|kind=policy|ip=192.0.2.1|name=unknown|action=reject|stage=RCPT"
		"|code=554|dsn=5.7.1|text=<b@other.example>: Relay access denied; from=<x>"
		" to=<v@x> to=<b@other.example> proto=ESMTP helo=<real>|truncated=1"},
	{"smtpd",
		"NOQUEUE: reject: RCPT from unknown[192.0.2.1]: 550 5.1.1"
		" <a\"b@example.test>: Recipient address rejected: User unknown in local"
		" recipient table; from=<a\\\"> to=<x@sender.example> to=<\"a\\\">"
		" to=<c\"@example.test> proto=ESMTP helo=<real>",
		"event|kind=policy|ip=192.0.2.1|name=unknown|action=reject|stage=RCPT"
		"|code=550|dsn=5.1.1|text=<a\"b@example.test>: Recipient address rejected:"
		" User unknown in local recipient table; from=<a\\\">"
		" to=<x@sender.example> to=<\"a\\\"> to=<c\"@example.test> proto=ESMTP"
		" helo=<real>|truncated=1"},
	{"smtpd",
		"warning: unknown[192.0.2.1]: SASL \"FOO authentication failed: x"
		" unknown[203.0.113.66]: SASL LOGIN\" authentication failed: Invalid"
		" authentication mechanism, sasl_username=(unavailable)",
		"event|kind=auth_failure|ip=192.0.2.1|name=unknown|mechanism=\"FOO"
		" authentication failed: x unknown[203.0.113.66]: SASL LOGIN\""
		"|reason=protocol|text=Invalid authentication mechanism|severity=warning"},
	{"smtpd",
		"warning: unknown[192.0.2.1]: SASL \"FOO authentication failed: Temporary"
		" lock\" authentication failed: Invalid authentication mechanism,"
		" sasl_username=(unavailable)",
		"event|kind=auth_failure|ip=192.0.2.1|name=unknown|mechanism=\"FOO"
		" authentication failed: Temporary lock\"|reason=protocol"
		"|text=Invalid authentication mechanism|severity=warning"},
	{"smtpd",
		"warning: unknown[192.0.2.1]: SASL \"FOO authentication failed: Temporary,"
		" sasl_username=admin authentication failed: Invalid authentication"
		" mechanism, sasl_username=(unavailable)",
		"event|kind=auth_failure|ip=192.0.2.1|name=unknown|mechanism=\"FOO"
		" authentication failed: Temporary, sasl_username=admin|text=Invalid"
		" authentication mechanism|severity=warning"},
	{"smtpd",
		"warning: unknown[192.0.2.1]: SASL \"FOO authentication failed: Temporary,"
		" sasl_username=admin AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
		" authentication failed: Invalid authentication mechanism,"
		" sasl_username=(unavailable)",
		"event|kind=auth_failure|ip=192.0.2.1|name=unknown|mechanism=\"FOO"
		" authentication failed: Temporary, sasl_username=admin"
		" AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA|text=Invalid authentication"
		" mechanism|severity=warning"},
	{"smtpd",
		"warning: unknown[192.0.2.1]: SASL <X authentication aborted>"
		" authentication failed: Invalid authentication mechanism,"
		" sasl_username=(unavailable)",
		"event|kind=auth_failure|ip=192.0.2.1|name=unknown|mechanism=<X"
		" authentication aborted>|reason=protocol|text=Invalid authentication"
		" mechanism|severity=warning"},
	{"smtpd",
		"warning: unknown[192.0.2.1]: SASL PLAIN authentication failed: (reason"
		" unavailable), sasl_username=joe, sasl_username=admin from"
		" unknown[203.0.113.66]",
		"event|kind=auth_failure|ip=192.0.2.1|name=unknown|user=joe,"
		" sasl_username=admin from unknown[203.0.113.66]|mechanism=PLAIN"
		"|text=(reason unavailable)|severity=warning"},
	{"smtpd",
		"warning: unknown[192.0.2.1]: SASL LOGIN authentication failed: (reason"
		" unavailable), sasl_username=unknown[203.0.113.66]: SASL LOGIN"
		" authentication failed: Temporary",
		"event|kind=auth_failure|ip=192.0.2.1|name=unknown"
		"|user=unknown[203.0.113.66]: SASL LOGIN authentication failed: Temporary"
		"|mechanism=LOGIN|text=(reason unavailable)|severity=warning"},
	{"smtpd",
		"warning: non-SMTP command from unknown[192.0.2.1]: x from"
		" unknown[203.0.113.66]: 550 5.1.1",
		"event|kind=violation|ip=192.0.2.1|name=unknown|action=non_smtp"
		"|reason=protocol|text=x from unknown[203.0.113.66]: 550 5.1.1"
		"|severity=warning"},
	{"smtpd",
		"improper command pipelining after EHLO from unknown[192.0.2.1]: DATA from"
		" unknown[203.0.113.66]: QUIT",
		"event|kind=violation|ip=192.0.2.1|name=unknown|action=pipelining"
		"|stage=EHLO|reason=protocol|text=DATA from unknown[203.0.113.66]: QUIT"},
	{"smtpd",
		"warning: Illegal address syntax from unknown[192.0.2.1] in MAIL command:"
		" <x> from unknown[203.0.113.66] in RCPT command: y",
		"event|kind=violation|ip=192.0.2.1|name=unknown|action=illegal_address"
		"|stage=MAIL|reason=protocol|text=<x> from unknown[203.0.113.66] in RCPT"
		" command: y|severity=warning"},
	{"smtpd",
		"warning: reject: ETRN \"a... from unknown[203.0.113.66]\"... from"
		" unknown[192.0.2.1]",
		"event|kind=violation|action=etrn|reason=protocol|text=\"a... from"
		" unknown[203.0.113.66]\"... from unknown[192.0.2.1]|severity=warning"},
	{"smtpd",
		"warning: hostname mx.bad.example does not resolve to address 192.0.2.1:"
		" from unknown[203.0.113.66]",
		"event|kind=rdns_mismatch|ip=192.0.2.1|name=mx.bad.example|text=from"
		" unknown[203.0.113.66]|severity=warning"},
	{"smtpd",
		"4F1D2A3B4C: client=unknown[192.0.2.1], sasl_method=PLAIN,"
		" sasl_username=x, client=unknown[203.0.113.66]",
		"event|kind=accept|ip=192.0.2.1|name=unknown|qid=4F1D2A3B4C|user=x,"
		" client=unknown[203.0.113.66]|mechanism=PLAIN"},
	{"qmqpd",
		"connect from mail.example.test[192.0.2.1]",
		"event|kind=connect|ip=192.0.2.1|name=mail.example.test"},
	{"qmqpd",
		"4F1D2A3B4C: client=mail.example.test[192.0.2.1]",
		"event|kind=accept|ip=192.0.2.1|name=mail.example.test|qid=4F1D2A3B4C"},
	{"qmqpd",
		"4F1D2A3B4C: mail.example.test[192.0.2.1]: lost connection while receiving"
		" message content",
		"event|kind=abort|ip=192.0.2.1|name=mail.example.test|qid=4F1D2A3B4C"
		"|action=lost connection|stage=receiving message content"},
	/* postscreen */
	{"postscreen",
		"CONNECT from [192.0.2.1]:4711 to [203.0.113.1]:25",
		"event|kind=ps_connect|ip=192.0.2.1|port=4711|server_ip=203.0.113.1"
		"|server_port=25"},
	{"postscreen",
		"CONNECT from [2001:db8::1]:4711 to [2001:db8::25]:25",
		"event|kind=ps_connect|ip=2001:db8::1|port=4711|server_ip=2001:db8::25"
		"|server_port=25"},
	{"postscreen",
		"CONNECT from [192.0.2.1]:4711",
		"event|kind=ps_connect|ip=192.0.2.1|port=4711"},
	{"postscreen",
		"ALLOWLISTED [192.0.2.1]:4711",
		"event|kind=ps_list|ip=192.0.2.1|port=4711|action=allow"},
	{"postscreen",
		"WHITELISTED [192.0.2.1]:4711",
		"event|kind=ps_list|ip=192.0.2.1|port=4711|action=allow"},
	{"postscreen",
		"DENYLISTED [192.0.2.1]:4711",
		"event|kind=ps_list|ip=192.0.2.1|port=4711|action=deny"},
	{"postscreen",
		"BLACKLISTED [2001:db8::1]:4711",
		"event|kind=ps_list|ip=2001:db8::1|port=4711|action=deny"},
	{"postscreen",
		"ALLOWLIST VETO [192.0.2.1]:4711",
		"event|kind=ps_list|ip=192.0.2.1|port=4711|action=veto"},
	{"postscreen",
		"WHITELIST VETO [192.0.2.1]:4711",
		"event|kind=ps_list|ip=192.0.2.1|port=4711|action=veto"},
	{"postscreen",
		"PASS OLD [192.0.2.1]:4711",
		"event|kind=ps_pass|ip=192.0.2.1|port=4711|action=old"},
	{"postscreen",
		"PASS NEW [2001:db8::1]:4711",
		"event|kind=ps_pass|ip=2001:db8::1|port=4711|action=new"},
	{"postscreen",
		"DNSBL rank 5 for [192.0.2.1]:4711",
		"event|kind=ps_dnsbl|ip=192.0.2.1|port=4711|rank=5"},
	{"postscreen",
		"DNSBL rank -2 for [192.0.2.1]:4711",
		"event|kind=ps_dnsbl|ip=192.0.2.1|port=4711|rank=-2"},
	{"postscreen",
		"PREGREET 14 after 0.08 from [192.0.2.1]:4711: EHLO ylmf-pc\\r\\n",
		"event|kind=ps_pregreet|ip=192.0.2.1|port=4711|text=EHLO ylmf-pc\\r\\n"
		"|seconds=80000|bytes=14"},
	{"postscreen",
		"PREGREET 9 after 2.5 from [192.0.2.1]:4711: QUIT from [203.0.113.66]:1: x",
		"event|kind=ps_pregreet|ip=192.0.2.1|port=4711|text=QUIT from"
		" [203.0.113.66]:1: x|seconds=2500000|bytes=9"},
	{"postscreen",
		"PREGREET 1 after 0 from [192.0.2.1]:4711: \\n",
		"event|kind=ps_pregreet|ip=192.0.2.1|port=4711|text=\\n|seconds=0|bytes=1"},
	{"postscreen",
		"HANGUP after 1.2 from [192.0.2.1]:4711 in tests before SMTP handshake",
		"event|kind=ps_hangup|ip=192.0.2.1|port=4711|stage=early|seconds=1200000"},
	{"postscreen",
		"HANGUP after 0 from [192.0.2.1]:4711 in tests after SMTP handshake",
		"event|kind=ps_hangup|ip=192.0.2.1|port=4711|stage=late|seconds=0"},
	{"postscreen",
		"HANGUP after 13 from [192.0.2.1]:4711 in tests of another kind",
		"event|kind=ps_hangup|ip=192.0.2.1|port=4711|text=tests of another kind"
		"|seconds=13000000"},
	{"postscreen",
		"NOQUEUE: reject: RCPT from [192.0.2.1]:4711: 450 4.3.2 Service currently"
		" unavailable; from=<a@sender.example>, to=<b@example.test>, proto=ESMTP,"
		" helo=<x>",
		"event|kind=ps_reject|ip=192.0.2.1|port=4711|sender=a@sender.example"
		"|recipient=b@example.test|helo=x|proto=ESMTP|action=reject|stage=RCPT"
		"|code=450|dsn=4.3.2|reason=greylist|text=Service currently unavailable"},
	{"postscreen",
		"NOQUEUE: reject: RCPT from [192.0.2.1]:4711: 550 5.3.2 Service currently"
		" unavailable; from=<a@sender.example>, to=<b@example.test>, proto=SMTP,"
		" helo=<x>",
		"event|kind=ps_reject|ip=192.0.2.1|port=4711|sender=a@sender.example"
		"|recipient=b@example.test|helo=x|proto=SMTP|action=reject|stage=RCPT"
		"|code=550|dsn=5.3.2|reason=access|text=Service currently unavailable"},
	{"postscreen",
		"NOQUEUE: reject: RCPT from [192.0.2.1]:4711: 550 5.7.1 Service"
		" unavailable; client [192.0.2.1] blocked using zen.example;"
		" from=<a@sender.example>, to=<b@example.test>, proto=ESMTP, helo=<x>",
		"event|kind=ps_reject|ip=192.0.2.1|port=4711|sender=a@sender.example"
		"|recipient=b@example.test|helo=x|proto=ESMTP|action=reject|stage=RCPT"
		"|code=550|dsn=5.7.1|reason=dnsbl|list=zen.example|text=Service"
		" unavailable; client [192.0.2.1] blocked using zen.example"},
	{"postscreen",
		"NOQUEUE: reject: RCPT from [2001:db8::1]:4711: 550 5.7.1 Service"
		" unavailable; client [2001:db8::1] blocked using zen.example; from=<>,"
		" to=<b@example.test>, proto=ESMTP, helo=<x>",
		"event|kind=ps_reject|ip=2001:db8::1|port=4711|sender="
		"|recipient=b@example.test|helo=x|proto=ESMTP|action=reject|stage=RCPT"
		"|code=550|dsn=5.7.1|reason=dnsbl|list=zen.example|text=Service"
		" unavailable; client [2001:db8::1] blocked using zen.example"},
	{"postscreen",
		"NOQUEUE: reject: RCPT from [192.0.2.1]:4711: 550 5.5.1 Protocol error;"
		" from=<a@sender.example>, to=<b@example.test>, proto=ESMTP,"
		" helo=<a,b=<c>,helo=x>",
		"event|kind=ps_reject|ip=192.0.2.1|port=4711|sender=a@sender.example"
		"|recipient=b@example.test|helo=a,b=<c>,helo=x|proto=ESMTP|action=reject"
		"|stage=RCPT|code=550|dsn=5.5.1|reason=protocol|text=Protocol error"},
	{"postscreen",
		"NOQUEUE: reject: RCPT from [192.0.2.1]:4711: 550 5.5.1 Protocol error;"
		" from=<\"x; from=<f@x>, to=<g@x>, proto=ESMTP, helo=<h\"@sender.example>,"
		" to=<b@example.test>, proto=ESMTP, helo=<real>",
		"event|kind=ps_reject|ip=192.0.2.1|port=4711|sender=\"x; from=<f@x>,"
		" to=<g@x>, proto=ESMTP, helo=<h\"@sender.example|recipient=b@example.test"
		"|helo=real|proto=ESMTP|action=reject|stage=RCPT|code=550|dsn=5.5.1"
		"|reason=protocol|text=Protocol error"},
	{"postscreen",
		"NOQUEUE: reject: RCPT from [192.0.2.1]:4711: 550 5.5.1 Protocol error;"
		" from=<a@sen",
		"event|kind=ps_reject|ip=192.0.2.1|port=4711|action=reject|stage=RCPT"
		"|code=550|dsn=5.5.1|text=Protocol error; from=<a@sen|truncated=1"},
	{"postscreen",
		"NOQUEUE: reject: CONNECT from [192.0.2.1]:4711: too many connections",
		"event|kind=ps_reject|ip=192.0.2.1|port=4711|action=reject|stage=CONNECT"
		"|reason=rate|text=too many connections"},
	{"postscreen",
		"NOQUEUE: reject: CONNECT from [192.0.2.1]:4711: all server ports busy",
		"event|kind=ps_reject|ip=192.0.2.1|port=4711|action=reject|stage=CONNECT"
		"|reason=temp|text=all server ports busy"},
	{"postscreen",
		"reject: connect from [192.0.2.1]:4711: all screening ports busy",
		"event|kind=ps_reject|ip=192.0.2.1|port=4711|action=reject|stage=connect"
		"|reason=temp|text=all screening ports busy"},
	{"postscreen",
		"NOQUEUE: reject: CONNECT from [192.0.2.1]:4711: all screening ports busy",
		"event|kind=ps_reject|ip=192.0.2.1|port=4711|action=reject|stage=CONNECT"
		"|reason=temp|text=all screening ports busy"},
	{"postscreen",
		"BARE NEWLINE from [192.0.2.1]:4711 after EHLO x from [203.0.113.66]:1",
		"event|kind=ps_violation|ip=192.0.2.1|port=4711|action=bare_newline"
		"|text=EHLO x from [203.0.113.66]:1"},
	{"postscreen",
		"BARE NEWLINE from [192.0.2.1]:4711",
		"event|kind=ps_violation|ip=192.0.2.1|port=4711|action=bare_newline"},
	{"postscreen",
		"NON-SMTP COMMAND from [192.0.2.1]:4711 after CONNECT: GET / HTTP/1.1",
		"event|kind=ps_violation|ip=192.0.2.1|port=4711|action=non_smtp"
		"|stage=CONNECT|text=GET / HTTP/1.1"},
	{"postscreen",
		"NON-SMTP COMMAND from [192.0.2.1]:4711 GET / HTTP/1.1",
		"event|kind=ps_violation|ip=192.0.2.1|port=4711|action=non_smtp|text=GET /"
		" HTTP/1.1"},
	{"postscreen",
		"COMMAND PIPELINING from [192.0.2.1]:4711 after EHLO: MAIL"
		" FROM:<a@b.example>\\r\\n",
		"event|kind=ps_violation|ip=192.0.2.1|port=4711|action=pipelining"
		"|stage=EHLO|text=MAIL FROM:<a@b.example>\\r\\n"},
	{"postscreen",
		"COMMAND PIPELINING from [192.0.2.1]:4711 after EHLO",
		"event|kind=ps_violation|ip=192.0.2.1|port=4711|action=pipelining"
		"|stage=EHLO"},
	{"postscreen",
		"COMMAND TIME LIMIT from [192.0.2.1]:4711 after CONNECT",
		"event|kind=ps_limit|ip=192.0.2.1|port=4711|action=time|stage=CONNECT"},
	{"postscreen",
		"COMMAND COUNT LIMIT from [192.0.2.1]:4711 after NOOP",
		"event|kind=ps_limit|ip=192.0.2.1|port=4711|action=count|stage=NOOP"},
	{"postscreen",
		"COMMAND LENGTH LIMIT from [192.0.2.1]:4711",
		"event|kind=ps_limit|ip=192.0.2.1|port=4711|action=length"},
	{"postscreen",
		"DATA without valid RCPT from [192.0.2.1]:4711",
		"event|kind=ps_violation|ip=192.0.2.1|port=4711|action=no_rcpt|stage=DATA"},
	{"postscreen",
		"BDAT without valid RCPT from [192.0.2.1]:4711",
		"event|kind=ps_violation|ip=192.0.2.1|port=4711|action=no_rcpt|stage=BDAT"},
	{"postscreen",
		"DISCONNECT [192.0.2.1]:4711",
		"event|kind=ps_disconnect|ip=192.0.2.1|port=4711"},
	{"postscreen",
		"entering STRESS mode with 90 connections",
		"event|kind=ps_stress|action=entering|attempts=90"},
	{"postscreen",
		"leaving STRESS mode with 70 connections",
		"event|kind=ps_stress|action=leaving|attempts=70"},
	{"postscreen",
		"cache btree:/var/lib/postfix/postscreen_cache full cleanup: retained=5"
		" dropped=3 entries",
		"event|kind=operational|text=cache btree:/var/lib/postfix/postscreen_cache"
		" full cleanup: retained=5 dropped=3 entries"},
	{"postscreen",
		"table hash:/etc/postfix/access has changed - finishing in the background",
		"event|kind=operational|text=table hash:/etc/postfix/access has changed -"
		" finishing in the background"},
	{"postscreen",
		"close database /var/lib/postfix/postscreen_cache.db: No such file or"
		" directory (possible Berkeley DB bug)",
		"event|kind=operational|text=close database"
		" /var/lib/postfix/postscreen_cache.db: No such file or directory"
		" (possible Berkeley DB bug)"},
	{"postscreen",
		"[192.0.2.1]:4711: replacing command \"EHLO x\" with \"EHLO y\"",
		"event|kind=operational|text=[192.0.2.1]:4711: replacing command \"EHLO"
		" x\" with \"EHLO y\""},
	{"postscreen",
		"[192.0.2.1]4711: discarding EHLO keywords: CHUNKING",
		"event|kind=operational|text=[192.0.2.1]4711: discarding EHLO keywords:"
		" CHUNKING"},
	{"postscreen",
		"using backwards-compatible default setting respectful_logging=no for"
		" client [192.0.2.1]:4711",
		"event|kind=operational|text=using backwards-compatible default setting"
		" respectful_logging=no for client [192.0.2.1]:4711"},
	{"postscreen",
		"warning: dnsblog reply timeout 10s for zen.example",
		"event|kind=operational|text=dnsblog reply timeout 10s for zen.example"
		"|severity=warning"},
	{"postscreen",
		"warning: psc_cache_update: btree:/var/lib/postfix/postscreen_cache update"
		" average delay is 120 ms",
		"event|kind=operational|text=psc_cache_update:"
		" btree:/var/lib/postfix/postscreen_cache update average delay is 120 ms"
		"|severity=warning"},
	{"postscreen",
		"DROP [192.0.2.1]:4711",
		"ignored"},
	{"postscreen",
		"PASS OLD [192.0.2",
		"malformed"},
	{"postscreen",
		"DNSBL rank x for [192.0.2.1]:4711",
		"malformed"},
	{"postscreen",
		"CONNECT from 192.0.2.1",
		"malformed"},
	/* dnsblog, tlsproxy */
	{"dnsblog",
		"addr 192.0.2.1 listed by domain zen.example as 127.0.0.2",
		"event|kind=dnsbl_hit|ip=192.0.2.1|list=zen.example|text=127.0.0.2"},
	{"dnsblog",
		"addr 2001:db8::1 listed by domain zen.example as 127.0.0.4",
		"event|kind=dnsbl_hit|ip=2001:db8::1|list=zen.example|text=127.0.0.4"},
	{"dnsblog",
		"warning: dnsblog_query: lookup error for DNS query 1.2.0.192.zen.example:"
		" Host or domain name not found. Name service error for"
		" name=1.2.0.192.zen.example type=A: Host not found, try again",
		"event|kind=operational|text=dnsblog_query: lookup error for DNS query"
		" 1.2.0.192.zen.example: Host or domain name not found. Name service error"
		" for name=1.2.0.192.zen.example type=A: Host not found, try again"
		"|severity=warning"},
	{"dnsblog",
		"addr 192.0.2.1 listed",
		"malformed"},
	{"tlsproxy",
		"CONNECT from [192.0.2.1]:4711",
		"ignored"},
	{"tlsproxy",
		"CONNECT to [192.0.2.25]:25",
		"ignored"},
	{"tlsproxy",
		"DISCONNECT [192.0.2.1]:4711",
		"ignored"},
	{"tlsproxy",
		"TLS handshake failed for service=smtpd peer=[192.0.2.1]:4711",
		"event|kind=tls_failure|ip=192.0.2.1|port=4711|reason=tls|text=smtpd"},
	{"tlsproxy",
		"TLS handshake failed for service=smtp peer=mx.example.test[192.0.2.25]:25",
		"event|kind=tls_failure|reason=tls|text=smtp|relay=mx.example.test"
		"|relay_ip=192.0.2.25|relay_port=25"},
	{"tlsproxy",
		"Anonymous TLS connection established from [2001:db8::1]:4711: TLSv1.3"
		" with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)",
		"event|kind=tls|ip=2001:db8::1|port=4711|action=established|text=(256/256"
		" bits)|status=Anonymous|tls=TLSv1.3|cipher=TLS_AES_256_GCM_SHA384"},
	{"tlsproxy",
		"SSL_accept error from [192.0.2.1]:4711: lost connection",
		"event|kind=tls_failure|ip=192.0.2.1|port=4711|reason=tls|text=lost"
		" connection"},
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
		"helo=<x>: Subject: x from evil[203.0.113.66]; from=<f@x> to=<g@x> proto=ESMTP "
		"helo=<h>|truncated=1"},
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
	/* deliveries */
	{"smtp",
		"4F1D2A3B4C: to=<b@other.example>, relay=mx.other.example[192.0.2.25]:25,"
		" delay=1.2, delays=0.1/0.02/0.5/0.58, dsn=2.0.0, status=sent (250 2.0.0"
		" Ok: queued as 5A6B7C8D9E)",
		"event|kind=delivery|qid=4F1D2A3B4C|recipient=b@other.example|dsn=2.0.0"
		"|text=250 2.0.0 Ok: queued as 5A6B7C8D9E|relay=mx.other.example"
		"|relay_ip=192.0.2.25|relay_port=25|delay=1200000|delay_before=100000"
		"|delay_queue=20000|delay_connect=500000|delay_transmit=580000|status=sent"
		"|next_qid=5A6B7C8D9E"},
	{"smtp",
		"4F1D2A3B4C: to=<b@other.example>, relay=mx.other.example[2001:db8::25]:25,"
		" conn_use=3, delay=35, delays=33/0/1/1, dsn=2.6.0, status=sent (250 2.6.0"
		" <x@y> Queued mail for delivery)",
		"event|kind=delivery|qid=4F1D2A3B4C|recipient=b@other.example|dsn=2.6.0"
		"|text=250 2.6.0 <x@y> Queued mail for delivery|relay=mx.other.example"
		"|relay_ip=2001:db8::25|relay_port=25|delay=35000000|delay_before=33000000"
		"|delay_queue=0|delay_connect=1000000|delay_transmit=1000000|status=sent"},
	{"smtp",
		"4F1D2A3B4C: to=<b@example.test>, orig_to=<root>,"
		" relay=127.0.0.1[127.0.0.1]:10024, delay=1.2, delays=0.1/0/0/1.1,"
		" dsn=2.0.0, status=sent (250 2.0.0 from MTA(smtp:[127.0.0.1]:10025): 250"
		" 2.0.0 Ok: queued as 5A6B7C8D9E)",
		"event|kind=delivery|qid=4F1D2A3B4C|recipient=b@example.test"
		"|orig_recipient=root|dsn=2.0.0|text=250 2.0.0 from"
		" MTA(smtp:[127.0.0.1]:10025): 250 2.0.0 Ok: queued as 5A6B7C8D9E"
		"|relay=127.0.0.1|relay_ip=127.0.0.1|relay_port=10024|delay=1200000"
		"|delay_before=100000|delay_queue=0|delay_connect=0|delay_transmit=1100000"
		"|status=sent|next_qid=5A6B7C8D9E"},
	{"smtp",
		"4F1D2A3B4C: to=<b@other.example>, relay=mx.other.example[192.0.2.25]:25,"
		" delay=1.2, delays=0.1/0.02/0.5/0.58, tls=none/dane, dsn=2.0.0,"
		" status=sent (250 ok)",
		"event|kind=delivery|qid=4F1D2A3B4C|recipient=b@other.example|dsn=2.0.0"
		"|text=250 ok|relay=mx.other.example|relay_ip=192.0.2.25|relay_port=25"
		"|delay=1200000|delay_before=100000|delay_queue=20000|delay_connect=500000"
		"|delay_transmit=580000|status=sent"},
	{"smtp",
		"4F1D2A3B4C: to=<b@other.example>, relay=mx.other.example[192.0.2.25]:25,"
		" delay=1.2, delays=0.1/0.02/0.5/0.58, dsn=5.1.1, status=bounced (host"
		" mx.other.example[192.0.2.25] said: 550 5.1.1 no such user (in reply to"
		" RCPT TO command))",
		"event|kind=delivery|qid=4F1D2A3B4C|recipient=b@other.example|dsn=5.1.1"
		"|reason=unknown_user|text=host mx.other.example[192.0.2.25] said: 550"
		" 5.1.1 no such user (in reply to RCPT TO command)|relay=mx.other.example"
		"|relay_ip=192.0.2.25|relay_port=25|delay=1200000|delay_before=100000"
		"|delay_queue=20000|delay_connect=500000|delay_transmit=580000"
		"|status=bounced"},
	{"smtp",
		"4F1D2A3B4C: to=<b@other.example>, relay=mx.other.example[192.0.2.25]:25,"
		" delay=1.2, delays=0.1/0.02/0.5/0.58, dsn=4.2.2, status=deferred (host"
		" mx.other.example[192.0.2.25] said: 452 4.2.2 mailbox full (in reply to"
		" RCPT TO command))",
		"event|kind=delivery|qid=4F1D2A3B4C|recipient=b@other.example|dsn=4.2.2"
		"|reason=quota|text=host mx.other.example[192.0.2.25] said: 452 4.2.2"
		" mailbox full (in reply to RCPT TO command)|relay=mx.other.example"
		"|relay_ip=192.0.2.25|relay_port=25|delay=1200000|delay_before=100000"
		"|delay_queue=20000|delay_connect=500000|delay_transmit=580000"
		"|status=deferred"},
	{"smtp",
		"4F1D2A3B4C: to=<b@other.example>, relay=none, delay=300,"
		" delays=299/0.5/0.5/0, dsn=4.4.1, status=deferred (connect to"
		" mx.other.example[192.0.2.25]:25: Connection timed out)",
		"event|kind=delivery|qid=4F1D2A3B4C|recipient=b@other.example|dsn=4.4.1"
		"|reason=temp|text=connect to mx.other.example[192.0.2.25]:25: Connection"
		" timed out|relay=none|delay=300000000|delay_before=299000000"
		"|delay_queue=500000|delay_connect=500000|delay_transmit=0|status=deferred"},
	{"smtp",
		"4F1D2A3B4C: to=<b@other.example>, relay=mx.other.example[192.0.2.25]:25,"
		" delay=1, delays=1/0/0/0, dsn=5.3.4, status=undeliverable (message size 9"
		" exceeds size limit)",
		"event|kind=delivery|qid=4F1D2A3B4C|recipient=b@other.example|dsn=5.3.4"
		"|reason=size|text=message size 9 exceeds size limit"
		"|relay=mx.other.example|relay_ip=192.0.2.25|relay_port=25|delay=1000000"
		"|delay_before=1000000|delay_queue=0|delay_connect=0|delay_transmit=0"
		"|status=undeliverable"},
	{"smtp",
		"4F1D2A3B4C: to=<b@other.example>, relay=mx.other.example[192.0.2.25]:25,"
		" delay=1, delays=1/0/0/0, dsn=2.1.5, status=deliverable (250 2.1.5 Ok)",
		"event|kind=delivery|qid=4F1D2A3B4C|recipient=b@other.example|dsn=2.1.5"
		"|text=250 2.1.5 Ok|relay=mx.other.example|relay_ip=192.0.2.25"
		"|relay_port=25|delay=1000000|delay_before=1000000|delay_queue=0"
		"|delay_connect=0|delay_transmit=0|status=deliverable"},
	{"smtp",
		"4F1D2A3B4C: to=<b@other.example>, relay=mx.other.example[192.0.2.25]:25,"
		" delay=1, delays=1/0/0/0, dsn=5.0.0, status=SOFTBOUNCE (host said: no)",
		"event|kind=delivery|qid=4F1D2A3B4C|recipient=b@other.example|dsn=5.0.0"
		"|reason=other|text=host said: no|relay=mx.other.example"
		"|relay_ip=192.0.2.25|relay_port=25|delay=1000000|delay_before=1000000"
		"|delay_queue=0|delay_connect=0|delay_transmit=0|status=SOFTBOUNCE"},
	{"smtp",
		"4F1D2A3B4C: to=<b@other.example>, relay=mx.other.example[192.0.2.25],"
		" delay=4, status=sent (250 Ok)",
		"event|kind=delivery|qid=4F1D2A3B4C|recipient=b@other.example|text=250 Ok"
		"|relay=mx.other.example|relay_ip=192.0.2.25|delay=4000000|status=sent"},
	{"smtp",
		"4F1D2A3B4C: to=<b@other.example>, relay=mx.other.example[192.0.2.25]:25,"
		" status=sent (250 ok)",
		"event|kind=delivery|qid=4F1D2A3B4C|recipient=b@other.example|text=250 ok"
		"|relay=mx.other.example|relay_ip=192.0.2.25|relay_port=25|status=sent"},
	{"smtp",
		"4F1D2A3B4C: to=b@other.example, relay=mx.other.example[192.0.2.25]:25,"
		" delay=1, status=sent",
		"event|kind=delivery|qid=4F1D2A3B4C|recipient=b@other.example"
		"|relay=mx.other.example|relay_ip=192.0.2.25|relay_port=25|delay=1000000"
		"|status=sent"},
	{"smtp",
		"4F1D2A3B4C: to=<\"a b>, relay=evil[203.0.113.66]:25, status=sent"
		" (x\"@other.example>, relay=mx.other.example[192.0.2.25]:25, delay=1,"
		" delays=1/0/0/0, dsn=2.0.0, status=sent (250 ok)",
		"event|kind=delivery|qid=4F1D2A3B4C|recipient=\"a b>,"
		" relay=evil[203.0.113.66]:25, status=sent (x\"@other.example|dsn=2.0.0"
		"|text=250 ok|relay=mx.other.example|relay_ip=192.0.2.25|relay_port=25"
		"|delay=1000000|delay_before=1000000|delay_queue=0|delay_connect=0"
		"|delay_transmit=0|status=sent"},
	{"smtp",
		"4F1D2A3B4C: to=<b@other.example>, relay=mx.other.example[192.0.2.25]:25,"
		" delay=1, delays=1/0/0/0, dsn=5.7.1, status=bounced (host"
		" mx.other.example[192.0.2.25] said: 550 x), to=<v@x>,"
		" relay=evil[203.0.113.66]:25, status=sent (y)",
		"event|kind=delivery|qid=4F1D2A3B4C|recipient=b@other.example|dsn=5.7.1"
		"|reason=other|text=host mx.other.example[192.0.2.25] said: 550 x),"
		" to=<v@x>, relay=evil[203.0.113.66]:25, status=sent (y"
		"|relay=mx.other.example|relay_ip=192.0.2.25|relay_port=25|delay=1000000"
		"|delay_before=1000000|delay_queue=0|delay_connect=0|delay_transmit=0"
		"|status=bounced"},
	{"smtp",
		"4F1D2A3B4C: to=<b@other.example>, relay=mx.other.example[192.0.2.25]:25,"
		" delay=1, delays=1/0/0/0, dsn=5.7.1, status=bounced (host"
		" mx.other.example[192.0.2.25] said: 550 cut",
		"event|kind=delivery|qid=4F1D2A3B4C|recipient=b@other.example|dsn=5.7.1"
		"|reason=other|text=host mx.other.example[192.0.2.25] said: 550 cut"
		"|relay=mx.other.example|relay_ip=192.0.2.25|relay_port=25|delay=1000000"
		"|delay_before=1000000|delay_queue=0|delay_connect=0|delay_transmit=0"
		"|status=bounced|truncated=1"},
	{"smtp",
		"4F1D2A3B4C: to=<b@other.example>, orig_to=<",
		"malformed"},
	{"smtp",
		"4F1D2A3B4C: to=<b@other.example>, relay=mx.other.example[192.0.2.25]:25,"
		" delay=1",
		"malformed"},
	{"smtp",
		"4F1D2A3B4C: host mx.other.example[192.0.2.25] said: 450 4.2.0 greylisted,"
		" host evil[203.0.113.66] said: x (in reply to RCPT TO command)",
		"event|kind=remote_note|qid=4F1D2A3B4C|action=said|text=450 4.2.0"
		" greylisted, host evil[203.0.113.66] said: x (in reply to RCPT TO"
		" command)|relay=mx.other.example|relay_ip=192.0.2.25"},
	{"smtp",
		"4F1D2A3B4C: host mx.other.example[192.0.2.25] refused to talk to me: 554"
		" no",
		"event|kind=remote_note|qid=4F1D2A3B4C|action=refused to talk to me"
		"|text=554 no|relay=mx.other.example|relay_ip=192.0.2.25"},
	{"smtp",
		"4F1D2A3B4C: lost connection with mx.other.example[192.0.2.25] while"
		" receiving the initial server greeting",
		"event|kind=remote_note|qid=4F1D2A3B4C|action=lost connection with"
		"|text=while receiving the initial server greeting|relay=mx.other.example"
		"|relay_ip=192.0.2.25"},
	{"smtp",
		"4F1D2A3B4C: conversation with mx.other.example[192.0.2.25] timed out"
		" while sending RCPT TO",
		"event|kind=remote_note|qid=4F1D2A3B4C|action=conversation with|text=timed"
		" out while sending RCPT TO|relay=mx.other.example|relay_ip=192.0.2.25"},
	{"smtp",
		"connect to mx.other.example[192.0.2.25]:25: Connection refused",
		"event|kind=remote_note|action=connect to|text=Connection refused"
		"|relay=mx.other.example|relay_ip=192.0.2.25|relay_port=25"},
	{"smtp",
		"connect to mx.other.example[2001:db8::25]:25: Network is unreachable",
		"event|kind=remote_note|action=connect to|text=Network is unreachable"
		"|relay=mx.other.example|relay_ip=2001:db8::25|relay_port=25"},
	{"smtp",
		"4F1D2A3B4C: enabling PIX workarounds: disable_esmtp delay_dotcrlf for"
		" mx.other.example[192.0.2.25]:25",
		"event|kind=remote_note|qid=4F1D2A3B4C|action=enabling PIX workarounds"
		"|text=disable_esmtp delay_dotcrlf for mx.other.example[192.0.2.25]:25"},
	{"smtp",
		"4F1D2A3B4C: breaking line > 990 bytes with <CR><LF>SPACE",
		"event|kind=remote_note|qid=4F1D2A3B4C|action=breaking line|text=> 990"
		" bytes with <CR><LF>SPACE"},
	{"smtp",
		"warning: host mx.other.example[192.0.2.25]:25 replied to HELO/EHLO with"
		" my own hostname mx.example.test",
		"event|kind=remote_note|action=replied|text=to HELO/EHLO with my own"
		" hostname mx.example.test|relay=mx.other.example|relay_ip=192.0.2.25"
		"|relay_port=25|severity=warning"},
	{"smtp",
		"warning: mx.other.example[192.0.2.25] offered null AUTH mechanism list",
		"event|kind=remote_note|action=offered null AUTH mechanism list"
		"|relay=mx.other.example|relay_ip=192.0.2.25|severity=warning"},
	{"smtp",
		"SASL authentication failed; server relay.example[192.0.2.26] said: 535"
		" 5.7.8 no",
		"event|kind=remote_note|action=said|text=535 5.7.8 no|relay=relay.example"
		"|relay_ip=192.0.2.26"},
	{"smtp",
		"Verified TLS connection established to mx.other.example[192.0.2.25]:25:"
		" TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)",
		"event|kind=tls|action=established|text=(256/256 bits)"
		"|relay=mx.other.example|relay_ip=192.0.2.25|relay_port=25|status=Verified"
		"|tls=TLSv1.3|cipher=TLS_AES_256_GCM_SHA384"},
	{"smtp",
		"Untrusted TLS connection reused to mx.other.example[2001:db8::25]:25:"
		" TLSv1.2 with cipher ECDHE-RSA-AES256-GCM-SHA384 (256/256 bits)",
		"event|kind=tls|action=reused|text=(256/256 bits)|relay=mx.other.example"
		"|relay_ip=2001:db8::25|relay_port=25|status=Untrusted|tls=TLSv1.2"
		"|cipher=ECDHE-RSA-AES256-GCM-SHA384"},
	{"smtp",
		"SSL_connect error to mx.other.example[192.0.2.25]:25: -1",
		"event|kind=tls_failure|reason=tls|text=-1|relay=mx.other.example"
		"|relay_ip=192.0.2.25|relay_port=25"},
	{"smtp",
		"certificate verification failed for mx.other.example[192.0.2.25]:25:"
		" untrusted issuer /CN=ca",
		"event|kind=tls_failure|reason=tls|text=untrusted issuer /CN=ca"
		"|relay=mx.other.example|relay_ip=192.0.2.25|relay_port=25"},
	{"smtp",
		"Host offered STARTTLS: [mx.other.example]",
		"event|kind=remote_note|action=Host offered STARTTLS"
		"|text=[mx.other.example]"},
	{"smtp",
		"4F1D2A3B4C: replace: header Received: from a by b: Received: from c",
		"event|kind=content|qid=4F1D2A3B4C|action=replace|stage=header"
		"|text=Received: from a by b: Received: from c"},
	{"smtp",
		"warning: no MX host for bad.example has a valid address record",
		"event|kind=operational|text=no MX host for bad.example has a valid"
		" address record|severity=warning"},
	{"lmtp",
		"4F1D2A3B4C: to=<b@example.test>, relay=mx.example.test[private/dovecot-lmt"
		"p], delay=0.2, delays=0.1/0.01/0/0.1, dsn=2.0.0, status=sent (250 2.0.0"
		" <b@example.test> abcdEfgh Saved)",
		"event|kind=delivery|qid=4F1D2A3B4C|recipient=b@example.test|dsn=2.0.0"
		"|text=250 2.0.0 <b@example.test> abcdEfgh Saved|relay=mx.example.test"
		"|delay=200000|delay_before=100000|delay_queue=10000|delay_connect=0"
		"|delay_transmit=100000|status=sent"},
	{"lmtp",
		"4F1D2A3B4C: to=<b@example.test>, relay=mx.example.test[private/dovecot-lmt"
		"p], delay=0.2, delays=0.1/0.01/0/0.1, dsn=5.2.2, status=bounced (host"
		" mx.example.test[private/dovecot-lmtp] said: 552 5.2.2 Quota exceeded (in"
		" reply to end of DATA command))",
		"event|kind=delivery|qid=4F1D2A3B4C|recipient=b@example.test|dsn=5.2.2"
		"|reason=quota|text=host mx.example.test[private/dovecot-lmtp] said: 552"
		" 5.2.2 Quota exceeded (in reply to end of DATA command)"
		"|relay=mx.example.test|delay=200000|delay_before=100000|delay_queue=10000"
		"|delay_connect=0|delay_transmit=100000|status=bounced"},
	{"lmtp",
		"connect to mx.example.test[private/dovecot-lmtp]: No such file or"
		" directory",
		"event|kind=remote_note|action=connect to|text=No such file or directory"
		"|relay=mx.example.test"},
	{"local",
		"4F1D2A3B4C: to=<root@example.test>, orig_to=<root>, relay=local,"
		" delay=0.05, delays=0.04/0/0/0.01, dsn=2.0.0, status=sent (forwarded as"
		" 5A6B7C8D9E)",
		"event|kind=delivery|qid=4F1D2A3B4C|recipient=root@example.test"
		"|orig_recipient=root|dsn=2.0.0|text=forwarded as 5A6B7C8D9E|relay=local"
		"|delay=50000|delay_before=40000|delay_queue=0|delay_connect=0"
		"|delay_transmit=10000|status=sent|next_qid=5A6B7C8D9E"},
	{"local",
		"4F1D2A3B4C: to=<x@example.test>, relay=local, delay=0.05,"
		" delays=0.04/0/0/0.01, dsn=5.1.1, status=bounced (unknown user: \"x\")",
		"event|kind=delivery|qid=4F1D2A3B4C|recipient=x@example.test|dsn=5.1.1"
		"|reason=unknown_user|text=unknown user: \"x\"|relay=local|delay=50000"
		"|delay_before=40000|delay_queue=0|delay_connect=0|delay_transmit=10000"
		"|status=bounced"},
	{"local",
		"4F1D2A3B4C: to=<y@example.test>, relay=local, delay=0.05,"
		" delays=0.04/0/0/0.01, dsn=2.0.0, status=sent (delivered to command:"
		" procmail queued as DEADBEEF1)",
		"event|kind=delivery|qid=4F1D2A3B4C|recipient=y@example.test|dsn=2.0.0"
		"|text=delivered to command: procmail queued as DEADBEEF1|relay=local"
		"|delay=50000|delay_before=40000|delay_queue=0|delay_connect=0"
		"|delay_transmit=10000|status=sent"},
	{"virtual",
		"4F1D2A3B4C: to=<b@example.test>, relay=virtual, delay=0.05,"
		" delays=0.04/0/0/0.01, dsn=2.0.0, status=sent (delivered to maildir)",
		"event|kind=delivery|qid=4F1D2A3B4C|recipient=b@example.test|dsn=2.0.0"
		"|text=delivered to maildir|relay=virtual|delay=50000|delay_before=40000"
		"|delay_queue=0|delay_connect=0|delay_transmit=10000|status=sent"},
	{"pipe",
		"4F1D2A3B4C: to=<b@example.test>, relay=spamfilter, delay=0.5,"
		" delays=0.04/0/0/0.46, dsn=2.0.0, status=sent (delivered via spamfilter"
		" service)",
		"event|kind=delivery|qid=4F1D2A3B4C|recipient=b@example.test|dsn=2.0.0"
		"|text=delivered via spamfilter service|relay=spamfilter|delay=500000"
		"|delay_before=40000|delay_queue=0|delay_connect=0|delay_transmit=460000"
		"|status=sent"},
	{"error",
		"4F1D2A3B4C: to=<b@other.example>, relay=none, delay=5, delays=4/1/0/0,"
		" dsn=4.4.1, status=deferred (delivery temporarily suspended: connect to"
		" mx.other.example[192.0.2.25]:25: Connection refused)",
		"event|kind=delivery|qid=4F1D2A3B4C|recipient=b@other.example|dsn=4.4.1"
		"|reason=temp|text=delivery temporarily suspended: connect to"
		" mx.other.example[192.0.2.25]:25: Connection refused|relay=none"
		"|delay=5000000|delay_before=4000000|delay_queue=1000000|delay_connect=0"
		"|delay_transmit=0|status=deferred"},
	{"discard",
		"4F1D2A3B4C: to=<b@bulk.example>, relay=none, delay=0.1, delays=0.1/0/0/0,"
		" dsn=2.0.0, status=sent (bulk.example)",
		"event|kind=delivery|qid=4F1D2A3B4C|recipient=b@bulk.example|dsn=2.0.0"
		"|text=bulk.example|relay=none|delay=100000|delay_before=100000"
		"|delay_queue=0|delay_connect=0|delay_transmit=0|status=sent"},
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

static const struct parser *
parser_of(const char *daemon)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		for (const char *const *name = rows[i]->daemons; *name; name++)
			if (strcmp(*name, daemon) == 0)
				return rows[i];
	return NULL;
}

static void
describe_field(struct buf *out, const struct event *ev, enum field field,
    const struct symbols *symbols)
{
	buf_printf(out, "|%s=", event_fields[field].name);
	switch (event_fields[field].type) {
	case TYPE_TEXT:
	case TYPE_IP:
		buf_str(out, event_text(ev, field, symbols));
		break;
	case TYPE_ENUM:
		buf_printf(out, "%s",
		    event_enum_name(field, (unsigned)event_number(ev, field)));
		break;
	case TYPE_BOOL:
	case TYPE_INT:
	case TYPE_SIZE:
	case TYPE_DURATION:
	case TYPE_MILLI:
	case TYPE_TIME:
	case TYPE_ID:
		buf_printf(out, "%" PRId64, event_number(ev, field));
		break;
	}
}

/* Reads MESSAGE as DAEMON's and describes what came out. */
static void
describe(struct buf *out, const char *daemon, struct str message,
    const struct symbols *symbols)
{
	static const char *const names[] = {
		"event", "ignored", "unknown", "malformed", "foreign"};
	const struct parser *parser = parser_of(daemon);
	enum parse_result result = PARSE_FOREIGN;
	struct event ev;

	/* Whatever is not set must not be looked at. */
	memset(&ev, 0x5a, sizeof(ev));
	ev.known[0] = ev.known[1] = 0;
	ev.line = message.p;
	ev.line_len = (uint32_t)message.len;
	if (parser)
		result = parser->read(message, &ev);
	buf_clear(out);
	buf_printf(out, "%s", names[result]);
	for (unsigned i = 0; result == PARSE_EVENT && i < FIELDS; i++)
		if (event_knows(&ev, (enum field)i))
			describe_field(out, &ev, (enum field)i, symbols);
	buf_char(out, '\0');
}

/* A copy with the 16 readable bytes behind it that parse_line() promises. */
static struct str
padded(const char *message)
{
	static char line[8192];
	size_t len = strlen(message);

	memset(line, ']', sizeof(line));
	memcpy(line, message, len);
	return (struct str){line, len};
}

/*
 * Cutting a line anywhere may lose fields, but never invents an address. Header
 * checks are left out: there the header stands before the client, and a cut right
 * behind a forged end cannot be seen. (What is logged of a header is too short for
 * Postfix or a syslogd to cut there.) postlog's case is no injection at all.
 */
static void
test_cut(const struct symbols *symbols)
{
	struct buf out = BUF_INIT(65536);
	bool forged = false;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct str whole = padded(cases[i].message);

		if (strcmp(cases[i].daemon, "postlog") == 0 ||
		    strstr(cases[i].message, ": header "))
			continue;
		for (size_t len = 0; len < whole.len; len++) {
			describe(&out, cases[i].daemon, str_head(whole, len), symbols);
			if (strstr(out.p, "|ip=203.0.113.6") || strstr(out.p, "|user=admin"))
				forged = ok(false, "cut at %zu: %s", len, cases[i].message);
		}
	}
	ok(!forged, "no cut line names a forged address or user");
	buf_done(&out);
}

/* Where Postfix cuts a message. */
#define MESSAGE_MAX 2000

/* The 2000 bytes after which Postfix stops hide the tail: client and code stay. */
static void
test_long(const struct symbols *symbols)
{
	static const char begin[] =
	    "NOQUEUE: reject: RCPT from unknown[192.0.2.1]: 550 5.1.1 <";
	static const char end[] = "; from=<f@x> to=<g@x> proto=ESMTP helo=<forged>";
	struct buf out = BUF_INIT(65536);
	char line[MESSAGE_MAX + 1];

	memset(line, 'x', sizeof(line));
	memcpy(line, begin, sizeof(begin) - 1);
	memcpy(line + MESSAGE_MAX - (sizeof(end) - 1), end, sizeof(end));
	describe(&out, "smtpd", padded(line), symbols);
	ok(str_starts(buf_view(&out), STR("event|kind=policy|ip=192.0.2.1|name=unknown|"
					  "action=reject|stage=RCPT|code=550|dsn=5.1.1|"
					  "text=")) &&
		!strstr(out.p, "|sender=") && strstr(out.p, "|truncated=1"),
	    "a line of 2000 bytes keeps client and code only");
	buf_done(&out);
}

int
main(void)
{
	struct buf out = BUF_INIT(65536);
	struct symbols symbols;

	hash_init();
	symbols_init(&symbols);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		describe(&out, cases[i].daemon, padded(cases[i].message), &symbols);
		is_text(out.p, out.len - 1, cases[i].expected, cases[i].message);
	}
	test_cut(&symbols);
	test_long(&symbols);
	buf_done(&out);
	symbols_free(&symbols);
	return tap_done();
}
