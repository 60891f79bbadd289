/* SPDX-License-Identifier: Apache-2.0
 *
 * Exim's rarer lines: what it refuses outside of the ACLs, the connection's id of 4.98,
 * next hops as before 4.86, cPanel's own sentences.
 */
#include "parse-kit.h"

#define DATE "2026-11-20 11:49:08"
#define QID DATE " 1xUN76-0005hf-06"

static const struct message_case lines[] = {
	{DATE " temporarily refused connection from (pc) [192.0.2.1]:4711: not in reserve "
	    "list: connected=20 max=20 reserve=5",
	    "event|kind=policy|ip=192.0.2.1|port=4711|helo=pc|action=reject|stage=CONNECT"
	    "|reason=temp|text=not in reserve list: connected=20 max=20 reserve=5"},
	{DATE " temporarily refused connection from mx.b.test [192.0.2.1] (tcp wrappers "
	    "errno=111)",
	    "event|kind=policy|ip=192.0.2.1|name=mx.b.test|action=reject|stage=CONNECT"
	    "|reason=temp|text=(tcp wrappers errno=111)"},
	{DATE " getsockopt() failed from [192.0.2.1]: Connection reset by peer",
	    "event|kind=operational|text=getsockopt() failed from [192.0.2.1]: Connection "
	    "reset by peer|severity=error"},
	{DATE " Error or EOF on input from H=[192.0.2.1]:4711",
	    "event|kind=abort|ip=192.0.2.1|port=4711|action=Error or EOF"},
	{DATE " H=[192.0.2.1]:4711 dropped by 'connect' ACL: listed",
	    "event|kind=policy|ip=192.0.2.1|port=4711|action=reject|stage=CONNECT"
	    "|reason=access|text=listed"},
	{DATE " SMTP connection from [192.0.2.1] (via inetd) closed by QUIT",
	    "event|kind=disconnect|ip=192.0.2.1|text=closed by QUIT"},
	{DATE " SMTP connection Ci=1Ab2 from (pc) [192.0.2.1]:4711 I=[192.0.2.9]:465 D=2s "
	    "closed by QUIT",
	    "event|kind=disconnect|ip=192.0.2.1|port=4711|server_ip=192.0.2.9"
	    "|server_port=465|helo=pc|text=closed by QUIT|seconds=2000000"},
	{DATE " TLS error on connection Ci=1Ab2 from (pc) [192.0.2.1]:4711 (SSL_accept): "
	    "error:0A000126",
	    "event|kind=tls_failure|ip=192.0.2.1|port=4711|helo=pc|reason=tls"
	    "|text=(SSL_accept): error:0A000126"},
	{DATE " unexpected EOF while reading SMTP command from root",
	    "ignored"},
	{DATE " unexpected disconnection while reading SMTP command from mx.b.test (pc) "
	    "[192.0.2.1]:4711 (error: Connection timed out) D=5m1s",
	    "event|kind=abort|ip=192.0.2.1|port=4711|name=mx.b.test|helo=pc"
	    "|action=unexpected disconnection|text=(error: Connection timed out)"
	    "|seconds=301000000"},
	{DATE " SMTP call from H=[192.0.2.1]:4711 dropped: too many syntax or protocol "
	    "errors (last command was \"?\", C=EHLO,AUTH,NOOP)",
	    "event|kind=violation|ip=192.0.2.1|port=4711|action=dropped|reason=protocol"
	    "|text=too many syntax or protocol errors (last command was \"?\", "
	    "C=EHLO,AUTH,NOOP)"},
	{DATE " ETRN #queue received from mx.b.test (pc) [192.0.2.1]",
	    "ignored"},
	{DATE " VRFY failed for <x H=[203.0.113.66]> H=mx.b.test [192.0.2.1]:4711",
	    "ignored"},
	{DATE " [192.0.2.1] SSL verify error: depth=0 error=self signed certificate "
	    "cert=/CN=x",
	    "ignored"},
	{DATE " rejected MAIL command H=(pc) [192.0.2.1]: too many messages in one "
	    "connection",
	    "event|kind=policy|ip=192.0.2.1|helo=pc|action=reject|stage=MAIL|reason=rate"
	    "|text=too many messages in one connection"},
	{DATE " rejected MAIL FROM:<a@b.test> H=(pc) [192.0.2.1]:4711: message too big: "
	    "size=20 max=10",
	    "event|kind=policy|ip=192.0.2.1|port=4711|sender=a@b.test|helo=pc|action=reject"
	    "|stage=MAIL|reason=size|text=message too big: size=20 max=10"},
	{DATE " unqualified sender rejected: <joe> H=(pc) [192.0.2.1]",
	    "event|kind=policy|ip=192.0.2.1|sender=joe|helo=pc|action=reject"
	    "|reason=sender_domain"},
	{DATE " unqualified recipient rejected: <\"a> H=[203.0.113.66]\"> H=(pc) "
	    "[192.0.2.1] (failed to find host name from IP address)",
	    "event|kind=policy|ip=192.0.2.1|recipient=\"a> H=[203.0.113.66]\"|helo=pc"
	    "|action=reject|reason=access"},
	{DATE " too many recipients: message rejected: sender=<a@b.test> H=(pc) [192.0.2.1]",
	    "event|kind=policy|ip=192.0.2.1|sender=a@b.test|helo=pc|action=reject"
	    "|reason=rate"},
	{DATE " too many recipients: excess temporarily rejected: sender=<> H=(pc) "
	    "[192.0.2.1]:99",
	    "event|kind=policy|ip=192.0.2.1|port=99|sender=|helo=pc|action=reject"
	    "|reason=rate"},
	{DATE " temporarily rejected \"EHLO pc\" from [192.0.2.1]",
	    "event|kind=policy|ip=192.0.2.1|helo=pc|action=reject|stage=EHLO|reason=helo"},
	{DATE " rejected \"HELO x\" from [203.0.113.66]\" from (pc) [192.0.2.1]:4711",
	    "event|kind=policy|ip=192.0.2.1|port=4711|helo=pc|action=reject|stage=HELO"
	    "|reason=helo"},
	{DATE " H=(pc) [192.0.2.1] F=<a@b.test> rejected RCPT c@d.test: relay not permitted",
	    "event|kind=policy|ip=192.0.2.1|sender=a@b.test|recipient=c@d.test|helo=pc"
	    "|action=reject|stage=RCPT|reason=relay_denied|text=relay not permitted"},
	{DATE " H=(pc) [192.0.2.1] F=<a@b.test> rejected RCPT <c@d.test> NOTIFY=NEVER: "
	    "relay not permitted",
	    "event|kind=policy|ip=192.0.2.1|sender=a@b.test|recipient=c@d.test|helo=pc"
	    "|action=reject|stage=RCPT|reason=relay_denied|text=relay not permitted"},
	{DATE " H=(pc) [192.0.2.1] rejected MAIL a@b.test: no",
	    "event|kind=policy|ip=192.0.2.1|sender=a@b.test|helo=pc|action=reject|stage=MAIL"
	    "|reason=access|text=no"},
	{QID " H=(pc) [192.0.2.1]:25 rejected DKIM : no",
	    "event|kind=policy|ip=192.0.2.1|port=25|qid=1xUN76-0005hf-06|helo=pc"
	    "|action=reject|reason=access|text=no"},
	{QID " => blackhole (DATA ACL discarded recipients): virus",
	    "event|kind=policy|qid=1xUN76-0005hf-06|action=discard|reason=access"
	    "|text=blackhole (DATA ACL discarded recipients): virus"},
	{QID " overlong message header line received from mx.b.test (pc) [192.0.2.1] (more "
	    "than 1048576 characters): message abandoned",
	    "event|kind=policy|ip=192.0.2.1|name=mx.b.test|qid=1xUN76-0005hf-06|helo=pc"
	    "|action=reject|reason=size|text=(more than 1048576 characters): message "
	    "abandoned"},
	{DATE " U=www F=<www@h.test> rejected RCPT <c@d.test>: no",
	    "event|kind=policy|user=www|sender=www@h.test|recipient=c@d.test|action=reject"
	    "|stage=RCPT|reason=access|text=no"},
	{DATE " H=(pc) [192.0.2.1]:33 F=<> rejected RCPT <x@h.test>: \"JunkMail rejected - "
	    "(pc) [192.0.2.1]:33 is in an RBL: https://bl.test/192.0.2.1\"",
	    "event|kind=policy|ip=192.0.2.1|port=33|sender=|recipient=x@h.test|helo=pc"
	    "|action=reject|stage=RCPT|reason=dnsbl|text=\"JunkMail rejected - (pc) "
	    "[192.0.2.1]:33 is in an RBL: https://bl.test/192.0.2.1\""},
	{DATE " H=(pc) [192.0.2.1] F=<a@b.test> rejected RCPT <x@h.test>: No Such User "
	    "Here\"",
	    "event|kind=policy|ip=192.0.2.1|sender=a@b.test|recipient=x@h.test|helo=pc"
	    "|action=reject|stage=RCPT|reason=unknown_user|text=No Such User Here\""},
	{DATE " H=(pc) [192.0.2.1] F=<a@b.test> rejected RCPT <x@h.test>: 192.0.2.1 is "
	    "blocked by zen.bl.test",
	    "event|kind=policy|ip=192.0.2.1|sender=a@b.test|recipient=x@h.test|helo=pc"
	    "|action=reject|stage=RCPT|reason=dnsbl|list=zen.bl.test|text=192.0.2.1 is "
	    "blocked by zen.bl.test"},
	{DATE " TLS client disconnected cleanly (rejected our certificate?)",
	    "event|kind=tls_failure|reason=tls|text=TLS client disconnected cleanly "
	    "(rejected our certificate?)"},
	{DATE " TLS recv error on connection from [192.0.2.1]: x",
	    "event|kind=tls_failure|ip=192.0.2.1|reason=tls|text=: x"},
	{DATE " SSL_write: (from (pc) [192.0.2.1]:4711) syscall: Connection reset by peer",
	    "event|kind=tls_failure|ip=192.0.2.1|port=4711|helo=pc|reason=tls|text=) "
	    "syscall: Connection reset by peer"},
	{DATE " Sender identification U=joe D=h.test S=joe@h.test",
	    "ignored"},
	{DATE " SMTP connection outbound 1576583046 1xUN76-0005hf-06 h.test joe@d.test",
	    "ignored"},
	{QID " DMARC results: spf_domain=b.test dmarc_domain=b.test",
	    "ignored"},
	{QID " ** c@d.test R=r T=t H=mx.d.test [192.0.2.7] X=TLSv1.2:AES:256 CV=yes "
	    "DN=\"C=US, CN=mx: d\": SMTP error from remote mail server after end of data: "
	    "550 5.7.1 spam",
	    "event|kind=delivery|qid=1xUN76-0005hf-06|recipient=c@d.test|code=550|dsn=5.7.1"
	    "|reason=other|text=SMTP error from remote mail server after end of data: 550 "
	    "5.7.1 spam|relay=mx.d.test|relay_ip=192.0.2.7|status=bounced|tls=TLSv1.2"
	    "|cipher=AES"},
	{QID " == x@y.test R=r T=t defer (110): Connection timed out H=mx.y.test "
	    "[192.0.2.8]:25 DT=2m",
	    "event|kind=delivery|qid=1xUN76-0005hf-06|recipient=x@y.test|reason=temp"
	    "|text=Connection timed out H=mx.y.test [192.0.2.8]:25 DT=2m|relay=mx.y.test"
	    "|relay_ip=192.0.2.8|relay_port=25|status=deferred"},
	{QID " H=mx.d.test [192.0.2.7]: SMTP timeout after EHLO h.test: Connection timed out",
	    "event|kind=remote_note|qid=1xUN76-0005hf-06|text=SMTP timeout after EHLO "
	    "h.test: Connection timed out|relay=mx.d.test|relay_ip=192.0.2.7"},
	{QID " mx.d.test [192.0.2.7]:25 Connection refused",
	    "event|kind=remote_note|qid=1xUN76-0005hf-06|text=Connection refused"
	    "|relay=mx.d.test|relay_ip=192.0.2.7|relay_port=25"},
	{QID " plain authenticator failed H=smtp.d.test [192.0.2.7]:587 535 no",
	    "event|kind=remote_note|qid=1xUN76-0005hf-06|text=535 no|relay=smtp.d.test"
	    "|relay_ip=192.0.2.7|relay_port=587"},
	{QID " x@y.test: error ignored",
	    "ignored"},
	{DATE " queue run: process 12 crashed with signal 11 while delivering "
	    "1xUN76-0005hf-06",
	    "event|kind=operational|text=queue run: process 12 crashed with signal 11 while "
	    "delivering 1xUN76-0005hf-06|severity=error"},
	{DATE ".612 [15057] SMTP connection from [192.0.2.1]:54222 I=[192.0.2.9]:25 "
	    "Ci=15057 (TCP/IP connection count = 1)",
	    "event|kind=connect|ip=192.0.2.1|port=54222|server_ip=192.0.2.9|server_port=25"},
	{DATE ".612 [15057] SMTP syntax error in \"\\026\\003\\002 H=\" "
	    "H=59.192.0.2.scan.test [192.0.2.1]:54222 I=[192.0.2.9]:25 Ci=15057 NUL "
	    "character(s) present (shown as '?')",
	    "event|kind=violation|ip=192.0.2.1|port=54222|name=59.192.0.2.scan.test"
	    "|server_ip=192.0.2.9|server_port=25|action=syntax|reason=protocol"
	    "|text=\\026\\003\\002 H="},
	{DATE ".612 [15057] login authenticator failed for H=(pc) [192.0.2.1]:4711 "
	    "I=[192.0.2.9]:587 Ci=15057: 535 Incorrect authentication data (set_id=joe)",
	    "event|kind=auth_failure|ip=192.0.2.1|port=4711|server_ip=192.0.2.9"
	    "|server_port=587|user=joe|mechanism=login|helo=pc|code=535|text=Incorrect "
	    "authentication data"},
	{DATE ".612 [15057] login authenticator failed for (pc) [192.0.2.1]:4711 "
	    "I=[192.0.2.9]:587 Ci=15057 U=x: 535 Incorrect authentication data (set_id=joe)",
	    "event|kind=auth_failure|ip=192.0.2.1|port=4711|server_ip=192.0.2.9"
	    "|server_port=587|user=joe|mechanism=login|helo=pc|code=535|text=Incorrect "
	    "authentication data"},
	{DATE ".612 [15057] login authenticator failed for (pc) [192.0.2.1]:4711 U=x "
	    "Ci=15057: 535 Incorrect authentication data (set_id=joe)",
	    "event|kind=auth_failure|ip=192.0.2.1|port=4711|user=joe|mechanism=login|helo=pc"
	    "|code=535|text=Incorrect authentication data"},
	{DATE ".612 [15057] H=(pc) [192.0.2.1]:4711 I=[192.0.2.9]:25 Ci=15057 F=<a@b.test> "
	    "rejected RCPT <c@d.test>: relay not permitted",
	    "event|kind=policy|ip=192.0.2.1|port=4711|server_ip=192.0.2.9|server_port=25"
	    "|sender=a@b.test|recipient=c@d.test|helo=pc|action=reject|stage=RCPT"
	    "|reason=relay_denied|text=relay not permitted"},
	{DATE ".612 [15057] no MAIL in SMTP connection from [192.0.2.1]:4711 "
	    "I=[192.0.2.9]:25 Ci=15057 D=10s",
	    "event|kind=disconnect|ip=192.0.2.1|port=4711|server_ip=192.0.2.9|server_port=25"
	    "|seconds=10000000"},
	{DATE ".612 [15057] SMTP call from [192.0.2.1]:4711 I=[192.0.2.9]:25 Ci=15057 "
	    "dropped: too many syntax or protocol errors (last command was \"?\", C=EHLO)",
	    "event|kind=violation|ip=192.0.2.1|port=4711|server_ip=192.0.2.9|server_port=25"
	    "|action=dropped|reason=protocol|text=too many syntax or protocol errors (last "
	    "command was \"?\", C=EHLO)"},
	{DATE ".612 [15057] 1xUN76-0000000000C-0000 <= a@b.test H=(pc) [192.0.2.1]:4711 "
	    "I=[192.0.2.9]:25 Ci=15057 P=esmtps L X=TLS1.3:TLS_AES_256_GCM_SHA384:256 CV=no "
	    "SNI=\"mx\" S=123",
	    "event|kind=accept|ip=192.0.2.1|port=4711|server_ip=192.0.2.9|server_port=25"
	    "|qid=1xUN76-0000000000C-0000|sender=a@b.test|helo=pc|proto=esmtps|size=123"
	    "|tls=TLS1.3|cipher=TLS_AES_256_GCM_SHA384"},
	{"Nov 20 11:49:08 h exim[12]: dovecot_login \tauthenticator failed for (User) "
	    "[192.0.2.1]: 535 Incorrect authentication data (set_id=joe)",
	    "event|kind=auth_failure|ip=192.0.2.1|user=joe|mechanism=dovecot_login|helo=User"
	    "|code=535|text=Incorrect authentication data"},
	{"2026-11-20T11:49:08.263+00:00 info exim[8001]: [8001] SMTP connection Ci=8001 "
	    "from (User) [192.0.2.1]:20042 I=[192.0.2.9]:25 D=0.149s closed by QUIT",
	    "event|kind=disconnect|ip=192.0.2.1|port=20042|server_ip=192.0.2.9"
	    "|server_port=25|helo=User|text=closed by QUIT|seconds=149000"},
};

int
main(void)
{
	struct parse_kit kit = kit_new();

	KIT_DECEPTIVE(&kit, NULL, lines);
	kit_free(&kit);
	return tap_done();
}
