/* SPDX-License-Identifier: Apache-2.0
 *
 * What Postfix says in some versions and settings only: before NOQUEUE and since it stands in
 * front of more, with the client in a proxy filter's verdicts, in Cyrus SASL's words, with
 * more of TLS than most log. What an outsider wrote (203.0.113.6) is never an address.
 */
#include "parse-kit.h"

static const struct parse_case cases[] = {
	{"postfix/smtpd[7]",
		"warning: unknown[192.0.2.1]: SASL PLAIN authentication failed:",
		"event|kind=auth_failure|ip=192.0.2.1|name=unknown|mechanism=PLAIN"
		"|severity=warning"},
	{"postfix/smtpd[7]",
		"warning: unknown[192.0.2.1]: SASL FOO authentication failed: no mechanism "
		"available",
		"event|kind=auth_failure|ip=192.0.2.1|name=unknown|mechanism=FOO"
		"|reason=protocol|text=no mechanism available|severity=warning"},
	{"postfix/smtpd[7]",
		"warning: unknown[192.0.2.1]: SASL PLAIN authentication failed: remote "
		"authentication server unavailable",
		"event|kind=auth_error|ip=192.0.2.1|name=unknown|mechanism=PLAIN"
		"|text=remote authentication server unavailable|severity=warning"},
	{"postfix/smtpd[7]",
		"warning: unknown[192.0.2.1]: SASL PLAIN authentication failed: Internal "
		"authentication failure, sasl_username=joe",
		"event|kind=auth_error|ip=192.0.2.1|name=unknown|user=joe|mechanism=PLAIN"
		"|text=Internal authentication failure|severity=warning"},
	{"postfix/smtpd[7]",
		"warning: unknown[192.0.2.1]: SASL PLAIN authentication failed: "
		"authorization failure",
		"event|kind=auth_failure|ip=192.0.2.1|name=unknown|mechanism=PLAIN"
		"|reason=access|text=authorization failure|severity=warning"},
	{"postfix/smtpd[7]",
		"warning: unknown[192.0.2.1]: SASL PLAIN authentication failed: encryption "
		"needed to use mechanism",
		"event|kind=auth_failure|ip=192.0.2.1|name=unknown|mechanism=PLAIN"
		"|reason=tls|text=encryption needed to use mechanism|severity=warning"},
	{"postfix/smtpd[7]",
		"warning: unknown[192.0.2.1]: SASL \"remote authentication server "
		"unavailable\" authentication failed: x",
		"event|kind=auth_failure|ip=192.0.2.1|name=unknown|mechanism=\"remote "
		"authentication server unavailable\"|text=x|severity=warning"},
	{"postfix/smtpd[7]",
		"warning: SASL authentication failure: Password verification failed",
		"ignored"},
	{"postfix/smtpd[7]",
		"warning: SASL authentication failure: client response doesn't match what "
		"we generated",
		"ignored"},
	{"postfix/smtpd[7]",
		"warning: SASL authentication failure: Couldn't find mech FOO",
		"ignored"},
	{"postfix/smtpd[7]",
		"warning: SASL authentication failure: Internal Error -4 in server.c near "
		"line 1757",
		"event|kind=auth_error|text=SASL authentication failure: Internal Error -4 "
		"in server.c near line 1757|severity=warning"},
	{"postfix/smtpd[7]",
		"warning: SASL authentication problem: unable to open Berkeley db "
		"/etc/sasldb2: No such file or directory",
		"event|kind=auth_error|text=SASL authentication problem: unable to open "
		"Berkeley db /etc/sasldb2: No such file or directory|severity=warning"},
	{"postfix/smtpd[7]",
		"NOQUEUE: improper command pipelining after EHLO from unknown[192.0.2.1]: "
		"from unknown[203.0.113.6]: QUIT",
		"event|kind=violation|ip=192.0.2.1|name=unknown|action=pipelining"
		"|stage=EHLO|reason=protocol|text=from unknown[203.0.113.6]: QUIT"},
	{"postfix/smtpd[7]",
		"4F1D2A3B4C: improper command pipelining after DATA from "
		"unknown[192.0.2.1]: x",
		"event|kind=violation|ip=192.0.2.1|name=unknown|qid=4F1D2A3B4C"
		"|action=pipelining|stage=DATA|reason=protocol|text=x"},
	{"postfix/smtpd[7]",
		"reject: RCPT from unknown[192.0.2.1]: 554 <b@d.test>: Recipient address "
		"rejected: Relay access denied; from=<a@b.test> to=<b@d.test>",
		"event|kind=policy|ip=192.0.2.1|name=unknown|sender=a@b.test"
		"|recipient=b@d.test|action=reject|stage=RCPT|code=554|reason=relay_denied"
		"|text=<b@d.test>: Recipient address rejected: Relay access denied"},
	{"postfix/smtpd[7]",
		"NOQUEUE: proxy-accept: END-OF-MESSAGE from unknown[192.0.2.1]: 250 2.0.0 "
		"Ok: queued as 5A6B7C8D9E; from=<a@b.test> to=<b@d.test> proto=ESMTP "
		"helo=<x>",
		"event|kind=policy|ip=192.0.2.1|name=unknown|sender=a@b.test"
		"|recipient=b@d.test|helo=x|proto=ESMTP|action=proxy-accept"
		"|stage=END-OF-MESSAGE|code=250|dsn=2.0.0|text=Ok: queued as 5A6B7C8D9E"
		"|next_qid=5A6B7C8D9E"},
	{"postfix/smtpd[7]",
		"NOQUEUE: proxy-reject: END-OF-MESSAGE from unknown[192.0.2.1]: 554 5.7.0 "
		"Reject, id=1-2 - spam from unknown[203.0.113.6]: x; from=<a@b.test> "
		"to=<b@d.test> proto=ESMTP helo=<x>",
		"event|kind=policy|ip=192.0.2.1|name=unknown|sender=a@b.test"
		"|recipient=b@d.test|helo=x|proto=ESMTP|action=proxy-reject"
		"|stage=END-OF-MESSAGE|code=554|dsn=5.7.0|reason=other|text=Reject, id=1-2 "
		"- spam from unknown[203.0.113.6]: x"},
	{"postfix/smtpd[7]",
		"proxy-reject: END-OF-MESSAGE: 554 5.7.0 Reject; from=<a@b.test> "
		"to=<b@d.test> proto=ESMTP helo=<x>",
		"event|kind=policy|sender=a@b.test|recipient=b@d.test|helo=x|proto=ESMTP"
		"|action=proxy-reject|stage=END-OF-MESSAGE|code=554|dsn=5.7.0|reason=other"
		"|text=Reject"},
	{"postfix/smtpd[7]",
		"NOQUEUE: reject: RCPT from mx.b.test[192.0.2.1]: 554 5.7.1 Service "
		"unavailable; Client host [mx.b.test] blocked using rhsbl.test; "
		"from=<a@b.test> to=<b@d.test> proto=ESMTP helo=<x>",
		"event|kind=policy|ip=192.0.2.1|name=mx.b.test|sender=a@b.test"
		"|recipient=b@d.test|helo=x|proto=ESMTP|action=reject|stage=RCPT|code=554"
		"|dsn=5.7.1|reason=dnsbl|list=rhsbl.test|text=Service unavailable; Client "
		"host [mx.b.test] blocked using rhsbl.test"},
	{"postfix/smtpd[7]",
		"NOQUEUE: reject: RCPT from unknown[192.0.2.1]: 552 5.2.2 <b@d.test>: "
		"Recipient address rejected: Quota exceeded (mailbox for user is full); "
		"from=<a@b.test> to=<b@d.test> proto=ESMTP helo=<x>",
		"event|kind=policy|ip=192.0.2.1|name=unknown|sender=a@b.test"
		"|recipient=b@d.test|helo=x|proto=ESMTP|action=reject|stage=RCPT|code=552"
		"|dsn=5.2.2|reason=quota|text=<b@d.test>: Recipient address rejected: Quota "
		"exceeded (mailbox for user is full)"},
	{"postfix/smtpd[7]",
		"NOQUEUE: reject: RCPT from unknown[192.0.2.1]: 450 4.1.1 <b@d.test>: "
		"Recipient address rejected: try later; from=<a@b.test> to=<b@d.test> "
		"proto=ESMTP helo=<x>",
		"event|kind=policy|ip=192.0.2.1|name=unknown|sender=a@b.test"
		"|recipient=b@d.test|helo=x|proto=ESMTP|action=reject|stage=RCPT|code=450"
		"|dsn=4.1.1|reason=temp|text=<b@d.test>: Recipient address rejected: try "
		"later"},
	{"postfix/smtpd[7]",
		"NOQUEUE: reject: RCPT from unknown[192.0.2.1]: 550 5.1.1 <b@d.test>: "
		"Recipient address rejected: no such mailbox; from=<a@b.test> to=<b@d.test> "
		"proto=ESMTP helo=<x>",
		"event|kind=policy|ip=192.0.2.1|name=unknown|sender=a@b.test"
		"|recipient=b@d.test|helo=x|proto=ESMTP|action=reject|stage=RCPT|code=550"
		"|dsn=5.1.1|reason=unknown_user|text=<b@d.test>: Recipient address "
		"rejected: no such mailbox"},
	{"postfix/smtpd[7]",
		"NOQUEUE: reject: RCPT from unknown[192.0.2.1]: 556 5.1.10 <b@d.test>: "
		"Recipient address rejected: Domain d.test does not accept mail (nullMX); "
		"from=<a@b.test> to=<b@d.test> proto=ESMTP helo=<x>",
		"event|kind=policy|ip=192.0.2.1|name=unknown|sender=a@b.test"
		"|recipient=b@d.test|helo=x|proto=ESMTP|action=reject|stage=RCPT|code=556"
		"|dsn=5.1.10|reason=access|text=<b@d.test>: Recipient address rejected: "
		"Domain d.test does not accept mail (nullMX)"},
	{"postfix/smtpd[7]",
		"NOQUEUE: reject: RCPT from unknown[192.0.2.1]: 454 4.7.1 <b@d.test>: "
		"Recipient address rejected: Rate limit exceeded; from=<a@b.test> "
		"to=<b@d.test> proto=ESMTP helo=<x> sasl_username=<joe>",
		"event|kind=policy|ip=192.0.2.1|name=unknown|user=joe|sender=a@b.test"
		"|recipient=b@d.test|helo=x|proto=ESMTP|action=reject|stage=RCPT|code=454"
		"|dsn=4.7.1|reason=rate|text=<b@d.test>: Recipient address rejected: Rate "
		"limit exceeded"},
	{"postfix/smtpd[7]",
		"unknown[192.0.2.1]: certificate verification depth=1 verify=0 subject=/CN=x",
		"ignored"},
	{"postfix/smtpd[7]",
		"certificate verification failed for unknown[192.0.2.1]: self-signed "
		"certificate",
		"ignored"},
	{"postfix/smtpd[7]",
		"SSL3 alert read:fatal:certificate unknown",
		"ignored"},
	{"postfix/smtpd[7]",
		"SSL_accept:SSLv3/TLS read client hello",
		"ignored"},
	{"postfix/smtp[7]",
		"mx.d.test[198.51.100.1]:25: subject_CN=x, issuer_CN=y, fingerprint=Z, "
		"pkey_fingerprint=Z",
		"ignored"},
	{"postfix/smtp[7]",
		"mx.d.test[198.51.100.1]:25: re-using session with untrusted certificate, "
		"look for details earlier in the log",
		"ignored"},
	{"postfix/smtp[7]",
		"4F1D2A3B4C: TLS is required, but was not offered by host "
		"mx.d.test[198.51.100.1]",
		"event|kind=tls_failure|qid=4F1D2A3B4C|reason=tls|text=TLS is required, but "
		"was not offered by host mx.d.test[198.51.100.1]"},
	{"postfix/smtp[7]",
		"4F1D2A3B4C: Server certificate not trusted",
		"event|kind=tls_failure|qid=4F1D2A3B4C|reason=tls|text=Server certificate "
		"not trusted"},
	{"postfix/smtp[7]",
		"4F1D2A3B4C: connect to mx.d.test[198.51.100.1]:25: Connection refused",
		"event|kind=remote_note|qid=4F1D2A3B4C|action=connect to|text=Connection "
		"refused|relay=mx.d.test|relay_ip=198.51.100.1|relay_port=25"},
	{"postfix/smtp[7]",
		"4F1D2A3B4C: SASL authentication failed; cannot authenticate to server "
		"mx.d.test[198.51.100.1]: no mechanism available",
		"event|kind=remote_note|qid=4F1D2A3B4C|action=SASL authentication failed; "
		"cannot authenticate to server|text=no mechanism available|relay=mx.d.test"
		"|relay_ip=198.51.100.1"},
	{"postfix/lmtp[7]",
		"4F1D2A3B4C: to=<b@d.test>, relay=/var/lib/imap/socket/lmtp[/var/lib/imap/so"
		"cket/lmtp], delay=0.1, delays=0.1/0/0/0, dsn=2.1.5, status=sent (250 2.1.5 "
		"Ok)",
		"event|kind=delivery|qid=4F1D2A3B4C|recipient=b@d.test|dsn=2.1.5|text=250 "
		"2.1.5 Ok|relay=/var/lib/imap/socket/lmtp|delay=100000|delay_before=100000"
		"|delay_queue=0|delay_connect=0|delay_transmit=0|status=sent"},
	{"postfix",
		"certificate verification failed for mx.d.test[198.51.100.1]:25: "
		"self-signed certificate",
		"event|kind=tls_failure|reason=tls|text=self-signed certificate"
		"|relay=mx.d.test|relay_ip=198.51.100.1|relay_port=25"},
	{"postfix/tlsproxy[7]",
		"certificate verification failed for [192.0.2.1]:4711: self-signed "
		"certificate",
		"ignored"},
	{"postfix/postlog",
		"Postfix is running with backwards-compatible default settings",
		"unknown"},
	{"postfix/postfix-script[7]",
		"Postfix is running with backwards-compatible default settings",
		"event|kind=operational|text=Postfix is running with backwards-compatible "
		"default settings"},
	{"postfix/anvil[7]",
		"statistics: max connection rate 1/60s for (203.0.113.1:smtp:192.0.2.1) at "
		"Nov 20 12:00:00",
		"event|kind=rate_stat|ip=192.0.2.1|action=connection rate"
		"|text=203.0.113.1:smtp|attempts=1|seconds=60000000"},
	{"postfix/anvil[7]",
		"statistics: max connection count 1 for ([2001:db8::25]:smtp:2001:db8::1) "
		"at Nov 20 12:00:00",
		"event|kind=rate_stat|ip=2001:db8::1|action=connection count"
		"|text=[2001:db8::25]:smtp|attempts=1"},
	{"policyd-spf",
		"Policy action=PREPEND X-Comment: SPF skipped for whitelisted relay domain",
		"ignored"},
	/* Of the server's own trouble there is no envelope. */
	{"postfix/smtpd[7]",
		"NOQUEUE: reject: RCPT from mx.b.test[192.0.2.1]: 421 4.3.0 mx1.d.test "
		"Server local data error",
		"event|kind=policy|ip=192.0.2.1|name=mx.b.test|action=reject|stage=RCPT"
		"|code=421|dsn=4.3.0|reason=temp|text=mx1.d.test Server local data error"},
	{"postfix/smtpd[7]",
		"NOQUEUE: reject: RCPT from mx.b.test[192.0.2.1]: 550 5.1.1 <c@d.test> "
		"Server local data error",
		"event|kind=policy|ip=192.0.2.1|name=mx.b.test|action=reject|stage=RCPT"
		"|code=550|dsn=5.1.1|text=<c@d.test> Server local data error|truncated=1"},
	/* check_reverse_client_hostname_access, check_sasl_access */
	{"postfix/smtpd[7]",
		"NOQUEUE: reject: RCPT from unknown[192.0.2.1]: 554 5.7.1 <a.b.test>: "
		"Unverified Client host rejected: no; from=<a@b.test> to=<c@d.test> "
		"proto=SMTP helo=<b>",
		"event|kind=policy|ip=192.0.2.1|name=unknown|sender=a@b.test"
		"|recipient=c@d.test|helo=b|proto=SMTP|action=reject|stage=RCPT|code=554"
		"|dsn=5.7.1|reason=access|text=<a.b.test>: Unverified Client host "
		"rejected: no"},
	{"postfix/smtpd[7]",
		"NOQUEUE: reject: RCPT from unknown[192.0.2.1]: 554 5.7.1 <joe>: SASL "
		"login name rejected: locked; from=<a@b.test> to=<c@d.test> proto=ESMTP "
		"helo=<b> sasl_method=PLAIN sasl_username=joe",
		"event|kind=policy|ip=192.0.2.1|name=unknown|user=joe|mechanism=PLAIN"
		"|sender=a@b.test|recipient=c@d.test|helo=b|proto=ESMTP|action=reject"
		"|stage=RCPT|code=554|dsn=5.7.1|reason=access|text=<joe>: SASL login name "
		"rejected: locked"},
	{"postfix/smtpd[7]",
		"NOQUEUE: proxy-reject: END-OF-MESSAGE from unknown[192.0.2.1]: 554 5.4.6 "
		"Error: too many hops; from=<a@b.test> to=<c@d.test> proto=SMTP helo=<b>",
		"event|kind=policy|ip=192.0.2.1|name=unknown|sender=a@b.test"
		"|recipient=c@d.test|helo=b|proto=SMTP|action=proxy-reject"
		"|stage=END-OF-MESSAGE|code=554|dsn=5.4.6|reason=other|text=Error: too "
		"many hops"},
	/* smtpd_command_filter, smtp_discard_ehlo_keywords */
	{"postfix/smtpd[7]",
		"mx.b.test[192.0.2.1]: replacing command \"HELO x\" with \"NOOP\"",
		"event|kind=operational|text=mx.b.test[192.0.2.1]: replacing command "
		"\"HELO x\" with \"NOOP\""},
	{"postfix/smtp[7]",
		"discarding EHLO keywords: CHUNKING",
		"event|kind=operational|text=discarding EHLO keywords: CHUNKING"},
	/* tlsproxy's clients are postscreen's. */
	{"postfix/tlsproxy[7]",
		"TLS SNI d.test from [192.0.2.1]:4711 not matched, using default chain",
		"event|kind=tls_failure|ip=192.0.2.1|port=4711|reason=tls|text=d.test"},
	{"postfix/tlsproxy[7]",
		"warning: TLS SNI from [192.0.2.1]:4711 is invalid: a..b",
		"event|kind=tls_failure|ip=192.0.2.1|port=4711|reason=tls|text=a..b"
		"|severity=warning"},
	{"postfix/tlsproxy[7]",
		"[192.0.2.1]:4711: subject_CN=mx.b.test, issuer=x, fingerprint=AA",
		"ignored"},
};

int
main(void)
{
	struct parse_kit kit = kit_new();

	kit_run(&kit, cases, sizeof(cases) / sizeof(*cases));
	kit_run_cut(&kit, cases, sizeof(cases) / sizeof(*cases), KIT_FORGED);
	kit_free(&kit);
	return tap_done();
}
