/* SPDX-License-Identifier: Apache-2.0
 *
 * Lines of Postfix and what stands beside it as they are met in bug reports and tutorials,
 * of old versions, rare settings and other networks than the usual.
 */
#include "parse-kit.h"

/* What a policy service had smtpd say of a recipient. */
#define REFUSED(code, dsn, why, reason)                                                     \
	{"postfix/smtpd[7]",                                                                \
		"NOQUEUE: reject: RCPT from unknown[192.0.2.1]: " code " " dsn              \
		" <c@d.test>: Recipient address rejected: " why                             \
		"; from=<a@b.test> to=<c@d.test> proto=ESMTP helo=<x>",                     \
		"event|kind=policy|ip=192.0.2.1|name=unknown|sender=a@b.test"               \
		"|recipient=c@d.test|helo=x|proto=ESMTP|action=reject|stage=RCPT|code=" code \
		"|dsn=" dsn "|reason=" reason                                               \
		"|text=<c@d.test>: Recipient address rejected: " why}

/* What a milter said of a message. */
#define MILTER(dsn, why, reason)                                                            \
	{"postfix/smtpd[7]",                                                                \
		"4F1D2A3B4C: milter-reject: END-OF-MESSAGE from unknown[192.0.2.1]: " dsn   \
		" " why "; from=<a@b.test> to=<c@d.test> proto=ESMTP helo=<x>",             \
		"event|kind=milter|ip=192.0.2.1|name=unknown|qid=4F1D2A3B4C"                \
		"|sender=a@b.test|recipient=c@d.test|helo=x|proto=ESMTP"                    \
		"|action=milter-reject|stage=END-OF-MESSAGE|dsn=" dsn "|reason=" reason     \
		"|text=" why}

static const struct parse_case cases[] = {
	/* A link's own addresses name it: local, as a socket is. */
	{"postfix/smtpd[7]",
		"connect from unknown[fe80::1%eth0]",
		"event|kind=connect|name=unknown"},
	{"postfix/smtpd[7]",
		"disconnect from pc.lan[fe80::a800:86ff:fee2:21a1%bge0] ehlo=1 quit=1 "
		"commands=2",
		"event|kind=disconnect|name=pc.lan|commands=ehlo=1 quit=1 commands=2"},
	{"postfix/smtpd[7]",
		"NOQUEUE: reject: RCPT from unknown[fe80::1%en0.5]: 454 4.7.1 <c@d.test>: "
		"Relay access denied; from=<a@b.test> to=<c@d.test> proto=ESMTP helo=<x>",
		"event|kind=policy|name=unknown|sender=a@b.test|recipient=c@d.test|helo=x"
		"|proto=ESMTP|action=reject|stage=RCPT|code=454|dsn=4.7.1"
		"|reason=relay_denied|text=<c@d.test>: Relay access denied"},
	{"postfix/postscreen[7]",
		"CONNECT from [fe80::1%eth0]:4711 to [2001:db8::1]:25",
		"event|kind=ps_connect|port=4711|server_ip=2001:db8::1|server_port=25"},
	{"postfix/smtpd[7]", "connect from unknown[fe80::1%]", "malformed"},
	{"postfix/smtpd[7]", "connect from unknown[fe80::1%a b]", "malformed"},
	{"postfix/smtpd[7]", "connect from unknown[192.0.2.1%eth0]", "malformed"},
	/* What policy services say. */
	REFUSED("450", "4.2.0", "Delayed by postgrey", "greylist"),
	REFUSED("450", "4.2.0", "Delayed by Postgrey", "greylist"),
	REFUSED("450", "4.7.1", "Policy Rejection- Please try later.", "greylist"),
	REFUSED("450", "4.7.1", "Policy Rejection- Quota Exceeded.", "rate"),
	REFUSED("450", "4.7.1", "Policy rejection; Message count quota exceeded", "rate"),
	REFUSED("554", "5.7.1", "Policy rejection; Cumulative message size quota exceeded",
	    "rate"),
	REFUSED("554", "5.7.1", "Quota exceeded (mailbox for user is full)", "quota"),
	REFUSED("554", "5.7.1", "Mailbox is full", "quota"),
	REFUSED("451", "4.7.1", "Mailbox full, try later", "quota"),
	REFUSED("554", "5.7.1", "Mailbox quota exceeded", "quota"),
	MILTER("4.7.1", "Greylisting in action, please come back in 00:05:00",
	    "greylist"),
	MILTER("4.7.1", "Greylisted, please try again after 300 seconds", "greylist"),
	MILTER("4.7.1", "Try again later", "milter"),
	{"postfix/smtpd[7]",
		"NOQUEUE: reject: RCPT from unknown[192.0.2.1]: 451 4.7.1 <c@d.test>: "
		"Recipient address rejected: Intentional policy rejection, please try "
		"again later; from=<a@b.test> to=<c@d.test> proto=ESMTP helo=<x>",
		"event|kind=policy|ip=192.0.2.1|name=unknown|sender=a@b.test"
		"|recipient=c@d.test|helo=x|proto=ESMTP|action=reject|stage=RCPT"
		"|code=451|dsn=4.7.1|reason=greylist|text=<c@d.test>: "
		"Recipient address rejected: Intentional policy rejection, please try "
		"again later"},
	{"postfix/smtpd[7]",
		"NOQUEUE: reject: RCPT from unknown[192.0.2.1]: 550 5.7.1 <c@d.test>: "
		"Recipient address rejected: Rejected by SPF: 192.0.2.1 is not a "
		"designated mailserver for a%40b.test (context mfrom, on mx.d.test); "
		"from=<a@b.test> to=<c@d.test> proto=ESMTP helo=<x>",
		"event|kind=policy|ip=192.0.2.1|name=unknown|sender=a@b.test"
		"|recipient=c@d.test|helo=x|proto=ESMTP|action=reject|stage=RCPT"
		"|code=550|dsn=5.7.1|reason=spf|text=<c@d.test>: "
		"Recipient address rejected: Rejected by SPF: 192.0.2.1 is not a "
		"designated mailserver for a%40b.test (context mfrom, on mx.d.test)"},
	{"postfix/smtpd[7]",
		"NOQUEUE: reject: RCPT from unknown[192.0.2.1]: 550 5.7.1 <c@d.test>: "
		"Recipient address rejected: Please see "
		"http://www.openspf.net/Why?s=mfrom;id=a%40b.test;ip=192.0.2.1;r=mx.d.test; "
		"from=<a@b.test> to=<c@d.test> proto=ESMTP helo=<x>",
		"event|kind=policy|ip=192.0.2.1|name=unknown|sender=a@b.test"
		"|recipient=c@d.test|helo=x|proto=ESMTP|action=reject|stage=RCPT"
		"|code=550|dsn=5.7.1|reason=spf|text=<c@d.test>: "
		"Recipient address rejected: Please see "
		"http://www.openspf.net/Why?s=mfrom;id=a%40b.test;ip=192.0.2.1;r=mx.d.test"},
	/* The client's fault, told again with its address: no trouble of ours. */
	{"postfix/smtpd[7]",
		"warning: SASL authentication failure: client didn't issue valid NTLM "
		"response",
		"ignored"},
	{"postfix/smtpd[7]",
		"warning: SASL authentication failure: unable to canonify user and get "
		"auxprops",
		"ignored"},
	{"postfix/smtpd[7]",
		"warning: SASL authentication failure: unable canonify user and get "
		"auxprops",
		"ignored"},
	/* The SASL library's own lines have no severity. */
	{"postfix/smtpd[7]",
		"DIGEST-MD5 common mech free",
		"ignored"},
	{"postfix/smtpd[7]",
		"sql auxprop plugin using mysql engine",
		"ignored"},
	{"postfix/smtpd[7]",
		"sql plugin Parse the username a@b.test",
		"ignored"},
	{"postfix/smtpd[7]",
		"begin transaction",
		"ignored"},
	{"postfix/smtpd[7]",
		"sql_select option missing",
		"event|kind=operational|text=sql_select option missing"},
	{"postfix/smtpd[7]",
		"auxpropfunc error no mechanism available",
		"event|kind=operational|text=auxpropfunc error no mechanism available"},
	{"postfix/smtpd[7]",
		"_sasl_plugin_load failed on sasl_auxprop_plug_init for plugin: sql",
		"event|kind=operational|text=_sasl_plugin_load failed on "
		"sasl_auxprop_plug_init for plugin: sql"},
	{"postfix/smtpd[7]",
		"sql plugin couldn't connect to any host",
		"event|kind=auth_error|reason=temp|text=sql plugin couldn't connect to any "
		"host"},
	{"postfix/smtpd[7]",
		"sql plugin could not connect to host localhost",
		"event|kind=auth_error|text=sql plugin could not connect to host "
		"localhost"},
	{"postfix/smtpd[7]",
		"unable to open Berkeley db /etc/sasldb2: No such file or directory",
		"event|kind=operational|text=unable to open Berkeley db /etc/sasldb2: "
		"No such file or directory"},
	{"postfix/smtpd[7]",
		"could not find auxprop plugin, was searching for '[all]'",
		"event|kind=operational|text=could not find auxprop plugin, was "
		"searching for '[all]'"},
	/* Until 2.0, until 2.4. */
	{"postfix/master[7]",
		"daemon started",
		"event|kind=service|action=daemon|text=started"},
	{"postfix/master[7]",
		"reload configuration /etc/postfix",
		"event|kind=service|action=reload|text=configuration /etc/postfix"},
	/* The commands' names. */
	{"postfix/postcat[7]",
		"fatal: open /etc/postfix/main.cf: Permission denied",
		"event|kind=operational|text=open /etc/postfix/main.cf: Permission "
		"denied|severity=fatal"},
	{"postfix/newaliases[7]",
		"fatal: open /etc/postfix/main.cf: Permission denied",
		"event|kind=operational|text=open /etc/postfix/main.cf: Permission "
		"denied|severity=fatal"},
	{"postfix/mailq[7]",
		"fatal: open /etc/postfix/main.cf: Permission denied",
		"event|kind=operational|text=open /etc/postfix/main.cf: Permission "
		"denied|severity=fatal"},
	/* Sockets. */
	{"postfix/lmtp[7]",
		"connect to /var/lib/imap/socket/lmtp[/var/lib/imap/socket/lmtp]: "
		"Permission denied (port 0)",
		"event|kind=remote_note|action=connect to|text=Permission denied (port "
		"0)|relay=/var/lib/imap/socket/lmtp"},
	{"postfix/lmtp[7]",
		"4F1D2A3B4C: lost connection with "
		"/var/run/cyrus/lmtp[/var/run/cyrus/lmtp] while sending MAIL FROM",
		"event|kind=remote_note|qid=4F1D2A3B4C|action=lost connection "
		"with|text=while sending MAIL FROM|relay=/var/run/cyrus/lmtp"},
	/* -v, by what is most of it. */
	{"postfix/smtpd[7]",
		"milter_macro_lookup: \"v\"",
		"ignored"},
	{"postfix/smtpd[7]",
		"milter8_conn_event: milter inet:localhost:8891: connect "
		"a.test/192.0.2.1",
		"ignored"},
	{"postfix/smtpd[7]",
		"event: SMFIC_CONNECT; macros: j=mx",
		"ignored"},
	{"postfix/smtpd[7]",
		"reply: SMFIR_CONTINUE data 0 bytes",
		"ignored"},
	{"postfix/smtpd[7]",
		"report helo to all milters",
		"ignored"},
	{"postfix/smtpd[7]",
		"public/cleanup socket: wanted attribute: status",
		"ignored"},
	{"postfix/smtpd[7]",
		"connection established",
		"ignored"},
	{"postfix/smtpd[7]",
		"process generation: 11 (11)",
		"ignored"},
	{"postfix/smtpd[7]",
		"master_notify: status 0",
		"ignored"},
	{"postfix/smtpd[7]",
		"vstream_buf_get_ready: fd 9 got 20",
		"ignored"},
	{"postfix/smtpd[7]",
		"ctable_locate: move existing entry key x",
		"ignored"},
	{"postfix/smtpd[7]",
		"extract_addr: input: <a@b.test>",
		"ignored"},
	{"postfix/smtpd[7]",
		"been_here: 127.0.0.0/8: 0",
		"ignored"},
	{"postfix/smtpd[7]",
		"idle timeout -- exiting",
		"ignored"},
	{"postfix/smtp[7]",
		"smtp_connect_addr: trying: a.test[192.0.2.1] port 25...",
		"ignored"},
	/* What -v tells, and TLS at a high level of logging. */
	{"postfix/smtpd[7]", "attr_clnt_control: new request limit 0", "ignored"},
	{"postfix/smtpd[7]",
		"policy_client_register: name=\"unix:private/policy\"", "ignored"},
	{"postfix/smtpd[7]", "unknown_address_tempfail_action = defer_if_permit", "ignored"},
	{"postfix/smtpd[7]", "free milter inet:127.0.0.1:8891", "ignored"},
	{"postfix/smtpd[7]",
		"skipping reply for event SMFIC_CONNECT from milter x", "ignored"},
	{"postfix/smtpd[7]", "abort all milters", "ignored"},
	{"postfix/smtpd[7]", "trying... [127.0.0.1]", "ignored"},
	{"postfix/smtpd[7]", "lookup b.test type MX flags 0", "ignored"},
	{"postfix/smtpd[7]", "rewrite stream disconnect", "ignored"},
	{"postfix/cleanup[7]", "rec_put: type W len 0 data ", "ignored"},
	{"postfix/cleanup[7]", "initial envelope T 1612345678 123456", "ignored"},
	{"postfix/smtp[7]", "server features: 0x20902f size 157286400", "ignored"},
	{"postfix/smtp[7]",
		"Using ESMTP PIPELINING, TCP send buffer size is 46080", "ignored"},
	{"postfix/smtp[7]", "starting new SASL client", "ignored"},
	{"postfix/smtp[7]", "disposing SASL state information", "ignored"},
	{"postfix/tlsmgr[7]", "open smtpd TLS cache btree:/var/lib/postfix/smtpd_scache",
		"ignored"},
	{"postfix/tlsmgr[7]", "tlsmgr_cache_run_event: start TLS smtpd session cache cleanup",
		"ignored"},
	{"postfix/tlsmgr[7]", "put smtpd session id=763355DD&s=smtp [data 173 bytes]",
		"ignored"},
	{"postfix/tlsmgr[7]", "lookup smtpd session id=763355DD", "ignored"},
	{"postfix/tlsmgr[7]", "exiting to reopen external entropy source dev:/dev/urandom",
		"ignored"},
	/* No function's name. */
	{"postfix/smtpd[7]", "mx_1.b.test: words nobody wrote", "unknown"},
	{"postfix/smtpd[7]", "words: nobody wrote", "unknown"},
	/* Of Postfix 2.3 to 2.5. */
	{"postfix/smtpd[7]", "Unverified: subject_CN=x, issuer=y", "ignored"},
	{"postfix/smtp[7]", "Verified: subject_CN=mx.b.test, issuer=y", "ignored"},
	{"postfix/smtp[7]", "Trusted: subject_CN=mx.b.test, issuer=y", "ignored"},
	{"postfix/smtpd[7]",
		"mx.b.test[192.0.2.1]: looking up session 763355DD&s=smtp in smtpd cache",
		"ignored"},
	{"postfix/smtp[7]",
		"certificate peer name verification failed for mx.b.test: CommonName "
		"mis-match: x.test",
		"event|kind=tls_failure|reason=tls|text=CommonName mis-match: x.test"
		"|relay=mx.b.test"},
	{"postfix/smtp[7]",
		"4F1D2A3B4C: enabling PIX <CRLF>.<CRLF> workaround for "
		"mx.b.test[192.0.2.1]:25",
		"event|kind=remote_note|qid=4F1D2A3B4C|action=enabling PIX <CRLF>.<CRLF> "
		"workaround for|text=mx.b.test[192.0.2.1]:25"},
	{"postfix/smtpd[7]",
		"NOQUEUE: reject: MAIL from unknown[192.0.2.1]: 450 4.7.1 Session encryption "
		"is required; from=<a@b.test> proto=ESMTP helo=<x>",
		"event|kind=policy|ip=192.0.2.1|name=unknown|sender=a@b.test|helo=x"
		"|proto=ESMTP|action=reject|stage=MAIL|code=450|dsn=4.7.1|reason=tls"
		"|text=Session encryption is required"},
	/* It starts others before it knows its own name. */
	{"postmulti[7]",
		"warning: /etc/postfix/main.cf, line 45: overriding earlier entry: x=y",
		"event|kind=operational|text=/etc/postfix/main.cf, line 45: overriding "
		"earlier entry: x=y|severity=warning"},
	/* Behind a traceback. */
	{"policyd-spf[7]",
		"  File \"/usr/bin/policyd-spf\", line 735, in <module>",
		"ignored"},
	/* The id is empty before there is a message. */
	{"amavis[7]",
		"() (!)DENIED ACCESS from IP 192.0.2.1, policy bank ''",
		"event|kind=operational|text=DENIED ACCESS from IP 192.0.2.1, policy "
		"bank ''|severity=warning"},
	/* Plesk's, not a line of qmgr. */
	{"postfix-local[7]",
		"4F1D2A3B4C: from=<a@b.test>, to=<c@d.test>, "
		"dirname=/var/qmail/mailnames",
		"foreign"},
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
