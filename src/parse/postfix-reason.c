/* SPDX-License-Identifier: Apache-2.0
 *
 * Why: the reason class of a reply. Tables of the fixed phrases Postfix uses, each
 * at its fixed place:
 *
 *   <c@d.test>: Recipient address rejected: User unknown in local recipient table
 *   ^ quoted    ^ what                      ^ why
 *   Service unavailable; Client host [192.0.2.1] blocked using bl.test; see ...
 *
 * What is quoted comes from outside and may hold all of this; so the last "what"
 * counts. Postfix's reasons name the class, anything else the status code does.
 */
#include "parse/postfix.h"

struct phrase {
	struct str text;
	uint8_t reason; /* 0 ends the table */
};

#define END_OF_PHRASES {{NULL, 0}, 0}

static const struct phrase any_why[] = {
	{STR("User unknown"), REASON_unknown_user},
	{STR("Relay access denied"), REASON_relay_denied}, /* until 2.0 */
	{STR("undeliverable address"), REASON_unknown_user},
	{STR("unverified address"), REASON_temp},
	{STR("Greylist"), REASON_greylist},
	{STR("greylist"), REASON_greylist},
	{STR("Message rejected due to: "), REASON_spf}, /* policyd-spf, whatever its reason */
	{STR("SPF"), REASON_spf},
	{STR("Rejected by SPF"), REASON_spf}, /* Proxmox Mail Gateway */
	{STR("Please see http://www.openspf."), REASON_spf},
	{STR("Please see http://www.open-spf."), REASON_spf},
	{STR("Please see http://spf.pobox."), REASON_spf},
	{STR("Intentional policy rejection, please try again"), REASON_greylist}, /* iRedAPD */
	{STR("Delayed by "), REASON_greylist}, /* docker-mailserver's postgrey */
	{STR("You have been greylisted"), REASON_greylist},
	{STR("Recipient is temporarily greylisted"), REASON_greylist},
	{STR("temporarily blocked because of previous errors"), REASON_greylist},
	{STR("Sender quota limit reached"), REASON_rate},
	{STR("Policy Rejection- Please try later"), REASON_greylist}, /* policyd */
	{STR("Policy Rejection- Quota Exceeded"), REASON_rate},
	{STR("Policy rejection; Message count quota "), REASON_rate}, /* Cluebringer */
	{STR("Policy rejection; Cumulative message size quota "), REASON_rate},
	{STR("Quota exceeded (mailbox "), REASON_quota}, /* Dovecot's quota-status */
	{STR("Mailbox is full"), REASON_quota},
	{STR("Mailbox full"), REASON_quota},
	{STR("Mailbox quota exceeded"), REASON_quota},
	{STR("Improper use of SMTP command pipelining"), REASON_protocol},
	{STR("Multi-recipient bounce"), REASON_protocol},
	{STR("Server configuration "), REASON_temp},
	{STR("Access denied"), REASON_access},
	{STR("Rate limit"), REASON_rate},
	{STR("rate limit"), REASON_rate},
	{STR("Too many "), REASON_rate},
	{STR("too many "), REASON_rate},
	END_OF_PHRASES,
};

static const struct phrase sender_why[] = {
	{STR("Domain not found"), REASON_sender_domain},
	{STR("need fully-qualified "), REASON_sender_domain},
	{STR("Domain "), REASON_sender_domain}, /* "... does not accept mail (nullMX)" */
	{STR("Malformed DNS server reply"), REASON_sender_domain},
	{STR("not owned by user "), REASON_access},
	{STR("not logged in"), REASON_access},
	END_OF_PHRASES,
};

static const struct phrase client_why[] = {
	{STR("cannot find your "), REASON_access},
	END_OF_PHRASES,
};

/* What was refused; its reason holds when no why does and the code is not 4xx. */
static const struct {
	struct str text;
	uint8_t reason;
	bool always; /* whatever the code */
	const struct phrase *why;
} whats[] = {
	{STR("Recipient address rejected: "), REASON_access, false, NULL},
	{STR("Sender address rejected: "), REASON_access, false, sender_why},
	{STR("Client host rejected: "), REASON_access, false, client_why},
	{STR("Helo command rejected: "), REASON_helo, true, NULL},
	{STR("Relay access denied"), REASON_relay_denied, true, NULL},
	{STR("User unknown"), REASON_unknown_user, true, NULL}, /* until 2.0 */
	{STR("Data command rejected: "), REASON_protocol, false, NULL},
	{STR("End-of-data rejected: "), REASON_access, false, NULL},
	{STR("Client certificate rejected: "), REASON_tls, true, NULL},
	{STR("ETRN command rejected: "), REASON_access, false, NULL},
	{STR("Etrn command rejected: "), REASON_access, false, NULL},
	{STR("Unverified Client host rejected: "), REASON_access, false, NULL},
	{STR("SASL login name rejected: "), REASON_access, false, NULL},
};

/* Replies about nothing quoted. */
static const struct phrase bare[] = {
	{STR("Protocol error"), REASON_protocol},
	{STR("bare <LF> received"), REASON_protocol},
	{STR("Improper use of SMTP command pipelining"), REASON_protocol},
	{STR("Message size exceeds "), REASON_size},
	{STR("Error: message file too big"), REASON_size},
	{STR("Must issue a STARTTLS command first"), REASON_tls},
	{STR("Session encryption is required"), REASON_tls},
	{STR("too many connections"), REASON_rate},
	{STR("Error: too many hops"), REASON_other},
	{STR("Error: too many "), REASON_rate},
	{STR("Too many "), REASON_rate},
	{STR("all server ports busy"), REASON_temp},
	{STR("all screening ports busy"), REASON_temp},
	{STR("Greylist"), REASON_greylist},
	{STR("greylist"), REASON_greylist},
	{STR("User unknown"), REASON_unknown_user},
	END_OF_PHRASES,
};

/* Status codes, without the class. */
static const struct phrase by_detail[] = {
	{STR(".1.1"), REASON_unknown_user},
	{STR(".2.2"), REASON_quota},
	{STR(".3.4"), REASON_size},
	{STR(".2.3"), REASON_size},
	END_OF_PHRASES,
};

static uint8_t
phrase_reason(const struct phrase *phrases, struct str text)
{
	if (text.len == 0)
		return REASON_none;
	for (; phrases->reason; phrases++)
		if (*text.p == *phrases->text.p && str_starts(text, phrases->text))
			return phrases->reason;
	return REASON_none;
}

/* The class by the last two numbers of the status code, or REASON_none. */
static uint8_t
detail_reason(const struct event *ev)
{
	struct str detail;

	if (!event_knows(ev, FIELD_dsn))
		return REASON_none;
	detail = str_from(event_str(ev, ev->dsn), 1);
	for (const struct phrase *phrase = by_detail; phrase->reason; phrase++)
		if (str_eq(detail, phrase->text))
			return phrase->reason;
	return REASON_none;
}

/* The class of what follows "<quoted>: " (if there is such), or REASON_none. */
static uint8_t
what_reason(struct str text, bool temporary, const struct event *ev)
{
	for (size_t i = 0; i < sizeof(whats) / sizeof(*whats); i++) {
		struct str why = text;
		uint8_t reason = REASON_none;

		if (text.len == 0 || *text.p != *whats[i].text.p ||
		    !str_skip(&why, whats[i].text))
			continue;
		if (whats[i].why)
			reason = phrase_reason(whats[i].why, why);
		if (reason == REASON_none)
			reason = phrase_reason(any_why, why);
		if (reason != REASON_none || whats[i].always)
			return reason != REASON_none ? reason : whats[i].reason;
		reason = detail_reason(ev);
		/* Perhaps nobody could look. */
		if (temporary && (reason == REASON_none || reason == REASON_unknown_user))
			return REASON_temp;
		return reason != REASON_none ? reason : whats[i].reason;
	}
	return REASON_none;
}

static uint8_t
quoted_reason(struct str text, bool temporary, const struct event *ev)
{
	const char *angle;
	uint8_t reason;

	while (text.len && (angle = memrchr(text.p, '>', text.len))) {
		struct str rest = str_range(angle + 1, text.p + text.len);
		struct str what = rest;

		/* The end of the text moves left; what was behind it has been tried. */
		if (str_skip(&what, STR(": ")) &&
		    (reason = what_reason(what, temporary, ev)) != REASON_none)
			return reason;
		text.len = (size_t)(angle - text.p);
	}
	return REASON_none;
}

/*
 * "Service unavailable; Client host [192.0.2.1] blocked using bl.test; ...", in the brackets
 * the name where a list of names was asked. Of a sender or HELO they may hold anything, so
 * there the last phrase counts.
 */
static bool
take_zone(struct str text, struct str *ret)
{
	struct str client;
	size_t at;

	if (!str_skip(&text, STR("Service unavailable; ")))
		return false;
	if (str_skip(&text, STR("Client host [")) || str_skip(&text, STR("client ["))) {
		if (!postfix_ip(&text, &client) && !postfix_host(&text, &client))
			return false;
	} else {
		at = str_find_last(text, STR("] blocked using "));
		text = str_from(text, at);
	}
	return str_skip(&text, STR("] blocked using ")) && postfix_host(&text, ret);
}

static uint8_t
status_reason(const struct event *ev)
{
	uint8_t reason = detail_reason(ev);
	int64_t class = 0;

	if (event_knows(ev, FIELD_dsn))
		class = *event_str(ev, ev->dsn).p - '0';
	if (reason != REASON_none)
		return reason;
	if (event_knows(ev, FIELD_code)) {
		if (ev->code == 552)
			return REASON_size;
		class = ev->code / 100;
	}
	return class == 4 ? REASON_temp : class == 5 ? REASON_other : REASON_none;
}

void
postfix_reason(struct str text, struct event *ev)
{
	bool temporary = event_knows(ev, FIELD_code) && ev->code / 100 == 4;
	uint8_t reason = REASON_none;
	struct str zone;

	if (text.len && *text.p == '<') {
		reason = quoted_reason(text, temporary, ev);
	} else if (take_zone(text, &zone)) {
		EVENT_TEXT(ev, list, zone);
		reason = REASON_dnsbl;
	} else {
		reason = what_reason(text, temporary, ev);
		if (reason == REASON_none)
			reason = phrase_reason(bare, text);
	}
	if (reason == REASON_none)
		reason = status_reason(ev);
	if (reason != REASON_none)
		EVENT_SET(ev, reason, reason);
}

void
postfix_reason_of_milter(struct str text, struct event *ev)
{
	bool greylisted = phrase_reason(any_why, text) == REASON_greylist;

	EVENT_SET(ev, reason, greylisted ? REASON_greylist : REASON_milter);
}

void
postfix_reason_of_dsn(struct event *ev)
{
	uint8_t reason = status_reason(ev);

	if (reason != REASON_none)
		EVENT_SET(ev, reason, reason);
}
