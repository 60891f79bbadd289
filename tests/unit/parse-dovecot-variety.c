/* SPDX-License-Identifier: Apache-2.0
 *
 * What Dovecot's auth process says of the rarer mechanisms and databases, of all versions, and
 * what login processes say with verbose_ssl. An outsider's 203.0.113.6 is never an address.
 */
#include "parse-kit.h"

static const struct parse_case cases[] = {
	{"dovecot", "doveadm(192.0.2.1)<7><>: Error: x",
		"event|kind=operational|text=x|severity=error"},
	{"dovecot", "doveadm(192.0.2.1,joe)<7><>: Error: x",
		"event|kind=operational|user=joe|text=x|severity=error"},
	{"dovecot",
		"imap-login: Invalid certificate: self signed certificate: /CN=x: user=<>, "
		"rip=192.0.2.1, lip=192.0.2.9",
		"event|kind=tls_failure|ip=192.0.2.1|server_ip=192.0.2.9|proto=IMAP"
		"|reason=tls|text=Invalid certificate: self signed certificate: /CN=x"},
	{"dovecot",
		"auth: passwd-file(joe@b.test,192.0.2.1,<a>): missing passwd file: "
		"/etc/exim4/domains/b.test/passwd",
		"event|kind=auth_failure|ip=192.0.2.1|user=joe@b.test|session=a|stage=auth"
		"|reason=unknown_user|text=missing passwd file: "
		"/etc/exim4/domains/b.test/passwd"},
	{"dovecot",
		"auth-worker(133): HTTP request failed with 401 for user joe@b.test",
		"ignored"},
	{"dovecot",
		"submission(joe@b.test)<12><a>: Successfully relayed message: "
		"from=<joe@b.test>, size=512, id=x, nrcpt=1, reply=`250 2.0.0 Ok: queued "
		"as ABC'",
		"ignored"},
	/* Without a pid, and a stamp as programs write into files of their own. */
	{NULL,
		"2024-01-10 10:00:00 mx dovecot: imap-login: Disconnected (auth failed, 1 "
		"attempts in 2 secs): user=<joe>, method=PLAIN, rip=192.0.2.1, "
		"lip=192.0.2.9",
		"event|kind=auth_failure|ip=192.0.2.1|server_ip=192.0.2.9|user=joe"
		"|mechanism=PLAIN|proto=IMAP|text=Disconnected (auth failed, 1 attempts in "
		"2 secs)|attempts=1|seconds=2000000"},
	{"dovecot",
		"auth(joe@b.test,2001:db8::1,sasl:scram-sha-256)<a>: sasl(scram-sha-256): "
		"Password mismatch",
		"event|kind=auth_failure|ip=2001:db8::1|user=joe@b.test"
		"|mechanism=scram-sha-256|session=a|stage=auth|text=Password mismatch"},
	{"dovecot",
		"auth(?,192.0.2.1,sasl:plain)<a>: sasl(plain): Invalid base64 data in "
		"initial response",
		"event|kind=auth_failure|ip=192.0.2.1|mechanism=plain|session=a|stage=auth"
		"|reason=protocol|text=Invalid base64 data in initial response"},
	{"dovecot",
		"auth(joe,192.0.2.1,sasl:gssapi)<a>: Error: sasl(gssapi): While acquiring "
		"service credentials: x",
		"event|kind=auth_error|ip=192.0.2.1|user=joe|mechanism=gssapi|session=a"
		"|stage=auth|text=While acquiring service credentials: x|severity=error"},
	{"dovecot",
		"auth(x,203.0.113.6,sasl:plain)<b>: sasl(plain): unknown "
		"user,192.0.2.1,sasl:plain)<a>: sasl(plain): Password mismatch",
		"event|kind=auth_failure|ip=192.0.2.1|user=x,203.0.113.6,sasl:plain)<b>: "
		"sasl(plain): unknown user|mechanism=plain|session=a|stage=auth"
		"|text=Password mismatch"},
	{"dovecot",
		"auth(joe,192.0.2.1,sasl:oauthbearer)<a>: oauth2: Local validation failed: "
		"token expired",
		"event|kind=auth_failure|ip=192.0.2.1|user=joe|mechanism=oauthbearer"
		"|session=a|stage=auth|text=Local validation failed: token expired"},
	{"dovecot",
		"auth(joe,192.0.2.1,sasl:plain)<a>: Debug: sasl(plain): Request create",
		"ignored"},
	{"dovecot",
		"auth: pam(joe,192.0.2.1): pam_authenticate() failed: Authentication "
		"service cannot retrieve authentication info",
		"event|kind=auth_error|ip=192.0.2.1|user=joe|stage=auth"
		"|text=pam_authenticate() failed: Authentication service cannot retrieve "
		"authentication info"},
	{"dovecot",
		"auth: pam(joe,192.0.2.1): pam_authenticate() failed: System error",
		"event|kind=auth_error|ip=192.0.2.1|user=joe|stage=auth"
		"|text=pam_authenticate() failed: System error"},
	{"dovecot",
		"auth: pam(joe,192.0.2.1): pam_authenticate() failed: Permission denied",
		"event|kind=auth_failure|ip=192.0.2.1|user=joe|stage=auth"
		"|text=pam_authenticate() failed: Permission denied"},
	{"dovecot",
		"auth: digest-md5(joe,192.0.2.1): password mismatch",
		"event|kind=auth_failure|ip=192.0.2.1|user=joe|stage=auth|text=password "
		"mismatch"},
	{"dovecot",
		"auth: digest-md5(?,192.0.2.1): Unknown QoP value: x,203.0.113.6): y",
		"unknown"},
	{"dovecot",
		"auth: digest-md5(?,192.0.2.1): username must not exist more than once",
		"event|kind=auth_failure|ip=192.0.2.1|stage=auth|reason=protocol"
		"|text=username must not exist more than once"},
	{"dovecot",
		"auth: scram-sha-1(?,192.0.2.1): Wrong nonce",
		"event|kind=auth_failure|ip=192.0.2.1|stage=auth|reason=protocol|text=Wrong "
		"nonce"},
	{"dovecot",
		"auth: apop(?,192.0.2.1): malformed data",
		"event|kind=auth_failure|ip=192.0.2.1|stage=auth|reason=protocol"
		"|text=malformed data"},
	{"dovecot",
		"auth: cram-md5(?,192.0.2.1): missing digest",
		"event|kind=auth_failure|ip=192.0.2.1|stage=auth|reason=protocol"
		"|text=missing digest"},
	{"dovecot",
		"auth: ldap(joe,192.0.2.1,<a>): Login attempt with empty password",
		"event|kind=auth_failure|ip=192.0.2.1|user=joe|session=a|stage=auth"
		"|text=Login attempt with empty password"},
	{"dovecot",
		"auth: ldap(joe,192.0.2.1,<a>): No password returned (and no nopassword)",
		"event|kind=auth_failure|ip=192.0.2.1|user=joe|session=a|stage=auth"
		"|reason=access|text=No password returned (and no nopassword)"},
	{"dovecot",
		"auth: sql(joe,192.0.2.1,<a>): Password query returned no password",
		"event|kind=auth_failure|ip=192.0.2.1|user=joe|session=a|stage=auth"
		"|reason=access|text=Password query returned no password"},
	{"dovecot",
		"auth: oauth2(joe,192.0.2.1,<a>): Invalid token",
		"event|kind=auth_failure|ip=192.0.2.1|user=joe|session=a|stage=auth"
		"|text=Invalid token"},
	{"dovecot",
		"auth: gssapi(?,192.0.2.1,<a>): while processing incoming data: Unspecified "
		"GSS failure.",
		"event|kind=auth_failure|ip=192.0.2.1|session=a|stage=auth|text=while "
		"processing incoming data: Unspecified GSS failure."},
	{"dovecot",
		"auth: gssapi(?,192.0.2.1,<a>): Negotiated security layer",
		"ignored"},
	{"dovecot",
		"auth: anonymous(x,192.0.2.1,<a>): anonymous login",
		"ignored"},
	{"dovecot",
		"auth(default): plain(joe,192.0.2.1): username changed joe -> joe@b.test",
		"ignored"},
	{"dovecot",
		"auth: userdb(joe,192.0.2.1,<a>): user not found from userdb",
		"event|kind=operational|ip=192.0.2.1|user=joe|session=a|text=user not found "
		"from userdb"},
	{"dovecot",
		"auth: PAM unable to dlopen(pam_x.so): /lib/security/pam_x.so: cannot open "
		"shared object file",
		"event|kind=operational|text=PAM unable to dlopen(pam_x.so): "
		"/lib/security/pam_x.so: cannot open shared object file"},
	{"dovecot",
		"imap-login: Warning: SSL alert: where=0x4008, ret=256: warning close "
		"notify [192.0.2.1]",
		"ignored"},
	{"dovecot",
		"imap-login: Warning: SSL failed: where=0x2002: SSLv3 read client "
		"certificate A [192.0.2.1]",
		"ignored"},
	{"dovecot",
		"imap-login: Warning: SSL_accept() failed: error:1408F10B:SSL "
		"routines:ssl3_get_record:wrong version number [192.0.2.1]",
		"event|kind=tls_failure|proto=IMAP|reason=tls|text=SSL_accept() failed: "
		"error:1408F10B:SSL routines:ssl3_get_record:wrong version number "
		"[192.0.2.1]|severity=warning"},
	{"dovecot",
		"lmtp(joe@b.test)<9><a>: sieve: msgid=<x@b.test>: failed to store into "
		"mailbox 'INBOX': Quota exceeded (mailbox for user is full)",
		"event|kind=operational|user=joe@b.test|session=a|proto=LMTP|text=sieve: "
		"msgid=<x@b.test>: failed to store into mailbox 'INBOX': Quota exceeded "
		"(mailbox for user is full)"},
	{"dovecot",
		"lmtp(joe@b.test)<9><a>: sieve: msgid=<x@b.test>: stored mail into mailbox "
		"'INBOX'",
		"ignored"},
	/* The Message-ID is the sender's. */
	{"dovecot",
		"lmtp(joe@b.test)<9><a>: sieve: msgid=<x: failed to store into mailbox 'y': "
		"z@b.test>: stored mail into mailbox 'INBOX'",
		"ignored"},
	{"dovecot",
		"lmtp(joe@b.test)<9><a>: msgid=<x>: save failed to y@b.test>: saved mail to "
		"INBOX",
		"ignored"},
	{"dovecot",
		"lmtp(joe@b.test)<9><a>: msgid=unspecified: save failed to INBOX: x",
		"event|kind=operational|user=joe@b.test|session=a|proto=LMTP|text="
		"msgid=unspecified: save failed to INBOX: x"},
	/* And the mailbox's name that of who may have folders. */
	{"dovecot",
		"lmtp(joe@b.test)<9><a>: msgid=<x@b.test>: save failed to a>: b: Quota "
		"exceeded",
		"event|kind=operational|user=joe@b.test|session=a|proto=LMTP|text="
		"msgid=<x@b.test>: save failed to a>: b: Quota exceeded"},
	{"dovecot",
		"lmtp(joe@b.test)<9><a>: sieve: msgid=<x@b.test>: failed to store into "
		"mailbox 'a>: b': Quota exceeded (mailbox for user is full)",
		"event|kind=operational|user=joe@b.test|session=a|proto=LMTP|text=sieve: "
		"msgid=<x@b.test>: failed to store into mailbox 'a>: b': Quota exceeded "
		"(mailbox for user is full)"},
	{"dovecot",
		"lda(joe)<9><a>: msgid=unspecified: save failed to a>: b: x",
		"event|kind=operational|user=joe|session=a|text=msgid=unspecified: save "
		"failed to a>: b: x"},
	{"dovecot",
		"lmtp(joe@b.test)<9><a>: msgid=<x@b.test>: saved mail to a>: save failed to "
		"b: c",
		"ignored"},
	{"dovecot",
		"lmtp(joe@b.test)<9><a>: sieve: msgid=<x@b.test>: stored mail into mailbox "
		"'a>: failed to store into mailbox 'b'",
		"ignored"},
	{"dovecot",
		"lmtp(joe@b.test)<9><a>: sieve: msgid=<x>: failed to store into mailbox "
		"'y'@b.test>: marked message to be discarded if not explicitly delivered",
		"ignored"},
	{"dovecot",
		"lmtp(joe@b.test)<9><a>: msgid=a: save failed to b: saved mail to INBOX",
		"ignored"},
	/* Where the user's names may have any characters. */
	{"dovecot",
		"imap(joe (x)<y z)<9><a>: Disconnected: Logged out in=8 out=469",
		"event|kind=disconnect|user=joe (x)<y z|session=a|proto=IMAP|text="
		"Disconnected: Logged out|bytes=477"},
	{"dovecot",
		"imap(joe):x): Disconnected: Logged out in=8 out=469",
		"event|kind=disconnect|user=joe):x|proto=IMAP|text="
		"Disconnected: Logged out|bytes=477"},
	/* login_access_sockets, before anybody logs in. */
	{"dovecot", "imap-login: access(tcpwrap): Client refused (rip=192.0.2.1)",
		"event|kind=policy|ip=192.0.2.1|proto=IMAP|action=reject|stage=CONNECT"
		"|reason=access|text=access(tcpwrap): Client refused (rip=192.0.2.1)"},
	{"dovecot", "imap-login: access(tcpwrap): Client refused (rip=)", "malformed"},
	/* With auth_verbose: the session's end tells of these again. */
	{"dovecot",
		"imap-login: Login failed: SSL required for authentication: user=<>, "
		"rip=192.0.2.1, lip=192.0.2.9, session=<a>",
		"ignored"},
	{"dovecot",
		"imap-login: Info: Login failed: Plaintext authentication disabled: "
		"user=<>, rip=192.0.2.1, lip=192.0.2.9, session=<a>",
		"ignored"},
	{"dovecot",
		"imap-login: Authenticate X failed: Unsupported authentication mechanism.: "
		"user=<>, method=X, rip=192.0.2.1, lip=192.0.2.9, session=<a>",
		"ignored"},
	{"dovecot",
		"pop3-login: APOP failed: APOP not enabled: user=<>, rip=192.0.2.1, "
		"lip=192.0.2.9, session=<a>",
		"event|kind=auth_failure|ip=192.0.2.1|server_ip=192.0.2.9|session=a"
		"|proto=POP3|reason=protocol|text=APOP failed: APOP not enabled"},
	{"dovecot",
		"auth: password(joe,192.0.2.1): Requested DIGEST-MD5 scheme, but we have "
		"only MD5",
		"event|kind=auth_error|ip=192.0.2.1|user=joe|stage=auth|text=Requested "
		"DIGEST-MD5 scheme, but we have only MD5"},
	{"dovecot",
		"auth: sql(joe,192.0.2.1,<a>): Requested CRAM-MD5 scheme, but we have a NULL "
		"password",
		"event|kind=auth_error|ip=192.0.2.1|user=joe|session=a|stage=auth"
		"|text=Requested CRAM-MD5 scheme, but we have a NULL password"},
	{"dovecot",
		"auth: gssapi(joe,192.0.2.1,<a>): User not authorized to log in as boss",
		"event|kind=auth_failure|ip=192.0.2.1|user=joe|session=a|stage=auth"
		"|reason=access|text=User not authorized to log in as boss"},
	{"dovecot",
		"auth: vpopmail(joe,192.0.2.1): imap disabled in vpopmail for this user",
		"event|kind=auth_failure|ip=192.0.2.1|user=joe|stage=auth|reason=access"
		"|text=imap disabled in vpopmail for this user"},
	{"dovecot", "auth: anonymous(guest@b.test,192.0.2.1,<a>): login", "ignored"},
	{"dovecot", "auth: cram-md5(?,192.0.2.1,<a>): authentication failed",
		"event|kind=auth_failure|ip=192.0.2.1|session=a|stage=auth"
		"|text=authentication failed"},
	{"dovecot", "auth: apop(?,192.0.2.1,<a>): no initial response",
		"event|kind=auth_failure|ip=192.0.2.1|session=a|stage=auth|reason=protocol"
		"|text=no initial response"},
	/* Another server's words. */
	{"dovecot",
		"auth: imap(joe,192.0.2.1,<a>): [AUTHENTICATIONFAILED] Authentication "
		"failed.",
		"event|kind=auth_failure|ip=192.0.2.1|user=joe|session=a|stage=auth"
		"|text=[AUTHENTICATIONFAILED] Authentication failed."},
	{"dovecot", "auth: imap(joe,192.0.2.1,<a>): [UNAVAILABLE] Temporary authentication "
		"failure.",
	    "event|kind=auth_error|ip=192.0.2.1|user=joe|session=a|stage=auth|reason=temp"
	    "|text=[UNAVAILABLE] Temporary authentication failure."},
	{"dovecot", "auth(joe,192.0.2.1,<a>): imap: [expired] [UNAVAILABLE] Password expired",
	    "event|kind=auth_failure|ip=192.0.2.1|user=joe|session=a|stage=auth|reason=access"
	    "|text=[expired] [UNAVAILABLE] Password expired"},
	{"dovecot", "auth: imap(joe,192.0.2.1,<a>): allow_nets check failed: IP not in "
		"allowed networks",
	    "event|kind=auth_failure|ip=192.0.2.1|user=joe|session=a|stage=auth|reason=access"
	    "|text=allow_nets check failed: IP not in allowed networks"},
	{"dovecot", "auth: Error: imap(joe,192.0.2.1): Authentication failed: LOGIN wrong "
		"password",
	    "event|kind=auth_failure|ip=192.0.2.1|user=joe|stage=auth|text=Authentication "
	    "failed: LOGIN wrong password|severity=error"},
	{"dovecot", "auth: Error: imapc(mx.test:143): Authentication failed: LOGIN wrong "
		"password", "ignored"},
	{"dovecot", "auth: Error: imapc(mx.test:143): connect(192.0.2.1, 143) failed: "
		"Connection refused",
	    "event|kind=auth_error|text=imapc(mx.test:143): connect(192.0.2.1, 143) failed: "
	    "Connection refused|severity=error"},
	{"dovecot", "auth: imap(joe,192.0.2.1,<a>): Invalid login",
		"event|kind=auth_failure|ip=192.0.2.1|user=joe|session=a|stage=auth"
		"|text=Invalid login"},
	{"dovecot", "auth(joe,192.0.2.1,sasl:plain)<a>: imap: No such luck",
		"event|kind=auth_failure|ip=192.0.2.1|user=joe|mechanism=plain|session=a"
		"|stage=auth|text=No such luck"},
	{"dovecot", "auth: lua(joe,192.0.2.1,<a>): db-lua: x", "ignored"},
	{"dovecot",
		"auth: passwd-file(joe,192.0.2.1,<a>): allow_nets: Invalid network '10/x'",
		"event|kind=operational|ip=192.0.2.1|user=joe|session=a|text=allow_nets: "
		"Invalid network '10/x'"},
	{"dovecot",
		"lmtp(12): wV+xYz: Sent message to <joe@b.test> at 192.0.2.9:24: 250 2.0.0 OK "
		"(1/1 at 10 ms)",
		"ignored"},
	{"dovecot",
		"lmtp(12): wV+xYz: Failed to send message to <joe@b.test> at 192.0.2.9:24: "
		"550 5.1.1 no (1/1 at 10 ms)",
		"ignored"},
	{"dovecot",
		"lmtp(12): conn unix:pid=7,uid=0 [1]: rcpt joe@b.test: wV+xYz: Sent message "
		"to <joe@b.test> at 192.0.2.9:24: 250 2.0.0 OK (1/1 at 10 ms)",
		"ignored"},
	{"dovecot",
		"lmtp(12): Error: wV+xYz: Failed to send message to <joe@b.test> at "
		"192.0.2.9:24: 451 4.4.0 lost (1/1 at 10 ms)",
		"event|kind=operational|proto=LMTP|text=wV+xYz: Failed to send message to "
		"<joe@b.test> at 192.0.2.9:24: 451 4.4.0 lost (1/1 at 10 ms)|severity=error"},
	{"dovecot",
		"submission(joe)<9><a>: Failed to relay message: from=<joe@b.test>, size=1200,"
		" nrcpt=1, reply=`550 5.7.1 no'",
		"ignored"},
};

int
main(void)
{
	struct parse_kit kit = kit_new();

	kit_run(&kit, cases, sizeof(cases) / sizeof(*cases));
	kit_free(&kit);
	return tap_done();
}
