/* SPDX-License-Identifier: Apache-2.0
 *
 * messages: what cleanup, qmgr and the delivery agents say of one.
 */
#include "genlog.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

uint64_t messages_done;

/* A queue id that no other message of the log has. */
static void
new_message(struct session *s)
{
	static uint32_t number;

	snprintf(s->qid, sizeof(s->qid), "%05X%06" PRIX32, (unsigned)(now_usec % 1000000),
	    ++number);
	s->arrival = now_usec;
	s->next_recipient = 0;
	s->size = 900 + below(4000) * below(60);
}

static struct name
sender(const struct session *s)
{
	return s->outgoing ? local_address(s->sender) : remote_address(s->sender);
}

void
accept_message(struct session *s)
{
	new_message(s);
	s->messages++;
	if (s->authenticated) {
		seen(&logins, s->login);
		line(KIND_accept, smtpd(s), s->pid,
		    "%s: client=%s, sasl_method=PLAIN, sasl_username=%s", s->qid, peer(s).text,
		    login_name(s->login).text);
	} else {
		line(KIND_accept, smtpd(s), s->pid, "%s: client=%s", s->qid, peer(s).text);
	}
}

void
pickup(struct session *s)
{
	new_message(s);
	line(KIND_submitted, "pickup", 802, "%s: uid=%" PRIu32 " from=<%s>", s->qid,
	    1000 + below(20), sender(s).text);
}

void
message_id(struct session *s)
{
	line(KIND_message_id, "cleanup", 900 + s->slot, "%s: message-id=<%016" PRIx64 "@%s>",
	    s->qid, chance(), strchr(sender(s).text, '@') + 1);
}

void
active(struct session *s)
{
	line(KIND_queued, "qmgr", 803, "%s: from=<%s>, size=%" PRIu32 ", nrcpt=%" PRIu32
	    " (queue active)", s->qid, sender(s).text, s->size, s->recipients);
}

/* "delay=D, delays=a/b/c/d" with two significant digits, as Postfix prints them. */
static struct name
delays(const struct session *s)
{
	double queued = (double)(now_usec - s->arrival) * 1e-6,
	    transmit = 0.01 * (1 + below(99));
	double total = queued + transmit;

	return name("delay=%.*f, delays=%.*f/0.01/%s/%.2g", total < 10, total, queued < 10,
	    queued, s->outgoing ? "0.12" : "0", transmit);
}

static struct name
count_recipient(const struct session *s, uint32_t recipient, unsigned status)
{
	status_counts[status]++;
	if (s->outgoing) {
		seen(&remotes, recipient);
		domain_deliveries[remote_domain[recipient]]++;
		return remote_address(recipient);
	}
	seen(&locals, recipient);
	local_deliveries[recipient % HOSTED]++;
	return local_address(recipient);
}

void
deliver(struct session *s)
{
	uint32_t recipient = s->recipient[s->next_recipient++ % RECIPIENTS];
	unsigned status = s->retry ? 1 : s->outgoing && percent(4) ? 2 : 0;
	struct name to = count_recipient(s, recipient, status);
	uint32_t pid = 1000 + s->slot;

	if (!s->outgoing) {
		line(KIND_delivery, percent(90) ? "virtual" : "local", pid,
		    "%s: to=<%s>, relay=virtual, %s, dsn=2.0.0, status=sent (delivered to "
		    "maildir)",
		    s->qid, to.text, delays(s).text);
		return;
	}
	const char *host = strchr(to.text, '@') + 1;
	static const char *const dsn[] = {"2.0.0", "4.4.1", "5.1.1"};
	static const char *const reply[] = {"250 2.0.0 Ok: queued as 4Xz7q",
	    "host said: 451 4.4.1 try again later (in reply to RCPT TO command)",
	    "host said: 550 5.1.1 no such user here (in reply to RCPT TO command)"};

	line(KIND_delivery, "smtp", pid,
	    "%s: to=<%s>, relay=mx.%s[192.0.2.%" PRIu32 "]:25, %s, "
	    "dsn=%s, status=%s (%s)", s->qid, to.text, host,
	    1 + remote_domain[recipient] % 250, delays(s).text, dsn[status],
	    statuses[status], reply[status]);
}

/* The tries that failed are over: the next ones arrive. */
void
retry(struct session *s)
{
	s->retry = false;
	s->next_recipient = 0;
	active(s);
}

void
notify(struct session *s)
{
	line(KIND_bounce_link, "bounce", 804,
	    "%s: sender delivery status notification: %05X%06X",
	    s->qid, below(1 << 20), below(1 << 24));
}

void
removed(struct session *s)
{
	messages_done++;
	line(KIND_removed, "qmgr", 803, "%s: removed", s->qid);
}

void
statistics(struct session *s)
{
	seen(&clients, s->client);
	line(KIND_rate_stat, "anvil", 805,
	    "statistics: max connection rate %" PRIu32 "/60s for "
	    "(smtp:%s) at Jan  1 00:00:00", 1 + below(20), client_ip(s->client).text);
}
