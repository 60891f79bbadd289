/* SPDX-License-Identifier: Apache-2.0
 *
 * Postfix: logins, limits, violations, TLS, trouble, and what outsiders put into their
 * names and addresses to look like something else.
 */
#include "postfix-kit.h"

static const struct postfix_case cases[] = {
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
		"warning: unknown[192.0.2.1]: SASL PLAIN authentication failed: Can't connect"
		" to authentication server, sasl_username=(unavailable)",
		"event|kind=auth_error|ip=192.0.2.1|name=unknown|mechanism=PLAIN"
		"|text=Can't connect to authentication server|severity=warning"},
	{"smtpd",
		"warning: unknown[192.0.2.1]: SASL PLAIN authentication failed: Authentication"
		" backend error, sasl_username=(unavailable)",
		"event|kind=auth_error|ip=192.0.2.1|name=unknown|mechanism=PLAIN"
		"|text=Authentication backend error|severity=warning"},
	{"smtpd",
		"warning: unknown[192.0.2.1]: SASL LOGIN authentication failed: authentication"
		" failure, sasl_username=joe",
		"event|kind=auth_failure|ip=192.0.2.1|name=unknown|user=joe|mechanism=LOGIN"
		"|text=authentication failure|severity=warning"},
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
		"warning: SASL authentication problem: sql plugin couldn't connect to any "
		"host?",
		"event|kind=auth_error|reason=temp|text=SASL authentication problem: sql "
		"plugin couldn't connect to any host?|severity=warning"},
	{"smtpd",
		"warning: SASL authentication problem: sql plugin could not connect to host "
		"db1.test",
		"event|kind=auth_error|text=SASL authentication problem: sql plugin could not "
		"connect to host db1.test|severity=warning"},
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
		"TLS SNI changed from unknown[192.0.2.1] not matched, using default chain",
		"event|kind=tls_failure|ip=192.0.2.1|name=unknown|reason=tls|text=changed"},
	{"smtpd",
		"TLS SNI old.example.test from unknown[192.0.2.1] not",
		"malformed"},
	{"smtpd",
		"TLS SNI old.example.test from unknown[192.0.2.1] not matched, using default"
		" chain from [203.0.113.66]",
		"malformed"},
	{"smtpd",
		"warning: TLS SNI changed from unknown[192.0.2.1] initially a.test, b.test"
		" after hello retry",
		"event|kind=tls_failure|ip=192.0.2.1|name=unknown|reason=tls"
		"|text=initially a.test, b.test after hello retry|severity=warning"},
	{"smtpd",
		"warning: TLS SNI changed from unknown[192.0.2.1] is invalid: x",
		"malformed"},
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
};

int
main(void)
{
	postfix_run(cases, sizeof(cases) / sizeof(*cases));
	return tap_done();
}
