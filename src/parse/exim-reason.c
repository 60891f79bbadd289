/* SPDX-License-Identifier: Apache-2.0
 *
 * Why: the reason class of a refusal, from the words of Exim and of the ACLs that
 * come with it and with Debian. Most administrators write their own, so that what
 * is not known was refused by a rule of theirs:
 *
 *   relay not permitted      Unrouteable address      Sender verify failed
 *   192.0.2.1 is listed at bl.test
 *   rejected because 192.0.2.1 is in a black list at bl.test
 *   mx.b.test [192.0.2.1]:33 is not permitted to relay through this server ... (cPanel)
 *   "JunkMail rejected - (pc) [192.0.2.1]:33 is in an RBL: https://..."    (cPanel, in quotes)
 */
#include "parse/exim.h"

#include "parse/postfix.h"

struct phrase {
	struct str text;
	uint8_t reason; /* enum reason */
};

/* How the text begins. */
static const struct phrase begins[] = {
	{STR("relay not permitted"), REASON_relay_denied},
	{STR("relaying"), REASON_relay_denied},
	{STR("Relaying"), REASON_relay_denied},
	{STR("Please turn on SMTP Authentication"), REASON_relay_denied},
	{STR("authentication required but "), REASON_temp}, /* the next hop's, from us */
	{STR("authentication required"), REASON_relay_denied},
	{STR("Authentication required"), REASON_relay_denied},
	{STR("Unrouteable address"), REASON_unknown_user},
	{STR("unrouteable address"), REASON_unknown_user},
	{STR("Unknown user"), REASON_unknown_user},
	{STR("unknown user"), REASON_unknown_user},
	{STR("User unknown"), REASON_unknown_user},
	{STR("no such user"), REASON_unknown_user},
	{STR("No such user"), REASON_unknown_user},
	{STR("No Such User"), REASON_unknown_user},
	{STR("No such person "), REASON_unknown_user},
	{STR("The recipient cannot be verified"), REASON_unknown_user},
	/* of a callout, when the next hop was asked */
	{STR("response to \"RCPT TO:"), REASON_unknown_user},
	{STR("Previous (cached) callout verification failure"), REASON_unknown_user},
	{STR("Recipient unknown"), REASON_unknown_user},
	{STR("Unknown recipient"), REASON_unknown_user},
	{STR("unknown recipient"), REASON_unknown_user},
	{STR("Unknown local part"), REASON_unknown_user},
	{STR("No such recipient"), REASON_unknown_user},
	{STR("Invalid recipient"), REASON_unknown_user},
	{STR("invalid recipient"), REASON_unknown_user},
	{STR("The mail server could not deliver mail to "), REASON_unknown_user}, /* cPanel */
	{STR("Sender verify failed"), REASON_sender_domain},
	{STR("Could not complete sender verify"), REASON_sender_domain},
	{STR("Verification failed for"), REASON_sender_domain},
	{STR("syntactically invalid argument(s)"), REASON_helo},
	{STR("no HELO/EHLO given"), REASON_protocol},
	{STR("message too big"), REASON_size},
	{STR("Message size exceeds"), REASON_size},
	{STR("message is too big"), REASON_size},
	{STR("Message too large"), REASON_size},
	{STR("message too large"), REASON_size},
	{STR("all headers too big"), REASON_size},
	{STR("too many \"Received\" headers"), REASON_protocol},
	{STR("Too many \"Received\" headers"), REASON_protocol},
	{STR("too many recipients"), REASON_rate},
	{STR("too many connections"), REASON_rate},
	{STR("Too many connections"), REASON_rate},
	{STR("Sender rate "), REASON_rate},
	{STR("Rate limit"), REASON_rate},
	{STR("rate limit"), REASON_rate},
	{STR("ratelimit"), REASON_rate},
	{STR("Host is ratelimited"), REASON_rate},
	{STR("too many messages"), REASON_rate},
	{STR("Encryption required"), REASON_tls},
	{STR("encryption required"), REASON_tls},
	{STR("a TLS session is required"), REASON_tls},
	{STR("greylisted"), REASON_greylist},
	{STR("Greylisted"), REASON_greylist},
	{STR("greylisting"), REASON_greylist},
	{STR("Greylisting"), REASON_greylist},
	{STR("mailbox is full"), REASON_quota},
	{STR("Mailbox is full"), REASON_quota},
	{STR("Mailbox full"), REASON_quota},
	{STR("mailbox quota"), REASON_quota},
	{STR("Mailbox quota"), REASON_quota},
	{STR("Disk quota exceeded"), REASON_quota},
	{STR("SPF"), REASON_spf},
	{STR("[SPF]"), REASON_spf},
	{STR("retry time not reached"), REASON_temp},
	{STR("bad helo"), REASON_helo},
	{STR("Bad HELO"), REASON_helo},
	{STR("Forged HELO"), REASON_helo},
	{STR("Helo name "), REASON_helo},
	{STR("Access denied - Invalid HELO name"), REASON_helo},
	{STR("HELO"), REASON_helo},
	{STR("R1: HELO "), REASON_helo}, /* DirectAdmin's */
	{STR("host lookup did not complete"), REASON_temp},
	{STR("JunkMail rejected - "), REASON_dnsbl},
};

/* What the text holds behind a client's or domain's name. */
static const struct phrase holds[] = {
	{STR(" not permitted to relay through this server"), REASON_relay_denied},
	{STR(" has exceeded the max "), REASON_rate},
	{STR(" is not allowed to send mail from "), REASON_spf},
};

/* What stands before the name of a DNSBL, which ends the text or a sentence. */
static const struct str before_zone[] = {
	STR(" is listed at "),
	STR(" is listed in "),
	STR(" is in a black list at "),
	STR(" in blacklist at "),
	STR(" found in dnsbl "),
	STR(" found in "),
	STR(" blocked using "),
	STR(" blocked by "),
	STR(" blacklisted by "),
	STR(" blacklisted in "),
	STR(" blacklisted at "),
};

static bool
take_zone(struct str text, struct event *ev)
{
	for (size_t i = 0; i < sizeof(before_zone) / sizeof(*before_zone); i++) {
		struct str mark = before_zone[i], rest = text, zone;

		if (!str_skip(&rest, str_from(mark, 1))) { /* nothing comes before it */
			rest = str_from(text, str_find(text, mark));
			if (!str_skip(&rest, mark))
				continue;
		}
		if (!postfix_host(&rest, &zone) ||
		    str_index(zone, '.') == zone.len)
			continue;
		if (zone.p[zone.len - 1] == '.')
			zone.len--;
		EVENT_TEXT(ev, list, zone);
		EVENT_SET(ev, reason, REASON_dnsbl);
		return true;
	}
	return false;
}

void
exim_reason(struct str text, bool temporary, struct event *ev)
{
	str_skip_char(&text, '"');
	for (size_t i = 0; i < sizeof(begins) / sizeof(*begins); i++)
		if (str_starts(text, begins[i].text)) {
			bool later = temporary && begins[i].reason == REASON_unknown_user;

			EVENT_SET(ev, reason, later ? REASON_temp : begins[i].reason);
			return;
		}
	for (size_t i = 0; i < sizeof(holds) / sizeof(*holds); i++)
		if (str_find(text, holds[i].text) < text.len) {
			EVENT_SET(ev, reason, holds[i].reason);
			return;
		}
	if (take_zone(text, ev))
		return;
	if (str_starts(text, STR("Email blocked by "))) { /* DirectAdmin's name of a list */
		EVENT_SET(ev, reason, REASON_dnsbl);
		return;
	}
	if (event_knows(ev, FIELD_status))
		EVENT_SET(ev, reason, temporary ? REASON_temp : REASON_other);
	else
		EVENT_SET(ev, reason, temporary ? REASON_temp : REASON_access);
}
