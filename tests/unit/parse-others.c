/* SPDX-License-Identifier: Apache-2.0
 *
 * Lines that few versions or set-ups write, of the smaller daemons, and of others what must
 * not be taken for theirs.
 */
#include "parse-kit.h"

#define SYSLOG "Nov 20 11:49:08 h "

static const struct message_case lines[] = {
	{SYSLOG "imap[12]: badlogin: mx.b.test[192.0.2.1] plaintext joe SASL(-13): user not "
	    "found: checkpass failed",
	    "event|kind=auth_failure|ip=192.0.2.1|name=mx.b.test|user=joe"
	    "|mechanism=plaintext|reason=unknown_user|text=SASL(-13): user not found: "
	    "checkpass failed"},
	{SYSLOG "pop3s[12]: badlogin: [192.0.2.1] APOP (<12@h.test>) SASL(-13): "
	    "authentication failure: x",
	    "event|kind=auth_failure|ip=192.0.2.1|mechanism=APOP|text=SASL(-13): "
	    "authentication failure: x"},
	{SYSLOG "lmtpunix[12]: badlogin: [unix socket] PLAIN SASL(-13): authentication "
	    "failure: x",
	    "event|kind=auth_failure|mechanism=PLAIN|text=SASL(-13): authentication "
	    "failure: x"},
	{SYSLOG "cyrus/http[12]: badlogin: [192.0.2.1] Basic joe SASL(-13): authentication "
	    "failure: checkpass failed",
	    "event|kind=auth_failure|ip=192.0.2.1|user=joe|mechanism=Basic|text=SASL(-13): "
	    "authentication failure: checkpass failed"},
	{SYSLOG "imaps[12]: badlogin: [192.0.2.1] PLAIN [SASL(-1): generic failure: "
	    "SASL(-13): no]",
	    "event|kind=auth_error|ip=192.0.2.1|mechanism=PLAIN|text=SASL(-1): generic "
	    "failure: SASL(-13): no"},
	{SYSLOG "httpd[12]: AH00558: Could not reliably determine the server's name",
	    "foreign"},
	{SYSLOG "imaps[12]: TLS negotiation failed: [192.0.2.1]",
	    "event|kind=tls_failure|ip=192.0.2.1"},
	{SYSLOG "imaps[12]: SSL_accept() failed -> fail",
	    "ignored"},
	{SYSLOG "imaps[12]: Password verification failed",
	    "ignored"},
	{SYSLOG "lmtpunix[12]: verify_user(user.joe) failed: Mailbox does not exist",
	    "ignored"},
	{SYSLOG "cyrus/master[12]: unable to create imap listener socket: Address already "
	    "in use",
	    "event|kind=operational|text=unable to create imap listener socket: Address "
	    "already in use|severity=error"},
	{SYSLOG "imapd[12]: LOGIN FAILED, user=joe, ip=[::ffff:203.0.113.66]",
	    "event|kind=auth_failure|ip=::ffff:203.0.113.66|user=joe|text=LOGIN FAILED"},
	{SYSLOG "saslauthd[12]: do_auth         : auth success (cached): [user=joe] "
	    "[service=smtp] [realm=b.test]",
	    "event|kind=auth_success|user=joe|proto=SMTP|stage=auth"},
	{SYSLOG "saslauthd[12]: Authentication failed for joe/b.test: Bind to ldap server "
	    "failed (invalid user/password or insufficient access) (-7)",
	    "ignored"},
	{SYSLOG "saslauthd[12]: auth_rimap: connect: Connection refused",
	    "event|kind=operational|text=auth_rimap: connect: Connection refused"},
	{SYSLOG "authdaemond: pam_unix(pop3:auth): authentication failure; logname= uid=0 "
	    "euid=0 tty= ruser= rhost=  user=joe",
	    "event|kind=auth_failure|user=joe|stage=auth"},
	{SYSLOG "exim4[12]: pam_unix(exim4:auth): authentication failure; logname= uid=101 "
	    "euid=101 tty= ruser= rhost=192.0.2.1  user=joe",
	    "event|kind=auth_failure|ip=192.0.2.1|user=joe|stage=auth"},
	{SYSLOG "amavis[12]: (00012-01) Requesting process rundown after 20 tasks",
	    "ignored"},
	{SYSLOG "amavis[12]: (00012-01) WARN: MIME::Parser error: x",
	    "event|kind=operational|text=WARN: MIME::Parser error: x"},
	{SYSLOG "spamd[12]: result: Y 11 - GTUBE "
	    "scantime=0.4,size=387,mid=<1@a.test>,autolearn=no",
	    "event|kind=spam_verdict|text=GTUBE|size=387|msgid=<1@a.test>|verdict=spam"
	    "|score=11000|seconds=400000"},
	{SYSLOG "spamd[12]: identified spam (12.1/5.0) for joe:1000 in 1.2 seconds, 345 "
	    "bytes.",
	    "ignored"},
	{SYSLOG "spamd[12]: Still running as root: user not specified with -u, not found, "
	    "or set to root.  Fall back to nobody.",
	    "event|kind=operational|text=Still running as root: user not specified with -u, "
	    "not found, or set to root.  Fall back to nobody."},
	{SYSLOG "policyd-spf[12]: None; identity=no SPF record; client-ip=192.0.2.1; "
	    "helo=mx.a.test; envelope-from=s@a.test; receiver=r@b.test",
	    "event|kind=auth_result|ip=192.0.2.1|name=a.test|sender=s@a.test|helo=mx.a.test"
	    "|action=none|text=client-ip=192.0.2.1; helo=mx.a.test; envelope-from=s@a.test; "
	    "receiver=r@b.test|category=spf"},
	{SYSLOG "policyd-spf[12]: prepend Received-SPF: None (no SPF record) identity=no "
	    "SPF record; client-ip=192.0.2.1; helo=mx.a.test; envelope-from=s@a.test; "
	    "receiver=<UNKNOWN>",
	    "event|kind=auth_result|ip=192.0.2.1|name=a.test|sender=s@a.test|helo=mx.a.test"
	    "|action=none|text=(no SPF record) identity=no SPF record; client-ip=192.0.2.1; "
	    "helo=mx.a.test; envelope-from=s@a.test; receiver=<UNKNOWN>|category=spf"},
	{SYSLOG "opendkim[12]: 4F1D2A3B4C: signature=abc domain=a.test selector=sel "
	    "result=\"no signature error\"",
	    "ignored"},
	{SYSLOG "fail2ban-server[12]: fail2ban.actions        [12]: NOTICE  [postfix] Ban "
	    "192.0.2.1",
	    "event|kind=ban|ip=192.0.2.1|action=Ban|jail=postfix"},
	{SYSLOG "fail2ban-server[12]: 2026-11-20 11:49:08,123 fail2ban.filter [12]: INFO "
	    "[postfix] Found 192.0.2.1 - 2026-11-20 11:49:08",
	    "event|kind=found|ip=192.0.2.1|action=Found|jail=postfix"},
	{"2026-11-20 11:49:08,123 fail2ban                [12]: CRITICAL Could not start "
	    "server",
	    "event|kind=operational|text=Could not start server|severity=fatal"},
	{"2026-11-20 11:49:08,123 fail2ban.filtersystemd  [12]: NOTICE  [postfix] Jail "
	    "started without 'journalmatch' set.",
	    "event|kind=operational|text=Jail started without 'journalmatch' set."
	    "|jail=postfix"},
	{"2026-11-20 11:49:08 Connection from [203.0.113.66]:33 accepted",
	    "foreign"},
	{"2026-11-20 11:49:08 server1 [203.0.113.66] Connection refused",
	    "foreign"},
	{SYSLOG "amavis[12]: (00012-01) Passed, <s@a.test> -> <r@b.test>, quarantine "
	    "S68df6LqJbl7, Message-ID: <1@a.test>, Hits: 1.2, 12 ms",
	    "event|kind=spam_verdict|sender=s@a.test|recipient=r@b.test|action=passed"
	    "|nrcpt=1|msgid=<1@a.test>|score=1200|seconds=12000"},
	{SYSLOG "amavis[12]: (00012-01) Not-Delivered, <s@a.test> -> <r@b.test>, quarantine "
	    "spam-x, Message-ID: <1@a.test>, Hits: 20",
	    "event|kind=spam_verdict|sender=s@a.test|recipient=r@b.test|action=blocked"
	    "|nrcpt=1|msgid=<1@a.test>|score=20000"},
	{SYSLOG "amavis[12]: (00012-01) S68df6LqJbl7 FWD from <s@a.test> -> <r@b.test>, "
	    "BODY=7BIT 250 2.0.0 from MTA(smtp:[127.0.0.1]:10025): 250 2.0.0 Ok: queued as "
	    "925141A1A9B",
	    "ignored"},
	{SYSLOG "amavis[12]: (00012-01) sending SMTP response: \"250 2.7.0 Ok, discarded, "
	    "id=09360-09 - SPAM\"",
	    "ignored"},
	{SYSLOG "saslauthd[12]: pam_unix(smtp:auth): authentication failure; logname= uid=0 "
	    "euid=0 tty= ruser= rhost=",
	    "event|kind=auth_failure|stage=auth"},
	{"2026-11-20 11:49:08 #123(normal) <abc123>; task; rspamd_task_write_log: id: "
	    "<1@a.test>, qid: <4F1D2A3B4C>, ip: 192.0.2.1, from: <s@a.test>, (default: F "
	    "(no action): [0.56/15.00] [IP_SCORE,R_SPF_ALLOW]), len: 916, time: 5002.992ms "
	    "real, 434.269ms virtual, dns req: 38",
	    "event|kind=spam_verdict|ip=192.0.2.1|qid=4F1D2A3B4C|sender=s@a.test|action=no "
	    "action|text=IP_SCORE,R_SPF_ALLOW|size=916|msgid=<1@a.test>|verdict=clean"
	    "|score=560|seconds=5002992"},
	{SYSLOG "cyrus/imap[12]: event=login.bad r.clienthost=\"mx.b.test [192.0.2.1]\" "
	    "u.username=joe login.mech=plaintext error=\"SASL(-13): authentication failure: "
	    "checkpass failed\"",
	    "event|kind=auth_failure|ip=192.0.2.1|name=mx.b.test|user=joe"
	    "|mechanism=plaintext|text=SASL(-13): authentication failure: checkpass failed"},
	{SYSLOG "cyrus/imap[12]: event=login.bad r.clienthost=[192.0.2.1] "
	    "u.username=\"x\\\" r.clienthost=[203.0.113.66] y\" login.mech=~null~ "
	    "error=\"SASL(-1): generic failure: x\"",
	    "event|kind=auth_error|ip=192.0.2.1|user=x\\\" r.clienthost=[203.0.113.66] y"
	    "|text=SASL(-1): generic failure: x"},
	{SYSLOG "cyrus/https[12]: event=login.bad r.clienthost=\"[2001:db8::1]\" "
	    "u.username=~null~ login.scheme=Basic error=~null~",
	    "event|kind=auth_failure|ip=2001:db8::1|mechanism=Basic"},
	{SYSLOG "cyrus/imap[12]: event=login.good session_id=cyrus-12-1-2 "
	    "r.clienthost=\"mx.b.test [192.0.2.1]\" u.username=joe login.mech=PLAIN "
	    "login.tls=1",
	    "event|kind=auth_success|ip=192.0.2.1|name=mx.b.test|user=joe|mechanism=PLAIN"
	    "|session=cyrus-12-1-2"},
	{SYSLOG "cyrus/imap[12]: event=mailbox.create sessionid=cyrus-12-1-2 "
	    "mailbox=user.joe",
	    "ignored"},
	{SYSLOG "rspamd[123]: 2026-11-20 11:49:08 #123(normal) <abc123>; task; "
	    "rspamd_task_write_log: id: <1@a.test>, qid: <4F1D2A3B4C>, ip: 192.0.2.1, from: "
	    "<s@a.test>, (default: F (no action): [1.20/15.00] [X(1)]), len: 1234, time: "
	    "12.3ms",
	    "event|kind=spam_verdict|ip=192.0.2.1|qid=4F1D2A3B4C|sender=s@a.test|action=no "
	    "action|text=X(1)|size=1234|msgid=<1@a.test>|verdict=clean|score=1200"
	    "|seconds=12300"},
	{SYSLOG "rspamd[123]: 2026-11-20 11:49:08.123 #123(rspamd_proxy) <abc123>; proxy; "
	    "proxy_accept_socket: accepted milter connection from 127.0.0.1 port 3",
	    "ignored"},
	{SYSLOG "rspamd[123]: #123(normal) <abc123>; task; rspamd_message_parse: loaded "
	    "message",
	    "ignored"},
	{SYSLOG "spamd[12]: Fri Nov 20 11:49:08 2026 [12] info: spamd: result: . -1 - "
	    "ALL_TRUSTED scantime=0.4,size=387,mid=<1@a.test>",
	    "event|kind=spam_verdict|text=ALL_TRUSTED|size=387|msgid=<1@a.test>"
	    "|verdict=clean|score=-1000|seconds=400000"},
	/* Zimbra's method: do_auth tells what came of it */
	{SYSLOG "saslauthd[7]: zmauth: authenticating against elected url "
	    "'https://mx.test:7073/'",
	    "ignored"},
	{SYSLOG "saslauthd[7]: zmpost: url='https://mx.test:7073/' returned "
	    "buffer->data='<soap>', hti->error=''", "ignored"},
	{SYSLOG "saslauthd[7]: auth_zimbra: joe auth failed: authentication failed for [joe]",
	    "ignored"},
	{SYSLOG "saslauthd[7]: auth_zimbra: joe auth OK", "ignored"},
	{SYSLOG "saslauthd[7]: auth_zimbra: joe auth failed: curl_easy_perform: error(7)",
	    "event|kind=operational|text=auth_zimbra: joe auth failed: curl_easy_perform: "
	    "error(7)"},
	{SYSLOG "saslauthd[7]: set_auth_mech   : failed to initialize mechanism ldap",
	    "event|kind=operational|text=set_auth_mech   : failed to initialize mechanism "
	    "ldap"},
	/* Plesk's programs, which are no instances of Postfix */
	{SYSLOG "postfix-local[7]: postfix-local: from=a@a.test, to=b@b.test, dirname=/var/x",
	    "foreign"},
	{SYSLOG "postfix-queue[7]: Starting the postfix-queue filter...", "foreign"},
	/* journalctl -o with-unit has the unit where the tag stands */
	{SYSLOG "postfix@-.service[7]: connect from unknown[192.0.2.1]",
	    "event|kind=connect|ip=192.0.2.1|name=unknown"},
	{SYSLOG "postfix.service[7]: CONNECT from [192.0.2.1]:2500 to [198.51.100.1]:25",
	    "event|kind=ps_connect|ip=192.0.2.1|port=2500|server_ip=198.51.100.1"
	    "|server_port=25"},
	{SYSLOG "dovecot.service[7]: imap-login: Login: user=<a>, method=PLAIN, rip=192.0.2.1",
	    "event|kind=auth_success|ip=192.0.2.1|user=a|mechanism=PLAIN|proto=IMAP"},
	{SYSLOG "opendkim@x.service[7]: 4F1D2A3B4C: no signature data",
	    "event|kind=auth_result|qid=4F1D2A3B4C|action=none|category=dkim"},
	{SYSLOG "ssh.service[7]: Connection closed by 192.0.2.1", "foreign"},
	{SYSLOG ".service[7]: connect from unknown[192.0.2.1]", "foreign"},
};

int
main(void)
{
	struct parse_kit kit = kit_new();

	KIT_MESSAGES(&kit, NULL, lines);
	kit_free(&kit);
	return tap_done();
}
