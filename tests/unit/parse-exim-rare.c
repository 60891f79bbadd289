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
	    "event|kind=tls_failure|ip=192.0.2.1|reason=tls|text=x"},
	{DATE " SSL_write: (from (pc) [192.0.2.1]:4711) syscall: Connection reset by peer",
	    "event|kind=tls_failure|ip=192.0.2.1|port=4711|helo=pc|reason=tls|text="
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
	    "|relay_ip=192.0.2.8|relay_port=25|delay_transmit=120000000|status=deferred"},
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
	{QID " == c@d.test R=r T=t defer (-44) H=mta5.d.test [192.0.2.7] "
	    "X=TLSv1.2:ECDHE-RSA-AES128-GCM-SHA256:128 CV=yes DN=\"CN=x\": SMTP error from "
	    "remote mail server after MAIL FROM:<a@b.test> SIZE=5000: 421 4.7.0 [TSS04] "
	    "later",
	    "event|kind=delivery|qid=1xUN76-0005hf-06|recipient=c@d.test|code=421|dsn=4.7.0"
	    "|reason=temp|text=SMTP error from remote mail server after MAIL "
	    "FROM:<a@b.test> SIZE=5000: 421 4.7.0 [TSS04] later|relay=mta5.d.test"
	    "|relay_ip=192.0.2.7|status=deferred|tls=TLSv1.2"
	    "|cipher=ECDHE-RSA-AES128-GCM-SHA256"},
	{QID " == c@d.test R=r defer (-1): \"Domain h.test has exceeded the max emails per "
	    "hour (150/150 (100%)) allowed.  Message will be reattempted later\"",
	    "event|kind=delivery|qid=1xUN76-0005hf-06|recipient=c@d.test|reason=rate"
	    "|text=\"Domain h.test has exceeded the max emails per hour (150/150 (100%)) "
	    "allowed.  Message will be reattempted later\"|status=deferred"},
	{DATE " H=(pc) [192.0.2.1]:33 F=<a@b.test> rejected RCPT <c@d.test>: Please turn on "
	    "SMTP Authentication in your mail client.  (pc) [192.0.2.1]:33 is not permitted "
	    "to relay through this server without authentication.",
	    "event|kind=policy|ip=192.0.2.1|port=33|sender=a@b.test|recipient=c@d.test"
	    "|helo=pc|action=reject|stage=RCPT|reason=relay_denied|text=Please turn on SMTP "
	    "Authentication in your mail client.  (pc) [192.0.2.1]:33 is not permitted to "
	    "relay through this server without authentication."},
	{DATE " H=mx.b.test [192.0.2.1]:34 F=<a@b.test> rejected RCPT <c@d.test>: mx.b.test "
	    "[192.0.2.1]:34 is currently not permitted to relay through this server. "
	    "Perhaps you have not logged in",
	    "event|kind=policy|ip=192.0.2.1|port=34|name=mx.b.test|sender=a@b.test"
	    "|recipient=c@d.test|action=reject|stage=RCPT|reason=relay_denied"
	    "|text=mx.b.test [192.0.2.1]:34 is currently not permitted to relay through "
	    "this server. Perhaps you have not logged in"},
	{DATE " H=(pc) [192.0.2.1]:33 F=<a@b.test> rejected RCPT <c@d.test>: Access denied "
	    "- Invalid HELO name (See RFC2821 4.1.1.1)",
	    "event|kind=policy|ip=192.0.2.1|port=33|sender=a@b.test|recipient=c@d.test"
	    "|helo=pc|action=reject|stage=RCPT|reason=helo|text=Access denied - Invalid "
	    "HELO name (See RFC2821 4.1.1.1)"},
	{QID " ** nouser@h.test R=virtual_aliases: \"No such person at this address\"",
	    "event|kind=delivery|qid=1xUN76-0005hf-06|recipient=nouser@h.test"
	    "|reason=unknown_user|text=\"No such person at this address\"|status=bounced"},
	{QID " <= a@b.test H=(x) [192.0.2.1] P=esmtpa A=p:boss S=1 y) [192.0.2.1] P=esmtp "
	    "S=2",
	    "event|kind=accept|ip=192.0.2.1|qid=1xUN76-0005hf-06|sender=a@b.test|helo=x"},
	{DATE " H=(x) [192.0.2.1] F=<> A=p:boss rejected RCPT <c@d.test>: y) [192.0.2.1] "
	    "rejected AUTH LOGIN: no",
	    "event|kind=policy|ip=192.0.2.1|sender=|recipient=c@d.test|helo=x|action=reject"
	    "|stage=RCPT|reason=access|text=y) [192.0.2.1] rejected AUTH LOGIN: no"},
	/* A next hop that stands there already is not told anew by what it says. */
	{QID " ** c@d.test R=r T=t H=mx.d.test [192.0.2.7]: SMTP error from remote mail "
	    "server after RCPT TO:<c@d.test>: host evil [203.0.113.66]: 550 5.1.1 no",
	    "event|kind=delivery|qid=1xUN76-0005hf-06|recipient=c@d.test|reason=other"
	    "|text=SMTP error from remote mail server after RCPT TO:<c@d.test>: host evil "
	    "[203.0.113.66]: 550 5.1.1 no|relay=mx.d.test|relay_ip=192.0.2.7|status=bounced"},
	{DATE " no MAIL in SMTP connection from (x) [192.0.2.1] D=0s A=p:boss y) "
	    "[192.0.2.1] D=1s C=EHLO,QUIT",
	    "malformed"},
	{DATE " no MAIL in SMTP connection from (User) [192.0.2.1]:33 D=1s "
	    "A=dovecot_login:joe@h.test C=EHLO,AUTH,QUIT",
	    "event|kind=auth_success|ip=192.0.2.1|port=33|user=joe@h.test"
	    "|mechanism=dovecot_login|helo=User|commands=EHLO,AUTH,QUIT|seconds=1000000"},
	{DATE " plain authenticator failed for (x) [192.0.2.1]: 501 Authentication "
	    "cancelled y) [192.0.2.1]: 535 Incorrect authentication data",
	    "event|kind=auth_failure|ip=192.0.2.1|mechanism=plain|helo=x|text=(x) "
	    "[192.0.2.1]: 501 Authentication cancelled y) [192.0.2.1]: 535 Incorrect "
	    "authentication data"},
	{QID " SA: Action: permanently rejected message: score=10.3 required=5.0 (scanned "
	    "in 3/3 secs | Message-Id: 1@a.test). From <a@b.test> (host=mx.b.test "
	    "[192.0.2.1]) for c@d.test",
	    "event|kind=spam_verdict|ip=192.0.2.1|name=mx.b.test|qid=1xUN76-0005hf-06"
	    "|sender=a@b.test|action=permanently rejected message|msgid=1@a.test"
	    "|verdict=spam|score=10300"},
	{QID " SA: Action: silently tossed message: score=13.7 required=5.0 trigger=5.0 "
	    "(scanned in 5/5 secs | Message-Id: 1@a.test). From <> (host=NULL "
	    "[2001:db8::1]) for c@d.test, e@d.test",
	    "event|kind=spam_verdict|ip=2001:db8::1|qid=1xUN76-0005hf-06|sender="
	    "|action=silently tossed message|msgid=1@a.test|verdict=spam|score=13700"},
	{QID " SA: Action: flagged as Spam but accepted: score=5.0 required=5.0 (scanned in "
	    "5/5 secs | Message-Id: 1@a.test). From <a@b.test> (host=[192.0.2.1]) for "
	    "c@d.test",
	    "event|kind=spam_verdict|ip=192.0.2.1|qid=1xUN76-0005hf-06|sender=a@b.test"
	    "|action=flagged as Spam but accepted|msgid=1@a.test|verdict=spam|score=5000"},
	{QID " SA: Action: scanned but message isn't spam: score=-0.1 required=5.0 (scanned "
	    "in 3/3 secs | Message-Id: 1@a.test). From <a@b.test> (host=mx.b.test "
	    "[192.0.2.1]) for c@d.test",
	    "event|kind=spam_verdict|ip=192.0.2.1|name=mx.b.test|qid=1xUN76-0005hf-06"
	    "|sender=a@b.test|action=scanned but message isn't spam|msgid=1@a.test"
	    "|verdict=clean|score=-100"},
	/* Message-Id, sender and recipients are the client's. */
	{QID " SA: Action: silently tossed message: score=9.0 required=5.0 (scanned in 5/5 "
	    "secs | Message-Id: 1@a.test). From <x@b.test> (host=x [203.0.113.6]) for y). "
	    "From <a@b.test> (host=mx.b.test [192.0.2.1]) for c@d.test",
	    "event|kind=spam_verdict|qid=1xUN76-0005hf-06|action=silently tossed message"
	    "|verdict=spam|score=9000"},
	{QID " SA: Action: Not running SA because SAEximRunCond expanded to false "
	    "(Message-Id: 1@a.test). From <a@b.test> (host=x [192.0.2.1]) for c@d.test",
	    "ignored"},
	{QID " SA: Debug: SAEximRunCond expand returned: 'true'", "ignored"},
	{QID " DANE attempt failed; TLS connection to mx.d.test [192.0.2.7]: (certificate "
	    "verification failed)",
	    "event|kind=tls_failure|qid=1xUN76-0005hf-06|reason=tls|text=DANE attempt "
	    "failed; TLS connection to mx.d.test [192.0.2.7]: (certificate verification "
	    "failed)"},
	{QID " H=mx.d.test [192.0.2.7] DANE attempt failed; TLS connection to mx.d.test "
	    "[192.0.2.7]: (SSL_connect): x",
	    "event|kind=tls_failure|qid=1xUN76-0005hf-06|reason=tls|text=DANE attempt "
	    "failed; TLS connection to mx.d.test [192.0.2.7]: (SSL_connect): "
	    "x|relay=mx.d.test|relay_ip=192.0.2.7"},
	{QID " SMTP connection identification D=h.test O=joe@h.test E=c@d.test "
	    "M=1xUN76-0005hf-06 U=joe ID=1000 B=redirect_resolver", "ignored"},
	{QID " Sender identification D=h.test S=joe@h.test", "ignored"},
	{QID " From: header (rewritten was: [joe@h.test], actual sender is not the same "
	    "system user) original=[joe@h.test] actual_sender=[joe@mx.h.test]", "ignored"},
	{DATE " list matching forced to fail: failed to find host name for 192.0.2.1",
	    "ignored"},
	{QID " User 0 set for local_delivery transport is on the never_users list",
	    "event|kind=operational|qid=1xUN76-0005hf-06|text=User 0 set for "
	    "local_delivery transport is on the never_users list|severity=error"},
	{"Nov 20 11:49:08 h exim[2098]: exim: could not open panic log - aborting: see "
	    "message(s) above",
	    "event|kind=operational|text=exim: could not open panic log - aborting: see "
	    "message(s) above|severity=fatal"},
	{DATE " TLS recv error on connection from (pc) [192.0.2.1]:33: Error in the pull "
	    "function.",
	    "event|kind=tls_failure|ip=192.0.2.1|port=33|helo=pc|reason=tls|text=Error in "
	    "the pull function."},
};

int
main(void)
{
	struct parse_kit kit = kit_new();

	KIT_DECEPTIVE(&kit, NULL, lines);
	kit_free(&kit);
	return tap_done();
}
