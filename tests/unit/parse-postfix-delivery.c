/* SPDX-License-Identifier: Apache-2.0
 *
 * Postfix's deliveries: smtp, lmtp, local, virtual, pipe, discard and error.
 */
#include "postfix-kit.h"

static const struct postfix_case cases[] = {
	/* deliveries */
	{"smtp",
		"4F1D2A3B4C: to=<b@other.example>, relay=mx.other.example[192.0.2.25]:25,"
		" delay=1.2, delays=0.1/0.02/0.5/0.58, dsn=2.0.0, status=sent (250 2.0.0"
		" Ok: queued as 5A6B7C8D9E)",
		"event|kind=delivery|qid=4F1D2A3B4C|recipient=b@other.example|dsn=2.0.0"
		"|text=250 2.0.0 Ok: queued as 5A6B7C8D9E|relay=mx.other.example"
		"|relay_ip=192.0.2.25|relay_port=25|delay=1200000|delay_before=100000"
		"|delay_queue=20000|delay_connect=500000|delay_transmit=580000|status=sent"
		"|next_qid=5A6B7C8D9E"},
	{"smtp",
		"4F1D2A3B4C: to=<b@other.example>, relay=mx.other.example[2001:db8::25]:25,"
		" conn_use=3, delay=35, delays=33/0/1/1, dsn=2.6.0, status=sent (250 2.6.0"
		" <x@y> Queued mail for delivery)",
		"event|kind=delivery|qid=4F1D2A3B4C|recipient=b@other.example|dsn=2.6.0"
		"|text=250 2.6.0 <x@y> Queued mail for delivery|relay=mx.other.example"
		"|relay_ip=2001:db8::25|relay_port=25|delay=35000000|delay_before=33000000"
		"|delay_queue=0|delay_connect=1000000|delay_transmit=1000000|status=sent"},
	{"smtp",
		"4F1D2A3B4C: to=<b@example.test>, orig_to=<root>,"
		" relay=127.0.0.1[127.0.0.1]:10024, delay=1.2, delays=0.1/0/0/1.1,"
		" dsn=2.0.0, status=sent (250 2.0.0 from MTA(smtp:[127.0.0.1]:10025): 250"
		" 2.0.0 Ok: queued as 5A6B7C8D9E)",
		"event|kind=delivery|qid=4F1D2A3B4C|recipient=b@example.test"
		"|orig_recipient=root|dsn=2.0.0|text=250 2.0.0 from"
		" MTA(smtp:[127.0.0.1]:10025): 250 2.0.0 Ok: queued as 5A6B7C8D9E"
		"|relay=127.0.0.1|relay_ip=127.0.0.1|relay_port=10024|delay=1200000"
		"|delay_before=100000|delay_queue=0|delay_connect=0|delay_transmit=1100000"
		"|status=sent|next_qid=5A6B7C8D9E"},
	{"smtp",
		"4F1D2A3B4C: to=<b@other.example>, relay=mx.other.example[192.0.2.25]:25,"
		" delay=1.2, delays=0.1/0.02/0.5/0.58, tls=none/dane, dsn=2.0.0,"
		" status=sent (250 ok)",
		"event|kind=delivery|qid=4F1D2A3B4C|recipient=b@other.example|dsn=2.0.0"
		"|text=250 ok|relay=mx.other.example|relay_ip=192.0.2.25|relay_port=25"
		"|delay=1200000|delay_before=100000|delay_queue=20000|delay_connect=500000"
		"|delay_transmit=580000|status=sent"},
	{"smtp",
		"4F1D2A3B4C: to=<b@other.example>, relay=mx.other.example[192.0.2.25]:25,"
		" delay=1.2, delays=0.1/0.02/0.5/0.58, dsn=5.1.1, status=bounced (host"
		" mx.other.example[192.0.2.25] said: 550 5.1.1 no such user (in reply to"
		" RCPT TO command))",
		"event|kind=delivery|qid=4F1D2A3B4C|recipient=b@other.example|dsn=5.1.1"
		"|reason=unknown_user|text=host mx.other.example[192.0.2.25] said: 550"
		" 5.1.1 no such user (in reply to RCPT TO command)|relay=mx.other.example"
		"|relay_ip=192.0.2.25|relay_port=25|delay=1200000|delay_before=100000"
		"|delay_queue=20000|delay_connect=500000|delay_transmit=580000"
		"|status=bounced"},
	{"smtp",
		"4F1D2A3B4C: to=<b@other.example>, relay=mx.other.example[192.0.2.25]:25,"
		" delay=1.2, delays=0.1/0.02/0.5/0.58, dsn=4.2.2, status=deferred (host"
		" mx.other.example[192.0.2.25] said: 452 4.2.2 mailbox full (in reply to"
		" RCPT TO command))",
		"event|kind=delivery|qid=4F1D2A3B4C|recipient=b@other.example|dsn=4.2.2"
		"|reason=quota|text=host mx.other.example[192.0.2.25] said: 452 4.2.2"
		" mailbox full (in reply to RCPT TO command)|relay=mx.other.example"
		"|relay_ip=192.0.2.25|relay_port=25|delay=1200000|delay_before=100000"
		"|delay_queue=20000|delay_connect=500000|delay_transmit=580000"
		"|status=deferred"},
	{"smtp",
		"4F1D2A3B4C: to=<b@other.example>, relay=none, delay=300,"
		" delays=299/0.5/0.5/0, dsn=4.4.1, status=deferred (connect to"
		" mx.other.example[192.0.2.25]:25: Connection timed out)",
		"event|kind=delivery|qid=4F1D2A3B4C|recipient=b@other.example|dsn=4.4.1"
		"|reason=temp|text=connect to mx.other.example[192.0.2.25]:25: Connection"
		" timed out|relay=none|delay=300000000|delay_before=299000000"
		"|delay_queue=500000|delay_connect=500000|delay_transmit=0|status=deferred"},
	{"smtp",
		"4F1D2A3B4C: to=<b@other.example>, relay=mx.other.example[192.0.2.25]:25,"
		" delay=1, delays=1/0/0/0, dsn=5.3.4, status=undeliverable (message size 9"
		" exceeds size limit)",
		"event|kind=delivery|qid=4F1D2A3B4C|recipient=b@other.example|dsn=5.3.4"
		"|reason=size|text=message size 9 exceeds size limit"
		"|relay=mx.other.example|relay_ip=192.0.2.25|relay_port=25|delay=1000000"
		"|delay_before=1000000|delay_queue=0|delay_connect=0|delay_transmit=0"
		"|status=undeliverable"},
	{"smtp",
		"4F1D2A3B4C: to=<b@other.example>, relay=mx.other.example[192.0.2.25]:25,"
		" delay=1, delays=1/0/0/0, dsn=2.1.5, status=deliverable (250 2.1.5 Ok)",
		"event|kind=delivery|qid=4F1D2A3B4C|recipient=b@other.example|dsn=2.1.5"
		"|text=250 2.1.5 Ok|relay=mx.other.example|relay_ip=192.0.2.25"
		"|relay_port=25|delay=1000000|delay_before=1000000|delay_queue=0"
		"|delay_connect=0|delay_transmit=0|status=deliverable"},
	{"smtp",
		"4F1D2A3B4C: to=<b@other.example>, relay=mx.other.example[192.0.2.25]:25,"
		" delay=1, delays=1/0/0/0, dsn=5.0.0, status=SOFTBOUNCE (host said: no)",
		"event|kind=delivery|qid=4F1D2A3B4C|recipient=b@other.example|dsn=5.0.0"
		"|reason=other|text=host said: no|relay=mx.other.example"
		"|relay_ip=192.0.2.25|relay_port=25|delay=1000000|delay_before=1000000"
		"|delay_queue=0|delay_connect=0|delay_transmit=0|status=SOFTBOUNCE"},
	{"smtp",
		"4F1D2A3B4C: to=<b@other.example>, relay=mx.other.example[192.0.2.25],"
		" delay=4, status=sent (250 Ok)",
		"event|kind=delivery|qid=4F1D2A3B4C|recipient=b@other.example|text=250 Ok"
		"|relay=mx.other.example|relay_ip=192.0.2.25|delay=4000000|status=sent"},
	{"smtp",
		"4F1D2A3B4C: to=<b@other.example>, relay=mx.other.example[192.0.2.25]:25,"
		" status=sent (250 ok)",
		"event|kind=delivery|qid=4F1D2A3B4C|recipient=b@other.example|text=250 ok"
		"|relay=mx.other.example|relay_ip=192.0.2.25|relay_port=25|status=sent"},
	{"smtp",
		"4F1D2A3B4C: to=b@other.example, relay=mx.other.example[192.0.2.25]:25,"
		" delay=1, status=sent",
		"event|kind=delivery|qid=4F1D2A3B4C|recipient=b@other.example"
		"|relay=mx.other.example|relay_ip=192.0.2.25|relay_port=25|delay=1000000"
		"|status=sent"},
	{"smtp",
		"4F1D2A3B4C: to=<\"a b>, relay=evil[203.0.113.66]:25, status=sent"
		" (x\"@other.example>, relay=mx.other.example[192.0.2.25]:25, delay=1,"
		" delays=1/0/0/0, dsn=2.0.0, status=sent (250 ok)",
		"event|kind=delivery|qid=4F1D2A3B4C|recipient=\"a b>,"
		" relay=evil[203.0.113.66]:25, status=sent (x\"@other.example|dsn=2.0.0"
		"|text=250 ok|relay=mx.other.example|relay_ip=192.0.2.25|relay_port=25"
		"|delay=1000000|delay_before=1000000|delay_queue=0|delay_connect=0"
		"|delay_transmit=0|status=sent"},
	{"smtp",
		"4F1D2A3B4C: to=<b@other.example>, relay=mx.other.example[192.0.2.25]:25,"
		" delay=1, delays=1/0/0/0, dsn=5.7.1, status=bounced (host"
		" mx.other.example[192.0.2.25] said: 550 x), to=<v@x>,"
		" relay=evil[203.0.113.66]:25, status=sent (y)",
		"event|kind=delivery|qid=4F1D2A3B4C|recipient=b@other.example|dsn=5.7.1"
		"|reason=other|text=host mx.other.example[192.0.2.25] said: 550 x),"
		" to=<v@x>, relay=evil[203.0.113.66]:25, status=sent (y"
		"|relay=mx.other.example|relay_ip=192.0.2.25|relay_port=25|delay=1000000"
		"|delay_before=1000000|delay_queue=0|delay_connect=0|delay_transmit=0"
		"|status=bounced"},
	{"smtp",
		"4F1D2A3B4C: to=<b@other.example>, relay=mx.other.example[192.0.2.25]:25,"
		" delay=1, delays=1/0/0/0, dsn=5.7.1, status=bounced (host"
		" mx.other.example[192.0.2.25] said: 550 cut",
		"event|kind=delivery|qid=4F1D2A3B4C|recipient=b@other.example|dsn=5.7.1"
		"|reason=other|text=host mx.other.example[192.0.2.25] said: 550 cut"
		"|relay=mx.other.example|relay_ip=192.0.2.25|relay_port=25|delay=1000000"
		"|delay_before=1000000|delay_queue=0|delay_connect=0|delay_transmit=0"
		"|status=bounced|truncated=1"},
	{"smtp",
		"4F1D2A3B4C: to=<b@other.example>, orig_to=<",
		"malformed"},
	{"smtp",
		"4F1D2A3B4C: to=<b@other.example>, relay=mx.other.example[192.0.2.25]:25,"
		" delay=1",
		"malformed"},
	{"smtp",
		"4F1D2A3B4C: host mx.other.example[192.0.2.25] said: 450 4.2.0 greylisted,"
		" host evil[203.0.113.66] said: x (in reply to RCPT TO command)",
		"event|kind=remote_note|qid=4F1D2A3B4C|action=said|text=450 4.2.0"
		" greylisted, host evil[203.0.113.66] said: x (in reply to RCPT TO"
		" command)|relay=mx.other.example|relay_ip=192.0.2.25"},
	{"smtp",
		"4F1D2A3B4C: host mx.other.example[192.0.2.25] refused to talk to me: 554"
		" no",
		"event|kind=remote_note|qid=4F1D2A3B4C|action=refused to talk to me"
		"|text=554 no|relay=mx.other.example|relay_ip=192.0.2.25"},
	{"smtp",
		"4F1D2A3B4C: lost connection with mx.other.example[192.0.2.25] while"
		" receiving the initial server greeting",
		"event|kind=remote_note|qid=4F1D2A3B4C|action=lost connection with"
		"|text=while receiving the initial server greeting|relay=mx.other.example"
		"|relay_ip=192.0.2.25"},
	{"smtp",
		"4F1D2A3B4C: conversation with mx.other.example[192.0.2.25] timed out"
		" while sending RCPT TO",
		"event|kind=remote_note|qid=4F1D2A3B4C|action=conversation with|text=timed"
		" out while sending RCPT TO|relay=mx.other.example|relay_ip=192.0.2.25"},
	{"smtp",
		"connect to mx.other.example[192.0.2.25]:25: Connection refused",
		"event|kind=remote_note|action=connect to|text=Connection refused"
		"|relay=mx.other.example|relay_ip=192.0.2.25|relay_port=25"},
	{"smtp",
		"connect to mx.other.example[2001:db8::25]:25: Network is unreachable",
		"event|kind=remote_note|action=connect to|text=Network is unreachable"
		"|relay=mx.other.example|relay_ip=2001:db8::25|relay_port=25"},
	{"smtp",
		"4F1D2A3B4C: enabling PIX workarounds: disable_esmtp delay_dotcrlf for"
		" mx.other.example[192.0.2.25]:25",
		"event|kind=remote_note|qid=4F1D2A3B4C|action=enabling PIX workarounds"
		"|text=disable_esmtp delay_dotcrlf for mx.other.example[192.0.2.25]:25"},
	{"smtp",
		"4F1D2A3B4C: breaking line > 990 bytes with <CR><LF>SPACE",
		"event|kind=remote_note|qid=4F1D2A3B4C|action=breaking line|text=> 990"
		" bytes with <CR><LF>SPACE"},
	{"smtp",
		"warning: host mx.other.example[192.0.2.25]:25 replied to HELO/EHLO with"
		" my own hostname mx.example.test",
		"event|kind=remote_note|action=replied|text=to HELO/EHLO with my own"
		" hostname mx.example.test|relay=mx.other.example|relay_ip=192.0.2.25"
		"|relay_port=25|severity=warning"},
	{"smtp",
		"warning: mx.other.example[192.0.2.25] offered null AUTH mechanism list",
		"event|kind=remote_note|action=offered null AUTH mechanism list"
		"|relay=mx.other.example|relay_ip=192.0.2.25|severity=warning"},
	{"smtp",
		"SASL authentication failed; server relay.example[192.0.2.26] said: 535"
		" 5.7.8 no",
		"event|kind=remote_note|action=said|text=535 5.7.8 no|relay=relay.example"
		"|relay_ip=192.0.2.26"},
	{"smtp",
		"Verified TLS connection established to mx.other.example[192.0.2.25]:25:"
		" TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)",
		"event|kind=tls|action=established|text=(256/256 bits)"
		"|relay=mx.other.example|relay_ip=192.0.2.25|relay_port=25|status=Verified"
		"|tls=TLSv1.3|cipher=TLS_AES_256_GCM_SHA384"},
	{"smtp",
		"Untrusted TLS connection reused to mx.other.example[2001:db8::25]:25:"
		" TLSv1.2 with cipher ECDHE-RSA-AES256-GCM-SHA384 (256/256 bits)",
		"event|kind=tls|action=reused|text=(256/256 bits)|relay=mx.other.example"
		"|relay_ip=2001:db8::25|relay_port=25|status=Untrusted|tls=TLSv1.2"
		"|cipher=ECDHE-RSA-AES256-GCM-SHA384"},
	{"smtp",
		"SSL_connect error to mx.other.example[192.0.2.25]:25: -1",
		"event|kind=tls_failure|reason=tls|text=-1|relay=mx.other.example"
		"|relay_ip=192.0.2.25|relay_port=25"},
	{"smtp",
		"certificate verification failed for mx.other.example[192.0.2.25]:25:"
		" untrusted issuer /CN=ca",
		"event|kind=tls_failure|reason=tls|text=untrusted issuer /CN=ca"
		"|relay=mx.other.example|relay_ip=192.0.2.25|relay_port=25"},
	{"smtp",
		"Host offered STARTTLS: [mx.other.example]",
		"event|kind=remote_note|action=Host offered STARTTLS"
		"|text=[mx.other.example]"},
	{"smtp",
		"4F1D2A3B4C: replace: header Received: from a by b: Received: from c",
		"event|kind=content|qid=4F1D2A3B4C|action=replace|stage=header"
		"|text=Received: from a by b: Received: from c"},
	{"smtp",
		"warning: no MX host for bad.example has a valid address record",
		"event|kind=operational|text=no MX host for bad.example has a valid"
		" address record|severity=warning"},
	{"lmtp",
		"4F1D2A3B4C: to=<b@example.test>, relay=mx.example.test[private/dovecot-lmt"
		"p], delay=0.2, delays=0.1/0.01/0/0.1, dsn=2.0.0, status=sent (250 2.0.0"
		" <b@example.test> abcdEfgh Saved)",
		"event|kind=delivery|qid=4F1D2A3B4C|recipient=b@example.test|dsn=2.0.0"
		"|text=250 2.0.0 <b@example.test> abcdEfgh Saved|relay=mx.example.test"
		"|delay=200000|delay_before=100000|delay_queue=10000|delay_connect=0"
		"|delay_transmit=100000|status=sent"},
	{"lmtp",
		"4F1D2A3B4C: to=<b@example.test>, relay=mx.example.test[private/dovecot-lmt"
		"p], delay=0.2, delays=0.1/0.01/0/0.1, dsn=5.2.2, status=bounced (host"
		" mx.example.test[private/dovecot-lmtp] said: 552 5.2.2 Quota exceeded (in"
		" reply to end of DATA command))",
		"event|kind=delivery|qid=4F1D2A3B4C|recipient=b@example.test|dsn=5.2.2"
		"|reason=quota|text=host mx.example.test[private/dovecot-lmtp] said: 552"
		" 5.2.2 Quota exceeded (in reply to end of DATA command)"
		"|relay=mx.example.test|delay=200000|delay_before=100000|delay_queue=10000"
		"|delay_connect=0|delay_transmit=100000|status=bounced"},
	{"lmtp",
		"connect to mx.example.test[private/dovecot-lmtp]: No such file or"
		" directory",
		"event|kind=remote_note|action=connect to|text=No such file or directory"
		"|relay=mx.example.test"},
	{"local",
		"4F1D2A3B4C: to=<root@example.test>, orig_to=<root>, relay=local,"
		" delay=0.05, delays=0.04/0/0/0.01, dsn=2.0.0, status=sent (forwarded as"
		" 5A6B7C8D9E)",
		"event|kind=delivery|qid=4F1D2A3B4C|recipient=root@example.test"
		"|orig_recipient=root|dsn=2.0.0|text=forwarded as 5A6B7C8D9E|relay=local"
		"|delay=50000|delay_before=40000|delay_queue=0|delay_connect=0"
		"|delay_transmit=10000|status=sent|next_qid=5A6B7C8D9E"},
	{"local",
		"4F1D2A3B4C: to=<x@example.test>, relay=local, delay=0.05,"
		" delays=0.04/0/0/0.01, dsn=5.1.1, status=bounced (unknown user: \"x\")",
		"event|kind=delivery|qid=4F1D2A3B4C|recipient=x@example.test|dsn=5.1.1"
		"|reason=unknown_user|text=unknown user: \"x\"|relay=local|delay=50000"
		"|delay_before=40000|delay_queue=0|delay_connect=0|delay_transmit=10000"
		"|status=bounced"},
	{"local",
		"4F1D2A3B4C: to=<y@example.test>, relay=local, delay=0.05,"
		" delays=0.04/0/0/0.01, dsn=2.0.0, status=sent (delivered to command:"
		" procmail queued as DEADBEEF1)",
		"event|kind=delivery|qid=4F1D2A3B4C|recipient=y@example.test|dsn=2.0.0"
		"|text=delivered to command: procmail queued as DEADBEEF1|relay=local"
		"|delay=50000|delay_before=40000|delay_queue=0|delay_connect=0"
		"|delay_transmit=10000|status=sent"},
	{"virtual",
		"4F1D2A3B4C: to=<b@example.test>, relay=virtual, delay=0.05,"
		" delays=0.04/0/0/0.01, dsn=2.0.0, status=sent (delivered to maildir)",
		"event|kind=delivery|qid=4F1D2A3B4C|recipient=b@example.test|dsn=2.0.0"
		"|text=delivered to maildir|relay=virtual|delay=50000|delay_before=40000"
		"|delay_queue=0|delay_connect=0|delay_transmit=10000|status=sent"},
	{"pipe",
		"4F1D2A3B4C: to=<b@example.test>, relay=spamfilter, delay=0.5,"
		" delays=0.04/0/0/0.46, dsn=2.0.0, status=sent (delivered via spamfilter"
		" service)",
		"event|kind=delivery|qid=4F1D2A3B4C|recipient=b@example.test|dsn=2.0.0"
		"|text=delivered via spamfilter service|relay=spamfilter|delay=500000"
		"|delay_before=40000|delay_queue=0|delay_connect=0|delay_transmit=460000"
		"|status=sent"},
	{"error",
		"4F1D2A3B4C: to=<b@other.example>, relay=none, delay=5, delays=4/1/0/0,"
		" dsn=4.4.1, status=deferred (delivery temporarily suspended: connect to"
		" mx.other.example[192.0.2.25]:25: Connection refused)",
		"event|kind=delivery|qid=4F1D2A3B4C|recipient=b@other.example|dsn=4.4.1"
		"|reason=temp|text=delivery temporarily suspended: connect to"
		" mx.other.example[192.0.2.25]:25: Connection refused|relay=none"
		"|delay=5000000|delay_before=4000000|delay_queue=1000000|delay_connect=0"
		"|delay_transmit=0|status=deferred"},
	{"discard",
		"4F1D2A3B4C: to=<b@bulk.example>, relay=none, delay=0.1, delays=0.1/0/0/0,"
		" dsn=2.0.0, status=sent (bulk.example)",
		"event|kind=delivery|qid=4F1D2A3B4C|recipient=b@bulk.example|dsn=2.0.0"
		"|text=bulk.example|relay=none|delay=100000|delay_before=100000"
		"|delay_queue=0|delay_connect=0|delay_transmit=0|status=sent"},
};

int
main(void)
{
	postfix_run(cases, sizeof(cases) / sizeof(*cases));
	return tap_done();
}
