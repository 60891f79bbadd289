/* SPDX-License-Identifier: Apache-2.0
 *
 * Dovecot's login lines, from 1.x to 2.4. What an outsider wrote (203.0.113.66) is never
 * an address; a password (hunter2) is in no field.
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
	/* login_log_format_elements with the name as it was typed */
	{"dovecot",
		"imap-login: Login: user=<joe>, orig_user=<Joe>, method=PLAIN, rip=192.0.2.1, "
		 "lip=203.0.113.1, session=<a>",
		"event|kind=auth_success|ip=192.0.2.1|server_ip=203.0.113.1|user=joe|"
		 "mechanism=PLAIN|session=a|proto=IMAP"},
	{"dovecot",
		"imap-login: Disconnected: Connection closed (auth failed, 1 attempts in 2 "
		 "secs): user=<>, orig_user=<>, method=PLAIN, rip=192.0.2.1, lip=203.0.113.1, "
		 "session=<a>",
		"event|kind=auth_failure|ip=192.0.2.1|server_ip=203.0.113.1|mechanism=PLAIN|"
		 "session=a|proto=IMAP|text=Disconnected: Connection closed (auth failed, 1 "
		 "attempts in 2 secs)|attempts=1|seconds=2000000"},
	{"dovecot",
		"imap-login: Login: user=<joe>, orig_user=<x>, rip=203.0.113.66, a=<>, "
		 "method=PLAIN, rip=192.0.2.1, lip=203.0.113.1, session=<a>",
		"event|kind=auth_success|ip=192.0.2.1|server_ip=203.0.113.1|user=joe|"
		 "mechanism=PLAIN|session=a|proto=IMAP"},
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
		"event|kind=tls_failure|ip=192.0.2.1|server_ip=203.0.113.1|session=a|"
		 "proto=IMAP|reason=tls|text=Disconnected (no auth attempts in 0 secs)|"
		 "seconds=0"},
	{"dovecot",
		"imap-login: Disconnected (no auth attempts in 1 secs): user=<>, "
		 "rip=192.0.2.1, lip=203.0.113.1, TLS handshaking: Disconnected, "
		 "session=<a>",
		"event|kind=disconnect|ip=192.0.2.1|server_ip=203.0.113.1|session=a|"
		 "proto=IMAP|text=Disconnected (no auth attempts in 1 secs)|"
		 "seconds=1000000"},
	/* "%c session=<%{session}> %k", and the session is where a user could end. */
	{"dovecot",
		"imap-login: Disconnected (auth failed, 1 attempts in 2 secs): user=<info>, "
		 "method=PLAIN, rip=192.0.2.1, lip=192.0.2.9, session=<sA5IH7Rgvy7A>, "
		 "TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)",
		"event|kind=auth_failure|ip=192.0.2.1|server_ip=192.0.2.9|user=info|"
		 "mechanism=PLAIN|session=sA5IH7Rgvy7A|proto=IMAP|text=Disconnected (auth "
		 "failed, 1 attempts in 2 secs)|tls=TLSv1.3|cipher=TLS_AES_256_GCM_SHA384|"
		 "attempts=1|seconds=2000000"},
	{"dovecot",
		"imap-login: Disconnected (no auth attempts in 0 secs): user=<>, "
		 "rip=192.0.2.1, lip=192.0.2.9, session=<sA5IH7Rgvy7A>, lport=993",
		"event|kind=disconnect|ip=192.0.2.1|server_ip=192.0.2.9|server_port=993|"
		 "session=sA5IH7Rgvy7A|proto=IMAP|text=Disconnected (no auth attempts in 0 "
		 "secs)|seconds=0"},
	{"dovecot",
		"imap-login: Disconnected (auth failed, 1 attempts in 2 secs): user=<x>, "
		 "rip=203.0.113.66>, rip=192.0.2.1, lip=192.0.2.9, session=<a>, TLSv1.3",
		"event|kind=auth_failure|ip=192.0.2.1|server_ip=192.0.2.9|user=x>, "
		 "rip=203.0.113.66|session=a|proto=IMAP|text=Disconnected (auth failed, 1 "
		 "attempts in 2 secs)|tls=TLSv1.3|attempts=1|seconds=2000000"},
	{"dovecot",
		"imap-login: Disconnected (auth failed, 1 attempts in 2 secs): "
		 "rip=192.0.2.1, user=<x>, rip=203.0.113.66, session=<a>, TLSv1.3",
		"event|kind=auth_failure|ip=192.0.2.1|user=x>, rip=203.0.113.66, "
		 "session=<a|proto=IMAP|text=Disconnected (auth failed, 1 attempts in 2 "
		 "secs)|tls=TLSv1.3|attempts=1|seconds=2000000"},
	{"dovecot",
		"pop3-login: Aborted login (0 authentication attempts): rip=192.0.2.1, "
		 "lip=203.0.113.1",
		"event|kind=disconnect|ip=192.0.2.1|server_ip=203.0.113.1|proto=POP3|"
		 "text=Aborted login (0 authentication attempts)|attempts=0"},
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
	/* Words that no version up to 2.4.1 has, and 2.4's word for programs. */
	{"dovecot",
		"imap-login: Login aborted: Logged out (wrong password, 1/3 successful "
		 "auths in 2 secs) (auth_failed): user=<joe>, rip=192.0.2.1, "
		 "lip=203.0.113.1, TLS, session=<a>",
		"event|kind=auth_failure|ip=192.0.2.1|server_ip=203.0.113.1|user=joe|"
		 "session=a|proto=IMAP|text=Login aborted: Logged out (wrong password, 1/3 "
		 "successful auths in 2 secs) (auth_failed)|attempts=3|seconds=2000000"},
	{"dovecot",
		"imap-login: Login aborted: Logged out (proxy is odd) "
		 "(proxy_dest_auth_temp_failed): user=<joe>, rip=192.0.2.1",
		"event|kind=auth_error|ip=192.0.2.1|user=joe|proto=IMAP|text=Login aborted:"
		 " Logged out (proxy is odd) (proxy_dest_auth_temp_failed)"},
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
		"imap-login: Login aborted: Connection queue full (in other words) "
		 "(process_full): user=<>, rip=192.0.2.1, lip=203.0.113.1, session=<a>",
		"event|kind=capacity|ip=192.0.2.1|server_ip=203.0.113.1|session=a|"
		 "proto=IMAP|text=Login aborted: Connection queue full (in other words) "
		 "(process_full)"},
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
		"ignored"},
	{"dovecot",
		"imap-login: proxy(joe,203.0.113.7:143): Login failed: "
		 "[AUTHENTICATIONFAILED] no: user=<joe>, method=PLAIN, rip=192.0.2.1, "
		 "lip=203.0.113.1",
		"ignored"},
	{"dovecot",
		"imap-login: proxy(joe,203.0.113.7:143): Disconnected by server (0s idle, "
		 "in=1, out=2): user=<joe>, method=PLAIN, rip=192.0.2.1, lip=203.0.113.1",
		"event|kind=disconnect|ip=192.0.2.1|server_ip=203.0.113.1|user=joe|"
		 "mechanism=PLAIN|proto=IMAP|text=proxy(joe,203.0.113.7:143): Disconnected "
		 "by server (0s idle, in=1, out=2)"},
	/*
	 * login_log_format_elements of others: an order of their own, keys missing or unknown
	 */
	{"dovecot",
		"imap-login: Login: rip=192.0.2.1, lip=203.0.113.1, user=<joe>, method="
		 "PLAIN, session=<a>",
		"event|kind=auth_success|ip=192.0.2.1|server_ip=203.0.113.1|user=joe|me"
		 "chanism=PLAIN|session=a|proto=IMAP"},
	{"dovecot",
		"imap-login: Login: method=PLAIN, user=<joe>, rip=192.0.2.1, lip=203.0."
		 "113.1, session=<a>",
		"event|kind=auth_success|ip=192.0.2.1|server_ip=203.0.113.1|user=joe|me"
		 "chanism=PLAIN|session=a|proto=IMAP"},
	{"dovecot",
		"imap-login: Login: method=PLAIN, lip=203.0.113.1, rip=192.0.2.1, user="
		 "<joe>",
		"event|kind=auth_success|ip=192.0.2.1|server_ip=203.0.113.1|user=joe|me"
		 "chanism=PLAIN|proto=IMAP"},
	{"dovecot",
		"imap-login: Login: session=<a>, user=<joe>, rip=192.0.2.1, TLS",
		"event|kind=auth_success|ip=192.0.2.1|user=joe|session=a|proto=IMAP"},
	{"dovecot",
		"imap-login: Login: user=<joe>, session=<abC/+>, rip=192.0.2.1, lip=203"
		 ".0.113.1",
		"event|kind=auth_success|ip=192.0.2.1|server_ip=203.0.113.1|user=joe|se"
		 "ssion=abC/+|proto=IMAP"},
	{"dovecot",
		"imap-login: Login: user=<joe>, method=PLAIN, lip=203.0.113.1, mpid=7, "
		 "TLS, session=<a>",
		"event|kind=auth_success|server_ip=203.0.113.1|user=joe|mechanism=PLAIN"
		 "|session=a|proto=IMAP"},
	{"dovecot",
		"imap-login: Login: user=<joe>, host=mx, remote=192.0.2.1, method=PLAIN",
		"event|kind=auth_success|user=joe|proto=IMAP"},
	{"dovecot",
		"imap-login: Login: user=joe, method=PLAIN, rip=203.0.113.66, lip=203.0"
		 ".113.1",
		"event|kind=auth_success|user=joe|proto=IMAP"},
	{"dovecot",
		"imap-login: Login: rip=192.0.2.1, user=joe, method=PLAIN",
		"event|kind=auth_success|ip=192.0.2.1|user=joe|proto=IMAP"},
	{"dovecot",
		"imap-login: Login: user=<joe>",
		"event|kind=auth_success|user=joe|proto=IMAP"},
	{"dovecot",
		"imap-login: Disconnected (auth failed, 1 attempts): lip=203.0.113.1, r"
		 "ip=192.0.2.1, session=<a>",
		"event|kind=auth_failure|ip=192.0.2.1|server_ip=203.0.113.1|session=a|p"
		 "roto=IMAP|text=Disconnected (auth failed, 1 attempts)|attempts=1"},
	{"dovecot",
		"imap-login: Login: rip=192.0.2.1, user=<a: user=<b>, method=PLAIN, rip"
		 "=203.0.113.66, lip=192.0.2.7>, session=<a>",
		"event|kind=auth_success|ip=192.0.2.1|user=a: user=<b>, method=PLAIN, r"
		 "ip=203.0.113.66, lip=192.0.2.7|session=a|proto=IMAP"},
	{"dovecot",
		"imap-login: Login: rip=192.0.2.1, user=<x>, rip=203.0.113.66, session="
		 "<a>",
		"event|kind=auth_success|ip=192.0.2.1|user=x|session=a|proto=IMAP"},
	{"dovecot",
		"imap-login: Login: method=PLAIN, user=<x>, rip=203.0.113.66>",
		"event|kind=auth_success|user=x>, rip=203.0.113.66|mechanism=PLAIN|prot"
		 "o=IMAP"},
	{"dovecot",
		"imap-login: Login: method=PLAIN, user=<x>, rip=203.0.113.66, z=<>, rip"
		 "=192.0.2.1",
		"event|kind=auth_success|ip=192.0.2.1|user=x>, rip=203.0.113.66, z=<|me"
		 "chanism=PLAIN|proto=IMAP"},
	{"dovecot",
		"imap-login: Login: method=PLAIN, user=<a>, rip=203.0.113.66, user=<b>,"
		 " rip=192.0.2.1",
		"event|kind=auth_success|ip=192.0.2.1|user=a>, rip=203.0.113.66, user=<"
		 "b|mechanism=PLAIN|proto=IMAP"},
	{"dovecot",
		"imap-login: Disconnected (tried to use unsupported auth mechanism): me"
		 "thod=X, lip=192.0.2.7, rip=203.0.113.66, z, rip=192.0.2.1, user=<>",
		"event|kind=auth_failure|server_ip=192.0.2.7|mechanism=X|proto=IMAP|rea"
		 "son=protocol|text=Disconnected (tried to use unsupported auth mechanis"
		 "m)"},
	{"dovecot",
		"imap-login: proxy(a: rip=203.0.113.66): started proxying to 203.0.113."
		 "7:143: rip=192.0.2.1, user=<a: rip=203.0.113.66>",
		"event|kind=disconnect|proto=IMAP|text=proxy(a|truncated=1"},
	{"dovecot",
		"imap-login: Aborted login (1 authentication attempts): user=<joe>, met"
		 "hod=PLAIN, rip=192.0.2.1, lip=203.0.113.1",
		"event|kind=auth_failure|ip=192.0.2.1|server_ip=203.0.113.1|user=joe|me"
		 "chanism=PLAIN|proto=IMAP|text=Aborted login (1 authentication attempts"
		 ")|attempts=1"},
	{"dovecot",
		"imap-login: Disconnected: method=PLAIN, rip=::ffff:192.0.2.1, lip=::ff"
		 "ff:203.0.113.1",
		"event|kind=disconnect|ip=::ffff:192.0.2.1|server_ip=::ffff:203.0.113.1"
		 "|mechanism=PLAIN|proto=IMAP|text=Disconnected"},
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
