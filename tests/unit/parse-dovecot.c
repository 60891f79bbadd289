/* SPDX-License-Identifier: Apache-2.0
 *
 * Dovecot's lines, from 1.x to 2.4, through syslog and in files of its own. What an
 * outsider wrote (203.0.113.66) is never an address; a password (hunter2) is in no
 * field.
 */
#include "parse-kit.h"

static const struct parse_case cases[] = {
	/* logins */
	{"dovecot",
		"imap-login: Login: user=<joe@example.test>, method=PLAIN, rip=192.0.2.1, "
		 "lip=203.0.113.1, mpid=368, TLS, session=<sA5IH7Rgvy7AAAJD>",
		"event|kind=auth_success|ip=192.0.2.1|server_ip=203.0.113.1|"
		 "user=joe@example.test|mechanism=PLAIN|session=sA5IH7Rgvy7AAAJD|proto=IMAP"},
	{"dovecot",
		"imap-login: Logged in: user=<joe@example.test>, method=PLAIN, "
		 "rip=192.0.2.1, lip=203.0.113.1, mpid=368, TLS, session=<sA5IH7Rgvy7AAAJD>",
		"event|kind=auth_success|ip=192.0.2.1|server_ip=203.0.113.1|"
		 "user=joe@example.test|mechanism=PLAIN|session=sA5IH7Rgvy7AAAJD|proto=IMAP"},
	{"dovecot",
		"pop3-login: Login: user=<joe>, method=CRAM-MD5, rip=2001:db8::7, "
		 "lip=2001:db8::1, mpid=9, session=<z/BEH7RgBQYgAQ24AAEAAAAAAAAACwAC>",
		"event|kind=auth_success|ip=2001:db8::7|server_ip=2001:db8::1|user=joe|"
		 "mechanism=CRAM-MD5|session=z/BEH7RgBQYgAQ24AAEAAAAAAAAACwAC|proto=POP3"},
	{"dovecot",
		"managesieve-login: Login: user=<joe>, method=PLAIN, rip=192.0.2.1, "
		 "lip=203.0.113.1, mpid=9, secured, session=<a>",
		"event|kind=auth_success|ip=192.0.2.1|server_ip=203.0.113.1|user=joe|"
		 "mechanism=PLAIN|session=a|proto=SIEVE"},
	{"dovecot",
		"submission-login: Login: user=<joe>, method=PLAIN, rip=::ffff:192.0.2.1, "
		 "lip=203.0.113.1, mpid=9, TLS, session=<a>",
		"event|kind=auth_success|ip=::ffff:192.0.2.1|server_ip=203.0.113.1|user=joe"
		 "|mechanism=PLAIN|session=a|proto=SMTP"},
	{"dovecot",
		"imap-login: Login: user=<joe>, method=PLAIN, rip=192.0.2.1, "
		 "lip=203.0.113.1, TLS",
		"event|kind=auth_success|ip=192.0.2.1|server_ip=203.0.113.1|user=joe|"
		 "mechanism=PLAIN|proto=IMAP"},
	{"dovecot",
		"imap-login: Login: user=<joe>, method=PLAIN, rip=192.0.2.1, rport=4711, "
		 "lip=203.0.113.1, lport=993, mpid=9, TLS, TLSv1.3 with cipher "
		 "TLS_AES_256_GCM_SHA384 (256/256 bits), session=<a>",
		"event|kind=auth_success|ip=192.0.2.1|port=4711|server_ip=203.0.113.1|"
		 "server_port=993|user=joe|mechanism=PLAIN|session=a|proto=IMAP|tls=TLSv1.3|"
		 "cipher=TLS_AES_256_GCM_SHA384"},
	{"dovecot",
		"imap-login: Info: Login: user=<joe>, method=PLAIN, rip=192.0.2.1, "
		 "lip=203.0.113.1, TLS",
		"event|kind=auth_success|ip=192.0.2.1|server_ip=203.0.113.1|user=joe|"
		 "mechanism=PLAIN|proto=IMAP"},
	/* failures of 2.3 and before */
	{"dovecot",
		"imap-login: Disconnected (auth failed, 2 attempts in 10 secs): user=<joe>,"
		 " method=PLAIN, rip=192.0.2.1, lip=203.0.113.1, TLS, session=<a>",
		"event|kind=auth_failure|ip=192.0.2.1|server_ip=203.0.113.1|user=joe|"
		 "mechanism=PLAIN|session=a|proto=IMAP|text=Disconnected (auth failed, 2 "
		 "attempts in 10 secs)|attempts=2|seconds=10000000"},
	{"dovecot",
		"imap-login: Disconnected (auth failed, 2 attempts): user=<joe>, "
		 "method=PLAIN, rip=192.0.2.1, lip=203.0.113.1, TLS",
		"event|kind=auth_failure|ip=192.0.2.1|server_ip=203.0.113.1|user=joe|"
		 "mechanism=PLAIN|proto=IMAP|text=Disconnected (auth failed, 2 attempts)|"
		 "attempts=2"},
	{"dovecot",
		"imap-login: Aborted login (auth failed, 1 attempts in 2 secs): user=<>, "
		 "method=PLAIN, rip=192.0.2.1, lip=203.0.113.1, session=<a>",
		"event|kind=auth_failure|ip=192.0.2.1|server_ip=203.0.113.1|mechanism=PLAIN"
		 "|session=a|proto=IMAP|text=Aborted login (auth failed, 1 attempts in 2 "
		 "secs)|attempts=1|seconds=2000000"},
	{"dovecot",
		"pop3-login: Aborted login (auth failed, 1 attempts): user=<joe>, "
		 "method=PLAIN, rip=192.0.2.1, lip=203.0.113.1",
		"event|kind=auth_failure|ip=192.0.2.1|server_ip=203.0.113.1|user=joe|"
		 "mechanism=PLAIN|proto=POP3|text=Aborted login (auth failed, 1 attempts)|"
		 "attempts=1"},
	{"dovecot",
		"imap-login: Disconnected: Inactivity (auth failed, 1 attempts in 178 "
		 "secs): user=<joe>, method=PLAIN, rip=192.0.2.1, lip=203.0.113.1, TLS, "
		 "session=<a>",
		"event|kind=auth_failure|ip=192.0.2.1|server_ip=203.0.113.1|user=joe|"
		 "mechanism=PLAIN|session=a|proto=IMAP|text=Disconnected: Inactivity (auth "
		 "failed, 1 attempts in 178 secs)|attempts=1|seconds=178000000"},
	{"dovecot",
		"imap-login: Disconnected: Too many invalid commands (auth failed, 3 "
		 "attempts in 16 secs): user=<joe>, method=LOGIN, rip=192.0.2.1, "
		 "lip=203.0.113.1, session=<a>",
		"event|kind=auth_failure|ip=192.0.2.1|server_ip=203.0.113.1|user=joe|"
		 "mechanism=LOGIN|session=a|proto=IMAP|text=Disconnected: Too many invalid "
		 "commands (auth failed, 3 attempts in 16 secs)|attempts=3|seconds=16000000"},
	{"dovecot",
		"imap-login: Disconnected: Connection closed: read(size=1003) failed: "
		 "Connection reset by peer (auth failed, 1 attempts in 2 secs): user=<joe>, "
		 "method=PLAIN, rip=192.0.2.1, lip=203.0.113.1, session=<a>",
		"event|kind=auth_failure|ip=192.0.2.1|server_ip=203.0.113.1|user=joe|"
		 "mechanism=PLAIN|session=a|proto=IMAP|text=Disconnected: Connection closed:"
		 " read(size=1003) failed: Connection reset by peer (auth failed, 1 attempts"
		 " in 2 secs)|attempts=1|seconds=2000000"},
	{"dovecot",
		"imap-login: Disconnected: Connection closed (auth failed, 1 attempts in 0 "
		 "secs): user=<joe>, method=PLAIN, rip=192.0.2.1, lip=203.0.113.1, TLS: "
		 "Connection closed, session=<a>",
		"event|kind=auth_failure|ip=192.0.2.1|server_ip=203.0.113.1|user=joe|"
		 "mechanism=PLAIN|session=a|proto=IMAP|text=Disconnected: Connection closed "
		 "(auth failed, 1 attempts in 0 secs)|attempts=1|seconds=0"},
	{"dovecot",
		"submission-login: Client has quit the connection (auth failed, 1 attempts "
		 "in 0 secs): user=<joe>, method=PLAIN, rip=192.0.2.1, lip=203.0.113.1, "
		 "session=<a>",
		"event|kind=auth_failure|ip=192.0.2.1|server_ip=203.0.113.1|user=joe|"
		 "mechanism=PLAIN|session=a|proto=SMTP|text=Client has quit the connection "
		 "(auth failed, 1 attempts in 0 secs)|attempts=1|seconds=0"},
	{"dovecot",
		"submission-login: Remote closed connection (auth failed, 1 attempts in 0 "
		 "secs): user=<joe>, method=PLAIN, rip=192.0.2.1, lip=203.0.113.1, "
		 "session=<a>",
		"event|kind=auth_failure|ip=192.0.2.1|server_ip=203.0.113.1|user=joe|"
		 "mechanism=PLAIN|session=a|proto=SMTP|text=Remote closed connection (auth "
		 "failed, 1 attempts in 0 secs)|attempts=1|seconds=0"},
	{"dovecot",
		"imap-login: Disconnected (authorization failed, 1 attempts in 1 secs): "
		 "user=<joe>, method=PLAIN, rip=192.0.2.1, lip=203.0.113.1",
		"event|kind=auth_failure|ip=192.0.2.1|server_ip=203.0.113.1|user=joe|"
		 "mechanism=PLAIN|proto=IMAP|reason=access|text=Disconnected (authorization "
		 "failed, 1 attempts in 1 secs)|attempts=1|seconds=1000000"},
	{"dovecot",
		"imap-login: Disconnected (no auth attempts in 5 secs): user=<>, "
		 "rip=192.0.2.1, lip=203.0.113.1, session=<a>",
		"event|kind=disconnect|ip=192.0.2.1|server_ip=203.0.113.1|session=a|"
		 "proto=IMAP|text=Disconnected (no auth attempts in 5 secs)|seconds=5000000"},
	{"dovecot",
		"imap-login: Disconnected (no auth attempts): rip=192.0.2.1, "
		 "lip=203.0.113.1, TLS handshaking",
		"event|kind=disconnect|ip=192.0.2.1|server_ip=203.0.113.1|proto=IMAP|"
		 "text=Disconnected (no auth attempts)"},
	{"dovecot",
		"imap-login: Disconnected: Aborted login by logging out (no auth attempts "
		 "in 0 secs): user=<>, rip=192.0.2.1, lip=203.0.113.1, session=<a>",
		"event|kind=disconnect|ip=192.0.2.1|server_ip=203.0.113.1|session=a|"
		 "proto=IMAP|text=Disconnected: Aborted login by logging out (no auth "
		 "attempts in 0 secs)|seconds=0"},
	{"dovecot",
		"imap-login: Disconnected (no auth attempts in 0 secs): user=<>, "
		 "rip=192.0.2.1, lip=203.0.113.1, TLS handshaking: SSL_accept() failed: "
		 "error:1408F10B:SSL routines:ssl3_get_record:wrong version number, "
		 "session=<a>",
		"event|kind=disconnect|ip=192.0.2.1|server_ip=203.0.113.1|session=a|"
		 "proto=IMAP|text=Disconnected (no auth attempts in 0 secs)|seconds=0"},
	{"dovecot",
		"imap-login: Disconnected (disconnected before auth was ready, waited 7 "
		 "secs): user=<>, rip=192.0.2.1, lip=203.0.113.1, session=<a>",
		"event|kind=disconnect|ip=192.0.2.1|server_ip=203.0.113.1|session=a|"
		 "proto=IMAP|text=Disconnected (disconnected before auth was ready, waited 7"
		 " secs)|seconds=7000000"},
	{"dovecot",
		"imap-login: Disconnected (client didn't finish SASL auth, waited 5 secs): "
		 "user=<>, method=PLAIN, rip=192.0.2.1, lip=203.0.113.1, session=<a>",
		"event|kind=auth_abort|ip=192.0.2.1|server_ip=203.0.113.1|mechanism=PLAIN|"
		 "session=a|proto=IMAP|text=Disconnected (client didn't finish SASL auth, "
		 "waited 5 secs)|seconds=5000000"},
	{"dovecot",
		"imap-login: Disconnected (disconnected while authenticating, waited 3 "
		 "secs): user=<>, method=PLAIN, rip=192.0.2.1, lip=203.0.113.1, session=<a>",
		"event|kind=auth_abort|ip=192.0.2.1|server_ip=203.0.113.1|mechanism=PLAIN|"
		 "session=a|proto=IMAP|text=Disconnected (disconnected while authenticating,"
		 " waited 3 secs)|seconds=3000000"},
	{"dovecot",
		"imap-login: Disconnected (disconnected while finishing login, waited 3 "
		 "secs): user=<joe>, method=PLAIN, rip=192.0.2.1, lip=203.0.113.1, "
		 "session=<a>",
		"event|kind=auth_abort|ip=192.0.2.1|server_ip=203.0.113.1|user=joe|"
		 "mechanism=PLAIN|session=a|proto=IMAP|text=Disconnected (disconnected while"
		 " finishing login, waited 3 secs)|seconds=3000000"},
	{"dovecot",
		"imap-login: Aborted login (aborted authentication): user=<>, method=PLAIN,"
		 " rip=192.0.2.1, lip=203.0.113.1, session=<a>",
		"event|kind=auth_abort|ip=192.0.2.1|server_ip=203.0.113.1|mechanism=PLAIN|"
		 "session=a|proto=IMAP|text=Aborted login (aborted authentication)"},
	{"dovecot",
		"imap-login: Disconnected (auth process communication failure): user=<joe>,"
		 " method=PLAIN, rip=192.0.2.1, lip=203.0.113.1, session=<a>",
		"event|kind=auth_error|ip=192.0.2.1|server_ip=203.0.113.1|user=joe|"
		 "mechanism=PLAIN|session=a|proto=IMAP|text=Disconnected (auth process "
		 "communication failure)"},
	{"dovecot",
		"imap-login: Disconnected (auth service reported temporary failure): "
		 "user=<joe>, method=PLAIN, rip=192.0.2.1, lip=203.0.113.1, session=<a>",
		"event|kind=auth_error|ip=192.0.2.1|server_ip=203.0.113.1|user=joe|"
		 "mechanism=PLAIN|session=a|proto=IMAP|text=Disconnected (auth service "
		 "reported temporary failure)"},
	{"dovecot",
		"imap-login: Disconnected (internal failure, 2 successful auths): "
		 "user=<joe>, method=PLAIN, rip=192.0.2.1, lip=203.0.113.1, session=<a>",
		"event|kind=auth_error|ip=192.0.2.1|server_ip=203.0.113.1|user=joe|"
		 "mechanism=PLAIN|session=a|proto=IMAP|text=Disconnected (internal failure, "
		 "2 successful auths)|attempts=2"},
	{"dovecot",
		"imap-login: Disconnected (proxy dest auth failed): user=<joe>, "
		 "method=PLAIN, rip=192.0.2.1, lip=203.0.113.1, session=<a>",
		"event|kind=auth_failure|ip=192.0.2.1|server_ip=203.0.113.1|user=joe|"
		 "mechanism=PLAIN|session=a|proto=IMAP|text=Disconnected (proxy dest auth "
		 "failed)"},
	{"dovecot",
		"imap-login: Disconnected (user disabled): user=<joe>, method=PLAIN, "
		 "rip=192.0.2.1, lip=203.0.113.1, session=<a>",
		"event|kind=auth_failure|ip=192.0.2.1|server_ip=203.0.113.1|user=joe|"
		 "mechanism=PLAIN|session=a|proto=IMAP|reason=access|text=Disconnected (user"
		 " disabled)"},
	{"dovecot",
		"imap-login: Disconnected (password expired): user=<joe>, method=PLAIN, "
		 "rip=192.0.2.1, lip=203.0.113.1, session=<a>",
		"event|kind=auth_failure|ip=192.0.2.1|server_ip=203.0.113.1|user=joe|"
		 "mechanism=PLAIN|session=a|proto=IMAP|reason=access|text=Disconnected "
		 "(password expired)"},
	{"dovecot",
		"imap-login: Disconnected (login disabled): user=<joe>, method=PLAIN, "
		 "rip=192.0.2.1, lip=203.0.113.1, session=<a>",
		"event|kind=auth_failure|ip=192.0.2.1|server_ip=203.0.113.1|user=joe|"
		 "mechanism=PLAIN|session=a|proto=IMAP|reason=access|text=Disconnected "
		 "(login disabled)"},
	{"dovecot",
		"imap-login: Disconnected (sent invalid base64 in response): user=<>, "
		 "method=PLAIN, rip=192.0.2.1, lip=203.0.113.1, session=<a>",
		"event|kind=auth_failure|ip=192.0.2.1|server_ip=203.0.113.1|mechanism=PLAIN"
		 "|session=a|proto=IMAP|reason=protocol|text=Disconnected (sent invalid "
		 "base64 in response)"},
	{"dovecot",
		"imap-login: Disconnected (tried to use unsupported auth mechanism): "
		 "user=<>, method=FOO, rip=192.0.2.1, lip=203.0.113.1, session=<a>",
		"event|kind=auth_failure|ip=192.0.2.1|server_ip=203.0.113.1|mechanism=FOO|"
		 "session=a|proto=IMAP|reason=protocol|text=Disconnected (tried to use "
		 "unsupported auth mechanism)"},
	{"dovecot",
		"imap-login: Aborted login (tried to use disallowed plaintext auth): "
		 "user=<>, rip=192.0.2.1, lip=203.0.113.1, session=<a>",
		"event|kind=auth_failure|ip=192.0.2.1|server_ip=203.0.113.1|session=a|"
		 "proto=IMAP|reason=tls|text=Aborted login (tried to use disallowed "
		 "plaintext auth)"},
	{"dovecot",
		"imap-login: Disconnected (tried to use disabled plaintext auth): "
		 "rip=192.0.2.1, lip=203.0.113.1",
		"event|kind=auth_failure|ip=192.0.2.1|server_ip=203.0.113.1|proto=IMAP|"
		 "reason=tls|text=Disconnected (tried to use disabled plaintext auth)"},
	{"dovecot",
		"imap-login: Disconnected (cert required, client didn't start TLS): "
		 "user=<>, rip=192.0.2.1, lip=203.0.113.1, session=<a>",
		"event|kind=disconnect|ip=192.0.2.1|server_ip=203.0.113.1|session=a|"
		 "proto=IMAP|reason=tls|text=Disconnected (cert required, client didn't "
		 "start TLS)"},
	{"dovecot",
		"imap-login: Disconnected (client sent an invalid cert): user=<>, "
		 "rip=192.0.2.1, lip=203.0.113.1, TLS, session=<a>",
		"event|kind=disconnect|ip=192.0.2.1|server_ip=203.0.113.1|session=a|"
		 "proto=IMAP|reason=tls|text=Disconnected (client sent an invalid cert)"},
	{"dovecot",
		"imap-login: Disconnected (client didn't send a cert): user=<>, "
		 "rip=192.0.2.1, lip=203.0.113.1, TLS, session=<a>",
		"event|kind=disconnect|ip=192.0.2.1|server_ip=203.0.113.1|session=a|"
		 "proto=IMAP|reason=tls|text=Disconnected (client didn't send a cert)"},
	{"dovecot",
		"imap-login: Disconnected: Shutting down: user=<>, rip=192.0.2.1, "
		 "lip=203.0.113.1, session=<a>",
		"event|kind=disconnect|ip=192.0.2.1|server_ip=203.0.113.1|session=a|"
		 "proto=IMAP|text=Disconnected: Shutting down"},
	{"dovecot",
		"imap-login: Maximum number of connections from user+IP exceeded "
		 "(mail_max_userip_connections=10): user=<joe>, method=PLAIN, rip=192.0.2.1,"
		 " lip=203.0.113.1, TLS, session=<a>",
		"event|kind=rate_limit|ip=192.0.2.1|server_ip=203.0.113.1|user=joe|"
		 "mechanism=PLAIN|session=a|proto=IMAP|reason=rate|text=Maximum number of "
		 "connections from user+IP exceeded (mail_max_userip_connections=10)"},
	{"dovecot",
		"imap-login: Internal login failure (pid=7 id=1) (internal failure, 1 "
		 "successful auths): user=<joe>, method=PLAIN, rip=192.0.2.1, "
		 "lip=203.0.113.1, TLS, session=<a>",
		"event|kind=auth_error|ip=192.0.2.1|server_ip=203.0.113.1|user=joe|"
		 "mechanism=PLAIN|session=a|proto=IMAP|text=Internal login failure (pid=7 "
		 "id=1) (internal failure, 1 successful auths)|attempts=1"},
	{"dovecot",
		"imap-login: Timeout while finishing login (waited 180 secs): user=<joe>, "
		 "method=PLAIN, rip=192.0.2.1, lip=203.0.113.1, TLS, session=<a>",
		"event|kind=auth_error|ip=192.0.2.1|server_ip=203.0.113.1|user=joe|"
		 "mechanism=PLAIN|session=a|proto=IMAP|text=Timeout while finishing login "
		 "(waited 180 secs)"},
	{"dovecot",
		"imap-login: Warning: Auth process not responding, delayed sending initial "
		 "response (greeting): user=<>, rip=192.0.2.1, lip=203.0.113.1, session=<a>",
		"event|kind=auth_error|ip=192.0.2.1|server_ip=203.0.113.1|session=a|"
		 "proto=IMAP|text=Auth process not responding, delayed sending initial "
		 "response (greeting)|severity=warning"},
	{"dovecot",
		"imap-login: Disconnected (auth failed, 99999999999999999999 attempts in 2 "
		 "secs): user=<joe>, rip=192.0.2.1, lip=203.0.113.1",
		"event|kind=auth_failure|ip=192.0.2.1|server_ip=203.0.113.1|user=joe|"
		 "proto=IMAP|text=Disconnected (auth failed, 99999999999999999999 attempts "
		 "in 2 secs)"},
	/* 2.4 */
	{"dovecot",
		"imap-login: Login aborted: Logged out (auth failed, 1 attempts in 2 secs) "
		 "(auth_failed): user=<joe>, method=PLAIN, rip=192.0.2.1, lip=203.0.113.1, "
		 "TLS, session=<a>",
		"event|kind=auth_failure|ip=192.0.2.1|server_ip=203.0.113.1|user=joe|"
		 "mechanism=PLAIN|session=a|proto=IMAP|text=Login aborted: Logged out (auth "
		 "failed, 1 attempts in 2 secs) (auth_failed)|attempts=1|seconds=2000000"},
	{"dovecot",
		"imap-login: Login aborted: Connection closed (auth failed, 3 attempts in "
		 "16 secs) (auth_failed): user=<joe>, method=PLAIN, rip=192.0.2.1, "
		 "lip=203.0.113.1, TLS, session=<a>",
		"event|kind=auth_failure|ip=192.0.2.1|server_ip=203.0.113.1|user=joe|"
		 "mechanism=PLAIN|session=a|proto=IMAP|text=Login aborted: Connection closed"
		 " (auth failed, 3 attempts in 16 secs) (auth_failed)|attempts=3|"
		 "seconds=16000000"},
	{"dovecot",
		"imap-login: Login aborted: Inactivity during authentication (client didn't"
		 " finish SASL auth, 1 attempts in 180 secs) (auth_waiting_client): user=<>,"
		 " method=PLAIN, rip=192.0.2.1, lip=203.0.113.1, session=<a>",
		"event|kind=auth_abort|ip=192.0.2.1|server_ip=203.0.113.1|mechanism=PLAIN|"
		 "session=a|proto=IMAP|text=Login aborted: Inactivity during authentication "
		 "(client didn't finish SASL auth, 1 attempts in 180 secs) "
		 "(auth_waiting_client)|attempts=1|seconds=180000000"},
	{"dovecot",
		"imap-login: Login aborted: Logged out (tried to use disallowed cleartext "
		 "auth, 1 attempts in 0 secs) (cleartext_auth_disabled): user=<>, "
		 "method=PLAIN, rip=192.0.2.1, lip=203.0.113.1, session=<a>",
		"event|kind=auth_failure|ip=192.0.2.1|server_ip=203.0.113.1|mechanism=PLAIN"
		 "|session=a|proto=IMAP|reason=tls|text=Login aborted: Logged out (tried to "
		 "use disallowed cleartext auth, 1 attempts in 0 secs) "
		 "(cleartext_auth_disabled)|attempts=1|seconds=0"},
	{"dovecot",
		"imap-login: Login aborted: Connection closed (no auth attempts in 0 secs) "
		 "(no_auth_attempts): user=<>, rip=192.0.2.1, lip=203.0.113.1, session=<a>",
		"event|kind=disconnect|ip=192.0.2.1|server_ip=203.0.113.1|session=a|"
		 "proto=IMAP|text=Login aborted: Connection closed (no auth attempts in 0 "
		 "secs) (no_auth_attempts)|seconds=0"},
	{"dovecot",
		"imap-login: Login aborted: Connection closed (auth aborted by client, 1 "
		 "attempts in 4 secs) (auth_aborted_by_client): user=<>, method=PLAIN, "
		 "rip=192.0.2.1, lip=203.0.113.1, session=<a>",
		"event|kind=auth_abort|ip=192.0.2.1|server_ip=203.0.113.1|mechanism=PLAIN|"
		 "session=a|proto=IMAP|text=Login aborted: Connection closed (auth aborted "
		 "by client, 1 attempts in 4 secs) (auth_aborted_by_client)|attempts=1|"
		 "seconds=4000000"},
	{"dovecot",
		"imap-login: Login aborted: Connection closed (internal failure, 1/3 "
		 "successful auths in 9 secs) (internal_failure): user=<joe>, method=PLAIN, "
		 "rip=192.0.2.1, lip=203.0.113.1, session=<a>",
		"event|kind=auth_error|ip=192.0.2.1|server_ip=203.0.113.1|user=joe|"
		 "mechanism=PLAIN|session=a|proto=IMAP|text=Login aborted: Connection closed"
		 " (internal failure, 1/3 successful auths in 9 secs) (internal_failure)|"
		 "attempts=3|seconds=9000000"},
	{"dovecot",
		"imap-login: Login aborted: Connection closed: SSL_accept() failed: "
		 "error:0A00010B:SSL routines::wrong version number (disconnected during TLS"
		 " handshake) (tls_handshake_not_finished): user=<>, rip=192.0.2.1, "
		 "lip=203.0.113.1, TLS handshaking: SSL_accept() failed: error:0A00010B:SSL "
		 "routines::wrong version number, session=<a>",
		"event|kind=tls_failure|ip=192.0.2.1|server_ip=203.0.113.1|session=a|"
		 "proto=IMAP|reason=tls|text=Login aborted: Connection closed: SSL_accept() "
		 "failed: error:0A00010B:SSL routines::wrong version number (disconnected "
		 "during TLS handshake) (tls_handshake_not_finished)"},
	{"dovecot",
		"imap-login: Login aborted: Connection closed (auth service reported "
		 "temporary failure, 1 attempts in 2 secs) (temp_fail): user=<joe>, "
		 "method=PLAIN, rip=192.0.2.1, lip=203.0.113.1, session=<a>",
		"event|kind=auth_error|ip=192.0.2.1|server_ip=203.0.113.1|user=joe|"
		 "mechanism=PLAIN|session=a|proto=IMAP|text=Login aborted: Connection closed"
		 " (auth service reported temporary failure, 1 attempts in 2 secs) "
		 "(temp_fail)|attempts=1|seconds=2000000"},
	{"dovecot",
		"imap-login: Login aborted: Shutting down (The process is shutting down so "
		 "the login is aborted.) (shutting_down): user=<>, rip=192.0.2.1, "
		 "lip=203.0.113.1, session=<a>",
		"event|kind=disconnect|ip=192.0.2.1|server_ip=203.0.113.1|session=a|"
		 "proto=IMAP|text=Login aborted: Shutting down (The process is shutting down"
		 " so the login is aborted.) (shutting_down)"},
	{"dovecot",
		"imap-login: Login aborted: Connection queue full (client_limit and "
		 "process_limit was hit and this login session was killed.) (process_full): "
		 "user=<>, rip=192.0.2.1, lip=203.0.113.1, session=<a>",
		"event|kind=capacity|ip=192.0.2.1|server_ip=203.0.113.1|session=a|"
		 "proto=IMAP|text=Login aborted: Connection queue full (client_limit and "
		 "process_limit was hit and this login session was killed.) (process_full)"},
	{"dovecot",
		"imap-login: Login aborted: Connection closed (connection limit reached, "
		 "1/1 successful auths in 0 secs) (connection_limit): user=<joe>, "
		 "method=PLAIN, rip=192.0.2.1, lip=203.0.113.1, session=<a>",
		"event|kind=rate_limit|ip=192.0.2.1|server_ip=203.0.113.1|user=joe|"
		 "mechanism=PLAIN|session=a|proto=IMAP|reason=rate|text=Login aborted: "
		 "Connection closed (connection limit reached, 1/1 successful auths in 0 "
		 "secs) (connection_limit)|attempts=1|seconds=0"},
	{"dovecot",
		"imap-login: Login aborted: Connection closed (proxy dest connection "
		 "failed, 1/1 successful auths in 30 secs) (proxy_dest_connect_failed): "
		 "user=<joe>, method=PLAIN, rip=192.0.2.1, lip=203.0.113.1, session=<a>",
		"event|kind=auth_error|ip=192.0.2.1|server_ip=203.0.113.1|user=joe|"
		 "mechanism=PLAIN|session=a|proto=IMAP|text=Login aborted: Connection closed"
		 " (proxy dest connection failed, 1/1 successful auths in 30 secs) "
		 "(proxy_dest_connect_failed)|attempts=1|seconds=30000000"},
	{"dovecot",
		"imap-login: Login aborted: Connection closed (proxy dest authentication "
		 "failure, 1/1 successful auths in 3 secs) (proxy_dest_auth_failed): "
		 "user=<joe>, method=PLAIN, rip=192.0.2.1, lip=203.0.113.1, session=<a>",
		"event|kind=auth_failure|ip=192.0.2.1|server_ip=203.0.113.1|user=joe|"
		 "mechanism=PLAIN|session=a|proto=IMAP|text=Login aborted: Connection closed"
		 " (proxy dest authentication failure, 1/1 successful auths in 3 secs) "
		 "(proxy_dest_auth_failed)|attempts=1|seconds=3000000"},
	/* proxies */
	{"dovecot",
		"imap-login: proxy(joe): started proxying to 203.0.113.7:143: user=<joe>, "
		 "method=PLAIN, rip=192.0.2.1, lip=203.0.113.1, TLS, session=<a>",
		"event|kind=auth_success|ip=192.0.2.1|server_ip=203.0.113.1|user=joe|"
		 "mechanism=PLAIN|session=a|proto=IMAP"},
	{"dovecot",
		"imap-login: proxy(joe,203.0.113.7:143): Started proxying to <203.0.113.7> "
		 "(0.012 secs): user=<joe>, method=PLAIN, rip=192.0.2.1, lip=203.0.113.1, "
		 "TLS, session=<a>",
		"event|kind=auth_success|ip=192.0.2.1|server_ip=203.0.113.1|user=joe|"
		 "mechanism=PLAIN|session=a|proto=IMAP"},
	{"dovecot",
		"imap-login: Started proxying to <203.0.113.7> (0.012 secs): user=<joe>, "
		 "method=PLAIN, rip=192.0.2.1, lip=203.0.113.1, TLS, session=<a>",
		"event|kind=auth_success|ip=192.0.2.1|server_ip=203.0.113.1|user=joe|"
		 "mechanism=PLAIN|session=a|proto=IMAP"},
	{"dovecot",
		"imap-login: proxy(joe): disconnecting 203.0.113.7 (Disconnected by "
		 "client(12s idle, in=7, out=9)): user=<joe>, method=PLAIN, rip=192.0.2.1, "
		 "lip=203.0.113.1, session=<a>",
		"event|kind=disconnect|ip=192.0.2.1|server_ip=203.0.113.1|user=joe|"
		 "mechanism=PLAIN|session=a|proto=IMAP|text=proxy(joe): disconnecting "
		 "203.0.113.7 (Disconnected by client(12s idle, in=7, out=9))"},
	{"dovecot",
		"imap-login: proxy(joe): Login failed to 203.0.113.7:143: "
		 "[AUTHENTICATIONFAILED] Authentication failed.",
		"ignored"},
	{"dovecot",
		"imap-login: Error: proxy(joe,203.0.113.7:143): connect(203.0.113.7, 143) "
		 "failed: Connection refused",
		"event|kind=operational|proto=IMAP|text=proxy(joe,203.0.113.7:143): "
		 "connect(203.0.113.7, 143) failed: Connection refused|severity=error"},
	{"dovecot",
		"imap-login: Error: proxy(joe): connect(203.0.113.7, 143) failed: "
		 "Connection refused: user=<joe>, method=PLAIN, rip=192.0.2.1, "
		 "lip=203.0.113.1, session=<a>",
		"event|kind=operational|ip=192.0.2.1|server_ip=203.0.113.1|user=joe|"
		 "mechanism=PLAIN|session=a|proto=IMAP|text=proxy(joe): connect(203.0.113.7,"
		 " 143) failed: Connection refused|severity=error"},
	/* attacks on login lines */
	{"dovecot",
		"imap-login: Disconnected (auth failed, 1 attempts in 0 secs): "
		 "user=<user=<>, rip=203.0.113.66, lip=1.2.3.4>, method=PLAIN, "
		 "rip=192.0.2.1, lip=203.0.113.1, session=<a>",
		"event|kind=auth_failure|ip=192.0.2.1|server_ip=203.0.113.1|user=user=<>, "
		 "rip=203.0.113.66, lip=1.2.3.4|mechanism=PLAIN|session=a|proto=IMAP|"
		 "text=Disconnected (auth failed, 1 attempts in 0 secs)|attempts=1|seconds=0"},
	{"dovecot",
		"imap-login: Disconnected (auth failed, 1 attempts in 0 secs): user=<x>, "
		 "method=PLAIN, rip=203.0.113.66, lip=203.0.113.1, session=<b>>, "
		 "method=PLAIN, rip=192.0.2.1, lip=203.0.113.1, session=<a>",
		"event|kind=auth_failure|ip=192.0.2.1|server_ip=203.0.113.1|user=x>, "
		 "method=PLAIN, rip=203.0.113.66, lip=203.0.113.1, session=<b>|"
		 "mechanism=PLAIN|session=a|proto=IMAP|text=Disconnected (auth failed, 1 "
		 "attempts in 0 secs)|attempts=1|seconds=0"},
	{"dovecot",
		"imap-login: Disconnected (auth failed, 1 attempts in 0 secs): user=<x>, "
		 "rip=203.0.113.66, z=<>, method=PLAIN, rip=192.0.2.1, lip=203.0.113.1, "
		 "session=<a>",
		"event|kind=auth_failure|ip=192.0.2.1|server_ip=203.0.113.1|user=x>, "
		 "rip=203.0.113.66, z=<|mechanism=PLAIN|session=a|proto=IMAP|"
		 "text=Disconnected (auth failed, 1 attempts in 0 secs)|attempts=1|seconds=0"},
	{"dovecot",
		"imap-login: Disconnected (auth failed, 1 attempts in 0 secs): user=<Login:"
		 " user=<admin>, method=PLAIN, rip=203.0.113.66>, method=PLAIN, "
		 "rip=192.0.2.1, lip=203.0.113.1, session=<a>",
		"event|kind=auth_failure|ip=192.0.2.1|server_ip=203.0.113.1|user=Login: "
		 "user=<admin>, method=PLAIN, rip=203.0.113.66|mechanism=PLAIN|session=a|"
		 "proto=IMAP|text=Disconnected (auth failed, 1 attempts in 0 secs)|"
		 "attempts=1|seconds=0"},
	{"dovecot",
		"imap-login: Disconnected (tried to use unsupported auth mechanism): "
		 "user=<>, method=X, RIP=203.0.113.66, LIP=1.1.1.1, rip=192.0.2.1, "
		 "lip=203.0.113.1, session=<a>",
		"event|kind=auth_failure|ip=192.0.2.1|server_ip=203.0.113.1|mechanism=X, "
		 "RIP=203.0.113.66, LIP=1.1.1.1|session=a|proto=IMAP|reason=protocol|"
		 "text=Disconnected (tried to use unsupported auth mechanism)"},
	{"dovecot",
		"imap-login: Disconnected (tried to use unsupported auth mechanism): "
		 "user=<>, method=X, rip=203.0.113.66, rip=192.0.2.1, lip=203.0.113.1, "
		 "session=<a>",
		"event|kind=auth_failure|ip=192.0.2.1|server_ip=203.0.113.1|mechanism=X, "
		 "rip=203.0.113.66|session=a|proto=IMAP|reason=protocol|text=Disconnected "
		 "(tried to use unsupported auth mechanism)"},
	{"dovecot",
		"imap-login: Disconnected (client sent an invalid cert): user=<>, "
		 "rip=192.0.2.1, lip=203.0.113.1, TLS: Received invalid SSL certificate: "
		 "certificate has expired: /CN=>, rip=203.0.113.66, lip=1.2.3.4, "
		 "session=<bb>, session=<a>",
		"event|kind=disconnect|ip=192.0.2.1|server_ip=203.0.113.1|session=a|"
		 "proto=IMAP|reason=tls|text=Disconnected (client sent an invalid cert)"},
	{"dovecot",
		"imap-login: Disconnected (auth failed, 1 attempts in 0 secs): user=<: "
		 "user=<admin>, rip=203.0.113.66 (auth failed, 9 attempts)>, method=PLAIN, "
		 "rip=192.0.2.1, lip=203.0.113.1, session=<a>",
		"event|kind=auth_failure|ip=192.0.2.1|server_ip=203.0.113.1|user=: "
		 "user=<admin>, rip=203.0.113.66 (auth failed, 9 attempts)|mechanism=PLAIN|"
		 "session=a|proto=IMAP|text=Disconnected (auth failed, 1 attempts in 0 secs)"
		 "|attempts=1|seconds=0"},
	{"dovecot",
		"imap-login: Disconnected (auth failed, 1 attempts in 0 secs): "
		 "user=<#012Nov  5 09:08:07 mx postfix/smtpd[1]: connect from "
		 "x[203.0.113.66]>, method=PLAIN, rip=192.0.2.1, lip=203.0.113.1, "
		 "session=<a>",
		"event|kind=auth_failure|ip=192.0.2.1|server_ip=203.0.113.1|user=#012Nov  5"
		 " 09:08:07 mx postfix/smtpd[1]: connect from x[203.0.113.66]|"
		 "mechanism=PLAIN|session=a|proto=IMAP|text=Disconnected (auth failed, 1 "
		 "attempts in 0 secs)|attempts=1|seconds=0"},
	{"dovecot",
		"imap-login: Disconnected (auth failed, 1 attempts in 0 secs): user=<x>, "
		 "rip=203.0.113.66, "
		 "z=<#303#251#303#251#303#251#303#251#303#251#303#251#303#251#303#251#303#25"
		 "1#303#251>, method=PLAIN, rip=192.0.2.1, lip=203.0.113.1, session=<a>",
		"event|kind=auth_failure|ip=192.0.2.1|server_ip=203.0.113.1|user=x>, "
		 "rip=203.0.113.66, "
		 "z=<#303#251#303#251#303#251#303#251#303#251#303#251#303#251#303#251#303#25"
		 "1#303#251|mechanism=PLAIN|session=a|proto=IMAP|text=Disconnected (auth "
		 "failed, 1 attempts in 0 secs)|attempts=1|seconds=0"},
	{"dovecot",
		"imap-login: Disconnected (auth failed, 1 attempts in 0 secs): user=<\302"
		 "\23331m\342\200\256>, method=PLAIN, rip=192.0.2.1, lip=203.0.113.1, "
		 "session=<a>",
		"event|kind=auth_failure|ip=192.0.2.1|server_ip=203.0.113.1|user=\302\233"
		 "31m\342\200\256|mechanism=PLAIN|session=a|proto=IMAP|text=Disconnected "
		 "(auth failed, 1 attempts in 0 secs)|attempts=1|seconds=0"},
	{"dovecot",
		"imap-login: proxy(a: user=<b>, rip=203.0.113.66): started proxying to "
		 "203.0.113.7:143: user=<a: user=<b>, rip=203.0.113.66>, method=PLAIN, "
		 "rip=192.0.2.1, lip=203.0.113.1",
		"event|kind=disconnect|proto=IMAP|text=proxy(a|truncated=1"},
	{"dovecot",
		"imap-login: proxy(x): started proxying to y): Login failed to "
		 "203.0.113.7:143: no: user=<x): started proxying to y>, method=PLAIN, "
		 "rip=192.0.2.1, lip=203.0.113.1",
		"event|kind=disconnect|ip=192.0.2.1|server_ip=203.0.113.1|user=x): started "
		 "proxying to y|mechanism=PLAIN|proto=IMAP|text=proxy(x): started proxying "
		 "to y): Login failed to 203.0.113.7:143: no"},
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

/* The longest user that Dovecot logs, and one that it cut: the end is found. */
static void
test_long(struct parse_kit *kit)
{
	static const char behind[] = ">, method=PLAIN, rip=192.0.2.1, lip=203.0.113.1";
	static const char forged[] = ">, rip=203.0.113.66, lip=203.0.113.1, z=<";
	char line[512], user[81];

	memset(user, 'x', sizeof(user));
	memcpy(user, forged, sizeof(forged) - 1);
	memcpy(user + 77, "...", sizeof("..."));
	snprintf(line, sizeof(line), "imap-login: Login: user=<%s%s", user, behind);
	kit_say(kit, "dovecot", line, SIZE_MAX);
	ok(strstr(kit->said.p, "|ip=192.0.2.1|") && !strstr(kit->said.p, "ip=203.0.113.66|"),
	    "80 bytes of user");
	user[63] = '\0';
	snprintf(line, sizeof(line), "auth: sql(x,203.0.113.66): %s,192.0.2.1): unknown user",
	    user + 26);
	kit_say(kit, "dovecot", line, SIZE_MAX);
	ok(strstr(kit->said.p, "|ip=192.0.2.1|"), "64 bytes of user");
}

int
main(void)
{
	struct parse_kit kit = kit_new();

	kit_run(&kit, cases, sizeof(cases) / sizeof(*cases));
	kit_run_cut(&kit, cases, sizeof(cases) / sizeof(*cases), "hunter2");
	test_long(&kit);
	kit_free(&kit);
	return tap_done();
}
