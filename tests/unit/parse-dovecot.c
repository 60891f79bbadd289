/* SPDX-License-Identifier: Apache-2.0
 *
 * Dovecot's other lines, from 1.x to 2.4, through syslog and in files of its own: what
 * its auth process says, what happens behind a login, deliveries. What an outsider wrote
 * (203.0.113.66) is never an address; a password (hunter2) is in no field.
 */
#include "parse-kit.h"

static const struct parse_case cases[] = {
	/* auth */
	{"dovecot",
		"auth: passwd-file(joe,192.0.2.1,<JRhCH7RgY0XGEnGo>): unknown user",
		"event|kind=auth_failure|ip=192.0.2.1|user=joe|session=JRhCH7RgY0XGEnGo|"
		 "stage=auth|reason=unknown_user|text=unknown user"},
	{"dovecot",
		"auth: passwd-file(joe@example.test,2001:db8::7): Password mismatch",
		"event|kind=auth_failure|ip=2001:db8::7|user=joe@example.test|stage=auth|"
		 "text=Password mismatch"},
	{"dovecot",
		"auth: pam(joe,192.0.2.1): pam_authenticate() failed: Authentication "
		 "failure (Password mismatch?)",
		"event|kind=auth_failure|ip=192.0.2.1|user=joe|stage=auth|"
		 "text=pam_authenticate() failed: Authentication failure (Password "
		 "mismatch?)"},
	{"dovecot",
		"auth: pam(joe,192.0.2.1): pam_authenticate() failed: User not known to the"
		 " underlying authentication module: user",
		"event|kind=auth_failure|ip=192.0.2.1|user=joe|stage=auth|"
		 "reason=unknown_user|text=pam_authenticate() failed: User not known to the "
		 "underlying authentication module: user"},
	{"dovecot",
		"auth: ldap(joe,192.0.2.1,): invalid credentials",
		"event|kind=auth_failure|ip=192.0.2.1|user=joe|stage=auth|text=invalid "
		 "credentials"},
	{"dovecot",
		"auth: ldap(joe,192.0.2.1,<a>): invalid credentials (given password: "
		 "secret)",
		"event|kind=auth_failure|ip=192.0.2.1|user=joe|session=a|stage=auth|"
		 "text=invalid credentials"},
	{"dovecot",
		"auth: passwd-file(joe,192.0.2.1,master,<a>): Password mismatch",
		"event|kind=auth_failure|ip=192.0.2.1|user=joe|session=a|stage=auth|"
		 "text=Password mismatch"},
	{"dovecot",
		"auth: sql(joe): unknown user",
		"event|kind=auth_failure|user=joe|stage=auth|reason=unknown_user|"
		 "text=unknown user"},
	{"dovecot",
		"auth: plain(?,192.0.2.1): Username character disallowed by "
		 "auth_username_chars: 0x20 (username: x y)",
		"event|kind=auth_failure|ip=192.0.2.1|user=x y|stage=auth|reason=protocol|"
		 "text=Username character disallowed by auth_username_chars: 0x20"},
	{"dovecot",
		"auth: plain(?,192.0.2.1): Username contains disallowed character: 0x20",
		"event|kind=auth_failure|ip=192.0.2.1|stage=auth|reason=protocol|"
		 "text=Username contains disallowed character: 0x20"},
	{"dovecot",
		"auth: plain(?,192.0.2.1,<a>): Empty username",
		"event|kind=auth_failure|ip=192.0.2.1|session=a|stage=auth|reason=protocol|"
		 "text=Empty username"},
	{"dovecot",
		"auth: login(?,192.0.2.1,<a>): Request timed out waiting for client to "
		 "continue authentication (150 secs)",
		"event|kind=auth_abort|ip=192.0.2.1|session=a|stage=auth|text=Request timed"
		 " out waiting for client to continue authentication (150 secs)"},
	{"dovecot",
		"auth: cram-md5(?,192.0.2.1): Request 8.1 timeouted after 150 secs, state=1",
		"event|kind=auth_abort|ip=192.0.2.1|stage=auth|text=Request 8.1 timeouted "
		 "after 150 secs, state=1"},
	{"dovecot",
		"auth: plain(?,192.0.2.1,<a>): Invalid base64 data in continued response",
		"event|kind=auth_failure|ip=192.0.2.1|session=a|stage=auth|reason=protocol|"
		 "text=Invalid base64 data in continued response"},
	{"dovecot",
		"auth: plain(?,192.0.2.1,<a>): invalid input",
		"event|kind=auth_failure|ip=192.0.2.1|session=a|stage=auth|reason=protocol|"
		 "text=invalid input"},
	{"dovecot",
		"auth: passwd-file(joe,192.0.2.1,<a>): allow_nets check failed: IP "
		 "192.0.2.1 not in allowed networks",
		"event|kind=auth_failure|ip=192.0.2.1|user=joe|session=a|stage=auth|"
		 "reason=access|text=allow_nets check failed: IP 192.0.2.1 not in allowed "
		 "networks"},
	{"dovecot",
		"auth: policy(joe,192.0.2.1,<a>): Authentication failure due to policy "
		 "server refusal",
		"event|kind=auth_failure|ip=192.0.2.1|user=joe|session=a|stage=auth|"
		 "reason=access|text=Authentication failure due to policy server refusal"},
	{"dovecot",
		"auth: passdb(joe,192.0.2.1,<a>): User found from deny passdb",
		"event|kind=auth_failure|ip=192.0.2.1|user=joe|session=a|stage=auth|"
		 "reason=access|text=User found from deny passdb"},
	{"dovecot",
		"auth: static(boss,192.0.2.1,master,<a>): Master user logging in as joe",
		"ignored"},
	{"dovecot",
		"auth: pam(joe,192.0.2.1,<a>): unknown user - trying the next passdb",
		"ignored"},
	{"dovecot",
		"auth: sql(joe,192.0.2.1,<a>): Password mismatch (given password: hunter2) "
		 "- trying the next passdb",
		"ignored"},
	{"dovecot",
		"auth: sql(joe,192.0.2.1,<a>): Password mismatch (given password: hunter2)",
		"event|kind=auth_failure|ip=192.0.2.1|user=joe|session=a|stage=auth|"
		 "text=Password mismatch"},
	{"dovecot",
		"auth: sql(joe,192.0.2.1,<a>): Password mismatch (SHA1 of given password: "
		 "f3bbbd66a63d4bf1747940578ec3d0103530e21d)",
		"event|kind=auth_failure|ip=192.0.2.1|user=joe|session=a|stage=auth|"
		 "text=Password mismatch"},
	{"dovecot",
		"auth: pam(joe,192.0.2.1): pam_authenticate() failed: Authentication "
		 "failure (Password mismatch?) (given password: hunter2)",
		"event|kind=auth_failure|ip=192.0.2.1|user=joe|stage=auth|"
		 "text=pam_authenticate() failed: Authentication failure (Password "
		 "mismatch?)"},
	{"dovecot",
		"auth: sql(joe,192.0.2.1,<a>): words of another version (given password: "
		 "hunter2)",
		"event|kind=auth_failure|ip=192.0.2.1|user=joe|session=a|stage=auth|"
		 "text=words of another version"},
	{"dovecot",
		"auth: words of another version",
		"unknown"},
	{"dovecot",
		"auth: sql(joe,192.0.2.1): words of another version",
		"unknown"},
	{"dovecot",
		"auth: Error: sql(joe,192.0.2.1,<a>): Password query failed: Not connected "
		 "to database",
		"event|kind=auth_error|ip=192.0.2.1|user=joe|session=a|stage=auth|"
		 "text=Password query failed: Not connected to database|severity=error"},
	{"dovecot",
		"auth: Error: pam(joe,192.0.2.1): pam_authenticate() failed: Authentication"
		 " failure (/etc/pam.d/dovecot missing?)",
		"event|kind=auth_error|ip=192.0.2.1|user=joe|stage=auth|"
		 "text=pam_authenticate() failed: Authentication failure (/etc/pam.d/dovecot"
		 " missing?)|severity=error"},
	{"dovecot",
		"auth: Error: passwd-file(joe,192.0.2.1): Invalid password '{PLAIN}hunter2'"
		 " in passdb: crypt() failed",
		"event|kind=auth_error|ip=192.0.2.1|user=joe|stage=auth|text=Invalid "
		 "password|severity=error"},
	{"dovecot",
		"auth: Error: mysql(localhost): Connect failed to database (mail): Can't "
		 "connect - waiting for 5 seconds before retry",
		"event|kind=auth_error|text=mysql(localhost): Connect failed to database "
		 "(mail): Can't connect - waiting for 5 seconds before retry|severity=error"},
	{"dovecot",
		"auth: Warning: auth client 0 disconnected with 1 pending requests: EOF",
		"event|kind=operational|text=auth client 0 disconnected with 1 pending "
		 "requests: EOF|severity=warning"},
	{"dovecot",
		"auth: Debug: client in: AUTH\t1\tPLAIN\tservice=imap\t"
		 "resp=AGpvZQBodW50ZXIy",
		"ignored"},
	{"dovecot",
		"auth: mysql(localhost): Connected to database mail",
		"ignored"},
	{"dovecot",
		"auth(default): pam(joe,192.0.2.1): pam_authenticate() failed: "
		 "Authentication failure",
		"event|kind=auth_failure|ip=192.0.2.1|user=joe|stage=auth|"
		 "text=pam_authenticate() failed: Authentication failure"},
	{"dovecot",
		"auth(default): client in: AUTH\t1\tPLAIN\tservice=IMAP\t"
		 "resp=AGpvZQBodW50ZXIy",
		"ignored"},
	{"dovecot",
		"auth-worker(24544): sql(joe,192.0.2.1): unknown user",
		"event|kind=auth_failure|ip=192.0.2.1|user=joe|stage=auth|"
		 "reason=unknown_user|text=unknown user"},
	{"dovecot",
		"auth-worker(7): conn unix:auth-worker (pid=6,uid=97): auth-worker<3>: "
		 "sql(joe,192.0.2.1,<a>): Password mismatch",
		"event|kind=auth_failure|ip=192.0.2.1|user=joe|session=a|stage=auth|"
		 "text=Password mismatch"},
	{"dovecot",
		"auth-worker(7): Info: conn unix:auth-worker (pid=6,uid=97): "
		 "auth-worker<3>: sql(joe,192.0.2.1,<a>): unknown user",
		"event|kind=auth_failure|ip=192.0.2.1|user=joe|session=a|stage=auth|"
		 "reason=unknown_user|text=unknown user"},
	{"dovecot",
		"auth(joe,192.0.2.1,sasl:plain)<a/b+c>: sql: Password mismatch",
		"event|kind=auth_failure|ip=192.0.2.1|user=joe|mechanism=plain|"
		 "session=a/b+c|stage=auth|text=Password mismatch"},
	{"dovecot",
		"auth(joe,192.0.2.1,sasl:plain)<a>: passwd-file: unknown user",
		"event|kind=auth_failure|ip=192.0.2.1|user=joe|mechanism=plain|session=a|"
		 "stage=auth|reason=unknown_user|text=unknown user"},
	{"dovecot",
		"auth(?,192.0.2.1,sasl:login)<a>: login: Username character disallowed by "
		 "auth_username_chars: 0x20 (username: x y)",
		"event|kind=auth_failure|ip=192.0.2.1|user=x y|mechanism=login|session=a|"
		 "stage=auth|reason=protocol|text=Username character disallowed by "
		 "auth_username_chars: 0x20"},
	{"dovecot",
		"auth-worker(joe,192.0.2.1,sasl:plain)<77><a>: request [3]: pam: "
		 "pam_authenticate() failed: Authentication failure (Password mismatch?)",
		"event|kind=auth_failure|ip=192.0.2.1|user=joe|mechanism=plain|session=a|"
		 "stage=auth|text=pam_authenticate() failed: Authentication failure "
		 "(Password mismatch?)"},
	{"dovecot",
		"auth(joe,192.0.2.1,sasl:plain)<a>: Error: sql: Password query failed: Lost"
		 " connection",
		"event|kind=auth_error|ip=192.0.2.1|user=joe|mechanism=plain|session=a|"
		 "stage=auth|text=Password query failed: Lost connection|severity=error"},
	{"dovecot",
		"auth(joe,192.0.2.1,sasl:plain)<a>: Debug: sql: query: SELECT hunter2",
		"ignored"},
	{"dovecot",
		"auth: Error: BUG: Authentication client sent unknown command: x",
		"event|kind=operational|text=BUG: Authentication client sent unknown "
		 "command: x|severity=error"},
	/* attacks on auth lines */
	{"dovecot",
		"auth: passwd-file(x,203.0.113.66): unknown user,192.0.2.1): unknown user",
		"event|kind=auth_failure|ip=192.0.2.1|user=x,203.0.113.66): unknown user|"
		 "stage=auth|reason=unknown_user|text=unknown user"},
	{"dovecot",
		"auth: passwd-file(x,203.0.113.66,<b>,192.0.2.1,<a>): unknown user",
		"event|kind=auth_failure|ip=192.0.2.1|user=x,203.0.113.66,<b>|session=a|"
		 "stage=auth|reason=unknown_user|text=unknown user"},
	{"dovecot",
		"auth: passwd-file(x,203.0.113.66,sasl:plain,192.0.2.1): unknown user",
		"event|kind=auth_failure|ip=192.0.2.1|user=x,203.0.113.66,sasl:plain|"
		 "stage=auth|reason=unknown_user|text=unknown user"},
	{"dovecot",
		"auth: passwd-file(joe,192.0.2.1): Password mismatch (given password: "
		 "x,203.0.113.66): y)",
		"event|kind=auth_failure|stage=auth|text=Password mismatch"},
	{"dovecot",
		"auth: passwd-file(joe,192.0.2.1): Password mismatch (given password: "
		 "this-one-is-far-behind,203.0.113.66): y)",
		"event|kind=auth_failure|ip=192.0.2.1|user=joe|stage=auth|text=Password "
		 "mismatch"},
	{"dovecot",
		"auth: plain(?,192.0.2.1): Username character disallowed by "
		 "auth_username_chars: 0x29 (username: x,203.0.113.66): unknown user)",
		"event|kind=auth_failure|ip=192.0.2.1|user=x,203.0.113.66): unknown user|"
		 "stage=auth|reason=protocol|text=Username character disallowed by "
		 "auth_username_chars: 0x29"},
	{"dovecot",
		"auth(x,203.0.113.66,sasl:plain)<b>: sql: unknown "
		 "user,192.0.2.1,sasl:plain)<a>: sql: unknown user",
		"event|kind=auth_failure|ip=192.0.2.1|user=x,203.0.113.66,sasl:plain)<b>: "
		 "sql: unknown user|mechanism=plain|session=a|stage=auth|reason=unknown_user"
		 "|text=unknown user"},
	{"dovecot",
		"auth: passwd-file(?,192.0.2.1): Username character disallowed by "
		 "auth_username_chars: 0x5b (username: unknown[203.0.113.66]: SASL LOGIN "
		 "authentication failed: x)",
		"event|kind=auth_failure|ip=192.0.2.1|user=unknown[203.0.113.66]: SASL "
		 "LOGIN authentication failed: x|stage=auth|reason=protocol|text=Username "
		 "character disallowed by auth_username_chars: 0x5b"},
	/* behind the login */
	{"dovecot",
		"imap(joe@example.test)<368><sA5IH7Rgvy7AAAJD>: Disconnected: Logged out "
		 "in=8 out=469 deleted=0 expunged=0 trashed=0 hdr_count=0 hdr_bytes=0 "
		 "body_count=0 body_bytes=0",
		"event|kind=disconnect|user=joe@example.test|session=sA5IH7Rgvy7AAAJD|"
		 "proto=IMAP|text=Disconnected: Logged out|bytes=477"},
	{"dovecot",
		"imap(joe): Disconnected: Logged out in=8 out=469",
		"event|kind=disconnect|user=joe|proto=IMAP|text=Disconnected: Logged out|"
		 "bytes=477"},
	{"dovecot",
		"imap(joe)<9><a>: Connection closed (IDLE running for 0.001 + waiting input"
		 " for 12 secs, 2 B in + 10+0 B out, state=wait-input) in=140 out=1234",
		"event|kind=disconnect|user=joe|session=a|proto=IMAP|text=Connection closed"
		 " (IDLE running for 0.001 + waiting input for 12 secs, 2 B in + 10+0 B out,"
		 " state=wait-input)|bytes=1374"},
	{"dovecot",
		"imap(joe)<9><a>: Disconnected for inactivity in=140 out=1234",
		"event|kind=disconnect|user=joe|session=a|proto=IMAP|text=Disconnected for "
		 "inactivity|bytes=1374"},
	{"dovecot",
		"imap(12345)<9><a>: Logged out in=1 out=2",
		"event|kind=disconnect|user=12345|session=a|proto=IMAP|text=Logged out|"
		 "bytes=3"},
	{"dovecot",
		"pop3(joe)<9><a>: Disconnected: Logged out top=0/0, retr=1/230, del=0/1, "
		 "size=900, bytes=12/345",
		"event|kind=disconnect|user=joe|session=a|proto=POP3|text=Disconnected: "
		 "Logged out|bytes=357"},
	{"dovecot",
		"pop3(joe)<9><a>: Disconnected: Logged out top=0/0, retr=0/0, del=0/0, "
		 "size=0",
		"event|kind=disconnect|user=joe|session=a|proto=POP3|text=Disconnected: "
		 "Logged out"},
	{"dovecot",
		"managesieve(joe)<9><a>: Disconnected: Logged out bytes=23/456",
		"event|kind=disconnect|user=joe|session=a|proto=SIEVE|text=Disconnected: "
		 "Logged out|bytes=479"},
	{"dovecot",
		"IMAP(joe): Disconnected: Logged out bytes=12/345",
		"event|kind=disconnect|user=joe|proto=IMAP|text=Disconnected: Logged out|"
		 "bytes=357"},
	{"dovecot",
		"imap(joe)<9><a>: expunge: box=INBOX, uid=3, msgid=<x@example.test>, size=3",
		"ignored"},
	{"dovecot",
		"imap(joe)<9><a>: Error: Mailbox INBOX: open(/var/mail/joe) failed: "
		 "Permission denied",
		"event|kind=operational|user=joe|session=a|proto=IMAP|text=Mailbox INBOX: "
		 "open(/var/mail/joe) failed: Permission denied|severity=error"},
	{"dovecot",
		"imap(joe)<9><a>: Warning: Maildir /home/joe: Expunged message reappeared",
		"event|kind=operational|user=joe|session=a|proto=IMAP|text=Maildir "
		 "/home/joe: Expunged message reappeared|severity=warning"},
	{"dovecot",
		"imap: Error: Internal auth failure (client-pid=7 client-id=1)",
		"event|kind=auth_error|proto=IMAP|text=Internal auth failure (client-pid=7 "
		 "client-id=1)|severity=error"},
	{"dovecot",
		"imap(joe)<9><a>: words of another version",
		"unknown"},
	{"dovecot",
		"imap(joe)<9><a>: Panic: file mail.c: line 7 (x): assertion failed: (x)",
		"event|kind=operational|user=joe|session=a|proto=IMAP|text=file mail.c: "
		 "line 7 (x): assertion failed: (x)|severity=panic"},
	/* delivery */
	{"dovecot",
		"lmtp(1234): Connect from local",
		"ignored"},
	{"dovecot",
		"lmtp(1234): Disconnect from local: Successful quit",
		"ignored"},
	{"dovecot",
		"lmtp(joe@example.test)<9><a>: msgid=<x@example.test>: saved mail to INBOX",
		"ignored"},
	{"dovecot",
		"lmtp(joe@example.test)<9><a>: sieve: msgid=<x@example.test>: stored mail "
		 "into mailbox 'INBOX'",
		"ignored"},
	{"dovecot",
		"lmtp(1234, joe@example.test): wV+xYz: sieve: msgid=<x@example.test>: "
		 "forwarded to <jim@example.test>",
		"ignored"},
	{"dovecot",
		"lda(joe)<9><a>: msgid=<x@example.test>: save failed to INBOX: Quota "
		 "exceeded (mailbox for user is full)",
		"event|kind=operational|user=joe|session=a|text=msgid=<x@example.test>: "
		 "save failed to INBOX: Quota exceeded (mailbox for user is full)"},
	{"dovecot",
		"deliver(joe): msgid=<x@example.test>: saved mail to INBOX",
		"ignored"},
	{"dovecot",
		"lmtp(joe)<9><a>: Error: sieve: failed to open script",
		"event|kind=operational|user=joe|session=a|proto=LMTP|text=sieve: failed to"
		 " open script|severity=error"},
	{"dovecot",
		"lda(joe): Fatal: Invalid settings: userdb returned 0 as uid",
		"event|kind=operational|user=joe|text=Invalid settings: userdb returned 0 "
		 "as uid|severity=fatal"},
	/* the others */
	{"dovecot",
		"master: Dovecot v2.3.19.1 (9b53102964) starting up for imap (core dumps "
		 "disabled)",
		"event|kind=service|text=Dovecot v2.3.19.1 (9b53102964) starting up for "
		 "imap (core dumps disabled)"},
	{"dovecot",
		"Dovecot v1.2.9 starting up (core dumps disabled)",
		"event|kind=service|text=Dovecot v1.2.9 starting up (core dumps disabled)"},
	{"dovecot",
		"master: Warning: Killed with signal 15 (by pid=1 uid=0 code=kill)",
		"event|kind=service|text=Killed with signal 15 (by pid=1 uid=0 code=kill)|"
		 "severity=warning"},
	{"dovecot",
		"master: Warning: SIGHUP received - reloading configuration",
		"event|kind=service|text=SIGHUP received - reloading configuration|"
		 "severity=warning"},
	{"dovecot",
		"master: Warning: service(imap-login): process_limit (100) reached, client "
		 "connections are being dropped",
		"event|kind=capacity|text=service(imap-login): process_limit (100) reached,"
		 " client connections are being dropped|severity=warning"},
	{"dovecot",
		"master: Error: service(auth): command startup failed, throttling for 2.000"
		 " secs",
		"event|kind=capacity|text=service(auth): command startup failed, throttling"
		 " for 2.000 secs|severity=error"},
	{"dovecot",
		"master: Error: service(imap-login): child 12 killed with signal 11 (core "
		 "dumped)",
		"event|kind=operational|text=service(imap-login): child 12 killed with "
		 "signal 11 (core dumped)|severity=error"},
	{"dovecot",
		"config: Error: managesieve-login: dump-capability process returned 89",
		"event|kind=operational|text=managesieve-login: dump-capability process "
		 "returned 89|severity=error"},
	{"dovecot",
		"anvil: Warning: Killed with signal 15 (by pid=1 uid=0 code=kill)",
		"event|kind=service|text=Killed with signal 15 (by pid=1 uid=0 code=kill)|"
		 "severity=warning"},
	{"dovecot",
		"indexer-worker(joe)<7><a>: Indexed 3 messages in INBOX (UIDs 1..3)",
		"ignored"},
	{"dovecot",
		"ssl-params: Generating SSL parameters",
		"ignored"},
	{"dovecot",
		"doveadm: words of another version",
		"unknown"},
	{"dovecot",
		"imap-login: Error: Failed to initialize SSL server context: no certificate",
		"event|kind=operational|proto=IMAP|text=Failed to initialize SSL server "
		 "context: no certificate|severity=error"},
	{"dovecot",
		"imap-login: Error: auth: connect(login) in directory /run/dovecot failed: "
		 "No such file or directory",
		"event|kind=auth_error|proto=IMAP|text=auth: connect(login) in directory "
		 "/run/dovecot failed: No such file or directory|severity=error"},
	{"dovecot",
		"imap-login: ID sent: name=Thunderbird, x=, rip=203.0.113.66: user=<x>, "
		 "rip=192.0.2.9: user=<joe>, rip=192.0.2.1",
		"ignored"},
	{"dovecot",
		"imap-login: words of another version",
		"unknown"},
	{"dovecot",
		"imap-login: Disconnected (auth failed, 1 attempts in 0 secs): user=<joe>, "
		 "met",
		"event|kind=auth_failure|proto=IMAP|text=Disconnected (auth failed, 1 "
		 "attempts in 0 secs)|attempts=1|seconds=0|truncated=1"},
	{"dovecot",
		"pam_unix(dovecot:auth): check pass; user unknown",
		"ignored"},
	{"dovecot",
		"auth: pam_unix(dovecot:auth): authentication failure; logname= uid=0 "
		 "euid=0 tty=dovecot ruser=joe rhost=192.0.2.1  user=joe",
		"event|kind=auth_failure|ip=192.0.2.1|user=joe|stage=auth"},
	{NULL,
		"2019-10-15 08:08:52 imap-login: Info: Disconnected (auth failed, 1 "
		 "attempts in 2 secs): user=<joe>, method=PLAIN, rip=192.0.2.1, "
		 "lip=203.0.113.1, session=<a>",
		"event|kind=auth_failure|ip=192.0.2.1|server_ip=203.0.113.1|user=joe|"
		 "mechanism=PLAIN|session=a|proto=IMAP|text=Disconnected (auth failed, 1 "
		 "attempts in 2 secs)|attempts=1|seconds=2000000"},
	{NULL,
		"2026-11-20 12:09:55 auth: Info: passwd-file(joe,192.0.2.1,<a>): unknown "
		 "user",
		"event|kind=auth_failure|ip=192.0.2.1|user=joe|session=a|stage=auth|"
		 "reason=unknown_user|text=unknown user"},
	{NULL,
		"2026-11-20 12:09:55 auth-worker(7): Info: sql(joe,192.0.2.1,<a>): unknown "
		 "user",
		"event|kind=auth_failure|ip=192.0.2.1|user=joe|session=a|stage=auth|"
		 "reason=unknown_user|text=unknown user"},
	{NULL,
		"2026-11-20 12:09:55 auth(joe,192.0.2.1,sasl:plain)<a>: Info: sql: unknown "
		 "user",
		"event|kind=auth_failure|ip=192.0.2.1|user=joe|mechanism=plain|session=a|"
		 "stage=auth|reason=unknown_user|text=unknown user"},
	{NULL,
		"2026-11-20 12:09:55 imap(joe@example.test)<368><sA5IH7Rgvy7AAAJD>: Info: "
		 "Disconnected: Logged out in=8 out=469",
		"event|kind=disconnect|user=joe@example.test|session=sA5IH7Rgvy7AAAJD|"
		 "proto=IMAP|text=Disconnected: Logged out|bytes=477"},
	{NULL,
		"2026-11-20 12:09:55 lmtp(7): Error: x",
		"event|kind=operational|proto=LMTP|text=x|severity=error"},
	{NULL,
		"Jan 29 05:32:50 imap-login: Info: Login: user=<joe>, method=PLAIN, "
		 "rip=192.0.2.1, lip=203.0.113.1, mpid=7, session=<a>",
		"event|kind=auth_success|ip=192.0.2.1|server_ip=203.0.113.1|user=joe|"
		 "mechanism=PLAIN|session=a|proto=IMAP"},
	{NULL,
		"Jan 29 05:32:50 imap(joe@example.test)<368><sA5I/7Rgvy7+AAJD>: Info: "
		 "Disconnected: Logged out in=8 out=469",
		"event|kind=disconnect|user=joe@example.test|session=sA5I/7Rgvy7+AAJD|"
		 "proto=IMAP|text=Disconnected: Logged out|bytes=477"},
	{NULL,
		"Jun 23 15:04:05 Info: imap-login: Login: user=<joe>, method=PLAIN, "
		 "rip=192.0.2.1, lip=203.0.113.1, TLS",
		"event|kind=auth_success|ip=192.0.2.1|server_ip=203.0.113.1|user=joe|"
		 "mechanism=PLAIN|proto=IMAP"},
	{NULL,
		"Jun 23 15:04:05 Error: auth(default): pam(joe,192.0.2.1): "
		 "pam_authenticate() failed: x",
		"event|kind=auth_error|ip=192.0.2.1|user=joe|stage=auth|"
		 "text=pam_authenticate() failed: x|severity=error"},
	{NULL,
		"dovecot: Jun 23 15:04:05 Info: auth(default): pam(joe,192.0.2.1): "
		 "pam_authenticate() failed: Authentication failure",
		"event|kind=auth_failure|ip=192.0.2.1|user=joe|stage=auth|"
		 "text=pam_authenticate() failed: Authentication failure"},
	{NULL,
		"2026-11-20 12:09:55 master: Info: Dovecot v2.3.19.1 (9b53102964) starting "
		 "up for imap",
		"event|kind=service|text=Dovecot v2.3.19.1 (9b53102964) starting up for "
		 "imap"},
	{NULL,
		"2026-11-20 12:09:55 imap-login: Debug: x",
		"ignored"},
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
