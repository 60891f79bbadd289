/* SPDX-License-Identifier: Apache-2.0
 *
 * Cyrus' lines. What an outsider wrote (203.0.113.66) is never an address, and what
 * an anonymous user gave as password (hunter2) is in no field.
 */
#include "parse-kit.h"

static const struct parse_case cases[] = {
	/* The daemon's own way to log what the library says. */
	{"cyrus/imaps[7]", "SASL Password verification failed", "ignored"},
	{"cyrus/imaps[7]", "SASL no secret in database", "ignored"},
	{"cyrus/imaps[7]",
		"SASL unable to open Berkeley db /etc/sasldb2: No such file or directory",
		"event|kind=operational|text=unable to open Berkeley db /etc/sasldb2: No "
		 "such file or directory|severity=error"},
	{"cyrus/imap[7]",
		"badlogin: mx.b.test [192.0.2.1] plaintext joe SASL(-13): authentication "
		 "failure: checkpass failed",
		"event|kind=auth_failure|ip=192.0.2.1|name=mx.b.test|user=joe|"
		 "mechanism=plaintext|text=SASL(-13): authentication failure: checkpass "
		 "failed"},
	{"cyrus/imap[7]",
		"badlogin: mx.b.test[192.0.2.1] plaintext joe SASL(-13): user not found: "
		 "checkpass failed",
		"event|kind=auth_failure|ip=192.0.2.1|name=mx.b.test|user=joe|"
		 "mechanism=plaintext|reason=unknown_user|text=SASL(-13): user not found: "
		 "checkpass failed"},
	{"cyrus/imap[7]",
		"badlogin: [192.0.2.1] plaintext joe@example.test SASL(-20): user not "
		 "found: no secret in database",
		"event|kind=auth_failure|ip=192.0.2.1|user=joe@example.test|"
		 "mechanism=plaintext|reason=unknown_user|text=SASL(-20): user not found: no"
		 " secret in database"},
	{"cyrus/imap[7]",
		"badlogin: [2001:db8::7] PLAIN [SASL(-13): authentication failure: Password"
		 " verification failed]",
		"event|kind=auth_failure|ip=2001:db8::7|mechanism=PLAIN|text=SASL(-13): "
		 "authentication failure: Password verification failed"},
	{"cyrus/imap[7]",
		"badlogin: mx.b.test [192.0.2.1] CRAM-MD5 (joe) [SASL(-13): authentication "
		 "failure: incorrect digest response]",
		"event|kind=auth_failure|ip=192.0.2.1|name=mx.b.test|user=joe|"
		 "mechanism=CRAM-MD5|text=SASL(-13): authentication failure: incorrect "
		 "digest response"},
	{"cyrus/imap[7]",
		"badlogin: mx.b.test [192.0.2.1] DIGEST-MD5 SASL(-13): authentication "
		 "failure: no secret in database",
		"event|kind=auth_failure|ip=192.0.2.1|name=mx.b.test|mechanism=DIGEST-MD5|"
		 "text=SASL(-13): authentication failure: no secret in database"},
	{"cyrus/imap[7]",
		"badlogin: mx.b.test [192.0.2.1] plaintext joe invalid user",
		"event|kind=auth_failure|ip=192.0.2.1|name=mx.b.test|user=joe|"
		 "mechanism=plaintext|reason=unknown_user"},
	{"cyrus/imap[7]",
		"badlogin: mx.b.test [192.0.2.1] anonymous login refused",
		"event|kind=auth_failure|ip=192.0.2.1|name=mx.b.test|reason=access|"
		 "text=anonymous login refused"},
	{"cyrus/imap[7]",
		"badlogin: mx.b.test [192.0.2.1] wrong password for joe",
		"event|kind=auth_failure|ip=192.0.2.1|name=mx.b.test|user=joe"},
	{"cyrus/imap[7]",
		"badlogin: mx.b.test [192.0.2.1] plaintext joe SASL(-1): generic failure: "
		 "cannot connect to saslauthd server: No such file or directory",
		"event|kind=auth_error|ip=192.0.2.1|name=mx.b.test|user=joe|"
		 "mechanism=plaintext|text=SASL(-1): generic failure: cannot connect to "
		 "saslauthd server: No such file or directory"},
	{"cyrus/imap[7]",
		"badlogin: mx.b.test [192.0.2.1] LOGIN [SASL(-5): bad protocol / cancel: x]",
		"event|kind=auth_abort|ip=192.0.2.1|name=mx.b.test|mechanism=LOGIN|"
		 "text=SASL(-5): bad protocol / cancel: x"},
	{"cyrus/imap[7]",
		"badlogin: mx.b.test [192.0.2.1] FOO [SASL(-4): no mechanism available: "
		 "Couldn't find mech FOO]",
		"event|kind=auth_failure|ip=192.0.2.1|name=mx.b.test|mechanism=FOO|"
		 "reason=protocol|text=SASL(-4): no mechanism available: Couldn't find mech "
		 "FOO"},
	{"cyrus/imap[7]",
		"badlogin: mx.b.test [192.0.2.1] PLAIN [SASL(-16): encryption needed to use"
		 " mechanism: x]",
		"event|kind=auth_failure|ip=192.0.2.1|name=mx.b.test|mechanism=PLAIN|"
		 "reason=tls|text=SASL(-16): encryption needed to use mechanism: x"},
	{"cyrus/imap[7]",
		"badlogin: mx.b.test [192.0.2.1] PLAIN",
		"event|kind=auth_failure|ip=192.0.2.1|name=mx.b.test|mechanism=PLAIN"},
	{"cyrus/imap[7]",
		"login: mx.b.test [192.0.2.1] joe plaintext User logged in",
		"event|kind=auth_success|ip=192.0.2.1|name=mx.b.test|user=joe|"
		 "mechanism=plaintext"},
	{"cyrus/imap[7]",
		"login: mx.b.test [192.0.2.1] joe plaintext+TLS User logged in "
		 "SESSIONID=<cyrus-7-1>",
		"event|kind=auth_success|ip=192.0.2.1|name=mx.b.test|user=joe|"
		 "mechanism=plaintext|session=cyrus-7-1"},
	{"cyrus/imap[7]",
		"login: [192.0.2.1] joe PLAIN+TLS User logged in",
		"event|kind=auth_success|ip=192.0.2.1|user=joe|mechanism=PLAIN"},
	{"cyrus/imap[7]",
		"login: mx.b.test [192.0.2.1] anonymous hunter2",
		"event|kind=auth_success|ip=192.0.2.1|name=mx.b.test|user=anonymous"},
	{"cyrus/imap[7]",
		"STARTTLS negotiation failed: mx.b.test [192.0.2.1]",
		"event|kind=tls_failure|ip=192.0.2.1|name=mx.b.test"},
	{"cyrus/imap[7]",
		"imaps TLS negotiation failed: [192.0.2.1]",
		"event|kind=tls_failure|ip=192.0.2.1"},
	{"cyrus/imap[7]",
		"accepted connection",
		"ignored"},
	{"cyrus/imap[7]",
		"starttls: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits new) no"
		 " authentication",
		"ignored"},
	{"cyrus/imap[7]",
		"USAGE joe user: 0.010000 sys: 0.004000",
		"ignored"},
	{"cyrus/imap[7]",
		"open: user joe opened INBOX",
		"ignored"},
	{"cyrus/imap[7]",
		"IOERROR: opening /var/spool/cyrus/mail/j/user/joe/cyrus.header: No such "
		 "file or directory",
		"event|kind=operational|text=IOERROR: opening "
		 "/var/spool/cyrus/mail/j/user/joe/cyrus.header: No such file or directory|"
		 "severity=error"},
	{"cyrus/imap[7]",
		"DBERROR: opening /var/lib/cyrus/mailboxes.db: cyrusdb error",
		"event|kind=operational|text=DBERROR: opening /var/lib/cyrus/mailboxes.db: "
		 "cyrusdb error|severity=error"},
	{"cyrus/imap[7]",
		"words of another version",
		"unknown"},
	{"cyrus/imap[7]",
		"badlogin: ",
		"malformed"},
	{"cyrus/imap[7]",
		"badlogin: evil name [192.0.2.1] PLAIN x",
		"malformed"},
	/* attacks */
	{"cyrus/imap[7]",
		"badlogin: mx.b.test [192.0.2.1] plaintext x [203.0.113.66] plaintext joe "
		 "SASL(-13): y SASL(-13): authentication failure: checkpass failed",
		"event|kind=auth_failure|ip=192.0.2.1|name=mx.b.test|user=x [203.0.113.66] "
		 "plaintext joe SASL(-13): y|mechanism=plaintext|text=SASL(-13): "
		 "authentication failure: checkpass failed"},
	{"cyrus/imap[7]",
		"badlogin: [203.0.113.66 [192.0.2.1] plaintext joe SASL(-13): "
		 "authentication failure: checkpass failed",
		"malformed"},
	{"cyrus/imap[7]",
		"badlogin: mx.b.test [192.0.2.1] X[203.0.113.66] [SASL(-4): no mechanism "
		 "available: x]",
		"event|kind=auth_failure|ip=192.0.2.1|name=mx.b.test|"
		 "mechanism=X[203.0.113.66]|reason=protocol|text=SASL(-4): no mechanism "
		 "available: x"},
	{"cyrus/pop3[7]",
		"counts: retr=<0> top=<0> dele=<0>",
		"ignored"},
	{"cyrus/pop3[7]",
		"badlogin: mx.b.test [192.0.2.1] plaintext joe SASL(-13): authentication "
		 "failure: checkpass failed",
		"event|kind=auth_failure|ip=192.0.2.1|name=mx.b.test|user=joe|"
		 "mechanism=plaintext|text=SASL(-13): authentication failure: checkpass "
		 "failed"},
	{"cyrus/master[7]",
		"ready for work",
		"event|kind=service|text=ready for work"},
	{"cyrus/master[7]",
		"process type:SERVICE name:imap path:/usr/lib/cyrus/bin/imapd age:1.000s "
		 "pid:7 exited, status 75",
		"ignored"},
	{"cyrus/lmtpunix[7]",
		"Delivered: <x@example.test> to mailbox: user.joe",
		"ignored"},
	{"imapd[7]",
		"login: mx.b.test [192.0.2.1] joe plaintext User logged in",
		"event|kind=auth_success|ip=192.0.2.1|name=mx.b.test|user=joe|"
		 "mechanism=plaintext"},
	{"lmtpunix[7]",
		"dupelim: eliminated duplicate message to user.joe id <x@example.test> "
		 "(delivery)",
		"ignored"},
	/* From the source: proc limits, libwrap, userdeny, httpd's proxies. */
	{"cyrus/imap[7]",
		"Too many open connections (10 of 10 from mx.b.test [192.0.2.1])",
		"event|kind=rate_limit|ip=192.0.2.1|name=mx.b.test|reason=rate|"
		 "text=Too many open connections (10 of 10 from mx.b.test [192.0.2.1])"},
	{"cyrus/imap[7]",
		"Too many open connections (3 of 10 from [192.0.2.1], 5 of 5 for joe)",
		"event|kind=rate_limit|ip=192.0.2.1|user=joe|reason=rate|"
		 "text=Too many open connections (3 of 10 from [192.0.2.1], 5 of 5 for joe)"},
	{"cyrus/imap[7]",
		"Too many open connections (5 of 5 for joe)",
		"event|kind=rate_limit|user=joe|reason=rate|"
		 "text=Too many open connections (5 of 5 for joe)"},
	{"cyrus/imap[7]",
		"Too many open connections (5 of 5",
		"malformed"},
	{"cyrus/imap[7]",
		"refused connection from 192.0.2.1",
		"event|kind=policy|ip=192.0.2.1|action=reject|stage=CONNECT|reason=access|"
		 "text=refused connection from 192.0.2.1"},
	{"cyrus/imap[7]",
		"refused connection from 203.0.113.66@192.0.2.1",
		"event|kind=policy|ip=192.0.2.1|action=reject|stage=CONNECT|reason=access|"
		 "text=refused connection from 203.0.113.66@192.0.2.1"},
	{"cyrus/imap[7]",
		"refused connection from mx.b.test",
		"event|kind=policy|name=mx.b.test|action=reject|stage=CONNECT|reason=access|"
		 "text=refused connection from mx.b.test"},
	{"cyrus/imap[7]",
		"user 'joe' denied access to service 'imap'",
		"ignored"},
	{"cyrus/imap[7]",
		"DENYDB_ERROR: error opening '/var/imap/user_deny.db': not found",
		"event|kind=operational|text=DENYDB_ERROR: error opening "
		 "'/var/imap/user_deny.db': not found|severity=warning"},
	{"cyrus/https[7]",
		"badlogin: [192.0.2.1] Basic joe proxy authz attempted on non-Murder backend",
		"event|kind=auth_failure|ip=192.0.2.1|user=joe|mechanism=Basic|reason=access|"
		 "text=proxy authz attempted on non-Murder backend"},
	{"cyrus/imap[7]",
		"badlogin: [192.0.2.1] bad userid joe smith",
		"event|kind=auth_failure|ip=192.0.2.1|user=joe smith|reason=unknown_user"},
	{"cyrus/imap[7]",
		"event=login.bad r.clienthost=\"[192.0.2.1]\" u.username=joe "
		 "login.mech=plaintext error=\"invalid user\"",
		"event|kind=auth_failure|ip=192.0.2.1|user=joe|mechanism=plaintext|"
		 "reason=unknown_user|text=invalid user"},
};

int
main(void)
{
	struct parse_kit kit = kit_new();

	kit_run(&kit, cases, sizeof(cases) / sizeof(*cases));
	kit_run_cut(&kit, cases, sizeof(cases) / sizeof(*cases), "hunter2");
	kit_free(&kit);
	return tap_done();
}
