/* SPDX-License-Identifier: Apache-2.0
 *
 * Exim's lines: every sort, in files and through syslog, and what outsiders may
 * write into them.
 */
#include "parse-kit.h"

#define DATE "2026-11-20 11:49:08"
#define SYSLOG "Nov 20 11:49:08 h exim[12]: "

static const struct message_case lines[] = {
	{DATE " 1xUN76-0005hf-06 <= bob@corp.example H=(client.example) [192.0.2.1] "
	    "P=esmtpa A=plain_server:bob S=246 id=a1@corp.example",
	    "event|kind=accept|ip=192.0.2.1|qid=1xUN76-0005hf-06|user=bob"
	    "|mechanism=plain_server|sender=bob@corp.example|helo=client.example"
	    "|proto=esmtpa|size=246|msgid=a1@corp.example"},
	{DATE ".516 [22098] 1xUN7E-0005kQ-0j <= bob@corp.example H=(client.example) "
	    "[192.0.2.1]:33932 I=[192.0.2.9]:52525 P=esmtpa L.- A=plain_server:bob S=257 "
	    "M8S=0 RT=0.002s id=a1@x.test T=\"hello \\\"U=root\\\" P=x\" from "
	    "<bob@corp.example> for x@d.test y@d.test",
	    "event|kind=accept|ip=192.0.2.1|port=33932|server_ip=192.0.2.9"
	    "|server_port=52525|qid=1xUN7E-0005kQ-0j|user=bob|mechanism=plain_server"
	    "|sender=bob@corp.example|helo=client.example|proto=esmtpa|size=257|nrcpt=2"
	    "|msgid=a1@x.test|seconds=2000"},
	{DATE " +0200 10HmaX-000000005vi-0000 <= a@b.test H=mx.b.test (pc) "
	    "[2001:db8::1]:4711 I=[2001:db8::9]:25 P=esmtpsa L "
	    "X=TLS1.3:TLS_AES_256_GCM_SHA384:256 CV=no SNI=h.test "
	    "A=plain_server:joe:joe@b.test PRDR K S=1200 M8S=8 DKIM=b.test Q=slow "
	    "id=1@b.test for c@d.test",
	    "event|kind=accept|ip=2001:db8::1|port=4711|name=mx.b.test"
	    "|server_ip=2001:db8::9|server_port=25|qid=10HmaX-000000005vi-0000|user=joe"
	    "|mechanism=plain_server|sender=a@b.test|helo=pc|proto=esmtpsa|size=1200"
	    "|nrcpt=1|tls=TLS1.3|cipher=TLS_AES_256_GCM_SHA384|msgid=1@b.test"},
	{DATE " 1xUN76-0005hf-06 <= root@mx.test U=root P=local S=326",
	    "event|kind=submitted|qid=1xUN76-0005hf-06|user=root|sender=root@mx.test"
	    "|proto=local|size=326"},
	{DATE " 1xUN76-0005hf-06 <= <> R=1xUN76-0005hn-0n U=Debian-exim P=local S=1494 "
	    "for a@b.test",
	    "event|kind=submitted|qid=1xUN76-0005hf-06|user=Debian-exim|sender="
	    "|proto=local|size=1494|nrcpt=1|orig_qid=1xUN76-0005hn-0n"},
	{DATE " 10HmaX-000000005vj-0000 <= <> R=10HmaX-000000005vi-0000 U=Debian-exim P=local "
	    "S=1494",
	    "event|kind=submitted|qid=10HmaX-000000005vj-0000|user=Debian-exim|sender="
	    "|proto=local|size=1494|orig_qid=10HmaX-000000005vi-0000"},
	{DATE " 1xUN76-0005hf-06 <= <> R=about-joe@h.test U=joe P=local S=1494",
	    "event|kind=submitted|qid=1xUN76-0005hf-06|user=joe|sender="
	    "|proto=local|size=1494"},
	{DATE " 1xUN76-0005hf-06 <= <> H=mx.b.test [192.0.2.1] P=esmtp S=1 "
	    "id*=E1xUN76@h.test",
	    "event|kind=accept|ip=192.0.2.1|name=mx.b.test|qid=1xUN76-0005hf-06|sender="
	    "|proto=esmtp|size=1|msgid=E1xUN76@h.test"},
	{DATE " 1xUN76-0005hf-06 (= a@b.test H=(x) [192.0.2.1] P=smtp S=33",
	    "event|kind=accept|ip=192.0.2.1|qid=1xUN76-0005hf-06|sender=a@b.test|helo=x"
	    "|proto=smtp|size=33"},
	{SYSLOG "1xUN76-0005hf-06 <= a@b.test H=(x) [192.0.2.1] P=smtp S=33",
	    "event|kind=accept|ip=192.0.2.1|qid=1xUN76-0005hf-06|sender=a@b.test|helo=x"
	    "|proto=smtp|size=33"},
	{SYSLOG DATE " 1xUN76-0005hf-06 <= a@b.test H=(x) [192.0.2.1] P=smtp S=33",
	    "event|kind=accept|ip=192.0.2.1|qid=1xUN76-0005hf-06|sender=a@b.test|helo=x"
	    "|proto=smtp|size=33"},
	{SYSLOG "[12] 1xUN76-0005hf-06 <= a@b.test H=(x) [192.0.2.1] P=smtp S=33",
	    "event|kind=accept|ip=192.0.2.1|qid=1xUN76-0005hf-06|sender=a@b.test|helo=x"
	    "|proto=smtp|size=33"},
	{DATE " 1xUN76-0005hf-06 => c@d.test R=dnslookup T=remote_smtp H=mx.d.test "
	    "[192.0.2.7]:25 I=[192.0.2.9]:5000 X=TLS1.3:TLS_AES_256_GCM_SHA384:256 CV=yes "
	    "DN=\"C=XX,CN=mx\" A=plain K C=\"250 2.0.0 Ok: \\\"queued\\\" QT=9s\" QT=1m2s "
	    "DT=0.5s",
	    "event|kind=delivery|qid=1xUN76-0005hf-06|recipient=c@d.test|code=250"
	    "|dsn=2.0.0|text=250 2.0.0 Ok: \\\"queued\\\" QT=9s|relay=mx.d.test"
	    "|relay_ip=192.0.2.7|relay_port=25|delay=62000000|delay_transmit=500000"
	    "|status=sent|tls=TLS1.3|cipher=TLS_AES_256_GCM_SHA384"},
	{DATE " 1xUN76-0005hf-06 -> c@d.test R=r T=t H=192.0.2.250 [192.0.2.250]* "
	    "C=\"250 OK\"",
	    "event|kind=delivery|qid=1xUN76-0005hf-06|recipient=c@d.test|code=250"
	    "|text=250 OK|relay=192.0.2.250|relay_ip=192.0.2.250|status=sent"},
	{DATE " 1xUN76-0005hf-06 => joe <joe@h.test> R=localuser T=local_delivery",
	    "event|kind=delivery|qid=1xUN76-0005hf-06|recipient=joe@h.test"
	    "|relay=local_delivery|status=sent"},
	{DATE " 1xUN76-0005hf-06 => joe@h.test <list@h.test> F=<a@b.test> P=<a@b.test> "
	    "R=localuser T=local_delivery S=1300",
	    "event|kind=delivery|qid=1xUN76-0005hf-06|sender=a@b.test"
	    "|recipient=joe@h.test|orig_recipient=list@h.test|size=1300"
	    "|relay=local_delivery|status=sent"},
	{DATE " 1xUN76-0005hf-06 => joe@h.test (mid@h.test, mid2@h.test) <list@h.test> "
	    "R=localuser T=t",
	    "event|kind=delivery|qid=1xUN76-0005hf-06|recipient=joe@h.test"
	    "|orig_recipient=list@h.test|relay=t|status=sent"},
	{DATE " 1xUN76-0005hf-06 => |/usr/bin/filter a b <list@h.test> R=pipe "
	    "T=address_pipe",
	    "event|kind=delivery|qid=1xUN76-0005hf-06|recipient=list@h.test"
	    "|relay=address_pipe|status=sent"},
	{DATE " 1xUN76-0005hf-06 => :blackhole: <hole@d.example> R=bh",
	    "event|kind=delivery|qid=1xUN76-0005hf-06|recipient=hole@d.example"
	    "|status=sent"},
	{DATE " 1xUN76-0005hf-06 >> c@d.test R=r T=t H=mx.d.test [192.0.2.7] C=\"250 "
	    "OK\"",
	    "event|kind=delivery|qid=1xUN76-0005hf-06|recipient=c@d.test|code=250"
	    "|text=250 OK|relay=mx.d.test|relay_ip=192.0.2.7|status=sent"},
	{DATE " 1xUN76-0005hf-06 *> c@d.test R=r T=t",
	    "event|kind=delivery|qid=1xUN76-0005hf-06|recipient=c@d.test|relay=t"
	    "|status=sent"},
	{DATE " 1xUN76-0005hf-06 ** fail@d.example R=fl: no such mailbox",
	    "event|kind=delivery|qid=1xUN76-0005hf-06|recipient=fail@d.example"
	    "|reason=other|text=no such mailbox|status=bounced"},
	{DATE " 1xUN76-0005hf-06 ** x@y.test: Unrouteable address",
	    "event|kind=delivery|qid=1xUN76-0005hf-06|recipient=x@y.test"
	    "|reason=unknown_user|text=Unrouteable address|status=bounced"},
	{DATE " 1xUN76-0005hf-06 ** x@y.test F=<a@b.test> R=r T=t H=mx.y.test "
	    "[192.0.2.8]: SMTP error from remote mail server after RCPT TO:<x@y.test>: 550 "
	    "5.1.1 no",
	    "event|kind=delivery|qid=1xUN76-0005hf-06|sender=a@b.test|recipient=x@y.test"
	    "|code=550|dsn=5.1.1|reason=unknown_user|text=SMTP error from remote mail "
	    "server after RCPT TO:<x@y.test>: 550 5.1.1 no|relay=mx.y.test"
	    "|relay_ip=192.0.2.8|status=bounced"},
	{DATE " 1xUN76-0005hf-06 ** x@y.test R=r T=t: SMTP error from remote mail "
	    "server after pipelined RCPT TO:<x@y.test> SIZE=1: host mx.y.test [192.0.2.8]: "
	    "552-5.2.2 full\\n552 5.2.2 full",
	    "event|kind=delivery|qid=1xUN76-0005hf-06|recipient=x@y.test|code=552"
	    "|dsn=5.2.2|reason=quota|text=SMTP error from remote mail server after "
	    "pipelined RCPT TO:<x@y.test> SIZE=1: host mx.y.test [192.0.2.8]: 552-5.2.2 "
	    "full\\n552 5.2.2 full|relay=mx.y.test|relay_ip=192.0.2.8|status=bounced"},
	{DATE " 1xUN76-0005hf-06 == defer@d.example R=df defer (-1): later",
	    "event|kind=delivery|qid=1xUN76-0005hf-06|recipient=defer@d.example"
	    "|reason=temp|text=later|status=deferred"},
	{DATE " 1xUN76-0005hf-06 == x@y.test routing defer (-51): retry time not reached",
	    "event|kind=delivery|qid=1xUN76-0005hf-06|recipient=x@y.test|reason=temp"
	    "|text=retry time not reached|status=deferred"},
	{DATE " 1xUN76-0005hf-06 == x@y.test R=r T=t defer (-44) H=mx.y.test "
	    "[192.0.2.8]:25: SMTP error from remote mail server after end of data: 451 "
	    "4.3.0 later",
	    "event|kind=delivery|qid=1xUN76-0005hf-06|recipient=x@y.test|code=451"
	    "|dsn=4.3.0|reason=temp|text=SMTP error from remote mail server after end of "
	    "data: 451 4.3.0 later|relay=mx.y.test|relay_ip=192.0.2.8|relay_port=25"
	    "|status=deferred"},
	{DATE " 1xUN76-0005hf-06 == x@y.test R=r T=t defer (111): Connection refused "
	    "H=mx.y.test [192.0.2.8]",
	    "event|kind=delivery|qid=1xUN76-0005hf-06|recipient=x@y.test|reason=temp"
	    "|text=Connection refused H=mx.y.test [192.0.2.8]|relay=mx.y.test"
	    "|relay_ip=192.0.2.8|status=deferred"},
	{DATE " 1xUN76-0005hf-06 == x@y.test R=r T=t defer (111): Connection refused",
	    "event|kind=delivery|qid=1xUN76-0005hf-06|recipient=x@y.test|reason=temp"
	    "|text=Connection refused|relay=t|status=deferred"},
	{DATE " 1xUN76-0005hf-06 Completed",
	    "event|kind=removed|qid=1xUN76-0005hf-06"},
	{DATE " 1xUN76-0005hf-06 Completed QT=1d2h3m4s",
	    "event|kind=removed|qid=1xUN76-0005hf-06|delay=93784000000"},
	{DATE " 1xUN76-0005hf-06 H=mx.d.test [192.0.2.7]:25 Connection refused",
	    "event|kind=remote_note|qid=1xUN76-0005hf-06|text=Connection refused"
	    "|relay=mx.d.test|relay_ip=192.0.2.7|relay_port=25"},
	{DATE " 1xUN76-0005hf-06 H=mx.d.test [192.0.2.7] SMTP error from remote mail "
	    "server after RCPT TO:<c@d.test>: 450 F=<x@y> rejected RCPT <z@w>: y",
	    "event|kind=remote_note|qid=1xUN76-0005hf-06|text=SMTP error from remote "
	    "mail server after RCPT TO:<c@d.test>: 450 F=<x@y> rejected RCPT <z@w>: y"
	    "|relay=mx.d.test|relay_ip=192.0.2.7"},
	{DATE " 1xUN76-0005hf-06 SMTP error from remote mail server after initial "
	    "connection: host mx.d.test [192.0.2.7]: 421 no",
	    "event|kind=remote_note|qid=1xUN76-0005hf-06|text=SMTP error from remote "
	    "mail server after initial connection: host mx.d.test [192.0.2.7]: 421 no"
	    "|relay=mx.d.test|relay_ip=192.0.2.7"},
	{DATE " 1xUN76-0005hf-06 H=mx.d.test [192.0.2.7] TLS error on connection "
	    "(gnutls_handshake): no",
	    "event|kind=tls_failure|qid=1xUN76-0005hf-06|reason=tls|text=TLS error on "
	    "connection (gnutls_handshake): no|relay=mx.d.test|relay_ip=192.0.2.7"},
	{DATE " 1xUN76-0005hf-06 Message is frozen",
	    "event|kind=operational|qid=1xUN76-0005hf-06|text=Message is frozen"},
	{DATE " 1xUN76-0005hf-06 frozen by ACL",
	    "event|kind=operational|qid=1xUN76-0005hf-06|text=frozen by ACL"},
	{DATE " 1xUN76-0005hf-06 no immediate delivery: queued by ACL",
	    "ignored"},
	{DATE " H=([192.0.2.99]) [192.0.2.1] F=<a@b.example> rejected RCPT "
	    "<v@relay.example>: relay not permitted",
	    "event|kind=policy|ip=192.0.2.1|sender=a@b.example|recipient=v@relay.example"
	    "|helo=[192.0.2.99]|action=reject|stage=RCPT|reason=relay_denied|text=relay "
	    "not permitted"},
	{DATE " H=mx.b.test (pc) [192.0.2.1]:4711 I=[192.0.2.9]:25 "
	    "X=TLS1.2:ECDHE-RSA-AES256-GCM-SHA384:256 CV=no F=<> A=plain_server:joe "
	    "temporarily rejected RCPT <v@d.test>: greylisted",
	    "event|kind=policy|ip=192.0.2.1|port=4711|name=mx.b.test|server_ip=192.0.2.9"
	    "|server_port=25|user=joe|mechanism=plain_server|sender=|recipient=v@d.test"
	    "|helo=pc|action=reject|stage=RCPT|reason=greylist|text=greylisted|tls=TLS1.2"
	    "|cipher=ECDHE-RSA-AES256-GCM-SHA384"},
	{DATE " H=[2001:db8::1] rejected connection in \"connect\" ACL: too busy",
	    "event|kind=policy|ip=2001:db8::1|action=reject|stage=CONNECT|reason=access"
	    "|text=too busy"},
	{DATE " H=(a) [192.0.2.1] rejected EHLO or HELO evil.test: bad helo",
	    "event|kind=policy|ip=192.0.2.1|helo=a|action=reject|stage=EHLO|reason=helo"
	    "|text=bad helo"},
	{DATE " H=(a) [192.0.2.1] rejected MAIL <a@b.test>: no",
	    "event|kind=policy|ip=192.0.2.1|sender=a@b.test|helo=a|action=reject"
	    "|stage=MAIL|reason=access|text=no"},
	{DATE " H=(a) [192.0.2.1] rejected AUTH LOGIN: no",
	    "event|kind=policy|ip=192.0.2.1|helo=a|action=reject|stage=AUTH|reason=access"
	    "|text=no"},
	{DATE " H=(a) [192.0.2.1] F=<a@b.test> rejected DATA: no",
	    "event|kind=policy|ip=192.0.2.1|sender=a@b.test|helo=a|action=reject"
	    "|stage=DATA|reason=access|text=no"},
	{DATE " H=(a) [192.0.2.1] rejected VRFY joe: no",
	    "event|kind=policy|ip=192.0.2.1|helo=a|action=reject|stage=VRFY|reason=access"
	    "|text=no"},
	{DATE " H=(a) [192.0.2.1] F=<a@b.test> rejected RCPT <c@d.test>: 192.0.2.1 is "
	    "listed at bl1.test",
	    "event|kind=policy|ip=192.0.2.1|sender=a@b.test|recipient=c@d.test|helo=a"
	    "|action=reject|stage=RCPT|reason=dnsbl|list=bl1.test|text=192.0.2.1 is "
	    "listed at bl1.test"},
	{DATE " H=(a) [192.0.2.1] F=<a@b.test> rejected RCPT <c@d.test>: rejected "
	    "because 192.0.2.1 is in a black list at bl2.test",
	    "event|kind=policy|ip=192.0.2.1|sender=a@b.test|recipient=c@d.test|helo=a"
	    "|action=reject|stage=RCPT|reason=dnsbl|list=bl2.test|text=rejected because "
	    "192.0.2.1 is in a black list at bl2.test"},
	{DATE " H=(a) [192.0.2.1] F=<a@b.test> rejected RCPT <c@d.test>: Sender verify "
	    "failed",
	    "event|kind=policy|ip=192.0.2.1|sender=a@b.test|recipient=c@d.test|helo=a"
	    "|action=reject|stage=RCPT|reason=sender_domain|text=Sender verify failed"},
	{DATE " H=(a) [192.0.2.1] F=<a@b.test> rejected RCPT <c@d.test>",
	    "event|kind=policy|ip=192.0.2.1|sender=a@b.test|recipient=c@d.test|helo=a"
	    "|action=reject|stage=RCPT|reason=access"},
	{DATE " 1xUN76-0005hf-06 H=(pc) [192.0.2.1]:25 F=<s@isp.test> rejected after "
	    "DATA: no pills",
	    "event|kind=policy|ip=192.0.2.1|port=25|qid=1xUN76-0005hf-06"
	    "|sender=s@isp.test|helo=pc|action=reject|stage=after DATA|reason=access"
	    "|text=no pills"},
	{DATE " H=(a) [192.0.2.1] sender verify fail for <a@b.test>: Unrouteable address",
	    "event|kind=policy|ip=192.0.2.1|sender=a@b.test|helo=a|action=sender verify"
	    "|reason=sender_domain|text=Unrouteable address"},
	{DATE " H=(a) [192.0.2.1] sender verify defer for <a@b.test>: host lookup did "
	    "not complete",
	    "event|kind=policy|ip=192.0.2.1|sender=a@b.test|helo=a|action=sender verify"
	    "|reason=sender_domain|text=host lookup did not complete"},
	{DATE " H=(a) [192.0.2.1] F=<a@b.test> RCPT <c@d.test>: discarded by RCPT ACL: "
	    "no",
	    "event|kind=policy|ip=192.0.2.1|sender=a@b.test|recipient=c@d.test|helo=a"
	    "|action=discard|stage=RCPT|reason=access|text=no"},
	{DATE " H=(a) [192.0.2.1] Warning: sender rate 9.0 / 1h",
	    "event|kind=policy|ip=192.0.2.1|helo=a|action=Warning|text=sender rate 9.0 / "
	    "1h"},
	{DATE " H=(a) [192.0.2.1] incomplete transaction (RSET) from <a@b.test> for "
	    "c@d.test",
	    "event|kind=abort|ip=192.0.2.1|sender=a@b.test|helo=a|action=incomplete "
	    "transaction|text=RSET"},
	{DATE " 1xUN76-0005hf-06 F=a@b.test H=(x) [192.0.2.1] P=esmtp temporarily "
	    "rejected by local_scan(): later",
	    "event|kind=policy|ip=192.0.2.1|qid=1xUN76-0005hf-06|sender=a@b.test|helo=x"
	    "|action=reject|reason=temp|text=later"},
	{DATE " 1xUN76-0005hf-06 F=<a@b.test> rejected by non-SMTP ACL: no",
	    "event|kind=policy|qid=1xUN76-0005hf-06|sender=a@b.test|action=reject"
	    "|reason=access|text=no"},
	{DATE " rejected EHLO from [192.0.2.1]:4711: syntactically invalid argument(s): "
	    "x y",
	    "event|kind=policy|ip=192.0.2.1|port=4711|action=reject|stage=EHLO"
	    "|reason=helo|text=syntactically invalid argument(s): x y"},
	{DATE " rejected HELO from mx.b.test [192.0.2.1]: syntactically invalid "
	    "argument(s): (no argument given)",
	    "event|kind=policy|ip=192.0.2.1|name=mx.b.test|action=reject|stage=HELO"
	    "|reason=helo|text=syntactically invalid argument(s): (no argument given)"},
	{DATE " rejected MAIL from (x) [192.0.2.1]: no HELO/EHLO given",
	    "event|kind=policy|ip=192.0.2.1|helo=x|action=reject|stage=MAIL"
	    "|reason=protocol|text=no HELO/EHLO given"},
	{DATE " rejected from <a@b.test> H=(x) [192.0.2.1]: message too big: read=200 "
	    "max=100",
	    "event|kind=policy|ip=192.0.2.1|sender=a@b.test|helo=x|action=reject"
	    "|reason=size|text=message too big: read=200 max=100"},
	{DATE " plain_server authenticator failed for (client.example) [192.0.2.1]: 535 "
	    "Incorrect authentication data (set_id=bob)",
	    "event|kind=auth_failure|ip=192.0.2.1|user=bob|mechanism=plain_server"
	    "|helo=client.example|code=535|text=Incorrect authentication data"},
	{DATE " dovecot_login authenticator failed for H=(User) [192.0.2.1]:21298 "
	    "I=[192.0.2.9]:465 U=ident: 535 Incorrect authentication data "
	    "(set_id=bob@b.test)",
	    "event|kind=auth_failure|ip=192.0.2.1|port=21298|server_ip=192.0.2.9"
	    "|server_port=465|user=bob@b.test|mechanism=dovecot_login|helo=User|code=535"
	    "|text=Incorrect authentication data"},
	{DATE " plain authenticator failed for [192.0.2.1]: 535 Incorrect "
	    "authentication data",
	    "event|kind=auth_failure|ip=192.0.2.1|mechanism=plain|code=535"
	    "|text=Incorrect authentication data"},
	{DATE " fixed_login authenticator failed for (User) [192.0.2.1]: 435 Unable to "
	    "authenticate at present (set_id=a@b.test): error in perl_startup code",
	    "event|kind=auth_error|ip=192.0.2.1|user=a@b.test|mechanism=fixed_login"
	    "|helo=User|code=435|text=error in perl_startup code"},
	{DATE " plain authenticator failed for [192.0.2.1]: 501 Authentication cancelled",
	    "event|kind=auth_abort|ip=192.0.2.1|mechanism=plain|code=501"
	    "|text=Authentication cancelled"},
	{DATE " plain authenticator failed for [192.0.2.1]: 501 Invalid base64 data",
	    "event|kind=auth_failure|ip=192.0.2.1|mechanism=plain|code=501|text=Invalid "
	    "base64 data"},
	{DATE " SMTP connection from [192.0.2.1]:52794 I=[192.0.2.9]:25 (TCP/IP "
	    "connection count = 1)",
	    "event|kind=connect|ip=192.0.2.1|port=52794|server_ip=192.0.2.9"
	    "|server_port=25"},
	{DATE " SMTP connection from (x) [192.0.2.1]:52794 I=[192.0.2.9]:25 lost D=0s "
	    "(error: Connection reset by peer)",
	    "event|kind=abort|ip=192.0.2.1|port=52794|server_ip=192.0.2.9|server_port=25"
	    "|helo=x|action=lost|text=(error: Connection reset by peer)|seconds=0"},
	{DATE " SMTP connection from (x) [192.0.2.1]:52794 D=3s closed by QUIT",
	    "event|kind=disconnect|ip=192.0.2.1|port=52794|helo=x|text=closed by QUIT"
	    "|seconds=3000000"},
	{DATE " SMTP connection from (x) [192.0.2.1] closed by DROP in ACL",
	    "event|kind=disconnect|ip=192.0.2.1|helo=x|text=closed by DROP in ACL"},
	{DATE " SMTP connection from root",
	    "ignored"},
	{DATE " no MAIL in SMTP connection from (client.example) [192.0.2.1] D=0s "
	    "C=EHLO,AUTH,QUIT",
	    "event|kind=disconnect|ip=192.0.2.1|helo=client.example"
	    "|commands=EHLO,AUTH,QUIT|seconds=0"},
	{DATE " no MAIL in SMTP connection from (x) [192.0.2.1] D=1m1s A=plain:joe "
	    "X=TLS1.3:TLS_AES_256_GCM_SHA384:256 CV=no C=EHLO,STARTTLS,EHLO,AUTH",
	    "event|kind=auth_success|ip=192.0.2.1|user=joe|mechanism=plain|helo=x"
	    "|tls=TLS1.3|cipher=TLS_AES_256_GCM_SHA384|commands=EHLO,STARTTLS,EHLO,AUTH"
	    "|seconds=61000000"},
	{DATE " unexpected disconnection while reading SMTP command from (c) "
	    "[192.0.2.1] D=0s",
	    "event|kind=abort|ip=192.0.2.1|helo=c|action=unexpected disconnection"
	    "|seconds=0"},
	{DATE " unexpected disconnection while reading SMTP command from (c) "
	    "[192.0.2.1] (error: Connection reset by peer)",
	    "event|kind=abort|ip=192.0.2.1|helo=c|action=unexpected disconnection"
	    "|text=(error: Connection reset by peer)"},
	{DATE " SMTP command timeout on TLS connection from (c) [192.0.2.1] D=5m",
	    "event|kind=abort|ip=192.0.2.1|helo=c|action=SMTP command timeout"
	    "|seconds=300000000"},
	{DATE " SMTP data timeout (message abandoned) on connection from (c) "
	    "[192.0.2.1] F=<a@b.test>",
	    "event|kind=abort|ip=192.0.2.1|sender=a@b.test|helo=c|action=SMTP data "
	    "timeout"},
	{DATE " 1xUN76-0005hf-06 SMTP connection lost after final dot H=(c) [192.0.2.1] "
	    "P=smtp",
	    "event|kind=abort|ip=192.0.2.1|qid=1xUN76-0005hf-06|helo=c|action=SMTP "
	    "connection lost|text=P=smtp"},
	{DATE " SMTP call from [192.0.2.1] dropped: too many syntax or protocol errors "
	    "(last command was \"x\", C=EHLO,MAIL)",
	    "event|kind=violation|ip=192.0.2.1|action=dropped|reason=protocol|text=too "
	    "many syntax or protocol errors (last command was \"x\", C=EHLO,MAIL)"},
	{DATE " SMTP call from [192.0.2.1]:25 dropped: too many nonmail commands (last "
	    "was \"NOOP\")",
	    "event|kind=violation|ip=192.0.2.1|port=25|action=dropped|reason=protocol"
	    "|text=too many nonmail commands (last was \"NOOP\")"},
	{DATE " Connection from [192.0.2.1]:33 refused: too many connections from that "
	    "IP address",
	    "event|kind=rate_limit|ip=192.0.2.1|port=33|reason=rate|text=too many "
	    "connections from that IP address"},
	{DATE " Connection from [192.0.2.1]:33 refused: load average = 12.30",
	    "event|kind=policy|ip=192.0.2.1|port=33|action=reject|stage=CONNECT"
	    "|reason=temp|text=load average = 12.30"},
	{DATE " refused connection from mx.b.test [192.0.2.1] (tcp wrappers)",
	    "event|kind=policy|ip=192.0.2.1|name=mx.b.test|action=reject|stage=CONNECT"
	    "|reason=access|text=(tcp wrappers)"},
	{DATE " SMTP syntax error in \"GET / HTTP/1.1\" H=[192.0.2.1]:33 unrecognized "
	    "command",
	    "event|kind=violation|ip=192.0.2.1|port=33|action=syntax|reason=protocol"
	    "|text=GET / HTTP/1.1"},
	{DATE " SMTP protocol error in \"AUTH NTLM\" H=(c) [192.0.2.1] NTLM "
	    "authentication mechanism not supported",
	    "event|kind=violation|ip=192.0.2.1|helo=c|action=protocol|reason=protocol"
	    "|text=AUTH NTLM"},
	{DATE " SMTP protocol error in \"AUTH LOGIN\" H=(c) [192.0.2.1] AUTH command "
	    "used when not advertised",
	    "event|kind=violation|ip=192.0.2.1|helo=c|action=protocol|reason=protocol"
	    "|text=AUTH LOGIN"},
	{DATE " SMTP protocol synchronization error (input sent without waiting for "
	    "greeting): rejected connection from H=[192.0.2.1]:33 input=\"EHLO x\\r\\n\"",
	    "event|kind=violation|ip=192.0.2.1|port=33|action=pipelining|stage=CONNECT"
	    "|reason=protocol|text=input=\"EHLO x\\r\\n\""},
	{DATE " SMTP protocol synchronization error (next input sent too soon: "
	    "pipelining was not advertised): rejected \"RCPT\" H=(c) [192.0.2.1] next "
	    "input=\"x\\r\\n\"",
	    "event|kind=violation|ip=192.0.2.1|helo=c|action=pipelining|reason=protocol"
	    "|text=RCPT"},
	{DATE " TLS error on connection from mx.b.test (c) [192.0.2.1]:3 "
	    "I=[192.0.2.9]:25 (SSL_accept): error:0A000076",
	    "event|kind=tls_failure|ip=192.0.2.1|port=3|name=mx.b.test"
	    "|server_ip=192.0.2.9|server_port=25|helo=c|reason=tls|text=(SSL_accept): "
	    "error:0A000076"},
	{DATE " no host name found for IP address 192.0.2.1",
	    "event|kind=rdns_mismatch|ip=192.0.2.1"},
	{DATE " no IP address found for host mx.b.test (during SMTP connection from "
	    "[192.0.2.1]:4711)",
	    "event|kind=rdns_mismatch|ip=192.0.2.1|port=4711|name=mx.b.test"},
	{DATE " no IP address found for host mx.b.test",
	    "ignored"},
	{DATE " 192.0.2.1 does not match any IP address for mx.b.test",
	    "event|kind=rdns_mismatch|ip=192.0.2.1|name=mx.b.test"},
	{DATE " 192.0.2.1 does not match any IP address for x for [203.0.113.66]",
	    "event|kind=rdns_mismatch|ip=192.0.2.1|text=x for [203.0.113.66]"},
	{DATE " no IP address found for host x y (during SMTP connection from "
	    "[192.0.2.1]:4711)",
	    "event|kind=rdns_mismatch|ip=192.0.2.1|port=4711|text=x y"},
	{DATE " no IP address found for host x (during SMTP connection from [203.0.113.66]) "
	    "(during SMTP connection from [192.0.2.1]:4711)",
	    "event|kind=rdns_mismatch|text=x (during SMTP connection from [203.0."
	    "113.66]) (during SMTP connection from [192.0.2.1]:4711)"},
	{DATE " 2001:db8::1 does not match any IP address for mx.b.test",
	    "event|kind=rdns_mismatch|ip=2001:db8::1|name=mx.b.test"},
	{DATE " exim 4.96 daemon started: pid=62, -q1800s, listening for SMTP on port 25",
	    "event|kind=service|text=exim 4.96 daemon started: pid=62, -q1800s, "
	    "listening for SMTP on port 25"},
	{DATE " Warning: No server certificate defined; will use a selfsigned one.",
	    "event|kind=operational|text=Warning: No server certificate defined; will "
	    "use a selfsigned one.|severity=warning"},
	{DATE " pid 62: SIGHUP received: re-exec daemon",
	    "event|kind=service|text=pid 62: SIGHUP received: re-exec daemon"},
	{DATE " Start queue run: pid=71",
	    "ignored"},
	{DATE " cwd=/var/www 3 args: /usr/sbin/sendmail -t -i",
	    "ignored"},
	{DATE " ignoring AUTH=<x> from (c) [192.0.2.1] (client not authenticated)",
	    "ignored"},
	/* any program's, and Exim's */
	{DATE " words that nobody wrote",
	    "foreign"},
	{DATE " INFO [12] app: listening on 8080",
	    "foreign"},
	{DATE " [2098] words that nobody wrote",
	    "unknown"},
	{DATE ".123 +0200 [2098] words that nobody wrote",
	    "unknown"},
	{DATE " words of H=[192.0.2.1] that nobody wrote",
	    "unknown"},
	{SYSLOG "words that nobody wrote",
	    "unknown"},
	{DATE " 1xUN76-0005hf-06 words that nobody wrote",
	    "unknown"},
	{SYSLOG "[1\\14] 1xUN76-0005hf-06 H=(pc) [192.0.2.1]:25 F=<s@isp.test> rejected "
	    "after DATA: no pills",
	    "event|kind=policy|ip=192.0.2.1|port=25|qid=1xUN76-0005hf-06"
	    "|sender=s@isp.test|helo=pc|action=reject|stage=after DATA|reason=access"
	    "|text=no pills"},
	{SYSLOG "[2\\14] Envelope-from: <s@isp.test>",
	    "ignored"},
	{SYSLOG "[14/14]   Subject: H=(x) [203.0.113.66] F=<a@b.test> rejected RCPT "
	    "<c@d.test>: x",
	    "ignored"},
	{SYSLOG "[1/2] plain authenticator failed for [192.0.2.1]: 535 Incorrect "
	    "authentication data (set_id=zzzz",
	    "event|kind=auth_failure|ip=192.0.2.1|user=zzzz|mechanism=plain|code=535"
	    "|text=Incorrect authentication data|truncated=1"},
	{SYSLOG "[1\\4] 2017-04-24 00:03:21 fixed_login authenticator failed for (User) "
	    "[192.0.2.1]: 435 Unable to authenticate at present (set_id=a@b.test): error",
	    "event|kind=auth_error|ip=192.0.2.1|user=a@b.test|mechanism=fixed_login"
	    "|helo=User|code=435|text=error"},
	{"P Received: from [192.0.2.1] (port=25 helo=pc)",
	    "ignored"},
	{"Envelope-to: <c@d.test>",
	    "ignored"},
	{"  Subject: 2026-11-20 11:49:08 H=(x) [203.0.113.66] F=<a@b.test> rejected "
	    "RCPT <c@d.test>: x",
	    "ignored"},
	{"\tby h.test with esmtp (Exim 4.96)",
	    "ignored"},
	{"* To: <c@d.test>",
	    "ignored"},
	{"--------------------",
	    "ignored"},
	{"damage",
	    "malformed"},
	{"Ab c",
	    "malformed"},
};

/* 203.0.113.66 never did anything but be named. */
static const struct message_case forged[] = {
	{DATE " 1xUN76-0005hf-06 <= \"a H=(x) [203.0.113.66] P=esmtpa A=p:boss "
	    "b\"@ev.test H=(pc) [192.0.2.1] P=esmtp S=1 id=1@b.test",
	    "event|kind=accept|ip=192.0.2.1|qid=1xUN76-0005hf-06|sender=\"a H=(x) "
	    "[203.0.113.66] P=esmtpa A=p:boss b\"@ev.test|helo=pc|proto=esmtp|size=1"
	    "|msgid=1@b.test"},
	{DATE " 1xUN76-0005hf-06 <= a@b.test H=(pc) [192.0.2.1] P=esmtp S=1 id=\"x "
	    "A=p:boss S=9 for v@d.test\"@b.test for c@d.test",
	    "event|kind=accept|ip=192.0.2.1|qid=1xUN76-0005hf-06|sender=a@b.test|helo=pc"
	    "|proto=esmtp|size=1|nrcpt=1|msgid=\"x A=p:boss S=9 for v@d.test\"@b.test"},
	{DATE " 1xUN76-0005hf-06 <= a@b.test H=(pc) [192.0.2.1] P=esmtp S=1 T=\"x\\\" "
	    "A=p:boss for v@d.test\" for c@d.test",
	    "event|kind=accept|ip=192.0.2.1|qid=1xUN76-0005hf-06|sender=a@b.test|helo=pc"
	    "|proto=esmtp|size=1|nrcpt=1"},
	{DATE " 1xUN76-0005hf-06 <= a@b.test H=(pc) [192.0.2.1] U=x P=esmtpa A=p:boss "
	    "S=12 P=esmtp S=1",
	    "event|kind=accept|ip=192.0.2.1|qid=1xUN76-0005hf-06|sender=a@b.test|helo=pc"},
	{DATE " 1xUN76-0005hf-06 <= a@b.test H=(pc) [192.0.2.1] P=esmtps "
	    "X=TLS1.3:AES:256 CV=yes DN=\"/CN=x\" A=p:boss S=1 T=\"y\" S=1200 id=1@b.test",
	    "event|kind=accept|ip=192.0.2.1|qid=1xUN76-0005hf-06|sender=a@b.test|helo=pc"
	    "|proto=esmtps|size=1200|tls=TLS1.3|cipher=AES|msgid=1@b.test"},
	{DATE " 1xUN76-0005hf-06 <= a@b.test H=(pc) [192.0.2.1] P=esmtps "
	    "X=TLS1.3:AES:256 CV=yes DN=\"/CN=x\\\" S=1200 id=1@b.test",
	    "event|kind=accept|ip=192.0.2.1|qid=1xUN76-0005hf-06|sender=a@b.test|helo=pc"
	    "|proto=esmtps|tls=TLS1.3|cipher=AES"},
	{DATE " 1xUN76-0005hf-06 <= a@b.test H=(pc) [192.0.2.1] P=esmtps "
	    "X=TLS1.3:AES:256 CV=no SNI=\"h\" A=p:joe S=1200",
	    "event|kind=accept|ip=192.0.2.1|qid=1xUN76-0005hf-06|user=joe|mechanism=p"
	    "|sender=a@b.test|helo=pc|proto=esmtps|size=1200|tls=TLS1.3|cipher=AES"},
	{DATE " H=([203.0.113.66]) [192.0.2.1] F=<a@b.test> rejected RCPT <c@d.test>: no",
	    "event|kind=policy|ip=192.0.2.1|sender=a@b.test|recipient=c@d.test"
	    "|helo=[203.0.113.66]|action=reject|stage=RCPT|reason=access|text=no"},
	{DATE " H=(pc) [192.0.2.1] F=<\"x> rejected RCPT <q@w>: \"@z.test> rejected "
	    "RCPT <\"v>: x\"@d.test>: relay not permitted",
	    "event|kind=policy|ip=192.0.2.1|sender=\"x> rejected RCPT <q@w>: \"@z.test"
	    "|recipient=\"v>: x\"@d.test|helo=pc|action=reject|stage=RCPT"
	    "|reason=relay_denied|text=relay not permitted"},
	{DATE " H=(pc) [192.0.2.1] F=<\"H=(x) [203.0.113.66]\"@z.test> rejected RCPT "
	    "<c@d.test>: ) [203.0.113.66] F=<x@y> rejected RCPT <z@w>: y",
	    /* "pc) [192.0.2.1] ... : " may be a HELO */
	    "event|kind=policy|text=(pc) [192.0.2.1] F=<\"H=(x) [203.0.113.66]\"@"
	    "z.test> rejected RCPT <c@d.test>: ) [203.0.113.66] F=<x@y> rejected "
	    "RCPT <z@w>: y"},
	{DATE " H=(a) [203.0.113.66] F=<x@y.test> rejected RCPT <z@w.test>: no) [192.0.2.1] "
	    "rejected AUTH LOGIN: no",
	    "event|kind=policy|text=(a) [203.0.113.66] F=<x@y.test> rejected RCPT"
	    " <z@w.test>: no) [192.0.2.1] rejected AUTH LOGIN: no"},
	{DATE " H=(a) [203.0.113.66] incomplete transaction (QUIT) from <x@y>) [192.0.2.1] "
	    "rejected AUTH LOGIN: no",
	    "malformed"},
	{DATE " H=(pc) [192.0.2.1] F=<\") [203.0.113.66]\"@z.test> rejected RCPT "
	    "<c@d.test>: no",
	    "event|kind=policy|ip=192.0.2.1|sender=\") [203.0.113.66]\"@z.test|re"
	    "cipient=c@d.test|helo=pc|action=reject|stage=RCPT|reason=access|text"
	    "=no"},
	{DATE " unexpected disconnection while reading SMTP command from (a) [203.0.113.66]) "
	    "[192.0.2.1] D=0s",
	    "malformed"},
	{DATE " 1xUN76-0005hf-06 <= a@b.test H=(a) [203.0.113.66] P=esmtpa A=p:boss) "
	    "[192.0.2.1] P=esmtp S=1",
	    "event|kind=accept|qid=1xUN76-0005hf-06|sender=a@b.test"},
	{DATE " H=(a b c) [192.0.2.1] rejected AUTH LOGIN: no",
	    "event|kind=policy|ip=192.0.2.1|helo=a b c|action=reject|stage=AUTH"
	    "|reason=access|text=no"},
	{DATE " H=(a) b) [203.0.113.66] F=<x@y.test> rejected RCPT <z@w.test>: c) "
	    "[192.0.2.1] rejected AUTH LOGIN: no",
	    "event|kind=policy|text=(a) b) [203.0.113.66] F=<x@y.test> rejected R"
	    "CPT <z@w.test>: c) [192.0.2.1] rejected AUTH LOGIN: no"},
	{DATE " plain_server authenticator failed for (x) [192.0.2.1]: 535 Incorrect "
	    "authentication data (set_id=y) [203.0.113.66]: 535 Incorrect authentication "
	    "data (set_id=z))",
	    "event|kind=auth_failure|mechanism=plain_server|text=(x) [192.0.2.1]:"
	    " 535 Incorrect authentication data (set_id=y) [203.0.113.66]: 535 In"
	    "correct authentication data (set_id=z))"},
	{DATE " plain_server authenticator failed for (x) [192.0.2.1]: 535 Incorrect "
	    "authentication data (set_id=unknown[203.0.113.67]: SASL LOGIN authentication "
	    "failed: x)",
	    "event|kind=auth_failure|ip=192.0.2.1|user=unknown[203.0.113.67]: SASL LOGIN "
	    "authentication failed: x|mechanism=plain_server|helo=x|code=535"
	    "|text=Incorrect authentication data"},
	{DATE " rejected EHLO from [192.0.2.1]:1: syntactically invalid argument(s): x "
	    "reject: RCPT from q[203.0.113.66]: 550 5.1.1 <a@b>: Recipient address rejected",
	    "event|kind=policy|ip=192.0.2.1|port=1|action=reject|stage=EHLO|reason=helo"
	    "|text=syntactically invalid argument(s): x reject: RCPT from "
	    "q[203.0.113.66]: 550 5.1.1 <a@b>: Recipient address rejected"},
	{DATE " SMTP syntax error in \"GET /\" H=(x) [203.0.113.66] unrecognized "
	    "command\" H=(c) [192.0.2.1] unrecognized command",
	    "event|kind=violation|ip=192.0.2.1|helo=c|action=syntax|reason=protocol"
	    "|text=GET /\" H=(x) [203.0.113.66] unrecognized command"},
	{DATE " SMTP syntax error in \"MAIL FROM:<\" H=(c) [192.0.2.1] malformed "
	    "address: <\" H=[203.0.113.66] unrecognized command may not follow x",
	    "event|kind=violation|action=syntax|reason=protocol|text=MAIL FROM:<\" H=(c) "
	    "[192.0.2.1] malformed address: <\" H=[203.0.113.66] unrecognized command "
	    "may not follow x"},
	{DATE " SMTP protocol synchronization error (next input sent too soon: "
	    "pipelining was not advertised): rejected \"RCPT\" H=[203.0.113.66] next "
	    "input=\"\" H=(c) [192.0.2.1] next input=\"x\\r\\n\"",
	    "event|kind=violation|action=pipelining|reason=protocol|text=RCPT\" "
	    "H=[203.0.113.66] next input=\"\" H=(c) [192.0.2.1] next input=\"x\\r\\n\""},
	{DATE " SMTP call from [192.0.2.1] dropped: too many syntax or protocol errors "
	    "(last command was \"x\" H=[203.0.113.66]\", C=EHLO)",
	    "event|kind=violation|ip=192.0.2.1|action=dropped|reason=protocol|text=too "
	    "many syntax or protocol errors (last command was \"x\" H=[203.0.113.66]\", "
	    "C=EHLO)"},
	{DATE " 1xUN76-0005hf-06 ** \"x [203.0.113.66]: 550 5.1.1 y\"@y.test R=r T=t "
	    "H=mx.y.test [192.0.2.8]: SMTP error from remote mail server after RCPT "
	    "TO:<\"x>: 250 z\"@y.test>: 550 5.7.1 no",
	    "event|kind=delivery|qid=1xUN76-0005hf-06|recipient=\"x [203.0.113.66]: 550 "
	    "5.1.1 y\"@y.test|code=550|dsn=5.7.1|reason=other|text=SMTP error from "
	    "remote mail server after RCPT TO:<\"x>: 250 z\"@y.test>: 550 5.7.1 no"
	    "|relay=mx.y.test|relay_ip=192.0.2.8|status=bounced"},
	{DATE " 1xUN76-0005hf-06 => c@d.test R=r T=t H=mx.d.test [192.0.2.7] C=\"250 "
	    "\\\" QT=9s H=x [203.0.113.66]\" QT=1s",
	    "event|kind=delivery|qid=1xUN76-0005hf-06|recipient=c@d.test|code=250"
	    "|text=250 \\\" QT=9s H=x [203.0.113.66]|relay=mx.d.test|relay_ip=192.0.2.7"
	    "|delay=1000000|status=sent"},
	{DATE " cwd=/tmp/ H=(x) [203.0.113.66] rejected AUTH LOGIN: no 3 args: "
	    "/usr/sbin/sendmail",
	    "ignored"},
	{DATE " dovecot: H=[203.0.113.66] rejected AUTH LOGIN: no",
	    "unknown"},
	{DATE " H=(p) [192.0.2.1",
	    "malformed"},
	{DATE " H=(p",
	    "malformed"},
	{DATE " rejected EHLO from [192.0.2.1]",
	    "malformed"},
	{DATE " 1xUN76-0005hf-06 <= a@b.test H=",
	    "malformed"},
	{DATE " 1xUN76-0005hf-06 =>",
	    "unknown"},
	{DATE " 1xUN76-0005hf-06 <=",
	    "unknown"},
	{DATE " 1xUN76-0005hf-06 <= a@b.test H=(pc) [192.0.2.1] P=esmtp S=1 "
	    "T=\"\\302\\233 \342\200\256 \033[31m x\" for c@d.test",
	    "event|kind=accept|ip=192.0.2.1|qid=1xUN76-0005hf-06|sender=a@b.test|helo=pc"
	    "|proto=esmtp|size=1|nrcpt=1"},
	{DATE " plain authenticator failed for [192.0.2.1]: 535 Incorrect "
	    "authentication data "
	    "(set_id=a\tb\177\033[31m\302\233\342\200\256[203.0.113.68])",
	    "event|kind=auth_failure|ip=192.0.2.1"
	    "|user=a\tb\177\033[31m\302\233\342\200\256[203.0.113.68]|mechanism=plain"
	    "|code=535|text=Incorrect authentication data"},
	{DATE " H=(\377\376) [192.0.2.1] F=<\001@b.test> rejected RCPT <c@d.test>: "
	    "\342\200\256x",
	    "event|kind=policy|ip=192.0.2.1|sender=\001@b.test|recipient=c@d.test"
	    "|helo=\377\376|action=reject|stage=RCPT|reason=access|text=\342\200\256x"},
};

int
main(void)
{
	struct parse_kit kit = kit_new();

	KIT_DECEPTIVE(&kit, NULL, lines);
	KIT_DECEPTIVE(&kit, NULL, forged);
	kit_free(&kit);
	return tap_done();
}
