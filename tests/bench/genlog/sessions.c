/* SPDX-License-Identifier: Apache-2.0
 *
 * sessions: what postscreen and smtpd say of a client.
 */
#include "genlog.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

void
plan(struct session *session, step *what)
{
	if (session->planned < STEPS)
		session->steps[session->planned++] = what;
}

struct name
peer(const struct session *session)
{
	seen(&clients, session->client);
	return name("%s[%s]", client_name(session->client).text,
	    client_ip(session->client).text);
}

static struct name
ps_peer(const struct session *session)
{
	seen(&clients, session->client);
	return name("[%s]:%" PRIu32, client_ip(session->client).text, session->port);
}

void
ps_connect(struct session *s)
{
	line(KIND_ps_connect, "postscreen", 801, "CONNECT from %s to [203.0.113.1]:25",
	    ps_peer(s).text);
}

void
ps_pass_old(struct session *s)
{
	line(KIND_ps_pass, "postscreen", 801, "PASS OLD %s", ps_peer(s).text);
}

void
ps_pass_new(struct session *s)
{
	line(KIND_ps_pass, "postscreen", 801, "PASS NEW %s", ps_peer(s).text);
}

void
ps_allow(struct session *s)
{
	line(KIND_ps_list, "postscreen", 801, "ALLOWLISTED %s", ps_peer(s).text);
}

void
ps_pregreet(struct session *s)
{
	line(KIND_ps_pregreet, "postscreen", 801,
	    "PREGREET 14 after 0.%02" PRIu32 " from %s: %s",
	    below(100), ps_peer(s).text, "EHLO ylmf-pc\\r\\n");
}

void
ps_hangup(struct session *s)
{
	line(KIND_ps_hangup, "postscreen", 801,
	    "HANGUP after 0.%02" PRIu32 " from %s in tests before SMTP handshake", below(100),
	    ps_peer(s).text);
}

void
ps_dnsbl(struct session *s)
{
	line(KIND_ps_dnsbl, "postscreen", 801, "DNSBL rank %" PRIu32 " for %s", 3 + below(6),
	    ps_peer(s).text);
}

void
dnsbl_hit(struct session *s)
{
	seen(&clients, s->client);
	line(KIND_dnsbl_hit, "dnsblog", 810 + s->slot, "addr %s listed by domain bl%" PRIu32
	    ".test as 127.0.0.%" PRIu32, client_ip(s->client).text, below(4), 2 + below(9));
}

static void
ps_refuse(struct session *s, int code, const char *why)
{
	ps_code_counts[code == 550]++;
	seen(&remotes, s->sender);
	line(KIND_ps_reject, "postscreen", 801,
	    "NOQUEUE: reject: RCPT from %s: %d %s; from=<%s>, "
	    "to=<%s>, proto=ESMTP, helo=<%s>", ps_peer(s).text, code, why,
	    remote_address(s->sender).text, local_address(draw(&locals)).text,
	    client_name(s->client).text);
}

void
ps_refuse_dnsbl(struct session *s)
{
	ps_refuse(s, 550, name("5.7.1 Service unavailable; client [%s] blocked using bl0.test",
	    client_ip(s->client).text).text);
}

void
ps_refuse_new(struct session *s)
{
	ps_refuse(s, 450, "4.3.2 Service currently unavailable");
}

void
ps_disconnect(struct session *s)
{
	line(KIND_ps_disconnect, "postscreen", 801, "DISCONNECT %s", ps_peer(s).text);
}

const char *
smtpd(const struct session *s)
{
	return s->authenticated || s->failures ? "submission/smtpd" : "smtpd";
}

void
smtpd_rdns(struct session *s)
{
	line(KIND_rdns_mismatch, smtpd(s), s->pid,
	    "warning: hostname %s.net0.example does not resolve to address %s",
	    word(s->client, 6).text, client_ip(s->client).text);
}

void
smtpd_connect(struct session *s)
{
	line(KIND_connect, smtpd(s), s->pid, "connect from %s", peer(s).text);
}

void
smtpd_tls(struct session *s)
{
	line(KIND_tls, smtpd(s), s->pid,
	    "Anonymous TLS connection established from %s: TLSv1.3 with cipher "
	    "TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519 server-signature "
	    "RSA-PSS (2048 bits) server-digest SHA256", peer(s).text);
}

void
smtpd_auth_failure(struct session *s)
{
	uint32_t login = draw(&logins);

	seen(&logins, login);
	line(KIND_auth_failure, smtpd(s), s->pid,
	    "warning: %s: SASL %s authentication failed: (reason unavailable), "
	    "sasl_username=%s",
	    peer(s).text, percent(70) ? "LOGIN" : "PLAIN", login_name(login).text);
}

/* Somebody who is not there, a domain that is not ours, a sender and a HELO that cannot be. */
enum refusal { NO_SENDER, NO_USER, NO_RELAY, NO_HELO };

void
smtpd_refuse(struct session *s)
{
	static const struct {
		const char *before, *after;
	} texts[] = {
	    {"4.1.8 <", ">: Sender address rejected: Domain not found"},
	    {"5.1.1 <",
		">: Recipient address rejected: User unknown in virtual mailbox table"},
	    {"5.7.1 <", ">: Relay access denied"},
	    {"5.5.2 <", ">: Helo command rejected: need fully-qualified hostname"},
	};
	enum refusal which = percent(60) ? NO_USER : below(4);
	struct name from = remote_address(s->sender), to, helo = client_name(s->client);

	if (which == NO_USER)
		to = guessed_address(draw(&guesses));
	else
		to = which == NO_RELAY ? remote_address(draw(&remotes))
		    : local_address(draw(&locals));
	if (which == NO_HELO)
		helo = name("pc%" PRIu32, s->client % 900);
	code_counts[which]++;
	line(KIND_policy, smtpd(s), s->pid,
	    "NOQUEUE: reject: RCPT from %s: %d %s%s%s; from=<%s> "
	    "to=<%s> proto=ESMTP helo=<%s>", peer(s).text, codes[which], texts[which].before,
	    which == NO_SENDER ? from.text : which == NO_HELO ? helo.text : to.text,
	    texts[which].after, from.text, to.text, helo.text);
}

void
smtpd_lost(struct session *s)
{
	line(KIND_abort, smtpd(s), s->pid, "lost connection after %s from %s",
	    s->failures ? "AUTH" : "RCPT", peer(s).text);
}

void
smtpd_disconnect(struct session *s)
{
	uint32_t mails = s->messages + (s->refusals > 0), rcpts = s->recipients + s->refusals;
	uint32_t good = 1 + s->messages * 2 + mails - s->messages + s->recipients + !s->lost;
	char text[160] = "";
	size_t n = 0;

	n += (size_t)snprintf(text + n, sizeof(text) - n, " ehlo=1");
	if (s->failures)
		n += (size_t)snprintf(text + n, sizeof(text) - n, " auth=0/%" PRIu32,
		    s->failures);
	if (mails)
		n += (size_t)snprintf(text + n, sizeof(text) - n, " mail=%" PRIu32, mails);
	if (s->refusals)
		n += (size_t)snprintf(text + n, sizeof(text) - n, " rcpt=%" PRIu32 "/%" PRIu32,
		    s->recipients, rcpts);
	else if (rcpts)
		n += (size_t)snprintf(text + n, sizeof(text) - n, " rcpt=%" PRIu32, rcpts);
	if (s->messages)
		n += (size_t)snprintf(text + n, sizeof(text) - n, " data=%" PRIu32,
		    s->messages);
	if (!s->lost)
		n += (size_t)snprintf(text + n, sizeof(text) - n, " quit=1");
	if (s->refusals + s->failures)
		snprintf(text + n, sizeof(text) - n, " commands=%" PRIu32 "/%" PRIu32, good,
		    good + s->refusals + s->failures);
	else
		snprintf(text + n, sizeof(text) - n, " commands=%" PRIu32, good);
	line(KIND_disconnect, smtpd(s), s->pid, "disconnect from %s%s", peer(s).text, text);
}
