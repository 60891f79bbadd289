/* SPDX-License-Identifier: Apache-2.0
 *
 * Lines as people paste them into bug reports and forums, of forms that no other test has:
 * of old or rare versions, of hosting panels, and of those who log more than most. What an
 * outsider wrote (203.0.113.66) is never an address.
 */
#include "parse-kit.h"

#define SYSLOG "Nov 20 11:49:08 h "
#define EXIM "2026-11-20 11:49:08 "

static const struct message_case postfix[] = {
	{SYSLOG "postfix/local[7]: 4F1D2A3B4C: passing <c@d.test> to transport=lmtp",
	    "ignored"},
	{SYSLOG "postfix/smtp[7]: 4F1D2A3B4C: Used TLS for mx.d.test[192.0.2.7]:587",
	    "ignored"},
	{SYSLOG "postfix/smtp[7]: CA certificate verification failed for"
	    " mx.d.test[192.0.2.7]:25: num=65:no matching DANE TLSA records",
	    "event|kind=tls_failure|reason=tls|text=num=65:no matching DANE TLSA records"
	    "|relay=mx.d.test|relay_ip=192.0.2.7|relay_port=25"},
	/* nobody's address, whatever the certificate says */
	{SYSLOG "postfix/smtpd[7]: CA certificate verification failed for"
	    " mx.b.test[192.0.2.1]: num=20:unable to get local issuer certificate", "ignored"},
	{SYSLOG "postfix/smtpd[7]: passing <c@d.test> to transport=lmtp", "unknown"},
};

static const struct message_case dovecot[] = {
	/* Plesk's mail_log_prefix */
	{SYSLOG "dovecot: service=imap, user=joe@d.test, ip=[192.0.2.1]. Logged out rcvd=157,"
	    " sent=1020",
	    "event|kind=disconnect|user=joe@d.test|proto=IMAP|text=Logged out"},
	{SYSLOG "dovecot: service=pop3, user=joe@d.test, ip=[2001:db8::1]. Disconnected:"
	    " Logged out rcvd=24, sent=116, top=0/0, retr=0/0, del=0/23, size=1234",
	    "event|kind=disconnect|user=joe@d.test|proto=POP3|text=Disconnected: Logged out"},
	{SYSLOG "dovecot: service=lda, user=joe@d.test, ip=[]. msgid=<x@b.test>: saved mail to"
	    " INBOX", "ignored"},
	{SYSLOG "dovecot: service=imap, user=joe@d.test, ip=[192.0.2.1]. Error: Mailbox INBOX:"
	    " open(/x) failed: Permission denied",
	    "event|kind=operational|user=joe@d.test|proto=IMAP|text=Mailbox INBOX: open(/x)"
	    " failed: Permission denied|severity=error"},
	{SYSLOG "dovecot: service=imap, user=joe, ip=[192.0.2.1", "unknown"},
};

static const struct message_case exim[] = {
	/* where a page took the brackets for its own */
	{EXIM "[10099] H=(y.b.test) [192.0.2.1]:3755 I=[198.51.100.1]:25 F=m@b.test rejected"
	    " RCPT r@d.test: relay not permitted",
	    "event|kind=policy|ip=192.0.2.1|port=3755|server_ip=198.51.100.1|server_port=25"
	    "|sender=m@b.test|recipient=r@d.test|helo=y.b.test|action=reject|stage=RCPT"
	    "|reason=relay_denied|text=relay not permitted"},
	{EXIM "1xUN76-0005hf-06 H=e.b.test [192.0.2.1] F=a@b.test rejected after DATA: This"
	    " message contains a virus (X.UNOFFICIAL).",
	    "event|kind=policy|ip=192.0.2.1|name=e.b.test|qid=1xUN76-0005hf-06|sender=a@b.test"
	    "|action=reject|stage=after DATA|reason=access|text=This message contains a virus"
	    " (X.UNOFFICIAL)."},
	{EXIM "H=[192.0.2.1] F=a@b.test> H=[203.0.113.66] rejected AUTH LOGIN: no",
	    "event|kind=policy|ip=192.0.2.1|sender=a@b.test>|action=reject|stage=AUTH"
	    "|reason=access|text=no"},
	{EXIM "H=([192.0.2.1]) [192.0.2.1] F=<v@b.test> rejected RCPT <e@d.test>: found in"
	    " sbl-xbl.bl.test",
	    "event|kind=policy|ip=192.0.2.1|sender=v@b.test|recipient=e@d.test"
	    "|helo=[192.0.2.1]|action=reject|stage=RCPT|reason=dnsbl|list=sbl-xbl.bl.test"
	    "|text=found in sbl-xbl.bl.test"},
	{EXIM "H=(pc) [192.0.2.1] F=<v@b.test> rejected RCPT <e@d.test>: rejected found"
	    " in dnsbl zen.bl.test",
	    "event|kind=policy|ip=192.0.2.1|sender=v@b.test|recipient=e@d.test|helo=pc"
	    "|action=reject|stage=RCPT|reason=dnsbl|list=zen.bl.test|text=rejected found in"
	    " dnsbl zen.bl.test"},
	/* the address was quoted for the space before it */
	{EXIM "1xUN76-0005hf-06 ->  f@o.test <\" foo\"@d.test> R=r T=t H=mx.o.test [192.0.2.7]"
	    " C=\"250 OK\"",
	    "event|kind=delivery|qid=1xUN76-0005hf-06|recipient=f@o.test"
	    "|orig_recipient=\" foo\"@d.test|code=250|text=250 OK|relay=mx.o.test"
	    "|relay_ip=192.0.2.7|status=sent"},
	/* cPanel */
	{EXIM "1xUN76-0005hf-06 H=localhost [127.0.0.1]:1234 Warning: \"SpamAssassin as"
	    " cpaneleximscanner detected OUTGOING not smtp message as NOT spam (-0.1)\"",
	    "event|kind=spam_verdict|ip=127.0.0.1|port=1234|name=localhost"
	    "|qid=1xUN76-0005hf-06|action=NOT spam|text=\"SpamAssassin as cpaneleximscanner"
	    " detected OUTGOING not smtp message as NOT spam (-0.1)\"|verdict=clean"
	    "|score=-100"},
	{EXIM "1xUN76-0005hf-06 H=(pc) [192.0.2.1]:1234 Warning: \"SpamAssassin as"
	    " cpaneleximscanner detected OUTGOING smtp message as spam (7.1)\"",
	    "event|kind=spam_verdict|ip=192.0.2.1|port=1234|qid=1xUN76-0005hf-06|helo=pc"
	    "|action=spam|text=\"SpamAssassin as cpaneleximscanner detected OUTGOING smtp"
	    " message as spam (7.1)\"|verdict=spam|score=7100"},
	{EXIM "Failed to get user name for uid 1001",
	    "event|kind=operational|text=Failed to get user name for uid 1001"
	    "|severity=error"},
};

static const struct message_case filters[] = {
	{SYSLOG "amavis[7]: socket module IO::Socket::IP, protocol families available: INET",
	    "ignored"},
	{SYSLOG "amavis[7]: will bind to /var/lib/amavis/amavisd.sock|unix,"
	    " 127.0.0.1:10024/tcp", "ignored"},
	{SYSLOG "amavis[7]: (00007-10) new socket by IO::Socket::UNIX to /run/clamd.ctl,"
	    " timeout set to 10", "ignored"},
	{SYSLOG "amavis[7]: (00007-10) connected to /run/clamd.ctl successfully", "ignored"},
	{SYSLOG "amavis[7]: (00007-10) rw_loop: needline=0, flush=1, wr=1, timeout=10",
	    "ignored"},
	{SYSLOG "amavis[7]: (00007-10) rw_loop sent 73> CONTSCAN [203.0.113.66]", "ignored"},
	{SYSLOG "amavis[7]: (00007-01) _WARN: rules: failed to run FOO test, skipping:",
	    "event|kind=operational|text=_WARN: rules: failed to run FOO test, skipping:"},
	{SYSLOG "amavis[7]: (00007-01) SA warn: plugin: eval failed: x",
	    "event|kind=operational|text=SA warn: plugin: eval failed: x"},
	{SYSLOG "spamd[7]: spamd: respawning server at /usr/sbin/spamd line 1140.", "ignored"},
};

static const struct message_case cyrus[] = {
	/* the SASL library's */
	{SYSLOG "cyrus/imap[7]: ldapdb", "ignored"},
	{SYSLOG "cyrus/imap[7]: _sasl_plugin_load failed on sasl_canonuser_init",
	    "event|kind=operational|text=_sasl_plugin_load failed on sasl_canonuser_init"
	    "|severity=error"},
	{SYSLOG "cyrus/imap[7]: sql_select option missing",
	    "event|kind=operational|text=sql_select option missing|severity=error"},
	{SYSLOG "cyrus/imaps[7]: imaps failed: mx.b.test [192.0.2.1]",
	    "event|kind=tls_failure|ip=192.0.2.1|name=mx.b.test"},
	{SYSLOG "cyrus/sync_client[7]: Can not connect to server 'mx2.d.test'",
	    "event|kind=operational|text=Can not connect to server 'mx2.d.test'"
	    "|severity=error"},
	{SYSLOG "cyrus/sync_client[7]: MESSAGE received * response:",
	    "event|kind=operational|text=MESSAGE received * response:|severity=error"},
	{SYSLOG "cyrus/sync_client[7]: do_folders(): update failed: user.a 'Bad protocol'",
	    "event|kind=operational|text=do_folders(): update failed: user.a 'Bad protocol'"
	    "|severity=error"},
	{SYSLOG "cyrus/imap[7]: MESSAGE received * response:", "unknown"},
	/* httpd's requests */
	{SYSLOG "cyrus/http[7]: mx.b.test [192.0.2.1] as \"joe\"; \"PROPFIND /dav/calendars/"
	    "user/joe/ HTTP/1.1\" (depth=1) => \"HTTP/1.1 207 Multi-Status\"", "ignored"},
	{SYSLOG "cyrus/https[7]: [192.0.2.1] with \"x\"; \"GET / HTTP/1.1\" => \"HTTP/1.1 404"
	    " Not Found\"", "ignored"},
	{SYSLOG "cyrus/http[7]: [2001:db8::1]; \"GET /?badlogin: [203.0.113.66] HTTP/1.1\" =>"
	    " \"HTTP/1.1 404 Not Found\"", "ignored"},
	{SYSLOG "cyrus/imap[7]: mx.b.test [192.0.2.1] as \"joe\"; \"GET / HTTP/1.1\"",
	    "unknown"},
};

int
main(void)
{
	struct parse_kit kit = kit_new();

	KIT_MESSAGES(&kit, NULL, postfix);
	KIT_MESSAGES(&kit, NULL, dovecot);
	KIT_MESSAGES(&kit, NULL, exim);
	KIT_MESSAGES(&kit, NULL, filters);
	KIT_MESSAGES(&kit, NULL, cyrus);
	kit_free(&kit);
	return tap_done();
}
