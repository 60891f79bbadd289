/* SPDX-License-Identifier: Apache-2.0
 *
 * postscreen, dnsblog and tlsproxy, in old wording and new.
 */
#include "postfix-kit.h"

static const struct postfix_case cases[] = {
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
		"TLSRPT: status=failure, domain=example.test, receiving_mx=mx.example.test"
		"[192.0.2.25], failure_type=validation_failure, failure_reason=x",
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
};

int
main(void)
{
	postfix_run(cases, sizeof(cases) / sizeof(*cases));
	return tap_done();
}
